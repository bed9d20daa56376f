-- Type supply
SET search_path = public, inclusion;
SET datestyle = ISO;

-- Text: arguments in the constructor's order, without those that have their default
SELECT supply(requires => 'pix{1.2=1}', teaches => 'pix{1.1=3,1.2=2}', longitude => 2.3522219, latitude => 48.856614);
SELECT supply(requires => NULL, teaches => NULL, longitude => NULL, latitude => NULL, remote => true,
  families => '{custom_8,rights,connection}', modes => '{act_for,individual,tablet}', audiences => '{women,youth}',
  only_for => '{seniors}', accommodations => '{braille,step_free}', languages => '{en,fr}', slots => '{su_ev,mo_am}',
  travels_within => 1500.5, quality => 0.8, price => 0.2, valid => '[2025-01-01,2025-06-30]', open => false);
SELECT supply(requires => NULL, teaches => 'digcomp{}', longitude => 0, latitude => 0, remote => false,
  families => '{learn}', modes => '{}', audiences => '{}', only_for => '{}', accommodations => '{}', languages => '{fr}',
  slots => '{}', travels_within => 0, quality => 0.5, price => 0, valid => '(,)', open => true) AS defaults;

-- Text: any order, spaces anywhere, other spellings of the same values
SELECT text::supply FROM (VALUES
  (E' supply\t{ latitude = 48.856614 ; teaches = pix { 1.1 = 3 } ;\n longitude = 2.3522219 } '),
  ('supply{teaches=pix{1.1=3,1.2=0};longitude=23522219e-7;latitude=+48.8566140000;remote=false}'),
  ('supply{families=rights;remote=true;requires=pix{};languages=;slots=}'),
  ('supply{families= rights , learn ,rights;remote=true;quality=0.8;price=.2}'),
  ('supply{families=rights;remote=true;quality=204/255;price=3/15}'),
  ('supply{families=rights;remote=true;quality=128/255;price=0/15;travels_within=-0}'),
  ('supply{families=rights;remote=true;valid=( , )}'),
  ('supply{families=rights;remote=true;valid=[2025-01-01, 2025-06-30]}'),
  ('supply{families=rights;remote=true;valid=(2024-12-31,2025-07-01)}'),
  ('supply{families=rights;remote=true;valid=[0044-03-15 BC,0001-01-01)}'),
  ('supply{families=rights;remote=true;valid=[2025-01-01,)}'),
  ('supply{families=rights;remote=true;valid=(,2025-01-01)}'),
  ('supply{families=rights;remote=true;valid=[2025-01-01,2025-01-01)}'),
  ('supply{families=rights;remote=true;valid=empty}')
) AS t(text);

-- Text: refusals
SELECT ''::supply;
\echo :LAST_ERROR_SQLSTATE
SELECT 'need{}'::supply;
SELECT 'supply'::supply;
SELECT 'supply{'::supply;
SELECT 'supply{remote}'::supply;
SELECT 'supply{remote=true'::supply;
SELECT 'supply{remote=true;}'::supply;
SELECT 'supply{remote=true}}'::supply;
SELECT 'supply{teaches=pix{1.1=3;remote=true}'::supply;
SELECT 'supply{remote=true;remote=true}'::supply;
SELECT 'supply{distance=12}'::supply;
SELECT 'supply{remote=yes}'::supply;
SELECT 'supply{families=right;remote=true}'::supply;
SELECT 'supply{families=rights,;remote=true}'::supply;
SELECT 'supply{families=;remote=true}'::supply;
SELECT 'supply{families=rights;longitude=1,5;latitude=2}'::supply;
SELECT 'supply{families=rights;longitude=nan;latitude=2}'::supply;
SELECT 'supply{families=rights;longitude=180.5;latitude=2}'::supply;
SELECT 'supply{families=rights;longitude=2}'::supply;
SELECT 'supply{families=rights;remote=true;quality=204/100}'::supply;
SELECT 'supply{families=rights;remote=true;quality=256/255}'::supply;
SELECT 'supply{families=rights;remote=true;quality=-1/255}'::supply;
SELECT 'supply{families=rights;remote=true;price=1e999}'::supply;
SELECT 'supply{families=rights;remote=true;valid=2025}'::supply;
SELECT 'supply{families=rights;remote=true;valid=[2025-02-30,)}'::supply;
SELECT 'supply{families=rights;remote=true;valid=(5874897-12-31,)}'::supply;
SELECT 'supply{families=rights;remote=true;valid=[2025-01-02,2025-01-01)}'::supply;
SELECT 'supply{teaches=pix{1.1=9};remote=true}'::supply;
SELECT 'supply{teaches=pix{1.1=3};requires=digcomp{1.1=2};remote=true}'::supply;
-- a draft is a NULL, which has no text
SELECT 'supply{remote=true}'::supply;
SELECT 'supply{families=rights}'::supply;
-- a message is cut between two characters, never inside one
SELECT ('supply{families=' || repeat('é', 500) || ';remote=true}')::supply;

