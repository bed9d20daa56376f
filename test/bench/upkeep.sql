-- upkeep.sql
--		What an index asks for: time to build, room, and what it adds to a write.

CREATE PROCEDURE bench.build(n int, statement text, tables regclass)
LANGUAGE plpgsql AS $$
DECLARE
	started constant timestamptz := clock_timestamp();
	before constant bigint := pg_indexes_size(tables);
BEGIN
	EXECUTE statement;
	INSERT INTO bench.upkeep (n, build_s, bytes)
	SELECT build.n, extract(epoch FROM clock_timestamp() - started),
		(pg_indexes_size(tables) - before) / count(*)::float8 FROM bench.offer;
END
$$;

-- The same offers again under other numbers; then the price of some changes.
-- The values to write are made beforehand.
CREATE PROCEDURE bench.write(method int, turn int)
LANGUAGE plpgsql AS $$
DECLARE
	offers constant int := (SELECT count(*) FROM bench.offer);
	rows constant int := least(10000, offers / 4);
	started timestamptz;
	inserted timestamptz;
BEGIN
	UPDATE bench.offer SET price = (price + 1) % 16
	WHERE id > rows * (turn - 1) AND id <= rows * turn;
	DROP TABLE IF EXISTS bench.repriced;
	CREATE TABLE bench.repriced AS SELECT id, supply FROM bench.offer_value
	WHERE id > rows * (turn - 1) AND id <= rows * turn;
	ANALYZE bench.repriced;
	started := clock_timestamp();
	INSERT INTO bench.offer_of_type SELECT id + turn * offers, supply FROM bench.repriced;
	inserted := clock_timestamp();
	UPDATE bench.offer_of_type SET supply = repriced.supply
	FROM bench.repriced WHERE offer_of_type.id = repriced.id;
	UPDATE bench.upkeep
	SET insert_us = 1e6 * extract(epoch FROM inserted - started) / rows,
		price_us = 1e6 * extract(epoch FROM clock_timestamp() - inserted) / rows
	WHERE n = method;
END
$$;
