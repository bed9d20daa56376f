/*
 * allocation_input.c
 *		From rows to an allocation: what is refused, what is understood, and
 *		what happens when memory runs out.
 */
#include "allocation_input.h"

#include "allocation_check.h"
#include "allocation_seats.h"
#include "claims.h"

static bool
add(AllocationInput *input, int64_t id, int64_t rank, int32_t length,
	const int64_t *offers, const int64_t *classes, const int64_t *held, Problem *trouble)
{
	AllocationApplicant applicant = {id, rank, 0, length, offers, classes, NULL, held};

	return allocation_input_add_applicant(input, &applicant, trouble);
}

static bool
add_offer(AllocationInput *input, int64_t id, int64_t capacity, int32_t length,
		  const int64_t *reserves, Problem *trouble)
{
	AllocationOffer offer = {id, capacity, length, reserves};

	return allocation_input_add_offer(input, &offer, trouble);
}

/* Two offers and one person are there; what comes next is refused. */
static void
open_small_input(AllocationInput *input)
{
	static const int64_t offers[] = {20, 10};
	Problem		trouble;

	allocation_input_open(input, &host, ALLOCATION_RESERVE_FIRST, 1 << 20);
	expect(add_offer(input, 10, 1, 0, NULL, &trouble), "an offer is added");
	expect(add_offer(input, 20, 0, 0, NULL, &trouble), "an offer without places is added");
	expect(add(input, 7, 3, 2, offers, NULL, NULL, &trouble), "a person is added");
}

static void
expect_refusal(AllocationInput *input, bool accepted, const Problem *trouble, const char *message)
{
	expect(!accepted && strcmp(trouble->message, message) == 0, message);
	expect(!input->too_large, "the refusal is not about memory");
	allocation_input_close(input);
}

static void
test_input_refusals(void)
{
	static const int64_t good[] = {10, 20};
	static const int64_t unknown[] = {10, 30};
	static const int64_t twice[] = {10, 10};
	static const int64_t class_zero[] = {1, 0};
	static const int64_t class_large[] = {256, 1};
	static const int64_t elsewhere[] = {30};
	static const int64_t too_many[] = {1, 2};
	static const int64_t negative[] = {2, -1};
	static const int64_t nine[9] = {0};
	static const AllocationApplicant ninth = {8, 4, 256, 0, NULL, NULL, NULL, NULL};
	static const AllocationApplicant minus_one = {8, 4, -1, 0, NULL, NULL, NULL, NULL};
	AllocationInput input;
	AllocationProblem problem;
	Problem		trouble;

	open_small_input(&input);
	expect_refusal(&input, add_offer(&input, 20, 1, 0, NULL, &trouble), &trouble,
				   "offer 20 appears twice");
	open_small_input(&input);
	expect_refusal(&input, add_offer(&input, 30, -1, 0, NULL, &trouble), &trouble,
				   "offer 30 has capacity -1");
	open_small_input(&input);
	expect_refusal(&input, add_offer(&input, 30, INT64_C(1) << 31, 0, NULL, &trouble), &trouble,
				   "offer 30 has capacity 2147483648");
	open_small_input(&input);
	expect_refusal(&input, add_offer(&input, 30, 2, 2, too_many, &trouble), &trouble,
				   "offer 30 reserves more than its 2 places");
	open_small_input(&input);
	expect_refusal(&input, add_offer(&input, 30, 2, 2, negative, &trouble), &trouble,
				   "offer 30 reserves -1 places");
	open_small_input(&input);
	expect_refusal(&input, add_offer(&input, 30, 2, 9, nine, &trouble), &trouble,
				   "offer 30 reserves places for 9 categories");
	open_small_input(&input);
	expect_refusal(&input, allocation_input_add_applicant(&input, &ninth, &trouble), &trouble,
				   "applicant 8 has categories 256");
	open_small_input(&input);
	expect_refusal(&input, allocation_input_add_applicant(&input, &minus_one, &trouble), &trouble,
				   "applicant 8 has categories -1");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 8, 4, 2, unknown, NULL, NULL, &trouble), &trouble,
				   "applicant 8 lists offer 30, which is not among the offers");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 8, 4, 2, twice, NULL, NULL, &trouble), &trouble,
				   "applicant 8 lists offer 10 twice");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 8, 4, 2, good, class_zero, NULL, &trouble), &trouble,
				   "applicant 8 has class 0 at offer 20");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 8, 4, 2, good, class_large, NULL, &trouble), &trouble,
				   "applicant 8 has class 256 at offer 10");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 8, 4, 2, good, NULL, elsewhere, &trouble), &trouble,
				   "applicant 8 holds offer 30, which is not in its list");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 7, 4, 2, good, NULL, NULL, &trouble) &&
				   allocation_input_finish(&input, &problem, &trouble), &trouble,
				   "applicant 7 appears twice");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 5, 3, 2, good, NULL, NULL, &trouble) &&
				   allocation_input_finish(&input, &problem, &trouble), &trouble,
				   "applicants 5 and 7 have the same rank 3");
}

