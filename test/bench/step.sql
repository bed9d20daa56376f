-- step.sql
--		One part of the table: :offers offers of one :kind, all methods.
SELECT :'kind' = 'real' AS real, CASE :'kind' WHEN 'few' THEN 50 ELSE :offers END AS distinct \gset
\ir offers.sql
\if :real
\ir real_offers.sql
\endif
\ir offer_values.sql
DROP TABLE IF EXISTS bench.offer_on_map;
CREATE TABLE bench.offer_on_map AS
SELECT id, supply, remote OR travels_within > 0 AS anywhere,
	ST_SetSRID(ST_MakePoint(place[1], place[2]), 4326)::geography AS place
FROM bench.offer JOIN bench.offer_of_type USING (id);
CREATE INDEX ON bench.offer_on_map (id) WHERE anywhere;
CALL bench.build(3, 'CREATE INDEX ON bench.offer_on_map USING gist (place) WHERE NOT anywhere', 'bench.offer_on_map');
CALL bench.build(5, 'CREATE INDEX supply_index ON bench.offer_of_type USING gist (supply)', 'bench.offer_of_type');
INSERT INTO bench.upkeep (n) VALUES (4);
ANALYZE bench.offer, bench.offer_of_type, bench.offer_on_map, bench.need_of_type;
CALL bench.measure(10);
CALL bench.measure_blocks();
CALL bench.write(5, 1);
DROP INDEX bench.supply_index;
CALL bench.write(4, 2);
