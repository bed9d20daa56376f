-- methods.sql
--		Ways to find the ten best offers for one need, all giving the same list.
--
-- A query sees the need in plain columns (asked), as a value (need) and as a
-- point of PostGIS (spot), and gives id and cost, best first.  Each is told to
-- answer one in so many of the needs: the slow ones few, and none at all where
-- there are more offers than most.  Settings say what the method may not use.
CREATE TABLE bench.method (
	n int PRIMARY KEY, title text, query text, settings text, one_in int, most int);

INSERT INTO bench.method VALUES
(1, 'plpgsql over arrays', $$
	SELECT id, bench.plpgsql_cost(taught, x, y, z, remote, travels_within, audiences, quality, price,
		(asked).wanted, (asked).possible, (asked).audiences, (asked).audience_count, (asked).far,
		(asked).x, (asked).y, (asked).z, (asked).max_distance, (asked).w_coverage,
		(asked).w_audience, (asked).w_quality, (asked).w_distance, (asked).w_price) AS cost
	FROM bench.offer WHERE bench.is_suitable(asked, offer)
	ORDER BY cost, id LIMIT 10$$, 'SET plan_cache_mode = force_custom_plan', 1000, 100000),
(2, 'SQL over arrays', $$
	SELECT id, (asked).w_coverage * (1 - nullif((
			SELECT sum((asked).wanted[72 + d]
				* (least(teaches[k], (asked).wanted[48 + d]) - (asked).wanted[24 + d]))
			FROM unnest(competences) WITH ORDINALITY AS list (d, k)
			WHERE requires[k] <= (asked).wanted[d] AND teaches[k] > (asked).wanted[24 + d])
			/ (asked).possible, 0))
		+ (asked).w_audience * (1 - bench.fit(asked, offer))
		+ (asked).w_quality * ((255 - quality) / 255::float8)
		+ (asked).w_distance * bench.proximity(asked, offer)
		+ (asked).w_price * (price / 15::float8) AS cost
	FROM bench.offer WHERE bench.is_suitable(asked, offer)
	ORDER BY cost, id LIMIT 10$$, 'SET plan_cache_mode = force_custom_plan', 1000, 100000),
-- Near offers first, which is what a map does today; those that distance does
-- not concern come beside them.  A metre more, then the exact rule.
(3, 'PostGIS distance, then filter', $$
	SELECT id, supply OPERATOR(inclusion.<=>) need AS cost
	FROM (SELECT id, supply FROM bench.offer_on_map
			WHERE NOT anywhere AND ST_DWithin(place, spot, (asked).max_distance + 1, false)
		UNION ALL
		SELECT id, supply FROM bench.offer_on_map WHERE anywhere) AS near
	WHERE supply OPERATOR(inclusion.@@) need
	ORDER BY cost, id LIMIT 10$$, '', 100, NULL),
(4, 'sequential scan', $$
	SELECT id, supply OPERATOR(inclusion.<=>) need AS cost FROM bench.offer_of_type
	WHERE supply OPERATOR(inclusion.@@) need
	ORDER BY cost, id LIMIT 10$$, 'SET enable_indexscan = off SET enable_bitmapscan = off', 100, NULL),
(5, 'index', $$
	SELECT id, cost
	FROM (SELECT id, supply OPERATOR(inclusion.<=>) need AS cost FROM bench.offer_of_type
		WHERE supply OPERATOR(inclusion.@@) need
		ORDER BY supply OPERATOR(inclusion.<=>) need FETCH FIRST 10 ROWS WITH TIES) AS best
	ORDER BY cost, id LIMIT 10$$, 'SET enable_seqscan = off', 20, NULL);

-- Many needs in one statement: lists of so many offers by so many processes.
CREATE TABLE bench.block_method (n int PRIMARY KEY, title text, length int, processes int);
INSERT INTO bench.block_method VALUES
(6, 'block matcher, 1 process', 10, 1), (7, 'block matcher, 2 processes', 10, 2),
(8, 'lists of 20, 1 process', 20, 1), (9, 'lists of 20, 2 processes', 20, 2);

-- What was measured, for every kind and size.
CREATE TABLE bench.timing (n int, need int, ms float8);
CREATE TABLE bench.answer (n int, need int, offers bigint[], costs float8[]);
CREATE TABLE bench.rate (n int, per_second float8);
CREATE TABLE bench.upkeep (n int, build_s float8, bytes float8, insert_us float8, price_us float8);
CREATE TABLE bench.result (
	kind text, offers int, n int, title text, needs bigint, p50 float8, p95 float8, p99 float8,
	per_second float8, to_plpgsql float8, to_scan float8, to_map float8,
	build_s float8, bytes float8, insert_us float8, price_us float8);
