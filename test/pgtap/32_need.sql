-- From a profile to a need, by published rows, and back to each row it comes from.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229', enrolled_on => '2026-01-05') AS ana,
       inclusion.enrol(structure => :desk, commune => 'COM-27229', enrolled_on => '2026-01-05') AS bob,
       inclusion.enrol(structure => :desk, commune => 'COM-27229', enrolled_on => '2026-01-05', max_distance => 4000, slots => '{mo_am,we_am}', audiences => '{seniors}') AS cleo,
       inclusion.enrol(structure => :desk, commune => 'COM-27229', enrolled_on => '2026-01-05') AS dan \gset
SELECT inclusion.express_need(p, target => 'pix{1.1=4,2.4=2,5.1=3}', opened_on => '2026-01-10') FROM unnest(ARRAY[:ana, :bob, :cleo, :dan]) p;
\o
SELECT plan(55);

-- an argument of a need, as its text says it
CREATE FUNCTION pg_temp.said(person bigint, argument text, family text DEFAULT 'learn') RETURNS text LANGUAGE sql AS $$
  SELECT substring(inclusion.need_of(person, '2026-03-01', family)::text FROM '[{;]' || argument || '=((?:pix\{[^}]*\}|[^;}])*)')
$$;

-- --- which finding stands ---------------------------------------------------------

SELECT inclusion.assess(:ana, 'pix{1.1=3}', 'pix', '2026-01-10') AS tested, inclusion.assess(:ana, 'pix{1.1=1,2.4=1}', 'screening', '2026-02-10') AS screened \gset
SELECT is(pg_temp.said(:ana, 'current'), 'pix{1.1=3,2.4=1,5.1=1}', 'a screening does not undo a test of last month; a blank domain takes the level of the screening');
UPDATE inclusion_data.instrument SET stands_days = 10 WHERE code = 'pix';
SELECT is(pg_temp.said(:ana, 'current'), 'pix{1.1=1,2.4=1,5.1=1}', 'unless the territory says it stands for ten days');
UPDATE inclusion_data.instrument SET stands_days = 365 WHERE code = 'pix';
SELECT is(pg_temp.said(:ana, 'weights'), '8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,4,8', 'what is supposed weighs half');
UPDATE inclusion_data.policy SET imputed_weight = 100;
SELECT is(pg_temp.said(:ana, 'weights'), NULL, 'or what the policy says');
UPDATE inclusion_data.policy SET imputed_weight = 50;
SELECT is(pg_temp.said(:bob, 'weights'), NULL, 'where nothing is known nothing weighs less');
SELECT is(pg_temp.said(:bob, 'current'), NULL, 'and nothing is made up');

-- --- words stay words ---------------------------------------------------------------

SELECT inclusion.assess_word(:dan, 'intermediaire', assessed_on => '2026-01-20') AS word \gset
SELECT is((SELECT format('%s %s', vector, word) FROM inclusion_data.assessment WHERE id = :word), ' intermediaire', 'a word is kept as a word');
SELECT is(pg_temp.said(:dan, 'current') ~ '^pix\{0.1=3,.*1.1=3,.*5.2=3\}$', true, 'and counts for its published row');
SELECT is((SELECT value FROM inclusion.need_trace(:dan, '2026-03-01') WHERE element = 'current' AND code = '1.1'), 'Intermédiaire', 'it is shown as a word');
SELECT throws_ok(format($$ SELECT inclusion.assess_word(%s, 'expert') $$, :dan), 'IN101', 'instrument "three_levels" does not say "expert"', 'a word it does not say is refused');
SELECT throws_ok(format($$ SELECT inclusion.assess_word(%s, 'avance', 'pix') $$, :dan), 'IN101', NULL, 'an instrument that gives levels says none');
SELECT throws_ok(format($$ SELECT inclusion.assess_word(%s, 'avance', assessed_on => '2999-01-01') $$, :dan), 'IN101', NULL, 'nobody is assessed in the future');
SELECT throws_ok(format($$ SELECT inclusion.assess(%s, 'pix{1.1=1}', 'three_levels') $$, :dan), 'IN101', NULL, 'and one that gives words gives no level');
SELECT inclusion.assess(:dan, 'pix{1.1=1}', 'declared', '2026-01-21') AS said \gset
SELECT is(pg_temp.said(:dan, 'current') ~ '1.1=1,', true, 'a level said since stands before the word');

