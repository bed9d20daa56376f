-- Funnel limits leave room for what all groups differ by beyond chance, and for
-- no more: written again from the definition.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\ir quality_world.psql
UPDATE inclusion_data.policy SET count_threshold = 5;
-- twelve structures, one offer each, forty people each, of one age: completed as
-- many as here
CREATE TEMPORARY TABLE run_by AS SELECT 100 + n AS id, x FROM unnest('{12,14,16,18,20,22,24,26,27,28,35,5}'::int[]) WITH ORDINALITY v (x, n);
INSERT INTO inclusion_data.structure (id, perimeter, name) SELECT r.id, 'DEP-27', 'Structure ' || r.id FROM run_by r;
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, teaches, remote) SELECT r.id, 'DEP-27', r.id, 'Offre ' || r.id, 'pix{0.1=2}', true FROM run_by r;
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on) SELECT r.id, r.id, 'DEP-27', '2025-02-01', '2025-02-20', '2025-01-01' FROM run_by r;
SELECT pg_temp.facts(r.id, r.x, 'completed', '2025-02-10'), pg_temp.facts(r.id, 40 - r.x, 'stopped', '2025-02-10') FROM run_by r ORDER BY r.id;
SELECT inclusion.refresh_quality('DEP-27', '2026-03-01'), inclusion.refresh_cube('DEP-27'), inclusion.release_figures('DEP-27');
\o
SELECT plan(20);

-- Spiegelhalter 2005: z drawn in to its tenths, by linear interpolation
CREATE FUNCTION pg_temp.spread(z float8[], v float8[]) RETURNS float8 LANGUAGE sql AS $$
  SELECT CASE WHEN d.phi > 1 THEN greatest(0, (d.k * d.phi - (d.k - 1)) / (d.w - d.ww / d.w)) ELSE 0 END
  FROM (SELECT count(*) AS k, avg(least(greatest(u.z, q.low), q.high) ^ 2) AS phi, sum(1 / u.v) AS w, sum(1 / u.v ^ 2) AS ww
        FROM unnest(z, v) u (z, v), (SELECT percentile_cont(0.1) WITHIN GROUP (ORDER BY t) AS low, percentile_cont(0.9) WITHIN GROUP (ORDER BY t) AS high FROM unnest(z) t) q) d
$$;
CREATE FUNCTION pg_temp.near(a float8, b float8) RETURNS boolean LANGUAGE sql AS $$ SELECT abs(a - b) <= 1e-12 * greatest(1, abs(b)) $$;

-- --- limits ---------------------------------------------------------------------------

SELECT is_empty($$ SELECT theta, n, p FROM unnest('{0.1,0.5,0.93}'::float8[]) theta, unnest('{1,7,40,900}'::int[]) n, unnest('{0.001,0.025,0.975,0.999}'::float8[]) p
  WHERE inclusion.funnel_prop(theta, n, p, 0) <> inclusion.funnel_prop(theta, n, p) $$, 'where groups differ by chance, limits are those of chance');
CREATE TEMPORARY TABLE deviate AS SELECT * FROM (VALUES (0.001::float8, -3.090232306167813::float8), (0.025, -1.959963984540054), (0.975, 1.959963984540054), (0.999, 3.090232306167813)) v (p, z);
SELECT is_empty($$ SELECT theta, n, p, tau2 FROM unnest('{0.1,0.5,0.93}'::float8[]) theta, unnest('{1,7,40,900}'::int[]) n, deviate d, unnest('{0.0001,0.01,0.2}'::float8[]) tau2,
    LATERAL (SELECT inclusion.funnel_prop(theta, n, p) AS chance, theta + d.z * sqrt(theta * (1 - theta) / n + tau2) AS wide) w
  WHERE NOT pg_temp.near(inclusion.funnel_prop(theta, n, p, tau2), least(1, greatest(0, CASE WHEN p < 0.5 THEN least(chance, wide) ELSE greatest(chance, wide) END))) $$,
  'else those of both variances, never nearer, between 0 and 1');
SELECT is_empty($$ SELECT e, p, tau2 FROM unnest('{0.3,5,80}'::float8[]) e, deviate d, unnest('{0.0001,0.01,0.2,9}'::float8[]) tau2,
    LATERAL (SELECT inclusion.funnel_ratio(e, p) AS chance, 1 + d.z * sqrt(1 / e + tau2) AS wide) w
  WHERE NOT pg_temp.near(inclusion.funnel_ratio(e, p, tau2), CASE WHEN p < 0.5 THEN greatest(0, least(chance, wide)) ELSE greatest(chance, wide) END) $$, 'of a ratio too');
