-- Section 3, La nuit: what it gave, why people wait, and the same night by
-- distance alone.

DO $$
DECLARE
  x record;
  run record;
  violations bigint;
BEGIN
  SELECT r.* INTO run FROM inclusion_data.run r JOIN demo.night t ON t.run = r.id;
  CALL demo.say(3, 'p', format('Nuit du %s, %s personnes qui demandent à apprendre, %s places libres dans des séances comptées.',
    demo.fr(run.as_of), demo.fr((run.counters ->> 'people')::numeric), demo.fr((run.counters ->> 'free_seats')::numeric)));

  CALL demo.say(3, 'th', 'Issue', 'Eure', 'Haute-Savoie');
  CALL demo.both(3, 'Place proposée, à accepter par la personne', 'proposed');
  CALL demo.both(3, 'Orientation vers un lieu qui ne compte pas ses places, aucune promise', 'oriented');
  CALL demo.both(3, 'En attente', 'waiting');
  FOR x IN SELECT o.label, count(*) FILTER (WHERE d.perimeter = 'DEP-27') AS here, count(*) FILTER (WHERE d.perimeter = 'DEP-74') AS there
           FROM inclusion_data.outcome_reason o
           LEFT JOIN inclusion_data.run_result d ON d.reason = o.code AND d.run = run.id
           WHERE o.kind = 'waiting' GROUP BY o.code, o.label ORDER BY count(*) DESC, o.code LOOP
    CALL demo.say(3, 'tr', '  ' || x.label, demo.fr(x.here), demo.fr(x.there));
  END LOOP;
  CALL demo.say(3, 'note', 'La liste des motifs d''attente est close ; chacun dit ce qui le lèverait.');

  CALL demo.say(3, 'th', 'Aucune offre ne convient, mais un seul obstacle écarte un atelier', 'Eure', 'Haute-Savoie');
  FOR x IN SELECT v.label, count(DISTINCT b.beneficiary) FILTER (WHERE b.perimeter = 'DEP-27') AS here, count(DISTINCT b.beneficiary) FILTER (WHERE b.perimeter = 'DEP-74') AS there
           FROM (VALUES (1, 'too_far', 'La distance'), (2, 'slot', 'Le créneau'), (3, 'mode', 'La modalité'), (4, 'accommodation', 'Un aménagement'), (5, 'language', 'La langue'),
                        (6, 'no_coverage', 'Ce qu''il apprend, ou demande au départ')) v (i, reason, label)
           LEFT JOIN demo.obstacle b ON b.reason = v.reason AND b.waits_for = 'no_eligible_offer'
           GROUP BY v.i, v.label ORDER BY v.i LOOP
    CALL demo.say(3, 'tr', x.label, demo.fr(x.here), demo.fr(x.there));
  END LOOP;
  CALL demo.say(3, 'note', 'Une personne compte une fois par obstacle qui suffirait à lever son attente.');

  SELECT count(*) INTO violations FROM inclusion.check_allocation(run.id);
  CALL demo.say(3, 'p', CASE WHEN violations = 0 THEN 'Contrôle indépendant (check_allocation) : 0 ligne. Personne n''occupe une place qu''une personne mieux '
      'classée aurait préférée, aucune place voulue n''est restée vide, aucune séance ne reçoit plus que ses places.'
    ELSE format('Contrôle indépendant (check_allocation) : %s promesses NON TENUES. Ne pas publier cette nuit.', demo.fr(violations)) END);

  CALL demo.say(3, 'p', 'La même nuit par la distance : mêmes personnes, mêmes rangs, mêmes places, et pour seule règle le plus proche d''abord.');
  CALL demo.say(3, 'map', 'answer');
  CALL demo.say(3, 'th', 'Places comptées des deux départements', 'Cette nuit', 'Au plus proche', 'Au plus proche qui convient');
  FOR x IN
    SELECT v.label,
           max(v.value) FILTER (WHERE n.night = 'fit') AS fit, max(v.value) FILTER (WHERE n.night = 'nearest') AS nearest,
           max(v.value) FILTER (WHERE n.night = 'nearest_fit') AS nearest_fit
    FROM (SELECT g.night, count(*) AS seats, avg(g.coverage) AS coverage, count(*) FILTER (WHERE g.coverage = 0) AS nothing,
                 count(*) FILTER (WHERE NOT g.eligible AND g.coverage > 0) AS unfit, sum(g.coverage) AS useful,
                 avg(g.distance) AS metres
          FROM demo.seat_given g GROUP BY g.night) n
    CROSS JOIN LATERAL (VALUES
      (1, 'Places attribuées', demo.fr(n.seats)),
      (2, '  à un atelier sans rien de ce que la personne vise', demo.fr(n.nothing)),
      (3, '  à un atelier impossible pour elle (créneau, accès…)', demo.fr(n.unfit)),
      (4, 'Part de l''objectif couverte, en moyenne', demo.percent(n.coverage::numeric, 1)),
      (5, 'Distance moyenne', demo.fr_km(n.metres))) v (i, label, value)
    GROUP BY v.i, v.label ORDER BY v.i LOOP
    CALL demo.say(3, 'tr', x.label, x.fit, x.nearest, x.nearest_fit);
  END LOOP;
END
$$;
