-- The independent check on allocations of several classes and of publics that
-- overlap: it accepts what the rules give, finds each single exchange against
-- them, and says the same as a search of every claim, one by one.
--
-- Rows of a run are invented: no person stands behind, whose needs would be
-- asked again.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(16);

SELECT inclusion.create_perimeter('DEP-27', 'Eure');
SELECT inclusion.adopt_policy('DEP-27', '2026-01-01', 'clé', reserves => '{"seniors": 30, "job_seekers": 20}');
SELECT inclusion.night_start('2026-03-04') AS run \gset
UPDATE inclusion_data.run SET verified = true, event_mark = 0 WHERE id = :run;

-- One offer of `capacity` seats, people 1, 2, 3 … in the order of their ranks
CREATE FUNCTION pg_temp.world(run bigint, capacity int, reserves int[], classes int[], publics int[], placed int[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM inclusion_data.run_result d WHERE d.run = world.run;
  DELETE FROM inclusion_data.run_candidate d WHERE d.run = world.run;
  DELETE FROM inclusion_data.run_session d WHERE d.run = world.run;
  DELETE FROM inclusion_data.run_offer d WHERE d.run = world.run;
  INSERT INTO inclusion_data.run_offer (run, offer, capacity_kind, unconfirmed, pool, capacity, sessions, reserves)
  VALUES (world.run, 1, 'seats', false, 1, world.capacity, 1, world.reserves);
  INSERT INTO inclusion_data.run_session (run, session, offer, free, free_before, answer_by) VALUES (world.run, 1, 1, world.capacity, 0, '2026-03-10');
  INSERT INTO inclusion_data.run_candidate (run, perimeter, beneficiary, rank, grade, waiting_days, priority, offers, costs, classes, categories)
  SELECT world.run, 'DEP-27', i, i, 0, 100 - i, 100 - i, '{1}', '{0.5}', ARRAY[world.classes[i]], coalesce(world.publics[i], 0) FROM generate_subscripts(world.classes, 1) i;
  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason, offer, session, list_position, cost)
  SELECT world.run, 'DEP-27', i, CASE WHEN p.yes THEN 'proposed' ELSE 'waiting' END, CASE WHEN p.yes THEN 'placed' ELSE 'all_full' END,
         CASE WHEN p.yes THEN 1 END, CASE WHEN p.yes THEN 1 END, CASE WHEN p.yes THEN 1 END, CASE WHEN p.yes THEN 0.5 END
  FROM generate_subscripts(world.classes, 1) i CROSS JOIN LATERAL (SELECT i = ANY (world.placed) AS yes) p;
  RETURN (SELECT string_agg(c.violation || coalesce(' ' || c.beneficiary, ''), ', ' ORDER BY c.violation, c.beneficiary) FROM inclusion.check_allocation(world.run) c);
END
$$;

-- Classes

SELECT is(pg_temp.world(:run, 2, NULL, '{2,1,1,2}', '{}', '{2,3}'), NULL, 'a class comes before any rank');
SELECT is(pg_temp.world(:run, 2, NULL, '{2,1,1,2}', '{}', '{1,2}'), 'envy 3', 'a place given by rank to a lesser class');
SELECT is(pg_temp.world(:run, 2, NULL, '{2,1,1,2}', '{}', '{2,4}'), 'envy 3', 'one is named: the first with a claim');
SELECT is(pg_temp.world(:run, 3, NULL, '{2,1,1,2}', '{}', '{2,3,4}'), 'envy 1', 'in a class, by rank');
SELECT is(pg_temp.world(:run, 2, NULL, '{255,254,1,2}', '{}', '{3,4}'), NULL, 'up to class 255');
SELECT is(pg_temp.world(:run, 1, NULL, '{1,2}', '{}', '{1,2}'), 'over_capacity, session', 'one person too many');
SELECT is(pg_temp.world(:run, 3, NULL, '{3,1}', '{}', '{2}'), 'waste 1', 'whatever the class, a seat is not left empty');

-- Classes and publics: one seat of two is kept for the second public of the night (bit 2)

SELECT is(pg_temp.world(:run, 2, '{0,1}', '{1,1,3,2}', '{0,0,2,2}', '{1,4}'), NULL, 'of a public, the first class');
SELECT is(pg_temp.world(:run, 2, '{0,1}', '{1,1,3,2}', '{0,0,2,2}', '{1,3}'), 'envy 4', 'a reserved place given to a lesser class of the public');
SELECT is(pg_temp.world(:run, 2, '{0,1}', '{1,1,3,2}', '{0,0,2,2}', '{1,2}'), 'reserve_unmet 4', 'to nobody of the public, though of the last class');
SELECT is(pg_temp.world(:run, 2, '{0,1}', '{1,1,1,2}', '{0,0,2,2}', '{3,4}'), 'envy 1', 'a public has no more than its places by right');

-- What allocate gives on many instances, then with one place moved: the check
-- names claims where, and only where, a search of each of them finds one

CREATE FUNCTION pg_temp.draw(seed int, below int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT mod(hashint8extended(seed, 7) & 2147483647, below)::int $$;
-- Reserved places that such people fill, one by one, and the most of them that can be
CREATE FUNCTION pg_temp.filled(reserves int[], publics int[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT min(reserves[1] * (s & 1) + reserves[2] * (s >> 1) + (SELECT count(*) FROM unnest(publics) p WHERE p & ~s <> 0))::int FROM generate_series(0, 3) s
$$;
-- Does the offer choose the person, among those it received and the person?  By
-- the definition: first whoever fills one more reserved place, then the others
CREATE FUNCTION pg_temp.is_chosen(run bigint, person bigint, asked bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  place record;
  one record;
  kept bigint[] := '{}';
  publics int[] := '{}';
BEGIN
  SELECT o.capacity, coalesce(o.reserves, '{0,0}') AS reserves INTO place FROM inclusion_data.run_offer o WHERE o.run = is_chosen.run AND o.offer = asked;
  FOR turn IN 1 .. 2 LOOP
    FOR one IN
      SELECT c.beneficiary, c.categories FROM inclusion_data.run_candidate c
      LEFT JOIN inclusion_data.run_result d ON d.run = c.run AND d.beneficiary = c.beneficiary
      WHERE c.run = is_chosen.run AND (d.offer = asked OR c.beneficiary = person)
      ORDER BY c.classes[array_position(c.offers, asked)], c.rank
    LOOP
      CONTINUE WHEN one.beneficiary = ANY (kept) OR cardinality(kept) >= place.capacity
        OR turn = 1 AND pg_temp.filled(place.reserves, publics || one.categories) = pg_temp.filled(place.reserves, publics);
      kept := kept || one.beneficiary;
      publics := publics || one.categories;
    END LOOP;
  END LOOP;
  RETURN person = ANY (kept);
END
$$;
-- Offers that somebody has a claim on
CREATE FUNCTION pg_temp.claimed(run bigint) RETURNS bigint[] LANGUAGE sql AS $$
  SELECT coalesce(array_agg(DISTINCT w.offer ORDER BY w.offer), '{}')
  FROM inclusion_data.run_candidate c
  JOIN inclusion_data.run_result d ON d.run = c.run AND d.beneficiary = c.beneficiary
  CROSS JOIN LATERAL unnest(c.offers) WITH ORDINALITY w (offer, n)
  WHERE c.run = $1 AND w.n < coalesce(d.list_position, 99) AND pg_temp.is_chosen($1, c.beneficiary, w.offer)
$$;
CREATE FUNCTION pg_temp.named(run bigint) RETURNS bigint[] LANGUAGE sql AS $$
  SELECT coalesce(array_agg(DISTINCT c.offer ORDER BY c.offer), '{}') FROM inclusion.check_allocation($1) c WHERE c.violation IN ('waste', 'envy', 'reserve_unmet')
$$;
-- An instance of 14 people and 4 offers, allocated
CREATE FUNCTION pg_temp.instance(run bigint, seed int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.world(run, 1, NULL, '{}', '{}', '{}');
  DELETE FROM inclusion_data.run_session d WHERE d.run = instance.run;
  DELETE FROM inclusion_data.run_offer d WHERE d.run = instance.run;
  INSERT INTO inclusion_data.run_offer (run, offer, capacity_kind, unconfirmed, pool, capacity, sessions, reserves)
  SELECT instance.run, i, 'seats', false, i, k.capacity, 1,
         CASE WHEN pg_temp.draw(seed * 10 + i + 500000, 3) > 0 THEN ARRAY[k.capacity / 3, k.capacity - k.capacity / 3 - k.capacity / 2] END
  FROM generate_series(1, 4) i CROSS JOIN LATERAL (SELECT pg_temp.draw(seed * 10 + i, 5) AS capacity) k;
  INSERT INTO inclusion_data.run_candidate (run, perimeter, beneficiary, rank, grade, waiting_days, priority, offers, costs, classes, categories)
  SELECT instance.run, 'DEP-27', i, i, 0, 100 - i, 100 - i, l.offers, array_fill(0.5::float8, ARRAY[3]), l.classes, pg_temp.draw(seed * 100 + i + 100000, 4)
  FROM generate_series(1, 14) i CROSS JOIN LATERAL (
    SELECT (array_agg(o ORDER BY pg_temp.draw(seed * 1000 + i * 10 + o, 1000), o))[:3]::bigint[] AS offers,
           (array_agg(1 + pg_temp.draw(seed * 1000 + i * 10 + o + 300000, 3)))[:3] AS classes
    FROM generate_series(1, 4) o) l;
  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason, offer, list_position)
  SELECT instance.run, 'DEP-27', a.applicant, CASE WHEN a.offer IS NULL THEN 'waiting' ELSE 'proposed' END, CASE WHEN a.offer IS NULL THEN 'all_full' ELSE 'placed' END,
         a.offer, a.list_position
  FROM inclusion.allocate(inclusion.seat_applicants(instance.run), inclusion.seat_offers(instance.run)) a;
END
$$;
-- A person is given the place of another at the same offer, or one more place, or none
CREATE FUNCTION pg_temp.disturb(run bigint, seed int) RETURNS void LANGUAGE sql AS $$
  UPDATE inclusion_data.run_result d
  SET (outcome, reason, offer, list_position) = (
    SELECT CASE WHEN t.offer IS NULL THEN 'waiting' ELSE 'proposed' END, CASE WHEN t.offer IS NULL THEN 'all_full' ELSE 'placed' END, t.offer,
           CASE WHEN t.offer IS NOT NULL THEN array_position(c.offers, t.offer) END
    FROM inclusion_data.run_candidate c
    CROSS JOIN LATERAL (SELECT CASE pg_temp.draw(seed + 700000, 4) WHEN 0 THEN NULL ELSE c.offers[1 + pg_temp.draw(seed + 800000 + c.beneficiary::int, 3)] END AS offer) t
    WHERE c.run = d.run AND c.beneficiary = d.beneficiary)
  WHERE d.run = $1 AND d.beneficiary IN (1 + pg_temp.draw(seed + 900000, 14), 1 + pg_temp.draw(seed + 950000, 14))
$$;
CREATE TEMPORARY TABLE tried (seed int, claimed_before bigint[], named_before bigint[], claimed bigint[], named bigint[], over boolean);
CREATE FUNCTION pg_temp.try(run bigint, seeds int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  FOR n IN 1 .. seeds LOOP
    PERFORM pg_temp.instance(run, n);
    INSERT INTO tried (seed, claimed_before, named_before) SELECT n, pg_temp.claimed(run), pg_temp.named(run);
    PERFORM pg_temp.disturb(run, n);
    UPDATE tried t SET claimed = pg_temp.claimed(run), named = pg_temp.named(run),
           over = EXISTS (SELECT FROM inclusion.check_allocation(run) c WHERE c.violation = 'over_capacity') WHERE t.seed = n;
  END LOOP;
END
$$;
SELECT pg_temp.try(:run, 30);
SELECT is_empty('SELECT * FROM tried WHERE claimed_before <> ''{}''', 'no claim on what allocate gives');
SELECT is_empty('SELECT * FROM tried WHERE named_before <> ''{}''', 'and the check names none');
SELECT is_empty('SELECT * FROM tried WHERE NOT over AND claimed <> named', 'disturbed, it names the offers that a search finds claims on, and no other');
SELECT ok((SELECT count(*) FILTER (WHERE claimed <> '{}' AND NOT over) > 8 AND count(*) FILTER (WHERE claimed = '{}') > 1 FROM tried), 'some have claims, some have none');

-- A country's night is checked by several processes: one unsafe function would forbid it
SELECT is_empty($$ SELECT f.oid::regprocedure FROM pg_proc f JOIN pg_proc c ON c.oid = 'inclusion.check_allocation(bigint)'::regprocedure
  WHERE f.pronamespace IN ('inclusion'::regnamespace, 'inclusion_data'::regnamespace) AND f.proparallel = 'u' AND c.prosrc ~ ('inclusion(_data)?\.' || f.proname || '\(') $$,
  'nothing the check calls keeps it to one process');

SELECT * FROM finish();
ROLLBACK;
