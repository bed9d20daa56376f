/*
 * 84_released_enrolment: what becomes of those who enrol, how well they are
 * known, where they are sent and where nobody has been met, made ready to be
 * shown under the rules of 81_released.
 */

-- A number of people that would say something of each of them.
CREATE FUNCTION inclusion_data.says_too_much(people bigint, threshold int) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN people BETWEEN 1 AND threshold - 1;

-- How far each person has come since they first enrolled: 1 enrolled, 2 profiled
-- (a level and a request), 3 proposed a place, 4 come, 5 done.  The age is that of
-- the day they enrolled.
CREATE FUNCTION inclusion_data.enrolment_steps()
RETURNS TABLE (perimeter text, format text, channel text, campaign bigint, structure bigint, commune text, birth_year int, enrolled_year int,
               step int, people bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH first_day AS (
    SELECT DISTINCT ON (e.perimeter, e.beneficiary) e.perimeter, e.beneficiary, e.format, e.channel, e.campaign, e.structure, e.enrolled_on
    FROM inclusion_data.enrolment e
    WHERE e.beneficiary <> ALL ((SELECT inclusion_data.uncounted_people())::bigint[])
    ORDER BY e.perimeter, e.beneficiary, e.enrolled_on, e.id
  ), reached AS (
    SELECT p.perimeter, p.beneficiary,
      max(CASE s.to_state WHEN 'completed' THEN 5 WHEN 'attended' THEN 4 WHEN 'proposed' THEN 3 END) AS step
    FROM inclusion_data.proposal p
    JOIN inclusion_data.proposal_step s ON s.proposal = p.id AND s.perimeter = p.perimeter
    WHERE s.to_state IN ('proposed', 'attended', 'completed')
    GROUP BY p.perimeter, p.beneficiary
  ), profiled AS (
    SELECT a.perimeter, a.beneficiary FROM inclusion_data.assessment a
    INTERSECT
    SELECT n.perimeter, n.beneficiary FROM inclusion_data.expressed_need n WHERE n.family = 'learn'
  )
  SELECT f.perimeter, f.format, f.channel, f.campaign, f.structure, b.commune, b.birth_year, extract(year FROM f.enrolled_on)::int,
         coalesce(r.step, CASE WHEN k.beneficiary IS NULL THEN 1 ELSE 2 END), count(*)
  FROM first_day f
  JOIN inclusion_data.beneficiary b ON b.id = f.beneficiary AND b.perimeter = f.perimeter
  LEFT JOIN reached r ON r.beneficiary = f.beneficiary AND r.perimeter = f.perimeter
  LEFT JOIN profiled k ON k.beneficiary = f.beneficiary AND k.perimeter = f.perimeter
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
$$;

-- The same in counts, cut one way at a time.  Each step holds those after it: one
-- is shown as far as neither it nor what the steps before lost is too few people.
-- Where the rows hidden together are too few, the whole cut is.
CREATE FUNCTION inclusion_data.released_enrolment_yield()
RETURNS TABLE (perimeter text, dimension text, code text, enrolled_count int, profiled_count int, matched_count int, started_count int,
               completed_count int, is_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH person AS MATERIALIZED (
    SELECT s.* FROM inclusion_data.enrolment_steps() s
  ), age AS (
    SELECT v.birth_year, v.enrolled_year, inclusion.age_bracket(v.birth_year, make_date(v.enrolled_year, 12, 31)) AS code
    FROM (SELECT DISTINCT p.birth_year, p.enrolled_year FROM person p) v
  ), cut AS (
    SELECT p.perimeter, 'format' AS dimension, p.format AS code, p.step, p.people FROM person p
    UNION ALL SELECT p.perimeter, 'origin' AS dimension, p.channel AS code, p.step, p.people FROM person p
    UNION ALL SELECT p.perimeter, 'campaign' AS dimension, coalesce(c.name, 'aucune') AS code, p.step, p.people
      FROM person p LEFT JOIN inclusion_data.campaign c ON c.id = p.campaign AND c.perimeter = p.perimeter
    UNION ALL SELECT p.perimeter, 'structure_kind' AS dimension, coalesce(s.kind, 'inconnu') AS code, p.step, p.people
      FROM person p JOIN inclusion_data.structure s ON s.id = p.structure
    UNION ALL SELECT p.perimeter, 'territory' AS dimension, coalesce(t.epci, 'inconnu') AS code, p.step, p.people
      FROM person p LEFT JOIN inclusion_data.territory t ON t.code = p.commune
    UNION ALL SELECT p.perimeter, 'age_bracket' AS dimension, a.code, p.step, p.people
      FROM person p JOIN age a ON a.enrolled_year = p.enrolled_year AND coalesce(a.birth_year, 0) = coalesce(p.birth_year, 0)
  ), counted AS (
    SELECT c.perimeter, c.dimension, c.code, h.least, sum(c.people) AS n1,
      coalesce(sum(c.people) FILTER (WHERE c.step >= 2), 0) AS n2, coalesce(sum(c.people) FILTER (WHERE c.step >= 3), 0) AS n3,
      coalesce(sum(c.people) FILTER (WHERE c.step >= 4), 0) AS n4, coalesce(sum(c.people) FILTER (WHERE c.step >= 5), 0) AS n5
    FROM cut c JOIN inclusion_data.publication_threshold h ON h.perimeter = c.perimeter
    GROUP BY c.perimeter, c.dimension, c.code, h.least
  ), judged AS (
    SELECT k.*,
      array[inclusion_data.says_too_much(k.n1::bigint, k.least),
            inclusion_data.says_too_much(k.n2::bigint, k.least) OR inclusion_data.says_too_much((k.n1 - k.n2)::bigint, k.least),
            inclusion_data.says_too_much(k.n3::bigint, k.least) OR inclusion_data.says_too_much((k.n2 - k.n3)::bigint, k.least),
            inclusion_data.says_too_much(k.n4::bigint, k.least) OR inclusion_data.says_too_much((k.n3 - k.n4)::bigint, k.least),
            inclusion_data.says_too_much(k.n5::bigint, k.least) OR inclusion_data.says_too_much((k.n4 - k.n5)::bigint, k.least)] AS small
    FROM counted k
  ), shown AS (
    -- the first step that is not shown, 6 if none is hidden
    SELECT j.*, CASE WHEN inclusion_data.says_too_much((sum(j.n1) FILTER (WHERE j.small[1]) OVER here)::bigint, j.least) THEN 1
                     ELSE coalesce(array_position(j.small, true), 6) END AS hidden_from
    FROM judged j WINDOW here AS (PARTITION BY j.perimeter, j.dimension)
  )
  SELECT s.perimeter, s.dimension, s.code, CASE WHEN s.hidden_from > 1 THEN s.n1 END::int, CASE WHEN s.hidden_from > 2 THEN s.n2 END::int,
         CASE WHEN s.hidden_from > 3 THEN s.n3 END::int, CASE WHEN s.hidden_from > 4 THEN s.n4 END::int,
         CASE WHEN s.hidden_from > 5 THEN s.n5 END::int, s.hidden_from < 6
  FROM shown s;
END
$$;

-- What is known of the people of each perimeter, in bits, and of how many: one
-- pass over all that was said, since there may be a million of them.
--     1 waits, 4 screened, 8 a level, 16 a request to learn, 32 a
--     right to settle, 64 and 128 a fact that bears on the one and the other,
--     256 a position, 512 a year of birth, 1024 availability, 2048 a language
CREATE FUNCTION inclusion_data.profile_bits() RETURNS TABLE (perimeter text, known int, people bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET work_mem = '128MB' AS $$
  WITH person AS (
    SELECT v.perimeter, v.id, bit_or(v.known) AS known FROM (
      SELECT e.perimeter, e.beneficiary AS id, 1 AS known FROM inclusion_data.enrolment e WHERE e.withdrawn_on IS NULL
      UNION ALL
      SELECT a.perimeter, a.beneficiary AS id, i.known FROM inclusion_data.assessment a
      JOIN (SELECT t.code, CASE WHEN t.trust > 1 THEN 12 ELSE 4 END AS known FROM inclusion_data.instrument t) i ON i.code = a.instrument
      UNION ALL
      SELECT n.perimeter, n.beneficiary AS id, CASE WHEN n.family = 'learn' THEN 16 ELSE 32 END AS known FROM inclusion_data.expressed_need n
      WHERE n.closed_on IS NULL AND n.family IN ('learn', 'rights')
      UNION ALL
      SELECT c.perimeter, c.beneficiary AS id, i.known FROM inclusion_data.circumstance c
      JOIN (SELECT t.code, CASE WHEN 'learn' = ANY (t.families) THEN 64 ELSE 0 END + CASE WHEN 'rights' = ANY (t.families) THEN 128 ELSE 0 END AS known
            FROM inclusion_data.circumstance_item t) i ON i.code = c.item
      WHERE c.answer <> 'not_raised'
      UNION ALL
      SELECT b.perimeter, b.id, CASE WHEN b.longitude IS NOT NULL THEN 256 ELSE 0 END + CASE WHEN b.birth_year IS NOT NULL THEN 512 ELSE 0 END
                   + CASE WHEN b.slots <> '{}' THEN 1024 ELSE 0 END + CASE WHEN b.languages <> '{}' THEN 2048 ELSE 0 END AS known
      FROM inclusion_data.beneficiary b) v
    GROUP BY v.perimeter, v.id)
  SELECT p.perimeter, p.known, count(*) FROM person p
  WHERE p.known & 1 = 1 AND p.id NOT IN (SELECT u FROM unnest(inclusion_data.uncounted_people()) u)
  GROUP BY p.perimeter, p.known
$$;

-- The same piece by piece, of each family apart: to learn, everybody who waits; for
-- rights, those with a right to settle.
CREATE FUNCTION inclusion_data.released_profile()
RETURNS TABLE (perimeter text, family text, piece text, people_count int, known_count int, is_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH asked (family, piece, base, bit) AS (
    VALUES ('learn', 'screening', 1, 4), ('learn', 'level', 1, 8), ('learn', 'goal', 1, 16), ('learn', 'situation', 1, 64), ('learn', 'position', 1, 256),
           ('learn', 'birth_year', 1, 512), ('learn', 'availability', 1, 1024),
           ('rights', 'situation', 32, 128), ('rights', 'position', 32, 256), ('rights', 'language', 32, 2048)
  ), counted AS (
    SELECT h.perimeter, h.least, a.family, a.piece,
      coalesce(sum(k.people) FILTER (WHERE k.known & a.base > 0), 0)::bigint AS people,
      coalesce(sum(k.people) FILTER (WHERE k.known & a.base > 0 AND k.known & a.bit > 0), 0)::bigint AS known
    FROM inclusion_data.publication_threshold h
    JOIN inclusion_data.profile_bits() k ON k.perimeter = h.perimeter
    CROSS JOIN asked a
    GROUP BY h.perimeter, h.least, a.family, a.piece
  ), judged AS (
    SELECT c.*, inclusion_data.says_too_much(c.known, c.least) OR inclusion_data.says_too_much(c.people - c.known, c.least) AS too_small FROM counted c
  )
  SELECT j.perimeter, j.family, j.piece,
    CASE WHEN j.people >= j.least THEN j.people END::int,
    CASE WHEN j.people >= j.least AND NOT j.too_small THEN j.known END::int, j.people < j.least OR j.too_small
  FROM judged j;
END
$$;

-- Of those sent somewhere, by a proposal or an orientation, how many were sent to
-- what the structure that enrolled them carries itself.
CREATE FUNCTION inclusion_data.released_self_referral()
RETURNS TABLE (perimeter text, dimension text, code text, people_count int, own_count int, is_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH sent AS (
    SELECT p.perimeter, p.beneficiary, p.offer FROM inclusion_data.proposal p
    UNION ALL SELECT n.perimeter, n.beneficiary, n.offer FROM inclusion_data.orientation n
  ), person AS (
    SELECT s.perimeter, s.beneficiary, t.kind, bool_or(o.structure = b.structure) AS own
    FROM sent s
    JOIN inclusion_data.beneficiary b ON b.id = s.beneficiary AND b.perimeter = s.perimeter
    JOIN inclusion_data.structure t ON t.id = b.structure
    JOIN inclusion_data.offer o ON o.id = s.offer AND o.structure IS NOT NULL
    WHERE s.beneficiary <> ALL ((SELECT inclusion_data.uncounted_people())::bigint[])
    GROUP BY s.perimeter, s.beneficiary, t.kind
  ), counted AS (
    SELECT p.perimeter, 'perimeter' AS dimension, p.perimeter AS code, count(*) AS people, count(*) FILTER (WHERE p.own) AS own
    FROM person p GROUP BY p.perimeter
    UNION ALL
    SELECT p.perimeter, 'structure_kind' AS dimension, coalesce(p.kind, 'inconnu') AS code, count(*) AS people, count(*) FILTER (WHERE p.own) AS own
    FROM person p GROUP BY p.perimeter, coalesce(p.kind, 'inconnu')
  ), judged AS (
    SELECT c.*, h.least, inclusion_data.says_too_much(c.people, h.least) OR inclusion_data.says_too_much(c.own, h.least)
                         OR inclusion_data.says_too_much(c.people - c.own, h.least) AS small
    FROM counted c JOIN inclusion_data.publication_threshold h ON h.perimeter = c.perimeter
  ), shown AS (
    -- kinds are parts of the perimeter's: one hidden could be had by subtraction
    SELECT j.*, bool_or(j.small) OVER (PARTITION BY j.perimeter, j.dimension) AS is_masked FROM judged j
  )
  SELECT s.perimeter, s.dimension, s.code, CASE WHEN NOT s.is_masked THEN s.people END::int, CASE WHEN NOT s.is_masked THEN s.own END::int, s.is_masked
  FROM shown s;
END
$$;

-- People enrolled where they live, by intercommunality: nobody enrolled is nobody
-- met, never nobody in need.
CREATE FUNCTION inclusion_data.released_coverage()
RETURNS TABLE (perimeter text, territory text, communes int, unmet_communes int, population bigint, people_count int, outreach text, is_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH met AS (
    SELECT b.commune, count(*) AS people FROM inclusion_data.beneficiary b
    WHERE b.id <> ALL ((SELECT inclusion_data.uncounted_people())::bigint[])
      AND EXISTS (SELECT FROM inclusion_data.enrolment e WHERE e.beneficiary = b.id AND e.perimeter = b.perimeter)
    GROUP BY b.commune
  ), part AS (
    SELECT t.perimeter, coalesce(t.epci, 'inconnu') AS territory, h.least, count(*)::int AS communes, (count(*) FILTER (WHERE m.people IS NULL))::int AS unmet,
           sum(t.population) AS population, coalesce(sum(m.people), 0)::bigint AS people
    FROM inclusion_data.territory t
    JOIN inclusion_data.publication_threshold h ON h.perimeter = t.perimeter
    LEFT JOIN met m ON m.commune = t.code
    WHERE t.kind = 'commune' GROUP BY t.perimeter, coalesce(t.epci, 'inconnu'), h.least
  ), judged AS (
    SELECT p.*, coalesce(sum(p.people) FILTER (WHERE inclusion_data.says_too_much(p.people, p.least)) OVER (PARTITION BY p.perimeter), 0) AS hidden FROM part p
  ), shown AS (
    SELECT j.*, inclusion_data.says_too_much(j.people, j.least) OR inclusion_data.says_too_much(j.hidden::bigint, j.least) AS is_masked FROM judged j
  )
  SELECT s.perimeter, s.territory, s.communes, s.unmet, s.population, CASE WHEN NOT s.is_masked AND s.people > 0 THEN s.people END::int,
         CASE WHEN s.people = 0 THEN 'non prospecté' WHEN s.people < s.least THEN 'peu prospecté' ELSE 'prospecté' END, s.is_masked
  FROM shown s;
END
$$;

-- Procedures done under a mandate, structure by structure: told to the structure
-- that decided, in full, and to the lead of the perimeter, above the threshold;
-- to nobody else.
CREATE FUNCTION inclusion_data.operator_mandates(who name)
RETURNS TABLE (perimeter text, structure bigint, people_count int, mandate_count int, is_masked boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  own constant bigint[] := inclusion_data.structures_of(who);
  officer constant boolean := pg_has_role(session_user, who, 'MEMBER') AND pg_has_role(who, 'inclusion_dpo', 'USAGE');
  led constant text[] := CASE WHEN pg_has_role(who, 'inclusion_steward', 'USAGE') THEN inclusion_data.perimeters_of(who) ELSE '{}' END;
BEGIN
  RETURN QUERY
  WITH counted AS (
    SELECT d.perimeter, a.structure, h.least, count(DISTINCT d.beneficiary) AS people, count(DISTINCT d.beneficiary) FILTER (WHERE d.outcome = 'mandate') AS mandated
    FROM inclusion_data.autonomy_now d
    JOIN inclusion_data.agent a ON a.id = d.agent AND a.structure IS NOT NULL
    JOIN inclusion_data.publication_threshold h ON h.perimeter = d.perimeter
    WHERE d.beneficiary <> ALL ((SELECT inclusion_data.uncounted_people())::bigint[])
      AND (officer OR a.structure = ANY (own) OR d.perimeter = ANY (led))
    GROUP BY d.perimeter, a.structure, h.least
  ), judged AS (
    SELECT c.*, c.structure <> ALL (own) AND (inclusion_data.says_too_much(c.people, c.least) OR inclusion_data.says_too_much(c.mandated, c.least)
                                              OR inclusion_data.says_too_much(c.people - c.mandated, c.least)) AS is_masked
    FROM counted c
  )
  SELECT j.perimeter, j.structure, CASE WHEN NOT j.is_masked THEN j.people END::int, CASE WHEN NOT j.is_masked THEN j.mandated END::int, j.is_masked
  FROM judged j;
END
$$;

REVOKE ALL ON FUNCTION inclusion_data.says_too_much(bigint, int), inclusion_data.enrolment_steps(), inclusion_data.released_enrolment_yield(),
  inclusion_data.profile_bits(), inclusion_data.released_profile(), inclusion_data.released_self_referral(),
  inclusion_data.released_coverage(), inclusion_data.operator_mandates(name) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inclusion_data.released_enrolment_yield(), inclusion_data.released_profile(), inclusion_data.released_self_referral(),
  inclusion_data.released_coverage()
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_analyst, inclusion_dpo;
GRANT EXECUTE ON FUNCTION inclusion_data.operator_mandates(name)
  TO inclusion_front_desk, inclusion_mediator, inclusion_coordinator, inclusion_steward, inclusion_dpo;

COMMENT ON FUNCTION inclusion_data.says_too_much(bigint, int) IS 'Trop petit nombre : quelqu''un, et moins que le seuil.';
COMMENT ON FUNCTION inclusion_data.enrolment_steps() IS 'Chemin depuis l''inscription : jusqu''où chacun est allé, à l''âge qu''il avait alors.';
COMMENT ON FUNCTION inclusion_data.released_enrolment_yield() IS 'Suites des inscriptions comptées : d''étape en étape, montrées tant que rien n''est sous le seuil.';
COMMENT ON FUNCTION inclusion_data.profile_bits() IS 'Éléments connus : en bits, et de combien de personnes qui attendent.';
COMMENT ON FUNCTION inclusion_data.released_profile() IS 'Profils comptés : ce que l''on sait de ceux qui attendent, chaque famille à part.';
COMMENT ON FUNCTION inclusion_data.released_self_referral() IS 'Orientations vers soi comptées : vers la structure même qui a inscrit la personne.';
COMMENT ON FUNCTION inclusion_data.released_coverage() IS 'Prospection des intercommunalités : personnes inscrites et communes où personne ne l''est.';
COMMENT ON FUNCTION inclusion_data.operator_mandates(name) IS 'Mandats par structure : dits à la structure et au chef de file, à personne d''autre.';
