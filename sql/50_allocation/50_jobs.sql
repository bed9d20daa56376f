/* The night on a schedule, where pg_cron is there to keep it. */

-- pg_cron is never required: any scheduler that can send one CALL will do.
-- Schedules are in GMT.
CREATE FUNCTION inclusion.schedule_jobs(schedule text DEFAULT '0 1 * * *') RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  job bigint;
BEGIN
  IF to_regprocedure('cron.schedule(text,text,text)') IS NULL THEN
    RAISE EXCEPTION 'pg_cron is not in this database'
      USING ERRCODE = 'feature_not_supported',
            HINT = 'Have another scheduler send CALL inclusion.rebuild_active_list(); every night, alone in its command.';
  END IF;
  EXECUTE 'SELECT cron.schedule($1, $2, $3)' INTO job
  USING 'inclusion night', schedule_jobs.schedule, 'CALL inclusion.rebuild_active_list()';
  RETURN job;
END
$$;

CREATE FUNCTION inclusion.unschedule_jobs() RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF to_regprocedure('cron.unschedule(bigint)') IS NOT NULL THEN
    EXECUTE 'SELECT cron.unschedule(j.jobid) FROM cron.job j WHERE j.jobname = $1' USING 'inclusion night';
  END IF;
END
$$;

COMMENT ON FUNCTION inclusion.schedule_jobs(text) IS 'Nuit programmée : par pg_cron s''il est là, à l''heure GMT donnée.';
COMMENT ON FUNCTION inclusion.unschedule_jobs() IS 'Nuit déprogrammée : retire la tâche de pg_cron.';