-- --- how far --------------------------------------------------------------------------

SELECT is(pg_temp.said(:bob, 'max_distance')::float8, 15000 / 1.3::float8, 'of whom nothing was raised: 15 km of road');
SELECT results_eq(format($$ SELECT source, supposed, rule FROM inclusion.need_trace(%s, '2026-03-01') WHERE element = 'max_distance' $$, :bob),
  $$ VALUES ('need_rule', true, 'Déplacements non abordés : 15 km de trajet, divisés par 1,3, 20 km au plus') $$, 'and that is said');
SELECT inclusion.record_circumstance(:bob, 'on_foot', 'yes', '2026-01-11') AS walks, inclusion.record_circumstance(:bob, 'bicycle', 'no', '2026-01-11') AS no_bike \gset
SELECT is(pg_temp.said(:bob, 'max_distance')::float8, 2000 / 1.3::float8, 'on foot: 2 km');
SELECT inclusion.record_circumstance(:bob, 'bicycle', 'yes', '2026-01-12') AS bike \gset
SELECT is(pg_temp.said(:bob, 'max_distance')::float8, 5000 / 1.3::float8, 'by bicycle: 5, the farthest counts and the latest answer');
SELECT results_eq(format($$ SELECT source, source_id, on_day, supposed FROM inclusion.need_trace(%s, '2026-03-01') WHERE element = 'max_distance' $$, :bob), format($$ VALUES ('circumstance', %s::bigint, '2026-01-12'::date, false) $$, :bike), 'the trace names the answer');
SELECT is(substring(inclusion.need_of(:bob, '2026-01-11')::text FROM 'max_distance=([^;]*)')::float8, 2000 / 1.3::float8, 'the day before, it did not count');
SELECT inclusion.record_circumstance(:bob, 'bicycle', 'declined', '2026-01-13') AS declined \gset
SELECT is(pg_temp.said(:bob, 'max_distance')::float8, 5000 / 1.3::float8, 'who then declines takes nothing back');
SELECT inclusion.record_circumstance(:bob, 'car', 'yes', '2026-01-14') AS car \gset
UPDATE inclusion_data.policy SET detour_factor = 1, max_distance = 12000;
SELECT is(pg_temp.said(:bob, 'max_distance'), '12000', 'never beyond the policy''s');
UPDATE inclusion_data.policy SET detour_factor = 1.3, max_distance = 20000;
SELECT is(pg_temp.said(:bob, 'max_distance')::float8, 20000 / 1.3::float8, 'by car: 20 km');
SELECT is(pg_temp.said(:cleo, 'max_distance'), '4000', 'what a person said in metres is left as it is');

-- --- when, and with what ----------------------------------------------------------------

SELECT inclusion.record_circumstance(:bob, 'school_hours', 'yes', '2026-01-11'), inclusion.record_circumstance(:bob, 'little_french', 'yes', '2026-01-11'),
       inclusion.record_circumstance(:bob, 'ground_floor', 'yes', '2026-01-11'), inclusion.record_circumstance(:cleo, 'school_hours', 'yes', '2026-01-11') \g /dev/null
