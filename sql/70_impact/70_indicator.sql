/*
 * 70_indicator: an indicator of a perimeter, over whole months, cut one way.
 */

-- The months of a period; NULL is all of them until today.
CREATE FUNCTION inclusion.whole_months(period daterange, today date, OUT first_month date, OUT last_month date)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  first_month := coalesce(lower(period), date '1900-01-01');
  last_month := (coalesce(upper(period), date_trunc('month', today)::date + interval '1 month') - interval '1 month')::date;
  IF isempty(period) OR extract(day FROM first_month) <> 1 OR (upper(period) IS NOT NULL AND extract(day FROM upper(period)) <> 1) THEN
    RAISE EXCEPTION 'period % is not made of whole months', period
      USING ERRCODE = 'IN501', HINT = 'People are counted by the month they entered: give e.g. [2026-01-01,2026-07-01).';
  END IF;
END
$$;

-- indicator_values: I01 to I16, from the stored states; not masked, hence the
-- night's and the owner's (released figures are views of pilotage).  Months too
-- recent to say anything are left out and their people counted apart, unless
-- `include_immature`.  `breakdown` is total, commune, epci, department, region,
-- public, competence, operator or programme; a cut that an indicator does not
-- have gives no row, and `reason` says why a value is missing.
CREATE FUNCTION inclusion.indicator_values(indicator text, perimeter text DEFAULT NULL, period daterange DEFAULT NULL,
                                           breakdown text DEFAULT 'total', as_of date DEFAULT NULL, include_immature boolean DEFAULT false)
RETURNS TABLE (measure text, code text, n bigint, x bigint, value float8, low float8, high float8, entered bigint,
               immature_people bigint, reason text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  here constant text := inclusion.resolve_perimeter(indicator_values.perimeter);
  day constant date := coalesce(indicator_values.as_of, inclusion.today(here));
  about inclusion_data.indicator;
  first_month date;
  last_month date;
  mature date;
BEGIN
  PERFORM inclusion.check_word('indicator', indicator_values.indicator, (SELECT array_agg(i.code ORDER BY i.code) FROM inclusion_data.indicator i));
  PERFORM inclusion.check_word('breakdown', indicator_values.breakdown,
    '{total,commune,epci,department,region,public,competence,operator,programme}');
  SELECT * INTO about FROM inclusion_data.indicator i WHERE i.code = indicator_values.indicator;
  SELECT * INTO first_month, last_month FROM inclusion.whole_months(indicator_values.period, day);
  -- the last month that ended long enough ago
  mature := date_trunc('month', day - CASE WHEN include_immature THEN 0 ELSE about.maturity_days END)::date - CASE WHEN include_immature THEN 0 ELSE 1 END;
  mature := least(date_trunc('month', mature)::date, last_month);
  IF about.stage = 'territory' OR about.code = 'I10' THEN
    RETURN QUERY SELECT * FROM inclusion.territory_values(about.code, here, first_month, last_month, breakdown);
    RETURN;
  END IF;
  RETURN QUERY
  WITH known AS (
    SELECT s.code, f.* FROM inclusion_data.cube_sums(here, about.stage, first_month, mature, day, false, ARRAY[indicator_values.breakdown]) s
    CROSS JOIN LATERAL inclusion_data.figures_of(about.code, s.sums) f
  ), young AS (
    SELECT s.code, (s.sums).people AS people
    FROM inclusion_data.cube_sums(here, about.stage, greatest(first_month, (mature + interval '1 month')::date), last_month, day, false,
                                  ARRAY[indicator_values.breakdown]) s
  )
  SELECT coalesce(k.measure, 'aucune'), coalesce(k.code, y.code), k.n, k.x, k.value, k.low, k.high, k.entered, coalesce(y.people, 0),
    CASE WHEN k.code IS NULL THEN 'Cohortes trop récentes.'
         WHEN k.value IS NULL THEN 'Trop peu de fins observées.' END
  FROM known k FULL JOIN young y ON y.code = k.code
  ORDER BY 2, 1;
END
$$;

-- Those that set people against an estimate, or against what was spent.
CREATE FUNCTION inclusion.territory_values(indicator text, here text, first_month date, last_month date, breakdown text)
RETURNS TABLE (measure text, code text, n bigint, x bigint, value float8, low float8, high float8, entered bigint,
               immature_people bigint, reason text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CASE indicator
  WHEN 'I07' THEN
    RETURN QUERY SELECT 'part rencontrée ' || s.territory, s.public, s.came, NULL::bigint, s.came::float8 / nullif(s.estimate, 0),
      s.came::float8 / nullif(s.estimate_high, 0), s.came::float8 / nullif(s.estimate_low, 0), NULL::bigint, 0::bigint,
      CASE WHEN s.came > s.estimate THEN 'Estimation dépassée : à revoir.' END
    FROM inclusion_data.need_sums(here, first_month, last_month) s
    WHERE s.public <> '' AND breakdown = 'public' ORDER BY s.territory, s.public;
  WHEN 'I12' THEN
    RETURN QUERY SELECT 'besoin sans réponse', s.territory, s.enrolled, s.answered, greatest(s.estimate - s.answered, 0)::float8,
      greatest(s.estimate_low - s.answered, 0)::float8, greatest(s.estimate_high - s.answered, 0)::float8, NULL::bigint, 0::bigint,
      CASE WHEN s.enrolled = 0 THEN 'Non prospecté.' END
    FROM inclusion_data.need_sums(here, first_month, last_month) s JOIN inclusion_data.territory t ON t.code = s.territory
    WHERE s.public = '' AND t.kind = breakdown ORDER BY s.territory;
  WHEN 'I10' THEN
    RETURN QUERY SELECT 'centimes par personne en hausse', CASE f.programme WHEN 'total' THEN '' ELSE f.programme END, f.people, f.better_off,
      r.r, r.fieller_low, r.fieller_high, NULL::bigint, 0::bigint, CASE WHEN r.r IS NULL THEN 'Personne dont la hausse dépasse l''erreur de mesure.' END
    FROM inclusion_data.funded_sums(here, first_month, last_month) f CROSS JOIN LATERAL inclusion.ratio_summary(f.funded) r
    WHERE (f.programme = 'total') = (breakdown = 'total') AND breakdown IN ('total', 'programme') ORDER BY f.programme;
  WHEN 'I11' THEN
    RETURN QUERY SELECT v.measure, a.code, NULL::bigint, NULL::bigint, v.value, NULL::float8, NULL::float8, NULL::bigint, 0::bigint, NULL::text
    FROM inclusion_data.access_sums(here) a
    CROSS JOIN LATERAL (VALUES ('places par habitant', a.mean), ('part sans aucune place', a.without), ('indice de Gini', a.gini)) AS v (measure, value)
    WHERE a.dimension = breakdown ORDER BY a.code, v.measure;
  END CASE;
END
$$;

COMMENT ON FUNCTION inclusion.whole_months(daterange, date) IS 'Mois d''une période : le premier et le dernier ; la période est faite de mois entiers.';
COMMENT ON FUNCTION inclusion.indicator_values(text, text, daterange, text, date, boolean) IS 'Valeurs d''un indicateur : sur des mois entiers et selon un découpage, sans masquage ; les cohortes trop récentes sont comptées à part.';
COMMENT ON FUNCTION inclusion.territory_values(text, text, date, date, text) IS 'Valeurs rapportées : à une estimation ou à une dépense (I07, I10, I11 et I12).';
