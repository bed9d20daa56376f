-- Lists that are too short are lengthened, three times, for those alone who
-- exhausted them; whoever that displaces has theirs lengthened in turn.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(8);

SELECT inclusion.create_perimeter('DEP-27', 'Eure');
SELECT inclusion.adopt_policy('DEP-27', '2026-01-01', 'clé');
UPDATE inclusion_data.policy SET list_length = 1, max_list_length = 3, max_waiting_days = 28;
INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (1, 'DEP-27', 'Maison');
-- six offers further and further north, one seat each
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
SELECT i, 'DEP-27', 1, 'Offre ' || i, 'seats', 'pix{0.1=2}', 1.15, 49 + 0.01 * i FROM generate_series(1, 6) i;
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
SELECT i, i, 'DEP-27', '2026-03-10 10:00+01', '2026-03-10 12:00+01', '2026-03-01' FROM generate_series(1, 6) i;
INSERT INTO inclusion_data.seat (session, capacity) SELECT id, 1 FROM inclusion_data.session;
-- person 1 came first, 4, 5 and 6 the same day; they stand south of all offers;
-- person 9, the last come, stands by offer 3 and has it first on its list
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on)
SELECT i, 'DEP-27', 1, 1.15, CASE i WHEN 9 THEN 49.029 ELSE 49 END, 'commune', '2026-03-01' FROM unnest(ARRAY[1, 2, 3, 4, 5, 6, 9]) i;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT 'DEP-27', id, 'desk', 1, date '2026-02-01' + CASE WHEN id IN (5, 6) THEN 4 ELSE id::int END, '1' FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
SELECT 'DEP-27', id, 'pix{0.1=2}', '2026-02-01' FROM inclusion_data.beneficiary;

SELECT inclusion.night_start('2026-03-04') AS run \gset
SELECT inclusion.night_open(:run);
SELECT inclusion.night_compute(:run);

SELECT results_eq(format('SELECT beneficiary, waiting_days, priority FROM inclusion_data.run_candidate WHERE run = %s AND rank <= 3 ORDER BY rank', :run),
  $$ VALUES (1::bigint, 30, 28), (2, 29, 28), (3, 28, 28) $$, 'waiting counts up to what the policy says, then the day of enrolment');
SELECT results_eq(format('SELECT beneficiary FROM inclusion_data.run_candidate WHERE run = %s AND rank BETWEEN 4 AND 6 ORDER BY rank', :run),
  $$ SELECT id FROM unnest(ARRAY[4, 5, 6]::bigint[]) id ORDER BY sha256(convert_to('clé/DEP-27/' || id, 'UTF8')) $$, 'and the draw, which anybody can redo');

-- 1 has offer 1.  2 to 6 exhaust theirs, then list 1, 2, 3: 2 and 3 have 2 and
-- 3, which 9 held; 9 lists 3, 2, 4 in turn, and has 4.  4, 5 and 6 wait.
SELECT results_eq(format('SELECT beneficiary, offer, list_position FROM inclusion_data.run_result WHERE run = %s ORDER BY beneficiary', :run),
  $$ VALUES (1::bigint, 1::bigint, 1), (2, 2, 2), (3, 3, 3), (4, NULL, NULL), (5, NULL, NULL), (6, NULL, NULL), (9, 4, 3) $$, 'places go further down the lists');
SELECT results_eq(format('SELECT beneficiary, offers FROM inclusion_data.run_candidate WHERE run = %s ORDER BY beneficiary', :run),
  $$ VALUES (1::bigint, '{1}'::bigint[]), (2, '{1,2,3}'), (3, '{1,2,3}'), (4, '{1,2,3}'), (5, '{1,2,3}'), (6, '{1,2,3}'), (9, '{3,2,4}') $$,
  'only the lists that were exhausted are longer, and three times at most');
SELECT is((SELECT (r.counters ->> 'lists_extended')::int FROM inclusion_data.run r WHERE r.id = :run), 6, 'and the run counts them');
SELECT is((SELECT string_agg(DISTINCT d.reason, ' ') FROM inclusion_data.run_result d WHERE d.run = :run AND d.outcome = 'waiting'), 'all_full',
  'who waits knows why');
SELECT is_empty(format('SELECT * FROM inclusion.check_allocation(%s)', :run), 'the independent check finds nothing');

-- two whom only the draw tells apart, exchanged; neither has a place
UPDATE inclusion_data.run_candidate SET rank = rank + 100 WHERE run = :run AND rank IN (4, 6);
UPDATE inclusion_data.run_candidate SET rank = 110 - rank WHERE run = :run AND rank > 100;
SELECT is((SELECT string_agg(DISTINCT c.violation, ' ') FROM inclusion.check_allocation(:run) c), 'rank_order', 'and would see a draw that was not followed');

SELECT * FROM finish();
ROLLBACK;
