/*
 * 52_old_nights: what is removed of nights that nobody has to explain any more.
 *
 * Of each perimeter the people examined and what they got; of the night itself,
 * once it is over in all its perimeters, the offers and sessions it saw, and its
 * row, unless a proposal still says that it comes from there.  Run by the night's
 * role, with its own rights.
 */

-- Nights of a perimeter whose time is over there, the oldest first: never one
-- that runs, nor the one its readers follow.
CREATE FUNCTION inclusion.due_nights(perimeter text, as_of date) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.id FROM inclusion_data.run r
  WHERE r.as_of < (SELECT inclusion.kept_since(due_nights.perimeter, 'night_proof', due_nights.as_of))
    AND due_nights.perimeter = ANY (r.perimeters) AND r.state <> 'running'
    AND NOT EXISTS (SELECT FROM inclusion_data.active_list_pointer a WHERE a.run = r.id AND a.perimeter = due_nights.perimeter)
  ORDER BY r.as_of, r.id
$$;

-- At most `batch` people of one due night, and of the slot that nobody reads.
CREATE FUNCTION inclusion.purge_night_people(perimeter text, as_of date, batch int) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  night bigint;
  results int;
  candidates int;
  unread int;
BEGIN
  SELECT d INTO night FROM inclusion.due_nights(purge_night_people.perimeter, as_of) d
  WHERE EXISTS (SELECT FROM inclusion_data.run_result e WHERE e.run = d AND e.perimeter = purge_night_people.perimeter)
     OR EXISTS (SELECT FROM inclusion_data.run_candidate c WHERE c.run = d AND c.perimeter = purge_night_people.perimeter)
  LIMIT 1;
  DELETE FROM inclusion_data.run_result d WHERE d.run = night AND d.perimeter = purge_night_people.perimeter AND d.beneficiary IN (
    SELECT e.beneficiary FROM inclusion_data.run_result e
    WHERE e.run = night AND e.perimeter = purge_night_people.perimeter ORDER BY e.beneficiary LIMIT batch);
  GET DIAGNOSTICS results = ROW_COUNT;
  DELETE FROM inclusion_data.run_candidate d WHERE d.run = night AND d.perimeter = purge_night_people.perimeter AND d.beneficiary IN (
    SELECT e.beneficiary FROM inclusion_data.run_candidate e
    WHERE e.run = night AND e.perimeter = purge_night_people.perimeter ORDER BY e.beneficiary LIMIT batch);
  GET DIAGNOSTICS candidates = ROW_COUNT;
  DELETE FROM inclusion_data.active_list d
  WHERE d.perimeter = purge_night_people.perimeter AND (d.slot, d.beneficiary) IN (
    SELECT l.slot, l.beneficiary FROM inclusion_data.active_list l
    WHERE l.perimeter = purge_night_people.perimeter AND l.run IN (SELECT n FROM inclusion.due_nights(purge_night_people.perimeter, as_of) n)
      AND NOT EXISTS (SELECT FROM inclusion_data.active_list_pointer a WHERE a.perimeter = l.perimeter AND a.slot = l.slot)
    ORDER BY l.slot, l.beneficiary LIMIT batch);
  GET DIAGNOSTICS unread = ROW_COUNT;
  RETURN results + candidates + unread;
END
$$;

-- The oldest night over in all its perimeters that holds nobody any more: what it
-- saw of the supply goes, whatever tables hold it, then its row.
CREATE FUNCTION inclusion.purge_night_rows(perimeter text, as_of date) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  night bigint;
  work regclass;
  removed bigint;
  total bigint := 0;
BEGIN
  FOR night IN
    SELECT r.id FROM inclusion_data.run r
    WHERE r.id IN (SELECT n FROM inclusion.due_nights(purge_night_rows.perimeter, purge_night_rows.as_of) n)
      AND NOT EXISTS (SELECT FROM unnest(r.perimeters) p
                      WHERE r.id NOT IN (SELECT n FROM inclusion.due_nights(p, purge_night_rows.as_of) n))
      AND NOT EXISTS (SELECT FROM inclusion_data.run_result d WHERE d.run = r.id)
      AND NOT EXISTS (SELECT FROM inclusion_data.run_candidate c WHERE c.run = r.id)
    ORDER BY r.as_of, r.id
  LOOP
    FOR work IN
      SELECT c.oid::regclass FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'run'
      WHERE c.relnamespace = 'inclusion_data'::regnamespace AND c.relkind = 'r' AND c.relname ~ '^run_' ORDER BY c.relname
    LOOP
      EXECUTE format('DELETE FROM %s WHERE run = $1', work) USING night;
      GET DIAGNOSTICS removed = ROW_COUNT;
      total := total + removed;
    END LOOP;
    DELETE FROM inclusion_data.run r WHERE r.id = night AND NOT inclusion.night_is_cited(r.id);
    GET DIAGNOSTICS removed = ROW_COUNT;
    total := total + removed;
    EXIT WHEN total > 0;
  END LOOP;
  RETURN total;
END
$$;

-- Whether a proposal or an orientation still says that it comes from this
-- night; a price keeps all that is shown of it, and only the night's number.
CREATE FUNCTION inclusion.night_is_cited(run bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM inclusion_data.proposal p WHERE p.run = night_is_cited.run)
      OR EXISTS (SELECT FROM inclusion_data.orientation o WHERE o.run = night_is_cited.run)
$$;

-- One batch: people first, then what is left of the nights they were in.  How
-- many rows it removed; none, and all is done.
CREATE FUNCTION inclusion.purge_nights_batch(perimeter text, as_of date, batch int) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  removed int;
BEGIN
  PERFORM inclusion.refuse_purge_ahead(purge_nights_batch.perimeter, as_of);
  PERFORM inclusion.lock_perimeters(ARRAY[purge_nights_batch.perimeter]);
  removed := inclusion.purge_night_people(purge_nights_batch.perimeter, as_of, batch);
  IF removed = 0 THEN
    removed := inclusion.purge_night_rows(purge_nights_batch.perimeter, as_of);
  END IF;
  RETURN removed;
END
$$;

COMMENT ON FUNCTION inclusion.due_nights(text, date) IS 'Nuits à terme échu : dans ce périmètre, sauf celle qui court et celle que l''on lit.';
COMMENT ON FUNCTION inclusion.purge_night_people(text, date, int) IS 'Personnes d''une nuit passée : en retire un lot, et de la liste que plus personne ne lit.';
COMMENT ON FUNCTION inclusion.purge_night_rows(text, date) IS 'Nuit vidée : retire ce qu''elle a vu de l''offre, puis sa ligne si rien ne s''y rattache.';
COMMENT ON FUNCTION inclusion.night_is_cited(bigint) IS 'Nuit citée : vrai si une proposition ou une orientation en vient encore.';
COMMENT ON FUNCTION inclusion.purge_nights_batch(text, date, int) IS 'Lot de purge des nuits : rend le nombre de lignes retirées, 0 quand tout est fait.';
