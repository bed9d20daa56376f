-- The vocabularies.  Their codes and bits are stored inside values: a line of
-- the expected output may be added, never moved nor removed.
SELECT v.name, c.*
FROM unnest(ARRAY['audience', 'accommodation', 'language', 'slot', 'family', 'mode'])
     WITH ORDINALITY AS v(name, n),
     inclusion.codes(v.name) AS c
ORDER BY v.n, c.bit_number;

-- Rules of every list: at most 31 codes, eight of them custom, in lower case;
-- labels unique, at most 40 characters, and known to Latin-1 as well.
SELECT v.name, count(*) <= 31 AS fits,
       count(*) FILTER (WHERE c.code ~ '^custom_[1-8]$') AS customs,
       count(DISTINCT c.code) = count(*) AND bool_and(c.code ~ '^[a-z][a-z0-9_]*$') AS codes,
       min(c.bit_number) = 0 AND max(c.bit_number) = count(*) - 1 AND count(DISTINCT c.bit_number) = count(*) AS bits,
       count(DISTINCT c.label) = count(*) AND max(length(c.label)) <= 40 AS labels,
       count(convert_to(c.label, 'LATIN1')) = count(*) AS latin1
FROM unnest(ARRAY['audience', 'accommodation', 'language', 'slot', 'family', 'mode']) AS v(name),
     inclusion.codes(v.name) AS c
GROUP BY v.name ORDER BY v.name;

SELECT * FROM inclusion.codes(NULL);
SELECT * FROM inclusion.codes('moods');
SELECT * FROM inclusion.codes('');
