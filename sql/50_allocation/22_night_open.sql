/*
 * 22_night_open: what has run out is given back.
 *
 * Seats that nobody confirmed in time need no writing here: night_compute
 * leaves them out of the count and says how many.
 */

-- The service agent that signs what the night does in a perimeter.
CREATE FUNCTION inclusion.night_agent(perimeter text) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.id FROM inclusion_data.agent a WHERE a.perimeter = night_agent.perimeter AND a.kind = 'service'
$$;

-- Take one step with each proposal in one of `from_states`, and give back the
-- seat it holds.  Returns how many moved.  Rows are locked in the order of
-- their numbers, proposals then seats, as everywhere.
CREATE FUNCTION inclusion.night_close(perimeters text[], from_states text[], before date, to_state text, reason text) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  due bigint[];
  moved int;
BEGIN
  SELECT array_agg(l.id) INTO due FROM (
    SELECT p.id FROM inclusion_data.proposal p
    WHERE p.perimeter = ANY (perimeters) AND (p.expires_on < before OR before IS NULL)
      AND EXISTS (SELECT FROM inclusion_data.proposal_now w
                  WHERE w.id = p.id AND w.perimeter = p.perimeter AND w.state = ANY (from_states))
      -- restricted people's places stand still
      AND p.beneficiary <> ALL (inclusion_data.set_aside(NULL))
    ORDER BY p.id FOR UPDATE OF p) l;
  PERFORM t.session FROM inclusion_data.seat t
  WHERE t.session IN (SELECT p.session FROM inclusion_data.proposal p WHERE p.id = ANY (due) AND p.perimeter = ANY (perimeters))
  ORDER BY t.session FOR UPDATE OF t;

  -- a new statement: it sees what the locks waited for
  WITH leaving AS (
    SELECT w.id, w.perimeter, w.n, w.state, w.session, w.holds
    FROM inclusion_data.proposal_now w
    WHERE w.id = ANY (due) AND w.perimeter = ANY (perimeters) AND w.state = ANY (from_states)
  ), step AS (
    INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, reason)
    SELECT l.id, l.perimeter, l.n + 1, l.state, night_close.to_state, inclusion.night_agent(l.perimeter), 'service', night_close.reason
    FROM leaving l
    RETURNING proposal
  ), freed AS (
    UPDATE inclusion_data.seat t SET proposed = t.proposed - f.proposals
    FROM (SELECT l.session, count(*) AS proposals FROM leaving l WHERE l.holds = 'proposed' GROUP BY l.session) f
    WHERE f.session = t.session
  )
  SELECT count(*) INTO moved FROM step;
  RETURN moved;
END
$$;

-- A weekly offer is a flow: its seats of the week become a session of that
-- week, once.  They are believed as long as those of its last session were.
CREATE FUNCTION inclusion.open_weekly_sessions(perimeters text[], as_of date) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  monday constant timestamp := inclusion.night_week(as_of);
  opened int;
BEGIN
  WITH week AS (
    SELECT o.id AS offer, o.perimeter, o.place, o.weekly_seats,
           monday AT TIME ZONE z.time_zone AS starts_at, (monday + interval '7 days') AT TIME ZONE z.time_zone AS ends_at,
           coalesce((SELECT max(s.confirmed_on) FROM inclusion_data.session s WHERE s.offer = o.id),
                    open_weekly_sessions.as_of) AS confirmed_on
    FROM inclusion_data.offer o JOIN inclusion_data.perimeter z ON z.code = o.perimeter
    WHERE o.perimeter = ANY (open_weekly_sessions.perimeters) AND o.capacity_kind = 'weekly' AND o.supply IS NOT NULL
      AND o.valid && daterange(monday::date, monday::date + 7)
  ), missing AS (
    INSERT INTO inclusion_data.session AS s (offer, perimeter, place, starts_at, ends_at, confirmed_on)
    SELECT w.offer, w.perimeter, w.place, w.starts_at, w.ends_at, w.confirmed_on
    FROM week w
    WHERE NOT EXISTS (SELECT FROM inclusion_data.session e
                      WHERE e.offer = w.offer AND e.starts_at < w.ends_at AND e.ends_at > w.starts_at)
    ORDER BY w.offer
    RETURNING s.id, s.offer
  ), seats AS (
    INSERT INTO inclusion_data.seat (session, capacity)
    SELECT m.id, w.weekly_seats FROM missing m JOIN week w ON w.offer = m.offer
    RETURNING session
  )
  SELECT count(*) INTO opened FROM seats;
  RETURN opened;
END
$$;

-- night_open: unanswered proposals past their day expire; those put back to
-- wait after a pause are closed, and the person competes anew; the week's
-- sessions of weekly offers are opened; offers take the prices of the last
-- earlier full night.
CREATE FUNCTION inclusion.night_open(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  night constant record := inclusion.night_enter(night_open.run, 'open');
BEGIN
  PERFORM inclusion.night_leave(night_open.run, 'compute', jsonb_build_object(
    'expired', inclusion.night_close(night.perimeters, '{proposed,to_reach}', night.as_of, 'expired', NULL),
    'resumed', inclusion.night_close(night.perimeters, '{candidate}', NULL, 'withdrawn', 'remise en attente d''une autre proposition'),
    'prices_brought', inclusion.bring_prices(night.perimeters, night.as_of),
    'weekly_sessions', inclusion.open_weekly_sessions(night.perimeters, night.as_of)));
END
$$;

COMMENT ON FUNCTION inclusion.night_agent(text) IS 'Agent de la nuit : le compte de service qui signe dans un périmètre.';
COMMENT ON FUNCTION inclusion.night_close(text[], text[], date, text, text) IS 'Propositions closes : fait le même pas à toutes celles d''un état, et rend leurs places.';
COMMENT ON FUNCTION inclusion.open_weekly_sessions(text[], date) IS 'Séances de la semaine : ouvre celles des offres à flux, une fois.';
COMMENT ON FUNCTION inclusion.night_open(bigint) IS 'Nuit, première phase : expire, remet en attente, ouvre la semaine.';
