/*
 * 85_call_value: what ringing a place would be worth.  Owner's rights: the lead
 * knows how many first choices a call would change, and nobody's need.
 */

-- What is not known of offers, with how likely each answer is; `better`: one that
-- suits more people than what is known, others suit fewer.  What a structure
-- declares itself is known; what a national file says of levels and publics was
-- supposed from a service.
CREATE FUNCTION inclusion_data.unknown_of_offers(perimeter text) RETURNS TABLE (offer bigint, subject text, better boolean, percent int)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.id, q.subject, q.answer IN ('higher', 'welcomed'), q.percent
  FROM inclusion_data.offer o
  JOIN inclusion_data.question_prior q ON
       q.subject = 'level' AND 'learn' = ANY (o.families) AND (o.declared_by = 'import' OR o.teaches IS NULL)
    OR q.subject = 'public' AND o.declared_by = 'import' AND o.audiences = '{}' AND o.only_for = '{}'
    OR q.subject = 'format' AND o.modes = '{}'
    OR q.subject = 'seats' AND o.capacity_kind = 'unknown'
  WHERE o.perimeter = unknown_of_offers.perimeter AND o.open AND q.percent > 0
$$;

-- What those offers would be, the better answer heard: two levels more of what
-- they are said to teach, and the first steps where nothing is; every public.
CREATE FUNCTION inclusion_data.supposed_offers(perimeter text, subject text) RETURNS TABLE (id bigint, supply inclusion.supply)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH asked AS MATERIALIZED (
    SELECT o.*, coalesce(o.teaches, (SELECT p.target FROM inclusion_data.programme_profile p WHERE p.code = 'basics')) AS said
    FROM inclusion_data.unknown_of_offers(supposed_offers.perimeter) u JOIN inclusion_data.offer o ON o.id = u.offer
    WHERE u.subject = supposed_offers.subject AND u.better
  ), higher AS MATERIALIZED (
    -- few levels are said, of many offers
    SELECT a.said, (SELECT ('pix{' || string_agg(s.code || '=' || least(s.points / 8 + 2, 8), ',') || '}')::inclusion.competence_vector
                    FROM inclusion.slots(a.said) s) AS teaches
    FROM (SELECT DISTINCT b.said FROM asked b) a
  )
  SELECT a.id, inclusion.make_supply_1(
    CASE WHEN supposed_offers.subject <> 'level' THEN a.requires END,
    CASE WHEN supposed_offers.subject = 'level' THEN h.teaches ELSE a.teaches END,
    a.longitude, a.latitude, a.remote, a.families, a.modes,
    CASE WHEN supposed_offers.subject = 'public' THEN v.codes ELSE a.audiences END,
    a.only_for, a.accommodations, a.languages, a.slots, a.travels_within, a.quality, a.price, a.valid, a.open)
  FROM asked a
  LEFT JOIN higher h ON h.said OPERATOR(inclusion.=) a.said
  CROSS JOIN (SELECT array_agg(c.code) AS codes FROM inclusion.codes('audience') c WHERE c.code !~ '^custom_') v
$$;

