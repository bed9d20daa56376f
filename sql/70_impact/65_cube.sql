/*
 * 65_cube: the verbs that keep the cube, and those that record what only
 * measures need.
 */

-- refresh_cube: count what has changed since the last time, late facts of past
-- months too; a perimeter never counted yet is counted whole.  `whole` makes
-- every row anew, which gives the same ones.
CREATE FUNCTION inclusion.refresh_cube(perimeter text DEFAULT NULL, whole boolean DEFAULT false)
RETURNS TABLE (refreshed text, cells bigint, rebuilt boolean)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here text;
BEGIN
  PERFORM inclusion.require_registry();
  IF perimeter IS NOT NULL THEN
    PERFORM inclusion.resolve_perimeter(refresh_cube.perimeter);
  END IF;
  FOR here IN
    SELECT p.code FROM inclusion_data.perimeter p WHERE p.code = refresh_cube.perimeter OR refresh_cube.perimeter IS NULL ORDER BY p.code
  LOOP
    refreshed := here;
    rebuilt := whole OR NOT EXISTS (SELECT FROM inclusion_data.cube_refresh r WHERE r.perimeter = here);
    IF rebuilt THEN
      cells := inclusion_data.rebuild_cube(here);
    ELSE
      cells := inclusion_data.update_cube(here);
    END IF;
    RETURN NEXT;
  END LOOP;
END
$$;

-- release_figures: what the views of pilotage show of the cube, masked, closed
-- quarters only.  Returns how many figures are shown in each perimeter.
CREATE FUNCTION inclusion.release_figures(perimeter text DEFAULT NULL) RETURNS TABLE (released text, shown bigint)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM inclusion.require_registry();
  IF perimeter IS NOT NULL THEN
    PERFORM inclusion.resolve_perimeter(release_figures.perimeter);
  END IF;
  FOR released IN
    SELECT p.code FROM inclusion_data.perimeter p WHERE p.code = release_figures.perimeter OR release_figures.perimeter IS NULL ORDER BY p.code
  LOOP
    shown := inclusion_data.release_figures(released, inclusion.today(released));
    RETURN NEXT;
  END LOOP;
END
$$;
COMMENT ON FUNCTION inclusion.release_figures(text) IS 'Publication des indicateurs : trimestres clos, masqués sous le seuil ; rend le nombre de valeurs montrées.';

