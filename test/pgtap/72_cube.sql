-- Indicators and the cube: whom each counts, once; the same figures from stored
-- states and from people, at every level; and the same cube whether it is kept
-- or made anew, whatever was corrected and when.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\ir impact_world.psql
SELECT * FROM inclusion.refresh_cube();
\o
SELECT plan(75);

-- --- whom each counts: the definitions, written again without the cube ----------------

CREATE TEMPORARY VIEW step AS
SELECT p.perimeter, p.beneficiary, p.offer, s.to_state, (s.at AT TIME ZONE 'Europe/Paris')::date AS day, s.at
FROM inclusion_data.proposal p JOIN inclusion_data.proposal_step s ON s.proposal = p.id AND s.perimeter = p.perimeter;
CREATE TEMPORARY VIEW came AS
SELECT s.perimeter, s.beneficiary, min(s.day) FILTER (WHERE s.to_state = 'attended') AS first, max(s.day) FILTER (WHERE s.to_state IN ('attended', 'completed', 'stopped')) AS last,
       min(s.day) FILTER (WHERE s.to_state = 'completed') AS completed, min(s.day) FILTER (WHERE s.to_state = 'stopped') AS stopped
FROM step s WHERE EXISTS (SELECT FROM step a WHERE a.beneficiary = s.beneficiary AND a.to_state = 'attended') GROUP BY 1, 2;
CREATE FUNCTION pg_temp.said(indicator text, measure text, breakdown text DEFAULT 'total', code text DEFAULT '', OUT n bigint, OUT x bigint, OUT value float8)
LANGUAGE sql AS $$ SELECT v.n, v.x, v.value FROM inclusion.indicator_values(indicator, 'DEP-27', NULL, breakdown, '2027-12-01') v
                   WHERE v.measure = said.measure AND v.code = said.code $$;

SELECT results_eq($$ SELECT n, x FROM pg_temp.said('I05', 'terminés') $$,
  $$ SELECT count(*), count(*) FILTER (WHERE completed <= first + 180) FROM came WHERE perimeter = 'DEP-27' $$, 'I05: who came, and completed within 180 days');
SELECT results_eq($$ SELECT n, x FROM pg_temp.said('I05', 'terminés', 'operator', '902') $$,
  $$ SELECT count(*), count(*) FILTER (WHERE c.completed <= c.first + 180) FROM came c
     JOIN LATERAL (SELECT s.offer FROM step s WHERE s.beneficiary = c.beneficiary AND s.to_state = 'attended' ORDER BY s.at LIMIT 1) f ON f.offer IN (902, 903) WHERE c.perimeter = 'DEP-27' $$,
  'of one structure: who came there first');
SELECT results_eq($$ SELECT n, x FROM pg_temp.said('I16', 'venues d''elles-mêmes', 'epci', 'EPCI-200066389') $$,
  $$ SELECT count(*), count(*) FILTER (WHERE e.format = 'self') FROM inclusion_data.enrolment e JOIN inclusion_data.beneficiary b ON b.id = e.beneficiary WHERE b.commune = 'COM-27229' $$,
  'I16: enrolments on one''s own initiative, in an EPCI');
SELECT results_eq($$ SELECT n, x FROM pg_temp.said('I15', 'venues en médiation') $$,
  $$ SELECT count(*), count(*) FILTER (WHERE c.first <= r.day + 90) FROM (SELECT beneficiary, min(settled_on) AS day FROM inclusion_data.settled_right WHERE perimeter = 'DEP-27' GROUP BY 1) r
     LEFT JOIN came c ON c.beneficiary = r.beneficiary WHERE c.first IS NULL OR c.first >= r.day $$, 'I15: a mediation within 90 days of a first right, who came already left out');
SELECT results_eq($$ SELECT n, x FROM pg_temp.said('I14', 'acceptées') $$,
  $$ SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM step a WHERE a.beneficiary = e.beneficiary AND a.to_state = 'agreed' AND a.day <= e.enrolled_on + 180)) FROM inclusion_data.enrolment e
     WHERE e.perimeter = 'DEP-27' AND EXISTS (SELECT FROM step s WHERE s.beneficiary = e.beneficiary AND s.to_state = 'proposed' AND s.day <= e.enrolled_on + 180) $$, 'I14: who was proposed a place, and who accepted one');
