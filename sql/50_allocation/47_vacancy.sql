/*
 * 47_vacancy: a seat freed in the day goes to the next person the same day.
 *
 * The night gives seats to everybody at once; between two nights a freed seat
 * goes down the published list: those who wait, in their order, who had this
 * offer on theirs.  Nobody who holds another proposal is moved, so what results
 * is interim, and the next night looks at everything anew.
 */

-- Keep nights out until the end of the transaction; false if one runs.
CREATE FUNCTION inclusion.keep_nights_out() RETURNS boolean
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(bool_and(pg_try_advisory_xact_lock_shared(hashtextextended('inclusion.night ' || v.perimeter, 0))), true)
  FROM (SELECT a.perimeter FROM inclusion_data.active_list_pointer a ORDER BY a.perimeter) v
$$;

-- The session as it can be given today: open, still to come and within the
-- policy's horizon, its seats confirmed lately, its place not closed; no row
-- otherwise.  Reserves are of the offer, as for the night: `reserves` are the
-- policy's shares of the places of all its `sessions` that can be given today,
-- one element a public of `publics`, and `capacity` is what they hold already
-- with what this one has left.
CREATE FUNCTION inclusion.session_to_give(session bigint)
RETURNS TABLE (offer bigint, capacity int, today date, answer_by date, publics text[], reserves int[], sessions bigint[], reserve_order text)
LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
  WITH given AS (
    SELECT s.id, o.id AS offer, t.capacity, t.taken + t.proposed AS held, d.today, least(d.today + k.proposal_days, e.deadline - 1) AS answer_by,
           k.id AS policy, k.reserve_order
    FROM inclusion_data.session a
    JOIN inclusion_data.session s ON s.offer = a.offer
    JOIN inclusion_data.seat t ON t.session = s.id
    JOIN inclusion_data.offer o ON o.id = s.offer AND o.supply IS NOT NULL AND o.capacity_kind IN ('seats', 'weekly')
    JOIN inclusion_data.perimeter m ON m.code = s.perimeter
    CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE m.time_zone)::date AS today) d
    JOIN inclusion_data.policy k ON k.id = inclusion.policy_in_force(s.perimeter, d.today)
    CROSS JOIN LATERAL (
      SELECT inclusion.session_deadline(o.capacity_kind, s.starts_at, s.ends_at, m.time_zone) AS deadline,
             daterange((s.starts_at AT TIME ZONE m.time_zone)::date,
                       (s.ends_at AT TIME ZONE m.time_zone - interval '1 microsecond')::date, '[]') AS days) e
    WHERE a.id = session_to_give.session AND s.state = 'open' AND e.deadline > d.today
      AND lower(e.days) <= d.today + k.session_horizon_days AND d.today - s.confirmed_on <= k.seat_trust_days
      AND NOT EXISTS (SELECT FROM inclusion_data.closure x WHERE x.place = coalesce(s.place, o.place)
                      AND CASE o.capacity_kind WHEN 'weekly' THEN x.during @> e.days ELSE x.during && e.days END)
  ), whole AS (
    SELECT g.offer, g.today, g.answer_by, g.policy, g.reserve_order, g.capacity - g.held + w.held AS available, w.places, w.sessions
    FROM given g
    CROSS JOIN (SELECT sum(v.held) AS held, sum(v.capacity) AS places, array_agg(v.id ORDER BY v.id) AS sessions FROM given v) w
    WHERE g.id = session_to_give.session
  )
  SELECT w.offer, w.available::int, w.today, w.answer_by, r.publics, r.reserves, w.sessions, w.reserve_order
  FROM whole w
  CROSS JOIN LATERAL (
    -- where more is reserved than there is, the first publics come first
    SELECT array_agg(v.audience ORDER BY v.n) AS publics, array_agg(greatest(least(v.places, w.available - v.before), 0)::int ORDER BY v.n) AS reserves
    FROM (SELECT p.audience, p.places, row_number() OVER o AS n, sum(p.places) OVER o - p.places AS before
          FROM (SELECT x.audience, x.percent * w.places / 100 AS places FROM inclusion_data.policy_reserve x WHERE x.policy = w.policy) p
          WINDOW o AS (ORDER BY p.audience COLLATE "C")) v) r
$$;

