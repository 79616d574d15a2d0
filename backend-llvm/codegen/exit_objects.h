/*
 * Objects and closures that a function makes for itself become variables. Where one gets out, most often in
 * exits, whose frames have it in their slots, it is made there. (Known as scalar replacement after a partial
 * escape analysis.)
 */
#ifndef CODEGEN_EXIT_OBJECTS_H
#define CODEGEN_EXIT_OBJECTS_H

#include "ir/lowering.h"

/*
 * Works on IR whose slots are registers. True: some have become variables, which the caller has promoted to
 * registers; what they held may then be next.
 */
bool delay_objects(module_lowering *module);

#endif
