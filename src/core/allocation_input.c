/*
 * allocation_input.c
 *		From rows of identifiers to an AllocationProblem.
 *
 * Identifiers become indexes: offers through a hash table, since each of the
 * many entries of the lists is looked up; people are sorted once, at the end.
 */
#include "allocation_input.h"

#include "auction.h"

#include <inttypes.h>
#include <stdlib.h>

/*
 * What each person, offer and list entry costs, the reserved place told to a
 * person included.  Sorting people before the run, or the admitted after it,
 * takes about what the run takes, and never at the same time: not counted.
 */
#define PERSON_BYTES	((int64_t) (3 * sizeof(int64_t) + 2 * sizeof(int32_t) + 2 * sizeof(uint8_t)))
#define OFFER_BYTES		((int64_t) (sizeof(int64_t) + (6 + ALLOCATION_CATEGORIES_MAX) * sizeof(int32_t)))
#define EDGE_BYTES		((int64_t) (sizeof(int32_t) + sizeof(uint8_t)))
#define SCORE_BYTES		((int64_t) sizeof(int32_t))

#define FIRST_ROOM			1024
#define FIRST_BUCKET_BITS	11

typedef struct Numbered
{
	int64_t		value;
	int32_t		index;			/* of the person or offer */
} Numbered;

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
	int64_t		bytes = people * PERSON_BYTES + edges * EDGE_BYTES + input->offers * OFFER_BYTES;

	if (input->scored)
		bytes += edges * SCORE_BYTES + auction_bytes(people, input->offers);
	else
		bytes += allocation_run_bytes(people, input->offers, input->slots);
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
allocation_input_open(AllocationInput *input, const Host *host, bool scored,
					  int64_t bytes_max)
{
	*input = (AllocationInput) {
		.host = host, .scored = scored, .bytes_max = bytes_max
	};
}

void
allocation_input_close(AllocationInput *input)
{
	const Host *host = input->host;

	host->release(host->opaque, input->offer_id);
	host->release(host->opaque, input->capacity);
	host->release(host->opaque, input->reserve);
	host->release(host->opaque, input->last_listed);
	host->release(host->opaque, input->bucket);
	host->release(host->opaque, input->applicant_id);
	host->release(host->opaque, input->rank_given);
	host->release(host->opaque, input->type);
	host->release(host->opaque, input->list_start);
	host->release(host->opaque, input->rank);
	host->release(host->opaque, input->order);
	host->release(host->opaque, input->list_offer);
	host->release(host->opaque, input->list_class);
	host->release(host->opaque, input->list_score);
}

/* Where the identifier stands, or should stand, in the hash table. */
static int32_t *
find_bucket(const AllocationInput *input, int64_t id)
{
	uint64_t	mask = ((uint64_t) 1 << input->bucket_bits) - 1;
	uint64_t	place = (uint64_t) id * UINT64_C(0x9E3779B97F4A7C15) >> (64 - input->bucket_bits);

	while (input->bucket[place] >= 0 && input->offer_id[input->bucket[place]] != id)
		place = (place + 1) & mask;
	return &input->bucket[place];
}

/* The index of an offer, -1 when there is none of that identifier. */
static int32_t
find_offer(const AllocationInput *input, int64_t id)
{
	if (input->offers == 0)
		return -1;
	return *find_bucket(input, id);
}

/* A table twice as large as the room for offers is never more than half full. */
static bool
rebuild_buckets(AllocationInput *input)
{
	int			bits = input->bucket_bits == 0 ? FIRST_BUCKET_BITS : input->bucket_bits + 1;
	int64_t		buckets = (int64_t) 1 << bits;
	int32_t    *bucket = resized(input, input->bucket, buckets, sizeof(int32_t));

	if (bucket == NULL)
		return false;
	input->bucket = bucket;
	input->bucket_bits = bits;
	for (int64_t i = 0; i < buckets; i++)
		bucket[i] = -1;
	for (int32_t offer = 0; offer < input->offers; offer++)
		*find_bucket(input, input->offer_id[offer]) = offer;
	return true;
}

static bool
make_room_for_offer(AllocationInput *input)
{
	int64_t		room = input->offers_room == 0 ? FIRST_ROOM : (int64_t) input->offers_room * 2;
	void	   *moved;

	if (input->offers < input->offers_room)
		return true;
	if (room > INT32_MAX)
		return false;
	if ((moved = resized(input, input->offer_id, room, sizeof(int64_t))) == NULL)
		return false;
	input->offer_id = moved;
	if ((moved = resized(input, input->capacity, room, sizeof(int32_t))) == NULL)
		return false;
	input->capacity = moved;
	if ((moved = resized(input, input->reserve, room, ALLOCATION_CATEGORIES_MAX * sizeof(int32_t))) == NULL)
		return false;
	input->reserve = moved;
	if ((moved = resized(input, input->last_listed, room, sizeof(int32_t))) == NULL)
		return false;
	input->last_listed = moved;
	input->offers_room = (int32_t) room;
	return rebuild_buckets(input);
}

