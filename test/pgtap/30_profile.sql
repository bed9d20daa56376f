-- From assessments and requests to a need.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\o
SELECT plan(24);

SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229', enrolled_on => '2026-02-01') AS ana,
       inclusion.enrol(structure => :desk, enrolled_on => '2026-02-01', accept_on_site => false) AS bob \gset

SELECT throws_ok(format($$ SELECT inclusion.need_of(%s, '2026-03-01') $$, :ana), 'IN102', NULL, 'no need without a request');
SELECT throws_ok(format($$ SELECT inclusion.assess(%s, 'pix{}') $$, :ana), 'IN101', NULL, 'an empty assessment is refused');
SELECT throws_ok(format($$ SELECT inclusion.assess(%s, 'pix{1.1=2}', 'declared', '2999-01-01') $$, :ana), 'IN101', NULL, 'nobody is assessed in the future');
SELECT throws_ok($$ SELECT inclusion.assess(424242, 'pix{1.1=2}') $$, 'IN003', NULL, 'nor an unknown person');

-- a later finding replaces an earlier one, competence by competence, in the order of the dates
SELECT inclusion.assess(:ana, 'pix{1.1=3,2.1=1}', 'observed', '2026-02-10') AS a2,
       inclusion.assess(:ana, 'pix{1.1=1,4.1=2}', 'declared', '2026-02-05') AS a1,
       inclusion.express_need(:ana, target => 'pix{1.1=4,2.4=2,4.2=3,5.1=1}', opened_on => '2026-02-10') AS request \gset
SELECT is((SELECT inclusion.latest_of(vector ORDER BY assessed_on, id)::text FROM inclusion_data.assessment WHERE beneficiary = :ana),
  'pix{1.1=3,2.1=1,4.1=2}', 'the latest finding of each competence');
SELECT is(inclusion.impute('pix{1.1=3,2.1=1,2.2=0.5,4.1=2}', 'pix{1.1=4,2.4=2,4.2=3,5.1=1}')::text, 'pix{1.1=3,2.1=1,2.2=0.5,2.4=0.5,4.1=2,4.2=2}',
  'an unseen target takes the lowest level seen in its domain; a blank domain stays blank');
SELECT is(inclusion.impute(NULL, 'pix{1.1=4}')::text, 'pix{}', 'nothing assessed, nothing imputed');
SELECT is(inclusion.impute('pix{1.1=3}', NULL)::text, 'pix{1.1=3}', 'nothing wanted, nothing imputed');
SELECT is(inclusion.impute('digcomp{1.1=3,4.1=1}', 'digcomp{1.3=4,4.4=2,5.1=1}')::text, 'digcomp{1.1=3,1.3=3,4.1=1,4.4=1}', 'in either framework');
SELECT throws_ok($$ SELECT inclusion.impute('digcomp{1.1=3}', 'pix{1.1=4}') $$, '22023', NULL, 'never from one to the other');
SELECT is(inclusion.need_of(:ana, '2026-03-01')::text,
  'need{current=pix{1.1=3,2.1=1,2.4=1,4.1=2,4.2=2};target=pix{1.1=4,2.4=2,4.2=3,5.1=1};longitude=1.1500000;latitude=49.0200000;max_distance=11538.461538461537;day=2026-03-01;weights=8,8,8,8,8,8,8,8,8,8,8,8,8,8,4,8,8,8,8,8,4,8,4,8}',
  'the whole need: of mobility nothing was raised, what is supposed weighs half');
SELECT is(inclusion.need_of(:ana, '2026-02-10')::text, replace(inclusion.need_of(:ana, '2026-03-01')::text, '2026-03-01', '2026-02-10'), 'a need is the same on any later day but for the day');
SELECT throws_ok(format($$ SELECT inclusion.need_of(%s, '2026-02-07') $$, :ana), 'IN102', NULL, 'a request does not act before it is made');

-- one open request a family: a new one closes the former
SELECT inclusion.express_need(:ana, 'stay_safe', opened_on => '2026-03-05') AS request2 \gset
SELECT is((SELECT array_agg(closed_on ORDER BY id) FROM inclusion_data.expressed_need WHERE beneficiary = :ana), '{2026-03-05,NULL}'::date[], 'a new request closes the former');
SELECT matches(inclusion.need_of(:ana, '2026-03-06')::text, 'target=pix\{0.5=3,4.1=3,4.2=3\}', 'a published goal gives its target');
SELECT inclusion.express_need(:ana, 'right_now', opened_on => '2026-03-05') AS right_request \gset
SELECT is((SELECT count(*)::int FROM inclusion_data.expressed_need WHERE beneficiary = :ana AND closed_on IS NULL), 2, 'a right and an apprenticeship are two requests');
SELECT matches(inclusion.need_of(:ana, '2026-03-06', 'rights')::text, 'family=rights', 'and two needs');
SELECT throws_ok(format($$ SELECT inclusion.express_need(%s, 'become_rich') $$, :ana), 'IN102', 'unknown goal "become_rich"', 'an unknown goal is named');
SELECT throws_ok(format($$ SELECT inclusion.express_need(%s) $$, :ana), 'IN102', NULL, 'a request needs a goal or a target');

-- a person who only accepts remote offers has no distance
SELECT inclusion.express_need(:bob, 'first_steps', opened_on => '2026-03-01') AS r3 \gset
SELECT unalike(inclusion.need_of(:bob, '2026-03-06')::text, '%max_distance%', 'no distance for who accepts remote only');
SELECT results_eq($$ SELECT beneficiary FROM inclusion.needs_of(NULL, '2026-03-06') ORDER BY 1 $$, format('VALUES (%s::bigint), (%s)', :ana, :bob), 'needs of all who wait to learn');
SELECT results_eq($$ SELECT beneficiary FROM inclusion.needs_of('DEP-74', '2026-03-06') $$, $$ SELECT 0::bigint WHERE false $$, 'another perimeter has none');

-- DigComp is converted by the published crosswalk: 1.1 of Pix is the mean of 1.1 and 1.2
SELECT is(inclusion.to_pix('digcomp{1.1=4,1.2=3,5.3=8}')::text, 'pix{1.1=3.5}', 'a DigComp vector becomes a Pix one');
DELETE FROM inclusion_data.policy_grid WHERE policy = :policy;
DELETE FROM inclusion_data.policy WHERE id = :policy;
SELECT throws_ok(format($$ SELECT inclusion.need_of(%s, '2026-03-06') $$, :bob), 'IN302', NULL, 'without a policy there is no weight to match with');

SELECT * FROM finish();
ROLLBACK;
