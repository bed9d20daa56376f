/*
 * 50_allocation/24_night_compute: who gets what, written down and checked.
 *
 * It writes the rows of its own run and nothing else.  Two allocations follow
 * each other, both by inclusion.allocate() on the same ranking: counted seats
 * (a place is promised), then, for who got none, a way to go to places whose
 * seats nobody counts, so many a week and a place (nothing is promised).
 */

-- The coming sessions of the offers whose seats are counted: open, within the
-- horizon of the policy, not during a closure of the place.  `trusted` is false
-- where nobody confirmed the seats in time.
CREATE FUNCTION inclusion.night_sessions(run bigint)
RETURNS TABLE (session bigint, offer bigint, starts_at timestamptz, free int, answer_by date, trusted boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.id, o.id, s.starts_at, greatest(t.capacity - t.taken - t.proposed, 0),
         greatest(r.as_of, least(r.as_of + k.proposal_days, d.deadline - 1)),
         r.as_of - s.confirmed_on <= k.seat_trust_days
  FROM inclusion_data.run r
  CROSS JOIN inclusion.night_policies(r.id) k
  JOIN inclusion_data.offer o ON o.perimeter = k.perimeter AND o.capacity_kind IN ('seats', 'weekly')
  JOIN inclusion_data.session s ON s.offer = o.id AND s.state = 'open'
  JOIN inclusion_data.seat t ON t.session = s.id
  CROSS JOIN LATERAL (
    SELECT (s.starts_at AT TIME ZONE k.time_zone)::date AS first_day,
           (s.ends_at AT TIME ZONE k.time_zone - interval '1 microsecond')::date AS last_day) c
  -- one comes to a session when it starts, to a week until it ends
  CROSS JOIN LATERAL (SELECT CASE o.capacity_kind WHEN 'weekly' THEN c.last_day ELSE c.first_day END AS deadline) d
  WHERE r.id = night_sessions.run AND o.supply IS NOT NULL
    AND d.deadline > r.as_of AND c.first_day <= r.as_of + k.session_horizon_days
    AND NOT EXISTS (
      SELECT FROM inclusion_data.closure x WHERE x.place = coalesce(s.place, o.place)
        AND CASE o.capacity_kind WHEN 'weekly' THEN x.during @> daterange(greatest(c.first_day, r.as_of + 1), c.last_day, '[]')
                                 ELSE x.during && daterange(c.first_day, c.last_day, '[]') END)
$$;

-- What there is to give: sessions with their free seats, offers with their pool.
CREATE FUNCTION inclusion.compute_supply(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO inclusion_data.run_session (run, session, offer, free, free_before, answer_by)
  SELECT compute_supply.run, s.session, s.offer, s.free,
         sum(s.free) OVER (PARTITION BY s.offer ORDER BY s.starts_at, s.session) - s.free, s.answer_by
  FROM inclusion.night_sessions(compute_supply.run) s WHERE s.trusted;

  INSERT INTO inclusion_data.run_offer (run, offer, capacity_kind, unconfirmed, pool, capacity, sessions)
  WITH counted AS (
    SELECT s.offer, count(*) FILTER (WHERE s.trusted) AS trusted, sum(s.free) FILTER (WHERE s.trusted) AS free
    FROM inclusion.night_sessions(compute_supply.run) s GROUP BY s.offer
  ), sent AS (
    SELECT coalesce(o.place, -o.id) AS pool, count(*) AS people
    FROM inclusion_data.run r
    JOIN inclusion_data.orientation n ON n.week = inclusion.night_week(r.as_of)
    JOIN inclusion_data.offer o ON o.id = n.offer
    WHERE r.id = compute_supply.run GROUP BY 1
  )
  SELECT compute_supply.run, o.id,
         CASE WHEN f.fell_back THEN 'unknown' ELSE o.capacity_kind END, f.fell_back,
         CASE WHEN f.promised THEN o.id ELSE f.spot END,
         CASE WHEN f.promised THEN coalesce(c.free, 0) ELSE greatest(k.weekly_orientations - coalesce(n.people, 0), 0) END,
         coalesce(c.trusted, 0)
  FROM inclusion.night_policies(compute_supply.run) k
  JOIN inclusion_data.offer o ON o.perimeter = k.perimeter
  LEFT JOIN counted c ON c.offer = o.id
  CROSS JOIN LATERAL (
    SELECT o.capacity_kind IN ('seats', 'weekly') AND coalesce(c.trusted > 0, true) AS promised,
           o.capacity_kind IN ('seats', 'weekly') AND coalesce(c.trusted = 0, false) AS fell_back,
           coalesce(o.place, -o.id) AS spot) f
  LEFT JOIN sent n ON n.pool = f.spot
  WHERE o.supply IS NOT NULL AND 'learn' = ANY (o.families);
END
$$;

-- Who is on the list that day, and in which order.
--   grade     facts of the published grid answered 'yes' last, at most 3
--   priority  grade × days_per_grade + days waited (capped)
--   rank      by priority, then the day of enrolment, then the draw: sha256 of
--             'lottery key/perimeter/number', one draw for all offers; NULL for
--             who holds a live proposal
--   struck    offers the person declined, or has followed to the end
CREATE FUNCTION inclusion.night_people(run bigint)
RETURNS TABLE (perimeter text, beneficiary bigint, need inclusion.need, rank bigint, grade int, waiting_days int,
               priority int, list_length int, struck bigint[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH night AS (
    SELECT r.id, r.as_of, r.perimeters FROM inclusion_data.run r WHERE r.id = night_people.run
  ), fact AS (
    SELECT c.perimeter, c.beneficiary, c.item, (array_agg(c.answer ORDER BY c.recorded_on DESC, c.id DESC))[1] AS answer
    FROM night n JOIN inclusion_data.circumstance c ON c.perimeter = ANY (n.perimeters) AND c.recorded_on <= n.as_of
    GROUP BY c.perimeter, c.beneficiary, c.item
  ), graded AS (
    SELECT f.perimeter, f.beneficiary, least(count(*), 3)::int AS grade
    FROM fact f
    JOIN inclusion.night_policies(night_people.run) k ON k.perimeter = f.perimeter
    JOIN inclusion_data.policy_grid g ON g.policy = k.policy AND g.item = f.item
    WHERE f.answer = 'yes'
    GROUP BY f.perimeter, f.beneficiary
  ), struck AS (
    SELECT p.perimeter, p.beneficiary, array_agg(DISTINCT p.offer ORDER BY p.offer) AS offers
    FROM night n
    JOIN inclusion_data.proposal p ON p.perimeter = ANY (n.perimeters)
    JOIN inclusion_data.proposal_step s ON s.proposal = p.id AND s.perimeter = p.perimeter
    WHERE s.to_state = 'completed' OR s.to_state = 'declined' AND s.from_state IN ('proposed', 'to_reach')
    GROUP BY p.perimeter, p.beneficiary
  ), holding AS (
    SELECT DISTINCT w.perimeter, w.beneficiary
    FROM night n JOIN inclusion_data.proposal_now w ON w.perimeter = ANY (n.perimeters)
    WHERE w.live
  ), person AS (
    -- a withdrawal dated later leaves two enrolments open on one day: the first counts
    SELECT DISTINCT ON (m.perimeter, m.beneficiary)
           m.perimeter, m.beneficiary, m.need, e.enrolled_on, coalesce(g.grade, 0) AS grade,
           n.as_of - e.enrolled_on AS waiting_days, h.beneficiary IS NULL AS competes, k.list_length,
           coalesce(g.grade, 0) * k.days_per_grade + least(n.as_of - e.enrolled_on, k.max_waiting_days) AS priority,
           sha256(convert_to(k.lottery_key || '/' || m.perimeter || '/' || m.beneficiary, 'UTF8')) AS draw,
           coalesce(x.offers, '{}') AS struck
    FROM night n
    CROSS JOIN inclusion.needs_of(n.perimeters, n.as_of) m
    JOIN inclusion.night_policies(night_people.run) k ON k.perimeter = m.perimeter
    JOIN inclusion_data.enrolment e ON e.beneficiary = m.beneficiary AND e.perimeter = m.perimeter
      AND e.enrolled_on <= n.as_of AND (e.withdrawn_on IS NULL OR e.withdrawn_on > n.as_of)
    LEFT JOIN graded g ON g.perimeter = m.perimeter AND g.beneficiary = m.beneficiary
    LEFT JOIN struck x ON x.perimeter = m.perimeter AND x.beneficiary = m.beneficiary
    LEFT JOIN holding h ON h.perimeter = m.perimeter AND h.beneficiary = m.beneficiary
    ORDER BY m.perimeter, m.beneficiary, e.enrolled_on
  )
  SELECT p.perimeter, p.beneficiary, p.need,
         CASE WHEN p.competes THEN row_number() OVER (
           PARTITION BY p.competes ORDER BY p.priority DESC, p.enrolled_on, p.draw, p.perimeter, p.beneficiary) END,
         p.grade, p.waiting_days, p.priority, p.list_length, p.struck
  FROM person p
$$;

-- Everybody's list, or that of the ranks named: the offers that suit, best
-- first, ties by offer number, `times` as many as the policy says.  The night
-- looks past `open`: capacities decide.  Every person has the same class
-- everywhere: no offer has priorities of its own.
CREATE FUNCTION inclusion.compute_lists(run bigint, ranks bigint[] DEFAULT NULL, times int DEFAULT 1) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO inclusion_data.run_candidate AS e (run, perimeter, beneficiary, rank, grade, waiting_days, priority,
                                                 offers, costs, classes, struck_off)
  WITH given AS MATERIALIZED (
    SELECT o.id, inclusion.set_open(o.supply, true) AS supply
    FROM inclusion_data.run_offer r JOIN inclusion_data.offer o ON o.id = r.offer
    WHERE r.run = compute_lists.run
  )
  SELECT compute_lists.run, p.perimeter, p.beneficiary, p.rank, p.grade, p.waiting_days, p.priority,
         coalesce(l.offers, '{}'), coalesce(l.costs, '{}'), coalesce(l.classes, '{}'),
         CASE WHEN cardinality(p.struck) = 0 OR p.rank IS NULL THEN 0 ELSE (
           SELECT count(*) FROM given g
           WHERE g.id = ANY (p.struck) AND g.supply OPERATOR(inclusion.@@) p.need) END
  FROM inclusion.night_people(compute_lists.run) p
  CROSS JOIN LATERAL (
    SELECT array_agg(b.id ORDER BY b.cost, b.id) AS offers, array_agg(b.cost ORDER BY b.cost, b.id) AS costs,
           array_agg(1 ORDER BY b.cost, b.id) AS classes
    FROM (SELECT g.id, g.supply OPERATOR(inclusion.<=>) p.need AS cost
          FROM given g
          WHERE p.rank IS NOT NULL AND g.supply OPERATOR(inclusion.@@) p.need AND g.id <> ALL (p.struck)
          ORDER BY cost, g.id
          LIMIT p.list_length * compute_lists.times) b) l
  WHERE compute_lists.ranks IS NULL OR p.rank = ANY (compute_lists.ranks)
  ON CONFLICT ON CONSTRAINT run_candidate_pkey DO UPDATE
  SET offers = excluded.offers, costs = excluded.costs, classes = excluded.classes;
END
$$;

-- Who got no seat and has a list as long as the policy says may have more
-- offers further down.
CREATE FUNCTION inclusion.exhausted_ranks(run bigint) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(c.rank ORDER BY c.rank), '{}')
  FROM inclusion_data.run_candidate c
  JOIN inclusion.night_policies(exhausted_ranks.run) k ON k.perimeter = c.perimeter
  WHERE c.run = exhausted_ranks.run AND cardinality(c.offers) = k.list_length
    AND NOT EXISTS (SELECT FROM inclusion_data.run_result d
                    WHERE d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary)
$$;

-- The lists of one allocation, an entry a row: of a pool met several times on a
-- list the best offer stands.  Those sent somewhere this week are not sent
-- again, and who has a promised place needs no other way to go.
CREATE FUNCTION inclusion.run_entries(run bigint, promised boolean)
RETURNS TABLE (perimeter text, beneficiary bigint, rank bigint, pool bigint, list_position int, offer bigint, class int, cost float8)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  -- MATERIALIZED: lists are opened once, then joined as one table
  WITH entry AS MATERIALIZED (
    SELECT c.perimeter, c.beneficiary, c.rank, l.offer, l.class, l.cost, l.n
    FROM inclusion_data.run_candidate c
    CROSS JOIN LATERAL unnest(c.offers, c.classes, c.costs) WITH ORDINALITY AS l (offer, class, cost, n)
    WHERE c.run = run_entries.run AND c.rank IS NOT NULL
  ), settled AS MATERIALIZED (
    SELECT d.perimeter, d.beneficiary FROM inclusion_data.run_result d
    WHERE NOT run_entries.promised AND d.run = run_entries.run
      AND (d.outcome = 'proposed' OR d.reason = 'oriented_this_week')
  )
  SELECT DISTINCT ON (e.rank, o.pool) e.perimeter, e.beneficiary, e.rank, o.pool, e.n::int, e.offer, e.class, e.cost
  FROM entry e
  JOIN inclusion_data.run_offer o ON o.run = run_entries.run AND o.offer = e.offer AND o.promised = run_entries.promised
  WHERE NOT EXISTS (SELECT FROM settled d WHERE d.perimeter = e.perimeter AND d.beneficiary = e.beneficiary)
  ORDER BY e.rank, o.pool, e.n
$$;

-- One allocation: the entry each person keeps.
CREATE FUNCTION inclusion.run_allocation(run bigint, promised boolean)
RETURNS TABLE (perimeter text, beneficiary bigint, rank bigint, pool bigint, list_position int, offer bigint, class int, cost float8)
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.perimeter, e.beneficiary, e.rank, e.pool, e.list_position, e.offer, e.class, e.cost
  FROM inclusion.allocate(
    format('SELECT e.rank AS applicant, e.rank, array_agg(e.pool ORDER BY e.list_position) AS offers, '
           'array_agg(e.class ORDER BY e.list_position) AS classes '
           'FROM inclusion.run_entries(%s, %L) e GROUP BY e.rank', run, promised),
    format('SELECT o.pool AS offer, min(o.capacity) AS capacity FROM inclusion_data.run_offer o '
           'WHERE o.run = %s AND o.promised = %L GROUP BY o.pool', run, promised)) a
  JOIN inclusion.run_entries(run_allocation.run, run_allocation.promised) e ON e.rank = a.applicant AND e.pool = a.offer
$$;

-- The seats of an offer go session by session, earliest first, in rank order.
CREATE FUNCTION inclusion.compute_places(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason, offer, session, list_position, cost)
  SELECT compute_places.run, a.perimeter, a.beneficiary, 'proposed', 'placed', a.offer, s.session, a.list_position, a.cost
  FROM (SELECT m.*, row_number() OVER (PARTITION BY m.offer ORDER BY m.class, m.rank) AS turn
        FROM inclusion.run_allocation(compute_places.run, true) m) a
  LEFT JOIN inclusion_data.run_session s ON s.run = compute_places.run AND s.offer = a.offer
    AND a.turn > s.free_before AND a.turn <= s.free_before + s.free;
END
$$;

-- Places on lists of the policy's length, then again with lists three times as
-- long for those who exhausted theirs, until nobody does: the result is that of
-- long lists for all, without their price.  Returns how many were lengthened.
CREATE FUNCTION inclusion.compute_places_extending(run bigint) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  extended bigint[] := ARRAY[]::bigint[];
  exhausted bigint[];
BEGIN
  LOOP
    PERFORM inclusion.compute_places(compute_places_extending.run);
    SELECT array_agg(r) INTO exhausted FROM unnest(inclusion.exhausted_ranks(compute_places_extending.run)) r WHERE r <> ALL (extended);
    EXIT WHEN exhausted IS NULL;
    PERFORM inclusion.compute_lists(compute_places_extending.run, exhausted, 3);
    extended := extended || exhausted;
    DELETE FROM inclusion_data.run_result d WHERE d.run = compute_places_extending.run;
  END LOOP;
  RETURN cardinality(extended);
END
$$;

CREATE FUNCTION inclusion.compute_orientations(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- sent this week already: nothing new, as long as the offer is still on the list
  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason, offer, list_position, cost)
  SELECT DISTINCT ON (c.perimeter, c.beneficiary)
         c.run, c.perimeter, c.beneficiary, 'oriented', 'oriented_this_week', o.offer, l.n, c.costs[l.n]
  FROM inclusion_data.run r
  JOIN inclusion_data.run_candidate c ON c.run = r.id AND c.rank IS NOT NULL
  JOIN inclusion_data.orientation o ON o.beneficiary = c.beneficiary AND o.perimeter = c.perimeter
    AND o.week = inclusion.night_week(r.as_of)
  CROSS JOIN LATERAL (SELECT array_position(c.offers, o.offer) AS n) l
  WHERE r.id = compute_orientations.run AND l.n IS NOT NULL
    AND NOT EXISTS (SELECT FROM inclusion_data.run_result d
                    WHERE d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary)
  ORDER BY c.perimeter, c.beneficiary, l.n;

  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason, offer, list_position, cost)
  SELECT compute_orientations.run, a.perimeter, a.beneficiary, 'oriented',
         CASE WHEN o.unconfirmed THEN 'seats_unconfirmed' ELSE 'oriented' END, a.offer, a.list_position, a.cost
  FROM inclusion.run_allocation(compute_orientations.run, false) a
  JOIN inclusion_data.run_offer o ON o.run = compute_orientations.run AND o.offer = a.offer;
END
$$;

-- Everybody else: who holds a live proposal, and who waits, with the reason
-- nearest to what would change it.
CREATE FUNCTION inclusion.compute_rest(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason, offer, session)
  SELECT DISTINCT ON (c.perimeter, c.beneficiary)
         c.run, c.perimeter, c.beneficiary, 'held', 'live_proposal', w.offer, w.session
  FROM inclusion_data.run_candidate c
  JOIN inclusion_data.proposal_now w ON w.beneficiary = c.beneficiary AND w.perimeter = c.perimeter AND w.live
  WHERE c.run = compute_rest.run AND c.rank IS NULL
  ORDER BY c.perimeter, c.beneficiary, w.id DESC;

  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason)
  WITH entry AS MATERIALIZED (
    SELECT c.rank, w.offer FROM inclusion_data.run_candidate c CROSS JOIN LATERAL unnest(c.offers) AS w (offer)
    WHERE c.run = compute_rest.run
  )
  SELECT c.run, c.perimeter, c.beneficiary, 'waiting',
         CASE WHEN l.rank IS NULL AND c.struck_off > 0 THEN 'all_refused'
              WHEN l.rank IS NULL AND b.longitude IS NULL THEN 'no_position'
              WHEN l.rank IS NULL THEN 'no_eligible_offer'
              WHEN l.uncounted > 0 THEN 'weekly_limit'
              WHEN l.sessions = 0 THEN 'no_session'
              ELSE 'all_full' END
  FROM inclusion_data.run_candidate c
  LEFT JOIN inclusion_data.beneficiary b ON b.id = c.beneficiary AND b.perimeter = c.perimeter
  LEFT JOIN (
    SELECT e.rank, count(*) FILTER (WHERE NOT o.promised) AS uncounted, sum(o.sessions) AS sessions
    FROM entry e JOIN inclusion_data.run_offer o ON o.run = compute_rest.run AND o.offer = e.offer
    GROUP BY e.rank) l ON l.rank = c.rank
  WHERE c.run = compute_rest.run AND c.rank IS NOT NULL
    AND NOT EXISTS (SELECT FROM inclusion_data.run_result d
                    WHERE d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary);
END
$$;

-- How many each pool received, and the key of the last: what an explanation
-- compares with, without reading anybody else's row.
CREATE FUNCTION inclusion.compute_cutoffs(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE inclusion_data.run_offer o
  SET received = coalesce(p.received, 0), cutoff_class = p.key[1], cutoff_rank = p.key[2]
  FROM inclusion_data.run_offer a
  LEFT JOIN (
    SELECT h.promised, h.pool, count(*) AS received, max(ARRAY[c.classes[d.list_position], c.rank]) AS key
    FROM inclusion_data.run_result d
    JOIN inclusion_data.run_candidate c ON c.run = d.run AND c.perimeter = d.perimeter AND c.beneficiary = d.beneficiary
    JOIN inclusion_data.run_offer h ON h.run = d.run AND h.offer = d.offer
    WHERE d.run = compute_cutoffs.run AND d.outcome IN ('proposed', 'oriented') AND d.reason <> 'oriented_this_week'
    GROUP BY h.promised, h.pool) p ON p.promised = a.promised AND p.pool = a.pool
  WHERE o.run = compute_cutoffs.run AND a.run = o.run AND a.offer = o.offer;
END
$$;

-- 60 bits of the sha256 of a row in binary form.  A digest is the number of
-- rows, a colon and the sum of these over the rows: the order does not count,
-- and only built-in types enter.
CREATE FUNCTION inclusion.row_hash(bytes bytea) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ('x' || left(encode(sha256(bytes), 'hex'), 15))::bit(60)::bigint;

-- Digest of what was given to the allocation: lists, offers and sessions.
CREATE FUNCTION inclusion.night_input_digest(run bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) || ':' || coalesce(sum(t.hash), 0) FROM (
    SELECT inclusion.row_hash(record_send(ROW(c.perimeter, c.beneficiary, c.rank, c.grade, c.waiting_days, c.priority,
                                              c.offers, c.costs, c.classes))) AS hash
    FROM inclusion_data.run_candidate c WHERE c.run = night_input_digest.run
    UNION ALL
    SELECT inclusion.row_hash(record_send(ROW(o.offer, o.capacity_kind, o.pool, o.capacity)))
    FROM inclusion_data.run_offer o WHERE o.run = night_input_digest.run
    UNION ALL
    SELECT inclusion.row_hash(record_send(ROW(s.session, s.offer, s.free, s.free_before, s.answer_by)))
    FROM inclusion_data.run_session s WHERE s.run = night_input_digest.run) t
$$;

-- Digest of what was decided, a row a person.
CREATE FUNCTION inclusion.night_result_digest(run bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) || ':' || coalesce(sum(inclusion.row_hash(record_send(
           ROW(d.perimeter, d.beneficiary, d.outcome, d.reason, d.offer, d.session, d.list_position, d.cost)))), 0)
  FROM inclusion_data.run_result d WHERE d.run = night_result_digest.run
$$;

-- night_compute: lists, allocations, reasons, then the check that shares
-- nothing with the allocation.  IN311 if it finds anything.  The rows it joins
-- are its own, which no statistics describe yet: taken for few, they would be
-- joined by nested loops (minutes at 40 000 people instead of seconds).
CREATE FUNCTION inclusion.night_compute(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off SET jit = off AS $$
DECLARE
  violations text;
  extended int;
BEGIN
  PERFORM inclusion.night_enter(night_compute.run, 'compute');
  PERFORM inclusion.compute_supply(night_compute.run);
  PERFORM inclusion.compute_lists(night_compute.run);
  extended := inclusion.compute_places_extending(night_compute.run);
  PERFORM inclusion.compute_orientations(night_compute.run);
  PERFORM inclusion.compute_rest(night_compute.run);
  PERFORM inclusion.compute_cutoffs(night_compute.run);

  SELECT string_agg(format('%s: %s', v.violation, v.detail), E'\n') INTO violations
  FROM (SELECT c.violation, c.detail FROM inclusion.check_allocation(night_compute.run) c LIMIT 10) v;
  IF violations IS NOT NULL THEN
    RAISE EXCEPTION 'the allocation of run % does not pass its check', run
      USING ERRCODE = 'IN311', DETAIL = violations, HINT = 'The list of the night before stays; nothing was published.';
  END IF;

  UPDATE inclusion_data.run r
  SET verified = true, event_mark = inclusion.night_mark(r.id),
      input_digest = inclusion.night_input_digest(r.id), result_digest = inclusion.night_result_digest(r.id)
  WHERE r.id = night_compute.run;
  PERFORM inclusion.night_leave(night_compute.run, 'publish',
    inclusion.night_counts(night_compute.run) || jsonb_build_object('lists_extended', extended));
END
$$;

-- What a night counted, by outcome and by reason.
CREATE FUNCTION inclusion.night_counts(run bigint) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object(
    'people', (SELECT count(*) FROM inclusion_data.run_candidate c WHERE c.run = night_counts.run),
    'outcomes', (SELECT coalesce(jsonb_object_agg(o.outcome, o.people), '{}')
                 FROM (SELECT d.outcome, count(*) AS people FROM inclusion_data.run_result d
                       WHERE d.run = night_counts.run GROUP BY d.outcome) o),
    'reasons', (SELECT coalesce(jsonb_object_agg(o.reason, o.people), '{}')
                FROM (SELECT d.reason, count(*) AS people FROM inclusion_data.run_result d
                      WHERE d.run = night_counts.run GROUP BY d.reason) o),
    'offers', (SELECT count(*) FROM inclusion_data.run_offer o WHERE o.run = night_counts.run),
    'offers_unconfirmed', (SELECT count(*) FROM inclusion_data.run_offer o WHERE o.run = night_counts.run AND o.unconfirmed),
    'free_seats', (SELECT coalesce(sum(s.free), 0) FROM inclusion_data.run_session s WHERE s.run = night_counts.run))
$$;

COMMENT ON FUNCTION inclusion.night_sessions(bigint) IS 'Séances à venir : celles dont les places peuvent être proposées, et si elles sont confirmées.';
COMMENT ON FUNCTION inclusion.compute_supply(bigint) IS 'Ce qu''il y a à donner : places libres par séance, capacité par offre.';
COMMENT ON FUNCTION inclusion.night_people(bigint) IS 'Personnes de la file : rang, palier, attente, et offres à ne plus proposer.';
COMMENT ON FUNCTION inclusion.compute_lists(bigint, bigint[], int) IS 'Listes : les offres qui conviennent à chaque personne, la meilleure d''abord.';
COMMENT ON FUNCTION inclusion.exhausted_ranks(bigint) IS 'Listes épuisées : rangs sans place, dont la liste pourrait être plus longue.';
COMMENT ON FUNCTION inclusion.run_entries(bigint, boolean) IS 'Entrées des listes : une ligne par personne et par capacité partagée.';
COMMENT ON FUNCTION inclusion.run_allocation(bigint, boolean) IS 'Répartition : l''entrée que chaque personne obtient.';
COMMENT ON FUNCTION inclusion.compute_places(bigint) IS 'Places proposées : offre par offre, la séance la plus proche d''abord.';
COMMENT ON FUNCTION inclusion.compute_places_extending(bigint) IS 'Places, listes prolongées : triple la liste de qui a épuisé la sienne, et recommence.';
COMMENT ON FUNCTION inclusion.compute_orientations(bigint) IS 'Orientations : pour qui n''a pas de place, dans la limite de la semaine.';
COMMENT ON FUNCTION inclusion.compute_rest(bigint) IS 'Autres issues : proposition en cours, ou attente avec son motif.';
COMMENT ON FUNCTION inclusion.compute_cutoffs(bigint) IS 'Derniers rangs admis : par offre, pour les explications.';
COMMENT ON FUNCTION inclusion.row_hash(bytea) IS 'Empreinte d''une ligne : 60 bits du sha256 de sa forme binaire.';
COMMENT ON FUNCTION inclusion.night_input_digest(bigint) IS 'Empreinte des données : nombre de lignes et somme de leurs empreintes.';
COMMENT ON FUNCTION inclusion.night_result_digest(bigint) IS 'Empreinte du résultat : nombre de lignes et somme de leurs empreintes.';
COMMENT ON FUNCTION inclusion.night_compute(bigint) IS 'Nuit, deuxième phase : listes, répartition, motifs et contrôle indépendant.';
COMMENT ON FUNCTION inclusion.night_counts(bigint) IS 'Comptes d''une nuit : par issue et par motif.';
