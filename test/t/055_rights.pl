# The purge as a job: batch after batch, each its own transaction, stopped at
# any moment and resumed.  And the way out: what export_plain() wrote is whole
# once the extension is gone.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('rights');
$node->init;
$node->start;

sub sql { return $node->safe_psql('postgres', shift) }

sub failure
{
	my ($command) = @_;
	my ($code, $out, $err) = $node->psql('postgres', $command, extra_params => [ '-v', 'VERBOSITY=verbose' ]);
	return $code == 0 ? 'no error' : $err =~ /ERROR:\s+([^\n]*)/ ? $1 : $err;
}

sub people { return sql('SELECT count(*) FROM inclusion_data.beneficiary') }

sql('CREATE EXTENSION inclusion');
sql('CALL inclusion.setup()');
sql(q{
	SELECT inclusion.create_perimeter('DEP-27', 'Eure'), inclusion.create_perimeter('DEP-76', 'Seine-Maritime');
	SELECT inclusion.register_structure('Maison', 'DEP-27'), inclusion.register_structure('Mairie', 'DEP-76');
	SELECT inclusion.adopt_policy('DEP-27', '2020-01-01', 'clé');
	SELECT inclusion.enrol(1, first_name => 'Ada', last_name => 'Essai ' || i, enrolled_on => '2020-03-01') FROM generate_series(1, 25) i;
	SELECT inclusion.enrol(2, enrolled_on => '2020-03-01') FROM generate_series(1, 4) i;
	SELECT inclusion.assess(inclusion.enrol(1, first_name => 'Ivo', last_name => 'Présent'), 'pix{1.1=3}');
	SELECT inclusion.register_offer('Atelier', 1, longitude => 1.15, latitude => 49, teaches => 'pix{1.1=4}');
	CREATE ROLE night_job LOGIN IN ROLE inclusion_night;
});
my $as_night = $node->connstr('postgres') . ' user=night_job';

# --- the purge ------------------------------------------------------------------

like(failure('BEGIN; CALL inclusion.purge(); COMMIT;'), qr/^2D000: invalid transaction termination/, 'not inside a transaction');
like(failure('CALL inclusion.purge(batch => 0)'), qr/^IN010:/, 'a batch of nobody is refused');
like(failure('BEGIN; CALL inclusion.purge_nights(); COMMIT;'), qr/^2D000:/, 'nor is that of nights');
like(failure('BEGIN; CALL inclusion.upkeep(); COMMIT;'), qr/^2D000:/, 'nor the whole upkeep');
like(failure(q{CALL inclusion.purge('2999-01-01')}), qr/^IN812:/, 'nobody is purged ahead of time');
is(people(), 30, 'and nothing was done');

# Stopped in its third batch: the first two are done, and nothing of the third
sql(q{
	CREATE FUNCTION public.stop_third() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN
		IF (SELECT count(*) FROM inclusion_data.beneficiary WHERE perimeter = 'DEP-27') <= 16 THEN
			RAISE EXCEPTION 'power cut, seen as "%"', current_setting('application_name');
		END IF;
		RETURN NULL;
	END $$;
	CREATE TRIGGER stop_third BEFORE DELETE ON inclusion_data.beneficiary FOR EACH STATEMENT EXECUTE FUNCTION public.stop_third();
});
is(failure('CALL inclusion.purge(batch => 5)'), 'P0001: power cut, seen as "inclusion: purge people DEP-27, 10 done"', 'it says where it is, and can be stopped');
is(people(), 20, 'two batches are done, the third is as it was');
is(sql('SELECT count(*) FROM inclusion_data.identity'), 16, 'names and all');
sql('DROP TRIGGER stop_third ON inclusion_data.beneficiary');

# A night runs in another session: the purge waits, then says so, and has done
# nothing there; it goes on once the night has ended
my $night = $node->background_psql('postgres');
$night->query_safe(q{SELECT inclusion.lock_perimeters('{DEP-27}', true)});
is(failure(q{SET inclusion.night_lock_timeout = '200ms'; CALL inclusion.purge(batch => 5);}),
	'55P03: a night is running in perimeter "DEP-27": the purge of people stops after 0', 'while a night runs people are not purged');
is(failure(q{SET inclusion.night_lock_timeout = '200ms'; CALL inclusion.purge_nights();}),
	'55P03: a night is running in perimeter "DEP-27": the purge of nights stops after 0', 'nor nights');
is(people(), 20, 'nothing was done');
my $waiting = $node->background_psql('postgres', connstr => $as_night);
$waiting->query_until(qr/begun/, "\\echo begun\nCALL inclusion.purge(batch => 5);\n\\echo ended\n");
ok($node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted}), 'given time, it waits');
$night->query_safe(q{SELECT inclusion.unlock_perimeters('{DEP-27}')});
$waiting->query_until(qr/ended/, "\n");
$waiting->quit;
$night->quit;
is(people(), 1, 'in every perimeter; who was met since is there');
is(sql(q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())}), 0, 'no lock is left');
is(sql(q{SELECT count(*) FROM inclusion_data.journal WHERE action = 'erase_person' AND detail ->> 'reason' = 'retention'}), 29, 'each erasure is journaled');

# --- the upkeep -------------------------------------------------------------------

