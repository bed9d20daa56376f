/*
 * 10_codes: the compiled-in vocabularies.
 *
 * A code's bit is stored inside values of type need and supply: never moved,
 * never reused.
 */

CREATE FUNCTION inclusion.codes(vocabulary text)
RETURNS TABLE (bit_number int, code text, kind text, label text)
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 24
AS 'MODULE_PATHNAME', 'vocabulary_codes';
COMMENT ON FUNCTION inclusion.codes(text) IS
  'Codes d''un vocabulaire : liste fermée, dans l''ordre des bits, avec la nature et le libellé de chaque code ; vocabulaires audience, accommodation, language, slot, family, mode';

CREATE FUNCTION inclusion.mask_of(vocabulary text, codes text[])
RETURNS int
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'vocabulary_mask_of';
COMMENT ON FUNCTION inclusion.mask_of(text, text[]) IS
  'Ensemble de codes en bits : à rapprocher par opérations binaires';

CREATE FUNCTION inclusion.codes_in(vocabulary text, mask int)
RETURNS text[]
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'vocabulary_codes_in';
COMMENT ON FUNCTION inclusion.codes_in(text, int) IS
  'Codes d''un ensemble en bits : dans l''ordre du vocabulaire';
