/*
 * 35_autonomy: who can do what alone.  Rules are rows that a commission reads
 * and votes; a suggestion is computed and never stored by itself; a decision is
 * a named person's, for one use, never for the whole person.
 */

-- --- what is decided about --------------------------------------------------------

CREATE TABLE inclusion_data.autonomy_scope (
  code            text PRIMARY KEY,
  kind            text NOT NULL CHECK (kind IN ('goal', 'procedure', 'competences')),
  label           text NOT NULL CHECK (length(label) BETWEEN 1 AND 120),
  -- what is able to do it alone; ours, as the goals' are
  target          inclusion.competence_vector NOT NULL CHECK (inclusion.framework(target) = 'pix' AND inclusion.assessed(target) > 0)
);
COMMENT ON TABLE inclusion_data.autonomy_scope IS
  'Usages décidés : ce dont on peut dire qu''une personne le fait seule ; jamais la personne tout entière.';
COMMENT ON COLUMN inclusion_data.autonomy_scope.code IS 'Code de l''usage : mot stable qui le désigne.';
COMMENT ON COLUMN inclusion_data.autonomy_scope.kind IS 'Sorte d''usage : goal (objectif publié), procedure (démarche administrative) ou competences (groupe de compétences).';
COMMENT ON COLUMN inclusion_data.autonomy_scope.label IS 'Libellé : l''usage dit en clair.';
COMMENT ON COLUMN inclusion_data.autonomy_scope.target IS 'Niveaux à atteindre : ceux qui permettent de le faire seul, dans le référentiel Pix ; proposition d''inclusion.';

INSERT INTO inclusion_data.autonomy_scope (code, kind, label, target)
SELECT g.code, 'goal', g.label, g.target FROM inclusion_data.goal g WHERE g.family = 'learn';

-- the eleven administrative themes of La Coop, codes and labels as published
INSERT INTO inclusion_data.autonomy_scope (code, kind, label, target)
SELECT v.code, 'procedure', v.label, g.target
FROM inclusion_data.goal g CROSS JOIN (VALUES
  ('papiers_elections_citoyennete', 'Papiers - Élections - Citoyenneté'),
  ('famille_scolarite', 'Famille - Scolarité'),
  ('social_sante', 'Social - Santé'),
  ('travail_formation', 'Travail - Formation - Entreprise'),
  ('logement', 'Logement'),
  ('transports_mobilite', 'Transports - Mobilité'),
  ('argent_impots', 'Argent - Impôts'),
  ('justice', 'Justice'),
  ('etrangers_europe', 'Étrangers - Europe'),
  ('loisirs_sports_culture', 'Loisirs - Sports - Culture'),
  ('associations', 'Associations')) v (code, label)
WHERE g.code = 'procedures_alone';

INSERT INTO inclusion_data.autonomy_scope (code, kind, label, target) VALUES
  ('competences_0', 'competences', 'Premiers pas', 'pix{0.1=2,0.2=2,0.3=2,0.4=2,0.5=2,0.6=2,0.7=2,0.8=2}'),
  ('competences_1', 'competences', 'Informations et données', 'pix{1.1=3,1.2=3,1.3=3}'),
  ('competences_2', 'competences', 'Communication et collaboration', 'pix{2.1=3,2.2=3,2.3=3,2.4=3}'),
  ('competences_3', 'competences', 'Création de contenu', 'pix{3.1=3,3.2=3,3.3=3,3.4=3}'),
  ('competences_4', 'competences', 'Protection et sécurité', 'pix{4.1=3,4.2=3,4.3=3}'),
  ('competences_5', 'competences', 'Environnement numérique', 'pix{5.1=3,5.2=3}');

CREATE TABLE inclusion_data.autonomy_outcome (
  code            text PRIMARY KEY,
  label           text NOT NULL,
  -- a decision of this kind is looked at again, within so many days
  review_within   int CHECK (review_within BETWEEN 1 AND 731)
);
COMMENT ON TABLE inclusion_data.autonomy_outcome IS
  'Conclusions possibles : ce qui peut être dit d''un usage, et dans quel délai on y revient.';
COMMENT ON COLUMN inclusion_data.autonomy_outcome.code IS 'Code de la conclusion : mot stable qui la désigne.';
COMMENT ON COLUMN inclusion_data.autonomy_outcome.label IS 'Libellé : la conclusion dite en clair.';
COMMENT ON COLUMN inclusion_data.autonomy_outcome.review_within IS 'À revoir sous : jours au plus avant d''y revenir ; NULL si rien n''oblige.';