-- settle_right: a right was settled with a person, or for them: no mediation.
CREATE FUNCTION inclusion.settle_right(beneficiary bigint, procedure text DEFAULT NULL, settled_on date DEFAULT NULL,
                                       structure bigint DEFAULT NULL, agent bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  here constant text := inclusion.perimeter_of(settle_right.beneficiary);
  day constant date := coalesce(settle_right.settled_on, inclusion.today(here));
  new_right bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  IF procedure IS NOT NULL THEN
    PERFORM inclusion.check_word('procedure', settle_right.procedure,
      (SELECT array_agg(s.code ORDER BY s.code) FROM inclusion_data.autonomy_scope s WHERE s.kind = 'procedure'));
  END IF;
  IF day > inclusion.today(here) THEN
    RAISE EXCEPTION 'date % of a right settled is in the future', day
      USING ERRCODE = 'IN501', HINT = 'Give the day it was settled.';
  END IF;
  PERFORM inclusion.touch_contact(settle_right.beneficiary, here);
  INSERT INTO inclusion_data.settled_right AS r (perimeter, beneficiary, procedure, settled_on, structure, agent)
  VALUES (here, settle_right.beneficiary, settle_right.procedure, day, settle_right.structure, inclusion.signing_agent(settle_right.agent))
  RETURNING r.id INTO new_right;
  RETURN new_right;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN501', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- record_norm: what a study says an instrument is worth, in levels; a new one
-- replaces it.  Returns the smallest change that is no error of measure, in points.
CREATE FUNCTION inclusion.record_norm(instrument text, norm_mean float8, norm_sd float8, reliability float8, source text) RETURNS int
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.require_registry(), inclusion.refuse_nir(source);
  PERFORM inclusion.check_word('instrument', record_norm.instrument, (SELECT array_agg(i.code ORDER BY i.code) FROM inclusion_data.instrument i));
  UPDATE inclusion_data.instrument i
  SET norm_mean = record_norm.norm_mean, norm_sd = record_norm.norm_sd, reliability = record_norm.reliability, norm_source = record_norm.source
  WHERE i.code = record_norm.instrument;
  RETURN inclusion_data.smallest_change(record_norm.norm_sd, record_norm.reliability);
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN501', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- record_need_estimate: what a model says of an EPCI, a département or a region.
CREATE FUNCTION inclusion.record_need_estimate(territory text, year int, people bigint, low bigint, high bigint, source text,
                                               public text DEFAULT '') RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kept bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.require_registry();
  INSERT INTO inclusion_data.need_estimate AS e (territory, public, year, people, low, high, source)
  VALUES (record_need_estimate.territory, record_need_estimate.public, record_need_estimate.year, record_need_estimate.people,
          record_need_estimate.low, record_need_estimate.high, record_need_estimate.source)
  ON CONFLICT ON CONSTRAINT need_estimate_territory_public_year_key
  DO UPDATE SET people = excluded.people, low = excluded.low, high = excluded.high, source = excluded.source
  RETURNING e.id INTO kept;
  RETURN kept;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN501', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

-- record_funding: what an offer was given; the same funder and first day again
-- corrects it.
CREATE FUNCTION inclusion.record_funding(offer bigint, starts_on date, ends_on date, cents bigint, funder text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kept bigint;
  broken_table text;
  broken_column text;
  broken_rule text;
  broken_key text;
BEGIN
  PERFORM inclusion.require_registry();
  INSERT INTO inclusion_data.offer_funding AS f (offer, starts_on, ends_on, cents, funder)
  VALUES (record_funding.offer, record_funding.starts_on, record_funding.ends_on, record_funding.cents, record_funding.funder)
  ON CONFLICT ON CONSTRAINT offer_funding_offer_starts_on_funder_key
  DO UPDATE SET ends_on = excluded.ends_on, cents = excluded.cents
  RETURNING f.id INTO kept;
  RETURN kept;
EXCEPTION WHEN integrity_constraint_violation THEN
  GET STACKED DIAGNOSTICS broken_table = TABLE_NAME, broken_column = COLUMN_NAME, broken_rule = CONSTRAINT_NAME,
                          broken_key = PG_EXCEPTION_DETAIL;
  RAISE EXCEPTION '%', inclusion.broken_message(SQLSTATE, SQLERRM, broken_key)
    USING ERRCODE = 'IN501', HINT = inclusion.broken_rule(broken_table, broken_column, broken_rule);
END
$$;

COMMENT ON FUNCTION inclusion.refresh_cube(text, boolean) IS 'Mise à jour du cube : compte ce qui a changé, même d''un mois passé ; whole refait tout, et donne les mêmes lignes.';
COMMENT ON FUNCTION inclusion.settle_right(bigint, text, date, bigint, bigint) IS 'Droit réglé : note une démarche faite avec une personne ou pour elle ; ce n''est pas une médiation.';
COMMENT ON FUNCTION inclusion.record_norm(text, float8, float8, float8, text) IS 'Norme d''un instrument : dispersion et fidélité d''une étude ; rend le plus petit changement fiable, en points.';
COMMENT ON FUNCTION inclusion.record_need_estimate(text, int, bigint, bigint, bigint, text, text) IS 'Besoin estimé : ce qu''un modèle dit d''une intercommunalité, d''un département ou d''une région.';
COMMENT ON FUNCTION inclusion.record_funding(bigint, date, date, bigint, text) IS 'Financement d''une offre : montant, période et financeur.';
