-- From the draw to the registry, set by set: ten thousand calls of enrol() and
-- assess() would take minutes, and these are the tables they write.  Nobody has
-- a name: those shown get one at the end.

INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, birth_year, commune, longitude, latitude, position_origin,
  max_distance, accept_remote, accept_on_site, audiences, languages, slots, modes, last_contact_on)
SELECT p.id, p.perimeter, d.structure, extract(year FROM demo.as_of())::int - p.age, p.commune,
  CASE WHEN s.origin <> 'unknown' THEN p.longitude + CASE s.origin WHEN 'day_place' THEN 0.03 * (demo.draw(p.key || ' east') - 0.5) ELSE 0 END END,
  CASE WHEN s.origin <> 'unknown' THEN p.latitude + CASE s.origin WHEN 'day_place' THEN 0.02 * (demo.draw(p.key || ' north') - 0.5) ELSE 0 END END,
  s.origin,
  -- metres; NULL leaves the policy's
  CASE WHEN p.no_vehicle THEN CASE WHEN p.population > 8000 THEN 4000 ELSE 7000 END
       WHEN s.u < 0.30 THEN 10000 WHEN s.u < 0.45 THEN 15000 WHEN s.u < 0.55 THEN 30000 END,
  s.accept_remote, NOT (s.accept_remote AND demo.draw(p.key || ' home') < 0.03),
  array_remove(ARRAY[CASE WHEN p.age >= 65 AND demo.draw(p.key || ' says senior') < 0.6 THEN 'seniors' END, CASE WHEN p.age < 26 THEN 'youth' END,
    CASE WHEN p.parent AND demo.draw(p.key || ' says family') < 0.5 THEN 'families' END, CASE WHEN p.job_seeker THEN 'job_seekers' END,
    CASE WHEN p.minimum_income AND demo.draw(p.key || ' says income') < 0.4 THEN 'minimum_income' END,
    CASE WHEN p.disabled AND demo.draw(p.key || ' says disability') < 0.5 THEN 'disability' END, CASE WHEN p.foreigner THEN 'foreign_language' END,
    CASE WHEN p.illiterate THEN 'illiteracy' END], NULL),
  CASE WHEN NOT p.foreigner THEN '{}' WHEN demo.draw(p.key || ' french') < 0.6 THEN ARRAY['fr', t.tongue] ELSE ARRAY[t.tongue] END,
  CASE WHEN s.free < 0.45 THEN '{}'
       WHEN p.parent OR s.free < 0.60 THEN '{mo_am,mo_pm,tu_am,tu_pm,th_am,th_pm,fr_am,fr_pm}'
       WHEN p.age < 62 AND NOT p.job_seeker THEN '{mo_ev,tu_ev,we_ev,th_ev,fr_ev,sa_am,sa_pm}'
       WHEN s.free < 0.75 THEN '{mo_am,tu_am,we_am,th_am,fr_am,sa_am}'
       ELSE '{tu_pm,we_pm,th_pm,fr_pm}' END::text[],
  CASE WHEN s.way < 0.72 THEN '{}' WHEN s.way < 0.80 THEN '{workshop}' WHEN s.way < 0.87 THEN '{individual}'
       WHEN s.way < 0.93 THEN '{smartphone}' WHEN s.way < 0.97 THEN '{computer}' ELSE '{tablet}' END::text[],
  demo.as_of() - least(p.waited, floor(60 * demo.draw(p.key || ' contact'))::int)
FROM demo.person p
JOIN demo.desk d ON d.commune = p.commune
CROSS JOIN LATERAL (
  SELECT demo.draw(p.key || ' range') AS u, demo.draw(p.key || ' slots') AS free, demo.draw(p.key || ' mode') AS way,
    CASE WHEN demo.draw(p.key || ' position') < 0.01 THEN 'unknown' WHEN demo.draw(p.key || ' position') < 0.21 THEN 'day_place' ELSE 'commune' END AS origin,
    -- who begins seldom begins at a distance
    demo.draw(p.key || ' remote') < CASE p.stage WHEN 0 THEN 0.06 WHEN 1 THEN 0.20 WHEN 2 THEN 0.45 ELSE 0.6 END AS accept_remote) s
CROSS JOIN LATERAL (SELECT demo.pick(demo.draw(p.key || ' tongue'), '{ar,pt,tr,uk,fa,en,ro}', '{30,20,15,12,8,8,7}') AS tongue) t
ORDER BY p.id;

SELECT setval('inclusion_data.beneficiary_id_seq', max(p.id)) FROM demo.person p;

INSERT INTO inclusion_data.accommodation_need (beneficiary, perimeter, code)
SELECT p.id, p.perimeter, a.code
FROM demo.person p
CROSS JOIN LATERAL (VALUES
  ('step_free', CASE WHEN p.disabled THEN 0.30 WHEN p.age >= 75 THEN 0.10 ELSE 0.01 END),
  ('large_print', CASE WHEN p.age >= 65 THEN 0.04 ELSE 0.01 END), ('induction_loop', CASE WHEN p.age >= 65 THEN 0.03 ELSE 0 END),
  ('low_literacy', CASE WHEN p.illiterate THEN 0.35 ELSE 0 END), ('plain_language', CASE WHEN p.disabled THEN 0.08 ELSE 0 END),
  ('sign_language', CASE WHEN p.disabled THEN 0.03 ELSE 0 END), ('quiet_room', CASE WHEN p.disabled THEN 0.05 ELSE 0 END)) a (code, chance)
WHERE demo.draw(p.key || ' ' || a.code) < a.chance;

INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
SELECT p.perimeter, p.id,
  demo.pick(demo.draw(p.key || ' met'), '{desk,social_permanence,outreach,hook_workshop,door_to_door,partner,event,self}', '{34,22,12,8,4,12,5,3}'),
  b.structure, demo.as_of() - p.waited, 'démonstration'
FROM demo.person p JOIN inclusion_data.beneficiary b ON b.id = p.id AND b.perimeter = p.perimeter
ORDER BY p.id;

-- What was raised with whom: one in five items was not, few are kept to oneself.
INSERT INTO inclusion_data.circumstance (perimeter, beneficiary, item, answer, recorded_on)
SELECT p.perimeter, p.id, c.item,
  CASE WHEN c.u < 0.03 THEN 'declined' WHEN c.u < 0.20 THEN 'not_raised' WHEN c.fact THEN 'yes' ELSE 'no' END, demo.as_of() - p.waited
FROM demo.person p
CROSS JOIN LATERAL (
  SELECT v.item, v.fact, demo.draw(p.key || ' ' || v.item) AS u
  FROM (VALUES ('nobody_to_help', p.nobody_to_help), ('no_equipment', p.no_equipment), ('recurring_procedure', p.recurring_procedure),
               ('no_vehicle', p.no_vehicle), ('job_search', p.job_seeker)) v (item, fact)) c
ORDER BY p.id, c.item;
