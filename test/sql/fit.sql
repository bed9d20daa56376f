-- Is a supply eligible for a need, and at which cost
SET search_path = public, inclusion;
SET datestyle = ISO;

-- The reasons of a refusal; every way of asking must agree
CREATE FUNCTION pg_temp.refusals(s supply, n need) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN (s @@ n) = (reasons = '{}') AND (n @@ s) = (s @@ n) AND eligible = (s @@ n)
      AND cost = (s <=> n) AND (n <=> s) = (s <=> n)
      AND cost = term_coverage + term_audience + term_quality + term_distance + term_price
    THEN reasons::text ELSE 'CONTRADICTION' END
  FROM match_terms(s, n) $$;

CREATE FUNCTION pg_temp.a_need(
  current competence_vector DEFAULT 'pix{1.1=1}', target competence_vector DEFAULT 'pix{1.1=3}',
  longitude float8 DEFAULT 1, latitude float8 DEFAULT 49, max_distance float8 DEFAULT 10000, family text DEFAULT 'learn',
  weights int[] DEFAULT NULL, modes text[] DEFAULT '{}', audiences text[] DEFAULT '{}', accommodations text[] DEFAULT '{}',
  languages text[] DEFAULT '{}', slots text[] DEFAULT '{}', accept_remote boolean DEFAULT true,
  accept_on_site boolean DEFAULT true)
RETURNS need LANGUAGE sql AS $$
  SELECT need(current, target, longitude, latitude, max_distance, '2025-03-15', family, weights, modes, audiences,
    accommodations, languages, slots, accept_remote, accept_on_site) $$;

CREATE FUNCTION pg_temp.a_supply(
  requires competence_vector DEFAULT NULL, teaches competence_vector DEFAULT 'pix{1.1=3}',
  longitude float8 DEFAULT 1, latitude float8 DEFAULT 49, remote boolean DEFAULT false, families text[] DEFAULT '{learn}',
  modes text[] DEFAULT '{}', audiences text[] DEFAULT '{}', only_for text[] DEFAULT '{}', accommodations text[] DEFAULT '{}',
  languages text[] DEFAULT '{fr}', slots text[] DEFAULT '{}', travels_within float8 DEFAULT 0, quality float8 DEFAULT 0.5,
  price float8 DEFAULT 0, valid daterange DEFAULT '(,)', open boolean DEFAULT true)
RETURNS supply LANGUAGE sql AS $$
  SELECT supply(requires, teaches, longitude, latitude, remote, families, modes, audiences, only_for, accommodations,
    languages, slots, travels_within, quality, price, valid, open) $$;

SELECT pg_temp.refusals(pg_temp.a_supply(), pg_temp.a_need()) AS eligible;
SELECT * FROM match_terms(pg_temp.a_supply(), pg_temp.a_need()) \gx

-- Family
SELECT family, families, pg_temp.refusals(pg_temp.a_supply(families => families::text[]), pg_temp.a_need(family => family))
FROM (VALUES ('learn', '{learn}'), ('learn', '{rights}'), ('rights', '{learn}'), ('rights', '{learn,rights}'),
  ('custom_8', '{custom_8}')) t(family, families);

-- Open
SELECT pg_temp.refusals(pg_temp.a_supply(open => false), pg_temp.a_need()) AS closed,
  pg_temp.refusals(set_open(pg_temp.a_supply(open => false), true), pg_temp.a_need()) AS opened;

-- Valid on the day, 2025-03-15
SELECT valid, pg_temp.refusals(pg_temp.a_supply(valid => valid), pg_temp.a_need())
FROM unnest(ARRAY['(,)', 'empty', '[2025-03-15,2025-03-16)', '[2025-03-14,2025-03-15)', '[2025-03-16,)', '(,2025-03-15)',
  '(,2025-03-15]', '[2025-03-15,)', '(2025-03-15,)', '[-infinity,infinity]', '[infinity,infinity]']::daterange[]) AS valid;

-- Coverage: gain over need, in weighted points
SELECT current, target, requires, teaches, t.coverage, (SELECT sum(gain) FROM match_gains(s, n)) AS gain,
  pg_temp.refusals(s, n)
