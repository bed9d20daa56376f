-- cost.sql
--		The second opinion on matching, part 2: the one cost function and the
--		ten conditions of eligibility, over the plain columns of part 1.

CREATE TYPE oracle.terms AS (
	-- the cost, term by term
	gain int, possible int, coverage float8, fit float8,
	distance float8, proximity float8, cost float8,
	-- eligibility, condition by condition
	serves boolean, opens boolean, lasts boolean, covers boolean,
	accommodates boolean, speaks boolean, coincides boolean, suits boolean,
	admits boolean, reaches boolean, eligible boolean);

CREATE FUNCTION oracle.mode_kind(code text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
	WHEN code = ANY ('{computer,tablet,smartphone}') THEN 'device'
	WHEN code = ANY ('{enable,show,act_for}') THEN 'posture'
	ELSE 'format'
END;

CREATE FUNCTION oracle.is_on_site(accommodation text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN accommodation = ANY ('{step_free,lift,accessible_toilet,adapted_parking,
	induction_loop,quiet_room,custom_1,custom_2,custom_3,custom_4}'::text[]);

CREATE FUNCTION oracle.of_kind(modes text[], kind text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT coalesce(array_agg(code), '{}')
	FROM unnest(modes) AS mode (code) WHERE oracle.mode_kind(code) = kind);

CREATE FUNCTION oracle.number_of_codes(codes text[]) RETURNS int
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT count(DISTINCT code) FROM unnest(codes) AS list (code));

-- Do the lists overlap, where both state something?
CREATE FUNCTION oracle.agree(asked text[], given text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN asked = '{}' OR given = '{}' OR asked && given;

-- Metres along the great circle; NULL where a position is missing.
CREATE FUNCTION oracle.distance(need oracle.need, supply oracle.supply)
RETURNS float8
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	squared bigint := (need.x - supply.x) * (need.x - supply.x)
		+ (need.y - supply.y) * (need.y - supply.y)
		+ (need.z - supply.z) * (need.z - supply.z);
	half_chord float8 := sqrt(squared::float8) / 2147483648.0::float8;
BEGIN
	IF squared IS NULL THEN
		RETURN NULL;
	END IF;
	IF half_chord > 1 THEN
		half_chord := 1;
	END IF;
	RETURN (2.0::float8 * 6371008.8::float8) * asin(half_chord);
END
$$;

-- The first rule that applies.
CREATE FUNCTION oracle.proximity(need oracle.need, supply oracle.supply,
	distance float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN supply.remote THEN 0
	WHEN distance IS NULL THEN 1
	WHEN distance <= supply.travels_within THEN 0
	WHEN need.max_distance IS NULL THEN 1
	WHEN distance >= need.max_distance THEN 1
	ELSE distance / need.max_distance
END;

-- One competence: what this offer brings to this person, times its weight.
CREATE FUNCTION oracle.gain(weight int, current int, target int,
	requires int, teaches int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN teaches IS NULL THEN 0
	WHEN coalesce(requires, 0)
		> current + CASE WHEN current >= 16 THEN 8 ELSE 0 END THEN 0
	ELSE weight * greatest(0, least(teaches, target) - current)
END;

CREATE FUNCTION oracle.terms(need oracle.need, supply oracle.supply)
RETURNS oracle.terms
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	terms oracle.terms;
	now_at int;
	one CONSTANT float8 := 1;
BEGIN
	-- NULL, a draft, has no cost and no eligibility.
	IF supply IS NOT DISTINCT FROM NULL OR need IS NOT DISTINCT FROM NULL THEN
		RETURN NULL;
	END IF;

	terms.gain := 0;
	terms.possible := 0;
	FOR d IN 1 .. coalesce(array_length(need.target, 1), 0) LOOP
		now_at := coalesce(need.current[d], 0);
		CONTINUE WHEN coalesce(need.target[d], 0) <= now_at;
		terms.possible := terms.possible
			+ need.weights[d] * (need.target[d] - now_at);
		CONTINUE WHEN supply.framework IS DISTINCT FROM need.framework;
		terms.gain := terms.gain + oracle.gain(need.weights[d], now_at,
			need.target[d], supply.requires[d], supply.teaches[d]);
	END LOOP;

	IF need.family <> 'learn' THEN
		terms.coverage := (need.family = ANY (supply.families))::int;
	ELSIF terms.possible = 0 THEN
		terms.coverage := 0;
	ELSE
		terms.coverage := terms.gain::float8 / terms.possible::float8;
	END IF;

	terms.fit := CASE
		WHEN need.audiences = '{}' THEN one
		WHEN supply.audiences = '{}' THEN 0.5
		ELSE (SELECT count(DISTINCT code) FROM unnest(need.audiences) AS named (code)
				WHERE code = ANY (supply.audiences))::float8
			/ oracle.number_of_codes(need.audiences)::float8
	END;

	terms.distance := oracle.distance(need, supply);
	terms.proximity := oracle.proximity(need, supply, terms.distance);
	terms.cost := need.w_coverage * (one - terms.coverage)
		+ need.w_audience * (one - terms.fit)
		+ need.w_quality * ((255 - supply.q)::float8 / 255::float8)
		+ need.w_distance * terms.proximity
		+ need.w_price * (supply.p::float8 / 15::float8);

	terms.serves := need.family = ANY (supply.families);
	terms.opens := supply.open;
	terms.lasts := need.day <@ supply.valid;
	terms.covers := terms.coverage > 0;
	terms.accommodates := NOT EXISTS (
		SELECT FROM unnest(need.accommodations) AS asked (code)
		WHERE code <> ALL (supply.accommodations)
			AND NOT (supply.remote AND oracle.is_on_site(code)));
	terms.speaks := need.languages = '{}'
		OR 'interpreter' = ANY (supply.accommodations)
		OR need.languages && supply.languages;
	terms.coincides := oracle.agree(need.slots, supply.slots);
	terms.suits := (SELECT bool_and(oracle.agree(
			oracle.of_kind(need.modes, kind), oracle.of_kind(supply.modes, kind)))
		FROM unnest('{format,device,posture}'::text[]) AS kinds (kind));
	terms.admits := supply.only_for = '{}' OR supply.only_for && need.audiences;
	terms.reaches := CASE
		WHEN supply.remote THEN need.accept_remote
		ELSE need.accept_on_site AND coalesce(
			terms.distance <= need.max_distance
			OR terms.distance <= supply.travels_within, false)
	END;
	terms.eligible := terms.serves AND terms.opens AND terms.lasts
		AND terms.covers AND terms.accommodates AND terms.speaks
		AND terms.coincides AND terms.suits AND terms.admits AND terms.reaches;
	RETURN terms;
END
$$;

-- Arguments in, answers out: what the tests compare with.
CREATE FUNCTION oracle.judge(need jsonb, supply jsonb) RETURNS oracle.terms
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN oracle.terms(oracle.need(need), oracle.supply(supply));

CREATE FUNCTION oracle.cost(need jsonb, supply jsonb) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (oracle.judge(need, supply)).cost;

CREATE FUNCTION oracle.eligible(need jsonb, supply jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (oracle.judge(need, supply)).eligible;
