-- Offers for a person: order, explanation, and the two lists that never mix.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\o
SELECT plan(30);

INSERT INTO inclusion_data.place (id, perimeter, name, longitude, latitude, hours, phone) VALUES
  (7001, 'DEP-27', 'Bibliothèque', 1.16, 49.02, 'Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00; PH off', '01 99 00 00 01'),
  (7002, 'DEP-27', 'France Services', 1.151, 49.021, 'Mo-We 09:00-12:00', NULL),
  (7003, 'DEP-27', 'Mairie', 1.30, 49.02, 'sur rendez-vous', NULL);
SELECT inclusion.register_offer('Démarches en atelier', :desk, 7001, teaches => 'pix{0.7=3,1.1=3,2.4=3,4.2=2}', modes => '{workshop}') AS good,
       inclusion.register_offer('Prise en main', :desk, 7002, teaches => 'pix{0.1=2}', modes => '{workshop}') AS near,
       inclusion.register_offer('Démarches à distance', :desk, NULL, teaches => 'pix{0.7=3,1.1=3,2.4=3,4.2=2}', remote => true) AS remote,
       inclusion.register_offer('Guichet', :desk, 7002, families => '{rights}', modes => '{act_for}') AS desk_rights,
       inclusion.register_offer('Guichet du samedi', :desk, 7001, families => '{rights}') AS saturday,
       inclusion.register_offer('Permanence', :desk, 7003, families => '{rights}') AS unknown_hours,
       inclusion.register_offer('Sans adresse', :desk, NULL, teaches => 'pix{1.1=3}') AS draft \gset
SELECT inclusion.enrol(structure => :desk, commune => 'COM-27229') AS ana \gset
SELECT inclusion.express_need(:ana, 'procedures_alone') AS r \gset

-- the nearest place teaches nothing of what is wanted: it is not even listed
SELECT results_eq(format('SELECT offer FROM inclusion.matches(%s) ORDER BY rank', :ana), format('VALUES (%s::bigint), (%s)', :remote, :good), 'offers that lead to the goal, cheapest first');
SELECT is((SELECT count(*)::int FROM inclusion.matches(:ana, 1)), 1, 'k bounds the list');
SELECT throws_ok(format('SELECT inclusion.matches(%s, 0)', :ana), 'IN010', NULL, 'k must be positive');
SELECT throws_ok(format('SELECT inclusion.matches(%s, 1001)', :ana), 'IN010', NULL, 'and at most 1000');
SELECT is((SELECT count(*)::int FROM inclusion.matches(:ana, 100) m JOIN inclusion_data.offer o ON o.id = m.offer WHERE 'rights' = ANY (o.families)), 0,
  'who wants to do procedures alone is never sent to a desk that does them');

-- the explanation sums to the cost, to the bit
SELECT is((SELECT sum(contribution ORDER BY n) FROM inclusion.explain_match(:ana, :good)), (SELECT cost FROM inclusion.matches(:ana) WHERE offer = :good), 'the terms sum to the cost');
SELECT is((SELECT sum(contribution ORDER BY n) FROM inclusion.explain_match(:ana, :remote)), (SELECT cost FROM inclusion.matches(:ana) WHERE offer = :remote), 'for a remote offer too');
SELECT is((SELECT value FROM inclusion.explain_match(:ana, :near) WHERE n = 0), 0::float8, 'an offer that does not fit is said so');
SELECT alike((SELECT sentence FROM inclusion.explain_match(:ana, :near) WHERE n = 0), '%n''apprend rien de ce qui est visé%', 'with the reason');
SELECT is((SELECT count(*)::int FROM inclusion.explain_match(:ana, :good) WHERE sentence IS NULL OR label IS NULL), 0, 'each term has its label and sentence');
SELECT throws_ok(format('SELECT * FROM inclusion.explain_match(%s, 424242)', :ana), 'IN202', NULL, 'an unknown offer is said');
SELECT throws_ok(format('SELECT * FROM inclusion.explain_match(%s, %s)', :ana, :draft), 'IN201', NULL, 'a draft is never matched');

