/* Island and port instructions: packing and unpacking around what port.c and island.c do. */
#include "island/island_ops.h"

#include <stdio.h>
#include <string.h>

#include "interpreter/calls.h"
#include "interpreter/panic.h"
#include "island/port.h"
#include "object/handles.h"
#include "object/heap.h"
#include "state/vm_state.h"

static volt_status raise(volt_vm *vm, volt_fiber *fiber, volt_trap trap) {
	fiber_raise_trap(vm, fiber, trap);
	return VOLT_STATUS_PANIC;
}

static volt_status raise_kind(volt_vm *vm, volt_fiber *fiber, volt_trap_kind kind) {
	return raise(vm, fiber, (volt_trap){kind, 0, 0});
}

static volt_status raise_text(volt_vm *vm, volt_fiber *fiber, const char *text) {
	volt_slot value[2];
	panic_text_value(vm, text, strlen(text), value);
	panic_raise(fiber, value);
	return VOLT_STATUS_PANIC;
}

static volt_status raise_unsendable(volt_vm *vm, volt_fiber *fiber, const char *what) {
	char text[128];
	snprintf(text, sizeof text, "runtime error: cannot send %s to another island", what);
	return raise_text(vm, fiber, text);
}

/*
 * Another island may now learn that this one has come so far: what was printed before, an unfinished line
 * too, is to stand before what that island prints.
 */
static island *meet(volt_vm *vm) {
	vm_flush(vm);
	return island_of(vm);
}

/*
 * What is no port counts as a nil one. Only a module that no compiler made has something else there, and what
 * follows would take its words for the port's state, under the lock of all islands.
 */
static volt_slot port_or_nil(volt_slot word) {
	return handle_is_port(word) ? word : 0;
}

/* ---- Islands ---- */

static volt_status new_island(volt_vm *vm, volt_fiber *fiber, volt_slot *handle) {
	uint32_t id;
	volt_error *error = island_start(island_of(vm), &id);
	if (error) {
		const volt_status status = raise_text(vm, fiber, volt_error_message(error));
		volt_error_free(error);
		return status;
	}
	*handle = handle_new_island(vm->space, id);
	return VOLT_STATUS_OK;
}

/*
 * The types of a call's captures and arguments, one after the other. Captures are references, to boxed
 * variables or to objects, that say themselves what they refer to.
 */
static const volt_transfer_type *call_types(volt_vm *vm, const volt_function *function, uint32_t captures,
                                            uint32_t *count) {
	const uint32_t parameters = function->parameter_types.count;
	*count = captures + parameters;
	const size_t words = (*count * sizeof(volt_transfer_type) + sizeof(volt_slot) - 1) / sizeof(volt_slot);
	volt_transfer_type *types = heap_new_bytes(vm->space, words * sizeof(volt_slot));
	for (uint32_t i = 0; i < captures; i++)
		types[i] = (volt_transfer_type){volt_meta_make(0, VOLT_KIND_POINTER), 1};
	if (parameters)
		memcpy(types + captures, function->parameter_types.items, parameters * sizeof *types);
	return types;
}

/* NULL: *refused cannot be sent. */
static transfer_packet *pack_call(volt_vm *vm, const volt_closure *closure, const volt_slot *arguments,
                                  uint32_t count, const char **refused) {
	const volt_function *function = &vm->module->functions.items[closure->function];
	const uint32_t captures = closure->capture_count;
	volt_slot *slots = heap_new_words(vm->space, (uint64_t)captures + count);
	for (uint32_t i = 0; i < captures; i++)
		slots[i] = closure->captures[i];
	for (uint32_t i = 0; i < count; i++)
		slots[captures + i] = arguments[i];
	uint32_t type_count;
	const volt_transfer_type *types = call_types(vm, function, captures, &type_count);
	return transfer_pack(vm->space, types, type_count, slots, captures + count, refused);
}

/* On the island where the instruction runs it is `go` with a closure. */
static volt_status go_here(volt_vm *vm, volt_fiber *fiber, const call_target *target,
                           const volt_slot *arguments, uint32_t count) {
	volt_trap trap = call_go(vm, target, arguments, count);
	return trap.kind == VOLT_TRAP_None ? VOLT_STATUS_OK : raise(vm, fiber, trap);
}

