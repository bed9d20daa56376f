/*
 * 60_track: the tables whose changes the cube follows.
 */

-- One trigger a verb, for a statement and not for a row: whoever writes one fact
-- or a million adds one note a person.  A row that says nothing until others
-- follow it, which are tracked, is not followed when it is `added`.
CREATE PROCEDURE inclusion.track_facts(relation regclass, added boolean DEFAULT true)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF added THEN
    EXECUTE format('CREATE TRIGGER fact_added AFTER INSERT ON %s REFERENCING NEW TABLE AS changed '
                   'FOR EACH STATEMENT EXECUTE FUNCTION inclusion_data.note_fact()', relation);
  END IF;
  EXECUTE format('CREATE TRIGGER fact_changed AFTER UPDATE ON %s REFERENCING NEW TABLE AS changed '
                 'FOR EACH STATEMENT EXECUTE FUNCTION inclusion_data.note_fact()', relation);
  EXECUTE format('CREATE TRIGGER fact_was AFTER UPDATE ON %s REFERENCING OLD TABLE AS changed '
                 'FOR EACH STATEMENT EXECUTE FUNCTION inclusion_data.note_fact()', relation);
  EXECUTE format('CREATE TRIGGER fact_withdrawn AFTER DELETE ON %s REFERENCING OLD TABLE AS changed '
                 'FOR EACH STATEMENT EXECUTE FUNCTION inclusion_data.note_fact()', relation);
END
$$;
REVOKE ALL ON PROCEDURE inclusion.track_facts(regclass, boolean) FROM PUBLIC;
COMMENT ON PROCEDURE inclusion.track_facts(regclass, boolean) IS
  'Suivi des faits : note les personnes dont un fait de cette table est écrit, corrigé ou retiré.';
