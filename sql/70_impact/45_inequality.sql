/*
 * 45_inequality: how unequally something is shared, along itself or along
 * another rank.
 *
 * A map of values is exact, and so is bounded: above 1 048 576 distinct values
 * it is refused, never sketched.
 */

CREATE FUNCTION inclusion.dist_accum(inclusion.dist_state, float8)
RETURNS inclusion.dist_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'dist_accum';
COMMENT ON FUNCTION inclusion.dist_accum(inclusion.dist_state, float8) IS
  'Une ligne de plus : étape de l''agrégat dist';

CREATE FUNCTION inclusion.dist_accum(inclusion.dist_state, float8, float8)
RETURNS inclusion.dist_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'dist_accum_weighted';
COMMENT ON FUNCTION inclusion.dist_accum(inclusion.dist_state, float8, float8) IS
  'Une ligne de plus : étape de l''agrégat dist';

CREATE AGGREGATE inclusion.dist(x float8) (
  SFUNC = inclusion.dist_accum, STYPE = inclusion.dist_state, SSPACE = 1024,
  FINALFUNC = inclusion.dist_state_final, COMBINEFUNC = inclusion.dist_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.dist(float8) IS
  'Répartition : valeurs de même poids';

CREATE AGGREGATE inclusion.dist(x float8, w float8) (
  SFUNC = inclusion.dist_accum, STYPE = inclusion.dist_state, SSPACE = 1024,
  FINALFUNC = inclusion.dist_state_final, COMBINEFUNC = inclusion.dist_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.dist(float8, float8) IS
  'Répartition pondérée : valeurs et poids, tel un nombre d''habitants';

CREATE FUNCTION inclusion.gini(state inclusion.dist_state, unbiased boolean DEFAULT false)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'dist_state_gini';
COMMENT ON FUNCTION inclusion.gini(inclusion.dist_state, boolean) IS
  'Indice de Gini : 0 si tous ont autant, près de 1 si un seul a tout';

CREATE FUNCTION inclusion.theil_t(state inclusion.dist_state)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'dist_state_theil_t';
COMMENT ON FUNCTION inclusion.theil_t(inclusion.dist_state) IS
  'Indice de Theil T : sensible à qui a le plus';

CREATE FUNCTION inclusion.theil_l(state inclusion.dist_state)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'dist_state_theil_l';
COMMENT ON FUNCTION inclusion.theil_l(inclusion.dist_state) IS
  'Indice de Theil L : sensible à qui a le moins ; NULL si quelqu''un n''a rien';

CREATE FUNCTION inclusion.atkinson(state inclusion.dist_state, eps float8)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'dist_state_atkinson';
COMMENT ON FUNCTION inclusion.atkinson(inclusion.dist_state, float8) IS
  'Indice d''Atkinson : part du total qu''un partage égal permettrait d''épargner';

CREATE FUNCTION inclusion.hoover(state inclusion.dist_state)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'dist_state_hoover';
COMMENT ON FUNCTION inclusion.hoover(inclusion.dist_state) IS
  'Indice de Hoover : part du total à déplacer pour que tous aient autant';

CREATE FUNCTION inclusion.zero_share(state inclusion.dist_state)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'dist_state_zero_share';
COMMENT ON FUNCTION inclusion.zero_share(inclusion.dist_state) IS
  'Part sans rien : poids des valeurs nulles';

CREATE FUNCTION inclusion.theil_parts(groups inclusion.dist_state[], OUT within_groups float8, OUT between_groups float8, OUT total float8)
RETURNS record
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'dist_state_theil_parts';
COMMENT ON FUNCTION inclusion.theil_parts(inclusion.dist_state[]) IS
  'Theil T décomposé : ce qui tient aux groupes et ce qui les sépare';

CREATE FUNCTION inclusion.conc_accum(inclusion.conc_state, float8, float8)
RETURNS inclusion.conc_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'conc_accum';
COMMENT ON FUNCTION inclusion.conc_accum(inclusion.conc_state, float8, float8) IS
  'Une ligne de plus : étape de l''agrégat conc';

CREATE FUNCTION inclusion.conc_accum(inclusion.conc_state, float8, float8, float8)
RETURNS inclusion.conc_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'conc_accum_weighted';
COMMENT ON FUNCTION inclusion.conc_accum(inclusion.conc_state, float8, float8, float8) IS
  'Une ligne de plus : étape de l''agrégat conc';

CREATE AGGREGATE inclusion.conc(y float8, rank_key float8) (
  SFUNC = inclusion.conc_accum, STYPE = inclusion.conc_state, SSPACE = 1024,
  FINALFUNC = inclusion.conc_state_final, COMBINEFUNC = inclusion.conc_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.conc(float8, float8) IS
  'Concentration : mesures selon un rang, tel la fragilité';

CREATE AGGREGATE inclusion.conc(y float8, rank_key float8, w float8) (
  SFUNC = inclusion.conc_accum, STYPE = inclusion.conc_state, SSPACE = 1024,
  FINALFUNC = inclusion.conc_state_final, COMBINEFUNC = inclusion.conc_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.conc(float8, float8, float8) IS
  'Concentration pondérée : mesures selon un rang, et poids';

CREATE FUNCTION inclusion.conc_index(state inclusion.conc_state)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'conc_state_index';
COMMENT ON FUNCTION inclusion.conc_index(inclusion.conc_state) IS
  'Indice de concentration : négatif si la mesure va aux premiers rangs, positif si elle va aux derniers';

CREATE FUNCTION inclusion.conc_index_final(state inclusion.conc_state)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'conc_index_final';
COMMENT ON FUNCTION inclusion.conc_index_final(inclusion.conc_state) IS
  'Indice rendu par l''agrégat : celui de l''état en cours';

CREATE AGGREGATE inclusion.conc_index(y float8, rank_key float8) (
  SFUNC = inclusion.conc_accum, STYPE = inclusion.conc_state, SSPACE = 1024,
  FINALFUNC = inclusion.conc_index_final, COMBINEFUNC = inclusion.conc_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.conc_index(float8, float8) IS
  'Indice de concentration : des mesures selon un rang, en une fois';

CREATE AGGREGATE inclusion.conc_index(y float8, rank_key float8, w float8) (
  SFUNC = inclusion.conc_accum, STYPE = inclusion.conc_state, SSPACE = 1024,
  FINALFUNC = inclusion.conc_index_final, COMBINEFUNC = inclusion.conc_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.conc_index(float8, float8, float8) IS
  'Indice de concentration : des mesures selon un rang, en une fois';

CREATE FUNCTION inclusion.erreygers(state inclusion.conc_state, low float8, high float8)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'conc_state_erreygers';
COMMENT ON FUNCTION inclusion.erreygers(inclusion.conc_state, float8, float8) IS
  'Indice d''Erreygers : concentration d''une mesure bornée';

CREATE FUNCTION inclusion.wagstaff(state inclusion.conc_state, low float8, high float8)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'conc_state_wagstaff';
COMMENT ON FUNCTION inclusion.wagstaff(inclusion.conc_state, float8, float8) IS
  'Indice de Wagstaff : concentration d''une mesure bornée, rapportée à son maximum';
