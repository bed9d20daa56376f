/*
 * 52_place_call: which places to ring on Monday.  A nominative view: it reads with
 * the rights of whoever asks, in the perimeters they have in whole.  It is found
 * when it is read, about a second a perimeter: ask for one of them.
 */

CREATE VIEW pilotage.fact_place_call WITH (security_invoker = true) AS
SELECT coalesce(c.place, -c.offers[1]) AS id,
  p.code AS perimeter,
  c.rank AS call_order,
  c.name AS place_name,
  c.phone,
  cardinality(c.offers) AS offer_count,
  (SELECT string_agg(CASE a.subject WHEN 'level' THEN 'niveaux' WHEN 'public' THEN 'publics' WHEN 'format' THEN 'modalités' ELSE 'places' END,
                     ', ' ORDER BY a.n) FROM unnest(c.asks) WITH ORDINALITY a (subject, n)) AS questions,
  round(c.expected::numeric, 1) AS first_choice_count
FROM inclusion_data.perimeter p
CROSS JOIN LATERAL inclusion.next_calls(p.code, 10) c
WHERE (p.code = ANY ((SELECT inclusion_data.perimeters_of(current_user))::text[]) OR inclusion_data.reads_every_theme(current_user))
  -- without a policy nobody has a need yet
  AND EXISTS (SELECT FROM inclusion_data.policy k WHERE k.perimeter = p.code AND k.starts_on <= inclusion.today(p.code));

COMMENT ON VIEW pilotage.fact_place_call IS 'Lieux à appeler : les dix dont une réponse changerait le plus de premiers choix, par périmètre.';
COMMENT ON COLUMN pilotage.fact_place_call.id IS 'Numéro du lieu : ou, négatif, celui de l''offre qui n''en a pas.';
COMMENT ON COLUMN pilotage.fact_place_call.perimeter IS 'Périmètre : code du territoire.';
COMMENT ON COLUMN pilotage.fact_place_call.call_order IS 'Ordre d''appel : 1 pour le plus utile.';
COMMENT ON COLUMN pilotage.fact_place_call.place_name IS 'Lieu : son nom, ou celui de l''offre qui n''en a pas.';
COMMENT ON COLUMN pilotage.fact_place_call.phone IS 'Téléphone : celui du lieu.';
COMMENT ON COLUMN pilotage.fact_place_call.offer_count IS 'Offres : nombre de celles dont il faut parler.';
COMMENT ON COLUMN pilotage.fact_place_call.questions IS 'À demander : niveaux, publics, modalités ou places, le plus utile d''abord.';
COMMENT ON COLUMN pilotage.fact_place_call.first_choice_count IS 'Premiers choix changés : nombre attendu, sur les 300 personnes qui attendent depuis le plus longtemps.';

GRANT SELECT ON pilotage.fact_place_call TO inclusion_coordinator, inclusion_steward;
