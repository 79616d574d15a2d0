/* Declarations of the host's helper functions in a module, from the table in volt/tier.h. */
#ifndef IR_HELPER_DECLARATIONS_H
#define IR_HELPER_DECLARATIONS_H

#include "ir/lowering.h"

/* The most parameters that a helper has, and one. */
enum { HELPER_PARAMETERS = 11 };

/* A helper of the host, declared when it is first asked for. */
helper_declaration *declare_helper(module_lowering *module, volt_helper helper);

/* May code call it? A host may leave helpers out; a tier without a host shows code for one that has all. */
bool host_has(const module_lowering *module, volt_helper helper);

/*
 * Declares every helper, and removes declarations and thunks that nothing calls. The order of a module's
 * functions decides where passes have to choose: which of them are called first must not.
 */
void declare_helpers(module_lowering *module);
void drop_unused_helpers(module_lowering *module);

/* "volt_helper_trap": the symbol that the host's function is bound to. */
#define HELPER_SYMBOL_PREFIX "volt_helper_"
extern const char *const helper_symbols[VOLT_HELPER_COUNT];

/* The personality of functions with landing pads: the compiler run-time's own, which knows clean-ups only. */
#define PERSONALITY_SYMBOL "__gcc_personality_v0"

#endif
