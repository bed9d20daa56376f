-- What to ask next, and whom to ring: what would change the first offer ranks
-- above what was shown to change nothing, on an invented world.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
-- 60 offers around Évreux, some with steps, some in the evening only, some for few
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, declared_by, teaches, longitude, latitude, remote, quality, accommodations, slots, audiences, modes, capacity_kind)
SELECT i, 'DEP-27', :desk, 'Offre ' || i, CASE WHEN i % 4 = 0 THEN 'import' ELSE 'structure' END,
  ('pix{1.1=' || 1 + (hashint8extended(i, 1) & 3) || ',2.4=' || 1 + (hashint8extended(i, 2) & 3) || ',4.2=' || 1 + (hashint8extended(i, 3) & 3) || '}')::inclusion.competence_vector,
  1.15 + ((hashint8extended(i, 4) & 255) - 128) / 1000.0, 49.02 + ((hashint8extended(i, 5) & 255) - 128) / 1500.0, i % 9 = 0, (hashint8extended(i, 6) & 255) / 255.0,
  CASE WHEN i % 3 = 0 THEN '{step_free}' ELSE '{}' END::text[], CASE i % 5 WHEN 0 THEN '{mo_ev}' WHEN 1 THEN '{tu_am,th_pm}' ELSE '{}' END::text[],
  CASE WHEN i % 7 = 0 THEN '{foreign_language}' ELSE '{}' END::text[], CASE WHEN i % 6 = 0 THEN '{workshop}' ELSE '{}' END::text[], CASE WHEN i % 2 = 0 THEN 'unknown' ELSE 'drop_in' END
FROM generate_series(1, 60) AS i;
SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229', enrolled_on => '2026-01-05') FROM generate_series(1, 8);
SELECT inclusion.express_need(b.id, target => CASE WHEN b.id % 2 = 0 THEN 'pix{1.1=4,2.4=3,4.2=3}' ELSE 'pix{1.1=4,4.2=2}' END::inclusion.competence_vector, opened_on => '2026-01-10') FROM inclusion_data.beneficiary b;
SELECT inclusion.assess(b.id, 'pix{1.1=1}', 'observed', '2026-01-10') FROM inclusion_data.beneficiary b WHERE b.id % 3 = 0;
SELECT inclusion.record_circumstance(b.id, 'car', 'yes', '2026-01-10') FROM inclusion_data.beneficiary b WHERE b.id % 4 = 1;
\o
SELECT plan(37);

