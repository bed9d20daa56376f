/*
 * 50_next_questions: what to ask next.  A question is worth what its answer would
 * spare: how much better the first offer would then be than the one that would
 * have been proposed without asking.
 */

-- Asked again for each answer to each question: in plpgsql, which keeps its plans.

-- The first offer for a need, of those not out of reach; NULL if there is none.
CREATE FUNCTION inclusion.first_offer(need inclusion.need, barred bigint[], OUT offer bigint, OUT cost float8)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  SELECT b.id, b.gap INTO offer, cost
  FROM (SELECT o.id, o.supply OPERATOR(inclusion.<=>) first_offer.need AS gap
        FROM inclusion_data.offer o
        WHERE o.supply OPERATOR(inclusion.@@) first_offer.need AND o.id <> ALL (barred)
        ORDER BY o.supply OPERATOR(inclusion.<=>) first_offer.need
        FETCH FIRST 1 ROWS WITH TIES) b
  ORDER BY b.gap, b.id LIMIT 1;
END
$$;

-- The need of one person were one more thing known of them.
CREATE FUNCTION inclusion.need_supposing(beneficiary bigint, perimeter text, day date, family text,
                                         item text, answer text, levels inclusion.competence_vector) RETURNS inclusion.need
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (SELECT r.need FROM inclusion_data.supposed_need_rows(ARRAY[need_supposing.perimeter], need_supposing.day, need_supposing.family, true,
                                                               need_supposing.item, need_supposing.answer, need_supposing.levels) r
          WHERE r.beneficiary = need_supposing.beneficiary);
END
$$;

-- What an answer is worth: by how much its need prefers its own first offer to
-- the one proposed without it; all the way where that one would not do at all.
CREATE FUNCTION inclusion.answer_value(need inclusion.need, proposed bigint, barred bigint[]) RETURNS float8
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  first record;
BEGIN
  first := inclusion.first_offer(need, barred);
  IF first.offer IS NULL THEN
    RETURN CASE WHEN proposed IS NULL THEN 0 ELSE 1 END;
  ELSIF first.offer = proposed THEN
    RETURN 0;
  END IF;
  RETURN coalesce((SELECT o.supply OPERATOR(inclusion.<=>) answer_value.need FROM inclusion_data.offer o
                   WHERE o.id = proposed AND o.supply OPERATOR(inclusion.@@) answer_value.need), 1) - first.cost;
END
$$;

-- What may be asked of a person, each possible answer with how likely it is:
-- facts never said, or declined long enough ago, of themes that the caller reads;
-- competences aimed at and never assessed.
CREATE FUNCTION inclusion.open_questions(beneficiary bigint, perimeter text, day date, family text)
RETURNS TABLE (kind text, code text, question text, answer text, percent int, acts boolean)
LANGUAGE sql STABLE ROWS 50 SET search_path = pg_catalog, pg_temp AS $$
  SELECT 'fact', c.item, c.label, q.answer, q.percent,
         EXISTS (SELECT FROM inclusion_data.need_rule r WHERE r.item = c.item AND r.answer = q.answer AND r.element <> 'family')
  FROM inclusion.circumstances_of(open_questions.beneficiary, day) c
  JOIN inclusion_data.circumstance_item i ON i.code = c.item AND open_questions.family = ANY (i.families) AND (i.ends_on IS NULL OR i.ends_on > day)
  JOIN inclusion_data.question_prior q
    ON q.subject = CASE WHEN EXISTS (SELECT FROM inclusion_data.question_prior p WHERE p.subject = c.item) THEN c.item ELSE 'fact' END
  WHERE coalesce(c.answer, 'not_raised') IN ('not_raised', 'declined') AND c.ask_from <= day
  UNION ALL
  SELECT 'competence', t.code, k.label, q.answer, q.percent, true
  FROM inclusion_data.expressed_need w
  CROSS JOIN LATERAL inclusion.slots(w.target) t
  JOIN inclusion_data.competence k ON k.code = t.code
  JOIN inclusion_data.question_prior q ON q.subject = 'competence'
  WHERE w.beneficiary = open_questions.beneficiary AND w.perimeter = open_questions.perimeter AND w.family = open_questions.family
    AND w.opened_on <= day AND (w.closed_on IS NULL OR w.closed_on > day)
    AND NOT EXISTS (SELECT FROM inclusion_data.found_rows(ARRAY[open_questions.perimeter], day) f
                    WHERE f.beneficiary = open_questions.beneficiary AND inclusion.points(f.vector, t.code) IS NOT NULL)
