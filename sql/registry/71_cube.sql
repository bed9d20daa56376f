/*
 * 71_cube: what is known of each person, once, in the month they entered; and
 * the cube of states made from it, month by month.
 *
 * A person stands once in each stage: by the month of their first enrolment, of
 * the first time they came, or of the first right settled; at the structure and
 * the programme of that day.  Months, communes, structures and programmes thus
 * part people, and their states add up to any coarser figure.  Publics and
 * competences overlap: everybody and every competence are rows of their own,
 * named ''.
 */

CREATE TABLE inclusion_data.cube_person (
  beneficiary     bigint NOT NULL,
  perimeter       text NOT NULL,
  stage           text NOT NULL CHECK (stage IN ('entry', 'mediation', 'rights')),
  month           date NOT NULL CHECK (extract(day FROM month) = 1),
  territory       text NOT NULL,
  operator        bigint NOT NULL,
  programme       text NOT NULL,
  publics         text[] NOT NULL,
  -- what one instrument found first and last, and the change it can tell
  pre             inclusion.competence_vector,
  post            inclusion.competence_vector,
  pre_level       int,
  post_level      int,
  smallest_change int,
  improved        boolean,
  worsened        boolean,
  autonomous      boolean,
  -- days until 1 what was hoped for, or 2 another end; or the day of the month
  -- since which the person waits, so that no row changes with the calendar
  ended_days      int,
  ended_as        smallint,
  pending_day     int,
  completed       boolean,
  accepted        boolean,
  attended        boolean,
  attended_count  int,
  booked_count    int,
  gave_up_before  smallint,
  gave_up_after   smallint,
  for_good_before smallint,
  for_good_after  smallint,
  bridged         boolean,
  self_referred   boolean,
  PRIMARY KEY (beneficiary, perimeter, stage),
  CHECK ((ended_days IS NULL) = (ended_as IS NULL)),
  CHECK (ended_days IS NULL OR pending_day IS NULL)
);
CREATE INDEX ON inclusion_data.cube_person (perimeter, stage, month, territory, operator, programme);
COMMENT ON TABLE inclusion_data.cube_person IS
  'Mesures par personne : ce que chacun ajoute au cube, une fois par étape, dans le mois où il y est entré.';
