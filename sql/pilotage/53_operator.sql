/*
 * 53_operator: how structures answer those who agreed.  A released view: it
 * runs with the owner's rights, and shows nothing of too few people.
 */

CREATE VIEW pilotage.kpi_operator_answer AS
-- from the person's agreement to the step that is the structure's word
WITH answer AS (
  SELECT p.perimeter, o.structure, count(*) AS answers, count(DISTINCT p.beneficiary) AS people,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM s.at - b.at)::float8 / 86400) AS median_days
  FROM inclusion_data.proposal p
  JOIN inclusion_data.offer o ON o.id = p.offer AND o.structure IS NOT NULL
  JOIN inclusion_data.proposal_step s ON s.proposal = p.id AND s.perimeter = p.perimeter
  JOIN inclusion_data.proposal_transition t ON t.from_state = s.from_state AND t.to_state = s.to_state AND t.word = 'operator'
  JOIN inclusion_data.proposal_step b ON b.proposal = s.proposal AND b.perimeter = s.perimeter AND b.n = s.prev
  WHERE NOT EXISTS (SELECT FROM inclusion_data.purpose_objection x WHERE x.beneficiary = p.beneficiary AND x.perimeter = p.perimeter)
  GROUP BY p.perimeter, o.structure
)
SELECT m.id * 100000000 + t.id AS id,
  a.perimeter,
  t.id AS structure_id,
  t.name AS structure_name,
  CASE WHEN a.people >= h.least THEN a.answers::int END AS answer_count,
  CASE WHEN a.people >= h.least THEN a.median_days END AS median_delay_days,
  a.people < h.least AS is_masked
FROM answer a
JOIN inclusion_data.publication_threshold h ON h.perimeter = a.perimeter
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
