-- plain.sql
--		The cost function without the extension, in SQL and in plpgsql, written as
--		well as we can: what does not depend on the offer is prepared once per
--		need, filters come before the cost, loops go over taught competences only,
--		arithmetic is on integers, and the arc sine is left out where the offer is
--		surely too far.

-- What a need comes down to, whatever the offer.  wanted holds, for the 24
-- competences each time, the highest level an offer may require (-1 where
-- nothing is wanted), the current levels, the targets and the weights: one
-- array and not four, because plpgsql unpacks every array it is given.  far is
-- the squared chord from which the distance is surely beyond the maximum.
CREATE TYPE bench.asked AS (
	wanted smallint[],
	possible float8, audience_count float8, far bigint,
	x bigint, y bigint, z bigint, max_distance float8, day date,
	families int, formats int, devices int, audiences int, accommodations int,
	personal int, languages int, interpreter int, slots int,
	accept_remote boolean, accept_on_site boolean,
	w_coverage float8, w_audience float8, w_quality float8, w_distance float8,
	w_price float8);

CREATE FUNCTION bench.mask_of_kind(vocabulary text, wanted text) RETURNS int
LANGUAGE sql STABLE
RETURN (SELECT bit_or(1 << bit_number) FROM inclusion.codes(vocabulary) WHERE kind = wanted);

CREATE FUNCTION bench.ask(need bench.need) RETURNS bench.asked
LANGUAGE sql STABLE
RETURN (SELECT ROW(
		array_agg((CASE WHEN t <= c THEN -1 WHEN c >= 16 THEN c + 8 ELSE c END)::smallint
			ORDER BY d) || need.current || need.target || need.weights,
		nullif(sum(w * greatest(0, t - c)), 0)::float8,
		bit_count(need.audiences::bit(32))::float8,
		ceil((2147483648.0 * sin(need.max_distance / (2 * 6371008.8))) ^ 2 * 1.000001)::bigint,
		need.x, need.y, need.z, need.max_distance, need.day,
		need.families, need.formats, need.devices, need.audiences, need.accommodations,
		bench.mask_of_kind('accommodation', 'personal'), need.languages,
		(SELECT 1 << bit_number FROM inclusion.codes('accommodation') WHERE code = 'interpreter'),
		need.slots, need.accept_remote, need.accept_on_site,
		need.w_coverage, need.w_audience, need.w_quality, need.w_distance,
		need.w_price)::bench.asked
	FROM unnest(need.current, need.target, need.weights) WITH ORDINALITY AS slot (c, t, w, d));

-- Expressions of one statement each, which the planner writes into the query.
CREATE FUNCTION bench.squared_chord(asked bench.asked, offer bench.offer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (asked.x - offer.x) * (asked.x - offer.x)
	+ (asked.y - offer.y) * (asked.y - offer.y)
	+ (asked.z - offer.z) * (asked.z - offer.z);

CREATE FUNCTION bench.metres(squared_chord bigint) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (2.0::float8 * 6371008.8::float8)
	* asin(least(1.0::float8, sqrt(squared_chord::float8) / 2147483648.0::float8));

CREATE FUNCTION bench.is_suitable(asked bench.asked, offer bench.offer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN offer.open
	AND asked.day >= offer.valid_from AND asked.day <= offer.valid_to
	AND offer.families & asked.families <> 0
	AND (asked.languages = 0 OR offer.languages & asked.languages <> 0
		OR offer.accommodations & asked.interpreter <> 0)
	AND (asked.slots = 0 OR offer.slots & asked.slots <> 0 OR offer.slots = 0)
	AND (asked.formats = 0 OR offer.formats & asked.formats <> 0 OR offer.formats = 0)
	AND (asked.devices = 0 OR offer.devices & asked.devices <> 0 OR offer.devices = 0)
	AND (offer.only_for = 0 OR offer.only_for & asked.audiences <> 0)
	AND (asked.accommodations = 0 OR asked.accommodations & ~offer.accommodations
		& CASE WHEN offer.remote THEN asked.personal ELSE -1 END = 0)
	AND CASE
		WHEN offer.remote THEN asked.accept_remote
		WHEN NOT asked.accept_on_site THEN false
		WHEN offer.travels_within = 0
			AND bench.squared_chord(asked, offer) >= asked.far THEN false
		ELSE bench.metres(bench.squared_chord(asked, offer))
			<= greatest(asked.max_distance, offer.travels_within)
	END;

CREATE FUNCTION bench.proximity(asked bench.asked, offer bench.offer) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN offer.remote THEN 0
	WHEN offer.travels_within = 0
		AND bench.squared_chord(asked, offer) >= asked.far THEN 1
	WHEN bench.metres(bench.squared_chord(asked, offer)) <= offer.travels_within THEN 0
	ELSE least(1, bench.metres(bench.squared_chord(asked, offer)) / asked.max_distance)
END;

CREATE FUNCTION bench.fit(asked bench.asked, offer bench.offer) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN asked.audiences = 0 THEN 1
	WHEN offer.audiences = 0 THEN 0.5
	WHEN offer.audiences & asked.audiences = 0 THEN 0
	ELSE bit_count((offer.audiences & asked.audiences)::bit(32)) / asked.audience_count
END;

-- The cost in plpgsql; NULL for an offer that brings nothing.
CREATE FUNCTION bench.plpgsql_cost(
	taught smallint[], ox bigint, oy bigint, oz bigint, remote boolean, travels_within float8,
	offered int, quality int, price int,
	wanted smallint[], possible float8, audiences int, audience_count float8, far bigint,
	x bigint, y bigint, z bigint, max_distance float8,
	w_coverage float8, w_audience float8, w_quality float8, w_distance float8,
	w_price float8) RETURNS float8
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	gain int := 0;
	d int;
	proximity float8 := 0;
	squared bigint;
BEGIN
	FOR k IN 1 .. cardinality(taught) BY 3 LOOP
		d := taught[k];
		IF taught[k + 1] <= wanted[d] AND taught[k + 2] > wanted[24 + d] THEN
			gain := gain + wanted[72 + d]
				* (least(taught[k + 2], wanted[48 + d]) - wanted[24 + d]);
		END IF;
	END LOOP;
	IF gain = 0 THEN
		RETURN NULL;
	END IF;
	IF NOT remote THEN
		squared := (x - ox) * (x - ox) + (y - oy) * (y - oy) + (z - oz) * (z - oz);
		IF squared >= far AND travels_within = 0 THEN
			proximity := 1;
		ELSE
			proximity := bench.metres(squared);
			proximity := CASE WHEN proximity <= travels_within THEN 0
				ELSE least(1, proximity / max_distance) END;
		END IF;
	END IF;
	RETURN w_coverage * (1 - gain / possible)
		+ w_audience * (1 - CASE WHEN audiences = 0 THEN 1 WHEN offered = 0 THEN 0.5
			WHEN offered & audiences = 0 THEN 0
			ELSE bit_count((offered & audiences)::bit(32)) / audience_count END)
		+ w_quality * ((255 - quality) / 255::float8)
		+ w_distance * proximity + w_price * (price / 15::float8);
END
$$;
