-- generate.sql
--		Invented offers and needs to measure on: always the same, since every
--		draw is a hash of the row's number.  Schema bench; variable :offers is
--		how many offers, :needs how many needs.
--
-- Each offer stands twice: in plain built-in columns (masks, small integers,
-- arrays), as somebody without the extension would store it, and as a supply.

DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;

-- Uniform in [0, 1): hash partitioning stores by these hashes, so PostgreSQL
-- keeps them for ever.
CREATE FUNCTION bench.draw(i bigint, salt int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(i, salt) & 2147483647)::float8 / 2147483648::float8;

-- Uniform in 0 .. size - 1.
CREATE FUNCTION bench.draw_int(i bigint, salt int, size int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN floor(bench.draw(i, salt) * size)::int;

-- Standard normal.
CREATE FUNCTION bench.draw_normal(i bigint, salt int) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sqrt(-2 * ln(1 - bench.draw(i, salt))) * cos(2 * pi() * bench.draw(i, salt + 1));

-- Some bits, drawn with repetition: low ones more often when skew is above 1.
CREATE FUNCTION bench.draw_mask(i bigint, salt int, draws int, size int, skew float8)
RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT coalesce(bit_or(1 << floor(size * bench.draw(i, salt + k) ^ skew)::int), 0)
	FROM generate_series(1, draws) AS k);

-- Where people live: urban areas, their centre and thousands of inhabitants.
CREATE TABLE bench.area (n int GENERATED ALWAYS AS IDENTITY (START WITH 0 MINVALUE 0),
	longitude float8, latitude float8, thousands int, from_share float8);
INSERT INTO bench.area (longitude, latitude, thousands) VALUES
(2.35, 48.86, 10900), (4.84, 45.76, 1690), (5.37, 43.30, 1620), (3.06, 50.63, 1050),
(1.44, 43.60, 1050), (-0.58, 44.84, 990), (7.26, 43.70, 950), (-1.55, 47.22, 670),
(5.93, 43.12, 580), (5.72, 45.19, 450), (1.10, 49.44, 470), (7.75, 48.58, 480),
(3.88, 43.61, 460), (4.81, 43.95, 460), (4.39, 45.44, 375), (0.69, 47.39, 360),
(-1.68, 48.11, 360), (3.08, 45.78, 275), (1.91, 47.90, 285), (6.18, 48.69, 285),
(-0.55, 47.47, 240), (6.18, 49.12, 285), (7.34, 47.75, 245), (-0.37, 49.18, 205),
(5.04, 47.32, 245), (0.11, 49.49, 235), (2.90, 42.69, 205), (4.36, 43.84, 190),
(4.03, 49.26, 210), (-4.49, 48.39, 200), (0.20, 48.00, 225), (6.87, 47.64, 110),
(-0.37, 43.30, 200), (-1.48, 43.48, 240), (6.13, 45.90, 225), (6.02, 47.24, 140),
(1.26, 45.83, 185), (2.30, 49.89, 165), (2.37, 51.03, 175), (0.34, 46.58, 135),
(3.52, 50.36, 335), (2.83, 50.43, 500), (6.64, 46.16, 180), (4.90, 44.93, 130),
(-1.15, 46.16, 135), (-2.76, 47.66, 80), (0.15, 45.65, 110), (4.08, 48.30, 135),
(-3.37, 47.75, 120), (0.72, 45.18, 65), (1.15, 49.02, 60), (1.49, 48.45, 90),
(2.35, 43.22, 60), (2.15, 43.93, 75), (-61.53, 16.24, 250), (-61.07, 14.61, 130),
(-52.33, 4.93, 120), (55.45, -20.88, 180), (45.23, -12.78, 110);
UPDATE bench.area SET from_share = share.before
FROM (SELECT n, (sum(thousands) OVER (ORDER BY n) - thousands)::float8
	/ sum(thousands) OVER () AS before FROM bench.area) AS share
WHERE share.n = area.n;

