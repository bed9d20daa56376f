/*
 * vocabulary.c
 *		Vocabularies: looking up names, codes and kinds.
 *
 * The lists themselves are reviewed in the expected output of test codes.
 */
#include "vocabulary.h"
#include "tap.h"

#include <string.h>

static void
test_names(void)
{
	static const char *const names[] = {"audience", "accommodation", "language", "slot", "family", "mode"};

	for (int i = 0; i < 6; i++)
	{
		size_t		length = strlen(names[i]);

		expect(strcmp(vocabulary_name((Vocabulary) i), names[i]) == 0, "name of %d", i);
		expect(vocabulary_by_name(names[i], length) == i, "number of %s", names[i]);
		expect(vocabulary_by_name(names[i], length - 1) == -1, "a beginning is taken for %s", names[i]);
	}
	expect(VOCABULARY_COUNT == 6, "%d vocabularies", VOCABULARY_COUNT);
	expect(vocabulary_by_name("", 0) == -1 && vocabulary_by_name("slots", 5) == -1, "unknown names");
	verdict("vocabularies are found by their whole name");
}

static void
test_codes(void)
{
	for (int i = 0; i < VOCABULARY_COUNT; i++)
	{
		Vocabulary	vocabulary = (Vocabulary) i;

		for (int bit = 0; bit < vocabulary_size(vocabulary); bit++)
		{
			const VocabularyCode *code = vocabulary_code(vocabulary, bit);
			size_t		length = strlen(code->code);

			expect(vocabulary_bit(vocabulary, code->code, length) == bit, "bit of %s", code->code);
			expect(vocabulary_bit(vocabulary, code->code, length - 1) != bit, "beginning of %s", code->code);
			expect(code->label[0] != '\0', "label of %s", code->code);
		}
		expect(vocabulary_bit(vocabulary, "", 0) == -1 && vocabulary_bit(vocabulary, "custom_9", 8) == -1 &&
			   vocabulary_bit(vocabulary, "custom_12", 9) == -1, "unknown codes of %s", vocabulary_name(vocabulary));
	}
	verdict("codes are found by their whole word, at their own bit");
}

/* Kinds that share no bit and leave none out. */
static void
expect_partition(Vocabulary vocabulary, const char *const *kinds, int count)
{
	uint32_t	all = (UINT32_C(1) << vocabulary_size(vocabulary)) - 1;
	uint32_t	seen = 0;

	for (int i = 0; i < count; i++)
	{
		uint32_t	mask = vocabulary_kind_mask(vocabulary, kinds[i]);

		expect(mask != 0 && (mask & seen) == 0, "kind %s", kinds[i]);
		seen |= mask;
	}
	expect(seen == all, "%s has another kind", vocabulary_name(vocabulary));
}

static bool
has_kind(Vocabulary vocabulary, const char *code, const char *kind)
{
	int			bit = vocabulary_bit(vocabulary, code, strlen(code));

	return bit >= 0 && (vocabulary_kind_mask(vocabulary, kind) >> bit & 1) == 1;
}

static void
test_kinds(void)
{
	static const char *const accommodations[] = {"on_site", "personal"};
	static const char *const modes[] = {"format", "device", "posture"};

	expect_partition(VOCABULARY_ACCOMMODATION, accommodations, 2);
	expect_partition(VOCABULARY_MODE, modes, 3);
	expect(vocabulary_kind_mask(VOCABULARY_ACCOMMODATION, "on_site") == 0x3c003f, "on_site");
	expect(vocabulary_kind_mask(VOCABULARY_MODE, "device") == 0x380, "device");
	expect(vocabulary_kind_mask(VOCABULARY_MODE, "posture") == 0x1c00, "posture");
	expect(has_kind(VOCABULARY_ACCOMMODATION, "quiet_room", "on_site") &&
		   has_kind(VOCABULARY_ACCOMMODATION, "interpreter", "personal") &&
		   has_kind(VOCABULARY_ACCOMMODATION, "custom_4", "on_site") &&
		   has_kind(VOCABULARY_ACCOMMODATION, "custom_5", "personal") &&
		   has_kind(VOCABULARY_MODE, "custom_8", "format"), "kinds of the definition");
	expect(vocabulary_kind_mask(VOCABULARY_MODE, "on_site") == 0 &&
		   vocabulary_kind_mask(VOCABULARY_LANGUAGE, "format") == 0, "kinds that are not there");
	verdict("kinds partition accommodations and modes");
}

int
main(void)
{
	test_names();
	test_codes();
	test_kinds();
	return last_verdict();
}
