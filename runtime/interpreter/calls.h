/* Calls other than the interpreter's own Call: what is called, and how its frame is laid out. */
#ifndef INTERPRETER_CALLS_H
#define INTERPRETER_CALLS_H

#include "object/interfaces.h"
#include "state/vm_state.h"

typedef struct {
	volt_slot slot_0; /* receiver, closure or payload, if `has_slot_0` */
	uint32_t function;
	uint16_t first_argument; /* slot of the first argument */
	bool has_slot_0;
} call_target;

/* A plain function: arguments from slot 0. */
static inline call_target call_plain(uint32_t function) {
	return (call_target){0, function, 0, false};
}

/* The function of a closure (SEMANTICS.md, "Frames and calls"). Trap NilFunctionCall. */
static inline volt_trap call_resolve_closure(volt_vm *vm, volt_slot reference, call_target *target) {
	const volt_closure *closure = volt_slot_pointer(reference);
	if (!closure || closure->function >= vm->module->functions.count)
		return (volt_trap){VOLT_TRAP_NilFunctionCall, 0, 0};
	const executable_function *function = &vm->functions[closure->function];
	*target = call_plain(closure->function);
	if (function->receiver_slots > 0 && closure->capture_count > 0) {
		target->slot_0 = closure->captures[0];
		target->first_argument = function->receiver_slots;
		target->has_slot_0 = true;
	} else if (closure->capture_count > 0 || function->is_closure) {
		target->slot_0 = reference;
		target->first_argument = 1;
		target->has_slot_0 = true;
	}
	return VOLT_NO_TRAP;
}

/* A method of an interface value (two slots). Trap NilPointerDereference. */
static inline volt_trap call_resolve_method(volt_vm *vm, const volt_slot value[2], uint32_t method,
                                            call_target *target) {
	const uint32_t itab = volt_interface_itab(value[0]);
	uint32_t function;
	if (itab < vm->module->itabs.count && volt_interface_kind(value[0]) != VOLT_KIND_VOID &&
	    method < vm->module->itabs.items[itab].count) {
		function = vm->module->itabs.items[itab].items[method];
	} else {
		const volt_trap trap = interface_method(vm->space, value[0], method, &function);
		if (trap.kind != VOLT_TRAP_None)
			return trap;
	}
	*target = (call_target){value[1], function, vm->functions[function].receiver_slots, true};
	return VOLT_NO_TRAP;
}

/* Nothing but the arguments has to be written into a new frame: these are all parameters. */
static inline bool call_is_exact(const volt_vm *vm, const call_target *target, uint32_t count) {
	return target->first_argument + count == vm->functions[target->function].exact_arguments &&
	       target->first_argument == target->has_slot_0;
}

/*
 * Fills in a new frame as every tier does: parameters hold what the call passes, or 0 where it passes less;
 * what it passes beyond them is dropped; every other slot that can be read before it is written holds 0.
 */
void call_fill_frame(volt_vm *vm, const call_target *target, volt_slot *frame, const volt_slot *arguments,
                     uint32_t count);

/*
 * Pushes the frame of a call as call_push() does, if the fiber has room for it as it is. False: it has not,
 * and nothing has changed.
 */
static inline bool call_push_without_growing(volt_vm *vm, volt_fiber *fiber, const call_target *target,
                                             const volt_slot *arguments, uint32_t count, uint16_t result_slot,
                                             uint16_t result_count) {
	const uint32_t base = fiber->stack_pointer;
	const uint32_t top = base + vm->functions[target->function].local_slots;
	if (__builtin_expect(top > fiber->stack_capacity || fiber->frame_count == fiber->frame_capacity, 0))
		return false;
	volt_slot *slots = fiber->stack + base;
	if (__builtin_expect(call_is_exact(vm, target, count), 1)) {
		if (target->has_slot_0)
			slots[0] = target->slot_0;
		slots += target->first_argument;
		for (uint32_t i = 0; i < count; i++)
			slots[i] = arguments[i];
	} else {
		call_fill_frame(vm, target, slots, arguments, count);
	}
	fiber->stack_pointer = top;
	fiber->frames[fiber->frame_count++] = (call_frame){target->function, 0, base, result_slot, result_count};
	return true;
}

/*
 * Pushes the frame of a call and fills in its arguments, which may lie in the fiber's stack. The caller's pc
 * is not touched. Trap StackOverflow; then nothing has changed.
 */
volt_trap call_push(volt_vm *vm, volt_fiber *fiber, const call_target *target, const volt_slot *arguments,
                    uint32_t count, uint16_t result_slot, uint16_t result_count);

/* GoStart: a new fiber at the end of the ready queue. */
volt_trap call_go(volt_vm *vm, const call_target *target, const volt_slot *arguments, uint32_t count);

#endif
