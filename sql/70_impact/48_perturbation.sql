/*
 * 48_perturbation: counts that any filter may ask for (cell-key perturbation).
 *
 * Where people are counted by whatever filter somebody sets, nothing can be
 * masked beforehand.  Each person has a secret key, drawn once; who are counted
 * make the noise, so that the same people have the same noise however they were
 * asked for, and asking again teaches nothing.  Counts so said no longer add up,
 * and this is no differential privacy.  Never say the same count masked here
 * and perturbed there: what is masked would be had to within 5.
 */

CREATE FUNCTION inclusion.ckm_accum(inclusion.ckm_state, bigint)
RETURNS inclusion.ckm_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ckm_accum';
COMMENT ON FUNCTION inclusion.ckm_accum(inclusion.ckm_state, bigint) IS
  'Une ligne de plus : étape de l''agrégat ckm';

CREATE AGGREGATE inclusion.ckm(key bigint) (
  SFUNC = inclusion.ckm_accum, STYPE = inclusion.ckm_state, SSPACE = 32,
  FINALFUNC = inclusion.ckm_state_final, COMBINEFUNC = inclusion.ckm_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.ckm(bigint) IS
  'Nombre à perturber : personnes et somme de leurs clés, tirées au hasard une fois pour toutes et secrètes';

CREATE FUNCTION inclusion.perturbed(state inclusion.ckm_state) RETURNS bigint
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ckm_state_perturbed';
COMMENT ON FUNCTION inclusion.perturbed(inclusion.ckm_state) IS
  'Nombre perturbé : à 5 près au plus, jamais 1 ni 2, le même pour les mêmes personnes';
