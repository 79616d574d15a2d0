/* What the text form leaves out because it usually follows from the rest. */
#ifndef BYTECODE_MODEL_DERIVED_H
#define BYTECODE_MODEL_DERIVED_H

#include "volt/bytecode.h"

/* The code has a DeferPush or ErrDeferPush. */
bool derived_defers(const volt_function *function);

/* The native's name contains "_blocking_" (SPECIFICATION.md, "Globals, functions, natives"). */
bool derived_blocks(volt_text native_name);

/* Frame that the operands need, as far as the instructions tell; at least the parameters and slot types. */
uint32_t derived_locals(const volt_module *module, const volt_function *function);

/* Result slots that the Return instructions hand back. */
uint32_t derived_results(const volt_function *function);

#endif
