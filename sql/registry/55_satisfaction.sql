/*
 * 55_satisfaction: what those who came say of it.
 */

CREATE TABLE inclusion_data.satisfaction_answer (
  code                text PRIMARY KEY,
  label               text NOT NULL,
  satisfied           boolean NOT NULL
);
COMMENT ON TABLE inclusion_data.satisfaction_answer IS
  'Réponses possibles : à la question « Cela vous a-t-il été utile ? ».';
COMMENT ON COLUMN inclusion_data.satisfaction_answer.code IS 'Code de la réponse : mot stable qui la désigne.';
COMMENT ON COLUMN inclusion_data.satisfaction_answer.label IS 'Libellé : la réponse dite en clair.';
COMMENT ON COLUMN inclusion_data.satisfaction_answer.satisfied IS 'Satisfaite : vrai si la réponse compte parmi les personnes satisfaites.';

INSERT INTO inclusion_data.satisfaction_answer (code, label, satisfied) VALUES
  ('yes', 'Oui', true),
  ('rather_yes', 'Plutôt oui', true),
  ('rather_no', 'Plutôt non', false),
  ('no', 'Non', false);

-- One answer a proposal, beside the step that says the person came; the first
-- stands, so that nobody is asked until the answer pleases.
CREATE TABLE inclusion_data.satisfaction (
  proposal            bigint NOT NULL,
  perimeter           text NOT NULL,
  n                   int NOT NULL,
  to_state            text NOT NULL DEFAULT 'attended' CHECK (to_state = 'attended'),
  answer              text NOT NULL REFERENCES inclusion_data.satisfaction_answer,
  -- nobody when the person answered alone
  agent               bigint REFERENCES inclusion_data.agent,
  at                  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (proposal, perimeter),
  FOREIGN KEY (proposal, perimeter, n, to_state) REFERENCES inclusion_data.proposal_step (proposal, perimeter, n, to_state)
);
CREATE INDEX ON inclusion_data.satisfaction (proposal, perimeter, n, to_state);
CREATE INDEX ON inclusion_data.satisfaction (answer);
CREATE INDEX ON inclusion_data.satisfaction (agent);
COMMENT ON TABLE inclusion_data.satisfaction IS
  'Satisfaction : ce que dit de la séance une personne qui y est venue ; la première réponse reste.';
COMMENT ON COLUMN inclusion_data.satisfaction.proposal IS 'Proposition : celle à la suite de laquelle la personne est venue.';
COMMENT ON COLUMN inclusion_data.satisfaction.perimeter IS 'Périmètre : celui de la personne.';
COMMENT ON COLUMN inclusion_data.satisfaction.n IS 'Numéro d''étape : celle où la personne est venue.';
COMMENT ON COLUMN inclusion_data.satisfaction.to_state IS 'État atteint : attended, la personne est venue.';
COMMENT ON COLUMN inclusion_data.satisfaction.answer IS 'Réponse : à la question « Cela vous a-t-il été utile ? ».';
COMMENT ON COLUMN inclusion_data.satisfaction.agent IS 'Agent : celui qui l''a notée ; NULL si la personne a répondu seule.';
COMMENT ON COLUMN inclusion_data.satisfaction.at IS 'Répondue le : date et heure.';
