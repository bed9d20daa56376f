-- real_places.sql
--		What an import makes of real places, in plain columns; and the needs, each
--		moved to within some kilometres of one of them.

CALL inclusion.setup();
SELECT inclusion.create_perimeter('FR-0', 'France');
\copy inclusion_data.import_line (raw) FROM PROGRAM 'test/bench/places' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
SELECT * FROM inclusion.import_places();

CREATE TABLE bench.real_offer AS
SELECT row_number() OVER (ORDER BY bench.draw(id, 600), id) - 1 AS n, count(*) OVER () AS size,
	bench.mask_of(families, bench.all_codes('family')) AS families,
	bench.mask_of(modes, bench.all_codes('mode')) AS modes,
	bench.mask_of(audiences, bench.all_codes('audience')) AS audiences,
	bench.mask_of(languages, bench.all_codes('language')) AS languages,
	remote, ARRAY[longitude, latitude] AS place,
	taught.competences, taught.requires, taught.teaches
FROM inclusion_data.offer, LATERAL (
	SELECT coalesce(array_agg(d::smallint ORDER BY d), '{}'),
		coalesce(array_agg(coalesce(inclusion.points(offer.requires, code), 0)::smallint ORDER BY d), '{}'),
		coalesce(array_agg(inclusion.points(offer.teaches, code)::smallint ORDER BY d), '{}')
	FROM inclusion.slots(inclusion.competence_vector('pix', array_fill(0, '{24}')))
		WITH ORDINALITY AS slot (code, points, level, d)
	WHERE inclusion.points(offer.teaches, code) > 0) AS taught (competences, requires, teaches)
WHERE supply IS NOT NULL;
ALTER TABLE bench.real_offer ADD PRIMARY KEY (n);

UPDATE bench.need SET (x, y, z, place) = (unit[1], unit[2], unit[3], home)
FROM (SELECT row_number() OVER (ORDER BY n) - 1 AS n, count(*) OVER () AS size, place
		FROM bench.real_offer WHERE place[1] IS NOT NULL) AS real,
	LATERAL (SELECT ARRAY[real.place[1] + 0.05 * bench.draw_normal(real.n, 610),
		real.place[2] + 0.05 * bench.draw_normal(real.n, 612)]) AS near (home),
	LATERAL (SELECT bench.unit_vector(home)) AS sphere (unit)
WHERE real.n = need.id % real.size;
