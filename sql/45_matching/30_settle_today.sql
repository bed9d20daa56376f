/*
 * 30_settle_today: access to rights: now, by opening hours and distance,
 * outside the list.
 */

-- Opening hours of one day, from the OpenStreetMap notation that the national
-- standard uses ("Mo-Fr 09:00-12:00,14:00-17:30; Sa 09:00-12:00; PH off").
-- A later rule replaces an earlier one for its days.  Returns NULL when a rule
-- is not understood (weeks, prose): better unknown than wrong; '' is closed.
CREATE FUNCTION inclusion.hours_on(hours text, day date) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  names constant text[] := ARRAY['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
  weekday constant int := extract(isodow FROM day);
  rule text;
  part text[];
  span text;
  first_day int;
  last_day int;
  today text := '';
BEGIN
  FOREACH rule IN ARRAY regexp_split_to_array(btrim(hours, E' \t\n;'), '\s*;\s*') LOOP
    CONTINUE WHEN rule IN ('PH off', 'SH off');
    part := regexp_match(rule, '^((?:Mo|Tu|We|Th|Fr|Sa|Su)(?:[-,](?:Mo|Tu|We|Th|Fr|Sa|Su))*) +((?:\d\d:\d\d-\d\d:\d\d)(?:, ?\d\d:\d\d-\d\d:\d\d)*|off)$');
    IF part IS NULL THEN
      RETURN NULL;
    END IF;
    FOREACH span IN ARRAY string_to_array(part[1], ',') LOOP
      first_day := array_position(names, split_part(span, '-', 1));
      last_day := array_position(names, coalesce(nullif(split_part(span, '-', 2), ''), split_part(span, '-', 1)));
      -- Fr-Mo goes round the end of the week
      IF first_day <= last_day AND weekday BETWEEN first_day AND last_day
         OR first_day > last_day AND (weekday >= first_day OR weekday <= last_day) THEN
        today := CASE part[2] WHEN 'off' THEN '' ELSE part[2] END;
      END IF;
    END LOOP;
  END LOOP;
  RETURN today;
END
$$;

-- settle_today: the k nearest places where a right can be settled, those known
-- to be open that day first, then those whose hours are unknown.
--   spot      longitude and latitude in degrees
--   themes    administrative themes; an offer that names none takes all
--   within    metres
CREATE FUNCTION inclusion.settle_today(spot point, themes text[] DEFAULT '{}', day date DEFAULT current_date,
                                       k int DEFAULT 3, within float8 DEFAULT 30000)
RETURNS TABLE (rank int, offer bigint, name text, place_name text, distance float8, opening text, hours text, phone text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  wanted inclusion.need;
BEGIN
  PERFORM inclusion.require_registry();
  IF coalesce(k, 0) NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'k must be between 1 and 1000, not %', k
      USING ERRCODE = 'IN010', HINT = 'Ask for the three nearest with k => 3.';
  ELSIF NOT coalesce(within > 0 AND within < 'Infinity', false) THEN
    RAISE EXCEPTION 'within must be a number of metres above 0, not %', within
      USING ERRCODE = 'IN010', HINT = 'Look as far as 30 km with within => 30000.';
  END IF;
  wanted := inclusion.need(current => NULL, target => NULL, longitude => spot[0], latitude => spot[1],
                           max_distance => settle_today.within, day => settle_today.day, family => 'rights',
                           accept_remote => false);
  RETURN QUERY
  WITH near AS (
    SELECT o.id, o.name, p.name AS place_name, inclusion.distance(o.supply, wanted) AS metres,
           inclusion.hours_on(p.hours, settle_today.day) AS hours, p.phone,
           EXISTS (SELECT FROM inclusion_data.closure c WHERE c.place = o.place AND c.during @> settle_today.day) AS shut
    FROM inclusion_data.offer o LEFT JOIN inclusion_data.place p ON p.id = o.place
    WHERE o.supply OPERATOR(inclusion.@@) wanted
      AND (o.themes = '{}' OR settle_today.themes = '{}' OR o.themes && settle_today.themes)
  ), known AS (
    SELECT n.*, CASE WHEN n.shut OR n.hours = '' THEN 'closed' WHEN n.hours IS NULL THEN 'unknown' ELSE 'open' END AS opening
    FROM near n
  )
  SELECT (row_number() OVER nearest_open)::int, n.id, n.name, n.place_name, n.metres, n.opening, n.hours, n.phone
  FROM known n
  WINDOW nearest_open AS (ORDER BY array_position('{open,unknown,closed}'::text[], n.opening), n.metres, n.id)
  ORDER BY 1
  LIMIT settle_today.k;
END
$$;

-- The same from the middle of a commune, on the perimeter's own day.
CREATE FUNCTION inclusion.settle_today(commune text, themes text[] DEFAULT '{}', day date DEFAULT NULL,
                                       k int DEFAULT 3, within float8 DEFAULT 30000)
RETURNS TABLE (rank int, offer bigint, name text, place_name text, distance float8, opening text, hours text, phone text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here record;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT t.longitude, t.latitude, t.perimeter INTO here
  FROM inclusion_data.territory t WHERE t.code = settle_today.commune AND t.longitude IS NOT NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no position for commune "%"', commune
      USING ERRCODE = 'IN004', HINT = 'Give a commune such as COM-27229, or a point(longitude, latitude).';
  END IF;
  RETURN QUERY SELECT * FROM inclusion.settle_today(point(here.longitude, here.latitude), settle_today.themes,
    coalesce(settle_today.day, CASE WHEN here.perimeter IS NULL THEN current_date ELSE inclusion.today(here.perimeter) END),
    settle_today.k, settle_today.within);
END
$$;

COMMENT ON FUNCTION inclusion.hours_on(text, date) IS 'Horaires d''un jour : lus dans la notation du standard national ; NULL si inconnus, vide si fermé.';
COMMENT ON FUNCTION inclusion.settle_today(point, text[], date, int, float8) IS 'Régler un droit aujourd''hui : les lieux les plus proches d''un point, ouverts d''abord ; hors de la file active.';
COMMENT ON FUNCTION inclusion.settle_today(text, text[], date, int, float8) IS 'Régler un droit depuis une commune : les lieux les plus proches de son centre, ouverts d''abord.';
