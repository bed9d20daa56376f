-- The journal: names are read by opening a file, which is noted; what is noted
-- cannot be changed, and what was changed all the same is found.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\o
SELECT plan(59);

CREATE ROLE other_agent IN ROLE inclusion_mediator;
CREATE ROLE desk_pool NOINHERIT IN ROLE desk_agent;
CREATE ROLE officer IN ROLE inclusion_dpo;
CREATE ROLE night_worker IN ROLE inclusion_night;
SELECT inclusion.register_agent('other_agent', :other_desk, 'Omar Autre') AS other \gset
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
SELECT is(pg_temp.as_role('desk_agent', format('WITH u AS (UPDATE inclusion_data.identity SET phone = ''06 39 98 00 02'' WHERE beneficiary = %s RETURNING 1) SELECT count(*) FROM u', :zoe)), '1', 'but corrects a telephone');
SELECT is(pg_temp.as_role('desk_agent', format('WITH u AS (UPDATE inclusion_data.identity SET phone = NULL WHERE beneficiary = %s RETURNING 1) SELECT count(*) FROM u', :ana)), '0', 'of their own people only');

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
SELECT is((SELECT string_agg(actor || ' ' || perimeter, ', ' ORDER BY id) FROM inclusion_data.journal WHERE beneficiary = :ana), 'officer DEP-74', 'and it is noted where the person is');

SELECT is(pg_temp.as_role('desk_agent', format('SELECT string_agg(beneficiary || first_name, '' '' ORDER BY beneficiary) FROM inclusion.read_contacts(ARRAY[%s, %s, %s, %s, 424242])', :ivo, :zoe, :unnamed, :ana)),
  format('%sZoé %sIvo', :zoe, :ivo), 'a list gives the names of those the agent may see');
SELECT results_eq($$ SELECT beneficiary, count(*) FROM inclusion_data.journal WHERE action = 'read_contacts' GROUP BY beneficiary ORDER BY beneficiary $$,
  format('VALUES (%s::bigint, 1::bigint), (%s, 1), (%s, 1)', :zoe, :ivo, :unnamed), 'one line a person, none for whom was not shown');
SELECT is_empty('TABLE inclusion_data.file_opening', 'nothing is left waiting to be opened');

-- The two halves of an opening, apart, give no more
SELECT is(pg_temp.as_role('desk_agent', format('INSERT INTO inclusion_data.file_opening (beneficiary, perimeter) VALUES (%s, ''DEP-74'')', :ana)), '42501', 'a file that is not one''s own is not asked for');
SELECT is(pg_temp.as_role('desk_agent', format('INSERT INTO inclusion_data.file_opening (beneficiary, perimeter) VALUES (%s, ''DEP-27'')', :ana)), '42501', 'nor under another perimeter');
SELECT is(pg_temp.as_role('desk_agent', format('INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, actor) VALUES (%s, ''DEP-27'', ''other_agent'')', :zoe)), '42501', 'nor in another''s name');
SELECT is(pg_temp.as_role('desk_agent', 'SELECT count(*) FROM inclusion_data.open_files(''read_file'')'), '0', 'nothing asked, nothing opened');
INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, actor) VALUES (:ana, 'DEP-74', 'other_agent');
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

-- --- what is written ---------------------------------------------------------

SELECT throws_ok($$ SELECT inclusion_data.journal_write('no_such_act', 'DEP-27', 1) $$, '23503', NULL, 'an act must be of the list');
SELECT throws_ok($$ SELECT inclusion_data.journal_write('read_file', 'DEP-99', 1) $$, 'IN001', NULL, 'a perimeter must exist');
SELECT throws_ok($$ SELECT inclusion_data.journal_write('read_file', 'DEP-27', 1, '{"note": "2 55 08 14 168 025 38"}') $$, 'IN005', NULL, 'no national number is written');
SELECT throws_ok($$ SELECT inclusion_data.journal_write('read_file', 'DEP-27', 1, '[1]') $$, '23514', NULL, 'details are named');

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
