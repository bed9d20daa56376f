-- Short lists, lengthened for those who could gain, give what the longest lists
-- for all would give: random small worlds, each computed both ways.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(9);

SELECT inclusion.create_perimeter('DEP-27', 'Eure');
SELECT inclusion.adopt_policy('DEP-27', '2026-01-01', 'clé') AS policy \gset
INSERT INTO inclusion_data.policy_reserve (policy, audience, percent) VALUES (:policy, 'seniors', 50), (:policy, 'women', 50);
INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (1, 'DEP-27', 'Maison');

CREATE FUNCTION pg_temp.draw(i bigint, salt int) RETURNS float8 LANGUAGE sql IMMUTABLE
RETURN (hashint8extended(i, salt) & 2147483647)::float8 / 2147483648::float8;

-- 40 offers about a town, a seat or two in half of them, none in the second
-- world; 70 people, who all look
-- at the same ones; :world changes where everybody stands
CREATE FUNCTION pg_temp.make_world(world int) RETURNS void LANGUAGE sql AS $$
  INSERT INTO inclusion_data.offer (id, perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
  SELECT world * 1000 + i, 'DEP-27', 1, 'Offre ' || i, CASE WHEN world = 2 THEN 'drop_in' ELSE (ARRAY['seats', 'seats', 'drop_in', 'unknown'])[1 + i % 4] END, 'pix{0.1=2}',
         1.1 + 0.2 * pg_temp.draw(i, world), 49 + 0.2 * pg_temp.draw(i, world + 50) FROM generate_series(1, 40) i;
  INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
  SELECT o.id, o.id, 'DEP-27', '2026-03-10 10:00+01', '2026-03-10 12:00+01', '2026-03-01' FROM inclusion_data.offer o
  WHERE o.capacity_kind = 'seats' AND o.id / 1000 = world;
  INSERT INTO inclusion_data.seat (session, capacity) SELECT s.id, 1 + (s.id % 2)::int FROM inclusion_data.session s WHERE s.id / 1000 = world;
  INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, max_distance, last_contact_on, audiences)
  SELECT world * 1000 + i, 'DEP-27', 1, 1.1 + 0.2 * pg_temp.draw(i, world + 100), 49 + 0.2 * pg_temp.draw(i, world + 150), 'commune', 20000, '2026-03-01',
         (ARRAY['{}', '{}', '{seniors}', '{seniors,women}'])[1 + i % 4]::text[] FROM generate_series(1, 70) i;
  INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
  SELECT 'DEP-27', b.id, 'desk', 1, date '2026-02-01' + (b.id % 11)::int, '1' FROM inclusion_data.beneficiary b WHERE b.id / 1000 = world;
  INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
  SELECT 'DEP-27', b.id, 'pix{0.1=2}', '2026-02-01' FROM inclusion_data.beneficiary b WHERE b.id / 1000 = world;
$$;

CREATE TEMP TABLE outcome (world int, short boolean, beneficiary bigint, outcome text, offer bigint, session bigint, list_position int, cost float8,
  reserved_for text, listed int);
CREATE FUNCTION pg_temp.night(world int, short boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  made bigint;
BEGIN
  UPDATE inclusion_data.policy SET list_length = CASE WHEN short THEN 2 ELSE 18 END, max_list_length = 18, weekly_orientations = 1, improve_unanswered = true;
  made := inclusion.night_start('2026-03-04');
  PERFORM inclusion.night_open(made), inclusion.night_compute(made);
  INSERT INTO outcome SELECT world, short, d.beneficiary, d.outcome, d.offer, d.session, d.list_position, d.cost, d.reserved_for, cardinality(c.offers)
  FROM inclusion_data.run_result d JOIN inclusion_data.run_candidate c USING (run, perimeter, beneficiary) WHERE d.run = made;
END
$$;

-- each world in turn, alone; in the third and fourth, some hold a proposal that
-- they have not answered, of an offer that their short list does not reach
CREATE FUNCTION pg_temp.hold(world int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  held record;
  last_run constant bigint := (SELECT max(r.id) FROM inclusion_data.run r);
  made bigint;
BEGIN
  FOR held IN
    SELECT c.beneficiary, s.id AS session, s.offer FROM inclusion_data.session s
    JOIN inclusion_data.run_candidate c ON c.run = last_run AND c.offers[7] = s.offer WHERE s.id / 1000 = world AND c.beneficiary % 3 = 0
  LOOP
    CONTINUE WHEN (SELECT t.proposed >= t.capacity FROM inclusion_data.seat t WHERE t.session = held.session);
    INSERT INTO inclusion_data.proposal (perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
    VALUES ('DEP-27', held.beneficiary, held.offer, held.session, last_run, 7, 0.5, '2026-03-09') RETURNING id INTO made;
    INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
    SELECT made, 'DEP-27', v.n, v.a, v.b, inclusion.night_agent('DEP-27'), 'service'
    FROM (VALUES (1, 'none', 'candidate'), (2, 'candidate', 'proposed')) AS v (n, a, b);
    UPDATE inclusion_data.seat t SET proposed = t.proposed + 1 WHERE t.session = held.session;
  END LOOP;
END
$$;
CREATE FUNCTION pg_temp.leave(world int) RETURNS void LANGUAGE sql AS $$
  UPDATE inclusion_data.enrolment e SET withdrawn_on = '2026-03-03' WHERE e.beneficiary / 1000 = world;
  UPDATE inclusion_data.offer o SET teaches = NULL WHERE o.id / 1000 = world;
$$;
\o /dev/null
SELECT pg_temp.make_world(1), pg_temp.night(1, false), pg_temp.night(1, true), pg_temp.leave(1);
SELECT pg_temp.make_world(2), pg_temp.night(2, false), pg_temp.night(2, true), pg_temp.leave(2);
SELECT pg_temp.make_world(3), pg_temp.night(0, false), pg_temp.hold(3), pg_temp.night(3, false), pg_temp.night(3, true), pg_temp.leave(3);
SELECT pg_temp.make_world(4), pg_temp.night(0, false), pg_temp.hold(4), pg_temp.night(4, false), pg_temp.night(4, true);
\o

SELECT results_eq(
  format('SELECT beneficiary, outcome, offer, session, list_position, cost, reserved_for FROM outcome WHERE world = %s AND short ORDER BY beneficiary', w),
  format('SELECT beneficiary, outcome, offer, session, list_position, cost, reserved_for FROM outcome WHERE world = %s AND NOT short ORDER BY beneficiary', w),
  format('world %s: who gets what is what the longest lists give', w)) FROM generate_series(1, 4) w;
SELECT cmp_ok((SELECT count(*)::int FROM outcome WHERE world BETWEEN 1 AND 4 AND short AND list_position > 6), '>', 10, 'some find their place far down the list');
SELECT cmp_ok((SELECT count(*)::int FROM outcome WHERE world BETWEEN 1 AND 4 AND short AND listed = 2), '>', 10, 'and some lists stayed short');
SELECT cmp_ok((SELECT count(*)::int FROM outcome WHERE world BETWEEN 3 AND 4 AND short AND outcome = 'held'), '>', 0, 'some keep the place they held');
SELECT is((SELECT count(*)::int FROM outcome s JOIN inclusion_data.policy k ON true WHERE s.listed > k.max_list_length + 1), 0, 'no list is longer than the policy says');
SELECT is_empty('TABLE inclusion_data.run_need', 'needs leave with the night');

SELECT * FROM finish();
ROLLBACK;
