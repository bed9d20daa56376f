/*
 * 75_quality_facts: the facts that make the quality of the offers of a
 * perimeter, whoever the people are; with the caller's rights, and without
 * those who object to being counted.  Parsed, to be inlined where read.
 */

-- Facts that happened or did not.  A proposal begun by `overdue` and of which
-- nothing has been said since counts as not completed: leaving no trace must
-- not flatter.
CREATE FUNCTION inclusion_data.quality_facts(perimeter text, since date, as_of date, overdue date, offers bigint[])
RETURNS TABLE (offer bigint, measure text, proposal bigint, beneficiary bigint, day date, success boolean)
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH step AS MATERIALIZED (
    SELECT p.offer, p.id AS proposal, p.perimeter, p.beneficiary, s.to_state, (s.at AT TIME ZONE z.time_zone)::date AS day,
           bool_or(s.to_state IN ('completed', 'stopped')) OVER (PARTITION BY p.id, p.perimeter) AS ended, a.satisfied,
           (f.at AT TIME ZONE z.time_zone)::date AS said_on
    FROM inclusion_data.perimeter z
    JOIN inclusion_data.offer o ON o.perimeter = z.code
    JOIN inclusion_data.proposal p ON p.offer = o.id
    JOIN inclusion_data.proposal_step s ON s.proposal = p.id AND s.perimeter = p.perimeter
      AND s.to_state IN ('attended', 'absent', 'completed', 'stopped')
    LEFT JOIN inclusion_data.satisfaction f ON f.proposal = s.proposal AND f.perimeter = s.perimeter AND f.n = s.n
    LEFT JOIN inclusion_data.satisfaction_answer a ON a.code = f.answer
    WHERE z.code = quality_facts.perimeter AND (quality_facts.offers IS NULL OR o.id = ANY (quality_facts.offers))
      AND (s.at AT TIME ZONE z.time_zone)::date <= quality_facts.as_of
      AND NOT inclusion.among(p.beneficiary, (SELECT inclusion_data.set_aside('statistics')))
  )
  SELECT t.offer, 'presence'::text AS measure, t.proposal, t.beneficiary, t.day, t.to_state = 'attended' AS success
  FROM step t WHERE t.to_state IN ('attended', 'absent') AND t.day >= quality_facts.since
  UNION ALL
  SELECT t.offer, 'completion'::text AS measure, t.proposal, t.beneficiary, t.day, t.to_state = 'completed' AS success
  FROM step t WHERE t.to_state IN ('completed', 'stopped') AND t.day >= quality_facts.since
  UNION ALL
  SELECT t.offer, 'completion'::text AS measure, t.proposal, t.beneficiary, t.day, false AS success
  FROM step t WHERE t.to_state = 'attended' AND t.day >= quality_facts.since AND t.day <= quality_facts.overdue AND NOT t.ended
  UNION ALL
  SELECT t.offer, 'satisfaction'::text AS measure, t.proposal, t.beneficiary, t.said_on AS day, t.satisfied AS success
  FROM step t WHERE t.said_on >= quality_facts.since AND t.said_on <= quality_facts.as_of;
END;

