/*
 * 52_scarcity: where, for which competences and which publics, one more place
 * helps most.  Released views: no person appears, a count of people below the
 * policy's threshold is NULL with a flag; and where nobody was met, nothing is
 * said of the need.
 */

-- The last full night's prices, offer by offer, and who waits in the last list.
CREATE VIEW pilotage.kpi_scarcity AS
WITH priced AS (
  SELECT o.id, o.perimeter, o.teaches, o.audiences || o.only_for AS publics, p.price, p.capacity
  FROM inclusion_data.offer_price p
  JOIN inclusion_data.offer o ON o.id = p.offer
  WHERE p.run = (SELECT q.run FROM inclusion_data.offer_price q ORDER BY q.as_of DESC, q.run DESC LIMIT 1)
), supplied AS (
  SELECT p.perimeter, 'compétence' AS dimension, s.code, p.id, p.price, p.capacity FROM priced p CROSS JOIN LATERAL inclusion.slots(p.teaches) s
  UNION ALL
  -- an offer that names no public is everybody's
  SELECT p.perimeter, 'public' AS dimension, c.code, p.id, p.price, p.capacity FROM priced p
  JOIN inclusion.codes('audience') c ON c.code = ANY (p.publics) OR p.publics = '{}'
), supply AS (
  SELECT s.perimeter, s.dimension, s.code, count(DISTINCT s.id)::int AS offers, max(s.price) AS highest,
         sum(s.price * greatest(s.capacity, 1)) / sum(greatest(s.capacity, 1)) AS mean
  FROM supplied s GROUP BY s.perimeter, s.dimension, s.code
), line AS (
  SELECT m.id AS perimeter_id, m.code AS perimeter, 'compétence' AS dimension, t.n, t.code, 'Compétence ' || t.code AS label
  FROM inclusion_data.perimeter m
  CROSS JOIN (SELECT row_number() OVER (ORDER BY s.code COLLATE "C") AS n, s.code
              FROM inclusion.slots(inclusion.competence_vector('pix', array_fill(0, ARRAY[24]))) s) t
  UNION ALL
  SELECT m.id AS perimeter_id, m.code AS perimeter, 'public' AS dimension, 32 + c.bit_number AS n, c.code, coalesce(v.label, c.label) AS label
  FROM inclusion_data.perimeter m
  CROSS JOIN inclusion.codes('audience') c
  LEFT JOIN inclusion_data.vocabulary_label v ON v.vocabulary = 'audience' AND v.code = c.code
  -- a custom code means something only once it is labelled
  WHERE c.code !~ '^custom_' OR v.label IS NOT NULL
)
SELECT l.perimeter_id * 100 + l.n AS id,
  l.perimeter,
  l.dimension,
  l.code,
  l.label,
  CASE WHEN d.code IS NULL THEN 'non prospecté'
       WHEN s.offers IS NULL THEN 'sans place comptée'
       WHEN s.highest >= h.strong THEN 'tension forte'
       WHEN s.highest >= h.middle THEN 'tension moyenne'
       WHEN s.highest > 0 THEN 'tension faible'
       ELSE 'sans tension' END AS class,
  s.mean::float8 AS mean_tension,
  s.highest::float8 AS highest_tension,
  coalesce(s.offers, 0) AS counted_offer_count,
  d.waiting_count,
  coalesce(d.is_masked, true) AS is_masked
FROM line l
JOIN inclusion_data.tension_threshold h ON h.perimeter = l.perimeter
LEFT JOIN supply s ON s.perimeter = l.perimeter AND s.dimension = l.dimension AND s.code = l.code
LEFT JOIN inclusion_data.released_demand() d ON d.perimeter = l.perimeter AND d.dimension = l.dimension AND d.code = l.code;

