/*
 * 23_broken_rule: what a table refuses is the caller's mistake: verbs that
 * write rows say it again under one of our states, with the rule in the hint
 * and without the row, which the server would otherwise copy, names included,
 * into its log.
 */

-- The hint for a refused row: the column that is missing, or the broken rule as
-- the table declares it.
CREATE FUNCTION inclusion.broken_rule(relation text, field text, rule text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(
    'Give a value to ' || nullif(broken_rule.field, '') || '.',
    (SELECT format('The rule is: %s.', pg_get_constraintdef(k.oid, true))
     FROM pg_constraint k
     WHERE k.conrelid = to_regclass('inclusion_data.' || quote_ident(nullif(broken_rule.relation, ''))) AND k.conname = broken_rule.rule),
    'Table ' || nullif(broken_rule.relation, '') || ' holds such a row already.')
$$;

-- What is said of it: the server's message and, where one value is at fault, the
-- value.  Of a broken CHECK the server tells but the row.
CREATE FUNCTION inclusion.broken_message(state text, message text, detail text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT message || CASE WHEN state IN ('23503', '23505') THEN coalesce(': ' || substring(detail FROM '\(.*\)=\(.*\)'), '') ELSE '' END
$$;

COMMENT ON FUNCTION inclusion.broken_rule(text, text, text) IS 'Règle enfreinte : ce qu''il manque, ou la règle de la table, pour le conseil d''une erreur.';
COMMENT ON FUNCTION inclusion.broken_message(text, text, text) IS 'Refus d''une table : ce qu''elle dit et, pour une référence ou un doublon, la valeur.';
