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
--   IN305  only a named person decides, or tells what a person said, and the
--          structure's own agents confirm or decline what the person accepted
--   IN005, IN804  the reason holds a national number, or is too long
CREATE FUNCTION inclusion.advance_proposal(proposal bigint, to_state text, agent bigint DEFAULT NULL, reason text DEFAULT NULL) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_at record;
  acts constant bigint := inclusion.acting_agent(advance_proposal.agent);
  acts_as text;
  will_hold text;
  spoken text;
BEGIN
  PERFORM inclusion.check_note(reason);
  SELECT l.* INTO now_at FROM inclusion.lock_proposal(advance_proposal.proposal) l;
  SELECT s.holds, t.word INTO will_hold, spoken
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
  IF acts_as <> 'person' AND spoken <> 'none' THEN
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
  IF spoken = 'person' OR (acts_as <> 'service' AND to_state IN ('booked', 'attended')) THEN
    PERFORM inclusion.touch_contact(p.beneficiary, p.perimeter)
    FROM inclusion_data.proposal p WHERE p.id = advance_proposal.proposal AND p.perimeter = now_at.perimeter;
  END IF;
  RETURN now_at.n + 1;
END
$$;

-- A word of a closed list; IN306 names those there are.
CREATE FUNCTION inclusion.check_word(kind text, word text, known text[]) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF word = ANY (known) THEN
    RETURN;
  END IF;
  RAISE EXCEPTION '%', CASE WHEN word IS NULL THEN format('no %s is given', kind) ELSE format('unknown %s "%s"', kind, word) END
    USING ERRCODE = 'IN306', HINT = format('Choose one of: %s.', array_to_string(known, ', '));
END
$$;

