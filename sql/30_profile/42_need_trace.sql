/*
 * 42_need_trace: where each element of a need comes from: the row, its day, and
 * the rule that made it what it is.
 */

-- What each competence of a need counts for, and why: found, with the row that
-- stands, or supposed.  `value` is a level, or the word of an instrument that
-- gives no level.
CREATE FUNCTION inclusion.trace_levels(perimeter text, beneficiary bigint, day date, target inclusion.competence_vector)
RETURNS TABLE (code text, value text, source_id bigint, on_day date, rule text, supposed boolean)
LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
  WITH finding AS (
    SELECT DISTINCT ON (s.code) s.code, coalesce(o.label, s.level::text) AS value, a.id, a.assessed_on, i.label, i.stands_days
    FROM inclusion_data.assessment a
    JOIN inclusion_data.instrument i ON i.code = a.instrument
    LEFT JOIN inclusion_data.ordinal_level o ON o.instrument = a.instrument AND o.word = a.word
    CROSS JOIN LATERAL inclusion.slots(coalesce(a.vector, o.vector)) s
    WHERE a.beneficiary = trace_levels.beneficiary AND a.perimeter = trace_levels.perimeter AND a.assessed_on <= day
    ORDER BY s.code, a.assessed_on + i.stands_days DESC, a.assessed_on DESC, a.id DESC
  ), known AS (
    SELECT f.vector, inclusion.mean_points(f.screened) AS screened
    FROM inclusion_data.found_rows(ARRAY[trace_levels.perimeter], day) f WHERE f.beneficiary = trace_levels.beneficiary
  )
  SELECT f.code, f.value, f.id, f.assessed_on, format('%s : fait foi %s jours', f.label, f.stands_days), false FROM finding f
  UNION ALL
  SELECT t.code, inclusion.level(v.imputed, t.code)::text, NULL, NULL,
         CASE WHEN inclusion.points(v.imputed, t.code) IS NULL THEN 'Jamais évaluée : comptée depuis le début'
              WHEN inclusion.points(v.in_domain, t.code) IS NULL THEN 'Jamais évaluée : niveau d''ensemble du premier repérage'
              ELSE 'Jamais évaluée : plus bas niveau constaté dans le domaine' END, true
  FROM inclusion.slots(target) t
  CROSS JOIN LATERAL (SELECT inclusion.impute((SELECT k.vector FROM known k), target) AS in_domain,
                             inclusion.impute((SELECT k.vector FROM known k), target, (SELECT k.screened FROM known k)) AS imputed) v
  WHERE t.code NOT IN (SELECT f.code FROM finding f)
$$;

-- What follows from the latest answers, one row a fact and an element.
CREATE FUNCTION inclusion.trace_facts(perimeter text, beneficiary bigint, day date)
RETURNS TABLE (element text, value text, source_id bigint, on_day date, rule text)
LANGUAGE sql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.element, coalesce(string_agg(r.code, ' ' ORDER BY r.mask), max(r.metres)::text, 'oui'), f.id, f.recorded_on, f.label
  FROM (SELECT DISTINCT ON (c.item) c.item, c.answer, c.id, c.recorded_on, i.label
        FROM inclusion_data.circumstance c JOIN inclusion_data.circumstance_item i ON i.code = c.item
        WHERE c.beneficiary = trace_facts.beneficiary AND c.perimeter = trace_facts.perimeter
          AND c.recorded_on <= day AND c.answer IN ('yes', 'no')
        ORDER BY c.item, c.recorded_on DESC, c.n DESC) f
  JOIN inclusion_data.need_rule r ON r.item = f.item AND r.answer = f.answer
  GROUP BY r.element, f.item, f.id, f.recorded_on, f.label
$$;

