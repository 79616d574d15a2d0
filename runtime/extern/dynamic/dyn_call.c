/* Calls of values whose type is only known at run time: arguments into slots, results out of them. */
#include "extern/dynamic/dyn.h"

#include "object/heap.h"
#include "object/interfaces.h"

/* ---- Results ---- */

uint32_t dyn_result_slots(dyn_access *access, uint32_t expected_type, bool any) {
	reflect_type type;
	volt_kind kind = volt_meta_kind(expected_type);
	if (any || kind == VOLT_KIND_INTERFACE)
		return 2;
	if (kind != VOLT_KIND_STRUCT && kind != VOLT_KIND_ARRAY)
		return 1;
	if (!reflect_type_of(access->space, expected_type, &type))
		return 2;
	return type.slots >= 2 ? 2 : 1;
}

static dyn_outcome convert_to_interface(dyn_access *access, volt_slot value[2], uint32_t rttid,
                                        volt_slot result[2]) {
	reflect_type type;
	volt_slot original[2] = {value[0] & UINT32_MAX, value[1]};
	memcpy(result, original, sizeof original);
	uint32_t word = volt_meta_make(rttid, VOLT_KIND_INTERFACE);
	if (rttid == 0 || !reflect_type_of(access->space, word, &type))
		return DYN_DONE;
	if (reflect_store(access->space, &type, result, original) != REFLECT_STORED)
		return dyn_fail(access, DYN_TYPE_MISMATCH, "value does not implement interface");
	return DYN_DONE;
}

dyn_outcome dyn_convert(dyn_access *access, volt_slot value[2], uint32_t rttid, volt_kind kind,
                        volt_slot result[2]) {
	if (kind == VOLT_KIND_INTERFACE)
		return convert_to_interface(access, value, rttid, result);
	if (volt_interface_kind(value[0]) != kind || (rttid != 0 && volt_interface_rttid(value[0]) != rttid))
		return dyn_fail(access, DYN_TYPE_MISMATCH, "type assertion failed");
	volt_slot reference = value[1];
	result[0] = reference;
	result[1] = 0;
	if (kind != VOLT_KIND_STRUCT && kind != VOLT_KIND_ARRAY)
		return DYN_DONE;
	reflect_value inside;
	if (!reflect_interface(access->space, value, &inside))
		return dyn_fail(access, DYN_TYPE_MISMATCH, "type assertion failed");
	if (inside.type.slots <= 2) {
		result[0] = 0;
		reflect_load(&inside, result);
	} else {
		result[0] = 0;
		result[1] = reference;
	}
	return DYN_DONE;
}

/* The value of one result of the callee, taken from its slots. */
static bool box_result(dyn_access *access, uint32_t type_word, const volt_closure_result *from,
                       uint32_t *offset, volt_slot value[2]) {
	reflect_value result = {0};
	if (!reflect_type_of(access->space, type_word, &result.type) || from->count - *offset < result.type.slots)
		return false;
	result.slots = (volt_slot *)from->slots + *offset;
	*offset += result.type.slots;
	reflect_box(access->space, &result, value);
	return true;
}

static dyn_outcome take_results(dyn_access *access, const volt_runtime_type *signature,
                                const volt_closure_result *from, const dyn_expected *expected,
                                dyn_results *results) {
	uint32_t offset = 0;
	results->slots = heap_new_words(access->space, 2 * (size_t)expected->count + 1);
	results->count = 0;
	for (uint32_t i = 0; i < expected->count; i++) {
		volt_slot value[2];
		if (!box_result(access, signature->results.items[i], from, &offset, value))
			return dyn_fail(access, DYN_SIGNATURE_MISMATCH, "invalid closure signature");
		uint32_t type = (uint32_t)expected->types[i];
		bool any = expected->any[i] != 0;
		volt_kind kind = any ? VOLT_KIND_INTERFACE : volt_meta_kind(type);
		dyn_outcome outcome =
		    dyn_convert(access, value, any ? 0 : volt_meta_id(type), kind, results->slots + results->count);
		if (outcome != DYN_DONE)
			return outcome;
		results->count += dyn_result_slots(access, type, any);
	}
	return DYN_DONE;
}

/* ---- Arguments ---- */

typedef struct {
	volt_slot *slots;
	uint32_t count;
	uint32_t capacity;
} argument_slots;

