/*
 * 34_simulate: what if.  A night is given again on the lists and places it had,
 * with one thing changed; nothing is written, on a standby as elsewhere.  Lists
 * stay as they were: an offer nobody listed helps nobody here.
 */

-- Who gets a counted place when the two queries of a night are as given.
CREATE FUNCTION inclusion.simulated_places(run bigint, applicants text, offers text)
RETURNS TABLE (rank bigint, grade int, waiting_days int, offer bigint, cost float8, offer_before bigint, cost_before float8)
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
  SELECT c.rank, c.grade, c.waiting_days, a.offer, c.costs[a.list_position],
         CASE WHEN d.outcome IN ('proposed', 'held') THEN d.offer END, CASE WHEN d.outcome IN ('proposed', 'held') THEN d.cost END
  FROM inclusion.allocate(applicants, offers) a
  JOIN inclusion_data.run_candidate c ON c.run = simulated_places.run AND c.rank = a.applicant
  JOIN inclusion_data.run_result d ON d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary
$$;

-- simulate_capacity: what so many more seats would change in a night (NULL: the
-- last published): in one offer, or in each offer of a place.  One row a grade,
-- then one for all (grade NULL).
--   gained, improved, worse   people placed who were not; placed nearer to, or
--                             further from, their need than they were
CREATE FUNCTION inclusion.simulate_capacity(offer bigint DEFAULT NULL, extra_seats int DEFAULT 10, place bigint DEFAULT NULL, run bigint DEFAULT NULL)
RETURNS TABLE (grade int, people bigint, placed_before bigint, placed bigint, gained bigint, improved bigint, worse bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  night constant bigint := inclusion.resolve_run(simulate_capacity.run);
  changed bigint[];
BEGIN
  SELECT array_agg(o.offer ORDER BY o.offer) INTO changed
  FROM inclusion_data.run_offer o LEFT JOIN inclusion_data.offer f ON f.id = o.offer
  WHERE o.run = night AND (o.offer = simulate_capacity.offer OR f.place = simulate_capacity.place);
  IF changed IS NULL THEN
    RAISE EXCEPTION 'run % saw no offer % or offer at place %', night, coalesce(offer::text, 'NULL'), coalesce(place::text, 'NULL')
      USING ERRCODE = 'IN202', HINT = 'Name an offer or a place: SELECT offer, name FROM inclusion.allocation_cutoffs(run) lists the offers it saw.';
  END IF;
  RETURN QUERY
  SELECT s.grade, count(*), count(s.offer_before), count(s.offer), count(*) FILTER (WHERE s.offer IS NOT NULL AND s.offer_before IS NULL),
         count(*) FILTER (WHERE s.cost < s.cost_before),
         count(*) FILTER (WHERE s.cost > s.cost_before OR s.offer IS NULL AND s.offer_before IS NOT NULL)
  FROM inclusion.simulated_places(night, inclusion.seat_applicants(night),
    format('SELECT o.offer, greatest(o.capacity + CASE WHEN o.offer = ANY (%L::bigint[]) THEN %s ELSE 0 END, 0) AS capacity, o.reserves FROM (%s) o',
           changed, coalesce(extra_seats, 0), inclusion.seat_offers(night))) s
  GROUP BY ROLLUP (s.grade)
  ORDER BY s.grade NULLS LAST;
END
$$;

-- The ranks of a run if one grade were worth `days` days.
CREATE FUNCTION inclusion.ranks_under(run bigint, days int) RETURNS TABLE (rank bigint, rank_then bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.rank, row_number() OVER (ORDER BY c.grade * days + least(c.waiting_days, k.max_waiting_days) DESC, c.waiting_days DESC,
           sha256(convert_to(k.lottery_key || '/' || c.perimeter || '/' || c.beneficiary, 'UTF8')), c.perimeter, c.beneficiary)
  FROM inclusion_data.run_candidate c JOIN inclusion.night_policies(ranks_under.run) k ON k.perimeter = c.perimeter
  WHERE c.run = ranks_under.run AND c.rank IS NOT NULL
$$;

-- simulate_policy: what another worth of a grade, in days, would change in a
-- night.  One row a number of days and a grade, then one for all grades (NULL).
--   mean_days, longest_days   waited by those placed; by those who are not
--   changed                   people who get another offer, or one, or none
CREATE FUNCTION inclusion.simulate_policy(days_per_grade int[] DEFAULT '{0,30,60,120}', run bigint DEFAULT NULL)
RETURNS TABLE (days int, grade int, people bigint, placed bigint, mean_days numeric, longest_days int, changed bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  night constant bigint := inclusion.resolve_run(simulate_policy.run);
BEGIN
  IF days_per_grade IS NULL OR EXISTS (SELECT FROM unnest(days_per_grade) d WHERE coalesce(d, -1) NOT BETWEEN 0 AND 36500) THEN
    RAISE EXCEPTION 'a grade cannot be worth % days', days_per_grade
      USING ERRCODE = 'IN010', HINT = 'Give numbers of days from 0 to 36500, e.g. ARRAY[0, 30, 60, 120].';
  END IF;
  RETURN QUERY
  SELECT w.days, s.grade, count(*), count(s.offer), round(avg(s.waiting_days) FILTER (WHERE s.offer IS NOT NULL), 1),
         max(s.waiting_days) FILTER (WHERE s.offer IS NULL), count(*) FILTER (WHERE coalesce(s.offer, 0) <> coalesce(s.offer_before, 0))
  FROM (SELECT DISTINCT d AS days FROM unnest(days_per_grade) d) w
  CROSS JOIN LATERAL inclusion.simulated_places(night,
    format('SELECT a.applicant, coalesce(r.rank_then, a.rank) AS rank, a.categories, a.offers, a.classes, a.held '
           'FROM (%s) a LEFT JOIN inclusion.ranks_under(%s, %s) r ON r.rank = a.applicant', inclusion.seat_applicants(night), night, w.days),
    inclusion.seat_offers(night)) s
  GROUP BY w.days, ROLLUP (s.grade)
  ORDER BY w.days, s.grade NULLS LAST;
END
$$;

COMMENT ON FUNCTION inclusion.simulated_places(bigint, text, text) IS 'Places simulées : ce que chacun obtiendrait, à côté de ce qu''il a obtenu.';
COMMENT ON FUNCTION inclusion.simulate_capacity(bigint, int, bigint, bigint) IS 'Simulation de places : ce que changeraient tant de places de plus dans une offre ou un lieu ; rien n''est écrit.';
COMMENT ON FUNCTION inclusion.ranks_under(bigint, int) IS 'Rangs simulés : si un rang dans la grille valait tant de jours.';
COMMENT ON FUNCTION inclusion.simulate_policy(int[], bigint) IS 'Simulation de politique : ce que changerait la valeur en jours d''un rang dans la grille ; rien n''est écrit.';
