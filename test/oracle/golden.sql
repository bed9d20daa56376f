-- golden.sql
--		Costs and eligibilities worked out by hand, with the arithmetic.  They
--		judge the second opinion as well as the product.
--
-- Every case is a change to the same plain pair: somebody at level 1 of
-- competence 1.1 who wants level 3, and an offer at the same spot, of perfect
-- quality, that teaches 1.1 up to level 2.
--		coverage = 8·(16 − 8) / 8·(24 − 8) = 1/2, everything else perfect:
--		cost = 0.5·(1 − 1/2) = 0.25.

CREATE FUNCTION oracle.plain_need(change jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN jsonb '{"current": "pix{1.1=1}", "target": "pix{1.1=3}",
	"longitude": "0", "latitude": "0", "max_distance": "10000",
	"day": "2026-03-15"}' || change;

CREATE FUNCTION oracle.plain_supply(change jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN jsonb '{"requires": null, "teaches": "pix{1.1=2}",
	"longitude": "0", "latitude": "0", "quality": "1"}' || change;

CREATE TABLE oracle.golden (
	title text PRIMARY KEY, need jsonb, supply jsonb,
	cost float8, eligible boolean);

INSERT INTO oracle.golden VALUES
('the plain pair', '{}', '{}', 0.25, true),

-- Quality and price, rounded to steps
-- q = floor(255·0.5 + 0.5) = 128; 0.25 + 0.15·127/255
('default quality', '{}', '{"quality": "0.5"}', 0.32470588235294118, true),
-- 255·0.1 = 25.5, so q = 26; 0.25 + 0.15·229/255
('quality on a half step', '{}', '{"quality": "0.1"}', 0.38470588235294118, true),
-- 15·0.1 = 1.5, so p = 2; 0.25 + 0.3·2/15
('price on a half step', '{"w_price": "0.3"}', '{"price": "0.1"}', 0.29, true),
('price without a weight', '{}', '{"price": "1"}', 0.25, true),

-- Coverage
-- gain = 8·(min(40, 24) − 8) = 128 of 128
('taught beyond the target', '{}', '{"teaches": "pix{1.1=5}"}', 0, true),
-- from level 2 on, one more level may be required: 24 <= 16 + 8
('one level short, at level 2',
	'{"current": "pix{1.1=2}", "target": "pix{1.1=4}"}',
	'{"requires": "pix{1.1=3}", "teaches": "pix{1.1=4}"}', 0, true),
-- 15 eighths: no slack, 16 > 15
('an eighth short, below level 2',
	'{"current": "pix{1.1=1.875}", "target": "pix{1.1=4}"}',
	'{"requires": "pix{1.1=2}", "teaches": "pix{1.1=4}"}', 0.5, false),
-- 32 > 16 + 8
('two levels short, at level 2',
	'{"current": "pix{1.1=2}", "target": "pix{1.1=5}"}',
	'{"requires": "pix{1.1=4}", "teaches": "pix{1.1=5}"}', 0.5, false),
-- 8·(8 − 0) of 8·(8 − 0)
('not assessed counts from 0', '{"current": null, "target": "pix{0.4=1}"}',
	'{"teaches": "pix{0.4=1}"}', 0, true),
-- 5·(8 − 0) of 3·(24 − 8) + 5·(16 − 0) = 40/128 = 0.3125; 0.5·0.6875
('weights', '{"target": "pix{1.1=3,1.2=2}",
		"weights": "{0,0,0,0,0,0,0,0,3,5,0,0,0,0,0,0,0,0,0,0,0,0,0,0}"}',
	'{"teaches": "pix{1.2=1}"}', 0.34375, true),
('all weights 0',
	'{"weights": "{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}"}',
	'{}', 0.5, false),
