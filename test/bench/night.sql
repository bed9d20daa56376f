-- How long a night takes: 10 000 invented people, 2 000 offers, one département.
--
--   psql -X -d DATABASE -f test/bench/night.sql      in a database made for it
\set ON_ERROR_STOP on
\set people 10000
\set offers 2000
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS inclusion;
CALL inclusion.setup();

-- the same world every time
SELECT setseed(0.27);
SELECT inclusion.create_perimeter('DEP-27', 'Eure') \gset
SELECT inclusion.adopt_policy('DEP-27', current_date - 400, 'bench') \gset
SELECT inclusion.register_structure('Structure d''essai', 'DEP-27') AS structure \gset

INSERT INTO inclusion_data.place (perimeter, structure, name, longitude, latitude)
SELECT 'DEP-27', :structure, 'Lieu ' || i, 0.3 + 1.5 * random(), 48.7 + 0.7 * random() FROM generate_series(1, :offers / 4) i;

INSERT INTO inclusion_data.offer (perimeter, structure, place, name, capacity_kind, weekly_seats, teaches, longitude, latitude, slots, quality)
SELECT 'DEP-27', :structure, p.id, 'Offre ' || i, k.kind, CASE k.kind WHEN 'weekly' THEN 5 END,
       ('pix{0.' || 1 + i % 8 || '=3,1.' || 1 + i % 3 || '=3,2.' || 1 + i % 4 || '=2,4.' || 1 + i % 3 || '=2}')::inclusion.competence_vector,
       p.longitude, p.latitude, CASE WHEN random() < 0.5 THEN '{}' ELSE '{mo_am,tu_pm}'::text[] END, random()
FROM generate_series(1, :offers) i
JOIN inclusion_data.place p ON p.name = 'Lieu ' || 1 + i % (:offers / 4)
CROSS JOIN LATERAL (SELECT (ARRAY['seats','seats','weekly','drop_in','unknown'])[1 + i % 5] AS kind) k;
INSERT INTO inclusion_data.session (offer, perimeter, starts_at, ends_at, confirmed_on)
SELECT o.id, 'DEP-27', current_date + n * 7 + time '10:00', current_date + n * 7 + time '12:00', current_date - (o.id % 40)::int
FROM inclusion_data.offer o, generate_series(1, 3) n WHERE o.capacity_kind = 'seats';
INSERT INTO inclusion_data.seat (session, capacity) SELECT s.id, 2 FROM inclusion_data.session s;

INSERT INTO inclusion_data.beneficiary (perimeter, structure, longitude, latitude, position_origin, last_contact_on)
SELECT 'DEP-27', :structure, 0.3 + 1.5 * random(), 48.7 + 0.7 * random(), 'commune', current_date FROM generate_series(1, :people);
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT b.perimeter, b.id, 'desk', b.structure, current_date - (random() * 300)::int, 'bench' FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector)
SELECT b.perimeter, b.id, 'screening', current_date - 1, 'pix{0.1=1,0.5=1,1.1=0,2.1=1,4.1=0}' FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.circumstance (perimeter, beneficiary, item, answer, recorded_on)
SELECT b.perimeter, b.id, i, CASE WHEN random() < 0.4 THEN 'yes' ELSE 'no' END, current_date - 1
FROM inclusion_data.beneficiary b, unnest(ARRAY['nobody_to_help', 'no_equipment', 'recurring_procedure']) i;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, goal, target, opened_on)
SELECT b.perimeter, b.id, g.code, g.target, current_date - 300
FROM inclusion_data.beneficiary b
JOIN LATERAL (SELECT g.code, g.target FROM inclusion_data.goal g WHERE g.family = 'learn' ORDER BY g.code OFFSET b.id % 7 LIMIT 1) g ON true;
ANALYZE;

\timing on
CALL inclusion.rebuild_active_list();
CALL inclusion.rebuild_active_list();
\timing off
\x on
SELECT r.state, r.counters, r.input_digest, r.result_digest, r.finished_at - r.started_at AS night FROM inclusion_data.run r;
