/* Rules for a function's header, and for the paths through its code. */
#include <stdlib.h>

#include "bytecode/verify/verifier.h"

#define REFUSE(...) return verify_fail_function(module, index, -1, __VA_ARGS__)

static volt_error *verify_frame(const volt_module *module, uint32_t index) {
	const volt_function *function = &module->functions.items[index];
	if (function->parameter_slots > function->local_slots)
		REFUSE("%u parameter slots in a frame of %u", function->parameter_slots, function->local_slots);
	if (function->receiver_slots > function->parameter_slots)
		REFUSE("%u receiver slots in %u parameter slots", function->receiver_slots,
		       function->parameter_slots);
	if (function->slot_types.count > function->local_slots)
		REFUSE("%u slot types in a frame of %u", function->slot_types.count, function->local_slots);
	const char *reason = verify_slot_types(function->slot_types.items, function->slot_types.count);
	if (reason)
		REFUSE("%s", reason);
	if (function->is_closure && function->local_slots < 1)
		REFUSE("a closure's frame has no slot for the closure");
	if (function->code.count == 0)
		REFUSE("it has no code");
	return NULL;
}

/* Results on the heap stand in consecutive slots, one reference each (SEMANTICS.md, "Returning"). */
static volt_error *verify_results(const volt_module *module, uint32_t index) {
	const volt_function *function = &module->functions.items[index];
	uint32_t count = function->heap_result_count, slots = 0;
	if (count != function->heap_result_slots.count)
		REFUSE("%u results on the heap, but sizes of %u", count, function->heap_result_slots.count);
	for (uint32_t i = 0; i < count; i++)
		slots += function->heap_result_slots.items[i];
	if (slots > function->result_slots)
		REFUSE("results on the heap have %u slots, but there are %u result slots", slots,
		       function->result_slots);
	if (count && (uint32_t)function->heap_result_start + count > function->local_slots)
		REFUSE("references to results lie in slots %u to %u of a frame of %u", function->heap_result_start,
		       function->heap_result_start + count - 1, function->local_slots);
	if (function->error_result_slot < -1 || function->error_result_slot >= (int32_t)function->result_slots)
		REFUSE("the error result is slot %d of %u result slots", function->error_result_slot,
		       function->result_slots);
	return NULL;
}

static volt_error *verify_transfer_type(const volt_module *module, uint32_t index, const char *what,
                                        const volt_transfer_type *type) {
	volt_kind kind = volt_meta_kind(type->meta);
	uint32_t id = volt_meta_id(type->meta);
	if (kind >= VOLT_KIND_COUNT)
		REFUSE("%s: unknown kind %u", what, kind);
	if (kind == VOLT_KIND_STRUCT && id >= module->struct_metas.count)
		REFUSE("%s: struct %u, but there are %u", what, id, module->struct_metas.count);
	if (kind == VOLT_KIND_STRUCT && type->slots < module->struct_metas.items[id].slot_types.count)
		REFUSE("%s: %u slots for a struct of %u", what, type->slots,
		       module->struct_metas.items[id].slot_types.count);
	return NULL;
}

static volt_error *verify_transfer_types(const volt_module *module, uint32_t index) {
	const volt_function *function = &module->functions.items[index];
	volt_error *error = NULL;
	uint64_t slots = 0;
	for (uint32_t i = 0; i < function->capture_types.count && !error; i++)
		error = verify_transfer_type(module, index, "capture types", &function->capture_types.items[i]);
	for (uint32_t i = 0; i < function->parameter_types.count && !error; i++) {
		error = verify_transfer_type(module, index, "parameter types", &function->parameter_types.items[i]);
		slots += function->parameter_types.items[i].slots;
	}
	if (!error && slots > function->parameter_slots)
		REFUSE("parameter types cover %llu slots, but there are %u parameter slots",
		       (unsigned long long)slots, function->parameter_slots);
	return error;
}

volt_error *verify_function(const volt_module *module, uint32_t index) {
	volt_error *error = verify_frame(module, index);
	if (!error)
		error = verify_results(module, index);
	if (!error)
		error = verify_transfer_types(module, index);
	return error;
}

static unsigned effects_of(const volt_function *function, uint32_t pc) {
	return volt_opcode_get_info(function->code.items[pc].op)->effects;
}

/* Adds the successors of `pc` that were not seen yet. Jump targets lie inside the function. */
static uint32_t add_successors(const volt_function *function, uint32_t pc, bool *seen, uint32_t *waiting,
                               uint32_t count) {
	unsigned effects = effects_of(function, pc);
	if (effects & VOLT_EFFECT_JUMPS) {
		uint32_t target = (uint32_t)volt_jump_target(function->code.items[pc], pc);
		if (!seen[target])
			waiting[count++] = target;
		seen[target] = true;
	}
	if (!(effects & VOLT_EFFECT_ENDS) && !seen[pc + 1]) {
		waiting[count++] = pc + 1;
		seen[pc + 1] = true;
	}
	return count;
}

volt_error *verify_flow(const volt_module *module, uint32_t index) {
	const volt_function *function = &module->functions.items[index];
	uint32_t length = function->code.count, count = 1;
	bool *seen = calloc(length, sizeof *seen);
	uint32_t *waiting = calloc(length, sizeof *waiting);
	volt_error *error = NULL;
	if (!seen || !waiting) {
		error = volt_error_new(VOLT_ERROR_MEMORY, "%s: out of memory", module->source);
		count = 0;
	} else {
		seen[0] = true;
	}
	while (count && !error) {
		uint32_t pc = waiting[--count];
		if (pc + 1 == length && !(effects_of(function, pc) & VOLT_EFFECT_ENDS))
			error = verify_fail_function(module, index, pc, "control falls off the end of the function");
		else
			count = add_successors(function, pc, seen, waiting, count);
	}
	free(seen);
	free(waiting);
	return error;
}
