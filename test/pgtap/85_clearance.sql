-- Agents who come and go, grants given and taken back, themes shared one by
-- one, and identities recognised without being read.
BEGIN;
SET LOCAL client_min_messages = warning;
\set ECHO none
\o /dev/null
\ir world.psql
SELECT inclusion.register_structure('Médiathèque', 'DEP-27') AS library \gset
CREATE ROLE test_library;
CREATE ROLE test_successor;
CREATE ROLE test_other;
CREATE ROLE test_lead IN ROLE inclusion_steward;
CREATE ROLE test_other_lead IN ROLE inclusion_steward;
CREATE ROLE test_wide IN ROLE inclusion_coordinator;
CREATE ROLE test_dpo IN ROLE inclusion_dpo;
CREATE ROLE test_night IN ROLE inclusion_night;
CREATE ROLE test_visitor;
INSERT INTO inclusion_data.access_grant (role_name, perimeter, valid_from) VALUES
  ('test_lead', 'DEP-27', '2020-01-01'), ('test_other_lead', 'DEP-74', '2020-01-01'), ('test_wide', 'DEP-27', '2020-01-01');
\o
SELECT plan(210);

\ir as_role.psql
-- The same, connected as `who` and not only in that role
CREATE FUNCTION pg_temp.attempt_connected(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  PERFORM set_config('session_authorization', who, true);
  EXECUTE statement INTO answer;
  RAISE EXCEPTION USING ERRCODE = 'P9999', MESSAGE = coalesce(answer, 'null');
EXCEPTION
  WHEN SQLSTATE 'P9999' THEN RETURN SQLERRM;
  WHEN OTHERS THEN RETURN SQLSTATE;
END
$$;

-- --- agents who come ----------------------------------------------------------------

SELECT ok(pg_has_role('desk_agent', 'inclusion_front_desk', 'MEMBER'), 'a new agent joins the front desk');
SELECT is((SELECT granted_by FROM inclusion_data.access_grant WHERE role_name = 'desk_agent'), current_user::text, 'who gave the grant is recorded');
SELECT throws_ok(format($$ SELECT inclusion.register_agent('test_unknown', %s, 'X') $$, :desk), 'IN801', 'there is no login role "test_unknown"',
  'an unknown login is refused');
SELECT lives_ok(format($$ SELECT inclusion.register_agent('test_unknown', %s, 'X', ahead => true) $$, :desk), 'unless it is said to come later');
SELECT throws_ok(format($$ SELECT inclusion.register_agent('test_library', %s, 'X', 'owner') $$, :library), 'IN801', 'an agent has no role "owner"',
  'no other group can be joined');
SELECT throws_ok($$ SELECT inclusion.register_agent('test_library', 999, 'X') $$, 'IN004', NULL, 'an unknown structure is refused');
SELECT throws_ok(format($$ SELECT inclusion.register_agent('desk_agent', %s, 'X') $$, :desk), 'IN801', NULL, 'a login at work is not registered twice');
SELECT inclusion.register_agent('test_library', :library, 'Lou Livre', 'mediator') AS librarian,
       inclusion.register_agent('test_successor', :desk, 'Sam Suite') AS successor,
       inclusion.register_agent('test_other', :other_desk, 'Oli Outre') AS other \gset
SELECT ok(pg_has_role('test_library', 'inclusion_mediator', 'MEMBER') AND NOT pg_has_role('test_library', 'inclusion_front_desk', 'MEMBER'),
  'the role asked for is the one given');
SELECT ok(pg_has_role(current_user, 'inclusion_front_desk', 'MEMBER') AND inclusion.register_agent(current_user::text, :desk, 'Alice') IS NOT NULL
          AND NOT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = current_user
                          AND m.roleid = 'inclusion_front_desk'::regrole),
  'a superuser already is what every group is');
SELECT is(pg_temp.attempt(who, format('SELECT inclusion.register_agent(''test_visitor'', %s, ''X'')', :desk)), '42501', who || ' makes no agent')
  FROM unnest('{desk_agent,test_lead,test_dpo}'::text[]) who;

-- --- grants ---------------------------------------------------------------------------

SELECT inclusion.enrol(:desk) AS p1, inclusion.enrol(:desk) AS p2, inclusion.enrol(:desk) AS p3, inclusion.enrol(:library) AS p4 \gset
SELECT is(pg_temp.attempt('test_library', 'SELECT count(*) FROM inclusion_data.beneficiary'), '1', 'an agent sees the people of their structure');
SELECT pg_temp.act('test_lead', format('SELECT inclusion.grant_access(''test_library'', ''DEP-27'', %s)', :desk)) AS given \gset
SELECT is(pg_temp.attempt('test_library', 'SELECT count(*) FROM inclusion_data.beneficiary'), '4', 'and those of another, once the lead opens it');
SELECT is((SELECT granted_by FROM inclusion_data.access_grant WHERE id = :given), 'test_lead', 'the grant says who gave it');
SELECT is(pg_temp.attempt(who, 'SELECT inclusion.grant_access(''test_library'', ''DEP-27'')'), '42501', who || ' opens nothing in DEP-27')
  FROM unnest('{test_library,test_wide,test_other_lead,test_dpo,test_night}'::text[]) who;
SELECT is(pg_temp.attempt('test_other_lead', format('SELECT inclusion.revoke_access(''test_library'', ''DEP-27'', %s)', :desk)), '42501', 'nor closes');
SELECT is(pg_temp.attempt('test_library', 'SELECT inclusion_data.write_grant(''test_lead'', ''test_library'', ''DEP-27'', NULL, ''2020-01-01'', NULL)'), '42501',
  'the function behind is not called around');
