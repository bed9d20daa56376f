# The tour of the README, typed word for word in an empty database.
use strict;
use warnings;

use File::Basename qw(dirname);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $readme = slurp_file(dirname(__FILE__) . '/../../README.md');
my ($tour) = $readme =~ /^## Ten minutes(.*?)^## With real files/ms;
my @blocks = $tour =~ /^```sql\n(.*?)^```/gms;
cmp_ok(scalar(@blocks), '>=', 7, 'the tour has its seven stages');

my $node = PostgreSQL::Test::Cluster->new('tour');
$node->init;
$node->start;
my $install = $readme =~ /^(CREATE EXTENSION inclusion;.*?)$.*?^(CALL inclusion\.setup\(\);)/ms ? "$1\n$2" : die 'no installation in the README';
$node->safe_psql('postgres', $install);

my $n = 0;
for my $block (@blocks)
{
	my ($out, $err) = ('', '');
	my $code = $node->psql('postgres', $block, stdout => \$out, stderr => \$err, on_error_stop => 1);
	is($code, 0, 'stage ' . ++$n) or diag($err);
}

is($node->safe_psql('postgres', 'SELECT id, outcome FROM pilotage.fact_active_list ORDER BY rank'),
	"1|proposed\n2|waiting", 'who had nobody to help has the place, the other waits');
is($node->safe_psql('postgres', q{SELECT string_agg(to_state, ' ' ORDER BY n) FROM inclusion_data.proposal_step}),
	'candidate proposed agreed confirmed booked', 'and the place is theirs');
is($node->safe_psql('postgres', 'SELECT capacity, taken, proposed FROM inclusion_data.seat'), '1|1|0', 'the only seat is taken');
is($node->safe_psql('postgres', q{SELECT count(*) FROM inclusion.matches(1) m JOIN inclusion_data.offer o ON o.id = m.offer WHERE 'rights' = ANY (o.families)}),
	'0', 'nobody who wants to learn is sent to a desk that does it for them');

$node->stop;
done_testing();
