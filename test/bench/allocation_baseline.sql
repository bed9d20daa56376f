-- allocation_baseline.sql
--		The same allocation in SQL over sets, for comparison: in each round every
--		offer that somebody new asked keeps those who come first, and everybody
--		else asks the next of their list.  As well as we can write it: lists
--		stay in their arrays, one narrow unlogged table holds who asks whom, only
--		offers that were asked are looked at again, and the classes are the only
--		priority beside the rank: no reserve, no place held.

CREATE UNLOGGED TABLE bench.standing (
  applicant bigint PRIMARY KEY, offer bigint, class int, rank bigint, position int) WITH (fillfactor = 50);
CREATE UNLOGGED TABLE bench.asked (offer bigint PRIMARY KEY);

-- How many people have a place, once nobody is refused any more.
CREATE FUNCTION bench.allocate_in_sql() RETURNS bigint LANGUAGE plpgsql
  SET work_mem = '256MB' SET random_page_cost = 1.1 SET jit = off AS $$
DECLARE
  asked_next bigint[];
BEGIN
  TRUNCATE bench.standing, bench.asked;
  DROP INDEX IF EXISTS bench.standing_offer;
  INSERT INTO bench.standing SELECT applicant, offers[1], classes[1], rank, 1 FROM bench.plain;
  CREATE INDEX standing_offer ON bench.standing (offer);
  ANALYZE bench.standing;
  INSERT INTO bench.asked SELECT DISTINCT offer FROM bench.standing WHERE offer IS NOT NULL;
  ANALYZE bench.asked;
  LOOP
    WITH refused AS (
      SELECT t.applicant, t.position + 1 AS position
      FROM (SELECT s.applicant, s.position, s.offer, row_number() OVER (PARTITION BY s.offer ORDER BY s.class, s.rank) AS turn
            FROM bench.asked a JOIN bench.standing s USING (offer)) t
      JOIN bench.offer o USING (offer)
      WHERE t.turn > o.capacity
    ), cleared AS (
      DELETE FROM bench.asked
    ), moved AS (
      UPDATE bench.standing s SET offer = p.offers[r.position], class = p.classes[r.position], position = r.position
      FROM refused r JOIN bench.plain p USING (applicant)
      WHERE s.applicant = r.applicant
      RETURNING s.offer
    )
    SELECT array_agg(DISTINCT offer) FROM moved WHERE offer IS NOT NULL INTO asked_next;
    EXIT WHEN asked_next IS NULL;
    INSERT INTO bench.asked SELECT unnest(asked_next);
    ANALYZE bench.asked;
  END LOOP;
  RETURN (SELECT count(offer) FROM bench.standing);
END $$;
