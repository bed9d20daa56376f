/*
 * 30_explain_allocation: why this place, or why none: one person's night in
 * words.
 */

-- The last class and rank received by an offer, for somebody of these publics:
-- where places are reserved, those of people who could have left for them, of
-- the publics whose reserves are then satisfied.
CREATE FUNCTION inclusion.cutoff_of(run bigint, offer bigint, categories int,
  OUT class int, OUT rank bigint, OUT satisfied int)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN t.offer IS NULL THEN o.cutoff_class ELSE t.cutoff_class END,
         CASE WHEN t.offer IS NULL THEN o.cutoff_rank ELSE t.cutoff_rank END,
         t.satisfied
  FROM inclusion_data.run_offer o
  LEFT JOIN inclusion_data.run_cutoff t ON t.run = o.run AND t.offer = o.offer
    AND t.categories = cutoff_of.categories & (SELECT bit_or(u.categories) FROM inclusion_data.run_cutoff u WHERE u.run = o.run AND u.offer = o.offer)
  WHERE o.run = cutoff_of.run AND o.offer = cutoff_of.offer
$$;

-- Publics in words, in the night's order.
CREATE FUNCTION inclusion.publics_in_words(run bigint, categories int) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_agg(coalesce(v.label, c.label), ', ' ORDER BY k.n)
  FROM inclusion.night_publics(publics_in_words.run) k
  JOIN inclusion.codes('audience') c ON c.code = k.audience
  LEFT JOIN inclusion_data.vocabulary_label v ON v.vocabulary = 'audience' AND v.code = k.audience
  WHERE publics_in_words.categories & k.flag <> 0
$$;

