-- Nobody stands in the way of our names: neither in a schema prepared before
-- the extension, nor in the caller's search_path, nor among temporary objects.
BEGIN;
SELECT plan(44);

-- --- a schema prepared --------------------------------------------------------

CREATE ROLE test_squatter;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO test_squatter', current_database()); END $$;
CREATE FUNCTION pg_temp.state_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RETURN 'done';
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE;
END
$$;
SET ROLE test_squatter;
CREATE SCHEMA inclusion;
CREATE FUNCTION inclusion.check_codes(vocabulary text, codes text[]) RETURNS boolean LANGUAGE sql AS 'SELECT true';
SELECT pg_temp.state_of('CREATE EXTENSION inclusion') AS squatter \gset
RESET ROLE;
SELECT is(:'squatter'::text, '42501', 'who is no superuser does not install');
SELECT is(pg_temp.state_of('CREATE EXTENSION inclusion'), '42P06', 'a superuser does not install into a schema prepared by another');
DROP SCHEMA inclusion CASCADE;
-- a schema of the caller's path catches nothing of the script
CREATE SCHEMA trap AUTHORIZATION test_squatter;
SET LOCAL search_path = trap, public;
CREATE EXTENSION inclusion;
SELECT is_empty($$ SELECT FROM pg_class WHERE relnamespace = 'trap'::regnamespace UNION ALL SELECT FROM pg_proc WHERE pronamespace = 'trap'::regnamespace $$,
  'the extension puts nothing in the caller''s schemas');
RESET search_path;

-- --- traps ----------------------------------------------------------------------