SELECT results_eq($$ SELECT n, x FROM pg_temp.said('I08', 'offre acceptée en 90 jours') $$,
  $$ SELECT count(*), count(*) FILTER (WHERE a.day - e.enrolled_on <= 90) FROM inclusion_data.enrolment e
     LEFT JOIN (SELECT beneficiary, min(day) AS day FROM step WHERE to_state = 'agreed' GROUP BY 1) a ON a.beneficiary = e.beneficiary WHERE e.perimeter = 'DEP-27' $$, 'I08: who accepted an offer');
-- waits all seen to their end: an incidence is then a plain share
SELECT ok((SELECT abs(v.value - v.x::float8 / v.n) < 1e-12 FROM pg_temp.said('I08', 'offre acceptée en 90 jours') v), 'leaving first is another end, and lowers the share');
SELECT is((SELECT v.value FROM pg_temp.said('I08', 'délai médian') v), (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY coalesce(a.day - e.enrolled_on, 99999))::float8 FROM inclusion_data.enrolment e
  LEFT JOIN (SELECT beneficiary, min(day) AS day FROM step WHERE to_state = 'agreed' GROUP BY 1) a ON a.beneficiary = e.beneficiary WHERE e.perimeter = 'DEP-27'), 'and its median counts those who left as never served');
SELECT ok(abs((SELECT v.value FROM pg_temp.said('I08', 'délai moyen avant 90 jours') v) - (SELECT avg(least(coalesce(a.day - e.enrolled_on, 90), 90)) FROM inclusion_data.enrolment e
  LEFT JOIN (SELECT beneficiary, min(day) AS day FROM step WHERE to_state = 'agreed' GROUP BY 1) a ON a.beneficiary = e.beneficiary WHERE e.perimeter = 'DEP-27')) < 1e-9, 'as does the mean before 90 days');
-- all these waits are seen to their end: intervals are those of what everybody waited
CREATE FUNCTION pg_temp.limits(indicator text, measure text, OUT value float8, OUT low float8, OUT high float8)
LANGUAGE sql AS $$ SELECT v.value, v.low, v.high FROM inclusion.indicator_values(indicator, 'DEP-27', NULL, 'total', '2027-12-01') v WHERE v.measure = limits.measure $$;
CREATE TEMPORARY VIEW wait AS SELECT coalesce(a.day - e.enrolled_on, 99999) AS days FROM inclusion_data.enrolment e
  LEFT JOIN (SELECT beneficiary, min(day) AS day FROM step WHERE to_state = 'agreed' GROUP BY 1) a ON a.beneficiary = e.beneficiary WHERE e.perimeter = 'DEP-27';
SELECT ok(abs(l.low - (o.p - 1.959963984540054 * sqrt(o.p * (1 - o.p) / o.n))) < 1e-9 AND abs(l.high - (o.p + 1.959963984540054 * sqrt(o.p * (1 - o.p) / o.n))) < 1e-9, 'with the interval of a share')
FROM pg_temp.limits('I08', 'offre acceptée en 90 jours') l, (SELECT avg((days <= 90)::int)::float8 AS p, count(*) AS n FROM wait) o;
SELECT ok(abs(l.low - (o.m - 1.959963984540054 * o.s / sqrt(o.n))) < 1e-6 AND abs(l.high - (o.m + 1.959963984540054 * o.s / sqrt(o.n))) < 1e-6, 'a mean wait with that of a mean')
FROM pg_temp.limits('I08', 'délai moyen avant 90 jours') l, (SELECT avg(least(days, 90))::float8 AS m, stddev_samp(least(days, 90))::float8 AS s, count(*) AS n FROM wait) o;
SELECT is(l.low::text || ' ' || l.high::text, (SELECT min(k.days) FILTER (WHERE k.f + 1.959963984540054 * sqrt(k.f * (1 - k.f) / k.n) >= 0.5) || ' ' || min(k.days) FILTER (WHERE k.f - 1.959963984540054 * sqrt(k.f * (1 - k.f) / k.n) >= 0.5)
  FROM (SELECT DISTINCT w.days, (SELECT avg((v.days <= w.days)::int)::float8 FROM wait v) AS f, (SELECT count(*) FROM wait) AS n FROM wait w WHERE w.days < 99999) k), 'a median with the days where the limits of the curve pass the half')
