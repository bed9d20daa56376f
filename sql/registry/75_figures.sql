/*
 * 75_figures: from states to figures.  None of these is open to those who read
 * released views: what they say is not masked.
 */

-- The merge of the stored states of some months, quarter by quarter or as one,
-- in each code of some cuts.  Waits not yet over are lengthened to `as_of`.
CREATE FUNCTION inclusion_data.cube_sums(here text, in_stage text, first_month date, last_month date, as_of date,
                                         quarterly boolean, cuts text[])
RETURNS TABLE (period date, dimension text, code text, sums inclusion_data.cube)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.period, m.dimension, m.code,
    ROW(here, in_stage, m.period, '', 0, '', '', '', m.people, m.gain, m.improved, m.worsened, m.autonomous, m.ended, m.pending, m.completed,
        m.accepted, m.attended, m.presence, m.gave_up, m.for_good, m.bridged, m.self_referred)::inclusion_data.cube
  FROM (
    SELECT CASE WHEN quarterly THEN date_trunc('quarter', c.month)::date ELSE first_month END AS period, d.dimension, d.code,
      sum(c.people)::bigint AS people, inclusion.merge(c.gain) AS gain, inclusion.merge(c.improved) AS improved,
      inclusion.merge(c.worsened) AS worsened, inclusion.merge(c.autonomous) AS autonomous, inclusion.merge(c.ended) AS ended,
      inclusion.merge(inclusion.lengthen(c.pending, as_of - c.month)) AS pending, inclusion.merge(c.completed) AS completed,
      inclusion.merge(c.accepted) AS accepted, inclusion.merge(c.attended) AS attended, inclusion.merge(c.presence) AS presence,
      inclusion.merge(c.gave_up) AS gave_up, inclusion.merge(c.for_good) AS for_good, inclusion.merge(c.bridged) AS bridged,
      inclusion.merge(c.self_referred) AS self_referred
    FROM inclusion_data.cube c
    LEFT JOIN inclusion_data.territory t ON t.code = c.territory
    CROSS JOIN LATERAL (VALUES ('total', '', c.public = '' AND c.competence = ''),
      ('commune', c.territory, c.public = '' AND c.competence = ''),
      ('epci', coalesce(t.epci, ''), c.public = '' AND c.competence = ''),
      ('department', coalesce(t.department, ''), c.public = '' AND c.competence = ''),
      ('region', coalesce(t.region, ''), c.public = '' AND c.competence = ''),
      ('operator', c.operator::text, c.public = '' AND c.competence = ''),
      ('programme', c.programme, c.public = '' AND c.competence = ''),
      ('public', c.public, c.public <> '' AND c.competence = ''),
      ('competence', c.competence, c.public = '' AND c.competence <> '')) AS d (dimension, code, counts)
    WHERE c.perimeter = here AND c.stage = in_stage AND c.month >= first_month AND c.month <= last_month
      AND d.counts AND d.dimension = ANY (cuts)
    GROUP BY 1, 2, 3) m
$$;

-- Who still waits and who no longer does.
CREATE FUNCTION inclusion_data.waits_of(c inclusion_data.cube) RETURNS inclusion.waiting_state
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(c.ended OPERATOR(inclusion.+) c.pending, c.ended, c.pending);

