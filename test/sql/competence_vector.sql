-- Type competence_vector
SET search_path = public, inclusion;

-- Text: assessed competences only, in order, exact decimal levels
SELECT text AS input, text::competence_vector AS output
FROM (VALUES
  ('pix{}'),
  ('digcomp{}'),
  ('pix{1.1=3,1.2=2.5,4.3=0}'),
  ('pix{4.3=0,1.2=2.5,1.1=3}'),
  (E' \tpix\n{ 1.1 = 3 ,\r\n 1.2=2.5 } '),
  ('pix { }'),
  ('pix{0.1=0.125,0.2=0.25,0.3=0.375,0.4=0.5,0.5=0.625,0.6=0.75,0.7=0.875,0.8=1}'),
  ('pix{1.1=7.875,1.2=8,1.3=8.0,2.1=8.000}'),
  ('pix{1.1=03,1.2=2.50,1.3=2.500000000000000000000000000000,2.1=0.0}'),
  ('digcomp{5.4=1,2.6=2}')
) AS t(text);

SELECT competence_vector('pix', array_agg(8)) FROM generate_series(1, 24);
SELECT competence_vector('digcomp', array_agg(n)) FROM generate_series(1, 21) AS n;

-- Text: refusals name what was wrong
SELECT ''::competence_vector;
\echo :LAST_ERROR_SQLSTATE
SELECT '  '::competence_vector;
SELECT 'pix'::competence_vector;
SELECT '{1.1=3}'::competence_vector;
SELECT 'Pix{1.1=3}'::competence_vector;
SELECT 'abc-diag{1.1=3}'::competence_vector;
SELECT 'pix 1.1=3'::competence_vector;
SELECT 'pix{'::competence_vector;
SELECT 'pix{1.1'::competence_vector;
SELECT 'pix{1.1 3}'::competence_vector;
SELECT 'pix{1.1=}'::competence_vector;
SELECT 'pix{=3}'::competence_vector;
SELECT 'pix{1.1=3'::competence_vector;
SELECT 'pix{1.1=3,'::competence_vector;
SELECT 'pix{1.1=3,}'::competence_vector;
SELECT 'pix{,}'::competence_vector;
SELECT 'pix{1.1=3 1.2=2}'::competence_vector;
SELECT 'pix{1.1=3}}'::competence_vector;
SELECT 'pix{1.1=3} pix{}'::competence_vector;
SELECT 'pix{6.1=3}'::competence_vector;
SELECT 'pix{2.5=3}'::competence_vector;
SELECT 'digcomp{0.1=3}'::competence_vector;
SELECT 'pix{1.10=3}'::competence_vector;
SELECT 'pix{é=3}'::competence_vector;
-- a message is cut between two characters, never inside one
SELECT ('pix{' || repeat('é', 500) || '=3}')::competence_vector;
SELECT ('pix{x' || repeat('é', 500) || '=3}')::competence_vector;
SELECT 'pix{1.1=3,1.2=1,1.1=3}'::competence_vector;
SELECT 'pix{1.1=-1}'::competence_vector;
SELECT 'pix{1.1=+1}'::competence_vector;
SELECT 'pix{1.1=8.125}'::competence_vector;
SELECT 'pix{1.1=9}'::competence_vector;
SELECT 'pix{1.1=4294967299}'::competence_vector;
SELECT 'pix{1.1=2.1}'::competence_vector;
SELECT 'pix{1.1=2.1250001}'::competence_vector;
SELECT 'pix{1.1=2.}'::competence_vector;
SELECT 'pix{1.1=.5}'::competence_vector;
SELECT 'pix{1.1=1e0}'::competence_vector;
SELECT 'pix{1.1=NaN}'::competence_vector;
SELECT 'pix{1.1=null}'::competence_vector;
SELECT 'pix{1.1=2.5.0}'::competence_vector;

-- Bytes: version 1, framework, 24 slots, zeros.  Stored on disk: never changes.
SELECT competence_vector_send('pix{0.1=0,1.1=3,5.2=8}');
SELECT competence_vector_send('digcomp{1.1=0.125,5.4=8}');

