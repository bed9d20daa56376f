-- codes.sql
--		From plain columns to values of the extension, and back: masks and codes,
--		points and vectors.

CREATE FUNCTION bench.codes_of(mask int, codes text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT codes[1 + bit] FROM generate_series(0, 30) AS bit
	WHERE mask & (1 << bit) <> 0);

CREATE FUNCTION bench.mask_of(stated text[], codes text[]) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT coalesce(bit_or(1 << array_position(codes, code) - 1), 0) FROM unnest(stated) AS code);

CREATE FUNCTION bench.all_codes(vocabulary text) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT array_agg(code ORDER BY bit_number) FROM inclusion.codes(vocabulary));

-- Points of the competences of a list, in the framework's order, as a vector.
CREATE FUNCTION bench.vector_of(competences smallint[], points smallint[])
RETURNS inclusion.competence_vector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN inclusion.competence_vector('pix', ARRAY(
	SELECT points[array_position(competences, d::smallint)]::int
	FROM generate_series(1, 24) AS d));
