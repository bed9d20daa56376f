-- One import for each file and perimeter, by the verb a territory uses.

CREATE TABLE demo.import AS
SELECT r.file, r.perimeter, min(r.n) AS first, NULL::bigint AS batch, NULL::bigint AS suspected, NULL::bigint AS unplaced
FROM demo.record r GROUP BY r.file, r.perimeter;

DO $$
DECLARE
  todo record;
  done record;
BEGIN
  FOR todo IN SELECT i.file, i.perimeter FROM demo.import i ORDER BY i.first LOOP
    INSERT INTO inclusion_data.import_line (raw)
    SELECT r.body::text FROM demo.record r WHERE r.file = todo.file AND r.perimeter = todo.perimeter ORDER BY r.n;
    SELECT p.* INTO done FROM inclusion.import_places(perimeter => todo.perimeter, format => 'json', file_name => todo.file) p;
    UPDATE demo.import i SET (batch, suspected, unplaced) = (done.batch, done.duplicates_suspected, done.without_position)
    WHERE i.file = todo.file AND i.perimeter = todo.perimeter;
  END LOOP;
END
$$;
