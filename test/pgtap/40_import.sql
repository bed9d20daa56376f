-- Importing places: every known defect, refused or warned about as foreseen;
-- twice the same file changes nothing; what places become offers, and what not.
BEGIN;
\set ECHO none
\o /dev/null
\ir import_data.psql
CREATE TEMPORARY TABLE expected (file text, line bigint, quirk text, outcome text, code text);
\copy expected FROM 'test/data/invented_expected.csv' WITH (FORMAT csv, HEADER)

-- what was said of each line, both ways
CREATE TEMPORARY VIEW said AS
SELECT b.id AS batch, b.file_name AS file, v.line, v.outcome, v.code
FROM inclusion_data.import_batch b
JOIN (SELECT batch, line, 'rejected' AS outcome, reason AS code FROM inclusion_data.import_reject
      UNION ALL SELECT batch, line, 'accepted', reason FROM inclusion_data.import_warning) v ON v.batch = b.id;

\copy inclusion_data.import_line (raw) FROM PROGRAM 'tr -d "\r" < test/data/invented_v1.csv' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE TEMPORARY TABLE first_run AS SELECT * FROM inclusion.import_places(perimeter => 'DEP-74', file_name => 'invented_v1.csv');
\copy inclusion_data.import_line (raw) FROM 'test/data/invented_v1.json' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
INSERT INTO first_run SELECT * FROM inclusion.import_places(perimeter => 'DEP-74', file_name => 'invented_v1.json');
\copy inclusion_data.import_line (raw) FROM 'test/data/invented_v2.csv' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
INSERT INTO first_run SELECT * FROM inclusion.import_places(perimeter => 'DEP-74', file_name => 'invented_v2.csv');
\copy inclusion_data.import_line (raw) FROM 'test/data/invented_v2.json' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
INSERT INTO first_run SELECT * FROM inclusion.import_places(perimeter => 'DEP-74', file_name => 'invented_v2.json');
CREATE TEMPORARY TABLE before AS SELECT p.id, p::text AS row FROM inclusion_data.place p;
CREATE TEMPORARY TABLE offers_before AS SELECT o.id, o::text AS row FROM inclusion_data.offer o;
\o
SELECT plan(72);

-- --- each known defect -----------------------------------------------------

SELECT results_eq($$ SELECT file, line, code FROM said WHERE outcome = 'rejected' ORDER BY file, line, code $$,
  $$ SELECT file, line, code FROM expected WHERE outcome = 'rejected' ORDER BY file, line, code $$, 'exactly the foreseen lines are refused, for the foreseen reason');
SELECT results_eq($$ SELECT file, line, code FROM said WHERE outcome = 'accepted' ORDER BY file, line, code $$,
  $$ SELECT file, line, code FROM expected WHERE outcome = 'accepted' AND code <> '' ORDER BY file, line, code $$, 'exactly the foreseen doubts are said');
SELECT is_empty($$ SELECT batch FROM first_run WHERE accepted + rejected <> received OR created <> accepted $$, 'accepted and refused make what was received');
SELECT results_eq($$ SELECT b.schema_version, b.format FROM inclusion_data.import_batch b WHERE b.kind = 'places' ORDER BY b.id $$,
  $$ VALUES ('v1', 'csv'), ('v1', 'json'), ('v2', 'csv'), ('hybrid', 'json') $$, 'vocabulary and format are recognised');
SELECT is_empty($$ SELECT e.code FROM expected e WHERE e.code <> '' AND NOT EXISTS (SELECT FROM inclusion_data.import_reason r WHERE r.code = e.code AND r.rejects = (e.outcome = 'rejected')) $$, 'every code has its French label');
SELECT is_empty($$ SELECT FROM inclusion_data.import_reject WHERE inclusion.find_nir(raw) IS NOT NULL $$, 'no national number is kept');
SELECT is((SELECT count(*)::int FROM inclusion_data.import_reject WHERE reason = 'nir' AND raw LIKE '%xxxx%'), 4, 'it is struck out of the refused line');
SELECT is((SELECT count(*)::int FROM inclusion_data.import_line), 0, 'the staging is empty');
SELECT is((SELECT count(*)::int FROM inclusion_data.import_record) + (SELECT count(*)::int FROM inclusion_data.import_place), 0, 'so are the working tables');

