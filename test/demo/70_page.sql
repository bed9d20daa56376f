-- What the page says, once, as blocks; 80_text.sql and 85_html.sql write it.
--   kind   p paragraph, li item, who subtitle, th and tr rows of a table,
--          note small print, map a picture (cells: name), blank columns left out

CREATE TABLE demo.block (
  n        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  section  int NOT NULL,
  kind     text NOT NULL CHECK (kind IN ('p', 'li', 'who', 'th', 'tr', 'note', 'map')),
  -- nothing unknown, nothing blank
  cells    text[] NOT NULL CHECK (array_position(cells, NULL) IS NULL AND '' <> ALL (cells))
);

CREATE TABLE demo.section (n int PRIMARY KEY, title text NOT NULL);
INSERT INTO demo.section VALUES (1, 'Votre territoire'), (2, 'Trois personnes'), (3, 'La nuit'), (4, 'À faire lundi'),
  (5, 'Pour l''élu'), (6, 'Ce que cette démonstration ne prouve pas'), (7, 'Durées');

-- French punctuation holds to its word.
CREATE PROCEDURE demo.say(section int, kind text, VARIADIC cells text[]) LANGUAGE sql AS $$
  INSERT INTO demo.block (section, kind, cells)
  SELECT say.section, say.kind, array_agg(replace(regexp_replace(c.cell, ' ([:;?!»])', U&'\00A0' || '\1', 'g'), '« ', U&'«\00A0') ORDER BY c.i)
  FROM unnest(say.cells) WITH ORDINALITY c (cell, i)
$$;

-- A figure of each perimeter, side by side.
CREATE FUNCTION demo.figure(perimeter text, what text) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT f.value FROM demo.figure_table f WHERE f.perimeter = figure.perimeter AND f.what = figure.what);
END
$$;

CREATE TABLE demo.figure_table (perimeter text, what text, value numeric, PRIMARY KEY (perimeter, what));

INSERT INTO demo.figure_table
SELECT b.perimeter, v.what, v.value
FROM (SELECT i.perimeter, sum(b.received) AS received, sum(b.rejected) AS rejected, sum(i.suspected) AS suspected, sum(i.unplaced) AS unplaced
      FROM demo.import i JOIN inclusion_data.import_batch b ON b.id = i.batch GROUP BY i.perimeter) b
CROSS JOIN LATERAL (VALUES ('received', b.received), ('rejected', b.rejected), ('suspected', b.suspected), ('unplaced', b.unplaced)) v (what, value);

INSERT INTO demo.figure_table
SELECT p.perimeter, v.what, v.value
FROM (SELECT i.perimeter, count(DISTINCT w.line || '/' || w.batch) AS doubted
      FROM demo.import i LEFT JOIN inclusion_data.import_warning w ON w.batch = i.batch GROUP BY i.perimeter) p
CROSS JOIN LATERAL (VALUES ('doubted', p.doubted)) v (what, value);

INSERT INTO demo.figure_table
SELECT p.perimeter, v.what, v.value
FROM (SELECT p.perimeter, count(*) AS places,
             count(*) FILTER (WHERE cardinality(p.publics) > 0 OR cardinality(p.care) > 0 OR cardinality(p.support_modes) > 0 AND NOT 'France Services' = ANY (p.programmes)) AS described,
             count(*) FILTER (WHERE e.source = 'conseiller-numerique' AND p.services <> '{}') AS national,
             count(DISTINCT p.services) FILTER (WHERE e.source = 'conseiller-numerique' AND p.services <> '{}') AS lists
      FROM inclusion_data.place p JOIN inclusion_data.external_reference e ON e.object_kind = 'place' AND e.object_id = p.id
      GROUP BY p.perimeter) p
CROSS JOIN LATERAL (VALUES ('places', p.places), ('described', p.described), ('national', p.national), ('lists', p.lists)) v (what, value);

INSERT INTO demo.figure_table
SELECT o.perimeter, v.what, v.value
FROM (SELECT o.perimeter, count(*) FILTER (WHERE o.declared_by = 'import' AND 'learn' = ANY (o.families)) AS learn,
             count(*) FILTER (WHERE o.declared_by = 'import' AND 'rights' = ANY (o.families)) AS rights,
             count(*) FILTER (WHERE o.declared_by = 'demonstration') AS declared
      FROM inclusion_data.offer o WHERE o.supply IS NOT NULL GROUP BY o.perimeter) o
CROSS JOIN LATERAL (VALUES ('learn', o.learn), ('rights', o.rights), ('declared', o.declared)) v (what, value);

INSERT INTO demo.figure_table
SELECT o.perimeter, v.what, v.value
FROM (SELECT o.perimeter, count(*) AS sessions, sum(s.free) AS seats
      FROM inclusion_data.run_session s JOIN demo.night t ON t.run = s.run JOIN inclusion_data.offer o ON o.id = s.offer GROUP BY o.perimeter) o
CROSS JOIN LATERAL (VALUES ('sessions', o.sessions), ('seats', o.seats)) v (what, value);

INSERT INTO demo.figure_table
SELECT c.perimeter, v.what, v.value
FROM (SELECT v.perimeter, count(*) AS communes, count(*) FILTER (WHERE v.is_far_from_places) AS far,
             sum(v.population) FILTER (WHERE v.is_far_from_places) AS far_people,
             count(*) FILTER (WHERE v.outreach = 'non prospecté') AS unreached, sum(v.population) FILTER (WHERE v.outreach = 'non prospecté') AS unreached_people
      FROM pilotage.map_blind_spot v GROUP BY v.perimeter) c
CROSS JOIN LATERAL (VALUES ('communes', c.communes), ('far', c.far), ('far_people', coalesce(c.far_people, 0)), ('unreached', c.unreached),
                           ('unreached_people', coalesce(c.unreached_people, 0))) v (what, value);

INSERT INTO demo.figure_table
SELECT k.perimeter, v.what, v.value
FROM (SELECT c.perimeter, count(c.aged) AS aged, count(c.low_diploma) AS low_diploma, count(c.poor) AS poor FROM demo.commune c GROUP BY c.perimeter) k
CROSS JOIN LATERAL (VALUES ('known_aged', k.aged), ('known_low_diploma', k.low_diploma), ('known_poor', k.poor)) v (what, value);

INSERT INTO demo.figure_table
SELECT b.perimeter, 'people', count(*) FROM inclusion_data.beneficiary b GROUP BY b.perimeter
UNION ALL
SELECT n.perimeter, 'asks_' || n.family, count(*) FROM inclusion_data.expressed_need n GROUP BY n.perimeter, n.family
UNION ALL
SELECT f.perimeter, 'choices_' || f.files, count(*) FROM demo.first_choice f GROUP BY f.perimeter, f.files
UNION ALL
SELECT f.perimeter, 'elsewhere_' || f.files, count(*) FILTER (WHERE f.place <> f.nearest_place) FROM demo.first_choice f GROUP BY f.perimeter, f.files
UNION ALL
SELECT d.perimeter, d.outcome, count(*) FROM inclusion_data.run_result d JOIN demo.night t ON t.run = d.run GROUP BY d.perimeter, d.outcome;
