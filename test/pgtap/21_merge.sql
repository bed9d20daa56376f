-- Two files of one person made one, and made two again exactly as they were.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
SELECT inclusion.register_structure('Médiathèque', 'DEP-27') AS library \gset
CREATE ROLE test_library;
CREATE ROLE test_other;
CREATE ROLE test_wide;
CREATE ROLE test_dpo IN ROLE inclusion_dpo;
SELECT inclusion.register_agent('test_library', :library, 'Lou Livre', 'mediator') AS librarian,
       inclusion.register_agent('test_other', :other_desk, 'Oli Outre') AS other,
       inclusion.register_agent('test_wide', :desk, 'Cléo Coordonne', 'coordinator') AS coordinator \gset
INSERT INTO inclusion_data.access_grant (role_name, perimeter, valid_from) VALUES ('test_wide', 'DEP-27', '2020-01-01');

-- one woman, two names written otherwise, in two structures; her phone is her son's
SELECT inclusion.enrol(:desk, enrolled_on => '2026-02-10', first_name => 'Zoé', last_name => 'D''Essai', birth_year => 1950, phone => '06 39 98 00 00', commune => 'COM-27229') AS zoe,
       inclusion.enrol(:library, enrolled_on => '2026-01-05', first_name => 'zoe', last_name => 'd essai', birth_year => 1950, phone => '06 39 98 00 01', commune => 'COM-27229') AS zoe_again,
       inclusion.enrol(:library, enrolled_on => '2026-01-05', first_name => 'Ivo', last_name => 'Essai', birth_year => 1980, phone => '06 39 98 00 00', email => 'famille@example.org') AS son,
       inclusion.enrol(:desk, enrolled_on => '2026-01-06', first_name => 'Eva', last_name => 'Essai', birth_year => 1952, phone => '06 39 98 00 00', email => 'famille@example.org') AS wife,
       inclusion.enrol(:other_desk, first_name => 'Zoé', last_name => 'D''Essai', birth_year => 1950) AS far \gset
SELECT inclusion.assess(:zoe, 'pix{1.1=1}', 'declared', '2026-02-10') AS a, inclusion.assess(:zoe_again, 'pix{1.1=2,4.2=1}', 'observed', '2026-01-05') AS b,
       inclusion.record_circumstance(:zoe, 'no_vehicle', 'yes', '2026-02-10') AS c, inclusion.record_circumstance(:zoe_again, 'no_vehicle', 'no', '2026-02-10') AS d,
       inclusion.record_circumstance(:zoe_again, 'no_equipment', 'yes', '2026-01-05') AS e,
       inclusion.express_need(:zoe, 'stay_safe', opened_on => '2026-02-10') AS f, inclusion.express_need(:zoe_again, 'find_work', opened_on => '2026-01-05') AS g,
       inclusion.express_need(:zoe_again, 'right_now', opened_on => '2026-01-05') AS h,
       inclusion.refuse_sharing(:zoe_again, 'family', :librarian) AS i, inclusion.decide_autonomy(:zoe_again, 'stay_safe', 'with_support', 'Motif', agent => :librarian) AS j,
       inclusion.name_representative(:zoe_again, 'companion', 'Ivo Essai', since => '2026-01-05') AS k \gset
SELECT screening FROM inclusion.screen(:zoe_again, '{"allumer": "oui"}', '2026-01-06');
INSERT INTO inclusion_data.accommodation_need VALUES (:zoe, 'DEP-27', 'large_print'), (:zoe_again, 'DEP-27', 'large_print'), (:zoe_again, 'DEP-27', 'step_free');
INSERT INTO inclusion_data.referent VALUES (:zoe, 'DEP-27', :agent, '2026-02-10'), (:zoe_again, 'DEP-27', :librarian, '2026-01-05');
INSERT INTO inclusion_data.purpose_objection VALUES (:zoe_again, 'DEP-27', 'statistics', '2026-01-07');
UPDATE inclusion_data.beneficiary SET last_contact_on = '2026-02-10' WHERE id = :zoe;
UPDATE inclusion_data.beneficiary SET last_contact_on = '2026-03-10' WHERE id = :zoe_again;
\o
SELECT plan(50);

\ir as_role.psql
-- every row that speaks of people, but the proof of merges, the journal, and whom a cube is to count anew
CREATE FUNCTION pg_temp.everything() RETURNS TABLE (line text) LANGUAGE plpgsql AS $$
DECLARE
  t record;
BEGIN
  FOR t IN SELECT c.oid::regclass AS name FROM inclusion.person_tables() p JOIN pg_class c ON c.oid = p.relation WHERE c.relname !~ '^(journal|file_merge|cube_change)' ORDER BY 1 LOOP
    RETURN QUERY EXECUTE format('SELECT %L || r::text FROM %s r', t.name || ' ', t.name);
  END LOOP;
END
$$;
CREATE TEMPORARY TABLE before AS SELECT * FROM pg_temp.everything();

-- --- candidates ----------------------------------------------------------------------------

