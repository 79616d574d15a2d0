/* Functions of a module by the name that a user types. */
#ifndef CLI_FUNCTIONS_H
#define CLI_FUNCTIONS_H

#include "volt/bytecode.h"

/* The index of the function with this name; an error that lists what there is if no function has it. */
volt_error *functions_find(const volt_module *module, const char *name, int64_t *index);

#endif
