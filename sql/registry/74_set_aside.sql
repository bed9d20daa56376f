/*
 * 74_set_aside: what data are used for, and the people left out at their
 * request: those who object to one use, and those whose data nobody may use
 * while a dispute lasts.
 */

CREATE TABLE inclusion_data.purpose (
  code            text PRIMARY KEY,
  label           text NOT NULL,
  legal_basis     text NOT NULL CHECK (legal_basis IN ('public_task', 'consent', 'legal_obligation')),
  -- some uses end only with the file itself: erase_person()
  objectable      boolean NOT NULL
);
COMMENT ON TABLE inclusion_data.purpose IS
  'Finalités : ce à quoi servent les données des personnes.';
COMMENT ON COLUMN inclusion_data.purpose.code IS 'Code de la finalité : mot stable qui la désigne.';
COMMENT ON COLUMN inclusion_data.purpose.label IS 'Libellé : la finalité dite en clair.';
COMMENT ON COLUMN inclusion_data.purpose.legal_basis IS 'Base légale : public_task (mission d''intérêt public), consent (consentement) ou legal_obligation (obligation légale), au sens du RGPD.';
COMMENT ON COLUMN inclusion_data.purpose.objectable IS 'Opposition possible : vrai si la personne peut refuser cet usage seul ; sinon elle demande l''effacement.';

INSERT INTO inclusion_data.purpose (code, label, legal_basis, objectable) VALUES
  ('follow_up', 'Accueillir et accompagner la personne', 'public_task', false),
  ('active_list', 'Tenir la file active et proposer des places', 'public_task', true),
  ('statistics', 'Compter, pour piloter la politique', 'public_task', true),
  ('night_proof', 'Expliquer et contrôler les nuits passées', 'legal_obligation', false),
  ('accountability', 'Prouver ce qui a été fait des données', 'legal_obligation', false);

-- Which table serves which use; a table about people that is not here serves follow_up.
CREATE TABLE inclusion_data.purpose_table (
  relation        text PRIMARY KEY,
  purpose         text NOT NULL REFERENCES inclusion_data.purpose
);
CREATE INDEX ON inclusion_data.purpose_table (purpose);
COMMENT ON TABLE inclusion_data.purpose_table IS
  'Finalité des tables : à quoi sert chaque table qui porte des personnes ; sans ligne, à l''accompagnement.';
COMMENT ON COLUMN inclusion_data.purpose_table.relation IS 'Table : son nom dans le registre.';
COMMENT ON COLUMN inclusion_data.purpose_table.purpose IS 'Finalité : celle que la table sert.';

INSERT INTO inclusion_data.purpose_table (relation, purpose) VALUES
  ('run_candidate', 'night_proof'), ('run_need', 'night_proof'), ('run_list', 'night_proof'), ('run_result', 'night_proof'), ('active_list', 'active_list'),
  ('orientation', 'active_list'), ('proposal', 'active_list'), ('proposal_step', 'active_list'),
  ('proposal_word', 'active_list'),
  ('satisfaction', 'statistics'), ('anonymous_enrolment', 'statistics'), ('cube_person', 'statistics'), ('cube_change', 'statistics'),
  ('restriction', 'accountability'), ('purpose_objection', 'accountability'), ('objection', 'accountability'),
  ('journal', 'accountability');

CREATE TABLE inclusion_data.restriction (
  beneficiary     bigint NOT NULL,
  perimeter       text NOT NULL,
  reason          text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500) CHECK (inclusion.find_nir(reason) IS NULL),
  restricted_on   date NOT NULL,
  PRIMARY KEY (beneficiary, perimeter),
  FOREIGN KEY (beneficiary, perimeter) REFERENCES inclusion_data.beneficiary (id, perimeter)
);
COMMENT ON TABLE inclusion_data.restriction IS
  'Limitations : personnes dont les données sont gardées mais que personne n''utilise, le temps d''une contestation.';
COMMENT ON COLUMN inclusion_data.restriction.beneficiary IS 'Personne : numéro de la personne concernée.';
COMMENT ON COLUMN inclusion_data.restriction.perimeter IS 'Périmètre : celui de la personne.';
COMMENT ON COLUMN inclusion_data.restriction.reason IS 'Motif : ce que la personne conteste, 500 caractères au plus.';
COMMENT ON COLUMN inclusion_data.restriction.restricted_on IS 'Limitées le : premier jour de la limitation.';

CREATE TABLE inclusion_data.purpose_objection (
  beneficiary     bigint NOT NULL,
  perimeter       text NOT NULL,
  purpose         text NOT NULL REFERENCES inclusion_data.purpose,
  objected_on     date NOT NULL,
  PRIMARY KEY (beneficiary, perimeter, purpose),
  FOREIGN KEY (beneficiary, perimeter) REFERENCES inclusion_data.beneficiary (id, perimeter)
);
CREATE INDEX ON inclusion_data.purpose_objection (purpose);
COMMENT ON TABLE inclusion_data.purpose_objection IS
  'Oppositions : usages de ses données que chaque personne refuse.';
COMMENT ON COLUMN inclusion_data.purpose_objection.beneficiary IS 'Personne : numéro de la personne qui s''oppose.';
COMMENT ON COLUMN inclusion_data.purpose_objection.perimeter IS 'Périmètre : celui de la personne.';
COMMENT ON COLUMN inclusion_data.purpose_objection.purpose IS 'Finalité refusée : usage auquel elle s''oppose.';
COMMENT ON COLUMN inclusion_data.purpose_objection.objected_on IS 'Opposée le : premier jour de l''opposition.';

-- The numbers of people whose data may not be used for this purpose, in order;
-- NULL: for any.  Definer's rights: a policy that hides people must see them.
-- Not said to be PARALLEL SAFE, though it is: every policy asks it, and the
-- planner would start workers, 10 ms, for lists whose shortness it cannot know.
CREATE FUNCTION inclusion_data.find_set_aside(purpose text) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN inclusion.keep('set_aside', coalesce(find_set_aside.purpose, ''), (
    SELECT coalesce(array_agg(DISTINCT v.beneficiary), '{}') FROM (
      SELECT r.beneficiary FROM inclusion_data.restriction r
      UNION ALL
      -- a file gone into another
      SELECT m.merged FROM inclusion_data.file_merge m WHERE m.undone_at IS NULL
      UNION ALL
      SELECT o.beneficiary FROM inclusion_data.purpose_objection o WHERE o.purpose = find_set_aside.purpose) v));
END
$$;

-- The same, if it is not known yet: for the planner to put in the query itself.
CREATE FUNCTION inclusion_data.set_aside(purpose text) RETURNS bigint[] LANGUAGE sql STABLE
RETURN coalesce(inclusion.kept('set_aside', coalesce(purpose, ''), '{}'::bigint[]), inclusion_data.find_set_aside(purpose));

REVOKE ALL ON FUNCTION inclusion_data.set_aside(text), inclusion_data.find_set_aside(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.set_aside(text), inclusion_data.find_set_aside(text)
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_night, inclusion_dpo;
COMMENT ON FUNCTION inclusion_data.find_set_aside(text) IS
  'Personnes mises à part, cherchées : quand la réponse n''est pas déjà gardée.';
COMMENT ON FUNCTION inclusion_data.set_aside(text) IS
  'Personnes mises à part : numéros de celles dont les données sont limitées, qui s''opposent à cet usage, ou dont la fiche est réunie à une autre.';
