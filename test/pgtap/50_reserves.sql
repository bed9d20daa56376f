-- Places reserved for some publics, places already held, and a check that names
-- each way of going against them.
--
-- Seniors have 40 % of the places of each offer, job seekers 20 %.  All stand
-- at the same spot and list offers 1 (five seats: two for seniors, one for job
-- seekers), then 2 (one seat, which no share makes whole).  Those who came
-- first: 1 to 4, of no public, then 5 a job seeker and 6 a senior, then 7 who
-- is both, then 8 a senior.
--
-- Offer 1 keeps the two first of no public; 8 leaves its place to nobody: the
-- two seniors' places go to 6 and to 7 or 8, the job seekers' to 5 or 7.  Of
-- 5, 6, 7 and 8 three places are filled; 5 and 6 and 7 come first.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(43);

SELECT inclusion.create_perimeter('DEP-27', 'Eure');
SELECT throws_ok($$ SELECT inclusion.adopt_policy('DEP-27', '2026-01-01', 'clé', reserves => '{"seniors": 60, "rural": 50}') $$, 'IN309',
  'reserves {"rural": 50, "seniors": 60} give out more than the places there are, or name more than eight publics', 'shares stay within the places');
SELECT throws_ok($$ SELECT inclusion.adopt_policy('DEP-27', '2026-01-01', 'clé', reserves => '{"elders": 10}') $$, 'IN306', NULL, 'publics are those of the vocabulary');
SELECT inclusion.adopt_policy('DEP-27', '2026-01-01', 'clé', reserves => '{"seniors": 40, "job_seekers": 20}');
INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (1, 'DEP-27', 'Maison');
INSERT INTO inclusion_data.agent (id, perimeter, structure, kind, login, name, valid_from)
VALUES (101, 'DEP-27', 1, 'person', 'alice', 'Alice', '-infinity');
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
SELECT i, 'DEP-27', 1, 'Offre ' || i, 'seats', 'pix{0.1=2}', 1.15, 49 + 0.01 * i FROM generate_series(1, 2) i;
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
SELECT v.id, v.offer, 'DEP-27', v.day + time '10:00', v.day + time '12:00', '2026-03-01'
FROM (VALUES (11, 1, date '2026-03-11'), (12, 1, '2026-03-18'), (21, 2, '2026-03-12')) AS v (id, offer, day);
INSERT INTO inclusion_data.seat (session, capacity) VALUES (11, 2), (12, 3), (21, 1);
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on, audiences)
SELECT v.id, 'DEP-27', 1, 1.15, 49, 'commune', '2026-03-01', v.audiences::text[]
FROM (VALUES (1, '{}'), (2, '{}'), (3, '{}'), (4, '{rural}'), (5, '{job_seekers}'), (6, '{seniors,women}'), (7, '{job_seekers,seniors}'), (8, '{seniors}'))
     AS v (id, audiences);
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT 'DEP-27', id, 'desk', 1, date '2026-02-01' + id::int, '1' FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
SELECT 'DEP-27', id, 'pix{0.1=2}', '2026-02-01' FROM inclusion_data.beneficiary;
-- publics would otherwise weigh in the match
UPDATE inclusion_data.policy SET w_coverage = 0.7, w_audience = 0;

CREATE TEMPORARY TABLE night (n int, run bigint);
CREATE FUNCTION pg_temp.run(n int) RETURNS bigint LANGUAGE sql AS $$ SELECT t.run FROM night t WHERE t.n = $1 $$;
CREATE FUNCTION pg_temp.compute(n int, as_of date) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO night VALUES (n, inclusion.night_start(as_of));
  PERFORM inclusion.night_open(pg_temp.run(n));
  PERFORM inclusion.night_compute(pg_temp.run(n));
  RETURN pg_temp.run(n);
END
$$;
CREATE FUNCTION pg_temp.results(n int) RETURNS TABLE (beneficiary bigint, outcome text, reason text, offer bigint, session bigint, reserved_for text)
LANGUAGE sql AS $$
  SELECT d.beneficiary, d.outcome, d.reason, d.offer, d.session, d.reserved_for
  FROM inclusion_data.run_result d WHERE d.run = pg_temp.run(n) ORDER BY d.beneficiary
$$;

-- Reserving

