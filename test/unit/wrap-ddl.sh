#!/bin/sh
# What sql/wrap-ddl takes, and what it refuses with the file's name and line.
set -u

here=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/sql/registry/steps" "$folder/sql/pilotage"
number=0 failures=0

verdict() {
  number=$((number + 1))
  if [ "$1" = 0 ]; then echo "ok $number - wrap-ddl $2"; return; fi
  echo "not ok $number - wrap-ddl $2"
  sed 's/^/# /' "$folder/said"
  failures=$((failures + 1))
}

# wraps WHAT FILE TEXT: the text is accepted
wraps() {
  printf '%b' "$3" >"$folder/sql/$2"
  "$here/sql/wrap-ddl" "$folder/sql/$2" >"$folder/out" 2>"$folder/said"
  verdict $? "takes $1"
}

# refuses WHAT LINE REASON TEXT: the text is refused there, and nothing written
refuses() {
  printf '%b' "$4" >"$folder/sql/registry/20_enrolment.sql"
  "$here/sql/wrap-ddl" "$folder/sql/registry/20_enrolment.sql" >"$folder/out" 2>"$folder/said"
  [ $? = 1 ] && [ ! -s "$folder/out" ] && grep -q "registry/20_enrolment.sql:$2: .*$3" "$folder/said"
  verdict $? "refuses $1"
}

# holds TEXT: the last wrapped procedure holds that line
holds() {
  grep -qxF -- "$1" "$folder/out"
  verdict $? "writes: $1"
}

wraps 'a table' registry/20_enrolment.sql \
  'CREATE TABLE inclusion_data.a (b int);'
holds 'CREATE PROCEDURE inclusion.registry_20_enrolment() LANGUAGE plpgsql AS $registry$'
holds 'CREATE TABLE inclusion_data.a (b int);'
holds 'REVOKE ALL ON PROCEDURE inclusion.registry_20_enrolment() FROM PUBLIC;'
wraps 'a step' registry/steps/0001_colour.sql \
  'ALTER TABLE inclusion_data.a ADD c int;'
holds 'CREATE PROCEDURE inclusion.registry_step_0001_colour() LANGUAGE plpgsql AS $registry$'
wraps 'a view' pilotage/10_list.sql \
  'CREATE VIEW pilotage.v AS\nWITH x AS (SELECT 1)\nSELECT * FROM x;'
holds 'CREATE PROCEDURE inclusion.pilotage_10_list() LANGUAGE plpgsql AS $registry$'

wraps 'words of strings, names and comments' registry/20_enrolment.sql "$(cat <<'END'
-- SELECT 1; DO
/* nested /* ; SELECT 1; */ ; DO; \\d */
CREATE TABLE inclusion_data.a (b text DEFAULT 'x; SELECT \\d', "; do" text DEFAULT E'it\\'s; select');
COMMENT ON TABLE inclusion_data.a IS 'l''étape ; select';
INSERT INTO inclusion_data.a (b) SELECT $$; select$$;
END
)"
wraps 'routines, parsed or quoted' registry/20_enrolment.sql "$(cat <<'END'
CREATE FUNCTION inclusion_data.f() RETURNS int LANGUAGE sql BEGIN ATOMIC
  SELECT CASE WHEN true THEN 1 ELSE 2 END;
  SELECT 2;
END;
CREATE FUNCTION inclusion_data.g() RETURNS int LANGUAGE plpgsql AS $body$
BEGIN PERFORM 1; WITH x AS (SELECT 1) SELECT 1; RETURN 1; END $body$;
END
)"

refuses 'a bare SELECT' 2 SELECT \
  'CREATE TABLE a (b int);\nSELECT 1;\n'
refuses 'a bare SELECT, first and unfinished' 3 SELECT \
  '\n\nselect 1'
refuses 'a SELECT in parentheses' 1 SELECT \
  '(SELECT 1);'
refuses 'a SELECT after another on its line' 1 SELECT \
  "INSERT INTO a VALUES ('x'); /* */ sElEcT 1;"
refuses 'a bare WITH' 1 WITH \
  'WITH x AS (SELECT 1)\nINSERT INTO a SELECT 1;'
refuses 'a DO block' 3 DO \
  'CREATE TABLE a (b int);\n\nDO $$ BEGIN END $$;'
refuses 'a psql command' 2 psql \
  'CREATE TABLE a (b int);\n\\d a\n'
refuses 'its own tag, even in a comment' 2 registry \
  'CREATE TABLE a (b int);\n-- $registry$\n'
refuses 'a SELECT after BEGIN ATOMIC … END' 2 SELECT \
  'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;\nSELECT 2;'

for name in sql/registry/enrolment.sql sql/registry/20_Enrolment.sql sql/registry/steps/01_short.sql sql/20_enrolment.sql; do
  echo 'CREATE TABLE a (b int);' >"$folder/$name"
  "$here/sql/wrap-ddl" "$folder/$name" >"$folder/out" 2>"$folder/said"
  [ $? = 1 ] && grep -q "$name" "$folder/said"
  verdict $? "refuses the name $name"
done

echo "1..$number"
[ "$failures" = 0 ]
