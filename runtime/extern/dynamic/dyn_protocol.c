/* Protocol methods of dynamic access (DynAttr and its kin), run through closure replay. */
#include "extern/dynamic/dyn.h"

#include "object/heap.h"
#include "object/interfaces.h"

dyn_access dyn_begin(volt_native_call *call) {
	object_space *space = native_space(call);
	return (dyn_access){.call = call, .space = space, .module = object_space_module(space)};
}

/* Runs a closure; DYN_DONE once its results are there. */
static dyn_outcome dyn_run(dyn_access *access, volt_slot closure, const volt_slot *arguments, uint32_t count,
                           volt_closure_result *result) {
	volt_native_call *call = access->call;
	if (access->closures_used == call->closure_result_count) {
		volt_native_call_closure(call, closure, arguments, count);
		return DYN_CALLING;
	}
	*result = call->closure_results[access->closures_used++];
	if (call->closure_panicked && access->closures_used == call->closure_result_count)
		return dyn_fail(access, DYN_BAD_CALL, "closure panicked");
	return DYN_DONE;
}

volt_slot dyn_bind(dyn_access *access, uint32_t function, volt_slot receiver) {
	if (function >= access->module->functions.count ||
	    access->module->functions.items[function].receiver_slots != 1)
		return 0;
	volt_slot object = heap_new_untyped(access->space, volt_meta_make(0, VOLT_KIND_CLOSURE), 2);
	volt_closure *closure = volt_slot_pointer(object);
	closure->function = function;
	closure->capture_count = 1;
	closure->captures[0] = receiver;
	return object;
}

/* The interface of a protocol, and what the cause is when its method returns an error. */
typedef struct {
	volt_optional interface;
	dyn_sentinel refusal;
} protocol_record;

static protocol_record protocol_of(const dyn_access *access, dyn_protocol protocol) {
	const volt_well_known_types *known = &access->module->well_known;
	const protocol_record records[DYN_PROTOCOL_COUNT] = {
	    [DYN_GET_ATTRIBUTE] = {known->attribute_object, DYN_BAD_FIELD},
	    [DYN_SET_ATTRIBUTE] = {known->set_attribute_object, DYN_BAD_FIELD},
	    [DYN_GET_INDEX] = {known->index_object, DYN_BAD_INDEX},
	    [DYN_SET_INDEX] = {known->set_index_object, DYN_BAD_INDEX},
	    [DYN_CALL_OBJECT] = {known->call_object, DYN_BAD_CALL},
	};
	return records[protocol];
}

bool dyn_has_protocol(dyn_access *access, const volt_slot base[2], dyn_protocol protocol) {
	uint32_t named;
	bool through_pointer;
	volt_optional interface = protocol_of(access, protocol).interface;
	return interface.present &&
	       type_named(access->space, volt_interface_rttid(base[0]), &named, &through_pointer) &&
	       interface_implements(access->space, base[0], interface.value);
}

static volt_slot protocol_closure(dyn_access *access, const volt_slot base[2], dyn_protocol protocol) {
	uint32_t rttid = volt_interface_rttid(base[0]);
	uint32_t itab;
	uint32_t function;
	if (!dyn_has_protocol(access, base, protocol) ||
	    !interface_itab(access->space, rttid, protocol_of(access, protocol).interface.value, &itab))
		return 0;
	volt_slot type = volt_interface_type(itab, rttid, volt_interface_kind(base[0]));
	if (interface_method(access->space, type, 0, &function).kind != VOLT_TRAP_None)
		return 0;
	return dyn_bind(access, function, base[1]);
}

/* Does the method take exactly these slots behind its receiver? */
static bool takes(dyn_access *access, volt_slot closure, uint32_t count) {
	const volt_closure *object = volt_slot_pointer(closure);
	return access->module->functions.items[object->function].parameter_slots == count + 1;
}

/* The method has returned the error at `error`. */
static dyn_outcome refuse(dyn_access *access, dyn_protocol protocol, const volt_slot error[2]) {
	if (protocol != DYN_CALL_OBJECT)
		return dyn_fail(access, protocol_of(access, protocol).refusal, "protocol returned error");
	memcpy(access->error, error, sizeof access->error);
	return DYN_FAILED;
}

dyn_outcome dyn_run_protocol(dyn_access *access, const volt_slot base[2], dyn_protocol protocol,
                             const volt_slot *arguments, uint32_t count, bool *applies, volt_slot value[2]) {
	volt_slot closure = protocol_closure(access, base, protocol);
	*applies = closure != 0;
	if (closure == 0)
		return DYN_DONE;
	if (!takes(access, closure, count))
		return dyn_fail(access, DYN_SIGNATURE_MISMATCH, "invalid closure signature");
	volt_closure_result result = {0};
	dyn_outcome outcome = dyn_run(access, closure, arguments, count, &result);
	if (outcome != DYN_DONE)
		return outcome;
	uint32_t wanted = value != NULL ? 4 : 2;
	if (result.count < wanted)
		return dyn_fail(access, DYN_SIGNATURE_MISMATCH, "invalid closure signature");
	const volt_slot *error = result.slots + result.count - 2;
	if (volt_interface_kind(error[0]) != VOLT_KIND_VOID)
		return refuse(access, protocol, error);
	if (value != NULL) {
		value[0] = result.slots[0] & UINT32_MAX;
		value[1] = result.slots[1];
	}
	return DYN_DONE;
}
