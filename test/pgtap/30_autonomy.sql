-- Who can do what alone: rules that suggest with their reasons, people who
-- decide with theirs, and counts that show nobody.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229', enrolled_on => '2026-01-05') AS ana,
       inclusion.enrol(structure => :desk, commune => 'COM-27229', enrolled_on => '2026-01-05') AS bob \gset
SELECT inclusion.register_offer('Pas à pas', :desk, teaches => 'pix{4.1=3}', remote => true) AS offer \gset
SELECT inclusion.open_session(:offer, '2026-02-10 10:00+01', '2026-02-10 12:00+01', 8) AS session \gset

-- Somebody attended so many times: steps as their table allows them
CREATE FUNCTION pg_temp.attend(person bigint, offer bigint, session bigint, agent bigint, times int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  path constant text[] := '{none,candidate,proposed,agreed,confirmed,booked,attended}';
  p bigint;
BEGIN
  FOR i IN 1 .. times LOOP
    INSERT INTO inclusion_data.proposal (perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
    VALUES ('DEP-27', person, attend.offer, attend.session, (SELECT max(id) FROM inclusion_data.run), 1, 0.1, '2026-02-15') RETURNING id INTO p;
    INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, at)
    SELECT p, 'DEP-27', n, path[n], path[n + 1], attend.agent, 'person', '2026-02-10' FROM generate_series(1, 6) n;
    INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, at)
    VALUES (p, 'DEP-27', 7, 'attended', 'completed', attend.agent, 'person', '2026-02-11');
  END LOOP;
END
$$;
INSERT INTO inclusion_data.run (as_of, perimeters, state, phase, started_at) VALUES ('2026-02-01', '{DEP-27}', 'running', 'open', '2026-02-01');
\o
SELECT plan(36);

-- --- suggesting -----------------------------------------------------------------

SELECT results_eq(format($$ SELECT outcome, label, review_on, version FROM inclusion.suggest_autonomy(%s, 'stay_safe', '2026-03-01') $$, :ana),
  $$ VALUES ('with_support', 'Peut le devenir avec un accompagnement', NULL::date, 1) $$, 'of whom nothing is known nobody says they cannot');
SELECT set_eq(format($$ SELECT unnest(missing) FROM inclusion.suggest_autonomy(%s, 'stay_safe', '2026-03-01') $$, :ana),
  ARRAY[]::text[], 'and nothing missing could change it: three competences are to be assessed, and that is known');
SELECT results_eq(format($$ SELECT fact, value FROM inclusion.autonomy_facts(%s, 'stay_safe', '2026-03-01') ORDER BY fact $$, :ana),
  $$ VALUES ('assessed_days', NULL::numeric), ('attended', 0), ('gap', NULL), ('is_procedure', 0), ('nobody_to_help', NULL), ('progress', NULL),
            ('recurring_procedure', NULL), ('unassessed', 3) $$, 'what is not known is NULL, not 0');

-- stay_safe wants 0.5, 4.1 and 4.2 at 3
SELECT inclusion.assess(:ana, 'pix{0.5=3,4.1=2.5,4.2=3}', 'observed', '2026-02-01') AS first_look \gset
SELECT results_eq(format($$ SELECT fact, value FROM inclusion.autonomy_facts(%s, 'stay_safe', '2026-03-01') WHERE value IS NOT NULL ORDER BY fact $$, :ana),
  $$ VALUES ('assessed_days', 28.0), ('attended', 0), ('gap', 0.5), ('is_procedure', 0), ('unassessed', 0) $$, 'half a level is missing');
SELECT is((SELECT outcome FROM inclusion.suggest_autonomy(:ana, 'stay_safe', '2026-03-01')), 'with_support', 'not alone yet');
SELECT is((SELECT outcome FROM inclusion.suggest_autonomy(:ana, 'stay_safe', '2026-01-31')), 'with_support', 'a later finding does not count on an earlier day');
SELECT pg_temp.attend(:ana, :offer, :session, :agent, 3);
SELECT results_eq(format($$ SELECT outcome, review_on, r ->> 'label', (r ->> 'decisive')::boolean FROM inclusion.suggest_autonomy(%s, 'stay_safe', '2026-03-01') g, jsonb_array_elements(g.reasons) r $$, :ana),
  $$ VALUES ('continue_support', '2027-03-02'::date, 'Trois accompagnements ont été suivis, et il reste du chemin.', true),
            ('continue_support', '2027-03-02', 'Rien ne dit le contraire : chacun peut le devenir.', false) $$, 'every rule that holds is told, the first decides');
