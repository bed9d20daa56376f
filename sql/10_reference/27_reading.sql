/*
 * 27_reading: reading what others wrote: words, numbers, dates, identifiers,
 * positions, lines of CSV and JSON.  None of these functions reads a table, and
 * none guesses: what cannot be read is NULL, and the caller says so.
 */

-- Characters beyond Latin-1 are written as regular-expression escapes, so that
-- this script reads the same in every server encoding.

-- The same words whatever their accents, case, apostrophes and punctuation.
CREATE FUNCTION inclusion.fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
  lower(translate(replace(replace(regexp_replace(words, '[\u0300-\u036f]', '', 'g'), 'œ', 'oe'), 'Œ', 'oe'),
                  'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿ',
                  'AAAAAACEEEEIIIINOOOOOUUUUYaaaaaaceeeeiiiinooooouuuuyy') COLLATE "C"),
  '[^a-z0-9]+', ' ', 'g'));

-- One line of plain text: tags and the usual entities gone, every kind of
-- blank a single space; NULL when nothing is left.
CREATE FUNCTION inclusion.clean_text(content text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN nullif(btrim(regexp_replace(
  replace(replace(replace(replace(replace(replace(
    regexp_replace(content, '</?[A-Za-z][^>]*>', ' ', 'g'),
    '&nbsp;', ' '), '&#39;', ''''), '&quot;', '"'), '&lt;', '<'), '&gt;', '>'), '&amp;', '&'),
  '[\s\u00a0\u2007\u202f\ufeff]+', ' ', 'g')), '');

CREATE FUNCTION inclusion.has_markup(content text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN content ~ '</?[A-Za-z][^>]*>|&(nbsp|quot|lt|gt|amp|#[0-9]+);';

-- A replacement character, as such or encoded twice: what stood there is lost.
CREATE FUNCTION inclusion.has_lost_letters(content text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN content ~ '\ufffd|\u00ef\u00bf\u00bd';

CREATE FUNCTION inclusion.read_number(content text) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT CASE WHEN v.digits ~ '^[+-]?[0-9]{1,12}(\.[0-9]{1,30})?\Z' THEN v.digits::float8 END
        FROM (SELECT replace(regexp_replace(content, '[\s\u00a0\u202f]', '', 'g'), ',', '.') AS digits) v);

-- The day of ISO or French dates, with slashes, and any hour after them.
CREATE FUNCTION inclusion.read_date(content text) RETURNS date
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  iso constant text[] := regexp_match(content, '^\s*([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?![0-9])');
  french constant text[] := regexp_match(content, '^\s*([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?![0-9])');
  year constant int := coalesce(iso[1], french[3])::int;
  month constant int := coalesce(iso[2], french[2])::int;
  day constant int := coalesce(iso[3], french[1])::int;
  read date;
BEGIN
  IF year IS NULL OR year < 1 OR month NOT BETWEEN 1 AND 12 OR day NOT BETWEEN 1 AND 31 THEN
    RETURN NULL;
  END IF;
  read := make_date(year, month, 1) + (day - 1);
  RETURN CASE WHEN extract(month FROM read) = month THEN read END;   -- 31 February is in March
END
$$;

-- What a SIRET is worth: 'luhn' or 'la_poste' (whose branches follow a rule of
-- their own: digits summing to a multiple of five), 'dummy', 'invalid', or
-- 'other' when it is not fourteen digits.  Rule: INSEE, La Poste.
CREATE FUNCTION inclusion.siret_kind(pivot text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  digits constant text := regexp_replace(pivot, '[\s\u00a0\u202f]', '', 'g');
  digit int;
  total int := 0;
  luhn int := 0;
BEGIN
  IF digits !~ '^[0-9]{14}$' THEN
    RETURN 'other';
  ELSIF digits = '00000000000000' THEN
    RETURN 'dummy';
  END IF;
  FOR place IN 1 .. 14 LOOP
    digit := substr(digits, place, 1)::int;
    total := total + digit;
    luhn := luhn + CASE WHEN place % 2 = 0 THEN digit WHEN digit > 4 THEN 2 * digit - 9 ELSE 2 * digit END;
  END LOOP;
  RETURN CASE WHEN luhn % 10 = 0 THEN 'luhn'
              WHEN digits LIKE '356000000%' AND total % 5 = 0 THEN 'la_poste'
              ELSE 'invalid' END;
END
$$;

-- The fourteen digits of an acceptable SIRET, else NULL.
CREATE FUNCTION inclusion.read_siret(pivot text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN inclusion.siret_kind(pivot) IN ('luhn', 'la_poste')
            THEN regexp_replace(pivot, '[\s\u00a0\u202f]', '', 'g') END;

-- The text with every national identity number struck out.
CREATE FUNCTION inclusion.mask_nir(content text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  masked text := content;
  found text := inclusion.find_nir(content);
BEGIN
  WHILE found IS NOT NULL LOOP
    masked := replace(masked, found, repeat('x', length(found)));
    found := inclusion.find_nir(masked);
  END LOOP;
  RETURN masked;
END
$$;

-- Great-circle distance, the same as between a need and a supply.
CREATE FUNCTION inclusion.metres_between(longitude_1 float8, latitude_1 float8, longitude_2 float8, latitude_2 float8)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';

-- Lambert-93 (EPSG:2154) to degrees: the inverse of the conic projection, its
-- latitude by the usual iteration.  Constants: IGN, algorithms ALG0002 and ALG0004.
CREATE FUNCTION inclusion.lambert_93_to_degrees(easting float8, northing float8, OUT longitude float8, OUT latitude float8)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  e constant float8 := 0.0818191910428158;
  n constant float8 := 0.7256077650532670;
  c constant float8 := 11754255.4261;
  x constant float8 := easting - 700000;
  y constant float8 := 12655612.0499 - northing;
  isometric constant float8 := ln(c / sqrt(x * x + y * y)) / n;
  phi float8 := 2 * atan(exp(isometric)) - pi() / 2;
BEGIN
  FOR i IN 1 .. 8 LOOP
    phi := 2 * atan(((1 + e * sin(phi)) / (1 - e * sin(phi))) ^ (e / 2) * exp(isometric)) - pi() / 2;
  END LOOP;
  longitude := round((3 + degrees(atan(x / y) / n))::numeric, 7);
  latitude := round(degrees(phi)::numeric, 7);
END
$$;

-- --- lines ---------------------------------------------------------------

CREATE FUNCTION inclusion.csv_cells(record text, delimiter text DEFAULT ',') RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  SELECT array_agg(CASE WHEN m.cell[1] LIKE '"%"' AND m.cell[1] <> '"' THEN replace(substr(m.cell[1], 2, length(m.cell[1]) - 2), '""', '"')
                        ELSE m.cell[1] END ORDER BY m.n)
  FROM regexp_matches(record || delimiter, '("(?:[^"]|"")*"|[^' || delimiter || ']*)' || delimiter, 'g')
       WITH ORDINALITY AS m (cell, n);
END;

-- The separator a header uses most, outside quotes.
CREATE FUNCTION inclusion.csv_delimiter(header text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  SELECT d.sign
  FROM regexp_replace(header, '"[^"]*"', '', 'g') AS bare, (VALUES (',', 1), (';', 2), (E'\t', 3)) AS d (sign, rank)
  ORDER BY length(replace(bare, d.sign, '')), d.rank
  LIMIT 1;
END;

-- A heading as we compare it: « Code postal » is code_postal.
CREATE FUNCTION inclusion.heading_key(heading text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(inclusion.fold(heading), ' ', '_');

-- Records of a CSV with a header: first physical line, text, cells by heading,
-- and what forbids reading them.  A record ends where its quotes are closed; the
-- header found again, where files were put end to end, is no record.
CREATE FUNCTION inclusion.read_csv(lines text[])
RETURNS TABLE (line bigint, raw text, fields jsonb, problem text)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  WITH physical AS (
    SELECT l.n, l.raw, sum(length(l.raw) - length(replace(l.raw, '"', ''))) OVER (ORDER BY l.n) AS quotes
    FROM unnest(lines) WITH ORDINALITY AS l (raw, n)
  ), placed AS (
    SELECT p.*, count(*) FILTER (WHERE p.begins) OVER (ORDER BY p.n) AS record
    FROM (SELECT p.*, coalesce(lag(p.quotes) OVER (ORDER BY p.n), 0) % 2 = 0 AS begins FROM physical p) p
  ), record AS (
    SELECT min(p.n) AS line, string_agg(p.raw, E'\n' ORDER BY p.n) AS raw, max(p.quotes) % 2 = 0 AS closed
    FROM placed p GROUP BY p.record
    HAVING string_agg(p.raw, '') ~ '\S'
  ), header AS (
    SELECT r.line, r.raw, d.delimiter,
           ARRAY(SELECT inclusion.heading_key(h.name)
                 FROM unnest(inclusion.csv_cells(r.raw, d.delimiter)) WITH ORDINALITY AS h (name, n) ORDER BY h.n) AS headings
    FROM record r, inclusion.csv_delimiter(r.raw) AS d (delimiter)
    ORDER BY r.line LIMIT 1
  ), cut AS MATERIALIZED (
    SELECT r.line, r.raw, r.closed, h.headings, inclusion.csv_cells(r.raw, h.delimiter) AS cells,
           regexp_replace(r.raw, '^\ufeff', '') = h.raw AS is_header
    FROM record r, header h WHERE r.line > h.line
  )
  SELECT c.line, c.raw,
         CASE WHEN c.closed AND cardinality(c.cells) = cardinality(c.headings) THEN jsonb_object(c.headings, c.cells) END,
         CASE WHEN c.is_header THEN 'header_again'
              WHEN NOT c.closed THEN 'open_quote'
              WHEN cardinality(c.cells) <> cardinality(c.headings) THEN 'column_count' END
  FROM cut c
  ORDER BY c.line
$$;

CREATE FUNCTION inclusion.try_json(content text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN content::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  RETURN NULL;
END
$$;

-- Elements of a JSON document with their text: an array or one object a line.
-- Lines that are a whole element are taken as such; the lines between are put
-- together by their brackets.  A bracket at the margin begins an element, so that
-- a broken one does not swallow the next.
CREATE FUNCTION inclusion.json_elements(lines text[])
RETURNS TABLE (line bigint, raw text, element jsonb)
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  WITH physical AS MATERIALIZED (
    SELECT l.n, l.raw ~ '^[[{]' AS at_margin, l.bare, CASE WHEN l.bare ~ '^\{.*\}$' THEN inclusion.try_json(l.bare) END AS whole
    FROM (SELECT l.n, l.raw, regexp_replace(regexp_replace(l.raw, '^\s*[[,]?\s*(?=\{)', ''), '(?<=\})\s*,?\s*\]?\s*,?\s*$', '') AS bare
          FROM unnest(lines) WITH ORDINALITY AS l (raw, n)) l
    WHERE l.raw !~ '^[][]?\s*,?\s*$'      -- blank, or a bracket of the array alone at the margin
  ), scattered AS (
    -- brackets opened less brackets closed by each line, its strings left out
    SELECT p.n, p.raw, p.run, p.at_margin,
           sum(length(translate(p.signs, ']}', '')) - length(translate(p.signs, '[{', '')))
             OVER (PARTITION BY p.run ORDER BY p.n) AS depth
    FROM (SELECT p.n, p.bare AS raw, p.whole, p.at_margin, count(p.whole) OVER (ORDER BY p.n) AS run,
                 regexp_replace(regexp_replace(p.bare, '"(\\.|[^"\\])*"', '', 'g'), '[^][{}]', '', 'g') AS signs
          FROM physical p) p
    WHERE p.whole IS NULL
  ), grouped AS (
    SELECT s.n, s.raw, s.run, count(*) FILTER (WHERE s.opens) OVER (PARTITION BY s.run ORDER BY s.n) AS element
    FROM (SELECT s.*, s.at_margin OR coalesce(lag(s.depth) OVER (PARTITION BY s.run ORDER BY s.n), 0) <= 0 AS opens FROM scattered s) s
  ), joined AS (
    SELECT min(g.n) AS n, string_agg(g.raw, E'\n' ORDER BY g.n) AS raw FROM grouped g GROUP BY g.run, g.element
  )
  SELECT p.n, p.bare, p.whole FROM physical p WHERE p.whole IS NOT NULL
  UNION ALL
  SELECT j.n, j.raw, inclusion.try_json(regexp_replace(j.raw, '\s*,\s*$', '')) FROM joined j
  ORDER BY 1
$$;

-- Records of a JSON document, with the same columns as those of a CSV.  On a
-- single line, the line number is the rank of the element.
CREATE FUNCTION inclusion.read_json(lines text[])
RETURNS TABLE (line bigint, raw text, fields jsonb, problem text)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  document constant jsonb := CASE WHEN cardinality(array_remove(lines, '')) = 1
                                  THEN inclusion.try_json(array_to_string(lines, '')) END;
BEGIN
  IF jsonb_typeof(document) = 'array' THEN
    lines := ARRAY(SELECT e.element::text FROM jsonb_array_elements(document) WITH ORDINALITY AS e (element, n) ORDER BY e.n);
  ELSIF cardinality(array_remove(lines, '')) = 1 THEN
    -- unreadable as a whole: cut between elements, to refuse only those that are broken
    lines := regexp_split_to_array(array_to_string(lines, ''), '(?<=\})\s*,\s*(?=\{)');
  END IF;
  RETURN QUERY
    SELECT e.line, e.raw,
           CASE WHEN jsonb_typeof(e.element) = 'object'
                THEN (SELECT coalesce(jsonb_object_agg(inclusion.heading_key(k.key), k.value), '{}') FROM jsonb_each_text(e.element) k) END,
           CASE WHEN e.element IS NULL THEN 'unreadable'
                WHEN jsonb_typeof(e.element) <> 'object' THEN 'not_an_object' END
    FROM inclusion.json_elements(lines) e;
END
$$;

-- The lines of a file, in order, without byte-order mark nor carriage returns;
-- a staging row may hold one line or a whole document.
CREATE FUNCTION inclusion.physical_lines(chunks text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_to_array(regexp_replace(replace(array_to_string(chunks, E'\n', ''), E'\r', ''), '^\ufeff', ''), E'\n')
$$;

-- Records of a file whose format is given or recognised by its first sign.
CREATE FUNCTION inclusion.read_records(lines text[], format text)
RETURNS TABLE (line bigint, raw text, fields jsonb, problem text)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF format = 'json' THEN
    RETURN QUERY SELECT * FROM inclusion.read_json(lines);
  ELSE
    RETURN QUERY SELECT * FROM inclusion.read_csv(lines);
  END IF;
END
$$;

CREATE FUNCTION inclusion.detect_format(lines text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
  SELECT CASE WHEN l.raw ~ '^\s*[[{]' THEN 'json' ELSE 'csv' END
  FROM unnest(lines) WITH ORDINALITY AS l (raw, n) WHERE l.raw ~ '\S' ORDER BY l.n LIMIT 1;
END;

COMMENT ON FUNCTION inclusion.fold(text) IS 'Forme de comparaison : sans accent, casse, apostrophe ni ponctuation.';
COMMENT ON FUNCTION inclusion.clean_text(text) IS 'Texte nettoyé : sans balise, espaces réduits ; NULL s''il ne reste rien.';
COMMENT ON FUNCTION inclusion.has_markup(text) IS 'Balises présentes : vrai si le texte contient du HTML.';
COMMENT ON FUNCTION inclusion.has_lost_letters(text) IS 'Lettres perdues : vrai si un mauvais encodage a effacé des caractères.';
COMMENT ON FUNCTION inclusion.read_number(text) IS 'Nombre lu : espaces et virgule décimale admis ; NULL si illisible.';
COMMENT ON FUNCTION inclusion.read_date(text) IS 'Date lue : ISO ou française, heure ignorée ; NULL si illisible ou impossible.';
COMMENT ON FUNCTION inclusion.siret_kind(text) IS 'Valeur d''un SIRET : luhn, la_poste, dummy, invalid ou other.';
COMMENT ON FUNCTION inclusion.read_siret(text) IS 'SIRET retenu : les 14 chiffres s''il est acceptable, sinon NULL.';
COMMENT ON FUNCTION inclusion.mask_nir(text) IS 'Masquage : remplace chaque numéro de sécurité sociale par des x.';
COMMENT ON FUNCTION inclusion.metres_between(float8, float8, float8, float8) IS 'Distance à vol d''oiseau : en mètres, entre deux positions en degrés.';
COMMENT ON FUNCTION inclusion.lambert_93_to_degrees(float8, float8) IS 'Lambert-93 en degrés : longitude et latitude d''un point projeté.';
COMMENT ON FUNCTION inclusion.csv_cells(text, text) IS 'Cellules : celles d''un enregistrement CSV.';
COMMENT ON FUNCTION inclusion.csv_delimiter(text) IS 'Séparateur : virgule, point-virgule ou tabulation, d''après l''en-tête.';
COMMENT ON FUNCTION inclusion.heading_key(text) IS 'Nom de colonne comparable : minuscules, sans accent, mots joints.';
COMMENT ON FUNCTION inclusion.read_csv(text[]) IS 'Lecture CSV : un enregistrement par ligne rendue, avec ce qui empêche de le lire.';
COMMENT ON FUNCTION inclusion.try_json(text) IS 'JSON ou rien : la valeur lue, NULL si le texte n''est pas du JSON.';
COMMENT ON FUNCTION inclusion.json_elements(text[]) IS 'Éléments JSON : d''un tableau ou d''une suite d''objets, chacun lu à part.';
COMMENT ON FUNCTION inclusion.read_json(text[]) IS 'Lecture JSON : un enregistrement par ligne rendue, avec ce qui empêche de le lire.';
COMMENT ON FUNCTION inclusion.physical_lines(text[]) IS 'Lignes d''un fichier : dans l''ordre, sans marque d''ordre ni retour chariot.';
COMMENT ON FUNCTION inclusion.read_records(text[], text) IS 'Enregistrements : ceux d''un fichier CSV ou JSON.';
COMMENT ON FUNCTION inclusion.detect_format(text[]) IS 'Format d''un fichier : csv ou json, d''après son premier signe.';
