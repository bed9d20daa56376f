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
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off SET enable_mergejoin = off SET jit = off SET work_mem = '64MB' AS $$
  WITH person AS MATERIALIZED (
    SELECT coalesce(c.perimeter, d.perimeter) AS perimeter, coalesce(c.beneficiary, d.beneficiary) AS beneficiary, c.rank,
           c.classes[d.list_position] AS class, c.categories, c.held, c.held_session, d.outcome, d.reason, d.offer, d.session, d.list_position, d.reserved_for, o.promised, o.pool,
           CASE WHEN c.perimeter IS NULL THEN 'unknown'
                WHEN d.perimeter IS NULL THEN 'missing'
                WHEN c.held IS NOT NULL AND NOT CASE d.outcome
                       WHEN 'held' THEN d.offer = c.held AND d.session = c.held_session
                       WHEN 'proposed' THEN c.rank IS NOT NULL AND d.list_position < array_position(c.offers, c.held)
                       ELSE false END THEN 'lock_broken'
                WHEN c.held IS NULL AND d.outcome = 'held' THEN 'held'
                WHEN c.rank IS NOT NULL AND d.outcome <> 'waiting'
                  AND (c.offers[d.list_position] = d.offer AND o.promised = (d.outcome <> 'oriented')) IS NOT TRUE THEN 'ineligible' END AS flaw
    FROM (SELECT r.* FROM inclusion_data.run_candidate r WHERE r.run = check_allocation.run) c
    FULL JOIN (SELECT r.* FROM inclusion_data.run_result r WHERE r.run = check_allocation.run) d ON d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary
    LEFT JOIN inclusion_data.run_offer o ON o.run = check_allocation.run AND o.offer = d.offer
  ), received AS (
    -- a place held and kept has no key: nobody can claim it
    SELECT p.promised, p.pool, count(*) AS people, max((p.class::bigint << 32) + p.rank) FILTER (WHERE p.outcome <> 'held') AS last_key
    FROM person p
    WHERE p.rank IS NOT NULL AND p.pool IS NOT NULL AND p.reason <> 'oriented_this_week'
    GROUP BY p.promised, p.pool
  ), state AS (
    SELECT l.promised, l.pool, l.capacity, l.mask, coalesce(r.people, 0) AS people, r.last_key
    FROM (SELECT o.promised, o.pool, min(o.capacity) AS capacity, coalesce(bit_or(m.mask), 0) AS mask
          FROM inclusion_data.run_offer o
          CROSS JOIN LATERAL (SELECT bit_or(1 << (u.n - 1)::int) AS mask FROM unnest(o.reserves) WITH ORDINALITY u (places, n) WHERE u.places > 0) m
          WHERE o.run = check_allocation.run
          GROUP BY o.promised, o.pool) l
    LEFT JOIN received r ON r.promised = l.promised AND r.pool = l.pool
  ), wish AS (
    -- what people would rather have had: for who is placed, what stands before
    -- on their list; for the others all of it, since a counted seat is preferred
    -- to anything else, and again what stands before the place they are sent to
    SELECT c.rank, c.categories, d.outcome <> 'waiting' AS counted_only, false AS uncounted_only,
           unnest(c.offers[:b.places]) AS offer, unnest(c.classes[:b.places]) AS class
    FROM inclusion_data.run_candidate c
    JOIN inclusion_data.run_result d ON d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary
    CROSS JOIN LATERAL (SELECT CASE WHEN d.outcome IN ('proposed', 'held') THEN d.list_position - 1 ELSE cardinality(c.offers) END AS places) b
    WHERE c.run = check_allocation.run AND c.rank IS NOT NULL
    UNION ALL
    SELECT c.rank, c.categories, false, true, unnest(c.offers[:d.list_position - 1]), unnest(c.classes[:d.list_position - 1])
    FROM inclusion_data.run_candidate c
    JOIN inclusion_data.run_result d ON d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary
    WHERE c.run = check_allocation.run AND c.rank IS NOT NULL AND d.outcome = 'oriented' AND d.reason <> 'oriented_this_week'
  ), claim AS MATERIALIZED (
    -- of all who claim a pool with the same publics, the first has the best claim
    SELECT o.promised, o.pool, w.categories, min(w.key) AS key
    FROM (SELECT w.offer, w.categories, w.counted_only, w.uncounted_only, min((w.class::bigint << 32) + w.rank) AS key
          FROM wish w GROUP BY w.offer, w.categories, w.counted_only, w.uncounted_only) w
    JOIN inclusion_data.run_offer o ON o.run = check_allocation.run AND o.offer = w.offer
    WHERE NOT CASE WHEN o.promised THEN w.uncounted_only ELSE w.counted_only END
    GROUP BY o.promised, o.pool, w.categories
  ), broken AS (
    SELECT c.pool, c.promised, c.key, CASE WHEN s.people < s.capacity THEN 'waste'
                                           WHEN t.unmet THEN 'reserve_unmet'
                                           ELSE 'envy' END AS violation, s.people, s.capacity
    FROM claim c
    JOIN state s ON s.promised = c.promised AND s.pool = c.pool
    LEFT JOIN LATERAL (
      SELECT r.offer, r.evictable_key, r.last_key, r.categories & ~r.satisfied <> 0 AS unmet
      FROM inclusion.reserve_standing(check_allocation.run) r
      WHERE s.mask <> 0 AND r.offer = c.pool AND r.categories = c.categories & s.mask) t ON true
    WHERE s.people < s.capacity
       OR CASE WHEN t.offer IS NULL THEN c.key < s.last_key
               -- of those who may leave and the person, the last leaves; where
               -- nobody may, the last of all without a place held before
               WHEN t.evictable_key IS NOT NULL THEN t.unmet OR c.key < t.evictable_key
               ELSE t.unmet AND c.key < t.last_key END
  )
  SELECT 'no_run', NULL::text, NULL::bigint, NULL::bigint, format('there is no run %s', coalesce(check_allocation.run::text, 'NULL'))
  WHERE NOT EXISTS (SELECT FROM inclusion_data.run r WHERE r.id = check_allocation.run)
  UNION ALL
  SELECT p.flaw, p.perimeter, p.beneficiary, p.offer,
         CASE p.flaw WHEN 'unknown' THEN format('beneficiary %s is not on the list', p.beneficiary)
                     WHEN 'missing' THEN format('beneficiary %s has no result', p.beneficiary)
                     WHEN 'held' THEN format('beneficiary %s is held, and holds nothing', p.beneficiary)
                     WHEN 'lock_broken' THEN format('beneficiary %s held session %s of offer %s, and is %s', p.beneficiary, p.held_session, p.held, p.outcome)
                     ELSE format('beneficiary %s is %s to offer %s at position %s of its list', p.beneficiary, p.outcome, p.offer, p.list_position) END
  FROM person p WHERE p.flaw IS NOT NULL
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
  SELECT 'reserved_for', NULL, NULL, q.offer, format('offer %s gave %s of the %s places reserved for %s', q.offer, q.people, coalesce(o.reserves[k.n], 0), q.reserved_for)
  FROM (SELECT p.offer, p.reserved_for, count(*) AS people, bit_and(p.categories) AS shared
        FROM person p WHERE p.reserved_for IS NOT NULL GROUP BY p.offer, p.reserved_for) q
  LEFT JOIN inclusion_data.run_offer o ON o.run = check_allocation.run AND o.offer = q.offer
  LEFT JOIN inclusion.night_publics(check_allocation.run) k ON k.audience = q.reserved_for
  WHERE coalesce(q.shared & k.flag, 0) = 0 OR q.people > coalesce(o.reserves[k.n], 0)
  UNION ALL
  SELECT 'rank_order', o.perimeter, o.beneficiary, NULL,
         format('beneficiary %s at rank %s has priority %s and %s days, the rank before it %s and %s, or the draw says otherwise',
                o.beneficiary, o.rank, o.priority, o.waiting_days, o.priority_before, o.days_before)
  FROM (SELECT r.*, lag(r.priority) OVER w AS priority_before, lag(r.waiting_days) OVER w AS days_before, lag(r.draw) OVER w AS draw_before
        FROM (SELECT c.perimeter, c.beneficiary, c.rank, c.priority, c.waiting_days,
                     k.days_per_grade * c.grade + least(c.waiting_days, k.max_waiting_days) AS earned,
                     sha256(convert_to(k.lottery_key || '/' || c.perimeter || '/' || c.beneficiary, 'UTF8')) AS draw
              FROM inclusion_data.run_candidate c JOIN inclusion.night_policies(check_allocation.run) k ON k.perimeter = c.perimeter
              WHERE c.run = check_allocation.run AND c.rank IS NOT NULL) r
        WINDOW w AS (ORDER BY r.rank)) o
  WHERE o.priority <> o.earned OR ROW(-o.priority_before, -o.days_before, o.draw_before) > ROW(-o.priority, -o.waiting_days, o.draw)
$$;

COMMENT ON FUNCTION inclusion.check_allocation(bigint) IS
  'Contrôle indépendant : une ligne par promesse non tenue (places, listes, priorités, réserves, gaspillage) ; aucune quand tout est juste.';
