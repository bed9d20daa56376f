/*
 * 24_night_compute: who gets what, written down and checked.
 *
 * It writes the rows of its own run and nothing else.  Two allocations follow
 * each other, both by inclusion.allocate() on the same ranking: counted seats
 * (a place is promised), then, for who got none, a way to go to places whose
 * seats nobody counts, so many a week and a place (nothing is promised).
 */

-- The two queries given to inclusion.allocate() for counted seats: who applies
-- for what, and what there is.  Offers without counted seats stand on the lists
-- and are passed by: they have none to give.  Those who hold a seat of an offer
-- with reserves apply too, for that seat alone, under negative numbers: they
-- fill its reserves and cannot lose it.
CREATE FUNCTION inclusion.seat_applicants(run bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format(
    'SELECT c.rank AS applicant, c.rank, c.categories, c.offers, c.classes, c.held '
    'FROM inclusion_data.run_candidate c WHERE c.run = %1$s AND c.rank IS NOT NULL '
    'UNION ALL SELECT -h.n, -h.n, h.categories, ARRAY[h.offer], ARRAY[1], h.offer '
    'FROM (SELECT s.categories, s.offer, row_number() OVER (ORDER BY s.offer, s.categories, m) AS n '
    'FROM inclusion_data.run_holder s, generate_series(1, s.people) m WHERE s.run = %1$s) h', run)
$$;

CREATE FUNCTION inclusion.seat_offers(run bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format(
    'SELECT o.offer, CASE WHEN o.promised THEN o.capacity + coalesce(h.people, 0) ELSE 0 END AS capacity, o.reserves '
    'FROM inclusion_data.run_offer o '
    'LEFT JOIN (SELECT s.offer, sum(s.people) AS people FROM inclusion_data.run_holder s WHERE s.run = %1$s GROUP BY s.offer) h '
    'ON h.offer = o.offer WHERE o.run = %1$s', run)
$$;

-- The seats of an offer go session by session, earliest first, in rank order.
-- Who keeps the seat held keeps its session; who leaves it for a better one
-- leaves it to be given.
CREATE FUNCTION inclusion.compute_places(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason, offer, session, list_position, cost, reserved_for)
  WITH given AS MATERIALIZED (
    SELECT c.perimeter, c.beneficiary, c.rank, c.held, c.held_session, a.offer, a.list_position, a.offer IS NOT DISTINCT FROM c.held AS keeps,
           c.classes[a.list_position] AS class, c.costs[a.list_position] AS cost, k.audience AS reserved_for
    FROM inclusion.allocate(inclusion.seat_applicants(compute_places.run), inclusion.seat_offers(compute_places.run),
                            reserve_order => inclusion.night_reserve_order(compute_places.run)) a
    JOIN inclusion_data.run_candidate c ON c.run = compute_places.run AND c.rank = a.applicant
    LEFT JOIN inclusion.night_publics(compute_places.run) k ON k.n = a.reserved_for
    WHERE a.offer IS NOT NULL
  ), room AS (
    SELECT f.offer, f.session, f.free, sum(f.free) OVER (PARTITION BY f.offer ORDER BY s.starts_at, s.id) - f.free AS before
    FROM inclusion.freed_seats(compute_places.run, ARRAY(SELECT g.held_session FROM given g WHERE g.held IS NOT NULL AND NOT g.keeps)) f
    JOIN inclusion_data.session s ON s.id = f.session
  ), turn AS (
    SELECT g.*, row_number() OVER (PARTITION BY g.offer, g.keeps ORDER BY g.class, g.rank) AS n FROM given g
  )
  SELECT compute_places.run, t.perimeter, t.beneficiary, CASE WHEN t.keeps THEN 'held' ELSE 'proposed' END,
         CASE WHEN t.keeps THEN 'live_proposal' WHEN t.held IS NULL THEN 'placed' ELSE 'improved' END,
         t.offer, CASE WHEN t.keeps THEN t.held_session ELSE r.session END, t.list_position, t.cost, t.reserved_for
  FROM turn t
  LEFT JOIN room r ON r.offer = t.offer AND t.n > r.before AND t.n <= r.before + r.free;
END
$$;

-- Who ends without a seat, or with the one held before, at the end of a list
-- that could be longer, and might gain from it: what is left out of a list can
-- take them only where it has room, or somebody of a later rank, or a place
-- kept for some public.  With the length that is next, three times the last.
-- As soon as somebody is, those in the second half of theirs are taken along:
-- they are the next to be displaced, and each round costs an allocation.
CREATE FUNCTION inclusion.exhausted_lists(run bigint, OUT ranks bigint[], OUT lengths int[])
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  WITH given AS MATERIALIZED (
    SELECT a.applicant, a.offer, a.list_position
    FROM inclusion.allocate(inclusion.seat_applicants(exhausted_lists.run), inclusion.seat_offers(exhausted_lists.run),
                            reserve_order => inclusion.night_reserve_order(exhausted_lists.run)) a
  ), room AS (
    SELECT max(CASE WHEN coalesce(t.people, 0) < o.capacity + coalesce(h.people, 0) THEN 9223372036854775807 ELSE t.last_rank END) AS last_rank,
           coalesce(bool_or(o.reserves IS NOT NULL), false) AS reserved
    FROM inclusion_data.run_offer o
    LEFT JOIN (SELECT g.offer, count(*) AS people, max(g.applicant) AS last_rank FROM given g GROUP BY g.offer) t ON t.offer = o.offer
    LEFT JOIN (SELECT s.offer, sum(s.people) AS people FROM inclusion_data.run_holder s
               WHERE s.run = exhausted_lists.run GROUP BY s.offer) h ON h.offer = o.offer
    WHERE o.run = exhausted_lists.run AND o.promised
  ), short AS (
    SELECT c.rank, least(3 * c.asked_length, k.max_list_length) AS length,
           bool_or(a.offer IS NOT DISTINCT FROM c.held) OVER () AS any_exhausted
    FROM given a
    JOIN inclusion_data.run_candidate c ON c.run = exhausted_lists.run AND c.rank = a.applicant
    JOIN inclusion.night_policies(exhausted_lists.run) k ON k.perimeter = c.perimeter
    CROSS JOIN room r
    WHERE (a.offer IS NOT DISTINCT FROM c.held OR 2 * (a.list_position - 1) >= c.asked_length) AND c.asked_length < k.max_list_length
      AND cardinality(c.offers) >= c.asked_length + CASE WHEN c.held IS NULL THEN 0 ELSE 1 END
      AND (c.rank < r.last_rank OR r.reserved AND c.categories <> 0)
  )
  SELECT coalesce(array_agg(s.rank ORDER BY s.rank), '{}'), coalesce(array_agg(s.length ORDER BY s.rank), '{}')
  FROM short s WHERE s.any_exhausted
$$;

-- Those lists again, as long as they should be.
CREATE FUNCTION inclusion.lengthen_lists(run bigint, ranks bigint[], lengths int[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE inclusion_data.run_candidate c
  SET offers = l.offers, costs = l.costs, classes = array_fill(1, ARRAY[cardinality(l.offers)]), asked_length = l.asked_length
  FROM inclusion.night_lists(lengthen_lists.run, ranks, lengths) l
  WHERE c.run = lengthen_lists.run AND c.rank = l.rank;
  PERFORM inclusion.end_lists_with_held(lengthen_lists.run);
END
$$;

-- Longer lists for those who exhausted theirs, until nobody could gain: the
-- result is that of the longest lists for all, without their price.  Returns
-- how many times a list was lengthened.
CREATE FUNCTION inclusion.extend_lists(run bigint) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lengthened int := 0;
  exhausted record;
BEGIN
  LOOP
    exhausted := inclusion.exhausted_lists(extend_lists.run);
    EXIT WHEN cardinality(exhausted.ranks) = 0;
    PERFORM inclusion.lengthen_lists(extend_lists.run, exhausted.ranks, exhausted.lengths);
    lengthened := lengthened + cardinality(exhausted.ranks);
  END LOOP;
  RETURN lengthened;
END
$$;

-- The lists of those whom no seat was found for, over places whose seats nobody
-- counts: of a place met several times the best offer stands.  Those sent
-- somewhere this week are not sent again.
CREATE FUNCTION inclusion.orientation_lists(run bigint) RETURNS TABLE (rank bigint, pools bigint[], classes int[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  -- MATERIALIZED: only their lists are opened
  WITH left_out AS MATERIALIZED (
    SELECT c.rank, c.offers, c.classes FROM inclusion_data.run_candidate c
    WHERE c.run = orientation_lists.run AND c.rank IS NOT NULL
      AND NOT EXISTS (SELECT FROM inclusion_data.run_result d
                      WHERE d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary)
  ), entry AS (
    SELECT DISTINCT ON (c.rank, o.pool) c.rank, o.pool, l.class, l.n
    FROM left_out c
    CROSS JOIN LATERAL unnest(c.offers, c.classes) WITH ORDINALITY AS l (offer, class, n)
    JOIN inclusion_data.run_offer o ON o.run = orientation_lists.run AND o.offer = l.offer AND NOT o.promised
    ORDER BY c.rank, o.pool, l.n
  )
  SELECT e.rank, array_agg(e.pool ORDER BY e.n), array_agg(e.class ORDER BY e.n) FROM entry e GROUP BY e.rank
$$;

-- Each of them a way to go, as far as there is room.
CREATE FUNCTION inclusion.give_orientations(run bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason, offer, list_position, cost)
  SELECT DISTINCT ON (c.rank) c.run, c.perimeter, c.beneficiary, 'oriented',
         CASE WHEN o.unconfirmed THEN 'seats_unconfirmed' ELSE 'oriented' END, o.offer, l.n, c.costs[l.n]
  FROM inclusion.allocate(
    format('SELECT l.rank AS applicant, l.rank, l.pools AS offers, l.classes FROM inclusion.orientation_lists(%s) l', run),
    format('SELECT o.pool AS offer, min(o.capacity) AS capacity FROM inclusion_data.run_offer o '
           'WHERE o.run = %s AND NOT o.promised GROUP BY o.pool', run)) a
  JOIN inclusion_data.run_candidate c ON c.run = give_orientations.run AND c.rank = a.applicant
  JOIN inclusion_data.run_offer o ON o.run = c.run AND o.pool = a.offer AND NOT o.promised
  CROSS JOIN LATERAL (SELECT array_position(c.offers, o.offer) AS n) l
  WHERE l.n IS NOT NULL
  ORDER BY c.rank, l.n
$$;

-- As exhausted_lists, of those left without even a way to go: somewhere a place
-- has room, or somebody of a later rank.
CREATE FUNCTION inclusion.unoriented_lists(run bigint, OUT ranks bigint[], OUT lengths int[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH room AS (
    SELECT max(CASE WHEN coalesce(t.people, 0) < p.capacity THEN 9223372036854775807 ELSE t.last_rank END) AS last_rank
    FROM (SELECT o.pool, min(o.capacity) AS capacity FROM inclusion_data.run_offer o
          WHERE o.run = unoriented_lists.run AND NOT o.promised GROUP BY o.pool) p
    LEFT JOIN (SELECT o.pool, count(*) AS people, max(c.rank) AS last_rank
               FROM inclusion_data.run_result d
               JOIN inclusion_data.run_candidate c ON c.run = d.run AND c.perimeter = d.perimeter AND c.beneficiary = d.beneficiary
               JOIN inclusion_data.run_offer o ON o.run = d.run AND o.offer = d.offer
               WHERE d.run = unoriented_lists.run AND d.outcome = 'oriented' AND d.reason <> 'oriented_this_week'
               GROUP BY o.pool) t ON t.pool = p.pool
  )
  SELECT coalesce(array_agg(c.rank ORDER BY c.rank), '{}'), coalesce(array_agg(least(3 * c.asked_length, k.max_list_length) ORDER BY c.rank), '{}')
  FROM inclusion_data.run_candidate c
  JOIN inclusion.night_policies(unoriented_lists.run) k ON k.perimeter = c.perimeter
  JOIN room r ON c.rank < r.last_rank
  WHERE c.run = unoriented_lists.run AND c.asked_length < k.max_list_length AND cardinality(c.offers) >= c.asked_length
    AND NOT EXISTS (SELECT FROM inclusion_data.run_result d
                    WHERE d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary)
$$;

-- A way to go for who got no seat; what is given is taken back and given again
-- as long as longer lists could bring more.  Returns how many times a list was
-- lengthened.
CREATE FUNCTION inclusion.compute_orientations(run bigint) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lengthened int := 0;
  exhausted record;
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

  LOOP
    PERFORM inclusion.give_orientations(compute_orientations.run);
    exhausted := inclusion.unoriented_lists(compute_orientations.run);
    EXIT WHEN cardinality(exhausted.ranks) = 0;
    DELETE FROM inclusion_data.run_result d
    WHERE d.run = compute_orientations.run AND d.outcome = 'oriented' AND d.reason <> 'oriented_this_week';
    PERFORM inclusion.lengthen_lists(compute_orientations.run, exhausted.ranks, exhausted.lengths);
    lengthened := lengthened + cardinality(exhausted.ranks);
  END LOOP;
  RETURN lengthened;
END
$$;

-- Everybody else: who holds a live proposal, and who waits, with the reason
-- nearest to what would change it.
CREATE FUNCTION inclusion.compute_rest(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason, offer, session)
  SELECT c.run, c.perimeter, c.beneficiary, 'held', 'live_proposal', c.held, c.held_session
  FROM inclusion_data.run_candidate c
  WHERE c.run = compute_rest.run AND c.rank IS NULL;

  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason)
  WITH left_out AS MATERIALIZED (
    SELECT c.* FROM inclusion_data.run_candidate c
    WHERE c.run = compute_rest.run AND c.rank IS NOT NULL
      AND NOT EXISTS (SELECT FROM inclusion_data.run_result d
                      WHERE d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary)
  ), entry AS MATERIALIZED (
    SELECT c.rank, w.offer FROM left_out c CROSS JOIN LATERAL unnest(c.offers) AS w (offer)
  )
  SELECT c.run, c.perimeter, c.beneficiary, 'waiting',
         CASE WHEN l.rank IS NULL AND c.struck_off > 0 THEN 'all_refused'
              WHEN l.rank IS NULL AND b.longitude IS NULL THEN 'no_position'
              WHEN l.rank IS NULL THEN 'no_eligible_offer'
              WHEN l.uncounted > 0 THEN 'weekly_limit'
              WHEN l.sessions = 0 THEN 'no_session'
              ELSE 'all_full' END
  FROM left_out c
  LEFT JOIN inclusion_data.beneficiary b ON b.id = c.beneficiary AND b.perimeter = c.perimeter
  LEFT JOIN (
    SELECT e.rank, count(*) FILTER (WHERE NOT o.promised) AS uncounted, sum(o.sessions) AS sessions
    FROM entry e JOIN inclusion_data.run_offer o ON o.run = compute_rest.run AND o.offer = e.offer
    GROUP BY e.rank) l ON l.rank = c.rank;
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
                                              c.offers, c.costs, c.classes, c.categories, c.held, c.held_session))) AS hash
    FROM inclusion_data.run_candidate c WHERE c.run = night_input_digest.run
    UNION ALL
    SELECT inclusion.row_hash(record_send(ROW(o.offer, o.capacity_kind, o.pool, o.capacity, o.reserves)))
    FROM inclusion_data.run_offer o WHERE o.run = night_input_digest.run
    UNION ALL
    SELECT inclusion.row_hash(record_send(ROW(h.offer, h.categories, h.people)))
    FROM inclusion_data.run_holder h WHERE h.run = night_input_digest.run
    UNION ALL
    SELECT inclusion.row_hash(record_send(ROW(s.session, s.offer, s.free, s.free_before, s.answer_by)))
    FROM inclusion_data.run_session s WHERE s.run = night_input_digest.run) t
$$;

-- Digest of what was decided, a row a person.
CREATE FUNCTION inclusion.night_result_digest(run bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) || ':' || coalesce(sum(inclusion.row_hash(record_send(
           ROW(d.perimeter, d.beneficiary, d.outcome, d.reason, d.offer, d.session, d.list_position, d.cost, d.reserved_for)))), 0)
  FROM inclusion_data.run_result d WHERE d.run = night_result_digest.run
$$;

-- night_compute: lists, allocations, reasons, then the check that shares
-- nothing with the allocation.  IN311 if it finds anything.  The rows it joins
-- are its own, which no statistics describe yet: taken for few, they would be
-- joined by nested loops (minutes at 40 000 people instead of seconds).
CREATE FUNCTION inclusion.night_compute(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off SET enable_mergejoin = off SET jit = off SET work_mem = '64MB' AS $$
DECLARE
  violations text;
  extended int;
  yardstick jsonb;
BEGIN
  PERFORM inclusion.night_enter(night_compute.run, 'compute');
  PERFORM inclusion.compute_supply(night_compute.run);
  PERFORM inclusion.compute_people(night_compute.run);
  PERFORM inclusion.compute_lists(night_compute.run);
  PERFORM inclusion.compute_held(night_compute.run);
  PERFORM inclusion.compute_reserves(night_compute.run);
  extended := inclusion.extend_lists(night_compute.run);
  PERFORM inclusion.compute_places(night_compute.run);
  extended := extended + inclusion.compute_orientations(night_compute.run);
  DELETE FROM inclusion_data.run_need n WHERE n.run = night_compute.run;
  PERFORM inclusion.compute_rest(night_compute.run);
  PERFORM inclusion.compute_cutoffs(night_compute.run);
  PERFORM inclusion.compute_reserve_cutoffs(night_compute.run);

  SELECT string_agg(format('%s: %s', v.violation, v.detail), E'\n') INTO violations
  FROM (SELECT c.violation, c.detail FROM inclusion.check_allocation(night_compute.run) c LIMIT 10) v;
  IF violations IS NOT NULL THEN
    RAISE EXCEPTION 'the allocation of run % does not pass its check', run
      USING ERRCODE = 'IN311', DETAIL = violations, HINT = 'The list of the night before stays; nothing was published.';
  END IF;

  yardstick := inclusion.compute_prices(night_compute.run);
  UPDATE inclusion_data.run r
  SET verified = true, event_mark = inclusion.night_mark(r.id),
      input_digest = inclusion.night_input_digest(r.id), result_digest = inclusion.night_result_digest(r.id)
  WHERE r.id = night_compute.run;
  PERFORM inclusion.night_leave(night_compute.run, 'publish',
    inclusion.night_counts(night_compute.run) || jsonb_build_object('lists_extended', extended, 'yardstick', yardstick));
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

COMMENT ON FUNCTION inclusion.seat_applicants(bigint) IS 'Requête des personnes : qui demande quoi, avec ses publics et la place tenue.';
COMMENT ON FUNCTION inclusion.seat_offers(bigint) IS 'Requête des places : ce qu''il y a à donner, et ce qui en est réservé.';
COMMENT ON FUNCTION inclusion.exhausted_lists(bigint) IS 'Listes épuisées : rangs sans place qui gagneraient peut-être à une liste plus longue, et sa longueur.';
COMMENT ON FUNCTION inclusion.lengthen_lists(bigint, bigint[], int[]) IS 'Listes refaites : les mêmes, plus longues.';
COMMENT ON FUNCTION inclusion.extend_lists(bigint) IS 'Listes prolongées : triple la liste de qui a épuisé la sienne, tant que quelqu''un pourrait y gagner.';
COMMENT ON FUNCTION inclusion.orientation_lists(bigint) IS 'Listes vers les lieux : ceux dont personne ne compte les places, pour qui n''en a pas eu.';
COMMENT ON FUNCTION inclusion.give_orientations(bigint) IS 'Orientations données : à chacun un lieu, dans la limite de la semaine.';
COMMENT ON FUNCTION inclusion.unoriented_lists(bigint) IS 'Sans orientation : rangs qui gagneraient peut-être à une liste plus longue, et sa longueur.';
COMMENT ON FUNCTION inclusion.compute_places(bigint) IS 'Places proposées : offre par offre, la séance la plus proche d''abord.';
COMMENT ON FUNCTION inclusion.compute_orientations(bigint) IS 'Orientations : pour qui n''a pas de place, dans la limite de la semaine.';
COMMENT ON FUNCTION inclusion.compute_rest(bigint) IS 'Autres issues : proposition en cours, ou attente avec son motif.';
COMMENT ON FUNCTION inclusion.compute_cutoffs(bigint) IS 'Derniers rangs admis : par offre, pour les explications.';
COMMENT ON FUNCTION inclusion.row_hash(bytea) IS 'Empreinte d''une ligne : 60 bits du sha256 de sa forme binaire.';
COMMENT ON FUNCTION inclusion.night_input_digest(bigint) IS 'Empreinte des données : nombre de lignes et somme de leurs empreintes.';
COMMENT ON FUNCTION inclusion.night_result_digest(bigint) IS 'Empreinte du résultat : nombre de lignes et somme de leurs empreintes.';
COMMENT ON FUNCTION inclusion.night_compute(bigint) IS 'Nuit, deuxième phase : listes, répartition, motifs et contrôle indépendant.';
COMMENT ON FUNCTION inclusion.night_counts(bigint) IS 'Comptes d''une nuit : par issue et par motif.';