-- NULL: a draft where the rule says so, nothing said elsewhere
SELECT supply(NULL, NULL, 1, 2) IS NULL AS nothing_taught,
  supply('pix{1.1=2}', NULL, 1, 2) IS NULL AS required_already,
  supply(NULL, 'pix{1.1=2}', NULL, NULL) IS NULL AS no_position,
  supply(NULL, NULL, NULL, NULL, families => '{rights}') IS NULL AS no_position_either,
  supply(NULL, NULL, 1, 2, families => '{learn,rights}') AS not_learn_alone,
  supply(NULL, 'pix{}', 1, 2) AS teaches_nothing;
SELECT supply(NULL, NULL, 1, NULL, families => '{rights}');
\echo :LAST_ERROR_SQLSTATE
SELECT supply(NULL, 'pix{}', NULL, 2, remote => true);
SELECT supply(NULL, 'pix{}', 1, 2, remote => NULL);
\echo :LAST_ERROR_SQLSTATE
SELECT supply(NULL, 'pix{}', 1, 2, families => NULL);
SELECT supply(NULL, 'pix{}', 1, 2, modes => NULL);
SELECT supply(NULL, 'pix{}', 1, 2, audiences => NULL);
SELECT supply(NULL, 'pix{}', 1, 2, only_for => NULL);
SELECT supply(NULL, 'pix{}', 1, 2, accommodations => NULL);
SELECT supply(NULL, 'pix{}', 1, 2, languages => NULL);
SELECT supply(NULL, 'pix{}', 1, 2, slots => NULL);
SELECT supply(NULL, 'pix{}', 1, 2, travels_within => NULL);
SELECT supply(NULL, 'pix{}', 1, 2, quality => NULL);
SELECT supply(NULL, 'pix{}', 1, 2, price => NULL);
SELECT supply(NULL, 'pix{}', 1, 2, valid => NULL);
SELECT supply(NULL, 'pix{}', 1, 2, open => NULL);
-- a draft is checked all the same
SELECT supply('pix{1.1=2.5}', NULL, 1, 2);
SELECT supply(NULL, NULL, 1, 2, quality => 2);

-- Levels: whole, 0 is none, what is taught is above what is required
SELECT supply('pix{1.1=0,1.2=1}', 'pix{1.1=1,1.2=2,1.3=0}', 1, 2);
SELECT supply('digcomp{2.5=7}', 'digcomp{2.5=8}', 1, 2);
SELECT supply('pix{1.1=1}', 'digcomp{1.1=2}', 1, 2);
SELECT supply('pix{1.1=1}', 'pix{1.1=2.5}', 1, 2);
SELECT supply('pix{1.1=0.5}', 'pix{1.1=2}', 1, 2);
SELECT supply('pix{1.1=2}', 'pix{1.1=2}', 1, 2);
SELECT supply('pix{1.1=1}', 'pix{1.2=2}', 1, 2);
SELECT supply('pix{1.1=1}', 'pix{1.1=0}', 1, 2);
SELECT supply('pix{1.1=1}', NULL, 1, 2, families => '{rights}');

-- Sets of codes
SELECT supply(NULL, 'pix{}', 1, 2, audiences => '{youth,seniors,youth}', only_for => '{women}', languages => '{}');
SELECT supply(NULL, 'pix{}', 1, 2, families => '{}');
SELECT supply(NULL, 'pix{}', 1, 2, audiences => '{young}');
SELECT supply(NULL, 'pix{}', 1, 2, audiences => '{youth,NULL}');
SELECT supply(NULL, 'pix{}', 1, 2, slots => '{{mo_am},{mo_pm}}');

