-- Enrolling people: where they are looked for, what is refused.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\o
SELECT plan(27);

-- a perimeter is the default only where it is the only one
SELECT is(inclusion.resolve_perimeter('DEP-27'), 'DEP-27', 'a known perimeter is itself');
SELECT throws_ok($$ SELECT inclusion.resolve_perimeter(NULL) $$, 'IN001', NULL, 'several perimeters: one must be named');
SELECT throws_ok($$ SELECT inclusion.resolve_perimeter('DEP-99') $$, 'IN001', 'unknown perimeter "DEP-99"', 'an unknown perimeter is named');
SELECT throws_ok($$ SELECT inclusion.create_perimeter('EPCI-1', 'Encore', 'DEP-27') $$, 'IN001', NULL, 'perimeters do not overlap');
SELECT throws_ok($$ SELECT inclusion.create_perimeter('EPCI-1', 'Ailleurs', NULL, 'Europe/Nowhere') $$, 'IN001', NULL, 'a time zone is checked');
SELECT is((SELECT count(*)::int FROM inclusion_data.agent WHERE perimeter = 'DEP-27' AND kind = 'service'), 1, 'a perimeter has its night agent');

-- the best position known
SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229') AS p1,
       inclusion.enrol(structure => :desk, commune => 'COM-27229', longitude => 1.2, latitude => 49.1) AS p2,
       inclusion.enrol(structure => :desk, longitude => 1.3, latitude => 49.2, position_origin => 'domiciliation') AS p3,
       inclusion.enrol(structure => :desk) AS p4 \gset
INSERT INTO inclusion_data.place (id, perimeter, name, longitude, latitude) VALUES (7001, 'DEP-27', 'Bibliothèque', 1.4, 49.3);
SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229', place => 7001) AS p5 \gset
SELECT results_eq(
  format($$ SELECT position_origin, longitude, latitude FROM inclusion_data.beneficiary WHERE id IN (%s, %s, %s, %s, %s) ORDER BY id $$, :p1, :p2, :p3, :p4, :p5),
  $$ VALUES ('commune', 1.15::float8, 49.02::float8), ('day_place', 1.2, 49.1), ('domiciliation', 1.3, 49.2), ('unknown', NULL, NULL), ('enrolment_place', 1.4, 49.3) $$,
  'position: given, else the place of enrolment, else the commune, else none');
SELECT is((SELECT count(*)::int FROM inclusion_data.identity), 0, 'nobody must say their name');

-- identity apart
SELECT inclusion.enrol(structure => :desk, first_name => 'Jeanne', last_name => 'Fictive', phone => '+33 6 39 98 12 34',
  email => 'jeanne@mail.example.org', accommodations => '{step_free,large_print,step_free}', languages => '{fr,ar}') AS jeanne \gset
SELECT is((SELECT first_name || ' ' || last_name FROM inclusion_data.identity WHERE beneficiary = :jeanne), 'Jeanne Fictive', 'the name stands in its own table');
SELECT is((SELECT array_agg(code ORDER BY code) FROM inclusion_data.accommodation_need WHERE beneficiary = :jeanne), '{large_print,step_free}', 'accommodations once each, in their own table');

-- refusals, each with its code
SELECT throws_ok(format($$ SELECT inclusion.enrol(structure => %s, first_name => 'A', last_name => 'B', phone => '06 12 34 56 78') $$, :desk), 'IN002', NULL, 'a phone that could be real is refused');
SELECT throws_ok(format($$ SELECT inclusion.enrol(structure => %s, first_name => 'A', last_name => 'B', email => 'a.b@orange.fr') $$, :desk), 'IN002', NULL, 'an address that could be real is refused');
SELECT throws_ok(format($$ SELECT inclusion.enrol(structure => %s, email => 'a@example.org.fr') $$, :desk), 'IN002', NULL, 'a look-alike of an example domain is refused');
SELECT lives_ok(format($$ SELECT inclusion.enrol(structure => %s, first_name => 'A', last_name => 'B', phone => '0199001234') $$, :desk), 'a number kept for fiction is accepted');
UPDATE inclusion_data.perimeter SET fictitious = false WHERE code = 'DEP-74';
SELECT throws_ok(format($$ SELECT inclusion.enrol(structure => %s) $$, :other_desk), 'IN002', NULL, 'a perimeter of real people is closed for now');
SELECT throws_ok(format($$ SELECT inclusion.enrol(structure => %s, first_name => 'A', last_name => 'B 2 55 08 14 168 025 38') $$, :desk), 'IN005', NULL, 'a national number is refused');
SELECT is(inclusion.find_nir('tél 2 55 08 14 168 025 39'), NULL, 'a wrong key is no national number');
SELECT is(inclusion.find_nir('né en 2A : 1 84 12 2A 234 567 ' || lpad((97 - 1841219234567 % 97)::text, 2, '0')) IS NOT NULL, true, 'Corsica counts as 19');
SELECT throws_ok($$ SELECT inclusion.enrol(structure => 424242) $$, 'IN004', 'unknown structure 424242', 'an unknown structure is named');
SELECT throws_ok(format($$ SELECT inclusion.enrol(structure => %s, enrolled_on => '2999-01-01') $$, :desk), 'IN004', NULL, 'nobody is enrolled in the future');
SELECT throws_ok(format($$ SELECT inclusion.enrol(structure => %s, longitude => 1) $$, :desk), 'IN004', NULL, 'half a position is refused');
SELECT throws_ok(format($$ SELECT inclusion.enrol(structure => %s, first_name => 'Seule') $$, :desk), 'IN004', NULL, 'half a name is refused');
SELECT throws_ok(format($$ SELECT inclusion.enrol(structure => %s, commune => 'COM-99999') $$, :desk), 'IN004', NULL, 'an unknown commune is refused');
SELECT throws_like(format($$ SELECT inclusion.enrol(structure => %s, audiences => '{seniors,elders}') $$, :desk), '%"elders"%', 'an unknown code is named');

-- leaving
SELECT inclusion.withdraw(:p1, inclusion.today('DEP-27')) AS gone \gset
SELECT is((SELECT withdrawn_on FROM inclusion_data.enrolment WHERE beneficiary = :p1), inclusion.today('DEP-27'), 'who withdraws no longer waits');
SELECT is((SELECT count(*)::int FROM inclusion_data.enrolment WHERE beneficiary = :p2 AND withdrawn_on IS NULL), 1, 'the others still wait');
SELECT throws_ok($$ SELECT inclusion.withdraw(424242) $$, 'IN003', NULL, 'nobody withdraws an unknown person');

SELECT * FROM finish();
ROLLBACK;
