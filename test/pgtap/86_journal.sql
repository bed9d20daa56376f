-- The journal: names are read by opening a file, which is noted; what is noted
-- cannot be changed, and what was changed all the same is found.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\o
SELECT plan(138);

CREATE ROLE other_agent IN ROLE inclusion_mediator;
CREATE ROLE desk_pool NOINHERIT IN ROLE desk_agent;
CREATE ROLE officer IN ROLE inclusion_dpo;
CREATE ROLE night_worker IN ROLE inclusion_night;
CREATE ROLE test_lead IN ROLE inclusion_steward;
SELECT inclusion.register_agent('other_agent', :other_desk, 'Omar Autre') AS other \gset
SELECT inclusion.register_structure('Médiathèque', 'DEP-27') AS library \gset
CREATE ROLE librarian;
SELECT inclusion.register_agent('librarian', :library, 'Lou Livre', 'mediator') AS lou \gset
-- what made this world was noted too: it is not counted here
ALTER TABLE inclusion_data.journal DISABLE TRIGGER only_grows;
ALTER TABLE inclusion_data.journal_seal DISABLE TRIGGER only_grows;
TRUNCATE inclusion_data.journal, inclusion_data.journal_seal RESTART IDENTITY;
ALTER TABLE inclusion_data.journal ENABLE ALWAYS TRIGGER only_grows;
ALTER TABLE inclusion_data.journal_seal ENABLE ALWAYS TRIGGER only_grows;
SET ROLE desk_agent;
SELECT inclusion.enrol(:desk, first_name => 'Zoé', last_name => 'Fictive', phone => '06 39 98 00 01', accommodations => '{large_print}') AS zoe,
       inclusion.enrol(:desk, first_name => 'Ivo', last_name => 'Fictif') AS ivo,
       inclusion.enrol(:desk) AS unnamed \gset
RESET ROLE;
SELECT inclusion.enrol(:other_desk, first_name => 'Ana', last_name => 'Fictive') AS ana \gset

