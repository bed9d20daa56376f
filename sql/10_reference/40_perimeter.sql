/*
 * 40_perimeter: perimeters, structures, agents: who works where, and on which
 * day.
 */

-- The perimeter meant: the one named, or the only one there is.
CREATE FUNCTION inclusion.resolve_perimeter(perimeter text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known text[];
BEGIN
  PERFORM inclusion.require_registry();
  SELECT array_agg(p.code ORDER BY p.code) INTO known FROM inclusion_data.perimeter p;
  IF resolve_perimeter.perimeter = ANY (known) THEN
    RETURN resolve_perimeter.perimeter;
  END IF;
  IF resolve_perimeter.perimeter IS NULL AND cardinality(known) = 1 THEN
    RETURN known[1];
  END IF;
  IF known IS NULL THEN
    RAISE EXCEPTION 'there is no perimeter yet'
      USING ERRCODE = 'IN001', HINT = 'Open one with inclusion.create_perimeter(code, name).';
  ELSIF resolve_perimeter.perimeter IS NULL THEN
    RAISE EXCEPTION 'the perimeter must be named: there are several'
      USING ERRCODE = 'IN001', HINT = format('Known perimeters: %s.', array_to_string(known, ', '));
  END IF;
  RAISE EXCEPTION 'unknown perimeter "%"', resolve_perimeter.perimeter
    USING ERRCODE = 'IN001', HINT = format('Known perimeters: %s.', array_to_string(known, ', '));
END
$$;

-- Today where the perimeter is: Cayenne is not Paris.
CREATE FUNCTION inclusion.today(perimeter text DEFAULT NULL) RETURNS date
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.resolve_perimeter(today.perimeter);
BEGIN
  RETURN (SELECT (now() AT TIME ZONE p.time_zone)::date FROM inclusion_data.perimeter p WHERE p.code = here);
END
$$;

-- Open a perimeter over the communes of a territory (a département, an EPCI, a
-- region or one commune).  Communes already in another perimeter are refused.
CREATE FUNCTION inclusion.create_perimeter(code text, name text, territory text DEFAULT NULL,
                                           time_zone text DEFAULT 'Europe/Paris') RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  taken text;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.require_registry();
  -- two perimeters opened at once would each see the communes of both free
  LOCK TABLE inclusion_data.perimeter IN SHARE ROW EXCLUSIVE MODE;
  IF NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = create_perimeter.time_zone) THEN
    RAISE EXCEPTION 'unknown time zone "%"', time_zone
      USING ERRCODE = 'IN001', HINT = 'SELECT name FROM pg_timezone_names lists them, e.g. Europe/Paris, Indian/Reunion.';
  END IF;
  IF territory IS NOT NULL AND NOT EXISTS (SELECT FROM inclusion_data.territory t WHERE t.code = create_perimeter.territory) THEN
    RAISE EXCEPTION 'unknown territory "%"', territory
      USING ERRCODE = 'IN001', HINT = 'Load the territories first with inclusion.load_territories(); codes look like DEP-27 or EPCI-200066389.';
  END IF;
  SELECT min(t.perimeter) INTO taken FROM inclusion_data.territory t
  WHERE create_perimeter.territory IN (t.code, t.epci, t.department, t.region) AND t.perimeter IS NOT NULL;
  IF taken IS NOT NULL THEN
    RAISE EXCEPTION 'perimeter "%" already holds communes of "%"', taken, territory
      USING ERRCODE = 'IN001', HINT = 'Perimeters never overlap; a lead over several is an access grant.';
  END IF;

  INSERT INTO inclusion_data.perimeter AS p (code, name, time_zone)
  VALUES (create_perimeter.code, create_perimeter.name, create_perimeter.time_zone);
  INSERT INTO inclusion_data.agent (perimeter, kind, name, valid_from)
  VALUES (create_perimeter.code, 'service', 'Nuit de ' || create_perimeter.name, '-infinity');
  UPDATE inclusion_data.territory t SET perimeter = create_perimeter.code
  WHERE t.kind = 'commune' AND create_perimeter.territory IN (t.code, t.epci, t.department, t.region);
  RETURN create_perimeter.code;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN001', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

