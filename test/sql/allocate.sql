--
-- allocate: known answers, promises, refusals
--
-- The instances are published ones (see each name) or constructed; answers
-- were recomputed by enumerating every stable matching.  An offer's own
-- priorities are given as classes: the place of the person in its order.
--
--   gs1962_ex1, gs1962_ex2   Gale and Shapley 1962, Amer. Math. Monthly 69:9-15
--   wilde_hr_readme          python package "matching", hospital-resident example
--   rural_hospitals          after Roth 1986, Econometrica 54:425-427
--   as2003_ex1               Abdulkadiroglu and Sonmez 2003, AER 93:729-747
--   ties_size                after Manlove et al. 2002, TCS 276:261-279
--   lock_*                   constructed: a place held is kept or improved
--   kojima2012_hyy2013       Kojima 2012, GEB 75:685-693; Hafalir, Yenmez and Yildirim 2013
--   precedence_...           after Dur, Kominers, Pathak and Sonmez 2018, JPE 126:2457-2479:
--                            places reserved first are a guaranteed minimum
--   overlapping_reserves     after Sonmez and Yenmez 2022, Econometrica 90:1143-1176:
--                            x sits on the reserve that y cannot take
--
\set VERBOSITY terse
CREATE TEMP TABLE golden_offer (instance text, offer bigint, name text, capacity integer, reserves integer[]);
CREATE TEMP TABLE golden (instance text, applicant bigint, name text, rank bigint,
  offers bigint[], classes integer[], categories integer, held bigint, published text);

INSERT INTO golden_offer VALUES
  ('gs1962_ex1', 1, 'A', 1, NULL),
  ('gs1962_ex1', 2, 'B', 1, NULL),
  ('gs1962_ex1', 3, 'C', 1, NULL),
  ('gs1962_ex2', 1, 'A', 1, NULL),
  ('gs1962_ex2', 2, 'B', 1, NULL),
  ('gs1962_ex2', 3, 'C', 1, NULL),
  ('gs1962_ex2', 4, 'D', 1, NULL),
  ('wilde_hr_readme', 1, 'C', 2, NULL),
  ('wilde_hr_readme', 2, 'G', 2, NULL),
  ('wilde_hr_readme', 3, 'M', 2, NULL),
  ('rural_hospitals', 1, 'A', 2, NULL),
  ('rural_hospitals', 2, 'B', 2, NULL),
  ('rural_hospitals', 3, 'C', 2, NULL),
  ('as2003_ex1', 1, 's1', 1, NULL),
  ('as2003_ex1', 2, 's2', 1, NULL),
  ('as2003_ex1', 3, 's3', 1, NULL),
  ('ties_size, r1 drawn first', 1, 'h1', 1, NULL),
  ('ties_size, r1 drawn first', 2, 'h2', 1, NULL),
  ('ties_size, r2 drawn first', 1, 'h1', 1, NULL),
  ('ties_size, r2 drawn first', 2, 'h2', 1, NULL),
  ('lock_keeps_place, unlocked', 1, 'A', 1, NULL),
  ('lock_keeps_place', 1, 'A', 1, NULL),
  ('lock_beats_reserve, unlocked', 1, 'A', 1, '{1}'),
  ('lock_beats_reserve', 1, 'A', 1, '{1}'),
  ('lock_may_improve, unlocked', 1, 'A', 1, NULL),
  ('lock_may_improve, unlocked', 2, 'B', 1, NULL),
  ('lock_may_improve', 1, 'A', 1, NULL),
  ('lock_may_improve', 2, 'B', 1, NULL),
  ('lock_worst_unlocked_leaves, unlocked', 1, 'A', 2, '{1}'),
  ('lock_worst_unlocked_leaves', 1, 'A', 2, '{1}'),
  ('kojima2012_hyy2013, no reserve', 1, 'c1', 2, NULL),
  ('kojima2012_hyy2013, no reserve', 2, 'c2', 1, NULL),
  ('kojima2012_hyy2013', 1, 'c1', 2, '{1}'),
  ('kojima2012_hyy2013', 2, 'c2', 1, NULL),
  ('precedence_reserve_first_vs_open_first', 1, 'o', 4, '{2}'),
  ('overlapping_reserves', 1, 'o', 2, '{1,1}');

