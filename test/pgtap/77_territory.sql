-- What sets people against an estimate (I07, I12), money against people (I10) and
-- places against inhabitants (I11): each from the facts, by its definition.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\ir impact_world.psql
-- an EPCI that spreads beyond the perimeter
INSERT INTO inclusion_data.territory (code, kind, official_code, name, code_year) VALUES ('EPCI-200000001', 'epci', '200000001', 'À cheval', 2020);
INSERT INTO inclusion_data.territory (code, kind, official_code, name, department, epci, longitude, latitude, population, code_year) VALUES
  ('COM-27001', 'commune', '27001', 'Ici', 'DEP-27', 'EPCI-200000001', 0.95, 49.0, 700, 2020), ('COM-76001', 'commune', '76001', 'Là-bas', NULL, 'EPCI-200000001', 0.9, 49.4, 300, 2020),
  ('COM-27002', 'commune', '27002', 'Au loin', 'DEP-27', 'EPCI-200072312', 1.9, 48.7, 1000, 2020);
UPDATE inclusion_data.territory SET perimeter = 'DEP-27' WHERE code IN ('COM-27001', 'COM-27002');
UPDATE inclusion_data.territory SET region = 'REG-28' WHERE code = 'COM-76001';
SELECT inclusion.record_need_estimate(v.t, v.y, v.p, v.l, v.h, 'essai', v.c) FROM (VALUES
  ('EPCI-200066389', 2025, 400, 300, 500, ''), ('EPCI-200072312', 2025, 60, 50, 80, ''), ('EPCI-200066389', 2024, 9999, 9999, 9999, ''), ('EPCI-200000001', 2025, 50, 40, 60, ''),
  ('EPCI-200066389', 2025, 100, 80, 120, 'seniors'), ('EPCI-200066389', 2025, 20, 10, 30, 'job_seekers'), ('REG-28', 2025, 500, 450, 550, '')) AS v (t, y, p, l, h, c);
-- half of each falls in the period: 181 days of 365
SELECT inclusion.record_funding(901, '2025-01-01', '2025-12-31', 365000, 'un'), inclusion.record_funding(901, '2025-01-01', '2025-12-31', 730000, 'deux'),
       inclusion.record_funding(902, '2025-01-01', '2025-12-31', 3650000, 'un'), inclusion.record_funding(903, '2025-03-01', '2025-04-30', 610000, 'un'),
       inclusion.record_funding(904, '2025-01-01', '2025-12-31', 36500000, 'ailleurs'), inclusion.record_funding(901, '2024-01-01', '2024-12-31', 36600000, 'avant');
-- places: four of ours, one of another perimeter's, one that is nowhere
INSERT INTO inclusion_data.place (id, perimeter, name, longitude, latitude) VALUES (1, 'DEP-27', 'Centre', 1.16, 49.03), (2, 'DEP-27', 'Est', 1.30, 49.15), (3, 'DEP-27', 'Ouest', 1.02, 48.98),
  (4, 'DEP-27', 'Sans rien', 1.2, 49.1), (5, 'DEP-74', 'Annecy', 6.12, 45.91), (6, 'DEP-27', 'Nulle part', NULL, NULL);
INSERT INTO inclusion_data.offer (id, perimeter, structure, place, name, teaches, longitude, latitude, capacity_kind, weekly_seats, open, families, valid)
SELECT v.id, 'DEP-27', 901, v.place, 'Offre', CASE WHEN v.families = '{learn}' THEN 'pix{1.1=3}'::inclusion.competence_vector END, 1.1, 49, v.kind, v.weekly, v.open, v.families, v.valid
FROM (VALUES (911, 1, 'weekly', 12, true, '{learn}'::text[], '(,)'::daterange), (912, 2, 'weekly', 6, true, '{learn}', '(,)'), (913, 3, 'weekly', 9, true, '{learn}', '(,)'),
             (914, 1, 'weekly', 100, false, '{learn}', '(,)'), (915, 1, 'weekly', 100, true, '{learn}', '(,2020-01-01)'), (916, 1, 'weekly', 100, true, '{rights}', '(,)'),
             (917, 1, 'drop_in', NULL, true, '{learn}', '(,)'), (918, 2, 'seats', NULL, true, '{learn}', '(,)'), (919, 5, 'weekly', 40, true, '{learn}', '(,)')) AS v (id, place, kind, weekly, open, families, valid);