$$;

-- next_questions: the n questions whose answer could most change the offer that
-- comes first, those that change nothing last, by code.  Found with the matcher
-- itself on the offers of today; a declined question is not asked before its day.
--   value      what the answer is expected to spare, 0 to 1
--   changing   the answers that would put another offer first
CREATE FUNCTION inclusion.next_questions(beneficiary bigint, n int DEFAULT 5, day date DEFAULT NULL, family text DEFAULT 'learn')
RETURNS TABLE (rank int, kind text, code text, question text, value float8, changing text[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  here constant text := inclusion.perimeter_of(next_questions.beneficiary);
  on_day constant date := coalesce(next_questions.day, inclusion.today(here));
  barred constant bigint[] := ARRAY(SELECT x.offer FROM inclusion_data.barred_offer x WHERE x.beneficiary = next_questions.beneficiary);
  proposed bigint;
BEGIN
  IF coalesce(n, 0) NOT BETWEEN 1 AND 100 THEN
    RAISE EXCEPTION 'n must be between 1 and 100, not %', n
      USING ERRCODE = 'IN010', HINT = 'Ask for the five questions worth asking with n => 5.';
  END IF;
  SELECT f.offer INTO proposed
  FROM inclusion.first_offer(inclusion.need_of(next_questions.beneficiary, on_day, next_questions.family), barred) f;
  RETURN QUERY
  SELECT row_number() OVER (ORDER BY w.value DESC, w.kind DESC, w.code)::int, w.kind, w.code, w.question, w.value, w.changing
  FROM (SELECT q.kind, q.code, q.question, sum(q.percent * v.value ORDER BY q.answer) / 100 AS value,
               coalesce(array_agg(q.answer ORDER BY q.answer) FILTER (WHERE v.value > 0), '{}') AS changing
        FROM inclusion.open_questions(next_questions.beneficiary, here, on_day, next_questions.family) q
        CROSS JOIN LATERAL (
          SELECT CASE WHEN q.acts AND q.percent > 0 THEN inclusion.answer_value(
            inclusion.need_supposing(next_questions.beneficiary, here, on_day, next_questions.family,
              CASE q.kind WHEN 'fact' THEN q.code END, CASE q.kind WHEN 'fact' THEN q.answer END,
              CASE q.kind WHEN 'competence' THEN format('pix{%s=%s}', q.code, q.answer)::inclusion.competence_vector END),
            proposed, barred) ELSE 0 END AS value) v
        GROUP BY q.kind, q.code, q.question) w
  ORDER BY 1
  LIMIT next_questions.n;
END
$$;

COMMENT ON FUNCTION inclusion.first_offer(inclusion.need, bigint[]) IS 'Première offre : celle qui convient le mieux, hors celles qu''on ne peut rejoindre.';
COMMENT ON FUNCTION inclusion.need_supposing(bigint, text, date, text, text, text, inclusion.competence_vector) IS 'Besoin supposé : celui d''une personne, si l''on en savait un peu plus.';
COMMENT ON FUNCTION inclusion.answer_value(inclusion.need, bigint, bigint[]) IS 'Valeur d''une réponse : ce qu''elle épargne, de 0 à 1.';
COMMENT ON FUNCTION inclusion.open_questions(bigint, text, date, text) IS 'Questions possibles : ce qu''on ignore d''une personne, chaque réponse avec sa part supposée.';
COMMENT ON FUNCTION inclusion.next_questions(bigint, int, date, text) IS 'Questions à poser : celles dont la réponse changerait le plus la première offre.';
