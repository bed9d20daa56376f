-- What a night did, in numbers, and what it would have done otherwise.
--
-- One offer of two seats, one of them for seniors, that everybody wants; a
-- drop-in that takes one a week, and farther on an offer without session.
--   person   1   2   3   4
--   grade    0   1   0   0     1 waits 60 days, 2 waits 10, 3 and 4 wait 30, 20
--   public               senior
-- With 60 days a grade: 2 (70), 1 (60), 3 (30), 4 (20).
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(33);

SELECT inclusion.create_perimeter('DEP-27', 'Eure');
SELECT inclusion.adopt_policy('DEP-27', '2026-01-01', 'clé', reserves => '{"seniors": 50}');
UPDATE inclusion_data.policy SET weekly_orientations = 1, w_coverage = 0, w_audience = 0, w_quality = 0, w_distance = 1;
INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (1, 'DEP-27', 'Maison');
INSERT INTO inclusion_data.agent (id, perimeter, structure, kind, login, name, valid_from) VALUES (101, 'DEP-27', 1, 'person', 'alice', 'Alice', '-infinity');
INSERT INTO inclusion_data.place (id, perimeter, name, longitude, latitude) VALUES (1, 'DEP-27', 'Un', 1.15, 49.0), (2, 'DEP-27', 'Deux', 1.15, 49.02);
INSERT INTO inclusion_data.offer (id, perimeter, structure, place, name, capacity_kind, teaches, longitude, latitude)
SELECT v.id, 'DEP-27', 1, v.place, 'Offre ' || v.id, v.kind, 'pix{0.1=2}', 1.15, v.latitude
FROM (VALUES (1, 1, 'seats', 49.0), (2, 2, 'drop_in', 49.02), (3, NULL, 'seats', 49.05)) AS v (id, place, kind, latitude);
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
VALUES (1, 1, 'DEP-27', '2026-03-11 10:00+01', '2026-03-11 12:00+01', '2026-03-01'), (2, 1, 'DEP-27', '2026-03-18 10:00+01', '2026-03-18 12:00+01', '2026-03-01');
INSERT INTO inclusion_data.seat (session, capacity) VALUES (1, 1), (2, 1);
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, max_distance, last_contact_on, audiences)
SELECT i, 'DEP-27', 1, 1.15, 49, 'commune', 20000, '2026-03-01', CASE i WHEN 3 THEN '{seniors}' ELSE '{}' END::text[] FROM generate_series(1, 4) i;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT 'DEP-27', v.id, 'desk', 1, date '2026-03-04' - v.days, '1' FROM (VALUES (1, 60), (2, 10), (3, 30), (4, 20)) AS v (id, days);
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
SELECT 'DEP-27', id, 'pix{0.1=2}', '2026-02-01' FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.circumstance (perimeter, beneficiary, item, answer, recorded_on) VALUES ('DEP-27', 2, 'nobody_to_help', 'yes', '2026-03-01');

CREATE FUNCTION pg_temp.night(as_of date) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  run constant bigint := inclusion.night_start(night.as_of);
BEGIN
  PERFORM inclusion.night_open(run);
  PERFORM inclusion.night_compute(run);
  PERFORM inclusion.night_publish(run);
  RETURN run;
END
$$;
SELECT pg_temp.night('2026-03-04') AS first \gset

-- Cut-offs

SELECT results_eq(format('SELECT offer, public, capacity, received, cutoff_rank FROM inclusion.allocation_cutoffs(%s)', :first),
  $$ VALUES (1::bigint, NULL, 2, 2::bigint, 3::bigint), (1, 'seniors', 1, 1, 3), (2, NULL, 1, 1, 2), (3, NULL, 0, 0, NULL) $$,
  'each offer, and each public it reserves places for');

-- Metrics

CREATE FUNCTION pg_temp.metric(run bigint, metric text) RETURNS numeric LANGUAGE sql AS $$
  SELECT m.value FROM inclusion.allocation_metrics($1) m WHERE m.metric = $2
$$;
SELECT results_eq(format('SELECT metric, grade, reason, value FROM inclusion.allocation_metrics(%s) WHERE grade IS NOT NULL', :first),
  $$ VALUES ('placed', 0, 'placed', 1::numeric), ('placed', 1, 'placed', 1), ('oriented', 0, 'oriented', 1), ('waiting', 0, 'weekly_limit', 1) $$, 'people by outcome, grade and reason');
