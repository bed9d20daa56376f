-- Who speaks for a minor, or under a measure of protection; consent, channels,
-- campaigns and events; a commune by its name.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
CREATE ROLE test_mediator;
CREATE ROLE test_other;
SELECT inclusion.register_agent('test_mediator', :desk, 'Médiatrice', 'mediator') AS mediator, inclusion.register_agent('test_other', :other_desk, 'Oli Outre') AS other \gset
SELECT inclusion.register_offer('Atelier', :desk, teaches => 'pix{1.1=2}', remote => true) AS offer \gset
SELECT inclusion.open_session(:offer, '2099-03-02 10:00+01', '2099-03-02 12:00+01', 20) AS session \gset
SELECT inclusion.enrol(:desk, birth_year => extract(year FROM current_date)::int - 12, first_name => 'Tom', last_name => 'Essai') AS child,
       inclusion.enrol(:desk, birth_year => 1940, first_name => 'Ada', last_name => 'Essai') AS ada,
       inclusion.enrol(:desk, birth_year => 1985, first_name => 'Bob', last_name => 'Essai') AS bob \gset
INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, started_at) VALUES (1, '2026-02-01', '{DEP-27}', 'running', 'compute', '2026-02-01');
INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
  SELECT 500 + n, 'DEP-27', b, :offer, :session, 1, 1, 0.1, '2099-01-01' FROM unnest(ARRAY[:child, :ada, :bob]) WITH ORDINALITY v (b, n);
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
  SELECT p.id, 'DEP-27', s.n, s.a, s.b, g.id, g.kind FROM inclusion_data.proposal p, (VALUES (1, 'none', 'candidate'), (2, 'candidate', 'proposed')) s (n, a, b), inclusion_data.agent g
  WHERE g.kind = 'service' AND g.perimeter = 'DEP-27';
SELECT inclusion_data.settle_seats(:session) AS settled \gset
\o
SELECT plan(58);

\ir as_role.psql

-- --- who agrees ------------------------------------------------------------------------------

SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.accept(501)'), 'IN308', 'a minor does not agree alone');
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.accept(501, spoken_by => ''parent'')'), 'IN308', 'nor by somebody nobody named');
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.decline(501)'), 'null', 'to say no needs nobody');
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.pause(501)'), 'null', 'nor to wait');
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.decline(501, spoken_by => ''parent'')'), 'IN308', 'whoever speaks for them must be named');
SET LOCAL ROLE desk_agent;
SELECT inclusion.name_representative(:child, 'parent', 'Éva Essai', agent => :agent) AS parent \gset
RESET ROLE;
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.accept(501)'), 'IN308', 'once named, the parent is who is heard');
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.accept(501, spoken_by => ''guardian'')'), 'IN308', 'and nobody else');
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.accept(501, spoken_by => ''parent'') ->> ''offer'''), 'Atelier', 'the parent agrees');
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.accept(503) ->> ''offer'''), 'Atelier', 'an adult agrees alone');
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.accept(503, spoken_by => ''parent'')'), 'IN308', 'and nobody in their place');
-- measures that leave the word to the person, one that does not, and a judge who says otherwise
SELECT count(inclusion.name_representative(:ada, k, 'Cab Inet')) AS two FROM unnest('{curator,companion}'::text[]) k \gset
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.accept(502) ->> ''offer'''), 'Atelier', 'under curatorship one decides alone');
SELECT inclusion.name_representative(:ada, 'guardian', 'Cab Inet', since => '2026-01-10') AS guardian \gset
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.accept(502)'), 'IN308', 'under guardianship the guardian is heard');
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.accept(502, spoken_by => ''guardian'') ->> ''offer'''), 'Atelier', 'and agrees');
SELECT is(pg_temp.attempt('desk_agent', format('SELECT inclusion.allow_sharing(%s, ''family'')', :ada)), 'IN308', 'as for what is shared');
SELECT is(pg_temp.attempt('desk_agent', format('SELECT inclusion.refuse_sharing(%s, ''family'')', :ada)), '', 'not for what is kept');
UPDATE inclusion_data.representative SET acts = '{enrolment}' WHERE id = :guardian;
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.accept(502) ->> ''offer'''), 'Atelier', 'unless the measure leaves that to her');
UPDATE inclusion_data.representative SET acts = '{agreement}' WHERE id = :guardian;
SELECT lives_ok(format('SELECT inclusion.end_representation(%s, ''2026-02-01'')', :guardian), 'a measure ends');
SELECT is(pg_temp.attempt('desk_agent', 'SELECT inclusion.accept(502) ->> ''offer'''), 'Atelier', 'and she decides again');
SELECT throws_ok(format('SELECT inclusion.end_representation(%s)', :guardian), 'IN004', NULL, 'once');
SELECT is(inclusion.speakers_for(:ada, 'DEP-27', 'agreement', d), kinds, 'on ' || d) FROM (VALUES ('2026-01-09'::date, '{}'::text[]), ('2026-01-10', '{guardian}'), ('2026-02-01', '{guardian}'), ('2026-02-02', '{}')) v (d, kinds);
SET LOCAL ROLE desk_agent;
SELECT inclusion.accept(501, channel => 'phone', spoken_by => 'parent') AS agreed \gset
RESET ROLE;
SELECT results_eq('SELECT speaker, spoken_by, channel FROM inclusion_data.proposal_word', $$ VALUES ('person', 'parent', 'phone') $$, 'who spoke is kept with the word');

