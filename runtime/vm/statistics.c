/* Statistics of a run. */
#include <jansson.h>

#include "bytecode/model/c_locale.h"
#include "state/vm_state.h"
#include "tier/tier_statistics.h"

char *volt_vm_statistics(const volt_vm *vm) {
	if (vm_is_inherited(vm))
		return NULL;
	json_t *json = json_pack("{s:I, s:I, s:I, s:I}", "steps", (json_int_t)vm->slices.steps, "slices",
	                         (json_int_t)vm->slices.count, "fibers_started", (json_int_t)vm->fibers.started,
	                         "heap_bytes", (json_int_t)object_space_bytes(vm->space));
	json_object_set_new(json, "tier", tier_statistics(vm));
	const c_locale_scope scope = volt_c_locale_enter(); /* the tier's times are floats */
	char *text = json_dumps(json, JSON_INDENT(2) | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
	volt_c_locale_leave(scope);
	json_decref(json);
	return text;
}
