/* Calls of closures, methods and goroutines. */
#include "exec/calls.h"

#include <string.h>

#include "exec/vm.h"
#include "object/interfaces.h"

volt_trap call_resolve_closure(volt_vm *vm, volt_slot reference, call_target *target) {
	const volt_closure *closure = volt_slot_pointer(reference);
	if (!closure || closure->function >= vm->module->functions.count) {
		return (volt_trap){VOLT_TRAP_NilFunctionCall, 0, 0};
	}
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

volt_trap call_resolve_method(volt_vm *vm, const volt_slot value[2], uint32_t method, call_target *target) {
	uint32_t function;
	volt_trap trap = interface_method(vm->space, value[0], method, &function);
	if (trap.kind == VOLT_TRAP_None) {
		*target = (call_target){value[1], function, vm->functions[function].receiver_slots, true};
	}
	return trap;
}

static uint32_t frame_slots(const volt_vm *vm, const call_target *target, uint32_t count) {
	const uint32_t used = target->first_argument + count;
	const uint32_t locals = vm->functions[target->function].local_slots;
	const uint32_t slots = used > locals ? used : locals;
	return slots == 0 && target->has_slot_0 ? 1 : slots;
}

volt_trap call_push(volt_vm *vm, volt_fiber *fiber, const call_target *target, const volt_slot *arguments,
                    uint32_t count, uint16_t result_slot, uint16_t result_count) {
	const uint32_t base = fiber->stack_pointer;
	const bool in_stack = arguments >= fiber->stack && arguments < fiber->stack + fiber->stack_capacity;
	const size_t offset = in_stack ? (size_t)(arguments - fiber->stack) : 0;
	volt_trap trap = fiber_push_frame(vm, fiber, target->function, frame_slots(vm, target, count),
	                                  result_slot, result_count);
	if (trap.kind != VOLT_TRAP_None) {
		return trap;
	}
	volt_slot *frame = fiber->stack + base;
	if (target->has_slot_0) {
		frame[0] = target->slot_0;
	}
	const volt_slot *from = in_stack ? fiber->stack + offset : arguments;
	for (uint32_t i = 0; i < count; i++) {
		frame[target->first_argument + i] = from[i];
	}
	return VOLT_NO_TRAP;
}

/* Only a new fiber's first frame is all zero (specification, runtime model, section 4). */
volt_trap call_go(volt_vm *vm, const call_target *target, const volt_slot *arguments, uint32_t count) {
	volt_fiber *fiber = fiber_new(vm);
	const uint32_t slots = frame_slots(vm, target, count);
	volt_trap trap = fiber_reserve(vm, fiber, slots);
	if (trap.kind == VOLT_TRAP_None) {
		if (slots) {
			memset(fiber->stack, 0, slots * sizeof(volt_slot));
		}
		trap = call_push(vm, fiber, target, arguments, count, 0, 0);
	}
	if (trap.kind != VOLT_TRAP_None) {
		fiber_kill(vm, fiber);
		return trap;
	}
	scheduler_ready(vm, fiber);
	return VOLT_NO_TRAP;
}
