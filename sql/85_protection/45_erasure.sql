/*
 * 45_erasure: the parts of an erasure.
 *
 * They run with the rights of whoever calls: the functions of the registry that
 * the data-protection officer may execute (registry/78_rights), as its owner.
 * Called by anybody else, they reach no further than that person's own rights.
 */

-- The marks an identity may have left, letters folded: one for each key there
-- has been, the latest first.
CREATE FUNCTION inclusion.forgotten_marks(perimeter text, first_name text, last_name text, birth_year text) RETURNS SETOF bytea
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT k.fingerprint FROM inclusion_data.person_keys(forgotten_marks.perimeter, 'objection',
    concat_ws('|', inclusion.fold(btrim(first_name)), inclusion.fold(btrim(last_name)), birth_year)) k
  ORDER BY k.version DESC
$$;

-- Give back the places to come of these people that are in one of these states.
-- Rows are locked in the order of their numbers, proposals then seats, as
-- everywhere.  The service agent of the perimeter signs.  Returns how many.
CREATE FUNCTION inclusion.release_seats(people bigint[], perimeter text, states text[], reason text) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  coming bigint[];
  released int;
BEGIN
  PERFORM FROM inclusion_data.proposal p
  WHERE p.beneficiary = ANY (people) AND p.perimeter = release_seats.perimeter ORDER BY p.id FOR UPDATE;
  -- a new statement: it sees the steps the locks waited for
  SELECT array_agg(w.id ORDER BY w.id) INTO coming
  FROM inclusion_data.proposal_now w JOIN inclusion_data.session s ON s.id = w.session
  WHERE w.beneficiary = ANY (people) AND w.perimeter = release_seats.perimeter AND w.state = ANY (states) AND s.ends_at > now();
  PERFORM FROM inclusion_data.seat t
  WHERE t.session IN (SELECT p.session FROM inclusion_data.proposal p WHERE p.id = ANY (coming)) ORDER BY t.session FOR UPDATE;
  SELECT count(inclusion.advance_proposal(c, 'withdrawn', inclusion.night_agent(release_seats.perimeter), release_seats.reason))
  INTO released FROM unnest(coming) c;
  RETURN released;
END
$$;

-- What stays of people who go: one more in a count, where the group they belong
-- to, with them, reaches the threshold; nothing otherwise, nor of those who
-- object to statistics.  Returns how many are counted.
CREATE FUNCTION inclusion.keep_anonymous(people bigint[], perimeter text) RETURNS int
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  WITH threshold AS (
    SELECT coalesce((SELECT k.count_threshold FROM inclusion_data.policy k
                     WHERE k.perimeter = keep_anonymous.perimeter AND k.starts_on <= current_date
                     ORDER BY k.starts_on DESC LIMIT 1), 11) AS least
  ), fact AS (
    SELECT b.id, e.enrolled_year, t.epci,
           CASE WHEN b.birth_year IS NULL THEN 'inconnu'
                WHEN e.enrolled_year - b.birth_year < 26 THEN 'moins de 26 ans'
                WHEN e.enrolled_year - b.birth_year < 60 THEN '26 à 59 ans' ELSE '60 ans et plus' END AS age_band
    FROM inclusion_data.beneficiary b
    JOIN (SELECT n.beneficiary, extract(year FROM min(n.enrolled_on))::int AS enrolled_year
          FROM inclusion_data.enrolment n WHERE n.perimeter = keep_anonymous.perimeter GROUP BY n.beneficiary) e ON e.beneficiary = b.id
    LEFT JOIN inclusion_data.territory t ON t.code = b.commune
    WHERE b.perimeter = keep_anonymous.perimeter
      AND NOT EXISTS (SELECT FROM inclusion_data.file_merge m WHERE m.merged = b.id AND m.perimeter = b.perimeter AND m.undone_at IS NULL)
  ), leaving AS (
    SELECT f.enrolled_year, f.epci, f.age_band, count(*) AS present,
           count(*) FILTER (WHERE f.id = ANY (people) AND NOT EXISTS (
             SELECT FROM inclusion_data.purpose_objection o
             WHERE o.beneficiary = f.id AND o.perimeter = keep_anonymous.perimeter AND o.purpose = 'statistics')) AS gone
    FROM fact f GROUP BY f.enrolled_year, f.epci, f.age_band
  ), kept AS (
    INSERT INTO inclusion_data.anonymous_enrolment AS a (perimeter, enrolled_year, epci, age_band, people)
    SELECT keep_anonymous.perimeter, l.enrolled_year, l.epci, l.age_band, l.gone
    FROM leaving l CROSS JOIN threshold h WHERE l.gone > 0 AND l.present >= h.least
    ON CONFLICT (perimeter, enrolled_year, epci, age_band) DO UPDATE SET people = a.people + excluded.people
    RETURNING (SELECT l.gone FROM leaving l WHERE l.enrolled_year = a.enrolled_year AND l.age_band = a.age_band
               AND l.epci IS NOT DISTINCT FROM a.epci) AS gone
  )
  SELECT coalesce(sum(k.gone), 0)::int FROM kept k
