-- What each person can do, and what they ask for.

-- Levels by stage, in eighths: first steps (0.x) come before the rest, and the
-- further competences are seldom looked at with beginners.
CREATE FUNCTION demo.points(key text, code text, stage int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN demo.draw(key || ' seen ' || code) > CASE WHEN code < '1' THEN 0.95 WHEN stage = 0 THEN 0.15 WHEN code < '5' THEN 0.35 + 0.15 * stage ELSE 0.3 END THEN NULL
              ELSE floor(demo.draw(key || ' level ' || code)
                     * CASE WHEN code < '1' THEN (ARRAY[7, 16, 25, 33])[stage + 1] ELSE (ARRAY[3, 8, 15, 24])[stage + 1] END)::int
                   + CASE WHEN code < '1' THEN (ARRAY[0, 4, 10, 20])[stage + 1] ELSE (ARRAY[0, 0, 4, 10])[stage + 1] END END
$$;

INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector)
SELECT p.perimeter, p.id, CASE p.stage WHEN 3 THEN 'pix' WHEN 2 THEN 'abc_diag' WHEN 1 THEN 'declared' ELSE 'observed' END,
  demo.as_of() - p.waited,
  inclusion.competence_vector('pix', ARRAY(SELECT demo.points(p.key, c.code, p.stage)
    FROM unnest('{0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,1.1,1.2,1.3,2.1,2.2,2.3,2.4,3.1,3.2,3.3,3.4,4.1,4.2,4.3,5.1,5.2}'::text[]) WITH ORDINALITY c (code, n)
    ORDER BY c.n))
FROM demo.person p
ORDER BY p.id;

-- One in twelve asks for a right only, one in twelve for a right and to learn.
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, family, goal, opened_on)
SELECT p.perimeter, p.id, 'rights', 'right_now', demo.as_of() - least(p.waited, 3) FROM demo.person p WHERE p.u_rights < 0.16 ORDER BY p.id;

INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, family, goal, opened_on)
SELECT p.perimeter, p.id, 'equipment', 'get_equipped', demo.as_of() - p.waited
FROM demo.person p WHERE p.no_equipment AND demo.draw(p.key || ' asks a screen') < 0.3 ORDER BY p.id;

INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, family, goal, target, opened_on)
SELECT p.perimeter, p.id, 'learn', g.code, g.target, demo.as_of() - p.waited
FROM demo.person p
JOIN inclusion_data.goal g ON g.code = demo.pick(demo.draw(p.key || ' goal'),
  '{first_steps,procedures_alone,stay_in_touch,find_work,stay_safe,follow_school,write_documents}',
  ARRAY[CASE p.stage WHEN 0 THEN 60 WHEN 1 THEN 22 ELSE 0 END, 26, CASE WHEN p.age >= 60 THEN 22 ELSE 8 END,
        CASE WHEN p.job_seeker THEN 40 ELSE 0 END, CASE p.stage WHEN 0 THEN 2 ELSE 12 END,
        CASE WHEN p.parent THEN 26 ELSE 0 END, CASE WHEN p.stage >= 1 THEN 8 ELSE 0 END])
WHERE p.u_rights >= 0.08
ORDER BY p.id;
