/*
 * 75_access: the places of a week that people can reach (I11), from what is
 * open, where people live and how far that is.
 */

-- People live at the middle of their commune, and nobody of them is known here.
CREATE VIEW inclusion_data.access_demand AS
SELECT t.code AS zone, t.population::float8 AS population
FROM inclusion_data.territory t
WHERE t.kind = 'commune' AND t.perimeter IS NOT NULL AND t.population IS NOT NULL AND t.longitude IS NOT NULL;

-- Seats of dated sessions of the next four weeks, a week; and weekly ones.
CREATE VIEW inclusion_data.access_supply AS
SELECT p.id::text AS site, sum(o.seats)::float8 AS seats
FROM inclusion_data.place p
JOIN (SELECT w.place, coalesce(w.weekly_seats, 0)::float8 AS seats FROM inclusion_data.offer w
      WHERE w.capacity_kind = 'weekly' AND w.open AND 'learn' = ANY (w.families) AND w.valid @> current_date
      UNION ALL
      SELECT coalesce(s.place, w.place) AS place, e.capacity / 4.0::float8 AS seats
      FROM inclusion_data.offer w
      JOIN inclusion_data.session s ON s.offer = w.id AND s.state = 'open' AND s.starts_at >= now() AND s.starts_at < now() + interval '28 days'
      JOIN inclusion_data.seat e ON e.session = s.id
      WHERE w.capacity_kind = 'seats' AND w.open AND 'learn' = ANY (w.families)) o ON o.place = p.id
WHERE p.longitude IS NOT NULL
GROUP BY p.id;

-- As the crow flies with a detour of a third, at 40 km/h: published, and no more
-- than a fallback for travel times.
CREATE VIEW inclusion_data.access_travel AS
SELECT t.code AS zone, p.id::text AS site, inclusion.metres_between(p.longitude, p.latitude, t.longitude, t.latitude) * 1.33 / 40000 * 60 AS minutes
FROM inclusion_data.territory t
JOIN inclusion_data.place p ON ST_DWithin(p.geom, t.geom, 0.5)
WHERE t.kind = 'commune' AND t.perimeter IS NOT NULL AND t.population IS NOT NULL AND t.longitude IS NOT NULL;

-- By commune, EPCI and all together: seats a head, people within reach of none,
-- and how unequal it is.
CREATE FUNCTION inclusion_data.access_sums(here text)
RETURNS TABLE (dimension text, code text, mean float8, without float8, gini float8)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT d.dimension, d.code, sum(a.population * a.access ORDER BY t.id) / nullif(sum(a.population ORDER BY t.id), 0),
    coalesce(sum(a.population ORDER BY t.id) FILTER (WHERE a.access = 0), 0) / nullif(sum(a.population ORDER BY t.id), 0),
    inclusion.gini(inclusion.dist(a.access, a.population) FILTER (WHERE a.population > 0))
  FROM inclusion.fca_access('inclusion_data.access_demand', 'inclusion_data.access_supply', 'inclusion_data.access_travel', 'bands') a
  JOIN inclusion_data.territory t ON t.code = a.zone
  CROSS JOIN LATERAL (VALUES ('total', ''), ('commune', t.code), ('epci', t.epci)) AS d (dimension, code)
  WHERE t.perimeter = here AND d.code IS NOT NULL
  GROUP BY d.dimension, d.code
$$;

REVOKE ALL ON FUNCTION inclusion_data.access_sums(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.access_sums(text) TO inclusion_night;
GRANT SELECT ON inclusion_data.access_demand, inclusion_data.access_supply, inclusion_data.access_travel TO inclusion_night;
COMMENT ON VIEW inclusion_data.access_demand IS 'Demande d''accès : habitants des communes.';
COMMENT ON COLUMN inclusion_data.access_demand.zone IS 'Commune : code du territoire.';
COMMENT ON COLUMN inclusion_data.access_demand.population IS 'Population : habitants.';
COMMENT ON VIEW inclusion_data.access_supply IS 'Offre accessible : places d''une semaine, lieu par lieu.';
COMMENT ON COLUMN inclusion_data.access_supply.site IS 'Lieu : son numéro.';
COMMENT ON COLUMN inclusion_data.access_supply.seats IS 'Places : par semaine, dans les quatre semaines qui viennent.';
COMMENT ON VIEW inclusion_data.access_travel IS 'Trajets estimés : à vol d''oiseau avec un tiers de détour, à 40 km/h.';
COMMENT ON COLUMN inclusion_data.access_travel.zone IS 'Commune : code du territoire de départ.';
COMMENT ON COLUMN inclusion_data.access_travel.site IS 'Lieu : numéro du lieu d''arrivée.';
COMMENT ON COLUMN inclusion_data.access_travel.minutes IS 'Minutes : durée estimée.';
COMMENT ON FUNCTION inclusion_data.access_sums(text) IS 'Accès aux places : par habitant, part sans aucune place et inégalité, par commune et intercommunalité.';
