-- What row-level security costs: 1 000 000 invented people, 2 000 structures of
-- twenty perimeters; a worker entitled to about 500 people, a lead to
-- a perimeter of about 50 000, a coordinator to a hundred structures that hold as
-- many.  Their list and one match, with the policies, and
-- the same rows asked for by a superuser, whom no policy binds.
--
--   psql -X -d DATABASE -f test/bench/protection.sql      in a database made for it
--   … -v plans=1 2>plans.txt  keeps what each statement does with policies, and
--                             those that it runs inside
\set ON_ERROR_STOP on
\set people 1000000
\set structures 2000
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS inclusion;
CALL inclusion.setup();

-- the same world every time; keys are right by construction
SELECT setseed(0.27) \gset
SET session_replication_role = replica;
INSERT INTO inclusion_data.perimeter (code, name) SELECT 'DEP-' || n, 'Département ' || n FROM generate_series(100, 119) n;
INSERT INTO inclusion_data.policy (perimeter, starts_on, voted_on, lottery_key) SELECT code, current_date - 400, current_date - 400, 'bench' FROM inclusion_data.perimeter;
INSERT INTO inclusion_data.structure (id, perimeter, name) SELECT n, 'DEP-' || 100 + n % 20, 'Structure ' || n FROM generate_series(1, :structures) n;
INSERT INTO inclusion_data.offer (perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
SELECT s.perimeter, s.id, 'Offre ' || s.id, 'drop_in', 'pix{1.1=3,2.1=2,4.2=2}', 0.3 + 1.5 * random(), 48.7 + 0.7 * random() FROM inclusion_data.structure s;
INSERT INTO inclusion_data.beneficiary (perimeter, structure, longitude, latitude, position_origin, last_contact_on)
SELECT 'DEP-' || 100 + s % 20, s, 0.3 + 1.5 * random(), 48.7 + 0.7 * random(), 'commune', current_date
FROM generate_series(1, :people) n, LATERAL (SELECT 1 + (random() * (:structures - 1) + 0 * n)::int AS s) x;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT b.perimeter, b.id, 'desk', b.structure, current_date - (random() * 300)::int, 'bench' FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector)
SELECT b.perimeter, b.id, 'screening', current_date - 1, 'pix{1.1=0,2.1=1,4.2=0}' FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
SELECT b.perimeter, b.id, 'pix{1.1=3,4.2=2}', current_date - 10 FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, verified, started_at, finished_at)
SELECT 1, current_date, array_agg(code), 'published', 'done', true, now(), now() FROM inclusion_data.perimeter;
INSERT INTO inclusion_data.active_list_pointer SELECT code, 1, 1, now() FROM inclusion_data.perimeter;
INSERT INTO inclusion_data.active_list (slot, perimeter, beneficiary, run, rank, grade, waiting_days, priority, outcome, reason)
SELECT 1, b.perimeter, b.id, 1, b.id, b.id % 4, 10, 10, 'waiting', 'all_full' FROM inclusion_data.beneficiary b;
SET session_replication_role = origin;
CREATE ROLE bench_worker IN ROLE inclusion_mediator;
CREATE ROLE bench_lead IN ROLE inclusion_coordinator;
CREATE ROLE bench_many IN ROLE inclusion_coordinator;
INSERT INTO inclusion_data.access_grant (role_name, perimeter, structure) VALUES ('bench_worker', 'DEP-101', 21), ('bench_lead', 'DEP-101', NULL);
INSERT INTO inclusion_data.access_grant (role_name, perimeter, structure) SELECT 'bench_many', perimeter, id FROM inclusion_data.structure WHERE perimeter = 'DEP-102';
VACUUM (FREEZE, ANALYZE);

SELECT min(b.id) AS person FROM inclusion_data.beneficiary b WHERE b.structure = 21 \gset
-- One run of a statement as somebody, in milliseconds, in a transaction of its
-- own; `written`: something was just committed, so that nothing found before of
-- who may see whom is known any more.
CREATE PROCEDURE pg_temp.run(who text, statement text, written boolean, INOUT ms float8 DEFAULT NULL, INOUT rows bigint DEFAULT NULL) LANGUAGE plpgsql AS $$
DECLARE
  began timestamptz;
BEGIN
  PERFORM set_config('role', who, false);
  PERFORM pg_current_xact_id() WHERE written;
  COMMIT;
  began := clock_timestamp();
  EXECUTE statement INTO rows;
  ms := 1000 * extract(epoch FROM clock_timestamp() - began)::float8;
  PERFORM set_config('role', 'none', false);