-- What comes of a statement made by somebody: a number or an SQLSTATE
CREATE FUNCTION pg_temp.as_role(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  PERFORM set_config('role', who, true);
  EXECUTE statement INTO answer;
  PERFORM set_config('role', 'none', true);
  RETURN answer;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE;
END
$$;
CREATE FUNCTION pg_temp.lines() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM inclusion_data.journal';

-- --- names are read in one way -----------------------------------------------

SELECT is(pg_temp.lines(), 0::bigint, 'enrolling is traced by its own row, not here');
SELECT is(pg_temp.as_role('desk_agent', format('SELECT last_name FROM inclusion_data.identity WHERE beneficiary = %s', :zoe)), '42501', 'an agent does not select a name');
SELECT is(pg_temp.as_role('desk_agent', 'UPDATE inclusion_data.identity SET phone = NULL RETURNING last_name'), '42501', 'nor has it returned by an update');
SELECT is(pg_temp.as_role('desk_agent', 'EXPLAIN SELECT FROM inclusion_data.identity WHERE last_name = ''Fictive'''), '42501', 'nor guesses it from a plan');
SELECT is(pg_temp.as_role('desk_agent', 'INSERT INTO inclusion_data.identity AS i (beneficiary, perimeter, first_name, last_name) SELECT beneficiary, perimeter, ''A'', ''B'' FROM inclusion_data.identity ON CONFLICT (beneficiary, perimeter) DO UPDATE SET phone = i.last_name RETURNING 1'), '42501', 'nor copies it aside');
SELECT is(pg_temp.as_role('desk_agent', format($$ SELECT inclusion.read_person_file(%s) -> 'identity' ->> 'last_name' $$, :zoe)), 'Fictive', 'opening the file gives the name');
SELECT results_eq($$ SELECT perimeter, actor, agent, action, beneficiary, detail, at BETWEEN now() AND clock_timestamp() FROM inclusion_data.journal $$,
  format($$ VALUES ('DEP-27', 'desk_agent', %s::bigint, 'read_file', %s::bigint, '{}'::jsonb, true) $$, :agent, :zoe), 'and is noted: where, who, what, whom, when');
SELECT is(pg_temp.as_role('desk_agent', format($$ SELECT (inclusion.read_person_file(%s) -> 'accommodations') $$, :zoe)), '["large_print"]', 'with what the registry knows besides');
SELECT is(pg_temp.as_role('desk_agent', format($$ SELECT inclusion.read_person_file(%s) ->> 'identity' $$, :unnamed)), NULL, 'a person without a name has a file');
SELECT is(pg_temp.lines(), 3::bigint, 'each opening is a line');
SELECT is(pg_temp.as_role('desk_agent', format('SELECT inclusion.read_person_file(%s)', :ana)), 'IN003', 'somebody else''s person is refused');
SELECT is(pg_temp.as_role('desk_agent', 'SELECT inclusion.read_person_file(424242)'), 'IN003', 'as nobody''s is');
SELECT is(pg_temp.as_role('night_worker', format('SELECT inclusion.read_person_file(%s)', :ana)), '42501', 'the night opens no file');
SELECT is(pg_temp.as_role('officer', format($$ SELECT inclusion.read_person_file(%s) -> 'identity' ->> 'first_name' $$, :ana)), 'Ana', 'the officer opens any');
SELECT is(pg_temp.as_role('officer', format('SELECT %s FROM inclusion_data.identity', c)), '42501', 'and selects no ' || c || ' either') FROM unnest('{first_name,last_name,phone,email,contact_by}'::text[]) c;
SELECT is((SELECT string_agg(actor || ' ' || perimeter, ', ' ORDER BY id) FROM inclusion_data.journal WHERE beneficiary = :ana), 'officer DEP-74', 'and it is noted where the person is');

SELECT is(pg_temp.as_role('desk_agent', format('SELECT string_agg(beneficiary || first_name, '' '' ORDER BY beneficiary) FROM inclusion.read_contacts(ARRAY[%s, %s, %s, %s, 424242])', :ivo, :zoe, :unnamed, :ana)),
  format('%sZoé %sIvo', :zoe, :ivo), 'a list gives the names of those the agent may see');
SELECT results_eq($$ SELECT beneficiary, count(*) FROM inclusion_data.journal WHERE action = 'read_contacts' GROUP BY beneficiary ORDER BY beneficiary $$,
  format('VALUES (%s::bigint, 1::bigint), (%s, 1), (%s, 1)', :zoe, :ivo, :unnamed), 'one line a person, none for whom was not shown');
SELECT is_empty('TABLE inclusion_data.file_opening', 'nothing is left waiting to be opened');

-- The two halves of an opening, apart, give no more
SELECT is(pg_temp.as_role('desk_agent', format('INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, named) VALUES (%s, ''DEP-74'', false)', :ana)), '42501', 'a file that is not one''s own is not asked for');
SELECT is(pg_temp.as_role('desk_agent', format('INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, named) VALUES (%s, ''DEP-27'', false)', :ana)), '42501', 'nor under another perimeter');
SELECT is(pg_temp.as_role('desk_agent', format('INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, named, actor) VALUES (%s, ''DEP-27'', false, ''other_agent'')', :zoe)), '42501', 'nor in another''s name');
SELECT is(pg_temp.as_role('desk_agent', 'SELECT count(*) FROM inclusion_data.open_files(''read_file'')'), '0', 'nothing asked, nothing opened');
SELECT is(pg_temp.as_role('desk_agent', format('WITH o AS (INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, named) VALUES (%s, ''DEP-27'', true)) SELECT count(*) FROM inclusion_data.open_files(''withdraw'')', :zoe)), 'IN812', 'a file is opened under no other act than a reading');
INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, named, actor) VALUES (:ana, 'DEP-74', true, 'other_agent');
SELECT is(pg_temp.as_role('desk_agent', 'SELECT count(*) FROM inclusion_data.open_files(''read_file'')'), '0', 'what another asked for is not opened to oneself');
SELECT is(pg_temp.as_role('desk_agent', 'SELECT count(*) FROM inclusion_data.file_opening'), '42501', 'nor seen');
DELETE FROM inclusion_data.file_opening;

-- A pool's account acts for the desk, and both are noted
SET SESSION AUTHORIZATION desk_pool;
SET ROLE desk_agent;
SELECT inclusion.read_person_file(:ivo) IS NOT NULL AS opened \gset
RESET ROLE;
RESET SESSION AUTHORIZATION;
SELECT results_eq($$ SELECT actor, session_actor FROM inclusion_data.journal ORDER BY id DESC LIMIT 1 $$, $$ VALUES ('desk_agent', 'desk_pool') $$, 'who acts, and who is connected');

