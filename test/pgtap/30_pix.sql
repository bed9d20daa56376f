-- Pix as it counts, DigComp through the published crosswalk, and the export of a
-- campaign read by the names of its columns.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
-- sixty people, whose numbers are those of the invented campaign
SELECT inclusion.enrol(structure => :desk, enrolled_on => '2026-01-05') FROM generate_series(1, 60);
\o
SELECT plan(49);

-- --- the arithmetic -------------------------------------------------------------

SELECT results_eq($$ SELECT d, inclusion.pix_cap(d) FROM unnest('{2015-12-31,2016-01-01,2021-12-31,2022-01-01}'::date[]) d $$,
  $$ VALUES ('2015-12-31'::date, 8), ('2016-01-01', 5), ('2021-12-31', 5), ('2022-01-01', 7) $$, 'the cap is a dated row');
SELECT is(ARRAY(SELECT inclusion.pix_level(p, '2026-01-01') FROM unnest('{0,7,8,15,55,56,63,64}'::int[]) WITH ORDINALITY u (p, n) ORDER BY n), '{0,0,1,1,6,7,7,7}', 'a level is eight pix, rounded down, capped');
SELECT is(inclusion.pix_level(64, '2020-01-01'), 5, 'by the cap of the day');
SELECT is(sum(8 * 8)::int, 1024, 'sixteen competences make 1024 pix') FROM inclusion_data.competence WHERE code >= '1';
SELECT results_eq($$ SELECT * FROM inclusion.pix_profile('pix{1.1=8,1.2=0.875,2.1=1,4.1=1,4.2=1,0.1=8}', '2026-01-01') $$,
  $$ VALUES (56 + 7 + 24, 896, 4, false) $$, 'first steps count in no figure, four competences do not certify');
SELECT results_eq($$ SELECT * FROM inclusion.pix_profile('pix{1.1=1,1.2=1,2.1=1,4.1=1,4.2=1}', '2026-01-01') $$, $$ VALUES (40, 896, 5, true) $$, 'five do');
SELECT results_eq($$ SELECT * FROM inclusion.pix_profile('pix{}', '2020-01-01') $$, $$ VALUES (0, 640, 0, false) $$, 'nothing is nothing');
SELECT is(ARRAY(SELECT inclusion.pix_certified_level(s, '2026-01-01') FROM unnest('{0,63,64,127,128,255,256,895,896,1024}'::int[]) WITH ORDINALITY u (s, n) ORDER BY n),
  '{0,0,1,1,2,2,3,7,7,7}', 'the levels of a certification, 64, 64 then 128 wide');
SELECT is(inclusion.pix_certified_level(1025, '2026-01-01'), NULL, 'there is no more than 1024');

-- --- the crosswalk ----------------------------------------------------------------

SELECT is((SELECT count(*)::int FROM inclusion_data.competence_crosswalk WHERE source = 'inclusion 1.0'), 25, 'the crosswalk is rows, and says it is ours');
SELECT is(inclusion.to_digcomp('pix{0.1=8,1.1=3,2.1=2,2.2=1,2.4=2.125}')::text, 'digcomp{1.1=3,1.2=3,2.1=2,2.2=1,2.3=2.125,2.5=1.625,2.6=2.125}', 'each DigComp competence is the mean of its sources, rounded down');
SELECT is(inclusion.to_digcomp('digcomp{1.1=3}')::text, 'digcomp{1.1=3}', 'DigComp is left as it is');
SELECT inclusion.assess(1, 'digcomp{1.1=4,1.2=3,1.3=2}', 'observed', '2026-01-06') AS converted \gset
SELECT is((SELECT vector::text FROM inclusion_data.assessment WHERE id = :converted), 'pix{1.1=3.5,1.2=2,1.3=2}', 'assess() takes DigComp');
SELECT throws_ok($$ SELECT inclusion.assess(1, 'digcomp{5.3=4}') $$, 'IN101', NULL, 'but not what has no counterpart');

