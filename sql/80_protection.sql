/*
 * 80_protection: one shape of row-level security for every table about people.
 * Policies are separate by verb; which verbs a role has at all is decided by
 * its grants.
 */

-- Whether a value is in an array in increasing order: a condition that policies
-- can afford on every row, and that drives the same indexes as = ANY.
CREATE FUNCTION inclusion.among_support(internal) RETURNS internal
  AS 'MODULE_PATHNAME', 'among_support' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION inclusion.among(value bigint, sorted bigint[]) RETURNS boolean
  AS 'MODULE_PATHNAME', 'number_among' LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE SUPPORT inclusion.among_support;
CREATE FUNCTION inclusion.among(value text, sorted text[]) RETURNS boolean
  AS 'MODULE_PATHNAME', 'code_among' LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE SUPPORT inclusion.among_support;

-- What a STABLE function found, kept until it could find anything else: policies
-- ask the same of every table of a query, and a match runs a dozen queries.
-- An answer that is kept is believed: only the owner keeps one.  Whoever may ask
-- hears what was found for roles that this session may act as.
CREATE FUNCTION inclusion.kept(question text, about text, kind anyarray) RETURNS anyarray
  AS 'MODULE_PATHNAME', 'kept' LANGUAGE c STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION inclusion.keep(question text, about text, found anyarray) RETURNS anyarray
  AS 'MODULE_PATHNAME', 'keep' LANGUAGE c STABLE STRICT PARALLEL SAFE;

-- `visible` is a condition in the InitPlan form: its functions are evaluated
-- once a query, not once a row (a factor of a thousand on 500 000 people).
CREATE PROCEDURE inclusion.protect_table(relation regclass, visible text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  agents constant text := 'inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward';
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
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
    'inclusion.among(perimeter, (SELECT inclusion_data.perimeters_of(current_user)))
     OR inclusion.among(beneficiary, (SELECT inclusion_data.beneficiaries_of(current_user)))');
END
$$;

-- What names its agent is written by an agent in no name but their own.
CREATE PROCEDURE inclusion.protect_signature(relation regclass)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE POLICY agent_signs ON %s AS RESTRICTIVE FOR INSERT TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator '
                 'WITH CHECK (agent IS NULL OR agent IN (SELECT a.id FROM inclusion_data.agent a WHERE a.login = current_user))', relation);
END
$$;

REVOKE ALL ON PROCEDURE inclusion.protect_table(regclass, text), inclusion.protect_people_of(regclass),
  inclusion.protect_signature(regclass) FROM PUBLIC;
REVOKE ALL ON FUNCTION inclusion.kept(text, text, anyarray), inclusion.keep(text, text, anyarray) FROM PUBLIC;

COMMENT ON PROCEDURE inclusion.protect_table(regclass, text) IS
  'Protection d''une table : active et force la sécurité par ligne, une règle par verbe.';
COMMENT ON PROCEDURE inclusion.protect_signature(regclass) IS
  'Signature : un agent n''écrit qu''en son propre nom, ou sans nom.';
COMMENT ON PROCEDURE inclusion.protect_people_of(regclass) IS
  'Protection par personne : la même, pour une table qui porte périmètre et personne.';
COMMENT ON FUNCTION inclusion.among_support(internal) IS
  'Conseil au planificateur : l''index qui sert une recherche dans une liste triée.';
COMMENT ON FUNCTION inclusion.among(bigint, bigint[]) IS
  'Présence dans une liste triée : vrai si le nombre y est ; la liste croît et n''a pas de vide.';
COMMENT ON FUNCTION inclusion.among(text, text[]) IS
  'Présence dans une liste triée : vrai si le code y est ; la liste croît et n''a pas de vide.';
COMMENT ON FUNCTION inclusion.kept(text, text, anyarray) IS
  'Réponse gardée : celle déjà trouvée au même instant, ou NULL.';
COMMENT ON FUNCTION inclusion.keep(text, text, anyarray) IS
  'Réponse à garder : la rend, et la garde tant qu''elle ne peut changer.';
