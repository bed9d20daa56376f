-- Meeting people: two minutes of questions, an evening's list, and those who
-- want no file.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229', enrolled_on => '2026-01-05') AS ana,
       inclusion.enrol(structure => :desk, commune => 'COM-27229', enrolled_on => '2026-01-05') AS bob \gset
\o
SELECT plan(37);

-- --- questions ------------------------------------------------------------------

SELECT results_eq(format($$ SELECT vector::text, noted, not_noted, not_asked FROM inclusion.screen(%s,
    '{"appareil": "non", "allumer": "yes", "messagerie": "no", "entourage": "no", "arnaque": "not_asked", "renonce": "declined"}', '2026-02-01') $$, :ana),
  $$ VALUES ('pix{0.1=2,0.4=1,0.6=0,2.1=0}', '{no_equipment=yes,gave_up_online=declined,nobody_to_help=yes}'::text[], '{}'::text[], 8) $$,
  'answers give a provisional level and facts; what was not asked says nothing');
SELECT results_eq('SELECT instrument, assessed_on, vector::text FROM inclusion_data.assessment', $$ VALUES ('screening', '2026-02-01'::date, 'pix{0.1=2,0.4=1,0.6=0,2.1=0}') $$, 'noted as what it is: a first look');
SELECT is((SELECT answers FROM inclusion_data.screening), '{"appareil": "no", "allumer": "yes", "messagerie": "no", "entourage": "no", "renonce": "declined"}'::jsonb, 'answers are kept in one spelling');
SELECT is((SELECT count(*)::int FROM inclusion_data.circumstance WHERE item = 'gave_up_online' AND answer = 'declined'), 1, 'a declined question is a declined fact');
SELECT is((SELECT vector::text FROM inclusion.screen(:bob, '{"appareil": "yes"}', '2026-02-01')), NULL, 'no level is made up');
SELECT is((SELECT count(*)::int FROM inclusion_data.assessment), 1, 'nor assessment');
SELECT results_eq(format($$ SELECT noted FROM inclusion.screen(%s, '{"appareil": "oui"}', '2026-02-02', on_paper => true) $$, :bob), $$ VALUES ('{no_equipment=no}'::text[]) $$, 'in French as on paper, on another day');

CREATE TEMPORARY TABLE refused (call text, state text);
INSERT INTO refused VALUES
  ($$ '{"astrologie": "yes"}' $$, 'IN007'), ($$ '{"appareil": "maybe"}' $$, 'IN007'), ($$ '{}' $$, 'IN007'), ($$ NULL $$, 'IN007'), ($$ '[]' $$, 'IN007'),
  ($$ '{"appareil": null}' $$, 'IN007'), ($$ '{"appareil": "yes"}', 'infinity' $$, 'IN007'), ($$ '{"appareil": "yes"}', '-infinity' $$, 'IN007'),
  ($$ '{"appareil": "yes"}', current_date + 2 $$, 'IN007'), ($$ '{"appareil": "yes"}', '2026-02-01' $$, 'IN007'),
  ($$ '{"appareil": "yes"}', version => 99 $$, 'IN007'), ($$ '{"appareil": "2 69 05 49 588 157 80"}' $$, 'IN005'), ($$ '{"appareil": "yes"}', agent => 999 $$, 'IN305');
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE statement;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || CASE WHEN hint = '' THEN ' without a hint' ELSE '' END;
END
$$;
CREATE TEMPORARY VIEW tried AS SELECT call, state, pg_temp.refusal('SELECT * FROM inclusion.screen(' || (SELECT min(id) FROM inclusion_data.beneficiary) || ', ' || call || ')') AS came FROM refused;
SELECT is_empty('SELECT * FROM tried WHERE came <> state', 'each refusal has its state and says what to do');
SELECT is((SELECT count(*)::int FROM inclusion_data.screening), 3, 'and leaves nothing');
SELECT throws_ok('SELECT * FROM inclusion.screen(424242, ''{"appareil": "yes"}'')', 'IN003', NULL, 'nobody unknown is screened');

-- a mediator hears more than a mediator writes
CREATE ROLE test_mediator IN ROLE inclusion_mediator;
SELECT isnt(inclusion.register_agent('test_mediator', :desk, 'Médiatrice', 'mediator'), NULL, 'a mediator of the house');
SET LOCAL ROLE test_mediator;
SELECT results_eq(format($$ SELECT noted, not_noted FROM inclusion.screen(%s, '{"reguliere": "yes", "internet": "no"}', '2026-02-03') $$, :ana),
  $$ VALUES ('{no_connection=yes}'::text[], '{recurring_procedure}'::text[]) $$, 'what their role does not write is said, not lost silently');
RESET ROLE;

-- a new version does not change what was asked
INSERT INTO inclusion_data.screening_version VALUES (2, 'Plus court', '2026-06-01');
INSERT INTO inclusion_data.screening_question VALUES (2, 1, 'appareil', 'Un appareil chez vous ?', NULL, NULL, 'no_equipment', 'no');
SELECT is(inclusion.screening_in_force('2026-05-31'), 1, 'the day before, the former');
SELECT is(inclusion.screening_in_force('2026-06-01'), 2, 'then the new one');
SELECT is(inclusion.screening_in_force('2019-12-31'), NULL, 'before any, none');
SELECT throws_ok(format($$ SELECT * FROM inclusion.screen(%s, '{"messagerie": "yes"}', '2026-06-01') $$, :bob), 'IN007', 'version 2 asks no question "messagerie"', 'which asks only its own');
SELECT lives_ok(format($$ SELECT * FROM inclusion.screen(%s, '{"messagerie": "yes"}', '2026-06-01', version => 1) $$, :bob), 'an old sheet found in a drawer is still read');
DELETE FROM inclusion_data.screening_question WHERE version = 2;
DELETE FROM inclusion_data.screening_version WHERE version = 2;

