/*
 * 70_quality: measured quality of offers and of structures, one measure a row,
 * with what chance alone explains.  Released views; nothing is ranked.
 */

CREATE VIEW pilotage.kpi_offer_quality AS
SELECT q.id,
  q.perimeter,
  q.offer AS offer_id,
  o.name AS offer_name,
  s.name AS structure_name,
  m.label AS measure_label,
  q.class,
  q.as_of,
  q.fact_count,
  q.observed,
  q.estimate,
  q.low AS estimate_low,
  q.high AS estimate_high,
  q.centre,
  q.low_998 AS funnel_low_998,
  q.low_95 AS funnel_low_95,
  q.high_95 AS funnel_high_95,
  q.high_998 AS funnel_high_998,
  m.caution AS caution,
  q.is_masked
FROM inclusion_data.released_quality() q
JOIN inclusion_data.quality_measure m ON m.code = q.measure
JOIN inclusion_data.offer o ON o.id = q.offer
LEFT JOIN inclusion_data.structure s ON s.id = q.structure
WHERE q.scope = 'offer';

COMMENT ON VIEW pilotage.kpi_offer_quality IS 'Qualité des offres : mesure par mesure, avec ce que le hasard explique.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.id IS 'Numéro de la ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.perimeter IS 'Périmètre : celui des offres.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.offer_id IS 'Numéro de l''offre : celle que l''on mesure.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.offer_name IS 'Offre : son nom.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.structure_name IS 'Structure : celle qui la porte.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.measure_label IS 'Mesure : ce que l''on constate, jamais mêlé en une note.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.class IS 'Classe : pas encore mesurée, à revoir, dans l''attendu, au-delà de l''attendu, ou masquée.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.as_of IS 'Au : dernier jour des faits.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.fact_count IS 'Faits : leur nombre, parts comprises ; vide sous le seuil de publication.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.observed IS 'Constaté : taux, ou progrès au-delà de l''attendu en huitièmes de niveau ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.estimate IS 'Estimation : rapprochée du centre selon le nombre de faits ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.estimate_low IS 'Borne basse : à 95 % ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.estimate_high IS 'Borne haute : à 95 % ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.centre IS 'Centre : ce que les offres du territoire ont en commun.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.funnel_low_998 IS 'Entonnoir, limite basse à 99,8 % : en dessous, une cause particulière est à chercher.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.funnel_low_95 IS 'Entonnoir, limite basse à 95 % : un chiffre sur quarante y passe par hasard.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.funnel_high_95 IS 'Entonnoir, limite haute à 95 % : un chiffre sur quarante y passe par hasard.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.funnel_high_998 IS 'Entonnoir, limite haute à 99,8 % : au-delà, une pratique est à partager.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.caution IS 'Ce qu''elle ne prouve pas : à lire avec le chiffre.';
COMMENT ON COLUMN pilotage.kpi_offer_quality.is_masked IS 'Masqué : vrai si trop peu de personnes sont concernées, ou si une soustraction le dirait.';

CREATE VIEW pilotage.kpi_operator_quality AS
SELECT q.id,
  q.perimeter,
  q.structure AS structure_id,
  s.name AS structure_name,
  m.label AS measure_label,
  q.class,
  q.as_of,
  q.fact_count,
  q.observed,
  q.estimate,
  q.low AS estimate_low,
  q.high AS estimate_high,
  q.centre,
  q.low_998 AS funnel_low_998,
  q.low_95 AS funnel_low_95,
  q.high_95 AS funnel_high_95,
  q.high_998 AS funnel_high_998,
  m.caution AS caution,
  q.is_masked
FROM inclusion_data.released_quality() q
JOIN inclusion_data.quality_measure m ON m.code = q.measure
JOIN inclusion_data.structure s ON s.id = q.structure
WHERE q.scope = 'operator';

COMMENT ON VIEW pilotage.kpi_operator_quality IS 'Qualité des structures : mesure par mesure, les offres partagées comptées pour leur part.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.id IS 'Numéro de la ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.perimeter IS 'Périmètre : celui des offres.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.structure_id IS 'Numéro de la structure : celle que l''on mesure.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.structure_name IS 'Structure : son nom.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.measure_label IS 'Mesure : ce que l''on constate, jamais mêlé en une note.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.class IS 'Classe : pas encore mesurée, à revoir, dans l''attendu, au-delà de l''attendu, ou masquée.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.as_of IS 'Au : dernier jour des faits.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.fact_count IS 'Faits : leur nombre, parts comprises ; vide sous le seuil de publication.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.observed IS 'Constaté : taux, ou progrès au-delà de l''attendu en huitièmes de niveau ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.estimate IS 'Estimation : rapprochée du centre selon le nombre de faits ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.estimate_low IS 'Borne basse : à 95 % ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.estimate_high IS 'Borne haute : à 95 % ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.centre IS 'Centre : ce que les structures du territoire ont en commun.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.funnel_low_998 IS 'Entonnoir, limite basse à 99,8 % : en dessous, une cause particulière est à chercher.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.funnel_low_95 IS 'Entonnoir, limite basse à 95 % : un chiffre sur quarante y passe par hasard.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.funnel_high_95 IS 'Entonnoir, limite haute à 95 % : un chiffre sur quarante y passe par hasard.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.funnel_high_998 IS 'Entonnoir, limite haute à 99,8 % : au-delà, une pratique est à partager.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.caution IS 'Ce qu''elle ne prouve pas : à lire avec le chiffre.';
COMMENT ON COLUMN pilotage.kpi_operator_quality.is_masked IS 'Masqué : vrai si trop peu de personnes sont concernées, ou si une soustraction le dirait.';

GRANT SELECT ON pilotage.kpi_offer_quality, pilotage.kpi_operator_quality
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;
