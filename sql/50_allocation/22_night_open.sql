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

-- What is due of the proposals still open, one thing each, found in one pass
-- over all there ever were:
--   expired   past its day without an answer, the person rung as often as the
--             policy says
--   over      its session is over, nobody can come to it any more
--   to_reach  past its day, the person not rung enough
--   resumed   put back to wait after a pause: closed, the person competes anew
-- Restricted people's places stand still.
CREATE FUNCTION inclusion.night_due(run bigint) RETURNS TABLE (proposal bigint, due text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.id, d.due
  FROM inclusion_data.run r
  JOIN inclusion.night_policies(r.id) k ON k.perimeter = ANY (r.perimeters)
  JOIN inclusion_data.proposal p ON p.perimeter = k.perimeter
  JOIN inclusion_data.session s ON s.id = p.session
  -- as in proposal_now: one look in an index a proposal
  CROSS JOIN LATERAL (SELECT t.to_state AS state FROM inclusion_data.proposal_step t
                      WHERE t.proposal = p.id AND t.perimeter = p.perimeter ORDER BY t.n DESC LIMIT 1) l
  CROSS JOIN LATERAL (SELECT l.state IN ('proposed', 'to_reach') AND p.expires_on < r.as_of AS late) o
  CROSS JOIN LATERAL (
    SELECT CASE
      WHEN l.state = 'candidate' THEN 'resumed'
      WHEN o.late AND k.contact_attempts <= (
        SELECT count(*) FROM inclusion_data.contact c
        WHERE c.beneficiary = p.beneficiary AND c.perimeter = p.perimeter AND c.at >= p.created_at) THEN 'expired'
      WHEN l.state IN ('proposed', 'to_reach', 'agreed') AND (s.ends_at AT TIME ZONE k.time_zone)::date < r.as_of THEN 'over'
      WHEN o.late AND l.state = 'proposed' THEN 'to_reach' END AS due) d
  WHERE r.id = night_due.run AND d.due IS NOT NULL AND p.beneficiary <> ALL (inclusion_data.set_aside(NULL))
$$;

-- Take one step with each of the proposals `due` that still is in one of
-- `from_states`, and give back the seats the new state does not hold.  Returns
-- how many moved.  Rows are locked in the order of their numbers, proposals
-- then seats, as everywhere.
CREATE FUNCTION inclusion.night_step(due bigint[], from_states text[], to_state text, reason text DEFAULT NULL) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  moved int;
BEGIN
  PERFORM FROM inclusion_data.proposal p WHERE p.id = ANY (due) ORDER BY p.id FOR UPDATE OF p;
  PERFORM FROM inclusion_data.seat t
  WHERE t.session IN (SELECT p.session FROM inclusion_data.proposal p WHERE p.id = ANY (due)) ORDER BY t.session FOR UPDATE OF t;

  -- a new statement: it sees what the locks waited for
  WITH leaving AS (
    SELECT w.id, w.perimeter, w.n, w.state, w.session, w.holds
    FROM inclusion_data.proposal_now w
    WHERE w.id = ANY (due) AND w.state = ANY (from_states)
  ), step AS (
    INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, reason)
    SELECT l.id, l.perimeter, l.n + 1, l.state, night_step.to_state, inclusion.night_agent(l.perimeter), 'service', night_step.reason
    FROM leaving l
    RETURNING proposal
  ), freed AS (
    UPDATE inclusion_data.seat t SET proposed = t.proposed - f.proposals
    FROM (SELECT l.session, count(*) AS proposals
          FROM leaving l JOIN inclusion_data.proposal_state n ON n.code = night_step.to_state
          WHERE l.holds = 'proposed' AND n.holds = 'none' GROUP BY l.session) f
    WHERE f.session = t.session
  )
  SELECT count(*) INTO moved FROM step;
  RETURN moved;
END
$$;

-- Sessions that are over and where somebody came were held.
CREATE FUNCTION inclusion.note_held_sessions(perimeters text[], as_of date) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held int;
BEGIN
  UPDATE inclusion_data.session s SET state = 'held'
  FROM inclusion_data.perimeter z
  WHERE z.code = s.perimeter AND s.perimeter = ANY (perimeters) AND s.state IN ('open', 'closed')
    AND (s.ends_at AT TIME ZONE z.time_zone)::date < note_held_sessions.as_of
    AND EXISTS (SELECT FROM inclusion_data.proposal p
                JOIN inclusion_data.proposal_step t ON t.proposal = p.id AND t.perimeter = p.perimeter AND t.to_state = 'attended'
                WHERE p.session = s.id);
  GET DIAGNOSTICS held = ROW_COUNT;
  RETURN held;
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

-- night_open: unanswered proposals expire where people were rung often enough,
-- and go to the referent where they were not, as long as there is a session to
-- come to; who ended a pause competes anew; the week's sessions of weekly
-- offers are opened; offers take the prices of the last earlier full night.
CREATE FUNCTION inclusion.night_open(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  night constant record := inclusion.night_enter(night_open.run, 'open');
  found record;
  released int;
  expired int;
  to_reach int;
  resumed int;
BEGIN
  SELECT array_agg(d.proposal) FILTER (WHERE d.due = 'expired') AS expired, array_agg(d.proposal) FILTER (WHERE d.due = 'over') AS over,
         array_agg(d.proposal) FILTER (WHERE d.due = 'to_reach') AS to_reach, array_agg(d.proposal) FILTER (WHERE d.due = 'resumed') AS resumed
  INTO found FROM inclusion.night_due(night_open.run) d;
  expired := inclusion.night_step(found.expired, '{proposed,to_reach}', 'expired');
  released := inclusion.night_step(found.over, '{proposed,to_reach,agreed}', 'withdrawn', 'la séance a eu lieu sans réponse');
  to_reach := inclusion.night_step(found.to_reach, '{proposed}', 'to_reach');
  resumed := inclusion.night_step(found.resumed, '{candidate}', 'withdrawn', 'remise en attente d''une autre proposition');
  PERFORM inclusion.night_leave(night_open.run, 'compute', jsonb_build_object(
    'released', released, 'expired', expired, 'to_reach', to_reach, 'resumed', resumed,
    'held_sessions', inclusion.note_held_sessions(night.perimeters, night.as_of),
    'prices_brought', inclusion.bring_prices(night.perimeters, night.as_of),
    'weekly_sessions', inclusion.open_weekly_sessions(night.perimeters, night.as_of)));
END
$$;

COMMENT ON FUNCTION inclusion.night_agent(text) IS 'Agent de la nuit : le compte de service qui signe dans un périmètre.';
COMMENT ON FUNCTION inclusion.night_due(bigint) IS 'Suites dues : des propositions échues, dépassées, ou dont la pause a pris fin.';
COMMENT ON FUNCTION inclusion.night_step(bigint[], text[], text, text) IS 'Pas de la nuit : le même pour toutes ces propositions, et leurs places rendues s''il y a lieu.';
COMMENT ON FUNCTION inclusion.note_held_sessions(text[], date) IS 'Séances tenues : celles qui sont passées et où quelqu''un est venu.';
COMMENT ON FUNCTION inclusion.open_weekly_sessions(text[], date) IS 'Séances de la semaine : ouvre celles des offres à flux, une fois.';
COMMENT ON FUNCTION inclusion.night_open(bigint) IS 'Nuit, première phase : expire ou confie au référent, remet en attente, ouvre la semaine.';
