-- The two perimeters, the policy of each, and the structures that enrol: one
-- invented desk an intercommunality, with one invented agent.

SELECT inclusion.create_perimeter('DEP-27', 'Eure', 'DEP-27'), inclusion.create_perimeter('DEP-74', 'Haute-Savoie', 'DEP-74');

SELECT inclusion.adopt_policy(p.code, demo.as_of() - 200, 'démonstration ' || p.code) FROM inclusion_data.perimeter p;

INSERT INTO inclusion_data.structure (perimeter, name, kind)
SELECT DISTINCT t.perimeter, 'Accueil fictif – ' || coalesce(e.name, 'hors intercommunalité'), 'demonstration'
FROM inclusion_data.territory t LEFT JOIN inclusion_data.territory e ON e.code = t.epci
WHERE t.perimeter IS NOT NULL
ORDER BY 1, 2;

CREATE TABLE demo.desk AS
SELECT t.code AS commune, s.id AS structure
FROM inclusion_data.territory t LEFT JOIN inclusion_data.territory e ON e.code = t.epci
JOIN inclusion_data.structure s ON s.perimeter = t.perimeter AND s.kind = 'demonstration'
  AND s.name = 'Accueil fictif – ' || coalesce(e.name, 'hors intercommunalité');