-- Two in three around a town, the others anywhere in the country.
CREATE FUNCTION bench.draw_place(i bigint, salt int) RETURNS float8[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN bench.draw(i, salt) < 0.32 THEN
	ARRAY[-1.5 + 7.8 * bench.draw(i, salt + 1), 43.2 + 6.3 * bench.draw(i, salt + 2)]
ELSE (
	SELECT ARRAY[longitude + spread.degrees / cosd(latitude) * bench.draw_normal(i, salt + 3),
		latitude + spread.degrees * bench.draw_normal(i, salt + 5)]
	FROM bench.area, LATERAL (SELECT 0.02 + 0.036 * sqrt(thousands / 1000.0)) AS spread (degrees)
	WHERE from_share <= bench.draw(i, salt + 1)
	ORDER BY n DESC LIMIT 1)
END;

-- The pix framework, by domain: its first competence (from 1) and how many.
CREATE FUNCTION bench.domain_of(u float8) RETURNS int[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN u < 0.24 THEN ARRAY[1, 8] WHEN u < 0.46 THEN ARRAY[9, 3]
	WHEN u < 0.58 THEN ARRAY[12, 4] WHEN u < 0.72 THEN ARRAY[16, 4]
	WHEN u < 0.86 THEN ARRAY[20, 3] ELSE ARRAY[23, 2] END;

-- Some competences, drawn with repetition, most of them in one domain.
CREATE FUNCTION bench.draw_competences(i bigint, salt int, draws int, share float8)
RETURNS smallint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT array_agg(DISTINCT drawn.d::smallint)
	FROM generate_series(1, draws) AS k,
		LATERAL (SELECT CASE WHEN bench.draw(i, salt + k) < share
			THEN bench.domain_of(bench.draw(i, salt))
			ELSE ARRAY[1, 24] END) AS domain (range),
		LATERAL (SELECT domain.range[1]
			+ bench.draw_int(i, salt + 10 + k, domain.range[2])) AS drawn (d));

-- What an offer requires of a competence it teaches, in eighths of a level:
-- beginners' offers for three in four.
CREATE FUNCTION bench.entry_points(i bigint, d int) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (8 * (bench.draw_int(i, 41, CASE WHEN bench.draw(i, 40) < 0.75 THEN 3 ELSE 6 END)
	+ bench.draw_int(i, 41 + d, 2)))::smallint;

-- To the nearest integer, halves away from zero.
CREATE FUNCTION bench.round_away(number float8) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (sign(number) * floor(abs(number) + 0.5))::bigint;

-- The unit vector of a position, in units of 2^-30 (x, y, z).
CREATE FUNCTION bench.unit_vector(place float8[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT ARRAY[
		bench.round_away(cos(lat) * cos(lon) * 1073741824),
		bench.round_away(cos(lat) * sin(lon) * 1073741824),
		bench.round_away(sin(lat) * 1073741824)]
	FROM (SELECT (bench.round_away(place[1] * 1e7) * 1e-7::float8) * (pi() / 180),
		(bench.round_away(place[2] * 1e7) * 1e-7::float8) * (pi() / 180))
		AS radians (lon, lat));

CREATE FUNCTION bench.interleave(a smallint[], b smallint[], c smallint[])
RETURNS smallint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT array_agg(value ORDER BY place, list)
	FROM unnest(a, b, c) WITH ORDINALITY AS triple (x, y, z, place),
		LATERAL (VALUES (1, x), (2, y), (3, z)) AS item (list, value));

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

INSERT INTO bench.offer (id, competences, requires, teaches, x, y, z, remote,
	travels_within, families, formats, devices, audiences, only_for, accommodations,
	languages, slots, quality, price, valid_from, valid_to, open, place)
SELECT i, list.competences,
	ARRAY(SELECT entry.points FROM unnest(list.competences) AS d,
		LATERAL bench.entry_points(i, d) AS entry (points)),
	ARRAY(SELECT least(64, entry.points + 8 + 8 * bench.draw_int(i, 500 + d, 3))::smallint
		FROM unnest(list.competences) AS d,
		LATERAL bench.entry_points(i, d) AS entry (points)),
	unit[1], unit[2], unit[3],
	bench.draw(i, 100) < 0.2,
	CASE WHEN bench.draw(i, 101) < 0.03 THEN 15000 ELSE 0 END,
	1 | CASE WHEN bench.draw(i, 102) < 0.1 THEN 2 ELSE 0 END,
	bench.draw_mask(i, 110, 1 + bench.draw_int(i, 109, 2), 7, 1),
	CASE WHEN bench.draw(i, 119) < 0.3 THEN 128 << bench.draw_int(i, 120, 3) ELSE 0 END,
	restricted.to_mask | CASE WHEN bench.draw(i, 130) < 0.4 THEN 0
		ELSE bench.draw_mask(i, 131, 1 + bench.draw_int(i, 131, 3), 16, 2) END,
	restricted.to_mask,
	CASE WHEN bench.draw(i, 150) < 0.6 THEN 1 ELSE 0 END
		| CASE WHEN bench.draw(i, 151) < 0.25 THEN 2 << bench.draw_int(i, 154, 7) ELSE 0 END
		| CASE WHEN bench.draw(i, 152) < 0.25 THEN 2 << bench.draw_int(i, 155, 7) ELSE 0 END
		| CASE WHEN bench.draw(i, 153) < 0.25 THEN 2 << bench.draw_int(i, 156, 7) ELSE 0 END,
	1 | CASE WHEN bench.draw(i, 161) < 0.1 THEN 2 << bench.draw_int(i, 162, 9) ELSE 0 END,
	bench.draw_mask(i, 170, 5, 21, 1),
	floor(255 * greatest(0, least(1, 0.6 + 0.2 * bench.draw_normal(i, 180)
		- 0.5 / sqrt(1 + 200 * bench.draw(i, 182)))) + 0.5),
	CASE WHEN bench.draw(i, 183) < 0.15 THEN bench.draw_int(i, 184, 16) ELSE 0 END,
	date '2026-03-15' - 117 + bench.draw_int(i, 185, 120),
	date '2026-03-15' - 117 + bench.draw_int(i, 185, 120) + 30 + bench.draw_int(i, 186, 400),
	bench.draw(i, 187) >= 0.15,
	place
FROM generate_series(1, :offers) AS i,
	LATERAL (SELECT bench.draw_competences(i, 1, 1 + bench.draw_int(i, 30, 6), 0.8))
		AS list (competences),
	LATERAL (SELECT bench.draw_place(i, 80)) AS spot (place),
	LATERAL (SELECT bench.unit_vector(place)) AS sphere (unit),
	LATERAL (SELECT CASE WHEN bench.draw(i, 140) < 0.05
		THEN bench.draw_mask(i, 141, 1, 16, 2) ELSE 0 END) AS restricted (to_mask);

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

INSERT INTO bench.need
SELECT i, level.current,
	ARRAY(SELECT CASE WHEN d = ANY (wanted.competences)
			THEN least(64, level.current[d] + 8 + 8 * bench.draw_int(i, 530 + d, 3))
			ELSE 0 END
		FROM generate_series(1, 24) AS d),
	ARRAY(SELECT 1 + bench.draw_int(i, 290 + d, 3) FROM generate_series(1, 24) AS d),
	unit[1], unit[2], unit[3],
	('{5000,10000,10000,20000,20000,30000,50000}'::float8[])[1 + bench.draw_int(i, 320, 7)],
	date '2026-03-15', 1,
	CASE WHEN bench.draw(i, 321) < 0.3 THEN 1 << bench.draw_int(i, 322, 7) ELSE 0 END,
	CASE WHEN bench.draw(i, 323) < 0.2 THEN 128 << bench.draw_int(i, 324, 3) ELSE 0 END,
	CASE WHEN bench.draw(i, 330) < 0.3 THEN 0
		ELSE bench.draw_mask(i, 331, 1 + bench.draw_int(i, 331, 3), 16, 2) END,
	CASE WHEN bench.draw(i, 340) < 0.85 THEN 0
		WHEN bench.draw(i, 340) < 0.95 THEN 1 << bench.draw_int(i, 341, 6)
		ELSE 1 | 2 << bench.draw_int(i, 341, 5) END,
	CASE WHEN bench.draw(i, 350) < 0.92 THEN 1 ELSE 2 << bench.draw_int(i, 351, 9) END,
	bench.draw_mask(i, 360, 4, 21, 1),
	true, true, 0.5, 0.2, 0.15, 0.15, 0.05, place
FROM generate_series(1, :needs) AS i,
	LATERAL (SELECT ARRAY(SELECT CASE WHEN bench.draw(i, 200 + d) < 0.25 THEN 0
			ELSE greatest(0, 8 * (bench.draw_int(i, 199, 4) + bench.draw_int(i, 225 + d, 3) - 1)
				+ bench.draw_int(i, 400 + d, 8)) END
		FROM generate_series(1, 24) AS d)::smallint[]) AS level (current),
	LATERAL (SELECT bench.draw_competences(i, 250, 3 + bench.draw_int(i, 270, 6), 0.6))
		AS wanted (competences),
	LATERAL (SELECT bench.draw_place(i, 380)) AS spot (place),
	LATERAL (SELECT bench.unit_vector(place)) AS sphere (unit);

-- The same offers and needs as values of the extension.
CREATE FUNCTION bench.codes_of(mask int, codes text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT codes[1 + bit] FROM generate_series(0, 30) AS bit
	WHERE mask & (1 << bit) <> 0);

CREATE FUNCTION bench.all_codes(vocabulary text) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT array_agg(code ORDER BY bit_number) FROM inclusion.codes(vocabulary));

