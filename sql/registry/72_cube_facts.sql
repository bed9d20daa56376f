/*
 * 72_cube_facts: from the facts to what is known of each person: the one place
 * where an indicator's "who, when and what" is decided.  It looks at no
 * calendar: the same facts give the same rows, whatever the day.
 */

-- Points from which a change is no error of measure, but 5 times in 100: the
-- published study's, never those of the people measured here.
CREATE FUNCTION inclusion_data.smallest_change(norm_sd float8, reliability float8) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN greatest(ceil(1.96 * 8 * norm_sd * sqrt(2 * (1 - reliability)) - 1e-9), 1)::int;

-- Two findings compared: mean levels, in thousandths of a point, of what both
-- say (of the first alone, without a second); and whether the person is better
-- off, or worse, by more than the instrument confuses.  One row; a set, to be
-- inlined.
CREATE FUNCTION inclusion_data.compare_findings(pre inclusion.competence_vector, post inclusion.competence_vector, smallest_change int)
RETURNS TABLE (pre_level int, post_level int, improved boolean, worsened boolean)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT (1000 * CASE WHEN count(d.post) = 0 THEN sum(d.pre) / nullif(count(*), 0)::numeric
                      ELSE sum(d.pre) FILTER (WHERE d.post IS NOT NULL) / count(d.post)::numeric END)::int,
    (1000 * sum(d.post) / nullif(count(d.post), 0)::numeric)::int,
    bool_or(d.post - d.pre >= compare_findings.smallest_change) AND NOT bool_or(d.pre - d.post >= compare_findings.smallest_change),
    bool_or(d.pre - d.post >= compare_findings.smallest_change)
  FROM (SELECT s.points AS pre, inclusion.points(compare_findings.post, s.code) AS post FROM inclusion.slots(compare_findings.pre) s) d;
END;

-- What became of these people's proposals: a journey goes from the first time
-- they came to the last.  Apart from the rest, since it alone goes from people
-- to proposals to steps by their indexes.
CREATE FUNCTION inclusion_data.cube_journeys(here text, people bigint[])
RETURNS TABLE (beneficiary bigint, came_at timestamptz, proposed_on date, agreed_on date, came_on date, last_on date, completed_on date,
               stopped_on date, offer bigint, attended_count int, booked_count int)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off
  SET enable_hashjoin = on SET enable_mergejoin = on AS $$
#variable_conflict use_column
DECLARE
  zone constant text := (SELECT p.time_zone FROM inclusion_data.perimeter p WHERE p.code = here);
BEGIN
  -- a day's people are found by index, however many steps there are to read: until
  -- this function returns
  IF people IS NOT NULL THEN
    PERFORM set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true);
  END IF;
  RETURN QUERY
  SELECT j.beneficiary, j.came_at, (j.proposed_at AT TIME ZONE zone)::date, (j.agreed_at AT TIME ZONE zone)::date,
    (j.came_at AT TIME ZONE zone)::date, (j.last_at AT TIME ZONE zone)::date, (j.completed_at AT TIME ZONE zone)::date,
    (j.stopped_at AT TIME ZONE zone)::date, j.first_came[3], j.attended_count, j.booked_count
  FROM (
    SELECT p.beneficiary,
      min(s.at) FILTER (WHERE s.to_state = 'proposed') AS proposed_at,
      min(s.at) FILTER (WHERE s.to_state = 'agreed') AS agreed_at,
      -- the first time they came, smallest of (instant, proposal, offer)
      min(ARRAY[(extract(epoch FROM s.at) * 1000000)::bigint, p.id, p.offer]) FILTER (WHERE s.to_state = 'attended') AS first_came,
      min(s.at) FILTER (WHERE s.to_state = 'attended') AS came_at,
      max(s.at) FILTER (WHERE s.to_state IN ('attended', 'completed', 'stopped')) AS last_at,
      min(s.at) FILTER (WHERE s.to_state = 'completed') AS completed_at,
      min(s.at) FILTER (WHERE s.to_state = 'stopped') AS stopped_at,
      (count(*) FILTER (WHERE s.to_state = 'attended'))::int AS attended_count,
      (count(*) FILTER (WHERE s.to_state IN ('attended', 'absent')))::int AS booked_count
    FROM inclusion_data.proposal p
    JOIN inclusion_data.proposal_step s ON s.proposal = p.id AND s.perimeter = p.perimeter
    WHERE p.perimeter = here AND (people IS NULL OR p.beneficiary = ANY (people))
      AND s.to_state IN ('proposed', 'agreed', 'attended', 'absent', 'completed', 'stopped')
    GROUP BY p.beneficiary) j;
