-- Old nights: what goes, what stays, batch after batch; and what a scheduler is
-- told to call.  The procedures that commit are tried in test/t/055_rights.pl.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\o
SELECT plan(25);
CREATE ROLE test_night IN ROLE inclusion_night;
CREATE ROLE test_dpo IN ROLE inclusion_dpo;
SELECT inclusion.enrol(:desk) AS ada, inclusion.enrol(:desk) AS ivo, inclusion.enrol(:other_desk) AS zoe \gset
SELECT inclusion.register_offer('Atelier', :desk, teaches => 'pix{1.1=2}', longitude => 1.15, latitude => 49.02) AS offer \gset
SELECT inclusion.open_session(:offer, now() + interval '3 days', now() + interval '3 days 2 hours', 8) AS session \gset

-- Nights, by their age in days: six months are 181 to 184
CREATE FUNCTION pg_temp.night(id bigint, age int, perimeters text[], state text DEFAULT 'published') RETURNS void LANGUAGE sql AS $$
  INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, verified, started_at, finished_at)
  VALUES (id, current_date - age, perimeters, state, CASE state WHEN 'published' THEN 'done' ELSE 'compute' END, state = 'published', now(), CASE WHEN state <> 'running' THEN now() END);
  INSERT INTO inclusion_data.run_offer (run, offer, capacity_kind, unconfirmed, pool, capacity, sessions) SELECT id, n, 'seats', false, n, 5, 1 FROM generate_series(1, 2) n;
  INSERT INTO inclusion_data.run_session SELECT id, n, n, 5, 0, current_date FROM generate_series(1, 2) n;
  INSERT INTO inclusion_data.run_holder VALUES (id, 1, 0, 2);
  INSERT INTO inclusion_data.run_cutoff VALUES (id, 1, 0, 0, 1, 2);
  INSERT INTO inclusion_data.run_candidate (run, perimeter, beneficiary, rank, grade, waiting_days, priority)
    SELECT id, p.code, 1000 * p.n + i, 1000 * p.n + i, 0, 1, 1 FROM unnest(perimeters) WITH ORDINALITY p (code, n), generate_series(1, 7) i;
  INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason)
    SELECT c.run, c.perimeter, c.beneficiary, 'waiting', 'all_full' FROM inclusion_data.run_candidate c WHERE c.run = night.id;
$$;
SELECT pg_temp.night(1, 400, '{DEP-27}'), pg_temp.night(2, 300, '{DEP-27,DEP-74}'), pg_temp.night(3, 250, '{DEP-27}', 'failed'), pg_temp.night(4, 240, '{DEP-27}', 'running'),
       pg_temp.night(5, 220, '{DEP-27}'), pg_temp.night(6, 170, '{DEP-27}'), pg_temp.night(7, 500, '{DEP-74}'), pg_temp.night(8, 0, '{DEP-27}') \g /dev/null
-- DEP-74 had its last night long ago: it is the one in force; DEP-27 reads today's, and keeps yesterday's list beside
INSERT INTO inclusion_data.active_list_pointer VALUES ('DEP-27', 1, 8, now()), ('DEP-74', 2, 7, now());
INSERT INTO inclusion_data.active_list (slot, perimeter, beneficiary, run, grade, waiting_days, priority, outcome, reason)
  SELECT v.slot, v.perimeter, i, v.run, 0, 1, 1, 'waiting', 'all_full' FROM (VALUES (1, 'DEP-27', 8), (2, 'DEP-27', 5), (2, 'DEP-74', 7), (1, 'DEP-74', 2)) v (slot, perimeter, run), generate_series(1, 7) i;
-- a place still comes from night 5
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on) VALUES (501, 'DEP-27', :ada, :offer, :session, 5, 1, 0.1, current_date);
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
  SELECT 501, 'DEP-27', 1, 'none', 'candidate', a.id, a.kind FROM inclusion_data.agent a WHERE a.kind = 'service' AND a.perimeter = 'DEP-27';