SELECT results_eq(format($$ SELECT f ->> 'fact', (f ->> 'value')::numeric, (f ->> 'at_least')::numeric FROM inclusion.suggest_autonomy(%s, 'stay_safe', '2026-03-01') g, jsonb_array_elements(g.reasons -> 0 -> 'facts') f $$, :ana),
  $$ VALUES ('attended', 3.0, 3.0), ('gap', 0.5, 0.125) $$, 'with its facts and what they are held against');
SELECT is((SELECT outcome FROM inclusion.suggest_autonomy(:ana, 'stay_safe', '2026-02-09')), 'with_support', 'before they had come, not yet');

-- the same person, the same day, a procedure: a mandate needs what nobody asked
SELECT is((SELECT outcome FROM inclusion.suggest_autonomy(:ana, 'argent_impots', '2026-03-01')), 'with_support', 'another use is another question');
SELECT results_eq(format($$ SELECT missing FROM inclusion.suggest_autonomy(%s, 'argent_impots', '2026-03-01') $$, :ana),
  $$ VALUES ('{"Progrès depuis la première évaluation","Une démarche régulière et nécessaire, impossible seul"}'::text[]) $$, 'and what to ask is said');
SELECT inclusion.record_circumstance(:ana, 'recurring_procedure', 'yes', '2026-02-01') AS c,
       inclusion.assess(:ana, 'pix{0.7=1,1.1=1,2.4=1}', 'observed', '2026-02-02') AS a,
       inclusion.assess(:ana, 'pix{0.7=1,1.1=0.5,2.4=1}', 'observed', '2026-02-25') AS b \gset
SELECT results_eq(format($$ SELECT outcome, label, review_on FROM inclusion.suggest_autonomy(%s, 'argent_impots', '2026-03-01') $$, :ana),
  $$ VALUES ('mandate', 'Démarche faite avec un mandat, à revoir le 02/03/2027', '2027-03-02'::date) $$, 'three times without progress: with a mandate, to be reviewed on a day');
SELECT inclusion.record_circumstance(:ana, 'recurring_procedure', 'declined', '2026-02-20') AS c \gset
SELECT is((SELECT outcome FROM inclusion.suggest_autonomy(:ana, 'argent_impots', '2026-03-01')), 'continue_support', 'what is declined never lowers anybody');
SELECT inclusion.assess(:ana, 'pix{4.1=3}', 'observed', '2026-02-26') AS a \gset
SELECT is((SELECT outcome FROM inclusion.suggest_autonomy(:ana, 'stay_safe', '2026-03-01')), 'autonomous', 'all that it takes, alone');
SELECT is((SELECT outcome FROM inclusion.suggest_autonomy(:ana, 'stay_safe', '2027-02-27')), 'with_support', 'seen more than a year ago, no longer known');
SELECT is((SELECT outcome FROM inclusion.suggest_autonomy(:ana, 'stay_safe', '2027-02-26')), 'autonomous', 'a year ago to the day, still');

-- a territory votes its own rules
INSERT INTO inclusion_data.autonomy_ruleset VALUES (2, 'DEP-27', '2026-06-01', '2026-05-15');
SELECT throws_ok(format($$ SELECT * FROM inclusion.suggest_autonomy(%s, 'stay_safe', '2026-06-01') $$, :ana), 'IN103', 'version 2 of the rules of autonomy concludes nothing', 'rules that conclude nothing are said');
INSERT INTO inclusion_data.autonomy_rule VALUES (2, 1, 'with_support', 'Toujours.');
SELECT results_eq(format($$ SELECT d, (SELECT version FROM inclusion.suggest_autonomy(%s, 'stay_safe', d)) FROM unnest('{2026-05-31,2026-06-01}'::date[]) d $$, :ana),
  $$ VALUES ('2026-05-31'::date, 1), ('2026-06-01', 2) $$, 'from the day they start, and there only');
SELECT is(inclusion.autonomy_rules_in_force('DEP-74', '2026-06-01'), 1, 'elsewhere the default ones');
SELECT throws_ok($$ SELECT inclusion.autonomy_rules_in_force('DEP-74', '2019-12-31') $$, 'IN103', NULL, 'before any rule there is none');
DELETE FROM inclusion_data.autonomy_rule WHERE version = 2;
DELETE FROM inclusion_data.autonomy_ruleset WHERE version = 2;

