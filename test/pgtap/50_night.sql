-- The night on a world small enough to be worked out by hand.
--
-- Wednesday 4 March 2026.  Everybody who wants to use a computer stands at the
-- same spot and lists the same offers, nearest first:
--   1 seats, one session with one seat
--   2 seats, two sessions with one seat each, and four that must not count:
--     during a closure of the place, cancelled, beyond the horizon, the same day
--   3 and 4 drop-in, at one same place: one way to go a week for both
--   5 seats that nobody has confirmed for 40 days: no promise either
-- Offer 6 is weekly, two seats, and teaches something else.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(86);

SELECT inclusion.create_perimeter('DEP-27', 'Eure');
INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (1, 'DEP-27', 'Maison des services');
INSERT INTO inclusion_data.agent (id, perimeter, structure, kind, login, name, valid_from)
VALUES (101, 'DEP-27', 1, 'person', 'alice', 'Alice', '-infinity');
INSERT INTO inclusion_data.place (id, perimeter, name, longitude, latitude) VALUES
  (1, 'DEP-27', 'Un', 1.15, 49.01), (2, 'DEP-27', 'Deux', 1.15, 49.02), (3, 'DEP-27', 'Trois', 1.15, 49.03), (5, 'DEP-27', 'Cinq', 1.15, 49.05);
INSERT INTO inclusion_data.offer (id, perimeter, structure, place, name, capacity_kind, weekly_seats, teaches, longitude, latitude)
SELECT v.id, 'DEP-27', 1, v.place, 'Offre ' || v.id, v.kind, v.weekly, v.teaches::inclusion.competence_vector, p.longitude, p.latitude
FROM (VALUES (1, 1, 'seats', NULL, 'pix{0.1=2}'), (2, 2, 'seats', NULL, 'pix{0.1=2}'), (3, 3, 'drop_in', NULL, 'pix{0.1=2}'),
             (4, 3, 'drop_in', NULL, 'pix{0.1=2}'), (5, 5, 'seats', NULL, 'pix{0.1=2}'), (6, 1, 'weekly', 2, 'pix{1.1=2}'))
     AS v (id, place, kind, weekly, teaches)
JOIN inclusion_data.place p ON p.id = v.place;
INSERT INTO inclusion_data.closure (place, during, reason) VALUES (2, '[2026-03-05,2026-03-06)', 'travaux');
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, state, confirmed_on)
SELECT v.id, v.offer, 'DEP-27', (v.day::date + time '10:00') AT TIME ZONE 'Europe/Paris',
       (v.day::date + time '12:00') AT TIME ZONE 'Europe/Paris', v.state, v.confirmed::date
FROM (VALUES (11, 1, '2026-03-11', 'open', '2026-03-01'), (21, 2, '2026-03-14', 'open', '2026-03-01'), (22, 2, '2026-03-07', 'open', '2026-03-01'),
             (23, 2, '2026-03-05', 'open', '2026-03-01'), (24, 2, '2026-03-06', 'cancelled', '2026-03-01'), (25, 2, '2026-06-06', 'open', '2026-03-01'), (26, 2, '2026-03-04', 'open', '2026-03-01'),
             (51, 5, '2026-03-12', 'open', '2026-01-23')) AS v (id, offer, day, state, confirmed);
INSERT INTO inclusion_data.seat (session, capacity) SELECT id, 1 FROM inclusion_data.session;

-- person, days waited, facts of the grid, where and what
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, max_distance, accept_remote, last_contact_on)
SELECT v.id, 'DEP-27', 1, v.longitude, CASE WHEN v.longitude IS NOT NULL THEN 49.0 END,
       CASE WHEN v.longitude IS NULL THEN 'unknown' ELSE 'commune' END, v.reach, v.id <> 6, '2026-03-01'
