/*
 * 41_import: how files of places are read: published tables that a territory
 * may edit, and the two working tables of an import in progress.
 */

-- Which of our fields a heading is, once written as heading_key() does.  An
-- empty field is deliberately not read.
CREATE TABLE inclusion_data.import_heading (
  kind            text NOT NULL CHECK (kind IN ('places', 'territories', 'assessments')),
  heading         text NOT NULL CHECK (heading = inclusion.heading_key(heading)),
  field           text NOT NULL,
  -- the version of the national vocabulary that this heading betrays
  schema_version  text CHECK (schema_version IN ('v1', 'v2')),
  PRIMARY KEY (kind, heading)
);

INSERT INTO inclusion_data.import_heading (kind, heading, field, schema_version) VALUES
  ('places', 'id', 'id', NULL), ('places', 'id_fs', 'id', NULL), ('places', 'data_pass_id', 'id', NULL),
  ('places', 'nom', 'name', NULL), ('places', 'name', 'name', NULL), ('places', 'lib_fs', 'name', NULL),
  ('places', 'pivot', 'pivot', NULL), ('places', 'siret', 'pivot', NULL),
  ('places', 'commune', 'commune', NULL), ('places', 'lib_com', 'commune', NULL),
  ('places', 'code_insee', 'commune_code', NULL), ('places', 'insee_com', 'commune_code', NULL),
  ('places', 'commune_code', 'commune_code', NULL),
  ('places', 'code_postal', 'postal_code', NULL), ('places', 'postal_code', 'postal_code', NULL),
  ('places', 'adresse', 'address', NULL), ('places', 'address', 'address', NULL),
  ('places', 'complement_adresse', 'address_more', NULL),
  ('places', 'latitude', 'latitude', NULL), ('places', 'longitude', 'longitude', NULL),
  ('places', 'typologie', 'typologies', NULL), ('places', 'kind', 'typologies', NULL),
  ('places', 'telephone', 'phone', NULL), ('places', 'courriel', 'email', 'v1'), ('places', 'courriels', 'email', 'v2'),
  ('places', 'mail', 'email', NULL), ('places', 'site_web', 'website', NULL), ('places', 'prise_rdv', 'booking_url', NULL),
  ('places', 'horaires', 'hours', NULL), ('places', 'itinerance', 'itinerant', NULL), ('places', 'itinerant', 'itinerant', NULL),
  ('places', 'presentation_resume', 'summary', NULL), ('places', 'presentation_detail', 'detail', NULL),
  ('places', 'source', 'source', NULL), ('places', 'date_maj', 'updated_on', NULL), ('places', 'updated_on', 'updated_on', NULL),
  ('places', 'services', 'services', NULL), ('places', 'service', 'services', NULL),
  ('places', 'publics_accueillis', 'audiences', 'v1'), ('places', 'audiences', 'audiences', NULL),
  ('places', 'publics_specifiquement_adresses', 'audiences', 'v2'), ('places', 'prise_en_charge_specifique', 'audiences', 'v2'),
  ('places', 'conditions_acces', 'fees', 'v1'), ('places', 'conditions_access', 'fees', 'v1'),
  ('places', 'frais_a_charge', 'fees', 'v2'), ('places', 'fees', 'fees', NULL),
  ('places', 'labels_nationaux', 'programmes', 'v1'), ('places', 'dispositif_programmes_nationaux', 'programmes', 'v2'),
  ('places', 'programmes', 'programmes', NULL),
  ('places', 'labels_autres', 'labels', 'v1'), ('places', 'formations_labels', 'labels', 'v2'),
  ('places', 'autres_formations_labels', 'labels', 'v2'), ('places', 'labels', 'labels', NULL),
  ('places', 'modalites_acces', 'access_modes', 'v2'),
  ('places', 'modalites_accompagnement', 'support_modes', NULL), ('places', 'modes', 'support_modes', NULL),
  ('places', 'structure_parente', '', NULL), ('places', 'accessibilite', '', 'v1'), ('places', 'fiche_acces_libre', '', 'v2'),
  ('places', 'cle_ban', '', 'v1'), ('places', 'nb_conseillers', '', NULL), ('places', 'advisers', '', NULL),
  ('territories', 'code', 'code', NULL), ('territories', 'code_insee', 'code', NULL), ('territories', 'com', 'code', NULL),
  ('territories', 'code_epci', 'epci', NULL), ('territories', 'epci', 'epci', NULL),
  ('territories', 'name', 'name', NULL), ('territories', 'nom', 'name', NULL), ('territories', 'libelle', 'name', NULL),
  ('territories', 'department', 'department', NULL), ('territories', 'code_departement', 'department', NULL),
  ('territories', 'dep', 'department', NULL),
  ('territories', 'region', 'region', NULL), ('territories', 'code_region', 'region', NULL), ('territories', 'reg', 'region', NULL),
  ('territories', 'population', 'population', NULL),
  ('territories', 'longitude', 'longitude', NULL), ('territories', 'latitude', 'latitude', NULL),
  ('territories', 'postal_codes', 'postal_codes', NULL), ('territories', 'codes_postaux', 'postal_codes', NULL),
  ('territories', 'commune', 'commune', NULL), ('territories', 'comparent', 'commune', NULL),
  ('territories', 'code_insee_nouveau', 'commune', NULL),
  ('territories', 'outline', 'outline', NULL);

