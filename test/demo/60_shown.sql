-- The people the page shows, and only they get a name: a first name, "Fictif",
-- and a telephone number of those the regulator keeps for fiction.

CREATE TABLE demo.shown (role text, perimeter text, beneficiary bigint, first_name text, phone text, UNIQUE (role, beneficiary));

-- The nearest place suits nothing of what the person needs; the place proposed
-- covers most of it, a little farther.
INSERT INTO demo.shown (role, perimeter, beneficiary)
SELECT 'nearest_wrong', g.perimeter, g.beneficiary
FROM demo.seat_given g
JOIN demo.nearest x ON x.beneficiary = g.beneficiary AND NOT x.eligible
JOIN inclusion_data.offer o ON o.id = g.offer AND NOT o.remote AND o.place <> x.place
JOIN demo.need n ON n.beneficiary = g.beneficiary
JOIN inclusion_data.offer w ON w.id = x.offer
CROSS JOIN LATERAL (SELECT count(*) AS gaps FROM inclusion.match_gains(o.supply, n.need)) l
CROSS JOIN LATERAL inclusion.match_terms(o.supply, n.need) good
CROSS JOIN LATERAL inclusion.match_terms(w.supply, n.need) bad
WHERE good.fit >= 0.5 AND bad.coverage = 0 AND l.gaps >= 3 AND g.night = 'fit' AND g.perimeter = 'DEP-74' AND g.distance BETWEEN x.metres + 1000 AND x.metres + 12000 AND x.metres < 6000
ORDER BY round(g.coverage::numeric, 1) DESC, l.gaps DESC, g.distance - x.metres, g.beneficiary LIMIT 1;

-- A right to open today, and nothing to learn asked yet.
INSERT INTO demo.shown (role, perimeter, beneficiary)
SELECT 'right_today', n.perimeter, n.beneficiary
FROM inclusion_data.expressed_need n
JOIN inclusion_data.beneficiary b ON b.id = n.beneficiary AND b.perimeter = n.perimeter AND b.longitude IS NOT NULL
JOIN inclusion_data.circumstance c ON c.beneficiary = b.id AND c.perimeter = b.perimeter AND c.item = 'nobody_to_help' AND c.answer = 'yes'
JOIN inclusion_data.enrolment e ON e.beneficiary = b.id AND e.perimeter = b.perimeter
JOIN demo.commune k ON k.code = b.commune AND k.nearest_place_km BETWEEN 1 AND 8
WHERE n.perimeter = 'DEP-27' AND n.family = 'rights' AND n.closed_on IS NULL
  AND NOT EXISTS (SELECT FROM inclusion_data.expressed_need l WHERE l.beneficiary = n.beneficiary AND l.perimeter = n.perimeter AND l.family = 'learn')
ORDER BY e.enrolled_on DESC, k.population, n.beneficiary LIMIT 1;

-- What keeps the workshops from those who wait: those with a single obstacle.
CREATE TABLE demo.obstacle AS
SELECT d.beneficiary, d.perimeter, d.reason AS waits_for, m.reasons[1] AS reason, count(*)::int AS offers, min(m.distance) AS nearest,
       (array_agg(o.offer ORDER BY m.distance, o.offer))[1] AS offer
FROM inclusion_data.run_result d
JOIN demo.night t ON t.run = d.run
JOIN demo.need n ON n.beneficiary = d.beneficiary
JOIN demo.on_site o ON o.perimeter = d.perimeter AND o.declared_by = 'demonstration'
CROSS JOIN LATERAL inclusion.match_terms(o.supply, n.need) m
WHERE d.outcome = 'waiting' AND cardinality(m.reasons) = 1
GROUP BY d.beneficiary, d.perimeter, d.reason, m.reasons[1];

-- Somebody whom all full sessions leave waiting, and whom more than one thing
-- would unlock; failing that, anybody who waits.
INSERT INTO demo.shown (role, perimeter, beneficiary)
SELECT 'waits', d.perimeter, d.beneficiary
FROM inclusion_data.run_result d JOIN demo.night t ON t.run = d.run
JOIN inclusion_data.run_candidate c ON c.run = d.run AND c.perimeter = d.perimeter AND c.beneficiary = d.beneficiary
LEFT JOIN (SELECT b.beneficiary, count(*) AS kinds, min(b.nearest) AS nearest FROM demo.obstacle b
           WHERE b.reason IN ('too_far', 'slot', 'accommodation', 'mode') GROUP BY b.beneficiary) k ON k.beneficiary = d.beneficiary
WHERE d.outcome = 'waiting' AND d.perimeter = 'DEP-27'
ORDER BY d.reason = 'all_full' DESC, cardinality(c.offers) BETWEEN 2 AND 4 DESC, k.kinds DESC NULLS LAST, c.grade DESC, c.rank LIMIT 1;

-- To call first: the proposals whose answer is due first, best ranks first.
INSERT INTO demo.shown (role, perimeter, beneficiary)
SELECT 'call', r.perimeter, r.beneficiary
FROM (SELECT p.perimeter, p.beneficiary, row_number() OVER (PARTITION BY p.perimeter ORDER BY p.expires_on, c.rank) AS n
      FROM inclusion_data.proposal p JOIN demo.night t ON t.run = p.run
      JOIN inclusion_data.run_candidate c ON c.run = p.run AND c.perimeter = p.perimeter AND c.beneficiary = p.beneficiary) r
WHERE r.n <= 4;

UPDATE demo.shown s
SET first_name = (ARRAY['Odile', 'Bernard', 'Yasmina', 'Lucien', 'Paulette', 'Marcel', 'Ginette', 'Amadou', 'Solange', 'Henri', 'Fatou',
                        'Raymonde', 'Tiago', 'Colette', 'André', 'Josiane'])[n.n], phone = '06 39 98 00 ' || lpad(n.n::text, 2, '0')
FROM (SELECT d.beneficiary, row_number() OVER (ORDER BY min(array_position('{nearest_wrong,right_today,waits,call}'::text[], d.role)), d.beneficiary) AS n
      FROM demo.shown d GROUP BY d.beneficiary) n
WHERE n.beneficiary = s.beneficiary;

INSERT INTO inclusion_data.identity (beneficiary, perimeter, first_name, last_name, phone)
SELECT DISTINCT s.beneficiary, s.perimeter, s.first_name, 'Fictif', s.phone FROM demo.shown s;