SELECT is(pg_temp.said(:bob, 'slots'), 'mo_am,mo_pm,tu_am,tu_pm,th_am,th_pm,fr_am,fr_pm', 'school hours leave eight half-days');
SELECT is(pg_temp.said(:cleo, 'slots'), 'mo_am', 'of the slots a person states, those that are possible');
UPDATE inclusion_data.beneficiary SET slots = '{we_am}' WHERE id = :cleo;
SELECT is(pg_temp.said(:cleo, 'slots'), 'we_am', 'and where none is, what they state');
SELECT is(pg_temp.said(:bob, 'audiences'), 'foreign_language', 'language');
SELECT is(pg_temp.said(:bob, 'accommodations'), 'step_free', 'and what to arrange');
SELECT is(pg_temp.said(:bob, 'accept_remote'), NULL, 'remote lessons are accepted');
SELECT inclusion.record_circumstance(:bob, 'no_connection', 'yes', '2026-01-11') \g /dev/null
SELECT is(pg_temp.said(:bob, 'accept_remote'), 'false', 'but by who has nothing to follow them on');
UPDATE inclusion_data.beneficiary SET accept_on_site = false WHERE id = :bob;
SELECT is(pg_temp.said(:bob, 'accept_remote'), NULL, 'unless they could go nowhere else');
UPDATE inclusion_data.beneficiary SET accept_on_site = true WHERE id = :bob;

-- --- families in play ----------------------------------------------------------------------

SELECT is(pg_temp.said(:bob, 'family', 'connection'), 'connection', 'a fact puts a family in play, though nobody asked');
SELECT throws_ok(format($$ SELECT inclusion.need_of(%s, '2026-03-01', 'equipment') $$, :bob), 'IN102', NULL, 'and no other');
SELECT inclusion.express_need(:bob, 'get_connected', opened_on => '2026-02-01') \g /dev/null
SELECT is((SELECT count(*)::int FROM inclusion.needs_of('DEP-27', '2026-03-01', 'connection')), 1, 'asked for as well, it is one need');
SELECT results_eq($$ SELECT n.perimeter_code, n.beneficiary, n.need::text FROM inclusion.needs_of(day => '2026-03-01') n ORDER BY 1, 2 $$,
  $$ SELECT p.code, n.beneficiary, n.need::text FROM inclusion_data.perimeter p, inclusion.needs_of(p.code, '2026-03-01') n ORDER BY 1, 2 $$,
  'no perimeter named: the needs of all, one after the other');
SELECT is((SELECT count(*)::int FROM inclusion.needs_of('DEP-27') n WHERE n.beneficiary = :bob AND n.perimeter_code = 'DEP-27'
           AND n.need::text = inclusion.need_of(:bob)::text), 1, 'and no day: today''s');

-- --- programmes -------------------------------------------------------------------------------

SELECT is(inclusion.highest('pix{1.1=3,2.1=1}', 'pix{1.1=2,4.1=1}')::text, 'pix{1.1=3,2.1=1,4.1=1}', 'two targets reach both');
SELECT inclusion.express_need(:cleo, 'stay_in_touch', opened_on => '2026-02-01', programme => 'basics') \g /dev/null
SELECT is(pg_temp.said(:cleo, 'target'), 'pix{0.1=2,0.2=2,0.3=2,0.4=2,0.5=2,0.6=2,0.7=2,0.8=2,2.1=2,2.2=2}', 'a goal and a programme are one target');
SELECT throws_ok(format($$ SELECT inclusion.express_need(%s, programme => 'astrology') $$, :cleo), 'IN102', NULL, 'an unknown programme is refused');
SELECT throws_ok(format($$ SELECT inclusion.express_need(%s, 'right_now', programme => 'basics') $$, :cleo), 'IN102', NULL, 'so is one that teaches, for a right');

-- --- near on the map only ------------------------------------------------------------------------

INSERT INTO inclusion_data.territory (code, kind, official_code, name, department, longitude, latitude, population, code_year)
VALUES ('COM-27017', 'commune', '27017', 'Rive d''en face', 'DEP-27', 1.17, 49.03, 900, 2020);
INSERT INTO inclusion_data.place (id, perimeter, structure, name, commune, longitude, latitude)
VALUES (901, 'DEP-27', :desk, 'Ici', 'COM-27229', 1.151, 49.021), (902, 'DEP-27', :desk, 'En face', 'COM-27017', 1.17, 49.03);
SELECT inclusion.register_offer('Ici', :desk, 901, teaches => 'pix{2.4=2}') AS here, inclusion.register_offer('En face', :desk, 902, teaches => 'pix{1.1=4}') AS across,
       inclusion.register_offer('À distance', :desk, remote => true, teaches => 'pix{2.4=2}') AS remote \gset
