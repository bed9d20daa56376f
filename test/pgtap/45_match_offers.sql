-- The best offers out of memory: the lists of a scan, under the statement's own
-- snapshot, with the caller's rights, within the memory allowed.
\set ECHO none
\set QUIET 1
\set ON_ERROR_STOP true
BEGIN;
\o /dev/null
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
\ir world.psql
\set offers 3000
\set needs 60
\ir ../bench/generate.sql
\o
\pset format unaligned
\pset tuples_only true
\set query 'SELECT id, supply FROM bench.offer_of_type'
SELECT plan(47);

-- What a scan lists, best first.
CREATE FUNCTION bench.scan(need inclusion.need, k int, ignore_open boolean, OUT offers bigint[], OUT costs float8[])
LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(t.id::bigint ORDER BY t.cost, t.id), '{}'), coalesce(array_agg(t.cost ORDER BY t.cost, t.id), '{}')
  FROM (SELECT o.id, s.supply OPERATOR(inclusion.<=>) need AS cost
        FROM bench.offer_of_type o
        CROSS JOIN LATERAL (SELECT CASE WHEN ignore_open THEN inclusion.set_open(o.supply, true) ELSE o.supply END AS supply) s
        WHERE s.supply OPERATOR(inclusion.@@) need ORDER BY cost, o.id LIMIT k) t
$$;
CREATE TABLE bench.answer AS
SELECT n.id, k, ignore_open, n.need,
  (inclusion.match_offers(n.need, k, ignore_open, :'query')) AS list, (bench.scan(n.need, k, ignore_open)).*
FROM bench.need_of_type n, unnest('{1,20,1000}'::int[]) k, unnest('{false,true}'::boolean[]) ignore_open;

-- lists
SELECT is(count(*)::int, 360, 'every need has a list') FROM bench.answer;
SELECT cmp_ok(sum(cardinality(offers)), '>', 1000::bigint, 'and offers on it') FROM bench.answer;
SELECT is_empty('SELECT id, k, ignore_open FROM bench.answer WHERE (list).offers <> offers', 'the offers of a scan, in its order');
SELECT is_empty('SELECT id, k, ignore_open FROM bench.answer WHERE (list).costs <> costs', 'at its costs, to the bit');
SELECT cmp_ok(count(*), '>', 10::bigint, 'looking past open changes lists')
FROM bench.answer a JOIN bench.answer b USING (id, k) WHERE a.ignore_open AND NOT b.ignore_open AND a.offers <> b.offers;
SELECT is_empty($$
  SELECT a.id FROM bench.answer a
  CROSS JOIN LATERAL unnest((list).offers, (list).coverages, (list).fits, (list).distances) AS m (offer, coverage, fit, distance)
  JOIN bench.offer_of_type o ON o.id = m.offer
  CROSS JOIN LATERAL inclusion.match_terms(o.supply, a.need) t
  WHERE ROW(m.coverage, m.fit, m.distance) IS DISTINCT FROM ROW(t.coverage, t.fit, t.distance) $$, 'with the measures that explain them');
SELECT cmp_ok(count(*), '>', 0::bigint, 'distances of remote offers are unknown')
FROM bench.answer, unnest((list).distances) d WHERE d IS NULL;

-- those before one: what stands above it in the whole list of a scan
SELECT is_empty(format($$
  WITH whole AS (SELECT n.id, n.need, (bench.scan(n.need, 1000000, false)).* FROM bench.need_of_type n), place AS (
    SELECT w.id, w.need, w.offers, at FROM whole w, unnest(ARRAY[1, 2, 20, cardinality(w.offers)]) at WHERE at <= cardinality(w.offers))
  SELECT p.id, p.at FROM place p JOIN whole w USING (id)
  WHERE ARRAY(SELECT o FROM unnest(inclusion.offers_ahead(p.need, w.costs[p.at], p.offers[p.at], %L)) o ORDER BY o)
     <> ARRAY(SELECT o FROM unnest(p.offers[:p.at - 1]) o ORDER BY o) $$, :'query'), 'those before an offer are those above it');
