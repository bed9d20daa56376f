# The index on supplies after a crash and on a standby: the lists of a scan, and
# keys that cover their pages.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1);
# The crash must find changes in the log alone, full pages or not
$primary->append_conf('postgresql.conf', "autovacuum = off\ncheckpoint_timeout = 1h\nmax_wal_size = 1GB");
$primary->start;

sub sql { my ($node, $sql) = @_; return $node->safe_psql('postgres', $sql) }

# The thirty best of each need, by one way or the other
sub lists
{
	my ($node, $way) = @_;
	my $off = $way eq 'index' ? 'enable_seqscan' : 'enable_indexscan';
	return sql($node, qq{
		SET $off = off; SET enable_bitmapscan = off;
		SELECT n.id, string_agg(b.id || ' ' || float8send(b.cost)::text, ',' ORDER BY b.cost, b.id)
		FROM need n, LATERAL (
			SELECT o.id, o.supply OPERATOR(inclusion.<=>) n.need AS cost FROM offer o
			WHERE o.supply OPERATOR(inclusion.@@) n.need
			ORDER BY o.supply OPERATOR(inclusion.<=>) n.need FETCH FIRST 30 ROWS WITH TIES) b
		GROUP BY n.id ORDER BY n.id});
}

sub check
{
	my ($node, $when) = @_;
	my $offers = sql($node, 'SELECT count(*) FROM offer');
	my $lists = lists($node, 'index');
	cmp_ok(scalar(split /\n/, $lists), '>', 30, "$when, there are lists to compare");
	is($lists, lists($node, 'scan'), "$when, the index gives the lists of a scan");
	my $checked = sql($node, q{SELECT offers FROM inclusion.check_supply_index('offer_supply_idx')});
	cmp_ok($checked, '>=', $offers, "$when, each key covers its page");
}

sub draw { my ($salt) = @_; return "(hashint8extended(i, $salt) & 1048575)" }

sql($primary, q{
	CREATE EXTENSION inclusion;
	CREATE TABLE offer (id bigint PRIMARY KEY, supply inclusion.supply);
	CREATE TABLE need (id bigint PRIMARY KEY, need inclusion.need);
	CREATE INDEX ON offer USING gist (supply);
	CREATE FUNCTION levels(i bigint, share int, shift int) RETURNS inclusion.competence_vector LANGUAGE sql IMMUTABLE
	RETURN inclusion.competence_vector('pix', ARRAY(SELECT CASE WHEN hashint8extended(i, d) & 15 < share
		THEN 8 * (1 + (hashint8extended(i, 50 + d) & shift))::int END FROM generate_series(1, 24) AS d))});
my $supplies = 'inclusion.supply(requires => NULL, teaches => levels(i, 3, 7), '
	. 'longitude => ' . draw(100) . ' / 131072.0, latitude => 44 + ' . draw(101) . ' / 262144.0, '
	. 'remote => i % 6 = 0, quality => ' . draw(102) . ' / 1048575.0, open => i % 9 > 0)';
sql($primary, "INSERT INTO offer SELECT i, $supplies FROM generate_series(1, 6000) AS i");
sql($primary, 'INSERT INTO need SELECT i, inclusion.need(current => NULL, target => levels(-i, 6, 3), longitude => '
	. draw(103) . ' / 131072.0, latitude => 44 + ' . draw(104) . ' / 262144.0, max_distance => 60000, '
	. "day => '2026-03-15') FROM generate_series(1, 60) AS i");

my $backup = 'copy';
$primary->backup($backup);
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, $backup, has_streaming => 1);
$standby->start;

# --- written, vacuumed, built anew; seen by the standby -------------------------

my %steps = (
	'after inserts' => "INSERT INTO offer SELECT i, $supplies FROM generate_series(6001, 9000) AS i",
	'after updates' => 'UPDATE offer SET supply = inclusion.set_open(supply, id % 4 > 0) WHERE id % 5 = 0',
	'after deletes' => 'DELETE FROM offer WHERE id % 3 = 0',
	'after VACUUM' => 'VACUUM offer',
	'after inserts in freed pages' => "INSERT INTO offer SELECT i, $supplies FROM generate_series(9001, 10000) AS i",
	'after REINDEX' => 'REINDEX TABLE offer');
for my $step ('after inserts', 'after updates', 'after deletes', 'after VACUUM', 'after inserts in freed pages', 'after REINDEX')
{
	sql($primary, $steps{$step});
	$primary->wait_for_catchup($standby, 'replay', $primary->lsn('write'));
	check($primary, $step);
	check($standby, "$step, on the standby");
}
is(lists($standby, 'index'), lists($primary, 'index'), 'both give the same lists');

# --- a crash ---------------------------------------------------------------------

sql($primary, 'CHECKPOINT');
sql($primary, 'DELETE FROM offer WHERE id % 7 = 0');
sql($primary, 'VACUUM offer');
sql($primary, "INSERT INTO offer SELECT i, $supplies FROM generate_series(10001, 13000) AS i");
my $before = lists($primary, 'index');
$primary->stop('immediate');
$primary->start;
is(lists($primary, 'index'), $before, 'what was committed before a crash is found after it');
check($primary, 'after a crash');

# --- stopped in time ---------------------------------------------------------------

# A list longer than all offers reads the whole index: it must hear of its end
my ($code, $out, $err) = $primary->psql('postgres', q{
	SET enable_seqscan = off; SET enable_bitmapscan = off; SET statement_timeout = '5ms';
	SELECT count(*) FROM generate_series(1, 1000), need n, LATERAL (
		SELECT o.id FROM offer o WHERE o.supply OPERATOR(inclusion.@@) n.need
		ORDER BY o.supply OPERATOR(inclusion.<=>) n.need LIMIT 100000) b});
like($err, qr/canceling statement due to statement timeout/, 'a long search can be stopped');

$standby->stop;
$primary->stop;
done_testing();
