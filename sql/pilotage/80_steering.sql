/*
 * 80_steering: what the list says, in counts of people.  Released views: they
 * run with the owner's rights, and the counts come masked from the functions of
 * the registry (81_released).
 */

CREATE VIEW pilotage.kpi_active_list AS
SELECT m.id,
  m.code AS perimeter,
  m.name AS perimeter_name,
  r.as_of,
  p.published_at,
  s.people_count,
  s.people_masked,
  s.proposed_count,
  s.oriented_count,
  s.waiting_count,
  s.parts_masked
FROM inclusion_data.perimeter m
JOIN inclusion_data.active_list_pointer p ON p.perimeter = m.code
JOIN inclusion_data.run r ON r.id = p.run
JOIN inclusion_data.released_list() s ON s.perimeter = m.code;

COMMENT ON VIEW pilotage.kpi_active_list IS 'File active : état de la dernière liste publiée, une ligne par périmètre.';
COMMENT ON COLUMN pilotage.kpi_active_list.id IS 'Numéro du périmètre : identifiant stable dans le registre.';
COMMENT ON COLUMN pilotage.kpi_active_list.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_active_list.perimeter_name IS 'Nom du périmètre : tel que le chef de file l''a ouvert.';
COMMENT ON COLUMN pilotage.kpi_active_list.as_of IS 'Jour de la liste : date pour laquelle elle est établie.';
COMMENT ON COLUMN pilotage.kpi_active_list.published_at IS 'Publication : moment où la liste a remplacé la précédente.';
COMMENT ON COLUMN pilotage.kpi_active_list.people_count IS 'Personnes dans la file : vide sous le seuil de la politique.';
COMMENT ON COLUMN pilotage.kpi_active_list.people_masked IS 'Total masqué : vrai si le nombre est sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_active_list.proposed_count IS 'Places proposées : personnes à qui une place est proposée.';
COMMENT ON COLUMN pilotage.kpi_active_list.oriented_count IS 'Orientations : personnes orientées sans place promise, jamais comptées comme placées.';
COMMENT ON COLUMN pilotage.kpi_active_list.waiting_count IS 'En attente : personnes sans proposition ni orientation.';
COMMENT ON COLUMN pilotage.kpi_active_list.parts_masked IS 'Détail masqué : vrai si une des parts est sous le seuil ; aucune n''est alors montrée.';

CREATE VIEW pilotage.kpi_waiting AS
SELECT m.id * 10 + s.grade AS id,
  s.perimeter,
  s.grade,
  s.people_count,
  s.waiting_count,
  s.median_days,
  s.is_masked
FROM inclusion_data.released_waiting() s JOIN inclusion_data.perimeter m ON m.code = s.perimeter;

COMMENT ON VIEW pilotage.kpi_waiting IS 'Attente : personnes de la file par rang dans la grille publiée.';
COMMENT ON COLUMN pilotage.kpi_waiting.id IS 'Numéro de ligne : périmètre et rang, stable d''une nuit à l''autre.';
COMMENT ON COLUMN pilotage.kpi_waiting.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_waiting.grade IS 'Rang dans la grille : nombre de faits de la grille publiée, de 0 à 3.';
COMMENT ON COLUMN pilotage.kpi_waiting.people_count IS 'Personnes : dans la file à ce rang ; vide pour tous les rangs dès qu''un seul est sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_waiting.waiting_count IS 'En attente : sans proposition ni orientation ; vide pour tous les rangs dès qu''une part est sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_waiting.median_days IS 'Attente médiane : jours depuis l''inscription de la moitié des personnes ; vide si le nombre de personnes l''est.';
COMMENT ON COLUMN pilotage.kpi_waiting.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique.';

CREATE VIEW pilotage.map_blind_spot AS
SELECT t.id,
  t.perimeter,
  t.official_code AS commune_code,
  t.name,
  e.name AS epci_name,
  t.population,
  near.metres / 1000 AS nearest_place_km,
  coalesce(near.metres > 10000, true) AS is_far_from_places,
  n.outreach,
  t.latitude,
  t.longitude,
  t.geom::geometry(Point, 4326) AS geom
FROM inclusion_data.territory t
JOIN inclusion_data.released_outreach() n ON n.commune = t.code
LEFT JOIN inclusion_data.territory e ON e.code = t.epci
LEFT JOIN LATERAL (
  -- nearest in degrees is not nearest in metres: weigh a few
  SELECT min(c.metres) AS metres FROM (
    SELECT inclusion.metres_between(p.longitude, p.latitude, t.longitude, t.latitude) AS metres
    FROM inclusion_data.place p
    WHERE p.receives_public AND NOT p.residents_only
    ORDER BY p.geom <-> t.geom LIMIT 10) c) near ON true
WHERE t.kind = 'commune';

COMMENT ON VIEW pilotage.map_blind_spot IS 'Angles morts : communes loin de tout lieu, ou que personne n''a encore prospectées.';
COMMENT ON COLUMN pilotage.map_blind_spot.id IS 'Numéro du territoire : identifiant stable dans le registre.';
COMMENT ON COLUMN pilotage.map_blind_spot.perimeter IS 'Périmètre : code du territoire qui tient la commune.';
COMMENT ON COLUMN pilotage.map_blind_spot.commune_code IS 'Code officiel : commune, cinq caractères.';
COMMENT ON COLUMN pilotage.map_blind_spot.name IS 'Commune : nom officiel.';
COMMENT ON COLUMN pilotage.map_blind_spot.epci_name IS 'Intercommunalité : EPCI de la commune.';
COMMENT ON COLUMN pilotage.map_blind_spot.population IS 'Population : habitants de la commune.';
COMMENT ON COLUMN pilotage.map_blind_spot.nearest_place_km IS 'Lieu le plus proche : kilomètres à vol d''oiseau depuis le centre de la commune.';
COMMENT ON COLUMN pilotage.map_blind_spot.is_far_from_places IS 'À plus de 10 km : vrai si aucun lieu n''est plus près.';
COMMENT ON COLUMN pilotage.map_blind_spot.outreach IS 'Prospection : « non prospecté » quand personne n''y est inscrit ; ce n''est pas une absence de besoin.';
COMMENT ON COLUMN pilotage.map_blind_spot.latitude IS 'Latitude : degrés, WGS 84, centre de la commune.';
COMMENT ON COLUMN pilotage.map_blind_spot.longitude IS 'Longitude : degrés, WGS 84, centre de la commune.';
COMMENT ON COLUMN pilotage.map_blind_spot.geom IS 'Position : centre de la commune, en degrés, WGS 84.';

GRANT SELECT ON pilotage.dim_offer, pilotage.map_place, pilotage.kpi_active_list, pilotage.kpi_waiting, pilotage.map_blind_spot
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;
