#!/bin/sh
# The script is read as UTF-8 whatever the database's encoding: where it cannot
# be converted the extension is refused, never installed with broken French.
set -u

here=$(cd "$(dirname "$0")/../.." && pwd -P)
environment=$("$here/test/provision" env) || exit 1
eval "$environment"
export PGDATABASE=inclusion_encoding PGCLIENTENCODING=UTF8
number=0 failures=0

verdict() {
  number=$((number + 1))
  if [ "$1" = 0 ]; then echo "ok $number - encoding: $2"; return; fi
  echo "not ok $number - encoding: $2"
  failures=$((failures + 1))
}

for encoding in UTF8 SQL_ASCII LATIN1 EUC_JP; do
  dropdb --if-exists --force "$PGDATABASE" 2>/dev/null
  createdb --template=template0 --locale=C --encoding="$encoding" "$PGDATABASE"
  answer=$(psql -qXAt -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION inclusion' \
    -c "SELECT obj_description('inclusion'::regnamespace)" 2>&1)
  case $answer in
    "Code d'inclusion : types, opérateurs, "*) outcome=installed ;;
    *"has no equivalent in encoding \"$encoding\""*) outcome=refused ;;
    *) outcome="neither: $answer" ;;
  esac
  case $encoding in UTF8 | SQL_ASCII) expected=installed ;; *) expected='installed refused' ;; esac
  case " $expected " in *" $outcome "*) true ;; *) echo "# $outcome" && false ;; esac
  verdict $? "a database in $encoding: $expected"
done
dropdb --if-exists --force "$PGDATABASE"

echo "1..$number"
[ "$failures" = 0 ]