-- What a label of a source's list means in the current national vocabulary, and
-- the code that matching uses.  An empty value is known and says nothing.
CREATE TABLE inclusion_data.label_crosswalk (
  field           text NOT NULL CHECK (field IN ('services', 'audiences', 'fees', 'programmes', 'labels', 'access_modes', 'support_modes', 'typologies')),
  label           text NOT NULL,
  folded          text NOT NULL GENERATED ALWAYS AS (inclusion.fold(label)) STORED,
  list            text NOT NULL CHECK (list IN ('services', 'publics', 'care', 'fees', 'programmes', 'labels', 'access_modes', 'support_modes', 'typologies')),
  value           text NOT NULL,
  vocabulary      text CHECK (vocabulary IN ('audience', 'mode', 'language')),
  code            text,
  PRIMARY KEY (field, folded, list, value),
  CHECK ((vocabulary IS NULL) = (code IS NULL)),
  CHECK (code IS NULL OR inclusion.check_codes(vocabulary, ARRAY[code]))
);

INSERT INTO inclusion_data.label_crosswalk (field, label, list, value, vocabulary, code) VALUES
  -- services of today
  ('services', 'Acquisition de matériel informatique à prix solidaire', 'services', 'Acquisition de matériel informatique à prix solidaire', NULL, NULL),
  ('services', 'Aide aux démarches administratives', 'services', 'Aide aux démarches administratives', NULL, NULL),
  ('services', 'Maîtrise des outils numériques du quotidien', 'services', 'Maîtrise des outils numériques du quotidien', NULL, NULL),
  ('services', 'Insertion professionnelle via le numérique', 'services', 'Insertion professionnelle via le numérique', NULL, NULL),
  ('services', 'Utilisation sécurisée du numérique', 'services', 'Utilisation sécurisée du numérique', NULL, NULL),
  ('services', 'Parentalité et éducation avec le numérique', 'services', 'Parentalité et éducation avec le numérique', NULL, NULL),
  ('services', 'Loisirs et créations numériques', 'services', 'Loisirs et créations numériques', NULL, NULL),
  ('services', 'Compréhension du monde numérique', 'services', 'Compréhension du monde numérique', NULL, NULL),
  ('services', 'Accès internet et matériel informatique', 'services', 'Accès internet et matériel informatique', NULL, NULL),
  -- services of before; one of them also teaches, and is kept beside what it became
  ('services', 'Prendre en main un smartphone ou une tablette', 'services', 'Maîtrise des outils numériques du quotidien', NULL, NULL),
  ('services', 'Prendre en main un ordinateur', 'services', 'Maîtrise des outils numériques du quotidien', NULL, NULL),
  ('services', 'Utiliser le numérique au quotidien', 'services', 'Maîtrise des outils numériques du quotidien', NULL, NULL),
  ('services', 'Approfondir ma culture numérique', 'services', 'Compréhension du monde numérique', NULL, NULL),
  ('services', 'Promouvoir la citoyenneté numérique', 'services', 'Compréhension du monde numérique', NULL, NULL),
  ('services', 'Accéder à une connexion internet', 'services', 'Accès internet et matériel informatique', NULL, NULL),
  ('services', 'Accéder à du matériel', 'services', 'Accès internet et matériel informatique', NULL, NULL),
  ('services', 'Devenir autonome dans les démarches administratives', 'services', 'Aide aux démarches administratives', NULL, NULL),
  ('services', 'Devenir autonome dans les démarches administratives', 'services', 'Devenir autonome dans les démarches administratives', NULL, NULL),
  ('services', 'Réaliser des démarches administratives avec un accompagnement', 'services', 'Aide aux démarches administratives', NULL, NULL),
  ('services', 'Accompagner les démarches de santé', 'services', 'Aide aux démarches administratives', NULL, NULL),
  ('services', 'Favoriser mon insertion professionnelle', 'services', 'Insertion professionnelle via le numérique', NULL, NULL),
  ('services', 'Créer et développer mon entreprise', 'services', 'Insertion professionnelle via le numérique', NULL, NULL),
  ('services', 'Créer avec le numérique', 'services', 'Loisirs et créations numériques', NULL, NULL),
  ('services', 'S''équiper en matériel informatique', 'services', 'Acquisition de matériel informatique à prix solidaire', NULL, NULL),
  ('services', 'Soutenir la parentalité et l''éducation avec le numérique', 'services', 'Parentalité et éducation avec le numérique', NULL, NULL),
  -- audiences and specific care, of today then of before
  ('audiences', 'Jeunes', 'publics', 'Jeunes', 'audience', 'youth'),
  ('audiences', 'Étudiants', 'publics', 'Étudiants', 'audience', 'students'),
  ('audiences', 'Familles et/ou enfants', 'publics', 'Familles et/ou enfants', 'audience', 'families'),
  ('audiences', 'Seniors', 'publics', 'Seniors', 'audience', 'seniors'),
  ('audiences', 'Femmes', 'publics', 'Femmes', 'audience', 'women'),
  ('audiences', 'Surdité', 'care', 'Surdité', 'audience', 'disability'),
  ('audiences', 'Handicaps moteurs', 'care', 'Handicaps moteurs', 'audience', 'disability'),
  ('audiences', 'Handicaps mentaux', 'care', 'Handicaps mentaux', 'audience', 'disability'),
  ('audiences', 'Illettrisme', 'care', 'Illettrisme', 'audience', 'illiteracy'),
  ('audiences', 'Langues étrangères (anglais)', 'care', 'Langues étrangères (anglais)', 'language', 'en'),
  ('audiences', 'Langues étrangères (autres)', 'care', 'Langues étrangères (autres)', 'audience', 'foreign_language'),
  ('audiences', 'Déficience visuelle', 'care', 'Déficience visuelle', 'audience', 'disability'),
  ('audiences', 'Adultes', 'publics', '', NULL, NULL),
  ('audiences', 'Seniors (+ 65 ans)', 'publics', 'Seniors', 'audience', 'seniors'),
  ('audiences', 'Jeunes (16-26 ans)', 'publics', 'Jeunes', 'audience', 'youth'),
  ('audiences', 'Familles/enfants', 'publics', 'Familles et/ou enfants', 'audience', 'families'),
  ('audiences', 'Uniquement femmes', 'publics', 'Femmes', 'audience', 'women'),
  ('audiences', 'Personnes en situation d''illettrisme', 'care', 'Illettrisme', 'audience', 'illiteracy'),
  ('audiences', 'Handicaps psychiques', 'care', 'Handicaps psychiques', 'audience', 'disability'),
  ('audiences', 'Public langues étrangères', 'care', 'Langues étrangères (autres)', 'audience', 'foreign_language'),
  -- fees
  ('fees', 'Gratuit', 'fees', 'Gratuit', NULL, NULL),
  ('fees', 'Gratuit sous condition', 'fees', 'Gratuit sous condition', NULL, NULL),
  ('fees', 'Payant', 'fees', 'Payant', NULL, NULL),
  ('fees', 'Adhésion', 'fees', 'Payant', NULL, NULL),
  ('fees', 'Pass numérique', 'fees', 'Gratuit sous condition', NULL, NULL),
  ('fees', 'Pass numérique', 'labels', 'Pass numérique', NULL, NULL),
  ('fees', 'Accepte le Pass numérique', 'fees', 'Gratuit sous condition', NULL, NULL),
  ('fees', 'Accepte le Pass numérique', 'labels', 'Pass numérique', NULL, NULL),
  -- programmes; the digital pass is a title of payment, not a programme
  ('programmes', 'Aidants Connect', 'programmes', 'Aidants Connect', 'mode', 'act_for'),
  ('programmes', 'Bibliothèques numérique de référence', 'programmes', 'Bibliothèques numérique de référence', NULL, NULL),
  ('programmes', 'Certification PIX', 'programmes', 'Certification PIX', NULL, NULL),
  ('programmes', 'Conseillers numériques', 'programmes', 'Conseillers numériques', NULL, NULL),
  ('programmes', 'CNFS', 'programmes', 'Conseillers numériques', NULL, NULL),
  ('programmes', 'Emmaüs Connect', 'programmes', 'Emmaüs Connect', NULL, NULL),
  ('programmes', 'France Services', 'programmes', 'France Services', NULL, NULL),
  ('programmes', 'Grande école du numérique', 'programmes', 'Grande école du numérique', NULL, NULL),
  ('programmes', 'La Croix Rouge', 'programmes', 'La Croix Rouge', NULL, NULL),
  ('programmes', 'Point d''accès numérique CAF', 'programmes', 'Point d''accès numérique CAF', NULL, NULL),
  ('programmes', 'Promeneurs du net', 'programmes', 'Promeneurs du net', NULL, NULL),
  ('programmes', 'Relais numérique (Emmaüs Connect)', 'programmes', 'Relais numérique (Emmaüs Connect)', NULL, NULL),
  ('programmes', 'APTIC', 'labels', 'Pass numérique', NULL, NULL),
  -- a zone that no longer exists; derived from the territory instead
  ('labels', 'ZRR', 'labels', '', NULL, NULL),
  -- how one gets in
  ('access_modes', 'Se présenter', 'access_modes', 'Se présenter', NULL, NULL),
  ('access_modes', 'Téléphoner', 'access_modes', 'Téléphoner', NULL, NULL),
  ('access_modes', 'Contacter par mail', 'access_modes', 'Contacter par mail', NULL, NULL),
  ('access_modes', 'Envoyer un mail avec une fiche de prescription', 'access_modes', 'Envoyer un mail avec une fiche de prescription', NULL, NULL),
  ('access_modes', 'Prendre un RDV en ligne', 'access_modes', 'Prendre un RDV en ligne', NULL, NULL),
  ('access_modes', 'Ce lieu n''accueille pas de public', 'access_modes', 'Ce lieu n''accueille pas de public', NULL, NULL),
  -- how one is helped; doing in somebody's place stays apart from helping
  ('support_modes', 'En autonomie', 'support_modes', 'En autonomie', 'mode', 'self_service'),
  ('support_modes', 'Accompagnement individuel', 'support_modes', 'Accompagnement individuel', 'mode', 'individual'),
  ('support_modes', 'Dans un atelier collectif', 'support_modes', 'Dans un atelier collectif', 'mode', 'workshop'),
  ('support_modes', 'À distance', 'support_modes', 'À distance', NULL, NULL),
  ('support_modes', 'Seul', 'support_modes', 'En autonomie', 'mode', 'self_service'),
  ('support_modes', 'Avec de l''aide', 'support_modes', 'Accompagnement individuel', 'mode', 'individual'),
  ('support_modes', 'Dans un atelier', 'support_modes', 'Dans un atelier collectif', 'mode', 'workshop'),
  ('support_modes', 'A ma place', 'support_modes', 'À ma place', 'mode', 'act_for'),
  ('typologies', 'PE', 'typologies', 'FT', NULL, NULL);