FROM pg_temp.limits('I08', 'délai médian') l;
SELECT results_eq($$ SELECT i.ended, i.share, i.low, i.high FROM inclusion_data.incidence_by('waiting{rows=200:0:40}', 40, 180) i $$, $$ SELECT 0::bigint, 0::float8, w.low, w.high FROM inclusion.wilson(0, 40) w $$, 'nobody out of forty is not surely nobody');
SELECT results_eq($$ SELECT i.ended, i.share, i.low, i.high FROM inclusion_data.incidence_by('waiting{rows=20:1:40}', 40, 180) i $$, $$ SELECT 40::bigint, 1::float8, w.low, w.high FROM inclusion.wilson(40, 40) w $$, 'nor everybody everybody');
SELECT results_eq($$ SELECT n, x FROM pg_temp.said('I06', 'arrêtés en 180 jours') $$,
  $$ SELECT count(*), count(*) FILTER (WHERE stopped < coalesce(completed, 'infinity') AND stopped <= first + 180) FROM came WHERE perimeter = 'DEP-27' $$, 'I06: journeys stopped, completion being another end');
CREATE TEMPORARY VIEW pair AS
SELECT c.beneficiary, s.code, s.points AS pre, inclusion.points(b.vector, s.code) AS post
FROM came c JOIN inclusion_data.assessment a ON a.beneficiary = c.beneficiary AND a.assessed_on <= c.first CROSS JOIN LATERAL inclusion.slots(a.vector) s
LEFT JOIN inclusion_data.assessment b ON b.beneficiary = c.beneficiary AND b.assessed_on BETWEEN c.last AND c.last + 90 AND b.assessed_on > c.first WHERE c.perimeter = 'DEP-27';
SELECT results_eq($$ SELECT n, round(value::numeric, 9) FROM pg_temp.said('I01', 'écart moyen', 'competence', '4.2') $$,
  $$ SELECT count(post), round(avg(post - pre), 9) FROM pair WHERE code = '4.2' $$, 'I01: the mean of last minus first, competence by competence');
SELECT results_eq($$ SELECT n, x FROM pg_temp.said('I02', 'en hausse', 'competence', '1.1') $$,
  $$ SELECT count(post), count(*) FILTER (WHERE (post - pre) / (8 * sqrt(2 * (1 - 0.8))) >= 1.96) FROM pair WHERE code = '1.1' $$, 'I02: beyond 1.96 of the error of measure');
SELECT is((SELECT sum(v.x) FROM inclusion.indicator_values('I02', 'DEP-27', NULL, 'competence', '2027-12-01') v WHERE v.code = '1.1'),
  (SELECT n::numeric FROM pg_temp.said('I02', 'en hausse', 'competence', '1.1')), 'better, worse and neither are everybody');
SELECT results_eq($$ SELECT n, x FROM pg_temp.said('I04', 'mesurées deux fois') $$,
  $$ SELECT count(DISTINCT beneficiary), count(DISTINCT beneficiary) FILTER (WHERE post IS NOT NULL) FROM pair $$, 'I04: of those measured at entry, who was again');
SELECT is_empty($$ SELECT code FROM inclusion.indicator_values('I01', 'DEP-27', NULL, 'public', '2027-12-01') v WHERE v.entered < v.n OR v.entered IS NULL $$, 'a gain never comes without those it lost sight of');
SELECT results_eq($$ SELECT n, x FROM pg_temp.said('I03', 'cible atteinte') $$,
  $$ SELECT count(*), count(*) FILTER (WHERE l.one >= 24 AND l.two >= 16) FROM (
       SELECT beneficiary, max(coalesce(post, pre)) FILTER (WHERE code = '1.1') AS one, max(coalesce(post, pre)) FILTER (WHERE code = '4.2') AS two,
              bool_or(post IS NOT NULL) AS seen FROM pair WHERE true GROUP BY 1
       HAVING bool_or(code = '1.1' AND pre < 24 OR code = '4.2' AND pre < 16)) l WHERE l.seen $$, 'I03: every competence wanted, of those who lacked one');
SELECT results_eq($$ SELECT n, round(value::numeric, 9) FROM pg_temp.said('I13', 'au moins une fois') $$,
  $$ SELECT count(*), round(avg((b.answer = 'yes')::int - (a.answer = 'yes')::int), 9) FROM came c
     JOIN inclusion_data.circumstance a ON a.beneficiary = c.beneficiary AND a.recorded_on <= c.first JOIN inclusion_data.circumstance b ON b.beneficiary = c.beneficiary AND b.recorded_on > c.first
     WHERE c.perimeter = 'DEP-27' $$, 'I13: giving up, before and since, of the same people');
