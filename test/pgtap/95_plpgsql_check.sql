-- Every plpgsql function, read by plpgsql_check once the registry is there:
-- missing columns, hidden casts, wrong volatility, injectable dynamic SQL.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(1);

-- Left out: casts between numbers, which cost nothing that matters here,
-- guesses at what dynamic SQL changes or returns, and the statements that a superuser's setup() builds out of names of the
-- catalogue, of our own roles and of conditions written in our DDL; those that
-- go through every table about people, out of names of the catalogue alone.
SELECT is_empty($$
  SELECT p.oid::regprocedure || ' line ' || coalesce(c.lineno, 1), c.level, c.sqlstate, c.message, c.detail
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql',
         LATERAL plpgsql_check_function_tb(p.oid, security_warnings => true, performance_warnings => true,
           extra_warnings => true, fatal_errors => false) c
   WHERE p.pronamespace IN ('inclusion'::regnamespace, 'inclusion_data'::regnamespace)
     AND p.prorettype <> 'trigger'::regtype
     AND NOT (c.level = 'performance' AND c.sqlstate = '42804')
     AND NOT (c.level = 'performance' AND c.detail ~ 'volatility of used dynamic SQL')
     AND NOT (c.level = 'warning extra' AND c.detail ~ 'determine result of dynamic SQL')
     AND NOT (c.level = 'security' AND p.proname IN ('setup', 'drop_views', 'install_views', 'protect_table', 'protect_restricted', 'export_rows',
           'delete_people', 'transfer_rows', 'export_plain'))
$$, 'plpgsql_check finds nothing');

SELECT * FROM finish();
ROLLBACK;
