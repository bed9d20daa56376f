-- What a person may ask of their data: to see them, correct them, freeze them,
-- refuse a use, be forgotten, move; what time ends; when real people may come.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\o
SELECT plan(125);

-- --- two people, one of whom everything is known --------------------------------------

CREATE ROLE test_dpo LOGIN IN ROLE inclusion_dpo;
SELECT 'CREATE ROLE desk_agent' WHERE to_regrole('desk_agent') IS NULL \gexec
GRANT inclusion_front_desk TO desk_agent;
CREATE ROLE test_night IN ROLE inclusion_night;

INSERT INTO inclusion_data.territory (code, kind, official_code, name, code_year) VALUES ('EPCI-1', 'epci', '1', 'Agglo', 2020);
UPDATE inclusion_data.territory SET epci = 'EPCI-1' WHERE code IN ('COM-27229', 'COM-27016');
SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229', first_name => 'Jeanne', last_name => 'Fictive', phone => '06 39 98 12 34',
         email => 'jeanne@mail.example.org', birth_year => 1950, accommodations => '{large_print}', languages => '{fr,ar}') AS jeanne,
       inclusion.enrol(structure => :desk, commune => 'COM-27229', first_name => 'Paul', last_name => 'Autre', birth_year => 1980) AS paul \gset
SELECT inclusion.assess(b, 'pix{1.1=1.5,4.2=0}'), inclusion.record_circumstance(b, 'no_equipment'), inclusion.express_need(b, 'procedures_alone')
  FROM unnest(ARRAY[:jeanne, :paul]) b \g /dev/null
SELECT inclusion.register_offer('Atelier', :desk, longitude => 1.2, latitude => 49.0, teaches => 'pix{0.5=2,0.7=3,1.1=3,2.4=2}',
  accommodations => '{large_print}') AS offer \gset
SELECT inclusion.open_session(:offer, now() + interval '7 days', now() + interval '7 days 2 hours', 5) AS session \gset
SELECT inclusion.night_start(inclusion.today('DEP-27'), 'DEP-27') AS run \gset
SELECT inclusion.night_open(:run), inclusion.night_compute(:run), inclusion.night_publish(:run) \g /dev/null
SELECT id AS proposal FROM inclusion_data.proposal WHERE beneficiary = :jeanne \gset
SELECT inclusion.accept(:proposal, :agent), inclusion.confirm(:proposal, :agent), inclusion.book(:proposal, agent => :agent) \g /dev/null
SELECT id AS other_proposal FROM inclusion_data.proposal WHERE beneficiary = :paul \gset

-- Seats against what the present states of the proposals hold
CREATE TEMPORARY VIEW unbalanced AS
SELECT t.session, t.taken, t.proposed FROM inclusion_data.seat t
WHERE (t.taken, t.proposed) <> (
  SELECT count(*) FILTER (WHERE w.holds = 'taken'), count(*) FILTER (WHERE w.holds = 'proposed')
  FROM inclusion_data.proposal_now w WHERE w.session = t.session);
SELECT is((SELECT concat_ws(' ', taken, proposed) FROM inclusion_data.seat), '1 1', 'Jeanne is booked, Paul has a proposal');

