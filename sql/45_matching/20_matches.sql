/*
 * 20_matches: from a person to the offers that fit, and why.
 */

-- matches: the k eligible offers of least cost for a person, cheapest first,
-- equal costs by offer number.  Costs are those of inclusion.<=>, 0 to 1.
--   distance   metres, NULL for a remote offer or a missing position
--   free_seats over the open sessions still to come; NULL where nobody counts
CREATE FUNCTION inclusion.matches(beneficiary bigint, k int DEFAULT 10, family text DEFAULT 'learn', day date DEFAULT NULL)
RETURNS TABLE (rank int, offer bigint, name text, place_name text, cost float8, distance float8,
               capacity_kind text, next_session timestamptz, free_seats int)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  wanted constant inclusion.need := inclusion.need_of(matches.beneficiary, matches.day, matches.family);
  -- near on the map only
  barred constant bigint[] := ARRAY(SELECT x.offer FROM inclusion_data.barred_offer x WHERE x.beneficiary = matches.beneficiary);
BEGIN
  IF coalesce(k, 0) NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'k must be between 1 and 1000, not %', k
      USING ERRCODE = 'IN010', HINT = 'Ask for the ten best with k => 10.';
  END IF;
  -- the index gives the least costs, with the ties of the last one, and offer
  -- numbers order what it gave: in its own ORDER BY they would lose the index
  RETURN QUERY
  WITH best AS (
    SELECT o.id, o.supply OPERATOR(inclusion.<=>) wanted AS gap
    FROM inclusion_data.offer o
    WHERE o.supply OPERATOR(inclusion.@@) wanted AND o.id <> ALL (barred)
    ORDER BY o.supply OPERATOR(inclusion.<=>) wanted
    FETCH FIRST (matches.k) ROWS WITH TIES
  )
  SELECT (row_number() OVER (ORDER BY best.gap, best.id))::int, o.id, o.name, p.name, best.gap,
         inclusion.distance(o.supply, wanted), o.capacity_kind, s.next_session, s.free_seats
  FROM best
  JOIN inclusion_data.offer o ON o.id = best.id
  LEFT JOIN inclusion_data.place p ON p.id = o.place
  LEFT JOIN LATERAL (
    SELECT min(s.starts_at) FILTER (WHERE t.taken + t.proposed < t.capacity) AS next_session,
           sum(t.capacity - t.taken - t.proposed)::int AS free_seats
    FROM inclusion_data.session s JOIN inclusion_data.seat t ON t.session = s.id
    WHERE s.offer = o.id AND s.state = 'open' AND s.starts_at > now()) s ON true
  ORDER BY best.gap, best.id
  LIMIT matches.k;
END
$$;

