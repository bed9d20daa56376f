-- Every plpgsql function, read by plpgsql_check once the registry is there:
-- missing columns, hidden casts, wrong volatility, injectable dynamic SQL.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(1);

SELECT is_empty($$
  SELECT p.oid::regprocedure, c.message
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql',
         LATERAL plpgsql_check_function(p.oid, security_warnings => true, performance_warnings => true,
           extra_warnings => true, fatal_errors => false) AS c(message)
   WHERE p.pronamespace IN ('inclusion'::regnamespace, 'inclusion_data'::regnamespace)
     AND p.prorettype <> 'trigger'::regtype
$$, 'plpgsql_check finds nothing');

SELECT * FROM finish();
ROLLBACK;