SELECT results_eq($$ SELECT round(v.value::numeric, 9) FROM pg_temp.said('I09', 'présence') v $$,
  $$ SELECT round(count(*) FILTER (WHERE to_state = 'attended')::numeric / count(*), 9) FROM step s JOIN came c ON c.beneficiary = s.beneficiary WHERE s.perimeter = 'DEP-27' AND s.to_state IN ('attended', 'absent') $$, 'I09: appointments kept');
SELECT is((SELECT v.value FROM inclusion.indicator_values('I13', 'DEP-27', NULL, 'total', '2027-12-01') v WHERE v.measure = 'pour de bon'), NULL, 'a question nobody was asked has no figure');

-- --- the same from stored states, at every level ---------------------------------------

-- Straight from people, in the cells of a cut: waits are seen on that day
CREATE FUNCTION pg_temp.direct(cut text) RETURNS TABLE (stage text, code text, sums jsonb) LANGUAGE plpgsql AS $$
BEGIN
  CREATE TEMPORARY TABLE relabelled AS
  SELECT p.beneficiary, p.perimeter, p.stage, date '2025-01-01' AS month, 0::bigint AS operator, '' AS programme,
    coalesce(CASE cut WHEN 'commune' THEN p.territory WHEN 'epci' THEN t.epci WHEN 'department' THEN t.department WHEN 'region' THEN t.region
             WHEN 'operator' THEN p.operator::text WHEN 'programme' THEN p.programme END, '') AS territory,
    CASE cut WHEN 'public' THEN p.publics ELSE '{}' END AS publics,
    p.pre, p.post, p.pre_level, p.post_level, p.smallest_change, p.improved, p.worsened, p.autonomous, p.ended_days, p.ended_as,
    p.pending_day + (date '2027-12-01' - p.month) AS pending_day, p.completed, p.accepted, p.attended, p.attended_count, p.booked_count,
    p.gave_up_before, p.gave_up_after, p.for_good_before, p.for_good_after, p.bridged, p.self_referred
  FROM inclusion_data.cube_facts('DEP-27') p LEFT JOIN inclusion_data.territory t ON t.code = p.territory;
  RETURN QUERY
  SELECT f.stage, CASE cut WHEN 'public' THEN f.public WHEN 'competence' THEN f.competence ELSE f.territory END,
         to_jsonb(f) - '{perimeter,stage,month,territory,operator,programme,public,competence}'::text[]
  FROM inclusion_data.cube_fold('relabelled', 'DEP-27') f
  WHERE (f.competence <> '') = (cut = 'competence') AND (f.public <> '') = (cut = 'public');
  DROP TABLE relabelled;
END
$$;
CREATE FUNCTION pg_temp.merged(cut text) RETURNS TABLE (stage text, code text, sums jsonb) LANGUAGE sql AS $$
  SELECT v.stage, s.code, to_jsonb(s.sums) - '{perimeter,stage,month,territory,operator,programme,public,competence}'::text[]
  FROM unnest('{entry,mediation,rights}'::text[]) v (stage),
       inclusion_data.cube_sums('DEP-27', v.stage, '1900-01-01', '2100-01-01', '2027-12-01', false, ARRAY[cut]) s
$$;
SELECT results_eq(format('SELECT * FROM pg_temp.merged(%L) ORDER BY 1, 2', cut), format('SELECT * FROM pg_temp.direct(%L) ORDER BY 1, 2', cut),
  'every state by ' || cut || ' is the merge of those stored')
FROM unnest('{total,commune,epci,department,region,operator,programme,public,competence}'::text[]) cut;
SELECT cmp_ok((SELECT count(*) FROM pg_temp.merged('competence')), '>=', 2::bigint, 'of which there are some');
SELECT results_eq($$ SELECT s.period, (s.sums).people FROM inclusion_data.cube_sums('DEP-27', 'entry', '1900-01-01', '2100-01-01', '2027-12-01', true, '{total}') s ORDER BY 1 $$,
  $$ SELECT date_trunc('quarter', enrolled_on)::date, count(*) FROM inclusion_data.enrolment WHERE perimeter = 'DEP-27' GROUP BY 1 ORDER BY 1 $$, 'quarter by quarter too');
