#!/bin/sh
# The library shows other libraries what the server looks up, and nothing else.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd -P)
symbols=$(nm -D --defined-only "$top/inclusion.so" | awk '{ print $NF }' | sort)

# A function of the SQL comes with the record of its calling convention
functions=$(echo "$symbols" | sed -n 's/^pg_finfo_//p')
others=$(echo "$symbols" | grep -v '^pg_finfo_' | grep -vxF "$functions" | tr '\n' ' ')
hidden=$(echo "$functions" | grep -vxF "$symbols" | tr '\n' ' ')
number=0 failures=0

verdict() {
  number=$((number + 1))
  if [ "$1" = 0 ]; then echo "ok $number - exports: $2"; return; fi
  echo "not ok $number - exports: $2"
  failures=$((failures + 1))
}

[ "$others" = 'Pg_magic_func _PG_init ' ] || { echo "# exported: $others"; false; }
verdict $? 'only the magic, the entry and the functions of the SQL'
[ -n "$functions" ] && [ -z "$hidden" ] || { echo "# hidden: $hidden"; false; }
verdict $? 'every function of the SQL'

echo "1..$number"
[ "$failures" = 0 ]
