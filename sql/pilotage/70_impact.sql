/*
 * 70_impact: what was measured, as it was released.  Views of one table of
 * figures, masked when they were copied there (84_figure): nothing here reads a
 * state, nor a person.
 */

CREATE VIEW pilotage.dim_indicator AS
SELECT substr(i.code, 2)::bigint AS id,
  i.code AS indicator,
  i.label,
  i.definition,
  i.numerator,
  i.denominator,
  i.unit,
  i.estimator,
  i.maturity_days,
  i.source AS reference,
  i.version
FROM inclusion_data.indicator i;

COMMENT ON VIEW pilotage.dim_indicator IS 'Indicateurs publiés : ce que chacun mesure, et ce qu''il ne prouve pas.';
COMMENT ON COLUMN pilotage.dim_indicator.id IS 'Numéro de ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.dim_indicator.indicator IS 'Code : de I01 à I16.';
COMMENT ON COLUMN pilotage.dim_indicator.label IS 'Nom affiché : il dit ce que la mesure ne prouve pas.';
COMMENT ON COLUMN pilotage.dim_indicator.definition IS 'Définition : en une phrase.';
COMMENT ON COLUMN pilotage.dim_indicator.numerator IS 'Numérateur : ce qui est compté ou mesuré.';
COMMENT ON COLUMN pilotage.dim_indicator.denominator IS 'Dénominateur : parmi qui, chacun une seule fois.';
COMMENT ON COLUMN pilotage.dim_indicator.unit IS 'Unité : celle de la valeur.';
COMMENT ON COLUMN pilotage.dim_indicator.estimator IS 'Estimateur : calcul et intervalle.';
COMMENT ON COLUMN pilotage.dim_indicator.maturity_days IS 'Maturité : jours après la fin d''un mois avant d''en dire quelque chose.';
COMMENT ON COLUMN pilotage.dim_indicator.reference IS 'Référence : d''où vient la définition.';
COMMENT ON COLUMN pilotage.dim_indicator.version IS 'Version : change avec la définition.';

CREATE VIEW pilotage.kpi_impact AS
SELECT f.id,
  f.perimeter,
  f.period AS entered_quarter,
  f.indicator,
  i.label,
  f.measure,
  f.dimension,
  f.code,
  p.label AS code_label,
  i.unit,
  f.people AS people_count,
  f.entered AS entered_count,
  f.value,
  f.low,
  f.high,
  f.is_masked,
  f.released_on
FROM inclusion_data.figure f
JOIN inclusion_data.indicator i ON i.code = f.indicator
JOIN inclusion_data.figure_part p ON p.figure = f.id
WHERE i.stage IN ('entry', 'mediation') AND f.indicator <> 'I10' AND f.expected IS NULL
  AND f.measure !~ ' au jour ' AND f.measure <> 'observés sur attendus';

COMMENT ON VIEW pilotage.kpi_impact IS 'Mesures d''impact : par territoire, public, compétence, programme et structure, avec effectif, intervalle et date.';
COMMENT ON COLUMN pilotage.kpi_impact.id IS 'Numéro de ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.kpi_impact.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_impact.entered_quarter IS 'Trimestre d''entrée : premier jour de celui où les personnes sont entrées ; clos et assez ancien.';
COMMENT ON COLUMN pilotage.kpi_impact.indicator IS 'Indicateur : son code.';
COMMENT ON COLUMN pilotage.kpi_impact.label IS 'Nom de l''indicateur : il dit ce qu''il ne prouve pas.';
COMMENT ON COLUMN pilotage.kpi_impact.measure IS 'Mesure : ce que la valeur dit.';
COMMENT ON COLUMN pilotage.kpi_impact.dimension IS 'Découpage : total, epci, operator (structure), programme, public ou competence.';
COMMENT ON COLUMN pilotage.kpi_impact.code IS 'Code de la part : vide pour le total.';
COMMENT ON COLUMN pilotage.kpi_impact.code_label IS 'Part : dite en clair.';
COMMENT ON COLUMN pilotage.kpi_impact.unit IS 'Unité : celle de la valeur.';
COMMENT ON COLUMN pilotage.kpi_impact.people_count IS 'Personnes : nombre compté ; vide sous le seuil, ou s''il en laisserait déduire un.';
COMMENT ON COLUMN pilotage.kpi_impact.entered_count IS 'Personnes à mesurer : celles qui l''auraient été si aucune n''avait été perdue de vue ; vide si masqué.';
COMMENT ON COLUMN pilotage.kpi_impact.value IS 'Valeur : arrondie ; vide si masquée.';
COMMENT ON COLUMN pilotage.kpi_impact.low IS 'Borne basse : à 95 %.';
COMMENT ON COLUMN pilotage.kpi_impact.high IS 'Borne haute : à 95 %.';
COMMENT ON COLUMN pilotage.kpi_impact.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique, ou pourrait être déduit.';
COMMENT ON COLUMN pilotage.kpi_impact.released_on IS 'Publiée le : jour de la publication.';

