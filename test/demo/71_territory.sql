-- Section 1, Votre territoire: what was read, refused, doubted; what is missing.

CREATE PROCEDURE demo.both(section int, label text, what text) LANGUAGE plpgsql AS $$
BEGIN
  CALL demo.say(section, 'tr', label, demo.fr(coalesce(demo.figure('DEP-27', what), 0)), demo.fr(coalesce(demo.figure('DEP-74', what), 0)));
END
$$;

-- The share of needs whose first choice is not the nearest place.
CREATE FUNCTION demo.elsewhere(perimeter text, files text) RETURNS text LANGUAGE sql STABLE
RETURN demo.percent(demo.figure(perimeter, 'elsewhere_' || files), demo.figure(perimeter, 'choices_' || files));

DO $$
DECLARE
  setting record;
  read text;
  x record;
BEGIN
  SELECT * INTO setting FROM demo.setting;
  SELECT string_agg(f.label || ' (' || demo.fr(f.lines) || ' lignes)', ' ; ' ORDER BY f.lines DESC) INTO read FROM demo.file f;
  CALL demo.say(1, 'p', CASE setting.source
    WHEN 'public' THEN 'Lieux lus dans les fichiers publics : ' || read || '. La démonstration garde l''Eure et la Haute-Savoie.'
    ELSE 'Lieux lus dans les tables compactes du dépôt, tirées des fichiers publics : ' || read
         || '. Elles ne portent pas d''adresse.' END
    || ' Aucun numéro de téléphone ni courriel de lieu n''est chargé.');

  CALL demo.say(1, 'th', 'Ce que disent les fichiers', 'Eure', 'Haute-Savoie');
  CALL demo.both(1, 'Lignes lues', 'received');
  CALL demo.both(1, '  refusées', 'rejected');
  CALL demo.both(1, '  acceptées avec une réserve', 'doubted');
  CALL demo.both(1, '  doublons possibles (même nom, même commune), montrés sans être fusionnés', 'suspected');
  CALL demo.both(1, '  sans position', 'unplaced');
  CALL demo.both(1, 'Lieux de médiation et France Services', 'places');
  CALL demo.both(1, '  dont le fichier dit à qui ou comment', 'described');
  CALL demo.both(1, 'Offres pour apprendre qu''on peut en tirer', 'learn');
  CALL demo.both(1, 'Offres pour régler un droit', 'rights');
  CALL demo.both(1, 'Ateliers déclarés pour la démonstration', 'declared');
  CALL demo.both(1, '  séances des huit semaines à venir', 'sessions');
  CALL demo.both(1, '  places libres dans ces séances', 'seats');
  CALL demo.both(1, 'Communes', 'communes');
  CALL demo.both(1, '  sans aucun lieu à moins de 10 km', 'far');
  CALL demo.both(1, '  non prospectées : personne n''y a encore été inscrit', 'unreached');
  CALL demo.both(1, 'Personnes fictives inscrites', 'people');
  CALL demo.both(1, '  demandent à apprendre', 'asks_learn');
  CALL demo.both(1, '  demandent à régler un droit', 'asks_rights');

  IF demo.figure('DEP-27', 'lists') = 1 THEN
    CALL demo.say(1, 'p', format('Dans l''Eure, les %s lieux de conseillers numériques qui déclarent des services déclarent tous la même liste : rien n''y '
      'distingue un lieu d''un autre, sinon la distance. Apparier mieux commence par demander à chacun ce qu''il fait.', demo.fr(demo.figure('DEP-27', 'national'))));
  END IF;
  CALL demo.say(1, 'p', format('En Haute-Savoie, où les lieux sont décrits, le premier choix n''est pas le lieu le plus proche pour %s des besoins auxquels un lieu '
    'des fichiers nationaux peut répondre (%s sur %s) ; dans l''Eure, pour %s. Avec les ateliers déclarés pour la démonstration, pour %s en Haute-Savoie et %s dans l''Eure : '
    'dire ce qu''on fait change où l''on est envoyé.',
    demo.elsewhere('DEP-74', 'national'), demo.fr(demo.figure('DEP-74', 'elsewhere_national')), demo.fr(demo.figure('DEP-74', 'choices_national')),
    demo.elsewhere('DEP-27', 'national'), demo.elsewhere('DEP-74', 'all'), demo.elsewhere('DEP-27', 'all')));
  CALL demo.say(1, 'p', format('Indicateurs connus, communes de l''Eure puis de la Haute-Savoie : 65 ans et plus %s et %s ; peu ou pas diplômés %s et %s ; '
    'taux de pauvreté %s et %s. Où l''indicateur est inconnu, la moyenne du département en tient lieu.',
    demo.percent(demo.figure('DEP-27', 'known_aged'), demo.figure('DEP-27', 'communes')), demo.percent(demo.figure('DEP-74', 'known_aged'), demo.figure('DEP-74', 'communes')),
    demo.percent(demo.figure('DEP-27', 'known_low_diploma'), demo.figure('DEP-27', 'communes')), demo.percent(demo.figure('DEP-74', 'known_low_diploma'), demo.figure('DEP-74', 'communes')),
    demo.percent(demo.figure('DEP-27', 'known_poor'), demo.figure('DEP-27', 'communes')), demo.percent(demo.figure('DEP-74', 'known_poor'), demo.figure('DEP-74', 'communes'))));

  CALL demo.say(1, 'map', 'need');
  CALL demo.say(1, 'map', 'described');

  SELECT sum(s.received) AS received, sum(s.rejected) AS rejected INTO x FROM demo.showcase s;
  CALL demo.say(1, 'p', format('Banc d''essai : quatre fichiers inventés, un par forme du standard, pleins de défauts connus, importés puis défaits : '
    '%s lignes lues, %s refusées. Chaque refus garde sa ligne et son motif.', demo.fr(x.received), demo.fr(x.rejected)));
  CALL demo.say(1, 'th', 'Refusées parce que', 'Lignes', 'Exemple');
  FOR x IN SELECT r.* FROM demo.showcase_reason r WHERE r.rejects ORDER BY r.lines DESC, r.reason LOOP
    CALL demo.say(1, 'tr', x.reason, demo.fr(x.lines), x.example);
  END LOOP;
  CALL demo.say(1, 'th', 'Acceptées avec une réserve (les cinq plus fréquentes)', 'Lignes', 'Exemple');
  FOR x IN SELECT r.* FROM demo.showcase_reason r WHERE NOT r.rejects AND r.example <> '' ORDER BY r.lines DESC, r.reason LIMIT 5 LOOP
    CALL demo.say(1, 'tr', x.reason, demo.fr(x.lines), left(x.example, 34));
  END LOOP;
END
$$;
