/*
 * 10_clearance: who sees whom: agents who come and go, and grants.
 *
 * Groups are of the whole cluster: putting a login in one, or out, is an
 * administrator's act, so register_agent() and close_agent() are a superuser's.
 * Grants are rows of one perimeter: its lead (a steward with a grant on the
 * whole of it) gives and takes them.  Everything is decided on current_user,
 * hence the same through SET ROLE and a pool of connections.
 */

-- register_agent: a login at work for a structure, with the right to see the
-- people of that structure.
--   role    front_desk, mediator or coordinator: the group the login joins
--   until   last day; NULL until close_agent()
--   kind    'person', or 'shared' for the account of a desk
--   ahead   the login is not made yet: the group is granted when it is
-- Returns the number of the agent.
CREATE FUNCTION inclusion.register_agent(login text, structure bigint, name text, role text DEFAULT 'front_desk',
                                         until date DEFAULT NULL, kind text DEFAULT 'person',
                                         ahead boolean DEFAULT false) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
  known bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
  exists_yet constant boolean := register_agent.login IN (SELECT r.rolname FROM pg_roles r);
BEGIN
  PERFORM inclusion.require_registry(), inclusion.refuse_nir(name);
  IF coalesce(kind, '') NOT IN ('person', 'shared') THEN
    RAISE EXCEPTION 'an agent is not of kind "%"', kind
      USING ERRCODE = 'IN305', HINT = 'Use ''person'' for a named human, ''shared'' for the account of a desk.';
  END IF;
  IF coalesce(role, '') NOT IN ('front_desk', 'mediator', 'coordinator') THEN
    RAISE EXCEPTION 'an agent has no role "%"', role
      USING ERRCODE = 'IN801', HINT = 'Use ''front_desk'', ''mediator'' or ''coordinator''.';
  END IF;
  IF NOT exists_yet AND NOT ahead THEN
    RAISE EXCEPTION 'there is no login role "%"', login
      USING ERRCODE = 'IN801', HINT = format('CREATE ROLE %I LOGIN; or ahead => true, if it is made later.', login);
  END IF;
  SELECT s.perimeter INTO here FROM inclusion_data.structure s WHERE s.id = register_agent.structure;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown structure %', structure
      USING ERRCODE = 'IN004', HINT = 'Register it with inclusion.register_structure(name, perimeter).';
  END IF;
  SELECT a.id INTO known FROM inclusion_data.agent a WHERE a.login = register_agent.login AND a.valid_to IS NULL;
  IF FOUND THEN
    RAISE EXCEPTION 'login "%" is already agent %', login, known
      USING ERRCODE = 'IN801', HINT = 'End it with inclusion.close_agent(login), or open another structure to it with inclusion.grant_access().';
  END IF;

  INSERT INTO inclusion_data.agent (perimeter, structure, kind, login, name, valid_from, valid_to)
  VALUES (here, register_agent.structure, register_agent.kind, register_agent.login, register_agent.name,
          inclusion.today(here), register_agent.until)
  RETURNING id INTO known;
  INSERT INTO inclusion_data.access_grant (role_name, perimeter, structure, valid_from, valid_to, granted_by)
  VALUES (register_agent.login, here, register_agent.structure, inclusion.today(here), register_agent.until, current_user);
  IF exists_yet AND NOT pg_has_role(login, 'inclusion_' || role, 'MEMBER') THEN
    EXECUTE format('GRANT %I TO %I', 'inclusion_' || role, login);
  END IF;
  PERFORM inclusion_data.journal_write('agent_registered', here, NULL, jsonb_build_object(
    'agent', known, 'login', login, 'structure', structure, 'role', role, 'until', until, 'by', current_user));
  RETURN known;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN801', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- The people an agent is the referent of on a day, handed to another on that
-- day.  IN802 when there are some and nobody takes over.
CREATE FUNCTION inclusion.hand_over(agents bigint[], successor bigint, day date) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  followed bigint[];
  unseen int;
  heir record;