static dyn_outcome add_argument(dyn_access *access, argument_slots *out, uint32_t type_word,
                                const volt_slot argument[2]) {
	reflect_type type;
	// NOLINTNEXTLINE(clang-analyzer-core.NullDereference): NULL are only the words of no arguments
	volt_slot value[2] = {argument[0], argument[1]};
	if (!reflect_type_of(access->space, type_word, &type) || type.slots > out->capacity - out->count)
		return dyn_fail(access, DYN_SIGNATURE_MISMATCH, "invalid closure signature");
	if (reflect_store(access->space, &type, out->slots + out->count, value) != REFLECT_STORED)
		return dyn_fail(access, DYN_SIGNATURE_MISMATCH, "argument type mismatch");
	out->count += type.slots;
	return DYN_DONE;
}

/* Packs the arguments of a variadic parameter, from `first` on, into its slice. */
static dyn_outcome add_variadic(dyn_access *access, argument_slots *out, uint32_t type_word,
                                native_words arguments, uint32_t first) {
	reflect_value slice = {0};
	volt_slot packed = 0;
	reflect_sequence sequence = {0};
	if (!reflect_type_of(access->space, type_word, &slice.type) || slice.type.kind != VOLT_KIND_SLICE ||
	    out->count == out->capacity)
		return dyn_fail(access, DYN_SIGNATURE_MISMATCH, "invalid closure signature");
	slice.slots = &packed;
	if (arguments.count > first &&
	    (!reflect_new_slice(access->space, &slice.type, arguments.count - first, &packed) ||
	     !reflect_elements(access->space, &slice, &sequence)))
		return dyn_fail(access, DYN_SIGNATURE_MISMATCH, "invalid closure signature");
	for (uint64_t i = 0; i < sequence.length; i++) {
		volt_slot word = 0;
		const volt_slot *argument = arguments.words + 2 * (first + i);
		volt_slot value[2] = {argument[0], argument[1]};
		reflect_value element = reflect_element(&sequence, i, &word);
		if (reflect_store(access->space, &element.type, element.slots, value) != REFLECT_STORED)
			return dyn_fail(access, DYN_SIGNATURE_MISMATCH, "argument type mismatch");
		reflect_element_update(&sequence, i, &word);
	}
	out->slots[out->count++] = packed;
	return DYN_DONE;
}

static dyn_outcome check_counts(dyn_access *access, const volt_runtime_type *signature, size_t given,
                                uint32_t wanted_results) {
	uint32_t parameters = signature->parameters.count;
	uint32_t fixed = signature->variadic && parameters > 0 ? parameters - 1 : parameters;
	if (signature->results.count != wanted_results) {
		return dyn_fail(access, DYN_SIGNATURE_MISMATCH,
		                "return count mismatch: expected %u return value(s), function returns %u "
		                "(hint: adjust LHS variable count to match function signature)",
		                wanted_results, signature->results.count);
	}
	if (signature->variadic ? given < fixed : given != fixed) {
		return dyn_fail(access, DYN_SIGNATURE_MISMATCH, "parameter count mismatch: expected %s%u, got %zu",
		                signature->variadic ? "at least " : "", fixed, given);
	}
	return DYN_DONE;
}

static dyn_outcome build_arguments(dyn_access *access, const volt_runtime_type *signature,
                                   native_words arguments, argument_slots *out) {
	uint32_t parameters = signature->parameters.count;
	uint32_t fixed = signature->variadic && parameters > 0 ? parameters - 1 : parameters;
	for (uint32_t i = 0; i < fixed; i++) {
		dyn_outcome outcome =
		    add_argument(access, out, signature->parameters.items[i], arguments.words + 2 * (size_t)i);
		if (outcome != DYN_DONE)
			return outcome;
	}
	if (fixed < parameters)
		return add_variadic(access, out, signature->parameters.items[fixed], arguments, fixed);
	return DYN_DONE;
}

/*
 * Slots that the function behind a closure takes without its own slot 0 (SEMANTICS.md, "Frames and calls").
 */
static bool closure_parameter_slots(dyn_access *access, volt_slot closure, uint32_t *slots) {
	const volt_closure *object = volt_slot_pointer(closure);
	if (object->function >= access->module->functions.count)
		return false;
	const volt_function *function = &access->module->functions.items[object->function];
	uint32_t own = 0;
	if (function->receiver_slots > 0 && object->capture_count > 0)
		own = function->receiver_slots;
	else if (object->capture_count > 0 || function->is_closure)
		own = 1;
	*slots = function->parameter_slots - own;
	return own <= function->parameter_slots;
}