SELECT pg_temp.compute(1, '2026-03-04');
SELECT is((SELECT r.parameters -> 'publics' FROM inclusion_data.run r WHERE r.id = pg_temp.run(1)), '["job_seekers", "seniors"]', 'the night keeps the publics it reserves for');
SELECT is((SELECT r.parameters #> '{policies,DEP-27,reserves}' FROM inclusion_data.run r WHERE r.id = pg_temp.run(1)), '{"seniors": 40, "job_seekers": 20}', 'and how much');
SELECT results_eq(format('SELECT offer, capacity, reserves FROM inclusion_data.run_offer WHERE run = %s ORDER BY offer', pg_temp.run(1)),
  $$ VALUES (1::bigint, 5, '{1,2}'::int[]), (2, 1, NULL) $$, 'shares are rounded down to places');
SELECT results_eq(format('SELECT beneficiary, categories FROM inclusion_data.run_candidate WHERE run = %s ORDER BY beneficiary', pg_temp.run(1)),
  $$ VALUES (1::bigint, 0), (2, 0), (3, 0), (4, 0), (5, 1), (6, 2), (7, 3), (8, 2) $$, 'and people have the publics that count');
SELECT results_eq('SELECT beneficiary, outcome, offer, session FROM pg_temp.results(1)',
  $$ VALUES (1::bigint, 'proposed', 1::bigint, 11::bigint), (2, 'proposed', 1, 11), (3, 'proposed', 2, 21), (4, 'waiting', NULL, NULL),
            (5, 'proposed', 1, 12), (6, 'proposed', 1, 12), (7, 'proposed', 1, 12), (8, 'waiting', NULL, NULL) $$,
  'publics have their places first, the first of each by rank');
SELECT results_eq('SELECT beneficiary, reserved_for FROM pg_temp.results(1) WHERE reserved_for IS NOT NULL',
  $$ VALUES (5::bigint, 'job_seekers'), (6, 'seniors'), (7, 'seniors') $$, 'who belongs to both takes the place nobody else can fill');
SELECT is_empty(format('SELECT * FROM inclusion.check_allocation(%s)', pg_temp.run(1)), 'the independent check finds nothing');

-- Six allocations tampered with, each named

CREATE TEMPORARY TABLE good AS SELECT * FROM inclusion_data.run_result WHERE run = pg_temp.run(1);
CREATE FUNCTION pg_temp.tampered(change text, n int DEFAULT 1) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  seen text;
BEGIN
  EXECUTE format(change, pg_temp.run(n));
  SELECT string_agg(DISTINCT c.violation, ' ' ORDER BY c.violation) INTO seen FROM inclusion.check_allocation(pg_temp.run(n)) c;
  DELETE FROM inclusion_data.run_result WHERE run = pg_temp.run(n);
  INSERT INTO inclusion_data.run_result SELECT * FROM good WHERE run = pg_temp.run(n);
  RETURN seen;
END
$$;
-- person a and person b change places
CREATE FUNCTION pg_temp.exchange(a bigint, b bigint) RETURNS text LANGUAGE sql AS $$
  SELECT format('UPDATE inclusion_data.run_result d SET (outcome, reason, offer, session, list_position, cost, reserved_for) =
    (SELECT g.outcome, g.reason, g.offer, g.session, g.list_position, g.cost, NULL FROM good g
     WHERE g.run = d.run AND g.beneficiary = %1$s + %2$s - d.beneficiary) WHERE d.run = %%s AND d.beneficiary IN (%1$s, %2$s)', a, b)
$$;
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET outcome = 'proposed', reason = 'placed', offer = 2, session = 21, list_position = 2 WHERE run = %s AND beneficiary = 4 $$),
  'over_capacity session', 'over capacity');
SELECT is(pg_temp.tampered(pg_temp.exchange(2, 4)), 'envy', 'envy');
SELECT is(pg_temp.tampered(pg_temp.exchange(6, 8)), 'envy', 'envy, inside a public');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET outcome = 'waiting', reason = 'all_full', offer = NULL, session = NULL, list_position = NULL, cost = NULL WHERE run = %s AND beneficiary = 2 $$),
  'envy waste', 'waste, and the same person''s claim on the next offer');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result d SET (outcome, reason, offer, session, list_position, cost, reserved_for) =
    (SELECT g.outcome, g.reason, g.offer, g.session, g.list_position, g.cost, NULL FROM good g
     WHERE g.run = d.run AND g.beneficiary = CASE d.beneficiary WHEN 3 THEN 7 WHEN 4 THEN 3 ELSE 4 END) WHERE d.run = %s AND d.beneficiary IN (3, 4, 7) $$),
  'reserve_unmet', 'reserve unmet: an earlier rank, of no public, has a senior''s place');
