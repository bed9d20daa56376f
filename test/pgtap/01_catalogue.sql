-- What the catalogue must say once the registry is there: everything described
-- in French, people protected, keys indexed, rights only where they are meant.
-- The flags of every function are a golden file: test/sql/catalogue.sql.
BEGIN;
CREATE EXTENSION inclusion;
CALL inclusion.setup();

SELECT plan(20);

CREATE TEMPORARY VIEW relation AS
SELECT c.oid, c.oid::regclass AS name, c.relname, n.nspname, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('inclusion', 'inclusion_data', 'pilotage') AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S');

CREATE TEMPORARY VIEW routine AS
SELECT p.oid, p.oid::regprocedure AS name, p.proname, n.nspname, p.prokind, p.prosecdef, p.proowner
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname IN ('inclusion', 'inclusion_data', 'pilotage');

-- A table is about people when a row names a beneficiary
CREATE TEMPORARY VIEW person_table AS
SELECT r.* FROM relation r
 WHERE r.relkind IN ('r', 'p')
   AND (r.relname IN ('beneficiary', 'proposal_step', 'proposal_word', 'satisfaction')
        OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attname = 'beneficiary' AND NOT a.attisdropped));

-- --- descriptions -------------------------------------------------------------

-- Array types and the row types of relations are not described apart
CREATE TEMPORARY VIEW described AS
SELECT 'relation' AS kind, r.name::text AS object, r.relname::text AS identifier, r.nspname::text AS within,
       obj_description(r.oid, 'pg_class') AS description
  FROM relation r WHERE r.relkind <> 'S'
UNION ALL
SELECT 'column', r.name || '.' || a.attname, a.attname, r.name::text, col_description(r.oid, a.attnum)
  FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE r.relkind <> 'S'
UNION ALL
SELECT 'routine', p.name::text, p.proname, NULL, obj_description(p.oid, 'pg_proc') FROM routine p
UNION ALL
SELECT 'type', t.oid::regtype::text, t.typname, NULL, obj_description(t.oid, 'pg_type')
  FROM pg_type t WHERE t.typnamespace IN ('inclusion'::regnamespace, 'inclusion_data'::regnamespace, 'pilotage'::regnamespace)
   AND t.typrelid = 0 AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
UNION ALL
SELECT 'schema', n.nspname, n.nspname, NULL, obj_description(n.oid, 'pg_namespace')
  FROM pg_namespace n WHERE n.nspname IN ('inclusion', 'inclusion_data', 'pilotage');

SELECT is_empty($$ SELECT kind, object FROM described WHERE description IS NULL $$,
  'every schema, relation, column, routine and type is described');

SELECT is_empty($$
  SELECT kind, object, description FROM described
   WHERE description !~ '^\S.{0,38}\S : \S' OR position(' : ' IN description) > 41
$$, 'a description is a label of at most 40 characters, then a definition');

SELECT is_empty($$
  SELECT kind, object, description FROM described
   WHERE length(description) < 12 OR lower(description) = identifier
$$, 'a description has 12 characters or more, and says more than the identifier');

SELECT is_empty($$
  SELECT within, split_part(description, ' : ', 1) AS label, string_agg(object, ', ')
    FROM described WHERE kind IN ('relation', 'column') GROUP BY within, label HAVING count(*) > 1
$$, 'no two columns of a relation, and no two relations of a schema, bear the same label');