BEGIN
  SELECT array_agg(r.beneficiary ORDER BY r.beneficiary) INTO followed
  FROM inclusion_data.referent r WHERE r.agent = ANY (agents) AND (r.until IS NULL OR r.until > day);
  IF followed IS NULL THEN
    RETURN;
  END IF;
  IF successor IS NULL THEN
    RAISE EXCEPTION 'agent % is the referent of % people', agents[1], cardinality(followed)
      USING ERRCODE = 'IN802', DETAIL = format('Their numbers: %s.', array_to_string(followed, ', ')),
            HINT = 'Name who takes over: inclusion.close_agent(login, successor => agent).';
  END IF;
  SELECT a.id, a.login INTO heir FROM inclusion_data.agent a
  WHERE a.id = hand_over.successor AND a.kind <> 'service' AND a.id <> ALL (agents)
    AND a.valid_from <= day AND (a.valid_to IS NULL OR a.valid_to > day);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'agent % cannot take over', successor
      USING ERRCODE = 'IN801', HINT = 'Name another agent who is at work after that day.';
  END IF;
  SELECT count(*) INTO unseen
  FROM inclusion_data.referent r
  JOIN inclusion_data.beneficiary b ON b.id = r.beneficiary AND b.perimeter = r.perimeter
  WHERE r.agent = ANY (agents) AND (r.until IS NULL OR r.until > day)
    AND NOT EXISTS (SELECT FROM inclusion_data.access_grant g
                    WHERE g.role_name = heir.login AND g.perimeter = b.perimeter AND (g.structure IS NULL OR g.structure = b.structure)
                      AND g.revoked_at IS NULL AND g.valid_from <= day AND (g.valid_to IS NULL OR g.valid_to > day));
  IF unseen > 0 THEN
    RAISE EXCEPTION 'agent % may not see % of the % people', successor, unseen, cardinality(followed)
      USING ERRCODE = 'IN801', HINT = 'Give the successor access first: inclusion.grant_access(login, perimeter, structure).';
  END IF;

  WITH ended AS (
    UPDATE inclusion_data.referent r SET until = greatest(r.since, day)
    WHERE r.agent = ANY (agents) AND (r.until IS NULL OR r.until > day)
    RETURNING r.beneficiary, r.perimeter
  )
  INSERT INTO inclusion_data.referent (beneficiary, perimeter, agent, since)
  SELECT e.beneficiary, e.perimeter, hand_over.successor, day FROM ended e
  ON CONFLICT (beneficiary, perimeter, agent, since) DO UPDATE SET until = NULL;
  RETURN QUERY SELECT f FROM unnest(followed) f;
END
$$;

-- Put a login out of the groups of agents.  Returns from how many.
CREATE FUNCTION inclusion.leave_groups(login text) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  joined name;
  left_groups int := 0;
BEGIN
  FOR joined IN
    SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles l ON l.oid = m.member
    WHERE l.rolname = leave_groups.login AND r.rolname IN ('inclusion_front_desk', 'inclusion_mediator', 'inclusion_coordinator')
  LOOP
    EXECUTE format('REVOKE %I FROM %I', joined, login);
    left_groups := left_groups + 1;
  END LOOP;
  RETURN left_groups;
END
$$;