SELECT is(pg_temp.attempt('test_lead', s.statement), 'IN801', s.why) FROM (VALUES
  (1, 'SELECT inclusion.grant_access(''test_nobody_at_all'', ''DEP-27'')', 'a grant for an unknown role is refused'),
  (2, 'SELECT inclusion.grant_access(''inclusion_mediator'', ''DEP-27'')', 'as is one for a whole group'),
  (3, format('SELECT inclusion.grant_access(''test_library'', ''DEP-27'', %s)', :other_desk), 'as is one for a structure of another perimeter'),
  (4, 'SELECT inclusion.grant_access(''test_library'', ''DEP-27'', NULL, ''2026-02-01'', ''2026-01-01'')', 'as is one that ends before it begins'),
  (5, 'SELECT inclusion.revoke_access(''test_nobody_at_all'', ''DEP-27'')', 'taking back what was never given is said')) s (n, statement, why) ORDER BY n;
SELECT is(pg_temp.act('test_lead', format('SELECT inclusion.revoke_access(''test_library'', ''DEP-27'', %s)', :desk)), '1', 'the lead takes it back');
SELECT is(pg_temp.attempt('test_library', 'SELECT count(*) FROM inclusion_data.beneficiary'), '1', 'at once');
SELECT is((SELECT revoked_by FROM inclusion_data.access_grant WHERE id = :given), 'test_lead', 'and the row stays, with who ended it');

SELECT is(pg_temp.attempt(who, 'SELECT inclusion.keep(''perimeters'', current_user, ''{DEP-27}''::text[])'), '42501', who || ' puts no answer in the mouth of the policies')
  FROM unnest('{test_library,test_lead,test_dpo}'::text[]) who;

-- A lead connected through a pool is the lead; another login of the pool is not
CREATE ROLE test_pool NOINHERIT IN ROLE test_lead;
SET SESSION AUTHORIZATION test_pool;
SET ROLE test_lead;
SELECT inclusion.grant_access('test_visitor', 'DEP-27') AS pooled \gset
RESET ROLE;
RESET SESSION AUTHORIZATION;
SELECT is((SELECT granted_by FROM inclusion_data.access_grant WHERE id = :pooled), 'test_lead', 'through a pool, the role that speaks is recorded');
SELECT is(pg_temp.attempt('test_pool', 'SELECT inclusion.grant_access(''test_visitor'', ''DEP-27'')'), '42501', 'the account of the pool decides nothing');
SELECT is(pg_temp.attempt_connected('test_other_lead', 'SELECT inclusion_data.write_grant(''test_lead'', ''test_visitor'', ''DEP-27'', NULL, ''2020-01-01'', NULL)'), '42501',
  'nobody gives in the name of somebody else');
SELECT is(pg_temp.attempt_connected('test_other_lead', format('SELECT inclusion_data.write_grant(%L, ''test_visitor'', ''DEP-27'', NULL, ''2020-01-01'', NULL)', current_user)), '42501',
  'least of all of the administrator');

-- --- agents who go ----------------------------------------------------------------------

INSERT INTO inclusion_data.referent (beneficiary, perimeter, agent, since)
  SELECT id, 'DEP-27', :agent, '2026-01-10' FROM unnest(ARRAY[:p1, :p2]) id;
SELECT throws_ok($$ SELECT inclusion.close_agent('desk_agent') $$, 'IN802', format('agent %s is the referent of 2 people', :agent),
  'who is referent of people does not leave them alone');
CREATE FUNCTION pg_temp.detail_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  detail text;
BEGIN
  EXECUTE statement;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN detail;
END
$$;
SELECT is(pg_temp.detail_of($$ SELECT inclusion.close_agent('desk_agent') $$), format('Their numbers: %s, %s.', :p1, :p2), 'and they are listed');
SELECT throws_ok(format($$ SELECT inclusion.close_agent('desk_agent', %s) $$, :other), 'IN801', NULL, 'a successor who may not see them is refused');
SELECT throws_ok(format($$ SELECT inclusion.close_agent('desk_agent', %s) $$, :agent), 'IN801', NULL, 'as is the agent themself');
SELECT throws_ok($$ SELECT inclusion.close_agent('desk_agent', last_day => '2020-01-01') $$, 'IN801', NULL, 'as is a day gone by');
SELECT throws_ok($$ SELECT inclusion.close_agent('test_nobody_at_all') $$, 'IN305', NULL, 'nobody cannot leave');
SELECT is((SELECT count(*) FROM inclusion_data.referent WHERE agent = :agent AND until IS NULL), 2::bigint, 'a refusal has changed nothing');
SELECT results_eq(format($$ SELECT * FROM inclusion.close_agent('desk_agent', %s) $$, :successor),
  ARRAY[:p1, :p2]::bigint[], 'with a successor, they are handed over in one call');
SELECT is((SELECT count(*) FROM inclusion_data.referent WHERE agent = :successor AND until IS NULL), 2::bigint, 'each has the new referent');
SELECT is((SELECT count(*) FROM inclusion_data.referent WHERE agent = :agent AND until IS NULL), 0::bigint, 'and no longer the old one');
SELECT ok(NOT pg_has_role('desk_agent', 'inclusion_front_desk', 'MEMBER'), 'the login is out of its group');
SELECT is((SELECT count(*) FROM inclusion_data.access_grant WHERE role_name = 'desk_agent' AND revoked_at IS NULL), 0::bigint, 'and has no grant left');
SELECT lives_ok(format($$ SELECT inclusion.register_agent('desk_agent', %s, 'Alice Accueil', until => current_date + 30) $$, :desk), 'it may come back');
SELECT throws_ok(format($$ SELECT inclusion.close_agent('test_successor', last_day => current_date + 10) $$), 'IN802', NULL, 'a departure to come asks the same');
SELECT lives_ok($$ SELECT inclusion.close_agent('test_other', last_day => current_date + 10) $$, 'it can be told ahead');
SELECT ok(pg_has_role('test_other', 'inclusion_front_desk', 'MEMBER') AND (SELECT valid_to = current_date + 10 FROM inclusion_data.access_grant WHERE role_name = 'test_other'),
  'the agent works until then');

-- --- agents whose time is over ------------------------------------------------------------

