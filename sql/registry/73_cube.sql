/*
 * 73_cube: from people to states, kept up to date by what changed, or made
 * anew; both give the same rows.
 */

-- The states of the people of a relation (columns of cube_person), in its cells,
-- or only in some of them: of everybody and of each public, and by competence where two findings
-- can be compared.  What is coarser is given coarser cells, so that a figure
-- taken straight from people is made by the same sums as the stored ones.
CREATE FUNCTION inclusion_data.cube_fold(source regclass, here text, cells inclusion_data.cube_cell[] DEFAULT NULL) RETURNS SETOF inclusion_data.cube
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE format($query$
    WITH person AS MATERIALIZED (SELECT p.* FROM %s p %s WHERE p.perimeter = $1), open AS MATERIALIZED (
      SELECT p.*, u.public FROM person p CROSS JOIN LATERAL unnest(array_prepend('', p.publics)) u (public)
    ), finding AS (
      SELECT p.beneficiary, p.perimeter, p.stage, s.code AS competence, s.points AS pre, inclusion.points(p.post, s.code) AS post,
             p.smallest_change, p.month, p.territory, p.operator, p.programme, p.publics
      FROM person p CROSS JOIN LATERAL inclusion.slots(p.pre) s
      UNION ALL
      SELECT p.beneficiary, p.perimeter, p.stage, s.code AS competence, NULL::int AS pre, s.points AS post,
             p.smallest_change, p.month, p.territory, p.operator, p.programme, p.publics
      FROM person p CROSS JOIN LATERAL inclusion.slots(p.post) s WHERE inclusion.points(p.pre, s.code) IS NULL
    )
    SELECT o.perimeter, o.stage, o.month, o.territory, o.operator, o.programme, o.public, '', count(*),
      inclusion.gain(o.pre_level, o.post_level) FILTER (WHERE o.stage = 'mediation'),
      inclusion.proportion(o.improved) FILTER (WHERE o.stage = 'mediation'),
      inclusion.proportion(o.worsened) FILTER (WHERE o.stage = 'mediation'),
      inclusion.proportion(o.autonomous) FILTER (WHERE o.stage = 'mediation'),
      inclusion.waiting(o.ended_days, o.ended_as) FILTER (WHERE o.ended_days IS NOT NULL),
      inclusion.waiting(o.pending_day, 0) FILTER (WHERE o.pending_day IS NOT NULL),
      inclusion.proportion(o.completed) FILTER (WHERE o.stage <> 'rights'),
      inclusion.proportion(o.accepted) FILTER (WHERE o.stage = 'entry'),
      inclusion.proportion(o.attended) FILTER (WHERE o.stage = 'entry'),
      inclusion.ratio(o.attended_count, o.booked_count) FILTER (WHERE o.stage = 'mediation'),
      inclusion.gain(o.gave_up_before, o.gave_up_after) FILTER (WHERE o.stage = 'mediation'),
      inclusion.gain(o.for_good_before, o.for_good_after) FILTER (WHERE o.stage = 'mediation'),
      inclusion.proportion(o.bridged) FILTER (WHERE o.stage = 'rights'),
      inclusion.proportion(o.self_referred) FILTER (WHERE o.stage = 'entry')
    FROM open o
    GROUP BY o.perimeter, o.stage, o.month, o.territory, o.operator, o.programme, o.public
    UNION ALL
    SELECT f.perimeter, f.stage, f.month, f.territory, f.operator, f.programme, u.public, f.competence, count(*),
      inclusion.gain(f.pre, f.post), inclusion.proportion(f.post - f.pre >= f.smallest_change),
      inclusion.proportion(f.pre - f.post >= f.smallest_change), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM finding f CROSS JOIN LATERAL unnest(array_prepend('', f.publics)) u (public)
    GROUP BY f.perimeter, f.stage, f.month, f.territory, f.operator, f.programme, u.public, f.competence
    $query$, source, CASE WHEN cells IS NULL THEN '' ELSE
      'JOIN unnest($2) d ON d.perimeter = p.perimeter AND d.stage = p.stage AND d.month = p.month '
      'AND d.territory = p.territory AND d.operator = p.operator AND d.programme = p.programme' END) USING here, cells;
END
$$;

