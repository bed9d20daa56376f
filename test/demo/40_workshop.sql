-- What the national files do not say: workshops, levels, audiences, seats.
-- "Déclaré pour la démonstration", at real places that could host, by the verbs
-- a structure uses.  Rare on purpose: a few thousand people must wait.

-- Hosts: thirty a perimeter; of the France Services one in five could be, as
-- territories report.
CREATE TABLE demo.host AS
SELECT h.* FROM (
  SELECT p.id AS place, p.perimeter, k.key, p.structure, row_number() OVER (PARTITION BY p.perimeter ORDER BY demo.draw('host ' || k.key), p.id) AS n
  FROM inclusion_data.place p
  JOIN inclusion_data.external_reference e ON e.object_kind = 'place' AND e.object_id = p.id
  CROSS JOIN LATERAL (SELECT e.source || '/' || e.source_id AS key) k
  WHERE p.longitude IS NOT NULL AND p.receives_public AND NOT p.residents_only
    AND (NOT 'France Services' = ANY (p.programmes) OR demo.draw('hall ' || k.key) < 0.20)) h
WHERE h.n <= 30;

-- A place without known structure is carried by the desk of its commune.
UPDATE demo.host h SET structure = d.structure
FROM inclusion_data.place p JOIN demo.desk d ON d.commune = p.commune
WHERE p.id = h.place AND h.structure IS NULL;
UPDATE demo.host h SET structure = (SELECT min(d.structure) FROM demo.desk d JOIN inclusion_data.territory t ON t.code = d.commune AND t.perimeter = h.perimeter)
WHERE h.structure IS NULL;

-- Four templates a host, and how its seats are counted.
CREATE TABLE demo.workshop AS
SELECT w.*, inclusion.register_offer(
    name => w.title || CASE w.kind WHEN 'weekly' THEN ' (chaque semaine)' ELSE '' END, structure => w.structure, place => w.place,
    requires => w.requires, teaches => w.teaches, modes => w.modes, audiences => w.audiences,
    accommodations => CASE w.code WHEN 'without_reading' THEN '{low_literacy}'::text[] ELSE '{}' END
      || CASE WHEN demo.draw(w.key || ' step_free') < 0.45 THEN '{step_free}'::text[] ELSE '{}' END
      || CASE WHEN demo.draw(w.key || ' large_print') < 0.25 THEN '{large_print}'::text[] ELSE '{}' END
      || CASE WHEN demo.draw(w.key || ' loop') < 0.10 THEN '{induction_loop}'::text[] ELSE '{}' END,
    languages => CASE WHEN w.code = 'without_reading' THEN '{fr,ar,uk}'::text[] ELSE '{fr}' END,
    slots => ARRAY[w.day || '_' || w.half], capacity_kind => w.kind, weekly_seats => CASE w.kind WHEN 'weekly' THEN 2 + w.seats / 5 END,
    programme => 'atelier', declared_by => 'demonstration') AS offer
FROM (
  SELECT h.place, h.perimeter, h.structure, h.key || ' ' || t.code AS key, t.code, t.title, t.requires, t.teaches, t.minutes, t.seats, t.modes, t.audiences,
         demo.pick(demo.draw(h.key || t.code || ' kind'), '{seats,weekly,unknown}', '{76,12,12}') AS kind,
         demo.pick(demo.draw(h.key || t.code || ' day'), '{mo,tu,we,th,fr,sa}', '{18,22,20,22,14,4}') AS day,
         demo.pick(demo.draw(h.key || t.code || ' half'), '{am,pm,ev}', '{44,44,12}') AS half
  FROM demo.host h
  CROSS JOIN LATERAL (
    SELECT s.* FROM inclusion_data.session_template s WHERE NOT 'video' = ANY (s.modes) AND NOT 'phone' = ANY (s.modes)
    ORDER BY demo.draw(h.key || ' template ' || s.code), s.code LIMIT 4) t
  ORDER BY h.perimeter, h.n, t.code
) w;

-- At a distance: the two templates made for it, six times a perimeter.
INSERT INTO demo.workshop
SELECT w.*, inclusion.register_offer(
    name => w.title, structure => w.structure, requires => w.requires, teaches => w.teaches, remote => true, modes => w.modes,
    slots => ARRAY[w.day || '_' || w.half], capacity_kind => w.kind, weekly_seats => CASE w.kind WHEN 'weekly' THEN 4 END,
    programme => 'atelier', declared_by => 'demonstration') AS offer
FROM (
  SELECT NULL::bigint AS place, d.perimeter, d.structure, d.perimeter || ' ' || t.code || ' ' || g AS key, t.code, t.title, t.requires, t.teaches,
         t.minutes, t.seats, t.modes, t.audiences, CASE t.code WHEN 'by_phone' THEN 'weekly' ELSE 'seats' END AS kind,
         (ARRAY['mo', 'tu', 'th'])[g] AS day, (ARRAY['am', 'pm', 'ev'])[g] AS half
  FROM (SELECT t.perimeter, min(k.structure) AS structure FROM demo.desk k JOIN inclusion_data.territory t ON t.code = k.commune GROUP BY t.perimeter) d
  CROSS JOIN inclusion_data.session_template t CROSS JOIN generate_series(1, 3) g
  WHERE t.modes && '{video,phone}'
  ORDER BY d.perimeter, t.code, g
) w;

-- Sessions over eight weeks, from a few days ahead, when the workshop is held;
-- some seats are taken already, by people who are not ours to show.
CREATE TABLE demo.session AS
SELECT w.offer, w.key, s.week, w.seats, inclusion.open_session(w.offer, s.starts_at, s.starts_at + make_interval(mins => w.minutes), w.seats) AS session
FROM demo.workshop w
CROSS JOIN LATERAL (
  SELECT g AS week, ((date_trunc('week', demo.as_of() + interval '4 days') + make_interval(weeks => g,
           days => array_position('{mo,tu,we,th,fr,sa}'::text[], w.day) - 1,
           hours => CASE w.half WHEN 'am' THEN 9 WHEN 'pm' THEN 14 ELSE 18 END)) AT TIME ZONE 'Europe/Paris') AS starts_at
  FROM generate_series(1, 7) g
  WHERE demo.draw(w.key || ' week ' || g) < 0.36) s
WHERE w.kind = 'seats'
  -- not on a public holiday of fixed date
  AND to_char(s.starts_at AT TIME ZONE 'Europe/Paris', 'MM-DD') <> ALL ('{01-01,05-01,05-08,07-14,08-15,11-01,11-11,12-25}')
ORDER BY w.offer, s.week;

UPDATE inclusion_data.seat k SET taken = floor(s.seats * 0.6 * demo.draw(s.key || ' taken ' || s.week))::int
FROM demo.session s WHERE s.session = k.session;