FROM (VALUES (1, 1.15, NULL), (2, 1.15, NULL), (3, 1.15, NULL), (4, 1.15, NULL), (5, 1.15, NULL),
             (6, NULL, NULL), (7, 1.15, NULL), (8, 1.15, 10), (10, 1.15, NULL)) AS v (id, longitude, reach);
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT 'DEP-27', v.id, 'desk', 1, date '2026-03-04' - v.days, '1'
FROM (VALUES (1, 10), (2, 5), (3, 100), (4, 1), (5, 50), (6, 30), (7, 2), (8, 4), (10, 3)) AS v (id, days);
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
SELECT 'DEP-27', b.id, CASE b.id WHEN 10 THEN 'pix{1.1=2}' ELSE 'pix{0.1=2}' END::inclusion.competence_vector, '2025-11-01'
FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.circumstance (perimeter, beneficiary, item, answer, recorded_on) VALUES
  ('DEP-27', 2, 'nobody_to_help', 'yes', '2026-03-01'), ('DEP-27', 2, 'no_equipment', 'yes', '2026-03-01'),
  ('DEP-27', 4, 'nobody_to_help', 'yes', '2026-03-01'),
  -- the latest answer counts, a refusal to answer is no fact, and a fact off the grid neither
  ('DEP-27', 4, 'no_equipment', 'yes', '2026-02-01'), ('DEP-27', 4, 'no_equipment', 'no', '2026-03-01'),
  ('DEP-27', 1, 'no_equipment', 'declined', '2026-03-01'), ('DEP-27', 1, 'no_vehicle', 'yes', '2026-03-01'),
  -- known only later
  ('DEP-27', 7, 'no_equipment', 'yes', '2026-03-20');

-- Starting

SELECT throws_ok($$ SELECT inclusion.night_start('2026-03-04') $$, 'IN302',
  'no policy is in force for perimeter "DEP-27" on 2026-03-04', 'no night without a policy');
SELECT inclusion.adopt_policy('DEP-27', '2026-01-01', 'clé');
UPDATE inclusion_data.policy SET weekly_orientations = 1;
SELECT throws_ok($$ SELECT inclusion.night_start('2026-03-04', 'DEP-76') $$, 'IN001', NULL, 'nor of an unknown perimeter');

INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, started_at)
VALUES (1000, '2026-03-03', '{DEP-27}', 'running', 'compute', now());
CREATE TEMPORARY TABLE night (n int, run bigint);
INSERT INTO night SELECT 1, inclusion.night_start('2026-03-04');
CREATE FUNCTION pg_temp.run(n int) RETURNS bigint LANGUAGE sql AS $$ SELECT t.run FROM night t WHERE t.n = $1 $$;

SELECT is((SELECT ROW(r.state, r.error_message) FROM inclusion_data.run r WHERE r.id = 1000)::text,
  '(failed,"the night stopped before its end")', 'a run nobody runs any more is dead, and said so');
SELECT is((SELECT ROW(r.state, r.phase, r.as_of, r.perimeters)::text FROM inclusion_data.run r WHERE r.id = pg_temp.run(1)),
  '(running,open,2026-03-04,{DEP-27})', 'a night has started');
