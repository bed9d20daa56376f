/*
 * 85_call_value: what ringing a place would be worth.  Owner's rights: the lead
 * knows how many first choices a call would change, and nobody's need.
 */

-- Offers of which something is not known, and what each answer would make of
-- them; NULL: none to be proposed.  What a structure declares itself is known;
-- what a national file says of levels and publics was supposed from a service.
CREATE FUNCTION inclusion_data.unknown_of_offers(perimeter text)
RETURNS TABLE (offer bigint, subject text, percent int, becomes inclusion.supply)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.id, q.subject, q.percent,
         CASE WHEN q.answer IN ('higher', 'welcomed') THEN inclusion.make_supply_1(
           CASE WHEN q.answer <> 'higher' THEN o.requires END,
           CASE WHEN q.answer = 'higher' THEN h.teaches ELSE o.teaches END,
           o.longitude, o.latitude, o.remote, o.families, o.modes,
           CASE WHEN q.answer = 'welcomed' THEN a.codes ELSE o.audiences END,
           o.only_for, o.accommodations, o.languages, o.slots, o.travels_within, o.quality, o.price, o.valid, o.open) END
  FROM inclusion_data.offer o
  JOIN inclusion_data.question_prior q ON
       q.subject = 'level' AND 'learn' = ANY (o.families) AND (o.declared_by = 'import' OR o.teaches IS NULL)
    OR q.subject = 'public' AND o.declared_by = 'import' AND o.audiences = '{}' AND o.only_for = '{}'
    OR q.subject = 'format' AND o.modes = '{}'
    OR q.subject = 'seats' AND o.capacity_kind = 'unknown'
  -- two levels more of what it is said to teach, and the first steps where nothing is
  LEFT JOIN LATERAL (
    SELECT ('pix{' || string_agg(s.code || '=' || least(s.points / 8 + 2, 8), ',') || '}')::inclusion.competence_vector AS teaches
    FROM inclusion.slots(coalesce(o.teaches, (SELECT p.target FROM inclusion_data.programme_profile p WHERE p.code = 'basics'))) s) h ON q.subject = 'level'
  CROSS JOIN (SELECT array_agg(c.code) AS codes FROM inclusion.codes('audience') c WHERE c.code !~ '^custom_') a
  WHERE o.perimeter = unknown_of_offers.perimeter AND o.open AND q.percent > 0
$$;

-- Of the `people` who have waited longest to learn, how many are expected to see
-- another offer come first once this is known of that one.
CREATE FUNCTION inclusion_data.call_values(who name, perimeter text, day date, people int)
RETURNS TABLE (offer bigint, subject text, changes float8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH waiting AS MATERIALIZED (
    SELECT n.beneficiary, n.need, b.audiences <> '{}' AS names_public, b.modes <> '{}' AS names_format, inclusion.match_offers(n.need, 1) AS list
    FROM inclusion_data.need_rows(ARRAY[call_values.perimeter], day, 'learn', true) n
    JOIN inclusion_data.beneficiary b ON b.id = n.beneficiary AND b.perimeter = n.perimeter
    JOIN inclusion_data.enrolment e ON e.beneficiary = b.id AND e.perimeter = b.perimeter AND e.withdrawn_on IS NULL
    WHERE pg_has_role(session_user, who, 'MEMBER')
      AND (inclusion_data.reads_every_theme(who) OR call_values.perimeter = ANY (inclusion_data.perimeters_of(who)))
    ORDER BY e.enrolled_on, n.beneficiary LIMIT call_values.people
  ), head AS MATERIALIZED (
    SELECT w.beneficiary, w.need, w.names_public, w.names_format, (w.list).offers[1] AS offer, (w.list).costs[1] AS cost FROM waiting w
  ), counted AS (
    -- an answer that brings the offer before the first
    SELECT u.offer, u.subject, u.percent, count(*) AS people
    FROM inclusion_data.unknown_of_offers(call_values.perimeter) u
    JOIN head h ON u.becomes OPERATOR(inclusion.@@) h.need AND coalesce(u.offer <> h.offer, true)
      AND (h.offer IS NULL OR u.becomes OPERATOR(inclusion.<=>) h.need < h.cost
           OR u.becomes OPERATOR(inclusion.<=>) h.need = h.cost AND u.offer < h.offer)
    WHERE u.becomes IS NOT NULL
    GROUP BY u.offer, u.subject, u.percent
    UNION ALL
    -- one that takes the first away
    SELECT u.offer, u.subject, u.percent, count(*)
    FROM inclusion_data.unknown_of_offers(call_values.perimeter) u
    JOIN head h ON h.offer = u.offer
      AND (u.subject = 'seats' OR u.subject = 'public' AND h.names_public OR u.subject = 'format' AND h.names_format)
    WHERE u.becomes IS NULL
    GROUP BY u.offer, u.subject, u.percent
  )
  SELECT c.offer, c.subject, sum(c.percent * c.people) / 100.0::float8 FROM counted c GROUP BY c.offer, c.subject
$$;

REVOKE ALL ON FUNCTION inclusion_data.unknown_of_offers(text), inclusion_data.call_values(name, text, date, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.call_values(name, text, date, int) TO inclusion_coordinator, inclusion_steward;
COMMENT ON FUNCTION inclusion_data.unknown_of_offers(text) IS
  'Inconnues des offres : ce qu''on ne sait pas de chacune, et ce que chaque réponse en ferait.';
COMMENT ON FUNCTION inclusion_data.call_values(name, text, date, int) IS
  'Valeur d''un appel : premiers choix qu''il changerait, par offre et par question ; aucun besoin n''est rendu.';
