/*
 * 80_protection: one shape of row-level security for every table about people.
 * Policies are separate by verb; which verbs a role has at all is decided by
 * its grants.
 */

-- `visible` is a condition in the InitPlan form: its functions are evaluated
-- once a query, not once a row (a factor of a thousand on 500 000 people).  Two
-- more things let the planner use the indexes for it: perimeters are compared
-- in the column's collation (an array got from a role's name bears another),
-- and a list of them, which it takes for ten, must not look like half the table;
-- a perimeter written in a query is still counted from its statistics.
CREATE PROCEDURE inclusion.protect_table(relation regclass, visible text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  agents constant text := 'inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward';
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
  EXECUTE format('ALTER TABLE %s ALTER perimeter SET (n_distinct = -0.01)', relation);
  EXECUTE format('CREATE POLICY owner_all ON %s TO inclusion_owner USING (true) WITH CHECK (true)', relation);

  EXECUTE format('CREATE POLICY agent_select ON %s FOR SELECT TO %s USING (%s)', relation, agents, visible);
  EXECUTE format('CREATE POLICY agent_insert ON %s FOR INSERT TO %s WITH CHECK (%s)', relation, agents, visible);
  EXECUTE format('CREATE POLICY agent_update ON %s FOR UPDATE TO %s USING (%s) WITH CHECK (%s)',
                 relation, agents, visible, visible);
  EXECUTE format('CREATE POLICY agent_delete ON %s FOR DELETE TO %s USING (%s)', relation, agents, visible);

  EXECUTE format('CREATE POLICY night_select ON %s FOR SELECT TO inclusion_night USING (true)', relation);
  EXECUTE format('CREATE POLICY night_insert ON %s FOR INSERT TO inclusion_night WITH CHECK (true)', relation);
  EXECUTE format('CREATE POLICY night_update ON %s FOR UPDATE TO inclusion_night USING (true) WITH CHECK (true)', relation);
  EXECUTE format('CREATE POLICY night_delete ON %s FOR DELETE TO inclusion_night USING (true)', relation);

  EXECUTE format('CREATE POLICY dpo_select ON %s FOR SELECT TO inclusion_dpo USING (true)', relation);
END
$$;

CREATE PROCEDURE inclusion.protect_people_of(relation regclass)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CALL inclusion.protect_table(relation,
    'perimeter COLLATE "default" = ANY ((SELECT inclusion_data.perimeters_of(current_user))::text[])
     OR beneficiary = ANY ((SELECT inclusion_data.beneficiaries_of(current_user))::bigint[])');
END
$$;

REVOKE ALL ON PROCEDURE inclusion.protect_table(regclass, text), inclusion.protect_people_of(regclass) FROM PUBLIC;

COMMENT ON PROCEDURE inclusion.protect_table(regclass, text) IS
  'Protection d''une table : active et force la sécurité par ligne, une règle par verbe.';
COMMENT ON PROCEDURE inclusion.protect_people_of(regclass) IS
  'Protection par personne : la même, pour une table qui porte périmètre et personne.';
