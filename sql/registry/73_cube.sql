/*
 * 73_cube: from people to states, kept up to date by what changed, or made
 * anew; both give the same rows.
 */

-- The states of the people of a relation (columns of cube_person), in its cells,
-- or only in some of them; or of these people alone.  Of everybody and of each
-- public, and by competence where two findings can be compared.  What is coarser
-- is given coarser cells, so that a figure taken straight from people is made by
-- the same sums as the stored ones.  People are sorted once, by cell: publics and
-- competences are then sorted cell by cell.
CREATE FUNCTION inclusion_data.cube_fold(source regclass, here text, cells inclusion_data.cube_cell[] DEFAULT NULL,
                                         people inclusion_data.cube_person[] DEFAULT NULL) RETURNS SETOF inclusion_data.cube
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE format($query$
    SELECT $1, p.stage, p.month, p.territory, p.operator, p.programme, u.public, '', count(*),
      inclusion.gain(p.pre_level, p.post_level) FILTER (WHERE p.stage = 'mediation'),
      inclusion.proportion(p.improved) FILTER (WHERE p.stage = 'mediation'),
      inclusion.proportion(p.worsened) FILTER (WHERE p.stage = 'mediation'),
      inclusion.proportion(p.autonomous) FILTER (WHERE p.stage = 'mediation'),
      inclusion.waiting(p.ended_days, p.ended_as) FILTER (WHERE p.ended_days IS NOT NULL),
      inclusion.waiting(p.pending_day, 0) FILTER (WHERE p.pending_day IS NOT NULL),
      inclusion.proportion(p.completed) FILTER (WHERE p.stage <> 'rights'),
      inclusion.proportion(p.accepted) FILTER (WHERE p.stage = 'entry'),
      inclusion.proportion(p.attended) FILTER (WHERE p.stage = 'entry'),
      inclusion.ratio(p.attended_count, p.booked_count) FILTER (WHERE p.stage = 'mediation'),
      inclusion.gain(p.gave_up_before, p.gave_up_after) FILTER (WHERE p.stage = 'mediation'),
      inclusion.gain(p.for_good_before, p.for_good_after) FILTER (WHERE p.stage = 'mediation'),
      inclusion.proportion(p.bridged) FILTER (WHERE p.stage = 'rights'),
      inclusion.proportion(p.self_referred) FILTER (WHERE p.stage = 'entry')
    FROM (SELECT p.* FROM %1$s p WHERE p.perimeter = $1
          ORDER BY p.stage, p.month, p.territory, p.operator, p.programme) p
    CROSS JOIN LATERAL unnest(array_prepend('', p.publics)) u (public)
    GROUP BY p.stage, p.month, p.territory, p.operator, p.programme, u.public
    UNION ALL
    SELECT $1, p.stage, p.month, p.territory, p.operator, p.programme, u.public, f.competence, count(*),
      inclusion.gain(f.pre, f.post), inclusion.proportion(f.post - f.pre >= p.smallest_change),
      inclusion.proportion(f.pre - f.post >= p.smallest_change), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM (SELECT p.* FROM %1$s p WHERE p.perimeter = $1 AND (p.pre IS NOT NULL OR p.post IS NOT NULL)
          ORDER BY p.stage, p.month, p.territory, p.operator, p.programme) p
    CROSS JOIN LATERAL (
      SELECT s.code AS competence, s.points AS pre, inclusion.points(p.post, s.code) AS post FROM inclusion.slots(p.pre) s
      UNION ALL
      SELECT s.code, NULL, s.points FROM inclusion.slots(p.post) s WHERE inclusion.points(p.pre, s.code) IS NULL) f
    CROSS JOIN LATERAL unnest(array_prepend('', p.publics)) u (public)
    GROUP BY p.stage, p.month, p.territory, p.operator, p.programme, u.public, f.competence
    $query$, CASE WHEN people IS NOT NULL THEN 'unnest($3)'
                  WHEN cells IS NULL THEN source::text
                  ELSE format('(SELECT p.* FROM %s p JOIN unnest($2) d ON d.perimeter = p.perimeter AND d.stage = p.stage AND d.month = p.month '
                              'AND d.territory = p.territory AND d.operator = p.operator AND d.programme = p.programme)', source) END)
  USING here, cells, people;
END
$$;

