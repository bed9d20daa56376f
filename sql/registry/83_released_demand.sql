/*
 * 83_released_demand: counts of who waits, by what they ask for and by where
 * they live, and of how structures answer, made ready to be shown under the
 * rules of 81_released.
 */

-- By competence wanted and by public.  Nobody known is not nobody waiting.
CREATE FUNCTION inclusion_data.released_demand()
RETURNS TABLE (perimeter text, dimension text, code text, waiting_count int, is_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH person AS (
    SELECT b.perimeter, b.id, b.audiences, w.target, coalesce(l.outcome = 'waiting', false) AS waits
    FROM inclusion_data.beneficiary b
    JOIN inclusion_data.expressed_need w ON w.beneficiary = b.id AND w.perimeter = b.perimeter AND w.family = 'learn' AND w.closed_on IS NULL
    LEFT JOIN (inclusion_data.active_list l
               JOIN inclusion_data.active_list_pointer a ON a.perimeter = l.perimeter AND a.slot = l.slot) ON l.beneficiary = b.id AND l.perimeter = b.perimeter
    WHERE b.id <> ALL ((SELECT inclusion_data.uncounted_people())::bigint[])
  ), asked AS (
    SELECT n.perimeter, 'compétence' AS dimension, s.code, n.id, n.waits FROM person n CROSS JOIN LATERAL inclusion.slots(n.target) s
    UNION ALL
    SELECT n.perimeter, 'public', c.code, n.id, n.waits FROM person n CROSS JOIN LATERAL unnest(n.audiences) AS c (code)
  ), demand AS (
    SELECT a.perimeter, a.dimension, a.code, (count(DISTINCT a.id) FILTER (WHERE a.waits))::int AS waiting
    FROM asked a GROUP BY a.perimeter, a.dimension, a.code
  )
  SELECT d.perimeter, d.dimension, d.code, CASE WHEN d.waiting >= h.least THEN d.waiting END, d.waiting < h.least
  FROM demand d JOIN inclusion_data.publication_threshold h ON h.perimeter = d.perimeter;
END
$$;

-- By commune.  Communes are parts of a perimeter's total: where those hidden
-- together could be had by subtraction, all are hidden.
CREATE FUNCTION inclusion_data.released_commune_demand() RETURNS TABLE (commune text, waiting_count int, is_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH part AS (
    SELECT t.code, t.perimeter, h.least, (count(*) FILTER (WHERE l.outcome = 'waiting'))::int AS waiting
    FROM inclusion_data.beneficiary b
    JOIN inclusion_data.territory t ON t.code = b.commune
    JOIN inclusion_data.publication_threshold h ON h.perimeter = t.perimeter
    LEFT JOIN (inclusion_data.active_list l
               JOIN inclusion_data.active_list_pointer a ON a.perimeter = l.perimeter AND a.slot = l.slot) ON l.beneficiary = b.id AND l.perimeter = b.perimeter
    WHERE b.id <> ALL ((SELECT inclusion_data.uncounted_people())::bigint[])
    GROUP BY t.code, t.perimeter, h.least
  ), judged AS (
    SELECT p.*, coalesce(sum(p.waiting) FILTER (WHERE p.waiting < p.least) OVER (PARTITION BY p.perimeter), 0) AS hidden FROM part p
  ), shown AS (
    SELECT j.*, j.waiting < j.least OR j.hidden BETWEEN 1 AND j.least - 1 AS is_masked FROM judged j
  )
  SELECT s.code, CASE WHEN NOT s.is_masked THEN s.waiting END, s.is_masked FROM shown s;
END
$$;

-- From the person's agreement to the step that is the structure's word.
CREATE FUNCTION inclusion_data.released_operator_answers()
RETURNS TABLE (perimeter text, structure bigint, answer_count int, median_delay_days float8, is_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH answer AS (
    SELECT p.perimeter, o.structure, count(*)::int AS answers, count(DISTINCT p.beneficiary) AS people,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM s.at - b.at)::float8 / 86400) AS median_days
    FROM inclusion_data.proposal p
    JOIN inclusion_data.offer o ON o.id = p.offer AND o.structure IS NOT NULL
    JOIN inclusion_data.proposal_step s ON s.proposal = p.id AND s.perimeter = p.perimeter
    JOIN inclusion_data.proposal_transition t ON t.from_state = s.from_state AND t.to_state = s.to_state AND t.word = 'operator'
    JOIN inclusion_data.proposal_step b ON b.proposal = s.proposal AND b.perimeter = s.perimeter AND b.n = s.prev
    WHERE p.beneficiary <> ALL ((SELECT inclusion_data.uncounted_people())::bigint[])
    GROUP BY p.perimeter, o.structure
  )
  SELECT a.perimeter, a.structure, CASE WHEN a.people >= h.least THEN a.answers END,
         CASE WHEN a.people >= h.least THEN a.median_days END, a.people < h.least
  FROM answer a JOIN inclusion_data.publication_threshold h ON h.perimeter = a.perimeter;
END
$$;

REVOKE ALL ON FUNCTION inclusion_data.released_demand(), inclusion_data.released_commune_demand(), inclusion_data.released_operator_answers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.released_demand(), inclusion_data.released_commune_demand(), inclusion_data.released_operator_answers()
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;

COMMENT ON FUNCTION inclusion_data.released_demand() IS 'Demande comptée : qui attend, par compétence et par public, masqué sous le seuil.';
COMMENT ON FUNCTION inclusion_data.released_commune_demand() IS 'Demande par commune : qui attend, masqué ensemble dès qu''une soustraction le dirait.';
COMMENT ON FUNCTION inclusion_data.released_operator_answers() IS 'Réponses des structures : nombre et délai, masqués sous le seuil.';
