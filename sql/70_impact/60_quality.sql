/*
 * 60_quality: measured quality of offers and of those who run them, brought
 * back to matching.
 *
 * Facts are counted, centres estimated, each figure brought near to its centre
 * by as much as chance may have in it, and the measure that the policy names
 * written to the offers.  Every sum is exact or taken in the order of keys: the
 * same facts give the same quality, to the bit.
 *
 * Steps and facts are of every size, and no statistics say how many there are of
 * each: without nested loops, what reads them all stays linear.
 */

-- What was known at entry, in the order of the numbers of quality_pairs().
CREATE FUNCTION inclusion.quality_covariates() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT '{entry_level,under_25,aged_60_to_69,aged_70_or_more,age_unknown,audiences,no_equipment,self_referral}'::text[]
$$;

-- Quality as offers hold it: the 256 values that matching tells apart, so that
-- an index entry is rewritten only when the difference can be seen.
CREATE FUNCTION inclusion.quality_grid(quality float8) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN floor(255 * least(greatest(quality, 0), 1) + 0.5) / 255;

-- An estimate on the scale of quality: a rate as it is; of a gain, 0.5 is what
-- was expected and half a level more is 0.75.
CREATE FUNCTION inclusion.quality_value(measure text, estimate float8) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN measure = 'gain' THEN 0.5 + estimate / 16 ELSE estimate END;

-- The rate of facts some of which are shared, and count for a fraction: whole
-- facts enter as such, the rest with the centre's own, whose sum is the same.
CREATE FUNCTION inclusion.shared_rate(alpha float8, beta float8, status text, total numeric, n numeric)
RETURNS inclusion.shrunken_rate
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN inclusion.ebb_rate(
  alpha + CASE WHEN status = 'pooled' THEN 0 ELSE mod(total, 1)::float8 END,
  beta + CASE WHEN status = 'pooled' THEN 0 ELSE mod(n - total, 1)::float8 END,
  status, trunc(total)::bigint, (trunc(total) + trunc(n - total))::bigint, 0.95);

-- What the policy in force says of quality, and the days it looks at.
CREATE FUNCTION inclusion.quality_rules(perimeter text, as_of date,
  OUT measure text, OUT enough int, OUT floor float8, OUT since date, OUT overdue date)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT k.quality_measure, k.quality_least, k.quality_floor, quality_rules.as_of - k.quality_window_days, quality_rules.as_of - k.quality_maturity_days
  FROM inclusion_data.policy k WHERE k.id = inclusion.policy_in_force(quality_rules.perimeter, quality_rules.as_of)
$$;

-- The model of what is expected, from the sums of every pair of the perimeter,
-- with what was known at entry and without; with fewer than ten pairs a
-- coefficient, their mean alone.  The one before if it says the same; no number
-- while gains cannot be told apart.
CREATE FUNCTION inclusion.keep_quality_model(
  perimeter text, since date, as_of date, pairs bigint, adjusted inclusion.xprod_state, bare inclusion.xprod_state,
  OUT id bigint, OUT covariates text[], OUT intercept float8, OUT coefficients float8[])
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  known constant text[] := inclusion.quality_covariates();
  model inclusion.casemix_model;
BEGIN
  covariates := CASE WHEN pairs >= 10 * (cardinality(known) + 1) THEN known ELSE '{}' END;
  IF pairs > 0 THEN
    model := inclusion.ols(CASE WHEN covariates = '{}' THEN bare ELSE adjusted END);
  END IF;
  IF model.sigma IS NULL OR model.sigma = 0 THEN
    RETURN;
  END IF;
  intercept := model.intercept;
  coefficients := model.coefficients;
  SELECT m.id INTO keep_quality_model.id FROM (
    SELECT m.* FROM inclusion_data.quality_model m WHERE m.perimeter = keep_quality_model.perimeter ORDER BY m.id DESC LIMIT 1) m
  WHERE m.as_of = keep_quality_model.as_of AND m.since = keep_quality_model.since AND m.covariates = keep_quality_model.covariates AND m.n = model.n
    AND m.intercept = model.intercept AND m.coefficients = model.coefficients AND m.sigma = model.sigma;
  IF keep_quality_model.id IS NULL THEN
    INSERT INTO inclusion_data.quality_model AS m (perimeter, as_of, since, covariates, n, intercept, coefficients, sigma, r2, dropped)
    VALUES (keep_quality_model.perimeter, keep_quality_model.as_of, keep_quality_model.since, keep_quality_model.covariates, model.n,
            model.intercept, model.coefficients, model.sigma, model.r2, model.dropped)
    RETURNING m.id INTO keep_quality_model.id;
  END IF;
