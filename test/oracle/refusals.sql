-- refusals.sql
--		What the constructors must refuse, and what they must not: one or more
--		lines for every rule of their inputs, as changes to the plain pair of
--		golden.sql.

CREATE TABLE oracle.refusal (
	rule text, of text CHECK (of IN ('need', 'supply')), change jsonb,
	outcome text CHECK (outcome IN ('error', 'value', 'draft')),
	-- what the message must say, at least
	mention text, n int GENERATED ALWAYS AS IDENTITY);

INSERT INTO oracle.refusal (rule, of, change, outcome, mention) VALUES
-- max_distance, travels_within
('metres', 'need', '{"max_distance": "0"}', 'error', 'max_distance'),
('metres', 'need', '{"max_distance": "-1"}', 'error', 'max_distance'),
('metres', 'need', '{"max_distance": "NaN"}', 'error', 'max_distance'),
('metres', 'need', '{"max_distance": "Infinity"}', 'error', 'max_distance'),
('metres', 'need', '{"max_distance": "-Infinity"}', 'error', 'max_distance'),
('metres', 'need', '{"max_distance": "0.001"}', 'value', NULL),
('metres', 'need', '{"max_distance": "1e300"}', 'value', NULL),
('metres', 'need', '{"max_distance": null}', 'error', 'max_distance'),
('metres', 'need', '{"max_distance": null, "accept_on_site": "false"}', 'value', NULL),
('metres', 'need', '{"max_distance": "1", "accept_on_site": "false"}', 'value', NULL),
('metres', 'need', '{"max_distance": "0", "accept_on_site": "false"}', 'error', 'max_distance'),
('metres', 'supply', '{"travels_within": "-1"}', 'error', 'travels_within'),
('metres', 'supply', '{"travels_within": "-5e-324"}', 'error', 'travels_within'),
('metres', 'supply', '{"travels_within": "NaN"}', 'error', 'travels_within'),
('metres', 'supply', '{"travels_within": "Infinity"}', 'error', 'travels_within'),
('metres', 'supply', '{"travels_within": "0"}', 'value', NULL),
('metres', 'supply', '{"travels_within": "5e-324"}', 'value', NULL),

-- NULL
('null', 'supply', '{"teaches": null}', 'draft', NULL),
('null', 'supply', '{"teaches": null, "families": "{learn,learn}"}', 'draft', NULL),
('null', 'supply', '{"teaches": null, "remote": "true"}', 'draft', NULL),
('null', 'supply', '{"teaches": null, "families": "{rights}"}', 'value', NULL),
('null', 'supply', '{"teaches": null, "families": "{learn,rights}"}', 'value', NULL),
('null', 'supply', '{"teaches": "pix{}"}', 'value', NULL),
('null', 'supply', '{"requires": "pix{}"}', 'value', NULL),
('null', 'supply', '{"requires": "pix{}", "teaches": null, "families": "{rights}"}', 'value', NULL),
('null', 'supply', '{"longitude": null, "latitude": null}', 'draft', NULL),
('null', 'supply', '{"longitude": null, "latitude": null, "families": "{rights}"}', 'draft', NULL),
('null', 'supply', '{"longitude": null, "latitude": null, "remote": "true"}', 'value', NULL),
('null', 'supply', '{"longitude": null}', 'error', 'latitude'),
('null', 'supply', '{"latitude": null}', 'error', 'longitude'),
('null', 'supply', '{"latitude": null, "remote": "true"}', 'error', 'longitude'),
('null', 'need', '{"longitude": null}', 'error', 'latitude'),
('null', 'need', '{"latitude": null}', 'error', 'longitude'),
('null', 'need', '{"longitude": null, "latitude": null}', 'value', NULL),
('null', 'need', '{"weights": null}', 'value', NULL),
('null', 'need', '{"current": null}', 'value', NULL),
('null', 'need', '{"target": null}', 'error', 'target'),
('null', 'need', '{"target": null, "current": null}', 'error', 'target'),
('null', 'need', '{"target": "pix{}"}', 'value', NULL),
('null', 'need', '{"target": null, "family": "rights"}', 'value', NULL),
('null', 'need', '{"target": null, "current": null, "family": "rights"}', 'value', NULL),

-- frameworks
('frameworks', 'supply', '{"requires": "digcomp{1.1=1}"}', 'error', 'digcomp'),
('frameworks', 'supply', '{"requires": "digcomp{}"}', 'error', 'digcomp'),
('frameworks', 'need', '{"current": "digcomp{1.1=1}"}', 'error', 'digcomp'),
('frameworks', 'need', '{"target": "digcomp{}", "family": "rights"}', 'error', 'digcomp'),
('frameworks', 'need', '{"current": "digcomp{}", "target": "digcomp{}"}', 'value', NULL),

