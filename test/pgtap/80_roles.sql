-- Who may do what to whom.  Two départements, one structure each; 27 has two
-- people, 76 has three, and each one more of whom nothing is known yet.  Every
-- cell of role x table x verb is decided below: a count of rows, or a refusal.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(109);

-- --- the two départements ------------------------------------------------------

INSERT INTO inclusion_data.perimeter (code, name) VALUES ('DEP-27', 'Eure'), ('DEP-76', 'Seine-Maritime');
INSERT INTO inclusion_data.structure (id, perimeter, name)
  VALUES (27, 'DEP-27', 'Structure 27'), (76, 'DEP-76', 'Structure 76');
INSERT INTO inclusion_data.agent (id, perimeter, structure, kind, login, name, valid_from) VALUES
  (27, 'DEP-27', 27, 'person', 'test_desk_27', 'Agent 27', '2020-01-01'),
  (76, 'DEP-76', 76, 'person', 'test_mediator_76', 'Agent 76', '2020-01-01'),
  (28, 'DEP-27', 27, 'person', 'test_coordinator_27', 'Agent 28', '2020-01-01'),
  (99, 'DEP-27', NULL, 'service', NULL, 'Nuit', '2020-01-01');
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, teaches, longitude, latitude)
  VALUES (27, 'DEP-27', 27, 'Offre 27', 'pix{1.1=2}', 1.15, 49.02), (76, 'DEP-76', 76, 'Offre 76', 'pix{1.1=2}', 1.1, 49.44);
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
  SELECT id, id, perimeter, '2026-03-02 10:00+01', '2026-03-02 12:00+01', '2026-02-01' FROM inclusion_data.offer;
INSERT INTO inclusion_data.seat (session, capacity) SELECT id, 8 FROM inclusion_data.session;
INSERT INTO inclusion_data.policy (id, perimeter, starts_on, voted_on, lottery_key)
  SELECT structure.id, perimeter, '2026-01-01', '2026-01-01', 'cle' FROM inclusion_data.structure;
INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, started_at)
  VALUES (1, '2026-02-01', '{DEP-27,DEP-76}', 'running', 'compute', '2026-02-01');

INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, position_origin, last_contact_on)
  SELECT 100 * s.id + n, s.perimeter, s.id, 'unknown', '2026-01-15'
    FROM inclusion_data.structure s, generate_series(0, CASE s.id WHEN 27 THEN 2 ELSE 3 END) n;

-- Number 0 of each is the one of whom nothing is known
CREATE TEMPORARY VIEW known AS
SELECT b.id, b.perimeter, b.structure, row_number() OVER (ORDER BY b.id) AS n
  FROM inclusion_data.beneficiary b WHERE b.id % 100 > 0;
INSERT INTO inclusion_data.identity (beneficiary, perimeter, first_name, last_name)
  SELECT id, perimeter, 'Prénom', 'Nom' || id FROM known;
INSERT INTO inclusion_data.accommodation_need SELECT id, perimeter, 'large_print' FROM known;
INSERT INTO inclusion_data.territory (code, kind, official_code, name, code_year) VALUES ('COM-27229', 'commune', '27229', 'Évreux', 2020);
INSERT INTO inclusion_data.reachable_commune SELECT id, perimeter, 'COM-27229' FROM known;
INSERT INTO inclusion_data.former_availability (perimeter, beneficiary, changed_on, slots, modes, languages, accept_remote, accept_on_site)
  SELECT perimeter, id, '2026-01-15', '{}', '{}', '{fr}', true, true FROM known;
INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, named) SELECT id, perimeter, true FROM known;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
  SELECT perimeter, id, 'desk', structure, '2026-01-15', '1' FROM known;
INSERT INTO inclusion_data.representative (id, perimeter, beneficiary, kind, acts, since) SELECT id, perimeter, id, 'companion', '{}', '2026-01-15' FROM known;
INSERT INTO inclusion_data.representative_name SELECT id, perimeter, 'Max Nom' FROM known;
-- once merged, and made two again: a file that is merged is seen by nobody
INSERT INTO inclusion_data.file_merge (id, perimeter, beneficiary, merged, reason, agent, undone_at, undone_by)
  SELECT id, perimeter, id, 100 * structure, 'Même nom', 27, now(), 27 FROM known;
INSERT INTO inclusion_data.file_merge_change SELECT id, perimeter, 1, 'contact', '{}', '{}', '{}' FROM known;
INSERT INTO inclusion_data.screening (perimeter, beneficiary, version, screened_on, on_paper, answers)
  SELECT perimeter, id, 1, '2026-01-15', false, '{"appareil": "yes"}' FROM known;
INSERT INTO inclusion_data.enrolment_event (id, perimeter, structure, format, name, held_on)
  SELECT id, perimeter, id, 'event', 'Forum', '2026-01-15' FROM inclusion_data.structure;
INSERT INTO inclusion_data.enrolment_event_agent SELECT id, perimeter, id FROM inclusion_data.structure;
INSERT INTO inclusion_data.contact_count (perimeter, structure, what, contacts, met_on) SELECT perimeter, id, 'met', 5, '2026-01-15' FROM inclusion_data.structure;
INSERT INTO inclusion_data.enrolment_reject (perimeter, structure, line, code) SELECT perimeter, id, 2, 'IN004' FROM inclusion_data.structure;
INSERT INTO inclusion_data.referent SELECT id, perimeter, structure, '2026-01-15' FROM known;
INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector)
  SELECT perimeter, id, 'declared', '2026-01-15', 'pix{1.1=1}' FROM known;