COMMENT ON COLUMN inclusion_data.cube_person.beneficiary IS 'Personne : numéro de la personne.';
COMMENT ON COLUMN inclusion_data.cube_person.perimeter IS 'Périmètre : celui de la personne.';
COMMENT ON COLUMN inclusion_data.cube_person.stage IS 'Étape : entry (inscription), mediation (première venue) ou rights (premier droit réglé).';
COMMENT ON COLUMN inclusion_data.cube_person.month IS 'Mois : premier jour du mois d''entrée dans l''étape.';
COMMENT ON COLUMN inclusion_data.cube_person.territory IS 'Commune : celle de la personne ; vide si inconnue.';
COMMENT ON COLUMN inclusion_data.cube_person.operator IS 'Structure : celle qui inscrit, reçoit ou règle ce jour-là ; 0 si inconnue.';
COMMENT ON COLUMN inclusion_data.cube_person.programme IS 'Programme : celui de la première offre suivie ; vide sinon.';
COMMENT ON COLUMN inclusion_data.cube_person.publics IS 'Publics : ceux de la personne, et son âge à l''entrée dans l''étape.';
COMMENT ON COLUMN inclusion_data.cube_person.pre IS 'Première mesure : compétence par compétence, jusqu''à la première venue.';
COMMENT ON COLUMN inclusion_data.cube_person.post IS 'Dernière mesure : par le même instrument, jusqu''à 90 jours après la dernière venue.';
COMMENT ON COLUMN inclusion_data.cube_person.pre_level IS 'Niveau d''entrée : moyenne des compétences comparées, en millièmes de point.';
COMMENT ON COLUMN inclusion_data.cube_person.post_level IS 'Niveau de sortie : moyenne des mêmes compétences, en millièmes de point.';
COMMENT ON COLUMN inclusion_data.cube_person.smallest_change IS 'Changement fiable : en points, selon la norme de l''instrument ; NULL sans norme.';
COMMENT ON COLUMN inclusion_data.cube_person.improved IS 'En hausse : une compétence au moins, et aucune en baisse.';
COMMENT ON COLUMN inclusion_data.cube_person.worsened IS 'En baisse : une compétence au moins.';
COMMENT ON COLUMN inclusion_data.cube_person.autonomous IS 'Cible atteinte : tous les niveaux visés ; NULL si rien ne manquait à l''entrée ou n''est mesuré après.';
COMMENT ON COLUMN inclusion_data.cube_person.ended_days IS 'Jours jusqu''à la fin : de l''attente ou du parcours ; NULL si rien n''y a mis fin.';
COMMENT ON COLUMN inclusion_data.cube_person.ended_as IS 'Fin : 1 offre acceptée, ou parcours arrêté ; 2 départ avant, ou parcours terminé.';
COMMENT ON COLUMN inclusion_data.cube_person.pending_day IS 'Attend depuis : jour du mois d''entrée, à partir de 0 ; NULL si l''attente a pris fin.';
COMMENT ON COLUMN inclusion_data.cube_person.completed IS 'A terminé : dans les 180 jours.';
COMMENT ON COLUMN inclusion_data.cube_person.accepted IS 'A accepté : une place proposée, dans les 180 jours ; NULL si aucune ne l''a été.';
COMMENT ON COLUMN inclusion_data.cube_person.attended IS 'Est venue : dans les 180 jours ; NULL sans acceptation.';
COMMENT ON COLUMN inclusion_data.cube_person.attended_count IS 'Rendez-vous suivis : nombre de venues.';
COMMENT ON COLUMN inclusion_data.cube_person.booked_count IS 'Rendez-vous tenus : venues et absences.';
COMMENT ON COLUMN inclusion_data.cube_person.gave_up_before IS 'Renonçait avant : 1 oui, 0 non ; NULL sans réponse.';
COMMENT ON COLUMN inclusion_data.cube_person.gave_up_after IS 'Renonce depuis : 1 oui, 0 non ; NULL sans réponse.';
COMMENT ON COLUMN inclusion_data.cube_person.for_good_before IS 'Renonçait pour de bon avant : 1 oui, 0 non ; NULL sans réponse.';
COMMENT ON COLUMN inclusion_data.cube_person.for_good_after IS 'Renonce pour de bon depuis : 1 oui, 0 non ; NULL sans réponse.';
COMMENT ON COLUMN inclusion_data.cube_person.bridged IS 'Pont : venue en médiation dans les 90 jours ; NULL si elle y venait déjà.';
COMMENT ON COLUMN inclusion_data.cube_person.self_referred IS 'Venue d''elle-même : première inscription de sa propre démarche.';

-- All of it follows from the rows of people, and is written by their refresh only:
-- no foreign key, which would cost as much as an index.
CREATE TABLE inclusion_data.cube (
  perimeter       text NOT NULL,
  stage           text NOT NULL CHECK (stage IN ('entry', 'mediation', 'rights')),
  month           date NOT NULL CHECK (extract(day FROM month) = 1),
  territory       text NOT NULL,
  operator        bigint NOT NULL,
  programme       text NOT NULL,
  public          text NOT NULL,
  competence      text NOT NULL,
  people          bigint NOT NULL CHECK (people > 0),
  gain            inclusion.gain_state,
  improved        inclusion.proportion_state,
  worsened        inclusion.proportion_state,
  autonomous      inclusion.proportion_state,
  ended           inclusion.waiting_state,
  pending         inclusion.waiting_state,
  completed       inclusion.proportion_state,
  accepted        inclusion.proportion_state,
  attended        inclusion.proportion_state,
  presence        inclusion.ratio_state,
  gave_up         inclusion.gain_state,
  for_good        inclusion.gain_state,
  bridged         inclusion.proportion_state,
  self_referred   inclusion.proportion_state,
  PRIMARY KEY (perimeter, stage, month, territory, operator, programme, public, competence)
);
COMMENT ON TABLE inclusion_data.cube IS
  'Cube des mesures : états par mois, commune, structure, programme, public et compétence, qui s''additionnent à tout niveau.';
