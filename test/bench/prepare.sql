-- prepare.sql
--		What every part of the table shares: draws, tables and methods.
\ir draw.sql
\ir codes.sql
\ir tables.sql
\ir plain.sql
\ir methods.sql
\ir measure.sql
\ir block.sql
\ir upkeep.sql
\ir collect.sql
