/*
 * allocation_input.c
 *		From rows of identifiers to an AllocationProblem.
 *
 * Identifiers become indexes: offers as they are looked up, people once all are
 * there.
 */
#include "allocation_input.h"

#include <inttypes.h>

#include "auction.h"
#include "order.h"

/*
 * What each person, offer and list entry costs, the reserved place told to a
 * person included.  People are sorted before the run, the admitted after it,
 * never at the same time: the larger counts.
 */
#define PERSON_BYTES	((int64_t) (3 * sizeof(int64_t) + 2 * sizeof(int32_t) + 2 * sizeof(uint8_t)))
#define EDGE_BYTES		((int64_t) (sizeof(int32_t) + sizeof(uint8_t)))
#define SCORE_BYTES		((int64_t) sizeof(int32_t))
/* with what is shown, and those lengthened last */
#define GROWTH_BYTES	((int64_t) (sizeof(AllocationGrowth) + 2 * sizeof(int32_t)))
#define SORT_BYTES		(ORDER_BYTES + (int64_t) sizeof(int32_t))

#define FIRST_ROOM			1024

static bool
out_of_memory(AllocationInput *input, Problem *trouble)
{
	input->too_large = true;
	return problem_set(trouble, "not enough memory to load the allocation");
}

/* Refuse before the memory is taken rather than after. */
static bool
check_size(AllocationInput *input, int64_t people, int64_t edges, Problem *trouble)
{
	int64_t		offers = input->offers.count;
	int64_t		bytes = people * PERSON_BYTES + edges * EDGE_BYTES + offers * ALLOCATION_OFFER_BYTES;
	int64_t		sort = people * SORT_BYTES;
	int64_t		run = input->scored ? auction_bytes(people, offers) :
		allocation_run_bytes(people, offers, input->offers.slots);

	if (input->scored)
		bytes += edges * SCORE_BYTES;
	if (input->grows)
		bytes += people * GROWTH_BYTES;
	bytes += run > sort ? run : sort;
	if (bytes <= input->bytes_max)
		return true;
	input->too_large = true;
	return problem_set(trouble, "this allocation needs more than %" PRId64 " kB of memory",
					   input->bytes_max / 1024);
}

/* An array moved to where it has room; NULL when there is no memory. */
static void *
resized(AllocationInput *input, void *array, int64_t elements, size_t width)
{
	return input->host->reallocate(input->host->opaque, array, (size_t) elements * width);
}

void
allocation_input_open(AllocationInput *input, const Host *host, AllocationKind kind,
					  int64_t bytes_max)
{
	*input = (AllocationInput) {
		.host = host, .scored = kind == ALLOCATION_MAX_SCORE, .bytes_max = bytes_max,
		.offers = {.host = host, .open_first = kind == ALLOCATION_OPEN_FIRST}
	};
}

void
allocation_input_close(AllocationInput *input)
{
	const Host *host = input->host;

	allocation_offers_close(&input->offers);
	host->release(host->opaque, input->applicant_id);
	host->release(host->opaque, input->rank_given);
	host->release(host->opaque, input->type);
	host->release(host->opaque, input->growth);
	host->release(host->opaque, input->shown);
	host->release(host->opaque, input->list_start);
	host->release(host->opaque, input->rank);
	host->release(host->opaque, input->order);
	host->release(host->opaque, input->list_offer);
	host->release(host->opaque, input->list_class);
	host->release(host->opaque, input->list_score);
}

bool
allocation_input_add_offer(AllocationInput *input, const AllocationOffer *offer,
						   Problem *trouble)
{
	if (!allocation_offers_accept(&input->offers, offer, trouble) ||
		!check_size(input, 0, 0, trouble))
		return false;
	return allocation_offers_add(&input->offers, offer) || out_of_memory(input, trouble);
}

