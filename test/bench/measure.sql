-- measure.sql
--		Time the methods that answer one need at a time, in rounds, so that what
--		else the machine does falls on all of them.  What is timed is a statement
--		of a function: planned as the server sees fit, without a client.

CREATE TABLE bench.job (id int PRIMARY KEY, asked bench.asked, need inclusion.need, spot geography);

DO $do$
DECLARE
	method bench.method;
BEGIN
	FOR method IN SELECT * FROM bench.method LOOP
		EXECUTE format($create$
			CREATE FUNCTION bench.time_%s(first int, last int) RETURNS void
			LANGUAGE plpgsql %s AS $$
			DECLARE
				job bench.job;
				asked bench.asked;
				need inclusion.need;
				spot geography;
				started timestamptz;
				ended timestamptz;
				offers bigint[];
				costs float8[];
			BEGIN
				FOR job IN SELECT * FROM bench.job
					WHERE id = 0 OR id BETWEEN first AND last ORDER BY id LOOP
					asked := job.asked;
					need := job.need;
					spot := job.spot;
					started := clock_timestamp();
					SELECT array_agg(id ORDER BY cost, id), array_agg(cost ORDER BY cost, id)
					INTO offers, costs FROM (%s) AS best WHERE cost IS NOT NULL;
					ended := clock_timestamp();
					CONTINUE WHEN job.id = 0;
					INSERT INTO bench.timing
					VALUES (%1$s, job.id, 1000 * extract(epoch FROM ended - started));
					INSERT INTO bench.answer
					VALUES (%1$s, job.id, coalesce(offers, '{}'), coalesce(costs, '{}'));
				END LOOP;
			END
			$$ $create$, method.n, method.settings, method.query);
	END LOOP;
END
$do$;

CREATE PROCEDURE bench.measure(rounds int)
LANGUAGE plpgsql SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
	offers constant int := (SELECT count(*) FROM bench.offer);
	jobs constant int := (SELECT max(id) FROM bench.job);
	needs constant int := (SELECT count(*) FROM bench.need);
	part record;
BEGIN
	FOR part IN
		SELECT n, (round - 1) * share / rounds + 1 AS first, round * share / rounds AS last
		FROM generate_series(1, rounds) AS round, bench.method,
			LATERAL (SELECT least(jobs, greatest(5, needs / one_in))) AS told (share)
		WHERE most IS NULL OR offers <= most
		ORDER BY round, n
	LOOP
		EXECUTE format('SELECT bench.time_%s($1, $2)', part.n) USING part.first, part.last;
	END LOOP;
END
$$;