END
$$;

-- What is known of these people of a perimeter (NULL: of all), a row a stage.
-- Who objects, or whose data are set aside, has none.  Sets of people are joined
-- to sets of people: never one by one, however few the planner expects.
CREATE FUNCTION inclusion_data.cube_facts(here text, people bigint[] DEFAULT NULL) RETURNS SETOF inclusion_data.cube_person
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET enable_nestloop = off AS $$
DECLARE
  -- age brackets, as publics: the age of a person is that of the day they entered
  from_ages constant int[] := ARRAY(SELECT a.from_age FROM inclusion_data.age_bracket a WHERE a.bracket_set = 'common' ORDER BY a.from_age);
  age_codes constant text[] := ARRAY(SELECT a.code FROM inclusion_data.age_bracket a WHERE a.bracket_set = 'common' ORDER BY a.from_age);
  uncounted constant bigint[] := inclusion_data.uncounted_people();
BEGIN
  RETURN QUERY
  WITH person AS MATERIALIZED (
    SELECT b.id, b.audiences, b.birth_year, coalesce(b.commune, '') AS commune
    FROM inclusion_data.beneficiary b
    WHERE b.perimeter = here AND (people IS NULL OR b.id = ANY (people)) AND b.id <> ALL (uncounted)
  ), enrolled AS (
    -- the first enrolment, smallest of (day, number, structure, own initiative)
    SELECT e.beneficiary,
      min(ARRAY[e.enrolled_on - date '2000-01-01', e.id, e.structure, (e.format = 'self' OR e.channel = 'spontaneous')::int]) AS first_entry,
      CASE WHEN bool_and(e.withdrawn_on IS NOT NULL) THEN max(e.withdrawn_on) END AS left_on
    FROM inclusion_data.enrolment e
    WHERE e.perimeter = here AND (people IS NULL OR e.beneficiary = ANY (people))
    GROUP BY e.beneficiary
  ), entry AS MATERIALIZED (
    SELECT n.beneficiary, date '2000-01-01' + n.first_entry[1]::int AS enrolled_on, n.left_on,
           n.first_entry[3] AS structure, n.first_entry[4] = 1 AS self_referred
    FROM enrolled n
  ), dated AS MATERIALIZED (
    SELECT j.* FROM inclusion_data.cube_journeys(here, people) j
  ), finding AS (
    -- of each competence the first finding until they came, and the last after
    SELECT a.beneficiary, a.instrument,
      inclusion.latest_of(a.vector ORDER BY a.assessed_on DESC, a.id DESC)
        FILTER (WHERE a.assessed_on < d.came_on OR (a.assessed_on = d.came_on AND a.recorded_at <= d.came_at)) AS pre,
      inclusion.latest_of(a.vector ORDER BY a.assessed_on, a.id)
        FILTER (WHERE a.assessed_on BETWEEN d.last_on AND d.last_on + 90
                  AND (a.assessed_on > d.came_on OR a.recorded_at > d.came_at)) AS post
    FROM inclusion_data.assessment a JOIN dated d ON d.beneficiary = a.beneficiary AND d.came_on IS NOT NULL
    WHERE a.perimeter = here AND (people IS NULL OR a.beneficiary = ANY (people))
    GROUP BY a.beneficiary, a.instrument
  ), compared AS (
    -- by one instrument: the one used twice, the most trusted of those
    SELECT DISTINCT ON (f.beneficiary) f.beneficiary, f.pre, f.post, n.smallest_change, c.pre_level, c.post_level, c.improved, c.worsened
    FROM finding f
    JOIN (SELECT i.code, i.trust, inclusion_data.smallest_change(i.norm_sd, i.reliability) AS smallest_change
          FROM inclusion_data.instrument i) n ON n.code = f.instrument
    CROSS JOIN LATERAL inclusion_data.compare_findings(f.pre, f.post, n.smallest_change) c
    ORDER BY f.beneficiary, (f.pre IS NOT NULL AND f.post IS NOT NULL) DESC, f.pre IS NOT NULL DESC,
             n.trust DESC, f.instrument
  ), known AS (
    -- whatever the instrument
    SELECT a.beneficiary,
      inclusion.latest_of(a.vector ORDER BY a.assessed_on, a.id)
        FILTER (WHERE a.assessed_on < d.came_on OR (a.assessed_on = d.came_on AND a.recorded_at <= d.came_at)) AS before,
      inclusion.latest_of(a.vector ORDER BY a.assessed_on, a.id) AS since,
      bool_or(a.assessed_on > d.came_on OR (a.assessed_on = d.came_on AND a.recorded_at > d.came_at)) AS seen_since
    FROM inclusion_data.assessment a JOIN dated d ON d.beneficiary = a.beneficiary AND a.assessed_on <= d.last_on + 90
    WHERE a.perimeter = here AND (people IS NULL OR a.beneficiary = ANY (people))
    GROUP BY a.beneficiary
  ), wanted AS (
    SELECT DISTINCT ON (w.beneficiary) w.beneficiary, w.target
    FROM inclusion_data.expressed_need w JOIN dated d ON d.beneficiary = w.beneficiary AND w.opened_on <= d.came_on
    WHERE w.perimeter = here AND w.family = 'learn' AND (people IS NULL OR w.beneficiary = ANY (people))
    ORDER BY w.beneficiary, w.opened_on DESC, w.id DESC
  ), reached AS (
    -- below a level wanted at entry, as far as anybody knows: all of them since?
    SELECT w.beneficiary, CASE WHEN k.seen_since THEN k.since OPERATOR(inclusion.@>) w.target END AS autonomous
    FROM wanted w JOIN known k ON k.beneficiary = w.beneficiary
    WHERE EXISTS (SELECT FROM inclusion.slots(w.target) t WHERE inclusion.points(k.before, t.code) < t.points)
  ), answered AS (
    SELECT c.beneficiary,
      (array_agg((c.answer = 'yes')::int ORDER BY c.recorded_on DESC, c.n DESC)
        FILTER (WHERE c.item = 'gave_up_online' AND c.recorded_on <= d.came_on))[1]::smallint AS gave_up_before,
      (array_agg((c.answer = 'yes')::int ORDER BY c.recorded_on DESC, c.n DESC)
        FILTER (WHERE c.item = 'gave_up_online' AND c.recorded_on > d.came_on))[1]::smallint AS gave_up_after,
      (array_agg((c.answer = 'yes')::int ORDER BY c.recorded_on DESC, c.n DESC)
        FILTER (WHERE c.item = 'gave_up_for_good' AND c.recorded_on <= d.came_on))[1]::smallint AS for_good_before,
      (array_agg((c.answer = 'yes')::int ORDER BY c.recorded_on DESC, c.n DESC)
        FILTER (WHERE c.item = 'gave_up_for_good' AND c.recorded_on > d.came_on))[1]::smallint AS for_good_after
    FROM inclusion_data.circumstance c JOIN dated d ON d.beneficiary = c.beneficiary
    WHERE c.perimeter = here AND c.item IN ('gave_up_online', 'gave_up_for_good') AND c.answer IN ('yes', 'no')
      AND (people IS NULL OR c.beneficiary = ANY (people))
    GROUP BY c.beneficiary
  ), helped AS (
    SELECT r.beneficiary, min(ARRAY[r.settled_on - date '2000-01-01', r.id, coalesce(r.structure, 0)]) AS first_right
    FROM inclusion_data.settled_right r
    WHERE r.perimeter = here AND (people IS NULL OR r.beneficiary = ANY (people))
    GROUP BY r.beneficiary
  )
  SELECT p.id, here, 'entry', date_trunc('month', e.enrolled_on)::date, p.commune, e.structure, '',
    p.audiences || age.code,
    NULL::inclusion.competence_vector, NULL::inclusion.competence_vector, NULL::int, NULL::int, NULL::int, NULL::boolean, NULL::boolean, NULL::boolean,
    w.days, CASE WHEN w.days IS NOT NULL THEN CASE WHEN d.agreed_on IS NULL THEN 2 ELSE 1 END END::smallint,
    CASE WHEN w.days IS NULL THEN e.enrolled_on - date_trunc('month', e.enrolled_on)::date END,
    CASE WHEN came.soon THEN coalesce(d.completed_on <= e.enrolled_on + 180, false) END,
    CASE WHEN d.proposed_on <= e.enrolled_on + 180 THEN agreed.soon END,
    CASE WHEN agreed.soon THEN came.soon END,
    NULL::int, NULL::int, NULL::smallint, NULL::smallint, NULL::smallint, NULL::smallint, NULL::boolean, e.self_referred
  FROM person p
  JOIN entry e ON e.beneficiary = p.id
  LEFT JOIN dated d ON d.beneficiary = p.id
  CROSS JOIN LATERAL (SELECT coalesce('age_' || age_codes[width_bucket(inclusion.age_on(p.birth_year, e.enrolled_on), from_ages)], 'age_non_communique') AS code) age
  -- a fact older than the enrolment that it follows counts on its first day
  CROSS JOIN LATERAL (SELECT CASE WHEN coalesce(d.agreed_on, e.left_on) IS NOT NULL
                                  THEN greatest(coalesce(d.agreed_on, e.left_on) - e.enrolled_on, 0) END AS days) w
  CROSS JOIN LATERAL (SELECT coalesce(d.agreed_on <= e.enrolled_on + 180, false) AS soon) agreed
  CROSS JOIN LATERAL (SELECT coalesce(d.came_on <= e.enrolled_on + 180, false) AND agreed.soon AS soon) came
  UNION ALL
  SELECT p.id, here, 'mediation', date_trunc('month', d.came_on)::date, p.commune, coalesce(o.structure, 0), coalesce(o.programme, ''),
    p.audiences || age.code,
    c.pre, c.post, c.pre_level, c.post_level, c.smallest_change, c.improved, c.worsened, r.autonomous,
    ended.days, CASE WHEN ended.days IS NOT NULL THEN CASE WHEN d.stopped_on < d.completed_on OR d.completed_on IS NULL THEN 1 ELSE 2 END END::smallint,
    CASE WHEN ended.days IS NULL THEN d.came_on - date_trunc('month', d.came_on)::date END,
    coalesce(d.completed_on <= d.came_on + 180, false), NULL::boolean, NULL::boolean, d.attended_count, d.booked_count,
    a.gave_up_before, a.gave_up_after, a.for_good_before, a.for_good_after, NULL::boolean, NULL::boolean
  FROM person p
  JOIN dated d ON d.beneficiary = p.id AND d.came_on IS NOT NULL
  JOIN inclusion_data.offer o ON o.id = d.offer
  LEFT JOIN compared c ON c.beneficiary = p.id
  LEFT JOIN reached r ON r.beneficiary = p.id
  LEFT JOIN answered a ON a.beneficiary = p.id
  CROSS JOIN LATERAL (SELECT coalesce('age_' || age_codes[width_bucket(inclusion.age_on(p.birth_year, d.came_on), from_ages)], 'age_non_communique') AS code) age
  CROSS JOIN LATERAL (SELECT CASE WHEN least(d.stopped_on, d.completed_on) IS NOT NULL
                                  THEN greatest(least(d.stopped_on, d.completed_on) - d.came_on, 0) END AS days) ended
  UNION ALL
  SELECT p.id, here, 'rights', date_trunc('month', v.settled_on)::date, p.commune, h.first_right[3], '',
    p.audiences || age.code,
    NULL::inclusion.competence_vector, NULL::inclusion.competence_vector, NULL::int, NULL::int, NULL::int, NULL::boolean, NULL::boolean, NULL::boolean,
    NULL::int, NULL::smallint, NULL::int, NULL::boolean, NULL::boolean, NULL::boolean, NULL::int, NULL::int,
    NULL::smallint, NULL::smallint, NULL::smallint, NULL::smallint,
    CASE WHEN d.came_on < v.settled_on THEN NULL ELSE coalesce(d.came_on <= v.settled_on + 90, false) END, NULL::boolean
  FROM person p
  JOIN helped h ON h.beneficiary = p.id
  CROSS JOIN LATERAL (SELECT date '2000-01-01' + h.first_right[1]::int AS settled_on) v
  LEFT JOIN dated d ON d.beneficiary = p.id
  CROSS JOIN LATERAL (SELECT coalesce('age_' || age_codes[width_bucket(inclusion.age_on(p.birth_year, v.settled_on), from_ages)], 'age_non_communique') AS code) age;
END
$$;

REVOKE ALL ON FUNCTION inclusion_data.compare_findings(inclusion.competence_vector, inclusion.competence_vector, int), inclusion_data.cube_journeys(text, bigint[]),
  inclusion_data.cube_facts(text, bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION inclusion_data.smallest_change(float8, float8) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.smallest_change(float8, float8) TO inclusion_steward;
COMMENT ON FUNCTION inclusion_data.smallest_change(float8, float8) IS 'Plus petit changement fiable : en points, d''après l''étude d''un instrument ; NULL sans elle.';
COMMENT ON FUNCTION inclusion_data.compare_findings(inclusion.competence_vector, inclusion.competence_vector, int) IS
  'Deux constats comparés : niveaux moyens de ce que les deux disent, hausse et baisse au-delà de l''erreur de mesure.';
COMMENT ON FUNCTION inclusion_data.cube_journeys(text, bigint[]) IS 'Parcours des personnes : de la première venue à la dernière, depuis les étapes de leurs propositions.';
COMMENT ON FUNCTION inclusion_data.cube_facts(text, bigint[]) IS 'Mesures des personnes : depuis les faits, une ligne par étape.';
