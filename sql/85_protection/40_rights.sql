/*
 * 40_rights: what a person may ask of their data.
 *
 * The data-protection officer answers.  What reads is here, with the caller's
 * rights; what writes is in the registry, with its owner's (78_rights), and
 * every act is journaled.
 */

-- Every table that says something of a person, with the condition that finds
-- it: $1 is the number, $2 the perimeter.  A table either names the beneficiary
-- or refers to one that does; the deepest come first when rows are removed.
CREATE FUNCTION inclusion.person_tables() RETURNS TABLE (relation regclass, depth int, condition text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE ours AS (
    SELECT c.oid, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'beneficiary' AND NOT a.attisdropped) AS names_person
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'inclusion_data' AND c.relkind IN ('r', 'p')
  ), walk (oid, depth, condition) AS (
    SELECT c.oid, 0, 'id = ANY ($1) AND perimeter = $2'
    FROM ours JOIN pg_class c USING (oid) WHERE c.relname = 'beneficiary'
    UNION ALL
    -- keys that begin with the night or the slot are entered by it: their tables
    -- hold everybody, night after night
    SELECT o.oid, 1, CASE WHEN c.relname ~ '^run_' THEN 'run IN (SELECT r.id FROM inclusion_data.run r) AND '
                          WHEN c.relname = 'active_list' THEN 'slot IN (1, 2) AND ' ELSE '' END
                     || 'beneficiary = ANY ($1) AND perimeter = $2'
    FROM ours o JOIN pg_class c USING (oid) WHERE o.names_person
    UNION ALL
    SELECT k.conrelid, w.depth + 1, format('(%s) IN (SELECT %s FROM %s WHERE %s)',
             inclusion.column_list(k.conrelid, k.conkey), inclusion.column_list(k.confrelid, k.confkey), w.oid::regclass, w.condition)
    FROM walk w JOIN pg_constraint k ON k.contype = 'f' AND k.confrelid = w.oid AND k.conrelid <> k.confrelid
    JOIN ours o ON o.oid = k.conrelid AND NOT o.names_person
  )
  SELECT DISTINCT ON (w.oid) w.oid::regclass, w.depth, w.condition FROM walk w ORDER BY w.oid, w.depth DESC
$$;