CREATE FUNCTION inclusion.check_channel(channel text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.check_word('channel', check_channel.channel,
    (SELECT array_agg(c.code ORDER BY c.code) FROM inclusion_data.contact_channel c));
END
$$;

-- One step that somebody's word allows, and that word beside it.  Whose it is
-- follows from the step: of a proposal it is the person's, of an agreement the
-- structure's, which says why it declines.  A person does not have to: it is then
-- written that they did not.  `spoken_by` is the kind of representative who spoke for the person;
-- to agree may need one, to decline or pause never does.
CREATE FUNCTION inclusion.give_word(proposal bigint, to_state text, agent bigint, channel text,
                                    reason text DEFAULT NULL, note text DEFAULT NULL, alternatives bigint[] DEFAULT NULL,
                                    spoken_by text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_at record;
  speaks text;
  why text;
  step int;
BEGIN
  PERFORM inclusion.check_note(give_word.reason), inclusion.check_note(give_word.note), inclusion.check_channel(give_word.channel);
  SELECT l.* INTO now_at FROM inclusion.lock_proposal(give_word.proposal) l;
  SELECT t.word INTO speaks FROM inclusion_data.proposal_transition t
  WHERE t.from_state = now_at.state AND t.to_state = give_word.to_state;
  IF speaks = 'person' AND (to_state = 'agreed' OR spoken_by IS NOT NULL) THEN
    PERFORM inclusion.require_speaker(p.beneficiary, p.perimeter, 'agreement', give_word.spoken_by)
    FROM inclusion_data.proposal p WHERE p.id = give_word.proposal AND p.perimeter = now_at.perimeter;
  END IF;
  IF to_state = 'declined' AND speaks IS NOT NULL THEN
    why := coalesce(give_word.reason, CASE speaks WHEN 'person' THEN 'unsaid' END);
    PERFORM inclusion.check_word('reason', why,
      (SELECT array_agg(r.code ORDER BY r.code) FROM inclusion_data.decline_reason r WHERE r.speaker = speaks));
  END IF;
  step := inclusion.advance_proposal(give_word.proposal, give_word.to_state, give_word.agent, give_word.note);
  INSERT INTO inclusion_data.proposal_word (proposal, perimeter, n, to_state, speaker, spoken_by, channel, reason, alternatives)
  VALUES (give_word.proposal, now_at.perimeter, step, give_word.to_state, speaks, CASE speaks WHEN 'person' THEN give_word.spoken_by END,
          CASE speaks WHEN 'person' THEN give_word.channel END, why, give_word.alternatives);
END
$$;

-- The verbs.  Each is a step that has a name at the desk.  `channel` says how
-- the person's word was had; `note`, and the reason of a pause, are free texts.

-- accept: the person agrees, having been shown what else there is
-- (inclusion.alternatives), which is returned with the hour they agree to, and
-- kept with their word.  IN308 when somebody else's word is needed: that of who
-- has parental authority over a minor, or of whom a measure names.
CREATE FUNCTION inclusion.accept(proposal bigint, agent bigint DEFAULT NULL, channel text DEFAULT 'unsaid', spoken_by text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  shown jsonb;
  others bigint[];
BEGIN
  PERFORM inclusion.lock_proposal(accept.proposal);
  SELECT jsonb_agg(jsonb_build_object('kind', a.kind, 'offer', a.offer, 'sentence', a.sentence) ORDER BY a.n),
         coalesce(array_agg(a.offer ORDER BY a.n) FILTER (WHERE a.offer IS NOT NULL), '{}')
  INTO shown, others FROM inclusion.alternatives(accept.proposal) a;
  PERFORM inclusion.give_word(accept.proposal, 'agreed', accept.agent, accept.channel, alternatives => others, spoken_by => accept.spoken_by);
  RETURN (SELECT jsonb_build_object('offer', o.name, 'session_at', s.starts_at, 'alternatives', shown)
          FROM inclusion_data.proposal p JOIN inclusion_data.offer o ON o.id = p.offer JOIN inclusion_data.session s ON s.id = p.session
          WHERE p.id = accept.proposal);
END
$$;

-- decline: the person's refusal, or after their agreement the structure's: a
-- code of decline_reason for the one or the other.
CREATE FUNCTION inclusion.decline(proposal bigint, reason text DEFAULT NULL, agent bigint DEFAULT NULL,
                                  channel text DEFAULT 'unsaid', note text DEFAULT NULL, spoken_by text DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.give_word(proposal, 'declined', agent, channel, reason, note, spoken_by => spoken_by)
$$;

CREATE FUNCTION inclusion.confirm(proposal bigint, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.give_word(proposal, 'confirmed', agent, 'unsaid')
$$;

CREATE FUNCTION inclusion.pause(proposal bigint, reason text DEFAULT NULL, agent bigint DEFAULT NULL, channel text DEFAULT 'unsaid') RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.give_word(proposal, 'paused', agent, channel, note => reason)
$$;

CREATE FUNCTION inclusion.resume(proposal bigint, agent bigint DEFAULT NULL, channel text DEFAULT 'unsaid') RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.give_word(proposal, 'candidate', agent, channel)
$$;

CREATE FUNCTION inclusion.ask_referent(proposal bigint, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.advance_proposal(proposal, 'to_reach', agent)
$$;

-- expire: nobody answered, and they were rung often enough.
CREATE FUNCTION inclusion.expire(proposal bigint, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  missing int;
BEGIN
  PERFORM inclusion.lock_proposal(expire.proposal);
  missing := inclusion.attempts_missing(expire.proposal);
  IF missing > 0 THEN
    RAISE EXCEPTION 'proposal % cannot expire: % more attempts to reach the person are due', proposal, missing
      USING ERRCODE = 'IN303', HINT = 'Record them with inclusion.contact_attempt(proposal, channel, outcome), or hand it to the referent with inclusion.ask_referent(proposal).';
  END IF;
  PERFORM inclusion.advance_proposal(expire.proposal, 'expired', expire.agent);
END
$$;

CREATE FUNCTION inclusion.withdraw_proposal(proposal bigint, reason text DEFAULT NULL, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.advance_proposal(proposal, 'withdrawn', agent, reason)
$$;

-- Those whose proposals these are, expected at one session: that of the first,
-- or another of the same offer.  All have a seat, or none.
CREATE FUNCTION inclusion.book_together(proposals bigint[], session bigint, agent bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wanted bigint := book_together.session;
  now_at record;
  held bigint[] := ARRAY[]::bigint[];
BEGIN
  -- in the order of their numbers: two bookings cannot wait for each other
  PERFORM inclusion.lock_proposal(v.p) FROM (SELECT DISTINCT p FROM unnest(proposals) p ORDER BY p) v;
  FOR now_at IN
    SELECT w.id, w.perimeter, w.offer, w.session FROM inclusion_data.proposal_now w
    WHERE w.id = ANY (proposals) ORDER BY array_position(proposals, w.id)
  LOOP
    wanted := coalesce(wanted, now_at.session);
    IF NOT EXISTS (SELECT FROM inclusion_data.session s WHERE s.id = wanted AND s.offer = now_at.offer AND s.state = 'open') THEN
      RAISE EXCEPTION 'session % is not an open session of offer %', wanted, now_at.offer
        USING ERRCODE = 'IN202', HINT = format('SELECT id, starts_at FROM inclusion_data.session WHERE offer = %s AND state = ''open'' lists them.', now_at.offer);
    END IF;
    PERFORM inclusion.advance_proposal(now_at.id, 'booked', book_together.agent);
    held := held || now_at.session;
  END LOOP;
  IF held <> ARRAY[wanted] THEN
    PERFORM inclusion_data.seat_at(proposals, wanted);
  END IF;
END
$$;

-- book: the person is expected at a session: the one proposed, or another of
-- the same offer that has a seat left.  `with` is the proposal of somebody who
-- comes along.
CREATE FUNCTION inclusion.book(proposal bigint, session bigint DEFAULT NULL, agent bigint DEFAULT NULL, "with" bigint DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.book_together(CASE WHEN "with" IS NULL THEN ARRAY[proposal] ELSE ARRAY[proposal, "with"] END, session, agent)
$$;

COMMENT ON FUNCTION inclusion.lock_proposal(bigint) IS 'Proposition verrouillée : son état présent ; IN304 si elle n''est pas visible.';
COMMENT ON FUNCTION inclusion.advance_proposal(bigint, text, bigint, text) IS 'Pas d''une proposition : le seul chemin d''un état à l''autre ; rend le numéro du pas.';
COMMENT ON FUNCTION inclusion.check_word(text, text, text[]) IS 'Mot d''une liste : IN306 s''il n''y est pas, avec ceux qui y sont.';
COMMENT ON FUNCTION inclusion.check_channel(text) IS 'Moyen de contact : IN306 s''il n''est pas connu.';
COMMENT ON FUNCTION inclusion.give_word(bigint, text, bigint, text, text, text, bigint[], text) IS 'Parole donnée : un pas, et ce que la personne ou la structure a dit.';
COMMENT ON FUNCTION inclusion.accept(bigint, bigint, text, text) IS 'Accord de la personne : recueilli par un agent nommé, d''autres offres montrées ; rend ce qui est accepté et ce qui a été montré.';
COMMENT ON FUNCTION inclusion.decline(bigint, text, bigint, text, text, text) IS 'Refus : de la personne, ou de la structure après accord, avec son motif ; la place est rendue.';
COMMENT ON FUNCTION inclusion.confirm(bigint, bigint) IS 'Confirmation par la structure : la place est prise ; un agent nommé en décide.';
COMMENT ON FUNCTION inclusion.ask_referent(bigint, bigint) IS 'À joindre par le référent : la place reste tenue.';
COMMENT ON FUNCTION inclusion.expire(bigint, bigint) IS 'Sans réponse : après assez d''essais de contact, la place est rendue et la personne attend de nouveau.';
COMMENT ON FUNCTION inclusion.pause(bigint, text, bigint, text) IS 'Pause : à la demande de la personne ; la place est rendue.';
COMMENT ON FUNCTION inclusion.resume(bigint, bigint, text) IS 'Fin de pause : la personne attend une autre proposition.';
COMMENT ON FUNCTION inclusion.withdraw_proposal(bigint, text, bigint) IS 'Retrait d''une proposition : à tout moment avant la venue.';
COMMENT ON FUNCTION inclusion.book_together(bigint[], bigint, bigint) IS 'Inscription ensemble : à une même séance, tous ou personne.';
COMMENT ON FUNCTION inclusion.book(bigint, bigint, bigint, bigint) IS 'Inscription à une séance : celle proposée, ou une autre de la même offre s''il y reste une place ; à deux, ou pas du tout.';
