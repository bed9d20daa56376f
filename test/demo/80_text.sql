-- The page on a terminal: 112 columns at most.

CREATE FUNCTION demo.wrap(content text, width int, indent text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  line text := '';
  page text := '';
  word text;
BEGIN
  FOREACH word IN ARRAY string_to_array(btrim(content, ' '), ' ') LOOP
    IF line <> '' AND length(line) + length(word) + 1 > width THEN
      page := page || line || E'\n' || indent;
      line := word;
    ELSE
      line := line || CASE WHEN line = '' THEN '' ELSE ' ' END || word;
    END IF;
  END LOOP;
  RETURN page || line;
END
$$;

-- Figures to the right, words to the left.
CREATE FUNCTION demo.pad(cell text, width int) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN cell ~ '^[0-9]{1,3}(\u00a0[0-9]{3})*(,[0-9]+)?(\u00a0(km|%|s))?$' THEN lpad(cell, width) ELSE rpad(cell, width) END;

CREATE FUNCTION demo.text_page() RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  page text := E'\n  INCLUSION — démonstration : lieux réels, personnes fictives\n  ' || demo.fr(demo.as_of()) || E'\n';
  s record;
  b record;
BEGIN
  FOR s IN SELECT k.* FROM demo.section k ORDER BY k.n LOOP
    page := page || format(E'\n%s\n%s\n', upper(s.title), repeat('─', 112));
    FOR b IN
      -- a table starts at its heading; its columns are as wide as their widest cell
      WITH line AS (
        SELECT k.n, k.kind, k.cells, count(*) FILTER (WHERE k.kind <> 'tr') OVER (ORDER BY k.n) AS block
        FROM demo.block k WHERE k.section = s.n AND k.kind <> 'map'
      ), width AS (
        SELECT w.block, w.i, max(length(w.cell)) AS width
        FROM (SELECT l.block, c.i, c.cell FROM line l CROSS JOIN LATERAL unnest(l.cells) WITH ORDINALITY c (cell, i) WHERE l.kind IN ('th', 'tr')) w
        GROUP BY w.block, w.i
      )
      SELECT l.kind, l.cells, (SELECT string_agg(demo.pad(c.cell, w.width), '   ' ORDER BY c.i)
                               FROM unnest(l.cells) WITH ORDINALITY c (cell, i) JOIN width w ON w.block = l.block AND w.i = c.i) AS row
      FROM line l ORDER BY l.n
    LOOP
      page := page || CASE b.kind
        WHEN 'who' THEN E'\n  ' || b.cells[1] || E'\n  ' || repeat('·', length(b.cells[1]))
        WHEN 'th' THEN E'\n  ' || rtrim(b.row)
        WHEN 'tr' THEN '  ' || rtrim(b.row)
        WHEN 'li' THEN '  • ' || demo.wrap(b.cells[1], 106, '    ')
        WHEN 'note' THEN '  ' || demo.wrap('(' || b.cells[1] || ')', 108, '  ')
        ELSE E'\n  ' || demo.wrap(b.cells[1], 108, '  ') END || E'\n';
    END LOOP;
  END LOOP;
  RETURN page;
END
$$;
