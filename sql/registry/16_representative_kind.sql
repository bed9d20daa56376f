/*
 * 16_representative_kind: who may speak for somebody else, and for what.
 */

CREATE TABLE inclusion_data.representative_kind (
  code        text PRIMARY KEY CHECK (code ~ '^[a-z][a-z_]{1,30}$'),
  label       text NOT NULL CHECK (length(label) BETWEEN 1 AND 120) CHECK (inclusion.find_nir(label) IS NULL),
  -- what their word is needed for unless the measure says otherwise; nothing: they only come along
  acts        text[] NOT NULL CHECK (acts <@ '{enrolment,agreement,sharing}'::text[])
);
COMMENT ON TABLE inclusion_data.representative_kind IS
  'Sortes de représentants : qui peut parler pour une personne, et de quoi.';
COMMENT ON COLUMN inclusion_data.representative_kind.code IS 'Code de la sorte : mot stable qui la désigne.';
COMMENT ON COLUMN inclusion_data.representative_kind.label IS 'Libellé : la sorte dite en clair.';
COMMENT ON COLUMN inclusion_data.representative_kind.acts IS 'Actes : enrolment (consentir à l''inscription), agreement (accepter une place) et sharing (partager un thème), sauf si la mesure dit autre chose.';

-- a person under curatorship or safeguard of justice speaks for themself, as
-- does whoever a social measure accompanies
INSERT INTO inclusion_data.representative_kind (code, label, acts) VALUES
  ('parent', 'Titulaire de l''autorité parentale', '{enrolment,agreement,sharing}'),
  ('guardian', 'Tuteur ou tutrice', '{enrolment,agreement,sharing}'),
  ('family_habilitation', 'Habilitation familiale', '{enrolment,agreement,sharing}'),
  ('spouse_habilitation', 'Habilitation du conjoint', '{enrolment,agreement,sharing}'),
  ('future_mandate', 'Mandat de protection future', '{enrolment,agreement,sharing}'),
  ('curator', 'Curateur ou curatrice', '{}'),
  ('safeguard', 'Mandataire d''une sauvegarde de justice', '{}'),
  ('social_measure', 'Mesure d''accompagnement social', '{}'),
  ('companion', 'Personne qui accompagne', '{}');