-- What a body without care would call, all in one place: each says it was caught
SET ROLE test_squatter;
CREATE FUNCTION trap.caught() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'caught' USING ERRCODE = 'P6666'; END $$;
CREATE PROCEDURE trap.lay(signature text, result text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE FUNCTION trap.%s RETURNS %s LANGUAGE plpgsql AS ''BEGIN PERFORM trap.caught(); END''', signature, result);
END
$$;
DO $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT * FROM (VALUES
    ('now()', 'timestamptz'), ('clock_timestamp()', 'timestamptz'), ('format(text, VARIADIC text[])', 'text'), ('format(text, text)', 'text'),
    ('lower(text)', 'text'), ('length(text)', 'int'), ('count(bigint)', 'bigint'), ('round(numeric)', 'numeric'), ('left(text, int)', 'text'),
    ('set_config(text, text, boolean)', 'text'), ('current_setting(text)', 'text'), ('quote_ident(text)', 'text'), ('hashtextextended(text, int)', 'bigint'),
    ('pg_advisory_xact_lock(bigint)', 'void'), ('pg_has_role(name, name, text)', 'boolean'), ('array_to_string(text[], text)', 'text'),
    ('unnest(text[])', 'text'), ('jsonb_build_object(VARIADIC text[])', 'jsonb'), ('sha256(bytea)', 'bytea'), ('pg_current_xact_id()', 'xid8'),
    ('st_makepoint(float8, float8)', 'text'), ('st_distancesphere(text, text)', 'float8'),
    -- ours, by their names alone
    ('require_registry()', 'void'), ('perimeter_of(bigint)', 'text'), ('today(text)', 'date'), ('need_of(bigint)', 'text'), ('check_codes(text, text[])', 'boolean'),
    ('caller()', 'text'), ('perimeters_of(name)', 'text[]'), ('structures_of(name)', 'bigint[]'), ('journal_write(text, text, bigint, jsonb)', 'void')) v (signature, result)
  LOOP
    CALL trap.lay(t.signature, t.result);
  END LOOP;
  -- operators, between the types our bodies compare
  FOR t IN SELECT o.name, y.type FROM unnest('{=,<>,<,<=,>,>=}'::text[]) o (name), unnest('{text,int,bigint,date,boolean,name,timestamptz,float8}'::text[]) y (type) LOOP
    IF to_regprocedure(format('trap.compare(%s, %1$s)', t.type)) IS NULL THEN
      CALL trap.lay(format('compare(%s, %1$s)', t.type), 'boolean');
    END IF;
    EXECUTE format('CREATE OPERATOR trap.%s (LEFTARG = %s, RIGHTARG = %2$s, FUNCTION = trap.compare)', t.name, t.type);
  END LOOP;
  FOR t IN SELECT o.name, y.type FROM unnest('{+,-,*,/}'::text[]) o (name), unnest('{int,bigint,float8,numeric}'::text[]) y (type) LOOP
    IF to_regprocedure(format('trap.combine(%s, %1$s)', t.type)) IS NULL THEN
      CALL trap.lay(format('combine(%s, %1$s)', t.type), t.type);
    END IF;
    EXECUTE format('CREATE OPERATOR trap.%s (LEFTARG = %s, RIGHTARG = %2$s, FUNCTION = trap.combine)', t.name, t.type);
  END LOOP;
  CALL trap.lay('join_text(text, text)', 'text');
  CREATE OPERATOR trap.|| (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.join_text);
  CREATE OPERATOR trap.~ (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.compare);
  CREATE OPERATOR trap.!~ (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.compare);
END
$$;
RESET ROLE;
GRANT USAGE ON SCHEMA trap TO PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA trap TO PUBLIC;

-- Run a statement with the traps before everything; the setting ends with the function
CREATE FUNCTION public.trapped(who text, statement text) RETURNS text LANGUAGE plpgsql SET search_path = public AS $$
DECLARE
  is_call constant boolean := statement ~ '^CALL';
  answer text;
BEGIN
  PERFORM set_config('role', who, true), set_config('search_path', 'trap, pg_temp, pg_catalog, public', true);
  IF is_call THEN
    EXECUTE statement;
  ELSE
    EXECUTE statement INTO answer;
  END IF;
  RETURN answer;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE;
END
$$;
CREATE FUNCTION pg_temp.trapped(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text := public.trapped(who, statement);
BEGIN
  PERFORM set_config('role', 'none', true);
  RETURN answer;
END
$$;
SELECT is(pg_temp.trapped('none', s), 'P6666', 'a careless statement is caught: ' || s) FROM (VALUES
  ('SELECT 1 + 1'), ('SELECT ''a''::text = ''b''::text'), ('SELECT now()'), ('SELECT current_date = current_date')) v (s);

-- setup() itself, by a superuser so waylaid
CREATE FUNCTION pg_temp.setup_trapped() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.trapped('none', 'CALL inclusion.setup()');
  RETURN (SELECT count(*) > 40 FROM pg_class WHERE relnamespace = 'inclusion_data'::regnamespace AND relkind = 'r')::text;
END
$$;
SELECT is(pg_temp.setup_trapped(), 'true', 'setup() makes the registry as ever');
SELECT is(pg_temp.setup_trapped(), 'true', 'and a second time');

\set ECHO none
\o /dev/null
INSERT INTO inclusion_data.territory (code, kind, official_code, name, longitude, latitude, population, code_year)
VALUES ('DEP-27', 'department', '27', 'Eure', NULL, NULL, NULL, 2020), ('COM-27229', 'commune', '27229', 'Évreux', 1.15, 49.02, 47000, 2020);
UPDATE inclusion_data.territory SET department = 'DEP-27' WHERE kind = 'commune';
CREATE ROLE test_desk IN ROLE inclusion_mediator;
CREATE ROLE test_night IN ROLE inclusion_night;
CREATE ROLE test_officer IN ROLE inclusion_dpo;
\o
-- tables of our names, in the path and among temporary ones
CREATE TABLE trap.beneficiary (id bigint, perimeter text);
CREATE TABLE trap.identity (beneficiary bigint, perimeter text, last_name text);
CREATE TABLE trap.access_grant (role_name text, perimeter text, structure bigint);
CREATE TEMPORARY TABLE beneficiary (id bigint, perimeter text);
CREATE TEMPORARY TABLE pg_roles (rolname name, oid oid);
CREATE TEMPORARY TABLE pg_extension (extname name, extnamespace oid);
CREATE TEMPORARY TABLE journal (id bigint, perimeter text);

-- Each stage's verbs, in the data's order, by whoever calls them
SELECT is(pg_temp.trapped(who, statement), wanted, who || ': ' || regexp_replace(statement, '\s.*inclusion', ' inclusion')) FROM (VALUES
  (1, 'none', 'SELECT inclusion.create_perimeter(''DEP-27'', ''Eure'', ''DEP-27'')', 'DEP-27'),
  (2, 'none', 'SELECT inclusion.register_structure(''Maison'', ''DEP-27'')', '1'),
  (3, 'none', 'SELECT inclusion.register_agent(''test_desk'', 1, ''Ada'')', '2'),
  (4, 'none', 'SELECT inclusion.adopt_policy(''DEP-27'', ''2026-01-01'', ''cle'')', '1'),
  (5, 'test_desk', 'SELECT inclusion.enrol(1, first_name => ''A'', last_name => ''B'', commune => ''COM-27229'', accommodations => ''{large_print}'', phone => ''06 39 98 00 00'')', '1'),
  (6, 'test_desk', 'SELECT inclusion.assess(1, ''pix{1.1=1}'')', '1'),
  (7, 'test_desk', 'SELECT inclusion.record_circumstance(1, ''no_equipment'') IS NOT NULL', 'true'),
  (8, 'test_desk', 'SELECT inclusion.express_need(1, ''procedures_alone'')', '1'),
  (9, 'none', 'SELECT inclusion.register_offer(''Atelier'', 1, teaches => ''pix{0.5=2,0.7=3,1.1=3,2.4=2}'', longitude => 1.15, latitude => 49.02, accommodations => ''{large_print}'')', '1'),
  (10, 'none', format('SELECT inclusion.open_session(1, %L, %L, 4)', current_date + 7 + time '10:00', current_date + 7 + time '12:00'), '1'),
  (11, 'test_desk', 'SELECT offer FROM inclusion.matches(1)', '1'),
  (12, 'test_desk', 'SELECT label FROM inclusion.explain_match(1, 1)', 'Proposable'),
  (13, 'test_desk', 'SELECT beneficiary FROM inclusion.needs_of(NULL, CURRENT_DATE)', '1'),
  (14, 'test_desk', 'SELECT name FROM inclusion.settle_today(''COM-27229'')', NULL),
  (15, 'none', 'SELECT inclusion.night_start(CURRENT_DATE)', '1'),
  (16, 'none', 'SELECT inclusion.night_open(1)', ''),
  (17, 'none', 'SELECT inclusion.night_compute(1)', ''),
  (18, 'none', 'SELECT inclusion.night_publish(1)', ''),
  (19, 'test_desk', 'SELECT sentence FROM inclusion.explain_allocation(1, 1)', 'Place proposée.'),
  (20, 'test_desk', 'SELECT inclusion.accept(1) ->> ''offer''', 'Atelier'),
  (21, 'test_desk', 'SELECT inclusion.read_person_file(1) #>> ''{identity,last_name}''', 'B'),
  (22, 'test_desk', 'SELECT last_name FROM inclusion.read_contacts(''{1}'')', 'B'),
  (23, 'test_desk', 'SELECT inclusion.withdraw(1)', ''),
  (24, 'test_night', 'SELECT n FROM inclusion.seal_journal()', '1'),
  (25, 'test_officer', 'SELECT finding FROM inclusion.verify_journal()', NULL),
  (26, 'test_desk', 'SELECT people_count FROM pilotage.kpi_active_list', NULL)) v (n, who, statement, wanted) ORDER BY n;