CREATE FUNCTION inclusion.register_structure(name text, perimeter text DEFAULT NULL, siret text DEFAULT NULL,
                                             kind text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  new_structure bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.require_registry(), inclusion.refuse_nir(name, kind);
  INSERT INTO inclusion_data.structure AS s (perimeter, name, siret, kind)
  VALUES (inclusion.resolve_perimeter(register_structure.perimeter), register_structure.name,
          register_structure.siret, register_structure.kind)
  RETURNING s.id INTO new_structure;
  RETURN new_structure;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN009', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- The agent who acts.  NULL is whoever is connected; naming somebody else is
-- left to the owner of the registry, who replays and migrates.
CREATE FUNCTION inclusion.acting_agent(agent bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known record;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT a.id, a.login INTO known
  FROM inclusion_data.agent a
  JOIN inclusion_data.perimeter p ON p.code = a.perimeter
  CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE p.time_zone)::date AS today) d
  WHERE CASE WHEN acting_agent.agent IS NULL THEN a.login = current_user ELSE a.id = acting_agent.agent END
    AND d.today >= a.valid_from AND (a.valid_to IS NULL OR d.today <= a.valid_to)
  ORDER BY a.id LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION '%', CASE WHEN acting_agent.agent IS NULL THEN format('role "%s" is not a registered agent', current_user)
                              ELSE format('unknown agent %s', acting_agent.agent) END
      USING ERRCODE = 'IN305', HINT = 'Register it with inclusion.register_agent(login, structure, name).';
  END IF;
  IF known.login IS NOT NULL AND known.login = current_user OR pg_has_role(current_user, 'inclusion_owner', 'MEMBER') THEN
    RETURN known.id;
  END IF;
  RAISE EXCEPTION 'role "%" may not act as agent %', current_user, known.id
    USING ERRCODE = 'IN305', HINT = 'Leave the argument out: the connected agent acts.';
END
$$;

