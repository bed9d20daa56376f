/*
 * 36_question_prior: how likely an answer is before it is heard: what it is worth
 * to ask, or to ring, is weighed by it.  Ours, published, and the territory's to
 * correct with what it hears.
 */

CREATE TABLE inclusion_data.question_prior (
  subject         text NOT NULL CHECK (subject ~ '^[a-z][a-z_]{1,30}$') CHECK (inclusion.find_nir(subject) IS NULL),
  answer          text NOT NULL CHECK (answer ~ '^[a-z0-9_]{1,20}$') CHECK (inclusion.find_nir(answer) IS NULL),
  percent         int NOT NULL CHECK (percent BETWEEN 0 AND 100),
  source          text NOT NULL DEFAULT 'inclusion 1.0' CHECK (inclusion.find_nir(source) IS NULL),
  PRIMARY KEY (subject, answer)
);
COMMENT ON TABLE inclusion_data.question_prior IS
  'Réponses attendues : part supposée de chaque réponse, avant de la demander ; publiée, au territoire de la corriger.';
COMMENT ON COLUMN inclusion_data.question_prior.subject IS 'Sujet : fait de la situation, fact (les autres faits), competence, ou ce qu''un appel apprend (level, public, format, seats).';
COMMENT ON COLUMN inclusion_data.question_prior.answer IS 'Réponse : yes ou no, un niveau de 0 à 8, ou ce que dit le lieu.';
COMMENT ON COLUMN inclusion_data.question_prior.percent IS 'Part : en pour cent des réponses.';
COMMENT ON COLUMN inclusion_data.question_prior.source IS 'Source : qui la propose ; par défaut inclusion.';

INSERT INTO inclusion_data.question_prior (subject, answer, percent) VALUES
  ('fact', 'yes', 30), ('fact', 'no', 70),
  ('car', 'yes', 60), ('car', 'no', 40),
  ('on_foot', 'yes', 50), ('on_foot', 'no', 50),
  ('public_transport', 'yes', 40), ('public_transport', 'no', 60),
  ('competence', '0', 40), ('competence', '2', 40), ('competence', '4', 20),
  -- a place that is rung: it teaches more than it said, welcomes the public, is
  -- closed to it, works otherwise, or is full
  ('level', 'higher', 40), ('public', 'welcomed', 30), ('public', 'refused', 20), ('format', 'other', 30), ('seats', 'full', 30);
