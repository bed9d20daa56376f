/*
 * 40_proposal: what becomes of a proposal.
 *
 * Every change is a step, appended.  The table of transitions says which are
 * allowed and the foreign keys of the steps enforce it; the functions here
 * lock, move the seat along, and say plainly what was refused.
 */

-- The proposal, locked, with its present state; IN304 if the caller may not
-- see it, and the same if it does not exist.
CREATE FUNCTION inclusion.lock_proposal(proposal bigint)
RETURNS TABLE (perimeter text, offer bigint, session bigint, n int, state text, holds text)
LANGUAGE plpgsql VOLATILE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.require_registry();
  PERFORM FROM inclusion_data.proposal p WHERE p.id = lock_proposal.proposal FOR UPDATE;
  -- a new statement: it sees the step this one waited for
  RETURN QUERY SELECT w.perimeter, w.offer, w.session, w.n, w.state, w.holds
  FROM inclusion_data.proposal_now w WHERE w.id = lock_proposal.proposal;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no proposal % that you may see', proposal
      USING ERRCODE = 'IN304', HINT = 'SELECT id, state FROM inclusion_data.proposal_now lists yours.';
  END IF;
END
$$;

-- advance_proposal: one step, by an agent (NULL: who is connected), with the
-- seats counted anew where the two states hold differently.  Returns the number of the step.
--   IN303  the step is not allowed from the present state
--   IN304  no such proposal
--   IN305  only a named person agrees or confirms, and the structure's own
--          agents confirm or decline what the person accepted
--   IN005, IN804  the reason holds a national number, or is too long
CREATE FUNCTION inclusion.advance_proposal(proposal bigint, to_state text, agent bigint DEFAULT NULL, reason text DEFAULT NULL) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_at record;
  acts constant bigint := inclusion.acting_agent(advance_proposal.agent);
  acts_as text;
  will_hold text;
BEGIN
  PERFORM inclusion.check_note(reason);
  SELECT l.* INTO now_at FROM inclusion.lock_proposal(advance_proposal.proposal) l;
  SELECT s.holds INTO will_hold
  FROM inclusion_data.proposal_transition t JOIN inclusion_data.proposal_state s ON s.code = t.to_state
  WHERE t.from_state = now_at.state AND t.to_state = advance_proposal.to_state;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'proposal % cannot go from "%" to "%"', proposal, now_at.state, to_state
      USING ERRCODE = 'IN303',
            HINT = coalesce((SELECT format('From "%s" it can go to: %s.', now_at.state, string_agg(t.to_state, ', ' ORDER BY t.to_state))
                             FROM inclusion_data.proposal_transition t WHERE t.from_state = now_at.state
                             HAVING count(*) > 0), 'It is final: the person waits as a new one.');
  END IF;

  SELECT a.kind INTO acts_as FROM inclusion_data.agent a WHERE a.id = acts;
  IF to_state IN ('agreed', 'confirmed') AND acts_as <> 'person' THEN
    RAISE EXCEPTION 'agent % is a % account and may not decide for a person', acts, acts_as
      USING ERRCODE = 'IN305', HINT = 'Connect with the account of a named agent.';
  END IF;

  PERFORM inclusion.require_operator(proposal, now_at.offer, now_at.state, to_state);

  BEGIN
    INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, reason)
    VALUES (advance_proposal.proposal, now_at.perimeter, now_at.n + 1, now_at.state, advance_proposal.to_state,
            acts, acts_as, advance_proposal.reason);
  EXCEPTION WHEN unique_violation OR foreign_key_violation THEN
    -- the snapshot of a stricter isolation hid the step somebody else took
    RAISE EXCEPTION 'proposal % has moved on from "%"', proposal, now_at.state
      USING ERRCODE = 'IN303', HINT = 'Read it again: somebody else has just taken a step.';
  END;
  IF will_hold <> now_at.holds THEN
    PERFORM inclusion_data.settle_seats(now_at.session);
  END IF;
  IF acts_as <> 'service' AND to_state IN ('agreed', 'declined', 'paused', 'booked', 'attended') THEN
    PERFORM inclusion.touch_contact(p.beneficiary, p.perimeter)
    FROM inclusion_data.proposal p WHERE p.id = advance_proposal.proposal AND p.perimeter = now_at.perimeter;
  END IF;
  RETURN now_at.n + 1;
END
$$;

-- The verbs.  Each is a step that has a name at the desk.