/* Extreme identifiers and ranks, in no order, become indexes. */
static void
test_input_indexes(void)
{
	static const int64_t list[] = {INT64_MAX, INT64_MIN};
	static const int64_t classes[] = {255, 1};
	static const int64_t held = INT64_MIN;
	static const int64_t reserves[] = {1, 4, 0};
	int32_t		packed[ALLOCATION_CATEGORIES_MAX];
	static const AllocationApplicant member = {1, 1, 255 - 1, 0, NULL, NULL, NULL, NULL};
	AllocationInput input;
	AllocationProblem problem;
	Problem		trouble;

	allocation_input_open(&input, &host, ALLOCATION_RESERVE_FIRST, 1 << 20);
	expect(add_offer(&input, INT64_MIN, INT32_MAX, 0, NULL, &trouble), "the smallest offer");
	expect(add_offer(&input, INT64_MAX, 0, 0, NULL, &trouble), "the largest offer");
	expect(add(&input, INT64_MAX, INT64_MIN, 2, list, classes, &held, &trouble), "the largest person");
	expect(add(&input, INT64_MIN, INT64_MAX, 0, NULL, NULL, NULL, &trouble), "the smallest person");
	expect(allocation_input_finish(&input, &problem, &trouble), "the problem is ready");
	expect(problem.people == 2 && problem.offers == 2, "sizes");
	expect(input.order[0] == 1 && input.order[1] == 0, "people by identifier");
	expect(problem.rank[0] == 0 && problem.rank[1] == 1, "ranks without gaps");
	expect(problem.list_offer[0] == 1 && problem.list_offer[1] == 0, "offers by index");
	expect(problem.list_class[0] == 255 && problem.list_class[1] == ALLOCATION_CLASS_HELD, "classes");
	expect(allocation_list_length(&problem, 0) == 2 && allocation_list_length(&problem, 1) == 0, "lists");
	allocation_input_close(&input);

	/* Reserves by category; a person's categories beyond them do not count. */
	allocation_input_open(&input, &host, ALLOCATION_RESERVE_FIRST, 1 << 20);
	expect(add_offer(&input, 1, 5, 3, reserves, &trouble), "an offer with reserves");
	expect(add_offer(&input, 2, 5, 0, NULL, &trouble), "an offer without");
	expect(allocation_input_add_applicant(&input, &member, &trouble), "a person with categories");
	expect(allocation_input_finish(&input, &problem, &trouble), "the problem with reserves is ready");
	expect(problem.categories == 2 && problem.type[0] == 254, "categories");
	expect(allocation_reserves(&problem, 0)[1] == 4 && allocation_reserves(&problem, 0)[2] == 0 &&
		   allocation_pack_reserves(&problem, 0, packed) == 2 && packed[1] == 4 &&
		   allocation_pack_reserves(&problem, 1, packed) == 0, "reserves");
	expect(allocation_type_at(&problem, 0, 0) == 2 && allocation_type_at(&problem, 1, 0) == 0,
		   "types at offers");
	allocation_input_close(&input);

	allocation_input_open(&input, &host, ALLOCATION_RESERVE_FIRST, 0);
	expect(allocation_input_finish(&input, &problem, &trouble) && problem.people == 0 &&
		   problem.offers == 0, "nobody and nothing is a problem too");
	allocation_input_close(&input);
}

