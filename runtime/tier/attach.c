/* Preparing the tier that a VM's options ask for. */
#include <stdatomic.h>
#include <stdlib.h>

#include "interpreter/profile.h"
#include "state/vm_state.h"
#include "tier/counters.h"
#include "tier/run.h"
#include "tier/state.h"
#include "tier/withdrawal.h"

static const heat_thresholds defaults[HEAT_KIND_COUNT] = {
    [HEAT_OF_CALLS] = {.first = 1000, .optimised = 50000},
    [HEAT_OF_LOOPS] = {.first = 2000, .optimised = 200000},
};

static uint64_t larger(uint64_t left, uint64_t right) {
	return left > right ? left : right;
}

/* A program that waits for its compiler waits for what is worth optimising. */
static void set_threshold(const volt_vm *vm, heat_kind kind, uint64_t wanted) {
	heat_thresholds *thresholds = &((tier_state *)vm->tier)->thresholds[kind];
	*thresholds = defaults[kind];
	if (vm->options.tier_synchronous && !vm->options.tier_level)
		thresholds->first = thresholds->optimised;
	if (wanted)
		thresholds->first = wanted;
	thresholds->optimised = larger(thresholds->first, thresholds->optimised);
}

/* Where steps are counted, time slices end by themselves. */
void tier_start_ticker(volt_vm *vm) {
	tier_state *state = vm->tier;
	if (!state->ticker && !tier_counts_steps(vm))
		state->ticker = ticker_start(&vm->context, TICK_NANOSECONDS, NULL);
}

/* Only the tier knows what these names may be. Else it is loaded when something gets hot, if it does. */
static volt_error *check_names(volt_vm *vm, tier_state *state) {
	const volt_vm_options *options = &vm->options;
	if (!options->tier_preset && !options->tier_hints && !options->tier_cpu)
		return NULL;
	if (!state->queue)
		state->queue = compile_queue_start(vm);
	return state->queue ? compile_queue_check_options(state->queue) : NULL;
}

static volt_error *compile_everything(volt_vm *vm, tier_state *state) {
	for (uint32_t i = 0; i < vm->module->functions.count; i++)
		state->functions[i].requested[VOLT_FORM_CALL] = VOLT_LEVEL_OPTIMISED;
	state->queue = compile_queue_start(vm);
	if (!state->queue)
		return volt_error_new(VOLT_ERROR_TIER, "no thread to compile on");
	tier_start_ticker(vm);
	volt_error *error = check_names(vm, state);
	return error ? error : compile_queue_request_module(state->queue, vm->options.tier_synchronous);
}

static const tier_operations tier_running = {
    .run_frame = tier_run_frame,
    .resume_frame = tier_resume_frame,
    .hot_call = tier_hot_call,
    .hot_loop = tier_hot_loop,
};

volt_error *tier_attach(volt_vm *vm) {
	if (vm->options.tier_mode == VOLT_TIER_INTERPRETER || vm->tier)
		return NULL;
	tier_state *state = calloc(1, sizeof *state);
	if (!state)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the compiling tier");
	vm->tier = state;
	vm->tier_operations = &tier_running;
	state->withdraws = withdrawal_is_wanted(vm);
	const uint64_t functions = vm->module->functions.count + 1ULL;
	state->functions = calloc(functions, sizeof *state->functions);
	vm->branch_profiles = calloc(functions, sizeof *vm->branch_profiles);
	vm->stops = calloc(functions, sizeof *vm->stops);
	if (!state->functions || !vm->branch_profiles || !vm->stops)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the compiling tier");
	vm->context.forced_exits_left = vm->options.testing.force_exit;
	if (vm->options.tier_mode == VOLT_TIER_COMPILED)
		return compile_everything(vm, state);
	set_threshold(vm, HEAT_OF_CALLS, vm->options.call_threshold);
	set_threshold(vm, HEAT_OF_LOOPS, vm->options.loop_threshold);
	if (!tier_start_counting(vm))
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the compiling tier");
	if (!vm->slices.profile_period)
		vm->slices.profile_period = PROFILE_PERIOD;
	vm->slices.next_profiled = (vm->slices.profile_period - 1) * SLICE_STEPS;
	return check_names(vm, state);
}

bool tier_is_compiling(const volt_vm *vm) {
	const tier_state *state = vm->tier;
	return state && state->queue && compile_queue_is_busy(state->queue);
}

/* What was noted of a function, and the code that is gone with the tier. */
static void forget_function(volt_vm *vm, const tier_state *state, uint32_t index) {
	atomic_store_explicit(&vm->functions[index].entry, NULL, memory_order_relaxed);
	atomic_store_explicit(&vm->functions[index].continuation, NULL, memory_order_relaxed);
	if (state->functions) {
		free(state->functions[index].exits);
		free(state->functions[index].left_at);
		free(state->functions[index].unexpected);
	}
	if (vm->branch_profiles)
		free(vm->branch_profiles[index]);
}

void tier_detach(volt_vm *vm) {
	tier_state *state = vm->tier;
	if (!state)
		return;
	ticker_stop(state->ticker);
	compile_queue_stop(state->queue);
	for (uint32_t i = 0; i < vm->module->functions.count; i++)
		forget_function(vm, state, i);
	free(vm->branch_profiles);
	vm->branch_profiles = NULL;
	free(vm->stops);
	vm->stops = NULL;
	free(vm->context.heat);
	vm->context.heat = NULL;
	free(state->functions);
	free(state->resume_points);
	captured_frames_free(&state->captured);
	free(state);
	vm->tier = NULL;
	vm->tier_operations = NULL;
}
