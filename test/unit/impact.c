/*
 * impact.c
 *		Estimators: distribution functions against the golden values and against
 *		each other, exact sums, states in any order, the most likely prior.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/distribution.h"
#include "core/eb_beta.h"
#include "core/gain.h"
#include "core/inequality.h"
#include "core/special.h"
#include "core/state_text.h"
#include "tap.h"

#define VALUES 20000
#define GOLDEN "test/data/impact_golden.csv"

static double
share(void)
{
	return (1 + below(1000000)) / 1000001.0;
}

static bool
near(double value, double expected, double tolerance)
{
	return fabs(value - expected) <= tolerance * fmax(fabs(expected), 1e-300);
}

/* ---------- golden values ---------- */

static double
golden(const char *function, const char *parameters)
{
	double		p = NAN;
	double		a = NAN;
	double		b = NAN;

	if (strcmp(function, "normal_quantile") == 0 && sscanf(parameters, "p=%lf", &p) == 1)
		return normal_quantile(p);
	if (strcmp(function, "student_t_quantile") == 0 && sscanf(parameters, "p=%lf df=%lf", &p, &a) == 2)
		return student_quantile(p, a);
	if (strcmp(function, "beta_quantile") == 0 && sscanf(parameters, "p=%lf a=%lf b=%lf", &p, &a, &b) == 3)
		return beta_quantile(p, a, b).x;
	if (strcmp(function, "noncentral_t_cdf") == 0 && sscanf(parameters, "t=%lf df=%lf ncp=%lf", &p, &a, &b) == 3)
		return noncentral_t(p, a, b);
	return NAN;
}

/* The goldens have 15 digits. */
static void
test_golden(void)
{
	FILE	   *file = fopen(GOLDEN, "r");
	char		line[512];
	char		function[64];
	char		parameters[64];
	char		key[16];
	double		value;
	int			count = 0;

	expect(file != NULL, "no %s", GOLDEN);
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
	{
		double		got;

		if (sscanf(line, "DIST,%63[^,],%63[^,],,%15[^,],%lf", function, parameters, key, &value) != 4)
			continue;
		count++;
		got = golden(function, parameters);
		expect(value == 0 ? got == 0 : near(got, value, 1e-12), "%s(%s) is %.15g, not %.15g", function, parameters, got, value);
	}
	if (file != NULL)
		fclose(file);
	expect(count == 15, "%d golden values", count);
	verdict("distributions have the golden values to twelve digits");
}

/* ---------- distributions ---------- */

static void
test_quantiles(void)
{
	for (int i = 0; i < VALUES / 10; i++)
	{
		double		p = i % 3 ? share() : share() * 1e-6;
		double		a = pow(10, 5 * share() - 1);
		double		b = pow(10, 5 * share() - 1);
		Share		at = beta_quantile(p, a, b);
		double		back = beta_tails(at, a, b).lower;

		/* where the curve is steep a last bit of x is many of p */
		expect(fabs(back - p) <= 1e-11 * p + 1e-13 * (a + b) * p || at.x < 1e-300 || at.rest < 1e-300, "beta(%g, %g): %.17g comes back as %.17g", a, b, p, back);
		expect(near(at.x + at.rest, 1, 1e-15), "%.17g and %.17g are not one", at.x, at.rest);
		expect(near(normal_tails(normal_quantile(p)).lower, p, 1e-12), "normal: %.17g", p);
		back = gamma_tails(gamma_quantile(p, a), a).lower;
		expect(near(back, p, 1e-11) || gamma_quantile(p, a) < 1e-300, "gamma(%g): %.17g comes back as %.17g", a, p, back);
		back = student_magnitude_tails(student_quantile(p, a), a).upper;
		expect(near(back, 2 * fmin(p, 1 - p), 1e-10), "student(%g): %.17g comes back as %.17g", a, p, back);
	}
	verdict("quantiles are where the distribution says");

	for (int n = 1; n <= 60; n++)
	{
		double		p = share();
		double		sum = 0;

		for (int x = 0; x <= n; x++)
		{
			sum += binomial_term(x, n, p, 1 - p);
			expect(near(binomial_lower(x, n, p), sum, 1e-11), "binomial(%d, %g) up to %d: %.15g", n, p, x, sum);
		}
		sum = 0;
		for (int x = 0; x <= n; x++)
		{
			sum += poisson_term(x, 10 * p);
			expect(near(poisson_lower(x, 10 * p), sum, 1e-11), "poisson(%g) up to %d: %.15g", 10 * p, x, sum);
		}
	}
	verdict("counts sum to their distribution");

	for (int i = 0; i < 200; i++)
	{
		double		t = 20 * share() - 5;
		double		freedom = 1 + below(200);
		double		p = 0.01 + 0.98 * share();
		double		pivot = noncentral_t_pivot(t, freedom, p);
		double		outside = student_magnitude_tails(t, freedom).upper;

		expect(fabs(noncentral_t(t, freedom, pivot) - p) < 1e-9, "noncentral t(%g, %g): %g", t, freedom, p);
		expect(fabs(noncentral_t(t, freedom, 0) - (t < 0 ? 0.5 * outside : 1 - 0.5 * outside)) < 1e-12,
			   "without noncentrality t(%g) is not Student's", freedom);
	}
	verdict("the noncentral t, and its pivot");

	for (int i = 0; i < 200; i++)
	{
		double		x = pow(10, 6 * share() - 2);

		expect(near(digamma(x + 1), digamma(x) + 1 / x, 1e-12) || fabs(digamma(x + 1)) < 0.1, "digamma(%g)", x);
		expect(near(trigamma(x), trigamma(x + 1) + 1 / (x * x), 1e-12), "trigamma(%g)", x);
		expect(near(log_beta(x, 2), -log(x) - log1p(x), 1e-12) || x < 3, "log_beta(%g, 2)", x);
	}
	verdict("the gamma function's family follows its recurrences");
}

