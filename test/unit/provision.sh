#!/bin/sh
# The private server is private: what make install would write to is its own.
set -u

here=$(cd "$(dirname "$0")/../.." && pwd -P)
environment=$("$here/test/provision" env) || exit 1
eval "$environment"
number=0 failures=0

verdict() {
  number=$((number + 1))
  if [ "$1" = 0 ]; then echo "ok $number - provision: $2"; return; fi
  echo "not ok $number - provision: $2"
  failures=$((failures + 1))
}

for folder in bindir pkglibdir sharedir; do
  path=$("$PG_CONFIG" --$folder)
  case $path in "$INCLUSION_PLACE"/root/*) [ -d "$path" ] && [ ! -L "$path" ] ;; *) false ;; esac
  verdict $? "$folder is in the private root"
done
cmp -s "$(command -v postgres)" "$("$PG_CONFIG" --bindir)/postgres"
verdict $? 'its programs come first in PATH'
[ "$(psql -XAtc "SELECT current_setting('data_directory')")" = "$INCLUSION_PLACE/data" ]
verdict $? 'the connection leads to its server'
[ "$(psql -XAtc "SELECT string_agg(DISTINCT split_part(address, '/', 1), ' ') FROM pg_hba_file_rules WHERE address IS NOT NULL")" = '127.0.0.1 ::1' ]
verdict $? 'nobody connects from outside'
[ "$("$here/test/provision" env)" = "$environment" ]
verdict $? 'env says the same twice'

echo "1..$number"
[ "$failures" = 0 ]