SELECT inclusion.withdraw(:ivo) AS gone, inclusion.withdraw(:ivo) AS again \gset
SELECT is((SELECT count(*) FROM inclusion_data.journal WHERE action = 'withdraw' AND beneficiary = :ivo), 1::bigint, 'letting a person go is noted, once');

-- --- names are written in one way ----------------------------------------------

\set fingerprint '(SELECT string_agg(encode(f.fingerprint, ''hex''), '' '' ORDER BY f.version) FROM inclusion_data.identity_fingerprint f WHERE f.beneficiary = ' :zoe ')'
\set should_be '(SELECT encode(inclusion_data.person_key(''DEP-27'', ''identity'', inclusion.identity_key(i.first_name, i.last_name, b.birth_year, b.commune)), ''hex'') FROM inclusion_data.identity i JOIN inclusion_data.beneficiary b ON b.id = i.beneficiary WHERE b.id = ' :zoe ')'
SELECT is(pg_temp.as_role(who, s), '42501', who || ' has no other way: ' || s) FROM unnest('{desk_agent,officer,night_worker}'::text[]) who, unnest(ARRAY[
  'UPDATE inclusion_data.identity SET last_name = ''Autre''', 'UPDATE inclusion_data.identity SET phone = NULL', 'DELETE FROM inclusion_data.identity',
  'UPDATE inclusion_data.beneficiary SET birth_year = 1950', 'UPDATE inclusion_data.beneficiary SET commune = NULL',
  format('INSERT INTO inclusion_data.identity (beneficiary, perimeter, first_name, last_name) VALUES (%s, ''DEP-27'', ''A'', ''B'')', :unnamed),
  format('SELECT inclusion_data.write_identity(%s, ''A'', ''B'', NULL, NULL, NULL, NULL, NULL, false)', :zoe),
  format('SELECT inclusion_data.note_fingerprint(%s, ''DEP-27'')', :zoe)]) s;
SELECT is(pg_temp.as_role('desk_agent', format('SELECT inclusion.identify(%s, birth_year => 1950, phone => ''06 39 98 00 02'')', :zoe)), '', 'an agent completes who a person is');
SELECT is((SELECT concat_ws(' ', first_name, last_name, phone) FROM inclusion_data.identity WHERE beneficiary = :zoe), 'Zoé Fictive 06 39 98 00 02', 'what is not said stays');
SELECT isnt(:fingerprint, NULL, 'a fingerprint is there');
SELECT is(:fingerprint, :should_be, 'and is of what is known');
SELECT is(pg_temp.as_role('desk_agent', format('SELECT inclusion.identify(%s, last_name => ''Corrigée'')', :zoe)), '', 'a name is corrected');
SELECT is(:fingerprint, :should_be, 'and the fingerprint with it');
SELECT is(pg_temp.as_role('desk_agent', format('SELECT inclusion.identify(%s, birth_year => 1951)', :zoe)), '', 'a year as well');
SELECT is(:fingerprint, :should_be, 'likewise');
SELECT is(pg_temp.as_role('desk_agent', format('SELECT inclusion.identify(%s, last_name => ''Fictive'', phone => '''')', :zoe)), '', 'a telephone is taken away');
SELECT is((SELECT phone FROM inclusion_data.identity WHERE beneficiary = :zoe), NULL, 'and is not there');
SELECT is((SELECT count(*) FROM inclusion_data.journal WHERE action = 'identify' AND beneficiary = :zoe AND actor = 'desk_agent'), 4::bigint, 'each is noted');
SELECT is_empty($$ SELECT FROM inclusion_data.journal WHERE detail::text ~ 'Corrigée|0639|1951' $$, 'without what was written');
SELECT is(pg_temp.as_role('desk_agent', format('SELECT inclusion.identify(%s, phone => ''06 39 98 00 03'')', :unnamed)), 'IN004', 'a way to reach somebody needs a name');
SELECT is(pg_temp.as_role('desk_agent', format('SELECT inclusion.identify(%s, ''Nom'', ''Donné'', 1960)', :unnamed)), '', 'which can be given later');
SELECT is((SELECT count(*) FROM inclusion_data.identity_fingerprint WHERE beneficiary = :unnamed), 1::bigint, 'with its fingerprint');
SELECT is(pg_temp.as_role('desk_agent', format(statement, :zoe)), state, statement) FROM (VALUES
  ('SELECT inclusion.identify(%s, phone => ''06 12 34 56 78'')', 'IN002'), ('SELECT inclusion.identify(%s, last_name => ''2 55 08 14 168 025 38'')', 'IN005'),
  ('SELECT inclusion.identify(%s, commune => ''COM-0'')', 'IN004'), ('SELECT inclusion.identify(%s, first_name => '''')', 'IN004'), ('SELECT inclusion.identify(%s, contact_by => ''pigeon'')', 'IN004')) v (statement, state);
SELECT is(pg_temp.as_role('desk_agent', format('SELECT inclusion.identify(%s, ''A'', ''B'')', :ana)), 'IN003', 'of their own people only');
SELECT is_empty('TABLE inclusion_data.file_opening', 'nothing is left waiting to be written');

-- --- a name is open with the person's word -----------------------------------------

\set ECHO none
\o /dev/null
SELECT inclusion.register_offer('Atelier', :library, teaches => 'pix{1.1=2}', longitude => 1.15, latitude => 49.02) AS offer \gset
SELECT inclusion.open_session(:offer, now() + interval '3 days', now() + interval '3 days 2 hours', 8) AS session \gset
INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, started_at) VALUES (1, '2026-02-01', '{DEP-27}', 'running', 'compute', '2026-02-01');
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
  VALUES (501, 'DEP-27', :zoe, :offer, :session, 1, 1, 0.1, '2026-02-15');
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
  SELECT 501, 'DEP-27', 1, 'none', 'candidate', a.id, a.kind FROM inclusion_data.agent a WHERE a.kind = 'service' AND a.perimeter = 'DEP-27';
