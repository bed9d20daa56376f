/* From a profile to the need that offers are matched with. */

-- The latest finding of each competence, in the order given.
CREATE AGGREGATE inclusion.latest_of(inclusion.competence_vector) (
  SFUNC = inclusion.latest, STYPE = inclusion.competence_vector, PARALLEL = SAFE);

-- A target competence nobody assessed is taken at the lowest level found in the
-- same domain (the digit before the point), which is nearer the truth than 0
-- and never above what was seen; where the domain is blank, it stays so.
CREATE FUNCTION inclusion.impute(found inclusion.competence_vector, target inclusion.competence_vector)
RETURNS inclusion.competence_vector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.latest(
    ('pix{' || coalesce(string_agg(t.code || '=' || (d.points / 8.0)::numeric(6,3), ','), '') || '}')::inclusion.competence_vector,
    found)
  FROM inclusion.slots(target) t
  JOIN (SELECT left(s.code, 1) AS domain, min(s.points) AS points FROM inclusion.slots(found) s GROUP BY 1) d
    ON d.domain = left(t.code, 1)
  WHERE inclusion.points(found, t.code) IS NULL
$$;

-- needs_of: the needs of everybody who waits in these perimeters (NULL: all)
-- for one family on one day.  Weights of the terms are the policy's.
CREATE FUNCTION inclusion.needs_of(perimeters text[], day date, family text DEFAULT 'learn')
RETURNS TABLE (perimeter text, beneficiary bigint, need inclusion.need)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH here AS MATERIALIZED (
    SELECT p.code, k.* FROM inclusion_data.perimeter p
    JOIN inclusion_data.policy k ON k.id = inclusion.policy_in_force(p.code, needs_of.day)
    WHERE needs_of.perimeters IS NULL OR p.code = ANY (needs_of.perimeters)
  ), found AS (
    SELECT a.beneficiary, a.perimeter, inclusion.latest_of(a.vector ORDER BY a.assessed_on, a.id) AS vector
    FROM inclusion_data.assessment a
    WHERE a.assessed_on <= needs_of.day AND a.perimeter IN (SELECT h.code FROM here h)
    GROUP BY a.beneficiary, a.perimeter
  ), room AS (
    SELECT n.beneficiary, n.perimeter, array_agg(n.code ORDER BY n.code) AS codes
    FROM inclusion_data.accommodation_need n GROUP BY n.beneficiary, n.perimeter
  )
  SELECT b.perimeter, b.id, inclusion.need(
    current => CASE WHEN w.target IS NOT NULL THEN inclusion.impute(f.vector, w.target) END,
    target => w.target,
    longitude => b.longitude, latitude => b.latitude,
    max_distance => CASE WHEN b.accept_on_site THEN coalesce(b.max_distance, h.max_distance) END,
    day => needs_of.day, family => w.family, weights => w.weights,
    modes => b.modes, audiences => b.audiences, accommodations => coalesce(r.codes, '{}'),
    languages => b.languages, slots => b.slots,
    accept_remote => b.accept_remote, accept_on_site => b.accept_on_site,
    w_coverage => h.w_coverage, w_audience => h.w_audience, w_quality => h.w_quality,
    w_distance => h.w_distance, w_price => h.w_price)
  FROM here h
  JOIN inclusion_data.expressed_need w ON w.perimeter = h.code
    AND w.family = needs_of.family AND w.opened_on <= needs_of.day AND (w.closed_on IS NULL OR w.closed_on > needs_of.day)
  JOIN inclusion_data.beneficiary b ON b.id = w.beneficiary AND b.perimeter = w.perimeter
  JOIN inclusion_data.enrolment e ON e.beneficiary = b.id AND e.perimeter = b.perimeter
    AND e.enrolled_on <= needs_of.day AND (e.withdrawn_on IS NULL OR e.withdrawn_on > needs_of.day)
  LEFT JOIN found f ON f.beneficiary = b.id AND f.perimeter = b.perimeter
  LEFT JOIN room r ON r.beneficiary = b.id AND r.perimeter = b.perimeter
$$;

-- need_of: the need of one person.  IN003 if the caller may not see them,
-- IN102 if they asked for nothing of that family.
CREATE FUNCTION inclusion.need_of(beneficiary bigint, day date DEFAULT NULL, family text DEFAULT 'learn')
RETURNS inclusion.need
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(need_of.beneficiary);
  found inclusion.need;
BEGIN
  PERFORM inclusion.check_codes('family', ARRAY[need_of.family]);
  SELECT n.need INTO found
  FROM inclusion.needs_of(ARRAY[here], coalesce(need_of.day, inclusion.today(here)), need_of.family) n
  WHERE n.beneficiary = need_of.beneficiary;
  IF found IS NULL THEN
    RAISE EXCEPTION 'beneficiary % has no open request of family "%"', beneficiary, family
      USING ERRCODE = 'IN102', HINT = 'Record one with inclusion.express_need(beneficiary, goal).';
  END IF;
  RETURN found;
END
$$;

COMMENT ON AGGREGATE inclusion.latest_of(inclusion.competence_vector) IS 'Dernier constat : le plus récent de chaque compétence, dans l''ordre donné.';
COMMENT ON FUNCTION inclusion.impute(inclusion.competence_vector, inclusion.competence_vector) IS 'Compétences non évaluées : le plus bas niveau constaté dans le même domaine.';
COMMENT ON FUNCTION inclusion.needs_of(text[], date, text) IS 'Besoins : de toutes les personnes qui attendent, un jour donné, pour une famille.';
COMMENT ON FUNCTION inclusion.need_of(bigint, date, text) IS 'Besoin d''une personne : ce que l''on rapproche des offres.';
