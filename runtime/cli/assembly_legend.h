/* What stands below the output of `volt compile --emit=asm`, as comments. */
#ifndef CLI_ASSEMBLY_LEGEND_H
#define CLI_ASSEMBLY_LEGEND_H

#include <stdio.h>

#include "volt/bytecode.h"

/* Fields of the context, statuses, and where the function, or each of them (-1), begins in the source. */
void assembly_legend_write(FILE *out, const volt_module *module, int64_t function);

#endif
