/*
 * 50_job_progress: where the nights stand.  No person appears: a released view.
 */

CREATE VIEW pilotage.job_progress AS
SELECT r.id,
  r.as_of,
  array_to_string(r.perimeters, ', ') AS perimeters,
  CASE r.state WHEN 'running' THEN 'en cours' WHEN 'published' THEN 'publiée' ELSE 'échouée' END AS state,
  CASE WHEN r.state = 'running' THEN coalesce(a.application_name, 'interrompue') END AS current_step,
  r.started_at,
  r.finished_at,
  extract(epoch FROM coalesce(r.finished_at, clock_timestamp()) - r.started_at)::float8 AS duration_seconds,
  (r.counters ->> 'offers_unconfirmed')::int AS unconfirmed_offer_count,
  r.error_state AS error_code,
  -- the message of an error we did not write may quote a row
  coalesce(l.sentence, 'Erreur technique ' || r.error_state || ' : voir le journal du serveur.') AS error_sentence
FROM inclusion_data.run r
-- the step of a phase that has not committed shows only as the session's name
LEFT JOIN pg_stat_activity a ON a.pid = r.backend AND a.application_name LIKE 'inclusion: night%'
LEFT JOIN inclusion_data.error_label l ON l.sqlstate = r.error_state;

COMMENT ON VIEW pilotage.job_progress IS 'Nuits : où en est chacune, et pourquoi elle a échoué.';
COMMENT ON COLUMN pilotage.job_progress.id IS 'Nuit : numéro de l''exécution.';
COMMENT ON COLUMN pilotage.job_progress.as_of IS 'Jour traité : date à laquelle la file est calculée.';
COMMENT ON COLUMN pilotage.job_progress.perimeters IS 'Périmètres : ceux que la nuit traite.';
COMMENT ON COLUMN pilotage.job_progress.state IS 'État : en cours, publiée ou échouée.';
COMMENT ON COLUMN pilotage.job_progress.current_step IS 'Étape en cours : telle que la session l''affiche.';
COMMENT ON COLUMN pilotage.job_progress.started_at IS 'Début : heure de départ de la nuit.';
COMMENT ON COLUMN pilotage.job_progress.finished_at IS 'Fin : heure de publication ou d''échec.';
COMMENT ON COLUMN pilotage.job_progress.duration_seconds IS 'Durée : en secondes, jusqu''à maintenant si la nuit est en cours.';
COMMENT ON COLUMN pilotage.job_progress.unconfirmed_offer_count IS 'Offres non confirmées : celles dont les places ne sont plus tenues pour sûres.';
COMMENT ON COLUMN pilotage.job_progress.error_code IS 'Code d''erreur : de la nuit échouée.';
COMMENT ON COLUMN pilotage.job_progress.error_sentence IS 'Erreur en clair : ce qui a arrêté la nuit.';

GRANT SELECT ON pilotage.job_progress TO inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_night, inclusion_dpo;
