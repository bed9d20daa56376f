-- What becomes of those who enrol, how well they are known, where they are sent
-- and where nobody was met: each figure by hand, and what may not be shown.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
UPDATE inclusion_data.structure SET kind = 'association' WHERE id = :desk;
INSERT INTO inclusion_data.structure (id, perimeter, name, kind) VALUES (9, 'DEP-27', 'Médiathèque', 'commune');
INSERT INTO inclusion_data.territory (code, kind, official_code, name, code_year) VALUES ('EPCI-200000001', 'epci', '200000001', 'Plaine', 2020), ('EPCI-200000002', 'epci', '200000002', 'Plateau', 2020);
UPDATE inclusion_data.territory SET epci = 'EPCI-200000001' WHERE code = 'COM-27229';
UPDATE inclusion_data.territory SET epci = 'EPCI-200000002' WHERE code = 'COM-27016';
CREATE ROLE test_library;
CREATE ROLE test_lead IN ROLE inclusion_steward;
CREATE ROLE test_coordinator IN ROLE inclusion_coordinator;
CREATE ROLE test_analyst IN ROLE inclusion_analyst;
SELECT inclusion.register_agent('test_library', 9, 'Lou Livre', 'mediator') AS librarian \gset
INSERT INTO inclusion_data.access_grant (role_name, perimeter, valid_from) VALUES ('test_lead', 'DEP-27', '2020-01-01'), ('test_coordinator', 'DEP-27', '2020-01-01');
SELECT inclusion.register_offer('Atelier', :desk, teaches => 'pix{1.1=2}', remote => true) AS offer, inclusion.register_offer('Cours', 9, teaches => 'pix{1.1=2}', remote => true) AS other_offer \gset
SELECT inclusion.open_session(:offer, '2026-03-10 10:00+01', '2026-03-10 12:00+01', 200) AS session, inclusion.open_session(:other_offer, '2026-03-10 10:00+01', '2026-03-10 12:00+01', 200) AS other_session \gset
INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, started_at) VALUES (9001, '2026-02-01', '{DEP-27}', 'running', 'compute', '2026-02-01');

-- 60 at the desk, aged 17 on the day, 18 today or later; 20 out of doors, of no known age; 5 at an event
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, commune, birth_year, position_origin, last_contact_on)
SELECT n, 'DEP-27', CASE WHEN n <= 60 THEN :desk ELSE 9 END, CASE WHEN n <= 60 THEN 'COM-27229' WHEN n <= 80 THEN NULL ELSE 'COM-27229' END, CASE WHEN n <= 60 THEN 2007 END, 'unknown', '2026-01-01' FROM generate_series(1, 85) n;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version, channel)
SELECT perimeter, id, CASE WHEN id <= 60 THEN 'desk' WHEN id <= 80 THEN 'outreach' ELSE 'event' END, structure, '2024-06-01', '1', 'poster' FROM inclusion_data.beneficiary;
-- they came again since, elsewhere: it is their first day that counts
UPDATE inclusion_data.enrolment SET withdrawn_on = '2025-01-01' WHERE beneficiary <= 12;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version) SELECT 'DEP-27', n, 'campaign', 9, '2025-06-01', '1' FROM generate_series(1, 12) n;
INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector) SELECT 'DEP-27', n, CASE WHEN n <= 15 THEN 'screening' ELSE 'observed' END, '2024-06-02', 'pix{1.1=1}' FROM generate_series(1, 49) n;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on) SELECT 'DEP-27', n, 'pix{1.1=2}', '2024-06-02' FROM generate_series(1, 48) n;
-- 36 proposed, 24 came, 12 done; of the first 12 and 12 others to what their own structure carries
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
SELECT n, 'DEP-27', n, CASE WHEN n <= 24 THEN :offer ELSE :other_offer END, CASE WHEN n <= 24 THEN :session ELSE :other_session END, 9001, 1, 0, '2026-03-09' FROM generate_series(1, 36) n;
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
SELECT p.id, 'DEP-27', s.n, s.a, s.b, :agent, 'person' FROM inclusion_data.proposal p, (VALUES (1, 'none', 'candidate', 36), (2, 'candidate', 'proposed', 36), (3, 'proposed', 'agreed', 24), (4, 'agreed', 'confirmed', 24),
  (5, 'confirmed', 'booked', 24), (6, 'booked', 'attended', 24), (7, 'attended', 'completed', 12)) s (n, a, b, upto) WHERE p.id <= s.upto;
SELECT setval(pg_get_serial_sequence('inclusion_data.beneficiary', 'id'), 1000);
\o
SELECT plan(26);