-- One of each kind, with a wider grant that names no end, and one still at work
SELECT format('CREATE ROLE test_late_%s', r), format('SELECT inclusion.register_agent(%L, %s, ''Tard'', %L, until => current_date + 1)', 'test_late_' || r, :desk, r)
  FROM unnest('{front_desk,mediator,coordinator,present}'::text[]) r WHERE r <> 'present' \gexec
CREATE ROLE test_present;
SELECT inclusion.register_agent('test_present', :desk, 'Là', 'mediator', until => current_date) AS present \gset
SELECT count(inclusion.grant_access('test_late_' || r, 'DEP-27')) AS wider FROM unnest('{front_desk,mediator,coordinator}'::text[]) r \gset
INSERT INTO inclusion_data.referent (beneficiary, perimeter, agent, since) SELECT :p3, 'DEP-27', id, '2026-01-10' FROM inclusion_data.agent WHERE login = 'test_late_mediator';
CREATE FUNCTION pg_temp.rows_seen(who text) RETURNS bigint LANGUAGE sql AS $$
  SELECT coalesce(sum(n::bigint), 0) FROM pg_class c, pg_temp.attempt(who, 'SELECT count(*) FROM ' || c.oid::regclass) n
  WHERE c.relnamespace = 'inclusion_data'::regnamespace AND c.relrowsecurity AND n <> '42501'
$$;
SELECT is_empty($$ SELECT login FROM inclusion_data.agent WHERE login ~ '^test_(late|present)' AND pg_temp.rows_seen(login) = 0 $$, 'each sees people while at work');
-- time goes by
UPDATE inclusion_data.agent SET valid_from = current_date - 30, valid_to = current_date - 1 WHERE login LIKE 'test_late_%';
UPDATE inclusion_data.access_grant SET valid_from = current_date - 30, valid_to = least(valid_to, current_date - 1) WHERE role_name LIKE 'test_late_%' AND valid_to IS NOT NULL;
UPDATE inclusion_data.access_grant SET valid_from = current_date - 30 WHERE role_name LIKE 'test_late_%' AND valid_to IS NULL;
SELECT is_empty($$ SELECT login, pg_temp.rows_seen(login) FROM inclusion_data.agent WHERE login LIKE 'test_late_%' AND pg_temp.rows_seen(login) > 0 $$,
  'the day after, no table about people shows them a row, whatever else they were given');
SELECT is_empty(format($$
  SELECT a.login, v, pg_temp.attempt(a.login, v) FROM inclusion_data.agent a, unnest(ARRAY['SELECT inclusion.enrol(%1$s)', 'SELECT inclusion.assess(%2$s, ''pix{1.1=1}'')',
    'SELECT inclusion.record_circumstance(%2$s, ''no_equipment'')', 'SELECT inclusion.express_need(%2$s, ''right_now'')', 'SELECT inclusion.withdraw(%2$s)',
    'SELECT inclusion.read_person_file(%2$s)', 'SELECT inclusion.identify(%2$s, ''A'', ''B'')', 'SELECT inclusion.refuse_sharing(%2$s, ''family'')',
    'SELECT count(*) FROM inclusion.matches(%2$s)', 'SELECT inclusion.need_of(%2$s)', 'SELECT count(*) FROM inclusion.constraints_of(%2$s)']) v
  WHERE a.login LIKE 'test_late_%%' AND pg_temp.attempt(a.login, v) NOT IN ('42501', 'IN003', 'IN305') $$, :desk, :p1), 'nor does a verb do anything');
SELECT is(pg_temp.attempt('test_late_coordinator', format('SELECT count(*) FROM inclusion.read_contacts(ARRAY[%s])', :p1)), '0', 'nor a list give a name');
SELECT is(pg_temp.attempt('test_late_coordinator', 'SELECT count(*) FROM inclusion.possible_duplicates(''DEP-27'')'), '0', 'nor duplicates');
SELECT ok(pg_temp.rows_seen('test_present') > 0, 'the last day is a day of work');
SELECT is(pg_temp.attempt(who, 'SELECT count(*) FROM inclusion.close_expired_agents()'), '42501', who || ' puts nobody out') FROM unnest('{test_present,test_lead,test_dpo,test_night}'::text[]) who;
SELECT is(pg_temp.attempt('test_night', 'SELECT string_agg(login, '' '' ORDER BY login) FROM inclusion.expired_agents()'), 'test_late_coordinator test_late_front_desk test_late_mediator',
  'the job of a night knows whom to warn of');
SELECT results_eq('SELECT * FROM inclusion.close_expired_agents()', $$ VALUES ('test_late_coordinator', current_date - 1, 0::bigint), ('test_late_front_desk', current_date - 1, 0), ('test_late_mediator', current_date - 1, 1) $$,
  'a job puts them out of their groups, and says who has people to hand over');
SELECT is_empty($$ SELECT r.rolname, c.oid::regclass FROM pg_roles r, pg_class c WHERE r.rolname LIKE 'test_late_%' AND c.relkind IN ('r', 'v') AND c.relnamespace IN ('inclusion_data'::regnamespace, 'pilotage'::regnamespace)
  AND (has_any_column_privilege(r.oid, c.oid, 'SELECT,INSERT,UPDATE') OR has_table_privilege(r.oid, c.oid, 'DELETE')) $$, 'they have no right left on anything');
SELECT ok(pg_has_role('test_present', 'inclusion_mediator', 'MEMBER'), 'who is at work stays');
SELECT is_empty('SELECT * FROM inclusion.close_expired_agents()', 'a second time there is nobody');
SELECT results_eq(format('SELECT * FROM inclusion.close_agent(''test_late_mediator'', %s)', :successor), ARRAY[:p3]::bigint[], 'their people are handed over as anybody''s');
SELECT is((SELECT valid_to FROM inclusion_data.agent WHERE login = 'test_late_mediator'), current_date - 1, 'and their last day stays what it was');
SELECT lives_ok($$ SELECT inclusion.grant_access('test_late_mediator', 'DEP-27') $$, 'what is given afterwards');
GRANT inclusion_mediator TO test_late_mediator;
SELECT ok(pg_temp.rows_seen('test_late_mediator') > 0, 'stands by itself');
REVOKE inclusion_mediator FROM test_late_mediator;
SELECT inclusion.close_agent('test_present') \g /dev/null