-- once each, wherever people are parted
SELECT is((SELECT count(DISTINCT t.people) || ' ' || min(t.people) FROM (SELECT cut, sum((m.sums ->> 'people')::int) AS people
  FROM unnest('{total,commune,epci,department,region,operator,programme}'::text[]) cut, pg_temp.merged(cut) m WHERE m.stage = 'mediation' GROUP BY cut) t),
  '1 ' || (SELECT count(*) FROM came WHERE perimeter = 'DEP-27'), 'who came counts once, whatever parts people');
SELECT cmp_ok((SELECT sum((m.sums ->> 'people')::int) FROM pg_temp.merged('public') m WHERE m.stage = 'mediation' AND m.code !~ '^age'), '>', (SELECT count(*)::bigint FROM came WHERE perimeter = 'DEP-27'),
  'publics overlap, and are not parts');
SELECT is((SELECT sum((m.sums ->> 'people')::int)::bigint FROM pg_temp.merged('public') m WHERE m.stage = 'entry' AND m.code ~ '^age'), 240::bigint, 'everybody has one age, that of the day');
SELECT results_eq($$ SELECT p.publics[cardinality(p.publics)] FROM inclusion_data.cube_person p WHERE p.stage = 'mediation' ORDER BY p.beneficiary $$,
  $$ SELECT 'age_' || inclusion.age_bracket(b.birth_year, c.first, 'common') FROM came c JOIN inclusion_data.beneficiary b ON b.id = c.beneficiary ORDER BY b.id $$, 'an age is that of the day they came');

-- --- kept, or made anew ------------------------------------------------------------------

CREATE TEMPORARY TABLE kept AS SELECT c.* FROM inclusion_data.cube c;
CREATE FUNCTION pg_temp.cube_text() RETURNS TABLE (line text) LANGUAGE sql AS $$ SELECT c::text FROM inclusion_data.cube c $$;
-- refreshed, then rebuilt: nothing may differ, nor anybody's row
CREATE FUNCTION pg_temp.differences(OUT cells bigint, OUT lines bigint, OUT people bigint) LANGUAGE plpgsql AS $$
BEGIN
  SELECT sum(r.cells) INTO cells FROM inclusion.refresh_cube() r;
  CREATE TEMPORARY TABLE one ON COMMIT DROP AS SELECT c::text AS line FROM inclusion_data.cube c;
  CREATE TEMPORARY TABLE one_person ON COMMIT DROP AS SELECT p::text AS line FROM inclusion_data.cube_person p;
  PERFORM inclusion.refresh_cube(whole => true);
  lines := (SELECT count(*) FROM (SELECT line FROM one FULL JOIN (SELECT c::text AS line FROM inclusion_data.cube c) two USING (line)
                                  WHERE one.line IS NULL OR two.line IS NULL) d);
  people := (SELECT count(*) FROM (SELECT line FROM one_person one FULL JOIN (SELECT p::text AS line FROM inclusion_data.cube_person p) two USING (line)
                                   WHERE one.line IS NULL OR two.line IS NULL) d);
  DROP TABLE one, one_person;
