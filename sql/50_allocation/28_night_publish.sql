/*
 * 28_night_publish: proposals, and the new list.
 *
 * On a loaded server the calculation may take long: what changed between its
 * snapshot and this moment is left out and said, never forced.
 */

-- Those whose unanswered proposal gives way to a better one.
CREATE FUNCTION inclusion.improved_holders(run bigint) RETURNS TABLE (perimeter text, beneficiary bigint, held_session bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.perimeter, c.beneficiary, c.held_session
  FROM inclusion_data.run_result d
  JOIN inclusion_data.run_candidate c ON c.run = d.run AND c.perimeter = d.perimeter AND c.beneficiary = d.beneficiary
  WHERE d.run = improved_holders.run AND d.reason = 'improved' AND d.skipped IS NULL
$$;

-- Decided, but no longer possible: the person left, was set aside, asked for
-- something else or got a proposal; the offer or the session is gone.  Each is
-- looked for among all at once: next to always, nothing is found.
CREATE FUNCTION inclusion.publish_skip_impossible(run bigint) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  skipped int;
BEGIN
  WITH decided AS MATERIALIZED (
    SELECT d.perimeter, d.beneficiary, d.outcome, d.reason, d.offer, d.session, r.as_of
    FROM inclusion_data.run r JOIN inclusion_data.run_result d ON d.run = r.id
    WHERE r.id = publish_skip_impossible.run AND d.outcome IN ('proposed', 'oriented')
  ), holding AS (
    SELECT w.perimeter, w.beneficiary, count(*) = 1 AND bool_and(w.state = 'proposed') AS unanswered, min(w.session) AS session
    FROM inclusion_data.proposal_now w
    WHERE w.live AND w.id = ANY (ARRAY(SELECT p.id FROM decided d
                                       JOIN inclusion_data.proposal p ON p.beneficiary = d.beneficiary AND p.perimeter = d.perimeter))
    GROUP BY w.perimeter, w.beneficiary
  ), impossible AS (
    SELECT d.perimeter, d.beneficiary FROM decided d
    WHERE NOT EXISTS (SELECT FROM inclusion_data.enrolment e
                      WHERE e.beneficiary = d.beneficiary AND e.perimeter = d.perimeter
                        AND (e.withdrawn_on IS NULL OR e.withdrawn_on > d.as_of))
    UNION ALL
    SELECT d.perimeter, d.beneficiary FROM decided d
    WHERE NOT EXISTS (SELECT FROM inclusion_data.expressed_need w
                      WHERE w.beneficiary = d.beneficiary AND w.perimeter = d.perimeter AND w.family = 'learn'
                        AND (w.closed_on IS NULL OR w.closed_on > d.as_of))
    UNION ALL
    SELECT d.perimeter, d.beneficiary FROM decided d
    WHERE d.beneficiary = ANY ((SELECT inclusion_data.set_aside('active_list'))::bigint[])
    UNION ALL
    SELECT d.perimeter, d.beneficiary FROM decided d
    WHERE NOT EXISTS (SELECT FROM inclusion_data.offer o WHERE o.id = d.offer AND o.supply IS NOT NULL)
    UNION ALL
    SELECT d.perimeter, d.beneficiary FROM decided d
    WHERE d.outcome = 'proposed'
      AND NOT EXISTS (SELECT FROM inclusion_data.session s JOIN inclusion_data.seat t ON t.session = s.id
                      WHERE s.id = d.session AND s.offer = d.offer AND s.state = 'open')
    UNION ALL
    -- a better place replaces the one proposal it was found for, still unanswered
    SELECT d.perimeter, d.beneficiary FROM decided d
    LEFT JOIN holding w ON w.perimeter = d.perimeter AND w.beneficiary = d.beneficiary
    LEFT JOIN inclusion.improved_holders(publish_skip_impossible.run) h ON h.perimeter = d.perimeter AND h.beneficiary = d.beneficiary
    WHERE CASE d.reason WHEN 'improved' THEN NOT coalesce(w.unanswered AND w.session = h.held_session, false)
                        ELSE w.beneficiary IS NOT NULL END
  )
  UPDATE inclusion_data.run_result d SET skipped = 'no_longer_possible'
  FROM (SELECT DISTINCT i.perimeter, i.beneficiary FROM impossible i) i
  WHERE d.run = publish_skip_impossible.run AND d.perimeter = i.perimeter AND d.beneficiary = i.beneficiary;
  GET DIAGNOSTICS skipped = ROW_COUNT;
  RETURN skipped;
END
$$;

-- Their proposals are withdrawn and leave their seats, which were counted.
CREATE FUNCTION inclusion.publish_withdrawals(run bigint) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  withdrawn int;
BEGIN
  WITH leaving AS MATERIALIZED (
    SELECT w.id, w.perimeter, w.n, w.session
    FROM inclusion.improved_holders(publish_withdrawals.run) h
    JOIN inclusion_data.proposal_now w ON w.perimeter = h.perimeter AND w.beneficiary = h.beneficiary AND w.live
  ), step AS (
    INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, reason)
    SELECT l.id, l.perimeter, l.n + 1, 'proposed', 'withdrawn', inclusion.night_agent(l.perimeter), 'service', 'remplacée par une meilleure proposition'
    FROM leaving l ORDER BY l.id
    RETURNING proposal
  ), freed AS (
    UPDATE inclusion_data.seat t SET proposed = t.proposed - f.proposals
    FROM (SELECT l.session, count(*) AS proposals FROM leaving l GROUP BY l.session) f
    WHERE f.session = t.session
  )
  SELECT count(*) INTO withdrawn FROM step;
  RETURN withdrawn;
