# The night as a job: alone in its command, in three transactions, whole or not
# at all, whatever stops it.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('night');
$node->init;
$node->append_conf('postgresql.conf', "TimeZone = 'Europe/Paris'");
$node->start;

sub sql { return $node->safe_psql('postgres', shift) }

# SQLSTATE and message of a command that fails
sub failure
{
	my ($command) = @_;
	my ($code, $out, $err) = $node->psql('postgres', $command, extra_params => [ '-v', 'VERBOSITY=verbose' ]);
	return $code == 0 ? 'no error' : $err =~ /ERROR:\s+([^\n]*)/ ? $1 : $err;
}

# What readers see: whole, and of which night
sub seen
{
	return sql(q{
		SELECT string_agg(DISTINCT l.run::text, ' ') || ' ' || count(*) FROM inclusion_data.active_list l
		JOIN inclusion_data.active_list_pointer p ON p.perimeter = l.perimeter AND p.slot = l.slot});
}

sub last_run { return sql('SELECT state, phase, error_state FROM inclusion_data.run ORDER BY id DESC LIMIT 1') }
sub run_count { return sql('SELECT count(*) FROM inclusion_data.run') }
sub locks { return sql(q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())}) }
sub event { return sql('UPDATE inclusion_data.seat SET capacity = capacity + 1 WHERE session = 1') }

sql('CREATE EXTENSION inclusion');
sql('CALL inclusion.setup()');

# --- a small world, five people and three seats ----------------------------------

sql(q{SELECT inclusion.create_perimeter('DEP-27', 'Eure')});
is(failure('CALL inclusion.rebuild_active_list()'), 'IN302: no policy is in force for perimeter "DEP-27" on ' . sql('SELECT current_date'),
	'no night without a policy');
is(last_run(), 'failed|open|IN302', 'and even that leaves its proof');

sql(q{
	SELECT inclusion.adopt_policy('DEP-27', '2020-01-01', 'clé');
	INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (1, 'DEP-27', 'Maison');
	INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on)
	SELECT i, 'DEP-27', 1, 1.15, 49, 'commune', current_date FROM generate_series(1, 5) i;
	INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
	SELECT 'DEP-27', i, 'desk', 1, current_date - 10 * i, '1' FROM generate_series(1, 5) i;
	INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on)
	SELECT 'DEP-27', i, 'pix{0.1=2}', current_date - 100 FROM generate_series(1, 5) i;
	INSERT INTO inclusion_data.offer (id, perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
	VALUES (1, 'DEP-27', 1, 'Atelier', 'seats', 'pix{0.1=2}', 1.15, 49);
	INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
	VALUES (1, 1, 'DEP-27', now() + interval '10 days', now() + interval '10 days 2 hours', current_date);
	INSERT INTO inclusion_data.seat (session, capacity) VALUES (1, 3);
	CREATE ROLE night_job LOGIN IN ROLE inclusion_night;
});

# --- alone in its command ---------------------------------------------------------

my $before = run_count();
like(failure('BEGIN; CALL inclusion.rebuild_active_list(); COMMIT;'), qr/^2D000: invalid transaction termination/, 'not inside a transaction');
is(run_count(), $before, 'which leaves nothing behind');

is($node->psql('postgres', 'CALL inclusion.rebuild_active_list()', connstr => $node->connstr('postgres') . ' user=night_job'), 0,
	'a member of the group of the night runs it');
is(last_run(), 'published|done|', 'the night is published');
my $first = sql('SELECT max(id) FROM inclusion_data.run');
is(seen(), "$first 5", 'everybody is on the list');
is(sql('SELECT proposed FROM inclusion_data.seat'), 3, 'the seats are proposed');
is(locks(), 0, 'no lock is left');

# An agent who calls it by mistake is told so, and keeps nothing from it: in a
# pool the session would outlive the error
sql('CREATE ROLE desk LOGIN IN ROLE inclusion_front_desk');
my ($refused, $answer, $complaint) = $node->psql('postgres', "CALL inclusion.rebuild_active_list();\n"
	  . q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()},
	connstr => $node->connstr('postgres') . ' user=desk', on_error_stop => 0);
like($complaint, qr/ERROR:  role "desk" may not run the night/, 'an agent does not run the night');
is($answer, '0', 'nor keeps its locks');

sql('CALL inclusion.rebuild_active_list()');
is(sql('SELECT max(id) FROM inclusion_data.run'), $first, 'called again, it has nothing to do and writes nothing');

# --- a night that fails -----------------------------------------------------------

