-- What the cube costs: made anew from the facts, then kept after a day's, beside
-- a plain SQL count of the same attendances by the same cells.  500 000 people,
-- ten attendances each, over five years; what the clock says, and what the
-- process took of a core.
--
--   psql -X -d DATABASE -f test/bench/cube.sql      in a database made for it
\set ON_ERROR_STOP on
\if :{?people}
\else
  \set people 500000
\endif
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS inclusion;
CALL inclusion.setup();

-- --- facts, the same every time ------------------------------------------------------

-- neither keys nor followed changes: what is measured comes after
SET session_replication_role = replica;
CREATE FUNCTION pg_temp.draw(n bigint, salt int, below int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((hashint8extended(n, salt) & 2147483647) % below)::int;
INSERT INTO inclusion_data.territory (code, kind, official_code, name, epci, code_year)
SELECT 'COM-' || lpad(n::text, 5, '0'), 'commune', lpad(n::text, 5, '0'), 'Commune ' || n, 'EPCI-' || 200000000 + n % 20, 2026 FROM generate_series(1, 600) n;
INSERT INTO inclusion_data.perimeter (code, name) VALUES ('DEP-27', 'Eure');
INSERT INTO inclusion_data.structure (id, perimeter, name) SELECT n, 'DEP-27', 'Structure ' || n FROM generate_series(1, 60) n;
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, programme, teaches, remote)
SELECT n, 'DEP-27', 1 + n % 60, 'Offre ' || n, 'programme ' || n % 4, 'pix{1.1=3}', true FROM generate_series(1, 120) n;
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, birth_year, commune, position_origin, audiences, last_contact_on)
SELECT n, 'DEP-27', 1 + n % 60, 1940 + pg_temp.draw(n, 1, 70), 'COM-' || lpad((1 + (n % 60) * 10 + pg_temp.draw(n, 2, 10))::text, 5, '0'), 'unknown',
       CASE pg_temp.draw(n, 3, 3) WHEN 0 THEN '{}' WHEN 1 THEN '{seniors}' ELSE '{job_seekers}' END::text[], '2026-01-01'
FROM generate_series(1, :people) n;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT 'DEP-27', b.id, 'desk', b.structure, date '2021-01-01' + pg_temp.draw(b.id, 4, 1700), '1' FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
SELECT 10 * b.id + k, 'DEP-27', b.id, b.structure + 60 * (k % 2), 1, 1, 1, 0, '2026-12-31' FROM inclusion_data.beneficiary b, generate_series(0, 9) k;
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, at)
SELECT p.id, 'DEP-27', 6, 'booked', 'attended', 1, 'person', e.enrolled_on + 20 + 7 * (p.id % 10)::int + time '10:00'
FROM inclusion_data.proposal p JOIN inclusion_data.enrolment e ON e.beneficiary = p.beneficiary
UNION ALL
SELECT 10 * e.beneficiary + 9, 'DEP-27', 7, 'attended', 'completed', 1, 'person', e.enrolled_on + 90 + time '10:00'
FROM inclusion_data.enrolment e WHERE e.beneficiary % 3 > 0;
INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector, recorded_at)
SELECT 'DEP-27', e.beneficiary, 'declared', e.enrolled_on + 95 * k,
       format('pix{1.1=%s,2.1=%s,4.2=%s}', pg_temp.draw(e.beneficiary, 5 + k, 3) + k, pg_temp.draw(e.beneficiary, 7 + k, 3), k)::inclusion.competence_vector, e.enrolled_on + 95 * k
FROM inclusion_data.enrolment e, generate_series(0, 1) k;
RESET session_replication_role;
VACUUM (ANALYZE);

-- --- measures ------------------------------------------------------------------------

\ir stopwatch.sql
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CALL pg_temp.measure('plain SQL: attendances by cell', $$
  SELECT count(*) FROM (
    SELECT date_trunc('month', s.at), b.commune, o.structure, o.programme, a.public, count(*), count(DISTINCT p.beneficiary)
    FROM inclusion_data.proposal_step s JOIN inclusion_data.proposal p ON p.id = s.proposal AND p.perimeter = s.perimeter
    JOIN inclusion_data.beneficiary b ON b.id = p.beneficiary AND b.perimeter = p.perimeter JOIN inclusion_data.offer o ON o.id = p.offer
    CROSS JOIN LATERAL unnest(array_prepend('', b.audiences)) a (public) WHERE s.to_state = 'attended' GROUP BY 1, 2, 3, 4, 5) t $$);
CALL pg_temp.measure('cube made anew', $$ SELECT cells FROM inclusion.refresh_cube(whole => true) $$);
VACUUM ANALYZE inclusion_data.cube, inclusion_data.cube_person;
-- a day comes hours later: it does not write what the rebuild left to write
CHECKPOINT;

-- a day: 2 700 attendances of as many people, most with a finding, some of them late
SET session_replication_role = replica;
INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector)
SELECT 'DEP-27', e.beneficiary, 'declared', e.enrolled_on + 120, 'pix{1.1=3,2.1=4}' FROM inclusion_data.enrolment e WHERE e.beneficiary IN (SELECT 1 + pg_temp.draw(n, 20, :people) FROM generate_series(1, 2700) n);
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, at)
SELECT 10 * e.beneficiary + 9, 'DEP-27', 7, 'attended', 'stopped', 1, 'person', e.enrolled_on + 100 + time '10:00'
FROM inclusion_data.enrolment e WHERE e.beneficiary % 3 = 0 AND e.beneficiary IN (SELECT 1 + pg_temp.draw(n, 20, :people) FROM generate_series(1, 2700) n);
RESET session_replication_role;
INSERT INTO inclusion_data.cube_change (perimeter, beneficiary) SELECT DISTINCT 'DEP-27', 1 + pg_temp.draw(n, 20, :people) FROM generate_series(1, 2700) n;
ANALYZE inclusion_data.cube_change;
CALL pg_temp.measure('a day kept', $$ SELECT cells FROM inclusion.refresh_cube() $$);
CREATE TEMPORARY TABLE kept AS SELECT c::text AS line FROM inclusion_data.cube c;
CALL pg_temp.measure('cube made anew again', $$ SELECT cells FROM inclusion.refresh_cube(whole => true) $$);
CALL pg_temp.measure('rows that differ', $$ SELECT count(*) FROM (SELECT line FROM kept EXCEPT ALL SELECT c::text FROM inclusion_data.cube c) d $$);
CALL pg_temp.measure('a total read', $$ SELECT count(*) FROM inclusion.indicator_values('I01', 'DEP-27') $$);
SELECT what, round(seconds, 2) AS seconds, round(of_a_core, 2) AS "of a core",
       round(of_a_core / (SELECT of_a_core FROM measured WHERE what ~ '^plain'), 2) AS "times plain SQL", answer FROM measured;
