/*
 * 85_processing_register: the register of processing, made from the catalogue:
 * what is held of people, why, how long, who reads it and how it is protected.
 * No person appears: a released view.
 */

CREATE VIEW pilotage.dim_processing_register AS
WITH held AS (
  SELECT c.oid, c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced,
    (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
  FROM pg_class c
  WHERE c.relnamespace = 'inclusion_data'::regnamespace AND c.relkind IN ('r', 'p')
    AND (c.relname IN (SELECT u.relation FROM inclusion_data.purpose_table u)
         OR c.oid IN (SELECT t.relation FROM inclusion.person_tables() t))
)
SELECT inclusion.line_id(h.relname::text, a.attname::text) AS id,
  h.relname::text AS table_name,
  inclusion.label_of(h.oid) AS table_label,
  a.attname::text AS column_name,
  inclusion.label_of(h.oid, a.attnum) AS column_label,
  col_description(h.oid, a.attnum) AS description,
  format_type(a.atttypid, a.atttypmod) AS data_type,
  f.code AS purpose,
  f.label AS purpose_label,
  f.legal_basis,
  d.months AS retention_months,
  array_to_string(ARRAY(SELECT l.role_name FROM inclusion.role_list() l
                        WHERE l.role_name <> 'inclusion_owner'
                          AND (has_column_privilege(l.role_name, h.oid, a.attnum, 'SELECT')
                               -- names are not selected: the file is opened
                               OR h.relname = 'identity' AND has_function_privilege(l.role_name, 'inclusion_data.open_files(text)', 'EXECUTE'))
                        ORDER BY l.role_name), ', ') AS recipients,
  h.forced AS is_row_security_forced,
  CASE WHEN h.forced THEN format('sécurité par ligne activée et forcée, %s règles', h.policies)
       ELSE 'aucune ligne n''y désigne une personne ; droits de table' END AS measures
FROM held h
JOIN pg_attribute a ON a.attrelid = h.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN inclusion_data.purpose_table u ON u.relation = h.relname
JOIN inclusion_data.purpose f ON f.code = coalesce(u.purpose, 'follow_up')
-- the longest, where perimeters differ
LEFT JOIN (SELECT r.purpose, max(r.active_months) AS months FROM inclusion_data.retention r GROUP BY r.purpose) d ON d.purpose = f.code;

COMMENT ON VIEW pilotage.dim_processing_register IS 'Registre des traitements : chaque donnée tenue sur les personnes, à quoi elle sert, qui la lit et comment elle est protégée.';
COMMENT ON COLUMN pilotage.dim_processing_register.id IS 'Numéro de ligne : unique dans la vue, le même d''un jour à l''autre.';
COMMENT ON COLUMN pilotage.dim_processing_register.table_name IS 'Table : son nom dans le registre.';
COMMENT ON COLUMN pilotage.dim_processing_register.table_label IS 'Libellé de la table : tel qu''on l''affiche.';
COMMENT ON COLUMN pilotage.dim_processing_register.column_name IS 'Donnée : nom de la colonne.';
COMMENT ON COLUMN pilotage.dim_processing_register.column_label IS 'Libellé de la donnée : tel qu''on l''affiche.';
COMMENT ON COLUMN pilotage.dim_processing_register.description IS 'Description : ce que la donnée dit, et ses valeurs.';
COMMENT ON COLUMN pilotage.dim_processing_register.data_type IS 'Type : forme sous laquelle elle est enregistrée.';
COMMENT ON COLUMN pilotage.dim_processing_register.purpose IS 'Finalité : code de l''usage qu''elle sert.';
COMMENT ON COLUMN pilotage.dim_processing_register.purpose_label IS 'Finalité en clair : l''usage qu''elle sert.';
COMMENT ON COLUMN pilotage.dim_processing_register.legal_basis IS 'Base légale : celle de la finalité, au sens du RGPD.';
COMMENT ON COLUMN pilotage.dim_processing_register.retention_months IS 'Conservation : en mois après le dernier contact, la plus longue des périmètres.';
COMMENT ON COLUMN pilotage.dim_processing_register.recipients IS 'Destinataires : groupes qui ont le droit de la lire, chacun pour les personnes qu''il suit.';
COMMENT ON COLUMN pilotage.dim_processing_register.is_row_security_forced IS 'Sécurité par ligne : vrai si elle est activée et forcée.';
COMMENT ON COLUMN pilotage.dim_processing_register.measures IS 'Mesures : comment la table est protégée.';

GRANT SELECT ON pilotage.dim_processing_register TO inclusion_coordinator, inclusion_steward, inclusion_dpo;