SELECT inclusion.register_offer('En DigComp', :desk, longitude => 1.15, latitude => 49.02, requires => 'digcomp{1.1=3}', teaches => 'digcomp{1.1=4,1.2=2}') AS offer \gset
SELECT is((SELECT format('%s %s', requires, teaches) FROM inclusion_data.offer WHERE id = :offer), 'pix{1.1=1} pix{1.1=3}', 'an offer too: nothing required of 1.2 counts as nothing, and levels are whole');
SELECT isnt((SELECT supply::text FROM inclusion_data.offer WHERE id = :offer), NULL, 'and it is matched');
SELECT throws_ok(format($$ SELECT inclusion.register_offer('Rien', %s, longitude => 1, latitude => 49, teaches => 'digcomp{5.3=4}') $$, :desk), 'IN201', NULL, 'not if nothing is left to teach');
SELECT throws_ok(format($$ SELECT inclusion.register_offer('Demi', %s, longitude => 1, latitude => 49, teaches => 'pix{1.1=2.5}') $$, :desk), 'IN201', NULL, 'levels of Pix stay whole as given');

-- --- an export --------------------------------------------------------------------

-- one line of an export: heading and cell by turns, in the order given
CREATE FUNCTION pg_temp.export(VARIADIC cells text[]) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(quote_ident(cells[i]), ';' ORDER BY i) || E'\r\n' || string_agg(cells[i + 1], ';' ORDER BY i) || E'\r\n'
  FROM generate_series(1, cardinality(cells), 2) i
$$;
CREATE FUNCTION pg_temp.came(content text) RETURNS TABLE (code text, problem text, vector text) LANGUAGE plpgsql AS $$
DECLARE
  new_assessment bigint;
BEGIN
  FOR code, problem, new_assessment IN
    SELECT i.code, i.problem, i.assessment FROM inclusion.import_assessments(content, (SELECT min(id) FROM inclusion_data.structure)) i ORDER BY i.line
  LOOP
    vector := (SELECT a.vector::text FROM inclusion_data.assessment a WHERE a.id = new_assessment);
    RETURN NEXT;
  END LOOP;
