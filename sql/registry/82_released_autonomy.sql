/*
 * 82_released_autonomy: counts of people by what was decided of their autonomy,
 * made ready to be shown under the rules of 81_released.
 */

-- The whole table of a perimeter, or nothing of it: cells are parts of one total.
CREATE FUNCTION inclusion_data.released_autonomy_agreement()
RETURNS TABLE (perimeter text, suggested text, outcome text, people_count int, is_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH cell AS (
    SELECT d.perimeter, d.suggested, d.outcome, count(DISTINCT d.beneficiary)::int AS people
    FROM inclusion_data.autonomy_decision d
    WHERE d.beneficiary <> ALL ((SELECT inclusion_data.uncounted_people())::bigint[])
    GROUP BY d.perimeter, d.suggested, d.outcome
  ), shown AS (
    SELECT c.*, bool_or(c.people < h.least) OVER (PARTITION BY c.perimeter) AS is_masked
    FROM cell c JOIN inclusion_data.publication_threshold h ON h.perimeter = c.perimeter
  )
  SELECT s.perimeter, s.suggested, s.outcome, CASE WHEN NOT s.is_masked THEN s.people END, s.is_masked FROM shown s;
END
$$;

-- People by their decisions in force, cut one way at a time.  A row with a part
-- too small, or the rest of one, is hidden whole; and where the hidden rows
-- together leave a part that could be had by subtraction, every row of that cut is.
CREATE FUNCTION inclusion_data.released_autonomy()
RETURNS TABLE (perimeter text, dimension text, code text, people_count int, autonomous_count int, with_support_count int,
               continued_count int, mandate_count int, is_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH person AS (
    SELECT d.perimeter, d.beneficiary, b.structure, b.commune, b.audiences, b.birth_year, max(d.decided_on) AS decided_on,
      bool_or(d.outcome = 'autonomous') AS autonomous, bool_or(d.outcome = 'with_support') AS with_support,
      bool_or(d.outcome = 'continue_support') AS continued, bool_or(d.outcome = 'mandate') AS mandated
    FROM inclusion_data.autonomy_now d
    JOIN inclusion_data.beneficiary b ON b.id = d.beneficiary AND b.perimeter = d.perimeter
    WHERE d.beneficiary <> ALL ((SELECT inclusion_data.uncounted_people())::bigint[])
    GROUP BY d.perimeter, d.beneficiary, b.structure, b.commune, b.audiences, b.birth_year
  ), cut AS (
    SELECT p.*, 'territory' AS dimension, coalesce(t.epci, 'inconnu') AS code FROM person p LEFT JOIN inclusion_data.territory t ON t.code = p.commune
    UNION ALL SELECT p.*, 'audience', a.code FROM person p, unnest(p.audiences) AS a (code)
    UNION ALL SELECT p.*, 'structure_kind', coalesce(s.kind, 'inconnu') FROM person p JOIN inclusion_data.structure s ON s.id = p.structure
    -- as old as on the day of their last decision
    UNION ALL SELECT p.*, 'age_bracket', inclusion.age_bracket(p.birth_year, p.decided_on) FROM person p
  ), counted AS (
    SELECT c.perimeter, c.dimension, c.code, count(*)::int AS people,
      (count(*) FILTER (WHERE c.autonomous))::int AS autonomous, (count(*) FILTER (WHERE c.with_support))::int AS with_support,
      (count(*) FILTER (WHERE c.continued))::int AS continued, (count(*) FILTER (WHERE c.mandated))::int AS mandated
    FROM cut c GROUP BY c.perimeter, c.dimension, c.code
  ), judged AS (
    SELECT c.*, h.least,
      inclusion_data.least_part(c.people, c.autonomous, c.with_support, c.continued, c.mandated) < h.least AS too_small
    FROM counted c JOIN inclusion_data.publication_threshold h ON h.perimeter = c.perimeter
  ), hidden AS (
    SELECT j.perimeter, j.dimension,
      inclusion_data.least_part(sum(j.people), sum(j.autonomous), sum(j.with_support), sum(j.continued), sum(j.mandated)) AS least_part
    FROM judged j WHERE j.too_small GROUP BY j.perimeter, j.dimension
  ), shown AS (
    SELECT j.*, j.too_small OR coalesce(d.least_part < j.least, false) AS is_masked
    FROM judged j LEFT JOIN hidden d ON d.perimeter = j.perimeter AND d.dimension = j.dimension
  )
  SELECT s.perimeter, s.dimension, s.code,
    CASE WHEN NOT s.is_masked THEN s.people END, CASE WHEN NOT s.is_masked THEN s.autonomous END,
    CASE WHEN NOT s.is_masked THEN s.with_support END, CASE WHEN NOT s.is_masked THEN s.continued END,
    -- acting for somebody is shown by territory and kind of structure, no other way
    CASE WHEN NOT s.is_masked AND s.dimension IN ('territory', 'structure_kind') THEN s.mandated END, s.is_masked
  FROM shown s;
END
$$;

-- How decisions about one use followed each other, first to last, until the
-- quarter began: the whole table of a perimeter, or nothing of it.  Counts move
-- by as many people as may be shown, and shares are whole percents of those who
-- started there, with Wilson's limits: the next quarter's table less this one
-- tells of nobody.
CREATE FUNCTION inclusion_data.released_autonomy_transition()
RETURNS TABLE (perimeter text, as_of date, from_outcome text, to_outcome text, people_count int, from_count int, share float8, low float8, high float8,
               is_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH here AS (
    SELECT p.code, date_trunc('quarter', (now() AT TIME ZONE p.time_zone)::date)::date AS quarter, h.least
    FROM inclusion_data.perimeter p JOIN inclusion_data.publication_threshold h ON h.perimeter = p.code
  ), followed AS (
    SELECT d.perimeter, d.beneficiary, d.scope,
      (array_agg(d.outcome ORDER BY d.decided_on, d.id))[1] AS first_one, (array_agg(d.outcome ORDER BY d.decided_on DESC, d.id DESC))[1] AS last_one
    FROM inclusion_data.autonomy_decision d JOIN here ON here.code = d.perimeter AND d.decided_on < here.quarter
    WHERE d.beneficiary <> ALL ((SELECT inclusion_data.uncounted_people())::bigint[])
    GROUP BY d.perimeter, d.beneficiary, d.scope HAVING count(*) > 1
  ), started AS (
    SELECT f.perimeter, f.first_one, count(DISTINCT f.beneficiary) AS people FROM followed f GROUP BY f.perimeter, f.first_one
  ), counted AS (
    SELECT f.perimeter, f.first_one, f.last_one, count(DISTINCT f.beneficiary) AS people
    FROM followed f GROUP BY f.perimeter, f.first_one, f.last_one
  ), judged AS (
    SELECT c.*, s.people AS started, here.quarter - 1 AS as_of, here.least,
      -- who started there and went elsewhere is a count of people too
      bool_or(c.people < here.least OR s.people - c.people BETWEEN 1 AND here.least - 1) OVER (PARTITION BY c.perimeter) AS is_masked
    FROM counted c
    JOIN started s ON s.perimeter = c.perimeter AND s.first_one = c.first_one
    JOIN here ON here.code = c.perimeter
  )
  SELECT j.perimeter, j.as_of, j.first_one, j.last_one,
    CASE WHEN NOT j.is_masked THEN inclusion_data.in_steps(j.people, j.least)::int END, CASE WHEN NOT j.is_masked THEN inclusion_data.in_steps(j.started, j.least)::int END,
    CASE WHEN NOT j.is_masked THEN round(j.people / j.started::numeric, 2)::float8 END,
    CASE WHEN NOT j.is_masked THEN round(w.low::numeric, 2)::float8 END, CASE WHEN NOT j.is_masked THEN round(w.high::numeric, 2)::float8 END, j.is_masked
  FROM judged j CROSS JOIN LATERAL inclusion.wilson(j.people, j.started) w;
END
$$;

REVOKE ALL ON FUNCTION inclusion_data.released_autonomy_agreement(), inclusion_data.released_autonomy(), inclusion_data.released_autonomy_transition() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.released_autonomy_agreement(), inclusion_data.released_autonomy(), inclusion_data.released_autonomy_transition()
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;

COMMENT ON FUNCTION inclusion_data.released_autonomy_agreement() IS 'Suggestions et décisions comptées : tout le tableau d''un périmètre, ou rien.';
COMMENT ON FUNCTION inclusion_data.released_autonomy() IS 'Décisions d''autonomie comptées : par territoire, public et nature de structure, masquées sous le seuil.';
COMMENT ON FUNCTION inclusion_data.released_autonomy_transition() IS 'Passages d''autonomie : de la première décision à la dernière, tout le tableau d''un périmètre ou rien.';
