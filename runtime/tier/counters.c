/*
 * Looks at counters that have come to 0. A counter is set to the distance to the next count at which there is
 * something to do: to load the tier, to compile, to optimise, or, while code is being made for a loop that
 * the interpreter is in, to see whether it is there.
 */
#include "tier/counters.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "analysis/deferred_calls.h"
#include "fiber/rare.h"
#include "interpreter/calls.h"
#include "state/give_way.h"
#include "state/vm_state.h"
#include "tier/run.h"
#include "tier/trace.h"
#include "tier/withdrawal.h"

enum {
	/* Of the way to a threshold, when the tier is loaded: the program runs on meanwhile. */
	WARM_PART = 4,
	/* Rounds between looks for code that is being made. */
	ROUNDS_OF_WAITING = 32,
	/* Looks, as many rounds apart as the first threshold says, in which compiling takes about as long. */
	LONG_BESIDE_CODE = 8,
	/* What was refused is looked at again when it has been counted so many times as often. */
	LATER = 4,
	/* Rounds for a call, some tenth of a millisecond: shorter ones are over before better code is there. */
	LONG_LOOP = 50000,
	MANY_RESUMES = 1000,
};

/* Synchronous compiling skips the quick level: what is compiled when must not depend on time. */
static volt_level first_level(const volt_vm *vm) {
	if (vm->options.tier_level)
		return vm->options.tier_level;
	return vm->options.tier_synchronous ? VOLT_LEVEL_OPTIMISED : VOLT_LEVEL_QUICK;
}

/* ---- Requests ---- */

static bool start_compiling(volt_vm *vm, tier_state *state) {
	if (!state->queue)
		state->queue = compile_queue_start(vm);
	tier_start_ticker(vm);
	return state->queue != NULL;
}

static void request_at(volt_vm *vm, uint32_t function, volt_form form, volt_level level);

/* A function that makes its deferred calls itself leaves at every Return until these are compiled. */
static void request_deferred(volt_vm *vm, uint32_t function, volt_level level) {
	deferred_calls calls;
	if (!vm->module->functions.items[function].has_defer ||
	    !volt_deferred_calls_compute(vm->module, function, &calls))
		return;
	for (uint32_t i = 0; i < calls.count; i++)
		if (calls.calls[i].callee != DEFERRED_CALLEE_UNKNOWN)
			request_at(vm, calls.calls[i].callee, VOLT_FORM_CALL, level);
	volt_deferred_calls_dispose(&calls);
}

/* Optimised code that was kept is used at once. */
static bool is_compiled_at(const tier_state *state, uint32_t function, volt_form form, volt_level level) {
	const compiled_form found = compile_queue_form(state->queue, function, form);
	return found.compiled.entry && found.level >= level;
}

static void post_request(volt_vm *vm, uint32_t function, volt_form form, volt_level level) {
	tier_state *state = vm->tier;
	const volt_branch_profile *profile = vm->branch_profiles[function];
	volt_compile_request request = {function, form, level, profile};
	trace_request(vm, &request, tier_count_of(vm, function, HEAT_OF_CALLS),
	              tier_count_of(vm, function, HEAT_OF_LOOPS));
	compile_queue_request(state->queue, &request, vm->options.tier_synchronous);
	/* The time that a fiber waits for the compiler is not its own: the order of fibers must not depend on it.
	 */
	if (vm->options.tier_synchronous)
		give_way_forget(&vm->context);
}

static void request_at(volt_vm *vm, uint32_t function, volt_form form, volt_level level) {
	tier_state *state = vm->tier;
	uint8_t *requested = &state->functions[function].requested[form];
	if (*requested >= level || !start_compiling(vm, state))
		return;
	*requested = (uint8_t)level;
	if (is_compiled_at(state, function, form, level))
		return;
	if (form == VOLT_FORM_CALL)
		request_deferred(vm, function, level);
	post_request(vm, function, form, level);
}

/* Counts decide, so that what is asked for does not depend on the clock. */
static bool has_long_calls(const volt_vm *vm, uint32_t function) {
	return tier_count_of(vm, function, HEAT_OF_LOOPS) / LONG_LOOP >=
	       tier_count_of(vm, function, HEAT_OF_CALLS);
}