INSERT INTO inclusion_data.orientation (perimeter, beneficiary, offer, run, week) VALUES ('DEP-27', :ivo, :offer, 1, date_trunc('week', current_date)::date);
\o
-- After each state: whether the structure sees the person, their name, in a file
-- and in a list; then whether it may write it
CREATE FUNCTION pg_temp.shown_to_librarian(person bigint) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', pg_temp.as_role('librarian', format('SELECT count(*) FROM inclusion_data.beneficiary WHERE id = %s', person)),
    pg_temp.as_role('librarian', format('SELECT count(*) FROM inclusion_data.identity WHERE beneficiary = %s', person)),
    pg_temp.as_role('librarian', format('SELECT coalesce(inclusion.read_person_file(%s) #>> ''{identity,first_name}'', ''nobody'')', person)),
    pg_temp.as_role('librarian', format('SELECT coalesce(string_agg(c.first_name, '' ''), ''nobody'') FROM inclusion.read_contacts(ARRAY[%s]) c', person)),
    coalesce(nullif(pg_temp.as_role('librarian', format('SELECT inclusion.identify(%s, contact_by => ''phone'')', person)), ''), 'written'))
$$;
CREATE FUNCTION pg_temp.walk(VARIADIC states text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  step text;
BEGIN
  FOREACH step IN ARRAY states LOOP
    PERFORM inclusion.advance_proposal(p.id, step, a.id) FROM inclusion_data.agent a, inclusion_data.proposal p
    WHERE a.login = 'librarian' AND p.id = (SELECT max(q.id) FROM inclusion_data.proposal q);
    RETURN NEXT step || ': ' || pg_temp.shown_to_librarian(p.beneficiary) FROM inclusion_data.proposal p WHERE p.id = (SELECT max(q.id) FROM inclusion_data.proposal q);
  END LOOP;
END
$$;
SELECT results_eq($$ SELECT pg_temp.walk('proposed', 'to_reach', 'agreed', 'confirmed', 'booked', 'attended', 'completed') $$,
  $$ VALUES ('proposed: 1 0 nobody nobody 42501'), ('to_reach: 1 0 nobody nobody 42501'), ('agreed: 1 1 Zoé Zoé written'), ('confirmed: 1 1 Zoé Zoé written'),
            ('booked: 1 1 Zoé Zoé written'), ('attended: 1 1 Zoé Zoé written'), ('completed: 1 1 Zoé Zoé written') $$, 'a structure knows who comes from their word on');
SELECT is((SELECT detail FROM inclusion_data.journal WHERE actor = 'librarian' AND action = 'read_file' ORDER BY id LIMIT 1), '{"named": false}'::jsonb, 'a file without its name is noted as such');
INSERT INTO inclusion_data.proposal SELECT 502, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on FROM inclusion_data.proposal WHERE id = 501;
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind) SELECT 502, perimeter, n, from_state, to_state, agent, agent_kind FROM inclusion_data.proposal_step WHERE proposal = 501 AND n = 1;
DELETE FROM inclusion_data.proposal_step WHERE proposal = 501;
DELETE FROM inclusion_data.proposal WHERE id = 501;
SELECT results_eq($$ SELECT pg_temp.walk('proposed', 'agreed', 'withdrawn') $$,
  $$ VALUES ('proposed: 1 0 nobody nobody 42501'), ('agreed: 1 1 Zoé Zoé written'), ('withdrawn: 1 0 nobody nobody 42501') $$, 'and no longer once they have taken it back');