INSERT INTO inclusion_data.autonomy_outcome (code, label, review_within) VALUES
  ('autonomous', 'Autonome pour cet usage', NULL),
  ('with_support', 'Peut le devenir avec un accompagnement', NULL),
  ('continue_support', 'Accompagnement à prolonger', 366),
  ('mandate', 'Démarche faite avec un mandat, à revoir', 366);

-- --- the rules, as a commission reads them ----------------------------------------

CREATE TABLE inclusion_data.autonomy_fact (
  code            text PRIMARY KEY,
  label           text NOT NULL,
  unit            text NOT NULL,
  -- a fact that is an answer of the person: 1 for yes, 0 for no
  item            text REFERENCES inclusion_data.circumstance_item,
  CHECK ((item IS NOT NULL) = (unit = 'oui ou non'))
);
CREATE INDEX ON inclusion_data.autonomy_fact (item);
COMMENT ON TABLE inclusion_data.autonomy_fact IS
  'Faits comptés : tout ce que les règles d''autonomie regardent, et rien d''autre.';
COMMENT ON COLUMN inclusion_data.autonomy_fact.code IS 'Code du fait : mot stable qui le désigne.';
COMMENT ON COLUMN inclusion_data.autonomy_fact.label IS 'Libellé : le fait dit en clair.';
COMMENT ON COLUMN inclusion_data.autonomy_fact.unit IS 'Unité : ce que compte sa valeur.';
COMMENT ON COLUMN inclusion_data.autonomy_fact.item IS 'Fait de la situation : celui dont c''est la réponse, 1 pour oui et 0 pour non ; NULL si le fait est calculé.';

INSERT INTO inclusion_data.autonomy_fact (code, label, unit, item) VALUES
  ('gap', 'Plus grand écart constaté avec ce qu''il faut', 'niveaux', NULL),
  ('unassessed', 'Compétences nécessaires non évaluées', 'compétences', NULL),
  ('assessed_days', 'Ancienneté de la dernière évaluation utile', 'jours', NULL),
  ('progress', 'Progrès depuis la première évaluation', 'niveaux', NULL),
  ('attended', 'Accompagnements suivis', 'accompagnements', NULL),
  ('is_procedure', 'L''usage est une démarche administrative', '1 ou 0', NULL),
  ('nobody_to_help', 'Personne dans l''entourage pour aider', 'oui ou non', 'nobody_to_help'),
  ('recurring_procedure', 'Une démarche régulière et nécessaire, impossible seul', 'oui ou non', 'recurring_procedure');

-- Of NULL perimeter: what holds where a territory has voted nothing else.
CREATE TABLE inclusion_data.autonomy_ruleset (
  version         int PRIMARY KEY CHECK (version > 0),
  perimeter       text REFERENCES inclusion_data.perimeter,
  starts_on       date NOT NULL CHECK (isfinite(starts_on)),
  voted_on        date CHECK (voted_on <= starts_on),
  UNIQUE NULLS NOT DISTINCT (perimeter, starts_on)
);
COMMENT ON TABLE inclusion_data.autonomy_ruleset IS
  'Règles d''autonomie : versions publiées, une en vigueur par périmètre.';
COMMENT ON COLUMN inclusion_data.autonomy_ruleset.version IS 'Version : numéro cité par chaque suggestion.';
COMMENT ON COLUMN inclusion_data.autonomy_ruleset.perimeter IS 'Périmètre : celui qui l''a votée ; NULL pour les règles par défaut.';
COMMENT ON COLUMN inclusion_data.autonomy_ruleset.starts_on IS 'En vigueur le : premier jour.';
COMMENT ON COLUMN inclusion_data.autonomy_ruleset.voted_on IS 'Votée le : jour de la commission ; NULL pour les règles par défaut.';

CREATE TABLE inclusion_data.autonomy_rule (
  version         int NOT NULL REFERENCES inclusion_data.autonomy_ruleset,
  rank            int NOT NULL CHECK (rank > 0),
  outcome         text NOT NULL REFERENCES inclusion_data.autonomy_outcome,
  label           text NOT NULL CHECK (length(label) BETWEEN 1 AND 300),
  PRIMARY KEY (version, rank)
);
CREATE INDEX ON inclusion_data.autonomy_rule (outcome);
COMMENT ON TABLE inclusion_data.autonomy_rule IS
  'Règles : la première dont toutes les conditions sont remplies donne la conclusion suggérée.';
