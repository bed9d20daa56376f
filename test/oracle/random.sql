-- random.sql
--		Needs and supplies drawn at random, always the same ones: pair number i
--		depends on i alone, through a hash whose values PostgreSQL keeps for
--		ever (hash partitioning stores by it).  A pair shares its framework,
--		its corner of the framework and its corner of the world, so that every
--		rule has a chance to be the one that decides.

-- The codes to draw from: filled by whoever draws.
CREATE TABLE oracle.code (vocabulary text, code text, n int,
	PRIMARY KEY (vocabulary, n));

-- Uniform in [0, 1).
CREATE FUNCTION oracle.draw(i bigint, salt bigint) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(i, salt) & 2147483647)::float8 / 2147483648::float8;

-- Uniform in 0 .. size - 1.
CREATE FUNCTION oracle.draw_int(i bigint, salt bigint, size int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN floor(oracle.draw(i, salt) * size)::int;

CREATE FUNCTION oracle.pick(i bigint, salt bigint, VARIADIC choices text[])
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN choices[1 + oracle.draw_int(i, salt, array_length(choices, 1))];

-- A set of codes, in no order, sometimes with repetitions; the first codes of
-- a vocabulary come often, the last ones seldom.
CREATE FUNCTION oracle.draw_codes(i bigint, salt bigint, vocabulary text,
	empty_share float8, most int) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	codes text[] := '{}';
	size int := (SELECT count(*) FROM oracle.code
		WHERE code.vocabulary = draw_codes.vocabulary);
BEGIN
	IF oracle.draw(i, salt) < empty_share THEN
		RETURN '{}';
	END IF;
	FOR k IN 1 .. 1 + oracle.draw_int(i, salt + 1, most) LOOP
		codes := codes || (SELECT code FROM oracle.code
			WHERE code.vocabulary = draw_codes.vocabulary
				AND n = floor(size * oracle.draw(i, salt + 1 + k) ^ 3));
	END LOOP;
	RETURN codes::text;
END
$$;

-- A vector literal from one level per competence (NULL: not written), its
-- slots in an order of their own.
CREATE FUNCTION oracle.write_vector(framework text, levels numeric[], i bigint)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN framework || '{' || (
	SELECT coalesce(string_agg(format('%s=%s', code, trim_scale(level)), ','
		ORDER BY hashint8extended(place, i)), '')
	FROM unnest(oracle.competences(framework), levels)
		WITH ORDINALITY AS slot (code, level, place)
	WHERE level IS NOT NULL) || '}';

-- What the two halves of pair i have in common: salts 1 to 9.
CREATE FUNCTION oracle.shared_framework(i bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN oracle.draw(i, 1) < 0.8 THEN 'pix' ELSE 'digcomp' END;

CREATE FUNCTION oracle.shared_corner(i bigint) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN oracle.draw_int(i, 2, 17);

-- Near an ordinary town, a pole, the antimeridian, the origin; sometimes on
-- the very spot, sometimes half a unit of storage (1/256 degree) away.
CREATE FUNCTION oracle.draw_place(i bigint, salt bigint) RETURNS float8[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	corner CONSTANT float8[] := (ARRAY[
		[1.1510164, 49.0241297], [2.3522219, 48.856614], [-52.3260, 4.9224],
		[180, -16.5], [-180, 16.5], [0, 0], [25.25, 90], [-61.5, -90]
	])[1 + oracle.draw_int(i, 3, 8) : 1 + oracle.draw_int(i, 3, 8)][1:2];
	spread CONSTANT float8 := oracle.pick(i, 4, '0', '0.00390625', '0.01', '0.1',
		'0.1', '0.3', '0.3', '20');
	longitude float8 := corner[1][1];
	latitude float8 := corner[1][2];
BEGIN
	-- Looping rather than slicing keeps a [1][2] array whatever its bounds.
	longitude := longitude + spread * (2 * oracle.draw(i, salt) - 1);
	latitude := latitude + spread * (2 * oracle.draw(i, salt + 1) - 1);
	IF spread < 0.005 THEN
		longitude := corner[1][1] + spread * oracle.draw_int(i, salt, 3);
		latitude := corner[1][2] - spread * oracle.draw_int(i, salt + 1, 3);
	END IF;
	-- Across the antimeridian, and back from beyond a pole.
	longitude := CASE WHEN longitude > 180 THEN longitude - 360
		WHEN longitude < -180 THEN longitude + 360 ELSE longitude END;
	latitude := greatest(-90::float8, least(90::float8, latitude));
	RETURN ARRAY[longitude, latitude];
END
$$;

CREATE FUNCTION oracle.random_supply(i bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	framework text := oracle.shared_framework(i);
	size int;
	requires numeric[];
	teaches numeric[];
	d int;
	place float8[] := oracle.draw_place(i, 110);
	day int := oracle.draw_int(i, 113, 5);
	families text := CASE WHEN oracle.draw(i, 114) < 0.7 THEN '{learn}'
		ELSE oracle.draw_codes(i, 115, 'family', 0, 4) END;
	supply jsonb;
BEGIN
	IF oracle.draw(i, 100) < 0.04 THEN
		framework := CASE framework WHEN 'pix' THEN 'digcomp' ELSE 'pix' END;
	END IF;
	size := array_length(oracle.competences(framework), 1);
	requires := array_fill(NULL::numeric, ARRAY[size]);
	teaches := requires;
	FOR k IN 1 .. 1 + oracle.draw_int(i, 101, 6) LOOP
		d := 1 + (oracle.shared_corner(i) + oracle.draw_int(i, 120 + k, 5)) % size;
		requires[d] := oracle.pick(i, 130 + k, NULL, '0', '0', '1', '2', '3');
		teaches[d] := least(8, coalesce(requires[d], 0)
			+ 1 + oracle.draw_int(i, 140 + k, 3));
	END LOOP;
	-- Level 0 says nothing, taught or required.
	d := 1 + oracle.draw_int(i, 102, size);
	IF teaches[d] IS NULL THEN
		teaches[d] := oracle.pick(i, 103, '0', NULL);
		requires[d] := oracle.pick(i, 104, '0', NULL);
	END IF;

	supply := jsonb_build_object(
		'requires', CASE WHEN oracle.draw(i, 105) < 0.8
			THEN oracle.write_vector(framework, requires, i) END,
		'teaches', oracle.write_vector(framework, teaches, i + 1),
		'longitude', place[1]::text, 'latitude', place[2]::text,
		'remote', oracle.pick(i, 150, 'true', 'true', 'false', 'false', 'false')::boolean::text,
		'families', families,
		'modes', oracle.draw_codes(i, 151, 'mode', 0.4, 7),
		'audiences', oracle.draw_codes(i, 160, 'audience', 0.4, 4),
		'only_for', oracle.draw_codes(i, 170, 'audience', 0.8, 3),
		'accommodations', oracle.draw_codes(i, 180, 'accommodation', 0.2, 9),
		'languages', oracle.draw_codes(i, 190, 'language', 0.3, 3),
		'slots', oracle.draw_codes(i, 200, 'slot', 0.4, 8),
		'travels_within', oracle.pick(i, 210, '0', '0', '0', '1500', '25000.5'),
		'quality', CASE WHEN oracle.draw(i, 211) < 0.5
			THEN (oracle.draw_int(i, 212, 255) + 0.5) / 255.0
			ELSE oracle.draw(i, 212)::numeric END::text,
		'price', oracle.pick(i, 213, '0', '1',
			((oracle.draw_int(i, 214, 15) + 0.5) / 15.0)::text,
			oracle.draw(i, 214)::text),
		'valid', replace(oracle.pick(i, 215, '(,)', '(,)', '(,)', '(,)', '(,)', '(,)', '(,D]', '(,D)',
			'[D,)', '[D,D]', '(D,)', 'empty', '[0044-03-15 BC,D]',
			'[D,5874897-12-31)'), 'D', (date '2026-03-15' + day)::text),
		'open', (oracle.draw(i, 216) < 0.9)::text);

	-- No position (a draft unless remote), nothing taught (a draft to learn).
	IF oracle.draw(i, 217) < 0.1 THEN
		supply := supply || '{"longitude": null, "latitude": null}';
	END IF;
	IF oracle.draw(i, 218) < 0.08 THEN
		supply := supply || '{"requires": null, "teaches": null}';
	END IF;
	-- Whatever the defaults are, sometimes leave things to them.
	IF oracle.draw(i, 219) < 0.2 THEN
		supply := supply - oracle.pick(i, 220, 'remote', 'families', 'modes',
			'audiences', 'only_for', 'accommodations', 'languages', 'slots',
			'travels_within', 'quality', 'price', 'valid', 'open');
	END IF;
	RETURN supply;
END
$$;

CREATE FUNCTION oracle.random_need(i bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	framework text := oracle.shared_framework(i);
	size int := array_length(oracle.competences(framework), 1);
	current numeric[] := array_fill(NULL::numeric, ARRAY[size]);
	target numeric[] := current;
	d int;
	place float8[] := oracle.draw_place(i, 310);
	family text := CASE WHEN oracle.draw(i, 314) < 0.8 THEN 'learn'
		ELSE oracle.draw_codes(i, 315, 'family', 0, 1) END;
	percent int[];
	need jsonb;
BEGIN
	family := trim(family, '{}');
	-- Eighths on both sides of level 2, where one more level is accepted.
	FOR k IN 1 .. size LOOP
		current[k] := oracle.pick(i, 320 + k, NULL, '0', '0.5', '1', '1.125',
			'1.875', '2', '2.125', '2.5');
	END LOOP;
	FOR k IN 1 .. oracle.draw_int(i, 301, 12) LOOP
		d := 1 + (oracle.shared_corner(i) + oracle.draw_int(i, 350 + k, 5)) % size;
		target[d] := least(8, coalesce(current[d], 0)
			+ oracle.draw_int(i, 360 + k, 34) / 8.0 - 0.125);
		target[d] := greatest(0, target[d]);
	END LOOP;

	need := jsonb_build_object(
		'current', CASE WHEN oracle.draw(i, 302) < 0.9
			THEN oracle.write_vector(framework, current, i) END,
		'target', oracle.write_vector(framework, target, i + 1),
		'longitude', place[1]::text, 'latitude', place[2]::text,
		'max_distance', oracle.pick(i, 311, '5000', '50000.125', '50000.125',
			'200000', '3000000'),
		'day', (date '2026-03-15' + oracle.draw_int(i, 313, 5))::text,
		'family', family,
		'weights', CASE WHEN oracle.draw(i, 303) < 0.6 THEN (
			SELECT array_agg(CASE WHEN oracle.draw(i, 304) < 0.05 THEN 0
				ELSE oracle.draw_int(i, 370 + k, 16) END)
			FROM generate_series(1, size) AS k)::text END,
		'modes', oracle.draw_codes(i, 400, 'mode', 0.5, 5),
		'audiences', oracle.draw_codes(i, 410, 'audience', 0.3, 4),
		'accommodations', oracle.draw_codes(i, 420, 'accommodation', 0.75, 3),
		'languages', oracle.draw_codes(i, 430, 'language', 0.5, 3),
		'slots', oracle.draw_codes(i, 440, 'slot', 0.5, 3));

	-- Accept both ways of meeting, or one only; then distance may not matter.
	need := need || oracle.pick(i, 450, '{}', '{}', '{}', '{}', '{}',
		'{"accept_remote": "false"}', '{"accept_on_site": "false"}',
		'{"accept_on_site": "false", "max_distance": null}')::jsonb;
	IF oracle.draw(i, 451) < 0.06 THEN
		need := need || '{"longitude": null, "latitude": null}';
	END IF;
	IF family <> 'learn' AND oracle.draw(i, 452) < 0.5 THEN
		need := need || '{"current": null, "target": null, "weights": null}';
	END IF;
	IF oracle.draw(i, 453) < 0.6 THEN
		percent := ARRAY[oracle.draw_int(i, 454, 51), oracle.draw_int(i, 455, 26),
			oracle.draw_int(i, 456, 26)];
		need := need || jsonb_build_object(
			'w_audience', (percent[1] / 100.0)::text,
			'w_quality', (percent[2] / 100.0)::text,
			'w_distance', (percent[3] / 100.0)::text,
			'w_coverage', ((100 - percent[1] - percent[2] - percent[3]) / 100.0)::text,
			'w_price', oracle.pick(i, 457, '0', '0.1', '1', '0.333'));
	END IF;
	IF oracle.draw(i, 458) < 0.2 THEN
		need := need - oracle.pick(i, 459, 'weights', 'modes', 'audiences',
			'accommodations', 'languages', 'slots', 'accept_remote');
	END IF;
	RETURN need;
END
$$;

-- Two pairs in five ask for nothing particular, so that the other conditions
-- decide; four in ten end exactly at, or one step short of, a limit of distance.
CREATE FUNCTION oracle.random_pair(i bigint, OUT need jsonb, OUT supply jsonb)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	metres float8;
	just_less float8;
BEGIN
	need := oracle.random_need(i);
	supply := oracle.random_supply(i);
	IF i % 5 IN (1, 3) THEN
		need := need - '{modes,accommodations,languages,slots}'::text[];
	END IF;
	metres := (oracle.judge(need, supply)).distance;
	IF metres IS NULL OR metres = 0 OR need->>'max_distance' IS NULL THEN
		RETURN;
	END IF;
	just_less := metres - metres * 2.3e-16::float8;
	need := need || CASE i % 10
		WHEN 0 THEN jsonb_build_object('max_distance', metres::text)
		WHEN 1 THEN jsonb_build_object('max_distance', just_less::text)
		WHEN 2 THEN jsonb_build_object('max_distance', (metres / 3)::text)
		WHEN 3 THEN jsonb_build_object('max_distance', (metres / 3)::text)
		ELSE '{}' END;
	supply := supply || CASE i % 10
		WHEN 2 THEN jsonb_build_object('travels_within', metres::text)
		WHEN 3 THEN jsonb_build_object('travels_within', just_less::text)
		ELSE '{}' END;
END
$$;
