-- Type need
SET search_path = public, inclusion;

-- Text: arguments in the constructor's order, without those that have their default
SELECT need(current => 'pix{1.1=1.125}', target => 'pix{1.1=3,1.2=4}', longitude => 2.3522219, latitude => 48.856614,
  max_distance => 10000, day => '2025-03-01');
SELECT need(current => 'digcomp{5.4=0}', target => NULL, longitude => NULL, latitude => NULL, max_distance => NULL,
  day => '2025-03-01', family => 'rights', weights => array_cat(array_fill(8, '{20}'), '{15}'), modes => '{act_for,workshop}',
  audiences => '{women,youth}', accommodations => '{braille,step_free}', languages => '{en,fr}', slots => '{su_ev,mo_am}',
  accept_on_site => false, w_coverage => 0.1, w_audience => 0.2, w_quality => 0.3, w_distance => 0.4, w_price => 1);
SELECT need(current => 'pix{}', target => 'pix{}', longitude => 0, latitude => 0, max_distance => 1, day => '2000-01-01',
  family => 'learn', weights => array_fill(8, '{24}'), modes => '{}', audiences => '{}', accommodations => '{}',
  languages => '{}', slots => '{}', accept_remote => true, accept_on_site => true, w_coverage => 0.5, w_audience => 0.2,
  w_quality => 0.15, w_distance => 0.15, w_price => 0) AS defaults;

-- Text: any order, spaces anywhere, other spellings of the same values
SELECT text::need FROM (VALUES
  (E' need\t{ day = 2025-03-01 ; target = pix { 1.1 = 3 } ;\n max_distance = 1e4 } '),
  ('need{target=pix{};max_distance=0010000.0;day=2025-03-01;weights=8,8,8,8,8,8,8,8, 8 ,8,8,8,8,8,8,8,8,8,8,8,8,8,8,8}'),
  ('need{current=pix{};day=2025-03-01;family=rights;accept_on_site=false;w_price=-0}'),
  ('need{day=0044-03-15 BC;family=rights;accept_on_site=false;accept_remote=true;w_coverage=5e-1}')
) AS t(text);

-- Text: refusals
SELECT ''::need;
\echo :LAST_ERROR_SQLSTATE
SELECT 'supply{}'::need;
SELECT 'need{}'::need;
SELECT 'need{target=pix{};max_distance=10;day=tomorrow}'::need;
SELECT 'need{target=pix{};max_distance=10;day=infinity}'::need;
SELECT 'need{target=pix{};max_distance=10;day=2025-02-29}'::need;
SELECT 'need{target=pix{};day=2025-03-01}'::need;
SELECT 'need{max_distance=10;day=2025-03-01}'::need;
SELECT 'need{target=pix{};max_distance=ten;day=2025-03-01}'::need;
SELECT 'need{target=pix{};max_distance=10;day=2025-03-01;family=learn,rights}'::need;
SELECT 'need{target=pix{};max_distance=10;day=2025-03-01;weights=1,2}'::need;
SELECT 'need{target=pix{};max_distance=10;day=2025-03-01;weights=}'::need;
SELECT 'need{target=pix{};max_distance=10;day=2025-03-01;weights=1,-2}'::need;
SELECT 'need{target=pix{};max_distance=10;day=2025-03-01;price=1}'::need;

-- NULL: nothing said where the rule says so, refused elsewhere
SELECT need(NULL, NULL, NULL, NULL, NULL, '2025-03-01', family => 'rights', accept_on_site => false);
SELECT need(NULL, 'pix{1.1=1}', NULL, NULL, 1000, '2025-03-01') AS without_position;
SELECT need('pix{1.1=1}', NULL, 1, 2, 1000, '2025-03-01');
\echo :LAST_ERROR_SQLSTATE
SELECT need(NULL, 'pix{}', 1, NULL, 1000, '2025-03-01');
SELECT need(NULL, 'pix{}', NULL, 2, 1000, '2025-03-01');
SELECT need(NULL, 'pix{}', 1, 2, NULL, '2025-03-01');
SELECT need(NULL, 'pix{}', 1, 2, 1000, NULL);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', family => NULL);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', modes => NULL);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', audiences => NULL);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', accommodations => NULL);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', languages => NULL);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', slots => NULL);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', accept_remote => NULL);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', accept_on_site => NULL);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_coverage => NULL);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_audience => NULL);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_quality => NULL);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_distance => NULL);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_price => NULL);

-- Refusals of single arguments
SELECT need('digcomp{}', 'pix{}', 1, 2, 1000, '2025-03-01');
SELECT need(NULL, 'pix{}', 181, 2, 1000, '2025-03-01');
SELECT need(NULL, 'pix{}', 1, -91, 1000, '2025-03-01');
SELECT need(NULL, 'pix{}', 1, 2, 0, '2025-03-01');
SELECT need(NULL, 'pix{}', 1, 2, -1, '2025-03-01', accept_on_site => false);
SELECT need(NULL, 'pix{}', 1, 2, 'NaN', '2025-03-01');
SELECT need(NULL, 'pix{}', 1, 2, 'Infinity', '2025-03-01');
SELECT need(NULL, 'pix{}', 1, 2, 1000, 'infinity');
SELECT need(NULL, 'pix{}', 1, 2, 1000, '-infinity');
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', family => 'learning');
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', family => '');
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', modes => '{bus}');
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', languages => '{fr,NULL}');
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', accept_remote => false, accept_on_site => false);

