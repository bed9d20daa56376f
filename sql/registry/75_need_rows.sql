/*
 * 75_need_rows: the needs of all who wait, as one query.  It stands here,
 * parsed, and not in the extension, so that the planner can inline it: one
 * person's need is then an index lookup, and a night's are one join.  Weights
 * of the terms are the policy's, but a night counts no price (`priced` false);
 * row-level security is the caller's.
 *
 * What follows from what, need_trace() says of one person row by row; what
 * would follow from one more answer, next_questions() asks.
 */

-- Arguments are passed on as they are: a function whose argument is a query is
-- not inlined, and one person's need would read everybody's rows.

-- What each person can do, as far as instruments are believed: of two findings
-- about a competence, the one that stands the later; a word counts as its row.
CREATE FUNCTION inclusion_data.found_rows(perimeters text[], day date)
RETURNS TABLE (perimeter text, beneficiary bigint, vector inclusion.competence_vector, screened inclusion.competence_vector)
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT a.perimeter, a.beneficiary,
         inclusion.latest_of(coalesce(a.vector, o.vector) ORDER BY a.assessed_on + i.stands_days, a.assessed_on, a.id),
         inclusion.latest_of(a.vector ORDER BY a.assessed_on, a.id) FILTER (WHERE a.instrument = 'screening')
  FROM inclusion_data.assessment a
  JOIN inclusion_data.instrument i ON i.code = a.instrument
  LEFT JOIN inclusion_data.ordinal_level o ON o.instrument = a.instrument AND o.word = a.word
  WHERE a.assessed_on <= found_rows.day AND (found_rows.perimeters IS NULL OR a.perimeter = ANY (found_rows.perimeters))
  GROUP BY a.beneficiary, a.perimeter;
END;

-- What follows from the latest answer to each fact, sets of codes as bits.  Who
-- then declines, or is not asked, keeps what they had said.  `item` and `answer`
-- suppose one more; NULL, none.
CREATE FUNCTION inclusion_data.arranged_rows(perimeters text[], day date, item text, answer text)
RETURNS TABLE (perimeter text, beneficiary bigint, metres float8, not_remote boolean, not_slots int, audiences int, accommodations int, families int)
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT c.perimeter, c.beneficiary, max(r.metres), bool_or(r.not_remote), bit_or(r.not_slots), bit_or(r.audiences),
         bit_or(r.accommodations), bit_or(r.families)
  FROM (SELECT DISTINCT ON (t.beneficiary, t.perimeter, t.item) t.beneficiary, t.perimeter, t.item, t.answer
        FROM (SELECT c.beneficiary, c.perimeter, c.item, c.answer, c.recorded_on, c.n FROM inclusion_data.circumstance c
              UNION ALL
              SELECT b.id, b.perimeter, arranged_rows.item, arranged_rows.answer, arranged_rows.day, 2147483647
              FROM inclusion_data.beneficiary b WHERE arranged_rows.item IS NOT NULL) t (beneficiary, perimeter, item, answer, recorded_on, n)
        WHERE (arranged_rows.perimeters IS NULL OR t.perimeter = ANY (arranged_rows.perimeters)) AND t.recorded_on <= arranged_rows.day
          AND t.answer IN ('yes', 'no') AND t.item IN (SELECT k.item FROM inclusion_data.need_rule k)
        ORDER BY t.beneficiary, t.perimeter, t.item, t.recorded_on DESC, t.n DESC) c
  JOIN (SELECT k.item, k.answer, max(k.metres) AS metres, bool_or(k.element = 'not_remote') AS not_remote,
               bit_or(k.mask) FILTER (WHERE k.element = 'not_slot') AS not_slots, bit_or(k.mask) FILTER (WHERE k.element = 'audience') AS audiences,
               bit_or(k.mask) FILTER (WHERE k.element = 'accommodation') AS accommodations, bit_or(k.mask) FILTER (WHERE k.element = 'family') AS families
        FROM inclusion_data.need_rule k GROUP BY k.item, k.answer) r ON r.item = c.item AND r.answer = c.answer
  GROUP BY c.beneficiary, c.perimeter;
