-- The places as received: one record a line, headings of the national standard.
-- 21_source.sql fills the table from the public files, 21_compact.sql from the
-- table of test/data; what follows is the same.

CREATE TABLE demo.file (
  name    text PRIMARY KEY,
  label   text NOT NULL,
  lines   int NOT NULL            -- read in all France
);

CREATE TABLE demo.record (
  n          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  file       text NOT NULL REFERENCES demo.file,
  perimeter  text NOT NULL,
  body       jsonb NOT NULL
);

-- The demonstration keeps two départements, and no way to reach anybody: the
-- telephone numbers of the public files were scrambled and could be others'.
CREATE FUNCTION demo.keep_record(file text, body jsonb) RETURNS void LANGUAGE sql VOLATILE AS $$
  INSERT INTO demo.record (file, perimeter, body)
  SELECT keep_record.file, 'DEP-' || d.code, jsonb_strip_nulls(keep_record.body - '{telephone,courriel,nb_conseillers}'::text[])
  FROM (SELECT left(coalesce(nullif(body ->> 'code_insee', ''), body ->> 'code_postal'), 2) AS code) d
  WHERE d.code IN ('27', '74')
    -- whose name and address are a person's
    AND NOT (body ->> 'source' = 'Hinaura' AND body ->> 'id' = '196')
$$;