SELECT is(pg_temp.tampered(pg_temp.exchange(5, 8)), 'envy', 'envy, across publics: another fills the job seekers'' place');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_candidate SET offers = '{2}', costs = '{0}', classes = '{1}' WHERE run = %s AND beneficiary = 2 $$), 'ineligible', 'ineligible');
UPDATE inclusion_data.run_candidate c SET (offers, costs, classes) = (SELECT e.offers, e.costs, e.classes FROM inclusion_data.run_candidate e WHERE e.run = c.run AND e.beneficiary = 1)
WHERE c.run = pg_temp.run(1) AND c.beneficiary = 2;
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET reserved_for = 'seniors' WHERE run = %s AND beneficiary = 2 $$), 'reserved_for', 'a reserved place for who is not of its public');
SELECT is(pg_temp.tampered('SELECT 1'), NULL, 'and the good result again');
-- the draw: 5 and 6 of the same day, exchanged
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_candidate SET waiting_days = 40, priority = 40 WHERE run = %s AND beneficiary = 2 $$), 'rank_order', 'days waited go with the rank');
UPDATE inclusion_data.run_candidate c SET waiting_days = 29, priority = 29 WHERE run = pg_temp.run(1) AND beneficiary = 2;
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_candidate SET priority = 29 + 60 WHERE run = %s AND beneficiary = 2 $$), 'rank_order', 'and the priority with the grade');
UPDATE inclusion_data.run_candidate c SET priority = 29 WHERE run = pg_temp.run(1) AND beneficiary = 2;

-- In words

SELECT results_eq(format('SELECT offer, reason, own_rank, cutoff_rank, sentence FROM inclusion.explain_allocation(%s, 4)', pg_temp.run(1)),
  $$ VALUES (1::bigint, 'reserve', 4::bigint, 2::bigint, 'Places gardées d''abord à un public (Demandeurs d''emploi, Seniors) : parmi les autres, le dernier rang reçu est le 2, celui-ci est le 4.'),
            (2, 'full', 4, 3, 'Places allées à des personnes mieux classées : le dernier rang reçu est le 3, celui-ci est le 4.'),
            (NULL, 'all_full', 4, NULL, 'Toutes les places sont prises ou vont à des personnes prioritaires.') $$,
  'who is passed over by a public reads so, and the rank it needed');
SELECT results_eq(format('SELECT offer, reason, own_rank, cutoff_rank FROM inclusion.explain_allocation(%s, 8)', pg_temp.run(1)),
  $$ VALUES (1::bigint, 'full', 8::bigint, 7::bigint), (2, 'full', 8, 3), (NULL, 'all_full', 8, NULL) $$,
  'who is of the public is compared with the last of it');
SELECT results_eq(format('SELECT offer, reserve_order, satisfied_publics FROM inclusion.explain_allocation(%s, 4)', pg_temp.run(1)),
  $$ VALUES (1::bigint, 'reserve_first', NULL), (2, NULL, NULL), (NULL, NULL, NULL) $$,
  'which places were given first is said');
UPDATE inclusion_data.run_candidate SET categories = 1 WHERE run = pg_temp.run(1) AND beneficiary = 4;
SELECT results_eq(format('SELECT reason, cutoff_rank, satisfied_publics FROM inclusion.explain_allocation(%s, 4) WHERE offer = 1', pg_temp.run(1)),
  $$ VALUES ('reserve', 5::bigint, 'Demandeurs d''emploi') $$, 'and whose reserved places were all taken');
UPDATE inclusion_data.run_candidate SET categories = 0 WHERE run = pg_temp.run(1) AND beneficiary = 4;
SELECT is((SELECT reserved_for FROM inclusion.explain_allocation(pg_temp.run(1), 6)), 'seniors', 'who takes a reserved place reads it');
-- the stated cut-off is the truth: ranked just before it, 4 would have a claim
UPDATE inclusion_data.run_candidate SET rank = 100 * rank WHERE run = pg_temp.run(1);
CREATE FUNCTION pg_temp.claimed_at(new_rank bigint) RETURNS text LANGUAGE sql AS $$
  UPDATE inclusion_data.run_candidate SET rank = new_rank WHERE run = pg_temp.run(1) AND beneficiary = 4;
  SELECT string_agg(c.offer::text, ' ' ORDER BY c.offer) FROM inclusion.check_allocation(pg_temp.run(1)) c WHERE c.violation = 'envy' AND c.beneficiary = 4;
