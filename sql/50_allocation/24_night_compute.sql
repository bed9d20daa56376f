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
    FROM inclusion.allocate(inclusion.seat_applicants(compute_places.run), inclusion.seat_offers(compute_places.run)) a
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

-- Who gets no seat and has a list as long as the policy says may have more
-- offers further down.
CREATE FUNCTION inclusion.exhausted_ranks(run bigint, but bigint[]) RETURNS bigint[]
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(c.rank ORDER BY c.rank), '{}')
  FROM inclusion.allocate(inclusion.seat_applicants(exhausted_ranks.run), inclusion.seat_offers(exhausted_ranks.run)) a
  JOIN inclusion_data.run_candidate c ON c.run = exhausted_ranks.run AND c.rank = a.applicant
  JOIN inclusion.night_policies(exhausted_ranks.run) k ON k.perimeter = c.perimeter
  WHERE a.offer IS NULL AND cardinality(c.offers) = k.list_length AND c.rank <> ALL (but)
$$;

-- Lists three times as long for those who exhausted theirs, until nobody does:
-- the result is that of long lists for all, without their price.  Returns how
-- many were lengthened.
CREATE FUNCTION inclusion.extend_lists(run bigint) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  extended bigint[] := ARRAY[]::bigint[];
  exhausted bigint[];
BEGIN
  LOOP
    exhausted := inclusion.exhausted_ranks(extend_lists.run, extended);
    EXIT WHEN cardinality(exhausted) = 0;
    PERFORM inclusion.compute_lists(extend_lists.run, exhausted, 3);
    extended := extended || exhausted;
  END LOOP;
  RETURN cardinality(extended);
END
$$;

-- The lists of those whom no seat was found for, an entry a row, over places
-- whose seats nobody counts: of a place met several times the best offer
-- stands.  Those sent somewhere this week are not sent again.
CREATE FUNCTION inclusion.orientation_entries(run bigint)
RETURNS TABLE (perimeter text, beneficiary bigint, rank bigint, pool bigint, list_position int, offer bigint, class int, cost float8)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  -- MATERIALIZED: lists are opened once, then joined as one table
  WITH entry AS MATERIALIZED (
    SELECT c.perimeter, c.beneficiary, c.rank, l.offer, l.class, l.cost, l.n
    FROM inclusion_data.run_candidate c
    CROSS JOIN LATERAL unnest(c.offers, c.classes, c.costs) WITH ORDINALITY AS l (offer, class, cost, n)
    WHERE c.run = orientation_entries.run AND c.rank IS NOT NULL
      AND NOT EXISTS (SELECT FROM inclusion_data.run_result d
                      WHERE d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary)
  )
  SELECT DISTINCT ON (e.rank, o.pool) e.perimeter, e.beneficiary, e.rank, o.pool, e.n::int, e.offer, e.class, e.cost
  FROM entry e
  JOIN inclusion_data.run_offer o ON o.run = orientation_entries.run AND o.offer = e.offer AND NOT o.promised
  ORDER BY e.rank, o.pool, e.n
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
  SELECT compute_orientations.run, e.perimeter, e.beneficiary, 'oriented',
         CASE WHEN o.unconfirmed THEN 'seats_unconfirmed' ELSE 'oriented' END, e.offer, e.list_position, e.cost
  FROM inclusion.allocate(
    format('SELECT e.rank AS applicant, e.rank, array_agg(e.pool ORDER BY e.list_position) AS offers, '
           'array_agg(e.class ORDER BY e.list_position) AS classes '
           'FROM inclusion.orientation_entries(%s) e GROUP BY e.rank', compute_orientations.run),
    format('SELECT o.pool AS offer, min(o.capacity) AS capacity FROM inclusion_data.run_offer o '
           'WHERE o.run = %s AND NOT o.promised GROUP BY o.pool', compute_orientations.run)) a
  JOIN inclusion.orientation_entries(compute_orientations.run) e ON e.rank = a.applicant AND e.pool = a.offer
  JOIN inclusion_data.run_offer o ON o.run = compute_orientations.run AND o.offer = e.offer;
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
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off SET jit = off AS $$
DECLARE
  violations text;
  extended int;
  yardstick jsonb;
BEGIN
  PERFORM inclusion.night_enter(night_compute.run, 'compute');
  PERFORM inclusion.compute_supply(night_compute.run);
  PERFORM inclusion.compute_lists(night_compute.run);
  PERFORM inclusion.compute_held(night_compute.run);
  PERFORM inclusion.compute_reserves(night_compute.run);
  extended := inclusion.extend_lists(night_compute.run);
  PERFORM inclusion.compute_places(night_compute.run);
  PERFORM inclusion.compute_orientations(night_compute.run);
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
COMMENT ON FUNCTION inclusion.exhausted_ranks(bigint, bigint[]) IS 'Listes épuisées : rangs sans place, dont la liste pourrait être plus longue.';
COMMENT ON FUNCTION inclusion.extend_lists(bigint) IS 'Listes prolongées : triple la liste de qui a épuisé la sienne, tant qu''il y en a.';
COMMENT ON FUNCTION inclusion.orientation_entries(bigint) IS 'Entrées des listes : vers les lieux sans place comptée, une ligne par personne et par lieu.';
COMMENT ON FUNCTION inclusion.compute_places(bigint) IS 'Places proposées : offre par offre, la séance la plus proche d''abord.';
COMMENT ON FUNCTION inclusion.compute_orientations(bigint) IS 'Orientations : pour qui n''a pas de place, dans la limite de la semaine.';
COMMENT ON FUNCTION inclusion.compute_rest(bigint) IS 'Autres issues : proposition en cours, ou attente avec son motif.';
COMMENT ON FUNCTION inclusion.compute_cutoffs(bigint) IS 'Derniers rangs admis : par offre, pour les explications.';
COMMENT ON FUNCTION inclusion.row_hash(bytea) IS 'Empreinte d''une ligne : 60 bits du sha256 de sa forme binaire.';
COMMENT ON FUNCTION inclusion.night_input_digest(bigint) IS 'Empreinte des données : nombre de lignes et somme de leurs empreintes.';
COMMENT ON FUNCTION inclusion.night_result_digest(bigint) IS 'Empreinte du résultat : nombre de lignes et somme de leurs empreintes.';
COMMENT ON FUNCTION inclusion.night_compute(bigint) IS 'Nuit, deuxième phase : listes, répartition, motifs et contrôle indépendant.';
COMMENT ON FUNCTION inclusion.night_counts(bigint) IS 'Comptes d''une nuit : par issue et par motif.';
