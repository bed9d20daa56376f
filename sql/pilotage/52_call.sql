/*
 * 52_call: whom to ring.  A nominative view: it reads with the rights of
 * whoever asks, so that each sees their own people.
 */

CREATE VIEW pilotage.fact_call WITH (security_invoker = true) AS
SELECT d.beneficiary AS id,
  d.perimeter,
  r.label AS reason,
  r.advice,
  r.urgency,
  (d.since AT TIME ZONE z.time_zone)::date AS since,
  d.due_on AS answer_by,
  d.attempts AS attempt_count,
  a.name AS referent_name,
  t.name AS structure_name,
  d.proposal AS proposal_id,
  o.name AS offer_name,
  s.starts_at AS session_at
FROM inclusion_data.call_due d
JOIN inclusion_data.call_reason r ON r.code = d.reason
JOIN inclusion_data.perimeter z ON z.code = d.perimeter
LEFT JOIN inclusion_data.agent a ON a.id = d.referent
LEFT JOIN inclusion_data.structure t ON t.id = d.structure
LEFT JOIN inclusion_data.proposal p ON p.id = d.proposal AND p.perimeter = d.perimeter
LEFT JOIN inclusion_data.offer o ON o.id = p.offer
LEFT JOIN inclusion_data.session s ON s.id = p.session
WHERE d.caller = 'referent';

COMMENT ON VIEW pilotage.fact_call IS 'Appels à faire : qui rappeler, pourquoi et depuis quand, une ligne par personne visible.';
COMMENT ON COLUMN pilotage.fact_call.id IS 'Numéro de la personne : identifiant stable, jamais son nom.';
COMMENT ON COLUMN pilotage.fact_call.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.fact_call.reason IS 'Motif : pourquoi la rappeler.';
COMMENT ON COLUMN pilotage.fact_call.advice IS 'Geste à faire : ce qui est attendu de l''agent.';
COMMENT ON COLUMN pilotage.fact_call.urgency IS 'Urgence : 1 pour le plus pressé.';
COMMENT ON COLUMN pilotage.fact_call.since IS 'Depuis le : jour où le motif est né, ou celui des dernières nouvelles.';
COMMENT ON COLUMN pilotage.fact_call.answer_by IS 'Réponse attendue le : dernier jour utile, vide s''il n''y en a pas.';
COMMENT ON COLUMN pilotage.fact_call.attempt_count IS 'Essais de contact : nombre depuis la proposition.';
COMMENT ON COLUMN pilotage.fact_call.referent_name IS 'Référent : agent qui la suit, vide si toute sa structure s''en charge.';
COMMENT ON COLUMN pilotage.fact_call.structure_name IS 'Structure : celle qui la suit.';
COMMENT ON COLUMN pilotage.fact_call.proposal_id IS 'Numéro de la proposition : celle dont il s''agit, vide sinon.';
COMMENT ON COLUMN pilotage.fact_call.offer_name IS 'Offre : nom de celle qui est proposée.';
COMMENT ON COLUMN pilotage.fact_call.session_at IS 'Séance : début de celle dont une place est tenue.';

GRANT SELECT ON pilotage.fact_call TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
