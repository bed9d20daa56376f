/*
 * 50_autonomy: can this be done alone?  The rules in force suggest, with their
 * reasons; a named person decides, for one use and never for the whole person.
 */

-- The rules in force on a day: the perimeter's own, else the default ones.
CREATE FUNCTION inclusion.autonomy_rules_in_force(perimeter text, day date) RETURNS int
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  latest int;
BEGIN
  SELECT r.version INTO latest FROM inclusion_data.autonomy_ruleset r
  WHERE (r.perimeter = autonomy_rules_in_force.perimeter OR r.perimeter IS NULL) AND r.starts_on <= day AND isfinite(day)
  ORDER BY r.perimeter IS NULL, r.starts_on DESC LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no rules of autonomy are in force for perimeter "%" on %', perimeter, day
      USING ERRCODE = 'IN103', HINT = 'Insert a version in inclusion_data.autonomy_ruleset that has started by then.';
  END IF;
  RETURN latest;
END
$$;

-- autonomy_facts: everything the rules look at, of one person and one use, as
-- known on a day.  NULL is unknown: never asked, not said, or of a theme that
-- the caller does not read; it counts neither for nor against anybody.
CREATE FUNCTION inclusion.autonomy_facts(beneficiary bigint, scope text, day date DEFAULT NULL)
RETURNS TABLE (fact text, value numeric)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(autonomy_facts.beneficiary);
  on_day constant date := coalesce(day, inclusion.today(here));
  asked record;
BEGIN
  SELECT s.kind, s.target INTO asked FROM inclusion_data.autonomy_scope s WHERE s.code = autonomy_facts.scope;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown use "%"', scope
      USING ERRCODE = 'IN103', HINT = 'SELECT code, label FROM inclusion_data.autonomy_scope lists them.';
  END IF;

  RETURN QUERY
  WITH useful AS (
    SELECT a.id, a.assessed_on, a.vector FROM inclusion_data.assessment a
    WHERE a.beneficiary = autonomy_facts.beneficiary AND a.perimeter = here AND a.assessed_on <= on_day
      AND EXISTS (SELECT FROM inclusion.slots(a.vector) s JOIN inclusion.slots(asked.target) t ON t.code = s.code)
  ), known AS (
    -- the last finding of each competence, and the first
    SELECT count(*) AS times, max(u.assessed_on) AS last_on,
      inclusion.latest_of(u.vector ORDER BY u.assessed_on, u.id) AS last,
      inclusion.latest_of(u.vector ORDER BY u.assessed_on DESC, u.id DESC) AS first
    FROM useful u
  ), level AS (
    -- of the competences found at least once
    SELECT t.points AS wanted, l.points AS last, f.points AS first
    FROM known k
    CROSS JOIN inclusion.slots(asked.target) t
    JOIN inclusion.slots(k.last) l ON l.code = t.code
    JOIN inclusion.slots(k.first) f ON f.code = t.code
  )
  SELECT 'gap', max(greatest(v.wanted - v.last, 0)) / 8.0 FROM level v
  UNION ALL SELECT 'unassessed', (inclusion.assessed(asked.target) - count(*))::numeric FROM level v
  UNION ALL SELECT 'assessed_days', (on_day - k.last_on)::numeric FROM known k
  UNION ALL SELECT 'progress', CASE WHEN k.times > 1 THEN
      (SELECT sum(least(v.last, v.wanted) - least(v.first, v.wanted)) / 8.0 FROM level v) END FROM known k
  UNION ALL SELECT 'attended', count(DISTINCT s.proposal)::numeric
    FROM inclusion_data.proposal p
    JOIN inclusion_data.proposal_step s ON s.proposal = p.id AND s.perimeter = p.perimeter AND s.to_state = 'attended'
    JOIN inclusion_data.perimeter m ON m.code = p.perimeter
    WHERE p.beneficiary = autonomy_facts.beneficiary AND p.perimeter = here AND (s.at AT TIME ZONE m.time_zone)::date <= on_day
  UNION ALL SELECT 'is_procedure', (asked.kind = 'procedure')::int::numeric
  UNION ALL SELECT f.code, CASE c.answer WHEN 'yes' THEN 1 WHEN 'no' THEN 0 END::numeric
    FROM inclusion_data.autonomy_fact f
    LEFT JOIN LATERAL (
      SELECT c.answer FROM inclusion_data.circumstance c
      WHERE c.beneficiary = autonomy_facts.beneficiary AND c.perimeter = here AND c.item = f.item AND c.recorded_on <= on_day
        AND c.answer <> 'not_raised'
      ORDER BY c.recorded_on DESC, c.id DESC LIMIT 1) c ON true
    WHERE f.item IS NOT NULL;