-- arrays
('arrays', 'supply', '{"families": "{}"}', 'error', 'families'),
('arrays', 'supply', '{"audiences": "{{seniors},{women}}"}', 'error', 'audiences'),
('arrays', 'supply', '{"audiences": "{{seniors}}"}', 'error', 'audiences'),
('arrays', 'supply', '{"audiences": "[5:6]={seniors,women}"}', 'value', NULL),
('arrays', 'supply', '{"audiences": "{seniors,women,seniors}"}', 'value', NULL),
('arrays', 'need', '{"slots": "{{mo_am,mo_pm}}"}', 'error', 'slots'),
('arrays', 'need', '{"weights": "{{1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1}}"}', 'error', 'weights'),

-- levels of a supply
('levels', 'supply', '{"teaches": "pix{1.1=1.5}"}', 'error', '1.1'),
('levels', 'supply', '{"requires": "pix{1.1=0.125}"}', 'error', '1.1'),
('levels', 'supply', '{"requires": "pix{1.1=1}", "teaches": "pix{1.1=2}"}', 'value', NULL),
('levels', 'supply', '{"requires": "pix{1.1=2}", "teaches": "pix{1.1=2}"}', 'error', '1.1'),
('levels', 'supply', '{"requires": "pix{1.1=3}", "teaches": "pix{1.1=2}"}', 'error', '1.1'),
('levels', 'supply', '{"requires": "pix{1.2=1}", "teaches": "pix{1.1=2}"}', 'error', '1.2'),
('levels', 'supply', '{"requires": "pix{1.2=0}", "teaches": "pix{1.1=2}"}', 'value', NULL),
('levels', 'supply', '{"requires": "pix{1.1=0}", "teaches": "pix{1.1=0}"}', 'value', NULL),
('levels', 'supply', '{"requires": "pix{1.1=1}", "teaches": "pix{1.1=0}"}', 'error', '1.1'),
('levels', 'supply', '{"requires": "pix{1.1=7}", "teaches": "pix{1.1=8}"}', 'value', NULL),
('levels', 'supply', '{"requires": "pix{1.1=1}", "teaches": null, "families": "{rights}"}', 'error', '1.1'),
('levels', 'need', '{"current": "pix{1.1=0.125}", "target": "pix{1.1=7.875}"}', 'value', NULL),
('levels', 'need', '{"current": "pix{1.1=8}", "target": "pix{1.1=1}"}', 'value', NULL),

-- weights
('weights', 'need', '{"weights": "{}"}', 'error', 'weights'),
('weights', 'need', '{"weights": "{1}"}', 'error', 'weights'),
('weights', 'need', '{"weights": "{1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1}"}', 'error', 'weights'),
('weights', 'need', '{"weights": "{1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1}"}', 'error', 'weights'),
('weights', 'need', '{"weights": "{1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1}"}', 'error', 'weights'),
('weights', 'need', '{"weights": "{0,15,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1}"}', 'value', NULL),
('weights', 'need', '{"weights": "{16,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1}"}', 'error', '16'),
('weights', 'need', '{"weights": "{1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,-1}"}', 'error', '-1'),
('weights', 'need', '{"weights": "{1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,272}"}', 'error', '272'),
('weights', 'need', '{"weights": "{1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,NULL}"}', 'error', 'weights'),
('weights', 'need', '{"current": "digcomp{}", "target": "digcomp{}", "weights": "{1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1}"}', 'value', NULL),
('weights', 'need', '{"current": "digcomp{}", "target": "digcomp{}", "weights": "{1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1}"}', 'error', 'weights'),
('weights', 'need', '{"current": null, "weights": "{1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1}"}', 'value', NULL),
('weights', 'need', '{"target": null, "family": "rights", "weights": "{1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1}"}', 'value', NULL),
('weights', 'need', '{"current": null, "target": null, "family": "rights", "weights": "{1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1}"}', 'error', 'weights'),

-- policy weights
('policy', 'need', '{"w_coverage": "0.49"}', 'error', NULL),
('policy', 'need', '{"w_coverage": "0.5000005"}', 'value', NULL),
('policy', 'need', '{"w_coverage": "0.499998"}', 'error', NULL),
('policy', 'need', '{"w_coverage": "0.500002"}', 'error', NULL),
('policy', 'need', '{"w_coverage": "-0.1", "w_audience": "0.8"}', 'error', 'w_coverage'),
('policy', 'need', '{"w_coverage": "0.8", "w_audience": "-0.1"}', 'error', 'w_audience'),
('policy', 'need', '{"w_coverage": "0.8", "w_quality": "-0.15"}', 'error', 'w_quality'),
('policy', 'need', '{"w_coverage": "0.8", "w_distance": "-0.15"}', 'error', 'w_distance'),
('policy', 'need', '{"w_coverage": "1", "w_audience": "0", "w_quality": "0", "w_distance": "0"}', 'value', NULL),
('policy', 'need', '{"w_coverage": "NaN"}', 'error', 'w_coverage'),
('policy', 'need', '{"w_audience": "Infinity"}', 'error', 'w_audience'),
('policy', 'need', '{"w_price": "1"}', 'value', NULL),
('policy', 'need', '{"w_price": "1.001"}', 'error', 'w_price'),
('policy', 'need', '{"w_price": "-0.001"}', 'error', 'w_price'),
('policy', 'need', '{"w_price": "NaN"}', 'error', 'w_price'),