SELECT is((SELECT r.parameters #>> '{policies,DEP-27,lottery_key}' FROM inclusion_data.run r WHERE r.id = pg_temp.run(1)), 'clé',
  'its parameters are kept with it');
SELECT throws_ok(format('SELECT inclusion.night_compute(%s)', pg_temp.run(1)), 'IN311', NULL, 'phases come in their order');

-- Opening

SELECT lives_ok(format('SELECT inclusion.night_open(%s)', pg_temp.run(1)), 'the night opens');
SELECT results_eq($$ SELECT s.starts_at, s.ends_at, t.capacity, s.confirmed_on FROM inclusion_data.session s JOIN inclusion_data.seat t ON t.session = s.id WHERE s.offer = 6 $$,
  $$ VALUES ('2026-03-02 00:00+01'::timestamptz, '2026-03-09 00:00+01'::timestamptz, 2, '2026-03-04'::date) $$,
  'a weekly offer has its session of the week');

-- Computing

SELECT lives_ok(format('SELECT inclusion.night_compute(%s)', pg_temp.run(1)), 'the night computes');
SELECT results_eq(format('SELECT beneficiary, rank, grade, waiting_days, priority FROM inclusion_data.run_candidate WHERE run = %s ORDER BY rank', pg_temp.run(1)),
  $$ VALUES (2::bigint, 1::bigint, 2, 5, 125), (3, 2, 0, 100, 100), (4, 3, 1, 1, 61), (5, 4, 0, 50, 50), (6, 5, 0, 30, 30),
            (1, 6, 0, 10, 10), (8, 7, 0, 4, 4), (10, 8, 0, 3, 3), (7, 9, 0, 2, 2) $$,
  'rank follows grade and days waited');
SELECT results_eq(format('SELECT beneficiary, offers FROM inclusion_data.run_candidate WHERE run = %s ORDER BY beneficiary', pg_temp.run(1)),
  $$ VALUES (1::bigint, '{1,2,3,4,5}'::bigint[]), (2, '{1,2,3,4,5}'), (3, '{1,2,3,4,5}'), (4, '{1,2,3,4,5}'), (5, '{1,2,3,4,5}'),
            (6, '{}'), (7, '{1,2,3,4,5}'), (8, '{}'), (10, '{6}') $$,
  'lists: nearest first, equal costs by number');
SELECT results_eq(format('SELECT offer, capacity_kind, unconfirmed, pool, capacity, sessions FROM inclusion_data.run_offer WHERE run = %s ORDER BY offer', pg_temp.run(1)),
  $$ VALUES (1::bigint, 'seats', false, 1::bigint, 1, 1), (2, 'seats', false, 2, 2, 2), (3, 'drop_in', false, 3, 1, 0), (4, 'drop_in', false, 3, 1, 0),
            (5, 'unknown', true, 5, 1, 0), (6, 'weekly', false, 6, 2, 1) $$,
  'closed, cancelled, distant and unconfirmed sessions do not count');
SELECT results_eq(format('SELECT session, free, free_before, answer_by FROM inclusion_data.run_session WHERE run = %s AND offer <> 6 ORDER BY session', pg_temp.run(1)),
  $$ VALUES (11::bigint, 1, 0, '2026-03-10'::date), (21, 1, 1, '2026-03-13'), (22, 1, 0, '2026-03-06') $$,
  'the earliest session comes first; an answer is due the day before');
SELECT results_eq(format('SELECT beneficiary, outcome, reason, offer, session, list_position FROM inclusion_data.run_result WHERE run = %s AND beneficiary <> 10 ORDER BY beneficiary', pg_temp.run(1)),
  $$ VALUES (1::bigint, 'oriented', 'seats_unconfirmed', 5::bigint, NULL::bigint, 5), (2, 'proposed', 'placed', 1, 11, 1), (3, 'proposed', 'placed', 2, 22, 2),
            (4, 'proposed', 'placed', 2, 21, 2), (5, 'oriented', 'oriented', 3, NULL, 3), (6, 'waiting', 'no_position', NULL, NULL, NULL),
            (7, 'waiting', 'weekly_limit', NULL, NULL, NULL), (8, 'waiting', 'no_eligible_offer', NULL, NULL, NULL) $$,
  'who is placed, sent or waits is what the hand finds');
SELECT is((SELECT d.outcome || ' ' || d.offer FROM inclusion_data.run_result d WHERE d.run = pg_temp.run(1) AND d.beneficiary = 10), 'proposed 6',
  'the week of a weekly offer is given like seats');
SELECT is_empty(format('SELECT * FROM inclusion.check_allocation(%s)', pg_temp.run(1)), 'the independent check finds nothing');
SELECT is((SELECT string_agg(c.violation, ' ') FROM inclusion.check_allocation(424242) c), 'no_run', 'which it does not say of a night there never was');
SELECT is((SELECT r.verified FROM inclusion_data.run r WHERE r.id = pg_temp.run(1)), true, 'and the run says so');
SELECT is((SELECT (r.counters ->> 'offers_unconfirmed')::int FROM inclusion_data.run r WHERE r.id = pg_temp.run(1)), 1, 'unconfirmed seats are counted');
SELECT results_eq(format('SELECT offer, received, cutoff_rank FROM inclusion_data.run_offer WHERE run = %s ORDER BY offer', pg_temp.run(1)),
  $$ VALUES (1::bigint, 1, 1::bigint), (2, 2, 3), (3, 1, 4), (4, 1, 4), (5, 1, 6), (6, 1, 8) $$, 'cut-offs are the last ranks received');
SELECT is_empty($$ SELECT 1 FROM inclusion_data.proposal UNION ALL SELECT 1 FROM inclusion_data.active_list $$, 'nothing is published yet');

-- The digests, recomputed from their definition by another road

SELECT is((SELECT r.result_digest FROM inclusion_data.run r WHERE r.id = pg_temp.run(1)),
  (SELECT count(*) || ':' || sum((h.b[1]::numeric * 4294967296 + h.b[2]) * 268435456 + h.b[3])
   FROM inclusion_data.run_result d
   CROSS JOIN LATERAL sha256(record_send(ROW(d.perimeter, d.beneficiary, d.outcome, d.reason, d.offer, d.session, d.list_position, d.cost, d.reserved_for))) s
   CROSS JOIN LATERAL (SELECT ARRAY[0,
     ((get_byte(s, 0)::bigint << 24) + (get_byte(s, 1) << 16) + (get_byte(s, 2) << 8) + get_byte(s, 3)),
     ((get_byte(s, 4)::bigint << 20) + (get_byte(s, 5) << 12) + (get_byte(s, 6) << 4) + (get_byte(s, 7) >> 4))]::bigint[] AS b) h
   WHERE d.run = pg_temp.run(1)),
  'the result digest is the count and the sum of 60 bits of sha256 of each row');

-- What the check must see: each tampering, then the good result again

CREATE TEMPORARY TABLE good AS SELECT * FROM inclusion_data.run_result WHERE run = pg_temp.run(1);
CREATE FUNCTION pg_temp.tampered(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  seen text;
BEGIN
  EXECUTE change;
  SELECT string_agg(DISTINCT c.violation, ' ' ORDER BY c.violation) INTO seen FROM inclusion.check_allocation(pg_temp.run(1)) c;
  DELETE FROM inclusion_data.run_result WHERE run = pg_temp.run(1);
  INSERT INTO inclusion_data.run_result SELECT * FROM good;
  RETURN seen;
END
$$;

SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET outcome = 'proposed', reason = 'placed', offer = 1, session = 11, list_position = 1 WHERE beneficiary = 7 $$),
  'envy over_capacity session', 'one person too many in an offer');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result d SET offer = g.offer, session = g.session, list_position = g.list_position, outcome = g.outcome, reason = g.reason
    FROM good g WHERE (d.beneficiary, g.beneficiary) IN ((2, 4), (4, 2)) $$),
  'envy', 'two people exchanged against their ranks');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET outcome = 'waiting', reason = 'all_full', offer = NULL, session = NULL, list_position = NULL WHERE beneficiary = 4 $$),
  'envy waste', 'a seat left empty that somebody wants, who is not even sent elsewhere');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET outcome = 'waiting', reason = 'weekly_limit', offer = NULL, list_position = NULL WHERE beneficiary = 1 $$),
  'waste', 'a way to go left unused');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result d SET offer = g.offer, list_position = g.list_position, reason = g.reason
    FROM good g WHERE (d.beneficiary, g.beneficiary) IN ((1, 5), (5, 1)) $$),
  'envy', 'two ways to go exchanged against the ranks');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET outcome = 'oriented', reason = 'oriented', offer = 4, list_position = 4 WHERE beneficiary = 7 $$),
  'envy over_capacity', 'the two offers of one place share its limit');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET offer = 6, session = (SELECT id FROM inclusion_data.session WHERE offer = 6) WHERE beneficiary = 2 $$),
  'ineligible waste', 'an offer that the person may not have');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET outcome = 'proposed', reason = 'placed', session = 51 WHERE beneficiary = 1 $$),
  'ineligible session', 'a promise where seats are not counted');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET session = 22 WHERE beneficiary = 4 $$), 'session', 'one too many in a session');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET session = NULL WHERE beneficiary = 4 $$), 'session', 'a place without session');