END
$$;

-- suggest_autonomy: what the rules in force say of one person and one use.
--   outcome    of the first rule whose conditions all hold
--   label      the outcome in words, with the date of the review of a mandate
--   review_on  when to look at it again; NULL if nothing obliges
--   version    of the rules
--   reasons    every rule that holds, in order, the first being decisive:
--              [{"rank", "outcome", "label", "decisive", "facts": [{"fact",
--              "label", "value", "unit", "at_least", "at_most"}]}]
--   missing    what nobody knows, and could change the suggestion
-- A suggestion is stored only with the decision of a named person.
CREATE FUNCTION inclusion.suggest_autonomy(beneficiary bigint, scope text, day date DEFAULT NULL)
RETURNS TABLE (outcome text, label text, review_on date, version int, reasons jsonb, missing text[])
LANGUAGE plpgsql STABLE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(suggest_autonomy.beneficiary);
  on_day constant date := coalesce(day, inclusion.today(here));
  rules constant int := inclusion.autonomy_rules_in_force(here, on_day);
BEGIN
  RETURN QUERY
  WITH known AS MATERIALIZED (
    SELECT f.fact, f.value FROM inclusion.autonomy_facts(suggest_autonomy.beneficiary, suggest_autonomy.scope, on_day) f
  ), tested AS (
    SELECT c.rank, f.code, f.label, f.unit, k.value, c.at_least, c.at_most,
      -- NULL where the fact is unknown
      (c.at_least IS NULL OR k.value >= c.at_least) AND (c.at_most IS NULL OR k.value <= c.at_most) AS is_met
    FROM inclusion_data.autonomy_condition c
    JOIN inclusion_data.autonomy_fact f ON f.code = c.fact
    JOIN known k ON k.fact = c.fact
    WHERE c.version = rules
  ), judged AS (
    SELECT r.rank, r.outcome, r.label,
      NOT EXISTS (SELECT FROM tested t WHERE t.rank = r.rank AND t.is_met IS NOT TRUE) AS holds,
      NOT EXISTS (SELECT FROM tested t WHERE t.rank = r.rank AND t.is_met IS FALSE) AS could_hold,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('fact', t.code, 'label', t.label, 'value', t.value, 'unit', t.unit,
                                                    'at_least', t.at_least, 'at_most', t.at_most) ORDER BY t.code), '[]')
       FROM tested t WHERE t.rank = r.rank) AS facts
    FROM inclusion_data.autonomy_rule r WHERE r.version = rules
  ), decisive AS (
    SELECT j.rank, o.code, o.label, on_day + o.review_within AS review_on
    FROM judged j JOIN inclusion_data.autonomy_outcome o ON o.code = j.outcome
    WHERE j.holds ORDER BY j.rank LIMIT 1
  )
  SELECT d.code, d.label || CASE d.code WHEN 'mandate' THEN to_char(d.review_on, ' "le" DD/MM/YYYY') ELSE '' END,
    d.review_on, rules,
    (SELECT jsonb_agg(jsonb_build_object('rank', j.rank, 'outcome', j.outcome, 'label', j.label,
                                         'decisive', j.rank = d.rank, 'facts', j.facts) ORDER BY j.rank)
     FROM judged j WHERE j.holds),
    (SELECT coalesce(array_agg(DISTINCT t.label ORDER BY t.label), '{}') FROM judged j JOIN tested t ON t.rank = j.rank
     WHERE j.rank < d.rank AND j.could_hold AND t.is_met IS NULL)
  FROM decisive d;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'version % of the rules of autonomy concludes nothing', rules
      USING ERRCODE = 'IN103', HINT = 'Its last rule must have no condition: insert one in inclusion_data.autonomy_rule.';
  END IF;