-- Access to the levels
SELECT framework(v), assessed(v), level(v, '1.1'), points(v, '1.1'),
       level(v, '4.3'), points(v, '4.3'), level(v, '2.1'), points(v, '2.1')
FROM (VALUES ('pix{1.1=3,1.2=2.5,4.3=0}'::competence_vector), ('digcomp{1.1=7.875}'), ('pix{}'), (NULL)) AS t(v);
SELECT level('pix{1.1=3}', '6.1');
\echo :LAST_ERROR_SQLSTATE
SELECT points('digcomp{1.1=3}', '0.1');
SELECT points('digcomp{1.1=3}', '');
SELECT * FROM slots('pix{0.8=0,1.1=3,5.2=2.625}');
SELECT * FROM slots('digcomp{}');
SELECT * FROM slots(NULL);

-- Construction
SELECT competence_vector('pix', ARRAY[0,NULL,64,NULL,NULL,NULL,NULL,NULL, 8,9,10,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1]);
SELECT competence_vector('pix', array_fill(NULL::int, ARRAY[24]));
SELECT competence_vector(NULL, ARRAY[1]), competence_vector('pix', NULL);
SELECT competence_vector('pix', ('[0:23]={8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8}')::int[])
     = competence_vector('pix', array_fill(8, ARRAY[24])) AS lower_bound_ignored;
SELECT competence_vector('abc', ARRAY[1]);
\echo :LAST_ERROR_SQLSTATE
SELECT competence_vector('pix', '{}');
SELECT competence_vector('pix', array_fill(0, ARRAY[21]));
SELECT competence_vector('digcomp', array_fill(0, ARRAY[24]));
SELECT competence_vector('pix', array_fill(0, ARRAY[4, 6]));
SELECT competence_vector('digcomp', array_fill(65, ARRAY[21]));
SELECT competence_vector('digcomp', array_fill(-1, ARRAY[21]));
SELECT competence_vector('digcomp', array_fill(255, ARRAY[21]));
SELECT competence_vector('digcomp', array_fill(256, ARRAY[21]));

-- What is newest wins, what is only in the old stays
SELECT latest('pix{1.1=3,1.2=5,5.2=1}', 'pix{0.1=2,1.1=1,4.3=0}');
SELECT latest('pix{1.1=3}', 'pix{}'), latest('pix{}', 'pix{1.1=3}');
SELECT latest(NULL, 'pix{1.1=3}'), latest('pix{1.1=3}', NULL), latest(NULL, NULL);
SELECT latest('pix{1.1=3}', 'digcomp{1.1=3}');
\echo :LAST_ERROR_SQLSTATE

-- jsonb, both ways
SELECT v, v::jsonb AS json, v::jsonb::competence_vector = v AS same
FROM (VALUES ('pix{1.1=3,1.2=2.5,4.3=0}'::competence_vector), ('digcomp{5.4=0.125}'), ('pix{}')) AS t(v);
SELECT '{"levels":{"1.1":3.000,"0.1":25e-1},"framework":"pix"}'::jsonb::competence_vector;
SELECT 'null'::jsonb::competence_vector;
\echo :LAST_ERROR_SQLSTATE
SELECT '"pix{}"'::jsonb::competence_vector;
SELECT '[]'::jsonb::competence_vector;
SELECT '{}'::jsonb::competence_vector;
SELECT '{"framework":"pix"}'::jsonb::competence_vector;
SELECT '{"levels":{}}'::jsonb::competence_vector;
SELECT '{"framework":1,"levels":{}}'::jsonb::competence_vector;
SELECT '{"framework":"abc","levels":{}}'::jsonb::competence_vector;
SELECT '{"framework":"pix","levels":[]}'::jsonb::competence_vector;
SELECT '{"framework":"pix","levels":3}'::jsonb::competence_vector;
SELECT '{"framework":"pix","levels":{},"date":"2026-01-01"}'::jsonb::competence_vector;
SELECT '{"framework":"pix","levels":{"6.1":3}}'::jsonb::competence_vector;
SELECT '{"framework":"pix","levels":{"1.1":"3"}}'::jsonb::competence_vector;
SELECT '{"framework":"pix","levels":{"1.1":null}}'::jsonb::competence_vector;
SELECT '{"framework":"pix","levels":{"1.1":{"1.2":3}}}'::jsonb::competence_vector;
SELECT '{"framework":"pix","levels":{"1.1":2.1}}'::jsonb::competence_vector;
SELECT '{"framework":"pix","levels":{"1.1":-1}}'::jsonb::competence_vector;
SELECT '{"framework":"pix","levels":{"1.1":1e30}}'::jsonb::competence_vector;
-- explicit casts only
SELECT '{}'::jsonb || 'pix{}'::competence_vector;

