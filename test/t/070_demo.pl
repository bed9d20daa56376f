# The demonstration, small: drawn twice it is the same to the last character,
# it says everything it promises, and its night keeps its promises.
use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $demo = abs_path(dirname(__FILE__) . '/../demo');
my $out = PostgreSQL::Test::Utils::tempdir;

my $node = PostgreSQL::Test::Cluster->new('demo');
$node->init;
$node->append_conf('postgresql.conf', 'jit = off');
$node->start;

local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
local $ENV{PGUSER} = $node->safe_psql('postgres', 'SELECT current_user');
local $ENV{DATA} = "$out/none";
local $ENV{DEMO_PEOPLE} = 200;
local $ENV{DEMO_AS_OF} = '2026-03-04';

sub page
{
	my ($database, $file) = @_;
	return slurp_file("$out/$database/$file");
}

for my $database ('first', 'second')
{
	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'");
	local $ENV{PGDATABASE} = $database;
	local $ENV{DEMO_OUT} = "$out/$database";
	my $said = qx("$demo/build" 2>&1);
	is($?, 0, "the demonstration is built in database $database") or diag $said;
}

# --- the same twice ------------------------------------------------------------

my $rows = q{SELECT md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM };
for my $what ('demo.person t', 'inclusion_data.beneficiary t', 'inclusion_data.expressed_need t',
	'(SELECT perimeter, beneficiary, instrument, assessed_on, vector FROM inclusion_data.assessment) t',
	'(SELECT id, place, name, supply, capacity_kind FROM inclusion_data.offer) t',
	'(SELECT s.offer, s.starts_at, k.capacity, k.taken FROM inclusion_data.session s JOIN inclusion_data.seat k ON k.session = s.id) t',
	'(SELECT perimeter, beneficiary, outcome, reason, offer, list_position, cost FROM inclusion_data.run_result) t')
{
	my $first = $node->safe_psql('first', $rows . $what);
	isnt($first, '', "there are rows in $what");
	is($node->safe_psql('second', $rows . $what), $first, "the same rows twice in $what");
}