static bool
make_room_for_applicant(AllocationInput *input)
{
	int64_t		room = input->people_room == 0 ? FIRST_ROOM : (int64_t) input->people_room * 2;
	void	   *moved;

	if (input->people < input->people_room)
		return true;
	if (room > INT32_MAX)
		return false;
	if ((moved = resized(input, input->applicant_id, room, sizeof(int64_t))) == NULL)
		return false;
	input->applicant_id = moved;
	if ((moved = resized(input, input->rank_given, room, sizeof(int64_t))) == NULL)
		return false;
	input->rank_given = moved;
	if ((moved = resized(input, input->type, room, sizeof(uint8_t))) == NULL)
		return false;
	input->type = moved;
	if (input->grows)
	{
		if ((moved = resized(input, input->growth, room, sizeof(AllocationGrowth))) == NULL)
			return false;
		input->growth = moved;
	}
	if ((moved = resized(input, input->list_start, room + 1, sizeof(int64_t))) == NULL)
		return false;
	input->list_start = moved;
	input->list_start[0] = 0;
	input->people_room = (int32_t) room;
	return true;
}

static bool
make_room_for_edges(AllocationInput *input, int64_t edges)
{
	int64_t		room = input->edges_room == 0 ? FIRST_ROOM : input->edges_room;
	void	   *moved;

	if (edges <= input->edges_room)
		return true;
	while (room < edges)
		room *= 2;
	if ((moved = resized(input, input->list_offer, room, sizeof(int32_t))) == NULL)
		return false;
	input->list_offer = moved;
	if ((moved = resized(input, input->list_class, room, sizeof(uint8_t))) == NULL)
		return false;
	input->list_class = moved;
	if (input->scored)
	{
		if ((moved = resized(input, input->list_score, room, sizeof(int32_t))) == NULL)
			return false;
		input->list_score = moved;
	}
	input->edges_room = room;
	return true;
}

static bool
add_score(AllocationInput *input, const AllocationApplicant *applicant,
		  int32_t place, int64_t edge, Problem *trouble)
{
	int64_t		score = applicant->scores[place];

	if (score < 0 || score > INT32_MAX)
	{
		problem_set(trouble, "applicant %" PRId64 " has score %" PRId64 " at offer %" PRId64,
					applicant->id, score, applicant->offers[place]);
		return problem_hint(trouble, "Scores go from 0 to %" PRId32 ".", INT32_MAX);
	}
	input->list_score[edge] = (int32_t) score;
	return true;
}

/* What an entry of a list names, if it is right, and new; else NULL. */
static AllocationName *
accept_entry(const AllocationInput *input, const AllocationApplicant *applicant,
			 int32_t place, Problem *trouble)
{
	int64_t		id = applicant->offers[place];
	int64_t		class = applicant->classes == NULL ? ALLOCATION_CLASS_FIRST :
		applicant->classes[place];
	AllocationName *name = allocation_offers_find(&input->offers, id);

	if (name == NULL)
	{
		problem_set(trouble, "applicant %" PRId64 " lists offer %" PRId64 ", which is not among the offers",
					applicant->id, id);
		problem_hint(trouble, "Every offer of a list needs a row among the offers, if only with capacity 0.");
		return NULL;
	}
	if (name->last_listed == input->people)
	{
		problem_set(trouble, "applicant %" PRId64 " lists offer %" PRId64 " twice",
					applicant->id, id);
		problem_hint(trouble, "Keep its best place in the list only.");
		return NULL;
	}
	if (class < ALLOCATION_CLASS_FIRST || class > ALLOCATION_CLASS_LAST)
	{
		problem_set(trouble, "applicant %" PRId64 " has class %" PRId64 " at offer %" PRId64,
					applicant->id, class, id);
		problem_hint(trouble, "Classes go from %d to %d; a place already held is stated apart.",
							ALLOCATION_CLASS_FIRST, ALLOCATION_CLASS_LAST);
		return NULL;
	}
	return name;
}

