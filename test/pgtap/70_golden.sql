-- Every golden value of the estimators, each within its own tolerance:
-- absolute below 1, relative above.
BEGIN;
\set ECHO none
\o /dev/null
CREATE EXTENSION inclusion;
\ir golden_data.psql
SET LOCAL search_path = public, inclusion;
\o
SELECT plan(35);

CREATE TEMPORARY TABLE got (case_id text, function text, params text, key text, value float8);

-- --- paired gain --------------------------------------------------------------

CREATE TEMPORARY VIEW sleep_gain AS SELECT gain(pre, post) AS state FROM sleep;
INSERT INTO got
SELECT 'PG_sleep', v.function, NULL, v.key, v.value
FROM sleep_gain, gain_summary(state) s, gain_effect(state) e, LATERAL (VALUES
  ('paired_gain', 'n', s.n), ('paired_gain', 'mean', s.mean), ('paired_gain', 'sd', s.sd), ('paired_gain', 'se', s.se),
  ('paired_gain', 't', e.t), ('paired_gain', 'df', s.n - 1), ('paired_gain', 'p', e.p),
  ('paired_gain', 'ci_low', s.ci_low), ('paired_gain', 'ci_high', s.ci_high),
  ('cohen_dz', 'dz', s.dz), ('cohen_dz', 'ci_low', e.dz_low), ('cohen_dz', 'ci_high', e.dz_high),
  ('hedges_gz', 'gz', s.gz), ('hedges_gz', 'ci_low', e.gz_low), ('hedges_gz', 'ci_high', e.gz_high),
  ('hedges_gz', 'J', e.correction), ('hedges_gz', 'J_exact', e.correction),
  ('cohen_dav', 'dav', s.dav), ('cohen_dav', 'r', s.r), ('cohen_dav', 'smcr', e.by_entry_sd),
  ('moments_exact_rational', 'mean', s.mean), ('moments_exact_rational', 'M2', s.sd ^ 2 * (s.n - 1))) AS v (function, key, value);

-- A part of one pair has no spread
CREATE FUNCTION pg_temp.m2(state gain_state) RETURNS float8 LANGUAGE sql
RETURN (SELECT coalesce(sd ^ 2 * (n - 1), 0) FROM gain_summary(state));
INSERT INTO got
SELECT 'PG_sleep', 'chan_merge', format('split=%s', split), v.key, v.value
FROM unnest(ARRAY[1, 3, 5]) AS split,
  LATERAL (SELECT gain(pre, post) FILTER (WHERE line <= split) AS a, gain(pre, post) FILTER (WHERE line > split) AS b FROM sleep) p,
  LATERAL (VALUES ('M2_a', pg_temp.m2(a)), ('M2_b', pg_temp.m2(b)), ('M2_ab', pg_temp.m2(a + b))) AS v (key, value);

-- Ten tenths are a unit: the same pairs, in integers
SELECT is_empty($$
  SELECT g.* FROM (SELECT gain((10 * pre)::int, (10 * post)::int) AS state FROM sleep) t, gain_summary(state) s, gain_effect(state) e,
    LATERAL (VALUES ('mean', s.mean / 10), ('sd', s.sd / 10), ('se', s.se / 10), ('t', e.t), ('p', e.p),
                    ('ci_low', s.ci_low / 10), ('ci_high', s.ci_high / 10)) AS v (key, value)
    JOIN golden g ON g.case_id = 'PG_sleep' AND g.function = 'paired_gain' AND g.key = v.key
   WHERE (abs(v.value - g.value) <= g.tolerance * greatest(1, abs(g.value))) IS NOT TRUE
$$, 'the sleep data in tenths, whose sums are exact');

INSERT INTO got
SELECT dataset, 'moments', NULL, v.key, v.value
FROM (SELECT dataset, gain(0::float8, value::float8 ORDER BY line) AS state FROM input WHERE dataset LIKE 'NIST%' GROUP BY dataset) t,
  gain_summary(state) s, LATERAL (VALUES ('n', s.n), ('mean', s.mean), ('sd', s.sd)) AS v (key, value);
SELECT cmp_ok((SELECT abs(sqrt(greatest(0, sum(x * x) - sum(x) ^ 2 / count(*)) / (count(*) - 1)) - 0.1)
               FROM (SELECT value::float8 AS x FROM input WHERE dataset = 'NIST_NumAcc3') t), '>', 1e-8::float8,
  'a naive sum of squares loses the spread of NumAcc3: the test would see it');