COMMENT ON COLUMN inclusion_data.cube.perimeter IS 'Périmètre : celui des personnes.';
COMMENT ON COLUMN inclusion_data.cube.stage IS 'Étape : entry (inscription), mediation (première venue) ou rights (premier droit réglé).';
COMMENT ON COLUMN inclusion_data.cube.month IS 'Mois : premier jour du mois d''entrée.';
COMMENT ON COLUMN inclusion_data.cube.territory IS 'Commune : des personnes ; vide si inconnue.';
COMMENT ON COLUMN inclusion_data.cube.operator IS 'Structure : numéro ; 0 si inconnue.';
COMMENT ON COLUMN inclusion_data.cube.programme IS 'Programme : vide s''il n''y en a pas.';
COMMENT ON COLUMN inclusion_data.cube.public IS 'Public : vide pour tous ; les publics se recouvrent et ne s''additionnent pas.';
COMMENT ON COLUMN inclusion_data.cube.competence IS 'Compétence : vide pour toutes ensemble ; elles ne s''additionnent pas.';
COMMENT ON COLUMN inclusion_data.cube.people IS 'Personnes : nombre, chacune une fois.';
COMMENT ON COLUMN inclusion_data.cube.gain IS 'Écart avant-après : en points, ou en millièmes de point toutes compétences ensemble.';
COMMENT ON COLUMN inclusion_data.cube.improved IS 'En hausse : au-delà de l''erreur de mesure.';
COMMENT ON COLUMN inclusion_data.cube.worsened IS 'En baisse : au-delà de l''erreur de mesure.';
COMMENT ON COLUMN inclusion_data.cube.autonomous IS 'Cible atteinte : parmi qui en était loin.';
COMMENT ON COLUMN inclusion_data.cube.ended IS 'Attentes finies : jours et issue.';
COMMENT ON COLUMN inclusion_data.cube.pending IS 'Attentes en cours : comptées du début du mois, à prolonger jusqu''au jour où on les lit.';
COMMENT ON COLUMN inclusion_data.cube.completed IS 'Parcours terminés : parmi les personnes venues.';
COMMENT ON COLUMN inclusion_data.cube.accepted IS 'Places acceptées : parmi les personnes à qui une l''a été proposée.';
COMMENT ON COLUMN inclusion_data.cube.attended IS 'Venues : parmi les personnes qui ont accepté.';
COMMENT ON COLUMN inclusion_data.cube.presence IS 'Présence : rendez-vous suivis et tenus.';
COMMENT ON COLUMN inclusion_data.cube.gave_up IS 'Renoncement : avant et depuis.';
COMMENT ON COLUMN inclusion_data.cube.for_good IS 'Renoncement pour de bon : avant et depuis.';
COMMENT ON COLUMN inclusion_data.cube.bridged IS 'Pont : d''un droit réglé à une médiation.';
COMMENT ON COLUMN inclusion_data.cube.self_referred IS 'Venues d''elles-mêmes : parmi les inscrites.';

CREATE TABLE inclusion_data.cube_refresh (
  perimeter       text PRIMARY KEY REFERENCES inclusion_data.perimeter,
  refreshed_at    timestamptz NOT NULL,
  rebuilt_at      timestamptz NOT NULL
);
COMMENT ON TABLE inclusion_data.cube_refresh IS 'Fraîcheur du cube : jusqu''à quand les faits y sont comptés, par périmètre.';
COMMENT ON COLUMN inclusion_data.cube_refresh.perimeter IS 'Périmètre : celui dont le cube est à jour.';
COMMENT ON COLUMN inclusion_data.cube_refresh.refreshed_at IS 'À jour le : heure du dernier ajout.';
COMMENT ON COLUMN inclusion_data.cube_refresh.rebuilt_at IS 'Refait le : heure du dernier calcul entier.';

