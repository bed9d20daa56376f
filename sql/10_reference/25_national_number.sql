/*
 * 25_national_number: the national identity number (NIR) is refused in every
 * text: it is not ours to hold.
 */

-- Thirteen characters and a two-digit key; the key is 97 - n mod 97, Corsican
-- départements counting as 19 (2A) and 18 (2B).  Format: INSEE.  Written in its
-- groups with spaces, dots or dashes, the key announced or not, or spelled with
-- spaces anywhere.  Two positions in degrees have as many digits: dots stand
-- between groups only.
CREATE FUNCTION inclusion.find_nir(content text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  mark constant text := '[ .\u00a0\u202f\u2009-]?';
  space constant text := '[ \t\u00a0\u202f\u2009]{0,2}';
  grouped constant text := concat_ws(mark, '[1-478]', '[0-9]{2}', '[0-9]{2}', '(?:[0-9]{2}|2[ABab])', '[0-9]{3}', '[0-9]{3}',
                                     '(?:[ \u00a0\u202f]?(?:/|\(|cl[eé] ?:?)[ \u00a0\u202f]?)?[0-9]{2}');
  spelled constant text := concat_ws(space, '[1-478]', '[0-9]', '[0-9]', '[0-9]', '[0-9]', '(?:[0-9]' || space || '[0-9]|2' || space || '[ABab])',
                                     '[0-9]', '[0-9]', '[0-9]', '[0-9]', '[0-9]', '[0-9]', '[0-9]', '[0-9]');
  pattern constant text := '(?<![0-9])((?:' || grouped || ')|(?:' || spelled || '))(?![0-9])';
  rest text := content;
  candidate text := substring(content FROM pattern);
  digits text;
BEGIN
  WHILE candidate IS NOT NULL LOOP
    digits := regexp_replace(upper(candidate), '[^0-9AB]', '', 'g');
    digits := replace(replace(digits, '2A', '19'), '2B', '18');
    IF 97 - substr(digits, 1, 13)::bigint % 97 = substr(digits, 14, 2)::int THEN
      RETURN candidate;
    END IF;
    -- one may begin inside what looked like another
    rest := ltrim(substr(rest, position(candidate IN rest)), '0123456789');
    candidate := substring(rest FROM pattern);
  END LOOP;
  RETURN NULL;
END
$$;

-- Raises IN005 if any of the texts holds one; the number itself is not repeated.
CREATE FUNCTION inclusion.refuse_nir(VARIADIC contents text[]) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM unnest(contents) c WHERE inclusion.find_nir(c) IS NOT NULL) THEN
    RAISE EXCEPTION 'a national identity number stands in the text'
      USING ERRCODE = 'IN005', HINT = 'Remove it: it is never stored here.';
  END IF;
END
$$;

-- A free text about somebody: short, and without that number.
CREATE FUNCTION inclusion.check_note(note text) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.refuse_nir(note);
  IF length(note) > 500 THEN
    RAISE EXCEPTION 'the text has % characters', length(note)
      USING ERRCODE = 'IN804', HINT = 'Write what is needed in 500 characters or fewer.';
  END IF;
END
$$;

COMMENT ON FUNCTION inclusion.find_nir(text) IS 'Numéro de sécurité sociale : le premier trouvé dans un texte, clé vérifiée ; NULL s''il n''y en a pas.';
COMMENT ON FUNCTION inclusion.refuse_nir(text[]) IS 'Refus du numéro de sécurité sociale : IN005 si un des textes en contient un.';
COMMENT ON FUNCTION inclusion.check_note(text) IS 'Texte libre : IN804 au-delà de 500 caractères, IN005 s''il contient un numéro de sécurité sociale.';