-- Of the `people` who have waited longest to learn, each with their need: one by
-- one, so that it costs the same however many wait behind them.
CREATE FUNCTION inclusion_data.longest_waiting(perimeter text, day date, people int)
RETURNS TABLE (beneficiary bigint, need inclusion.need, names_public boolean, names_format boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT b.id, inclusion.need_supposing(b.id, b.perimeter, longest_waiting.day, 'learn', NULL, NULL, NULL), b.audiences <> '{}', b.modes <> '{}'
  FROM (SELECT e.beneficiary, e.enrolled_on
        FROM inclusion_data.enrolment e
        JOIN inclusion_data.expressed_need w ON w.beneficiary = e.beneficiary AND w.perimeter = e.perimeter AND w.family = 'learn'
          AND w.opened_on <= longest_waiting.day AND w.closed_on IS NULL
        WHERE e.perimeter = longest_waiting.perimeter AND e.enrolled_on <= longest_waiting.day AND e.withdrawn_on IS NULL
          AND NOT inclusion.among(e.beneficiary, (SELECT inclusion_data.set_aside('active_list')))
        ORDER BY e.enrolled_on, e.beneficiary LIMIT longest_waiting.people) f
  JOIN inclusion_data.beneficiary b ON b.id = f.beneficiary AND b.perimeter = longest_waiting.perimeter
$$;

-- Of those people, how many are expected to see another offer come first once
-- this is known of that one.  What a person declined, has followed, or cannot get
-- to, changes nothing for them.
CREATE FUNCTION inclusion_data.call_values(who name, perimeter text, day date, people int)
RETURNS TABLE (offer bigint, subject text, changes float8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH waiting AS MATERIALIZED (
    SELECT w.* FROM inclusion_data.longest_waiting(call_values.perimeter, day, people) w
    WHERE pg_has_role(session_user, who, 'MEMBER')
      AND (inclusion_data.reads_every_theme(who) OR call_values.perimeter = ANY (inclusion_data.perimeters_of(who)))
  ), struck AS MATERIALIZED (
    SELECT x.beneficiary, x.offer FROM inclusion_data.struck_offer x
    WHERE x.perimeter = call_values.perimeter AND x.beneficiary = ANY (ARRAY(SELECT w.beneficiary FROM waiting w))
  ), head AS MATERIALIZED (
    SELECT w.beneficiary, w.need, w.names_public, w.names_format, f.offer, f.cost
    FROM waiting w
    LEFT JOIN (SELECT s.beneficiary, array_agg(s.offer) AS offers FROM struck s GROUP BY s.beneficiary) x ON x.beneficiary = w.beneficiary
    CROSS JOIN LATERAL inclusion.first_offer(w.need, coalesce(x.offers, '{}')) f
  ), changed AS (
    -- an answer that brings the offer before the first
    SELECT a.offer, 'level' AS subject, true AS better, h.beneficiary
    FROM head h CROSS JOIN LATERAL unnest(inclusion.offers_ahead(h.need, coalesce(h.cost, 'infinity'), coalesce(h.offer, 0),
      format('SELECT id, supply FROM inclusion_data.supposed_offers(%L, ''level'')', call_values.perimeter))) AS a (offer)
    WHERE coalesce(a.offer <> h.offer, true)
    UNION ALL
    SELECT a.offer, 'public', true, h.beneficiary
    FROM head h CROSS JOIN LATERAL unnest(inclusion.offers_ahead(h.need, coalesce(h.cost, 'infinity'), coalesce(h.offer, 0),
      format('SELECT id, supply FROM inclusion_data.supposed_offers(%L, ''public'')', call_values.perimeter))) AS a (offer)
    WHERE coalesce(a.offer <> h.offer, true)
    UNION ALL
    -- one that takes the first away
    SELECT h.offer, v.subject, false, h.beneficiary
    FROM head h JOIN (VALUES ('seats'), ('public'), ('format')) v (subject)
      ON v.subject = 'seats' OR v.subject = 'public' AND h.names_public OR v.subject = 'format' AND h.names_format
  ), counted AS (
    SELECT c.offer, c.subject, c.better, count(*) AS people
    FROM changed c LEFT JOIN struck s ON s.beneficiary = c.beneficiary AND s.offer = c.offer
    WHERE s.offer IS NULL
    GROUP BY c.offer, c.subject, c.better
  )
  SELECT u.offer, u.subject, sum(u.percent * c.people) / 100.0::float8
  FROM inclusion_data.unknown_of_offers(call_values.perimeter) u
  JOIN counted c ON c.offer = u.offer AND c.subject = u.subject AND c.better = u.better
  GROUP BY u.offer, u.subject
$$;

REVOKE ALL ON FUNCTION inclusion_data.unknown_of_offers(text), inclusion_data.supposed_offers(text, text),
  inclusion_data.longest_waiting(text, date, int), inclusion_data.call_values(name, text, date, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.call_values(name, text, date, int) TO inclusion_coordinator, inclusion_steward;
COMMENT ON FUNCTION inclusion_data.unknown_of_offers(text) IS
  'Inconnues des offres : ce qu''on ne sait pas de chacune, et chaque réponse possible avec sa part.';
COMMENT ON FUNCTION inclusion_data.supposed_offers(text, text) IS
  'Offres supposées : ce que celles dont on l''ignore deviendraient, cette réponse entendue.';
COMMENT ON FUNCTION inclusion_data.longest_waiting(text, date, int) IS
  'Attentes les plus longues : les personnes à compter, chacune avec son besoin d''apprendre.';
COMMENT ON FUNCTION inclusion_data.call_values(name, text, date, int) IS
  'Valeur d''un appel : premiers choix qu''il changerait, par offre et par question ; aucun besoin n''est rendu.';
