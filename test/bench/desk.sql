-- How long a front desk waits: a person enrolled, the two minutes of questions,
-- their need and ten offers, in one round trip, among 100 000 offers.
--
--   psql -X -d DATABASE -f test/bench/desk.sql      in a database made for it
\set ON_ERROR_STOP on
\set offers 100000
\set people 200
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS inclusion;
CALL inclusion.setup();

-- the same world every time
SELECT setseed(0.27);
SELECT inclusion.create_perimeter('DEP-27', 'Eure') \gset
SELECT inclusion.adopt_policy('DEP-27', current_date - 400, 'bench') \gset
SELECT inclusion.register_structure('Structure d''essai', 'DEP-27') AS structure \gset
INSERT INTO inclusion_data.offer (perimeter, structure, name, teaches, longitude, latitude, slots, quality, remote)
SELECT 'DEP-27', :structure, 'Offre ' || i,
       ('pix{0.' || 1 + i % 8 || '=' || 1 + i % 3 || ',1.' || 1 + i % 3 || '=3,2.' || 1 + i % 4 || '=2,4.' || 1 + i % 3 || '=2}')::inclusion.competence_vector,
       -1 + 8 * random(), 43 + 7 * random(), CASE WHEN random() < 0.5 THEN '{}' ELSE '{mo_am,tu_pm}'::text[] END, random(), i % 10 = 0
FROM generate_series(1, :offers) i;
VACUUM ANALYZE inclusion_data.offer;

CREATE TEMPORARY TABLE took (n int, milliseconds float8, offers int);
CREATE FUNCTION pg_temp.meet(structure bigint, n int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  began constant timestamptz := clock_timestamp();
  person bigint;
  listed int;
BEGIN
  person := inclusion.enrol(structure, longitude => 0.5 + n % 40 / 10.0, latitude => 45 + n % 30 / 10.0);
  PERFORM inclusion.screen(person, '{"appareil": "oui", "messagerie": "non", "mot_de_passe": "non", "clavier": "oui", "reguliere": "oui"}');
  PERFORM inclusion.express_need(person, 'procedures_alone');
  SELECT count(*) INTO listed FROM inclusion.matches(person, 10);
  INSERT INTO took VALUES (n, extract(epoch FROM clock_timestamp() - began) * 1000, listed);
END
$$;
SELECT count(pg_temp.meet(:structure, n)) AS met FROM generate_series(1, :people) n \gset
-- the first calls make plans, as the first of a morning do
SELECT count(*) AS people, min(offers) AS least_offers, round(avg(milliseconds)::numeric, 2) AS mean_ms,
       round((percentile_cont(0.5) WITHIN GROUP (ORDER BY milliseconds))::numeric, 2) AS median_ms,
       round((percentile_cont(0.95) WITHIN GROUP (ORDER BY milliseconds))::numeric, 2) AS p95_ms
FROM took WHERE n > 20;
