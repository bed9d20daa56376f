/*
 * 35_autonomy: what has been decided about autonomy.  The reviews are
 * nominative; the rest are counts of people, released, all of a whole or none.
 */

CREATE VIEW pilotage.fact_autonomy_review WITH (security_invoker = true) AS
SELECT d.id,
  d.perimeter,
  d.beneficiary AS beneficiary_id,
  s.label AS use_label,
  o.label AS outcome_label,
  d.decided_on,
  d.review_on,
  greatest((now() AT TIME ZONE p.time_zone)::date - d.review_on, 0) AS overdue_days,
  r.agent AS referent_id
FROM inclusion_data.autonomy_now d
JOIN inclusion_data.autonomy_scope s ON s.code = d.scope
JOIN inclusion_data.autonomy_outcome o ON o.code = d.outcome
JOIN inclusion_data.perimeter p ON p.code = d.perimeter
LEFT JOIN inclusion_data.referent r ON r.beneficiary = d.beneficiary AND r.perimeter = d.perimeter AND r.until IS NULL
WHERE d.review_on IS NOT NULL;

COMMENT ON VIEW pilotage.fact_autonomy_review IS 'Décisions à revoir : celles qui ont un jour de retour, les plus en retard d''abord si l''on trie par retard.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.id IS 'Numéro de la décision : identifiant stable.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.beneficiary_id IS 'Numéro de la personne : jamais son nom.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.use_label IS 'Usage : celui dont on a décidé.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.outcome_label IS 'Conclusion : celle de l''agent.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.decided_on IS 'Décidée le : jour de la décision.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.review_on IS 'À revoir le : jour où l''on y revient.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.overdue_days IS 'Retard : jours passés depuis ce jour ; 0 s''il est à venir.';
COMMENT ON COLUMN pilotage.fact_autonomy_review.referent_id IS 'Agent référent : numéro de celui qui la suit ; vide s''il n''y en a pas.';

-- The whole table of a perimeter, or nothing of it: cells are parts of one total.
CREATE VIEW pilotage.kpi_autonomy_agreement AS
WITH cell AS (
  SELECT d.perimeter, d.suggested, d.outcome, count(DISTINCT d.beneficiary)::int AS people
  FROM inclusion_data.autonomy_decision d
  WHERE NOT EXISTS (SELECT FROM inclusion_data.purpose_objection x WHERE x.beneficiary = d.beneficiary AND x.perimeter = d.perimeter)
  GROUP BY d.perimeter, d.suggested, d.outcome
), shown AS (
  SELECT c.*, bool_or(c.people < h.least) OVER (PARTITION BY c.perimeter) AS is_masked
  FROM cell c JOIN inclusion_data.publication_threshold h ON h.perimeter = c.perimeter
)
SELECT m.id * 100 + row_number() OVER (PARTITION BY s.perimeter ORDER BY s.suggested, s.outcome) AS id,
  s.perimeter,
  g.label AS suggested_label,
  o.label AS decided_label,
  s.suggested = s.outcome AS agrees,
  CASE WHEN NOT s.is_masked THEN s.people END AS people_count,
  s.is_masked
FROM shown s
JOIN inclusion_data.perimeter m ON m.code = s.perimeter
JOIN inclusion_data.autonomy_outcome g ON g.code = s.suggested
JOIN inclusion_data.autonomy_outcome o ON o.code = s.outcome;

COMMENT ON VIEW pilotage.kpi_autonomy_agreement IS 'Suggestions et décisions : ce que disent les règles, en regard de ce que concluent les agents.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.id IS 'Numéro de ligne : unique dans la vue.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.suggested_label IS 'Conclusion suggérée : celle des règles.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.decided_label IS 'Conclusion décidée : celle de l''agent.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.agrees IS 'Accord : vrai si les deux sont la même.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.people_count IS 'Personnes : dont une décision au moins est dans ce cas ; vide dès qu''une case du périmètre est sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_autonomy_agreement.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique.';

