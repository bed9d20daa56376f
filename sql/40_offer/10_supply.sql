/*
 * 10_supply: what one offer gives.
 */

-- Type

CREATE TYPE inclusion.supply;

CREATE FUNCTION inclusion.supply_in(cstring)
RETURNS inclusion.supply
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_in(cstring) IS
  'Lecture d''une offre : texte tel que supply{teaches=pix{1.1=3};longitude=1.1511000;latitude=49.0241000}';

CREATE FUNCTION inclusion.supply_out(inclusion.supply)
RETURNS cstring
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_out(inclusion.supply) IS
  'Écriture d''une offre : texte canonique, sans ce qui vaut le défaut';

CREATE FUNCTION inclusion.supply_recv(internal)
RETURNS inclusion.supply
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_recv(internal) IS
  'Réception binaire d''une offre : 81 octets, entièrement vérifiés';

CREATE FUNCTION inclusion.supply_send(inclusion.supply)
RETURNS bytea
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_send(inclusion.supply) IS
  'Envoi binaire d''une offre : champs en gros-boutiste';

-- Main storage keeps the value in its row, with a length word of one byte when
-- it fits.
CREATE TYPE inclusion.supply (
  INPUT = inclusion.supply_in,
  OUTPUT = inclusion.supply_out,
  RECEIVE = inclusion.supply_recv,
  SEND = inclusion.supply_send,
  INTERNALLENGTH = VARIABLE,
  ALIGNMENT = int4,
  STORAGE = main
);
COMMENT ON TYPE inclusion.supply IS
  'Contenu d''une offre : ce qu''elle enseigne ou permet, où, à qui, comment et jusqu''à quand';

-- Construction

-- Not strict: what a NULL argument means is said argument by argument.
CREATE FUNCTION inclusion.supply(
  requires inclusion.competence_vector, teaches inclusion.competence_vector,
  longitude float8, latitude float8, remote boolean DEFAULT false,
  families text[] DEFAULT '{learn}', modes text[] DEFAULT '{}',
  audiences text[] DEFAULT '{}', only_for text[] DEFAULT '{}',
  accommodations text[] DEFAULT '{}', languages text[] DEFAULT '{fr}', slots text[] DEFAULT '{}',
  travels_within float8 DEFAULT 0, quality float8 DEFAULT 0.5, price float8 DEFAULT 0,
  valid daterange DEFAULT '(,)', open boolean DEFAULT true)
RETURNS inclusion.supply
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'supply_make';
COMMENT ON FUNCTION inclusion.supply(
  inclusion.competence_vector, inclusion.competence_vector, float8, float8, boolean, text[], text[], text[], text[],
  text[], text[], text[], float8, float8, float8, daterange, boolean) IS
  'Contenu d''une offre : compétences, position, publics, modalités, dates, entièrement vérifiés ; NULL pour une ébauche ; à appeler par les noms d''arguments';

-- For generated columns: a later meaning of the arguments takes a later name,
-- and a step that rewrites the column.
CREATE FUNCTION inclusion.make_supply_1(
  requires inclusion.competence_vector, teaches inclusion.competence_vector,
  longitude float8, latitude float8, remote boolean, families text[], modes text[], audiences text[], only_for text[],
  accommodations text[], languages text[], slots text[], travels_within float8, quality float8, price float8,
  valid daterange, open boolean)
RETURNS inclusion.supply
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'supply_make';
COMMENT ON FUNCTION inclusion.make_supply_1(
  inclusion.competence_vector, inclusion.competence_vector, float8, float8, boolean, text[], text[], text[], text[],
  text[], text[], text[], float8, float8, float8, daterange, boolean) IS
  'Contenu d''une offre, version 1 : tous les arguments, pour une colonne générée';

CREATE FUNCTION inclusion.set_open(supply inclusion.supply, open boolean)
RETURNS inclusion.supply
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'supply_set_open';
COMMENT ON FUNCTION inclusion.set_open(inclusion.supply, boolean) IS
  'Ouverture d''une offre : la même offre, qui accepte ou non les inscriptions';

-- Facts read back

CREATE FUNCTION inclusion.requires(supply inclusion.supply)
RETURNS inclusion.competence_vector
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'supply_get_requires';
COMMENT ON FUNCTION inclusion.requires(inclusion.supply) IS
  'Niveaux requis par une offre : NULL si elle ne parle pas de compétences';

CREATE FUNCTION inclusion.teaches(supply inclusion.supply)
RETURNS inclusion.competence_vector
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'supply_get_teaches';
COMMENT ON FUNCTION inclusion.teaches(inclusion.supply) IS
  'Niveaux enseignés par une offre : NULL si elle ne parle pas de compétences';

CREATE FUNCTION inclusion.is_remote(supply inclusion.supply)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'supply_is_remote';
COMMENT ON FUNCTION inclusion.is_remote(inclusion.supply) IS
  'Offre à distance : vrai si elle se suit sans se déplacer';

-- Order and hash

CREATE FUNCTION inclusion.supply_eq(inclusion.supply, inclusion.supply)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_eq';
COMMENT ON FUNCTION inclusion.supply_eq(inclusion.supply, inclusion.supply) IS
  'Offre identique : mêmes octets';

CREATE FUNCTION inclusion.supply_ne(inclusion.supply, inclusion.supply)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_ne';
COMMENT ON FUNCTION inclusion.supply_ne(inclusion.supply, inclusion.supply) IS
  'Offre différente : contraire de l''égalité';