INSERT INTO golden VALUES
  ('gs1962_ex1', 1, 'alpha', 1, '{1,2,3}', '{3,2,1}', NULL, NULL, 'A'),
  ('gs1962_ex1', 2, 'beta', 2, '{2,3,1}', '{3,2,1}', NULL, NULL, 'B'),
  ('gs1962_ex1', 3, 'gamma', 3, '{3,1,2}', '{3,2,1}', NULL, NULL, 'C'),
  ('gs1962_ex2', 1, 'alpha', 1, '{1,2,3,4}', '{3,3,2,3}', NULL, NULL, 'C'),
  ('gs1962_ex2', 2, 'beta', 2, '{1,4,3,2}', '{4,2,3,1}', NULL, NULL, 'D'),
  ('gs1962_ex2', 3, 'gamma', 3, '{2,1,3,4}', '{4,2,4,1}', NULL, NULL, 'A'),
  ('gs1962_ex2', 4, 'delta', 4, '{4,2,3,1}', '{4,2,1,1}', NULL, NULL, 'B'),
  ('wilde_hr_readme', 1, 'A', 1, '{1}', '{2}', NULL, NULL, 'C'),
  ('wilde_hr_readme', 2, 'S', 2, '{1,3}', '{3,3}', NULL, NULL, 'M'),
  ('wilde_hr_readme', 3, 'D', 3, '{1,3,2}', '{1,1,1}', NULL, NULL, 'C'),
  ('wilde_hr_readme', 4, 'J', 4, '{1,2,3}', '{5,2,4}', NULL, NULL, 'G'),
  ('wilde_hr_readme', 5, 'L', 5, '{3,1,2}', '{2,4,3}', NULL, NULL, 'M'),
  ('rural_hospitals', 1, 'R1', 1, '{1,2,3}', '{1,3,4}', NULL, NULL, 'A'),
  ('rural_hospitals', 2, 'R2', 2, '{1,2,3}', '{2,1,5}', NULL, NULL, 'A'),
  ('rural_hospitals', 3, 'R3', 3, '{2,1,3}', '{2,3,1}', NULL, NULL, 'B'),
  ('rural_hospitals', 4, 'R4', 4, '{1,3,2}', '{4,3,5}', NULL, NULL, 'C'),
  ('rural_hospitals', 5, 'R5', 5, '{2,3,1}', '{4,2,5}', NULL, NULL, 'B'),
  ('as2003_ex1', 1, 'i1', 1, '{2,1,3}', '{2,1,2}', NULL, NULL, 's1'),
  ('as2003_ex1', 2, 'i2', 2, '{1,2,3}', '{3,1,3}', NULL, NULL, 's2'),
  ('as2003_ex1', 3, 'i3', 3, '{1,2,3}', '{2,3,1}', NULL, NULL, 's3'),
  ('ties_size, r1 drawn first', 1, 'r1', 1, '{1,2}', NULL, NULL, NULL, 'h1'),
  ('ties_size, r1 drawn first', 2, 'r2', 2, '{1}', NULL, NULL, NULL, NULL),
  ('ties_size, r2 drawn first', 1, 'r1', 2, '{1,2}', NULL, NULL, NULL, 'h2'),
  ('ties_size, r2 drawn first', 2, 'r2', 1, '{1}', NULL, NULL, NULL, 'h1'),
  ('lock_keeps_place, unlocked', 1, 'n', 1, '{1}', NULL, NULL, NULL, 'A'),
  ('lock_keeps_place, unlocked', 2, 'x', 2, '{1}', NULL, NULL, NULL, NULL),
  ('lock_keeps_place', 1, 'n', 1, '{1}', NULL, NULL, NULL, NULL),
  ('lock_keeps_place', 2, 'x', 2, '{1}', NULL, NULL, 1, 'A'),
  ('lock_beats_reserve, unlocked', 1, 'n', 1, '{1}', NULL, 1, NULL, 'A'),
  ('lock_beats_reserve, unlocked', 2, 'x', 2, '{1}', NULL, NULL, NULL, NULL),
  ('lock_beats_reserve', 1, 'n', 1, '{1}', NULL, 1, NULL, NULL),
  ('lock_beats_reserve', 2, 'x', 2, '{1}', NULL, NULL, 1, 'A'),
  ('lock_may_improve, unlocked', 1, 'x', 2, '{1,2}', NULL, NULL, NULL, 'A'),
  ('lock_may_improve, unlocked', 2, 'n', 1, '{2}', NULL, NULL, NULL, 'B'),
  ('lock_may_improve', 1, 'x', 2, '{1,2}', NULL, NULL, 2, 'A'),
  ('lock_may_improve', 2, 'n', 1, '{2}', NULL, NULL, NULL, 'B'),
  ('lock_worst_unlocked_leaves, unlocked', 1, 'a', 1, '{1}', NULL, NULL, NULL, 'A'),
  ('lock_worst_unlocked_leaves, unlocked', 2, 'b', 2, '{1}', NULL, NULL, NULL, NULL),
  ('lock_worst_unlocked_leaves, unlocked', 3, 'x', 3, '{1}', NULL, NULL, NULL, NULL),
  ('lock_worst_unlocked_leaves, unlocked', 4, 't1', 4, '{1}', NULL, 1, NULL, 'A'),
  ('lock_worst_unlocked_leaves', 1, 'a', 1, '{1}', NULL, NULL, NULL, NULL),
  ('lock_worst_unlocked_leaves', 2, 'b', 2, '{1}', NULL, NULL, NULL, NULL),
  ('lock_worst_unlocked_leaves', 3, 'x', 3, '{1}', NULL, NULL, 1, 'A'),
  ('lock_worst_unlocked_leaves', 4, 't1', 4, '{1}', NULL, 1, NULL, 'A'),
  ('kojima2012_hyy2013, no reserve', 1, 's1', 1, '{1}', '{1}', NULL, NULL, 'c1'),
  ('kojima2012_hyy2013, no reserve', 2, 's2', 2, '{1,2}', '{2,1}', NULL, NULL, 'c1'),
  ('kojima2012_hyy2013, no reserve', 3, 's3', 3, '{2,1}', '{2,3}', NULL, NULL, 'c2'),
  ('kojima2012_hyy2013', 1, 's1', 1, '{1}', '{1}', NULL, NULL, 'c1'),
  ('kojima2012_hyy2013', 2, 's2', 2, '{1,2}', '{2,1}', NULL, NULL, 'c1'),
  ('kojima2012_hyy2013', 3, 's3', 3, '{2,1}', '{2,3}', 1, NULL, 'c2'),
  ('precedence_reserve_first_vs_open_first', 1, 't1', 1, '{1}', NULL, 1, NULL, 'o'),
  ('precedence_reserve_first_vs_open_first', 2, 't2', 2, '{1}', NULL, 1, NULL, 'o'),
  ('precedence_reserve_first_vs_open_first', 3, 'a1', 3, '{1}', NULL, NULL, NULL, 'o'),
  ('precedence_reserve_first_vs_open_first', 4, 'a2', 4, '{1}', NULL, NULL, NULL, 'o'),
  ('precedence_reserve_first_vs_open_first', 5, 'a3', 5, '{1}', NULL, NULL, NULL, NULL),
  ('precedence_reserve_first_vs_open_first', 6, 't3', 6, '{1}', NULL, 1, NULL, NULL),
  ('precedence_reserve_first_vs_open_first', 7, 't4', 7, '{1}', NULL, 1, NULL, NULL),
  ('precedence_reserve_first_vs_open_first', 8, 'a4', 8, '{1}', NULL, NULL, NULL, NULL),
  ('overlapping_reserves', 1, 'x', 1, '{1}', NULL, 3, NULL, 'o'),
  ('overlapping_reserves', 2, 'y', 2, '{1}', NULL, 1, NULL, 'o'),
  ('overlapping_reserves', 3, 'z', 3, '{1}', NULL, NULL, NULL, NULL),
  ('overlapping_reserves', 4, 'w', 4, '{1}', NULL, NULL, NULL, NULL);