-- who sees whom is not asked of the caller's tables
SELECT is(pg_temp.trapped('test_desk', 'SELECT id FROM inclusion_data.beneficiary'), '1', 'policies read the registry''s grants');
CREATE ROLE test_stranger IN ROLE inclusion_mediator;
INSERT INTO trap.access_grant VALUES ('test_stranger', 'DEP-27', NULL);
SELECT is(pg_temp.trapped('test_stranger', 'SELECT id FROM inclusion_data.beneficiary'), NULL, 'not those somebody has laid out');
SELECT is(pg_temp.trapped('test_stranger', 'SELECT inclusion.perimeter_of(1)'), 'IN003', 'nor does a verb');

-- --- what no trap was laid for --------------------------------------------------------

SELECT is_empty($$ SELECT p.oid::regprocedure, c FROM pg_proc p, unnest(p.proconfig) c
  WHERE p.pronamespace IN ('inclusion'::regnamespace, 'inclusion_data'::regnamespace) AND c LIKE 'search_path=%' AND c <> 'search_path=pg_catalog, pg_temp' $$,
  'every path that is pinned is the server''s schema, then temporary objects');
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace IN ('inclusion'::regnamespace, 'inclusion_data'::regnamespace)
  AND p.prosecdef AND NOT coalesce(p.proconfig @> '{"search_path=pg_catalog, pg_temp"}', false) $$, 'and none who runs as its definer goes without');

