/*
 * 15_sharing: what a person shares, theme by theme, and what follows without
 * saying why.
 */

-- constraints_of: what to arrange for ("Horaires d'école"), never the reason.
CREATE FUNCTION inclusion.constraints_of(beneficiary bigint) RETURNS TABLE (constraint_label text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.perimeter_of(constraints_of.beneficiary);
  RETURN QUERY SELECT l FROM inclusion_data.constraint_labels(current_user, constraints_of.beneficiary) l;
END
$$;

-- sharing_of: what the person is told: who reads each theme, and what they
-- have refused.
CREATE FUNCTION inclusion.sharing_of(beneficiary bigint)
RETURNS TABLE (theme text, label text, readers text[], refused_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(sharing_of.beneficiary);
BEGIN
  RETURN QUERY
  SELECT t.code, t.label,
         (SELECT coalesce(array_agg(c.role_name ORDER BY c.role_name), '{}') FROM inclusion_data.theme_clearance c WHERE c.theme = t.code),
         f.refused_at
  FROM inclusion_data.circumstance_theme t
  LEFT JOIN inclusion_data.sharing_refusal f
    ON f.theme = t.code AND f.beneficiary = sharing_of.beneficiary AND f.perimeter = here AND f.allowed_at IS NULL
  ORDER BY t.code;
END
$$;

-- refuse_sharing: from the next read on, only the structure that enrolled the
-- person reads that theme.  Saying it twice changes nothing.
CREATE FUNCTION inclusion.refuse_sharing(beneficiary bigint, theme text, agent bigint DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(refuse_sharing.beneficiary);
  hears constant bigint := inclusion.acting_agent(refuse_sharing.agent);
BEGIN
  IF NOT EXISTS (SELECT FROM inclusion_data.circumstance_theme t WHERE t.code = refuse_sharing.theme) THEN
    RAISE EXCEPTION 'unknown theme "%"', theme
      USING ERRCODE = 'IN101', HINT = 'SELECT code, label FROM inclusion_data.circumstance_theme lists them.';
  END IF;
  PERFORM inclusion.hold_file(refuse_sharing.beneficiary, here);
  INSERT INTO inclusion_data.sharing_refusal (perimeter, beneficiary, theme, agent)
  VALUES (here, refuse_sharing.beneficiary, refuse_sharing.theme, hears)
  ON CONFLICT DO NOTHING;
END
$$;

-- allow_sharing: the person no longer refuses; heard by the structure that
-- enrolled them, since any other would have an interest in it.  `spoken_by` as in
-- accept().
CREATE FUNCTION inclusion.allow_sharing(beneficiary bigint, theme text, agent bigint DEFAULT NULL, spoken_by text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(allow_sharing.beneficiary);
  hears constant bigint := inclusion.acting_agent(allow_sharing.agent);
BEGIN
  PERFORM inclusion.hold_file(allow_sharing.beneficiary, here);
  PERFORM inclusion.require_speaker(allow_sharing.beneficiary, here, 'sharing', allow_sharing.spoken_by);
  UPDATE inclusion_data.sharing_refusal f SET allowed_at = now(), allowed_by = hears
  WHERE f.beneficiary = allow_sharing.beneficiary AND f.perimeter = here AND f.theme = allow_sharing.theme AND f.allowed_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'beneficiary % has no refusal of theme "%" that you may end', beneficiary, theme
      USING ERRCODE = 'IN803', HINT = 'Only the structure that enrolled the person ends a refusal; inclusion.sharing_of(beneficiary) lists them.';
  END IF;
END
$$;

COMMENT ON FUNCTION inclusion.constraints_of(bigint) IS 'Contraintes pratiques : ce dont il faut tenir compte pour une personne, jamais pourquoi.';
COMMENT ON FUNCTION inclusion.sharing_of(bigint) IS 'Partage d''une personne : qui lit chaque thème, et ce qu''elle a refusé ; à lui dire.';
COMMENT ON FUNCTION inclusion.refuse_sharing(bigint, text, bigint) IS 'Refus de partage : un thème reste entre la personne et la structure qui l''a inscrite.';
COMMENT ON FUNCTION inclusion.allow_sharing(bigint, text, bigint, text) IS 'Partage permis de nouveau : recueilli par la structure qui a inscrit la personne.';