static bool
check_reserves(const AllocationOffer *offer, Problem *trouble)
{
	int64_t		left = offer->capacity;

	for (int32_t category = 0; category < offer->length; category++)
	{
		int64_t		places = offer->reserves[category];

		if (category >= ALLOCATION_CATEGORIES_MAX)
		{
			problem_set(trouble, "offer %" PRId64 " reserves places for %" PRId32 " categories",
						offer->id, offer->length);
			return problem_hint(trouble, "There are %d categories at most.", ALLOCATION_CATEGORIES_MAX);
		}
		if (places < 0)
		{
			problem_set(trouble, "offer %" PRId64 " reserves %" PRId64 " places", offer->id, places);
			return problem_hint(trouble, "A reserve goes from 0 to the capacity.");
		}
		if (places > left)
		{
			problem_set(trouble, "offer %" PRId64 " reserves more than its %" PRId64 " places",
						offer->id, offer->capacity);
			return problem_hint(trouble, "The reserves of an offer add up to its capacity at most.");
		}
		left -= places;
	}
	return true;
}

static bool
check_offer(const AllocationInput *input, const AllocationOffer *offer, Problem *trouble)
{
	if (offer->capacity < 0 || offer->capacity > INT32_MAX)
	{
		problem_set(trouble, "offer %" PRId64 " has capacity %" PRId64, offer->id, offer->capacity);
		return problem_hint(trouble, "A capacity goes from 0 to %" PRId32 ".", INT32_MAX);
	}
	if (find_offer(input, offer->id) >= 0)
	{
		problem_set(trouble, "offer %" PRId64 " appears twice", offer->id);
		return problem_hint(trouble, "Give one row per offer.");
	}
	return check_reserves(offer, trouble);
}

/* Categories that no offer reserves anything for are as good as absent. */
static void
store_reserves(AllocationInput *input, const AllocationOffer *offer)
{
	int32_t    *reserve = input->reserve + (int64_t) input->offers * ALLOCATION_CATEGORIES_MAX;
	int64_t		types = 1;

	for (int category = 0; category < ALLOCATION_CATEGORIES_MAX; category++)
	{
		reserve[category] = category < offer->length ? (int32_t) offer->reserves[category] : 0;
		if (reserve[category] == 0)
			continue;
		types *= 2;
		if (category >= input->categories)
			input->categories = category + 1;
	}
	input->slots += types;
}

