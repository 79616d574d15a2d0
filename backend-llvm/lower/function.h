/* From bytecode functions to LLVM functions. */
#ifndef LOWER_FUNCTION_H
#define LOWER_FUNCTION_H

#include "ir/lowering.h"

/* Defines function `index` and its entry; its shape must not be refused. */
void lower_function(module_lowering *module, uint32_t index);

/* Defines the function that continues frames of function `index`. */
void lower_resume_function(module_lowering *module, uint32_t index);

/* Defines the copies that functions lowered so far want to be built into them. */
void lower_inlined_functions(module_lowering *module);

#endif
