-- The lists of a night, made by several processes: the plan shares the people,
-- and every list is what one process, or a scan, would have made of it.  Then its
-- proof, whose parts they share.
\set ON_ERROR_STOP true
\set ECHO none
\set QUIET 1
BEGIN;
\o /dev/null
SET client_min_messages = warning;
\ir world.psql
\o
\pset format unaligned
\pset tuples_only true
SELECT plan(12);
\o /dev/null

-- a hundred offers, some full and shut, some of a territory without policy
SELECT inclusion.create_perimeter('DEP-01', 'Ain');
INSERT INTO inclusion_data.offer (id, perimeter, name, capacity_kind, teaches, longitude, latitude, quality, open)
SELECT i, CASE WHEN i % 10 = 0 THEN 'DEP-01' ELSE 'DEP-27' END, 'Offre ' || i, 'seats', 'pix{0.1=2,1.1=3}',
       1.15 + 0.001 * (i * 37 % 100), 49, (i * 13 % 20) / 20.0, i % 4 > 0
FROM generate_series(1, 100) i;
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
SELECT id, id, 'DEP-27', '2026-03-10 10:00+01', '2026-03-10 12:00+01', '2026-03-01' FROM inclusion_data.offer WHERE perimeter = 'DEP-27';
INSERT INTO inclusion_data.seat (session, capacity, taken) SELECT id, 2, CASE WHEN id % 4 = 0 THEN 2 ELSE 0 END FROM inclusion_data.session;
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on)
SELECT i, 'DEP-27', :desk, 1.15 + 0.0005 * (i % 200), 49, 'commune', '2026-03-01' FROM generate_series(1, 400) i;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT 'DEP-27', id, 'desk', :desk, date '2026-02-01', '1' FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
SELECT 'DEP-27', id, (CASE WHEN id % 2 = 0 THEN 'pix{0.1=2}' ELSE 'pix{1.1=3}' END)::inclusion.competence_vector, '2026-02-01' FROM inclusion_data.beneficiary;
-- person 7 has declined offers 1 to 30
INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, started_at, finished_at)
VALUES (1000, '2026-02-02', ARRAY['DEP-27'], 'failed', 'open', now(), now());
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
SELECT id, 'DEP-27', 7, id, id, 1000, 1, 0, '2026-03-09' FROM inclusion_data.session WHERE id <= 30;
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
SELECT p.id, p.perimeter, s.n, s.from_state, s.to_state, :agent, 'person'
FROM inclusion_data.proposal p, (VALUES (1, 'none', 'candidate'), (2, 'candidate', 'proposed'), (3, 'proposed', 'declined')) s (n, from_state, to_state);

SELECT inclusion.night_start('2026-03-04', 'DEP-27') AS run \gset
SELECT inclusion.night_open(:run);
SELECT inclusion.compute_supply(:run);
SELECT inclusion.compute_people(:run);

