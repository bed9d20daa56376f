/*
 * 50_jobs: the jobs of inclusion.job_list() on a schedule, where pg_cron is
 * there to keep it.
 */

-- pg_cron is never required: any scheduler that can send one CALL will do.
-- Schedules are in GMT; a second call changes the hour of the night.
CREATE PROCEDURE inclusion.schedule_jobs(schedule text DEFAULT '0 1 * * *')
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  planned record;
BEGIN
  IF to_regprocedure('cron.schedule(text,text,text)') IS NULL THEN
    RAISE EXCEPTION 'pg_cron is not in this database'
      USING ERRCODE = 'feature_not_supported',
            HINT = format('Have another scheduler send each alone in its command: %s.',
                          (SELECT string_agg(format('%s (%s)', l.command, l.schedule), ', ') FROM inclusion.job_list() l));
  END IF;
  PERFORM inclusion.require_registry();
  FOR planned IN SELECT l.job, l.schedule, l.command FROM inclusion.job_list() l LOOP
    EXECUTE format('SELECT %I.schedule($1, $2, $3)', 'cron')
    USING planned.job, CASE planned.job WHEN 'inclusion night' THEN schedule_jobs.schedule ELSE planned.schedule END, planned.command;
  END LOOP;
END
$$;

CREATE PROCEDURE inclusion.unschedule_jobs()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF to_regprocedure('cron.unschedule(bigint)') IS NOT NULL THEN
    EXECUTE format('SELECT %1$I.unschedule(j.jobid) FROM %1$I.job j WHERE j.jobname IN (SELECT l.job FROM inclusion.job_list() l)', 'cron');
  END IF;
END
$$;

COMMENT ON PROCEDURE inclusion.schedule_jobs(text) IS 'Tâches programmées par pg_cron : nuit à l''heure GMT donnée, entretien et scellés.';
COMMENT ON PROCEDURE inclusion.unschedule_jobs() IS 'Tâches déprogrammées : les retire de pg_cron.';
