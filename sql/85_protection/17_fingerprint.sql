/*
 * 17_fingerprint: recognising somebody without reading a name, by keyed
 * fingerprints.
 */

CREATE FUNCTION inclusion.hmac_sha256(key bytea, content bytea) RETURNS bytea
  AS 'MODULE_PATHNAME', 'hmac_sha256' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;

-- A name as it is compared: accents, case, spaces and hyphens do not count; in
-- another alphabet than the Latin one it is kept as it is.
CREATE FUNCTION inclusion.name_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(nullif(replace(inclusion.fold(normalize(name, NFD)), ' ', ''), ''), normalize(btrim(name), NFC));

-- What is fingerprinted: both names, in whichever order they were written, and
-- the year of birth, or the commune of somebody who did not give it.  A name
-- alone is too many people: NULL.  A phone or an address is a household's.
CREATE FUNCTION inclusion.identity_key(first_name text, last_name text, birth_year int, commune text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN least(inclusion.name_key(first_name), inclusion.name_key(last_name)) || '|'
    || greatest(inclusion.name_key(first_name), inclusion.name_key(last_name)) || '|'
    || coalesce(birth_year::text, commune);

-- possible_duplicates: people of a perimeter who may be one and the same; only
-- pairs of whom the caller may see both.
CREATE FUNCTION inclusion.possible_duplicates(perimeter text DEFAULT NULL) RETURNS TABLE (first bigint, second bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT d.first, d.second
  FROM inclusion_data.duplicate_pairs(current_user, inclusion.resolve_perimeter(possible_duplicates.perimeter)) d
$$;

-- rotate_key: from now on fingerprints are written under a new key and under
-- the one before it, until the next rotation retires that one.  Those of
-- people already here are written in the same transaction.  Returns the version.
CREATE FUNCTION inclusion.rotate_key(perimeter text DEFAULT NULL, purpose text DEFAULT 'identity') RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.resolve_perimeter(rotate_key.perimeter);
  new_version int;
BEGIN
  IF purpose IS NULL OR purpose NOT IN ('identity', 'objection', 'rectification') THEN
    RAISE EXCEPTION '%', CASE WHEN purpose IS NULL THEN 'no purpose of a key is given' ELSE format('there is no key for purpose "%s"', purpose) END
      USING ERRCODE = 'IN801', HINT = 'Keys serve identity, objection and rectification.';
  END IF;
  -- enrolments under way end first, those to come wait and write under the new key as well
  LOCK TABLE inclusion_data.secret_key IN SHARE ROW EXCLUSIVE MODE;
  new_version := inclusion_data.make_key(here, rotate_key.purpose);
  UPDATE inclusion_data.secret_key k SET retired_on = inclusion.today(here)
  WHERE k.perimeter = here AND k.purpose = rotate_key.purpose AND k.version < new_version - 1 AND k.retired_on IS NULL;
  IF purpose = 'identity' THEN
    PERFORM inclusion_data.note_fingerprint(i.beneficiary, i.perimeter) FROM inclusion_data.identity i WHERE i.perimeter = here;
  END IF;
  PERFORM inclusion_data.journal_write('key_rotated', here, NULL,
    jsonb_build_object('purpose', purpose, 'version', new_version, 'by', current_user));
  RETURN new_version;
END
$$;

REVOKE ALL ON FUNCTION inclusion.rotate_key(text, text) FROM PUBLIC;

COMMENT ON FUNCTION inclusion.hmac_sha256(bytea, bytea) IS 'Empreinte à clé : HMAC-SHA-256 d''un contenu, 32 octets.';
COMMENT ON FUNCTION inclusion.name_key(text) IS 'Nom comparable : sans accent, casse, espace ni trait d''union.';
COMMENT ON FUNCTION inclusion.identity_key(text, text, int, text) IS 'Identité comparable : noms et année de naissance, ou à défaut commune ; NULL s''il n''y a que le nom.';
COMMENT ON FUNCTION inclusion.possible_duplicates(text) IS 'Doublons possibles : paires de personnes visibles qui portent la même empreinte.';
COMMENT ON FUNCTION inclusion.rotate_key(text, text) IS 'Renouvellement d''une clé : les empreintes sont écrites sous la nouvelle et la précédente.';
