/*
 * 47_age: how old somebody was on the day of what is counted, never today.
 */

-- Years completed that year; NULL when the year of birth is not known, or comes
-- after the day, or the day is none.
CREATE FUNCTION inclusion.age_on(birth_year int, day date) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN isfinite(day) AND extract(year FROM day) >= birth_year THEN extract(year FROM day)::int - birth_year END;

-- IN004 for somebody who would be born after that day.
CREATE FUNCTION inclusion.check_birth_year(birth_year int, day date) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF birth_year > extract(year FROM day) THEN
    RAISE EXCEPTION 'year of birth % is still to come', birth_year
      USING ERRCODE = 'IN004', HINT = 'Give the year of birth, or nothing if it is not known.';
  END IF;
END
$$;

-- The bracket of that age, by its code in one set; 'non_communique' when the age
-- is not known, IN306 when the set is not.
CREATE FUNCTION inclusion.age_bracket(birth_year int, day date, bracket_set text DEFAULT 'coop') RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT a.code FROM inclusion_data.age_bracket a
                   WHERE a.bracket_set = age_bracket.bracket_set AND a.from_age <= inclusion.age_on(birth_year, day)
                   ORDER BY a.from_age DESC LIMIT 1),
                  -- the set is looked at where nothing was found, not for each of a million people
                  (SELECT 'non_communique' FROM inclusion.check_word('bracket set', age_bracket.bracket_set,
                     (SELECT array_agg(s.code ORDER BY s.code) FROM inclusion_data.bracket_set s))))
$$;

-- The bracket of another set that holds the whole of this one; IN104 when it
-- would have to be cut: counts of the one do not make counts of the other.
CREATE FUNCTION inclusion.wider_bracket(code text, bracket_set text, into_set text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  narrow record;
  wide record;
BEGIN
  IF code = 'non_communique' THEN
    RETURN code;
  END IF;
  SELECT v.from_age, v.to_age INTO narrow
  FROM (SELECT a.code, a.from_age, coalesce(lead(a.from_age) OVER (ORDER BY a.from_age), 1000) AS to_age
        FROM inclusion_data.age_bracket a WHERE a.bracket_set = wider_bracket.bracket_set) v WHERE v.code = wider_bracket.code;
  SELECT v.code, v.to_age INTO wide
  FROM (SELECT a.code, a.from_age, coalesce(lead(a.from_age) OVER (ORDER BY a.from_age), 1000) AS to_age
        FROM inclusion_data.age_bracket a WHERE a.bracket_set = wider_bracket.into_set) v
  WHERE v.from_age <= narrow.from_age AND v.to_age > narrow.from_age;
  IF wide.to_age >= narrow.to_age THEN
    RETURN wide.code;
  END IF;
  RAISE EXCEPTION 'bracket "%" of set "%" is not within one of set "%"', code, bracket_set, into_set
    USING ERRCODE = 'IN104', HINT = 'Count again from the years of birth, or into set "common"; SELECT * FROM inclusion_data.age_bracket lists them.';
END
$$;

COMMENT ON FUNCTION inclusion.age_on(int, date) IS 'Âge ce jour-là : d''après l''année de naissance ; NULL si elle n''est pas connue.';
COMMENT ON FUNCTION inclusion.check_birth_year(int, date) IS 'Année de naissance : IN004 si elle est encore à venir ce jour-là.';
COMMENT ON FUNCTION inclusion.age_bracket(int, date, text) IS 'Tranche d''âge ce jour-là : dans le découpage choisi ; non_communique si l''âge n''est pas connu.';
COMMENT ON FUNCTION inclusion.wider_bracket(text, text, text) IS 'Tranche qui contient : dans un autre découpage ; IN104 s''il faudrait la couper.';
