/*
 * 31_circumstance: what stands in the way, as facts that each person knows and
 * can correct.  Themes and facts are rows: a territory adds its own.  Of health
 * there is what to arrange for, and nothing else.
 */

-- What a person may share or not, and what a role may read or not.
CREATE TABLE inclusion_data.circumstance_theme (
  code            text PRIMARY KEY CHECK (code ~ '^[a-z][a-z_]{1,30}$'),
  label           text NOT NULL CHECK (length(label) BETWEEN 1 AND 80) CHECK (inclusion.find_nir(label) IS NULL)
);
COMMENT ON TABLE inclusion_data.circumstance_theme IS
  'Thèmes de la situation : ce que chacun accepte ou non de partager, thème par thème.';
COMMENT ON COLUMN inclusion_data.circumstance_theme.code IS 'Code du thème : mot stable qui le désigne.';
COMMENT ON COLUMN inclusion_data.circumstance_theme.label IS 'Libellé : le thème dit en clair.';

INSERT INTO inclusion_data.circumstance_theme (code, label) VALUES
  ('digital', 'Usages du numérique'),
  ('equipment', 'Équipement et connexion'),
  ('mobility', 'Déplacements'),
  ('language', 'Langue'),
  ('family', 'Vie de famille'),
  ('housing', 'Logement'),
  ('accommodation', 'Aménagements nécessaires'),
  ('money', 'Argent'),
  ('employment', 'Emploi et formation'),
  ('administrative', 'Démarches');

CREATE TABLE inclusion_data.circumstance_item (
  code            text PRIMARY KEY CHECK (code ~ '^[a-z][a-z_]{1,30}$'),
  theme           text NOT NULL REFERENCES inclusion_data.circumstance_theme,
  label           text NOT NULL CHECK (length(label) BETWEEN 1 AND 120) CHECK (inclusion.find_nir(label) IS NULL),
  -- what to arrange for, said without the reason; NULL when nothing follows
  constraint_label text CHECK (length(constraint_label) BETWEEN 1 AND 80) CHECK (inclusion.find_nir(constraint_label) IS NULL),
  -- what the answer bears on: a procedure to settle and a way to learn are two things
  families        text[] NOT NULL DEFAULT '{learn,rights}' CHECK (cardinality(families) > 0 AND inclusion.check_codes('family', families)),
  -- neither health, income nor address ever ranks anybody
  may_rank        boolean NOT NULL DEFAULT false,
  ask_again_days  int NOT NULL DEFAULT 180 CHECK (ask_again_days BETWEEN 1 AND 3660),
  starts_on       date NOT NULL DEFAULT '2020-01-01' CHECK (isfinite(starts_on)),
  ends_on         date CHECK (ends_on > starts_on AND isfinite(ends_on)),
  -- what the grid of a policy may count
  UNIQUE (code, may_rank)
);
CREATE INDEX ON inclusion_data.circumstance_item (theme);
COMMENT ON TABLE inclusion_data.circumstance_item IS
  'Faits de la situation : ce que l''on demande à chacun, et que chacun peut connaître et corriger.';
COMMENT ON COLUMN inclusion_data.circumstance_item.code IS 'Code du fait : mot stable qui le désigne.';
COMMENT ON COLUMN inclusion_data.circumstance_item.theme IS 'Thème : celui dont le fait relève ; il dit qui peut le lire.';
COMMENT ON COLUMN inclusion_data.circumstance_item.label IS 'Libellé : le fait dit en clair.';
COMMENT ON COLUMN inclusion_data.circumstance_item.constraint_label IS 'Contrainte pratique : ce dont il faut tenir compte, sans la raison ; NULL si le fait n''en impose aucune.';
COMMENT ON COLUMN inclusion_data.circumstance_item.families IS 'Familles : celles que la réponse éclaire, learn (apprendre), rights (démarche), equipment (équipement) ou connection (connexion).';
COMMENT ON COLUMN inclusion_data.circumstance_item.may_rank IS 'Peut faire rang : vrai s''il peut entrer dans la grille d''une politique ; faux pour santé, revenu et logement.';
COMMENT ON COLUMN inclusion_data.circumstance_item.ask_again_days IS 'Pas redemandé avant : jours après qu''une personne a préféré ne pas répondre.';
COMMENT ON COLUMN inclusion_data.circumstance_item.starts_on IS 'Demandé dès le : premier jour où l''on peut y répondre.';
COMMENT ON COLUMN inclusion_data.circumstance_item.ends_on IS 'Plus demandé dès le : jour où l''on cesse d''y répondre ; NULL tant qu''il sert.';

