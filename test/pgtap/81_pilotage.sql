-- The views of pilotage, by the rules of the tools that read them.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\o
SELECT plan(25);

CREATE TEMPORARY VIEW reading AS
SELECT c.oid, c.relname, c.relkind FROM pg_class c WHERE c.relnamespace = 'pilotage'::regnamespace AND c.relkind <> 'i';
CREATE TEMPORARY VIEW reading_column AS
SELECT r.relname, a.attnum, a.attname, a.atttypid::regtype::text AS type, a.atttypmod
FROM reading r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped;

SELECT isnt_empty('TABLE reading', 'there are views');
SELECT is_empty($$ SELECT relname FROM reading WHERE relkind <> 'v' $$, 'plain views only: other kinds show badly in Metabase');
SELECT is_empty($$ SELECT relname FROM reading WHERE relname !~ '^(dim|fact|kpi|map)_' AND relname <> 'job_progress' $$, 'a prefix says what a view is');
SELECT is_empty($$ SELECT relname FROM reading r WHERE NOT EXISTS
  (SELECT FROM reading_column c WHERE c.relname = r.relname AND c.attnum = 1 AND c.attname = 'id' AND c.type = 'bigint') $$, 'the first column is id bigint');
SELECT is_empty($$ SELECT relname, attname, type FROM reading_column
  WHERE type NOT IN ('boolean', 'smallint', 'integer', 'bigint', 'real', 'double precision', 'numeric', 'text', 'date', 'timestamp with time zone', 'uuid')
    AND NOT (relname LIKE 'map\_%' AND attname = 'geom') $$, 'built-in types that every tool reads, but for geom in maps');
SELECT is_empty($$ SELECT relname, attname FROM reading_column WHERE attname = 'geom' AND postgis_typmod_srid(atttypmod) <> 4326 $$, 'a geometry says its system of coordinates');
SELECT is_empty($$ SELECT relname FROM reading_column g WHERE attname = 'geom' AND 2 <>
  (SELECT count(*) FROM reading_column c WHERE c.relname = g.relname AND c.attname IN ('latitude', 'longitude') AND c.type = 'double precision') $$,
  'latitude and longitude stand beside a geometry');
SELECT is_empty($$ SELECT relname FROM reading WHERE relname LIKE 'map\_%' EXCEPT SELECT relname FROM reading_column WHERE attname = 'geom' $$, 'a map has a geometry');
SELECT is_empty($$ SELECT relname, attname FROM reading_column
  WHERE attname ~ '(cost|income|discount|margin|source|channel|join)' $$, 'no name that Metabase reads as money or origin');
SELECT is_empty($$ SELECT relname, attname FROM reading_column WHERE attname ~ '_(rate|share)$' AND type <> 'double precision' $$, 'rates are float8 between 0 and 1');

-- two kinds of views, one list: a released view reads with the owner's rights
SELECT results_eq($$ SELECT c.relname::text COLLATE "default", coalesce(c.reloptions @> '{security_invoker=true}', false) FROM pg_class c
    WHERE c.relnamespace = 'pilotage'::regnamespace AND c.relkind = 'v' ORDER BY 1 $$,
  $$ VALUES ('dim_indicator', false), ('dim_offer', false), ('dim_processing_register', false), ('fact_active_list', true), ('fact_autonomy_review', true), ('fact_call', true), ('fact_enrolment_event', true), ('fact_operator_mandate', true), ('fact_place_call', true), ('job_progress', false), ('kpi_access', false), ('kpi_active_list', false), ('kpi_autonomy', false), ('kpi_autonomy_agreement', false), ('kpi_autonomy_transition', false), ('kpi_enrolment_coverage', false), ('kpi_enrolment_follow_up', false), ('kpi_funnel', false), ('kpi_impact', false), ('kpi_offer_quality', false), ('kpi_operator_answer', false), ('kpi_operator_quality', false), ('kpi_outcome_funding', false), ('kpi_profile', false), ('kpi_reach', false), ('kpi_rights_bridge', false), ('kpi_scarcity', false), ('kpi_self_referral', false), ('kpi_unmet_need', false), ('kpi_waiting', false), ('kpi_waiting_curve', false), ('map_access', false), ('map_blind_spot', false), ('map_impact', false), ('map_place', false), ('map_scarcity', false), ('map_unmet_need', false) $$,
  'released and nominative views are the reviewed list');
