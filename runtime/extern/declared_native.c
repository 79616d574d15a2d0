/* Natives that say what they take and give. */
#include "extern/declared_native.h"

#include <stdlib.h>
#include <string.h>

#include "object/host_kinds.h"

/* One side of a signature: parameters or results. */
typedef struct {
	volt_value_kind kinds[VOLT_NATIVE_VALUES];
	uint32_t count;
	uint32_t slots;
} side;

struct declared_native {
	volt_native_function function;
	void *user;
	side parameters, results;
	volt_native_signature signature; /* of the two sides */
};

/* ---- Declaring ---- */

static volt_error *copy_side(const char *what, const volt_value_kind *kinds, size_t count, side *copy) {
	if (count > VOLT_NATIVE_VALUES)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "it has %zu %ss, and there may be %d", count, what,
		                      VOLT_NATIVE_VALUES);
	for (size_t i = 0; i < count; i++) {
		if ((unsigned)kinds[i] >= VOLT_VALUE_KIND_COUNT)
			return volt_error_new(VOLT_ERROR_ARGUMENT, "%s %zu: %d is no kind of a value", what, i,
			                      (int)kinds[i]);
		copy->kinds[copy->count++] = kinds[i];
		copy->slots += host_kind_slots(kinds[i]);
	}
	return NULL;
}

volt_error *declared_native_new(volt_native_function function, void *user,
                                const volt_native_signature *signature, declared_native **made) {
	*made = NULL;
	if (!signature)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "its signature is NULL");
	declared_native *native = calloc(1, sizeof *native);
	if (!native)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for its signature");
	native->function = function;
	native->user = user;
	volt_error *error =
	    copy_side("parameter", signature->parameters, signature->parameter_count, &native->parameters);
	if (!error)
		error = copy_side("result", signature->results, signature->result_count, &native->results);
	if (error) {
		free(native);
		return error;
	}
	native->signature = (volt_native_signature){native->parameters.kinds, native->parameters.count,
	                                            native->results.kinds, native->results.count};
	*made = native;
	return NULL;
}

/*
 * ---- Checking ----
 *
 * By the number of slots only: the types of slots say nothing of arguments and results, which compilers pass
 * in temporaries that have the type of a value. What is no string is noticed when it is read.
 */

/* A call in the module. */
typedef struct {
	const volt_module *module;
	const char *native;
	uint32_t function;
	uint32_t pc;
} call_site;

static volt_error *disagreement(const call_site *site, volt_error *cause) {
	return volt_module_error_at(site->module, site->function, site->pc,
	                            volt_error_prefix(cause, "native %s", site->native));
}

static volt_error *check_call(const call_site *site, const declared_native *native) {
	const volt_instruction call = site->module->functions.items[site->function].code.items[site->pc];
	const uint32_t results = site->module->natives.items[call.b].result_slots;
	if (call.flags != native->parameters.slots)
		return disagreement(site, volt_error_new(VOLT_ERROR_LINK,
		                                         "the call passes %u slots, and its parameters take %u",
		                                         (unsigned)call.flags, native->parameters.slots));
	if (results != 0 && results != native->results.slots)
		return disagreement(site, volt_error_new(VOLT_ERROR_LINK,
		                                         "the module expects %u slots of results, and it gives %u",
		                                         results, native->results.slots));
	return NULL;
}

static bool has_declared(const volt_module *module, const native_binding *bindings) {
	for (uint32_t i = 0; i < module->natives.count; i++)
		if (bindings[i].declared)
			return true;
	return false;
}

volt_error *declared_natives_check(const volt_module *module, const native_binding *bindings) {
	volt_error *error = NULL;
	if (!has_declared(module, bindings))
		return NULL;
	for (uint32_t i = 0; i < module->functions.count && !error; i++) {
		const volt_function *function = &module->functions.items[i];
		for (uint32_t pc = 0; pc < function->code.count && !error; pc++) {
			const volt_instruction *instruction = &function->code.items[pc];
			if (instruction->op == VOLT_OP_CallExtern && bindings[instruction->b].declared)
				error = check_call(&(call_site){module, bindings[instruction->b].name, i, pc},
				                   bindings[instruction->b].declared);
		}
	}
	return error;
}

/* ---- Executing ---- */

/* Results have memory of their own: they neither overlap the arguments nor end behind the caller's frame. */
volt_native_result declared_native_run(volt_native_call *call) {
	const declared_native *self = call->user;
	volt_slot results[2 * VOLT_NATIVE_VALUES] = {0};
	volt_native_call own = *call;
	own.user = self->user;
	own.signature = &self->signature;
	own.results = results;
	own.result_count = self->results.slots;
	const volt_native_result result = self->function(&own);
	const uint32_t count = call->result_count < own.result_count ? call->result_count : own.result_count;
	if (result == VOLT_NATIVE_OK || result == VOLT_NATIVE_YIELD)
		memcpy(call->results, results, count * sizeof *results);
	return result;
}
