-- What every state must be: the sum of its parts, in any cut and order, in
-- parallel or not, through its text; exact over integers, within 1e-9 over
-- doubles.  And what may be said of every estimate.
BEGIN;
\set ECHO none
\o /dev/null
CREATE EXTENSION inclusion;
SET LOCAL search_path = public, inclusion;
\o
SELECT plan(138);

-- --- facts -------------------------------------------------------------------

-- The same every time: uniform in [0, 1) from a row and a salt.
CREATE FUNCTION draw(i bigint, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(i, salt) & 2147483647)::float8 / 2147483648::float8;

-- No temporary table: workers could not read it
CREATE TABLE fact AS
SELECT i, 1 + floor(7 * draw(i, 1))::int AS part,
       CASE WHEN draw(i, 2) > 0.1 THEN floor(1024 * draw(i, 3))::int END AS pre,
       CASE WHEN draw(i, 4) > 0.2 THEN floor(1024 * draw(i, 5))::int END AS post,
       CASE WHEN draw(i, 6) > 0.1 THEN draw(i, 7) < 0.3 END AS success,
       floor(90 * draw(i, 8) ^ 2)::int AS days, floor(4 * draw(i, 9))::int AS outcome,
       1000 + draw(i, 10) AS y, ARRAY[draw(i, 11), draw(i, 12), 100 + draw(i, 13)] AS x, 0.5 + draw(i, 14) AS w,
       floor(20 * draw(i, 15))::bigint AS n
FROM generate_series(1, 8000) AS i;
ANALYZE fact;

-- Every aggregate, and whether its sums are exact
CREATE TABLE tried (name text PRIMARY KEY, type text, expression text, is_exact boolean);
INSERT INTO tried VALUES
  ('gain of smallint', 'gain_state', 'gain(pre::smallint, post::smallint)', true),
  ('gain of int', 'gain_state', 'gain(pre, post)', true),
  ('gain of bigint', 'gain_state', 'gain(pre * 1000000::bigint, post * 1000000::bigint)', true),
  ('gain of float8', 'gain_state', 'gain(pre / 7.0::float8, 1e6 + post / 7.0::float8)', false),
  ('proportion', 'proportion_state', 'proportion(success)', true),
  ('waiting of int', 'waiting_state', 'waiting(days, outcome)', true),
  ('waiting of smallint', 'waiting_state', 'waiting(days, outcome::smallint)', true),
  ('xprod', 'xprod_state', 'xprod(y, x)', false),
  ('dist', 'dist_state', 'dist(y)', true),
  ('weighted dist', 'dist_state', 'dist(days, w)', false),
  ('conc', 'conc_state', 'conc(pre, days)', true),
  ('weighted conc', 'conc_state', 'conc(y, days, w)', false),
  ('ratio of int', 'ratio_state', 'ratio(pre, post)', true),
  ('ratio of bigint', 'ratio_state', 'ratio(pre * 1000000::bigint, n)', true),
  ('ratio of float8', 'ratio_state', 'ratio(y, w)', false),
  ('smr', 'smr_state', 'smr(n, w)', false),
  ('o_minus_e', 'smr_state', 'o_minus_e(y, w)', false),
  ('eb_normal', 'ebn_state', 'eb_normal(y, w)', true),
  ('eb_beta', 'ebb_state', 'eb_beta(n / 2, n)', true),
  ('ckm', 'ckm_state', 'ckm(hashint8extended(i, 40) & 4294967295)', true);

