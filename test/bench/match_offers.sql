-- match_offers.sql
--		The best offers for many needs, out of memory: how many needs a second, by
--		one process and by two, beside the index's or the scan's way, and every
--		list compared with a scan's, to the bit.
--
--   psql -X -d DATABASE -v offers=100000 -v needs=20000 -v compared=200 -f test/bench/match_offers.sql
--
-- in a database made for it.  :compared needs, with weights of their own, are
-- given to a scan as well.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS inclusion;
\o /dev/null
\ir generate.sql
\o
VACUUM ANALYZE bench.offer_of_type;
VACUUM ANALYZE bench.need_of_type;
SET jit = off;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = off;
\set query 'SELECT id, supply FROM bench.offer_of_type'

-- loading alone, then many needs
CREATE TABLE bench.run (n int GENERATED ALWAYS AS IDENTITY, title text, needs int, seconds float8);
CREATE PROCEDURE bench.time_lists(title text, workers int, needs int, query text)
LANGUAGE plpgsql AS $$
DECLARE
  started timestamptz;
BEGIN
  PERFORM set_config('max_parallel_workers_per_gather', workers::text, false);
  DROP TABLE IF EXISTS bench.list;
  started := clock_timestamp();
  EXECUTE format('CREATE TABLE bench.list AS SELECT id, inclusion.match_offers(need, 20, false, %L) AS list FROM bench.need_of_type WHERE id <= %s',
                 query, time_lists.needs);
  INSERT INTO bench.run (title, needs, seconds)
  VALUES (time_lists.title, time_lists.needs, extract(epoch FROM clock_timestamp() - started));
END
$$;
CALL bench.time_lists('loading, and one need', 0, 1, :'query');
CALL bench.time_lists('one process', 0, :needs, :'query');
CALL bench.time_lists('two workers', 2, :needs, :'query');

-- weights of each need's own: 1024 parts cut in four
CREATE TABLE bench.weighted AS
SELECT n.id, (ARRAY[10, 1, 50, 20, 1000])[1 + n.id % 5] AS k, n.id % 2 = 0 AS ignore_open,
  (rtrim(regexp_replace(n.need::text, ';w_[a-z]+=[^;}]*', '', 'g'), '}') || format(
    ';w_coverage=%s;w_audience=%s;w_quality=%s;w_distance=%s;w_price=%s}', c.cut[1] / 1024.0, (c.cut[2] - c.cut[1]) / 1024.0,
    (c.cut[3] - c.cut[2]) / 1024.0, (1024 - c.cut[3]) / 1024.0, bench.draw_int(n.id, 904, 16) / 15.0))::inclusion.need AS need
FROM bench.need_of_type n
CROSS JOIN LATERAL (SELECT array_agg(bench.draw_int(n.id, s, 1025) ORDER BY bench.draw_int(n.id, s, 1025)) AS cut FROM generate_series(901, 903) s) c
WHERE n.id <= :compared;
CREATE FUNCTION bench.scan(need inclusion.need, k int, ignore_open boolean, OUT offers bigint[], OUT costs float8[])
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(t.id::bigint ORDER BY t.cost, t.id), '{}'), coalesce(array_agg(t.cost ORDER BY t.cost, t.id), '{}')
  FROM (SELECT o.id, s.supply OPERATOR(inclusion.<=>) need AS cost
        FROM bench.offer_of_type o
        CROSS JOIN LATERAL (SELECT CASE WHEN ignore_open THEN inclusion.set_open(o.supply, true) ELSE o.supply END AS supply) s
        WHERE s.supply OPERATOR(inclusion.@@) need ORDER BY cost, o.id LIMIT k) t
$$;
SET max_parallel_workers_per_gather = 2;
CREATE TABLE bench.compared AS
SELECT w.id, w.k, inclusion.match_offers(w.need, w.k, w.ignore_open, :'query') AS list, s.offers, s.costs
FROM bench.weighted w CROSS JOIN LATERAL bench.scan(w.need, w.k, w.ignore_open) s;

DO $$
DECLARE
  differing int;
BEGIN
  SELECT id INTO differing FROM bench.compared
  WHERE (list).offers <> offers OR array_send((list).costs) <> array_send(costs) ORDER BY id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the lists of need % differ', differing;
  END IF;
END
$$;

SELECT format('%s offers; %s needs have the lists of a scan, to the bit: %s offers listed, %s lists cut at k, %s shorter, %s empty',
  (SELECT count(*) FROM bench.offer), count(*), sum(cardinality(offers)), count(*) FILTER (WHERE cardinality(offers) = k),
  count(*) FILTER (WHERE cardinality(offers) BETWEEN 1 AND k - 1), count(*) FILTER (WHERE offers = '{}'))
FROM bench.compared;
SELECT r.title AS "lists of 20", r.needs, round(r.seconds::numeric, 3) AS seconds,
  CASE WHEN r.needs > 1 THEN round(r.needs / r.seconds) END AS "needs a second",
  CASE WHEN r.needs > 1 THEN round((o.seconds / r.seconds)::numeric, 2) END AS "times one process"
FROM bench.run r JOIN bench.run o ON o.title = 'one process' ORDER BY r.n;