END
$$;
SELECT results_eq($$ SELECT * FROM pg_temp.came(U&'\FEFF' || pg_temp.export('Nom du Participant', '"Dupont; Jean"', 'Division', '6e', 'Envoi (O/N)', '"Oui"',
    'Date et heure de l''envoi (Europe/Paris)', '"19/01/2026 17:37"', 'Nombre de pix pour la compétence S''insérer dans le monde numérique', '25,7',
    'Niveau pour la compétence S’insérer dans le monde numérique', '3', 'Niveau pour la compétence Développer des documents multimedia', '2',
    'Nombre de pix pour la compétence Interagir', 'NA', 'Niveau pour la compétence Interagir', 'NA', 'Identifiant OEPPE', '''@00002')) $$,
  $$ VALUES ('IN101', 'the line bears no number of a person', NULL::text) $$, 'a guarded cell loses its guard, and is no number');
SELECT results_eq($$ SELECT * FROM pg_temp.came(U&'\FEFF' || pg_temp.export('Nom du Participant', '"Dupont; Jean"', 'Division', '6e', 'Envoi (O/N)', '"Oui"',
    'Date et heure de l''envoi (Europe/Paris)', '"19/01/2026 17:37"', 'Nombre de pix pour la compétence S''insérer dans le monde numérique', '25,7',
    'Niveau pour la compétence S’insérer dans le monde numérique', '3', 'Niveau pour la compétence Développer des documents multimedia', '2',
    'Nombre de pix pour la compétence Interagir', 'NA', 'Niveau pour la compétence Interagir', 'NA', 'Identifiant OEPPE', 'B00002')) $$,
  $$ VALUES (NULL::text, NULL::text, 'pix{2.4=3.125,3.2=2}') $$,
  'columns by name, whatever their order, accents and apostrophes; decimals by a comma are rounded down, NA is not assessed, a level alone is its first pix');
SELECT results_eq($$ SELECT beneficiary, instrument, assessed_on FROM inclusion_data.assessment WHERE instrument = 'pix' $$, $$ VALUES (2::bigint, 'pix', '2026-01-19'::date) $$, 'whose, by what, on which day');

-- what a line may not say, one change at a time
CREATE TEMPORARY TABLE wrong (change text[], says text);
INSERT INTO wrong VALUES
  ('{Envoi (O/N),Non}', 'the profile was not shared'),
  ('{Identifiant OEPPE,""}', 'the line bears no number of a person'),
  ('{Identifiant OEPPE,Dupont}', 'the line bears no number of a person'),
  ('{Identifiant OEPPE,B424242}', 'no beneficiary 424242 that you may see'),
  ('{Date de l''envoi,31/02/2026}', 'the line has no day on which the profile was shared'),
  ('{Date de l''envoi,2999-01-01}', 'assessment date 2999-01-01 is in the future'),
  ('{Nombre de pix pour la compétence Interagir,65}', 'competence 2.1 is outside 0 to 64 pix'),
  ('{Nombre de pix pour la compétence Interagir,-1}', 'competence 2.1 is outside 0 to 64 pix'),
  ('{Nombre de pix pour la compétence Interagir,16}', 'level and pix of competence 2.1 do not agree'),
  ('{Nombre de pix pour la compétence Interagir,beaucoup}', '"beaucoup" is no number of pix nor a level');
CREATE FUNCTION pg_temp.changed(change text[]) RETURNS text LANGUAGE sql AS $$
  SELECT pg_temp.export(VARIADIC array_agg(v ORDER BY n, k))
  FROM (VALUES (1, 'Envoi (O/N)', 'Oui'), (2, 'Identifiant OEPPE', 'B00003'), (3, 'Date de l''envoi', '2026-02-01'),
               (4, 'Nombre de pix pour la compétence Interagir', '12'), (5, 'Niveau pour la compétence Interagir', '1')) c (n, heading, cell)
  CROSS JOIN LATERAL (VALUES (1, c.heading), (2, CASE WHEN c.heading = change[1] THEN change[2] ELSE c.cell END)) x (k, v)
$$;
SELECT results_eq('SELECT * FROM pg_temp.came(pg_temp.changed(''{}''))', $$ VALUES (NULL::text, NULL::text, 'pix{2.1=1.5}') $$, 'without a change the line is right');
SELECT is(pg_temp.came(pg_temp.changed(change))::text, format('(%s,%s,)', CASE WHEN says ~ 'that you may see' THEN 'IN003' ELSE 'IN101' END,
          CASE WHEN says ~ '[", ]' THEN '"' || replace(says, '"', '""') || '"' ELSE says END), 'refused: ' || says) FROM wrong;

-- the cap is that of the day
SELECT is((SELECT vector FROM pg_temp.came(pg_temp.export('Identifiant OEPPE', '4', 'Date de l''envoi', '2020-05-01', 'Nombre de pix pour la compétence Interagir', '62', 'Niveau pour la compétence Interagir', '5'))),
  'pix{2.1=5}', 'under the cap of 2020, level 5 is the highest');
SELECT is((SELECT problem FROM pg_temp.came(pg_temp.export('Identifiant OEPPE', '4', 'Date de l''envoi', '2020-05-01', 'Niveau pour la compétence Interagir', '6', 'Nombre de pix pour la compétence Interagir', '50'))),
  'level and pix of competence 2.1 do not agree', 'and level 6 did not exist');

-- files that are no such export
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE statement;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || CASE WHEN hint = '' THEN ' without a hint' ELSE '' END;
END
$$;
SELECT is(pg_temp.refusal(format('SELECT * FROM inclusion.import_assessments(%L, %s)', content, :desk)), 'IN203', why) FROM (VALUES
  ('', 'an empty file'), (NULL, 'no file'), (E'Nom;Identifiant OEPPE\nX;1\n', 'a file without levels'),
  (E'Identifiant OEPPE;% de maitrise des acquis de la compétence Interagir\n1;0,5\n', 'mastery rates'),
  (E'Nom;Nombre de pix pour la compétence Interagir\nX;8\n', 'nobody to give them to')) f (content, why);
SELECT is(pg_temp.refusal($$ SELECT * FROM inclusion.import_assessments('x', 424242) $$), 'IN203', 'an unknown structure');
SELECT is((SELECT count(assessment)::int FROM inclusion.import_assessments(E'Matricule;Date de l''envoi;Nombre de pix pour la compétence Interagir\n000005;2026-02-01;9\n', :desk, person_heading => 'MATRICULE')), 1,
  'a campaign names its own column');

-- through the account of the desk, which sees its own people alone
CREATE ROLE test_desk IN ROLE inclusion_front_desk;
SELECT isnt(inclusion.register_agent('test_desk', :desk, 'Accueil'), NULL, 'an agent of the desk');
SELECT inclusion.enrol(structure => :other_desk, enrolled_on => '2026-01-05') AS elsewhere \gset
SELECT format(E'Identifiant OEPPE;Date de l''envoi;Nombre de pix pour la compétence Interagir\n6;2026-02-01;9\n%s;2026-02-01;9\n', :elsewhere) AS mixed \gset
SET LOCAL ROLE test_desk;
SELECT results_eq(format('SELECT line, beneficiary, code FROM inclusion.import_assessments(%L, %s)', :'mixed', :desk), $$ VALUES (2::bigint, 6::bigint, NULL::text), (3, NULL, 'IN003') $$, 'an agent assesses who they may see');
RESET ROLE;

-- the invented campaign: 60 people, 54 shared, 46 certifiable
\set campaign `cat "${DATA:-../shared/data}/competences/pix_orga_collecte_profils_synthetique.csv" 2>/dev/null`
SELECT :'campaign' = '' AS absent \gset
\if :absent
SELECT skip('the file of the invented campaign is not here', 6);
\else
DELETE FROM inclusion_data.enrolment_reject;
CREATE TEMPORARY TABLE imported AS SELECT * FROM inclusion.import_assessments(:'campaign', :desk);
SELECT results_eq('SELECT count(*)::int, count(assessment)::int, count(code)::int FROM imported', 'VALUES (60, 54, 6)', 'accepted + rejected = received');
SELECT results_eq('SELECT i.line, i.code FROM imported i WHERE i.code IS NOT NULL ORDER BY 1', $$ SELECT line, code FROM inclusion_data.enrolment_reject WHERE kind = 'assessment' ORDER BY 1 $$, 'rejects are kept, by number and reason');
SELECT is((SELECT count(*)::int FROM imported i JOIN inclusion_data.assessment a ON a.id = i.assessment CROSS JOIN inclusion.pix_profile(a.vector, a.assessed_on) p WHERE p.certifiable), 46, '46 are certifiable');
SELECT is((SELECT p.score FROM imported i JOIN inclusion_data.assessment a ON a.id = i.assessment CROSS JOIN inclusion.pix_profile(a.vector, a.assessed_on) p WHERE i.line = 2), 368, 'the first line sums to its total');
CREATE TEMPORARY TABLE again AS SELECT * FROM inclusion.import_assessments(:'campaign', :desk);
SELECT results_eq('SELECT line, beneficiary, assessment FROM again ORDER BY 1', 'SELECT line, beneficiary, assessment FROM imported ORDER BY 1', 'importing twice changes nothing');
SELECT is((SELECT string_agg(DISTINCT code, ',') FROM inclusion.import_assessments(regexp_replace(:'campaign', ';368;', ';369;'), :desk) WHERE line = 2), 'IN101', 'a total that is not the sum is refused');
\endif

SELECT * FROM finish();
ROLLBACK;
