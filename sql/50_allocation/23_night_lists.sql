/*
 * 23_night_lists: what enters a night: what there is to give, who waits and in
 * which order, and the list of each.
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
  CROSS JOIN LATERAL (SELECT inclusion.session_deadline(o.capacity_kind, s.starts_at, s.ends_at, k.time_zone) AS deadline) d
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
--   grade     facts of the published grid answered 'yes' last, at most 3; who
--             then declines, or is not asked, keeps what they had said
--   priority  grade × days_per_grade + days waited (capped)
--   rank      by priority, then the day of enrolment, then the draw: sha256 of
--             'lottery key/perimeter/number', one draw for all offers; NULL for
--             who holds a live proposal that no better one may replace
--   struck    offers not to be proposed to this person again
--   categories, held, held_session   as in inclusion_data.run_candidate
CREATE FUNCTION inclusion.night_people(run bigint)
RETURNS TABLE (perimeter text, beneficiary bigint, need inclusion.need, rank bigint, grade int, waiting_days int,
               priority int, list_length int, struck bigint[], categories int, held bigint, held_session bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH night AS (
    SELECT r.id, r.as_of, r.perimeters FROM inclusion_data.run r WHERE r.id = night_people.run
  ), fact AS (
    -- here and below, numbers before names: they are sorted faster
    SELECT DISTINCT ON (c.beneficiary, c.perimeter, c.item) c.perimeter, c.beneficiary, c.item, c.answer
    FROM night n JOIN inclusion_data.circumstance c ON c.perimeter = ANY (n.perimeters) AND c.recorded_on <= n.as_of
    WHERE c.answer IN ('yes', 'no')
    ORDER BY c.beneficiary, c.perimeter, c.item, c.recorded_on DESC, c.id DESC
  ), graded AS (
    SELECT f.perimeter, f.beneficiary, least(count(*), 3)::int AS grade
    FROM fact f
    JOIN inclusion.night_policies(night_people.run) k ON k.perimeter = f.perimeter
    JOIN inclusion_data.policy_grid g ON g.policy = k.policy AND g.item = f.item
    WHERE f.answer = 'yes'
    GROUP BY f.beneficiary, f.perimeter
  ), struck AS (
    SELECT x.perimeter, x.beneficiary, array_agg(x.offer ORDER BY x.offer) AS offers
    FROM night n JOIN inclusion_data.struck_offer x ON x.perimeter = ANY (n.perimeters)
    GROUP BY x.perimeter, x.beneficiary
  ), holding AS (
    SELECT DISTINCT ON (w.perimeter, w.beneficiary) w.perimeter, w.beneficiary, w.offer, w.session,
           w.state = 'proposed' AND s.session IS NOT NULL AND count(*) OVER (PARTITION BY w.perimeter, w.beneficiary) = 1 AS unanswered
    FROM night n JOIN inclusion_data.proposal_now w ON w.perimeter = ANY (n.perimeters)
    LEFT JOIN (inclusion_data.run_session s
               JOIN inclusion_data.run_offer o ON o.run = s.run AND o.offer = s.offer) ON s.run = n.id AND s.session = w.session
    WHERE w.live
    ORDER BY w.perimeter, w.beneficiary, w.id DESC
  ), public_of AS (
    SELECT b.perimeter, b.id AS beneficiary, bit_or(k.flag) AS categories
    FROM night n JOIN inclusion_data.beneficiary b ON b.perimeter = ANY (n.perimeters)
    JOIN inclusion.night_publics(night_people.run) k ON k.audience = ANY (b.audiences)
    GROUP BY b.id, b.perimeter
  ), person AS (
    -- a withdrawal dated later leaves two enrolments open on one day: the first counts
    SELECT DISTINCT ON (m.beneficiary, m.perimeter)
           m.perimeter, m.beneficiary, m.need, e.enrolled_on, coalesce(g.grade, 0) AS grade, n.as_of - e.enrolled_on AS waiting_days,
           -- where they were sent this week may stand far down
           CASE WHEN EXISTS (SELECT FROM inclusion_data.orientation o WHERE o.perimeter = m.perimeter AND o.beneficiary = m.beneficiary
                             AND o.week = inclusion.night_week(n.as_of)) THEN k.max_list_length ELSE k.list_length END AS list_length,
           h.beneficiary IS NULL OR h.unanswered AND k.improve_unanswered AS competes, h.offer AS held, h.session AS held_session,
           coalesce(g.grade, 0) * k.days_per_grade + least(n.as_of - e.enrolled_on, k.max_waiting_days) AS priority,
           sha256(convert_to(k.lottery_key || '/' || m.perimeter || '/' || m.beneficiary, 'UTF8')) AS draw,
           coalesce(x.offers, '{}') AS struck, coalesce(a.categories, 0) AS categories
    FROM night n
    CROSS JOIN inclusion.needs_of(n.perimeters, n.as_of, priced => false) m
    JOIN inclusion.night_policies(night_people.run) k ON k.perimeter = m.perimeter
    JOIN inclusion_data.enrolment e ON e.beneficiary = m.beneficiary AND e.perimeter = m.perimeter
      AND e.enrolled_on <= n.as_of AND (e.withdrawn_on IS NULL OR e.withdrawn_on > n.as_of)
    LEFT JOIN graded g ON g.perimeter = m.perimeter AND g.beneficiary = m.beneficiary
    LEFT JOIN struck x ON x.perimeter = m.perimeter AND x.beneficiary = m.beneficiary
    LEFT JOIN holding h ON h.perimeter = m.perimeter AND h.beneficiary = m.beneficiary
    LEFT JOIN public_of a ON a.perimeter = m.perimeter AND a.beneficiary = m.beneficiary
    ORDER BY m.beneficiary, m.perimeter, e.enrolled_on
  )
  SELECT p.perimeter, p.beneficiary, p.need,
         CASE WHEN p.competes THEN row_number() OVER (
           PARTITION BY p.competes ORDER BY p.priority DESC, p.enrolled_on, p.draw, p.perimeter, p.beneficiary) END,
         p.grade, p.waiting_days, p.priority, p.list_length, p.struck, p.categories, p.held, p.held_session
  FROM person p
$$;

-- The offers a night lists, open or not: capacities decide.
CREATE FUNCTION inclusion.night_offers(run bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format(
    'SELECT o.id, o.supply FROM inclusion_data.run_offer r JOIN inclusion_data.offer o ON o.id = r.offer WHERE r.run = %s', run)
$$;

-- What lists are made from, a person a row: how many offers suit that are not to
-- be proposed again is counted here, once.
CREATE FUNCTION inclusion.compute_people(run bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO inclusion_data.run_need (run, perimeter, beneficiary, rank, grade, waiting_days, priority, categories,
                                       held, held_session, struck_off, need, struck, list_length)
  SELECT compute_people.run, p.perimeter, p.beneficiary, p.rank, p.grade, p.waiting_days, p.priority, p.categories, p.held, p.held_session,
         CASE WHEN p.struck = '{}' OR p.rank IS NULL THEN 0 ELSE (
           SELECT count(*) FROM inclusion_data.run_offer r JOIN inclusion_data.offer o ON o.id = r.offer
           WHERE r.run = compute_people.run AND r.offer = ANY (p.struck)
             AND inclusion.set_open(o.supply, true) OPERATOR(inclusion.@@) p.need) END,
         CASE WHEN p.rank IS NOT NULL THEN p.need END, p.struck, p.list_length
  FROM inclusion.night_people(compute_people.run) p
$$;

-- The lists, a person a row: the offers that suit, best first, ties by offer
-- number, but for what was struck off; everybody's, as far as its first
-- lengthening would go, or `longer` ones, `lengths` beside `ranks`.  A query of
-- its own and read as a whole, so that several processes share the people.  No
-- statistics know the rows of this night: taken for few, they would not be
-- thought worth it.
CREATE FUNCTION inclusion.night_lists(run bigint, ranks bigint[] DEFAULT NULL, lengths int[] DEFAULT NULL)
RETURNS TABLE (perimeter text, beneficiary bigint, rank bigint, categories int, held bigint, list_length int, known int, offers bigint[], costs float8[])
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET parallel_setup_cost = 0 SET parallel_tuple_cost = 0 AS $$
#variable_conflict use_column
DECLARE
  given constant text := inclusion.night_offers(night_lists.run);
BEGIN
  RETURN QUERY
  SELECT m.perimeter, m.beneficiary, m.rank, m.categories, m.held, m.list_length, m.wanted, (m.list).offers, (m.list).costs
  -- OFFSET 0: each list is made once
  FROM (SELECT n.perimeter, n.beneficiary, n.rank, n.categories, n.held, n.list_length, w.wanted,
               inclusion.best_offers(n.need, w.wanted, true, given, n.struck) AS list
        FROM inclusion_data.run_need n
        JOIN inclusion.night_policies(night_lists.run) k ON k.perimeter = n.perimeter
        LEFT JOIN unnest(ranks, lengths) AS l (rank, length) ON l.rank = n.rank
        CROSS JOIN LATERAL (SELECT coalesce(l.length, least(3 * n.list_length, k.max_list_length)) AS wanted) w
        WHERE n.run = night_lists.run AND n.rank IS NOT NULL AND (night_lists.ranks IS NULL OR l.rank IS NOT NULL) OFFSET 0) m;
END
$$;

-- Everybody's list, as far as its first lengthening would go: to look for three
-- times as many at once costs half as much again, to look again twice as much.
CREATE FUNCTION inclusion.compute_lists(run bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO inclusion_data.run_list (run, perimeter, beneficiary, rank, categories, held, asked, known, offers, costs)
  SELECT compute_lists.run, l.perimeter, l.beneficiary, l.rank, l.categories, l.held, l.list_length, l.known, l.offers, l.costs
  FROM inclusion.night_lists(compute_lists.run) l
$$;

COMMENT ON FUNCTION inclusion.night_sessions(bigint) IS 'Séances à venir : celles dont les places peuvent être proposées, et si elles sont confirmées.';
COMMENT ON FUNCTION inclusion.compute_supply(bigint) IS 'Ce qu''il y a à donner : places libres par séance, capacité par offre.';
COMMENT ON FUNCTION inclusion.night_people(bigint) IS 'Personnes de la file : rang, palier, attente, et offres à ne plus proposer.';
COMMENT ON FUNCTION inclusion.night_offers(bigint) IS 'Requête des offres d''une nuit : celles qui peuvent être listées.';
COMMENT ON FUNCTION inclusion.compute_people(bigint) IS 'Besoins de la nuit : de quoi faire la liste de chaque personne.';
COMMENT ON FUNCTION inclusion.night_lists(bigint, bigint[], int[]) IS 'Listes à faire : une par personne, la meilleure offre d''abord, le travail partagé entre processus.';
COMMENT ON FUNCTION inclusion.compute_lists(bigint) IS 'Listes : les offres qui conviennent à chaque personne, la meilleure d''abord, plus qu''il n''en sera d''abord montré.';
