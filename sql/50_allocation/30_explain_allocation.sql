/*
 * 30_explain_allocation: why this place, or why none: one person's night in
 * words.
 */

-- explain_allocation: one row per offer the person would have preferred, best
-- first, then one for the outcome (offer NULL when the person waits).  For
-- reason 'full', own_rank comes after cutoff_rank, the last rank received.
CREATE FUNCTION inclusion.explain_allocation(run bigint, beneficiary bigint)
RETURNS TABLE (list_position int, offer bigint, name text, reason text, own_rank bigint, cutoff_rank bigint,
               sentence text, what_would_help text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(explain_allocation.beneficiary);
  p record;
BEGIN
  SELECT c.rank, c.offers, d.outcome, coalesce(d.skipped, d.reason) AS reason, d.skipped, d.offer, d.list_position,
         d.reason = 'oriented_this_week' AS settled
  INTO p
  FROM inclusion_data.run_candidate c
  JOIN inclusion_data.run_result d ON d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary
  WHERE c.run = explain_allocation.run AND c.perimeter = here AND c.beneficiary = explain_allocation.beneficiary;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'beneficiary % was not on the list of run %', beneficiary, run
      USING ERRCODE = 'IN003', HINT = 'SELECT run FROM inclusion_data.active_list_pointer gives the night in force.';
  END IF;

  RETURN QUERY
  SELECT w.n::int, o.id, o.name, y.code, p.rank, CASE WHEN y.code IN ('full', 'limit_reached') THEN r.cutoff_rank END,
         CASE WHEN y.code IN ('full', 'limit_reached') AND r.cutoff_rank IS NOT NULL
              THEN format('%s : le dernier rang reçu est le %s, celui-ci est le %s.', l.label, r.cutoff_rank, p.rank)
              ELSE l.label || '.' END,
         l.unlock
  FROM unnest(p.offers) WITH ORDINALITY AS w (offer, n)
  JOIN inclusion_data.run_offer r ON r.run = explain_allocation.run AND r.offer = w.offer
  LEFT JOIN inclusion_data.offer o ON o.id = w.offer
  CROSS JOIN LATERAL (
    SELECT CASE WHEN NOT r.promised AND p.outcome = 'proposed' THEN 'not_counted'
                WHEN NOT r.promised THEN 'limit_reached'
                WHEN r.sessions = 0 THEN 'without_session'
                WHEN r.capacity = 0 THEN 'taken_before'
                ELSE 'full' END AS code) y
  JOIN inclusion_data.outcome_reason l ON l.code = y.code
  -- a promised place is preferred to any other way to go, wherever it is listed
  WHERE CASE WHEN p.outcome = 'oriented' AND r.promised THEN true
             WHEN p.settled THEN false
             ELSE w.n < coalesce(p.list_position, w.n + 1) END
  ORDER BY w.n;

  RETURN QUERY
  SELECT CASE WHEN p.skipped IS NULL THEN p.list_position END, CASE WHEN p.skipped IS NULL THEN o.id END,
         CASE WHEN p.skipped IS NULL THEN o.name END, l.code, p.rank, NULL::bigint, l.label || '.', l.unlock
  FROM inclusion_data.outcome_reason l
  LEFT JOIN inclusion_data.offer o ON o.id = p.offer
  WHERE l.code = p.reason;
END
$$;

COMMENT ON FUNCTION inclusion.explain_allocation(bigint, bigint) IS
  'Explication d''une nuit : chaque offre mieux placée sur la liste, pourquoi elle n''a pas été obtenue, puis l''issue.';
