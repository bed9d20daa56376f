-- A freed seat goes by day to whom the night would have given it: reserves are
-- of the offer, whatever session each seat is of.  And whatever became of a
-- proposal, nobody waits thirty days without being on somebody's list of calls.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(6);

SELECT inclusion.create_perimeter('DEP-27', 'Eure');
SELECT inclusion.adopt_policy('DEP-27', current_date - 400, 'clé', reserves => '{"seniors": 50}');
INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (1, 'DEP-27', 'Maison');
INSERT INTO inclusion_data.agent (id, structure, perimeter, kind, login, name) VALUES (101, 1, 'DEP-27', 'person', 'alice', 'Alice');
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
VALUES (1, 'DEP-27', 1, 'Atelier', 'seats', 'pix{0.1=2}', 1.15, 49);
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
SELECT i, 1, 'DEP-27', (current_date + 7 * i)::timestamptz + interval '10 hours', (current_date + 7 * i)::timestamptz + interval '12 hours', current_date
FROM generate_series(1, 2) i;
INSERT INTO inclusion_data.seat (session, capacity) VALUES (1, 2), (2, 2);
-- in the order of their numbers: 1, 2 and 6 are seniors
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on, audiences)
SELECT i, 'DEP-27', 1, 1.15, 49, 'commune', current_date, CASE WHEN i IN (1, 2, 6) THEN '{seniors}' ELSE '{}' END::text[] FROM generate_series(1, 6) i;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT 'DEP-27', id, 'desk', 1, current_date - 50 + id::int, '1' FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
SELECT 'DEP-27', id, 'pix{0.1=2}', current_date - 50 FROM inclusion_data.beneficiary;

CREATE FUNCTION pg_temp.night(as_of date) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  made constant bigint := inclusion.night_start(as_of);
BEGIN
  PERFORM inclusion.night_open(made), inclusion.night_compute(made);
  RETURN made;
END
$$;
SELECT pg_temp.night(current_date - 1) AS run \gset
\o /dev/null
SELECT inclusion.night_publish(:run);
\o
SELECT results_eq('SELECT beneficiary, session FROM inclusion_data.proposal ORDER BY 1', 'VALUES (1::bigint, 1::bigint), (2, 1), (3, 2), (4, 2)',
  'two seniors have the first session, two others the second');
SELECT inclusion.decline(p.id, 'too_far', 101) FROM inclusion_data.proposal p WHERE p.beneficiary = 4;
SELECT pg_temp.night(current_date) AS next_run \gset
SELECT results_eq(format('SELECT beneficiary FROM inclusion_data.run_result WHERE run = %s AND outcome = ''proposed''', :next_run), 'SELECT 5::bigint',
  'the night gives the place left by rank: seniors have their half of the offer');
UPDATE inclusion_data.run SET state = 'failed', finished_at = now() WHERE id = :next_run;
SELECT results_eq('SELECT beneficiary FROM inclusion.vacancy(2)', 'SELECT 5::bigint', 'and so does the day');
SELECT is_empty('SELECT * FROM inclusion.vacancy(2)', 'once');

-- one person for each state a proposal can be in, and one without, unheard of for thirty-one days
UPDATE inclusion_data.session SET starts_at = starts_at - interval '60 days', ends_at = ends_at - interval '60 days';
CREATE TEMP TABLE path AS
WITH RECURSIVE walk (state, steps) AS (
  SELECT 'none', '{}'::text[]
  UNION ALL
  SELECT t.to_state, w.steps || t.to_state FROM walk w JOIN inclusion_data.proposal_transition t ON t.from_state = w.state WHERE t.to_state <> ALL (w.steps)
)
SELECT 100 + row_number() OVER (ORDER BY w.state) AS beneficiary, w.* FROM (SELECT DISTINCT ON (state) * FROM walk ORDER BY state, cardinality(steps), steps) w;
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on)
SELECT p.beneficiary, 'DEP-27', 1, 1.15, 49, 'commune', current_date - 31 FROM path p;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT 'DEP-27', p.beneficiary, 'desk', 1, current_date - 90, '1' FROM path p;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on) SELECT 'DEP-27', p.beneficiary, 'pix{0.1=2}', current_date - 90 FROM path p;
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on, created_at)
SELECT p.beneficiary, 'DEP-27', p.beneficiary, 1, 1, :run, 1, 0, current_date - 40, now() - interval '60 days' FROM path p WHERE p.state <> 'none';
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, at)
SELECT p.beneficiary, 'DEP-27', s.n, CASE s.n WHEN 1 THEN 'none' ELSE p.steps[s.n - 1] END, s.to_state, 101, 'person', now() - interval '50 days' + s.n * interval '1 hour'
FROM path p CROSS JOIN LATERAL unnest(p.steps) WITH ORDINALITY AS s (to_state, n) ORDER BY p.beneficiary, s.n;
SELECT cmp_ok((SELECT count(*)::int FROM path), '=', (SELECT count(*)::int FROM inclusion_data.proposal_state), 'every state is reached');
SELECT is_empty($$ SELECT p.state FROM path p WHERE NOT EXISTS (SELECT FROM inclusion.my_calls(101) c WHERE c.beneficiary = p.beneficiary) $$,
  'whatever became of their proposal, whoever was not heard of for thirty days is on a list of calls');

SELECT * FROM finish();
ROLLBACK;
