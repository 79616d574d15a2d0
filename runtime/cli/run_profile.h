/* What `volt run --profile` writes. */
#ifndef CLI_RUN_PROFILE_H
#define CLI_RUN_PROFILE_H

#include "volt/vm.h"

/* Microseconds between two samples. */
enum { PROFILE_PERIOD_MICROSECONDS = 2000 };

/* Can a profile have this name? It says the form: .html, or .txt or .folded. */
bool profile_has_form(const char *path);

/* The samples of a VM that has run. */
volt_error *profile_write(const volt_vm *vm, const volt_module *module, const char *path);

#endif