END
$$;

-- Fit the model, and count the facts of each offer, and of each operator by its
-- share of what it carries or runs with others.  Pairs are read once, and kept in
-- the order of their keys: they say what is expected, then what exceeds it, summed
-- in millionths so that no order counts.  Returns the number of the model.
CREATE FUNCTION inclusion.count_quality(perimeter text, since date, as_of date, overdue date) RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
  WITH pair AS MATERIALIZED (
    SELECT g.offer, g.beneficiary, g.gain, g.x
    FROM inclusion_data.quality_pairs(count_quality.perimeter, count_quality.since, count_quality.as_of, NULL) g
    ORDER BY g.proposal, g.lives_in
  ), model AS MATERIALIZED (
    SELECT m.id, m.intercept, m.coefficients, m.covariates = '{}' AS bare
    FROM (SELECT count(*) AS n, inclusion.xprod(g.gain, g.x) AS adjusted, inclusion.xprod(g.gain, '{0}') AS bare FROM pair g) s
    CROSS JOIN LATERAL inclusion.keep_quality_model(count_quality.perimeter, count_quality.since, count_quality.as_of, s.n, s.adjusted, s.bare) m
  ), fact AS MATERIALIZED (
    SELECT f.offer, f.measure, f.beneficiary, f.success::int::bigint AS total
    FROM inclusion_data.quality_facts(count_quality.perimeter, count_quality.since, count_quality.as_of, count_quality.overdue, NULL) f
    UNION ALL
    SELECT g.offer, 'gain', g.beneficiary,
           round(1000000 * (g.gain - inclusion.casemix_expected(m.intercept, m.coefficients, CASE WHEN m.bare THEN '{0}' ELSE g.x END)))::bigint
    FROM model m CROSS JOIN pair g WHERE m.id IS NOT NULL
  ), offer AS (
    SELECT f.offer, o.structure, f.measure, count(*) AS n, sum(f.total) AS total, count(DISTINCT f.beneficiary) AS people
    FROM fact f JOIN inclusion_data.offer o ON o.id = f.offer
    GROUP BY f.offer, o.structure, f.measure
  ), share AS MATERIALIZED (
    SELECT s.offer, s.structure, s.share FROM inclusion_data.operator_share s
  ), person AS (
    SELECT s.structure, f.measure, count(DISTINCT f.beneficiary) AS people
    FROM fact f JOIN share s ON s.offer = f.offer GROUP BY s.structure, f.measure
  ), operator AS MATERIALIZED (
    SELECT s.structure, o.measure, sum(s.share * o.n) AS n, sum(s.share * o.total) AS total
    FROM offer o JOIN share s ON s.offer = o.offer GROUP BY s.structure, o.measure
  ), counted AS (
    SELECT o.offer, o.structure, o.measure, o.n::numeric AS n, o.total, o.people FROM offer o
    UNION ALL
    SELECT NULL, k.structure, k.measure, k.n, k.total, p.people
    FROM operator k JOIN person p ON p.structure = k.structure AND p.measure = k.measure
  ), gone AS (
    DELETE FROM inclusion_data.quality q
    WHERE q.perimeter = count_quality.perimeter
      AND NOT EXISTS (SELECT FROM counted c WHERE c.offer = q.offer AND c.measure = q.measure AND coalesce(c.structure, 0) = coalesce(q.structure, 0))
      AND NOT EXISTS (SELECT FROM counted c WHERE c.offer IS NULL AND q.offer IS NULL AND c.structure = q.structure AND c.measure = q.measure)
  ), written AS (
    INSERT INTO inclusion_data.quality AS q (perimeter, structure, offer, measure, n, total, people)
    SELECT count_quality.perimeter, c.structure, c.offer, c.measure, c.n, c.total, c.people FROM counted c
    ORDER BY c.offer, c.structure, c.measure
    ON CONFLICT (offer, structure, measure, perimeter) DO UPDATE SET n = excluded.n, total = excluded.total, people = excluded.people
    WHERE (q.n, q.total, q.people) <> (excluded.n, excluded.total, excluded.people)
  )
  SELECT m.id FROM model m
