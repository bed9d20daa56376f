/*
 * 53_operator: how structures answer those who agreed.  A released view: it
 * runs with the owner's rights, and shows nothing of too few people.
 */

CREATE VIEW pilotage.kpi_operator_answer AS
SELECT m.id * 100000000 + t.id AS id,
  a.perimeter,
  t.id AS structure_id,
  t.name AS structure_name,
  a.answer_count,
  a.median_delay_days,
  a.is_masked
FROM inclusion_data.released_operator_answers() a
JOIN inclusion_data.perimeter m ON m.code = a.perimeter
JOIN inclusion_data.structure t ON t.id = a.structure;

COMMENT ON VIEW pilotage.kpi_operator_answer IS 'Suites données par les structures : combien de réponses, et en combien de temps.';
COMMENT ON COLUMN pilotage.kpi_operator_answer.id IS 'Numéro de la ligne : du périmètre et de la structure.';
COMMENT ON COLUMN pilotage.kpi_operator_answer.perimeter IS 'Périmètre : celui des personnes qui avaient accepté.';
COMMENT ON COLUMN pilotage.kpi_operator_answer.structure_id IS 'Numéro de la structure : celle qui porte les offres.';
COMMENT ON COLUMN pilotage.kpi_operator_answer.structure_name IS 'Structure : son nom.';
COMMENT ON COLUMN pilotage.kpi_operator_answer.answer_count IS 'Réponses : places confirmées ou déclinées, vide sous le seuil de la politique.';
COMMENT ON COLUMN pilotage.kpi_operator_answer.median_delay_days IS 'Délai médian : en jours, entre l''accord de la personne et la réponse ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_operator_answer.is_masked IS 'Masqué : vrai si trop peu de personnes sont concernées.';

GRANT SELECT ON pilotage.kpi_operator_answer TO inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;