SELECT is(pg_temp.tampered($$ DELETE FROM inclusion_data.run_result WHERE beneficiary = 7 $$), 'missing', 'somebody forgotten');
SELECT is(pg_temp.tampered($$ INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason) SELECT pg_temp.run(1), 'DEP-27', 99, 'waiting', 'all_full' $$),
  'unknown', 'somebody added');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET outcome = 'held', reason = 'live_proposal' WHERE beneficiary = 2 $$),
  'held', 'somebody competing is said to hold a proposal');
-- lists and results that agree with each other, and not with what 8 needs
UPDATE inclusion_data.run_candidate SET offers = '{6}', costs = '{0}', classes = '{1}' WHERE run = pg_temp.run(1) AND beneficiary = 8;
\set unsuited 'UPDATE inclusion_data.run_result SET outcome = ''proposed'', reason = ''placed'', offer = 6, list_position = 1, session = (SELECT id FROM inclusion_data.session WHERE offer = 6) WHERE beneficiary = 8'
SELECT is(pg_temp.tampered(:'unsuited'), 'ineligible', 'an offer listed, free, and that does not suit');
UPDATE inclusion_data.beneficiary SET max_distance = 11 WHERE id = 8;
SELECT is(pg_temp.tampered(:'unsuited'), NULL, 'which is not said on needs that have changed since');
UPDATE inclusion_data.beneficiary SET max_distance = 10 WHERE id = 8;
UPDATE inclusion_data.run_candidate SET offers = '{}', costs = '{}', classes = '{}' WHERE run = pg_temp.run(1) AND beneficiary = 8;
UPDATE inclusion_data.run SET verified = NULL WHERE id = pg_temp.run(1);
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on, closed_on) VALUES ('DEP-27', 2, 'pix{1.1=2}', '2026-03-01', '2026-03-20');
SELECT is(pg_temp.tampered('SELECT 1'), NULL, 'of two requests open on one day either is answered');
DELETE FROM inclusion_data.expressed_need WHERE beneficiary = 2 AND closed_on IS NOT NULL;
UPDATE inclusion_data.run SET verified = true WHERE id = pg_temp.run(1);
-- classes come before ranks: were 3 of a lesser one at offer 2, those after it would claim its seat
UPDATE inclusion_data.run_candidate SET classes = '{1,2,1,1,1}' WHERE run = pg_temp.run(1) AND beneficiary = 3;
SELECT is(pg_temp.tampered('SELECT 1'), 'envy', 'a place held by who is of a lesser class');
UPDATE inclusion_data.run_candidate SET classes = '{1,1,1,1,1}' WHERE run = pg_temp.run(1) AND beneficiary = 3;
UPDATE inclusion_data.run_candidate SET rank = CASE rank WHEN 3 THEN 40 ELSE 3 END WHERE run = pg_temp.run(1) AND rank IN (3);
UPDATE inclusion_data.run_candidate SET rank = 3 WHERE run = pg_temp.run(1) AND rank = 4;
UPDATE inclusion_data.run_candidate SET rank = 4 WHERE run = pg_temp.run(1) AND rank = 40;
SELECT is(pg_temp.tampered('SELECT 1'), 'envy rank_order', 'a rank against the priorities');
UPDATE inclusion_data.run_candidate SET rank = 40 WHERE run = pg_temp.run(1) AND rank = 3;
UPDATE inclusion_data.run_candidate SET rank = 3 WHERE run = pg_temp.run(1) AND rank = 4;
UPDATE inclusion_data.run_candidate SET rank = 4 WHERE run = pg_temp.run(1) AND rank = 40;
SELECT is(pg_temp.tampered('SELECT 1'), NULL, 'and the good result again');