END
$$;

-- Fewer seats than were counted: the last by rank go without.  Who goes without
-- keeps the seat held before, which somebody else may count on: to be called
-- until nobody does.  Ranks are looked at in the sessions where seats lack.
CREATE FUNCTION inclusion.publish_skip_taken(run bigint) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  skipped int;
BEGIN
  WITH expected AS (
    SELECT e.session, count(*) AS people FROM inclusion_data.run_result e
    WHERE e.run = publish_skip_taken.run AND e.outcome = 'proposed' AND e.skipped IS NULL GROUP BY e.session
  ), leaving AS (
    SELECT h.held_session AS session, count(*) AS people FROM inclusion.improved_holders(publish_skip_taken.run) h GROUP BY h.held_session
  ), short AS MATERIALIZED (
    SELECT t.session, r.free
    FROM expected e
    JOIN inclusion_data.seat t ON t.session = e.session
    LEFT JOIN leaving l ON l.session = e.session
    CROSS JOIN LATERAL (SELECT t.capacity - t.taken - t.proposed + coalesce(l.people, 0) AS free) r
    WHERE e.people > r.free
  )
  UPDATE inclusion_data.run_result d SET skipped = 'seat_taken_meanwhile'
  FROM (SELECT e.perimeter, e.beneficiary, s.free,
               row_number() OVER (PARTITION BY e.session ORDER BY c.classes[e.list_position], c.rank) AS turn
        FROM short s
        JOIN inclusion_data.run_result e ON e.session = s.session
        JOIN inclusion_data.run_candidate c ON c.run = e.run AND c.perimeter = e.perimeter AND c.beneficiary = e.beneficiary
        WHERE e.run = publish_skip_taken.run AND e.outcome = 'proposed' AND e.skipped IS NULL) q
  WHERE d.run = publish_skip_taken.run AND d.perimeter = q.perimeter AND d.beneficiary = q.beneficiary AND q.turn > q.free;
  GET DIAGNOSTICS skipped = ROW_COUNT;
  RETURN skipped;
END
$$;

