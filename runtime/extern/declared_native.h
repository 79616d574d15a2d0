/* Natives that say what they take and give: what the module is held to, and how they are executed. */
#ifndef EXTERN_DECLARED_NATIVE_H
#define EXTERN_DECLARED_NATIVE_H

#include "state/native_binding.h"
#include "volt/bytecode.h"

typedef struct declared_native declared_native;

/* Copies the signature. *made is the caller's: free(). VOLT_ERROR_ARGUMENT: it has too many values, or no
 * kinds of values. */
volt_error *declared_native_new(volt_native_function function, void *user,
                                const volt_native_signature *signature, declared_native **made);

/* Do all calls in the module agree with what the natives bound to its imports declare? */
volt_error *declared_natives_check(const volt_module *module, const native_binding *bindings);

/* Executes a declared native, which is the `user`. */
volt_native_result declared_native_run(volt_native_call *call);

#endif