INSERT INTO got
SELECT 'RCI1', 'rci', NULL, v.key, v.value
FROM reliable_change(32.5, 47.5, 7.5, 0.80) c, LATERAL (VALUES ('rci', c.rci), ('sdiff', c.s_diff), ('se', c.se_measurement),
  ('min_change_95', c.smallest_change), ('cutoff_c', clinical_cutoff(60, 7.5, 40, 7.5))) AS v (key, value);

-- --- proportions --------------------------------------------------------------

INSERT INTO got
SELECT 'PROP' || n, v.function, NULL, k.key, CASE k.key WHEN 'low' THEN (v.i).low ELSE (v.i).high END
FROM (VALUES (1, 81, 263), (2, 15, 148), (3, 0, 20), (4, 1, 29)) AS c (n, x, trials),
  LATERAL (VALUES ('wilson', wilson(x, trials)), ('wilson_cc', wilson_corrected(x, trials)),
                  ('jeffreys', jeffreys(x, trials)), ('clopper_pearson', clopper_pearson(x, trials))) AS v (function, i),
  (VALUES ('low'), ('high')) AS k (key);
INSERT INTO got
SELECT 'MCN1', 'paired_proportion', NULL, v.key, v.value
FROM mcnemar(86, 150, 1600) m,
  LATERAL (VALUES ('diff', m.difference), ('chisq', m.chisq), ('p', m.p_chisq), ('exact_p', m.p_exact)) AS v (key, value);

-- --- shrinkage ----------------------------------------------------------------

INSERT INTO got
SELECT 'EBB_anova', 'eb_betabinom_anova', NULL, v.key, v.value
FROM (SELECT eb_prior(eb_beta(x, n), 'anova') AS prior FROM tumor) t,
  LATERAL (VALUES ('alpha', (prior).alpha), ('beta', (prior).beta), ('p', (prior).alpha / ((prior).alpha + (prior).beta)),
    ('icc', 1 / (1 + (prior).alpha + (prior).beta)), ('post67', (eb_rate(prior, (SELECT x FROM tumor WHERE line = 67), (SELECT n FROM tumor WHERE line = 67))).rate)) AS v (key, value);
INSERT INTO got
SELECT 'EBB_moments', 'eb_betabinom_mom_unweighted', NULL, v.key, v.value
FROM (SELECT (p).*, p FROM (SELECT eb_prior(eb_beta(x, n) FILTER (WHERE line <= 70), 'moments') AS p FROM tumor) t) t,
  LATERAL (VALUES ('alpha', alpha), ('beta', beta), ('mean', alpha / (alpha + beta)),
    ('sd', sqrt(alpha * beta / ((alpha + beta) ^ 2 * (alpha + beta + 1)))), ('post_4_14', (eb_rate(p, 4, 14)).rate)) AS v (key, value);
INSERT INTO got
SELECT 'EBB_pooled', 'eb_betabinom_edge', NULL, 'pooled', (eb_rate(eb_prior(eb_beta(x, n)), 5, 10)).rate
FROM (VALUES (5, 10), (10, 20), (20, 40)) AS t (x, n);
INSERT INTO got
SELECT 'EBN_bcg_' || upper(method), 'eb_normal', NULL, v.key, v.value
FROM unnest(ARRAY['dl', 'he', 'pm', 'reml']) AS method, LATERAL (SELECT eb_normal(est, var) AS state FROM bcg) s,
  LATERAL (SELECT eb_prior(state, method) AS p) p, LATERAL (
    VALUES ('mu', (p).mu), ('se', (p).se_mu), ('tau2', (p).tau2), ('Q', (p).q), ('I2', eb_i2(state, method))
    UNION ALL SELECT 'shrunk_' || line, (eb_shrink(p, est, var)).estimate FROM bcg WHERE line IN (1, 2, 13)
    UNION ALL SELECT 'shrunk_se_' || line, (eb_shrink(p, est, var)).se FROM bcg WHERE line IN (1, 2, 13)) AS v (key, value);
INSERT INTO got
SELECT 'EBN_EM', 'james_stein_binomial', NULL, v.key, v.value
FROM (SELECT array_agg((r->>'h')::float8 / (r->>'ab')::float8 ORDER BY line) AS rates FROM record WHERE dataset = 'efron_morris') t,
  james_stein(rates, 45) j, LATERAL (VALUES ('pbar', j.mean), ('shrink', j.factor),
    ('clemente', j.mean + j.factor * (rates[1] - j.mean)), ('alvis', j.mean + j.factor * (rates[18] - j.mean))) AS v (key, value);