-- What each reason for not being eligible means, in the person's words.
CREATE FUNCTION inclusion.refusal_label(reason text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE reason
  WHEN 'family' THEN 'ne répond pas à ce type de demande'
  WHEN 'closed' THEN 'n''accepte pas d''inscription pour le moment'
  WHEN 'not_valid' THEN 'n''a pas lieu à cette date'
  WHEN 'no_coverage' THEN 'n''apprend rien de ce qui est visé, ou demande davantage au départ'
  WHEN 'accommodation' THEN 'n''offre pas un aménagement nécessaire'
  WHEN 'language' THEN 'aucune langue commune'
  WHEN 'slot' THEN 'aucun créneau commun'
  WHEN 'mode' THEN 'aucune modalité commune'
  WHEN 'only_for' THEN 'réservée à un autre public'
  WHEN 'remote_refused' THEN 'à distance, ce que la personne ne souhaite pas'
  WHEN 'on_site_refused' THEN 'sur place, ce que la personne ne souhaite pas'
  WHEN 'no_position' THEN 'position inconnue'
  WHEN 'too_far' THEN 'trop loin'
  WHEN 'barred' THEN 'proche sur la carte seulement, ou hors des communes que la personne nomme'
  ELSE reason END;

-- explain_match: the terms of the cost, in the order in which they are added;
-- their contributions sum to inclusion.<=> exactly.  The first row says whether
-- the offer may be proposed at all.
CREATE FUNCTION inclusion.explain_match(beneficiary bigint, offer bigint, day date DEFAULT NULL, family text DEFAULT 'learn')
RETURNS TABLE (n int, term text, label text, value float8, contribution float8, sentence text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  wanted constant inclusion.need := inclusion.need_of(explain_match.beneficiary, explain_match.day, explain_match.family);
  given record;
  t record;
BEGIN
  SELECT o.supply, o.quality, o.quality_measured, o.price INTO given FROM inclusion_data.offer o WHERE o.id = explain_match.offer;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown offer %', offer
      USING ERRCODE = 'IN202', HINT = 'SELECT id, name FROM inclusion_data.offer lists them.';
  ELSIF given.supply IS NULL THEN
    RAISE EXCEPTION 'offer % is a draft: it has no position, or does not say what it teaches', offer
      USING ERRCODE = 'IN201', HINT = 'Complete the offer before matching it.';
  END IF;
  SELECT m.* INTO t FROM inclusion.match_terms(given.supply, wanted) m;
  IF EXISTS (SELECT FROM inclusion_data.barred_offer x WHERE x.beneficiary = explain_match.beneficiary AND x.offer = explain_match.offer) THEN
    t.eligible := false;
    t.reasons := t.reasons || 'barred'::text;
  END IF;
  RETURN QUERY VALUES
    (0, 'eligible', 'Proposable', CASE WHEN t.eligible THEN 1.0::float8 ELSE 0 END, 0::float8,
     CASE WHEN t.eligible THEN 'Cette offre peut être proposée.'
          ELSE 'Ne peut pas être proposée : ' ||
            (SELECT string_agg(inclusion.refusal_label(r.reason), ' ; ' ORDER BY r.i)
             FROM unnest(t.reasons) WITH ORDINALITY r (reason, i)) || '.' END),
    (1, 'coverage', 'Objectif couvert', t.coverage, t.term_coverage,
     format('Couvre %s %% du chemin entre le niveau actuel et l''objectif.', round((100 * t.coverage)::numeric))),
    (2, 'audience', 'Public', t.fit, t.term_audience,
     CASE WHEN t.fit = 1 THEN 'Le public de la personne est le sien, ou elle n''en précise pas.'
          WHEN t.fit = 0.5 THEN 'Ouverte à tous, sans public particulier.'
          ELSE format('Répond à %s %% des publics de la personne.', round((100 * t.fit)::numeric)) END),
    (3, 'quality', 'Qualité', given.quality, t.term_quality,
     format(CASE WHEN given.quality_measured THEN 'Qualité mesurée : %s sur 100.'
                 ELSE 'Qualité pas encore mesurée : comptée %s sur 100, la médiane du territoire.' END,
            round((100 * given.quality)::numeric))),
    (4, 'distance', 'Distance', t.distance, t.term_distance,
     CASE WHEN t.distance IS NULL THEN CASE WHEN t.proximity = 0 THEN 'À distance : aucun trajet.' ELSE 'Position inconnue.' END
          ELSE format('À %s km.', replace(round((t.distance / 1000)::numeric, 1)::text, '.', ',')) END),
    (5, 'price', 'Tension', given.price, t.term_price,
     CASE WHEN given.price = 0 THEN 'Aucune tension connue sur ses places.'
          ELSE format('Places demandées par beaucoup : tension de %s sur 100.', round((100 * given.price)::numeric)) END);
END
$$;

COMMENT ON FUNCTION inclusion.matches(bigint, int, text, date) IS 'Offres qui conviennent : les k meilleures pour une personne, la plus proche de son besoin d''abord.';
COMMENT ON FUNCTION inclusion.refusal_label(text) IS 'Motif en clair : pourquoi une offre ne peut pas être proposée.';
COMMENT ON FUNCTION inclusion.explain_match(bigint, bigint, date, text) IS 'Explication d''un choix : les termes de l''écart, dont la somme est exacte, et une phrase pour chacun.';