/* One entry of a list: an edge, or one for each part of its offer. */
static bool
add_entry(AllocationInput *input, const AllocationApplicant *applicant,
		  int32_t place, int64_t *end, Problem *trouble)
{
	bool		is_held = applicant->held != NULL && applicant->offers[place] == *applicant->held;
	uint8_t		class = ALLOCATION_CLASS_FIRST;
	AllocationName *name = accept_entry(input, applicant, place, trouble);
	int32_t		offer;

	if (name == NULL ||
		(input->scored && !add_score(input, applicant, place, *end, trouble)))
		return false;
	name->last_listed = input->people;
	offer = name->offer;
	if (is_held)
		class = ALLOCATION_CLASS_HELD;
	else if (applicant->classes != NULL)
		class = (uint8_t) applicant->classes[place];
	for (int parts = allocation_offers_parts(&input->offers, offer); parts > 0; parts--)
	{
		input->list_offer[*end] = offer++;
		input->list_class[(*end)++] = class;
	}
	return true;
}

/* The place held has to be in the list, or the person could lose it. */
static bool
accept_held(const AllocationApplicant *applicant, Problem *trouble)
{
	if (applicant->held == NULL)
		return true;
	for (int32_t place = 0; place < applicant->length; place++)
	{
		if (applicant->offers[place] == *applicant->held)
			return true;
	}
	problem_set(trouble, "applicant %" PRId64 " holds offer %" PRId64 ", which is not in its list",
				applicant->id, *applicant->held);
	return problem_hint(trouble, "Put the offer held in the list, after those the applicant would prefer to it.");
}

/* A list that grows says how far; the place held, if any, ends it. */
static bool
accept_growth(const AllocationApplicant *applicant, Problem *trouble)
{
	if (applicant->asked < 0 || applicant->asked > applicant->most || applicant->known < applicant->asked ||
		applicant->most > INT32_MAX / ALLOCATION_GROWTH_FACTOR || applicant->known > INT32_MAX)
	{
		problem_set(trouble, "applicant %" PRId64 " is shown %" PRId64 " of %" PRId64 " offers looked for, %" PRId64 " at most",
					applicant->id, applicant->asked, applicant->known, applicant->most);
		return problem_hint(trouble, "Give asked, known and most such that asked is the least.");
	}
	if (applicant->held != NULL && applicant->offers[applicant->length - 1] != *applicant->held)
	{
		problem_set(trouble, "applicant %" PRId64 " holds offer %" PRId64 ", which does not end its list",
					applicant->id, *applicant->held);
		return problem_hint(trouble, "A list that grows ends with the offer held.");
	}
	return true;
}

static bool
accept_categories(const AllocationApplicant *applicant, Problem *trouble)
{
	if (applicant->categories >= 0 && applicant->categories < ALLOCATION_TYPES_MAX)
		return true;
	problem_set(trouble, "applicant %" PRId64 " has categories %" PRId64,
				applicant->id, applicant->categories);
	return problem_hint(trouble, "Categories are a mask: 1 for the first, 2 for the second, 4 for the third, and their sums; there are %d at most.",
						ALLOCATION_CATEGORIES_MAX);
}

bool
allocation_input_add_applicant(AllocationInput *input,
							   const AllocationApplicant *applicant,
							   Problem *trouble)
{
	int64_t		end = input->people == 0 ? 0 : input->list_start[input->people];
	int64_t		edges = end + applicant->length * (input->offers.open_first ? INT64_C(2) : 1);

	if (!accept_categories(applicant, trouble) ||
		!check_size(input, (int64_t) input->people + 1, edges, trouble))
		return false;
	if (!make_room_for_applicant(input) || !make_room_for_edges(input, edges))
		return out_of_memory(input, trouble);
	for (int32_t place = 0; place < applicant->length; place++)
	{
		if (!add_entry(input, applicant, place, &end, trouble))
			return false;
	}
	if (!accept_held(applicant, trouble) ||
		(input->grows && !accept_growth(applicant, trouble)))
		return false;
	if (input->grows)
		input->growth[input->people] = (AllocationGrowth) {
			.asked = (int32_t) applicant->asked, .most = (int32_t) applicant->most,
			.known = (int32_t) applicant->known,
			.found = applicant->length - (applicant->held == NULL ? 0 : 1)
		};
	input->applicant_id[input->people] = applicant->id;
	input->rank_given[input->people] = applicant->rank;
	input->type[input->people] = (uint8_t) applicant->categories;
	input->people++;
	input->list_start[input->people] = end;
	return true;
}

