-- need_values.sql
--		The same needs as values of the extension.

CREATE OR REPLACE VIEW bench.need_value AS
SELECT id, inclusion.need(
	current => inclusion.competence_vector('pix', current::int[]),
	target => inclusion.competence_vector('pix', target::int[]),
	longitude => place[1], latitude => place[2], max_distance => max_distance,
	day => day, weights => weights::int[],
	modes => bench.codes_of(formats | devices, bench.all_codes('mode')),
	audiences => bench.codes_of(audiences, bench.all_codes('audience')),
	accommodations => bench.codes_of(accommodations, bench.all_codes('accommodation')),
	languages => bench.codes_of(languages, bench.all_codes('language')),
	slots => bench.codes_of(slots, bench.all_codes('slot')),
	w_coverage => w_coverage, w_audience => w_audience, w_quality => w_quality,
	w_distance => w_distance, w_price => w_price) AS need
FROM bench.need;
DROP TABLE IF EXISTS bench.need_of_type;
CREATE TABLE bench.need_of_type AS TABLE bench.need_value;
ALTER TABLE bench.need_of_type ADD PRIMARY KEY (id);