SELECT is_empty(format($$ SELECT n.id FROM bench.need_of_type n CROSS JOIN LATERAL bench.scan(n.need, 1000000, false) s
  WHERE ARRAY(SELECT o FROM unnest(inclusion.offers_ahead(n.need, 'infinity', 0, %L)) o ORDER BY o) <> ARRAY(SELECT o FROM unnest(s.offers) o ORDER BY o) $$, :'query'),
  'before infinity stand all that are eligible');
SELECT throws_ok(format($$ SELECT inclusion.offers_ahead(need, 'NaN', 0, %L) FROM bench.need_of_type $$, :'query'), '22023', 'a cost is a number', 'before no number nothing stands');

-- but for some: the second, the fourth and one that is not there
CREATE TABLE bench.but AS
SELECT a.k, a.offers, s.struck, b.offers AS best,
       ARRAY(SELECT u.n FROM unnest(l.offers) WITH ORDINALITY AS u (offer, n) WHERE u.offer <> ALL (s.struck) ORDER BY u.n LIMIT a.k) AS kept, l.offers AS longest
FROM bench.answer a JOIN bench.answer l ON l.id = a.id AND l.ignore_open = a.ignore_open AND l.k = 1000
CROSS JOIN LATERAL (SELECT ARRAY[coalesce(l.offers[4], 1), coalesce(l.offers[2], 2), -7] AS struck) s
CROSS JOIN LATERAL inclusion.best_offers(a.need, a.k, a.ignore_open, :'query', s.struck) b;
SELECT is_empty('SELECT k FROM bench.but WHERE best <> ARRAY(SELECT longest[n] FROM unnest(kept) n)', 'what is struck off is left out, and the list is as long');
SELECT cmp_ok(count(*), '>', 30::bigint, 'some lists had it') FROM bench.but WHERE offers && struck;
SELECT is_empty(format('SELECT id FROM bench.answer WHERE inclusion.best_offers(need, k, ignore_open, %L, ''{}'')::text <> ROW(offers, costs)::text', :'query'), 'nothing struck off, the list is the same');

-- the registry's own offers
SELECT inclusion.register_offer('Atelier', :desk, NULL, teaches => 'pix{0.7=3}', remote => true) AS first,
       inclusion.register_offer('Complet', :desk, NULL, teaches => 'pix{0.7=3}', remote => true) AS shut,
       inclusion.register_offer('Brouillon', :desk, NULL, teaches => 'pix{0.7=3}') AS draft \gset
UPDATE inclusion_data.offer SET open = false WHERE id = :shut;
\set need 'need{target=pix{0.7=2};max_distance=1000;day=2026-03-02}'
SELECT is((inclusion.match_offers(:'need', 5)).offers, ARRAY[:first]::bigint[], 'neither what is shut nor a draft is matched');
SELECT is((inclusion.match_offers(:'need', 5, true)).offers, ARRAY[:first, :shut]::bigint[], 'unless one looks past open');
SELECT is((inclusion.match_offers('need{family=rights;max_distance=1000;day=2026-03-02}', 5)).offers, '{}'::bigint[], 'an empty list is a list');
SELECT is((inclusion.match_offers('need{family=rights;max_distance=1000;day=2026-03-02}', 5)).distances, '{}'::float8[], 'in every column');
SELECT ok(inclusion.match_offers(NULL, 5) IS NULL, 'no need, no list');

-- days differ from row to row
UPDATE inclusion_data.offer SET valid = '[2026-03-02,2026-03-03)' WHERE id = :first;
SELECT results_eq(
  $$ SELECT (inclusion.match_offers(inclusion.need(NULL, 'pix{0.7=2}', NULL, NULL, 1000, date '2026-03-01' + i), 5)).offers
     FROM generate_series(0, 3) i ORDER BY i $$,
  format($$ VALUES ('{}'::bigint[]), (ARRAY[%s]::bigint[]), ('{}'), ('{}') $$, :first), 'each need is answered for its day');
