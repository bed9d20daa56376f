/*
 * 50_retention: how long anything is kept, and what ends it.
 */

-- Meeting a person, or hearing from them, starts the time again.  The row is
-- held until the end: who is being erased is waited for, then unknown (IN003).
CREATE FUNCTION inclusion.touch_contact(beneficiary bigint, perimeter text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  day constant date := inclusion.today(touch_contact.perimeter);
BEGIN
  PERFORM FROM inclusion_data.beneficiary b
  WHERE b.id = touch_contact.beneficiary AND b.perimeter = touch_contact.perimeter FOR KEY SHARE;
  IF NOT FOUND THEN
    PERFORM inclusion.perimeter_of(touch_contact.beneficiary);
  END IF;
  UPDATE inclusion_data.beneficiary b SET last_contact_on = day
  WHERE b.id = touch_contact.beneficiary AND b.perimeter = touch_contact.perimeter AND b.last_contact_on < day;
END
$$;

-- The months a purpose keeps data after the last contact: the perimeter's own,
-- else the default; NULL where neither is set, and then nothing is purged.
CREATE FUNCTION inclusion.retention_months(perimeter text, purpose text) RETURNS int
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.active_months FROM inclusion_data.retention r
  WHERE r.purpose = retention_months.purpose AND (r.perimeter = retention_months.perimeter OR r.perimeter IS NULL)
  ORDER BY r.perimeter NULLS LAST LIMIT 1
$$;

-- The first day of what is still kept; NULL where there is no duration.
CREATE FUNCTION inclusion.kept_since(perimeter text, purpose text, as_of date) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (as_of - make_interval(months => inclusion.retention_months(kept_since.perimeter, kept_since.purpose)))::date
$$;

-- Those whose time is over, met longest ago first.  Restricted people are not:
-- what is contested is kept until it is settled.
CREATE FUNCTION inclusion.due_people(perimeter text, as_of date) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT b.id FROM inclusion_data.beneficiary b
  WHERE b.perimeter = due_people.perimeter
    AND b.last_contact_on < (SELECT inclusion.kept_since(due_people.perimeter, 'follow_up', due_people.as_of))
    AND NOT EXISTS (SELECT FROM inclusion_data.restriction r WHERE r.beneficiary = b.id AND r.perimeter = b.perimeter)
  ORDER BY b.last_contact_on, b.id
$$;

-- purge_people: erase everybody whose time is over, `batch` at a time.  Each
-- batch is a transaction: stopped at any moment, the next call goes on.  It
-- waits for a night that runs, no longer than a night waits for another.  No
-- SET clause, since it commits; call it alone.
CREATE PROCEDURE inclusion.purge_people(as_of date DEFAULT NULL, batch int DEFAULT 500)
LANGUAGE plpgsql AS $$
DECLARE
  perimeters text[];
  perimeter text;
  purged int;
  total int;
BEGIN
  -- inside somebody's transaction this fails, before anything is done
  COMMIT;
  PERFORM inclusion.require_registry();
  IF coalesce(batch, 0) < 1 THEN
    RAISE EXCEPTION 'a batch of % people purges nobody', batch
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the number of people to erase in each transaction, e.g. 500.';
  END IF;
  SELECT coalesce(pg_catalog.array_agg(p.code ORDER BY p.code), '{}') INTO perimeters FROM inclusion_data.perimeter p;
  FOREACH perimeter IN ARRAY perimeters LOOP
    total := 0;
    LOOP
      -- local to the batch: nothing to put back, whatever stops it
      PERFORM pg_catalog.set_config('application_name', pg_catalog.format('inclusion: purge %s, %s done', perimeter, total), true);
      purged := inclusion_data.purge_batch(perimeter, coalesce(purge_people.as_of, inclusion.today(perimeter)), purge_people.batch);
      COMMIT;
      EXIT WHEN purged = 0;
      total := total + purged;
    END LOOP;
  END LOOP;
END
$$;

COMMENT ON FUNCTION inclusion.touch_contact(bigint, text) IS 'Dernier contact : aujourd''hui ; le délai de conservation repart de là.';
COMMENT ON FUNCTION inclusion.retention_months(text, text) IS 'Durée de conservation : en mois, celle du périmètre ou celle par défaut.';
COMMENT ON FUNCTION inclusion.kept_since(text, text, date) IS 'Début de la conservation : premier jour de ce qui est encore gardé.';
COMMENT ON FUNCTION inclusion.due_people(text, date) IS 'Durée passée : personnes à effacer, données limitées exceptées.';
COMMENT ON PROCEDURE inclusion.purge_people(date, int) IS 'Purge : efface par lots ceux dont la durée de conservation est passée ; à appeler seule, hors transaction.';