-- competence 2.6 is the ninth of 21; 15·8 of 15·8
('digcomp', '{"current": "digcomp{}", "target": "digcomp{2.6=1}",
		"weights": "{1,1,1,1,1,1,1,1,15,1,1,1,1,1,1,1,1,1,1,1,1}"}',
	'{"teaches": "digcomp{2.6=3}"}', 0, true),
('another framework', '{}', '{"teaches": "digcomp{1.1=2}"}', 0.5, false),
('no target', '{"target": "pix{}"}', '{}', 0.5, false),
('target already reached', '{"current": "pix{1.1=3}"}', '{}', 0.5, false),
('nothing taught', '{}', '{"teaches": "pix{1.1=0}"}', 0.5, false),

-- Families
('rights', '{"family": "rights", "current": null, "target": null}',
	'{"families": "{learn,rights}"}', 0, true),
('rights, from an offer that teaches nothing',
	'{"family": "rights", "current": null, "target": null}',
	'{"families": "{rights}", "teaches": null}', 0, true),
('rights not served', '{"family": "rights", "current": null, "target": null}',
	'{}', 0.5, false),
-- the vectors still count: 1/2
('learning not served', '{}', '{"families": "{rights}"}', 0.25, false),
('to learn, nothing taught', '{}',
	'{"families": "{learn,rights}", "teaches": null}', 0.5, false),
('rights, whatever the frameworks', '{"family": "rights"}',
	'{"families": "{rights}", "teaches": "digcomp{1.1=2}"}', 0, true),

-- Audiences
-- 0.25 + 0.2·(1 − 0.5)
('an offer for everybody', '{"audiences": "{seniors,women,rural}"}', '{}',
	0.35, true),
-- the offer's audiences are seniors and women: 0.25 + 0.2·(1 − 2/3)
('an offer for some', '{"audiences": "{seniors,women,rural}"}',
	'{"audiences": "{seniors}", "only_for": "{women}"}',
	0.31666666666666667, true),
-- 0.25 + 0.2·(1 − 0)
('an offer for others', '{"audiences": "{seniors}"}', '{"audiences": "{youth}"}',
	0.45, true),
('an offer only for others', '{"audiences": "{seniors}"}',
	'{"only_for": "{youth}"}', 0.45, false),
('an offer only for some, to nobody in particular', '{}',
	'{"only_for": "{youth}"}', 0.25, false),
('codes repeated', '{"audiences": "{women,women,women,rural}"}',
	'{"audiences": "{rural,rural}"}', 0.35, true),

-- Distance.  A quarter of the Earth: s = 2·2^60, h = 2^30.5 / 2^31,
-- 2R·asin(√½) = πR/2, half of the maximum πR = 20015114.442035925
('a quarter of the Earth', '{"max_distance": "20015114.442035925"}',
	'{"longitude": "90"}', 0.325, true),
-- s = 2^62, h = 1, 2R·asin(1) = πR, half of the maximum 2πR
('half of the Earth', '{"max_distance": "40030228.884071850"}',
	'{"longitude": "180"}', 0.325, true),
('the same meridian', '{"longitude": "180"}', '{"longitude": "-180"}', 0.25, true),
('all but the same meridian', '{"longitude": "-180"}',
	'{"longitude": "179.99999999"}', 0.25, true),
('at the pole', '{"longitude": "10", "latitude": "90"}',
	'{"longitude": "-170", "latitude": "90"}', 0.25, true),
-- 0.25 + 0.15·1
('too far', '{}', '{"longitude": "90"}', 0.4, false),
('the offer travels', '{}',
	'{"longitude": "90", "travels_within": "10007558"}', 0.25, true),
('the offer does not travel so far', '{}',
	'{"longitude": "90", "travels_within": "10007557"}', 0.4, false),
('remote', '{}', '{"remote": "true", "longitude": null, "latitude": null}',
	0.25, true),
