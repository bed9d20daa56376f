-- draw.sql
--		Draws that are always the same, since each is a hash of a row's number;
--		places and competences drawn as people and offers have them.  Schema bench.

DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;

-- The functions in plpgsql would be shorter in SQL, and ten times slower.

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
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	mask int := 0;
BEGIN
	FOR k IN 1 .. draws LOOP
		mask := mask | (1 << floor(size * bench.draw(i, salt + k) ^ skew)::int);
	END LOOP;
	RETURN mask;
END
$$;

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
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
	town bench.area;
	degrees float8;
BEGIN
	IF bench.draw(i, salt) < 0.32 THEN
		RETURN ARRAY[-1.5 + 7.8 * bench.draw(i, salt + 1), 43.2 + 6.3 * bench.draw(i, salt + 2)];
	END IF;
	SELECT * INTO town FROM bench.area
	WHERE from_share <= bench.draw(i, salt + 1) ORDER BY from_share DESC LIMIT 1;
	degrees := 0.02 + 0.036 * sqrt(town.thousands / 1000.0);
	RETURN ARRAY[town.longitude + degrees / cosd(town.latitude) * bench.draw_normal(i, salt + 3),
		town.latitude + degrees * bench.draw_normal(i, salt + 5)];
END
$$;

-- The pix framework, by domain: its first competence (from 1) and how many.
CREATE FUNCTION bench.domain_of(u float8) RETURNS int[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN u < 0.24 THEN ARRAY[1, 8] WHEN u < 0.46 THEN ARRAY[9, 3]
	WHEN u < 0.58 THEN ARRAY[12, 4] WHEN u < 0.72 THEN ARRAY[16, 4]
	WHEN u < 0.86 THEN ARRAY[20, 3] ELSE ARRAY[23, 2] END;

-- Some competences, drawn with repetition, most of them in one domain.
CREATE FUNCTION bench.draw_competences(i bigint, salt int, draws int, share float8)
RETURNS smallint[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	main constant int[] := bench.domain_of(bench.draw(i, salt));
	range int[];
	drawn smallint[] := '{}';
BEGIN
	FOR k IN 1 .. draws LOOP
		range := CASE WHEN bench.draw(i, salt + k) < share THEN main ELSE '{1,24}' END;
		drawn := drawn || (range[1] + bench.draw_int(i, salt + 10 + k, range[2]))::smallint;
	END LOOP;
	RETURN ARRAY(SELECT DISTINCT d FROM unnest(drawn) AS d ORDER BY d);
END
$$;

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
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	lon constant float8 := (bench.round_away(place[1] * 1e7) * 1e-7::float8) * (pi() / 180);
	lat constant float8 := (bench.round_away(place[2] * 1e7) * 1e-7::float8) * (pi() / 180);
BEGIN
	RETURN ARRAY[bench.round_away(cos(lat) * cos(lon) * 1073741824),
		bench.round_away(cos(lat) * sin(lon) * 1073741824),
		bench.round_away(sin(lat) * 1073741824)];
END
$$;
