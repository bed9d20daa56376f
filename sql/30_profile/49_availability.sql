/*
 * 49_availability: when, how and how far somebody can come.
 */

-- set_availability: what a person says of it now; an argument left out keeps what
-- was known, an empty array takes back what was said.  Nothing is written when
-- nothing changes, nor kept of what was said the same day: a slip is no history.
--   slots, modes, languages   codes of these vocabularies
--   max_distance              metres, over 0
--   IN003  nobody of that number whom the caller sees
--   IN101  neither remote nor on site, a distance that is none; IN306 unknown codes
CREATE FUNCTION inclusion.set_availability(beneficiary bigint, slots text[] DEFAULT NULL, modes text[] DEFAULT NULL, languages text[] DEFAULT NULL,
                                           max_distance float8 DEFAULT NULL, accept_remote boolean DEFAULT NULL,
                                           accept_on_site boolean DEFAULT NULL, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(set_availability.beneficiary);
  today constant date := inclusion.today(here);
  known inclusion_data.beneficiary;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.check_codes('slot', slots), inclusion.check_codes('mode', modes), inclusion.check_codes('language', languages);
  SELECT b.* INTO known FROM inclusion_data.beneficiary b
  WHERE b.id = set_availability.beneficiary AND b.perimeter = here FOR UPDATE;
  PERFORM inclusion.touch_contact(set_availability.beneficiary, here);
  UPDATE inclusion_data.beneficiary b
  SET slots = coalesce(set_availability.slots, b.slots), modes = coalesce(set_availability.modes, b.modes),
      languages = coalesce(set_availability.languages, b.languages), max_distance = coalesce(set_availability.max_distance, b.max_distance),
      accept_remote = coalesce(set_availability.accept_remote, b.accept_remote),
      accept_on_site = coalesce(set_availability.accept_on_site, b.accept_on_site)
  WHERE b.id = known.id AND b.perimeter = here
    AND ROW(coalesce(set_availability.slots, b.slots), coalesce(set_availability.modes, b.modes),
            coalesce(set_availability.languages, b.languages), coalesce(set_availability.max_distance, b.max_distance),
            coalesce(set_availability.accept_remote, b.accept_remote), coalesce(set_availability.accept_on_site, b.accept_on_site))
        IS DISTINCT FROM ROW(b.slots, b.modes, b.languages, b.max_distance, b.accept_remote, b.accept_on_site);
  IF FOUND AND NOT EXISTS (SELECT FROM inclusion_data.former_availability f
                           WHERE f.beneficiary = known.id AND f.perimeter = here AND f.changed_on = today) THEN
    INSERT INTO inclusion_data.former_availability (perimeter, beneficiary, changed_on, slots, modes, languages, max_distance,
                                                    accept_remote, accept_on_site, agent)
    VALUES (here, known.id, today, known.slots, known.modes, known.languages, known.max_distance,
            known.accept_remote, known.accept_on_site, inclusion.signing_agent(set_availability.agent));
  END IF;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN101', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

COMMENT ON FUNCTION inclusion.set_availability(bigint, text[], text[], text[], float8, boolean, boolean, bigint) IS
  'Disponibilités : créneaux, modalités, langues et distance d''une personne ; ce qui n''est pas dit demeure, ce qui change est gardé.';
