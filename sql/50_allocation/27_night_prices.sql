/*
 * 27_night_prices: what one more place would bring, and the price of fairness.
 *
 * The same lists and seats as the night's, given for the greatest total of
 * match instead of by priority: a yardstick, which places nobody.  The total it
 * reaches says what the priorities cost; its prices say where places lack.
 * Scores are ten thousandths of match, 10 000 for an offer that fits wholly.
 */

CREATE FUNCTION inclusion.match_scores(costs float8[]) RETURNS int[]
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'match_scores';

-- What one more place would add to the total, offer by offer, and the totals.
CREATE FUNCTION inclusion.night_prices(run bigint, OUT yardstick jsonb, OUT offers bigint[], OUT prices bigint[])
LANGUAGE sql STABLE PARALLEL SAFE COST 50000000 SET search_path = pg_catalog, pg_temp AS $$
  SELECT jsonb_build_object('placed', sum(p.placed), 'total_score', min(p.total_score), 'score_bound', min(p.score_bound),
    'given_score', (SELECT coalesce(sum(greatest(10000 - round(10000 * d.cost), 0)::int), 0) FROM inclusion_data.run_result d
                    JOIN inclusion_data.run_candidate c ON c.run = d.run AND c.perimeter = d.perimeter AND c.beneficiary = d.beneficiary
                    WHERE d.run = night_prices.run AND c.rank IS NOT NULL AND d.outcome IN ('proposed', 'held'))),
    array_agg(p.offer), array_agg(p.price)
  FROM inclusion.allocate_prices(
    format('SELECT c.rank AS applicant, c.rank, c.offers, inclusion.match_scores(c.costs) AS scores, c.held '
           'FROM inclusion_data.run_candidate c WHERE c.run = %s AND c.rank IS NOT NULL', night_prices.run),
    format('SELECT o.offer, CASE WHEN o.promised THEN o.capacity ELSE 0 END AS capacity '
           'FROM inclusion_data.run_offer o WHERE o.run = %s', night_prices.run)) p
$$;

-- Kept for each offer with counted seats.
CREATE FUNCTION inclusion.keep_prices(run bigint, offers bigint[], prices bigint[]) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  UPDATE inclusion_data.run_offer o SET place_worth = p.price / 10000.0::float8
  FROM unnest(offers, prices) AS p (offer, price) WHERE o.run = keep_prices.run AND o.offer = p.offer AND o.promised
$$;

-- A full night leaves its prices, if it could measure them: what a place is
-- worth against the policy's reference, smoothed with the price before.
CREATE FUNCTION inclusion.publish_prices(run bigint) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  published int;
BEGIN
  INSERT INTO inclusion_data.offer_price (offer, as_of, price, run, capacity)
  SELECT o.offer, r.as_of, round((coalesce(b.price * (1 - k.tension_smoothing), 0)
           + least(o.place_worth / k.tension_reference, 1) * CASE WHEN b.price IS NULL THEN 1 ELSE k.tension_smoothing END)::numeric, 4)::float8, r.id, o.capacity
  FROM inclusion_data.run r
  JOIN inclusion_data.run_offer o ON o.run = r.id AND o.promised
  JOIN inclusion_data.offer f ON f.id = o.offer
  JOIN inclusion.night_policies(publish_prices.run) k ON k.perimeter = f.perimeter
  LEFT JOIN inclusion_data.offer_price b ON b.run = inclusion_data.priced_run(r.as_of) AND b.offer = o.offer
  WHERE r.id = publish_prices.run AND r.is_full AND o.place_worth IS NOT NULL;
  GET DIAGNOSTICS published = ROW_COUNT;
  RETURN published;
END
$$;

-- bring_prices: the last prices measured before a day (NULL: of all) become
-- those of the offers of these perimeters.  Returns how many changed.
CREATE FUNCTION inclusion.bring_prices(perimeters text[], before date) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  changed int;
BEGIN
  WITH stale AS (
    SELECT o.id, p.price
    FROM inclusion_data.offer_price p JOIN inclusion_data.offer o ON o.id = p.offer
    WHERE p.run = inclusion_data.priced_run(bring_prices.before) AND o.perimeter = ANY (perimeters) AND o.price <> p.price
    ORDER BY o.id FOR NO KEY UPDATE OF o
  )
  UPDATE inclusion_data.offer o SET price = s.price FROM stale s WHERE s.id = o.id;
  GET DIAGNOSTICS changed = ROW_COUNT;
  RETURN changed;
END
$$;

-- refresh_prices: between two nights, for the desks: the prices of the last
-- full night, at once.
CREATE PROCEDURE inclusion.refresh_prices()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.require_registry();
  PERFORM inclusion.bring_prices(ARRAY(SELECT p.code FROM inclusion_data.perimeter p), NULL);
END
$$;

COMMENT ON FUNCTION inclusion.match_scores(float8[]) IS 'Scores : dix millièmes d''accord entre un besoin et chaque offre, 10 000 au mieux.';
COMMENT ON FUNCTION inclusion.night_prices(bigint) IS 'Étalon d''une nuit : ce qu''une place de plus apporterait, et la plus grande somme possible.';
COMMENT ON FUNCTION inclusion.keep_prices(bigint, bigint[], bigint[]) IS 'Étalon gardé : ce qu''une place de plus apporterait, offre par offre.';
COMMENT ON FUNCTION inclusion.publish_prices(bigint) IS 'Tensions publiées : celles d''une nuit complète, lissées ; aucune pour un seul périmètre.';
COMMENT ON FUNCTION inclusion.bring_prices(text[], date) IS 'Tensions reprises : celles de la dernière nuit complète, portées aux offres ; rend combien ont changé.';
COMMENT ON PROCEDURE inclusion.refresh_prices() IS 'Tensions à jour : celles de la dernière nuit complète, sans attendre la suivante.';
