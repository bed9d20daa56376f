/*
 * 90_setup: from an extension to a registry: roles, schemas, tables, views.
 *
 * The tables are ordinary objects, not members of the extension: members are
 * wiped by DROP EXTENSION, lose rows at restore, and lose the user's own
 * indexes and policies in a dump.  Everything is owned by inclusion_owner, who
 * cannot log in.
 */

CREATE FUNCTION inclusion.registry_version() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF to_regclass('inclusion_data.registry_step') IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT s.version FROM inclusion_data.registry_step s WHERE s.step = 0);
END
$$;

CREATE FUNCTION inclusion.require_registry() RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  registry text := inclusion.registry_version();
BEGIN
  IF registry IS NULL THEN
    RAISE EXCEPTION 'this database has no registry of inclusion'
      USING ERRCODE = 'IN901', HINT = 'A superuser runs CALL inclusion.setup().';
  END IF;
  IF registry <> inclusion.version() THEN
    RAISE EXCEPTION 'the registry is of version %, the library of version %', registry, inclusion.version()
      USING ERRCODE = 'IN903', HINT = 'A superuser runs CALL inclusion.setup().';
  END IF;
END
$$;

CREATE FUNCTION inclusion.role_list() RETURNS TABLE (role_name text, purpose text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT v.role_name, v.purpose FROM (VALUES
    ('inclusion_owner', 'possède le registre, ne se connecte jamais'),
    ('inclusion_front_desk', 'accueille et inscrit'),
    ('inclusion_mediator', 'accompagne les personnes orientées vers ses offres'),
    ('inclusion_coordinator', 'coordonne plusieurs structures'),
    ('inclusion_steward', 'chef de file : règles et pilotage'),
    ('inclusion_analyst', 'lit les vues publiées seulement'),
    ('inclusion_import', 'verse les fichiers'),
    ('inclusion_night', 'exécute la nuit'),
    ('inclusion_dpo', 'délégué à la protection des données')) AS v (role_name, purpose);
END;

-- Roles live in the whole cluster.  Ours bear a mark, their comment; a homonym
-- without it is somebody else's and is refused, never adopted.
CREATE PROCEDURE inclusion.create_role(role_name text, purpose text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wanted_mark constant text := 'inclusion : ' || create_role.purpose;
  existing record;
BEGIN
  SELECT r.oid, r.rolcanlogin OR r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb AS powerful,
         shobj_description(r.oid, 'pg_authid') AS mark
  INTO existing FROM pg_roles r WHERE r.rolname = create_role.role_name;
  IF NOT FOUND THEN
    EXECUTE format('CREATE ROLE %I NOLOGIN', create_role.role_name);
    EXECUTE format('COMMENT ON ROLE %I IS %L', create_role.role_name, wanted_mark);
  ELSIF existing.mark IS DISTINCT FROM wanted_mark OR existing.powerful THEN
    RAISE EXCEPTION 'role "%" exists and is not the group that inclusion makes', role_name
      USING ERRCODE = 'IN902',
            DETAIL = CASE WHEN existing.powerful THEN 'It may log in or has administrative attributes.'
                          ELSE 'It does not bear the comment inclusion sets on its roles.' END,
            HINT = 'Rename or drop that role, then run CALL inclusion.setup() again.';
  END IF;
END
$$;

CREATE PROCEDURE inclusion.create_roles()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN SELECT l.role_name, l.purpose FROM inclusion.role_list() l LOOP
    CALL inclusion.create_role(wanted.role_name, wanted.purpose);
  END LOOP;
END
$$;

-- The schema where PostGIS really is, refused when anybody could plant a
-- function of the same name there.
CREATE FUNCTION inclusion.postgis_schema() RETURNS name
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  home name;
BEGIN
  SELECT n.nspname INTO home FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis';
  IF has_schema_privilege('public', home, 'CREATE') THEN
    RAISE EXCEPTION 'everybody may create objects in schema "%", where PostGIS is', home
      USING ERRCODE = 'IN904', HINT = format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC;', home);
  END IF;
  RETURN home;
END
$$;

-- Make schema `wanted`, or recognise it as ours by its owner.
CREATE PROCEDURE inclusion.claim_schema(wanted name)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owner name;
BEGIN
  SELECT pg_get_userbyid(n.nspowner) INTO owner FROM pg_namespace n WHERE n.nspname = wanted;
  IF NOT FOUND THEN
    EXECUTE format('CREATE SCHEMA %I AUTHORIZATION inclusion_owner', wanted);
  ELSIF owner <> 'inclusion_owner' OR to_regclass('inclusion_data.registry_step') IS NULL THEN
    RAISE EXCEPTION 'schema "%" exists and was not made by inclusion', wanted
      USING ERRCODE = 'IN902', DETAIL = format('It belongs to "%s".', owner),
            HINT = 'Rename or drop that schema, then run CALL inclusion.setup() again.';
  END IF;
END
$$;

-- Names of the wrapped DDL procedures that are members of the extension.
CREATE FUNCTION inclusion.ddl_procedures(pattern text) RETURNS SETOF name
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.proname
  FROM pg_proc p
  JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
  WHERE e.extname = 'inclusion' AND p.pronamespace = 'inclusion'::regnamespace
    AND p.prokind = 'p' AND p.proname ~ pattern
  ORDER BY p.proname
$$;

-- A step sees every row or fails: policies are not forced on their owner while
-- it runs, and row_security off makes an error of any row still hidden.
CREATE PROCEDURE inclusion.install_step(ddl name)
LANGUAGE plpgsql AS $$
DECLARE
  callers_security constant text := pg_catalog.current_setting('row_security');
  forced constant oid[] := ARRAY(SELECT c.oid FROM pg_catalog.pg_class c
                                 WHERE c.relnamespace = 'inclusion_data'::pg_catalog.regnamespace AND c.relforcerowsecurity);
  relation pg_catalog.regclass;
BEGIN
  FOREACH relation IN ARRAY forced LOOP
    EXECUTE pg_catalog.format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', relation);
  END LOOP;
  PERFORM pg_catalog.set_config('row_security', 'off', true);
  EXECUTE pg_catalog.format('CALL inclusion.%I()', ddl);
  PERFORM pg_catalog.set_config('row_security', callers_security, true);
  -- a table the step has dropped needs no policy
  FOR relation IN SELECT c.oid FROM pg_catalog.pg_class c WHERE c.oid = ANY (forced) LOOP
    EXECUTE pg_catalog.format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
  END LOOP;
END
$$;

-- The base once, then every step this registry has not been through.
CREATE PROCEDURE inclusion.install_registry()
LANGUAGE plpgsql AS $$
DECLARE
  ddl name;
  fresh boolean := pg_catalog.to_regclass('inclusion_data.registry_step') IS NULL;
BEGIN
  IF fresh THEN
    FOR ddl IN SELECT inclusion.ddl_procedures('^registry_[0-9]{2}_') LOOP
      EXECUTE pg_catalog.format('CALL inclusion.%I()', ddl);
    END LOOP;
    INSERT INTO inclusion_data.registry_step (step, word, version) VALUES (0, 'base', inclusion.version());
  ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
                    WHERE a.attrelid = pg_catalog.to_regclass('inclusion_data.offer') AND a.attname = 'supply' AND NOT a.attisdropped) THEN
    RAISE EXCEPTION 'the registry has lost its columns of the extension''s types'
      USING ERRCODE = 'IN902', DETAIL = 'DROP EXTENSION … CASCADE drops them and keeps the rest.',
            HINT = 'Restore a dump made before; or rename schemas inclusion_data and pilotage and set up anew beside them.';
  END IF;
  FOR ddl IN
    SELECT p FROM inclusion.ddl_procedures('^registry_step_[0-9]{4}_') p
    WHERE NOT EXISTS (SELECT FROM inclusion_data.registry_step s
                      WHERE s.step = pg_catalog.substr(p, 15, 4)::int)
    ORDER BY p
  LOOP
    -- a fresh base already is what the steps lead to
    IF NOT fresh THEN
      CALL inclusion.install_step(ddl);
    END IF;
    INSERT INTO inclusion_data.registry_step (step, word, version)
    VALUES (pg_catalog.substr(ddl, 15, 4)::int, pg_catalog.substr(ddl, 20), inclusion.version());
  END LOOP;
  UPDATE inclusion_data.registry_step SET version = inclusion.version()
  WHERE step = 0 AND version <> inclusion.version();
END
$$;

-- Drop our views of pilotage, all in one command so that their order does not
-- matter; whatever of somebody else's hangs on them is listed and stops it all.
CREATE PROCEDURE inclusion.drop_views()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ours oid[];
  row_types oid[];
  strangers text;
BEGIN
  SELECT coalesce(array_agg(c.oid), '{}') INTO ours
  FROM pg_class c WHERE c.relnamespace = 'pilotage'::regnamespace AND c.relkind = 'v' AND c.relowner = 'inclusion_owner'::regrole;
  -- what returns rows of a view, or arrays of them, depends on its type
  SELECT array_agg(t.oid) INTO row_types
  FROM pg_type t WHERE t.typrelid = ANY (ours) OR t.typelem IN (SELECT y.oid FROM pg_type y WHERE y.typrelid = ANY (ours));

  SELECT string_agg(DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid), E'\n' ORDER BY pg_describe_object(d.classid, d.objid, d.objsubid))
  INTO strangers
  FROM pg_depend d
  WHERE (d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY (ours)
         OR d.refclassid = 'pg_type'::regclass AND d.refobjid = ANY (row_types))
    AND NOT (d.classid = 'pg_rewrite'::regclass
             AND EXISTS (SELECT FROM pg_rewrite w WHERE w.oid = d.objid AND w.ev_class = ANY (ours)))
    AND NOT (d.classid = 'pg_type'::regclass AND d.deptype = 'i');
  IF strangers IS NOT NULL THEN
    RAISE EXCEPTION 'objects of somebody else depend on the views of schema "pilotage"'
      USING ERRCODE = 'IN902', DETAIL = strangers,
            HINT = 'Drop or move them, then run CALL inclusion.setup() again.';
  END IF;
  IF cardinality(ours) > 0 THEN
    EXECUTE (SELECT format('DROP VIEW %s', string_agg(o::regclass::text, ', ')) FROM unnest(ours) o);
  END IF;
