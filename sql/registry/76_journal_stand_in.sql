/*
 * 76_journal_stand_in: holds the place of the journal, which has its own file,
 * and goes when that one comes.
 */
CREATE TABLE inclusion_data.journal_action (code text PRIMARY KEY, label text NOT NULL);
COMMENT ON TABLE inclusion_data.journal_action IS 'Actes notés : ceux que le journal connaît.';
COMMENT ON COLUMN inclusion_data.journal_action.code IS 'Code de l''acte : mot stable qui le désigne.';
COMMENT ON COLUMN inclusion_data.journal_action.label IS 'Libellé : l''acte dit en clair.';
CREATE FUNCTION inclusion_data.journal_write(action text, perimeter text, beneficiary bigint, detail jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM perimeter, beneficiary, detail;
  IF NOT EXISTS (SELECT FROM inclusion_data.journal_action a WHERE a.code = journal_write.action) THEN
    RAISE EXCEPTION 'unknown action "%"', action;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION inclusion_data.journal_write(text, text, bigint, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.journal_write(text, text, bigint, jsonb)
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_dpo;
COMMENT ON FUNCTION inclusion_data.journal_write(text, text, bigint, jsonb) IS 'Acte au journal : note qui a fait quoi, sur qui.';