CREATE FUNCTION inclusion.accept(proposal bigint, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.advance_proposal(proposal, 'agreed', agent)
$$;

CREATE FUNCTION inclusion.decline(proposal bigint, reason text DEFAULT NULL, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.advance_proposal(proposal, 'declined', agent, reason)
$$;

CREATE FUNCTION inclusion.confirm(proposal bigint, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.advance_proposal(proposal, 'confirmed', agent)
$$;

CREATE FUNCTION inclusion.ask_referent(proposal bigint, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.advance_proposal(proposal, 'to_reach', agent)
$$;

CREATE FUNCTION inclusion.expire(proposal bigint, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.advance_proposal(proposal, 'expired', agent)
$$;

CREATE FUNCTION inclusion.pause(proposal bigint, reason text DEFAULT NULL, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.advance_proposal(proposal, 'paused', agent, reason)
$$;

CREATE FUNCTION inclusion.resume(proposal bigint, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.advance_proposal(proposal, 'candidate', agent)
$$;

CREATE FUNCTION inclusion.withdraw_proposal(proposal bigint, reason text DEFAULT NULL, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.advance_proposal(proposal, 'withdrawn', agent, reason)
$$;

-- book: the person is expected at a session: the one proposed, or another of
-- the same offer that has a seat left.
CREATE FUNCTION inclusion.book(proposal bigint, session bigint DEFAULT NULL, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_at record;
  wanted bigint;
BEGIN
  SELECT l.* INTO now_at FROM inclusion.lock_proposal(book.proposal) l;
  wanted := coalesce(book.session, now_at.session);
  IF NOT EXISTS (SELECT FROM inclusion_data.session s WHERE s.id = wanted AND s.offer = now_at.offer AND s.state = 'open') THEN
    RAISE EXCEPTION 'session % is not an open session of offer %', wanted, now_at.offer
      USING ERRCODE = 'IN202', HINT = format('SELECT id, starts_at FROM inclusion_data.session WHERE offer = %s AND state = ''open'' lists them.', now_at.offer);
  END IF;
  PERFORM inclusion.advance_proposal(book.proposal, 'booked', book.agent);
  IF wanted <> now_at.session THEN
    UPDATE inclusion_data.proposal p SET session = wanted WHERE p.id = book.proposal AND p.perimeter = now_at.perimeter;
    PERFORM inclusion_data.settle_seats(wanted, now_at.session);
    -- the seat may have been waited for: its session can be cancelled by now
    IF NOT EXISTS (SELECT FROM inclusion_data.session s WHERE s.id = wanted AND s.state = 'open') THEN
      RAISE EXCEPTION 'session % has just been cancelled', wanted
        USING ERRCODE = 'IN202', HINT = 'Choose another session of the offer.';
    END IF;
  END IF;
END
$$;

COMMENT ON FUNCTION inclusion.lock_proposal(bigint) IS 'Proposition verrouillée : son état présent ; IN304 si elle n''est pas visible.';
COMMENT ON FUNCTION inclusion.advance_proposal(bigint, text, bigint, text) IS 'Pas d''une proposition : le seul chemin d''un état à l''autre ; rend le numéro du pas.';
COMMENT ON FUNCTION inclusion.accept(bigint, bigint) IS 'Accord de la personne : recueilli par un agent nommé.';
COMMENT ON FUNCTION inclusion.decline(bigint, text, bigint) IS 'Refus : de la personne, ou de la structure après accord ; la place est rendue.';
COMMENT ON FUNCTION inclusion.confirm(bigint, bigint) IS 'Confirmation par la structure : la place est prise ; un agent nommé en décide.';
COMMENT ON FUNCTION inclusion.ask_referent(bigint, bigint) IS 'À joindre par le référent : la place reste tenue.';
COMMENT ON FUNCTION inclusion.expire(bigint, bigint) IS 'Sans réponse : la place est rendue, la personne attend de nouveau.';
COMMENT ON FUNCTION inclusion.pause(bigint, text, bigint) IS 'Pause : à la demande de la personne ; la place est rendue.';
COMMENT ON FUNCTION inclusion.resume(bigint, bigint) IS 'Fin de pause : la personne attend une autre proposition.';
COMMENT ON FUNCTION inclusion.withdraw_proposal(bigint, text, bigint) IS 'Retrait d''une proposition : à tout moment avant la venue.';
COMMENT ON FUNCTION inclusion.book(bigint, bigint, bigint) IS 'Inscription à une séance : celle proposée, ou une autre de la même offre s''il y reste une place.';