END
$$;

-- What the territory has granted on our views to roles of its own: to be given
-- again once the views are made anew.
CREATE FUNCTION inclusion.view_grants() RETURNS TABLE (view_name name, command text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.relname, format('GRANT %s ON pilotage.%I TO %s', a.privilege_type, c.relname,
                           CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END)
                    || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
  FROM pg_class c, aclexplode(c.relacl) a
  WHERE c.relnamespace = 'pilotage'::regnamespace AND c.relkind = 'v' AND c.relowner = 'inclusion_owner'::regrole
    AND a.grantee::regrole::text NOT IN (SELECT l.role_name FROM inclusion.role_list() l)
$$;

CREATE PROCEDURE inclusion.install_views()
LANGUAGE plpgsql AS $$
DECLARE
  views name[];
  grants text[];
  ddl name;
BEGIN
  SELECT pg_catalog.array_agg(g.view_name), pg_catalog.array_agg(g.command) INTO views, grants FROM inclusion.view_grants() g;
  CALL inclusion.drop_views();
  FOR ddl IN SELECT inclusion.ddl_procedures('^pilotage_[0-9]{2}_') LOOP
    EXECUTE pg_catalog.format('CALL inclusion.%I()', ddl);
  END LOOP;
  FOR n IN 1 .. coalesce(pg_catalog.cardinality(grants), 0) LOOP
    IF pg_catalog.to_regclass(pg_catalog.format('pilotage.%I', views[n])) IS NOT NULL THEN
      EXECUTE grants[n];
    END IF;
  END LOOP;
END
$$;

-- Idempotent, and without COMMIT: it can be tried inside a transaction.
CREATE PROCEDURE inclusion.setup()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  caller_role text := current_setting('role');
  groups text := (SELECT string_agg(quote_ident(l.role_name), ', ' ORDER BY l.role_name) FROM inclusion.role_list() l);
  postgis name;
  ddl name;
BEGIN
  IF NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
    RAISE EXCEPTION 'only a superuser can set up the registry'
      USING ERRCODE = 'insufficient_privilege',
            HINT = 'Roles, schemas and their owner are made here; ask the administrator of the database.';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('inclusion.setup', 0));

  CALL inclusion.create_roles();
  IF NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'postgis') THEN
    CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public;
  END IF;
  postgis := inclusion.postgis_schema();
  PERFORM set_config('search_path', format('pg_catalog, %I, pg_temp', postgis), true);
  -- a schema of its own is closed until somebody opens it
  IF NOT has_schema_privilege('inclusion_owner', postgis, 'USAGE') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %s', postgis, groups);
  END IF;
  CALL inclusion.claim_schema('inclusion_data');
  CALL inclusion.claim_schema('pilotage');

  EXECUTE format('GRANT USAGE ON SCHEMA inclusion TO %s', groups);
  FOR ddl IN SELECT inclusion.ddl_procedures('^(registry|pilotage|protect|track|install|drop)_') LOOP
    EXECUTE (SELECT format('GRANT EXECUTE ON PROCEDURE %s TO inclusion_owner', p.oid::regprocedure)
             FROM pg_proc p WHERE p.pronamespace = 'inclusion'::regnamespace AND p.proname = ddl AND p.prokind = 'p');
  END LOOP;
  GRANT EXECUTE ON FUNCTION inclusion.keep(text, text, anyarray) TO inclusion_owner;
  EXECUTE format('GRANT EXECUTE ON FUNCTION inclusion.kept(text, text, anyarray) TO inclusion_owner, %s', groups);

  -- from here on, everything made is the owner's
  PERFORM set_config('role', 'inclusion_owner', true);
  EXECUTE format('GRANT USAGE ON SCHEMA inclusion_data, pilotage TO %s', groups);
  COMMENT ON SCHEMA inclusion_data IS 'Registre d''inclusion : les tables, et les fonctions qui les protègent.';
  COMMENT ON SCHEMA pilotage IS 'Vues de pilotage : ce que lisent les tableaux de bord et les cartes.';
  CALL inclusion.install_registry();
  CALL inclusion.install_views();
  PERFORM set_config('role', caller_role, true);