END
$$;
SELECT is(d::text, '(0,0,0)', 'nothing new: no cell is touched, and a rebuild changes none') FROM pg_temp.differences() d;
SELECT isnt_empty('TABLE kept', 'there is a cube');
CREATE FUNCTION pg_temp.after(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  d record;
BEGIN
  EXECUTE change;
  SELECT * INTO d FROM pg_temp.differences();
  RETURN format('%s %s %s', CASE WHEN d.cells > 0 THEN 'cells' ELSE 'none' END, d.lines, d.people);
END
$$;
SELECT is(pg_temp.after(s.change), s.wanted || ' 0 0', s.why) FROM (VALUES
  (1, $$ UPDATE inclusion_data.beneficiary SET commune = 'COM-27016' WHERE id = 11 $$, 'cells', 'who moves leaves one commune for another'),
  (2, $$ UPDATE inclusion_data.beneficiary SET audiences = '{young_adult}' WHERE id IN (13, 14) AND false $$, 'none', 'an update of nobody is no change'),
  (3, $$ UPDATE inclusion_data.beneficiary SET last_contact_on = '2026-02-02' $$, 'none', 'a contact changes no measure'),
  (4, $$ UPDATE inclusion_data.beneficiary SET audiences = '{}' WHERE id BETWEEN 13 AND 40 $$, 'cells', 'publics are corrected'),
  (5, $$ INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version, withdrawn_on) VALUES ('DEP-27', 15, 'self', 901, '2024-11-03', '1', '2024-11-04') $$,
     'cells', 'an earlier enrolment, found late, moves somebody to a past month'),
  (6, $$ UPDATE inclusion_data.enrolment SET withdrawn_on = enrolled_on + 3 WHERE beneficiary IN (16, 24, 32) $$, 'cells', 'who left is no longer waiting'),
  (7, $$ INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector, recorded_at) SELECT 'DEP-27', c.beneficiary, 'declared', c.last + 5, 'pix{1.1=7,4.2=7}', now()
         FROM came c WHERE c.perimeter = 'DEP-27' ORDER BY c.beneficiary LIMIT 20 $$, 'cells', 'findings of last year typed in today'),
  (8, $$ DELETE FROM inclusion_data.assessment WHERE beneficiary IN (1, 2, 3) $$, 'cells', 'findings withdrawn'),
  (9, $$ INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind, at)
         SELECT s.proposal, s.perimeter, 7, 'attended', 'completed', s.agent, s.agent_kind, s.at + interval '1 day' FROM inclusion_data.proposal_step s
         WHERE s.to_state = 'attended' AND NOT EXISTS (SELECT FROM inclusion_data.proposal_step t WHERE t.proposal = s.proposal AND t.n = 7) $$, 'cells', 'journeys said over, months later'),
  (10, $$ INSERT INTO inclusion_data.circumstance (perimeter, beneficiary, item, answer, recorded_on) VALUES ('DEP-27', 1, 'gave_up_for_good', 'yes', '2025-01-01'), ('DEP-27', 1, 'gave_up_for_good', 'no', '2026-05-01') $$,
      'cells', 'answers to the second level'),
  (11, $$ INSERT INTO inclusion_data.settled_right (perimeter, beneficiary, settled_on) VALUES ('DEP-27', 1, '2025-02-02'), ('DEP-74', 241, '2025-02-02') $$, 'cells', 'rights settled, of two perimeters'),
  (12, $$ UPDATE inclusion_data.expressed_need SET target = 'pix{1.1=1}' WHERE beneficiary BETWEEN 50 AND 90 $$, 'cells', 'targets revised'),
  (13, $$ UPDATE inclusion_data.offer SET programme = 'autre' WHERE id = 901 $$, 'cells', 'an offer that changes programme'),
  (14, $$ UPDATE inclusion_data.offer SET price = 0.5 $$, 'none', 'but not one that is scarcer tonight'),
  (15, $$ SELECT inclusion.record_norm('declared', 3, 1, 0.5, 'autre essai') $$, 'cells', 'a norm revised'),
  (16, $$ INSERT INTO inclusion_data.purpose_objection (beneficiary, perimeter, purpose, objected_on) VALUES (21, 'DEP-27', 'statistics', '2026-01-01') $$, 'cells', 'who objects leaves the cube'),
  (17, $$ DELETE FROM inclusion_data.purpose_objection WHERE beneficiary = 21 $$, 'cells', 'and is back once they no longer do'),
  (18, $$ DELETE FROM inclusion_data.settled_right WHERE beneficiary = 2; DELETE FROM inclusion_data.circumstance WHERE beneficiary = 2; DELETE FROM inclusion_data.expressed_need WHERE beneficiary = 2;
          DELETE FROM inclusion_data.assessment WHERE beneficiary = 2; DELETE FROM inclusion_data.proposal_step WHERE proposal / 1000 = 2; DELETE FROM inclusion_data.proposal WHERE beneficiary = 2;
          DELETE FROM inclusion_data.enrolment WHERE beneficiary = 2; DELETE FROM inclusion_data.beneficiary WHERE id = 2 $$, 'cells', 'a person who goes'),
  (19, $$ UPDATE inclusion_data.beneficiary SET audiences = '{seniors}' WHERE perimeter = 'DEP-27'; UPDATE inclusion_data.enrolment SET withdrawn_on = enrolled_on + 4 WHERE beneficiary % 3 = 0;
          DELETE FROM inclusion_data.cube_person WHERE beneficiary = 4; DELETE FROM inclusion_data.settled_right WHERE beneficiary IN (1, 4); DELETE FROM inclusion_data.circumstance WHERE beneficiary = 4;
          DELETE FROM inclusion_data.expressed_need WHERE beneficiary = 4; DELETE FROM inclusion_data.assessment WHERE beneficiary = 4; DELETE FROM inclusion_data.proposal_step WHERE proposal / 1000 = 4;
          DELETE FROM inclusion_data.proposal WHERE beneficiary = 4; DELETE FROM inclusion_data.enrolment WHERE beneficiary = 4; DELETE FROM inclusion_data.beneficiary WHERE id = 4 $$, 'cells', 'somebody who goes while their neighbours change'),
  (20, $$ UPDATE inclusion_data.beneficiary SET commune = 'COM-27016' WHERE perimeter = 'DEP-27'; UPDATE inclusion_data.beneficiary SET commune = 'COM-27229' WHERE id % 2 = 0 AND perimeter = 'DEP-27' $$, 'cells', 'everybody moves, half of them twice'),
  (21, $$ UPDATE inclusion_data.offer SET structure = 901, programme = 'un seul' $$, 'cells', 'cells that are left empty')
  ) AS s (n, change, wanted, why) ORDER BY n;
