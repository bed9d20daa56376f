/*
 * 50_retention: how long anything is kept, and what ends it.
 */

-- Meeting a person, or hearing from them, starts the time again.
CREATE FUNCTION inclusion.touch_contact(beneficiary bigint, perimeter text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  day constant date := inclusion.today(touch_contact.perimeter);
BEGIN
  PERFORM inclusion.hold_file(touch_contact.beneficiary, touch_contact.perimeter);
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
    -- who was merged goes with the file that was kept
    AND NOT EXISTS (SELECT FROM inclusion_data.file_merge m WHERE m.merged = b.id AND m.perimeter = b.perimeter AND m.undone_at IS NULL)
  ORDER BY b.last_contact_on, b.id
$$;

-- Nobody's time is over ahead of time.
CREATE FUNCTION inclusion.refuse_purge_ahead(perimeter text, as_of date) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF as_of > inclusion.today(refuse_purge_ahead.perimeter) THEN
    RAISE EXCEPTION 'purge date % is in the future', as_of
      USING ERRCODE = 'IN812', HINT = 'Leave the date out: it is today.';
  END IF;
END
$$;

COMMENT ON FUNCTION inclusion.touch_contact(bigint, text) IS 'Dernier contact : aujourd''hui ; le délai de conservation repart de là.';
COMMENT ON FUNCTION inclusion.retention_months(text, text) IS 'Durée de conservation : en mois, celle du périmètre ou celle par défaut.';
COMMENT ON FUNCTION inclusion.kept_since(text, text, date) IS 'Début de la conservation : premier jour de ce qui est encore gardé.';
COMMENT ON FUNCTION inclusion.due_people(text, date) IS 'Durée passée : personnes à effacer, données limitées exceptées.';
COMMENT ON FUNCTION inclusion.refuse_purge_ahead(text, date) IS 'Purge anticipée : IN812 si le jour donné n''est pas encore venu.';
