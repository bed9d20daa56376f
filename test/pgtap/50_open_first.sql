-- The order in which reserved places are filled is voted: the night follows the
-- policy's row, and the check knows it.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(14);

SELECT inclusion.create_perimeter('DEP-27', 'Eure');
SELECT inclusion.adopt_policy('DEP-27', '2026-01-01', 'clé', reserves => '{"seniors": 50}') AS policy \gset
INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (1, 'DEP-27', 'Maison');
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
VALUES (1, 'DEP-27', 1, 'Atelier', 'seats', 'pix{0.1=2}', 1.15, 49);
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
VALUES (1, 1, 'DEP-27', '2026-03-10 10:00+01', '2026-03-10 12:00+01', '2026-03-01');
INSERT INTO inclusion_data.seat (session, capacity) VALUES (1, 4);
-- in the order of their numbers: 1, 2 and 5 are seniors
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on, audiences)
SELECT i, 'DEP-27', 1, 1.15, 49, 'commune', '2026-03-01', CASE WHEN i IN (1, 2, 5) THEN '{seniors}' ELSE '{}' END::text[] FROM generate_series(1, 6) i;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT 'DEP-27', id, 'desk', 1, date '2026-02-01' + id::int, '1' FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
SELECT 'DEP-27', id, 'pix{0.1=2}', '2026-02-01' FROM inclusion_data.beneficiary;

CREATE FUNCTION pg_temp.night(voted text, as_of date DEFAULT '2026-03-04') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  made bigint;
BEGIN
  UPDATE inclusion_data.policy SET reserve_order = voted WHERE perimeter = 'DEP-27';
  made := inclusion.night_start(as_of);
  PERFORM inclusion.night_open(made), inclusion.night_compute(made);
  RETURN made;
END
$$;
CREATE FUNCTION pg_temp.placed(run bigint) RETURNS bigint[] LANGUAGE sql AS $$
  SELECT array_agg(d.beneficiary ORDER BY d.beneficiary) FROM inclusion_data.run_result d WHERE d.run = placed.run AND d.outcome = 'proposed' $$;
-- what the check says once `out` gave their place to `instead`
CREATE FUNCTION pg_temp.exchanged(run bigint, "out" bigint, instead bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  said text;
BEGIN
  UPDATE inclusion_data.run_result d SET (outcome, reason, offer, session, list_position, cost, reserved_for) =
    (SELECT o.outcome, o.reason, o.offer, o.session, o.list_position, o.cost, NULL FROM inclusion_data.run_result o WHERE o.run = d.run AND o.beneficiary = "out")
  WHERE d.run = exchanged.run AND d.beneficiary = instead;
  UPDATE inclusion_data.run_result d SET outcome = 'waiting', reason = 'all_full', offer = NULL, session = NULL, list_position = NULL, cost = NULL, reserved_for = NULL
  WHERE d.run = exchanged.run AND d.beneficiary = "out";
  SELECT string_agg(format('%s %s', c.violation, c.beneficiary), ' ' ORDER BY c.violation, c.beneficiary) INTO said FROM inclusion.check_allocation(exchanged.run) c;
  RAISE EXCEPTION USING ERRCODE = 'P9999', MESSAGE = coalesce(said, 'nothing');
EXCEPTION WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
END
$$;

SELECT pg_temp.night('reserve_first') AS first_run \gset
SELECT is(pg_temp.placed(:first_run), '{1,2,3,4}', 'reserved places first: two seniors fill them, whoever comes next has the others');
SELECT pg_temp.night('open_first') AS run \gset
SELECT is((SELECT r.parameters ->> 'reserve_order' FROM inclusion_data.run r WHERE r.id = :run), 'open_first', 'the order voted is kept with the night');
SELECT is(pg_temp.placed(:run), '{1,2,3,5}', 'places open to all first: the reserve comes on top, and what it leaves goes by rank');
SELECT is_empty(format('SELECT * FROM inclusion.check_allocation(%s)', :run), 'the check knows the order');
SELECT is(pg_temp.exchanged(:run, 5, 4), 'reserve_unmet 5', 'and names the reserve, where the other order was followed');
SELECT is(pg_temp.exchanged(:run, 3, 4), 'envy 3', 'and who was passed by');
SELECT is(pg_temp.exchanged(:run, 1, 4), 'reserve_unmet 1', 'and a senior without whom the reserve is not met');
SELECT is(pg_temp.exchanged(:first_run, 4, 5), 'envy 4', 'and the other order, where that one was voted');
SELECT is((SELECT cutoff_rank FROM inclusion.explain_allocation(:run, 4) WHERE offer = 1), 3::bigint, 'the explanation compares with who could have left');

-- what is held counts: 1 to 3 hold their seats, 4 waits
\o /dev/null
SELECT inclusion.night_publish(:run);
\o
UPDATE inclusion_data.seat SET capacity = 6;
SELECT pg_temp.night('open_first', '2026-03-05') AS run \gset
SELECT is(pg_temp.placed(:run), '{4,6}', 'places held count among those open to all');
SELECT is_empty(format('SELECT * FROM inclusion.check_allocation(%s)', :run), 'and for the check');

-- random worlds: a night that its own check did not pass would fail
INSERT INTO inclusion_data.policy_reserve (policy, audience, percent) VALUES (:policy, 'women', 30);
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
SELECT 100 + i, 'DEP-27', 1, 'Offre ' || i, 'seats', 'pix{0.1=2}', 1.15, 49 + 0.001 * i FROM generate_series(1, 12) i;
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
SELECT o.id, o.id, 'DEP-27', '2026-03-10 10:00+01', '2026-03-10 12:00+01', '2026-03-01' FROM inclusion_data.offer o WHERE o.id > 100;
INSERT INTO inclusion_data.seat (session, capacity) SELECT s.id, 1 + s.id % 6 FROM inclusion_data.session s WHERE s.id > 100;
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on, audiences)
SELECT 100 + i, 'DEP-27', 1, 1.15, 49 + 0.012 * (hashint8extended(i, 1) & 255) / 255, 'commune', '2026-03-01',
       (ARRAY['{}', '{}', '{seniors}', '{women}', '{seniors,women}'])[1 + (hashint8extended(i, 2) & 1023) % 5]::text[] FROM generate_series(1, 80) i;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT 'DEP-27', id, 'desk', 1, date '2026-02-01' + (id % 9)::int, '1' FROM inclusion_data.beneficiary WHERE id > 100;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
SELECT 'DEP-27', id, 'pix{0.1=2}', '2026-02-01' FROM inclusion_data.beneficiary WHERE id > 100;
SELECT lives_ok($$ SELECT pg_temp.night('open_first', date '2026-03-05') $$, 'two publics that overlap, places held or not: the check passes');
SELECT isnt(pg_temp.placed(pg_temp.night('open_first', '2026-03-05')), pg_temp.placed(pg_temp.night('reserve_first', '2026-03-05')), 'and the order changes who is placed');

SELECT inclusion.create_perimeter('DEP-74', 'Haute-Savoie');
SELECT inclusion.adopt_policy('DEP-74', '2026-01-01', 'clé');
UPDATE inclusion_data.policy SET reserve_order = 'open_first' WHERE perimeter = 'DEP-74';
SELECT throws_ok($$ SELECT inclusion.night_start('2026-03-05') $$, 'IN311', 'these perimeters fill reserves in two orders', 'one night follows one order');

SELECT * FROM finish();
ROLLBACK;
