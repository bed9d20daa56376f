-- pg_temp.registry(): all there is to know of a registry, one line an object and
-- one a row, so that two of them can be compared.  Lists of rights are sorted:
-- their order says nothing.
CREATE FUNCTION pg_temp.rights(acl aclitem[]) RETURNS text LANGUAGE sql AS
  'SELECT string_agg(a::text, $$,$$ ORDER BY a::text) FROM unnest(acl) a';

CREATE FUNCTION pg_temp.registry() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT concat_ws(' | ', 'schema', nspname, nspowner::regrole, pg_temp.rights(nspacl), obj_description(oid, 'pg_namespace'))
    FROM pg_namespace WHERE nspname IN ('inclusion', 'inclusion_data', 'pilotage')
  UNION ALL
  SELECT concat_ws(' | ', 'relation', c.oid::regclass, relkind, relowner::regrole, pg_temp.rights(relacl), reloptions, relrowsecurity, relforcerowsecurity,
                   obj_description(c.oid, 'pg_class'), CASE relkind WHEN 'v' THEN pg_get_viewdef(c.oid) WHEN 'i' THEN pg_get_indexdef(c.oid) END)
    FROM pg_class c WHERE relnamespace::regnamespace::text IN ('inclusion_data', 'pilotage')
  UNION ALL
  SELECT concat_ws(' | ', 'column', c.oid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, pg_temp.rights(attacl),
                   pg_get_expr(d.adbin, c.oid), col_description(c.oid, a.attnum))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
   WHERE relnamespace::regnamespace::text IN ('inclusion_data', 'pilotage')
  UNION ALL
  SELECT concat_ws(' | ', 'constraint', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace::regnamespace::text IN ('inclusion_data', 'pilotage')
  UNION ALL
  SELECT concat_ws(' | ', 'policy', p.*) FROM pg_policies p WHERE schemaname IN ('inclusion_data', 'pilotage')
  UNION ALL
  SELECT concat_ws(' | ', 'trigger', tgrelid::regclass, pg_get_triggerdef(t.oid)) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
   WHERE relnamespace::regnamespace::text IN ('inclusion_data', 'pilotage') AND NOT tgisinternal
  UNION ALL
  SELECT concat_ws(' | ', 'function', oid::regprocedure, proowner::regrole, pg_temp.rights(proacl), obj_description(oid, 'pg_proc'), md5(pg_get_functiondef(oid)))
    FROM pg_proc WHERE pronamespace::regnamespace::text IN ('inclusion_data', 'pilotage', 'inclusion') AND prokind <> 'a'
  UNION ALL
  SELECT concat_ws(' | ', 'role', r.rolname, r.rolsuper, r.rolcanlogin, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, r.rolinherit,
                   shobj_description(r.oid, 'pg_authid'), (SELECT string_agg(m.roleid::regrole::text, ',') FROM pg_auth_members m WHERE m.member = r.oid))
    FROM pg_roles r WHERE rolname LIKE 'inclusion\_%'
  UNION ALL
  SELECT concat_ws(' | ', 'row', c.oid::regclass, r)
    FROM pg_class c, unnest(xpath('//t/text()', query_to_xml(format('SELECT t::text FROM %s t', c.oid::regclass), true, false, ''))::text[]) r
   WHERE relnamespace::regnamespace::text = 'inclusion_data' AND relkind = 'r'
  UNION ALL
  SELECT concat_ws(' | ', 'sequence', s.sequencename, s.start_value, s.increment_by, s.last_value) FROM pg_sequences s WHERE schemaname = 'inclusion_data'
$$;
