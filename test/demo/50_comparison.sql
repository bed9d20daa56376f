-- What distance alone would have done: the nearest place of each person, and
-- the same night, same people, same seats, same ranks, with lists ordered by
-- distance only.

CREATE TABLE demo.need AS SELECT n.* FROM inclusion.needs_of(NULL::text[], demo.as_of()) n;
CREATE UNIQUE INDEX ON demo.need (beneficiary);

CREATE TABLE demo.night AS SELECT max(p.run) AS run FROM inclusion_data.active_list_pointer p;

-- Where one can go to learn, without journey at a distance.
CREATE TABLE demo.on_site AS
SELECT o.id AS offer, o.perimeter, o.place, o.declared_by, o.supply
FROM inclusion_data.offer o
WHERE o.supply IS NOT NULL AND 'learn' = ANY (o.families) AND NOT o.remote;

-- The nearest place, the offer there that suits best, and whether it suits.
CREATE TABLE demo.nearest AS
SELECT n.perimeter, n.beneficiary, near.offer, near.place, near.metres, near.supply OPERATOR(inclusion.@@) n.need AS eligible
FROM demo.need n
CROSS JOIN LATERAL (
  SELECT o.offer, o.place, o.supply, inclusion.distance(o.supply, n.need) AS metres
  FROM demo.on_site o
  WHERE o.perimeter = n.perimeter AND inclusion.distance(o.supply, n.need) IS NOT NULL
  ORDER BY metres, o.supply OPERATOR(inclusion.@@) n.need DESC, o.supply OPERATOR(inclusion.<=>) n.need, o.offer LIMIT 1) near;

-- Is the first choice the nearest place?  With the national files alone, then
-- with the workshops of the demonstration.
CREATE TABLE demo.first_choice AS
SELECT f.files, n.perimeter, n.beneficiary, best.place, near.place AS nearest_place
FROM (VALUES ('national', false), ('all', true)) f (files, declared)
CROSS JOIN demo.need n
CROSS JOIN LATERAL (
  SELECT o.place FROM demo.on_site o
  WHERE (f.declared OR o.declared_by = 'import') AND o.perimeter = n.perimeter AND o.supply OPERATOR(inclusion.@@) n.need
  ORDER BY o.supply OPERATOR(inclusion.<=>) n.need, o.offer LIMIT 1) best
CROSS JOIN LATERAL (
  SELECT o.place FROM demo.on_site o
  WHERE (f.declared OR o.declared_by = 'import') AND o.perimeter = n.perimeter
  ORDER BY inclusion.distance(o.supply, n.need), o.offer LIMIT 1) near;

-- The counted seats of the night, on site, nearest first: all of them, or only
-- those that suit the person.
CREATE TABLE demo.distance_list AS
SELECT v.night, c.perimeter, c.beneficiary, c.rank, l.offers
FROM (VALUES ('nearest', false), ('nearest_fit', true)) v (night, only_fit)
CROSS JOIN demo.night t
JOIN inclusion_data.run_candidate c ON c.run = t.run AND c.rank IS NOT NULL
JOIN demo.need n ON n.beneficiary = c.beneficiary
JOIN inclusion_data.beneficiary b ON b.id = c.beneficiary AND b.perimeter = c.perimeter
JOIN inclusion_data.policy k ON k.id = inclusion.policy_in_force(c.perimeter, demo.as_of())
CROSS JOIN LATERAL (
  SELECT array_agg(x.offer ORDER BY x.metres, x.offer) AS offers
  FROM (SELECT o.offer, inclusion.distance(o.supply, n.need) AS metres
        FROM demo.on_site o JOIN inclusion_data.run_offer r ON r.run = t.run AND r.offer = o.offer AND r.promised AND r.capacity > 0
        WHERE o.perimeter = c.perimeter AND inclusion.distance(o.supply, n.need) <= coalesce(b.max_distance, k.max_distance)
          AND (NOT v.only_fit OR o.supply OPERATOR(inclusion.@@) n.need)
        ORDER BY metres, o.offer LIMIT k.list_length) x) l
WHERE l.offers IS NOT NULL;

CREATE TABLE demo.distance_night AS
SELECT v.night, a.applicant AS rank, a.offer
FROM (VALUES ('nearest'), ('nearest_fit')) v (night)
CROSS JOIN LATERAL inclusion.allocate(
  format('SELECT d.rank AS applicant, d.rank, d.offers FROM demo.distance_list d WHERE d.night = %L', v.night),
  'SELECT r.offer, r.capacity FROM inclusion_data.run_offer r JOIN demo.night t ON t.run = r.run WHERE r.promised AND r.capacity > 0') a
WHERE a.offer IS NOT NULL;

-- The three nights, a seat a row, measured the same way.
CREATE TABLE demo.seat_given AS
SELECT g.night, g.perimeter, g.beneficiary, g.offer, m.coverage, m.eligible, m.reasons, m.distance
FROM (
  SELECT 'fit' AS night, d.perimeter, d.beneficiary, d.offer
  FROM inclusion_data.run_result d JOIN demo.night t ON t.run = d.run WHERE d.outcome = 'proposed'
  UNION ALL
  SELECT n.night, l.perimeter, l.beneficiary, n.offer
  FROM demo.distance_night n JOIN demo.distance_list l ON l.night = n.night AND l.rank = n.rank) g
JOIN demo.need n ON n.beneficiary = g.beneficiary
JOIN inclusion_data.offer o ON o.id = g.offer
CROSS JOIN LATERAL inclusion.match_terms(o.supply, n.need) m;
