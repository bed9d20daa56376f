# A dump, restored elsewhere, is the same registry: roles first, then the
# database, and nothing else.  Without the roles it opens to nobody.
use strict;
use warnings;

use File::Basename qw(dirname);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $registry = slurp_file(dirname(__FILE__) . '/../registry.sql');
my $origin = PostgreSQL::Test::Cluster->new('origin');
my $target = PostgreSQL::Test::Cluster->new('target');
for my $node ($origin, $target)
{
	$node->init;
	$node->append_conf('postgresql.conf', "timezone = 'Europe/Paris'");
	$node->start;
}
my $dumps = $origin->basedir;

# One line an object, one a row
sub registry_of
{
	my ($node, $database) = @_;
	return [ sort split /\n/,
		$node->safe_psql($database, "$registry SELECT * FROM pg_temp.registry();") ];
}

# What is in the one and not in the other, both ways
sub differences
{
	my ($before, $after) = @_;
	my %before = map { $_ => 1 } @$before;
	my %after = map { $_ => 1 } @$after;
	return join("\n", map({ "lost: $_" } grep { !$after{$_} } @$before),
		map({ "new: $_" } grep { !$before{$_} } @$after));
}

sub query { my ($node, $database, $sql) = @_; return $node->safe_psql($database, $sql); }

# --- a registry that has lived -----------------------------------------------

$origin->safe_psql('postgres', 'CREATE DATABASE registry');
$origin->safe_psql('registry', do { local $/; <DATA> });