-- --- how long a structure sees who was sent to it --------------------------------------

SELECT inclusion.register_offer('Atelier', :library, teaches => 'pix{1.1=2}', longitude => 1.15, latitude => 49.02) AS offer \gset
SELECT inclusion.open_session(:offer, '2026-03-02 10:00+01', '2026-03-02 12:00+01', 8) AS session \gset
INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, started_at) VALUES (1, '2026-02-01', '{DEP-27}', 'running', 'compute', '2026-02-01');
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
  VALUES (501, 'DEP-27', :p1, :offer, :session, 1, 1, 0.1, '2026-02-15');
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, at)
  SELECT 501, 'DEP-27', s.n, s.a, s.b, g.id, g.kind, now() - interval '100 days'
    FROM (VALUES (1, 'none', 'candidate'), (2, 'candidate', 'proposed')) s (n, a, b), inclusion_data.agent g WHERE g.kind = 'service' AND g.perimeter = 'DEP-27';
\set seen 'SELECT string_agg(id::text, '' '' ORDER BY id) FROM inclusion_data.beneficiary'
SELECT is(pg_temp.attempt('test_library', :'seen'), :p1 || ' ' || :p4, 'who is proposed to an offer is seen by its structure, however long it lasts');
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, at)
  SELECT 501, 'DEP-27', 3, 'proposed', 'declined', :librarian, 'person', now() - interval '59 days';
SELECT is(pg_temp.attempt('test_library', :'seen'), :p1 || ' ' || :p4, 'and 59 days after the end');
UPDATE inclusion_data.proposal_step SET at = now() - interval '62 days' WHERE proposal = 501 AND n = 3;
SELECT is(pg_temp.attempt('test_library', :'seen'), :'p4', 'no longer after 62');
UPDATE inclusion_data.policy SET visibility_days = 90 WHERE id = :policy;
SELECT is(pg_temp.attempt('test_library', :'seen'), :p1 || ' ' || :p4, 'unless the policy says so');
UPDATE inclusion_data.policy SET visibility_days = 60 WHERE id = :policy;
INSERT INTO inclusion_data.orientation (id, perimeter, beneficiary, offer, run, week)
  VALUES (1, 'DEP-27', :p2, :offer, 1, date_trunc('week', current_date)::date);
SELECT is(pg_temp.attempt('test_library', :'seen'), :p2 || ' ' || :p4, 'who is sent this week is seen');
UPDATE inclusion_data.orientation SET week = date_trunc('week', current_date - 75)::date WHERE id = 1;
SELECT is(pg_temp.attempt('test_library', :'seen'), :'p4', 'who was sent 75 days ago is not');
UPDATE inclusion_data.orientation SET week = date_trunc('week', current_date)::date WHERE id = 1;

-- --- themes ---------------------------------------------------------------------------------

SELECT is(pg_temp.attempt(who, format('SELECT string_agg(DISTINCT i.theme, '' '' ORDER BY i.theme) FROM inclusion_data.circumstance_item i WHERE i.code = ANY (inclusion_data.readable_items(%L))', who)), themes, who || ' reads its themes')
  FROM (VALUES ('test_successor', 'accommodation administrative digital employment equipment family housing language mobility money'),
               ('test_library', 'digital equipment language mobility'),
               ('test_wide', 'administrative digital employment equipment language mobility'),
               ('test_night', 'accommodation administrative digital employment equipment family housing language mobility money')) w (who, themes);
SELECT is(pg_temp.attempt(who, format('SELECT count(*) FROM inclusion_data.circumstance_item i WHERE i.code = ANY (inclusion_data.readable_items(%L)) <> (i.theme = ANY (%L))', who, themes)), '0', who || ' reads every fact of them and no other')
  FROM (VALUES ('test_library', '{digital,equipment,language,mobility}'), ('test_wide', '{administrative,digital,employment,equipment,language,mobility}')) w (who, themes);
SELECT pg_temp.act('test_successor', format('SELECT count(inclusion.record_circumstance(%s, i)) FROM unnest(''{school_hours,ground_floor,no_equipment,job_search}''::text[]) i', :p2)) AS noted \gset
\set items 'SELECT string_agg(item, '' '' ORDER BY item) FROM inclusion_data.circumstance'
SELECT is(pg_temp.attempt('test_successor', :'items'), 'ground_floor job_search no_equipment school_hours', 'the desk reads what it noted');
SELECT is(pg_temp.attempt('test_library', :'items'), 'no_equipment', 'the mediator reads what bears on teaching');
SELECT is(pg_temp.attempt('test_wide', :'items'), 'job_search no_equipment', 'the coordinator reads their themes');
SELECT is(pg_temp.attempt('test_night', :'items'), 'ground_floor job_search no_equipment school_hours', 'the night counts the whole grid');
SELECT is(pg_temp.attempt('test_dpo', :'items'), 'ground_floor job_search no_equipment school_hours', 'the officer checks all');
SELECT is(pg_temp.attempt('test_library', format('SELECT inclusion.record_circumstance(%s, ''school_hours'')', :p2)), 'IN803', 'who does not read a theme does not write it');
SELECT is(pg_temp.attempt('test_library', format('WITH w AS (SELECT 1) SELECT count(*) FROM inclusion.constraints_of(%s)', :p2)), '3', 'the mediator is told three constraints');
SELECT is(pg_temp.attempt('test_library', format('SELECT string_agg(constraint_label, '', '' ORDER BY constraint_label) FROM inclusion.constraints_of(%s)', :p2)),
  'Horaires d''école, Matériel sur place, Rez-de-chaussée ou ascenseur', 'in practical words');
