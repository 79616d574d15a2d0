/*
 * Handing the turn over: where a channel operation has ended a slice and nothing else is to be seen to, the
 * slice of the next fiber begins in the same run of the interpreter. The scheduler allows it so many times.
 */
#ifndef INTERPRETER_HAND_OVER_H
#define INTERPRETER_HAND_OVER_H

#include "interpreter/interpreter.h"
#include "state/give_way.h"
#include "state/vm_state.h"

/* Whoever has asked something of the VM, be it a native, the host or another thread, is the scheduler's. */
static inline bool hand_over_is_possible(const volt_vm *vm) {
	const time_slices *slices = &vm->slices;
	return vm->fibers.ready_first && slices->hand_overs != 0 && !vm->stopping && !vm->island &&
	       !vm_is_inherited(vm) && !give_way_is_asked(&vm->context) &&
	       slices->steps + slices->of_natives + SLICE_STEPS < slices->next_profiled;
}

/*
 * Ends the slice of the running fiber, which gives way or is parked, and begins that of the next one, which
 * it returns. NULL: nothing has changed, the scheduler does it.
 */
__attribute__((always_inline)) static inline volt_fiber *hand_over(volt_vm *vm, volt_fiber *fiber,
                                                                   interpreter_result result) {
	fiber_pool *pool = &vm->fibers;
	if (__builtin_expect(!hand_over_is_possible(vm), 0))
		return NULL;
	time_slice_end(&vm->slices, SLICE_STEPS, vm->context.budget);
	fiber_weigh(pool, fiber);
	pool->current = NULL;
	pool->last = fiber;
	if (result == INTERPRETER_PARKED)
		fiber_shrink(pool, fiber);
	else
		fiber_make_ready(pool, fiber);
	volt_fiber *next = fiber_take_ready(pool);
	vm->slices.hand_overs--;
	time_slice_begin(&vm->slices);
	vm->context.budget = SLICE_STEPS;
	fiber_activate(pool, next);
	return next;
}

#endif
