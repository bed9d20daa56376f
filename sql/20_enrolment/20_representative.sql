/*
 * 20_representative: who may speak for a person who is a minor, or under a
 * measure of protection.  Whatever is not theirs the person decides alone, and
 * to say no needs nobody.
 */

-- name_representative: who speaks for a person, or comes along.
--   acts   what nobody decides without their word: enrolment, agreement, sharing;
--          NULL takes those of the kind, '{}' leaves every decision to the person
-- Returns the number of the representative.
CREATE FUNCTION inclusion.name_representative(beneficiary bigint, kind text, name text, acts text[] DEFAULT NULL,
                                              since date DEFAULT NULL, agent bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(name_representative.beneficiary);
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.refuse_nir(name);
  IF since > inclusion.today(here) THEN
    RAISE EXCEPTION 'date % of a representation is in the future', since
      USING ERRCODE = 'IN004', HINT = 'Give its first day, once it has come.';
  END IF;
  PERFORM inclusion.hold_file(name_representative.beneficiary, here);
  INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, named) VALUES (name_representative.beneficiary, here, true);
  RETURN inclusion_data.write_representative(name_representative.beneficiary, name_representative.kind, name_representative.name,
    name_representative.acts, coalesce(name_representative.since, inclusion.today(here)), inclusion.signing_agent(name_representative.agent));
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN004', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- end_representation: the measure is over, or the child has come of age.
CREATE FUNCTION inclusion.end_representation(representative bigint, until date DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.require_registry();
  UPDATE inclusion_data.representative r SET until = coalesce(end_representation.until, inclusion.today(r.perimeter))
  WHERE r.id = end_representation.representative AND r.until IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no representation % under way that you may end', representative
      USING ERRCODE = 'IN004', HINT = 'SELECT id, kind FROM inclusion_data.representative WHERE until IS NULL lists them.';
  END IF;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN004', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- Those whose word an act needs that day; none: the person's own is enough.
CREATE FUNCTION inclusion.speakers_for(beneficiary bigint, perimeter text, act text, day date) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT r.kind ORDER BY r.kind), '{}') FROM inclusion_data.representative r
  WHERE r.beneficiary = speakers_for.beneficiary AND r.perimeter = speakers_for.perimeter AND act = ANY (r.acts)
    AND r.since <= day AND (r.until IS NULL OR r.until >= day)
$$;

-- require_speaker: IN308 unless who spoke may: the person (NULL), or a
-- representative of that kind whose word the act needs.  A minor does not agree
-- alone.
CREATE FUNCTION inclusion.require_speaker(beneficiary bigint, perimeter text, act text, spoken_by text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  day constant date := inclusion.today(require_speaker.perimeter);
  entitled constant text[] := inclusion.speakers_for(beneficiary, perimeter, act, day);
  is_minor constant boolean := coalesce((SELECT inclusion.age_on(b.birth_year, day) < 18 FROM inclusion_data.beneficiary b
    WHERE b.id = require_speaker.beneficiary AND b.perimeter = require_speaker.perimeter), false);
BEGIN
  IF spoken_by = ANY (entitled) OR spoken_by IS NULL AND cardinality(entitled) = 0 AND NOT is_minor THEN
    RETURN;
  END IF;
  RAISE EXCEPTION 'the word of % is not the one that "%" of beneficiary % needs',
                  CASE WHEN spoken_by IS NULL THEN 'the person alone' ELSE format('"%s"', left(spoken_by, 40)) END, act, beneficiary
    USING ERRCODE = 'IN308',
          HINT = CASE WHEN cardinality(entitled) > 0 THEN format('Hear: %s (spoken_by).', array_to_string(entitled, ', '))
                      WHEN is_minor THEN 'Name who has parental authority with inclusion.name_representative(), and hear them.'
                      ELSE 'The person speaks for themself: leave spoken_by out.' END;
END
$$;

COMMENT ON FUNCTION inclusion.name_representative(bigint, text, text, text[], date, bigint) IS 'Représentant : qui parle pour une personne, et de quoi ; rend son numéro.';
COMMENT ON FUNCTION inclusion.end_representation(bigint, date) IS 'Fin d''une représentation : la personne décide de nouveau seule.';
COMMENT ON FUNCTION inclusion.speakers_for(bigint, text, text, date) IS 'Paroles nécessaires : sortes de représentants qu''un acte demande ce jour-là.';
COMMENT ON FUNCTION inclusion.require_speaker(bigint, text, text, text) IS 'Parole permise : IN308 si celle qui a été donnée n''est pas celle qu''il faut.';
