-- How long it takes to check the allocation of a whole country's night: a
-- million people, 50 000 offers, lists of 20; a third of the offers reserve
-- places for two publics that overlap.  No person stands behind these rows: what
-- it takes to ask their needs again is measured by the night's bench.
--
--   psql -X -d DATABASE -f test/bench/check.sql      in a database made for it
\set ON_ERROR_STOP on
\if :{?people}
\else
  \set people 1000000
  \set offers 50000
\endif
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS inclusion;
CALL inclusion.setup();
SET inclusion.allocation_mem = '2GB';
SELECT inclusion.create_perimeter('DEP-27', 'Eure') \gset
SELECT inclusion.adopt_policy('DEP-27', current_date - 400, 'bench', reserves => '{"seniors": 20, "job_seekers": 10}') \gset
SELECT inclusion.night_start() AS run \gset
UPDATE inclusion_data.run SET verified = true, event_mark = 0 WHERE id = :run;
CREATE SCHEMA bench;
\ir cpu.sql

-- offers along a line, people listing 20 of the 40 around them
INSERT INTO inclusion_data.run_offer (run, offer, capacity_kind, unconfirmed, pool, capacity, sessions, reserves)
SELECT :run, i, 'seats', false, i, c.capacity, 1, CASE WHEN i % 3 = 0 AND c.capacity > 4 THEN ARRAY[c.capacity / 10, c.capacity / 5] END
FROM generate_series(1, :offers) i CROSS JOIN LATERAL (SELECT (hashint8extended(i, 1) & 31)::int AS capacity) c;
INSERT INTO inclusion_data.run_session (run, session, offer, free, free_before, answer_by)
SELECT o.run, o.offer, o.offer, o.capacity, 0, current_date FROM inclusion_data.run_offer o;
INSERT INTO inclusion_data.run_candidate (run, perimeter, beneficiary, rank, grade, waiting_days, priority, offers, costs, classes, categories)
SELECT :run, 'DEP-27', p.i, row_number() OVER (ORDER BY p.grade * 60 + p.days DESC, p.days DESC, sha256(convert_to('bench/DEP-27/' || p.i, 'UTF8'))),
       p.grade, p.days, p.grade * 60 + p.days, l.offers, array_fill(0.5::float8, ARRAY[20]), array_fill(1, ARRAY[20]), p.categories
FROM (SELECT i, (hashint8extended(i, 2) & 3)::int AS grade, (hashint8extended(i, 3) & 511)::int AS days,
             (hashint8extended(i, 4) & hashint8extended(i, 5) & 3)::int AS categories FROM generate_series(1, :people) i) p
CROSS JOIN LATERAL (SELECT array_agg(1 + mod(p.i * 7 + k.n * (1 + mod(p.i, 97)), :offers)::bigint ORDER BY k.n) AS offers
                    FROM generate_series(0, 19) AS k (n)) l;
ANALYZE inclusion_data.run_candidate, inclusion_data.run_offer, inclusion_data.run_session;

\timing on
-- who gets which place, which is not the check's business
SELECT count(*) AS placed FROM inclusion.allocate(inclusion.seat_applicants(:run), inclusion.seat_offers(:run)) a WHERE a.offer IS NOT NULL;
INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason, offer, session, list_position, cost, reserved_for)
SELECT c.run, c.perimeter, c.beneficiary, 'proposed', 'placed', a.offer, a.offer, a.list_position, 0.5, k.audience
FROM inclusion.allocate(inclusion.seat_applicants(:run), inclusion.seat_offers(:run)) a
JOIN inclusion_data.run_candidate c ON c.run = :run AND c.rank = a.applicant
LEFT JOIN inclusion.night_publics(:run) k ON k.n = a.reserved_for WHERE a.offer IS NOT NULL;
INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason)
SELECT c.run, c.perimeter, c.beneficiary, 'waiting', 'all_full' FROM inclusion_data.run_candidate c
WHERE c.run = :run AND NOT EXISTS (SELECT FROM inclusion_data.run_result d WHERE d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary);
\timing off
ANALYZE inclusion_data.run_result;
-- on all the processes it may have, then alone; seconds of the clock and of a core
SELECT * FROM bench.timed(format('SELECT count(*) FROM inclusion.check_allocation(%s)', :run));
SET max_parallel_workers_per_gather = 0;
SELECT * FROM bench.timed(format('SELECT count(*) FROM inclusion.check_allocation(%s)', :run));
