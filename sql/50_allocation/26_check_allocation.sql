/*
 * 26_check_allocation: is the result what was promised?
 *
 * Written from the promises, in SQL alone: it calls nothing that took part in
 * the allocation.  It compares the rows of a run with each other, so that it
 * can be asked again years later.
 */

-- check_allocation: one row per broken promise, none when all are kept.  Of
-- those whom one place leaves with a claim, the first by rank is named.
--   no_run             there is no such run: nothing was checked
--   missing, unknown   a person of the list without a result, or the contrary
--   lock_broken        who holds a place lost it, or got a worse one
--   held               who holds none is said to
--   ineligible         an offer that is not where it says on the person's list,
--                      or a promised place where no seat is counted
--   refused            a list that holds an offer the person declined
--   over_capacity      a pool received more than its capacity
--   session            no session, one of another offer, or more than its seats
--   waste              room left in a pool that the person prefers
--   envy               a pool the person prefers received somebody of a higher
--                      class or, at equal class, a later rank, who could leave
--   reserve_unmet      a place kept for the person's public went to another one
--   reserved_for       a reserved place for who is not of its public, or more
--                      of them than there are
--   rank_order         a rank that does not follow the priorities, the days
--                      waited and the draw
CREATE FUNCTION inclusion.check_allocation(run bigint)
RETURNS TABLE (violation text, perimeter text, beneficiary bigint, offer bigint, detail text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off SET jit = off AS $$
  WITH person AS MATERIALIZED (
    SELECT c.perimeter, c.beneficiary, c.rank, c.categories, c.held, c.held_session, d.outcome, d.reason, d.offer, d.session,
           d.list_position, d.reserved_for, c.offers[d.list_position] AS listed, c.classes[d.list_position] AS class,
           array_position(c.offers, c.held) AS held_position
    FROM inclusion_data.run_candidate c
    LEFT JOIN inclusion_data.run_result d ON d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary
    WHERE c.run = check_allocation.run
  ), offer AS (
    SELECT o.offer, o.promised, o.pool, o.capacity, o.reserves, coalesce(m.mask, 0) AS mask
    FROM inclusion_data.run_offer o
    CROSS JOIN LATERAL (SELECT bit_or(1 << (r.n - 1)::int) AS mask FROM unnest(o.reserves) WITH ORDINALITY r (places, n) WHERE r.places > 0) m
    WHERE o.run = check_allocation.run
  ), received AS (
    -- a place held and kept has no key: nobody can claim it
    SELECT o.promised, o.pool, count(*) AS people, max((p.class::bigint << 32) + p.rank) FILTER (WHERE p.outcome <> 'held') AS last_key
    FROM person p JOIN offer o ON o.offer = p.offer
    WHERE p.rank IS NOT NULL AND p.outcome <> 'waiting' AND p.reason <> 'oriented_this_week'
    GROUP BY o.promised, o.pool
  ), state AS (
    SELECT l.promised, l.pool, l.capacity, coalesce(r.people, 0) AS people, r.last_key
    FROM (SELECT o.promised, o.pool, min(o.capacity) AS capacity FROM offer o GROUP BY o.promised, o.pool) l
    LEFT JOIN received r ON r.promised = l.promised AND r.pool = l.pool
  ), claim AS MATERIALIZED (
    -- what people would rather have had: a counted seat before anything else,
    -- then, for those without one, a place better listed than theirs.  Of all
    -- who claim a pool with the same publics, the first has the best claim.
    SELECT o.promised, o.pool, c.categories & o.mask AS categories, min((w.class::bigint << 32) + c.rank) AS key
    FROM inclusion_data.run_candidate c
    JOIN inclusion_data.run_result d ON d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary
    CROSS JOIN LATERAL (SELECT CASE WHEN d.outcome IN ('proposed', 'held') THEN d.list_position - 1 ELSE cardinality(c.offers) END AS places) b
    CROSS JOIN LATERAL unnest(c.offers[:b.places], c.classes[:b.places]) WITH ORDINALITY AS w (offer, class, n)
    JOIN offer o ON o.offer = w.offer
    WHERE c.run = check_allocation.run AND c.rank IS NOT NULL
      AND (o.promised OR d.outcome = 'waiting' OR d.outcome = 'oriented' AND d.reason <> 'oriented_this_week' AND w.n < d.list_position)
    GROUP BY o.promised, o.pool, c.categories & o.mask
  ), broken AS (
    SELECT c.pool, c.promised, c.key, CASE WHEN s.people < s.capacity THEN 'waste'
                                           WHEN c.categories & ~coalesce(t.satisfied, c.categories) <> 0 THEN 'reserve_unmet'
                                           ELSE 'envy' END AS violation, s.people, s.capacity
    FROM claim c
    JOIN state s ON s.promised = c.promised AND s.pool = c.pool
    LEFT JOIN inclusion.reserve_standing(check_allocation.run) t ON c.promised AND t.offer = c.pool AND t.categories = c.categories
    WHERE s.people < s.capacity
       OR CASE WHEN t.offer IS NULL THEN c.key < s.last_key
               -- of those who may leave and the person, the last leaves; where
               -- nobody may, the last of all without a place held before
               WHEN t.evictable_key IS NOT NULL THEN c.categories & ~t.satisfied <> 0 OR c.key < t.evictable_key
               ELSE c.categories & ~t.satisfied <> 0 AND c.key < t.last_key END
  )
  SELECT 'no_run', NULL::text, NULL::bigint, NULL::bigint, format('there is no run %s', coalesce(check_allocation.run::text, 'NULL'))
  WHERE NOT EXISTS (SELECT FROM inclusion_data.run r WHERE r.id = check_allocation.run)
  UNION ALL
  SELECT 'missing', p.perimeter, p.beneficiary, NULL::bigint, format('beneficiary %s has no result', p.beneficiary)
  FROM person p WHERE p.outcome IS NULL
  UNION ALL
  SELECT 'unknown', d.perimeter, d.beneficiary, d.offer, format('beneficiary %s is not on the list', d.beneficiary)
  FROM inclusion_data.run_result d
  WHERE d.run = check_allocation.run
    AND NOT EXISTS (SELECT FROM person p WHERE p.perimeter = d.perimeter AND p.beneficiary = d.beneficiary)
  UNION ALL
  SELECT 'lock_broken', p.perimeter, p.beneficiary, p.offer,
         format('beneficiary %s held session %s of offer %s, and is %s', p.beneficiary, p.held_session, p.held, p.outcome)
  FROM person p
  WHERE p.held IS NOT NULL
    AND NOT CASE WHEN p.outcome = 'held' THEN p.offer = p.held AND p.session = p.held_session
                 WHEN p.outcome = 'proposed' THEN p.rank IS NOT NULL AND p.list_position < p.held_position
                 ELSE false END
  UNION ALL
  SELECT 'held', p.perimeter, p.beneficiary, p.offer, format('beneficiary %s is held, and holds nothing', p.beneficiary)
  FROM person p WHERE p.outcome = 'held' AND p.held IS NULL
  UNION ALL
  SELECT 'ineligible', p.perimeter, p.beneficiary, p.offer,
         format('beneficiary %s is %s to offer %s at position %s of its list', p.beneficiary, p.outcome, p.offer, p.list_position)
  FROM person p LEFT JOIN offer o ON o.offer = p.offer
  WHERE (p.outcome IN ('proposed', 'oriented') OR p.outcome = 'held' AND p.rank IS NOT NULL)
    AND (p.listed = p.offer AND o.promised = (p.outcome <> 'oriented')) IS NOT TRUE
  UNION ALL
  SELECT 'refused', c.perimeter, c.beneficiary, q.offer, format('beneficiary %s declined offer %s', c.beneficiary, q.offer)
  FROM inclusion_data.run r
  JOIN inclusion_data.proposal_step s ON s.at < r.started_at AND s.to_state = 'declined' AND s.from_state IN ('proposed', 'to_reach')
  JOIN inclusion_data.proposal q ON s.proposal = q.id AND s.perimeter = q.perimeter
  JOIN inclusion_data.run_candidate c ON c.run = r.id AND c.beneficiary = q.beneficiary AND c.perimeter = q.perimeter AND q.offer = ANY (c.offers)
  WHERE r.id = check_allocation.run
  UNION ALL
  SELECT 'over_capacity', NULL, NULL, CASE WHEN s.promised THEN s.pool END,
         format('pool %s received %s for a capacity of %s', s.pool, s.people, s.capacity)
  FROM state s WHERE s.people > s.capacity
  UNION ALL
  SELECT 'session', NULL, NULL, t.offer,
         format('session %s of offer %s received %s for %s free seats', coalesce(t.session::text, 'none'), t.offer, t.people, coalesce(s.free, 0))
  FROM (SELECT p.session, p.offer, count(*) AS people FROM person p WHERE p.outcome = 'proposed' GROUP BY p.session, p.offer) t
  LEFT JOIN inclusion.freed_seats(check_allocation.run, ARRAY(SELECT p.held_session FROM person p WHERE p.held IS NOT NULL AND p.outcome = 'proposed')) s
    ON s.session = t.session AND s.offer = t.offer
  WHERE t.people > coalesce(s.free, 0)
  UNION ALL
  SELECT b.violation, p.perimeter, p.beneficiary, CASE WHEN b.promised THEN b.pool END,
         format('beneficiary %s, class %s rank %s, prefers pool %s, which received %s for a capacity of %s',
                p.beneficiary, b.key >> 32, p.rank, b.pool, b.people, b.capacity)
  FROM broken b JOIN person p ON p.rank = b.key & 4294967295
  UNION ALL
  SELECT 'reserved_for', NULL, NULL, q.offer, format('offer %s gave %s of the %s places reserved for %s', q.offer, q.people, coalesce(q.places, 0), q.reserved_for)
  FROM (SELECT p.offer, p.reserved_for, count(*) AS people, min(o.reserves[k.n]) AS places, bool_and(p.categories & k.flag <> 0) AS of_the_public
        FROM person p
        LEFT JOIN offer o ON o.offer = p.offer
        LEFT JOIN inclusion.night_publics(check_allocation.run) k ON k.audience = p.reserved_for
        WHERE p.reserved_for IS NOT NULL GROUP BY p.offer, p.reserved_for) q
  WHERE q.of_the_public IS NOT TRUE OR q.people > coalesce(q.places, 0)
  UNION ALL
  SELECT 'rank_order', o.perimeter, o.beneficiary, NULL,
         format('beneficiary %s at rank %s has priority %s and %s days, the rank before it %s and %s, or the draw says otherwise',
                o.beneficiary, o.rank, o.priority, o.waiting_days, o.priority_before, o.days_before)
  FROM (SELECT c.perimeter, c.beneficiary, c.rank, c.priority, c.waiting_days, k.lottery_key,
               k.days_per_grade * c.grade + least(c.waiting_days, k.max_waiting_days) AS earned,
               lag(c.priority) OVER w AS priority_before, lag(c.waiting_days) OVER w AS days_before,
               lag(k.lottery_key || '/' || c.perimeter || '/' || c.beneficiary) OVER w AS drawn_before
        FROM inclusion_data.run_candidate c JOIN inclusion.night_policies(check_allocation.run) k ON k.perimeter = c.perimeter
        WHERE c.run = check_allocation.run AND c.rank IS NOT NULL
        WINDOW w AS (ORDER BY c.rank)) o
  WHERE o.priority <> o.earned OR o.priority_before < o.priority
     OR o.priority_before = o.priority
        AND (o.days_before < o.waiting_days
             OR o.days_before = o.waiting_days
                AND sha256(convert_to(o.drawn_before, 'UTF8')) > sha256(convert_to(o.lottery_key || '/' || o.perimeter || '/' || o.beneficiary, 'UTF8')))
$$;

COMMENT ON FUNCTION inclusion.check_allocation(bigint) IS
  'Contrôle indépendant : une ligne par promesse non tenue (places, listes, priorités, réserves, gaspillage) ; aucune quand tout est juste.';
