/*
 * 53_word: what was said of a proposal: the person's word, and the structure's.
 * Two vocabularies of reasons, one for each.
 */

CREATE TABLE inclusion_data.contact_channel (
  code                text PRIMARY KEY,
  label               text NOT NULL
);
COMMENT ON TABLE inclusion_data.contact_channel IS
  'Moyens de contact : comment on se parle ou s''écrit.';
COMMENT ON COLUMN inclusion_data.contact_channel.code IS 'Code du moyen : mot stable qui le désigne.';
COMMENT ON COLUMN inclusion_data.contact_channel.label IS 'Libellé : le moyen dit en clair.';

INSERT INTO inclusion_data.contact_channel (code, label) VALUES
  ('phone', 'Téléphone'),
  ('sms', 'SMS'),
  ('email', 'Courriel'),
  ('letter', 'Courrier'),
  ('in_person', 'Sur place'),
  ('home_visit', 'À domicile'),
  ('video', 'Visioconférence'),
  ('third_party', 'Par le référent ou une association'),
  ('unsaid', 'Non précisé');

-- The structure's eleven are those of DORA (gip-inclusion/dora, orientations),
-- letter by letter; the person's are ours.
CREATE TABLE inclusion_data.decline_reason (
  speaker             text NOT NULL CHECK (speaker IN ('person', 'operator')),
  code                text NOT NULL,
  label               text NOT NULL,
  -- the offer is not proposed to that person again
  strikes             boolean NOT NULL,
  PRIMARY KEY (speaker, code)
);
COMMENT ON TABLE inclusion_data.decline_reason IS
  'Motifs de refus : ceux que dit une personne, et ceux que dit une structure.';
COMMENT ON COLUMN inclusion_data.decline_reason.speaker IS 'Qui le dit : person (la personne) ou operator (la structure).';
COMMENT ON COLUMN inclusion_data.decline_reason.code IS 'Code du motif : mot stable qui le désigne ; ceux des structures sont ceux de DORA.';
COMMENT ON COLUMN inclusion_data.decline_reason.label IS 'Libellé : le motif dit en clair.';
COMMENT ON COLUMN inclusion_data.decline_reason.strikes IS 'Offre écartée : vrai si elle ne sera plus proposée à cette personne ; son attente est gardée.';

INSERT INTO inclusion_data.decline_reason (speaker, code, label, strikes) VALUES
  ('person', 'too_far', 'Trop loin, ou trajet impossible', true),
  ('person', 'bad_time', 'Jour ou heure qui ne convient pas', true),
  ('person', 'bad_format', 'Préfère une autre formule', true),
  ('person', 'bad_place', 'Ne souhaite pas aller dans ce lieu', true),
  ('person', 'bad_content', 'Ce n''est pas ce qu''elle veut apprendre', true),
  ('person', 'not_now', 'Pas disponible en ce moment', true),
  ('person', 'found_elsewhere', 'A trouvé une solution ailleurs', true),
  ('person', 'not_interested', 'N''est pas intéressée', true),
  ('person', 'other', 'Autre raison', true),
  ('person', 'unsaid', 'N''a pas dit pourquoi', true),
  ('operator', 'bénéficiaire-non-joignable', 'Bénéficiaire non joignable', false),
  ('operator', 'bénéficiaire-absent', 'Bénéficiaire ne s’étant pas présenté à l’entretien', false),
  ('operator', 'bénéficiaire-en-emploi', 'Bénéficiaire indisponible : en emploi', false),
  ('operator', 'bénéficiaire-en-formation', 'Bénéficiaire indisponible : en formation', false),
  ('operator', 'bénéficiaire-non-éligible', 'Bénéficiaire non éligible (ne répond pas aux pré-requis)', true),
  ('operator', 'bénéficiaire-non-mobile', 'Bénéficiaire non mobile', true),
  ('operator', 'bénéficiaire-non-intéressé', 'Bénéficiaire non intéressé', true),
  ('operator', 'freins-périphériques', 'Un ou plusieurs freins périphériques empêchent le bénéficiaire de poursuivre', false),
  ('operator', 'session-complète', 'Session complète', false),
  ('operator', 'orientation-en-doublon', 'Orientation en doublon', false),
  ('operator', 'autre', 'Autre (détails dans le message ci-dessous)', false);

-- Beside the step it explains, whose agent and hour are those of the word.
CREATE TABLE inclusion_data.proposal_word (
  proposal            bigint NOT NULL,
  perimeter           text NOT NULL,
  n                   int NOT NULL,
  to_state            text NOT NULL,
  speaker             text NOT NULL CHECK (speaker IN ('person', 'operator')),
  -- NULL: the person themself
  spoken_by           text REFERENCES inclusion_data.representative_kind,
  channel             text REFERENCES inclusion_data.contact_channel,
  reason              text,
  alternatives        bigint[],
  PRIMARY KEY (proposal, perimeter, n),
  FOREIGN KEY (proposal, perimeter, n, to_state) REFERENCES inclusion_data.proposal_step (proposal, perimeter, n, to_state),
  FOREIGN KEY (speaker, reason) REFERENCES inclusion_data.decline_reason (speaker, code),
  -- a structure answers in its own name: only a person's word is carried
  CHECK ((speaker = 'person') = (channel IS NOT NULL)),
  CHECK (speaker = 'person' OR spoken_by IS NULL),
  CHECK ((to_state = 'declined') = (reason IS NOT NULL)),
  CHECK ((to_state = 'agreed') = (alternatives IS NOT NULL))
);
CREATE INDEX ON inclusion_data.proposal_word (proposal, perimeter, n, to_state);
CREATE INDEX ON inclusion_data.proposal_word (spoken_by);
CREATE INDEX ON inclusion_data.proposal_word (channel);
CREATE INDEX ON inclusion_data.proposal_word (speaker, reason);
COMMENT ON TABLE inclusion_data.proposal_word IS
  'Paroles : ce que la personne, ou la structure, a dit d''une proposition ; l''étape dit qui l''a noté et quand.';