-- explain_allocation: one row per offer the person would have preferred, best
-- first, one per offer they declined, then one for the outcome (offer NULL when
-- the person waits).  For reasons 'full' and 'reserve', own class and rank come
-- after those of the cut-off, the last received whom they could have replaced;
-- for 'reserve', which places the policy gave first, and the publics whose
-- reserved places were all taken.
CREATE FUNCTION inclusion.explain_allocation(run bigint, beneficiary bigint)
RETURNS TABLE (list_position int, offer bigint, name text, reason text, own_rank bigint, cutoff_rank bigint,
               sentence text, what_would_help text, own_class int, cutoff_class int, reserved_for text,
               reserve_order text, satisfied_publics text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(explain_allocation.beneficiary);
  p record;
BEGIN
  SELECT c.rank, c.offers, c.classes, c.categories, d.outcome, coalesce(d.skipped, d.reason) AS reason, d.skipped, d.offer,
         d.list_position, d.reason = 'oriented_this_week' AS settled, d.reserved_for, r.started_at
  INTO p
  FROM inclusion_data.run_candidate c
  JOIN inclusion_data.run_result d ON d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary
  JOIN inclusion_data.run r ON r.id = c.run
  WHERE c.run = explain_allocation.run AND c.perimeter = here AND c.beneficiary = explain_allocation.beneficiary;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'beneficiary % was not on the list of run %', beneficiary, run
      USING ERRCODE = 'IN003', HINT = 'SELECT run FROM inclusion_data.active_list_pointer gives the night in force.';
  END IF;

  RETURN QUERY
  SELECT w.n::int, o.id, o.name, y.code, p.rank, CASE WHEN y.compared THEN k.rank END,
         CASE WHEN NOT y.compared OR k.rank IS NULL THEN l.label || '.'
              WHEN y.code = 'reserve' THEN format('%s (%s) : parmi les autres, le dernier rang reçu est le %s, celui-ci est le %s.', l.label,
                                                  inclusion.publics_in_words(explain_allocation.run, y.reserving), k.rank, p.rank)
              ELSE format('%s : le dernier rang reçu est le %s, celui-ci est le %s.', l.label, k.rank, p.rank) END,
         l.unlock, p.classes[w.n], CASE WHEN y.compared THEN k.class END, NULL::text,
         CASE WHEN y.code = 'reserve' THEN inclusion.night_reserve_order(explain_allocation.run) END,
         CASE WHEN y.code = 'reserve' THEN inclusion.publics_in_words(explain_allocation.run, k.satisfied) END
  FROM unnest(p.offers) WITH ORDINALITY AS w (offer, n)
  JOIN inclusion_data.run_offer r ON r.run = explain_allocation.run AND r.offer = w.offer
  CROSS JOIN LATERAL inclusion.cutoff_of(r.run, r.offer, p.categories) k
  LEFT JOIN inclusion_data.offer o ON o.id = w.offer
  CROSS JOIN LATERAL (
    SELECT v.code, v.code IN ('full', 'reserve', 'limit_reached') AS compared,
           -- the publics that keep places from this person
           (SELECT bit_or(1 << (u.n - 1)::int) FROM unnest(r.reserves) WITH ORDINALITY u (places, n) WHERE u.places > 0) & ~p.categories AS reserving
    FROM (SELECT CASE WHEN NOT r.promised AND p.outcome = 'proposed' THEN 'not_counted'
                      WHEN NOT r.promised THEN 'limit_reached'
                      WHEN r.sessions = 0 THEN 'without_session'
                      WHEN r.capacity = 0 THEN 'taken_before'
                      -- somebody received comes after: the reserves decided
                      WHEN r.reserves IS NOT NULL AND ROW(p.classes[w.n], p.rank) < ROW(r.cutoff_class, r.cutoff_rank) THEN 'reserve'
                      ELSE 'full' END AS code) v) y
  JOIN inclusion_data.outcome_reason l ON l.code = y.code
  -- a promised place is preferred to any other way to go, wherever it is listed
  WHERE CASE WHEN p.outcome = 'oriented' AND r.promised THEN true
             WHEN p.settled THEN false
             ELSE w.n < coalesce(p.list_position, w.n + 1) END
  ORDER BY w.n;

  RETURN QUERY
  SELECT DISTINCT ON (o.id) NULL::int, o.id, o.name, l.code, p.rank, NULL::bigint, l.label || '.', l.unlock, NULL::int, NULL::int, NULL::text, NULL::text, NULL::text
  FROM inclusion_data.proposal q
  JOIN inclusion_data.proposal_step s ON s.proposal = q.id AND s.perimeter = q.perimeter
    AND s.to_state = 'declined' AND s.from_state IN ('proposed', 'to_reach') AND s.at < p.started_at
  JOIN inclusion_data.offer o ON o.id = q.offer
  JOIN inclusion_data.outcome_reason l ON l.code = 'refused'
  WHERE q.beneficiary = explain_allocation.beneficiary AND q.perimeter = here AND p.rank IS NOT NULL
  ORDER BY o.id;

  RETURN QUERY
  SELECT CASE WHEN p.skipped IS NULL THEN p.list_position END, CASE WHEN p.skipped IS NULL THEN o.id END,
         CASE WHEN p.skipped IS NULL THEN o.name END, l.code, p.rank, NULL::bigint, l.label || '.', l.unlock,
         p.classes[p.list_position], NULL::int, p.reserved_for, NULL::text, NULL::text
  FROM inclusion_data.outcome_reason l
  LEFT JOIN inclusion_data.offer o ON o.id = p.offer
  WHERE l.code = p.reason;
END
$$;

COMMENT ON FUNCTION inclusion.cutoff_of(bigint, bigint, int) IS 'Dernier rang reçu : dans une offre, pour une personne de ces publics.';
COMMENT ON FUNCTION inclusion.publics_in_words(bigint, int) IS 'Publics en clair : leurs libellés, dans l''ordre de la nuit.';
COMMENT ON FUNCTION inclusion.explain_allocation(bigint, bigint) IS
  'Explication d''une nuit : chaque offre mieux placée sur la liste, pourquoi elle n''a pas été obtenue, puis l''issue.';
