-- stopwatch.sql
--		What each of several calls takes, of the clock and of a core, and its answer.

-- What this backend has taken of a core: a busy machine lengthens the clock's
CREATE FUNCTION pg_temp.cpu() RETURNS float8 LANGUAGE sql VOLATILE AS $$
  SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e9
$$;
CREATE TEMPORARY TABLE measured (what text, seconds numeric, of_a_core numeric, answer text);
CREATE PROCEDURE pg_temp.measure(what text, query text) LANGUAGE plpgsql AS $$
DECLARE
  started constant timestamptz := clock_timestamp();
  cpu constant float8 := pg_temp.cpu();
  answer text;
BEGIN
  EXECUTE query INTO answer;
  INSERT INTO measured VALUES (what, extract(epoch FROM clock_timestamp() - started), pg_temp.cpu() - cpu, answer);
END
$$;
