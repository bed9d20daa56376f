-- Reading what others wrote: nothing is guessed, what cannot be read is NULL.

-- SIRET: Luhn, or the rule of La Poste; blanks of every kind are no part of it.
SELECT n, pivot, inclusion.siret_kind(pivot), inclusion.read_siret(pivot)
FROM (VALUES
  (1, '35600000000048'), (2, '35600000099986'), (3, '35600000099991'), (4, '00000000000000'), (5, '00000000100000'),
  (6, '77567267221138'), (7, '34422913300196'), (8, '344 229 133 00196'), (9, U&'344\202F229\202F133\202F00196'),
  (10, U&'344\00A0229\00A0133\00A000196'), (11, '344229133'), (12, '3442291330019'), (13, '344229133001960'),
  (14, 'W999999999'), (15, ''), (16, NULL)) AS v (n, pivot) ORDER BY n;

-- dates: the day, ISO or French; an impossible one is none
SELECT n, content, inclusion.read_date(content)
FROM (VALUES (1, '2022-09-26'), (2, '2022-09-26 23:37:21'), (3, '2020/06/11 11:29:16.980'), (4, '15/03/2021'), (5, ' 1/2/2021 '),
  (6, '2022-02-31'), (7, '29/02/2024'), (8, '29/02/2023'), (9, '2022-13-01'), (10, '20220926'), (11, '0000-01-01'), (12, 'hier')) AS v (n, content) ORDER BY n;

-- numbers
SELECT n, content, inclusion.read_number(content)
FROM (VALUES (1, '48.856'), (2, '48,856'), (3, '-0,5'), (4, '6 882 345,12'), (5, U&'6\202F882\202F345,12'), (6, '1e5'), (7, '4.8.8'), (8, ''), (9, 'NaN'), (10, '12abc')) AS v (n, content) ORDER BY n;

-- words
SELECT inclusion.fold('  L’Œuvre d''ÉTÉ : ça (+ 65 ans) ') AS fold, inclusion.fold(U&'cafe\0301') AS combining,
       inclusion.clean_text(U&' <p>Un <b>lieu</b>&nbsp;&amp;\00A0un\202Fautre</p>\000Afin ') AS clean, inclusion.clean_text('<br/>') AS nothing,
       inclusion.clean_text('moins de 3 < 4 ans') AS not_a_tag;
SELECT inclusion.has_lost_letters('numï¿½riques'), inclusion.has_lost_letters(U&'num\FFFDriques'), inclusion.has_lost_letters('numériques'),
       inclusion.has_markup('a&nbsp;b'), inclusion.has_markup('3 < 4 > 2'), inclusion.has_markup('R&D; suite');
SELECT inclusion.mask_nir('avant 1 00 01 99 999 999 80 après'), inclusion.mask_nir('avant 1 00 01 99 999 999 00 après');

-- cells: quotes, separators and line feeds inside them, quotes that make no sense
SELECT inclusion.csv_cells('a,,"b, ""c""","","d' || E'\n' || 'e",""""');
SELECT inclusion.csv_cells('"seul');
SELECT inclusion.csv_cells('"');
SELECT inclusion.csv_cells('a;"b;c"', ';');
SELECT inclusion.csv_delimiter('a;b;"c,d,e,f"'), inclusion.csv_delimiter('a,b'), inclusion.csv_delimiter(E'a\tb'), inclusion.csv_delimiter('a');

-- records of a CSV: first line of each, what forbids reading it
SELECT line, fields, problem FROM inclusion.read_csv(ARRAY['Nom;Code postal', 'A;27000', '', '"B', 'suite";28000', 'C', 'D;1;2', '"E;3']);
SELECT count(*) FROM inclusion.read_csv(ARRAY['nom,id']);
SELECT count(*) FROM inclusion.read_csv('{}');

-- records of a JSON document: array or lines, pretty or not, a broken element alone refused
SELECT line, fields, problem FROM inclusion.read_json(ARRAY['[', '{"Nom":"A","x":1},', '{', '  "nom": "B }",', '  "y": {"z": [1, 2]}', '},',
  '{"nom": },', '"texte",', '{"nom":"C"}', ']']);
SELECT line, fields, problem FROM inclusion.read_json(ARRAY['{"nom":"A"}', '', '{"nom":"B"', '[1]', '{"nom":"C"}']);
SELECT line, fields, problem FROM inclusion.read_json(ARRAY['[{"nom":"A"}, {"nom":"B"}, 3]']);
SELECT line, fields, problem FROM inclusion.read_json(ARRAY['[{"nom":"A"},{"nom": },{"nom":"C"}]']);
SELECT inclusion.detect_format(ARRAY['', ' [{']), inclusion.detect_format(ARRAY['nom,id']), inclusion.detect_format('{}');
SELECT inclusion.physical_lines(ARRAY[U&'\FEFFnom' || E'\r', E'a\r\nb', NULL]);

-- positions
SELECT * FROM inclusion.lambert_93_to_degrees(700000, 6600000);   -- origin of the projection: 3°E 46.5°N
SELECT round(inclusion.metres_between(2.3522, 48.8566, 4.8357, 45.764)) AS paris_lyon;
-- half a meridian, half the equator, and the two names of one meridian
SELECT round(inclusion.metres_between(0, -90, 0, 90)) AS half_meridian, round(inclusion.metres_between(-90, 0, 90, 0)) AS half_equator,
       inclusion.metres_between(180, 12, -180, 12) AS nothing, inclusion.metres_between(1, 2, 3, NULL) AS unknown;
SELECT inclusion.metres_between(1.15, 91, 1, 49);
SELECT v.n, p.*
FROM (VALUES (1, '1.15', '49.02'), (2, '49.02', '1.15'), (3, '-1.15', '49.02'), (4, '5.37', '43.3'), (5, NULL, '49.02'), (6, '0', '0'),
  (7, '200', '10'), (8, '562345,67', '6882345,12'), (9, '1,15', '49,02'), (10, 'x', 'y')) AS v (n, longitude, latitude)
CROSS JOIN LATERAL inclusion.place_position(v.longitude, v.latitude, 1.15, 49.02, 30000) p ORDER BY v.n;
SELECT * FROM inclusion.place_position('5.37', '43.3', NULL, NULL, 30000);

-- hours, telephones, postal codes, names of communes
SELECT inclusion.are_osm_hours(h), h FROM unnest(ARRAY['Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00; PH off', 'week 1-53/2 Tu 09:00-12:00', '24/7',
  '24h/24', 'Ouvert le mardi', 'Mo-Fr 9h-12h30', 'Mo']) h;
SELECT inclusion.is_french_phone(p), p FROM unnest(ARRAY['+33 1 99 00 12 34', '01.99.00.12.34', '+33 (0)1 99 00 12 34', '0033199001234',
  '+262 262 99 00 12', '+687 990012', '990012', '3999', '06 39 98 12', '+44 20 7946 0000']) p;
SELECT inclusion.department_of_postal_code(c), c FROM unnest(ARRAY['27000', '20090', '20200', '97400', '98800', '01000']) c;
SELECT inclusion.department_of(c), c FROM unnest(ARRAY['27229', '2A004', '97105', '98818']) c;
SELECT inclusion.commune_key(c), c FROM unnest(ARRAY['ST-ANDRE CEDEX 2', 'Saint-André', 'MARSEILLE 11', 'Ste Geneviève', 'L''Haÿ-les-Roses']) c;