-- quality, price
('quality and price', 'supply', '{"quality": "0", "price": "0"}', 'value', NULL),
('quality and price', 'supply', '{"quality": "1", "price": "1"}', 'value', NULL),
('quality and price', 'supply', '{"quality": "1.0000000001"}', 'error', 'quality'),
('quality and price', 'supply', '{"quality": "-0.0000000001"}', 'error', 'quality'),
('quality and price', 'supply', '{"quality": "NaN"}', 'error', 'quality'),
('quality and price', 'supply', '{"quality": "-Infinity"}', 'error', 'quality'),
('quality and price', 'supply', '{"price": "1.0000000001"}', 'error', 'price'),
('quality and price', 'supply', '{"price": "-0.0000000001"}', 'error', 'price'),
('quality and price', 'supply', '{"price": "NaN"}', 'error', 'price'),

-- languages of a supply
('languages', 'supply', '{"languages": "{}"}', 'value', NULL),
('languages', 'need', '{"languages": "{}"}', 'value', NULL),

-- both accepts false
('accepts', 'need', '{"accept_remote": "false", "accept_on_site": "false"}', 'error', NULL),
('accepts', 'need', '{"accept_remote": "false", "accept_on_site": "false", "max_distance": null}', 'error', NULL),
('accepts', 'need', '{"accept_remote": "false"}', 'value', NULL),

-- day, valid
('days', 'need', '{"day": "infinity"}', 'error', 'day'),
('days', 'need', '{"day": "-infinity"}', 'error', 'day'),
('days', 'need', '{"day": "4713-01-01 BC"}', 'value', NULL),
('days', 'need', '{"day": "5874897-12-31"}', 'value', NULL),
('days', 'supply', '{"valid": "empty"}', 'value', NULL),
('days', 'supply', '{"valid": "(,)"}', 'value', NULL),
('days', 'supply', '{"valid": "[4713-01-01 BC,5874897-12-31)"}', 'value', NULL),

-- positions
('positions', 'supply', '{"longitude": "180", "latitude": "90"}', 'value', NULL),
('positions', 'supply', '{"longitude": "-180", "latitude": "-90"}', 'value', NULL),
('positions', 'supply', '{"longitude": "180.00000001"}', 'error', 'longitude'),
('positions', 'supply', '{"longitude": "-180.5"}', 'error', 'longitude'),
('positions', 'supply', '{"latitude": "90.00000001"}', 'error', 'latitude'),
('positions', 'supply', '{"latitude": "-91"}', 'error', 'latitude'),
('positions', 'supply', '{"longitude": "NaN"}', 'error', 'longitude'),
('positions', 'supply', '{"latitude": "Infinity"}', 'error', 'latitude'),
('positions', 'supply', '{"longitude": "1e300", "remote": "true"}', 'error', 'longitude'),
('positions', 'need', '{"longitude": "181"}', 'error', 'longitude'),
('positions', 'need', '{"latitude": "NaN"}', 'error', 'latitude'),
('positions', 'need', '{"latitude": "-Infinity"}', 'error', 'latitude'),
('positions', 'need', '{"longitude": "-180", "latitude": "90"}', 'value', NULL),

-- family
('family', 'need', '{"family": "nothing"}', 'error', 'nothing'),
('family', 'need', '{"family": ""}', 'error', NULL),
('family', 'need', '{"family": "LEARN"}', 'error', 'LEARN');

-- Any other argument left NULL is an error that names it.
INSERT INTO oracle.refusal (rule, of, change, outcome, mention)
SELECT 'null', 'supply', jsonb_build_object(argument, NULL), 'error', argument
FROM unnest('{remote,families,modes,audiences,only_for,accommodations,languages,
	slots,travels_within,quality,price,valid,open}'::text[]) AS argument
UNION ALL
SELECT 'null', 'need', jsonb_build_object(argument, NULL), 'error', argument
FROM unnest('{day,family,modes,audiences,accommodations,languages,slots,
	accept_remote,accept_on_site,w_coverage,w_audience,w_quality,w_distance,
	w_price}'::text[]) AS argument;

-- Every array of codes refuses a NULL element and a code of another list.
INSERT INTO oracle.refusal (rule, of, change, outcome, mention)
SELECT 'arrays', of, jsonb_build_object(argument, bad.list), 'error', bad.mention
FROM (VALUES ('supply', '{families,modes,audiences,only_for,accommodations,
		languages,slots}'::text[]),
	('need', '{modes,audiences,accommodations,languages,slots}'))
	AS taken (of, arguments),
	unnest(arguments) AS argument,
	LATERAL (VALUES ('{NULL}', argument), ('{custom_1,NULL}', argument),
		('{custom_1,no_such_code}', 'no_such_code'),
		('{custom_9}', 'custom_9'), ('{""}', NULL), ('{Custom_1}', 'Custom_1'),
		('{"custom_1 "}', 'custom_1 ')) AS bad (list, mention);