END
$$;

REVOKE ALL ON PROCEDURE inclusion.create_role(text, text), inclusion.create_roles(), inclusion.claim_schema(name), inclusion.install_step(name), inclusion.install_registry(),
  inclusion.drop_views(), inclusion.install_views(), inclusion.setup() FROM PUBLIC;

COMMENT ON FUNCTION inclusion.registry_version() IS 'Version du registre : NULL tant que setup() n''a pas été exécuté.';
COMMENT ON FUNCTION inclusion.require_registry() IS 'Contrôle du registre : erreur IN901 s''il manque, IN903 si sa version n''est pas celle du programme.';
COMMENT ON FUNCTION inclusion.role_list() IS 'Rôles : groupes que setup() crée, sans connexion.';
COMMENT ON PROCEDURE inclusion.create_role(text, text) IS 'Création d''un rôle : reconnaît le sien à son commentaire, refuse un homonyme.';
COMMENT ON PROCEDURE inclusion.create_roles() IS 'Création des rôles : ceux de la liste, un par un.';
COMMENT ON FUNCTION inclusion.postgis_schema() IS 'Schéma de PostGIS : refusé si chacun peut y créer des objets.';
COMMENT ON PROCEDURE inclusion.claim_schema(name) IS 'Schéma du registre : le crée, ou refuse celui d''un autre.';
COMMENT ON FUNCTION inclusion.ddl_procedures(text) IS 'Procédures de structure : celles que l''extension apporte, dans l''ordre.';
COMMENT ON PROCEDURE inclusion.install_step(name) IS 'Étape du registre : exécutée sur toutes les lignes, ou pas du tout.';
COMMENT ON PROCEDURE inclusion.install_registry() IS 'Tables du registre : la base, puis les étapes manquantes.';
COMMENT ON PROCEDURE inclusion.drop_views() IS 'Vues de pilotage : retire les nôtres, jamais en cascade.';
COMMENT ON FUNCTION inclusion.view_grants() IS 'Droits donnés sur les vues : ceux du territoire à ses propres rôles, redonnés quand les vues sont refaites.';
COMMENT ON PROCEDURE inclusion.install_views() IS 'Vues de pilotage : retirées puis refaites dans la même transaction.';
COMMENT ON PROCEDURE inclusion.setup() IS 'Installation du registre : rôles, schémas, tables et vues ; à relancer après chaque mise à jour.';