SELECT is(pg_temp.shown_to_librarian(:ivo), '1 0 nobody nobody 42501', 'an orientation asks nobody''s word, and opens no name');
SELECT is(pg_temp.as_role('desk_agent', format('SELECT inclusion.read_person_file(%s) #>> ''{identity,first_name}''', :ivo)), 'Ivo', 'who enrolled them knows them in any case');

-- --- what is written ---------------------------------------------------------

SELECT throws_ok($$ SELECT inclusion_data.journal_write('no_such_act', 'DEP-27', 1) $$, '23503', NULL, 'an act must be of the list');
SELECT throws_ok($$ SELECT inclusion_data.journal_write('read_file', 'DEP-99', 1) $$, 'IN001', NULL, 'a perimeter must exist');
SELECT throws_ok($$ SELECT inclusion_data.journal_write('read_file', 'DEP-27', 1, '{"note": "2 55 08 14 168 025 38"}') $$, 'IN005', NULL, 'no national number is written');
SELECT throws_ok($$ SELECT inclusion_data.journal_write('read_file', 'DEP-27', 1, '[1]') $$, '23514', NULL, 'details are named');

-- By hand, nobody: a line tells what was done
SELECT is(pg_temp.as_role(who, format('SELECT inclusion_data.journal_write(%L, ''DEP-27'', %s)', act, :zoe)), '42501', who || ' does not note "' || act || '" by hand')
  FROM unnest('{desk_agent,librarian,test_lead,night_worker,officer}'::text[]) who, unnest('{read_file,withdraw,erase_person,export_person}'::text[]) act;
SELECT is_empty($$ SELECT a.grantee::regrole FROM pg_proc p, aclexplode(p.proacl) a
  WHERE p.oid = 'inclusion_data.journal_write(text,text,bigint,jsonb)'::regprocedure AND a.grantee <> p.proowner $$, 'nor does any group');
SELECT is(pg_temp.as_role('desk_agent', format('WITH u AS (UPDATE inclusion_data.enrolment SET withdrawn_on = current_date WHERE beneficiary = %s RETURNING 1) SELECT count(*) FROM u', :unnamed)), '1', 'who is let go past the verb');
SELECT results_eq(format($$ SELECT actor, action, detail FROM inclusion_data.journal WHERE beneficiary = %s ORDER BY id DESC LIMIT 1 $$, :unnamed),
  $$ VALUES ('desk_agent', 'withdraw', '{}'::jsonb) $$, 'is noted all the same');
SELECT pg_temp.as_role('desk_agent', format('SELECT inclusion.refuse_sharing(%s, ''family'')', :zoe)) AS refused,
       pg_temp.as_role('desk_agent', format('SELECT inclusion.refuse_sharing(%s, ''family'')', :zoe)) AS again,
       pg_temp.as_role('desk_agent', format('SELECT inclusion.allow_sharing(%s, ''family'')', :zoe)) AS allowed \gset
SELECT results_eq(format($$ SELECT actor, action, detail FROM inclusion_data.journal WHERE beneficiary = %s AND action ~ '^sharing' ORDER BY id $$, :zoe),
  format($$ VALUES ('desk_agent', 'sharing_refused', '{"theme": "family", "agent": %1$s}'::jsonb), ('desk_agent', 'sharing_allowed', '{"theme": "family", "agent": %1$s}') $$, :agent),
  'a refusal and its end are noted once, by whoever heard them');

