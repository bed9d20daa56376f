/*
 * 30_merge: two files of one person, made one; and made two again.
 */

-- The statement that moves the rows of one table from a file ($2) to another
-- ($1) of a perimeter ($3), but for those of which the other already has the
-- like, by each of the table's unique keys, and notes them under a merge ($4)
-- and the table's name ($5).
CREATE FUNCTION inclusion.merge_statement(relation regclass) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH alike AS (
    SELECT string_agg(format('(%1$s) AND EXISTS (SELECT FROM %2$s o WHERE o.beneficiary = $1 AND %3$s AND (%1$s))',
                             coalesce(pg_get_expr(i.indpred, i.indrelid), 'true'), relation, k.same), ' OR ') AS condition
    FROM pg_index i
    CROSS JOIN LATERAL (
      SELECT bool_or(a.attname = 'beneficiary') AS of_person,
             string_agg(format('o.%1$I = t.%1$I', a.attname), ' AND ' ORDER BY a.attnum) FILTER (WHERE a.attname <> 'beneficiary') AS same
      FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)) k
    WHERE i.indrelid = relation AND i.indisunique AND k.of_person
  ), named AS (
    SELECT string_agg(format('%1$L, t.%1$I', a.attname), ', ' ORDER BY a.attnum) AS key
    FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = relation AND i.indisprimary AND a.attname NOT IN ('beneficiary', 'perimeter')
  )
  SELECT format($f$
    WITH moved AS (
      UPDATE %s t SET beneficiary = $1 WHERE t.beneficiary = $2 AND t.perimeter = $3 AND NOT (%s)
      RETURNING jsonb_build_object(%s) AS row_key
    )
    INSERT INTO inclusion_data.file_merge_change (merge, perimeter, n, relation, row_key, before, after)
    SELECT $4, $3, (SELECT coalesce(max(c.n), 0) FROM inclusion_data.file_merge_change c WHERE c.merge = $4 AND c.perimeter = $3)
                   + row_number() OVER (ORDER BY m.row_key),
           $5, m.row_key, jsonb_build_object('beneficiary', $2), jsonb_build_object('beneficiary', $1) FROM moved m $f$,
    relation, coalesce(a.condition, 'false'), n.key)
  FROM alike a, named n
$$;

-- The statement that writes back what stood in a row ($2), if it still holds what
-- was written there ($1, its key included), in a perimeter ($3).
CREATE FUNCTION inclusion.unmerge_statement(relation regclass, row_key jsonb, before jsonb, after jsonb) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('UPDATE %1$s t SET %2$s FROM jsonb_populate_record(NULL::%1$s, $1) w, '
                'jsonb_populate_record(NULL::%1$s, $2) b WHERE t.perimeter = $3 AND %3$s', relation,
    (SELECT string_agg(format('%1$I = b.%1$I', k), ', ' ORDER BY k) FROM jsonb_object_keys(before) k),
    (SELECT string_agg(format('t.%1$I = w.%1$I', k), ' AND ' ORDER BY k) FROM jsonb_object_keys(row_key || after) k))
$$;