-- The first offer, had this been answered: by the verbs themselves, then undone.
CREATE FUNCTION pg_temp.first_after(person bigint, kind text, code text, answer text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  head bigint;
BEGIN
  IF kind = 'fact' THEN
    PERFORM inclusion.record_circumstance(person, code, answer, '2026-02-01');
  ELSE
    PERFORM inclusion.assess(person, format('pix{%s=%s}', code, answer)::inclusion.competence_vector, 'observed', '2026-02-01');
  END IF;
  SELECT m.offer INTO head FROM inclusion.matches(person, 1, day => '2026-03-01') m;
  RAISE EXCEPTION USING ERRCODE = 'P9999', MESSAGE = coalesce(head, 0);
EXCEPTION WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
END
$$;
CREATE TEMPORARY TABLE asked AS
SELECT b.id AS person, q.*, (SELECT coalesce(max(m.offer), 0) FROM inclusion.matches(b.id, 1, day => '2026-03-01') m) AS head
FROM inclusion_data.beneficiary b CROSS JOIN LATERAL inclusion.next_questions(b.id, 100, '2026-03-01') q;
CREATE TEMPORARY TABLE tried AS
SELECT a.person, a.rank, a.code, p.answer, p.answer = ANY (a.changing) AS said, pg_temp.first_after(a.person, a.kind, a.code, p.answer) <> a.head AS changes
FROM asked a JOIN inclusion_data.question_prior p
  ON p.subject = CASE WHEN a.kind = 'competence' THEN a.kind WHEN EXISTS (SELECT FROM inclusion_data.question_prior o WHERE o.subject = a.code) THEN a.code ELSE 'fact' END;
SELECT cmp_ok((SELECT count(*)::int FROM tried), '>', 300, 'answers were tried by recording them');
SELECT is_empty('SELECT * FROM tried WHERE said <> changes', 'an answer is said to change the first offer when, recorded, it does');
SELECT cmp_ok((SELECT count(*)::int FROM tried WHERE changes), '>', 20, 'many do');
SELECT is_empty('SELECT t.person, t.code, u.code FROM tried t JOIN tried u ON u.person = t.person AND u.rank < t.rank
  WHERE t.changes AND NOT EXISTS (SELECT FROM tried v WHERE v.person = u.person AND v.code = u.code AND v.changes)',
  'a question whose answer changes the first offer ranks above one that changes nothing');
SELECT is_empty('SELECT person FROM (SELECT person, value, lag(value) OVER (PARTITION BY person ORDER BY rank) AS before FROM asked) a WHERE value > before', 'the worth most first');
SELECT is_empty($$ SELECT FROM asked WHERE value < 0 OR value > 1 $$, 'a worth is from 0 to 1');
SELECT results_eq('SELECT rank, code FROM inclusion.next_questions(1, 3, ''2026-03-01'')', 'SELECT rank, code FROM asked WHERE person = 1 AND rank <= 3 ORDER BY rank', 'the same whatever is asked for');

-- what was declined is not asked before its day, nor what was answered
SELECT code AS first_fact FROM asked WHERE person = 2 AND kind = 'fact' ORDER BY rank LIMIT 1 \gset
SELECT inclusion.record_circumstance(2, :'first_fact', 'declined', '2026-02-20') AS declined \gset
SELECT is_empty(format('SELECT FROM inclusion.next_questions(2, 100, ''2026-03-01'') WHERE code = %L', :'first_fact'), 'a declined question is not asked again');
SELECT isnt_empty(format('SELECT FROM inclusion.next_questions(2, 100, (SELECT date ''2026-02-20'' + ask_again_days FROM inclusion_data.circumstance_item WHERE code = %1$L)) WHERE code = %1$L', :'first_fact'), 'before its day');
SELECT is_empty('SELECT FROM asked WHERE person = 1 AND code = ''car''', 'what was answered is not asked');
SELECT is_empty('SELECT FROM asked WHERE person = 3 AND code = ''1.1''', 'nor what was assessed');
SELECT throws_ok('SELECT * FROM inclusion.next_questions(1, 0)', 'IN010', NULL, 'at least one question');
SELECT throws_ok('SELECT * FROM inclusion.next_questions(424242)', 'IN003', NULL, 'of somebody that the caller sees');

-- --- calls -----------------------------------------------------------------------------

-- more people, here and there, some of a public, some for workshops only
\o /dev/null
SELECT inclusion.express_need(inclusion.enrol(structure => :desk, enrolled_on => '2026-01-06', longitude => 1.05 + i / 150.0, latitude => 48.95 + (i * 7 % 30) / 200.0, max_distance => 8000,
  audiences => CASE WHEN i % 3 = 0 THEN '{seniors}' ELSE '{}' END::text[], modes => CASE WHEN i % 4 = 0 THEN '{workshop}' ELSE '{}' END::text[]),
  target => (ARRAY['pix{1.1=2}', 'pix{2.4=4}', 'pix{4.2=4}'])[1 + i % 3]::inclusion.competence_vector) FROM generate_series(1, 30) i;
\o

-- first choices today, and after an answer of the place: written for real, then undone
CREATE FUNCTION pg_temp.heads() RETURNS TABLE (person bigint, offer bigint) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT b.id, (SELECT m.offer FROM inclusion.matches(b.id, 1) m) FROM inclusion_data.beneficiary b;
END
$$;
CREATE TEMPORARY TABLE head AS SELECT * FROM pg_temp.heads();
CREATE FUNCTION pg_temp.changed_by(answer text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
  changed int;
BEGIN
  EXECUTE answer;
  SELECT count(*) INTO changed FROM pg_temp.heads() n JOIN head h USING (person) WHERE n.offer IS DISTINCT FROM h.offer;
  RAISE EXCEPTION USING ERRCODE = 'P9999', MESSAGE = changed;
EXCEPTION WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
END
$$;
CREATE TEMPORARY TABLE valued AS SELECT * FROM inclusion_data.call_values(current_user, 'DEP-27', inclusion.today('DEP-27'), 100);
SELECT isnt_empty('SELECT FROM valued WHERE subject = ''level''', 'levels are worth asking for');
SELECT isnt_empty('SELECT FROM valued WHERE subject = ''seats''', 'and seats');
SELECT is_empty($$ SELECT o.id, v.changes FROM inclusion_data.offer o LEFT JOIN valued v ON v.offer = o.id AND v.subject = 'seats' WHERE o.capacity_kind = 'unknown'
  AND abs(coalesce(v.changes, 0) - 0.3 * pg_temp.changed_by(format('UPDATE inclusion_data.offer SET open = false WHERE id = %s', o.id))) > 1e-9 $$,
  'a full offer changes as many first choices as closing it does');
SELECT is_empty($$ SELECT o.id, v.changes FROM inclusion_data.offer o LEFT JOIN valued v ON v.offer = o.id AND v.subject = 'level' WHERE o.declared_by = 'import'
  AND abs(coalesce(v.changes, 0) - 0.4 * pg_temp.changed_by(format('UPDATE inclusion_data.offer SET requires = NULL, teaches = %L WHERE id = %s',
    (SELECT 'pix{' || string_agg(s.code || '=' || least(s.points / 8 + 2, 8), ',') || '}' FROM inclusion.slots(o.teaches) s), o.id))) > 1e-9 $$,
  'a higher level, as many as teaching it does');
SELECT is_empty($$ SELECT FROM valued v JOIN inclusion_data.offer o ON o.id = v.offer WHERE v.subject IN ('level', 'public') AND o.declared_by <> 'import' $$, 'what a structure declares is known');
SELECT results_eq('SELECT offers[1], expected FROM inclusion.next_calls(''DEP-27'', 1000, 100) ORDER BY rank', 'SELECT offer, sum(changes ORDER BY subject) FROM valued GROUP BY offer ORDER BY 2 DESC, -offer',
  'calls are ranked by the first choices they would change');
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, declared_by, teaches, longitude, latitude) VALUES (900, 'DEP-27', :desk, 'Au bout du monde', 'import', 'pix{1.1=1}', -60, -10);
SELECT is_empty('SELECT FROM inclusion.next_calls(''DEP-27'', 1000) WHERE 900 = ANY (offers)', 'a place that nobody can reach is worth no call');
SELECT is((SELECT count(*)::int FROM inclusion.next_calls('DEP-27', 2)), 2, 'as many as wanted');
SELECT throws_ok('SELECT * FROM inclusion.next_calls(''DEP-27'', 0)', 'IN010', NULL, 'at least one call');
CREATE ROLE test_steward IN ROLE inclusion_steward;
CREATE ROLE test_elsewhere IN ROLE inclusion_steward;
INSERT INTO inclusion_data.access_grant (role_name, perimeter, valid_from) VALUES ('test_steward', 'DEP-27', '2020-01-01'), ('test_elsewhere', 'DEP-74', '2020-01-01');
-- with no plan that somebody else made
DISCARD PLANS;
SET LOCAL ROLE test_steward;
SELECT is((SELECT count(*)::int FROM inclusion.next_calls('DEP-27', 3)), 3, 'the lead chooses calls, and reads no need');
SELECT results_eq($$ SELECT perimeter, call_order, place_name, offer_count, first_choice_count FROM pilotage.fact_place_call ORDER BY call_order $$,
  $$ SELECT 'DEP-27', rank, name, cardinality(offers), round(expected::numeric, 1) FROM inclusion.next_calls('DEP-27', 10) $$, 'and the view shows the first ten');
SELECT isnt_empty($$ SELECT FROM pilotage.fact_place_call WHERE questions ~ '(niveaux|places)' $$, 'with what to ask, in words');
SET LOCAL ROLE test_elsewhere;
SELECT throws_ok('SELECT * FROM inclusion.next_calls(''DEP-27'', 3)', 'IN801', NULL, 'that of another territory does not');
SELECT is_empty('SELECT FROM pilotage.fact_place_call WHERE perimeter = ''DEP-27''', 'nor is shown any');
RESET ROLE;

-- --- what cannot be reached, and what was refused ------------------------------------------

-- offers on both sides of a river, people who named their town, and one who has
-- refused their first choice
\o /dev/null
INSERT INTO inclusion_data.place (id, perimeter, structure, name, commune, longitude, latitude)
SELECT i, 'DEP-27', :desk, 'Lieu ' || i, CASE WHEN i % 2 = 0 THEN 'COM-27229' ELSE 'COM-27016' END, 1.15, 49.02 FROM generate_series(1, 40) i;
UPDATE inclusion_data.offer SET place = id WHERE id <= 40;
INSERT INTO inclusion_data.barrier (commune, other_commune, reason) VALUES ('COM-27016', 'COM-27229', 'la Seine, sans pont');
SELECT inclusion.name_communes(b.id, '{COM-27229}') FROM inclusion_data.beneficiary b WHERE b.id % 5 = 1;
SELECT b.id AS refuser, f.offer AS refused FROM inclusion_data.beneficiary b,
  inclusion.first_offer(inclusion.need_of(b.id), ARRAY(SELECT x.offer FROM inclusion_data.struck_offer x WHERE x.beneficiary = b.id)) f WHERE b.id % 5 <> 1 AND f.offer IS NOT NULL ORDER BY b.id LIMIT 1 \gset
SELECT inclusion.open_session(:refused, now() + interval '3 days', now() + interval '3 days 2 hours', 8) AS session \gset
INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, started_at) VALUES (1, '2026-02-01', '{DEP-27}', 'running', 'compute', '2026-02-01');
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on) VALUES (501, 'DEP-27', :refuser, :refused, :session, 1, 1, 0.1, '2026-02-15');
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
  SELECT 501, 'DEP-27', s.n, s.a, s.b, :agent, 'person' FROM (VALUES (1, 'none', 'candidate'), (2, 'candidate', 'proposed')) s (n, a, b);
