-- What those who came say of it: who may say so, once, and who reads it.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
SELECT inclusion.register_offer('Atelier', :desk, teaches => 'pix{0.1=2}', remote => true) AS offer \gset
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
  VALUES (1, :offer, 'DEP-27', '2026-03-02 10:00+01', '2026-03-02 12:00+01', '2026-02-01');
INSERT INTO inclusion_data.seat (session, capacity) VALUES (1, 8);
INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, started_at) VALUES (1, '2026-02-01', '{DEP-27}', 'running', 'compute', '2026-02-01');
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, position_origin, last_contact_on)
  SELECT i, 'DEP-27', :desk, 'unknown', '2026-01-15' FROM generate_series(1, 3) i;
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
  SELECT i, 'DEP-27', i, :offer, 1, 1, 1, 0.1, '2026-02-15' FROM generate_series(1, 3) i;
-- the first two came, the third is expected
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
  SELECT p, 'DEP-27', s.n, s.a, s.b, :agent, 'person' FROM generate_series(1, 3) p,
    (VALUES (1, 'none', 'candidate'), (2, 'candidate', 'proposed'), (3, 'proposed', 'agreed'), (4, 'agreed', 'confirmed'),
            (5, 'confirmed', 'booked'), (6, 'booked', 'attended')) s (n, a, b) WHERE p < 3 OR s.n < 6;
\o
SELECT plan(10);

CREATE FUNCTION pg_temp.as_desk(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('role', 'desk_agent', true);
  EXECUTE statement;
  PERFORM set_config('role', 'none', true);
  RETURN 'done';
EXCEPTION WHEN OTHERS THEN
  PERFORM set_config('role', 'none', true);
  RETURN SQLSTATE;
END
$$;

SELECT is(pg_temp.as_desk('SELECT inclusion.record_satisfaction(1, ''rather_yes'')'), 'done', 'an agent notes what a person who came says');
SELECT results_eq('SELECT proposal, n, answer, agent FROM inclusion_data.satisfaction', $$ VALUES (1::bigint, 6, 'rather_yes', NULL::bigint) $$,
  'beside the step that says they came, in nobody''s name unless one is given');
SELECT is(pg_temp.as_desk(format('SELECT inclusion.record_satisfaction(2, ''no'', %s)', :agent)), 'done', 'or in the agent''s');
SELECT throws_ok('SELECT inclusion.record_satisfaction(1, ''yes'')', 'IN303', 'the person of proposal 1 has answered', 'the first answer stands');
SELECT throws_ok('SELECT inclusion.record_satisfaction(3, ''yes'')', 'IN303', 'nobody came for proposal 3: it is "booked"', 'who has not come says nothing');
SELECT throws_ok('SELECT inclusion.record_satisfaction(2, ''great'')', 'IN306', 'unknown answer "great"', 'answers are of a closed list');
SELECT throws_ok('SELECT inclusion.record_satisfaction(9, ''yes'')', 'IN304', NULL, 'of a proposal there is');
SELECT is((SELECT string_agg(a.code, ' ' ORDER BY a.code) FROM inclusion_data.satisfaction_answer a WHERE a.satisfied), 'rather_yes yes', 'two answers count as satisfied');
SELECT is(pg_temp.as_desk('UPDATE inclusion_data.satisfaction SET answer = ''yes'''), '42501', 'an answer is not changed');
SELECT is((SELECT count(*) FROM inclusion.person_tables() t WHERE t.relation = 'inclusion_data.satisfaction'::regclass), 1::bigint, 'it goes with the person');
SELECT * FROM finish();
ROLLBACK;
