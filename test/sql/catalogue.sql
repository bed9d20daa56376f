-- What the functions of the extension promise the planner and the server.  A
-- line changes only because somebody meant it: review it as code.  Flags are
-- the volatility (Immutable, Stable, Volatile), PARALLEL (Safe, Restricted,
-- Unsafe) and STRICT.  Left out: SQL and plpgsql functions that promise nothing
-- beyond STABLE, which plpgsql_check verifies, and the wrapped DDL.
SET search_path = pg_catalog;
CREATE TEMPORARY VIEW routine AS
SELECT p.*, l.lanname, p.oid::regprocedure::text COLLATE "C" AS name,
       CASE WHEN prokind = 'p' THEN 'procedure' ELSE
         upper(p.provolatile::text) || upper(p.proparallel::text) || CASE WHEN p.proisstrict THEN ' strict' ELSE '' END END AS flags
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
  JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
 WHERE e.extname = 'inclusion' AND p.proname !~ '^(registry(_step)?|pilotage)_[0-9]+_';
\pset format unaligned
\pset tuples_only on
-- promises
SELECT name, CASE prokind WHEN 'a' THEN 'aggregate' ELSE lanname::text END, flags FROM routine
 WHERE prokind <> 'p' AND NOT (lanname IN ('sql', 'plpgsql') AND flags IN ('SU', 'VU')) ORDER BY 1;
-- leakproof
SELECT name FROM routine WHERE proleakproof ORDER BY 1;
-- with the rights of their definer: none, those are of the registry
SELECT name FROM routine WHERE prosecdef ORDER BY 1;
-- neither a pinned search_path nor a parsed body
SELECT name FROM routine
 WHERE lanname IN ('sql', 'plpgsql') AND prosqlbody IS NULL
   AND NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c = 'search_path=pg_catalog, pg_temp')
 ORDER BY 1;
-- not executable by everybody who may use the schema
SELECT name FROM routine WHERE NOT has_function_privilege('public', oid, 'EXECUTE') ORDER BY 1;
DROP VIEW routine;