-- The rows of these people (NULL: of all) as the facts stand.  What is the same is
-- not written again: a row that goes notes the cell that it leaves.
CREATE FUNCTION inclusion_data.renew_cube_people(here text, people bigint[] DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan SET jit = off SET enable_nestloop = off AS $$
BEGIN
  WITH fresh AS MATERIALIZED (
    SELECT f.* FROM inclusion_data.cube_facts(here, people) f
  ), known AS (
    SELECT p.* FROM inclusion_data.cube_person p WHERE p.perimeter = here AND (people IS NULL OR p.beneficiary = ANY (people))
  ), gone AS (
    DELETE FROM inclusion_data.cube_person p
    WHERE p.perimeter = here AND (people IS NULL OR p.beneficiary = ANY (people))
      AND NOT EXISTS (SELECT FROM fresh f WHERE f.beneficiary = p.beneficiary AND f.stage = p.stage)
  )
  INSERT INTO inclusion_data.cube_person
  SELECT f.* FROM fresh f WHERE NOT EXISTS (SELECT FROM known k WHERE k.beneficiary = f.beneficiary AND k.stage = f.stage AND k = f)
  ORDER BY f.stage, f.month, f.territory, f.operator, f.programme
  ON CONFLICT (beneficiary, perimeter, stage) DO UPDATE SET
    (beneficiary, perimeter, stage, month, territory, operator, programme, publics, pre, post, pre_level, post_level, smallest_change,
     improved, worsened, autonomous, ended_days, ended_as, pending_day, completed, accepted, attended, attended_count, booked_count,
     gave_up_before, gave_up_after, for_good_before, for_good_after, bridged, self_referred) = (SELECT excluded.*);
END
$$;

-- Cells with more people, and with fewer: states of integers add up and come back
-- to the bit, so that a day costs what its people cost, and not their cells.
CREATE FUNCTION inclusion_data.move_in_cube(here text, come inclusion_data.cube_person[], leave inclusion_data.cube_person[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
BEGIN
  WITH move AS MATERIALIZED (
    SELECT true AS comes, f.* FROM inclusion_data.cube_fold(NULL, here, NULL, coalesce(come, '{}')) f
    UNION ALL
    SELECT false, f.* FROM inclusion_data.cube_fold(NULL, here, NULL, coalesce(leave, '{}')) f
  ), taken AS (
    DELETE FROM inclusion_data.cube c
    -- in the order of the index: neighbours are read together
    USING (SELECT DISTINCT m.stage, m.month, m.territory, m.operator, m.programme, m.public, m.competence FROM move m ORDER BY 1, 2, 3, 4, 5, 6, 7) m
    WHERE c.perimeter = here AND c.stage = m.stage AND c.month = m.month AND c.territory = m.territory AND c.operator = m.operator
      AND c.programme = m.programme AND c.public = m.public AND c.competence = m.competence
    RETURNING true AS comes, c.*
  )
  INSERT INTO inclusion_data.cube
  SELECT here, s.stage, s.month, s.territory, s.operator, s.programme, s.public, s.competence,
    sum(CASE WHEN s.comes THEN s.people ELSE -s.people END),
    inclusion.balance(s.gain, s.comes), inclusion.balance(s.improved, s.comes), inclusion.balance(s.worsened, s.comes),
    inclusion.balance(s.autonomous, s.comes), inclusion.balance(s.ended, s.comes), inclusion.balance(s.pending, s.comes),
    inclusion.balance(s.completed, s.comes), inclusion.balance(s.accepted, s.comes), inclusion.balance(s.attended, s.comes),
    inclusion.balance(s.presence, s.comes), inclusion.balance(s.gave_up, s.comes), inclusion.balance(s.for_good, s.comes),
    inclusion.balance(s.bridged, s.comes), inclusion.balance(s.self_referred, s.comes)
  FROM (TABLE move UNION ALL TABLE taken) s
  GROUP BY s.stage, s.month, s.territory, s.operator, s.programme, s.public, s.competence
  HAVING sum(CASE WHEN s.comes THEN s.people ELSE -s.people END) <> 0;
END
$$;

-- Cells that people have left for good, from those who remain.
CREATE FUNCTION inclusion_data.recount_cells(here text, cells inclusion_data.cube_cell[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
BEGIN
  DELETE FROM inclusion_data.cube c USING unnest(cells) d
  WHERE c.perimeter = here AND c.stage = d.stage AND c.month = d.month AND c.territory = d.territory
    AND c.operator = d.operator AND c.programme = d.programme;
  INSERT INTO inclusion_data.cube
  SELECT * FROM inclusion_data.cube_fold('inclusion_data.cube_person', here, cells);
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
  DELETE FROM inclusion_data.cube_cell c WHERE c.perimeter = here;
  PERFORM inclusion_data.renew_cube_people(here);
  DELETE FROM inclusion_data.cube c WHERE c.perimeter = here;
  INSERT INTO inclusion_data.cube
  SELECT * FROM inclusion_data.cube_fold('inclusion_data.cube_person', here);
  GET DIAGNOSTICS made = ROW_COUNT;
  INSERT INTO inclusion_data.cube_refresh (perimeter, refreshed_at, rebuilt_at) VALUES (here, now(), now())
  ON CONFLICT (perimeter) DO UPDATE SET refreshed_at = excluded.refreshed_at, rebuilt_at = excluded.rebuilt_at;
  RETURN made;
END
$$;

-- The people noted since, whatever the month their facts are of: what they were
-- is taken out of the cube, and what they are now put in.  So many that a rebuild
-- costs less: it is made anew, which gives the same rows.  Returns how many cells
-- were touched.
CREATE FUNCTION inclusion_data.update_cube(here text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' SET jit = off AS $$
DECLARE
  people bigint[];
  before inclusion_data.cube_person[];
  come inclusion_data.cube_person[];
  leave inclusion_data.cube_person[];
  cells inclusion_data.cube_cell[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('inclusion.cube ' || here, 0));
  WITH noted AS (DELETE FROM inclusion_data.cube_change c WHERE c.perimeter = here RETURNING c.beneficiary)
  SELECT array_agg(DISTINCT n.beneficiary) INTO people FROM noted n;
  IF cardinality(people) > 50000 THEN
    RETURN inclusion_data.rebuild_cube(here);
  END IF;
  IF people IS NOT NULL THEN
    before := ARRAY(SELECT p FROM inclusion_data.cube_person p WHERE p.perimeter = here AND p.beneficiary = ANY (people));
    PERFORM inclusion_data.renew_cube_people(here, people);
    SELECT array_agg(p), array_agg(b) FILTER (WHERE b.beneficiary IS NOT NULL) INTO come, leave
    FROM inclusion_data.cube_person p
    LEFT JOIN unnest(before) b ON b.beneficiary = p.beneficiary AND b.stage = p.stage
    WHERE p.perimeter = here AND p.beneficiary = ANY (people) AND (b.beneficiary IS NULL OR b <> p);
    PERFORM inclusion_data.move_in_cube(here, come, leave);
  END IF;
  WITH left_by AS (DELETE FROM inclusion_data.cube_cell c WHERE c.perimeter = here RETURNING c.stage, c.month, c.territory, c.operator, c.programme)
  SELECT array_agg(DISTINCT ROW(0, here, l.stage, l.month, l.territory, l.operator, l.programme)::inclusion_data.cube_cell) INTO cells
  FROM left_by l;
  IF cells IS NOT NULL THEN
    PERFORM inclusion_data.recount_cells(here, cells);
  END IF;
  INSERT INTO inclusion_data.cube_refresh AS r (perimeter, refreshed_at, rebuilt_at) VALUES (here, now(), now())
  ON CONFLICT (perimeter) DO UPDATE SET refreshed_at = excluded.refreshed_at;
  RETURN (SELECT count(*) FROM (
    SELECT p.stage, p.month, p.territory, p.operator, p.programme FROM unnest(come || leave) p
    UNION SELECT d.stage, d.month, d.territory, d.operator, d.programme FROM unnest(cells) d) t);
END
$$;

REVOKE ALL ON FUNCTION inclusion_data.cube_fold(regclass, text, inclusion_data.cube_cell[], inclusion_data.cube_person[]),
  inclusion_data.renew_cube_people(text, bigint[]), inclusion_data.recount_cells(text, inclusion_data.cube_cell[]),
  inclusion_data.move_in_cube(text, inclusion_data.cube_person[], inclusion_data.cube_person[]),
  inclusion_data.rebuild_cube(text), inclusion_data.update_cube(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.rebuild_cube(text), inclusion_data.update_cube(text) TO inclusion_night;
COMMENT ON FUNCTION inclusion_data.cube_fold(regclass, text, inclusion_data.cube_cell[], inclusion_data.cube_person[]) IS 'États d''un ensemble de personnes : dans leurs cases, pour tous et par public et compétence.';
COMMENT ON FUNCTION inclusion_data.renew_cube_people(text, bigint[]) IS 'Mesures renouvelées : celles de ces personnes, ou de toutes, là où les faits disent autre chose.';
COMMENT ON FUNCTION inclusion_data.move_in_cube(text, inclusion_data.cube_person[], inclusion_data.cube_person[]) IS 'Mouvements du cube : ajoute ce qui vient et ôte ce qui s''en va.';
COMMENT ON FUNCTION inclusion_data.recount_cells(text, inclusion_data.cube_cell[]) IS 'Cases recomptées : depuis les personnes qui y restent.';
COMMENT ON FUNCTION inclusion_data.rebuild_cube(text) IS 'Cube refait : toutes les lignes d''un périmètre, depuis les faits ; rend leur nombre.';
COMMENT ON FUNCTION inclusion_data.update_cube(text) IS 'Cube tenu à jour : ceux dont un fait a changé, de quelque mois qu''il soit ; rend le nombre de cases touchées.';
