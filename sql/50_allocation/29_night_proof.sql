/*
 * 29_night_proof: what makes a night's result one that can be published, and
 * found right again later: the independent check, the digests of what was read
 * and decided, and the yardstick.
 */

-- 60 bits of the sha256 of a row in binary form.  A digest is the number of
-- rows, a colon and the sum of these over the rows: the order does not count,
-- and only built-in types enter.
CREATE FUNCTION inclusion.row_hash(bytes bytea) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ('x' || left(encode(sha256(bytes), 'hex'), 15))::bit(60)::bigint;

-- Digest of what was given to the allocation: lists, offers and sessions.
CREATE FUNCTION inclusion.night_input_digest(run bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 15000000 SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) || ':' || coalesce(sum(t.hash), 0) FROM (
    SELECT inclusion.row_hash(record_send(ROW(c.perimeter, c.beneficiary, c.rank, c.grade, c.waiting_days, c.priority,
                                              c.offers, c.costs, c.classes, c.categories, c.held, c.held_session))) AS hash
    FROM inclusion_data.run_candidate c WHERE c.run = night_input_digest.run
    UNION ALL
    SELECT inclusion.row_hash(record_send(ROW(o.offer, o.capacity_kind, o.pool, o.capacity, o.reserves)))
    FROM inclusion_data.run_offer o WHERE o.run = night_input_digest.run
    UNION ALL
    SELECT inclusion.row_hash(record_send(ROW(h.offer, h.categories, h.people)))
    FROM inclusion_data.run_holder h WHERE h.run = night_input_digest.run
    UNION ALL
    SELECT inclusion.row_hash(record_send(ROW(s.session, s.offer, s.free, s.free_before, s.answer_by)))
    FROM inclusion_data.run_session s WHERE s.run = night_input_digest.run) t
$$;

-- Digest of what was decided, a row a person.
CREATE FUNCTION inclusion.night_result_digest(run bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE COST 5000000 SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) || ':' || coalesce(sum(inclusion.row_hash(record_send(
           ROW(d.perimeter, d.beneficiary, d.outcome, d.reason, d.offer, d.session, d.list_position, d.cost, d.reserved_for)))), 0)
  FROM inclusion_data.run_result d WHERE d.run = night_result_digest.run
$$;

-- night_proof: the check, the digests, the mark and, if asked for, the prices,
-- each a part.  None needs another and none writes: branches of one query, which
-- processes share, the longest first.  Their costs say which is; without them
-- and these settings a query over so few rows would stay in one process.
CREATE FUNCTION inclusion.night_proof(run bigint, priced boolean)
RETURNS TABLE (part text, value text, offers bigint[], prices bigint[])
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET parallel_setup_cost = 0 SET parallel_tuple_cost = 0 AS $$
BEGIN
  RETURN QUERY
  SELECT 'violation', format('%s: %s', c.violation, c.detail), NULL::bigint[], NULL::bigint[] FROM inclusion.check_allocation(night_proof.run) c
  UNION ALL
  SELECT 'yardstick', p.yardstick::text, p.offers, p.prices FROM inclusion.night_prices(night_proof.run) p WHERE priced
  UNION ALL
  SELECT 'input_digest', d, NULL, NULL FROM inclusion.night_input_digest(night_proof.run) d
  UNION ALL
  SELECT 'event_mark', d::text, NULL, NULL FROM inclusion.night_mark(night_proof.run) d
  UNION ALL
  SELECT 'result_digest', d, NULL, NULL FROM inclusion.night_result_digest(night_proof.run) d;
END
$$;

-- The proof kept with its run, if there is one.
CREATE FUNCTION inclusion.keep_proof(run bigint, priced boolean, OUT violations text[], OUT yardstick jsonb)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  proof record;
BEGIN
  SELECT array_agg(p.value ORDER BY p.value) FILTER (WHERE p.part = 'violation') AS violations,
         min(p.value) FILTER (WHERE p.part = 'input_digest') AS input_digest, min(p.value) FILTER (WHERE p.part = 'result_digest') AS result_digest,
         min(p.value) FILTER (WHERE p.part = 'event_mark')::bigint AS event_mark, min(p.value) FILTER (WHERE p.part = 'yardstick')::jsonb AS yardstick,
         max(p.offers) AS offers, max(p.prices) AS prices
  INTO proof FROM inclusion.night_proof(keep_proof.run, priced) p;
  UPDATE inclusion_data.run r
  SET verified = true, event_mark = proof.event_mark, input_digest = proof.input_digest, result_digest = proof.result_digest
  WHERE r.id = keep_proof.run AND proof.violations IS NULL;
  PERFORM inclusion.keep_prices(keep_proof.run, proof.offers, proof.prices);
  violations := proof.violations;
  yardstick := proof.yardstick;
END
$$;

-- compute_proof: the violations found, and the yardstick, or why there is none
-- (`not_measured`, a reason of kind yardstick): a night of part of the
-- perimeters writes no price, and no night fails for its yardstick.
CREATE FUNCTION inclusion.compute_proof(run bigint, OUT violations text[], OUT yardstick jsonb)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  proof record;
  unless text := 'partial_night';
BEGIN
  BEGIN
    proof := inclusion.keep_proof(compute_proof.run, (SELECT r.is_full FROM inclusion_data.run r WHERE r.id = compute_proof.run));
  EXCEPTION WHEN configuration_limit_exceeded OR out_of_memory THEN
    unless := 'over_memory';
    proof := inclusion.keep_proof(compute_proof.run, false);
  END;
  violations := proof.violations;
  yardstick := coalesce(proof.yardstick, jsonb_build_object('not_measured', unless));
END
$$;

COMMENT ON FUNCTION inclusion.row_hash(bytea) IS 'Empreinte d''une ligne : 60 bits du sha256 de sa forme binaire.';
COMMENT ON FUNCTION inclusion.night_input_digest(bigint) IS 'Empreinte des données : nombre de lignes et somme de leurs empreintes.';
COMMENT ON FUNCTION inclusion.night_result_digest(bigint) IS 'Empreinte du résultat : nombre de lignes et somme de leurs empreintes.';
COMMENT ON FUNCTION inclusion.night_proof(bigint, boolean) IS 'Preuves d''une nuit : contrôle indépendant, empreintes et étalon, le travail partagé entre processus.';
COMMENT ON FUNCTION inclusion.keep_proof(bigint, boolean) IS 'Preuves gardées : dans la ligne de la nuit et de ses offres.';
COMMENT ON FUNCTION inclusion.compute_proof(bigint) IS 'Nuit prouvée : ce que le contrôle a trouvé, et l''étalon, ou pourquoi il manque.';
