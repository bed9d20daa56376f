-- allocation_report.sql
--		What was measured.  An allocation that differs from the baseline's is an
--		error, and its time is worth nothing.

DO $$
DECLARE
  differing bigint;
BEGIN
  SELECT count(*) INTO differing FROM bench.standing s
  JOIN inclusion.allocate('TABLE bench.plain', 'TABLE bench.offer') a USING (applicant) WHERE a.offer IS DISTINCT FROM s.offer;
  IF differing > 0 THEN
    RAISE EXCEPTION 'the two allocations differ for % people', differing;
  END IF;
END $$;

WITH per_phase AS (
  SELECT n, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS seconds,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY cpu) AS cpu, max(placed) AS placed FROM bench.timing GROUP BY n)
SELECT p.title AS "phase", round(m.seconds::numeric, 3) AS "seconds", round(m.cpu::numeric, 2) AS "of a core", p.megabytes AS "MB",
  CASE WHEN p.title NOT LIKE 'reading%' THEN m.placed END AS placed,
  round((b.cpu / m.cpu)::numeric) AS "times faster than SQL"
FROM bench.phase p JOIN per_phase m USING (n)
LEFT JOIN (SELECT m.cpu FROM per_phase m JOIN bench.phase USING (n) WHERE title = 'SQL over sets') b
  ON p.title IN ('allocate', 'SQL over sets')
ORDER BY p.n;

SELECT * FROM bench.quality;
