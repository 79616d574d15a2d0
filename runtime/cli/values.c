/* Numbers and lists in option values: nothing is guessed, trailing characters are errors. */
#include "cli/values.h"

#include <string.h>

#include "volt/native.h"

/* Digits at the start of `text`; returns where they end, or NULL if there are none or too many, or it is 0.
 */
static const char *parse_digits(const char *text, uint64_t *value) {
	const char *start = text;
	*value = 0;
	for (; *text >= '0' && *text <= '9'; text++)
		if (__builtin_mul_overflow(*value, (uint64_t)10, value) ||
		    __builtin_add_overflow(*value, (uint64_t)(*text - '0'), value))
			return NULL;
	return text == start || *value == 0 ? NULL : text;
}

bool value_parse(const char *text, uint64_t *value) {
	const char *end = parse_digits(text, value);
	return end && *end == '\0';
}

static unsigned suffix_shift(char suffix) {
	switch (suffix) {
	case 'K': return 10;
	case 'M': return 20;
	case 'G': return 30;
	default: return 0;
	}
}

bool value_parse_size(const char *text, size_t *value) {
	uint64_t number;
	const char *end = parse_digits(text, &number);
	if (!end)
		return false;
	unsigned shift = suffix_shift(*end);
	if (end[shift ? 1 : 0] != '\0' || number > SIZE_MAX >> shift)
		return false;
	*value = (size_t)number << shift;
	return true;
}

bool value_parse_pair(const char *text, uint64_t *first, uint64_t *second) {
	const char *end = parse_digits(text, first);
	return end && *end == ',' && value_parse(end + 1, second);
}

bool value_parse_level(const char *text, volt_level *level) {
	*level = strcmp(text, "quick") == 0 ? VOLT_LEVEL_QUICK : VOLT_LEVEL_OPTIMISED;
	return *level == VOLT_LEVEL_QUICK || strcmp(text, "optimised") == 0;
}

static bool parse_permission(const char *word, size_t length, unsigned *permissions) {
	static const struct {
		const char *name;
		unsigned permissions;
	} names[] = {
	    {"fs", VOLT_PERMIT_FILES},          {"env", VOLT_PERMIT_ENVIRONMENT}, {"net", VOLT_PERMIT_NETWORK},
	    {"process", VOLT_PERMIT_PROCESSES}, {"all", VOLT_PERMIT_ALL},
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == length && memcmp(names[i].name, word, length) == 0) {
			*permissions |= names[i].permissions;
			return true;
		}
	return false;
}

bool value_parse_permissions(const char *text, unsigned *permissions) {
	for (;;) {
		size_t length = strcspn(text, ",");
		if (!parse_permission(text, length, permissions))
			return false;
		if (text[length] == '\0')
			return true;
		text += length + 1;
	}
}
