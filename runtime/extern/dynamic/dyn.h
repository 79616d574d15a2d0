/*
 * Dynamic access, the operator `~>` (NATIVES.md, "Dynamic access"): what its files share.
 *
 * A native here is executed again from its start after each closure that it had called (SEMANTICS.md,
 * "Natives that wait or call"), so everything before a call must come out the same each time: the functions
 * below look at values and ask for closures, and only the last step changes anything.
 */
#ifndef EXTERN_DYNAMIC_DYN_H
#define EXTERN_DYNAMIC_DYN_H

#include "extern/reflect/reflect.h"
#include "extern/support.h"

/* Sentinels, in the order of dyn_getDynErrors. */
typedef enum {
	DYN_UNKNOWN,
	DYN_NIL_BASE,
	DYN_BAD_FIELD,
	DYN_BAD_INDEX,
	DYN_OUT_OF_BOUNDS,
	DYN_BAD_CALL,
	DYN_SIGNATURE_MISMATCH,
	DYN_TYPE_MISMATCH,
	DYN_SENTINEL_COUNT,
} dyn_sentinel;

typedef enum {
	DYN_DONE,
	DYN_FAILED,  /* `error` of the access says why */
	DYN_CALLING, /* a closure must run first; the native ends with VOLT_NATIVE_CALL_CLOSURE */
} dyn_outcome;

/* One execution of a native of dynamic access. */
typedef struct {
	volt_native_call *call;
	object_space *space;
	const volt_module *module;
	uint32_t closures_used; /* results of closures already consumed in this execution */
	volt_slot error[2];
} dyn_access;

dyn_access dyn_begin(volt_native_call *call);

/* ---- dyn_errors.c ---- */

/* Makes the error of the access; the outcome is DYN_FAILED. */
dyn_outcome dyn_fail(dyn_access *access, dyn_sentinel cause, const char *format, ...) VOLT_PRINTF(3, 4);

/* "Int", "Pointer", ...: kinds as the messages of dynamic access name them. */
const char *dyn_kind_name(unsigned kind);

void dyn_sentinel_value(object_space *space, dyn_sentinel sentinel, volt_slot result[2]);

/* ---- dyn_protocol.c ---- */

/* A closure of a method with its receiver; 0 if the function is no method. */
volt_slot dyn_bind(dyn_access *access, uint32_t function, volt_slot receiver);

typedef enum {
	DYN_GET_ATTRIBUTE,
	DYN_SET_ATTRIBUTE,
	DYN_GET_INDEX,
	DYN_SET_INDEX,
	DYN_CALL_OBJECT,
	DYN_PROTOCOL_COUNT,
} dyn_protocol;

/* Does the base's type satisfy the protocol? */
bool dyn_has_protocol(dyn_access *access, const volt_slot base[2], dyn_protocol protocol);

/*
 * Runs the protocol method of the base. *applies: false if the base does not satisfy the protocol, and
 * nothing happened. `value` (may be NULL) receives the interface that the method returned before its error.
 * That error itself is the outcome of DYN_CALL_OBJECT only; elsewhere an error of the access stands for it.
 */
dyn_outcome dyn_run_protocol(dyn_access *access, const volt_slot base[2], dyn_protocol protocol,
                             const volt_slot *arguments, uint32_t count, bool *applies, volt_slot value[2]);

/* ---- dyn_fields.c, dyn_methods.c ---- */

/* What `base~>name` is by reflection. */
dyn_outcome dyn_reflect_field(dyn_access *access, volt_slot base[2], string_view name, volt_slot value[2]);
dyn_outcome dyn_reflect_set_field(dyn_access *access, volt_slot base[2], volt_slot name, volt_slot value[2]);

/* Why a field was not read. The error of the access is not made yet. */
typedef enum {
	DYN_FIELD_FOUND,
	DYN_FIELD_MISSING,
	DYN_FIELD_NIL_PATH, /* through an embedded pointer that is nil */
	DYN_FIELD_NIL_DATA,
	DYN_FIELD_NO_STRUCT,
} dyn_field_result;
dyn_field_result dyn_find_field(dyn_access *access, volt_slot base[2], string_view name,
                                reflect_value *field);

/* A method by name as a closure with its receiver; false if the type has none that this base can use. */
bool dyn_find_method(dyn_access *access, const volt_slot base[2], string_view name, volt_slot *closure,
                     uint32_t *signature);

/* ---- dyn_index.c ---- */

dyn_outcome dyn_reflect_index(dyn_access *access, volt_slot base[2], volt_slot key[2], volt_slot value[2]);
dyn_outcome dyn_reflect_set_index(dyn_access *access, volt_slot base[2], volt_slot key[2],
                                  volt_slot value[2]);
dyn_outcome dyn_map_get(dyn_access *access, const reflect_value *map, volt_slot key[2], volt_slot value[2]);
dyn_outcome dyn_map_set(dyn_access *access, const reflect_value *map, volt_slot key[2], volt_slot value[2]);

/* ---- dyn_call.c ---- */

/* What the caller of a function wants of its results. */
typedef struct {
	uint32_t count;
	const volt_slot *types; /* ValueRttid words */
	const volt_slot *any;   /* flags */
} dyn_expected;

/* Results, as the slots that the caller reads. */
typedef struct {
	volt_slot *slots;
	uint32_t count;
} dyn_results;

/*
 * Calls a closure of a signature with the elements of a []any: DYN_CALLING, if all fits. How the closure was
 * found may not be looked at again once it has run, for it may have changed what it was found in: the next
 * execution of the native starts with dyn_call_returned().
 */
dyn_outcome dyn_call_closure(dyn_access *access, volt_slot closure, uint32_t signature,
                             native_words arguments, uint32_t wanted_results);
bool dyn_call_returned(const dyn_access *access);
dyn_outcome dyn_finish_call(dyn_access *access, const dyn_expected *expected, dyn_results *results);

/* Calls whatever the value is. `arguments` is the []any slice. */
dyn_outcome dyn_call_value(dyn_access *access, const volt_slot base[2], volt_slot arguments,
                           const dyn_expected *expected, dyn_results *results);

/* Slots that a result of an expected type takes in the caller. */
uint32_t dyn_result_slots(dyn_access *access, uint32_t expected_type, bool any);

/*
 * A value as an expected type: interfaces as they are, up to two words inline, larger ones as (0,
 * reference).
 */
dyn_outcome dyn_convert(dyn_access *access, volt_slot value[2], uint32_t rttid, volt_kind kind,
                        volt_slot result[2]);

/* ---- dyn_pack.c ---- */

dyn_outcome dyn_pack_arguments(dyn_access *access, const volt_slot *values, uint32_t count, bool spread,
                               volt_slot *slice);

#endif
