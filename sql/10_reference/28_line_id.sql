/*
 * 28_line_id: the number of a line that nothing numbers.
 *
 * Views that count have lines without a number of their own, and tools want
 * one: rank in the view, it would pass to another line the day one appears
 * before, and what was saved about that line with it.
 */

-- The same for the same parts, whenever and wherever: 52 bits of their digest,
-- which JavaScript holds exactly.  Two lines of a view of ten thousand have the
-- same number once in a hundred million views.
CREATE FUNCTION inclusion.line_id(VARIADIC parts text[]) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ('x' || left(encode(sha256(convert_to(array_to_string(parts, chr(31), ''), 'UTF8')), 'hex'), 13))::bit(52)::bigint
$$;

COMMENT ON FUNCTION inclusion.line_id(text[]) IS 'Numéro d''une ligne comptée : tiré de ce qui la désigne, le même d''un jour à l''autre.';