END
$$;
CREATE TEMPORARY TABLE trial (n int, what text, who text, statement text, same_rows text, with_ms float8, written_ms float8, without_ms float8, rows bigint);
INSERT INTO trial (n, what, who, statement, same_rows)
SELECT q.n, q.what, q.who, replace(q.statement, '#', ''), replace(q.statement, '#', q.own_rows) FROM (
  SELECT 1, 'worker: list with the last assessment', 'bench_worker',
    'SELECT count(v) FROM (SELECT b.id, e.enrolled_on, a.vector FROM inclusion_data.beneficiary b
       JOIN inclusion_data.enrolment e ON e.beneficiary = b.id AND e.perimeter = b.perimeter
       LEFT JOIN inclusion_data.assessment a ON a.beneficiary = b.id AND a.perimeter = b.perimeter
       WHERE e.withdrawn_on IS NULL # ORDER BY e.enrolled_on) v', 'AND b.structure = 21'
  UNION ALL SELECT 6, 'worker: active list', 'bench_worker',
    'SELECT count(v) FROM (SELECT l.* FROM pilotage.fact_active_list l # ORDER BY l.rank) v',
    'JOIN inclusion_data.beneficiary b ON b.id = l.id AND b.perimeter = l.perimeter WHERE b.structure = 21'
  UNION ALL SELECT 7, 'lead: first hundred of the active list', 'bench_lead',
    'SELECT count(v) FROM (SELECT l.* FROM pilotage.fact_active_list l # ORDER BY l.rank LIMIT 100) v', 'WHERE l.perimeter = ''DEP-101'''
  UNION ALL SELECT 8, 'hundred structures: first hundred who wait', 'bench_many',
    'SELECT count(*) FROM (SELECT b.id, e.enrolled_on FROM inclusion_data.beneficiary b
       JOIN inclusion_data.enrolment e ON e.beneficiary = b.id AND e.perimeter = b.perimeter
       WHERE e.withdrawn_on IS NULL # ORDER BY e.enrolled_on, b.id LIMIT 100) v', 'AND b.structure IN (SELECT s.id FROM inclusion_data.structure s WHERE s.perimeter = ''DEP-102'')'
  UNION ALL SELECT 2, 'worker: one match', 'bench_worker', 'SELECT count(*) FROM inclusion.matches(' || :person || ')', ''
  UNION ALL SELECT 3, 'lead: first hundred who wait', 'bench_lead',
    'SELECT count(*) FROM (SELECT b.id, e.enrolled_on FROM inclusion_data.beneficiary b
       JOIN inclusion_data.enrolment e ON e.beneficiary = b.id AND e.perimeter = b.perimeter
       WHERE e.withdrawn_on IS NULL # ORDER BY e.enrolled_on, b.id LIMIT 100) v', 'AND b.perimeter = ''DEP-101'''
  UNION ALL SELECT 4, 'lead: count of a perimeter', 'bench_lead', 'SELECT count(*) FROM inclusion_data.beneficiary b WHERE true #', 'AND b.perimeter = ''DEP-101'''
  UNION ALL SELECT 5, 'lead: one match', 'bench_lead', 'SELECT count(*) FROM inclusion.matches(' || :person || ')', ''
) q (n, what, who, statement, own_rows);
-- Five runs with policies, five after something was written, and five without
-- policies, ten times in turn, so that what
-- else the machine does falls on both; the first of each five is not counted: it
-- plans for another role what the functions it calls keep planned.
DO $$
DECLARE
  t trial;
  bound float8[];
  anew float8[];
  free float8[];
  ms float8;
  seen bigint;
  there bigint;
BEGIN
  FOR t IN SELECT * FROM trial ORDER BY n LOOP
    bound := '{}';
    anew := '{}';
    free := '{}';
    FOR turn IN 1 .. 10 LOOP
      FOR run IN 1 .. 5 LOOP
        CALL pg_temp.run(t.who, t.statement, false, ms, seen);
        bound := bound || CASE WHEN run > 1 THEN ms END;
      END LOOP;
      FOR run IN 1 .. 5 LOOP
        CALL pg_temp.run(t.who, t.statement, true, ms, seen);
        anew := anew || CASE WHEN run > 1 THEN ms END;
      END LOOP;
      FOR run IN 1 .. 5 LOOP
        CALL pg_temp.run('none', t.same_rows, false, ms, there);
        free := free || CASE WHEN run > 1 THEN ms END;
      END LOOP;
    END LOOP;
    IF seen <> there OR seen = 0 THEN
      RAISE EXCEPTION '%: % rows with policies, % without', t.what, seen, there;
    END IF;
    UPDATE trial SET rows = seen,
      with_ms = (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v) FROM unnest(bound) v),
      written_ms = (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v) FROM unnest(anew) v),
      without_ms = (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v) FROM unnest(free) v)
    WHERE n = t.n;
  END LOOP;
END
$$;
SELECT what, rows, round(with_ms::numeric, 2) AS with_policies_ms, round(written_ms::numeric, 2) AS after_a_write_ms, round(without_ms::numeric, 2) AS without_ms,
  round((with_ms / without_ms)::numeric, 2) AS ratio, round((written_ms / without_ms)::numeric, 2) AS after_a_write FROM trial ORDER BY n;
\if :{?plans}
SET client_min_messages = log;
LOAD 'auto_explain';
SET auto_explain.log_nested_statements = on;
SET auto_explain.log_analyze = on;
DO $$
DECLARE
  t trial;
  rows bigint;
BEGIN
  FOR t IN SELECT * FROM trial ORDER BY n LOOP
    RAISE LOG '---- %', t.what;
    PERFORM set_config('auto_explain.log_min_duration', '0', false), set_config('role', t.who, false);
    EXECUTE t.statement INTO rows;
    PERFORM set_config('role', 'none', false);
    PERFORM set_config('auto_explain.log_min_duration', '-1', false);
  END LOOP;
END
$$;
\endif
DROP OWNED BY bench_worker, bench_lead, bench_many;
DROP ROLE bench_worker, bench_lead, bench_many;
