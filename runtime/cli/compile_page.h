/* What `volt compile --emit=html` writes. */
#ifndef CLI_COMPILE_PAGE_H
#define CLI_COMPILE_PAGE_H

#include "volt/bytecode.h"
#include "volt/error.h"

typedef struct {
	int64_t function;  /* to be shown first; -1: any */
	const char *level; /* NULL: as presets are compared */
} compile_page_options;

/* `listing`: VOLT_EMIT_LISTING of the module. free(*page) is the caller's. */
volt_error *compile_page_make(const volt_module *module, const char *listing,
                              const compile_page_options *options, char **page, size_t *size);

#endif
