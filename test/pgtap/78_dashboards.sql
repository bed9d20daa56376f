-- What a dashboard may count on, whatever the registry holds: every view answers,
-- says nothing of one person, never NaN nor infinite, and every figure comes with
-- its number, its interval and its day.
BEGIN;
\set ECHO none
\o /dev/null
CREATE EXTENSION inclusion;
CALL inclusion.setup();
CREATE TEMPORARY VIEW shown AS SELECT c.oid, c.relname FROM pg_class c WHERE c.relnamespace = 'pilotage'::regnamespace AND c.relkind = 'v';
CREATE TEMPORARY VIEW shown_column AS SELECT v.relname, a.attname, a.atttypid::regtype::text AS type FROM shown v JOIN pg_attribute a ON a.attrelid = v.oid AND a.attnum > 0 AND NOT a.attisdropped;
-- every row of a view, or why there is none
CREATE FUNCTION pg_temp.rows_of(relname name) RETURNS TABLE (line jsonb) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT to_jsonb(v) FROM pilotage.%I v', relname);
EXCEPTION WHEN OTHERS THEN
  RETURN QUERY SELECT jsonb_build_object('error', SQLSTATE || ' ' || SQLERRM);
END
$$;
CREATE FUNCTION pg_temp.count_all() RETURNS void LANGUAGE sql AS $$
  SELECT inclusion.refresh_cube(), inclusion.refresh_quality(), inclusion.release_figures()
$$;
CREATE TEMPORARY VIEW said AS SELECT v.relname, r.line FROM shown v CROSS JOIN LATERAL pg_temp.rows_of(v.relname) r;
CREATE TEMPORARY VIEW odd AS SELECT s.relname, e.key, e.value FROM said s CROSS JOIN LATERAL jsonb_each_text(s.line) e WHERE e.value ~ '^"?-?(NaN|Infinity)"?$' OR e.key = 'error';
-- a column that counts people, or what they did: any that counts nothing else
CREATE FUNCTION pg_temp.counts_people(name text) RETURNS boolean LANGUAGE sql AS $$
  SELECT name ~ '_count$' AND name !~ '^(free_seat|attempt|unconfirmed_offer|counted_offer|learn_offer|rights_offer|commune|unmet_commune|estimate)_count$'
$$;
\o
SELECT plan(21);

-- --- nothing -------------------------------------------------------------------------

SELECT is_empty('TABLE odd', 'before any territory, every view answers');
SELECT isnt_empty('SELECT FROM shown', 'there are views');
\o /dev/null
\ir world_of_one.psql
\o
SELECT lives_ok('SELECT pg_temp.count_all()', 'a perimeter where nobody is can be counted');
SELECT is_empty('TABLE odd', 'and every view answers');
SELECT is_empty($$ SELECT v.code, i.code, b FROM inclusion_data.perimeter v, inclusion_data.indicator i, unnest('{total,commune,epci,department,region,public,competence,operator,programme}'::text[]) b,
    LATERAL inclusion.indicator_values(i.code, v.code, NULL, b) f WHERE f.value::text ~ 'NaN|Infinity' OR f.n > 0 $$, 'no indicator finds anybody there, nor divides by them');
SELECT is_empty($$ SELECT line FROM said WHERE relname ~ '^map_' AND line ? 'outreach' AND line ->> 'outreach' NOT IN ('non prospecté', 'sans estimation') $$, 'nobody met is said to be nobody met');

-- --- one person -----------------------------------------------------------------------

SELECT pg_temp.meet_one();
SELECT lives_ok('SELECT pg_temp.count_all()', 'one person can be counted');
SELECT is_empty('TABLE odd', 'and every view answers');
SELECT isnt_empty($$ SELECT FROM inclusion_data.cube_person WHERE stage = 'mediation' $$, 'who came');
SELECT is_empty($$ SELECT s.relname, e.key, e.value FROM said s CROSS JOIN LATERAL jsonb_each_text(s.line) e
  WHERE s.relname !~ '^fact_' AND pg_temp.counts_people(e.key) AND e.value::numeric BETWEEN 0.0001 AND 10 $$, 'no view counts them');
SELECT is_empty($$ SELECT i.code, b FROM inclusion_data.indicator i, unnest('{total,epci,public,competence,operator,programme}'::text[]) b,
    LATERAL inclusion.indicator_values(i.code, 'DEP-27', NULL, b) f WHERE f.value::text ~ 'NaN|Infinity' OR f.low::text ~ 'NaN|Infinity' OR f.high::text ~ 'NaN|Infinity' $$, 'no indicator divides by what one person lacks');