# Two old nights, one of them in force, and a third stopped half-way
sql(q{
	INSERT INTO inclusion_data.run (id, as_of, perimeters, state, phase, verified, started_at, finished_at)
		SELECT n, current_date - 400 + n, '{DEP-27}', 'published', 'done', true, now(), now() FROM generate_series(101, 103) n;
	INSERT INTO inclusion_data.run_candidate (run, perimeter, beneficiary, rank, grade, waiting_days, priority)
		SELECT n, 'DEP-27', i, i, 0, 1, 1 FROM generate_series(101, 103) n, generate_series(1, 20) i;
	INSERT INTO inclusion_data.active_list_pointer VALUES ('DEP-27', 1, 103, now());
	INSERT INTO inclusion_data.active_list (slot, perimeter, beneficiary, run, grade, waiting_days, priority, outcome, reason)
		SELECT 1, 'DEP-27', i, 103, 0, 1, 1, 'waiting', 'all_full' FROM generate_series(1, 20) i;
	CREATE FUNCTION public.stop_night() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN
		IF (SELECT count(*) FROM inclusion_data.run_candidate) < 44 THEN RAISE EXCEPTION 'power cut'; END IF;
		RETURN NULL;
	END $$;
	CREATE TRIGGER stop_night AFTER DELETE ON inclusion_data.run_candidate FOR EACH STATEMENT EXECUTE FUNCTION public.stop_night();
});
is(failure('CALL inclusion.purge_nights(batch => 8)'), 'P0001: power cut', 'a purge of nights can be stopped');
is(sql('SELECT string_agg(run || \' \' || n, \', \' ORDER BY run) FROM (SELECT run, count(*) AS n FROM inclusion_data.run_candidate GROUP BY run) v'), '101 4, 102 20, 103 20', 'what was done is done');
sql('DROP TRIGGER stop_night ON inclusion_data.run_candidate');
sql(q{SELECT inclusion.enrol(2, enrolled_on => '2020-03-01'); CREATE ROLE late LOGIN; SELECT inclusion.register_agent('late', 1, 'Tard', until => current_date + 1)});
sql(q{UPDATE inclusion_data.agent SET valid_from = '2020-01-01', valid_to = '2020-02-01' WHERE login = 'late'});
my ($done, undef, $warned) = $node->psql('postgres', 'CALL inclusion.upkeep()', connstr => $as_night);
is($done, 0, 'the upkeep is one call, as a job');
like($warned, qr/WARNING: .*whose time as agents is over are still in their groups.*HINT:  A superuser runs inclusion\.close_expired_agents\(\)/s, 'it warns of who is to be put out');
is(sql('SELECT string_agg(DISTINCT run::text, \' \') FROM inclusion_data.run_candidate'), '103', 'old nights are gone, and not the one in force');
is(sql('SELECT count(*) FROM inclusion_data.active_list'), 20, 'nor its list');
is(people(), 1, 'nobody is kept too long');
is(sql('SELECT count(*) FROM inclusion_data.journal j WHERE NOT EXISTS (SELECT FROM inclusion_data.journal_seal s WHERE s.perimeter = j.perimeter AND j.id = ANY (s.row_ids))'), 0, 'and every line of the journal is sealed');
is(sql('SELECT count(*) FROM inclusion.verify_journal()'), 0, 'whole');
is(sql(q{SELECT pg_has_role('late', 'inclusion_front_desk', 'MEMBER')}), 't', 'the role of the night puts nobody out of a group');
sql('CALL inclusion.upkeep()');
(undef, undef, $warned) = $node->psql('postgres', 'CALL inclusion.upkeep()', connstr => $as_night);
is($warned, '', 'and there is nothing to warn of any more');
is(sql(q{SELECT pg_has_role('late', 'inclusion_front_desk', 'MEMBER')}), 'f', 'the upkeep of a superuser does');

# --- the way out -------------------------------------------------------------------

sql('CREATE SCHEMA taken');
like(failure(q{CALL inclusion.export_plain('taken')}), qr/^42P06: schema "taken" exists/, 'a schema that exists is refused');
my ($code, $out, $err) = $node->psql('postgres', q{CALL inclusion.export_plain('plain')}, connstr => $as_night);
like($err, qr/permission denied/, 'only who owns the registry takes it away');

# Every row of every table, as text in the order of its columns
my $rows = q{
	SELECT c.relname, (xpath('//t/text()', query_to_xml(format('SELECT string_agg(t::text, chr(10) ORDER BY t::text COLLATE "C") AS t FROM %s t', c.oid::regclass), true, true, '')))[1]
	FROM pg_class c WHERE c.relnamespace = '%s'::regnamespace AND c.relkind = 'r' ORDER BY 1};
my $before = sql($rows =~ s/'%s'::/'inclusion_data'::/r);
sql(q{CALL inclusion.export_plain('plain')});
is(sql($rows =~ s/'%s'::/'plain'::/r), $before, 'the plain tables say the same');
like($before, qr/pix\{1\.1=3\}/, 'vectors among them');
is(sql(q{SELECT string_agg(DISTINCT t.typnamespace::regnamespace::text, ' ') FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
	WHERE c.relnamespace = 'plain'::regnamespace AND a.attnum > 0}), 'pg_catalog', 'in types that any PostgreSQL knows');
is(sql(q{SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'plain'::regnamespace AND obj_description(c.oid, 'pg_class') IS NULL}), 0, 'and are described');
is(sql(q{SELECT has_schema_privilege('inclusion_dpo', 'plain', 'USAGE')}), 'f', 'open to nobody else');

sql('DROP EXTENSION inclusion CASCADE');
is(sql($rows =~ s/'%s'::/'plain'::/r), $before, 'without the extension nothing of them is lost');
is(sql('SELECT vector FROM plain.assessment'), 'pix{1.1=3}', 'not even the levels');

$node->stop;
done_testing();
