-- The closed loop: who speaks, who is rung, what a session's fate does, where a
-- freed seat goes.  Everybody stands at one spot and wants the same; days are
-- counted from today.
BEGIN;
-- so that current_date is the perimeter's
SET LOCAL timezone = 'Europe/Paris';
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(118);

SELECT inclusion.create_perimeter('DEP-27', 'Eure');
SELECT inclusion.adopt_policy('DEP-27', '2026-01-01', 'clé');
INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (1, 'DEP-27', 'Accueil'), (2, 'DEP-27', 'Atelier'), (3, 'DEP-27', 'Ailleurs');
INSERT INTO inclusion_data.agent (id, perimeter, structure, kind, login, name, valid_from) VALUES
  (101, 'DEP-27', 1, 'person', 'alice', 'Alice', '-infinity'), (102, 'DEP-27', 1, 'shared', NULL, 'Guichet', '-infinity'),
  (103, 'DEP-27', 2, 'person', 'boris', 'Boris', '-infinity'), (104, 'DEP-27', 3, 'person', 'chloe', 'Chloé', '-infinity'),
  (105, 'DEP-27', 1, 'person', NULL, 'Denis', '-infinity');
CREATE ROLE alice IN ROLE inclusion_front_desk;
CREATE ROLE boris IN ROLE inclusion_mediator;
CREATE ROLE chloe IN ROLE inclusion_mediator;
INSERT INTO inclusion_data.access_grant (role_name, perimeter, structure) VALUES ('alice', 'DEP-27', 1), ('boris', 'DEP-27', 2), ('chloe', 'DEP-27', 3);
INSERT INTO inclusion_data.place (id, perimeter, name, longitude, latitude) VALUES (1, 'DEP-27', 'Ici', 1.15, 49), (2, 'DEP-27', 'Au loin', 1.15, 49.17);

-- People 1 to 20 wait since as many days; 3 goes 5 km at most, the others 20, 4 needs a
-- lift, 5 large print, 6 comes on Tuesday mornings
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, max_distance, slots, audiences, last_contact_on)
SELECT i, 'DEP-27', 1, 1.15, 49, 'commune', CASE i WHEN 3 THEN 5000 ELSE 20000 END, CASE i WHEN 6 THEN '{tu_am}'::text[] ELSE '{}' END,
       CASE i WHEN 20 THEN '{seniors}'::text[] ELSE '{}' END, current_date FROM generate_series(1, 20) i;
INSERT INTO inclusion_data.identity (beneficiary, perimeter, first_name, last_name, phone) SELECT i, 'DEP-27', 'Prénom', 'Nom' || i, '06 39 98 00 00' FROM generate_series(1, 20) i;
INSERT INTO inclusion_data.accommodation_need (beneficiary, perimeter, code) VALUES (4, 'DEP-27', 'lift'), (5, 'DEP-27', 'large_print');
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT 'DEP-27', i, 'desk', 1, current_date - 100 + i, '1' FROM generate_series(1, 20) i;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on) SELECT 'DEP-27', i, 'pix{0.1=2}', current_date - 200 FROM generate_series(1, 20) i;
INSERT INTO inclusion_data.referent (beneficiary, perimeter, agent, since) SELECT i, 'DEP-27', 105, current_date - 10 FROM generate_series(1, 20) i WHERE i <> 2;
-- Offers 1 to 4 teach it, nearest first; the first at places 1, on Tuesdays
INSERT INTO inclusion_data.offer (id, perimeter, structure, place, name, capacity_kind, teaches, longitude, latitude, accommodations)
SELECT i, 'DEP-27', 2, 1, 'Offre ' || i, CASE WHEN i < 4 THEN 'seats' ELSE 'drop_in' END, 'pix{0.1=2}', 1.15, 49 + i * 0.001, '{lift,large_print}' FROM generate_series(1, 4) i;
CREATE FUNCTION pg_temp.tuesday(week int) RETURNS timestamptz LANGUAGE sql AS $$
  SELECT (date_trunc('week', (now() AT TIME ZONE 'Europe/Paris')) + make_interval(days => 8 + 7 * week, hours => 10)) AT TIME ZONE 'Europe/Paris'
$$;
INSERT INTO inclusion_data.session (id, offer, perimeter, place, starts_at, ends_at, confirmed_on)
SELECT i, CASE WHEN i = 5 THEN 2 ELSE 1 END, 'DEP-27', 1, pg_temp.tuesday(i), pg_temp.tuesday(i) + interval '2 hours', current_date FROM generate_series(1, 5) i;
ALTER TABLE inclusion_data.session ALTER id RESTART 101;
INSERT INTO inclusion_data.seat (session, capacity) VALUES (1, 7), (2, 1), (3, 4), (4, 0), (5, 1);