END;

-- The slots left of those a person states, or of the 21 of a week; where nothing
-- is left, what they stated.
CREATE FUNCTION inclusion_data.slots_left(stated text[], impossible int) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN impossible IS NULL THEN stated
            WHEN cardinality(stated) = 0 THEN inclusion.codes_in('slot', 2097151 & ~impossible)
            WHEN inclusion.mask_of('slot', stated) & ~impossible = 0 THEN stated
            ELSE inclusion.codes_in('slot', inclusion.mask_of('slot', stated) & ~impossible) END;

-- The needs of all who wait, were `item` answered so, and these `levels` found.
CREATE FUNCTION inclusion_data.supposed_need_rows(perimeters text[], day date, family text, priced boolean,
                                                  item text, answer text, levels inclusion.competence_vector)
RETURNS TABLE (perimeter text, beneficiary bigint, need inclusion.need)
LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH here AS MATERIALIZED (
    SELECT p.code, k.*, (SELECT r.metres FROM inclusion_data.need_rule r WHERE r.item IS NULL AND r.element = 'max_distance') AS not_raised
    FROM inclusion_data.perimeter p
    JOIN inclusion_data.policy k ON k.id = inclusion.policy_in_force(p.code, supposed_need_rows.day)
    WHERE supposed_need_rows.perimeters IS NULL OR p.code = ANY (supposed_need_rows.perimeters)
  ), asked AS (
    SELECT w.perimeter, w.beneficiary, w.target, w.weights
    FROM inclusion_data.expressed_need w
    WHERE w.family = supposed_need_rows.family AND w.opened_on <= supposed_need_rows.day AND (w.closed_on IS NULL OR w.closed_on > supposed_need_rows.day)
    UNION ALL
    -- families that the situation puts in play, though nobody asked
    SELECT f.perimeter, f.beneficiary, NULL::inclusion.competence_vector AS target, NULL::int[] AS weights
    FROM inclusion_data.arranged_rows(supposed_need_rows.perimeters, supposed_need_rows.day, supposed_need_rows.item, supposed_need_rows.answer) f
    WHERE supposed_need_rows.family <> 'learn' AND inclusion.mask_of('family', ARRAY[supposed_need_rows.family]) & f.families <> 0
      AND NOT EXISTS (SELECT FROM inclusion_data.expressed_need w
                      WHERE w.beneficiary = f.beneficiary AND w.perimeter = f.perimeter AND w.family = supposed_need_rows.family
                        AND w.opened_on <= supposed_need_rows.day AND (w.closed_on IS NULL OR w.closed_on > supposed_need_rows.day))
  ), room AS (
    SELECT n.beneficiary, n.perimeter, array_agg(n.code ORDER BY n.code) AS codes
    FROM inclusion_data.accommodation_need n GROUP BY n.beneficiary, n.perimeter
  )
  SELECT b.perimeter, b.id, inclusion.need(
    current => CASE WHEN w.target IS NOT NULL THEN inclusion.impute(inclusion.latest(f.vector, supposed_need_rows.levels), w.target, inclusion.mean_points(f.screened)) END,
    target => w.target,
    longitude => b.longitude, latitude => b.latitude,
    max_distance => CASE WHEN b.accept_on_site THEN
      coalesce(b.max_distance, g.metres, least(coalesce(a.metres, h.not_raised) / h.detour_factor, h.max_distance)) END,
    day => supposed_need_rows.day, family => supposed_need_rows.family,
    weights => inclusion.lower_weights(inclusion.latest(f.vector, supposed_need_rows.levels), w.target, w.weights, h.imputed_weight),
    modes => b.modes, audiences => b.audiences || coalesce(inclusion.codes_in('audience', a.audiences), '{}'),
    accommodations => coalesce(r.codes, '{}') || coalesce(inclusion.codes_in('accommodation', a.accommodations), '{}'),
    languages => b.languages, slots => inclusion_data.slots_left(b.slots, a.not_slots),
    -- who could go nowhere else is left what they accept
    accept_remote => b.accept_remote AND NOT (b.accept_on_site AND coalesce(a.not_remote, false)),
    accept_on_site => b.accept_on_site,
    w_coverage => h.w_coverage, w_audience => h.w_audience, w_quality => h.w_quality,
    w_distance => h.w_distance, w_price => CASE WHEN supposed_need_rows.priced THEN h.w_price ELSE 0 END)
  FROM here h
  JOIN asked w ON w.perimeter = h.code
  JOIN inclusion_data.beneficiary b ON b.id = w.beneficiary AND b.perimeter = w.perimeter
  JOIN inclusion_data.enrolment e ON e.beneficiary = b.id AND e.perimeter = b.perimeter
    AND e.enrolled_on <= supposed_need_rows.day AND (e.withdrawn_on IS NULL OR e.withdrawn_on > supposed_need_rows.day)
    -- those restricted, and of the list those who object to it
    AND NOT EXISTS (SELECT FROM unnest(inclusion_data.set_aside(CASE WHEN supposed_need_rows.family = 'learn' THEN 'active_list' END)) AS s (beneficiary)
                    WHERE s.beneficiary = b.id)
  LEFT JOIN inclusion_data.found_rows(supposed_need_rows.perimeters, supposed_need_rows.day) f ON f.beneficiary = b.id AND f.perimeter = b.perimeter
  LEFT JOIN inclusion_data.arranged_rows(supposed_need_rows.perimeters, supposed_need_rows.day, supposed_need_rows.item, supposed_need_rows.answer) a ON a.beneficiary = b.id AND a.perimeter = b.perimeter
  LEFT JOIN inclusion_data.reach g ON g.beneficiary = b.id AND g.perimeter = b.perimeter
  LEFT JOIN room r ON r.beneficiary = b.id AND r.perimeter = b.perimeter;
