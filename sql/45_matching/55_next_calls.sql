/*
 * 55_next_calls: whom to ring on Monday.
 */

-- next_calls: the n places to ring, since knowing what their offers teach, whom
-- they welcome, how they work or whether there is room would change the first
-- choice of most people.  The same machinery as next_questions, on offers.
--   asks      level, public, format or seats: what to ask, the most useful first
--   people    bounds the work: those who have waited longest
--   expected  first choices expected to change, of that many people
-- IN801 if the caller does not have the whole perimeter.
CREATE FUNCTION inclusion.next_calls(perimeter text DEFAULT NULL, n int DEFAULT 10, people int DEFAULT 300)
RETURNS TABLE (rank int, place bigint, name text, phone text, offers bigint[], asks text[], expected float8)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  here constant text := inclusion.resolve_perimeter(next_calls.perimeter);
BEGIN
  IF coalesce(n, 0) NOT BETWEEN 1 AND 1000 OR coalesce(people, 0) NOT BETWEEN 1 AND 10000 THEN
    RAISE EXCEPTION 'n must be between 1 and 1000, and people between 1 and 10000'
      USING ERRCODE = 'IN010', HINT = 'Ask for the ten calls worth making with n => 10.';
  ELSIF NOT (here = ANY (inclusion_data.perimeters_of(current_user)) OR inclusion_data.reads_every_theme(current_user)) THEN
    RAISE EXCEPTION 'role "%" does not have the whole of perimeter "%"', current_user, here
      USING ERRCODE = 'IN801', HINT = 'Calls are chosen for everybody who waits: ask the coordinator or the lead.';
  END IF;
  RETURN QUERY
  WITH asked AS (
    SELECT coalesce(o.place, -o.id) AS spot, o.place, o.id, o.name, v.subject, v.changes
    FROM inclusion_data.call_values(current_user, here, inclusion.today(here), next_calls.people) v
    JOIN inclusion_data.offer o ON o.id = v.offer
  ), question AS (
    SELECT a.spot, a.subject, sum(a.changes) AS changes FROM asked a GROUP BY a.spot, a.subject
  ), spot AS (
    SELECT a.spot, min(a.place) AS place, min(a.name) AS name, array_agg(DISTINCT a.id ORDER BY a.id) AS offers, sum(a.changes ORDER BY a.id, a.subject) AS changes
    FROM asked a GROUP BY a.spot
  )
  SELECT (row_number() OVER (ORDER BY s.changes DESC, s.spot))::int, s.place, coalesce(p.name, s.name), p.phone, s.offers,
         ARRAY(SELECT q.subject FROM question q WHERE q.spot = s.spot ORDER BY q.changes DESC, q.subject), s.changes
  FROM spot s LEFT JOIN inclusion_data.place p ON p.id = s.place
  ORDER BY 1
  LIMIT next_calls.n;
END
$$;

COMMENT ON FUNCTION inclusion.next_calls(text, int, int) IS 'Appels à passer : les lieux dont une réponse changerait le plus de premiers choix.';
