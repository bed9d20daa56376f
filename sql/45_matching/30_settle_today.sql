/* Access to rights: now, by opening hours and distance, outside the list. */

-- Opening hours of one day, from the OpenStreetMap notation that the national
-- standard uses ("Mo-Fr 09:00-12:00,14:00-17:30; Sa 09:00-12:00; PH off").
-- A later rule replaces an earlier one for its days.  Returns NULL when a rule
-- is not understood (weeks, prose): better unknown than wrong; '' is closed.
CREATE FUNCTION inclusion.hours_on(hours text, day date) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  names constant text[] := '{Mo,Tu,We,Th,Fr,Sa,Su}';
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
      IF CASE WHEN first_day <= last_day THEN weekday BETWEEN first_day AND last_day
              ELSE weekday >= first_day OR weekday <= last_day END THEN
        today := CASE part[2] WHEN 'off' THEN '' ELSE part[2] END;
      END IF;
    END LOOP;
  END LOOP;
  RETURN today;
END
$$;

-- settle_today: the k nearest places where a right can be settled, those known
-- to be open that day first, then those whose hours are unknown.
--   where     longitude and latitude (degrees), or a commune (COM-…)
--   themes    administrative themes; an offer that names none takes all
--   within    metres
CREATE FUNCTION inclusion.settle_today(commune text DEFAULT NULL, longitude float8 DEFAULT NULL, latitude float8 DEFAULT NULL,
                                       themes text[] DEFAULT '{}', day date DEFAULT NULL, k int DEFAULT 3,
                                       within float8 DEFAULT 30000)
RETURNS TABLE (rank int, offer bigint, name text, place_name text, distance float8, opening text, hours text, phone text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  here record;
  today date;
  wanted inclusion.need;
BEGIN
  PERFORM inclusion.require_registry();
  IF longitude IS NOT NULL AND latitude IS NOT NULL THEN
    SELECT settle_today.longitude AS lon, settle_today.latitude AS lat, NULL::text AS perimeter INTO here;
  ELSE
    SELECT t.longitude AS lon, t.latitude AS lat, t.perimeter INTO here
    FROM inclusion_data.territory t WHERE t.code = settle_today.commune AND t.longitude IS NOT NULL;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'no position for commune "%"', commune
        USING ERRCODE = 'IN004', HINT = 'Give a commune such as COM-27229, or longitude and latitude.';
    END IF;
  END IF;
  today := coalesce(settle_today.day, CASE WHEN here.perimeter IS NOT NULL THEN inclusion.today(here.perimeter) ELSE current_date END);
  wanted := inclusion.need(current => NULL, target => NULL, longitude => here.lon, latitude => here.lat,
                           max_distance => settle_today.within, day => today, family => 'rights', accept_remote => false);
  RETURN QUERY
  WITH near AS (
    SELECT o.id, o.name, p.name AS place_name, inclusion.distance(o.supply, wanted) AS metres,
           inclusion.hours_on(p.hours, today) AS today_hours, p.phone,
           EXISTS (SELECT FROM inclusion_data.closure c WHERE c.place = o.place AND c.during @> today) AS shut
    FROM inclusion_data.offer o LEFT JOIN inclusion_data.place p ON p.id = o.place
    WHERE o.supply OPERATOR(inclusion.@@) wanted
      AND (o.themes = '{}' OR settle_today.themes = '{}' OR o.themes && settle_today.themes)
  ), ranked AS (
    SELECT near.*, CASE WHEN shut OR today_hours = '' THEN 'closed' WHEN today_hours IS NULL THEN 'unknown' ELSE 'open' END AS opening
    FROM near
  )
  SELECT (row_number() OVER w)::int, r.id, r.name, r.place_name, r.metres, r.opening, r.today_hours, r.phone
  FROM ranked r
  WINDOW w AS (ORDER BY array_position('{open,unknown,closed}'::text[], r.opening), r.metres, r.id)
  ORDER BY array_position('{open,unknown,closed}'::text[], r.opening), r.metres, r.id
  LIMIT greatest(settle_today.k, 0);
END
$$;

COMMENT ON FUNCTION inclusion.hours_on(text, date) IS 'Horaires d''un jour : lus dans la notation du standard national ; NULL si inconnus, vide si fermé.';
COMMENT ON FUNCTION inclusion.settle_today(text, float8, float8, text[], date, int, float8) IS 'Régler un droit aujourd''hui : les lieux les plus proches, ouverts d''abord ; hors de la file active.';