-- Points of the competences of a list, in the framework's order, as a vector.
CREATE FUNCTION bench.vector_of(competences smallint[], points smallint[])
RETURNS inclusion.competence_vector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN inclusion.competence_vector('pix', ARRAY(
	SELECT points[array_position(competences, d::smallint)]::int
	FROM generate_series(1, 24) AS d));

CREATE TABLE bench.offer_of_type AS
SELECT id, inclusion.supply(
	requires => bench.vector_of(competences, requires),
	teaches => bench.vector_of(competences, teaches),
	longitude => place[1], latitude => place[2], remote => remote,
	families => bench.codes_of(offer.families, lists.families),
	modes => bench.codes_of(formats | devices, lists.modes),
	audiences => bench.codes_of(offer.audiences, lists.audiences),
	only_for => bench.codes_of(only_for, lists.audiences),
	accommodations => bench.codes_of(offer.accommodations, lists.accommodations),
	languages => bench.codes_of(offer.languages, lists.languages),
	slots => bench.codes_of(offer.slots, lists.slots),
	travels_within => travels_within, quality => quality / 255.0,
	price => price / 15.0, valid => daterange(valid_from, valid_to, '[]'),
	open => open) AS supply
FROM bench.offer, (SELECT bench.all_codes('family') AS families,
	bench.all_codes('mode') AS modes, bench.all_codes('audience') AS audiences,
	bench.all_codes('accommodation') AS accommodations,
	bench.all_codes('language') AS languages, bench.all_codes('slot') AS slots
	OFFSET 0) AS lists;
ALTER TABLE bench.offer_of_type ADD PRIMARY KEY (id);

CREATE TABLE bench.need_of_type AS
SELECT id, inclusion.need(
	current => inclusion.competence_vector('pix', current::int[]),
	target => inclusion.competence_vector('pix', target::int[]),
	longitude => place[1], latitude => place[2], max_distance => max_distance,
	day => day, weights => weights::int[],
	modes => bench.codes_of(formats | devices, bench.all_codes('mode')),
	audiences => bench.codes_of(audiences, bench.all_codes('audience')),
	accommodations => bench.codes_of(accommodations, bench.all_codes('accommodation')),
	languages => bench.codes_of(languages, bench.all_codes('language')),
	slots => bench.codes_of(slots, bench.all_codes('slot')),
	w_coverage => w_coverage, w_audience => w_audience, w_quality => w_quality,
	w_distance => w_distance, w_price => w_price) AS need
FROM bench.need;
ALTER TABLE bench.need_of_type ADD PRIMARY KEY (id);
