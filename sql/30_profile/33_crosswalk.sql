/*
 * 33_crosswalk: other ways than to_pix() through the published crosswalk.
 */

-- A Pix vector in DigComp 2.2: each competence takes the mean of the assessed
-- Pix competences that speak of it, rounded down to an eighth of a level.  Lossy,
-- and ours: first steps and DigComp 5.3 have no counterpart.
CREATE FUNCTION inclusion.to_digcomp(vector inclusion.competence_vector) RETURNS inclusion.competence_vector
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  converted text;
BEGIN
  IF inclusion.framework(vector) = 'digcomp' THEN
    RETURN vector;
  END IF;
  SELECT string_agg(c.digcomp || '=' || (c.points / 8.0)::numeric(6,3), ',') INTO converted
  FROM (SELECT k.digcomp, floor(avg(s.points))::int AS points
        FROM inclusion.slots(vector) s JOIN inclusion_data.competence_crosswalk k ON k.pix = s.code
        GROUP BY k.digcomp) c;
  RETURN ('digcomp{' || coalesce(converted, '') || '}')::inclusion.competence_vector;
END
$$;

-- What an offer requires or teaches, in Pix.  Its levels are whole: those of a
-- conversion are rounded down, and a level of nothing is left out.
CREATE FUNCTION inclusion.offered_in_pix(vector inclusion.competence_vector) RETURNS inclusion.competence_vector
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  whole text;
BEGIN
  IF inclusion.framework(vector) = 'pix' THEN
    RETURN vector;
  END IF;
  SELECT string_agg(s.code || '=' || s.points / 8, ',') INTO whole
  FROM inclusion.slots(inclusion.to_pix(vector)) s WHERE s.points >= 8;
  RETURN ('pix{' || coalesce(whole, '') || '}')::inclusion.competence_vector;
END
$$;

-- What an offer requires, said of every competence it teaches: nothing required
-- counts as nothing in the mean of a conversion, so that what is taught stays
-- above what is required.
CREATE FUNCTION inclusion.required_of_taught(requires inclusion.competence_vector, teaches inclusion.competence_vector)
RETURNS inclusion.competence_vector
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN coalesce(inclusion.framework(requires), 'pix') = 'pix' OR coalesce(inclusion.framework(teaches), 'pix') = 'pix' THEN requires
              ELSE inclusion.latest((SELECT ('digcomp{' || coalesce(string_agg(s.code || '=0', ','), '') || '}')::inclusion.competence_vector
                                     FROM inclusion.slots(teaches) s), requires) END
$$;

COMMENT ON FUNCTION inclusion.to_digcomp(inclusion.competence_vector) IS 'Conversion en compétences DigComp : par la table de correspondance publiée ; la nôtre, avec perte.';
COMMENT ON FUNCTION inclusion.offered_in_pix(inclusion.competence_vector) IS 'Niveaux d''une offre en Pix : convertis et arrondis au niveau inférieur.';
COMMENT ON FUNCTION inclusion.required_of_taught(inclusion.competence_vector, inclusion.competence_vector) IS 'Niveaux demandés, complétés : zéro pour ce qui est enseigné sans rien demander.';
