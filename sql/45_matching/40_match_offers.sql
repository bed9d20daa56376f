/*
 * 40_match_offers: the best offers for many needs, out of memory.
 *
 * Called once per need, in a query over many: each process loads the offers
 * once and answers in a fraction of a millisecond.  The planner may share the
 * needs among workers:
 *   CREATE TABLE list AS SELECT id, inclusion.match_offers(need, 20) FROM need;
 * INSERT … SELECT and temporary tables of needs stay in one process.
 */

-- Parallel arrays, the best offer first.  Measures that belong to need and
-- offer together; quality and price are the offer's own.
CREATE TYPE inclusion.match_list AS (
  offers     bigint[],
  costs      float8[],
  coverages  float8[],
  fits       float8[],
  distances  float8[]
);
COMMENT ON TYPE inclusion.match_list IS 'Liste d''offres : les meilleures pour un besoin, en tableaux parallèles, la première d''abord.';
COMMENT ON COLUMN inclusion.match_list.offers IS 'Offres : leurs numéros, de la plus proche du besoin à la plus éloignée.';
COMMENT ON COLUMN inclusion.match_list.costs IS 'Écarts : de chaque offre au besoin, 0 au mieux.';
COMMENT ON COLUMN inclusion.match_list.coverages IS 'Objectifs couverts : part du chemin que chaque offre fait faire, de 0 à 1.';
COMMENT ON COLUMN inclusion.match_list.fits IS 'Publics partagés : part des publics de la personne, 0,5 pour une offre sans public particulier.';
COMMENT ON COLUMN inclusion.match_list.distances IS 'Distances : en mètres, NULL pour une offre à distance.';

-- The k eligible offers of least cost, ties by number: those of
--   SELECT id, supply <=> need FROM inclusion_data.offer WHERE supply @@ need ORDER BY 2, 1 LIMIT k
-- under the statement's own snapshot; with ignore_open, of set_open(supply, true).
CREATE FUNCTION inclusion.match_offers(need inclusion.need, k int, ignore_open boolean DEFAULT false)
RETURNS inclusion.match_list
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000
AS 'MODULE_PATHNAME', 'match_offers';
COMMENT ON FUNCTION inclusion.match_offers(inclusion.need, int, boolean) IS
  'Meilleures offres pour un besoin : exactes, pour un grand nombre de besoins à la fois.';

-- The same among the offers of a query, which returns their id and supply.
CREATE FUNCTION inclusion.match_offers(need inclusion.need, k int, ignore_open boolean, offers text)
RETURNS inclusion.match_list
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000
AS 'MODULE_PATHNAME', 'match_offers_of';
COMMENT ON FUNCTION inclusion.match_offers(inclusion.need, int, boolean, text) IS
  'Meilleures offres d''une requête : parmi celles qu''elle rend par id et supply.';

-- Which offers of a query come before one, of that cost and number, in the list
-- of a need: all of them, in no order; before infinity, every eligible offer.
CREATE FUNCTION inclusion.offers_ahead(need inclusion.need, cost float8, offer bigint, offers text) RETURNS bigint[]
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000
AS 'MODULE_PATHNAME', 'offers_ahead';
COMMENT ON FUNCTION inclusion.offers_ahead(inclusion.need, float8, bigint, text) IS
  'Offres devant une autre : celles d''une requête qui passeraient avant elle dans la liste d''un besoin.';

-- The best of a query but for those struck off, and what the night keeps of them:
-- numbers and costs.
CREATE FUNCTION inclusion.best_offers(need inclusion.need, k int, ignore_open boolean, query text, struck bigint[],
                                      OUT offers bigint[], OUT costs float8[])
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000
AS 'MODULE_PATHNAME', 'best_offers';
COMMENT ON FUNCTION inclusion.best_offers(inclusion.need, int, boolean, text, bigint[]) IS
  'Meilleures offres restantes : celles d''une requête, sauf celles à écarter, avec leurs écarts.';