-- Gains, in eighths of a level a competence: what the same instrument said
-- last before the first day and last within 90 days of the end, over the
-- competences the offer teaches that it saw both times; with what was known at
-- entry, in the order of inclusion.quality_covariates().  Of several
-- instruments, the one that deserves most trust; a first screening measures nothing.
CREATE FUNCTION inclusion_data.quality_pairs(perimeter text, since date, as_of date, offers bigint[])
RETURNS TABLE (offer bigint, proposal bigint, lives_in text, beneficiary bigint, day date, instrument text, gain float8, x float8[])
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH ended AS MATERIALIZED (
    SELECT p.offer, o.teaches, p.id AS proposal, p.perimeter AS lives_in, p.beneficiary,
           (b.at AT TIME ZONE z.time_zone)::date AS began, (e.at AT TIME ZONE z.time_zone)::date AS day
    FROM inclusion_data.perimeter z
    JOIN inclusion_data.offer o ON o.perimeter = z.code
    JOIN inclusion_data.proposal p ON p.offer = o.id
    JOIN inclusion_data.proposal_step e ON e.proposal = p.id AND e.perimeter = p.perimeter AND e.to_state IN ('completed', 'stopped')
    JOIN inclusion_data.proposal_step b ON b.proposal = p.id AND b.perimeter = p.perimeter AND b.to_state = 'attended'
    WHERE z.code = quality_pairs.perimeter AND (quality_pairs.offers IS NULL OR o.id = ANY (quality_pairs.offers))
      AND (e.at AT TIME ZONE z.time_zone)::date >= quality_pairs.since
      AND (e.at AT TIME ZONE z.time_zone)::date <= quality_pairs.as_of
      AND NOT inclusion.among(p.beneficiary, (SELECT inclusion_data.set_aside('statistics')))
  ), after AS (
    SELECT DISTINCT ON (n.proposal, n.lives_in, a.instrument) n.*, a.instrument, i.trust, a.id AS assessment, a.vector
    FROM ended n
    JOIN inclusion_data.assessment a ON a.beneficiary = n.beneficiary AND a.perimeter = n.lives_in
    JOIN inclusion_data.instrument i ON i.code = a.instrument AND i.trust > 1
    WHERE a.assessed_on >= n.day AND a.assessed_on <= n.day + 90 AND a.assessed_on <= quality_pairs.as_of
    ORDER BY n.proposal, n.lives_in, a.instrument, a.assessed_on DESC, a.id DESC
  ), pair AS (
    SELECT DISTINCT ON (f.proposal, f.lives_in) f.*, a.vector AS entry
    FROM after f
    JOIN inclusion_data.assessment a ON a.beneficiary = f.beneficiary AND a.perimeter = f.lives_in AND a.instrument = f.instrument
    WHERE a.assessed_on <= f.began AND a.id <> f.assessment
    ORDER BY f.proposal, f.lives_in, f.trust DESC, f.instrument, a.assessed_on DESC, a.id DESC
  )
  SELECT r.offer, r.proposal, r.lives_in, r.beneficiary, r.day, r.instrument, m.gain,
    ARRAY[m.entry,
          CASE WHEN k.age < 25 THEN 1 ELSE 0 END, CASE WHEN k.age >= 60 AND k.age < 70 THEN 1 ELSE 0 END,
          CASE WHEN k.age >= 70 THEN 1 ELSE 0 END, CASE WHEN k.age IS NULL THEN 1 ELSE 0 END,
          cardinality(b.audiences), CASE WHEN c.answer = 'yes' THEN 1 ELSE 0 END, CASE WHEN e.format = 'self' THEN 1 ELSE 0 END]
  FROM pair r
  CROSS JOIN LATERAL (
    SELECT avg(inclusion.points(r.vector, t.code) - inclusion.points(r.entry, t.code))::float8 AS gain,
           avg(inclusion.points(r.entry, t.code))::float8 AS entry
    FROM inclusion.slots(r.teaches) t
    WHERE inclusion.points(r.vector, t.code) IS NOT NULL AND inclusion.points(r.entry, t.code) IS NOT NULL) m
  JOIN inclusion_data.beneficiary b ON b.id = r.beneficiary AND b.perimeter = r.lives_in
  CROSS JOIN LATERAL (SELECT inclusion.age_on(b.birth_year, r.began) AS age) k
  LEFT JOIN LATERAL (
    SELECT i.answer FROM inclusion_data.circumstance i
    WHERE i.beneficiary = r.beneficiary AND i.perimeter = r.lives_in AND i.item = 'no_equipment' AND i.recorded_on <= r.began
      AND i.answer IN ('yes', 'no')
    ORDER BY i.recorded_on DESC, i.n DESC LIMIT 1) c ON true
  LEFT JOIN LATERAL (
    SELECT n.format FROM inclusion_data.enrolment n
    WHERE n.beneficiary = r.beneficiary AND n.perimeter = r.lives_in AND n.enrolled_on <= r.began
    ORDER BY n.enrolled_on DESC, n.id DESC LIMIT 1) e ON true
  WHERE m.gain IS NOT NULL;
