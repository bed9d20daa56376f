-- What is shown today less what was shown before: never the few who came in
-- between, though the facts behind move every day.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\ir impact_world.psql
UPDATE inclusion_data.policy SET count_threshold = 5;
SELECT inclusion.record_need_estimate(t, 2024, 500, 400, 600, 'essai'), inclusion.record_need_estimate(t, 2024, 160, 150, 180, 'essai', 'seniors') FROM unnest('{DEP-27,EPCI-200066389,EPCI-200072312}'::text[]) t;
SELECT inclusion.record_funding(o, '2025-01-01', '2025-12-31', 5000000, 'essai') FROM unnest('{901,902,903}'::bigint[]) o;

-- facts found late, of a few people each time
CREATE FUNCTION pg_temp.find_late(release int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- three more are enrolled a year ago, and come
  INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, birth_year, commune, position_origin, audiences, last_contact_on)
  SELECT 5000 + 10 * release + n, 'DEP-27', 901, 1950, 'COM-27229', 'unknown', '{seniors}', '2026-01-01' FROM generate_series(1, 3) n;
  INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
  SELECT b.perimeter, b.id, 'self', b.structure, date '2025-01-05' + 60 * (b.id % 10)::int, '1' FROM inclusion_data.beneficiary b WHERE b.id / 10 = 500 + release;
  INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
  SELECT 1000 * b.id, b.perimeter, b.id, 901, 901, 901, 1, 0, '2026-12-31' FROM inclusion_data.beneficiary b WHERE b.id / 10 = 500 + release;
  INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, at)
  SELECT p.id, p.perimeter, v.n, v.a, v.b, (SELECT min(a.id) FROM inclusion_data.agent a WHERE a.kind = 'person'), 'person', e.enrolled_on + v.n + time '10:00'
  FROM inclusion_data.proposal p JOIN inclusion_data.enrolment e ON e.beneficiary = p.beneficiary
  CROSS JOIN (VALUES (1, 'none', 'candidate'), (2, 'candidate', 'proposed'), (3, 'proposed', 'agreed'), (4, 'agreed', 'confirmed'), (5, 'confirmed', 'booked'),
                     (6, 'booked', 'attended'), (7, 'attended', 'completed')) AS v (n, a, b)
  WHERE p.beneficiary / 10 = 500 + release;
  -- two who had stopped had not, and two objected
  UPDATE inclusion_data.proposal_step s SET to_state = 'completed'
  WHERE s.to_state = 'stopped' AND s.proposal IN (SELECT t.proposal FROM inclusion_data.proposal_step t WHERE t.to_state = 'stopped' ORDER BY t.proposal LIMIT 2);
  INSERT INTO inclusion_data.purpose_objection (beneficiary, perimeter, purpose, objected_on)
  SELECT 18 * release + n, 'DEP-27', 'statistics', '2026-01-01' FROM generate_series(1, 2) n;