-- --- representatives --------------------------------------------------------------------------

SELECT is(pg_temp.attempt('test_other', format('SELECT inclusion.name_representative(%s, ''parent'', ''Éva Essai'')', :child)), 'IN003', 'nobody names one for people they do not see');
SELECT is(pg_temp.attempt('desk_agent', format('SELECT inclusion_data.write_representative(%s, ''parent'', ''Éva Essai'', NULL, ''2026-01-01'', NULL)', :child)), '42501', 'nor without opening the file');
SELECT is(pg_temp.attempt('desk_agent', 'SELECT name FROM inclusion_data.representative_name'), '42501', 'names are read by nobody');
SELECT is(pg_temp.attempt('desk_agent', format('SELECT inclusion.read_person_file(%s) #>> ''{identity,representatives,0,name}''', :child)), 'Éva Essai', 'but by who opens the file');
SELECT throws_ok(format('SELECT inclusion.name_representative(%s, %s)', :bob, v.call), state, NULL, v.call) FROM (VALUES
  ('''uncle'', ''X Y''', 'IN004'), ('''parent'', NULL', 'IN004'), ('''parent'', ''''', 'IN004'), ('''parent'', ''X Y'', ''{voting}''', 'IN004'),
  ('''parent'', ''X Y'', since => current_date + 2', 'IN004'), ('''parent'', ''1850578006084 91''', 'IN005')) v (call, state);
SELECT is((SELECT count(*)::int FROM inclusion_data.journal WHERE action = 'representative'), 4, 'each is journaled');

-- --- enrolment ------------------------------------------------------------------------------------

\set young 'extract(year FROM current_date)::int - 14'
SELECT throws_ok(format('SELECT inclusion.enrol(%s, birth_year => %s, legal_basis => ''consent'')', :desk, :'young'), 'IN004', NULL, 'under 15 nobody consents alone');
SELECT lives_ok(format('SELECT inclusion.enrol(%s, birth_year => %s - 1, legal_basis => ''consent'')', :desk, :'young'), 'at 15 one does');
SELECT lives_ok(format('SELECT inclusion.enrol(%s, birth_year => %s, legal_basis => ''consent'', consent_by => ''parent'', notice_version => ''2026-1'')', :desk, :'young'), 'before, with who has authority');
SELECT results_eq($$ SELECT legal_basis, consent_by, notice_version FROM inclusion_data.enrolment WHERE consent_by IS NOT NULL $$, $$ VALUES ('consent', 'parent', '2026-1') $$, 'to a text that is known');
SELECT throws_ok(format('SELECT inclusion.enrol(%s, %s)', :desk, call), 'IN004', NULL, call) FROM unnest(ARRAY['consent_by => ''parent''', 'legal_basis => ''charity''', 'channel => ''pigeon''', 'campaign => 999', 'event => 999', 'legal_basis => NULL']) call;
INSERT INTO inclusion_data.campaign (id, perimeter, name, starts_on) VALUES (7, 'DEP-27', 'Printemps', '2026-03-01'), (8, 'DEP-74', 'Ailleurs', '2026-03-01');
INSERT INTO inclusion_data.place (id, perimeter, name, longitude, latitude) VALUES (9, 'DEP-27', 'Halle', 1.2, 49.1);
SELECT inclusion.hold_event(:desk, 'Marché', '2026-03-14', place => 9) AS event \gset
SELECT inclusion.enrol(:desk, 'outreach', '2026-03-14', channel => 'poster', campaign => 7, event => :event) AS met \gset
SELECT results_eq(format('SELECT e.channel, e.campaign, e.event, e.place, b.position_origin FROM inclusion_data.enrolment e JOIN inclusion_data.beneficiary b ON b.id = e.beneficiary WHERE b.id = %s', :met),
  format($$ VALUES ('poster', 7::bigint, %s::bigint, 9::bigint, 'enrolment_place') $$, :event), 'what brought somebody is kept, and an event says where');