SELECT is(pg_temp.attempt('test_other', format('SELECT count(*) FROM inclusion.constraints_of(%s)', :p2)), 'IN003', 'of nobody else''s people');
SELECT is(pg_temp.attempt('test_library', format('SELECT count(*) FROM inclusion_data.constraint_labels(''test_library'', %s)', :p3)), '0', 'nor by the function behind');
SELECT is(pg_temp.attempt_connected('test_other', format('SELECT count(*) FROM inclusion_data.constraint_labels(%L, %s)', who, :p2)), '0', 'nor in the name of ' || who)
  FROM unnest('{test_dpo,test_night,test_library}'::text[]) who;
INSERT INTO inclusion_data.circumstance (perimeter, beneficiary, item, answer, recorded_on) VALUES ('DEP-27', :p2, 'ground_floor', 'no', current_date + 1);
SELECT is(pg_temp.attempt('test_library', format('SELECT count(*) FROM inclusion.constraints_of(%s)', :p2)), '2', 'the latest answer is the one that counts');

-- A login that is both: the night must not miscount
CREATE ROLE test_both IN ROLE inclusion_front_desk, inclusion_night;
SELECT is((SELECT count(*) FROM inclusion_data.refused_items('test_both')), 0::bigint, 'a login that is also the night''s is kept nothing from');

-- A grant in a territory's own words
DELETE FROM inclusion_data.theme_clearance WHERE theme = 'equipment' AND role_name = 'inclusion_mediator';
SELECT is(pg_temp.attempt('test_library', 'SELECT count(*) FROM inclusion_data.circumstance'), '0', 'a clearance removed holds at the next read');
INSERT INTO inclusion_data.theme_clearance VALUES ('equipment', 'inclusion_mediator');

-- --- refusals -----------------------------------------------------------------------------------

SELECT is(pg_temp.attempt('test_library', format('SELECT inclusion.refuse_sharing(%s, ''secrets'')', :p2)), 'IN101', 'an unknown theme is refused');
SELECT pg_temp.act('test_library', format('SELECT count(inclusion.refuse_sharing(%s, t)) FROM unnest(''{equipment,family,accommodation}''::text[]) t', :p2)) AS refused \gset
SELECT is(pg_temp.attempt('test_library', 'SELECT count(*) FROM inclusion_data.circumstance'), '0', 'what is refused to all is read by nobody else, at the next read');
SELECT is(pg_temp.attempt('test_wide', :'items'), 'job_search', 'nor by who is open to the whole perimeter');
SELECT is(pg_temp.attempt('test_successor', :'items'), 'ground_floor ground_floor job_search no_equipment school_hours', 'the structure that enrolled them still reads it');
SELECT is(pg_temp.attempt('test_night', 'SELECT count(*) FROM inclusion_data.circumstance'), '5', 'the night still counts the grid');
SELECT is(pg_temp.attempt('test_library', format('SELECT count(*) FROM inclusion.constraints_of(%s)', :p2)), '0', 'what follows from it is not told either');
SELECT is(pg_temp.attempt('test_successor', format('SELECT string_agg(theme, '' '') FROM inclusion.sharing_of(%s) WHERE refused_at IS NOT NULL', :p2)), 'accommodation equipment family',
  'the person can be told what they refused');
SELECT is(pg_temp.attempt('test_successor', format('SELECT array_to_string(readers, '' '') FROM inclusion.sharing_of(%s) WHERE theme = ''family''', :p2)), 'inclusion_front_desk',
  'and who reads what they share');
SELECT is((SELECT string_agg(DISTINCT a.login, ' ') FROM inclusion_data.sharing_refusal f JOIN inclusion_data.agent a ON a.id = f.agent WHERE f.refused_at IS NOT NULL), 'test_library',
  'a refusal has its date and who heard it');
SELECT is(pg_temp.attempt('test_library', format('SELECT inclusion.allow_sharing(%s, ''equipment'')', :p2)), 'IN803', 'who would read it does not end it');
SELECT is(pg_temp.attempt('test_other', format('SELECT inclusion.refuse_sharing(%s, ''equipment'')', :p2)), 'IN003', 'a stranger knows nothing of it');
SELECT pg_temp.act('test_successor', format('SELECT inclusion.allow_sharing(%s, ''equipment'')', :p2)) AS allowed \gset
SELECT is(pg_temp.attempt('test_library', :'items'), 'no_equipment', 'the structure that enrolled them does');
SELECT is((SELECT count(*) FROM inclusion_data.sharing_refusal), 3::bigint, 'and all are kept');

-- --- identity apart ---------------------------------------------------------------------------------

SELECT is(inclusion.identity_key(a[1], a[2], a[3]::int, a[4]), b, why) FROM (VALUES
  ('{"Zoé","De l''Étang",1950,COM-1}'::text[], 'deletang|zoe|1950', 'a name without accents, case or apostrophe'),
  ('{"DE L’ETANG","zoe",1950,COM-2}', 'deletang|zoe|1950', 'in whichever order, wherever'),
  ('{"Ana","Šimić",NULL,COM-1}', 'ana|simic|COM-1', 'without a year, the commune'),
  ('{"Ana","Šimić",NULL,NULL}', NULL, 'a name alone is nobody'),
  ('{NULL,NULL,1950,COM-1}', NULL, 'nor is a year alone')) v (a, b, why);
SELECT is(inclusion.name_key('Łukasz') <> inclusion.name_key('Ölaf') AND length(inclusion.name_key('محمد')) > 0, true, 'other alphabets are not emptied');

SELECT inclusion.enrol(:desk, first_name => 'Zoé', last_name => 'De l''Étang', birth_year => 1950) AS d1,
       inclusion.enrol(:library, first_name => 'ZOE', last_name => 'de l’etang', birth_year => 1950) AS d2,
       inclusion.enrol(:desk, first_name => 'Zoë', last_name => 'De L Etang', birth_year => 1950) AS d3,
       inclusion.enrol(:desk, first_name => 'Zoé', last_name => 'De l''Étang', birth_year => 1951) AS d4,
       inclusion.enrol(:desk, first_name => 'Zoé', last_name => 'De l''Étang') AS d5,
       inclusion.enrol(:other_desk, first_name => 'Zoé', last_name => 'De l''Étang', birth_year => 1950) AS d6 \gset
