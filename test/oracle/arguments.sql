-- arguments.sql
--		The second opinion on matching, part 1: from the literal arguments of
--		inclusion.need(...) and inclusion.supply(...) to plain columns.
--
-- Written from the published rules alone, in slow and obvious SQL, and
-- never shared with the code it judges: no type, no function and no table of
-- the extension is used here.  Arguments come as a jsonb object {argument:
-- literal}, an absent key being an argument left to its default and null
-- being NULL; only valid arguments are understood (refusals have their own
-- table, refusals.sql).

CREATE SCHEMA oracle;

-- What one offer gives, in built-in types.  Points are eighths of a level, one
-- element per competence of the framework, NULL where nothing is said.
CREATE TYPE oracle.supply AS (
	framework text, requires int[], teaches int[],
	x bigint, y bigint, z bigint, remote boolean,
	families text[], modes text[], audiences text[], only_for text[],
	accommodations text[], languages text[], slots text[],
	travels_within float8, q int, p int, valid daterange, open boolean);

-- What one person needs.
CREATE TYPE oracle.need AS (
	framework text, current int[], target int[], weights int[],
	x bigint, y bigint, z bigint, max_distance float8, day date, family text,
	modes text[], audiences text[], accommodations text[], languages text[],
	slots text[], accept_remote boolean, accept_on_site boolean,
	w_coverage float8, w_audience float8, w_quality float8,
	w_distance float8, w_price float8);

-- A position on the unit sphere, in units of 2^-30.
CREATE TYPE oracle.place AS (x bigint, y bigint, z bigint);

CREATE FUNCTION oracle.competences(framework text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE framework
	WHEN 'pix' THEN '{0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,1.1,1.2,1.3,
		2.1,2.2,2.3,2.4,3.1,3.2,3.3,3.4,4.1,4.2,4.3,5.1,5.2}'::text[]
	WHEN 'digcomp' THEN '{1.1,1.2,1.3,2.1,2.2,2.3,2.4,2.5,2.6,
		3.1,3.2,3.3,3.4,4.1,4.2,4.3,4.4,5.1,5.2,5.3,5.4}'::text[]
END;

-- "pix{1.1=3,4.3=2.5}" to points: NULL where not assessed.
CREATE FUNCTION oracle.points(literal text) RETURNS int[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
	SELECT array_agg((said.level * 8)::int ORDER BY place)
	FROM unnest(oracle.competences(split_part(literal, '{', 1)))
		WITH ORDINALITY AS competence (code, place)
	LEFT JOIN (
		SELECT split_part(pair, '=', 1) AS code,
			split_part(pair, '=', 2)::numeric AS level
		FROM unnest(string_to_array(rtrim(split_part(literal, '{', 2), '}'), ','))
			AS slot (pair)) AS said USING (code));

-- C's round(): to the nearest integer, halves away from zero.
CREATE FUNCTION oracle.round_away(number float8) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (sign(number) * (floor(abs(number))
	+ CASE WHEN abs(number) - floor(abs(number)) >= 0.5 THEN 1 ELSE 0 END))::bigint;

CREATE FUNCTION oracle.radians(tenth_microdegrees bigint) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (tenth_microdegrees::float8 * 1e-7::float8) * (pi() / 180.0::float8);

CREATE FUNCTION oracle.place(longitude float8, latitude float8)
RETURNS oracle.place
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
	east bigint := oracle.round_away(longitude * 1e7::float8);
	north bigint := oracle.round_away(latitude * 1e7::float8);
	lon float8;
	lat float8;
	unit CONSTANT float8 := 1073741824;
BEGIN
	IF east = 1800000000 THEN
		east := -1800000000;
	END IF;
	lon := oracle.radians(east);
	lat := oracle.radians(north);
	RETURN ROW(oracle.round_away((cos(lat) * cos(lon)) * unit),
		oracle.round_away((cos(lat) * sin(lon)) * unit),
		oracle.round_away(sin(lat) * unit))::oracle.place;
END
$$;

