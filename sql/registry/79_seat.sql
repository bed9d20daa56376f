/*
 * 79_seat: what the owner of the registry does to seats for callers who may not
 * see everybody.  Each function applies a rule, chooses nobody, and can be
 * called for whatever session without harm.
 */

INSERT INTO inclusion_data.journal_action (code, label) VALUES
  ('session_cancelled', 'Séance annulée pour une personne que l''agent ne voit pas');

-- Give the free seats of a session to the next people of the published list
-- whom its offer still suits, as the night would: proposals marked interim,
-- signed by the service of each perimeter.  Nights are kept out meanwhile, and
-- the people chosen are held, then looked at again, so that two sessions filled
-- at once do not take the same.  Returns the new proposals; NULL while a night
-- runs, which will give the seats itself.
CREATE FUNCTION inclusion_data.fill_seats(session bigint) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held bigint[];
  made bigint[];
  proposals bigint[] := ARRAY[]::bigint[];
BEGIN
  IF NOT inclusion.keep_nights_out() THEN
    RETURN NULL;
  END IF;
  PERFORM FROM inclusion_data.seat t WHERE t.session = fill_seats.session FOR UPDATE;
  LOOP
    SELECT array_agg(n.beneficiary) INTO held FROM inclusion.next_waiting(fill_seats.session) n;
    EXIT WHEN held IS NULL;
    PERFORM FROM inclusion_data.beneficiary b WHERE b.id = ANY (held) ORDER BY b.id FOR NO KEY UPDATE;
    -- a new statement: it sees what the locks waited for
    WITH proposed AS (
      INSERT INTO inclusion_data.proposal AS p (perimeter, beneficiary, offer, session, run, list_position, cost, expires_on, interim)
      SELECT n.perimeter, n.beneficiary, g.offer, fill_seats.session, n.run, n.list_position, n.cost, g.answer_by, true
      FROM inclusion.session_to_give(fill_seats.session) g CROSS JOIN inclusion.next_waiting(fill_seats.session) n
      WHERE n.beneficiary = ANY (held) ORDER BY n.turn
      RETURNING p.id, p.perimeter
    ), step AS (
      INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
      SELECT p.id, p.perimeter, v.n, v.from_state, v.to_state, inclusion.night_agent(p.perimeter), 'service'
      FROM proposed p CROSS JOIN (VALUES (1, 'none', 'candidate'), (2, 'candidate', 'proposed')) AS v (n, from_state, to_state)
      ORDER BY p.id, v.n
    )
    SELECT coalesce(array_agg(p.id ORDER BY p.id), '{}') INTO made FROM proposed p;
    proposals := proposals || made;
    PERFORM inclusion_data.settle_seats(fill_seats.session);
  END LOOP;
  RETURN proposals;
END
$$;

-- What a change of the session means for those whom the caller could not see
-- (restricted people, or those of another perimeter).  Cancelled: their places
-- are ended like the others', and the journal tells the officer, who alone can
-- tell a restricted person.  Moved: nobody has longer to answer than the day before.
CREATE FUNCTION inclusion_data.settle_session(session bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_at record;
  expected record;
BEGIN
  SELECT s.state, greatest(d.today, inclusion.session_deadline(o.capacity_kind, s.starts_at, s.ends_at, m.time_zone) - 1) AS last_day INTO now_at
  FROM inclusion_data.session s JOIN inclusion_data.offer o ON o.id = s.offer JOIN inclusion_data.perimeter m ON m.code = s.perimeter
  CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE m.time_zone)::date AS today) d
  WHERE s.id = settle_session.session;
  FOR expected IN
    SELECT w.id, w.perimeter, w.beneficiary, w.n, w.state, w.expires_on FROM inclusion_data.proposal_now w
    WHERE w.session = settle_session.session AND w.state IN ('proposed', 'to_reach', 'agreed', 'confirmed', 'booked') ORDER BY w.id
  LOOP
    IF now_at.state <> 'cancelled' THEN
      UPDATE inclusion_data.proposal p SET expires_on = now_at.last_day
      WHERE p.id = expected.id AND p.perimeter = expected.perimeter AND p.expires_on > now_at.last_day;
      CONTINUE;
    END IF;
    INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, reason)
    VALUES (expected.id, expected.perimeter, expected.n + 1, expected.state,
            CASE expected.state WHEN 'booked' THEN 'session_cancelled' ELSE 'withdrawn' END,
            inclusion.night_agent(expected.perimeter), 'service', 'séance annulée');
    PERFORM inclusion_data.journal_write('session_cancelled', expected.perimeter, expected.beneficiary,
                                         jsonb_build_object('session', settle_session.session, 'proposal', expected.id));
  END LOOP;
  IF now_at.state = 'cancelled' THEN
    PERFORM inclusion_data.settle_seats(settle_session.session);
  END IF;
END
$$;

REVOKE ALL ON FUNCTION inclusion_data.fill_seats(bigint), inclusion_data.settle_session(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.fill_seats(bigint)
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_night;
GRANT EXECUTE ON FUNCTION inclusion_data.settle_session(bigint) TO inclusion_mediator, inclusion_coordinator;
COMMENT ON FUNCTION inclusion_data.fill_seats(bigint) IS
  'Places libres offertes : aux suivants de la liste publiée ; rend les propositions, NULL si une nuit est en cours.';
COMMENT ON FUNCTION inclusion_data.settle_session(bigint) IS
  'Suites d''une séance changée : pour ceux que l''agent ne voit pas, et pour les délais de réponse.';
