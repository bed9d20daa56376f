/*
 * 75_need_rows: the needs of all who wait, as one query.  It stands here,
 * parsed, and not in the extension, so that the planner can inline it: one
 * person's need is then an index lookup, and a night's are one join.  Weights
 * of the terms are the policy's, but a night counts no price (`priced` false);
 * row-level security is the caller's.
 */

CREATE FUNCTION inclusion_data.need_rows(perimeters text[], day date, family text, priced boolean)
RETURNS TABLE (perimeter text, beneficiary bigint, need inclusion.need)
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH here AS MATERIALIZED (
    SELECT p.code, k.* FROM inclusion_data.perimeter p
    JOIN inclusion_data.policy k ON k.id = inclusion.policy_in_force(p.code, need_rows.day)
    WHERE need_rows.perimeters IS NULL OR p.code = ANY (need_rows.perimeters)
  ), found AS (
    SELECT a.beneficiary, a.perimeter, inclusion.latest_of(a.vector ORDER BY a.assessed_on, a.id) AS vector
    FROM inclusion_data.assessment a
    WHERE a.assessed_on <= need_rows.day AND a.perimeter IN (SELECT h.code FROM here h)
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
    day => need_rows.day, family => w.family, weights => w.weights,
    modes => b.modes, audiences => b.audiences, accommodations => coalesce(r.codes, '{}'),
    languages => b.languages, slots => b.slots,
    accept_remote => b.accept_remote, accept_on_site => b.accept_on_site,
    w_coverage => h.w_coverage, w_audience => h.w_audience, w_quality => h.w_quality,
    w_distance => h.w_distance, w_price => CASE WHEN need_rows.priced THEN h.w_price ELSE 0 END)
  FROM here h
  JOIN inclusion_data.expressed_need w ON w.perimeter = h.code
    AND w.family = need_rows.family AND w.opened_on <= need_rows.day AND (w.closed_on IS NULL OR w.closed_on > need_rows.day)
  JOIN inclusion_data.beneficiary b ON b.id = w.beneficiary AND b.perimeter = w.perimeter
  JOIN inclusion_data.enrolment e ON e.beneficiary = b.id AND e.perimeter = b.perimeter
    AND e.enrolled_on <= need_rows.day AND (e.withdrawn_on IS NULL OR e.withdrawn_on > need_rows.day)
    -- those restricted, and of the list those who object to it
    AND NOT EXISTS (SELECT FROM unnest(inclusion_data.set_aside(CASE WHEN need_rows.family = 'learn' THEN 'active_list' END)) AS s (beneficiary)
                    WHERE s.beneficiary = b.id)
  LEFT JOIN found f ON f.beneficiary = b.id AND f.perimeter = b.perimeter
  LEFT JOIN room r ON r.beneficiary = b.id AND r.perimeter = b.perimeter;
END;

REVOKE ALL ON FUNCTION inclusion_data.need_rows(text[], date, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.need_rows(text[], date, text, boolean)
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_night, inclusion_dpo;

COMMENT ON FUNCTION inclusion_data.need_rows(text[], date, text, boolean) IS
  'Besoins à apparier : une ligne par personne qui attend, pour une famille et un jour.';