-- A result changed after it was verified is not published

UPDATE inclusion_data.run_result SET cost = 0 WHERE run = pg_temp.run(1) AND beneficiary = 2;
SELECT throws_ok(format('SELECT inclusion.night_publish(%s)', pg_temp.run(1)), 'IN311', NULL, 'what was not verified is not published');
UPDATE inclusion_data.run_result d SET cost = g.cost FROM good g WHERE d.run = g.run AND d.beneficiary = g.beneficiary AND d.beneficiary = 2;

-- Publishing

SELECT lives_ok(format('SELECT inclusion.night_publish(%s)', pg_temp.run(1)), 'the night publishes');
SELECT results_eq($$ SELECT beneficiary, offer, session, state, n, expires_on FROM inclusion_data.proposal_now WHERE offer <> 6 ORDER BY beneficiary $$,
  $$ VALUES (2::bigint, 1::bigint, 11::bigint, 'proposed', 2, '2026-03-10'::date), (3, 2, 22, 'proposed', 2, '2026-03-06'), (4, 2, 21, 'proposed', 2, '2026-03-13') $$,
  'proposals are made, to be answered before the session');
SELECT is((SELECT expires_on FROM inclusion_data.proposal WHERE offer = 6), '2026-03-07'::date, 'a week is to be answered before its last day');
SELECT is_empty($$ SELECT 1 FROM inclusion_data.proposal_step s JOIN inclusion_data.agent a ON a.id = s.agent WHERE a.kind <> 'service' $$,
  'the night signs with its service account');