-- --- twice ------------------------------------------------------------------

\o /dev/null
\copy inclusion_data.import_line (raw) FROM PROGRAM 'tr -d "\r" < test/data/invented_v1.csv' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE TEMPORARY TABLE second_run AS SELECT * FROM inclusion.import_places(perimeter => 'DEP-74', file_name => 'invented_v1.csv again');
\copy inclusion_data.import_line (raw) FROM 'test/data/invented_v2.json' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
INSERT INTO second_run SELECT * FROM inclusion.import_places(perimeter => 'DEP-74', file_name => 'invented_v2.json again');
\o
SELECT is_empty($$ SELECT * FROM second_run WHERE created + updated + offers_created + offers_updated + offers_closed <> 0 $$, 'a second import finds nothing to do');
SELECT results_eq($$ SELECT p.id, p::text FROM inclusion_data.place p ORDER BY 1 $$, $$ SELECT id, row FROM before ORDER BY 1 $$, 'and every place is the same');
SELECT results_eq($$ SELECT o.id, o::text FROM inclusion_data.offer o ORDER BY 1 $$, $$ SELECT id, row FROM offers_before ORDER BY 1 $$, 'and every offer');

-- --- places -----------------------------------------------------------------

CREATE TEMPORARY VIEW known AS
SELECT e.source, e.source_id, p.* FROM inclusion_data.place p
JOIN inclusion_data.external_reference e ON e.object_kind = 'place' AND e.object_id = p.id;

SELECT is((SELECT count(*)::int FROM known WHERE length(source_id) > 2704), 4, 'an id too long for an index is kept whole');
SELECT is((SELECT count(*)::int FROM known WHERE source_id = '1003'), 8, 'one id in two sources is two places');
SELECT is_empty($$ SELECT name FROM inclusion_data.place WHERE name ~ '[\s\u00a0\u202f]{2}|[\u00a0\u202f]|[<>]' $$, 'names are clean');
SELECT is_empty($$ SELECT p.name FROM inclusion_data.place p JOIN inclusion_data.territory t ON t.code = p.commune
  WHERE inclusion.metres_between(p.longitude, p.latitude, t.longitude, t.latitude) > 30000 AND t.department !~ '9[78]' $$, 'no position is far from its commune');
SELECT is((SELECT count(*)::int FROM known WHERE longitude IS NULL), 16, 'four positions a file are not known, and none is invented');
SELECT is((SELECT count(DISTINCT s.siret)::int FROM inclusion_data.structure s WHERE s.siret = '35600000099986'), 1, 'a branch of La Poste is a structure');
SELECT is_empty($$ SELECT siret FROM inclusion_data.structure WHERE inclusion.read_siret(siret) IS NULL $$, 'no structure has a SIRET that is not one');
SELECT is((SELECT count(*)::int FROM known WHERE commune = 'COM-27213' AND name ~ 'Espace fictif'), (SELECT count(*)::int FROM known WHERE commune = 'COM-27213'), 'a former commune leads to today''s');
SELECT ok((SELECT count(*) = 4 FROM known WHERE commune = 'COM-75056'), 'a district of Paris is in Paris, without a word');
SELECT is((SELECT count(*)::int FROM known WHERE commune IS NULL), 4, 'an unknown commune stays unknown');
SELECT is((SELECT array_agg(DISTINCT perimeter ORDER BY perimeter) FROM known), '{DEP-27,DEP-74}', 'a place belongs to the perimeter of its commune');
SELECT is((SELECT array_agg(DISTINCT perimeter) FROM known WHERE commune = 'COM-97411'), '{DEP-74}', 'or to the perimeter of the import');
SELECT is((SELECT count(*)::int FROM known WHERE itinerant), 2, 'itinerant places are known as such');
SELECT is((SELECT count(*)::int FROM known WHERE typologies = '{FT}'), 4, 'an old kind has its name of today');
SELECT is((SELECT count(*)::int FROM known WHERE typologies = '{CCAS,RFS}'), 4, 'a place may be of two kinds');
SELECT is_empty($$ SELECT v FROM known, unnest(publics || care || fees || support_modes || programmes) v WHERE v LIKE '% : %' OR v LIKE '%CNFS%' $$, 'long labels and old names are gone');
SELECT ok((SELECT count(*) > 0 FROM known WHERE 'Pass numérique' = ANY (labels)), 'the digital pass is a title, not a programme');
SELECT ok((SELECT count(*) = 0 FROM known WHERE 'ZRR' = ANY (labels)), 'a zone that no longer exists is dropped');