INSERT INTO inclusion_data.circumstance_item (code, theme, label, constraint_label, families, may_rank) VALUES
  ('nobody_to_help', 'digital', 'Personne dans l''entourage pour aider', NULL, '{learn,rights}', true),
  ('relies_on_relative', 'digital', 'Un proche s''en occupe à sa place', NULL, '{learn,rights}', true),
  ('fears_mistakes', 'digital', 'Craint de se tromper ou d''être trompé', 'Commencer en douceur', '{learn}', false),
  ('shares_passwords', 'digital', 'Quelqu''un d''autre tient ses mots de passe', NULL, '{learn,rights}', false),
  ('no_mailbox', 'digital', 'Pas d''adresse électronique à soi', NULL, '{learn,rights}', true),
  ('no_equipment', 'equipment', 'Ni équipement ni connexion à la maison', 'Matériel sur place', '{learn,rights,equipment,connection}', true),
  ('no_connection', 'equipment', 'Pas d''internet à la maison ni sur le téléphone', 'Connexion sur place', '{learn,rights,connection}', true),
  ('has_computer', 'equipment', 'Un ordinateur qui marche', NULL, '{learn,equipment}', false),
  ('has_tablet', 'equipment', 'Une tablette qui marche', NULL, '{learn,equipment}', false),
  ('has_smartphone', 'equipment', 'Un smartphone qui marche', NULL, '{learn,equipment}', false),
  ('shared_equipment', 'equipment', 'Appareil partagé avec d''autres', NULL, '{learn,equipment}', false),
  ('phone_data_only', 'equipment', 'Internet par le téléphone seulement', NULL, '{learn,connection}', false),
  ('poor_coverage', 'equipment', 'Réseau insuffisant à la maison', 'Connexion sur place', '{learn,connection}', true),
  ('on_foot', 'mobility', 'Se déplace à pied', NULL, '{learn,rights}', false),
  ('bicycle', 'mobility', 'Se déplace à vélo', NULL, '{learn,rights}', false),
  ('public_transport', 'mobility', 'Prend les transports en commun', NULL, '{learn,rights}', false),
  ('car', 'mobility', 'Se déplace en voiture', NULL, '{learn,rights}', false),
  ('no_vehicle', 'mobility', 'Pas de moyen de transport personnel', 'Lieu accessible sans voiture', '{learn,rights}', true),
  ('needs_driving', 'mobility', 'Se déplace si quelqu''un l''emmène', 'Trajet à organiser', '{learn,rights}', true),
  ('little_french', 'language', 'Préfère une autre langue que le français', 'Français simple ou interprète', '{learn,rights}', false),
  ('written_french', 'language', 'Lit ou écrit le français avec difficulté', 'Peu d''écrit', '{learn,rights}', false),
  ('school_hours', 'family', 'Disponible seulement aux horaires d''école', 'Horaires d''école', '{learn,rights}', false),
  ('no_childcare', 'family', 'Pas de garde pour un enfant', 'Venue avec un enfant', '{learn,rights}', false),
  ('cares_for_relative', 'family', 'S''occupe d''un proche chaque jour', 'Absences possibles', '{learn,rights}', false),
  ('no_stable_housing', 'housing', 'Pas de logement stable', NULL, '{rights,equipment,connection}', false),
  ('housing_procedure', 'housing', 'Une démarche de logement en cours', NULL, '{rights}', false),
  ('ground_floor', 'accommodation', 'Rez-de-chaussée ou ascenseur nécessaire', 'Rez-de-chaussée ou ascenseur', '{learn,rights}', false),
  ('short_sessions', 'accommodation', 'Séances courtes nécessaires', 'Séances courtes', '{learn,rights}', false),
  ('somebody_along', 'accommodation', 'Vient avec quelqu''un', 'Une place de plus', '{learn,rights}', false),
  ('cannot_pay', 'money', 'Ne peut rien payer', 'Gratuit', '{learn,equipment,connection}', false),
  ('budget_hard', 'money', 'A du mal à tenir son budget', NULL, '{rights}', false),
  ('job_search', 'employment', 'Recherche un emploi', NULL, '{learn,rights}', false),
  ('works', 'employment', 'Travaille', NULL, '{learn}', false),
  ('irregular_hours', 'employment', 'Horaires de travail variables', 'Horaires variables', '{learn,rights}', false),
  ('in_training', 'employment', 'Suit une formation', 'Horaires de formation', '{learn}', false),
  ('recurring_procedure', 'administrative', 'Une démarche régulière et nécessaire, impossible seul', NULL, '{learn,rights}', true),
  ('gave_up_online', 'administrative', 'A renoncé à une démarche parce qu''elle était en ligne', NULL, '{learn,rights}', true),
  ('unopened_mail', 'administrative', 'Courriers administratifs laissés de côté', NULL, '{rights}', false),
  ('rights_unclaimed', 'administrative', 'Des droits peut-être jamais demandés', NULL, '{rights}', false);

