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

-- Proposals past their day without an answer: those whose people were rung as
-- often as the policy says (`rung`), and those who were not.  Restricted
-- people's places stand still.
CREATE FUNCTION inclusion.overdue_proposals(run bigint, rung boolean) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT w.id
  FROM inclusion_data.run r
  JOIN inclusion.night_policies(r.id) k ON k.perimeter = ANY (r.perimeters)
  JOIN inclusion_data.proposal_now w ON w.perimeter = k.perimeter AND w.state IN ('proposed', 'to_reach') AND w.expires_on < r.as_of
  WHERE r.id = overdue_proposals.run AND w.beneficiary <> ALL (inclusion_data.set_aside(NULL))
    AND rung = (k.contact_attempts <= (
      SELECT count(*) FROM inclusion_data.contact c
      WHERE c.beneficiary = w.beneficiary AND c.perimeter = w.perimeter
        AND c.at >= (SELECT p.created_at FROM inclusion_data.proposal p WHERE p.id = w.id AND p.perimeter = w.perimeter)))
$$;

-- Proposals of sessions that are over, which nobody can come to any more.
CREATE FUNCTION inclusion.stale_proposals(run bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT w.id
  FROM inclusion_data.run r
  JOIN inclusion.night_policies(r.id) k ON k.perimeter = ANY (r.perimeters)
  JOIN inclusion_data.proposal_now w ON w.perimeter = k.perimeter AND w.state IN ('proposed', 'to_reach', 'agreed')
  JOIN inclusion_data.session s ON s.id = w.session AND (s.ends_at AT TIME ZONE k.time_zone)::date < r.as_of
  WHERE r.id = stale_proposals.run AND w.beneficiary <> ALL (inclusion_data.set_aside(NULL))
$$;

-- Those put back to wait after a pause: closed, and the person competes anew.
CREATE FUNCTION inclusion.resumed_proposals(run bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT w.id
  FROM inclusion_data.run r
  JOIN inclusion_data.proposal_now w ON w.perimeter = ANY (r.perimeters) AND w.state = 'candidate'
  WHERE r.id = resumed_proposals.run AND w.beneficiary <> ALL (inclusion_data.set_aside(NULL))
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
  released int;
  expired int;
  to_reach int;
  resumed int;
BEGIN
  expired := inclusion.night_step(ARRAY(SELECT inclusion.overdue_proposals(night_open.run, true)), '{proposed,to_reach}', 'expired');
  released := inclusion.night_step(ARRAY(SELECT inclusion.stale_proposals(night_open.run)),
                                   '{proposed,to_reach,agreed}', 'withdrawn', 'la séance a eu lieu sans réponse');
  to_reach := inclusion.night_step(ARRAY(SELECT inclusion.overdue_proposals(night_open.run, false)), '{proposed}', 'to_reach');
  resumed := inclusion.night_step(ARRAY(SELECT inclusion.resumed_proposals(night_open.run)),
                                  '{candidate}', 'withdrawn', 'remise en attente d''une autre proposition');
  PERFORM inclusion.night_leave(night_open.run, 'compute', jsonb_build_object(
    'released', released, 'expired', expired, 'to_reach', to_reach, 'resumed', resumed,
    'held_sessions', inclusion.note_held_sessions(night.perimeters, night.as_of),
    'prices_brought', inclusion.bring_prices(night.perimeters, night.as_of),
    'weekly_sessions', inclusion.open_weekly_sessions(night.perimeters, night.as_of)));
END
$$;

COMMENT ON FUNCTION inclusion.night_agent(text) IS 'Agent de la nuit : le compte de service qui signe dans un périmètre.';
COMMENT ON FUNCTION inclusion.overdue_proposals(bigint, boolean) IS 'Propositions échues : dont la personne a été assez appelée, ou pas assez.';
COMMENT ON FUNCTION inclusion.stale_proposals(bigint) IS 'Propositions dépassées : celles d''une séance qui a eu lieu.';
COMMENT ON FUNCTION inclusion.resumed_proposals(bigint) IS 'Propositions reprises : celles dont la pause a pris fin.';
COMMENT ON FUNCTION inclusion.night_step(bigint[], text[], text, text) IS 'Pas de la nuit : le même pour toutes ces propositions, et leurs places rendues s''il y a lieu.';
COMMENT ON FUNCTION inclusion.note_held_sessions(text[], date) IS 'Séances tenues : celles qui sont passées et où quelqu''un est venu.';
COMMENT ON FUNCTION inclusion.open_weekly_sessions(text[], date) IS 'Séances de la semaine : ouvre celles des offres à flux, une fois.';
COMMENT ON FUNCTION inclusion.night_open(bigint) IS 'Nuit, première phase : expire ou confie au référent, remet en attente, ouvre la semaine.';
