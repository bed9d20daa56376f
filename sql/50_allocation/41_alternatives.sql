/*
 * 41_alternatives: what else a person could choose, shown before they agree.
 */

-- alternatives: the `k` next offers of the list the night made for the person,
-- with their free seats of today; then to wait, and to pause, which are always
-- possible: nobody chooses between one thing and nothing.
CREATE FUNCTION inclusion.alternatives(proposal bigint, k int DEFAULT 3)
RETURNS TABLE (n int, kind text, offer bigint, name text, session_at timestamptz, free_seats int, sentence text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM inclusion.require_registry();
  IF NOT EXISTS (SELECT FROM inclusion_data.proposal p WHERE p.id = alternatives.proposal) THEN
    RAISE EXCEPTION 'no proposal % that you may see', proposal
      USING ERRCODE = 'IN304', HINT = 'SELECT id, state FROM inclusion_data.proposal_now lists yours.';
  END IF;
  IF coalesce(k, -1) NOT BETWEEN 0 AND 1000 THEN
    RAISE EXCEPTION 'k must be between 0 and 1000, not %', k
      USING ERRCODE = 'IN010', HINT = 'Ask for three other offers with k => 3; to wait and to pause are always shown.';
  END IF;
  RETURN QUERY
  WITH other AS (
    SELECT (row_number() OVER (ORDER BY l.n))::int AS n, o.id, o.name, o.capacity_kind, e.next_session, e.free_seats,
           to_char(e.next_session AT TIME ZONE z.time_zone, 'DD/MM à HH24 h MI') AS hour
    FROM inclusion_data.proposal p
    JOIN inclusion_data.run_candidate c ON c.run = p.run AND c.perimeter = p.perimeter AND c.beneficiary = p.beneficiary
    CROSS JOIN LATERAL unnest(c.offers) WITH ORDINALITY AS l (offer, n)
    JOIN inclusion_data.offer o ON o.id = l.offer AND o.supply IS NOT NULL
    JOIN inclusion_data.perimeter z ON z.code = o.perimeter
    LEFT JOIN LATERAL (
      SELECT min(s.starts_at) AS next_session, sum(t.capacity - t.taken - t.proposed)::int AS free_seats
      FROM inclusion_data.session s JOIN inclusion_data.seat t ON t.session = s.id
      WHERE s.offer = o.id AND s.state = 'open' AND s.starts_at > now() AND t.taken + t.proposed < t.capacity) e ON true
    WHERE p.id = alternatives.proposal AND l.offer <> p.offer
      AND NOT EXISTS (SELECT FROM inclusion_data.struck_offer x
                      WHERE x.beneficiary = p.beneficiary AND x.perimeter = p.perimeter AND x.offer = l.offer)
    ORDER BY l.n LIMIT alternatives.k
  )
  SELECT a.n, 'offer', a.id, a.name, a.next_session, a.free_seats,
         CASE WHEN a.free_seats > 0 THEN format('%s : %s, prochaine séance le %s.', a.name,
                CASE a.free_seats WHEN 1 THEN '1 place libre' ELSE format('%s places libres', a.free_seats) END, a.hour)
              WHEN a.capacity_kind IN ('seats', 'weekly') THEN format('%s : aucune place libre aujourd''hui.', a.name)
              ELSE format('%s : sans place réservée.', a.name) END
  FROM other a
  UNION ALL
  SELECT (SELECT count(*)::int FROM other) + v.n, v.kind, NULL, NULL, NULL, NULL, v.sentence
  FROM (VALUES (1, 'wait', 'Attendre une autre proposition : les jours d''attente sont gardés.'),
               (2, 'pause', 'Faire une pause, et reprendre quand on le veut : les jours d''attente sont gardés.')) AS v (n, kind, sentence)
  ORDER BY 1;
END
$$;

COMMENT ON FUNCTION inclusion.alternatives(bigint, int) IS 'Autres choix : d''autres offres de la liste de la personne, attendre, ou faire une pause.';
