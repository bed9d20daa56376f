/*
 * 20_enrolment: what becomes of those who enrol, how well they are known, where
 * they are sent and where nobody has been met.  Released views, whose counts come
 * masked from the functions of the registry (84_released_enrolment), but for the
 * events of one's own structure and the mandates told to it.
 */

CREATE VIEW pilotage.kpi_enrolment_follow_up AS
SELECT inclusion.line_id(s.perimeter, s.dimension, s.code) AS id,
  s.perimeter,
  s.dimension,
  s.code,
  coalesce(f.label, c.label, a.label, t.name, s.code) AS label,
  s.enrolled_count,
  s.profiled_count,
  s.matched_count,
  s.started_count,
  s.completed_count,
  s.is_masked
FROM inclusion_data.released_enrolment_yield() s
LEFT JOIN inclusion_data.enrolment_format f ON s.dimension = 'format' AND f.code = s.code
LEFT JOIN inclusion_data.enrolment_channel c ON s.dimension = 'origin' AND c.code = s.code
LEFT JOIN inclusion_data.age_bracket a ON s.dimension = 'age_bracket' AND a.bracket_set = 'coop' AND a.code = s.code
LEFT JOIN inclusion_data.territory t ON s.dimension = 'territory' AND t.code = s.code;

COMMENT ON VIEW pilotage.kpi_enrolment_follow_up IS 'Suites données aux inscriptions : de l''inscription au parcours terminé, par mode, origine, âge et territoire.';
COMMENT ON COLUMN pilotage.kpi_enrolment_follow_up.id IS 'Numéro de ligne : unique dans la vue, le même d''un jour à l''autre.';
COMMENT ON COLUMN pilotage.kpi_enrolment_follow_up.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_enrolment_follow_up.dimension IS 'Découpage : format (mode), origin (origine), campaign, structure_kind, territory (intercommunalité) ou age_bracket (âge le jour de l''inscription).';
COMMENT ON COLUMN pilotage.kpi_enrolment_follow_up.code IS 'Part : code dans ce découpage ; « inconnu » si non précisé.';
COMMENT ON COLUMN pilotage.kpi_enrolment_follow_up.label IS 'Libellé : la part dite en clair.';
COMMENT ON COLUMN pilotage.kpi_enrolment_follow_up.enrolled_count IS 'Inscrites : personnes, par leur première inscription ; vide sous le seuil de la politique.';
COMMENT ON COLUMN pilotage.kpi_enrolment_follow_up.profiled_count IS 'Profil établi : personnes dont on connaît un niveau et une demande ; vide dès qu''une étape est sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_enrolment_follow_up.matched_count IS 'Place proposée : personnes à qui une place l''a été ; une simple orientation n''en est pas une.';
COMMENT ON COLUMN pilotage.kpi_enrolment_follow_up.started_count IS 'Venues : personnes venues au moins une fois.';
COMMENT ON COLUMN pilotage.kpi_enrolment_follow_up.completed_count IS 'Parcours terminé : personnes allées au bout au moins une fois.';
COMMENT ON COLUMN pilotage.kpi_enrolment_follow_up.is_masked IS 'Masqué : vrai si une étape au moins n''est pas montrée.';

CREATE VIEW pilotage.kpi_profile AS
SELECT inclusion.line_id(s.perimeter, s.family, s.piece) AS id,
  s.perimeter,
  s.family,
  s.piece,
  s.people_count,
  s.known_count,
  round(100.0 * s.known_count / nullif(s.people_count, 0))::float8 / 100 AS known_share,
  s.is_masked
FROM inclusion_data.released_profile() s;

COMMENT ON VIEW pilotage.kpi_profile IS 'Profils : ce que l''on sait de ceux qui attendent, apprentissage et droits séparément.';
COMMENT ON COLUMN pilotage.kpi_profile.id IS 'Numéro de ligne : unique dans la vue, le même d''un jour à l''autre.';
COMMENT ON COLUMN pilotage.kpi_profile.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_profile.family IS 'Famille : learn (apprendre) ou rights (démarche) ; les deux ne s''additionnent pas.';
COMMENT ON COLUMN pilotage.kpi_profile.piece IS 'Élément : screening (premier repérage), level (niveau constaté), goal (demande), situation (un fait dit), position, birth_year, availability (créneaux) ou language.';
COMMENT ON COLUMN pilotage.kpi_profile.people_count IS 'Personnes : celles qui attendent, ou qui ont une démarche à régler ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_profile.known_count IS 'Connu : personnes pour qui l''élément l''est ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_profile.known_share IS 'Part connue : entre 0 et 1, au centième ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_profile.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique.';

