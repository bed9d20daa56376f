-- What stands in the way, fact by fact; ages on the day; instruments.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229', enrolled_on => '2026-01-05') AS ana \gset
\o
SELECT plan(58);

CREATE FUNCTION pg_temp.said(person bigint, item text, day date DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', c.answer, c.recorded_on, c.source, c.ask_from) FROM inclusion.circumstances_of(person, day) c WHERE c.item = said.item
$$;

-- --- the catalogue ----------------------------------------------------------------

SELECT set_eq('SELECT code FROM inclusion_data.circumstance_theme',
  '{digital,equipment,mobility,language,family,housing,accommodation,money,employment,administrative}'::text[], 'the themes of a whole situation');
SELECT is_empty($$ SELECT code FROM inclusion_data.circumstance_theme t WHERE NOT EXISTS (SELECT FROM inclusion_data.circumstance_item i WHERE i.theme = t.code) $$, 'each with facts to ask');
SELECT is_empty($$ SELECT code FROM inclusion_data.circumstance_theme t WHERE NOT EXISTS (SELECT FROM inclusion_data.theme_clearance c WHERE c.theme = t.code) $$, 'and somebody who reads them');
SELECT is_empty($$ SELECT code FROM inclusion_data.circumstance_item WHERE may_rank AND theme IN ('accommodation', 'money', 'housing') $$, 'neither health, income nor housing may rank');
SELECT is_empty($$ SELECT item FROM (SELECT unnest('{on_foot,bicycle,public_transport,car}'::text[]) AS item) v WHERE item NOT IN (SELECT code FROM inclusion_data.circumstance_item WHERE theme = 'mobility') $$, 'how somebody gets about is four facts');
SELECT throws_ok($$ SELECT inclusion.adopt_policy('DEP-27', '2026-06-01', 'clef', grid => '{nobody_to_help,cannot_pay}') $$, 'IN309', NULL, 'no policy ranks by income');
SELECT throws_ok($$ UPDATE inclusion_data.circumstance_item SET may_rank = false WHERE code = 'no_equipment' $$, '23503', NULL, 'nor takes back under a policy what it counts');
SELECT set_eq($$ SELECT code FROM inclusion_data.circumstance_item WHERE NOT 'learn' = ANY (families) AND 'rights' = ANY (families) $$,
  '{no_stable_housing,housing_procedure,budget_hard,unopened_mail,rights_unclaimed}'::text[], 'what is a right to settle teaches nothing');

-- --- one answer ---------------------------------------------------------------------

SELECT is(pg_temp.said(:ana, 'no_vehicle'), '2020-01-01', 'never asked: nothing is said, and it may be asked');
SELECT isnt(inclusion.record_circumstance(:ana, 'no_vehicle', 'yes', '2026-02-01', :agent), NULL, 'a fact is said');
SELECT is(pg_temp.said(:ana, 'no_vehicle'), 'yes 2026-02-01 person 2020-01-01', 'with its day and who said it');
SELECT is((SELECT agent FROM inclusion_data.circumstance), :agent::bigint, 'and by whom it was noted');
SELECT isnt(inclusion.record_circumstance(:ana, 'no_vehicle', 'no', '2026-01-20', source => 'partner'), NULL, 'an older day comes later');
SELECT is(pg_temp.said(:ana, 'no_vehicle'), 'yes 2026-02-01 person 2020-01-01', 'the latest day counts, not the latest row');
SELECT is(pg_temp.said(:ana, 'no_vehicle', '2026-01-31'), 'no 2026-01-20 partner 2020-01-01', 'and each day has what was known then');
SELECT is(pg_temp.said(:ana, 'no_vehicle', '2026-01-19'), '2020-01-01', 'before the first, nothing');

CREATE TEMPORARY TABLE refused (call text, state text, message text);
INSERT INTO refused VALUES
  ($$ 'no_vehicle', 'no', '2026-02-01' $$, 'IN101', 'already has an answer to "no_vehicle" on 2026-02-01'),
  ($$ 'no_vehicle', 'yes', '2026-02-01' $$, 'IN101', 'already has an answer'),
  ($$ 'astrology' $$, 'IN101', 'unknown circumstance "astrology"'), ($$ NULL $$, 'IN101', NULL),
  ($$ 'no_vehicle', 'maybe' $$, 'IN101', '"maybe" is no answer'), ($$ 'no_vehicle', NULL $$, 'IN101', '"NULL" is no answer'),
  ($$ 'no_vehicle', 'yes', current_date + 2 $$, 'IN101', 'in the future'), ($$ 'no_vehicle', 'yes', 'infinity' $$, 'IN101', 'in the future'),
  ($$ 'no_vehicle', 'yes', '-infinity' $$, 'IN101', 'is not asked on -infinity'), ($$ 'no_vehicle', 'yes', '2019-12-31' $$, 'IN101', 'is not asked on 2019-12-31'),
  ($$ 'no_vehicle', 'yes', source => 'horoscope' $$, 'IN101', NULL), ($$ 'no_vehicle', 'yes', agent => 999 $$, 'IN305', NULL);
CREATE FUNCTION pg_temp.refusal(statement text, OUT state text, OUT message text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
END
$$;
CREATE TEMPORARY VIEW tried AS SELECT r.call, r.state AS wanted, r.message AS said, f.* FROM refused r,
  pg_temp.refusal('SELECT inclusion.record_circumstance(' || (SELECT min(id) FROM inclusion_data.beneficiary) || ', ' || r.call || ')') f;
SELECT is_empty('SELECT call, state, message FROM tried WHERE state IS DISTINCT FROM wanted OR strpos(message, coalesce(said, message)) = 0', 'each refusal says what is wrong');
SELECT is_empty('SELECT call FROM tried WHERE hint = ''''', 'and what to do');
SELECT is((SELECT count(*)::int FROM inclusion_data.circumstance), 2, 'and leaves nothing');
SELECT throws_ok($$ SELECT inclusion.record_circumstance(424242, 'no_vehicle') $$, 'IN003', NULL, 'nobody unknown has a situation');
SELECT throws_ok(format($$ INSERT INTO inclusion_data.circumstance (perimeter, beneficiary, item, answer, recorded_on) VALUES ('DEP-27', %s, 'no_vehicle', 'no', '2026-02-01') $$, :ana), '23505', NULL, 'nor is a day answered twice by hand');

-- a mistake is corrected, and stays to be seen
SELECT isnt(inclusion.record_circumstance(:ana, 'no_vehicle', 'no', '2026-02-01', corrects => true), NULL, 'a mistake is corrected the same day');
SELECT is(pg_temp.said(:ana, 'no_vehicle'), 'no 2026-02-01 person 2020-01-01', 'the correction counts');
SELECT is((SELECT string_agg(n || ' ' || answer, ', ' ORDER BY n) FROM inclusion_data.circumstance WHERE recorded_on = '2026-02-01'), '1 yes, 2 no', 'and hides nothing');
SELECT isnt(inclusion.record_circumstance(:ana, 'car', 'yes', '2026-02-01', corrects => true), NULL, 'with nothing to correct it is a first answer');

-- a declined fact
SELECT isnt(inclusion.record_circumstance(:ana, 'job_search', 'declined', '2026-02-10'), NULL, 'somebody prefers not to say');
SELECT is(pg_temp.said(:ana, 'job_search'), 'declined 2026-02-10 person 2026-08-09', 'and is not asked again before a day');
UPDATE inclusion_data.circumstance_item SET ask_again_days = 30 WHERE code = 'job_search';
SELECT is(pg_temp.said(:ana, 'job_search'), 'declined 2026-02-10 person 2026-03-12', 'that the catalogue sets');
SELECT isnt(inclusion.record_circumstance(:ana, 'job_search', 'not_raised', '2026-02-11'), NULL, 'not raised is said too');
SELECT is(pg_temp.said(:ana, 'job_search'), 'not_raised 2026-02-11 person 2020-01-01', 'and may be asked');

-- who knows what they had said keeps it, whatever is declined or left out since
SELECT inclusion.record_circumstance(:ana, 'nobody_to_help', 'yes', '2026-02-01') AS a, inclusion.record_circumstance(:ana, 'no_equipment', 'yes', '2026-02-01') AS b,
       inclusion.record_circumstance(:ana, 'nobody_to_help', 'declined', '2026-02-05') AS c, inclusion.record_circumstance(:ana, 'no_equipment', 'not_raised', '2026-02-05') AS d,
       inclusion.express_need(:ana, 'stay_safe', opened_on => '2026-01-05') AS e \gset
SELECT inclusion.night_start('2026-03-02', 'DEP-27') AS run \gset
SELECT is((SELECT grade FROM inclusion.night_people(:run) WHERE beneficiary = :ana), 2, 'what is declined, or not raised, lowers nobody');
SELECT inclusion.record_circumstance(:ana, 'no_equipment', 'no', '2026-02-06') AS f \gset
SELECT is((SELECT grade FROM inclusion.night_people(:run) WHERE beneficiary = :ana), 1, 'a later no does');

-- a territory's own fact, from a day and until one
INSERT INTO inclusion_data.circumstance_item (code, theme, label, starts_on, ends_on) VALUES ('river_crossing', 'mobility', 'Dépend du bac', '2026-02-01', '2026-03-01');
SELECT is(inclusion.record_circumstance(:ana, 'river_crossing', 'yes', '2026-02-28') > 0, true, 'a fact added as a row is asked');
SELECT throws_ok(format($$ SELECT inclusion.record_circumstance(%s, 'river_crossing', 'no', %L) $$, :ana, d), 'IN101', NULL, 'not on ' || d) FROM unnest('{2026-01-31,2026-03-01}'::date[]) d;
SELECT is(pg_temp.said(:ana, 'river_crossing', '2026-03-01'), 'yes 2026-02-28 person 2026-02-01', 'and stays known afterwards');

-- who does not read a theme does not see it to ask it
CREATE ROLE test_mediator;
SELECT isnt(inclusion.register_agent('test_mediator', :desk, 'Médiatrice', 'mediator'), NULL, 'a mediator of the house');
SET LOCAL ROLE test_mediator;
SELECT set_eq(format('SELECT DISTINCT theme FROM inclusion.circumstances_of(%s)', :ana), '{digital,equipment,language,mobility}'::text[], 'a mediator sees what they read');
RESET ROLE;

-- the two minutes of questions do not contradict what was said that day
SELECT is((SELECT noted FROM inclusion.screen(:ana, '{"appareil": "oui"}', '2026-02-06')), '{no_equipment=no}', 'the same answer the same day is said once');
SELECT is((SELECT source || n FROM inclusion_data.circumstance WHERE item = 'no_equipment' AND recorded_on = '2026-02-06'), 'person1', 'and is whose it was');
SELECT throws_ok(format($$ SELECT inclusion.screen(%s, '{"entourage": "oui"}', '2026-02-01') $$, :ana), 'IN101', NULL, 'the contrary is refused');

-- --- goals and instruments ---------------------------------------------------------------

SELECT is((SELECT words FROM inclusion_data.expressed_need WHERE id = inclusion.express_need(:ana, 'stay_in_touch', opened_on => '2026-03-01', words => '  Voir mes petits-enfants ')), NULL, 'a row is not seen by the statement that writes it');
SELECT is((SELECT words FROM inclusion_data.expressed_need WHERE closed_on IS NULL), 'Voir mes petits-enfants', 'a goal is said in one''s words, beside its code');
SELECT throws_ok(format($$ SELECT inclusion.express_need(%s, 'stay_safe', words => 'mon numéro : 2 69 05 49 588 157 80') $$, :ana), 'IN005', NULL, 'never with the national number');
SELECT throws_ok(format($$ SELECT inclusion.express_need(%s, 'stay_safe', words => repeat('a', 201)) $$, :ana), 'IN102', NULL, 'in few words');
SELECT is_empty($$ SELECT v.relname FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid AND d.classid = 'pg_rewrite'::regclass JOIN pg_class v ON v.oid = w.ev_class
  WHERE d.refobjid = 'inclusion_data.expressed_need'::regclass AND v.relnamespace = 'pilotage'::regnamespace
    AND d.refobjsubid = (SELECT attnum FROM pg_attribute WHERE attrelid = 'inclusion_data.expressed_need'::regclass AND attname = 'words') $$, 'no view of steering shows them');
SELECT throws_ok(format($$ SELECT inclusion.assess(%s, 'pix{1.1=1}', NULL) $$, :ana), 'IN101', 'a level needs the instrument that found it', 'no level without an instrument');
SELECT throws_ok(format($$ SELECT inclusion.assess(%s, 'pix{1.1=1}', 'guess') $$, :ana), 'IN101', 'unknown instrument "guess"', 'nor with an unknown one');
SELECT results_eq('SELECT code, trust, reliability IS NULL AND norm_sd IS NULL FROM inclusion_data.instrument ORDER BY trust DESC, code',
  $$ VALUES ('pix', 4, true), ('abc_diag', 3, true), ('observed', 3, true), ('declared', 2, true), ('three_levels', 2, true), ('screening', 1, true) $$, 'instruments are believed in order, and none has a norm that nobody published');
SELECT throws_ok($$ UPDATE inclusion_data.instrument SET reliability = 0.9 WHERE code = 'pix' $$, '23514', NULL, 'a reliability has a source');

-- --- ages ------------------------------------------------------------------------------

-- the same activity keeps its bracket, whatever today is; boundaries by hand
SELECT is(array(SELECT inclusion.age_bracket(2000, make_date(2000 + a, 6, 30)) FROM unnest('{0,11,12,17,18,24,25,39,40,59,60,69,70,100}'::int[]) WITH ORDINALITY v (a, n) ORDER BY n),
  '{moins_de_douze,moins_de_douze,douze_dix_huit,douze_dix_huit,dix_huit_vingt_quatre,dix_huit_vingt_quatre,vingt_cinq_trente_neuf,vingt_cinq_trente_neuf,quarante_cinquante_neuf,quarante_cinquante_neuf,soixante_soixante_neuf,soixante_soixante_neuf,soixante_dix_plus,soixante_dix_plus}'::text[],
  'each bracket from its first age to its last');
SELECT is(array[inclusion.age_bracket(1950, d), inclusion.age_on(1950, d)::text], array['non_communique', NULL], 'nobody has an age on a day that never comes: ' || d) FROM unnest('{infinity,-infinity}'::date[]) d;
SELECT is(array[inclusion.age_bracket(NULL, '2026-01-01'), inclusion.age_bracket(2027, '2026-12-31'), inclusion.age_bracket(1950, NULL)], '{non_communique,non_communique,non_communique}'::text[], 'an age not known, or not yet, is said so');
SELECT is(array[inclusion.age_bracket(1990, '2025-03-01', 'coop_v1'), inclusion.age_bracket(1990, '2024-03-01', 'coop_v1')], '{de35a60ans,de18a35ans}'::text[], 'in another set, on each day');
SELECT is(array[inclusion.wider_bracket('dix_huit_vingt_quatre', 'coop', 'common'), inclusion.wider_bracket('de35a60ans', 'coop_v1', 'common'), inclusion.wider_bracket('soixante_dix_plus', 'coop', 'coop_v1'), inclusion.wider_bracket('non_communique', 'coop', 'common')],
  '{dix_huit_cinquante_neuf,dix_huit_cinquante_neuf,plus60ans,non_communique}'::text[], 'brackets that nest are added up');
SELECT throws_ok($$ SELECT inclusion.wider_bracket('vingt_cinq_trente_neuf', 'coop', 'coop_v1') $$, 'IN104', 'bracket "vingt_cinq_trente_neuf" of set "coop" is not within one of set "coop_v1"', 'those that cross are not');
SELECT throws_ok($$ SELECT inclusion.wider_bracket('any', 'coop', 'coop_v1') $$, 'IN104', NULL, 'nor unknown ones');

SELECT * FROM finish();
ROLLBACK;
