/*
 * 50_jobs: the night on a schedule, where pg_cron is there to keep it.
 */

-- pg_cron is never required: any scheduler that can send one CALL will do.
-- Schedules are in GMT; a second call changes the hour.
CREATE PROCEDURE inclusion.schedule_jobs(schedule text DEFAULT '0 1 * * *')
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF to_regprocedure('cron.schedule(text,text,text)') IS NULL THEN
    RAISE EXCEPTION 'pg_cron is not in this database'
      USING ERRCODE = 'feature_not_supported',
            HINT = 'Have another scheduler send CALL inclusion.rebuild_active_list() every night, alone in its command.';
  END IF;
  PERFORM inclusion.require_registry();
  EXECUTE format('SELECT %I.schedule($1, $2, $3)', 'cron')
  USING 'inclusion night', schedule_jobs.schedule, 'CALL inclusion.rebuild_active_list()';
END
$$;

CREATE PROCEDURE inclusion.unschedule_jobs()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF to_regprocedure('cron.unschedule(bigint)') IS NOT NULL THEN
    EXECUTE format('SELECT %1$I.unschedule(j.jobid) FROM %1$I.job j WHERE j.jobname = $1', 'cron') USING 'inclusion night';
  END IF;
END
$$;

COMMENT ON PROCEDURE inclusion.schedule_jobs(text) IS 'Nuit programmée : par pg_cron s''il est là, à l''heure GMT donnée.';
COMMENT ON PROCEDURE inclusion.unschedule_jobs() IS 'Nuit déprogrammée : retire la tâche de pg_cron.';