CREATE VIEW pilotage.kpi_self_referral AS
SELECT inclusion.line_id(s.perimeter, s.dimension, s.code) AS id,
  s.perimeter,
  s.dimension,
  s.code,
  s.people_count,
  s.own_count,
  round(100.0 * s.own_count / nullif(s.people_count, 0))::float8 / 100 AS own_share,
  s.is_masked
FROM inclusion_data.released_self_referral() s;

COMMENT ON VIEW pilotage.kpi_self_referral IS 'Orientations vers soi : part des personnes envoyées vers la structure même qui les a inscrites.';
COMMENT ON COLUMN pilotage.kpi_self_referral.id IS 'Numéro de ligne : unique dans la vue, le même d''un jour à l''autre.';
COMMENT ON COLUMN pilotage.kpi_self_referral.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_self_referral.dimension IS 'Découpage : perimeter (tout le périmètre) ou structure_kind (nature de la structure qui inscrit).';
COMMENT ON COLUMN pilotage.kpi_self_referral.code IS 'Part : code dans ce découpage ; « inconnu » si non précisé.';
COMMENT ON COLUMN pilotage.kpi_self_referral.people_count IS 'Personnes : à qui une place ou une orientation a été proposée ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_self_referral.own_count IS 'Vers soi : dont une proposition au moins était de la structure qui les a inscrites ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_self_referral.own_share IS 'Part vers soi : entre 0 et 1, au centième ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_self_referral.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique.';

CREATE VIEW pilotage.kpi_enrolment_coverage AS
SELECT inclusion.line_id(s.perimeter, s.territory) AS id,
  s.perimeter,
  s.territory,
  coalesce(t.name, s.territory) AS territory_name,
  s.communes AS commune_count,
  s.unmet_communes AS unmet_commune_count,
  s.population,
  s.people_count,
  s.people_count::float8 / nullif(s.population, 0) AS coverage_rate,
  s.outreach,
  s.is_masked
FROM inclusion_data.released_coverage() s
LEFT JOIN inclusion_data.territory t ON t.code = s.territory;

COMMENT ON VIEW pilotage.kpi_enrolment_coverage IS 'Couverture : personnes inscrites par intercommunalité, et communes où personne ne l''a été.';
COMMENT ON COLUMN pilotage.kpi_enrolment_coverage.id IS 'Numéro de ligne : unique dans la vue, le même d''un jour à l''autre.';
COMMENT ON COLUMN pilotage.kpi_enrolment_coverage.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_enrolment_coverage.territory IS 'Code de l''intercommunalité : « inconnu » si la commune n''en a pas.';
COMMENT ON COLUMN pilotage.kpi_enrolment_coverage.territory_name IS 'Intercommunalité : son nom.';
COMMENT ON COLUMN pilotage.kpi_enrolment_coverage.commune_count IS 'Communes : de l''intercommunalité, dans le périmètre.';
COMMENT ON COLUMN pilotage.kpi_enrolment_coverage.unmet_commune_count IS 'Communes non prospectées : où personne n''est inscrit ; ce n''est pas une absence de besoin.';
COMMENT ON COLUMN pilotage.kpi_enrolment_coverage.population IS 'Population : habitants de ces communes ; vide si non fournie.';
COMMENT ON COLUMN pilotage.kpi_enrolment_coverage.people_count IS 'Inscrites : personnes qui y vivent ; vide sous le seuil, et si personne n''a été prospecté.';
COMMENT ON COLUMN pilotage.kpi_enrolment_coverage.coverage_rate IS 'Part inscrite : des habitants, entre 0 et 1 ; vide si le nombre l''est.';
COMMENT ON COLUMN pilotage.kpi_enrolment_coverage.outreach IS 'Prospection : « non prospecté », « peu prospecté » sous le seuil, ou « prospecté ».';
COMMENT ON COLUMN pilotage.kpi_enrolment_coverage.is_masked IS 'Masqué : vrai si le nombre est sous le seuil, ou pourrait être déduit.';

CREATE VIEW pilotage.fact_operator_mandate WITH (security_invoker = true) AS
SELECT m.id * 100000000 + s.structure AS id,
  s.perimeter,
  s.structure AS structure_id,
  t.name AS structure_name,
  s.people_count,
  s.mandate_count,
  s.is_masked
FROM inclusion_data.operator_mandates(current_user) s
JOIN inclusion_data.perimeter m ON m.code = s.perimeter
JOIN inclusion_data.structure t ON t.id = s.structure;

