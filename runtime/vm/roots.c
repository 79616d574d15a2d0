/* What the collector must know: globals, strings of constants, and everything that live fibers refer to. */
#include <pthread.h>

#include "fiber/rare.h"
#include "tier/run.h"
#include "vm/parts.h"

/*
 * A collection that another thread has started, of an island or of another VM, may have stopped this one at
 * any instruction: a frame may just have been left whose results, or a record just taken off whose arguments,
 * are still on their way.
 */
enum { LARGEST_FRAME = UINT16_MAX + 1 };

static bool may_be_amid(const volt_vm *vm, const volt_fiber *fiber) {
	return fiber == vm->fibers.current && !pthread_equal(vm->thread, pthread_self());
}

static uint64_t larger(uint64_t left, uint64_t right) {
	return left > right ? left : right;
}

/*
 * Compiled code may have frames above what the fiber knows of. The context knows where the last one is that
 * was written, and the exit that is under way where those are that were written before it, further up.
 */
static uint64_t stack_extent(const volt_vm *vm, const volt_fiber *fiber) {
	uint64_t extent = fiber->stack_pointer;
	if (fiber == vm->fibers.current)
		extent = larger(extent, larger(vm->context.stack_pointer, tier_exit_extent(vm)));
	if (may_be_amid(vm, fiber))
		extent += LARGEST_FRAME;
	return extent < fiber->stack_capacity ? extent : fiber->stack_capacity;
}

static void scan_parking(const fiber_parking *parking) {
	heap_push_roots(parking->values, parking->value_count);
	for (uint32_t i = 0; i < parking->waiter_count; i++)
		heap_push_roots(&parking->waiters[i].channel, 1);
}

static void scan_fiber(const volt_vm *vm, const volt_fiber *fiber) {
	heap_push_roots(fiber->stack, stack_extent(vm, fiber));
	if (fiber->rare)
		rare_scan(fiber->rare, may_be_amid(vm, fiber));
	scan_parking(&fiber->parking);
}

void vm_scan_roots(void *user) {
	const volt_vm *vm = user;
	if (vm->context.globals)
		heap_push_roots(vm->context.globals, vm->global_slots);
	if (vm->strings)
		heap_push_roots(vm->strings, vm->module->constants.count);
	heap_push_roots(vm->native.panic, 2);
	tier_scan_roots(vm);
	for (uint32_t i = 0; i < vm->fibers.fiber_count; i++) {
		const volt_fiber *fiber = fiber_find_live(&vm->fibers, i);
		if (fiber)
			scan_fiber(vm, fiber);
	}
}
