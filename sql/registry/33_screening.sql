/*
 * 33_screening: meeting people where they already are: the two minutes of
 * questions that say where to begin, and the people met who want no file.
 */

-- --- questions -----------------------------------------------------------------

CREATE TABLE inclusion_data.screening_version (
  version         int PRIMARY KEY CHECK (version > 0),
  title           text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
  starts_on       date NOT NULL UNIQUE CHECK (isfinite(starts_on))
);
COMMENT ON TABLE inclusion_data.screening_version IS
  'Versions du premier repérage : jeux de questions publiés ; le dernier commencé vaut.';
COMMENT ON COLUMN inclusion_data.screening_version.version IS 'Version : numéro imprimé sur la feuille.';
COMMENT ON COLUMN inclusion_data.screening_version.title IS 'Titre : celui de la feuille.';
COMMENT ON COLUMN inclusion_data.screening_version.starts_on IS 'En service le : premier jour.';

CREATE TABLE inclusion_data.screening_question (
  version         int NOT NULL REFERENCES inclusion_data.screening_version,
  n               int NOT NULL CHECK (n BETWEEN 1 AND 40),
  code            text NOT NULL CHECK (code ~ '^[a-z][a-z_]{1,30}$'),
  wording         text NOT NULL CHECK (length(wording) BETWEEN 5 AND 200),
  -- what each answer lets think of the levels; ours, and provisional
  on_yes          inclusion.competence_vector CHECK (inclusion.framework(on_yes) = 'pix'),
  on_no           inclusion.competence_vector CHECK (inclusion.framework(on_no) = 'pix'),
  item            text REFERENCES inclusion_data.circumstance_item,
  -- the answer to the item that a yes is
  item_on_yes     text CHECK (item_on_yes IN ('yes', 'no')),
  PRIMARY KEY (version, n),
  UNIQUE (version, code),
  CHECK ((item IS NULL) = (item_on_yes IS NULL)),
  CHECK ((on_yes IS NULL) = (on_no IS NULL)),
  CHECK (item IS NOT NULL OR on_yes IS NOT NULL)
);
CREATE INDEX ON inclusion_data.screening_question (item);
COMMENT ON TABLE inclusion_data.screening_question IS
  'Questions du premier repérage : deux minutes, au guichet ou sur papier ; toutes peuvent rester sans réponse.';
COMMENT ON COLUMN inclusion_data.screening_question.version IS 'Version : celle dont la question fait partie.';
COMMENT ON COLUMN inclusion_data.screening_question.n IS 'Ordre : place de la question sur la feuille.';
COMMENT ON COLUMN inclusion_data.screening_question.code IS 'Code de la question : mot stable, titre de sa colonne dans un tableau.';
COMMENT ON COLUMN inclusion_data.screening_question.wording IS 'Question : telle qu''on la pose.';
COMMENT ON COLUMN inclusion_data.screening_question.on_yes IS 'Si oui : niveaux que la réponse laisse penser, à confirmer ; proposition d''inclusion.';
COMMENT ON COLUMN inclusion_data.screening_question.on_no IS 'Si non : niveaux que la réponse laisse penser, à confirmer ; proposition d''inclusion.';
COMMENT ON COLUMN inclusion_data.screening_question.item IS 'Fait de la situation : celui auquel la question répond ; NULL si aucun.';
COMMENT ON COLUMN inclusion_data.screening_question.item_on_yes IS 'Réponse au fait si oui : yes ou no ; l''autre si non.';