SELECT results_eq(format('SELECT offer FROM inclusion.matches(%s, day => ''2026-03-01'') ORDER BY 1', :ana), format('VALUES (%s::bigint), (%s), (%s)', :here, :across, :remote), 'three offers on the map');
INSERT INTO inclusion_data.barrier VALUES ('COM-27017', 'COM-27229', 'La Seine, sans pont');
SELECT results_eq(format('SELECT offer FROM inclusion.matches(%s, day => ''2026-03-01'') ORDER BY 1', :ana), format('VALUES (%s::bigint), (%s)', :here, :remote), 'two on this side of the river');
SELECT results_eq(format('SELECT offer FROM inclusion_data.struck_offer WHERE beneficiary = %s', :ana), format('VALUES (%s::bigint)', :across), 'a night proposes no other');
SELECT matches((SELECT sentence FROM inclusion.explain_match(:ana, :across, '2026-03-01') WHERE term = 'eligible'), 'sur la carte seulement', 'and says why');
DELETE FROM inclusion_data.barrier;
SELECT is(inclusion.name_communes(:ana, '{COM-27017,COM-27017}'), 1, 'or people name where they can go');
SELECT results_eq(format('SELECT offer FROM inclusion.matches(%s, day => ''2026-03-01'') ORDER BY 1', :ana), format('VALUES (%s::bigint), (%s)', :across, :remote), 'and nowhere else');
SELECT is(pg_temp.said(:ana, 'max_distance')::float8, inclusion.metres_between(1.15, 49.02, 1.17, 49.03) + 5000, 'as far as the commune, and around it');
SELECT throws_ok(format($$ SELECT inclusion.name_communes(%s, '{COM-99999}') $$, :ana), 'IN101', NULL, 'a commune nobody knows is refused');
SELECT is(inclusion.name_communes(:ana, '{}'), 0, 'what was said can be taken back');

-- --- one person of all, and each element from a row ------------------------------------------------

SELECT is_empty($$ SELECT f, n.beneficiary FROM inclusion_data.perimeter p, unnest('{learn,rights,equipment,connection}'::text[]) f,
    inclusion.needs_of(ARRAY[p.code], '2026-03-01', f) n WHERE inclusion.need_of(n.beneficiary, '2026-03-01', f) OPERATOR(inclusion.<>) n.need $$,
  'the need of one is that of one of all');
SELECT is((SELECT ('pix{' || string_agg(code || '=' || value, ',') || '}')::inclusion.competence_vector::text FROM inclusion.need_trace(:ana, '2026-03-01') WHERE element = 'current' AND code <> '5.1'),
  'pix{1.1=3,2.4=1}', 'the levels traced are those of the need');
SELECT results_eq(format($$ SELECT code, value::numeric, source_id, on_day, supposed, rule FROM inclusion.need_trace(%s, '2026-03-01') WHERE element = 'current' ORDER BY code $$, :ana),
  format($$ VALUES ('1.1', 3::numeric, %s::bigint, '2026-01-10'::date, false, 'Épreuves Pix : fait foi 365 jours'), ('2.4', 1, %s, '2026-02-10', false, 'Premier repérage : fait foi 0 jours'),
    ('5.1', 1, NULL, NULL, true, 'Jamais évaluée : niveau d''ensemble du premier repérage') $$, :tested, :screened), 'each with its row, its day and its rule');
SELECT is_empty(format($$ SELECT t.element, t.source, t.source_id FROM unnest(ARRAY[%s, %s, %s, %s]) p, inclusion.need_trace(p, '2026-03-01') t
  WHERE NOT t.supposed AND t.source_id IS NULL $$, :ana, :bob, :cleo, :dan), 'what is not supposed has a row');
SELECT throws_ok(format($$ SELECT * FROM inclusion.need_trace(%s, '2026-03-01', 'rights') $$, :ana), 'IN102', NULL, 'no need, no trace');

SELECT * FROM finish();
ROLLBACK;
