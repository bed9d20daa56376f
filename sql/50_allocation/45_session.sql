/*
 * 45_session: what a session's fate does to those expected at it.
 */

-- cancel_session: those booked are told it is cancelled, the others' proposals
-- are withdrawn; everybody waits again with the days they had.  Returns how
-- many proposals it ended.  The seat is locked before they are counted: a
-- booking or a night's publication comes before and is seen, or after and sees
-- the cancellation.
CREATE FUNCTION inclusion.cancel_session(session bigint, reason text DEFAULT NULL, agent bigint DEFAULT NULL) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  acts constant bigint := inclusion.acting_agent(cancel_session.agent);
  expected record;
  ended int := 0;
BEGIN
  PERFORM inclusion.perimeter_of_session(cancel_session.session);
  UPDATE inclusion_data.session s SET state = 'cancelled' WHERE s.id = cancel_session.session AND s.state IN ('open', 'closed');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'session % is already cancelled or held', session
      USING ERRCODE = 'IN303', HINT = 'Only a session still to come can be cancelled.';
  END IF;
  PERFORM FROM inclusion_data.proposal p WHERE p.session = cancel_session.session ORDER BY p.id FOR UPDATE;
  PERFORM FROM inclusion_data.seat t WHERE t.session = cancel_session.session FOR UPDATE;

  FOR expected IN
    SELECT w.id, w.state FROM inclusion_data.proposal_now w
    WHERE w.session = cancel_session.session AND w.state IN ('proposed', 'to_reach', 'agreed', 'confirmed', 'booked')
    ORDER BY w.id
  LOOP
    PERFORM inclusion.advance_proposal(expected.id,
      CASE expected.state WHEN 'booked' THEN 'session_cancelled' ELSE 'withdrawn' END, acts, cancel_session.reason);
    ended := ended + 1;
  END LOOP;

  -- a seat still held is somebody's whom the caller may not see
  IF EXISTS (SELECT FROM inclusion_data.seat t WHERE t.session = cancel_session.session
             AND t.taken + t.proposed > (SELECT count(*) FROM inclusion_data.proposal_now w
                                         WHERE w.session = t.session AND w.holds <> 'none')) THEN
    RAISE EXCEPTION 'session % holds people whom you may not see', session
      USING ERRCODE = 'IN303', HINT = 'The structure that carries the offer cancels its sessions.';
  END IF;
  RETURN ended;
END
$$;

-- confirm_seats: the coming sessions of an offer are still right.  Seats that
-- nobody confirms for as long as the policy says are no longer promised.
-- Returns how many sessions.
CREATE FUNCTION inclusion.confirm_seats(offer bigint) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
  confirmed int;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT o.perimeter INTO here FROM inclusion_data.offer o WHERE o.id = confirm_seats.offer;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown offer %', offer
      USING ERRCODE = 'IN202', HINT = 'SELECT id, name FROM inclusion_data.offer lists them.';
  END IF;
  UPDATE inclusion_data.session s SET confirmed_on = inclusion.today(here)
  WHERE s.offer = confirm_seats.offer AND s.state = 'open' AND s.ends_at > now();
  GET DIAGNOSTICS confirmed = ROW_COUNT;
  RETURN confirmed;
END
$$;

COMMENT ON FUNCTION inclusion.cancel_session(bigint, text, bigint) IS 'Séance annulée : chacun est prévenu par son état et attend de nouveau ; rend le nombre de propositions closes.';
COMMENT ON FUNCTION inclusion.confirm_seats(bigint) IS 'Places confirmées : les séances à venir d''une offre sont toujours justes ; rend leur nombre.';