\set pairs 'SELECT coalesce(string_agg(first || ''='' || second, '' '' ORDER BY first, second), '''') FROM inclusion.possible_duplicates(''DEP-27'')'
SELECT is(pg_temp.attempt('test_wide', :'pairs'), format('%s=%s %s=%s %s=%s', :d1, :d2, :d1, :d3, :d2, :d3), 'who sees the perimeter is shown each pair');
SELECT is(pg_temp.attempt('test_successor', :'pairs'), format('%s=%s', :d1, :d3), 'the others the pairs of whom they see both');
SELECT is(pg_temp.attempt('test_library', :'pairs'), '', 'and no more');
SELECT is(pg_temp.attempt_connected('test_library', 'SELECT count(*) FROM inclusion_data.duplicate_pairs(''test_dpo'', ''DEP-27'')'), '0', 'not even in the name of the officer');
SELECT is(pg_temp.attempt('test_lead', :'pairs'), '42501', 'the lead, who reads no name, is not told');
SELECT is((SELECT count(DISTINCT f.fingerprint) FROM inclusion_data.identity_fingerprint f WHERE f.beneficiary IN (:d1, :d6)), 2::bigint,
  'no two perimeters share a fingerprint');
SELECT is((SELECT count(*) FROM inclusion_data.identity_fingerprint f WHERE f.beneficiary = :d5), 0::bigint, 'nobody is recognised by a name alone');
SELECT is((SELECT count(*) FROM inclusion_data.identity_fingerprint f JOIN inclusion_data.identity i USING (beneficiary)
           WHERE f.fingerprint IN (sha256(convert_to(inclusion.identity_key(i.first_name, i.last_name, 1950, NULL), 'UTF8')))), 0::bigint,
  'a fingerprint is not a plain hash, which anybody could try names on');
SELECT isnt(inclusion_data.person_key('DEP-27', 'identity', 'x'), inclusion_data.person_key('DEP-27', 'tombstone', 'x'), 'two purposes have two keys');
SELECT is(inclusion.rotate_key('DEP-27'), 2, 'a key is rotated');
SELECT is((SELECT array_agg(f.version ORDER BY f.version) FROM inclusion_data.identity_fingerprint f WHERE f.beneficiary = :d1), '{1,2}', 'and both are written');
SELECT is(pg_temp.attempt('test_wide', :'pairs'), format('%s=%s %s=%s %s=%s', :d1, :d2, :d1, :d3, :d2, :d3), 'the pairs are the same');
SELECT inclusion.enrol(:desk, first_name => 'Neuf', last_name => 'Nouvelle', birth_year => 1960) AS d7 \gset
SELECT is((SELECT count(*) FROM inclusion_data.identity_fingerprint f WHERE f.beneficiary = :d7), 2::bigint, 'an enrolment writes both');
SELECT is(inclusion.rotate_key('DEP-27'), 3, 'rotated again');
SELECT is((SELECT array_agg(DISTINCT f.version ORDER BY f.version) FROM inclusion_data.identity_fingerprint f WHERE f.perimeter = 'DEP-27'), '{2,3}', 'the oldest is no longer written');
SELECT is((SELECT count(*) FROM inclusion_data.person_keys('DEP-27', 'identity', 'x')), 3::bigint, 'and still recognises what was written with it');
SELECT is(pg_temp.attempt(who, 'SELECT inclusion.rotate_key(''DEP-27'')'), '42501', who || ' rotates nothing') FROM unnest('{test_lead,test_dpo,test_successor}'::text[]) who;

-- --- texts -------------------------------------------------------------------------------------------

-- an invented number with a right key
\set nir '1 85 05 78 006 084 91'
SELECT isnt(inclusion.find_nir(:'nir'), NULL, 'the test''s number is one');
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
  VALUES (502, 'DEP-27', :p3, :offer, :session, 1, 1, 0.1, '2026-02-15');
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
  SELECT 502, 'DEP-27', s.n, s.a, s.b, g.id, g.kind
    FROM (VALUES (1, 'none', 'candidate'), (2, 'candidate', 'proposed')) s (n, a, b), inclusion_data.agent g WHERE g.kind = 'service' AND g.perimeter = 'DEP-27';
UPDATE inclusion_data.seat SET proposed = 1 WHERE session = :session;
SELECT is(pg_temp.attempt('test_successor', format('SELECT inclusion.%s(502, %L)', verb, 'Son numéro : ' || :'nir')), 'IN005', verb || ': a national number is refused')
  FROM unnest('{decline,pause,withdraw_proposal}'::text[]) verb;
SELECT is(pg_temp.attempt('test_successor', format('SELECT inclusion.enrol(%s, notice_version => %L)', :desk, :'nir')), 'IN005', 'enrol: likewise');
SELECT is(pg_temp.attempt('test_library', format('SELECT inclusion.cancel_session(%s, %L)', :session, :'nir')), 'IN005', 'cancel_session: likewise');
SELECT is(pg_temp.attempt('test_successor', format('SELECT inclusion.decline(502, repeat(''a'', 501))')), 'IN804', 'a text is short');
SELECT throws_ok(s, '23514', NULL, 'nor is it stored by any other way: ' || s) FROM unnest(ARRAY[
  'UPDATE inclusion_data.proposal_step SET reason = ''1850578006084 91''',
  'UPDATE inclusion_data.identity SET last_name = ''185057800608491''',
  'UPDATE inclusion_data.identity SET email = ''185057800608491@example.org''',
  'UPDATE inclusion_data.enrolment SET notice_version = ''185057800608491''']) s;