COMMENT ON COLUMN inclusion_data.autonomy_rule.version IS 'Version : celle dont la règle fait partie.';
COMMENT ON COLUMN inclusion_data.autonomy_rule.rank IS 'Ordre : les règles sont essayées de la plus petite à la plus grande.';
COMMENT ON COLUMN inclusion_data.autonomy_rule.outcome IS 'Conclusion : celle que la règle suggère.';
COMMENT ON COLUMN inclusion_data.autonomy_rule.label IS 'Raison : la règle en une phrase, telle qu''on la dit à la personne.';

CREATE TABLE inclusion_data.autonomy_condition (
  version         int NOT NULL,
  rank            int NOT NULL,
  fact            text NOT NULL REFERENCES inclusion_data.autonomy_fact,
  at_least        numeric,
  at_most         numeric,
  PRIMARY KEY (version, rank, fact),
  FOREIGN KEY (version, rank) REFERENCES inclusion_data.autonomy_rule,
  CHECK (at_least IS NOT NULL OR at_most IS NOT NULL),
  CHECK (at_least <= at_most)
);
CREATE INDEX ON inclusion_data.autonomy_condition (fact);
COMMENT ON TABLE inclusion_data.autonomy_condition IS
  'Conditions des règles : bornes qu''un fait doit respecter ; un fait inconnu ne remplit aucune condition.';
COMMENT ON COLUMN inclusion_data.autonomy_condition.version IS 'Version : celle de la règle.';
COMMENT ON COLUMN inclusion_data.autonomy_condition.rank IS 'Règle : son ordre dans la version.';
COMMENT ON COLUMN inclusion_data.autonomy_condition.fact IS 'Fait : celui que la condition regarde.';
COMMENT ON COLUMN inclusion_data.autonomy_condition.at_least IS 'Au moins : borne basse, comprise ; NULL s''il n''y en a pas.';
COMMENT ON COLUMN inclusion_data.autonomy_condition.at_most IS 'Au plus : borne haute, comprise ; NULL s''il n''y en a pas.';

INSERT INTO inclusion_data.autonomy_ruleset (version, starts_on) VALUES (1, '2020-01-01');
INSERT INTO inclusion_data.autonomy_rule (version, rank, outcome, label) VALUES
  (1, 10, 'autonomous', 'Tout ce qu''il faut est acquis, et constaté depuis moins d''un an.'),
  (1, 20, 'mandate', 'La démarche est nécessaire et revient, et trois accompagnements n''ont pas encore permis de la faire seul.'),
  (1, 30, 'continue_support', 'Trois accompagnements ont été suivis, et il reste du chemin.'),
  -- nobody is held unable for want of having been asked
  (1, 90, 'with_support', 'Rien ne dit le contraire : chacun peut le devenir.');
INSERT INTO inclusion_data.autonomy_condition (version, rank, fact, at_least, at_most) VALUES
  (1, 10, 'gap', NULL, 0),
  (1, 10, 'unassessed', NULL, 0),
  (1, 10, 'assessed_days', NULL, 365),
  (1, 20, 'is_procedure', 1, NULL),
  (1, 20, 'recurring_procedure', 1, NULL),
  (1, 20, 'attended', 3, NULL),
  (1, 20, 'progress', NULL, 0),
  (1, 30, 'attended', 3, NULL),
  (1, 30, 'gap', 0.125, NULL);

-- --- decisions ---------------------------------------------------------------------

-- Appended, never changed: the latest of a person and a use is the one in force.
CREATE TABLE inclusion_data.autonomy_decision (
  id              bigint GENERATED BY DEFAULT AS IDENTITY,
  perimeter       text NOT NULL REFERENCES inclusion_data.perimeter,
  beneficiary     bigint NOT NULL,
  scope           text NOT NULL REFERENCES inclusion_data.autonomy_scope,
  outcome         text NOT NULL REFERENCES inclusion_data.autonomy_outcome,
  motive          text NOT NULL CHECK (length(motive) <= 500 AND motive ~ '\S') CHECK (inclusion.find_nir(motive) IS NULL),
  decided_on      date NOT NULL CHECK (isfinite(decided_on)),
  review_on       date CHECK (review_on > decided_on AND isfinite(review_on)),
  agent           bigint NOT NULL REFERENCES inclusion_data.agent,
  suggested       text NOT NULL REFERENCES inclusion_data.autonomy_outcome,
  version         int NOT NULL REFERENCES inclusion_data.autonomy_ruleset,
  recorded_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, perimeter),
  FOREIGN KEY (beneficiary, perimeter) REFERENCES inclusion_data.beneficiary (id, perimeter),
  -- acting for somebody is never for good
  CHECK (outcome <> 'mandate' OR (review_on IS NOT NULL AND review_on <= decided_on + 366))
);
CREATE INDEX ON inclusion_data.autonomy_decision (perimeter);
CREATE INDEX ON inclusion_data.autonomy_decision (beneficiary, perimeter, scope, decided_on);
CREATE INDEX ON inclusion_data.autonomy_decision (scope);
CREATE INDEX ON inclusion_data.autonomy_decision (outcome);
CREATE INDEX ON inclusion_data.autonomy_decision (suggested);
CREATE INDEX ON inclusion_data.autonomy_decision (version);
CREATE INDEX ON inclusion_data.autonomy_decision (agent);
COMMENT ON TABLE inclusion_data.autonomy_decision IS
  'Décisions d''autonomie : ce qu''un agent nommé conclut d''un usage, avec son motif ; la dernière vaut.';
