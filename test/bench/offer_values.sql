-- offer_values.sql
--		The same offers as values of the extension.

CREATE OR REPLACE VIEW bench.offer_value AS
SELECT id, inclusion.supply(
	requires => bench.vector_of(competences, requires),
	teaches => bench.vector_of(competences, teaches),
	longitude => place[1], latitude => place[2], remote => remote,
	families => bench.codes_of(offer.families, lists.families),
	modes => bench.codes_of(formats | devices, lists.modes),
	audiences => bench.codes_of(offer.audiences, lists.audiences),
	only_for => bench.codes_of(only_for, lists.audiences),
	accommodations => bench.codes_of(offer.accommodations, lists.accommodations),
	languages => bench.codes_of(offer.languages, lists.languages),
	slots => bench.codes_of(offer.slots, lists.slots),
	travels_within => travels_within, quality => quality / 255.0,
	price => price / 15.0, valid => daterange(valid_from, valid_to, '[]'),
	open => open) AS supply
FROM bench.offer, (SELECT bench.all_codes('family') AS families,
	bench.all_codes('mode') AS modes, bench.all_codes('audience') AS audiences,
	bench.all_codes('accommodation') AS accommodations,
	bench.all_codes('language') AS languages, bench.all_codes('slot') AS slots
	OFFSET 0) AS lists;
DROP TABLE IF EXISTS bench.offer_of_type;
CREATE TABLE bench.offer_of_type AS TABLE bench.offer_value;
ALTER TABLE bench.offer_of_type ADD PRIMARY KEY (id);
