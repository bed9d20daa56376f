/*
 * Territories from the lists of any year: regions, départements, EPCI,
 * communes, codes that stand for another one today, outlines, fragility.
 */

-- The code a territory bears here: its kind, then its official code.
CREATE FUNCTION inclusion.territory_code(kind text, official_code text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE kind WHEN 'commune' THEN 'COM-' WHEN 'epci' THEN 'EPCI-' WHEN 'department' THEN 'DEP-' WHEN 'region' THEN 'REG-' END
       || official_code;

-- Load the lines staged in inclusion_data.import_line, then empty it.  `kind`
-- is region, department, epci, commune (in that order: each refers to the ones
-- before), former_commune, outline or fragility; `code_year` the year of the list.
-- What the file leaves out of a territory already known is kept.
CREATE FUNCTION inclusion.load_territories(
  kind text, code_year int, source text DEFAULT 'INSEE', licence text DEFAULT 'Licence Ouverte 2.0',
  OUT batch bigint, OUT received bigint, OUT accepted bigint, OUT rejected bigint,
  OUT created bigint, OUT updated bigint, OUT unchanged bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lines constant text[] := inclusion.physical_lines(ARRAY(SELECT l.raw FROM inclusion_data.take_import_lines() l ORDER BY l.line));
  read_as constant text := inclusion.detect_format(lines);
BEGIN
  PERFORM inclusion.require_registry();
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
  VALUES ('territories', load_territories.source, load_territories.licence, load_territories.kind, read_as)
  RETURNING b.id INTO batch;
  PERFORM inclusion.import_take(batch, lines, read_as);

  IF kind = 'fragility' THEN
    -- every column but the commune's is an indicator
    SELECT f.created, f.updated INTO created, updated FROM inclusion.load_fragility(batch, code_year, source) f;
  ELSE
    PERFORM inclusion.import_map(batch, 'territories');
    IF kind = 'former_commune' THEN
      SELECT f.created, f.updated INTO created, updated FROM inclusion.load_former_communes(batch) f;
    ELSIF kind = 'outline' THEN
      SELECT f.created, f.updated INTO created, updated FROM inclusion_data.load_outlines(batch, source) f;
    ELSE
      SELECT f.created, f.updated INTO created, updated FROM inclusion.load_territory_rows(batch, kind, code_year) f;
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