CREATE FUNCTION inclusion.column_list(relation oid, columns smallint[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.n)
  FROM unnest(columns) WITH ORDINALITY AS k (attnum, n)
  JOIN pg_attribute a ON a.attrelid = relation AND a.attnum = k.attnum
$$;

-- The label of a relation (NULL) or of one of its columns: what stands before
-- the colon of its French comment.
CREATE FUNCTION inclusion.label_of(relation oid, attnum int DEFAULT 0) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT split_part(CASE WHEN attnum = 0 THEN obj_description(relation, 'pg_class') ELSE col_description(relation, attnum) END, ' : ', 1)
$$;

-- Rights are exercised through the officer: anybody else sees but a part.
CREATE FUNCTION inclusion.require_dpo() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.require_registry();
  IF NOT pg_has_role(current_user, 'inclusion_dpo', 'USAGE') THEN
    RAISE EXCEPTION 'role "%" does not answer for people''s rights', current_user
      USING ERRCODE = 'insufficient_privilege', HINT = 'Send the request to the data-protection officer, a member of inclusion_dpo.';
  END IF;
END
$$;

-- A reason is short, said, and holds no identity number.
CREATE FUNCTION inclusion.require_reason(reason text) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(length(btrim(reason)), 0) NOT BETWEEN 1 AND 500 THEN
    RAISE EXCEPTION 'the reason has % characters', coalesce(length(btrim(reason)), 0)
      USING ERRCODE = 'IN812', HINT = 'Say in 1 to 500 characters what was asked, without naming anybody.';
  END IF;
  PERFORM inclusion.refuse_nir(reason);
END
$$;

-- --- access ---------------------------------------------------------------------

-- The rows of one table as a person can read them: our vectors as levels, other
-- foreign types as text, nothing that is only computed.
CREATE FUNCTION inclusion.export_rows(relation regclass, condition text, people bigint[], perimeter text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  fields text;
  answer jsonb;
BEGIN
  SELECT string_agg(CASE WHEN t.oid = 'inclusion.competence_vector'::regtype THEN format('%1$I::jsonb AS %1$I', a.attname)
                         WHEN t.typnamespace <> 'pg_catalog'::regnamespace THEN format('%1$I::text AS %1$I', a.attname)
                         ELSE quote_ident(a.attname) END, ', ' ORDER BY a.attnum)
  INTO fields
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  WHERE a.attrelid = export_rows.relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
  EXECUTE format('SELECT coalesce(jsonb_agg(to_jsonb(r)), ''[]'') FROM (SELECT %s FROM %s WHERE %s) r', fields, relation, condition)
  INTO answer USING people, perimeter;
  RETURN answer;
END
$$;

-- The proposals made to a person, in words.
CREATE FUNCTION inclusion.export_proposals(beneficiary bigint, perimeter text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('number', p.id, 'offer', o.name, 'session', s.starts_at, 'answer_by', p.expires_on,
           'steps', (SELECT jsonb_agg(jsonb_build_object('n', t.n, 'state', t.to_state, 'label', l.label, 'at', t.at, 'reason', t.reason) ORDER BY t.n)
                     FROM inclusion_data.proposal_step t JOIN inclusion_data.proposal_state l ON l.code = t.to_state
                     WHERE t.proposal = p.id AND t.perimeter = p.perimeter)) ORDER BY p.id), '[]')
  FROM inclusion_data.proposal p
  JOIN inclusion_data.offer o ON o.id = p.offer JOIN inclusion_data.session s ON s.id = p.session
  WHERE p.beneficiary = export_proposals.beneficiary AND p.perimeter = export_proposals.perimeter
$$;

-- Why the night in force gave this place, or none.
CREATE FUNCTION inclusion.export_explanation(beneficiary bigint, perimeter text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_agg(to_jsonb(e) ORDER BY e.list_position NULLS LAST), '[]')
  FROM inclusion_data.active_list_pointer a
  JOIN inclusion_data.run_result d ON d.run = a.run AND d.perimeter = a.perimeter AND d.beneficiary = export_explanation.beneficiary
  JOIN inclusion_data.run_candidate c ON c.run = d.run AND c.perimeter = d.perimeter AND c.beneficiary = d.beneficiary
  CROSS JOIN LATERAL inclusion.explain_allocation(a.run, export_explanation.beneficiary) e
  WHERE a.perimeter = export_explanation.perimeter
$$;

-- One table of an export: its label, those of its columns, the person's rows.
CREATE FUNCTION inclusion.export_table(relation regclass, rows jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object(
    'label', inclusion.label_of(relation),
    'columns', (SELECT jsonb_object_agg(a.attname, inclusion.label_of(relation, a.attnum)) FROM pg_attribute a
                WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
    'rows', rows)
$$;

-- export_person: everything held about one person, and nothing of anybody else;
-- numbers of agents, offers and structures stay numbers.  The officer selects no
-- name either: the file is opened, which journals the export.
CREATE FUNCTION inclusion.export_person(beneficiary bigint) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
  who jsonb;
  held jsonb;
BEGIN
  PERFORM inclusion.require_dpo();
  here := inclusion.perimeter_of(export_person.beneficiary);
  INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, named)
  SELECT p, here, true FROM unnest(inclusion_data.with_merged(ARRAY[export_person.beneficiary])) p;
  SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') INTO who FROM inclusion_data.open_files('export_person') f;
  SELECT jsonb_object_agg(c.relname, inclusion.export_table(t.relation,
           CASE c.relname WHEN 'identity' THEN who
                          ELSE inclusion.export_rows(t.relation, t.condition, inclusion_data.with_merged(ARRAY[export_person.beneficiary]), here) END))
  INTO held
  FROM inclusion.person_tables() t JOIN pg_class c ON c.oid = t.relation
  WHERE has_table_privilege(c.oid, 'SELECT') OR c.relname = 'identity';
  RETURN jsonb_build_object('beneficiary', export_person.beneficiary, 'perimeter', here, 'exported_on', inclusion.today(here),
    'tables', held,
    -- what even the officer does not read, such as keyed fingerprints, is named
    'withheld', (SELECT coalesce(jsonb_agg(inclusion.label_of(t.relation) ORDER BY t.relation), '[]')
                 FROM inclusion.person_tables() t JOIN pg_class c ON c.oid = t.relation
                 -- names of representatives go with the identity
                 WHERE NOT held ? c.relname::text AND c.relname <> 'representative_name'),
    'proposals', inclusion.export_proposals(export_person.beneficiary, here),
    'explanation', inclusion.export_explanation(export_person.beneficiary, here));
END
$$;

-- --- rectification ----------------------------------------------------------------

-- rectify_person: one field of a closed list, checked as enrol() checks it.  The
-- value is text, a list is written {a,b}, NULL takes it away; the value before
-- is journaled as a keyed fingerprint only.
CREATE FUNCTION inclusion.rectify_person(beneficiary bigint, field text, value text, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.require_dpo(), inclusion.require_reason(rectify_person.reason), inclusion.refuse_nir(value);
  here := inclusion.perimeter_of(rectify_person.beneficiary);
  IF field IN ('phone', 'email') THEN
    PERFORM inclusion.refuse_real_identity(here, CASE WHEN field = 'phone' THEN value END, CASE WHEN field = 'email' THEN value END);
  END IF;
  PERFORM inclusion_data.rectify_row(rectify_person.beneficiary, here, rectify_person.field, rectify_person.value, rectify_person.reason);
EXCEPTION WHEN integrity_constraint_violation OR data_exception OR SQLSTATE 'IN306' THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN812', HINT = coalesce(inclusion.broken_rule(nullif(broken_table, ''), broken_column, broken_rule),
    format('Give a value that field "%s" can hold; a list is written {a,b}, a position longitude,latitude.', field));
END
$$;

-- --- restriction and objection ------------------------------------------------------

-- restrict_person: kept, and hidden from everybody but the officer.  Bookings
-- stand still and keep their seats; the nights leave the person out.
CREATE FUNCTION inclusion.restrict_person(beneficiary bigint, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
BEGIN
  PERFORM inclusion.require_dpo(), inclusion.require_reason(restrict_person.reason);
  here := inclusion.perimeter_of(restrict_person.beneficiary);
  PERFORM inclusion_data.restrict_row(restrict_person.beneficiary, here, restrict_person.reason);
END
$$;

CREATE FUNCTION inclusion.lift_restriction(beneficiary bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
BEGIN
  PERFORM inclusion.require_dpo();
  here := inclusion.perimeter_of(lift_restriction.beneficiary);
  IF NOT inclusion_data.restrict_row(lift_restriction.beneficiary, here, NULL) THEN
    RAISE EXCEPTION 'the data of beneficiary % are not restricted', beneficiary
      USING ERRCODE = 'IN812', HINT = 'SELECT beneficiary FROM inclusion_data.restriction lists those that are.';
  END IF;
END
$$;

-- object_to: this use ends with the next read.  Whoever leaves the active list
-- gives back the places they had not agreed to; what they agreed to stands.
-- Returns how many places.
CREATE FUNCTION inclusion.object_to(beneficiary bigint, purpose text) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
BEGIN
  PERFORM inclusion.require_dpo();
  here := inclusion.perimeter_of(object_to.beneficiary);
  IF NOT EXISTS (SELECT FROM inclusion_data.purpose p WHERE p.code = object_to.purpose AND p.objectable) THEN
    RAISE EXCEPTION 'nobody can object to purpose "%" alone', purpose
      USING ERRCODE = 'IN812',
            HINT = format('One can object to: %s; or ask for erasure with inclusion.erase_person().',
                          (SELECT string_agg(p.code, ', ' ORDER BY p.code) FROM inclusion_data.purpose p WHERE p.objectable));
  END IF;
  RETURN inclusion_data.object_row(object_to.beneficiary, here, object_to.purpose);
END
$$;

-- --- erasure and transfer -----------------------------------------------------------

-- erase_person: places to come are given back, then everything that says
-- something of the person is removed, at once or not at all.  One row per thing
-- done; a backup that still holds them is named, with the day it goes.
CREATE FUNCTION inclusion.erase_person(beneficiary bigint, reason text) RETURNS TABLE (what text, rows bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
BEGIN
  PERFORM inclusion.require_dpo(), inclusion.require_reason(erase_person.reason);
  here := inclusion.perimeter_of(erase_person.beneficiary);
  RETURN QUERY SELECT e.what, e.rows FROM inclusion_data.erase_people(ARRAY[erase_person.beneficiary], here, erase_person.reason) e;
  RETURN QUERY SELECT format('Sauvegarde « %s » du %s, gardée jusqu''au %s', b.label, b.taken_at::date, b.keeps_until), NULL::bigint
               FROM inclusion_data.backup_log b WHERE b.keeps_until >= current_date ORDER BY b.taken_at;
END
$$;

-- transfer: to another perimeter, on the person's word.  They get a new
-- number there, with their history; proposals are withdrawn, the referent and
-- the nights stay behind and are removed.  Returns the new number.
CREATE FUNCTION inclusion.transfer(beneficiary bigint, perimeter text, structure bigint, word text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
  there constant text := inclusion.resolve_perimeter(transfer.perimeter);
BEGIN
  PERFORM inclusion.require_dpo(), inclusion.require_reason(transfer.word);
  here := inclusion.perimeter_of(transfer.beneficiary);
  IF here = there THEN
    RAISE EXCEPTION 'beneficiary % already is in perimeter "%"', beneficiary, there
      USING ERRCODE = 'IN812', HINT = 'Name the perimeter the person moves to.';
  END IF;
  IF NOT EXISTS (SELECT FROM inclusion_data.structure s WHERE s.id = transfer.structure AND s.perimeter = there) THEN
    RAISE EXCEPTION 'structure % is not of perimeter "%"', structure, there
      USING ERRCODE = 'IN004', HINT = 'Name the structure that will follow the person there.';
  END IF;
  -- invented people do not mix with real ones
  IF (SELECT count(DISTINCT p.fictitious) FROM inclusion_data.perimeter p WHERE p.code IN (here, there)) > 1 THEN
    RAISE EXCEPTION 'of perimeters "%" and "%" one holds real people, the other invented ones', here, there
      USING ERRCODE = 'IN002', HINT = 'A person moves between two perimeters of the same kind.';
  END IF;
  RETURN inclusion_data.transfer_rows(transfer.beneficiary, here, there, transfer.structure, transfer.word);
END
$$;

-- --- policies -----------------------------------------------------------------------

-- Restricted people are hidden from agents, verb by verb; those who object to
-- the active list, from the list.
CREATE PROCEDURE inclusion.protect_restricted()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  agents constant text := 'inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward';
  missing record;
BEGIN
  FOR missing IN
    SELECT m.relation, m.policy, m.verb,
           format('NOT inclusion.among(%s, (SELECT inclusion_data.set_aside(%L)))', CASE WHEN c.relname = 'beneficiary' THEN 'id' ELSE 'beneficiary' END,
                  CASE WHEN c.relname = 'active_list' THEN 'active_list' END) AS visible
    FROM inclusion.restricted_policies_missing() m JOIN pg_class c ON c.oid = m.relation WHERE c.relrowsecurity
  LOOP
    EXECUTE format('CREATE POLICY %I ON %s AS RESTRICTIVE FOR %s TO %s', missing.policy, missing.relation, missing.verb, agents)
      || CASE WHEN missing.verb <> 'INSERT' THEN format(' USING (%s)', missing.visible) ELSE '' END
      || CASE WHEN missing.verb IN ('INSERT', 'UPDATE') THEN format(' WITH CHECK (%s)', missing.visible) ELSE '' END;
  END LOOP;
END
$$;

-- What is deeper than a table that names the person is seen through it; the
-- journal is shown to no agent.
CREATE FUNCTION inclusion.restricted_policies_missing() RETURNS TABLE (relation regclass, policy text, verb text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.relation, 'restricted_' || lower(v), v
  FROM inclusion.person_tables() t JOIN pg_class c ON c.oid = t.relation CROSS JOIN unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) v
  WHERE t.depth <= 1 AND c.relname !~ '^journal'
    AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'restricted_' || lower(v) AND NOT p.polpermissive)
  ORDER BY c.relname, v
$$;

REVOKE ALL ON PROCEDURE inclusion.protect_restricted() FROM PUBLIC;

COMMENT ON FUNCTION inclusion.person_tables() IS 'Tables d''une personne : celles qui la nomment ou s''y rattachent, avec la condition qui l''y trouve.';
COMMENT ON FUNCTION inclusion.column_list(oid, smallint[]) IS 'Liste de colonnes : noms dans l''ordre donné, prêts à écrire dans une requête.';
COMMENT ON FUNCTION inclusion.label_of(oid, int) IS 'Libellé : début de la description française d''une table ou d''une colonne.';
COMMENT ON FUNCTION inclusion.require_dpo() IS 'Droits des personnes : réservés au délégué à la protection des données.';
COMMENT ON FUNCTION inclusion.require_reason(text) IS 'Motif : dit en 500 caractères au plus, sans numéro de sécurité sociale ; IN812 sinon.';
COMMENT ON FUNCTION inclusion.export_rows(regclass, text, bigint[], text) IS 'Lignes d''une table : celles d''une personne, lisibles hors d''inclusion.';
COMMENT ON FUNCTION inclusion.export_table(regclass, jsonb) IS 'Table exportée : son libellé, ceux de ses colonnes et les lignes de la personne.';
COMMENT ON FUNCTION inclusion.export_proposals(bigint, text) IS 'Propositions d''une personne : avec leurs étapes dites en clair.';
COMMENT ON FUNCTION inclusion.export_explanation(bigint, text) IS 'Explication de la dernière nuit : pourquoi cette place, ou pourquoi aucune.';
COMMENT ON FUNCTION inclusion.export_person(bigint) IS 'Droit d''accès : tout ce que le registre sait d''une personne, et rien des autres.';
COMMENT ON FUNCTION inclusion.rectify_person(bigint, text, text, text) IS 'Droit de rectification : corrige un champ ; l''ancienne valeur n''est gardée que sous forme d''empreinte.';
COMMENT ON FUNCTION inclusion.restrict_person(bigint, text) IS 'Droit à la limitation : données gardées, que plus personne n''utilise ; places conservées.';
COMMENT ON FUNCTION inclusion.lift_restriction(bigint) IS 'Fin de la limitation : la personne est de nouveau visible de ceux qui la suivent.';
COMMENT ON FUNCTION inclusion.object_to(bigint, text) IS 'Droit d''opposition : cet usage cesse à la lecture suivante ; rend le nombre de places libérées.';
COMMENT ON FUNCTION inclusion.erase_person(bigint, text) IS 'Droit à l''effacement : libère les places, retire tout, et dit ce qui a été fait.';
COMMENT ON FUNCTION inclusion.transfer(bigint, text, bigint, text) IS 'Changement de périmètre : sur la parole de la personne ; rend son nouveau numéro.';
COMMENT ON FUNCTION inclusion.restricted_policies_missing() IS 'Règles manquantes : tables qui ne cachent pas encore aux agents les personnes mises à part.';
COMMENT ON PROCEDURE inclusion.protect_restricted() IS 'Personnes mises à part : les cache aux agents, dans chaque table qui en parle.';