CREATE TEMP VIEW answer AS
SELECT g.instance, g.applicant, g.name, o.name AS offer, g.published, a.list_position, a.reserved_for, a.reason
FROM (SELECT DISTINCT instance FROM golden) i
CROSS JOIN LATERAL inclusion.allocate(
  format('SELECT applicant, rank, categories, offers, classes, held FROM golden WHERE instance = %L', i.instance),
  format('SELECT offer, capacity, reserves FROM golden_offer WHERE instance = %L', i.instance)) a
JOIN golden g ON g.instance = i.instance AND g.applicant = a.applicant
LEFT JOIN golden_offer o ON o.instance = i.instance AND o.offer = a.offer;

SELECT instance, name, offer, published, list_position, reserved_for, reason FROM answer ORDER BY instance, applicant;
SELECT count(*) FILTER (WHERE offer IS DISTINCT FROM published) AS wrong, count(*) AS people FROM answer;

--
-- A larger instance, from a fixed generator, serves for the promises
--
CREATE TEMP TABLE place AS
SELECT offer::bigint, (hashint8extended(offer, 1) & 7)::int AS capacity FROM generate_series(1, 60) AS offer;

CREATE TEMP TABLE person AS
SELECT p::bigint * 10 AS applicant, (hashint8extended(p, 2) & 1023) * 1000 + p AS rank,
  array_agg(offer ORDER BY hashint8extended(p * 100 + offer, 3)) AS offers,
  array_agg((1 + (hashint8extended(p * 100 + offer, 4) & 1))::int ORDER BY hashint8extended(p * 100 + offer, 3)) AS classes
