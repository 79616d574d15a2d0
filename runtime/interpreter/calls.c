/* Calls of closures, methods and goroutines. */
#include "interpreter/calls.h"

#include <string.h>

volt_trap call_push(volt_vm *vm, volt_fiber *fiber, const call_target *target, const volt_slot *arguments,
                    uint32_t count, uint16_t result_slot, uint16_t result_count) {
	const uint32_t base = fiber->stack_pointer;
	const bool in_stack = arguments >= fiber->stack && arguments < fiber->stack + fiber->stack_capacity;
	const size_t offset = in_stack ? (size_t)(arguments - fiber->stack) : 0;
	volt_trap trap = fiber_push_frame(vm, fiber, target->function, call_frame_slots(vm, target, count),
	                                  result_slot, result_count);
	if (trap.kind != VOLT_TRAP_None)
		return trap;
	volt_slot *frame = fiber->stack + base;
	if (target->has_slot_0)
		frame[0] = target->slot_0;
	const volt_slot *from = in_stack ? fiber->stack + offset : arguments;
	for (uint32_t i = 0; i < count; i++)
		frame[target->first_argument + i] = from[i];
	return VOLT_NO_TRAP;
}

/* Only a new fiber's first frame is all zero (specification, runtime model, section 4). */
volt_trap call_go(volt_vm *vm, const call_target *target, const volt_slot *arguments, uint32_t count) {
	volt_fiber *fiber = fiber_new(vm);
	const uint32_t slots = call_frame_slots(vm, target, count);
	volt_trap trap = fiber_reserve(vm, fiber, slots);
	if (trap.kind == VOLT_TRAP_None) {
		if (slots)
			memset(fiber->stack, 0, slots * sizeof(volt_slot));
		trap = call_push(vm, fiber, target, arguments, count, 0, 0);
	}
	if (trap.kind != VOLT_TRAP_None) {
		fiber_kill(vm, fiber);
		return trap;
	}
	scheduler_ready(vm, fiber);
	return VOLT_NO_TRAP;
}