SELECT results_eq($$ SELECT session, taken, proposed FROM inclusion_data.seat WHERE session IN (11, 21, 22) ORDER BY session $$,
  $$ VALUES (11::bigint, 0, 1), (21, 0, 1), (22, 0, 1) $$, 'their seats are held');
SELECT results_eq($$ SELECT beneficiary, offer, week FROM inclusion_data.orientation ORDER BY beneficiary $$,
  $$ VALUES (1::bigint, 5::bigint, '2026-03-02'::date), (5, 3, '2026-03-02') $$, 'ways to go are written for the week');
SELECT results_eq($$ SELECT l.beneficiary, l.rank, l.outcome, l.offer FROM inclusion_data.active_list l
    JOIN inclusion_data.active_list_pointer p ON p.perimeter = l.perimeter AND p.slot = l.slot ORDER BY l.rank LIMIT 3 $$,
  $$ VALUES (2::bigint, 1::bigint, 'proposed', 1::bigint), (3, 2, 'proposed', 2), (4, 3, 'proposed', 2) $$, 'the list is published');
SELECT is((SELECT ROW(r.state, r.phase, r.finished_at IS NOT NULL, r.counters -> 'proposals')::text FROM inclusion_data.run r WHERE r.id = pg_temp.run(1)),
  '(published,done,t,4)', 'and the run is closed');
SELECT is_empty(format('SELECT * FROM inclusion.check_allocation(%s)', pg_temp.run(1)), 'the check still holds once published');

-- Explaining

SELECT results_eq(format('SELECT list_position, offer, reason, own_rank, cutoff_rank FROM inclusion.explain_allocation(%s, 7)', pg_temp.run(1)),
  $$ VALUES (1, 1::bigint, 'full', 9::bigint, 1::bigint), (2, 2, 'full', 9, 3), (3, 3, 'limit_reached', 9, 4), (4, 4, 'limit_reached', 9, 4),
            (5, 5, 'limit_reached', 9, 6), (NULL, NULL, 'weekly_limit', 9, NULL) $$, 'why not me: each offer, and the last rank it received');
SELECT is((SELECT sentence FROM inclusion.explain_allocation(pg_temp.run(1), 7) LIMIT 1),
  'Places allées à des personnes mieux classées : le dernier rang reçu est le 1, celui-ci est le 9.', 'in words');
SELECT results_eq(format('SELECT offer, reason FROM inclusion.explain_allocation(%s, 2)', pg_temp.run(1)),
  $$ VALUES (1::bigint, 'placed') $$, 'the best of one''s list needs no other word');
SELECT throws_ok(format('SELECT inclusion.explain_allocation(%s, 99)', pg_temp.run(1)), 'IN003', NULL, 'nobody to explain to');

-- Again: nothing happened, nothing is written

SELECT is(inclusion.night_start('2026-03-04'), pg_temp.run(1), 'no event since: the same run');
SELECT is((SELECT count(*) FROM inclusion_data.run WHERE state = 'running'), 0::bigint, 'and none is running');
UPDATE inclusion_data.beneficiary SET slots = '{mo_am}' WHERE id = 1;
INSERT INTO night SELECT 2, inclusion.night_start('2026-03-04');
SELECT isnt(pg_temp.run(2), pg_temp.run(1), 'an event: another run');

