/*
 * 45_session: what a session's fate does to those expected at it.
 */

-- To change a session is the structure's that carries the offer.
CREATE FUNCTION inclusion.require_carrier(session bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT (SELECT inclusion.speaks_for_offer(s.offer) FROM inclusion_data.session s WHERE s.id = require_carrier.session) THEN
    RAISE EXCEPTION 'role "%" does not run session %', current_user, session
      USING ERRCODE = 'insufficient_privilege', HINT = 'The structure that carries the offer changes its sessions.';
  END IF;
END
$$;

-- The day from which nobody is proposed a place any more: that of the session,
-- or the last of a week.
CREATE FUNCTION inclusion.session_deadline(capacity_kind text, starts_at timestamptz, ends_at timestamptz, time_zone text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE capacity_kind WHEN 'weekly' THEN (ends_at AT TIME ZONE time_zone - interval '1 microsecond')::date
                          ELSE (starts_at AT TIME ZONE time_zone)::date END;

-- The slots a session takes up: morning to noon, afternoon to six, evening.
CREATE FUNCTION inclusion.session_slots(starts_at timestamptz, ends_at timestamptz, time_zone text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT array_agg(DISTINCT (ARRAY['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'])[extract(isodow FROM d)::int] || v.suffix)
  FROM generate_series((starts_at AT TIME ZONE time_zone)::date::timestamp, ends_at AT TIME ZONE time_zone, interval '1 day') d
  CROSS JOIN (VALUES ('_am', interval '0', interval '12 hours'), ('_pm', interval '12 hours', interval '18 hours'),
                     ('_ev', interval '18 hours', interval '24 hours')) AS v (suffix, since, until)
  WHERE tsrange(d + v.since, d + v.until) && tsrange(starts_at AT TIME ZONE time_zone, ends_at AT TIME ZONE time_zone)
$$;

-- What the offer is at this session: its hours, and where it is held elsewhere
-- than the offer's place, that position and what is brought along, but not what
-- the usual place has.
CREATE FUNCTION inclusion.supply_at(session bigint) RETURNS inclusion.supply
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.make_supply_1(o.requires, o.teaches,
           CASE WHEN e.elsewhere THEN p.longitude ELSE o.longitude END, CASE WHEN e.elsewhere THEN p.latitude ELSE o.latitude END,
           o.remote, o.families, o.modes, o.audiences, o.only_for,
           CASE WHEN e.elsewhere THEN ARRAY(SELECT a FROM unnest(o.accommodations) a
                                            JOIN inclusion.codes('accommodation') c ON c.code = a WHERE c.kind = 'personal')
                ELSE o.accommodations END,
           o.languages, CASE o.capacity_kind WHEN 'weekly' THEN o.slots ELSE inclusion.session_slots(s.starts_at, s.ends_at, m.time_zone) END,
           o.travels_within, o.quality, o.price, o.valid, true)
  FROM inclusion_data.session s
  JOIN inclusion_data.offer o ON o.id = s.offer
  JOIN inclusion_data.perimeter m ON m.code = s.perimeter
  LEFT JOIN inclusion_data.place p ON p.id = s.place
  CROSS JOIN LATERAL (SELECT p.longitude IS NOT NULL AND coalesce(s.place <> o.place, true) AND NOT o.remote AS elsewhere) e
  WHERE s.id = supply_at.session
$$;

-- Those who hold a seat of a session, as far as the caller sees them, with the
-- way to reach those whose names are open to them, and who follows them.
-- `unsuited` is what stands in the way now and did not `before` the session
-- changed, NULL if nothing: a place once given is only lost to distance, slots
-- or accommodations.
CREATE FUNCTION inclusion.expected_at(session bigint, before inclusion.supply DEFAULT NULL)
RETURNS TABLE (proposal bigint, beneficiary bigint, state text, unsuited text, first_name text, last_name text, phone text,
               email text, contact_by text, referent bigint, referent_name text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  given constant inclusion.supply := CASE WHEN before IS NOT NULL THEN inclusion.supply_at(expected_at.session) END;
  people bigint[];
BEGIN
  PERFORM FROM inclusion_data.proposal p WHERE p.session = expected_at.session ORDER BY p.id FOR UPDATE;
  PERFORM FROM inclusion_data.seat t WHERE t.session = expected_at.session FOR UPDATE;
  SELECT array_agg(w.beneficiary) INTO people FROM inclusion_data.proposal_now w
  WHERE w.session = expected_at.session AND w.state IN ('proposed', 'to_reach', 'agreed', 'confirmed', 'booked');
  RETURN QUERY
  SELECT w.id, w.beneficiary, w.state,
         (SELECT string_agg(inclusion.refusal_label(x), ' ; ' ORDER BY i)
          FROM inclusion_data.need_rows(ARRAY[w.perimeter], inclusion.today(w.perimeter), 'learn', false) m
          CROSS JOIN LATERAL inclusion.match_terms(given, m.need) t CROSS JOIN LATERAL inclusion.match_terms(before, m.need) b
          CROSS JOIN LATERAL unnest(t.reasons) WITH ORDINALITY AS u (x, i)
          WHERE given IS NOT NULL AND m.beneficiary = w.beneficiary
            AND x IN ('too_far', 'slot', 'accommodation') AND x <> ALL (b.reasons)),
         c.first_name, c.last_name, c.phone, c.email, c.contact_by, a.id, a.name
  FROM inclusion_data.proposal_now w
  LEFT JOIN inclusion.read_contacts(people) c ON c.beneficiary = w.beneficiary
  LEFT JOIN inclusion_data.referent r ON r.beneficiary = w.beneficiary AND r.perimeter = w.perimeter
    AND (r.until IS NULL OR r.until > inclusion.today(w.perimeter)) AND r.since <= inclusion.today(w.perimeter)
  LEFT JOIN inclusion_data.agent a ON a.id = r.agent
  WHERE w.session = expected_at.session AND w.state IN ('proposed', 'to_reach', 'agreed', 'confirmed', 'booked')
  ORDER BY w.id;
END
$$;

-- The place is gone for this person, who waits again with the days they had.
CREATE FUNCTION inclusion.call_off(proposal bigint, state text, reason text, agent bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.advance_proposal(proposal, CASE state WHEN 'booked' THEN 'session_cancelled' ELSE 'withdrawn' END, agent, reason)
$$;

-- cancel_session: nobody comes.  Those booked are told so by their state, the
-- others' proposals are withdrawn; everybody waits again with the days they had.
-- Returns those to tell.  The seat is locked before they are counted: a booking
-- or a night's publication comes before and is seen, or after and sees the
-- cancellation.
CREATE FUNCTION inclusion.cancel_session(session bigint, reason text DEFAULT NULL, agent bigint DEFAULT NULL)
RETURNS TABLE (proposal bigint, beneficiary bigint, state text, first_name text, last_name text, phone text, email text,
               contact_by text, referent bigint, referent_name text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  acts constant bigint := inclusion.acting_agent(cancel_session.agent);
  told record;
BEGIN
  PERFORM inclusion.perimeter_of_session(cancel_session.session), inclusion.check_note(cancel_session.reason);
  PERFORM inclusion.require_carrier(cancel_session.session);
  UPDATE inclusion_data.session s SET state = 'cancelled', changed_at = now()
  WHERE s.id = cancel_session.session AND s.state IN ('open', 'closed');
  IF NOT FOUND THEN
    RAISE EXCEPTION 'session % is already cancelled or held', session
      USING ERRCODE = 'IN303', HINT = 'Only a session still to come can be cancelled.';
  END IF;
  FOR told IN SELECT e.* FROM inclusion.expected_at(cancel_session.session) e LOOP
    PERFORM inclusion.call_off(told.proposal, told.state, coalesce(nullif(btrim(cancel_session.reason, E' \t\r\n'), ''), 'séance annulée'), acts);
    RETURN QUERY SELECT told.proposal, told.beneficiary, told.state, told.first_name, told.last_name, told.phone, told.email,
                        told.contact_by, told.referent, told.referent_name;
  END LOOP;
  PERFORM inclusion_data.settle_session(cancel_session.session);
END
$$;

-- move_session: another time, another place.  Those whom it still suits keep
-- their place and are to be told; those whom distance, slots or accommodations
-- now keep away lose it, and wait again with the days they had.  Returns them
-- all: `kept` or not, and then why.
CREATE FUNCTION inclusion.move_session(session bigint, starts_at timestamptz, ends_at timestamptz,
                                       place bigint DEFAULT NULL, agent bigint DEFAULT NULL)
RETURNS TABLE (proposal bigint, beneficiary bigint, state text, kept boolean, why text, first_name text, last_name text,
               phone text, email text, contact_by text, referent bigint, referent_name text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  here constant text := inclusion.perimeter_of_session(move_session.session);
  before constant inclusion.supply := inclusion.supply_at(move_session.session);
  told record;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.require_carrier(move_session.session);
  UPDATE inclusion_data.session s
  SET starts_at = move_session.starts_at, ends_at = move_session.ends_at,
      place = coalesce(move_session.place, s.place), confirmed_on = inclusion.today(here), changed_at = now()
  WHERE s.id = move_session.session AND s.state = 'open';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'session % is not open', session
      USING ERRCODE = 'IN303', HINT = 'Only an open session can be moved; open another one.';
  END IF;
  FOR told IN SELECT e.* FROM inclusion.expected_at(move_session.session, before) e LOOP
    IF told.unsuited IS NOT NULL THEN
      PERFORM inclusion.call_off(told.proposal, told.state, 'séance déplacée : ' || told.unsuited, inclusion.acting_agent(move_session.agent));
    END IF;
    RETURN QUERY SELECT told.proposal, told.beneficiary, told.state, told.unsuited IS NULL, told.unsuited, told.first_name, told.last_name,
                        told.phone, told.email, told.contact_by, told.referent, told.referent_name;
  END LOOP;
  PERFORM inclusion_data.settle_session(move_session.session);
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN201', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- hold_session: it took place; nothing moves it any more.  The night says so of
-- those over where somebody came.
CREATE FUNCTION inclusion.hold_session(session bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.perimeter_of_session(hold_session.session);
  PERFORM inclusion.require_carrier(hold_session.session);
  UPDATE inclusion_data.session s SET state = 'held'
  WHERE s.id = hold_session.session AND s.state IN ('open', 'closed') AND s.starts_at <= now();
  IF NOT FOUND THEN
    RAISE EXCEPTION 'session % is not one that has begun', session
      USING ERRCODE = 'IN303', HINT = 'SELECT state, starts_at FROM inclusion_data.session tells; one cancelled or held stays so.';
  END IF;
END
$$;

-- confirm_seats: the coming sessions of an offer are still right.  Seats that
-- nobody confirms for as long as the policy says are no longer promised.
-- Returns how many sessions.
CREATE FUNCTION inclusion.confirm_seats(offer bigint) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
  confirmed int;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT o.perimeter INTO here FROM inclusion_data.offer o WHERE o.id = confirm_seats.offer;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown offer %', offer
      USING ERRCODE = 'IN202', HINT = 'SELECT id, name FROM inclusion_data.offer lists them.';
  END IF;
  UPDATE inclusion_data.session s SET confirmed_on = inclusion.today(here)
  WHERE s.offer = confirm_seats.offer AND s.state = 'open' AND s.ends_at > now();
  GET DIAGNOSTICS confirmed = ROW_COUNT;
  RETURN confirmed;
END
$$;

COMMENT ON FUNCTION inclusion.require_carrier(bigint) IS 'Qui tient la séance : erreur si ce n''est pas la structure qui porte l''offre.';
COMMENT ON FUNCTION inclusion.session_deadline(text, timestamptz, timestamptz, text) IS 'Dernier jour d''une séance : celui à partir duquel on ne la propose plus.';
COMMENT ON FUNCTION inclusion.session_slots(timestamptz, timestamptz, text) IS 'Créneaux d''une séance : ceux qu''elle occupe, à l''heure du lieu.';
COMMENT ON FUNCTION inclusion.supply_at(bigint) IS 'Offre à cette séance : à son heure et en son lieu.';
COMMENT ON FUNCTION inclusion.expected_at(bigint, inclusion.supply) IS 'Personnes attendues à une séance : avec leur contact, leur référent, et ce qui ne convient plus.';
COMMENT ON FUNCTION inclusion.call_off(bigint, text, text, bigint) IS 'Place perdue : la personne attend de nouveau, avec ses jours d''attente.';
COMMENT ON FUNCTION inclusion.cancel_session(bigint, text, bigint) IS 'Séance annulée : chacun attend de nouveau ; rend les personnes à prévenir.';
COMMENT ON FUNCTION inclusion.move_session(bigint, timestamptz, timestamptz, bigint, bigint) IS 'Séance déplacée : autre heure, autre lieu ; rend les personnes à prévenir, et celles à qui elle ne convient plus.';
COMMENT ON FUNCTION inclusion.hold_session(bigint) IS 'Séance tenue : elle a eu lieu, et ne change plus.';
COMMENT ON FUNCTION inclusion.confirm_seats(bigint) IS 'Places confirmées : les séances à venir d''une offre sont toujours justes ; rend leur nombre.';