INSERT INTO inclusion_data.circumstance (perimeter, beneficiary, item, answer, recorded_on)
  SELECT perimeter, id, 'no_equipment', 'yes', '2026-01-15' FROM known;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
  SELECT perimeter, id, 'pix{1.1=3}', '2026-01-15' FROM known;
INSERT INTO inclusion_data.autonomy_decision (perimeter, beneficiary, scope, outcome, motive, decided_on, agent, suggested, version)
  SELECT perimeter, id, 'stay_safe', 'autonomous', 'Motif', '2026-01-15', structure, 'with_support', 1 FROM known;
INSERT INTO inclusion_data.run_candidate SELECT 1, perimeter, id, n, 1, 10, 70, '{1}', '{0}', '{0}' FROM known;
INSERT INTO inclusion_data.run_result (run, perimeter, beneficiary, outcome, reason) SELECT 1, perimeter, id, 'waiting', 'all_full' FROM known;
INSERT INTO inclusion_data.active_list (slot, perimeter, beneficiary, run, rank, grade, waiting_days, priority, outcome, reason)
  SELECT 1, perimeter, id, 1, n, 1, 10, 70, 'waiting', 'all_full' FROM known;
INSERT INTO inclusion_data.orientation (perimeter, beneficiary, offer, run, week)
  SELECT perimeter, id, structure, 1, '2026-02-02' FROM known;
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
  SELECT id, perimeter, id, structure, structure, 1, 1, 0.1, '2026-02-15' FROM known;
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
  SELECT id, perimeter, 1, 'none', 'candidate', 99, 'service' FROM known;

INSERT INTO inclusion_data.contact (perimeter, beneficiary, channel, outcome, agent)
  SELECT perimeter, id, 'phone', 'no_answer', structure FROM known;
INSERT INTO inclusion_data.sharing_refusal (perimeter, beneficiary, theme, agent)
  SELECT perimeter, id, 'family', structure FROM known;
INSERT INTO inclusion_data.identity_fingerprint
  SELECT id, perimeter, 1, inclusion.hmac_sha256('k', id::text::bytea) FROM known;
INSERT INTO inclusion_data.secret_key (perimeter, purpose, version, key)
  SELECT code, 'identity', 1, inclusion.hmac_sha256('k', code::bytea) FROM inclusion_data.perimeter;
INSERT INTO inclusion_data.purpose_objection SELECT id, perimeter, 'statistics', '2026-01-20' FROM known;
INSERT INTO inclusion_data.settled_right (perimeter, beneficiary, settled_on) SELECT perimeter, id, '2026-01-15' FROM known;
INSERT INTO inclusion_data.cube_person (beneficiary, perimeter, stage, month, territory, operator, programme, publics)
  SELECT id, perimeter, 'entry', '2026-01-01', '', structure, '', '{}' FROM known;
-- every fact above was noted: here, one a person, and two more below
DELETE FROM inclusion_data.cube_change;
INSERT INTO inclusion_data.cube_change (perimeter, beneficiary) SELECT perimeter, id FROM known;
-- nobody's person yet: they are hidden, and would be missing from every count
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, position_origin, last_contact_on)
  SELECT 100 * s.id + 50, s.perimeter, s.id, 'unknown', '2026-01-15' FROM inclusion_data.structure s;
INSERT INTO inclusion_data.restriction SELECT 100 * s.id + 50, s.perimeter, 'contestation', '2026-01-20' FROM inclusion_data.structure s;

CREATE ROLE test_desk_27 IN ROLE inclusion_front_desk;
CREATE ROLE test_mediator_76 IN ROLE inclusion_mediator;
CREATE ROLE test_coordinator_27 IN ROLE inclusion_coordinator;
CREATE ROLE test_stranger IN ROLE inclusion_front_desk;
CREATE ROLE test_former IN ROLE inclusion_front_desk;
CREATE ROLE test_steward_27 IN ROLE inclusion_steward;
CREATE ROLE test_analyst IN ROLE inclusion_analyst;
CREATE ROLE test_import IN ROLE inclusion_import;
CREATE ROLE test_night IN ROLE inclusion_night;
CREATE ROLE test_dpo IN ROLE inclusion_dpo;
CREATE ROLE test_nobody;
-- A pool's account: it may become the desk, and is nothing by itself
CREATE ROLE test_pool NOINHERIT IN ROLE test_desk_27;
INSERT INTO inclusion_data.access_grant (role_name, perimeter, structure, valid_from, valid_to) VALUES
  ('test_desk_27', 'DEP-27', 27, '2020-01-01', NULL),
  ('test_mediator_76', 'DEP-76', 76, '2020-01-01', NULL),
  ('test_coordinator_27', 'DEP-27', NULL, '2020-01-01', NULL),
  ('test_steward_27', 'DEP-27', NULL, '2020-01-01', NULL),
  ('test_former', 'DEP-27', NULL, '2020-01-01', inclusion.today('DEP-27') - 1),
  ('test_former', 'DEP-76', NULL, inclusion.today('DEP-76') + 1, NULL),
  ('test_dropped_since', 'DEP-27', NULL, '2020-01-01', NULL);

-- --- trying --------------------------------------------------------------------