-- close_agent: the login is no longer an agent's, and whoever it was the
-- referent of has another.
--   successor   agent who takes over those people
--   last_day    grants end with that day; NULL: at once, and out of the groups
-- Returns the numbers of the people handed over.
CREATE FUNCTION inclusion.close_agent(login text, successor bigint DEFAULT NULL, last_day date DEFAULT NULL) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  closed record;
  end_day date;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT array_agg(a.id ORDER BY a.id) AS agents, min(a.perimeter) AS perimeter INTO closed
  FROM inclusion_data.agent a
  WHERE a.login = close_agent.login
    AND (a.valid_to IS NULL OR a.valid_to >= inclusion.today(a.perimeter)
         -- or whose time ended with people left to hand over
         OR EXISTS (SELECT FROM inclusion_data.referent r WHERE r.agent = a.id AND r.until IS NULL));
  IF closed.agents IS NULL THEN
    RAISE EXCEPTION 'login "%" is no agent at work', login
      USING ERRCODE = 'IN305', HINT = 'SELECT login, name FROM inclusion_data.agent WHERE valid_to IS NULL lists them.';
  END IF;
  end_day := coalesce(last_day, inclusion.today(closed.perimeter));
  IF end_day < inclusion.today(closed.perimeter) THEN
    RAISE EXCEPTION 'the last day, %, is past', end_day
      USING ERRCODE = 'IN801', HINT = 'Leave it out to end everything at once.';
  END IF;

  RETURN QUERY SELECT h FROM inclusion.hand_over(closed.agents, successor, end_day) h;
  UPDATE inclusion_data.agent a
  SET valid_to = CASE WHEN last_day IS NULL THEN greatest(a.valid_from, end_day - 1) ELSE greatest(a.valid_from, end_day) END
  WHERE a.id = ANY (closed.agents) AND (a.valid_to IS NULL OR a.valid_to >= inclusion.today(closed.perimeter));
  IF last_day IS NULL THEN
    UPDATE inclusion_data.access_grant g SET revoked_at = now(), revoked_by = current_user
    WHERE g.role_name = close_agent.login AND g.revoked_at IS NULL;
    PERFORM inclusion.leave_groups(login);
  ELSE
    UPDATE inclusion_data.access_grant g SET valid_to = end_day
    WHERE g.role_name = close_agent.login AND g.valid_from <= end_day AND (g.valid_to IS NULL OR g.valid_to > end_day);
    -- and those that would only have begun later
    UPDATE inclusion_data.access_grant g SET revoked_at = now(), revoked_by = current_user
    WHERE g.role_name = close_agent.login AND g.revoked_at IS NULL AND g.valid_from > end_day;
  END IF;
  PERFORM inclusion_data.journal_write('agent_closed', closed.perimeter, NULL, jsonb_build_object(
    'login', login, 'agents', closed.agents, 'successor', successor, 'last_day', last_day, 'by', current_user));
END
$$;

