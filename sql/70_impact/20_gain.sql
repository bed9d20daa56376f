/*
 * 20_gain: paired gain, and what goes with it: attrition, standardised gains,
 * reliable change.
 *
 * Over integers (Pix points, eighths of a level, days, cents) every sum is
 * exact; over float8 it is not, and the two do not add up.
 */

CREATE FUNCTION inclusion.gain_accum(inclusion.gain_state, smallint, smallint)
RETURNS inclusion.gain_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gain_accum_int2';
COMMENT ON FUNCTION inclusion.gain_accum(inclusion.gain_state, smallint, smallint) IS
  'Une ligne de plus : étape de l''agrégat gain';

CREATE FUNCTION inclusion.gain_accum(inclusion.gain_state, int, int)
RETURNS inclusion.gain_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gain_accum_int4';
COMMENT ON FUNCTION inclusion.gain_accum(inclusion.gain_state, int, int) IS
  'Une ligne de plus : étape de l''agrégat gain';

CREATE FUNCTION inclusion.gain_accum(inclusion.gain_state, bigint, bigint)
RETURNS inclusion.gain_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gain_accum_int8';
COMMENT ON FUNCTION inclusion.gain_accum(inclusion.gain_state, bigint, bigint) IS
  'Une ligne de plus : étape de l''agrégat gain';

CREATE FUNCTION inclusion.gain_accum(inclusion.gain_state, float8, float8)
RETURNS inclusion.gain_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gain_accum_float8';
COMMENT ON FUNCTION inclusion.gain_accum(inclusion.gain_state, float8, float8) IS
  'Une ligne de plus : étape de l''agrégat gain';

CREATE AGGREGATE inclusion.gain(pre smallint, post smallint) (
  SFUNC = inclusion.gain_accum, STYPE = inclusion.gain_state, SSPACE = 144,
  FINALFUNC = inclusion.gain_state_final, COMBINEFUNC = inclusion.gain_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.gain(smallint, smallint) IS
  'Écart avant-après : mesures de début et de fin des mêmes personnes ; qui n''en a qu''une est compté à part';

CREATE AGGREGATE inclusion.gain(pre int, post int) (
  SFUNC = inclusion.gain_accum, STYPE = inclusion.gain_state, SSPACE = 144,
  FINALFUNC = inclusion.gain_state_final, COMBINEFUNC = inclusion.gain_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.gain(int, int) IS
  'Écart avant-après : mesures de début et de fin des mêmes personnes ; qui n''en a qu''une est compté à part';

CREATE AGGREGATE inclusion.gain(pre bigint, post bigint) (
  SFUNC = inclusion.gain_accum, STYPE = inclusion.gain_state, SSPACE = 144,
  FINALFUNC = inclusion.gain_state_final, COMBINEFUNC = inclusion.gain_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.gain(bigint, bigint) IS
  'Écart avant-après : mesures de début et de fin des mêmes personnes ; qui n''en a qu''une est compté à part';

CREATE AGGREGATE inclusion.gain(pre float8, post float8) (
  SFUNC = inclusion.gain_accum, STYPE = inclusion.gain_state, SSPACE = 168,
  FINALFUNC = inclusion.gain_state_final, COMBINEFUNC = inclusion.gain_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.gain(float8, float8) IS
  'Écart avant-après : mesures de début et de fin des mêmes personnes ; qui n''en a qu''une est compté à part';

CREATE FUNCTION inclusion.gain_summary(
  state inclusion.gain_state, level float8 DEFAULT 0.95,
  OUT n bigint, OUT n_pre_only bigint, OUT n_post_only bigint, OUT mean float8, OUT sd float8, OUT se float8,
  OUT ci_low float8, OUT ci_high float8, OUT dz float8, OUT gz float8, OUT dav float8, OUT r float8,
  OUT n_up bigint, OUT n_same bigint, OUT n_down bigint)
RETURNS record
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gain_state_summary';
COMMENT ON FUNCTION inclusion.gain_summary(inclusion.gain_state, float8) IS
  'Écart moyen : effectifs, moyenne, intervalle de confiance, écarts réduits, hausses et baisses';

CREATE FUNCTION inclusion.gain_coverage(
  state inclusion.gain_state,
  OUT pairs bigint, OUT entered bigint, OUT coverage float8, OUT entry_of_stayers float8, OUT entry_of_leavers float8,
  OUT entry_gap float8)
RETURNS record
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gain_state_coverage';
COMMENT ON FUNCTION inclusion.gain_coverage(inclusion.gain_state) IS
  'Part mesurée deux fois : parmi les personnes mesurées à l''entrée, et niveau d''entrée de celles qui manquent à la fin';

CREATE FUNCTION inclusion.gain_effect(
  state inclusion.gain_state, level float8 DEFAULT 0.95,
  OUT t float8, OUT p float8, OUT dz float8, OUT dz_low float8, OUT dz_high float8,
  OUT gz float8, OUT gz_low float8, OUT gz_high float8, OUT correction float8, OUT by_entry_sd float8)
RETURNS record
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gain_state_effect';
COMMENT ON FUNCTION inclusion.gain_effect(inclusion.gain_state, float8) IS
  'Écarts réduits : avec leurs intervalles (t décentré), le test de Student et l''écart en écarts-types d''entrée';

-- The norm's spread and reliability, never the cohort's; unknown: NULL.
CREATE FUNCTION inclusion.reliable_change(
  pre float8, post float8, sd_norm float8, reliability float8,
  OUT rci float8, OUT s_diff float8, OUT se_measurement float8, OUT smallest_change float8)
RETURNS record
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reliability_change';
COMMENT ON FUNCTION inclusion.reliable_change(float8, float8, float8, float8) IS
  'Changement fiable : indice de Jacobson et Truax, au-delà de 1,96 le changement dépasse l''erreur de mesure';

CREATE FUNCTION inclusion.clinical_cutoff(norm_mean float8, norm_sd float8, mean float8, sd float8)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reliability_cutoff';
COMMENT ON FUNCTION inclusion.clinical_cutoff(float8, float8, float8, float8) IS
  'Seuil entre deux populations : au-delà, on est plus près de la norme que de la population en difficulté';
