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

like(failure('BEGIN; CALL inclusion.purge_people(); COMMIT;'), qr/^2D000: invalid transaction termination/, 'not inside a transaction');
like(failure('CALL inclusion.purge_people(batch => 0)'), qr/^22023:/, 'a batch of nobody is refused');
like(failure(q{CALL inclusion.purge_people('2999-01-01')}), qr/^IN812:/, 'nobody is purged ahead of time');
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
is(failure('CALL inclusion.purge_people(batch => 5)'), 'P0001: power cut, seen as "inclusion: purge DEP-27, 10 done"', 'it says where it is, and can be stopped');
is(people(), 20, 'two batches are done, the third is as it was');
is(sql('SELECT count(*) FROM inclusion_data.identity'), 16, 'names and all');
sql('DROP TRIGGER stop_third ON inclusion_data.beneficiary');

is($node->psql('postgres', 'CALL inclusion.purge_people(batch => 5)', connstr => $as_night), 0, 'the next call goes on, as a job');
is(people(), 1, 'in every perimeter; who was met since is there');
is(sql(q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())}), 0, 'no lock is left');
is(sql(q{SELECT count(*) FROM inclusion_data.journal WHERE action = 'erase_person' AND detail ->> 'reason' = 'retention'}), 29, 'each erasure is journaled');

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
