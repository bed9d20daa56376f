-- What measuring quality costs: 100 000 offers of 5 000 structures, a million
-- facts (half a million proposals that were come to or missed, four fifths of
-- them brought to an end, one in five spoken of) and the gains of those measured
-- before and after; then the same the day after, beside a plain SQL count of the
-- same facts.  What the clock says, and what the process took of a core.
--
--   psql -X -d DATABASE -f test/bench/quality.sql      in a database made for it
\set ON_ERROR_STOP on
\if :{?offers}
\else
  \set offers 100000
\endif
\set people 2 * :offers
\set proposals 5 * :offers
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS inclusion;
CALL inclusion.setup();

-- --- facts, the same every time ------------------------------------------------------

SELECT inclusion.create_perimeter('DEP-27', 'Eure') \g /dev/null
SELECT inclusion.adopt_policy('DEP-27', current_date - 400, 'essai') \g /dev/null
-- neither keys nor followed changes: what is measured comes after
SET session_replication_role = replica;
CREATE FUNCTION pg_temp.draw(n bigint, salt int, below int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((hashint8extended(n, salt) & 2147483647) % below)::int;
INSERT INTO inclusion_data.structure (id, perimeter, name) SELECT n, 'DEP-27', 'Structure ' || n FROM generate_series(1, 5000) n;
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, teaches, remote)
SELECT n, 'DEP-27', 1 + n % 5000, 'Offre ' || n, 'pix{1.1=3,2.1=4}', true FROM generate_series(1, :offers) n;
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, birth_year, position_origin, audiences, last_contact_on)
SELECT n, 'DEP-27', 1 + n % 5000, 1940 + pg_temp.draw(n, 1, 70), 'unknown', CASE pg_temp.draw(n, 3, 3) WHEN 0 THEN '{}' ELSE '{seniors}' END::text[], current_date
FROM generate_series(1, :people) n;
CREATE TEMPORARY VIEW start AS SELECT n AS person, current_date - 300 + pg_temp.draw(n, 4, 200) AS day FROM generate_series(1, :people) n;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT 'DEP-27', s.person, CASE WHEN s.person % 4 = 0 THEN 'self' ELSE 'desk' END, 1, s.day, '1' FROM start s;
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
SELECT n, 'DEP-27', 1 + n % (:people), 1 + pg_temp.draw(n, 5, :offers), 1, 1, 1, 0, current_date FROM generate_series(1, :proposals) n;
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, at)
SELECT p.id, 'DEP-27', 6, 'booked', CASE WHEN p.id % 10 = 0 THEN 'absent' ELSE 'attended' END, 1, 'person', s.day + 10 + time '10:00'
FROM inclusion_data.proposal p JOIN start s ON s.person = p.beneficiary
UNION ALL
SELECT p.id, 'DEP-27', 7, 'attended', CASE WHEN pg_temp.draw(p.id, 6, 4) = 0 THEN 'stopped' ELSE 'completed' END, 1, 'person', s.day + 30 + time '10:00'
FROM inclusion_data.proposal p JOIN start s ON s.person = p.beneficiary WHERE p.id % 10 > 1;
INSERT INTO inclusion_data.satisfaction (proposal, perimeter, n, answer, at)
SELECT p.id, 'DEP-27', 6, a.code, s.day + 10 + time '12:00'
FROM inclusion_data.proposal p JOIN start s ON s.person = p.beneficiary
JOIN (SELECT a.code, row_number() OVER (ORDER BY a.code) - 1 AS n, count(*) OVER () AS answers FROM inclusion_data.satisfaction_answer a) a
  ON a.n = pg_temp.draw(p.id, 7, a.answers::int) WHERE p.id % 10 IN (2, 5);
INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector, recorded_at)
SELECT 'DEP-27', s.person, 'observed', s.day + 40 * k, format('pix{1.1=%s,2.1=%s}', pg_temp.draw(s.person, 8 + k, 3) + k, pg_temp.draw(s.person, 10, 3))::inclusion.competence_vector, s.day + 40 * k
FROM start s, generate_series(0, 1) k;
INSERT INTO inclusion_data.circumstance (perimeter, beneficiary, n, item, answer, recorded_on)
SELECT 'DEP-27', s.person, 1, 'no_equipment', CASE WHEN pg_temp.draw(s.person, 11, 3) = 0 THEN 'yes' ELSE 'no' END, s.day FROM start s WHERE s.person % 2 = 0;
RESET session_replication_role;
VACUUM (ANALYZE);

-- --- measures ------------------------------------------------------------------------

\ir stopwatch.sql
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CALL pg_temp.measure('plain SQL: facts by offer', $$
  SELECT count(*) FROM (
    SELECT p.offer, s.to_state, count(*), count(DISTINCT p.beneficiary)
    FROM inclusion_data.proposal_step s JOIN inclusion_data.proposal p ON p.id = s.proposal AND p.perimeter = s.perimeter
    WHERE s.to_state IN ('attended', 'absent', 'completed', 'stopped') GROUP BY 1, 2) t $$);
CALL pg_temp.measure('quality measured: offers that change', $$ SELECT inclusion.refresh_quality('DEP-27') $$);
VACUUM ANALYZE inclusion_data.quality, inclusion_data.offer;
CALL pg_temp.measure('again, nothing new', $$ SELECT inclusion.refresh_quality('DEP-27') $$);
-- the same to the bit, whoever computed it
CALL pg_temp.measure('facts', $$ SELECT sum(q.n)::text FROM inclusion_data.quality q WHERE q.scope = 'offer' $$);
CALL pg_temp.measure('digest of the results', $$
  SELECT md5(string_agg(line, E'\n' ORDER BY line)) FROM (
    SELECT to_jsonb(q) - 'id' || '{}' FROM inclusion_data.quality q
    UNION ALL SELECT to_jsonb(m) - '{id,made_at,as_of,since}'::text[] FROM inclusion_data.quality_model m
    UNION ALL SELECT to_jsonb(p) - '{id,made_at,model,as_of,since}'::text[] FROM inclusion_data.quality_prior p
    UNION ALL SELECT jsonb_build_array(o.id, o.quality, o.quality_measured) FROM inclusion_data.offer o) v (said), CAST(v.said AS text) AS line $$);
SELECT what, round(seconds, 2) AS seconds, round(of_a_core, 2) AS "of a core",
       round(of_a_core / (SELECT of_a_core FROM measured WHERE what ~ '^plain'), 2) AS "times plain SQL", answer FROM measured;
