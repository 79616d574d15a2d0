/* Preparing the tier that a VM's options ask for. */
#include <stdlib.h>

#include "interpreter/profile.h"
#include "state/vm_state.h"
#include "tier/run.h"
#include "tier/state.h"

enum {
	/* Steps of the interpreter after which compiling pays: about a millisecond's work. */
	DEFAULT_CALL_THRESHOLD = 10000,
	DEFAULT_LOOP_THRESHOLD = 30000,
	LONGEST_TICK = 500, /* a usual time slice */
};

static uint64_t smaller(uint64_t left, uint64_t right) {
	return left < right ? left : right;
}

static void set_thresholds(volt_vm *vm, tier_state *state) {
	uint64_t calls = vm->options.call_threshold, loops = vm->options.loop_threshold;
	state->call_threshold = calls ? calls : DEFAULT_CALL_THRESHOLD;
	state->loop_threshold = loops ? loops : DEFAULT_LOOP_THRESHOLD;
	uint64_t lower = smaller(state->call_threshold, state->loop_threshold);
	time_slices_start_ticks(&vm->slices, (int64_t)smaller(lower, LONGEST_TICK));
}

/* Where steps are counted, time slices end by themselves. */
void tier_start_ticker(volt_vm *vm) {
	tier_state *state = vm->tier;
	if (!state->ticker && !tier_counts_steps(vm))
		state->ticker = ticker_start(&vm->context);
}

static volt_error *compile_everything(volt_vm *vm, tier_state *state) {
	for (uint32_t i = 0; i < vm->module->functions.count; i++)
		state->functions[i].requested[VOLT_FORM_CALL] = VOLT_LEVEL_OPTIMISED;
	state->queue = compile_queue_start(vm);
	if (!state->queue)
		return volt_error_new(VOLT_ERROR_TIER, "no thread to compile on");
	tier_start_ticker(vm);
	return compile_queue_request_module(state->queue, vm->options.tier_synchronous);
}

static const tier_operations tier_running = {
    .run_frame = tier_run_frame,
    .resume_frame = tier_resume_frame,
    .count_start = tier_count_start,
    .count_call = tier_count_call,
    .count_loop = tier_count_loop,
};

volt_error *tier_attach(volt_vm *vm) {
	if (vm->options.tier_mode == VOLT_TIER_INTERPRETER || vm->tier)
		return NULL;
	tier_state *state = calloc(1, sizeof *state);
	if (!state)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the compiling tier");
	vm->tier = state;
	vm->tier_operations = &tier_running;
	const uint64_t functions = vm->module->functions.count + 1ULL;
	state->functions = calloc(functions, sizeof *state->functions);
	vm->branch_profiles = calloc(functions, sizeof *vm->branch_profiles);
	if (!state->functions || !vm->branch_profiles)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the compiling tier");
	vm->context.forced_exits_left = vm->options.testing.force_exit;
	if (vm->options.tier_mode == VOLT_TIER_COMPILED)
		return compile_everything(vm, state);
	set_thresholds(vm, state);
	if (!vm->slices.profile_period)
		vm->slices.profile_period = PROFILE_PERIOD;
	return NULL;
}

bool tier_is_compiling(const volt_vm *vm) {
	const tier_state *state = vm->tier;
	return state && state->queue && compile_queue_is_busy(state->queue);
}

void tier_detach(volt_vm *vm) {
	tier_state *state = vm->tier;
	if (!state)
		return;
	ticker_stop(state->ticker);
	compile_queue_stop(state->queue);
	for (uint32_t i = 0; state->functions && i < vm->module->functions.count; i++) {
		free(state->functions[i].exits);
		free(state->functions[i].left_at);
	}
	for (uint32_t i = 0; vm->branch_profiles && i < vm->module->functions.count; i++)
		free(vm->branch_profiles[i]);
	free(vm->branch_profiles);
	vm->branch_profiles = NULL;
	free(state->functions);
	free(state->resume_points);
	captured_frames_free(&state->captured);
	free(state);
	vm->tier = NULL;
}