FROM generate_series(1, 400) AS p, generate_series(1, 60) AS offer
WHERE hashint8extended(p * 100 + offer, 5) & 7 = 0
GROUP BY p;

CREATE TEMP TABLE outcome AS
SELECT * FROM inclusion.allocate('SELECT * FROM person', 'SELECT * FROM place');

-- one row per applicant, in their order; a position where there is an offer
SELECT count(*) = (SELECT count(*) FROM person) AS everybody,
  bool_and(reason = 'placed' OR offer IS NULL) AS reasons,
  bool_and((offer IS NULL) = (list_position IS NULL)) AS positions,
  bool_and(reserved_for IS NULL) AS nothing_reserved
FROM outcome;
SELECT bool_and(p.offers[list_position] = offer) AS offer_at_position
FROM outcome JOIN person p USING (applicant);
SELECT array_agg(applicant) = array_agg(applicant ORDER BY applicant) AS ascending
FROM inclusion.allocate('SELECT * FROM person', 'SELECT * FROM place');

-- never more people than places; some places and some people remain
SELECT count(*) AS over_capacity FROM (
  SELECT offer FROM outcome JOIN place USING (offer) GROUP BY offer, capacity HAVING count(*) > capacity) x;
SELECT count(offer) > 0 AS some_placed, count(*) > count(offer) AS some_not FROM outcome;

-- no justified envy, no waste: whoever wanted better meets full offers whose people come before
WITH wish AS (
  SELECT o.applicant, p.rank, w.offer, w.class
  FROM outcome o JOIN person p USING (applicant),
    unnest(p.offers, p.classes) WITH ORDINALITY AS w(offer, class, n)
  WHERE w.n < coalesce(o.list_position, cardinality(p.offers) + 1)),
admitted AS (
  SELECT o.offer, p.rank, p.classes[o.list_position] AS class FROM outcome o JOIN person p USING (applicant))
SELECT count(*) > 0 AS some_wishes,
  count(*) FILTER (WHERE (SELECT count(*) FROM admitted a WHERE a.offer = wish.offer) < place.capacity) AS waste,
  count(*) FILTER (WHERE EXISTS (SELECT FROM admitted a
    WHERE a.offer = wish.offer AND (a.class, a.rank) > (wish.class, wish.rank))) AS envy
FROM wish JOIN place USING (offer);

-- the order of the rows does not matter
SELECT count(*) AS differences FROM (
  (TABLE outcome EXCEPT SELECT * FROM inclusion.allocate(
    'SELECT * FROM person ORDER BY hashint8extended(applicant, 6)', 'SELECT * FROM place ORDER BY offer DESC'))
  UNION ALL
  (TABLE outcome EXCEPT SELECT * FROM inclusion.allocate(
    'SELECT * FROM person ORDER BY rank DESC', 'SELECT * FROM place ORDER BY hashint8extended(offer, 7)'))) x;