-- a @> b: same framework, and at least as high wherever b is assessed
SELECT a, b, a @> b AS a_reaches_b, b <@ a AS same, b @> a AS b_reaches_a
FROM (VALUES
  ('pix{1.1=3}'::competence_vector, 'pix{1.1=3}'::competence_vector),
  ('pix{1.1=3}', 'pix{1.1=2.875}'),
  ('pix{1.1=3}', 'pix{1.1=3.125}'),
  ('pix{1.1=3,5.2=0}', 'pix{5.2=0}'),
  ('pix{1.1=3}', 'pix{1.1=2,5.2=0}'),
  ('pix{1.1=3,1.2=1}', 'pix{1.1=1,1.2=3}'),
  ('pix{1.1=3}', 'pix{}'),
  ('pix{}', 'pix{}'),
  ('pix{}', 'digcomp{}'),
  ('digcomp{1.1=8}', 'pix{}'),
  ('digcomp{1.1=8}', 'pix{1.1=1}'),
  (NULL, 'pix{}')
) AS t(a, b);

-- The order: framework, then competences, not assessed before 0
SELECT v FROM (VALUES
  ('digcomp{}'::competence_vector), ('pix{1.1=0}'), ('pix{}'), ('pix{5.2=8}'), ('pix{0.1=0}'),
  ('pix{1.1=0.125}'), ('pix{1.1=0,1.2=1}'), ('digcomp{1.1=8}'), ('pix{0.1=8}'), (NULL)
) AS t(v) ORDER BY v;

-- 2 000 vectors from a fixed generator, about a third of their competences not
-- assessed, most of them twice.  The key is what the order must follow: the
-- framework, then the points with -1 for not assessed.
CREATE TABLE profile AS
SELECT i, f.name AS framework, p.points,
       competence_vector(f.name, p.points) AS v,
       f.number || array_replace(p.points, NULL, -1) AS key
FROM generate_series(1, 2000) AS i,
     LATERAL (SELECT CASE WHEN i / 2 % 3 = 0 THEN 'digcomp' ELSE 'pix' END,
                     CASE WHEN i / 2 % 3 = 0 THEN 2 ELSE 1 END,
                     CASE WHEN i / 2 % 3 = 0 THEN 21 ELSE 24 END) AS f(name, number, size),
     LATERAL (SELECT array_agg(CASE WHEN x % 97 < 65 THEN (x % 97)::int END ORDER BY s)
              FROM generate_series(1, f.size) AS s,
                   LATERAL (SELECT (i / 2 * 7919::bigint + s * 104729) * (s + i / 2) % 1000003) AS r(x)) AS p(points);
ANALYZE profile;
SELECT count(*), count(DISTINCT key), count(DISTINCT v), count(DISTINCT v::text),
       min(assessed(v)), max(assessed(v)) FROM profile;

-- Restored is equal to original: by text, by jsonb, by the slots
SELECT count(*) FILTER (WHERE v::text::competence_vector = v) AS by_text,
       count(*) FILTER (WHERE v::jsonb::competence_vector = v) AS by_jsonb,
       count(*) FILTER (WHERE array_remove(points, NULL) = ARRAY(SELECT s.points FROM slots(v) AS s)) AS by_slots
FROM profile;
SELECT count(*) AS slots, count(*) FILTER (WHERE s.points = points(v, s.code)
         AND s.level = level(v, s.code) AND s.level * 8 = s.points) AS agreeing
FROM profile, slots(v) AS s;

