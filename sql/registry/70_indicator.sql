/*
 * 70_indicator: what is measured, in words, and the facts that only measures
 * need: how many people are thought to be in need, what an offer cost, which right was
 * settled.
 */

-- --- the catalogue ----------------------------------------------------------------

CREATE TABLE inclusion_data.indicator (
  code            text PRIMARY KEY CHECK (code ~ '^I[0-9]{2}$'),
  label           text NOT NULL UNIQUE CHECK (length(label) <= 120),
  definition      text NOT NULL,
  numerator       text NOT NULL,
  denominator     text NOT NULL,
  unit            text NOT NULL,
  estimator       text NOT NULL,
  -- who it counts: people from their enrolment on, from the first time they
  -- came, from the first right settled; or estimates about a territory
  stage           text NOT NULL CHECK (stage IN ('entry', 'mediation', 'rights', 'territory')),
  -- those that count the same people are shown of the same cells, on the same day
  population      text NOT NULL,
  -- a month of people says nothing before so many days have passed since its end
  maturity_days   int NOT NULL CHECK (maturity_days >= 0),
  -- what would rank structures on who they receive is not cut by structure
  by_operator     boolean NOT NULL,
  source          text NOT NULL,
  version         int NOT NULL DEFAULT 1 CHECK (version > 0)
);
COMMENT ON TABLE inclusion_data.indicator IS
  'Indicateurs : ce que l''on mesure, comment, et ce que la mesure ne prouve pas.';
COMMENT ON COLUMN inclusion_data.indicator.code IS 'Code : de I01 à I16, stable.';
COMMENT ON COLUMN inclusion_data.indicator.label IS 'Nom affiché : il dit ce que la mesure ne prouve pas.';
COMMENT ON COLUMN inclusion_data.indicator.definition IS 'Définition : en une phrase.';
COMMENT ON COLUMN inclusion_data.indicator.numerator IS 'Numérateur : ce qui est compté ou mesuré.';
COMMENT ON COLUMN inclusion_data.indicator.denominator IS 'Dénominateur : parmi qui, chacun une seule fois.';
COMMENT ON COLUMN inclusion_data.indicator.unit IS 'Unité : celle de la valeur.';
COMMENT ON COLUMN inclusion_data.indicator.estimator IS 'Estimateur : calcul et intervalle.';
COMMENT ON COLUMN inclusion_data.indicator.stage IS 'Étape : entry (depuis l''inscription), mediation (depuis la première venue), rights (depuis le premier droit réglé) ou territory (estimation).';
COMMENT ON COLUMN inclusion_data.indicator.population IS 'Personnes comptées : les indicateurs qui comptent les mêmes sont publiés ensemble.';
COMMENT ON COLUMN inclusion_data.indicator.maturity_days IS 'Maturité : jours à attendre après la fin d''un mois avant d''en dire quelque chose.';
COMMENT ON COLUMN inclusion_data.indicator.by_operator IS 'Par structure : vrai si la mesure peut être montrée structure par structure.';
COMMENT ON COLUMN inclusion_data.indicator.source IS 'Source : d''où vient la définition.';
COMMENT ON COLUMN inclusion_data.indicator.version IS 'Version : change avec la définition.';