-- Logins whose time as agents is over everywhere and who are still in a group.
CREATE FUNCTION inclusion.expired_agents() RETURNS TABLE (login text, last_day date, perimeter text, agents bigint[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.login, max(a.valid_to), (array_agg(a.perimeter ORDER BY a.valid_to DESC, a.id))[1], array_agg(a.id ORDER BY a.id)
  FROM inclusion_data.agent a
  WHERE EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles l ON l.oid = m.member
                WHERE l.rolname = a.login AND r.rolname IN ('inclusion_front_desk', 'inclusion_mediator', 'inclusion_coordinator'))
  GROUP BY a.login
  HAVING bool_and(a.valid_to < inclusion.today(a.perimeter))
  ORDER BY a.login
$$;

-- close_expired_agents: put out of their groups the logins whose time as agents
-- is over.  They see nobody since its last day: this takes the rest, what agents
-- may do to offers and sessions.  One row each, with how many people still have
-- them for referent: hand those over with close_agent().
CREATE FUNCTION inclusion.close_expired_agents() RETURNS TABLE (login text, last_day date, still_followed bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  expired record;
BEGIN
  PERFORM inclusion.require_registry();
  FOR expired IN SELECT e.login, e.last_day, e.perimeter, e.agents FROM inclusion.expired_agents() e LOOP
    PERFORM inclusion.leave_groups(expired.login);
    UPDATE inclusion_data.access_grant g SET revoked_at = now(), revoked_by = current_user
    WHERE g.role_name = expired.login AND g.revoked_at IS NULL AND g.valid_from <= expired.last_day;
    PERFORM inclusion_data.journal_write('agent_closed', expired.perimeter, NULL, jsonb_build_object(
      'login', expired.login, 'agents', expired.agents, 'last_day', expired.last_day, 'by', current_user));
    login := expired.login;
    last_day := expired.last_day;
    still_followed := (SELECT count(*) FROM inclusion_data.referent r WHERE r.agent = ANY (expired.agents) AND r.until IS NULL);
    RETURN NEXT;
  END LOOP;
END
$$;

-- grant_access: a login sees the people of a structure, or of the whole
-- perimeter (structure NULL).  Returns the number of the grant.
CREATE FUNCTION inclusion.grant_access(role_name text, perimeter text DEFAULT NULL, structure bigint DEFAULT NULL,
                                       valid_from date DEFAULT NULL, valid_to date DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.resolve_perimeter(grant_access.perimeter);
  first_day constant date := coalesce(grant_access.valid_from, inclusion.today(here));
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = grant_access.role_name) THEN
    RAISE EXCEPTION 'there is no role "%"', role_name
      USING ERRCODE = 'IN801', HINT = 'Create the login first; a grant to a name that nobody bears would wait for whoever takes it.';
  END IF;
  IF role_name IN (SELECT l.role_name FROM inclusion.role_list() l) THEN
    RAISE EXCEPTION 'role "%" is a group, and a grant names a login', role_name
      USING ERRCODE = 'IN801', HINT = 'The members of a group are of every perimeter: name the login that needs to see these people.';
  END IF;
  IF structure IS NOT NULL AND NOT EXISTS (SELECT FROM inclusion_data.structure s
                                           WHERE s.id = grant_access.structure AND s.perimeter = here) THEN
    RAISE EXCEPTION 'perimeter "%" has no structure %', here, structure
      USING ERRCODE = 'IN801', HINT = format('SELECT id, name FROM inclusion_data.structure WHERE perimeter = %L lists them.', here);
  END IF;
  IF valid_to < first_day THEN
    RAISE EXCEPTION 'the grant would end on %, before it begins on %', valid_to, first_day
      USING ERRCODE = 'IN801', HINT = 'Give a last day that is not before the first.';
  END IF;
  RETURN inclusion_data.write_grant(current_user, role_name, here, structure, first_day, valid_to);
END
$$;

-- revoke_access: at once; structure NULL is every grant in the perimeter.
-- Returns how many grants it ended.
CREATE FUNCTION inclusion.revoke_access(role_name text, perimeter text DEFAULT NULL, structure bigint DEFAULT NULL) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.resolve_perimeter(revoke_access.perimeter);
  ended constant int := inclusion_data.end_grants(current_user, revoke_access.role_name, here, revoke_access.structure);
BEGIN
  IF ended = 0 THEN
    RAISE EXCEPTION 'role "%" has no such grant in perimeter "%"', role_name, here
      USING ERRCODE = 'IN801', HINT = 'Check the name, the perimeter and the structure: nothing was open.';
  END IF;
  RETURN ended;
END
$$;

REVOKE ALL ON FUNCTION inclusion.register_agent(text, bigint, text, text, date, text, boolean),
  inclusion.hand_over(bigint[], bigint, date), inclusion.leave_groups(text), inclusion.close_agent(text, bigint, date),
  inclusion.close_expired_agents() FROM PUBLIC;

COMMENT ON FUNCTION inclusion.register_agent(text, bigint, text, text, date, text, boolean) IS 'Nouvel agent : un compte au travail pour une structure, avec son rôle et le droit d''en voir les personnes.';
COMMENT ON FUNCTION inclusion.hand_over(bigint[], bigint, date) IS 'Relais d''un référent : ses personnes passent à un autre ; IN802 si personne ne prend le relais.';
COMMENT ON FUNCTION inclusion.leave_groups(text) IS 'Sortie des groupes : le compte n''est plus d''aucun groupe d''agents ; rend de combien il est sorti.';
COMMENT ON FUNCTION inclusion.expired_agents() IS 'Comptes à terme échu : ceux dont le temps d''agent est passé, et qui sont encore d''un groupe.';
COMMENT ON FUNCTION inclusion.close_expired_agents() IS 'Agents à terme échu : les sort de leurs groupes ; rend chacun, et le nombre de personnes à confier à un autre.';
COMMENT ON FUNCTION inclusion.close_agent(text, bigint, date) IS 'Départ d''un agent : ses droits cessent, ses personnes sont confiées à un autre ; rend leurs numéros.';
COMMENT ON FUNCTION inclusion.grant_access(text, text, bigint, date, date) IS 'Droit d''accès donné : par le chef de file du périmètre ; rend son numéro.';
COMMENT ON FUNCTION inclusion.revoke_access(text, text, bigint) IS 'Droit d''accès retiré : aussitôt, par le chef de file du périmètre ; rend le nombre de droits retirés.';
