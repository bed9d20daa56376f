-- What one more place would bring, from night to night.
--
-- Two perimeters.  In 27, everybody stands by offer 1, one seat; offer 2, one
-- seat, is 10 km off, offer 3, ten seats, 15 km off.  Of three people one has 1,
-- one 2, one 3: one more seat in 1 would spare the third 15 km, and one in 2
-- 5 km; in 3, where seats are left, nobody anything.  In 74, offer 4 has room.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(39);

SELECT inclusion.create_perimeter('DEP-27', 'Eure'), inclusion.create_perimeter('DEP-74', 'Haute-Savoie');
SELECT inclusion.adopt_policy(p.code, '2026-01-01', 'clé') FROM inclusion_data.perimeter p;
-- 20 km weigh 1: 15 km are worth 0.75, 5 km 0.25
UPDATE inclusion_data.policy SET w_coverage = 0, w_audience = 0, w_quality = 0, w_distance = 1, w_price = 1, tension_reference = 1;
INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (1, 'DEP-27', 'Maison'), (4, 'DEP-74', 'Mairie');
INSERT INTO inclusion_data.agent (id, perimeter, structure, kind, login, name, valid_from) VALUES (101, 'DEP-27', 1, 'person', 'alice', 'Alice', '-infinity');
-- a degree of latitude is 111.195 km on the sphere of the distances
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
SELECT v.id, v.perimeter, CASE v.perimeter WHEN 'DEP-27' THEN 1 ELSE 4 END, 'Offre ' || v.id, 'seats', 'pix{0.1=2}', v.longitude, v.latitude + v.km / 111.19493
FROM (VALUES (1, 'DEP-27', 1.15, 49.0, 0), (2, 'DEP-27', 1.15, 49.0, 10), (3, 'DEP-27', 1.15, 49.0, 15), (4, 'DEP-74', 6.1, 45.9, 0)) AS v (id, perimeter, longitude, latitude, km);
-- nobody counts its seats
INSERT INTO inclusion_data.offer (id, perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
VALUES (5, 'DEP-27', 1, 'Offre 5', 'drop_in', 'pix{0.1=2}', 1.15, 49.0 + 19 / 111.19493);
INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
SELECT o.id, o.id, o.perimeter, '2026-03-11 10:00+01', '2026-03-11 12:00+01', '2026-03-01' FROM inclusion_data.offer o WHERE o.id < 5;
INSERT INTO inclusion_data.seat (session, capacity) VALUES (1, 1), (2, 1), (3, 10), (4, 5);
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, max_distance, last_contact_on)
SELECT i, CASE WHEN i < 4 THEN 'DEP-27' ELSE 'DEP-74' END, CASE WHEN i < 4 THEN 1 ELSE 4 END,
       CASE WHEN i < 4 THEN 1.15 ELSE 6.1 END, CASE WHEN i < 4 THEN 49 ELSE 45.9 END, 'commune', 20000, '2026-03-01' FROM generate_series(1, 4) i;
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT perimeter, id, 'desk', structure, date '2026-02-01' + id::int, '1' FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
SELECT perimeter, id, 'pix{0.1=2}', '2026-02-01' FROM inclusion_data.beneficiary;

