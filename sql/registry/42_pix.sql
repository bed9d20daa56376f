/*
 * 42_pix: the competences in words, the arithmetic of Pix as rows, and how an
 * export of Pix Orga is read.
 */

-- Names: decree 2019-919 (cadre de référence des compétences numériques); the
-- first steps are ours and appear in no figure of Pix.
CREATE TABLE inclusion_data.competence (
  code            text PRIMARY KEY CHECK (code ~ '^[0-5]\.[1-8]$'),
  domain          text NOT NULL,
  label           text NOT NULL UNIQUE,
  -- as it ends the headings of an export, whatever its apostrophes and accents
  heading         text NOT NULL UNIQUE GENERATED ALWAYS AS (inclusion.heading_key(label)) STORED
);
COMMENT ON TABLE inclusion_data.competence IS
  'Compétences : les seize de Pix et les huit premiers pas d''inclusion, avec leurs mots.';
COMMENT ON COLUMN inclusion_data.competence.code IS 'Code : celui du référentiel, par exemple 1.1 ; 0.1 à 0.8 pour les premiers pas.';
COMMENT ON COLUMN inclusion_data.competence.domain IS 'Domaine : groupe de compétences.';
COMMENT ON COLUMN inclusion_data.competence.label IS 'Libellé : nom de la compétence.';
COMMENT ON COLUMN inclusion_data.competence.heading IS 'Forme comparée : fin des titres de colonne d''un export.';

INSERT INTO inclusion_data.competence (code, domain, label) VALUES
  ('0.1', 'Premiers pas', 'Allumer et se repérer'),
  ('0.2', 'Premiers pas', 'Souris et écran tactile'),
  ('0.3', 'Premiers pas', 'Clavier'),
  ('0.4', 'Premiers pas', 'Fenêtres et onglets'),
  ('0.5', 'Premiers pas', 'Mots de passe'),
  ('0.6', 'Premiers pas', 'Boîte de courriels'),
  ('0.7', 'Premiers pas', 'Formulaires'),
  ('0.8', 'Premiers pas', 'Photo et pièce jointe'),
  ('1.1', 'Information et données', 'Mener une recherche et une veille d’information'),
  ('1.2', 'Information et données', 'Gérer des données'),
  ('1.3', 'Information et données', 'Traiter des données'),
  ('2.1', 'Communication et collaboration', 'Interagir'),
  ('2.2', 'Communication et collaboration', 'Partager et publier'),
  ('2.3', 'Communication et collaboration', 'Collaborer'),
  ('2.4', 'Communication et collaboration', 'S’insérer dans le monde numérique'),
  ('3.1', 'Création de contenu', 'Développer des documents textuels'),
  ('3.2', 'Création de contenu', 'Développer des documents multimédia'),
  ('3.3', 'Création de contenu', 'Adapter les documents à leur finalité'),
  ('3.4', 'Création de contenu', 'Programmer'),
  ('4.1', 'Protection et sécurité', 'Sécuriser l’environnement numérique'),
  ('4.2', 'Protection et sécurité', 'Protéger les données personnelles et la vie privée'),
  ('4.3', 'Protection et sécurité', 'Protéger la santé, le bien-être et l’environnement'),
  ('5.1', 'Environnement numérique', 'Résoudre des problèmes techniques'),
  ('5.2', 'Environnement numérique', 'Construire un environnement numérique');

-- The eight levels: eight pix each in a competence, and the score from which a
-- certification shows them (weights 64, 64 then 128).
CREATE TABLE inclusion_data.pix_level (
  level           int PRIMARY KEY CHECK (level BETWEEN 0 AND 8),
  label           text NOT NULL,
  points_from     int NOT NULL UNIQUE CHECK (points_from = 8 * level),
  certified_from  int NOT NULL UNIQUE CHECK (certified_from BETWEEN 0 AND 1024)
);
COMMENT ON TABLE inclusion_data.pix_level IS
  'Niveaux Pix : huit pix par niveau et par compétence, 1024 en tout.';
COMMENT ON COLUMN inclusion_data.pix_level.level IS 'Niveau : de 0 à 8.';
COMMENT ON COLUMN inclusion_data.pix_level.label IS 'Palier : nom du niveau.';
COMMENT ON COLUMN inclusion_data.pix_level.points_from IS 'Pix à partir de : nombre dans une compétence.';
COMMENT ON COLUMN inclusion_data.pix_level.certified_from IS 'Certifié à partir de : score total d''une certification.';

INSERT INTO inclusion_data.pix_level (level, label, points_from, certified_from) VALUES
  (0, 'non certifié', 0, 0), (1, 'novice 1', 8, 64), (2, 'novice 2', 16, 128),
  (3, 'indépendant 1', 24, 256), (4, 'indépendant 2', 32, 384), (5, 'avancé 1', 40, 512),
  (6, 'avancé 2', 48, 640), (7, 'expert 1', 56, 768), (8, 'expert 2', 64, 896);

-- The highest level that Pix opens, dated: what was reached under a lower cap
-- is not what is reached today.
CREATE TABLE inclusion_data.pix_cap (
  starts_on       date PRIMARY KEY CHECK (isfinite(starts_on)),
  max_level       int NOT NULL REFERENCES inclusion_data.pix_level
);
CREATE INDEX ON inclusion_data.pix_cap (max_level);
COMMENT ON TABLE inclusion_data.pix_cap IS
  'Plafonds Pix : plus haut niveau ouvert, par date ; le dernier commencé vaut.';
COMMENT ON COLUMN inclusion_data.pix_cap.starts_on IS 'À partir du : premier jour du plafond.';
COMMENT ON COLUMN inclusion_data.pix_cap.max_level IS 'Niveau ouvert au plus : par compétence.';

INSERT INTO inclusion_data.pix_cap (starts_on, max_level) VALUES ('2016-01-01', 5), ('2022-01-01', 7);

-- Columns of an export that are not those of a competence.  Names are never read.
INSERT INTO inclusion_data.import_heading (kind, heading, field) VALUES
  ('assessments', 'identifiant_oeppe', 'person'), ('assessments', 'identifiant_inclusion', 'person'),
  ('assessments', 'numero_inclusion', 'person'),
  ('assessments', 'envoi_o_n', 'shared'),
  ('assessments', 'date_et_heure_de_l_envoi_europe_paris', 'shared_on'), ('assessments', 'date_et_heure_de_l_envoi', 'shared_on'),
  ('assessments', 'date_de_l_envoi', 'shared_on'),
  ('assessments', 'nombre_de_pix_total', 'total'),
  ('assessments', 'certifiable_o_n', 'certifiable'),
  ('assessments', 'nombre_de_competences_certifiables', 'certifiable_competences');
