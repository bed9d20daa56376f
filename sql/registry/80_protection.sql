/*
 * 80_protection: who sees whom.  Grants decide the verbs, policies the rows;
 * both are written here once, after every table exists.
 */

-- Grants open today, where the perimeter is, to `who` and to the roles it
-- inherits: found from the role, so that other agents' grants cost nothing; a
-- grant to a dropped role is nobody's.  What was given to an agent ends with the
-- agent's time, whatever its own term.  The first membership test keeps an agent
-- from asking on behalf of another.  Parsed, to be inlined where it is read;
-- materialized, for days to be compared of those few grants alone.
CREATE FUNCTION inclusion_data.grants_of(who name) RETURNS TABLE (perimeter text, structure bigint)
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH RECURSIVE membership AS (
    SELECT r.oid AS role, r.rolname AS name FROM pg_roles r WHERE r.rolname = grants_of.who
    UNION
    SELECT a.roleid, pg_get_userbyid(a.roleid) FROM membership m JOIN pg_auth_members a ON a.member = m.role
  ), given AS MATERIALIZED (
    SELECT g.perimeter, g.structure, g.role_name, g.valid_from, g.valid_to, (now() AT TIME ZONE p.time_zone)::date AS today
    FROM membership m
    JOIN inclusion_data.access_grant g ON g.role_name = m.name::text
    JOIN inclusion_data.perimeter p ON p.code = g.perimeter
    WHERE pg_has_role(session_user, grants_of.who, 'MEMBER') AND pg_has_role(grants_of.who, m.role, 'USAGE') AND g.revoked_at IS NULL
  )
  SELECT g.perimeter, g.structure
  FROM given g
  WHERE g.today >= g.valid_from AND (g.valid_to IS NULL OR g.today <= g.valid_to)
    AND (NOT EXISTS (SELECT FROM inclusion_data.agent a WHERE a.login = g.role_name AND a.valid_to < g.today AND a.valid_to >= g.valid_from)
         OR EXISTS (SELECT FROM inclusion_data.agent a
                    WHERE a.login = g.role_name AND a.valid_from <= g.today AND (a.valid_to IS NULL OR a.valid_to >= g.today)));
END;

-- Answers are in order, without doubles, and kept: policies ask several times a
-- query.  What is asked, NAME_of(who), is written for the planner to put in the
-- query itself, so that only what is not known yet changes rights: find_NAME(who).
-- Those that look for the people of an array of structures keep one plan: it is
-- the same however long the array, and making it anew costs more than the search.

-- What the role sees in whole, and by structure: found together, since policies
-- ask for both.
CREATE FUNCTION inclusion_data.find_grants(who name, OUT perimeters text[], OUT structures bigint[])
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT inclusion.keep('perimeters', who, coalesce(array_agg(DISTINCT g.perimeter) FILTER (WHERE g.structure IS NULL), '{}')),
         inclusion.keep('structures', who, coalesce(array_agg(DISTINCT g.structure) FILTER (WHERE g.structure IS NOT NULL), '{}'))
  INTO perimeters, structures
  FROM inclusion_data.grants_of(who) g;
END
$$;

CREATE FUNCTION inclusion_data.perimeters_of(who name) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(inclusion.kept('perimeters', who, '{}'::text[]), (inclusion_data.find_grants(who)).perimeters);

CREATE FUNCTION inclusion_data.structures_of(who name) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(inclusion.kept('structures', who, '{}'::bigint[]), (inclusion_data.find_grants(who)).structures);

-- The people sent to what its structures carry, until some days after that has
-- ended: the policy of their perimeter says how many.
CREATE FUNCTION inclusion_data.find_sent(who name) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  mine constant bigint[] := inclusion_data.structures_of(who);
BEGIN
  IF cardinality(mine) = 0 THEN
    RETURN inclusion.keep('sent', who, mine);
  END IF;
  RETURN inclusion.keep('sent', who, (
    WITH sight AS (
      SELECT p.code AS perimeter, p.time_zone, d.today - coalesce(
               (SELECT k.visibility_days FROM inclusion_data.policy k
                WHERE k.perimeter = p.code AND k.starts_on <= d.today ORDER BY k.starts_on DESC LIMIT 1), 0) AS since
      FROM inclusion_data.perimeter p CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE p.time_zone)::date AS today) d
    )
    SELECT coalesce(array_agg(DISTINCT v.beneficiary), '{}') FROM (
      SELECT p.beneficiary FROM inclusion_data.offer o
      JOIN inclusion_data.proposal p ON p.offer = o.id
      CROSS JOIN LATERAL (SELECT s.to_state, s.at FROM inclusion_data.proposal_step s
                          WHERE s.proposal = p.id AND s.perimeter = p.perimeter ORDER BY s.n DESC LIMIT 1) l
      JOIN inclusion_data.proposal_state t ON t.code = l.to_state
      JOIN sight k ON k.perimeter = p.perimeter
      WHERE o.structure = ANY (mine) AND (NOT t.final OR (l.at AT TIME ZONE k.time_zone)::date >= k.since)
      UNION ALL
      -- who was followed under a file gone into another
      SELECT m.beneficiary FROM inclusion_data.beneficiary b
      JOIN inclusion_data.file_merge m ON m.merged = b.id AND m.perimeter = b.perimeter AND m.undone_at IS NULL
      WHERE b.structure = ANY (mine)
      UNION ALL
      SELECT n.beneficiary FROM inclusion_data.offer o
      JOIN inclusion_data.orientation n ON n.offer = o.id
      JOIN sight k ON k.perimeter = n.perimeter
      -- good for its week
      WHERE o.structure = ANY (mine) AND n.week + 6 >= k.since) v));
