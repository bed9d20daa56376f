/*
 * 71_need: people set against estimates of need, places against inhabitants, and
 * maps.  Need is modelled, at EPCI and above only; where nobody was met, nothing
 * is said of it.  Of these figures the last alone is kept: its line keeps its
 * number from one quarter to the next.
 */

CREATE VIEW pilotage.kpi_reach AS
SELECT inclusion.line_id(f.perimeter, f.indicator, f.dimension, f.code, f.measure) AS id,
  f.perimeter,
  t.official_code AS territory_code,
  t.name AS territory_name,
  coalesce(v.label, c.label, f.measure) AS public_label,
  f.people AS people_count,
  e.people AS estimate_count,
  e.year AS estimate_year,
  e.source AS estimate_reference,
  f.value AS reached_share,
  f.low,
  f.high,
  f.value > 1 AS is_above_estimate,
  CASE WHEN f.people = 0 THEN 'non prospecté' WHEN f.is_masked THEN 'nombre masqué' ELSE 'prospecté' END AS outreach,
  f.is_masked,
  f.released_on
FROM inclusion_data.figure f
JOIN inclusion_data.territory t ON t.code = f.code
JOIN LATERAL (SELECT e.people, e.year, e.source FROM inclusion_data.need_estimate e
              WHERE e.territory = f.code AND e.public = f.measure AND e.year <= extract(year FROM f.released_on) ORDER BY e.year DESC LIMIT 1) e ON true
LEFT JOIN inclusion.codes('audience') c ON c.code = f.measure
LEFT JOIN inclusion_data.vocabulary_label v ON v.vocabulary = 'audience' AND v.code = f.measure
WHERE f.indicator = 'I07';

COMMENT ON VIEW pilotage.kpi_reach IS 'Publics prioritaires rencontrés : personnes venues, rapportées à une estimation ; une part au-dessus de 1 dit que l''estimation est à revoir.';
COMMENT ON COLUMN pilotage.kpi_reach.id IS 'Numéro de ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.kpi_reach.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_reach.territory_code IS 'Code du territoire : intercommunalité, département ou région.';
COMMENT ON COLUMN pilotage.kpi_reach.territory_name IS 'Territoire : son nom.';
COMMENT ON COLUMN pilotage.kpi_reach.public_label IS 'Public : dit en clair.';
COMMENT ON COLUMN pilotage.kpi_reach.people_count IS 'Personnes : nombre compté, arrondi par défaut à un multiple du seuil ; vide au-dessous.';
COMMENT ON COLUMN pilotage.kpi_reach.estimate_count IS 'Besoin estimé : personnes, par un modèle et non un dénombrement.';
COMMENT ON COLUMN pilotage.kpi_reach.estimate_year IS 'Année de l''estimation : celle du modèle.';
COMMENT ON COLUMN pilotage.kpi_reach.estimate_reference IS 'Source de l''estimation : à citer.';
COMMENT ON COLUMN pilotage.kpi_reach.reached_share IS 'Part rencontrée : vide si masquée.';
COMMENT ON COLUMN pilotage.kpi_reach.low IS 'Part basse : si l''estimation haute est vraie.';
COMMENT ON COLUMN pilotage.kpi_reach.high IS 'Part haute : si l''estimation basse est vraie.';
COMMENT ON COLUMN pilotage.kpi_reach.is_above_estimate IS 'Estimation dépassée : vrai si elle est à revoir.';
COMMENT ON COLUMN pilotage.kpi_reach.outreach IS 'Prospection : « non prospecté » quand personne n''est inscrit ; ce n''est pas une absence de besoin.';
COMMENT ON COLUMN pilotage.kpi_reach.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique, ou pourrait être déduit.';
COMMENT ON COLUMN pilotage.kpi_reach.released_on IS 'Publiée le : jour de la publication.';