CREATE VIEW pilotage.kpi_rights_bridge AS
SELECT f.id,
  f.perimeter,
  f.period AS entered_quarter,
  i.label,
  f.dimension,
  f.code,
  p.label AS code_label,
  f.people AS people_count,
  f.value,
  f.low,
  f.high,
  f.is_masked,
  f.released_on
FROM inclusion_data.figure f
JOIN inclusion_data.indicator i ON i.code = f.indicator
JOIN inclusion_data.figure_part p ON p.figure = f.id
WHERE i.stage = 'rights';

COMMENT ON VIEW pilotage.kpi_rights_bridge IS 'Ponts vers la médiation : personnes dont un droit a été réglé, et celles qui viennent ensuite ; à part des mesures de médiation.';
COMMENT ON COLUMN pilotage.kpi_rights_bridge.id IS 'Numéro de ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.kpi_rights_bridge.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_rights_bridge.entered_quarter IS 'Trimestre d''entrée : premier jour de celui où les personnes sont entrées ; clos et assez ancien.';
COMMENT ON COLUMN pilotage.kpi_rights_bridge.label IS 'Nom de l''indicateur : il dit ce qu''il ne prouve pas.';
COMMENT ON COLUMN pilotage.kpi_rights_bridge.dimension IS 'Découpage : total, epci, operator (structure), programme, public ou competence.';
COMMENT ON COLUMN pilotage.kpi_rights_bridge.code IS 'Code de la part : vide pour le total.';
COMMENT ON COLUMN pilotage.kpi_rights_bridge.code_label IS 'Part : dite en clair.';
COMMENT ON COLUMN pilotage.kpi_rights_bridge.people_count IS 'Personnes : nombre compté ; vide sous le seuil, ou s''il en laisserait déduire un.';
COMMENT ON COLUMN pilotage.kpi_rights_bridge.value IS 'Valeur : arrondie ; vide si masquée.';
COMMENT ON COLUMN pilotage.kpi_rights_bridge.low IS 'Borne basse : à 95 %.';
COMMENT ON COLUMN pilotage.kpi_rights_bridge.high IS 'Borne haute : à 95 %.';
COMMENT ON COLUMN pilotage.kpi_rights_bridge.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique, ou pourrait être déduit.';
COMMENT ON COLUMN pilotage.kpi_rights_bridge.released_on IS 'Publiée le : jour de la publication.';

CREATE VIEW pilotage.kpi_waiting_curve AS
SELECT f.id,
  f.perimeter,
  f.period AS entered_quarter,
  f.dimension,
  f.code,
  split_part(f.measure, ' au jour ', 1) AS outcome,
  split_part(f.measure, ' au jour ', 2)::int AS day_number,
  f.people AS people_count,
  f.value AS reached_share,
  f.is_masked,
  f.released_on
FROM inclusion_data.figure f
WHERE f.indicator = 'I08' AND f.measure ~ ' au jour ';

