/*
 * 10_offer: what exists: places and offers.  Nobody's data; open to every
 * reader.
 */

CREATE VIEW pilotage.dim_offer AS
SELECT o.id,
  o.perimeter,
  o.name,
  s.name AS structure_name,
  p.name AS place_name,
  t.name AS city,
  array_to_string(o.families, ', ') AS families,
  array_to_string(o.modes, ', ') AS modes,
  array_to_string(o.audiences, ', ') AS audiences,
  array_to_string(o.only_for, ', ') AS reserved_for,
  array_to_string(o.accommodations, ', ') AS accommodations,
  array_to_string(o.languages, ', ') AS languages,
  o.requires::text AS requires,
  o.teaches::text AS teaches,
  o.capacity_kind,
  seats.free_count AS free_seat_count,
  o.remote AS is_remote,
  o.open AS is_open,
  o.supply IS NULL AS is_draft,
  lower(o.valid) AS valid_from,
  upper(o.valid) AS valid_until,
  o.quality AS quality_score,
  o.quality_measured AS is_quality_measured,
  o.documentation AS documentation_score,
  CASE o.declared_by WHEN 'import' THEN 'fichier national' WHEN 'demonstration' THEN 'déclaré pour la démonstration'
    ELSE 'déclaré par la structure' END AS declared_as,
  o.latitude,
  o.longitude
FROM inclusion_data.offer o
LEFT JOIN inclusion_data.structure s ON s.id = o.structure
LEFT JOIN inclusion_data.place p ON p.id = o.place
LEFT JOIN inclusion_data.territory t ON t.code = p.commune
LEFT JOIN LATERAL (
  SELECT sum(k.capacity - k.taken - k.proposed)::int AS free_count
  FROM inclusion_data.session e JOIN inclusion_data.seat k ON k.session = e.id
  WHERE e.offer = o.id AND e.state = 'open' AND e.starts_at > now()) seats ON true;

COMMENT ON VIEW pilotage.dim_offer IS 'Offres : ce que l''on peut proposer, une ligne par offre.';
COMMENT ON COLUMN pilotage.dim_offer.id IS 'Numéro de l''offre : identifiant stable dans le registre.';
COMMENT ON COLUMN pilotage.dim_offer.perimeter IS 'Périmètre : territoire qui tient l''offre.';
COMMENT ON COLUMN pilotage.dim_offer.name IS 'Nom de l''offre : tel que la structure ou le fichier le donne.';
COMMENT ON COLUMN pilotage.dim_offer.structure_name IS 'Structure : celle qui porte l''offre.';
COMMENT ON COLUMN pilotage.dim_offer.place_name IS 'Lieu : où l''offre se tient, vide si elle est à distance.';
COMMENT ON COLUMN pilotage.dim_offer.city IS 'Commune : celle du lieu.';
COMMENT ON COLUMN pilotage.dim_offer.families IS 'Familles : apprendre, droits, équipement ou connexion, en codes.';
COMMENT ON COLUMN pilotage.dim_offer.modes IS 'Modalités : format, appareil et posture, en codes.';
COMMENT ON COLUMN pilotage.dim_offer.audiences IS 'Publics visés : en codes, vide si l''offre n''en vise aucun en particulier.';
COMMENT ON COLUMN pilotage.dim_offer.reserved_for IS 'Publics exclusifs : en codes, vide si chacun peut venir.';
COMMENT ON COLUMN pilotage.dim_offer.accommodations IS 'Aménagements : ce que l''offre permet, en codes.';
COMMENT ON COLUMN pilotage.dim_offer.languages IS 'Langues : celles dans lesquelles on accompagne.';
COMMENT ON COLUMN pilotage.dim_offer.requires IS 'Niveau demandé : compétences et niveaux nécessaires au départ.';
COMMENT ON COLUMN pilotage.dim_offer.teaches IS 'Niveau atteint : compétences et niveaux visés à la fin.';
COMMENT ON COLUMN pilotage.dim_offer.capacity_kind IS 'Sorte de capacité : places datées, flux par semaine, sans rendez-vous ou inconnue.';
COMMENT ON COLUMN pilotage.dim_offer.free_seat_count IS 'Places libres : dans les séances ouvertes à venir, vide si personne ne les compte.';
COMMENT ON COLUMN pilotage.dim_offer.is_remote IS 'À distance : vrai si aucun trajet n''est nécessaire.';
COMMENT ON COLUMN pilotage.dim_offer.is_open IS 'Inscriptions ouvertes : vrai si l''offre en accepte.';
COMMENT ON COLUMN pilotage.dim_offer.is_draft IS 'Brouillon : vrai s''il manque la position ou ce que l''offre apprend ; jamais proposée.';
COMMENT ON COLUMN pilotage.dim_offer.valid_from IS 'Premier jour : début de l''offre, vide si elle a toujours lieu.';
COMMENT ON COLUMN pilotage.dim_offer.valid_until IS 'Fin : premier jour où l''offre n''a plus lieu.';
COMMENT ON COLUMN pilotage.dim_offer.quality_score IS 'Qualité retenue : entre 0 et 1 ; la médiane du territoire tant qu''elle n''est pas mesurée.';
COMMENT ON COLUMN pilotage.dim_offer.is_quality_measured IS 'Qualité mesurée : faux tant que les faits sont trop peu nombreux.';
COMMENT ON COLUMN pilotage.dim_offer.documentation_score IS 'Fiche renseignée : entre 0 et 1 ; dit comment l''offre est décrite, jamais ce qu''elle apporte.';
COMMENT ON COLUMN pilotage.dim_offer.declared_as IS 'Origine : fichier national, structure ou démonstration.';
COMMENT ON COLUMN pilotage.dim_offer.latitude IS 'Latitude : degrés, WGS 84.';
COMMENT ON COLUMN pilotage.dim_offer.longitude IS 'Longitude : degrés, WGS 84.';

