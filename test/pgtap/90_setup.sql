-- setup(): refuses what it did not make, changes nothing the second time,
-- takes the steps an older registry lacks, and never drops what is not its own.
BEGIN;
SET LOCAL client_min_messages = warning;
-- PostGIS may be anywhere, and its schema closed to everybody
DROP EXTENSION postgis;
CREATE SCHEMA "Géo";
CREATE EXTENSION postgis SCHEMA "Géo";

SELECT plan(52);

-- --- before -------------------------------------------------------------------

CREATE SCHEMA inclusion;
SELECT throws_ok('CREATE EXTENSION inclusion', '42P06', NULL, 'nobody can prepare schema inclusion');
DROP SCHEMA inclusion;
CREATE EXTENSION inclusion;

SELECT is(inclusion.registry_version(), NULL, 'there is no registry yet');
SELECT throws_ok(verb, 'IN901', NULL, verb || ' needs a registry') FROM (VALUES
  ('SELECT inclusion.require_registry()'),
  ('SELECT inclusion.today()'),
  ('SELECT inclusion.create_perimeter(''DEP-27'', ''Eure'')'),
  ('SELECT inclusion.register_agent(''x'', 1, ''x'')'),
  ('SELECT inclusion.register_structure(''x'')'),
  ('SELECT inclusion.adopt_policy(''x'', ''2026-01-01'', ''x'')'),
  ('SELECT inclusion.register_offer(''x'', 1)'),
  ('SELECT inclusion.enrol(1)'),
  ('SELECT inclusion.assess(1, ''pix{1.1=1}'')'),
  ('SELECT * FROM inclusion.matches(1)'),
  ('SELECT * FROM inclusion.settle_today(point(1, 49))')) v (verb);

-- --- refusals -------------------------------------------------------------------

-- Runs statements, then setup() as `who`; leaves no trace, and says what came:
-- SQLSTATE, message, detail, and whether a schema was left
CREATE FUNCTION pg_temp.setup_after(preparation text, who text DEFAULT 'none', OUT state text, OUT message text, OUT detail text)
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE preparation;
  PERFORM set_config('role', who, true);
  CALL inclusion.setup();
  RAISE EXCEPTION USING ERRCODE = 'P9999', MESSAGE = 'done';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
END
$$;

CREATE ROLE test_admin CREATEROLE CREATEDB;
CREATE ROLE test_squatter;
SELECT is(t.state, s.state, s.why) FROM (VALUES
  (1, 'CREATE SCHEMA pilotage', 'none', 'IN902', 'a schema pilotage of somebody else is refused'),
  (2, 'CREATE SCHEMA inclusion_data', 'none', 'IN902', 'a schema inclusion_data of somebody else is refused'),
  (3, 'CREATE SCHEMA inclusion_data AUTHORIZATION test_squatter; CREATE TABLE inclusion_data.registry_step ()', 'none', 'IN902',
      'dressed as a registry as well'),
  (4, 'CALL inclusion.create_roles(); CREATE SCHEMA inclusion_data AUTHORIZATION inclusion_owner', 'none', 'IN902',
      'given to our owner as well'),
  (5, 'GRANT CREATE ON SCHEMA "Géo" TO PUBLIC', 'none', 'IN904', 'a schema of PostGIS where anybody may create is refused'),
  (6, 'CALL inclusion.create_roles(); COMMENT ON ROLE inclusion_night IS ''La nuit''', 'none', 'IN902', 'a role of the same name without our mark is refused'),
  (7, 'CALL inclusion.create_roles(); ALTER ROLE inclusion_night LOGIN', 'none', 'IN902', 'a group that may log in is refused'),
  (8, 'CALL inclusion.create_roles(); ALTER ROLE inclusion_owner BYPASSRLS', 'none', 'IN902', 'an owner that passes over row-level security is refused'),
  (9, '', 'test_admin', '42501', 'who is no superuser is refused'),
  (10, 'GRANT USAGE ON SCHEMA inclusion TO test_admin; GRANT EXECUTE ON PROCEDURE inclusion.setup() TO test_admin', 'test_admin', '42501',
      'even with the right to call it'),
  (11, '', 'none', 'P9999', 'and otherwise it goes through')) s (n, preparation, who, state, why),
  LATERAL pg_temp.setup_after(s.preparation, s.who) t ORDER BY n;
SELECT is_empty($$ SELECT nspname FROM pg_namespace WHERE nspname IN ('inclusion_data', 'pilotage') $$, 'a refusal leaves nothing behind');

-- --- twice ----------------------------------------------------------------------

\ir ../registry.sql
SET search_path = public, pg_catalog;
SELECT concat_ws(' ', current_user, current_setting('role'), current_setting('search_path')) AS before \gset
CALL inclusion.setup();
SELECT is(concat_ws(' ', current_user, current_setting('role'), current_setting('search_path')), :'before',
  'setup() leaves the caller''s role and path as they were');
RESET search_path;
SELECT is(inclusion.registry_version(), inclusion.version(), 'the registry is of the version of the library');
SELECT lives_ok('SELECT inclusion.require_registry()', 'and the verbs take it');
SELECT is_empty($$
  SELECT a.attrelid::regclass, a.attname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
   WHERE a.attrelid = 'inclusion_data.place'::regclass AND a.attname = 'geom' AND t.typnamespace <> '"Géo"'::regnamespace
$$, 'geometry is that of PostGIS, where it is');

