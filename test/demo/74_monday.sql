-- Section 4, À faire lundi; section 5, Pour l'élu; section 6, what is not proved.

-- Places whose answer would move most people: ranked first by how many whose
-- seats nobody counts, and how many wait for want of a count.
CREATE TABLE demo.place_to_call AS
SELECT o.perimeter, o.place, count(*) FILTER (WHERE l.n = 1) AS first_choices,
       count(*) FILTER (WHERE d.reason = 'weekly_limit' AND l.n = l.first_here) AS blocked
FROM demo.night t
JOIN inclusion_data.run_candidate c ON c.run = t.run
JOIN inclusion_data.run_result d ON d.run = c.run AND d.perimeter = c.perimeter AND d.beneficiary = c.beneficiary
CROSS JOIN LATERAL (
  SELECT u.offer, u.n, k.place, min(u.n) OVER (PARTITION BY k.place) AS first_here
  FROM unnest(c.offers) WITH ORDINALITY u (offer, n) JOIN inclusion_data.offer k ON k.id = u.offer) l
JOIN inclusion_data.run_offer r ON r.run = c.run AND r.offer = l.offer AND NOT r.promised
JOIN inclusion_data.offer o ON o.id = l.offer AND o.place IS NOT NULL
GROUP BY o.perimeter, o.place;

DO $$
DECLARE
  here record;
  x record;