-- The next night.  Person 2 declines offer 1, the structure gives up on 4.
SELECT inclusion.decline(p.id, 'too_far', 101) FROM inclusion_data.proposal p WHERE p.beneficiary = 2;
SELECT inclusion.accept(p.id, 101) FROM inclusion_data.proposal p WHERE p.beneficiary = 4;
SELECT inclusion.decline(p.id, 'session-complète', 101) FROM inclusion_data.proposal p WHERE p.beneficiary = 4;
INSERT INTO night SELECT 3, inclusion.night_start('2026-03-05');
SELECT inclusion.night_open(pg_temp.run(3)), inclusion.night_compute(pg_temp.run(3));
SELECT results_eq(format('SELECT beneficiary, outcome, reason, offer, session FROM inclusion_data.run_result WHERE run = %s AND beneficiary IN (1, 2, 3, 4, 5) ORDER BY beneficiary', pg_temp.run(3)),
  $$ VALUES (1::bigint, 'oriented', 'oriented_this_week', 5::bigint, NULL::bigint), (2, 'proposed', 'placed', 2, 21), (3, 'held', 'live_proposal', 2, 22),
            (4, 'proposed', 'placed', 1, 11), (5, 'oriented', 'oriented_this_week', 3, NULL) $$,
  'a refusal is struck off and keeps the turn; a pending proposal is held; nobody is sent twice in a week');
SELECT is((SELECT c.offers FROM inclusion_data.run_candidate c WHERE c.run = pg_temp.run(3) AND c.beneficiary = 2), '{2,3,4,5}', 'the declined offer has left the list');
SELECT is((SELECT c.offers FROM inclusion_data.run_candidate c WHERE c.run = pg_temp.run(3) AND c.beneficiary = 4), '{1,2,3,4,5}', 'what the structure gave up stays on it');
SELECT is((SELECT count(*) FROM inclusion_data.session WHERE offer = 6), 1::bigint, 'the week is opened once');

