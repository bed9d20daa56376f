-- real_offers.sql
--		The invented offers, moved to real places: where they are, what they teach
--		and to whom, in which way and language is what an import made of places;
--		what no file says (dates, quality, tension, hours, equipment) stays invented.
--
-- Where there are more offers than the places make, each of theirs comes several
-- times, at other dates.

UPDATE bench.offer SET (competences, requires, teaches, remote, travels_within, families,
	formats, devices, audiences, only_for, languages, x, y, z, place)
	= (real.competences, real.requires, real.teaches, real.remote, 0, real.families,
		real.modes & 127, real.modes & 896, real.audiences, 0, real.languages,
		unit[1], unit[2], unit[3], real.place)
FROM bench.real_offer AS real, LATERAL (SELECT bench.unit_vector(real.place)) AS sphere (unit)
WHERE real.n = (offer.id - 1) % real.size;