SELECT throws_ok(format('SELECT inclusion.enrol(%s, campaign => 8)', :desk), 'IN004', NULL, 'a campaign is of its territory');

-- a commune by its name
INSERT INTO inclusion_data.territory (code, kind, official_code, name, perimeter, longitude, latitude, code_year) VALUES
  ('COM-27554', 'commune', '27554', 'Saint-Martin', 'DEP-27', 1, 49, 2020), ('COM-74500', 'commune', '74500', 'Saint-Martin', NULL, 6, 46, 2020),
  ('COM-27990', 'commune', '27990', 'La Neuville', 'DEP-27', 1, 49, 2020), ('COM-27991', 'commune', '27991', 'La Neuville', 'DEP-27', 1, 49, 2020);
INSERT INTO inclusion_data.territory_successor VALUES ('COM-27999', 'COM-27229');
UPDATE inclusion_data.territory SET perimeter = 'DEP-27' WHERE code = 'COM-27229';
SELECT is(inclusion.read_commune(said, 'DEP-27'), code, coalesce(said, 'nothing')) FROM (VALUES (NULL, NULL), ('27229', 'COM-27229'), ('COM-27016', 'COM-27016'), ('evreux', 'COM-27229'), ('ST MARTIN', 'COM-27554'), ('27999', 'COM-27229')) v (said, code);
SELECT throws_ok(format('SELECT inclusion.read_commune(%L, ''DEP-27'')', said), 'IN007', NULL, said) FROM unnest('{la neuville,Atlantis}'::text[]) said;
SELECT results_eq(format($$ SELECT line, code FROM inclusion.enrol_list(E'prenom;nom;commune\nLéo;Essai;Évreux\nMia;Essai;La Neuville', event => %s) ORDER BY line $$, :event),
  $$ VALUES (2::bigint, NULL::text), (3, 'IN007') $$, 'in a pasted list as well');
SELECT is((SELECT b.commune FROM inclusion_data.identity i JOIN inclusion_data.beneficiary b ON b.id = i.beneficiary WHERE i.first_name = 'Léo'), 'COM-27229', 'whose people are where they say');
SELECT is((SELECT count(*)::int FROM inclusion_data.enrolment WHERE event = :event), 2, 'whose people are of the event');

SELECT * FROM finish();
ROLLBACK;