-- From nothing: every row, as the facts stand.
CREATE FUNCTION inclusion_data.rebuild_cube(here text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' SET jit = off AS $$
DECLARE
  made bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('inclusion.cube ' || here, 0));
  -- what is noted from here on is counted again by the next refresh
  DELETE FROM inclusion_data.cube_change c WHERE c.perimeter = here;
  DELETE FROM inclusion_data.cube_person p WHERE p.perimeter = here;
  DELETE FROM inclusion_data.cube c WHERE c.perimeter = here;
  INSERT INTO inclusion_data.cube_person SELECT * FROM inclusion_data.cube_facts(here);
  INSERT INTO inclusion_data.cube
  SELECT * FROM inclusion_data.cube_fold('inclusion_data.cube_person', here);
  GET DIAGNOSTICS made = ROW_COUNT;
  DELETE FROM inclusion_data.cube_cell c WHERE c.perimeter = here;
  INSERT INTO inclusion_data.cube_refresh (perimeter, refreshed_at, rebuilt_at) VALUES (here, now(), now())
  ON CONFLICT (perimeter) DO UPDATE SET refreshed_at = excluded.refreshed_at, rebuilt_at = excluded.rebuilt_at;
  RETURN made;
END
$$;

-- The people noted since, whatever the month their facts are of: those whose
-- rows are no longer the same leave their cells and enter others, and these
-- cells alone are made again.  Returns how many.
CREATE FUNCTION inclusion_data.update_cube(here text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
  people bigint[];
  fresh inclusion_data.cube_person[];
  cells inclusion_data.cube_cell[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('inclusion.cube ' || here, 0));
  WITH noted AS (DELETE FROM inclusion_data.cube_change c WHERE c.perimeter = here RETURNING c.beneficiary)
  SELECT array_agg(DISTINCT n.beneficiary) INTO people FROM noted n;
  IF people IS NOT NULL THEN
    SELECT array_agg(f) INTO fresh FROM inclusion_data.cube_facts(here, people) f;
    DELETE FROM inclusion_data.cube_person p
    WHERE p.perimeter = here AND p.beneficiary = ANY (people)
      AND NOT EXISTS (SELECT FROM unnest(fresh) f WHERE f.beneficiary = p.beneficiary AND f.stage = p.stage AND f = p);
    WITH entered AS (
      INSERT INTO inclusion_data.cube_person SELECT f.* FROM unnest(fresh) f
      WHERE NOT EXISTS (SELECT FROM inclusion_data.cube_person p
                        WHERE p.beneficiary = f.beneficiary AND p.perimeter = here AND p.stage = f.stage)
      RETURNING perimeter, stage, month, territory, operator, programme)
    INSERT INTO inclusion_data.cube_cell (perimeter, stage, month, territory, operator, programme)
    SELECT DISTINCT e.perimeter, e.stage, e.month, e.territory, e.operator, e.programme FROM entered e;
  END IF;
  WITH left_or_entered AS (DELETE FROM inclusion_data.cube_cell c WHERE c.perimeter = here RETURNING c.stage, c.month, c.territory, c.operator, c.programme)
  SELECT array_agg(DISTINCT ROW(0, here, l.stage, l.month, l.territory, l.operator, l.programme)::inclusion_data.cube_cell) INTO cells
  FROM left_or_entered l;
  IF cells IS NOT NULL THEN
    DELETE FROM inclusion_data.cube c USING unnest(cells) d
    WHERE c.perimeter = here AND c.stage = d.stage AND c.month = d.month AND c.territory = d.territory
      AND c.operator = d.operator AND c.programme = d.programme;
    INSERT INTO inclusion_data.cube
    SELECT * FROM inclusion_data.cube_fold('inclusion_data.cube_person', here, cells);
  END IF;
  INSERT INTO inclusion_data.cube_refresh AS r (perimeter, refreshed_at, rebuilt_at) VALUES (here, now(), now())
  ON CONFLICT (perimeter) DO UPDATE SET refreshed_at = excluded.refreshed_at;
  RETURN coalesce(cardinality(cells), 0);
END
$$;

REVOKE ALL ON FUNCTION inclusion_data.cube_fold(regclass, text, inclusion_data.cube_cell[]), inclusion_data.rebuild_cube(text),
  inclusion_data.update_cube(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.rebuild_cube(text), inclusion_data.update_cube(text) TO inclusion_night;
COMMENT ON FUNCTION inclusion_data.cube_fold(regclass, text, inclusion_data.cube_cell[]) IS 'États d''un ensemble de personnes : dans leurs cases, pour tous et par public et compétence.';
COMMENT ON FUNCTION inclusion_data.rebuild_cube(text) IS 'Cube refait : toutes les lignes d''un périmètre, depuis les faits ; rend leur nombre.';
COMMENT ON FUNCTION inclusion_data.update_cube(text) IS 'Cube tenu à jour : les cases de ceux dont un fait a changé, de quelque mois qu''il soit ; rend leur nombre.';
