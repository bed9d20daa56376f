-- When, how and how far somebody can come: said anew, and what was said before kept.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229', slots => '{mo_am,tu_pm}', max_distance => 4000) AS ana \gset
SELECT inclusion.enrol(structure => :other_desk) AS far \gset
SELECT inclusion.express_need(:ana, target => 'pix{1.1=3}');
\o
SELECT plan(15);

CREATE FUNCTION pg_temp.kept() RETURNS TABLE (line text) LANGUAGE sql AS $$
  SELECT format('%s %s %s %s %s', slots, modes, languages, max_distance, accept_remote) FROM inclusion_data.former_availability ORDER BY id
$$;
SELECT inclusion.set_availability(:ana);
SELECT is_empty('SELECT * FROM pg_temp.kept()', 'nothing said, nothing kept');
SELECT inclusion.set_availability(:ana, slots => '{mo_am,tu_pm}', max_distance => 4000);
SELECT is_empty('SELECT * FROM pg_temp.kept()', 'nor what is as it was');
SELECT inclusion.set_availability(:ana, slots => '{we_ev}', accept_remote => false, agent => :agent);
SELECT results_eq('SELECT * FROM pg_temp.kept()', $$ VALUES ('{mo_am,tu_pm} {} {} 4000 t') $$, 'what changes is kept as it was');
SELECT is((SELECT changed_on FROM inclusion_data.former_availability), inclusion.today('DEP-27'), 'until the day it changed');
SELECT is((SELECT agent FROM inclusion_data.former_availability), :agent::bigint, 'by whom');
SELECT is(inclusion.need_of(:ana)::text ~ 'slots=we_ev;.*accept_remote=f', true, 'and the need follows at once');
SELECT is(inclusion.need_of(:ana)::text ~ 'max_distance=4000;', true, 'what was not said stays');
SELECT inclusion.set_availability(:ana, slots => '{}');
SELECT is((SELECT count(*) FROM pg_temp.kept()), 1::bigint, 'a slip of the same day is no history');
SELECT is((SELECT slots FROM inclusion_data.beneficiary WHERE id = :ana), '{}'::text[], 'an empty list takes back what was said');
UPDATE inclusion_data.former_availability SET changed_on = changed_on - 30;
SELECT inclusion.set_availability(:ana, languages => '{ar,fr}');
SELECT is((SELECT count(*) FROM pg_temp.kept()), 2::bigint, 'another day is');

SELECT throws_ok(format($$ SELECT inclusion.set_availability(%s, slots => '{monday}') $$, :ana), 'IN306', NULL, 'an unknown slot is named');
SELECT throws_ok(format($$ SELECT inclusion.set_availability(%s, max_distance => 'NaN') $$, :ana), 'IN101', NULL, 'a distance is a number of metres');
SELECT throws_ok(format($$ SELECT inclusion.set_availability(%s, accept_on_site => false) $$, :ana), 'IN101', NULL, 'somebody comes, or is remote');
SELECT throws_ok($$ SELECT inclusion.set_availability(424242, slots => '{}') $$, 'IN003', NULL, 'nobody of that number');
SET LOCAL ROLE desk_agent;
SELECT throws_ok(format($$ SELECT inclusion.set_availability(%s, slots => '{}') $$, :far), 'IN003', NULL, 'nor whom the caller does not see');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