-- Numbers: quality by 255ths, price by 15ths, halves upwards
SELECT quality, supply(NULL, 'pix{}', 1, 2, quality => quality)
FROM unnest('{0,0.00196,0.001961,0.498,0.5,0.501,0.502,0.8,0.99803,0.99804,1}'::float8[]) AS quality;
SELECT price, supply(NULL, 'pix{}', 1, 2, price => price)
FROM unnest('{0,0.0333,0.03334,0.5,0.966,0.967,1}'::float8[]) AS price;
SELECT metres, supply(NULL, 'pix{}', 1, 2, travels_within => metres)
FROM unnest('{-0,0.1,0.30000000000000004,1e-5,123456,1e15,1.7976931348623157e308}'::float8[]) AS metres;
SELECT supply(NULL, 'pix{}', '-0', '-0', travels_within => '-0') = supply(NULL, 'pix{}', 0, 0) AS minus_zero;
SELECT supply(NULL, 'pix{}', 1, 2, quality => -0.1);
SELECT supply(NULL, 'pix{}', 1, 2, quality => 1.1);
SELECT supply(NULL, 'pix{}', 1, 2, quality => 'NaN');
SELECT supply(NULL, 'pix{}', 1, 2, price => 1.00001);
SELECT supply(NULL, 'pix{}', 1, 2, price => 'Infinity');
SELECT supply(NULL, 'pix{}', 1, 2, travels_within => -1);
SELECT supply(NULL, 'pix{}', 1, 2, travels_within => 'Infinity');
SELECT supply(NULL, 'pix{}', 1, 2, travels_within => 'NaN');

-- Positions: rounded half away from zero, one value for the antimeridian
SELECT longitude, latitude, supply(NULL, 'pix{}', longitude, latitude)
FROM (VALUES (180, 90), (-180, -90), (179.99999996, 0), (-0.0, -0.00000001), (0.00000005, -0.00000005),
  (0.00000004, -0.00000004)) AS t(longitude, latitude);
SELECT supply(NULL, 'pix{}', 180.0000001, 0);
SELECT supply(NULL, 'pix{}', -181, 0);
SELECT supply(NULL, 'pix{}', 0, 90.0000001);
SELECT supply(NULL, 'pix{}', 0, '-Infinity');
SELECT supply(NULL, 'pix{}', 'NaN', 0);

-- Periods: days, half open; an infinite date bounds nothing
SELECT valid, supply(NULL, 'pix{}', 1, 2, valid => valid)
FROM unnest(ARRAY['empty', '[2025-01-01,2025-01-31]', '(2025-01-01,2025-01-31)', '(,2025-01-31]', '[2025-01-01,)',
  '[-infinity,infinity]', '[2025-01-01,infinity)', '(-infinity,2025-01-01)', '[infinity,infinity]',
  '[-infinity,-infinity]', '[4714-11-24 BC,5874897-12-31)', '[2025-01-01,2025-01-01)']::daterange[]) AS valid;

-- Reading and writing depend on no setting
SET datestyle = 'SQL, DMY';
SET extra_float_digits = -5;
SELECT 'supply{families=rights;remote=true;travels_within=0.30000000000000004;valid=[2025-02-01,2025-12-31)}'::supply;
SET datestyle = ISO;
RESET extra_float_digits;

-- A generated column, and values stored short, long and out of line
CREATE TABLE supply_offer (
  id int, requires competence_vector, teaches competence_vector, longitude float8, latitude float8, remote boolean,
  families text[], modes text[], audiences text[], only_for text[], accommodations text[], languages text[], slots text[],
  travels_within float8, quality float8, price float8, valid daterange, open boolean, filler text,
  supply supply GENERATED ALWAYS AS (make_supply_1(requires, teaches, longitude, latitude, remote, families, modes,
    audiences, only_for, accommodations, languages, slots, travels_within, quality, price, valid, open)) STORED);
ALTER TABLE supply_offer ALTER supply SET STORAGE external, ALTER filler SET STORAGE plain;
INSERT INTO supply_offer
SELECT id, NULL, CASE WHEN id <> 2 THEN competence_vector('pix', array_fill(8 * id, '{24}')) END, id, 45, false,
  '{learn}', '{}', '{}', '{}', '{}', '{fr}', '{}', 0, 0.5, 0, '(,)', true, repeat('x', 2000 * (id % 2))
