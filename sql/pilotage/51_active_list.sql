/*
 * 51_active_list: the active list itself, person by person.  A nominative view:
 * it reads with the rights of whoever asks, so that each sees their own people.
 */

CREATE VIEW pilotage.fact_active_list WITH (security_invoker = true) AS
SELECT l.beneficiary AS id,
  l.perimeter,
  r.as_of,
  l.rank,
  l.grade,
  l.waiting_days,
  l.priority,
  l.outcome,
  w.label AS reason,
  w.unlock AS what_would_help,
  l.offer AS offer_id,
  o.name AS offer_name,
  s.starts_at AS session_at,
  l.list_position,
  l.match_gap
FROM inclusion_data.active_list l
JOIN inclusion_data.active_list_pointer p ON p.perimeter = l.perimeter AND p.slot = l.slot
JOIN inclusion_data.run r ON r.id = p.run
LEFT JOIN inclusion_data.outcome_reason w ON w.code = l.reason
LEFT JOIN inclusion_data.offer o ON o.id = l.offer
LEFT JOIN inclusion_data.session s ON s.id = l.session
-- who objects leaves the list at once, before the next night
WHERE NOT EXISTS (SELECT FROM inclusion_data.purpose_objection x
                  WHERE x.beneficiary = l.beneficiary AND x.perimeter = l.perimeter AND x.purpose = 'active_list');

COMMENT ON VIEW pilotage.fact_active_list IS 'File active nominative : la dernière liste publiée, une ligne par personne visible.';
COMMENT ON COLUMN pilotage.fact_active_list.id IS 'Numéro de la personne : identifiant stable, jamais son nom.';
COMMENT ON COLUMN pilotage.fact_active_list.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.fact_active_list.as_of IS 'Jour de la liste : date pour laquelle elle est établie.';
COMMENT ON COLUMN pilotage.fact_active_list.rank IS 'Rang : ordre de service, 1 passe d''abord ; vide si une proposition est en cours.';
COMMENT ON COLUMN pilotage.fact_active_list.grade IS 'Rang dans la grille : nombre de faits de la grille publiée, de 0 à 3.';
COMMENT ON COLUMN pilotage.fact_active_list.waiting_days IS 'Attente : jours depuis l''inscription.';
COMMENT ON COLUMN pilotage.fact_active_list.priority IS 'Priorité : jours d''attente, plus les jours que vaut la grille.';
COMMENT ON COLUMN pilotage.fact_active_list.outcome IS 'Issue : proposed, oriented, waiting ou held.';
COMMENT ON COLUMN pilotage.fact_active_list.reason IS 'Motif : pourquoi cette issue, en une phrase.';
COMMENT ON COLUMN pilotage.fact_active_list.what_would_help IS 'Ce qui débloquerait : la prochaine chose à essayer, vide s''il n''y en a pas.';
COMMENT ON COLUMN pilotage.fact_active_list.offer_id IS 'Numéro de l''offre : celle qui est proposée ou indiquée.';
COMMENT ON COLUMN pilotage.fact_active_list.offer_name IS 'Offre : nom de celle qui est proposée ou indiquée.';
COMMENT ON COLUMN pilotage.fact_active_list.session_at IS 'Séance : début de celle dont une place est tenue.';
COMMENT ON COLUMN pilotage.fact_active_list.list_position IS 'Place sur la liste : 1 pour l''offre qui convient le mieux.';
COMMENT ON COLUMN pilotage.fact_active_list.match_gap IS 'Écart au besoin : 0 si l''offre convient tout à fait.';

GRANT SELECT ON pilotage.fact_active_list
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_dpo;
