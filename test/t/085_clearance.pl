# Agents who reach the registry through others' connections: a login that
# inherits nothing and becomes the agent, then a pool that hands one server
# connection to a client a transaction.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('clearance');
$node->init;
# a pool speaks TCP and so does its server
my $port = $node->port;
$node->append_conf('postgresql.conf', "listen_addresses = '127.0.0.1'");
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION inclusion;
	CALL inclusion.setup();
	INSERT INTO inclusion_data.perimeter (code, name) VALUES ('DEP-27', 'Eure');
	SELECT inclusion.register_structure(n) FROM unnest('{Une,Deux}'::text[]) n;
	CREATE ROLE one LOGIN;
	CREATE ROLE two LOGIN;
	CREATE ROLE pool LOGIN NOINHERIT;
	SELECT inclusion.register_agent('one', 1, 'Ada'), inclusion.register_agent('two', 2, 'Ivo', 'mediator');
	GRANT one, two TO pool;
	SELECT inclusion.enrol(1), inclusion.enrol(1), inclusion.enrol(2);});

# What `sql` answers to somebody who connects: its last line, or the SQLSTATE.
# It is an argument, not an input: psql may be gone before it reads one, when
# nobody answers at the other end.
sub answer
{
	my ($connection, $sql) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-XAtq', '-v', 'VERBOSITY=sqlstate', '-v', 'ON_ERROR_STOP=1', '-d', $connection, '-c', $sql ],
		'<', \undef, '>', \$out, '2>', \$err);
	return $1 if $err =~ /ERROR:  (\w{5})/;
	return $err if $out eq '' && $err ne '';
	return (split /\n/, $out)[-1] // '';
}
my $direct = 'host=' . $node->host . " port=$port dbname=postgres";
my $people = 'SELECT count(*) FROM inclusion_data.beneficiary';

is(answer("$direct user=one", "$people;"), '2', 'an agent connects and sees their people');
is(answer("$direct user=two", "$people;"), '1', 'another sees others');
is(answer("$direct user=pool", "$people;"), '42501', 'the account of a pool sees nobody');
is(answer("$direct user=pool", "SET ROLE one; $people;"), '2', 'until it is an agent');
is(answer("$direct user=pool", 'SET ROLE two; SELECT inclusion.enrol(2);'), '4', 'who may then work');
is(answer("$direct user=one", q{SELECT array_length(inclusion_data.structures_of('two'), 1);}), '', 'nobody asks in the name of another');
is(answer("$direct user=one", 'SET ROLE two;'), '42501', 'nor becomes them');
$node->safe_psql('postgres', q{SELECT inclusion.revoke_access('one')});
is(answer("$direct user=one", "$people;"), '0', 'a grant taken back is closed to who is connected already');
$node->safe_psql('postgres', q{SELECT inclusion.grant_access('one', 'DEP-27', 1)});
$node->safe_psql('postgres', q{SELECT inclusion.close_agent('two')});
is(answer("$direct user=pool", "SET ROLE two; $people;"), '42501', 'who has left is let in by no pool');

# --- through a pool ---------------------------------------------------------------

SKIP:
{
	my ($pgbouncer) = grep { -x } map { "$_/pgbouncer" } split(/:/, $ENV{PATH}), '/usr/sbin';
	skip 'pgbouncer is not installed', 4 unless $pgbouncer;

	my $folder = PostgreSQL::Test::Utils::tempdir;
	my $pool_port = PostgreSQL::Test::Cluster::get_free_port();
	append_to_file("$folder/users.txt", qq{"pool" ""\n});
	append_to_file("$folder/pool.ini", <<"INI");
[databases]
postgres = host=127.0.0.1 port=$port dbname=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $pool_port
unix_socket_dir =
auth_type = trust
auth_file = $folder/users.txt
pool_mode = transaction
default_pool_size = 1
logfile = $folder/pool.log
INI
	my $pool = IPC::Run::start([ $pgbouncer, '-q', "$folder/pool.ini" ], '<', \undef, '>', '/dev/null', '2>', '/dev/null');
	my $through = "host=127.0.0.1 port=$pool_port dbname=postgres user=pool";
	for (1 .. 50)
	{
		last if answer($through, 'SELECT 1;') eq '1';
		select(undef, undef, undef, 0.1);
	}
	is(answer($through, "BEGIN; SET LOCAL ROLE one; $people; COMMIT;"), '2', 'in a transaction of a pool, an agent');
	is(answer($through, "$people;"), '42501', 'after it, on the same server connection, nobody');
	is(answer($through, "BEGIN; SET LOCAL ROLE one; SELECT inclusion.enrol(1); COMMIT;"), '5', 'a verb is one transaction');
	is(answer($through, "BEGIN; SET LOCAL ROLE one; $people; COMMIT;"), '3', 'and is kept');
	$pool->signal('TERM');
	$pool->finish;
}

$node->stop;
done_testing();