/* ---------- exact sums ---------- */

static void
test_wide(void)
{
	char		text[WIDE_TEXT_MAX];
	Wide		back;

	for (int i = 0; i < VALUES; i++)
	{
		Wide		value = (Wide) ((unsigned __int128) (uint64_t) below(1 << 30) << below(98)) * (i % 2 ? 1 : -1);

		wide_print(value, text);
		expect(wide_parse(text, &back) && back == value, "%s does not come back", text);
	}
	expect(!wide_parse("170141183460469231731687303715884105728", &back), "2^127 fits");
	expect(wide_parse("-170141183460469231731687303715884105728", &back), "-2^127 does not fit");
	expect(!wide_parse("", &back) && !wide_parse("-", &back) && !wide_parse("1 ", &back), "no integer is read");
	verdict("wide integers come back from their text");

	for (int i = 0; i < VALUES; i++)
	{
		int64_t		n = 1 + below(5);
		int64_t		offset = ((int64_t) below(1 << 30) << below(30)) * (i % 2 ? 1 : -1);
		Wide		sum = 0;
		Wide		squares = 0;
		Wide		small_sum = 0;
		Wide		small_squares = 0;

		for (int k = 0; k < n; k++)
		{
			int			value = below(100);

			sum += offset + value;
			squares += (Wide) (offset + value) * (offset + value);
			small_sum += value;
			small_squares += value * value;
		}
		expect(wide_centred(n, sum, squares) == wide_centred(n, small_sum, small_squares),
			   "a spread depends on the offset %lld", (long long) offset);
	}
	verdict("a spread does not depend on where the values are, to the bit");
}

/* ---------- states ---------- */

#define ROWS 400

/* A dist state with room, from values in some order. */
static StateHead *
dist_of(const int *values, int count, size_t room)
{
	StateHead  *state = malloc(state_size(&dist_kind, room));
	StateCell	row[2];
	Problem		problem;

	state_clear(state, &dist_kind);
	for (int i = 0; i < count; i++)
	{
		expect(dist_row(values[i], 1 + values[i] % 3, row, &problem), "%d is refused", values[i]);
		if (state->used == room)
			expect(state_sort(state, &dist_kind, &problem), "%s", problem.message);
		expect(state_add_row(state, &dist_kind, row, &problem), "%s", problem.message);
	}
	expect(state_settle(state, &dist_kind, &problem) && state_valid(state, &dist_kind, &problem), "%s", problem.message);
	return state;
}

