-- The maps, as SVG drawn by PostGIS: an outline is a path, a place a circle.
-- Lambert-93 metres, scaled to a picture 520 wide.

CREATE TABLE demo.frame AS
SELECT t.code AS perimeter, ST_XMin(s.geom) AS x, ST_YMax(s.geom) AS y, 520 / (ST_XMax(s.geom) - ST_XMin(s.geom)) AS scale,
       ceil(520 * (ST_YMax(s.geom) - ST_YMin(s.geom)) / (ST_XMax(s.geom) - ST_XMin(s.geom))) AS height
FROM (SELECT s.territory, ST_Transform(s.geom, 2154) AS geom FROM inclusion_data.territory_shape s) s
JOIN inclusion_data.territory t ON t.code = s.territory WHERE t.code IN ('DEP-27', 'DEP-74');

CREATE FUNCTION demo.drawn(geom geometry, perimeter text) RETURNS geometry LANGUAGE sql STABLE AS $$
  SELECT ST_TransScale(ST_Transform(drawn.geom, 2154), -f.x, -f.y, f.scale, f.scale) FROM demo.frame f WHERE f.perimeter = drawn.perimeter
$$;

CREATE FUNCTION demo.path(geom geometry, perimeter text, class text, title text) RETURNS text LANGUAGE sql STABLE
RETURN format('<path class="%s" d="%s"><title>%s</title></path>', class, ST_AsSVG(demo.drawn(geom, perimeter), 0, 1), demo.escape(title));

