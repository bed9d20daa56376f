# The jobs on a schedule, by the real pg_cron where it is installed, under logins
# that are no superuser; and what is said where it is not.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('schedule');
my $cron = -e qx("$ENV{PG_CONFIG}" --sharedir 2>/dev/null) =~ s/\n//r . '/extension/pg_cron.control';
$node->init;
$node->append_conf('postgresql.conf', <<'CONF') if $cron;
shared_preload_libraries = 'pg_cron'
cron.database_name = 'postgres'
cron.use_background_workers = on
CONF
$node->start;

sub sql { return $node->safe_psql('postgres', shift) }

# What a login is told: SQLSTATE, message and hint of an error, or the notices
sub told
{
	my ($login, $command) = @_;
	my ($code, $out, $err) = $node->psql('postgres', $command, connstr => $node->connstr('postgres') . " user=$login",
		extra_params => [ '-v', 'VERBOSITY=verbose' ]);
	return $err;
}

# --- anywhere ----------------------------------------------------------------------

sql('CREATE EXTENSION inclusion');
sql('CREATE ROLE night_job LOGIN; CREATE ROLE keeper LOGIN; CREATE ROLE desk LOGIN');
like(told('postgres', 'CALL inclusion.schedule()'), qr/0A000: pg_cron is not in this database.*HINT:.*CALL inclusion\.rebuild_active_list\(\) \([0-9* ]+, inclusion_night\).*CALL inclusion\.upkeep\(\).*inclusion\.seal_journal\(\).*VACUUM \(ANALYZE\)/s,
	'without pg_cron, the hint says what to schedule, when and by whom');
is(told('postgres', 'CALL inclusion.unschedule()'), '', 'there is nothing to unschedule');
is(told('postgres', 'CALL inclusion.trim_job_log()'), '', 'nor to trim');
like(told('postgres', q{SELECT * FROM inclusion.job_list('02:30', 'Europe/Evreux')}), qr/IN306: unknown time zone "Europe\/Evreux"/, 'a zone has to exist');

# Hours of the territory, as pg_cron counts them
is(sql(q{SELECT schedule FROM inclusion.job_list('02:30', 'Indian/Reunion') WHERE job = 'inclusion night'}), '30 22 * * *', 'half past two in Saint-Denis is the evening before, in GMT');
is(sql(q{SELECT schedule FROM inclusion.job_list('21:15', 'America/Martinique') WHERE job = 'inclusion upkeep'}), '15 3 * * *', 'the others come after the night');
is(sql(q{SET cron.timezone = 'Indian/Reunion'; SELECT schedule FROM inclusion.job_list('02:30', 'Indian/Reunion') WHERE job = 'inclusion night'}), '30 2 * * *',
	'where pg_cron counts in the zone, so does the list');
is(sql(q{SELECT count(*), count(DISTINCT job), count(DISTINCT command) FROM inclusion.job_list()}), '13|13|13', 'each job once');

# --- by pg_cron --------------------------------------------------------------------

