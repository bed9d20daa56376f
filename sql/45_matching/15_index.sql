/*
 * 15_index: the index on supplies: WHERE supply @@ need ORDER BY supply <=> need
 * LIMIT k, exactly and without reading the other offers.
 */

-- Keys

CREATE TYPE inclusion.supply_key;

CREATE FUNCTION inclusion.supply_key_in(cstring)
RETURNS inclusion.supply_key
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_key_in(cstring) IS
  'Lecture d''une clé d''index : toujours refusée';

CREATE FUNCTION inclusion.supply_key_out(inclusion.supply_key)
RETURNS cstring
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_key_out(inclusion.supply_key) IS
  'Écriture d''une clé d''index : toujours refusée';

CREATE TYPE inclusion.supply_key (
  INPUT = inclusion.supply_key_in,
  OUTPUT = inclusion.supply_key_out,
  INTERNALLENGTH = VARIABLE,
  ALIGNMENT = int4,
  STORAGE = main
);
COMMENT ON TYPE inclusion.supply_key IS
  'Clé de l''index des offres : une offre, ou ce qu''un ensemble d''offres a de meilleur ; ne sort pas de l''index';

-- Support: the second argument of both searches is the need; amvalidate wants the
-- type of the column there.

CREATE FUNCTION inclusion.supply_gist_consistent(internal, inclusion.supply, smallint, oid, internal)
RETURNS boolean
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_gist_consistent(internal, inclusion.supply, smallint, oid, internal) IS
  'Index des offres, filtre : une offre possible peut-elle se trouver là';

CREATE FUNCTION inclusion.supply_gist_union(internal, internal)
RETURNS inclusion.supply_key
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_gist_union(internal, internal) IS
  'Index des offres, réunion : ce que plusieurs clés ont de meilleur';

CREATE FUNCTION inclusion.supply_gist_compress(internal)
RETURNS internal
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_gist_compress(internal) IS
  'Index des offres, réduction : la clé d''une offre';

CREATE FUNCTION inclusion.supply_gist_penalty(internal, internal, internal)
RETURNS internal
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_gist_penalty(internal, internal, internal) IS
  'Index des offres, rangement : lectures ajoutées si l''offre va là';

CREATE FUNCTION inclusion.supply_gist_picksplit(internal, internal)
RETURNS internal
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_gist_picksplit(internal, internal) IS
  'Index des offres, partage d''une page : celui qui fera le moins lire';

CREATE FUNCTION inclusion.supply_gist_same(inclusion.supply_key, inclusion.supply_key, internal)
RETURNS internal
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_gist_same(inclusion.supply_key, inclusion.supply_key, internal) IS
  'Index des offres, égalité : deux clés identiques';

CREATE FUNCTION inclusion.supply_gist_distance(internal, inclusion.supply, smallint, oid, internal)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_gist_distance(internal, inclusion.supply, smallint, oid, internal) IS
  'Index des offres, écart : celui d''une offre, ou le plus petit possible d''un ensemble';

CREATE FUNCTION inclusion.supply_gist_sortsupport(internal)
RETURNS void
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.supply_gist_sortsupport(internal) IS
  'Index des offres, ordre de construction : sur place par voisinage, puis à distance par domaine';

-- No operand types beside the support functions: the class would be made, and
-- none of its indexes find them.
CREATE OPERATOR CLASS inclusion.gist_supply_ops
DEFAULT FOR TYPE inclusion.supply USING gist AS
  OPERATOR 1 inclusion.@@ (inclusion.supply, inclusion.need),
  OPERATOR 15 inclusion.<=> (inclusion.supply, inclusion.need) FOR ORDER BY pg_catalog.float_ops,
  FUNCTION 1 inclusion.supply_gist_consistent(internal, inclusion.supply, smallint, oid, internal),
  FUNCTION 2 inclusion.supply_gist_union(internal, internal),
  FUNCTION 3 inclusion.supply_gist_compress(internal),
  FUNCTION 5 inclusion.supply_gist_penalty(internal, internal, internal),
  FUNCTION 6 inclusion.supply_gist_picksplit(internal, internal),
  FUNCTION 7 inclusion.supply_gist_same(inclusion.supply_key, inclusion.supply_key, internal),
  FUNCTION 8 inclusion.supply_gist_distance(internal, inclusion.supply, smallint, oid, internal),
  FUNCTION 11 inclusion.supply_gist_sortsupport(internal),
  STORAGE inclusion.supply_key;
COMMENT ON OPERATOR CLASS inclusion.gist_supply_ops USING gist IS
  'Index des offres : les offres possibles pour un besoin, le plus petit écart d''abord';

-- Proof that an index can be believed, whose keys say what their pages hold at
-- best: to be run after an accident, like those of amcheck.
CREATE FUNCTION inclusion.check_supply_index(index regclass, OUT pages bigint, OUT offers bigint, OUT fullest int)
LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED
AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION inclusion.check_supply_index(regclass) IS
  'Vérification de l''index : pages et offres lues, clés de la page la plus pleine ; erreur si une clé promet moins que ce qu''elle contient';
REVOKE EXECUTE ON FUNCTION inclusion.check_supply_index(regclass) FROM PUBLIC;
