/*
 * 30_load_territories: territories from the lists of any year: regions,
 * départements, EPCI, communes, codes that stand for another one today,
 * outlines, fragility.
 */

-- The code a territory bears here: its kind, then its official code.
CREATE FUNCTION inclusion.territory_code(kind text, official_code text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE kind WHEN 'commune' THEN 'COM-' WHEN 'epci' THEN 'EPCI-' WHEN 'department' THEN 'DEP-' WHEN 'region' THEN 'REG-' END
       || official_code;

-- Load the lines staged in inclusion_data.import_line, then empty it.  `kind`
-- is region, department, epci, commune (in that order: each refers to the ones
-- before), former_commune, outline or fragility; `code_year` the year of the list;
-- `file_name` which of the files staged, where there are several.
-- What the file leaves out of a territory already known is kept.
CREATE FUNCTION inclusion.load_territories(
  kind text, code_year int, source text DEFAULT 'INSEE', licence text DEFAULT 'Licence Ouverte 2.0', file_name text DEFAULT NULL,
  OUT batch bigint, OUT received bigint, OUT accepted bigint, OUT rejected bigint,
  OUT created bigint, OUT updated bigint, OUT unchanged bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lines text[];
  read_as text;
BEGIN
  PERFORM inclusion.require_registry();
  lines := inclusion.physical_lines(ARRAY(SELECT l.raw FROM inclusion_data.take_import_lines(load_territories.file_name) l ORDER BY l.line));
  read_as := inclusion.detect_format(lines);
  IF kind IS NULL OR kind NOT IN ('region', 'department', 'epci', 'commune', 'former_commune', 'outline', 'fragility') THEN
    RAISE EXCEPTION 'unknown kind of territory "%"', kind
      USING ERRCODE = 'IN203', HINT = 'Use region, department, epci, commune, former_commune, outline or fragility.';
  ELSIF code_year IS NULL THEN
    RAISE EXCEPTION 'the year of the codes must be given'
      USING ERRCODE = 'IN203', HINT = 'It is the year of the official list, e.g. 2024.';
  ELSIF read_as IS NULL THEN
    RAISE EXCEPTION 'there is no line to load'
      USING ERRCODE = 'IN203', HINT = 'Copy the file into inclusion_data.import_line (raw) first.';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('inclusion.import', 0));
  INSERT INTO inclusion_data.import_batch AS b (kind, source, licence, file_name, format)
  VALUES ('territories', load_territories.source, load_territories.licence, coalesce(load_territories.file_name, load_territories.kind), read_as)
  RETURNING b.id INTO batch;
  PERFORM inclusion.import_take(batch, lines, read_as);
  PERFORM inclusion_data.measure_import();

  IF kind = 'fragility' THEN
    -- every column but the commune's is an indicator
    SELECT f.created, f.updated INTO created, updated FROM inclusion.load_fragility(batch, code_year) f;
  ELSE
    PERFORM inclusion.import_map(batch, 'territories');
    IF kind = 'former_commune' THEN
      SELECT f.created, f.updated INTO created, updated FROM inclusion.load_former_communes(batch) f;
    ELSIF kind = 'outline' THEN
      SELECT f.created, f.updated INTO created, updated FROM inclusion_data.load_outlines(batch, source) f;
    ELSE
      SELECT f.created, f.updated INTO created, updated FROM inclusion.load_territory_rows(batch, kind, code_year) f;
      IF kind = 'commune' THEN
        PERFORM inclusion.load_postal_codes(batch);
      END IF;
    END IF;
  END IF;

  INSERT INTO inclusion_data.import_reject (batch, line, reason, raw)
  SELECT r.batch, r.line, r.reason, r.raw
  FROM inclusion_data.import_record r WHERE r.batch = load_territories.batch AND r.reason IS NOT NULL;
  SELECT count(*), count(r.reason) INTO received, rejected
  FROM inclusion_data.import_record r WHERE r.batch = load_territories.batch;
  DELETE FROM inclusion_data.import_record r WHERE r.batch = load_territories.batch;
  accepted := received - rejected;
  unchanged := accepted - created - updated;
  UPDATE inclusion_data.import_batch b
  SET (received, accepted, rejected, created, updated, unchanged, finished_at)
    = (load_territories.received, load_territories.accepted, load_territories.rejected, load_territories.created,
       load_territories.updated, load_territories.unchanged, clock_timestamp())
  WHERE b.id = load_territories.batch;
END
$$;

-- Regions, départements, EPCI and communes, from records mapped to our fields.
CREATE FUNCTION inclusion.load_territory_rows(batch bigint, kind text, code_year int, OUT created bigint, OUT updated bigint)
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  -- lists of one level often name the code by that level
  UPDATE inclusion_data.import_record r
  SET fields = r.fields || jsonb_build_object('code', coalesce(r.fields ->> 'code', r.fields ->> load_territory_rows.kind))
  WHERE r.batch = load_territory_rows.batch AND r.reason IS NULL;

  UPDATE inclusion_data.import_record r
  SET reason = CASE WHEN coalesce(r.fields ->> 'code', '') !~ CASE load_territory_rows.kind
                           WHEN 'commune' THEN '^(2[AB]|[0-9]{2})[0-9]{3}$' WHEN 'epci' THEN '^[0-9]{9}$'
                           WHEN 'department' THEN '^(2[AB]|[0-9]{2,3})$' ELSE '^[0-9]{2,3}$' END THEN 'no_code'
                    WHEN inclusion.clean_text(r.fields ->> 'name') IS NULL THEN 'no_name'
                    WHEN k.rank > 1 THEN 'repeated_key' END
  FROM (SELECT o.line, row_number() OVER (PARTITION BY o.fields ->> 'code' ORDER BY o.line) AS rank
        FROM inclusion_data.import_record o WHERE o.batch = load_territory_rows.batch AND o.reason IS NULL) k
  WHERE r.batch = load_territory_rows.batch AND r.line = k.line;

  WITH given AS MATERIALIZED (
    SELECT r.line, r.fields ->> 'code' AS official_code, inclusion.clean_text(r.fields ->> 'name') AS name,
           CASE WHEN load_territory_rows.kind = 'commune' THEN nullif(r.fields ->> 'epci', 'ZZZZZZZZZ') END AS epci,
           CASE WHEN load_territory_rows.kind = 'commune' THEN coalesce(r.fields ->> 'department', inclusion.department_of(r.fields ->> 'code')) END AS department,
           CASE WHEN load_territory_rows.kind <> 'region' THEN r.fields ->> 'region' END AS region,
           CASE WHEN n.population BETWEEN 0 AND 1e9 THEN n.population::int END AS population,
           CASE WHEN n.longitude BETWEEN -180 AND 180 AND n.latitude BETWEEN -90 AND 90 THEN n.longitude END AS longitude,
           CASE WHEN n.longitude BETWEEN -180 AND 180 AND n.latitude BETWEEN -90 AND 90 THEN n.latitude END AS latitude
    FROM inclusion_data.import_record r
    -- what the table would refuse is left unknown: one such line must not stop the others
    CROSS JOIN LATERAL (SELECT inclusion.read_number(r.fields ->> 'population') AS population,
                               inclusion.read_number(r.fields ->> 'longitude') AS longitude,
                               inclusion.read_number(r.fields ->> 'latitude') AS latitude) n
    WHERE r.batch = load_territory_rows.batch AND r.reason IS NULL
  ), placed AS (
    SELECT g.*, e.code AS epci_code, d.code AS department_code, coalesce(f.code, d.region) AS region_code
    FROM given g
    LEFT JOIN inclusion_data.territory e ON e.code = 'EPCI-' || g.epci
    LEFT JOIN inclusion_data.territory d ON d.code = 'DEP-' || g.department
    LEFT JOIN inclusion_data.territory f ON f.code = 'REG-' || g.region
  ), orphan AS (
    INSERT INTO inclusion_data.import_warning (batch, line, reason, value)
    SELECT load_territory_rows.batch, p.line, 'parent_unknown', u
    FROM placed p CROSS JOIN LATERAL unnest(ARRAY[
      CASE WHEN p.epci_code IS NULL THEN 'EPCI-' || p.epci END,
      CASE WHEN p.department_code IS NULL THEN 'DEP-' || p.department END,
      CASE WHEN p.region_code IS NULL THEN 'REG-' || p.region END]) u
    WHERE u IS NOT NULL
  ), written AS (
    INSERT INTO inclusion_data.territory AS t (code, kind, official_code, name, epci, department, region, population,
                                               longitude, latitude, code_year)
    SELECT inclusion.territory_code(load_territory_rows.kind, p.official_code), load_territory_rows.kind, p.official_code, p.name,
           p.epci_code, p.department_code, p.region_code, p.population,
           p.longitude, p.latitude, load_territory_rows.code_year
    FROM placed p
    ON CONFLICT (code) DO UPDATE
    SET name = excluded.name, epci = coalesce(excluded.epci, t.epci), department = coalesce(excluded.department, t.department),
        region = coalesce(excluded.region, t.region), population = coalesce(excluded.population, t.population),
        longitude = coalesce(excluded.longitude, t.longitude), latitude = coalesce(excluded.latitude, t.latitude),
        code_year = excluded.code_year
    WHERE (t.name, t.epci, t.department, t.region, t.population, t.longitude, t.latitude, t.code_year)
          IS DISTINCT FROM
          (excluded.name, coalesce(excluded.epci, t.epci), coalesce(excluded.department, t.department),
           coalesce(excluded.region, t.region), coalesce(excluded.population, t.population),
           coalesce(excluded.longitude, t.longitude), coalesce(excluded.latitude, t.latitude), excluded.code_year)
    RETURNING t.xmax = 0 AS is_new
  )
  SELECT count(*) FILTER (WHERE w.is_new), count(*) FILTER (WHERE NOT w.is_new) FROM written w;
$$;

CREATE FUNCTION inclusion.department_of(commune text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN commune ~ '^9[78]' THEN substr(commune, 1, 3) ELSE substr(commune, 1, 2) END;

-- Postal codes of communes: one may cover forty-six of them, so never a key.
CREATE FUNCTION inclusion.load_postal_codes(batch bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO inclusion_data.territory_postal_code (territory, postal_code)
  SELECT 'COM-' || (r.fields ->> 'code'), c.code
  FROM inclusion_data.import_record r CROSS JOIN LATERAL regexp_split_to_table(r.fields ->> 'postal_codes', '[^0-9]+') AS c (code)
  WHERE r.batch = load_postal_codes.batch AND r.reason IS NULL AND c.code ~ '^[0-9]{5}$'
  ON CONFLICT DO NOTHING
$$;

-- Codes that stand for another commune today.
CREATE FUNCTION inclusion.load_former_communes(batch bigint, OUT created bigint, OUT updated bigint)
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inclusion_data.import_record r
  SET reason = CASE WHEN coalesce(r.fields ->> 'code', '') !~ '^(2[AB]|[0-9]{2})[0-9]{3}$' THEN 'no_code'
                    WHEN t.code IS NULL THEN 'unknown_parent'
                    WHEN k.rank > 1 THEN 'repeated_key' END
  FROM (SELECT o.line, 'COM-' || (o.fields ->> 'commune') AS successor,
               row_number() OVER (PARTITION BY o.fields ->> 'code' ORDER BY o.line) AS rank
        FROM inclusion_data.import_record o WHERE o.batch = load_former_communes.batch AND o.reason IS NULL) k
  LEFT JOIN inclusion_data.territory t ON t.code = k.successor
  WHERE r.batch = load_former_communes.batch AND r.line = k.line;

  WITH written AS (
    INSERT INTO inclusion_data.territory_successor AS s (former_code, successor)
    SELECT 'COM-' || (r.fields ->> 'code'), 'COM-' || (r.fields ->> 'commune')
    FROM inclusion_data.import_record r WHERE r.batch = load_former_communes.batch AND r.reason IS NULL
    ON CONFLICT (former_code) DO UPDATE SET successor = excluded.successor WHERE s.successor <> excluded.successor
    RETURNING s.xmax = 0 AS is_new
  )
  SELECT count(*) FILTER (WHERE w.is_new), count(*) FILTER (WHERE NOT w.is_new) FROM written w
$$;

-- Indicators of fragility, from records as received: column `commune`, then one
-- column for each known indicator.  An empty cell stays unknown.  A commune
-- merged since is refused: a share cannot be carried to the larger one.
CREATE FUNCTION inclusion.load_fragility(batch bigint, year int, OUT created bigint, OUT updated bigint)
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inclusion_data.import_record r SET reason = 'unknown_parent'
  WHERE r.batch = load_fragility.batch AND r.reason IS NULL
    AND NOT EXISTS (SELECT FROM inclusion_data.territory t WHERE t.code = 'COM-' || (r.fields ->> 'commune'));

  WITH written AS (
    INSERT INTO inclusion_data.fragility AS f (territory, indicator, year, value)
    SELECT 'COM-' || (r.fields ->> 'commune'), i.code, load_fragility.year, inclusion.read_number(r.fields ->> i.code)
    FROM inclusion_data.import_record r CROSS JOIN inclusion_data.fragility_indicator i
    WHERE r.batch = load_fragility.batch AND r.reason IS NULL AND inclusion.read_number(r.fields ->> i.code) IS NOT NULL
    ON CONFLICT (territory, indicator, year) DO UPDATE SET value = excluded.value WHERE f.value <> excluded.value
    RETURNING f.territory, f.xmax = 0 AS is_new
  ), touched AS (
    SELECT w.territory, bool_and(w.is_new) AS is_new FROM written w GROUP BY w.territory
  )
  SELECT count(*) FILTER (WHERE t.is_new), count(*) FILTER (WHERE NOT t.is_new) FROM touched t
$$;

COMMENT ON FUNCTION inclusion.territory_code(text, text) IS 'Code de territoire : sa nature puis son code officiel, par exemple COM-27229.';
-- discard_lines: take away a staged file that is not to be loaded, named where
-- there are several.  Returns how many lines.
CREATE FUNCTION inclusion.discard_lines(file_name text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.require_registry();
  RETURN (SELECT count(*) FROM inclusion_data.take_import_lines(discard_lines.file_name));
END
$$;

COMMENT ON FUNCTION inclusion.discard_lines(text) IS 'Fichier déposé retiré : sans le verser ; rend le nombre de lignes.';
COMMENT ON FUNCTION inclusion.load_territories(text, int, text, text, text) IS 'Chargement de territoires : lit les lignes déposées, rend le bilan ; région, département, EPCI puis commune.';
COMMENT ON FUNCTION inclusion.load_territory_rows(bigint, text, int) IS 'Territoires : régions, départements, EPCI et communes d''un lot.';
COMMENT ON FUNCTION inclusion.department_of(text) IS 'Département d''une commune : trois caractères outre-mer, deux ailleurs.';
COMMENT ON FUNCTION inclusion.load_postal_codes(bigint) IS 'Codes postaux : ceux des communes d''un lot.';
COMMENT ON FUNCTION inclusion.load_former_communes(bigint) IS 'Anciennes communes : codes qui en désignent une autre aujourd''hui.';
COMMENT ON FUNCTION inclusion.load_fragility(bigint, int) IS 'Indicateurs de fragilité : un par colonne connue, vide reste inconnu.';
