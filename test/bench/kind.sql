-- kind.sql
--		What the parts of one :kind share: :needs needs, as every method wants them.
SELECT :'kind' = 'real' AS real \gset
\ir needs.sql
\if :real
\ir real_places.sql
\endif
\ir need_values.sql

-- The last one, as number 0, warms up.
TRUNCATE bench.job;
INSERT INTO bench.job
SELECT CASE WHEN extra THEN 0 ELSE id END, bench.ask(plain), value.need,
	ST_SetSRID(ST_MakePoint(place[1], place[2]), 4326)::geography
FROM bench.need AS plain JOIN bench.need_of_type AS value USING (id),
	unnest(CASE id WHEN :needs THEN '{false,true}' ELSE '{false}'::boolean[] END) AS extra
WHERE extra OR id <= (SELECT greatest(5, max(:needs / one_in)) FROM bench.method);