CREATE TABLE inclusion_data.answer_source (
  code            text PRIMARY KEY,
  label           text NOT NULL
);
COMMENT ON TABLE inclusion_data.answer_source IS
  'Origines d''une réponse : qui l''a donnée, ou comment elle a été connue.';
COMMENT ON COLUMN inclusion_data.answer_source.code IS 'Code de l''origine : mot stable qui la désigne.';
COMMENT ON COLUMN inclusion_data.answer_source.label IS 'Libellé : l''origine dite en clair.';

INSERT INTO inclusion_data.answer_source (code, label) VALUES
  ('person', 'Dit par la personne'),
  ('screening', 'Dit au premier repérage'),
  ('relative', 'Dit par un proche ou un représentant'),
  ('observed', 'Constaté par l''agent'),
  ('partner', 'Transmis par un partenaire');

-- Appended, never changed: the latest day counts, and on one day the latest row.
CREATE TABLE inclusion_data.circumstance (
  id              bigint GENERATED BY DEFAULT AS IDENTITY,
  perimeter       text NOT NULL REFERENCES inclusion_data.perimeter,
  beneficiary     bigint NOT NULL,
  item            text NOT NULL REFERENCES inclusion_data.circumstance_item,
  -- a declined or unasked item never lowers nor raises anybody
  answer          text NOT NULL CHECK (answer IN ('yes', 'no', 'not_raised', 'declined')),
  recorded_on     date NOT NULL CHECK (isfinite(recorded_on)),
  -- one answer a day; a mistake is corrected by one more, that says so
  n               int NOT NULL DEFAULT 1 CHECK (n >= 1),
  source          text NOT NULL DEFAULT 'person' REFERENCES inclusion_data.answer_source,
  agent           bigint REFERENCES inclusion_data.agent,
  PRIMARY KEY (id, perimeter),
  UNIQUE (beneficiary, perimeter, item, recorded_on, n),
  FOREIGN KEY (beneficiary, perimeter) REFERENCES inclusion_data.beneficiary (id, perimeter)
);
CREATE INDEX ON inclusion_data.circumstance (perimeter);
CREATE INDEX ON inclusion_data.circumstance (item);
CREATE INDEX ON inclusion_data.circumstance (source);
CREATE INDEX ON inclusion_data.circumstance (agent);
COMMENT ON TABLE inclusion_data.circumstance IS
  'Situation des personnes : réponse à un fait, un jour donné ; la plus récente vaut.';
COMMENT ON COLUMN inclusion_data.circumstance.id IS 'Numéro : attribué par le registre.';
COMMENT ON COLUMN inclusion_data.circumstance.perimeter IS 'Périmètre : celui de la personne.';
COMMENT ON COLUMN inclusion_data.circumstance.beneficiary IS 'Personne : numéro de la personne concernée.';
COMMENT ON COLUMN inclusion_data.circumstance.item IS 'Fait : celui qui a été demandé.';
COMMENT ON COLUMN inclusion_data.circumstance.answer IS 'Réponse : yes, no, not_raised (non abordé) ou declined (non souhaité) ; les deux dernières ne changent le rang de personne.';
COMMENT ON COLUMN inclusion_data.circumstance.recorded_on IS 'Dite le : jour de la réponse.';
COMMENT ON COLUMN inclusion_data.circumstance.n IS 'Rang du jour : 1, ou plus pour une réponse corrigée le jour même.';
COMMENT ON COLUMN inclusion_data.circumstance.source IS 'Origine : qui l''a donnée, ou comment elle a été connue.';
COMMENT ON COLUMN inclusion_data.circumstance.agent IS 'Agent : celui qui l''a recueillie ; NULL si non noté.';
