-- measure.sql
--		Time every method on every need, check that all of them answer the same,
--		print one table.  Variables: :runs, how often each query is run.
--
-- One core, no JIT, warm cache, no index: what one offer costs.

SET max_parallel_workers_per_gather = 0;
SET jit = off;
SET enable_indexscan = off;
SET enable_bitmapscan = off;
SET plan_cache_mode = force_custom_plan;

CREATE TABLE bench.timing (workload text, n int, need int, run int, ns float8);
CREATE TABLE bench.answer (workload text, n int, need int, eligible bigint, best float8[]);

CREATE PROCEDURE bench.measure(runs int)
LANGUAGE plpgsql AS $$
DECLARE
	job record;
	top text;
	answer record;
	started timestamptz;
	offers bigint := (SELECT count(*) FROM bench.offer);
BEGIN
	FOR job IN
		SELECT run, plain.id, bench.ask(plain) AS asked, value.need AS need,
			method.n, workload, query
		FROM generate_series(0, runs) AS run, bench.need AS plain
		JOIN bench.need_of_type AS value USING (id),
			bench.method,
			LATERAL (VALUES ('cost', method.cost), ('eligible', method.eligible))
				AS kind (workload, query)
		ORDER BY run, plain.id, workload, n
	LOOP
		top := format('SELECT array_agg(cost ORDER BY cost, id) FROM (
			SELECT * FROM (%s) AS ranked ORDER BY cost, id LIMIT 10) AS best', job.query);
		-- Run 0 warms the cache, and keeps the answers.
		IF job.run = 0 THEN
			EXECUTE format('SELECT count(cost), (%s) FROM (%s) AS ranked', top, job.query)
				INTO answer USING job.asked, job.need;
			INSERT INTO bench.answer
			VALUES (job.workload, job.n, job.id, answer.count,
				array_remove(answer.array_agg, NULL));
			CONTINUE;
		END IF;
		started := clock_timestamp();
		EXECUTE top INTO answer USING job.asked, job.need;
		INSERT INTO bench.timing VALUES (job.workload, job.n, job.id, job.run,
			1e9 * extract(epoch FROM clock_timestamp() - started) / offers);
	END LOOP;
END
$$;

CREATE VIEW bench.disagreement AS
SELECT ours.*, theirs.eligible AS theirs_eligible, theirs.best AS theirs_best
FROM bench.answer AS ours JOIN bench.answer AS theirs
	ON (theirs.workload, theirs.need, theirs.n) = (ours.workload, ours.need, 1)
WHERE ours.eligible <> theirs.eligible OR ours.best <> theirs.best;

CALL bench.measure(:runs);

-- A benchmark of different answers is worth nothing.
DO $$
DECLARE
	differing bench.disagreement;
BEGIN
	SELECT * INTO differing FROM bench.disagreement LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'methods disagree: %', differing;
	END IF;
END
$$;

SELECT format('%s offers, %s needs, %s runs each; eligible offers per need: median %s, from %s to %s',
	(SELECT count(*) FROM bench.offer), count(*), :runs,
	percentile_disc(0.5) WITHIN GROUP (ORDER BY eligible), min(eligible), max(eligible))
FROM bench.answer WHERE workload = 'eligible' AND n = 1;

\pset tuples_only off
WITH per_need AS (
	SELECT workload, n, need, percentile_cont(0.5) WITHIN GROUP (ORDER BY ns) AS ns
	FROM bench.timing GROUP BY workload, n, need),
per_method AS (
	SELECT workload, n, percentile_cont(0.5) WITHIN GROUP (ORDER BY ns) AS ns,
		min(ns) AS least, max(ns) AS most
	FROM per_need GROUP BY workload, n)
SELECT CASE workload WHEN 'cost' THEN 'cost of every offer, top 10'
		ELSE 'eligible offers, top 10' END AS "question",
	title AS "method", round(per_method.ns) AS "ns per offer",
	round(per_method.least) AS "from", round(per_method.most) AS "to",
	round((baseline.ns / per_method.ns)::numeric, 1) AS "times faster than plpgsql"
FROM per_method JOIN bench.method USING (n)
JOIN per_method AS baseline USING (workload)
WHERE baseline.n = 1
ORDER BY workload, per_method.n;
