/*
 * 40_need_of: from a profile to the need that offers are matched with.
 */

-- The latest finding of each competence, in the order given.
CREATE AGGREGATE inclusion.latest_of(inclusion.competence_vector) (
  SFUNC = inclusion.latest, STYPE = inclusion.competence_vector, PARALLEL = SAFE);

-- A target competence nobody assessed is taken at the lowest level found in the
-- same domain (the digit before the point), which is nearer the truth than 0
-- and never above what was seen; where the domain is blank, at `otherwise`
-- points, and without them it stays so.
CREATE FUNCTION inclusion.impute(found inclusion.competence_vector, target inclusion.competence_vector, otherwise int DEFAULT NULL)
RETURNS inclusion.competence_vector
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'competence_vector_impute';

-- The mean points of what was assessed, rounded down; NULL if nothing was.
CREATE FUNCTION inclusion.mean_points(v inclusion.competence_vector) RETURNS int
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'competence_vector_mean_points';

-- Weights where what is supposed counts for `percent` of its own beside what was
-- found; as given (NULL: all the same) where there are not both.
CREATE FUNCTION inclusion.lower_weights(found inclusion.competence_vector, target inclusion.competence_vector, weights int[], percent int)
RETURNS int[]
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'competence_vector_lower_weights';

-- needs_of: the needs of everybody who waits in these perimeters (NULL: all)
-- for one family on one day; a front to inclusion_data.need_rows.  A night asks
-- for them without price: what is scarce is not less good.
CREATE FUNCTION inclusion.needs_of(perimeters text[], day date, family text DEFAULT 'learn', priced boolean DEFAULT true)
RETURNS TABLE (perimeter text, beneficiary bigint, need inclusion.need)
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.require_registry();
  PERFORM inclusion.check_codes('family', ARRAY[needs_of.family]);
  RETURN QUERY SELECT r.perimeter, r.beneficiary, r.need
  FROM inclusion_data.need_rows(needs_of.perimeters, needs_of.day, needs_of.family, needs_of.priced) r;
END
$$;

-- One perimeter named, or none: all those the caller sees.
CREATE FUNCTION inclusion.needs_of(perimeter text DEFAULT NULL, day date DEFAULT NULL, family text DEFAULT 'learn')
RETURNS TABLE (perimeter_code text, beneficiary bigint, need inclusion.need)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT n.* FROM inclusion.needs_of(CASE WHEN needs_of.perimeter IS NOT NULL THEN ARRAY[inclusion.resolve_perimeter(needs_of.perimeter)] END,
    coalesce(needs_of.day, inclusion.today(needs_of.perimeter)), needs_of.family) n
$$;

-- need_of: the need of one person.  IN003 if the caller may not see them,
-- IN102 if nothing puts that family in
-- play: no request, no fact of their situation.
CREATE FUNCTION inclusion.need_of(beneficiary bigint, day date DEFAULT NULL, family text DEFAULT 'learn')
RETURNS inclusion.need
-- the plan is the same for everybody, and takes longer to make than to run
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  here constant text := inclusion.perimeter_of(need_of.beneficiary);
  on_day constant date := coalesce(need_of.day, inclusion.today(here));
  wanted inclusion.need;
BEGIN
  PERFORM inclusion.check_codes('family', ARRAY[need_of.family]);
  -- named, the family that nearly all is asked of spares the planner the others'
  IF family = 'learn' THEN
    SELECT n.need INTO wanted FROM inclusion_data.need_rows(ARRAY[here], on_day, 'learn', true) n WHERE n.beneficiary = need_of.beneficiary;
  ELSE
    SELECT n.need INTO wanted FROM inclusion_data.need_rows(ARRAY[here], on_day, need_of.family, true) n WHERE n.beneficiary = need_of.beneficiary;
  END IF;
  IF wanted IS NULL THEN
    RAISE EXCEPTION 'beneficiary % has no open request of family "%"', beneficiary, family
      USING ERRCODE = 'IN102', HINT = 'Record one with inclusion.express_need(beneficiary, goal).';
  END IF;
  RETURN wanted;
END
$$;

COMMENT ON AGGREGATE inclusion.latest_of(inclusion.competence_vector) IS 'Dernier constat : le plus récent de chaque compétence, dans l''ordre donné.';
COMMENT ON FUNCTION inclusion.impute(inclusion.competence_vector, inclusion.competence_vector, int) IS 'Compétences non évaluées : le plus bas niveau constaté dans le même domaine, à défaut celui qui est donné.';
COMMENT ON FUNCTION inclusion.mean_points(inclusion.competence_vector) IS 'Niveau d''ensemble : moyenne des points évalués, arrondie au point inférieur.';
COMMENT ON FUNCTION inclusion.lower_weights(inclusion.competence_vector, inclusion.competence_vector, int[], int) IS 'Poids réduits : celui des compétences supposées, à côté de celles qui ont été constatées.';
COMMENT ON FUNCTION inclusion.needs_of(text[], date, text, boolean) IS 'Besoins : de toutes les personnes qui attendent, un jour donné, pour une famille.';
COMMENT ON FUNCTION inclusion.needs_of(text, date, text) IS 'Besoins d''un périmètre : de ceux qui y attendent, ou partout si aucun n''est nommé.';
COMMENT ON FUNCTION inclusion.need_of(bigint, date, text) IS 'Besoin d''une personne : ce que l''on rapproche des offres.';