$$;
SELECT is(ARRAY[pg_temp.claimed_at(199), pg_temp.claimed_at(201), pg_temp.claimed_at(301)], '{1 2,2,NULL}', 'just before a stated cut-off a person has a claim, just after it none');
UPDATE inclusion_data.run_candidate SET rank = beneficiary WHERE run = pg_temp.run(1);

-- Held places

SELECT inclusion.night_publish(pg_temp.run(1));
SELECT inclusion.accept(p.id, 101) FROM inclusion_data.proposal p WHERE p.beneficiary IN (1, 6) ORDER BY p.id;
-- offer 3, better for everybody and with one seat, opens; offer 1 gets a sixth seat
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
VALUES (3, 'DEP-27', 1, 'Offre 3', 'seats', 'pix{0.1=2}', 1.15, 49);
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
VALUES (31, 3, 'DEP-27', '2026-03-11 10:00+01', '2026-03-11 12:00+01', '2026-03-01');
INSERT INTO inclusion_data.seat (session, capacity) VALUES (31, 1);
SELECT pg_temp.compute(2, '2026-03-05');
SELECT results_eq('SELECT beneficiary, outcome, offer, session FROM pg_temp.results(2)',
  $$ VALUES (1::bigint, 'held', 1::bigint, 11::bigint), (2, 'held', 1, 11), (3, 'held', 2, 21), (4, 'proposed', 3, 31), (5, 'held', 1, 12), (6, 'held', 1, 12), (7, 'held', 1, 12), (8, 'waiting', NULL, NULL) $$,
  'a proposal under way is kept, and its place is not given');
SELECT results_eq(format('SELECT offer, categories, people FROM inclusion_data.run_holder WHERE run = %s ORDER BY 1, 2', pg_temp.run(2)),
  $$ VALUES (1::bigint, 0, 2), (1, 1, 1), (1, 2, 1), (1, 3, 1) $$, 'who holds a place of an offer with reserves fills them');
SELECT is_empty(format('SELECT * FROM inclusion.check_allocation(%s)', pg_temp.run(2)), 'the independent check finds nothing');
INSERT INTO good SELECT * FROM inclusion_data.run_result WHERE run = pg_temp.run(2);
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET outcome = 'waiting', reason = 'all_full', offer = NULL, session = NULL WHERE run = %s AND beneficiary = 2 $$, 2),
  'lock_broken', 'lock broken: a place held is lost');
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET session = 12 WHERE run = %s AND beneficiary = 2 $$, 2), 'lock_broken', 'or is another one');

-- 5, the only job seeker but 7, declines: 7 then fills that reserve, and the
-- seniors' second place is due to 8, who comes last
SELECT inclusion.decline(p.id, NULL, 101) FROM inclusion_data.proposal p WHERE p.beneficiary = 5;
SELECT inclusion.withdraw(4, '2026-03-05');
SELECT pg_temp.compute(3, '2026-03-06');
SELECT results_eq('SELECT beneficiary, outcome, reason, offer, reserved_for FROM pg_temp.results(3) WHERE beneficiary IN (5, 8)',
  $$ VALUES (5::bigint, 'proposed', 'placed', 3::bigint, NULL), (8, 'proposed', 'placed', 1, 'seniors') $$, 'a place given back is reserved as those held leave it');
SELECT is((SELECT string_agg(e.reason, ' ' ORDER BY e.offer NULLS LAST) FROM inclusion.explain_allocation(pg_temp.run(3), 5) e), 'refused placed', 'a refusal is said');

-- An unanswered proposal improves, where the policy says so

