/*
 * 81_released: counts of people made ready to be shown, for the released views
 * of pilotage.
 *
 * A count below the policy's threshold is NULL with a flag; parts of a total are
 * shown all or none, since one hidden part could be subtracted; no figure stands
 * beside a hidden number of people.  Who objects, or whose data are restricted,
 * is in no count.  Functions and not views: of a view, EXPLAIN ANALYZE tells how
 * many rows each step read, hidden ones included; of these, what they return.
 */

-- Who is in no count, whatever they object to.
CREATE FUNCTION inclusion_data.uncounted_people() RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(v.beneficiary), '{}') FROM (
    SELECT x.beneficiary FROM inclusion_data.purpose_objection x
    UNION SELECT r.beneficiary FROM inclusion_data.restriction r
    UNION SELECT m.merged FROM inclusion_data.file_merge m WHERE m.undone_at IS NULL) v
$$;

-- The smallest of some parts of a whole, and of what each leaves of it; a whole
-- of which a part leaves nothing shows no rest.
CREATE FUNCTION inclusion_data.least_part(whole bigint, VARIADIC parts bigint[]) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT min(least(p, nullif(whole - p, 0))) FROM unnest(parts) p
$$;

-- A count that moves by as many people as may be shown, and tells nothing of
-- fewer.
CREATE FUNCTION inclusion_data.in_steps(counted bigint, threshold bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN counted / threshold * threshold;

-- The lists in force, as far as people may be counted.
CREATE FUNCTION inclusion_data.counted_list()
RETURNS TABLE (perimeter text, grade int, waiting_days int, outcome text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT l.perimeter, l.grade, l.waiting_days, l.outcome
  FROM inclusion_data.active_list l
  JOIN inclusion_data.active_list_pointer p ON p.perimeter = l.perimeter AND p.slot = l.slot
  WHERE l.beneficiary <> ALL ((SELECT inclusion_data.uncounted_people())::bigint[])
$$;

CREATE FUNCTION inclusion_data.released_list()
RETURNS TABLE (perimeter text, people_count int, people_masked boolean, proposed_count int, oriented_count int, waiting_count int, parts_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH list AS (
    SELECT l.perimeter, count(*)::int AS people,
      count(*) FILTER (WHERE l.outcome IN ('proposed', 'held'))::int AS proposed,
      count(*) FILTER (WHERE l.outcome = 'oriented')::int AS oriented,
      count(*) FILTER (WHERE l.outcome = 'waiting')::int AS waiting
    FROM inclusion_data.counted_list() l GROUP BY l.perimeter
  ), shown AS (
    SELECT c.*, c.people < h.least AS all_masked, least(c.proposed, c.oriented, c.waiting) < h.least AS parts_masked
    FROM list c JOIN inclusion_data.publication_threshold h ON h.perimeter = c.perimeter
  )
  SELECT s.perimeter, CASE WHEN NOT s.all_masked THEN s.people END, s.all_masked,
         CASE WHEN NOT s.parts_masked THEN s.proposed END, CASE WHEN NOT s.parts_masked THEN s.oriented END,
         CASE WHEN NOT s.parts_masked THEN s.waiting END, s.parts_masked
  FROM shown s;
END
$$;

-- The grades are parts of the total that released_list() shows, and who waits in
-- each a part of who is waiting there: one grade too small hides them all.
CREATE FUNCTION inclusion_data.released_waiting()
RETURNS TABLE (perimeter text, grade int, people_count int, waiting_count int, median_days int, is_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH list AS (
    SELECT l.perimeter, l.grade, count(*)::int AS people,
      count(*) FILTER (WHERE l.outcome = 'waiting')::int AS waiting,
      percentile_disc(0.5) WITHIN GROUP (ORDER BY l.waiting_days) AS median_days
    FROM inclusion_data.counted_list() l GROUP BY l.perimeter, l.grade
  ), shown AS (
    SELECT c.*, bool_or(c.people < h.least) OVER here AS people_masked,
      -- the rest of the grade is who does not wait
      bool_or(least(c.waiting, c.people - c.waiting) < h.least) OVER here AS waiting_masked
    FROM list c JOIN inclusion_data.publication_threshold h ON h.perimeter = c.perimeter
    WINDOW here AS (PARTITION BY c.perimeter)
  )
  SELECT s.perimeter, s.grade, CASE WHEN NOT s.people_masked THEN s.people END, CASE WHEN NOT s.waiting_masked THEN s.waiting END,
         CASE WHEN NOT s.people_masked THEN s.median_days END, s.people_masked OR s.waiting_masked
  FROM shown s;
END
$$;

-- Whether people of a commune were ever reached: a class, never a number.
CREATE FUNCTION inclusion_data.released_outreach() RETURNS TABLE (commune text, outreach text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT t.code, CASE WHEN n.people IS NULL THEN 'non prospecté' WHEN n.people < h.least THEN 'peu prospecté' ELSE 'prospecté' END
  FROM inclusion_data.territory t
  JOIN inclusion_data.publication_threshold h ON h.perimeter = t.perimeter
  LEFT JOIN (SELECT b.commune, count(*) AS people FROM inclusion_data.beneficiary b
             WHERE b.id <> ALL ((SELECT inclusion_data.uncounted_people())::bigint[])
             GROUP BY b.commune) n ON n.commune = t.code
  WHERE t.kind = 'commune';
END
$$;

REVOKE ALL ON FUNCTION inclusion_data.uncounted_people(), inclusion_data.least_part(bigint, bigint[]), inclusion_data.in_steps(bigint, bigint), inclusion_data.counted_list(), inclusion_data.released_list(), inclusion_data.released_waiting(),
  inclusion_data.released_outreach() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.released_list(), inclusion_data.released_waiting(), inclusion_data.released_outreach()
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;

COMMENT ON FUNCTION inclusion_data.uncounted_people() IS 'Personnes non comptées : celles qui s''opposent à un usage, dont les données sont limitées, ou déjà comptées sous une autre fiche.';
COMMENT ON FUNCTION inclusion_data.least_part(bigint, bigint[]) IS 'Plus petite part : des parts d''un tout, et de ce que chacune en laisse.';
COMMENT ON FUNCTION inclusion_data.in_steps(bigint, bigint) IS 'Nombre par paliers : arrondi par défaut à un multiple du seuil.';
COMMENT ON FUNCTION inclusion_data.counted_list() IS 'Listes comptées : celles en vigueur, sans qui s''oppose ni dont les données sont limitées.';
COMMENT ON FUNCTION inclusion_data.released_list() IS 'Nombres de la file active : par périmètre, masqués sous le seuil.';
COMMENT ON FUNCTION inclusion_data.released_waiting() IS 'Nombres par rang : dans la grille, masqués ensemble dès qu''un seul est sous le seuil.';
COMMENT ON FUNCTION inclusion_data.released_outreach() IS 'Prospection des communes : une classe, jamais un nombre.';
