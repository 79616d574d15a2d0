/* Budgets of steps, and the generator that seeds of the schedule start. */
#include "state/time_slice.h"

#include "state/vm_state.h"

enum { SLICE_STEPS = 500, SHORTEST_RANDOM_TICK = 100 };

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

static int64_t smaller(int64_t left, int64_t right) {
	return left < right ? left : right;
}

/* The next budget ends with the tick or with the slice, whichever comes first. */
static void take_budget(volt_vm *vm) {
	time_slices *slices = &vm->slices;
	int64_t budget = slices->rest;
	if (slices->tick) {
		budget = smaller(slices->tick_rest, budget);
		slices->tick_rest -= budget;
	}
	vm->context.budget = budget;
	slices->rest -= budget;
}

/* What the slice has not used goes back. */
static void return_budget(volt_vm *vm) {
	time_slices *slices = &vm->slices;
	const int64_t left = vm->context.budget > 0 ? vm->context.budget : 0;
	slices->rest += left;
	if (slices->tick)
		slices->tick_rest += left;
}

/*
 * Long ticks vary by a half in both directions: a program whose period divides their length would else have
 * all of them end at the same function. The generator is not the schedule's, and always starts alike.
 */
static void start_tick(time_slices *slices) {
	int64_t length = slices->tick;
	if (length >= SHORTEST_RANDOM_TICK)
		length = length / 2 + (int64_t)(next_random(&slices->tick_random) % (uint64_t)length);
	slices->tick_length = slices->tick_rest = length;
}

void time_slices_start_ticks(time_slices *slices, int64_t steps) {
	slices->tick = slices->tick_length = steps;
	slices->tick_rest = steps - 1;
}

bool time_slice_refill(volt_vm *vm, bool counted) {
	time_slices *slices = &vm->slices;
	if (time_slice_tick_is_over(slices))
		start_tick(slices);
	if (slices->rest <= 0)
		return false;
	take_budget(vm);
	vm->context.budget -= counted;
	return true;
}

void time_slice_begin(volt_vm *vm, int64_t steps) {
	vm->slices.rest = steps;
	vm->slices.of_natives = 0;
	take_budget(vm);
	vm->slices.count++;
}

/*
 * The budget of a slice that it used up stands at -1. A slice without steps counts as one: a goroutine that
 * only starts another one is a loop, too.
 */
uint64_t time_slice_end(volt_vm *vm, int64_t steps) {
	return_budget(vm);
	const uint64_t taken = (uint64_t)(steps - vm->slices.rest) + vm->slices.of_natives;
	const uint64_t counted = taken ? taken : 1;
	vm->slices.steps += counted;
	return counted;
}
