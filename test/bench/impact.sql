-- What states cost: gain beside the server's own regr_slope and stddev, row by
-- row in one process; ten million pairs by territory and public, in parallel;
-- a million states merged.  Each figure is the best of five, in turn, and stands
-- beside what it is compared with: 1.3 times regr_slope or stddev a row, one
-- second a million states.
--
--   psql -X -d DATABASE -f test/bench/impact.sql      in a database made for it
\set ON_ERROR_STOP on
\set pairs 10000000
\set states 1000000
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS inclusion;

SELECT setseed(0.27) \gset
CREATE UNLOGGED TABLE pair AS
SELECT (random() * 999)::int AS territory, (random() * 11)::smallint AS public, pre, (pre + random() * 200)::smallint AS post,
       pre::float8 AS pre_float, pre + random() * 200 AS post_float
FROM (SELECT (random() * 800)::smallint AS pre FROM generate_series(1, :pairs)) t;
CREATE UNLOGGED TABLE cell AS
SELECT n % 1000 AS territory, inclusion.gain((n % 800)::smallint, (n % 900)::smallint) AS gain,
       inclusion.proportion(n % 3 = 0) AS proportion, inclusion.waiting(n % 90, n % 3) AS waiting
FROM generate_series(1, :states) AS n GROUP BY n;
VACUUM (FREEZE, ANALYZE) pair;
VACUUM (FREEZE, ANALYZE) cell;

-- Milliseconds of a query, the best of those asked for
CREATE FUNCTION pg_temp.best(queries text[], runs int) RETURNS TABLE (query text, ms numeric) LANGUAGE plpgsql AS $$
DECLARE
  started timestamptz;
  times float8[] := array_fill('Infinity'::float8, ARRAY[cardinality(queries)]);
BEGIN
  FOR run IN 1 .. runs LOOP
    FOR i IN 1 .. cardinality(queries) LOOP
      started := clock_timestamp();
      EXECUTE queries[i];
      times[i] := least(times[i], 1000 * extract(epoch FROM clock_timestamp() - started));
    END LOOP;
  END LOOP;
  RETURN QUERY SELECT q, round(t::numeric, 1) FROM unnest(queries, times) AS u (q, t);
END
$$;

SET max_parallel_workers_per_gather = 0;
SET jit = off;
\echo by row, one process: beyond what count(*) of the same rows takes
WITH measured AS (
  SELECT * FROM pg_temp.best(ARRAY['SELECT count(*) FROM pair',
    'SELECT regr_slope(post_float, pre_float) FROM pair', 'SELECT stddev(post_float) FROM pair', 'SELECT stddev(post) FROM pair',
    'SELECT inclusion.gain(pre, post) FROM pair', 'SELECT inclusion.gain(pre_float, post_float) FROM pair'], 5))
SELECT query, ms, round((ms - base.b) * 1e6 / :pairs, 1) AS ns_a_row,
       round((ms - base.b) / nullif(slope.s - base.b, 0), 2) AS times_regr_slope,
       round((ms - base.b) / nullif(spread.s - base.b, 0), 2) AS times_stddev,
       CASE WHEN query LIKE '%gain%' THEN ms - base.b <= 1.3 * greatest(slope.s, spread.s) - 1.3 * base.b END AS within_aim
FROM measured, (SELECT ms AS b FROM measured WHERE query LIKE '%count%') base, (SELECT ms AS s FROM measured WHERE query LIKE '%regr_slope%') slope,
     (SELECT ms AS s FROM measured WHERE query LIKE '%stddev(post)%') spread;

\echo by territory and public
SET max_parallel_workers_per_gather = 2;
SELECT query, ms, round(ms / first_value(ms) OVER (ORDER BY query DESC), 2) AS times_regr_slope
FROM pg_temp.best(ARRAY['SELECT territory, public, regr_slope(post_float, pre_float) FROM pair GROUP BY 1, 2',
  'SELECT territory, public, inclusion.gain(pre, post) FROM pair GROUP BY 1, 2'], 3) ORDER BY query DESC;
EXPLAIN (COSTS off) SELECT territory, public, inclusion.gain(pre, post) FROM pair GROUP BY 1, 2;

\echo a merge over the states
SET max_parallel_workers_per_gather = 0;
SELECT query, ms, round(ms / 1000, 3) AS seconds, ms <= 1000 AS within_aim
FROM pg_temp.best(ARRAY['SELECT inclusion.merge(gain) FROM cell', 'SELECT inclusion.merge(proportion) FROM cell',
  'SELECT inclusion.merge(waiting) FROM cell', 'SELECT territory, inclusion.merge(gain) FROM cell GROUP BY 1'], 5);