COMMENT ON VIEW pilotage.kpi_waiting_curve IS 'Courbes d''attente : part des personnes inscrites qui ont accepté une offre, ou sont parties, jour après jour.';
COMMENT ON COLUMN pilotage.kpi_waiting_curve.id IS 'Numéro de ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.kpi_waiting_curve.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_waiting_curve.entered_quarter IS 'Trimestre d''entrée : premier jour de celui où les personnes sont entrées ; clos et assez ancien.';
COMMENT ON COLUMN pilotage.kpi_waiting_curve.dimension IS 'Découpage : total ou epci.';
COMMENT ON COLUMN pilotage.kpi_waiting_curve.code IS 'Code de la part : vide pour le total.';
COMMENT ON COLUMN pilotage.kpi_waiting_curve.outcome IS 'Issue : acceptée (une offre), ou partie avant.';
COMMENT ON COLUMN pilotage.kpi_waiting_curve.day_number IS 'Jour : depuis l''inscription.';
COMMENT ON COLUMN pilotage.kpi_waiting_curve.people_count IS 'Personnes : nombre compté ; vide sous le seuil, ou s''il en laisserait déduire un.';
COMMENT ON COLUMN pilotage.kpi_waiting_curve.reached_share IS 'Part : arrondie par défaut à un multiple du seuil ; vide si masquée.';
COMMENT ON COLUMN pilotage.kpi_waiting_curve.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique, ou pourrait être déduit.';
COMMENT ON COLUMN pilotage.kpi_waiting_curve.released_on IS 'Publiée le : jour de la publication.';

CREATE VIEW pilotage.kpi_funnel AS
SELECT f.id,
  f.perimeter,
  f.period AS entered_quarter,
  s.id AS structure_id,
  s.name AS structure_name,
  f.people AS people_count,
  f.expected AS expected_count,
  f.value AS ratio,
  f.low AS low_95,
  f.high AS high_95,
  inclusion.funnel_ratio(f.expected, 0.001, f.spread) AS low_998,
  inclusion.funnel_ratio(f.expected, 0.999, f.spread) AS high_998,
  f.spread AS common_spread,
  CASE WHEN f.is_masked THEN 'trop peu de personnes'
       WHEN f.value < f.low OR f.value > f.high THEN 'à examiner' ELSE 'dans les limites' END AS class,
  f.is_masked,
  f.released_on
FROM inclusion_data.figure f
LEFT JOIN inclusion_data.structure s ON s.id::text = f.code
WHERE f.indicator = 'I05' AND f.measure = 'observés sur attendus';

COMMENT ON VIEW pilotage.kpi_funnel IS 'Entonnoir des structures : parcours terminés, rapportés à ce que donne partout l''âge des personnes ; sans classement.';
COMMENT ON COLUMN pilotage.kpi_funnel.id IS 'Numéro de ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.kpi_funnel.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_funnel.entered_quarter IS 'Trimestre d''entrée : premier jour de celui où les personnes sont entrées ; clos et assez ancien.';
COMMENT ON COLUMN pilotage.kpi_funnel.structure_id IS 'Numéro de la structure : celle qui a reçu les personnes.';
COMMENT ON COLUMN pilotage.kpi_funnel.structure_name IS 'Structure : son nom.';
COMMENT ON COLUMN pilotage.kpi_funnel.people_count IS 'Personnes : nombre compté ; vide sous le seuil, ou s''il en laisserait déduire un.';
COMMENT ON COLUMN pilotage.kpi_funnel.expected_count IS 'Parcours attendus : si l''on terminait comme partout au même âge.';
COMMENT ON COLUMN pilotage.kpi_funnel.ratio IS 'Observés sur attendus : 1 si tout se passe comme partout.';
COMMENT ON COLUMN pilotage.kpi_funnel.low_95 IS 'Limite basse à 95 % : au-dessous, à examiner.';
COMMENT ON COLUMN pilotage.kpi_funnel.high_95 IS 'Limite haute à 95 % : au-dessus, à examiner.';
COMMENT ON COLUMN pilotage.kpi_funnel.low_998 IS 'Limite basse à 99,8 % : rarement franchie par hasard.';
COMMENT ON COLUMN pilotage.kpi_funnel.high_998 IS 'Limite haute à 99,8 % : rarement franchie par hasard.';
COMMENT ON COLUMN pilotage.kpi_funnel.common_spread IS 'Dispersion commune : variance entre structures au-delà du hasard, comprise dans les limites.';
COMMENT ON COLUMN pilotage.kpi_funnel.class IS 'Lecture : dans les limites, ou à examiner ; ce n''est pas un jugement.';
COMMENT ON COLUMN pilotage.kpi_funnel.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique, ou pourrait être déduit.';
COMMENT ON COLUMN pilotage.kpi_funnel.released_on IS 'Publiée le : jour de la publication.';

CREATE VIEW pilotage.kpi_autonomy_transition AS
SELECT inclusion.line_id(r.perimeter, r.from_outcome, r.to_outcome) AS id,
  r.perimeter,
  a.label AS from_label,
  b.label AS to_label,
  r.people_count,
  r.from_count,
  r.share AS to_share,
  r.low,
  r.high,
  r.is_masked,
  r.as_of
