/*
 * 35_pix: the arithmetic of Pix: eight pix a level, sixteen competences, 1024
 * in all.  Floors are exact; the cap of a day is a row of pix_cap.
 */

-- The highest level open on a day; the theoretical one before any cap.
CREATE FUNCTION inclusion.pix_cap(day date) RETURNS int
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT c.max_level FROM inclusion_data.pix_cap c WHERE c.starts_on <= day ORDER BY c.starts_on DESC LIMIT 1), 8)
$$;

-- The level that Pix shows: whole, and never above the cap.
CREATE FUNCTION inclusion.pix_level(points int, day date) RETURNS int
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT least(points / 8, inclusion.pix_cap(day))
$$;

-- pix_profile: the figures of Pix for a vector.  First steps count in none.
--   score         pix in all, each competence capped
--   max_score     the score the cap of that day allows
--   certifiable   five competences or more at level 1
CREATE FUNCTION inclusion.pix_profile(vector inclusion.competence_vector, day date)
RETURNS TABLE (score int, max_score int, certifiable_competences int, certifiable boolean)
LANGUAGE sql STABLE STRICT ROWS 1 SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(sum(least(s.points, 8 * k.cap)) FILTER (WHERE s.points > 0), 0)::int, 16 * 8 * k.cap,
         count(*) FILTER (WHERE s.points >= 8)::int, count(*) FILTER (WHERE s.points >= 8) >= 5
  FROM inclusion.pix_cap(day) AS k (cap)
  LEFT JOIN inclusion.slots(vector) s ON s.code >= '1' AND inclusion.framework(vector) = 'pix'
  GROUP BY k.cap
$$;

-- The level a certification shows for its total score, never above the cap:
-- NULL for a score that cannot be.
CREATE FUNCTION inclusion.pix_certified_level(score int, day date) RETURNS int
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT max(l.level) FROM inclusion_data.pix_level l
  WHERE l.certified_from <= score AND score <= 1024 AND l.level <= inclusion.pix_cap(day)
$$;

COMMENT ON FUNCTION inclusion.pix_cap(date) IS 'Plafond Pix : plus haut niveau ouvert un jour donné.';
COMMENT ON FUNCTION inclusion.pix_level(int, date) IS 'Niveau Pix : pix divisés par huit, sans dépasser le plafond du jour.';
COMMENT ON FUNCTION inclusion.pix_profile(inclusion.competence_vector, date) IS 'Chiffres Pix : score, maximum du jour, compétences certifiables ; premiers pas exclus.';
COMMENT ON FUNCTION inclusion.pix_certified_level(int, date) IS 'Niveau certifié : celui d''un score total de certification.';
