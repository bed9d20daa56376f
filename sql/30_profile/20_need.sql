/*
 * 20_need: what one person needs on one day, for one family.
 */

-- Type

CREATE TYPE inclusion.need;

CREATE FUNCTION inclusion.need_in(cstring)
RETURNS inclusion.need
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.need_in(cstring) IS
  'Lecture d''un besoin : texte tel que need{target=pix{1.1=3};max_distance=10000;day=2026-01-15}';

CREATE FUNCTION inclusion.need_out(inclusion.need)
RETURNS cstring
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.need_out(inclusion.need) IS
  'Écriture d''un besoin : texte canonique, sans ce qui vaut le défaut';

CREATE FUNCTION inclusion.need_recv(internal)
RETURNS inclusion.need
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.need_recv(internal) IS
  'Réception binaire d''un besoin : 156 octets, entièrement vérifiés';

CREATE FUNCTION inclusion.need_send(inclusion.need)
RETURNS bytea
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.need_send(inclusion.need) IS
  'Envoi binaire d''un besoin : champs en gros-boutiste';

-- Main storage keeps the value in its row, with a length word of one byte when
-- it fits.
CREATE TYPE inclusion.need (
  INPUT = inclusion.need_in,
  OUTPUT = inclusion.need_out,
  RECEIVE = inclusion.need_recv,
  SEND = inclusion.need_send,
  INTERNALLENGTH = VARIABLE,
  ALIGNMENT = int4,
  STORAGE = main
);
COMMENT ON TYPE inclusion.need IS
  'Besoin d''une personne : ce qu''elle cherche un jour donné, pour une famille d''offres';

-- Construction

-- Not strict: what a NULL argument means is said argument by argument.
CREATE FUNCTION inclusion.need(
  current inclusion.competence_vector, target inclusion.competence_vector,
  longitude float8, latitude float8, max_distance float8, day date,
  family text DEFAULT 'learn', weights int[] DEFAULT NULL,
  modes text[] DEFAULT '{}', audiences text[] DEFAULT '{}',
  accommodations text[] DEFAULT '{}', languages text[] DEFAULT '{}', slots text[] DEFAULT '{}',
  accept_remote boolean DEFAULT true, accept_on_site boolean DEFAULT true,
  w_coverage float8 DEFAULT 0.5, w_audience float8 DEFAULT 0.2,
  w_quality float8 DEFAULT 0.15, w_distance float8 DEFAULT 0.15, w_price float8 DEFAULT 0)
RETURNS inclusion.need
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'need_make';
COMMENT ON FUNCTION inclusion.need(
  inclusion.competence_vector, inclusion.competence_vector, float8, float8, float8, date, text, int[],
  text[], text[], text[], text[], text[], boolean, boolean, float8, float8, float8, float8, float8) IS
  'Besoin d''une personne : profil actuel et visé, position, jour, filtres et pondérations, entièrement vérifiés ; à appeler par les noms d''arguments';

-- Order and hash

CREATE FUNCTION inclusion.need_eq(inclusion.need, inclusion.need)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_eq';
COMMENT ON FUNCTION inclusion.need_eq(inclusion.need, inclusion.need) IS
  'Besoin identique : mêmes octets';

CREATE FUNCTION inclusion.need_ne(inclusion.need, inclusion.need)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_ne';
COMMENT ON FUNCTION inclusion.need_ne(inclusion.need, inclusion.need) IS
  'Besoin différent : contraire de l''égalité';

CREATE FUNCTION inclusion.need_lt(inclusion.need, inclusion.need)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_lt';
COMMENT ON FUNCTION inclusion.need_lt(inclusion.need, inclusion.need) IS
  'Besoin classé avant : pour le tri seulement';

CREATE FUNCTION inclusion.need_le(inclusion.need, inclusion.need)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_le';
COMMENT ON FUNCTION inclusion.need_le(inclusion.need, inclusion.need) IS
  'Besoin classé avant ou égal : pour le tri seulement';

CREATE FUNCTION inclusion.need_ge(inclusion.need, inclusion.need)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_ge';
COMMENT ON FUNCTION inclusion.need_ge(inclusion.need, inclusion.need) IS
  'Besoin classé après ou égal : pour le tri seulement';

CREATE FUNCTION inclusion.need_gt(inclusion.need, inclusion.need)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_gt';
COMMENT ON FUNCTION inclusion.need_gt(inclusion.need, inclusion.need) IS
  'Besoin classé après : pour le tri seulement';

