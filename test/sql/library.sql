-- The library: its version is the extension's, its settings are its own.
SELECT extversion = inclusion.version() AS same_version FROM pg_extension WHERE extname = 'inclusion';
SHOW inclusion.night_lock_timeout;
SHOW inclusion.allocation_mem;
SET inclusion.night_lock_timeout = '2s';
SHOW inclusion.night_lock_timeout;
SET inclusion.night_lock_timeout = -1;
SET inclusion.allocation_mem = '1kB';
SET inclusion.agent = 'nobody';

-- Compiled just in time and inlined, where the server can, the functions find
-- what the library does not export, and answer the same.
CREATE FUNCTION pg_temp.answers() RETURNS text LANGUAGE plpgsql AS $$
DECLARE answers text;
BEGIN
  EXECUTE 'SELECT concat_ws('' '', count(*), sum(supply <=> need), count(*) FILTER (WHERE supply @@ need),
      max(teaches(supply)::text), max(need::text), count(DISTINCT supply), sum(points(teaches(supply), ''1.1'')))
    FROM (SELECT supply(NULL, (''pix{1.1='' || 1 + n % 8 || ''}'')::competence_vector, 1 + n / 1000.0, 49,
        slots => ARRAY[CASE WHEN n % 2 = 0 THEN ''mo_am'' ELSE ''tu_pm'' END]),
      need(NULL, ''pix{1.1=4}'', 1, 49, 10000, ''2025-03-01'', slots => ARRAY[CASE WHEN n % 3 = 0 THEN ''mo_am'' ELSE ''tu_pm'' END])
      FROM generate_series(1, 500) AS n) AS pair' INTO answers;
  RETURN answers;
END $$;
SET search_path = public, inclusion;
SET jit = off;
SELECT pg_temp.answers() AS interpreted \gset
SET jit = on;
SET jit_above_cost = 0;
SET jit_inline_above_cost = 0;
SET jit_optimize_above_cost = 0;
SELECT pg_temp.answers() = :'interpreted' AS compiled_alike, :'interpreted' LIKE '500 %' AS answered;
