-- needs.sql
--		Invented needs in plain columns; :needs is how many.

TRUNCATE bench.need;
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
