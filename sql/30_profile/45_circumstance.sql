/*
 * 45_circumstance: what stands in the way of a person, fact by fact.
 */

-- record_circumstance: yes, no, not raised or declined, on a day.  Earlier
-- answers are kept; the latest day counts.
--   source     who said so, or how it is known: a row of answer_source
--   corrects   true replaces an answer of the same day, noted by mistake
--   IN101  unknown fact, answer or source, a day to come, or a second answer on one day
--   IN803  a theme that the caller does not read
CREATE FUNCTION inclusion.record_circumstance(beneficiary bigint, item text, answer text DEFAULT 'yes',
                                              recorded_on date DEFAULT NULL, agent bigint DEFAULT NULL,
                                              source text DEFAULT 'person', corrects boolean DEFAULT false) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(record_circumstance.beneficiary);
  day constant date := coalesce(record_circumstance.recorded_on, inclusion.today(here));
  said_today int;
  new_circumstance bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.refuse_nir(item, answer, source), inclusion.check_circumstance(item, answer, day);
  IF day > inclusion.today(here) THEN
    RAISE EXCEPTION 'date % of a circumstance is in the future', day
      USING ERRCODE = 'IN101', HINT = 'Give the day the person answered.';
  END IF;
  IF record_circumstance.item <> ALL (inclusion_data.readable_items(current_user)) THEN
    RAISE EXCEPTION 'circumstance "%" is of a theme that role "%" does not read', item, current_user
      USING ERRCODE = 'IN803', HINT = 'Table inclusion_data.theme_clearance says who does; the structure that enrolled the person can note it.';
  END IF;
  PERFORM inclusion.touch_contact(record_circumstance.beneficiary, here);
  SELECT max(c.n) INTO said_today FROM inclusion_data.circumstance c
  WHERE c.beneficiary = record_circumstance.beneficiary AND c.perimeter = here AND c.item = record_circumstance.item AND c.recorded_on = day;
  IF said_today IS NOT NULL AND NOT coalesce(corrects, false) THEN
    RAISE EXCEPTION 'beneficiary % already has an answer to "%" on %', beneficiary, item, day
      USING ERRCODE = 'IN101', HINT = 'Give the day of the new answer; or, if the former was noted by mistake, corrects => true.';
  END IF;
  INSERT INTO inclusion_data.circumstance AS c (perimeter, beneficiary, item, answer, recorded_on, n, source, agent)
  VALUES (here, record_circumstance.beneficiary, record_circumstance.item, record_circumstance.answer, day,
          coalesce(said_today, 0) + 1, record_circumstance.source, inclusion.signing_agent(record_circumstance.agent))
  RETURNING c.id INTO new_circumstance;
  RETURN new_circumstance;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN101', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- A fact that is asked on that day, and an answer that is one.
CREATE FUNCTION inclusion.check_circumstance(item text, answer text, day date) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked record;
BEGIN
  SELECT i.starts_on, i.ends_on INTO asked FROM inclusion_data.circumstance_item i WHERE i.code = check_circumstance.item;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown circumstance "%"', left(item, 40)
      USING ERRCODE = 'IN101', HINT = 'SELECT code, label FROM inclusion_data.circumstance_item lists them.';
  ELSIF day < asked.starts_on OR day >= asked.ends_on THEN
    RAISE EXCEPTION 'circumstance "%" is not asked on %', item, day
      USING ERRCODE = 'IN101', HINT = format('It is from %s to %s.', asked.starts_on, coalesce(asked.ends_on::text, 'now on'));
  ELSIF answer IS NULL OR answer NOT IN ('yes', 'no', 'not_raised', 'declined') THEN
    RAISE EXCEPTION '"%" is no answer', coalesce(left(answer, 40), 'NULL')
      USING ERRCODE = 'IN101', HINT = 'Answer yes, no, not_raised or declined.';
  END IF;
END
$$;

-- circumstances_of: every fact of the themes that the caller reads and the person
-- shares, with the latest answer up to that day; NULL where it was never given.
--   ask_from   the first day it may be asked: never before, once declined
CREATE FUNCTION inclusion.circumstances_of(beneficiary bigint, day date DEFAULT NULL)
RETURNS TABLE (theme text, item text, label text, answer text, recorded_on date, source text, ask_from date)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(circumstances_of.beneficiary);
  on_day constant date := coalesce(circumstances_of.day, inclusion.today(here));
BEGIN
  RETURN QUERY
  SELECT i.theme, i.code, i.label, l.answer, l.recorded_on, l.source,
         CASE l.answer WHEN 'declined' THEN l.recorded_on + i.ask_again_days ELSE i.starts_on END
  FROM inclusion_data.circumstance_item i
  LEFT JOIN LATERAL (
    SELECT c.answer, c.recorded_on, c.source FROM inclusion_data.circumstance c
    WHERE c.beneficiary = circumstances_of.beneficiary AND c.perimeter = here AND c.item = i.code AND c.recorded_on <= on_day
    ORDER BY c.recorded_on DESC, c.n DESC LIMIT 1) l ON true
  WHERE i.code = ANY ((SELECT inclusion_data.readable_items(current_user))::text[])
    AND NOT EXISTS (SELECT FROM inclusion_data.refused_items(current_user) f
                    WHERE f.beneficiary = circumstances_of.beneficiary AND f.item = i.code)
    AND i.starts_on <= on_day AND (i.ends_on IS NULL OR i.ends_on > on_day OR l.answer IS NOT NULL)
  ORDER BY i.theme, i.code;
END
$$;

COMMENT ON FUNCTION inclusion.record_circumstance(bigint, text, text, date, bigint, text, boolean) IS 'Situation : oui, non, non abordé ou non souhaité, un jour donné ; ce qui a été dit avant demeure.';
COMMENT ON FUNCTION inclusion.check_circumstance(text, text, date) IS 'Réponse possible : IN101 si le fait n''est pas demandé ce jour-là, ou si ce n''est pas une réponse.';
COMMENT ON FUNCTION inclusion.circumstances_of(bigint, date) IS 'Situation d''une personne : chaque fait, sa dernière réponse, et le jour dès lequel on peut le demander.';