-- Between the calculation and the publication, each thing that makes a decision
-- impossible, alone: the people it is no longer possible for.
CREATE FUNCTION pg_temp.impossible_after(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  people text;
BEGIN
  BEGIN
    EXECUTE change;
    PERFORM inclusion.publish_skip_impossible(pg_temp.run(3));
    SELECT string_agg(d.beneficiary::text, ' ' ORDER BY d.beneficiary) INTO people FROM inclusion_data.run_result d
    WHERE d.run = pg_temp.run(3) AND d.skipped = 'no_longer_possible';
    RAISE EXCEPTION 'undone' USING ERRCODE = 'P9999';
  EXCEPTION WHEN SQLSTATE 'P9999' THEN
    RETURN people;
  END;
END
$$;
SELECT is(pg_temp.impossible_after(change), people, what) FROM (VALUES
  ('SELECT', NULL, 'nothing happened: all is possible'),
  ('UPDATE inclusion_data.enrolment SET withdrawn_on = ''2026-03-05'' WHERE beneficiary = 4', '4', 'they left'),
  ('UPDATE inclusion_data.enrolment SET withdrawn_on = ''2026-03-06'' WHERE beneficiary = 4', NULL, 'they leave tomorrow'),
  ('UPDATE inclusion_data.expressed_need SET closed_on = ''2026-03-05'' WHERE beneficiary = 4', '4', 'they ask for nothing more'),
  ('UPDATE inclusion_data.expressed_need SET closed_on = ''2026-03-06'' WHERE beneficiary = 4', NULL, 'they ask until tomorrow'),
  ('INSERT INTO inclusion_data.restriction VALUES (5, ''DEP-27'', ''conteste'', ''2026-03-05'')', '5', 'their data were set aside, whatever was decided'),
  ('UPDATE inclusion_data.offer SET teaches = NULL WHERE id = 1', '4', 'the offer is a draft again'),
  ('UPDATE inclusion_data.session SET state = ''closed'' WHERE id = 11', '4', 'the session is closed'),
  ('DELETE FROM inclusion_data.seat WHERE session = 11', '4', 'it counts no seats'),
  ('WITH p AS (INSERT INTO inclusion_data.proposal (perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
      SELECT ''DEP-27'', 5, 1, 11, pg_temp.run(1), 1, 0.1, ''2026-03-20'' RETURNING id)
    INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
    SELECT p.id, ''DEP-27'', v.n, v.f, v.t, inclusion.night_agent(''DEP-27''), ''service'' FROM p,
      (VALUES (1, ''none'', ''candidate''), (2, ''candidate'', ''proposed'')) v (n, f, t)', '5', 'they got a proposal'),
  ('WITH p AS (INSERT INTO inclusion_data.proposal (perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
      SELECT ''DEP-27'', 5, 1, 11, pg_temp.run(1), 1, 0.1, ''2026-03-20'' RETURNING id)
    INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
    SELECT p.id, ''DEP-27'', v.n, v.f, v.t, inclusion.night_agent(''DEP-27''), ''service'' FROM p,
      (VALUES (1, ''none'', ''candidate''), (2, ''candidate'', ''withdrawn'')) v (n, f, t)', NULL, 'they got one that is over')
) v (change, people, what);

-- Between the calculation and the publication: person 4 leaves, seat 21 is taken.
UPDATE inclusion_data.enrolment SET withdrawn_on = '2026-03-05' WHERE beneficiary = 4;
UPDATE inclusion_data.seat SET taken = 1 WHERE session = 21;
SELECT lives_ok(format('SELECT inclusion.night_publish(%s)', pg_temp.run(3)), 'the night publishes all the same');
SELECT results_eq(format('SELECT beneficiary, skipped FROM inclusion_data.run_result WHERE run = %s AND skipped IS NOT NULL ORDER BY beneficiary', pg_temp.run(3)),
  $$ VALUES (2::bigint, 'seat_taken_meanwhile'), (4, 'no_longer_possible') $$, 'what is no longer possible is left out, with its reason');
SELECT results_eq($$ SELECT l.beneficiary, l.outcome, l.reason FROM inclusion_data.active_list l JOIN inclusion_data.active_list_pointer p
    ON p.perimeter = l.perimeter AND p.slot = l.slot WHERE l.beneficiary IN (2, 4) ORDER BY 1 $$,
  $$ VALUES (2::bigint, 'waiting', 'seat_taken_meanwhile'), (4, 'waiting', 'no_longer_possible') $$, 'and the list says it');
SELECT is((SELECT count(*) FROM inclusion_data.proposal p WHERE p.run = pg_temp.run(3)), 0::bigint, 'no proposal was made for them');
SELECT is((SELECT p.slot FROM inclusion_data.active_list_pointer p), 2, 'readers follow the other slot');
SELECT is((SELECT count(DISTINCT l.run) FROM inclusion_data.active_list l), 2::bigint, 'the list before stays whole in the first');

-- Three weeks later, everything is over: person 3 was rung three times, 10 never.
SELECT inclusion.contact_attempt(p.id, agent => 101) FROM inclusion_data.proposal p, generate_series(1, 3) WHERE p.beneficiary = 3;
INSERT INTO night SELECT 4, inclusion.night_start('2026-03-26');
SELECT lives_ok(format('SELECT inclusion.night_open(%s)', pg_temp.run(4)), 'the night opens');
SELECT results_eq($$ SELECT beneficiary, state FROM inclusion_data.proposal_now ORDER BY id $$,
  $$ VALUES (2::bigint, 'declined'), (3, 'expired'), (4, 'declined'), (10, 'withdrawn') $$, 'who was rung and did not answer has expired, who was not is back in the list');
SELECT is((SELECT sum(t.proposed) FROM inclusion_data.seat t), 0::bigint, 'and give their seats back');
SELECT is((SELECT s.confirmed_on FROM inclusion_data.session s WHERE s.offer = 6 AND s.starts_at > '2026-03-20'), '2026-03-04'::date,
  'a week is believed as its last session was');

-- An allocation that lies is refused, and nothing of it stays.
CREATE OR REPLACE FUNCTION inclusion.allocate_growing(applicants text, offers text, reserve_order text)
RETURNS TABLE (applicant bigint, list_position int, reserved_for int, asked int, lengthened int) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT a.applicant, NULL::int, NULL::int, a.asked, 0 FROM (%s) a', applicants);
END
$$;
SELECT throws_ok(format('SELECT inclusion.night_compute(%s)', pg_temp.run(4)), 'IN311',
  format('the allocation of run %s does not pass its check', pg_temp.run(4)), 'a wasteful allocation is refused');
SELECT is_empty(format('SELECT 1 FROM inclusion_data.run_result WHERE run = %s', pg_temp.run(4)), 'and leaves no result');

-- Every reason has its words
SELECT is_empty($$ SELECT code FROM inclusion_data.outcome_reason WHERE label = '' OR unlock !~ '\.$' $$, 'every reason says what would help');

SELECT * FROM finish();
ROLLBACK;