FROM (VALUES
  ('pix{1.1=1}', 'pix{1.1=3}', NULL, 'pix{1.1=3}'),
  ('pix{1.1=1}', 'pix{1.1=3}', NULL, 'pix{1.1=2}'),
  ('pix{1.1=1}', 'pix{1.1=3}', NULL, 'pix{1.1=8}'),
  ('pix{1.1=1}', 'pix{1.1=3}', NULL, 'pix{1.1=1}'),
  ('pix{1.1=1}', 'pix{1.1=3}', NULL, 'pix{1.2=3}'),
  ('pix{1.1=1}', 'pix{1.1=3,1.2=2,1.3=4}', NULL, 'pix{1.1=2,1.2=1}'),
  ('pix{1.1=3}', 'pix{1.1=3}', NULL, 'pix{1.1=8}'),
  ('pix{1.1=4}', 'pix{1.1=3,1.2=1}', NULL, 'pix{1.1=8}'),
  -- not assessed counts from 0
  (NULL, 'pix{1.1=2}', NULL, 'pix{1.1=1}'),
  ('pix{}', 'pix{1.1=2}', 'pix{1.1=1}', 'pix{1.1=2}'),
  -- nothing wanted
  ('pix{1.1=1}', 'pix{}', NULL, 'pix{1.1=3}'),
  -- slack: from level 2 on, one level above is accepted; 15 points have none, 16 have
  ('pix{1.1=1}', 'pix{1.1=5}', 'pix{1.1=1}', 'pix{1.1=4}'),
  ('pix{1.1=1}', 'pix{1.1=5}', 'pix{1.1=2}', 'pix{1.1=4}'),
  ('pix{1.1=1.875}', 'pix{1.1=5}', 'pix{1.1=2}', 'pix{1.1=4}'),
  ('pix{1.1=2}', 'pix{1.1=5}', 'pix{1.1=3}', 'pix{1.1=4}'),
  ('pix{1.1=2}', 'pix{1.1=6}', 'pix{1.1=4}', 'pix{1.1=6}'),
  ('pix{1.1=2.875}', 'pix{1.1=6}', 'pix{1.1=3}', 'pix{1.1=4}'),
  ('pix{1.1=2.875}', 'pix{1.1=6}', 'pix{1.1=4}', 'pix{1.1=5}'),
  ('pix{1.1=7.125}', 'pix{1.1=8}', 'pix{1.1=7}', 'pix{1.1=8}'),
  -- two frameworks have nothing in common
  ('digcomp{1.1=1}', 'digcomp{1.1=3}', NULL, 'pix{1.1=3}'),
  ('digcomp{1.1=1}', 'digcomp{1.1=3}', NULL, 'digcomp{1.1=3}')
) v(current, target, requires, teaches),
  LATERAL (SELECT pg_temp.a_supply(requires => requires::competence_vector, teaches => teaches::competence_vector) AS s,
    pg_temp.a_need(current => current::competence_vector, target => target::competence_vector) AS n) a,
  match_terms(s, n) t;

-- Weights of the competences: 1.1 is the ninth of pix
SELECT weights[9] AS w_1_1, weights[10] AS w_1_2, t.coverage, pg_temp.refusals(s, n)
FROM (VALUES (8, 8), (15, 1), (1, 15), (0, 8), (8, 0), (0, 0)) v(a, b),
  LATERAL (SELECT array_fill(8, '{8}') || ARRAY[a, b] || array_fill(8, '{14}') AS weights) w,
  LATERAL (SELECT pg_temp.a_supply(teaches => 'pix{1.1=3}') AS s,
    pg_temp.a_need(target => 'pix{1.1=3,1.2=4}', weights => weights) AS n) x,
  match_terms(s, n) t;
SELECT * FROM match_gains(
  pg_temp.a_supply(requires => 'pix{1.2=2,1.3=1}', teaches => 'pix{1.1=2,1.2=4,1.3=8,2.1=3}'),
  pg_temp.a_need(current => 'pix{1.1=1,1.3=0.5,2.2=8}', target => 'pix{1.1=3,1.2=4,1.3=4.5,2.2=2,5.2=1}'));
SELECT * FROM match_gains(pg_temp.a_supply(teaches => 'digcomp{1.1=3}'), pg_temp.a_need());

-- Other families look at no vector
SELECT families, t.coverage, t.cost, pg_temp.refusals(s, n)
FROM (VALUES ('{rights}'), ('{learn,rights}'), ('{learn}'), ('{equipment}')) v(families),
  LATERAL (SELECT pg_temp.a_supply(families => families::text[], teaches => 'digcomp{1.1=1}') AS s,
    pg_temp.a_need(family => 'rights') AS n) x,
  match_terms(s, n) t;

-- Accommodations: those of the place are not asked of a remote offer
SELECT asked, offered, pg_temp.refusals(pg_temp.a_supply(accommodations => offered::text[]), n) AS on_site,
  pg_temp.refusals(pg_temp.a_supply(accommodations => offered::text[], remote => true), n) AS remote
FROM (VALUES ('{}', '{}'), ('{step_free}', '{}'), ('{step_free}', '{step_free,lift}'), ('{step_free,lift}', '{step_free}'),
  ('{sign_language}', '{}'), ('{sign_language}', '{sign_language}'), ('{step_free,sign_language}', '{sign_language}'),
  ('{custom_4}', '{}'), ('{custom_5}', '{}')) v(asked, offered),
  LATERAL (SELECT pg_temp.a_need(accommodations => asked::text[]) AS n) x;