INSERT INTO inclusion_data.screening_version (version, title, starts_on) VALUES (1, 'Deux minutes pour savoir par où commencer', '2020-01-01');
INSERT INTO inclusion_data.screening_question (version, n, code, wording, on_yes, on_no, item, item_on_yes) VALUES
  (1, 1, 'appareil', 'Avez-vous un ordinateur, une tablette ou un smartphone qui marche ?', NULL, NULL, 'no_equipment', 'no'),
  (1, 2, 'internet', 'Avez-vous internet chez vous ou sur votre téléphone ?', NULL, NULL, 'no_connection', 'no'),
  (1, 3, 'allumer', 'Savez-vous l''allumer et ouvrir ce que vous cherchez, sans aide ?', 'pix{0.1=2,0.4=1}', 'pix{0.1=0,0.4=0}', NULL, NULL),
  (1, 4, 'souris', 'Êtes-vous à l''aise avec la souris ou l''écran tactile ?', 'pix{0.2=2}', 'pix{0.2=0}', NULL, NULL),
  (1, 5, 'clavier', 'Pouvez-vous écrire quelques lignes au clavier ?', 'pix{0.3=2}', 'pix{0.3=0}', NULL, NULL),
  (1, 6, 'mot_de_passe', 'Arrivez-vous à vous connecter avec un mot de passe, sans aide ?', 'pix{0.5=2}', 'pix{0.5=0}', NULL, NULL),
  (1, 7, 'messagerie', 'Lisez-vous et envoyez-vous des courriels, sans aide ?', 'pix{0.6=2,2.1=1}', 'pix{0.6=0,2.1=0}', NULL, NULL),
  (1, 8, 'recherche', 'Trouvez-vous sur internet une adresse ou un horaire, sans aide ?', 'pix{1.1=1}', 'pix{1.1=0}', NULL, NULL),
  (1, 9, 'demarche', 'Avez-vous fait une démarche en ligne sans aide depuis un an ?', 'pix{0.7=2,2.4=1}', 'pix{0.7=0,2.4=0}', NULL, NULL),
  (1, 10, 'arnaque', 'Savez-vous reconnaître un message qui veut vous tromper ?', 'pix{4.1=1}', 'pix{4.1=0}', NULL, NULL),
  (1, 11, 'renonce', 'Avez-vous déjà renoncé à une démarche parce qu''elle était en ligne ?', NULL, NULL, 'gave_up_online', 'yes'),
  (1, 12, 'reguliere', 'Avez-vous une démarche nécessaire qui revient, et que vous ne pouvez pas faire seul ?', NULL, NULL, 'recurring_procedure', 'yes'),
  (1, 13, 'entourage', 'Quelqu''un autour de vous peut-il vous aider ?', NULL, NULL, 'nobody_to_help', 'no');

-- --- answers -------------------------------------------------------------------

CREATE TABLE inclusion_data.screening (
  id              bigint GENERATED BY DEFAULT AS IDENTITY,
  perimeter       text NOT NULL REFERENCES inclusion_data.perimeter,
  beneficiary     bigint NOT NULL,
  version         int NOT NULL REFERENCES inclusion_data.screening_version,
  screened_on     date NOT NULL CHECK (isfinite(screened_on)),
  on_paper        boolean NOT NULL,
  -- question by question: yes, no or declined; what was not asked is absent
  answers         jsonb NOT NULL CHECK (jsonb_typeof(answers) = 'object' AND inclusion.find_nir(answers::text) IS NULL
                                         AND NOT jsonb_path_exists(answers, '$.* ? (@ != "yes" && @ != "no" && @ != "declined")')),
  agent           bigint REFERENCES inclusion_data.agent,
  recorded_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, perimeter),
  UNIQUE (beneficiary, perimeter, screened_on),
  FOREIGN KEY (beneficiary, perimeter) REFERENCES inclusion_data.beneficiary (id, perimeter)
);
CREATE INDEX ON inclusion_data.screening (perimeter);
CREATE INDEX ON inclusion_data.screening (version);
CREATE INDEX ON inclusion_data.screening (agent);
COMMENT ON TABLE inclusion_data.screening IS
  'Premiers repérages : réponses d''une personne aux deux minutes de questions, une fois par jour au plus.';
COMMENT ON COLUMN inclusion_data.screening.id IS 'Numéro : attribué par le registre.';
COMMENT ON COLUMN inclusion_data.screening.perimeter IS 'Périmètre : celui de la personne.';
COMMENT ON COLUMN inclusion_data.screening.beneficiary IS 'Personne : numéro de la personne rencontrée.';
COMMENT ON COLUMN inclusion_data.screening.version IS 'Version : celle des questions posées.';
COMMENT ON COLUMN inclusion_data.screening.screened_on IS 'Fait le : jour des réponses.';
COMMENT ON COLUMN inclusion_data.screening.on_paper IS 'Sur papier : vrai si la feuille a été recopiée.';
COMMENT ON COLUMN inclusion_data.screening.answers IS 'Réponses : yes, no ou declined par question ; une question absente n''a pas été posée.';
COMMENT ON COLUMN inclusion_data.screening.agent IS 'Agent : celui qui a posé les questions ; NULL si non noté.';
COMMENT ON COLUMN inclusion_data.screening.recorded_at IS 'Enregistré le : date et heure de la saisie.';

-- --- met without a file ----------------------------------------------------------

