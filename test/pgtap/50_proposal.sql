-- What becomes of a proposal: every transition tried from every state, seats
-- never lost nor invented, and decisions left to named people.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(63);

SELECT inclusion.create_perimeter('DEP-27', 'Eure');
SELECT inclusion.adopt_policy('DEP-27', '2026-01-01', 'clé');
INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (1, 'DEP-27', 'Maison des services');
INSERT INTO inclusion_data.agent (id, perimeter, structure, kind, login, name, valid_from) VALUES
  (101, 'DEP-27', 1, 'person', 'alice', 'Alice', '-infinity'), (102, 'DEP-27', 1, 'shared', 'accueil', 'Accueil', '-infinity');
CREATE FUNCTION pg_temp.night_agent() RETURNS bigint LANGUAGE sql AS $$ SELECT id FROM inclusion_data.agent WHERE kind = 'service' $$;
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on)
SELECT i, 'DEP-27', 1, 1.15, 49, 'commune', '2026-03-01' FROM generate_series(1, 5) i;
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
SELECT i, 'DEP-27', 1, 'Offre ' || i, 'seats', 'pix{0.1=2}', 1.15, 49 FROM generate_series(1, 2) i;
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
SELECT i, CASE i WHEN 9 THEN 2 ELSE 1 END, 'DEP-27', '2026-03-10 10:00+01', '2026-03-10 12:00+01', '2026-03-01' FROM unnest(ARRAY[1, 2, 3, 9]) i;
INSERT INTO inclusion_data.seat (session, capacity) VALUES (1, 10), (2, 1), (3, 0), (9, 5);
INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, started_at, finished_at)
VALUES (1, '2026-03-04', '{DEP-27}', 'failed', 'compute', now(), now());

-- A new proposal brought to a state by the shortest allowed way
CREATE FUNCTION pg_temp.proposal_at(wanted text, person bigint DEFAULT 1) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  made bigint;
  step text;
