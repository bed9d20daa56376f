-- block.sql
--		Time the block matcher: all needs in one statement, written to a table, as
--		a night does.  A need's latency is what it took within the statement; the
--		rate counts everything, loading included.
--
-- The two clocks are written differently: above a Gather, equal expressions of
-- the workers would be taken for one.
CREATE PROCEDURE bench.measure_blocks()
LANGUAGE plpgsql SET parallel_leader_participation = off
SET min_parallel_table_scan_size = 0 SET parallel_setup_cost = 0 AS $$
DECLARE
	method bench.block_method;
	started timestamptz;
	seconds float8;
BEGIN
	-- one need: loading, and hardly more
	started := clock_timestamp();
	PERFORM inclusion.match_offers(need, 1, false, 'SELECT id, supply FROM bench.offer_of_type')
	FROM bench.need_of_type WHERE id = 1;
	INSERT INTO bench.upkeep (n, build_s)
	VALUES (6, extract(epoch FROM clock_timestamp() - started));

	FOR method IN SELECT * FROM bench.block_method ORDER BY n LOOP
		PERFORM set_config('max_parallel_workers_per_gather',
			(method.processes - (method.processes = 1)::int)::text, true);
		DROP TABLE IF EXISTS bench.list;
		started := clock_timestamp();
		EXECUTE format($query$
			CREATE TABLE bench.list AS
			SELECT id, clock_timestamp() AS started,
				inclusion.match_offers(need, %s, false, 'SELECT id, supply FROM bench.offer_of_type') AS best,
				extract(epoch FROM clock_timestamp()) AS ended
			FROM bench.need_of_type $query$, method.length);
		seconds := extract(epoch FROM clock_timestamp() - started);
		INSERT INTO bench.rate SELECT method.n, count(*) / seconds FROM bench.list;
		INSERT INTO bench.timing
		SELECT method.n, id, 1000 * (ended - extract(epoch FROM list.started)) FROM bench.list;
		INSERT INTO bench.answer
		SELECT method.n, id, (best).offers[:10], (best).costs[:10]
		FROM bench.list JOIN bench.job USING (id);
	END LOOP;
END
$$;
