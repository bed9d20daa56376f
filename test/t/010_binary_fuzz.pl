# Mutated binary values of our types: refused, or kept to the byte.
#
# A type takes part as soon as test/fuzz holds its seeds.  The long run is
# test/fuzz/run.
use strict;
use warnings;

use File::Basename qw(basename dirname);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $fuzz = dirname(__FILE__) . '/../fuzz';

my $node = PostgreSQL::Test::Cluster->new('fuzz');
$node->init;
$node->append_conf('postgresql.conf', 'restart_after_crash = off');
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION inclusion');

local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
local $ENV{PGDATABASE} = 'postgres';
local $ENV{PGUSER} = $node->safe_psql('postgres', 'SELECT current_user');

my @seeds = sort glob "$fuzz/*.seeds";
ok(@seeds > 0, 'there are seeds');
for my $path (@seeds)
{
	my $type = basename($path, '.seeds');
	my $said = qx("$^X" "$fuzz/binary" $type 3000 2>&1);
	is($?, 0, "3000 mutated values of $type are refused or kept to the byte");
	note $said;
	diag $said if $?;
}

is($node->safe_psql('postgres', 'SELECT 1'), '1', 'the server still answers');
$node->stop;

done_testing();
