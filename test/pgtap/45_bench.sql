-- 45_bench.sql
--		The benchmark's three ways to rank, tried on few offers: all must give
--		the same answer, which makes two more opinions on the cost.
\set ECHO none
\set QUIET 1
\set ON_ERROR_STOP true
\pset format unaligned
\pset tuples_only true
SET client_min_messages = warning;

BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
CREATE EXTENSION IF NOT EXISTS inclusion;
\set offers 2000
\set needs 6
\set runs 0
\o /dev/null
\ir ../bench/generate.sql
\ir ../bench/methods.sql
\ir ../bench/measure.sql
\o
\pset format unaligned
\pset tuples_only true
SELECT plan(3);
SELECT is((SELECT count(*)::int FROM bench.answer), 3 * 2 * 6,
	'three methods answered two questions for six needs');
SELECT cmp_ok((SELECT sum(eligible)::int FROM bench.answer WHERE workload = 'eligible'),
	'>', 100, 'some offers are eligible');
SELECT is_empty('TABLE bench.disagreement', 'all methods give the same answers');
SELECT * FROM finish();
ROLLBACK;
