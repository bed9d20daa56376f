-- offers.sql
--		Invented offers in plain built-in columns (masks, small integers, arrays),
--		as somebody without the extension would store them.  :offers is how many,
--		:distinct how many differ in more than their number.

TRUNCATE bench.offer;
INSERT INTO bench.offer (id, competences, requires, teaches, x, y, z, remote,
	travels_within, families, formats, devices, audiences, only_for, accommodations,
	languages, slots, quality, price, valid_from, valid_to, open, place)
SELECT id, list.competences,
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
FROM generate_series(1, :offers) AS id,
	LATERAL (SELECT 1 + (id - 1) % :distinct) AS row (i),
	LATERAL (SELECT bench.draw_competences(i, 1, 1 + bench.draw_int(i, 30, 6), 0.8))
		AS list (competences),
	LATERAL (SELECT bench.draw_place(i, 80)) AS spot (place),
	LATERAL (SELECT bench.unit_vector(place)) AS sphere (unit),
	LATERAL (SELECT CASE WHEN bench.draw(i, 140) < 0.05
		THEN bench.draw_mask(i, 141, 1, 16, 2) ELSE 0 END) AS restricted (to_mask);
