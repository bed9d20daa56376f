/*
 * 54_tension: how scarce the places of each offer are, night after night.
 */

-- One row an offer and a full night; only added to.  What matching reads stands
-- in offer.price, brought there from the last earlier full night.  All that is
-- shown of a price stands here: the night itself may be purged.
CREATE TABLE inclusion_data.offer_price (
  offer               bigint NOT NULL REFERENCES inclusion_data.offer,
  as_of               date NOT NULL,
  price               float8 NOT NULL CHECK (price >= 0 AND price <= 1),
  run                 bigint NOT NULL,
  capacity            int NOT NULL CHECK (capacity >= 0),
  PRIMARY KEY (run, offer)
);
CREATE INDEX ON inclusion_data.offer_price (offer);
CREATE INDEX ON inclusion_data.offer_price (as_of, run);
COMMENT ON TABLE inclusion_data.offer_price IS
  'Tensions : rareté des places de chaque offre, une ligne par nuit complète ; on y ajoute, on n''y change rien.';
COMMENT ON COLUMN inclusion_data.offer_price.offer IS 'Offre : celle dont les places sont comptées.';
COMMENT ON COLUMN inclusion_data.offer_price.as_of IS 'Jour : celui de la nuit.';
COMMENT ON COLUMN inclusion_data.offer_price.price IS 'Tension : de 0 (une place de plus n''aiderait personne) à 1, lissée d''une nuit à l''autre.';
COMMENT ON COLUMN inclusion_data.offer_price.run IS 'Nuit : numéro de celle qui l''a mesurée, même purgée depuis.';
COMMENT ON COLUMN inclusion_data.offer_price.capacity IS 'Places : celles que la nuit pouvait attribuer dans cette offre.';

-- The last night that left prices before a day (NULL: of all), and only that one.
CREATE FUNCTION inclusion_data.priced_run(before date) RETURNS bigint
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT p.run FROM inclusion_data.offer_price p
  WHERE p.as_of < coalesce(priced_run.before, 'infinity')
  ORDER BY p.as_of DESC, p.run DESC LIMIT 1;
END;

REVOKE ALL ON FUNCTION inclusion_data.priced_run(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.priced_run(date) TO inclusion_night;
COMMENT ON FUNCTION inclusion_data.priced_run(date) IS 'Nuit des tensions : la dernière qui en a mesuré avant un jour.';