/*
 * Is it worth optimising what goes on in frames? Not where a function is called so often that its calls are
 * what counts, and seldom left in the middle.
 */
static bool goes_on_often(const volt_vm *vm, uint32_t function) {
	const function_profile *profile = &((tier_state *)vm->tier)->functions[function];
	return !profile->requested[VOLT_FORM_CALL] || profile->entered[ENTERED_BY_RESUME] >= MANY_RESUMES ||
	       has_long_calls(vm, function);
}

static void optimise_form(volt_vm *vm, uint32_t function, volt_form form) {
	const function_profile *profile = &((tier_state *)vm->tier)->functions[function];
	if (profile->requested[form] && (form == VOLT_FORM_CALL || goes_on_often(vm, function)))
		request_at(vm, function, form, VOLT_LEVEL_OPTIMISED);
}

/* What is asked for when its function is worth optimising already is not left at the quick level. */
static void request(volt_vm *vm, uint32_t function, volt_form form) {
	const tier_state *state = vm->tier;
	request_at(vm, function, form, first_level(vm));
	if (state->functions[function].is_optimised)
		optimise_form(vm, function, form);
}

static void optimise(volt_vm *vm, uint32_t function) {
	if (vm->options.tier_level)
		return;
	((tier_state *)vm->tier)->functions[function].is_optimised = true;
	optimise_form(vm, function, VOLT_FORM_CALL);
	optimise_form(vm, function, VOLT_FORM_RESUME);
}

void tier_request_continuation(volt_vm *vm, uint32_t function) {
	request(vm, function, VOLT_FORM_RESUME);
}

void tier_compile_anew(volt_vm *vm, uint32_t function) {
	tier_state *state = vm->tier;
	for (volt_form form = VOLT_FORM_CALL; form < VOLT_FORM_COUNT; form++) {
		uint8_t *requested = &state->functions[function].requested[form];
		if (*requested != VOLT_LEVEL_OPTIMISED &&
		    !is_compiled_at(state, function, form, VOLT_LEVEL_OPTIMISED))
			continue;
		*requested = VOLT_LEVEL_OPTIMISED;
		post_request(vm, function, form, VOLT_LEVEL_OPTIMISED);
	}
}

/* ---- Counters ---- */

static uint32_t *counter_of(const volt_vm *vm, uint32_t function, heat_kind kind) {
	volt_heat *heat = &vm->context.heat[function];
	return kind == HEAT_OF_CALLS ? &heat->calls : &heat->loops;
}

uint64_t tier_count_of(const volt_vm *vm, uint32_t function, heat_kind kind) {
	const tier_state *state = vm->tier;
	if (!vm->context.heat)
		return 0;
	return state->functions[function].due[kind] - *counter_of(vm, function, kind);
}

/* Looks again at this count, which is yet to come, or as late as the counter can say. */
static void look_at(const volt_vm *vm, uint32_t function, heat_kind kind, uint64_t next) {
	function_profile *profile = &((tier_state *)vm->tier)->functions[function];
	const uint64_t count = tier_count_of(vm, function, kind);
	const uint64_t distance = next - count < UINT32_MAX ? next - count : UINT32_MAX;
	profile->due[kind] = count + distance;
	*counter_of(vm, function, kind) = (uint32_t)distance;
}

/* The first count beyond this one at which there is something to do. */
static uint64_t next_threshold(const heat_thresholds *thresholds, uint64_t count) {
	if (count < thresholds->warm)
		return thresholds->warm;
	if (count < thresholds->first)
		return thresholds->first;
	return count < thresholds->optimised ? thresholds->optimised : UINT64_MAX;
}

bool tier_start_counting(volt_vm *vm) {
	tier_state *state = vm->tier;
	const uint32_t count = vm->module->functions.count;
	vm->context.heat = calloc(count + (size_t)1, sizeof *vm->context.heat);
	if (!vm->context.heat)
		return false;
	for (heat_kind kind = 0; kind < HEAT_KIND_COUNT; kind++) {
		state->thresholds[kind].warm = state->thresholds[kind].first / WARM_PART;
		for (uint32_t i = 0; i < count; i++)
			look_at(vm, i, kind, next_threshold(&state->thresholds[kind], 0));
	}
	return true;
}