$$;

-- What a text that speaks of one of these people looks like once folded: their
-- two names in either order, their e-mail address, their telephone however it is
-- spaced and whatever stands for +33.
CREATE FUNCTION inclusion.identity_patterns(people bigint[], perimeter text) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  -- folded texts hold letters, digits and spaces: nothing that a pattern reads otherwise
  WITH known AS (
    SELECT inclusion.fold(i.first_name) AS first_name, inclusion.fold(i.last_name) AS last_name, inclusion.fold(i.email) AS email,
           regexp_replace(regexp_replace(i.phone, '^\s*(\+|00)33', ''), '[^0-9]', '', 'g') AS digits
    FROM inclusion_data.identity i
    WHERE i.beneficiary = ANY (people) AND i.perimeter = identity_patterns.perimeter
  )
  SELECT array_agg(v.pattern)
  FROM known k
  CROSS JOIN LATERAL (VALUES
    (CASE WHEN k.first_name <> '' AND k.last_name <> '' THEN format('\m%s( .*)? %s\M', k.first_name, k.last_name) END),
    (CASE WHEN k.first_name <> '' AND k.last_name <> '' THEN format('\m%s( .*)? %s\M', k.last_name, k.first_name) END),
    (CASE WHEN k.email <> '' THEN format('\m%s\M', k.email) END),
    (CASE WHEN length(k.digits) >= 6 THEN
       format('(^|[^0-9])(0|(00 ?)?33 ?(0 ?)?)?%s(?![0-9])', regexp_replace(ltrim(k.digits, '0'), '([0-9])(?=[0-9])', '\1 ?', 'g')) END)) AS v (pattern)
  WHERE v.pattern IS NOT NULL
$$;