-- --- observed and expected ------------------------------------------------------

INSERT INTO got
SELECT 'OLS_longley', 'casemix_ols', NULL, v.key, v.value
FROM (SELECT (ols(xprod(y, x))).* FROM longley) m, LATERAL (
  VALUES ('b0', m.intercept), ('sigma', m.sigma), ('r2', m.r2)
  UNION ALL SELECT 'b' || i, m.coefficients[i] FROM generate_series(1, 6) i) AS v (key, value);
SELECT is_empty($$
  SELECT v.key FROM (SELECT (ols(merge(part))).* FROM (
      SELECT xprod(y, x) AS part FROM longley GROUP BY CASE WHEN line <= 5 THEN 1 WHEN line = 6 THEN 2 ELSE 3 END) p) m,
    LATERAL (VALUES ('b0', m.intercept), ('b1', m.coefficients[1]), ('b2', m.coefficients[2]), ('b3', m.coefficients[3]),
      ('b4', m.coefficients[4]), ('b5', m.coefficients[5]), ('b6', m.coefficients[6])) AS v (key, value)
    JOIN golden g ON g.case_id = 'OLS_longley' AND g.key = v.key
   WHERE (abs(v.value / g.value - 1) <= 1e-9) IS NOT TRUE
$$, 'Longley merged from parts of 5, 1 and 10 rows keeps nine digits');
INSERT INTO got
SELECT 'OE_' || o, 'standardised_ratio', NULL, v.key, v.value
FROM (SELECT c.o, smr(c.o, c.e) AS state FROM (VALUES (0, 3.1), (3, 7.9), (14, 8.2)) AS c (o, e) GROUP BY c.o) t, smr_summary(state) r,
  LATERAL (VALUES ('ratio', r.ratio), ('exact_low', r.exact_low), ('exact_high', r.exact_high),
                  ('byar_low', r.byar_low), ('byar_high', r.byar_high)) AS v (key, value);
-- the rates of 1960, for the population of 1940
INSERT INTO got
SELECT 'OE_ind', 'indirect_standardisation', NULL, v.key, v.value
FROM (SELECT smr((r->>'dth40')::bigint, (r->>'pop40')::float8 * (r->>'dth60')::float8 / (r->>'pop60')::float8) AS state,
             sum((r->>'dth60')::float8) / sum((r->>'pop60')::float8) AS crude FROM record WHERE dataset = 'indirect_std') t,
  smr_summary(state) s, LATERAL (VALUES ('observed', s.observed), ('expected', s.expected), ('sir', s.ratio),
    ('lci', s.lognormal_low), ('uci', s.lognormal_high), ('adj_rate', s.ratio * crude)) AS v (key, value);
INSERT INTO got
SELECT 'FUN_bin', 'funnel_binomial', format('n=%s theta0=0.30', n), key, funnel_prop(0.30, n, p)
FROM unnest(ARRAY[10, 25, 50, 100, 400]) AS n, (VALUES ('l001', 0.001), ('l025', 0.025), ('l975', 0.975), ('l999', 0.999)) AS l (key, p);
INSERT INTO got
SELECT 'FUN_poi', 'funnel_poisson_ratio', format('E=%s', e), key, inclusion.funnel_ratio(e, p)
FROM unnest(ARRAY[2, 5, 20, 100]) AS e, (VALUES ('l001', 0.001), ('l025', 0.025), ('l975', 0.975), ('l999', 0.999)) AS l (key, p);

-- --- inequality, waiting, consistency --------------------------------------------

INSERT INTO got
SELECT 'INEQ1', 'inequality', NULL, v.key, v.value
FROM (SELECT dist(value::float8) AS d FROM input WHERE dataset = 'ineq10' AND name = 'x') t,
  LATERAL (VALUES ('gini', gini(d)), ('gini_unbiased', gini(d, true)), ('theil_t', theil_t(d)), ('theil_l', theil_l(d)),
                  ('atkinson_05', atkinson(d, 0.5)), ('hoover', hoover(d))) AS v (key, value);

CREATE TEMPORARY VIEW aml_state AS
SELECT CASE dataset WHEN 'aml_maintained' THEN 'KM_aml' ELSE 'KM_aml_non' END AS case_id, waiting(days, outcome) AS state,
       max(days) AS last FROM aml GROUP BY dataset;