UPDATE inclusion_data.policy SET improve_unanswered = true;
SELECT pg_temp.compute(4, '2026-03-06');
SELECT results_eq(format('SELECT beneficiary, rank, held, held_session, offers FROM inclusion_data.run_candidate WHERE run = %s ORDER BY beneficiary', pg_temp.run(4)),
  $$ VALUES (1::bigint, NULL::bigint, 1::bigint, 11::bigint, '{}'::bigint[]), (2, 1, 1, 11, '{3,1}'), (3, 2, 2, 21, '{3,1,2}'), (5, 3, NULL, NULL, '{3,2}'),
            (6, NULL, 1, 12, '{}'), (7, 4, 1, 12, '{3,1}'), (8, 5, NULL, NULL, '{3,1,2}') $$,
  'who has not answered competes for better, the place held last on the list');
SELECT results_eq('SELECT beneficiary, outcome, reason, offer, session FROM pg_temp.results(4)',
  $$ VALUES (1::bigint, 'held', 'live_proposal', 1::bigint, 11::bigint), (2, 'proposed', 'improved', 3, 31), (3, 'proposed', 'improved', 1, 11), (5, 'proposed', 'placed', 2, 21),
            (6, 'held', 'live_proposal', 1, 12), (7, 'held', 'live_proposal', 1, 12), (8, 'proposed', 'placed', 1, 12) $$,
  'each leaves a place to the next, session by session');
SELECT is_empty(format('SELECT * FROM inclusion.check_allocation(%s)', pg_temp.run(4)), 'the independent check finds nothing');
INSERT INTO good SELECT * FROM inclusion_data.run_result WHERE run = pg_temp.run(4);
SELECT is(pg_temp.tampered($$ UPDATE inclusion_data.run_result SET outcome = 'waiting', reason = 'all_full', offer = NULL, session = NULL, list_position = NULL, cost = NULL, reserved_for = NULL WHERE run = %s AND beneficiary = 7 $$, 4),
  'lock_broken waste', 'lock broken: who competed with a place held has none');

-- Between the calculation and the publication, 2 accepts: the place it held is
-- not free, nor is its next holder's
SELECT inclusion.accept(p.id, 101) FROM inclusion_data.proposal p WHERE p.beneficiary = 2;
SELECT lives_ok(format('SELECT inclusion.night_publish(%s)', pg_temp.run(4)), 'the night publishes all the same');
SELECT results_eq(format('SELECT beneficiary, skipped FROM inclusion_data.run_result WHERE run = %s AND skipped IS NOT NULL ORDER BY 1', pg_temp.run(4)),
  $$ VALUES (2::bigint, 'no_longer_possible'), (3, 'seat_taken_meanwhile'), (5, 'seat_taken_meanwhile') $$, 'and leaves out what hung on it');
SELECT results_eq($$ SELECT w.beneficiary, w.state, w.session FROM inclusion_data.proposal_now w WHERE w.live ORDER BY 1 $$,
  $$ VALUES (1::bigint, 'agreed', 11::bigint), (2, 'agreed', 11), (3, 'proposed', 21), (6, 'agreed', 12), (7, 'proposed', 12), (8, 'proposed', 12) $$, 'nobody loses a place held');
SELECT results_eq($$ SELECT l.beneficiary, l.outcome, l.reason, l.offer FROM inclusion_data.active_list l JOIN inclusion_data.active_list_pointer p
    ON p.perimeter = l.perimeter AND p.slot = l.slot WHERE l.beneficiary IN (2, 3, 5) ORDER BY 1 $$,
  $$ VALUES (2::bigint, 'held', 'live_proposal', 1::bigint), (3, 'held', 'live_proposal', 2), (5, 'waiting', 'seat_taken_meanwhile', NULL) $$, 'and the list says what they hold');
SELECT pg_temp.compute(5, '2026-03-06');
SELECT inclusion.night_publish(pg_temp.run(5));
SELECT results_eq($$ SELECT w.beneficiary, w.state, w.session FROM inclusion_data.proposal_now w WHERE w.beneficiary IN (3, 5) AND w.run IN (SELECT run FROM night) ORDER BY w.id $$,
  $$ VALUES (3::bigint, 'withdrawn', 21::bigint), (5, 'declined', 12), (3, 'proposed', 31), (5, 'proposed', 21) $$, 'better: the one proposal gives way to the other, and leaves its seat');
SELECT results_eq('SELECT session, taken, proposed FROM inclusion_data.seat ORDER BY session', $$ VALUES (11::bigint, 0, 2), (12, 0, 3), (21, 0, 1), (31, 0, 1) $$,
  'seats are as their proposals hold them');

SELECT * FROM finish();
ROLLBACK;