-- of dated sessions, those of the next four weeks, a week; one is held elsewhere
INSERT INTO inclusion_data.session (id, offer, perimeter, place, starts_at, ends_at, confirmed_on)
SELECT 910 + n, 918, 'DEP-27', CASE n WHEN 2 THEN 3 END, now() + d, now() + d + interval '2 hours', current_date
FROM (VALUES (1, interval '3 days'), (2, interval '20 days'), (3, interval '40 days'), (4, interval '-3 days')) AS v (n, d);
INSERT INTO inclusion_data.seat (session, capacity) SELECT id, 8 FROM inclusion_data.session WHERE offer = 918;
SELECT inclusion.refresh_cube(), inclusion.release_figures();
\o
SELECT plan(24);

-- --- people against an estimate ----------------------------------------------------------

CREATE TEMPORARY VIEW person AS
SELECT b.id, t.epci, t.region, b.audiences, e.enrolled_on, e.withdrawn_on, s.agreed_on, s.came_on
FROM inclusion_data.beneficiary b
LEFT JOIN inclusion_data.territory t ON t.code = b.commune
JOIN inclusion_data.enrolment e ON e.beneficiary = b.id
LEFT JOIN (SELECT p.beneficiary, min((s.at AT TIME ZONE 'Europe/Paris')::date) FILTER (WHERE s.to_state = 'agreed') AS agreed_on, min((s.at AT TIME ZONE 'Europe/Paris')::date) FILTER (WHERE s.to_state = 'attended') AS came_on
           FROM inclusion_data.proposal p JOIN inclusion_data.proposal_step s ON s.proposal = p.id AND s.perimeter = p.perimeter GROUP BY 1) s ON s.beneficiary = b.id
WHERE b.perimeter = 'DEP-27';
CREATE FUNCTION pg_temp.said(indicator text, breakdown text, period daterange DEFAULT NULL) RETURNS TABLE (measure text, code text, n bigint, x bigint, value float8, low float8, high float8, reason text)
LANGUAGE sql AS $$ SELECT v.measure, v.code, v.n, v.x, v.value, v.low, v.high, v.reason FROM inclusion.indicator_values(indicator, 'DEP-27', period, breakdown) v $$;

SELECT results_eq($$ SELECT code, n, value, low, high, reason FROM pg_temp.said('I07', 'public') ORDER BY code $$,
  $$ SELECT e.public, count(*), count(*) / e.people::float8, count(*) / e.high::float8, count(*) / e.low::float8, CASE WHEN count(*) > e.people THEN 'Estimation dépassée : à revoir.' END
     FROM inclusion_data.need_estimate e JOIN person p ON p.epci = e.territory AND e.public = ANY (p.audiences) AND p.came_on IS NOT NULL
     GROUP BY e.public, e.people, e.high, e.low ORDER BY 1 $$, 'I07: who came of a public, over its estimate; above it, the estimate is to be revised');
SELECT is((SELECT count(*) FROM pg_temp.said('I07', 'public') v WHERE v.reason IS NOT NULL AND v.value > 1), 1::bigint, 'which is said, never clipped');
SELECT results_eq($$ SELECT code, n, x, value, low, high FROM pg_temp.said('I12', 'epci') ORDER BY code $$,
  $$ SELECT e.territory, count(*), count(*) FILTER (WHERE p.withdrawn_on IS NULL OR p.agreed_on IS NOT NULL),
       greatest(0, e.people - count(*) FILTER (WHERE p.withdrawn_on IS NULL OR p.agreed_on IS NOT NULL))::float8,
       greatest(0, e.low - count(*) FILTER (WHERE p.withdrawn_on IS NULL OR p.agreed_on IS NOT NULL))::float8, greatest(0, e.high - count(*) FILTER (WHERE p.withdrawn_on IS NULL OR p.agreed_on IS NOT NULL))::float8
     FROM inclusion_data.need_estimate e JOIN person p ON p.epci = e.territory WHERE e.public = '' AND e.year = 2025 GROUP BY e.territory, e.people, e.low, e.high ORDER BY 1 $$,
  'I12: the estimate, less who waits or was served; who left with nothing still needs it; never below 0');