SELECT inclusion.decline(501, 'other', :agent);
\o
CREATE OR REPLACE FUNCTION pg_temp.heads() RETURNS TABLE (person bigint, offer bigint) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT b.id, f.offer FROM inclusion_data.beneficiary b,
    inclusion.first_offer(inclusion.need_of(b.id), ARRAY(SELECT x.offer FROM inclusion_data.struck_offer x WHERE x.beneficiary = b.id)) f;
END
$$;
TRUNCATE head, valued;
INSERT INTO head SELECT * FROM pg_temp.heads();
INSERT INTO valued SELECT * FROM inclusion_data.call_values(current_user, 'DEP-27', inclusion.today('DEP-27'), 100);
SELECT cmp_ok((SELECT count(DISTINCT beneficiary)::int FROM inclusion_data.barred_offer), '>', 5, 'some cannot get everywhere');
SELECT is((SELECT count(*)::int FROM head WHERE person = :refuser AND offer = :refused), 0, 'somebody refused their first choice');
SELECT isnt_empty('SELECT FROM valued WHERE subject = ''level''', 'answers still change first choices');
SELECT is_empty($$ SELECT o.id, v.changes FROM inclusion_data.offer o LEFT JOIN valued v ON v.offer = o.id AND v.subject = 'seats' WHERE o.capacity_kind = 'unknown'
  AND abs(coalesce(v.changes, 0) - 0.3 * pg_temp.changed_by(format('UPDATE inclusion_data.offer SET open = false WHERE id = %s', o.id))) > 1e-9 $$,
  'of those who can get there, and were not refused it');
