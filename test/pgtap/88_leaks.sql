-- Side doors: what can be learnt of people without reading their rows.  The
-- desk of Évreux sees three people; Annecy has three others, one of them
-- notable, whom nothing the desk may run can tell from nobody.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\o
SELECT plan(61);

CREATE ROLE analyst IN ROLE inclusion_analyst;
CREATE ROLE importer IN ROLE inclusion_import;
CREATE ROLE lead IN ROLE inclusion_steward;
INSERT INTO inclusion_data.access_grant (role_name, perimeter) VALUES ('lead', 'DEP-27');
-- numbers that no SQLSTATE contains
ALTER SEQUENCE inclusion_data.beneficiary_id_seq RESTART 515150;
SELECT inclusion.enrol(:desk, first_name => 'Visible', last_name => 'Ici', birth_year => 1950, enrolled_on => '2026-01-10') AS mine \gset
SELECT inclusion.enrol(:desk, birth_year => 1951, commune => 'COM-27229') AS mine_too, inclusion.enrol(:desk) AS mine_also \gset
SELECT inclusion.enrol(:other_desk, first_name => 'Cachée', last_name => 'Ailleurs', birth_year => 1907, commune => 'COM-74010', phone => '06 39 98 00 07',
         audiences => '{seniors}', max_distance => 7777) AS hidden,
       inclusion.enrol(:other_desk, birth_year => 1908) AS hidden_too, inclusion.enrol(:other_desk, birth_year => 1908) AS hidden_also \gset
SELECT inclusion.express_need(:hidden, target => 'pix{1.1=3}') AS hidden_need, inclusion.assess(:hidden, 'pix{1.1=1}') AS hidden_finding \gset
-- enough people, of one year of birth, for the planner to remember it
INSERT INTO inclusion_data.beneficiary (perimeter, structure, birth_year, position_origin, last_contact_on)
SELECT 'DEP-74', :other_desk, 1909, 'unknown', '2026-01-10' FROM generate_series(1, 300);
ANALYZE inclusion_data.beneficiary, inclusion_data.identity, inclusion_data.accommodation_need, inclusion_data.assessment, inclusion_data.enrolment;

-- What a statement answers to somebody: its first value, or all of its error
CREATE FUNCTION pg_temp.ask(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
  detail text;
  hint text;
BEGIN
  PERFORM set_config('role', who, true);
  EXECUTE statement INTO answer;
  RAISE EXCEPTION USING ERRCODE = 'P9999', MESSAGE = coalesce(answer, 'nothing');
EXCEPTION
  WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
  WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE, SQLERRM, detail, hint);
END
$$;
-- The same question about somebody hidden and about nobody: %s is the number
CREATE FUNCTION pg_temp.same(hidden bigint, question text, OUT of_hidden text, OUT of_nobody text) LANGUAGE plpgsql AS $$
BEGIN
  of_hidden := replace(pg_temp.ask('desk_agent', format(question, hidden)), hidden::text, '#');
  of_nobody := replace(pg_temp.ask('desk_agent', format(question, 424242)), '424242', '#');
END
$$;

-- --- answers that policies believe -----------------------------------------------

SELECT matches(pg_temp.ask('desk_agent', $$ SELECT inclusion.keep('perimeters', 'desk_agent', '{DEP-74}'::text[]) $$), '^42501',
  'nobody has an answer of their own kept');

-- --- cheap functions in WHERE ------------------------------------------------