/* People by identifier, each once. */
static bool
check_order(const AllocationInput *input, Problem *trouble)
{
	for (int32_t i = 1; i < input->people; i++)
	{
		int64_t		id = input->applicant_id[input->order[i]];

		if (id != input->applicant_id[input->order[i - 1]])
			continue;
		problem_set(trouble, "applicant %" PRId64 " appears twice", id);
		return problem_hint(trouble, "Give one row per applicant, with all its offers in one array.");
	}
	return true;
}

/* Ranks without gaps, each once. */
static bool
set_rank(AllocationInput *input, const int32_t *by_rank, Problem *trouble)
{
	for (int32_t i = 0; i < input->people; i++)
	{
		int64_t		rank = input->rank_given[by_rank[i]];

		allocation_poll(input->host, i);
		if (i > 0 && rank == input->rank_given[by_rank[i - 1]])
		{
			int64_t		one = input->applicant_id[by_rank[i - 1]];
			int64_t		other = input->applicant_id[by_rank[i]];

			problem_set(trouble, "applicants %" PRId64 " and %" PRId64 " have the same rank %" PRId64,
						one < other ? one : other, one < other ? other : one, rank);
			return problem_hint(trouble, "Number people with row_number() over an order that ends with a unique key.");
		}
		input->rank[by_rank[i]] = (uint32_t) i;
	}
	return true;
}

static bool
order_people(AllocationInput *input, Problem *trouble)
{
	const Host *host = input->host;
	int32_t    *by_rank = resized(input, NULL, (int64_t) input->people + 1, sizeof(int32_t));
	bool		valid;

	if (by_rank == NULL ||
		!order_indexes(host, input->applicant_id, input->people, input->order) ||
		!order_indexes(host, input->rank_given, input->people, by_rank))
		valid = out_of_memory(input, trouble);
	else
		valid = check_order(input, trouble) && set_rank(input, by_rank, trouble);
	host->release(host->opaque, by_rank);
	host->release(host->opaque, input->rank_given);
	input->rank_given = NULL;
	return valid;
}

bool
allocation_input_finish(AllocationInput *input, AllocationProblem *problem,
						Problem *trouble)
{
	int64_t		elements = (int64_t) input->people + 1;

	if (!make_room_for_applicant(input) || !make_room_for_edges(input, 1))
		return out_of_memory(input, trouble);
	input->rank = resized(input, NULL, elements, sizeof(uint32_t));
	input->order = resized(input, NULL, elements, sizeof(int32_t));
	if (input->rank == NULL || input->order == NULL)
		return out_of_memory(input, trouble);
	*problem = (AllocationProblem) {
		.people = input->people,
		.offers = input->offers.count,
		.list_start = input->list_start,
		.list_offer = input->list_offer,
		.list_class = input->list_class,
		.list_score = input->list_score,
		.rank = input->rank,
		.capacity = input->offers.capacity,
		.categories = input->offers.categories,
		.type = input->type,
		.reserve = input->offers.reserve,
	};
	return order_people(input, trouble);
}

int32_t
allocation_input_list_place(const AllocationInput *input, int32_t person, int32_t position)
{
	int64_t		start = input->list_start[person];
	int32_t		place = position;

	if (!input->offers.open_first)
		return place;
	for (int64_t edge = start + 1; edge <= start + position && edge < input->list_start[person + 1]; edge++)
	{
		if (input->offers.id[input->list_offer[edge]] == input->offers.id[input->list_offer[edge - 1]])
			place--;
	}
	return place;
}
