# A night killed, in whatever phase: kill -9, which nothing can catch, and which
# makes the server recover.  What readers had stays whole; the next night
# finishes, and what was half done is there once or not at all.
#
# The test holds a lock on what the phase writes, waits until the night says by
# its name which phase it is in and stands before the lock, then kills it.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('killed');
$node->init;
# recover, as a real server would, rather than stay down
$node->append_conf('postgresql.conf', 'restart_after_crash = on');
$node->start;

sub sql { return $node->safe_psql('postgres', shift) }

# What readers see: of which night, and how many people
sub seen
{
	return sql(q{
		SELECT string_agg(DISTINCT l.run::text, ' ') || ' ' || count(*) FROM inclusion_data.active_list l
		JOIN inclusion_data.active_list_pointer p ON p.perimeter = l.perimeter AND p.slot = l.slot});
}

# Nobody is proposed two places, and seats are as the proposals hold them
sub contradictions
{
	return sql(q{
		SELECT (SELECT count(*) FROM (SELECT FROM inclusion_data.proposal_now w WHERE w.live GROUP BY w.beneficiary HAVING count(*) > 1) x)
		     + (SELECT count(*) FROM inclusion_data.seat t
		        WHERE t.proposed <> (SELECT count(*) FROM inclusion_data.proposal_now w WHERE w.session = t.session AND w.holds = 'proposed'))
		     + (SELECT count(*) FROM inclusion_data.run r WHERE r.state = 'published' AND NOT r.verified)});
}

sql('CREATE EXTENSION inclusion');
sql('CALL inclusion.setup()');
sql(q{
	SELECT inclusion.create_perimeter('DEP-27', 'Eure');
	SELECT inclusion.adopt_policy('DEP-27', '2020-01-01', 'clé');
	INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (1, 'DEP-27', 'Maison');
	INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on)
	SELECT i, 'DEP-27', 1, 1.15, 49, 'commune', current_date FROM generate_series(1, 20) i;
	INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
	SELECT 'DEP-27', i, 'desk', 1, current_date - 10 * i, '1' FROM generate_series(1, 20) i;
	INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
	SELECT 'DEP-27', i, 'pix{0.1=2}', current_date - 100 FROM generate_series(1, 20) i;
	INSERT INTO inclusion_data.offer (id, perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
	VALUES (1, 'DEP-27', 1, 'Atelier', 'seats', 'pix{0.1=2}', 1.15, 49);
	INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
	VALUES (1, 1, 'DEP-27', now() + interval '10 days', now() + interval '10 days 2 hours', current_date);
	INSERT INTO inclusion_data.seat (session, capacity) VALUES (1, 3);
});
sql('CALL inclusion.rebuild_active_list()');
my $list = seen();
is($list, '1 20', 'a first night is published');

# Phase, the name it shows, and what it writes: held, it cannot go on
for my $case (
	[ 'start', 'starts', 'LOCK TABLE inclusion_data.run IN EXCLUSIVE MODE' ],
	[ 'open', '1/3 open', 'LOCK TABLE inclusion_data.proposal IN EXCLUSIVE MODE' ],
	[ 'compute', '2/3 compute', 'LOCK TABLE inclusion_data.run_result IN EXCLUSIVE MODE' ],
	[ 'publish', '3/3 publish', 'LOCK TABLE inclusion_data.active_list IN SHARE MODE' ],
	[ 'seats', '3/3 publish', 'SELECT * FROM inclusion_data.seat FOR UPDATE' ])
{
	my ($phase, $name, $hold) = @$case;

	# something happened: two more seats to give
	sql('UPDATE inclusion_data.seat SET capacity = capacity + 2');
	my $runs = sql('SELECT count(*) FROM inclusion_data.run');

	my $holder = $node->background_psql('postgres', on_error_die => 0);
	$holder->query_safe('BEGIN');
	$holder->query_safe($hold);
	my ($stdin, $stdout, $stderr) = ('', '', '');
	my $night = IPC::Run::start([ 'psql', '-X', '-d', $node->connstr('postgres'), '-c', 'CALL inclusion.rebuild_active_list()' ],
		'<', \$stdin, '>', \$stdout, '2>', \$stderr);
	$node->poll_query_until('postgres', qq{
		SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'inclusion: night $name' AND wait_event_type = 'Lock'})
		or die "the night does not stand in phase $phase";
	is(sql(q{SELECT current_step FROM pilotage.job_progress WHERE state = 'en cours'}), $phase eq 'start' ? '' : "inclusion: night $name", "$phase: its progress shows")
		unless $phase eq 'start';
	my $pid = sql(qq{SELECT pid FROM pg_stat_activity WHERE application_name = 'inclusion: night $name'});
	kill 'KILL', $pid;
	$night->finish;
	eval { $holder->{run}->kill_kill; };
	$node->poll_query_until('postgres', 'SELECT NOT pg_is_in_recovery()') or die 'the server does not come back';

	is(seen(), $list, "$phase: yesterday's list is whole, and can be read");
	is(contradictions(), 0, "$phase: no proposal is half made");
	is(sql(q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}), 0, "$phase: no lock is left");
	is(sql(q{SELECT count(*) FROM inclusion_data.run WHERE state = 'running'}), $phase eq 'start' ? 0 : 1, "$phase: the run could not say it died");

	sql('CALL inclusion.rebuild_active_list()');
	is(sql('SELECT state, phase FROM inclusion_data.run ORDER BY id DESC LIMIT 1'), 'published|done', "$phase: the next night completes");
	is(sql(q{SELECT count(*) FROM inclusion_data.run WHERE state = 'running'}), 0, "$phase: and buries the dead one");
	is(contradictions(), 0, "$phase: nobody has two places");
	is(sql('SELECT proposed = capacity FROM inclusion_data.seat'), 't', "$phase: and every seat is given");
	isnt(seen(), $list, "$phase: readers have the new list");
	$list = seen();
}

$node->stop;
done_testing();