FROM generate_series(1, 4) AS id;
SELECT id, supply IS NULL AS draft, level(teaches(supply), '5.2'), length(supply::text),
  supply = supply(NULL, teaches, longitude, latitude) AS as_built
FROM supply_offer ORDER BY id;
SELECT pg_relation_size(reltoastrelid) > 0 AS out_of_line FROM pg_class WHERE oid = 'supply_offer'::regclass;
UPDATE supply_offer SET teaches = 'pix{1.1=1}' WHERE id = 2;
SELECT supply FROM supply_offer WHERE id = 2;
INSERT INTO supply_offer (teaches) VALUES ('pix{}');

-- Order and hash
SELECT count(*), count(DISTINCT s), count(DISTINCT s::text) FROM (
  SELECT supply(NULL, 'pix{}', n % 5, 1, quality => n % 3 / 2.0) AS s FROM generate_series(1, 60) AS n) t;
SELECT s < t AS lt, s <= t AS le, s = t AS eq, s <> t AS ne, s >= t AS ge, s > t AS gt
FROM (SELECT supply(NULL, 'pix{}', 1, 1) AS s) a, (SELECT supply(NULL, 'pix{}', l, 1) AS t FROM unnest('{1,2}'::int[]) l) b;
CREATE TABLE supply_key (s supply PRIMARY KEY);
INSERT INTO supply_key SELECT supply(NULL, 'pix{}', n, 1) FROM generate_series(1, 100) n;
INSERT INTO supply_key SELECT supply(NULL, 'pix{}', 7, 1);
CREATE INDEX ON supply_key USING hash (s);
SET enable_seqscan = off;
SELECT s FROM supply_key WHERE s = supply(NULL, 'pix{}', 7, 1);
RESET enable_seqscan;
SELECT count(*) FROM supply_key a JOIN supply_key b USING (s);
SELECT count(*) FROM (SELECT s FROM supply_key EXCEPT SELECT s::text::supply FROM supply_key) t;
SELECT bool_and((supply_cmp(a.s, b.s) < 0) = (a.s < b.s) AND supply_cmp(a.s, b.s) = -supply_cmp(b.s, a.s)
  AND (a.s <> b.s OR supply_hash(a.s) = supply_hash(b.s) AND supply_hash_extended(a.s, 7) = supply_hash_extended(b.s, 7)))
FROM supply_key a, supply_key b;

-- Facts read back
SELECT requires(s), teaches(s), is_remote(s), set_open(s, false), set_open(set_open(s, false), true) = s AS same
FROM (VALUES (supply('pix{1.1=1}', 'pix{1.1=2}', 1, 2)), ('supply{families=rights;remote=true}')) t(s);

-- Binary: 81 bytes, without the unit vector
SELECT supply_send(supply('pix{1.1=1}', 'pix{1.1=2}', 1, 2, quality => 1, price => 1, valid => '[2000-01-02,2000-01-03)'));
SELECT length(supply_send(s)) FROM supply_key LIMIT 1;

DROP TABLE supply_offer, supply_key;

-- An image that was damaged, or that a later version wrote, stops a dump
CREATE CAST (supply AS bytea) WITHOUT FUNCTION;
CREATE CAST (bytea AS supply) WITHOUT FUNCTION;
CREATE FUNCTION pg_temp.damaged(byte int, value int) RETURNS supply LANGUAGE sql AS $$
  SELECT set_byte(supply(NULL, 'pix{1.1=2}', 1, 2)::bytea, byte, value)::supply $$;
SELECT pg_temp.damaged(0, 1);
SELECT pg_temp.damaged(0, 2);
\echo :LAST_ERROR_SQLSTATE
SELECT pg_temp.damaged(1, 9);
\echo :LAST_ERROR_SQLSTATE
SELECT pg_temp.damaged(2, 128);
SELECT pg_temp.damaged(4, 16);
SELECT pg_temp.damaged(8, 17);
SELECT pg_temp.damaged(8, 144);
SELECT '\x01'::bytea::supply;
SELECT ''::bytea::supply;
DROP CAST (supply AS bytea);
DROP CAST (bytea AS supply);