INSERT INTO inclusion_data.indicator (code, label, definition, numerator, denominator, unit, estimator, stage, population, maturity_days, by_operator, source) VALUES
  ('I01', 'Écart avant-après, sans groupe témoin', 'Écart moyen entre la première mesure et la dernière, compétence par compétence ; rien ne dit ce qui serait arrivé sans accompagnement.',
   'Dernière mesure moins première, par le même instrument', 'Personnes venues, mesurées à l''entrée et à la fin', 'points (huitièmes de niveau) ; millièmes de point toutes compétences ensemble',
   'moyenne appariée, intervalle de Student', 'mediation', 'mesurées', 270, true, 'inclusion 1.0 ; Student 1908'),
  ('I02', 'Changement au-delà de l''erreur de mesure', 'Parts de personnes dont l''écart dépasse, dans un sens ou dans l''autre, ce que l''instrument confond ; la cause n''en est pas connue.',
   'Personnes dont l''indice de changement fiable atteint 1,96 en hausse, en baisse, ou ni l''un ni l''autre', 'Personnes venues, mesurées deux fois par un instrument dont la norme est connue', 'part',
   'proportion, intervalle de Wilson', 'mediation', 'mesurées', 270, true, 'Jacobson et Truax 1991'),
  ('I03', 'Cible atteinte à la sortie, sans groupe témoin', 'Part de personnes qui atteignent tous les niveaux visés, parmi celles à qui il en manquait à l''entrée.',
   'Personnes dont chaque compétence visée atteint le niveau visé', 'Personnes venues, sous la cible à l''entrée et mesurées après', 'part', 'proportion, intervalle de Jeffreys', 'mediation', 'loin de la cible', 270, true, 'inclusion 1.0 ; règle de conjonction des Essential Digital Skills'),
  ('I04', 'Part mesurée deux fois', 'Part des personnes mesurées à l''entrée qui le sont aussi à la fin, et écart de niveau d''entrée de celles qui manquent ; toujours à côté de I01.',
   'Personnes mesurées deux fois', 'Personnes venues, mesurées à l''entrée', 'part', 'rapport de nombres', 'mediation', 'mesurées', 270, true, 'inclusion 1.0'),
  ('I05', 'Parcours terminés', 'Part de personnes dont un parcours est terminé dans les 180 jours qui suivent la première venue.',
   'Personnes avec un parcours terminé', 'Personnes venues', 'part', 'proportion, intervalle de Wilson', 'mediation', 'venues', 180, false, 'inclusion 1.0'),
  ('I06', 'Arrêts de parcours', 'Part de personnes dont le parcours s''est arrêté dans les 180 jours ; terminer est une autre fin, non une perte de vue.',
   'Personnes dont le parcours s''est arrêté', 'Personnes venues', 'part', 'incidence cumulée d''Aalen-Johansen', 'mediation', 'venues', 180, false, 'Aalen et Johansen 1978'),
  ('I07', 'Publics prioritaires rencontrés', 'Personnes venues d''un public, rapportées à une estimation de celles qui auraient besoin ; peut dépasser 1, l''estimation étant alors à revoir.',
   'Personnes venues du public', 'Personnes dans le besoin, estimées', 'rapport', 'rapport à une estimation et à son intervalle', 'territory', 'besoin par public', 0, false, 'inclusion 1.0 ; estimation et année à citer'),
  ('I08', 'Délai jusqu''à la première offre acceptée', 'Jours entre l''inscription et la première offre acceptée ; partir avant est une autre fin, non une perte de vue.',
   'Personnes ayant accepté une offre', 'Personnes inscrites', 'jours', 'incidence cumulée d''Aalen-Johansen : médiane et moyenne avant 90 jours', 'entry', 'inscrites', 90, false, 'Aalen et Johansen 1978'),
  ('I09', 'Présence aux rendez-vous', 'Part des rendez-vous où la personne est venue, hors ceux dont elle s''est excusée ; complète la qualité des offres, qui est mesurée à part.',
   'Rendez-vous où la personne est venue', 'Rendez-vous tenus', 'part', 'rapport de totaux', 'mediation', 'venues', 180, true, 'inclusion 1.0'),
  ('I10', 'Dépense par personne en progrès, sans groupe témoin', 'Dépense connue rapportée aux personnes dont la hausse dépasse l''erreur de mesure.',
   'Centimes d''euro des financements connus', 'Personnes en hausse (I02)', 'centimes d''euro', 'rapport de totaux, intervalle de Fieller', 'mediation', 'financées', 270, false, 'Fieller 1954'),
  ('I11', 'Places accessibles par personne', 'Places d''une semaine qu''une personne peut atteindre, partagées entre tous ceux qui le peuvent.',
   'Places par semaine', 'Habitants qui peuvent les atteindre', 'places par semaine et par habitant', 'aires de chalandise flottantes en deux temps', 'territory', 'accès', 0, false, 'Luo et Wang 2003 ; Luo et Qi 2009'),
  ('I12', 'Besoin estimé sans réponse', 'Estimation des personnes dans le besoin que l''on ne suit pas et qui ne sont pas venues ; un modèle, jamais un dénombrement.',
   'Personnes dans le besoin, estimées, moins celles inscrites qui ne sont pas parties avant d''accepter une offre', 'Aucun', 'personnes', 'différence, avec l''intervalle de l''estimation', 'territory', 'besoin', 0, false, 'inclusion 1.0 ; estimation et année à citer'),
  ('I13', 'Renoncement déclaré, avant et après', 'Différence entre les parts de personnes qui disent avoir renoncé à une démarche en ligne, avant de venir et depuis.',
   'Personnes qui renoncent, après moins avant', 'Personnes venues qui ont répondu deux fois', 'part', 'proportions appariées, test de McNemar', 'mediation', 'interrogées deux fois', 270, true, 'Insee Focus 267'),
  ('I14', 'Suites des propositions', 'Parts de personnes qui acceptent une place proposée, qui viennent, puis qui terminent, dans les 180 jours de l''inscription.',
   'Personnes qui passent à l''étape suivante', 'Personnes inscrites à l''étape précédente', 'part', 'proportion, intervalle de Wilson', 'entry', 'proposées', 180, false, 'inclusion 1.0'),
  ('I15', 'Pont : d''un droit réglé à une médiation', 'Part de personnes qui commencent une médiation dans les 90 jours qui suivent un premier droit réglé ; un droit réglé n''est jamais compté comme une médiation.',
   'Personnes venues en médiation dans les 90 jours', 'Personnes dont un droit a été réglé, pas encore venues en médiation', 'part', 'proportion, intervalle de Wilson', 'rights', 'droits réglés', 90, true, 'inclusion 1.0'),
  ('I16', 'Venues d''elles-mêmes', 'Part de personnes dont la première inscription est leur propre démarche.',
   'Personnes inscrites de leur propre démarche', 'Personnes inscrites', 'part', 'proportion, intervalle de Wilson', 'entry', 'inscrites', 0, true, 'inclusion 1.0');

