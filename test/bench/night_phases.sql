-- night_phases.sql
--		What each phase of a night takes: the clock's seconds, and those of a core.

CREATE TABLE bench.phase (n int GENERATED ALWAYS AS IDENTITY, night int, phase text, seconds float8, core float8);

-- What this backend has taken of a core, and those that ended beside it
-- (workers are its sisters): fields 14 to 17, in hundredths.
CREATE FUNCTION bench.core() RETURNS float8 LANGUAGE sql VOLATILE AS $$
  SELECT sum(CASE WHEN f.own THEN (f.field[12]::int + f.field[13]::int) ELSE f.field[14]::int + f.field[15]::int END) / 100.0
  FROM (SELECT own, string_to_array(regexp_replace(pg_read_file(path), '^.*\) ', ''), ' ') AS field
        FROM (VALUES (true, '/proc/self/stat'),
                     (false, format('/proc/%s/stat', split_part(pg_read_file('postmaster.pid'), E'\n', 1)))) AS v (own, path)) f $$;

CREATE PROCEDURE bench.time(night int, phase text, statement text) LANGUAGE plpgsql AS $$
DECLARE
  began constant timestamptz := clock_timestamp();
  core constant float8 := bench.core();
BEGIN
  EXECUTE statement;
  INSERT INTO bench.phase (night, phase, seconds, core)
  VALUES (time.night, time.phase, extract(epoch FROM clock_timestamp() - began), bench.core() - core);
END
$$;

-- One night, phase by phase.
CREATE PROCEDURE bench.night(night int, as_of date) LANGUAGE plpgsql AS $$
DECLARE
  run bigint := inclusion.night_start(as_of);
BEGIN
  CALL bench.time(night, 'open', format('SELECT inclusion.night_open(%s)', run));
  COMMIT;
  SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
  CALL bench.time(night, 'compute', format('SELECT inclusion.night_compute(%s)', run));
  COMMIT;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  CALL bench.time(night, 'publish', format('SELECT inclusion.night_publish(%s)', run));
  COMMIT;
END
$$;

-- What computing consists of, step by step under the same settings; such a night
-- stays unpublished.
CREATE PROCEDURE bench.steps(night int, as_of date) LANGUAGE plpgsql AS $$
DECLARE
  run bigint := inclusion.night_start(as_of);
  setting text;
  step text;
BEGIN
  PERFORM inclusion.night_open(run);
  COMMIT;
  SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
  FOR setting IN SELECT unnest(proconfig) FROM pg_proc WHERE oid = 'inclusion.night_compute(bigint)'::regprocedure LOOP
    PERFORM set_config(split_part(setting, '=', 1), split_part(setting, '=', 2), true);
  END LOOP;
  FOREACH step IN ARRAY '{compute_supply,compute_people,compute_lists,compute_held,compute_reserves,compute_places,
    compute_orientations,compute_rest,compute_cutoffs,compute_reserve_cutoffs,compute_proof,check_allocation,night_prices,
    night_mark,night_input_digest,night_result_digest,night_counts}'::text[]
  LOOP
    CALL bench.time(night, step, format('SELECT count(*) FROM inclusion.%I(%s)', step, run));
  END LOOP;
  COMMIT;
END
$$;
