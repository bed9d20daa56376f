-- What the extension installs: everything in its schema, described, and safe
-- whatever the caller's search_path.
BEGIN;
CREATE EXTENSION inclusion;

SELECT plan(11);

CREATE TEMPORARY VIEW member AS
SELECT classid, objid, (pg_identify_object(classid, objid, 0)).*
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass
 WHERE e.extname = 'inclusion' AND d.deptype = 'e';

CREATE TEMPORARY VIEW routine AS
SELECT p.*, p.oid::regprocedure AS name, l.lanname
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
  JOIN member m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid;

SELECT is(inclusion.version(), extversion, 'the library is of the version of the extension')
  FROM pg_extension WHERE extname = 'inclusion';

SELECT is(n.nspname, 'pg_catalog', 'the extension itself is in pg_catalog')
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'inclusion';

-- An array type, a cast or a row of a family has no schema of its own
SELECT is_empty($$
  SELECT type, identity FROM member
   WHERE type NOT IN ('cast', 'schema') AND schema IS DISTINCT FROM 'inclusion'
$$, 'every member is in schema inclusion');

SELECT results_eq($$ SELECT identity FROM member WHERE type = 'schema' $$, ARRAY['inclusion'],
  'the only schema among the members is inclusion');

SELECT is_empty($$
  SELECT type, identity FROM member
   WHERE type IN ('table', 'view', 'materialized view', 'sequence', 'index', 'foreign table')
$$, 'no member holds rows');

SELECT is_empty($$
  SELECT a.grantee::regrole, a.privilege_type
    FROM pg_namespace n, LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
   WHERE n.nspname = 'inclusion' AND a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner
$$, 'only its owner may create in schema inclusion');

SELECT is_empty($$
  SELECT m.type, m.identity FROM member m
   WHERE m.type IN ('schema', 'type', 'function', 'procedure', 'aggregate', 'operator')
     AND NOT EXISTS (SELECT FROM pg_type t WHERE m.classid = 'pg_type'::regclass AND t.oid = m.objid AND t.typelem <> 0 AND t.typlen = -1)
     AND coalesce(obj_description(m.objid, m.classid::regclass::name), '') !~ '^.{3,40} : .{3,}'
$$, 'every member is described: label of at most 40 characters, then the definition');

SELECT is_empty($$
  SELECT name FROM routine
   WHERE lanname IN ('sql', 'plpgsql') AND prosqlbody IS NULL
     AND NOT (prokind = 'p' AND prosrc ~* '\mcommit\M')
     AND NOT (prokind = 'p' AND proname ~ '^(registry|pilotage|install)_')
     AND NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=pg_catalog,%pg_temp')
$$, 'every function pins search_path or has a parsed body');

SELECT is_empty($$
  SELECT name FROM routine
   WHERE prokind = 'p' AND prosrc ~* '\mcommit\M' AND (proconfig IS NOT NULL OR prosecdef)
$$, 'a procedure that commits has neither setting nor definer''s rights');

SELECT is_empty($$ SELECT name FROM routine WHERE prosecdef $$,
  'no member runs with its definer''s rights: those are inclusion_owner''s, in inclusion_data');

-- The wrapped DDL, and what runs it, take the search_path they find: setup()'s
SELECT is_empty($$
  SELECT name FROM routine
   WHERE prokind = 'p' AND proname ~ '^(registry|pilotage|install)_' AND has_function_privilege('public', oid, 'EXECUTE')
$$, 'nobody but the owner may execute the wrapped DDL');

SELECT * FROM finish();
ROLLBACK;