UPDATE inclusion_data.offer SET valid = '(,)' WHERE id = :first;

-- what is refused
SELECT throws_ok(format('SELECT inclusion.match_offers(%L, 0)', :'need'), 'IN010', 'k must be between 1 and 1000, not 0', 'no list of none');
SELECT throws_ok(format('SELECT inclusion.match_offers(%L, -5)', :'need'), 'IN010', NULL, 'nor of fewer');
SELECT throws_ok(format('SELECT inclusion.match_offers(%L, 1001)', :'need'), 'IN010', NULL, 'nor of too many');
SELECT throws_ok(format('SELECT inclusion.match_offers(%L, 5, false, %L)', :'need', 'DELETE FROM inclusion_data.seat RETURNING 1 AS id'),
  'IN320', NULL, 'offers come from a SELECT');
SELECT throws_ok(format('SELECT inclusion.match_offers(%L, 5, false, %L)', :'need', 'SELECT id FROM inclusion_data.offer'),
  'IN320', 'query "offers" gives no column "supply"', 'which gives a supply');
SELECT throws_ok(format('SELECT inclusion.match_offers(%L, 5, false, %L)', :'need', 'SELECT supply FROM inclusion_data.offer'),
  'IN320', 'query "offers" gives no column "id"', 'and a number');
SELECT throws_ok(format('SELECT inclusion.match_offers(%L, 5, false, %L)', :'need', 'SELECT id::text, supply FROM inclusion_data.offer'),
  'IN320', 'column "id" of query "offers" is of type text', 'a whole one');
SELECT throws_ok(format('SELECT inclusion.match_offers(%L, 5, false, %L)', :'need', 'SELECT id, name AS supply FROM inclusion_data.offer'),
  'IN320', 'column "supply" of query "offers" is of type text', 'both of their types');
SELECT throws_ok(format('SELECT inclusion.match_offers(%L, 5, false, %L)', :'need', 'SELECT NULL::bigint AS id, supply FROM inclusion_data.offer'),
  'IN320', 'query "offers" returns an offer without number', 'and no offer without number');
SET LOCAL inclusion.match_mem = '200kB';
SELECT throws_ok(format('SELECT inclusion.match_offers(%L, 5, false, %L)', :'need', :'query'),
  'IN320', 'matching 1024 offers takes 313 kB of memory or more, of the 200 kB allowed', 'memory is bounded');
RESET inclusion.match_mem;

-- never stale
CREATE FUNCTION bench.lists_of(need inclusion.need, changes text[]) RETURNS SETOF bigint[]
LANGUAGE plpgsql AS $$
DECLARE
  change text;
BEGIN
  FOREACH change IN ARRAY changes LOOP
    EXECUTE change;
    RETURN NEXT (inclusion.match_offers(need, 5)).offers;
  END LOOP;
END
$$;
SELECT results_eq(format($$ SELECT * FROM bench.lists_of(%L, ARRAY[
    'SELECT 1',
    'UPDATE inclusion_data.offer SET open = true WHERE id = %2$s',
    'UPDATE inclusion_data.offer SET open = false WHERE id = %3$s',
    'UPDATE inclusion_data.offer SET open = (id = %3$s) WHERE id IN (%2$s, %3$s)']) $$, :'need', :shut, :first),
  format($$ VALUES (ARRAY[%1$s]::bigint[]), (ARRAY[%1$s, %2$s]), (ARRAY[%2$s]), (ARRAY[%1$s]) $$, :first, :shut),
  'two statements of one function see two states');

-- a function whose changes are undone before it asks again
CREATE FUNCTION bench.undone(need inclusion.need, offer bigint) RETURNS SETOF bigint[]
LANGUAGE plpgsql AS $$
DECLARE
  list bigint[];
