# The last seats, asked for by many at once: none is given twice, none is lost,
# and none stays with a connection that is gone.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('seats');
$node->init;
$node->append_conf('postgresql.conf', "TimeZone = 'Europe/Paris'\ndeadlock_timeout = '100ms'");
$node->start;
sub sql { return $node->safe_psql('postgres', shift) }

# Sixty people whose places were confirmed at a session of sixty, and five other
# sessions of four seats: twenty can move
sql('CREATE EXTENSION inclusion');
sql('CALL inclusion.setup()');
sql(q{
	SELECT inclusion.create_perimeter('DEP-27', 'Eure');
	SELECT inclusion.adopt_policy('DEP-27', '2020-01-01', 'clé');
	INSERT INTO inclusion_data.structure (id, perimeter, name) VALUES (1, 'DEP-27', 'Maison');
	INSERT INTO inclusion_data.agent (id, perimeter, structure, kind, name, valid_from) VALUES (101, 'DEP-27', 1, 'person', 'Alice', '-infinity');
	INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on)
	SELECT i, 'DEP-27', 1, 1.15, 49, 'commune', current_date FROM generate_series(1, 60) i;
	INSERT INTO inclusion_data.offer (id, perimeter, structure, name, capacity_kind, teaches, longitude, latitude)
	VALUES (1, 'DEP-27', 1, 'Atelier', 'seats', 'pix{0.1=2}', 1.15, 49);
	INSERT INTO inclusion_data.session (id, offer, perimeter, starts_at, ends_at, confirmed_on)
	SELECT i, 1, 'DEP-27', now() + interval '10 days', now() + interval '10 days 2 hours', current_date FROM generate_series(0, 5) i;
	INSERT INTO inclusion_data.seat (session, capacity) SELECT i, CASE i WHEN 0 THEN 60 ELSE 4 END FROM generate_series(0, 5) i;
	INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, started_at, finished_at) VALUES (1000, current_date, '{DEP-27}', 'failed', 'open', now(), now());
	INSERT INTO inclusion_data.proposal (id, perimeter, beneficiary, offer, session, run, list_position, cost, expires_on)
	SELECT i, 'DEP-27', i, 1, 0, 1000, 1, 0, current_date + 5 FROM generate_series(1, 60) i;
	ALTER TABLE inclusion_data.proposal ALTER id RESTART 1001;
	INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
	SELECT i, 'DEP-27', s.n, s.a, s.b, 101, 'person' FROM generate_series(1, 60) i,
		(VALUES (1, 'none', 'candidate'), (2, 'candidate', 'proposed'), (3, 'proposed', 'agreed'), (4, 'agreed', 'confirmed')) s (n, a, b);
	SELECT inclusion_data.settle_seats(0);
	-- what a desk would see: a refusal in our words, or the place; two come together now and then
	CREATE TABLE answer (state text);
	CREATE FUNCTION try(first int, session int, companion int) RETURNS void LANGUAGE plpgsql AS $$
	BEGIN
		PERFORM inclusion.book(first, session, 101, nullif(companion, first));
		INSERT INTO answer VALUES ('booked');
	EXCEPTION WHEN OTHERS THEN
		INSERT INTO answer VALUES (SQLSTATE);
	END
	$$;
});

my $balance = q{SELECT count(*) FROM inclusion_data.seat t WHERE (t.taken, t.proposed) <> (
	SELECT count(*) FILTER (WHERE w.holds = 'taken'), count(*) FILTER (WHERE w.holds = 'proposed') FROM inclusion_data.proposal_now w WHERE w.session = t.session)};

# --- a connection dies with the last seat in hand -------------------------------------

sql('UPDATE inclusion_data.seat SET capacity = 1 WHERE session = 1');
my $dying = $node->background_psql('postgres', on_error_die => 0, on_error_stop => 0);
my $pid = $dying->query_safe('SELECT pg_backend_pid()');
$dying->query_safe('BEGIN');
$dying->query_safe('SELECT inclusion.book(60, 1, 101)');
is(sql('SELECT taken FROM inclusion_data.seat WHERE session = 1'), '0', 'nobody sees a seat that is not yet given');
is(sql("SELECT pg_terminate_backend($pid, 10000)"), 't', 'the connection that held it is gone');
eval { $dying->quit };
sql('SELECT inclusion.book(59, 1, 101)');
is(sql('SELECT taken FROM inclusion_data.seat WHERE session = 1'), '1', 'the next has the seat');
is(sql("SELECT to_state FROM inclusion_data.proposal_step WHERE proposal = 60 ORDER BY n DESC LIMIT 1"), 'confirmed', 'and the other keeps what they had');
is(sql($balance), '0', 'seats agree with proposals');
sql('UPDATE inclusion_data.seat SET capacity = 4 WHERE session = 1');

