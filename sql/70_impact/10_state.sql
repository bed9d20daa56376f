/*
 * 10_state: the states of aggregates, as types that are stored, sent, compared
 * and added up.
 *
 * A state is what an aggregate remembers of the rows it saw: it holds nobody's
 * name, but a state of few people says much about them, and is no released
 * figure.  Concrete types, rather than internal ones, so that a state kept in
 * a table is merged at the next level: a département is the sum of its
 * communes.
 *
 * What all eleven types have in common is written once.  Equal states are equal
 * bytes, so that the functions that order needs and supplies serve here too;
 * the order means nothing, and is for sorting only.
 */
DO $common$
DECLARE
  state record;
  made record;
BEGIN
  FOR state IN
    SELECT * FROM (VALUES
      ('gain', true, 'main', 'écart avant-après', 'mesures appariées des mêmes personnes, et qui n''en a qu''une'),
      ('proportion', true, 'main', 'proportion', 'effectif, succès et réponses manquantes'),
      ('waiting', true, 'extended', 'délais d''attente', 'issues des attentes, jour par jour'),
      ('xprod', false, 'extended', 'produits croisés', 'moyennes et produits centrés d''une mesure et de ses variables d''entrée'),
      ('dist', false, 'extended', 'répartition', 'valeurs et poids, dans l''ordre'),
      ('conc', false, 'extended', 'concentration', 'poids et mesures, rang par rang'),
      ('ratio', true, 'main', 'rapport de totaux', 'sommes et carrés des deux termes'),
      ('smr', false, 'main', 'observé et attendu', 'totaux et différences'),
      ('ebn', false, 'extended', 'estimations par offre', 'estimations et variances, dans l''ordre'),
      ('ebb', true, 'extended', 'taux par offre', 'succès et effectifs, dans l''ordre'),
      ('ckm', false, 'main', 'nombre à perturber', 'effectif et somme des clés des personnes')) AS v (name, balanced, storage, label, holds)
  LOOP
    FOR made IN
      SELECT replace(replace(sentence, '@', 'inclusion.' || state.name || '_state'), '#', state.name) AS statement
      FROM (VALUES
        -- type
        (1, 'CREATE TYPE @'),
        (2, 'CREATE FUNCTION @_in(cstring) RETURNS @ LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS ''MODULE_PATHNAME'', ''#_state_in'''),
        (3, 'CREATE FUNCTION @_out(@) RETURNS cstring LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS ''MODULE_PATHNAME'', ''state_out'''),
        (4, 'CREATE FUNCTION @_recv(internal) RETURNS @ LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS ''MODULE_PATHNAME'', ''#_state_recv'''),
        (5, 'CREATE FUNCTION @_send(@) RETURNS bytea LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS ''MODULE_PATHNAME'', ''state_send'''),
        (6, format('CREATE TYPE @ (INPUT = @_in, OUTPUT = @_out, RECEIVE = @_recv, SEND = @_send, INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = %s)', state.storage)),
        (7, format('COMMENT ON TYPE @ IS %L', 'État de ' || state.name || ' : ' || state.label || ' ; ' || state.holds)),
        (8, 'COMMENT ON FUNCTION @_in(cstring) IS ''Lecture d''''un état de # : texte écrit par cette version, entièrement vérifié'''),
        (9, 'COMMENT ON FUNCTION @_out(@) IS ''Écriture d''''un état de # : texte sans perte'''),
        (10, 'COMMENT ON FUNCTION @_recv(internal) IS ''Réception d''''un état de # : octets, version, longueur et contenu vérifiés'''),
        (11, 'COMMENT ON FUNCTION @_send(@) IS ''Envoi binaire d''''un état de # : version et champs en gros-boutiste'''),
        -- sum
        (20, 'CREATE FUNCTION @_combine(@, @) RETURNS @ LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS ''MODULE_PATHNAME'', ''state_combine'''),
        (21, 'CREATE FUNCTION @_final(@) RETURNS @ LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS ''MODULE_PATHNAME'', ''state_final'''),
        (22, 'CREATE OPERATOR inclusion.+ (LEFTARG = @, RIGHTARG = @, FUNCTION = @_combine, COMMUTATOR = OPERATOR(inclusion.+))'),
        (23, 'CREATE AGGREGATE inclusion.merge(@) (SFUNC = @_combine, STYPE = @, FINALFUNC = @_final, COMBINEFUNC = @_combine, PARALLEL = SAFE)'),
        (24, 'COMMENT ON FUNCTION @_combine(@, @) IS ''Somme de deux états de # : celui de toutes leurs lignes'''),
        (25, 'COMMENT ON FUNCTION @_final(@) IS ''État rendu par # : trié, sans place de reste'''),
        (26, 'COMMENT ON OPERATOR inclusion.+ (@, @) IS ''Somme de deux états : celui de toutes leurs lignes'''),
        (27, 'COMMENT ON AGGREGATE inclusion.merge(@) IS ''Fusion d''''états de # : celui de toutes leurs lignes ; NULL sans état'''),
        -- balance, of sums of integers
        (30, 'CREATE FUNCTION @_balance_accum(@, @, boolean) RETURNS @ LANGUAGE C IMMUTABLE PARALLEL SAFE AS ''MODULE_PATHNAME'', ''state_balance_accum'''),
        (31, 'CREATE FUNCTION @_balance_final(@) RETURNS @ LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS ''MODULE_PATHNAME'', ''state_balance_final'''),
        (32, 'CREATE AGGREGATE inclusion.balance(state @, comes boolean) (SFUNC = @_balance_accum, STYPE = @, FINALFUNC = @_balance_final, COMBINEFUNC = @_combine, PARALLEL = SAFE)'),
        (33, 'COMMENT ON FUNCTION @_balance_accum(@, @, boolean) IS ''Un état de plus ou de moins : étape de l''''agrégat balance'''),
        (34, 'COMMENT ON FUNCTION @_balance_final(@) IS ''État restant : rien n''''y est négatif ; NULL s''''il ne reste aucune ligne'''),
        (35, 'COMMENT ON AGGREGATE inclusion.balance(@, boolean) IS ''Solde d''''états de # : ceux qui viennent moins ceux qui s''''en vont'''),
        -- order and hash
        (40, 'CREATE FUNCTION @_eq(@, @) RETURNS boolean LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS ''MODULE_PATHNAME'', ''image_eq'''),
        (41, 'CREATE FUNCTION @_ne(@, @) RETURNS boolean LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS ''MODULE_PATHNAME'', ''image_ne'''),
        (42, 'CREATE FUNCTION @_lt(@, @) RETURNS boolean LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS ''MODULE_PATHNAME'', ''image_lt'''),
        (43, 'CREATE FUNCTION @_le(@, @) RETURNS boolean LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS ''MODULE_PATHNAME'', ''image_le'''),
        (44, 'CREATE FUNCTION @_ge(@, @) RETURNS boolean LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS ''MODULE_PATHNAME'', ''image_ge'''),
        (45, 'CREATE FUNCTION @_gt(@, @) RETURNS boolean LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS ''MODULE_PATHNAME'', ''image_gt'''),
        (46, 'CREATE FUNCTION @_cmp(@, @) RETURNS int LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS ''MODULE_PATHNAME'', ''image_cmp'''),
        (47, 'CREATE FUNCTION @_hash(@) RETURNS int LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS ''MODULE_PATHNAME'', ''image_hash'''),
        (48, 'CREATE FUNCTION @_hash_extended(@, bigint) RETURNS bigint LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS ''MODULE_PATHNAME'', ''image_hash_extended'''),
        (49, 'COMMENT ON FUNCTION @_eq(@, @) IS ''État identique : mêmes octets'''),
        (50, 'COMMENT ON FUNCTION @_ne(@, @) IS ''État différent : contraire de l''''égalité'''),
        (51, 'COMMENT ON FUNCTION @_lt(@, @) IS ''État classé avant : pour le tri seulement'''),
        (52, 'COMMENT ON FUNCTION @_le(@, @) IS ''État classé avant ou égal : pour le tri seulement'''),
        (53, 'COMMENT ON FUNCTION @_ge(@, @) IS ''État classé après ou égal : pour le tri seulement'''),
        (54, 'COMMENT ON FUNCTION @_gt(@, @) IS ''État classé après : pour le tri seulement'''),
        (55, 'COMMENT ON FUNCTION @_cmp(@, @) IS ''Ordre de deux états : celui de leurs octets, pour le tri seulement'''),
        (56, 'COMMENT ON FUNCTION @_hash(@) IS ''Empreinte d''''un état : 32 bits, pour les regroupements'''),
        (57, 'COMMENT ON FUNCTION @_hash_extended(@, bigint) IS ''Empreinte longue d''''un état : 64 bits, pour le partitionnement'''),
        (60, 'CREATE OPERATOR inclusion.= (LEFTARG = @, RIGHTARG = @, FUNCTION = @_eq, COMMUTATOR = OPERATOR(inclusion.=), NEGATOR = OPERATOR(inclusion.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES)'),
        (61, 'CREATE OPERATOR inclusion.<> (LEFTARG = @, RIGHTARG = @, FUNCTION = @_ne, COMMUTATOR = OPERATOR(inclusion.<>), NEGATOR = OPERATOR(inclusion.=), RESTRICT = neqsel, JOIN = neqjoinsel)'),
        (62, 'CREATE OPERATOR inclusion.< (LEFTARG = @, RIGHTARG = @, FUNCTION = @_lt, COMMUTATOR = OPERATOR(inclusion.>), NEGATOR = OPERATOR(inclusion.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel)'),
        (63, 'CREATE OPERATOR inclusion.<= (LEFTARG = @, RIGHTARG = @, FUNCTION = @_le, COMMUTATOR = OPERATOR(inclusion.>=), NEGATOR = OPERATOR(inclusion.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel)'),
        (64, 'CREATE OPERATOR inclusion.>= (LEFTARG = @, RIGHTARG = @, FUNCTION = @_ge, COMMUTATOR = OPERATOR(inclusion.<=), NEGATOR = OPERATOR(inclusion.<), RESTRICT = scalargesel, JOIN = scalargejoinsel)'),
        (65, 'CREATE OPERATOR inclusion.> (LEFTARG = @, RIGHTARG = @, FUNCTION = @_gt, COMMUTATOR = OPERATOR(inclusion.<), NEGATOR = OPERATOR(inclusion.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel)'),
        (66, 'COMMENT ON OPERATOR inclusion.= (@, @) IS ''État identique : mêmes octets'''),
        (67, 'COMMENT ON OPERATOR inclusion.<> (@, @) IS ''État différent : contraire de l''''égalité'''),
        (68, 'COMMENT ON OPERATOR inclusion.< (@, @) IS ''État classé avant : pour le tri seulement'''),
        (69, 'COMMENT ON OPERATOR inclusion.<= (@, @) IS ''État classé avant ou égal : pour le tri seulement'''),
        (70, 'COMMENT ON OPERATOR inclusion.>= (@, @) IS ''État classé après ou égal : pour le tri seulement'''),
        (71, 'COMMENT ON OPERATOR inclusion.> (@, @) IS ''État classé après : pour le tri seulement'''),
        (80, 'CREATE OPERATOR CLASS inclusion.btree_#_state_ops DEFAULT FOR TYPE @ USING btree AS OPERATOR 1 inclusion.<, OPERATOR 2 inclusion.<=, OPERATOR 3 inclusion.=, OPERATOR 4 inclusion.>=, OPERATOR 5 inclusion.>, FUNCTION 1 @_cmp(@, @), FUNCTION 4 btequalimage(oid)'),
        (81, 'CREATE OPERATOR CLASS inclusion.hash_#_state_ops DEFAULT FOR TYPE @ USING hash AS OPERATOR 1 inclusion.=, FUNCTION 1 @_hash(@), FUNCTION 2 @_hash_extended(@, bigint)')
      ) AS s (n, sentence) WHERE state.balanced OR n NOT BETWEEN 30 AND 39 ORDER BY n
    LOOP
      EXECUTE made.statement;
    END LOOP;
  END LOOP;
END
$common$;

-- Limits of an estimate, of every method

CREATE TYPE inclusion.confidence_interval AS (low float8, high float8);
COMMENT ON TYPE inclusion.confidence_interval IS
  'Intervalle de confiance : bornes basse et haute d''une estimation';
COMMENT ON COLUMN inclusion.confidence_interval.low IS 'Borne basse : ce que l''estimation dépasse sans doute';
COMMENT ON COLUMN inclusion.confidence_interval.high IS 'Borne haute : ce que l''estimation ne dépasse sans doute pas';
