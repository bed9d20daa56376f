/*
 * 31_stand_in: dropped when the journal (30_journal) is there.
 */

CREATE FUNCTION inclusion.verify_journal(perimeter text DEFAULT NULL, published_hash text DEFAULT NULL) RETURNS TABLE (perimeter_code text, n int, id bigint, finding text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS 'SELECT NULL::text, NULL::int, NULL::bigint, NULL::text WHERE false';
COMMENT ON FUNCTION inclusion.verify_journal(text, text) IS 'Vérification provisoire : tient lieu de celle qui vient.';