CREATE FUNCTION inclusion.need_cmp(inclusion.need, inclusion.need)
RETURNS int
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_cmp';
COMMENT ON FUNCTION inclusion.need_cmp(inclusion.need, inclusion.need) IS
  'Ordre de deux besoins : celui de leurs octets, pour le tri seulement';

CREATE FUNCTION inclusion.need_hash(inclusion.need)
RETURNS int
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_hash';
COMMENT ON FUNCTION inclusion.need_hash(inclusion.need) IS
  'Empreinte d''un besoin : 32 bits, pour les jointures et regroupements';

CREATE FUNCTION inclusion.need_hash_extended(inclusion.need, bigint)
RETURNS bigint
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_hash_extended';
COMMENT ON FUNCTION inclusion.need_hash_extended(inclusion.need, bigint) IS
  'Empreinte longue d''un besoin : 64 bits, pour le partitionnement';

CREATE OPERATOR inclusion.= (
  LEFTARG = inclusion.need, RIGHTARG = inclusion.need, FUNCTION = inclusion.need_eq,
  COMMUTATOR = OPERATOR(inclusion.=), NEGATOR = OPERATOR(inclusion.<>),
  RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR inclusion.= (inclusion.need, inclusion.need) IS
  'Besoin identique : mêmes octets';

CREATE OPERATOR inclusion.<> (
  LEFTARG = inclusion.need, RIGHTARG = inclusion.need, FUNCTION = inclusion.need_ne,
  COMMUTATOR = OPERATOR(inclusion.<>), NEGATOR = OPERATOR(inclusion.=),
  RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR inclusion.<> (inclusion.need, inclusion.need) IS
  'Besoin différent : contraire de l''égalité';

CREATE OPERATOR inclusion.< (
  LEFTARG = inclusion.need, RIGHTARG = inclusion.need, FUNCTION = inclusion.need_lt,
  COMMUTATOR = OPERATOR(inclusion.>), NEGATOR = OPERATOR(inclusion.>=),
  RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR inclusion.< (inclusion.need, inclusion.need) IS
  'Besoin classé avant : pour le tri seulement';

CREATE OPERATOR inclusion.<= (
  LEFTARG = inclusion.need, RIGHTARG = inclusion.need, FUNCTION = inclusion.need_le,
  COMMUTATOR = OPERATOR(inclusion.>=), NEGATOR = OPERATOR(inclusion.>),
  RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR inclusion.<= (inclusion.need, inclusion.need) IS
  'Besoin classé avant ou égal : pour le tri seulement';

CREATE OPERATOR inclusion.>= (
  LEFTARG = inclusion.need, RIGHTARG = inclusion.need, FUNCTION = inclusion.need_ge,
  COMMUTATOR = OPERATOR(inclusion.<=), NEGATOR = OPERATOR(inclusion.<),
  RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR inclusion.>= (inclusion.need, inclusion.need) IS
  'Besoin classé après ou égal : pour le tri seulement';

CREATE OPERATOR inclusion.> (
  LEFTARG = inclusion.need, RIGHTARG = inclusion.need, FUNCTION = inclusion.need_gt,
  COMMUTATOR = OPERATOR(inclusion.<), NEGATOR = OPERATOR(inclusion.<=),
  RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR inclusion.> (inclusion.need, inclusion.need) IS
  'Besoin classé après : pour le tri seulement';

-- Equal values are equal bytes, hence index entries may be deduplicated.
CREATE OPERATOR CLASS inclusion.btree_need_ops
DEFAULT FOR TYPE inclusion.need USING btree AS
  OPERATOR 1 inclusion.<,
  OPERATOR 2 inclusion.<=,
  OPERATOR 3 inclusion.=,
  OPERATOR 4 inclusion.>=,
  OPERATOR 5 inclusion.>,
  FUNCTION 1 inclusion.need_cmp(inclusion.need, inclusion.need),
  FUNCTION 4 btequalimage(oid);

CREATE OPERATOR CLASS inclusion.hash_need_ops
DEFAULT FOR TYPE inclusion.need USING hash AS
  OPERATOR 1 inclusion.=,
  FUNCTION 1 inclusion.need_hash(inclusion.need),
  FUNCTION 2 inclusion.need_hash_extended(inclusion.need, bigint);
