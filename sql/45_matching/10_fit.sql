/*
 * 10_fit: is a supply eligible for a need, and at which cost.
 *
 * Filters are in @@, never in the cost: <=> is total.
 */

CREATE FUNCTION inclusion.eligible(inclusion.supply, inclusion.need)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5
AS 'MODULE_PATHNAME', 'supply_need_eligible';
COMMENT ON FUNCTION inclusion.eligible(inclusion.supply, inclusion.need) IS
  'Offre possible pour un besoin : tous les filtres sont satisfaits';

CREATE FUNCTION inclusion.eligible(inclusion.need, inclusion.supply)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5
AS 'MODULE_PATHNAME', 'need_supply_eligible';
COMMENT ON FUNCTION inclusion.eligible(inclusion.need, inclusion.supply) IS
  'Besoin couvert par une offre possible : tous les filtres sont satisfaits';

CREATE FUNCTION inclusion.cost(inclusion.supply, inclusion.need)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5
AS 'MODULE_PATHNAME', 'supply_need_cost';
COMMENT ON FUNCTION inclusion.cost(inclusion.supply, inclusion.need) IS
  'Écart entre une offre et un besoin : de 0 (idéale) à la somme des pondérations, filtres à part';

CREATE FUNCTION inclusion.cost(inclusion.need, inclusion.supply)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5
AS 'MODULE_PATHNAME', 'need_supply_cost';
COMMENT ON FUNCTION inclusion.cost(inclusion.need, inclusion.supply) IS
  'Écart entre un besoin et une offre : de 0 (idéale) à la somme des pondérations, filtres à part';

CREATE FUNCTION inclusion.eligible_share(internal, oid, internal, integer)
RETURNS float8
LANGUAGE C STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'supply_need_eligible_share';
COMMENT ON FUNCTION inclusion.eligible_share(internal, oid, internal, integer) IS
  'Part des offres possibles : estimation pour le planificateur, d''après un échantillon quand le besoin est connu';

CREATE OPERATOR inclusion.@@ (
  LEFTARG = inclusion.supply, RIGHTARG = inclusion.need, FUNCTION = inclusion.eligible,
  COMMUTATOR = OPERATOR(inclusion.@@),
  RESTRICT = inclusion.eligible_share, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR inclusion.@@ (inclusion.supply, inclusion.need) IS
  'Offre possible pour un besoin : tous les filtres sont satisfaits';

CREATE OPERATOR inclusion.@@ (
  LEFTARG = inclusion.need, RIGHTARG = inclusion.supply, FUNCTION = inclusion.eligible,
  COMMUTATOR = OPERATOR(inclusion.@@),
  RESTRICT = inclusion.eligible_share, JOIN = matchingjoinsel
);
COMMENT ON OPERATOR inclusion.@@ (inclusion.need, inclusion.supply) IS
  'Besoin couvert par une offre possible : tous les filtres sont satisfaits';

CREATE OPERATOR inclusion.<=> (
  LEFTARG = inclusion.supply, RIGHTARG = inclusion.need, FUNCTION = inclusion.cost,
  COMMUTATOR = OPERATOR(inclusion.<=>)
);
COMMENT ON OPERATOR inclusion.<=> (inclusion.supply, inclusion.need) IS
  'Écart entre une offre et un besoin : le plus petit convient le mieux';

CREATE OPERATOR inclusion.<=> (
  LEFTARG = inclusion.need, RIGHTARG = inclusion.supply, FUNCTION = inclusion.cost,
  COMMUTATOR = OPERATOR(inclusion.<=>)
);
COMMENT ON OPERATOR inclusion.<=> (inclusion.need, inclusion.supply) IS
  'Écart entre un besoin et une offre : le plus petit convient le mieux';

CREATE FUNCTION inclusion.distance(supply inclusion.supply, need inclusion.need)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'supply_need_distance';
COMMENT ON FUNCTION inclusion.distance(inclusion.supply, inclusion.need) IS
  'Distance d''une offre : mètres à vol d''oiseau, NULL à distance ou si une position manque';

-- Explanations

CREATE FUNCTION inclusion.match_terms(supply inclusion.supply, need inclusion.need,
  OUT eligible boolean, OUT reasons text[],
  OUT coverage float8, OUT fit float8, OUT proximity float8, OUT distance float8,
  OUT term_coverage float8, OUT term_audience float8, OUT term_quality float8,
  OUT term_distance float8, OUT term_price float8, OUT cost float8)
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.match_terms(inclusion.supply, inclusion.need) IS
  'Détail d''un appariement : éligibilité, motifs de refus, mesures et termes pondérés dont la somme est l''écart';

CREATE FUNCTION inclusion.match_gains(supply inclusion.supply, need inclusion.need)
RETURNS TABLE (code text, current_points int, target_points int, requires_points int, teaches_points int,
  weight int, gain int)
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 8
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.match_gains(inclusion.supply, inclusion.need) IS
  'Gains par compétence : une ligne par compétence visée au-dessus du niveau actuel, gain pondéré en points';