-- the statement that makes the lists, as the night runs it
CREATE FUNCTION pg_temp.plan_of_lists(run bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  statement text := (SELECT (regexp_match(p.prosrc, 'RETURN QUERY(.*);'))[1] FROM pg_proc p WHERE p.oid = 'inclusion.night_lists(bigint,bigint[],int[])'::regprocedure);
  line text;
  plan text := '';
BEGIN
  PERFORM set_config(split_part(c, '=', 1), split_part(c, '=', 2), true)
  FROM pg_proc p, unnest(p.proconfig) c WHERE p.oid = 'inclusion.night_lists(bigint,bigint[],int[])'::regprocedure AND c NOT LIKE 'search_path%';
  statement := replace(replace(replace(replace(statement, 'night_lists.ranks IS NULL OR', 'true OR'), 'unnest(ranks, lengths)', 'unnest(NULL::bigint[], NULL::int[])'),
    'night_lists.run', plan_of_lists.run::text), 'given', quote_literal(inclusion.night_offers(plan_of_lists.run)));
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP
    plan := plan || line || E'\n';
  END LOOP;
  RETURN plan;
END
$$;
CREATE ROLE night_job;
GRANT inclusion_night TO night_job;

SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_leader_participation = off;
SELECT inclusion.compute_lists(:run);
CREATE TEMP TABLE shared AS SELECT * FROM inclusion_data.run_list WHERE run = :run;
\o
SELECT matches(pg_temp.plan_of_lists(:run), 'Gather', 'the night shares the people among processes');
SET ROLE night_job;
SELECT matches(pg_temp.plan_of_lists(:run), 'Gather', 'under the role that runs it as well');
RESET ROLE;
\o /dev/null
DELETE FROM inclusion_data.run_list WHERE run = :run;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT inclusion.compute_lists(:run);
\o
SELECT is(count(*)::int, 400, 'everybody is a candidate') FROM shared;
SELECT results_eq('SELECT beneficiary, rank, offers, costs, asked, known FROM shared ORDER BY rank',
  format('SELECT beneficiary, rank, offers, costs, asked, known FROM inclusion_data.run_list WHERE run = %s ORDER BY rank', :run),
  'processes together make the lists of one');

-- a scan's lists, from the definition
CREATE TEMP TABLE scanned AS
SELECT p.beneficiary, l.offers, l.costs
FROM inclusion.night_people(:run) p
CROSS JOIN LATERAL (
  SELECT array_agg(b.id ORDER BY b.cost, b.id) AS offers, array_agg(b.cost ORDER BY b.cost, b.id) AS costs
  FROM (SELECT o.id, s.supply OPERATOR(inclusion.<=>) p.need AS cost
        FROM inclusion_data.offer o CROSS JOIN LATERAL (SELECT inclusion.set_open(o.supply, true) AS supply) s
        WHERE o.perimeter <> 'DEP-01' AND s.supply OPERATOR(inclusion.@@) p.need AND o.id <> ALL (p.struck)
        ORDER BY cost, o.id LIMIT 3 * p.list_length) b) l;
SELECT results_eq('SELECT beneficiary, offers, costs FROM shared ORDER BY beneficiary', 'SELECT beneficiary, offers, costs FROM scanned ORDER BY beneficiary', 'and those of a scan');
SELECT is((SELECT array_agg(DISTINCT ROW(asked, known, cardinality(offers)))::text FROM shared WHERE cardinality(offers) = 60), '{"(20,60,60)"}', 'as long as the policy''s first lengthening would make them');
SELECT is((SELECT ROW(cardinality(s.offers), n.struck_off, s.offers && ARRAY(SELECT generate_series(1, 30)::bigint))
           FROM shared s JOIN inclusion_data.run_need n USING (run, rank) WHERE s.beneficiary = 7)::text,
  '(60,27,f)', 'what was declined is left out, and counted, and the list is as long');
SELECT ok(EXISTS (SELECT FROM shared s JOIN inclusion_data.offer o ON o.id = ANY (s.offers) WHERE NOT o.open), 'capacities decide, not registrations');
SELECT ok(NOT EXISTS (SELECT FROM shared s JOIN inclusion_data.offer o ON o.id = ANY (s.offers) WHERE o.perimeter = 'DEP-01'), 'a territory without policy gives nothing out');

-- the proof of that night, whole
\o /dev/null
DELETE FROM inclusion_data.run_list; DELETE FROM inclusion_data.run_need;
DELETE FROM inclusion_data.run_offer WHERE run = :run; DELETE FROM inclusion_data.run_session WHERE run = :run;
SELECT inclusion.night_compute(:run);
CREATE FUNCTION pg_temp.plan_of_proof(run bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  statement text := (SELECT (regexp_match(p.prosrc, 'RETURN QUERY(.*);'))[1] FROM pg_proc p WHERE p.oid = 'inclusion.night_proof(bigint,boolean)'::regprocedure);
  line text;
  plan text := '';
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || replace(replace(statement, 'night_proof.run', plan_of_proof.run::text), 'WHERE priced', '') LOOP
    plan := plan || line || E'\n';
  END LOOP;
  RETURN plan;
END
$$;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL ROLE night_job;
CREATE TEMP TABLE proof AS SELECT * FROM inclusion.night_proof(:run, true);
\o
SELECT matches(pg_temp.plan_of_proof(:run), 'Parallel Append', 'processes share the proof, under the role that runs the night');
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT results_eq('SELECT * FROM proof ORDER BY part, value', format('SELECT * FROM inclusion.night_proof(%s, true) ORDER BY part, value', :run),
  'and find what one process finds');
SELECT is((SELECT string_agg(part, ' ' ORDER BY part) FROM proof), 'event_mark input_digest result_digest yardstick', 'no violation, and every part');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