# --- eight desks at once ----------------------------------------------------------------

$node->pgbench('--no-vacuum --client=8 --jobs=2 --transactions=60', 0, [qr{processed: 480/480}], [qr{^$}],
	'eight desks book at random',
	{ '052_book' => q{
		\set first random(1, 60)
		\set session random(1, 5)
		\set companion random(1, 3)
		SELECT try(:first, :session, CASE WHEN :companion = 1 THEN 1 + mod(:first, 60) ELSE :first END);
	} });
is(sql('SELECT count(*) FROM inclusion_data.seat WHERE taken + proposed > capacity'), '0', 'nothing is oversold');
is(sql($balance), '0', 'every seat is where the proposals say');
is(sql('SELECT sum(taken) FROM inclusion_data.seat'), '60', 'and nobody lost theirs');
is(sql(q{SELECT string_agg(DISTINCT state, ' ' ORDER BY state) FROM answer}), 'IN301 IN303 booked', 'each is answered: a seat, none left, or booked already');
cmp_ok(sql('SELECT sum(taken) FROM inclusion_data.seat WHERE session > 0'), '>=', 15, 'and seats were given');

# --- while a night runs, the day gives nothing ------------------------------------------------

sql(q{INSERT INTO inclusion_data.active_list_pointer VALUES ('DEP-27', 1, 1000, now())});
my $night = $node->background_psql('postgres');
$night->query_safe(q{SELECT inclusion.require_registry(), inclusion.lock_perimeters('{DEP-27}', true)});
my ($code, $out, $err) = $node->psql('postgres', 'SELECT * FROM inclusion.vacancy(1)', extra_params => [ '-v', 'VERBOSITY=verbose' ]);
like($err, qr/IN307: a night is running: it gives the seats of session 1 itself/, 'a night keeps its seats');
($code, $out, $err) = $node->psql('postgres', 'BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT * FROM inclusion.vacancy(1)', extra_params => [ '-v', 'VERBOSITY=verbose' ]);
like($err, qr/IN307: seats are not given under isolation level "serializable"/, 'nor are they given without seeing what others give');
$night->quit;
is(sql('SELECT count(*) FROM inclusion.vacancy(1)'), '0', 'then it can be asked again');

# --- a seat given back goes on, the same day, by a job ------------------------------------------

sql(q{
	INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on)
	SELECT i, 'DEP-27', 1, 1.15, 49, 'commune', current_date FROM generate_series(61, 62) i;
	INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version)
	SELECT 'DEP-27', i, 'desk', 1, current_date - 100 + i, '1' FROM generate_series(61, 62) i;
	INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on) SELECT 'DEP-27', i, 'pix{0.1=2}', current_date - 100 FROM generate_series(61, 62) i;
	UPDATE inclusion_data.seat SET capacity = taken;
	DELETE FROM inclusion_data.active_list_pointer;
	CREATE ROLE night_job LOGIN IN ROLE inclusion_night;
});
sql('CALL inclusion.rebuild_active_list()');
$node->safe_psql('postgres', 'CALL inclusion.fill_vacancies()', extra_params => [ '-U', 'night_job' ]);
is(sql('SELECT count(*) FROM inclusion_data.proposal WHERE interim'), '0', 'nothing was freed: nobody is proposed anything');
my $given = sql(q{SELECT session FROM inclusion_data.proposal_now WHERE state = 'booked' AND session > 0 ORDER BY id LIMIT 1});
sql(q{SELECT inclusion.record_attendance(min(id), 'excused', 101) FROM inclusion_data.proposal_now WHERE state = 'booked' AND session > 0});
sql('UPDATE inclusion_data.seat SET capacity = capacity + 1 WHERE session = 0');
my $busy = $node->background_psql('postgres');
$busy->query_safe(q{SELECT inclusion.require_registry(), inclusion.lock_perimeters('{DEP-27}', true)});
$node->safe_psql('postgres', 'CALL inclusion.fill_vacancies()', extra_params => [ '-U', 'night_job' ]);
is(sql('SELECT count(*) FROM inclusion_data.proposal WHERE interim'), '0', 'while a night runs the job leaves the seat to it');
$busy->quit;
$node->safe_psql('postgres', 'CALL inclusion.fill_vacancies()', extra_params => [ '-U', 'night_job' ]);
is(sql('SELECT beneficiary, session FROM inclusion_data.proposal WHERE interim'), "61|$given", 'then who waits longest has the seat somebody gave back, and no other is given');
is(sql($balance), '0', 'seats agree with proposals');

$node->stop;
done_testing();
