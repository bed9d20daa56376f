-- among() says what = ANY says, of every array it may be given: a row is a
-- value on which they differ.
CREATE TEMPORARY TABLE many (n int, numbers bigint[]);
INSERT INTO many VALUES (1, '{}'), (2, '{7}'), (3, '{-9223372036854775808,-1,0,9223372036854775807}'), (4, '[5:7]={2,4,6}'),
  (6, (SELECT array_agg(g * g ORDER BY g) FROM generate_series(0, 30) g)), (7, (SELECT array_agg(g / 3 ORDER BY g) FROM generate_series(0, 99) g));
SELECT m.n, v FROM many m, (SELECT g::bigint FROM generate_series(-3, 905) g UNION ALL VALUES (-9223372036854775808), (9223372036854775807)) x (v)
WHERE inclusion.among(v, m.numbers) IS DISTINCT FROM (v = ANY (m.numbers));
CREATE TEMPORARY TABLE few (n int, codes text[]);
INSERT INTO few VALUES (1, '{}'), (2, '{DEP-27}'), (3, '{"",DEP,DEP-2,DEP-27,DEP-271}'), (4, ARRAY[repeat('x', 300), repeat('y', 300)]);
SELECT f.n, v FROM few f, (VALUES (''), ('D'), ('DEP'), ('DEP-2'), ('DEP-27'), ('DEP-28'), ('DEP-271'), (repeat('x', 300)), (repeat('z', 300))) x (v)
WHERE inclusion.among(v, f.codes) IS DISTINCT FROM (v = ANY (f.codes));
-- an array that breaks the rule is no error, and holds nothing that is not in it
SELECT inclusion.among(1, '{1,NULL}') AS beside_null, inclusion.among('a', '{a,NULL}') AS code_beside_null, inclusion.among(2, '{3,2,1}') AS middle,
       inclusion.among(9, '{3,2,1}') AS absent, inclusion.among(1, '{{1,3},{5,7}}') AS square, inclusion.among(1, NULL) IS NULL AND inclusion.among(NULL::bigint, '{1}') IS NULL AS strict;

-- both drive an index, where = ANY would, and find by it what a scan finds
CREATE TEMPORARY TABLE person (id bigint PRIMARY KEY, perimeter text NOT NULL);
INSERT INTO person SELECT g, 'DEP-' || 10 + g % 7 FROM generate_series(1, 20000) g;
CREATE INDEX person_perimeter ON person (perimeter);
ANALYZE person;
CREATE FUNCTION pg_temp.conditions(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  plan jsonb;
BEGIN
  EXECUTE 'EXPLAIN (COSTS OFF, FORMAT JSON) ' || query INTO plan;
  RETURN QUERY SELECT c #>> '{}' FROM jsonb_path_query(plan, 'strict $.**."Index Cond"') c ORDER BY 1;
END
$$;
CREATE FUNCTION pg_temp.found(query text, indexed boolean) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  digest bigint;
BEGIN
  PERFORM set_config('enable_' || s || 'scan', CASE WHEN indexed THEN 'on' ELSE 'off' END, true) FROM unnest('{index,indexonly,bitmap}'::text[]) s;
  PERFORM set_config('enable_seqscan', CASE WHEN indexed THEN 'off' ELSE 'on' END, true);
  EXECUTE format('SELECT coalesce(sum(hashint8extended(id, 0)), 0) %% 1000000007 FROM (%s) q', query) INTO digest;
  RETURN digest;
END
$$;
CREATE TEMPORARY TABLE question (n int, query text);
INSERT INTO question VALUES
  (1, 'SELECT id FROM person WHERE inclusion.among(id, (SELECT ''{3,5,19999,20001}''::bigint[]))'),
  (2, 'SELECT id FROM person WHERE inclusion.among(perimeter, (SELECT ''{DEP-12,DEP-15,DEP-99}''::text[]))'),
  (3, 'SELECT id FROM person WHERE inclusion.among(perimeter, (SELECT ''{DEP-12}''::text[])) OR inclusion.among(id, (SELECT ''{1,2,3}''::bigint[]))'),
  (4, 'SELECT id FROM person WHERE inclusion.among(perimeter, (SELECT ''{}''::text[])) OR inclusion.among(id, (SELECT ''{}''::bigint[]))'),
  (5, 'SELECT id FROM person WHERE inclusion.among(id, (SELECT ''[5:7]={3,5,19999}''::bigint[]))');
SELECT n, pg_temp.conditions(query) AS condition FROM question ORDER BY 1, 2;
SELECT n, pg_temp.found(query, true) = pg_temp.found(query, false) AS same, pg_temp.found(query, true) <> 0 AS some FROM question ORDER BY n;
-- not by a column: nothing to look up
SELECT pg_temp.conditions('SELECT id FROM person p WHERE inclusion.among(3, ARRAY[p.id])');
DROP TABLE many, few, person, question;