bool
allocation_input_add_offer(AllocationInput *input, const AllocationOffer *offer,
						   Problem *trouble)
{
	if (!check_offer(input, offer, trouble) || !check_size(input, 0, 0, trouble))
		return false;
	if (!make_room_for_offer(input))
		return out_of_memory(input, trouble);
	input->offer_id[input->offers] = offer->id;
	input->capacity[input->offers] = (int32_t) offer->capacity;
	store_reserves(input, offer);
	input->last_listed[input->offers] = ALLOCATION_NOBODY;
	*find_bucket(input, offer->id) = input->offers;
	input->offers++;
	return true;
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

/* One entry of a list, written at the given edge. */
static bool
add_edge(AllocationInput *input, const AllocationApplicant *applicant,
		 int32_t place, int64_t edge, Problem *trouble)
{
	int64_t		id = applicant->offers[place];
	int64_t		class = applicant->classes == NULL ? ALLOCATION_CLASS_FIRST :
		applicant->classes[place];
	int32_t		offer = find_offer(input, id);

	if (offer < 0)
	{
		problem_set(trouble, "applicant %" PRId64 " lists offer %" PRId64 ", which is not among the offers",
					applicant->id, id);
		return problem_hint(trouble, "Every offer of a list needs a row among the offers, if only with capacity 0.");
	}
	if (input->last_listed[offer] == input->people)
	{
		problem_set(trouble, "applicant %" PRId64 " lists offer %" PRId64 " twice",
					applicant->id, id);
		return problem_hint(trouble, "Keep its best place in the list only.");
	}
	if (class < ALLOCATION_CLASS_FIRST || class > ALLOCATION_CLASS_LAST)
	{
		problem_set(trouble, "applicant %" PRId64 " has class %" PRId64 " at offer %" PRId64,
					applicant->id, class, id);
		return problem_hint(trouble, "Classes go from %d to %d; a place already held is stated apart.",
							ALLOCATION_CLASS_FIRST, ALLOCATION_CLASS_LAST);
	}
	if (input->scored && !add_score(input, applicant, place, edge, trouble))
		return false;
	input->last_listed[offer] = input->people;
	input->list_offer[edge] = offer;
	input->list_class[edge] = (uint8_t) class;
	return true;
}

/* The place held gets the class that nobody else can have there. */
static bool
mark_held(AllocationInput *input, const AllocationApplicant *applicant,
		  int64_t start, Problem *trouble)
{
	if (applicant->held == NULL)
		return true;
	for (int32_t place = 0; place < applicant->length; place++)
	{
		if (applicant->offers[place] == *applicant->held)
		{
			input->list_class[start + place] = ALLOCATION_CLASS_HELD;
			return true;
		}
	}
	problem_set(trouble, "applicant %" PRId64 " holds offer %" PRId64 ", which is not in its list",
				applicant->id, *applicant->held);
	return problem_hint(trouble, "Put the offer held in the list, after those the applicant would prefer to it.");
}

bool
allocation_input_add_applicant(AllocationInput *input,
							   const AllocationApplicant *applicant,
							   Problem *trouble)
{
	int64_t		start = input->people == 0 ? 0 : input->list_start[input->people];
	int64_t		end = start + applicant->length;

	if (applicant->categories < 0)
	{
		problem_set(trouble, "applicant %" PRId64 " has categories %" PRId64,
					applicant->id, applicant->categories);
		return problem_hint(trouble, "Categories are a mask: 1 for the first, 2 for the second, 4 for the third, and their sums.");
	}
	if (!check_size(input, (int64_t) input->people + 1, end, trouble))
		return false;
	if (!make_room_for_applicant(input) || !make_room_for_edges(input, end))
		return out_of_memory(input, trouble);
	for (int32_t place = 0; place < applicant->length; place++)
	{
		if (!add_edge(input, applicant, place, start + place, trouble))
			return false;
	}
	if (!mark_held(input, applicant, start, trouble))
		return false;
	input->applicant_id[input->people] = applicant->id;
	input->rank_given[input->people] = applicant->rank;
	input->type[input->people] = (uint8_t) (applicant->categories & ((1 << input->categories) - 1));
	input->people++;
	input->list_start[input->people] = end;
	return true;
}

static int
compare_numbered(const void *one, const void *other)
{
	const Numbered *a = one;
	const Numbered *b = other;

	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static void
sort_values(const int64_t *values, int32_t count, Numbered *sorted)
{
	for (int32_t i = 0; i < count; i++)
	{
		sorted[i].value = values[i];
		sorted[i].index = i;
	}
	qsort(sorted, (size_t) count, sizeof(Numbered), compare_numbered);
}

/* People by identifier, each once. */
static bool
set_order(AllocationInput *input, Numbered *sorted, Problem *trouble)
{
	sort_values(input->applicant_id, input->people, sorted);
	for (int32_t i = 0; i < input->people; i++)
	{
		if (i > 0 && sorted[i].value == sorted[i - 1].value)
		{
			problem_set(trouble, "applicant %" PRId64 " appears twice", sorted[i].value);
			return problem_hint(trouble, "Give one row per applicant, with all its offers in one array.");
		}
		input->order[i] = sorted[i].index;
	}
	return true;
}

/* Ranks without gaps, each once. */
static bool
set_rank(AllocationInput *input, Numbered *sorted, Problem *trouble)
{
	sort_values(input->rank_given, input->people, sorted);
	for (int32_t i = 0; i < input->people; i++)
	{
		if (i > 0 && sorted[i].value == sorted[i - 1].value)
		{
			int64_t		one = input->applicant_id[sorted[i - 1].index];
			int64_t		other = input->applicant_id[sorted[i].index];

			problem_set(trouble, "applicants %" PRId64 " and %" PRId64 " have the same rank %" PRId64,
						one < other ? one : other, one < other ? other : one, sorted[i].value);
			return problem_hint(trouble, "Number people with row_number() over an order that ends with a unique key.");
		}
		input->rank[sorted[i].index] = (uint32_t) i;
	}
	return true;
}

bool
allocation_input_finish(AllocationInput *input, AllocationProblem *problem,
						Problem *trouble)
{
	const Host *host = input->host;
	int64_t		elements = (int64_t) input->people + 1;
	Numbered   *sorted;
	bool		valid;

	if (!make_room_for_applicant(input) || !make_room_for_edges(input, 1))
		return out_of_memory(input, trouble);
	input->rank = resized(input, NULL, elements, sizeof(uint32_t));
	input->order = resized(input, NULL, elements, sizeof(int32_t));
	sorted = resized(input, NULL, elements, sizeof(Numbered));
	if (input->rank == NULL || input->order == NULL || sorted == NULL)
	{
		host->release(host->opaque, sorted);
		return out_of_memory(input, trouble);
	}
	valid = set_order(input, sorted, trouble) && set_rank(input, sorted, trouble);
	host->release(host->opaque, sorted);
	*problem = (AllocationProblem) {
		.people = input->people,
		.offers = input->offers,
		.list_start = input->list_start,
		.list_offer = input->list_offer,
		.list_class = input->list_class,
		.list_score = input->list_score,
		.rank = input->rank,
		.capacity = input->capacity,
		.categories = input->categories,
		.type = input->type,
		.reserve = input->reserve,
	};
	return valid;
}

bool
allocation_input_order_offers(const AllocationInput *input, int32_t *order, Problem *trouble)
{
	const Host *host = input->host;
	Numbered   *sorted = host->reallocate(host->opaque, NULL,
										  ((size_t) input->offers + 1) * sizeof(Numbered));

	if (sorted == NULL)
		return problem_set(trouble, "not enough memory to order the offers");
	sort_values(input->offer_id, input->offers, sorted);
	for (int32_t i = 0; i < input->offers; i++)
		order[i] = sorted[i].index;
	host->release(host->opaque, sorted);
	return true;
}