-- Weights of the competences
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', weights => array_fill(0, '{24}'));
SELECT need(NULL, 'digcomp{}', 1, 2, 1000, '2025-03-01', weights => array_fill(15, '{21}'));
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', weights => array_fill(1, '{24}', '{5}')) AS other_bounds;
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', weights => array_fill(8, '{21}'));
SELECT need(NULL, 'digcomp{}', 1, 2, 1000, '2025-03-01', weights => array_fill(8, '{24}'));
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', weights => array_fill(8, '{1000}'));
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', weights => '{}');
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', weights => array_fill(16, '{24}'));
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', weights => array_fill(-1, '{24}'));
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', weights => array_fill(NULL::int, '{24}'));
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', weights => array_fill(1, '{6,4}'));
SELECT need(NULL, NULL, 1, 2, 1000, '2025-03-01', family => 'rights', weights => array_fill(8, '{24}'));

-- Weights of the policy: none negative, the first four sum to 1
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_coverage => 0.5000009) IS NOT NULL AS within_tolerance;
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_coverage => 0.500002);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_coverage => 0.6);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_coverage => -0.1, w_audience => 0.8);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_audience => 'NaN');
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_quality => 'Infinity');
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_distance => -0.15);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_price => 1.5);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_price => -1);
SELECT need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_coverage => 1, w_audience => '-0', w_quality => 0, w_distance => 0)
  = need(NULL, 'pix{}', 1, 2, 1000, '2025-03-01', w_coverage => 1, w_audience => 0, w_quality => 0, w_distance => 0) AS minus_zero;

-- The calendar, whatever the setting
SET datestyle = 'German';
SET extra_float_digits = -5;
SELECT day::text, need(NULL, 'pix{}', 1, 2, 0.30000000000000004, day)
FROM unnest('{4714-11-24 BC,0001-12-31 BC,0001-01-01,1582-10-15,1900-02-28,2000-02-29,2025-03-01,9999-12-31,10000-01-01,5874897-12-31}'::date[]) AS day;
SELECT count(*) FROM (SELECT date '2000-01-01' + n * 977 AS day FROM generate_series(-2500, 10000) n) t
WHERE need(NULL, 'pix{}', 1, 2, 1, day)::text <> 'need{target=pix{};longitude=1.0000000;latitude=2.0000000;max_distance=1;day='
  || to_char(day, 'FMYYYY-MM-DD') || '}' AND day > '0999-12-31';
RESET datestyle;
RESET extra_float_digits;

-- Order and hash
CREATE TABLE need_key (n need PRIMARY KEY);
INSERT INTO need_key SELECT need(NULL, 'pix{}', l, 1, 1000, '2025-03-01') FROM generate_series(1, 100) l;
INSERT INTO need_key SELECT need(NULL, 'pix{}', 7, 1, 1000, '2025-03-01');
CREATE INDEX ON need_key USING hash (n);
SET enable_seqscan = off;
SELECT n FROM need_key WHERE n = need(NULL, 'pix{}', 7, 1, 1000, '2025-03-01');
RESET enable_seqscan;
SELECT count(DISTINCT n), count(DISTINCT n::text) FROM need_key;
SELECT count(*) FROM (SELECT n FROM need_key EXCEPT SELECT n::text::need FROM need_key) t;
SELECT bool_and((need_cmp(a.n, b.n) < 0) = (a.n < b.n) AND need_cmp(a.n, b.n) = -need_cmp(b.n, a.n)
  AND (a.n <> b.n) = (a.n < b.n OR a.n > b.n) AND (a.n <= b.n) = (b.n >= a.n)
  AND (a.n <> b.n OR need_hash(a.n) = need_hash(b.n) AND need_hash_extended(a.n, 7) = need_hash_extended(b.n, 7)))
FROM need_key a, need_key b;

-- Binary: 156 bytes, without the unit vector
SELECT length(need_send(n)) FROM need_key LIMIT 1;
SELECT need_send(need('pix{1.1=1}', 'pix{1.1=2}', 1, 2, 1, '2000-01-02'));

DROP TABLE need_key;

-- An image that was damaged, or that a later version wrote, stops a dump
CREATE CAST (need AS bytea) WITHOUT FUNCTION;
CREATE CAST (bytea AS need) WITHOUT FUNCTION;
CREATE FUNCTION pg_temp.damaged(byte int, value int) RETURNS need LANGUAGE sql AS $$
  SELECT set_byte(need('pix{1.1=1}', 'pix{1.1=2}', 1, 2, 1, '2000-01-02')::bytea, byte, value)::need $$;
SELECT pg_temp.damaged(0, 1);
SELECT pg_temp.damaged(0, 2);
\echo :LAST_ERROR_SQLSTATE
SELECT pg_temp.damaged(1, 9);
\echo :LAST_ERROR_SQLSTATE
SELECT pg_temp.damaged(2, 128);
SELECT pg_temp.damaged(3, 200);
SELECT pg_temp.damaged(8, 65);
SELECT pg_temp.damaged(56, 16);
SELECT '\x01'::bytea::need;
SELECT ''::bytea::need;
DROP CAST (need AS bytea);
DROP CAST (bytea AS need);