-- How far the person goes: what they said, where they said, by what means, or
-- what is supposed of somebody of whom nothing was raised.
CREATE FUNCTION inclusion.trace_distance(perimeter text, beneficiary bigint, day date)
RETURNS TABLE (value float8, source text, source_id bigint, on_day date, rule text, supposed boolean)
LANGUAGE sql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
  SELECT v.value, v.source, v.source_id, v.on_day, v.rule, v.supposed
  FROM inclusion_data.beneficiary b
  JOIN inclusion_data.policy k ON k.id = inclusion.policy_in_force(trace_distance.perimeter, day)
  LEFT JOIN inclusion_data.reach g ON g.beneficiary = b.id AND g.perimeter = b.perimeter
  LEFT JOIN LATERAL (SELECT f.value::float8 AS metres, f.source_id, f.on_day, f.rule FROM inclusion.trace_facts(trace_distance.perimeter, b.id, day) f
                     WHERE f.element = 'max_distance' ORDER BY f.value::float8 DESC, f.source_id LIMIT 1) m ON true
  LEFT JOIN inclusion_data.need_rule d ON d.item IS NULL AND d.element = 'max_distance'
  CROSS JOIN LATERAL (
    SELECT b.max_distance AS value, 'beneficiary' AS source, b.id AS source_id, b.last_contact_on AS on_day, 'Dite par la personne' AS rule, false AS supposed
    WHERE b.max_distance IS NOT NULL
    UNION ALL
    SELECT g.metres, 'reachable_commune', b.id, NULL, 'Communes que la personne nomme', false
    WHERE b.max_distance IS NULL AND g.metres IS NOT NULL
    UNION ALL
    SELECT least(coalesce(m.metres, d.metres) / k.detour_factor, k.max_distance), CASE WHEN m.metres IS NULL THEN 'need_rule' ELSE 'circumstance' END,
           coalesce(m.source_id, d.id), m.on_day,
           format('%s : %s km de trajet, divisés par %s, %s km au plus', coalesce(m.rule, 'Déplacements non abordés'), replace((coalesce(m.metres, d.metres) / 1000)::text, '.', ','),
                  replace(k.detour_factor::text, '.', ','), replace((k.max_distance / 1000)::text, '.', ',')),
           m.metres IS NULL
    WHERE b.max_distance IS NULL AND g.metres IS NULL) v
  WHERE b.id = trace_distance.beneficiary AND b.perimeter = trace_distance.perimeter AND b.accept_on_site
$$;

-- need_trace: every element of the need that need_of() gives, with where it
-- comes from.  `source` and `source_id` name a row of the registry; `supposed`
-- is true of what nobody said nor found.
--   element  current, target, weight, max_distance, not_slot, audience,
--            accommodation, not_remote, family, stated, policy
CREATE FUNCTION inclusion.need_trace(beneficiary bigint, day date DEFAULT NULL, family text DEFAULT 'learn')
RETURNS TABLE (n bigint, element text, code text, value text, source text, source_id bigint, on_day date, rule text, supposed boolean)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  here constant text := inclusion.perimeter_of(need_trace.beneficiary);
  asked_on constant date := coalesce(need_trace.day, inclusion.today(here));
  request record;
  rules record;
