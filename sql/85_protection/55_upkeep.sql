/*
 * 55_upkeep: what a scheduler calls so that nothing is kept too long and the
 * journal is sealed.
 *
 * Procedures that commit have no SET clause: every name is qualified, and no
 * operator stands in them, which the caller's path would choose.  Call each
 * alone, outside a transaction, as a member of inclusion_night.
 */

-- The perimeters to go through, once the batch is known to be one.
CREATE FUNCTION inclusion.purge_perimeters(batch int) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.require_registry();
  IF coalesce(batch, 0) < 1 THEN
    RAISE EXCEPTION 'a batch of % purges nothing', coalesce(batch::text, 'NULL')
      USING ERRCODE = 'IN010', HINT = 'Give how much to remove in each transaction, e.g. 500.';
  END IF;
  RETURN (SELECT coalesce(array_agg(p.code ORDER BY p.code), '{}') FROM inclusion_data.perimeter p);
END
$$;

-- One batch of `what` ('people' or 'nights'), its progress shown in
-- pg_stat_activity.  How many were done with it, `done` before; NULL when there
-- was nothing left.  A night that runs is waited for, no longer than a night
-- waits for another: 55P03, and the next call goes on from there.
CREATE FUNCTION inclusion.purge_step(what text, perimeter text, as_of date, batch int, done bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  day constant date := coalesce(as_of, inclusion.today(purge_step.perimeter));
  removed int;
BEGIN
  -- local to the batch: nothing to put back, whatever stops it
  PERFORM set_config('application_name', format('inclusion: purge %s %s, %s done', what, perimeter, done), true);
  BEGIN
    removed := CASE what WHEN 'people' THEN inclusion_data.purge_batch(purge_step.perimeter, day, batch)
                         WHEN 'nights' THEN inclusion.purge_nights_batch(purge_step.perimeter, day, batch) END;
  EXCEPTION WHEN lock_not_available THEN
    RAISE EXCEPTION 'a night is running in perimeter "%": the purge of % stops after %', perimeter, what, done
      USING ERRCODE = 'lock_not_available', HINT = 'What is done stays done; call it again once the night has ended.';
  END;
  RETURN done + nullif(removed, 0);
END
$$;

-- Batch after batch, each its own transaction, perimeter after perimeter: stopped
-- at any moment, the next call goes on.
CREATE PROCEDURE inclusion.purge_all(what text, as_of date, batch int)
LANGUAGE plpgsql AS $$
DECLARE
  perimeter text;
  done bigint;
BEGIN
  -- inside somebody's transaction this fails, before anything is done
  COMMIT;
  FOREACH perimeter IN ARRAY inclusion.purge_perimeters(batch) LOOP
    done := 0;
    LOOP
      done := inclusion.purge_step(what, perimeter, as_of, batch, done);
      COMMIT;
      EXIT WHEN done IS NULL;
    END LOOP;
  END LOOP;
END
$$;

-- purge: erase everybody whose time is over, `batch` at a time.
CREATE PROCEDURE inclusion.purge(as_of date DEFAULT NULL, batch int DEFAULT 500)
LANGUAGE plpgsql AS $$
BEGIN
  COMMIT;
  CALL inclusion.purge_all('people', as_of, batch);
END
$$;

-- purge_nights: what past nights found, older than retention says for
-- 'night_proof'; the list in force is not touched, whatever its age.
CREATE PROCEDURE inclusion.purge_nights(as_of date DEFAULT NULL, batch int DEFAULT 5000)
LANGUAGE plpgsql AS $$
BEGIN
  COMMIT;
  CALL inclusion.purge_all('nights', as_of, batch);
END
$$;

-- upkeep: the journal is sealed, agents whose time is over leave their groups
-- where the caller may see to it (a superuser; others are warned), people and nights whose time is
-- over are purged, and the journal of that is sealed.
CREATE PROCEDURE inclusion.upkeep()
LANGUAGE plpgsql AS $$
BEGIN
  COMMIT;
  PERFORM inclusion.seal_journal();
  COMMIT;
  IF pg_catalog.has_function_privilege('inclusion.close_expired_agents()', 'EXECUTE') THEN
    PERFORM inclusion.close_expired_agents();
    COMMIT;
  ELSIF EXISTS (SELECT FROM inclusion.expired_agents()) THEN
    RAISE WARNING 'logins whose time as agents is over are still in their groups'
      USING HINT = 'A superuser runs inclusion.close_expired_agents(): they see nobody, and may still change offers and sessions.';
  END IF;
  CALL inclusion.purge();
  CALL inclusion.purge_nights();
  PERFORM inclusion.seal_journal();
  COMMIT;
END
$$;

COMMENT ON FUNCTION inclusion.purge_perimeters(int) IS 'Périmètres à purger : tous, si la taille des lots en est une.';
COMMENT ON FUNCTION inclusion.purge_step(text, text, date, int, bigint) IS 'Pas de purge : un lot ; rend le total fait, NULL quand il ne reste rien.';
COMMENT ON PROCEDURE inclusion.purge_all(text, date, int) IS 'Purge : des personnes ou des nuits, lot après lot, dans chaque périmètre.';
COMMENT ON PROCEDURE inclusion.purge(date, int) IS 'Purge des personnes : efface par lots celles dont la durée de conservation est passée ; à appeler seule, hors transaction.';
COMMENT ON PROCEDURE inclusion.purge_nights(date, int) IS 'Purge des nuits : retire par lots ce que les nuits passées ont trouvé ; à appeler seule, hors transaction.';
COMMENT ON PROCEDURE inclusion.upkeep() IS 'Entretien : scelle le journal, clôt ce qui est échu, purge ; à appeler seule, chaque nuit.';