SELECT is_empty($$ SELECT o.id, v.changes FROM inclusion_data.offer o LEFT JOIN valued v ON v.offer = o.id AND v.subject = 'level' WHERE o.declared_by = 'import' AND o.teaches IS NOT NULL
  AND abs(coalesce(v.changes, 0) - 0.4 * pg_temp.changed_by(format('UPDATE inclusion_data.offer SET requires = NULL, teaches = %L WHERE id = %s',
    (SELECT 'pix{' || string_agg(s.code || '=' || least(s.points / 8 + 2, 8), ',') || '}' FROM inclusion.slots(o.teaches) s), o.id))) > 1e-9 $$,
  'a higher level changes nothing for those beyond the river');
SELECT is_empty($$ SELECT o.id, v.changes FROM inclusion_data.offer o LEFT JOIN valued v ON v.offer = o.id AND v.subject = 'public' WHERE o.declared_by = 'import' AND o.audiences = '{}'
  AND abs(coalesce(v.changes, 0)
    - 0.3 * pg_temp.changed_by(format('UPDATE inclusion_data.offer SET audiences = %L WHERE id = %s', (SELECT array_agg(c.code) FROM inclusion.codes('audience') c WHERE c.code !~ '^custom_'), o.id))
    - 0.2 * (SELECT count(*) FROM head h JOIN inclusion_data.beneficiary b ON b.id = h.person AND b.audiences <> '{}' WHERE h.offer = o.id)) > 1e-9 $$,
  'nor a public welcomed there');
SELECT is_empty(format('SELECT FROM inclusion_data.call_values(current_user, ''DEP-27'', inclusion.today(''DEP-27''), 1) v
  WHERE v.offer = (SELECT h.offer FROM head h JOIN inclusion_data.enrolment e ON e.beneficiary = h.person ORDER BY e.enrolled_on, h.person LIMIT 1) AND v.changes > 1'), 'of one person, one first choice at most');
-- people are counted one by one: who waits behind costs nothing and changes nothing
CREATE TEMPORARY TABLE first_ten AS SELECT * FROM inclusion_data.call_values(current_user, 'DEP-27', inclusion.today('DEP-27'), 10);
\o /dev/null
SELECT inclusion.express_need(inclusion.enrol(structure => :desk, commune => 'COM-27229'), target => 'pix{1.1=4}') FROM generate_series(1, 5);
\o
SELECT set_eq($$ SELECT * FROM inclusion_data.call_values(current_user, 'DEP-27', inclusion.today('DEP-27'), 10) $$, 'TABLE first_ten', 'who came today does not change what the first ten are worth');
INSERT INTO inclusion_data.purpose_objection SELECT h.person, 'DEP-27', 'active_list', current_date FROM head h;
SELECT is((SELECT count(*)::int FROM inclusion_data.longest_waiting('DEP-27', inclusion.today('DEP-27'), 1000)), 5, 'who objects to the list is not counted');
SELECT is((SELECT count(*)::int FROM inclusion.next_calls('DEP-74')), 0, 'where nobody waits, nobody is rung');

SELECT * FROM finish();
ROLLBACK;