/* Enough offers and people for every array to grow, all found again. */
static void
test_input_growth(void)
{
	enum
	{
		MANY = 20000
	};
	AllocationInput input;
	AllocationProblem problem;
	Problem		trouble;
	bool		right = true;

	allocation_input_open(&input, &host, ALLOCATION_RESERVE_FIRST, INT64_C(1) << 30);
	for (int64_t i = 0; i < MANY; i++)
		right &= add_offer(&input, i * 1000003, i, 0, NULL, &trouble);
	for (int64_t i = 0; i < MANY; i++)
	{
		int64_t		list[] = {i * 1000003, (MANY - 1 - i) * 1000003};

		right &= add(&input, -i, i, list[0] == list[1] ? 1 : 2, list, NULL, NULL, &trouble);
	}
	interruptions = 0;
	right &= allocation_input_finish(&input, &problem, &trouble);
	expect(interruptions > 4 * (MANY / ALLOCATION_INTERRUPT_EVERY), "sorting people can be interrupted");
	expect(input.rank_given == NULL, "ranks as given are not kept");
	for (int32_t i = 0; i < MANY && right; i++)
	{
		right &= problem.list_offer[problem.list_start[i]] == i;
		right &= problem.capacity[i] == i;
		right &= input.order[i] == MANY - 1 - i;
	}
	expect(right, "many rows are all found again");
	allocation_input_close(&input);
}

/* The limit refuses; its refusal says that it is about memory. */
static void
test_input_limit(void)
{
	AllocationInput input;
	Problem		trouble;
	int64_t		offers[1000];
	bool		accepted = true;
	int64_t		people = 0;

	allocation_input_open(&input, &host, ALLOCATION_RESERVE_FIRST, 1 << 20);
	for (int64_t i = 0; i < 1000; i++)
	{
		offers[i] = i;
		expect(add_offer(&input, i, 1, 0, NULL, &trouble), "an offer fits");
	}
	while (accepted && people < 1000)
	{
		accepted = add(&input, people, people, 1000, offers, NULL, NULL, &trouble);
		people += accepted;
	}
	expect(!accepted && input.too_large &&
		   strcmp(trouble.message, "this allocation needs more than 1024 kB of memory") == 0,
		   "a problem too large is refused");
	expect(people * 5000 < 1 << 20 && people * 5000 > 900000, "the estimate is about the lists");
	allocation_input_close(&input);
}

static void
ignore_violation(void *opaque, const AllocationViolation *violation)
{
	(void) opaque;
	(void) violation;
}

/* Whichever request fails, the answer is a problem and nothing stays lent. */
static void
test_memory_failures(void)
{
	static const int64_t list[] = {1, 2};
	static const int64_t reserves[] = {1};
	bool		done = false;

	for (long allowed = 0; !done && allowed < 100; allowed++)
	{
		AllocationInput input;
		AllocationProblem problem;
		Problem		trouble;
		int32_t		position[2] = {0};
		int8_t		category[2];
		int64_t		violations;
		Allocation *run = NULL;

		lends_left = allowed;
		allocation_input_open(&input, &host, ALLOCATION_RESERVE_FIRST, 1 << 20);
		done = add_offer(&input, 1, 1, 1, reserves, &trouble) &&
			add_offer(&input, 2, 1, 0, NULL, &trouble) &&
			add(&input, 1, 1, 2, list, NULL, NULL, &trouble) &&
			allocation_input_finish(&input, &problem, &trouble) &&
			(run = allocation_open(&problem, &host, position, &trouble)) != NULL &&
			allocation_propose(run, NULL, 0, &trouble) &&
			allocation_check(&problem, &host, position, ignore_violation, NULL, &violations, &trouble) &&
			allocation_assign_seats(&problem, &host, position, category, &trouble);
		if (run != NULL)
			allocation_close(run);
		allocation_input_close(&input);
		expect(done || strncmp(trouble.message, "not enough memory", 17) == 0,
			   "a failed request is reported");
		expect(lent == 0, "a failed request leaves nothing lent");
	}
	lends_left = -1;
	expect(done, "with enough memory all goes well");
}

int
main(void)
{
	test_input_refusals();
	test_input_indexes();
	test_input_growth();
	test_input_limit();
	test_memory_failures();
	expect(lent == 0, "nothing stays lent");
	return print_claims();
}