-- The competences are a proposal, for the territory to edit; the levels are
-- what somebody who began with nothing may expect.  Helping with a procedure
-- and lending a screen teach nothing.
INSERT INTO inclusion_data.service_crosswalk (service, family, modes, requires, teaches, themes, source) VALUES
  ('Maîtrise des outils numériques du quotidien', 'learn', '{enable,show}', NULL, 'pix{0.1=3,0.2=3,0.3=3,0.4=3,0.5=3,0.6=3,0.8=3,1.1=2,1.2=2,2.1=2,3.1=1,5.1=1}', '{}', 'inclusion 1.0'),
  ('Devenir autonome dans les démarches administratives', 'learn', '{enable}', NULL, 'pix{0.5=3,0.7=3,1.1=2,2.4=2,4.2=2}', '{}', 'inclusion 1.0'),
  ('Utilisation sécurisée du numérique', 'learn', '{enable,show}', NULL, 'pix{0.5=3,4.1=2,4.2=2,4.3=2}', '{}', 'inclusion 1.0'),
  ('Compréhension du monde numérique', 'learn', '{enable,show}', NULL, 'pix{1.1=2,2.4=2,4.3=2,5.2=2}', '{}', 'inclusion 1.0'),
  ('Insertion professionnelle via le numérique', 'learn', '{enable,show}', NULL, 'pix{0.6=3,1.1=2,2.1=2,2.4=2,3.1=2,3.3=1}', '{}', 'inclusion 1.0'),
  ('Parentalité et éducation avec le numérique', 'learn', '{enable,show}', NULL, 'pix{2.3=2,2.4=2,4.2=2,4.3=2}', '{}', 'inclusion 1.0'),
  ('Loisirs et créations numériques', 'learn', '{enable,show}', NULL, 'pix{0.8=3,2.2=2,3.2=2,3.3=2,3.4=1}', '{}', 'inclusion 1.0'),
  ('Aide aux démarches administratives', 'rights', '{show,act_for}', NULL, NULL,
   '{papiers_elections_citoyennete,famille_scolarite,social_sante,travail_formation,logement,transports_mobilite,argent_impots,justice,etrangers_europe,loisirs_sports_culture}', 'inclusion 1.0'),
  ('France Services', 'rights', '{show,act_for}', NULL, NULL, '{}', 'inclusion 1.0'),
  ('Aidants Connect', 'rights', '{act_for}', NULL, NULL, '{}', 'inclusion 1.0'),
  ('Accès internet et matériel informatique', 'connection', '{}', NULL, NULL, '{}', 'inclusion 1.0'),
  ('Acquisition de matériel informatique à prix solidaire', 'equipment', '{}', NULL, NULL, '{}', 'inclusion 1.0');