-- The operators follow the keys, and each other
SELECT bool_and((a.v = b.v) = (a.key = b.key)) AS eq,
       bool_and((a.v <> b.v) = (a.key <> b.key)) AS ne,
       bool_and((a.v < b.v) = (a.key < b.key)) AS lt,
       bool_and((a.v <= b.v) = (a.key <= b.key)) AS le,
       bool_and((a.v > b.v) = (a.key > b.key)) AS gt,
       bool_and((a.v >= b.v) = (a.key >= b.key)) AS ge,
       bool_and(sign(competence_vector_cmp(a.v, b.v)) = (a.key > b.key)::int - (a.key < b.key)::int) AS cmp,
       bool_and(a.v <> b.v OR competence_vector_hash(a.v) = competence_vector_hash(b.v)) AS hash,
       bool_and(a.v <> b.v OR competence_vector_hash_extended(a.v, 7) = competence_vector_hash_extended(b.v, 7)) AS hash_extended
FROM profile AS a, profile AS b WHERE a.i <= 150 AND b.i <= 150;
-- hash values must differ and depend on the seed
SELECT count(DISTINCT competence_vector_hash(v)) > 990 AS hash,
       count(DISTINCT competence_vector_hash_extended(v, 0)) > 990 AS hash_extended,
       bool_and(competence_vector_hash_extended(v, 0) <> competence_vector_hash_extended(v, 1)) AS seeded,
       -- the server expects the low half of the extended hash with seed 0
       bool_and(competence_vector_hash_extended(v, 0)::bit(32) = competence_vector_hash(v)::bit(32)) AS low_half
FROM profile;
-- Reaching, against the points.  It is rare between random vectors, hence
-- each is also compared with eight versions of itself: slightly lower, with
-- competences left out, half of them raised by one point somewhere.
SELECT count(*) AS pairs, count(*) FILTER (WHERE a.v @> b.v) AS reached,
       count(*) FILTER (WHERE (a.v @> b.v) <> (a.framework = b.framework AND NOT EXISTS (
         SELECT FROM unnest(a.points, b.points) AS u(x, y) WHERE y IS NOT NULL AND (x IS NULL OR x < y)))) AS wrong,
       count(*) FILTER (WHERE (a.v @> b.v) <> (b.v <@ a.v)) AS wrong_mirror
FROM profile AS a,
     LATERAL (SELECT framework, points, v FROM profile AS p WHERE p.i <= 60
              UNION ALL
              SELECT a.framework, q.points, competence_vector(a.framework, q.points::int[])
              FROM generate_series(1, 8) AS k,
                   LATERAL (SELECT array_agg(CASE WHEN k > 4 AND s = k THEN least(x + 1, 64)
                                                  WHEN (a.i + s * k) % 4 > 0 THEN x - least(x, (a.i * s + k) % 3) END ORDER BY s)
                            FROM unnest(a.points) WITH ORDINALITY AS u(x, s)) AS q(points)) AS b
WHERE a.i <= 60;
-- the newer vector wins where it assesses, the older stays elsewhere
SELECT count(*) AS pairs, count(*) FILTER (WHERE latest(a.v, b.v) <> competence_vector(a.framework,
         ARRAY(SELECT coalesce(y, x) FROM unnest(a.points, b.points) WITH ORDINALITY AS u(x, y, n) ORDER BY n))) AS wrong
FROM profile AS a, profile AS b WHERE a.i <= 60 AND b.i <= 60 AND a.framework = b.framework;

-- Everything a restored view may do must work without our schema in the path
SET search_path = '';
SELECT count(*) FROM (SELECT DISTINCT v FROM public.profile) AS d;
SELECT count(*) FROM (SELECT v FROM public.profile GROUP BY v HAVING count(*) > 1) AS d;
SELECT count(*) FROM (SELECT v FROM public.profile EXCEPT SELECT v FROM public.profile WHERE i > 10) AS d;
SELECT count(*) FROM (SELECT v FROM public.profile INTERSECT SELECT v FROM public.profile WHERE i <= 10) AS d;
SELECT count(*) FROM (SELECT v FROM public.profile UNION SELECT v FROM public.profile) AS d;
SELECT count(DISTINCT v) FROM public.profile;
SELECT (array_agg(v ORDER BY v))[1] FROM public.profile;
SELECT ROW(a.v) = ROW(b.v) AS record_equal FROM public.profile AS a, public.profile AS b WHERE a.i = 2 AND b.i = 3;
SELECT ARRAY[a.v] = ARRAY[b.v] AS array_equal FROM public.profile AS a, public.profile AS b WHERE a.i = 2 AND b.i = 3;
SELECT count(*) FROM (TABLE public.profile EXCEPT TABLE public.profile) AS d;
SET search_path = public, inclusion;