INSERT INTO got
SELECT case_id, 'km', format('t=%s', k.t), v.key, v.value
FROM aml_state, km(state) k JOIN LATERAL (SELECT * FROM km(state, 0.95, 'plain')) p ON p.t = k.t,
  LATERAL (VALUES ('n_risk', k.n_risk::float8), ('n_event', k.d), ('surv', k.s), ('se', k.se), ('loglog_low', k.low), ('loglog_high', k.high),
                  ('plain_low', p.low), ('plain_high', p.high)) AS v (key, value);
INSERT INTO got
SELECT case_id, 'km_quantile', NULL, v.key, v.value
FROM aml_state, km_quantile(state, 0.25) a, km_quantile(state, 0.5) b, km_quantile(state, 0.75) c,
  LATERAL (VALUES ('q25', a.t), ('median', b.t), ('q75', c.t), ('median_low', b.low), ('median_high', b.high)) AS v (key, value);
INSERT INTO got
SELECT case_id, 'km_rmst', format('tau=%s', last), v.key, v.value
FROM aml_state, km_rmst(state, last) m, LATERAL (VALUES ('rmst', m.rmst), ('se', m.se)) AS v (key, value);
INSERT INTO got
SELECT 'KM_lr', 'logrank', NULL, v.key, v.value
FROM aml_state a JOIN aml_state b ON a.case_id = 'KM_aml' AND b.case_id = 'KM_aml_non', logrank(a.state, b.state) r,
  LATERAL (VALUES ('chisq', r.chisq), ('p', r.p), ('obs1', r.observed), ('exp1', r.expected)) AS v (key, value);
INSERT INTO got
SELECT 'REL1', 'cronbach_alpha', NULL, 'alpha', cronbach_alpha(xprod((r->>'i1')::float8, ARRAY[r->>'i2', r->>'i3', r->>'i4']::float8[]))
FROM record WHERE dataset = 'shrout_fleiss';

-- --- access --------------------------------------------------------------------

CREATE TEMPORARY TABLE toy_demand AS SELECT n AS zone, 1 AS population FROM generate_series(1, 12) n;
CREATE TEMPORARY TABLE toy_supply AS SELECT * FROM (VALUES ('s1', 1), ('s2', 1)) AS v (site, seats);
CREATE TEMPORARY TABLE toy_cost AS
SELECT n AS zone, 's1' AS site, CASE WHEN n <= 8 THEN 10 ELSE 45 END AS minutes FROM generate_series(1, 12) n
UNION ALL SELECT n, 's2', CASE WHEN n BETWEEN 8 AND 11 THEN 30 ELSE 31 END FROM generate_series(1, 12) n;
INSERT INTO got
SELECT 'FCA1', 'fca2', NULL, 'A_' || zone, access FROM fca_access('toy_demand', 'toy_supply', 'toy_cost', 'step');
CREATE TEMPORARY TABLE demand AS SELECT r->>'zone' AS zone, (r->>'pop')::float8 AS population FROM record WHERE dataset = 'fca_pop';
CREATE TEMPORARY TABLE supplied AS SELECT r->>'site' AS site, (r->>'fte')::float8 AS seats FROM record WHERE dataset = 'fca_supply';
CREATE TEMPORARY TABLE cost AS
SELECT r->>'zone' AS zone, r->>'site' AS site, (r->>'minutes')::float8 AS minutes FROM record WHERE dataset = 'fca_times';
INSERT INTO got
SELECT 'FCA2', v.function, k.params, v.key, v.value
FROM (VALUES ('2sfca t0=30', 'step'), ('e2sfca bands<=10:1,<=20:0.68,<=30:0.22', 'bands')) AS k (params, kernel), LATERAL (
  SELECT 'fca_access', 'A_' || zone, access FROM fca_access('demand', 'supplied', 'cost', kernel)
  UNION ALL SELECT 'fca_conservation', 'sum_PA_equals_supply', sum(population * access) FROM fca_access('demand', 'supplied', 'cost', kernel)
) AS v (function, key, value);

-- --- the verdicts ----------------------------------------------------------------

-- Disclosure control's own; what the core alone computes (test/unit); what is
-- only informative; and steps on the way to a result.
CREATE TEMPORARY VIEW asked AS
SELECT * FROM golden
 WHERE case_id NOT IN ('DP1', 'HLL1', 'DIST') AND function NOT LIKE '%normal_equations' AND function <> 'fca_supply_ratio'
   AND (case_id, key) NOT IN (('EBB_anova', 'n0'), ('EBB_anova', 'msb'), ('EBB_anova', 'msw'), ('PG_sleep', 'J_approx'));