/* ---- What is hot ---- */

static void load_tier(volt_vm *vm) {
	tier_state *state = vm->tier;
	if (!state->queue && !vm->options.tier_synchronous && start_compiling(vm, state))
		compile_queue_load(state->queue);
}

static bool has_hot_loops(const volt_vm *vm, uint32_t function) {
	const tier_state *state = vm->tier;
	return tier_count_of(vm, function, HEAT_OF_LOOPS) >= state->thresholds[HEAT_OF_LOOPS].first;
}

/* The frame whose loop was hot has most likely returned since: its function is being called again. */
static void take_back_continuation(volt_vm *vm, uint32_t function) {
	tier_state *state = vm->tier;
	uint8_t *requested = &state->functions[function].requested[VOLT_FORM_RESUME];
	if (*requested == first_level(vm) && state->queue &&
	    compile_queue_take_back(state->queue, function, VOLT_FORM_RESUME))
		*requested = VOLT_LEVEL_NONE;
}

bool tier_is_in_short_loop(const volt_vm *vm, uint32_t function) {
	const tier_state *state = vm->tier;
	const function_profile *profile = &state->functions[function];
	return profile->requested[VOLT_FORM_CALL] && !profile->requested[VOLT_FORM_RESUME] &&
	       tier_count_of(vm, function, HEAT_OF_CALLS) > 1 && has_hot_loops(vm, function) &&
	       !has_long_calls(vm, function);
}

/* Looks again so soon, unless there is code in which loops go on, or will be. */
static void watch_loops(volt_vm *vm, uint32_t function) {
	const tier_state *state = vm->tier;
	const function_profile *profile = &state->functions[function];
	const uint64_t soon = tier_count_of(vm, function, HEAT_OF_LOOPS) + state->thresholds[HEAT_OF_LOOPS].first;
	if (!profile->requested[VOLT_FORM_RESUME] && soon < profile->due[HEAT_OF_LOOPS])
		look_at(vm, function, HEAT_OF_LOOPS, soon);
}

/* As a deferred call, what sees the unwinding is run in the form in which frames go on. */
static void request_called(volt_vm *vm, uint32_t function) {
	const tier_state *state = vm->tier;
	const bool is_first = !state->functions[function].requested[VOLT_FORM_CALL];
	request(vm, function, VOLT_FORM_CALL);
	if (vm->functions[function].sees_unwinding || has_long_calls(vm, function))
		request(vm, function, VOLT_FORM_RESUME);
	else if (is_first)
		take_back_continuation(vm, function);
	watch_loops(vm, function);
}

static void look_at_calls(volt_vm *vm, uint32_t function, uint64_t count) {
	const heat_thresholds *thresholds = &((tier_state *)vm->tier)->thresholds[HEAT_OF_CALLS];
	if (count >= thresholds->first || (count > 1 && has_hot_loops(vm, function)))
		request_called(vm, function);
	else
		load_tier(vm);
	if (count >= thresholds->optimised)
		optimise(vm, function);
}

/*
 * A loop that runs long is entered at its header; one that runs often, by calls of its function, be they few
 * for the threshold of calls. A function that was called once may be called again. Where calls are short, a
 * frame that stays in its loop all the same is seen by tier_hot_loop() when there is code for calls.
 */
static void look_at_loops(volt_vm *vm, uint32_t function, uint64_t count) {
	const heat_thresholds *thresholds = &((tier_state *)vm->tier)->thresholds[HEAT_OF_LOOPS];
	if (count < thresholds->first) {
		load_tier(vm);
		return;
	}
	const uint64_t calls = tier_count_of(vm, function, HEAT_OF_CALLS);
	if (calls > 1) {
		request_called(vm, function);
	} else {
		look_at(vm, function, HEAT_OF_CALLS, calls + 1);
		request(vm, function, VOLT_FORM_RESUME);
	}
	if (count >= thresholds->optimised)
		optimise(vm, function);
}