('remote, far away', '{}', '{"remote": "true", "longitude": "90"}', 0.25, true),
('remote refused', '{"accept_remote": "false"}', '{"remote": "true"}', 0.25, false),
('on site refused', '{"accept_on_site": "false"}', '{}', 0.25, false),
('no position', '{"longitude": null, "latitude": null}', '{}', 0.4, false),
('no position, remote', '{"longitude": null, "latitude": null}',
	'{"remote": "true"}', 0.25, true),
-- no maximum: 0.25 + 0.15·1, but nothing for an offer on the spot
('on site refused, no maximum',
	'{"accept_on_site": "false", "max_distance": null}',
	'{"longitude": "90"}', 0.4, false),
('on site refused, no maximum, on the spot',
	'{"accept_on_site": "false", "max_distance": null}', '{}', 0.25, false),

-- Conditions that cost nothing
('accommodations missing', '{"accommodations": "{step_free,large_print}"}',
	'{"accommodations": "{large_print}"}', 0.25, false),
('accommodations of the place, remote',
	'{"accommodations": "{step_free,custom_4,large_print}"}',
	'{"accommodations": "{large_print}", "remote": "true"}', 0.25, true),
('accommodations of the person, remote', '{"accommodations": "{custom_5}"}',
	'{"remote": "true"}', 0.25, false),
('another language', '{"languages": "{ar,en}"}', '{}', 0.25, false),
('an interpreter', '{"languages": "{ar,en}"}',
	'{"accommodations": "{interpreter}"}', 0.25, true),
('a language in common', '{"languages": "{ar,en}"}',
	'{"languages": "{es,en}"}', 0.25, true),
('no language means French', '{"languages": "{fr}"}', '{"languages": "{}"}',
	0.25, true),
('other slots', '{"slots": "{mo_am,su_ev}"}', '{"slots": "{mo_pm}"}', 0.25, false),
('slots not stated', '{"slots": "{mo_am}"}', '{}', 0.25, true),
('modes: the format differs', '{"modes": "{workshop,computer}"}',
	'{"modes": "{individual,computer}"}', 0.25, false),
('modes: the device differs', '{"modes": "{workshop,computer}"}',
	'{"modes": "{workshop,tablet}"}', 0.25, false),
('modes: the posture differs', '{"modes": "{show}"}',
	'{"modes": "{workshop,act_for}"}', 0.25, false),
('modes: one kind stated by one side only', '{"modes": "{workshop,computer}"}',
	'{"modes": "{workshop,enable}"}', 0.25, true),
('modes: a custom one is a format', '{"modes": "{custom_8}"}',
	'{"modes": "{workshop}"}', 0.25, false),
('the only day', '{}', '{"valid": "[2026-03-15,2026-03-15]"}', 0.25, true),
('ended the day before', '{}', '{"valid": "(,2026-03-15)"}', 0.25, false),
('begins the day after', '{}', '{"valid": "(2026-03-15,)"}', 0.25, false),
('never valid', '{}', '{"valid": "empty"}', 0.25, false),
('closed', '{}', '{"open": "false"}', 0.25, false),

-- Drafts
('does not say what it teaches', '{}', '{"teaches": null}', NULL, NULL),
('does not say where', '{}', '{"longitude": null, "latitude": null}', NULL, NULL),

-- All terms at once: 0.4·(1 − 1/2) + 0.3·(1 − 0.5) + 0.2·(255 − 51)/255
-- + 0.1·0.5 + 0.1·3/15 = 0.2 + 0.15 + 0.16 + 0.05 + 0.02
('all terms', '{"w_coverage": "0.4", "w_audience": "0.3", "w_quality": "0.2",
		"w_distance": "0.1", "w_price": "0.1", "audiences": "{youth}",
		"max_distance": "20015114.442035925"}',
	'{"quality": "0.2", "price": "0.2", "longitude": "90"}', 0.58, true);

UPDATE oracle.golden SET need = oracle.plain_need(need),
	supply = oracle.plain_supply(supply);
