/*
 * 00_schema: the schema of the code.
 *
 * Without IF NOT EXISTS: nobody can prepare the schema, and so own it, before
 * the extension comes.  Only its owner ever has CREATE there.
 *
 * Whoever may use the schema may execute what is in it: every function runs
 * with its caller's rights, and can do no more than the caller could by hand.
 * Closed to PUBLIC is what a superuser runs: DDL, and what gives rights.
 */
CREATE SCHEMA inclusion;

REVOKE ALL ON SCHEMA inclusion FROM PUBLIC;

COMMENT ON SCHEMA inclusion IS
  'Code d''inclusion : types, opérateurs, fonctions et procédures de l''extension';

CREATE FUNCTION inclusion.version() RETURNS text
  AS 'MODULE_PATHNAME', 'inclusion_version'
  LANGUAGE C STABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION inclusion.version() IS
  'Version de la bibliothèque : version du code compilé, comparée à celle du registre';
