-- The public files: national list, list of advisers' places, France Services.
-- raw_national holds a JSON array, one object a line; the others are tables.

INSERT INTO demo.file
SELECT 'national', 'Lieux de médiation numérique, janvier 2023', count(*) FROM demo.raw_national r WHERE r.line LIKE '{%'
UNION ALL
SELECT 'advisers', 'Lieux des conseillers numériques, décembre 2022', count(*) FROM demo.raw_advisers
UNION ALL
SELECT 'france_services', 'France Services, décembre 2022', count(*) FROM demo.raw_france_services;

SELECT count(demo.keep_record('national', rtrim(r.line, E', \r')::jsonb)) FROM demo.raw_national r WHERE r.line LIKE '{%';

-- The national list is richer: it stands for the adviser's row of the same id.
SELECT count(demo.keep_record('advisers', to_jsonb(r) || '{"source": "conseiller-numerique"}'))
FROM demo.raw_advisers r
WHERE NOT EXISTS (SELECT FROM demo.record k WHERE k.body ->> 'source' = 'conseiller-numerique' AND k.body ->> 'id' = r.id);

-- What the label says: help with procedures, one person at a time, free.
SELECT count(demo.keep_record('france_services', jsonb_build_object(
  'source', 'france-services', 'id', r.id_fs, 'nom', btrim(r.lib_fs), 'commune', r.lib_com, 'code_insee', r.insee_com,
  'code_postal', r.code_postal, 'adresse', nullif(r.adresse, ''), 'latitude', r.latitude, 'longitude', r.longitude, 'typologie', 'RFS',
  'services', 'Aide aux démarches administratives', 'modalites_accompagnement', 'Accompagnement individuel',
  'conditions_acces', 'Gratuit', 'labels_nationaux', 'France Services',
  'itinerance', CASE r.itinerance WHEN 'Oui' THEN 'Itinérant' ELSE 'Fixe' END,
  'date_maj', regexp_replace(r.labellisation, '.*(\d\d)/(\d\d)/(\d{4}).*', '\3-\2-\1'),
  'horaires', (SELECT string_agg(d.name || ' ' || regexp_replace(replace(d.hours, ' ', ''), '/', ',', 'g'), '; ' ORDER BY d.n)
               FROM (VALUES (1, 'Mo', r.h_lundi), (2, 'Tu', r.h_mardi), (3, 'We', r.h_mercredi), (4, 'Th', r.h_jeudi),
                            (5, 'Fr', r.h_vendredi), (6, 'Sa', r.h_samedi)) d (n, name, hours)
               WHERE replace(d.hours, ' ', '') ~ '^\d\d:\d\d-\d\d:\d\d(/\d\d:\d\d-\d\d:\d\d)*$'))))
FROM demo.raw_france_services r;