END;

CREATE FUNCTION inclusion_data.need_rows(perimeters text[], day date, family text, priced boolean)
RETURNS TABLE (perimeter text, beneficiary bigint, need inclusion.need)
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT r.perimeter, r.beneficiary, r.need
  FROM inclusion_data.supposed_need_rows(need_rows.perimeters, need_rows.day, need_rows.family, need_rows.priced, NULL, NULL, NULL) r;
END;

REVOKE ALL ON FUNCTION inclusion_data.need_rows(text[], date, text, boolean), inclusion_data.found_rows(text[], date),
  inclusion_data.arranged_rows(text[], date, text, text),
  inclusion_data.supposed_need_rows(text[], date, text, boolean, text, text, inclusion.competence_vector), inclusion_data.slots_left(text[], int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.need_rows(text[], date, text, boolean), inclusion_data.found_rows(text[], date),
  inclusion_data.arranged_rows(text[], date, text, text),
  inclusion_data.supposed_need_rows(text[], date, text, boolean, text, text, inclusion.competence_vector), inclusion_data.slots_left(text[], int)
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_night, inclusion_dpo;

COMMENT ON FUNCTION inclusion_data.found_rows(text[], date) IS
  'Compétences retenues : ce que les instruments ont constaté, chacun pour ce qu''il vaut, et le dernier repérage.';
COMMENT ON FUNCTION inclusion_data.supposed_need_rows(text[], date, text, boolean, text, text, inclusion.competence_vector) IS
  'Besoins supposés : ceux qu''on aurait si ce fait était dit et ces niveaux constatés.';
COMMENT ON FUNCTION inclusion_data.arranged_rows(text[], date, text, text) IS
  'Suites de la situation : ce qui découle des faits, par les règles publiées.';
COMMENT ON FUNCTION inclusion_data.slots_left(text[], int) IS
  'Créneaux restants : ceux qui sont dits, ou tous, moins les impossibles.';
COMMENT ON FUNCTION inclusion_data.need_rows(text[], date, text, boolean) IS
  'Besoins à apparier : une ligne par personne qui attend, pour une famille et un jour.';