SKIP:
{
	skip 'pg_cron is not installed', 17 unless $cron;
	sql('CREATE EXTENSION pg_cron');
	sql('CALL inclusion.setup()');
	sql(q{
		SELECT inclusion.create_perimeter('DEP-27', 'Eure'), inclusion.adopt_policy('DEP-27', '2020-01-01', 'clé');
		GRANT inclusion_night TO night_job; GRANT inclusion_owner TO keeper; GRANT inclusion_front_desk TO desk;
		ALTER ROLE night_job SET inclusion.night_lock_timeout = '300ms'});

	like(told('night_job', 'CALL inclusion.schedule()'), qr/42501: role "night_job" may not use pg_cron.*HINT:  A superuser runs: GRANT USAGE ON SCHEMA cron TO night_job;/s, 'the right that is missing is named');
	sql('GRANT USAGE ON SCHEMA cron TO inclusion_night, inclusion_owner, inclusion_front_desk');
	like(told('desk', 'CALL inclusion.schedule()'), qr/42501: role "desk" may run none of the jobs/, 'an agent schedules nothing');
	like(told('night_job', q{CALL inclusion.schedule('02:30', 'Indian/Reunion')}), qr/NOTICE:.*9 jobs; the night at 02:30:00 in Indian\/Reunion, which is 22:30:00 for pg_cron \(GMT\)/, 'local time is explained');
	told('night_job', q{CALL inclusion.schedule('03:00', 'Indian/Reunion')});
	told('keeper', 'CALL inclusion.schedule()');
	is(sql('SELECT username, count(*) FROM cron.job GROUP BY username ORDER BY username'), "keeper|4\nnight_job|9", 'each login has the jobs it may run, once');
	is(sql(q{SELECT schedule FROM cron.job WHERE command ~ 'rebuild_active_list'}), '0 23 * * *', 'the night at the hour asked for last');

	# At the next minute: another night is running, and this one waits, then fails
	my $holder = $node->background_psql('postgres');
	$holder->query_safe(q{SELECT inclusion.lock_perimeters('{DEP-27}', true)});
	sql(q{SELECT cron.alter_job(j.jobid, schedule => '* * * * *') FROM cron.job j});
	sub outcome
	{
		my ($wanted, $command) = @_;
		return $node->poll_query_until('postgres', qq{SELECT EXISTS (SELECT FROM cron.job_run_details WHERE command ~ '$command' AND status = '$wanted')});
	}
	ok(outcome('failed', 'rebuild_active_list'), 'a night that finds another running is shown as failed');
	like(sql(q{SELECT return_message FROM cron.job_run_details WHERE command ~ 'rebuild_active_list' AND status = 'failed' LIMIT 1}), qr/canceling statement due to lock timeout/, 'with the reason');
	is(sql(q{SELECT count(*) FROM inclusion_data.run}), 0, 'having written nothing');
	$holder->query_safe(q{SELECT inclusion.unlock_perimeters('{DEP-27}')});
	$holder->quit;
	ok(outcome('succeeded', 'rebuild_active_list'), 'the next one runs');
	is(sql(q{SELECT DISTINCT state FROM inclusion_data.run}), 'published', 'and publishes');
	ok(outcome('succeeded', $_), "so does $_") for ('refresh_quality', 'refresh_prices', 'upkeep', 'refresh_cube', 'release_figures', 'trim_job_log', 'VACUUM', '^ANALYZE', 'REINDEX TABLE CONCURRENTLY inclusion_data.offer');
	# the next minute's may be at work
	ok($node->poll_query_until('postgres', q{SELECT NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = 'inclusion_data.offer'::regclass AND NOT i.indisvalid)}), 'every index is whole');

	# What it kept of it
	sql(q{UPDATE cron.job_run_details SET end_time = end_time - interval '31 days' WHERE status = 'failed'});
	is(told('keeper', 'CALL inclusion.trim_job_log()'), '', 'somebody else trims');
	isnt(sql(q{SELECT count(*) FROM cron.job_run_details WHERE status = 'failed'}), 0, 'their own log only');
	told('night_job', 'CALL inclusion.trim_job_log()');
	is(sql(q{SELECT count(*) FROM cron.job_run_details WHERE status = 'failed' AND end_time < now() - interval '30 days'}), 0, 'old runs leave the log');
	isnt(sql(q{SELECT count(*) FROM cron.job_run_details}), 0, 'recent ones stay');
	told('night_job', 'CALL inclusion.unschedule()');
	is(sql('SELECT username, count(*) FROM cron.job GROUP BY username'), 'keeper|4', 'each unschedules their own');
	told('keeper', 'CALL inclusion.unschedule()');
	is(sql('SELECT count(*) FROM cron.job'), 0, 'and nothing is left');
}

$node->stop;
done_testing();
