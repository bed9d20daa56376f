-- What is shown of the cube: nothing of few people, nothing that subtraction or
-- a share would give, and the same to all who count the same people.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\ir impact_world.psql
-- the Eure shows what five people or more make; one structure there receives three
UPDATE inclusion_data.policy SET count_threshold = 5;
INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (904, 'DEP-27', 'Atelier D'), (905, 'DEP-27', 'Atelier E');
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, programme, teaches, remote) VALUES (905, 'DEP-27', 904, 'Trois', 'pass', 'pix{1.1=3}', true), (906, 'DEP-27', 905, 'Trente', 'pass', 'pix{1.1=3}', true);
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on) SELECT n, n, 'DEP-27', '2026-01-01', '2026-12-31', '2026-01-01' FROM generate_series(905, 906) n;
UPDATE inclusion_data.proposal SET offer = 905, session = 905 WHERE beneficiary IN (1, 2, 3);
UPDATE inclusion_data.proposal SET offer = 906, session = 906 WHERE beneficiary BETWEEN 10 AND 90;
SELECT inclusion.record_need_estimate(t, 2025, 500, 400, 600, 'essai'), inclusion.record_need_estimate(t, 2025, 60, 50, 80, 'essai', 'seniors') FROM unnest('{DEP-27,EPCI-200066389,EPCI-200072312}'::text[]) t;
SELECT inclusion.record_funding(o, '2025-01-01', '2025-12-31', 5000000, 'essai') FROM unnest('{901,902,903,905,906}'::bigint[]) o;
SELECT * FROM inclusion.refresh_cube();
SELECT * FROM inclusion.release_figures();
-- the truth, and what was made of it
CREATE TEMPORARY TABLE truth AS SELECT r.* FROM inclusion_data.figure_rows('DEP-27', inclusion.today('DEP-27'), true) r;
CREATE TEMPORARY TABLE seen AS
SELECT t.*, f.is_masked, f.people, f.value AS shown FROM truth t
JOIN inclusion_data.figure f ON f.perimeter = 'DEP-27' AND f.indicator = t.indicator AND f.period = t.period AND f.dimension = t.dimension AND f.code = t.code AND f.measure = t.measure;
\o
SELECT plan(21);

SELECT is((SELECT count(*) FROM seen), (SELECT count(*) FROM truth), 'every figure is released, shown or not');
SELECT cmp_ok((SELECT count(*) FROM seen WHERE NOT is_masked), '>', 100::bigint, 'many are shown');
SELECT is_empty('SELECT FROM inclusion_data.figure WHERE is_masked AND coalesce(people, entered, value, low, high, expected) IS NOT NULL', 'what is masked is nowhere');
CREATE FUNCTION pg_temp.small(VARIADIC counts bigint[]) RETURNS boolean LANGUAGE sql AS $$ SELECT coalesce(bool_or(c BETWEEN 1 AND 4), false) FROM unnest(counts) c $$;
SELECT is_empty('SELECT indicator, period, dimension, code, measure, n, x, entered FROM seen WHERE NOT is_masked AND pg_temp.small(n, x, n - x, entered - n)', 'no count, part, rest or loss below the threshold is shown');
SELECT is((SELECT string_agg(DISTINCT is_masked::text, ' ') FROM seen WHERE dimension = 'operator' AND code = '904'), 'true', 'the structure that received three people is shown nowhere');
SELECT isnt_empty($$ SELECT FROM seen WHERE dimension = 'operator' AND code <> '904' AND is_masked AND NOT pg_temp.small(n, x, n - x, entered - n) $$, 'others are hidden with it');
-- by subtraction from the total: hidden parts together, and less the largest of them, which its structure knows
CREATE TEMPORARY VIEW subtracted AS
SELECT s.indicator, s.period, s.dimension, s.measure, count(*) AS cells, sum(s.n)::bigint AS n, sum(s.x)::bigint AS x, (sum(s.n) - max(s.n))::bigint AS n_but_one,
       bool_or(NOT t.is_masked) AS total_shown
FROM seen s JOIN seen t ON t.indicator = s.indicator AND t.period = s.period AND t.measure = s.measure AND t.dimension = 'total'
WHERE s.is_masked AND s.dimension IN ('epci', 'operator', 'programme') GROUP BY 1, 2, 3, 4;
SELECT is_empty($$ SELECT * FROM subtracted u WHERE total_shown AND pg_temp.small(n, x, n - x)
    AND EXISTS (SELECT FROM seen v WHERE v.indicator = u.indicator AND v.period = u.period AND v.dimension = u.dimension AND v.measure = u.measure AND NOT v.is_masked) $$, 'what a total leaves to the hidden parts is not small');
SELECT is_empty($$ SELECT * FROM subtracted u WHERE total_shown AND pg_temp.small(n_but_one)
    AND EXISTS (SELECT FROM seen v WHERE v.indicator = u.indicator AND v.period = u.period AND v.dimension = u.dimension AND NOT v.is_masked) $$,
  'nor to whoever knows the largest of them');
