/*
 * 30_assess: what a person can do, and what they want.
 */

-- assess: record what an instrument found on a day.  History is kept; a later
-- finding replaces an earlier one competence by competence.
CREATE FUNCTION inclusion.assess(beneficiary bigint, vector inclusion.competence_vector,
                                 instrument text DEFAULT 'declared', assessed_on date DEFAULT NULL,
                                 agent bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(assess.beneficiary);
  in_pix constant inclusion.competence_vector := inclusion.to_pix(assess.vector);
  new_assessment bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  IF in_pix IS NULL OR inclusion.assessed(in_pix) = 0 THEN
    RAISE EXCEPTION 'the assessment of beneficiary % holds no competence', beneficiary
      USING ERRCODE = 'IN101', HINT = 'Write at least one, e.g. pix{1.1=2,4.2=1.5}.';
  END IF;
  IF NOT EXISTS (SELECT FROM inclusion_data.instrument i WHERE i.code = assess.instrument) THEN
    RAISE EXCEPTION '%', coalesce('unknown instrument "' || left(instrument, 40) || '"', 'a level needs the instrument that found it')
      USING ERRCODE = 'IN101', HINT = 'SELECT code, label FROM inclusion_data.instrument lists them; what the person says is declared.';
  END IF;
  IF EXISTS (SELECT FROM inclusion_data.ordinal_level o WHERE o.instrument = assess.instrument) THEN
    RAISE EXCEPTION 'instrument "%" gives a word, not levels', instrument
      USING ERRCODE = 'IN101', HINT = 'Record it with inclusion.assess_word(beneficiary, word, instrument).';
  END IF;
  IF assessed_on > inclusion.today(here) THEN
    RAISE EXCEPTION 'assessment date % is in the future', assessed_on
      USING ERRCODE = 'IN101', HINT = 'Give the day of the assessment.';
  END IF;
  PERFORM inclusion.touch_contact(assess.beneficiary, here);
  INSERT INTO inclusion_data.assessment AS a (perimeter, beneficiary, instrument, assessed_on, agent, vector)
  VALUES (here, assess.beneficiary, assess.instrument, coalesce(assess.assessed_on, inclusion.today(here)),
          inclusion.signing_agent(assess.agent), in_pix)
  RETURNING a.id INTO new_assessment;
  RETURN new_assessment;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN101', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- assess_word: what an instrument said that gives a word and no level.  The word
-- is kept, and shown; a published row says the least it can mean.
CREATE FUNCTION inclusion.assess_word(beneficiary bigint, word text, instrument text DEFAULT 'three_levels',
                                      assessed_on date DEFAULT NULL, agent bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(assess_word.beneficiary);
  day constant date := coalesce(assess_word.assessed_on, inclusion.today(here));
  new_assessment bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  IF NOT EXISTS (SELECT FROM inclusion_data.ordinal_level o WHERE o.instrument = assess_word.instrument AND o.word = assess_word.word) THEN
    RAISE EXCEPTION 'instrument "%" does not say "%"', left(instrument, 40), left(word, 40)
      USING ERRCODE = 'IN101', HINT = 'SELECT instrument, word, label FROM inclusion_data.ordinal_level lists what each says.';
  ELSIF day > inclusion.today(here) THEN
    RAISE EXCEPTION 'assessment date % is in the future', day
      USING ERRCODE = 'IN101', HINT = 'Give the day of the assessment.';
  END IF;
  PERFORM inclusion.touch_contact(assess_word.beneficiary, here);
  INSERT INTO inclusion_data.assessment AS a (perimeter, beneficiary, instrument, assessed_on, agent, word)
  VALUES (here, assess_word.beneficiary, assess_word.instrument, day, inclusion.signing_agent(assess_word.agent), assess_word.word)
  RETURNING a.id INTO new_assessment;
  RETURN new_assessment;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN101', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- The higher of two levels of each competence: what reaches both targets.
CREATE FUNCTION inclusion.highest(one inclusion.competence_vector, other inclusion.competence_vector) RETURNS inclusion.competence_vector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN one IS NULL THEN other WHEN other IS NULL THEN one ELSE (
    SELECT ('pix{' || coalesce(string_agg(h.code || '=' || h.level, ','), '') || '}')::inclusion.competence_vector
    FROM (SELECT s.code, (max(s.points) / 8.0)::numeric(6,3) AS level
          FROM (SELECT v.code, v.points FROM inclusion.slots(one) v UNION ALL SELECT v.code, v.points FROM inclusion.slots(other) v) s
          GROUP BY s.code) h) END
$$;

-- express_need: what the person asks for; a published goal, or a target of its
-- own, that of a programme beside them, and in their own words if they like.  It
-- replaces the request still open in the same family.
CREATE FUNCTION inclusion.express_need(beneficiary bigint, goal text DEFAULT NULL,
                                       target inclusion.competence_vector DEFAULT NULL, weights int[] DEFAULT NULL,
                                       opened_on date DEFAULT NULL, agent bigint DEFAULT NULL, words text DEFAULT NULL,
                                       programme text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(express_need.beneficiary);
  day constant date := coalesce(express_need.opened_on, inclusion.today(here));
  published record;
  wanted inclusion.competence_vector := inclusion.to_pix(express_need.target);
  wanted_family text := 'learn';
  new_need bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.refuse_nir(words);
  IF goal IS NOT NULL THEN
    SELECT g.family, g.target INTO published FROM inclusion_data.goal g WHERE g.code = express_need.goal;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'unknown goal "%"', goal
        USING ERRCODE = 'IN102', HINT = 'SELECT code, label FROM inclusion_data.goal lists them.';
    END IF;
    wanted_family := published.family;
    wanted := coalesce(wanted, published.target);
  END IF;
  IF programme IS NOT NULL THEN
    SELECT p.target INTO published FROM inclusion_data.programme_profile p WHERE p.code = express_need.programme;
    IF NOT FOUND OR wanted_family <> 'learn' THEN
      RAISE EXCEPTION 'programme "%" has no profile of family "%"', left(programme, 40), wanted_family
        USING ERRCODE = 'IN102', HINT = 'SELECT code, label FROM inclusion_data.programme_profile lists those that teach.';
    END IF;
    wanted := inclusion.highest(wanted, published.target);
  END IF;
  IF wanted_family = 'learn' AND wanted IS NULL THEN
    RAISE EXCEPTION 'a request to learn needs a goal or a target'
      USING ERRCODE = 'IN102', HINT = 'Name a published goal, or write a target such as pix{1.1=3,4.2=2}.';
  END IF;
  IF day > inclusion.today(here) THEN
    RAISE EXCEPTION 'request date % is in the future', day
      USING ERRCODE = 'IN102', HINT = 'Give the day the person asked.';
  END IF;
  PERFORM inclusion.touch_contact(express_need.beneficiary, here);
  UPDATE inclusion_data.expressed_need n SET closed_on = greatest(day, n.opened_on)
  WHERE n.beneficiary = express_need.beneficiary AND n.perimeter = here AND n.family = wanted_family AND n.closed_on IS NULL;
  INSERT INTO inclusion_data.expressed_need AS n (perimeter, beneficiary, family, goal, programme, words, target, weights, opened_on, agent)
  VALUES (here, express_need.beneficiary, wanted_family, express_need.goal, express_need.programme, nullif(btrim(express_need.words), ''), wanted, express_need.weights, day,
          inclusion.signing_agent(express_need.agent))
  RETURNING n.id INTO new_need;
  RETURN new_need;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN102', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

COMMENT ON FUNCTION inclusion.assess(bigint, inclusion.competence_vector, text, date, bigint) IS 'Évaluation : enregistre ce qu''un instrument a constaté un jour donné.';
COMMENT ON FUNCTION inclusion.assess_word(bigint, text, text, date, bigint) IS 'Évaluation en un mot : enregistre ce qu''a dit un instrument qui ne donne pas de niveau.';
COMMENT ON FUNCTION inclusion.highest(inclusion.competence_vector, inclusion.competence_vector) IS 'Plus haut niveau : compétence par compétence, ce qui atteint les deux cibles.';
COMMENT ON FUNCTION inclusion.express_need(bigint, text, inclusion.competence_vector, int[], date, bigint, text, text) IS 'Demande : un objectif publié, ou une cible propre ; remplace la demande ouverte de même famille.';
