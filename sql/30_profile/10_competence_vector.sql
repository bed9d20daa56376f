/*
 * 10_competence_vector: what somebody masters, in one framework.
 *
 * Comparisons neither fail nor tell anything but their result: LEAKPROOF, so
 * that row-level security does not forbid them in an index.
 */

-- Type

CREATE TYPE inclusion.competence_vector;

CREATE FUNCTION inclusion.competence_vector_in(cstring)
RETURNS inclusion.competence_vector
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_in(cstring) IS
  'Lecture d''un profil : texte tel que pix{1.1=3,4.3=2.5}';

CREATE FUNCTION inclusion.competence_vector_out(inclusion.competence_vector)
RETURNS cstring
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_out(inclusion.competence_vector) IS
  'Écriture d''un profil : texte canonique, compétences évaluées dans l''ordre du référentiel';

CREATE FUNCTION inclusion.competence_vector_recv(internal)
RETURNS inclusion.competence_vector
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_recv(internal) IS
  'Réception binaire d''un profil : 32 octets, entièrement vérifiés';

CREATE FUNCTION inclusion.competence_vector_send(inclusion.competence_vector)
RETURNS bytea
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_send(inclusion.competence_vector) IS
  'Envoi binaire d''un profil : les 32 octets conservés';

CREATE TYPE inclusion.competence_vector (
  INPUT = inclusion.competence_vector_in,
  OUTPUT = inclusion.competence_vector_out,
  RECEIVE = inclusion.competence_vector_recv,
  SEND = inclusion.competence_vector_send,
  INTERNALLENGTH = 32,
  ALIGNMENT = char,
  STORAGE = plain
);
COMMENT ON TYPE inclusion.competence_vector IS
  'Profil de compétences : niveau de 0 à 8, par huitièmes, de chaque compétence évaluée d''un référentiel (pix ou digcomp)';

-- Order and hash

CREATE FUNCTION inclusion.competence_vector_eq(inclusion.competence_vector, inclusion.competence_vector)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_eq(inclusion.competence_vector, inclusion.competence_vector) IS
  'Profils égaux : même référentiel, mêmes niveaux, mêmes compétences évaluées';

CREATE FUNCTION inclusion.competence_vector_ne(inclusion.competence_vector, inclusion.competence_vector)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_ne(inclusion.competence_vector, inclusion.competence_vector) IS
  'Profils différents : contraire de l''égalité';

CREATE FUNCTION inclusion.competence_vector_lt(inclusion.competence_vector, inclusion.competence_vector)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_lt(inclusion.competence_vector, inclusion.competence_vector) IS
  'Profil classé avant : pour le tri seulement';

CREATE FUNCTION inclusion.competence_vector_le(inclusion.competence_vector, inclusion.competence_vector)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_le(inclusion.competence_vector, inclusion.competence_vector) IS
  'Profil classé avant ou égal : pour le tri seulement';

CREATE FUNCTION inclusion.competence_vector_ge(inclusion.competence_vector, inclusion.competence_vector)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_ge(inclusion.competence_vector, inclusion.competence_vector) IS
  'Profil classé après ou égal : pour le tri seulement';

CREATE FUNCTION inclusion.competence_vector_gt(inclusion.competence_vector, inclusion.competence_vector)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_gt(inclusion.competence_vector, inclusion.competence_vector) IS
  'Profil classé après : pour le tri seulement';

CREATE FUNCTION inclusion.competence_vector_cmp(inclusion.competence_vector, inclusion.competence_vector)
RETURNS int
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_cmp(inclusion.competence_vector, inclusion.competence_vector) IS
  'Ordre de deux profils : référentiel, puis compétences, non évalué avant 0';

CREATE FUNCTION inclusion.competence_vector_hash(inclusion.competence_vector)
RETURNS int
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_hash(inclusion.competence_vector) IS
  'Empreinte d''un profil : 32 bits, pour les jointures et regroupements';

CREATE FUNCTION inclusion.competence_vector_hash_extended(inclusion.competence_vector, bigint)
RETURNS bigint
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_hash_extended(inclusion.competence_vector, bigint) IS
  'Empreinte longue d''un profil : 64 bits, pour le partitionnement';

