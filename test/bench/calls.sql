-- What to ask next, and whom to ring, among 100 000 offers of one département,
-- three in five from a national file, and 20 000 people who wait: in seconds of a
-- core.
--
--   psql -X -d DATABASE -f test/bench/calls.sql     in a database made for it
\set ON_ERROR_STOP on
\set offers 100000
\set people 20000
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS inclusion;
CALL inclusion.setup();
CREATE SCHEMA IF NOT EXISTS bench;
\ir cpu.sql

-- the same world every time
SELECT setseed(0.27) \gset
SELECT inclusion.create_perimeter('DEP-27', 'Eure') \gset
SELECT inclusion.adopt_policy('DEP-27', current_date - 400, 'bench') \gset
SELECT inclusion.register_structure('Structure d''essai', 'DEP-27') AS structure \gset
INSERT INTO inclusion_data.offer (perimeter, structure, name, declared_by, capacity_kind, teaches, longitude, latitude, slots, quality, remote)
SELECT 'DEP-27', :structure, 'Offre ' || i, CASE WHEN i % 5 < 3 THEN 'import' ELSE 'structure' END, CASE WHEN i % 3 = 0 THEN 'unknown' ELSE 'drop_in' END,
       ('pix{0.' || 1 + i % 8 || '=' || 1 + i % 3 || ',1.' || 1 + i % 3 || '=3,2.' || 1 + i % 4 || '=2,4.' || 1 + i % 3 || '=2}')::inclusion.competence_vector,
       0.3 + 1.5 * random(), 48.7 + 0.8 * random(), CASE WHEN random() < 0.5 THEN '{}' ELSE '{mo_am,tu_pm}'::text[] END, random(), i % 10 = 0
FROM generate_series(1, :offers) i;
-- keys are right by construction
SET session_replication_role = replica;
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on, audiences)
SELECT i, 'DEP-27', :structure, 0.3 + 1.5 * random(), 48.7 + 0.8 * random(), 'commune', current_date, CASE WHEN i % 4 = 0 THEN '{seniors}' ELSE '{}' END::text[]
FROM generate_series(1, :people) i;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT b.perimeter, b.id, 'desk', b.structure, current_date - (b.id % 300)::int, 'bench' FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector)
SELECT b.perimeter, b.id, 'screening', current_date - 1, ('pix{0.1=' || b.id % 2 || ',0.5=1,1.1=' || b.id % 3 % 2 || ',2.1=1,4.1=0}')::inclusion.competence_vector
FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
SELECT b.perimeter, b.id, ('pix{0.' || 1 + b.id % 8 || '=3,1.' || 1 + b.id % 3 || '=2,2.' || 1 + b.id % 4 || '=2,4.' || 1 + b.id % 3 || '=1}')::inclusion.competence_vector,
       current_date - 300 FROM inclusion_data.beneficiary b;
SET session_replication_role = origin;
VACUUM ANALYZE;

-- the first call makes the plans
SELECT count(*) AS planned FROM inclusion.next_questions(1, 100) \gset
SELECT 'questions of one person, of fifty' AS what, answer AS rows, round((of_a_core / 50 * 1000)::numeric, 1) AS core_ms
FROM bench.timed('SELECT sum((SELECT count(*) FROM inclusion.next_questions(i, 100))) FROM generate_series(101, 150) i')
UNION ALL
SELECT 'calls, for ' || p || ' people', t.answer, round((t.of_a_core * 1000)::numeric)
FROM unnest('{30,300,3000}'::int[]) p CROSS JOIN LATERAL bench.timed(format('SELECT count(*) FROM inclusion.next_calls(''DEP-27'', 1000, %s)', p)) t;
