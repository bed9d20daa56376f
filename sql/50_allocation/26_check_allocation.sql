/*
 * 26_check_allocation: is the result what was promised?
 *
 * Written from the promises, in SQL alone: it calls nothing that took part in
 * the allocation.  It compares the rows of a run with each other, so that it
 * can be asked again years later.
 */

-- check_allocation: one row per broken promise, none when all are kept.
--   no_run             there is no such run: nothing was checked
--   missing, unknown   a person of the list without a result, or the contrary
--   held               holding a live proposal and competing exclude each other
--   not_on_list        an offer that is not where it says on the person's list,
--                      or a promised place where no seat is counted
--   refused            a list that holds an offer the person declined
--   over_capacity      a pool received more than its capacity
--   session            no session, one of another offer, or more than its seats
--   waste              room left in a pool that the person prefers
--   envy               a pool the person prefers received somebody of a higher
--                      class or, at equal class, a later rank
--   rank_order         a rank that does not follow the priorities
CREATE FUNCTION inclusion.check_allocation(run bigint)
RETURNS TABLE (violation text, perimeter text, beneficiary bigint, offer bigint, detail text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off SET jit = off AS $$
  WITH person AS (
    SELECT c.perimeter, c.beneficiary, c.rank, c.priority, c.offers, c.classes,
           d.outcome, d.reason, d.offer, d.session, d.list_position
    FROM inclusion_data.run_candidate c
    LEFT JOIN inclusion_data.run_result d ON d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary
    WHERE c.run = check_allocation.run
  ), pool AS (
    SELECT o.promised, o.pool, min(o.capacity) AS capacity
    FROM inclusion_data.run_offer o WHERE o.run = check_allocation.run GROUP BY o.promised, o.pool
  ), received AS (
    SELECT o.promised, o.pool, count(*) AS people, max(ARRAY[p.classes[p.list_position], p.rank]) AS last_key
    FROM person p JOIN inclusion_data.run_offer o ON o.run = check_allocation.run AND o.offer = p.offer
    WHERE p.outcome = 'proposed' OR p.outcome = 'oriented' AND p.reason <> 'oriented_this_week'
    GROUP BY o.promised, o.pool
  ), state AS (
    SELECT l.promised, l.pool, l.capacity, coalesce(r.people, 0) AS people, r.last_key
    FROM pool l LEFT JOIN received r ON r.promised = l.promised AND r.pool = l.pool
  ), wish AS MATERIALIZED (
    SELECT p.perimeter, p.beneficiary, p.rank, p.outcome, p.reason, p.list_position, w.offer, w.class, w.n
    FROM person p CROSS JOIN LATERAL unnest(p.offers, p.classes) WITH ORDINALITY AS w (offer, class, n)
  ), preferred AS (
    -- what each person would rather have had: a counted seat before anything
    -- else, then, for those without one, a place better listed than theirs
    SELECT w.perimeter, w.beneficiary, w.offer, w.rank, w.class, s.capacity, s.people, s.last_key
    FROM wish w
    JOIN inclusion_data.run_offer o ON o.run = check_allocation.run AND o.offer = w.offer
    JOIN state s ON s.promised = o.promised AND s.pool = o.pool
    WHERE CASE WHEN o.promised THEN w.outcome <> 'proposed' OR w.n < w.list_position
               ELSE w.outcome = 'waiting' OR w.outcome = 'oriented' AND w.reason <> 'oriented_this_week' AND w.n < w.list_position END
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
  SELECT 'held', p.perimeter, p.beneficiary, p.offer,
         format('beneficiary %s is %s with rank %s', p.beneficiary, p.outcome, coalesce(p.rank::text, 'none'))
  FROM person p WHERE (p.rank IS NULL) <> (p.outcome = 'held')
  UNION ALL
  SELECT 'not_on_list', p.perimeter, p.beneficiary, p.offer,
         format('beneficiary %s is %s to offer %s at position %s of its list', p.beneficiary, p.outcome, p.offer, p.list_position)
  FROM person p LEFT JOIN inclusion_data.run_offer o ON o.run = check_allocation.run AND o.offer = p.offer
  WHERE p.outcome IN ('proposed', 'oriented')
    AND (p.offers[p.list_position] = p.offer AND o.promised = (p.outcome = 'proposed')) IS NOT TRUE
  UNION ALL
  SELECT 'refused', p.perimeter, p.beneficiary, q.offer, format('beneficiary %s declined offer %s', p.beneficiary, q.offer)
  FROM person p
  JOIN inclusion_data.proposal q ON q.beneficiary = p.beneficiary AND q.perimeter = p.perimeter AND q.offer = ANY (p.offers)
  JOIN inclusion_data.proposal_step s ON s.proposal = q.id AND s.perimeter = q.perimeter
  JOIN inclusion_data.run r ON r.id = check_allocation.run AND s.at < r.started_at
  WHERE s.to_state = 'declined' AND s.from_state IN ('proposed', 'to_reach')
  UNION ALL
  SELECT 'over_capacity', NULL, NULL, CASE WHEN s.promised THEN s.pool END,
         format('pool %s received %s for a capacity of %s', s.pool, s.people, s.capacity)
  FROM state s WHERE s.people > s.capacity
  UNION ALL
  SELECT 'session', NULL, NULL, t.offer,
         format('session %s of offer %s received %s for %s free seats', coalesce(t.session::text, 'none'), t.offer, t.people, coalesce(s.free, 0))
  FROM (SELECT p.session, p.offer, count(*) AS people FROM person p WHERE p.outcome = 'proposed' GROUP BY p.session, p.offer) t
  LEFT JOIN inclusion_data.run_session s ON s.run = check_allocation.run AND s.session = t.session AND s.offer = t.offer
  WHERE t.people > coalesce(s.free, 0)
  UNION ALL
  SELECT 'waste', w.perimeter, w.beneficiary, w.offer,
         format('beneficiary %s prefers offer %s, which has room: %s of %s', w.beneficiary, w.offer, w.people, w.capacity)
  FROM preferred w WHERE w.people < w.capacity
  UNION ALL
  SELECT 'envy', w.perimeter, w.beneficiary, w.offer,
         format('beneficiary %s prefers offer %s, which received class %s rank %s before class %s rank %s',
                w.beneficiary, w.offer, w.last_key[1], w.last_key[2], w.class, w.rank)
  FROM preferred w WHERE w.people >= w.capacity AND ARRAY[w.class, w.rank] < w.last_key
  UNION ALL
  SELECT 'rank_order', o.perimeter, o.beneficiary, NULL,
         format('beneficiary %s has priority %s at rank %s, the rank before it %s', o.beneficiary, o.priority, o.rank, o.before)
  FROM (SELECT p.perimeter, p.beneficiary, p.priority, p.rank, lag(p.priority) OVER (ORDER BY p.rank) AS before
        FROM person p WHERE p.rank IS NOT NULL) o
  WHERE o.before < o.priority
$$;

COMMENT ON FUNCTION inclusion.check_allocation(bigint) IS
  'Contrôle indépendant : une ligne par promesse non tenue (places, listes, priorités, gaspillage) ; aucune quand tout est juste.';
