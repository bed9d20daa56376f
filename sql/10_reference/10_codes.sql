-- The compiled-in vocabularies: audience, accommodation, language, slot,
-- family and mode.  A bit is never moved nor reused.

CREATE FUNCTION inclusion.codes(vocabulary text)
RETURNS TABLE (bit_number int, code text, kind text, label text)
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 24
AS 'MODULE_PATHNAME', 'vocabulary_codes';
COMMENT ON FUNCTION inclusion.codes(text) IS
  'Codes d''un vocabulaire : liste fermée, dans l''ordre des bits, avec la nature et le libellé de chaque code ; vocabulaires audience, accommodation, language, slot, family, mode';