-- The need of one person who waits, NULL if they do not: an index lookup, where
-- a join would make everybody's.
CREATE FUNCTION inclusion.need_that_day(beneficiary bigint, perimeter text, day date) RETURNS inclusion.need
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT n.need FROM inclusion_data.need_rows(ARRAY[need_that_day.perimeter], need_that_day.day, 'learn', false) n
          WHERE n.beneficiary = need_that_day.beneficiary LIMIT 1);
END
$$;

-- Who has a claim to the seats of a session: those who hold one of the offer, and after them
-- the people of the published lists who wait and whom the offer suits today, in
-- the order of the night that ranked them.  Between two perimeters' nights,
-- whose ranks are not one scale, priority decides.
CREATE FUNCTION inclusion.session_claims(session bigint)
RETURNS TABLE (turn bigint, perimeter text, beneficiary bigint, run bigint, list_position int, cost float8, categories int, holds boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH given AS (
    SELECT g.* FROM inclusion.session_to_give(session_claims.session) g
  ), listed AS MATERIALIZED (
    -- the few who have the offer on their list, then what is asked of each
    SELECT c.*, g.offer, g.today
    FROM given g
    CROSS JOIN inclusion_data.active_list_pointer a
    JOIN inclusion_data.run_candidate c ON c.run = a.run AND c.perimeter = a.perimeter
      AND c.rank IS NOT NULL AND c.offers @> ARRAY[g.offer]
  ), free AS MATERIALIZED (
    SELECT c.*, inclusion.need_that_day(c.beneficiary, c.perimeter, c.today) AS need
    FROM listed c
    WHERE NOT EXISTS (SELECT FROM inclusion_data.proposal_now w
                      WHERE w.beneficiary = c.beneficiary AND w.perimeter = c.perimeter AND w.live OFFSET 0)
      AND NOT EXISTS (SELECT FROM inclusion_data.struck_offer x
                      WHERE x.beneficiary = c.beneficiary AND x.perimeter = c.perimeter AND x.offer = c.offer OFFSET 0)
  ), claim AS (
    SELECT w.perimeter, w.beneficiary, NULL::bigint AS run, NULL::int AS list_position, NULL::float8 AS cost, 0 AS class,
           NULL::int AS priority, w.id AS rank, true AS holds
    FROM given g JOIN inclusion_data.proposal_now w ON w.session = ANY (g.sessions) AND w.holds <> 'none'
    UNION ALL
    SELECT c.perimeter, c.beneficiary, c.run, l.n, o.supply OPERATOR(inclusion.<=>) c.need, c.classes[l.n], c.priority, c.rank, false
    FROM given g
    JOIN inclusion_data.offer o ON o.id = g.offer
    CROSS JOIN free c
    CROSS JOIN LATERAL (SELECT array_position(c.offers, g.offer) AS n) l
    WHERE inclusion.set_open(o.supply, true) OPERATOR(inclusion.@@) c.need
  )
  SELECT row_number() OVER (ORDER BY c.class, c.priority DESC, c.rank, c.perimeter, c.beneficiary),
         c.perimeter, c.beneficiary, c.run, c.list_position, c.cost,
         coalesce((SELECT bit_or(1 << (u.n - 1)::int) FROM given g CROSS JOIN LATERAL unnest(g.publics) WITH ORDINALITY u (audience, n)
                   WHERE u.audience = ANY (b.audiences)), 0), c.holds
  FROM claim c JOIN inclusion_data.beneficiary b ON b.id = c.beneficiary AND b.perimeter = c.perimeter
$$;

-- To whom the free seats of a session go: an allocation of its offer, where
-- those who hold a seat keep it and fill the reserves first.
CREATE FUNCTION inclusion.next_waiting(session bigint)
RETURNS TABLE (turn bigint, perimeter text, beneficiary bigint, run bigint, list_position int, cost float8)
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.turn, c.perimeter, c.beneficiary, c.run, c.list_position, c.cost
  FROM inclusion.session_claims(next_waiting.session) c
  JOIN inclusion.allocate(
    format('SELECT c.turn AS applicant, c.turn AS rank, c.categories, ARRAY[1::bigint] AS offers, CASE WHEN c.holds THEN 1::bigint END AS held '
           'FROM inclusion.session_claims(%s) c', session),
    format('SELECT 1::bigint AS offer, g.capacity, g.reserves FROM inclusion.session_to_give(%s) g', session),
    reserve_order => coalesce((SELECT g.reserve_order FROM inclusion.session_to_give(next_waiting.session) g), 'reserve_first')) a
    ON a.applicant = c.turn AND a.offer IS NOT NULL
  WHERE NOT c.holds
  ORDER BY c.turn
$$;

-- vacancy: offer the free seats of a session, today, to the next people whom it
-- suits; no agent chooses them.  Returns those proposals that the caller sees.
-- IN307 while a night runs: it gives the seats itself.
CREATE FUNCTION inclusion.vacancy(session bigint) RETURNS TABLE (proposal bigint, beneficiary bigint, answer_by date)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made bigint[];
BEGIN
  PERFORM inclusion.perimeter_of_session(vacancy.session);
  -- two sessions filled at once must see each other's choices
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'seats are not given under isolation level "%"', current_setting('transaction_isolation')
      USING ERRCODE = 'IN307', HINT = 'Call it in a transaction of level READ COMMITTED.';
  END IF;
  made := inclusion_data.fill_seats(vacancy.session);
  IF made IS NULL THEN
    RAISE EXCEPTION 'a night is running: it gives the seats of session % itself', session
      USING ERRCODE = 'IN307', HINT = 'Call it again once pilotage.job_progress shows the night published.';
  END IF;
  RETURN QUERY SELECT p.id, p.beneficiary, p.expires_on FROM inclusion_data.proposal p WHERE p.id = ANY (made) ORDER BY p.id;
END
$$;

-- The sessions with free seats where somebody gave one back since the list in
-- force was published.
CREATE FUNCTION inclusion.freed_sessions() RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(s.id ORDER BY s.starts_at, s.id), '{}')
  FROM inclusion_data.session s JOIN inclusion_data.seat t ON t.session = s.id AND t.taken + t.proposed < t.capacity
  WHERE s.state = 'open' AND s.ends_at > now()
    AND EXISTS (SELECT FROM inclusion_data.proposal p
                JOIN inclusion_data.proposal_step e ON e.proposal = p.id AND e.perimeter = p.perimeter
                JOIN inclusion_data.proposal_state h ON h.code = e.to_state AND h.holds = 'none'
                JOIN inclusion_data.active_list_pointer a ON a.perimeter = p.perimeter
                WHERE p.session = s.id AND e.n > 1 AND e.at > a.published_at)
