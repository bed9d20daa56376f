-- night_world.sql
--		The world a night is measured in: :people who wait and :offers offers,
--		around the towns of draw.sql, in ten perimeters from west to east.
--
--		Two counted seats in three for as many people as wait, a third of the
--		offers counted by nobody; two publics have places reserved.  Set-based,
--		from hashes: the same world every time.

\ir draw.sql

CREATE FUNCTION bench.perimeter_at(longitude float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 'DEP-' || 40 + least(greatest(width_bucket(longitude, -1.5, 6.3, 10), 1), 10);

CREATE TABLE bench.home AS
SELECT n, bench.perimeter_at(p[1]) AS perimeter, p[1] AS longitude, p[2] AS latitude
FROM (SELECT n, bench.draw_place(n, 1) AS p FROM generate_series(1, :people) n) d;
CREATE TABLE bench.spot AS
SELECT n, bench.perimeter_at(p[1]) AS perimeter, p[1] AS longitude, p[2] AS latitude
FROM (SELECT n, bench.draw_place(n, 60) AS p FROM generate_series(1, :offers) n) d;

SELECT inclusion.create_perimeter('DEP-' || n, 'Département ' || n) FROM generate_series(41, 50) n;
SELECT inclusion.adopt_policy('DEP-' || n, current_date - 400, 'bench') FROM generate_series(41, 50) n;
INSERT INTO inclusion_data.policy_reserve (policy, audience, percent)
SELECT p.id, v.audience, v.percent FROM inclusion_data.policy p, (VALUES ('job_seekers', 15), ('seniors', 20)) AS v (audience, percent);

-- keys are right by construction
SET session_replication_role = replica;
INSERT INTO inclusion_data.structure (id, perimeter, name) SELECT n, 'DEP-' || 40 + n, 'Structure ' || n FROM generate_series(1, 10) n;
INSERT INTO inclusion_data.place (id, perimeter, structure, name, longitude, latitude)
SELECT s.n, s.perimeter, right(s.perimeter, 2)::int - 40, 'Lieu ' || s.n, s.longitude, s.latitude FROM bench.spot s WHERE s.n % 4 = 0;

INSERT INTO inclusion_data.offer (id, perimeter, structure, place, name, capacity_kind, weekly_seats, teaches,
                                  longitude, latitude, remote, only_for, slots, quality)
SELECT s.n, s.perimeter, right(s.perimeter, 2)::int - 40, CASE WHEN s.n % 4 = 0 THEN s.n END, 'Offre ' || s.n, k.kind,
       CASE k.kind WHEN 'weekly' THEN k.seats END,
       ('pix{0.' || 1 + bench.draw_int(s.n, 71, 8) || '=3,1.' || 1 + bench.draw_int(s.n, 72, 3) || '=3,2.' || 1 + bench.draw_int(s.n, 73, 4)
        || '=2,4.' || 1 + bench.draw_int(s.n, 74, 3) || '=2}')::inclusion.competence_vector,
       s.longitude, s.latitude, bench.draw(s.n, 75) < 0.02,
       CASE WHEN bench.draw(s.n, 76) < 0.1 THEN '{women}'::text[] ELSE '{}' END,
       CASE WHEN bench.draw(s.n, 77) < 0.5 THEN '{}' ELSE '{mo_am,tu_pm}'::text[] END, bench.draw(s.n, 78)
FROM bench.spot s
CROSS JOIN LATERAL (SELECT (ARRAY['seats', 'seats', 'weekly', 'drop_in', 'unknown'])[1 + s.n % 5] AS kind,
                           floor(:people / (:offers * 1.0) + bench.draw(s.n, 79))::int AS seats) k;
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
SELECT o.id, o.id, o.perimeter, current_date + 14 + time '10:00', current_date + 14 + time '12:00', current_date - (o.id % 32)::int
FROM inclusion_data.offer o WHERE o.capacity_kind = 'seats';
INSERT INTO inclusion_data.seat (session, capacity)
SELECT s.id, floor(:people / (:offers * 1.0) + bench.draw(s.id, 79))::int FROM inclusion_data.session s;
ALTER TABLE inclusion_data.session ALTER id RESTART WITH 10000000;

INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on, accept_remote, audiences)
SELECT h.n, h.perimeter, right(h.perimeter, 2)::int - 40, h.longitude, h.latitude, 'commune', current_date - bench.draw_int(h.n, 90, 40), bench.draw(h.n, 89) < 0.1,
       (ARRAY['{}', '{}', '{seniors}', '{job_seekers}', '{job_seekers,women}', '{seniors,women}'])[1 + bench.draw_int(h.n, 91, 6)]::text[]
FROM bench.home h;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT b.perimeter, b.id, 'desk', b.structure, current_date - bench.draw_int(b.id, 92, 300), 'bench' FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector)
SELECT b.perimeter, b.id, 'screening', current_date - 1,
       ('pix{0.1=' || bench.draw_int(b.id, 93, 2) || ',0.5=1,1.1=' || bench.draw_int(b.id, 94, 2) || ',2.1=1,4.1=0}')::inclusion.competence_vector
FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.circumstance (perimeter, beneficiary, item, answer, recorded_on)
SELECT b.perimeter, b.id, i.item, CASE WHEN bench.draw(b.id, 95 + i.n::int) < 0.4 THEN 'yes' ELSE 'no' END, current_date - 1
FROM inclusion_data.beneficiary b,
  unnest(ARRAY['nobody_to_help', 'no_equipment', 'recurring_procedure']) WITH ORDINALITY AS i (item, n);
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
SELECT b.perimeter, b.id,
       ('pix{0.' || 1 + bench.draw_int(b.id, 101, 8) || '=3,1.' || 1 + bench.draw_int(b.id, 102, 3) || '=2,2.' || 1 + bench.draw_int(b.id, 103, 4)
        || '=2,4.' || 1 + bench.draw_int(b.id, 104, 3) || '=1}')::inclusion.competence_vector, current_date - 300
FROM inclusion_data.beneficiary b;
SET session_replication_role = origin;
VACUUM (FREEZE, ANALYZE);
