/*
 * 26_read_place: the facts of a place as its producer wrote them, in the
 * vocabulary of today: lists, communes, positions, hours, phone numbers.
 */

-- The values of a list cell in the current vocabulary, and in list `unknown`
-- the parts that no crosswalk knows.  Labels and typologies are free lists.
CREATE FUNCTION inclusion.read_list(field text, content text)
RETURNS TABLE (list text, value text)
LANGUAGE sql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
  WITH part AS (
    SELECT inclusion.clean_text(btrim(split_part(p.part, ' : ', 1), ' ,')) AS part
    FROM regexp_split_to_table(read_list.content, '[;|\r\n]+') AS p (part)
  ), piece AS (
    -- what is no label as a whole may be several, separated otherwise
    SELECT inclusion.clean_text(s.piece) AS piece
    FROM part p CROSS JOIN LATERAL regexp_split_to_table(p.part,
      CASE WHEN read_list.field IN ('labels', 'typologies')
             OR EXISTS (SELECT FROM inclusion_data.label_crosswalk c
                        WHERE c.field = read_list.field AND c.folded = inclusion.fold(p.part))
           THEN '(?!)' ELSE '\s*,\s*|\s+/\s+' END) AS s (piece)
  )
  SELECT CASE WHEN c.list IS NOT NULL THEN c.list
              WHEN read_list.field IN ('labels', 'typologies') THEN read_list.field
              ELSE 'unknown' END,
         coalesce(c.value, p.piece)
  FROM piece p LEFT JOIN inclusion_data.label_crosswalk c
    ON c.field = read_list.field AND c.folded = inclusion.fold(p.piece)
  WHERE p.piece IS NOT NULL AND c.value IS DISTINCT FROM ''
$$;

-- A name of commune as we compare it: « ST-ANDRE CEDEX 2 » is saint andre.
CREATE FUNCTION inclusion.commune_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(regexp_replace(regexp_replace(inclusion.fold(name),
  '\mst\M', 'saint', 'g'), '\mste\M', 'sainte', 'g'), '(\mcedex\M.*|\m[0-9]+\M.*)\Z', ''));

CREATE FUNCTION inclusion.department_of_postal_code(postal_code text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN postal_code ~ '^9[78]' THEN substr(postal_code, 1, 3)
            WHEN postal_code ~ '^20[01]' THEN '2A'
            WHEN postal_code ~ '^20' THEN '2B'
            ELSE substr(postal_code, 1, 2) END;

-- The position of a place, checked against the centroid of its commune.  Only a
-- correction that brings it home is made; what stays too far is dropped.
CREATE FUNCTION inclusion.place_position(longitude_text text, latitude_text text,
                                         home_longitude float8, home_latitude float8, radius float8,
                                         OUT longitude float8, OUT latitude float8, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  longitude := inclusion.read_number(longitude_text);
  latitude := inclusion.read_number(latitude_text);
  IF longitude IS NULL OR latitude IS NULL THEN
    problem := 'position_missing';
  ELSIF longitude BETWEEN 0 AND 1300000 AND latitude BETWEEN 6000000 AND 7200000 THEN
    SELECT d.longitude, d.latitude INTO longitude, latitude
    FROM inclusion.lambert_93_to_degrees(longitude, latitude) d;
    problem := 'position_projected';
  ELSIF abs(longitude) > 180 OR abs(latitude) > 90 OR (longitude = 0 AND latitude = 0) THEN
    problem := 'position_outside';
  END IF;
  IF problem IN ('position_missing', 'position_outside') THEN
    longitude := NULL;
    latitude := NULL;
    RETURN;
  END IF;

  IF home_longitude IS NULL
     OR inclusion.metres_between(longitude, latitude, home_longitude, home_latitude) <= radius THEN
    RETURN;
  END IF;
  IF abs(longitude) <= 90 AND inclusion.metres_between(latitude, longitude, home_longitude, home_latitude) <= radius THEN
    SELECT latitude, longitude, 'position_swapped' INTO longitude, latitude, problem;
  ELSIF inclusion.metres_between(-longitude, latitude, home_longitude, home_latitude) <= radius THEN
    longitude := -longitude;
    problem := 'position_sign';
  ELSE
    longitude := NULL;
    latitude := NULL;
    problem := 'position_far';
  END IF;
END
$$;

-- Does it look like the opening_hours of OpenStreetMap?
CREATE FUNCTION inclusion.are_osm_hours(hours text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN hours ~ '^([0-9:,;/ +|"-]|Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|off|open|closed|week|easter|sunrise|sunset|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)+\Z'
   AND hours ~ '[0-9]:[0-9]|24/7|off|open|closed';

-- French numbers, mainland and overseas, however they are spaced.
CREATE FUNCTION inclusion.is_french_phone(phone text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(replace(phone, '(0)', ''), '[\s\u00a0\u202f./()-]', '', 'g')
  ~ '^((\+|00)(33|262|269|508|590|594|596)0?[1-9][0-9]{8}|(\+|00)(508|681|687|689)[0-9]{6,8}|0[1-9][0-9]{8}|[0-9]{6})\Z';

COMMENT ON FUNCTION inclusion.read_list(text, text) IS 'Liste lue : ses valeurs dans le vocabulaire national actuel, et celles qui n''y sont pas.';
COMMENT ON FUNCTION inclusion.commune_key(text) IS 'Nom de commune comparable : sans accent, abréviation, cedex ni numéro d''arrondissement.';
COMMENT ON FUNCTION inclusion.department_of_postal_code(text) IS 'Département d''un code postal : trois caractères outre-mer, Corse en deux.';
COMMENT ON FUNCTION inclusion.place_position(text, text, float8, float8, float8) IS 'Position d''un lieu : corrigée si cela la ramène dans sa commune, écartée si elle reste trop loin.';
COMMENT ON FUNCTION inclusion.are_osm_hours(text) IS 'Horaires lisibles : vrai s''ils suivent la notation OpenStreetMap.';
COMMENT ON FUNCTION inclusion.is_french_phone(text) IS 'Téléphone français : vrai pour un numéro de métropole ou d''outre-mer.';
