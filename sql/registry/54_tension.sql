/*
 * 54_tension: how scarce the places of each offer are, night after night.
 */

-- One row an offer and a full night; only added to.  What matching reads stands
-- in offer.price, brought there from the last earlier full night.
CREATE TABLE inclusion_data.offer_price (
  offer               bigint NOT NULL REFERENCES inclusion_data.offer,
  as_of               date NOT NULL,
  price               float8 NOT NULL CHECK (price >= 0 AND price <= 1),
  run                 bigint NOT NULL REFERENCES inclusion_data.run,
  PRIMARY KEY (run, offer)
);
CREATE INDEX ON inclusion_data.offer_price (offer);
COMMENT ON TABLE inclusion_data.offer_price IS
  'Tensions : rareté des places de chaque offre, une ligne par nuit complète ; on y ajoute, on n''y change rien.';
COMMENT ON COLUMN inclusion_data.offer_price.offer IS 'Offre : celle dont les places sont comptées.';
COMMENT ON COLUMN inclusion_data.offer_price.as_of IS 'Jour : celui de la nuit.';
COMMENT ON COLUMN inclusion_data.offer_price.price IS 'Tension : de 0 (une place de plus n''aiderait personne) à 1, lissée d''une nuit à l''autre.';
COMMENT ON COLUMN inclusion_data.offer_price.run IS 'Nuit : celle qui l''a mesurée.';

-- The last full night published before a day (NULL: of all), and only that one.
CREATE FUNCTION inclusion_data.priced_run(before date) RETURNS bigint
LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT r.id FROM inclusion_data.run r
  WHERE r.is_full AND r.state = 'published' AND (r.as_of < priced_run.before OR priced_run.before IS NULL)
  ORDER BY r.as_of DESC, r.id DESC LIMIT 1;
END;

REVOKE ALL ON FUNCTION inclusion_data.priced_run(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.priced_run(date) TO inclusion_night;
COMMENT ON FUNCTION inclusion_data.priced_run(date) IS 'Nuit des tensions : la dernière nuit complète publiée avant un jour.';