-- nor do the gaps between ranks, nor the width of the integers
SELECT count(*) AS differences FROM (
  TABLE outcome EXCEPT SELECT * FROM inclusion.allocate(
    'SELECT applicant::int, rank * 1000000 - 7 AS rank, offers::int[], classes::bigint[] FROM person',
    'SELECT offer::int, capacity::bigint FROM place')) x;

-- some leave, newcomers rank before everybody: whoever holds a place keeps it or moves up
CREATE TEMP VIEW next_night AS
SELECT applicant, rank, offers, classes, o.offer AS held FROM person JOIN outcome o USING (applicant)
WHERE applicant % 30 <> 0
UNION ALL
SELECT applicant + 1, -rank, offers, classes, NULL FROM person WHERE applicant % 70 = 0;
SELECT n.reason, count(*) > 0 AS some, count(*) FILTER (WHERE n.list_position > o.list_position) AS lower
FROM inclusion.allocate('SELECT * FROM next_night', 'SELECT * FROM place') n JOIN outcome o USING (applicant)
WHERE o.offer IS NOT NULL GROUP BY n.reason ORDER BY n.reason;

-- with every class equal, each person in rank order takes the best place left
CREATE TEMP TABLE dictatorship (applicant bigint, offer bigint);
DO $$
DECLARE
  somebody record;
BEGIN
  FOR somebody IN SELECT * FROM person ORDER BY rank LOOP
    INSERT INTO dictatorship
    SELECT somebody.applicant, (
      SELECT w.offer FROM unnest(somebody.offers) WITH ORDINALITY AS w(offer, n) JOIN place USING (offer)
      WHERE capacity > (SELECT count(*) FROM dictatorship d WHERE d.offer = w.offer) ORDER BY w.n LIMIT 1);
  END LOOP;
END $$;
SELECT count(*) AS differences FROM (
  SELECT applicant, offer FROM inclusion.allocate('SELECT applicant, rank, offers FROM person', 'SELECT * FROM place')
  EXCEPT TABLE dictatorship) x;

-- reserved places go to their publics, no more than there are
CREATE TEMP VIEW member AS
SELECT *, (hashint8extended(applicant, 8) & 3)::int AS categories FROM person;
CREATE TEMP VIEW reserving AS
SELECT *, ARRAY[capacity / 4, capacity / 3] AS reserves FROM place;
CREATE TEMP TABLE reserved_outcome AS
SELECT * FROM inclusion.allocate('SELECT * FROM member', 'SELECT * FROM reserving');
SELECT bool_and(m.categories >> (r.reserved_for - 1) & 1 = 1) AS of_the_public, count(reserved_for) > 0 AS some
FROM reserved_outcome r JOIN member m USING (applicant) WHERE reserved_for IS NOT NULL;
SELECT count(*) AS too_many FROM (
  SELECT FROM reserved_outcome JOIN reserving USING (offer) WHERE reserved_for IS NOT NULL
  GROUP BY offer, reserved_for, reserves HAVING count(*) > reserves[reserved_for]) x;
-- nobody is refused where a place kept for one of its publics is not filled by that public
SELECT count(*) AS refused_on_their_reserve
FROM reserved_outcome r JOIN member m USING (applicant), unnest(m.offers) WITH ORDINALITY AS w(offer, n)
JOIN reserving o USING (offer), generate_series(1, 2) AS public
WHERE w.n < coalesce(r.list_position, cardinality(m.offers) + 1) AND m.categories >> (public - 1) & 1 = 1
AND o.reserves[public] > (SELECT count(*) FROM reserved_outcome a WHERE a.offer = w.offer AND a.reserved_for = public);
-- the reserve changes something, and the order of the rows does not
SELECT count(*) > 0 AS other_people_placed FROM (
  SELECT applicant, offer FROM reserved_outcome EXCEPT SELECT applicant, offer FROM outcome) x;
SELECT count(*) AS differences FROM (
  TABLE reserved_outcome EXCEPT SELECT * FROM inclusion.allocate(
    'SELECT * FROM member ORDER BY hashint8extended(applicant, 6)', 'SELECT * FROM reserving ORDER BY offer DESC')) x;

