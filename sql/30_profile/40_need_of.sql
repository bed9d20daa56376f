/*
 * 40_need_of: from a profile to the need that offers are matched with.
 */

-- The latest finding of each competence, in the order given.
CREATE AGGREGATE inclusion.latest_of(inclusion.competence_vector) (
  SFUNC = inclusion.latest, STYPE = inclusion.competence_vector, PARALLEL = SAFE);

-- A target competence nobody assessed is taken at the lowest level found in the
-- same domain (the digit before the point), which is nearer the truth than 0
-- and never above what was seen; where the domain is blank, it stays so.
CREATE FUNCTION inclusion.impute(found inclusion.competence_vector, target inclusion.competence_vector)
RETURNS inclusion.competence_vector
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'competence_vector_impute';

-- needs_of: the needs of everybody who waits in these perimeters (NULL: all)
-- for one family on one day; a front to inclusion_data.need_rows.  A night asks
-- for them without price: what is scarce is not less good.
CREATE FUNCTION inclusion.needs_of(perimeters text[], day date, family text DEFAULT 'learn', priced boolean DEFAULT true)
RETURNS TABLE (perimeter text, beneficiary bigint, need inclusion.need)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.require_registry();
  RETURN QUERY SELECT r.perimeter, r.beneficiary, r.need
  FROM inclusion_data.need_rows(needs_of.perimeters, needs_of.day, needs_of.family, needs_of.priced) r;
END
$$;

-- need_of: the need of one person.  IN003 if the caller may not see them,
-- IN102 if they asked for nothing of that family.
CREATE FUNCTION inclusion.need_of(beneficiary bigint, day date DEFAULT NULL, family text DEFAULT 'learn')
RETURNS inclusion.need
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(need_of.beneficiary);
  found inclusion.need;
BEGIN
  PERFORM inclusion.check_codes('family', ARRAY[need_of.family]);
  SELECT n.need INTO found
  FROM inclusion_data.need_rows(ARRAY[here], coalesce(need_of.day, inclusion.today(here)), need_of.family, true) n
  WHERE n.beneficiary = need_of.beneficiary;
  IF found IS NULL THEN
    RAISE EXCEPTION 'beneficiary % has no open request of family "%"', beneficiary, family
      USING ERRCODE = 'IN102', HINT = 'Record one with inclusion.express_need(beneficiary, goal).';
  END IF;
  RETURN found;
END
$$;

COMMENT ON AGGREGATE inclusion.latest_of(inclusion.competence_vector) IS 'Dernier constat : le plus récent de chaque compétence, dans l''ordre donné.';
COMMENT ON FUNCTION inclusion.impute(inclusion.competence_vector, inclusion.competence_vector) IS 'Compétences non évaluées : le plus bas niveau constaté dans le même domaine.';
COMMENT ON FUNCTION inclusion.needs_of(text[], date, text, boolean) IS 'Besoins : de toutes les personnes qui attendent, un jour donné, pour une famille.';
COMMENT ON FUNCTION inclusion.need_of(bigint, date, text) IS 'Besoin d''une personne : ce que l''on rapproche des offres.';
