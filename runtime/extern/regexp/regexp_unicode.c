/* Named sets, from libunistring's tables. A set is collected when it is first asked for, and kept. */
#include "extern/regexp/regexp_unicode.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unictype.h>

#include "extern/regexp/regexp_scripts.h"

/* What a name stands for; what is zero is not asked for. */
typedef struct {
	uint32_t categories; /* a mask */
	const uc_script_t *script;
	uc_property_t property;
	bool word;        /* \w */
	bool ignore_case; /* what differs from these in case only, too */
} character_test;

static bool is_word(ucs4_t rune) {
	return uc_is_general_category_withtable(rune,
	                                        UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_Nd | UC_CATEGORY_MASK_Pc) ||
	       uc_is_property(rune, UC_PROPERTY_ALPHABETIC) || uc_is_property(rune, UC_PROPERTY_JOIN_CONTROL);
}

static bool passes(const character_test *test, ucs4_t rune) {
	if (test->word)
		return is_word(rune);
	if (test->script != NULL)
		return uc_is_script(rune, test->script);
	if (uc_property_is_valid(test->property))
		return uc_is_property(rune, test->property);
	return uc_is_general_category_withtable(rune, test->categories);
}

/* Planes without characters of their own are alike in all but the last two. */
static void collect_plane(regexp_set *set, const character_test *test, int32_t plane) {
	enum { PLANE_SIZE = 0x10000, LAST_FULL_PLANE = 3, SPECIAL_PLANE = 14 };
	int32_t first = plane * PLANE_SIZE;
	if (plane > LAST_FULL_PLANE && plane != SPECIAL_PLANE) {
		if (passes(test, (ucs4_t)first))
			regexp_set_add(set, first, first + PLANE_SIZE - 3);
		first += PLANE_SIZE - 2;
	}
	for (int32_t rune = first; rune < (plane + 1) * PLANE_SIZE; rune++)
		if (passes(test, (ucs4_t)rune))
			regexp_set_add(set, rune, rune);
}

/* ---- Sets that were collected ---- */

typedef struct named_set {
	struct named_set *next;
	character_test test;
	regexp_set set;
} named_set;

static pthread_mutex_t named_sets_lock = PTHREAD_MUTEX_INITIALIZER;
static named_set *named_sets; /* as many as there are tests at most; they live as long as the process */

static named_set *find_collected(const character_test *test) {
	named_set *known = named_sets;
	while (known != NULL &&
	       (known->test.categories != test->categories || known->test.script != test->script ||
	        known->test.property.test_fn != test->property.test_fn || known->test.word != test->word ||
	        known->test.ignore_case != test->ignore_case))
		known = known->next;
	return known;
}

static named_set *collect(const character_test *test) {
	named_set *made = calloc(1, sizeof *made);
	if (made == NULL)
		return NULL;
	made->test = *test;
	for (int32_t plane = 0; plane <= REGEXP_LAST_RUNE >> 16; plane++)
		collect_plane(&made->set, test, plane);
	if (test->ignore_case)
		regexp_set_ignore_case(&made->set, false);
	made->next = named_sets;
	named_sets = made;
	return made;
}

static const regexp_set *set_of(const character_test *test) {
	pthread_mutex_lock(&named_sets_lock);
	const named_set *known = find_collected(test);
	if (known == NULL)
		known = collect(test);
	pthread_mutex_unlock(&named_sets_lock);
	return known != NULL ? &known->set : NULL;
}

static void add_tested(regexp_set *set, const character_test *test) {
	const regexp_set *found = set_of(test);
	if (found != NULL)
		regexp_set_add_all(set, found);
	else
		set->failed = true;
}

/* ---- Perl's classes ---- */

void regexp_add_perl_class(regexp_set *set, char letter) {
	character_test test = {0};
	if (letter == 'd')
		test.categories = UC_CATEGORY_MASK_Nd;
	else if (letter == 's')
		test.property = UC_PROPERTY_WHITE_SPACE;
	else
		test.word = true;
	add_tested(set, &test);
}

