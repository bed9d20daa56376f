-- report.sql
--		The table: latencies of lists of ten in milliseconds, needs answered in a
--		second, how many times faster than the named baselines; then what the
--		method keeps beside the table of offers.
SELECT kind AS "offers", result.offers AS "how many", title AS "method",
	CASE WHEN needs = 0 THEN 'left out: too slow' ELSE needs::text END AS "needs",
	round(p50::numeric, 3) AS "p50 ms", round(p95::numeric, 3) AS "p95 ms",
	round(p99::numeric, 3) AS "p99 ms", round(per_second::numeric, 1) AS "needs/s",
	round(to_plpgsql::numeric, 1) AS "x plpgsql", round(to_map::numeric, 1) AS "x PostGIS",
	round(to_scan::numeric, 1) AS "x scan",
	round(build_s::numeric, 2) AS "build s", round(bytes) AS "bytes/offer",
	round(insert_us::numeric, 1) AS "insert us", round(price_us::numeric, 1) AS "new price us"
FROM bench.result
ORDER BY array_position('{seeded,real,few}', kind), result.offers, n;
