/*
 * 30_journal: sealing the journal, and proving it whole.
 *
 * The tables, and what each line holds, stand in sql/registry/76_journal.sql.
 */

-- The identifier that initdb gave this cluster: transaction numbers mean
-- something inside one only.
CREATE FUNCTION inclusion.this_cluster() RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.system_identifier FROM pg_control_system() c
$$;

-- The parts one after the other, each after its length (-1 for NULL): no two
-- lists of parts give the same bytes.
CREATE FUNCTION inclusion.canonical_bytes(VARIADIC parts bytea[]) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(string_agg(int4send(coalesce(length(u.part), -1)) || coalesce(u.part, ''), '' ORDER BY u.n), '')
  FROM unnest(parts) WITH ORDINALITY u (part, n)
$$;

-- seal_journal: seal what no seal covers yet, in one perimeter or in all.  The
-- hash is the one to publish where the registry's administrators cannot write.
CREATE FUNCTION inclusion.seal_journal(perimeter text DEFAULT NULL)
RETURNS TABLE (perimeter_code text, n int, rows int, hash text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM inclusion.require_registry();
  PERFORM inclusion.resolve_perimeter(perimeter) WHERE perimeter IS NOT NULL;
  RETURN QUERY SELECT s.perimeter_code, s.n, s.rows, s.hash FROM inclusion_data.write_seals(seal_journal.perimeter) s;
END
$$;

-- verify_journal: what does not hold; no row, and the sealed journal is whole.
-- A perimeter that does not exist has nothing to say for it.
--   edited, deleted   the line `id` of seal n is not what was sealed
--   inserted          the line `id` slipped in behind the seals
--   seal_broken       seal n is not what was hashed, or not what seal n + 1 follows
--   seal_missing      no seal n, or none with the hash published
CREATE FUNCTION inclusion.verify_journal(perimeter text DEFAULT NULL, published_hash text DEFAULT NULL)
RETURNS TABLE (perimeter_code text, n int, id bigint, finding text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  PERFORM inclusion.require_registry();
  PERFORM inclusion.resolve_perimeter(perimeter) WHERE perimeter IS NOT NULL;
  RETURN QUERY
  WITH seal AS (
    SELECT s AS whole, s.perimeter, s.n, s.hash, s.previous_hash, s.row_ids, s.row_hashes,
           lag(s.n, 1, 0) OVER before AS before_n, lag(s.hash) OVER before AS before_hash
    FROM inclusion_data.journal_seal s
    WHERE verify_journal.perimeter IS NULL OR s.perimeter = verify_journal.perimeter
    WINDOW before AS (PARTITION BY s.perimeter ORDER BY s.n)
  ), sealed AS MATERIALIZED (
    SELECT s.perimeter, s.n, r.id, substring(s.row_hashes FROM (32 * (r.i - 1) + 1)::int FOR 32) AS hash
    FROM seal s, unnest(s.row_ids) WITH ORDINALITY r (id, i)
  )
  SELECT s.perimeter, m, NULL::bigint, 'seal_missing' FROM seal s, generate_series(s.before_n + 1, s.n - 1) m
  UNION ALL
  SELECT s.perimeter, s.n, NULL, 'seal_broken' FROM seal s
  WHERE s.hash <> inclusion_data.journal_seal_hash(s.whole)
     OR s.before_n = s.n - 1 AND s.previous_hash IS DISTINCT FROM s.before_hash
  UNION ALL
  SELECT r.perimeter, r.n, r.id, CASE WHEN j.id IS NULL THEN 'deleted' ELSE 'edited' END
  FROM sealed r LEFT JOIN inclusion_data.journal j ON j.id = r.id AND j.perimeter = r.perimeter
  WHERE j.id IS NULL OR inclusion_data.journal_row_hash(j) <> r.hash
  UNION ALL
  SELECT j.perimeter, NULL, j.id, 'inserted'
  FROM inclusion_data.journal j
  WHERE (verify_journal.perimeter IS NULL OR j.perimeter = verify_journal.perimeter)
    AND NOT EXISTS (SELECT FROM sealed r WHERE r.id = j.id AND r.perimeter = j.perimeter)
    AND EXISTS (SELECT FROM inclusion_data.journal_seal s WHERE s.perimeter = j.perimeter AND inclusion_data.journal_covered(j, s))
  UNION ALL
  SELECT verify_journal.perimeter, NULL, NULL, 'seal_missing'
  WHERE verify_journal.published_hash IS NOT NULL
    AND NOT EXISTS (SELECT FROM seal s WHERE s.hash = decode(verify_journal.published_hash, 'hex'))
  ORDER BY 1, 2, 3, 4;
END
$$;

-- A trace that survives a rolled-back transaction: pgaudit writes to the
-- server's log.  Never required; run by a superuser once pgaudit is there.
CREATE PROCEDURE inclusion.setup_pgaudit()
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pgaudit') THEN
    RAISE EXCEPTION 'pgaudit is not in this database'
      USING ERRCODE = 'feature_not_supported',
            HINT = 'Add pgaudit to shared_preload_libraries, restart, run CREATE EXTENSION pgaudit, then this again.';
  END IF;
  PERFORM inclusion.require_registry();
  CALL inclusion.create_role('inclusion_audit', 'objets dont pgaudit note les lectures');
  -- what it may do is what pgaudit notes; nobody is its member
  GRANT SELECT, INSERT, UPDATE, DELETE ON inclusion_data.identity, inclusion_data.accommodation_need, inclusion_data.access_grant,
    inclusion_data.journal, inclusion_data.journal_seal TO inclusion_audit;
  EXECUTE format('ALTER DATABASE %I SET pgaudit.role = ''inclusion_audit''', current_database());
  -- parameters would hold names
  EXECUTE format('ALTER DATABASE %I SET pgaudit.log_parameter = off', current_database());
  EXECUTE format('ALTER DATABASE %I SET pgaudit.log_rows = on', current_database());
END
$$;

REVOKE ALL ON PROCEDURE inclusion.setup_pgaudit() FROM PUBLIC;

COMMENT ON FUNCTION inclusion.this_cluster() IS 'Serveur présent : l''identifiant que sa création lui a donné.';
COMMENT ON FUNCTION inclusion.canonical_bytes(bytea[]) IS 'Octets canoniques : les parties à la suite, chacune après sa longueur.';
COMMENT ON FUNCTION inclusion.seal_journal(text) IS 'Scellement du journal : les lignes nouvelles, par périmètre ; rend l''empreinte à publier.';
COMMENT ON FUNCTION inclusion.verify_journal(text, text) IS 'Vérification du journal : chaque ligne modifiée, retirée ou glissée après coup ; aucune ligne s''il est intact.';
COMMENT ON PROCEDURE inclusion.setup_pgaudit() IS 'Réglage de pgaudit : rôle et droits pour que le serveur note les lectures ; facultatif.';