CREATE FUNCTION pg_temp.night(as_of date, perimeter text DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  run constant bigint := inclusion.night_start(night.as_of, night.perimeter);
BEGIN
  PERFORM inclusion.night_open(run);
  PERFORM inclusion.night_compute(run);
  PERFORM inclusion.night_publish(run);
  RETURN run;
END
$$;

-- A night purged, as old ones are
CREATE FUNCTION pg_temp.forget(run bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  removed int;
BEGIN
  DELETE FROM inclusion_data.proposal_step s USING inclusion_data.proposal p WHERE p.run = forget.run AND s.proposal = p.id AND s.perimeter = p.perimeter;
  DELETE FROM inclusion_data.proposal p WHERE p.run = forget.run;
  UPDATE inclusion_data.run r SET as_of = '2020-01-01' WHERE r.id = forget.run;
  LOOP
    SELECT sum(inclusion.purge_nights_batch(p.code, '2021-01-01', 1000)) INTO removed FROM inclusion_data.perimeter p;
    EXIT WHEN removed = 0;
  END LOOP;
END
$$;

-- A full night measures

SELECT pg_temp.night('2026-03-04') AS first \gset
SELECT is((SELECT r.is_full FROM inclusion_data.run r WHERE r.id = :first), true, 'a night of all perimeters is full');
SELECT results_eq(format('SELECT o.offer, round(o.place_worth::numeric, 2) FROM inclusion_data.run_offer o WHERE o.run = %s ORDER BY 1', :first),
  $$ VALUES (1::bigint, 0.75), (2, 0.25), (3, 0.00), (4, 0.00), (5, NULL) $$, 'one more place is worth the way it would spare');
SELECT results_eq('SELECT p.offer, p.as_of, round(p.price::numeric, 2) FROM inclusion_data.offer_price p ORDER BY 1',
  $$ VALUES (1::bigint, '2026-03-04'::date, 0.75), (2, '2026-03-04', 0.25), (3, '2026-03-04', 0.00), (4, '2026-03-04', 0.00) $$,
  'and the first price is that, against the reference; uncounted places have none');
SELECT is((SELECT count(*) FROM inclusion_data.offer o WHERE o.price <> 0), 0::bigint, 'which that night does not read');
SELECT is((SELECT ROW(r.counters #> '{yardstick,placed}', r.counters #> '{yardstick,total_score}', r.counters #> '{yardstick,given_score}')::text
           FROM inclusion_data.run r WHERE r.id = :first), '(4,27500,27500)', 'where priorities cost nothing, both totals are the same');
SELECT ok((SELECT (r.counters #>> '{yardstick,score_bound}')::bigint >= 27500 FROM inclusion_data.run r WHERE r.id = :first), 'and no total is above its proof');
SELECT is(inclusion.night_start('2026-03-04'), :first::bigint, 'prices are no event: the same day, the same run');

-- The desks may have them at once; the next night reads them, and no other

CALL inclusion.refresh_prices();
SELECT results_eq('SELECT o.id, round(o.price::numeric, 2) FROM inclusion_data.offer o ORDER BY 1', $$ VALUES (1::bigint, 0.75), (2, 0.25), (3, 0.00), (4, 0.00), (5, 0.00) $$, 'refreshed for the desks');
SELECT is(inclusion.night_start('2026-03-04'), :first::bigint, 'which is no event either');
SELECT is((SELECT (n.need)::text FROM inclusion.needs_of('{DEP-27}', '2026-03-04', priced => false) n WHERE n.beneficiary = 1) ~ 'w_price', false, 'a night weighs no price');
SELECT is((SELECT (n.need)::text FROM inclusion.needs_of('DEP-27', '2026-03-04') n WHERE n.beneficiary = 1) ~ 'w_price=1', true, 'a suggestion at the desk does, as the policy says');
UPDATE inclusion_data.offer SET price = 0.5 WHERE id < 5;

-- A night of one perimeter writes none

SELECT inclusion.withdraw(3, '2026-03-04', 101);
SELECT pg_temp.night('2026-03-05', 'DEP-27') AS partial \gset
SELECT is((SELECT r.is_full FROM inclusion_data.run r WHERE r.id = :partial), false, 'a night of one perimeter is not full');
SELECT is((SELECT count(*) FROM inclusion_data.offer_price p WHERE p.run = :partial), 0::bigint, 'and writes no price');
SELECT results_eq('SELECT o.id, round(o.price::numeric, 2) FROM inclusion_data.offer o ORDER BY 1', $$ VALUES (1::bigint, 0.75), (2, 0.25), (3, 0.00), (4, 0.50), (5, 0.00) $$,
  'it brings those of the full night before, to its own offers');
SELECT is((SELECT count(o.place_worth) FROM inclusion_data.run_offer o WHERE o.run = :partial), 0::bigint, 'nor measures any');
SELECT results_eq(format('SELECT metric, value, reason, what_would_help FROM inclusion.allocation_metrics(%s) WHERE metric IN (''price_of_fairness'', ''fewer_placed'')', :partial),
  $$ SELECT m, NULL::numeric, l.code, l.unlock FROM unnest(ARRAY['price_of_fairness', 'fewer_placed']) m, inclusion_data.outcome_reason l WHERE l.code = 'partial_night' $$,
  'what a measure would tell is unknown, and why is said');
SELECT is((SELECT count(c.tension) FROM inclusion.allocation_cutoffs(:partial) c), 0::bigint, 'no tension is made up');

-- Smoothed

SELECT pg_temp.night('2026-03-06') AS second \gset
SELECT results_eq(format('SELECT p.offer, round(p.price::numeric, 3) FROM inclusion_data.offer_price p WHERE p.run = %s ORDER BY 1', :second),
  $$ VALUES (1::bigint, 0.525), (2, 0.175), (3, 0.000), (4, 0.000) $$, 'seven tenths of the full night before, three of this one');
SELECT is((SELECT round(o.price::numeric, 2) FROM inclusion_data.offer o WHERE o.id = 1), 0.75, 'brought in by the next night only');
SELECT pg_temp.night('2026-03-07') AS third \gset
SELECT is((SELECT o.price FROM inclusion_data.offer o WHERE o.id = 1), (SELECT p.price FROM inclusion_data.offer_price p WHERE p.run = :second AND p.offer = 1), 'as it is there');
-- a day gone by again: the nights after it do not count
UPDATE inclusion_data.offer SET name = name;
SELECT is(inclusion.bring_prices('{DEP-27}', '2026-03-06'), 2, 'a night replayed reads what was before it');
SELECT is((SELECT round(o.price::numeric, 2) FROM inclusion_data.offer o WHERE o.id = 1), 0.75, 'not what came after');

-- Never above 1
UPDATE inclusion_data.policy SET tension_reference = 0.1, tension_smoothing = 1;
INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, max_distance, last_contact_on)
VALUES (11, 'DEP-27', 1, 1.15, 49, 'commune', 20000, '2026-03-07');
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version) VALUES ('DEP-27', 11, 'desk', 1, '2026-03-07', '1');
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on) VALUES ('DEP-27', 11, 'pix{0.1=2}', '2026-03-07');
SELECT pg_temp.night('2026-03-08') AS fourth \gset
SELECT is((SELECT p.price FROM inclusion_data.offer_price p WHERE p.run = :fourth AND p.offer = 1), 1::float8, 'above the reference, a price is 1');

SELECT is((SELECT r.counters #>> '{yardstick,placed}' FROM inclusion_data.run r WHERE r.id = :fourth), '1', 'the yardstick places who competes');

-- The yardstick may take too much: the night stands, and tells no price
INSERT INTO inclusion_data.run_candidate (run, perimeter, beneficiary, rank, grade, waiting_days, priority, offers, costs, classes)
SELECT :fourth, 'DEP-27', 100000 + i, 100000 + i, 0, 1, 1, '{1,2,3}', '{0.1,0.2,0.3}', '{1,1,1}' FROM generate_series(1, 20000) i;
SET LOCAL inclusion.allocation_mem = '1MB';
SELECT is((inclusion.compute_proof(:fourth)).yardstick, '{"not_measured": "over_memory"}', 'too much memory for the yardstick is told, not raised');
RESET inclusion.allocation_mem;
SELECT is((inclusion.compute_proof(:fourth)).yardstick ? 'score_bound', true, 'with enough it is measured');
DELETE FROM inclusion_data.run_candidate c WHERE c.run = :fourth AND c.beneficiary > 100000;
CREATE TEMPORARY TABLE measured AS SELECT * FROM inclusion_data.offer_price p WHERE p.run = :fourth;
DELETE FROM inclusion_data.offer_price p WHERE p.run = :fourth;
UPDATE inclusion_data.run_offer SET place_worth = NULL WHERE run = :fourth;
UPDATE inclusion_data.run r SET counters = jsonb_set(r.counters, '{yardstick}', '{"not_measured": "over_memory"}') WHERE r.id = :fourth;
SELECT is(inclusion.publish_prices(:fourth), 0, 'a night that measured none publishes none');
SELECT is(inclusion_data.priced_run(NULL), :third::bigint, 'the prices measured before it stay the last ones');
SELECT results_eq(format('SELECT value, reason FROM inclusion.allocation_metrics(%s) WHERE metric = ''price_of_fairness''', :fourth),
  $$ VALUES (NULL::numeric, 'over_memory') $$, 'and the metric says why it is missing');
INSERT INTO inclusion_data.offer_price SELECT * FROM measured;

-- Nights go, prices stay
SELECT pg_temp.night('2026-03-09') AS fifth \gset
DELETE FROM inclusion_data.offer_price p WHERE p.run = :fifth;
SELECT count(*) FROM pg_temp.forget(:fourth) \gset
SELECT is((SELECT count(*) FROM inclusion_data.run r WHERE r.id = :fourth), 0::bigint, 'a price does not keep the night it comes from');
SELECT is(inclusion_data.priced_run(NULL), :fourth::bigint, 'and its prices are still the last ones');

-- What the views show, on screen, is tension
SELECT set_eq('SELECT DISTINCT k.class FROM pilotage.kpi_scarcity k WHERE k.dimension = ''public''', ARRAY['non prospecté'], 'nobody of a public is enrolled: that is no need known, not no need');
SELECT results_eq($$ SELECT k.perimeter, k.code, k.counted_offer_count, round(k.highest_tension::numeric, 2), k.class, k.waiting_count, k.is_masked
    FROM pilotage.kpi_scarcity k WHERE k.dimension = 'compétence' AND k.counted_offer_count > 0 ORDER BY 1 $$,
  $$ VALUES ('DEP-27', '0.1', 3, 1.00, 'tension forte', NULL::int, true), ('DEP-74', '0.1', 1, 0.00, 'sans tension', NULL, true) $$,
  'where, and for which competence, one more place helps most');
SELECT is((SELECT count(*) FROM pilotage.kpi_scarcity k WHERE k.waiting_count < 11), 0::bigint, 'no count of few people is shown');
INSERT INTO inclusion_data.territory (code, kind, official_code, name, longitude, latitude, code_year, perimeter)
VALUES ('COM-27229', 'commune', '27229', 'Évreux', 1.15, 49.0, 2020, 'DEP-27'), ('COM-27016', 'commune', '27016', 'Les Andelys', 1.41, 49.24, 2020, 'DEP-27');
INSERT INTO inclusion_data.place (id, perimeter, name, commune, longitude, latitude) VALUES (1, 'DEP-27', 'Ici', 'COM-27229', 1.15, 49.0);
UPDATE inclusion_data.offer SET place = 1 WHERE id = 1;
UPDATE inclusion_data.beneficiary SET commune = 'COM-27229' WHERE perimeter = 'DEP-27';
SELECT results_eq('SELECT m.commune_code, round(m.highest_tension::numeric, 2), m.class, m.waiting_count, m.is_masked FROM pilotage.map_scarcity m ORDER BY 1',
  $$ VALUES ('27016', NULL::numeric, 'non prospecté', NULL::int, true), ('27229', 1.00, 'tension forte', NULL, true) $$, 'and on a map, where nobody is enrolled is said so');
-- where the words begin is voted
UPDATE inclusion_data.offer_price SET price = 0.5 WHERE price > 0.5;
SELECT is((SELECT string_agg(DISTINCT class, ', ') FROM pilotage.kpi_scarcity WHERE perimeter = 'DEP-27' AND code = '0.1'), 'tension moyenne', 'half a tension is a middling one');
UPDATE inclusion_data.policy SET tension_strong = 0.5;
SELECT is((SELECT string_agg(DISTINCT class, ', ') FROM pilotage.kpi_scarcity WHERE perimeter = 'DEP-27' AND code = '0.1'), 'tension forte', 'unless the policy says otherwise');
SELECT is((SELECT class FROM pilotage.map_scarcity WHERE commune_code = '27229'), 'tension forte', 'and on the map');
SELECT is_empty($$ SELECT a.attname FROM pg_attribute a WHERE a.attrelid IN ('pilotage.kpi_scarcity'::regclass, 'pilotage.map_scarcity'::regclass)
  AND (a.attname ~ '(price|cost)' OR col_description(a.attrelid, a.attnum) ~* '(prix|coût)') $$, 'never price or cost on screen');

SELECT * FROM finish();
ROLLBACK;
