/* The sets of characters that have a name: classes of Perl, properties of Unicode. */
#ifndef EXTERN_REGEXP_REGEXP_UNICODE_H
#define EXTERN_REGEXP_REGEXP_UNICODE_H

#include "extern/regexp/regexp_set.h"
#include "object/strings.h"

typedef enum {
	REGEXP_NAME_GOOD,
	REGEXP_NAME_WRONG,
	REGEXP_NAME_UNSUPPORTED, /* a property that Unicode has, but not our tables */
} regexp_name_verdict;

/*
 * Adds the characters of \p{NAME}: a category, a script or a property, or KEY=VALUE. Case, spaces, hyphens
 * and underscores of names do not count. `ignore_case` adds what differs from these in case only. `*negated`
 * says that the name asks for all others (KEY!=VALUE).
 */
regexp_name_verdict regexp_add_property(regexp_set *set, string_view name, bool ignore_case, bool *negated);

/* Adds the characters of \d, \s or \w. */
void regexp_add_perl_class(regexp_set *set, char letter);

/* Is it of \w? -1 is no character. */
bool regexp_is_word(int32_t rune);

#endif