bool regexp_is_word(int32_t rune) {
	if (rune < 0x80)
		return (rune >= '0' && rune <= '9') || (rune >= 'a' && rune <= 'z') || (rune >= 'A' && rune <= 'Z') ||
		       rune == '_';
	return is_word((ucs4_t)rune);
}

/* ---- Names ---- */

enum { NAME_MAXIMUM = 64 };

/* The name without what does not count; false if it is longer than every name. */
static bool simplify(string_view name, char simple[NAME_MAXIMUM]) {
	size_t length = 0;
	for (size_t i = 0; i < name.length; i++) {
		char c = name.bytes[i];
		if (c == ' ' || c == '_' || c == '-')
			continue;
		if (length == NAME_MAXIMUM - 1 || c == 0)
			return false;
		simple[length++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	simple[length] = 0;
	if (length > 2 && simple[0] == 'i' && simple[1] == 's' && strcmp(simple, "isc") != 0)
		memmove(simple, simple + 2, length - 1);
	return simple[0] != 0;
}

/* Names that the library's search does not know. */
static const struct {
	const char *name;
	const uc_property_t *property;
} more_properties[] = {
    {"emoji", &UC_PROPERTY_EMOJI},
    {"emojipresentation", &UC_PROPERTY_EMOJI_PRESENTATION},
    {"epres", &UC_PROPERTY_EMOJI_PRESENTATION},
    {"emojimodifier", &UC_PROPERTY_EMOJI_MODIFIER},
    {"emod", &UC_PROPERTY_EMOJI_MODIFIER},
    {"emojimodifierbase", &UC_PROPERTY_EMOJI_MODIFIER_BASE},
    {"ebase", &UC_PROPERTY_EMOJI_MODIFIER_BASE},
    {"emojicomponent", &UC_PROPERTY_EMOJI_COMPONENT},
    {"ecomp", &UC_PROPERTY_EMOJI_COMPONENT},
    {"extendedpictographic", &UC_PROPERTY_EXTENDED_PICTOGRAPHIC},
    {"extpict", &UC_PROPERTY_EXTENDED_PICTOGRAPHIC},
    {"regionalindicator", &UC_PROPERTY_REGIONAL_INDICATOR},
    {"ri", &UC_PROPERTY_REGIONAL_INDICATOR},
    {"space", &UC_PROPERTY_WHITE_SPACE},
    {"sterm", &UC_PROPERTY_SENTENCE_TERMINAL},
    {"noncharactercodepoint", &UC_PROPERTY_NOT_A_CHARACTER},
    {"nchar", &UC_PROPERTY_NOT_A_CHARACTER},
};

static bool add_binary_property(regexp_set *set, const char *name, bool ignore_case) {
	character_test test = {.property = uc_property_byname(name), .ignore_case = ignore_case};
	for (size_t i = 0; i < sizeof more_properties / sizeof *more_properties; i++)
		if (strcmp(more_properties[i].name, name) == 0)
			test.property = *more_properties[i].property;
	if (!uc_property_is_valid(test.property))
		return false;
	add_tested(set, &test);
	return true;
}

static bool add_category(regexp_set *set, const char *name, bool ignore_case) {
	static const struct {
		const char *name;
		uint32_t categories;
	} more[] = {
	    {"punct", UC_CATEGORY_MASK_P},
	    {"digit", UC_CATEGORY_MASK_Nd},
	    {"cntrl", UC_CATEGORY_MASK_Cc},
	    {"combiningmark", UC_CATEGORY_MASK_M},
	};
	if (strcmp(name, "any") == 0) {
		regexp_set_add(set, 0, REGEXP_LAST_RUNE);
		return true;
	}
	if (strcmp(name, "ascii") == 0) {
		regexp_set_add(set, 0, 0x7f);
		if (ignore_case)
			regexp_set_ignore_case(set, false);
		return true;
	}
	character_test test = {.categories = uc_general_category_byname(name).bitmask,
	                       .ignore_case = ignore_case};
	if (strcmp(name, "assigned") == 0)
		test.categories = ~(uint32_t)UC_CATEGORY_MASK_Cn;
	for (size_t i = 0; i < sizeof more / sizeof *more; i++)
		if (strcmp(more[i].name, name) == 0)
			test.categories = more[i].categories;
	/* No text has a surrogate; and what the library takes for separators is the property White_Space. */
	if (test.categories == 0 || test.categories == UC_CATEGORY_MASK_Cs || strcmp(name, "space") == 0)
		return false;
	add_tested(set, &test);
	return true;
}

static bool add_script(regexp_set *set, const char *name, bool ignore_case) {
	const uc_script_t *scripts;
	size_t count;
	uc_all_scripts(&scripts, &count);
	const char *full_name = regexp_script_name(name);
	for (size_t i = 0; i < count; i++) {
		char simple[NAME_MAXIMUM];
		string_view candidate = {scripts[i].name, strlen(scripts[i].name)};
		if (simplify(candidate, simple) && strcmp(simple, full_name) == 0) {
			character_test test = {.script = &scripts[i], .ignore_case = ignore_case};
			add_tested(set, &test);
			return true;
		}
	}
	return false;
}

static bool is_one_of(const char *name, const char *const *names) {
	while (*names != NULL && strcmp(*names, name) != 0)
		names++;
	return *names != NULL;
}

/* Names that the original knows, and that the library may be too old for, or does not have. */
static regexp_name_verdict verdict_of(bool good, const char *name) {
	static const char *const known[] = {
	    "kawi",   "nagmundari", "nagm", "todhri",       "todr",  "tulutigalari", "tutg",
	    "garay",  "gara",       "gukh", "gurungkhema",  "krai",  "kiratrai",     "onao",
	    "olonal", "sunuwar",    "sunu", "bidimirrored", "bidim", "pcm",          "prependedconcatenationmark",
	    NULL};
	if (good)
		return REGEXP_NAME_GOOD;
	return is_one_of(name, known) ? REGEXP_NAME_UNSUPPORTED : REGEXP_NAME_WRONG;
}

static regexp_name_verdict add_value(regexp_set *set, const char *key, const char *value, bool ignore_case) {
	static const char *const categories[] = {"gc", "generalcategory", NULL};
	static const char *const scripts[] = {"sc", "script", NULL};
	static const char *const others[] = {
	    "scx", "scriptextensions", "age", "gcb",           "graphemeclusterbreak",
	    "wb",  "wordbreak",        "sb",  "sentencebreak", NULL};
	bool good = false;
	if (is_one_of(key, categories))
		good = add_category(set, value, ignore_case);
	else if (is_one_of(key, scripts))
		good = add_script(set, value, ignore_case);
	else if (is_one_of(key, others))
		return REGEXP_NAME_UNSUPPORTED;
	return verdict_of(good, value);
}

regexp_name_verdict regexp_add_property(regexp_set *set, string_view name, bool ignore_case, bool *negated) {
	char key[NAME_MAXIMUM];
	char value[NAME_MAXIMUM];
	*negated = false;
	for (size_t i = 0; i < name.length; i++) {
		bool unequal = name.bytes[i] == '!' && i + 1 < name.length && name.bytes[i + 1] == '=';
		if (name.bytes[i] != '=' && name.bytes[i] != ':' && !unequal)
			continue;
		size_t start = i + (unequal ? 2 : 1);
		*negated = unequal;
		if (!simplify((string_view){name.bytes, i}, key) ||
		    !simplify((string_view){name.bytes + start, name.length - start}, value))
			return REGEXP_NAME_WRONG;
		return add_value(set, key, value, ignore_case);
	}
	if (!simplify(name, key))
		return REGEXP_NAME_WRONG;
	bool good = add_category(set, key, ignore_case) || add_binary_property(set, key, ignore_case) ||
	            add_script(set, key, ignore_case);
	return verdict_of(good, key);
}
