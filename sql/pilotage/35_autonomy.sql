/*
 * 35_autonomy: what has been decided about autonomy.  The reviews are
 * nominative; the rest are counts of people, released, which come masked from the
 * functions of the registry (82_released_autonomy).
 */

CREATE VIEW pilotage.fact_autonomy_review WITH (security_invoker = true) AS
SELECT d.id,
  d.perimeter,
  d.beneficiary AS beneficiary_id,
  s.label AS use_label,
  o.label AS outcome_label,
  d.decided_on,
  d.review_on,
  greatest((now() AT TIME ZONE p.time_zone)::date - d.review_on, 0) AS overdue_days,
  r.agent AS referent_id
FROM inclusion_data.autonomy_now d
JOIN inclusion_data.autonomy_scope s ON s.code = d.scope
JOIN inclusion_data.autonomy_outcome o ON o.code = d.outcome
JOIN inclusion_data.perimeter p ON p.code = d.perimeter
LEFT JOIN inclusion_data.referent r ON r.beneficiary = d.beneficiary AND r.perimeter = d.perimeter AND r.until IS NULL
WHERE d.review_on IS NOT NULL;

COMMENT ON VIEW pilotage.fact_autonomy_review IS 'Décisions à revoir : celles qui ont un jour de retour, les plus en retard d''abord si l''on trie par retard.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.id IS 'Numéro de la décision : identifiant stable.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.beneficiary_id IS 'Numéro de la personne : jamais son nom.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.use_label IS 'Usage : celui dont on a décidé.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.outcome_label IS 'Conclusion : celle de l''agent.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.decided_on IS 'Décidée le : jour de la décision.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.review_on IS 'À revoir le : jour où l''on y revient.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.overdue_days IS 'Retard : jours passés depuis ce jour ; 0 s''il est à venir.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.referent_id IS 'Agent référent : numéro de celui qui la suit ; vide s''il n''y en a pas.';

CREATE VIEW pilotage.kpi_autonomy_agreement AS
SELECT inclusion.line_id(s.perimeter, s.suggested, s.outcome) AS id,
  s.perimeter,
  g.label AS suggested_label,
  o.label AS decided_label,
  s.suggested = s.outcome AS agrees,
  s.people_count,
  s.is_masked
FROM inclusion_data.released_autonomy_agreement() s
JOIN inclusion_data.autonomy_outcome g ON g.code = s.suggested
JOIN inclusion_data.autonomy_outcome o ON o.code = s.outcome;

COMMENT ON VIEW pilotage.kpi_autonomy_agreement IS 'Suggestions et décisions : ce que disent les règles, en regard de ce que concluent les agents.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.id IS 'Numéro de ligne : unique dans la vue, le même d''un jour à l''autre.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.suggested_label IS 'Conclusion suggérée : celle des règles.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.decided_label IS 'Conclusion décidée : celle de l''agent.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.agrees IS 'Accord : vrai si les deux sont la même.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.people_count IS 'Personnes : dont une décision au moins est dans ce cas ; vide dès qu''une case du périmètre est sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique.';

CREATE VIEW pilotage.kpi_autonomy AS
SELECT inclusion.line_id(s.perimeter, s.dimension, s.code) AS id,
  s.perimeter,
  s.dimension,
  s.code,
  s.people_count,
  s.autonomous_count,
  s.with_support_count,
  s.continued_count,
  s.mandate_count,
  s.is_masked
FROM inclusion_data.released_autonomy() s;

COMMENT ON VIEW pilotage.kpi_autonomy IS 'Autonomie : personnes selon les décisions en vigueur, par territoire, public et nature de structure.';
COMMENT ON COLUMN pilotage.kpi_autonomy.id IS 'Numéro de ligne : unique dans la vue, le même d''un jour à l''autre.';
COMMENT ON COLUMN pilotage.kpi_autonomy.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_autonomy.dimension IS 'Découpage : territory (intercommunalité), audience (public), age_bracket (âge le jour de la décision) ou structure_kind (nature de la structure).';
COMMENT ON COLUMN pilotage.kpi_autonomy.code IS 'Part : code dans ce découpage ; « inconnu » si non précisé.';
COMMENT ON COLUMN pilotage.kpi_autonomy.people_count IS 'Personnes : dont un usage au moins a été décidé ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_autonomy.autonomous_count IS 'Autonomes pour un usage : personnes qui le sont pour au moins un.';
COMMENT ON COLUMN pilotage.kpi_autonomy.with_support_count IS 'Peuvent le devenir : avec un accompagnement, pour au moins un usage.';
COMMENT ON COLUMN pilotage.kpi_autonomy.continued_count IS 'Accompagnement à prolonger : pour au moins un usage.';
COMMENT ON COLUMN pilotage.kpi_autonomy.mandate_count IS 'Faites avec un mandat : personnes pour qui une démarche au moins l''est ; par territoire et nature de structure seulement.';
COMMENT ON COLUMN pilotage.kpi_autonomy.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique, ou pourrait être déduit.';

GRANT SELECT ON pilotage.fact_autonomy_review TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_dpo;
GRANT SELECT ON pilotage.kpi_autonomy_agreement, pilotage.kpi_autonomy
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;