CREATE FUNCTION demo.dot(geom geometry, perimeter text, class text, radius numeric, title text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT format('<circle class="%s" cx="%s" cy="%s" r="%s"><title>%s</title></circle>', dot.class, round(ST_X(d.point)::numeric, 1), round(-ST_Y(d.point)::numeric, 1),
                dot.radius, demo.escape(dot.title))
  FROM (SELECT demo.drawn(dot.geom, dot.perimeter) AS point) d
$$;

CREATE FUNCTION demo.outline(perimeter text, class text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT demo.path(s.geom, outline.perimeter, outline.class, t.name)
  FROM inclusion_data.territory_shape s JOIN inclusion_data.territory t ON t.code = s.territory WHERE s.territory = outline.perimeter
$$;

CREATE FUNCTION demo.dots_of_places(perimeter text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(demo.dot(p.geom, p.perimeter, CASE WHEN h.place IS NOT NULL THEN 'host' WHEN k.described THEN 'described' ELSE 'generic' END,
                             3.2, p.name), '' ORDER BY h.place NULLS FIRST, p.id)
  FROM inclusion_data.place p LEFT JOIN demo.host h ON h.place = p.id
  CROSS JOIN LATERAL (SELECT cardinality(p.publics) + cardinality(p.care) > 0 OR cardinality(p.support_modes) > 0 AND NOT 'France Services' = ANY (p.programmes) AS described) k
  WHERE p.perimeter = dots_of_places.perimeter AND p.geom IS NOT NULL
$$;

-- Need: public data only, four classes of equal numbers of communes; hatched
-- where nobody went yet, ringed where no place is within 10 km.
CREATE FUNCTION demo.map_need() RETURNS text LANGUAGE sql STABLE AS $$
  WITH commune AS (
    SELECT s.geom, t.name, t.geom AS centre, v.outreach, v.is_far_from_places, v.nearest_place_km,
           ntile(4) OVER (ORDER BY k.aged_used + k.low_diploma_used, k.code) AS class
    FROM demo.commune k
    JOIN inclusion_data.territory t ON t.code = k.code
    JOIN inclusion_data.territory_shape s ON s.territory = t.code
    JOIN pilotage.map_blind_spot v ON v.id = t.id
    WHERE k.perimeter = 'DEP-27'
  )
  SELECT string_agg(demo.path(c.geom, 'DEP-27', 'need' || c.class, c.name || ', ' || c.outreach || ', lieu le plus proche à ' || demo.fr_km(1000 * c.nearest_place_km)), '')
    || coalesce(string_agg(demo.path(c.geom, 'DEP-27', 'unreached', c.name || ', non prospecté'), '') FILTER (WHERE c.outreach = 'non prospecté'), '')
    || coalesce(string_agg(demo.dot(c.centre, 'DEP-27', 'far', 5, c.name || ', à plus de 10 km de tout lieu'), '') FILTER (WHERE c.is_far_from_places), '')
    || demo.dots_of_places('DEP-27')
  FROM commune c
$$;

-- Answer: of those who ask to learn, how many leave the night with somewhere to
-- go, by intercommunality; never fewer than eleven people in an area.
CREATE FUNCTION demo.map_answer() RETURNS text LANGUAGE sql STABLE AS $$
  WITH area AS (
    SELECT t.epci, e.name, ST_Union(s.geom) AS geom FROM inclusion_data.territory t
    JOIN inclusion_data.territory_shape s ON s.territory = t.code JOIN inclusion_data.territory e ON e.code = t.epci
    WHERE t.perimeter = 'DEP-27' GROUP BY t.epci, e.name
  ), answer AS (
    SELECT t.epci, count(*) AS people, count(*) FILTER (WHERE d.outcome <> 'waiting') AS served
    FROM inclusion_data.run_result d JOIN demo.night n ON n.run = d.run
    JOIN inclusion_data.beneficiary b ON b.id = d.beneficiary AND b.perimeter = d.perimeter
    JOIN inclusion_data.territory t ON t.code = b.commune GROUP BY t.epci
  ), classed AS (
    SELECT a.geom, a.name, CASE WHEN w.people >= 11 THEN w.served::numeric / w.people END AS share FROM area a LEFT JOIN answer w ON w.epci = a.epci
  )
  SELECT string_agg(demo.path(c.geom, 'DEP-27', CASE WHEN c.share IS NULL THEN 'unknown' ELSE 'answer' || (1 + (c.share >= 0.30)::int + (c.share >= 0.40)::int + (c.share >= 0.50)::int) END,
                              c.name || coalesce(', ' || demo.percent(c.share, 1), ', effectif trop faible')), '')
    || string_agg(format('<text x="%s" y="%s">%s</text>', round(ST_X(p.point)::numeric), round(-ST_Y(p.point)::numeric) + 5, coalesce(demo.percent(c.share, 1), '')), '')
  FROM classed c CROSS JOIN LATERAL (SELECT demo.drawn(ST_PointOnSurface(c.geom), 'DEP-27') AS point) p
$$;

CREATE FUNCTION demo.map_described() RETURNS text LANGUAGE sql STABLE
RETURN demo.outline('DEP-74', 'ground') || demo.dots_of_places('DEP-74');

-- What each map is, for those who see it and those who do not.
CREATE TABLE demo.map (name text PRIMARY KEY, perimeter text NOT NULL, title text NOT NULL, alt text NOT NULL, drawing text NOT NULL, legend text[] NOT NULL);
INSERT INTO demo.map VALUES
  ('need', 'DEP-27', 'Eure : où le besoin est fort, et où personne n''est allé',
   'Carte de l''Eure par commune. Fond de plus en plus soutenu quand la part des 65 ans et plus et des peu diplômés augmente ; hachures : communes non prospectées ; cercles : communes à plus de 10 km de tout lieu ; points : lieux.',
   demo.map_need(), '{need1|fragilité faible,need2|,need3|,need4|fragilité forte,unreached|non prospecté,far|à plus de 10 km de tout lieu,generic|lieu,host|lieu qui accueille un atelier déclaré pour la démonstration}'),
  ('answer', 'DEP-27', 'Eure : qui repart de la nuit avec une suite, par intercommunalité',
   'Carte de l''Eure par intercommunalité : part des personnes qui demandent à apprendre et qui ont une place proposée ou une orientation.',
   demo.map_answer(), '{answer1|moins de 30 %,answer2|30 à 40 %,answer3|40 à 50 %,answer4|50 % et plus}'),
  ('described', 'DEP-74', 'Haute-Savoie : des lieux qui disent à qui et comment',
   'Carte de la Haute-Savoie : contour du département et lieux, selon que leur fichier dit à qui ou comment ils accueillent.',
   demo.map_described(), '{described|lieu décrit,generic|lieu sans public ni modalité,host|lieu qui accueille un atelier déclaré pour la démonstration}');