END;

-- The centres in force: the last of each.
CREATE VIEW inclusion_data.quality_centre AS
SELECT DISTINCT ON (p.perimeter, p.scope, p.measure) p.*, p.alpha / (p.alpha + p.beta) AS rate, m.sigma
FROM inclusion_data.quality_prior p
LEFT JOIN inclusion_data.quality_model m ON m.id = p.model
ORDER BY p.perimeter, p.scope, p.measure, p.id DESC;

REVOKE ALL ON FUNCTION inclusion_data.quality_facts(text, date, date, date, bigint[]),
  inclusion_data.quality_pairs(text, date, date, bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.quality_facts(text, date, date, date, bigint[]),
  inclusion_data.quality_pairs(text, date, date, bigint[])
  TO inclusion_mediator, inclusion_coordinator, inclusion_night, inclusion_dpo;

COMMENT ON FUNCTION inclusion_data.quality_facts(text, date, date, date, bigint[]) IS
  'Faits constatés : venues, parcours terminés et réponses, par offre ; sans qui s''oppose à être compté.';
COMMENT ON FUNCTION inclusion_data.quality_pairs(text, date, date, bigint[]) IS
  'Progrès constatés : avant et après par le même instrument, et ce que l''on savait à l''entrée.';
COMMENT ON VIEW inclusion_data.quality_centre IS 'Centres en vigueur : le dernier de chaque mesure, pour les offres et pour les structures.';
COMMENT ON COLUMN inclusion_data.quality_centre.id IS 'Numéro : du centre.';
COMMENT ON COLUMN inclusion_data.quality_centre.perimeter IS 'Périmètre : celui de ses offres.';
COMMENT ON COLUMN inclusion_data.quality_centre.scope IS 'Portée : offer (les offres) ou operator (les structures).';
COMMENT ON COLUMN inclusion_data.quality_centre.measure IS 'Mesure : celle dont c''est le centre.';
COMMENT ON COLUMN inclusion_data.quality_centre.as_of IS 'Au : dernier jour des faits.';
COMMENT ON COLUMN inclusion_data.quality_centre.since IS 'Depuis le : premier jour des faits.';
COMMENT ON COLUMN inclusion_data.quality_centre.subjects IS 'Nombre : offres, ou structures, qui ont au moins un fait.';
COMMENT ON COLUMN inclusion_data.quality_centre.facts IS 'Faits : leur nombre, parts comprises.';
COMMENT ON COLUMN inclusion_data.quality_centre.alpha IS 'Faits favorables a priori : premier paramètre de la loi bêta.';
COMMENT ON COLUMN inclusion_data.quality_centre.beta IS 'Autres faits a priori : second paramètre de la loi bêta.';
COMMENT ON COLUMN inclusion_data.quality_centre.status IS 'Statut : comment il est estimé.';
COMMENT ON COLUMN inclusion_data.quality_centre.mu IS 'Moyenne commune : du progrès au-delà de l''attendu.';
COMMENT ON COLUMN inclusion_data.quality_centre.se_mu IS 'Erreur type : de cette moyenne.';
COMMENT ON COLUMN inclusion_data.quality_centre.tau2 IS 'Variance entre elles : au-delà du hasard.';
COMMENT ON COLUMN inclusion_data.quality_centre.spread IS 'Dispersion commune : variance au-delà du hasard, ajoutée aux limites d''entonnoir.';
COMMENT ON COLUMN inclusion_data.quality_centre.model IS 'Modèle d''entrée : celui de l''attendu.';
COMMENT ON COLUMN inclusion_data.quality_centre.made_at IS 'Estimé le : date et heure.';
COMMENT ON COLUMN inclusion_data.quality_centre.rate IS 'Taux commun : entre 0 et 1.';
COMMENT ON COLUMN inclusion_data.quality_centre.sigma IS 'Écart-type d''un progrès : ce que le modèle n''explique pas.';
