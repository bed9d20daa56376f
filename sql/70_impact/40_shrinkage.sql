/*
 * 40_shrinkage: empirical Bayes: what an offer's estimate becomes once its
 * chance is taken out.  A prior is kept, with its date, where it is used.
 */

CREATE FUNCTION inclusion.eb_normal_accum(inclusion.ebn_state, float8, float8)
RETURNS inclusion.ebn_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'eb_normal_accum';
COMMENT ON FUNCTION inclusion.eb_normal_accum(inclusion.ebn_state, float8, float8) IS
  'Une ligne de plus : étape de l''agrégat eb_normal';

CREATE AGGREGATE inclusion.eb_normal(est float8, var float8) (
  SFUNC = inclusion.eb_normal_accum, STYPE = inclusion.ebn_state, SSPACE = 1024,
  FINALFUNC = inclusion.ebn_state_final, COMBINEFUNC = inclusion.ebn_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.eb_normal(float8, float8) IS
  'Estimations à rapprocher : moyenne de chaque offre et variance de cette moyenne';

CREATE FUNCTION inclusion.eb_beta_accum(inclusion.ebb_state, bigint, bigint)
RETURNS inclusion.ebb_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'eb_beta_accum';
COMMENT ON FUNCTION inclusion.eb_beta_accum(inclusion.ebb_state, bigint, bigint) IS
  'Une ligne de plus : étape de l''agrégat eb_beta';

CREATE AGGREGATE inclusion.eb_beta(x bigint, n bigint) (
  SFUNC = inclusion.eb_beta_accum, STYPE = inclusion.ebb_state, SSPACE = 1024,
  FINALFUNC = inclusion.ebb_state_final, COMBINEFUNC = inclusion.ebb_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.eb_beta(bigint, bigint) IS
  'Taux à rapprocher : succès et effectif de chaque offre';

CREATE TYPE inclusion.ebn_prior AS (
  mu float8, se_mu float8, tau2 float8, q float8, k bigint
);
COMMENT ON TYPE inclusion.ebn_prior IS
  'Moyennes des offres : leur centre et combien elles diffèrent vraiment';
COMMENT ON COLUMN inclusion.ebn_prior.mu IS 'Centre : moyenne commune des offres';
COMMENT ON COLUMN inclusion.ebn_prior.se_mu IS 'Erreur type du centre : de la moyenne commune';
COMMENT ON COLUMN inclusion.ebn_prior.tau2 IS 'Variance entre offres : au-delà du hasard';
COMMENT ON COLUMN inclusion.ebn_prior.q IS 'Dispersion observée : statistique Q, proche de k - 1 si le hasard explique tout';
COMMENT ON COLUMN inclusion.ebn_prior.k IS 'Nombre d''offres : dont on a une estimation';

CREATE TYPE inclusion.ebb_prior AS (
  alpha float8, beta float8, loglik float8, status text
);
COMMENT ON TYPE inclusion.ebb_prior IS
  'Taux des offres : loi bêta dont ils semblent tirés';
COMMENT ON COLUMN inclusion.ebb_prior.alpha IS 'Succès a priori : premier paramètre de la loi bêta ; tous les succès si status est pooled';
COMMENT ON COLUMN inclusion.ebb_prior.beta IS 'Échecs a priori : second paramètre de la loi bêta ; tous les échecs si status est pooled';
COMMENT ON COLUMN inclusion.ebb_prior.loglik IS 'Log-vraisemblance : des taux observés, coefficients binomiaux compris';
COMMENT ON COLUMN inclusion.ebb_prior.status IS 'Statut : mle, anova ou moments selon la méthode ; pooled si les offres ne diffèrent pas au-delà du hasard';

CREATE TYPE inclusion.shrunken_mean AS (
  estimate float8, se float8
);
COMMENT ON TYPE inclusion.shrunken_mean IS
  'Moyenne rapprochée : estimation d''une offre, rapprochée du centre selon son incertitude';
COMMENT ON COLUMN inclusion.shrunken_mean.estimate IS 'Estimation : rapprochée du centre';
COMMENT ON COLUMN inclusion.shrunken_mean.se IS 'Erreur type : de l''estimation rapprochée';

CREATE TYPE inclusion.shrunken_rate AS (
  rate float8, low float8, high float8, is_prior boolean
);
COMMENT ON TYPE inclusion.shrunken_rate IS
  'Taux rapproché : taux d''une offre, rapproché du centre selon son effectif';
COMMENT ON COLUMN inclusion.shrunken_rate.rate IS 'Taux : rapproché du centre';
COMMENT ON COLUMN inclusion.shrunken_rate.low IS 'Borne basse : de l''intervalle du taux rapproché';
COMMENT ON COLUMN inclusion.shrunken_rate.high IS 'Borne haute : de l''intervalle du taux rapproché';
COMMENT ON COLUMN inclusion.shrunken_rate.is_prior IS 'Sans aucun fait : l''offre n''a pas encore d''effectif, son taux est le centre';

CREATE FUNCTION inclusion.eb_prior(state inclusion.ebn_state, method text DEFAULT 'dl')
RETURNS inclusion.ebn_prior
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ebn_state_prior';
COMMENT ON FUNCTION inclusion.eb_prior(inclusion.ebn_state, text) IS
  'Centre et dispersion des moyennes : méthode dl (DerSimonian-Laird), he, pm (Paule-Mandel) ou reml';

CREATE FUNCTION inclusion.eb_prior(state inclusion.ebb_state, method text DEFAULT 'mle')
RETURNS inclusion.ebb_prior
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ebb_state_prior';
COMMENT ON FUNCTION inclusion.eb_prior(inclusion.ebb_state, text) IS
  'Centre et dispersion des taux : méthode mle, anova (Kleinman) ou moments';

CREATE FUNCTION inclusion.eb_i2(state inclusion.ebn_state, method text DEFAULT 'dl')
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ebn_state_i2';
COMMENT ON FUNCTION inclusion.eb_i2(inclusion.ebn_state, text) IS
  'Part de vraie différence : I², en pour cent de la dispersion des moyennes';

CREATE FUNCTION inclusion.ebn_shrink(mu float8, se_mu float8, tau2 float8, est float8, var float8)
RETURNS inclusion.shrunken_mean
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ebn_prior_shrink';
COMMENT ON FUNCTION inclusion.ebn_shrink(float8, float8, float8, float8, float8) IS
  'Moyenne rapprochée, terme à terme : centre, son erreur, variance entre offres, estimation, variance';

CREATE FUNCTION inclusion.eb_shrink(prior inclusion.ebn_prior, est float8, var float8)
RETURNS inclusion.shrunken_mean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN inclusion.ebn_shrink((prior).mu, (prior).se_mu, (prior).tau2, est, var);
COMMENT ON FUNCTION inclusion.eb_shrink(inclusion.ebn_prior, float8, float8) IS
  'Moyenne rapprochée : estimation d''une offre, rapprochée du centre selon sa variance';

CREATE FUNCTION inclusion.ebn_above(mu float8, se_mu float8, tau2 float8, est float8, var float8, reference float8)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ebn_prior_above';
COMMENT ON FUNCTION inclusion.ebn_above(float8, float8, float8, float8, float8, float8) IS
  'Chance de dépasser, terme à terme : probabilité que la vraie moyenne dépasse la référence';

CREATE FUNCTION inclusion.eb_above(prior inclusion.ebn_prior, est float8, var float8, reference float8)
RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN inclusion.ebn_above((prior).mu, (prior).se_mu, (prior).tau2, est, var, reference);
COMMENT ON FUNCTION inclusion.eb_above(inclusion.ebn_prior, float8, float8, float8) IS
  'Chance de dépasser : probabilité que la vraie moyenne de l''offre dépasse la référence';

CREATE FUNCTION inclusion.ebb_rate(alpha float8, beta float8, status text, x bigint, n bigint, level float8)
RETURNS inclusion.shrunken_rate
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ebb_prior_rate';
COMMENT ON FUNCTION inclusion.ebb_rate(float8, float8, text, bigint, bigint, float8) IS
  'Taux rapproché, terme à terme : paramètres de la loi, statut, succès, effectif, niveau';

CREATE FUNCTION inclusion.eb_rate(prior inclusion.ebb_prior, x bigint, n bigint, level float8 DEFAULT 0.95)
RETURNS inclusion.shrunken_rate
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN inclusion.ebb_rate((prior).alpha, (prior).beta, (prior).status, x, n, level);
COMMENT ON FUNCTION inclusion.eb_rate(inclusion.ebb_prior, bigint, bigint, float8) IS
  'Taux rapproché : taux d''une offre, rapproché du centre selon son effectif';

CREATE FUNCTION inclusion.ebb_above(alpha float8, beta float8, status text, x bigint, n bigint, reference float8)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'ebb_prior_above';
COMMENT ON FUNCTION inclusion.ebb_above(float8, float8, text, bigint, bigint, float8) IS
  'Chance de dépasser, terme à terme : probabilité que le vrai taux dépasse la référence';

CREATE FUNCTION inclusion.eb_above(prior inclusion.ebb_prior, x bigint, n bigint, reference float8)
RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN inclusion.ebb_above((prior).alpha, (prior).beta, (prior).status, x, n, reference);
COMMENT ON FUNCTION inclusion.eb_above(inclusion.ebb_prior, bigint, bigint, float8) IS
  'Chance de dépasser : probabilité que le vrai taux de l''offre dépasse la référence';

CREATE FUNCTION inclusion.james_stein(rates float8[], n bigint, OUT mean float8, OUT factor float8)
RETURNS record
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'eb_james_stein';
COMMENT ON FUNCTION inclusion.james_stein(float8[], bigint) IS
  'Rapprochement de James-Stein : pour des taux de même effectif, leur moyenne et la part gardée de leur écart';
