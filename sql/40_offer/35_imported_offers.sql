/*
 * 35_imported_offers: what imported places can propose, by the published
 * crosswalk of services.
 */

-- An offer for each service that teaches, one for each other family.  A place
-- that receives nobody, or only its residents, proposes nothing; nothing is
-- taught that the producer did not claim.
CREATE FUNCTION inclusion.offers_of_places(places bigint[])
RETURNS TABLE (place bigint, service text, family text, name text, remote boolean, modes text[], audiences text[],
               languages text[], requires inclusion.competence_vector, teaches inclusion.competence_vector,
               themes text[])
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.id, x.service, x.family, left(format('%s (%s)', x.service, p.name), 300),
         p.support_modes = ARRAY['À distance'],
         ARRAY(SELECT DISTINCT m FROM unnest(x.modes || t.formats || CASE WHEN t.acts_for AND x.family = 'rights' THEN '{act_for}'::text[] END) m ORDER BY m),
         t.audiences, ARRAY['fr'] || t.languages,
         x.requires, x.teaches, x.themes
  FROM inclusion_data.place p
  CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(DISTINCT c.code) FILTER (WHERE c.vocabulary = 'mode' AND c.code <> 'act_for'), '{}') AS formats,
           coalesce(bool_or(c.code = 'act_for'), false) AS acts_for,
           coalesce(array_agg(DISTINCT c.code ORDER BY c.code) FILTER (WHERE c.vocabulary = 'audience'), '{}') AS audiences,
           coalesce(array_agg(DISTINCT c.code ORDER BY c.code) FILTER (WHERE c.vocabulary = 'language'), '{}') AS languages
    FROM inclusion_data.label_crosswalk c
    WHERE c.code IS NOT NULL
      AND c.value = ANY (CASE c.list WHEN 'publics' THEN p.publics WHEN 'care' THEN p.care
                                     WHEN 'support_modes' THEN p.support_modes WHEN 'programmes' THEN p.programmes END)) t
  CROSS JOIN LATERAL (
    -- a declared service speaks before the programme that implies it
    SELECT DISTINCT ON (s.family, CASE WHEN s.family = 'learn' THEN s.service END) s.*
    FROM inclusion_data.service_crosswalk s
    WHERE s.service = ANY (p.services || p.programmes)
    ORDER BY s.family, CASE WHEN s.family = 'learn' THEN s.service END, s.service = ANY (p.services) DESC, s.service) x
  WHERE p.id = ANY (places) AND p.receives_public AND NOT p.residents_only
$$;

-- Bring the offers of these places in line with what they now claim: make,
-- change, close, open again.  An offer is never deleted, and what a structure
-- added to it (seats, slots) is left alone.
CREATE FUNCTION inclusion.refresh_imported_offers(places bigint[], OUT created bigint, OUT updated bigint, OUT closed bigint)
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  WITH wanted AS MATERIALIZED (
    SELECT w.*, p.perimeter, p.structure, p.longitude, p.latitude
    FROM inclusion.offers_of_places(places) w JOIN inclusion_data.place p ON p.id = w.place
  ), starting AS MATERIALIZED (
    SELECT d.perimeter, inclusion.unmeasured_quality(d.perimeter) AS quality FROM (SELECT DISTINCT w.perimeter FROM wanted w) d
  ), written AS (
    INSERT INTO inclusion_data.offer AS o (perimeter, structure, place, name, declared_by, service, themes, requires, teaches,
      longitude, latitude, remote, families, modes, audiences, languages, quality)
    SELECT w.perimeter, w.structure, w.place, w.name, 'import', w.service, w.themes, w.requires, w.teaches,
           w.longitude, w.latitude, w.remote, ARRAY[w.family], w.modes, w.audiences, w.languages, s.quality
    FROM wanted w JOIN starting s ON s.perimeter = w.perimeter
    ORDER BY w.place, w.family, w.service
    ON CONFLICT (place, service, (families[1])) WHERE declared_by = 'import' DO UPDATE
    SET perimeter = excluded.perimeter, structure = excluded.structure, name = excluded.name, themes = excluded.themes,
        requires = excluded.requires, teaches = excluded.teaches, longitude = excluded.longitude, latitude = excluded.latitude,
        remote = excluded.remote, modes = excluded.modes, audiences = excluded.audiences, languages = excluded.languages, open = true
    WHERE (o.perimeter, o.structure, o.name, o.themes, o.requires::text, o.teaches::text, o.longitude, o.latitude,
           o.remote, o.modes, o.audiences, o.languages, o.open)
          IS DISTINCT FROM
          (excluded.perimeter, excluded.structure, excluded.name, excluded.themes, excluded.requires::text, excluded.teaches::text,
           excluded.longitude, excluded.latitude, excluded.remote, excluded.modes, excluded.audiences, excluded.languages, true)
    RETURNING o.id, o.structure, o.xmax = 0 AS is_new
  ), carried AS (
    INSERT INTO inclusion_data.offer_structure (offer, structure, relation)
    SELECT w.id, w.structure, 'carries' FROM written w WHERE w.is_new AND w.structure IS NOT NULL
  ), ended AS (
    UPDATE inclusion_data.offer o SET open = false
    WHERE o.place = ANY (places) AND o.declared_by = 'import' AND o.open
      AND (o.place, o.service, o.families[1]) NOT IN (SELECT w.place, w.service, w.family FROM wanted w)
    RETURNING o.id
  )
  SELECT (SELECT count(*) FILTER (WHERE w.is_new) FROM written w), (SELECT count(*) FILTER (WHERE NOT w.is_new) FROM written w),
         (SELECT count(*) FROM ended)
$$;

COMMENT ON FUNCTION inclusion.offers_of_places(bigint[]) IS 'Offres des lieux : ce que leurs services déclarés permettent de proposer.';
COMMENT ON FUNCTION inclusion.refresh_imported_offers(bigint[]) IS 'Offres importées : créées, changées ou fermées selon ce que les lieux déclarent.';
