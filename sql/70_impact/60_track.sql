/*
 * 60_track: the tables whose changes the cube follows.
 */

-- One trigger a verb, for a statement and not for a row: whoever writes one fact
-- or a million adds one note a person.
CREATE PROCEDURE inclusion.track_facts(relation regclass)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER fact_added AFTER INSERT ON %s REFERENCING NEW TABLE AS changed '
                 'FOR EACH STATEMENT EXECUTE FUNCTION inclusion_data.note_fact()', relation);
  EXECUTE format('CREATE TRIGGER fact_changed AFTER UPDATE ON %s REFERENCING NEW TABLE AS changed '
                 'FOR EACH STATEMENT EXECUTE FUNCTION inclusion_data.note_fact()', relation);
  EXECUTE format('CREATE TRIGGER fact_was AFTER UPDATE ON %s REFERENCING OLD TABLE AS changed '
                 'FOR EACH STATEMENT EXECUTE FUNCTION inclusion_data.note_fact()', relation);
  EXECUTE format('CREATE TRIGGER fact_withdrawn AFTER DELETE ON %s REFERENCING OLD TABLE AS changed '
                 'FOR EACH STATEMENT EXECUTE FUNCTION inclusion_data.note_fact()', relation);
END
$$;
REVOKE ALL ON PROCEDURE inclusion.track_facts(regclass) FROM PUBLIC;
COMMENT ON PROCEDURE inclusion.track_facts(regclass) IS
  'Suivi des faits : note les personnes dont un fait de cette table est écrit, corrigé ou retiré.';