-- it reads what the statement sees, temporary tables written just before included
BEGIN;
UPDATE place SET capacity = 0;
SELECT count(offer) AS placed FROM inclusion.allocate('SELECT * FROM person', 'SELECT * FROM place');
ROLLBACK;

--
-- max_score: the greatest total, and what one more place would add to it
--
--   greedy_trap, card_vs_score, score_against_cardinality   constructed, enumerated
--
CREATE TEMP TABLE scored (instance text, applicant bigint, rank bigint, offers bigint[], scores integer[], held bigint, published bigint);
INSERT INTO scored VALUES
  ('greedy_trap', 1, 1, '{1,2}', '{10,9}', NULL, 2),
  ('greedy_trap', 2, 2, '{1}', '{9}', NULL, 1),
  ('card_vs_score', 1, 1, '{1,2}', '{100,1}', NULL, 2),
  ('card_vs_score', 2, 2, '{1}', '{100}', NULL, 1),
  ('card_vs_score', 3, 3, '{1,3}', '{100,1}', NULL, 3),
  ('score_against_cardinality', 1, 1, '{1,2}', '{100,10}', NULL, 1),
  ('score_against_cardinality', 2, 2, '{1}', '{50}', NULL, NULL),
  -- the same score added to each: the largest number of people first, then the total
  ('score_against_cardinality, number first', 1, 1, '{1,2}', '{1100,1010}', NULL, 2),
  ('score_against_cardinality, number first', 2, 2, '{1}', '{1050}', NULL, 1),
  -- whoever holds a place keeps it, and it is worth what the others would gain there
  ('a place held', 1, 2, '{1,2}', '{1,10}', 1, 1),
  ('a place held', 2, 1, '{1,2}', '{100,30}', NULL, 2),
  ('a place held', 3, 3, '{3}', '{7}', NULL, 3);
CREATE TEMP VIEW scored_place AS SELECT generate_series(1, 3) AS offer, 1 AS capacity;

SELECT s.instance, s.applicant, a.offer, s.published, a.list_position, a.reason
FROM (SELECT DISTINCT instance FROM scored) i
CROSS JOIN LATERAL inclusion.allocate(
  format('SELECT applicant, rank, offers, scores, held FROM scored WHERE instance = %L', i.instance), 'TABLE scored_place', 'max_score') a
JOIN scored s USING (instance, applicant) ORDER BY 1, 2;
SELECT i.instance, a.* FROM (SELECT DISTINCT instance FROM scored) i
CROSS JOIN LATERAL inclusion.allocate_prices(
  format('SELECT applicant, rank, offers, scores, held FROM scored WHERE instance = %L', i.instance), 'TABLE scored_place') a ORDER BY 1, 2;

-- on the larger instance: no more people than places, totals as told, proved by the prices
CREATE TEMP VIEW valued AS
SELECT *, (SELECT array_agg(1000 - 10 * n::int - (hashint8extended(applicant + o, 9) & 63)::int ORDER BY n)
           FROM unnest(offers) WITH ORDINALITY AS w (o, n)) AS scores FROM person;
CREATE TEMP TABLE best AS SELECT * FROM inclusion.allocate('TABLE valued', 'TABLE place', 'max_score');
CREATE TEMP TABLE price AS SELECT * FROM inclusion.allocate_prices('TABLE valued', 'TABLE place');
SELECT count(*) AS over_capacity FROM (
  SELECT offer FROM best JOIN place USING (offer) GROUP BY offer, capacity HAVING count(*) > capacity) x;
SELECT count(*) AS offers, count(*) FILTER (WHERE price > 0) > 0 AS some_dear, count(*) FILTER (WHERE price > 0 AND placed < capacity) AS dear_and_free,
  count(DISTINCT (total_score, score_bound)) AS totals, bool_and(total_score = score_bound) AS proved,
  min(total_score) = (SELECT sum(v.scores[b.list_position]) FROM best b JOIN valued v USING (applicant)) AS as_allocated,
  min(score_bound) = sum(capacity * price) + (
    SELECT sum(greatest(0, (SELECT max(w.score - p.price) FROM unnest(v.offers, v.scores) AS w (offer, score) JOIN price p USING (offer))))
    FROM valued v) AS as_priced
