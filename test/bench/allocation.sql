--
-- allocation: 100 000 people, 10 000 offers, lists of 20, in arrays
--
-- People and offers stand on a ring of towns of very unequal size; a list is a
-- walk among the offers around the person.  Everything comes from hashes: two
-- runs measure the same instance.  Target: the whole call under one second.
--
\set people 100000
\set offers 10000
\set length 20

CREATE TEMP TABLE bench_offer AS
SELECT offer::bigint, (hashint8extended(offer, 1) & 15)::int AS capacity
FROM generate_series(1, :offers) AS offer;

CREATE TEMP TABLE bench_applicant AS
SELECT p::bigint AS applicant, row_number() OVER (ORDER BY hashint8extended(p, 2), p) AS rank,
  ARRAY(SELECT (1 + (home.base + i * home.step) % :offers)::bigint FROM generate_series(0, :length - 1) AS i) AS offers,
  ARRAY(SELECT (1 + (hashint8extended(p * 100 + i, 3) & 3) / 3)::int FROM generate_series(0, :length - 1) AS i) AS classes
FROM generate_series(1, :people) AS p,
  LATERAL (SELECT ((hashint8extended(p, 4) & 1023) * (hashint8extended(p, 5) & 1023) / 105)::bigint AS base,
    1 + (hashint8extended(p, 6) & 31) AS step) AS home;

-- a third of the offers keep some places for one or two publics that overlap
CREATE TEMP VIEW bench_reserving AS
SELECT *, CASE WHEN offer % 3 = 0 THEN ARRAY[capacity / 3, capacity / 5] END AS reserves FROM bench_offer;
CREATE TEMP VIEW bench_member AS
SELECT *, (applicant % 5 = 0)::int + 2 * (applicant % 7 = 0)::int AS categories FROM bench_applicant;

ANALYZE bench_offer, bench_applicant;

\timing on
-- reading alone
SELECT count(*), sum(cardinality(offers)) AS edges FROM bench_applicant;
-- the whole call, three times
SELECT count(*) AS people, count(offer) AS placed, round(avg(list_position), 2) AS mean_position
FROM inclusion.allocate('TABLE bench_applicant', 'TABLE bench_offer');
SELECT count(*) AS people, count(offer) AS placed, round(avg(list_position), 2) AS mean_position
FROM inclusion.allocate('TABLE bench_applicant', 'TABLE bench_offer');
SELECT count(*) AS people, count(offer) AS placed, round(avg(list_position), 2) AS mean_position
FROM inclusion.allocate('TABLE bench_applicant', 'TABLE bench_offer');
-- with reserves
SELECT count(*) AS people, count(offer) AS placed, count(reserved_for) AS on_reserves, round(avg(list_position), 2) AS mean_position
FROM inclusion.allocate('TABLE bench_member', 'TABLE bench_reserving');
\timing off