-- Places that serve only those who live there: nobody else is sent to them.
-- A NULL matches everything, an empty kind matches places that state none.
CREATE TABLE inclusion_data.place_exclusion (
  id              bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  source          text,
  typology        text,
  reason          text NOT NULL,
  CHECK (source IS NOT NULL OR typology IS NOT NULL)
);

INSERT INTO inclusion_data.place_exclusion (source, typology, reason) VALUES
  (NULL, 'CADA', 'Hébergement de demandeurs d''asile'), (NULL, 'CHRS', 'Hébergement et réinsertion sociale'),
  (NULL, 'CHU', 'Hébergement d''urgence'), (NULL, 'CPH', 'Hébergement provisoire'),
  (NULL, 'HUDA', 'Hébergement d''urgence de demandeurs d''asile'), (NULL, 'PENSION', 'Pension de famille'),
  (NULL, 'RS_FJT', 'Résidence sociale ou foyer de jeunes travailleurs'),
  ('siao', '', 'Lieu d''hébergement, aucun accueil du public déclaré');

INSERT INTO inclusion_data.import_reason (code, rejects, label) VALUES
  ('unreadable', true, 'Élément JSON illisible'),
  ('not_an_object', true, 'Élément JSON qui n''est pas un objet'),
  ('column_count', true, 'Nombre de cellules différent de celui de l''en-tête'),
  ('open_quote', true, 'Guillemet ouvert et jamais refermé'),
  ('header_again', true, 'En-tête répété'),
  ('no_id', true, 'Identifiant absent'),
  ('no_name', true, 'Nom absent'),
  ('no_source', true, 'Producteur absent : donnez l''argument source'),
  ('nir', true, 'Numéro de sécurité sociale dans le texte'),
  ('repeated_key', true, 'Même producteur et même identifiant qu''une ligne plus récente'),
  ('no_code', true, 'Code de territoire absent ou mal formé'),
  ('unknown_parent', true, 'Territoire inconnu'),
  ('outside', true, 'Loin du périmètre : hors des limites demandées'),
  ('pivot_dummy', false, 'SIRET factice'),
  ('pivot_invalid', false, 'SIRET refusé : la structure n''est pas rattachée'),
  ('position_missing', false, 'Position absente'),
  ('position_swapped', false, 'Latitude et longitude échangées, remises à leur place'),
  ('position_sign', false, 'Signe de la longitude perdu, rétabli'),
  ('position_projected', false, 'Position en Lambert-93, convertie'),
  ('position_outside', false, 'Position impossible, écartée'),
  ('position_far', false, 'Position trop loin de la commune, écartée'),
  ('postal_code_zero', false, 'Code postal sans son zéro, rétabli'),
  ('commune_code_zero', false, 'Code de commune sans son zéro, rétabli'),
  ('commune_former', false, 'Ancienne commune, remplacée par celle d''aujourd''hui'),
  ('commune_unknown', false, 'Commune inconnue'),
  ('encoding_lost', false, 'Lettres perdues par un mauvais encodage'),
  ('markup_removed', false, 'Balises HTML retirées'),
  ('date_unknown', false, 'Date de mise à jour absente, impossible, future ou d''avant 2000'),
  ('service_none', false, 'Aucun service déclaré : aucune offre'),
  ('service_unknown', false, 'Service hors du vocabulaire national'),
  ('value_unknown', false, 'Valeur de liste hors du vocabulaire national'),
  ('not_public', false, 'N''accueille pas de public : aucune offre'),
  ('residents_only', false, 'Réservé aux résidents : aucune offre'),
  ('hours_unreadable', false, 'Horaires qui ne suivent pas la notation OpenStreetMap'),
  ('phone_unreadable', false, 'Numéro de téléphone mal formé'),
  ('duplicate_suspected', false, 'Autre lieu de même nom dans la même commune'),
  ('column_unknown', false, 'Colonne inconnue, non lue'),
  ('parent_unknown', false, 'Territoire de rattachement inconnu, laissé vide');