BEGIN
  FOR here IN SELECT p.code, p.name FROM inclusion_data.perimeter p ORDER BY p.code LOOP
    CALL demo.say(4, 'who', here.name);
    CALL demo.say(4, 'th', 'Lieux à appeler : combien de places, pour qui ?', 'Premier choix de', 'En attente', 'Lieu décrit');
    FOR x IN SELECT p.name || coalesce(' (' || t.name || ')', '') AS label, k.first_choices, k.blocked,
                    cardinality(p.publics) + cardinality(p.care) + cardinality(p.support_modes) > 0 AS described
             FROM demo.place_to_call k JOIN inclusion_data.place p ON p.id = k.place LEFT JOIN inclusion_data.territory t ON t.code = p.commune
             WHERE k.perimeter = here.code ORDER BY k.first_choices + k.blocked DESC, k.place LIMIT 5 LOOP
      CALL demo.say(4, 'tr', left(x.label, 58), demo.fr(x.first_choices), demo.fr(x.blocked), CASE WHEN x.described THEN 'oui' ELSE 'non' END);
    END LOOP;
    CALL demo.say(4, 'th', 'Personnes à rappeler', 'Téléphone fictif', 'Réponse attendue le', 'Proposition');
    FOR x IN SELECT i.first_name || ' ' || i.last_name AS label, i.phone, p.expires_on, o.name
             FROM demo.shown s JOIN demo.night t ON true
             JOIN inclusion_data.proposal p ON p.run = t.run AND p.beneficiary = s.beneficiary AND p.perimeter = s.perimeter
             JOIN inclusion_data.identity i ON i.beneficiary = s.beneficiary AND i.perimeter = s.perimeter
             JOIN inclusion_data.offer o ON o.id = p.offer
             WHERE s.role = 'call' AND s.perimeter = here.code ORDER BY p.expires_on, s.beneficiary LOOP
      CALL demo.say(4, 'tr', x.label, x.phone, to_char(x.expires_on, 'DD/MM/YYYY'), left(regexp_replace(x.name, ' \(chaque semaine\)$', ''), 50));
    END LOOP;
    CALL demo.say(4, 'th', 'Communes non prospectées, les plus fragiles d''abord', 'Habitants', 'Lieu le plus proche', '65 ans et plus');
    FOR x IN SELECT v.name, v.population, v.nearest_place_km, k.aged_used
             FROM pilotage.map_blind_spot v JOIN demo.commune k ON k.code = 'COM-' || v.commune_code
             WHERE v.perimeter = here.code AND v.outreach = 'non prospecté'
             ORDER BY v.population * (k.aged_used + k.low_diploma_used) DESC NULLS LAST, v.commune_code LIMIT 5 LOOP
      CALL demo.say(4, 'tr', x.name, demo.fr(x.population), demo.fr_km(1000 * x.nearest_place_km), demo.percent(x.aged_used::numeric, 1));
    END LOOP;
  END LOOP;

  SELECT o.label, count(*) AS people INTO x
  FROM inclusion_data.run_result d JOIN demo.night t ON t.run = d.run JOIN inclusion_data.outcome_reason o ON o.code = d.reason
  WHERE d.outcome = 'waiting' AND d.perimeter = 'DEP-27' GROUP BY o.label ORDER BY count(*) DESC, o.label LIMIT 1;
  CALL demo.say(5, 'li', format('Dans l''Eure, sur %s personnes qui demandent à apprendre, %s ont une place proposée cette nuit, %s une orientation sans place '
    'promise et %s attendent ; premier motif : %s (%s).',
    demo.fr(demo.figure('DEP-27', 'asks_learn')), demo.fr(demo.figure('DEP-27', 'proposed')), demo.fr(demo.figure('DEP-27', 'oriented')),
    demo.fr(demo.figure('DEP-27', 'waiting')), lower(left(x.label, 1)) || substr(x.label, 2), demo.percent(x.people, demo.figure('DEP-27', 'waiting'))));
  SELECT avg(g.coverage) FILTER (WHERE g.night = 'fit') AS fit, avg(g.coverage) FILTER (WHERE g.night = 'nearest') AS nearest,
         count(*) FILTER (WHERE g.night = 'nearest' AND g.coverage = 0) AS nothing, count(*) FILTER (WHERE g.night = 'nearest') AS seats
  INTO x FROM demo.seat_given g;
  CALL demo.say(5, 'li', format('Avec les mêmes places, envoyer chacun au plus proche en remplirait %s avec une personne qui n''y apprendrait rien de ce qu''elle vise (%s) ; '
    'apparier sur les compétences fait passer la part de l''objectif couverte de %s à %s.',
    demo.fr(x.nothing), demo.percent(x.nothing, x.seats), demo.percent(x.nearest::numeric, 1), demo.percent(x.fit::numeric, 1)));
  CALL demo.say(5, 'li', format('%s communes de l''Eure et %s de Haute-Savoie (%s habitants) n''ont encore vu personne : elles ne sont pas sans besoin, elles ne sont pas '
    'prospectées. %s habitants vivent à plus de 10 km de tout lieu connu.',
    demo.fr(demo.figure('DEP-27', 'unreached')), demo.fr(demo.figure('DEP-74', 'unreached')),
    demo.fr(demo.figure('DEP-27', 'unreached_people') + demo.figure('DEP-74', 'unreached_people')),
    demo.fr(demo.figure('DEP-27', 'far_people') + demo.figure('DEP-74', 'far_people'))));

  CALL demo.say(6, 'li', 'Les personnes sont fictives : tirées au sort à partir de la population et de la fragilité des communes. Leur nombre, leurs niveaux et leurs demandes '
    'ne mesurent aucun besoin réel.');
  CALL demo.say(6, 'li', format('Les ateliers, leurs niveaux et leurs places sont déclarés pour la démonstration : %s des %s offres pour apprendre. Les lieux n''ont rien annoncé de tel.',
    demo.fr(demo.figure('DEP-27', 'declared') + demo.figure('DEP-74', 'declared')),
    demo.fr(demo.figure('DEP-27', 'declared') + demo.figure('DEP-74', 'declared') + demo.figure('DEP-27', 'learn') + demo.figure('DEP-74', 'learn'))));
  CALL demo.say(6, 'li', 'Les fichiers de lieux datent de 2022 et 2023, les indicateurs de 2020 ; les lieux des départements voisins ne sont pas chargés : une commune de bordure paraît plus isolée qu''elle n''est.');
  CALL demo.say(6, 'li', 'Les distances sont à vol d''oiseau : ni relief, ni lac, ni bus. Pour la Haute-Savoie cela compte.');
  CALL demo.say(6, 'li', 'Aucune qualité n''est mesurée : toutes les offres comptent pour la médiane. Ce que les compétences apprises en un atelier deviennent trois mois après n''est pas simulé.');
  CALL demo.say(6, 'li', 'Personne n''a répondu : qui accepte, vient et revient n''est pas connu. Les propositions attendent des humains nommés.');
  CALL demo.say(6, 'li', 'La nuit « au plus proche » est une règle, pas le travail d''une équipe : un bon orienteur fait mieux que la distance.');

  FOR x IN SELECT t.* FROM demo.timing t ORDER BY t.n LOOP
    CALL demo.say(7, 'tr', x.phase, demo.fr(x.seconds, 1) || U&'\00A0s');
  END LOOP;
END
$$;