-- Plans.  The names of the nodes, whatever their costs.
CREATE FUNCTION pg_temp.nodes(query text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON, COSTS OFF) ' || query INTO plan;
  RETURN ARRAY(SELECT n #>> '{}' FROM jsonb_path_query(plan::jsonb, 'strict $.**."Node Type"') AS n);
END $$;
SET enable_nestloop = off;
SET enable_mergejoin = off;
SELECT 'Hash Join' = ANY (pg_temp.nodes('SELECT FROM profile AS a JOIN profile AS b ON a.v = b.v')) AS hash_join;
SELECT count(*) FROM profile AS a JOIN profile AS b ON a.v = b.v;
RESET enable_mergejoin;
SET enable_hashjoin = off;
SELECT 'Merge Join' = ANY (pg_temp.nodes('SELECT FROM profile AS a JOIN profile AS b ON a.v = b.v')) AS merge_join;
SELECT count(*) FROM profile AS a JOIN profile AS b ON a.v = b.v;
RESET enable_hashjoin;
RESET enable_nestloop;

CREATE INDEX profile_v ON profile (v);
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT 'Index Only Scan' = ANY (pg_temp.nodes($$SELECT v FROM profile WHERE v > 'digcomp{}' ORDER BY v$$)) AS btree;
SELECT count(*) FROM profile WHERE v >= 'digcomp{}';
SELECT count(*) FROM profile WHERE v = (SELECT v FROM profile WHERE i = 2);
DROP INDEX profile_v;
CREATE INDEX profile_v ON profile USING hash (v);
SELECT 'Index Scan' = ANY (pg_temp.nodes($$SELECT FROM profile WHERE v = 'pix{}'$$)) AS hash;
SELECT count(*) FROM profile WHERE v = (SELECT v FROM profile WHERE i = 2);
RESET enable_bitmapscan;
RESET enable_seqscan;

CREATE TABLE part (v competence_vector) PARTITION BY HASH (v);
CREATE TABLE part_0 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE part_1 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO part SELECT v FROM profile;
SELECT (SELECT count(*) FROM part_0) BETWEEN 700 AND 1300 AS balanced,
       (SELECT count(*) FROM part) AS rows,
       (SELECT count(*) FROM (SELECT v FROM part_0 INTERSECT SELECT v FROM part_1) AS d) AS in_both;

SET min_parallel_table_scan_size = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SELECT 'Gather' = ANY (pg_temp.nodes('SELECT FROM profile WHERE v @> ''pix{}'' AND assessed(latest(v, v)) > 3')) AS parallel;
SELECT count(*) FROM profile WHERE v @> 'pix{}' AND assessed(latest(v, v)) > 3;

-- Marks in the catalogue
SELECT amname, opcname, amvalidate(o.oid) FROM pg_opclass AS o JOIN pg_am AS a ON a.oid = opcmethod
WHERE opcintype = 'competence_vector'::regtype ORDER BY 1;
SELECT typlen, typbyval, typalign, typstorage FROM pg_type WHERE oid = 'competence_vector'::regtype;
SELECT oprname, oprcom::regoperator AS commutator, oprnegate::regoperator AS negator, oprrest, oprjoin, oprcanhash, oprcanmerge
FROM pg_operator WHERE oprleft = 'competence_vector'::regtype AND oprright = oprleft ORDER BY oprname COLLATE "C";
SELECT proname, pg_get_function_identity_arguments(oid) AS arguments, provolatile, proparallel, proisstrict, proleakproof
FROM pg_proc WHERE pronamespace = 'inclusion'::regnamespace
  AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'c') AND prosrc LIKE 'competence\_vector%'
ORDER BY proname COLLATE "C", arguments;

DROP TABLE profile, part;
