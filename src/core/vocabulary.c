/*
 * vocabulary.c
 *		The closed lists of codes.
 *
 * Masks are stored on disk, so these lists only ever grow, at their end: a
 * code added later stands after the custom ones.  Never move, reuse or remove
 * an entry; a code that is no longer wanted stays, with its label saying so.
 *
 * Labels hold only characters that Latin-1 knows too, so that a database of
 * either encoding can show them.
 */
#include "vocabulary.h"

#include <string.h>

#include "word.h"

#define LENGTH_OF(array) ((int) (sizeof(array) / sizeof((array)[0])))
#define CUSTOM(number, kind) {"custom_" #number, kind, "Code du territoire n° " #number}
#define CUSTOM_1_TO_4(kind) \
	CUSTOM(1, kind), CUSTOM(2, kind), CUSTOM(3, kind), CUSTOM(4, kind)
#define CUSTOM_5_TO_8(kind) \
	CUSTOM(5, kind), CUSTOM(6, kind), CUSTOM(7, kind), CUSTOM(8, kind)

typedef struct VocabularyList
{
	const char *name;
	const VocabularyCode *codes;
	int			size;
} VocabularyList;

/*
 * Whom an offer addresses.  The first five are the national standard of
 * mediation places; the next eight come from the audiences of data·inclusion
 * (its residents-qpv-frr split in two); the others meet the field's demands.
 */
static const VocabularyCode audience[] = {
	{"youth", NULL, "Jeunes"},
	{"students", NULL, "Étudiants"},
	{"families", NULL, "Familles et enfants"},
	{"seniors", NULL, "Seniors"},
	{"women", NULL, "Femmes"},
	{"workers", NULL, "Actifs"},
	{"job_seekers", NULL, "Demandeurs d'emploi"},
	{"minimum_income", NULL, "Allocataires de minima sociaux"},
	{"disability", NULL, "Personnes en situation de handicap"},
	{"emergency", NULL, "Personnes sans domicile ou en urgence"},
	{"justice", NULL, "Personnes détenues ou suivies en justice"},
	{"newcomers", NULL, "Personnes exilées ou récemment arrivées"},
	{"priority_district", NULL, "Habitants des quartiers prioritaires"},
	{"rural", NULL, "Habitants des territoires ruraux"},
	{"foreign_language", NULL, "Personnes allophones"},
	{"illiteracy", NULL, "Personnes en difficulté avec l'écrit"},
	{"caregivers", NULL, "Aidants familiaux"},
	{"entrepreneurs", NULL, "Créateurs et dirigeants d'entreprise"},
	CUSTOM_1_TO_4(NULL), CUSTOM_5_TO_8(NULL)
};

/*
 * What a person needs in order to take part: never a diagnosis.  What belongs
 * to a place (on_site) is not asked of a remote offer.
 */
static const VocabularyCode accommodation[] = {
	{"step_free", "on_site", "Accès de plain-pied"},
	{"lift", "on_site", "Ascenseur"},
	{"accessible_toilet", "on_site", "Toilettes accessibles"},
	{"adapted_parking", "on_site", "Stationnement adapté"},
	{"induction_loop", "on_site", "Boucle magnétique"},
	{"quiet_room", "on_site", "Salle calme"},
	{"interpreter", "personal", "Interprète"},
	{"sign_language", "personal", "Langue des signes (LSF)"},
	{"large_print", "personal", "Grands caractères"},
	{"screen_reader", "personal", "Lecteur d'écran"},
	{"plain_language", "personal", "Facile à lire et à comprendre (FALC)"},
	{"dys", "personal", "Supports adaptés aux troubles dys"},
	{"captions", "personal", "Sous-titrage ou transcription"},
	{"braille", "personal", "Braille"},
	{"low_literacy", "personal", "Supports sans lecture ni écriture"},
	{"adapted_device", "personal", "Matériel adapté (souris, clavier...)"},
	{"extra_time", "personal", "Temps supplémentaire"},
	{"companion", "personal", "Accompagnant bienvenu"},
	CUSTOM_1_TO_4("on_site"), CUSTOM_5_TO_8("personal")
};

/* ISO 639-1 codes. */
static const VocabularyCode language[] = {
	{"fr", NULL, "Français"},
	{"en", NULL, "Anglais"},
	{"ar", NULL, "Arabe"},
	{"es", NULL, "Espagnol"},
	{"pt", NULL, "Portugais"},
	{"tr", NULL, "Turc"},
	{"ro", NULL, "Roumain"},
	{"ru", NULL, "Russe"},
	{"uk", NULL, "Ukrainien"},
	{"zh", NULL, "Chinois"},
	{"it", NULL, "Italien"},
	{"de", NULL, "Allemand"},
	{"fa", NULL, "Persan (farsi, dari)"},
	{"ps", NULL, "Pachto"},
	{"ku", NULL, "Kurde"},
	{"bn", NULL, "Bengali"},
	{"ta", NULL, "Tamoul"},
	{"sq", NULL, "Albanais"},
	{"ka", NULL, "Géorgien"},
	{"ti", NULL, "Tigrigna"},
	{"so", NULL, "Somali"},
	{"ff", NULL, "Peul"},
	{"bm", NULL, "Bambara"},
	CUSTOM_1_TO_4(NULL), CUSTOM_5_TO_8(NULL)
};