-- A word that stands elsewhere after an apostrophe: lestimation, quil; the words
-- left out are words of their own
SELECT is_empty($$
  WITH elided AS (
    SELECT DISTINCT p || lower(m[1]) AS word FROM described, regexp_matches(description, '''([^[:space:][:punct:]«»…]{3,})', 'g') m, unnest('{l,d,n,s,j,c,m,qu}'::text[]) p)
  SELECT d.object, e.word FROM described d, regexp_matches(lower(d.description), '[^[:space:][:punct:]«»…]+', 'g') m JOIN elided e ON e.word = m[1]
   WHERE e.word NOT IN ('celle', 'celles', 'centre', 'couvre', 'dont', 'décrit', 'quelle', 'quelles', 'savait', 'sont')
$$, 'no description has lost an apostrophe');

-- --- rights -------------------------------------------------------------------

SELECT is_empty($$
  SELECT n.nspname, a.grantee::regrole FROM pg_namespace n, LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
   WHERE n.nspname IN ('inclusion', 'inclusion_data', 'pilotage') AND a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner
$$, 'only its owner may create in a schema of ours');

SELECT is_empty($$
  SELECT n.nspname FROM pg_namespace n
   WHERE n.nspname IN ('inclusion', 'inclusion_data', 'pilotage') AND has_schema_privilege('public', n.oid, 'USAGE')
$$, 'PUBLIC may not even look into them');

SELECT is_empty($$
  SELECT name FROM relation WHERE nspname = 'inclusion' OR relowner <> 'inclusion_owner'::regrole
$$, 'the registry is its owner''s, and schema inclusion holds no relation');

SELECT is_empty($$
  SELECT r.name, a.grantee::regrole, a.privilege_type
    FROM relation r JOIN pg_class c USING (oid), LATERAL aclexplode(c.relacl) a
   WHERE a.grantee = 0
$$, 'PUBLIC has no right on any relation');

SELECT is_empty($$
  SELECT r.name, a.grantee::regrole, a.privilege_type
    FROM relation r JOIN pg_class c USING (oid), LATERAL aclexplode(c.relacl) a
   WHERE a.grantee <> c.relowner AND a.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')
$$, 'nobody may truncate, refer to or put a trigger on a relation: row-level security knows none of these');

SELECT is_empty($$
  SELECT name FROM routine
   WHERE nspname = 'inclusion' AND has_function_privilege('public', oid, 'EXECUTE')
     AND (proname ~ '^(registry|pilotage|protect|track|install|drop)_' AND prokind = 'p' OR proname IN ('setup', 'create_roles', 'claim_schema'))
$$, 'PUBLIC may not execute setup() nor the procedures it calls');

SELECT is_empty($$ SELECT name FROM routine WHERE nspname = 'inclusion_data' AND has_function_privilege('public', oid, 'EXECUTE') $$,
  'PUBLIC may not execute a function of the registry');

SELECT results_eq($$ SELECT name::text COLLATE "C" FROM routine WHERE prosecdef ORDER BY 1 $$,
  $$ VALUES ('inclusion_data.call_values(name,text,date,integer)' COLLATE "C"),
            ('inclusion_data.constraint_labels(name,bigint)'),
            ('inclusion_data.duplicate_pairs(name,text)'),
            ('inclusion_data.end_grants(name,text,text,bigint)'),
            ('inclusion_data.erase_people(bigint[],text,text)'),
            ('inclusion_data.fill_seats(bigint)'),
            ('inclusion_data.find_beneficiaries(name)'),
            ('inclusion_data.find_grants(name)'),
            ('inclusion_data.find_sent(name)'),
            ('inclusion_data.find_set_aside(text)'),
            ('inclusion_data.forget_measures()'),
            ('inclusion_data.identities_of(name)'),
            ('inclusion_data.journal_write(text,text,bigint,jsonb)'),
            ('inclusion_data.measure_import()'),
            ('inclusion_data.merge_rows(name,bigint,bigint,text,text,bigint)'),
            ('inclusion_data.note_cell()'),
            ('inclusion_data.note_fact()'),
            ('inclusion_data.note_offer()'),
            ('inclusion_data.note_sharing()'),
            ('inclusion_data.note_withdrawal()'),
            ('inclusion_data.object_row(bigint,text,text)'),
            ('inclusion_data.open_files(text)'),
            ('inclusion_data.operator_mandates(name)'),
            ('inclusion_data.purge_batch(text,date,integer)'),
            ('inclusion_data.readable_items(name)'),
            ('inclusion_data.rebuild_cube(text)'),
            ('inclusion_data.rectify_row(bigint,text,text,text,text)'),
            ('inclusion_data.refused_items(name)'),
            ('inclusion_data.release_figures(text,date)'),
            ('inclusion_data.released_autonomy()'),
            ('inclusion_data.released_autonomy_agreement()'),
            ('inclusion_data.released_autonomy_transition()'),
            ('inclusion_data.released_commune_demand()'),
            ('inclusion_data.released_coverage()'),
            ('inclusion_data.released_demand()'),
            ('inclusion_data.released_enrolment_yield()'),
            ('inclusion_data.released_list()'),
            ('inclusion_data.released_operator_answers()'),
            ('inclusion_data.released_outreach()'),
            ('inclusion_data.released_profile()'),
            ('inclusion_data.released_quality()'),
            ('inclusion_data.released_self_referral()'),
            ('inclusion_data.released_waiting()'),
            ('inclusion_data.restrict_row(bigint,text,text)'),
            ('inclusion_data.seat_at(bigint[],bigint)'),
            ('inclusion_data.settle_seats(bigint[])'),
            ('inclusion_data.settle_session(bigint)'),
            ('inclusion_data.take_import_lines(text)'),
            ('inclusion_data.transfer_rows(bigint,text,text,bigint,text)'),
            ('inclusion_data.unmerge_rows(name,bigint,text,bigint)'),
            ('inclusion_data.update_cube(text)'),
            ('inclusion_data.write_grant(name,text,text,bigint,date,date)'),
            ('inclusion_data.write_identity(bigint,text,text,integer,text,text,text,text,boolean)'),
            ('inclusion_data.write_representative(bigint,text,text,text[],date,bigint)'),
            ('inclusion_data.write_seals(text)') $$,
  'these functions run with their definer''s rights, and no other');

SELECT is_empty($$
  SELECT p.name, r.rolname FROM routine p JOIN pg_roles r ON r.oid = p.proowner
   WHERE p.prosecdef AND (r.rolsuper OR r.rolname <> 'inclusion_owner')
$$, 'their definer is inclusion_owner, never a superuser');

SELECT is_empty($$
  SELECT r.rolname FROM inclusion.role_list() l JOIN pg_roles r ON r.rolname = l.role_name
   WHERE r.rolcanlogin OR r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
$$, 'no group logs in or passes over row-level security');

-- --- people -------------------------------------------------------------------

SELECT is_empty($$ SELECT name FROM person_table WHERE NOT (relrowsecurity AND relforcerowsecurity) $$,
  'row-level security is enabled and forced on every table about people');

-- By table: one policy of the owner for all verbs, and for the agents one a verb
SELECT is_empty($$
  SELECT t.name, p.verbs FROM person_table t
  LEFT JOIN LATERAL (
    SELECT string_agg(polcmd::text, '' ORDER BY polcmd) AS verbs
      FROM pg_policy WHERE polrelid = t.oid AND polpermissive AND 'inclusion_front_desk'::regrole = ANY (polroles)) p ON true
   WHERE p.verbs IS DISTINCT FROM 'adrw'
$$, 'for agents each table about people has one policy a verb');

SELECT is_empty($$
  SELECT t.name, p.polname FROM person_table t JOIN pg_policy p ON p.polrelid = t.oid
   WHERE polroles @> '{0}'
      OR polcmd = '*' AND polroles <> ARRAY['inclusion_owner'::regrole::oid]
      OR polcmd IN ('a', 'w', '*') AND polwithcheck IS NULL
      OR 'inclusion_analyst'::regrole = ANY (polroles) OR 'inclusion_import'::regrole = ANY (polroles)
$$, 'no policy is for PUBLIC, the analyst or imports, for all verbs but the owner''s, or writes unchecked');

-- The condition is evaluated once a query, not once a row: an InitPlan, or a
-- set that is hashed
SELECT is_empty($$
  SELECT tablename, policyname FROM pg_policies
   WHERE schemaname = 'inclusion_data' AND concat(qual, with_check) ~ '\w\(CURRENT_USER\)'
     AND regexp_count(concat(qual, with_check), '\w\(CURRENT_USER\)')
      <> regexp_count(concat(qual, with_check), '(\( SELECT|IN \( SELECT [\w., \n]+ FROM) inclusion_data\.\w+\(CURRENT_USER\)')
$$, 'policies call their functions once a query');

-- --- keys ---------------------------------------------------------------------

SELECT is_empty($$
  SELECT k.conrelid::regclass, k.conname FROM pg_constraint k
   WHERE k.contype = 'f' AND k.connamespace = 'inclusion_data'::regnamespace
     AND NOT EXISTS (SELECT FROM pg_index i
                      WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indpred IS NULL
                        AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
$$, 'every foreign key has an index that begins with its columns');

SELECT * FROM finish();
ROLLBACK;