SELECT is((SELECT count(*) FROM inclusion_data.cube WHERE programme <> '' AND programme <> 'un seul'), 0::bigint, 'which are not kept');
-- no row is written for who stays the same
CREATE TEMPORARY TABLE stands AS SELECT p.beneficiary, p.stage, p.ctid AS place FROM inclusion_data.cube_person p;
UPDATE inclusion_data.beneficiary SET audiences = '{}' WHERE id = 11;
SELECT is((SELECT count(*) > 0 FROM inclusion_data.cube_change), true, 'a change is noted');
SELECT inclusion.refresh_cube('DEP-27', true) \g /dev/null
SELECT results_eq($$ SELECT DISTINCT p.beneficiary FROM inclusion_data.cube_person p LEFT JOIN stands s ON s.beneficiary = p.beneficiary AND s.stage = p.stage AND s.place = p.ctid WHERE s.place IS NULL $$,
  'VALUES (11::bigint)', 'a rebuild writes again only who is no longer the same');
SELECT is_empty($$ SELECT FROM inclusion_data.cube_person WHERE beneficiary = 2 UNION ALL SELECT FROM inclusion_data.cube_change WHERE beneficiary = 2 $$, 'leaves no number behind');

-- --- what it does not say ------------------------------------------------------------------

SELECT results_eq($$ SELECT v.n IS NULL, v.immature_people, v.reason FROM inclusion.indicator_values('I05', 'DEP-27', '[2025-06-01,2025-07-01)', 'total', '2025-12-15') v $$,
  $$ SELECT true, count(*), 'Cohortes trop récentes.' FROM came WHERE perimeter = 'DEP-27' AND date_trunc('month', first) = '2025-06-01' AND beneficiary <> 2 $$, 'too recent a month is counted apart, and has no figure');
SELECT isnt((SELECT v.n FROM inclusion.indicator_values('I05', 'DEP-27', '[2025-06-01,2025-07-01)', 'total', '2025-12-15', true) v), NULL, 'unless it is asked for');
SELECT is((SELECT count(*) FROM inclusion.indicator_values('I05', 'DEP-27', '[2025-05-01,2025-07-01)', 'total', '2025-12-01') v WHERE v.n > 0 AND v.immature_people > 0), 1::bigint, 'a period half old enough says both');
SELECT throws_ok($$ SELECT inclusion.indicator_values('I05', 'DEP-27', '[2025-06-02,2025-07-01)') $$, 'IN501', NULL, 'a period is of whole months');
SELECT throws_ok($$ SELECT inclusion.indicator_values('I99', 'DEP-27') $$, 'IN306', NULL, 'an indicator is one of the catalogue');
SELECT throws_ok($$ SELECT inclusion.indicator_values('I05', 'DEP-27', NULL, 'person') $$, 'IN306', NULL, 'a cut is one of those there are');
SELECT throws_ok($$ SELECT inclusion.record_norm('declared', 3, 1, 1, 'essai') $$, 'IN501', NULL, 'no instrument is perfectly reliable');
SELECT throws_ok($$ SELECT inclusion.record_need_estimate('COM-27229', 2026, 5, 4, 6, 'essai') $$, 'IN501', NULL, 'need is not modelled in a commune');
SELECT throws_ok($$ SELECT inclusion.settle_right(1, settled_on => '2999-01-01') $$, 'IN501', NULL, 'no right is settled tomorrow');

SELECT * FROM finish();
ROLLBACK;