END
$$;
-- released month after month, each time after a few late facts, twice the same day
CREATE TEMPORARY TABLE shown AS SELECT 0 AS release, f.* FROM inclusion_data.figure f WHERE false;
CREATE TEMPORARY TABLE truth AS SELECT 0 AS release, r.* FROM inclusion_data.figure_rows('DEP-27', '2025-01-01', true) r WHERE false;
CREATE FUNCTION pg_temp.release(number int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  day constant date := date '2025-07-10' + 30 * number;
BEGIN
  PERFORM pg_temp.find_late(number);
  PERFORM inclusion.refresh_cube();
  PERFORM inclusion_data.release_figures('DEP-27', day);
  INSERT INTO shown SELECT number, f.* FROM inclusion_data.figure f WHERE f.perimeter = 'DEP-27';
  INSERT INTO truth SELECT number, r.* FROM inclusion_data.figure_rows('DEP-27', day, true) r;
END
$$;
SELECT pg_temp.release(n) FROM generate_series(1, 12) n;
-- the other perimeter, long ago: so many more people, and what is shown of them
CREATE FUNCTION pg_temp.enrol_in_2023(first int, people int, at bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, position_origin, last_contact_on)
  SELECT 9000 + first + n, 'DEP-74', enrol_in_2023.at, 'unknown', '2026-01-01' FROM generate_series(1, people) n;
  INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
  SELECT 'DEP-74', 9000 + first + n, 'self', enrol_in_2023.at, '2023-02-01', '1' FROM generate_series(1, people) n;
  PERFORM inclusion.refresh_cube('DEP-74'), inclusion_data.release_figures('DEP-74', date '2026-08-01' + first);
  RETURN (SELECT f.people FROM inclusion_data.figure f WHERE f.perimeter = 'DEP-74' AND f.period = '2023-01-01' AND f.indicator = 'I16' AND f.dimension = 'total');
END
$$;
CREATE FUNCTION pg_temp.tried_again() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  masked bigint;
  desk constant bigint := (SELECT max(s.id) FROM inclusion_data.structure s WHERE s.perimeter = 'DEP-74' AND s.id < 900);
BEGIN
  PERFORM pg_temp.enrol_in_2023(0, 3, 903);
  masked := (SELECT count(*) FROM inclusion_data.figure f WHERE f.perimeter = 'DEP-74' AND f.period = '2023-01-01' AND f.indicator = 'I16' AND f.dimension = 'operator' AND f.code = '903' AND f.is_masked);
  UPDATE inclusion_data.enrolment SET structure = desk WHERE perimeter = 'DEP-74' AND enrolled_on = '2023-02-01';
  RETURN format('%s masked, then %s people', masked, pg_temp.enrol_in_2023(20, 9, desk));
END
$$;
\o
SELECT plan(16);

CREATE FUNCTION pg_temp.few(VARIADIC counts bigint[]) RETURNS boolean LANGUAGE sql AS $$ SELECT coalesce(bool_or(abs(c) BETWEEN 1 AND 4), false) FROM unnest(counts) c $$;
CREATE TEMPORARY VIEW moved AS
SELECT b.release, b.indicator, b.period, b.dimension, b.code, b.measure, a.people AS before, b.people AS after, a.value AS value_before, b.value AS value_after
FROM shown a JOIN shown b ON b.release > a.release AND (b.indicator, b.period, b.dimension, b.code, b.measure) = (a.indicator, a.period, a.dimension, a.code, a.measure)
WHERE b.indicator <> 'I11';

-- --- quarters ---------------------------------------------------------------------------

SELECT cmp_ok((SELECT count(DISTINCT (indicator, period)) FROM shown WHERE NOT is_masked), '>', 20::bigint, 'indicators of many quarters were shown');
SELECT isnt_empty($$ SELECT FROM truth a JOIN truth b ON b.release = a.release + 1 AND (b.indicator, b.period, b.dimension, b.code, b.measure) = (a.indicator, a.period, a.dimension, a.code, a.measure)
  WHERE a.indicator = 'I05' AND pg_temp.few(b.n - a.n, b.x - a.x) $$, 'behind them counts moved by a few people');
SELECT is_empty($$ SELECT * FROM moved m JOIN inclusion_data.indicator i ON i.code = m.indicator AND i.stage <> 'territory'
  WHERE (m.before, m.value_before) IS DISTINCT FROM (m.after, m.value_after) $$, 'and what was shown of a quarter never did');
SELECT is_empty($$ SELECT s.population, s.period FROM shown s JOIN inclusion_data.indicator i ON i.code = s.indicator AND i.stage <> 'territory' GROUP BY 1, 2
  HAVING count(DISTINCT s.released_on) FILTER (WHERE NOT s.is_masked) > 1 OR count(DISTINCT s.indicator) FILTER (WHERE NOT s.is_masked) > 0 AND
         (SELECT count(DISTINCT t.released_on) FROM shown t WHERE t.release = 12 AND t.population = s.population AND t.period = s.period) > 1 $$,
  'all who count the same people of a quarter were released the same day');
SELECT is_empty($$ SELECT a.period, a.dimension, a.code FROM shown a JOIN shown b ON (b.release, b.population, b.period, b.dimension, b.code) = (a.release, a.population, a.period, a.dimension, a.code)
  WHERE a.population IN ('venues', 'inscrites') AND a.people <> b.people $$, 'and count as many: none is had from two of them');
SELECT is_empty($$ SELECT s.indicator, s.period, s.released_on FROM shown s JOIN inclusion_data.indicator i ON i.code = s.indicator AND i.stage <> 'territory'
  WHERE s.period + interval '3 months' + make_interval(days => i.maturity_days) > s.released_on $$, 'once old enough');
SELECT is_empty($$ SELECT s.population, s.period FROM shown s JOIN shown b USING (population, period, indicator, dimension, code, measure) WHERE s.id <> b.id AND s.indicator NOT IN ('I07', 'I12', 'I11') $$,
  'each under a number of its own');
-- facts of a quarter that nobody has seen are in it
SELECT is((SELECT t.n FROM truth t JOIN shown s USING (release, indicator, period, dimension, code, measure) WHERE t.release = 12 AND indicator = 'I05' AND dimension = 'total' AND measure = 'terminés' AND s.released_on = date '2025-07-10' + 360),
  (SELECT s.people FROM shown s WHERE s.release = 12 AND indicator = 'I05' AND dimension = 'total' AND measure = 'terminés' AND s.released_on = date '2025-07-10' + 360), 'what is released for the first time is the truth of that day');

-- nothing was shown of a quarter: it is tried again, and cells that are gone go
SELECT is(pg_temp.tried_again(), '1 masked, then 12 people', 'a quarter of which nothing was shown is tried again');
SELECT is((SELECT count(*) FROM inclusion_data.figure f WHERE f.perimeter = 'DEP-74' AND f.period = '2023-01-01' AND f.code = '903'), 0::bigint, 'and what was hidden in a cell that is there no more is gone');
SELECT is(pg_temp.enrol_in_2023(30, 3, 903), 12::bigint, 'then it stands');

-- --- since ever ---------------------------------------------------------------------------

SELECT is_empty($$ SELECT release, indicator, code, people FROM shown WHERE indicator IN ('I07', 'I12') AND (people % 5 <> 0 OR entered IS NOT NULL) $$, 'what is counted since ever moves by as many people as may be shown');
SELECT is_empty($$ SELECT release, code, value, expected FROM shown WHERE indicator = 'I12' AND NOT is_masked AND value > 0 AND (expected - value)::int % 5 <> 0 $$, 'and need left without an answer with it');
SELECT is_empty($$ SELECT a.release, a.code FROM shown a JOIN shown b ON b.release = a.release + 1 AND (b.indicator, b.period, b.code, b.measure) = (a.indicator, a.period, a.code, a.measure)
  WHERE a.indicator IN ('I07', 'I12') AND (a.people, a.value) IS DISTINCT FROM (b.people, b.value) $$, 'once a quarter');
SELECT inclusion.record_need_estimate('EPCI-200066389', 2024, 700, 600, 800, 'essai revu') AS estimate,
       inclusion_data.release_figures('DEP-27', date '2025-07-10' + 360) AS again \gset
SELECT results_eq($$ SELECT code, expected FROM inclusion_data.figure WHERE indicator = 'I12' AND perimeter = 'DEP-27' ORDER BY code $$,
  $$ VALUES ('DEP-27', 500::float8), ('EPCI-200066389', 700), ('EPCI-200072312', 500) $$, 'or at once when an estimate has changed');
SELECT is((SELECT count(DISTINCT period) FROM inclusion_data.figure WHERE indicator IN ('I07', 'I11', 'I12') AND perimeter = 'DEP-27'), 1::bigint, 'of which the last word alone is kept');

SELECT * FROM finish();
ROLLBACK;
