-- The invented people, drawn in table demo.person, one row each.  How many in a
-- commune follows its population and its known share of people aged 65 and over
-- and without diploma; where a share is unknown, the mean of the perimeter.
-- Desks have not been everywhere: the farther a commune is from any place, the
-- likelier that nobody went there yet.  Shares are numeric: a mean of floats would
-- depend on the order of rows.

CREATE TABLE demo.commune AS
WITH known AS (
  SELECT t.code, t.perimeter, t.name, t.population, t.longitude, t.latitude,
         max(f.value::numeric) FILTER (WHERE f.indicator = 'aged_65_plus') / 100 AS aged,
         max(f.value::numeric) FILTER (WHERE f.indicator = 'aged_under_25') / 100 AS young,
         max(f.value::numeric) FILTER (WHERE f.indicator = 'low_diploma_15_plus') / 100 AS low_diploma,
         max(f.value::numeric) FILTER (WHERE f.indicator = 'unemployment_15_64') / 100 AS unemployed,
         max(f.value::numeric) FILTER (WHERE f.indicator = 'poverty_rate') / 100 AS poor
  FROM inclusion_data.territory t LEFT JOIN inclusion_data.fragility f ON f.territory = t.code
  WHERE t.perimeter IS NOT NULL
  GROUP BY t.code
)
SELECT k.*, v.nearest_place_km,
       coalesce(k.aged, avg(k.aged) OVER here) AS aged_used,
       coalesce(k.young, avg(k.young) OVER here) AS young_used,
       coalesce(k.low_diploma, avg(k.low_diploma) OVER here) AS low_diploma_used,
       coalesce(k.unemployed, avg(k.unemployed) OVER here) AS unemployed_used,
       coalesce(k.poor, avg(k.poor) OVER here) AS poor_used,
       demo.draw('outreach ' || k.code) * 25 < coalesce(v.nearest_place_km, 25) - 3 AS not_reached
FROM known k
JOIN pilotage.map_blind_spot v ON v.commune_code = substr(k.code, 5)
WINDOW here AS (PARTITION BY k.perimeter);

-- Seats of the draw: a commune gets the numbers between its cumulated share and
-- that of the one before.
CREATE TABLE demo.person AS
WITH share AS (
  SELECT c.*, sum(c.weight) OVER (PARTITION BY c.perimeter ORDER BY c.code) AS upto, sum(c.weight) OVER (PARTITION BY c.perimeter) AS whole
  FROM (SELECT k.*, CASE WHEN k.not_reached THEN 0 ELSE coalesce(k.population, 0) * (0.25 + k.aged_used + k.low_diploma_used) END AS weight
        FROM demo.commune k) c
), numbered AS (
  SELECT s.perimeter, s.code AS commune, s.population, s.longitude, s.latitude, s.aged_used, s.young_used, s.low_diploma_used,
         s.unemployed_used, s.poor_used, s.code || '/' || g AS key
  FROM share s CROSS JOIN demo.setting d
  CROSS JOIN LATERAL generate_series(ceil((s.upto - s.weight) / s.whole * d.people)::int, ceil(s.upto / s.whole * d.people)::int - 1) g
), drawn AS (
  -- Of those met, age follows the frequency of digital difficulty by age
  -- (Insee, TIC 2021) applied to the ages of the commune.
  SELECT n.*, demo.pick(demo.draw(n.key || ' age'), '{young,adult,older,aged}',
           ARRAY[0.02 * n.young_used / 2, 0.05 * (1 - n.young_used - n.aged_used), 0.10 * (1 - n.young_used - n.aged_used), 0.42 * n.aged_used]) AS age_group
  FROM numbered n
), aged AS (
  SELECT d.*, CASE d.age_group WHEN 'young' THEN 18 + floor(7 * u)::int WHEN 'adult' THEN 25 + floor(20 * u)::int
                               WHEN 'older' THEN 45 + floor(20 * u)::int ELSE 65 + floor(24 * u * u + 2 * u)::int END AS age,
         demo.draw(d.key || ' diploma') < least(0.95, 1.6 * d.low_diploma_used) AS low_diploma
  FROM drawn d CROSS JOIN LATERAL (SELECT demo.draw(d.key || ' years') AS u) v
)
SELECT row_number() OVER (ORDER BY a.perimeter, a.key) AS id, a.*,
  -- 0 never used a screen … 3 manages daily life
  CASE WHEN x.skill < 0.30 THEN 0 WHEN x.skill < 0.62 THEN 1 WHEN x.skill < 0.87 THEN 2 ELSE 3 END AS stage,
  x.foreigner, x.illiterate,
  demo.draw(a.key || ' job') < 2.5 * a.unemployed_used AND a.age BETWEEN 18 AND 62 AS job_seeker,
  demo.draw(a.key || ' poor') < 1.8 * a.poor_used AND a.age < 66 AS minimum_income,
  demo.draw(a.key || ' child') < 0.45 AND a.age BETWEEN 24 AND 50 AS parent,
  demo.draw(a.key || ' disabled') < CASE WHEN a.age >= 65 THEN 0.14 ELSE 0.08 END AS disabled,
  demo.draw(a.key || ' vehicle') < CASE WHEN a.age >= 75 THEN 0.40 ELSE 0.22 END AS no_vehicle,
  demo.draw(a.key || ' help') < CASE WHEN a.age >= 65 THEN 0.40 ELSE 0.30 END AS nobody_to_help,
  demo.draw(a.key || ' equipment') < 0.24 AS no_equipment,
  demo.draw(a.key || ' procedure') < 0.30 AS recurring_procedure,
  demo.draw(a.key || ' rights') AS u_rights,
  -- waited less often long than little
  1 + floor(420 * demo.draw(a.key || ' wait') * demo.draw(a.key || ' wait more'))::int AS waited
FROM aged a
CROSS JOIN LATERAL (
  SELECT demo.draw(a.key || ' skill') - CASE WHEN a.age >= 75 THEN 0.20 WHEN a.age >= 65 THEN 0.08 WHEN a.age < 30 THEN -0.15 ELSE -0.05 END
           - CASE WHEN a.low_diploma THEN 0.10 ELSE -0.06 END AS skill,
         demo.draw(a.key || ' language') < 0.05 AS foreigner,
         demo.draw(a.key || ' writing') < CASE WHEN a.low_diploma THEN 0.12 ELSE 0.02 END AS illiterate) x;

CREATE UNIQUE INDEX ON demo.person (id);