CREATE VIEW pilotage.kpi_unmet_need AS
SELECT inclusion.line_id(f.perimeter, f.indicator, f.dimension, f.code, f.measure) AS id,
  f.perimeter,
  t.kind AS territory_kind,
  t.official_code AS territory_code,
  t.name AS territory_name,
  f.people AS people_count,
  e.people AS estimate_count,
  e.year AS estimate_year,
  e.source AS estimate_reference,
  round(f.people / nullif(e.people, 0)::numeric, 2)::float8 AS enrolment_coverage_share,
  f.value AS unmet_count,
  f.low,
  f.high,
  CASE WHEN f.people = 0 THEN 'non prospecté' WHEN f.is_masked THEN 'nombre masqué' ELSE 'prospecté' END AS outreach,
  f.is_masked,
  f.released_on
FROM inclusion_data.figure f
JOIN inclusion_data.territory t ON t.code = f.code
JOIN LATERAL (SELECT e.people, e.year, e.source FROM inclusion_data.need_estimate e
              WHERE e.territory = f.code AND e.public = '' AND e.year <= extract(year FROM f.released_on) ORDER BY e.year DESC LIMIT 1) e ON true
WHERE f.indicator = 'I12';

COMMENT ON VIEW pilotage.kpi_unmet_need IS 'Besoin sans réponse : modèle à l''intercommunalité et au-dessus, avec la couverture des inscriptions.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.id IS 'Numéro de ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.territory_kind IS 'Nature : epci, department ou region.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.territory_code IS 'Code du territoire : code officiel.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.territory_name IS 'Territoire : son nom.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.people_count IS 'Personnes : nombre compté, arrondi par défaut à un multiple du seuil ; vide au-dessous.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.estimate_count IS 'Besoin estimé : personnes, par un modèle et non un dénombrement.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.estimate_year IS 'Année de l''estimation : celle du modèle.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.estimate_reference IS 'Source de l''estimation : à citer.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.enrolment_coverage_share IS 'Couverture : personnes inscrites sur besoin estimé ; vide si masquée.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.unmet_count IS 'Besoin sans réponse : estimé par un modèle ; vide si masqué.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.low IS 'Estimation basse : du besoin sans réponse.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.high IS 'Estimation haute : du besoin sans réponse.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.outreach IS 'Prospection : « non prospecté » quand personne n''est inscrit ; ce n''est pas une absence de besoin.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique, ou pourrait être déduit.';
COMMENT ON COLUMN pilotage.kpi_unmet_need.released_on IS 'Publiée le : jour de la publication.';

CREATE VIEW pilotage.map_unmet_need AS
SELECT n.id,
  n.perimeter,
  n.territory_code,
  n.territory_name,
  n.people_count,
  n.estimate_count,
  n.estimate_year,
  n.estimate_reference,
  n.enrolment_coverage_share,
  n.unmet_count,
  n.low,
  n.high,
  n.outreach,
  n.is_masked,
  n.released_on,
  c.latitude,
  c.longitude,
  c.geom
FROM pilotage.kpi_unmet_need n
JOIN inclusion_data.epci_centre c ON c.official_code = n.territory_code
WHERE n.territory_kind = 'epci';

