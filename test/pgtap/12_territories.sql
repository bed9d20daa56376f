-- Loading territories: levels, parents, former codes, outlines, fragility.
BEGIN;
\set ECHO none
\o /dev/null
\ir import_data.psql
\o
SELECT plan(23);

SELECT results_eq($$ SELECT kind, count(*)::int FROM inclusion_data.territory GROUP BY kind ORDER BY kind $$,
  $$ VALUES ('commune', 4809), ('department', 109), ('epci', 1255), ('region', 26) $$, 'every level is there');
SELECT results_eq($$ SELECT name, department, region, population, code_year, perimeter FROM inclusion_data.territory WHERE code = 'COM-27229' $$,
  $$ VALUES ('Évreux', 'DEP-27', 'REG-28', 49360, 2024, 'DEP-27') $$, 'a commune has its parents and its perimeter');
SELECT is((SELECT count(*)::int FROM inclusion_data.territory WHERE perimeter = 'DEP-27'), 585, 'the Eure has 585 communes');
SELECT is((SELECT sum(population)::int FROM inclusion_data.territory WHERE perimeter = 'DEP-27'), 602714, 'and 602 714 inhabitants');
SELECT results_eq($$ SELECT department FROM inclusion_data.territory WHERE code IN ('COM-2A004', 'COM-97411') ORDER BY code $$,
  $$ VALUES ('DEP-2A'), ('DEP-974') $$, 'départements of Corsica and overseas');
SELECT is((SELECT successor FROM inclusion_data.territory_successor WHERE former_code = 'COM-27060'), 'COM-27213', 'a merged commune leads to today''s');
SELECT is((SELECT count(*)::int FROM inclusion_data.import_record), 0, 'nothing is left of the working rows');
SELECT is((SELECT count(*)::int FROM inclusion_data.import_line), 0, 'nor of the lines');

\o /dev/null
\copy inclusion_data.import_line (raw) FROM 'test/data/commune.csv' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
SELECT created AS again_created, updated AS again_updated, unchanged AS again_unchanged FROM inclusion.load_territories('commune', 2024) \gset
\o
SELECT is(ARRAY[:again_created, :again_updated, :again_unchanged], ARRAY[0, 0, 4809], 'loading twice changes nothing');

-- another year, other headings, what the file leaves out
INSERT INTO inclusion_data.import_line (raw) VALUES
  ('code_insee;nom;code_epci;codes_postaux;longitude;latitude'), ('27229;Évreux la Neuve;000000000;27000|27930;;'),
  ('27229;encore;;;;'), ('2722;Trop court;;;;'), ('27016;;;;;'), ('27999;Neuve;;27999;1,25;49,1');
SELECT results_eq($$ SELECT received::int, accepted::int, rejected::int, created::int, updated::int FROM inclusion.load_territories('commune', 2025) $$,
  $$ VALUES (5, 2, 3, 1, 1) $$, 'a list of another year updates');
SELECT results_eq($$ SELECT t.name, t.epci IS NOT NULL, t.population > 0, t.longitude IS NOT NULL, t.code_year FROM inclusion_data.territory t WHERE t.code = 'COM-27229' $$,
  $$ VALUES ('Évreux la Neuve', true, true, true, 2025) $$, 'and keeps what it leaves out');
SELECT results_eq($$ SELECT r.line::int, r.reason FROM inclusion_data.import_reject r ORDER BY r.line $$,
  $$ VALUES (3, 'repeated_key'), (4, 'no_code'), (5, 'no_name') $$, 'refused lines have their reason');
SELECT is((SELECT w.value FROM inclusion_data.import_warning w WHERE w.reason = 'parent_unknown'), 'EPCI-000000000', 'an unknown parent is said');
SELECT set_eq($$ SELECT postal_code FROM inclusion_data.territory_postal_code WHERE territory = 'COM-27229' $$, ARRAY['27000', '27930'], 'postal codes are a list, never a key');
SELECT is((SELECT department FROM inclusion_data.territory WHERE code = 'COM-27999'), 'DEP-27', 'a département may be read in the code');

INSERT INTO inclusion_data.import_line (raw) VALUES ('code,commune'), ('27998,27229'), ('27997,00000'), ('x,27229');
SELECT results_eq($$ SELECT accepted::int, rejected::int, created::int FROM inclusion.load_territories('former_commune', 2025) $$, $$ VALUES (1, 2, 1) $$, 'former codes lead to known communes only');

\o /dev/null
\copy inclusion_data.import_line (raw) FROM 'test/data/commune_shape_27.csv' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
SELECT rejected AS shape_rejected, created AS shape_created FROM inclusion.load_territories('outline', 2018) \gset
\copy inclusion_data.import_line (raw) FROM 'test/data/fragility.csv' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
SELECT rejected AS fragility_rejected, created AS fragility_created FROM inclusion.load_territories('fragility', 2020) \gset
\o
SELECT is(ARRAY[:shape_rejected, :shape_created], ARRAY[0, 585], '596 outlines of 2018 make the 585 communes of today');
SELECT is((SELECT count(*)::int FROM inclusion_data.territory_shape WHERE NOT public.st_isvalid(geom)), 0, 'all valid');
SELECT is((SELECT round((sum(public.st_area(geom::public.geography)) / 1e6)::numeric, -2)::int FROM inclusion_data.territory_shape), 6000, 'about 6 000 square kilometres');
SELECT is(ARRAY[:fragility_rejected, :fragility_created], ARRAY[0, 864], 'indicators of 864 communes');
SELECT is((SELECT count(*)::int FROM inclusion_data.fragility WHERE value IS NULL), 0, 'what is unknown is absent, never zero');

SELECT throws_ok($$ SELECT inclusion.load_territories('canton', 2024) $$, 'IN203', NULL, 'an unknown kind is refused');
SELECT throws_ok($$ SELECT inclusion.load_territories('commune', 2024) $$, 'IN203', 'there is no line to load', 'nothing staged is an error');

SELECT * FROM finish();
ROLLBACK;
