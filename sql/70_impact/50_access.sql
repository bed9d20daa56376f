/*
 * 50_access: how much of the supply people can reach: two-step floating
 * catchment areas (Luo and Wang 2003; Luo and Qi 2009).
 */

CREATE FUNCTION inclusion.fca_weight(minutes float8, kernel text)
RETURNS float8
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'fca_kernel_weight';
COMMENT ON FUNCTION inclusion.fca_weight(float8, text) IS
  'Poids d''un temps de trajet : selon un noyau (step, bands, bands_steep, apl, gaussian, epanechnikov, ou tel gaussian:45)';

-- What the two steps must not be given: what is counted would be counted
-- twice, or would be no number.
CREATE FUNCTION inclusion.fca_check(relation regclass, key name, other_key name, amount name) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wrong text;
  other text;
BEGIN
  EXECUTE format(
    'SELECT %I::text, %I::text FROM %s WHERE NOT (%I >= 0 AND %I < ''Infinity''::float8) ORDER BY 1, 2 LIMIT 1',
    key, other_key, relation, amount, amount) INTO wrong, other;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION '% of % is negative or no number for %', amount, relation, concat_ws(', ', wrong, nullif(other, wrong))
      USING ERRCODE = 'IN501', HINT = 'Correct the row, or leave it out.';
  END IF;
  EXECUTE format('SELECT %I::text, %I::text FROM %s GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY 1, 2 LIMIT 1',
    key, other_key, relation) INTO wrong, other;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION '% holds % more than once', relation, concat_ws(', ', wrong, nullif(other, wrong))
      USING ERRCODE = 'IN501', HINT = 'Give one row each.';
  END IF;
END
$$;
COMMENT ON FUNCTION inclusion.fca_check(regclass, name, name, name) IS
  'Vérification d''une relation : quantités positives et finies, chaque clé une fois';

-- First the demand that each site faces, then the ratios that each zone
-- reaches.  Sums run in the order of the keys, so that they always give the
-- same figure.  People times access sum to the supply that somebody reaches.
CREATE FUNCTION inclusion.fca_access(demand regclass, supply regclass, cost regclass, kernel text)
RETURNS TABLE (zone text, population float8, access float8)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.fca_check(demand, 'zone', 'zone', 'population');
  PERFORM inclusion.fca_check(supply, 'site', 'site', 'seats');
  PERFORM inclusion.fca_check(cost, 'zone', 'site', 'minutes');
  RETURN QUERY EXECUTE format($query$
    WITH zones AS MATERIALIZED (
      SELECT d.zone::text AS zone, d.population::float8 AS population FROM %1$s AS d
    ), links AS MATERIALIZED (
      SELECT c.zone::text AS zone, c.site::text AS site, inclusion.fca_weight(c.minutes::float8, $1) AS weight FROM %3$s AS c
    ), ratios AS MATERIALIZED (
      SELECT s.site::text AS site, s.seats::float8 / nullif(faced.people, 0) AS ratio
      FROM %2$s AS s
      JOIN (SELECT l.site, sum(z.population * l.weight ORDER BY l.zone COLLATE "C") AS people
            FROM links l JOIN zones z ON z.zone = l.zone GROUP BY l.site) AS faced ON faced.site = s.site::text
    )
    SELECT z.zone, z.population, coalesce(reached.ratio, 0)
    FROM zones z
    LEFT JOIN (SELECT l.zone, sum(r.ratio * l.weight ORDER BY l.site COLLATE "C") AS ratio
               FROM links l JOIN ratios r ON r.site = l.site GROUP BY l.zone) AS reached ON reached.zone = z.zone
    ORDER BY z.zone COLLATE "C"$query$, demand, supply, cost) USING kernel;
END
$$;
COMMENT ON FUNCTION inclusion.fca_access(regclass, regclass, regclass, text) IS
  'Accessibilité par zone : places atteintes par personne, depuis demande (zone, population), offre (site, seats) et trajets (zone, site, minutes)';