-- A procedure that commits pins nothing.  What the caller's path would choose in
-- its body: an operator, or a function without its schema.
CREATE FUNCTION pg_temp.careless(source text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  code text := regexp_replace(regexp_replace(source, '--[^\n]*', '', 'g'), '''(?:[^'']|'''')*''', ' ', 'g');
BEGIN
  -- not operators: an assignment, a named argument, what RAISE is told
  code := regexp_replace(regexp_replace(code, ':=|=>', ' ', 'g'), '\m(ERRCODE|MESSAGE|DETAIL|HINT)\s*=', ' ', 'g');
  RETURN QUERY SELECT m[1] FROM regexp_matches(code, '([-+*/<>=~!@#%^&|`?]+)', 'g') m
  UNION ALL SELECT m[1] FROM regexp_matches(code, '\m(IN\s*\(|BETWEEN|LIKE|ILIKE|SIMILAR|NULLIF|DISTINCT\s+FROM|CASE\s+\w)', 'gi') m
  UNION ALL SELECT m[1] FROM regexp_matches(lower(code), '(?:^|[^.\w])([a-z_]\w*)\s*\(', 'g') m
    WHERE m[1] NOT IN ('coalesce', 'exists', 'array', 'row', 'and', 'or', 'not', 'if', 'elsif', 'then', 'when', 'loop', 'return', 'values');
END
$$;
SELECT set_eq($$ SELECT pg_temp.careless(E'x := a + 1; -- a - b\nPERFORM pg_catalog.now(), lower(''a <> b''); IF y IN (1) THEN RAISE EXCEPTION USING HINT = ''x'', ERRCODE = ''y''; END IF; CALL f(n => 1);') $$,
  ARRAY['+', 'lower', 'IN (', 'in', 'f'], 'a careless body is told from a careful one');
SELECT isnt_empty($$ SELECT FROM pg_proc p WHERE p.pronamespace = 'inclusion'::regnamespace AND p.prosrc ~ '\mCOMMIT\M' $$, 'some procedures commit');
SELECT is_empty($$ SELECT p.oid::regprocedure, c FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang, pg_temp.careless(p.prosrc) c
  WHERE p.pronamespace IN ('inclusion'::regnamespace, 'inclusion_data'::regnamespace) AND l.lanname IN ('plpgsql', 'sql') AND p.prosqlbody IS NULL AND p.proconfig IS NULL
    -- run by setup() under its own path, and by nobody else
    AND p.proname !~ '^(install|registry|pilotage)_' $$, 'and leave nothing to the caller''s path');
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'inclusion'::regnamespace AND p.prokind = 'p' AND p.proname ~ '^(install|registry|pilotage)_'
  AND has_function_privilege('public', p.oid, 'EXECUTE') $$, 'what relies on the path of setup() is run by nobody else');

SELECT * FROM finish();
ROLLBACK;