static void
test_states(void)
{
	for (int round = 0; round < 200; round++)
	{
		int			values[ROWS];
		int			cut = below(ROWS + 1);
		StateHead  *whole;
		StateHead  *first;
		StateHead  *second;
		StateHead  *read;
		char	   *text;
		uint8_t    *wire;
		uint32_t	rows = 0;
		Problem		problem;
		const StateKind *kinds[] = {&dist_kind};

		for (int i = 0; i < ROWS; i++)
			values[i] = below(50);
		whole = dist_of(values, ROWS, 60);
		first = dist_of(values, cut, 60 + ROWS);
		second = dist_of(values + cut, ROWS - cut, 60);
		expect(state_merge(first, second, &dist_kind, &problem) && state_settle(first, &dist_kind, &problem), "%s", problem.message);
		expect(first->used == whole->used &&
			   memcmp(state_cells(first), state_cells(whole), whole->used * 16) == 0, "a cut at %d makes another state", cut);

		text = malloc(state_text_size(whole, &dist_kind));
		state_print(whole, &dist_kind, text);
		expect(strlen(text) < state_text_size(whole, &dist_kind), "the text is longer than foreseen");
		read = malloc(state_size(&dist_kind, state_text_rows(text)));
		expect(state_parse(text, read, &dist_kind, &problem) && read->used == whole->used &&
			   memcmp(state_cells(read), state_cells(whole), whole->used * 16) == 0, "the text makes another state");

		wire = malloc(state_wire_size(whole, &dist_kind));
		state_pack(whole, &dist_kind, wire);
		expect(state_wire_kind(wire, state_wire_size(whole, &dist_kind), kinds, 1, &rows, &problem) == &dist_kind &&
			   state_unpack(wire, rows, read, &dist_kind, &problem) &&
			   memcmp(state_cells(read), state_cells(whole), whole->used * 16) == 0, "the bytes make another state");
		free(whole);
		free(first);
		free(second);
		free(read);
		free(text);
		free(wire);
	}
	verdict("a map is the same however it was cut, written or sent");
}

/* ---------- the most likely prior ---------- */

static void
no_interrupt(void *opaque)
{
	(void) opaque;
}

static double
likelihood(const int *x, const int *n, int count, double a, double b)
{
	double		sum = 0;

	for (int i = 0; i < count; i++)
		sum += lgamma(n[i] + 1.0) - lgamma(x[i] + 1.0) - lgamma(n[i] - x[i] + 1.0) +
			lgamma(a + x[i]) + lgamma(b + n[i] - x[i]) - lgamma(a + b + n[i]) -
			lgamma(a) - lgamma(b) + lgamma(a + b);
	return sum;
}

static void
test_prior(void)
{
	const Host	host = {.interrupt = no_interrupt};
	int			x[100];
	int			n[100];
	int			found = 0;

	for (int round = 0; round < 50; round++)
	{
		StateHead  *state = malloc(state_size(&ebb_kind, 100));
		StateCell	row[3];
		EbbPrior	prior;
		Problem		problem;

		state_clear(state, &ebb_kind);
		for (int i = 0; i < 100; i++)
		{
			double		rate = 0.1 + 0.6 * share();

			n[i] = 5 + below(30);
			x[i] = 0;
			for (int k = 0; k < n[i]; k++)
				x[i] += share() < rate;
			expect(ebb_row(x[i], n[i], row, &problem) && state_add_row(state, &ebb_kind, row, &problem), "%s", problem.message);
		}
		expect(state_settle(state, &ebb_kind, &problem), "%s", problem.message);
		ebb_estimate(state, EBB_MLE, &host, &prior);
		found += prior.status == EBB_MLE;
		expect(near(prior.loglik, likelihood(x, n, 100, prior.alpha, prior.beta), 1e-10), "the likelihood is %.15g", prior.loglik);
		for (int side = 0; side < 4; side++)
		{
			double		a = prior.alpha * (side == 0 ? 1.001 : side == 1 ? 0.999 : 1);
			double		b = prior.beta * (side == 2 ? 1.001 : side == 3 ? 0.999 : 1);

			expect(likelihood(x, n, 100, a, b) < prior.loglik, "beta(%g, %g) is more likely", a, b);
		}
		free(state);
	}
	expect(found == 50, "only %d of 50 converged", found);
	verdict("no prior beside it is more likely");
}

int
main(void)
{
	test_golden();
	test_quantiles();
	test_wide();
	test_states();
	test_prior();
	return last_verdict();
}
