-- product.sql
--		The product, asked the same questions as the second opinion: the only
--		file here that calls the extension.

INSERT INTO oracle.code
SELECT vocabulary, code, bit_number
FROM unnest('{audience,accommodation,language,slot,family,mode}'::text[])
	AS vocabulary, LATERAL inclusion.codes(vocabulary);

-- "SELECT inclusion.need(day => '2026-03-15', ...)", arguments by name, so that
-- what is not given is left to the constructor's own defaults.
CREATE FUNCTION oracle.call_of(constructor text, arguments jsonb) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN format('SELECT inclusion.%I(%s)', constructor, (
	SELECT string_agg(format('%I => %L', key, value), ', ')
	FROM jsonb_each_text(arguments)));

CREATE FUNCTION oracle.made_need(arguments jsonb) RETURNS inclusion.need
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
	need inclusion.need;
BEGIN
	EXECUTE oracle.call_of('need', arguments) INTO STRICT need;
	RETURN need;
END
$$;

CREATE FUNCTION oracle.made_supply(arguments jsonb) RETURNS inclusion.supply
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
	supply inclusion.supply;
BEGIN
	EXECUTE oracle.call_of('supply', arguments) INTO STRICT supply;
	RETURN supply;
END
$$;

-- What the constructor answers: a value, a draft, or an error and its message.
CREATE FUNCTION oracle.outcome(constructor text, arguments jsonb,
	OUT outcome text, OUT state text, OUT message text)
LANGUAGE plpgsql AS $$
DECLARE
	made text;
BEGIN
	EXECUTE oracle.call_of(constructor, arguments) INTO STRICT made;
	outcome := CASE WHEN made IS NULL THEN 'draft' ELSE 'value' END;
	message := made;
EXCEPTION WHEN OTHERS THEN
	outcome := 'error';
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE,
		message = MESSAGE_TEXT;
END
$$;