-- Counts, and nothing that could tell two people apart or the same one twice.
CREATE TABLE inclusion_data.contact_count (
  id              bigint GENERATED BY DEFAULT AS IDENTITY,
  perimeter       text NOT NULL REFERENCES inclusion_data.perimeter,
  structure       bigint NOT NULL,
  event           bigint,
  what            text NOT NULL CHECK (what IN ('met', 'spoken_to', 'refused')),
  contacts        int NOT NULL CHECK (contacts BETWEEN 1 AND 10000),
  met_on          date NOT NULL CHECK (isfinite(met_on)),
  agent           bigint REFERENCES inclusion_data.agent,
  PRIMARY KEY (id, perimeter),
  FOREIGN KEY (structure, perimeter) REFERENCES inclusion_data.structure (id, perimeter),
  FOREIGN KEY (event, perimeter) REFERENCES inclusion_data.enrolment_event (id, perimeter)
);
CREATE INDEX ON inclusion_data.contact_count (perimeter);
CREATE INDEX ON inclusion_data.contact_count (structure, perimeter);
CREATE INDEX ON inclusion_data.contact_count (event, perimeter);
CREATE INDEX ON inclusion_data.contact_count (agent);
COMMENT ON TABLE inclusion_data.contact_count IS
  'Contacts sans fiche : des nombres de rencontres, jamais des personnes ; la même peut y être plusieurs fois.';
COMMENT ON COLUMN inclusion_data.contact_count.id IS 'Numéro : attribué par le registre.';
COMMENT ON COLUMN inclusion_data.contact_count.perimeter IS 'Périmètre : celui de la structure.';
COMMENT ON COLUMN inclusion_data.contact_count.structure IS 'Structure : celle qui a rencontré.';
COMMENT ON COLUMN inclusion_data.contact_count.event IS 'Rencontre : celle où cela s''est passé ; NULL hors de toute rencontre.';
COMMENT ON COLUMN inclusion_data.contact_count.what IS 'Sorte de contact : met (croisées), spoken_to (avec qui l''on a parlé) ou refused (qui ne veulent pas de fiche).';
COMMENT ON COLUMN inclusion_data.contact_count.contacts IS 'Contacts : combien.';
COMMENT ON COLUMN inclusion_data.contact_count.met_on IS 'Le : jour du contact.';
COMMENT ON COLUMN inclusion_data.contact_count.agent IS 'Agent : celui qui l''a noté ; NULL si non noté.';

-- Of a refused line, its number and the reason: the line names somebody, and
-- stays with whoever pasted it.
CREATE TABLE inclusion_data.enrolment_reject (
  id              bigint GENERATED BY DEFAULT AS IDENTITY,
  perimeter       text NOT NULL REFERENCES inclusion_data.perimeter,
  structure       bigint NOT NULL,
  event           bigint,
  kind            text NOT NULL DEFAULT 'enrolment' CHECK (kind IN ('enrolment', 'assessment')),
  pasted_at       timestamptz NOT NULL DEFAULT now(),
  line            bigint NOT NULL CHECK (line > 0),
  code            text NOT NULL CHECK (code ~ '^[0-9A-Z]{5}$'),
  agent           bigint REFERENCES inclusion_data.agent,
  PRIMARY KEY (id, perimeter),
  FOREIGN KEY (structure, perimeter) REFERENCES inclusion_data.structure (id, perimeter),
  FOREIGN KEY (event, perimeter) REFERENCES inclusion_data.enrolment_event (id, perimeter)
);
CREATE INDEX ON inclusion_data.enrolment_reject (perimeter);
CREATE INDEX ON inclusion_data.enrolment_reject (structure, perimeter);
CREATE INDEX ON inclusion_data.enrolment_reject (event, perimeter);
CREATE INDEX ON inclusion_data.enrolment_reject (agent);
COMMENT ON TABLE inclusion_data.enrolment_reject IS
  'Lignes de personnes refusées : leur numéro et pourquoi ; la ligne elle-même reste chez qui l''a collée.';
COMMENT ON COLUMN inclusion_data.enrolment_reject.id IS 'Numéro : attribué par le registre.';
COMMENT ON COLUMN inclusion_data.enrolment_reject.perimeter IS 'Périmètre : celui de la structure.';
COMMENT ON COLUMN inclusion_data.enrolment_reject.structure IS 'Structure : celle qui inscrivait, ou dont c''est la campagne.';
COMMENT ON COLUMN inclusion_data.enrolment_reject.event IS 'Rencontre : celle d''où vient la liste ; NULL si aucune.';
COMMENT ON COLUMN inclusion_data.enrolment_reject.kind IS 'Nature de la liste : enrolment (inscriptions) ou assessment (profils Pix).';
COMMENT ON COLUMN inclusion_data.enrolment_reject.pasted_at IS 'Collée le : date et heure.';
COMMENT ON COLUMN inclusion_data.enrolment_reject.line IS 'Ligne : son numéro dans la liste collée, l''en-tête étant la première.';
COMMENT ON COLUMN inclusion_data.enrolment_reject.code IS 'Motif : code d''erreur, dont error_label donne la phrase.';
COMMENT ON COLUMN inclusion_data.enrolment_reject.agent IS 'Agent : celui qui l''a collée ; NULL si non noté.';
