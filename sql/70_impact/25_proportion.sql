/*
 * 25_proportion: proportions, their intervals, and paired proportions.
 */

CREATE FUNCTION inclusion.proportion_accum(inclusion.proportion_state, boolean)
RETURNS inclusion.proportion_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'proportion_accum';
COMMENT ON FUNCTION inclusion.proportion_accum(inclusion.proportion_state, boolean) IS
  'Une ligne de plus : étape de l''agrégat proportion';

CREATE AGGREGATE inclusion.proportion(success boolean) (
  SFUNC = inclusion.proportion_accum, STYPE = inclusion.proportion_state, SSPACE = 40,
  FINALFUNC = inclusion.proportion_state_final, COMBINEFUNC = inclusion.proportion_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.proportion(boolean) IS
  'Proportion : succès parmi les réponses ; les réponses manquantes sont comptées à part';

CREATE FUNCTION inclusion.proportion_summary(
  state inclusion.proportion_state, level float8 DEFAULT 0.95,
  OUT n bigint, OUT x bigint, OUT n_missing bigint, OUT p float8, OUT low float8, OUT high float8)
RETURNS record
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'proportion_state_summary';
COMMENT ON FUNCTION inclusion.proportion_summary(inclusion.proportion_state, float8) IS
  'Proportion et intervalle : effectifs, proportion, bornes de Wilson';

CREATE FUNCTION inclusion.wilson(x bigint, n bigint, level float8 DEFAULT 0.95)
RETURNS inclusion.confidence_interval
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'proportion_wilson';
COMMENT ON FUNCTION inclusion.wilson(bigint, bigint, float8) IS
  'Intervalle de Wilson : pour une proportion, juste même pour de petits effectifs';

CREATE FUNCTION inclusion.wilson_corrected(x bigint, n bigint, level float8 DEFAULT 0.95)
RETURNS inclusion.confidence_interval
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'proportion_wilson_corrected';
COMMENT ON FUNCTION inclusion.wilson_corrected(bigint, bigint, float8) IS
  'Intervalle de Wilson corrigé : pour une proportion, avec correction de continuité (Newcombe 1998)';

CREATE FUNCTION inclusion.jeffreys(x bigint, n bigint, level float8 DEFAULT 0.95)
RETURNS inclusion.confidence_interval
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'proportion_jeffreys';
COMMENT ON FUNCTION inclusion.jeffreys(bigint, bigint, float8) IS
  'Intervalle de Jeffreys : pour une proportion, quantiles bêta';

CREATE FUNCTION inclusion.clopper_pearson(x bigint, n bigint, level float8 DEFAULT 0.95)
RETURNS inclusion.confidence_interval
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'proportion_clopper_pearson';
COMMENT ON FUNCTION inclusion.clopper_pearson(bigint, bigint, float8) IS
  'Intervalle de Clopper-Pearson : pour une proportion, exact, jamais trop court';

CREATE FUNCTION inclusion.mcnemar(
  gained bigint, lost bigint, n bigint,
  OUT difference float8, OUT chisq float8, OUT p_chisq float8, OUT p_exact float8, OUT p float8)
RETURNS record
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'proportion_mcnemar';
COMMENT ON FUNCTION inclusion.mcnemar(bigint, bigint, bigint) IS
  'Test de McNemar : mêmes personnes avant et après, combien le sont devenues, combien ne le sont plus, parmi toutes';
