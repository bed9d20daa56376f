/*
 * 70_declaration: from invented people to real ones, and what must be in
 * place first.
 */

-- A key answers for this perimeter, with 32 bytes that another perimeter's does
-- not give.
CREATE FUNCTION inclusion.has_keys(perimeter text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN length(inclusion_data.person_key(has_keys.perimeter, 'objection', 'probe')) = 32
     AND length(inclusion_data.person_key(has_keys.perimeter, 'rectification', 'probe')) = 32;
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END
$$;

-- What is missing before real people may be enrolled, one sentence a line.
CREATE FUNCTION inclusion.missing_protection(perimeter text, dpo text, day date) RETURNS SETOF text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('table %s: row-level security is not enabled and forced', c.oid::regclass)
  FROM inclusion.person_tables() t JOIN pg_class c ON c.oid = t.relation WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity)
  UNION ALL
  SELECT format('table %s: no policy keeps agents from restricted people on %s', m.relation, m.verb)
  FROM inclusion.restricted_policies_missing() m
  UNION ALL
  SELECT format('%s: everybody (PUBLIC) has the right %s', c.oid::regclass, a.privilege_type)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
  WHERE n.nspname IN ('inclusion_data', 'pilotage') AND a.grantee = 0
  UNION ALL
  SELECT format('function %s: it runs with the rights of %s, and not of inclusion_owner', p.oid::regprocedure, r.rolname)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner
  WHERE n.nspname IN ('inclusion', 'inclusion_data', 'pilotage') AND p.prosecdef AND r.rolname <> 'inclusion_owner'
  UNION ALL
  SELECT 'role inclusion_owner: it is a superuser, logs in or passes over row-level security'
  FROM pg_roles r WHERE r.rolname = 'inclusion_owner' AND (r.rolsuper OR r.rolcanlogin OR r.rolbypassrls)
  UNION ALL
  SELECT format('purpose %s: no duration in inclusion_data.retention', p.code)
  FROM inclusion_data.purpose p WHERE inclusion.retention_months(missing_protection.perimeter, p.code) IS NULL
  UNION ALL
  SELECT format('no policy is in force on %s, hence no threshold below which nothing is counted', day)
  WHERE NOT EXISTS (SELECT FROM inclusion_data.policy k WHERE k.perimeter = missing_protection.perimeter AND k.starts_on <= day)
  UNION ALL
  SELECT format('the threshold of counts is %s, and not 5 at least', k.count_threshold)
  FROM (SELECT c.count_threshold FROM inclusion_data.policy c WHERE c.perimeter = missing_protection.perimeter AND c.starts_on <= day
        ORDER BY c.starts_on DESC LIMIT 1) k WHERE k.count_threshold < 5
  UNION ALL
  SELECT 'the data-protection officer: a name and a way to reach them (e-mail or telephone)'
  WHERE coalesce(dpo, '') !~ '[[:alpha:]]{2}' OR coalesce(dpo, '') !~ '([^@ ]@[^@ ]+[.][^@ ]|([0-9][ .]?){9})'
  UNION ALL
  SELECT 'no login is a member of inclusion_dpo'
  WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolcanlogin AND NOT r.rolsuper AND pg_has_role(r.oid, 'inclusion_dpo', 'USAGE'))
  UNION ALL
  SELECT 'no key answers for this perimeter' WHERE NOT inclusion.has_keys(missing_protection.perimeter)
  UNION ALL
  SELECT 'the journal of this perimeter is not what was sealed' WHERE EXISTS (SELECT FROM inclusion.verify_journal(missing_protection.perimeter))
  UNION ALL
  SELECT format('%s invented people are still enrolled: erase them', count(*))
  FROM inclusion_data.beneficiary b WHERE b.perimeter = missing_protection.perimeter HAVING count(*) > 0
$$;

-- declare_real: the protection of a perimeter is complete; from now on real
-- people are enrolled there.  IN811 lists everything that is missing.
CREATE FUNCTION inclusion.declare_real(perimeter text, dpo text, day date DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.resolve_perimeter(declare_real.perimeter);
  from_day constant date := coalesce(declare_real.day, inclusion.today(here));
  missing text;
BEGIN
  IF from_day > inclusion.today(here) THEN
    RAISE EXCEPTION 'declaration date % is in the future', from_day
      USING ERRCODE = 'IN812', HINT = 'Declare the perimeter real on the day it becomes so.';
  END IF;
  IF EXISTS (SELECT FROM inclusion_data.real_declaration d WHERE d.perimeter = here) THEN
    RAISE EXCEPTION 'perimeter "%" already is declared real', here
      USING ERRCODE = 'IN812', HINT = 'SELECT * FROM inclusion_data.real_declaration says since when, and by whom.';
  END IF;
  -- nobody enrols while we look
  LOCK TABLE inclusion_data.beneficiary IN SHARE ROW EXCLUSIVE MODE;
  SELECT string_agg(m, E'\n') INTO missing FROM inclusion.missing_protection(here, declare_real.dpo, from_day) m;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'perimeter "%" is not ready for real people', here
      USING ERRCODE = 'IN811', DETAIL = missing, HINT = 'Put in place what the list names, then declare it again.';
  END IF;
  UPDATE inclusion_data.perimeter p SET fictitious = false WHERE p.code = here;
  INSERT INTO inclusion_data.real_declaration (perimeter, dpo, declared_on) VALUES (here, declare_real.dpo, from_day);
  PERFORM inclusion_data.journal_write('declare_real', here, NULL);
END
$$;

REVOKE ALL ON FUNCTION inclusion.declare_real(text, text, date) FROM PUBLIC;

COMMENT ON FUNCTION inclusion.has_keys(text) IS 'Clés en place : vrai si le périmètre a de quoi calculer des empreintes.';
COMMENT ON FUNCTION inclusion.missing_protection(text, text, date) IS 'Protection manquante : ce qu''il faut avant d''inscrire de vraies personnes.';
COMMENT ON FUNCTION inclusion.declare_real(text, text, date) IS 'Mise en service : vérifie la protection d''un périmètre, puis l''ouvre aux personnes réelles.';
