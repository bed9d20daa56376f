/*
 * 20_identity: reading and writing who somebody is.
 *
 * Nobody selects names, nor writes them in the table.  One says whose file one
 * opens, row-level security decides with one's own rights, the opening is noted
 * in the journal, and only then are the names given, or written.  Whoever was
 * only proposed to a structure has no name there: it is given with their word.
 */

-- In whose name the session acts: the role it has taken, else its login.  Unlike
-- current_user it is the same inside a function with its definer's rights.
CREATE FUNCTION inclusion.caller() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE pg_catalog.current_setting('role') WHEN 'none' THEN session_user ELSE pg_catalog.current_setting('role') END;

-- read_person_file: all that the caller may see of a person, `identity` NULL
-- when that is not who they are; IN003 if nothing.  The reading is journaled.
CREATE FUNCTION inclusion.read_person_file(beneficiary bigint) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(read_person_file.beneficiary);
  who jsonb;
BEGIN
  INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, named)
  VALUES (read_person_file.beneficiary, here, inclusion.shows_name(read_person_file.beneficiary, here));
  SELECT to_jsonb(f) - 'beneficiary' - 'perimeter' INTO who FROM inclusion_data.open_files('read_file') f;
  RETURN jsonb_build_object('beneficiary', read_person_file.beneficiary, 'perimeter', here, 'identity', who)
    || inclusion.person_facts(read_person_file.beneficiary, here);
END
$$;

-- What the registry says of a person besides their name, as far as the caller
-- may see it.
CREATE FUNCTION inclusion.person_facts(beneficiary bigint, perimeter text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object(
    'person', (SELECT to_jsonb(b) - 'id' - 'perimeter' - 'geom' FROM inclusion_data.beneficiary b
               WHERE b.id = person_facts.beneficiary AND b.perimeter = person_facts.perimeter),
    'accommodations', (SELECT coalesce(jsonb_agg(a.code ORDER BY a.code), '[]') FROM inclusion_data.accommodation_need a
                       WHERE a.beneficiary = person_facts.beneficiary AND a.perimeter = person_facts.perimeter),
    'enrolments', (SELECT coalesce(jsonb_agg(to_jsonb(e) - 'beneficiary' - 'perimeter' ORDER BY e.id), '[]') FROM inclusion_data.enrolment e
                   WHERE e.beneficiary = person_facts.beneficiary AND e.perimeter = person_facts.perimeter),
    'referents', (SELECT coalesce(jsonb_agg(to_jsonb(r) - 'beneficiary' - 'perimeter' ORDER BY r.since, r.agent), '[]') FROM inclusion_data.referent r
                  WHERE r.beneficiary = person_facts.beneficiary AND r.perimeter = person_facts.perimeter),
    'assessments', (SELECT coalesce(jsonb_agg(jsonb_build_object('on', a.assessed_on, 'instrument', a.instrument, 'vector', a.vector::text)
                                              ORDER BY a.assessed_on, a.id), '[]') FROM inclusion_data.assessment a
                    WHERE a.beneficiary = person_facts.beneficiary AND a.perimeter = person_facts.perimeter),
    'circumstances', (SELECT coalesce(jsonb_agg(jsonb_build_object('on', c.recorded_on, 'item', c.item, 'answer', c.answer, 'source', c.source)
                                                ORDER BY c.recorded_on, c.item, c.n), '[]') FROM inclusion_data.circumstance c
                      WHERE c.beneficiary = person_facts.beneficiary AND c.perimeter = person_facts.perimeter),
    'needs', (SELECT coalesce(jsonb_agg(jsonb_build_object('family', n.family, 'goal', n.goal, 'words', n.words, 'target', n.target::text,
                                                           'opened_on', n.opened_on, 'closed_on', n.closed_on) ORDER BY n.id), '[]')
              FROM inclusion_data.expressed_need n
              WHERE n.beneficiary = person_facts.beneficiary AND n.perimeter = person_facts.perimeter),
    'proposals', (SELECT coalesce(jsonb_agg(jsonb_build_object('proposal', p.id, 'offer', p.offer, 'state', w.state) ORDER BY p.id), '[]')
                  FROM inclusion_data.proposal p JOIN inclusion_data.proposal_now w ON w.id = p.id
                  WHERE p.beneficiary = person_facts.beneficiary AND p.perimeter = person_facts.perimeter))
$$;

-- There is a name, and row-level security shows the caller that there is.
CREATE FUNCTION inclusion.shows_name(beneficiary bigint, perimeter text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM inclusion_data.identity i
                 WHERE i.beneficiary = shows_name.beneficiary AND i.perimeter = shows_name.perimeter)
$$;

-- read_contacts: names and ways to reach the people of a list who are known to
-- the caller by name; others are left out.  Each that is seen is journaled.
CREATE FUNCTION inclusion.read_contacts(beneficiaries bigint[])
RETURNS TABLE (beneficiary bigint, first_name text, last_name text, phone text, email text, contact_by text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM inclusion.require_registry();
  INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, named)
  SELECT b.id, b.perimeter, inclusion.shows_name(b.id, b.perimeter)
  FROM inclusion_data.beneficiary b WHERE b.id = ANY (read_contacts.beneficiaries);
  RETURN QUERY SELECT f.beneficiary, f.first_name, f.last_name, f.phone, f.email, f.contact_by
  FROM inclusion_data.open_files('read_contacts') f ORDER BY f.beneficiary;
END
$$;

-- identify: who a person is, given later than their enrolment or corrected.  An
-- argument left out keeps what is known, '' takes a phone or an e-mail away.
--   asked_again    as in enrol()
CREATE FUNCTION inclusion.identify(beneficiary bigint, first_name text DEFAULT NULL, last_name text DEFAULT NULL,
                                   birth_year int DEFAULT NULL, commune text DEFAULT NULL,
                                   phone text DEFAULT NULL, email text DEFAULT NULL, contact_by text DEFAULT NULL,
                                   asked_again boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(identify.beneficiary);
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.refuse_nir(first_name, last_name, phone, email);
  INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, named) VALUES (identify.beneficiary, here, true);
  PERFORM inclusion_data.write_identity(identify.beneficiary, identify.first_name, identify.last_name, identify.birth_year,
                                        identify.commune, identify.phone, identify.email, identify.contact_by, identify.asked_again);
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN004', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

COMMENT ON FUNCTION inclusion.caller() IS 'Compte agissant : le rôle pris par la session, ou à défaut celui qui s''est connecté.';
COMMENT ON FUNCTION inclusion.read_person_file(bigint) IS 'Dossier d''une personne : tout ce que l''on a le droit d''en voir ; la lecture est consignée.';
COMMENT ON FUNCTION inclusion.person_facts(bigint, text) IS 'Faits d''un dossier : tout sauf l''identité, dans la limite de ce que l''on a le droit de voir.';
COMMENT ON FUNCTION inclusion.shows_name(bigint, text) IS 'Nom ouvert : vrai si la personne en a donné un que l''on a le droit de lire.';
COMMENT ON FUNCTION inclusion.identify(bigint, text, text, int, text, text, text, text, boolean) IS 'Identité d''une personne : donnée après l''inscription, ou corrigée ; ce qui n''est pas dit demeure.';
COMMENT ON FUNCTION inclusion.read_contacts(bigint[]) IS 'Contacts d''une liste : noms et moyens de joindre les personnes visibles ; chaque lecture est consignée.';
