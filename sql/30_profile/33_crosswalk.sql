/*
 * 33_crosswalk: from a framework to the other, through the published crosswalk:
 * ours, in table competence_crosswalk, since no official one exists.
 */

-- Each competence of the framework asked for takes the mean of the assessed ones
-- that it corresponds to, rounded down to an eighth of a level.  Lossy: first steps
-- and DigComp 5.3 have no counterpart.
CREATE FUNCTION inclusion.in_framework(vector inclusion.competence_vector, wanted text) RETURNS inclusion.competence_vector
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  converted text;
BEGIN
  IF inclusion.framework(vector) = wanted THEN
    RETURN vector;
  END IF;
  SELECT string_agg(c.code || '=' || (c.points / 8.0)::numeric(6,3), ',') INTO converted
  FROM (SELECT CASE wanted WHEN 'pix' THEN k.pix ELSE k.digcomp END AS code, floor(avg(s.points))::int AS points
        FROM inclusion.slots(vector) s
        JOIN inclusion_data.competence_crosswalk k ON s.code = CASE wanted WHEN 'pix' THEN k.digcomp ELSE k.pix END
        GROUP BY 1) c;
  RETURN (wanted || '{' || coalesce(converted, '') || '}')::inclusion.competence_vector;
END
$$;

CREATE FUNCTION inclusion.to_pix(vector inclusion.competence_vector) RETURNS inclusion.competence_vector
LANGUAGE sql STABLE STRICT RETURN inclusion.in_framework(vector, 'pix');

CREATE FUNCTION inclusion.to_digcomp(vector inclusion.competence_vector) RETURNS inclusion.competence_vector
LANGUAGE sql STABLE STRICT RETURN inclusion.in_framework(vector, 'digcomp');

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

COMMENT ON FUNCTION inclusion.in_framework(inclusion.competence_vector, text) IS 'Conversion d''un référentiel à l''autre : chaque compétence prend la moyenne de celles qui en parlent.';
COMMENT ON FUNCTION inclusion.to_pix(inclusion.competence_vector) IS 'Conversion en compétences Pix : par la table de correspondance publiée ; la nôtre, il n''en existe pas d''officielle.';
COMMENT ON FUNCTION inclusion.to_digcomp(inclusion.competence_vector) IS 'Conversion en compétences DigComp : par la table de correspondance publiée ; la nôtre, avec perte.';
COMMENT ON FUNCTION inclusion.offered_in_pix(inclusion.competence_vector) IS 'Niveaux d''une offre en Pix : convertis et arrondis au niveau inférieur.';
COMMENT ON FUNCTION inclusion.required_of_taught(inclusion.competence_vector, inclusion.competence_vector) IS 'Niveaux demandés, complétés : zéro pour ce qui est enseigné sans rien demander.';