-- Working rows of an import: the records as read, then the places they hold.
-- An import empties what it put there.
CREATE TABLE inclusion_data.import_record (
  batch           bigint NOT NULL REFERENCES inclusion_data.import_batch,
  line            bigint NOT NULL,
  raw             text NOT NULL,
  -- cells by heading as received, then by our fields
  fields          jsonb,
  reason          text REFERENCES inclusion_data.import_reason,
  PRIMARY KEY (batch, line)
);
CREATE INDEX ON inclusion_data.import_record (reason);

CREATE TABLE inclusion_data.import_place (
  batch           bigint NOT NULL REFERENCES inclusion_data.import_batch,
  line            bigint NOT NULL,
  source          text NOT NULL,
  source_id       text NOT NULL,
  place           bigint,
  created         boolean NOT NULL DEFAULT false,
  siret           text,
  structure       bigint REFERENCES inclusion_data.structure,
  perimeter       text NOT NULL REFERENCES inclusion_data.perimeter,
  name            text NOT NULL,
  commune         text REFERENCES inclusion_data.territory,
  former_commune  boolean NOT NULL,
  postal_code     text,
  address         text,
  longitude       float8,
  latitude        float8,
  position_problem text REFERENCES inclusion_data.import_reason,
  itinerant       boolean NOT NULL,
  receives_public boolean NOT NULL,
  residents_only  boolean NOT NULL,
  hours           text,
  phone           text,
  email           text,
  website         text,
  booking_url     text,
  services        text[] NOT NULL,
  publics         text[] NOT NULL,
  care            text[] NOT NULL,
  fees            text[] NOT NULL,
  support_modes   text[] NOT NULL,
  access_modes    text[] NOT NULL,
  programmes      text[] NOT NULL,
  labels          text[] NOT NULL,
  typologies      text[] NOT NULL,
  unknown_services text[] NOT NULL,
  unknown_values  text[] NOT NULL,
  updated_on      date,
  PRIMARY KEY (batch, line)
);
CREATE INDEX ON inclusion_data.import_place (structure);
CREATE INDEX ON inclusion_data.import_place (perimeter);
CREATE INDEX ON inclusion_data.import_place (commune);
CREATE INDEX ON inclusion_data.import_place (position_problem);