-- Whether a text received speaks of them; letters that JSON escapes are read.
CREATE FUNCTION inclusion.names_one_of(content text, patterns text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT inclusion.fold(CASE WHEN content !~* '\\u0[0-3][0-9a-f]{2}' THEN content ELSE (
           SELECT string_agg(CASE WHEN m.part[1] IS NULL THEN m.part[2] ELSE unistr(m.part[1]) END, '' ORDER BY m.n)
           FROM regexp_matches(content, '((?:\\u0(?!000)[0-3][0-9a-f]{2})+)|((?:(?!\\u0(?!000)[0-3][0-9a-f]{2}).)+)', 'gi') WITH ORDINALITY m (part, n)) END)
         ~ ANY (patterns)
$$;

-- Lines of files that speak of one of these people: of those refused the text
-- goes and the line stays counted; what an import left on its way is removed.
-- An import that runs is waited for: its lines are then seen.
CREATE FUNCTION inclusion.blank_import_texts(people bigint[], perimeter text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  patterns constant text[] := inclusion.identity_patterns(people, blank_import_texts.perimeter);
  removed bigint;
BEGIN
  IF patterns IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('inclusion.import', 0));
  WITH here AS (
    SELECT b.id FROM inclusion_data.import_batch b WHERE b.perimeter = blank_import_texts.perimeter OR b.perimeter IS NULL
  ), rejected AS (
    UPDATE inclusion_data.import_reject r SET raw = '', value = NULL
    WHERE r.batch IN (SELECT h.id FROM here h) AND inclusion.names_one_of(concat_ws(' ', r.raw, r.value), patterns) RETURNING 1
  ), warned AS (
    DELETE FROM inclusion_data.import_warning w
    WHERE w.batch IN (SELECT h.id FROM here h) AND inclusion.names_one_of(w.value, patterns) RETURNING 1
  ), waiting AS (
    UPDATE inclusion_data.import_line l SET raw = NULL WHERE inclusion.names_one_of(l.raw, patterns) RETURNING 1
  ), read AS (
    DELETE FROM inclusion_data.import_record r WHERE inclusion.names_one_of(concat_ws(' ', r.raw, r.fields), patterns) RETURNING 1
  ), placed AS (
    DELETE FROM inclusion_data.import_place p WHERE inclusion.names_one_of(to_jsonb(p)::text, patterns) RETURNING 1
  )
  SELECT count(*) INTO removed FROM (TABLE rejected UNION ALL TABLE warned UNION ALL TABLE waiting UNION ALL TABLE read UNION ALL TABLE placed) v;
  RETURN removed;
END
$$;

-- Everything said of these people in one perimeter, deepest tables first.  The
-- journal stays: it is the proof, and holds numbers that lead nowhere now.
CREATE FUNCTION inclusion.delete_people(people bigint[], perimeter text) RETURNS TABLE (what text, rows bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held record;
BEGIN
  FOR held IN
    SELECT t.relation, t.condition FROM inclusion.person_tables() t JOIN pg_class c ON c.oid = t.relation
    -- notes of who is to be counted anew go with the person, whose rows they are not
    WHERE c.relname !~ '^(journal|cube_change)' ORDER BY t.depth DESC, t.relation
  LOOP
    EXECUTE format('DELETE FROM %s WHERE %s', held.relation, held.condition) USING people, delete_people.perimeter;
    GET DIAGNOSTICS rows = ROW_COUNT;
    what := inclusion.label_of(held.relation);
    IF rows > 0 THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END
$$;

-- The people as they stand once nobody else can change them: a night is waited
-- for, then a refresh of the cube, which would write them there again, then
-- whoever is booking, then whoever is writing in the file.
CREATE FUNCTION inclusion.lock_people(people bigint[], perimeter text) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.lock_perimeters(ARRAY[lock_people.perimeter]);
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('inclusion.cube ' || lock_people.perimeter, 0));
  PERFORM FROM inclusion_data.proposal p
  WHERE p.beneficiary = ANY (people) AND p.perimeter = lock_people.perimeter ORDER BY p.id FOR UPDATE;
  PERFORM FROM inclusion_data.beneficiary b
  WHERE b.id = ANY (people) AND b.perimeter = lock_people.perimeter ORDER BY b.id FOR UPDATE;
  RETURN (SELECT array_agg(b.id ORDER BY b.id) FROM inclusion_data.beneficiary b
          WHERE b.id = ANY (people) AND b.perimeter = lock_people.perimeter);
END
$$;

COMMENT ON FUNCTION inclusion.forgotten_marks(text, text, text, text) IS 'Empreintes d''une identité : nom et année de naissance, sous chaque clé du périmètre, la dernière d''abord.';
COMMENT ON FUNCTION inclusion.release_seats(bigint[], text, text[], text) IS 'Places rendues : celles à venir de ces personnes, pour les états donnés.';
COMMENT ON FUNCTION inclusion.keep_anonymous(bigint[], text) IS 'Nombres anonymes : compte ces personnes si leur groupe atteint le seuil, et rien sinon.';
COMMENT ON FUNCTION inclusion.identity_patterns(bigint[], text) IS 'Traces cherchées : noms, courriel et téléphone de ces personnes, en expressions régulières.';
COMMENT ON FUNCTION inclusion.names_one_of(text, text[]) IS 'Texte qui les nomme : vrai si l''une des traces s''y trouve, accents et échappements lus.';
COMMENT ON FUNCTION inclusion.blank_import_texts(bigint[], text) IS 'Textes de fichiers : vide les lignes reçues qui nomment ces personnes.';
COMMENT ON FUNCTION inclusion.delete_people(bigint[], text) IS 'Retrait des lignes : de toutes les tables qui parlent de ces personnes, journal excepté.';
COMMENT ON FUNCTION inclusion.lock_people(bigint[], text) IS 'Personnes verrouillées : attend la nuit et les inscriptions en cours, puis rend celles qui existent.';