-- The agent written beside what is recorded: the one named, under the same
-- rule, or nobody.
CREATE FUNCTION inclusion.signing_agent(agent bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF agent IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN inclusion.acting_agent(agent);
END
$$;

-- The policy in force on a day: the latest that has started.
CREATE FUNCTION inclusion.policy_in_force(perimeter text, day date) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.resolve_perimeter(policy_in_force.perimeter);
  policy bigint;
BEGIN
  SELECT p.id INTO policy FROM inclusion_data.policy p
  WHERE p.perimeter = here AND p.starts_on <= policy_in_force.day
  ORDER BY p.starts_on DESC LIMIT 1;
  IF policy IS NULL THEN
    RAISE EXCEPTION 'no policy is in force for perimeter "%" on %', here, day
      USING ERRCODE = 'IN302', HINT = 'Insert the voted one with inclusion.adopt_policy(perimeter, starts_on, lottery_key).';
  END IF;
  RETURN policy;
END
$$;

-- The rules that a vote may set beside the day and the draw's key: the columns
-- of the policy, whatever they become.
CREATE FUNCTION inclusion.policy_rules() RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(a.attname::text ORDER BY a.attnum)
  FROM pg_attribute a
  WHERE a.attrelid = to_regclass('inclusion_data.policy') AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attname NOT IN ('id', 'perimeter', 'starts_on', 'voted_on', 'lottery_key')
$$;

-- Record a voted policy with the published grid.  `reserves` gives to publics a
-- share of the places of each offer, in percent: '{"seniors": 20}'.  `rules` sets
-- the columns of the table that the vote names: '{"max_list_length": 100}'; the
-- others keep the defaults of the table.  IN309 for a rule that does not exist,
-- or a value it cannot have.
CREATE FUNCTION inclusion.adopt_policy(perimeter text, starts_on date, lottery_key text,
                                       voted_on date DEFAULT NULL,
                                       grid text[] DEFAULT '{nobody_to_help,no_equipment,recurring_procedure}',
                                       reserves jsonb DEFAULT '{}', rules jsonb DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  known constant text[] := inclusion.policy_rules();
  named text[];
  unknown text;
  new_policy bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT array_agg(k ORDER BY k), min(k) FILTER (WHERE k <> ALL (known)) INTO named, unknown FROM jsonb_object_keys(adopt_policy.rules) k;
  IF unknown IS NOT NULL THEN
    RAISE EXCEPTION 'a policy has no rule "%"', unknown
      USING ERRCODE = 'IN309', HINT = format('Its rules are: %s.', array_to_string(known, ', '));
  END IF;
  EXECUTE format('INSERT INTO inclusion_data.policy (perimeter, starts_on, voted_on, lottery_key%1$s) '
                 'SELECT $1, $2, $3, $4%1$s FROM jsonb_populate_record(NULL::inclusion_data.policy, $5) RETURNING id',
                 (SELECT string_agg(format(', %I', k), '') FROM unnest(named) k))
  INTO new_policy
  USING inclusion.resolve_perimeter(adopt_policy.perimeter), adopt_policy.starts_on,
        coalesce(adopt_policy.voted_on, adopt_policy.starts_on), adopt_policy.lottery_key, adopt_policy.rules;
  INSERT INTO inclusion_data.policy_grid (policy, item) SELECT DISTINCT new_policy, item FROM unnest(grid) item;
  INSERT INTO inclusion_data.policy_reserve (policy, audience, percent)
  SELECT new_policy, r.key, r.value::int FROM jsonb_each_text(adopt_policy.reserves) r;
  IF (SELECT sum(r.percent) > 100 OR count(*) > 8 FROM inclusion_data.policy_reserve r WHERE r.policy = new_policy) THEN
    RAISE EXCEPTION 'reserves % give out more than the places there are, or name more than eight publics', reserves
      USING ERRCODE = 'IN309', HINT = 'Shares are in percent of the places and add up to 100 at most.';
  END IF;
  RETURN new_policy;
EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN309', HINT = coalesce(inclusion.broken_rule(nullif(broken_table, ''), broken_column, broken_rule),
    'Rules and reserves are objects, e.g. {"max_list_length": 100}; \d inclusion_data.policy shows what each holds.');
END
$$;

REVOKE ALL ON FUNCTION inclusion.create_perimeter(text, text, text, text) FROM PUBLIC;

COMMENT ON FUNCTION inclusion.resolve_perimeter(text) IS 'Périmètre voulu : celui qui est nommé, ou le seul qui existe ; IN001 sinon.';
COMMENT ON FUNCTION inclusion.today(text) IS 'Aujourd''hui : la date dans le fuseau horaire du périmètre.';
COMMENT ON FUNCTION inclusion.create_perimeter(text, text, text, text) IS 'Ouverture d''un périmètre : sur les communes d''un territoire ; fictif tant que la protection n''est pas en service.';
COMMENT ON FUNCTION inclusion.register_structure(text, text, text, text) IS 'Nouvelle structure : l''inscrit dans un périmètre et rend son numéro.';
COMMENT ON FUNCTION inclusion.acting_agent(bigint) IS 'Agent qui agit : la personne connectée ; IN305 si elle n''est pas connue.';
COMMENT ON FUNCTION inclusion.signing_agent(bigint) IS 'Agent qui signe : celui qui est nommé s''il peut l''être, sinon personne.';
COMMENT ON FUNCTION inclusion.policy_in_force(text, date) IS 'Politique en vigueur : la dernière commencée ce jour-là ; IN302 s''il n''y en a pas.';
COMMENT ON FUNCTION inclusion.policy_rules() IS 'Règles d''une politique : noms de celles qu''un vote peut fixer ; les autres gardent leur valeur d''usage.';
COMMENT ON FUNCTION inclusion.adopt_policy(text, date, text, date, text[], jsonb, jsonb) IS 'Politique votée : l''enregistre avec sa grille publiée, sa clé de tirage au sort, ses places réservées et ses règles.';