SELECT is_empty($$ SELECT s.* FROM seen s JOIN seen t ON t.indicator = s.indicator AND t.period = s.period AND t.measure = s.measure AND t.dimension = 'total' AND NOT t.is_masked
  WHERE s.dimension = 'public' AND NOT s.is_masked AND pg_temp.small(t.n - s.n, t.x - s.x) $$, 'those who are not of a public are not few');
-- the same people counted by several indicators: one more shown here would be had there
SELECT is_empty($$ SELECT a.indicator, b.indicator, a.period, a.code FROM seen a JOIN seen b ON b.population = a.population AND b.period = a.period AND b.dimension = a.dimension AND b.code = a.code
  WHERE a.indicator IN ('I01') AND b.indicator IN ('I02', 'I04') AND a.is_masked AND NOT b.is_masked $$, 'what hides those measured hides them in every indicator that counts them');
SELECT is_empty($$ SELECT a.n FROM seen a JOIN seen b ON b.population = a.population AND b.period = a.period AND b.dimension = a.dimension AND b.code = a.code
  WHERE a.population IN ('venues', 'inscrites') AND a.n <> b.n $$, 'those who came, and those enrolled, are the same number everywhere');
SELECT is_empty($$ SELECT * FROM seen WHERE NOT is_masked AND indicator IN ('I02', 'I03', 'I05', 'I14', 'I15', 'I16') AND measure <> 'observés sur attendus' AND shown <> round(x::numeric / n, 2) $$, 'shares are whole percents');
SELECT is_empty($$ SELECT period, measure, shown FROM seen WHERE indicator = 'I08' AND measure ~ ' au jour ' AND NOT is_masked
  AND abs(shown - round((5 * round(value * n / 5) / n)::numeric, 2)) > 1e-9 $$, 'a curve rises by as many people as may be shown');
SELECT cmp_ok((SELECT max(reached_share) FROM pilotage.kpi_waiting_curve WHERE perimeter = 'DEP-27' AND day_number = 90 AND outcome = 'acceptée'), '>', 0.5::float8, 'and rises');
SELECT is_empty($$ SELECT FROM pilotage.kpi_impact WHERE dimension = 'operator' AND indicator IN ('I05', 'I06', 'I10', 'I14', 'I08') $$, 'no structure is set beside another on raw completion, delay or spending');
SELECT is_empty($$ SELECT FROM pilotage.kpi_impact WHERE indicator = 'I01' AND NOT is_masked AND (entered_count IS NULL OR people_count IS NULL OR low IS NULL OR high IS NULL OR released_on IS NULL) $$,
  'a gain has its number, its interval, its date, and those it lost');
SELECT is_empty($$ SELECT indicator, measure, dimension, code FROM pilotage.kpi_impact WHERE NOT is_masked AND (people_count IS NULL OR value IS NOT NULL AND (low IS NULL OR high IS NULL AND measure <> 'délai médian')) AND measure <> 'niveau d''entrée des absentes' $$,
  'as has every figure; a median may have no upper limit, and what compares the absent has none');
SELECT is_empty($$ SELECT FROM pilotage.kpi_impact WHERE entered_quarter + interval '3 months' + interval '270 days' > released_on + 1 AND indicator = 'I01' $$, 'no quarter too recent is there');
SELECT results_eq($$ SELECT territory_name, people_count, enrolment_coverage_share, unmet_count, outreach FROM pilotage.map_unmet_need ORDER BY territory_code $$,
  $$ VALUES ('Évreux', 140::bigint, 0.28::float8, 365::float8, 'prospecté'), ('Seine', 70, 0.14, 430, 'prospecté') $$, 'need left without an answer, where it is modelled, with what is known of it');
CREATE TEMPORARY TABLE before AS SELECT f.id, f.value, f.indicator, f.measure, f.period, f.dimension, f.code FROM inclusion_data.figure f;
SELECT count(*) AS again FROM inclusion.release_figures() \gset
SELECT is_empty($$ SELECT b.* FROM before b FULL JOIN inclusion_data.figure f ON f.id = b.id WHERE b.value IS DISTINCT FROM f.value OR b.id IS NULL OR f.id IS NULL $$, 'released again, the same figures bear the same numbers');
SET ROLE inclusion_analyst;
SELECT count(*) AS read FROM pilotage.kpi_impact, pilotage.map_impact \gset
RESET ROLE;
SELECT ok(NOT has_table_privilege('inclusion_analyst', 'inclusion_data.cube', 'SELECT') AND NOT has_table_privilege('inclusion_analyst', 'inclusion_data.figure', 'SELECT') AND :read > 0,
  'the analyst reads views, and neither states nor the table of figures');

SELECT * FROM finish();
ROLLBACK;
