/*
 * 20_meeting: going to people: an event, a list pasted in the evening, and those
 * who want no file.
 */

-- hold_event: where people were met, and by whom.  Returns its number.
CREATE FUNCTION inclusion.hold_event(structure bigint, name text, held_on date DEFAULT NULL, format text DEFAULT 'event',
                                     place bigint DEFAULT NULL, agents bigint[] DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
  new_event bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.require_registry();
  PERFORM inclusion.refuse_nir(name);
  SELECT s.perimeter INTO here FROM inclusion_data.structure s WHERE s.id = hold_event.structure;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown structure %', structure
      USING ERRCODE = 'IN004', HINT = 'Register it with inclusion.register_structure(name, perimeter).';
  END IF;
  INSERT INTO inclusion_data.enrolment_event AS e (perimeter, structure, format, name, held_on, place)
  VALUES (here, hold_event.structure, hold_event.format, hold_event.name, coalesce(hold_event.held_on, inclusion.today(here)), hold_event.place)
  RETURNING e.id INTO new_event;
  INSERT INTO inclusion_data.enrolment_event_agent (event, perimeter, agent)
  SELECT DISTINCT new_event, here, a FROM unnest(agents) a;
  RETURN new_event;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN004', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- The structure of an event the caller may see.
CREATE FUNCTION inclusion.structure_of_event(event bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held_by bigint;
BEGIN
  SELECT e.structure INTO held_by FROM inclusion_data.enrolment_event e WHERE e.id = structure_of_event.event;
  IF held_by IS NULL THEN
    RAISE EXCEPTION 'no event % that you may see', event
      USING ERRCODE = 'IN004', HINT = 'Record it with inclusion.hold_event(structure, name).';
  END IF;
  RETURN held_by;
END
$$;

-- record_contact: people met who want no file: a count, of contacts and not of
-- persons, which no figure ever takes for persons.
--   what       met, spoken_to or refused
--   structure  who met them; or the event, whose structure it is
CREATE FUNCTION inclusion.record_contact(what text, contacts int DEFAULT 1, structure bigint DEFAULT NULL, event bigint DEFAULT NULL,
                                         met_on date DEFAULT NULL, agent bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  met_by constant bigint := coalesce(structure, inclusion.structure_of_event(event));
  here text;
  day date := met_on;
  new_count bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT s.perimeter INTO here FROM inclusion_data.structure s WHERE s.id = met_by;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown structure %', structure
      USING ERRCODE = 'IN004', HINT = 'Register it with inclusion.register_structure(name, perimeter).';
  ELSIF event IS NOT NULL AND met_by <> inclusion.structure_of_event(event) THEN
    RAISE EXCEPTION 'event % is not held by structure %', event, structure
      USING ERRCODE = 'IN004', HINT = 'Leave the structure out: it is the event''s.';
  END IF;
  day := coalesce(day, (SELECT e.held_on FROM inclusion_data.enrolment_event e WHERE e.id = record_contact.event), inclusion.today(here));
  IF day > inclusion.today(here) THEN
    RAISE EXCEPTION 'contact date % is in the future', day
      USING ERRCODE = 'IN004', HINT = 'Give the day people were met.';
  END IF;
  INSERT INTO inclusion_data.contact_count AS c (perimeter, structure, event, what, contacts, met_on, agent)
  VALUES (here, met_by, record_contact.event, record_contact.what, record_contact.contacts, day, inclusion.signing_agent(record_contact.agent))
  RETURNING c.id INTO new_count;
  RETURN new_count;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN004', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- enrol_list: the evening's rows in one paste, with the header of
-- screening_template(): one person a row, all columns but none required.  A row
-- that is refused stops no other: accepted + rejected = received.
-- Returns each row's number in the paste, the person, or why not.
CREATE FUNCTION inclusion.enrol_list(rows text, structure bigint DEFAULT NULL, event bigint DEFAULT NULL, agent bigint DEFAULT NULL)
RETURNS TABLE (line bigint, beneficiary bigint, code text, problem text, what_to_do text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  met_by constant bigint := coalesce(structure, inclusion.structure_of_event(event));
  here constant text := (SELECT s.perimeter FROM inclusion_data.structure s WHERE s.id = met_by);
  held record;
  row record;
  answered jsonb;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT e.format, e.held_on, e.structure INTO held FROM inclusion_data.enrolment_event e WHERE e.id = event;
  IF here IS NULL OR event IS NOT NULL AND held.structure IS DISTINCT FROM met_by THEN
    RAISE EXCEPTION 'a list needs the structure that met people, or its event'
      USING ERRCODE = 'IN004', HINT = 'Name one of the two; record an event with inclusion.hold_event(structure, name).';
  END IF;
  FOR row IN SELECT r.line AS n, r.fields AS cell, r.problem AS unreadable FROM inclusion.read_csv(inclusion.physical_lines(ARRAY[rows])) r ORDER BY r.line LOOP
    line := row.n;
    beneficiary := NULL;
    code := NULL;
    problem := NULL;
    what_to_do := NULL;
    BEGIN
      IF row.unreadable IS NOT NULL THEN
        RAISE EXCEPTION '%', row.unreadable USING ERRCODE = 'IN007', HINT = 'Copy the rows again from the template, header included.';
      END IF;
      beneficiary := inclusion.enrol_row(met_by, here, row.cell, coalesce(held.format, 'desk'), held.held_on, event, agent);
      SELECT jsonb_object_agg(q.code, row.cell ->> q.code) INTO answered
      FROM inclusion_data.screening_question q
      WHERE q.version = inclusion.screening_in_force(coalesce(held.held_on, inclusion.today(here)))
        AND inclusion.read_answer(row.cell ->> q.code) IS NOT NULL;
      IF answered IS NOT NULL THEN
        PERFORM inclusion.screen(beneficiary, answered, held.held_on, true, agent);
      END IF;
    EXCEPTION WHEN OTHERS THEN
      IF SQLSTATE !~ '^(IN|22|23)' THEN
        RAISE;
      END IF;
      beneficiary := NULL;
      GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, problem = MESSAGE_TEXT, what_to_do = PG_EXCEPTION_HINT;
      INSERT INTO inclusion_data.enrolment_reject (perimeter, structure, event, line, code, agent)
      VALUES (here, met_by, event, line, code, inclusion.signing_agent(agent));
    END;
    RETURN NEXT;
  END LOOP;
END
$$;

-- One row of a list, by the headings of the template.
CREATE FUNCTION inclusion.enrol_row(structure bigint, perimeter text, cell jsonb, format text, day date, event bigint, agent bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  born constant text := inclusion.clean_text(cell ->> 'annee_de_naissance');
  reached_by constant text := coalesce(inclusion.fold(cell ->> 'joindre_par'), '');
BEGIN
  IF born !~ '^[0-9]{4}$' THEN
    RAISE EXCEPTION 'a year of birth is four digits'
      USING ERRCODE = 'IN007', HINT = 'Write for instance 1950, or leave the cell empty.';
  ELSIF reached_by NOT IN ('', 'telephone', 'courriel', 'referent', 'association') THEN
    RAISE EXCEPTION 'nobody is reached by "%"', left(reached_by, 40)
      USING ERRCODE = 'IN007', HINT = 'Write téléphone, courriel, référent or association.';
  END IF;
  RETURN inclusion.enrol(structure => enrol_row.structure, format => enrol_row.format, enrolled_on => enrol_row.day,
    first_name => inclusion.clean_text(cell ->> 'prenom'), last_name => inclusion.clean_text(cell ->> 'nom'),
    phone => inclusion.clean_text(cell ->> 'telephone'), email => inclusion.clean_text(cell ->> 'courriel'),
    birth_year => born::int,
    commune => inclusion.read_commune(inclusion.clean_text(cell ->> 'commune'), enrol_row.perimeter),
    contact_by => CASE reached_by WHEN 'courriel' THEN 'email' WHEN 'referent' THEN 'referent' WHEN 'association' THEN 'association' ELSE 'phone' END,
    event => enrol_row.event, agent => enrol_row.agent);
END
$$;

-- The commune meant by a cell: its code, or its name where one commune of the
-- perimeter bears it, else of the country.  A name that two bear is refused.
CREATE FUNCTION inclusion.read_commune(said text, perimeter text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  named text[];
BEGIN
  IF said IS NULL OR said ~ '^COM-' THEN
    RETURN said;
  ELSIF said ~ '^[0-9][0-9AB][0-9]{3}$' THEN
    RETURN coalesce((SELECT s.successor FROM inclusion_data.territory_successor s WHERE s.former_code = 'COM-' || said), 'COM-' || said);
  END IF;
  SELECT coalesce(array_agg(t.code ORDER BY t.code) FILTER (WHERE t.perimeter = read_commune.perimeter),
                  array_agg(t.code ORDER BY t.code)) INTO named
  FROM inclusion_data.territory t WHERE t.kind = 'commune' AND inclusion.commune_key(t.name) = inclusion.commune_key(said);
  IF cardinality(named) = 1 THEN
    RETURN named[1];
  END IF;
  RAISE EXCEPTION '%', CASE WHEN named IS NULL THEN format('no commune is named "%s"', left(said, 40))
                            ELSE format('%s communes are named "%s"', cardinality(named), left(said, 40)) END
    USING ERRCODE = 'IN007', HINT = CASE WHEN named IS NULL THEN 'Write its name or its official code, or leave the cell empty.'
                                         ELSE format('Write the code of one of: %s.', array_to_string(named[1:10], ', ')) END;
END
$$;

COMMENT ON FUNCTION inclusion.hold_event(bigint, text, date, text, bigint, bigint[]) IS 'Rencontre : où, quand et par qui des personnes ont été rencontrées ; rend son numéro.';
COMMENT ON FUNCTION inclusion.structure_of_event(bigint) IS 'Structure d''une rencontre : celle qui l''organise ; IN004 si la rencontre n''est pas visible.';
COMMENT ON FUNCTION inclusion.record_contact(text, int, bigint, bigint, date, bigint) IS 'Contacts sans fiche : un nombre de rencontres, jamais compté comme des personnes.';
COMMENT ON FUNCTION inclusion.enrol_list(text, bigint, bigint, bigint) IS 'Inscriptions collées : une personne par ligne du tableau ; une ligne refusée n''arrête pas les autres.';
COMMENT ON FUNCTION inclusion.read_commune(text, text) IS 'Commune dite : par son code, ou par son nom s''il n''en désigne qu''une.';
COMMENT ON FUNCTION inclusion.enrol_row(bigint, text, jsonb, text, date, bigint, bigint) IS 'Ligne d''inscription : une personne, d''après les titres du tableau.';