-- --- deciding --------------------------------------------------------------------

SELECT lives_ok(format($$ SELECT inclusion.decide_autonomy(%s, 'stay_safe', 'continue_support', 'Veut encore être accompagnée', decided_on => '2026-03-01', agent => %s) $$, :ana, :agent), 'a person decides otherwise than the rules');
SELECT results_eq('SELECT outcome, suggested, version, review_on, agent FROM inclusion_data.autonomy_now', format($$ VALUES ('continue_support', 'autonomous', 1, '2027-03-02'::date, %s::bigint) $$, :agent),
  'both are kept, with who and until when');
SELECT is(inclusion.decide_autonomy(:ana, 'stay_safe', 'autonomous', 'S''en sort très bien', decided_on => '2026-03-01', agent => :agent) > 0, true, 'the same day, another decision');
SELECT results_eq('SELECT outcome, review_on FROM inclusion_data.autonomy_now', $$ VALUES ('autonomous', NULL::date) $$, 'the later one is in force');
SELECT is((SELECT count(*) FROM inclusion_data.autonomy_decision), 2::bigint, 'and none is lost');
SELECT throws_ok(format($$ INSERT INTO inclusion_data.autonomy_decision (perimeter, beneficiary, scope, outcome, motive, decided_on, agent, suggested, version)
  VALUES ('DEP-27', %s, 'argent_impots', 'mandate', 'x', '2026-03-01', %s, 'mandate', 1) $$, :ana, :agent), '23514', NULL, 'no mandate is for good, however it is written');

CREATE TEMPORARY TABLE refused (call text, state text);
INSERT INTO refused VALUES
  ($$ 'unknown', 'autonomous', 'x' $$, 'IN103'), ($$ 'stay_safe', 'hopeless', 'x' $$, 'IN103'), ($$ 'stay_safe', 'autonomous', NULL $$, 'IN103'),
  ($$ 'stay_safe', 'autonomous', '' $$, 'IN103'), ($$ 'stay_safe', NULL, 'x' $$, 'IN103'), ($$ NULL, 'autonomous', 'x' $$, 'IN103'),
  ($$ 'stay_safe', 'autonomous', repeat('x', 501) $$, 'IN804'), ($$ 'stay_safe', 'autonomous', 'NIR 2 69 05 49 588 157 80' $$, 'IN005'),
  ($$ 'argent_impots', 'mandate', 'x', review_on => '2099-01-01' $$, 'IN103'), ($$ 'argent_impots', 'mandate', 'x', review_on => 'infinity' $$, 'IN103'),
  ($$ 'argent_impots', 'mandate', 'x', review_on => '2026-01-01', decided_on => '2026-03-01' $$, 'IN103'),
  ($$ 'stay_safe', 'autonomous', 'x', decided_on => 'infinity' $$, 'IN103'), ($$ 'stay_safe', 'autonomous', 'x', decided_on => '-infinity' $$, 'IN103'),
  ($$ 'stay_safe', 'autonomous', 'x', decided_on => current_date + 2 $$, 'IN103');
CREATE FUNCTION pg_temp.state_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE statement;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || CASE WHEN hint = '' THEN ' without a hint' ELSE '' END;
END
$$;
SELECT is_empty(format($$ SELECT call, state, pg_temp.state_of(format('SELECT inclusion.decide_autonomy(%%s, %%s, agent => %%s)', %s, call, %s)) AS came FROM refused
  WHERE state <> pg_temp.state_of(format('SELECT inclusion.decide_autonomy(%%s, %%s, agent => %%s)', %1$s, call, %2$s)) $$, :ana, :agent), 'each refusal has its state and says what to do');
SELECT is((SELECT count(*) FROM inclusion_data.autonomy_decision), 2::bigint, 'and leaves nothing');
INSERT INTO inclusion_data.agent (id, perimeter, structure, kind, name, valid_from) VALUES (901, 'DEP-27', :desk, 'shared', 'Accueil', '2020-01-01');
SELECT throws_ok(format($$ SELECT inclusion.decide_autonomy(%s, 'stay_safe', 'autonomous', 'x', agent => 901) $$, :ana), 'IN305', NULL, 'a shared account decides for nobody');