CREATE FUNCTION inclusion.supply_lt(inclusion.supply, inclusion.supply)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_lt';
COMMENT ON FUNCTION inclusion.supply_lt(inclusion.supply, inclusion.supply) IS
  'Offre classée avant : pour le tri seulement';

CREATE FUNCTION inclusion.supply_le(inclusion.supply, inclusion.supply)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_le';
COMMENT ON FUNCTION inclusion.supply_le(inclusion.supply, inclusion.supply) IS
  'Offre classée avant ou égale : pour le tri seulement';

CREATE FUNCTION inclusion.supply_ge(inclusion.supply, inclusion.supply)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_ge';
COMMENT ON FUNCTION inclusion.supply_ge(inclusion.supply, inclusion.supply) IS
  'Offre classée après ou égale : pour le tri seulement';

CREATE FUNCTION inclusion.supply_gt(inclusion.supply, inclusion.supply)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_gt';
COMMENT ON FUNCTION inclusion.supply_gt(inclusion.supply, inclusion.supply) IS
  'Offre classée après : pour le tri seulement';

CREATE FUNCTION inclusion.supply_cmp(inclusion.supply, inclusion.supply)
RETURNS int
LANGUAGE C IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_cmp';
COMMENT ON FUNCTION inclusion.supply_cmp(inclusion.supply, inclusion.supply) IS
  'Ordre de deux offres : celui de leurs octets, pour le tri seulement';

CREATE FUNCTION inclusion.supply_hash(inclusion.supply)
RETURNS int
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_hash';
COMMENT ON FUNCTION inclusion.supply_hash(inclusion.supply) IS
  'Empreinte d''une offre : 32 bits, pour les jointures et regroupements';

CREATE FUNCTION inclusion.supply_hash_extended(inclusion.supply, bigint)
RETURNS bigint
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'image_hash_extended';
COMMENT ON FUNCTION inclusion.supply_hash_extended(inclusion.supply, bigint) IS
  'Empreinte longue d''une offre : 64 bits, pour le partitionnement';

CREATE OPERATOR inclusion.= (
  LEFTARG = inclusion.supply, RIGHTARG = inclusion.supply, FUNCTION = inclusion.supply_eq,
  COMMUTATOR = OPERATOR(inclusion.=), NEGATOR = OPERATOR(inclusion.<>),
  RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR inclusion.= (inclusion.supply, inclusion.supply) IS
  'Offre identique : mêmes octets';

CREATE OPERATOR inclusion.<> (
  LEFTARG = inclusion.supply, RIGHTARG = inclusion.supply, FUNCTION = inclusion.supply_ne,
  COMMUTATOR = OPERATOR(inclusion.<>), NEGATOR = OPERATOR(inclusion.=),
  RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR inclusion.<> (inclusion.supply, inclusion.supply) IS
  'Offre différente : contraire de l''égalité';

CREATE OPERATOR inclusion.< (
  LEFTARG = inclusion.supply, RIGHTARG = inclusion.supply, FUNCTION = inclusion.supply_lt,
  COMMUTATOR = OPERATOR(inclusion.>), NEGATOR = OPERATOR(inclusion.>=),
  RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR inclusion.< (inclusion.supply, inclusion.supply) IS
  'Offre classée avant : pour le tri seulement';

CREATE OPERATOR inclusion.<= (
  LEFTARG = inclusion.supply, RIGHTARG = inclusion.supply, FUNCTION = inclusion.supply_le,
  COMMUTATOR = OPERATOR(inclusion.>=), NEGATOR = OPERATOR(inclusion.>),
  RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR inclusion.<= (inclusion.supply, inclusion.supply) IS
  'Offre classée avant ou égale : pour le tri seulement';

CREATE OPERATOR inclusion.>= (
  LEFTARG = inclusion.supply, RIGHTARG = inclusion.supply, FUNCTION = inclusion.supply_ge,
  COMMUTATOR = OPERATOR(inclusion.<=), NEGATOR = OPERATOR(inclusion.<),
  RESTRICT = scalargesel, JOIN = scalargejoinsel
);
COMMENT ON OPERATOR inclusion.>= (inclusion.supply, inclusion.supply) IS
  'Offre classée après ou égale : pour le tri seulement';

CREATE OPERATOR inclusion.> (
  LEFTARG = inclusion.supply, RIGHTARG = inclusion.supply, FUNCTION = inclusion.supply_gt,
  COMMUTATOR = OPERATOR(inclusion.<), NEGATOR = OPERATOR(inclusion.<=),
  RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR inclusion.> (inclusion.supply, inclusion.supply) IS
  'Offre classée après : pour le tri seulement';

-- Equal values are equal bytes, hence index entries may be deduplicated.
CREATE OPERATOR CLASS inclusion.btree_supply_ops
DEFAULT FOR TYPE inclusion.supply USING btree AS
  OPERATOR 1 inclusion.<,
  OPERATOR 2 inclusion.<=,
  OPERATOR 3 inclusion.=,
  OPERATOR 4 inclusion.>=,
  OPERATOR 5 inclusion.>,
  FUNCTION 1 inclusion.supply_cmp(inclusion.supply, inclusion.supply),
  FUNCTION 4 btequalimage(oid);

CREATE OPERATOR CLASS inclusion.hash_supply_ops
DEFAULT FOR TYPE inclusion.supply USING hash AS
  OPERATOR 1 inclusion.=,
  FUNCTION 1 inclusion.supply_hash(inclusion.supply),
  FUNCTION 2 inclusion.supply_hash_extended(inclusion.supply, bigint);
