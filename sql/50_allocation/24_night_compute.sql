/*
 * 24_night_compute: who gets what, written down and checked.
 *
 * It writes the rows of its own run and nothing else.  Two allocations follow
 * each other, both by inclusion.allocate_growing() on the same ranking: counted
 * seats (a place is promised), then, for who got none, a way to go to places
 * whose seats nobody counts, so many a week and a place (nothing is promised).
 */

-- The two queries given to inclusion.allocate() for counted seats: who applies
-- for what, and what there is.  Offers without counted seats stand on the lists
-- and are passed by: they have none to give.  Those who hold a seat of an offer
-- with reserves apply too, for that seat alone, under negative numbers: they
-- fill its reserves and cannot lose it.
CREATE FUNCTION inclusion.holding_applicants(run bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format(
    'SELECT -h.n AS applicant, -h.n AS rank, h.categories, ARRAY[h.offer] AS offers, ARRAY[1] AS classes, h.offer AS held '
    'FROM (SELECT s.categories, s.offer, row_number() OVER (ORDER BY s.offer, s.categories, m) AS n '
    'FROM inclusion_data.run_holder s, generate_series(1, s.people) m WHERE s.run = %1$s) h', run)
$$;

CREATE FUNCTION inclusion.seat_applicants(run bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format(
    'SELECT c.rank AS applicant, c.rank, c.categories, c.offers, c.classes, c.held '
    'FROM inclusion_data.run_candidate c WHERE c.run = %1$s AND c.rank IS NOT NULL '
    'UNION ALL %2$s', run, inclusion.holding_applicants(run))
$$;

CREATE FUNCTION inclusion.seat_offers(run bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format(
    'SELECT o.offer, CASE WHEN o.promised THEN o.capacity + coalesce(h.people, 0) ELSE 0 END AS capacity, o.reserves '
    'FROM inclusion_data.run_offer o '
    'LEFT JOIN (SELECT s.offer, sum(s.people) AS people FROM inclusion_data.run_holder s WHERE s.run = %1$s GROUP BY s.offer) h '
    'ON h.offer = o.offer WHERE o.run = %1$s', run)
$$;

-- The same for lists that grow: as far as they were looked for, the place held
-- after what is preferred to it.
CREATE FUNCTION inclusion.growing_applicants(run bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format(
    'SELECT l.rank AS applicant, l.rank, l.categories, CASE WHEN l.held IS NULL THEN l.offers '
    'ELSE l.offers[:coalesce(array_position(l.offers, l.held), cardinality(l.offers) + 1) - 1] || l.held END AS offers, l.held, '
    'l.asked, k.max_list_length AS most, l.known '
    'FROM inclusion_data.run_list l JOIN inclusion.night_policies(%1$s) k ON k.perimeter = l.perimeter WHERE l.run = %1$s '
    'UNION ALL SELECT h.applicant, h.rank, h.categories, h.offers, h.held, 0, 0, 0 FROM (%2$s) h',
    run, inclusion.holding_applicants(run))
$$;

-- Who gets a seat, once no list could be longer with profit: by rank, with how
-- far each list counted; and whose should be looked for further first, and how.
CREATE FUNCTION inclusion.growing_places(run bigint, OUT ranks bigint[], OUT positions int[], OUT reserved int[], OUT asked int[],
                                         OUT lengthened bigint, OUT short_ranks bigint[], OUT short_lengths int[])
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  WITH given AS MATERIALIZED (
    SELECT a.* FROM inclusion.allocate_growing(inclusion.growing_applicants(growing_places.run), inclusion.seat_offers(growing_places.run),
                                               inclusion.night_reserve_order(growing_places.run)) a
    WHERE a.applicant > 0
  ), short AS (
    SELECT g.applicant, g.asked FROM given g JOIN inclusion_data.run_list l ON l.run = growing_places.run AND l.rank = g.applicant
    WHERE g.asked > l.known AND cardinality(l.offers) >= l.known
  )
  SELECT array_agg(g.applicant), array_agg(g.list_position), array_agg(g.reserved_for), array_agg(g.asked), coalesce(sum(g.lengthened), 0),
         (SELECT array_agg(s.applicant) FROM short s), (SELECT array_agg(s.asked) FROM short s)
  FROM given g
$$;

-- Everybody who is on the list, with theirs as far as it counted.  Every person
-- has the same class everywhere: no offer has priorities of its own.
CREATE FUNCTION inclusion.keep_lists(run bigint, ranks bigint[], asked int[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO inclusion_data.run_candidate (run, perimeter, beneficiary, rank, grade, waiting_days, priority, categories,
                                            held, held_session, struck_off, asked_length, offers, costs, classes)
  SELECT n.run, n.perimeter, n.beneficiary, n.rank, n.grade, n.waiting_days, n.priority, n.categories,
         n.held, n.held_session, n.struck_off, coalesce(g.asked, n.list_length), s.offers, s.costs, array_fill(1, ARRAY[cardinality(s.offers)])
  FROM inclusion_data.run_need n
  LEFT JOIN unnest(ranks, asked) AS g (rank, asked) ON g.rank = n.rank
  LEFT JOIN inclusion_data.run_list l ON l.run = keep_lists.run AND l.rank = n.rank
  CROSS JOIN LATERAL (SELECT coalesce(l.offers[:g.asked], '{}') AS offers, coalesce(l.costs[:g.asked], '{}') AS costs) s
  WHERE n.run = keep_lists.run;
  PERFORM inclusion.end_lists_with_held(keep_lists.run);
END
$$;

-- The seats of an offer go session by session, earliest first, in rank order.
-- Who keeps the seat held keeps its session; who leaves it for a better one
-- leaves it to be given.  Positions and publics beside ranks.
CREATE FUNCTION inclusion.give_seats(run bigint, ranks bigint[], positions int[], reserved int[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason, offer, session, list_position, cost, reserved_for)
  WITH given AS MATERIALIZED (
    SELECT c.perimeter, c.beneficiary, c.rank, c.held, c.held_session, o.offer, a.list_position, o.offer IS NOT DISTINCT FROM c.held AS keeps,
           c.classes[a.list_position] AS class, c.costs[a.list_position] AS cost, k.audience AS reserved_for
    FROM unnest(ranks, positions, reserved) AS a (rank, list_position, reserved_for)
    JOIN inclusion_data.run_candidate c ON c.run = give_seats.run AND c.rank = a.rank
    CROSS JOIN LATERAL (SELECT c.offers[a.list_position] AS offer) o
    LEFT JOIN inclusion.night_publics(give_seats.run) k ON k.n = a.reserved_for
    WHERE a.list_position IS NOT NULL
  ), room AS (
    SELECT f.offer, f.session, f.free, sum(f.free) OVER (PARTITION BY f.offer ORDER BY s.starts_at, s.id) - f.free AS before
    FROM inclusion.freed_seats(give_seats.run, ARRAY(SELECT g.held_session FROM given g WHERE g.held IS NOT NULL AND NOT g.keeps)) f
    JOIN inclusion_data.session s ON s.id = f.session
  ), turn AS (
    SELECT g.*, row_number() OVER (PARTITION BY g.offer, g.keeps ORDER BY g.class, g.rank) AS n FROM given g
  )
  SELECT give_seats.run, t.perimeter, t.beneficiary, CASE WHEN t.keeps THEN 'held' ELSE 'proposed' END,
         CASE WHEN t.keeps THEN 'live_proposal' WHEN t.held IS NULL THEN 'placed' ELSE 'improved' END,
         t.offer, CASE WHEN t.keeps THEN t.held_session ELSE r.session END, t.list_position, t.cost, t.reserved_for
  FROM turn t
  LEFT JOIN room r ON r.offer = t.offer AND t.n > r.before AND t.n <= r.before + r.free;
END
$$;

-- Who gets which seat, on lists as long as anybody could gain from: the result is
-- that of the longest lists for all, without their price.  Returns how many times
-- a list was lengthened.
CREATE FUNCTION inclusion.compute_places(run bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given record;
BEGIN
  LOOP
    given := inclusion.growing_places(compute_places.run);
    EXIT WHEN given.short_ranks IS NULL;
    UPDATE inclusion_data.run_list l SET offers = n.offers, costs = n.costs, known = n.known
    FROM inclusion.night_lists(compute_places.run, given.short_ranks, given.short_lengths) n
    WHERE l.run = compute_places.run AND l.rank = n.rank;
  END LOOP;
  PERFORM inclusion.keep_lists(compute_places.run, given.ranks, given.asked);
  PERFORM inclusion.give_seats(compute_places.run, given.ranks, given.positions, given.reserved);
  RETURN given.lengthened;
END
$$;

-- The two queries for places whose seats nobody counts: the lists of those whom
-- no seat was found for, but those sent somewhere this week; and the offers, of
-- which those of a place share what it can take.  Counted seats have none left.
CREATE FUNCTION inclusion.orientation_applicants(run bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format(
    'SELECT c.rank AS applicant, c.rank, c.offers, c.classes, 0 AS asked, 0 AS most, 0 AS known '
    'FROM inclusion_data.run_candidate c WHERE c.run = %1$s AND c.rank IS NOT NULL '
    'AND NOT EXISTS (SELECT FROM inclusion_data.run_result d '
    'WHERE d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary)', run)
$$;

CREATE FUNCTION inclusion.orientation_offers(run bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format(
    'SELECT o.offer, CASE WHEN o.promised THEN 0 ELSE p.capacity END AS capacity, '
    'CASE WHEN o.offer <> p.first THEN p.first END AS shares_with '
    'FROM inclusion_data.run_offer o '
    'LEFT JOIN (SELECT u.pool, min(u.capacity) AS capacity, min(u.offer) AS first FROM inclusion_data.run_offer u '
    'WHERE u.run = %1$s AND NOT u.promised GROUP BY u.pool) p ON NOT o.promised AND p.pool = o.pool '
    'WHERE o.run = %1$s ORDER BY o.offer', run)
$$;

-- Each of them a way to go, as far as there is room.
CREATE FUNCTION inclusion.give_orientations(run bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason, offer, list_position, cost)
  SELECT c.run, c.perimeter, c.beneficiary, 'oriented',
         CASE WHEN o.unconfirmed THEN 'seats_unconfirmed' ELSE 'oriented' END, o.offer, a.list_position, c.costs[a.list_position]
  FROM inclusion.allocate_growing(inclusion.orientation_applicants(give_orientations.run),
                                  inclusion.orientation_offers(give_orientations.run), 'reserve_first') a
  JOIN inclusion_data.run_candidate c ON c.run = give_orientations.run AND c.rank = a.applicant
  JOIN inclusion_data.run_offer o ON o.run = c.run AND o.offer = c.offers[a.list_position]
  WHERE a.list_position IS NOT NULL
$$;

-- Who is left without even a way to go at the end of a list that could be longer,
-- and might gain from it: somewhere a place has room, or somebody of a later
-- rank.  With the length that is next, three times the last.
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

-- Their lists again, as long as they should be.
CREATE FUNCTION inclusion.lengthen_lists(run bigint, ranks bigint[], lengths int[]) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inclusion_data.run_candidate c
  SET offers = l.offers, costs = l.costs, classes = array_fill(1, ARRAY[cardinality(l.offers)]), asked_length = l.known
  FROM inclusion.night_lists(lengthen_lists.run, ranks, lengths) l
  WHERE c.run = lengthen_lists.run AND c.rank = l.rank
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

-- night_compute: lists, allocations, reasons, then the check that shares
-- nothing with the allocation.  IN311 if it finds anything.  The rows it joins
-- are its own, which no statistics describe yet: taken for few, they would be
-- joined by nested loops (minutes at 40 000 people instead of seconds).
CREATE FUNCTION inclusion.night_compute(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off SET enable_mergejoin = off SET jit = off SET work_mem = '64MB' AS $$
DECLARE
  extended bigint;
  proof record;
BEGIN
  PERFORM inclusion.night_enter(night_compute.run, 'compute');
  PERFORM inclusion.compute_supply(night_compute.run);
  PERFORM inclusion.compute_people(night_compute.run);
  PERFORM inclusion.compute_lists(night_compute.run);
  PERFORM inclusion.compute_held(night_compute.run);
  PERFORM inclusion.compute_reserves(night_compute.run);
  extended := inclusion.compute_places(night_compute.run);
  extended := extended + inclusion.compute_orientations(night_compute.run);
  DELETE FROM inclusion_data.run_need n WHERE n.run = night_compute.run;
  DELETE FROM inclusion_data.run_list l WHERE l.run = night_compute.run;
  PERFORM inclusion.compute_rest(night_compute.run);
  PERFORM inclusion.compute_cutoffs(night_compute.run);
  PERFORM inclusion.compute_reserve_cutoffs(night_compute.run);

  proof := inclusion.compute_proof(night_compute.run);
  IF proof.violations IS NOT NULL THEN
    RAISE EXCEPTION 'the allocation of run % does not pass its check', run
      USING ERRCODE = 'IN311', DETAIL = array_to_string(proof.violations[:10], E'\n'), HINT = 'The list of the night before stays; nothing was published.';
  END IF;
  PERFORM inclusion.night_leave(night_compute.run, 'publish',
    inclusion.night_counts(night_compute.run) || jsonb_build_object('lists_extended', extended, 'yardstick', proof.yardstick));
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
COMMENT ON FUNCTION inclusion.holding_applicants(bigint) IS 'Requête des places tenues : qui en tient une d''une offre qui en réserve, et ne peut la perdre.';
COMMENT ON FUNCTION inclusion.growing_applicants(bigint) IS 'Requête des listes à prolonger : qui demande quoi, aussi loin que l''on a cherché.';
COMMENT ON FUNCTION inclusion.growing_places(bigint) IS 'Places sur listes prolongées : qui en a une, jusqu''où chaque liste a compté, et celles à chercher plus loin.';
COMMENT ON FUNCTION inclusion.keep_lists(bigint, bigint[], int[]) IS 'Listes gardées : chacune aussi loin qu''elle a compté.';
COMMENT ON FUNCTION inclusion.give_seats(bigint, bigint[], int[], int[]) IS 'Places données : offre par offre, la séance la plus proche d''abord.';
COMMENT ON FUNCTION inclusion.lengthen_lists(bigint, bigint[], int[]) IS 'Listes refaites : les mêmes, plus longues.';
COMMENT ON FUNCTION inclusion.orientation_applicants(bigint) IS 'Requête des personnes sans place : qui peut aller où.';
COMMENT ON FUNCTION inclusion.orientation_offers(bigint) IS 'Requête des lieux : combien chacun peut encore accueillir, toutes ses offres réunies.';
COMMENT ON FUNCTION inclusion.give_orientations(bigint) IS 'Orientations données : à chacun un lieu, dans la limite de la semaine.';
COMMENT ON FUNCTION inclusion.unoriented_lists(bigint) IS 'Sans orientation : rangs qui gagneraient peut-être à une liste plus longue, et sa longueur.';
COMMENT ON FUNCTION inclusion.compute_places(bigint) IS 'Places proposées : sur des listes prolongées tant que quelqu''un pourrait y gagner.';
COMMENT ON FUNCTION inclusion.compute_orientations(bigint) IS 'Orientations : pour qui n''a pas de place, dans la limite de la semaine.';
COMMENT ON FUNCTION inclusion.compute_rest(bigint) IS 'Autres issues : proposition en cours, ou attente avec son motif.';
COMMENT ON FUNCTION inclusion.compute_cutoffs(bigint) IS 'Derniers rangs admis : par offre, pour les explications.';
COMMENT ON FUNCTION inclusion.night_compute(bigint) IS 'Nuit, deuxième phase : listes, répartition, motifs et contrôle indépendant.';
COMMENT ON FUNCTION inclusion.night_counts(bigint) IS 'Comptes d''une nuit : par issue et par motif.';
