/* Calls of closures, methods and goroutines. */
#include "interpreter/calls.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/certain_results.h"
#include "analysis/unwritten.h"

/*
 * What a frame must clear is found out when a function has started some times: until then it is quicker to
 * clear all of it, and most functions of a program hardly start at all.
 */
enum { STARTS_BEFORE_ANALYSIS = 8 };

static void find_unwritten(volt_vm *vm, uint32_t index) {
	executable_function *function = &vm->functions[index];
	if (!vm->certain_results)
		vm->certain_results = volt_certain_results_new(vm->module);
	const slot_interval slots = volt_unwritten_slots(vm->module, index, vm->certain_results);
	function->unwritten_first = (uint16_t)slots.first;
	function->unwritten_end = (uint16_t)slots.end;
	if (slots.first == slots.end)
		function->exact_arguments = function->parameter_slots;
}

static void clear(volt_slot *frame, uint32_t first, uint32_t end) {
	if (first < end)
		memset(frame + first, 0, (end - first) * sizeof *frame);
}

void call_fill_frame(volt_vm *vm, const call_target *target, volt_slot *frame, const volt_slot *arguments,
                     uint32_t count) {
	executable_function *function = &vm->functions[target->function];
	if (function->starts < STARTS_BEFORE_ANALYSIS && ++function->starts == STARTS_BEFORE_ANALYSIS)
		find_unwritten(vm, target->function);
	const uint32_t parameters = function->parameter_slots, first = target->first_argument;
	const uint32_t room = first < parameters ? parameters - first : 0;
	const uint32_t passed = count < room ? count : room;
	if (first + passed < parameters || first > target->has_slot_0)
		clear(frame, 0, parameters);
	clear(frame, function->unwritten_first, function->unwritten_end);
	if (target->has_slot_0 && parameters > 0)
		frame[0] = target->slot_0;
	for (uint32_t i = 0; i < passed; i++)
		frame[first + i] = arguments[i];
}

volt_trap call_push(volt_vm *vm, volt_fiber *fiber, const call_target *target, const volt_slot *arguments,
                    uint32_t count, uint16_t result_slot, uint16_t result_count) {
	const uint32_t base = fiber->stack_pointer;
	const bool in_stack = arguments >= fiber->stack && arguments < fiber->stack + fiber->stack_capacity;
	const size_t offset = in_stack ? (size_t)(arguments - fiber->stack) : 0;
	volt_trap trap = fiber_push_frame(&vm->fibers, fiber, target->function,
	                                  vm->functions[target->function].local_slots, result_slot, result_count);
	if (trap.kind == VOLT_TRAP_None)
		call_fill_frame(vm, target, fiber->stack + base, in_stack ? fiber->stack + offset : arguments, count);
	return trap;
}

volt_trap call_go(volt_vm *vm, const call_target *target, const volt_slot *arguments, uint32_t count) {
	volt_fiber *fiber = fiber_new(&vm->fibers);
	volt_trap trap = VOLT_NO_TRAP;
	if (!call_push_without_growing(vm, fiber, target, arguments, count, 0, 0))
		trap = call_push(vm, fiber, target, arguments, count, 0, 0);
	if (trap.kind != VOLT_TRAP_None) {
		fiber_kill(&vm->fibers, fiber);
		return trap;
	}
	fiber_make_ready(&vm->fibers, fiber);
	return VOLT_NO_TRAP;
}
