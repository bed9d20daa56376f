/*
 * 20_night: the shell of the night.
 *
 * rebuild_active_list() runs three functions, each in its own transaction:
 * night_open (what has run out is given back), night_compute (who gets what)
 * and night_publish (proposals and the new list).  None of them commits, so
 * that they can be tried inside BEGIN … ROLLBACK.  A night that fails leaves
 * the list of the night before, and a row of `run` that says why.
 */

-- The perimeters a night treats: the one named, or all that have a policy on
-- that day.  A perimeter opened yesterday does not stop its neighbours' night.
CREATE FUNCTION inclusion.night_perimeters(perimeter text, as_of date) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known text[];
BEGIN
  PERFORM inclusion.require_registry();
  IF perimeter IS NOT NULL THEN
    RETURN ARRAY[inclusion.resolve_perimeter(night_perimeters.perimeter)];
  END IF;
  SELECT coalesce(array_agg(p.code ORDER BY p.code)
                    FILTER (WHERE EXISTS (SELECT FROM inclusion_data.policy k
                                          WHERE k.perimeter = p.code AND k.starts_on <= night_perimeters.as_of)),
                  array_agg(p.code ORDER BY p.code))
  INTO known FROM inclusion_data.perimeter p;
  IF known IS NULL THEN
    RETURN ARRAY[inclusion.resolve_perimeter(NULL)];
  END IF;
  RETURN known;
END
$$;

-- The day of a night: today in its perimeter, the earliest where there are several.
CREATE FUNCTION inclusion.night_day(as_of date, perimeter text) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.require_registry();
  -- delays are added to it, as times too
  IF as_of NOT BETWEEN '0001-01-01' AND '9999-12-31' THEN
    RAISE EXCEPTION 'a night is not of day "%"', as_of
      USING ERRCODE = 'IN311', HINT = 'Give the day of the list, or nothing: today.';
  END IF;
  IF as_of IS NULL AND perimeter IS NULL THEN
    RETURN (SELECT min(inclusion.today(p.code)) FROM inclusion_data.perimeter p);
  END IF;
  RETURN coalesce(as_of, inclusion.today(night_day.perimeter));
END
$$;