SELECT is_empty($$ SELECT relname FROM pg_class c WHERE relnamespace = 'pilotage'::regnamespace AND pg_get_userbyid(relowner) <> 'inclusion_owner' $$, 'all views are the owner''s');
SELECT is_empty($$ SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'pilotage'::regnamespace AND c.reloptions @> '{security_invoker=true}'
    AND has_table_privilege('inclusion_analyst', c.oid, 'SELECT') $$, 'no nominative view is open to the analyst');

-- what a released view reads: tables, the server's own views, released views
CREATE TEMPORARY VIEW reads AS
SELECT w.ev_class AS view, c.oid, c.relname, c.relkind, n.nspname, coalesce(c.reloptions @> '{security_invoker=true}', false) AS is_nominative
FROM pg_rewrite w
JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> w.ev_class
JOIN pg_class c ON c.oid = d.refobjid JOIN pg_namespace n ON n.oid = c.relnamespace;
CREATE FUNCTION pg_temp.offences() RETURNS SETOF text LANGUAGE sql AS $$
  WITH RECURSIVE released (view, relname, relkind, nspname, is_nominative) AS (
    SELECT r.oid, r.relname, r.relkind, 'pilotage'::name, false FROM reading r JOIN pg_class c ON c.oid = r.oid
    WHERE NOT coalesce(c.reloptions @> '{security_invoker=true}', false)
    UNION
    SELECT e.oid, e.relname, e.relkind, e.nspname, e.is_nominative FROM released l JOIN reads e ON e.view = l.view WHERE l.nspname <> 'pg_catalog')
  SELECT DISTINCT l.relname::text FROM released l
  WHERE l.is_nominative OR l.relkind NOT IN ('r', 'v') OR l.nspname NOT IN ('inclusion_data', 'pilotage', 'pg_catalog')
$$;
SELECT is_empty('SELECT pg_temp.offences()', 'released views read tables and released views only');
CREATE VIEW pilotage.kpi_probe AS SELECT f.id FROM pilotage.fact_active_list f;
SELECT set_eq('SELECT pg_temp.offences()', ARRAY['fact_active_list'], 'and one that read a nominative view would be seen');
DROP VIEW pilotage.kpi_probe;

-- counts of people: hidden below the threshold, parts hidden together
INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, verified, started_at, finished_at)
VALUES (9001, '2026-03-01', '{DEP-27}', 'published', 'done', true, now(), now());
INSERT INTO inclusion_data.active_list_pointer VALUES ('DEP-27', 1, 9001, now());
INSERT INTO inclusion_data.active_list (slot, perimeter, beneficiary, run, rank, grade, waiting_days, priority, outcome, reason)
SELECT 1, 'DEP-27', n, 9001, n, 0, n, n, CASE WHEN n <= 10 THEN 'proposed' WHEN n <= 25 THEN 'oriented' ELSE 'waiting' END, 'test'
FROM generate_series(1, 40) n
UNION ALL SELECT 2, 'DEP-27', n, 9001, n, 0, n, n, 'waiting', 'test' FROM generate_series(1, 500) n;
SELECT results_eq($$ SELECT people_count, people_masked, proposed_count, oriented_count, waiting_count, parts_masked FROM pilotage.kpi_active_list $$,
  $$ VALUES (40, false, NULL::int, NULL::int, NULL::int, true) $$, 'ten proposals are too few: every part is hidden, the other slot unseen');
DELETE FROM inclusion_data.active_list WHERE slot = 1 AND beneficiary > 10;
SELECT results_eq($$ SELECT people_count, people_masked FROM pilotage.kpi_active_list $$, $$ VALUES (NULL::int, true) $$, 'ten people are too few to be counted');
SELECT results_eq($$ SELECT people_count, waiting_count, median_days, is_masked FROM pilotage.kpi_waiting $$, $$ VALUES (NULL::int, NULL::int, NULL::int, true) $$, 'nor is their wait shown');

-- grades are parts of a total: one too small hides them all, and each of two
-- perimeters has its own rows under its own numbers
DELETE FROM inclusion_data.active_list;
INSERT INTO inclusion_data.active_list_pointer VALUES ('DEP-74', 1, 9001, now());
INSERT INTO inclusion_data.active_list (slot, perimeter, beneficiary, run, rank, grade, waiting_days, priority, outcome, reason)
SELECT 1, 'DEP-27', n, 9001, n, CASE WHEN n <= 30 THEN 0 WHEN n <= 55 THEN 1 ELSE 2 END, n, n,
       CASE WHEN n <= 15 OR n BETWEEN 31 AND 43 THEN 'proposed' ELSE 'waiting' END, 'test' FROM generate_series(1, 60) n