COMMENT ON VIEW pilotage.map_unmet_need IS 'Carte du besoin sans réponse : intercommunalités, avec la couverture des inscriptions et celles que personne n''a prospectées.';
COMMENT ON COLUMN pilotage.map_unmet_need.id IS 'Numéro de ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.map_unmet_need.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.map_unmet_need.territory_code IS 'Code du territoire : code officiel.';
COMMENT ON COLUMN pilotage.map_unmet_need.territory_name IS 'Territoire : son nom.';
COMMENT ON COLUMN pilotage.map_unmet_need.people_count IS 'Personnes : nombre compté, arrondi par défaut à un multiple du seuil ; vide au-dessous.';
COMMENT ON COLUMN pilotage.map_unmet_need.estimate_count IS 'Besoin estimé : personnes, par un modèle et non un dénombrement.';
COMMENT ON COLUMN pilotage.map_unmet_need.estimate_year IS 'Année de l''estimation : celle du modèle.';
COMMENT ON COLUMN pilotage.map_unmet_need.estimate_reference IS 'Source de l''estimation : à citer.';
COMMENT ON COLUMN pilotage.map_unmet_need.enrolment_coverage_share IS 'Couverture : personnes inscrites sur besoin estimé ; vide si masquée.';
COMMENT ON COLUMN pilotage.map_unmet_need.unmet_count IS 'Besoin sans réponse : estimé par un modèle ; vide si masqué.';
COMMENT ON COLUMN pilotage.map_unmet_need.low IS 'Estimation basse : du besoin sans réponse.';
COMMENT ON COLUMN pilotage.map_unmet_need.high IS 'Estimation haute : du besoin sans réponse.';
COMMENT ON COLUMN pilotage.map_unmet_need.outreach IS 'Prospection : « non prospecté » quand personne n''est inscrit ; ce n''est pas une absence de besoin.';
COMMENT ON COLUMN pilotage.map_unmet_need.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique, ou pourrait être déduit.';
COMMENT ON COLUMN pilotage.map_unmet_need.released_on IS 'Publiée le : jour de la publication.';
COMMENT ON COLUMN pilotage.map_unmet_need.latitude IS 'Latitude : degrés, WGS 84, centre du territoire.';
COMMENT ON COLUMN pilotage.map_unmet_need.longitude IS 'Longitude : degrés, WGS 84, centre du territoire.';
COMMENT ON COLUMN pilotage.map_unmet_need.geom IS 'Position : centre du territoire, en degrés, WGS 84.';

CREATE VIEW pilotage.map_impact AS
SELECT f.id,
  f.perimeter,
  f.period AS entered_quarter,
  f.indicator,
  i.label,
  f.measure,
  t.official_code AS territory_code,
  t.name AS territory_name,
  f.people AS people_count,
  f.value,
  f.low,
  f.high,
  n.enrolment_coverage_share,
  coalesce(n.outreach, 'sans estimation') AS outreach,
  f.is_masked,
  f.released_on,
  c.latitude,
  c.longitude,
  c.geom
FROM inclusion_data.figure f
JOIN inclusion_data.indicator i ON i.code = f.indicator
JOIN inclusion_data.territory t ON t.code = f.code
JOIN inclusion_data.epci_centre c ON c.official_code = t.official_code
LEFT JOIN pilotage.kpi_unmet_need n ON n.perimeter = f.perimeter AND n.territory_kind = 'epci' AND n.territory_code = t.official_code
WHERE f.dimension = 'epci' AND f.indicator IN ('I01', 'I02', 'I03', 'I05', 'I08') AND f.measure !~ ' au jour ';

COMMENT ON VIEW pilotage.map_impact IS 'Carte des mesures d''impact : intercommunalités, trimestre par trimestre, avec la couverture des inscriptions.';
COMMENT ON COLUMN pilotage.map_impact.id IS 'Numéro de ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.map_impact.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.map_impact.entered_quarter IS 'Trimestre d''entrée : premier jour de celui où les personnes sont entrées ; clos et assez ancien.';
COMMENT ON COLUMN pilotage.map_impact.indicator IS 'Indicateur : son code.';
COMMENT ON COLUMN pilotage.map_impact.label IS 'Nom de l''indicateur : il dit ce qu''il ne prouve pas.';
COMMENT ON COLUMN pilotage.map_impact.measure IS 'Mesure : ce que la valeur dit.';
COMMENT ON COLUMN pilotage.map_impact.territory_code IS 'Code du territoire : SIREN de l''intercommunalité.';
COMMENT ON COLUMN pilotage.map_impact.territory_name IS 'Territoire : nom de l''intercommunalité.';
COMMENT ON COLUMN pilotage.map_impact.people_count IS 'Personnes : nombre compté ; vide sous le seuil, ou s''il en laisserait déduire un.';
COMMENT ON COLUMN pilotage.map_impact.value IS 'Valeur : arrondie ; vide si masquée.';
COMMENT ON COLUMN pilotage.map_impact.low IS 'Borne basse : à 95 %.';
COMMENT ON COLUMN pilotage.map_impact.high IS 'Borne haute : à 95 %.';
COMMENT ON COLUMN pilotage.map_impact.enrolment_coverage_share IS 'Couverture : personnes inscrites sur besoin estimé ; vide sans estimation, ou si masquée.';
COMMENT ON COLUMN pilotage.map_impact.outreach IS 'Prospection : « non prospecté » quand personne n''est inscrit ; ce n''est pas une absence de besoin.';
COMMENT ON COLUMN pilotage.map_impact.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique, ou pourrait être déduit.';
COMMENT ON COLUMN pilotage.map_impact.released_on IS 'Publiée le : jour de la publication.';
COMMENT ON COLUMN pilotage.map_impact.latitude IS 'Latitude : degrés, WGS 84, centre du territoire.';
COMMENT ON COLUMN pilotage.map_impact.longitude IS 'Longitude : degrés, WGS 84, centre du territoire.';
COMMENT ON COLUMN pilotage.map_impact.geom IS 'Position : centre du territoire, en degrés, WGS 84.';