BEGIN
  INSERT INTO inclusion_data.proposal (perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
  VALUES ('DEP-27', person, 1, 1, 1, 1, 0.2, '2026-03-09') RETURNING id INTO made;
  INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
  VALUES (made, 'DEP-27', 1, 'none', 'candidate', pg_temp.night_agent(), 'service');
  FOREACH step IN ARRAY (
    WITH RECURSIVE way (state, steps) AS (
      SELECT 'candidate', '{}'::text[]
      UNION ALL
      SELECT t.to_state, w.steps || t.to_state FROM way w JOIN inclusion_data.proposal_transition t ON t.from_state = w.state
      WHERE t.to_state <> ALL (w.steps) AND t.to_state <> 'candidate')
    SELECT w.steps FROM way w WHERE w.state = wanted ORDER BY cardinality(w.steps), w.steps LIMIT 1) LOOP
    PERFORM inclusion.advance_proposal(made, step, 101);
  END LOOP;
  RETURN made;
END
$$;

-- Seats against what the present states of the proposals hold
CREATE TEMPORARY VIEW unbalanced AS
SELECT t.session, t.taken, t.proposed FROM inclusion_data.seat t
WHERE (t.taken, t.proposed) <> (
  SELECT count(*) FILTER (WHERE w.holds = 'taken'), count(*) FILTER (WHERE w.holds = 'proposed')
  FROM inclusion_data.proposal_now w WHERE w.session = t.session);

-- The transitions of the design, typed in

CREATE TEMPORARY TABLE drawn (from_state text, to_state text);
INSERT INTO drawn
SELECT split_part(line, ' -> ', 1), unnest(string_to_array(split_part(line, ' -> ', 2), ' '))
FROM unnest(ARRAY[
  'none -> candidate', 'candidate -> proposed paused withdrawn',
  'proposed -> agreed declined expired to_reach paused withdrawn', 'to_reach -> agreed declined expired paused withdrawn',
  'agreed -> confirmed declined paused withdrawn', 'confirmed -> booked withdrawn',
  'booked -> attended excused absent session_cancelled withdrawn', 'attended -> completed stopped', 'paused -> candidate withdrawn']) line;
SELECT set_eq('SELECT from_state, to_state FROM inclusion_data.proposal_transition', 'SELECT from_state, to_state FROM drawn',
  'the table of transitions is the one drawn');

-- Every pair of states, allowed or not

CREATE FUNCTION pg_temp.try(from_state text, to_state text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  made bigint := pg_temp.proposal_at(from_state);
BEGIN
  PERFORM inclusion.advance_proposal(made, to_state, 101);
  RETURN (SELECT w.state FROM inclusion_data.proposal_now w WHERE w.id = made);
EXCEPTION WHEN SQLSTATE 'IN303' THEN
  RETURN 'IN303';
END
$$;
UPDATE inclusion_data.seat SET capacity = 1000 WHERE session = 1;
SELECT is_empty($$
  SELECT f.code, t.code, pg_temp.try(f.code, t.code)
  FROM inclusion_data.proposal_state f, inclusion_data.proposal_state t
  WHERE f.code <> 'none'
    AND pg_temp.try(f.code, t.code) <> CASE WHEN EXISTS (SELECT FROM drawn d WHERE d.from_state = f.code AND d.to_state = t.code)
                                            THEN t.code ELSE 'IN303' END
$$, 'of the 272 pairs, those drawn pass and the others are refused');
SELECT is_empty('TABLE unbalanced', 'and every seat is where the states say');
SELECT throws_ok(format('SELECT inclusion.accept(%s, 101)', pg_temp.proposal_at('agreed')), 'IN303',
  format('proposal %s cannot go from "agreed" to "agreed"', currval(pg_get_serial_sequence('inclusion_data.proposal', 'id'))), 'a refusal names both states');
CREATE FUNCTION pg_temp.hint(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE command;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN hint;
END
$$;
SELECT is(pg_temp.hint(format('SELECT inclusion.confirm(%s, 101)', pg_temp.proposal_at('proposed'))),
  'From "proposed" it can go to: agreed, declined, expired, paused, to_reach, withdrawn.', 'and lists the way out');
SELECT is(pg_temp.hint(format('SELECT inclusion.confirm(%s, 101)', pg_temp.proposal_at('declined'))),
  'It is final: the person waits as a new one.', 'or says there is none');

-- Forged steps, written directly: the tables refuse them

SELECT pg_temp.proposal_at('proposed') AS p \gset
\set step 'INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind) VALUES '
SELECT throws_ok(:'step' || format($$(%s, 'DEP-27', 3, 'candidate', 'proposed', 101, 'person')$$, :p), '23503', NULL, 'a step that leaves another state than the last');
SELECT throws_ok(:'step' || format($$(%s, 'DEP-27', 3, 'proposed', 'confirmed', 101, 'person')$$, :p), '23503', NULL, 'a forbidden transition');
SELECT throws_ok(:'step' || format($$(%s, 'DEP-27', 4, 'proposed', 'agreed', 101, 'person')$$, :p), '23503', NULL, 'a step that skips a number');
SELECT throws_ok(:'step' || format($$(%s, 'DEP-27', 2, 'candidate', 'paused', 101, 'person')$$, :p), '23505', NULL, 'a second step of the same number');
SELECT throws_ok(:'step' || format($$(%s, 'DEP-27', 3, 'none', 'candidate', 101, 'person')$$, :p), '23514', NULL, 'a second beginning');
SELECT throws_ok(:'step' || format($$(%s, 'DEP-27', 3, 'proposed', 'agreed', 102, 'shared')$$, :p), '23514', NULL, 'an agreement by a shared account');
SELECT throws_ok(:'step' || format($$(%s, 'DEP-27', 3, 'proposed', 'agreed', 102, 'person')$$, :p), '23503', NULL, 'a shared account said to be a person');
SELECT throws_ok(:'step' || format($$(%s, 'DEP-27', 3, 'proposed', %L, 102, 'shared')$$, :p, state), '23514', NULL, state || ' told by a shared account') FROM unnest('{declined,paused}'::text[]) state;

-- Who may decide

SELECT throws_ok(format('SELECT inclusion.accept(%s, 102)', :p), 'IN305', NULL, 'a shared account does not accept for a person');
SELECT throws_ok(format('SELECT inclusion.accept(%s, %s)', :p, pg_temp.night_agent()), 'IN305', NULL, 'nor does the night');
SELECT throws_ok(format('SELECT inclusion.confirm(%s, 102)', pg_temp.proposal_at('agreed')), 'IN305', NULL, 'a shared account does not confirm');
SELECT throws_ok(format('SELECT inclusion.accept(%s)', :p), 'IN305', NULL, 'nor does somebody who is no agent');
SELECT throws_ok(format('SELECT inclusion.decline(%s, ''not_now'', 102)', pg_temp.proposal_at('proposed')), 'IN305', NULL, 'a shared account tells nobody''s refusal');
SELECT throws_ok('SELECT inclusion.accept(999999, 101)', 'IN304', 'no proposal 999999 that you may see', 'no such proposal');

-- The verbs, and the seat at each

CREATE FUNCTION pg_temp.after(proposal bigint) RETURNS text LANGUAGE sql AS $$
  SELECT w.state || ' ' || w.holds FROM inclusion_data.proposal_now w WHERE w.id = proposal
$$;
SELECT inclusion.ask_referent(:p, 102);
SELECT is(pg_temp.after(:p), 'to_reach proposed', 'ask_referent keeps the seat');
SELECT inclusion.accept(:p, 101);
SELECT is(pg_temp.after(:p), 'agreed proposed', 'accept keeps the seat');
SELECT inclusion.confirm(:p, 101);
SELECT is(pg_temp.after(:p), 'confirmed taken', 'confirm takes it');
SELECT pg_stat_get_xact_tuples_updated('inclusion_data.offer'::regclass) AS offers_written \gset
SELECT inclusion.book(:p, agent => 101);
SELECT is(pg_temp.after(:p), 'booked taken', 'book keeps it');
SELECT is(pg_stat_get_xact_tuples_updated('inclusion_data.offer'::regclass), :offers_written::bigint, 'and writes no offer, hence not in their index');
SELECT inclusion.withdraw_proposal(:p, 'déménage', 101);
SELECT is(pg_temp.after(:p), 'withdrawn none', 'withdraw_proposal gives it back');
SELECT is((SELECT s.reason FROM inclusion_data.proposal_step s WHERE s.proposal = :p AND s.to_state = 'withdrawn'), 'déménage', 'with the reason given');
SELECT is((SELECT array_agg(s.agent ORDER BY s.n) FROM inclusion_data.proposal_step s WHERE s.proposal = :p AND s.n > 2),
  ARRAY[102, 101, 101, 101, 101]::bigint[], 'each step is signed by who took it');
SELECT pg_temp.proposal_at('proposed') AS p \gset
SELECT inclusion.pause(:p, NULL, 101);
SELECT is(pg_temp.after(:p), 'paused none', 'pause gives the seat back');
SELECT inclusion.resume(:p, 101);
SELECT is(pg_temp.after(:p), 'candidate none', 'resume takes none: the night will look again');
SELECT inclusion.expire(p, 101) FROM (SELECT p, inclusion.contact_attempt(p, agent => 102), inclusion.contact_attempt(p, agent => 102), inclusion.contact_attempt(p, agent => 102) FROM pg_temp.proposal_at('proposed') p OFFSET 0) v;
SELECT is_empty('TABLE unbalanced', 'no seat was lost or invented');

-- A full session

UPDATE inclusion_data.seat SET capacity = taken + proposed WHERE session = 1;
SELECT throws_ok(format('SELECT inclusion.advance_proposal(%s, ''proposed'', 101)', :p), 'IN301', 'session 1 has no seat left', 'no proposal without a seat');
SELECT is(pg_temp.after(:p), 'candidate none', 'and the step is not taken');
UPDATE inclusion_data.seat SET capacity = 1000 WHERE session = 1;

-- Another session of the same offer

SELECT pg_temp.proposal_at('confirmed') AS p \gset
SELECT pg_temp.proposal_at('confirmed', 2) AS q \gset
SELECT throws_ok(format('SELECT inclusion.book(%s, 9, 101)', :p), 'IN202', NULL, 'not the session of another offer');
SELECT throws_ok(format('SELECT inclusion.book(%s, 999, 101)', :p), 'IN202', NULL, 'nor one that does not exist');
SELECT throws_ok(format('SELECT inclusion.book(%s, 3, 101)', :p), 'IN301', NULL, 'nor one without seats');
SELECT is(pg_temp.after(:p), 'confirmed taken', 'the seat held is still held');
SELECT lives_ok(format('SELECT inclusion.book(%s, 2, 101)', :p), 'one with a seat');
SELECT is((SELECT w.session FROM inclusion_data.proposal_now w WHERE w.id = :p), 2::bigint, 'the proposal follows');
SELECT throws_ok(format('SELECT inclusion.book(%s, 2, 101)', :q), 'IN301', 'session 2 has no seat left', 'the last seat goes once');
UPDATE inclusion_data.session SET state = 'cancelled' WHERE id = 1;
SELECT throws_ok(format('SELECT inclusion.book(%s, NULL, 101)', :q), 'IN202', NULL, 'a cancelled session is booked by nobody');
UPDATE inclusion_data.session SET state = 'open' WHERE id = 1;
SELECT is_empty('TABLE unbalanced', 'seats followed both ways');

-- A session cancelled: each is told by their state, no seat is lost

SELECT pg_temp.proposal_at('booked', 4) AS b \gset
SELECT pg_temp.proposal_at('agreed', 5) AS a \gset
SELECT pg_temp.proposal_at('attended', 3) AS c \gset
SELECT cmp_ok((SELECT count(*) FROM inclusion.cancel_session(1, 'salle fermée', 101)), '>=', 2::bigint, 'a session is cancelled with those expected');
SELECT is(pg_temp.after(:b), 'session_cancelled none', 'who was booked is told');
SELECT is(pg_temp.after(:a), 'withdrawn none', 'who had only agreed waits again');
SELECT is(pg_temp.after(:c), 'attended taken', 'who came, came');
SELECT is_empty('TABLE unbalanced', 'the seats are given back');
SELECT throws_ok('SELECT inclusion.cancel_session(1, NULL, 101)', 'IN303', NULL, 'a session is cancelled once');
SELECT throws_ok('SELECT inclusion.cancel_session(424242, NULL, 101)', 'IN202', NULL, 'an unknown session is said');
UPDATE inclusion_data.seat SET proposed = 1 WHERE session = 9;
SELECT inclusion_data.settle_seats(9);
SELECT is((SELECT t.proposed FROM inclusion_data.seat t WHERE t.session = 9), 0, 'a counter that was wrong is made right, whoever asks');
UPDATE inclusion_data.session SET state = 'open' WHERE id = 1;

-- Seats still right
UPDATE inclusion_data.session SET ends_at = now() + interval '2 days', starts_at = now() + interval '1 day' WHERE id IN (2, 3);
SELECT is(inclusion.confirm_seats(1), 2, 'the coming sessions of an offer are confirmed');
SELECT is((SELECT array_agg(s.confirmed_on = inclusion.today('DEP-27') ORDER BY s.id) FROM inclusion_data.session s WHERE s.offer = 1), '{f,t,t}'::boolean[], 'those, and today');
SELECT throws_ok('SELECT inclusion.confirm_seats(424242)', 'IN202', NULL, 'an unknown offer has none');

-- Agents see what their structure follows

CREATE ROLE alice;
CREATE ROLE bruno;
GRANT inclusion_front_desk TO alice, bruno;
INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (2, 'DEP-27', 'Ailleurs');
INSERT INTO inclusion_data.agent (id, perimeter, structure, kind, login, name, valid_from)
VALUES (103, 'DEP-27', 2, 'person', 'bruno', 'Bruno', '-infinity');
INSERT INTO inclusion_data.access_grant (role_name, perimeter, structure) VALUES ('alice', 'DEP-27', 1), ('bruno', 'DEP-27', 2);
SELECT pg_temp.proposal_at('proposed') AS p \gset
SELECT set_config('test.proposal', :'p', true);
SET LOCAL SESSION AUTHORIZATION bruno;
DO $$
BEGIN
  PERFORM inclusion.accept(current_setting('test.proposal')::bigint);
EXCEPTION WHEN OTHERS THEN
  PERFORM set_config('test.seen', SQLSTATE, true);
END
$$;
SET LOCAL SESSION AUTHORIZATION alice;
SELECT inclusion.accept(:p);
RESET SESSION AUTHORIZATION;
SELECT is(current_setting('test.seen', true), 'IN304', 'an agent of another structure does not know of it');
SELECT is(pg_temp.after(:p), 'agreed proposed', 'an agent accepts under its own name and rights');
SELECT is((SELECT s.agent FROM inclusion_data.proposal_step s WHERE s.proposal = :p AND s.to_state = 'agreed'), 101::bigint, 'and signs');

-- A person who leaves gives back the place proposed, and no other

ALTER TABLE inclusion_data.beneficiary ALTER id RESTART 1001;
SELECT inclusion.enrol(1) AS leaver, inclusion.enrol(1) AS guest \gset
SELECT pg_temp.proposal_at('confirmed', :leaver) AS theirs, pg_temp.proposal_at('attended', :guest) AS attended \gset
SELECT inclusion.withdraw(:leaver, inclusion.today() + 1) AS later \gset
SELECT is((SELECT state FROM inclusion_data.proposal_now WHERE id = :theirs), 'confirmed', 'who leaves tomorrow keeps their place today');
UPDATE inclusion_data.enrolment SET withdrawn_on = NULL WHERE beneficiary = :leaver;
SELECT inclusion.withdraw(:leaver, agent => 101) AS one, inclusion.withdraw(:guest, agent => 101) AS other \gset
SELECT is((SELECT state FROM inclusion_data.proposal_now WHERE id = :theirs), 'withdrawn', 'who leaves gives back the place');
SELECT is((SELECT state FROM inclusion_data.proposal_now WHERE id = :attended), 'attended', 'who came has come');
SELECT is_empty('SELECT * FROM unbalanced', 'and the seats are those of the proposals');

-- Reasons are texts like any other

SELECT throws_ok($$ SELECT inclusion.decline(1, '1 84 12 76 451 089 46 est son numéro', 101) $$, 'IN005', NULL, 'no national number in a reason');
SELECT throws_ok($$ SELECT inclusion.decline(1, repeat('x', 501), 101) $$, 'IN804', NULL, 'a reason is a sentence, not a file');

SELECT * FROM finish();
ROLLBACK;
