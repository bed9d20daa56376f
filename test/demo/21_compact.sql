-- The table of test/data: the same places in our columns, without address; only
-- the two départements are in it.

INSERT INTO demo.file
SELECT r.source, CASE r.source WHEN 'france-services' THEN 'France Services, décembre 2022' WHEN 'conseiller-numerique' THEN 'Lieux des conseillers numériques, 2022-2023'
                 ELSE 'Lieux de médiation numérique, janvier 2023 (' || r.source || ')' END, count(*)
FROM demo.raw_place r GROUP BY r.source;

SELECT count(demo.keep_record(r.source, jsonb_build_object(
  'source', r.source, 'id', r.id, 'nom', r.name, 'pivot', nullif(r.pivot, ''), 'commune', r.commune, 'code_insee', nullif(r.commune_code, ''),
  'code_postal', r.postal_code, 'longitude', nullif(r.longitude, ''), 'latitude', nullif(r.latitude, ''), 'typologie', nullif(r.kind, ''),
  'services', nullif(r.services, ''), 'publics_accueillis', nullif(r.audiences, ''), 'modalites_accompagnement', nullif(r.modes, ''),
  'conditions_acces', nullif(r.fees, ''), 'labels_nationaux', nullif(r.programmes, ''), 'itinerance', nullif(r.itinerant, ''), 'horaires', nullif(r.hours, ''),
  'date_maj', r.updated_on)))
FROM demo.raw_place r;