SELECT is((SELECT v.n - v.x > 0 FROM pg_temp.said('I12', 'epci') v WHERE v.code = 'EPCI-200066389'), true, 'of whom there are some');
SELECT is_empty($$ SELECT code FROM pg_temp.said('I12', 'region') $$, 'a region that spreads beyond the perimeter would seem unreached: nothing is said of it');
SELECT is_empty($$ SELECT code FROM pg_temp.said('I12', 'epci') v WHERE v.code = 'EPCI-200000001' $$, 'nor of an EPCI that does');
SELECT results_eq($$ SELECT v.n, v.reason FROM pg_temp.said('I12', 'epci', '[2020-01-01,2023-07-01)') v WHERE v.code = 'EPCI-200066389' $$, $$ VALUES (0::bigint, 'Non prospecté.') LIMIT 0 $$, 'before the first estimate nothing is said');
SELECT results_eq($$ SELECT v.n, v.value, v.reason FROM pg_temp.said('I12', 'epci', '[2020-01-01,2025-01-01)') v $$, $$ VALUES (0::bigint, 9999::float8, 'Non prospecté.') $$, 'and nobody met is no lack of need');
SELECT results_eq($$ SELECT territory_code, enrolment_coverage_share, unmet_count, outreach FROM pilotage.kpi_unmet_need ORDER BY 1 $$,
  $$ SELECT substr(e.territory, 6), round(count(*) / 11 * 11 / e.people::numeric, 2)::float8, greatest(0, e.people - count(*) FILTER (WHERE p.withdrawn_on IS NULL OR p.agreed_on IS NOT NULL) / 11 * 11)::float8, 'prospecté'
     FROM inclusion_data.need_estimate e JOIN person p ON p.epci = e.territory WHERE e.public = '' AND e.year = 2025 GROUP BY e.territory, e.people ORDER BY 1 $$, 'shown by as many people as may be');

-- --- money against people -------------------------------------------------------------------

CREATE TEMPORARY VIEW moved AS
SELECT p.id, f.offer, bool_or(d.up) AND NOT bool_or(d.down) AS better
FROM person p
JOIN LATERAL (SELECT r.offer FROM inclusion_data.proposal r JOIN inclusion_data.proposal_step s ON s.proposal = r.id AND s.perimeter = r.perimeter AND s.to_state = 'attended'
              WHERE r.beneficiary = p.id ORDER BY s.at, r.id LIMIT 1) f ON true
JOIN (SELECT a.beneficiary, (z.points - s.points) / (8 * sqrt(2 * (1 - 0.8))) >= 1.96 AS up, (s.points - z.points) / (8 * sqrt(2 * (1 - 0.8))) >= 1.96 AS down
      FROM inclusion_data.assessment a CROSS JOIN LATERAL inclusion.slots(a.vector) s JOIN person q ON q.id = a.beneficiary AND a.assessed_on <= q.came_on
      JOIN inclusion_data.assessment b ON b.beneficiary = a.beneficiary AND b.assessed_on > q.came_on CROSS JOIN LATERAL inclusion.slots(b.vector) z WHERE z.code = s.code) d ON d.beneficiary = p.id