static void look(volt_vm *vm, uint32_t function, heat_kind kind) {
	const tier_state *state = vm->tier;
	function_profile *profile = &state->functions[function];
	const uint64_t count = profile->due[kind];
	profile->is_refused = withdrawal_refuses(vm, function);
	if (profile->is_refused) {
		look_at(vm, function, kind, count * LATER);
		return;
	}
	look_at(vm, function, kind, next_threshold(&state->thresholds[kind], count));
	if (kind == HEAT_OF_CALLS)
		look_at_calls(vm, function, count);
	else
		look_at_loops(vm, function, count);
}

void tier_hot(volt_vm *vm, uint32_t function, heat_kind kind) {
	((tier_state *)vm->tier)->functions[function].looks_beside_code = 0;
	look(vm, function, kind);
}

void tier_hot_call(volt_vm *vm, uint32_t function) {
	look(vm, function, HEAT_OF_CALLS);
}

/* Is code on its way in which the loop could go on? */
static bool is_awaited(const volt_vm *vm, uint32_t function) {
	const tier_state *state = vm->tier;
	return state->functions[function].requested[VOLT_FORM_RESUME] && state->queue &&
	       !atomic_load_explicit(&vm->functions[function].continuation, memory_order_relaxed) &&
	       compile_queue_is_asked_for(state->queue, function, VOLT_FORM_RESUME);
}

/*
 * The interpreter is in a loop of a function that has code for calls: its frame is older, or was left there
 * by an exit. It is worth code of its own when it stays for long, or such frames come again and again.
 */
static void look_beside_code(volt_vm *vm, uint32_t function) {
	function_profile *profile = &((tier_state *)vm->tier)->functions[function];
	if (profile->requested[VOLT_FORM_RESUME] || profile->is_refused ||
	    !atomic_load_explicit(&vm->functions[function].entry, memory_order_relaxed))
		return;
	if (++profile->looks_beside_code >= LONG_BESIDE_CODE)
		request(vm, function, VOLT_FORM_RESUME);
}

void tier_hot_loop(volt_vm *vm, volt_fiber *fiber) {
	const call_frame *frame = fiber_top_frame(fiber);
	const tier_state *state = vm->tier;
	const uint64_t *next = &state->functions[frame->function].due[HEAT_OF_LOOPS];
	const uint64_t soon = *next + ROUNDS_OF_WAITING;
	fiber->loop_site = frame->pc + 1;
	look(vm, frame->function, HEAT_OF_LOOPS);
	look_beside_code(vm, frame->function);
	if (soon < *next && is_awaited(vm, frame->function))
		look_at(vm, frame->function, HEAT_OF_LOOPS, soon);
}

/* ---- Callees ---- */

static bool resolve_deferred(volt_vm *vm, const volt_fiber *fiber, call_target *target) {
	const defer_record *defer = rare_top_defer(fiber->rare);
	if (!defer || defer->depth != fiber->frame_count)
		return false;
	*target = call_plain(defer->function);
	return !defer->by_closure || call_resolve_closure(vm, defer->closure, target).kind == VOLT_TRAP_None;
}

/* What the call at the top frame's pc is going to enter; false: it is going to panic, or is no call. */
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
	case VOLT_OP_Return:
		if (!resolve_deferred(vm, fiber, &target))
			return false;
		trap = VOLT_NO_TRAP;
		break;
	default: return false;
	}
	if (trap.kind != VOLT_TRAP_None)
		return false;
	*callee = target.function;
	return true;
}

bool tier_awaits_callee(volt_vm *vm, volt_fiber *fiber) {
	const tier_state *state = vm->tier;
	uint32_t callee = 0;
	if (!state->queue || !find_callee(vm, fiber, &callee) || state->functions[callee].is_withdrawn ||
	    state->functions[callee].is_refused)
		return false;
	return !state->functions[callee].requested[VOLT_FORM_CALL] ||
	       compile_queue_is_asked_for(state->queue, callee, VOLT_FORM_CALL);
}