-- seats seen from the list of matches
SELECT inclusion.open_session(:good, now() + interval '2 days', now() + interval '2 days 2 hours', 6) AS s1 \gset
UPDATE inclusion_data.seat SET taken = 2, proposed = 1 WHERE session = :s1;
SELECT is((SELECT free_seats FROM inclusion.matches(:ana) WHERE offer = :good), 3, 'free seats are capacity less taken and proposed');
SELECT is((SELECT capacity_kind FROM inclusion_data.offer WHERE id = :good), 'seats', 'a session gives the offer counted seats');
SELECT throws_ok(format($$ SELECT inclusion.open_session(%s, now(), now() - interval '1 hour', 5) $$, :good), 'IN201', NULL, 'a session ends after it starts');
SELECT throws_ok(format($$ SELECT inclusion.open_session(%s, now(), now() + interval '1 hour', -1) $$, :good), 'IN201', NULL, 'seats are not negative');
UPDATE inclusion_data.session SET confirmed_on = '2026-01-01' WHERE id = :s1;
SELECT inclusion.move_session(:s1, now() + interval '3 days', now() + interval '3 days 1 hour', 7003);
SELECT results_eq(format('SELECT starts_at, ends_at, place, confirmed_on FROM inclusion_data.session WHERE id = %s', :s1),
  $$ SELECT now() + interval '3 days', now() + interval '3 days 1 hour', 7003::bigint, inclusion.today('DEP-27') $$, 'a session moves in time and place, and is confirmed by it');
SELECT throws_ok($$ SELECT inclusion.move_session(424242, now(), now() + interval '1 hour') $$, 'IN202', NULL, 'an unknown session is said');
UPDATE inclusion_data.session SET state = 'held' WHERE id = :s1;
SELECT throws_ok(format($$ SELECT inclusion.move_session(%s, now(), now() + interval '1 hour') $$, :s1), 'IN303', NULL, 'what was held does not move');
UPDATE inclusion_data.session SET state = 'open' WHERE id = :s1;
SELECT throws_ok($$ SELECT inclusion.open_session(424242, now(), now() + interval '1 hour', 5) $$, 'IN202', NULL, 'an unknown offer has no session');
SELECT throws_ok(format($$ SELECT inclusion.register_offer('Rien', %s) $$, :desk), 'IN201', NULL, 'an offer to learn says what it teaches');

-- a right today: open first, then unknown hours, nearest first; Monday 2 March 2026
SELECT results_eq($$ SELECT name, opening FROM inclusion.settle_today('COM-27229', day => '2026-03-02') ORDER BY rank $$,
  $$ VALUES ('Guichet', 'open'), ('Guichet du samedi', 'open'), ('Permanence', 'unknown') $$, 'on a Monday');
SELECT results_eq($$ SELECT name, opening FROM inclusion.settle_today('COM-27229', day => '2026-03-07') ORDER BY rank $$,
  $$ VALUES ('Guichet du samedi', 'open'), ('Permanence', 'unknown'), ('Guichet', 'closed') $$, 'on a Saturday');
INSERT INTO inclusion_data.closure (place, during, reason) VALUES (7001, '[2026-03-07,2026-03-08)', 'travaux');
SELECT is((SELECT opening FROM inclusion.settle_today(point(1.15, 49.02), day => '2026-03-07') WHERE offer = :saturday), 'closed', 'a closure shuts the place, from a point too');
SELECT throws_ok($$ SELECT * FROM inclusion.settle_today('COM-00000') $$, 'IN004', NULL, 'an unknown commune has no middle');

-- opening hours of the national notation
SELECT is(inclusion.hours_on('Mo-Fr 09:00-12:00,14:00-17:00; Th off', '2026-03-05'), '', 'a later rule replaces an earlier one');
SELECT is(inclusion.hours_on('Fr-Mo 10:00-12:00', '2026-03-08'), '10:00-12:00', 'a span goes round the end of the week');
SELECT is(inclusion.hours_on('week 1-53/2 Tu 09:00-12:00', '2026-03-03'), NULL, 'what is not understood is unknown');
SELECT is(inclusion.hours_on('Tu,Th 09:00-12:00', '2026-03-04'), '', 'a day nobody names is closed');

-- distances: Évreux to its library, 0.01 degree of longitude at 49.02 N
SELECT ok(abs(distance - 6371008.8 * radians(0.01) * cos(radians(49.02))) < 1, 'the distance is on the sphere') FROM inclusion.matches(:ana) WHERE offer = :good;

SELECT * FROM finish();
ROLLBACK;