-- Places within reach (I11).  Nobody is counted: places are shared among all who
-- live near enough.
CREATE VIEW pilotage.kpi_access AS
SELECT inclusion.line_id(f.perimeter, f.indicator, f.dimension, f.code, f.measure) AS id,
  f.perimeter,
  CASE f.dimension WHEN 'total' THEN 'ensemble' ELSE f.dimension END AS territory_kind,
  t.official_code AS territory_code,
  coalesce(t.name, 'Ensemble du périmètre') AS territory_name,
  p.population,
  f.value AS seats_per_thousand,
  w.value AS without_seat_share,
  g.value AS gini_index,
  n.enrolment_coverage_share,
  coalesce(n.outreach, 'sans estimation') AS outreach,
  f.released_on
FROM inclusion_data.figure f
LEFT JOIN inclusion_data.territory t ON t.code = f.code
CROSS JOIN LATERAL (SELECT sum(k.population)::bigint AS population FROM inclusion_data.territory k
                    WHERE k.kind = 'commune' AND k.perimeter = f.perimeter AND (f.dimension = 'total' OR k.epci = f.code)) p
LEFT JOIN inclusion_data.figure w ON w.perimeter = f.perimeter AND w.indicator = f.indicator AND w.period = f.period
  AND w.dimension = f.dimension AND w.code = f.code AND w.measure = 'part sans aucune place'
LEFT JOIN inclusion_data.figure g ON g.perimeter = f.perimeter AND g.indicator = f.indicator AND g.period = f.period
  AND g.dimension = f.dimension AND g.code = f.code AND g.measure = 'indice de Gini'
LEFT JOIN pilotage.kpi_unmet_need n ON n.perimeter = f.perimeter AND n.territory_kind = 'epci' AND n.territory_code = t.official_code
WHERE f.indicator = 'I11' AND f.dimension IN ('total', 'epci') AND f.measure = 'places pour 1000 habitants';

