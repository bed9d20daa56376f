/*
 * 32_age: how ages are grouped.  A person's age is never stored: it follows from
 * the year of birth and the day of what is counted.
 */

CREATE TABLE inclusion_data.bracket_set (
  code            text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{1,30}$'),
  label           text NOT NULL CHECK (length(label) BETWEEN 1 AND 80) CHECK (inclusion.find_nir(label) IS NULL)
);
COMMENT ON TABLE inclusion_data.bracket_set IS
  'Découpages des âges : chaque source a le sien, et ils ne s''emboîtent pas.';
COMMENT ON COLUMN inclusion_data.bracket_set.code IS 'Code du découpage : mot stable qui le désigne.';
COMMENT ON COLUMN inclusion_data.bracket_set.label IS 'Libellé : le découpage dit en clair.';

-- A bracket ends where the next begins: none overlaps, and none leaves a gap.
CREATE TABLE inclusion_data.age_bracket (
  bracket_set     text NOT NULL REFERENCES inclusion_data.bracket_set,
  from_age        int NOT NULL CHECK (from_age BETWEEN 0 AND 130),
  code            text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{1,40}$'),
  label           text NOT NULL CHECK (length(label) BETWEEN 1 AND 80) CHECK (inclusion.find_nir(label) IS NULL),
  PRIMARY KEY (bracket_set, from_age),
  UNIQUE (bracket_set, code)
);
COMMENT ON TABLE inclusion_data.age_bracket IS
  'Tranches d''âge : chacune commence à un âge et finit où commence la suivante.';
COMMENT ON COLUMN inclusion_data.age_bracket.bracket_set IS 'Découpage : celui dont la tranche fait partie.';
COMMENT ON COLUMN inclusion_data.age_bracket.from_age IS 'À partir de : premier âge de la tranche, en années.';
COMMENT ON COLUMN inclusion_data.age_bracket.code IS 'Code de la tranche : celui de la source.';
COMMENT ON COLUMN inclusion_data.age_bracket.label IS 'Libellé : la tranche dite en clair.';

-- codes and labels of La Coop, then codes of its former version
INSERT INTO inclusion_data.bracket_set (code, label) VALUES
  ('coop', 'La Coop de la médiation numérique'),
  ('coop_v1', 'Espace Coop, première version'),
  ('common', 'Commun aux deux versions de La Coop');
INSERT INTO inclusion_data.age_bracket (bracket_set, from_age, code, label) VALUES
  ('coop', 0, 'moins_de_douze', 'Moins de 12 ans'),
  ('coop', 12, 'douze_dix_huit', '12 - 17 ans'),
  ('coop', 18, 'dix_huit_vingt_quatre', '18 - 24 ans'),
  ('coop', 25, 'vingt_cinq_trente_neuf', '25 - 39 ans'),
  ('coop', 40, 'quarante_cinquante_neuf', '40 - 59 ans'),
  ('coop', 60, 'soixante_soixante_neuf', '60 - 69 ans'),
  ('coop', 70, 'soixante_dix_plus', '70 ans et plus'),
  ('coop_v1', 0, 'moins12ans', 'Moins de 12 ans'),
  ('coop_v1', 12, 'de12a18ans', '12 - 17 ans'),
  ('coop_v1', 18, 'de18a35ans', '18 - 34 ans'),
  ('coop_v1', 35, 'de35a60ans', '35 - 59 ans'),
  ('coop_v1', 60, 'plus60ans', '60 ans et plus'),
  ('common', 0, 'moins_de_douze', 'Moins de 12 ans'),
  ('common', 12, 'douze_dix_sept', '12 - 17 ans'),
  ('common', 18, 'dix_huit_cinquante_neuf', '18 - 59 ans'),
  ('common', 60, 'soixante_plus', '60 ans et plus');
