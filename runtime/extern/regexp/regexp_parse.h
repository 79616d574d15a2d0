/* Patterns in the syntax of Rust's `regex`. */
#ifndef EXTERN_REGEXP_REGEXP_PARSE_H
#define EXTERN_REGEXP_REGEXP_PARSE_H

#include "extern/regexp/regexp_program.h"

typedef enum {
	REGEXP_GOOD,
	REGEXP_REFUSED,
	REGEXP_UNSUPPORTED, /* good in the original; it asks for tables of Unicode that we do not have */
} regexp_verdict;

/* Compiles a pattern. The program is to be freed whatever the verdict is. */
regexp_verdict regexp_parse(string_view pattern, regexp_program *program);

#endif
