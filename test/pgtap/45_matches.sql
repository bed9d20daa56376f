-- matches() among many offers: from the index, without losing the order of
-- equal costs; and what leaves the index alone.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\o
SELECT plan(9);

-- ten thousand offers, of which five hundred are exactly alike
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, requires, teaches, longitude, latitude, remote, quality)
SELECT i, 'DEP-27', :desk, 'Offre ' || i,
  NULL, inclusion.competence_vector('pix', ARRAY(SELECT CASE WHEN (hashint8extended(i, d) & 7) < 2 THEN 8 * (1 + (hashint8extended(i, 100 + d) & 7)) END
    FROM generate_series(1, 24) AS d)::int[]),
  1.15 + (hashint8extended(i, 200) & 1023) / 1000.0, 48.5 + (hashint8extended(i, 201) & 1023) / 1000.0, i % 5 = 0,
  (hashint8extended(i, 202) & 255) / 255.0
FROM generate_series(1, 9500) AS i;
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, teaches, remote, quality)
SELECT i, 'DEP-27', :desk, 'Offre ' || i, 'pix{0.7=3,1.1=3,2.4=3,4.2=2}', true, 1 FROM generate_series(9501, 10000) AS i;
ANALYZE inclusion_data.offer;

SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229') AS ana \gset
SELECT inclusion.express_need(:ana, 'procedures_alone') AS r \gset

-- a plan of matches() cannot be shown from outside: of what it asks, it can
CREATE FUNCTION pg_temp.scans() RETURNS bigint LANGUAGE sql AS
$$ SELECT pg_stat_get_xact_numscans('inclusion_data.offer_supply_idx'::regclass) $$;
SELECT pg_temp.scans() AS before \gset
SELECT is((SELECT count(*)::int FROM inclusion.matches(:ana)), 10, 'ten offers');
SELECT is(pg_temp.scans() - :before, 1::bigint, 'from one scan of the index');
CREATE FUNCTION pg_temp.plan() RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE format($query$ EXPLAIN (FORMAT JSON)
    SELECT o.id FROM inclusion_data.offer o WHERE o.supply OPERATOR(inclusion.@@) %1$L::inclusion.need
    ORDER BY o.supply OPERATOR(inclusion.<=>) %1$L::inclusion.need FETCH FIRST 10 ROWS WITH TIES $query$,
    inclusion.need_of((SELECT max(id) FROM inclusion_data.beneficiary), NULL, 'learn')) INTO plan;
  RETURN plan -> 0 -> 'Plan';
END
$$;
SELECT is(jsonb_build_array(pg_temp.plan() -> 'Node Type', pg_temp.plan() #> '{Plans,0,Node Type}', pg_temp.plan() #> '{Plans,0,Plans}'),
  '["Limit", "Index Scan", null]', 'in its order, nothing sorted');
SELECT is(pg_temp.plan() #>> '{Plans,0,Index Name}', 'offer_supply_idx', 'of offers');

-- equal costs by offer number, as a scan of everything would
SELECT is((SELECT array_agg(offer ORDER BY rank) FROM inclusion.matches(:ana, 30)),
  (SELECT array_agg(id ORDER BY cost, id) FROM (
    SELECT id, inclusion.cost(supply, n.need) AS cost FROM inclusion_data.offer, (SELECT inclusion.need_of(:ana, NULL, 'learn') AS need OFFSET 0) n
    WHERE inclusion.eligible(supply, n.need) ORDER BY 2, 1 LIMIT 30) s), 'the first thirty, ties included');
SELECT cmp_ok((SELECT count(DISTINCT cost) FROM inclusion.matches(:ana, 30)), '<', 30::bigint, 'among which some are equal');

-- what does not change the supply leaves the index alone
SELECT pg_relation_size('inclusion_data.offer_supply_idx') AS size,
       pg_stat_get_xact_tuples_hot_updated('inclusion_data.offer'::regclass) AS hot \gset
DELETE FROM inclusion_data.offer WHERE id = 9999;
UPDATE inclusion_data.offer SET name = 'Autre nom' WHERE id = 10000;
SELECT is(pg_stat_get_xact_tuples_hot_updated('inclusion_data.offer'::regclass) - :hot, 1::bigint, 'a new name is written beside the old one');
UPDATE inclusion_data.offer SET price = 1 WHERE id = 10000;
SELECT is(pg_stat_get_xact_tuples_hot_updated('inclusion_data.offer'::regclass) - :hot, 1::bigint, 'a new price is not');
SELECT lives_ok($$ SELECT inclusion.check_supply_index('inclusion_data.offer_supply_idx') $$, 'keys cover their pages');

SELECT * FROM finish();
ROLLBACK;
