-- What the verbs refuse: always with a state of ours and a hint,
-- never with the row, and nothing gets in that would stop a night for everybody.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229') AS ana \gset
SELECT inclusion.express_need(:ana, 'procedures_alone') AS request \gset
SELECT inclusion.register_offer('Pas à pas', :desk, longitude => 1.2, latitude => 49.0, teaches => 'pix{0.5=2}') AS offer \gset
SELECT inclusion.open_session(:offer, now() + interval '7 days', now() + interval '8 days', 2) AS session \gset

-- The state of the error, and whether it says what to do without the row.
CREATE FUNCTION pg_temp.refusal(statement text, OUT state text, OUT advised boolean, OUT shows_row boolean) LANGUAGE plpgsql AS $$
DECLARE
  hint text;
  detail text;
BEGIN
  EXECUTE statement;
  state := 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, hint = PG_EXCEPTION_HINT, detail = PG_EXCEPTION_DETAIL;
  advised := hint ~ '^\S.+\.$';
  shows_row := detail ~ 'Failing row';
END
$$;
CREATE FUNCTION pg_temp.refused_to(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  PERFORM set_config('role', who, true);
  EXECUTE statement;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLERRM || ' ' || hint;
END
$$;
CREATE TEMP TABLE refused (call text, state text);
INSERT INTO refused VALUES
  ($$create_perimeter('dep 30', 'Gard')$$, 'IN001'), ($$create_perimeter('DEP-27', 'Eure')$$, 'IN001'),
  ($$create_perimeter('DEP-30', repeat('x', 301))$$, 'IN001'),
  ($$register_structure('', 'DEP-27')$$, 'IN009'), ($$register_structure('Mairie', 'DEP-27', '123')$$, 'IN009'),
  ($$register_agent('desk_agent', DESK, 'Autre')$$, 'IN801'), ($$register_agent('x', DESK, 'Autre', until => '2000-01-01', ahead => true)$$, 'IN801'),
  ($$adopt_policy('DEP-27', '2026-01-01', 'clef')$$, 'IN309'), ($$adopt_policy('DEP-27', '-infinity', 'clef')$$, 'IN309'),
  ($$adopt_policy('DEP-27', '2026-02-01', 'clef', grid => '{age}')$$, 'IN309'),
  ($$adopt_policy('DEP-27', '2026-02-01', 'clef', reserves => '{"seniors": "many"}')$$, 'IN309'), ($$adopt_policy('DEP-27', '2026-02-01', 'clef', reserves => '[20]')$$, 'IN309'),
  ($$adopt_policy('DEP-27', '2026-02-01', 'clef', rules => '{"max_list": 100}')$$, 'IN309'), ($$adopt_policy('DEP-27', '2026-02-01', 'clef', rules => '{"id": 100}')$$, 'IN309'),
  ($$adopt_policy('DEP-27', '2026-02-01', 'clef', rules => '{"max_list_length": 5}')$$, 'IN309'), ($$adopt_policy('DEP-27', '2026-02-01', 'clef', rules => '{"max_list_length": "long"}')$$, 'IN309'),
  ($$adopt_policy('DEP-27', '2026-02-01', 'clef', rules => '{"max_list_length": null}')$$, 'IN309'), ($$adopt_policy('DEP-27', '2026-02-01', 'clef', rules => '["max_list_length"]')$$, 'IN309'),
  ($$adopt_policy('DEP-27', '2026-02-01', 'clef', rules => '{"reserve_order": "last"}')$$, 'IN309'), ($$adopt_policy('DEP-27', '2026-02-01', 'clef', rules => '{"tension_middle": 0.7}')$$, 'IN309'),
  ($$matches(ANA, 0)$$, 'IN010'), ($$matches(ANA, 1001)$$, 'IN010'), ($$next_questions(ANA, 101)$$, 'IN010'), ($$next_calls('DEP-27', 0)$$, 'IN010'),
  ($$purge_perimeters(0)$$, 'IN010'), ($$job_time_zone('Europe/Evreux')$$, 'IN306'),
  ($$enrol(DESK, 'by_night')$$, 'IN004'), ($$enrol(DESK, NULL)$$, 'IN004'), ($$enrol(DESK, place => 999)$$, 'IN004'),
  ($$enrol(DESK, enrolled_on => '-infinity')$$, 'IN004'), ($$enrol(DESK, birth_year => 1800)$$, 'IN004'),
  ($$enrol(DESK, birth_year => extract(year FROM inclusion.today('DEP-27'))::int + 1)$$, 'IN004'), ($$night_day('infinity', NULL)$$, 'IN311'), ($$night_day('10000-01-01', NULL)$$, 'IN311'),
  ($$enrol(DESK, max_distance => 'NaN')$$, 'IN004'), ($$enrol(DESK, max_distance => 'infinity')$$, 'IN004'), ($$enrol(DESK, max_distance => 0)$$, 'IN004'),
  ($$enrol(DESK, longitude => 'NaN', latitude => 49)$$, 'IN004'), ($$enrol(DESK, accept_remote => false, accept_on_site => false)$$, 'IN004'),
  ($$enrol(DESK, audiences => NULL)$$, 'IN004'), ($$enrol(DESK, languages => '{{fr,ar}}')$$, 'IN306'), ($$enrol(DESK, languages => '{zz}')$$, 'IN306'), ($$enrol(DESK, languages => '{fr,NULL}')$$, 'IN306'),
  ($$enrol(DESK, first_name => repeat('x', 81), last_name => 'Y')$$, 'IN004'), ($$enrol(DESK, phone => '06 39 98 00 00')$$, 'IN004'),
  ($$enrol(DESK, email => 'a@example.org')$$, 'IN004'), ($$enrol(DESK, agent => 999)$$, 'IN305'),
  -- a front end left to itself
  ($$enrol(NULL)$$, 'IN004'), ($$enrol(999)$$, 'IN004'), ($$enrol(DESK, enrolled_on => '0001-01-01')$$, 'IN004'), ($$enrol(DESK, enrolled_on => '4713-01-01 BC')$$, 'IN004'),
  ($$enrol(DESK, enrolled_on => '2999-01-01')$$, 'IN004'), ($$enrol(DESK, birth_year => -5)$$, 'IN004'), ($$enrol(DESK, commune => 'Évreux')$$, 'IN004'),
  ($$enrol(DESK, first_name => '   ', last_name => 'Y')$$, 'IN004'), ($$enrol(DESK, first_name => 'X', last_name => ' ')$$, 'IN004'), ($$enrol(DESK, first_name => 'X')$$, 'IN004'),
  ($$enrol(DESK, first_name => E'X\nY', last_name => 'Z')$$, 'IN004'), ($$enrol(DESK, first_name => 'X', last_name => 'Y' || chr(1))$$, 'IN004'),
  ($$enrol(DESK, first_name => 'X', last_name => 'Y', contact_by => 'pigeon')$$, 'IN004'), ($$enrol(DESK, first_name => 'X', last_name => 'Y', email => 'un@deux@example.org')$$, 'IN002'),
  ($$enrol(DESK, first_name => 'X', last_name => 'Y', phone => 'demain')$$, 'IN002'), ($$enrol(DESK, phone => '1850578006084 91')$$, 'IN005'), ($$enrol(DESK, commune => '185057800608491')$$, 'IN005'),
  ($$enrol(DESK, notice_version => '')$$, 'IN004'), ($$enrol(DESK, notice_version => NULL)$$, 'IN004'), ($$enrol(DESK, legal_basis => 'force')$$, 'IN004'),
  ($$enrol(DESK, consent_by => 'parent')$$, 'IN004'), ($$enrol(DESK, channel => 'rumeur')$$, 'IN004'), ($$enrol(DESK, campaign => 99)$$, 'IN004'), ($$enrol(DESK, event => 99)$$, 'IN004'),
  ($$enrol(DESK, longitude => 1, latitude => 91)$$, 'IN004'), ($$enrol(DESK, longitude => 1)$$, 'IN004'), ($$enrol(DESK, longitude => 1, latitude => 49, position_origin => 'ici')$$, 'IN004'),
  ($$enrol(DESK, accommodations => '{ascenseur}')$$, 'IN306'), ($$enrol(DESK, slots => '{monday}')$$, 'IN306'), ($$enrol(DESK, modes => NULL)$$, 'IN004'),
  ($$screen(NULL, '{}')$$, 'IN003'), ($$screen(ANA, NULL)$$, 'IN007'), ($$screen(ANA, '{}')$$, 'IN007'), ($$screen(ANA, '[]')$$, 'IN007'), ($$screen(ANA, '"oui"')$$, 'IN007'),
  ($$screen(ANA, '{"couleur": "oui"}')$$, 'IN007'), ($$screen(ANA, jsonb_build_object(repeat('x', 100000), 'oui'))$$, 'IN007'), ($$screen(ANA, '{"allumer": "peut-être"}')$$, 'IN007'),
  ($$screen(ANA, '{"allumer": ["oui"]}')$$, 'IN007'), ($$screen(ANA, '{"allumer": {"oui": 1}}')$$, 'IN007'), ($$screen(ANA, '{"allumer": null}')$$, 'IN007'), ($$screen(ANA, '{"allumer": 3}')$$, 'IN007'),
  ($$screen(ANA, '{"allumer": "185057800608491"}')$$, 'IN005'), ($$screen(ANA, '{"allumer": "oui"}', '2999-01-01')$$, 'IN007'), ($$screen(ANA, '{"allumer": "oui"}', '-infinity')$$, 'IN007'),
  ($$screen(ANA, '{"allumer": "oui"}', version => 99)$$, 'IN007'), ($$screen(ANA, '{"allumer": "oui"}', agent => 999)$$, 'IN305'),
  ($$record_circumstance(NULL, 'car')$$, 'IN003'), ($$record_circumstance(ANA, NULL)$$, 'IN101'), ($$record_circumstance(ANA, repeat('x', 100000))$$, 'IN101'),
  ($$record_circumstance(ANA, 'car', NULL)$$, 'IN101'), ($$record_circumstance(ANA, 'car', 'YES')$$, 'IN101'), ($$record_circumstance(ANA, 'car', 'yes', '0001-01-01')$$, 'IN101'),
  ($$record_circumstance(ANA, 'car', 'yes', source => 'on dit')$$, 'IN101'), ($$record_circumstance(ANA, 'car', 'yes', source => NULL)$$, 'IN101'),
  ($$record_circumstance(ANA, '185057800608491')$$, 'IN005'), ($$record_circumstance(ANA, 'car', 'yes', source => '185057800608491')$$, 'IN005'),
  ($$decide_autonomy(NULL, 'stay_safe', 'with_support', 'Motif')$$, 'IN003'), ($$decide_autonomy(ANA, NULL, 'with_support', 'Motif', agent => AGENT)$$, 'IN103'),
  ($$decide_autonomy(ANA, 'tout', 'with_support', 'Motif', agent => AGENT)$$, 'IN103'), ($$decide_autonomy(ANA, 'stay_safe', NULL, 'Motif', agent => AGENT)$$, 'IN103'),
  ($$decide_autonomy(ANA, 'stay_safe', 'incapable', 'Motif', agent => AGENT)$$, 'IN103'), ($$decide_autonomy(ANA, 'stay_safe', 'with_support', NULL, agent => AGENT)$$, 'IN103'),
  ($$decide_autonomy(ANA, 'stay_safe', 'with_support', E' \t\n', agent => AGENT)$$, 'IN103'), ($$decide_autonomy(ANA, 'stay_safe', 'with_support', repeat('x', 501), agent => AGENT)$$, 'IN804'),
  ($$decide_autonomy(ANA, 'stay_safe', 'with_support', '1 85 05 78 006 084 91', agent => AGENT)$$, 'IN005'), ($$decide_autonomy(ANA, 'stay_safe', 'with_support', 'Motif', 'infinity', agent => AGENT)$$, 'IN103'),
  ($$decide_autonomy(ANA, 'stay_safe', 'with_support', 'Motif', '2000-01-01', agent => AGENT)$$, 'IN103'), ($$decide_autonomy(ANA, 'stay_safe', 'with_support', 'Motif', NULL, '2999-01-01', AGENT)$$, 'IN103'),
  ($$decide_autonomy(ANA, 'stay_safe', 'with_support', 'Motif', NULL, '-infinity', AGENT)$$, 'IN103'), ($$decide_autonomy(ANA, 'stay_safe', 'with_support', 'Motif', agent => 999)$$, 'IN305'),
  ($$withdraw(ANA, '-infinity')$$, 'IN004'), ($$withdraw(ANA, 'infinity')$$, 'IN004'),
  ($$assess(ANA, 'pix{1.1=1}', 'guess')$$, 'IN101'), ($$assess(ANA, 'pix{1.1=1}', 'pix', '-infinity')$$, 'IN101'),
  ($$assess(ANA, 'pix{1.1=1}', 'pix', agent => 999)$$, 'IN305'),
  ($$record_circumstance(ANA, 'no_vehicle', 'maybe')$$, 'IN101'), ($$record_circumstance(ANA, 'no_vehicle', 'yes', 'infinity')$$, 'IN101'),
  ($$express_need(ANA, 'stay_safe', opened_on => 'infinity')$$, 'IN102'), ($$express_need(ANA, 'right_now', 'pix{1.1=1}')$$, 'IN102'),
  ($$express_need(ANA, 'stay_safe', weights => array_fill(16, '{24}'))$$, 'IN102'), ($$express_need(ANA, 'stay_safe', weights => array_fill(-1, '{24}'))$$, 'IN102'),
  ($$express_need(ANA, 'stay_safe', weights => array_fill(NULL::int, '{24}'))$$, 'IN102'), ($$express_need(ANA, 'stay_safe', weights => array_fill(1, '{4,6}'))$$, 'IN102'),
  ($$express_need(ANA, 'stay_safe', weights => '{1,2}')$$, 'IN102'),
  ($$register_offer('x', DESK, teaches => 'pix{1.1=2.5}', remote => true)$$, 'IN201'), ($$register_offer('x', DESK, teaches => 'pix{1.1=2}', requires => 'pix{2.1=1}', remote => true)$$, 'IN201'),
  ($$register_offer('x', DESK, teaches => 'pix{1.1=2}', longitude => 'NaN', latitude => 49)$$, 'IN201'),
  ($$register_offer('x', DESK, teaches => 'pix{1.1=2}', longitude => 200, latitude => 49)$$, 'IN201'), ($$register_offer('x', DESK, teaches => 'pix{1.1=2}', remote => true, modes => '{flying}')$$, 'IN201'),
  ($$register_offer('', DESK, teaches => 'pix{1.1=2}')$$, 'IN201'),
  ($$register_offer('x', DESK, teaches => 'pix{1.1=2}', remote => true, capacity_kind => 'weekly', weekly_seats => 10001)$$, 'IN201'),
  ($$open_session(OFFER, now(), NULL, 1)$$, 'IN201'), ($$open_session(OFFER, now(), 'infinity', 1)$$, 'IN201'),
  ($$open_session(OFFER, now(), now() + interval '1 hour', 2147483647)$$, 'IN201'), ($$open_session(OFFER, now(), now() + interval '1 hour', 1, 999)$$, 'IN201'),
  ($$needs_of('DEP-00')$$, 'IN001'), ($$needs_of('DEP-27', NULL, 'warmth')$$, 'IN306'), ($$needs_of('{DEP-27}'::text[], '2026-02-01', NULL)$$, 'IN306'),
  ($$alternatives(999)$$, 'IN304'), ($$alternatives(NULL)$$, 'IN304'), ($$book(NULL)$$, 'IN304'), ($$book(NULL, "with" => 999)$$, 'IN304'),
  ($$suggest_autonomy(ANA, 'procedures_alone', 'infinity')$$, 'IN103'),
  ($$rotate_key('DEP-27', NULL)$$, 'IN801'), ($$rotate_key('DEP-27', 'marketing')$$, 'IN801'), ($$revoke_access(repeat('x', 5000), 'DEP-27')$$, 'IN801'),
  ($$age_bracket(1960, '2026-01-01', 'decades')$$, 'IN306'), ($$screening_template(99)$$, 'IN007'), ($$screening_sheet(99)$$, 'IN007'),
  ($$settle_today('COM-27229', k => 0)$$, 'IN010'), ($$settle_today(point(1, 49), k => NULL)$$, 'IN010'),
  ($$settle_today('COM-27229', within => 'NaN')$$, 'IN010'), ($$settle_today('COM-27229', within => 'infinity')$$, 'IN010'), ($$settle_today('COM-27229', within => NULL)$$, 'IN010'),
  ($$verify_journal('DEP-00')$$, 'IN001'), ($$seal_journal('DEP-00')$$, 'IN001'), ($$list_quality_facts(OFFER, 'charm')$$, 'IN306'),
  ($$move_session(SESSION, now(), now())$$, 'IN201'), ($$move_session(SESSION, NULL, now())$$, 'IN201'), ($$move_session(SESSION, now(), 'infinity')$$, 'IN201');
\o
SELECT plan(24);
CREATE TEMP VIEW tried AS
SELECT r.call, r.state AS wanted, f.* FROM refused r,
LATERAL pg_temp.refusal('SELECT inclusion.' || replace(replace(replace(replace(replace(r.call, 'DESK', :'desk'), 'ANA', :'ana'), 'OFFER', :'offer'), 'SESSION', :'session'), 'AGENT', :'agent')) f;
SELECT is_empty($$ SELECT call, wanted, state FROM tried WHERE state <> wanted $$, 'each refusal has the state that is promised');
SELECT is_empty($$ SELECT call FROM tried WHERE advised IS NOT TRUE $$, 'and says what to do');
SELECT is_empty($$ SELECT call FROM tried WHERE shows_row $$, 'without showing the row, which holds names');
SELECT is_empty($$ SELECT DISTINCT r.state FROM refused r LEFT JOIN inclusion_data.error_label l ON l.sqlstate = r.state
  WHERE r.state ~ '^IN' AND (coalesce(l.sentence, '') !~ '^\S.+\.$' OR coalesce(l.advice, '') !~ '^\S.+\.$') $$, 'each state of ours has its sentence and its advice, in French');
-- a form left empty says nothing, and a name is kept as it is said
SELECT inclusion.enrol(:desk, first_name => '  Zoé ', last_name => 'D''Essai ', phone => '', email => ' ') AS zoe \gset
SELECT results_eq(format('SELECT first_name, last_name, phone, email FROM inclusion_data.identity WHERE beneficiary = %s', :zoe),
  $$ VALUES ('Zoé', 'D''Essai', NULL::text, NULL::text) $$, 'an empty telephone or address is none, a name has no blank around it');
SELECT matches((SELECT pg_temp.refused_to('desk_agent', format('SELECT inclusion.enrol(%s)', :other_desk))), 'role "desk_agent" may not enrol for structure [0-9]+ Enrol for', 'who enrols for another''s structure is told so in words');

-- every rule of a policy can be voted, and is then in force
SELECT inclusion.adopt_policy('DEP-27', '2026-02-01', 'clef', rules => '{"max_list_length": 120, "reserve_order": "open_first", "w_price": 0.25,
  "improve_unanswered": true, "tension_strong": 0.8, "quality_floor": null}', reserves => '{"seniors": 20}') AS voted \gset
SELECT is((SELECT concat_ws(' ', max_list_length, reserve_order, w_price, improve_unanswered, tension_strong, coalesce(quality_floor, -1), list_length, w_distance)
           FROM inclusion_data.policy WHERE id = :voted), '120 open_first 0.25 t 0.8 -1 20 0.15', 'a vote sets the rules it names, the others keep their default');
SELECT is(inclusion.policy_in_force('DEP-27', '2026-02-01'), :voted::bigint, 'and they are in force');
SELECT is((SELECT array_agg(attname::text ORDER BY attname) FROM pg_attribute WHERE attrelid = 'inclusion_data.policy'::regclass AND attnum > 0 AND NOT attisdropped),
  (SELECT array_agg(r ORDER BY r) FROM unnest(inclusion.policy_rules() || '{id,perimeter,starts_on,voted_on,lottery_key}') r), 'no column of a policy is beyond a vote');
SELECT lives_ok(format('SELECT inclusion.adopt_policy(''DEP-27'', ''2026-02-02'', ''clef'', rules => (SELECT jsonb_object_agg(k, v) FROM inclusion_data.policy p, jsonb_each(to_jsonb(p)) e (k, v)
  WHERE p.id = %s AND k = ANY (inclusion.policy_rules())))', :voted), 'nor is the whole of the policy before');

SELECT is(inclusion.broken_rule('', '', ''), NULL, 'where no table refused, no rule is made up');
SELECT throws_like('SELECT inclusion.' || call, '%: (' || value || ')=(%', call || ': the value is said')
  FROM (VALUES (format($$enrol(%s, 'by_night')$$, :desk), 'format'), (format('enrol(%s, campaign => 999)', :desk), 'campaign, perimeter'),
               (format($$hold_event(%s, 'Forum', format => 'by_night')$$, :desk), 'format'), ($$create_perimeter('DEP-27', 'Eure')$$, 'code'),
               ($$adopt_policy('DEP-27', '2031-01-01', 'clé', grid => '{age}')$$, 'item, may_rank')) v (call, value);
SELECT is(inclusion.broken_message('23514', 'no such row', 'Failing row contains (Zoé)=(06 39 98 00 00).'), 'no such row', 'and never the row');

-- by hand as well
SELECT throws_ok($$ UPDATE inclusion_data.policy SET max_distance = 'NaN' $$, '23514', NULL, 'a policy''s distance is a number of metres');
SELECT throws_ok($$ UPDATE inclusion_data.policy SET days_per_grade = 2147483647 $$, '23514', NULL, 'a policy''s days can be added up');
SELECT throws_ok($$ UPDATE inclusion_data.policy SET proposal_days = 2147483647 $$, '23514', NULL, 'a policy''s delays end on a day that exists');
SELECT throws_ok($$ UPDATE inclusion_data.perimeter SET time_zone = 'Europe/Evreux' $$, '22023', NULL, 'nor is a time zone one where no day can be told');
SELECT throws_ok($$ UPDATE inclusion_data.perimeter SET time_zone = '' $$, '22023', NULL, 'not even an empty one');
SELECT lives_ok($$ UPDATE inclusion_data.perimeter SET time_zone = 'Indian/Reunion' WHERE code = 'DEP-74' $$, 'a perimeter may move to another zone');
SELECT is((SELECT count(*)::int FROM inclusion.needs_of(NULL, inclusion.today('DEP-27'))), 1, 'the needs of all can still be read');

SELECT * FROM finish();
ROLLBACK;