-- Working tables fill and empty within a transaction, out of autovacuum's sight:
-- without fresh statistics a join of thousands of rows is planned for one.
CREATE FUNCTION inclusion_data.measure_import() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  ANALYZE inclusion_data.import_record (batch, line, reason), inclusion_data.import_place (batch, line, place, created);
END
$$;
REVOKE ALL ON FUNCTION inclusion_data.measure_import() FROM PUBLIC;

-- one imported offer of a service, or of a family, at a place
CREATE UNIQUE INDEX ON inclusion_data.offer (place, service, (families[1])) WHERE declared_by = 'import';

INSERT INTO inclusion_data.fragility_indicator (code, label, unit, source) VALUES
  ('poverty_rate', 'Taux de pauvreté', '%', 'INSEE'),
  ('fast_broadband_coverage', 'Couverture en très haut débit', '%', 'ARCEP'),
  ('mobile_4g_coverage', 'Couverture mobile 4G', '%', 'ARCEP'),
  ('single_person_households', 'Ménages d''une personne', '%', 'INSEE'),
  ('single_parent_families', 'Familles monoparentales', '%', 'INSEE'),
  ('aged_under_25', 'Moins de 25 ans', '%', 'INSEE'),
  ('unemployment_15_64', 'Chômage des 15-64 ans', '%', 'INSEE'),
  ('aged_65_plus', '65 ans et plus', '%', 'INSEE'),
  ('low_diploma_15_plus', 'Pas ou peu diplômés, 15 ans et plus', '%', 'INSEE');

