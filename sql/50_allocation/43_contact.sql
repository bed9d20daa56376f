/*
 * 43_contact: reaching people, and knowing whom to reach.
 */

-- note_contact: somebody rang or wrote to a person; whatever the account, since
-- nothing is said in the person's name.
CREATE FUNCTION inclusion.note_contact(beneficiary bigint, channel text DEFAULT 'phone', outcome text DEFAULT 'reached',
                                       agent bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(note_contact.beneficiary);
BEGIN
  PERFORM inclusion.check_channel(note_contact.channel),
          inclusion.check_word('outcome', note_contact.outcome,
            (SELECT array_agg(o.code ORDER BY o.code) FROM inclusion_data.contact_outcome o));
  IF (SELECT o.is_met FROM inclusion_data.contact_outcome o WHERE o.code = note_contact.outcome) THEN
    PERFORM inclusion.touch_contact(note_contact.beneficiary, here);
  ELSE
    PERFORM inclusion.hold_file(note_contact.beneficiary, here);
  END IF;
  INSERT INTO inclusion_data.contact (perimeter, beneficiary, channel, outcome, agent)
  VALUES (here, note_contact.beneficiary, note_contact.channel, note_contact.outcome, inclusion.acting_agent(note_contact.agent));
END
$$;

-- attempts_missing: how many more attempts the policy asks for before this
-- proposal may expire.
CREATE FUNCTION inclusion.attempts_missing(proposal bigint) RETURNS int
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT greatest(0, k.contact_attempts - (SELECT count(*) FROM inclusion_data.contact c
                                           WHERE c.beneficiary = p.beneficiary AND c.perimeter = p.perimeter AND c.at >= p.created_at))::int
  FROM inclusion_data.proposal p
  JOIN inclusion_data.policy k ON k.id = inclusion.policy_in_force(p.perimeter, inclusion.today(p.perimeter))
  WHERE p.id = attempts_missing.proposal
$$;

-- contact_attempt: an attempt to reach the person of a proposal.  Returns how
-- many more are due before it may expire; from then on silence is an answer.
CREATE FUNCTION inclusion.contact_attempt(proposal bigint, channel text DEFAULT 'phone', outcome text DEFAULT 'no_answer',
                                          agent bigint DEFAULT NULL) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.lock_proposal(contact_attempt.proposal);
  PERFORM inclusion.note_contact(p.beneficiary, contact_attempt.channel, contact_attempt.outcome, contact_attempt.agent)
  FROM inclusion_data.proposal p WHERE p.id = contact_attempt.proposal;
  RETURN inclusion.attempts_missing(contact_attempt.proposal);
END
$$;

-- The people an agent may have to ring: those they are, or were, the referent of,
-- those of their structure, and those whom its offers were proposed to.
CREATE FUNCTION inclusion.people_to_ring(agent bigint) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH who AS (SELECT a.id, a.structure FROM inclusion_data.agent a WHERE a.id = people_to_ring.agent)
  SELECT coalesce(array_agg(DISTINCT v.beneficiary), '{}') FROM (
    SELECT f.beneficiary FROM who w JOIN inclusion_data.referent f ON f.agent = w.id
    UNION ALL
    SELECT b.id FROM who w JOIN inclusion_data.beneficiary b ON b.structure = w.structure
    UNION ALL
    SELECT p.beneficiary FROM who w JOIN inclusion_data.offer o ON o.structure = w.structure JOIN inclusion_data.proposal p ON p.offer = o.id) v
$$;

-- my_calls: whom an agent is to ring, why and since when, the most pressing
-- first: the people they are the referent of, those of their structure who have
-- none, and those whom their structure's offers await.  NULL: who is connected.
CREATE FUNCTION inclusion.my_calls(agent bigint DEFAULT NULL)
RETURNS TABLE (beneficiary bigint, proposal bigint, reason text, why text, advice text, since date, due_on date, attempts int,
               offer_name text, session_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  who constant bigint := coalesce(my_calls.agent, inclusion.acting_agent(NULL));
BEGIN
  PERFORM inclusion.require_registry();
  IF NOT EXISTS (SELECT FROM inclusion_data.agent a WHERE a.id = who) THEN
    RAISE EXCEPTION 'unknown agent %', who
      USING ERRCODE = 'IN305', HINT = 'SELECT id, name FROM inclusion_data.agent lists them.';
  END IF;
  RETURN QUERY
  SELECT d.beneficiary, d.proposal, d.reason, r.label, r.advice, (d.since AT TIME ZONE z.time_zone)::date, d.due_on, d.attempts,
         o.name, s.starts_at
  FROM inclusion_data.calls_due(inclusion.people_to_ring(who)) d
  JOIN inclusion_data.call_reason r ON r.code = d.reason
  JOIN inclusion_data.perimeter z ON z.code = d.perimeter
  LEFT JOIN inclusion_data.proposal p ON p.id = d.proposal AND p.perimeter = d.perimeter
  LEFT JOIN inclusion_data.offer o ON o.id = p.offer
  LEFT JOIN inclusion_data.session s ON s.id = p.session
  WHERE d.referent = who
     OR (d.referent IS NULL AND d.structure = (SELECT a.structure FROM inclusion_data.agent a WHERE a.id = who))
  ORDER BY d.urgency, d.due_on, d.since, d.beneficiary;
END
$$;

COMMENT ON FUNCTION inclusion.note_contact(bigint, text, text, bigint) IS 'Contact noté : un appel ou un message à une personne, abouti ou non.';
COMMENT ON FUNCTION inclusion.attempts_missing(bigint) IS 'Essais restants : avant qu''une proposition puisse expirer, selon la politique.';
COMMENT ON FUNCTION inclusion.contact_attempt(bigint, text, text, bigint) IS 'Essai de contact : pour une proposition ; rend combien il en manque avant qu''elle puisse expirer.';
COMMENT ON FUNCTION inclusion.people_to_ring(bigint) IS 'Personnes à rappeler peut-être : suivies par l''agent ou sa structure, ou à qui ses offres ont été proposées.';
COMMENT ON FUNCTION inclusion.my_calls(bigint) IS 'Mes appels : qui rappeler, pourquoi et depuis quand, le plus pressé d''abord.';