END
$$;

CREATE FUNCTION inclusion_data.sent_to(who name) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(inclusion.kept('sent', who, '{}'::bigint[]), inclusion_data.find_sent(who));

-- Those, and the people its structures enrolled.
CREATE FUNCTION inclusion_data.find_beneficiaries(who name) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  mine constant bigint[] := inclusion_data.structures_of(who);
  sent constant bigint[] := inclusion_data.sent_to(who);
  seen bigint[];
BEGIN
  IF cardinality(mine) = 0 THEN
    RETURN inclusion.keep('beneficiaries', who, mine);
  END IF;
  seen := ARRAY(SELECT b.id FROM inclusion_data.beneficiary b WHERE b.structure = ANY (mine) ORDER BY b.id);
  IF cardinality(sent) > 0 THEN
    seen := ARRAY(SELECT DISTINCT s FROM unnest(seen || sent) s ORDER BY s);
  END IF;
  RETURN inclusion.keep('beneficiaries', who, seen);
END
$$;

CREATE FUNCTION inclusion_data.beneficiaries_of(who name) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(inclusion.kept('beneficiaries', who, '{}'::bigint[]), inclusion_data.find_beneficiaries(who));

-- The staging of imports is read and emptied only here: one file of the login, the
-- one that bears this name, or the only one there is.
CREATE FUNCTION inclusion_data.take_import_lines(file_name text) RETURNS TABLE (line bigint, raw text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  staged text[];
  some_named boolean;
  wanted text;
BEGIN
  SELECT array_agg(DISTINCT coalesce(l.file, l.staged_in)), bool_or(l.file IS NOT NULL) INTO staged, some_named
  FROM inclusion_data.import_line l WHERE l.staged_by = session_user;
  wanted := CASE WHEN file_name = ANY (staged) THEN file_name
                 WHEN cardinality(staged) = 1 AND (file_name IS NULL OR NOT some_named) THEN staged[1] END;
  IF wanted IS NULL AND staged IS NOT NULL THEN
    RAISE EXCEPTION '%', CASE WHEN file_name IS NULL THEN format('%s files are staged', cardinality(staged))
                              ELSE format('no file "%s" is staged', left(file_name, 200)) END
      USING ERRCODE = 'IN203', DETAIL = format('Staged: %s.', array_to_string(staged, ', ')),
            HINT = 'Name the one to import: file_name => ''…''; or take it away with inclusion.discard_lines(file_name).';
  END IF;
  RETURN QUERY DELETE FROM inclusion_data.import_line l WHERE l.staged_by = session_user AND coalesce(l.file, l.staged_in) = wanted
               RETURNING l.line, l.raw;
END
$$;

REVOKE ALL ON FUNCTION inclusion_data.grants_of(name),
  inclusion_data.perimeters_of(name), inclusion_data.structures_of(name), inclusion_data.sent_to(name), inclusion_data.beneficiaries_of(name),
  inclusion_data.find_grants(name), inclusion_data.find_sent(name), inclusion_data.find_beneficiaries(name),
  inclusion_data.take_import_lines(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  inclusion_data.perimeters_of(name), inclusion_data.structures_of(name), inclusion_data.sent_to(name), inclusion_data.beneficiaries_of(name),
  inclusion_data.find_grants(name), inclusion_data.find_sent(name), inclusion_data.find_beneficiaries(name)
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward;
GRANT EXECUTE ON FUNCTION inclusion_data.take_import_lines(text) TO inclusion_import;

COMMENT ON FUNCTION inclusion_data.grants_of(name) IS 'Droits d''accès : périmètres et structures ouverts aujourd''hui à un rôle et à ceux dont il hérite.';
COMMENT ON FUNCTION inclusion_data.find_grants(name) IS 'Droits d''accès, cherchés : quand la réponse n''est pas déjà gardée.';
COMMENT ON FUNCTION inclusion_data.find_sent(name) IS 'Personnes envoyées, cherchées : quand la réponse n''est pas déjà gardée.';
COMMENT ON FUNCTION inclusion_data.find_beneficiaries(name) IS 'Personnes visibles, cherchées : quand la réponse n''est pas déjà gardée.';
COMMENT ON FUNCTION inclusion_data.perimeters_of(name) IS 'Périmètres ouverts : ceux que le rôle voit en entier.';
COMMENT ON FUNCTION inclusion_data.structures_of(name) IS 'Structures ouvertes : celles dont le rôle voit les personnes.';
COMMENT ON FUNCTION inclusion_data.sent_to(name) IS 'Personnes envoyées : vers les offres des structures du rôle, encore ou il y a peu.';
COMMENT ON FUNCTION inclusion_data.beneficiaries_of(name) IS 'Personnes visibles : inscrites par les structures du rôle, ou orientées vers leurs offres il y a peu.';
COMMENT ON FUNCTION inclusion_data.take_import_lines(text) IS 'Lignes reçues : celles d''un fichier, avec leur numéro d''ordre ; les retire de la table d''arrivée.';

-- Row-level security of every table about people: enabled, forced, default deny.
CALL inclusion.protect_table('inclusion_data.beneficiary',
  'inclusion.among(perimeter, (SELECT inclusion_data.perimeters_of(current_user)))
   OR inclusion.among(structure, (SELECT inclusion_data.structures_of(current_user)))
   OR inclusion.among(id, (SELECT inclusion_data.sent_to(current_user)))');
-- who somebody is, from their word on
CALL inclusion.protect_table('inclusion_data.identity',
  'inclusion.among(perimeter, (SELECT inclusion_data.perimeters_of(current_user)))
   OR inclusion.among(beneficiary, (SELECT inclusion_data.identities_of(current_user)))');
CALL inclusion.protect_people_of('inclusion_data.file_opening');
CALL inclusion.protect_people_of('inclusion_data.journal');
CALL inclusion.protect_people_of('inclusion_data.accommodation_need');
CALL inclusion.protect_people_of('inclusion_data.reachable_commune');
CALL inclusion.protect_people_of('inclusion_data.former_availability');
CALL inclusion.protect_signature('inclusion_data.former_availability');
CALL inclusion.protect_people_of('inclusion_data.enrolment');
CALL inclusion.protect_people_of('inclusion_data.referent');
CALL inclusion.protect_people_of('inclusion_data.screening');
CALL inclusion.protect_people_of('inclusion_data.representative');
CALL inclusion.protect_table('inclusion_data.representative_name',
  'EXISTS (SELECT FROM inclusion_data.representative r
           WHERE r.id = representative_name.representative AND r.perimeter = representative_name.perimeter)');
CALL inclusion.protect_people_of('inclusion_data.file_merge');
CALL inclusion.protect_table('inclusion_data.file_merge_change',
  'EXISTS (SELECT FROM inclusion_data.file_merge m
           WHERE m.id = file_merge_change.merge AND m.perimeter = file_merge_change.perimeter)');
GRANT SELECT, UPDATE (until) ON inclusion_data.representative TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT ON inclusion_data.file_merge TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT ON inclusion_data.representative, inclusion_data.file_merge, inclusion_data.file_merge_change TO inclusion_dpo;
CALL inclusion.protect_people_of('inclusion_data.assessment');
CALL inclusion.protect_people_of('inclusion_data.circumstance');
CALL inclusion.protect_people_of('inclusion_data.expressed_need');
-- a decision about a person is written by an agent in no name but their own
CALL inclusion.protect_people_of('inclusion_data.autonomy_decision');
CALL inclusion.protect_signature('inclusion_data.autonomy_decision');
GRANT SELECT, INSERT (perimeter, beneficiary, scope, outcome, motive, decided_on, review_on, agent, suggested, version)
  ON inclusion_data.autonomy_decision TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT ON inclusion_data.autonomy_now TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_dpo;
GRANT SELECT ON inclusion_data.autonomy_decision TO inclusion_dpo;
CALL inclusion.protect_people_of('inclusion_data.settled_right');
CALL inclusion.protect_signature('inclusion_data.settled_right');
CALL inclusion.protect_people_of('inclusion_data.cube_person');
CALL inclusion.protect_people_of('inclusion_data.cube_change');
CALL inclusion.protect_people_of('inclusion_data.run_candidate');
CALL inclusion.protect_people_of('inclusion_data.run_need');
CALL inclusion.protect_people_of('inclusion_data.run_list');
CALL inclusion.protect_people_of('inclusion_data.run_result');
CALL inclusion.protect_people_of('inclusion_data.active_list');
CALL inclusion.protect_people_of('inclusion_data.orientation');
CALL inclusion.protect_people_of('inclusion_data.proposal');
-- a step is seen by whoever sees its proposal
CALL inclusion.protect_table('inclusion_data.proposal_step',
  'EXISTS (SELECT FROM inclusion_data.proposal p
           WHERE p.id = proposal_step.proposal AND p.perimeter = proposal_step.perimeter)');
-- what was said of it too
CALL inclusion.protect_table('inclusion_data.proposal_word',
  'EXISTS (SELECT FROM inclusion_data.proposal p
           WHERE p.id = proposal_word.proposal AND p.perimeter = proposal_word.perimeter)');
-- and of what came of it
CALL inclusion.protect_table('inclusion_data.satisfaction',
  'EXISTS (SELECT FROM inclusion_data.proposal p
           WHERE p.id = satisfaction.proposal AND p.perimeter = satisfaction.perimeter)');
CALL inclusion.protect_signature('inclusion_data.satisfaction');
-- figures of few people: for the territory, and for the structure itself
CALL inclusion.protect_table('inclusion_data.quality',
  'inclusion.among(perimeter, (SELECT inclusion_data.perimeters_of(current_user)))
   OR inclusion.among(structure, (SELECT inclusion_data.structures_of(current_user)))');
CALL inclusion.protect_people_of('inclusion_data.contact');
CALL inclusion.protect_signature('inclusion_data.contact');
-- and is written by an agent in no name but their own
CALL inclusion.protect_signature('inclusion_data.proposal_step');
-- what a person accepted is confirmed or declined by the structure of the offer
CREATE POLICY operator_decides ON inclusion_data.proposal_step AS RESTRICTIVE FOR INSERT
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator
  WITH CHECK (from_state <> 'agreed' OR to_state NOT IN ('confirmed', 'declined')
              OR EXISTS (SELECT FROM inclusion_data.proposal p JOIN inclusion_data.offer o ON o.id = p.offer
                         WHERE p.id = proposal_step.proposal AND p.perimeter = proposal_step.perimeter
                           AND (o.structure = ANY ((SELECT inclusion_data.structures_of(current_user))::bigint[])
                                OR o.perimeter = ANY ((SELECT inclusion_data.perimeters_of(current_user))::text[]))));
-- what no agent may write, by whichever way: only the night proposes; nobody's
-- silence is an answer before they were rung, and nobody came, or did not, to what
-- has not begun.  No step left to them holds a seat that its proposal did not.
CREATE POLICY agent_steps ON inclusion_data.proposal_step AS RESTRICTIVE FOR INSERT
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator
  WITH CHECK (to_state <> 'proposed' AND from_state <> 'none'
              AND (to_state <> 'expired' OR inclusion.attempts_missing(proposal) = 0)
              AND (to_state NOT IN ('attended', 'absent')
                   OR EXISTS (SELECT FROM inclusion_data.proposal p JOIN inclusion_data.session s ON s.id = p.session
                              WHERE p.id = proposal_step.proposal AND p.perimeter = proposal_step.perimeter AND s.starts_at <= now())));
-- a proposal is locked by those who advance it, and changed by seat_at() alone
CREATE POLICY only_locked ON inclusion_data.proposal AS RESTRICTIVE FOR UPDATE
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_night USING (true) WITH CHECK (false);
-- the night signs as the service it is: it can neither agree nor confirm
CREATE POLICY night_signs ON inclusion_data.proposal_step AS RESTRICTIVE FOR INSERT TO inclusion_night
  WITH CHECK (agent_kind = 'service');

CALL inclusion.protect_signature('inclusion_data.enrolment');
CALL inclusion.protect_signature('inclusion_data.assessment');
CALL inclusion.protect_signature('inclusion_data.circumstance');
CALL inclusion.protect_signature('inclusion_data.expressed_need');

-- Facts, theme by theme and as the person shares them.  The night and the
-- officer are outside these two rules, as they are outside the agents'.
CREATE POLICY agent_theme ON inclusion_data.circumstance AS RESTRICTIVE FOR SELECT
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward
  USING (item = ANY ((SELECT inclusion_data.readable_items(current_user))::text[])
         AND (beneficiary, item) NOT IN (SELECT f.beneficiary, f.item FROM inclusion_data.refused_items(current_user) f));
CREATE POLICY agent_theme_insert ON inclusion_data.circumstance AS RESTRICTIVE FOR INSERT
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward
  WITH CHECK (item = ANY ((SELECT inclusion_data.readable_items(current_user))::text[]));

-- A refusal is noted by whoever hears it, in their own name; only the structure
-- that enrolled the person ends it.
CALL inclusion.protect_people_of('inclusion_data.sharing_refusal');
CALL inclusion.protect_signature('inclusion_data.sharing_refusal');
CREATE POLICY agent_enrolled ON inclusion_data.sharing_refusal AS RESTRICTIVE FOR UPDATE
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator
  USING (beneficiary IN (SELECT b.id FROM inclusion_data.beneficiary b
                         WHERE b.structure = ANY ((SELECT inclusion_data.structures_of(current_user))::bigint[])))
  WITH CHECK (allowed_by IN (SELECT a.id FROM inclusion_data.agent a WHERE a.login = current_user));
GRANT SELECT, INSERT (perimeter, beneficiary, theme, agent), UPDATE (allowed_at, allowed_by) ON inclusion_data.sharing_refusal
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT ON inclusion_data.sharing_refusal, inclusion_data.banned_pattern, inclusion_data.text_warning TO inclusion_dpo;
GRANT INSERT, UPDATE, DELETE ON inclusion_data.banned_pattern TO inclusion_dpo;

-- Fingerprints are read by the owner's functions only.
CALL inclusion.protect_people_of('inclusion_data.identity_fingerprint');
CALL inclusion.protect_people_of('inclusion_data.restriction');
CALL inclusion.protect_people_of('inclusion_data.purpose_objection');

-- Meetings are their structure's: they say where people were met, not who.
CALL inclusion.protect_table('inclusion_data.enrolment_event',
  'inclusion.among(perimeter, (SELECT inclusion_data.perimeters_of(current_user)))
   OR inclusion.among(structure, (SELECT inclusion_data.structures_of(current_user)))');
CALL inclusion.protect_table('inclusion_data.contact_count',
  'inclusion.among(perimeter, (SELECT inclusion_data.perimeters_of(current_user)))
   OR inclusion.among(structure, (SELECT inclusion_data.structures_of(current_user)))');
CALL inclusion.protect_table('inclusion_data.enrolment_reject',
  'inclusion.among(perimeter, (SELECT inclusion_data.perimeters_of(current_user)))
   OR inclusion.among(structure, (SELECT inclusion_data.structures_of(current_user)))');
CALL inclusion.protect_table('inclusion_data.enrolment_event_agent',
  'EXISTS (SELECT FROM inclusion_data.enrolment_event e
           WHERE e.id = enrolment_event_agent.event AND e.perimeter = enrolment_event_agent.perimeter)');
GRANT SELECT ON inclusion_data.screening, inclusion_data.enrolment_event, inclusion_data.enrolment_event_agent,
  inclusion_data.contact_count, inclusion_data.enrolment_reject
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_dpo;
GRANT INSERT (perimeter, beneficiary, version, screened_on, on_paper, answers, agent) ON inclusion_data.screening
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT INSERT (perimeter, structure, format, name, held_on, place) ON inclusion_data.enrolment_event
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT INSERT ON inclusion_data.enrolment_event_agent TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT INSERT (perimeter, structure, event, what, contacts, met_on, agent) ON inclusion_data.contact_count
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT INSERT (perimeter, structure, event, kind, line, code, agent) ON inclusion_data.enrolment_reject
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;

-- Supply and published rules are open to every role but the analyst, who reads
-- released views only.
GRANT SELECT ON
  inclusion_data.registry_step, inclusion_data.error_label, inclusion_data.perimeter, inclusion_data.vocabulary_label,
  inclusion_data.territory, inclusion_data.territory_postal_code, inclusion_data.territory_shape,
  inclusion_data.territory_successor, inclusion_data.fragility_indicator, inclusion_data.fragility,
  inclusion_data.structure, inclusion_data.agent, inclusion_data.place, inclusion_data.external_reference,
  inclusion_data.enrolment_format, inclusion_data.enrolment_channel, inclusion_data.campaign, inclusion_data.representative_kind,
  inclusion_data.screening_version, inclusion_data.screening_question,
  inclusion_data.circumstance_theme, inclusion_data.circumstance_item, inclusion_data.answer_source,
  inclusion_data.instrument, inclusion_data.bracket_set, inclusion_data.age_bracket,
  inclusion_data.theme_clearance, inclusion_data.goal, inclusion_data.competence_crosswalk, inclusion_data.competence,
  inclusion_data.ordinal_level, inclusion_data.need_rule, inclusion_data.programme_profile, inclusion_data.barrier, inclusion_data.question_prior,
  inclusion_data.pix_level, inclusion_data.pix_cap, inclusion_data.import_heading,
  inclusion_data.autonomy_scope, inclusion_data.autonomy_outcome, inclusion_data.autonomy_fact,
  inclusion_data.autonomy_ruleset, inclusion_data.autonomy_rule, inclusion_data.autonomy_condition,
  inclusion_data.offer, inclusion_data.offer_structure, inclusion_data.closure, inclusion_data.session,
  inclusion_data.seat, inclusion_data.session_template, inclusion_data.service_crosswalk,
  inclusion_data.policy, inclusion_data.policy_grid, inclusion_data.policy_reserve, inclusion_data.offer_price, inclusion_data.run_offer,
  inclusion_data.run_session, inclusion_data.run_cutoff, inclusion_data.outcome_reason,
  inclusion_data.active_list_pointer, inclusion_data.proposal_state, inclusion_data.proposal_transition,
  inclusion_data.contact_channel, inclusion_data.contact_outcome, inclusion_data.decline_reason, inclusion_data.call_reason,
  inclusion_data.satisfaction_answer, inclusion_data.quality_measure, inclusion_data.quality_model,
  inclusion_data.quality_prior, inclusion_data.quality_centre, inclusion_data.operator_share
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward,
     inclusion_import, inclusion_night, inclusion_dpo;

-- counts of a night may be small: the lead's, who asks what if; its errors quote a row
GRANT SELECT (id, as_of, perimeters, state, phase, started_at, finished_at) ON inclusion_data.run
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_import;
GRANT SELECT (id, as_of, perimeters, state, phase, parameters, counters, input_digest, result_digest, verified, event_mark,
              backend, started_at, finished_at, error_state, is_full) ON inclusion_data.run TO inclusion_steward;
GRANT SELECT ON inclusion_data.run TO inclusion_night, inclusion_dpo;
GRANT SELECT ON inclusion_data.run_holder TO inclusion_steward, inclusion_night, inclusion_dpo;

-- Agents: enrol, profile, and carry proposals forward.  They never choose the
-- number of a person, which opens the file of whoever bears it, nor move a
-- person to another structure, which a policy cannot see.  What a fingerprint
-- is made of is written by write_identity(), and the fingerprint with it.
GRANT SELECT,
  INSERT (perimeter, structure, birth_year, commune, longitude, latitude, position_origin, max_distance,
          accept_remote, accept_on_site, audiences, languages, slots, modes, last_contact_on),
  UPDATE (longitude, latitude, position_origin, max_distance,
          accept_remote, accept_on_site, audiences, languages, slots, modes, last_contact_on)
  ON inclusion_data.beneficiary
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
-- names are read by open_files() alone, which notes it, even by the officer
GRANT SELECT (beneficiary, perimeter) ON inclusion_data.identity
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_dpo;
-- what has begun can be ended, never antedated: waiting gives rank
GRANT SELECT, INSERT, UPDATE (withdrawn_on) ON inclusion_data.enrolment
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT, INSERT, UPDATE (until) ON inclusion_data.referent
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT, INSERT, UPDATE (closed_on) ON inclusion_data.expressed_need
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT, INSERT (perimeter, beneficiary, item, answer, recorded_on, n, source, agent) ON inclusion_data.circumstance
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT, INSERT ON inclusion_data.proposal_word
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
-- calls, steps and assessments are dated by the registry
GRANT SELECT, INSERT (perimeter, beneficiary, channel, outcome, agent) ON inclusion_data.contact
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT, INSERT (proposal, perimeter, n, answer, agent) ON inclusion_data.satisfaction
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT, INSERT (perimeter, beneficiary, instrument, assessed_on, agent, vector, word) ON inclusion_data.assessment
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT, INSERT (proposal, perimeter, n, from_state, to_state, agent, agent_kind, reason) ON inclusion_data.proposal_step
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_night;
GRANT SELECT, INSERT (perimeter, beneficiary, changed_on, slots, modes, languages, max_distance, accept_remote, accept_on_site, agent)
  ON inclusion_data.former_availability TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT, INSERT, DELETE ON inclusion_data.accommodation_need, inclusion_data.reachable_commune
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT ON inclusion_data.run_candidate, inclusion_data.run_result, inclusion_data.active_list,
  inclusion_data.orientation, inclusion_data.proposal
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
-- lets a verb lock the row; policy only_locked refuses to change it
GRANT UPDATE (session) ON inclusion_data.proposal
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_night;
GRANT SELECT ON inclusion_data.proposal_now, inclusion_data.struck_offer, inclusion_data.barred_offer, inclusion_data.reach
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_night, inclusion_dpo;

GRANT EXECUTE ON FUNCTION inclusion_data.calls_due(bigint[])
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;
GRANT SELECT ON inclusion_data.call_due
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator;

-- Those who run the offer.
GRANT INSERT, UPDATE ON inclusion_data.session TO inclusion_mediator, inclusion_coordinator;
-- what is held is counted by settle_seats()
GRANT INSERT (session, capacity), UPDATE (capacity) ON inclusion_data.seat TO inclusion_mediator, inclusion_coordinator;
-- the first session of an offer gives it counted seats
GRANT UPDATE (capacity_kind) ON inclusion_data.offer TO inclusion_mediator;
GRANT INSERT, UPDATE ON inclusion_data.offer_structure, inclusion_data.closure TO inclusion_coordinator;
-- never the structure of an offer, which opens the people sent to it, nor the
-- quality, which is measured
GRANT INSERT,
  UPDATE (place, name, programme, tour, service, themes, capacity_kind, weekly_seats, requires, teaches, longitude, latitude, remote,
          families, modes, audiences, only_for, accommodations, languages, slots, travels_within, price, documentation, valid, open)
  ON inclusion_data.offer TO inclusion_coordinator;
GRANT INSERT,
  UPDATE (structure, name, commune, postal_code, address, longitude, latitude, itinerant, receives_public, residents_only,
          hosts_workshops, room_seats, machines, hours, phone, email, website, booking_url, services, publics, care, fees,
          support_modes, access_modes, programmes, labels, typologies, updated_on)
  ON inclusion_data.place TO inclusion_coordinator;
GRANT INSERT, UPDATE (name, siret, kind) ON inclusion_data.structure TO inclusion_coordinator;

-- The lead: rules and published commons; of people, what a grant opens, never a name.
GRANT INSERT, UPDATE ON inclusion_data.policy, inclusion_data.policy_grid, inclusion_data.policy_reserve, inclusion_data.service_crosswalk,
  inclusion_data.session_template, inclusion_data.goal, inclusion_data.programme_profile, inclusion_data.vocabulary_label,
  inclusion_data.ordinal_level, inclusion_data.need_rule, inclusion_data.barrier, inclusion_data.question_prior,
  inclusion_data.import_heading, inclusion_data.label_crosswalk, inclusion_data.place_exclusion TO inclusion_steward;
GRANT SELECT ON inclusion_data.beneficiary, inclusion_data.enrolment,
  inclusion_data.run_candidate, inclusion_data.run_result, inclusion_data.active_list,
  inclusion_data.orientation, inclusion_data.proposal, inclusion_data.proposal_step, inclusion_data.proposal_word TO inclusion_steward;
-- what is asked for, not in whose words
GRANT SELECT (id, perimeter, beneficiary, family, goal, target, weights, opened_on, closed_on, agent) ON inclusion_data.expressed_need TO inclusion_steward;
-- its own facts to ask and ages to group by; whether a fact may rank is not the lead's to say
GRANT INSERT (code, theme, label, constraint_label, families, ask_again_days, starts_on, ends_on),
  UPDATE (label, constraint_label, ask_again_days, ends_on) ON inclusion_data.circumstance_item TO inclusion_steward;
GRANT INSERT, DELETE ON inclusion_data.theme_clearance TO inclusion_steward;
GRANT INSERT (perimeter, name, starts_on, ends_on), UPDATE (name, ends_on) ON inclusion_data.campaign TO inclusion_coordinator, inclusion_steward;
GRANT INSERT ON inclusion_data.enrolment_format, inclusion_data.enrolment_channel, inclusion_data.circumstance_theme, inclusion_data.bracket_set, inclusion_data.age_bracket TO inclusion_steward;

-- Imports: no people.
GRANT INSERT ON inclusion_data.import_line TO inclusion_import;
GRANT SELECT, INSERT, UPDATE ON inclusion_data.import_batch, inclusion_data.import_reject,
  inclusion_data.import_warning, inclusion_data.import_reason TO inclusion_import;
GRANT INSERT, UPDATE ON inclusion_data.territory, inclusion_data.territory_postal_code,
  inclusion_data.territory_shape, inclusion_data.territory_successor, inclusion_data.fragility_indicator,
  inclusion_data.fragility, inclusion_data.structure, inclusion_data.place, inclusion_data.external_reference,
  inclusion_data.offer, inclusion_data.offer_structure TO inclusion_import;
GRANT SELECT, INSERT, UPDATE, DELETE ON inclusion_data.import_record, inclusion_data.import_place TO inclusion_import;
GRANT SELECT ON inclusion_data.label_crosswalk, inclusion_data.place_exclusion TO inclusion_import;
-- numbers of new places are taken before the rows are written
GRANT USAGE ON SEQUENCE inclusion_data.place_id_seq TO inclusion_import;
GRANT EXECUTE ON FUNCTION inclusion_data.outlined_territory(jsonb), inclusion_data.load_outlines(bigint, text),
  inclusion_data.measure_import() TO inclusion_import;

-- The night: everything but names.
GRANT SELECT ON inclusion_data.beneficiary, inclusion_data.accommodation_need, inclusion_data.reachable_commune, inclusion_data.enrolment,
  inclusion_data.referent, inclusion_data.assessment, inclusion_data.circumstance, inclusion_data.expressed_need,
  inclusion_data.contact, inclusion_data.proposal_word, inclusion_data.satisfaction TO inclusion_night;
GRANT SELECT, INSERT, UPDATE, DELETE ON inclusion_data.run, inclusion_data.run_candidate, inclusion_data.run_offer,
  inclusion_data.run_holder, inclusion_data.run_cutoff, inclusion_data.run_session, inclusion_data.run_result, inclusion_data.active_list, inclusion_data.active_list_pointer TO inclusion_night;
GRANT SELECT, INSERT, DELETE ON inclusion_data.run_need TO inclusion_night;
GRANT SELECT, INSERT, UPDATE, DELETE ON inclusion_data.run_list TO inclusion_night;
GRANT SELECT, INSERT ON inclusion_data.proposal, inclusion_data.orientation TO inclusion_night;
GRANT INSERT, UPDATE ON inclusion_data.session, inclusion_data.seat TO inclusion_night;
GRANT INSERT ON inclusion_data.offer_price TO inclusion_night;
GRANT UPDATE (price, quality, quality_measured) ON inclusion_data.offer TO inclusion_night;
GRANT SELECT, INSERT, UPDATE, DELETE ON inclusion_data.quality TO inclusion_night;
GRANT INSERT ON inclusion_data.quality_model, inclusion_data.quality_prior TO inclusion_night;
GRANT SELECT ON inclusion_data.quality TO inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_dpo;

-- The data-protection officer reads everything, names through the journal.
GRANT SELECT ON inclusion_data.beneficiary, inclusion_data.accommodation_need, inclusion_data.reachable_commune,
  inclusion_data.former_availability, inclusion_data.enrolment, inclusion_data.referent, inclusion_data.assessment, inclusion_data.circumstance,
  inclusion_data.expressed_need, inclusion_data.run_need, inclusion_data.run_list, inclusion_data.run_candidate, inclusion_data.run_result, inclusion_data.active_list,
  inclusion_data.orientation, inclusion_data.proposal, inclusion_data.proposal_step, inclusion_data.proposal_word,
  inclusion_data.contact, inclusion_data.satisfaction, inclusion_data.access_grant,
  inclusion_data.import_batch, inclusion_data.import_reject, inclusion_data.import_warning TO inclusion_dpo;

-- People's rights.  An objection is known to those who follow the person, its
-- officer reads the rest and writes through the functions of 78_rights.
GRANT SELECT ON inclusion_data.purpose, inclusion_data.retention, inclusion_data.real_declaration
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward,
     inclusion_import, inclusion_night, inclusion_dpo;
GRANT SELECT ON inclusion_data.purpose_objection
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_dpo;
GRANT SELECT ON inclusion_data.purpose_table, inclusion_data.restriction, inclusion_data.objection,
  inclusion_data.anonymous_enrolment, inclusion_data.backup_log TO inclusion_dpo;
GRANT INSERT, UPDATE ON inclusion_data.retention, inclusion_data.purpose_table TO inclusion_dpo;
GRANT INSERT ON inclusion_data.backup_log TO inclusion_dpo;
-- The journal: written by a definer function, sealed by the night or the
-- officer, read by the officer.  Who opens a file must see the person, by
-- whatever policies the person has.
CREATE POLICY dpo_insert ON inclusion_data.file_opening FOR INSERT TO inclusion_dpo WITH CHECK (true);
CREATE POLICY person_seen ON inclusion_data.file_opening AS RESTRICTIVE FOR INSERT
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_dpo
  WITH CHECK (EXISTS (SELECT FROM inclusion_data.beneficiary b
                      WHERE b.id = file_opening.beneficiary AND b.perimeter = file_opening.perimeter));
CREATE POLICY name_open ON inclusion_data.file_opening AS RESTRICTIVE FOR INSERT
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward
  WITH CHECK (NOT named
              OR perimeter COLLATE "default" = ANY ((SELECT inclusion_data.perimeters_of(current_user))::text[])
              OR beneficiary = ANY ((SELECT inclusion_data.identities_of(current_user))::bigint[]));
GRANT INSERT (beneficiary, perimeter, named) ON inclusion_data.file_opening
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_dpo;
GRANT EXECUTE ON FUNCTION inclusion_data.open_files(text)
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_dpo;
GRANT EXECUTE ON FUNCTION inclusion_data.write_seals(text) TO inclusion_night, inclusion_dpo;
GRANT EXECUTE ON FUNCTION inclusion_data.journal_row_hash(inclusion_data.journal),
  inclusion_data.journal_seal_hash(inclusion_data.journal_seal),
  inclusion_data.journal_covered(inclusion_data.journal, inclusion_data.journal_seal) TO inclusion_dpo;
GRANT SELECT ON inclusion_data.journal, inclusion_data.journal_seal TO inclusion_dpo;
GRANT SELECT ON inclusion_data.journal_action
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_night, inclusion_dpo;

-- A plan's count of rows comes from statistics of everybody: none is kept of
-- what tells people apart, and no plan of ours needs one.
ALTER TABLE inclusion_data.beneficiary
  ALTER birth_year SET STATISTICS 0, ALTER commune SET STATISTICS 0, ALTER longitude SET STATISTICS 0, ALTER latitude SET STATISTICS 0,
  ALTER max_distance SET STATISTICS 0, ALTER audiences SET STATISTICS 0, ALTER languages SET STATISTICS 0, ALTER slots SET STATISTICS 0,
  ALTER modes SET STATISTICS 0, ALTER geom SET STATISTICS 0;
ALTER TABLE inclusion_data.identity
  ALTER first_name SET STATISTICS 0, ALTER last_name SET STATISTICS 0, ALTER phone SET STATISTICS 0, ALTER email SET STATISTICS 0;
ALTER TABLE inclusion_data.accommodation_need ALTER code SET STATISTICS 0;

-- Last, since it goes through every table about people.
CALL inclusion.protect_restricted();