WHERE p.came_on >= '2025-01-01' AND p.came_on < '2025-07-01' GROUP BY p.id, f.offer;
CREATE TEMPORARY VIEW spent AS
SELECT v.structure, v.programme, v.cents, (SELECT count(*) FROM moved m JOIN inclusion_data.offer o ON o.id = m.offer AND o.structure = v.structure AND coalesce(o.programme, '') = v.programme) AS people,
       (SELECT count(*) FILTER (WHERE m.better) FROM moved m JOIN inclusion_data.offer o ON o.id = m.offer AND o.structure = v.structure AND coalesce(o.programme, '') = v.programme) AS better
FROM (VALUES (901, 'pass', 543000), (902, 'pass', 1810000), (902, '', 610000)) AS v (structure, programme, cents);
SELECT results_eq($$ SELECT code, n, x, round(value::numeric, 6) FROM pg_temp.said('I10', 'programme', '[2025-01-01,2025-07-01)') ORDER BY code $$,
  $$ SELECT s.programme, sum(s.people)::bigint, sum(s.better)::bigint, round(sum(s.cents)::numeric / nullif(sum(s.better), 0), 6) FROM spent s GROUP BY s.programme ORDER BY 1 $$,
  'I10: what was spent in the period, over those better off of the same structures and programmes');
SELECT results_eq($$ SELECT n, x, round(value::numeric, 6) FROM pg_temp.said('I10', 'total', '[2025-01-01,2025-07-01)') $$,
  $$ SELECT sum(s.people)::bigint, sum(s.better)::bigint, round(sum(s.cents)::numeric / sum(s.better), 6) FROM spent s $$, 'a ratio of totals');
SELECT cmp_ok((SELECT x FROM pg_temp.said('I10', 'total', '[2025-01-01,2025-07-01)')), '>', 5::bigint, 'of some people');
-- Fieller with Student's t of two degrees of freedom
SELECT ok((v.low IS NULL) = (f.a <= 0) AND (f.a <= 0 OR abs(v.low / ((f.b - sqrt(f.b ^ 2 - f.a * f.c)) / f.a) - 1) < 1e-9 AND abs(v.high / ((f.b + sqrt(f.b ^ 2 - f.a * f.c)) / f.a) - 1) < 1e-9), 'within Fieller''s limits, where there are any')
FROM pg_temp.said('I10', 'total', '[2025-01-01,2025-07-01)') v,
  (SELECT avg(s.better) ^ 2 - 4.302652729911275 ^ 2 * var_samp(s.better) / 3 AS a, avg(s.better) * avg(s.cents) - 4.302652729911275 ^ 2 * (sum(s.better * s.cents) - sum(s.better) * sum(s.cents) / 3.0) / 2 / 3 AS b,
          avg(s.cents) ^ 2 - 4.302652729911275 ^ 2 * var_samp(s.cents) / 3 AS c FROM spent s) f;
SELECT is_empty($$ SELECT * FROM pg_temp.said('I10', 'operator', '[2025-01-01,2025-07-01)') $$, 'never structure by structure');
SELECT is_empty($$ SELECT * FROM pilotage.kpi_outcome_funding WHERE low < 0 $$, 'and nobody is said to have earned money');
SELECT results_eq($$ SELECT n, x, value, reason FROM pg_temp.said('I10', 'total', '[2024-01-01,2024-07-01)') $$, $$ VALUES (0::bigint, 0::bigint, NULL::float8, 'Personne dont la hausse dépasse l''erreur de mesure.') $$, 'money without anybody better off has no ratio, and says why');

-- --- places against inhabitants ---------------------------------------------------------------

