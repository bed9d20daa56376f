-- allocation.sql
--		What sharing places costs: invented people and offers, lists of 20, in
--		arrays.  Variables: people, offers.
--
--		People and offers stand on a ring of towns of very unequal size; a list
--		is a walk among the offers around the person.  Everything comes from
--		hashes: two runs measure the same instance.

\set length 20

CREATE SCHEMA bench;
SET search_path = bench, public;

CREATE TABLE bench.offer AS
SELECT offer::bigint, (((hashint8extended(offer, 1) & 15) * :people) / (10 * :offers))::int AS capacity
FROM generate_series(1, :offers) AS offer;

CREATE TABLE bench.applicant AS
SELECT p::bigint AS applicant, row_number() OVER (ORDER BY hashint8extended(p, 2), p) AS rank,
  ARRAY(SELECT (1 + (home.base + i * home.step) % :offers)::bigint FROM generate_series(0, :length - 1) AS i) AS offers,
  ARRAY(SELECT (1 + (hashint8extended(p * 100 + i, 3) & 3) / 3)::int FROM generate_series(0, :length - 1) AS i) AS classes,
  ARRAY(SELECT (10000 - 400 * i - (hashint8extended(p * 100 + i, 7) & 511))::int FROM generate_series(0, :length - 1) AS i) AS scores,
  (hashint8extended(p, 8) & hashint8extended(p, 9) & 255)::int AS publics
FROM generate_series(1, :people) AS p,
  LATERAL (SELECT ((hashint8extended(p, 4) & 1023) * (hashint8extended(p, 5) & 1023) * :offers / 1048576)::bigint AS base,
    1 + (hashint8extended(p, 6) & 31) AS step) AS home;

ALTER TABLE bench.offer ADD PRIMARY KEY (offer);
ALTER TABLE bench.applicant ADD PRIMARY KEY (applicant);
VACUUM (FREEZE, ANALYZE) bench.offer, bench.applicant;

CREATE VIEW bench.plain AS SELECT applicant, rank, offers, classes FROM bench.applicant;
CREATE VIEW bench.scored AS SELECT applicant, rank, offers, scores FROM bench.applicant;
-- a third of the offers keep some places for one or two publics that overlap
CREATE VIEW bench.member AS SELECT applicant, rank, offers, classes, publics & 3 AS categories FROM bench.applicant;
CREATE VIEW bench.reserving AS
SELECT *, CASE WHEN offer % 3 = 0 THEN ARRAY[capacity / 3, capacity / 5] END AS reserves FROM bench.offer;
-- everybody at one offer, with places for a third, half of them for eight publics that overlap
CREATE VIEW bench.crowd AS SELECT applicant, rank, ARRAY[1] AS offers, publics AS categories FROM bench.applicant;
CREATE VIEW bench.large AS SELECT 1 AS offer, :people / 3 AS capacity, array_fill(:people / 48, ARRAY[8]) AS reserves;

CREATE TABLE bench.phase (n int GENERATED ALWAYS AS IDENTITY, title text, query text, megabytes bigint);
INSERT INTO bench.phase (title, query) VALUES
  ('reading the rows alone', 'SELECT count(*) + sum(cardinality(offers)) + sum(cardinality(classes)) FROM bench.plain'),
  ('allocate', $$SELECT count(offer) FROM inclusion.allocate('TABLE bench.plain', 'TABLE bench.offer')$$),
  ('allocate, two publics', $$SELECT count(offer) FROM inclusion.allocate('TABLE bench.member', 'TABLE bench.reserving')$$),
  ('allocate, two publics, open first', $$SELECT count(offer) FROM inclusion.allocate('TABLE bench.member', 'TABLE bench.reserving', 'priority', 'open_first')$$),
  ('allocate, eight publics at one offer', $$SELECT count(offer) FROM inclusion.allocate('TABLE bench.crowd', 'TABLE bench.large')$$),
  ('allocate, max_score', $$SELECT count(offer) FROM inclusion.allocate('TABLE bench.scored', 'TABLE bench.offer', 'max_score')$$),
  ('allocate_prices', $$SELECT sum(placed) FROM inclusion.allocate_prices('TABLE bench.scored', 'TABLE bench.offer')$$),
  ('SQL over sets', 'SELECT bench.allocate_in_sql()');

CREATE TABLE bench.timing (n int, seconds float8, cpu float8, placed bigint);

\ir cpu.sql

CREATE PROCEDURE bench.measure(title text, runs int) LANGUAGE plpgsql AS $$
DECLARE
  phase bench.phase;
BEGIN
  SELECT * INTO STRICT phase FROM bench.phase p WHERE p.title = measure.title;
  FOR run IN 1 .. runs LOOP
    INSERT INTO bench.timing SELECT phase.n, t.seconds, t.of_a_core, t.answer FROM bench.timed(phase.query) t;
  END LOOP;
END $$;

-- How good the best total is, proved; and what fairness costs beside it.
CREATE VIEW bench.quality AS
SELECT p.total_score, p.score_bound, round(100.0 * (p.score_bound - p.total_score) / p.score_bound, 4) AS proved_within_percent,
  round(100.0 * (p.score_bound - fair.score) / p.score_bound, 2) AS price_of_fairness_percent
FROM (SELECT DISTINCT total_score, score_bound FROM inclusion.allocate_prices('TABLE bench.scored', 'TABLE bench.offer')) p,
  (SELECT sum(a.scores[f.list_position]) AS score
   FROM inclusion.allocate('TABLE bench.scored', 'TABLE bench.offer') f JOIN bench.applicant a USING (applicant)) fair;