FROM inclusion_data.released_autonomy_transition() r
JOIN inclusion_data.autonomy_outcome a ON a.code = r.from_outcome
JOIN inclusion_data.autonomy_outcome b ON b.code = r.to_outcome;

COMMENT ON VIEW pilotage.kpi_autonomy_transition IS 'Passages d''autonomie : de la première décision à la dernière, pour un même usage.';
COMMENT ON COLUMN pilotage.kpi_autonomy_transition.id IS 'Numéro de ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.kpi_autonomy_transition.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_autonomy_transition.from_label IS 'Première conclusion : celle de l''agent.';
COMMENT ON COLUMN pilotage.kpi_autonomy_transition.to_label IS 'Dernière conclusion : celle de l''agent.';
COMMENT ON COLUMN pilotage.kpi_autonomy_transition.people_count IS 'Personnes : passées de l''une à l''autre, nombre arrondi par défaut à un multiple du seuil ; vide si masqué.';
COMMENT ON COLUMN pilotage.kpi_autonomy_transition.from_count IS 'Personnes au départ : dont la première conclusion est celle-là, arrondi de même ; vide si masqué.';
COMMENT ON COLUMN pilotage.kpi_autonomy_transition.to_share IS 'Part : de celles du départ, en centièmes ; une personne qui a plusieurs usages peut compter dans plusieurs.';
COMMENT ON COLUMN pilotage.kpi_autonomy_transition.low IS 'Borne basse : à 95 %.';
COMMENT ON COLUMN pilotage.kpi_autonomy_transition.high IS 'Borne haute : à 95 %.';
COMMENT ON COLUMN pilotage.kpi_autonomy_transition.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique, ou pourrait être déduit.';
COMMENT ON COLUMN pilotage.kpi_autonomy_transition.as_of IS 'Au : dernier jour du trimestre clos ; les décisions suivantes attendent le prochain.';

CREATE VIEW pilotage.kpi_outcome_funding AS
SELECT f.id,
  f.perimeter,
  f.period AS entered_quarter,
  CASE f.dimension WHEN 'total' THEN 'ensemble' ELSE coalesce(nullif(f.code, ''), 'sans programme') END AS programme,
  f.people AS people_count,
  f.value AS euros_per_outcome,
  f.low,
  f.high,
  f.is_masked,
  f.released_on
FROM inclusion_data.figure f
WHERE f.indicator = 'I10';

COMMENT ON VIEW pilotage.kpi_outcome_funding IS 'Dépense et résultats : dépense connue par personne en hausse, par programme ; jamais par structure.';
COMMENT ON COLUMN pilotage.kpi_outcome_funding.id IS 'Numéro de ligne : identifiant stable.';
COMMENT ON COLUMN pilotage.kpi_outcome_funding.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_outcome_funding.entered_quarter IS 'Trimestre d''entrée : premier jour de celui où les personnes sont entrées ; clos et assez ancien.';
COMMENT ON COLUMN pilotage.kpi_outcome_funding.programme IS 'Programme : son nom, ou l''ensemble.';
COMMENT ON COLUMN pilotage.kpi_outcome_funding.people_count IS 'Personnes : nombre compté ; vide sous le seuil, ou s''il en laisserait déduire un.';
COMMENT ON COLUMN pilotage.kpi_outcome_funding.euros_per_outcome IS 'Euros par personne en hausse : sans groupe témoin ; vide si masqué.';
COMMENT ON COLUMN pilotage.kpi_outcome_funding.low IS 'Borne basse : à 95 %, vide si elle n''existe pas.';
COMMENT ON COLUMN pilotage.kpi_outcome_funding.high IS 'Borne haute : à 95 %, vide si elle n''existe pas.';
COMMENT ON COLUMN pilotage.kpi_outcome_funding.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique, ou pourrait être déduit.';
COMMENT ON COLUMN pilotage.kpi_outcome_funding.released_on IS 'Publiée le : jour de la publication.';

GRANT SELECT ON pilotage.dim_indicator, pilotage.kpi_impact, pilotage.kpi_rights_bridge, pilotage.kpi_waiting_curve, pilotage.kpi_funnel, pilotage.kpi_autonomy_transition, pilotage.kpi_outcome_funding
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;