-- --- offers -----------------------------------------------------------------

SELECT is_empty($$ SELECT p.name FROM inclusion_data.place p JOIN inclusion_data.offer o ON o.place = p.id
  WHERE NOT p.receives_public OR p.residents_only OR p.services = '{}' AND p.programmes = '{}' $$, 'who receives nobody, only residents, or gives nothing proposes nothing');
SELECT is_empty($$ SELECT o.name FROM inclusion_data.offer o WHERE (o.families = '{learn}') <> (o.teaches IS NOT NULL) $$, 'only what is learnt teaches');
SELECT is_empty($$ SELECT service FROM inclusion_data.offer WHERE 'learn' = ANY (families) AND service IN ('Aide aux démarches administratives', 'France Services', 'Aidants Connect') $$, 'helping with a procedure teaches nothing');
SELECT is_empty($$ SELECT o.name FROM inclusion_data.offer o JOIN inclusion_data.place p ON p.id = o.place
  WHERE o.service = 'Devenir autonome dans les démarches administratives' AND NOT o.service = ANY (p.services) $$, 'learning procedures is only where it was claimed');
SELECT is_empty($$ SELECT place, families FROM inclusion_data.offer WHERE families <> '{learn}' GROUP BY place, families HAVING count(*) > 1 $$, 'one offer a place for each family that is not learnt');
SELECT is_empty($$ SELECT DISTINCT capacity_kind FROM inclusion_data.offer WHERE capacity_kind <> 'unknown' $$, 'seats that nobody stated are unknown');
SELECT is_empty($$ SELECT o.name FROM inclusion_data.offer o WHERE (o.supply IS NULL) <> (o.longitude IS NULL AND NOT o.remote) $$, 'an offer on site without a position is a draft');
SELECT is_empty($$ SELECT o.name FROM inclusion_data.offer o WHERE 'act_for' = ANY (o.modes) AND o.families <> '{rights}' $$, 'doing in somebody''s place is no way to learn');
SELECT is_empty($$ SELECT o.name FROM inclusion_data.offer o JOIN inclusion_data.place p ON p.id = o.place
  WHERE p.services = '{Maîtrise des outils numériques du quotidien}' AND o.service <> 'Maîtrise des outils numériques du quotidien' AND p.programmes = '{}' $$, 'nothing is proposed that was not claimed');

-- a place that changes: facts follow, what a structure added stays
\o /dev/null
INSERT INTO inclusion_data.import_line (raw) VALUES ('id,nom,source,code_insee,latitude,longitude,services,date_maj'),
  ('p1,Lieu fictif,essai,27229,49.02,1.15,"Utilisation sécurisée du numérique|Aide aux démarches administratives",2023-01-01');
SELECT * FROM inclusion.import_places(perimeter => 'DEP-27');
SELECT id AS place FROM known WHERE source = 'essai' \gset
UPDATE inclusion_data.offer SET capacity_kind = 'weekly', weekly_seats = 4, slots = '{tu_am}' WHERE place = :place AND families = '{learn}';
INSERT INTO inclusion_data.import_line (raw) VALUES ('id,nom,source,code_insee,latitude,longitude,services,date_maj'),
  ('p1,Lieu fictif déménagé,essai,27229,49.03,1.16,"Utilisation sécurisée du numérique",2023-02-01');