CREATE FUNCTION pg_temp.peek(value text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$
BEGIN
  PERFORM set_config('test.seen', concat_ws(' ', current_setting('test.seen', true), value), false);
  RETURN true;
END
$$;
CREATE FUNCTION pg_temp.seen(who text, relation text, value text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('test.seen', '', false);
  PERFORM set_config('role', who, true);
  EXECUTE format('SELECT count(*) FROM %s WHERE pg_temp.peek(%s)', relation, value);
  PERFORM set_config('role', 'none', true);
  RETURN current_setting('test.seen');
EXCEPTION WHEN insufficient_privilege THEN RETURN SQLSTATE;
END
$$;
SELECT unalike(pg_temp.seen('desk_agent', 'inclusion_data.beneficiary', 'birth_year::text'), '%190%', 'a cheap function in WHERE sees no hidden person');
SELECT matches(pg_temp.seen('desk_agent', 'inclusion_data.beneficiary', 'birth_year::text'), '1950', 'and sees the others');
SELECT is(pg_temp.seen('desk_agent', 'inclusion_data.identity', 'beneficiary::text'), ' ' || :mine, 'nor a hidden name''s number');
SELECT is(pg_temp.seen('desk_agent', 'inclusion_data.assessment', 'beneficiary::text'), '', 'nor a hidden assessment');
INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, verified, started_at, finished_at, counters)
VALUES (9001, '2026-03-01', '{DEP-27,DEP-74}', 'published', 'done', true, now(), now(), '{"offers_unconfirmed": 2}');
INSERT INTO inclusion_data.active_list_pointer VALUES ('DEP-27', 1, 9001, now()), ('DEP-74', 1, 9001, now());
INSERT INTO inclusion_data.active_list (slot, perimeter, beneficiary, run, rank, grade, waiting_days, priority, outcome, reason) VALUES
  (1, 'DEP-27', :mine, 9001, 1, 0, 11, 11, 'waiting', 'all_full'), (1, 'DEP-74', :hidden, 9001, 1, 3, 222, 222, 'waiting', 'all_full');
SELECT is(pg_temp.seen('desk_agent', 'pilotage.fact_active_list', 'id::text'), ' ' || :mine, 'a nominative view hides from it the same');
SELECT is(pg_temp.seen('analyst', 'pilotage.kpi_waiting', 'concat(people_count, median_days)'), '  ', 'a released view gives it nothing that is masked');
SELECT is(pg_temp.seen('analyst', 'pilotage.fact_active_list', 'id::text'), '42501', 'and a nominative one nothing at all to the analyst');

-- --- errors as an answer -------------------------------------------------------

SELECT is(pg_temp.ask('desk_agent', 'SELECT count(*) FROM inclusion_data.beneficiary WHERE ' || c), '3', 'a condition that would fail on a hidden row does not: ' || c)
  FROM (VALUES ('1 / (birth_year - 1907) IS NOT NULL OR true'), ('1 / (coalesce(birth_year, 0) - 1907) < 2'),
               ('(CASE birth_year WHEN 1907 THEN ''x'' ELSE ''0'' END)::int = 0'), ('sqrt(7776 - coalesce(max_distance, 0)) > 0')) v (c);
SELECT alike(pg_temp.ask('desk_agent', 'SELECT count(*) FROM inclusion_data.beneficiary WHERE 1 / (coalesce(birth_year, 0) - 1950) < 2'), '22012%', 'where on a visible one it does');
SELECT is(pg_temp.ask('desk_agent', 'SELECT count(*) FROM inclusion_data.assessment WHERE inclusion.level(vector, ''9.9'') > 0'), '0', 'nor do our own functions');
SELECT is(pg_temp.ask('analyst', 'SELECT count(*) FROM pilotage.kpi_waiting WHERE 1 / coalesce(people_count, 1) = 1 AND 1 / coalesce(median_days, 1) = 1'), '2', 'nor does a masked count');

-- --- keys as an answer ---------------------------------------------------------

SELECT is(of_hidden, of_nobody, 'the same answer for somebody hidden and for nobody: ' || question)
  FROM unnest(ARRAY[
    'INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector) VALUES (''DEP-74'', %s, ''declared'', ''2026-01-20'', ''pix{1.1=1}'')',
    'INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector) VALUES (''DEP-27'', %s, ''declared'', ''2026-01-20'', ''pix{1.1=1}'')',
    'INSERT INTO inclusion_data.identity (beneficiary, perimeter, first_name, last_name) VALUES (%s, ''DEP-74'', ''A'', ''B'')',
    'INSERT INTO inclusion_data.identity (beneficiary, perimeter, first_name, last_name) VALUES (%s, ''DEP-74'', ''A'', ''B'') ON CONFLICT DO NOTHING',
    'INSERT INTO inclusion_data.accommodation_need VALUES (%s, ''DEP-74'', ''large_print'')',
    'INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version) SELECT ''DEP-74'', %s, ''desk'', id, ''2026-01-20'', ''1'' FROM inclusion_data.structure WHERE perimeter = ''DEP-74''',
    'INSERT INTO inclusion_data.referent (beneficiary, perimeter, agent, since) VALUES (%s, ''DEP-74'', 1, ''2026-01-20'')',
    'INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on) VALUES (''DEP-74'', %s, ''pix{1.1=3}'', ''2026-01-20'')',
    'INSERT INTO inclusion_data.file_opening (beneficiary, perimeter) VALUES (%s, ''DEP-74'')',
    'UPDATE inclusion_data.beneficiary SET birth_year = NULL WHERE id = %s RETURNING id',
    'SELECT inclusion.read_person_file(%s)', 'SELECT count(*) FROM inclusion.read_contacts(ARRAY[%s])', 'SELECT inclusion.need_of(%s)',
    'SELECT count(*) FROM inclusion.matches(%s)', 'SELECT inclusion.withdraw(%s)', 'SELECT inclusion.assess(%s, ''pix{1.1=1}'')',
    'SELECT inclusion.express_need(%s, ''right_now'')', 'SELECT inclusion.perimeter_of(%s)', 'SELECT inclusion.accept(%s)']) question,
  LATERAL pg_temp.same(:hidden, question);
-- a name known elsewhere is enrolled as any other
SELECT matches(pg_temp.ask('desk_agent', format('SELECT inclusion.enrol(%s, first_name => ''Cachée'', last_name => ''Ailleurs'', phone => ''06 39 98 00 07'')', :desk)), '^[0-9]+$',
  'enrolling a person known elsewhere says nothing of it');

-- --- statistics, plans, sequences ------------------------------------------------

SELECT is(pg_temp.ask('desk_agent', $$ SELECT count(*) FROM pg_stats WHERE schemaname = 'inclusion_data' AND tablename IN
  (SELECT c.relname FROM pg_class c WHERE c.relrowsecurity AND c.relnamespace = 'inclusion_data'::regnamespace) $$), '0', 'no statistics of a table about people are shown');
SELECT is(pg_temp.ask('desk_agent', $$ SELECT count(*) FROM pg_stats_ext_exprs WHERE schemaname = 'inclusion_data' $$), '0', 'nor extended ones');
CREATE FUNCTION pg_temp.planned(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN substring(pg_temp.ask(who, 'EXPLAIN ' || statement) FROM 'rows=[0-9]+');
END
$$;
SELECT is(pg_temp.planned('desk_agent', format('SELECT FROM inclusion_data.beneficiary WHERE %s = ', c) || known),
          pg_temp.planned('desk_agent', format('SELECT FROM inclusion_data.beneficiary WHERE %s = ', c) || other),
          'a plan counts the same whatever ' || c || ' it is asked for')
  FROM (VALUES ('birth_year', '1909', '1938'), ('commune', '''COM-74010''', '''COM-27016'''), ('max_distance', '7777', '1234')) v (c, known, other);
SELECT is_empty($$ SELECT c.relname, who FROM pg_class c, unnest('{desk_agent,analyst}'::name[]) who
  WHERE c.relkind = 'S' AND c.relnamespace = 'inclusion_data'::regnamespace
    AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege(who, c.oid, 'SELECT, USAGE') END $$,
  'nobody reads or draws from a sequence of people');
SELECT is(pg_temp.ask('analyst', 'SELECT count(last_value) FROM pg_sequences WHERE schemaname = ''inclusion_data'''), '0', 'nor through the catalogue');
SELECT is_empty($$ SELECT oid::regclass FROM pg_class WHERE relkind = 'm' AND relnamespace::regnamespace::text IN ('inclusion_data', 'pilotage') $$, 'there is no materialized view: they know no row-level security');

-- --- released views -----------------------------------------------------------------

-- An error of the night may quote a row
UPDATE inclusion_data.run SET state = 'failed', error_state = '22P02', error_message = 'invalid input syntax: "Cachée Ailleurs"' WHERE id = 9001;
SELECT unalike(pg_temp.ask('analyst', 'SELECT string_agg(j::text, '' '') FROM pilotage.job_progress j'), '%Cachée%', 'what a night failed on is not shown');
SELECT alike(pg_temp.ask('analyst', 'SELECT error_sentence FROM pilotage.job_progress'), '%22P02%', 'its code is');
SELECT alike(pg_temp.ask('importer', 'SELECT error_message FROM inclusion_data.run'), '42501%', 'nor is it read in the table of nights');
UPDATE inclusion_data.run SET state = 'published', error_state = NULL, error_message = NULL WHERE id = 9001;

SELECT alike(pg_temp.ask('lead', 'SELECT error_message FROM inclusion_data.run'), '42501%', 'not even by a lead');

-- A plan tells how many rows each step read: none of the analyst's may read people
CREATE FUNCTION pg_temp.read_by(who text, query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  plan jsonb;
BEGIN
  PERFORM set_config('role', who, true);
  EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON) ' || query INTO plan;
  PERFORM set_config('role', 'none', true);
  RETURN QUERY SELECT DISTINCT n #>> '{}' FROM jsonb_path_query(plan, 'strict $.**."Relation Name"') n;
END
$$;
CREATE TEMPORARY VIEW of_people AS
SELECT c.relname::text FROM pg_class c WHERE c.relrowsecurity AND c.relnamespace = 'inclusion_data'::regnamespace UNION VALUES ('anonymous_enrolment'), ('objection');
SELECT is_empty($$ SELECT v.oid::regclass, r FROM pg_class v, pg_temp.read_by('analyst', 'SELECT * FROM ' || v.oid::regclass) r
  WHERE v.relkind = 'v' AND v.relnamespace = 'pilotage'::regnamespace AND has_table_privilege('analyst', v.oid, 'SELECT') AND r IN (TABLE of_people) $$,
  'no plan of a released view counts people');
CREATE VIEW pilotage.kpi_probe AS SELECT count(*) AS id FROM inclusion_data.beneficiary;
GRANT SELECT ON pilotage.kpi_probe TO inclusion_analyst;
SELECT is((SELECT string_agg(r, ' ') FROM pg_temp.read_by('analyst', 'SELECT * FROM pilotage.kpi_probe') r), 'beneficiary', 'where a view that does is found out');
DROP VIEW pilotage.kpi_probe;

-- What a part leaves of a whole is a part
SELECT is(inclusion_data.least_part(whole, VARIADIC parts), least::bigint, format('of %s, %s: %s', whole, parts, least)) FROM (VALUES
  (20, '{18,15}'::bigint[], 2), (20, '{12,11}', 8), (20, '{20,12}', 8), (20, '{20}', 20), (20, '{0,12}', 0), (40, '{20,15}', 15)) v (whole, parts, least);

-- Who objects, or whose data are contested, is counted nowhere
CREATE FUNCTION pg_temp.counted() RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', (SELECT people_count FROM pilotage.kpi_active_list WHERE perimeter = 'DEP-27'), (SELECT people_count FROM pilotage.kpi_waiting WHERE perimeter = 'DEP-27'),
                   (SELECT outreach FROM pilotage.map_blind_spot WHERE commune_code = '27016'))
$$;
CREATE TEMPORARY TABLE crowd AS SELECT inclusion.enrol(:desk, commune => 'COM-27016') AS id FROM generate_series(1, 12);
DELETE FROM inclusion_data.active_list WHERE perimeter = 'DEP-27';
INSERT INTO inclusion_data.active_list (slot, perimeter, beneficiary, run, rank, grade, waiting_days, priority, outcome, reason) SELECT 1, 'DEP-27', id, 9001, id, 0, 11, 11, 'waiting', 'all_full' FROM crowd;
SELECT is(pg_temp.counted(), '12 12 prospecté', 'twelve people are counted');
INSERT INTO inclusion_data.purpose_objection SELECT min(id), 'DEP-27', 'statistics', current_date FROM crowd;
SELECT is(pg_temp.counted(), '11 11 prospecté', 'eleven when one objects');
INSERT INTO inclusion_data.restriction SELECT max(id), 'DEP-27', 'conteste', current_date FROM crowd;
SELECT is(pg_temp.counted(), 'peu prospecté', 'and when another contests, they are too few');
DELETE FROM inclusion_data.restriction;
DELETE FROM inclusion_data.purpose_objection;
INSERT INTO inclusion_data.purpose_objection SELECT id, 'DEP-27', 'statistics', current_date FROM crowd;
SELECT is(pg_temp.counted(), 'non prospecté', 'with nobody counted, nobody was reached');

-- Subtraction: lists of three grades, of every small size and outcome.  Whatever
-- two views show of one list, no hidden figure is the rest of shown ones.
CREATE FUNCTION pg_temp.left_alone(sizes int[], waits int[], oriented int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  DELETE FROM inclusion_data.active_list;
  INSERT INTO inclusion_data.active_list (slot, perimeter, beneficiary, run, rank, grade, waiting_days, priority, outcome, reason)
  SELECT 1, 'DEP-27', 1000 * g + n, 9001, 1000 * g + n, g - 1, n, n,
         CASE WHEN n <= waits[g] THEN 'waiting' WHEN g = 1 AND n <= waits[g] + oriented THEN 'oriented' ELSE 'proposed' END, 'all_full'
  FROM generate_series(1, 3) g, generate_series(1, sizes[g]) n;
  SELECT string_agg(v.leak, ', ') INTO answer FROM pilotage.kpi_active_list k
  CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE w.people_count IS NULL) AS hidden, count(*) FILTER (WHERE w.waiting_count IS NULL) AS hidden_waiting,
                             sum(w.people_count) AS people, sum(w.waiting_count) AS waiting,
                             min(w.people_count) AS least, min(w.waiting_count) AS least_waiting,
                             min(w.people_count - w.waiting_count) AS least_served,
                             count(*) FILTER (WHERE w.people_count IS NULL AND w.median_days IS NOT NULL) AS bare_medians FROM pilotage.kpi_waiting w WHERE w.perimeter = k.perimeter) w
  CROSS JOIN LATERAL (VALUES
    ('one grade', w.hidden = 1 AND k.people_count IS NOT NULL), ('the waiting of one grade', w.hidden_waiting = 1 AND k.waiting_count IS NOT NULL),
    ('the total', k.people_count IS NULL AND w.hidden = 0), ('the total of a small list', k.people_count < 11),
    ('a small grade', w.least < 11), ('a small wait', w.least_waiting < 11), ('few served', w.least_served < 11),
    ('a part of the list', least(k.proposed_count, k.oriented_count, k.waiting_count) < 11),
    ('one part of the list', num_nulls(k.proposed_count, k.oriented_count, k.waiting_count) = 1),
    -- a median says something of how many
    ('a median beside no number', w.bare_medians > 0),
    -- the other view gives the waiting: what is left must be two parts, together large enough
    ('few placed', k.people_count - w.waiting < 11 AND w.hidden_waiting = 0)) v (leak, found)
  WHERE k.perimeter = 'DEP-27' AND v.found;
  RETURN answer;
END
$$;
SELECT is_empty($$
  SELECT a, b, c, x, y, o, found.leak
    FROM unnest('{0,3,11,30}'::int[]) a, unnest('{0,10,25}'::int[]) b, unnest('{0,4,40}'::int[]) c, unnest('{0,14}'::int[]) x,
         unnest('{0,12}'::int[]) y, unnest('{0,12}'::int[]) o,
         LATERAL (SELECT pg_temp.left_alone(ARRAY[a, b, c], ARRAY[least(x, a), least(y, b), least(12, c)], o) AS leak OFFSET 0) found
   WHERE found.leak IS NOT NULL
$$, 'no hidden count of the list is had by subtraction');
DELETE FROM inclusion_data.active_list;
SELECT is_empty($$ SELECT c.attname FROM pg_attribute c WHERE c.attrelid = 'pilotage.map_blind_spot'::regclass AND c.attname ~ '_count$' $$, 'the map of blind spots holds no count of people');

SELECT * FROM finish();
ROLLBACK;