-- People by their decisions in force, cut one way at a time.  A row with a part
-- too small is hidden whole; and where the hidden rows together leave a part
-- that could be had by subtraction, every row of that cut is.
CREATE VIEW pilotage.kpi_autonomy AS
WITH person AS (
  SELECT d.perimeter, d.beneficiary, b.structure, b.commune, b.audiences,
    bool_or(d.outcome = 'autonomous') AS autonomous, bool_or(d.outcome = 'with_support') AS with_support,
    bool_or(d.outcome = 'continue_support') AS continued, bool_or(d.outcome = 'mandate') AS mandated
  -- the decisions in force, as autonomy_now; a released view reads tables only
  FROM (
    SELECT DISTINCT ON (d.beneficiary, d.perimeter, d.scope) d.perimeter, d.beneficiary, d.outcome
    FROM inclusion_data.autonomy_decision d
    ORDER BY d.beneficiary, d.perimeter, d.scope, d.decided_on DESC, d.id DESC) d
  JOIN inclusion_data.beneficiary b ON b.id = d.beneficiary AND b.perimeter = d.perimeter
  WHERE NOT EXISTS (SELECT FROM inclusion_data.purpose_objection x WHERE x.beneficiary = d.beneficiary AND x.perimeter = d.perimeter)
  GROUP BY d.perimeter, d.beneficiary, b.structure, b.commune, b.audiences
), cut AS (
  SELECT p.*, 'territory'::text AS dimension, coalesce(t.epci, 'inconnu') AS code FROM person p LEFT JOIN inclusion_data.territory t ON t.code = p.commune
  UNION ALL SELECT p.*, 'audience'::text AS dimension, a.code FROM person p, unnest(p.audiences) AS a (code)
  UNION ALL SELECT p.*, 'structure_kind'::text AS dimension, coalesce(s.kind, 'inconnu') AS code FROM person p JOIN inclusion_data.structure s ON s.id = p.structure
), counted AS (
  SELECT c.perimeter, c.dimension, c.code, count(*)::int AS people,
    (count(*) FILTER (WHERE c.autonomous))::int AS autonomous, (count(*) FILTER (WHERE c.with_support))::int AS with_support,
    (count(*) FILTER (WHERE c.continued))::int AS continued, (count(*) FILTER (WHERE c.mandated))::int AS mandated
  FROM cut c GROUP BY c.perimeter, c.dimension, c.code
), judged AS (
  SELECT c.*, h.least, least(c.autonomous, c.with_support, c.continued, c.mandated) < h.least AS too_small
  FROM counted c JOIN inclusion_data.publication_threshold h ON h.perimeter = c.perimeter
), shown AS (
  SELECT j.*, j.too_small OR coalesce(least(
      sum(j.autonomous) FILTER (WHERE j.too_small) OVER whole, sum(j.with_support) FILTER (WHERE j.too_small) OVER whole,
      sum(j.continued) FILTER (WHERE j.too_small) OVER whole, sum(j.mandated) FILTER (WHERE j.too_small) OVER whole) < j.least, false) AS is_masked
  FROM judged j WINDOW whole AS (PARTITION BY j.perimeter, j.dimension)
)
SELECT m.id * 100000 + row_number() OVER (PARTITION BY s.perimeter ORDER BY s.dimension, s.code) AS id,
  s.perimeter,
  s.dimension,
  s.code,
  CASE WHEN NOT s.is_masked THEN s.people END AS people_count,
  CASE WHEN NOT s.is_masked THEN s.autonomous END AS autonomous_count,
  CASE WHEN NOT s.is_masked THEN s.with_support END AS with_support_count,
  CASE WHEN NOT s.is_masked THEN s.continued END AS continued_count,
  CASE WHEN NOT s.is_masked THEN s.mandated END AS mandate_count,
  s.is_masked
FROM shown s JOIN inclusion_data.perimeter m ON m.code = s.perimeter;

COMMENT ON VIEW pilotage.kpi_autonomy IS 'Autonomie : personnes selon les décisions en vigueur, par territoire, public et nature de structure.';
COMMENT ON COLUMN pilotage.kpi_autonomy.id IS 'Numéro de ligne : unique dans la vue.';
COMMENT ON COLUMN pilotage.kpi_autonomy.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.kpi_autonomy.dimension IS 'Découpage : territory (intercommunalité), audience (public) ou structure_kind (nature de la structure).';
COMMENT ON COLUMN pilotage.kpi_autonomy.code IS 'Part : code dans ce découpage ; « inconnu » si non précisé.';
COMMENT ON COLUMN pilotage.kpi_autonomy.people_count IS 'Personnes : dont un usage au moins a été décidé ; vide sous le seuil.';
COMMENT ON COLUMN pilotage.kpi_autonomy.autonomous_count IS 'Autonomes pour un usage : personnes qui le sont pour au moins un.';
COMMENT ON COLUMN pilotage.kpi_autonomy.with_support_count IS 'Peuvent le devenir : avec un accompagnement, pour au moins un usage.';
COMMENT ON COLUMN pilotage.kpi_autonomy.continued_count IS 'Accompagnement à prolonger : pour au moins un usage.';
COMMENT ON COLUMN pilotage.kpi_autonomy.mandate_count IS 'Faites avec un mandat : personnes pour qui une démarche au moins l''est.';
COMMENT ON COLUMN pilotage.kpi_autonomy.is_masked IS 'Masqué : vrai si un nombre est sous le seuil de la politique, ou pourrait être déduit.';

GRANT SELECT ON pilotage.fact_autonomy_review TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_dpo;
GRANT SELECT ON pilotage.kpi_autonomy_agreement, pilotage.kpi_autonomy
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;