-- --- what measures need -----------------------------------------------------------

-- Estimates, never counts of ours; no finer than an EPCI, where they mean nothing.
CREATE TABLE inclusion_data.need_estimate (
  id              bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  territory       text NOT NULL REFERENCES inclusion_data.territory CHECK (territory ~ '^(EPCI|DEP|REG)-'),
  -- '' is everybody
  public          text NOT NULL DEFAULT '' CHECK (public = '' OR inclusion.check_codes('audience', ARRAY[public])),
  year            int NOT NULL CHECK (year >= 2000 AND year <= 2200),
  people          bigint NOT NULL CHECK (people >= 0),
  low             bigint NOT NULL,
  high            bigint NOT NULL,
  source          text NOT NULL CHECK (length(source) BETWEEN 1 AND 300) CHECK (inclusion.find_nir(source) IS NULL),
  UNIQUE (territory, public, year),
  CHECK (low >= 0 AND low <= people AND people <= high)
);
COMMENT ON TABLE inclusion_data.need_estimate IS
  'Besoins estimés : personnes qui auraient besoin d''aide selon un modèle, à l''intercommunalité et au-dessus seulement.';
COMMENT ON COLUMN inclusion_data.need_estimate.id IS 'Numéro : attribué par le registre.';
COMMENT ON COLUMN inclusion_data.need_estimate.territory IS 'Territoire : intercommunalité, département ou région.';
COMMENT ON COLUMN inclusion_data.need_estimate.public IS 'Public : code d''un public ; vide pour tous.';
COMMENT ON COLUMN inclusion_data.need_estimate.year IS 'Année : celle de l''estimation.';
COMMENT ON COLUMN inclusion_data.need_estimate.people IS 'Personnes : valeur centrale de l''estimation.';
COMMENT ON COLUMN inclusion_data.need_estimate.low IS 'Borne basse : de l''estimation.';
COMMENT ON COLUMN inclusion_data.need_estimate.high IS 'Borne haute : de l''estimation.';
COMMENT ON COLUMN inclusion_data.need_estimate.source IS 'Source de l''estimation : producteur et fichier à citer.';