my $honest = sql(q{SELECT pg_get_functiondef('inclusion.allocate_growing(text,text,text)'::regprocedure)});
sub allocation_that
{
	my ($body) = @_;
	sql(qq{
		CREATE OR REPLACE FUNCTION inclusion.allocate_growing(applicants text, offers text, reserve_order text)
		RETURNS TABLE (applicant bigint, list_position int, reserved_for int, asked int, lengthened int) LANGUAGE plpgsql AS \$\$ BEGIN $body END \$\$});
}

event();
my $list = seen();
allocation_that(q{RAISE EXCEPTION 'out of order' USING ERRCODE = 'IN310', HINT = 'Repair it.';});
is(failure('CALL inclusion.rebuild_active_list()'), 'IN310: out of order', 'the error of a phase is the error of the night');
is(last_run(), 'failed|compute|IN310', 'the run keeps it');
is(sql('SELECT count(*) FROM inclusion_data.run_candidate c JOIN inclusion_data.run r ON r.id = c.run WHERE r.state = \'failed\''), 0,
	'the phase itself is undone');
is(seen(), $list, 'the list of the night before stays whole');
is(locks(), 0, 'no lock is left');
is(sql('SELECT state, error_code, error_sentence FROM pilotage.job_progress ORDER BY id DESC LIMIT 1'),
	"\xc3\xa9chou\xc3\xa9e|IN310|Les donn\xc3\xa9es d'affectation sont incoh\xc3\xa9rentes.", 'and pilotage says why in French')
	or diag(sql('SELECT state, error_code, error_sentence FROM pilotage.job_progress ORDER BY id DESC LIMIT 1'));

# --- a night that is stopped: cancelled, then killed -------------------------------

allocation_that('PERFORM pg_sleep(600);');
my ($stdin, $stdout, $stderr, $night);
sub start_night
{
	($stdin, $stdout, $stderr) = ('', '', '');
	$night = IPC::Run::start([ 'psql', '-X', '-d', $node->connstr('postgres'), '-v', 'VERBOSITY=verbose', '-c', 'CALL inclusion.rebuild_active_list()' ],
		'<', \$stdin, '>', \$stdout, '2>', \$stderr);
	$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE application_name = 'inclusion: night 2/3 compute'})
		or die 'the night does not reach its second phase';
}

start_night();
is(sql('SELECT current_step FROM pilotage.job_progress ORDER BY id DESC LIMIT 1'), 'inclusion: night 2/3 compute', 'its progress shows');
sql(q{SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'inclusion: night%'});
$night->finish;
like($stderr, qr/57014/, 'a cancelled night fails as cancelled');
is(last_run(), 'failed|compute|57014', 'and says so');
is(locks(), 0, 'no lock is left');

# --- a path that puts somebody's operators before the server's ----------------------

sql($honest);
sql(q{
	CREATE SCHEMA trap;
	CREATE FUNCTION trap.same(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
	CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.same)});
$before = run_count();
is($node->psql('postgres', q{
	SET search_path = trap, pg_catalog;
	CALL inclusion.rebuild_active_list()}), 0, 'a night calls no operator of its caller');
is(run_count(), $before + 1, 'and ran');
event();
$list = seen();
allocation_that('PERFORM pg_sleep(600);');

my (undef, $held) = $node->psql('postgres', q{
	SET default_transaction_read_only = on;
	CALL inclusion.rebuild_active_list();
	SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();}, on_error_stop => 0);
is($held, 0, 'nor in a session where not even the failure can be written');

start_night();
sql(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'inclusion: night%'});
$night->finish;
$node->poll_query_until('postgres', q{SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'});
is(last_run(), 'running|compute|', 'a killed night could not say anything');
is(sql('SELECT current_step FROM pilotage.job_progress ORDER BY id DESC LIMIT 1'), 'interrompue', 'but is shown as interrupted');
is(seen(), $list, 'the list stays whole');

start_night();
$node->stop('immediate');
$night->finish;
$node->start;
is(last_run(), 'running|compute|', 'nor could one whose server crashed');
sql($honest);
sql('CALL inclusion.rebuild_active_list()');
is(last_run(), 'published|done|', 'the next night passes');
is(sql(q{SELECT count(*) FROM inclusion_data.run WHERE state = 'running'}), 0, 'and buries the dead ones');
is(sql(q{SELECT count(*) FROM inclusion_data.run WHERE error_message = 'the night stopped before its end'}), 2, 'both of them');
isnt(seen(), $list, 'readers have the new list');
is(sql('SELECT taken, proposed FROM inclusion_data.seat'), '0|5', 'no seat was proposed twice');

$node->stop;
done_testing();