-- merge_beneficiaries: two files are one person's, says a named agent who sees
-- both.  The first is kept, with the older day of enrolment; the second is shown
-- to nobody any more.  Returns the number of the merge.
--   reason   how it is known: never a phone or an e-mail address alone, which
--            are often a household's
--   IN003  a file that the caller does not see
--   IN008  one file twice, two perimeters, or a file that was merged meanwhile
--   IN305  only a named person decides
CREATE FUNCTION inclusion.merge_beneficiaries(kept bigint, merged bigint, reason text, agent bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(kept);
  decides constant bigint := inclusion.named_agent(merge_beneficiaries.agent);
BEGIN
  PERFORM inclusion.check_note(reason);
  IF kept = merged OR here <> inclusion.perimeter_of(merged) OR coalesce(btrim(reason), '') = '' THEN
    RAISE EXCEPTION '%', CASE WHEN kept = merged THEN 'a file is not merged with itself'
                              WHEN here <> inclusion.perimeter_of(merged) THEN 'the two files are of two perimeters'
                              ELSE 'a merge needs a reason' END
      USING ERRCODE = 'IN008', HINT = 'Name two files of one perimeter, and say how they are known to be one person''s.';
  END IF;
  RETURN inclusion_data.merge_rows(current_user, kept, merged, here, btrim(reason), decides);
END
$$;

-- undo_merge: they were two people.  Both files are as they were; what was
-- written since stays in the one that was kept.
CREATE FUNCTION inclusion.undo_merge(merge bigint, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  decides constant bigint := inclusion.named_agent(undo_merge.agent);
  here text;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT m.perimeter INTO here FROM inclusion_data.file_merge m WHERE m.id = undo_merge.merge;
  PERFORM inclusion_data.unmerge_rows(current_user, undo_merge.merge, here, decides);
END
$$;

-- IN003 when the file of one of these people has gone into another, told to
-- whoever may know of merges; others see no such file, or write in none.
CREATE FUNCTION inclusion.refuse_merged(people bigint[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone record;
BEGIN
  IF NOT has_table_privilege('inclusion_data.file_merge', 'SELECT') THEN
    RETURN;
  END IF;
  SELECT m.merged, m.beneficiary INTO gone FROM inclusion_data.file_merge m
  WHERE m.merged = ANY (people) AND m.undone_at IS NULL ORDER BY m.merged LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the file of beneficiary % has gone into that of beneficiary %', gone.merged, gone.beneficiary
      USING ERRCODE = 'IN003', HINT = format('They are one person: give the number %s.', gone.beneficiary);
  END IF;
END
$$;

-- The file of a person, held until the end: who erases it, moves it or merges it
-- is waited for, and then it is gone (IN003).  Whatever is written in a file that
-- no other lock holds is written after this.
CREATE FUNCTION inclusion.hold_file(beneficiary bigint, perimeter text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM inclusion_data.beneficiary b
  WHERE b.id = hold_file.beneficiary AND b.perimeter = hold_file.perimeter FOR KEY SHARE;
  -- a new statement: it sees what the lock waited for
  PERFORM inclusion.perimeter_of(hold_file.beneficiary);
END
$$;

-- The agent who acts, if it is a person.
CREATE FUNCTION inclusion.named_agent(agent bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  acts constant bigint := inclusion.acting_agent(named_agent.agent);
BEGIN
  IF (SELECT a.kind FROM inclusion_data.agent a WHERE a.id = acts) <> 'person' THEN
    RAISE EXCEPTION 'agent % is not a named person and may not decide for one', acts
      USING ERRCODE = 'IN305', HINT = 'Connect with the account of a named agent.';
  END IF;
  RETURN acts;
END
$$;

COMMENT ON FUNCTION inclusion.merge_statement(regclass) IS 'Lignes d''une table à réunir : la commande qui les déplace, sans double, et les note.';
COMMENT ON FUNCTION inclusion.unmerge_statement(regclass, jsonb, jsonb, jsonb) IS 'Ligne à rendre : la commande qui y remet ce qui s''y trouvait.';
COMMENT ON FUNCTION inclusion.refuse_merged(bigint[]) IS 'Fiche réunie à une autre : IN003, avec le numéro de celle qui demeure.';
COMMENT ON FUNCTION inclusion.hold_file(bigint, text) IS 'Fiche tenue : attend qui l''efface ou la réunit à une autre, puis IN003 si elle n''est plus là.';
COMMENT ON FUNCTION inclusion.merge_beneficiaries(bigint, bigint, text, bigint) IS 'Fiches d''une même personne : réunies par un agent nommé qui voit les deux ; rend le numéro de la réunion.';
COMMENT ON FUNCTION inclusion.undo_merge(bigint, bigint) IS 'Fiches séparées : les deux redeviennent ce qu''elles étaient.';
COMMENT ON FUNCTION inclusion.named_agent(bigint) IS 'Personne qui décide : l''agent agissant ; IN305 si c''est un compte partagé ou un service.';