CREATE FUNCTION oracle.with_defaults_of_supply(arguments jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN jsonb '{"remote": "false", "families": "{learn}", "modes": "{}",
	"audiences": "{}", "only_for": "{}", "accommodations": "{}",
	"languages": "{fr}", "slots": "{}", "travels_within": "0",
	"quality": "0.5", "price": "0", "valid": "(,)", "open": "true"}' || arguments;

CREATE FUNCTION oracle.with_defaults_of_need(arguments jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN jsonb '{"family": "learn", "weights": null, "modes": "{}",
	"audiences": "{}", "accommodations": "{}", "languages": "{}",
	"slots": "{}", "accept_remote": "true", "accept_on_site": "true",
	"w_coverage": "0.5", "w_audience": "0.2", "w_quality": "0.15",
	"w_distance": "0.15", "w_price": "0"}' || arguments;

-- NULL for a draft: an offer to learn that does not say what it teaches, or an
-- offer on site that does not say where.
CREATE FUNCTION oracle.supply(given jsonb) RETURNS oracle.supply
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
	arguments jsonb := oracle.with_defaults_of_supply(given);
	place oracle.place := oracle.place((arguments->>'longitude')::float8,
		(arguments->>'latitude')::float8);
	supply oracle.supply;
BEGIN
	supply.families := arguments->>'families';
	supply.remote := arguments->>'remote';
	IF arguments->>'teaches' IS NULL AND supply.families <@ '{learn}' THEN
		RETURN NULL;
	END IF;
	IF NOT supply.remote AND arguments->>'longitude' IS NULL THEN
		RETURN NULL;
	END IF;

	supply.framework := split_part(coalesce(arguments->>'teaches',
		arguments->>'requires'), '{', 1);
	supply.requires := array_replace(oracle.points(arguments->>'requires'), 0, NULL);
	supply.teaches := array_replace(oracle.points(arguments->>'teaches'), 0, NULL);
	supply.x := place.x;
	supply.y := place.y;
	supply.z := place.z;
	supply.modes := arguments->>'modes';
	supply.only_for := arguments->>'only_for';
	supply.audiences := (arguments->>'audiences')::text[] || supply.only_for;
	supply.accommodations := arguments->>'accommodations';
	supply.languages := arguments->>'languages';
	IF supply.languages = '{}' THEN
		supply.languages := '{fr}';
	END IF;
	supply.slots := arguments->>'slots';
	supply.travels_within := arguments->>'travels_within';
	supply.q := floor(255::float8 * (arguments->>'quality')::float8 + 0.5::float8);
	supply.p := floor(15::float8 * (arguments->>'price')::float8 + 0.5::float8);
	supply.valid := arguments->>'valid';
	supply.open := arguments->>'open';
	RETURN supply;
END
$$;

CREATE FUNCTION oracle.need(given jsonb) RETURNS oracle.need
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
	arguments jsonb := oracle.with_defaults_of_need(given);
	place oracle.place := oracle.place((arguments->>'longitude')::float8,
		(arguments->>'latitude')::float8);
	need oracle.need;
BEGIN
	need.framework := split_part(coalesce(arguments->>'target',
		arguments->>'current'), '{', 1);
	need.current := oracle.points(arguments->>'current');
	need.target := oracle.points(arguments->>'target');
	need.weights := coalesce((arguments->>'weights')::int[],
		array_fill(8, ARRAY[24]));
	need.x := place.x;
	need.y := place.y;
	need.z := place.z;
	need.max_distance := arguments->>'max_distance';
	need.day := arguments->>'day';
	need.family := arguments->>'family';
	need.modes := arguments->>'modes';
	need.audiences := arguments->>'audiences';
	need.accommodations := arguments->>'accommodations';
	need.languages := arguments->>'languages';
	need.slots := arguments->>'slots';
	need.accept_remote := arguments->>'accept_remote';
	need.accept_on_site := arguments->>'accept_on_site';
	need.w_coverage := arguments->>'w_coverage';
	need.w_audience := arguments->>'w_audience';
	need.w_quality := arguments->>'w_quality';
	need.w_distance := arguments->>'w_distance';
	need.w_price := arguments->>'w_price';
	RETURN need;
END
$$;