SELECT results_eq($$ SELECT * FROM inclusion.possible_duplicates('DEP-27') $$, format('VALUES (%s::bigint, %s::bigint)', :zoe, :zoe_again), 'one name and year, however written; never a household''s phone or e-mail');
SELECT is(pg_temp.attempt(who, 'SELECT count(*) FROM inclusion.possible_duplicates(''DEP-27'')'), n, who || ' is told of those it sees both of')
  FROM (VALUES ('desk_agent', '0'), ('test_library', '0'), ('test_other', '0'), ('test_wide', '1')) v (who, n);
\set merge 'SELECT inclusion.merge_beneficiaries(%s, %s, ''Même carte présentée'')'
SELECT is(pg_temp.attempt(who, format(:'merge', :zoe, :zoe_again)), 'IN003', who || ' does not see both, and merges nothing') FROM unnest('{desk_agent,test_library,test_other}'::text[]) who;
SELECT is(pg_temp.attempt('desk_agent', format('SELECT inclusion_data.merge_rows(%L, %s, %s, ''DEP-27'', ''x'', %s)', who, :zoe, :zoe_again, :agent)), 'IN003', 'nor by the function behind, as ' || who) FROM unnest('{desk_agent,test_library}'::text[]) who;
SELECT is(pg_temp.attempt('test_wide', format('SELECT inclusion_data.merge_rows(''test_wide'', %s, %s, ''DEP-27'', ''x'', %s)', :zoe, :zoe_again, :agent)), 'IN305', 'nor in the name of a colleague');
SELECT is(pg_temp.attempt('test_wide', format(:'merge', :zoe, :zoe)), 'IN008', 'a file is not merged with itself');
SELECT is(pg_temp.attempt('test_wide', format('SELECT inclusion.merge_beneficiaries(%s, %s, '' '')', :zoe, :zoe_again)), 'IN008', 'nor without a reason');
SELECT is(pg_temp.attempt('test_wide', format('SELECT inclusion.merge_beneficiaries(%s, %s, ''1850578006084 91'')', :zoe, :zoe_again)), 'IN005', 'nor with the national number');
SELECT throws_ok(format('SELECT inclusion.merge_beneficiaries(%s, %s, ''Même nom'', %s)', :zoe, :far, :coordinator), 'IN008', 'the two files are of two perimeters', 'nor over two perimeters');
SELECT throws_ok(format('SELECT inclusion.merge_beneficiaries(%s, 424242, ''Même nom'', %s)', :zoe, :coordinator), 'IN003', NULL, 'nor with nobody');
INSERT INTO inclusion_data.restriction VALUES (:zoe_again, 'DEP-27', 'conteste', '2026-03-01');
SELECT throws_ok(format('SELECT inclusion.merge_beneficiaries(%s, %s, ''Même nom'', %s)', :zoe, :zoe_again, :coordinator), 'IN003', NULL, 'nor while one is contested');
DELETE FROM inclusion_data.restriction;
SELECT set_eq('SELECT * FROM pg_temp.everything()', 'TABLE before', 'and what was refused changed nothing');

-- --- one file --------------------------------------------------------------------------------

SELECT pg_temp.act('test_wide', format(:'merge', :zoe, :zoe_again)) AS merge \gset
SELECT results_eq(format($$ SELECT assessed_on FROM inclusion_data.assessment WHERE beneficiary = %s ORDER BY 1 $$, :zoe), $$ VALUES ('2026-01-05'::date), ('2026-01-06'), ('2026-02-10') $$, 'what was found of her stands together');
SELECT results_eq(format($$ SELECT item, answer, recorded_on FROM inclusion_data.circumstance WHERE beneficiary = %s ORDER BY 3, 1 $$, :zoe),
  $$ VALUES ('no_equipment', 'yes', '2026-01-05'::date), ('no_vehicle', 'yes', '2026-02-10') $$, 'of two answers on one day, the file that is kept has its own');
SELECT is((SELECT array_agg(code ORDER BY code) FROM inclusion_data.accommodation_need WHERE beneficiary = :zoe), '{large_print,step_free}', 'nothing is there twice');
SELECT results_eq(format($$ SELECT goal FROM inclusion_data.expressed_need WHERE beneficiary = %s AND closed_on IS NULL ORDER BY 1 $$, :zoe), $$ VALUES ('right_now'), ('stay_safe') $$, 'one request a family stays open');
SELECT is((SELECT enrolled_on FROM inclusion_data.enrolment WHERE beneficiary = :zoe), '2026-01-05'::date, 'she waits since she first came');
SELECT is((SELECT last_contact_on FROM inclusion_data.beneficiary WHERE id = :zoe), '2026-03-10'::date, 'and was last met when she was');
SELECT is((SELECT agent FROM inclusion_data.referent WHERE beneficiary = :zoe AND until IS NULL), :agent::bigint, 'one referent');
SELECT is((SELECT count(*)::int FROM inclusion_data.purpose_objection WHERE beneficiary = :zoe), 1, 'what she objected to she still does');
SELECT is(pg_temp.attempt('test_wide', format('SELECT count(*) FROM inclusion_data.beneficiary WHERE id = %s', :zoe_again)), '0', 'nobody sees the other file');
SELECT is(pg_temp.attempt('test_wide', format('SELECT inclusion.perimeter_of(%s)', :zoe_again)), 'IN003', 'nor writes in it');
SELECT throws_ok(format('SELECT pg_temp.act(''test_library'', ''SELECT inclusion.record_circumstance(%s, ''''car'''')'')', :zoe_again), 'IN003',
  format('the file of beneficiary %s has gone into that of beneficiary %s', :zoe_again, :zoe), 'who followed her is told the number that stands');