CREATE TEMPORARY TABLE moved AS SELECT * FROM inclusion.import_places(perimeter => 'DEP-27');
\o
SELECT results_eq($$ SELECT created::int, updated::int, offers_created::int, offers_updated::int, offers_closed::int FROM moved $$, $$ VALUES (0, 1, 0, 1, 1) $$, 'a changed place is updated, with its offers');
SELECT results_eq(format($$ SELECT families[1], longitude, open, capacity_kind, weekly_seats, slots FROM inclusion_data.offer WHERE place = %s ORDER BY 1 $$, :place),
  $$ VALUES ('learn', 1.16::float8, true, 'weekly', 4, '{tu_am}'::text[]), ('rights', 1.15, false, 'unknown', NULL, '{}') $$, 'seats and slots that a structure added stay; what is no longer claimed closes');

-- --- rights --------------------------------------------------------------------

-- whoever imports needs no more than the group made for it, and it does no more
SET LOCAL ROLE inclusion_import;
INSERT INTO inclusion_data.import_line (raw) VALUES ('id,nom,source,code_insee,latitude,longitude,pivot,services'),
  ('r1,Lieu fictif versé,role,27229,49.02,1.15,99900999900015,"Utilisation sécurisée du numérique"');
SELECT lives_ok($$ SELECT inclusion.import_places(perimeter => 'DEP-27') $$, 'the group of imports imports');
INSERT INTO inclusion_data.import_line (raw) VALUES ('code,outline'), ('27229,"POLYGON((1 49,1.2 49,1.2 49.1,1 49))"');
SELECT lives_ok($$ SELECT inclusion.load_territories('outline', 2024) $$, 'and loads territories');
RESET ROLE;

-- --- refusals ----------------------------------------------------------------

SELECT throws_ok($$ SELECT inclusion.import_places(perimeter => 'DEP-27') $$, 'IN203', 'there is no line to import', 'nothing staged is an error');
SELECT throws_ok($$ SELECT inclusion.import_places() $$, 'IN001', NULL, 'several perimeters: one must be named');
INSERT INTO inclusion_data.import_line (raw) VALUES ('{}');
SELECT throws_ok(format('SELECT inclusion.import_places(perimeter => ''DEP-27'', within => %L)', w), 'IN010', NULL, 'nor a distance of ' || w) FROM unnest('{NaN,-5}'::text[]) w;
SELECT throws_ok($$ SELECT inclusion.import_places(perimeter => 'DEP-27', format => 'xml') $$, 'IN203', 'unknown format "xml"', 'an unknown format is named');

-- what somebody else staged is theirs to import; two files put end to end are
-- two headers
DELETE FROM inclusion_data.import_line;
INSERT INTO inclusion_data.import_line (raw, staged_by) VALUES ('id,nom,source,code_insee', 'somebody_else'), ('z1,Autre,ailleurs,27229', 'somebody_else');
SELECT throws_ok($$ SELECT inclusion.import_places(perimeter => 'DEP-27') $$, 'IN203', 'there is no line to import', 'the lines of somebody else are not taken');
SELECT is((SELECT count(*)::int FROM inclusion_data.import_line), 2, 'and stay theirs');
INSERT INTO inclusion_data.import_line (raw) VALUES ('id,nom,source,code_insee'), ('b1,Un,bout,27229'), (U&'\FEFFid,nom,source,code_insee'), ('b2,Deux,bout,27229');
SELECT results_eq($$ SELECT received::int, accepted::int, rejected::int FROM inclusion.import_places(perimeter => 'DEP-27') $$, $$ VALUES (3, 2, 1) $$,
  'a header found again is refused, not a place');