FROM price JOIN place USING (offer);
-- a fair allocation scores less, and pays for fairness
SELECT sum(v.scores[o.list_position]) < (SELECT min(total_score) FROM price) AS fairness_has_a_price
FROM inclusion.allocate('TABLE valued', 'TABLE place') o JOIN valued v USING (applicant);
-- neither the order of the rows nor the gaps between ranks matter
SELECT count(*) AS differences FROM (
  TABLE best EXCEPT SELECT * FROM inclusion.allocate(
    'SELECT applicant, rank * 3 - 7 AS rank, offers, scores FROM valued ORDER BY hashint8extended(applicant, 6)',
    'SELECT * FROM place ORDER BY offer DESC', 'max_score')) x;
-- nobody; nobody placed
SELECT count(*) FROM inclusion.allocate('SELECT * FROM valued WHERE false', 'TABLE place', 'max_score');
SELECT * FROM inclusion.allocate_prices(
  'SELECT 1 AS applicant, 1 AS rank, ''{}''::int[] AS offers, NULL::int[] AS scores', 'SELECT 1 AS offer, 2 AS capacity');
SELECT count(*) FROM inclusion.allocate_prices('SELECT * FROM valued WHERE false', 'SELECT * FROM place WHERE false');

--
-- Edges
--
\set offer_rows '''SELECT * FROM (VALUES (1, 1), (2, 0)) AS v(offer, capacity)'''
-- nobody; no offer; null and empty lists; a null array of classes; capacity 0
SELECT count(*) FROM inclusion.allocate(
  'SELECT 1 AS applicant, 1 AS rank, ARRAY[1] AS offers WHERE false', :offer_rows);
SELECT * FROM inclusion.allocate(
  'SELECT 1 AS applicant, 1 AS rank, ''{}''::int[] AS offers', 'SELECT 1 AS offer, 1 AS capacity WHERE false');
