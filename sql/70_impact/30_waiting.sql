/*
 * 30_waiting: waiting times: who still waits, and what ended the other waits.
 *
 * Outcomes: 0 not seen to end, 1 the event, 2 and above another end, which is
 * no censoring.  The curve of km() is that of those who still wait, whatever
 * could end it; with cuminc() of every cause it sums to 1.
 */

CREATE FUNCTION inclusion.waiting_accum(inclusion.waiting_state, int, smallint)
RETURNS inclusion.waiting_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'waiting_accum_int2';
COMMENT ON FUNCTION inclusion.waiting_accum(inclusion.waiting_state, int, smallint) IS
  'Une ligne de plus : étape de l''agrégat waiting';

CREATE FUNCTION inclusion.waiting_accum(inclusion.waiting_state, int, int)
RETURNS inclusion.waiting_state
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'waiting_accum_int4';
COMMENT ON FUNCTION inclusion.waiting_accum(inclusion.waiting_state, int, int) IS
  'Une ligne de plus : étape de l''agrégat waiting';

CREATE AGGREGATE inclusion.waiting(days int, outcome smallint) (
  SFUNC = inclusion.waiting_accum, STYPE = inclusion.waiting_state, SSPACE = 1024,
  FINALFUNC = inclusion.waiting_state_final, COMBINEFUNC = inclusion.waiting_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.waiting(int, smallint) IS
  'Délais d''attente : jours attendus et issue (0 en cours, 1 l''événement, 2 et plus une autre fin)';

CREATE AGGREGATE inclusion.waiting(days int, outcome int) (
  SFUNC = inclusion.waiting_accum, STYPE = inclusion.waiting_state, SSPACE = 1024,
  FINALFUNC = inclusion.waiting_state_final, COMBINEFUNC = inclusion.waiting_state_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE inclusion.waiting(int, int) IS
  'Délais d''attente : jours attendus et issue (0 en cours, 1 l''événement, 2 et plus une autre fin)';

-- Those who still wait, seen later: their waits are kept from a day on that does
-- not move, and lengthened when they are read.
CREATE FUNCTION inclusion.lengthen(state inclusion.waiting_state, days int)
RETURNS inclusion.waiting_state
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'waiting_state_lengthen';
COMMENT ON FUNCTION inclusion.lengthen(inclusion.waiting_state, int) IS
  'Attentes prolongées : les mêmes, vues tant de jours plus tard';

CREATE FUNCTION inclusion.km(state inclusion.waiting_state, level float8 DEFAULT 0.95, form text DEFAULT 'log-log')
RETURNS TABLE (t bigint, n_risk bigint, d bigint, s float8, se float8, low float8, high float8)
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100
AS 'MODULE_PATHNAME', 'waiting_state_km';
COMMENT ON FUNCTION inclusion.km(inclusion.waiting_state, float8, text) IS
  'Courbe d''attente : part qui attend encore, jour par jour (Kaplan-Meier), intervalle log-log ou plain';

CREATE FUNCTION inclusion.cuminc(state inclusion.waiting_state, cause int)
RETURNS TABLE (t bigint, n_risk bigint, d bigint, f float8, se float8)
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100
AS 'MODULE_PATHNAME', 'waiting_state_cuminc';
COMMENT ON FUNCTION inclusion.cuminc(inclusion.waiting_state, int) IS
  'Courbe d''une issue : part dont l''attente a pris fin ainsi, jour par jour (Aalen-Johansen)';

CREATE FUNCTION inclusion.km_quantile(
  state inclusion.waiting_state, p float8, level float8 DEFAULT 0.95,
  OUT t bigint, OUT low bigint, OUT high bigint)
RETURNS record
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'waiting_state_quantile';
COMMENT ON FUNCTION inclusion.km_quantile(inclusion.waiting_state, float8, float8) IS
  'Jour d''une part : premier jour où cette part n''attend plus, et son intervalle ; NULL s''il n''est pas atteint';

CREATE FUNCTION inclusion.km_rmst(state inclusion.waiting_state, tau float8, OUT rmst float8, OUT se float8)
RETURNS record
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'waiting_state_rmst';
COMMENT ON FUNCTION inclusion.km_rmst(inclusion.waiting_state, float8) IS
  'Attente moyenne avant un jour : jours attendus en moyenne, chacun compté jusqu''à ce jour au plus';

CREATE FUNCTION inclusion.logrank(
  a inclusion.waiting_state, b inclusion.waiting_state,
  OUT chisq float8, OUT p float8, OUT observed bigint, OUT expected float8)
RETURNS record
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'waiting_state_logrank';
COMMENT ON FUNCTION inclusion.logrank(inclusion.waiting_state, inclusion.waiting_state) IS
  'Test du log-rank : deux groupes attendent-ils de même ? fins observées et attendues dans le premier';