CREATE TEMPORARY VIEW reach AS
WITH seats (place, seats) AS (VALUES (1, 12.0), (2, 6 + 8 / 4.0), (3, 9 + 8 / 4.0), (5, 40.0)),
way AS (
  SELECT t.code, t.population, s.place, s.seats, ST_DistanceSphere(t.geom, p.geom) * 1.33 / 40000 * 60 AS minutes
  FROM inclusion_data.territory t CROSS JOIN seats s JOIN inclusion_data.place p ON p.id = s.place WHERE t.kind = 'commune' AND t.perimeter IS NOT NULL
), weighed AS (
  SELECT w.*, CASE WHEN w.minutes <= 10 THEN 1 WHEN w.minutes <= 20 THEN 0.68 WHEN w.minutes <= 30 THEN 0.22 ELSE 0 END AS weight FROM way w
), shared AS (
  SELECT w.*, w.seats / nullif(sum(w.population * w.weight) OVER (PARTITION BY w.place), 0) AS ratio FROM weighed w
)
SELECT s.code, t.epci, t.perimeter, s.population, coalesce(sum(s.ratio * s.weight), 0) AS access FROM shared s JOIN inclusion_data.territory t ON t.code = s.code GROUP BY s.code, t.epci, t.perimeter, s.population;
SELECT results_eq($$ SELECT code, round(value::numeric, 9) FROM pg_temp.said('I11', 'commune') WHERE measure = 'places par habitant' ORDER BY code $$,
  $$ SELECT code, round(access::numeric, 9) FROM reach WHERE perimeter = 'DEP-27' ORDER BY code $$, 'I11: seats of a week shared among all who can reach them, the nearer for more');
SELECT ok(bool_or(access = 0) AND bool_or(access > 0), 'some reach none') FROM reach WHERE perimeter = 'DEP-27';
SELECT ok(abs(sum(population * access) - 71) < 1e-6, 'every seat that somebody reaches is shared out') FROM reach;
SELECT results_eq($$ SELECT code, round(max(value) FILTER (WHERE measure = 'places par habitant')::numeric, 9), round(max(value) FILTER (WHERE measure = 'part sans aucune place')::numeric, 9) FROM pg_temp.said('I11', 'epci') GROUP BY code ORDER BY code $$,
  $$ SELECT epci, round((sum(population * access) / sum(population))::numeric, 9), round((coalesce(sum(population) FILTER (WHERE access = 0), 0) / sum(population)::numeric), 9) FROM reach WHERE perimeter = 'DEP-27' GROUP BY epci ORDER BY 1 $$, 'and who reaches none is counted')
  FROM (SELECT 1) o;
-- Gini, from the mean difference of two inhabitants
SELECT ok(abs((SELECT v.value FROM pg_temp.said('I11', 'total') v WHERE v.measure = 'indice de Gini') -
  (SELECT sum(a.population::float8 * b.population * abs(a.access - b.access)) / (2 * sum(a.population::float8 * b.population) * (SELECT sum(population * access) / sum(population) FROM reach WHERE perimeter = 'DEP-27'))
   FROM reach a, reach b WHERE a.perimeter = 'DEP-27' AND b.perimeter = 'DEP-27')) < 1e-9, 'as is how unequally places are shared');
SELECT results_eq($$ SELECT commune_code, seats_per_thousand, class, population FROM pilotage.map_access WHERE perimeter = 'DEP-27' ORDER BY 1 $$,
  $$ SELECT substr(code, 5), round((1000 * access)::numeric, 3)::float8, CASE WHEN access > 0 THEN 'places à portée' ELSE 'aucune place à portée' END, population FROM reach WHERE perimeter = 'DEP-27' ORDER BY 1 $$, 'the map shows it');
SELECT results_eq($$ SELECT territory_kind, territory_name, population, seats_per_thousand, without_seat_share FROM pilotage.kpi_access WHERE perimeter = 'DEP-27' AND territory_kind = 'ensemble' $$,
  $$ SELECT 'ensemble', 'Ensemble du périmètre', sum(population)::bigint, round((1000 * sum(population * access) / sum(population))::numeric, 3)::float8, round((sum(population) FILTER (WHERE access = 0) / sum(population)::numeric), 3)::float8 FROM reach WHERE perimeter = 'DEP-27' $$, 'and the whole');
SELECT is((SELECT outreach FROM pilotage.map_access WHERE commune_code = '27001'), 'non prospecté', 'where nobody was met it says so');

SELECT * FROM finish();
ROLLBACK;
