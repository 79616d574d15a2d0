/* The verbs of Sprintf (NATIVES.md, "Values as text"). */
#ifndef EXTERN_BUILTIN_FMT_VERBS_H
#define EXTERN_BUILTIN_FMT_VERBS_H

#include "extern/support.h"

/* A width or precision that is larger than any text. */
#define FMT_TOO_LARGE UINT32_MAX

/* What stands between % and the verb, and the verb. */
typedef struct {
	bool minus;
	bool plus;
	bool zero;
	bool has_precision;
	uint32_t width;
	uint32_t precision;
	string_view verb; /* one character */
} fmt_directive;

/* Appends one operand as its directive says; a verb that does not fit gives "%!verb(value)". */
void fmt_append_operand(object_space *space, buffer *out, const fmt_directive *directive,
                        const volt_slot operand[2]);

#endif
