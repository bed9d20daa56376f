/*
 * 25_night_reserves: places held, and places kept for some publics.
 *
 * A place proposed, agreed or confirmed before the night is never taken back.
 * Most are simply not given: they are not free.  Where the policy lets an
 * unanswered proposal improve, its holder competes with the place as a floor.
 * Where places are reserved, holders count as filling the reserves.
 */

-- The publics of a night and the bit of each.
CREATE FUNCTION inclusion.night_publics(run bigint)
RETURNS TABLE (n int, flag int, audience text)
LANGUAGE sql STABLE ROWS 8 PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.n::int, 1 << (p.n - 1)::int, p.audience
  FROM inclusion_data.run r
  CROSS JOIN LATERAL jsonb_array_elements_text(r.parameters -> 'publics') WITH ORDINALITY AS p (audience, n)
  WHERE r.id = night_publics.run
$$;

-- The sessions of a run with their free seats, and those that holders who
-- obtained better leave: one element of `left_behind` each.
CREATE FUNCTION inclusion.freed_seats(run bigint, left_behind bigint[])
RETURNS TABLE (offer bigint, session bigint, free bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.offer, s.session, s.free + coalesce(l.seats, 0)
  FROM inclusion_data.run_session s
  LEFT JOIN (SELECT u.session, count(*) AS seats FROM unnest(left_behind) AS u (session) GROUP BY u.session) l ON l.session = s.session
  WHERE s.run = freed_seats.run
$$;

-- Who competes while holding a place: what they prefer to it, then the place
-- itself, which is given again.  To be called again once their list is longer.
CREATE FUNCTION inclusion.end_lists_with_held(run bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inclusion_data.run_candidate c
  SET offers = c.offers[:l.n - 1] || c.held, costs = c.costs[:l.n - 1] || coalesce(c.costs[l.n], p.cost), classes = c.classes[:l.n - 1] || 1
  FROM inclusion_data.run_candidate e
  CROSS JOIN LATERAL (SELECT coalesce(array_position(e.offers, e.held), cardinality(e.offers) + 1) AS n) l
  JOIN inclusion_data.proposal_now w ON w.perimeter = e.perimeter AND w.beneficiary = e.beneficiary AND w.session = e.held_session AND w.live
  JOIN inclusion_data.proposal p ON p.id = w.id AND p.perimeter = w.perimeter
  WHERE c.run = end_lists_with_held.run AND c.rank IS NOT NULL AND c.held IS NOT NULL AND c.offers[cardinality(c.offers)] IS DISTINCT FROM c.held
    AND e.run = c.run AND e.perimeter = c.perimeter AND e.beneficiary = c.beneficiary
$$;

CREATE FUNCTION inclusion.compute_held(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE inclusion_data.run_offer o SET capacity = o.capacity + h.people
  FROM (SELECT l.held, count(*) AS people FROM inclusion_data.run_list l
        WHERE l.run = compute_held.run AND l.held IS NOT NULL GROUP BY l.held) h
  WHERE o.run = compute_held.run AND o.offer = h.held;
END
$$;

-- The reserves of each offer, shares of all its counted places whoever has them
-- already, rounded down; and those who have.  Where fewer places are left than
-- reserved, the first publics come first.
CREATE FUNCTION inclusion.compute_reserves(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE inclusion_data.run_offer o SET reserves = r.reserves
  FROM (
    SELECT p.offer, array_agg((coalesce((k.reserves ->> a.audience)::bigint, 0) * p.places / 100)::int ORDER BY a.n) AS reserves
    FROM (SELECT s.offer, sum(e.capacity) AS places FROM inclusion_data.run_session s JOIN inclusion_data.seat e ON e.session = s.session
          WHERE s.run = compute_reserves.run GROUP BY s.offer) p
    JOIN inclusion_data.offer f ON f.id = p.offer
    JOIN inclusion.night_policies(compute_reserves.run) k ON k.perimeter = f.perimeter
    CROSS JOIN inclusion.night_publics(compute_reserves.run) a
    GROUP BY p.offer) r
  WHERE o.run = compute_reserves.run AND o.offer = r.offer AND 0 < ANY (r.reserves);

  INSERT INTO inclusion_data.run_holder (run, offer, categories, people)
  SELECT h.run, h.offer, h.categories, count(*)
  FROM (
    SELECT s.run, s.offer, coalesce(bit_or(a.flag), 0) AS categories
    FROM inclusion_data.run_session s
    JOIN inclusion_data.run_offer o ON o.run = s.run AND o.offer = s.offer AND o.reserves IS NOT NULL
    JOIN inclusion_data.proposal_now w ON w.session = s.session AND w.holds <> 'none'
    JOIN inclusion_data.beneficiary b ON b.id = w.beneficiary AND b.perimeter = w.perimeter
    LEFT JOIN inclusion.night_publics(compute_reserves.run) a ON a.audience = ANY (b.audiences)
    WHERE s.run = compute_reserves.run
      AND NOT EXISTS (SELECT FROM inclusion_data.run_need c
                      WHERE c.run = s.run AND c.perimeter = w.perimeter AND c.beneficiary = w.beneficiary
                        AND c.rank IS NOT NULL AND c.held_session = w.session)
    GROUP BY s.run, s.offer, w.id, w.perimeter) h
  GROUP BY h.run, h.offer, h.categories;

  UPDATE inclusion_data.run_offer o SET reserves = r.reserves
  FROM (
    SELECT t.offer, array_agg(greatest(least(t.places, t.available - t.before), 0)::int ORDER BY t.n) AS reserves
    FROM (
      SELECT c.offer, a.n, a.places, c.capacity + coalesce(h.people, 0) AS available,
             sum(a.places) OVER (PARTITION BY c.offer ORDER BY a.n) - a.places AS before
      FROM inclusion_data.run_offer c
      LEFT JOIN (SELECT e.offer, sum(e.people) AS people FROM inclusion_data.run_holder e
                 WHERE e.run = compute_reserves.run GROUP BY e.offer) h ON h.offer = c.offer
      CROSS JOIN LATERAL unnest(c.reserves) WITH ORDINALITY a (places, n)
      WHERE c.run = compute_reserves.run) t
    GROUP BY t.offer HAVING sum(t.places) > min(t.available)) r
  WHERE o.run = compute_reserves.run AND o.offer = r.offer;
END
$$;

-- standing_among: in each offer with reserves, for a person of each set of its
-- publics who would ask beside those received, told by offer and publics: how
-- many, and the last class and rank of those who may leave:
--   satisfied      the publics whose reserves are then filled with some to
--                  spare.  n people of a type fill reserves as far as Hall's
--                  condition lets them: the most they fill is the least, over
--                  sets of publics, of the places reserved for the set plus the
--                  people who have a public outside it; `satisfied` is what all
--                  the sets that give this least have in common
--   filled         reserved places that are then filled: that least
--   evictable_key  class and rank of the last received, among those whose
--                  publics are all satisfied: who would have to leave
--   last_key       of the last received, whatever their publics
-- Places held before never leave, and have no key: `holders` says whether they
-- are to be added.
CREATE FUNCTION inclusion.standing_among(run bigint, offers bigint[], publics int[], people bigint[], last_keys bigint[], holders boolean DEFAULT true)
RETURNS TABLE (offer bigint, categories int, satisfied int, filled bigint, evictable_key bigint, last_key bigint)
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  WITH place AS MATERIALIZED (
    SELECT o.offer, m.mask, s.members, s.places
    FROM inclusion_data.run_offer o
    CROSS JOIN LATERAL (SELECT bit_or(1 << (r.n - 1)::int) AS mask FROM unnest(o.reserves) WITH ORDINALITY r (places, n) WHERE r.places > 0) m
    CROSS JOIN LATERAL (
      SELECT g.members, coalesce(sum(r.places) FILTER (WHERE g.members >> (r.n - 1)::int & 1 = 1), 0) AS places
      FROM generate_series(0, m.mask) g (members), unnest(o.reserves) WITH ORDINALITY r (places, n)
      WHERE g.members & m.mask = g.members
      GROUP BY g.members) s
    WHERE o.run = standing_among.run AND m.mask > 0
  ), received AS MATERIALIZED (
    SELECT e.offer, e.categories & p.mask AS type, sum(e.people) AS people, max(e.key) AS key
    FROM (
      SELECT u.offer, u.categories, u.people, u.key
      FROM unnest(standing_among.offers, standing_among.publics, standing_among.people, standing_among.last_keys) AS u (offer, categories, people, key)
      UNION ALL
      SELECT h.offer, h.categories, h.people, NULL FROM inclusion_data.run_holder h WHERE h.run = standing_among.run AND standing_among.holders) e
    JOIN (SELECT DISTINCT l.offer, l.mask FROM place l) p ON p.offer = e.offer
    GROUP BY e.offer, e.categories & p.mask
  ), filled AS MATERIALIZED (
    SELECT p.offer, p.members, p.places + coalesce(sum(r.people), 0) AS least
    FROM place p LEFT JOIN received r ON r.offer = p.offer AND r.type & ~p.members <> 0
    GROUP BY p.offer, p.members, p.places
  ), asking AS (
    SELECT f.offer, p.members AS categories, f.members, f.least + CASE WHEN p.members & ~f.members <> 0 THEN 1 ELSE 0 END AS least
    FROM filled f JOIN place p ON p.offer = f.offer
  ), standing AS (
    SELECT a.offer, a.categories, bit_and(a.members) AS satisfied, a.least
    FROM (SELECT q.*, min(q.least) OVER (PARTITION BY q.offer, q.categories) AS least_of_all FROM asking q) a
    WHERE a.least = a.least_of_all
    GROUP BY a.offer, a.categories, a.least
  )
  SELECT s.offer, s.categories, s.satisfied, s.least::bigint, max(r.key) FILTER (WHERE r.type & ~s.satisfied = 0), max(r.key)
  FROM standing s LEFT JOIN received r ON r.offer = s.offer
  GROUP BY s.offer, s.categories, s.satisfied, s.least
$$;

-- seats_in_order: who has each seat of the offers with reserves, the places held
-- before first, then by class and rank: `beyond` the seats open to all, filled
-- first where the night's order is open_first, only the reserved ones are left.
CREATE FUNCTION inclusion.seats_in_order(run bigint)
RETURNS TABLE (offer bigint, categories int, key bigint, n bigint, beyond bigint)
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  WITH seated AS (
    -- of those who held a place and did not compete, allocate() serves the last publics first
    SELECT h.offer, h.categories, NULL::bigint AS key, 0 AS turn, -h.categories::bigint AS rank
    FROM inclusion_data.run_holder h CROSS JOIN generate_series(1, h.people) WHERE h.run = seats_in_order.run
    UNION ALL
    SELECT d.offer, c.categories, CASE WHEN d.outcome = 'proposed' THEN k.key END, CASE WHEN d.outcome = 'proposed' THEN 2 ELSE 1 END, k.key
    FROM inclusion_data.run_result d
    JOIN inclusion_data.run_candidate c ON c.run = d.run AND c.perimeter = d.perimeter AND c.beneficiary = d.beneficiary AND c.rank IS NOT NULL
    CROSS JOIN LATERAL (SELECT (c.classes[d.list_position]::bigint << 32) + c.rank AS key) k
    WHERE d.run = seats_in_order.run AND d.outcome IN ('proposed', 'held')
  ), opened AS (
    SELECT o.offer, CASE WHEN r.places < v.seats THEN v.seats - r.places ELSE 0 END AS seats
    FROM inclusion_data.run_offer o
    CROSS JOIN LATERAL (SELECT sum(u) AS places FROM unnest(o.reserves) u) r
    CROSS JOIN LATERAL (SELECT o.capacity + coalesce(sum(h.people), 0) AS seats FROM inclusion_data.run_holder h
                        WHERE h.run = o.run AND h.offer = o.offer) v
    WHERE o.run = seats_in_order.run AND o.reserves IS NOT NULL
  )
  SELECT s.offer, s.categories, s.key, row_number() OVER (PARTITION BY s.offer ORDER BY s.turn, s.rank), p.seats
  FROM seated s JOIN opened p ON p.offer = s.offer
$$;

-- reserve_standing: the same among those that the run's results place.  Where
-- the seats open to all go first, among those in the others; `open_key` is then
-- the class and rank of the last in the open ones, before which all have a claim.
CREATE FUNCTION inclusion.reserve_standing(run bigint)
RETURNS TABLE (offer bigint, categories int, satisfied int, filled bigint, evictable_key bigint, last_key bigint, open_key bigint)
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  WITH seat AS MATERIALIZED (
    SELECT s.offer, s.categories, s.key, s.n, s.beyond * (r.parameters ->> 'reserve_order' = 'open_first')::int AS beyond
    FROM inclusion_data.run r CROSS JOIN inclusion.seats_in_order(r.id) s WHERE r.id = reserve_standing.run
  ), received AS (
    SELECT s.offer, s.categories, count(*) AS people, max(s.key) AS key FROM seat s WHERE s.n > s.beyond GROUP BY s.offer, s.categories
  )
  SELECT s.*, o.key
  FROM (SELECT array_agg(r.offer) AS offers, array_agg(r.categories) AS publics, array_agg(r.people) AS people, array_agg(r.key) AS keys FROM received r) a
  CROSS JOIN LATERAL inclusion.standing_among(reserve_standing.run, a.offers, a.publics, a.people, a.keys, holders => false) s
  LEFT JOIN seat o ON o.offer = s.offer AND o.n = o.beyond
$$;

-- check_standing: the same, of people told by offer and publics where these are
-- enough to know, which is where reserves are filled first.
CREATE FUNCTION inclusion.check_standing(run bigint, offers bigint[], publics int[], people bigint[], last_keys bigint[])
RETURNS TABLE (offer bigint, categories int, satisfied int, filled bigint, evictable_key bigint, last_key bigint, open_key bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF inclusion.night_reserve_order(check_standing.run) = 'open_first' THEN
    RETURN QUERY SELECT s.* FROM inclusion.reserve_standing(check_standing.run) s;
    RETURN;
  END IF;
  RETURN QUERY SELECT s.*, NULL::bigint FROM inclusion.standing_among(check_standing.run, offers, publics, people, last_keys) s;
END
$$;

-- Kept for the explanations, which read nobody else's row.
CREATE FUNCTION inclusion.compute_reserve_cutoffs(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO inclusion_data.run_cutoff (run, offer, categories, satisfied, cutoff_class, cutoff_rank)
  SELECT compute_reserve_cutoffs.run, s.offer, s.categories, s.satisfied, k.key >> 32, k.key & 4294967295
  FROM inclusion.reserve_standing(compute_reserve_cutoffs.run) s
  CROSS JOIN LATERAL (SELECT coalesce(s.evictable_key, s.last_key, s.open_key) AS key) k;
END
$$;

COMMENT ON FUNCTION inclusion.night_publics(bigint) IS 'Publics d''une nuit : ceux à qui des places sont réservées, dans leur ordre.';
COMMENT ON FUNCTION inclusion.freed_seats(bigint, bigint[]) IS 'Places de la nuit : libres par séance, avec celles que quittent les personnes mieux servies.';
COMMENT ON FUNCTION inclusion.end_lists_with_held(bigint) IS 'Fin des listes : la place tenue, après ce que la personne lui préfère.';
COMMENT ON FUNCTION inclusion.compute_held(bigint) IS 'Places tenues : celles qu''une proposition meilleure peut remplacer se donnent de nouveau.';
COMMENT ON FUNCTION inclusion.compute_reserves(bigint) IS 'Places réservées : part de chaque public dans chaque offre, et ceux qui en tiennent déjà.';
COMMENT ON FUNCTION inclusion.seats_in_order(bigint) IS 'Places dans l''ordre : qui a chaque place des offres qui en réservent, et à partir d''où elles sont réservées.';
COMMENT ON FUNCTION inclusion.check_standing(bigint, bigint[], int[], bigint[], bigint[]) IS 'Réserves à contrôler : selon l''ordre que la nuit a suivi.';
COMMENT ON FUNCTION inclusion.standing_among(bigint, bigint[], int[], bigint[], bigint[], boolean) IS 'Réserves servies parmi : qui aurait dû laisser sa place, les personnes reçues étant données par offre et par publics.';
COMMENT ON FUNCTION inclusion.reserve_standing(bigint) IS 'Réserves servies : par offre et par publics, qui aurait dû laisser sa place.';
COMMENT ON FUNCTION inclusion.compute_reserve_cutoffs(bigint) IS 'Derniers rangs par public : gardés pour les explications.';
