-- generate.sql
--		Invented offers and needs to measure on: always the same.  Schema bench;
--		variable :offers is how many offers, :needs how many needs.
--
-- Each stands twice: in plain built-in columns (bench.offer, bench.need), and as
-- a value (bench.offer_of_type, bench.need_of_type).
\set distinct :offers
\ir draw.sql
\ir codes.sql
\ir tables.sql
\ir needs.sql
\ir need_values.sql
\ir offers.sql
\ir offer_values.sql