-- Languages
SELECT asked, offered, accommodations,
  pg_temp.refusals(pg_temp.a_supply(languages => offered::text[], accommodations => accommodations::text[]),
    pg_temp.a_need(languages => asked::text[]))
FROM (VALUES ('{}', '{ar}', '{}'), ('{fr}', '{}', '{}'), ('{ar}', '{}', '{}'), ('{ar,en}', '{en,de}', '{}'),
  ('{ar}', '{en}', '{interpreter}'), ('{ar}', '{en}', '{sign_language}')) v(asked, offered, accommodations);

-- Slots and the three kinds of modes: compared where both state some
SELECT asked, offered, pg_temp.refusals(pg_temp.a_supply(slots => offered::text[]), pg_temp.a_need(slots => asked::text[]))
FROM (VALUES ('{}', '{mo_am}'), ('{mo_am}', '{}'), ('{mo_am,tu_pm}', '{tu_pm,su_ev}'), ('{mo_am}', '{mo_pm}')) v(asked, offered);
SELECT asked, offered, pg_temp.refusals(pg_temp.a_supply(modes => offered::text[]), pg_temp.a_need(modes => asked::text[]))
FROM (VALUES ('{}', '{workshop}'), ('{workshop}', '{}'), ('{workshop}', '{individual}'), ('{workshop}', '{computer}'),
  ('{workshop,tablet}', '{workshop,computer}'), ('{workshop,tablet}', '{workshop,tablet,show}'),
  ('{workshop,tablet,act_for}', '{workshop,tablet,show}'), ('{act_for}', '{individual,computer}'),
  ('{phone,custom_1}', '{video,custom_1}'), ('{custom_8}', '{workshop}')) v(asked, offered);

-- Audiences: only_for excludes, the others weigh
SELECT named, audiences, only_for, t.fit, t.term_audience, pg_temp.refusals(s, n)
FROM (VALUES ('{}', '{}', '{}'), ('{}', '{youth}', '{}'), ('{youth,women}', '{}', '{}'), ('{youth,women}', '{youth}', '{}'),
  ('{youth,women,workers}', '{youth,women}', '{}'), ('{youth}', '{seniors}', '{}'), ('{youth}', '{}', '{youth}'),
  ('{youth,women}', '{women}', '{youth}'), ('{youth}', '{youth}', '{seniors}'), ('{}', '{}', '{seniors}')) v(named, audiences, only_for),
  LATERAL (SELECT pg_temp.a_supply(audiences => audiences::text[], only_for => only_for::text[]) AS s,
    pg_temp.a_need(audiences => named::text[]) AS n) x,
  match_terms(s, n) t;

-- Remote and on site
SELECT remote, accept_remote, accept_on_site, t.proximity, t.distance, pg_temp.refusals(s, n)
FROM (VALUES (true, true, true), (true, false, true), (true, true, false), (false, true, true), (false, false, true),
  (false, true, false)) v(remote, accept_remote, accept_on_site),
  LATERAL (SELECT pg_temp.a_supply(remote => remote) AS s,
    pg_temp.a_need(accept_remote => accept_remote, accept_on_site => accept_on_site) AS n) x,
  match_terms(s, n) t;

-- Positions that are missing
SELECT remote, t.proximity, t.distance, distance(s, n), pg_temp.refusals(s, n)
FROM unnest('{true,false}'::boolean[]) AS remote,
  LATERAL (SELECT pg_temp.a_supply(remote => remote, longitude => CASE WHEN NOT remote THEN 1 END,
      latitude => CASE WHEN NOT remote THEN 49 END) AS s,
    pg_temp.a_need(longitude => NULL, latitude => NULL) AS n) x,
  match_terms(s, n) t;
-- without a limit of distance, what is on site is refused and far
SELECT t.proximity, t.distance > 0 AS measured, pg_temp.refusals(s, n)
FROM (SELECT pg_temp.a_supply(longitude => 1.1) AS s, pg_temp.a_need(max_distance => NULL, accept_on_site => false) AS n) x,
  match_terms(s, n) t;

-- Distance: exactly the limit is near enough, the next double below is not
SELECT limits.what, t.proximity, t.distance = limits.metres AS at_limit, pg_temp.refusals(s, n)
FROM (SELECT pg_temp.a_supply(longitude => 1.1) AS s, distance(pg_temp.a_supply(longitude => 1.1), pg_temp.a_need()) AS d) x,
  LATERAL (VALUES ('the distance', d), ('just below', d * (1 - 1.1102230246251565e-16)), ('half', d / 2), ('twice', d * 2)) limits(what, metres),
  LATERAL (SELECT pg_temp.a_need(max_distance => metres) AS n) y,
  match_terms(s, n) t;