END
$$;

-- decide_autonomy: what a named person concludes, whatever was suggested; both
-- are kept.  A later decision replaces an earlier one; none is ever erased.
--   motive     why, in a sentence; 500 characters at most
--   review_on  when to look at it again; by default as late as the outcome
--              allows.  A mandate is always reviewed, within the year
--   IN103  unknown use or outcome, a day to come, no motive, a review too late
--   IN305  only a named person decides
CREATE FUNCTION inclusion.decide_autonomy(beneficiary bigint, scope text, outcome text, motive text,
                                          review_on date DEFAULT NULL, decided_on date DEFAULT NULL, agent bigint DEFAULT NULL)
RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(decide_autonomy.beneficiary);
  day constant date := coalesce(decide_autonomy.decided_on, inclusion.today(here));
  decides constant bigint := inclusion.acting_agent(decide_autonomy.agent);
  acts_as text;
  review_within int;
  review constant date := decide_autonomy.review_on;
  suggestion record;
  new_decision bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.check_note(motive);
  SELECT a.kind INTO acts_as FROM inclusion_data.agent a WHERE a.id = decides;
  IF acts_as <> 'person' THEN
    RAISE EXCEPTION 'agent % is a % account and may not decide for a person', decides, acts_as
      USING ERRCODE = 'IN305', HINT = 'Connect with the account of a named agent.';
  END IF;
  SELECT o.review_within INTO review_within FROM inclusion_data.autonomy_outcome o WHERE o.code = decide_autonomy.outcome;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown outcome "%"', outcome
      USING ERRCODE = 'IN103', HINT = 'SELECT code, label FROM inclusion_data.autonomy_outcome lists them.';
  END IF;
  IF day > inclusion.today(here) THEN
    RAISE EXCEPTION 'decision date % is in the future', day
      USING ERRCODE = 'IN103', HINT = 'Give the day it was decided.';
  END IF;
  IF review > day + review_within THEN
    RAISE EXCEPTION 'review date % is more than % days after the decision', review, review_within
      USING ERRCODE = 'IN103', HINT = 'Such a decision is never for good: give an earlier day, or none.';
  END IF;
  SELECT g.outcome, g.version INTO suggestion
  FROM inclusion.suggest_autonomy(decide_autonomy.beneficiary, decide_autonomy.scope, day) g;
  PERFORM inclusion.touch_contact(decide_autonomy.beneficiary, here);
  INSERT INTO inclusion_data.autonomy_decision AS d
    (perimeter, beneficiary, scope, outcome, motive, decided_on, review_on, agent, suggested, version)
  VALUES (here, decide_autonomy.beneficiary, decide_autonomy.scope, decide_autonomy.outcome, decide_autonomy.motive,
          day, coalesce(review, day + review_within), decides, suggestion.outcome, suggestion.version)
  RETURNING d.id INTO new_decision;
  RETURN new_decision;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN103', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

COMMENT ON FUNCTION inclusion.autonomy_rules_in_force(text, date) IS 'Règles d''autonomie en vigueur : celles du périmètre, sinon celles par défaut ; IN103 s''il n''y en a pas.';
COMMENT ON FUNCTION inclusion.autonomy_facts(bigint, text, date) IS 'Faits d''autonomie : tout ce que les règles regardent d''une personne pour un usage ; NULL si inconnu.';
COMMENT ON FUNCTION inclusion.suggest_autonomy(bigint, text, date) IS 'Autonomie suggérée : ce que disent les règles publiées pour un usage, avec leurs raisons ; ne décide rien.';
COMMENT ON FUNCTION inclusion.decide_autonomy(bigint, text, text, text, date, date, bigint) IS 'Autonomie décidée : la conclusion d''un agent nommé, son motif et le jour où l''on y revient.';
