/*
 * 37_import_assessments: the profiles that a campaign of Pix Orga collected.
 *
 * Columns are found by their names, wherever they stand.  The file names people:
 * it goes through the account of somebody who may see them, nothing of a line is
 * kept but what was assessed, and of a refused one its number and the reason.
 */

-- A cell without the apostrophe that keeps a spreadsheet from computing it.
CREATE FUNCTION inclusion.unguarded(cell text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(regexp_replace(cell, '^\s*''(?=[=+@-])', ''), '^[ \t\u00a0\u202f]+|[ \t\u00a0\u202f]+\Z', '', 'g');

-- Whole pix of a cell: the floor of what is written; NULL for NA and blanks.
CREATE FUNCTION inclusion.read_pix(cell text) RETURNS int
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  written constant float8 := inclusion.read_number(inclusion.unguarded(cell));
BEGIN
  IF coalesce(upper(inclusion.unguarded(cell)), '') IN ('', 'NA') THEN
    RETURN NULL;
  ELSIF written IS NULL OR written NOT BETWEEN -1 AND 1024 THEN
    RAISE EXCEPTION '"%" is no number of pix nor a level', left(inclusion.unguarded(cell), 20)
      USING ERRCODE = 'IN101', HINT = 'Export the campaign again: a cell holds a number, or NA.';
  END IF;
  RETURN floor(written);
END
$$;

-- The cells of one line by our fields: those of import_heading.  `person_heading`
-- is the campaign's own name for the column that bears the person's number.
CREATE FUNCTION inclusion.pix_fields(cells jsonb, person_heading text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_object_agg(f.field, inclusion.unguarded(c.value) ORDER BY c.key DESC), '{}')
  FROM jsonb_each_text(cells) AS c (key, value)
  CROSS JOIN LATERAL (
    SELECT 'person' AS field WHERE c.key = inclusion.heading_key(person_heading)
    UNION ALL
    SELECT h.field FROM inclusion_data.import_heading h
    WHERE h.kind = 'assessments' AND h.heading = c.key AND h.field <> '' AND (h.field <> 'person' OR person_heading IS NULL)) f
$$;

-- What a line says of each competence, as Pix counts: whole pix, no more than
-- the cap of the day.  A level alone gives its first pix; -1 and NA give nothing.
-- A line that contradicts itself is refused: its columns moved.
CREATE FUNCTION inclusion.read_pix_line(cells jsonb, fields jsonb, day date) RETURNS inclusion.competence_vector
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  cap constant int := inclusion.pix_cap(day);
  read record;
BEGIN
  SELECT count(r.points) AS known, sum(r.points) AS total, count(*) FILTER (WHERE r.points >= 8) AS certifiable,
         min(r.code) FILTER (WHERE r.points > 64 OR r.points < 0) AS impossible,
         min(r.code) FILTER (WHERE r.level <> least(r.points / 8, cap)) AS contradicted,
         ('pix{' || coalesce(string_agg(r.code || '=' || (least(r.points, 64, 8 * cap) / 8.0)::numeric(6,3), ',') FILTER (WHERE r.points >= 0), '') || '}')::inclusion.competence_vector AS vector
  INTO read
  FROM (SELECT c.code, v.level, coalesce(v.points, 8 * v.level) AS points
        FROM inclusion_data.competence c
        CROSS JOIN LATERAL (SELECT nullif(inclusion.read_pix(cells ->> ('niveau_pour_la_competence_' || c.heading)), -1) AS level,
                                   inclusion.read_pix(cells ->> ('nombre_de_pix_pour_la_competence_' || c.heading)) AS points) v
        WHERE c.code >= '1') r;
  IF read.impossible IS NOT NULL THEN
    RAISE EXCEPTION 'competence % is outside 0 to 64 pix', read.impossible
      USING ERRCODE = 'IN101', HINT = 'Eight pix make a level, and there are eight levels.';
  ELSIF read.contradicted IS NOT NULL THEN
    RAISE EXCEPTION 'level and pix of competence % do not agree', read.contradicted
      USING ERRCODE = 'IN101', HINT = format('A level is eight pix, and level %s was the highest on %s.', cap, day);
  ELSIF read.known = 16 AND read.total <> inclusion.read_pix(fields ->> 'total') THEN
    RAISE EXCEPTION 'the competences sum to % pix, the line says %', read.total, fields ->> 'total'
      USING ERRCODE = 'IN101', HINT = 'Export the campaign again: a column was lost or moved.';
  ELSIF read.known = 16 AND (read.certifiable <> inclusion.read_pix(fields ->> 'certifiable_competences')
                             OR (read.certifiable >= 5) <> (inclusion.read_answer(fields ->> 'certifiable') = 'yes')) THEN
    RAISE EXCEPTION '% competences are certifiable, the line says otherwise', read.certifiable
      USING ERRCODE = 'IN101', HINT = 'A competence counts from level 1, a profile from five competences.';
  END IF;
  RETURN read.vector;
END
$$;

-- One line of an export: the person and their assessment, the one already there
-- when the same file comes back.
CREATE FUNCTION inclusion.assess_pix_line(cells jsonb, person_heading text, agent bigint, OUT beneficiary bigint, OUT assessment bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  fields constant jsonb := inclusion.pix_fields(cells, person_heading);
  -- letters and zeros before a number are the campaign's
  number constant text := substring(fields ->> 'person' FROM '^[A-Za-z]{0,10}[-_ ]?0*([1-9][0-9]{0,17})$');
  day constant date := inclusion.read_date(fields ->> 'shared_on');
  profile inclusion.competence_vector;
BEGIN
  IF inclusion.read_answer(fields ->> 'shared') = 'no' THEN
    RAISE EXCEPTION 'the profile was not shared'
      USING ERRCODE = 'IN101', HINT = 'Ask the person to send it, then export the campaign again.';
  ELSIF number IS NULL THEN
    RAISE EXCEPTION 'the line bears no number of a person'
      USING ERRCODE = 'IN101', HINT = 'It is the number that enrol() returned, letters and zeros before it being free.';
  ELSIF day IS NULL THEN
    RAISE EXCEPTION 'the line has no day on which the profile was shared'
      USING ERRCODE = 'IN101', HINT = 'The export writes it as 31/12/2026 or 2026-12-31.';
  END IF;
  beneficiary := number::bigint;
  profile := inclusion.read_pix_line(cells, fields, day);
  SELECT a.id INTO assessment FROM inclusion_data.assessment a
  WHERE a.beneficiary = assess_pix_line.beneficiary AND a.instrument = 'pix' AND a.assessed_on = day
    AND a.vector OPERATOR(inclusion.=) profile
  ORDER BY a.id LIMIT 1;
  IF assessment IS NULL THEN
    assessment := inclusion.assess(assess_pix_line.beneficiary, profile, 'pix', day, agent);
  END IF;
END
$$;

-- import_assessments: an export « collecte de profils » of Pix Orga, whole, as
-- one text: byte-order mark or not, any order of columns, any optional ones.
--   structure       whose campaign it is
--   person_heading  the campaign's name of the column with the person's number;
--                   NULL: one of those import_heading knows
-- Returns each line's number in the file, the person and their assessment, or
-- why not; a refused line stops no other: accepted + rejected = received.
--   IN203  no such export: without a header, without pix, without numbers of people
CREATE FUNCTION inclusion.import_assessments(rows text, structure bigint, person_heading text DEFAULT NULL, agent bigint DEFAULT NULL)
RETURNS TABLE (line bigint, beneficiary bigint, assessment bigint, code text, problem text, what_to_do text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  here constant text := (SELECT s.perimeter FROM inclusion_data.structure s WHERE s.id = import_assessments.structure);
  lines constant text[] := inclusion.physical_lines(ARRAY[rows]);
  row record;
BEGIN
  PERFORM inclusion.require_registry();
  IF here IS NULL THEN
    RAISE EXCEPTION 'unknown structure %', structure
      USING ERRCODE = 'IN203', HINT = 'Name the structure whose campaign it is.';
  END IF;
  PERFORM inclusion.require_pix_headings(lines, person_heading);
  FOR row IN SELECT r.line AS n, r.fields AS cells, r.problem AS unreadable FROM inclusion.read_csv(lines) r ORDER BY r.line LOOP
    line := row.n;
    beneficiary := NULL;
    assessment := NULL;
    code := NULL;
    problem := NULL;
    what_to_do := NULL;
    BEGIN
      IF row.unreadable IS NOT NULL THEN
        RAISE EXCEPTION '%', row.unreadable USING ERRCODE = 'IN101', HINT = 'Export the campaign again and paste it whole.';
      END IF;
      SELECT a.beneficiary, a.assessment INTO beneficiary, assessment
      FROM inclusion.assess_pix_line(row.cells, person_heading, agent) a;
    EXCEPTION WHEN OTHERS THEN
      IF SQLSTATE !~ '^(IN|22|23)' THEN
        RAISE;
      END IF;
      beneficiary := NULL;
      GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, problem = MESSAGE_TEXT, what_to_do = PG_EXCEPTION_HINT;
      INSERT INTO inclusion_data.enrolment_reject (perimeter, structure, kind, line, code, agent)
      VALUES (here, structure, 'assessment', line, code, inclusion.signing_agent(agent));
    END;
    RETURN NEXT;
  END LOOP;
END
$$;

-- The header must be that of profiles: mastery rates say nothing of levels.
CREATE FUNCTION inclusion.require_pix_headings(lines text[], person_heading text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  header constant text := (SELECT l.raw FROM unnest(lines) WITH ORDINALITY AS l (raw, n) WHERE l.raw ~ '\S' ORDER BY l.n LIMIT 1);
  headings constant text[] := ARRAY(SELECT inclusion.heading_key(h) FROM unnest(inclusion.csv_cells(header, inclusion.csv_delimiter(header))) h);
BEGIN
  IF NOT EXISTS (SELECT FROM inclusion_data.competence c
                 WHERE c.code >= '1' AND headings && ARRAY['niveau_pour_la_competence_' || c.heading, 'nombre_de_pix_pour_la_competence_' || c.heading]) THEN
    RAISE EXCEPTION 'the file holds no level and no pix of a competence'
      USING ERRCODE = 'IN203', HINT = 'In Pix Orga, export the results of a campaign « collecte de profils », header included.';
  ELSIF NOT EXISTS (SELECT FROM inclusion_data.import_heading h
                    WHERE h.kind = 'assessments' AND h.field = 'person' AND h.heading = ANY (headings) AND person_heading IS NULL)
        AND coalesce(inclusion.heading_key(person_heading) <> ALL (headings), true) THEN
    RAISE EXCEPTION 'the file has no column with the number of the person'
      USING ERRCODE = 'IN203', HINT = 'Name the campaign''s own column: person_heading => ''Identifiant externe''.';
  END IF;
END
$$;

COMMENT ON FUNCTION inclusion.unguarded(text) IS 'Cellule sans garde : apostrophe retirée devant un signe de formule.';
COMMENT ON FUNCTION inclusion.read_pix(text) IS 'Pix lus : la partie entière ; NULL pour NA ou une case vide ; IN101 si ce n''est pas un nombre.';
COMMENT ON FUNCTION inclusion.pix_fields(jsonb, text) IS 'Champs d''une ligne Pix : par les titres connus, où que soient les colonnes.';
COMMENT ON FUNCTION inclusion.read_pix_line(jsonb, jsonb, date) IS 'Profil d''une ligne Pix : compétence par compétence ; IN101 si la ligne se contredit.';
COMMENT ON FUNCTION inclusion.assess_pix_line(jsonb, text, bigint) IS 'Ligne Pix : la personne et son évaluation, celle déjà là si le fichier revient.';
COMMENT ON FUNCTION inclusion.import_assessments(text, bigint, text, bigint) IS 'Import de profils Pix : un export de campagne ; une ligne refusée n''arrête pas les autres.';
COMMENT ON FUNCTION inclusion.require_pix_headings(text[], text) IS 'En-tête Pix : IN203 si le fichier n''est pas un export de profils.';
