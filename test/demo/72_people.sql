-- Section 2, Trois personnes.

CREATE FUNCTION demo.presented(beneficiary bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT format('%s Fictif, %s ans, %s. Inscription le %s. ', i.first_name, extract(year FROM demo.as_of()) - b.birth_year,
                t.name, to_char(e.enrolled_on, 'DD/MM/YYYY'))
    || coalesce((SELECT 'Veut : ' || string_agg('« ' || lower(left(g.label, 1)) || substr(g.label, 2) || ' »', ', ' ORDER BY n.family) || '. '
                 FROM inclusion_data.expressed_need n JOIN inclusion_data.goal g ON g.code = n.goal
                 WHERE n.beneficiary = b.id AND n.perimeter = b.perimeter AND n.closed_on IS NULL), '')
    || coalesce((SELECT 'A besoin de : ' || string_agg(lower(left(c.label, 1)) || substr(c.label, 2), ', ' ORDER BY c.label) || '. '
                 FROM inclusion_data.accommodation_need a JOIN inclusion.codes('accommodation') c ON c.code = a.code
                 WHERE a.beneficiary = b.id AND a.perimeter = b.perimeter), '')
    || CASE WHEN b.max_distance IS NOT NULL THEN 'Peut aller à ' || demo.fr_km(b.max_distance) || '.' ELSE '' END
  FROM inclusion_data.beneficiary b
  JOIN inclusion_data.identity i ON i.beneficiary = b.id AND i.perimeter = b.perimeter
  JOIN inclusion_data.enrolment e ON e.beneficiary = b.id AND e.perimeter = b.perimeter
  JOIN inclusion_data.territory t ON t.code = b.commune
  WHERE b.id = presented.beneficiary
$$;

CREATE FUNCTION demo.offer_name(offer bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT '« ' || o.name || ' »' || coalesce(', ' || p.name, '') || coalesce(' (' || t.name || ')', '')
  FROM inclusion_data.offer o LEFT JOIN inclusion_data.place p ON p.id = o.place LEFT JOIN inclusion_data.territory t ON t.code = p.commune
  WHERE o.id = offer_name.offer
$$;

-- The sentences of explain_match, in its order.
CREATE PROCEDURE demo.explain(beneficiary bigint, offer bigint) LANGUAGE plpgsql AS $$
DECLARE
  x record;
BEGIN
  FOR x IN SELECT m.sentence FROM inclusion.explain_match(beneficiary, offer, demo.as_of()) m WHERE m.term <> 'price' ORDER BY m.n LOOP
    CALL demo.say(2, 'li', x.sentence);
  END LOOP;
END
$$;

DO $$
DECLARE
  who record;
  near record;
  x record;
  day date;
BEGIN
  SELECT s.*, r.offer, (e.starts_at AT TIME ZONE 'Europe/Paris')::date AS day INTO who
  FROM demo.shown s CROSS JOIN demo.night t
  JOIN inclusion_data.run_result r ON r.run = t.run AND r.beneficiary = s.beneficiary AND r.perimeter = s.perimeter
  JOIN inclusion_data.session e ON e.id = r.session
  WHERE s.role = 'nearest_wrong';
  CALL demo.say(2, 'who', '1. Le lieu le plus proche n''est pas le bon');
  IF who.beneficiary IS NULL THEN
    CALL demo.say(2, 'p', 'Personne n''est dans ce cas cette nuit.');
  ELSE
    SELECT * INTO near FROM demo.nearest n WHERE n.beneficiary = who.beneficiary;
    CALL demo.say(2, 'p', demo.presented(who.beneficiary));
    CALL demo.say(2, 'p', 'Au plus proche, à ' || demo.fr_km(near.metres) || ' : ' || demo.offer_name(near.offer) || '.');
    CALL demo.explain(who.beneficiary, near.offer);
    CALL demo.say(2, 'p', 'Proposé cette nuit : ' || demo.offer_name(who.offer) || ', ' || demo.fr(who.day) || '.');
    CALL demo.explain(who.beneficiary, who.offer);
  END IF;

  SELECT s.*, b.longitude, b.latitude, b.commune INTO who FROM demo.shown s JOIN inclusion_data.beneficiary b ON b.id = s.beneficiary AND b.perimeter = s.perimeter
  WHERE s.role = 'right_today';
  CALL demo.say(2, 'who', '2. Un droit à ouvrir aujourd''hui, hors de la file active');
  IF who.beneficiary IS NULL THEN
    CALL demo.say(2, 'p', 'Personne n''est dans ce cas cette nuit.');
  ELSE
    -- the first day when a place is known to be open: today, unless it is Sunday
    SELECT min(d.day) INTO day FROM (SELECT demo.as_of() + g AS day FROM generate_series(0, 6) g) d
    WHERE EXISTS (SELECT FROM inclusion.settle_today(point(who.longitude, who.latitude), day => d.day) s WHERE s.opening = 'open');
    CALL demo.say(2, 'p', demo.presented(who.beneficiary));
    CALL demo.say(2, 'p', CASE WHEN day IS NULL THEN 'Aucun lieu proche ne donne ses horaires : les plus proches, à appeler avant d''y aller.'
      WHEN day = demo.as_of() THEN 'Ouverts aujourd''hui, ' || demo.fr(day) || ', au plus proche :'
      ELSE 'Aujourd''hui, ' || demo.fr(demo.as_of()) || ', aucun lieu proche n''est connu comme ouvert. Au plus tôt, ' || demo.fr(day) || ' :' END);
    FOR x IN SELECT s.* FROM inclusion.settle_today(point(who.longitude, who.latitude), day => coalesce(day, demo.as_of())) s LOOP
      CALL demo.say(2, 'li', format('%s, à %s, %s', coalesce(x.place_name, x.name), demo.fr_km(x.distance),
        CASE x.opening WHEN 'open' THEN 'ouvert ' || replace(replace(x.hours, ',', ' et '), '-', '–') WHEN 'closed' THEN 'fermé ce jour-là' ELSE 'horaires non fournis' END));
    END LOOP;
    CALL demo.say(2, 'p', format('Aucun rang, aucune attente : un droit ne se met pas en file. Rappel proposé le %s au %s (numéro fictif), pour demander si la démarche a abouti '
      'et si apprendre à la faire intéresse la personne.', demo.fr((date_trunc('week', coalesce(day, demo.as_of())::timestamp) + interval '8 days')::date), replace(who.phone, ' ', U&'\00A0')));
  END IF;

  SELECT s.* INTO who FROM demo.shown s WHERE s.role = 'waits';
  CALL demo.say(2, 'who', '3. Une personne qui attend');
  IF who.beneficiary IS NULL THEN
    CALL demo.say(2, 'p', 'Personne n''attend cette nuit.');
    RETURN;
  END IF;
  CALL demo.say(2, 'p', demo.presented(who.beneficiary));
  SELECT c.* INTO x FROM inclusion_data.run_candidate c JOIN demo.night t ON t.run = c.run WHERE c.beneficiary = who.beneficiary AND c.perimeter = who.perimeter;
  CALL demo.say(2, 'p', format('Rang dans la grille %s sur 3, %s jours d''attente ; rang %s de la nuit. Ce que la nuit a essayé, du préféré au moins bon :', x.grade, x.waiting_days, demo.fr(x.rank)));
  FOR x IN SELECT e.* FROM demo.night t, inclusion.explain_allocation(t.run, who.beneficiary) e LOOP
    CALL demo.say(2, 'li', CASE WHEN x.offer IS NULL THEN 'Au total : ' || x.sentence ELSE demo.offer_name(x.offer) || ' : ' || lower(left(x.sentence, 1)) || substr(x.sentence, 2) END);
    near := x;
  END LOOP;
  CALL demo.say(2, 'p', 'Ce qui débloquerait : ' || lower(left(near.what_would_help, 1)) || substr(near.what_would_help, 2));
  FOR x IN SELECT b.* FROM demo.obstacle b WHERE b.beneficiary = who.beneficiary AND b.reason IN ('too_far', 'slot', 'accommodation', 'mode', 'language')
           ORDER BY b.offers DESC, b.reason LOOP
    CALL demo.say(2, 'li', CASE x.reason
      WHEN 'too_far' THEN format('aller jusqu''à %s : %s atelier%s de plus, seule la distance les écarte', demo.fr_km(x.nearest), demo.fr(x.offers), CASE WHEN x.offers > 1 THEN 's' ELSE '' END)
      WHEN 'slot' THEN format('un autre créneau : %s atelier%s de plus, le premier à %s', demo.fr(x.offers), CASE WHEN x.offers > 1 THEN 's' ELSE '' END, demo.fr_km(x.nearest))
      WHEN 'accommodation' THEN format('l''aménagement nécessaire dans %s atelier%s, dont un à %s', demo.fr(x.offers), CASE WHEN x.offers > 1 THEN 's' ELSE '' END, demo.fr_km(x.nearest))
      WHEN 'language' THEN format('sa langue, ou un interprète, dans %s atelier%s', demo.fr(x.offers), CASE WHEN x.offers > 1 THEN 's' ELSE '' END)
      ELSE format('une autre modalité : %s atelier%s de plus, le premier à %s', demo.fr(x.offers), CASE WHEN x.offers > 1 THEN 's' ELSE '' END, demo.fr_km(x.nearest)) END || '.');
  END LOOP;
END
$$;