-- A territory's own reader, given a view by name, keeps it
GRANT SELECT ON pilotage.map_place TO test_squatter WITH GRANT OPTION;
CREATE TEMPORARY TABLE first AS SELECT * FROM pg_temp.registry() AS line;
CALL inclusion.setup();
SELECT is_empty($$ (SELECT line FROM first EXCEPT SELECT * FROM pg_temp.registry()) $$, 'nothing is lost the second time');
SELECT is_empty($$ (SELECT * FROM pg_temp.registry() EXCEPT SELECT line FROM first) $$, 'nothing is new the second time');
SELECT cmp_ok((SELECT count(*) FROM first), '>', 800::bigint, 'and the comparison is of something');

-- --- what others have made ---------------------------------------------------------

CREATE SCHEMA mine;
CREATE VIEW mine.places AS SELECT count(*) FROM pilotage.map_place;
CREATE FUNCTION mine.offers() RETURNS SETOF pilotage.dim_offer LANGUAGE sql AS 'SELECT * FROM pilotage.dim_offer';
SELECT is(state, 'IN902', 'objects of somebody else over our views stop setup()') FROM pg_temp.setup_after('');
SELECT matches(detail, 'mine\.places', 'a view is listed') FROM pg_temp.setup_after('');
SELECT matches(detail, 'mine\.offers', 'a function that returns their rows is listed') FROM pg_temp.setup_after('');
SELECT lives_ok('SELECT * FROM mine.places, mine.offers()', 'and nothing is dropped');
DROP SCHEMA mine CASCADE;
CREATE VIEW pilotage.house AS SELECT 1 AS id;
CALL inclusion.setup();
SELECT has_view('pilotage', 'house', 'a view that is not our owner''s stays in schema pilotage');
DROP VIEW pilotage.house;

-- --- versions and steps --------------------------------------------------------------

UPDATE inclusion_data.registry_step SET version = '0.9' WHERE step = 0;
SELECT throws_ok('SELECT inclusion.today()', 'IN903', NULL, 'a registry of another version is refused by the verbs');
CALL inclusion.setup();
SELECT lives_ok('SELECT inclusion.require_registry()', 'until setup() has brought it up to date');

CREATE PROCEDURE inclusion.registry_step_9999_test() LANGUAGE plpgsql AS $$
BEGIN
  CREATE TABLE inclusion_data.step_test (id int PRIMARY KEY);
END
$$;
ALTER EXTENSION inclusion ADD PROCEDURE inclusion.registry_step_9999_test();
CALL inclusion.setup();
SELECT results_eq($$ SELECT step, word, version FROM inclusion_data.registry_step WHERE step > 0 AND step >= 9999 $$,
  $$ SELECT 9999, 'test', inclusion.version() $$, 'a step that the registry lacks is taken and recorded');
SELECT table_owner_is('inclusion_data', 'step_test', 'inclusion_owner', 'by the owner of the registry');
SELECT is(state, 'P9999', 'once') FROM pg_temp.setup_after('');

-- A step sees every row, or fails
INSERT INTO inclusion_data.perimeter (code, name) VALUES ('DEP-91', 'Essonne');
INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (91, 'DEP-91', 'Maison');
INSERT INTO inclusion_data.beneficiary (perimeter, structure, birth_year, position_origin, last_contact_on)
SELECT 'DEP-91', 91, 1950, 'unknown', '2026-01-15' FROM generate_series(1, 3);
CREATE PROCEDURE inclusion.registry_step_9998_sees() LANGUAGE plpgsql AS $$
BEGIN
  CREATE TABLE inclusion_data.step_saw AS SELECT count(*) AS people FROM inclusion_data.beneficiary;
END
$$;
ALTER EXTENSION inclusion ADD PROCEDURE inclusion.registry_step_9998_sees();
CALL inclusion.setup();
SELECT is((SELECT s.people FROM inclusion_data.step_saw s), 3::bigint, 'a step sees everybody');
SELECT is_empty($$ SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'inclusion_data'::regnamespace AND c.relrowsecurity AND NOT c.relforcerowsecurity $$,
  'policies are forced again after it');
SELECT is(current_setting('row_security'), 'on', 'and rows filtered as before');
CREATE PROCEDURE inclusion.registry_step_9997_filtered() LANGUAGE plpgsql AS $$
BEGIN
  ALTER TABLE inclusion_data.beneficiary FORCE ROW LEVEL SECURITY;
  UPDATE inclusion_data.beneficiary SET birth_year = NULL;
END
$$;
ALTER EXTENSION inclusion ADD PROCEDURE inclusion.registry_step_9997_filtered();
SELECT is(state, '42501', 'a step that policies would filter is an error') FROM pg_temp.setup_after('');
ALTER EXTENSION inclusion DROP PROCEDURE inclusion.registry_step_9997_filtered();
DROP TABLE inclusion_data.step_saw;
DROP SCHEMA inclusion_data, pilotage CASCADE;
CALL inclusion.setup();
SELECT is((SELECT count(*) FROM inclusion_data.registry_step WHERE step = 9999), 1::bigint, 'a fresh registry has been through every step');
SELECT hasnt_table('inclusion_data', 'step_test', 'without taking them');

-- --- leaving --------------------------------------------------------------------------

INSERT INTO inclusion_data.perimeter (code, name) VALUES ('DEP-27', 'Eure');
SELECT throws_ok('DROP EXTENSION inclusion', '2BP01', NULL, 'DROP EXTENSION refuses while there is a registry');
DROP EXTENSION inclusion CASCADE;
SELECT is((SELECT count(*) FROM inclusion_data.perimeter), 1::bigint, '… CASCADE keeps the rows');
SELECT hasnt_column('inclusion_data', 'assessment', 'vector', 'and takes the columns of our types');

CREATE EXTENSION inclusion;
SELECT throws_ok('CALL inclusion.setup()', 'IN902', 'the registry has lost its columns of the extension''s types',
  'a registry that lost its columns is not taken for one');

SELECT * FROM finish();
ROLLBACK;