COMMENT ON COLUMN inclusion_data.autonomy_decision.id IS 'Numéro : attribué par le registre.';
COMMENT ON COLUMN inclusion_data.autonomy_decision.perimeter IS 'Périmètre : celui de la personne.';
COMMENT ON COLUMN inclusion_data.autonomy_decision.beneficiary IS 'Personne : numéro de la personne concernée.';
COMMENT ON COLUMN inclusion_data.autonomy_decision.scope IS 'Usage : celui dont on décide.';
COMMENT ON COLUMN inclusion_data.autonomy_decision.outcome IS 'Conclusion : celle de l''agent.';
COMMENT ON COLUMN inclusion_data.autonomy_decision.motive IS 'Motif : en une phrase, sans rien de la santé ni numéro de sécurité sociale.';
COMMENT ON COLUMN inclusion_data.autonomy_decision.decided_on IS 'Décidée le : jour de la décision.';
COMMENT ON COLUMN inclusion_data.autonomy_decision.review_on IS 'À revoir le : jour où l''on y revient ; jamais vide pour un mandat.';
COMMENT ON COLUMN inclusion_data.autonomy_decision.agent IS 'Agent : la personne qui décide.';
COMMENT ON COLUMN inclusion_data.autonomy_decision.suggested IS 'Conclusion suggérée : celle des règles ce jour-là.';
COMMENT ON COLUMN inclusion_data.autonomy_decision.version IS 'Version des règles : celle qui a donné la suggestion.';
COMMENT ON COLUMN inclusion_data.autonomy_decision.recorded_at IS 'Enregistrée le : date et heure de la saisie.';

CREATE VIEW inclusion_data.autonomy_now WITH (security_invoker = true) AS
SELECT DISTINCT ON (d.beneficiary, d.perimeter, d.scope) d.*
FROM inclusion_data.autonomy_decision d
ORDER BY d.beneficiary, d.perimeter, d.scope, d.decided_on DESC, d.id DESC;
COMMENT ON VIEW inclusion_data.autonomy_now IS
  'Décisions en vigueur : la dernière de chaque personne pour chaque usage.';
COMMENT ON COLUMN inclusion_data.autonomy_now.id IS 'Numéro : celui de la décision.';
COMMENT ON COLUMN inclusion_data.autonomy_now.perimeter IS 'Périmètre : celui de la personne.';
COMMENT ON COLUMN inclusion_data.autonomy_now.beneficiary IS 'Personne : numéro de la personne concernée.';
COMMENT ON COLUMN inclusion_data.autonomy_now.scope IS 'Usage : celui dont on a décidé.';
COMMENT ON COLUMN inclusion_data.autonomy_now.outcome IS 'Conclusion : celle de l''agent.';
COMMENT ON COLUMN inclusion_data.autonomy_now.motive IS 'Motif : en une phrase.';
COMMENT ON COLUMN inclusion_data.autonomy_now.decided_on IS 'Décidée le : jour de la décision.';
COMMENT ON COLUMN inclusion_data.autonomy_now.review_on IS 'À revoir le : jour où l''on y revient ; NULL si rien n''oblige.';
COMMENT ON COLUMN inclusion_data.autonomy_now.agent IS 'Agent : la personne qui a décidé.';
COMMENT ON COLUMN inclusion_data.autonomy_now.suggested IS 'Conclusion suggérée : celle des règles ce jour-là.';
COMMENT ON COLUMN inclusion_data.autonomy_now.version IS 'Version des règles : celle qui a donné la suggestion.';
COMMENT ON COLUMN inclusion_data.autonomy_now.recorded_at IS 'Enregistrée le : date et heure de la saisie.';