COMMENT ON VIEW pilotage.fact_operator_mandate IS 'Mandats de sa structure : démarches faites avec un mandat ; chaque structure lit les siens, le chef de file ceux du périmètre, sans classement.';
COMMENT ON COLUMN pilotage.fact_operator_mandate.id IS 'Numéro de la ligne : du périmètre et de la structure.';
COMMENT ON COLUMN pilotage.fact_operator_mandate.perimeter IS 'Périmètre : celui des personnes.';
COMMENT ON COLUMN pilotage.fact_operator_mandate.structure_id IS 'Numéro de la structure : celle dont un agent a décidé.';
COMMENT ON COLUMN pilotage.fact_operator_mandate.structure_name IS 'Structure : son nom.';
COMMENT ON COLUMN pilotage.fact_operator_mandate.people_count IS 'Personnes : dont un usage au moins a été décidé par elle ; vide sous le seuil pour qui n''en est pas.';
COMMENT ON COLUMN pilotage.fact_operator_mandate.mandate_count IS 'Faites avec un mandat : personnes pour qui une démarche au moins l''est ; vide sous le seuil pour qui n''en est pas.';
COMMENT ON COLUMN pilotage.fact_operator_mandate.is_masked IS 'Masqué : vrai si un nombre est sous le seuil.';

CREATE VIEW pilotage.fact_enrolment_event WITH (security_invoker = true) AS
SELECT e.id,
  e.perimeter,
  e.structure AS structure_id,
  e.name,
  f.label AS format_label,
  e.held_on,
  e.place AS place_id,
  coalesce(c.met, 0) AS met_count,
  coalesce(c.spoken_to, 0) AS spoken_count,
  coalesce(c.refused, 0) AS refused_count,
  coalesce(n.enrolled, 0) AS enrolled_count
FROM inclusion_data.enrolment_event e
JOIN inclusion_data.enrolment_format f ON f.code = e.format
LEFT JOIN (SELECT k.event, k.perimeter, sum(k.contacts) FILTER (WHERE k.what = 'met') AS met, sum(k.contacts) FILTER (WHERE k.what = 'spoken_to') AS spoken_to,
                  sum(k.contacts) FILTER (WHERE k.what = 'refused') AS refused
           FROM inclusion_data.contact_count k GROUP BY k.event, k.perimeter) c ON c.event = e.id AND c.perimeter = e.perimeter
LEFT JOIN (SELECT i.event, i.perimeter, count(DISTINCT i.beneficiary) AS enrolled
           FROM inclusion_data.enrolment i GROUP BY i.event, i.perimeter) n ON n.event = e.id AND n.perimeter = e.perimeter;

COMMENT ON VIEW pilotage.fact_enrolment_event IS 'Rencontres de sa structure : contacts, qui ne sont pas des personnes, et personnes inscrites.';
COMMENT ON COLUMN pilotage.fact_enrolment_event.id IS 'Numéro de la rencontre : identifiant stable.';
COMMENT ON COLUMN pilotage.fact_enrolment_event.perimeter IS 'Périmètre : celui de la structure.';
COMMENT ON COLUMN pilotage.fact_enrolment_event.structure_id IS 'Numéro de la structure : celle qui l''organise.';
COMMENT ON COLUMN pilotage.fact_enrolment_event.name IS 'Nom : celui de la rencontre.';
COMMENT ON COLUMN pilotage.fact_enrolment_event.format_label IS 'Mode d''inscription : celui de la rencontre.';
COMMENT ON COLUMN pilotage.fact_enrolment_event.held_on IS 'Tenue le : jour de la rencontre.';
COMMENT ON COLUMN pilotage.fact_enrolment_event.place_id IS 'Numéro du lieu : où elle s''est tenue ; vide si non noté.';
COMMENT ON COLUMN pilotage.fact_enrolment_event.met_count IS 'Contacts : nombre de fois que quelqu''un a été croisé, jamais un nombre de personnes.';
COMMENT ON COLUMN pilotage.fact_enrolment_event.spoken_count IS 'Conversations : nombre, jamais un nombre de personnes.';
COMMENT ON COLUMN pilotage.fact_enrolment_event.refused_count IS 'Sans fiche : contacts avec qui n''en voulait pas.';
COMMENT ON COLUMN pilotage.fact_enrolment_event.enrolled_count IS 'Inscrites : personnes inscrites ce jour-là, parmi celles que l''on voit.';

GRANT SELECT ON pilotage.kpi_enrolment_follow_up, pilotage.kpi_profile, pilotage.kpi_self_referral, pilotage.kpi_enrolment_coverage
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;
GRANT SELECT ON pilotage.fact_operator_mandate
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_dpo;
GRANT SELECT ON pilotage.fact_enrolment_event TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_dpo;
