/* Functions by name, and whether values of the host fit them (volt/call.h). */
#ifndef VM_SIGNATURE_H
#define VM_SIGNATURE_H

#include "object/host_kinds.h"
#include "volt/call.h"

/* `name` is that of one function, or "#" and its number. */
volt_error *signature_find(const volt_module *module, const char *name, uint32_t *function);

/* The error names the function and the parameter or result. `results` may be none at all. */
volt_error *signature_check(const volt_module *module, uint32_t function, const volt_value *arguments,
                            size_t argument_count, const volt_value *results, size_t result_count);

/* An error about a value: "function add (#3), parameter 1: CAUSE". `what` is "parameter" or "result". */
volt_error *signature_error(const volt_module *module, uint32_t function, const char *what, size_t number,
                            const char *format, ...) VOLT_PRINTF(5, 6);

#endif