/* Half-days and evenings of the week. */
static const VocabularyCode slot[] = {
	{"mo_am", NULL, "Lundi matin"},
	{"mo_pm", NULL, "Lundi après-midi"},
	{"mo_ev", NULL, "Lundi soir"},
	{"tu_am", NULL, "Mardi matin"},
	{"tu_pm", NULL, "Mardi après-midi"},
	{"tu_ev", NULL, "Mardi soir"},
	{"we_am", NULL, "Mercredi matin"},
	{"we_pm", NULL, "Mercredi après-midi"},
	{"we_ev", NULL, "Mercredi soir"},
	{"th_am", NULL, "Jeudi matin"},
	{"th_pm", NULL, "Jeudi après-midi"},
	{"th_ev", NULL, "Jeudi soir"},
	{"fr_am", NULL, "Vendredi matin"},
	{"fr_pm", NULL, "Vendredi après-midi"},
	{"fr_ev", NULL, "Vendredi soir"},
	{"sa_am", NULL, "Samedi matin"},
	{"sa_pm", NULL, "Samedi après-midi"},
	{"sa_ev", NULL, "Samedi soir"},
	{"su_am", NULL, "Dimanche matin"},
	{"su_pm", NULL, "Dimanche après-midi"},
	{"su_ev", NULL, "Dimanche soir"},
	CUSTOM_1_TO_4(NULL), CUSTOM_5_TO_8(NULL)
};

/* What an offer is for. */
static const VocabularyCode family[] = {
	{"learn", NULL, "Apprendre"},
	{"rights", NULL, "Accéder à ses droits"},
	{"equipment", NULL, "S'équiper"},
	{"connection", NULL, "Se connecter"},
	CUSTOM_1_TO_4(NULL), CUSTOM_5_TO_8(NULL)
};

/* How an offer is given: its format, on which device, in which posture. */
static const VocabularyCode mode[] = {
	{"individual", "format", "Accompagnement individuel"},
	{"workshop", "format", "Atelier collectif"},
	{"drop_in", "format", "Permanence sans rendez-vous"},
	{"self_service", "format", "Libre accès"},
	{"home_visit", "format", "À domicile"},
	{"phone", "format", "Par téléphone"},
	{"video", "format", "En visioconférence"},
	{"computer", "device", "Ordinateur"},
	{"tablet", "device", "Tablette"},
	{"smartphone", "device", "Smartphone"},
	{"enable", "posture", "Faire faire"},
	{"show", "posture", "Montrer"},
	{"act_for", "posture", "Faire à la place"},
	CUSTOM_1_TO_4("format"), CUSTOM_5_TO_8("format")
};

static const VocabularyList lists[VOCABULARY_COUNT] = {
	[VOCABULARY_AUDIENCE] = {"audience", audience, LENGTH_OF(audience)},
	[VOCABULARY_ACCOMMODATION] = {"accommodation", accommodation, LENGTH_OF(accommodation)},
	[VOCABULARY_LANGUAGE] = {"language", language, LENGTH_OF(language)},
	[VOCABULARY_SLOT] = {"slot", slot, LENGTH_OF(slot)},
	[VOCABULARY_FAMILY] = {"family", family, LENGTH_OF(family)},
	[VOCABULARY_MODE] = {"mode", mode, LENGTH_OF(mode)}
};

/* A list too long for a mask fails to compile: the array would be negative. */
#define CHECK_SIZE(list) \
	typedef char list##_fits_in_a_mask[LENGTH_OF(list) <= VOCABULARY_CODES_MAX ? 1 : -1] \
	__attribute__((unused))

CHECK_SIZE(audience);
CHECK_SIZE(accommodation);
CHECK_SIZE(language);
CHECK_SIZE(slot);
CHECK_SIZE(family);
CHECK_SIZE(mode);

const char *
vocabulary_name(Vocabulary vocabulary)
{
	return lists[vocabulary].name;
}

int
vocabulary_by_name(const char *name, size_t length)
{
	for (int i = 0; i < VOCABULARY_COUNT; i++)
	{
		if (word_equals(lists[i].name, name, length))
			return i;
	}
	return -1;
}

int
vocabulary_size(Vocabulary vocabulary)
{
	return lists[vocabulary].size;
}

const VocabularyCode *
vocabulary_code(Vocabulary vocabulary, int bit)
{
	return &lists[vocabulary].codes[bit];
}

int
vocabulary_bit(Vocabulary vocabulary, const char *code, size_t length)
{
	const VocabularyList *list = &lists[vocabulary];

	for (int bit = 0; bit < list->size; bit++)
	{
		if (word_equals(list->codes[bit].code, code, length))
			return bit;
	}
	return -1;
}

uint32_t
vocabulary_kind_mask(Vocabulary vocabulary, const char *kind)
{
	const VocabularyList *list = &lists[vocabulary];
	uint32_t	mask = 0;

	for (int bit = 0; bit < list->size; bit++)
	{
		if (list->codes[bit].kind != NULL && strcmp(list->codes[bit].kind, kind) == 0)
			mask |= (uint32_t) 1 << bit;
	}
	return mask;
}