-- The territory an outline is of: today's commune if there is one, else the
-- code of a commune or a département.
CREATE FUNCTION inclusion_data.outlined_territory(fields jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN length(coalesce(fields ->> 'commune', fields ->> 'code')) <= 3 THEN 'DEP-' ELSE 'COM-' END
       || coalesce(fields ->> 'commune', fields ->> 'code');

-- Outlines in WKT, EPSG:4326.  Here and not in schema inclusion: the body names
-- functions of PostGIS, bound where setup() found them.
CREATE FUNCTION inclusion_data.load_outlines(batch bigint, source text, OUT created bigint, OUT updated bigint)
LANGUAGE sql VOLATILE
BEGIN ATOMIC
  UPDATE inclusion_data.import_record r SET reason = 'unknown_parent'
  WHERE r.batch = load_outlines.batch AND r.reason IS NULL
    AND NOT EXISTS (SELECT FROM inclusion_data.territory t WHERE t.code = inclusion_data.outlined_territory(r.fields));

  WITH outline AS (
    -- several outlines of one territory are those of communes merged since
    SELECT inclusion_data.outlined_territory(r.fields) AS territory,
           ST_Multi(ST_Union(ST_GeomFromText(r.fields ->> 'outline', 4326))) AS geom
    FROM inclusion_data.import_record r WHERE r.batch = load_outlines.batch AND r.reason IS NULL
    GROUP BY inclusion_data.outlined_territory(r.fields)
  ), written AS (
    INSERT INTO inclusion_data.territory_shape AS s (territory, source, geom)
    SELECT o.territory, load_outlines.source, o.geom FROM outline o
    ON CONFLICT (territory) DO UPDATE SET source = excluded.source, geom = excluded.geom
    WHERE ST_AsBinary(s.geom) <> ST_AsBinary(excluded.geom) OR s.source <> excluded.source
    RETURNING s.xmax = 0 AS is_new
  )
  SELECT count(*) FILTER (WHERE w.is_new), count(*) FILTER (WHERE NOT w.is_new) FROM written w;
END;

REVOKE ALL ON FUNCTION inclusion_data.outlined_territory(jsonb), inclusion_data.load_outlines(bigint, text) FROM PUBLIC;

COMMENT ON TABLE inclusion_data.import_heading IS 'En-têtes reconnus : ce que chaque colonne d''un fichier veut dire ici.';
COMMENT ON COLUMN inclusion_data.import_heading.kind IS 'Nature du fichier : lieux, territoires ou évaluations.';
COMMENT ON COLUMN inclusion_data.import_heading.heading IS 'En-tête : en minuscules, sans accent, mots joints.';
COMMENT ON COLUMN inclusion_data.import_heading.field IS 'Champ : le nôtre ; vide si la colonne n''est pas lue.';
COMMENT ON COLUMN inclusion_data.import_heading.schema_version IS 'Version du vocabulaire : celle que cet en-tête trahit.';
COMMENT ON TABLE inclusion_data.label_crosswalk IS 'Correspondance des libellés : d''un producteur ou d''une version à l''autre.';
COMMENT ON COLUMN inclusion_data.label_crosswalk.field IS 'Champ lu : la liste où ce libellé se rencontre.';
COMMENT ON COLUMN inclusion_data.label_crosswalk.label IS 'Libellé reçu : tel que les producteurs l''écrivent.';
COMMENT ON COLUMN inclusion_data.label_crosswalk.folded IS 'Forme comparée : sans accent, casse ni ponctuation.';
COMMENT ON COLUMN inclusion_data.label_crosswalk.list IS 'Liste d''arrivée : colonne du lieu où la valeur est rangée.';
COMMENT ON COLUMN inclusion_data.label_crosswalk.value IS 'Valeur nationale : celle du vocabulaire actuel ; vide si le libellé ne dit rien.';
COMMENT ON COLUMN inclusion_data.label_crosswalk.vocabulary IS 'Vocabulaire : celui du code utilisé pour le rapprochement.';
COMMENT ON COLUMN inclusion_data.label_crosswalk.code IS 'Code de rapprochement : public, modalité ou langue.';
COMMENT ON TABLE inclusion_data.place_exclusion IS 'Lieux réservés aux résidents : ceux vers qui personne d''autre n''est orienté.';
COMMENT ON COLUMN inclusion_data.place_exclusion.id IS 'Numéro de règle : attribué à la création.';
COMMENT ON COLUMN inclusion_data.place_exclusion.source IS 'Producteur visé : tous si rien n''est dit.';
COMMENT ON COLUMN inclusion_data.place_exclusion.typology IS 'Typologie visée : toutes si rien n''est dit, aucune déclarée si vide.';
COMMENT ON COLUMN inclusion_data.place_exclusion.reason IS 'Motif de la règle : en français, montré aux agents.';
COMMENT ON TABLE inclusion_data.import_record IS 'Enregistrements en cours : ceux d''un import, vidés à sa fin.';
COMMENT ON COLUMN inclusion_data.import_record.batch IS 'Lot en cours : l''import qui a lu cet enregistrement.';
COMMENT ON COLUMN inclusion_data.import_record.line IS 'Ligne du fichier : la première de l''enregistrement.';
COMMENT ON COLUMN inclusion_data.import_record.raw IS 'Texte reçu : tel que lu dans le fichier.';
COMMENT ON COLUMN inclusion_data.import_record.fields IS 'Cellules : par en-tête puis par champ.';
COMMENT ON COLUMN inclusion_data.import_record.reason IS 'Motif de refus : vide si l''enregistrement est accepté.';
COMMENT ON TABLE inclusion_data.import_place IS 'Lieux en cours : ceux d''un import avant écriture, vidés à sa fin.';
COMMENT ON COLUMN inclusion_data.import_place.batch IS 'Lot en cours : l''import qui a lu ce lieu.';
COMMENT ON COLUMN inclusion_data.import_place.line IS 'Ligne du fichier : la première de l''enregistrement.';
COMMENT ON COLUMN inclusion_data.import_place.source IS 'Producteur : celui qui connaît le lieu sous cet identifiant.';
COMMENT ON COLUMN inclusion_data.import_place.source_id IS 'Identifiant du producteur : sans autre sens que sa clé.';
COMMENT ON COLUMN inclusion_data.import_place.place IS 'Lieu du registre : connu ou à créer.';
COMMENT ON COLUMN inclusion_data.import_place.created IS 'Lieu nouveau : vrai s''il n''était pas connu.';
COMMENT ON COLUMN inclusion_data.import_place.siret IS 'SIRET retenu : accepté par les règles, sinon vide.';
COMMENT ON COLUMN inclusion_data.import_place.structure IS 'Structure rattachée : celle du SIRET.';
COMMENT ON COLUMN inclusion_data.import_place.perimeter IS 'Périmètre : celui de la commune, sinon celui de l''import.';
COMMENT ON COLUMN inclusion_data.import_place.name IS 'Nom du lieu : nettoyé.';
COMMENT ON COLUMN inclusion_data.import_place.commune IS 'Commune d''aujourd''hui : vide si inconnue.';
COMMENT ON COLUMN inclusion_data.import_place.former_commune IS 'Ancienne commune : vrai si le code reçu n''existe plus.';
COMMENT ON COLUMN inclusion_data.import_place.postal_code IS 'Code postal : zéro rétabli.';
COMMENT ON COLUMN inclusion_data.import_place.address IS 'Adresse : nettoyée.';
COMMENT ON COLUMN inclusion_data.import_place.longitude IS 'Longitude retenue : en degrés.';
COMMENT ON COLUMN inclusion_data.import_place.latitude IS 'Latitude retenue : en degrés.';
COMMENT ON COLUMN inclusion_data.import_place.position_problem IS 'Doute sur la position : motif d''avertissement.';
COMMENT ON COLUMN inclusion_data.import_place.itinerant IS 'Lieu itinérant : selon le producteur.';
COMMENT ON COLUMN inclusion_data.import_place.receives_public IS 'Accueille du public : faux si le producteur le dit.';
COMMENT ON COLUMN inclusion_data.import_place.residents_only IS 'Réservé aux résidents : selon les règles publiées.';
COMMENT ON COLUMN inclusion_data.import_place.hours IS 'Horaires déclarés : texte du producteur.';
COMMENT ON COLUMN inclusion_data.import_place.phone IS 'Téléphone du lieu : texte du producteur.';
COMMENT ON COLUMN inclusion_data.import_place.email IS 'Courriel du lieu : texte du producteur.';
COMMENT ON COLUMN inclusion_data.import_place.website IS 'Site du lieu : adresse déclarée.';
COMMENT ON COLUMN inclusion_data.import_place.booking_url IS 'Prise de rendez-vous : adresse déclarée.';
COMMENT ON COLUMN inclusion_data.import_place.services IS 'Services déclarés : vocabulaire national.';
COMMENT ON COLUMN inclusion_data.import_place.publics IS 'Publics déclarés : vocabulaire national.';
COMMENT ON COLUMN inclusion_data.import_place.care IS 'Prises en charge : vocabulaire national.';
COMMENT ON COLUMN inclusion_data.import_place.fees IS 'Frais déclarés : vocabulaire national.';
COMMENT ON COLUMN inclusion_data.import_place.support_modes IS 'Modalités d''accompagnement : vocabulaire national.';
COMMENT ON COLUMN inclusion_data.import_place.access_modes IS 'Modalités d''accès : vocabulaire national.';
COMMENT ON COLUMN inclusion_data.import_place.programmes IS 'Programmes nationaux : vocabulaire national.';
COMMENT ON COLUMN inclusion_data.import_place.labels IS 'Labels et formations : liste libre.';
COMMENT ON COLUMN inclusion_data.import_place.typologies IS 'Typologies déclarées : codes du producteur.';
COMMENT ON COLUMN inclusion_data.import_place.unknown_services IS 'Services inconnus : hors du vocabulaire.';
COMMENT ON COLUMN inclusion_data.import_place.unknown_values IS 'Valeurs inconnues : hors du vocabulaire.';
COMMENT ON COLUMN inclusion_data.import_place.updated_on IS 'Mise à jour : vide si la date n''est pas croyable.';
COMMENT ON FUNCTION inclusion_data.measure_import() IS 'Mesure des tables de travail : statistiques fraîches pendant un import.';
COMMENT ON FUNCTION inclusion_data.outlined_territory(jsonb) IS 'Territoire d''un contour : la commune d''aujourd''hui, ou le département.';
COMMENT ON FUNCTION inclusion_data.load_outlines(bigint, text) IS 'Contours : ceux d''un lot, réunis par territoire d''aujourd''hui.';
