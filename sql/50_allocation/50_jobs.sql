/*
 * 50_jobs: what has to be called, when and by whom; on a schedule, where
 * pg_cron is there to keep it.
 *
 * pg_cron is never required: any scheduler that sends one command alone will
 * do.  It counts the hours in its own zone, GMT unless cron.timezone says
 * otherwise; here hours are those of the territory.
 */

-- The hour of `local_time` in `time_zone` today, for pg_cron.
CREATE FUNCTION inclusion.cron_time(local_time time, time_zone text) RETURNS time
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ((now() AT TIME ZONE time_zone)::date + local_time) AT TIME ZONE time_zone
           AT TIME ZONE coalesce(nullif(current_setting('cron.timezone', true), ''), 'GMT')
$$;

-- The zone named, or that of the first perimeter.
CREATE FUNCTION inclusion.job_time_zone(time_zone text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF time_zone IS NOT NULL AND NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = job_time_zone.time_zone) THEN
    RAISE EXCEPTION 'unknown time zone "%"', time_zone
      USING ERRCODE = 'IN306', HINT = 'Give a name such as Europe/Paris or Indian/Reunion.';
  END IF;
  IF time_zone IS NOT NULL OR to_regclass('inclusion_data.perimeter') IS NULL THEN
    RETURN coalesce(time_zone, 'Europe/Paris');
  END IF;
  RETURN coalesce((SELECT p.time_zone FROM inclusion_data.perimeter p ORDER BY p.code LIMIT 1), 'Europe/Paris');
END
$$;