-- what travels comes near
SELECT limits.what, t.proximity, pg_temp.refusals(s, n)
FROM (SELECT distance(pg_temp.a_supply(longitude => 1.1), pg_temp.a_need()) AS d) x,
  LATERAL (VALUES ('the distance', d), ('just below', d * (1 - 1.1102230246251565e-16)), ('none', 0)) limits(what, metres),
  LATERAL (SELECT pg_temp.a_supply(longitude => 1.1, travels_within => metres) AS s, pg_temp.a_need(max_distance => 100) AS n) y,
  match_terms(s, n) t;
-- across the antimeridian, at a pole, from pole to pole, at the antipodes
SELECT name, round(distance(pg_temp.a_supply(longitude => lon1, latitude => lat1),
  pg_temp.a_need(longitude => lon2, latitude => lat2))::numeric, 0) AS metres
FROM (VALUES ('same', 1, 49, 1, 49), ('antimeridian', 180, 0, -180, 0), ('beside it', 179.99, 0, -179.99, 0),
  ('pole', 0, 90, 120, 90), ('pole to pole', 0, 90, 0, -90), ('antipodes', 10, 20, -170, -20),
  ('a degree of meridian', 3, 45, 3, 46), ('Paris to Lyon', 2.3522, 48.8566, 4.8357, 45.7640)) v(name, lon1, lat1, lon2, lat2);

-- Quality and price weigh what was stored
SELECT quality, price, t.term_quality = float8 '0.15' * ((255 - floor(255 * quality + 0.5)) / 255) AS quality_term,
  t.term_price = float8 '0.5' * (floor(15 * price + 0.5) / 15) AS price_term
FROM (VALUES (float8 '0', float8 '0'), (0.5, 0.5), (0.8, 0.2), (1, 1), (0.33, 0.77)) v(quality, price),
  match_terms(pg_temp.a_supply(quality => quality, price => price),
    need('pix{1.1=1}', 'pix{1.1=3}', 1, 49, 10000, '2025-03-15', w_price => 0.5)) t;

-- The cost is total, from best to worst
SELECT cost FROM match_terms(pg_temp.a_supply(quality => 1), pg_temp.a_need());
SELECT cost, coverage, fit, proximity, reasons FROM match_terms(
  pg_temp.a_supply(teaches => 'digcomp{}', longitude => -179, latitude => -49, families => '{equipment}',
    only_for => '{seniors}', languages => '{ar}', slots => '{mo_am}', modes => '{video}', quality => 0, price => 1,
    valid => 'empty', open => false),
  need('pix{1.1=1}', 'pix{1.1=3}', 1, 49, 10000, '2025-03-15', audiences => '{youth}', accommodations => '{braille}',
    languages => '{en}', slots => '{su_ev}', modes => '{phone}', w_price => 1));

-- NULL in, NULL out
SELECT NULL::supply @@ pg_temp.a_need() AS a, pg_temp.a_supply() @@ NULL::need AS b, NULL::supply <=> pg_temp.a_need() AS c,
  NULL::need <=> pg_temp.a_supply() AS d, distance(NULL, pg_temp.a_need()) AS e;

-- A lateral scan changes the need between two supplies
CREATE TABLE fit_offer AS SELECT id, pg_temp.a_supply(teaches => ('pix{1.' || 1 + id % 3 || '=' || 1 + id % 8 || '}')::competence_vector,
  longitude => 1 + id / 1000.0, quality => id % 11 / 10.0) AS supply FROM generate_series(1, 200) AS id;
CREATE TABLE fit_need AS SELECT id, pg_temp.a_need(target => ('pix{1.' || 1 + id % 3 || '=4}')::competence_vector,
  current => NULL, longitude => 1 + id / 100.0) AS need FROM generate_series(1, 20) AS id;
CREATE FUNCTION pg_temp.computed_apart(n need) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE total float8;
BEGIN
  EXECUTE format('SELECT sum((supply <=> %1$L::inclusion.need) + (supply @@ %1$L::inclusion.need)::int) FROM fit_offer', n) INTO total;
  RETURN total;
END $$;
SELECT count(*) AS needs, count(DISTINCT total) > 10 AS various, bool_and(total = pg_temp.computed_apart(need)) AS same
FROM (SELECT need, (SELECT sum((o.supply <=> n.need) + (n.need @@ o.supply)::int) FROM fit_offer o) AS total
  FROM fit_need n OFFSET 0) t;
SELECT n.id, best.id AS offer FROM fit_need n, LATERAL (SELECT o.id FROM fit_offer o WHERE o.supply @@ n.need
  ORDER BY o.supply <=> n.need, o.id LIMIT 1) best ORDER BY n.id LIMIT 4;
DROP TABLE fit_offer, fit_need;
