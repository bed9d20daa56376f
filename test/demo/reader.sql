-- A login for QGIS and Metabase: what an analyst sees, and nothing to write.

SELECT 'CREATE ROLE demo_reader LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'demo_reader') \gexec
GRANT inclusion_analyst TO demo_reader;
ALTER ROLE demo_reader SET default_transaction_read_only = on;
