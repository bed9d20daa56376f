/*
 * 35_casemix: what is expected of somebody from what was known at entry, and
 * what is observed beyond it.
 */

CREATE FUNCTION inclusion.xprod_accum(inclusion.xprod_state, float8, float8[])
RETURNS inclusion.xprod_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'xprod_accum';
COMMENT ON FUNCTION inclusion.xprod_accum(inclusion.xprod_state, float8, float8[]) IS
  'Une ligne de plus : étape de l''agrégat xprod';

CREATE AGGREGATE inclusion.xprod(y float8, x float8[]) (
  SFUNC = inclusion.xprod_accum, STYPE = inclusion.xprod_state, SSPACE = 1024,
  FINALFUNC = inclusion.xprod_state_final, COMBINEFUNC = inclusion.xprod_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.xprod(float8, float8[]) IS
  'Produits croisés : d''une mesure et de 1 à 32 variables d''entrée ; une ligne incomplète est laissée de côté';

CREATE TYPE inclusion.casemix_model AS (
  n bigint, intercept float8, coefficients float8[], sigma float8, r2 float8, dropped int[], status text
);
COMMENT ON TYPE inclusion.casemix_model IS
  'Modèle d''entrée : ce qu''on attend d''une personne selon ce qu''on savait à l''entrée';
COMMENT ON COLUMN inclusion.casemix_model.n IS 'Effectif : lignes sur lesquelles le modèle est ajusté';
COMMENT ON COLUMN inclusion.casemix_model.intercept IS 'Constante : attendu quand toutes les variables sont nulles';
COMMENT ON COLUMN inclusion.casemix_model.coefficients IS 'Coefficients : un par variable, 0 pour celles laissées de côté';
COMMENT ON COLUMN inclusion.casemix_model.sigma IS 'Écart-type résiduel : de ce que le modèle n''explique pas';
COMMENT ON COLUMN inclusion.casemix_model.r2 IS 'Part expliquée : entre 0 et 1';
COMMENT ON COLUMN inclusion.casemix_model.dropped IS 'Variables laissées de côté : numéros, à partir de 1, de celles que les autres expliquent';
COMMENT ON COLUMN inclusion.casemix_model.status IS 'Statut : full, ou reduced si des variables sont laissées de côté';

CREATE FUNCTION inclusion.ols(state inclusion.xprod_state)
RETURNS inclusion.casemix_model
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'xprod_state_ols';
COMMENT ON FUNCTION inclusion.ols(inclusion.xprod_state) IS
  'Ajustement du modèle d''entrée : moindres carrés ordinaires, depuis les produits croisés';

CREATE FUNCTION inclusion.casemix_expected(intercept float8, coefficients float8[], x float8[])
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'casemix_model_expected';
COMMENT ON FUNCTION inclusion.casemix_expected(float8, float8[], float8[]) IS
  'Attendu, terme à terme : constante plus coefficients par variables';

CREATE FUNCTION inclusion.expected(model inclusion.casemix_model, x float8[])
RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN inclusion.casemix_expected((model).intercept, (model).coefficients, x);
COMMENT ON FUNCTION inclusion.expected(inclusion.casemix_model, float8[]) IS
  'Attendu : selon le modèle, pour une personne dont voici les variables d''entrée';

CREATE FUNCTION inclusion.cronbach_alpha(items inclusion.xprod_state)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'xprod_state_alpha';
COMMENT ON FUNCTION inclusion.cronbach_alpha(inclusion.xprod_state) IS
  'Cohérence d''un questionnaire : alpha de Cronbach, la mesure et les variables en étant les questions';

CREATE FUNCTION inclusion.o_minus_e_accum(inclusion.smr_state, float8, float8)
RETURNS inclusion.smr_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'o_minus_e_accum';
COMMENT ON FUNCTION inclusion.o_minus_e_accum(inclusion.smr_state, float8, float8) IS
  'Une ligne de plus : étape de l''agrégat o_minus_e';

CREATE AGGREGATE inclusion.o_minus_e(observed float8, expected float8) (
  SFUNC = inclusion.o_minus_e_accum, STYPE = inclusion.smr_state, SSPACE = 96,
  FINALFUNC = inclusion.smr_state_final, COMBINEFUNC = inclusion.smr_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.o_minus_e(float8, float8) IS
  'Observé moins attendu : différences, personne par personne';

CREATE FUNCTION inclusion.smr_accum(inclusion.smr_state, bigint, float8)
RETURNS inclusion.smr_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'smr_accum';
COMMENT ON FUNCTION inclusion.smr_accum(inclusion.smr_state, bigint, float8) IS
  'Une ligne de plus : étape de l''agrégat smr';

CREATE AGGREGATE inclusion.smr(o bigint, e float8) (
  SFUNC = inclusion.smr_accum, STYPE = inclusion.smr_state, SSPACE = 96,
  FINALFUNC = inclusion.smr_state_final, COMBINEFUNC = inclusion.smr_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.smr(bigint, float8) IS
  'Observé sur attendu : nombres observés et attendus, strate par strate';

CREATE FUNCTION inclusion.smr_summary(
  state inclusion.smr_state, level float8 DEFAULT 0.95,
  OUT n bigint, OUT observed float8, OUT expected float8, OUT ratio float8, OUT exact_low float8, OUT exact_high float8,
  OUT byar_low float8, OUT byar_high float8, OUT lognormal_low float8, OUT lognormal_high float8)
RETURNS record
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'smr_state_summary';
COMMENT ON FUNCTION inclusion.smr_summary(inclusion.smr_state, float8) IS
  'Rapport observé sur attendu : avec ses bornes exactes (Poisson), de Byar et log-normales';

CREATE FUNCTION inclusion.o_minus_e_summary(
  state inclusion.smr_state, sigma float8 DEFAULT NULL,
  OUT n bigint, OUT observed float8, OUT expected float8, OUT mean float8, OUT se float8, OUT z float8)
RETURNS record
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'smr_state_difference';
COMMENT ON FUNCTION inclusion.o_minus_e_summary(inclusion.smr_state, float8) IS
  'Écart à l''attendu : moyenne, erreur type et z, avec l''écart-type du modèle s''il est donné';

CREATE FUNCTION inclusion.funnel_prop(theta float8, n bigint, p float8, tau2 float8 DEFAULT 0)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'funnel_limit_proportion';
COMMENT ON FUNCTION inclusion.funnel_prop(float8, bigint, float8, float8) IS
  'Limite d''entonnoir d''une proportion : ce que le hasard, et la variance entre groupes, dépassent avec cette probabilité';

CREATE FUNCTION inclusion.funnel_ratio(e float8, p float8, tau2 float8 DEFAULT 0)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'funnel_limit_ratio';
COMMENT ON FUNCTION inclusion.funnel_ratio(float8, float8, float8) IS
  'Limite d''entonnoir d''un rapport : à l''attendu, ce que le hasard, et la variance entre groupes, dépassent avec cette probabilité';

CREATE FUNCTION inclusion.funnel_od(z float8[], variances float8[] DEFAULT NULL, OUT phi float8, OUT tau2 float8)
RETURNS record
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'funnel_overdispersion_of';
COMMENT ON FUNCTION inclusion.funnel_od(float8[], float8[]) IS
  'Surdispersion : dispersion des écarts réduits au-delà du hasard, et variance à ajouter à chacun';

-- common_spread: the variance to add to the limits of these groups.  None below
-- ten: no tenth is drawn in there, and the very group that limits should show
-- would push them away.
CREATE FUNCTION inclusion.common_spread(z float8[], variances float8[]) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN cardinality(z) >= 10 THEN (inclusion.funnel_od(z, variances)).tau2 ELSE 0 END;
COMMENT ON FUNCTION inclusion.common_spread(float8[], float8[]) IS
  'Dispersion commune : variance à ajouter aux limites de chaque groupe ; nulle en dessous de dix groupes';