CREATE VIEW pilotage.map_place AS
SELECT p.id,
  p.perimeter,
  p.name,
  t.name AS city,
  p.postal_code,
  array_to_string(p.services, ' ; ') AS services,
  array_to_string(p.programmes, ' ; ') AS programmes,
  p.hours,
  p.itinerant AS is_itinerant,
  p.hosts_workshops,
  count(o.id) FILTER (WHERE 'learn' = ANY (o.families))::int AS learn_offer_count,
  count(o.id) FILTER (WHERE 'rights' = ANY (o.families))::int AS rights_offer_count,
  p.updated_on,
  p.latitude,
  p.longitude,
  p.geom::geometry(Point, 4326) AS geom
FROM inclusion_data.place p
LEFT JOIN inclusion_data.territory t ON t.code = p.commune
LEFT JOIN inclusion_data.offer o ON o.place = p.id
GROUP BY p.id, t.name;

COMMENT ON VIEW pilotage.map_place IS 'Lieux : où l''on peut être accueilli, avec ce qui y est proposé.';
COMMENT ON COLUMN pilotage.map_place.id IS 'Numéro du lieu : identifiant stable dans le registre.';
COMMENT ON COLUMN pilotage.map_place.perimeter IS 'Périmètre : territoire qui tient le lieu.';
COMMENT ON COLUMN pilotage.map_place.name IS 'Nom du lieu : tel que la source le donne.';
COMMENT ON COLUMN pilotage.map_place.city IS 'Commune : celle du lieu.';
COMMENT ON COLUMN pilotage.map_place.postal_code IS 'Code postal : cinq caractères ; ne jamais y joindre une commune.';
COMMENT ON COLUMN pilotage.map_place.services IS 'Services : ceux du standard national.';
COMMENT ON COLUMN pilotage.map_place.programmes IS 'Programmes nationaux : dispositifs dont le lieu fait partie.';
COMMENT ON COLUMN pilotage.map_place.hours IS 'Horaires : notation du standard national.';
COMMENT ON COLUMN pilotage.map_place.is_itinerant IS 'Itinérant : vrai si le lieu se déplace.';
COMMENT ON COLUMN pilotage.map_place.hosts_workshops IS 'Accueille des ateliers : vide si la source n''en dit rien.';
COMMENT ON COLUMN pilotage.map_place.learn_offer_count IS 'Offres pour apprendre : nombre au lieu.';
COMMENT ON COLUMN pilotage.map_place.rights_offer_count IS 'Offres d''accès aux droits : nombre au lieu.';
COMMENT ON COLUMN pilotage.map_place.updated_on IS 'Mise à jour : date de la fiche dans sa source.';
COMMENT ON COLUMN pilotage.map_place.latitude IS 'Latitude : degrés, WGS 84.';
COMMENT ON COLUMN pilotage.map_place.longitude IS 'Longitude : degrés, WGS 84.';
COMMENT ON COLUMN pilotage.map_place.geom IS 'Position : point en degrés, WGS 84.';