/* What a call carries over: that it was made, and the type of its closure. */
static const volt_slot CARRIED_SIGNATURE = 1ULL << 32;

dyn_outcome dyn_call_closure(dyn_access *access, volt_slot closure, uint32_t signature,
                             native_words arguments, uint32_t wanted_results) {
	reflect_type type;
	argument_slots slots = {0};
	if (closure == 0)
		return dyn_fail(access, DYN_BAD_CALL, "closure is null");
	if (!reflect_type_get(access->space, signature, &type) || type.kind != VOLT_KIND_CLOSURE ||
	    type.signature == NULL || !closure_parameter_slots(access, closure, &slots.capacity))
		return dyn_fail(access, DYN_SIGNATURE_MISMATCH, "invalid closure signature");
	dyn_outcome outcome = check_counts(access, type.signature, arguments.count, wanted_results);
	if (outcome != DYN_DONE)
		return outcome;
	slots.slots = heap_new_words(access->space, slots.capacity + 1);
	outcome = build_arguments(access, type.signature, arguments, &slots);
	if (outcome != DYN_DONE)
		return outcome;
	if (slots.count != slots.capacity)
		return dyn_fail(access, DYN_SIGNATURE_MISMATCH, "invalid closure signature");
	access->call->carried = CARRIED_SIGNATURE | signature;
	volt_native_call_closure(access->call, closure, slots.slots, slots.count);
	return DYN_CALLING;
}

bool dyn_call_returned(const dyn_access *access) {
	return access->call->carried != 0;
}

dyn_outcome dyn_finish_call(dyn_access *access, const dyn_expected *expected, dyn_results *results) {
	const volt_native_call *call = access->call;
	reflect_type type;
	if (call->closure_panicked)
		return dyn_fail(access, DYN_BAD_CALL, "closure panicked");
	if (call->closure_result_count == 0 || !reflect_type_get(access->space, (uint32_t)call->carried, &type) ||
	    type.signature == NULL)
		return dyn_fail(access, DYN_SIGNATURE_MISMATCH, "invalid closure signature");
	const volt_closure_result *last = &call->closure_results[call->closure_result_count - 1];
	return take_results(access, type.signature, last, expected, results);
}

/* ---- Any value ---- */

static dyn_outcome single_result(dyn_access *access, volt_slot value[2], const dyn_expected *expected,
                                 dyn_results *results) {
	uint32_t type = (uint32_t)expected->types[0];
	bool any = expected->any[0] != 0;
	results->slots = heap_new_words(access->space, 2);
	results->count = dyn_result_slots(access, type, any);
	return dyn_convert(access, value, any ? 0 : volt_meta_id(type),
	                   any ? VOLT_KIND_INTERFACE : volt_meta_kind(type), results->slots);
}

static native_words any_words(volt_slot slice) {
	return (native_words){(const volt_slot *)(const void *)slice_data(slice), slice_length(slice)};
}

dyn_outcome dyn_call_value(dyn_access *access, const volt_slot base[2], volt_slot arguments,
                           const dyn_expected *expected, dyn_results *results) {
	bool applies;
	volt_slot value[2];
	if (volt_interface_kind(base[0]) == VOLT_KIND_VOID)
		return dyn_fail(access, DYN_NIL_BASE, "cannot call nil");
	if (expected->count != 1 && dyn_has_protocol(access, base, DYN_CALL_OBJECT))
		return dyn_fail(access, DYN_SIGNATURE_MISMATCH, "CallObject only supports single return");
	dyn_outcome outcome = dyn_run_protocol(access, base, DYN_CALL_OBJECT, &arguments, 1, &applies, value);
	if (outcome != DYN_DONE)
		return outcome;
	if (applies)
		return single_result(access, value, expected, results);
	if (volt_interface_kind(base[0]) != VOLT_KIND_CLOSURE)
		return dyn_fail(access, DYN_BAD_CALL, "cannot call %s", dyn_kind_name(volt_interface_kind(base[0])));
	return dyn_call_closure(access, base[1], volt_interface_rttid(base[0]), any_words(arguments),
	                        expected->count);
}