SELECT is(inclusion.find_nir('numéro ' || t) IS NOT NULL, found, t) FROM (VALUES
  ('185057800608491', true), ('1 85 05 78 006 084 91', true), ('1.85.05.78.006.084-91', true), ('1 8 5 0 5 7 8 0 0 6 0 8 4 9 1', true), ('1 85  05 78 006 084  91', true),
  ('1 85 05 78 006 084 clé 91', true), ('1850578006084/91', true), ('1850578006084 (91)', true), ('12 1 85 05 78 006 084 91', true), ('le 3 : 1850578006084 91.', true),
  ('2 55 08 2A 168 025 ' || lpad((97 - 2550819168025 % 97)::text, 2, '0'), true), ('2 55 08 2b 168 025 ' || lpad((97 - 2550818168025 % 97)::text, 2, '0'), true),
  ('255082A168025' || lpad((97 - 2550819168025 % 97)::text, 2, '0'), true), ('2 5 5 0 8 2 A 1 6 8 0 2 5 ' || lpad((97 - 2550819168025 % 97)::text, 2, '0'), true),
  ('1 85 05 78 006 084 92', false), ('2 55 08 2A 168 025 ' || lpad((97 - 2550818168025 % 97)::text, 2, '0'), false), ('9185057800608491', false), ('1850578006084910', false),
  ('1.850578 00.608491', false), ('06 39 98 00 00', false)) v (t, found);

-- A text column of a table about people is a code, or somebody decided what may
-- stand in it.  A new one fails here until it is in this list, on purpose:
--   name     who somebody is: never the number, never read but by open_files()
--   free     never the number, and text_warning reads it
--   ours     written by the registry itself
CREATE TEMPORARY TABLE decided_text (relation name, attribute name, what text);
INSERT INTO decided_text VALUES
  ('identity', 'first_name', 'name'), ('identity', 'last_name', 'name'), ('identity', 'phone', 'name'), ('identity', 'email', 'name'),
  ('proposal_step', 'reason', 'free'), ('expressed_need', 'words', 'free'), ('file_merge', 'reason', 'free'), ('representative_name', 'name', 'name'),
  ('file_merge_change', 'relation', 'ours'), ('file_merge_change', 'row_key', 'ours'), ('file_merge_change', 'before', 'ours'), ('file_merge_change', 'after', 'ours'), ('representative', 'acts', 'ours'), ('autonomy_decision', 'motive', 'free'), ('enrolment_event', 'name', 'free'), ('screening', 'answers', 'free'), ('enrolment_reject', 'code', 'ours'), ('restriction', 'reason', 'free'), ('enrolment', 'notice_version', 'free'), ('journal', 'detail', 'free'),
  ('journal', 'actor', 'ours'), ('journal', 'session_actor', 'ours'), ('file_opening', 'actor', 'ours'), ('active_list', 'outcome', 'ours'), ('active_list', 'reason', 'ours'), ('run_result', 'reserved_for', 'ours'),
  ('cube_person', 'publics', 'ours'), ('cube_person', 'territory', 'ours'), ('cube_person', 'programme', 'ours');
CREATE TEMPORARY VIEW text_column AS
SELECT c.oid, c.relname, c.relrowsecurity AS of_people, a.attname, a.attnum,
       EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND a.attnum = ANY (k.conkey) AND pg_get_constraintdef(k.oid) ~ 'find_nir') AS refuses_number
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = 'inclusion_data'::regnamespace AND c.relkind = 'r'
  AND a.atttypid IN ('text'::regtype, 'name'::regtype, 'varchar'::regtype, 'text[]'::regtype, 'json'::regtype, 'jsonb'::regtype, 'xml'::regtype)
  AND a.attname <> 'perimeter'
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND a.attnum = ANY (k.conkey)
                  AND (k.contype = 'f' OR pg_get_constraintdef(k.oid) ~ 'check_codes|= ANY \(ARRAY'));
SELECT set_eq('SELECT relname, attname FROM text_column WHERE of_people', 'SELECT relation, attribute FROM decided_text',
  'what may stand in each text about people is decided');
SELECT is_empty($$ SELECT relname, attname FROM text_column t JOIN decided_text d ON d.relation = t.relname AND d.attribute = t.attname
  WHERE d.what <> 'ours' AND NOT t.refuses_number $$, 'none of those that people write holds the number');
SELECT is_empty($$ SELECT relname, attname FROM text_column t JOIN decided_text d ON d.relation = t.relname AND d.attribute = t.attname
  WHERE d.what = 'free' AND NOT EXISTS (SELECT FROM pg_depend e JOIN pg_rewrite w ON w.oid = e.objid AND e.classid = 'pg_rewrite'::regclass
    WHERE w.ev_class = 'inclusion_data.text_warning'::regclass AND e.refobjid = t.oid AND e.refobjsubid = t.attnum) $$, 'and the officer is warned of each');
-- Elsewhere: what agents, the lead or the officer may write by hand
SELECT set_eq($$ SELECT relname::text FROM text_column t WHERE NOT of_people AND NOT refuses_number
    AND EXISTS (SELECT FROM unnest('{inclusion_front_desk,inclusion_mediator,inclusion_coordinator,inclusion_steward,inclusion_dpo}'::text[]) r
                WHERE has_column_privilege(r, t.oid, t.attnum, 'INSERT') OR has_column_privilege(r, t.oid, t.attnum, 'UPDATE')) $$,
  -- public supply, its verbs refuse the number and imports look for it; published lists
  '{offer,place,structure,goal,policy,place_exclusion,service_crosswalk,session_template,import_heading,label_crosswalk,banned_pattern,purpose_table,enrolment_format,enrolment_channel,circumstance_theme,circumstance_item,bracket_set,age_bracket}'::text[],
  'only what is published about no person may do without that rule');
SELECT throws_ok(s, 'IN005', NULL, 'its verbs refuse it: ' || left(s, 36)) FROM unnest(ARRAY[
  format('SELECT inclusion.register_structure(%L, ''DEP-27'')', 'Maison ' || :'nir'), format('SELECT inclusion.register_offer(%L, %s, teaches => ''pix{1.1=2}'', remote => true)', 'Atelier ' || :'nir', :library),
  format('SELECT inclusion.register_agent(''test_visitor'', %s, %L)', :desk, 'Ada ' || :'nir')]) s;