-- --- paper and spreadsheet ----------------------------------------------------------

SELECT is((SELECT count(*)::int FROM inclusion_data.screening_question q WHERE inclusion.screening_sheet(1) LIKE '%' || inclusion.escape_html(q.wording) || '%'), 13, 'every question is on the sheet');
SELECT ok(inclusion.screening_sheet() ~ 'size: A4' AND inclusion.screening_sheet() ~ 'version 1', 'one page, with its version');
SELECT is(inclusion.escape_html('<a href="x">&</a>'), '&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;', 'no wording breaks the page');
SELECT throws_ok('SELECT inclusion.screening_sheet(99)', 'IN007', NULL, 'no sheet of no version');
SELECT is(inclusion.screening_template(1), 'prenom;nom;annee_de_naissance;commune;telephone;courriel;joindre_par;appareil;internet;allumer;souris;clavier;mot_de_passe;messagerie;recherche;demarche;arnaque;renonce;reguliere;entourage',
  'the columns of the spreadsheet are the questions');

-- --- events and lists -----------------------------------------------------------------

SELECT inclusion.hold_event(:desk, 'Forum des associations', '2026-03-14', agents => ARRAY[:agent]) AS event \gset
SELECT throws_ok(format($$ SELECT inclusion.hold_event(%s, 'Forum des associations', '2026-03-14') $$, :desk), 'IN004', NULL, 'an event is held once');
SELECT throws_ok(format($$ SELECT inclusion.hold_event(%s, 'Forum', format => 'by_night') $$, :desk), 'IN004', NULL, 'in a known format');
SELECT results_eq(format($$ SELECT line, beneficiary IS NOT NULL, code FROM inclusion.enrol_list(E'Prénom;Nom;Année de naissance;Commune;Téléphone;Courriel;Joindre par;appareil;messagerie\nZoé;D''Essai;1950;27229;06 39 98 00 00;;téléphone;non;oui\nIvo;Essai;mille;;;;;;\n;;;;;;;oui;\nLéa;Essai;;COM-00000;;;;;\nRéa;Essai;;;06 12 34 56 78;;;;\nTom;Essai;;;;;association;peut-être;', event => %s) ORDER BY line $$, :event),
  $$ VALUES (2::bigint, true, NULL::text), (3, false, 'IN007'), (4, true, NULL), (5, false, 'IN004'), (6, false, 'IN002'), (7, false, 'IN007') $$,
  'each row goes in whole or is refused with its reason, and stops no other');
SELECT results_eq('SELECT line, code FROM inclusion_data.enrolment_reject ORDER BY line', $$ VALUES (3::bigint, 'IN007'), (5, 'IN004'), (6, 'IN002'), (7, 'IN007') $$, 'what is refused is kept by number and reason');
SELECT is((SELECT count(*)::int FROM inclusion_data.identity), 1, 'and nobody is half enrolled');
SELECT results_eq(format($$ SELECT DISTINCT format, enrolled_on FROM inclusion_data.enrolment WHERE beneficiary NOT IN (%s, %s) $$, :ana, :bob), $$ VALUES ('event', '2026-03-14'::date) $$, 'enrolled at the event, on its day');
SELECT is((SELECT count(*)::int FROM inclusion_data.screening WHERE on_paper AND screened_on = '2026-03-14'), 2, 'with the answers on their sheets');
SELECT throws_ok('SELECT * FROM inclusion.enrol_list(''nom'')', 'IN004', NULL, 'a list is somebody''s');
SELECT is_empty(format($$ SELECT FROM inclusion.enrol_list('', event => %s) $$, :event), 'an empty paste enrols nobody');

-- --- without a file ---------------------------------------------------------------------

SELECT inclusion.record_contact('met', 120, event => :event) AS met, inclusion.record_contact('spoken_to', 45, event => :event) AS spoken,
       inclusion.record_contact('refused', structure => :desk, met_on => '2026-03-15') AS refused \gset
SELECT results_eq('SELECT what, contacts, met_on FROM inclusion_data.contact_count ORDER BY id', $$ VALUES ('met', 120, '2026-03-14'::date), ('spoken_to', 45, '2026-03-14'), ('refused', 1, '2026-03-15') $$, 'contacts are counted');
SELECT is((SELECT count(*)::int FROM inclusion_data.beneficiary), 4, 'and are nobody');
SELECT throws_ok(format('SELECT inclusion.record_contact(''met'', 0, event => %s)', :event), 'IN004', NULL, 'a count is a count');
SELECT throws_ok(format('SELECT inclusion.record_contact(''stared_at'', event => %s)', :event), 'IN004', NULL, 'of a known sort');
SELECT throws_ok(format('SELECT inclusion.record_contact(''met'', structure => %s, event => %s)', :other_desk, :event), 'IN004', NULL, 'of the event''s structure');
SELECT throws_ok('SELECT inclusion.record_contact(''met'')', 'IN004', NULL, 'and of somebody');

SELECT * FROM finish();
ROLLBACK;
