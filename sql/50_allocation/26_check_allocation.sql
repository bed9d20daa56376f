/*
 * 26_check_allocation: is the result what was promised?
 *
 * Written from the promises, in SQL alone: it calls nothing that took part in
 * the allocation.  It compares the rows of a run with each other, so that it
 * can be asked again years later; and, as long as what entered the run is still
 * there, the needs and supplies they came from.
 */

-- Of those whom a run sends somewhere, those whom the offer does not suit: the
-- need is asked again of the profile, and matched again with the supply.  Only
-- while what entered the run is unchanged: a need of another day tells nothing.
-- Of two requests open on one day, either may have been answered.
CREATE FUNCTION inclusion.unsuited(run bigint)
RETURNS TABLE (perimeter text, beneficiary bigint, outcome text, offer bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
DECLARE
  night record;
BEGIN
  SELECT r.perimeters, r.as_of, r.verified, r.event_mark INTO night FROM inclusion_data.run r WHERE r.id = unsuited.run;
  IF night.verified AND night.event_mark IS DISTINCT FROM inclusion.night_mark(unsuited.run) THEN
    RETURN;
  END IF;
  RETURN QUERY
  SELECT d.perimeter, d.beneficiary, d.outcome, d.offer
  FROM inclusion_data.run_result d
  LEFT JOIN inclusion_data.offer o ON o.id = d.offer
  WHERE d.run = unsuited.run AND d.outcome IN ('proposed', 'oriented')
    AND NOT EXISTS (SELECT FROM inclusion.needs_of(night.perimeters, night.as_of, priced => false) n
                    WHERE n.perimeter = d.perimeter AND n.beneficiary = d.beneficiary
                      AND inclusion.set_open(o.supply, true) OPERATOR(inclusion.@@) n.need);
END
$$;

-- check_allocation: one row per broken promise, none when all are kept.  Of
-- those whom one place leaves with a claim, the first by rank is named.
--   no_run             there is no such run: nothing was checked
--   missing, unknown   a person of the list without a result, or the contrary
--   lock_broken        who holds a place lost it, or got a worse one
--   held               who holds none is said to
--   ineligible         an offer that is not where it says on the person's list,
--                      or that does not suit the person, or a promised place
--                      where no seat is counted
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
-- A key is a class and a rank in one number, 0 and the largest beyond any.
-- Lists are opened once, against the key that has a claim in each offer.  No
-- statistics know the rows of a night under way: the settings do.
CREATE FUNCTION inclusion.check_allocation(run bigint)
RETURNS TABLE (violation text, perimeter text, beneficiary bigint, offer bigint, detail text)
LANGUAGE sql STABLE PARALLEL SAFE COST 100000000 ROWS 10 SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off SET enable_mergejoin = off SET jit = off SET work_mem = '64MB'
SET parallel_tuple_cost = 0 AS $$
  WITH person AS (
    SELECT coalesce(c.perimeter, d.perimeter) AS perimeter, coalesce(c.beneficiary, d.beneficiary) AS beneficiary,
           c.rank, c.classes[d.list_position] AS class, c.categories, c.held, c.held_session,
           d.outcome, d.reason, d.offer, d.session, d.list_position, d.reserved_for,
           CASE WHEN d.perimeter IS NULL THEN 'missing'
                WHEN c.held IS NOT NULL AND NOT CASE d.outcome
                       WHEN 'held' THEN d.offer = c.held AND d.session = c.held_session
                       WHEN 'proposed' THEN c.rank IS NOT NULL AND d.list_position < array_position(c.offers, c.held)
                       ELSE false END THEN 'lock_broken'
                WHEN c.held IS NULL AND d.outcome = 'held' THEN 'held'
                WHEN c.rank IS NOT NULL AND d.outcome <> 'waiting' AND c.offers[d.list_position] IS DISTINCT FROM d.offer THEN 'ineligible' END AS flaw
    FROM inclusion_data.run_candidate c
    LEFT JOIN inclusion_data.run_result d ON d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary
    WHERE c.run = check_allocation.run OFFSET 0
  ), given AS MATERIALIZED (
    -- those who got the same, counted; who has a flaw stands alone
    SELECT p.flaw, CASE WHEN p.flaw IS NOT NULL THEN p.perimeter END AS perimeter, CASE WHEN p.flaw IS NOT NULL THEN p.beneficiary END AS beneficiary,
           p.outcome, p.offer, p.session, p.reserved_for, p.categories, p.reason = 'oriented_this_week' AS again,
           p.rank IS NOT NULL AS competed, CASE WHEN p.outcome = 'proposed' THEN p.held_session END AS left_session,
           count(*) AS people, min(p.list_position) AS list_position, min(p.held) AS held,
           -- a place held and kept has no key: nobody can claim it
           max((p.class::bigint << 32) + p.rank) FILTER (WHERE p.outcome <> 'held') AS last_key
    FROM person p
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
  ), received AS MATERIALIZED (
    SELECT o.promised, o.pool, g.categories, sum(g.people)::bigint AS people, max(g.last_key) AS last_key
    FROM given g JOIN inclusion_data.run_offer o ON o.run = check_allocation.run AND o.offer = g.offer
    WHERE g.competed AND NOT g.again AND g.outcome <> 'waiting'
    GROUP BY o.promised, o.pool, g.categories
  ), standing AS MATERIALIZED (
    -- of a person of each publics where places are reserved: the key below
    -- which it has a claim.  Of those who may leave and the person, the last
    -- leaves; where nobody may, the last of all without a place held before
    SELECT s.offer, s.categories, s.categories & ~s.satisfied <> 0 AS unmet,
           greatest(s.open_key, CASE WHEN s.categories & ~s.satisfied = 0 THEN coalesce(s.evictable_key, 0)
                                     WHEN s.evictable_key IS NULL THEN coalesce(s.last_key, 0)
                                     ELSE 9223372036854775807 END) AS claim_key
    FROM (SELECT array_agg(r.pool) AS offers, array_agg(r.categories) AS publics, array_agg(r.people) AS people, array_agg(r.last_key) AS keys
          FROM received r WHERE r.promised) a
    CROSS JOIN LATERAL inclusion.check_standing(check_allocation.run, a.offers, a.publics, a.people, a.keys) s
  ), pool AS MATERIALIZED (
    SELECT c.promised, c.pool, c.capacity, c.mask, coalesce(r.people, 0) AS people,
           CASE WHEN coalesce(r.people, 0) < c.capacity THEN 9223372036854775807
                ELSE coalesce(s.claim_key, r.last_key, 0) END AS claim_key
    FROM (SELECT o.promised, o.pool, min(o.capacity) AS capacity, coalesce(bit_or(m.mask), 0) AS mask
          FROM inclusion_data.run_offer o
          CROSS JOIN LATERAL (SELECT bit_or(1 << (u.n - 1)::int) AS mask FROM unnest(o.reserves) WITH ORDINALITY u (places, n) WHERE u.places > 0) m
          WHERE o.run = check_allocation.run
          GROUP BY o.promised, o.pool) c
    LEFT JOIN (SELECT r.promised, r.pool, sum(r.people) AS people, max(r.last_key) AS last_key
               FROM received r GROUP BY r.promised, r.pool) r ON r.promised = c.promised AND r.pool = c.pool
    LEFT JOIN (SELECT s.offer, max(s.claim_key) AS claim_key FROM standing s GROUP BY s.offer) s ON c.promised AND s.offer = c.pool
  ), wish AS (
    -- what people would rather have had: for who is placed, what stands before
    -- on their list; for the others all of it, since a counted seat is preferred
    -- to anything else, but of what is not counted only what stands before the
    -- place they are sent to
    SELECT c.perimeter, c.beneficiary, c.rank, c.categories,
           unnest(c.offers[:b.counted]) AS offer, unnest(c.classes[:b.counted]) AS class, generate_series(1, b.counted) AS n, b.uncounted
    FROM inclusion_data.run_candidate c
    JOIN inclusion_data.run_result d ON d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary
    CROSS JOIN LATERAL (
      SELECT CASE WHEN d.outcome IN ('proposed', 'held') THEN d.list_position - 1 ELSE cardinality(c.offers) END AS counted,
             CASE WHEN d.outcome = 'waiting' THEN cardinality(c.offers)
                  WHEN d.outcome = 'oriented' AND d.reason <> 'oriented_this_week' THEN d.list_position - 1 ELSE 0 END AS uncounted) b
    WHERE c.run = check_allocation.run AND c.rank IS NOT NULL
  ), claim AS MATERIALIZED (
    SELECT w.perimeter, w.beneficiary, w.categories, p.promised, p.pool, (w.class::bigint << 32) + w.rank AS key
    FROM wish w
    JOIN (SELECT o.offer, o.promised, o.pool, q.claim_key FROM inclusion_data.run_offer o JOIN pool q ON q.promised = o.promised AND q.pool = o.pool
          WHERE o.run = check_allocation.run OFFSET 0) p ON p.offer = w.offer
    WHERE (w.class::bigint << 32) + w.rank < p.claim_key AND (p.promised OR w.n <= w.uncounted)
  ), broken AS (
    SELECT DISTINCT ON (c.promised, c.pool, c.categories) c.*, p.people, p.capacity,
           CASE WHEN p.people < p.capacity THEN 'waste' WHEN s.unmet THEN 'reserve_unmet' ELSE 'envy' END AS violation
    FROM claim c
    JOIN pool p ON p.promised = c.promised AND p.pool = c.pool
    LEFT JOIN standing s ON p.mask <> 0 AND s.offer = c.pool AND s.categories = c.categories & p.mask
    WHERE p.people < p.capacity OR p.mask = 0 OR c.key < s.claim_key
    ORDER BY c.promised, c.pool, c.categories, c.key
  ), ineligible AS (
    SELECT DISTINCT ON (u.perimeter, u.beneficiary) u.* FROM (
      SELECT g.perimeter, g.beneficiary, g.outcome, g.offer, format('which is not at position %s of its list', g.list_position) AS why, 1 AS n
      FROM given g WHERE g.flaw = 'ineligible'
      UNION ALL
      SELECT d.perimeter, d.beneficiary, d.outcome, d.offer, 'whose seats are not counted so', 2
      FROM inclusion_data.run_result d
      JOIN (SELECT DISTINCT g.outcome, g.offer FROM given g
            LEFT JOIN inclusion_data.run_offer o ON o.run = check_allocation.run AND o.offer = g.offer
            WHERE g.competed AND g.outcome <> 'waiting' AND o.promised IS DISTINCT FROM (g.outcome <> 'oriented')) w
        ON w.outcome = d.outcome AND w.offer = d.offer
      WHERE d.run = check_allocation.run
      UNION ALL
      SELECT s.perimeter, s.beneficiary, s.outcome, s.offer, 'which does not suit its need', 3
      FROM inclusion.unsuited(check_allocation.run) s) u
    ORDER BY u.perimeter, u.beneficiary, u.n
  )
  SELECT 'no_run', NULL::text, NULL::bigint, NULL::bigint, format('there is no run %s', coalesce(check_allocation.run::text, 'NULL'))
  WHERE NOT EXISTS (SELECT FROM inclusion_data.run r WHERE r.id = check_allocation.run)
  UNION ALL
  SELECT g.flaw, g.perimeter, g.beneficiary, g.offer,
         CASE g.flaw WHEN 'missing' THEN format('beneficiary %s has no result', g.beneficiary)
                     WHEN 'held' THEN format('beneficiary %s is held, and holds nothing', g.beneficiary)
                     ELSE format('beneficiary %s held a place of offer %s, and is %s', g.beneficiary, g.held, g.outcome) END
  FROM given g WHERE g.flaw <> 'ineligible'
  UNION ALL
  SELECT 'unknown', d.perimeter, d.beneficiary, d.offer, format('beneficiary %s is not on the list', d.beneficiary)
  FROM inclusion_data.run_result d
  -- not looked for where the counts agree
  WHERE (SELECT count(*) FROM inclusion_data.run_result a WHERE a.run = check_allocation.run) > (SELECT sum(g.people) FROM given g WHERE g.outcome IS NOT NULL)
    AND d.run = check_allocation.run AND NOT EXISTS (
    SELECT FROM inclusion_data.run_candidate c WHERE c.run = d.run AND c.perimeter = d.perimeter AND c.beneficiary = d.beneficiary)
  UNION ALL
  SELECT 'ineligible', i.perimeter, i.beneficiary, i.offer, format('beneficiary %s is %s to offer %s, %s', i.beneficiary, i.outcome, i.offer, i.why)
  FROM ineligible i
  UNION ALL
  SELECT 'refused', c.perimeter, c.beneficiary, q.offer, format('beneficiary %s declined offer %s', c.beneficiary, q.offer)
  FROM (SELECT q.perimeter, q.beneficiary, q.offer
        FROM inclusion_data.run r
        JOIN inclusion_data.proposal_step s ON s.at < r.started_at AND s.to_state = 'declined' AND s.from_state IN ('proposed', 'to_reach')
        JOIN inclusion_data.proposal q ON s.proposal = q.id AND s.perimeter = q.perimeter
        WHERE r.id = check_allocation.run OFFSET 0) q
  JOIN inclusion_data.run_candidate c ON c.run = check_allocation.run AND c.beneficiary = q.beneficiary AND c.perimeter = q.perimeter AND q.offer = ANY (c.offers)
  UNION ALL
  SELECT 'over_capacity', NULL, NULL, CASE WHEN p.promised THEN p.pool END,
         format('pool %s received %s for a capacity of %s', p.pool, p.people, p.capacity)
  FROM pool p WHERE p.people > p.capacity
  UNION ALL
  SELECT 'session', NULL, NULL, t.offer,
         format('session %s of offer %s received %s for %s free seats', coalesce(t.session::text, 'none'), t.offer, t.people, coalesce(s.free + coalesce(l.people, 0), 0))
  FROM (SELECT g.session, g.offer, sum(g.people) AS people FROM given g WHERE g.outcome = 'proposed' GROUP BY g.session, g.offer) t
  LEFT JOIN inclusion_data.run_session s ON s.run = check_allocation.run AND s.session = t.session AND s.offer = t.offer
  LEFT JOIN (SELECT g.left_session, sum(g.people) AS people FROM given g WHERE g.left_session IS NOT NULL GROUP BY g.left_session) l ON l.left_session = s.session
  WHERE t.people > coalesce(s.free + coalesce(l.people, 0), 0)
  UNION ALL
  SELECT b.violation, b.perimeter, b.beneficiary, CASE WHEN b.promised THEN b.pool END,
         format('beneficiary %s, class %s rank %s, prefers pool %s, which received %s for a capacity of %s',
                b.beneficiary, b.key >> 32, b.key & 4294967295, b.pool, b.people, b.capacity)
  FROM broken b
  UNION ALL
  SELECT 'reserved_for', NULL, NULL, q.offer, format('offer %s gave %s of the %s places reserved for %s', q.offer, q.people, coalesce(o.reserves[k.n], 0), q.reserved_for)
  FROM (SELECT g.offer, g.reserved_for, sum(g.people) AS people, bit_and(g.categories) AS shared
        FROM given g WHERE g.reserved_for IS NOT NULL GROUP BY g.offer, g.reserved_for) q
  LEFT JOIN inclusion_data.run_offer o ON o.run = check_allocation.run AND o.offer = q.offer
  LEFT JOIN inclusion.night_publics(check_allocation.run) k ON k.audience = q.reserved_for
  WHERE coalesce(q.shared & k.flag, 0) = 0 OR q.people > coalesce(o.reserves[k.n], 0)
  UNION ALL
  SELECT 'rank_order', c.perimeter, c.beneficiary, NULL,
         format('beneficiary %s at rank %s has priority %s and %s days, and comes after who has less, or the draw says otherwise', c.beneficiary, c.rank, c.priority, c.waiting_days)
  FROM (
    -- the order as one text of bytes: the less, the sooner
    SELECT r.rank, r.earned, r.turn < lag(r.turn) OVER (ORDER BY r.rank) AS overtaken
    FROM (SELECT c.rank, k.days_per_grade * c.grade + least(c.waiting_days, k.max_waiting_days) = c.priority AS earned,
                 int8send(-c.priority # -9223372036854775808) || int8send(-c.waiting_days # -9223372036854775808)
                   || sha256(convert_to(k.lottery_key || '/' || c.perimeter || '/' || c.beneficiary, 'UTF8')) AS turn
          FROM inclusion_data.run_candidate c JOIN inclusion.night_policies(check_allocation.run) k ON k.perimeter = c.perimeter
          WHERE c.run = check_allocation.run AND c.rank IS NOT NULL OFFSET 0) r) o
  CROSS JOIN LATERAL (SELECT e.* FROM inclusion_data.run_candidate e WHERE e.run = check_allocation.run AND e.rank = o.rank OFFSET 0) c
  WHERE NOT o.earned OR o.overtaken
$$;

COMMENT ON FUNCTION inclusion.unsuited(bigint) IS
  'Offres qui ne conviennent pas : besoin et offre rapprochés de nouveau, tant que ce qui est entré dans la nuit n''a pas changé.';
COMMENT ON FUNCTION inclusion.check_allocation(bigint) IS
  'Contrôle indépendant : une ligne par promesse non tenue (places, listes, priorités, réserves, gaspillage) ; aucune quand tout est juste.';