CREATE FUNCTION pg_temp.seen(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  PERFORM set_config('role', who, true);
  EXECUTE statement INTO answer;
  PERFORM set_config('role', 'none', true);
  RETURN coalesce(answer, 'nothing');
EXCEPTION WHEN insufficient_privilege THEN
  RETURN 'refused';
END
$$;
\set follow_up 'SELECT code, enrolled_count, profiled_count, matched_count, started_count, completed_count, is_masked FROM pilotage.kpi_enrolment_follow_up WHERE dimension = %L ORDER BY code COLLATE "C"'

-- --- from enrolment to the end -----------------------------------------------------------------

SELECT results_eq(format(:'follow_up', 'origin'), $$ VALUES ('poster', 85, 48, 36, 24, 12, false) $$, 'from the first day to the last, by what brought them');
SELECT results_eq(format(:'follow_up', 'format'), $$ VALUES ('desk', NULL::int, NULL::int, NULL::int, NULL::int, NULL::int, true), ('event', NULL, NULL, NULL, NULL, NULL, true), ('outreach', NULL, NULL, NULL, NULL, NULL, true) $$,
  'five people alone are not shown, nor what would tell them by subtraction');
CREATE TEMP TABLE numbered AS SELECT id, dimension, code FROM pilotage.kpi_enrolment_follow_up;
DELETE FROM inclusion_data.enrolment WHERE format = 'event';
SELECT set_eq('SELECT v.dimension, v.code, v.id FROM pilotage.kpi_enrolment_follow_up v', $$ SELECT b.dimension, b.code, b.id FROM numbered b WHERE b.code <> 'event' $$,
  'a line keeps its number when another has gone');
SELECT results_eq(format(:'follow_up', 'format'), $$ VALUES ('desk', 60, 48, 36, 24, 12, false), ('outreach', 20, 0, 0, 0, 0, false) $$, 'by format, each by their first day; none is a figure like another');
SELECT results_eq(format(:'follow_up', 'age_bracket'), $$ VALUES ('douze_dix_huit', 60, 48, 36, 24, 12, false), ('non_communique', 20, 0, 0, 0, 0, false) $$, 'at the age of that day, not of today');
SELECT is((SELECT label FROM pilotage.kpi_enrolment_follow_up WHERE code = 'douze_dix_huit'), '12 - 17 ans', 'in words');
SELECT results_eq(format(:'follow_up', 'structure_kind'), $$ VALUES ('association', 60, 48, 36, 24, 12, false), ('commune', 20, 0, 0, 0, 0, false) $$, 'by kind of structure');
SELECT results_eq(format(:'follow_up', 'territory'), $$ VALUES ('EPCI-200000001', 60, 48, 36, 24, 12, false), ('inconnu', 20, 0, 0, 0, 0, false) $$, 'and where they live');
-- two of those who came are done no more: ten left between would be told
DELETE FROM inclusion_data.proposal_step WHERE n = 7 AND proposal <= 2;
SELECT results_eq(format(:'follow_up', 'origin'), $$ VALUES ('poster', 80, 48, 36, 24, NULL::int, true) $$, 'a step of ten people is not shown, those before are');
DELETE FROM inclusion_data.assessment WHERE beneficiary IN (47, 48);
SELECT results_eq(format(:'follow_up', 'origin'), $$ VALUES ('poster', 80, 46, NULL::int, NULL::int, NULL::int, true) $$, 'nor one that would tell the ten lost on the way to it');
SELECT is((SELECT count(*)::int FROM inclusion_data.purpose_objection), 0, '(nobody objects yet)');
INSERT INTO inclusion_data.purpose_objection SELECT n, 'DEP-27', 'statistics', '2026-01-01' FROM generate_series(1, 12) n;
SELECT results_eq(format(:'follow_up', 'origin'), $$ VALUES ('poster', 68, 34, NULL::int, NULL::int, NULL::int, true) $$, 'who objects is in no count');
DELETE FROM inclusion_data.purpose_objection;

-- --- what is known -------------------------------------------------------------------------------

INSERT INTO inclusion_data.circumstance (perimeter, beneficiary, item, answer, recorded_on) SELECT 'DEP-27', n, 'no_vehicle', CASE WHEN n <= 20 THEN 'not_raised' ELSE 'declined' END, '2026-01-01' FROM generate_series(1, 40) n;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, family, opened_on) SELECT 'DEP-27', n, 'rights', '2026-01-01' FROM generate_series(30, 49) n;
SELECT results_eq('SELECT family, piece, people_count, known_count, known_share, is_masked FROM pilotage.kpi_profile ORDER BY family, piece',
  $$ VALUES ('learn', 'availability', 80, 0, 0::float8, false), ('learn', 'birth_year', 80, 60, 0.75, false), ('learn', 'goal', 80, 48, 0.6, false), ('learn', 'level', 80, 32, 0.4, false), ('learn', 'position', 80, 0, 0, false),
            ('learn', 'screening', 80, 47, 0.59, false), ('learn', 'situation', 80, 20, 0.25, false),
            ('rights', 'language', 20, 0, 0, false), ('rights', 'position', 20, 0, 0, false), ('rights', 'situation', 20, NULL, NULL, true) $$,
  'piece by piece, a first look is no level, what was not raised is not known, and rights stand apart');