-- --- what is written stays -----------------------------------------------------

SELECT throws_ok(s, 'IN905', NULL, s || ' is refused, to a superuser as well') FROM (VALUES
  ('UPDATE inclusion_data.journal SET actor = ''nobody'''), ('DELETE FROM inclusion_data.journal'), ('TRUNCATE inclusion_data.journal'),
  ('UPDATE inclusion_data.journal_seal SET n = 2'), ('DELETE FROM inclusion_data.journal_seal'), ('TRUNCATE inclusion_data.journal_seal')) v (s);
SET LOCAL session_replication_role = replica;
SELECT throws_ok('DELETE FROM inclusion_data.journal', 'IN905', NULL, 'as a replica too');
SET LOCAL session_replication_role = origin;
SELECT is_empty($$ SELECT c.relname, a.grantee::regrole, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
  WHERE c.oid IN ('inclusion_data.journal'::regclass, 'inclusion_data.journal_seal'::regclass) AND (a.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')
    OR a.privilege_type = 'INSERT' AND a.grantee <> c.relowner) $$, 'nobody has the right to change a line, nor to add one by hand');
SELECT is(pg_temp.as_role('desk_agent', 'SELECT count(*) FROM inclusion_data.journal'), '42501', 'an agent does not read the journal');
SELECT is(pg_temp.as_role('desk_agent', 'SELECT count(*) FROM inclusion.seal_journal()'), '42501', 'nor seals it');
SELECT is(pg_temp.as_role('desk_agent', 'SELECT count(*) FROM inclusion.verify_journal()'), '42501', 'nor verifies it');

-- --- seals -----------------------------------------------------------------------

SELECT results_eq('SELECT * FROM inclusion.verify_journal()', 'SELECT NULL::text, NULL::int, NULL::bigint, NULL::text WHERE false', 'before any seal nothing is claimed');
SELECT is(pg_temp.as_role('night_worker', $$ SELECT string_agg(format('%s %s %s', perimeter_code, n, rows), ', ' ORDER BY perimeter_code) FROM inclusion.seal_journal() $$),
  format('DEP-27 1 %s, DEP-74 1 1', pg_temp.lines() - 1), 'the night seals each perimeter');
SELECT is_empty('SELECT * FROM inclusion.seal_journal()', 'and a second time finds nothing to seal');
SELECT count(inclusion_data.journal_write('read_file', 'DEP-27', n, jsonb_build_object('line', n))) AS written FROM generate_series(1, 40) n \gset
SELECT results_eq($$ SELECT perimeter_code, n, rows FROM inclusion.seal_journal('DEP-27') $$, $$ VALUES ('DEP-27', 2, 40) $$, 'new lines make the next seal');
SELECT is((SELECT s.previous_hash FROM inclusion_data.journal_seal s WHERE s.n = 2), (SELECT s.hash FROM inclusion_data.journal_seal s WHERE s.n = 1 AND s.perimeter = 'DEP-27'), 'chained to the one before');
SELECT is(pg_temp.as_role('officer', 'SELECT count(*) FROM inclusion.verify_journal()'), '0', 'an honest journal holds');

-- Whatever the settings of who verifies
SET LOCAL TimeZone = 'America/Cayenne';
SET LOCAL DateStyle = 'German, DMY';
SET LOCAL client_encoding = 'LATIN1';
SET LOCAL bytea_output = 'escape';
SET LOCAL extra_float_digits = -5;
SELECT is_empty('SELECT * FROM inclusion.verify_journal()', 'in any time zone, date style and encoding');
RESET TimeZone; RESET DateStyle; RESET client_encoding; RESET bytea_output; RESET extra_float_digits;

-- --- tampering ---------------------------------------------------------------------

