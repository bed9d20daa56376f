--
-- allocate: known answers, promises, refusals
--
-- The instances are published ones (see each name) or constructed; answers
-- were recomputed by enumerating every stable matching, or every assignment.
-- test/data/golden_*.csv hold them, and SOURCES.md says where they come from.
--
\set VERBOSITY terse
CREATE TEMP TABLE golden_instance (instance text PRIMARY KEY, method text, reserve_order text, total bigint);
CREATE TEMP TABLE golden_offer (instance text, offer bigint, name text, capacity integer, reserves integer[]);
CREATE TEMP TABLE golden (instance text, applicant bigint, name text, rank bigint,
  offers bigint[], classes integer[], scores integer[], categories integer, held bigint, expected bigint);
\copy golden_instance FROM 'test/data/golden_instance.csv' WITH (FORMAT csv, HEADER)
\copy golden_offer FROM 'test/data/golden_offer.csv' WITH (FORMAT csv, HEADER)
\copy golden FROM 'test/data/golden_applicant.csv' WITH (FORMAT csv, HEADER)

CREATE TEMP VIEW answer AS
SELECT g.instance, g.applicant, g.name, o.name AS offer, e.name AS expected, a.list_position, a.reserved_for, a.reason,
  g.scores[a.list_position] AS score
FROM golden_instance i
CROSS JOIN LATERAL inclusion.allocate(
  format('SELECT applicant, rank, categories, offers, classes, scores, held FROM golden WHERE instance = %L', i.instance),
  format('SELECT offer, capacity, reserves FROM golden_offer WHERE instance = %L', i.instance),
  i.method, i.reserve_order) a
JOIN golden g ON g.instance = i.instance AND g.applicant = a.applicant
LEFT JOIN golden_offer o ON o.instance = i.instance AND o.offer = a.offer
LEFT JOIN golden_offer e ON e.instance = i.instance AND e.offer = g.expected;

SELECT instance, name, offer, expected, list_position, reserved_for, reason FROM answer ORDER BY instance, applicant;
SELECT count(*) FILTER (WHERE offer IS DISTINCT FROM expected) AS wrong, count(*) AS people FROM answer;
SELECT instance, i.total, sum(a.score) AS found FROM golden_instance i JOIN answer a USING (instance)
WHERE i.total IS NOT NULL GROUP BY instance, i.total ORDER BY instance;

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

-- open places first: whoever has a reserved place would not have had an open one
CREATE TEMP TABLE open_outcome AS
SELECT * FROM inclusion.allocate('SELECT * FROM member', 'SELECT * FROM reserving', 'priority', 'open_first');
SELECT count(*) AS too_many FROM (
  SELECT FROM open_outcome JOIN reserving USING (offer) GROUP BY offer, capacity HAVING count(*) > capacity) x;
SELECT count(*) AS reserved_before_open FROM (
  SELECT o.reserved_for, reserves, capacity,
    row_number() OVER (PARTITION BY o.offer ORDER BY m.classes[o.list_position], m.rank) AS turn
  FROM open_outcome o JOIN member m USING (applicant) JOIN reserving USING (offer)) x
WHERE reserved_for IS NOT NULL AND turn <= capacity - reserves[1] - reserves[2];
SELECT bool_and(m.offers[o.list_position] = o.offer) AS offer_at_position, count(reserved_for) > 0 AS some
FROM open_outcome o JOIN member m USING (applicant) WHERE o.offer IS NOT NULL;
-- more of the publics are placed than where reserved places go first
SELECT count(o.offer) FILTER (WHERE m.categories > 0) > count(r.offer) FILTER (WHERE m.categories > 0) AS more_of_the_publics
FROM open_outcome o JOIN reserved_outcome r USING (applicant) JOIN member m USING (applicant);

-- it reads what the statement sees, temporary tables written just before included
BEGIN;
UPDATE place SET capacity = 0;
SELECT count(offer) AS placed FROM inclusion.allocate('SELECT * FROM person', 'SELECT * FROM place');
ROLLBACK;

--
-- max_score: the greatest total, and what one more place would add to it
--
-- each price of a known answer is what one more place adds, found by adding it
CREATE FUNCTION pg_temp.total_with_one_more(instance text, offer bigint) RETURNS bigint LANGUAGE sql AS $$
  SELECT p.total_score FROM inclusion.allocate_prices(
    format('SELECT applicant, rank, offers, scores FROM golden WHERE instance = %L', instance),
    format('SELECT offer, capacity + (offer = %s)::int AS capacity FROM golden_offer WHERE instance = %L', offer, instance)) p LIMIT 1 $$;
SELECT i.instance, a.*, pg_temp.total_with_one_more(i.instance, a.offer) - a.total_score AS one_more
FROM golden_instance i
CROSS JOIN LATERAL inclusion.allocate_prices(
  format('SELECT applicant, rank, offers, scores FROM golden WHERE instance = %L', i.instance),
  format('SELECT offer, capacity FROM golden_offer WHERE instance = %L', i.instance)) a