-- job_list: the jobs of a registry, the night at that hour of the territory and
-- the others after it, for whatever keeps the hours.  Each command is sent
-- alone, outside a transaction, by a login that is a member of `run_by`:
-- VACUUM and REINDEX CONCURRENTLY, which nothing can call, by one of the owner.
-- `schedule` is cron's, as pg_cron counts.
CREATE FUNCTION inclusion.job_list(night_at time DEFAULT '02:30', time_zone text DEFAULT NULL)
RETURNS TABLE (job text, schedule text, command text, run_by text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT v.job, CASE WHEN v.later IS NULL THEN v.days
                     ELSE extract(minute FROM t.at) || ' ' || extract(hour FROM t.at) || ' * * ' || v.days END, v.command, v.run_by
  FROM (VALUES
    (0, 'inclusion quality', interval '-1:00', '*', 'SELECT inclusion.refresh_quality()', 'inclusion_night'),
    (1, 'inclusion night', interval '0', '*', 'CALL inclusion.rebuild_active_list()', 'inclusion_night'),
    (2, 'inclusion prices', '1:30', '*', 'CALL inclusion.refresh_prices()', 'inclusion_night'),
    (3, 'inclusion upkeep', '2:00', '*', 'CALL inclusion.upkeep()', 'inclusion_night'),
    -- after the purge, so that nobody who went is counted
    (4, 'inclusion cube', '2:15', '*', 'SELECT * FROM inclusion.refresh_cube()', 'inclusion_night'),
    (4, 'inclusion figures', '2:20', '*', 'SELECT * FROM inclusion.release_figures()', 'inclusion_night'),
    (5, 'inclusion seal', NULL, '*/10 * * * *', 'SELECT * FROM inclusion.seal_journal()', 'inclusion_night'),
    (6, 'inclusion vacancies', NULL, '*/30 * * * *', 'CALL inclusion.fill_vacancies()', 'inclusion_night'),
    (7, 'inclusion logs', '2:30', '*', 'CALL inclusion.trim_job_log()', 'inclusion_night'),
    (8, 'inclusion vacuum', '3:00', '*', 'VACUUM (ANALYZE) inclusion_data.active_list, inclusion_data.run_candidate, inclusion_data.run_result, '
        'inclusion_data.run_offer, inclusion_data.seat, inclusion_data.proposal, inclusion_data.proposal_step, inclusion_data.offer', 'inclusion_owner'),
    (9, 'inclusion analyze', '3:30', '*', 'ANALYZE inclusion_data.beneficiary, inclusion_data.enrolment, inclusion_data.expressed_need, '
        'inclusion_data.assessment, inclusion_data.session, inclusion_data.cube, inclusion_data.cube_person', 'inclusion_owner'),
    (10, 'inclusion reindex offers', '4:00', '0', 'REINDEX TABLE CONCURRENTLY inclusion_data.offer', 'inclusion_owner'),
    (11, 'inclusion reindex list', '4:30', '0', 'REINDEX TABLE CONCURRENTLY inclusion_data.active_list', 'inclusion_owner'))
    AS v (n, job, later, days, command, run_by)
  CROSS JOIN LATERAL (SELECT inclusion.cron_time(job_list.night_at + v.later, inclusion.job_time_zone(job_list.time_zone)) AS at) t
  ORDER BY v.n, v.later
$$;

-- Whether pg_cron is here and open to the caller; what to do otherwise.
CREATE FUNCTION inclusion.require_cron() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
    RAISE EXCEPTION 'pg_cron is not in this database'
      USING ERRCODE = 'feature_not_supported',
            DETAIL = 'Nothing here needs it. It can also stand in another database of the server, and call from there: cron.schedule_in_database().',
            HINT = format('Have another scheduler send each alone in its command: %s.',
                          (SELECT string_agg(format('%s (%s, %s)', l.command, l.schedule, l.run_by), ', ') FROM inclusion.job_list() l));
  END IF;
  IF NOT has_schema_privilege('cron', 'USAGE') THEN
    RAISE EXCEPTION 'role "%" may not use pg_cron', current_user
      USING ERRCODE = 'insufficient_privilege', HINT = format('A superuser runs: GRANT USAGE ON SCHEMA cron TO %I;', current_user);
  END IF;
END
$$;

-- schedule: the jobs that the caller may run, under the caller's name, the
-- night at an hour of the territory (NULL zone: that of the first perimeter).
-- A second call changes the hours.
CREATE PROCEDURE inclusion.schedule(night_at time DEFAULT '02:30', time_zone text DEFAULT NULL)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  cron_zone constant text := coalesce(nullif(current_setting('cron.timezone', true), ''), 'GMT');
  zone text;
  planned record;
  jobs int := 0;
BEGIN
  PERFORM inclusion.require_cron();
  PERFORM inclusion.require_registry();
  zone := inclusion.job_time_zone(schedule.time_zone);
  FOR planned IN
    SELECT l.job, l.schedule, l.command FROM inclusion.job_list(schedule.night_at, zone) l WHERE pg_has_role(l.run_by, 'USAGE')
  LOOP
    EXECUTE format('SELECT %I.schedule($1, $2, $3)', 'cron') USING planned.job, planned.schedule, planned.command;
    jobs := jobs + 1;
  END LOOP;
  IF jobs = 0 THEN
    RAISE EXCEPTION 'role "%" may run none of the jobs', current_user
      USING ERRCODE = 'insufficient_privilege', HINT = 'Call it as a login that is a member of inclusion_night, and for maintenance of inclusion_owner.';
  END IF;
  RAISE NOTICE '% jobs; the night at % in %, which is % for pg_cron (%)', jobs, night_at, zone, inclusion.cron_time(night_at, zone), cron_zone
    USING HINT = CASE WHEN zone <> cron_zone THEN 'pg_cron keeps its own zone: call this again when clocks change, or the night comes an hour off.' END;
END
$$;

-- unschedule: those of them that the caller scheduled; nothing where there is
-- no pg_cron.
CREATE PROCEDURE inclusion.unschedule()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
    PERFORM inclusion.require_cron();
    EXECUTE format('SELECT %1$I.unschedule(j.jobid) FROM %1$I.job j WHERE j.username = current_user '
                   'AND j.jobname IN (SELECT l.job FROM inclusion.job_list() l)', 'cron');
  END IF;
END
$$;

-- trim_job_log: what pg_cron kept of the caller's runs of these jobs, once it is
-- old.
CREATE PROCEDURE inclusion.trim_job_log(keep_days int DEFAULT 30)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
    PERFORM inclusion.require_cron();
    EXECUTE format('DELETE FROM %I.job_run_details d WHERE d.username = current_user AND d.end_time < now() - make_interval(days => $1) '
                   'AND d.command IN (SELECT l.command FROM inclusion.job_list() l)', 'cron') USING trim_job_log.keep_days;
  END IF;
END
$$;

COMMENT ON FUNCTION inclusion.cron_time(time, text) IS 'Heure de pg_cron : celle d''une heure locale, aujourd''hui.';
COMMENT ON FUNCTION inclusion.job_time_zone(text) IS 'Fuseau des tâches : celui qui est nommé, ou celui du premier périmètre.';
COMMENT ON FUNCTION inclusion.job_list(time, text) IS 'Tâches programmées : ce qu''un ordonnanceur appelle, quand et sous quel rôle.';
COMMENT ON FUNCTION inclusion.require_cron() IS 'Présence de pg_cron : dit ce qu''il faut faire quand il manque ou n''est pas ouvert.';
COMMENT ON PROCEDURE inclusion.schedule(time, text) IS 'Programmation par pg_cron : les tâches que l''appelant peut exécuter, la nuit à une heure du territoire.';
COMMENT ON PROCEDURE inclusion.unschedule() IS 'Déprogrammation : retire de pg_cron les tâches que l''appelant y a mises.';
COMMENT ON PROCEDURE inclusion.trim_job_log(int) IS 'Journal des tâches : retire de pg_cron les exécutions anciennes.';