-- The numbers of two texts, one by one
CREATE FUNCTION near(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT regexp_replace(a, '-?[0-9][-+.0-9e]*', '#', 'g') = regexp_replace(b, '-?[0-9][-+.0-9e]*', '#', 'g')
     AND bool_and(abs(x[1]::float8 - y[1]::float8) <= 1e-9 * greatest(1, abs(x[1]::float8)))
  FROM ROWS FROM (regexp_matches(a, '(-?[0-9][-+.0-9e]*)', 'g'), regexp_matches(b, '(-?[0-9][-+.0-9e]*)', 'g')) AS t (x, y)
$$;
SELECT ok(near('a{n=2;m=0.1}', 'a{n=2;m=0.1000000000001}') AND NOT near('a{n=2;m=0.1}', 'a{n=2;m=0.10000001}')
      AND NOT near('a{n=2}', 'a{n=2;m=3}'), 'the comparison sees a difference of 1e-8');

-- The state of all rows, made in another way
CREATE FUNCTION remade(name text, way text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  t tried := (SELECT t FROM tried t WHERE t.name = remade.name);
  made text;
BEGIN
  EXECUTE format(CASE way
    WHEN 'whole' THEN 'SELECT (%1$s)::text FROM (SELECT * FROM fact ORDER BY i) f'
    WHEN 'permuted' THEN 'SELECT (%1$s)::text FROM (SELECT * FROM fact ORDER BY draw(i, 99)) f'
    WHEN 'parts' THEN 'SELECT merge(s)::text FROM (SELECT %1$s AS s FROM fact GROUP BY part ORDER BY draw(part, 98)) p'
    WHEN 'text' THEN 'SELECT merge(s::text::%2$s)::text FROM (SELECT %1$s AS s FROM fact GROUP BY part ORDER BY part DESC) p'
    WHEN 'plus' THEN 'SELECT ((SELECT %1$s FROM fact WHERE part > 3) + (SELECT %1$s FROM fact WHERE part <= 3))::text'
    WHEN 'small parts' THEN 'SELECT merge(s)::text FROM (SELECT %1$s AS s FROM fact GROUP BY i / 3) p'
    WHEN 'two levels' THEN 'SELECT merge(s)::text FROM (SELECT merge(s) AS s FROM (SELECT part, %1$s AS s FROM fact GROUP BY part, i %% 50) p GROUP BY part) q'
    WHEN 'parallel' THEN 'SELECT (%1$s)::text FROM fact' END, t.expression, t.type) INTO made;
  RETURN made;
END
$$;

SELECT is_empty(format($$
  SELECT w.way FROM unnest('{permuted,parts,text,plus,small parts,two levels}'::text[]) AS w (way),
    (SELECT remade(%1$L, 'whole') AS whole) x, LATERAL (SELECT remade(%1$L, w.way) AS made) y
   WHERE (CASE WHEN %2$L THEN made = whole ELSE near(made, whole) END) IS NOT TRUE
$$, name, is_exact), name || ': the whole is the sum of its parts') FROM tried ORDER BY name;

-- What goes leaves what would have been counted without it, whatever the order,
-- and though more has gone than has come for a while
CREATE TABLE gone AS SELECT f.*, draw(i, 97) AS turn, part > 3 AS goes FROM fact f;
ANALYZE gone;
CREATE FUNCTION balanced(name text, turned text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  t tried := (SELECT t FROM tried t WHERE t.name = balanced.name);
  made text;
BEGIN
  EXECUTE format('SELECT balance(m.s, m.comes ORDER BY %2$s)::text FROM (
    SELECT true AS comes, %1$s AS s, 1 + min(turn) AS turn FROM gone GROUP BY i / 3
    UNION ALL SELECT false, %1$s, min(turn) FROM gone WHERE goes GROUP BY i / 7) m', t.expression, turned) INTO made;
  RETURN made;
END
$$;
CREATE VIEW countable AS SELECT * FROM tried WHERE is_exact AND type IN ('gain_state', 'proportion_state', 'waiting_state', 'ratio_state', 'ebb_state');
SELECT is_empty(format($$
  SELECT turned FROM unnest('{turn,turn DESC,m.comes,m.comes DESC}'::text[]) turned, (SELECT (%2$s)::text AS stays FROM gone WHERE NOT goes) x
   WHERE (balanced(%1$L, turned) = stays) IS NOT TRUE $$, name, expression), name || ': less those who go, it is that of those who stay') FROM countable ORDER BY name;
SELECT is((SELECT count(*) FROM countable), 9::bigint, 'every sum of integers can be taken back');
SELECT results_eq($$ SELECT balance(p, c), balance(w, c), balance(r, c), balance(e, c)
  FROM (SELECT proportion(success) AS p, waiting(days, outcome) AS w, ratio(pre, post) AS r, eb_beta(n / 2, n) AS e FROM fact) s, (VALUES (true), (false)) v (c) $$,
  $$ VALUES (NULL::proportion_state, NULL::waiting_state, NULL::ratio_state, NULL::ebb_state) $$, 'nothing left: no state, as of no row');
SELECT is((SELECT balance(g, c)::text FROM (SELECT gain(pre, post) AS g FROM fact) s, (VALUES (true), (false)) v (c)), (SELECT gain(NULL::int, NULL::int)::text),
  'but pairs of nothing, which are rows all the same');
SELECT is((SELECT balance(g, c) FROM (SELECT gain(1, 2) AS g WHERE false) s, (VALUES (true)) v (c)), NULL, 'the balance of nothing is nothing');
SELECT throws_ok($$ SELECT balance(g, false) FROM (SELECT gain(1, 2) AS g) s $$, 'IN503', NULL, 'less than nothing is no state');
SELECT throws_ok($$ SELECT balance(w, c) FROM (SELECT waiting(3, 1), true UNION ALL SELECT waiting(4, 1), false) v (w, c) $$, 'IN503', NULL, 'nor what never came taken away');
SELECT throws_ok($$ SELECT balance(g, true) FROM (SELECT gain(1.5::float8, 2::float8) AS g) s $$, 'IN503', NULL, 'sums in floating point do not come back');

-- In parallel
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 4;
CREATE FUNCTION plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
  RETURN plan::text;
END
$$;
SELECT ok(plan_of(format('SELECT %s FROM fact', expression)) ~ '"Partial Mode": "Partial"'
          AND CASE WHEN is_exact THEN remade(name, 'parallel') = remade(name, 'whole')
                   ELSE near(remade(name, 'parallel'), remade(name, 'whole')) END, name || ': in parallel as in one process')
FROM tried ORDER BY name;
CREATE TABLE moved AS SELECT true AS comes, waiting(days, outcome) AS s FROM gone GROUP BY i / 3 UNION ALL SELECT false, waiting(days, outcome) FROM gone WHERE goes GROUP BY i / 7;
SELECT ok(plan_of('SELECT balance(s, comes) FROM moved') ~ '"Partial Mode": "Partial"' AND (SELECT balance(s, comes) FROM moved) = (SELECT waiting(days, outcome) FROM gone WHERE NOT goes),
  'a balance too, whoever sees what goes');
RESET max_parallel_workers_per_gather;

-- Doubles far from 0 that hardly vary together: what the figures say, relatively,
-- in any order and cut.  In 8388608ths, which doubles of this size hold exactly;
-- signs cross so that products cancel, but for one row.
CREATE TABLE far AS
SELECT i, x, y, 1e9::float8 + x / 8388608::float8 AS a, -1e9::float8 + y / 8388608::float8 AS b, 1e9::float8 + z / 8388608::float8 AS c
FROM generate_series(0, 2999) AS i, LATERAL (
  SELECT CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END * floor(4194304 * draw(i / 4, 21))::bigint AS x,
         CASE WHEN i % 4 < 2 THEN 1 ELSE -1 END * floor(4194304 * draw(i / 4, 22))::bigint + (i = 0)::int AS y,
         floor(4194304 * draw(i, 23))::bigint AS z) v;
CREATE TABLE told (name text, type text, expression text, figure text);
INSERT INTO told VALUES
  ('gain', 'gain_state', 'gain(a, b)', '(SELECT ARRAY[mean, sd, dz, r] FROM gain_summary(%s))'),
  ('ratio', 'ratio_state', 'ratio(a, b)', '(SELECT ARRAY[r, se, fieller_low, fieller_high] FROM ratio_summary(%s))'),
  ('o_minus_e', 'smr_state', 'o_minus_e(a, c)', '(SELECT ARRAY[observed, expected, mean, se] FROM o_minus_e_summary(%s))'),
  ('xprod', 'xprod_state', 'xprod(a, ARRAY[b, c])', '(SELECT (f).coefficients || (f).sigma FROM (SELECT ols(%s) AS f) o)');
CREATE FUNCTION figures(name text, way text) RETURNS float8[] LANGUAGE plpgsql AS $$
DECLARE
  t told := (SELECT t FROM told t WHERE t.name = figures.name);
  found float8[];
BEGIN
  EXECUTE 'SELECT ' || format(t.figure, format(CASE way
    WHEN 'whole' THEN '(SELECT %1$s FROM (SELECT * FROM far ORDER BY i) f)'
    WHEN 'permuted' THEN '(SELECT %1$s FROM (SELECT * FROM far ORDER BY draw(i, 99)) f)'
    WHEN 'sorted' THEN '(SELECT %1$s FROM (SELECT * FROM far ORDER BY a) f)'
    WHEN 'parts' THEN '(SELECT merge(s) FROM (SELECT %1$s AS s FROM far GROUP BY i %% 7 ORDER BY i %% 7 DESC) p)'
    WHEN 'text' THEN '(SELECT merge(s::text::%2$s) FROM (SELECT %1$s AS s FROM far GROUP BY i %% 5) p)'
    WHEN 'single' THEN '(SELECT merge(s) FROM (SELECT %1$s AS s FROM far GROUP BY i) p)' END, t.expression, t.type)) INTO found;
  RETURN found;
END
$$;
SELECT is_empty(format($$
  SELECT w, x, y FROM unnest('{permuted,sorted,parts,text,single}'::text[]) w, unnest(figures(%1$L, 'whole'), figures(%1$L, w)) AS v (x, y)
  WHERE (abs(x - y) <= 1e-9 * abs(x)) IS NOT TRUE $$, name), name || ' of numbers near a thousand million: every figure within a thousand-millionth of itself') FROM told ORDER BY name;
-- Gains of a thousand-millionth of what is measured: all digits of the products
-- but the last cancel.  A difference of neighbouring doubles is exact.
CREATE TABLE slight AS
SELECT i, v.pre, v.pre + (i % 7) * 1e-10 AS post FROM generate_series(1, 3000) i, LATERAL (SELECT 4 * draw(i, 31) / 3 AS pre) v;
SELECT is_empty($$ SELECT v.turned, v.sd, e.sd FROM (SELECT stddev_samp((post - pre)::numeric)::float8 AS sd FROM slight) e, (
    SELECT 'as they come', (gain_summary(gain(pre, post))).sd FROM slight UNION ALL
    SELECT 'permuted', (gain_summary(gain(pre, post ORDER BY draw(i, 99)))).sd FROM slight UNION ALL
    SELECT 'sorted', (gain_summary(gain(pre, post ORDER BY post DESC))).sd FROM slight UNION ALL
    SELECT 'in parts', (gain_summary(merge(g))).sd FROM (SELECT gain(pre, post) AS g FROM slight GROUP BY i % 9) p) v (turned, sd)
  WHERE (abs(v.sd / e.sd - 1) <= 1e-9) IS NOT TRUE $$, 'slight gains of large measures keep their digits, in any order');
SELECT ok(abs(f[4] - r) <= 1e-9 * abs(r) AND r <> 0 AND abs(r) < 1e-6, 'a correlation of ten-millionths is the one that integers give')
FROM figures('gain', 'permuted') f, (
  SELECT (cov / sqrt(vx) / sqrt(vy))::float8 AS r
  FROM (SELECT 3000 * sum(x::numeric * y) - sum(x::numeric) * sum(y) AS cov, 3000 * sum(x::numeric * x) - sum(x::numeric) ^ 2 AS vx,
               3000 * sum(y::numeric * y) - sum(y::numeric) ^ 2 AS vy FROM far) v) o;

-- A final function leaves the state it reads to the aggregate: frame after frame
-- of a window it is the whole of the frame, and two results that share a state
-- are both right
SELECT is_empty(format($$ SELECT t.i FROM (SELECT i, %1$s OVER (ORDER BY i) AS s FROM fact WHERE i <= 80) t
  WHERE t.s IS NOT NULL AND CASE WHEN %2$L THEN t.s::text <> (SELECT (%1$s)::text FROM fact f WHERE f.i <= t.i)
                                 ELSE NOT near(t.s::text, (SELECT (%1$s)::text FROM fact f WHERE f.i <= t.i)) END $$, expression, is_exact),
  name || ' in a window is the state of each frame') FROM tried ORDER BY name;
SELECT is_empty($$ SELECT i FROM (SELECT i, conc(pre, days) OVER w AS s, conc_index(pre, days) OVER w AS index FROM fact WHERE i <= 200 AND pre IS NOT NULL WINDOW w AS (ORDER BY i)) t
  WHERE index IS DISTINCT FROM conc_index(s) $$, 'two aggregates that share a state agree, row after row');

-- A running aggregate leaves what it returned alone
SELECT is((SELECT count(DISTINCT s::text)::int FROM (SELECT dist(i) OVER (ORDER BY i) AS s FROM fact WHERE i <= 500) t), 500,
  'a state that a window returns does not change afterwards');
SELECT is((SELECT array_agg((s).n_risk ORDER BY (s).t) FROM (SELECT km(waiting(days, 1) FILTER (WHERE i <= 3)) AS s FROM fact) t),
  (SELECT array_agg(r ORDER BY days) FROM (SELECT days, count(*) OVER (ORDER BY days DESC) AS r FROM fact WHERE i <= 3) t),
  'those at risk are those who still wait');

-- Nothing, and NULL
SELECT is_empty(format($$ SELECT 1 FROM (SELECT %s AS s FROM fact WHERE false) t WHERE s IS NOT NULL $$, expression), name || ' of no row is NULL')
FROM tried ORDER BY name;
SELECT ok((SELECT merge(s) IS NULL AND gain_summary(merge(s)) IS NULL FROM (SELECT NULL::gain_state) t (s)), 'merge of nothing is NULL, and so is its summary');
SELECT ok((SELECT (SELECT gain(pre, post) FROM fact) = s + (SELECT gain(NULL::int, NULL::int) FROM fact)
           FROM (SELECT gain(pre, post) AS s FROM fact) t), 'an empty state adds nothing');
SELECT results_eq($$ SELECT n, n_pre_only, n_post_only, mean, sd, ci_low, dz, r FROM gain_summary((SELECT gain(NULL::int, 3))) $$,
  $$ VALUES (0::bigint, 0::bigint, 1::bigint, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8) $$, 'no pair: no estimate');
SELECT results_eq($$ SELECT n, mean, sd, se, ci_low, gz FROM gain_summary((SELECT gain(2, 5))) $$,
  $$ VALUES (1::bigint, 3::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8) $$, 'one pair: a mean only');
SELECT results_eq($$ SELECT n, mean, sd, ci_low, ci_high, dz FROM gain_summary((SELECT gain(a, a + 2) FROM generate_series(1, 5) a)) $$,
  $$ VALUES (5::bigint, 2::float8, 0::float8, 2::float8, 2::float8, NULL::float8) $$, 'equal gains: a sure mean, no standardised gain');

SELECT is_empty($$
  SELECT m.of FROM (VALUES (1, 2), (2, 2), (3, 1), (4, 9), (5, NULL), (NULL, 7)) AS v (a, b),
    LATERAL (VALUES ('gain', a::float8, b::float8)) AS m (of, c, d) GROUP BY m.of
  HAVING (SELECT (n_up, n_same, n_down) <> (2, 1, 1) FROM gain_summary(gain(a, b)))
      OR (SELECT (n_up, n_same, n_down) <> (2, 1, 1) FROM gain_summary(gain(c, d)))
      OR (SELECT (pairs, entered, coverage, entry_of_stayers, entry_of_leavers, entry_gap) <> (4, 5, 0.8::float8, 2.5::float8, 5::float8, 2.5::float8) FROM gain_coverage(gain(a, b)))
      OR (SELECT (pairs, entered, coverage, entry_of_stayers, entry_of_leavers, entry_gap) <> (4, 5, 0.8::float8, 2.5::float8, 5::float8, 2.5::float8) FROM gain_coverage(gain(c, d)))
$$, 'gains, losses, no change, and who left without a last measure');

-- One success in n: u is where (1 - u)^n + n u (1 - u)^(n - 1) is what remains
SELECT is_empty($$ SELECT n FROM unnest('{1000000000,1000000000000,4503599627370496}'::bigint[]) n, clopper_pearson(1, n) c
  WHERE abs(exp(-n * c.high * (1 + c.high / 2)) * (1 + n * c.high / (1 - c.high)) / 0.025 - 1) > 1e-9
     OR abs(c.low * n / -ln(0.975::float8) - 1) > 1e-9 $$, 'exact limits are exact at any count that doubles tell apart');
SELECT throws_ok($$ SELECT clopper_pearson(1, 4503599627370497) $$, 'IN501', '4503599627370497 trials are too many for an exact interval', 'more are refused');
SELECT throws_ok($$ SELECT jeffreys(1, 9223372036854775807) $$, 'IN501', NULL, 'by jeffreys too');

-- --- what may be said of every estimate -------------------------------------------

SELECT is_empty($$
  SELECT x, n, i FROM generate_series(1, 60) n, generate_series(0, n) x,
    LATERAL (VALUES (wilson(x, n)), (wilson_corrected(x, n)), (jeffreys(x, n)), (clopper_pearson(x, n))) AS v (i)
   WHERE ((i).low >= 0 AND (i).high <= 1 AND (i).low <= x::float8 / n AND (i).high >= x::float8 / n
          AND (x > 0 OR (i).low = 0) AND (x < n OR (i).high = 1)) IS NOT TRUE
$$, 'intervals hold the proportion, between 0 and 1');
SELECT is_empty($$
  SELECT k.t FROM (SELECT waiting(days, outcome) AS state FROM fact) w, km(state) k, cuminc(state, 1) a, cuminc(state, 2) b, cuminc(state, 3) c
   WHERE a.t = k.t AND b.t = k.t AND c.t = k.t AND (abs(k.s + a.f + b.f + c.f - 1) < 1e-12) IS NOT TRUE
$$, 'those who wait and those whose wait ended, by every cause, are everybody');
SELECT is_empty($$ SELECT t FROM (SELECT t, s, lag(s) OVER (ORDER BY t) AS previous FROM km((SELECT waiting(days, outcome) FROM fact))) k WHERE s > previous $$,
  'a curve of waiting never rises');
SELECT is((SELECT t FROM km_quantile((SELECT waiting(days, 0) FROM fact), 0.5)), NULL, 'when no wait ended, no median is reached');
SELECT ok((SELECT gini(dist(y)) BETWEEN 0 AND 1 AND abs(gini(dist(y)) - gini(dist(y * 1000))) < 1e-12 FROM fact), 'Gini knows no unit');
SELECT ok((SELECT abs(gini(a) - gini(a + a)) < 1e-12 AND abs(theil_t(a) - theil_t(a + a)) < 1e-12 FROM (SELECT dist(days) AS a FROM fact) t),
  'inequality is that of the distribution, not of the number');
SELECT results_eq($$ SELECT gini(d), gini(d, true), theil_t(d), theil_l(d), atkinson(d, 1), hoover(d), zero_share(d) FROM (SELECT dist(0::float8)) t (d) $$,
  $$ VALUES (NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8, NULL::float8, 1::float8) $$, 'nothing to share: no index');
SELECT results_eq($$ SELECT gini(d), theil_l(d), zero_share(d) FROM (SELECT dist(x) FROM unnest(ARRAY[0, 5]::float8[]) x) t (d) $$,
  $$ VALUES (0.5::float8, NULL::float8, 0.5::float8) $$, 'somebody without anything: no Theil L, and their share');
SELECT ok((SELECT abs(p.total - theil_t(whole)) < 1e-12 AND p.within_groups > 0 AND p.between_groups > 0
           FROM (SELECT array_agg(d) AS groups, merge(d) AS whole FROM (SELECT dist(days + 10 * part) AS d FROM fact GROUP BY part) g) h,
             theil_parts(groups) p), 'Theil within and between groups sum to the whole');
SELECT ok((SELECT abs(conc_index(y, y) - gini(dist(y))) < 1e-9 FROM fact), 'along itself, concentration is Gini');
SELECT ok((SELECT abs(avg(y - expected(m, x))) < 1e-6 FROM fact, (SELECT ols(xprod(y, x)) FROM fact) f (m)), 'observed minus expected sums to 0 where the model was fitted');
SELECT results_eq($$ SELECT (m).status, (m).dropped, abs((m).coefficients[1] + (m).coefficients[2] - 2) < 1e-9
                     FROM (SELECT ols(xprod(1 + 2 * n, ARRAY[n, n]::float8[])) AS m FROM fact) t $$,
  $$ VALUES ('reduced', ARRAY[2], true) $$, 'a covariate that repeats another is dropped, and named');
SELECT is_empty($$
  SELECT est FROM (SELECT i * 1.0::float8 AS est, 1 + i % 3 AS var FROM generate_series(1, 9) i) o, (SELECT eb_prior(eb_normal(i, 1 + i % 3)) AS p FROM generate_series(1, 9) i) q,
    LATERAL (SELECT (eb_shrink(p, est, var)).estimate AS e) s WHERE NOT (e BETWEEN least(est, (p).mu) AND greatest(est, (p).mu)) $$,
  'a shrunken mean lies between its estimate and the centre');
SELECT results_eq($$ SELECT (p).tau2, abs((eb_shrink(p, 9, 1)).estimate - (p).mu) < 1e-12 FROM (SELECT eb_prior(eb_normal(3 + i * 0.01, 1)) AS p FROM generate_series(1, 5) i) t $$,
  $$ VALUES (0::float8, true) $$, 'no difference beyond chance: every mean is the centre');
SELECT results_eq($$ SELECT (p).status, (eb_rate(p, 3, 3)).rate, (eb_rate(p, 0, 0)).is_prior FROM (SELECT eb_prior(eb_beta(i, 2 * i)) AS p FROM generate_series(1, 9) i) t $$,
  $$ VALUES ('pooled', 0.5::float8, true) $$, 'no difference between rates: all are pooled');
SELECT results_eq($$ SELECT (p).status, round((eb_rate(p, 0, 10)).rate::numeric, 3), round((eb_rate(p, 10, 10)).rate::numeric, 3)
                     FROM (SELECT eb_prior(eb_beta(x, 10)) AS p FROM unnest(ARRAY[0, 0, 0, 10, 10]) AS x) t $$,
  $$ VALUES ('anova', 0.000, 1.000) $$, 'all or nothing everywhere: each offer keeps its own rate');
SELECT ok((SELECT rmst IS NULL FROM km_rmst('waiting{}', 10)), 'nobody waits: no mean wait');
-- Counts that no territory has: an answer, in a moment
SELECT ok((SELECT bool_and(abs(funnel_prop(0.3, n, 0.001) - 0.3) < 1e-5) FROM unnest(ARRAY[1000000000000, 9223372036854775807]) AS n),
  'limits of a huge group are narrow');
SELECT ok((SELECT dz_low BETWEEN 300 AND 500 AND dz_high BETWEEN 3000 AND 3200 FROM gain_effect((SELECT gain(0, 1000 + i % 2) FROM generate_series(1, 4) i))),
  'four gains that hardly differ: an interval as wide as three degrees of freedom allow');
-- The likelihood falls on every side of its maximum
SELECT ok((SELECT (m).status = 'mle' AND (m).loglik > (a).loglik AND (m).loglik > (o).loglik
           FROM (SELECT eb_prior(s, 'mle') AS m, eb_prior(s, 'anova') AS a, eb_prior(s, 'moments') AS o
                 FROM (SELECT eb_beta(floor(n * (0.2 + 0.6 * draw(i, 20)))::bigint, n) AS s FROM fact WHERE n > 0 AND i <= 300) t) u),
  'the most likely prior is more likely than the others');
-- access
CREATE TABLE zone AS SELECT 'z' || i AS zone, floor(1000 * draw(i, 30)) AS population FROM generate_series(1, 200) i;
CREATE TABLE site AS SELECT 's' || i AS site, 1 + i % 5 AS seats FROM generate_series(1, 40) i;
CREATE TABLE way AS SELECT zone, site, 60 * draw(hashtext(zone), hashtext(site)) AS minutes FROM zone, site;
SELECT is_empty($$
  SELECT kernel FROM unnest('{step,bands,bands_steep,apl,gaussian,epanechnikov,step:5,gaussian:8.5,"bands:3=1,7=0.5"}'::text[]) AS kernel
   WHERE (abs((SELECT sum(population * access) FROM fca_access('zone', 'site', 'way', kernel)) -
              (SELECT sum(seats) FROM site s WHERE EXISTS (SELECT FROM way w JOIN zone z ON z.zone = w.zone
                WHERE w.site = s.site AND z.population > 0 AND fca_weight(w.minutes, kernel) > 0))) < 1e-9) IS NOT TRUE
$$, 'people times access is the supply that somebody reaches, whatever the kernel');
INSERT INTO site VALUES ('lonely', 7);
INSERT INTO zone VALUES ('far', 10);
SELECT is((SELECT access FROM fca_access('zone', 'site', 'way', 'step') WHERE zone = 'far'), 0::float8, 'who reaches nothing has access 0');

SELECT * FROM finish();
ROLLBACK;