CREATE TABLE inclusion_data.offer_funding (
  id              bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  offer           bigint NOT NULL REFERENCES inclusion_data.offer,
  starts_on       date NOT NULL CHECK (isfinite(starts_on)),
  ends_on         date NOT NULL CHECK (isfinite(ends_on)),
  cents           bigint NOT NULL CHECK (cents >= 0),
  funder          text NOT NULL CHECK (length(funder) BETWEEN 1 AND 300) CHECK (inclusion.find_nir(funder) IS NULL),
  UNIQUE (offer, starts_on, funder),
  CHECK (ends_on >= starts_on)
);
COMMENT ON TABLE inclusion_data.offer_funding IS
  'Financements des offres : ce qu''une offre a reçu, de qui et pour quelle période.';
COMMENT ON COLUMN inclusion_data.offer_funding.id IS 'Numéro : attribué par le registre.';
COMMENT ON COLUMN inclusion_data.offer_funding.offer IS 'Offre : celle qui est financée.';
COMMENT ON COLUMN inclusion_data.offer_funding.starts_on IS 'Du : premier jour financé.';
COMMENT ON COLUMN inclusion_data.offer_funding.ends_on IS 'Au : dernier jour financé.';
COMMENT ON COLUMN inclusion_data.offer_funding.cents IS 'Montant : en centimes d''euro, pour toute la période.';
COMMENT ON COLUMN inclusion_data.offer_funding.funder IS 'Financeur : nom de celui qui paie.';

-- A right settled is no mediation: its own table, its own indicator.
CREATE TABLE inclusion_data.settled_right (
  id              bigint GENERATED BY DEFAULT AS IDENTITY,
  perimeter       text NOT NULL REFERENCES inclusion_data.perimeter,
  beneficiary     bigint NOT NULL,
  procedure       text REFERENCES inclusion_data.autonomy_scope,
  settled_on      date NOT NULL CHECK (isfinite(settled_on)),
  structure       bigint REFERENCES inclusion_data.structure,
  agent           bigint REFERENCES inclusion_data.agent,
  recorded_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (id, perimeter),
  FOREIGN KEY (beneficiary, perimeter) REFERENCES inclusion_data.beneficiary (id, perimeter)
);
CREATE INDEX ON inclusion_data.settled_right (perimeter);
CREATE INDEX ON inclusion_data.settled_right (beneficiary, perimeter, settled_on);
CREATE INDEX ON inclusion_data.settled_right (procedure);
CREATE INDEX ON inclusion_data.settled_right (structure);
CREATE INDEX ON inclusion_data.settled_right (agent);
COMMENT ON TABLE inclusion_data.settled_right IS
  'Droits réglés : démarches faites avec une personne, ou pour elle ; jamais comptées comme une médiation.';
COMMENT ON COLUMN inclusion_data.settled_right.id IS 'Numéro : attribué par le registre.';
COMMENT ON COLUMN inclusion_data.settled_right.perimeter IS 'Périmètre : celui de la personne.';
COMMENT ON COLUMN inclusion_data.settled_right.beneficiary IS 'Personne : numéro de la personne aidée.';
COMMENT ON COLUMN inclusion_data.settled_right.procedure IS 'Démarche : thème administratif ; NULL si non noté.';
COMMENT ON COLUMN inclusion_data.settled_right.settled_on IS 'Réglé le : jour de la démarche.';
COMMENT ON COLUMN inclusion_data.settled_right.structure IS 'Structure : celle qui a aidé ; NULL si non notée.';
COMMENT ON COLUMN inclusion_data.settled_right.agent IS 'Agent : celui qui l''a noté ; NULL si non noté.';
COMMENT ON COLUMN inclusion_data.settled_right.recorded_at IS 'Enregistré le : date et heure de la saisie.';

-- the second level of the question on giving up
INSERT INTO inclusion_data.circumstance_item (code, theme, label) VALUES
  ('gave_up_for_good', 'administrative', 'A renoncé pour de bon à une démarche parce qu''elle était en ligne');