-- What comes of a statement: rows, the number it selects, or its SQLSTATE.
-- Always undone, by an error of our own.
CREATE FUNCTION pg_temp.attempt(who text, statement text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  n bigint;
BEGIN
  PERFORM set_config('role', who, true);
  IF statement ~ '^SELECT' THEN
    EXECUTE statement INTO n;
  ELSE
    EXECUTE statement;
    GET DIAGNOSTICS n = ROW_COUNT;
  END IF;
  RAISE EXCEPTION USING ERRCODE = 'P9999', MESSAGE = n;
EXCEPTION
  WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
  WHEN OTHERS THEN RETURN SQLSTATE;
END
$$;

-- For each table: a column that an update writes to itself, and an insert for a
-- perimeter ($1), its person without rows ($2) and with ($3), its structure,
-- which is also the number of its offer, session and policy ($4), an agent ($5)
CREATE TEMPORARY TABLE trial (relation text PRIMARY KEY, plain text, columns text, row_to_insert text);
INSERT INTO trial VALUES
  ('beneficiary', 'last_contact_on', 'perimeter, structure, position_origin, last_contact_on', '%1$L, %4$s, ''unknown'', ''2026-01-20'''),
  ('identity', 'last_name', 'perimeter, beneficiary, first_name, last_name', '%1$L, %2$s, ''Prénom'', ''Nom'''),
  ('file_opening', 'actor', 'perimeter, beneficiary, named', '%1$L, %2$s, true'),
  ('journal', 'action', 'perimeter, at, actor, session_actor, action, detail, cluster, xact', '%1$L, now(), ''x'', ''x'', ''read_file'', ''{}'', 1, ''1'''),
  ('accommodation_need', 'code', 'perimeter, beneficiary, code', '%1$L, %2$s, ''large_print'''),
  ('reachable_commune', 'commune', 'perimeter, beneficiary, commune', '%1$L, %2$s, ''COM-27229'''),
  ('former_availability', 'changed_on', 'perimeter, beneficiary, changed_on, slots, modes, languages, accept_remote, accept_on_site', '%1$L, %2$s, ''2026-01-20'', ''{}'', ''{}'', ''{fr}'', true, true'),
  ('enrolment', 'withdrawn_on', 'perimeter, beneficiary, format, structure, enrolled_on, notice_version', '%1$L, %2$s, ''desk'', %4$s, ''2026-01-20'', ''1'''),
  ('referent', 'until', 'perimeter, beneficiary, agent, since', '%1$L, %2$s, %5$s, ''2026-01-20'''),
  ('screening', 'answers', 'perimeter, beneficiary, version, screened_on, on_paper, answers', '%1$L, %2$s, 1, ''2026-01-20'', false, ''{}'''),
  ('representative', 'until', 'perimeter, beneficiary, kind, acts, since', '%1$L, %2$s, ''companion'', ''{}'', ''2026-01-20'''),
  ('representative_name', 'name', 'representative, perimeter, name', '%3$s, %1$L, ''Max Nom'''),
  ('file_merge', 'reason', 'perimeter, beneficiary, merged, reason, agent', '%1$L, %2$s, %3$s, ''Même nom'', %5$s'),
  ('file_merge_change', 'relation', 'merge, perimeter, n, relation, row_key, before, after', '%3$s, %1$L, 2, ''contact'', ''{}'', ''{}'', ''{}'''),
  ('enrolment_event', 'name', 'perimeter, structure, format, name, held_on', '%1$L, %4$s, ''event'', ''Autre'', ''2026-01-20'''),
  ('enrolment_event_agent', 'agent', 'event, perimeter, agent', '%4$s, %1$L, 28'),
  ('contact_count', 'contacts', 'perimeter, structure, what, contacts, met_on', '%1$L, %4$s, ''met'', 1, ''2026-01-20'''),
  ('enrolment_reject', 'code', 'perimeter, structure, line, code', '%1$L, %4$s, 3, ''IN004'''),
  ('assessment', 'instrument', 'perimeter, beneficiary, instrument, assessed_on, vector', '%1$L, %2$s, ''declared'', ''2026-01-20'', ''pix{1.1=1}'''),
  ('circumstance', 'answer', 'perimeter, beneficiary, item, answer, recorded_on', '%1$L, %2$s, ''no_vehicle'', ''no'', ''2026-01-20'''),
  ('expressed_need', 'closed_on', 'perimeter, beneficiary, target, opened_on', '%1$L, %2$s, ''pix{1.1=3}'', ''2026-01-20'''),
  ('autonomy_decision', 'motive', 'perimeter, beneficiary, scope, outcome, motive, decided_on, agent, suggested, version', '%1$L, %2$s, ''stay_safe'', ''autonomous'', ''Motif'', ''2026-01-20'', %5$s, ''autonomous'', 1'),
  ('run_need', 'grade', 'run, perimeter, beneficiary, grade, waiting_days, priority, categories, struck_off, struck, list_length', '1, %1$L, %2$s, 1, 1, 1, 0, 0, ''{}'', 20'),
  ('run_list', 'asked', 'run, perimeter, beneficiary, rank, categories, asked, known, offers, costs', '1, %1$L, %2$s, 1, 0, 20, 60, ''{}'', ''{}'''),
  ('settled_right', 'settled_on', 'perimeter, beneficiary, settled_on', '%1$L, %2$s, ''2026-01-20'''),
  ('cube_person', 'month', 'beneficiary, perimeter, stage, month, territory, operator, programme, publics', '%2$s, %1$L, ''entry'', ''2026-01-01'', '''', 1, '''', ''{}'''),
  ('cube_change', 'beneficiary', 'perimeter, beneficiary', '%1$L, %2$s'),
  ('run_candidate', 'grade', 'run, perimeter, beneficiary, rank, grade, waiting_days, priority, offers, costs, classes', '1, %1$L, %2$s, 9, 1, 1, 1, ''{1}'', ''{0}'', ''{0}'''),
  ('run_result', 'reason', 'run, perimeter, beneficiary, outcome, reason', '1, %1$L, %2$s, ''waiting'', ''all_full'''),
  ('active_list', 'reason', 'slot, perimeter, beneficiary, run, rank, grade, waiting_days, priority, outcome, reason', '2, %1$L, %2$s, 1, 9, 1, 1, 1, ''waiting'', ''all_full'''),
  ('orientation', 'week', 'perimeter, beneficiary, offer, run, week', '%1$L, %2$s, %4$s, 1, ''2026-02-02'''),
  ('proposal', 'expires_on', 'perimeter, beneficiary, offer, session, run, list_position, cost, expires_on', '%1$L, %2$s, %4$s, %4$s, 1, 1, 0.1, ''2026-02-15'''),
  ('proposal_step', 'reason', 'proposal, perimeter, n, from_state, to_state, agent, agent_kind', '%3$s, %1$L, 2, ''candidate'', ''withdrawn'', %5$s, %6$L'),
  ('proposal_word', 'channel', 'proposal, perimeter, n, to_state, speaker, channel, alternatives', '%3$s, %1$L, 2, ''agreed'', ''person'', ''phone'', ''{}'''),
  ('satisfaction', 'answer', 'proposal, perimeter, n, answer, agent', '%3$s, %1$L, 2, ''yes'', %5$s'),
  ('contact', 'outcome', 'perimeter, beneficiary, channel, outcome, agent', '%1$L, %2$s, ''phone'', ''reached'', %5$s'),
  ('sharing_refusal', 'allowed_at', 'perimeter, beneficiary, theme, agent', '%1$L, %2$s, ''housing'', %5$s'),
  ('identity_fingerprint', 'fingerprint', 'beneficiary, perimeter, version, fingerprint', '%2$s, %1$L, 1, sha256(''x'')'),
  ('secret_key', 'key', 'perimeter, purpose, version, key', '%1$L, ''identity'', 2, sha256(''x'')'),
  ('theme_clearance', 'theme', 'theme, role_name', '''housing'', ''inclusion_mediator'''),
  ('restriction', 'reason', 'perimeter, beneficiary, reason, restricted_on', '%1$L, %2$s, ''contestation'', ''2026-01-20'''),
  ('purpose_objection', 'objected_on', 'perimeter, beneficiary, purpose, objected_on', '%1$L, %2$s, ''statistics'', ''2026-01-20'''),
  ('offer', 'name', 'perimeter, structure, name, families', '%1$L, %4$s, ''Autre'', ''{rights}'''),
  ('seat', 'capacity', 'session, capacity', '%4$s, 8'),
  ('policy', 'lottery_key', 'perimeter, starts_on, voted_on, lottery_key', '%1$L, ''2026-03-01'', ''2026-02-01'', ''cle'''),
  ('access_grant', 'valid_to', 'role_name, perimeter', '''test_nobody'', %1$L'),
  ('agent', 'name', 'perimeter, structure, kind, name', '%1$L, %4$s, ''shared'', ''Autre'''),
  ('import_line', 'raw', 'raw', '%1$L');

CREATE FUNCTION pg_temp.cell(who text, relation text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  t trial;
  own record;
  results text[];
BEGIN
  SELECT * INTO t FROM trial WHERE trial.relation = cell.relation;
  SELECT id, kind INTO own FROM inclusion_data.agent
   WHERE login = who OR id = 99 ORDER BY id = 99 LIMIT 1;
  results := ARRAY[
    pg_temp.attempt(who, format('SELECT count(*) FROM inclusion_data.%I', relation)),
    pg_temp.attempt(who, format('UPDATE inclusion_data.%I SET %2$I = %2$I', relation, t.plain)),
    pg_temp.attempt(who, format('DELETE FROM inclusion_data.%I', relation))]
    || (SELECT array_agg(pg_temp.attempt(who, format('INSERT INTO inclusion_data.%I (%s) VALUES (%s)', relation, t.columns,
                           format(t.row_to_insert, s.perimeter, 100 * s.id, 100 * s.id + 1, s.id, own.id, own.kind))) ORDER BY s.id)
          FROM inclusion_data.structure s);
  RETURN array_to_string(array_replace(results, '42501', '-'), ' ');
END
$$;

-- --- the matrix ------------------------------------------------------------------

-- In each cell: SELECT, UPDATE, DELETE, INSERT in 27, INSERT in 76; a dash is
-- "permission denied", from the rights of the table or from the policy.
CREATE TEMPORARY TABLE decided (relation text, desk_27 text, mediator_76 text, coordinator_27 text, stranger text, former text,
  steward_27 text, analyst text, import text, night text, dpo text, nobody text);
INSERT INTO decided VALUES
--                      desk_27      mediator_76  coordinator_27 stranger   former       steward_27   analyst      import       night        dpo          nobody
('beneficiary',        '3 3 - 1 -', '4 4 - - 1', '3 3 - 1 -', '0 0 - - -', '0 0 - - -', '3 - - - -', '- - - - -', '- - - - -', '9 - - - -', '9 - - - -', '- - - - -'),
-- an agent, or the officer, counts names, and neither reads nor writes one here (86_journal)
('identity',           '2 - - - -', '3 - - - -', '2 - - - -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '- - - - -'),
('file_opening',       '- - - 1 -', '- - - - 1', '- - - 1 -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - 1 1', '- - - - -'),
('journal',            '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '- - - - -'),
('accommodation_need', '2 - 2 1 -', '3 - 3 - 1', '2 - 2 1 -', '0 - 0 - -', '0 - 0 - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '5 - - - -', '- - - - -'),
('reachable_commune',  '2 - 2 1 -', '3 - 3 - 1', '2 - 2 1 -', '0 - 0 - -', '0 - 0 - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '5 - - - -', '- - - - -'),
('former_availability', '2 - - 1 -', '3 - - - 1', '2 - - 1 -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '- - - - -'),
('enrolment',          '2 2 - 1 -', '3 3 - - 1', '2 2 - 1 -', '0 0 - - -', '0 0 - - -', '2 - - - -', '- - - - -', '- - - - -', '5 - - - -', '5 - - - -', '- - - - -'),
('referent',           '2 2 - 1 -', '3 3 - - 1', '2 2 - 1 -', '0 0 - - -', '0 0 - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '5 - - - -', '- - - - -'),
('screening',          '2 - - 1 -', '3 - - - 1', '2 - - 1 -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '- - - - -'),
-- named, merged and parted by the owner's functions alone
('representative',     '2 2 - - -', '3 3 - - -', '2 2 - - -', '0 0 - - -', '0 0 - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '- - - - -'),
('representative_name', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -'),
('file_merge',         '2 - - - -', '3 - - - -', '2 - - - -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '- - - - -'),
('file_merge_change',  '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '- - - - -'),
-- a meeting is of its structure, and says nothing of anybody
('enrolment_event',    '1 - - 1 -', '1 - - - 1', '1 - - 1 -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '2 - - - -', '- - - - -'),
('enrolment_event_agent', '1 - - 1 -', '1 - - - 1', '1 - - 1 -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '2 - - - -', '- - - - -'),
('contact_count',      '1 - - 1 -', '1 - - - 1', '1 - - 1 -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '2 - - - -', '- - - - -'),
('enrolment_reject',   '1 - - 1 -', '1 - - - 1', '1 - - 1 -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '2 - - - -', '- - - - -'),
('assessment',         '2 - - 1 -', '3 - - - 1', '2 - - 1 -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '5 - - - -', '- - - - -'),
('circumstance',       '2 - - 1 -', '3 - - - 1', '2 - - 1 -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '5 - - - -', '- - - - -'),
('expressed_need',     '2 2 - 1 -', '3 3 - - 1', '2 2 - 1 -', '0 0 - - -', '0 0 - - -', '2 - - - -', '- - - - -', '- - - - -', '5 - - - -', '5 - - - -', '- - - - -'),
-- the lead reads counts of decisions, never a motive
('autonomy_decision',  '2 - - 1 -', '3 - - - 1', '2 - - 1 -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '- - - - -'),
('settled_right',      '2 - - 1 -', '3 - - - 1', '2 - - 1 -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '- - - - -'),
-- measures of people are the owner's, and shown to the officer who answers for them
('cube_person',        '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '- - - - -'),
('cube_change',        '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '7 - - - -', '- - - - -'),
('run_candidate',      '2 - - - -', '3 - - - -', '2 - - - -', '0 - - - -', '0 - - - -', '2 - - - -', '- - - - -', '- - - - -', '5 5 5 1 1', '5 - - - -', '- - - - -'),
-- nothing is left there once a night is over
('run_need',           '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '0 - 0 1 1', '0 - - - -', '- - - - -'),
('run_list',           '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '0 0 0 1 1', '0 - - - -', '- - - - -'),
('run_result',         '2 - - - -', '3 - - - -', '2 - - - -', '0 - - - -', '0 - - - -', '2 - - - -', '- - - - -', '- - - - -', '5 5 5 1 1', '5 - - - -', '- - - - -'),
('active_list',        '2 - - - -', '3 - - - -', '2 - - - -', '0 - - - -', '0 - - - -', '2 - - - -', '- - - - -', '- - - - -', '5 5 5 1 1', '5 - - - -', '- - - - -'),
('orientation',        '2 - - - -', '3 - - - -', '2 - - - -', '0 - - - -', '0 - - - -', '2 - - - -', '- - - - -', '- - - - -', '5 - - 1 1', '5 - - - -', '- - - - -'),
('proposal',           '2 - - - -', '3 - - - -', '2 - - - -', '0 - - - -', '0 - - - -', '2 - - - -', '- - - - -', '- - - - -', '5 - - 1 1', '5 - - - -', '- - - - -'),
('proposal_step',      '2 - - 1 -', '3 - - - 1', '2 - - 1 -', '0 - - - -', '0 - - - -', '2 - - - -', '- - - - -', '- - - - -', '5 - - 1 1', '5 - - - -', '- - - - -'),
-- beside a step, which this one does not have: the right is there, the row is not
('proposal_word',      '0 - - 23503 -', '0 - - - 23503', '0 - - 23503 -', '0 - - - -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '0 - - - -', '0 - - - -', '- - - - -'),
('satisfaction',       '0 - - 23503 -', '0 - - - 23503', '0 - - 23503 -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '0 - - - -', '0 - - - -', '- - - - -'),
('contact',            '2 - - 1 -', '3 - - - 1', '2 - - 1 -', '0 - - - -', '0 - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '5 - - - -', '- - - - -'),
-- an end to a refusal is signed, hence no update that changes nothing
('sharing_refusal',    '2 - - 1 -', '3 - - - 1', '2 0 - 1 -', '0 0 - - -', '0 0 - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '- - - - -'),
('identity_fingerprint', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -'),
('secret_key',         '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -'),
('theme_clearance',    '20 - - - -', '20 - - - -', '20 - - - -', '20 - - - -', '20 - - - -', '20 - 20 1 1', '- - - - -', '20 - - - -', '20 - - - -', '20 - - - -', '- - - - -'),
('restriction',        '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '2 - - - -', '- - - - -'),
('purpose_objection',  '2 - - - -', '3 - - - -', '2 - - - -', '0 - - - -', '0 - - - -', '2 - - - -', '- - - - -', '- - - - -', '- - - - -', '5 - - - -', '- - - - -'),
-- an offer is public, and its place in the tables of rights is decided too
('offer',              '2 - - - -', '2 - - - -', '2 2 - 1 1', '2 - - - -', '2 - - - -', '2 - - - -', '- - - - -', '2 2 - 1 1', '2 - - - -', '2 - - - -', '- - - - -'),
('seat',               '2 - - - -', '2 2 - 23505 23505', '2 2 - 23505 23505', '2 - - - -', '2 - - - -', '2 - - - -', '- - - - -', '2 - - - -', '2 2 - 23505 23505', '2 - - - -', '- - - - -'),
('policy',             '2 - - - -', '2 - - - -', '2 - - - -', '2 - - - -', '2 - - - -', '2 2 - 1 1', '- - - - -', '2 - - - -', '2 - - - -', '2 - - - -', '- - - - -'),
('agent',              '4 - - - -', '4 - - - -', '4 - - - -', '4 - - - -', '4 - - - -', '4 - - - -', '- - - - -', '4 - - - -', '4 - - - -', '4 - - - -', '- - - - -'),
('access_grant',       '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '7 - - - -', '- - - - -'),
('import_line',        '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - - -', '- - - 1 1', '- - - - -', '- - - - -', '- - - - -');

CREATE TEMPORARY VIEW matrix AS
SELECT d.relation, 'test_' || k.key AS who, k.value AS wanted
  FROM decided d, jsonb_each_text(to_jsonb(d) - 'relation') k;

SELECT is(string_agg(format('%s: %s', who, pg_temp.cell(who, relation)), E'\n' ORDER BY who),
          string_agg(format('%s: %s', who, wanted), E'\n' ORDER BY who), relation || ': every role, every verb')
  FROM matrix GROUP BY relation ORDER BY relation;

SELECT is_empty($$
  SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'beneficiary'
   WHERE c.relnamespace = 'inclusion_data'::regnamespace AND c.relkind = 'r' AND c.relname NOT IN (SELECT relation FROM decided)
$$, 'no table about people is missing from the matrix');

-- --- other ways in ---------------------------------------------------------------

-- Everything a role may do to a table, by whichever of its columns
CREATE FUNCTION pg_temp.rights_on(who name, OUT relation regclass, OUT verb text) RETURNS SETOF record
LANGUAGE sql AS $$
  SELECT c.oid, v FROM pg_class c, unnest('{SELECT,INSERT,UPDATE,REFERENCES}'::text[]) v
   WHERE c.relnamespace IN ('inclusion_data'::regnamespace, 'pilotage'::regnamespace) AND c.relkind IN ('r', 'v', 'm', 'p')
     AND has_any_column_privilege(who, c.oid, v)
  UNION ALL
  SELECT c.oid, v FROM pg_class c, unnest('{DELETE,TRUNCATE,TRIGGER}'::text[]) v
   WHERE c.relnamespace IN ('inclusion_data'::regnamespace, 'pilotage'::regnamespace) AND c.relkind IN ('r', 'v', 'm', 'p')
     AND has_table_privilege(who, c.oid, v)
$$;

SELECT is_empty($$
  SELECT r.relation, r.verb FROM pg_temp.rights_on('test_analyst') r JOIN pg_class c ON c.oid = r.relation
   WHERE c.relnamespace <> 'pilotage'::regnamespace OR r.verb <> 'SELECT'
      OR coalesce(c.reloptions @> '{security_invoker=true}', false)
$$, 'the analyst reads released views, and has no other right');
SELECT isnt_empty($$ SELECT FROM pg_temp.rights_on('test_analyst') $$, 'the analyst reads something');
SELECT is_empty($$
  SELECT * FROM pg_temp.rights_on('test_import') r
   WHERE r.relation = 'inclusion_data.proposal_step'::regclass OR EXISTS (
     SELECT FROM pg_attribute a WHERE a.attrelid = r.relation AND a.attname IN ('beneficiary', 'birth_year'))
$$, 'imports have no right on any table about people');
SELECT is_empty($$ SELECT * FROM pg_temp.rights_on('test_night') WHERE relation = 'inclusion_data.identity'::regclass $$,
  'the night knows no name');
SELECT is_empty($$ SELECT * FROM pg_temp.rights_on('test_steward_27')
                    WHERE relation IN ('inclusion_data.identity'::regclass, 'inclusion_data.accommodation_need', 'inclusion_data.assessment') $$,
  'the lead knows no name, no accommodation, no assessment');
SELECT is_empty($$ SELECT * FROM pg_temp.rights_on('test_nobody') $$, 'who has no role has no right');

-- A person cannot be moved, nor their number chosen: the number opens their file
SELECT is(pg_temp.attempt('test_desk_27', s.statement), '42501', s.why) FROM (VALUES
  (1, 'UPDATE inclusion_data.beneficiary SET structure = 76', 'a person is not given to another structure'),
  (2, 'UPDATE inclusion_data.beneficiary SET perimeter = ''DEP-76''', 'a person is not moved to another perimeter'),
  (3, 'UPDATE inclusion_data.identity SET beneficiary = 7600, perimeter = ''DEP-76'' WHERE beneficiary = 2701', 'a name is not given to somebody else''s person'),
  (4, 'INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, position_origin, last_contact_on)
       VALUES (7601, ''DEP-27'', 27, ''unknown'', ''2026-01-20'')', 'the number of somebody else''s person is not taken'),
  (5, 'INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, position_origin, last_contact_on)
       VALUES (2701, ''DEP-76'', 76, ''unknown'', ''2026-01-20'')', 'one''s own number is not taken elsewhere'),
  (6, 'INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
       VALUES (2701, ''DEP-27'', 2, ''candidate'', ''withdrawn'', 28, ''person'')', 'a step is not written in another agent''s name'),
  (10, 'INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, at)
       VALUES (2701, ''DEP-27'', 2, ''candidate'', ''withdrawn'', 27, ''person'', ''2999-01-01'')', 'nor dated by its agent'),
  (11, 'INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector, recorded_at)
       VALUES (''DEP-27'', 2701, ''declared'', ''2026-01-20'', ''pix{1.1=1}'', ''2020-01-01'')', 'nor is an assessment recorded before it was'),
  (12, 'INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector, agent)
       VALUES (''DEP-27'', 2701, ''declared'', ''2026-01-20'', ''pix{1.1=1}'', 28)', 'an assessment is not signed with another''s name'),
  (13, 'INSERT INTO inclusion_data.circumstance (perimeter, beneficiary, item, answer, recorded_on, agent)
       VALUES (''DEP-27'', 2701, ''no_vehicle'', ''no'', ''2026-01-20'', 28)', 'nor a fact'),
  (14, 'INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, family, opened_on, agent)
       VALUES (''DEP-27'', 2701, ''rights'', ''2026-01-20'', 28)', 'nor a request'),
  (15, 'INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version, agent)
       VALUES (''DEP-27'', 2700, ''desk'', 27, ''2026-01-20'', ''1'', 28)', 'nor an enrolment'),
  (7, 'SELECT count(*) FROM inclusion_data.take_import_lines(NULL)', 'the staging of imports is not read'),
  (8, 'CALL inclusion.setup()', 'setup() is not run'),
  (9, 'UPDATE inclusion_data.enrolment SET enrolled_on = ''2020-01-01''', 'nobody''s wait is antedated')) s (n, statement, why) ORDER BY n;
SELECT is(pg_temp.attempt('test_coordinator_27', s), '42501', 'who runs offers does not draw people to themselves: ' || s) FROM unnest(ARRAY[
  'UPDATE inclusion_data.offer SET structure = 27 WHERE id = 76', 'UPDATE inclusion_data.offer SET perimeter = ''DEP-27''', 'UPDATE inclusion_data.offer SET quality = 1',
  'UPDATE inclusion_data.structure SET perimeter = ''DEP-27'' WHERE id = 76', 'UPDATE inclusion_data.place SET perimeter = ''DEP-27''']) s;
SELECT is(pg_temp.attempt('test_desk_27', 'INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector, agent)
  VALUES (''DEP-27'', 2701, ''declared'', ''2026-01-20'', ''pix{1.1=1}'', 27)'), '1', 'with their own name an agent signs');
SELECT is(pg_temp.attempt('test_desk_27',
  'INSERT INTO inclusion_data.beneficiary (perimeter, structure, position_origin, last_contact_on) VALUES (''DEP-76'', 27, ''unknown'', ''2026-01-20'')'),
  '23503', 'a person is of the perimeter of their structure');

-- The verbs obey the same rules, without their own
SELECT is(pg_temp.attempt('test_desk_27', 'SELECT count(inclusion.enrol(27, first_name => ''Ada'', last_name => ''Test''))'), '1', 'enrol(): at home, yes');
SELECT is(pg_temp.attempt('test_desk_27', 'SELECT count(inclusion.enrol(76))'), '42501', 'enrol(): elsewhere, no');
SELECT is(pg_temp.attempt('test_desk_27', 'SELECT count(inclusion.perimeter_of(7601))'), 'IN003', 'somebody else''s person is unknown');
SELECT is(pg_temp.attempt('test_desk_27', 'SELECT count(inclusion.perimeter_of(1))'), 'IN003', 'as is nobody''s');
SELECT is(pg_temp.attempt('test_desk_27', 'SELECT count(inclusion.assess(2700, ''pix{1.1=1}''))'), '1', 'assess(): one''s own person');
SELECT is(pg_temp.attempt('test_desk_27', 'SELECT count(inclusion.assess(7600, ''pix{1.1=1}''))'), 'IN003', 'assess(): not somebody else''s');

-- A function of the agent's own, cheaper than the policy, sees nobody else
CREATE FUNCTION pg_temp.peek(name text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$
BEGIN
  PERFORM set_config('test.seen', concat_ws(' ', nullif(current_setting('test.seen', true), ''), name), false);
  RETURN true;
END
$$;
CREATE FUNCTION pg_temp.seen_by(who text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('role', who, true), set_config('test.seen', '', false);
  PERFORM FROM inclusion_data.identity WHERE pg_temp.peek(beneficiary::text);
  PERFORM set_config('role', 'none', true);
  RETURN (SELECT string_agg(n, ' ' ORDER BY n) FROM unnest(string_to_array(current_setting('test.seen'), ' ')) n);
END
$$;
SELECT is(pg_temp.seen_by('test_desk_27'), '2701 2702', 'row-level security is applied before a function of the agent''s');
SELECT is(pg_temp.seen_by('test_dpo'), '2701 2702 7601 7602 7603', 'and that function does see what it is shown');

-- A structure sees the people sent to what it carries, and them alone
CREATE FUNCTION pg_temp.count_after(change text, who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  EXECUTE change;
  answer := pg_temp.attempt(who, statement);
  RAISE EXCEPTION USING ERRCODE = 'P9999', MESSAGE = answer;
EXCEPTION WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
END
$$;
SELECT is(pg_temp.count_after('UPDATE inclusion_data.proposal SET offer = 76, session = 76 WHERE id = 2701', 'test_mediator_76',
                              'SELECT sum(id) FROM inclusion_data.beneficiary'), (2701 + 7600 + 7601 + 7602 + 7603)::text,
  'a person sent to its offer is seen by its structure');
SELECT is(pg_temp.count_after('INSERT INTO inclusion_data.access_grant (role_name, perimeter) VALUES (''inclusion_mediator'', ''DEP-27'')', 'test_mediator_76',
                              'SELECT count(*) FROM inclusion_data.identity'), '5', 'a grant to a group is its members''');
SELECT is(pg_temp.count_after('UPDATE inclusion_data.access_grant SET valid_to = inclusion.today(''DEP-27'') - 1 WHERE role_name = ''test_desk_27''', 'test_desk_27',
                              'SELECT count(*) FROM inclusion_data.identity'), '0', 'a grant that has ended opens nothing');

-- Past the verbs, with the rights of one's group alone: what is left to write
-- holds no seat, silences nobody and says nothing of what is still to come
CREATE FUNCTION pg_temp.carried(n int, since timestamptz DEFAULT now()) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(format('INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, at)
           VALUES (2701, ''DEP-27'', %s, %L, %L, 27, ''person'', %L)', v.n, v.f, v.t, carried.since), '; ' ORDER BY v.n)
  FROM (VALUES (2, 'candidate', 'proposed'), (3, 'proposed', 'agreed'), (4, 'agreed', 'confirmed'), (5, 'confirmed', 'booked')) v (n, f, t) WHERE v.n <= carried.n
$$;
CREATE FUNCTION pg_temp.step(n int, from_state text, to_state text) RETURNS text LANGUAGE sql AS $$
  SELECT format('INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
           VALUES (2701, ''DEP-27'', %s, %L, %L, 27, ''person'')', n, from_state, to_state)
$$;
SELECT is(pg_temp.count_after(change, 'test_desk_27', statement), wanted, why) FROM (VALUES
  (1, 'SELECT', pg_temp.step(2, 'candidate', 'proposed'), '42501', 'no agent proposes a place'),
  (2, 'DELETE FROM inclusion_data.proposal_step', pg_temp.step(1, 'none', 'candidate'), '42501', 'nor makes somebody a candidate'),
  (3, pg_temp.carried(2), pg_temp.step(3, 'proposed', 'expired'), '42501', 'nobody was rung often enough: silence is no answer'),
  (4, pg_temp.carried(2) || '; INSERT INTO inclusion_data.contact (perimeter, beneficiary, channel, outcome, agent)
      SELECT ''DEP-27'', 2701, ''phone'', ''no_answer'', 27 FROM generate_series(1, 2)', pg_temp.step(3, 'proposed', 'expired'), '1', 'rung three times, it is'),
  (5, pg_temp.carried(5) || '; UPDATE inclusion_data.session SET starts_at = now() + interval ''1 day'', ends_at = now() + interval ''2 days''',
      pg_temp.step(6, 'booked', 'attended'), '42501', 'nobody came to what has not begun'),
  (6, pg_temp.carried(5) || '; UPDATE inclusion_data.session SET starts_at = now() + interval ''1 day'', ends_at = now() + interval ''2 days''',
      pg_temp.step(6, 'booked', 'absent'), '42501', 'nor was absent'),
  (7, pg_temp.carried(5) || '; UPDATE inclusion_data.session SET starts_at = now() + interval ''1 day'', ends_at = now() + interval ''2 days''',
      pg_temp.step(6, 'booked', 'excused'), '1', 'but may be excused'),
  (8, pg_temp.carried(5), pg_temp.step(6, 'booked', 'attended'), '1', 'who came to what has begun, did'),
  (9, pg_temp.carried(2), pg_temp.step(3, 'proposed', 'withdrawn'), '1', 'a place may be given back'),
  (10, 'INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
        SELECT 28, 27, perimeter, starts_at, ends_at, confirmed_on FROM inclusion_data.session WHERE id = 27',
       'UPDATE inclusion_data.proposal SET session = 28 WHERE id = 2701', '42501', 'a proposal is not moved by hand'),
  (11, 'SELECT', 'UPDATE inclusion_data.proposal SET session = session', '42501', 'not even to where it is'),
  (12, 'SELECT', 'SELECT count(*) FROM (SELECT FROM inclusion_data.proposal FOR UPDATE) p', '2', 'only locked by who advances it'),
  (13, pg_temp.carried(4), 'SELECT count(inclusion_data.seat_at(''{2701}'', 27)::text)', 'IN303', 'whoever is not booked is not seated elsewhere'),
  (14, pg_temp.carried(5, now() - interval '1 hour'), 'SELECT count(inclusion_data.seat_at(''{2701}'', 27)::text)', 'IN303', 'nor who was before'),
  (15, pg_temp.carried(5), 'SELECT count(inclusion_data.seat_at(''{2701,7601}'', 27)::text)', 'IN303', 'nor anybody along with them'),
  (16, pg_temp.carried(5), 'SELECT count(inclusion_data.seat_at(''{2701}'', 76)::text)', '23503', 'nor at another offer''s'),
  (17, pg_temp.carried(5), 'SELECT count(inclusion_data.seat_at(''{2701}'', 27)::text)', '1', 'who is booked is seated')) s (n, change, statement, wanted, why) ORDER BY n;

-- Connected as oneself, nobody asks in another's name; a pool's account is
-- nobody until it says for whom it speaks
SET SESSION AUTHORIZATION test_desk_27;
SELECT inclusion_data.structures_of('test_desk_27') AS own, inclusion_data.structures_of('test_mediator_76') AS other \gset
RESET SESSION AUTHORIZATION;
SELECT is(:'own'::text, '{27}', 'structures_of() answers for oneself');
SELECT is(:'other'::text, '{}', 'and for nobody else');
SET SESSION AUTHORIZATION test_pool;
SET ROLE test_desk_27;
SELECT count(*) AS after FROM inclusion_data.identity \gset
RESET ROLE;
RESET SESSION AUTHORIZATION;
SELECT is_empty($$ SELECT * FROM pg_temp.rights_on('test_pool') $$, 'the account of a pool has no right');
SELECT is(:'after'::text, '2', 'and sees the desk''s people once it is the desk');

SELECT * FROM finish();
ROLLBACK;
