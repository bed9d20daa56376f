/*
 * 10_enrol: bringing a person in, in one call; and letting them go.
 */

-- Until declare_real() has passed, a perimeter takes invented people only, and
-- tests keep doing so.  A name cannot be checked, a way to reach somebody can: numbers that
-- the regulator keeps for fiction (Arcep, decision 2018-0881) and domains kept
-- for examples (RFC 2606).
CREATE FUNCTION inclusion.refuse_real_identity(perimeter text, phone text, email text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  digits constant text := regexp_replace(regexp_replace(coalesce(phone, ''), '^\s*(\+|00)33', '0'), '[^0-9]', '', 'g');
BEGIN
  IF NOT (SELECT p.fictitious FROM inclusion_data.perimeter p WHERE p.code = refuse_real_identity.perimeter) THEN
    IF EXISTS (SELECT FROM inclusion_data.real_declaration d WHERE d.perimeter = refuse_real_identity.perimeter) THEN
      RETURN;
    END IF;
    RAISE EXCEPTION 'perimeter "%" is not fictitious, and was not declared real', perimeter
      USING ERRCODE = 'IN002', HINT = 'A superuser runs inclusion.declare_real(perimeter, dpo, day), which checks its protection.';
  END IF;
  IF phone IS NOT NULL AND digits !~ '^(019900|026191|035301|046571|053649|063998)[0-9]{4}$' THEN
    RAISE EXCEPTION 'phone number "%" could be real, and perimeter "%" takes invented people only', phone, perimeter
      USING ERRCODE = 'IN002', HINT = 'Use a number kept for fiction, such as 06 39 98 00 00, or none.';
  END IF;
  IF email IS NOT NULL AND email !~* '^[^@]+@([a-z0-9-]+\.)*(example\.(com|net|org)|example|invalid|test)$' THEN
    RAISE EXCEPTION 'e-mail address "%" could be real, and perimeter "%" takes invented people only', email, perimeter
      USING ERRCODE = 'IN002', HINT = 'Use an address in a domain kept for examples, such as example.org, or none.';
  END IF;
END
$$;

-- enrol: a person met at a desk, an event, a doorstep becomes a beneficiary
-- who waits from `enrolled_on`.
--   structure      who enrols; its perimeter is the person's
--   position       longitude and latitude (degrees) of where the person spends
--                  the day (origin day_place) or is domiciled (domiciliation);
--                  else the place of enrolment, else the middle of the commune,
--                  else none: then only remote offers can be found
--   max_distance   metres; NULL leaves the policy's
--   names          both or neither: nobody must say their name to be helped
--   asked_again    true when somebody who asked to be forgotten gives their word
--                  again; IN006 otherwise
--   legal_basis    public_task, or consent to the text of notice_version;
--   consent_by     who gave it: NULL is the person, from the age of 15 on; else a
--                  kind of representative, to be named by name_representative()
--   channel, campaign, event   what brought the person here; an event gives what
--                  was left out of place
-- Returns the number of the beneficiary.
CREATE FUNCTION inclusion.enrol(
  structure bigint, format text DEFAULT 'desk', enrolled_on date DEFAULT NULL,
  first_name text DEFAULT NULL, last_name text DEFAULT NULL, phone text DEFAULT NULL, email text DEFAULT NULL,
  birth_year int DEFAULT NULL, commune text DEFAULT NULL,
  longitude float8 DEFAULT NULL, latitude float8 DEFAULT NULL, position_origin text DEFAULT 'day_place',
  place bigint DEFAULT NULL, audiences text[] DEFAULT '{}', accommodations text[] DEFAULT '{}',
  languages text[] DEFAULT '{}', slots text[] DEFAULT '{}', modes text[] DEFAULT '{}',
  max_distance float8 DEFAULT NULL, accept_remote boolean DEFAULT true, accept_on_site boolean DEFAULT true,
  contact_by text DEFAULT 'phone', notice_version text DEFAULT '1', agent bigint DEFAULT NULL,
  asked_again boolean DEFAULT false, legal_basis text DEFAULT 'public_task', consent_by text DEFAULT NULL,
  channel text DEFAULT 'unsaid', campaign bigint DEFAULT NULL, event bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
  day date;
  met_at bigint;
  spot record;
  person bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT s.perimeter INTO here FROM inclusion_data.structure s WHERE s.id = enrol.structure;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown structure %', structure
      USING ERRCODE = 'IN004', HINT = 'Register it with inclusion.register_structure(name, perimeter).';
  END IF;
  PERFORM inclusion.refuse_nir(first_name, last_name, phone, email, notice_version, commune);
  -- a form left empty says nothing
  enrol.phone := nullif(btrim(phone), '');
  enrol.email := nullif(btrim(email), '');
  PERFORM inclusion.refuse_real_identity(here, phone, email);
  day := coalesce(enrolled_on, inclusion.today(here));
  IF day > inclusion.today(here) THEN
    RAISE EXCEPTION 'enrolment date % is in the future', day
      USING ERRCODE = 'IN004', HINT = 'Give the day the person was met.';
  END IF;
  PERFORM inclusion.check_birth_year(birth_year, day);
  IF (first_name IS NULL) <> (last_name IS NULL) THEN
    RAISE EXCEPTION 'a name needs both first_name and last_name'
      USING ERRCODE = 'IN004', HINT = 'Give both, or neither.';
  END IF;
  IF first_name IS NULL AND (phone IS NOT NULL OR email IS NOT NULL) THEN
    RAISE EXCEPTION 'a way to reach somebody needs a name'
      USING ERRCODE = 'IN004', HINT = 'Give first_name and last_name, even a name the person chooses, or no phone and no e-mail.';
  END IF;
  IF (longitude IS NULL) <> (latitude IS NULL) THEN
    RAISE EXCEPTION 'a position needs both longitude and latitude'
      USING ERRCODE = 'IN004', HINT = 'Give both, or neither.';
  END IF;
  IF commune IS NOT NULL AND NOT EXISTS (SELECT FROM inclusion_data.territory t WHERE t.code = enrol.commune AND t.kind = 'commune') THEN
    RAISE EXCEPTION 'unknown commune "%"', commune
      USING ERRCODE = 'IN004', HINT = 'Communes are written COM- and their official code, e.g. COM-27229; load them with inclusion.load_territories().';
  END IF;

  -- article 45 of the law of 6 January 1978: under 15 nobody consents alone
  IF legal_basis = 'consent' AND consent_by IS NULL AND inclusion.age_on(birth_year, day) < 15 THEN
    RAISE EXCEPTION 'somebody of % does not consent alone', inclusion.age_on(birth_year, day)
      USING ERRCODE = 'IN004', HINT = 'Hear who has parental authority: consent_by => ''parent''.';
  END IF;

  met_at := coalesce(place, (SELECT v.place FROM inclusion_data.enrolment_event v WHERE v.id = enrol.event));
  -- the first position known, best origin first
  SELECT v.lon, v.lat, v.origin INTO spot FROM (
    SELECT 1 AS n, enrol.longitude AS lon, enrol.latitude AS lat, enrol.position_origin AS origin
    UNION ALL SELECT 2, p.longitude, p.latitude, 'enrolment_place' FROM inclusion_data.place p WHERE p.id = met_at
    UNION ALL SELECT 3, t.longitude, t.latitude, 'commune' FROM inclusion_data.territory t WHERE t.code = enrol.commune
    UNION ALL SELECT 4, NULL, NULL, 'unknown') v
  WHERE v.lon IS NOT NULL OR v.n = 4
  ORDER BY v.n LIMIT 1;

  INSERT INTO inclusion_data.beneficiary AS b (perimeter, structure, birth_year, commune, longitude, latitude,
    position_origin, max_distance, accept_remote, accept_on_site, audiences, languages, slots, modes, last_contact_on)
  VALUES (here, enrol.structure, enrol.birth_year, enrol.commune, spot.lon, spot.lat,
    spot.origin, enrol.max_distance, enrol.accept_remote, enrol.accept_on_site, enrol.audiences, enrol.languages,
    enrol.slots, enrol.modes, day)
  RETURNING b.id INTO person;
  IF first_name IS NOT NULL THEN
    INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, named) VALUES (person, here, true);
    PERFORM inclusion_data.write_identity(person, enrol.first_name, enrol.last_name, enrol.birth_year, enrol.commune,
                                          enrol.phone, enrol.email, enrol.contact_by, enrol.asked_again);
  END IF;
  INSERT INTO inclusion_data.accommodation_need (beneficiary, perimeter, code)
  SELECT DISTINCT person, here, c FROM unnest(accommodations) c;
  INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, agent, place, channel, campaign, event, enrolled_on,
    legal_basis, consent_by, notice_version)
  VALUES (here, person, enrol.format, enrol.structure, inclusion.signing_agent(enrol.agent), met_at, enrol.channel, enrol.campaign, enrol.event, day,
    enrol.legal_basis, enrol.consent_by, enrol.notice_version);
  RETURN person;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE EXCEPTION 'role "%" may not enrol for structure %', current_user, structure
    USING ERRCODE = 'insufficient_privilege', DETAIL = SQLERRM, HINT = 'Enrol for a structure that is open to you, or ask its lead for access: inclusion.grant_access().';
WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN004', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- The perimeter of a person the caller may see; IN003 otherwise, and the same
-- whether the person does not exist or is somebody else's.  A file gone into
-- another is nobody's to read or write in: whoever sees the other is told which.
CREATE FUNCTION inclusion.perimeter_of(beneficiary bigint) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT b.perimeter INTO here FROM inclusion_data.beneficiary b WHERE b.id = perimeter_of.beneficiary;
  PERFORM inclusion.refuse_merged(ARRAY[perimeter_of.beneficiary]);
  IF here IS NULL THEN
    RAISE EXCEPTION 'no beneficiary % that you may see', beneficiary
      USING ERRCODE = 'IN003', HINT = 'Check the number, or ask for access to the structure that follows this person.';
  END IF;
  RETURN here;
END
$$;

-- withdraw: the person no longer waits; what was recorded stays.  Once the day
-- has come, a proposal they have not come to is withdrawn too: its seat is free.
CREATE FUNCTION inclusion.withdraw(beneficiary bigint, withdrawn_on date DEFAULT NULL, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(withdraw.beneficiary);
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  -- locked first, proposals before the file as everywhere: what is live then is
  -- what the statements after see
  PERFORM FROM inclusion_data.proposal p WHERE p.beneficiary = withdraw.beneficiary AND p.perimeter = here ORDER BY p.id FOR UPDATE;
  PERFORM inclusion.hold_file(withdraw.beneficiary, here);
  UPDATE inclusion_data.enrolment e SET withdrawn_on = coalesce(withdraw.withdrawn_on, inclusion.today(here))
  WHERE e.beneficiary = withdraw.beneficiary AND e.perimeter = here AND e.withdrawn_on IS NULL;
  IF coalesce(withdraw.withdrawn_on <= inclusion.today(here), true) THEN
    PERFORM inclusion.withdraw_proposal(w.id, agent => withdraw.agent) FROM inclusion_data.proposal_now w
    WHERE w.beneficiary = withdraw.beneficiary AND w.perimeter = here AND w.live AND w.state <> 'attended' ORDER BY w.id;
  END IF;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN004', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

COMMENT ON FUNCTION inclusion.refuse_real_identity(text, text, text) IS 'Identité réelle : IN002 tant que le périmètre n''a pas été déclaré réel.';
COMMENT ON FUNCTION inclusion.enrol(bigint, text, date, text, text, text, text, int, text, float8, float8, text, bigint, text[], text[], text[], text[], text[], float8, boolean, boolean, text, text, bigint, boolean, text, text, text, bigint, bigint) IS
  'Inscription : une personne rencontrée entre dans la file active ; rend son numéro.';
COMMENT ON FUNCTION inclusion.perimeter_of(bigint) IS 'Périmètre d''une personne : IN003 si elle n''est pas visible.';
COMMENT ON FUNCTION inclusion.withdraw(bigint, date, bigint) IS 'Retrait : la personne n''attend plus, sa place proposée est rendue ; ce qui a été noté demeure.';