CREATE FUNCTION pg_temp.night(day date DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  made bigint := inclusion.night_start(coalesce(day, inclusion.today()));
BEGIN
  PERFORM inclusion.night_open(made);
  PERFORM inclusion.night_compute(made);
  PERFORM inclusion.night_publish(made);
  RETURN made;
END
$$;
-- the person's last proposal, its state, and where everything stands
CREATE FUNCTION pg_temp.p(person bigint) RETURNS bigint LANGUAGE sql AS $$ SELECT max(id) FROM inclusion_data.proposal WHERE beneficiary = person $$;
CREATE FUNCTION pg_temp.state(person bigint) RETURNS text LANGUAGE sql AS $$ SELECT w.state FROM inclusion_data.proposal_now w WHERE w.id = pg_temp.p(person) $$;
CREATE TEMPORARY VIEW unbalanced AS
SELECT t.session, t.taken, t.proposed FROM inclusion_data.seat t
WHERE (t.taken, t.proposed) <> (
  SELECT count(*) FILTER (WHERE w.holds = 'taken'), count(*) FILTER (WHERE w.holds = 'proposed')
  FROM inclusion_data.proposal_now w WHERE w.session = t.session);
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

-- --- words ------------------------------------------------------------------------

SELECT results_eq($$ SELECT code COLLATE "C" FROM inclusion_data.decline_reason WHERE speaker = 'operator' ORDER BY 1 $$,
  $$ SELECT v COLLATE "C" FROM unnest(ARRAY['bénéficiaire-non-joignable', 'bénéficiaire-absent', 'bénéficiaire-en-emploi', 'bénéficiaire-en-formation',
     'bénéficiaire-non-éligible', 'bénéficiaire-non-mobile', 'bénéficiaire-non-intéressé', 'freins-périphériques', 'session-complète',
     'orientation-en-doublon', 'autre']) v ORDER BY 1 $$, 'the structures'' eleven reasons, letter by letter');
SELECT is((SELECT label FROM inclusion_data.decline_reason WHERE code = 'bénéficiaire-absent'), 'Bénéficiaire ne s’étant pas présenté à l’entretien', 'with their typographic apostrophes');
SELECT is_empty($$ SELECT code FROM inclusion_data.decline_reason GROUP BY code HAVING count(*) > 1 $$, 'no reason is of both vocabularies');

SELECT pg_temp.night() AS first_night \gset
SELECT results_eq('SELECT beneficiary, session FROM inclusion_data.proposal ORDER BY beneficiary',
  $$ SELECT i::bigint, CASE WHEN i <= 7 THEN 1 WHEN i = 8 THEN 2 WHEN i <= 12 THEN 3 ELSE 5 END::bigint FROM generate_series(1, 13) i $$,
  'a night proposes thirteen seats to those who wait longest');
SELECT is_empty('TABLE unbalanced', 'seats agree with proposals');

-- --- accepting, with something else to choose ------------------------------------------

SELECT results_eq('SELECT n, kind, offer FROM inclusion.alternatives(pg_temp.p(1))',
  $$ VALUES (1, 'offer', 2::bigint), (2, 'offer', 3), (3, 'offer', 4), (4, 'wait', NULL), (5, 'pause', NULL) $$, 'three other offers of the list, then to wait, then to pause');
SELECT is((SELECT string_agg(a.sentence, '|' ORDER BY a.n) FROM inclusion.alternatives(pg_temp.p(1)) a WHERE a.n <= 3),
  'Offre 2 : aucune place libre aujourd''hui.|Offre 3 : aucune place libre aujourd''hui.|Offre 4 : sans place réservée.', 'said in words');
UPDATE inclusion_data.seat SET capacity = capacity + n FROM (VALUES (5, 1), (1, 2)) v (session, n) WHERE seat.session = v.session;
SELECT is((SELECT string_agg(regexp_replace(a.sentence, ', prochaine séance le \d\d/\d\d à 10 h 00\.$', ''), '|' ORDER BY p) FROM (VALUES (1, 2), (13, 1)) v (p, o),
  inclusion.alternatives(pg_temp.p(v.p)) a WHERE a.offer = v.o), 'Offre 2 : 1 place libre|Offre 1 : 2 places libres', 'with the seats that are free, one or more');
UPDATE inclusion_data.seat SET capacity = capacity - n FROM (VALUES (5, 1), (1, 2)) v (session, n) WHERE seat.session = v.session;
SELECT is((SELECT count(*) FROM inclusion.alternatives(pg_temp.p(1), 0)), 2::bigint, 'there are two ways besides at the very least');
SELECT throws_ok(format('SELECT inclusion.alternatives(pg_temp.p(1), %s)', k), 'IN010', NULL, k || ' other offers') FROM (VALUES ('-1'), ('NULL'), ('1001')) v (k);
SELECT inclusion.accept(pg_temp.p(1), 101, 'phone') AS accepted \gset
SELECT is(jsonb_path_query_array(:'accepted', '$.alternatives[*].kind'), '["offer", "offer", "offer", "wait", "pause"]', 'accept shows them');
SELECT is((:'accepted'::jsonb ->> 'session_at')::timestamptz, pg_temp.tuesday(1), 'with the hour agreed to');
SELECT results_eq('SELECT n, to_state, speaker, channel, reason, alternatives FROM inclusion_data.proposal_word',
  $$ VALUES (3, 'agreed', 'person', 'phone', NULL::text, '{2,3,4}'::bigint[]) $$, 'the person''s word is kept: how it was had, and what was shown');
SELECT throws_ok('SELECT inclusion.accept(pg_temp.p(2), 102)', 'IN305', NULL, 'a shared account tells nobody''s agreement');
SELECT throws_ok(format('SELECT inclusion.%s(pg_temp.p(2), agent => 102)', verb), 'IN305', NULL, verb || ': nor that') FROM unnest('{decline,pause}'::text[]) verb;
SELECT throws_ok('SELECT inclusion.accept(pg_temp.p(2), 101, ''pigeon'')', 'IN306', 'unknown channel "pigeon"', 'a word had by no known way');
SELECT is(pg_temp.hint('SELECT inclusion.accept(pg_temp.p(2), 101, ''pigeon'')'),
  'Choose one of: email, home_visit, in_person, letter, phone, sms, third_party, unsaid, video.', 'the ways are listed');
SELECT throws_ok($$ INSERT INTO inclusion_data.proposal_word (proposal, perimeter, n, to_state, speaker, channel, alternatives) VALUES (pg_temp.p(2), 'DEP-27', 2, 'agreed', 'person', 'phone', '{}') $$,
  '23503', NULL, 'no word without its step');

-- --- refusing -----------------------------------------------------------------------------

SELECT throws_ok('SELECT inclusion.decline(pg_temp.p(2), ''session-complète'', 101)', 'IN306', 'unknown reason "session-complète"', 'a person does not speak as a structure');
SELECT inclusion.decline(pg_temp.p(2), 'too_far', 101, 'sms');
SELECT results_eq('SELECT speaker, channel, reason FROM inclusion_data.proposal_word WHERE proposal = pg_temp.p(2)', $$ VALUES ('person', 'sms', 'too_far') $$, 'a person declines in their words');
SELECT throws_ok('SELECT inclusion.decline(pg_temp.p(1), ''too_far'', 103)', 'IN306', NULL, 'a structure does not speak as a person');
SELECT is(pg_temp.state(1), 'agreed', 'nothing half done');
UPDATE inclusion_data.proposal_step SET at = now() - interval '3 days' WHERE proposal = pg_temp.p(1) AND to_state = 'agreed';
SELECT inclusion.decline(pg_temp.p(1), 'bénéficiaire-non-éligible', 103);
SELECT results_eq('SELECT speaker, channel, reason FROM inclusion_data.proposal_word WHERE proposal = pg_temp.p(1) AND to_state = ''declined''',
  $$ VALUES ('operator', NULL::text, 'bénéficiaire-non-éligible') $$, 'the structure''s word is another, and carried by nobody');
SELECT inclusion.accept(pg_temp.p(9), 101);
SELECT throws_ok('SELECT inclusion.decline(pg_temp.p(9), agent => 103)', 'IN306', 'no reason is given', 'a structure says why');
SELECT inclusion.decline(pg_temp.p(9), 'autre', 103);
SELECT results_eq('SELECT beneficiary, offer FROM inclusion_data.struck_offer ORDER BY 1', $$ VALUES (1::bigint, 1::bigint), (2, 1) $$,
  'an offer refused, or that cannot take the person, is struck off their list; one that did not say why is not');
SELECT is((SELECT reason FROM inclusion_data.proposal_word WHERE proposal = pg_temp.p(9) AND to_state = 'declined'), 'autre', 'which is one of the eleven reasons');
SELECT is_empty('TABLE unbalanced', 'and the seats are back');

-- --- a freed seat, the same day --------------------------------------------------------------

SELECT results_eq('SELECT proposal = pg_temp.p(beneficiary), beneficiary, answer_by FROM inclusion.vacancy(1)',
  $$ VALUES (true, 9::bigint, least(current_date + 14, pg_temp.tuesday(1)::date - 1)), (true, 14, least(current_date + 14, pg_temp.tuesday(1)::date - 1)) $$,
  'two seats go to the next two who wait: 1 and 2 have struck the offer off, 9 has not');
SELECT results_eq('SELECT interim, run, (SELECT string_agg(to_state || '' '' || agent_kind, '', '' ORDER BY n) FROM inclusion_data.proposal_step s WHERE s.proposal = p.id) FROM inclusion_data.proposal p WHERE p.id = pg_temp.p(14)',
  format('SELECT true, %s::bigint, ''candidate service, proposed service''', :first_night), 'as the night would, marked interim');
SELECT is_empty('SELECT * FROM inclusion.vacancy(1)', 'a full session has nothing to give');
SELECT is_empty('SELECT * FROM inclusion.vacancy(4)', 'nor one without seats');
SELECT isnt(inclusion.night_start(inclusion.today()), :first_night::bigint, 'which is an event: the night of that day is due again');
UPDATE inclusion_data.run SET state = 'failed', finished_at = now() WHERE state = 'running';
SELECT results_eq('SELECT beneficiary FROM inclusion.vacancy(3)', 'SELECT 15::bigint', 'the seat given up in another session goes on down the list');
SELECT is_empty('TABLE unbalanced', 'seats agree with proposals');
-- a place kept for seniors goes to a senior, even the last of the list
INSERT INTO inclusion_data.policy_reserve (policy, audience, percent) SELECT id, 'seniors', 50 FROM inclusion_data.policy;
SELECT inclusion.open_session(1, pg_temp.tuesday(6), pg_temp.tuesday(6) + interval '2 hours', 2) AS kept \gset
SELECT results_eq(format('SELECT beneficiary FROM inclusion.vacancy(%s) ORDER BY 1', :kept), 'VALUES (16::bigint), (20)', 'reserves hold in the day as in the night');
DELETE FROM inclusion_data.policy_reserve;
-- seats that nobody may promise
SELECT inclusion.open_session(1, pg_temp.tuesday(7), pg_temp.tuesday(7) + interval '2 hours', 1) AS given \gset
CREATE FUNCTION pg_temp.given(change text, session bigint) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  given int;
BEGIN
  EXECUTE format(change, session);
  given := (SELECT count(*) FROM inclusion.vacancy(session));
  RAISE EXCEPTION USING ERRCODE = 'P9999', MESSAGE = given;
EXCEPTION WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
END
$$;
SELECT is(pg_temp.given(change, :given), wanted, why) FROM (VALUES
  (1, 'SELECT %s', 1, 'a seat is given to 17'),
  (2, 'UPDATE inclusion_data.session SET confirmed_on = current_date - 31 WHERE id = %s', 0, 'not one nobody confirmed for 31 days'),
  (3, 'UPDATE inclusion_data.session SET starts_at = now() - interval ''1 day'', ends_at = now() WHERE id = %s', 0, 'not one of the past'),
  (4, 'UPDATE inclusion_data.session SET state = ''closed'' WHERE id = %s', 0, 'not one closed'),
  (8, 'UPDATE inclusion_data.policy SET session_horizon_days = 40 WHERE %s > 0', 0, 'not one beyond the horizon'),
  (5, 'INSERT INTO inclusion_data.closure (place, during, reason) SELECT 1, daterange(starts_at::date, NULL), ''travaux'' FROM inclusion_data.session WHERE id = %s', 0, 'not one where the place is shut'),
  (6, 'UPDATE inclusion_data.expressed_need SET closed_on = current_date WHERE %s > 0 AND beneficiary >= 9', 0, 'not to who no longer asks: 17 to 19 do not, 1 and 2 struck it off'),
  (7, 'INSERT INTO inclusion_data.purpose_objection SELECT i, ''DEP-27'', ''active_list'', current_date FROM generate_series(17, 19) i WHERE %s > 0', 0, 'nor to who objects to the list')) v (n, change, wanted, why) ORDER BY n;
SELECT throws_ok('SELECT inclusion.vacancy(424242)', 'IN202', NULL, 'an unknown session is said');

-- --- reaching people ----------------------------------------------------------------------------

SELECT throws_ok('SELECT inclusion.expire(pg_temp.p(3), 101)', 'IN303', format('proposal %s cannot expire: 3 more attempts to reach the person are due', pg_temp.p(3)), 'nobody is dropped unrung');
SELECT is(ARRAY[inclusion.contact_attempt(pg_temp.p(3), 'phone', 'no_answer', 102), inclusion.contact_attempt(pg_temp.p(3), 'sms', 'message', 102), inclusion.contact_attempt(pg_temp.p(3), agent => 102)],
  '{2,1,0}', 'each attempt is counted, whoever makes it');
SELECT throws_ok('SELECT inclusion.contact_attempt(pg_temp.p(3), outcome => ''perhaps'', agent => 102)', 'IN306', 'unknown outcome "perhaps"', 'an outcome is of the list');
SELECT throws_ok('SELECT inclusion.contact_attempt(424242, agent => 102)', 'IN304', NULL, 'of a proposal there is');
SELECT is((SELECT count(*) FROM inclusion_data.contact WHERE beneficiary = 3), 3::bigint, 'what was refused was not noted');
UPDATE inclusion_data.proposal SET expires_on = current_date - 1 WHERE beneficiary IN (3, 4);
SELECT inclusion.night_start(inclusion.today()) AS run \gset
SELECT inclusion.night_open(:run);
SELECT is(pg_temp.state(3) || ' ' || pg_temp.state(4), 'expired to_reach', 'who was rung three times and kept silent has expired; who was not goes to the referent');
SELECT results_eq(format('SELECT (counters ->> ''expired'')::int, (counters ->> ''to_reach'')::int, (counters ->> ''released'')::int FROM inclusion_data.run WHERE id = %s', :run), 'VALUES (1, 1, 0)', 'and the night counts them');
SELECT is((SELECT w.holds FROM inclusion_data.proposal_now w WHERE w.id = pg_temp.p(4)), 'proposed', 'whose seat is kept');
SELECT is_empty('TABLE unbalanced', 'seats agree with proposals');
UPDATE inclusion_data.run SET state = 'failed', finished_at = now() WHERE state = 'running';
UPDATE inclusion_data.policy SET contact_attempts = 0;
SELECT is(inclusion.attempts_missing(pg_temp.p(4)), 0, 'a policy may ask for none');
UPDATE inclusion_data.policy SET contact_attempts = 3;

-- --- whom to ring -----------------------------------------------------------------------------------

-- each agent's calls, made from their people alone and picked among those of all
\set mine 'SELECT a.id, c.beneficiary, c.proposal, c.reason, c.attempts FROM inclusion_data.agent a, inclusion.my_calls(a.id) c'
\set among_all 'SELECT a.id, d.beneficiary, d.proposal, d.reason, d.attempts FROM inclusion_data.agent a JOIN inclusion_data.call_due d ON d.referent = a.id OR d.referent IS NULL AND d.structure = a.structure'
SELECT results_eq('SELECT beneficiary, reason, why, attempts FROM inclusion.my_calls(105) LIMIT 2',
  $$ VALUES (4::bigint, 'reach', 'Proposition restée sans réponse', 0), (5, 'answer', 'Une place lui est proposée', 0) $$, 'the referent rings first whom nobody reached');
SELECT is((SELECT string_agg(reason, ' ' ORDER BY reason) FROM inclusion.my_calls(105) WHERE beneficiary = 1), 'refused', 'and tells whom a structure cannot take');
SELECT is_empty('SELECT * FROM inclusion.my_calls(103) WHERE beneficiary = 4', 'and nobody else does');
SELECT inclusion.note_contact(1, 'phone', 'no_answer', 102), inclusion.note_contact(1, 'letter', 'unreachable', 102);
SELECT isnt_empty('SELECT * FROM inclusion.my_calls(105) WHERE beneficiary = 1', 'ringing in vain is not telling');
SELECT inclusion.note_contact(1, 'letter', 'message', 102);
SELECT is_empty('SELECT * FROM inclusion.my_calls(105) WHERE beneficiary = 1', 'a message is');
-- silence
UPDATE inclusion_data.beneficiary SET last_contact_on = current_date - CASE id WHEN 17 THEN 29 WHEN 2 THEN 45 ELSE 30 END WHERE id IN (2, 17, 18, 19);
SELECT inclusion.note_contact(19, 'sms', 'message', 102);
SELECT results_eq($$ SELECT beneficiary, since FROM inclusion.my_calls(105) WHERE reason = 'silence' $$, 'VALUES (2::bigint, current_date - 45), (18, current_date - 30)', 'nobody goes thirty days without a line; 29 is not 30, a message is one');
SELECT results_eq($$ SELECT beneficiary, since FROM inclusion.my_calls(101) WHERE reason = 'silence' $$, 'SELECT 2::bigint, current_date - 45', 'without a referent, everybody of the structure is to ring');
UPDATE inclusion_data.agent SET valid_to = current_date - 1 WHERE id = 105;
SELECT set_eq($$ SELECT beneficiary FROM inclusion.my_calls(101) WHERE reason = 'silence' $$, 'VALUES (2::bigint), (18)', 'or when the referent has left');
UPDATE inclusion_data.agent SET valid_to = NULL WHERE id = 105;
UPDATE inclusion_data.policy SET silence_days = 29;
SELECT set_eq($$ SELECT beneficiary FROM inclusion.my_calls(105) WHERE reason = 'silence' $$, 'VALUES (2::bigint), (17), (18)', 'the policy says how long');
UPDATE inclusion_data.policy SET silence_days = 30;
SELECT is(pg_temp.as_role('alice', 'SELECT count(*) FROM inclusion.my_calls()'), (SELECT count(*)::text FROM inclusion.my_calls(101)), 'an agent asks for their own');
SELECT is(pg_temp.as_role('chloe', 'SELECT count(*) FROM inclusion.my_calls(105)'), '0', 'and sees nobody else''s people');
SELECT throws_ok('SELECT inclusion.my_calls(424242)', 'IN305', NULL, 'an unknown agent rings nobody');
SELECT results_eq($$ SELECT id, reason FROM pilotage.fact_call WHERE reason = 'Sans nouvelles de nous' ORDER BY id $$, $$ VALUES (2::bigint, 'Sans nouvelles de nous'), (18, 'Sans nouvelles de nous') $$, 'the view of steering says the same');
SELECT is_empty($$ SELECT b.id FROM inclusion_data.beneficiary b WHERE b.last_contact_on <= current_date - 30
  AND NOT EXISTS (SELECT FROM inclusion_data.contact c WHERE c.beneficiary = b.id AND c.outcome IN ('reached', 'message'))
  AND NOT EXISTS (SELECT FROM inclusion_data.agent a, inclusion.my_calls(a.id) c WHERE c.beneficiary = b.id) $$, 'whoever hears nothing is on somebody''s list');
SELECT set_eq(:'mine', :'among_all', 'an agent''s calls are those of everybody that are theirs');
UPDATE inclusion_data.referent SET agent = (SELECT id FROM inclusion_data.agent WHERE login = 'chloe') WHERE beneficiary = 4;
SELECT is((SELECT array_agg(c.beneficiary) FROM inclusion_data.agent a, inclusion.my_calls(a.id) c WHERE a.login = 'chloe'), '{4}', 'the referent may be of another structure');
SELECT set_eq(:'mine', :'among_all', 'and has all of their calls');
UPDATE inclusion_data.referent SET agent = 105 WHERE beneficiary = 4;

-- --- a pause -----------------------------------------------------------------------------------------

SELECT inclusion.pause(pg_temp.p(9), 'revient dans un mois', 101, 'in_person');
SELECT results_eq('SELECT w.state, w.holds, d.channel FROM inclusion_data.proposal_now w JOIN inclusion_data.proposal_word d ON d.proposal = w.id AND d.n = w.n WHERE w.id = pg_temp.p(9)',
  $$ VALUES ('paused', 'none', 'in_person') $$, 'a pause gives the seat back');
SELECT throws_ok('SELECT inclusion.accept(pg_temp.p(9), 101)', 'IN303', NULL, 'from which one does not agree');
SELECT throws_ok('SELECT inclusion.resume(pg_temp.p(9), 102)', 'IN305', NULL, 'nor does a shared account end it');
SELECT inclusion.resume(pg_temp.p(9), 101);
SELECT is(pg_temp.state(9), 'candidate', 'its end leads back to the list only');

-- --- two come together ----------------------------------------------------------------------------------

SELECT inclusion.accept(pg_temp.p(i), 101), inclusion.confirm(pg_temp.p(i), 103) FROM generate_series(5, 8) i;
SELECT throws_ok('SELECT inclusion.book(pg_temp.p(5), 2, 103, pg_temp.p(6))', 'IN301', 'session 2 has no seat left', 'one seat is not two');
SELECT is(pg_temp.state(5) || ' ' || pg_temp.state(6), 'confirmed confirmed', 'and nobody has it');
SELECT throws_ok('SELECT inclusion.book(pg_temp.p(5), 1, 103, pg_temp.p(4))', 'IN303', NULL, 'nor does one go whose companion may not');
SELECT throws_ok('SELECT inclusion.book(pg_temp.p(5), 1, 103, pg_temp.p(13))', 'IN202', NULL, 'or goes elsewhere');
SELECT inclusion.book(pg_temp.p(5), 1, 103, pg_temp.p(6)), inclusion.book(pg_temp.p(7), agent => 103), inclusion.book(pg_temp.p(8), agent => 103);
SELECT is(pg_temp.state(5) || ' ' || pg_temp.state(6), 'booked booked', 'two seats are');
SELECT is_empty('TABLE unbalanced', 'seats agree with proposals');

-- --- a session moved ------------------------------------------------------------------------------------

SELECT is(pg_temp.as_role('chloe', 'SELECT count(*) FROM inclusion.move_session(1, now() + interval ''1 day'', now() + interval ''2 days'')'), '42501', 'a structure moves no session of another');
SELECT is(pg_temp.as_role('chloe', 'SELECT count(*) FROM inclusion.cancel_session(1)'), '42501', 'nor cancels it');
-- to a place 19 km away, without a lift, on a Thursday
SELECT results_eq('SELECT beneficiary, state, kept, why, last_name, phone, referent_name FROM inclusion.move_session(1, pg_temp.tuesday(1) - interval ''5 days'', pg_temp.tuesday(1) - interval ''5 days'' + interval ''2 hours'', 2, 103) ORDER BY beneficiary',
  $$ VALUES (4::bigint, 'to_reach', false, 'n''offre pas un aménagement nécessaire', 'Nom4', '06 39 98 00 00', 'Denis'), (5, 'booked', true, NULL, 'Nom5', '06 39 98 00 00', 'Denis'),
            (6, 'booked', false, 'aucun créneau commun', 'Nom6', '06 39 98 00 00', 'Denis'), (7, 'booked', true, NULL, 'Nom7', '06 39 98 00 00', 'Denis'), (14, 'proposed', true, NULL, 'Nom14', '06 39 98 00 00', 'Denis') $$,
  'everybody expected is listed with their contact and referent; the lift stays behind, large print comes along');
SELECT is(pg_temp.state(4) || ' ' || pg_temp.state(5) || ' ' || pg_temp.state(6), 'withdrawn booked session_cancelled', 'who can no longer come waits again, the others keep their seat');
SELECT is((SELECT expires_on FROM inclusion_data.proposal WHERE id = pg_temp.p(14)), greatest(current_date, least(current_date + 14, (pg_temp.tuesday(1) - interval '5 days')::date - 1)), 'nobody answers after the session');
SELECT results_eq('SELECT beneficiary, reason FROM inclusion.my_calls(105) WHERE beneficiary IN (5, 6, 7) ORDER BY 1', $$ VALUES (5::bigint, 'moved'), (6, 'cancelled'), (7, 'moved') $$, 'all are to be told');
SELECT is((SELECT reason FROM inclusion_data.proposal_step WHERE proposal = pg_temp.p(6) AND to_state = 'session_cancelled'), 'séance déplacée : aucun créneau commun', 'and the step says why');
SELECT inclusion.note_contact(5, 'phone', 'reached', 101);
SELECT is_empty('SELECT * FROM inclusion.my_calls(105) WHERE beneficiary = 5', 'who was told is no longer rung');
SELECT set_eq(:'mine', :'among_all', 'and after a move');
UPDATE inclusion_data.beneficiary SET slots = '{mo_am}' WHERE id = 7;
SELECT is((SELECT kept FROM inclusion.move_session(1, pg_temp.tuesday(1) - interval '4 days', pg_temp.tuesday(1) - interval '4 days' + interval '2 hours', agent => 103) WHERE beneficiary = 7), true,
  'what did not suit before the move takes no place away');
SELECT is_empty('TABLE unbalanced', 'seats agree with proposals');
SELECT is(inclusion.session_slots('2026-03-03 11:00+01', '2026-03-03 18:30+01', 'Europe/Paris'), '{tu_am,tu_ev,tu_pm}', 'a session takes up the slots it touches');
SELECT is(inclusion.session_slots('2026-03-03 12:00+01', '2026-03-03 18:00+01', 'Europe/Paris'), '{tu_pm}', 'and no other');

-- --- a session cancelled, somebody restricted among those expected -----------------------------------------

-- all that is above was told a moment ago
UPDATE inclusion_data.contact SET at = at - interval '1 minute';
SELECT throws_ok($$ SELECT inclusion.cancel_session(1, '1 84 12 76 451 089 46', 103) $$, 'IN005', NULL, 'no number in the reason');
SELECT is((SELECT state FROM inclusion_data.session WHERE id = 1), 'open', 'and nothing is cancelled');
INSERT INTO inclusion_data.restriction VALUES (7, 'DEP-27', 'conteste', current_date);
SELECT is(pg_temp.as_role('boris', 'SELECT string_agg(beneficiary || '' '' || state || '' '' || referent_name, '', '' ORDER BY beneficiary) FROM inclusion.cancel_session(1, ''panne'')'),
  '5 booked Denis, 14 proposed Denis', 'the mediator is given those to tell, and not who is restricted');
SELECT is(pg_temp.state(5) || ' ' || pg_temp.state(7) || ' ' || pg_temp.state(14), 'session_cancelled session_cancelled withdrawn', 'nobody is left booked in a cancelled session');
SELECT results_eq($$ SELECT beneficiary, detail -> 'session' FROM inclusion_data.journal WHERE action = 'session_cancelled' $$, $$ VALUES (7::bigint, '1'::jsonb) $$, 'the officer finds the restricted person in the journal');
SELECT is_empty('TABLE unbalanced', 'no seat is left behind');
DELETE FROM inclusion_data.restriction;
SELECT set_eq($$ SELECT beneficiary FROM inclusion.my_calls(105) WHERE reason = 'cancelled' $$, 'VALUES (5::bigint), (6), (7)', 'those who had agreed are to be told');

-- --- who came ------------------------------------------------------------------------------------------------

SELECT throws_ok('SELECT inclusion.record_attendance(pg_temp.p(8), ''late'', 103)', 'IN306', NULL, 'attended, absent or excused');
SELECT throws_ok(format('SELECT inclusion.record_attendance(pg_temp.p(8), %L, 103)', w), 'IN303', NULL, w || ': not before the session begins') FROM unnest('{attended,absent}'::text[]) w;
SELECT throws_ok('SELECT inclusion.hold_session(p.session) FROM inclusion_data.proposal p WHERE p.id = pg_temp.p(8)', 'IN303', NULL, 'nor is it held');
UPDATE inclusion_data.session SET starts_at = now() - interval '3 days', ends_at = now() - interval '70 hours' WHERE id = (SELECT session FROM inclusion_data.proposal WHERE id = pg_temp.p(8));
SELECT inclusion.record_attendance(pg_temp.p(8), 'absent', 103);
SELECT is(pg_temp.state(8), 'absent', 'somebody did not come');
SELECT is((SELECT reason FROM inclusion.my_calls(105) WHERE beneficiary = 8), 'absent', 'and is rung');
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
SELECT pg_temp.p(10), 'DEP-27', s.n, s.a, s.b, 103, 'person' FROM (VALUES (3, 'proposed', 'agreed'), (4, 'agreed', 'confirmed'), (5, 'confirmed', 'booked')) s (n, a, b);
SELECT inclusion_data.settle_seats(3);
UPDATE inclusion_data.session SET starts_at = now() - interval '1 day', ends_at = now() - interval '22 hours' WHERE id = 3;
SELECT results_eq($$ SELECT beneficiary, reason FROM inclusion.my_calls(103) WHERE beneficiary = 10 $$, $$ VALUES (10::bigint, 'presence') $$, 'the structure notes who came');
SELECT set_eq(:'mine', :'among_all', 'and at the session');
SELECT inclusion.record_attendance(pg_temp.p(10), agent => 103), inclusion.complete_step(pg_temp.p(10), 'pix{0.1=1}', agent => 103);
SELECT results_eq('SELECT enrolled_on, withdrawn_on FROM inclusion_data.enrolment WHERE beneficiary = 10 ORDER BY id', 'VALUES (current_date - 90, current_date), (current_date, NULL)', 'whoever completes enters the list anew');
SELECT is_empty($$ SELECT FROM inclusion_data.journal WHERE action = 'withdraw' AND beneficiary = 10 $$, 'which is no letting go');
SELECT is((SELECT inclusion.points(n.current, '0.1') FROM (SELECT inclusion.latest_of(vector ORDER BY assessed_on, id) AS current FROM inclusion_data.assessment WHERE beneficiary = 10) n), 8, 'with what they can do now');
UPDATE inclusion_data.session SET starts_at = now() - interval '3 days', ends_at = now() - interval '70 hours' WHERE id = 3;
SELECT pg_temp.night() AS last_night \gset
SELECT results_eq('SELECT state FROM inclusion_data.session WHERE id = 3 OR id = (SELECT session FROM inclusion_data.proposal WHERE id = pg_temp.p(8)) ORDER BY state',
  $$ VALUES ('held'), ('open') $$, 'a session over is held where somebody came');
SELECT inclusion.hold_session((SELECT session FROM inclusion_data.proposal WHERE id = pg_temp.p(8)));
SELECT throws_ok('SELECT inclusion.cancel_session(3, agent => 103)', 'IN303', NULL, 'a session held is not cancelled');
SELECT results_eq(format('SELECT beneficiary, waiting_days, rank IS NOT NULL, 1 = ANY (offers) FROM inclusion_data.run_candidate WHERE run = %s AND beneficiary IN (1, 2, 8, 10) ORDER BY 1', :last_night),
  'VALUES (1::bigint, 99, true, false), (2, 98, true, false), (8, 92, true, true), (10, 0, true, false)',
  'who refused or did not come keeps their days, and what was struck off stays so');

SELECT * FROM finish();
ROLLBACK;