-- a desk of another perimeter sees neither the facts nor the decision
CREATE ROLE other_agent;
SELECT isnt(inclusion.register_agent('other_agent', :other_desk, 'Autre'), NULL, 'an agent elsewhere');
SET LOCAL ROLE other_agent;
SELECT is((SELECT count(*) FROM inclusion_data.autonomy_decision), 0::bigint, 'sees no decision');
SELECT throws_ok(format($$ SELECT * FROM inclusion.suggest_autonomy(%s, 'stay_safe') $$, :ana), 'IN003', NULL, 'and is told of no one');
SET LOCAL ROLE desk_agent;
SELECT lives_ok(format($$ SELECT inclusion.decide_autonomy(%s, 'argent_impots', 'mandate', 'Déclaration de revenus', review_on => (SELECT inclusion.today('DEP-27')) + 30) $$, :ana), 'the desk decides in its own name');
RESET ROLE;

-- --- what is shown ------------------------------------------------------------------

UPDATE inclusion_data.autonomy_decision SET decided_on = '2026-01-01', review_on = '2026-01-31' WHERE outcome = 'mandate';
SELECT results_eq('SELECT beneficiary_id, use_label, overdue_days FROM pilotage.fact_autonomy_review',
  format($$ VALUES (%s::bigint, 'Argent - Impôts', inclusion.today('DEP-27') - '2026-01-31'::date) $$, :ana), 'overdue reviews are listed');

-- forty people of two communes of two intercommunalités, as many decisions
INSERT INTO inclusion_data.territory (code, kind, official_code, name, code_year) VALUES ('EPCI-200000001', 'epci', '200000001', 'Un', 2020), ('EPCI-200000002', 'epci', '200000002', 'Deux', 2020);
UPDATE inclusion_data.territory SET epci = CASE code WHEN 'COM-27229' THEN 'EPCI-200000001' ELSE 'EPCI-200000002' END WHERE kind = 'commune' AND department = 'DEP-27';
DELETE FROM inclusion_data.autonomy_decision;
CREATE FUNCTION pg_temp.decisions(desk bigint, agent bigint, commune text, each int) RETURNS void LANGUAGE sql AS $$
  WITH people AS (
    INSERT INTO inclusion_data.beneficiary (perimeter, structure, commune, position_origin, last_contact_on)
    SELECT 'DEP-27', desk, decisions.commune, 'unknown', '2026-01-01' FROM generate_series(1, 4 * each) RETURNING id)
  INSERT INTO inclusion_data.autonomy_decision (perimeter, beneficiary, scope, outcome, motive, decided_on, review_on, agent, suggested, version)
  SELECT 'DEP-27', p.id, 'logement', o.code, 'x', '2026-01-01', CASE WHEN o.code = 'mandate' THEN '2026-06-01'::date END, decisions.agent, 'with_support', 1
  FROM (SELECT id, row_number() OVER (ORDER BY id) % 4 AS n FROM people) p
  JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS n FROM inclusion_data.autonomy_outcome) o USING (n)
$$;
SELECT pg_temp.decisions(:desk, :agent, 'COM-27229', 15), pg_temp.decisions(:desk, :agent, 'COM-27016', 12);
SELECT results_eq($$ SELECT code, people_count, mandate_count, is_masked FROM pilotage.kpi_autonomy WHERE dimension = 'territory' ORDER BY code $$,
  $$ VALUES ('EPCI-200000001', 60, 15, false), ('EPCI-200000002', 48, 12, false) $$, 'people by territory');
DELETE FROM inclusion_data.autonomy_decision WHERE id IN (SELECT max(id) FROM inclusion_data.autonomy_decision WHERE outcome = 'mandate'
  UNION SELECT min(id) FROM inclusion_data.autonomy_now n WHERE outcome = 'mandate' AND beneficiary IN (SELECT id FROM inclusion_data.beneficiary WHERE commune = 'COM-27016'));
SELECT results_eq($$ SELECT dimension, code, people_count, is_masked FROM pilotage.kpi_autonomy ORDER BY dimension, code $$,
  $$ VALUES ('age_bracket', 'non_communique', 106, false), ('structure_kind', 'inconnu', 106, false), ('territory', 'EPCI-200000001', NULL, true), ('territory', 'EPCI-200000002', NULL, true) $$, 'ten mandates in one cannot be had from the other');

SELECT * FROM finish();
ROLLBACK;