SELECT is_empty(format('SELECT metric FROM inclusion.allocation_metrics(%s) WHERE label IS NULL OR what_would_help !~ ''\.$''', :first), 'each with words, and what would change it');
-- the two seats fit everybody wholly: no other two people would fit better
SELECT is(pg_temp.metric(:first, 'price_of_fairness'), 0.000000, 'priorities cost nothing here');
SELECT is(pg_temp.metric(:first, 'fewer_placed'), 0::numeric, 'nor any place');
SELECT is(pg_temp.metric(:first, 'reserves_unmet'), 0::numeric, 'the reserve is filled');
SELECT is(pg_temp.metric(:first, 'lists_exhausted'), 0::numeric, 'no list was lengthened');
SELECT is(pg_temp.metric(:first, 'changed_by_humans'), NULL::numeric, 'nobody has acted on a proposal yet');
SELECT inclusion.accept(p.id, 101) FROM inclusion_data.proposal p WHERE p.beneficiary = 2;
SELECT is(pg_temp.metric(:first, 'changed_by_humans'), 0.000000, 'one followed as it was proposed');
SELECT inclusion.decline(p.id, NULL, 101) FROM inclusion_data.proposal p WHERE p.beneficiary = 3;
SELECT is(pg_temp.metric(:first, 'changed_by_humans'), 0.500000, 'one of two went another way');
SELECT is(round(1 - (r.counters #>> '{yardstick,given_score}')::numeric / (r.counters #>> '{yardstick,score_bound}')::numeric, 6), pg_temp.metric(:first, 'price_of_fairness'),
  'the share is of the best total proved') FROM inclusion_data.run r WHERE r.id = :first;

-- What if

SELECT results_eq('SELECT grade, people, placed_before, placed, gained, improved, worse FROM inclusion.simulate_capacity(1, 1)',
  $$ VALUES (0, 3::bigint, 1::bigint, 2::bigint, 1::bigint, 0::bigint, 0::bigint), (1, 1, 1, 1, 0, 0, 0), (NULL, 4, 2, 3, 1, 0, 0) $$, 'one more seat, one more person');
SELECT results_eq('SELECT grade, placed FROM inclusion.simulate_capacity(place => 1, extra_seats => 5)', $$ VALUES (0, 3::bigint), (1, 1), (NULL, 4) $$, 'by place, no more than there are people');
SELECT results_eq('SELECT placed, worse FROM inclusion.simulate_capacity(1, -1) WHERE grade IS NULL', $$ VALUES (1::bigint, 1::bigint) $$, 'and what a seat less would take');
SELECT results_eq('SELECT placed FROM inclusion.simulate_capacity(place => 2, extra_seats => 2) WHERE grade IS NULL', $$ VALUES (4::bigint) $$, 'a place that counts no seats may be asked to');
SELECT results_eq('SELECT placed FROM inclusion.simulate_capacity(1, 0) WHERE grade IS NULL', $$ VALUES (2::bigint) $$, 'nothing changed, nothing changes');
SELECT throws_ok('SELECT * FROM inclusion.simulate_capacity(99, 1)', 'IN202', NULL, 'an offer the night did not see');
SELECT throws_ok('SELECT * FROM inclusion.simulate_capacity()', 'IN202', NULL, 'nothing named');
-- the senior's seat apart, the other goes to 1 unless a grade is worth over 50 days
SELECT results_eq($$ SELECT days, grade, placed, mean_days, longest_days, changed FROM inclusion.simulate_policy() WHERE grade IS NOT NULL $$,
  $$ VALUES (0, 0, 2::bigint, 45.0, 20, 1::bigint), (0, 1, 0, NULL, 10, 1), (30, 0, 2, 45.0, 20, 1), (30, 1, 0, NULL, 10, 1),
            (60, 0, 1, 30.0, 60, 0), (60, 1, 1, 10.0, NULL, 0), (120, 0, 1, 30.0, 60, 0), (120, 1, 1, 10.0, NULL, 0) $$,
  'what a grade is worth decides between who is in difficulty and who waits');
SELECT throws_ok($$ SELECT * FROM inclusion.simulate_policy('{30,-1}') $$, 'IN010', 'a grade cannot be worth {30,-1} days', 'days are days');
SELECT is(inclusion.simulate_capacity(1, 1) IS NULL, false, 'the last night published is meant') LIMIT 1;
CREATE TEMPORARY TABLE before AS SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) AS writes FROM pg_stat_xact_user_tables;
SELECT count(*) FROM inclusion.simulate_policy() \gset
SELECT count(*) FROM inclusion.simulate_capacity(1, 10) \gset
SELECT is((SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables), (SELECT writes + 1 FROM before), 'a simulation writes nothing, to the last row');

-- Two nights compared: the seat 3 gave back goes to 1, the drop-in to 4 still
SELECT pg_temp.night('2026-03-05') AS second \gset
SELECT results_eq(format('SELECT beneficiary, change, outcome_a, offer_a, outcome_b, offer_b FROM inclusion.compare_allocations(%s, %s)', :first, :second),
  $$ VALUES (1::bigint, 'gained', 'oriented', 2::bigint, 'proposed', 1::bigint), (2, 'reason', 'proposed', 1, 'held', 1), (3, 'lost', 'proposed', 1, 'waiting', NULL) $$,
  'who gained, who lost, and for whom only the reason changed');
SELECT is_empty(format('SELECT * FROM inclusion.compare_allocations(%1$s, %1$s)', :first), 'a night is equal to itself');
SELECT is(pg_temp.metric(:second, 'reserves_unmet'), 1::numeric, 'with no senior left, the reserved place went to all');

-- Priorities that cost: who waits longest takes the near seat, and another,
-- who could reach no other, is not placed
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
VALUES (31, 3, 'DEP-27', '2026-03-12 10:00+01', '2026-03-12 12:00+01', '2026-03-01'), (11, 1, 'DEP-27', '2026-03-19 10:00+01', '2026-03-19 12:00+01', '2026-03-01');
INSERT INTO inclusion_data.seat (session, capacity) VALUES (31, 1), (11, 1);
UPDATE inclusion_data.beneficiary SET max_distance = 100 WHERE id = 4;
DELETE FROM inclusion_data.offer_price;
SELECT inclusion.withdraw(i, '2026-03-05', 101) FROM unnest(ARRAY[1, 3]) i;
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, max_distance, last_contact_on) VALUES (5, 'DEP-27', 1, 1.15, 49, 'commune', 20000, '2026-03-01');
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version) VALUES ('DEP-27', 5, 'desk', 1, '2026-01-04', '1');
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on) VALUES ('DEP-27', 5, 'pix{0.1=2}', '2026-02-01');
UPDATE inclusion_data.session SET state = 'closed' WHERE id IN (1, 2);
SELECT pg_temp.night('2026-03-06') AS third \gset
SELECT results_eq(format('SELECT beneficiary, outcome, offer FROM inclusion_data.run_result WHERE run = %s AND beneficiary IN (4, 5)', :third),
  $$ VALUES (4::bigint, 'waiting', NULL::bigint), (5, 'proposed', 1) $$, 'the one seat both want goes to who came first');
