/*
 * 20_check_codes: codes stored as text[] are checked where they are stored.
 */

CREATE FUNCTION inclusion.check_codes(vocabulary text, codes text[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unknown text;
BEGIN
  IF array_ndims(codes) > 1 THEN
    RAISE EXCEPTION 'a list of vocabulary "%" has % dimensions', vocabulary, array_ndims(codes)
      USING ERRCODE = 'IN306', HINT = 'Give a one-dimensional array of codes.';
  END IF;
  IF array_position(codes, NULL) IS NOT NULL THEN
    RAISE EXCEPTION 'null code in a list of vocabulary "%"', vocabulary
      USING ERRCODE = 'IN306', HINT = 'Leave the element out.';
  END IF;
  SELECT c.code INTO unknown
  FROM unnest(codes) WITH ORDINALITY AS c (code, n)
  WHERE NOT EXISTS (SELECT FROM inclusion.codes(vocabulary) k WHERE k.code = c.code)
  ORDER BY c.n LIMIT 1;
  IF unknown IS NOT NULL THEN
    RAISE EXCEPTION 'unknown code "%" in vocabulary "%"', unknown, vocabulary
      USING ERRCODE = 'IN306',
            HINT = format('SELECT code FROM inclusion.codes(%L) lists the known ones.', vocabulary);
  END IF;
  RETURN true;
END
$$;

COMMENT ON FUNCTION inclusion.check_codes(text, text[]) IS
  'Codes connus : vrai si chaque code appartient au vocabulaire, sinon une erreur nomme le premier inconnu.';

-- A source's id as a key of fixed size.  convert_to() is only STABLE because
-- conversions can be redefined; to UTF-8 from a UTF-8 database it never varies.
CREATE FUNCTION inclusion.source_hash(source_id text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(convert_to(source_id, 'UTF8'))
$$;

COMMENT ON FUNCTION inclusion.source_hash(text) IS
  'Empreinte d''un identifiant : clé de taille fixe pour les identifiants fusionnés trop longs.';
