-- The four invented files, one in each standard form, full of known defects:
-- what an import refuses and what it signals.  The import is tried in a block
-- that is undone; only what was counted stays.

CREATE TABLE demo.showcase (file text, received int, rejected int);
CREATE TABLE demo.showcase_reason (rejects boolean, reason text, lines int, example text);

DO $$
DECLARE
  todo text;
  here text;
  counted jsonb;
  reasons jsonb;
BEGIN
  BEGIN
    here := inclusion.create_perimeter('ESSAI-1', 'Fichiers d''essai');
    FOR todo IN SELECT DISTINCT r.file FROM demo.raw_invented r ORDER BY 1 LOOP
      INSERT INTO inclusion_data.import_line (raw) SELECT r.line FROM demo.raw_invented r WHERE r.file = todo ORDER BY r.n;
      PERFORM inclusion.import_places(source => 'fichier inventé', perimeter => here, file_name => todo);
    END LOOP;
    SELECT jsonb_agg(b) INTO counted
    FROM (SELECT i.file_name AS file, i.received, i.rejected FROM inclusion_data.import_batch i WHERE i.kind = 'places') b;
    SELECT jsonb_agg(x) INTO reasons FROM (
      SELECT true AS rejects, c.label AS reason, count(*) AS lines, min(b.file_name || ', ligne ' || r.line) AS example
      FROM inclusion_data.import_reject r JOIN inclusion_data.import_batch b ON b.id = r.batch AND b.kind = 'places'
      JOIN inclusion_data.import_reason c ON c.code = r.reason GROUP BY c.label
      UNION ALL
      SELECT false, c.label, count(*), min(left(w.value, 60))
      FROM inclusion_data.import_warning w JOIN inclusion_data.import_batch b ON b.id = w.batch AND b.kind = 'places'
      JOIN inclusion_data.import_reason c ON c.code = w.reason GROUP BY c.label) x;
    RAISE EXCEPTION 'counted: undo';
  EXCEPTION WHEN raise_exception THEN
    IF reasons IS NULL THEN
      RAISE;
    END IF;
  END;
  INSERT INTO demo.showcase SELECT * FROM jsonb_populate_recordset(NULL::demo.showcase, counted);
  INSERT INTO demo.showcase_reason SELECT * FROM jsonb_populate_recordset(NULL::demo.showcase_reason, reasons);
END
$$;