UNION ALL
SELECT 1, 'DEP-74', 100 + n, 9001, 100 + n, CASE WHEN n <= 30 THEN 0 ELSE 1 END, n, n,
       CASE WHEN n <= 15 OR n BETWEEN 31 AND 43 THEN 'proposed' ELSE 'waiting' END, 'test' FROM generate_series(1, 55) n;
SELECT results_eq($$ SELECT perimeter, grade, people_count, waiting_count, median_days, is_masked FROM pilotage.kpi_waiting ORDER BY perimeter, grade $$,
  $$ VALUES ('DEP-27', 0, NULL::int, NULL::int, NULL::int, true), ('DEP-27', 1, NULL, NULL, NULL, true), ('DEP-27', 2, NULL, NULL, NULL, true),
            ('DEP-74', 0, 30, 15, 15, false), ('DEP-74', 1, 25, 12, 43, false) $$, 'a grade of five people cannot be had by subtraction');
UPDATE inclusion_data.active_list SET outcome = 'waiting' WHERE beneficiary BETWEEN 131 AND 133;
SELECT results_eq($$ SELECT grade, people_count, waiting_count, is_masked FROM pilotage.kpi_waiting WHERE perimeter = 'DEP-74' ORDER BY grade $$,
  $$ VALUES (0, 30, NULL::int, true), (1, 25, NULL, true) $$, 'nor can ten served');

SELECT inclusion.register_offer('Atelier', s.id, teaches => 'pix{1.1=2}', remote => true) FROM inclusion_data.structure s;
INSERT INTO inclusion_data.place (perimeter, name, longitude, latitude) VALUES ('DEP-27', 'Ici', 1.1, 49), ('DEP-74', 'Là', 6.1, 45.9);
INSERT INTO inclusion_data.run (as_of, perimeters, state, phase, started_at) VALUES ('2026-03-02', '{DEP-74}', 'running', 'open', now());
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, position_origin, last_contact_on)
  SELECT 8000 + s.id, s.perimeter, s.id, 'unknown', '2026-01-15' FROM inclusion_data.structure s;
INSERT INTO inclusion_data.autonomy_decision (perimeter, beneficiary, scope, outcome, motive, decided_on, review_on, agent, suggested, version)
  SELECT s.perimeter, 8000 + s.id, 'stay_safe', 'continue_support', 'Motif', '2026-01-15', '2026-02-15', (SELECT min(id) FROM inclusion_data.agent WHERE structure IS NOT NULL), 'with_support', 1 FROM inclusion_data.structure s;

INSERT INTO inclusion_data.enrolment_event (perimeter, structure, format, name, held_on) SELECT s.perimeter, s.id, 'event', 'Forum', '2026-01-15' FROM inclusion_data.structure s;

-- how structures answer: a hundred days ago a dozen agreed at one, ten at the other, and had an answer on days 1 to 12 (1 to 10)
SELECT inclusion.open_session(o.id, '2026-03-10 10:00+01', '2026-03-10 12:00+01', 50) FROM inclusion_data.offer o;
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, position_origin, last_contact_on)
SELECT 100 * s.id + n, s.perimeter, s.id, 'unknown', '2026-01-01' FROM inclusion_data.structure s, generate_series(1, 14 - 2 * s.id) n;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT perimeter, id, 'desk', structure, '2026-01-01', '1' FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on) SELECT perimeter, id, 'pix{1.1=2}', '2026-01-01' FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
SELECT b.id, b.perimeter, b.id, o.id, e.id, 9001, 1, 0, '2026-03-09' FROM inclusion_data.beneficiary b
JOIN inclusion_data.offer o ON o.structure = b.structure JOIN inclusion_data.session e ON e.offer = o.id WHERE b.id < 1000;
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, at)
SELECT p.id, p.perimeter, s.n, s.a, s.b, :agent, 'person', now() - make_interval(days => 100) + CASE s.n WHEN 4 THEN make_interval(days => (p.id % 100)::int) ELSE interval '0' END
FROM inclusion_data.proposal p, (VALUES (1, 'none', 'candidate'), (2, 'candidate', 'proposed'), (3, 'proposed', 'agreed'), (4, 'agreed', 'declined')) s (n, a, b);
SELECT results_eq('SELECT structure_id, answer_count, median_delay_days, is_masked FROM pilotage.kpi_operator_answer ORDER BY structure_id',
  $$ VALUES (1::bigint, 12, 6.5::float8, false), (2, NULL, NULL, true) $$, 'a structure''s answers are counted and timed, those of ten people are not shown');
