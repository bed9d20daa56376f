/*
 * 79_identity: to whom names are open, and the one way they are written, the
 * fingerprint with them.
 */

-- The people whose names a role knows besides those of its perimeters: those
-- its structures enrolled, and those sent to what they carry who said yes to it
-- and have not taken it back, in order.  A proposal alone opens no name.
CREATE FUNCTION inclusion_data.identities_of(who name) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  mine constant bigint[] := inclusion_data.structures_of(who);
BEGIN
  IF cardinality(mine) = 0 THEN
    RETURN mine;
  END IF;
  RETURN (
    SELECT coalesce(array_agg(DISTINCT v.beneficiary), '{}') FROM (
      SELECT b.id AS beneficiary FROM inclusion_data.beneficiary b WHERE b.structure = ANY (mine)
      UNION ALL
      SELECT m.beneficiary FROM inclusion_data.beneficiary b
      JOIN inclusion_data.file_merge m ON m.merged = b.id AND m.perimeter = b.perimeter AND m.undone_at IS NULL
      WHERE b.structure = ANY (mine)
      UNION ALL
      SELECT p.beneficiary FROM inclusion_data.offer o
      JOIN inclusion_data.proposal p ON p.offer = o.id
      JOIN unnest(inclusion_data.beneficiaries_of(who)) s (beneficiary) ON s.beneficiary = p.beneficiary
      CROSS JOIN LATERAL (SELECT t.to_state FROM inclusion_data.proposal_step t
                          WHERE t.proposal = p.id AND t.perimeter = p.perimeter ORDER BY t.n DESC LIMIT 1) l
      JOIN inclusion_data.proposal_state t ON t.code = l.to_state
      WHERE o.structure = ANY (mine) AND t.agreed) v);
END
$$;

-- Who is placed at the middle of their commune moves with it.
CREATE FUNCTION inclusion_data.follow_commune(beneficiary bigint, perimeter text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inclusion_data.beneficiary b SET longitude = t.longitude, latitude = t.latitude
  FROM inclusion_data.territory t
  WHERE b.id = follow_commune.beneficiary AND b.perimeter = follow_commune.perimeter
    AND b.position_origin = 'commune' AND t.code = b.commune AND t.longitude IS NOT NULL
$$;

-- Write who somebody is, in a file that this caller and transaction have opened
-- with its name (file_opening).  NULL keeps what is known.  Journaled, unless the
-- person is being enrolled, which leaves a row of its own.
CREATE FUNCTION inclusion_data.write_identity(beneficiary bigint, first_name text, last_name text, birth_year int, commune text,
                                              phone text, email text, contact_by text, asked_again boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
  known record;
BEGIN
  DELETE FROM inclusion_data.file_opening o
  WHERE o.xact = pg_current_xact_id() AND o.actor = inclusion.caller() AND o.beneficiary = write_identity.beneficiary AND o.named
  RETURNING o.perimeter INTO here;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the file of beneficiary % was not opened', beneficiary
      USING ERRCODE = 'insufficient_privilege', HINT = 'Names are written by inclusion.enrol() and inclusion.identify().';
  END IF;
  SELECT i.first_name, i.last_name, b.birth_year, b.commune INTO known
  FROM inclusion_data.beneficiary b LEFT JOIN inclusion_data.identity i ON i.beneficiary = b.id AND i.perimeter = b.perimeter
  WHERE b.id = write_identity.beneficiary AND b.perimeter = here FOR UPDATE OF b;
  -- a new statement: it sees what the lock waited for
  PERFORM inclusion.perimeter_of(write_identity.beneficiary);
  IF coalesce(first_name, known.first_name) IS NULL OR coalesce(last_name, known.last_name) IS NULL THEN
    RAISE EXCEPTION 'a name needs both first_name and last_name'
      USING ERRCODE = 'IN004', HINT = 'Give both: a way to reach somebody needs a name.';
  END IF;
  PERFORM inclusion.check_birth_year(birth_year, inclusion.today(here)),
          inclusion.refuse_real_identity(here, nullif(phone, ''), nullif(email, ''));
  IF known.first_name IS NULL OR first_name <> known.first_name OR last_name <> known.last_name OR birth_year <> known.birth_year THEN
    PERFORM inclusion_data.refuse_forgotten(here, coalesce(first_name, known.first_name), coalesce(last_name, known.last_name),
                                            coalesce(birth_year, known.birth_year), asked_again);
  END IF;

  INSERT INTO inclusion_data.identity AS i (beneficiary, perimeter, first_name, last_name, phone, email, contact_by)
  VALUES (write_identity.beneficiary, here, coalesce(btrim(write_identity.first_name), known.first_name),
          coalesce(btrim(write_identity.last_name), known.last_name), nullif(write_identity.phone, ''), nullif(write_identity.email, ''),
          coalesce(write_identity.contact_by, 'phone'))
  ON CONFLICT ON CONSTRAINT identity_pkey DO UPDATE SET
    first_name = excluded.first_name, last_name = excluded.last_name,
    phone = CASE WHEN write_identity.phone IS NULL THEN i.phone ELSE excluded.phone END,
    email = CASE WHEN write_identity.email IS NULL THEN i.email ELSE excluded.email END,
    contact_by = coalesce(write_identity.contact_by, i.contact_by);
  UPDATE inclusion_data.beneficiary b
  SET birth_year = coalesce(write_identity.birth_year, b.birth_year), commune = coalesce(write_identity.commune, b.commune)
  WHERE b.id = write_identity.beneficiary AND b.perimeter = here;
  IF commune <> coalesce(known.commune, '') THEN
    PERFORM inclusion_data.follow_commune(write_identity.beneficiary, here);
  END IF;
  PERFORM inclusion_data.note_fingerprint(write_identity.beneficiary, here);
  IF EXISTS (SELECT FROM inclusion_data.enrolment e WHERE e.beneficiary = write_identity.beneficiary AND e.perimeter = here) THEN
    PERFORM inclusion_data.journal_write('identify', here, write_identity.beneficiary, jsonb_build_object('fields', array_remove(ARRAY[
      CASE WHEN first_name IS NOT NULL THEN 'first_name' END, CASE WHEN last_name IS NOT NULL THEN 'last_name' END,
      CASE WHEN birth_year IS NOT NULL THEN 'birth_year' END, CASE WHEN commune IS NOT NULL THEN 'commune' END,
      CASE WHEN phone IS NOT NULL THEN 'phone' END, CASE WHEN email IS NOT NULL THEN 'email' END,
      CASE WHEN contact_by IS NOT NULL THEN 'contact_by' END], NULL)));
  END IF;
END
$$;

REVOKE ALL ON FUNCTION inclusion_data.identities_of(name), inclusion_data.follow_commune(bigint, text),
  inclusion_data.write_identity(bigint, text, text, int, text, text, text, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.identities_of(name)
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward;
GRANT EXECUTE ON FUNCTION inclusion_data.write_identity(bigint, text, text, int, text, text, text, text, boolean)
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;

COMMENT ON FUNCTION inclusion_data.identities_of(name) IS 'Identités ouvertes : personnes que les structures du rôle ont inscrites, ou qui ont accepté leur place chez elles.';
COMMENT ON FUNCTION inclusion_data.follow_commune(bigint, text) IS 'Position suivie : qui est placé au milieu de sa commune l''est dans la nouvelle.';
COMMENT ON FUNCTION inclusion_data.write_identity(bigint, text, text, int, text, text, text, text, boolean) IS 'Identité écrite : nom, contacts et empreinte ensemble, dans un dossier ouvert par l''appelant.';