CREATE OPERATOR inclusion.= (
  LEFTARG = inclusion.competence_vector, RIGHTARG = inclusion.competence_vector,
  FUNCTION = inclusion.competence_vector_eq,
  COMMUTATOR = OPERATOR(inclusion.=), NEGATOR = OPERATOR(inclusion.<>),
  RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR inclusion.= (inclusion.competence_vector, inclusion.competence_vector) IS
  'Profils égaux : même référentiel et mêmes niveaux';

CREATE OPERATOR inclusion.<> (
  LEFTARG = inclusion.competence_vector, RIGHTARG = inclusion.competence_vector,
  FUNCTION = inclusion.competence_vector_ne,
  COMMUTATOR = OPERATOR(inclusion.<>), NEGATOR = OPERATOR(inclusion.=),
  RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR inclusion.<> (inclusion.competence_vector, inclusion.competence_vector) IS
  'Profils différents : contraire de l''égalité';

CREATE OPERATOR inclusion.< (
  LEFTARG = inclusion.competence_vector, RIGHTARG = inclusion.competence_vector,
  FUNCTION = inclusion.competence_vector_lt,
  COMMUTATOR = OPERATOR(inclusion.>), NEGATOR = OPERATOR(inclusion.>=),
  RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR inclusion.< (inclusion.competence_vector, inclusion.competence_vector) IS
  'Profil classé avant : pour le tri seulement';

CREATE OPERATOR inclusion.<= (
  LEFTARG = inclusion.competence_vector, RIGHTARG = inclusion.competence_vector,
  FUNCTION = inclusion.competence_vector_le,
  COMMUTATOR = OPERATOR(inclusion.>=), NEGATOR = OPERATOR(inclusion.>),
  RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR inclusion.<= (inclusion.competence_vector, inclusion.competence_vector) IS
  'Profil classé avant ou égal : pour le tri seulement';

CREATE OPERATOR inclusion.>= (
  LEFTARG = inclusion.competence_vector, RIGHTARG = inclusion.competence_vector,
  FUNCTION = inclusion.competence_vector_ge,
  COMMUTATOR = OPERATOR(inclusion.<=), NEGATOR = OPERATOR(inclusion.<),
  RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR inclusion.>= (inclusion.competence_vector, inclusion.competence_vector) IS
  'Profil classé après ou égal : pour le tri seulement';

CREATE OPERATOR inclusion.> (
  LEFTARG = inclusion.competence_vector, RIGHTARG = inclusion.competence_vector,
  FUNCTION = inclusion.competence_vector_gt,
  COMMUTATOR = OPERATOR(inclusion.<), NEGATOR = OPERATOR(inclusion.<=),
  RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR inclusion.> (inclusion.competence_vector, inclusion.competence_vector) IS
  'Profil classé après : pour le tri seulement';

-- Equal vectors are equal bytes, hence index entries may be deduplicated.
CREATE OPERATOR CLASS inclusion.btree_competence_vector_ops
DEFAULT FOR TYPE inclusion.competence_vector USING btree AS
  OPERATOR 1 inclusion.<,
  OPERATOR 2 inclusion.<=,
  OPERATOR 3 inclusion.=,
  OPERATOR 4 inclusion.>=,
  OPERATOR 5 inclusion.>,
  FUNCTION 1 inclusion.competence_vector_cmp(inclusion.competence_vector, inclusion.competence_vector),
  FUNCTION 4 btequalimage(oid);

CREATE OPERATOR CLASS inclusion.hash_competence_vector_ops
DEFAULT FOR TYPE inclusion.competence_vector USING hash AS
  OPERATOR 1 inclusion.=,
  FUNCTION 1 inclusion.competence_vector_hash(inclusion.competence_vector),
  FUNCTION 2 inclusion.competence_vector_hash_extended(inclusion.competence_vector, bigint);

-- What is mastered

CREATE FUNCTION inclusion.competence_vector_reaches(inclusion.competence_vector, inclusion.competence_vector)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_reaches(inclusion.competence_vector, inclusion.competence_vector) IS
  'Profil atteint : le premier est au moins aussi haut que le second partout où le second est évalué ; faux entre deux référentiels';

CREATE FUNCTION inclusion.competence_vector_reached_by(inclusion.competence_vector, inclusion.competence_vector)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_reached_by(inclusion.competence_vector, inclusion.competence_vector) IS
  'Profil atteint par l''autre : le second est au moins aussi haut que le premier partout où le premier est évalué';

CREATE OPERATOR inclusion.@> (
  LEFTARG = inclusion.competence_vector, RIGHTARG = inclusion.competence_vector,
  FUNCTION = inclusion.competence_vector_reaches,
  COMMUTATOR = OPERATOR(inclusion.<@),
  RESTRICT = contsel, JOIN = contjoinsel
);
COMMENT ON OPERATOR inclusion.@> (inclusion.competence_vector, inclusion.competence_vector) IS
  'Atteint : au moins aussi haut partout où le second profil est évalué';

CREATE OPERATOR inclusion.<@ (
  LEFTARG = inclusion.competence_vector, RIGHTARG = inclusion.competence_vector,
  FUNCTION = inclusion.competence_vector_reached_by,
  COMMUTATOR = OPERATOR(inclusion.@>),
  RESTRICT = contsel, JOIN = contjoinsel
);
COMMENT ON OPERATOR inclusion.<@ (inclusion.competence_vector, inclusion.competence_vector) IS
  'Atteint par : le second profil est au moins aussi haut partout où le premier est évalué';

CREATE FUNCTION inclusion.latest(old inclusion.competence_vector, new inclusion.competence_vector)
RETURNS inclusion.competence_vector
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'competence_vector_latest';
COMMENT ON FUNCTION inclusion.latest(inclusion.competence_vector, inclusion.competence_vector) IS
  'Profil à jour : le nouveau profil, complété par l''ancien là où le nouveau n''évalue pas ; un profil absent laisse l''autre';

-- Access to the levels

CREATE FUNCTION inclusion.framework(v inclusion.competence_vector)
RETURNS text
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'competence_vector_framework';
COMMENT ON FUNCTION inclusion.framework(inclusion.competence_vector) IS
  'Référentiel d''un profil : pix ou digcomp';

CREATE FUNCTION inclusion.assessed(v inclusion.competence_vector)
RETURNS int
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'competence_vector_assessed';
COMMENT ON FUNCTION inclusion.assessed(inclusion.competence_vector) IS
  'Compétences évaluées : leur nombre dans le profil';

CREATE FUNCTION inclusion.points(v inclusion.competence_vector, code text)
RETURNS int
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'competence_vector_points';
COMMENT ON FUNCTION inclusion.points(inclusion.competence_vector, text) IS
  'Points d''une compétence : huitièmes de niveau, de 0 à 64, NULL si elle n''est pas évaluée';

CREATE FUNCTION inclusion.level(v inclusion.competence_vector, code text)
RETURNS numeric
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'competence_vector_level';
COMMENT ON FUNCTION inclusion.level(inclusion.competence_vector, text) IS
  'Niveau d''une compétence : de 0 à 8, exact au huitième, NULL si elle n''est pas évaluée';

CREATE FUNCTION inclusion.slots(v inclusion.competence_vector)
RETURNS TABLE (code text, points int, level numeric)
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 8
AS 'MODULE_PATHNAME', 'competence_vector_slots';
COMMENT ON FUNCTION inclusion.slots(inclusion.competence_vector) IS
  'Détail d''un profil : une ligne par compétence évaluée, dans l''ordre du référentiel';

-- Construction

CREATE FUNCTION inclusion.competence_vector(framework text, points int[])
RETURNS inclusion.competence_vector
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'competence_vector_from_points';
COMMENT ON FUNCTION inclusion.competence_vector(text, int[]) IS
  'Profil depuis des points : un élément par compétence du référentiel, dans l''ordre (pix : 0.1 à 0.8 puis 1.1 à 5.2), NULL si elle n''est pas évaluée';

-- Exchange with jsonb

CREATE FUNCTION inclusion.competence_vector_to_jsonb(inclusion.competence_vector)
RETURNS jsonb
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_to_jsonb(inclusion.competence_vector) IS
  'Profil en jsonb : objet à deux clés, framework et levels';

CREATE FUNCTION inclusion.competence_vector_from_jsonb(jsonb)
RETURNS inclusion.competence_vector
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.competence_vector_from_jsonb(jsonb) IS
  'Profil depuis jsonb : objet à deux clés, framework et levels ; toute autre clé est refusée';

CREATE CAST (inclusion.competence_vector AS jsonb)
WITH FUNCTION inclusion.competence_vector_to_jsonb(inclusion.competence_vector);
COMMENT ON CAST (inclusion.competence_vector AS jsonb) IS
  'Profil en jsonb : conversion explicite, niveaux exacts';

CREATE CAST (jsonb AS inclusion.competence_vector)
WITH FUNCTION inclusion.competence_vector_from_jsonb(jsonb);
COMMENT ON CAST (jsonb AS inclusion.competence_vector) IS
  'Profil depuis jsonb : conversion explicite, entièrement vérifiée';
