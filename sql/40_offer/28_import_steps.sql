/*
 * 28_import_steps: the steps of an import, in order.
 *
 * Set by set: records are read, judged, made into places, warned about and
 * stored.  Each step works on the rows of its batch in import_record and
 * import_place; import_places() and load_territories() call them.
 */

-- The records of the file, with what forbids reading them.
CREATE FUNCTION inclusion.import_take(batch bigint, lines text[], format text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO inclusion_data.import_record (batch, line, raw, fields, reason)
  SELECT batch, r.line, r.raw, r.fields, r.problem FROM inclusion.read_records(lines, format) r
$$;

-- What the headings tell: the vocabulary of the file, and columns nobody knows.
CREATE FUNCTION inclusion.import_headings(batch bigint, kind text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  WITH heading AS (
    SELECT k.heading, min(r.line) AS line, min(h.schema_version) AS schema_version, bool_or(h.heading IS NOT NULL) AS known
    FROM inclusion_data.import_record r CROSS JOIN LATERAL jsonb_object_keys(r.fields) AS k (heading)
    LEFT JOIN inclusion_data.import_heading h ON h.kind = import_headings.kind AND h.heading = k.heading
    WHERE r.batch = import_headings.batch
    GROUP BY k.heading
  ), unknown AS (
    INSERT INTO inclusion_data.import_warning (batch, line, reason, value)
    SELECT import_headings.batch, h.line, 'column_unknown', h.heading FROM heading h WHERE NOT h.known
  )
  UPDATE inclusion_data.import_batch b
  SET schema_version = (SELECT CASE WHEN count(DISTINCT h.schema_version) = 2 THEN 'hybrid' ELSE min(h.schema_version) END FROM heading h)
  WHERE b.id = import_headings.batch
$$;

-- Headings become our fields; columns that mean the same are put together.
CREATE FUNCTION inclusion.import_map(batch bigint, kind text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inclusion_data.import_record r
  SET fields = coalesce((SELECT jsonb_object_agg(c.field, c.value)
                         FROM (SELECT h.field, string_agg(f.value, '|' ORDER BY f.key) AS value
                               FROM jsonb_each_text(r.fields) AS f (key, value)
                               JOIN inclusion_data.import_heading h ON h.kind = import_map.kind AND h.heading = f.key
                               WHERE h.field <> '' AND f.value ~ '[^\s\u00a0\u202f]'
                               GROUP BY h.field) c), '{}')
  WHERE r.batch = import_map.batch AND r.fields IS NOT NULL
$$;

-- Why each record is refused, if it is.  Of a key met twice the newest stays.
CREATE FUNCTION inclusion.import_judge(batch bigint, default_source text) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inclusion_data.import_record r
  SET fields = r.fields || jsonb_build_object('source', import_judge.default_source)
  WHERE r.batch = import_judge.batch AND NOT r.fields ? 'source' AND import_judge.default_source IS NOT NULL;

  UPDATE inclusion_data.import_record r
  SET reason = CASE WHEN inclusion.find_nir((SELECT string_agg(f.value, E'\n') FROM jsonb_each_text(r.fields - '{longitude,latitude}'::text[]) f)) IS NOT NULL THEN 'nir'
                    WHEN NOT r.fields ? 'id' THEN 'no_id'
                    WHEN inclusion.clean_text(r.fields ->> 'name') IS NULL THEN 'no_name'
                    WHEN NOT r.fields ? 'source' THEN 'no_source' END
  WHERE r.batch = import_judge.batch AND r.reason IS NULL;

  UPDATE inclusion_data.import_record r SET reason = 'repeated_key'
  FROM (SELECT k.line, row_number() OVER (PARTITION BY k.fields ->> 'source', btrim(k.fields ->> 'id')
                                          ORDER BY inclusion.read_date(k.fields ->> 'updated_on') DESC NULLS LAST, k.line) AS rank
        FROM inclusion_data.import_record k WHERE k.batch = import_judge.batch AND k.reason IS NULL) ranked
  WHERE r.batch = import_judge.batch AND r.line = ranked.line AND ranked.rank > 1;

  INSERT INTO inclusion_data.import_reject (batch, line, reason, raw)
  SELECT r.batch, r.line, r.reason,
         -- an escaped blank could hide the number from the mask: then the text as decoded
         inclusion.mask_nir(CASE WHEN r.reason = 'nir' AND r.raw LIKE '%\\u%' THEN r.fields::text ELSE r.raw END)
  FROM inclusion_data.import_record r WHERE r.batch = import_judge.batch AND r.reason IS NOT NULL
$$;

-- Records become places, in import_place.
CREATE FUNCTION inclusion.import_shape(batch bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO inclusion_data.import_place (batch, line, source, source_id, siret, perimeter, name, commune, former_commune,
    postal_code, address, longitude, latitude, position_problem, itinerant, receives_public, residents_only, hours, phone,
    email, website, booking_url, services, publics, care, fees, support_modes, access_modes, programmes, labels, typologies,
    unknown_services, unknown_values, updated_on)
  WITH record AS MATERIALIZED (
    SELECT r.line, r.fields AS f, b.perimeter,
           regexp_replace(upper(r.fields ->> 'commune_code'), '^([0-9]{4})$', '0\1') AS commune_code,
           regexp_replace(regexp_replace(r.fields ->> 'postal_code', '[^0-9]', '', 'g'), '^([0-9]{4})$', '0\1') AS postal_code
    FROM inclusion_data.import_record r JOIN inclusion_data.import_batch b ON b.id = r.batch
    WHERE r.batch = import_shape.batch AND r.reason IS NULL
  ), reading AS MATERIALIZED (
    -- each list as written is read once: producers repeat themselves
    SELECT d.field, d.content, l.list, l.value
    FROM (SELECT DISTINCT f.key AS field, f.value AS content
          FROM record r CROSS JOIN LATERAL jsonb_each_text(r.f) AS f (key, value)
          WHERE f.key IN ('services', 'audiences', 'fees', 'programmes', 'labels', 'access_modes', 'support_modes', 'typologies')) d
    CROSS JOIN LATERAL inclusion.read_list(d.field, d.content) l
  ), list AS (
    SELECT r.line,
           array_agg(DISTINCT d.value ORDER BY d.value) FILTER (WHERE d.list = 'services') AS services,
           array_agg(DISTINCT d.value ORDER BY d.value) FILTER (WHERE d.list = 'publics') AS publics,
           array_agg(DISTINCT d.value ORDER BY d.value) FILTER (WHERE d.list = 'care') AS care,
           array_agg(DISTINCT d.value ORDER BY d.value) FILTER (WHERE d.list = 'fees') AS fees,
           array_agg(DISTINCT d.value ORDER BY d.value) FILTER (WHERE d.list = 'support_modes') AS support_modes,
           array_agg(DISTINCT d.value ORDER BY d.value) FILTER (WHERE d.list = 'access_modes') AS access_modes,
           array_agg(DISTINCT d.value ORDER BY d.value) FILTER (WHERE d.list = 'programmes') AS programmes,
           array_agg(DISTINCT d.value ORDER BY d.value) FILTER (WHERE d.list = 'labels') AS labels,
           array_agg(DISTINCT d.value ORDER BY d.value) FILTER (WHERE d.list = 'typologies') AS typologies,
           array_agg(DISTINCT d.value ORDER BY d.value) FILTER (WHERE d.list = 'unknown' AND d.field = 'services') AS unknown_services,
           array_agg(DISTINCT d.value ORDER BY d.value) FILTER (WHERE d.list = 'unknown' AND d.field <> 'services') AS unknown_values
    FROM record r CROSS JOIN LATERAL jsonb_each_text(r.f) AS f (key, value)
    JOIN reading d ON d.field = f.key AND d.content = f.value
    GROUP BY r.line
  ), coded AS MATERIALIZED (
    SELECT r.*, coalesce(exact.code, s.successor) AS coded_commune, exact.code IS NULL AND s.successor IS NOT NULL AS succeeded,
           'DEP-' || inclusion.department_of_postal_code(r.postal_code) AS department
    FROM record r
    LEFT JOIN inclusion_data.territory exact ON exact.code = 'COM-' || r.commune_code
    LEFT JOIN inclusion_data.territory_successor s ON s.former_code = 'COM-' || r.commune_code
  ), named AS MATERIALIZED (
    -- where no code helps, communes that their name and département tell apart; never by postal code alone
    SELECT t.department, inclusion.commune_key(t.name) AS name, min(t.code) AS code
    FROM inclusion_data.territory t
    WHERE t.kind = 'commune' AND t.department IN (SELECT c.department FROM coded c WHERE c.coded_commune IS NULL)
    GROUP BY t.department, inclusion.commune_key(t.name) HAVING count(*) = 1
  ), located AS MATERIALIZED (
    SELECT r.*, t.code AS commune, t.perimeter AS commune_perimeter, t.longitude AS home_longitude, t.latitude AS home_latitude,
           -- a district of Paris, Lyon or Marseille is no former commune
           r.succeeded AND t.official_code NOT IN ('75056', '69123', '13055') AS former_commune,
           CASE WHEN t.department ~ '^DEP-9[78]' THEN 150000 ELSE 30000 END AS radius
    FROM coded r
    LEFT JOIN named n ON r.coded_commune IS NULL AND n.department = r.department AND n.name = inclusion.commune_key(r.f ->> 'commune')
    LEFT JOIN inclusion_data.territory t ON t.code = coalesce(r.coded_commune, n.code)
  )
  SELECT import_shape.batch, r.line, r.f ->> 'source', btrim(r.f ->> 'id'), inclusion.read_siret(r.f ->> 'pivot'),
         coalesce(r.commune_perimeter, r.perimeter), left(inclusion.clean_text(r.f ->> 'name'), 300),
         r.commune, coalesce(r.former_commune, false),
         CASE WHEN r.postal_code ~ '^[0-9]{5}$' THEN r.postal_code END,
         inclusion.clean_text(concat_ws(', ', r.f ->> 'address', r.f ->> 'address_more')),
         p.longitude, p.latitude, p.problem,
         coalesce(inclusion.fold(r.f ->> 'itinerant') IN ('itinerant', 'oui', 'true'), false),
         NOT coalesce('Ce lieu n''accueille pas de public' = ANY (l.access_modes), false),
         EXISTS (SELECT FROM inclusion_data.place_exclusion x
                 WHERE coalesce(x.source = r.f ->> 'source', true)
                   AND CASE x.typology WHEN '' THEN l.typologies IS NULL ELSE coalesce(x.typology = ANY (l.typologies), x.typology IS NULL) END),
         inclusion.clean_text(r.f ->> 'hours'), inclusion.clean_text(r.f ->> 'phone'), inclusion.clean_text(r.f ->> 'email'),
         inclusion.clean_text(r.f ->> 'website'), inclusion.clean_text(r.f ->> 'booking_url'),
         coalesce(l.services, '{}'), coalesce(l.publics, '{}'), coalesce(l.care, '{}'), coalesce(l.fees, '{}'),
         coalesce(l.support_modes, '{}'), coalesce(l.access_modes, '{}'), coalesce(l.programmes, '{}'),
         coalesce(l.labels, '{}'), coalesce(l.typologies, '{}'), coalesce(l.unknown_services, '{}'), coalesce(l.unknown_values, '{}'),
         CASE WHEN inclusion.read_date(r.f ->> 'updated_on') BETWEEN '2000-01-01' AND current_date THEN inclusion.read_date(r.f ->> 'updated_on') END
  FROM located r LEFT JOIN list l ON l.line = r.line
  CROSS JOIN LATERAL inclusion.place_position(r.f ->> 'longitude', r.f ->> 'latitude', r.home_longitude, r.home_latitude, r.radius) p
$$;

-- A national file holds the whole country: refuse the places of nobody's
-- perimeter that lie farther than `within` metres from every commune of ours.
-- Nearer ones are kept: people cross borders.
CREATE FUNCTION inclusion.import_leave_out(batch bigint, within float8) RETURNS void
LANGUAGE sql VOLATILE STRICT SET search_path = pg_catalog, pg_temp AS $$
  WITH ours AS MATERIALIZED (
    SELECT t.longitude, t.latitude FROM inclusion_data.territory t JOIN inclusion_data.import_batch b ON b.perimeter = t.perimeter
    WHERE b.id = import_leave_out.batch AND t.longitude IS NOT NULL
  ), far AS MATERIALIZED (
    SELECT t.code FROM inclusion_data.territory t
    WHERE t.perimeter IS NULL AND t.longitude IS NOT NULL
      AND t.code IN (SELECT p.commune FROM inclusion_data.import_place p WHERE p.batch = import_leave_out.batch)
      AND NOT EXISTS (
        -- a degree of latitude is never less than 110 km: skip what is surely too far
        SELECT FROM ours o WHERE abs(o.latitude - t.latitude) <= within / 110000
          AND inclusion.metres_between(o.longitude, o.latitude, t.longitude, t.latitude) <= within)
  ), gone AS (
    DELETE FROM inclusion_data.import_place p USING far f
    WHERE p.batch = import_leave_out.batch AND p.commune = f.code
    RETURNING p.line, p.commune
  ), refused AS (
    UPDATE inclusion_data.import_record r SET reason = 'outside'
    FROM gone g WHERE r.batch = import_leave_out.batch AND r.line = g.line
  )
  INSERT INTO inclusion_data.import_reject (batch, line, reason, value, raw)
  SELECT r.batch, r.line, 'outside', g.commune, r.raw
  FROM gone g JOIN inclusion_data.import_record r ON r.batch = import_leave_out.batch AND r.line = g.line
$$;

-- Each doubt, with the value that raised it.
CREATE FUNCTION inclusion.import_warn(batch bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO inclusion_data.import_warning (batch, line, reason, value)
  SELECT p.batch, p.line, w.reason, coalesce(left(w.value, 500), '')
  FROM inclusion_data.import_place p
  JOIN inclusion_data.import_record r ON r.batch = p.batch AND r.line = p.line
  CROSS JOIN LATERAL (SELECT inclusion.siret_kind(r.fields ->> 'pivot') AS pivot_kind,
                             concat_ws(E'\n', r.fields ->> 'name', r.fields ->> 'address', r.fields ->> 'address_more',
                                       r.fields ->> 'summary', r.fields ->> 'detail', r.fields ->> 'hours') AS text) x
  CROSS JOIN LATERAL (
    SELECT 'pivot_dummy' AS reason, r.fields ->> 'pivot' AS value WHERE x.pivot_kind = 'dummy'
    UNION ALL SELECT 'pivot_invalid', r.fields ->> 'pivot'
      WHERE x.pivot_kind IN ('invalid', 'other') AND btrim(r.fields ->> 'pivot') !~ '^(W[a-zA-Z0-9]{9}|[0-9]{7}|[0-9]{10})$'
    UNION ALL SELECT p.position_problem, concat_ws(' ', r.fields ->> 'latitude', r.fields ->> 'longitude') WHERE p.position_problem IS NOT NULL
    UNION ALL SELECT 'postal_code_zero', r.fields ->> 'postal_code' WHERE r.fields ->> 'postal_code' ~ '^\s*[0-9]{4}\s*$'
    UNION ALL SELECT 'commune_code_zero', r.fields ->> 'commune_code' WHERE r.fields ->> 'commune_code' ~ '^[0-9]{4}$'
    UNION ALL SELECT 'commune_former', r.fields ->> 'commune_code' WHERE p.former_commune
    UNION ALL SELECT 'commune_unknown', concat_ws(' ', r.fields ->> 'commune_code', r.fields ->> 'commune') WHERE p.commune IS NULL
    UNION ALL SELECT 'encoding_lost', inclusion.clean_text(x.text) WHERE inclusion.has_lost_letters(x.text)
    UNION ALL SELECT 'markup_removed', inclusion.clean_text(x.text) WHERE inclusion.has_markup(x.text)
    UNION ALL SELECT 'date_unknown', r.fields ->> 'updated_on' WHERE p.updated_on IS NULL
    UNION ALL SELECT 'service_none', NULL WHERE NOT r.fields ? 'services'
    UNION ALL SELECT 'service_unknown', u FROM unnest(p.unknown_services) u
    UNION ALL SELECT 'value_unknown', u FROM unnest(p.unknown_values) u
    UNION ALL SELECT 'not_public', NULL WHERE NOT p.receives_public
    UNION ALL SELECT 'residents_only', array_to_string(p.typologies, ', ') WHERE p.residents_only
    UNION ALL SELECT 'hours_unreadable', p.hours WHERE NOT inclusion.are_osm_hours(p.hours)
    UNION ALL SELECT 'phone_unreadable', p.phone WHERE NOT inclusion.is_french_phone(p.phone)
  ) w
  WHERE p.batch = import_warn.batch
$$;

-- Structures that a SIRET names, one for each perimeter; then places and the
-- keys under which their producers know them.
CREATE FUNCTION inclusion.import_store(batch bigint) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO inclusion_data.structure (perimeter, name, siret)
  SELECT DISTINCT ON (i.perimeter, i.siret) i.perimeter, i.name, i.siret
  FROM inclusion_data.import_place i
  WHERE i.batch = import_store.batch AND i.siret IS NOT NULL
    AND NOT EXISTS (SELECT FROM inclusion_data.structure s WHERE s.perimeter = i.perimeter AND s.siret = i.siret)
  ORDER BY i.perimeter, i.siret, i.updated_on DESC NULLS LAST, i.line;

  UPDATE inclusion_data.import_place i
  SET structure = (SELECT min(s.id) FROM inclusion_data.structure s WHERE s.perimeter = i.perimeter AND s.siret = i.siret),
      place = (SELECT e.object_id FROM inclusion_data.external_reference e
               WHERE e.object_kind = 'place' AND e.source = i.source AND e.source_hash = inclusion.source_hash(i.source_id))
  WHERE i.batch = import_store.batch;

  UPDATE inclusion_data.import_place i SET created = true, place = n.id
  FROM (SELECT o.line, nextval('inclusion_data.place_id_seq') AS id
        FROM (SELECT m.line FROM inclusion_data.import_place m
              WHERE m.batch = import_store.batch AND m.place IS NULL ORDER BY m.line) o) n
  WHERE i.batch = import_store.batch AND i.line = n.line;

  INSERT INTO inclusion_data.place (id, perimeter, structure, name, commune, postal_code, address, longitude, latitude,
    itinerant, receives_public, residents_only, hours, phone, email, website, booking_url, services, publics, care, fees,
    support_modes, access_modes, programmes, labels, typologies, updated_on)
  SELECT i.place, i.perimeter, i.structure, i.name, i.commune, i.postal_code, i.address, i.longitude, i.latitude,
         i.itinerant, i.receives_public, i.residents_only, i.hours, i.phone, i.email, i.website, i.booking_url, i.services,
         i.publics, i.care, i.fees, i.support_modes, i.access_modes, i.programmes, i.labels, i.typologies, i.updated_on
  FROM inclusion_data.import_place i WHERE i.batch = import_store.batch AND i.created;

  INSERT INTO inclusion_data.external_reference (object_kind, object_id, source, source_id, source_date, licence)
  SELECT 'place', i.place, i.source, i.source_id, i.updated_on, b.licence
  FROM inclusion_data.import_place i JOIN inclusion_data.import_batch b ON b.id = i.batch
  WHERE i.batch = import_store.batch AND i.created
$$;

-- Places already known and told otherwise.  An offer of a structure that stands
-- where its place stood moves with it.  Returns how many places changed.
CREATE FUNCTION inclusion.import_update(batch bigint) RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inclusion_data.offer o SET longitude = i.longitude, latitude = i.latitude
  FROM inclusion_data.import_place i JOIN inclusion_data.place p ON p.id = i.place
  WHERE i.batch = import_update.batch AND NOT i.created AND o.place = p.id AND o.declared_by <> 'import'
    AND (p.longitude, p.latitude) IS DISTINCT FROM (i.longitude, i.latitude)
    AND (o.longitude, o.latitude) IS NOT DISTINCT FROM (p.longitude, p.latitude);

  UPDATE inclusion_data.external_reference e SET source_date = i.updated_on, licence = b.licence, imported_at = now()
  FROM inclusion_data.import_place i JOIN inclusion_data.import_batch b ON b.id = i.batch
  WHERE i.batch = import_update.batch AND NOT i.created AND e.object_kind = 'place' AND e.object_id = i.place
    AND e.source = i.source AND e.source_hash = inclusion.source_hash(i.source_id)
    AND (e.source_date, e.licence) IS DISTINCT FROM (i.updated_on, b.licence);

  WITH changed AS (
    UPDATE inclusion_data.place p
    SET (perimeter, structure, name, commune, postal_code, address, longitude, latitude, itinerant, receives_public,
         residents_only, hours, phone, email, website, booking_url, services, publics, care, fees, support_modes,
         access_modes, programmes, labels, typologies, updated_on)
      = (i.perimeter, i.structure, i.name, i.commune, i.postal_code, i.address, i.longitude, i.latitude, i.itinerant, i.receives_public,
         i.residents_only, i.hours, i.phone, i.email, i.website, i.booking_url, i.services, i.publics, i.care, i.fees, i.support_modes,
         i.access_modes, i.programmes, i.labels, i.typologies, i.updated_on)
    FROM inclusion_data.import_place i
    WHERE i.batch = import_update.batch AND NOT i.created AND p.id = i.place
      AND (p.perimeter, p.structure, p.name, p.commune, p.postal_code, p.address, p.longitude, p.latitude, p.itinerant, p.receives_public,
           p.residents_only, p.hours, p.phone, p.email, p.website, p.booking_url, p.services, p.publics, p.care, p.fees, p.support_modes,
           p.access_modes, p.programmes, p.labels, p.typologies, p.updated_on)
        IS DISTINCT FROM
          (i.perimeter, i.structure, i.name, i.commune, i.postal_code, i.address, i.longitude, i.latitude, i.itinerant, i.receives_public,
           i.residents_only, i.hours, i.phone, i.email, i.website, i.booking_url, i.services, i.publics, i.care, i.fees, i.support_modes,
           i.access_modes, i.programmes, i.labels, i.typologies, i.updated_on)
    RETURNING p.id
  )
  SELECT count(*) FROM changed
$$;

-- Another place of the same name in the same commune, whatever its producer:
-- said on each line, never merged.  Returns how many lines.
CREATE FUNCTION inclusion.import_suspect(batch bigint) RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  WITH known AS MATERIALIZED (
    SELECT p.id, p.commune, inclusion.fold(p.name) AS name FROM inclusion_data.place p WHERE p.commune IS NOT NULL
  ), twin AS (
    SELECT i.line, min(other.id) AS other
    FROM inclusion_data.import_place i JOIN known me ON me.id = i.place
    JOIN known other ON other.commune = me.commune AND other.name = me.name AND other.id <> me.id
    WHERE i.batch = import_suspect.batch
    GROUP BY i.line
  ), told AS (
    INSERT INTO inclusion_data.import_warning (batch, line, reason, value)
    SELECT import_suspect.batch, t.line, 'duplicate_suspected', 'lieu ' || t.other FROM twin t
    RETURNING line
  )
  SELECT count(*) FROM told
$$;

COMMENT ON FUNCTION inclusion.import_take(bigint, text[], text) IS 'Import, lecture : les enregistrements du fichier.';
COMMENT ON FUNCTION inclusion.import_headings(bigint, text) IS 'Import, en-têtes : version du vocabulaire et colonnes inconnues.';
COMMENT ON FUNCTION inclusion.import_map(bigint, text) IS 'Import, colonnes : les en-têtes du fichier deviennent nos champs.';
COMMENT ON FUNCTION inclusion.import_judge(bigint, text) IS 'Import, tri : motif de refus de chaque enregistrement refusé.';
COMMENT ON FUNCTION inclusion.import_shape(bigint) IS 'Import, mise en forme : les enregistrements acceptés deviennent des lieux.';
COMMENT ON FUNCTION inclusion.import_leave_out(bigint, float8) IS 'Import, limites : refuse les lieux loin du périmètre.';
COMMENT ON FUNCTION inclusion.import_warn(bigint) IS 'Import, avertissements : chaque doute, avec la valeur en cause.';
COMMENT ON FUNCTION inclusion.import_store(bigint) IS 'Import, écriture : structures et lieux nouveaux, avec la clé du producteur.';
COMMENT ON FUNCTION inclusion.import_update(bigint) IS 'Import, mise à jour : lieux connus dont un fait a changé ; rend leur nombre.';
COMMENT ON FUNCTION inclusion.import_suspect(bigint) IS 'Import, doublons : même nom dans la même commune ; rend le nombre de lignes.';