-- --- what has changed since --------------------------------------------------------

-- Only added to, so that nobody who writes waits for anybody; emptied by the
-- next refresh, and of a person with their file.
CREATE TABLE inclusion_data.cube_change (
  id              bigint GENERATED BY DEFAULT AS IDENTITY,
  perimeter       text NOT NULL,
  beneficiary     bigint NOT NULL,
  PRIMARY KEY (id, perimeter)
);
CREATE INDEX ON inclusion_data.cube_change (perimeter);
CREATE INDEX ON inclusion_data.cube_change (beneficiary);
COMMENT ON TABLE inclusion_data.cube_change IS 'Personnes à recompter : celles dont un fait a changé depuis la mise à jour du cube.';
COMMENT ON COLUMN inclusion_data.cube_change.id IS 'Numéro : attribué par le registre.';
COMMENT ON COLUMN inclusion_data.cube_change.perimeter IS 'Périmètre : celui de la personne.';
COMMENT ON COLUMN inclusion_data.cube_change.beneficiary IS 'Personne : numéro de la personne.';

-- The cells of the cube that people have left.
CREATE TABLE inclusion_data.cube_cell (
  id              bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  perimeter       text NOT NULL,
  stage           text NOT NULL,
  month           date NOT NULL,
  territory       text NOT NULL,
  operator        bigint NOT NULL,
  programme       text NOT NULL
);
CREATE INDEX ON inclusion_data.cube_cell (perimeter);
COMMENT ON TABLE inclusion_data.cube_cell IS 'Cases à recompter : celles du cube que quelqu''un a quittées.';
COMMENT ON COLUMN inclusion_data.cube_cell.id IS 'Numéro : attribué par le registre.';
COMMENT ON COLUMN inclusion_data.cube_cell.perimeter IS 'Périmètre : celui de la case.';
COMMENT ON COLUMN inclusion_data.cube_cell.stage IS 'Étape : celle de la case.';
COMMENT ON COLUMN inclusion_data.cube_cell.month IS 'Mois : celui de la case.';
COMMENT ON COLUMN inclusion_data.cube_cell.territory IS 'Commune : celle de la case.';
COMMENT ON COLUMN inclusion_data.cube_cell.operator IS 'Structure : celle de la case.';
COMMENT ON COLUMN inclusion_data.cube_cell.programme IS 'Programme : celui de la case.';

-- A fact written, corrected or withdrawn, of whatever day: its people are noted,
-- never what it says.  The one use of triggers beside the journal's: no verb
-- stands between every writer and the facts.  A night's steps are hashed with
-- their proposals: when the planner last looked, there may have been none, and it
-- would search them all for each, or merge them by perimeter alone.
CREATE FUNCTION inclusion_data.note_fact() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_nestloop = on SET enable_mergejoin = on AS $$
BEGIN
  IF TG_TABLE_NAME = 'beneficiary' THEN
    INSERT INTO inclusion_data.cube_change (perimeter, beneficiary) SELECT c.perimeter, c.id FROM changed c;
  ELSIF TG_TABLE_NAME = 'proposal_step' AND (SELECT count(*) = 1 FROM (SELECT FROM changed LIMIT 2) c) THEN
    INSERT INTO inclusion_data.cube_change (perimeter, beneficiary)
    SELECT p.perimeter, p.beneficiary
    FROM changed c JOIN inclusion_data.proposal p ON p.id = c.proposal AND p.perimeter = c.perimeter;
  ELSIF TG_TABLE_NAME = 'proposal_step' THEN
    SET LOCAL enable_nestloop = off;
    SET LOCAL enable_mergejoin = off;
    INSERT INTO inclusion_data.cube_change (perimeter, beneficiary)
    SELECT DISTINCT p.perimeter, p.beneficiary
    FROM changed c JOIN inclusion_data.proposal p ON p.id = c.proposal AND p.perimeter = c.perimeter;
  ELSIF TG_TABLE_NAME = 'file_merge' THEN
    INSERT INTO inclusion_data.cube_change (perimeter, beneficiary)
    SELECT c.perimeter, v.beneficiary FROM changed c CROSS JOIN LATERAL (VALUES (c.beneficiary), (c.merged)) AS v (beneficiary);
  ELSIF TG_TABLE_NAME = 'instrument' THEN
    INSERT INTO inclusion_data.cube_change (perimeter, beneficiary)
    SELECT DISTINCT a.perimeter, a.beneficiary FROM changed c JOIN inclusion_data.assessment a ON a.instrument = c.code;
  ELSE
    INSERT INTO inclusion_data.cube_change (perimeter, beneficiary) SELECT DISTINCT c.perimeter, c.beneficiary FROM changed c;
  END IF;
  RETURN NULL;
