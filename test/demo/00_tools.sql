-- Schema demo: what the demonstration needs and a territory does not.
-- Draws are hashes of a key, so that a person is the same whatever the day,
-- the machine and the order of rows.

CREATE SCHEMA demo;

CREATE TABLE demo.setting (
  as_of   date NOT NULL,
  people  int NOT NULL CHECK (people > 0),   -- in each perimeter
  source  text NOT NULL                      -- which files the places come from
);

CREATE FUNCTION demo.as_of() RETURNS date LANGUAGE sql STABLE RETURN (SELECT s.as_of FROM demo.setting s);

-- A number in [0, 1) that depends on the key alone.
CREATE FUNCTION demo.draw(key text) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ('x' || substr(md5('inclusion ' || key), 1, 8))::bit(32)::bigint / 4294967296.0;

-- One of the choices, by weight: the one under which u falls.
CREATE FUNCTION demo.pick(u float8, choices text[], weights float8[]) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  remaining float8 := u * (SELECT sum(w) FROM unnest(weights) w);
BEGIN
  FOR n IN 1 .. cardinality(choices) LOOP
    remaining := remaining - weights[n];
    IF remaining < 0 THEN
      RETURN choices[n];
    END IF;
  END LOOP;
  RETURN choices[cardinality(choices)];
END
$$;

-- French figures: a no-break space by thousands, a comma before decimals.
CREATE FUNCTION demo.fr(amount numeric, digits int DEFAULT 0) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(translate(to_char(round(amount, digits), 'FM999,999,999,990' || CASE WHEN digits > 0 THEN '.' || repeat('0', digits) ELSE '' END),
                         ',.', '_,'), '_', U&'\00A0');

CREATE FUNCTION demo.percent(part numeric, whole numeric) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN whole = 0 THEN '–' ELSE demo.fr(100 * part / whole) || U&'\00A0%' END;

CREATE FUNCTION demo.fr(day date) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (ARRAY['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'])[extract(isodow FROM day)] || ' '
  || CASE extract(day FROM day) WHEN 1 THEN '1er' ELSE extract(day FROM day)::text END || ' '
  || (ARRAY['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'])[extract(month FROM day)]
  || ' ' || extract(year FROM day)::text;

CREATE FUNCTION demo.fr_km(metres float8) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN demo.fr((metres / 1000)::numeric, 1) || U&'\00A0km';

-- Text for HTML, with the apostrophe of print.
CREATE FUNCTION demo.escape(content text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(replace(replace(replace(replace(content, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '’');
