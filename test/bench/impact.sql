-- What states cost: gain beside the server's own regr_slope and stddev, row by
-- row in one process; ten million pairs by territory and public, in parallel;
-- a million states merged.  Each figure is the median of eleven or five, in turn, and stands
-- beside what it is compared with: 1.3 times regr_slope or stddev a row, one
-- second a million states.  In one process, what it took of a core: a busy
-- machine lengthens the clock's.
--
--   psql -X -d DATABASE -f test/bench/impact.sql      in a database made for it
\set ON_ERROR_STOP on
\if :{?pairs}
\else
  \set pairs 10000000
\endif
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

-- Milliseconds of each query by the clock, and those of this process on a core
CREATE FUNCTION pg_temp.cpu() RETURNS float8 LANGUAGE sql VOLATILE AS $$
  SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e6
$$;
CREATE TEMPORARY TABLE measured (query text, n int, ms float8, cpu float8);
CREATE FUNCTION pg_temp.measure(queries text[], runs int) RETURNS TABLE (query text, ms numeric, cpu numeric) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  started timestamptz;
  begun float8;
BEGIN
  TRUNCATE measured;
  FOR run IN 1 .. runs LOOP
    FOR i IN 1 .. cardinality(queries) LOOP
      begun := pg_temp.cpu();
      started := clock_timestamp();
      EXECUTE queries[i];
      INSERT INTO measured VALUES (queries[i], i, 1000 * extract(epoch FROM clock_timestamp() - started), pg_temp.cpu() - begun);
    END LOOP;
  END LOOP;
  RETURN QUERY SELECT m.query, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY m.ms)::numeric, 1), round(percentile_cont(0.5) WITHIN GROUP (ORDER BY m.cpu)::numeric, 1)
               FROM measured m GROUP BY m.query, m.n ORDER BY m.n;
END
$$;

SET max_parallel_workers_per_gather = 0;
SET jit = off;
\echo by row, one process: beyond what count(*) of the same rows takes
WITH row AS (
  SELECT query, cpu - first_value(cpu) OVER () AS beyond FROM pg_temp.measure(ARRAY['SELECT count(*) FROM pair',
    'SELECT regr_slope(post_float, pre_float) FROM pair', 'SELECT stddev(post_float) FROM pair', 'SELECT stddev(post) FROM pair',
    'SELECT inclusion.gain(pre, post) FROM pair', 'SELECT inclusion.gain(pre_float, post_float) FROM pair'], 11))
SELECT query, round(beyond * 1e6 / :pairs, 1) AS ns_a_row, round(beyond / slope.s, 2) AS times_regr_slope,
       CASE WHEN query LIKE '%gain%' THEN beyond <= 1.3 * slope.s END AS within_aim
FROM row, (SELECT beyond AS s FROM row WHERE query LIKE '%regr_slope%') slope WHERE beyond > 0;

\echo by territory and public
SET max_parallel_workers_per_gather = 2;
SELECT query, ms, round(ms / first_value(ms) OVER (), 2) AS times_regr_slope
FROM pg_temp.measure(ARRAY['SELECT territory, public, regr_slope(post_float, pre_float) FROM pair GROUP BY 1, 2',
  'SELECT territory, public, inclusion.gain(pre, post) FROM pair GROUP BY 1, 2',
  'SELECT territory, public, inclusion.gain(pre_float, post_float) FROM pair GROUP BY 1, 2'], 3);
EXPLAIN (COSTS off) SELECT territory, public, inclusion.gain(pre, post) FROM pair GROUP BY 1, 2;
CREATE TEMPORARY TABLE shared AS SELECT territory, public, inclusion.gain(pre, post)::text AS gain FROM pair GROUP BY 1, 2;
SET max_parallel_workers_per_gather = 0;
CREATE TEMPORARY TABLE alone AS SELECT territory, public, inclusion.gain(pre, post)::text AS gain FROM pair GROUP BY 1, 2;
SELECT count(*) AS groups, (SELECT count(*) FROM (TABLE shared EXCEPT ALL TABLE alone) d) AS that_differ_from_one_process FROM shared;

\echo a merge over the states
SELECT query, ms, cpu, cpu <= 1000 AS within_aim
FROM pg_temp.measure(ARRAY['SELECT inclusion.merge(gain) FROM cell', 'SELECT inclusion.merge(proportion) FROM cell',
  'SELECT inclusion.merge(waiting) FROM cell', 'SELECT territory, inclusion.merge(gain) FROM cell GROUP BY 1'], 5);