# Only the seconds, at the end, differ
my ($first, $second) = map { my $text = page($_, 'demo.txt'); $text =~ s/\nDURÉES\n.*//s; $text } ('first', 'second');
is($second, $first, 'the same page twice');

# Another day changes dates, not people
my $people = 'SELECT md5(string_agg(p::text, E\'\n\' ORDER BY p.id)) FROM demo.person p';
my $later = $node->safe_psql('first', "BEGIN; DROP TABLE demo.person, demo.commune; UPDATE demo.setting SET as_of = as_of + 97;\n"
	  . slurp_file("$demo/30_person.sql") . "\n$people;\nROLLBACK;");
is($later, $node->safe_psql('first', $people), 'the same people on another day');

# --- what it says ----------------------------------------------------------------

my @sections = ('Votre territoire', 'Trois personnes', 'La nuit', 'À faire lundi', 'Pour l’élu',
	'Ce que cette démonstration ne prouve pas', 'Durées');
my $html = page('first', 'demo.html');
my @titles = $html =~ m{<h2>(.*?)</h2>}g;
is_deeply(\@titles, \@sections, 'the page in HTML has its sections, in order');
for my $n (1 .. @sections)
{
	cmp_ok($node->safe_psql('first', "SELECT count(*) FROM demo.block WHERE section = $n"), '>', 1, "section $sections[$n - 1] says something");
}
is($node->safe_psql('first', q{SELECT count(*) FROM demo.block WHERE array_to_string(cells, ' ') ~ '%[sIL]|NULL|–\s*$'}), '0', 'no figure is missing');
is($node->safe_psql('first', q{SELECT count(*) FROM demo.figure_table WHERE value IS NULL}), '0', 'every figure was computed');
is($node->safe_psql('first', 'SELECT max(length(l)) <= 120 FROM regexp_split_to_table(demo.text_page(), E\'\n\') l'), 't', 'the page fits 120 columns');
is($node->safe_psql('first', 'SELECT count(DISTINCT role) FROM demo.shown'), '4', 'the three persons and those to call were found');
is($node->safe_psql('first', q{SELECT count(*) FROM inclusion_data.identity WHERE last_name <> 'Fictif' OR phone !~ '^06 39 98 '}), '0',
	'whoever has a name is plainly invented');
is($node->safe_psql('first', 'SELECT count(*) FROM inclusion_data.place WHERE phone IS NOT NULL OR email IS NOT NULL'), '0', 'no way to reach a place is loaded');

# --- the HTML ----------------------------------------------------------------------

like($html, qr/\A<!DOCTYPE html>\n<html lang="fr">/, 'it says its language');
unlike($html, qr{https?:|<script|<link|\@import|<img}, 'it asks nothing of the network');
my @svg = $html =~ m{(<svg [^>]*role="img".*?</svg>)}gs;
is(scalar(@svg), 3, 'three maps');
is(scalar(grep { /<desc id="[^"]+">[^<]{40,}/ && /<path / } @svg), 3, 'each map is drawn and described');

my @open;
my $trouble = '';
while ($html =~ m{<(/?)([a-z][a-z0-9]*)([^>]*?)(/?)>}gi)
{
	my ($closing, $tag, $self) = ($1, $2, $4);
	next if $self || $tag =~ /^(meta|br)$/;
	if (!$closing) { push @open, $tag; next; }
	my $last = pop @open // 'nothing';
	$trouble ||= "</$tag> closes <$last>" if $last ne $tag;
}
is($trouble || join(' ', @open), '', 'every element is closed by its own tag');

# --- the night ------------------------------------------------------------------------

is($node->safe_psql('first', 'SELECT count(*) FROM demo.night t, inclusion.check_allocation(t.run)'), '0', 'the night keeps its promises');
is($node->safe_psql('first', q{SELECT count(*) FROM demo.seat_given WHERE night <> 'nearest' AND NOT eligible}), '0', 'what is proposed suits');

# --- restored in a new cluster, roles first: every row, every supply -------------

my $registry = slurp_file(dirname(__FILE__) . '/../registry.sql');
my $target = PostgreSQL::Test::Cluster->new('restored');
$target->init;
$target->append_conf('postgresql.conf', 'jit = off');
$target->start;
$node->command_ok([ 'pg_dumpall', '--roles-only', '-f', "$out/roles.sql" ], 'roles are dumped');
$node->command_ok([ 'pg_dump', '-Fc', '-f', "$out/demo.dump", 'first' ], 'the demonstration is dumped');
run_command([ 'psql', '-X', '-h', $target->host, '-p', $target->port, '-d', 'postgres', '-f', "$out/roles.sql" ]);
$target->safe_psql('postgres', "CREATE DATABASE first TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'");
$target->command_ok([ 'pg_restore', '--exit-on-error', '--single-transaction', '-h', $target->host, '-p', $target->port, '-d', 'first', "$out/demo.dump" ],
	'and restored without an error');

my ($before, $after) = map { [ sort split /\n/, $_->safe_psql('first', "$registry SELECT * FROM pg_temp.registry();") ] } ($node, $target);
cmp_ok(scalar(@$before), '>', 5000, 'there is much to compare');
my %before = map { $_ => 1 } @$before;
my %after = map { $_ => 1 } @$after;
is(join("\n", map({ "lost: $_" } grep { !$after{$_} } @$before), map({ "new: $_" } grep { !$before{$_} } @$after)), '',
	'every object, right, policy and row is the same');
my $supplies = q{SELECT count(*), md5(string_agg(id || ' ' || supply::text, E'\n' ORDER BY id)) FROM inclusion_data.offer WHERE supply IS NOT NULL};
is($target->safe_psql('first', $supplies), $node->safe_psql('first', $supplies), 'and every supply reads the same');
$target->stop;

$node->stop;

done_testing();