SELECT is_empty(format($$
  SELECT concat_ws(' ', g.function, g.dataset, g.params, g.key, g.value, 'and not', coalesce(t.value::text, 'nothing')) FROM asked g
  LEFT JOIN got t ON t.case_id = g.case_id AND t.function = g.function AND t.key = g.key AND coalesce(t.params IN (g.params, g.dataset), true)
   WHERE g.case_id = %L AND (abs(t.value - g.value) <= g.tolerance * greatest(1, abs(g.value)) OR t.key IS NOT NULL AND t.value IS NULL AND g.value IS NULL) IS NOT TRUE
$$, c.case_id), 'golden values of ' || c.case_id)
FROM (SELECT DISTINCT case_id FROM asked) c WHERE c.case_id NOT LIKE 'PROP_' AND c.case_id NOT LIKE 'OE__' AND c.case_id NOT LIKE 'OE_14' ORDER BY c.case_id;
SELECT is_empty($$
  SELECT concat_ws(' ', g.case_id, g.function, g.key, g.value, 'and not', coalesce(t.value::text, 'nothing')) FROM asked g
  LEFT JOIN got t ON t.case_id = g.case_id AND t.function = g.function AND t.key = g.key
   WHERE (g.case_id LIKE 'PROP_' OR g.case_id IN ('OE_0', 'OE_3', 'OE_14'))
     AND (abs(t.value - g.value) <= g.tolerance * greatest(1, abs(g.value))) IS NOT TRUE
$$, 'golden values of PROP1 to PROP4, OE_0, OE_3, OE_14');
SELECT cmp_ok((SELECT count(*)::int FROM asked), '>', 380, 'there are golden values');

-- --- perturbation ---------------------------------------------------------------

-- at both ends of every interval of the published table, and counts beyond it
CREATE TEMPORARY TABLE noise (i int, j int, p float8, v int, low float8, high float8, kind text);
\copy noise FROM 'test/data/perturbation.csv' WITH (FORMAT csv, HEADER)
SELECT is((SELECT count(*) FROM noise), 66::bigint, 'the table of noise is there');
SELECT is_empty($$
  SELECT n, keys, v FROM noise, LATERAL unnest(CASE WHEN i = 8 THEN ARRAY[8, 9, 1000000000000] ELSE ARRAY[i] END::bigint[]) n,
    LATERAL (VALUES (ceil(low * 4294967296)), (ceil(high * 4294967296) - 1)) k (keys)
   WHERE (n > 0 OR keys = 0) AND (perturbed(format('ckm{n=%s;keys=%s}', n, keys)::ckm_state) = n + v) IS NOT TRUE
$$, 'the noise of a count is that of the table, from one end of each interval to the other');
SELECT is_empty($$ SELECT i FROM noise WHERE i > 0 GROUP BY i HAVING abs(sum(p * v)) > 1e-6 OR abs(sum(p * v * v) - 3) > 1e-5 $$, 'of mean 0 and variance 3');
SELECT is_empty($$ SELECT n, k FROM generate_series(0, 30) n, generate_series(0, 4294967295, 9000011) k, LATERAL (SELECT perturbed(format('ckm{n=%s;keys=%s}', n, CASE WHEN n > 0 THEN k ELSE 0 END)::ckm_state) AS told) t
  WHERE told IN (1, 2) OR abs(told - n) > 5 OR (n = 0) <> (told = 0) AND n NOT BETWEEN 0 AND 5 $$, 'never 1 nor 2, never more than 5 away, and nobody is nobody');
SELECT ok((SELECT perturbed(ckm(k)) = perturbed(ckm(k ORDER BY k DESC)) AND perturbed(ckm(k)) = perturbed(ckm(k) FILTER (WHERE k % 2 = 0) + ckm(k) FILTER (WHERE k % 2 = 1))
           FROM (SELECT hashint8extended(i, 7) & 4294967295 AS k FROM generate_series(1, 99) i) t), 'the same people have the same noise, however they were counted');
SELECT is((SELECT ckm(k)::text FROM unnest(ARRAY[4294967295, 2, NULL, 4294967295]::bigint[]) k), 'ckm{n=3;keys=0}', 'keys add up modulo 2^32; who has none is not counted');

SELECT * FROM finish();
ROLLBACK;