-- --- where they are sent ----------------------------------------------------------------------------

SELECT results_eq('SELECT dimension, code, people_count, own_count, own_share, is_masked FROM pilotage.kpi_self_referral ORDER BY dimension, code',
  $$ VALUES ('perimeter', 'DEP-27', 36, 24, 0.67::float8, false), ('structure_kind', 'association', 36, 24, 0.67, false) $$, 'two in three to whom had enrolled them');
INSERT INTO inclusion_data.orientation (perimeter, beneficiary, offer, run, week) SELECT 'DEP-27', n, :other_offer, 9001, '2026-02-02' FROM generate_series(61, 65) n;
SELECT results_eq('SELECT dimension, code, people_count, own_count, is_masked FROM pilotage.kpi_self_referral ORDER BY dimension, code',
  $$ VALUES ('perimeter', 'DEP-27', 41, 29, false), ('structure_kind', 'association', NULL::int, NULL::int, true), ('structure_kind', 'commune', NULL, NULL, true) $$, 'an orientation counts; five of one kind hide the other');

-- --- where nobody was met -----------------------------------------------------------------------------

SELECT results_eq($$ SELECT territory, commune_count, unmet_commune_count, population, people_count, round(coverage_rate::numeric, 5), outreach, is_masked FROM pilotage.kpi_enrolment_coverage WHERE perimeter = 'DEP-27' ORDER BY territory $$,
  $$ VALUES ('EPCI-200000001', 1, 0, 47000::bigint, 60, 0.00128, 'prospecté', false), ('EPCI-200000002', 1, 1, 8100, NULL, NULL, 'non prospecté', false) $$, 'nobody enrolled is nobody met, never zero');
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version) SELECT 'DEP-27', n, 'event', 9, '2026-01-01', '1' FROM generate_series(81, 85) n;
UPDATE inclusion_data.beneficiary SET commune = 'COM-27016' WHERE id > 80;
SELECT results_eq($$ SELECT people_count, coverage_rate, outreach, is_masked FROM pilotage.kpi_enrolment_coverage WHERE perimeter = 'DEP-27' ORDER BY territory $$,
  $$ VALUES (NULL::int, NULL::float8, 'prospecté', true), (NULL, NULL, 'peu prospecté', true) $$, 'few are not counted, nor had by subtraction');

-- --- acting on behalf -----------------------------------------------------------------------------------

INSERT INTO inclusion_data.autonomy_decision (perimeter, beneficiary, scope, outcome, motive, decided_on, review_on, agent, suggested, version)
SELECT 'DEP-27', n, 'argent_impots', (ARRAY['mandate', 'autonomous', 'with_support', 'continue_support'])[n % 4 + 1], 'x', '2024-06-01', CASE WHEN n % 4 = 0 THEN '2025-01-01'::date END,
       CASE WHEN n <= 56 THEN :agent ELSE :librarian END, 'with_support', 1 FROM generate_series(1, 60) n;
\set mandates 'SELECT string_agg(concat_ws('' '', structure_id, people_count, mandate_count, is_masked), '', '' ORDER BY structure_id) FROM pilotage.fact_operator_mandate'
SELECT is(pg_temp.seen(who, :'mandates'), said, who || ' reads mandates by structure') FROM (VALUES
  ('desk_agent', format('%s 56 14 f', :desk)), ('test_library', '9 4 1 f'), ('test_lead', format('%s 56 14 f, 9 t', :desk)),
  ('test_coordinator', 'nothing'), ('test_analyst', 'refused')) v (who, said);
SELECT results_eq($$ SELECT dimension, code, mandate_count FROM pilotage.kpi_autonomy ORDER BY dimension, code $$,
  $$ VALUES ('age_bracket', 'douze_dix_huit', NULL::int), ('structure_kind', 'association', 15), ('territory', 'EPCI-200000001', 15) $$, 'to all, by territory and kind of structure only; ages are of the day of the decision');
SELECT is_empty($$ SELECT FROM pg_views WHERE schemaname = 'pilotage' AND viewname ~ 'mandate|autonomy' AND definition ~* '\mrank\(|ORDER BY[^)]*mandate' $$, 'and nobody is ranked by it');

-- --- events --------------------------------------------------------------------------------------------------

SELECT inclusion.hold_event(:desk, 'Forum', '2026-03-14') AS event \gset
SELECT inclusion.record_contact('met', 120, event => :event) AS met, inclusion.enrol(:desk, 'event', '2026-03-14', event => :event) AS came \gset
SELECT is(pg_temp.seen(who, 'SELECT concat_ws('' '', name, met_count, spoken_count, enrolled_count) FROM pilotage.fact_enrolment_event'), said, who || ' reads events')
  FROM (VALUES ('desk_agent', 'Forum 120 0 1'), ('test_analyst', 'refused')) v (who, said);

SELECT * FROM finish();
ROLLBACK;