SELECT * FROM inclusion.allocate(
  'SELECT * FROM (VALUES (1, 1, NULL::int[], NULL::int[]), (2, 2, ''{}'', NULL), (3, 3, ''{2}'', NULL), (4, 4, ''{2,1}'', ''{1,255}''))
   AS v(applicant, rank, offers, classes)', :offer_rows);
-- categories without reserves, reserves of nothing, categories that no reserve knows
SELECT * FROM inclusion.allocate(
  'SELECT 1 AS applicant, 1 AS rank, 5 AS categories, ARRAY[1] AS offers, NULL::bigint AS held',
  'SELECT 1 AS offer, 1 AS capacity, NULL::int[] AS reserves');
SELECT * FROM inclusion.allocate(
  'SELECT g AS applicant, g AS rank, 1 << g AS categories, ARRAY[1, 2] AS offers FROM generate_series(1, 2) g',
  'SELECT * FROM (VALUES (1, 1, ''{0,0,1}''::int[]), (2, 1, ''{}''), (3, 5, ''{0,0,0,0,0,0,0,5}'')) AS v(offer, capacity, reserves)');
-- more holders than places: the first by rank stay
SELECT * FROM inclusion.allocate(
  'SELECT p AS applicant, -p AS rank, ARRAY[2, 1] AS offers, 1 AS held FROM generate_series(1, 3) p', :offer_rows);

--
-- Refusals: each names the row
--
CREATE FUNCTION pg_temp.refusal(applicants text, offers text,
  method text DEFAULT 'priority', reserve_order text DEFAULT 'reserve_first')
  RETURNS TABLE (code text, message text, hint text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM inclusion.allocate(applicants, offers, method, reserve_order);
  message := 'accepted';
  RETURN NEXT;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
  RETURN NEXT;
END $$;

\x on
-- arguments
SELECT * FROM pg_temp.refusal(NULL, :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 1', NULL);
SELECT * FROM pg_temp.refusal('SELECT 1', :offer_rows, NULL);
SELECT * FROM pg_temp.refusal('SELECT 1', :offer_rows, 'best');
SELECT * FROM pg_temp.refusal('SELECT 1', :offer_rows, 'priority', 'open_first');
-- queries
SELECT * FROM pg_temp.refusal('SELECT 1; SELECT 2', :offer_rows);
SELECT * FROM pg_temp.refusal('', :offer_rows);
SELECT * FROM pg_temp.refusal('DELETE FROM person', :offer_rows);
SELECT * FROM pg_temp.refusal('DELETE FROM person RETURNING applicant, rank, offers', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT * FROM nowhere', :offer_rows);
-- columns
SELECT * FROM pg_temp.refusal('SELECT 1 AS applicant, ARRAY[1] AS offers', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 1 AS applicant, 1 AS rank, ARRAY[1] AS offers, ARRAY[1] AS clases', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 1 AS applicant, 1 AS rank, 2 AS rank, ARRAY[1] AS offers', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 1 AS applicant, 1.0 AS rank, ARRAY[1] AS offers', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 1 AS applicant, 1 AS rank, 1 AS offers', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 1 AS applicant, 1 AS rank, ARRAY[''1''] AS offers', :offer_rows);
-- nulls
SELECT * FROM pg_temp.refusal('SELECT NULL::int AS applicant, 1 AS rank, ARRAY[1] AS offers', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, NULL::int AS rank, ARRAY[1] AS offers', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[1, NULL] AS offers', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[1] AS offers', 'SELECT 1 AS offer, NULL::int AS capacity');
-- rows
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[[1, 2]] AS offers', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, g AS rank, ARRAY[1] AS offers FROM generate_series(1, 2) g', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT g AS applicant, 5 AS rank, ARRAY[1] AS offers FROM generate_series(1, 2) g', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[1, 3] AS offers', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[1, 2, 1] AS offers', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[1, 2] AS offers, ARRAY[1] AS classes', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[1, 2] AS offers, ARRAY[1, 0] AS classes', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[1, 2] AS offers, ARRAY[256, 1] AS classes', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[1] AS offers, 2 AS held', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT * FROM person', 'SELECT 4 AS offer, -1 AS capacity');
SELECT * FROM pg_temp.refusal('SELECT * FROM person', 'SELECT 4 AS offer, 3000000000 AS capacity');
SELECT * FROM pg_temp.refusal('SELECT * FROM person', 'SELECT 4 AS offer, 1 AS capacity FROM generate_series(1, 2)');
-- reserves
SELECT * FROM pg_temp.refusal('SELECT * FROM person', 'SELECT 4 AS offer, 3 AS capacity, ARRAY[2, 2] AS reserves');
SELECT * FROM pg_temp.refusal('SELECT * FROM person', 'SELECT 4 AS offer, 3 AS capacity, ARRAY[2, -2] AS reserves');
SELECT * FROM pg_temp.refusal('SELECT * FROM person', 'SELECT 4 AS offer, 3 AS capacity, ARRAY[2, NULL] AS reserves');
SELECT * FROM pg_temp.refusal('SELECT * FROM person', 'SELECT 4 AS offer, 3 AS capacity, array_fill(0, ARRAY[9]) AS reserves');
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, -1 AS categories, ARRAY[1] AS offers', :offer_rows);
-- scores
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[1] AS offers', :offer_rows, 'max_score');
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[1] AS offers, NULL::int[] AS scores', :offer_rows, 'max_score');
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[1] AS offers, ARRAY[5, 6] AS scores', :offer_rows);
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[1] AS offers, ARRAY[-1] AS scores', :offer_rows, 'max_score');
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, ARRAY[1] AS offers, ARRAY[2147483648] AS scores', :offer_rows, 'max_score');
SELECT inclusion.allocate_prices('SELECT 7 AS applicant, 1 AS rank, ARRAY[1] AS offers', :offer_rows);
SELECT inclusion.allocate_prices('SELECT 7 AS applicant, 1 AS rank, ARRAY[3] AS offers, ARRAY[1] AS scores', :offer_rows);
SELECT inclusion.allocate_prices(NULL, :offer_rows);
-- too large
SET inclusion.allocation_mem = '1MB';
SELECT * FROM pg_temp.refusal('SELECT g AS applicant, g AS rank, ARRAY[1] AS offers FROM generate_series(1, 30000) g', :offer_rows);
RESET inclusion.allocation_mem;
\x off

-- after all these errors it still works
SELECT count(*) AS differences FROM (
  TABLE outcome EXCEPT SELECT * FROM inclusion.allocate('SELECT * FROM person', 'SELECT * FROM place')) x;