SELECT cmp_ok((SELECT sum(f.n) FROM inclusion_data.indicator i, LATERAL inclusion.indicator_values(i.code, 'DEP-27') f), '>', 5::numeric, 'though most count them');
SELECT is_empty($$ SELECT f.indicator, f.measure FROM inclusion_data.figure f WHERE f.people BETWEEN 1 AND 10 OR NOT f.is_masked AND f.people = 0 AND f.value IS NOT NULL AND f.indicator NOT IN ('I07', 'I12') $$, 'and no released figure is theirs');

-- --- what every view of figures promises ------------------------------------------------

SELECT is_empty($$ SELECT v.relname FROM shown v WHERE EXISTS (SELECT FROM shown_column c WHERE c.relname = v.relname AND c.attname = 'people_count') AND v.relname !~ '^fact_'
  AND NOT EXISTS (SELECT FROM shown_column c WHERE c.relname = v.relname AND c.attname IN ('is_masked', 'people_masked')) $$, 'a number of people comes with its flag');
CREATE TEMPORARY TABLE estimator (relname text PRIMARY KEY, value text, low text, high text, day text);
INSERT INTO estimator VALUES
  ('kpi_impact', 'value', 'low', 'high', 'released_on'), ('kpi_rights_bridge', 'value', 'low', 'high', 'released_on'), ('kpi_outcome_funding', 'euros_per_outcome', 'low', 'high', 'released_on'),
  ('kpi_reach', 'reached_share', 'low', 'high', 'released_on'), ('kpi_unmet_need', 'unmet_count', 'low', 'high', 'released_on'), ('map_unmet_need', 'unmet_count', 'low', 'high', 'released_on'),
  ('map_impact', 'value', 'low', 'high', 'released_on'), ('kpi_funnel', 'ratio', 'low_95', 'high_95', 'released_on'), ('kpi_autonomy_transition', 'to_share', 'low', 'high', 'as_of'),
  ('kpi_offer_quality', 'estimate', 'estimate_low', 'estimate_high', 'as_of'), ('kpi_operator_quality', 'estimate', 'estimate_low', 'estimate_high', 'as_of'),
  -- a curve, whose steps are its interval
  ('kpi_waiting_curve', 'reached_share', NULL, NULL, 'released_on'),
  -- nobody is sampled: places, and all who live there
  ('kpi_access', 'seats_per_thousand', NULL, NULL, 'released_on'), ('map_access', 'seats_per_thousand', NULL, NULL, 'released_on');
SELECT is_empty($$ SELECT e.relname, n FROM estimator e, unnest(ARRAY[e.value, e.low, e.high, e.day]) n WHERE n IS NOT NULL
  AND NOT EXISTS (SELECT FROM shown_column c WHERE c.relname = e.relname AND c.attname = n) $$, 'every figure has its interval and its day');
SELECT is_empty($$ SELECT e.relname FROM estimator e WHERE NOT EXISTS (SELECT FROM shown_column c WHERE c.relname = e.relname AND c.attname IN ('people_count', 'fact_count', 'population')) $$, 'and the number it is of');
SELECT is_empty($$ SELECT DISTINCT w.ev_class::regclass FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refobjid = 'inclusion_data.figure'::regclass
  JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND a.attname IN ('people', 'value')
  WHERE w.ev_class::regclass::text NOT IN (SELECT 'pilotage.' || e.relname FROM estimator e) $$, 'no view shows a released figure and is not in this list');
SELECT is_empty($$ SELECT v.relname FROM shown v WHERE v.relname ~ '^(map_(unmet_need|access|impact|scarcity|blind_spot)|kpi_(reach|unmet_need|access|enrolment_coverage|scarcity))$'
  AND NOT EXISTS (SELECT FROM shown_column c WHERE c.relname = v.relname AND c.attname IN ('outreach', 'class')) $$, 'a map of need says where nobody was met');
SELECT is_empty($$ SELECT v.relname FROM shown v WHERE v.relname IN ('map_unmet_need', 'map_access', 'map_impact', 'kpi_unmet_need', 'kpi_access')
  AND NOT EXISTS (SELECT FROM shown_column c WHERE c.relname = v.relname AND c.attname = 'enrolment_coverage_share') $$, 'and how much of it was met');
SELECT is_empty($$ SELECT n.label FROM inclusion_data.indicator n WHERE n.stage = 'mediation' AND n.code IN ('I01', 'I03', 'I10') AND n.label !~ 'sans groupe témoin' $$, 'a gain says that nobody was there to compare');
SELECT is_empty($$ SELECT relname, attname FROM shown_column WHERE relname ~ 'operator|funnel' AND attname ~ 'rank|position' $$, 'nobody is ranked');

SELECT * FROM finish();
ROLLBACK;
