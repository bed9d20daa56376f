/*
 * 10_attendance: who came, and what became of it.
 */

-- record_attendance: attended, absent, or excused when the person said so; an
-- absence costs nothing, the person waits again with the days they had.  IN303
-- while the session has not begun, when nobody but the excused is known.
CREATE FUNCTION inclusion.record_attendance(proposal bigint, presence text DEFAULT 'attended', agent bigint DEFAULT NULL,
                                            note text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  expected record;
BEGIN
  PERFORM inclusion.check_word('presence', record_attendance.presence, '{attended,absent,excused}');
  SELECT l.session, s.starts_at INTO expected
  FROM inclusion.lock_proposal(record_attendance.proposal) l JOIN inclusion_data.session s ON s.id = l.session;
  IF presence <> 'excused' AND expected.starts_at > now() THEN
    RAISE EXCEPTION 'session % has not begun', expected.session
      USING ERRCODE = 'IN303', DETAIL = format('It begins at %s.', expected.starts_at), HINT = 'Note then who came; who says beforehand that they will not is excused.';
  END IF;
  PERFORM inclusion.advance_proposal(record_attendance.proposal, record_attendance.presence, record_attendance.agent, record_attendance.note);
END
$$;

-- complete_step: what was begun is completed, or stopped; `vector` is what the
-- person can do now.  Whoever completes enters the list again that day, with the
-- new vector, and waits from then on; where their request is met, it is closed.
CREATE FUNCTION inclusion.complete_step(proposal bigint, vector inclusion.competence_vector DEFAULT NULL,
                                        outcome text DEFAULT 'completed', agent bigint DEFAULT NULL, note text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  done record;
BEGIN
  PERFORM inclusion.check_word('outcome', complete_step.outcome, '{completed,stopped}');
  PERFORM inclusion.advance_proposal(complete_step.proposal, complete_step.outcome, complete_step.agent, complete_step.note);
  SELECT p.beneficiary, p.perimeter, inclusion.today(p.perimeter) AS today INTO done
  FROM inclusion_data.proposal p WHERE p.id = complete_step.proposal;
  IF vector IS NOT NULL THEN
    PERFORM inclusion.assess(done.beneficiary, complete_step.vector, 'observed', agent => complete_step.agent);
  END IF;
  IF outcome = 'stopped' THEN
    RETURN;
  END IF;
  IF inclusion.request_is_met(done.beneficiary, done.perimeter) THEN
    UPDATE inclusion_data.expressed_need n SET closed_on = greatest(done.today, n.opened_on)
    WHERE n.beneficiary = done.beneficiary AND n.perimeter = done.perimeter AND n.family = 'learn' AND n.closed_on IS NULL;
  END IF;
  WITH gone AS (
    UPDATE inclusion_data.enrolment e SET withdrawn_on = greatest(done.today, e.enrolled_on)
    WHERE e.beneficiary = done.beneficiary AND e.perimeter = done.perimeter AND e.withdrawn_on IS NULL
    RETURNING e.format, e.structure, e.place, e.notice_version
  )
  INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, agent, place, enrolled_on, notice_version)
  SELECT done.perimeter, done.beneficiary, g.format, g.structure, inclusion.signing_agent(complete_step.agent), g.place, done.today, g.notice_version
  FROM gone g;
END
$$;

-- Has everything the person asked to learn been found since?
CREATE FUNCTION inclusion.request_is_met(beneficiary bigint, perimeter text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(bool_and(f.vector OPERATOR(inclusion.@>) n.target), false)
  FROM inclusion_data.expressed_need n
  CROSS JOIN (SELECT inclusion.latest_of(a.vector ORDER BY a.assessed_on, a.id) AS vector FROM inclusion_data.assessment a
              WHERE a.beneficiary = request_is_met.beneficiary AND a.perimeter = request_is_met.perimeter) f
  WHERE n.beneficiary = request_is_met.beneficiary AND n.perimeter = request_is_met.perimeter AND n.family = 'learn' AND n.closed_on IS NULL
$$;

COMMENT ON FUNCTION inclusion.record_attendance(bigint, text, bigint, text) IS 'Présence : venue, absente ou excusée ; une absence ne coûte rien.';
COMMENT ON FUNCTION inclusion.complete_step(bigint, inclusion.competence_vector, text, bigint, text) IS 'Étape terminée ou arrêtée : avec ce que la personne sait faire ; elle reprend place si sa demande n''est pas satisfaite.';
COMMENT ON FUNCTION inclusion.request_is_met(bigint, text) IS 'Demande satisfaite : vrai si tout ce qu''elle visait a été constaté.';