CREATE FUNCTION pg_temp.as_role(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  PERFORM set_config('role', who, true);
  EXECUTE statement INTO answer;
  PERFORM set_config('role', 'none', true);
  RETURN answer;
EXCEPTION WHEN OTHERS THEN
  PERFORM set_config('role', 'none', true);
  RETURN SQLSTATE;
END
$$;
CREATE FUNCTION pg_temp.journal(person bigint) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(j.action, ' ' ORDER BY j.id) FROM inclusion_data.journal j WHERE j.beneficiary = person
$$;

-- --- nobody but the officer -------------------------------------------------------------

SELECT is(pg_temp.as_role('desk_agent', format(statement, :jeanne)), '42501', statement || ' is the officer''s') FROM (VALUES
  ('SELECT inclusion.export_person(%s)'), ('SELECT inclusion.rectify_person(%s, ''birth_year'', ''1951'', ''erreur'')'),
  ('SELECT inclusion.restrict_person(%s, ''conteste'')'), ('SELECT inclusion.lift_restriction(%s)'),
  ('SELECT inclusion.object_to(%s, ''active_list'')'), ('SELECT inclusion.erase_person(%s, ''demande'')'),
  ('SELECT inclusion.transfer(%s, ''DEP-74'', 1, ''sa parole'')')) v (statement);
SELECT is(pg_temp.as_role('desk_agent', format('SELECT inclusion_data.erase_people(''{%s}'', ''DEP-27'', ''x'')', :jeanne)), '42501', 'nor is what they call anybody else''s');
SELECT is(pg_temp.as_role('desk_agent', format('SELECT inclusion.delete_people(''{%s}'', ''DEP-27'')', :jeanne)), '42501', 'the parts of an erasure reach no further than one''s rights');
SELECT is((SELECT count(*)::int FROM inclusion_data.beneficiary), 2, 'and nothing was done');

-- --- access ------------------------------------------------------------------------------

SELECT pg_temp.as_role('test_dpo', format('SELECT inclusion.export_person(%s)', :jeanne))::jsonb AS file \gset
CREATE TEMPORARY TABLE file AS SELECT :'file'::jsonb AS content;
SELECT is_empty($$
  SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'beneficiary'
   WHERE c.relnamespace = 'inclusion_data'::regnamespace AND c.relkind = 'r'
  EXCEPT SELECT k::name FROM file, jsonb_object_keys(content -> 'tables') k
  EXCEPT SELECT unnest('{identity_fingerprint,file_opening}'::name[]) $$, 'every table that names a person is exported');
SELECT is_empty($$ SELECT l FROM file, jsonb_array_elements_text(content -> 'withheld') l
  EXCEPT SELECT unnest(ARRAY['Empreintes d''identité', 'Dossiers à ouvrir']) $$, 'and what is not is named');
SELECT ok(content -> 'tables' ?& '{beneficiary,proposal_step}', 'as are the person and the steps of their proposals') FROM file;
SELECT is(content #>> '{tables,identity,rows,0,first_name}', 'Jeanne', 'their name') FROM file;
SELECT is(content #>> '{tables,identity,columns,first_name}', 'Prénom', 'with the label of each column') FROM file;
SELECT is(content #> '{tables,assessment,rows,0,vector}', '{"framework": "pix", "levels": {"1.1": 1.5, "4.2": 0}}', 'competences as levels anybody can read') FROM file;
SELECT is((SELECT string_agg(s ->> 'label', ' / ') FROM file, jsonb_array_elements(content #> '{proposals,0,steps}') s),
  'En attente d''une place / Proposée / Acceptée par la personne / Confirmée par la structure / Inscrite à une séance', 'proposals step by step, in words');
SELECT is(content #>> '{explanation,0,sentence}', 'Place proposée.', 'and why the night decided so') FROM file;
SELECT unalike(content::text, '%Autre%', 'nobody else''s name') FROM file;
SELECT is_empty(format($$ SELECT r FROM file, jsonb_each(content -> 'tables') t, jsonb_array_elements(t.value -> 'rows') r
   WHERE (r ->> 'beneficiary')::bigint <> %s $$, :jeanne), 'nobody else''s row');
SELECT is(pg_temp.journal(:jeanne), 'export_person', 'it is journaled');
SELECT throws_ok('SELECT inclusion.export_person(424242)', 'IN003', NULL, 'nobody unknown is exported');

-- --- rectification -----------------------------------------------------------------------

SELECT inclusion.rectify_person(:jeanne, field, value, 'erreur de saisie') FROM (VALUES ('birth_year', '1951'), ('first_name', 'Jane'),
  ('languages', '{fr}'), ('commune', 'COM-27016'), ('phone', NULL), ('max_distance', '5000')) v (field, value) \g /dev/null
SELECT is((SELECT ROW(b.birth_year, i.first_name, b.languages, b.commune, b.longitude, i.phone, b.max_distance)::text
             FROM inclusion_data.beneficiary b JOIN inclusion_data.identity i ON i.beneficiary = b.id WHERE b.id = :jeanne),
  '(1951,Jane,{fr},COM-27016,1.41,,5000)', 'fields are corrected, and the middle of the commune follows');
SELECT inclusion.rectify_person(:jeanne, 'position', '1.2,49.1', 'lieu de la journée') \g /dev/null
SELECT is((SELECT concat_ws(' ', longitude, latitude, position_origin) FROM inclusion_data.beneficiary WHERE id = :jeanne), '1.2 49.1 day_place', 'a position is two numbers');
SELECT is((SELECT count(*)::int FROM inclusion_data.journal WHERE action = 'rectify_person' AND detail ->> 'before' ~ '^[0-9a-f]{64}$'), 7, 'what was is kept as a fingerprint');
SELECT is_empty($$ SELECT FROM inclusion_data.journal WHERE (detail - 'before')::text ~ 'Jeanne|1950|0639|06 39' $$, 'and not otherwise');
SELECT throws_ok(format('SELECT inclusion.rectify_person(%s, %L, %L, ''essai'')', :jeanne, field, value), state, NULL, format('%s = %s is refused', field, value)) FROM (VALUES
  ('structure', '2', 'IN812'), ('last_contact_on', '2020-01-01', 'IN812'), ('birth_year', '1066', 'IN812'), ('birth_year', 'mille', 'IN812'), ('commune', 'COM-0', 'IN812'),
  ('languages', '{klingon}', 'IN812'), ('contact_by', 'pigeon', 'IN812'), ('phone', '06 12 34 56 78', 'IN002'), ('last_name', '2 55 08 14 168 025 38', 'IN005')) v (field, value, state);
SELECT throws_ok(format('SELECT inclusion.rectify_person(%s, ''birth_year'', ''1950'', '' '')', :jeanne), 'IN812', NULL, 'a reason is given');

-- --- restriction ---------------------------------------------------------------------------

SELECT is(pg_temp.as_role('desk_agent', 'SELECT count(*) FROM inclusion_data.identity'), '2', 'the desk sees its people');
SELECT inclusion.night_mark(:run) AS mark \gset
SELECT pg_temp.as_role('test_dpo', format('SELECT inclusion.restrict_person(%s, ''conteste une évaluation'')', :jeanne)) \g /dev/null
SELECT is(pg_temp.as_role('desk_agent', format('SELECT count(*) FROM %s', relation)), n, relation || ' without the restricted person')
  FROM (VALUES ('inclusion_data.beneficiary', '1'), ('inclusion_data.identity', '1'), ('inclusion_data.assessment', '1'),
    ('inclusion_data.proposal', '1'), ('inclusion_data.proposal_step', '2'), ('pilotage.fact_active_list', '1')) v (relation, n);
SELECT is(pg_temp.as_role('desk_agent', format('SELECT inclusion.decline(%s)', :proposal)), 'IN304', 'their booking stands still');
SELECT is(pg_temp.as_role('desk_agent', format('SELECT inclusion.identify(%s, phone => '''')', :jeanne)), 'IN003', 'nobody writes in their file');
SELECT is((SELECT concat_ws(' ', taken, proposed) FROM inclusion_data.seat), '1 1', 'and keeps its seat');
SELECT is(pg_temp.as_role('test_dpo', 'SELECT count(*) FROM inclusion_data.identity'), '2', 'the officer sees everybody');
SELECT is((SELECT count(*)::int FROM inclusion.needs_of('DEP-27', inclusion.today('DEP-27'))), 1, 'the nights leave them out');
INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, parameters, started_at, finished_at)
  SELECT 900, as_of + 365, perimeters, 'failed', 'open', parameters, now(), now() FROM inclusion_data.run WHERE id = :run;
SELECT is(array(SELECT proposal FROM inclusion.night_due(900) WHERE due = 'over'), ARRAY[:other_proposal]::bigint[], 'a year later Paul''s proposal is over');
INSERT INTO inclusion_data.restriction VALUES (:paul, 'DEP-27', 'conteste', current_date);
SELECT is_empty('SELECT FROM inclusion.night_due(900)', 'unless he is restricted: the night ends nothing of his');
DELETE FROM inclusion_data.restriction WHERE beneficiary = :paul;
DELETE FROM inclusion_data.run WHERE id = 900;
SELECT isnt(inclusion.night_mark(:run), :mark::bigint, 'a restriction is an event: the night is to be done again');
SELECT pg_temp.as_role('test_dpo', format('SELECT inclusion.lift_restriction(%s)', :jeanne)) \g /dev/null
SELECT is(pg_temp.as_role('desk_agent', 'SELECT count(*) FROM inclusion_data.identity'), '2', 'once lifted they are back');
SELECT throws_ok(format('SELECT inclusion.lift_restriction(%s)', :jeanne), 'IN812', NULL, 'what is not restricted is not lifted');

-- --- objection -------------------------------------------------------------------------------

SELECT throws_ok(format('SELECT inclusion.object_to(%s, ''follow_up'')', :paul), 'IN812', NULL, 'some uses end only with the file');
SELECT is((SELECT count(*)::int FROM pilotage.fact_active_list), 2, 'two people are on the list');
SELECT is(pg_temp.as_role('test_dpo', format('SELECT inclusion.object_to(%s, ''active_list'')', :paul)), '1', 'Paul objects, and gives back the place he had not agreed to');
SELECT is((SELECT count(*)::int FROM pilotage.fact_active_list), 1, 'he leaves the list at the next read');
SELECT is(pg_temp.as_role('desk_agent', 'SELECT count(*) FROM inclusion_data.active_list'), '1', 'whatever is read');
SELECT is(pg_temp.as_role('desk_agent', 'SELECT count(*) FROM inclusion_data.identity'), '2', 'and is still followed');
SELECT is((SELECT count(*)::int FROM inclusion.needs_of('DEP-27', inclusion.today('DEP-27'))), 1, 'the night does not take him back');
SELECT is((SELECT concat_ws(' ', taken, proposed) FROM inclusion_data.seat), '1 0', 'his seat is free');

-- between the calculation of a night and its publication
SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229') AS late \gset
SELECT inclusion.express_need(:late, 'procedures_alone') \g /dev/null
SELECT inclusion.night_start(inclusion.today('DEP-27'), 'DEP-27') AS run \gset
SELECT inclusion.night_open(:run), inclusion.night_compute(:run) \g /dev/null
SELECT is((SELECT outcome FROM inclusion_data.run_result WHERE run = :run AND beneficiary = :late), 'proposed', 'somebody is about to be proposed a place');
SELECT inclusion.object_to(:late, 'active_list'), inclusion.night_publish(:run) \g /dev/null
SELECT is((SELECT skipped FROM inclusion_data.run_result WHERE run = :run AND beneficiary = :late), 'no_longer_possible', 'and objects in time: it is not published');

-- --- erasure ----------------------------------------------------------------------------------

SELECT inclusion.identify(:late, 'Éloïse', 'd''Arc', phone => '+33 6 39 98 12 34', email => 'eloise.d''arc@mail.example.org') \g /dev/null

INSERT INTO inclusion_data.import_batch (id, kind, source) VALUES (1, 'places', 'essai');
INSERT INTO inclusion_data.import_reject (batch, line, reason, value, raw)
  SELECT 1, n, (SELECT min(code) FROM inclusion_data.import_reason), 'x', raw
  FROM (VALUES (1, 'FICTIVE;Jane;1951'), (2, 'Bibliothèque;Évreux')) v (n, raw);
INSERT INTO inclusion_data.import_line (raw) VALUES ('{"nom": "Jané Fictive"}'), ('nom;ville');
-- what an import stopped half-way would leave, and what one that ended did
INSERT INTO inclusion_data.import_record (batch, line, raw, fields) VALUES (1, 1, 'x', '{"contact": "jeanne@mail.example.org"}'), (1, 2, 'x', '{"contact": "autre@mail.example.org"}');
INSERT INTO inclusion_data.import_place (batch, line, source, source_id, perimeter, name, former_commune, itinerant, receives_public, residents_only, phone,
    services, publics, care, fees, support_modes, access_modes, programmes, labels, typologies, unknown_services, unknown_values)
  SELECT 1, n, 's', n::text, 'DEP-27', name, false, false, true, false, '0123456789', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}'
  FROM (VALUES (1, 'Chez Fictive, Jane'), (2, 'Chez Autre')) v (n, name);
INSERT INTO inclusion_data.import_warning (batch, line, reason, value) SELECT 1, n, (SELECT min(code) FROM inclusion_data.import_reason), v FROM (VALUES (1, 'jane FICTIVE'), (2, 'rien')) w (n, v);
INSERT INTO inclusion_data.backup_log (taken_at, label, keeps_until) VALUES (now(), 'nuit', current_date + 30), (now() - interval '90 days', 'ancienne', current_date - 60);
CREATE TEMPORARY TABLE done AS SELECT * FROM inclusion.erase_person(:jeanne, 'demande écrite');
SELECT is((SELECT rows FROM done WHERE what = 'Places rendues'), 1::bigint, 'the place to come is given back, and it is said');
SELECT is((SELECT concat_ws(' ', taken, proposed) FROM inclusion_data.seat), '0 0', 'the seat is free');
SELECT is_empty('TABLE unbalanced', 'no seat is lost or invented');
SELECT is((SELECT rows FROM done WHERE what = 'Textes de fichiers vidés'), 5::bigint, 'lines of files that name them are emptied');
SELECT is((SELECT string_agg(line::text, ' ') FROM inclusion_data.import_record), '2', 'as are the records of an import on its way');
SELECT is((SELECT string_agg(name, ' ') FROM inclusion_data.import_place), 'Chez Autre', 'the places it was about to write');
SELECT is((SELECT string_agg(value, ' ') FROM inclusion_data.import_warning), 'rien', 'and its warnings');
SELECT is(inclusion.names_one_of(t, inclusion.identity_patterns(ARRAY[:late], 'DEP-27')), found, t) FROM (VALUES
  ('téléphone : 06 39 98 12 34', true), ('0639981234', true), ('+33 6 39 98 12 34', true), ('0033639981234', true), ('33 (0)6.39.98.12.34', true), ('tel=+33639981234;', true),
  ('106 39 98 12 34', false), ('06 39 98 12 345', false), ('06 39 98 12 35', false),
  ('ELOÏSE.D''ARC@Mail.Example.org', true), ('eloise@example.org', false), ('{"n": "Elo\u00efse D\u2019Arc"}', false), ('{"n": "Elo\u00efse", "p": "D''Arc"}', true), ('{"n": "Elo\u00EFse\td''arc"}', false),
  ('D''Arc (Éloïse)', true), ('Éloïse, le 3 mars, avec Mme d’ARC', true), ('Éloïse Darcet', false), ('\u0000 Éloïse d''Arc', true), ('', false), (NULL, NULL)) v (t, found);
SELECT is((SELECT string_agg(raw, '/' ORDER BY line) FROM inclusion_data.import_reject), '/Bibliothèque;Évreux', 'those alone, and still counted');
SELECT is((SELECT rows FROM done WHERE what LIKE 'Personnes gardées%'), 0::bigint, 'a group of one leaves no number');
SELECT matches((SELECT string_agg(what, '/') FROM done WHERE rows IS NULL), '^Sauvegarde « nuit »[^/]*$', 'the backup that still holds them is named, the destroyed one is not');
CREATE FUNCTION pg_temp.rows_of(person bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  t record;
  n bigint;
  found text;
BEGIN
  FOR t IN SELECT * FROM inclusion.person_tables() LOOP
    EXECUTE format('SELECT count(*) FROM %s WHERE %s', t.relation, t.condition) INTO n USING ARRAY[person], 'DEP-27';
    IF n > 0 THEN found := concat_ws(' ', found, t.relation); END IF;
  END LOOP;
  RETURN found;
END
$$;
SELECT is(pg_temp.rows_of(:jeanne), 'inclusion_data.journal', 'nothing is left but the proof');
SELECT matches(pg_temp.journal(:jeanne), 'erase_person$', 'which says that they were erased');
SELECT is(array_length(string_to_array(pg_temp.rows_of(:paul), ' '), 1) > 8, true, 'nobody else lost anything');
SELECT throws_ok(format('SELECT * FROM inclusion.erase_person(%s, ''encore'')', :jeanne), 'IN003', NULL, 'nobody is erased twice');

-- not resurrected without their word
SELECT throws_ok(format('SELECT inclusion.enrol(%s, first_name => %L, last_name => ''FICTIVE'', birth_year => %L)', :desk, first_name, birth_year), 'IN006', NULL, why)
  FROM (VALUES ('Jane', 1951, 'who asked to be forgotten is not enrolled again'), ('jané', 1951, 'however they are written'),
    ('Jane', NULL::int, 'nor when the year is not told')) v (first_name, birth_year, why);
SELECT throws_ok(format('SELECT inclusion.identify(%s, ''Jane'', ''Fictive'', 1951)', :late), 'IN006', NULL, 'nor is a file given their name');
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace IN ('inclusion'::regnamespace, 'inclusion_data'::regnamespace) AND p.prosrc ~ 'INSERT INTO inclusion_data\.identity\M'
  AND p.proname NOT IN ('write_identity', 'registry_79_identity') $$, 'and no import writes one by another way');
SELECT lives_ok(format('SELECT inclusion.enrol(%s, first_name => ''Jane'', last_name => ''Fictive'', birth_year => 1990)', :desk), 'a namesake is somebody else');
SELECT lives_ok(format('SELECT inclusion.enrol(%s, first_name => ''Jane'', last_name => ''Fictive'', birth_year => 1951)', :other_desk), 'another perimeter never knew');
SELECT lives_ok(format('SELECT inclusion.enrol(%s, first_name => ''Jane'', last_name => ''Fictive'', birth_year => 1951, asked_again => true)', :desk), 'with their word they are welcome');
SELECT is((SELECT count(*)::int FROM inclusion_data.objection), 0, 'and the mark goes');

-- --- time ----------------------------------------------------------------------------------------

SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229', birth_year => 1950, enrolled_on => '2020-03-01') FROM generate_series(1, 12) \g /dev/null
SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229', birth_year => 2000, enrolled_on => '2020-03-01') AS kept \gset
SELECT inclusion.restrict_person(:kept, 'conteste') \g /dev/null
SELECT inclusion.assess(min(id), 'pix{1.1=1}') FROM inclusion_data.beneficiary WHERE last_contact_on < '2021-01-01' \g /dev/null
SELECT is(pg_temp.as_role('test_night', 'SELECT inclusion_data.purge_batch(''DEP-27'', current_date, 5)'), '5', 'a batch is bounded');
SELECT is(pg_temp.as_role('test_night', 'SELECT inclusion_data.purge_batch(''DEP-27'', current_date, 500)'), '6', 'the next one goes on; who was met since stays');
SELECT is((SELECT string_agg(id::text, ' ') FROM inclusion_data.beneficiary WHERE last_contact_on < current_date - 1000), :'kept'::text, 'what is contested is kept');
SELECT is((SELECT people FROM inclusion_data.anonymous_enrolment WHERE epci = 'EPCI-1' AND enrolled_year = 2020 AND age_band = '60 ans et plus'), 5,
  'a group that reaches the threshold is counted, and no longer once it is under it');
SELECT is((SELECT count(*)::int FROM inclusion_data.objection), 0, 'whom time erased may come back');
SELECT is(pg_temp.as_role('test_night', 'SELECT inclusion_data.purge_batch(''DEP-27'', current_date + 1, 500)'), 'IN812', 'nobody is purged ahead of time');
SELECT throws_ok($$ INSERT INTO inclusion_data.retention (perimeter, purpose, active_months) VALUES ('DEP-27', 'follow_up', 36) $$, '23514', NULL, 'beyond two years a reason is needed');

-- --- another perimeter ----------------------------------------------------------------------------

SELECT inclusion.transfer(:paul, 'DEP-74', :other_desk, 'a déménagé, il le demande') AS moved \gset
SELECT is(pg_temp.rows_of(:paul), 'inclusion_data.journal', 'the old perimeter keeps nothing but the proof');
SELECT is((SELECT concat_ws(' ', i.last_name, b.structure = :other_desk, e.structure = :other_desk, inclusion.points(a.vector, '1.1'))
  FROM inclusion_data.beneficiary b JOIN inclusion_data.identity i ON i.beneficiary = b.id AND i.perimeter = b.perimeter
  JOIN inclusion_data.enrolment e ON e.beneficiary = b.id JOIN inclusion_data.assessment a ON a.beneficiary = b.id
  WHERE b.id = :moved AND b.perimeter = 'DEP-74'), 'Autre t t 12', 'the file is in the new one, with its history');
SELECT throws_ok(format('SELECT inclusion.transfer(%s, ''DEP-74'', %s, '''')', :kept, :other_desk), 'IN812', NULL, 'nobody is moved without their word');

-- --- real people -----------------------------------------------------------------------------------

SELECT inclusion.create_perimeter('DEP-01', 'Ain') \g /dev/null
SELECT inclusion.register_structure('Mairie', 'DEP-01') AS real_desk \gset
DELETE FROM inclusion_data.retention WHERE purpose = 'statistics';
DROP POLICY restricted_select ON inclusion_data.identity;
SELECT throws_ok($$ SELECT inclusion.declare_real('DEP-01', 'Madame X', current_date) $$, 'IN811', 'perimeter "DEP-01" is not ready for real people', 'a perimeter that lacks something stays closed');
CREATE FUNCTION pg_temp.missing() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  detail text;
BEGIN
  PERFORM inclusion.declare_real('DEP-01', 'Madame X', current_date);
EXCEPTION WHEN SQLSTATE 'IN811' THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN detail;
END
$$;
SELECT is(pg_temp.missing(), concat_ws(E'\n', 'table inclusion_data.identity: no policy keeps agents from restricted people on SELECT',
  'purpose statistics: no duration in inclusion_data.retention',
  'no policy is in force on ' || current_date || ', hence no threshold below which nothing is counted',
  'the data-protection officer: a name and a way to reach them (e-mail or telephone)'), 'all of it is listed');
INSERT INTO inclusion_data.retention (perimeter, purpose) VALUES (NULL, 'statistics');
SET LOCAL ROLE inclusion_owner;
CALL inclusion.protect_restricted();
RESET ROLE;
SELECT inclusion.adopt_policy('DEP-01', '2026-01-01', 'clef') \g /dev/null
SELECT lives_ok($$ SELECT inclusion.declare_real('DEP-01', 'Madame X, dpo@example.org', current_date) $$, 'with everything in place it opens');
SELECT lives_ok(format('SELECT inclusion.enrol(%s, first_name => ''Ada'', last_name => ''Réelle'', phone => ''06 12 34 56 78'')', :real_desk), 'a number that could be real is accepted there');
SELECT throws_ok(format('SELECT inclusion.enrol(%s, first_name => ''Ada'', last_name => ''Réelle'', phone => ''06 12 34 56 78'')', :desk), 'IN002', NULL, 'and nowhere else');

-- --- the register -----------------------------------------------------------------------------------

SELECT is_empty($$ SELECT t.relation, a.attname FROM inclusion.person_tables() t JOIN pg_attribute a ON a.attrelid = t.relation AND a.attnum > 0 AND NOT a.attisdropped
  EXCEPT SELECT ('inclusion_data.' || table_name)::regclass, column_name::name FROM pilotage.dim_processing_register $$, 'the register holds every column of every table about people');
SELECT is_empty($$ SELECT * FROM pilotage.dim_processing_register WHERE description IS NULL OR purpose IS NULL OR retention_months IS NULL OR measures IS NULL $$, 'and says all of each');
SELECT is((SELECT recipients FROM pilotage.dim_processing_register WHERE table_name = 'accommodation_need' AND column_name = 'code'),
  'inclusion_coordinator, inclusion_dpo, inclusion_front_desk, inclusion_mediator, inclusion_night', 'who reads a datum is who has the right to');

SELECT * FROM finish();
ROLLBACK;