-- two files staged before either is imported, with other columns: never one.
-- This is one transaction: the moment of the second is moved.
\o /dev/null
DELETE FROM inclusion_data.import_line;
\copy inclusion_data.import_line (raw) FROM PROGRAM 'printf "id,nom,source,code_insee\nf1,Premier,fichiers,27229\n,Sans numéro,fichiers,27229\n"' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
\copy inclusion_data.import_line (raw) FROM PROGRAM 'printf "nom,id,code_insee,source\nSecond,f2,27016,fichiers\n"' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
UPDATE inclusion_data.import_line SET staged_in = 'the next day' WHERE line >= (SELECT line FROM inclusion_data.import_line WHERE raw LIKE 'nom,id,%');
INSERT INTO inclusion_data.import_line (file, raw) VALUES ('lieux.json', '[{"id": "f3", "nom": "Troisième", "source": "fichiers", "commune": "Évreux", "code_insee": "27229"},');
INSERT INTO inclusion_data.import_line (file, raw) VALUES ('lieux.json', ' {"id": "f4", "nom": "Quatrième", "source": "fichiers", "commune": "Évreux", "code_insee": "27229"}]');
\o
SELECT throws_ok($$ SELECT inclusion.import_places(perimeter => 'DEP-27') $$, 'IN203', '3 files are staged', 'one of several files is named');
SELECT throws_ok($$ SELECT inclusion.load_territories('commune', 2024) $$, 'IN203', '3 files are staged', 'whatever is loaded');
SELECT throws_ok($$ SELECT inclusion.import_places(perimeter => 'DEP-27', file_name => 'lieux.csv') $$, 'IN203', 'no file "lieux.csv" is staged', 'by the name it was staged under');
SELECT results_eq($$ SELECT received::int, accepted::int, rejected::int FROM inclusion.import_places(perimeter => 'DEP-27', file_name => 'lieux.json') $$,
  $$ VALUES (2, 2, 0) $$, 'lines of one name are one file, in as many transactions as it took');
SELECT results_eq($$ SELECT received::int, accepted::int, rejected::int, received = accepted + rejected
    FROM (SELECT DISTINCT l.staged_in, min(l.line) AS first FROM inclusion_data.import_line l GROUP BY 1 ORDER BY first) f
    CROSS JOIN LATERAL inclusion.import_places(perimeter => 'DEP-27', file_name => f.staged_in) $$,
  $$ VALUES (2, 1, 1, true), (1, 1, 0, true) $$, 'others are what one transaction staged, each with its own columns and its own count');
SELECT results_eq($$ SELECT i.name, i.commune FROM known k JOIN inclusion_data.place i ON i.id = k.id WHERE k.source = 'fichiers' ORDER BY 1 $$,
  $$ VALUES ('Premier', 'COM-27229'), ('Quatrième', 'COM-27229'), ('Second', 'COM-27016'), ('Troisième', 'COM-27229') $$, 'and nothing of one is read as the other');
SELECT is((SELECT count(*)::int FROM inclusion_data.import_batch WHERE file_name = 'lieux.json'), 1, 'the batch keeps the name');
INSERT INTO inclusion_data.import_line (raw) VALUES ('id;nom');
INSERT INTO inclusion_data.import_line (raw) VALUES ('x;y');
SELECT is(inclusion.discard_lines(), 2::bigint, 'a file that is not to be loaded is taken away');
SELECT throws_ok($$ SELECT inclusion.import_places(perimeter => 'DEP-27') $$, 'IN203', 'there is no line to import', 'and is not there');
INSERT INTO inclusion_data.import_line (file, raw) VALUES ('autre.csv', 'id,nom');
SELECT throws_ok($$ SELECT inclusion.import_places(perimeter => 'DEP-27', file_name => 'lieux.csv') $$, 'IN203', 'no file "lieux.csv" is staged', 'a name that is not the only file''s is not it');
SELECT is(inclusion.discard_lines('autre.csv'), 1::bigint, 'by its name as well');

-- a national file, cut to the surroundings of the perimeter: Évreux, Rouen next
-- door, Annecy which has its own perimeter, Ajaccio
\o /dev/null
DELETE FROM inclusion_data.import_line;
INSERT INTO inclusion_data.import_line (raw) VALUES ('id,nom,source,code_insee,services,frais_a_charge'),
  ('w1,Ici,pays,27229,Maîtrise des outils numériques du quotidien,Payant'), ('w2,À côté,pays,76540,,'), ('w3,Ailleurs,pays,74010,,'), ('w4,Loin,pays,2A004,,');