WHERE i.method = 'max_score' ORDER BY i.instance, a.offer;
-- whoever holds a place keeps it, and it is worth what another would gain there
CREATE TEMP VIEW holder AS SELECT * FROM (VALUES
  (1, 2, '{1,2}'::int[], '{1,10}'::int[], 1), (2, 1, '{1,2}', '{100,30}', NULL), (3, 3, '{3}', '{7}', NULL)
) AS v(applicant, rank, offers, scores, held);
CREATE TEMP VIEW scored_place AS SELECT generate_series(1, 3) AS offer, 1 AS capacity;
SELECT * FROM inclusion.allocate('TABLE holder', 'TABLE scored_place', 'max_score');
SELECT * FROM inclusion.allocate_prices('TABLE holder', 'TABLE scored_place');

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
SELECT * FROM pg_temp.refusal('SELECT 1', :offer_rows, 'priority', 'closed_first');
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
SELECT * FROM pg_temp.refusal('SELECT 7 AS applicant, 1 AS rank, 256 AS categories, ARRAY[1] AS offers', :offer_rows);
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

--
-- order_calls: known answers, promises, refusals
--
CREATE TEMP TABLE golden_call (instance text, rates integer[], rank bigint, name text, categories integer, call_order integer);
\copy golden_call FROM 'test/data/golden_call.csv' WITH (FORMAT csv, HEADER)
SELECT i.instance, i.rates, string_agg(g.name, ' ' ORDER BY c.call_order) AS calls,
  count(*) FILTER (WHERE g.call_order <> c.call_order) AS wrong
FROM (SELECT DISTINCT instance, rates FROM golden_call) i
CROSS JOIN LATERAL inclusion.order_calls(
  format('SELECT rank AS applicant, rank, categories FROM golden_call WHERE instance = %L ORDER BY name', i.instance), i.rates) c
JOIN golden_call g ON g.instance = i.instance AND g.rank = c.applicant
GROUP BY i.instance, i.rates ORDER BY i.instance;
-- every beginning has its share of one public, while somebody of it remains; within a public and outside, by rank
CREATE TEMP TABLE called AS
SELECT c.call_order, m.rank, m.categories & 1 AS public, sum(m.categories & 1) OVER (ORDER BY c.call_order) AS of_public
FROM inclusion.order_calls('SELECT applicant, rank, categories & 1 AS categories FROM member', '{40}') c JOIN member m USING (applicant);
SELECT count(*) AS calls, count(*) FILTER (WHERE 100 * of_public < 40 * call_order
    AND of_public < (SELECT sum(public) FROM called)) AS short, max(of_public) > 0 AS some
FROM called;
SELECT count(*) AS overtaken FROM (
  SELECT rank, lag(rank) OVER (PARTITION BY public ORDER BY call_order) AS before FROM called) x WHERE before > rank;
-- without rates, and without people
SELECT bool_and(rank = least) AS by_rank FROM (
  SELECT m.rank, (SELECT min(rank) FROM member) AS least
  FROM inclusion.order_calls('SELECT applicant, rank FROM member', '{}') c JOIN member m USING (applicant) WHERE c.call_order = 1) x;
SELECT count(*) FROM inclusion.order_calls('SELECT applicant, rank FROM member WHERE false', '{50,50}');
CREATE FUNCTION pg_temp.call_refusal(applicants text, rates integer[])
  RETURNS TABLE (code text, message text, hint text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM inclusion.order_calls(applicants, rates);
  message := 'accepted';
  RETURN NEXT;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
  RETURN NEXT;
END $$;
\x on
SELECT * FROM pg_temp.call_refusal('SELECT 7 AS applicant, 1 AS rank, 4 AS categories', '{10}');
SELECT * FROM pg_temp.call_refusal('SELECT 7 AS applicant, g AS rank FROM generate_series(1, 2) g', '{10}');
SELECT * FROM pg_temp.call_refusal('SELECT g AS applicant, 3 AS rank FROM generate_series(1, 2) g', '{10}');
SELECT * FROM pg_temp.call_refusal('SELECT 7 AS applicant, 1 AS rank', '{101}');
SELECT * FROM pg_temp.call_refusal('SELECT 7 AS applicant, 1 AS rank', '{1,2,3}');
SELECT * FROM pg_temp.call_refusal('SELECT 7 AS applicant, 1 AS rank', '{1,NULL}');
SELECT * FROM pg_temp.call_refusal('SELECT 7 AS applicant, 1 AS rank', NULL);
SELECT * FROM pg_temp.call_refusal(NULL, '{1}');
\x off

-- after all these errors it still works
SELECT count(*) AS differences FROM (
  TABLE outcome EXCEPT SELECT * FROM inclusion.allocate('SELECT * FROM person', 'SELECT * FROM place')) x;
