# pgaudit set up by setup_pgaudit(): the server's log says who read identities,
# even in a transaction that was rolled back, and never what was read.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

chomp(my $share = `pg_config --sharedir`);
plan skip_all => 'pgaudit is not installed' unless -f "$share/extension/pgaudit.control";

my $node = PostgreSQL::Test::Cluster->new('audit');
$node->init;
$node->append_conf('postgresql.conf', "shared_preload_libraries = 'pgaudit'\nlog_statement = 'none'");
$node->start;

sub sql { return $node->safe_psql('postgres', shift) }

# The entries of audit that a command leaves in the log
sub audited
{
	my ($command, %as) = @_;
	my $before = -s $node->logfile;
	$node->psql('postgres', $command, %as);
	return join '', grep { /AUDIT:/ } split /^(?=\d{4}-)/m, PostgreSQL::Test::Utils::slurp_file($node->logfile, $before);
}

sql('CREATE EXTENSION inclusion');
sql('CALL inclusion.setup()');
my ($code, $out, $err) = $node->psql('postgres', 'CALL inclusion.setup_pgaudit()', extra_params => [ '-v', 'VERBOSITY=verbose' ]);
like($err, qr/0A000: pgaudit is not in this database/, 'loaded is not enough: the extension is asked for');
sql('CREATE EXTENSION pgaudit');
sql('CALL inclusion.setup_pgaudit()');
is($node->psql('postgres', 'CALL inclusion.setup_pgaudit()'), 0, 'set up twice is set up');
is(sql(q{SELECT rolcanlogin::text || (SELECT count(*) FROM pg_auth_members WHERE roleid = r.oid) FROM pg_roles r WHERE rolname = 'inclusion_audit'}), 'false0', 'by a role that nobody is');
sql(q{
	SELECT inclusion.create_perimeter('DEP-27', 'Eure'), inclusion.register_structure('Maison', 'DEP-27');
	CREATE ROLE one LOGIN;
	SELECT inclusion.register_agent('one', 1, 'Ada'), inclusion.enrol(1, first_name => 'Zoé', last_name => 'Secrète', phone => '06 39 98 00 01');
});
my $as_one = { connstr => $node->connstr('postgres') . ' user=one' };

my $read = audited('SELECT inclusion.read_person_file(1)', %$as_one);
like($read, qr/OBJECT,\d+,\d+,READ,SELECT,TABLE,inclusion_data\.identity,/, 'a reading of who somebody is is in the log');
like($read, qr/<not logged>/, 'without what was asked');
unlike($read, qr/Secrète|06 39 98/, 'nor what was answered');
like(audited('BEGIN; SELECT inclusion.read_person_file(1); ROLLBACK;', %$as_one), qr/READ,SELECT,TABLE,inclusion_data\.identity,/, 'a reading that is rolled back too');
is(sql(q{SELECT count(*) FROM inclusion_data.journal WHERE action = 'read_file'}), 1, 'of which the journal keeps no line');
like(audited('SELECT last_name FROM inclusion_data.identity'), qr/READ,SELECT,TABLE,inclusion_data\.identity,/, 'as is that of an administrator who goes by the table');
like(audited(q{UPDATE inclusion_data.identity SET last_name = 'Discrète'}), qr/WRITE,UPDATE,TABLE,inclusion_data\.identity,/, 'and what they write there');
is(audited('SELECT count(*) FROM inclusion_data.offer', %$as_one), '', 'what is about nobody is not');

$node->stop;
done_testing();