BEGIN
  FOR turn IN 1 .. 3 LOOP
    BEGIN
      IF turn = 2 THEN
        UPDATE inclusion_data.offer o SET open = NOT o.open WHERE o.id = undone.offer;
      END IF;
      list := (inclusion.match_offers(need, 5)).offers;
      IF turn = 2 THEN
        RAISE EXCEPTION USING ERRCODE = 'IN999';
      END IF;
    EXCEPTION WHEN SQLSTATE 'IN999' THEN
    END;
    RETURN NEXT list;
  END LOOP;
END
$$;
SELECT results_eq(format('SELECT * FROM bench.undone(%L, %s)', :'need', :shut),
  format($$ VALUES (ARRAY[%1$s]::bigint[]), (ARRAY[%1$s, %2$s]), (ARRAY[%1$s]) $$, :first, :shut), 'what was undone is no longer seen');

-- the same call, other questions
CREATE FUNCTION bench.ask(need inclusion.need, ignore_open boolean, query text) RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (inclusion.match_offers(need, 5, ignore_open, query)).offers;
END
$$;
SELECT results_eq(format($$ SELECT bench.ask(%L, q.ignore_open, q.query) FROM (VALUES
    (1, false, 'SELECT id, supply FROM inclusion_data.offer'), (2, true, 'SELECT id, supply FROM inclusion_data.offer'),
    (3, true, 'SELECT id, supply FROM inclusion_data.offer WHERE id <> %s'), (4, false, 'SELECT id, supply FROM inclusion_data.offer')) q (n, ignore_open, query)
    ORDER BY q.n $$, :'need', :first),
  format($$ VALUES (ARRAY[%1$s]::bigint[]), (ARRAY[%1$s, %2$s]), (ARRAY[%2$s]), (ARRAY[%1$s]) $$, :first, :shut),
  'another query, or other offers, are loaded anew');

-- an error while loading leaves nothing behind
CREATE FUNCTION bench.after_error(need inclusion.need) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
  FOR turn IN 1 .. 3 LOOP
    BEGIN
      PERFORM set_config('inclusion.match_mem', CASE turn WHEN 2 THEN '100kB' ELSE '100MB' END, true);
      RETURN NEXT cardinality((inclusion.match_offers(need, 5, turn = 2, 'SELECT id, supply FROM bench.offer_of_type')).offers);
    EXCEPTION WHEN SQLSTATE 'IN320' THEN
      RETURN NEXT 'refused';
    END;
  END LOOP;
END
$$;
SELECT results_eq(format('SELECT * FROM bench.after_error(%L)', :'need'), $$ VALUES ('5'), ('refused'), ('5') $$, 'an error leaves nothing behind');
RESET inclusion.match_mem;

-- the caller's rights
CREATE ROLE match_reader;
CREATE ROLE match_stranger;
GRANT USAGE ON SCHEMA inclusion, inclusion_data, bench TO match_reader, match_stranger;
GRANT SELECT (id, supply) ON inclusion_data.offer TO match_reader;
SET ROLE match_reader;
SELECT is((inclusion.match_offers(:'need', 5)).offers, ARRAY[:first]::bigint[], 'who may read offers may match them');
SELECT throws_ok(format('SELECT inclusion.match_offers(%L, 5, false, %L)', :'need', :'query'), '42501', NULL, 'but no others');
SET ROLE match_stranger;
SELECT throws_ok(format('SELECT inclusion.match_offers(%L, 5)', :'need'), '42501', NULL, 'who may not read offers may not match them');
RESET ROLE;
CREATE FUNCTION bench.as_others(need inclusion.need, people text[]) RETURNS SETOF int
LANGUAGE plpgsql AS $$
DECLARE
  who text;
BEGIN
  FOREACH who IN ARRAY people LOOP
    PERFORM set_config('role', who, true);
    RETURN NEXT cardinality((inclusion.match_offers(need, 5)).offers);
  END LOOP;
