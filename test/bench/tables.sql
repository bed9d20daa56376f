-- tables.sql
--		Offers and needs in plain built-in columns: masks, small integers, arrays.

CREATE FUNCTION bench.interleave(a smallint[], b smallint[], c smallint[])
RETURNS smallint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT value
	FROM unnest(a, b, c) WITH ORDINALITY AS triple (x, y, z, place),
		LATERAL (VALUES (1, x), (2, y), (3, z)) AS item (list, value)
	ORDER BY place, list);

CREATE TABLE bench.offer (
	id int PRIMARY KEY,
	competences smallint[], requires smallint[], teaches smallint[],
	-- the same as one list: competence, required, taught, competence, ...
	taught smallint[] GENERATED ALWAYS AS (bench.interleave(competences, requires, teaches)) STORED,
	x bigint, y bigint, z bigint, remote boolean, travels_within float8,
	families int, formats int, devices int, audiences int, only_for int,
	accommodations int, languages int, slots int,
	quality smallint, price smallint, valid_from date, valid_to date, open boolean,
	place float8[]);

-- A need in plain columns: 24 competences, points in eighths; current 0 where
-- not assessed, target 0 where not wanted.
CREATE TABLE bench.need (
	id int PRIMARY KEY,
	current smallint[], target smallint[], weights smallint[],
	x bigint, y bigint, z bigint, max_distance float8, day date, families int,
	formats int, devices int, audiences int, accommodations int, languages int,
	slots int, accept_remote boolean, accept_on_site boolean,
	w_coverage float8, w_audience float8, w_quality float8, w_distance float8,
	w_price float8, place float8[]);