CREATE TEMPORARY TABLE cut AS SELECT * FROM inclusion.import_places(perimeter => 'DEP-27', within => 30000);
\o
SELECT results_eq($$ SELECT received::int, accepted::int, rejected::int, (SELECT string_agg(j.reason || ' ' || j.value, ',') FROM inclusion_data.import_reject j WHERE j.batch = c.batch) FROM cut c $$,
  $$ VALUES (4, 3, 1, 'outside COM-2A004') $$, 'what is far from the perimeter is refused, and kept with its line');
SELECT is((SELECT o.price FROM inclusion_data.offer o JOIN known k ON k.id = o.place WHERE k.source_id = 'w1'), 0::float8,
  'a fee is no tension on the seats');

-- --- public files, where they are ----------------------------------------------

DELETE FROM inclusion_data.import_line;
\set national `cat "${DATA:-../shared/data}/lieux/lmn_nationale_2023-01_schema_v1.json" 2>/dev/null`
\set advisers `cat "${DATA:-../shared/data}/lieux/lieux_conseillers_numeriques_2022-12.csv" 2>/dev/null`
\set golden_v1 `cat "${DATA:-../shared/data}/lieux/charente_2023-07_schema_v1.json" 2>/dev/null`
\set golden_v2 `cat "${DATA:-../shared/data}/lieux/charente_2023-07_schema_v2.json" 2>/dev/null`
\set mandates `cat "${DATA:-../shared/data}/aidants_connect/structures_aidants_connect_2022.json" 2>/dev/null`
SELECT :'national' <> '' AND :'advisers' <> '' AND :'golden_v1' <> '' AND :'golden_v2' <> '' AND :'mandates' <> '' AS found \gset
\if :found

-- one file is one staged row as well as many
\o /dev/null
INSERT INTO inclusion_data.import_line (raw) VALUES (:'national');
CREATE TEMPORARY TABLE national AS SELECT * FROM inclusion.import_places(perimeter => 'DEP-27', file_name => 'national');
CREATE TEMPORARY VIEW national_place AS
SELECT k.* FROM known k WHERE k.source NOT LIKE 'fictif%' AND k.source NOT IN ('essai', 'role', 'pays') AND k.source_id NOT LIKE 'siao-v%';
\o
SELECT results_eq($$ SELECT received::int, rejected::int, (SELECT count(*)::int FROM inclusion_data.import_warning w WHERE w.batch = n.batch AND w.reason = 'pivot_invalid') FROM national n $$,
  $$ VALUES (3811, 0, 15) $$, 'the national file: 3 811 places, none refused, 15 invalid SIRET');
SELECT results_eq($$ SELECT v, count(*)::int FROM national_place, unnest(services || fees || support_modes) v WHERE v NOT LIKE 'Devenir autonome%' GROUP BY v ORDER BY 2 DESC, 1 $$,
  $$ VALUES ('Maîtrise des outils numériques du quotidien', 3412), ('Compréhension du monde numérique', 3289),
            ('Accès internet et matériel informatique', 983), ('Accompagnement individuel', 959), ('Aide aux démarches administratives', 856),
            ('Gratuit', 790), ('Dans un atelier collectif', 689), ('En autonomie', 355), ('Insertion professionnelle via le numérique', 238),
            ('À ma place', 157), ('Payant', 112), ('Gratuit sous condition', 102), ('Loisirs et créations numériques', 52),
            ('Acquisition de matériel informatique à prix solidaire', 5) $$, 'the published counts after translation');

