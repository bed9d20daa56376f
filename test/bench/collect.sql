-- collect.sql
--		Refuse a benchmark of different answers, then keep what was measured.

-- Every method's list beside the sequential scan's, costs to the bit.
CREATE VIEW bench.disagreement AS
SELECT ours.*, scan.offers AS scan_offers, scan.costs AS scan_costs
FROM bench.answer AS ours LEFT JOIN bench.answer AS scan
	ON scan.n = 4 AND scan.need = ours.need
WHERE scan.n IS NOT NULL
	AND (ours.offers <> scan.offers OR array_send(ours.costs) <> array_send(scan.costs));

-- Milliseconds a need: one at a time over the needs that both methods answered,
-- many at a time over all of them.
CREATE FUNCTION bench.mean_ms(method int, other int) RETURNS float8
LANGUAGE sql STABLE
RETURN coalesce((SELECT 1000 / per_second FROM bench.rate WHERE n = method),
	(SELECT avg(ms) FROM bench.timing WHERE n = method
		AND need IN (SELECT need FROM bench.timing WHERE n = other)));

CREATE PROCEDURE bench.collect(kind text)
LANGUAGE plpgsql AS $$
DECLARE
	differing bench.disagreement;
BEGIN
	SELECT * INTO differing FROM bench.disagreement LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'methods disagree: %', differing;
	END IF;
	INSERT INTO bench.result
	SELECT kind, (SELECT count(*) FROM bench.offer), method.n, method.title,
		count(need), percentile_cont(0.5) WITHIN GROUP (ORDER BY ms),
		percentile_cont(0.95) WITHIN GROUP (ORDER BY ms), percentile_cont(0.99) WITHIN GROUP (ORDER BY ms),
		1000 / bench.mean_ms(method.n, method.n),
		bench.mean_ms(1, method.n) / bench.mean_ms(method.n, 1),
		bench.mean_ms(4, method.n) / bench.mean_ms(method.n, 4),
		bench.mean_ms(3, method.n) / bench.mean_ms(method.n, 3),
		min(build_s), min(bytes), min(insert_us), min(price_us)
	FROM (SELECT n, title FROM bench.method UNION ALL SELECT n, title FROM bench.block_method) AS method
	LEFT JOIN bench.timing USING (n) LEFT JOIN bench.upkeep USING (n)
	GROUP BY method.n, method.title;
	TRUNCATE bench.timing, bench.answer, bench.rate, bench.upkeep;
END
$$;
