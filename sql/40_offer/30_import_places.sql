/*
 * 30_import_places: places from a national or regional file, CSV or JSON, in
 * the vocabulary of today or of before.
 *
 * A copy is never edited and a contradiction is shown: what is refused keeps
 * its line and its reason, what is doubtful its warning.  Importing twice
 * changes nothing.
 */

-- Import the lines staged in inclusion_data.import_line, then empty it:
--   \copy inclusion_data.import_line (raw) FROM 'file' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
--   SELECT * FROM inclusion.import_places(source => 'our hub');
-- `file_name`, which of the files staged, where there are several; kept with the
-- batch.  `source` names the producer where the records do not; format csv or json is
-- recognised when not given.  `within` metres around the perimeter's communes,
-- the rest of the country is refused as outside; NULL keeps everything.
CREATE FUNCTION inclusion.import_places(
  source text DEFAULT NULL, perimeter text DEFAULT NULL, format text DEFAULT NULL,
  licence text DEFAULT 'Licence Ouverte 2.0', file_name text DEFAULT NULL, within float8 DEFAULT NULL,
  OUT batch bigint, OUT received bigint, OUT accepted bigint, OUT rejected bigint, OUT warnings bigint,
  OUT created bigint, OUT updated bigint, OUT unchanged bigint, OUT duplicates_suspected bigint, OUT without_position bigint,
  OUT offers_created bigint, OUT offers_updated bigint, OUT offers_closed bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.resolve_perimeter(import_places.perimeter);
  lines constant text[] := inclusion.physical_lines(ARRAY(SELECT l.raw FROM inclusion_data.take_import_lines(import_places.file_name) l ORDER BY l.line));
  read_as constant text := coalesce(import_places.format, inclusion.detect_format(lines));
BEGIN
  IF read_as IS NULL THEN
    RAISE EXCEPTION 'there is no line to import'
      USING ERRCODE = 'IN203', HINT = 'Copy the file into inclusion_data.import_line (raw) first.';
  ELSIF read_as NOT IN ('csv', 'json') THEN
    RAISE EXCEPTION 'unknown format "%"', read_as USING ERRCODE = 'IN203', HINT = 'Use csv or json, or leave it out.';
  ELSIF NOT (within > 0 AND within < 'infinity') THEN
    RAISE EXCEPTION 'within must be a number of metres, not %', within
      USING ERRCODE = 'IN010', HINT = 'Give for instance 30000, or leave it out to keep the whole file.';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('inclusion.import', 0));
  INSERT INTO inclusion_data.import_batch AS b (perimeter, kind, source, licence, file_name, format)
  VALUES (here, 'places', coalesce(import_places.source, import_places.file_name, 'selon chaque ligne'),
          import_places.licence, import_places.file_name, read_as)
  RETURNING b.id INTO batch;

  PERFORM inclusion.import_take(batch, lines, read_as);
  PERFORM inclusion_data.measure_import();
  PERFORM inclusion.import_headings(batch, 'places');
  PERFORM inclusion.import_map(batch, 'places');
  PERFORM inclusion.import_judge(batch, import_places.source);
  PERFORM inclusion.import_shape(batch);
  PERFORM inclusion.import_leave_out(batch, import_places.within);
  PERFORM inclusion_data.measure_import();
  PERFORM inclusion.import_warn(batch);
  PERFORM inclusion.import_store(batch);
  updated := inclusion.import_update(batch);
  duplicates_suspected := inclusion.import_suspect(batch);
  SELECT o.created, o.updated, o.closed INTO offers_created, offers_updated, offers_closed
  FROM inclusion.refresh_imported_offers(ARRAY(SELECT i.place FROM inclusion_data.import_place i WHERE i.batch = import_places.batch)) o;

  SELECT count(*), count(r.reason) INTO received, rejected FROM inclusion_data.import_record r WHERE r.batch = import_places.batch;
  SELECT count(*), count(*) FILTER (WHERE i.created), count(*) FILTER (WHERE i.longitude IS NULL)
  INTO accepted, created, without_position FROM inclusion_data.import_place i WHERE i.batch = import_places.batch;
  SELECT count(*) INTO warnings FROM inclusion_data.import_warning w WHERE w.batch = import_places.batch;
  unchanged := accepted - created - updated;

  DELETE FROM inclusion_data.import_place i WHERE i.batch = import_places.batch;
  DELETE FROM inclusion_data.import_record r WHERE r.batch = import_places.batch;
  UPDATE inclusion_data.import_batch b
  SET (received, accepted, rejected, created, updated, unchanged, finished_at)
    = (import_places.received, import_places.accepted, import_places.rejected, import_places.created, import_places.updated,
       import_places.unchanged, clock_timestamp())
  WHERE b.id = import_places.batch;
END
$$;

COMMENT ON FUNCTION inclusion.import_places(text, text, text, text, text, float8) IS 'Import de lieux : lit les lignes déposées, rend le bilan ; refus et avertissements restent dans leurs tables.';