-- Whose wait ended as hoped by a day, among everybody.  Where nobody's did, or
-- everybody's, nothing varies: the limits are then those of a proportion.
CREATE FUNCTION inclusion_data.incidence_by(waits inclusion.waiting_state, people bigint, day int,
                                            OUT ended bigint, OUT share float8, OUT low float8, OUT high float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.ended, a.share,
    CASE WHEN a.se > 0 THEN greatest(a.share - 1.959963984540054 * a.se, 0) ELSE w.low END,
    CASE WHEN a.se > 0 THEN least(a.share + 1.959963984540054 * a.se, 1) ELSE w.high END
  FROM (SELECT coalesce(max(f.f), 0) AS share, (array_agg(f.se ORDER BY f.t DESC))[1] AS se, coalesce(sum(f.d), 0)::bigint AS ended
        FROM inclusion.cuminc(waits, 1) f WHERE f.t <= day) a
  LEFT JOIN LATERAL inclusion.wilson(a.ended, people) w ON true
$$;

-- One indicator's figures from the states of the same people.  `n` is whom it
-- counts, `x` those of whom what it looks for is true, `entered` those it would
-- count had all been measured.  No row where nothing can be said.
CREATE FUNCTION inclusion_data.figures_of(indicator text, c inclusion_data.cube)
RETURNS TABLE (measure text, n bigint, x bigint, value float8, low float8, high float8, entered bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  z constant float8 := 1.959963984540054;
  gained record;
  waits inclusion.waiting_state;
BEGIN
  CASE indicator
  WHEN 'I01' THEN
    RETURN QUERY SELECT 'écart moyen', s.n, NULL::bigint, s.mean, s.ci_low, s.ci_high, s.n + s.n_pre_only
    FROM inclusion.gain_summary(c.gain) s WHERE s.n > 0;
  WHEN 'I02' THEN
    SELECT s.n + s.n_pre_only AS entered INTO gained FROM inclusion.gain_summary(c.gain) s;
    RETURN QUERY
    SELECT v.measure, u.n, v.x, v.x::float8 / u.n, w.low, w.high, gained.entered
    FROM inclusion.proportion_summary(c.improved) u
    CROSS JOIN inclusion.proportion_summary(c.worsened) d
    CROSS JOIN LATERAL (VALUES ('en hausse', u.x), ('sans changement fiable', u.n - u.x - d.x), ('en baisse', d.x)) AS v (measure, x)
    CROSS JOIN LATERAL inclusion.wilson(v.x, u.n) w
    WHERE u.n > 0;
  WHEN 'I03' THEN
    RETURN QUERY SELECT 'cible atteinte', s.n, s.x, s.p, j.low, j.high, s.n + s.n_missing
    FROM inclusion.proportion_summary(c.autonomous) s CROSS JOIN LATERAL inclusion.jeffreys(s.x, s.n) j WHERE s.n > 0;
  WHEN 'I04' THEN
    RETURN QUERY SELECT 'mesurées deux fois', g.entered, g.pairs, g.coverage, w.low, w.high, g.entered
    FROM inclusion.gain_coverage(c.gain) g CROSS JOIN LATERAL inclusion.wilson(g.pairs, g.entered) w WHERE g.entered > 0
    UNION ALL
    SELECT 'niveau d''entrée des absentes', g.entered, g.pairs, g.entry_gap, NULL::float8, NULL::float8, g.entered
    FROM inclusion.gain_coverage(c.gain) g WHERE g.entry_gap IS NOT NULL;
  WHEN 'I05', 'I14', 'I15', 'I16' THEN
    RETURN QUERY
    SELECT v.measure, s.n, s.x, s.p, s.low, s.high, s.n + s.n_missing
    FROM (VALUES ('I05', 'terminés', c.completed), ('I14', 'acceptées', c.accepted), ('I14', 'venues', c.attended),
                 ('I14', 'terminées', c.completed), ('I15', 'venues en médiation', c.bridged),
                 ('I16', 'venues d''elles-mêmes', c.self_referred)) AS v (indicator, measure, state)
    CROSS JOIN LATERAL inclusion.proportion_summary(v.state) s
    WHERE v.indicator = figures_of.indicator AND s.n > 0;
  WHEN 'I06' THEN
    waits := inclusion_data.waits_of(c);
    RETURN QUERY SELECT 'arrêtés en 180 jours', c.people, i.ended, i.share, i.low, i.high, c.people
    FROM inclusion_data.incidence_by(waits, c.people, 180) i;
  WHEN 'I08' THEN
    waits := inclusion_data.waits_of(c);
    RETURN QUERY
    SELECT 'offre acceptée en 90 jours', c.people, i.ended, i.share, i.low, i.high, c.people
    FROM inclusion_data.incidence_by(waits, c.people, 90) i
    UNION ALL
    -- the first day by which half of all have accepted one; nobody knows it
    -- while fewer have; its limits are those of the curve's own
    SELECT 'délai médian', c.people, sum(f.d)::bigint, min(f.t) FILTER (WHERE f.f >= 0.5 - 1e-12)::float8,
      min(f.t) FILTER (WHERE f.f + z * f.se >= 0.5 - 1e-12)::float8, min(f.t) FILTER (WHERE f.f - z * f.se >= 0.5 - 1e-12)::float8, c.people
    FROM inclusion.cuminc(waits, 1) f
    UNION ALL
    -- who has not accepted by then counts for 90 days
    SELECT 'délai moyen avant 90 jours', c.people, m.ended, m.mean, greatest(m.mean - m.half, 0), least(m.mean + m.half, 90), c.people
    FROM (SELECT s.ended, s.mean, z * sqrt(greatest(s.squares - s.mean * s.mean, 0) / nullif(c.people - 1, 0)) AS half
          FROM (SELECT coalesce(sum(g.d), 0)::bigint AS ended, 90 - coalesce(sum(g.risen * (90 - g.t)), 0) AS mean, 8100 - coalesce(sum(g.risen * (8100 - g.t * g.t)), 0) AS squares
                FROM (SELECT k.t, k.d, k.f - lag(k.f, 1, 0::float8) OVER (ORDER BY k.t) AS risen FROM inclusion.cuminc(waits, 1) k WHERE k.t < 90) g) s) m;
  WHEN 'I09' THEN
    RETURN QUERY SELECT 'présence', c.people, NULL::bigint, s.r, greatest(s.r - z * s.se, 0), least(s.r + z * s.se, 1), c.people
    FROM inclusion.ratio_summary(c.presence) s WHERE s.r IS NOT NULL;
  WHEN 'I13' THEN
    RETURN QUERY
    SELECT v.measure, s.n, s.n_up + s.n_down, s.mean, s.ci_low, s.ci_high, s.n + s.n_pre_only
    FROM (VALUES ('au moins une fois', c.gave_up), ('pour de bon', c.for_good)) AS v (measure, state)
    CROSS JOIN LATERAL inclusion.gain_summary(v.state) s WHERE s.n > 0;
  ELSE
    RETURN;
  END CASE;
END
$$;

-- Which people an estimate of need is set against: those enrolled, those who
-- came, and those whose need is answered or being so, who live in its territory.
-- Who left before accepting anything still has it.
CREATE FUNCTION inclusion_data.need_sums(here text, first_month date, last_month date)
RETURNS TABLE (territory text, public text, year int, estimate bigint, estimate_low bigint, estimate_high bigint, source text,
               enrolled bigint, came bigint, answered bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH counted AS (
    SELECT v.code, c.public, sum(c.people) FILTER (WHERE c.stage = 'entry') AS enrolled, sum(c.people) FILTER (WHERE c.stage = 'mediation') AS came,
      inclusion.merge(c.ended) FILTER (WHERE c.stage = 'entry') AS ended
    FROM inclusion_data.cube c
    JOIN inclusion_data.territory t ON t.code = c.territory
    CROSS JOIN LATERAL (VALUES (t.epci), (t.department), (t.region)) AS v (code)
    WHERE c.perimeter = here AND c.competence = '' AND c.month >= first_month AND c.month <= last_month AND v.code IS NOT NULL
    GROUP BY v.code, c.public
  ), estimated AS (
    SELECT DISTINCT ON (e.territory, e.public) e.*
    FROM inclusion_data.need_estimate e WHERE e.year <= extract(year FROM last_month)
    ORDER BY e.territory, e.public, e.year DESC
  )
  -- a territory that spreads beyond the perimeter would seem unreached
  SELECT e.territory, e.public, e.year, e.people, e.low, e.high, e.source, coalesce(n.enrolled, 0)::bigint, coalesce(n.came, 0)::bigint,
    coalesce(n.enrolled - (SELECT coalesce(sum(w.d), 0) FROM inclusion.cuminc(n.ended, 2) w), 0)::bigint
  FROM estimated e
  LEFT JOIN counted n ON n.code = e.territory AND n.public = e.public
  WHERE EXISTS (SELECT FROM inclusion_data.territory t WHERE t.kind = 'commune' AND e.territory IN (t.epci, t.department, t.region))
    AND NOT EXISTS (SELECT FROM inclusion_data.territory t WHERE t.kind = 'commune' AND e.territory IN (t.epci, t.department, t.region)
                    AND t.perimeter IS DISTINCT FROM here)
$$;

-- What was spent, as far as it is known, set against the people better off of
-- the same structures and programmes.
CREATE FUNCTION inclusion_data.funded_sums(here text, first_month date, last_month date)
RETURNS TABLE (programme text, operators bigint, spent bigint, better_off bigint, people bigint, funded inclusion.ratio_state)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH spending AS (
    -- a sum is spread evenly over its days
    SELECT coalesce(o.structure, 0) AS operator, coalesce(o.programme, '') AS programme,
      sum(f.cents * (least(f.ends_on, (last_month + interval '1 month')::date - 1) - greatest(f.starts_on, first_month) + 1)
          / (f.ends_on - f.starts_on + 1))::bigint AS cents
    FROM inclusion_data.offer_funding f JOIN inclusion_data.offer o ON o.id = f.offer
    WHERE o.perimeter = here AND f.ends_on >= first_month AND f.starts_on < last_month + interval '1 month'
    GROUP BY 1, 2
  ), progress AS (
    SELECT c.operator, c.programme, inclusion.merge(c.improved) AS improved
    FROM inclusion_data.cube c
    WHERE c.perimeter = here AND c.stage = 'mediation' AND c.public = '' AND c.competence = ''
      AND c.month >= first_month AND c.month <= last_month
    GROUP BY c.operator, c.programme
  ), paired AS (
    SELECT s.programme, s.cents, coalesce(p.x, 0) AS better_off, coalesce(p.n, 0) AS people
    FROM spending s
    LEFT JOIN progress g ON g.operator = s.operator AND g.programme = s.programme
    LEFT JOIN LATERAL inclusion.proportion_summary(g.improved) p ON true
  )
  SELECT d.programme, count(*), sum(q.cents)::bigint, sum(q.better_off)::bigint, sum(q.people)::bigint, inclusion.ratio(q.cents, q.better_off)
  FROM paired q CROSS JOIN LATERAL (VALUES ('total'), (q.programme)) AS d (programme)
  GROUP BY d.programme
$$;

REVOKE ALL ON FUNCTION inclusion_data.cube_sums(text, text, date, date, date, boolean, text[]), inclusion_data.waits_of(inclusion_data.cube),
  inclusion_data.incidence_by(inclusion.waiting_state, bigint, int),
  inclusion_data.figures_of(text, inclusion_data.cube), inclusion_data.need_sums(text, date, date),
  inclusion_data.funded_sums(text, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.cube_sums(text, text, date, date, date, boolean, text[]), inclusion_data.waits_of(inclusion_data.cube),
  inclusion_data.incidence_by(inclusion.waiting_state, bigint, int),
  inclusion_data.figures_of(text, inclusion_data.cube), inclusion_data.need_sums(text, date, date),
  inclusion_data.funded_sums(text, date, date) TO inclusion_night;
COMMENT ON FUNCTION inclusion_data.cube_sums(text, text, date, date, date, boolean, text[]) IS 'Sommes du cube : états fusionnés de quelques mois, dans chaque code des découpages demandés.';
COMMENT ON FUNCTION inclusion_data.waits_of(inclusion_data.cube) IS 'Attentes : finies et en cours ensemble.';
COMMENT ON FUNCTION inclusion_data.incidence_by(inclusion.waiting_state, bigint, int) IS 'Part des attentes finies : avant un jour, comme on l''espérait, avec son intervalle.';
COMMENT ON FUNCTION inclusion_data.figures_of(text, inclusion_data.cube) IS 'Valeurs d''un indicateur : depuis les états des mêmes personnes, sans masquage.';
COMMENT ON FUNCTION inclusion_data.need_sums(text, date, date) IS 'Besoins estimés et personnes : inscrites, venues et suivies, dans les territoires entiers du périmètre.';
COMMENT ON FUNCTION inclusion_data.funded_sums(text, date, date) IS 'Dépense connue et personnes en hausse : par programme, et en tout.';