my $empty = query($origin, 'registry', q{
	SELECT c.oid::regclass FROM pg_class c
	 WHERE c.relnamespace = 'inclusion_data'::regnamespace AND c.relkind = 'r'
	   AND (c.relrowsecurity OR EXISTS (
			SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
			 WHERE a.attrelid = c.oid AND t.typnamespace = 'inclusion'::regnamespace))
	   AND (xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %s', c.oid::regclass), true, true, '')))[1]::text = '0'});
is($empty, '', 'every table about people, and every table with our types, has rows');

my $before = registry_of($origin, 'registry');
cmp_ok(scalar(grep { /^row / } @$before), '>', 300, 'there are rows to compare');
cmp_ok(scalar(grep { /supply\{/ } @$before), '>=', 4, 'among them offers with their supply');

# --- dumped, and restored in a new cluster ------------------------------------

$origin->command_ok([ 'pg_dumpall', '--roles-only', '-f', "$dumps/roles.sql" ], 'roles are dumped');
$origin->command_ok([ 'pg_dump', '-Fc', '-f', "$dumps/registry.dump", 'registry' ], 'the database is dumped');

# First without the roles: closed
$target->safe_psql('postgres', 'CREATE DATABASE bare');
my ($out, $err) = run_command([ 'pg_restore', '-h', $target->host, '-p', $target->port, '-d', 'bare', "$dumps/registry.dump" ]);
like($err, qr/role "inclusion_owner" does not exist/, 'without the roles the restore complains');
like($err, qr/CREATE POLICY/, 'and no policy is made');
is(query($target, 'bare', 'SELECT count(*) FROM pg_policies'), '0', 'none at all');
is(query($target, 'bare', 'SELECT count(*) FROM inclusion_data.beneficiary'),
	query($origin, 'registry', 'SELECT count(*) FROM inclusion_data.beneficiary'), 'people are there');
my $people = query($target, 'bare', q{SELECT string_agg(oid::regclass::text, ' ') FROM pg_class WHERE relrowsecurity});
cmp_ok(scalar(split / /, $people), '>=', 14, 'row-level security is on for them');
my $seen = query($target, 'bare', join ';',
	'CREATE ROLE visitor', 'GRANT USAGE ON SCHEMA inclusion_data TO visitor',
	'GRANT SELECT ON ALL TABLES IN SCHEMA inclusion_data TO visitor', 'SET ROLE visitor',
	'SELECT ' . join(' + ', map { "(SELECT count(*) FROM $_)" } split / /, $people));
is($seen, '0', 'and nobody but their owner sees one, whatever the rights given');
my ($code, $stdout, $stderr) = $target->psql('bare', '\set VERBOSITY sqlstate' . "\nCALL inclusion.setup();");
like($stderr, qr/ERROR:  IN902/, 'setup() does not adopt what has lost its owner');
# What that setup() was refused it has not left: the roles come from the dump
is(query($target, 'postgres', q{SELECT count(*) FROM pg_roles WHERE rolname LIKE 'inclusion%'}), '0', 'and makes no role');
$target->safe_psql('postgres', 'DROP DATABASE bare');
$target->safe_psql('postgres', 'DROP ROLE visitor');

# Then as it is meant
($out, $err) = run_command([ 'psql', '-X', '-h', $target->host, '-p', $target->port, '-d', 'postgres', '-f', "$dumps/roles.sql" ]);
my $superuser = query($target, 'postgres', 'SELECT current_user');
is(join("\n", grep { /ERROR/ && !/role "\Q$superuser\E" already exists/ } split /\n/, $err), '', 'the roles are restored');
$target->safe_psql('postgres', 'CREATE DATABASE registry');
$target->command_ok([ 'pg_restore', '--exit-on-error', '--single-transaction', '-d', 'registry', "$dumps/registry.dump" ],
	'the database is restored without an error');

my $after = registry_of($target, 'registry');
is(differences($before, $after), '', 'every object, right, policy, row and sequence is the same');
is(query($target, 'registry', q{SELECT count(*) FROM inclusion_data.offer o WHERE o.supply OPERATOR(inclusion.<>) inclusion.make_supply_1(
	requires, teaches, longitude, latitude, remote, families, modes, audiences, only_for, accommodations, languages, slots,
	travels_within, quality, price, valid, open)}), '0', 'and each supply is what its offer says');
is(query($target, 'registry', 'SELECT name FROM mine.places'), 'Maison du numérique', 'as is what the territory built upon it');

# --- and alive --------------------------------------------------------------------

my $person = q{SELECT min(id) FROM inclusion_data.beneficiary};
for my $question (
	"SELECT rank, offer, cost::text, distance::text FROM inclusion.matches(($person), day => '2026-02-01')",
	"SELECT term, value::text, contribution::text, sentence FROM inclusion.explain_match(($person), 1, '2026-02-01')",
	"SELECT inclusion.need_of(($person), '2026-02-01')::text")
{
	my $answer = query($origin, 'registry', $question);
	my ($verb) = $question =~ /inclusion\.(\w+)/;
	isnt($answer, '', "$verb() has an answer");
	is(query($target, 'registry', $question), $answer, 'and the same one after the restore');
}
is(query($target, 'registry', 'SET ROLE desk; SELECT count(*) FROM inclusion_data.identity'), '3', 'an agent sees their people');
is(query($target, 'registry', q{SET ROLE stranger; SELECT count(*) FROM inclusion_data.identity}), '0', 'a stranger nobody');
isnt(query($target, 'registry', q{SET ROLE desk; SELECT inclusion.enrol(1)}), '', 'the next number is free');

# The journal is sealed as before, in a cluster that numbers its transactions anew
is(query($target, 'registry', 'SELECT count(*) FROM inclusion.verify_journal()'), '0', 'the sealed journal holds');
is(query($target, 'registry', 'SELECT n, rows FROM inclusion.seal_journal()'), '2|2', 'what was not sealed can be');
isnt(query($target, 'registry', "SET ROLE desk; SELECT inclusion.read_person_file(($person))"), '', 'a file is opened');
is(query($target, 'registry', 'SELECT n, rows FROM inclusion.seal_journal()'), '3|1', 'and sealed in its turn');
is(query($target, 'registry', 'SELECT count(*) FROM inclusion.seal_journal()'), '0', 'once');
is(query($target, 'registry', 'SELECT count(*) FROM inclusion.verify_journal()'), '0', 'and the whole still holds');

my $alive = registry_of($target, 'registry');
$target->safe_psql('registry', 'CALL inclusion.setup()');
is(differences($alive, registry_of($target, 'registry')), '', 'setup() has nothing to change');

$origin->stop;
$target->stop;
done_testing();

__DATA__
CREATE EXTENSION inclusion;
CALL inclusion.setup();

INSERT INTO inclusion_data.territory (code, kind, official_code, name, longitude, latitude, population, code_year) VALUES
  ('REG-28', 'region', '28', 'Normandie', NULL, NULL, 3327966, 2025),
  ('DEP-27', 'department', '27', 'Eure', 1.0, 49.1, 599962, 2025),
  ('COM-27229', 'commune', '27229', 'Évreux', 1.151, 49.024, 47289, 2025);
UPDATE inclusion_data.territory SET department = 'DEP-27', region = 'REG-28' WHERE kind = 'commune';
INSERT INTO inclusion_data.territory_postal_code VALUES ('COM-27229', '27000');
INSERT INTO inclusion_data.territory_shape VALUES ('COM-27229', 'essai', 'SRID=4326;MULTIPOLYGON(((1.1 49,1.2 49,1.2 49.1,1.1 49)))');
SELECT inclusion.create_perimeter('DEP-27', 'Eure', 'DEP-27');
INSERT INTO inclusion_data.vocabulary_label VALUES ('audience', 'custom_1', 'Bateliers');
SELECT inclusion.register_structure('Maison « L''Étape »', 'DEP-27', '13002526500013');
CREATE ROLE desk LOGIN IN ROLE inclusion_front_desk;
CREATE ROLE stranger LOGIN IN ROLE inclusion_front_desk;
SELECT inclusion.register_agent('desk', 1, 'Ada Essai');
INSERT INTO inclusion_data.campaign (perimeter, name, starts_on) VALUES ('DEP-27', 'Printemps', '2026-03-01');
SELECT inclusion.adopt_policy('DEP-27', '2026-01-01', 'clé du 1er janvier', reserves => '{"seniors": 20, "custom_1": 5}');
INSERT INTO inclusion_data.place (perimeter, structure, name, commune, longitude, latitude, hours, services)
  VALUES ('DEP-27', 1, 'Maison du numérique', 'COM-27229', 1.1508333, 49.0241667, 'Mo-Fr 09:00-12:00', '{"Aide aux démarches administratives"}');
INSERT INTO inclusion_data.closure (place, during, reason) VALUES (1, '[2026-08-01,2026-09-01)', 'congés');
-- a key longer than an index takes
INSERT INTO inclusion_data.external_reference (object_kind, object_id, source, source_id, licence)
  VALUES ('place', 1, 'carte nationale', (SELECT string_agg(md5(n::text), '__') FROM generate_series(1, 300) n), 'Licence Ouverte 2.0');

SELECT inclusion.register_offer('Premiers pas', 1, 1, requires => 'pix{1.1=1}', teaches => 'pix{0.1=2,1.1=2,4.2=1}',
  modes => '{workshop,computer}', audiences => '{seniors,custom_1}', accommodations => '{step_free,interpreter,large_print}',
  languages => '{fr,ar}', slots => '{mo_am,tu_pm}', travels_within => 1234.5, valid => '[2026-01-01,2027-01-01)');
SELECT inclusion.register_offer('À distance', 1, teaches => 'pix{1.1=3,2.1=2}', remote => true, capacity_kind => 'weekly', weekly_seats => 4);
SELECT inclusion.register_offer('Démarches', 1, 1, families => '{rights,equipment}', only_for => '{job_seekers}', price => 0.3, open => false);
SELECT inclusion.register_offer('Aux antipodes', 1, teaches => 'pix{5.2=8}', longitude => 180, latitude => -90);
SELECT inclusion.register_offer('Sans lieu, un brouillon', 1, teaches => 'pix{1.1=2}');
UPDATE inclusion_data.offer SET quality = 0.8125, quality_measured = true WHERE id = 1;
INSERT INTO inclusion_data.offer_structure VALUES (1, 1, 'funds', 0.75);
INSERT INTO inclusion_data.session_template VALUES ('mail', 'Sa boîte aux lettres', 'pix{0.6=1}', 'pix{0.6=3}', 90, 8, '{workshop}', '{}', 'essai', 'CC BY-SA 4.0');
SELECT inclusion.open_session(1, '2026-03-29 01:30+01', '2026-03-29 04:30+02', 6);

SET ROLE desk;
SELECT inclusion.enrol(1, enrolled_on => '2026-01-10', first_name => 'Zoé', last_name => 'D''Essai', phone => '06 39 98 00 00',
  birth_year => 1950, commune => 'COM-27229', longitude => 1.14, latitude => 49.03, audiences => '{seniors}',
  accommodations => '{step_free,large_print}', languages => '{fr}', slots => '{mo_am}', agent => 2);
SELECT inclusion.enrol(1, enrolled_on => '2026-01-11', first_name => 'Ivo', last_name => 'Essai', accept_on_site => false);
SELECT inclusion.assess(b.id, 'pix{1.1=1.125,4.2=0}', 'observed', '2026-01-12') FROM inclusion_data.beneficiary b;
SELECT inclusion.assess_word(b.id, 'debutant', assessed_on => '2026-01-10') FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.former_availability (perimeter, beneficiary, changed_on, slots, modes, languages, accept_remote, accept_on_site)
  SELECT b.perimeter, b.id, '2026-01-15', '{mo_am}', '{}', '{fr}', true, false FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.reachable_commune SELECT b.id, b.perimeter, (SELECT min(t.code) FROM inclusion_data.territory t WHERE t.kind = 'commune') FROM inclusion_data.beneficiary b;
SELECT inclusion.screen(b.id, '{"allumer": "yes", "renonce": "no"}', '2026-01-12') FROM inclusion_data.beneficiary b;
SELECT inclusion.enrol_list(E'prenom;nom;allumer\nÉva;Essai;oui\nFaux;;oui', event => inclusion.hold_event(1, 'Forum', '2026-01-12', agents => '{2}'));
SELECT inclusion.record_contact('met', 40, structure => 1);
SELECT inclusion.record_circumstance(b.id, 'no_equipment', 'yes', '2026-01-12') FROM inclusion_data.beneficiary b;
SELECT inclusion.express_need(b.id, target => 'pix{1.1=3,4.2=2}', weights => array_fill(8, ARRAY[24]), opened_on => '2026-01-12', words => 'Écrire à ma fille') FROM inclusion_data.beneficiary b;
SELECT inclusion.express_need(b.id, 'right_now', opened_on => '2026-01-12') FROM inclusion_data.beneficiary b;
SELECT inclusion.decide_autonomy(b.id, 'argent_impots', 'mandate', 'Déclaration d''impôts') FROM inclusion_data.beneficiary b;
SELECT inclusion.refuse_sharing(b.id, 'family') FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.referent SELECT id, perimeter, (SELECT a.id FROM inclusion_data.agent a WHERE a.login = 'desk'), '2026-01-10' FROM inclusion_data.beneficiary;
SELECT inclusion.name_representative(min(b.id), 'companion', 'Max Essai') FROM inclusion_data.beneficiary b;
SELECT inclusion.merge_beneficiaries(1, 2, 'Essai');
SELECT inclusion.undo_merge(1);
SELECT inclusion.read_person_file(min(b.id)) FROM inclusion_data.beneficiary b;
INSERT INTO inclusion_data.file_opening (beneficiary, perimeter, named) SELECT b.id, b.perimeter, true FROM inclusion_data.beneficiary b;
RESET ROLE;
SELECT inclusion.seal_journal();
SET ROLE desk;
SELECT inclusion.read_contacts(array_agg(b.id)) FROM inclusion_data.beneficiary b WHERE b.id = 1;
RESET ROLE;

INSERT INTO inclusion_data.run (as_of, perimeters, state, phase, parameters, verified, started_at, finished_at)
  VALUES ('2026-02-01', '{DEP-27}', 'published', 'done', '{"version": 1}', true, '2026-02-01 02:00+01', '2026-02-01 02:01+01');
INSERT INTO inclusion_data.run_candidate SELECT 1, perimeter, id, id, 1, 22, 82, '{1,2}', '{0.1,0.30000000000000004}', '{0,1}' FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.run_need SELECT 1, perimeter, id, id, 1, 22, 82, 0, NULL, NULL, 1, inclusion.need_of(id, '2026-02-01'), '{2}', 20 FROM inclusion_data.beneficiary LIMIT 1;
INSERT INTO inclusion_data.run_list SELECT 1, perimeter, id, id, 0, NULL, 20, 60, '{1,2}', '{0.1,0.30000000000000004}' FROM inclusion_data.beneficiary LIMIT 1;
INSERT INTO inclusion_data.run_offer (run, offer, capacity_kind, unconfirmed, pool, capacity, sessions, reserves, place_worth) VALUES (1, 1, 'seats', false, 1, 6, 1, '{1,0}', 0.30000000000000004);
INSERT INTO inclusion_data.run_holder VALUES (1, 1, 2, 1);
INSERT INTO inclusion_data.run_cutoff VALUES (1, 1, 0, 2, 1, 2);
INSERT INTO inclusion_data.offer_price VALUES (1, '2026-02-01', 0.1, 1, 6);
INSERT INTO inclusion_data.run_result SELECT 1, perimeter, id, 'proposed', 'placed', 1, 1, 1, 0.1 FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.active_list SELECT 1, perimeter, id, 1, id, 1, 22, 82, 'proposed', 'placed', 1, 1, 1, 0.1 FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.active_list_pointer VALUES ('DEP-27', 1, 1, '2026-02-01 02:01+01');
INSERT INTO inclusion_data.orientation (perimeter, beneficiary, offer, run, week) SELECT perimeter, id, 3, 1, '2026-02-02' FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.proposal (perimeter, beneficiary, offer, session, run, list_position, cost, expires_on, created_at)
  SELECT perimeter, id, 1, 1, 1, 1, 1e-300, '2026-02-15', '2026-02-01 02:01+01' FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
  SELECT p.id, p.perimeter, s.n, s.a, s.b, g.id, g.kind
  FROM inclusion_data.proposal p, (VALUES (1, 'none', 'candidate', 'service'), (2, 'candidate', 'proposed', 'service'), (3, 'proposed', 'agreed', 'person')) s (n, a, b, k)
  JOIN inclusion_data.agent g ON g.kind = s.k;
UPDATE inclusion_data.seat SET proposed = 2;
INSERT INTO inclusion_data.proposal_word (proposal, perimeter, n, to_state, speaker, channel, alternatives)
  SELECT id, perimeter, 3, 'agreed', 'person', 'phone', '{2,3}' FROM inclusion_data.proposal;
INSERT INTO inclusion_data.proposal_step (proposal, perimeter, n, from_state, to_state, agent, agent_kind)
  SELECT p.id, p.perimeter, s.n, s.a, s.b, g.id, g.kind
  FROM inclusion_data.proposal p, (VALUES (4, 'agreed', 'confirmed'), (5, 'confirmed', 'booked'), (6, 'booked', 'attended')) s (n, a, b)
  JOIN inclusion_data.agent g ON g.kind = 'person';
UPDATE inclusion_data.seat SET proposed = 0, taken = 2;
INSERT INTO inclusion_data.satisfaction (proposal, perimeter, n, answer, agent, at)
  SELECT p.id, p.perimeter, 6, 'rather_yes', NULL, '2026-02-10 12:00+01' FROM inclusion_data.proposal p;
INSERT INTO inclusion_data.quality_model (perimeter, as_of, since, covariates, n, intercept, coefficients, sigma, r2, dropped)
  VALUES ('DEP-27', '2026-02-10', '2024-02-11', '{entry_level}', 30, 0.1, '{0.30000000000000004}', 4.5, 0.2, '{}');
INSERT INTO inclusion_data.quality_prior (perimeter, scope, measure, as_of, since, subjects, facts, alpha, beta, status, mu, se_mu, tau2, model) VALUES
  ('DEP-27', 'offer', 'presence', '2026-02-10', '2024-02-11', 1, 2, 8.1, 2, 'mle', NULL, NULL, NULL, NULL),
  ('DEP-27', 'operator', 'gain', '2026-02-10', '2024-02-11', 1, 2.5, NULL, NULL, NULL, 0.1, 0.2, 1e-300, 1);
INSERT INTO inclusion_data.quality (perimeter, structure, offer, measure, n, total, people, estimate, low, high) VALUES
  ('DEP-27', 1, 1, 'presence', 2, 2, 2, 0.8, 0.6, 0.9), ('DEP-27', 1, NULL, 'gain', 2.5, -1000.5, 2, 0.1, NULL, NULL);
INSERT INTO inclusion_data.contact (perimeter, beneficiary, channel, outcome, agent, at)
  SELECT perimeter, id, 'sms', 'message', (SELECT a.id FROM inclusion_data.agent a WHERE a.login = 'desk'), '2026-02-01 09:00+01' FROM inclusion_data.beneficiary;
SELECT inclusion.settle_right(b.id, 'argent_impots', '2026-01-15', 1) FROM inclusion_data.beneficiary b;
SELECT inclusion.record_norm('declared', 3, 1, 0.8, 'essai'), inclusion.record_need_estimate('DEP-27', 2025, 1000, 900, 1100, 'essai'),
  inclusion.record_funding(1, '2026-01-01', '2026-12-31', 100000, 'essai');
SELECT count(*) FROM inclusion.refresh_cube();
INSERT INTO inclusion_data.purpose_objection SELECT id, perimeter, 'statistics', '2026-02-02' FROM inclusion_data.beneficiary;
INSERT INTO inclusion_data.beneficiary (perimeter, structure, position_origin, last_contact_on) VALUES ('DEP-27', 1, 'unknown', '2026-02-02');
INSERT INTO inclusion_data.restriction SELECT max(id), 'DEP-27', 'contestation', '2026-02-03' FROM inclusion_data.beneficiary;
SELECT inclusion.erase_person(inclusion.enrol(1, first_name => 'Ugo', last_name => 'Essai'), 'demande');
INSERT INTO inclusion_data.backup_log (taken_at, label, keeps_until) VALUES ('2026-02-01', 'nuit', '2026-03-01');
INSERT INTO inclusion_data.import_line (raw) VALUES ('id;nom'), (NULL), (E'1;"a\tb"\\');

-- what a territory adds of its own
CREATE INDEX place_by_name ON inclusion_data.place (lower(name));
CREATE POLICY dpo_of_ours ON inclusion_data.identity FOR SELECT TO stranger USING (false);
GRANT SELECT ON pilotage.dim_offer TO stranger;
CREATE SCHEMA mine;
CREATE VIEW mine.places AS SELECT name FROM inclusion_data.place;
