/*
 * 20_satisfaction: what those who came say of it.
 */

-- record_satisfaction: the answer of somebody who came, in one word: yes,
-- rather_yes, rather_no or no.  `agent` is whoever noted it; nobody when the
-- person answered alone.
--   IN303  the person has not come, or has answered already
--   IN306  no such answer
CREATE FUNCTION inclusion.record_satisfaction(proposal bigint, answer text, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_at record;
  came int;
BEGIN
  PERFORM inclusion.check_word('answer', record_satisfaction.answer,
    (SELECT array_agg(a.code ORDER BY a.code) FROM inclusion_data.satisfaction_answer a));
  SELECT l.* INTO now_at FROM inclusion.lock_proposal(record_satisfaction.proposal) l;
  SELECT s.n INTO came FROM inclusion_data.proposal_step s
  WHERE s.proposal = record_satisfaction.proposal AND s.perimeter = now_at.perimeter AND s.to_state = 'attended';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'nobody came for proposal %: it is "%"', proposal, now_at.state
      USING ERRCODE = 'IN303', HINT = 'Record that they came first: inclusion.record_attendance(proposal).';
  END IF;
  INSERT INTO inclusion_data.satisfaction (proposal, perimeter, n, answer, agent)
  VALUES (record_satisfaction.proposal, now_at.perimeter, came, record_satisfaction.answer,
          inclusion.signing_agent(record_satisfaction.agent));
EXCEPTION WHEN unique_violation THEN
  RAISE EXCEPTION 'the person of proposal % has answered', proposal
    USING ERRCODE = 'IN303', HINT = 'The first answer stands.';
END
$$;

COMMENT ON FUNCTION inclusion.record_satisfaction(bigint, text, bigint) IS 'Satisfaction : la réponse d''une personne venue ; la première reste.';