SELECT is(inclusion.funnel_prop(0.5, 0, 0.5, 1), NULL, 'nobody, no limit');
SELECT is(inclusion.funnel_ratio(0, 0.5, 1), NULL, 'nothing expected, no limit');
SELECT is(inclusion.common_spread(array_fill(4::float8, '{9}'), array_fill(0.01::float8, '{9}')), 0::float8, 'nine groups do not push limits away');
SELECT ok(inclusion.common_spread(array_fill(4::float8, '{10}'), array_fill(0.01::float8, '{10}')) > 0.1, 'ten do');
SELECT is(inclusion.common_spread(NULL, NULL), 0::float8, 'none neither');
SELECT ok(pg_temp.near(inclusion.common_spread(z, v), pg_temp.spread(z, v)) AND pg_temp.spread(z, v) > 0, 'by as much as the definition says')
FROM (SELECT array_agg(2 * sin(i)) AS z, array_agg(0.01 + i * 0.001) AS v FROM generate_series(1, 25) i) t;
SELECT is(inclusion.common_spread(z, v), 0::float8, 'less than chance is chance') FROM (SELECT array_agg(0.5 * sin(i)) AS z, array_agg(0.01::float8) AS v FROM generate_series(1, 25) i) t;

-- --- quality -------------------------------------------------------------------------------

CREATE TEMPORARY VIEW centre AS SELECT c.*, c.alpha / (c.alpha + c.beta) AS middle FROM inclusion_data.quality_centre c WHERE c.scope = 'operator' AND c.measure = 'completion';
SELECT ok(pg_temp.near(min(c.spread), pg_temp.spread(array_agg((r.x / 40.0 - c.middle) / sqrt(c.middle * (1 - c.middle) / 40)), array_agg(c.middle * (1 - c.middle) / 40)))
          AND min(c.spread) > 0, 'what structures differ by is kept with their centre')
FROM centre c, run_by r;
SELECT results_eq($$ SELECT structure_id, funnel_low_998, funnel_high_95 FROM pilotage.kpi_operator_quality WHERE measure_label = 'Parcours terminés' ORDER BY 1 $$,
  $$ SELECT r.id, inclusion.funnel_prop(c.middle, 40, 0.001, c.spread), inclusion.funnel_prop(c.middle, 40, 0.975, c.spread) FROM run_by r, centre c ORDER BY 1 $$, 'and in their limits');
SELECT is_empty($$ SELECT q.structure_id FROM pilotage.kpi_operator_quality q, centre c WHERE q.measure_label = 'Parcours terminés' AND q.funnel_low_998 >= inclusion.funnel_prop(c.middle, 40, 0.001) $$, 'which are wider than chance alone');
SELECT set_eq($$ SELECT structure_id FROM pilotage.kpi_operator_quality q, centre c WHERE q.measure_label = 'Parcours terminés' AND (q.observed < inclusion.funnel_prop(c.middle, 40, 0.001) OR q.observed > inclusion.funnel_prop(c.middle, 40, 0.999)) $$,
  '{111,112}'::bigint[], 'chance alone would have singled out two');
SELECT is_empty($$ SELECT structure_id, class FROM pilotage.kpi_operator_quality WHERE measure_label = 'Parcours terminés' AND class <> 'dans l''attendu' $$, 'who are as far as structures are from one another');
SELECT matches((SELECT e.sentence FROM inclusion.explain_quality(operator => 112) e WHERE e.topic = 'outcome'), '^Dans l''attendu : le hasard, et ce dont toutes diffèrent', 'it is explained as it is shown');

-- --- ratios ------------------------------------------------------------------------------------

CREATE TEMPORARY VIEW expected AS SELECT r.id, r.x, sum(r.x) OVER () / 12.0::float8 AS e FROM run_by r;
SELECT ok(bool_and(abs(f.common_spread - o.spread) <= 0.0005) AND min(f.common_spread) > 0, 'the ratios of structures are spread likewise')
FROM pilotage.kpi_funnel f, (SELECT pg_temp.spread(array_agg((x - e) / sqrt(e)), array_agg(1 / e)) AS spread FROM expected) o;
SELECT results_eq($$ SELECT structure_id, people_count, expected_count, ratio, low_95, high_95 FROM pilotage.kpi_funnel ORDER BY 1 $$,
  $$ SELECT e.id, 40::bigint, round(e.e::numeric, 1)::float8, round((x / e.e)::numeric, 2)::float8, round(inclusion.funnel_ratio(e.e, 0.025, o.spread)::numeric, 2)::float8, round(inclusion.funnel_ratio(e.e, 0.975, o.spread)::numeric, 2)::float8
     FROM expected e, (SELECT pg_temp.spread(array_agg((x - e) / sqrt(e)), array_agg(1 / e)) AS spread FROM expected) o ORDER BY 1 $$, 'observed over expected, within both variances');
SELECT is_empty($$ SELECT * FROM pilotage.kpi_funnel WHERE NOT (low_998 < low_95 AND low_95 < 1 AND 1 < high_95 AND high_95 < high_998) $$, '99.8 in 100 wider than 95');
SELECT is_empty($$ SELECT * FROM pilotage.kpi_funnel WHERE class !~ '^(à examiner|dans les limites|trop peu de personnes)$' $$, 'nobody is bad');

SELECT * FROM finish();
ROLLBACK;