SELECT is(pg_temp.metric(:third, 'fewer_placed'), 1::numeric, 'though sent to the far one, they would leave it to the other');
-- 5.56 km of 20 leave 7 220 of 10 000: 10 000 out of 17 220
SELECT is(pg_temp.metric(:third, 'price_of_fairness'), 0.419280, 'which is the price of the priority, told as a share');

-- Part of the people seen is no count
CREATE ROLE test_lead IN ROLE inclusion_steward;
SET ROLE test_lead;
SELECT throws_ok(format('SELECT * FROM inclusion.allocation_metrics(%s)', :third), '42501', NULL, 'who does not see everybody is told so');
RESET ROLE;
INSERT INTO inclusion_data.access_grant (role_name, perimeter, valid_from) VALUES ('test_lead', 'DEP-27', '2020-01-01');
SET ROLE test_lead;
SELECT lives_ok(format('SELECT * FROM inclusion.allocation_metrics(%s)', :third), 'the lead sees them all');
SELECT lives_ok('SELECT * FROM inclusion.simulate_policy()', 'and may ask what if');
SELECT lives_ok('SELECT * FROM inclusion.simulate_capacity(1, 1)', 'twice');
RESET ROLE;
SELECT throws_ok('SELECT * FROM inclusion.allocation_metrics(424242)', 'IN311', NULL, 'a night there never was');

SELECT * FROM finish();
ROLLBACK;
