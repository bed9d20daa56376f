/*
 * 80_leaving: a territory can always leave, with everything it wrote.
 */

-- export_plain: every table of the registry in a new schema, in types that any
-- PostgreSQL knows: ours, and geometries, become text.  Descriptions go along.
-- The tables bear no right and no row-level security: the schema is open to its
-- owner only.  Writers wait until it ends, so that all tables are of one moment.
CREATE PROCEDURE inclusion.export_plain(schema name)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  tables regclass[];
  plain text;
  exported record;
BEGIN
  PERFORM inclusion.require_registry();
  IF NOT pg_has_role(current_user, 'inclusion_owner', 'USAGE') THEN
    RAISE EXCEPTION 'role "%" may not export the registry', current_user
      USING ERRCODE = 'insufficient_privilege', HINT = 'A superuser, or inclusion_owner itself, calls it.';
  END IF;
  IF nullif(export_plain.schema, '') IS NULL OR EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = export_plain.schema) THEN
    RAISE EXCEPTION '%', CASE WHEN nullif(export_plain.schema, '') IS NULL THEN 'no schema is named' ELSE format('schema "%s" exists', export_plain.schema) END
      USING ERRCODE = 'duplicate_schema', HINT = 'Name a schema that does not exist yet: it is made here.';
  END IF;
  SELECT array_agg(c.oid::regclass ORDER BY c.relname) INTO tables
  FROM pg_class c WHERE c.relnamespace = 'inclusion_data'::regnamespace AND c.relkind IN ('r', 'p');

  EXECUTE format('LOCK TABLE %s IN SHARE MODE', array_to_string(tables, ', '));
  EXECUTE format('CREATE SCHEMA %I', export_plain.schema);
  EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', export_plain.schema);
  FOR exported IN
    SELECT c.oid, c.relname, format('%I.%I', export_plain.schema, c.relname) AS target,
           (SELECT string_agg(CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN quote_ident(a.attname)
                                   ELSE format('%1$I::text AS %1$I', a.attname) END, ', ' ORDER BY a.attnum)
            FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS fields
    FROM unnest(tables) WITH ORDINALITY AS x (oid, n) JOIN pg_class c ON c.oid = x.oid ORDER BY x.n
  LOOP
    EXECUTE format('CREATE TABLE %s AS SELECT %s FROM %s', exported.target, exported.fields, exported.oid::regclass);
    FOR plain IN
      SELECT format('COMMENT ON TABLE %s IS %L', exported.target, obj_description(exported.oid, 'pg_class'))
      UNION ALL
      SELECT format('COMMENT ON COLUMN %s.%I IS %L', exported.target, a.attname, col_description(exported.oid, a.attnum))
      FROM pg_attribute a WHERE a.attrelid = exported.oid AND a.attnum > 0 AND NOT a.attisdropped
    LOOP
      EXECUTE plain;
    END LOOP;
  END LOOP;
END
$$;

REVOKE ALL ON PROCEDURE inclusion.export_plain(name) FROM PUBLIC;

COMMENT ON PROCEDURE inclusion.export_plain(name) IS
  'Départ : écrit toutes les tables dans un nouveau schéma, en types ordinaires ; ensuite, DROP EXTENSION CASCADE ne perd rien.';