SELECT is(array(SELECT p.code FROM inclusion_data.banned_pattern p WHERE t ~* p.expression ORDER BY p.code)::text, wanted, t) FROM (VALUES
  ('préfère le matin', '{}'), ('absent le 12 mars', '{}'), ('rappeler au 06 39 98 00 00', '{}'), ('FR14 2004 1010 0505 0001 3M02 606', '{card,iban}'), ('fr7630006000011234567890189', '{iban}'),
  ('4970 1012 3456 7890', '{card}'), ('suit une chimiothérapie', '{illness}'), ('Dépression depuis juin', '{illness}'), ('après son AVC', '{illness}'), ('son psychologue', '{illness}'), ('sclérose en plaques', '{illness}'), ('reconnu en invalidité', '{illness}'), ('1 85 05 2A 006 084', '{nir_without_key}'), ('vaccin à jour', '{}'), ('malade ce jour', '{illness}'), ('le chantier du cancre', '{}')) v (t, wanted);
SELECT inclusion.decline(502, 'other', :successor, note => 'suivi pour un diabète') AS declined \gset
INSERT INTO inclusion_data.place (id, perimeter, name) VALUES (9001, 'DEP-27', 'Salle');
INSERT INTO inclusion_data.closure (place, during, reason) VALUES (9001, '[2026-03-02,2026-03-03)', 'animateur malade');
SELECT inclusion.enrol(:desk, notice_version => 'remise par le psychologue') AS noted \gset
INSERT INTO inclusion_data.restriction VALUES (:noted, 'DEP-27', 'conteste son handicap', current_date);
SELECT inclusion_data.journal_write('erase_person', 'DEP-27', NULL, '{"reason": "hospitalisé"}') \g /dev/null
SELECT is(pg_temp.attempt('test_dpo', 'SELECT string_agg(relation || coalesce('' '' || written_by, ''''), '', '' ORDER BY relation) FROM inclusion_data.text_warning WHERE pattern = ''illness'''),
  format('closure, enrolment, journal %s, proposal_step %s, restriction', current_user, :successor), 'the officer is warned of each, and told who wrote it');
SELECT is(pg_temp.attempt('test_dpo', 'SELECT line FROM inclusion_data.text_warning WHERE relation = ''proposal_step'''), '502/3', 'and where it stands');
SELECT is_empty($$ SELECT FROM inclusion_data.text_warning w WHERE w::text ~ 'diabète|malade|hospital' $$, 'without the text');
SELECT is(pg_temp.attempt('test_successor', 'SELECT count(*) FROM inclusion_data.text_warning'), '42501', 'nobody else');
SELECT is_empty($$ SELECT v.relname FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid AND d.classid = 'pg_rewrite'::regclass JOIN pg_class v ON v.oid = w.ev_class
  WHERE d.refobjid = 'inclusion_data.proposal_step'::regclass AND v.relnamespace = 'pilotage'::regnamespace
    AND d.refobjsubid = (SELECT attnum FROM pg_attribute WHERE attrelid = 'inclusion_data.proposal_step'::regclass AND attname = 'reason') $$,
  'no view of steering shows a free text');

-- --- who confirms --------------------------------------------------------------------------------------

INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
  VALUES (503, 'DEP-27', :p3, :offer, :session, 1, 1, 0.1, '2026-02-15');
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
  SELECT 503, 'DEP-27', s.n, s.a, s.b, g.id, g.kind
    FROM (VALUES (1, 'none', 'candidate'), (2, 'candidate', 'proposed')) s (n, a, b), inclusion_data.agent g WHERE g.kind = 'service' AND g.perimeter = 'DEP-27';
SELECT inclusion_data.settle_seats(:session) AS settled \gset
CREATE ROLE test_shared;
CREATE ROLE test_coord;
SELECT inclusion.register_agent('test_shared', :library, 'Accueil', 'mediator', kind => 'shared') AS shared,
       inclusion.register_agent('test_coord', :desk, 'Cléo', 'coordinator') AS coordinator,
       inclusion.grant_access('test_coord', 'DEP-27') AS all_of_it \gset
SELECT is(pg_temp.attempt('test_shared', 'SELECT inclusion.accept(503)'), 'IN305', 'a shared account carries nobody''s word');
\set step 'WITH w AS (INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind) VALUES (503, ''DEP-27'', %s, %L, %L, %s, %L) RETURNING 1) SELECT count(*) FROM w'
SELECT is(pg_temp.attempt('test_shared', format(:'step', 3, 'proposed', 'agreed', :shared, k)), s, 'not even by hand, as ' || k) FROM (VALUES ('shared', '23514'), ('person', '23503')) v (k, s);
SELECT pg_temp.act('test_successor', 'SELECT inclusion.accept(503)') AS accepted \gset
SELECT is(pg_temp.attempt('test_successor', 'SELECT inclusion.confirm(503)'), 'IN305', 'who carried the word does not confirm for the structure');
SELECT is(pg_temp.attempt('test_successor', 'SELECT inclusion.decline(503, ''autre'')'), 'IN305', 'nor decline in its name');
SELECT is(pg_temp.attempt('test_successor', format(:'step', 4, 'agreed', t, :successor, 'person')), '42501', 'nor write that step by hand: ' || t) FROM unnest('{confirmed,declined}'::text[]) t;
SELECT is(pg_temp.attempt('test_successor', 'SELECT inclusion.withdraw_proposal(503, ''ne peut plus venir'')'), 'null', 'but says that the person no longer comes');
SELECT is(pg_temp.attempt('test_shared', 'SELECT inclusion.confirm(503)'), 'IN305', 'nor does the structure''s shared account');
SELECT is(pg_temp.attempt(who, statement), 'null', who || ': ' || statement) FROM unnest('{test_library,test_coord}'::text[]) who, unnest(ARRAY['SELECT inclusion.confirm(503)', 'SELECT inclusion.decline(503, ''autre'')']) statement;

SELECT * FROM finish();
ROLLBACK;