-- The proposals with their first two steps, signed by the service agent, and
-- the seats they hold.
CREATE FUNCTION inclusion.publish_proposals(run bigint) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  proposals int;
BEGIN
  WITH proposed AS (
    INSERT INTO inclusion_data.proposal AS p (perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
    SELECT d.perimeter, d.beneficiary, d.offer, d.session, d.run, d.list_position, d.cost, s.answer_by
    FROM inclusion_data.run_result d JOIN inclusion_data.run_session s ON s.run = d.run AND s.session = d.session
    WHERE d.run = publish_proposals.run AND d.outcome = 'proposed' AND d.skipped IS NULL
    ORDER BY d.perimeter, d.beneficiary
    RETURNING p.id, p.perimeter, p.session
  ), signed AS MATERIALIZED (
    -- asked once a perimeter, not once a step
    SELECT m.perimeter, inclusion.night_agent(m.perimeter) AS agent FROM (SELECT DISTINCT p.perimeter FROM proposed p) m
  ), step AS (
    INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
    SELECT p.id, p.perimeter, v.n, v.from_state, v.to_state, g.agent, 'service'
    FROM proposed p JOIN signed g ON g.perimeter = p.perimeter
    CROSS JOIN (VALUES (1, 'none', 'candidate'), (2, 'candidate', 'proposed')) AS v (n, from_state, to_state)
    ORDER BY p.id, v.n
  ), held AS (
    UPDATE inclusion_data.seat t SET proposed = t.proposed + h.proposals
    FROM (SELECT p.session, count(*) AS proposals FROM proposed p GROUP BY p.session) h
    WHERE h.session = t.session
  )
  SELECT count(*) INTO proposals FROM proposed;
  RETURN proposals;
END
$$;

-- The list of the other slot is emptied, filled, and readers sent there.
CREATE FUNCTION inclusion.publish_list(run bigint, perimeters text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM inclusion_data.active_list l
  WHERE l.perimeter = ANY (perimeters)
    AND l.slot <> coalesce((SELECT a.slot FROM inclusion_data.active_list_pointer a WHERE a.perimeter = l.perimeter), 0);
  INSERT INTO inclusion_data.active_list (slot, perimeter, beneficiary, run, rank, grade, waiting_days, priority,
                                          outcome, reason, offer, session, list_position, match_gap)
  SELECT CASE WHEN a.slot = 1 THEN 2 ELSE 1 END, d.perimeter, d.beneficiary, d.run, c.rank, c.grade, c.waiting_days, c.priority,
         s.outcome, CASE WHEN s.keeps THEN 'live_proposal' ELSE coalesce(d.skipped, d.reason) END,
         CASE WHEN s.keeps THEN c.held WHEN s.outcome <> 'waiting' THEN d.offer END,
         CASE WHEN s.keeps THEN c.held_session WHEN s.outcome <> 'waiting' THEN d.session END,
         CASE WHEN s.outcome NOT IN ('waiting', 'held') THEN d.list_position END, CASE WHEN s.outcome NOT IN ('waiting', 'held') THEN d.cost END
  FROM inclusion_data.run_result d
  JOIN inclusion_data.run_candidate c ON c.run = d.run AND c.perimeter = d.perimeter AND c.beneficiary = d.beneficiary
  -- who could not have the better place keeps the one held, if it is still theirs
  CROSS JOIN LATERAL (SELECT d.reason = 'improved' AND d.skipped IS NOT NULL AND EXISTS (
                               SELECT FROM inclusion_data.proposal_now w WHERE w.perimeter = c.perimeter AND w.beneficiary = c.beneficiary AND w.live) AS keeps) k
  CROSS JOIN LATERAL (SELECT k.keeps, CASE WHEN k.keeps THEN 'held' WHEN d.skipped IS NULL THEN d.outcome ELSE 'waiting' END AS outcome) s
  LEFT JOIN inclusion_data.active_list_pointer a ON a.perimeter = d.perimeter
  WHERE d.run = publish_list.run
  ORDER BY d.perimeter, d.beneficiary;
  INSERT INTO inclusion_data.active_list_pointer AS a (perimeter, slot, run, published_at)
  SELECT p, 1, publish_list.run, clock_timestamp() FROM unnest(perimeters) p
  ON CONFLICT (perimeter) DO UPDATE
  SET slot = 3 - a.slot, run = excluded.run, published_at = excluded.published_at;
END
$$;

-- night_publish: seats are locked in the order of their numbers before they
-- are looked at again.  Only what was verified is published: IN311 otherwise.
CREATE FUNCTION inclusion.night_publish(run bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off SET jit = off SET work_mem = '64MB' AS $$
DECLARE
  night constant record := inclusion.night_enter(night_publish.run, 'publish');
  verified_digest text;
  impossible int;
  taken int := 0;
  skipped int;
  withdrawn int;
  proposals int;
  orientations int;
BEGIN
  SELECT r.result_digest INTO verified_digest FROM inclusion_data.run r WHERE r.id = night_publish.run AND r.verified;
  IF verified_digest IS DISTINCT FROM inclusion.night_result_digest(night_publish.run) THEN
    RAISE EXCEPTION 'the result of run % is not the one that was verified', run
      USING ERRCODE = 'IN311', HINT = 'The list of the night before stays; call the night again.';
  END IF;

  PERFORM p.id FROM inclusion.improved_holders(night_publish.run) h
  JOIN inclusion_data.proposal p ON p.perimeter = h.perimeter AND p.beneficiary = h.beneficiary AND p.session = h.held_session
  ORDER BY p.id FOR UPDATE OF p;
  PERFORM t.session FROM inclusion_data.seat t
  WHERE t.session IN (SELECT d.session FROM inclusion_data.run_result d WHERE d.run = night_publish.run AND d.outcome = 'proposed'
                      UNION SELECT h.held_session FROM inclusion.improved_holders(night_publish.run) h)
  ORDER BY t.session FOR UPDATE OF t;

  impossible := inclusion.publish_skip_impossible(night_publish.run);
  LOOP
    skipped := inclusion.publish_skip_taken(night_publish.run);
    EXIT WHEN skipped = 0;
    taken := taken + skipped;
  END LOOP;
  withdrawn := inclusion.publish_withdrawals(night_publish.run);
  proposals := inclusion.publish_proposals(night_publish.run);
  INSERT INTO inclusion_data.orientation (perimeter, beneficiary, offer, run, week)
  SELECT d.perimeter, d.beneficiary, d.offer, d.run, inclusion.night_week(night.as_of)
  FROM inclusion_data.run_result d
  WHERE d.run = night_publish.run AND d.outcome = 'oriented' AND d.reason <> 'oriented_this_week' AND d.skipped IS NULL
  ORDER BY d.perimeter, d.beneficiary;
  GET DIAGNOSTICS orientations = ROW_COUNT;
  PERFORM inclusion.publish_list(night_publish.run, night.perimeters);
  PERFORM inclusion.publish_prices(night_publish.run);
  PERFORM inclusion.night_leave(night_publish.run, 'done', jsonb_build_object(
    'proposals', proposals, 'improved', withdrawn, 'orientations', orientations, 'no_longer_possible', impossible, 'seat_taken_meanwhile', taken));
END
$$;

COMMENT ON FUNCTION inclusion.publish_skip_impossible(bigint) IS 'Devenu impossible : écarte ce que la personne, l''offre ou la séance ne permet plus.';
COMMENT ON FUNCTION inclusion.publish_skip_taken(bigint) IS 'Places prises entre-temps : écarte les derniers rangs de la séance.';
COMMENT ON FUNCTION inclusion.improved_holders(bigint) IS 'Propositions remplacées : personnes à qui la nuit en fait une meilleure.';
COMMENT ON FUNCTION inclusion.publish_withdrawals(bigint) IS 'Propositions retirées : celles qu''une meilleure remplace ; leurs places sont rendues.';
COMMENT ON FUNCTION inclusion.publish_proposals(bigint) IS 'Propositions : les inscrit avec leurs deux premiers pas, et tient les places.';
COMMENT ON FUNCTION inclusion.publish_list(bigint, text[]) IS 'Nouvelle file active : remplit l''autre moitié de la table, puis y envoie les lecteurs.';
COMMENT ON FUNCTION inclusion.night_publish(bigint) IS 'Nuit, troisième phase : revérifie les places, propose, publie.';