$$;

-- The centres that these counts show, kept when they say something new.
CREATE FUNCTION inclusion.note_quality_centres(perimeter text, since date, as_of date, model bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  WITH pooled AS (
    SELECT q.scope, q.measure, count(*) AS subjects, sum(q.n) AS facts,
           inclusion.eb_beta(round(q.total)::bigint, (round(q.total) + round(q.n - q.total))::bigint) FILTER (WHERE q.measure <> 'gain') AS rates,
           inclusion.eb_normal((q.total / 1000000 / q.n)::float8, m.sigma * m.sigma / q.n::float8) FILTER (WHERE q.measure = 'gain') AS gains
    FROM inclusion_data.quality q
    LEFT JOIN inclusion_data.quality_model m ON m.id = note_quality_centres.model
    WHERE q.perimeter = note_quality_centres.perimeter
    GROUP BY q.scope, q.measure
  ), centre AS MATERIALIZED (
    SELECT p.scope, p.measure, p.subjects, p.facts, r.alpha, r.beta, r.status, g.mu, g.se_mu, g.tau2,
           CASE WHEN p.measure = 'gain' THEN note_quality_centres.model END AS model
    FROM pooled p
    LEFT JOIN LATERAL inclusion.eb_prior(p.rates) r ON p.measure <> 'gain'
    LEFT JOIN LATERAL inclusion.eb_prior(p.gains) g ON p.measure = 'gain'
  ), far AS (
    -- how far from the centre, and how far chance takes so many facts
    SELECT q.scope, q.measure, q.offer, q.structure,
           CASE WHEN q.measure = 'gain' THEN (q.total / 1000000 / q.n)::float8 - c.mu ELSE (q.total / q.n)::float8 - c.alpha / (c.alpha + c.beta) END AS away,
           CASE WHEN q.measure = 'gain' THEN m.sigma * m.sigma ELSE c.alpha * c.beta / ((c.alpha + c.beta) * (c.alpha + c.beta)) END / q.n::float8 AS variance
    FROM inclusion_data.quality q
    JOIN centre c ON c.scope = q.scope AND c.measure = q.measure
    LEFT JOIN inclusion_data.quality_model m ON m.id = c.model
    WHERE q.perimeter = note_quality_centres.perimeter
  ), spread AS (
    SELECT f.scope, f.measure,
           inclusion.common_spread(array_agg(f.away / sqrt(f.variance) ORDER BY f.offer, f.structure), array_agg(f.variance ORDER BY f.offer, f.structure)) AS tau2
    FROM far f WHERE f.variance > 0 GROUP BY f.scope, f.measure
  )
  INSERT INTO inclusion_data.quality_prior (perimeter, scope, measure, as_of, since, subjects, facts, alpha, beta, status, mu, se_mu, tau2, spread, model)
  SELECT note_quality_centres.perimeter, c.scope, c.measure, note_quality_centres.as_of, note_quality_centres.since, c.subjects, c.facts,
         c.alpha, c.beta, c.status, c.mu, c.se_mu, c.tau2, coalesce(s.tau2, 0), c.model
  FROM centre c
  LEFT JOIN spread s ON s.scope = c.scope AND s.measure = c.measure
  LEFT JOIN inclusion_data.quality_centre k ON k.perimeter = note_quality_centres.perimeter AND k.scope = c.scope AND k.measure = c.measure
  WHERE (k.as_of, k.since, k.subjects, k.facts, k.alpha, k.beta, k.status, k.mu, k.se_mu, k.tau2, k.spread, k.model)
        IS DISTINCT FROM (note_quality_centres.as_of, note_quality_centres.since, c.subjects, c.facts, c.alpha, c.beta, c.status, c.mu, c.se_mu, c.tau2, coalesce(s.tau2, 0), c.model)
  ORDER BY c.scope, c.measure
$$;

-- Bring each figure near to its centre.  Figures repeat: each is computed once.
CREATE FUNCTION inclusion.estimate_quality(perimeter text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
  WITH seen AS MATERIALIZED (
    SELECT DISTINCT q.scope, q.measure, q.n, q.total FROM inclusion_data.quality q WHERE q.perimeter = estimate_quality.perimeter
  ), near AS (
    SELECT s.scope, s.measure, s.n, s.total, r.rate AS estimate, r.low, r.high
    FROM seen s
    JOIN inclusion_data.quality_centre c ON c.perimeter = estimate_quality.perimeter AND c.scope = s.scope AND c.measure = s.measure
    CROSS JOIN LATERAL inclusion.shared_rate(c.alpha, c.beta, c.status, s.total, s.n) r
    WHERE s.measure <> 'gain'
    UNION ALL
    SELECT s.scope, s.measure, s.n, s.total, g.estimate, g.estimate - 1.959963984540054 * g.se, g.estimate + 1.959963984540054 * g.se
    FROM seen s
    JOIN inclusion_data.quality_centre c ON c.perimeter = estimate_quality.perimeter AND c.scope = s.scope AND c.measure = s.measure
    CROSS JOIN LATERAL inclusion.ebn_shrink(c.mu, c.se_mu, c.tau2, (s.total / 1000000 / s.n)::float8, c.sigma * c.sigma / s.n::float8) g
    WHERE s.measure = 'gain'
  )
  UPDATE inclusion_data.quality q SET estimate = w.estimate, low = w.low, high = w.high
  FROM near w
  WHERE q.perimeter = estimate_quality.perimeter AND q.scope = w.scope AND q.measure = w.measure AND q.n = w.n AND q.total = w.total
    AND (q.estimate, q.low, q.high) IS DISTINCT FROM (w.estimate, w.low, w.high)
$$;

-- bring_quality: the measure of the policy becomes the quality of the offers
-- that have facts enough; then all others take the territory's median.  Rows are
-- locked in the order of their numbers, as the night does.  Returns how many
-- changed.
CREATE FUNCTION inclusion.bring_quality(perimeter text, measure text, enough int) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
DECLARE
  median float8;
  changed int;
  others int;
BEGIN
  WITH stale AS (
    SELECT o.id, w.quality
    FROM inclusion_data.offer o
    JOIN inclusion_data.quality q ON q.offer = o.id AND q.perimeter = o.perimeter AND q.measure = bring_quality.measure AND q.n >= bring_quality.enough
    CROSS JOIN LATERAL inclusion.quality_grid(inclusion.quality_value(q.measure, q.estimate)) AS w (quality)
    WHERE o.perimeter = bring_quality.perimeter AND (o.quality <> w.quality OR NOT o.quality_measured)
    ORDER BY o.id FOR NO KEY UPDATE OF o
  )
  UPDATE inclusion_data.offer o SET quality = s.quality, quality_measured = true FROM stale s WHERE s.id = o.id;
  GET DIAGNOSTICS changed = ROW_COUNT;

  WITH fewer AS (
    SELECT o.id FROM inclusion_data.offer o
    WHERE o.perimeter = bring_quality.perimeter AND o.quality_measured
      AND NOT EXISTS (SELECT FROM inclusion_data.quality q
                      WHERE q.offer = o.id AND q.perimeter = o.perimeter AND q.measure = bring_quality.measure AND q.n >= bring_quality.enough)
    ORDER BY o.id FOR NO KEY UPDATE
  )
  UPDATE inclusion_data.offer o SET quality_measured = false FROM fewer f WHERE f.id = o.id;
  median := inclusion.unmeasured_quality(bring_quality.perimeter);
  WITH stale AS (
    SELECT o.id FROM inclusion_data.offer o
    WHERE o.perimeter = bring_quality.perimeter AND NOT o.quality_measured AND o.quality <> median
    ORDER BY o.id FOR NO KEY UPDATE
  )
  UPDATE inclusion_data.offer o SET quality = median FROM stale s WHERE s.id = o.id;
  GET DIAGNOSTICS others = ROW_COUNT;
  RETURN changed + others;
END
$$;

-- refresh_quality: everything above, for one perimeter or for all that have a
-- policy, from the facts up to a day (NULL: today there).  Two at once wait for
-- each other, perimeter by perimeter; the night never waits: it reads the
-- quality that stood when it began to compute.  Returns how many offers have
-- another quality.
CREATE FUNCTION inclusion.refresh_quality(perimeter text DEFAULT NULL, as_of date DEFAULT NULL) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
  day date;
  rules record;
  model bigint;
  changed int := 0;
BEGIN
  FOREACH here IN ARRAY inclusion.night_perimeters(refresh_quality.perimeter, coalesce(refresh_quality.as_of, current_date)) LOOP
    day := coalesce(refresh_quality.as_of, inclusion.today(here));
    IF day > inclusion.today(here) THEN
      RAISE EXCEPTION 'day % has not come in perimeter "%"', day, here
        USING ERRCODE = 'IN501', HINT = 'Leave the date out: it is today.';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('inclusion.quality ' || here, 0));
    SELECT r.* INTO rules FROM inclusion.quality_rules(here, day) r;
    model := inclusion.count_quality(here, rules.since, day, rules.overdue);
    PERFORM inclusion.note_quality_centres(here, rules.since, day, model);
    PERFORM inclusion.estimate_quality(here);
    changed := changed + inclusion.bring_quality(here, rules.measure, rules.enough);
  END LOOP;
  RETURN changed;
END
$$;

COMMENT ON FUNCTION inclusion.quality_covariates() IS 'Variables d''entrée : ce que l''on savait de la personne au départ, dans l''ordre du modèle.';
COMMENT ON FUNCTION inclusion.quality_grid(float8) IS 'Qualité retenue : la plus proche des 256 valeurs que l''appariement distingue.';
COMMENT ON FUNCTION inclusion.quality_value(text, float8) IS 'Estimation en qualité : un taux tel quel ; pour un progrès, 0,5 est l''attendu.';
COMMENT ON FUNCTION inclusion.shared_rate(float8, float8, text, numeric, numeric) IS 'Taux rapproché de faits partagés : loi, statut, total et nombre, fractions comprises.';
COMMENT ON FUNCTION inclusion.quality_rules(text, date) IS 'Règles de la qualité : ce qu''en dit la politique en vigueur, et les jours qu''elle regarde.';
COMMENT ON FUNCTION inclusion.keep_quality_model(text, date, date, bigint, inclusion.xprod_state, inclusion.xprod_state) IS 'Modèle d''entrée ajusté : sur tout le périmètre, gardé avec sa date ; rend son numéro et ses coefficients.';
COMMENT ON FUNCTION inclusion.count_quality(text, date, date, date) IS 'Faits comptés : par offre, et par structure selon ses parts ; rend le numéro du modèle d''entrée.';
COMMENT ON FUNCTION inclusion.note_quality_centres(text, date, date, bigint) IS 'Centres notés : ce que les offres et les structures ont en commun, s''il y a du nouveau.';
COMMENT ON FUNCTION inclusion.estimate_quality(text) IS 'Qualités rapprochées : chaque chiffre vers son centre, selon le nombre de faits.';
COMMENT ON FUNCTION inclusion.bring_quality(text, text, int) IS 'Qualités reprises : celle que nomme la politique, portée aux offres ; rend combien ont changé.';
COMMENT ON FUNCTION inclusion.refresh_quality(text, date) IS 'Qualité à jour : mesure offres et structures, et porte aux offres ce que la nuit lira ; rend combien ont changé.';