BEGIN
  -- the refusals of need_of() are ours
  PERFORM inclusion.need_of(need_trace.beneficiary, need_trace.day, need_trace.family);
  SELECT w.id, w.opened_on, w.target, w.weights,
         concat_ws(' ; ', g.label, p.label, CASE WHEN w.goal IS NULL AND w.programme IS NULL THEN 'Cible propre à la personne' END) AS label
  INTO request
  FROM inclusion_data.expressed_need w
  LEFT JOIN inclusion_data.goal g ON g.code = w.goal
  LEFT JOIN inclusion_data.programme_profile p ON p.code = w.programme
  WHERE w.beneficiary = need_trace.beneficiary AND w.perimeter = here AND w.family = need_trace.family
    AND w.opened_on <= asked_on AND (w.closed_on IS NULL OR w.closed_on > asked_on);
  SELECT k.* INTO rules FROM inclusion_data.policy k WHERE k.id = inclusion.policy_in_force(here, asked_on);
  RETURN QUERY
  SELECT row_number() OVER (ORDER BY t.part, t.code, t.source_id, t.value), t.element, t.code, t.value, t.source, t.source_id, t.on_day, t.rule, t.supposed
  FROM (
    SELECT 1 AS part, 'current' AS element, l.code, l.value, CASE WHEN l.source_id IS NOT NULL THEN 'assessment' END AS source,
           l.source_id, l.on_day, l.rule, l.supposed
    FROM inclusion.trace_levels(here, need_trace.beneficiary, asked_on, request.target) l WHERE request.target IS NOT NULL
    UNION ALL
    SELECT 2, 'target', s.code, s.level::text, 'expressed_need', request.id, request.opened_on, request.label, false
    FROM inclusion.slots(request.target) s
    UNION ALL
    SELECT 3, 'weight', l.code, rules.imputed_weight || ' %', 'policy', rules.id, rules.starts_on, 'Compétence supposée : poids réduit à côté de celles qui sont constatées', true
    FROM inclusion.trace_levels(here, need_trace.beneficiary, asked_on, request.target) l WHERE l.supposed
    UNION ALL
    SELECT 4, 'max_distance', NULL, d.value::text, d.source, d.source_id, d.on_day, d.rule, d.supposed
    FROM inclusion.trace_distance(here, need_trace.beneficiary, asked_on) d
    UNION ALL
    SELECT 5, f.element, NULL, f.value, 'circumstance', f.source_id, f.on_day, f.rule, false
    FROM inclusion.trace_facts(here, need_trace.beneficiary, asked_on) f
    WHERE f.element <> 'max_distance' AND (f.element <> 'family' OR inclusion.mask_of('family', string_to_array(f.value, ' ')) & inclusion.mask_of('family', ARRAY[need_trace.family]) <> 0)
    UNION ALL
    SELECT 6, 'stated', v.code, v.value, 'beneficiary', b.id, b.last_contact_on, v.rule, false
    FROM inclusion_data.beneficiary b
    CROSS JOIN LATERAL (VALUES ('position', b.longitude || ' ' || b.latitude, 'Position : ' || b.position_origin),
      ('modes', nullif(array_to_string(b.modes, ' '), ''), 'Modalités souhaitées'), ('audiences', nullif(array_to_string(b.audiences, ' '), ''), 'Publics que la personne a choisi de dire'),
      ('languages', nullif(array_to_string(b.languages, ' '), ''), 'Langues de la personne'), ('slots', nullif(array_to_string(b.slots, ' '), ''), 'Créneaux où elle est disponible'),
      ('accept_remote', CASE WHEN NOT b.accept_remote THEN 'non' END, 'Pas à distance'), ('accept_on_site', CASE WHEN NOT b.accept_on_site THEN 'non' END, 'Pas sur place')) v (code, value, rule)
    WHERE b.id = need_trace.beneficiary AND b.perimeter = here AND v.value IS NOT NULL
    UNION ALL
    SELECT 7, 'accommodation', NULL, a.code, 'accommodation_need', a.beneficiary, NULL, 'Aménagement demandé', false
    FROM inclusion_data.accommodation_need a WHERE a.beneficiary = need_trace.beneficiary AND a.perimeter = here
    UNION ALL
    SELECT 8, 'policy', v.code, v.value::text, 'policy', rules.id, rules.starts_on, 'Politique en vigueur : poids dans l''écart', false
    FROM (VALUES ('w_coverage', rules.w_coverage), ('w_audience', rules.w_audience), ('w_quality', rules.w_quality),
                 ('w_distance', rules.w_distance), ('w_price', rules.w_price)) v (code, value)) t
  ORDER BY 1;
END
$$;

-- name_communes: where a person says they can go, instead of a distance; an
-- empty list takes back what was said.
CREATE FUNCTION inclusion.name_communes(beneficiary bigint, communes text[]) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(name_communes.beneficiary);
  named int;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.touch_contact(name_communes.beneficiary, here);
  DELETE FROM inclusion_data.reachable_commune r WHERE r.beneficiary = name_communes.beneficiary AND r.perimeter = here;
  INSERT INTO inclusion_data.reachable_commune (beneficiary, perimeter, commune)
  SELECT DISTINCT name_communes.beneficiary, here, c FROM unnest(communes) c;
  GET DIAGNOSTICS named = ROW_COUNT;
  RETURN named;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN101', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

COMMENT ON FUNCTION inclusion.trace_levels(text, bigint, date, inclusion.competence_vector) IS 'Origine des niveaux : le constat qui fait foi, ou ce qui est supposé.';
COMMENT ON FUNCTION inclusion.trace_facts(text, bigint, date) IS 'Origine des contraintes : le fait dont chacune découle.';
COMMENT ON FUNCTION inclusion.trace_distance(text, bigint, date) IS 'Origine de la distance : dite, nommée, déduite du moyen de déplacement, ou supposée.';
COMMENT ON FUNCTION inclusion.need_trace(bigint, date, text) IS 'Origine d''un besoin : chaque élément, la ligne et le jour d''où il vient, et la règle.';
COMMENT ON FUNCTION inclusion.name_communes(bigint, text[]) IS 'Communes nommées : celles où la personne dit pouvoir aller ; rend leur nombre.';
