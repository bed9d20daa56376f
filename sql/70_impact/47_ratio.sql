/*
 * 47_ratio: ratios of totals, such as a cost per person.  Over integers every
 * sum is exact; over float8 it is not, and the two do not add up.
 */

CREATE FUNCTION inclusion.ratio_accum(inclusion.ratio_state, int, int)
RETURNS inclusion.ratio_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ratio_accum_int4';
COMMENT ON FUNCTION inclusion.ratio_accum(inclusion.ratio_state, int, int) IS
  'Une ligne de plus : étape de l''agrégat ratio';

CREATE FUNCTION inclusion.ratio_accum(inclusion.ratio_state, bigint, bigint)
RETURNS inclusion.ratio_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ratio_accum_int8';
COMMENT ON FUNCTION inclusion.ratio_accum(inclusion.ratio_state, bigint, bigint) IS
  'Une ligne de plus : étape de l''agrégat ratio';

CREATE FUNCTION inclusion.ratio_accum(inclusion.ratio_state, float8, float8)
RETURNS inclusion.ratio_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ratio_accum_float8';
COMMENT ON FUNCTION inclusion.ratio_accum(inclusion.ratio_state, float8, float8) IS
  'Une ligne de plus : étape de l''agrégat ratio';

CREATE AGGREGATE inclusion.ratio(num int, den int) (
  SFUNC = inclusion.ratio_accum, STYPE = inclusion.ratio_state, SSPACE = 96,
  FINALFUNC = inclusion.ratio_state_final, COMBINEFUNC = inclusion.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.ratio(int, int) IS
  'Rapport de totaux : tel un coût sur des personnes, ligne par ligne';

CREATE AGGREGATE inclusion.ratio(num bigint, den bigint) (
  SFUNC = inclusion.ratio_accum, STYPE = inclusion.ratio_state, SSPACE = 96,
  FINALFUNC = inclusion.ratio_state_final, COMBINEFUNC = inclusion.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.ratio(bigint, bigint) IS
  'Rapport de totaux : tel un coût sur des personnes, ligne par ligne';

CREATE AGGREGATE inclusion.ratio(num float8, den float8) (
  SFUNC = inclusion.ratio_accum, STYPE = inclusion.ratio_state, SSPACE = 120,
  FINALFUNC = inclusion.ratio_state_final, COMBINEFUNC = inclusion.ratio_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.ratio(float8, float8) IS
  'Rapport de totaux : tel un coût sur des personnes, ligne par ligne';

CREATE FUNCTION inclusion.ratio_summary(
  state inclusion.ratio_state, level float8 DEFAULT 0.95,
  OUT r float8, OUT se float8, OUT fieller_low float8, OUT fieller_high float8)
RETURNS record
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ratio_state_summary';
COMMENT ON FUNCTION inclusion.ratio_summary(inclusion.ratio_state, float8) IS
  'Rapport et intervalle : bornes de Fieller, NULL si le dénominateur ne se distingue pas de 0';