COMMENT ON COLUMN inclusion_data.proposal_word.proposal IS 'Proposition : son numéro.';
COMMENT ON COLUMN inclusion_data.proposal_word.perimeter IS 'Périmètre : celui de la personne.';
COMMENT ON COLUMN inclusion_data.proposal_word.n IS 'Numéro d''étape : celle que la parole a permise.';
COMMENT ON COLUMN inclusion_data.proposal_word.to_state IS 'État atteint : celui de l''étape.';
COMMENT ON COLUMN inclusion_data.proposal_word.speaker IS 'Qui a parlé : person (la personne) ou operator (la structure).';
COMMENT ON COLUMN inclusion_data.proposal_word.spoken_by IS 'Représentée par : sorte de représentant qui a parlé pour elle ; NULL si elle a parlé elle-même.';
COMMENT ON COLUMN inclusion_data.proposal_word.channel IS 'Recueillie par : moyen de contact ; NULL pour une structure, qui répond elle-même.';
COMMENT ON COLUMN inclusion_data.proposal_word.reason IS 'Motif du refus : code ; NULL si ce n''est pas un refus.';
COMMENT ON COLUMN inclusion_data.proposal_word.alternatives IS 'Offres aussi montrées : numéros de celles vues avant d''accepter ; NULL si ce n''est pas un accord.';

-- What each person cannot get to, though it is near on the map: an offer beyond
-- a barrier, or outside the communes they named.  Whoever travels to them can.
CREATE VIEW inclusion_data.barred_offer WITH (security_invoker = true) AS
SELECT b.perimeter, b.id AS beneficiary, o.id AS offer
FROM inclusion_data.beneficiary b
JOIN (SELECT r.commune AS home, r.other_commune AS away FROM inclusion_data.barrier r
      UNION ALL SELECT r.other_commune AS home, r.commune AS away FROM inclusion_data.barrier r) x ON x.home = b.commune
JOIN inclusion_data.place p ON p.commune = x.away
JOIN inclusion_data.offer o ON o.place = p.id AND NOT o.remote AND o.travels_within = 0
UNION
SELECT n.perimeter, n.beneficiary, o.id AS offer
FROM (SELECT r.perimeter, r.beneficiary, array_agg(r.commune) AS communes
      FROM inclusion_data.reachable_commune r GROUP BY r.perimeter, r.beneficiary) n
JOIN inclusion_data.reach f ON f.beneficiary = n.beneficiary AND f.perimeter = n.perimeter
JOIN inclusion_data.offer o ON o.geom && ST_Expand(f.geom, f.degrees) AND NOT o.remote AND o.travels_within = 0
LEFT JOIN inclusion_data.place p ON p.id = o.place
WHERE p.commune IS NULL OR p.commune <> ALL (n.communes);
COMMENT ON VIEW inclusion_data.barred_offer IS
  'Offres hors d''atteinte : au-delà d''une coupure, ou hors des communes que la personne nomme.';
COMMENT ON COLUMN inclusion_data.barred_offer.perimeter IS 'Périmètre : celui de la personne.';
COMMENT ON COLUMN inclusion_data.barred_offer.beneficiary IS 'Personne : son numéro.';
COMMENT ON COLUMN inclusion_data.barred_offer.offer IS 'Offre : celle qu''elle ne peut rejoindre.';

-- What each person is not offered again: an offer they declined, or have
-- followed to the end, or one that cannot take them, or is out of their reach.
CREATE VIEW inclusion_data.struck_offer WITH (security_invoker = true) AS
SELECT DISTINCT p.perimeter, p.beneficiary, p.offer
FROM inclusion_data.proposal p
JOIN inclusion_data.proposal_step s ON s.proposal = p.id AND s.perimeter = p.perimeter
JOIN inclusion_data.proposal_transition t ON t.from_state = s.from_state AND t.to_state = s.to_state
LEFT JOIN inclusion_data.proposal_word w ON w.proposal = s.proposal AND w.perimeter = s.perimeter AND w.n = s.n
LEFT JOIN inclusion_data.decline_reason r ON r.speaker = w.speaker AND r.code = w.reason
WHERE s.to_state = 'completed' OR (s.to_state = 'declined' AND coalesce(r.strikes, t.word = 'person'))
UNION
SELECT x.perimeter, x.beneficiary, x.offer FROM inclusion_data.barred_offer x;
COMMENT ON VIEW inclusion_data.struck_offer IS
  'Offres écartées : celles qu''une personne a déclinées ou suivies jusqu''au bout, qui ne peuvent la recevoir, ou hors d''atteinte.';
COMMENT ON COLUMN inclusion_data.struck_offer.perimeter IS 'Périmètre : celui de la personne.';
COMMENT ON COLUMN inclusion_data.struck_offer.beneficiary IS 'Personne : son numéro.';
COMMENT ON COLUMN inclusion_data.struck_offer.offer IS 'Offre : celle qui n''est plus proposée à cette personne.';
