-- 45_bench.sql
--		The benchmark on few offers of every kind: all its methods must give the
--		same lists, which makes three more opinions on the cost; and it refuses to
--		print where they do not.
\set ECHO none
\set QUIET 1
\set ON_ERROR_STOP true
\pset format unaligned
\pset tuples_only true
SET client_min_messages = warning;

BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public;
CREATE EXTENSION IF NOT EXISTS inclusion;
-- the places of test/data, wherever this runs
\setenv DATA /nowhere
\set offers 2000
\set needs 5
\o /dev/null
\ir ../bench/prepare.sql
\o
SELECT plan(14);

SELECT 'seeded' AS kind \gset
\ir bench_kind.psql
SELECT 'real' AS kind \gset
\ir bench_kind.psql
SELECT cmp_ok((SELECT count(DISTINCT place)::int FROM bench.offer), '>', 200, 'offers stand at the places of test/data');
SELECT 'few' AS kind \gset
\ir bench_kind.psql
SELECT is((SELECT count(DISTINCT supply)::int FROM bench.offer_on_map), 50, 'offers of few kinds are of fifty');
SELECT finish();
ROLLBACK;
