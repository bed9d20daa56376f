-- Each group does its whole work with its own rights, and no more: rules are
-- voted, places imported, offers opened, people met, a night run, its proposals
-- carried to a booking.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(28);

-- What comes of a statement as somebody: what it selects, or its SQLSTATE
CREATE FUNCTION pg_temp.as_role(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  DISCARD PLANS;  -- nothing that another had the right to call
  PERFORM set_config('role', who, true);
  EXECUTE statement INTO answer;
  PERFORM set_config('role', 'none', true);
  RETURN coalesce(answer, '');
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END
$$;

CREATE ROLE test_desk IN ROLE inclusion_front_desk;
CREATE ROLE test_mediator IN ROLE inclusion_mediator;
CREATE ROLE test_coordinator IN ROLE inclusion_coordinator;
CREATE TEMPORARY TABLE agent (login text PRIMARY KEY, person bigint);
INSERT INTO agent (login) VALUES ('test_desk'), ('test_mediator'), ('test_coordinator');

INSERT INTO inclusion_data.territory (code, kind, official_code, name, code_year) VALUES ('DEP-27', 'department', '27', 'Eure', 2020);
INSERT INTO inclusion_data.territory (code, kind, official_code, name, department, longitude, latitude, code_year)
VALUES ('COM-27229', 'commune', '27229', 'Évreux', 'DEP-27', 1.15, 49.02, 2020);
SELECT inclusion.create_perimeter('DEP-27', 'Eure', 'DEP-27');
SELECT inclusion.register_structure('Maison') AS structure \gset
SELECT inclusion.register_agent(login, :structure, login) FROM agent;

-- --- rules, places, offers ------------------------------------------------------

SELECT isnt(pg_temp.as_role('inclusion_steward', $$ SELECT inclusion.adopt_policy('DEP-27', '2026-01-01', 'clé') $$), '42501', 'the lead records what was voted');
SELECT is(pg_temp.as_role('inclusion_coordinator', $$ SELECT inclusion.adopt_policy('DEP-27', '2026-02-01', 'clé') $$), '42501', 'nobody else does');

SELECT pg_temp.as_role('inclusion_import', $$ INSERT INTO inclusion_data.import_line (raw)
  VALUES ('id,nom,source,code_insee,latitude,longitude,services'), ('1,Lieu,essai,27229,49.02,1.15,Utilisation sécurisée du numérique') RETURNING 1 $$);
SELECT is(pg_temp.as_role('inclusion_import', $$ SELECT offers_created FROM inclusion.import_places(licence => 'essai') $$), '1', 'imports bring a place and its offer');
SELECT id AS imported FROM inclusion_data.offer \gset

SELECT isnt(pg_temp.as_role('test_coordinator', format($$ SELECT inclusion.register_offer('Atelier', %s, longitude => 1.15, latitude => 49.02, teaches => 'pix{0.1=2,0.2=2}') $$, :structure)), '42501', 'a coordinator registers an offer');
SELECT id AS workshop FROM inclusion_data.offer WHERE name = 'Atelier' \gset
\set times '''2026-03-10 10:00+01'', ''2026-03-10 12:00+01'''
SELECT isnt(pg_temp.as_role('test_mediator', format('SELECT inclusion.open_session(%s, %s, 3)', :workshop, :'times')), '42501', 'a mediator opens its first session');
SELECT isnt(pg_temp.as_role('test_mediator', format('SELECT inclusion.open_session(%s, %s, 3)', :imported, :'times')), '42501', 'and that of an imported offer');
SELECT is(pg_temp.as_role('test_mediator', format('SELECT inclusion.confirm_seats(%s)', :imported)) ~ '^[0-9]$', true, 'and confirms its seats');
SELECT is(pg_temp.as_role('test_desk', format('SELECT inclusion.open_session(%s, %s, 3)', :workshop, :'times')), '42501', 'a desk opens none');

-- --- people ---------------------------------------------------------------------

UPDATE agent SET person = pg_temp.as_role(login, format(
  $$ SELECT inclusion.enrol(%s, enrolled_on => '2026-02-01', commune => 'COM-27229', first_name => 'Ada', last_name => 'Fictive', accommodations => '{large_print}') $$, :structure))::bigint;
UPDATE inclusion_data.offer SET accommodations = '{large_print}' WHERE id = :workshop;
SELECT set_eq('SELECT beneficiary FROM inclusion_data.enrolment', 'SELECT person FROM agent', 'each agent enrols');

-- The same by each of the three, for their own person
CREATE FUNCTION pg_temp.by_each(statement text) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(pg_temp.as_role(login, format(statement, person)), ' ' ORDER BY login) FROM agent
$$;
SELECT matches(pg_temp.by_each($$ SELECT inclusion.assess(%s, 'pix{0.1=1}', assessed_on => '2026-02-01') $$), '^\d \d \d$', 'each assesses');
SELECT matches(pg_temp.by_each($$ SELECT inclusion.record_circumstance(%s, 'no_equipment', recorded_on => '2026-02-01') $$), '^\d \d \d$', 'each records a circumstance');
SELECT matches(pg_temp.by_each($$ SELECT inclusion.express_need(%s, 'write_documents', opened_on => '2026-02-01') $$), '^\d \d \d$', 'each records a request');
SELECT matches(pg_temp.by_each($$ SELECT inclusion.express_need(%s, 'first_steps', opened_on => '2026-02-02') $$), '^\d \d \d$', 'and another in its place');
SELECT is(pg_temp.by_each('SELECT count(*) FROM inclusion.matches(%s)'), '1 1 1', 'each sees what suits');
SELECT is(pg_temp.by_each(format('SELECT count(*) FROM inclusion.explain_match(%%s, %s)', :workshop)), '6 6 6', 'and why');

-- --- the night, its list, its proposals -----------------------------------------

SELECT pg_temp.as_role('inclusion_night', $$ SELECT inclusion.night_start('2026-03-04') $$) AS run \gset
SELECT is(pg_temp.as_role('inclusion_night', format('SELECT inclusion.night_%s(%s)', phase, :run)), '', 'the night runs: ' || phase)
  FROM unnest(ARRAY['open', 'compute', 'publish']) phase;
SELECT is(pg_temp.as_role('test_coordinator', $$ SELECT inclusion.night_start('2026-03-05') $$), '42501', 'nobody else runs it');
SELECT is(pg_temp.by_each('SELECT outcome FROM pilotage.fact_active_list WHERE id = %s'), 'proposed proposed proposed', 'each reads the list');
SELECT is(pg_temp.by_each(format('SELECT reason FROM inclusion.explain_allocation(%s, %%s)', :run)), 'placed placed placed', 'and why');

UPDATE agent SET person = (SELECT p.id FROM inclusion_data.proposal p WHERE p.beneficiary = person);
SELECT is(pg_temp.as_role('inclusion_night', format($$ INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
  SELECT %s, 'DEP-27', 3, 'proposed', 'agreed', id, kind FROM inclusion_data.agent WHERE login = 'test_desk' RETURNING 1 $$, person)), '42501', 'the night agrees in nobody''s name')
  FROM agent WHERE login = 'test_desk';
SELECT is(pg_temp.by_each('SELECT inclusion.accept(%s) ->> ''offer'''), 'Atelier Atelier Atelier', 'each records an agreement');
SELECT is(pg_temp.by_each('SELECT inclusion.confirm(%s)'), '  ', 'a confirmation');
SELECT is(pg_temp.by_each('SELECT inclusion.book(%s)'), '  ', 'and a booking');
SELECT is((SELECT string_agg(w.state, ' ') FROM inclusion_data.proposal_now w), 'booked booked booked', 'three people are expected');

SELECT is(pg_temp.as_role('test_desk', format('SELECT inclusion.cancel_session(%s)', session)), '42501', 'a desk cancels no session')
  FROM inclusion_data.proposal LIMIT 1;
SELECT is(pg_temp.as_role('test_mediator', format('SELECT count(*) FROM inclusion.cancel_session(%s)', session)), '3', 'a mediator does')
  FROM inclusion_data.proposal LIMIT 1;

SELECT * FROM finish();
ROLLBACK;
