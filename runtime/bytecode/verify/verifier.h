/* The verifier: each part returns the first broken rule as an error, or NULL. */
#ifndef BYTECODE_VERIFY_VERIFIER_H
#define BYTECODE_VERIFY_VERIFIER_H

#include "bytecode/model/underlying.h"

/* Limits that keep sums and products of sizes far from overflow. */
enum {
	VERIFY_MOST_IDS = 1 << 24, /* ids of types and functions have 24 bits */
	VERIFY_MOST_GLOBAL_SLOTS = 1 << 24,
	VERIFY_MOST_METHODS = 256,        /* CallIface has 8 bits for the method */
	VERIFY_MOST_STRUCT_SLOTS = 65535, /* offsets have 16 bits */
	VERIFY_MOST_NESTING = 200,        /* of values in values: bounds recursion over types */
};

/* "FILE: PLACE[INDEX]: reason" */
volt_error *verify_fail(const volt_module *module, const char *place, uint32_t index, const char *format, ...)
    VOLT_PRINTF(4, 5);

/* The same for a function, as volt_module_error_at() words it. */
volt_error *verify_fail_function(const volt_module *module, uint32_t function, int64_t pc, const char *format,
                                 ...) VOLT_PRINTF(4, 5);

/* `named` says what the named types stand for. */
volt_error *verify_types(const volt_module *module, const underlying_type *named);
volt_error *verify_type_nesting(const volt_module *module, const underlying_type *named);
volt_error *verify_globals(const volt_module *module);

/* The function's header and the paths through its code; its instructions one by one. */
volt_error *verify_function(const volt_module *module, uint32_t function);
volt_error *verify_flow(const volt_module *module, uint32_t function);
volt_error *verify_instructions(const volt_module *module, uint32_t function, uint32_t global_slots);

/* NULL, or why these are no slot types. Interfaces need not come in pairs: nothing relies on it. */
const char *verify_slot_types(const uint8_t *items, uint32_t count);

/*
 * Kind of the values of a runtime type, named types resolved; `rttid` must be in range and named types
 * verified.
 */
volt_kind verify_kind_of(const volt_module *module, uint32_t rttid);

#endif