static volt_status go(volt_vm *vm, volt_fiber *fiber, volt_slot target_handle, volt_slot closure,
                      const volt_slot *arguments, uint32_t count) {
	island *self = meet(vm);
	const volt_island *handle = handle_is_island(target_handle) ? volt_slot_pointer(target_handle) : NULL;
	call_target target;
	if (!handle)
		return raise_kind(vm, fiber, VOLT_TRAP_NilPointerDereference);
	volt_trap trap = call_resolve_closure(vm, closure, &target);
	if (trap.kind != VOLT_TRAP_None)
		return raise(vm, fiber, trap);
	if (handle->id == island_id(self))
		return go_here(vm, fiber, &target, arguments, count);
	const volt_closure *called = volt_slot_pointer(closure);
	const char *refused = NULL;
	const island_call call = {
	    .function = called->function,
	    .capture_count = called->capture_count,
	    .argument_count = count,
	    .packet = pack_call(vm, called, arguments, count, &refused),
	};
	if (!call.packet)
		return raise_unsendable(vm, fiber, refused);
	return island_send_call(self, handle->id, &call)
	           ? VOLT_STATUS_OK
	           : raise_text(vm, fiber, "runtime error: there is no such island");
}

/* ---- Ports ---- */

static volt_trap new_port(volt_vm *vm, uint32_t element_meta, int64_t capacity, uint16_t slots,
                          volt_slot *port) {
	return port_new(island_of(vm), element_meta, capacity, slots, port);
}

static bool fits(volt_vm *vm, volt_fiber *fiber, volt_slot port, uint32_t slots) {
	if (channel_slots(port) <= slots)
		return true;
	vm_fail_instruction(vm, fiber, "the port's elements are wider than the instruction says");
	return false;
}

static volt_status send(volt_vm *vm, volt_fiber *fiber, volt_slot port, const volt_slot *value,
                        uint32_t slots) {
	port = port_or_nil(port);
	if (!port)
		return raise_kind(vm, fiber, VOLT_TRAP_NilPointerDereference);
	if (!fits(vm, fiber, port, slots))
		return VOLT_STATUS_YIELD;
	const volt_channel *header = volt_slot_pointer(port);
	const volt_transfer_type type = {header->element_meta, header->element_slots};
	const char *refused;
	transfer_packet *packet = transfer_pack(vm->space, &type, 1, value, type.slots, &refused);
	if (!packet)
		return raise_unsendable(vm, fiber, refused);
	port_result result;
	volt_trap trap = port_send(meet(vm), fiber, port, packet, &result);
	if (trap.kind != VOLT_TRAP_None)
		return raise(vm, fiber, trap);
	return result == PORT_PARKED ? VOLT_STATUS_WAIT_QUEUE : VOLT_STATUS_OK;
}

static volt_status receive(volt_vm *vm, volt_fiber *fiber, volt_slot port, volt_slot *value, uint32_t slots,
                           bool has_ok) {
	port = port_or_nil(port);
	if (!port)
		return raise_kind(vm, fiber, VOLT_TRAP_ReceiveOnNilChannel);
	if (!fits(vm, fiber, port, slots))
		return VOLT_STATUS_YIELD;
	transfer_packet *packet;
	port_result result;
	port_receive(meet(vm), fiber, port, &packet, &result);
	if (result == PORT_PARKED)
		return VOLT_STATUS_WAIT_QUEUE;
	memset(value, 0, slots * sizeof *value);
	if (packet)
		transfer_unpack(vm->space, packet, value);
	if (has_ok)
		value[slots] = packet != NULL;
	return result == PORT_WOKE ? VOLT_STATUS_YIELD : VOLT_STATUS_OK;
}

static volt_trap close_port(volt_vm *vm, volt_slot port) {
	if (!port_or_nil(port))
		return (volt_trap){VOLT_TRAP_CloseOfNilChannel, 0, 0};
	port_close(meet(vm), port);
	return VOLT_NO_TRAP;
}

static uint64_t length(volt_vm *vm, volt_slot port) {
	return port_or_nil(port) ? port_length(meet(vm), port) : 0;
}

static uint64_t capacity(volt_slot port) {
	return channel_capacity(port_or_nil(port));
}

const island_operations island_instructions = {
    .new_island = new_island,
    .go = go,
    .new_port = new_port,
    .send = send,
    .receive = receive,
    .close = close_port,
    .length = length,
    .capacity = capacity,
};