END
$$;
SELECT throws_ok(format('SELECT * FROM bench.as_others(%L, %L)', :'need', '{match_reader,match_stranger}'),
  '42501', NULL, 'offers loaded for one are not another''s');
RESET ROLE;
ALTER TABLE inclusion_data.offer ENABLE ROW LEVEL SECURITY;
SET ROLE match_reader;
SELECT throws_ok(format('SELECT inclusion.match_offers(%L, 5)', :'need'), '42501', NULL, 'lists do not depend on rows hidden from who asks');
SELECT is(current_setting('row_security'), 'on', 'the setting is as it was');
RESET ROLE;
ALTER TABLE inclusion_data.offer DISABLE ROW LEVEL SECURITY;

-- many needs, shared among processes
SET LOCAL parallel_setup_cost = 10;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
ANALYZE bench.need_of_type;
CREATE FUNCTION bench.plan_of(statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  line text;
  plan text := '';
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP
    plan := plan || line || E'\n';
  END LOOP;
  RETURN plan;
END
$$;
SELECT matches(bench.plan_of(format('CREATE TABLE bench.shared AS SELECT id, inclusion.match_offers(need, 20, false, %L) AS list FROM bench.need_of_type', :'query')),
  'Gather', 'a table made of lists is made by several processes');
SELECT matches(bench.plan_of('CREATE TABLE bench.shared AS SELECT id, inclusion.match_offers(need, 20) AS list FROM bench.need_of_type'),
  'Gather', 'of the registry''s offers too');
SET LOCAL parallel_leader_participation = off;
CREATE TABLE bench.shared AS SELECT id, inclusion.match_offers(need, 20, false, :'query') AS list FROM bench.need_of_type;
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TABLE bench.alone AS SELECT id, inclusion.match_offers(need, 20, false, :'query') AS list FROM bench.need_of_type;
SELECT is(count(*)::int, 60, 'each need has its list from either') FROM bench.shared JOIN bench.alone USING (id);
SELECT results_eq('SELECT id, list FROM bench.shared ORDER BY id', 'SELECT id, list FROM bench.alone ORDER BY id', 'the same lists');

-- equal supplies by the thousand
CREATE TABLE bench.alike AS
SELECT 3000 - i AS id, supply FROM generate_series(0, 2999) i
CROSS JOIN LATERAL (SELECT o.supply FROM bench.offer_of_type o WHERE o.id = 1 + i % 50) o;
SELECT is_empty($$
  SELECT n.id FROM bench.need_of_type n
  WHERE (inclusion.match_offers(n.need, 30, false, 'SELECT id, supply FROM bench.alike')).offers <> (
    SELECT coalesce(array_agg(t.id ORDER BY t.cost, t.id), '{}')::bigint[]
    FROM (SELECT a.id, a.supply OPERATOR(inclusion.<=>) n.need AS cost FROM bench.alike a
          WHERE a.supply OPERATOR(inclusion.@@) n.need ORDER BY cost, a.id LIMIT 30) t) $$, 'equal costs come by number');

-- offers that were changed, deleted, moved
UPDATE bench.offer_of_type SET supply = inclusion.set_open(supply, false) WHERE id % 3 = 0;
DELETE FROM bench.offer_of_type WHERE id % 5 = 0;
SELECT is_empty(format($$ SELECT id FROM bench.need_of_type
  WHERE (inclusion.match_offers(need, 20, false, %L)).offers <> (bench.scan(need, 20, false)).offers $$, :'query'), 'lists follow what becomes of offers');
SELECT is_empty(format($$ SELECT id FROM bench.need_of_type
  WHERE (inclusion.match_offers(need, 20, true, %L)).offers <> (bench.scan(need, 20, true)).offers $$, :'query'), 'looking past open too');
TRUNCATE bench.offer_of_type;
SELECT is((inclusion.match_offers(:'need', 20, true, :'query')).offers, '{}'::bigint[], 'no offers, no list');

SELECT * FROM finish();
ROLLBACK;