-- Locks of the perimeters, in the order of their codes so that two nights
-- cannot wait for each other.  Held to the end of the transaction, or by the
-- session across its commits until unlock_perimeters(); an error on the way
-- gives back the session's.  Waits no longer than inclusion.night_lock_timeout.
CREATE FUNCTION inclusion.lock_perimeters(perimeters text[], across_commits boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  callers_timeout constant text := current_setting('lock_timeout');
  perimeter text;
  held text[] := ARRAY[]::text[];
BEGIN
  -- the setting exists once the library is loaded
  PERFORM inclusion.version();
  PERFORM set_config('lock_timeout', current_setting('inclusion.night_lock_timeout'), true);
  FOR perimeter IN SELECT p FROM unnest(perimeters) p ORDER BY p LOOP
    IF across_commits THEN
      PERFORM pg_advisory_lock(hashtextextended('inclusion.night ' || perimeter, 0));
      held := held || ARRAY[perimeter];
    ELSE
      PERFORM pg_advisory_xact_lock(hashtextextended('inclusion.night ' || perimeter, 0));
    END IF;
  END LOOP;
  PERFORM set_config('lock_timeout', callers_timeout, true);
EXCEPTION WHEN query_canceled OR assert_failure OR OTHERS THEN
  PERFORM inclusion.unlock_perimeters(held);
  RAISE;
END
$$;

CREATE FUNCTION inclusion.unlock_perimeters(perimeters text[]) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT pg_advisory_unlock(hashtextextended('inclusion.night ' || p, 0)) FROM unnest(perimeters) p
$$;

-- What enters the night, in one number: a sum of the hashes of its rows, so
-- that neither the order of rows nor the plan counts.  What run `run` itself
-- wrote is left out (its proposals with their first two steps, the seats these
-- hold, its orientations): the mark taken when it is computed is found again
-- after it is published, as long as nothing else happened.
CREATE FUNCTION inclusion.night_mark(run bigint) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE COST 10000000 SET search_path = pg_catalog, pg_temp AS $$
  WITH night AS (
    SELECT r.id, (r.as_of - 1)::timestamp AT TIME ZONE 'UTC' AS since, r.perimeters
    FROM inclusion_data.run r WHERE r.id = night_mark.run
  ), entered (hash) AS (
    SELECT hash_record_extended(ROW(t.id, t.perimeter, t.longitude, t.latitude, t.max_distance, t.accept_remote,
             t.accept_on_site, t.audiences, t.languages, t.slots, t.modes), 1)
    FROM night n JOIN inclusion_data.beneficiary t ON t.perimeter = ANY (n.perimeters)
    UNION ALL
    SELECT hash_record_extended(t, 2) FROM night n JOIN inclusion_data.accommodation_need t ON t.perimeter = ANY (n.perimeters)
    UNION ALL
    SELECT hash_record_extended(t, 3) FROM night n JOIN inclusion_data.enrolment t ON t.perimeter = ANY (n.perimeters)
    UNION ALL
    SELECT hash_record_extended(t, 4) FROM night n JOIN inclusion_data.expressed_need t ON t.perimeter = ANY (n.perimeters)
    UNION ALL
    SELECT hash_record_extended(t, 5) FROM night n JOIN inclusion_data.assessment t ON t.perimeter = ANY (n.perimeters)
    UNION ALL
    SELECT hash_record_extended(t, 6) FROM night n JOIN inclusion_data.circumstance t ON t.perimeter = ANY (n.perimeters)
    UNION ALL
    SELECT hash_record_extended(t, 7) FROM inclusion_data.policy t
    UNION ALL
    SELECT hash_record_extended(t, 8) FROM inclusion_data.policy_grid t
    UNION ALL
    -- an offer without its price, which no night reads
    SELECT hash_record_extended(ROW(t.id, t.perimeter, t.place, t.capacity_kind, t.weekly_seats, t.requires, t.teaches,
             t.longitude, t.latitude, t.remote, t.families, t.modes, t.audiences, t.only_for, t.accommodations, t.languages,
             t.slots, t.travels_within, t.quality, t.valid), 9)
    FROM inclusion_data.offer t
    UNION ALL
    SELECT hash_record_extended(t, 10) FROM inclusion_data.closure t
    UNION ALL
    SELECT hash_record_extended(t, 11) FROM night n JOIN inclusion_data.session t ON t.ends_at >= n.since
    UNION ALL
    SELECT hash_record_extended(ROW(t.session, t.capacity, t.taken, t.proposed - (
             SELECT count(*) FROM inclusion_data.proposal p WHERE p.session = t.session AND p.run = n.id AND NOT p.interim)), 12)
    FROM night n JOIN inclusion_data.session s ON s.ends_at >= n.since JOIN inclusion_data.seat t ON t.session = s.id
    UNION ALL
    SELECT hash_record_extended(ROW(t.proposal, t.n, t.to_state), 13)
    FROM night n JOIN inclusion_data.proposal_step t ON t.perimeter = ANY (n.perimeters)
    JOIN inclusion_data.proposal p ON p.id = t.proposal AND p.perimeter = t.perimeter
    WHERE NOT (p.run = n.id AND t.n <= 2 AND NOT p.interim)
    UNION ALL
    -- how often people were rung decides what expires
    SELECT hash_record_extended(t, 17) FROM night n JOIN inclusion_data.contact t ON t.perimeter = ANY (n.perimeters)
    UNION ALL
    SELECT hash_record_extended(t, 14) FROM night n JOIN inclusion_data.orientation t ON t.run <> n.id
    UNION ALL
    SELECT hashint8extended(s, 15) FROM unnest(inclusion_data.set_aside('active_list')) s
    UNION ALL
    SELECT hash_record_extended(t, 16) FROM inclusion_data.policy_reserve t
    UNION ALL
    -- the published rules by which a profile becomes a need
    SELECT hash_record_extended(t, 18) FROM inclusion_data.need_rule t
    UNION ALL
    SELECT hash_record_extended(ROW(t.code, t.stands_days), 19) FROM inclusion_data.instrument t
    UNION ALL
    SELECT hash_record_extended(t, 20) FROM inclusion_data.ordinal_level t
    UNION ALL
    SELECT hash_record_extended(t, 21) FROM inclusion_data.barrier t
    UNION ALL
    SELECT hash_record_extended(t, 22) FROM night n JOIN inclusion_data.reachable_commune t ON t.perimeter = ANY (n.perimeters)
  )
  SELECT mod(coalesce(sum(e.hash), 0), 9223372036854775807)::bigint FROM entered e
$$;

-- The amounts of the policies a run was computed under, as it stored them.
CREATE FUNCTION inclusion.night_policies(run bigint)
RETURNS TABLE (perimeter text, policy bigint, days_per_grade int, max_waiting_days int, list_length int, max_list_length int,
               proposal_days int, contact_attempts int, seat_trust_days int, session_horizon_days int, weekly_orientations int,
               lottery_key text, improve_unanswered boolean, reserves jsonb, tension_reference float8,
               tension_smoothing float8, time_zone text)
LANGUAGE sql STABLE ROWS 10 PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.key, p.id, p.days_per_grade, p.max_waiting_days, p.list_length, p.max_list_length, p.proposal_days, p.contact_attempts, p.seat_trust_days,
         p.session_horizon_days, p.weekly_orientations, p.lottery_key, p.improve_unanswered, p.reserves,
         p.tension_reference, p.tension_smoothing, z.time_zone
  FROM inclusion_data.run r
  CROSS JOIN LATERAL jsonb_each(r.parameters -> 'policies') e
  CROSS JOIN LATERAL jsonb_to_record(e.value) AS p (id bigint, days_per_grade int, max_waiting_days int,
    list_length int, max_list_length int, proposal_days int, contact_attempts int, seat_trust_days int, session_horizon_days int, weekly_orientations int, lottery_key text,
    improve_unanswered boolean, reserves jsonb, tension_reference float8, tension_smoothing float8)
  JOIN inclusion_data.perimeter z ON z.code = e.key
  WHERE r.id = night_policies.run
$$;

-- All that a night is computed under, kept with it: the policies in force, each
-- with its grid, its draw's key and its reserves, and the publics these name,
-- whose order gives each its bit.
CREATE FUNCTION inclusion.night_parameters(as_of date) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH in_force AS (
    SELECT DISTINCT ON (k.perimeter) k.perimeter, k.id, to_jsonb(k) AS body
    FROM inclusion_data.policy k WHERE k.starts_on <= night_parameters.as_of
    ORDER BY k.perimeter, k.starts_on DESC
  )
  SELECT jsonb_build_object('version', inclusion.version(), 'method', 'priority',
    'publics', (SELECT coalesce(jsonb_agg(a.audience ORDER BY a.audience COLLATE "C"), '[]')
                FROM (SELECT DISTINCT s.audience FROM inclusion_data.policy_reserve s JOIN in_force f ON f.id = s.policy) a),
    'policies', (SELECT jsonb_object_agg(f.perimeter, f.body || jsonb_build_object(
      'grid', (SELECT coalesce(jsonb_agg(g.item ORDER BY g.item), '[]') FROM inclusion_data.policy_grid g WHERE g.policy = f.id),
      'reserves', (SELECT coalesce(jsonb_object_agg(s.audience, s.percent), '{}') FROM inclusion_data.policy_reserve s WHERE s.policy = f.id)))
      FROM in_force f))
$$;

-- In which order a night fills the places it reserves.
CREATE FUNCTION inclusion.night_reserve_order(run bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.parameters ->> 'reserve_order' FROM inclusion_data.run r WHERE r.id = night_reserve_order.run
$$;

-- The Monday of the week a night works for: that of the next day, so that a
-- Sunday's night prepares the week to come.
CREATE FUNCTION inclusion.night_week(as_of date) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT date_trunc('week', (as_of + 1)::timestamp)::date
$$;

-- One allocation fills the reserves of all its perimeters in one order, that of
-- their policies: those who voted differently each have a night of their own.
CREATE FUNCTION inclusion.voted_order(perimeters text[], as_of date) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  voted record;
BEGIN
  SELECT min(k.reserve_order) AS first, max(k.reserve_order) AS last,
         string_agg(format('%s: %s', k.perimeter, k.reserve_order), ', ' ORDER BY k.perimeter) AS list INTO voted
  FROM inclusion_data.policy k WHERE k.id IN (SELECT inclusion.policy_in_force(p, as_of) FROM unnest(perimeters) p);
  IF voted.first <> voted.last THEN
    RAISE EXCEPTION 'these perimeters fill reserves in two orders'
      USING ERRCODE = 'IN311', DETAIL = voted.list, HINT = 'Call inclusion.rebuild_active_list(perimeter => …) for each, or vote one order.';
  END IF;
  RETURN voted.first;
END
$$;

-- night_start: the row of a new night, or the published night of that day and
-- those perimeters when nothing happened since.  A run still said to be running
-- is dead, since we hold its locks: it is marked failed, and this one replays it.
CREATE FUNCTION inclusion.night_start(as_of date DEFAULT NULL, perimeter text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  day constant date := inclusion.night_day(night_start.as_of, night_start.perimeter);
  here constant text[] := inclusion.night_perimeters(night_start.perimeter, day);
  order_voted text;
  done bigint;
  new_run bigint;
BEGIN
  PERFORM inclusion.lock_perimeters(here);
  PERFORM inclusion.policy_in_force(p, day) FROM unnest(here) p;

  order_voted := inclusion.voted_order(here, day);

  UPDATE inclusion_data.run r
  SET state = 'failed', finished_at = clock_timestamp(), error_message = 'the night stopped before its end'
  WHERE r.state = 'running' AND r.perimeters && here;

  -- only the night that all these perimeters' readers see can stand for this one
  SELECT r.id INTO done FROM inclusion_data.run r
  WHERE r.state = 'published' AND r.as_of = day AND r.perimeters = here
    AND NOT EXISTS (SELECT FROM inclusion_data.active_list_pointer a WHERE a.perimeter = ANY (here) AND a.run <> r.id)
    AND r.event_mark = inclusion.night_mark(r.id);
  IF FOUND THEN
    RETURN done;
  END IF;

  -- an offer is given out under the policy of its own perimeter: keep them all
  INSERT INTO inclusion_data.run AS r (as_of, perimeters, is_full, state, phase, parameters, backend, started_at)
  VALUES (day, here, here = inclusion.night_perimeters(NULL, day), 'running', 'open',
          inclusion.night_parameters(day) || jsonb_build_object('reserve_order', order_voted),
          pg_backend_pid(), clock_timestamp())
  RETURNING r.id INTO new_run;
  RETURN new_run;
END
$$;

-- The running night asked for, at the phase that is due, its perimeters locked.
CREATE FUNCTION inclusion.night_enter(run bigint, phase text, OUT as_of date, OUT perimeters text[])
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known record;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT r.state, r.phase, r.as_of, r.perimeters INTO known FROM inclusion_data.run r WHERE r.id = night_enter.run;
  IF NOT FOUND OR known.state <> 'running' OR known.phase <> night_enter.phase THEN
    RAISE EXCEPTION 'run % is not waiting for phase "%"', run, phase
      USING ERRCODE = 'IN311',
            DETAIL = coalesce(format('It is %s, phase %s.', known.state, known.phase), 'There is no such run.'),
            HINT = 'CALL inclusion.rebuild_active_list() runs a whole night.';
  END IF;
  as_of := known.as_of;
  perimeters := known.perimeters;
  PERFORM inclusion.lock_perimeters(perimeters);
END
$$;

-- Sign the end of a phase: what it counted, and what comes next.
CREATE FUNCTION inclusion.night_leave(run bigint, next_phase text, counted jsonb) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inclusion_data.run r
  SET phase = next_phase, counters = r.counters || counted,
      state = CASE next_phase WHEN 'done' THEN 'published' ELSE r.state END,
      finished_at = CASE next_phase WHEN 'done' THEN clock_timestamp() END
  WHERE r.id = night_leave.run
$$;

-- One phase, with its name shown in pg_stat_activity, and whatever goes wrong
-- returned instead of raised: the shell must first write it down and commit.
CREATE FUNCTION inclusion.night_attempt(phase text, INOUT run bigint, as_of date, perimeter text,
  OUT error_state text, OUT error_message text, OUT error_detail text, OUT error_hint text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM set_config('application_name', 'inclusion: night ' || CASE night_attempt.phase
    WHEN 'open' THEN '1/3 open' WHEN 'compute' THEN '2/3 compute' WHEN 'publish' THEN '3/3 publish' ELSE 'starts' END, false);
  BEGIN
    CASE night_attempt.phase
      WHEN 'start' THEN run := inclusion.night_start(night_attempt.as_of, night_attempt.perimeter);
      WHEN 'open' THEN PERFORM inclusion.night_open(night_attempt.run);
      WHEN 'compute' THEN PERFORM inclusion.night_compute(night_attempt.run);
      WHEN 'publish' THEN PERFORM inclusion.night_publish(night_attempt.run);
    END CASE;
  EXCEPTION WHEN query_canceled OR assert_failure OR OTHERS THEN
    GET STACKED DIAGNOSTICS error_state = RETURNED_SQLSTATE, error_message = MESSAGE_TEXT,
                            error_detail = PG_EXCEPTION_DETAIL, error_hint = PG_EXCEPTION_HINT;
    -- the shell raises them again, and an empty line would show
    error_detail := coalesce(nullif(error_detail, ''), format('Phase "%s" stopped.', night_attempt.phase));
    error_hint := coalesce(nullif(error_hint, ''), 'The list of the night before stays; pilotage.job_progress keeps this error.');
  END;
END
$$;

-- Does night_start()'s answer have to be run, or does it stand already?
CREATE FUNCTION inclusion.night_is_due(run bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.state = 'running' FROM inclusion_data.run r WHERE r.id = night_is_due.run
$$;

-- Keep the proof of a night that failed, even of one that could not start.
CREATE FUNCTION inclusion.night_fail(run bigint, as_of date, perimeters text[], error_state text, error_message text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF run IS NULL THEN
    INSERT INTO inclusion_data.run (as_of, perimeters, state, phase, backend, started_at, finished_at, error_state, error_message)
    VALUES (night_fail.as_of, night_fail.perimeters, 'failed', 'open', pg_backend_pid(), clock_timestamp(), clock_timestamp(),
            night_fail.error_state, night_fail.error_message);
    RETURN;
  END IF;
  UPDATE inclusion_data.run r
  SET state = 'failed', finished_at = clock_timestamp(),
      error_state = night_fail.error_state, error_message = night_fail.error_message
  WHERE r.id = night_fail.run AND r.state = 'running';
END
$$;

-- The night.  No SET clause, since it commits: every name is qualified, and no
-- operator stands in it, which the caller's path would choose.  Call it alone,
-- outside a transaction.
CREATE PROCEDURE inclusion.rebuild_active_list(as_of date DEFAULT NULL, perimeter text DEFAULT NULL)
LANGUAGE plpgsql AS $$
DECLARE
  callers_name constant text := pg_catalog.current_setting('application_name');
  day date;
  perimeters text[];
  attempt record;
BEGIN
  -- inside somebody's transaction this fails, before anything is done
  COMMIT;
  day := inclusion.night_day(rebuild_active_list.as_of, rebuild_active_list.perimeter);
  -- who cannot write the proof of a failure would fail with the locks still held
  IF NOT pg_catalog.has_table_privilege('inclusion_data.run', 'INSERT') THEN
    RAISE EXCEPTION 'role "%" may not run the night', current_user
      USING ERRCODE = 'insufficient_privilege', HINT = 'Call it as a member of inclusion_night.';
  END IF;
  perimeters := inclusion.night_perimeters(rebuild_active_list.perimeter, day);
  PERFORM inclusion.lock_perimeters(perimeters, across_commits => true);
  COMMIT;

  attempt := inclusion.night_attempt('start', NULL, day, rebuild_active_list.perimeter);
  COMMIT;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  IF attempt.error_state IS NULL AND inclusion.night_is_due(attempt.run) THEN
    attempt := inclusion.night_attempt('open', attempt.run, day, rebuild_active_list.perimeter);
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
    IF attempt.error_state IS NULL THEN
      attempt := inclusion.night_attempt('compute', attempt.run, day, rebuild_active_list.perimeter);
    END IF;
    COMMIT;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    IF attempt.error_state IS NULL THEN
      attempt := inclusion.night_attempt('publish', attempt.run, day, rebuild_active_list.perimeter);
    END IF;
  END IF;

  IF attempt.error_state IS NOT NULL THEN
    BEGIN
      PERFORM inclusion.night_fail(attempt.run, day, perimeters, attempt.error_state, attempt.error_message);
    EXCEPTION WHEN query_canceled OR assert_failure OR OTHERS THEN
      -- not even the proof can be written (a standby, a read-only session)
      PERFORM pg_catalog.set_config('application_name', callers_name, false);
      PERFORM inclusion.unlock_perimeters(perimeters);
      RAISE;
    END;
  END IF;
  PERFORM pg_catalog.set_config('application_name', callers_name, false);
  COMMIT;
  PERFORM inclusion.unlock_perimeters(perimeters);
  IF attempt.error_state IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = attempt.error_state, MESSAGE = attempt.error_message,
                          DETAIL = attempt.error_detail, HINT = attempt.error_hint;
  END IF;
END
$$;

COMMENT ON FUNCTION inclusion.night_perimeters(text, date) IS 'Périmètres d''une nuit : celui qui est nommé, ou tous ceux qui ont une politique ce jour-là.';
COMMENT ON FUNCTION inclusion.night_day(date, text) IS 'Jour d''une nuit : aujourd''hui dans son périmètre, le plus tôt s''il y en a plusieurs.';
COMMENT ON FUNCTION inclusion.lock_perimeters(text[], boolean) IS 'Verrous d''une nuit : un par périmètre, dans l''ordre des codes, sans attendre au-delà du délai réglé.';
COMMENT ON FUNCTION inclusion.unlock_perimeters(text[]) IS 'Fin des verrous : rend ceux que la session tenait.';
COMMENT ON FUNCTION inclusion.night_mark(bigint) IS 'Empreinte des données d''une nuit : inchangée, il n''y a rien à refaire.';
COMMENT ON FUNCTION inclusion.night_policies(bigint) IS 'Règles d''une nuit : les politiques sous lesquelles elle a été calculée.';
COMMENT ON FUNCTION inclusion.night_parameters(date) IS 'Paramètres d''une nuit : politiques en vigueur, clés, grilles et places réservées, gardés avec elle.';
COMMENT ON FUNCTION inclusion.night_reserve_order(bigint) IS 'Ordre des réserves d''une nuit : celui que les politiques ont voté.';
COMMENT ON FUNCTION inclusion.night_week(date) IS 'Semaine d''une nuit : le lundi de celle du lendemain.';
COMMENT ON FUNCTION inclusion.voted_order(text[], date) IS 'Ordre des réserves voté : le même pour tous les périmètres d''une nuit, sinon IN311.';
COMMENT ON FUNCTION inclusion.night_start(date, text) IS 'Début d''une nuit : en ouvre une, ou rend celle du jour si rien n''a changé depuis.';
COMMENT ON FUNCTION inclusion.night_enter(bigint, text) IS 'Entrée dans une phase : refuse la nuit qui n''en est pas là, et verrouille ses périmètres.';
COMMENT ON FUNCTION inclusion.night_leave(bigint, text, jsonb) IS 'Sortie d''une phase : garde ses comptes et nomme la suivante.';
COMMENT ON FUNCTION inclusion.night_attempt(text, bigint, date, text) IS 'Phase tentée : rend l''erreur au lieu de la lever, pour qu''elle soit d''abord écrite.';
COMMENT ON FUNCTION inclusion.night_is_due(bigint) IS 'Nuit à faire : vrai si elle reste à calculer, faux si elle tient déjà.';
COMMENT ON FUNCTION inclusion.night_fail(bigint, date, text[], text, text) IS 'Nuit manquée : en garde la preuve, même si elle n''a pas pu commencer.';
COMMENT ON PROCEDURE inclusion.rebuild_active_list(date, text) IS
  'Nuit : rouvre ce qui a expiré, calcule et vérifie les propositions, publie la liste ; à appeler seule, hors transaction.';