COMMENT ON VIEW pilotage.kpi_access IS 'Accès aux places : places d''une semaine que les habitants peuvent atteindre, et comment elles se partagent.';
COMMENT ON COLUMN pilotage.kpi_access.id IS 'Numéro de ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.kpi_access.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_access.territory_kind IS 'Nature : ensemble ou epci.';
COMMENT ON COLUMN pilotage.kpi_access.territory_code IS 'Code du territoire : SIREN de l''intercommunalité ; vide pour l''ensemble.';
COMMENT ON COLUMN pilotage.kpi_access.territory_name IS 'Territoire : son nom.';
COMMENT ON COLUMN pilotage.kpi_access.population IS 'Population : habitants, entre qui les places se partagent.';
COMMENT ON COLUMN pilotage.kpi_access.seats_per_thousand IS 'Places pour 1 000 habitants : d''une semaine, à portée, partagées entre tous ceux qui le peuvent.';
COMMENT ON COLUMN pilotage.kpi_access.without_seat_share IS 'Part sans aucune place : habitants qui n''en ont aucune à portée, entre 0 et 1.';
COMMENT ON COLUMN pilotage.kpi_access.gini_index IS 'Indice de Gini : 0 si chacun a le même accès, près de 1 si peu ont tout ; vide si personne n''a rien.';
COMMENT ON COLUMN pilotage.kpi_access.enrolment_coverage_share IS 'Couverture : personnes inscrites sur besoin estimé ; vide sans estimation, ou si masquée.';
COMMENT ON COLUMN pilotage.kpi_access.outreach IS 'Prospection : « non prospecté » quand personne n''est inscrit ; ce n''est pas une absence de besoin.';
COMMENT ON COLUMN pilotage.kpi_access.released_on IS 'Publiée le : jour de la publication.';

CREATE VIEW pilotage.map_access AS
SELECT inclusion.line_id(f.perimeter, f.indicator, f.dimension, f.code, f.measure) AS id,
  f.perimeter,
  t.official_code AS commune_code,
  t.name,
  t.population,
  f.value AS seats_per_thousand,
  CASE WHEN f.value > 0 THEN 'places à portée' ELSE 'aucune place à portée' END AS class,
  n.enrolment_coverage_share,
  o.outreach,
  f.released_on,
  t.latitude,
  t.longitude,
  t.geom::geometry(Point, 4326) AS geom
FROM inclusion_data.figure f
JOIN inclusion_data.territory t ON t.code = f.code
LEFT JOIN inclusion_data.territory e ON e.code = t.epci
LEFT JOIN inclusion_data.released_outreach() o ON o.commune = t.code
LEFT JOIN pilotage.kpi_unmet_need n ON n.perimeter = f.perimeter AND n.territory_kind = 'epci' AND n.territory_code = e.official_code
WHERE f.indicator = 'I11' AND f.dimension = 'commune';

COMMENT ON VIEW pilotage.map_access IS 'Carte de l''accès aux places : communes, avec celles d''où aucune place n''est à portée.';
COMMENT ON COLUMN pilotage.map_access.id IS 'Numéro de ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.map_access.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.map_access.commune_code IS 'Code officiel : commune, cinq caractères.';
COMMENT ON COLUMN pilotage.map_access.name IS 'Commune : nom officiel.';
COMMENT ON COLUMN pilotage.map_access.population IS 'Population : habitants de la commune.';
COMMENT ON COLUMN pilotage.map_access.seats_per_thousand IS 'Places pour 1 000 habitants : d''une semaine, à portée, partagées entre tous ceux qui le peuvent.';
COMMENT ON COLUMN pilotage.map_access.class IS 'Classe : places à portée, ou aucune.';
COMMENT ON COLUMN pilotage.map_access.enrolment_coverage_share IS 'Couverture : de l''intercommunalité, personnes inscrites sur besoin estimé ; vide sans estimation, ou si masquée.';
COMMENT ON COLUMN pilotage.map_access.outreach IS 'Prospection : « non prospecté » quand personne n''y est inscrit ; ce n''est pas une absence de besoin.';
COMMENT ON COLUMN pilotage.map_access.released_on IS 'Publiée le : jour de la publication.';
COMMENT ON COLUMN pilotage.map_access.latitude IS 'Latitude : degrés, WGS 84, centre de la commune.';
COMMENT ON COLUMN pilotage.map_access.longitude IS 'Longitude : degrés, WGS 84, centre de la commune.';
COMMENT ON COLUMN pilotage.map_access.geom IS 'Position : centre de la commune, en degrés, WGS 84.';

GRANT SELECT ON pilotage.kpi_access, pilotage.map_access, pilotage.kpi_reach, pilotage.kpi_unmet_need, pilotage.map_unmet_need, pilotage.map_impact
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;
