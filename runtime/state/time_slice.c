/* Budgets of steps, and the generator that seeds of the schedule start. */
#include "state/time_slice.h"

#include "state/vm_state.h"

enum { SLICE_STEPS = 500 };

void time_slices_start(time_slices *slices, uint64_t seed) {
	slices->random = seed ? seed : 0x9e3779b97f4a7c15;
}

/* splitmix64: any seed will do, and one multiplication more or less does not matter here. */
static uint64_t next_random(uint64_t *state) {
	uint64_t z = *state += 0x9e3779b97f4a7c15;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

uint32_t time_slice_random(time_slices *slices, uint32_t bound) {
	return (uint32_t)(next_random(&slices->random) % bound);
}

int64_t time_slice_length(time_slices *slices, bool is_random) {
	return is_random ? 1 + (int64_t)(next_random(&slices->random) % SLICE_STEPS) : SLICE_STEPS;
}

void time_slice_begin(volt_vm *vm, int64_t steps) {
	vm->slices.of_natives = 0;
	vm->slices.count++;
	vm->context.budget = steps;
}

/*
 * The budget of a slice that is used up stands at -1. A slice without steps counts as one: a goroutine that
 * only starts another one is a loop, too.
 */
uint64_t time_slice_end(volt_vm *vm, int64_t steps) {
	vm->slices.rest = vm->context.budget > 0 ? vm->context.budget : 0;
	const uint64_t taken = (uint64_t)(steps - vm->slices.rest) + vm->slices.of_natives;
	const uint64_t counted = taken ? taken : 1;
	vm->slices.steps += counted;
	return counted;
}
