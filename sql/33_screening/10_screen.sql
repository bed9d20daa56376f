/*
 * 10_screen: two minutes of questions that say where to begin.
 */

CREATE FUNCTION inclusion.screening_in_force(day date) RETURNS int
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT v.version FROM inclusion_data.screening_version v WHERE v.starts_on <= day ORDER BY v.starts_on DESC LIMIT 1
$$;

-- What is said in a cell or on paper, as the registry keeps it; NULL when the
-- question was not asked, and the word itself when it is no answer.
CREATE FUNCTION inclusion.read_answer(said text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN w IN ('yes', 'oui', 'o', 'true', 'vrai') THEN 'yes'
              WHEN w IN ('no', 'non', 'n', 'false', 'faux') THEN 'no'
              WHEN w IN ('declined', 'non souhaite', 'ne souhaite pas') THEN 'declined'
              WHEN w IN ('', 'not asked', 'not raised', 'non pose', 'non aborde') THEN NULL
              ELSE said END
  FROM (SELECT coalesce(inclusion.fold(said), '') AS w) f
$$;

-- screen: the answers of one person to the published questions, e.g.
-- '{"appareil": "yes", "messagerie": "no", "arnaque": "not_asked"}'.
--   version   of the sheet that was filled in; NULL: the one in force that day
-- Returns what follows: a provisional assessment (NULL when nothing of it was
-- answered), the facts of the situation that were noted, those of themes that
-- the caller does not write, and how many questions were left out.
--   IN007  unknown question or answer, nothing answered, a day to come, or a
--          second screening on one day
CREATE FUNCTION inclusion.screen(beneficiary bigint, answers jsonb, screened_on date DEFAULT NULL,
                                 on_paper boolean DEFAULT false, agent bigint DEFAULT NULL, version int DEFAULT NULL)
RETURNS TABLE (screening bigint, vector inclusion.competence_vector, noted text[], not_noted text[], not_asked int)
LANGUAGE plpgsql VOLATILE ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  here constant text := inclusion.perimeter_of(screen.beneficiary);
  day constant date := coalesce(screen.screened_on, inclusion.today(here));
  asked constant int := coalesce(screen.version, inclusion.screening_in_force(day));
  asks constant bigint := inclusion.signing_agent(screen.agent);
  kept jsonb;
  wrong text;
  item record;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  IF day > inclusion.today(here) THEN
    RAISE EXCEPTION 'screening date % is in the future', day
      USING ERRCODE = 'IN007', HINT = 'Give the day the questions were asked.';
  ELSIF NOT EXISTS (SELECT FROM inclusion_data.screening_version v WHERE v.version = asked) THEN
    RAISE EXCEPTION 'there is no version % of the questions', coalesce(asked::text, 'in force on ' || day)
      USING ERRCODE = 'IN007', HINT = 'The number is printed on the sheet; SELECT version, title FROM inclusion_data.screening_version lists them.';
  ELSIF jsonb_typeof(answers) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION 'answers must be an object, not %', coalesce(jsonb_typeof(answers), 'NULL')
      USING ERRCODE = 'IN007', HINT = 'Write {"appareil": "yes", "messagerie": "no"}.';
  END IF;
  PERFORM inclusion.refuse_nir(answers::text);
  SELECT a.key INTO wrong FROM jsonb_each_text(answers) a
  WHERE NOT EXISTS (SELECT FROM inclusion_data.screening_question q WHERE q.version = asked AND q.code = a.key) ORDER BY a.key LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'version % asks no question "%"', asked, left(wrong, 40)
      USING ERRCODE = 'IN007', HINT = format('SELECT code, wording FROM inclusion_data.screening_question WHERE version = %s lists them.', asked);
  END IF;
  SELECT jsonb_object_agg(a.key, inclusion.read_answer(a.value)) FILTER (WHERE inclusion.read_answer(a.value) IS NOT NULL),
         -- one word a question: a list or an object is none
         min(a.value) FILTER (WHERE inclusion.read_answer(a.value) NOT IN ('yes', 'no', 'declined') OR jsonb_typeof(answers -> a.key) IN ('array', 'object'))
  INTO kept, wrong FROM jsonb_each_text(answers) a;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION '"%" is no answer', left(wrong, 40)
      USING ERRCODE = 'IN007', HINT = 'Answer yes, no, declined or not_asked.';
  ELSIF kept IS NULL THEN
    RAISE EXCEPTION 'no question was answered'
      USING ERRCODE = 'IN007', HINT = 'Record the screening once something was answered.';
  END IF;

  INSERT INTO inclusion_data.screening AS s (perimeter, beneficiary, version, screened_on, on_paper, answers, agent)
  VALUES (here, screen.beneficiary, asked, day, coalesce(screen.on_paper, false), kept, asks)
  RETURNING s.id INTO screening;
  PERFORM inclusion.touch_contact(screen.beneficiary, here);

  SELECT inclusion.latest_of(CASE kept ->> q.code WHEN 'yes' THEN q.on_yes ELSE q.on_no END ORDER BY q.n) INTO vector
  FROM inclusion_data.screening_question q
  WHERE q.version = asked AND q.on_yes IS NOT NULL AND kept ->> q.code IN ('yes', 'no');
  IF vector IS NOT NULL THEN
    PERFORM inclusion.assess(screen.beneficiary, vector, 'screening', day, screen.agent);
  END IF;

  noted := '{}';
  not_noted := '{}';
  FOR item IN
    SELECT q.item AS code, CASE kept ->> q.code WHEN 'yes' THEN q.item_on_yes
                                                WHEN 'no' THEN CASE q.item_on_yes WHEN 'yes' THEN 'no' ELSE 'yes' END
                                                ELSE 'declined' END AS answer
    FROM inclusion_data.screening_question q WHERE q.version = asked AND q.item IS NOT NULL AND kept ? q.code ORDER BY q.n
  LOOP
    IF item.code = ANY (inclusion_data.readable_items(current_user)) THEN
      -- what was already said the same day is not said twice; the contrary is refused
      IF NOT EXISTS (SELECT FROM inclusion_data.circumstance c
                     WHERE c.beneficiary = screen.beneficiary AND c.perimeter = here AND c.item = item.code
                       AND c.recorded_on = day AND c.answer = item.answer) THEN
        PERFORM inclusion.record_circumstance(screen.beneficiary, item.code, item.answer, day, screen.agent, 'screening');
      END IF;
      noted := noted || (item.code || '=' || item.answer);
    ELSE
      not_noted := not_noted || item.code;
    END IF;
  END LOOP;
  SELECT count(*) INTO not_asked FROM inclusion_data.screening_question q WHERE q.version = asked AND NOT kept ? q.code;
  RETURN NEXT;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN007', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

COMMENT ON FUNCTION inclusion.screening_in_force(date) IS 'Questions en service : la dernière version commencée ce jour-là.';
COMMENT ON FUNCTION inclusion.read_answer(text) IS 'Réponse lue : yes, no, declined, NULL si la question n''a pas été posée, ou le mot tel quel s''il n''en est pas une.';
COMMENT ON FUNCTION inclusion.screen(bigint, jsonb, date, boolean, bigint, int) IS 'Premier repérage : deux minutes de questions, un niveau provisoire et des faits à prendre en compte.';
