/*
 * 84_released_quality: quality of offers and of operators, made ready to be
 * shown under the rules of 81_released.
 */

-- A rate says how many did and how many did not: both are counts of people.
-- An operator's figure is the sum of its offers': where those hidden together
-- could be had by subtraction, it is hidden too.
CREATE FUNCTION inclusion_data.released_quality()
RETURNS TABLE (id bigint, perimeter text, scope text, offer bigint, structure bigint, measure text, as_of date, fact_count float8,
               observed float8, estimate float8, low float8, high float8, centre float8, low_998 float8, low_95 float8, high_95 float8,
               high_998 float8, class text, is_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH rule AS (
    SELECT m.code AS perimeter, h.least, k.quality_least, k.quality_floor
    FROM inclusion_data.perimeter m
    JOIN inclusion_data.publication_threshold h ON h.perimeter = m.code
    JOIN LATERAL (SELECT k.quality_least, k.quality_floor FROM inclusion_data.policy k
                  WHERE k.perimeter = m.code AND k.starts_on <= (now() AT TIME ZONE m.time_zone)::date
                  ORDER BY k.starts_on DESC LIMIT 1) k ON true
  ), judged AS (
    SELECT q.*, r.least, r.quality_least, r.quality_floor,
      q.people < r.least OR (q.measure <> 'gain' AND inclusion_data.least_part(round(q.n)::bigint, round(q.total)::bigint) < r.least) AS too_small
    FROM inclusion_data.quality q JOIN rule r ON r.perimeter = q.perimeter
  ), hidden AS (
    SELECT s.structure, j.measure, j.perimeter,
      CASE WHEN j.measure = 'gain' THEN sum(j.people) ELSE inclusion_data.least_part(sum(j.n)::bigint, sum(j.total)::bigint) END AS least_part
    FROM judged j JOIN inclusion_data.operator_share s ON s.offer = j.offer
    WHERE j.too_small GROUP BY s.structure, j.measure, j.perimeter
  ), shown AS (
    SELECT j.*, j.too_small OR (j.offer IS NULL AND coalesce(d.least_part < j.least, false)) AS is_masked, c.as_of, c.sigma, c.spread,
      coalesce(c.rate, c.mu) AS centre,
      CASE WHEN j.measure = 'gain' THEN j.total / 1000000 / j.n ELSE j.total / j.n END::float8 AS observed
    FROM judged j
    JOIN inclusion_data.quality_centre c ON c.perimeter = j.perimeter AND c.scope = j.scope AND c.measure = j.measure
    LEFT JOIN hidden d ON d.structure = j.structure AND d.measure = j.measure AND d.perimeter = j.perimeter
  )
  SELECT s.id, s.perimeter, s.scope, s.offer, s.structure, s.measure, s.as_of,
    CASE WHEN NOT s.is_masked THEN s.n::float8 END, CASE WHEN NOT s.is_masked THEN s.observed END,
    CASE WHEN NOT s.is_masked THEN s.estimate END, CASE WHEN NOT s.is_masked THEN s.low END, CASE WHEN NOT s.is_masked THEN s.high END,
    s.centre,
    CASE WHEN NOT s.is_masked THEN f.low_998 END, CASE WHEN NOT s.is_masked THEN f.low_95 END,
    CASE WHEN NOT s.is_masked THEN f.high_95 END, CASE WHEN NOT s.is_masked THEN f.high_998 END,
    CASE WHEN s.n < s.quality_least THEN 'pas encore mesurée' WHEN s.is_masked THEN 'masquée'
         ELSE inclusion.quality_class(true, s.observed, f.low_998, f.high_998, CASE WHEN s.measure <> 'gain' THEN s.low END, s.quality_floor) END,
    s.is_masked
  FROM shown s CROSS JOIN LATERAL inclusion.quality_funnel(s.measure, s.centre, s.sigma, s.n, s.spread) f;
END
$$;

REVOKE ALL ON FUNCTION inclusion_data.released_quality() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.released_quality()
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;
COMMENT ON FUNCTION inclusion_data.released_quality() IS 'Qualités constatées : des offres et des structures, masquées sous le seuil.';