SELECT throws_ok(format('SELECT pg_temp.act(''test_other'', ''SELECT inclusion.perimeter_of(%s)'')', :zoe_again), 'IN003',
  format('no beneficiary %s that you may see', :zoe_again), 'others are told nothing');
SELECT throws_ok(format('SELECT pg_temp.act(''test_dpo'', ''SELECT inclusion.erase_person(%s, ''''demande'''')'')', :zoe_again), 'IN003',
  format('the file of beneficiary %s has gone into that of beneficiary %s', :zoe_again, :zoe), 'half a person is not forgotten');
SELECT is((SELECT count(*)::int FROM inclusion.needs_of('DEP-27', '2026-04-01') WHERE beneficiary IN (:zoe, :zoe_again)), 1, 'no night counts her twice');
SELECT is(pg_temp.attempt('test_library', format('SELECT (inclusion.read_person_file(%s) -> ''identity'' ->> ''last_name'')', :zoe)), 'D''Essai', 'the structure that followed her still does');
SELECT is(pg_temp.attempt('desk_agent', format('SELECT (inclusion.read_person_file(%s) #>> ''{identity,representatives,0,name}'')', :zoe)), 'Ivo Essai', 'with who comes along');
SELECT is((SELECT ROW(reason, agent)::text FROM inclusion_data.file_merge), format('("Même carte présentée",%s)', :coordinator), 'who said so, and why, is kept');
SELECT is((SELECT count(*)::int FROM inclusion_data.journal WHERE action = 'merge_person' AND beneficiary = :zoe), 1, 'and journaled');
SELECT throws_ok(format('SELECT inclusion.merge_beneficiaries(%s, %s, ''Encore'', %s)', :wife, :zoe_again, :coordinator), 'IN003', NULL, 'a file goes into one other');
SELECT is(pg_temp.attempt('test_dpo', format($$ SELECT jsonb_array_length(inclusion.export_person(%s) #> '{tables,identity,rows}') $$, :zoe)), '2', 'her copy holds both');
SELECT is(pg_temp.attempt('test_dpo', format($$ SELECT sum(e.rows) FROM inclusion.erase_person(%s, 'demande') e $$, :zoe)) <> 'null', true, 'she may ask to be forgotten');
SELECT is((SELECT count(*)::int FROM inclusion_data.beneficiary WHERE id IN (:zoe, :zoe_again)), 2, '(undone here)');

-- --- and two again ----------------------------------------------------------------------------

SELECT is(pg_temp.attempt(who, format('SELECT inclusion.undo_merge(%s)', :'merge')), state, who || ' undoes it, or not') FROM (VALUES ('test_other', 'IN008'), ('test_dpo', 'IN305')) v (who, state);
SELECT lives_ok(format('SELECT pg_temp.act(''test_wide'', ''SELECT inclusion.undo_merge(%s)'')', :'merge'), 'they were two people');
SELECT set_eq('SELECT * FROM pg_temp.everything()', 'TABLE before', 'and every row of both is what it was');
SELECT throws_ok(format('SELECT inclusion.undo_merge(%s, %s)', :'merge', :coordinator), 'IN008', NULL, 'once');

-- what was said since stays in the file that was kept; a purge takes both at once
SELECT inclusion.merge_beneficiaries(:zoe, :zoe_again, 'Même personne', :coordinator) AS again \gset
SELECT inclusion.record_circumstance(:zoe, 'car', 'no', '2026-04-01') AS since, inclusion.withdraw(:zoe, '2026-04-02') AS gone, inclusion.undo_merge(:again, :coordinator) AS parted \gset
SELECT is((SELECT beneficiary FROM inclusion_data.circumstance WHERE item = 'car'), :zoe::bigint, 'what was said since stays where it was said');
SELECT is((SELECT ROW(enrolled_on, withdrawn_on)::text FROM inclusion_data.enrolment WHERE beneficiary = :zoe), '(2026-02-10,2026-04-02)', 'and what was done since');
SELECT inclusion.merge_beneficiaries(:zoe, :zoe_again, 'Même personne', :coordinator) AS third \gset
SELECT is((SELECT count(*)::int FROM inclusion.due_people('DEP-27', '2028-06-01') d WHERE d = :zoe_again), 0, 'a merged file has no term of its own');
SELECT isnt(inclusion.transfer(:zoe, 'DEP-74', :other_desk, 'Elle déménage'), NULL, 'she may move');
SELECT is((SELECT count(*)::int FROM inclusion_data.beneficiary WHERE id IN (:zoe, :zoe_again)) + (SELECT count(*)::int FROM inclusion_data.file_merge), 0, 'and leaves nothing behind');

SELECT * FROM finish();
ROLLBACK;
