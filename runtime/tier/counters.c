/*
 * Counters on calls and backward jumps. They cost the interpreter nothing: it counts steps for its time slice
 * anyway, and when a budget of steps (a tick) is used up, the whole tick is charged to the function that
 * takes the step which finds it out. A threshold below a tick's usual length makes ticks as short as itself,
 * so that a threshold of 1 means the first call or the first round of a loop.
 */
#include "tier/counters.h"

#include "interpreter/calls.h"
#include "state/vm_state.h"
#include "tier/give_way.h"
#include "tier/run.h"

/* A function seen running this often at a request to give way (every few milliseconds) is optimised. */
enum { SAMPLES_TO_OPTIMISE = 2, SAMPLED_FRAMES = 4 };

/*
 * What an exit of compiled code costs that meets a callee which is interpreted, in steps: it takes the native
 * frames apart. With the usual threshold a hundred of them make the callee hot.
 */
enum { EXIT_STEPS = 100 };

/* Synchronous compiling skips the quick level: what is compiled when must not depend on time. */
static volt_level first_level(const volt_vm *vm) {
	if (vm->options.tier_level)
		return vm->options.tier_level;
	return vm->options.tier_synchronous ? VOLT_LEVEL_OPTIMISED : VOLT_LEVEL_QUICK;
}

static bool start_compiling(volt_vm *vm, tier_state *state) {
	if (state->queue)
		return true;
	state->queue = compile_queue_start(vm);
	tier_start_ticker(vm);
	return state->queue != NULL;
}

static void request_at(volt_vm *vm, uint32_t function, volt_form form, volt_level level) {
	tier_state *state = vm->tier;
	uint8_t *requested = &state->functions[function].requested[form];
	if (*requested >= level || state->functions[function].is_withdrawn || !start_compiling(vm, state))
		return;
	*requested = (uint8_t)level;
	const volt_branch_profile *profile = vm->branch_profiles[function];
	volt_compile_request request = {function, form, level, profile};
	compile_queue_request(state->queue, &request, vm->options.tier_synchronous);
	/* The time that a fiber waits for the compiler is not its own: the order of fibers must not depend on it.
	 */
	if (vm->options.tier_synchronous)
		give_way_forget(&vm->context);
}

void tier_request(volt_vm *vm, uint32_t function, volt_form form) {
	request_at(vm, function, form, first_level(vm));
}

/* ---- Steps ---- */

static void charge_call(volt_vm *vm, uint32_t function, uint64_t steps) {
	tier_state *state = vm->tier;
	function_profile *profile = &state->functions[function];
	profile->calls += steps;
	if (profile->calls >= state->call_threshold)
		tier_request(vm, function, VOLT_FORM_CALL);
}

void tier_count_start(volt_vm *vm, volt_fiber *fiber) {
	tier_state *state = vm->tier;
	uint32_t function = fiber_top_frame(fiber)->function;
	function_profile *profile = &state->functions[function];
	if (++profile->calls >= state->call_threshold)
		tier_request(vm, function, VOLT_FORM_CALL);
}

/* What the call at the top frame's pc is going to enter; false: it is going to panic. */
static bool find_callee(volt_vm *vm, volt_fiber *fiber, uint32_t *callee) {
	const call_frame *frame = fiber_top_frame(fiber);
	volt_instruction instruction = vm->module->functions.items[frame->function].code.items[frame->pc];
	const volt_slot *slots = fiber_frame_slots(fiber, frame);
	call_target target;
	volt_trap trap;
	switch (instruction.op) {
	case VOLT_OP_Call: *callee = (uint32_t)instruction.a | (uint32_t)instruction.flags << 16; return true;
	case VOLT_OP_CallClosure: trap = call_resolve_closure(vm, slots[instruction.a], &target); break;
	case VOLT_OP_CallIface:
		trap = call_resolve_method(vm, &slots[instruction.a], instruction.flags, &target);
		break;
	default: return false;
	}
	if (trap.kind != VOLT_TRAP_None)
		return false;
	*callee = target.function;
	return true;
}

void tier_count_call(volt_vm *vm, volt_fiber *fiber) {
	uint32_t callee = 0;
	if (find_callee(vm, fiber, &callee))
		charge_call(vm, callee, (uint64_t)vm->slices.tick_length);
}

void tier_count_exit_at_call(volt_vm *vm, volt_fiber *fiber) {
	uint32_t callee = 0;
	if (find_callee(vm, fiber, &callee))
		charge_call(vm, callee, EXIT_STEPS);
}

void tier_count_loop(volt_vm *vm, volt_fiber *fiber) {
	tier_state *state = vm->tier;
	uint32_t function = fiber_top_frame(fiber)->function;
	function_profile *profile = &state->functions[function];
	fiber->loop_site = fiber_top_frame(fiber)->pc + 1;
	profile->loops += (uint64_t)vm->slices.tick_length;
	if (profile->loops < state->loop_threshold)
		return;
	tier_request(vm, function, VOLT_FORM_RESUME);
	/* A loop that runs long is entered at its header; one that runs often, by calls of its function. */
	if (fiber->frame_count > 1)
		tier_request(vm, function, VOLT_FORM_CALL);
}

/* ---- Samples ---- */

static void sample_function(volt_vm *vm, function_profile *profile, uint32_t function) {
	if (++profile->samples < SAMPLES_TO_OPTIMISE)
		return;
	for (volt_form form = VOLT_FORM_CALL; form < VOLT_FORM_COUNT; form++)
		if (profile->requested[form] == VOLT_LEVEL_QUICK)
			request_at(vm, function, form, VOLT_LEVEL_OPTIMISED);
}

void tier_sample(volt_vm *vm, const volt_fiber *fiber) {
	tier_state *state = vm->tier;
	if (!state || vm->options.tier_level)
		return;
	for (uint32_t i = 0; i < SAMPLED_FRAMES && i < fiber->frame_count; i++) {
		uint32_t function = fiber->frames[fiber->frame_count - 1 - i].function;
		sample_function(vm, &state->functions[function], function);
	}
}