$$;

-- fill_vacancies: each of them, in a transaction of its own.  For a scheduler,
-- several times a day, alone in its command; while a night runs it leaves the
-- seats to it.  No SET clause, since it commits.
CREATE PROCEDURE inclusion.fill_vacancies()
LANGUAGE plpgsql AS $$
DECLARE
  session bigint;
BEGIN
  -- inside somebody's transaction this fails, before anything is done
  COMMIT;
  PERFORM inclusion.require_registry();
  FOREACH session IN ARRAY inclusion.freed_sessions() LOOP
    EXIT WHEN NOT inclusion.keep_nights_out();
    PERFORM inclusion.vacancy(session);
    COMMIT;
  END LOOP;
END
$$;

COMMENT ON FUNCTION inclusion.freed_sessions() IS 'Places libérées : séances où quelqu''un en a rendu une depuis la liste publiée.';
COMMENT ON PROCEDURE inclusion.fill_vacancies() IS 'Places libérées offertes : séance par séance ; à appeler seule, plusieurs fois par jour, hors transaction.';
COMMENT ON FUNCTION inclusion.keep_nights_out() IS 'Pas de nuit pendant ce temps : faux si une nuit est en cours.';
COMMENT ON FUNCTION inclusion.session_to_give(bigint) IS 'Séance à offrir : ouverte, à venir, aux places confirmées ; aucune ligne sinon.';
COMMENT ON FUNCTION inclusion.need_that_day(bigint, text, date) IS 'Besoin de ce jour : celui d''une personne qui attend, NULL sinon.';
COMMENT ON FUNCTION inclusion.session_claims(bigint) IS 'Prétendants d''une séance : ceux qui y ont une place, puis ceux de la liste publiée, dans leur ordre.';
COMMENT ON FUNCTION inclusion.next_waiting(bigint) IS 'Suivants de la liste : à qui vont les places libres d''une séance, réserves comprises.';
COMMENT ON FUNCTION inclusion.vacancy(bigint) IS 'Place libérée : offerte le jour même aux suivants de la liste publiée ; IN307 pendant une nuit.';