END
$$;

-- An offer that changes hands or programme takes its people along; its price,
-- every night, does not.
CREATE FUNCTION inclusion_data.note_offer() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO inclusion_data.cube_change (perimeter, beneficiary)
  SELECT DISTINCT p.perimeter, p.beneficiary FROM inclusion_data.proposal p WHERE p.offer = NEW.id;
  RETURN NULL;
END
$$;

-- Who goes leaves the cube at once, and no mark behind.
CREATE FUNCTION inclusion_data.forget_measures() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM inclusion_data.cube_person p USING changed c WHERE p.beneficiary = c.id AND p.perimeter = c.perimeter;
  DELETE FROM inclusion_data.cube_change p USING changed c WHERE p.beneficiary = c.id AND p.perimeter = c.perimeter;
  RETURN NULL;
END
$$;

CREATE FUNCTION inclusion_data.note_cell() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO inclusion_data.cube_cell (perimeter, stage, month, territory, operator, programme)
  SELECT DISTINCT c.perimeter, c.stage, c.month, c.territory, c.operator, c.programme FROM changed c;
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION inclusion_data.note_fact(), inclusion_data.note_offer(), inclusion_data.note_cell(),
  inclusion_data.forget_measures() FROM PUBLIC;
COMMENT ON FUNCTION inclusion_data.note_fact() IS 'Fait changé : note les personnes à recompter, sans ce que le fait dit d''elles.';
COMMENT ON FUNCTION inclusion_data.note_offer() IS 'Offre changée : note les personnes à qui elle a été proposée.';
COMMENT ON FUNCTION inclusion_data.note_cell() IS 'Case quittée : note les cases du cube à recompter.';
COMMENT ON FUNCTION inclusion_data.forget_measures() IS 'Personne partie : retire ses mesures, et toute trace de son numéro.';

CREATE TRIGGER cell_left AFTER DELETE ON inclusion_data.cube_person
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION inclusion_data.note_cell();
CREATE TRIGGER person_gone AFTER DELETE ON inclusion_data.beneficiary
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION inclusion_data.forget_measures();
CREATE TRIGGER person_left AFTER UPDATE ON inclusion_data.beneficiary
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION inclusion_data.note_fact();
CREATE TRIGGER person_changed AFTER UPDATE ON inclusion_data.beneficiary
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION inclusion_data.note_fact();
CREATE TRIGGER offer_moved AFTER UPDATE OF structure, programme ON inclusion_data.offer
  FOR EACH ROW WHEN (OLD.structure IS DISTINCT FROM NEW.structure OR OLD.programme IS DISTINCT FROM NEW.programme)
  EXECUTE FUNCTION inclusion_data.note_offer();
CALL inclusion.track_facts('inclusion_data.instrument');
CALL inclusion.track_facts('inclusion_data.enrolment');
CALL inclusion.track_facts('inclusion_data.assessment');
CALL inclusion.track_facts('inclusion_data.circumstance');
CALL inclusion.track_facts('inclusion_data.expressed_need');
-- a proposal is a fact from its first step on
CALL inclusion.track_facts('inclusion_data.proposal', added => false);
CALL inclusion.track_facts('inclusion_data.proposal_step');
CALL inclusion.track_facts('inclusion_data.settled_right');
