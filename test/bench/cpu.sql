-- cpu.sql
--		Seconds of a core: a busy machine lengthens the clock's, not these.

-- What this backend has taken, and the processes that have ended since the
-- server began, workers of a parallel query among them.  Fields 14 to 17 of the
-- file, in hundredths.
CREATE FUNCTION bench.cpu() RETURNS float8 LANGUAGE sql VOLATILE AS $$
  SELECT sum(CASE f.n WHEN 1 THEN f.field[12]::int + f.field[13]::int ELSE f.field[14]::int + f.field[15]::int END) / 100.0
  FROM (VALUES (1, '/proc/self/stat'), (2, '/proc/' || split_part(pg_read_file('postmaster.pid'), E'\n', 1) || '/stat')) AS p (n, name)
  CROSS JOIN LATERAL (SELECT p.n, string_to_array(regexp_replace(pg_read_file(p.name), '^.*\) ', ''), ' ') AS field) AS f $$;

CREATE FUNCTION bench.timed(query text, OUT answer bigint, OUT seconds float8, OUT of_a_core float8) LANGUAGE plpgsql AS $$
DECLARE
  started constant timestamptz := clock_timestamp();
  cpu constant float8 := bench.cpu();
BEGIN
  EXECUTE query INTO answer;
  seconds := extract(epoch FROM clock_timestamp() - started);
  -- what has ended is counted once it has been waited for
  PERFORM pg_sleep(0.1);
  of_a_core := bench.cpu() - cpu;
END $$;