-- Each change is made as a superuser, past the trigger, and undone
CREATE FUNCTION pg_temp.found_after(change text, published text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  EXECUTE change;
  SELECT string_agg(concat_ws(' ', v.finding, v.n, v.id), ', ' ORDER BY v.n, v.id, v.finding) INTO answer FROM inclusion.verify_journal(NULL, published) v;
  RAISE EXCEPTION USING ERRCODE = 'P9999', MESSAGE = coalesce(answer, 'nothing');
EXCEPTION WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
END
$$;
ALTER TABLE inclusion_data.journal DISABLE TRIGGER only_grows;
ALTER TABLE inclusion_data.journal_seal DISABLE TRIGGER only_grows;
CREATE TEMPORARY VIEW sealed AS SELECT s.n, r AS id FROM inclusion_data.journal_seal s, unnest(s.row_ids) r;

SELECT is_empty($$
  SELECT s.id, c.change, pg_temp.found_after(format('UPDATE inclusion_data.journal SET %s WHERE id = %s', c.change, s.id))
    FROM sealed s, unnest(ARRAY['at = at + interval ''1 microsecond''', 'actor = actor || ''x''', 'session_actor = upper(session_actor)',
      'agent = coalesce(agent, 0) + 1', 'action = CASE action WHEN ''withdraw'' THEN ''read_file'' ELSE ''withdraw'' END', 'beneficiary = beneficiary + 1',
      'beneficiary = NULL', 'detail = detail || ''{"x": null}''', 'cluster = cluster # 1', 'xact = (xact::text::bigint + 1)::text::xid8']) c (change)
   WHERE pg_temp.found_after(format('UPDATE inclusion_data.journal SET %s WHERE id = %s', c.change, s.id)) <> format('edited %s %s', s.n, s.id)
$$, 'every edit of every column of every sealed line is found, and named');
SELECT is_empty($$
  SELECT s.id FROM sealed s
   WHERE pg_temp.found_after(format('DELETE FROM inclusion_data.journal WHERE id = %s', s.id)) <> format('deleted %s %s', s.n, s.id)
$$, 'every deletion of a sealed line is found, and named');
-- in the place of another perimeter's line, or of one that was rolled back
SELECT is(pg_temp.found_after(format('INSERT INTO inclusion_data.journal SELECT %s, ''DEP-27'', at, actor, session_actor, agent, action, beneficiary, detail, cluster, xact FROM inclusion_data.journal WHERE id = (SELECT min(id) FROM sealed)', s.id)),
          format('inserted %s', s.id), 'a line slipped in among them is found') FROM sealed s JOIN inclusion_data.journal j ON j.id = s.id AND j.perimeter = 'DEP-74';
SELECT is(pg_temp.found_after('UPDATE inclusion_data.journal_seal SET row_hashes = overlay(row_hashes PLACING sha256(''x'') FROM 1 FOR 32) WHERE n = 2'),
          format('edited 2 %s, seal_broken 2', (SELECT min(id) FROM sealed WHERE n = 2)), 'a seal made to fit an edited line is broken');
SELECT is(pg_temp.found_after('UPDATE inclusion_data.journal_seal s SET previous_hash = sha256(''x''), hash = h.hash FROM (SELECT id, inclusion_data.journal_seal_hash(ROW(k.id, k.perimeter, k.n, k.from_id, k.to_id, k.rows, k.row_ids, k.row_hashes, k.cluster, k.xact, k.snapshot, k.alone, sha256(''x''), k.hash, k.sealed_at)::inclusion_data.journal_seal) AS hash FROM inclusion_data.journal_seal k) h WHERE h.id = s.id AND s.n = 2'),
          'seal_broken 2', 'a seal that does not follow the one before as well');
SELECT is(pg_temp.found_after(format('DELETE FROM inclusion_data.journal WHERE id IN (SELECT id FROM sealed WHERE n = 2); DELETE FROM inclusion_data.journal_seal WHERE n = 2'), h.hash),
          'seal_missing', 'the last seal and its lines, gone together, leave only the hash that was published')
  FROM (SELECT encode(hash, 'hex') AS hash FROM inclusion_data.journal_seal WHERE n = 2) h;
SELECT is(pg_temp.found_after('', h.hash), 'nothing', 'which is there otherwise') FROM (SELECT encode(hash, 'hex') AS hash FROM inclusion_data.journal_seal WHERE n = 2) h;

-- --- pgaudit ----------------------------------------------------------------------

SELECT throws_ok('CALL inclusion.setup_pgaudit()', '0A000', NULL, 'without pgaudit its set-up says what is missing');
SELECT hasnt_role('inclusion_audit', 'and makes nothing');

SELECT * FROM finish();
ROLLBACK;