COMMENT ON VIEW pilotage.kpi_scarcity IS 'Tensions : pour quelles compétences et quels publics une place de plus aiderait le plus.';
COMMENT ON COLUMN pilotage.kpi_scarcity.id IS 'Numéro de ligne : périmètre, puis compétence ou public, stable d''une nuit à l''autre.';
COMMENT ON COLUMN pilotage.kpi_scarcity.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_scarcity.dimension IS 'Sorte de ligne : compétence ou public.';
COMMENT ON COLUMN pilotage.kpi_scarcity.code IS 'Code : de la compétence ou du public.';
COMMENT ON COLUMN pilotage.kpi_scarcity.label IS 'Libellé : ce que le code désigne.';
COMMENT ON COLUMN pilotage.kpi_scarcity.class IS 'Classe : de « sans tension » à « tension forte » ; « non prospecté » quand personne n''est inscrit, ce n''est pas une absence de besoin.';
COMMENT ON COLUMN pilotage.kpi_scarcity.mean_tension IS 'Tension moyenne : de 0 à 1, sur les places comptées ; vide si aucune offre n''en compte.';
COMMENT ON COLUMN pilotage.kpi_scarcity.highest_tension IS 'Tension la plus forte : de 0 à 1 ; une place de plus y aiderait le plus.';
COMMENT ON COLUMN pilotage.kpi_scarcity.counted_offer_count IS 'Offres à places comptées : celles où la tension se mesure.';
COMMENT ON COLUMN pilotage.kpi_scarcity.waiting_count IS 'Personnes en attente : vide sous le seuil de la politique.';
COMMENT ON COLUMN pilotage.kpi_scarcity.is_masked IS 'Masqué : vrai si le nombre est sous le seuil, ou inconnu.';

CREATE VIEW pilotage.map_scarcity AS
WITH priced AS (
  SELECT l.commune, count(*)::int AS offers, max(p.price) AS highest
  FROM inclusion_data.offer_price p
  JOIN inclusion_data.offer o ON o.id = p.offer
  JOIN inclusion_data.place l ON l.id = o.place
  WHERE p.run = (SELECT q.run FROM inclusion_data.offer_price q ORDER BY q.as_of DESC, q.run DESC LIMIT 1)
  GROUP BY l.commune
)
SELECT t.id,
  t.perimeter,
  t.official_code AS commune_code,
  t.name,
  CASE WHEN n.commune IS NULL THEN 'non prospecté'
       WHEN s.offers IS NULL THEN 'sans place comptée'
       WHEN s.highest >= h.strong THEN 'tension forte'
       WHEN s.highest >= h.middle THEN 'tension moyenne'
       WHEN s.highest > 0 THEN 'tension faible'
       ELSE 'sans tension' END AS class,
  s.highest::float8 AS highest_tension,
  coalesce(s.offers, 0) AS counted_offer_count,
  n.waiting_count,
  coalesce(n.is_masked, true) AS is_masked,
  t.latitude,
  t.longitude,
  t.geom::geometry(Point, 4326) AS geom
FROM inclusion_data.territory t
JOIN inclusion_data.tension_threshold h ON h.perimeter = t.perimeter
LEFT JOIN priced s ON s.commune = t.code
LEFT JOIN inclusion_data.released_commune_demand() n ON n.commune = t.code
WHERE t.kind = 'commune' AND t.perimeter IS NOT NULL;

COMMENT ON VIEW pilotage.map_scarcity IS 'Carte des tensions : communes où une place de plus aiderait le plus, et celles que personne n''a prospectées.';
COMMENT ON COLUMN pilotage.map_scarcity.id IS 'Numéro du territoire : identifiant stable dans le registre.';
COMMENT ON COLUMN pilotage.map_scarcity.perimeter IS 'Périmètre : code du territoire qui tient la commune.';
COMMENT ON COLUMN pilotage.map_scarcity.commune_code IS 'Code officiel : commune, cinq caractères.';
COMMENT ON COLUMN pilotage.map_scarcity.name IS 'Commune : nom officiel.';
COMMENT ON COLUMN pilotage.map_scarcity.class IS 'Classe : de « sans tension » à « tension forte » ; « non prospecté » quand personne n''y est inscrit, ce n''est pas une absence de besoin.';
COMMENT ON COLUMN pilotage.map_scarcity.highest_tension IS 'Tension la plus forte : de 0 à 1, parmi les offres de la commune ; vide si aucune ne compte ses places.';
COMMENT ON COLUMN pilotage.map_scarcity.counted_offer_count IS 'Offres à places comptées : celles où la tension se mesure.';
COMMENT ON COLUMN pilotage.map_scarcity.waiting_count IS 'Personnes en attente : inscrites dans la commune ; vide sous le seuil de la politique.';
COMMENT ON COLUMN pilotage.map_scarcity.is_masked IS 'Masqué : vrai si le nombre est sous le seuil, ou inconnu.';
COMMENT ON COLUMN pilotage.map_scarcity.latitude IS 'Latitude : degrés, WGS 84, centre de la commune.';
COMMENT ON COLUMN pilotage.map_scarcity.longitude IS 'Longitude : degrés, WGS 84, centre de la commune.';
COMMENT ON COLUMN pilotage.map_scarcity.geom IS 'Position : centre de la commune, en degrés, WGS 84.';

GRANT SELECT ON pilotage.kpi_scarcity, pilotage.map_scarcity
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;