INSERT INTO inclusion_data.quality_prior (perimeter, scope, measure, as_of, since, subjects, facts, alpha, beta, status)
  SELECT m.code, s, 'presence', '2026-03-01', '2024-03-01', 1, 40, 8, 2, 'mle' FROM inclusion_data.perimeter m, unnest('{offer,operator}'::text[]) s;
INSERT INTO inclusion_data.quality (perimeter, structure, offer, measure, n, total, people, estimate, low, high)
  SELECT o.perimeter, o.structure, CASE k WHEN 1 THEN o.id END, 'presence', 40, 30, 40, 0.75, 0.6, 0.9 FROM inclusion_data.offer o, generate_series(1, 2) k;
-- figures of each kind, in both perimeters
INSERT INTO inclusion_data.territory (code, kind, official_code, name, longitude, latitude, code_year)
SELECT 'EPCI-20000000' || n, 'epci', '20000000' || n, 'Intercommunalité ' || n, 1, 49, 2026 FROM generate_series(1, 2) n;
INSERT INTO inclusion_data.need_estimate (territory, public, year, people, low, high, source)
SELECT 'EPCI-20000000' || n, p, 2020, 100, 90, 110, 'essai' FROM generate_series(1, 2) n, unnest('{"",seniors}'::text[]) p;
INSERT INTO inclusion_data.figure (perimeter, indicator, population, period, dimension, code, measure, people, value, is_masked, released_on)
SELECT s.perimeter, v.indicator, 'essai', '2025-01-01', v.dimension, CASE v.dimension WHEN 'epci' THEN 'EPCI-20000000' || s.id WHEN 'operator' THEN s.id::text
         WHEN 'commune' THEN CASE s.id WHEN 1 THEN 'COM-27229' ELSE 'COM-74010' END ELSE '' END, v.measure, 50, 0.5, false, '2026-01-01'
FROM inclusion_data.structure s CROSS JOIN (VALUES ('I01', 'epci', 'écart moyen'), ('I05', 'operator', 'observés sur attendus'), ('I08', 'total', 'acceptée au jour 030'),
  ('I10', 'total', 'euros'), ('I12', 'epci', 'tous'), ('I07', 'epci', 'seniors'), ('I15', 'total', 'venues'),
  ('I11', 'total', 'places pour 1000 habitants'), ('I11', 'commune', 'places pour 1000 habitants')) v (indicator, dimension, measure) WHERE s.id IN (1, 2);
INSERT INTO inclusion_data.autonomy_decision (perimeter, beneficiary, scope, outcome, motive, decided_on, agent, suggested, version)
SELECT d.perimeter, d.beneficiary, d.scope, 'with_support', 'Motif', '2026-01-01', d.agent, 'with_support', 1 FROM inclusion_data.autonomy_decision d;
-- in each an offer that comes first, if there is room
UPDATE inclusion_data.expressed_need SET target = 'pix{2.4=2}' WHERE perimeter = 'DEP-74';
INSERT INTO inclusion_data.offer (perimeter, structure, name, teaches, remote, quality, capacity_kind)
SELECT s.perimeter, s.id, 'À appeler', CASE s.perimeter WHEN 'DEP-74' THEN 'pix{2.4=2}' ELSE 'pix{1.1=2}' END::inclusion.competence_vector, true, 1, 'unknown'
FROM inclusion_data.structure s;
CREATE FUNCTION pg_temp.counted(relname name, OUT rows bigint, OUT ids bigint, OUT perimeters bigint) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('SELECT count(*), count(DISTINCT v.id), count(DISTINCT to_jsonb(v) ->> %L) FROM pilotage.%I v',
                 CASE relname WHEN 'job_progress' THEN 'perimeters' ELSE 'perimeter' END, relname) INTO rows, ids, perimeters;
END
$$;
SELECT is_empty($$ SELECT r.relname, c.* FROM reading r, LATERAL pg_temp.counted(r.relname) c WHERE c.rows <> c.ids $$, 'id is unique alone, and never null');
SELECT is(inclusion.line_id(VARIADIC string_to_array(parts, '/')), n, 'what numbers a line is the same on every machine: ' || parts)
  FROM (VALUES ('DEP-27/a/b', 415362202080564), ('DEP-27/ab', 2531323917897274)) v (parts, n);
SELECT is_empty($$ SELECT r.relname, c.* FROM reading r, LATERAL pg_temp.counted(r.relname) c WHERE c.perimeters <> 2
  AND r.relname NOT IN ('dim_processing_register', 'dim_indicator') $$, 'with rows of both perimeters in every view but the register and the catalogue of indicators, which are the database''s');

SELECT * FROM finish();
ROLLBACK;