-- the rule of SIRET on whole files: Luhn, La Poste, dummy, invalid, other
CREATE TEMPORARY TABLE pivot AS
SELECT 1 AS file, r.fields ->> 'pivot' AS pivot FROM inclusion.read_json(inclusion.physical_lines(ARRAY[:'national'])) r
UNION ALL SELECT 2, r.fields ->> 'pivot' FROM inclusion.read_csv(inclusion.physical_lines(ARRAY[:'advisers'])) r
UNION ALL SELECT 3, r.fields ->> 'pivot' FROM inclusion.read_json(inclusion.physical_lines(ARRAY[:'golden_v1'])) r
UNION ALL SELECT 4, r.fields ->> 'siret' FROM inclusion.read_json(inclusion.physical_lines(ARRAY[:'mandates'])) r;
SELECT results_eq($$ SELECT file, count(*) FILTER (WHERE k = 'luhn')::int, count(*) FILTER (WHERE k = 'la_poste')::int, count(*) FILTER (WHERE k = 'dummy')::int,
    count(*) FILTER (WHERE k = 'invalid')::int, count(*) FILTER (WHERE k = 'other')::int FROM pivot, inclusion.siret_kind(pivot) k GROUP BY file ORDER BY file $$,
  $$ VALUES (1, 3688, 108, 0, 15, 0), (2, 2436, 101, 2383, 10, 0), (3, 116, 4, 67, 1, 0), (4, 3197, 92, 0, 14, 104) $$, 'SIRET of four public files');

-- the same 188 places in both vocabularies: what the producer's own translation
-- lost is known, everything else is equal
CREATE TEMPORARY TABLE golden AS
SELECT version, r.line, field,
       ARRAY(SELECT DISTINCT CASE l.value WHEN 'À ma place' THEN 'Accompagnement individuel' ELSE l.value END
             FROM inclusion.read_list(field, r.fields ->> heading) l WHERE l.value NOT LIKE 'Devenir autonome%' ORDER BY 1) AS list
FROM (SELECT 1 AS version, * FROM inclusion.read_json(inclusion.physical_lines(ARRAY[:'golden_v1']))
      UNION ALL SELECT 2, * FROM inclusion.read_json(inclusion.physical_lines(ARRAY[:'golden_v2']))) r
CROSS JOIN LATERAL (VALUES ('services', 'services'), ('support_modes', 'modalites_accompagnement'),
                           ('fees', CASE version WHEN 1 THEN 'conditions_acces' ELSE 'frais_a_charge' END),
                           ('audiences', 'publics_accueillis')) AS f (field, heading);
SELECT results_eq($$ SELECT a.field, count(*)::int, count(*) FILTER (WHERE a.list <> b.list)::int FROM golden a JOIN golden b ON b.line = a.line AND b.field = a.field
    WHERE a.version = 1 AND b.version = 2 GROUP BY a.field ORDER BY a.field $$,
  $$ VALUES ('audiences', 188, 0), ('fees', 188, 0), ('services', 188, 1), ('support_modes', 188, 3) $$, 'the golden pair differs by its known exceptions only');
SELECT is((SELECT array_agg(DISTINCT v) FROM golden a JOIN golden b ON b.line = a.line AND b.field = a.field, unnest(a.list) v
    WHERE a.version = 1 AND b.version = 2 AND a.list <> b.list AND NOT v = ANY (b.list)),
  '{Accompagnement individuel,Insertion professionnelle via le numérique}', 'and these lost what is known to be lost');
SELECT is_empty($$ SELECT FROM golden WHERE list @> '{unknown}' $$, 'no value of it is unknown');

-- the other way of giving a document, on a single line
\o /dev/null
INSERT INTO inclusion_data.import_line (raw) VALUES (regexp_replace(:'golden_v1', E'\n', ' ', 'g'));
CREATE TEMPORARY TABLE one_line AS SELECT * FROM inclusion.import_places(perimeter => 'DEP-27');
INSERT INTO inclusion_data.import_line (raw) SELECT string_to_table(:'golden_v1', E'\n');
CREATE TEMPORARY TABLE many_lines AS SELECT * FROM inclusion.import_places(perimeter => 'DEP-27');
\o
SELECT results_eq($$ SELECT received::int, rejected::int FROM one_line $$, $$ VALUES (188, 0) $$, 'an array on one line is read');
SELECT results_eq($$ SELECT created::int, updated::int, unchanged::int FROM many_lines $$, $$ VALUES (0, 0, 188) $$, 'and is the same as on many');
\else
SELECT skip('the public files are not here', 8);
\endif

SELECT * FROM finish();
ROLLBACK;