CREATE FUNCTION pg_temp.as_role(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  PERFORM set_config('role', who, true);
  EXECUTE statement INTO answer;
  PERFORM set_config('role', 'none', true);
  RETURN answer;
EXCEPTION WHEN OTHERS THEN
  PERFORM set_config('role', 'none', true);
  RETURN SQLSTATE;
END
$$;
-- Every batch until none is left, as the job: how many, and the largest
CREATE FUNCTION pg_temp.purge(perimeter text, batch int, OUT batches int, OUT largest int) LANGUAGE plpgsql AS $$
DECLARE
  removed int;
BEGIN
  batches := 0;
  largest := 0;
  LOOP
    removed := pg_temp.as_role('test_night', format('SELECT inclusion.purge_nights_batch(%L, current_date, %s)', perimeter, batch));
    EXIT WHEN removed = 0 OR batches > 100;
    batches := batches + 1;
    largest := greatest(largest, removed);
  END LOOP;
END
$$;
CREATE TEMPORARY VIEW held AS
SELECT r.id, (SELECT string_agg(DISTINCT d.perimeter, ' ' ORDER BY d.perimeter) FROM inclusion_data.run_result d JOIN inclusion_data.run_candidate c USING (run, perimeter, beneficiary) WHERE d.run = r.id) AS people,
       (SELECT count(*) FROM inclusion_data.run_offer o JOIN inclusion_data.run_session s ON s.run = o.run AND s.offer = o.offer WHERE o.run = r.id)
       + (SELECT count(*) FROM inclusion_data.run_holder h JOIN inclusion_data.run_cutoff k USING (run) WHERE h.run = r.id) AS supply
FROM inclusion_data.run r;
CREATE FUNCTION pg_temp.list_in_force(perimeter text) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(l::text, ' ' ORDER BY l.beneficiary) FROM inclusion_data.active_list l JOIN inclusion_data.active_list_pointer p ON p.perimeter = l.perimeter AND p.slot = l.slot
  WHERE l.perimeter = list_in_force.perimeter
$$;
SELECT pg_temp.list_in_force('DEP-27') AS list_27, pg_temp.list_in_force('DEP-74') AS list_74 \gset

SELECT is(pg_temp.as_role('test_night', 'SELECT inclusion.purge_nights_batch(''DEP-27'', current_date + 1, 5)'), 'IN812', 'nothing is purged ahead of time');
SELECT is(pg_temp.as_role('test_dpo', 'SELECT inclusion.purge_nights_batch(''DEP-27'', current_date, 5)'), '42501', 'the nights'' tables are the night''s');
SELECT is(pg_temp.as_role('test_night', 'SELECT inclusion.purge_nights_batch(''DEP-27'', current_date, 3)'), '9', 'a batch is bounded: three rows of each table');
SELECT is((SELECT count(*) FROM inclusion_data.run_result WHERE run = 1), 4::bigint, 'of the oldest night');
SELECT is((SELECT array_agg(beneficiary ORDER BY beneficiary) FROM inclusion_data.run_candidate WHERE run = 1), '{1004,1005,1006,1007}'::bigint[], 'the same people of both');
SELECT ok(b.batches > 5 AND b.largest <= 15, 'the next ones go on, as bounded: a night, with its sessions and offers') FROM pg_temp.purge('DEP-27', 3) b;
SELECT results_eq('SELECT id, people FROM held ORDER BY id', $$ VALUES (2::bigint, 'DEP-74'), (4, 'DEP-27'), (5, NULL), (6, 'DEP-27'), (7, 'DEP-74'), (8, 'DEP-27') $$,
  'of DEP-27 the people of old nights are gone, but for one that runs');
SELECT results_eq('SELECT id, supply FROM held ORDER BY id', $$ VALUES (2::bigint, 3::bigint), (4, 3), (5, 0), (6, 3), (7, 3), (8, 3) $$, 'what a night saw stays as long as one of its perimeters keeps it');
SELECT is((SELECT run FROM inclusion_data.proposal WHERE id = 501), 5::bigint, 'a proposal still says which night it comes from');
SELECT is(pg_temp.list_in_force('DEP-27'), :'list_27', 'today''s list is untouched');
SELECT is((SELECT count(*) FROM inclusion_data.active_list WHERE perimeter = 'DEP-27' AND slot = 2), 0::bigint, 'that of an old night, which nobody reads, is gone');
SELECT pg_temp.purge('DEP-74', 100) \g /dev/null
SELECT results_eq('SELECT id, people FROM held ORDER BY id', $$ VALUES (4::bigint, 'DEP-27'), (5, NULL), (6, 'DEP-27'), (7, 'DEP-74'), (8, 'DEP-27') $$, 'a night over everywhere is gone whole');
SELECT is(pg_temp.list_in_force('DEP-74'), :'list_74', 'the list in force stays, however old');
SELECT is((SELECT count(*) FROM inclusion_data.active_list WHERE perimeter = 'DEP-74' AND slot = 1), 0::bigint, 'and not the one before it');
INSERT INTO inclusion_data.retention (perimeter, purpose, active_months) VALUES ('DEP-27', 'night_proof', 1);
SELECT pg_temp.purge('DEP-27', 100) \g /dev/null
SELECT results_eq('SELECT id, people FROM held ORDER BY id', $$ VALUES (4::bigint, 'DEP-27'), (5, NULL), (7, 'DEP-74'), (8, 'DEP-27') $$, 'a territory may keep nights for less time');
DELETE FROM inclusion_data.retention WHERE purpose = 'night_proof';
SELECT pg_temp.night(9, 4000, '{DEP-27}') \g /dev/null
SELECT pg_temp.purge('DEP-27', 100) \g /dev/null
SELECT is((SELECT people FROM held WHERE id = 9), 'DEP-27', 'without a duration nothing is purged');
SELECT is((SELECT purpose FROM inclusion_data.purpose_table WHERE relation = r), 'night_proof', r || ' is kept to explain the night') FROM unnest('{run_candidate,run_result}'::text[]) r;

-- --- steps, and what stands in their way --------------------------------------------

SELECT is(inclusion.purge_step('nights', 'DEP-74', NULL, 100, 40), NULL, 'a step that finds nothing ends the purge');
INSERT INTO inclusion_data.retention (perimeter, purpose, active_months) VALUES (NULL, 'night_proof', 6);
SELECT is(inclusion.purge_step('nights', 'DEP-27', NULL, 100, 40), 54::bigint, 'one that finds some adds them');
SELECT is(current_setting('application_name'), 'inclusion: purge nights DEP-27, 40 done', 'and shows where it is');
SELECT throws_ok($$ SELECT inclusion.purge_perimeters(0) $$, 'IN010', 'a batch of 0 purges nothing', 'a batch is one');

-- --- jobs ------------------------------------------------------------------------------

SELECT set_eq($$ SELECT DISTINCT substring(command FROM 'inclusion\.\w+') FROM inclusion.job_list() WHERE run_by = 'inclusion_night' $$,
  ARRAY['inclusion.rebuild_active_list', 'inclusion.fill_vacancies', 'inclusion.refresh_prices', 'inclusion.refresh_quality', 'inclusion.upkeep', 'inclusion.seal_journal', 'inclusion.trim_job_log', 'inclusion.refresh_cube', 'inclusion.release_figures'], 'a scheduler has nine things to call');
SELECT is_empty($$ SELECT command FROM inclusion.job_list() WHERE run_by = 'inclusion_night' AND to_regproc(substring(command FROM 'inclusion\.\w+')) IS NULL $$, 'which exist');
SELECT is_empty($$ SELECT p.proname FROM pg_proc p WHERE p.prokind = 'p' AND p.pronamespace = 'inclusion'::regnamespace AND p.prosrc ~ '\mCOMMIT\M' AND (p.proconfig IS NOT NULL OR p.prosecdef) $$,
  'what commits has no setting of its own, nor its definer''s rights');

SELECT * FROM finish();
ROLLBACK;
