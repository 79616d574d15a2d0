/*
 * The interpreter's dispatch. Each family of opcodes has a file ops_*.h, included into the one function
 * below; what a case may use is defined at the top of that function.
 *
 * Registers: `pc` (the next instruction), `slots` (slot 0 of the running frame), `code`, `frame` (the top
 * frame, whose pc and slots are stale while it runs). They are reloaded wherever frames change, since stack
 * and frames may move.
 */
#include "interpreter/interpreter.h"

#include <stdatomic.h>
#include <string.h>

#include "analysis/float_reads.h"
#include "interpreter/calls.h"
#include "interpreter/channel_ops.h"
#include "interpreter/expressions.h"
#include "interpreter/fuse.h"
#include "interpreter/hand_over.h"
#include "interpreter/instructions.h"
#include "interpreter/native_call.h"
#include "interpreter/panic.h"
#include "interpreter/replay.h"
#include "interpreter/unwind.h"
#include "object/arrays.h"
#include "object/heap.h"
#include "object/interfaces.h"
#include "object/maps.h"
#include "object/strings.h"
#include "state/constant_strings.h"
#include "state/vm_state.h"

/* ---- The three instances ---- */

/*
 * ENTER_CODE makes the code of a function the running one. The ordinary instance runs fused code, and so does
 * the counting one; in the profiling one `profile` has the counts of the running function.
 */
#ifdef INTERPRETER_PROFILES

#include "interpreter/profile.h"

#define INTERPRETER_RUN interpreter_run_profiled
#define LABEL_COUNT VOLT_OPCODE_COUNT
#define ENTER_CODE(index) \
	do { \
		code = vm->module->functions.items[index].code.items; \
		profile = profile_of_function(vm, index); \
	} while (0)
#define PROFILE_BRANCH(taken) profile_count(profile, pc - 1 - code, taken)
#define PROFILE_CALLEE(function) profile_callee(profile, pc - 1 - code, function)
#define HAND_OVER(result) NULL

#else

#ifdef INTERPRETER_COUNTS
#define INTERPRETER_RUN interpreter_run_counting
#else
#define INTERPRETER_RUN interpreter_run
#endif
#define LABEL_COUNT FUSED_END
#define ENTER_CODE(index) (code = functions[index].code)
#define PROFILE_BRANCH(taken) ((void)0)
#define PROFILE_CALLEE(function) ((void)0)
#define HAND_OVER(result) hand_over(vm, fiber, result)

#endif

#define PROFILE_CALL PROFILE_BRANCH(true)

/*
 * Heat (tier/counters.h): a call is counted when its frame has been pushed and no compiled code runs it, a
 * backward jump of the running function when it has been taken. Whoever counts down to 0 has the tier look.
 */
#if defined(INTERPRETER_COUNTS) || defined(INTERPRETER_PROFILES)
#define COUNT_HEAT_OF_CALL(callee) \
	do { \
		if (unlikely(--heat[callee].calls == 0)) \
			goto hot_call; \
	} while (0)
#define COUNT_HEAT_OF_DEFERRED(callee) \
	do { \
		if (unlikely(--heat[callee].calls == 0)) \
			vm->tier_operations->hot_call(vm, callee); \
	} while (0)
#define COUNT_HEAT_OF_LOOP \
	do { \
		if (unlikely(--heat[frame->function].loops == 0)) \
			goto hot_loop; \
	} while (0)
#define COUNT_STOP (vm->stops[frame->function]++)
#else
#define COUNT_HEAT_OF_CALL(callee) ((void)0)
#define COUNT_HEAT_OF_DEFERRED(callee) ((void)0)
#define COUNT_HEAT_OF_LOOP ((void)0)
#define COUNT_STOP ((void)0)
#endif

/* ---- What the cases are written with ---- */

#define OP(name) op_##name:
#define NEXT \
	do { \
		pc++; \
		goto *labels[pc[-1].op]; \
	} while (0)

#define RUNNING_FUNCTION (frame->function)
#define RUNNING_PC ((uint32_t)(pc - 1 - code))
#define FRAME_SLOTS (fiber->stack_pointer - frame->base)
#define SAVE_PC (frame->pc = (uint32_t)(pc - code))

/* One step of the time slice: after a jump, or before a call, which is then executed in the next slice. */
#define COUNT_STEP \
	do { \
		COUNT_HEAT_OF_LOOP; \
		if (unlikely(--vm->context.budget < 0)) \
			goto slice_over; \
	} while (0)

/*
 * After an operation that may block left its `status`. `again`: a fiber that it parks executes the
 * instruction again when it wakes.
 */
#define AFTER_BLOCKING_OPERATION(again) \
	do { \
		if (status == VOLT_STATUS_OK) \
			NEXT; \
		if ((again) && status == VOLT_STATUS_WAIT_QUEUE) \
			frame->pc--; \
		goto blocked; \
	} while (0)

#define COUNT_CALL \
	do { \
		if (unlikely(--vm->context.budget < 0)) { \
			pc--; \
			goto slice_over; \
		} \
	} while (0)

/* Is there compiled code for the frames of this function that go on? */
#define HAS_CONTINUATION(function) \
	(atomic_load_explicit(&functions[function].continuation, memory_order_relaxed) != NULL)

/* Behind an instruction for which compiled code has left: back to it. */
#define NEXT_IN_COMPILED_CODE \
	do { \
		if (unlikely(HAS_CONTINUATION(frame->function))) { \
			SAVE_PC; \
			goto resume; \
		} \
		NEXT; \
	} while (0)

/*
 * Before an instruction whose time depends on the size of what it works on, and before natives: whoever asks
 * the fiber to give way does not wait for all those of a slice. It is executed in the next one.
 */
#define BEFORE_WORK \
	do { \
		if (unlikely(give_way_is_asked(&vm->context))) \
			goto gives_way; \
	} while (0)

/* Runs the top frame in compiled code, from its start (run_frame) or from its pc (resume_frame). */
#define RUN_COMPILED(run) \
	do { \
		watched = fiber->frame_count == fiber->watch_depth; \
		status = vm->tier_operations->run(vm, fiber); \
		goto left_compiled_code; \
	} while (0)

interpreter_result INTERPRETER_RUN(volt_vm *vm, volt_fiber *fiber) {
	static const void *const labels[LABEL_COUNT] = {
#define OPCODE(number, name, ...) [number] = &&op_##name,
#include "volt/opcodes.def"
#undef OPCODE
#ifndef INTERPRETER_PROFILES
#define FUSED(name, ...) [FUSED_OP_##name] = &&fused_##name,
#include "interpreter/fused.def"
#undef FUSED
#endif
	};
	executable_function *const functions = vm->functions;
	const volt_instruction *pc, *code;
#ifdef INTERPRETER_PROFILES
	volt_branch_profile *profile;
#endif
#if defined(INTERPRETER_COUNTS) || defined(INTERPRETER_PROFILES)
	volt_heat *const heat = vm->context.heat;
#endif
	volt_slot *slots;
	call_frame *frame;
	volt_trap trap;
	volt_status status;
	unwind_flow flow;
	const char *failure;
	interpreter_result result;
	volt_fiber *next;
	bool watched;

begin:
	if (unlikely(fiber->send_was_closed)) {
		fiber->send_was_closed = false;
		fiber_raise_trap(vm, fiber, (volt_trap){VOLT_TRAP_SendOnClosedChannel, 0, 0});
		goto unwind;
	}
	if (!fiber->started) {
		fiber->started = true;
		goto enter;
	}
	goto resume;

#include "interpreter/ops_loads.h"

#include "interpreter/ops_integers.h"

#include "interpreter/ops_floats.h"

#include "interpreter/ops_control.h"

#include "interpreter/ops_pointers.h"

#include "interpreter/ops_strings.h"

#include "interpreter/ops_arrays.h"

#include "interpreter/ops_maps.h"

#include "interpreter/ops_channels.h"

#include "interpreter/ops_select.h"

#include "interpreter/ops_islands.h"

#include "interpreter/ops_closures.h"

#include "interpreter/ops_interfaces.h"

#ifndef INTERPRETER_PROFILES
#include "interpreter/fused_steps.h"

#define FUSED(name, ...) FUSED_CASE(name, __VA_ARGS__)
#include "interpreter/fused.def"
#undef FUSED
#endif

	/* ---- Ways on ---- */

raise:
	SAVE_PC;
	fiber_raise_trap(vm, fiber, trap);
unwind:
	flow = unwind_panic(vm, fiber);
follow:
	switch (flow) {
	case UNWIND_ENTER:
		/* A deferred call that defers itself is a loop, too. */
		if (unlikely(--vm->context.budget < 0))
			return INTERPRETER_YIELD;
		goto enter_deferred;
	case UNWIND_CONTINUE: goto resume;
	case UNWIND_DONE: return INTERPRETER_DONE;
	case UNWIND_UNCAUGHT: return INTERPRETER_PANIC;
	}

enter_deferred:
	/* The form that is called takes its frame for one that was called. */
	frame = fiber_top_frame(fiber);
	if (unlikely(functions[frame->function].sees_unwinding)) {
		COUNT_HEAT_OF_DEFERRED(frame->function);
		goto resume;
	}

enter:
	/* A frame has just been pushed. */
	frame = fiber_top_frame(fiber);
	if (likely(!atomic_load_explicit(&functions[frame->function].entry, memory_order_relaxed))) {
		COUNT_HEAT_OF_CALL(frame->function);
		goto load;
	}
	RUN_COMPILED(run_frame);

left_compiled_code:
	switch (status) {
	case VOLT_STATUS_OK: flow = watched ? unwind_after_compiled(vm, fiber) : UNWIND_CONTINUE; goto follow;
	case VOLT_STATUS_PANIC: goto unwind;
	case VOLT_STATUS_CALL: goto load; /* at least one instruction, so that the fiber gets on */
	case VOLT_STATUS_REPLAY: replay_start(vm, fiber); goto load;
	case VOLT_STATUS_YIELD: result = INTERPRETER_YIELD; goto stopped;
	case VOLT_STATUS_WAIT_IO: return INTERPRETER_PARKED;
	case VOLT_STATUS_WAIT_QUEUE: result = INTERPRETER_PARKED; goto stopped;
	}

resume:
	/* The top frame goes on: in compiled code, if that can be entered at its pc. */
	frame = fiber_top_frame(fiber);
	if (atomic_load_explicit(&functions[frame->function].continuation, memory_order_acquire) &&
	    functions[frame->function].resume_points[frame->pc])
		RUN_COMPILED(resume_frame);

load:
	frame = fiber_top_frame(fiber);
	ENTER_CODE(frame->function);
	pc = code + frame->pc;
	slots = fiber->stack + frame->base;
	NEXT;

blocked:
	COUNT_STOP;
	if (status == VOLT_STATUS_PANIC)
		goto unwind;
	result = status == VOLT_STATUS_WAIT_QUEUE ? INTERPRETER_PARKED : INTERPRETER_YIELD;
stopped:
	next = HAND_OVER(result);
	if (!next)
		return result;
	fiber = next;
	goto begin;

#if defined(INTERPRETER_COUNTS) || defined(INTERPRETER_PROFILES)
hot_call:
	/* Its code may be there at once: the frame then starts in it. */
	vm->tier_operations->hot_call(vm, fiber_top_frame(fiber)->function);
	frame = fiber_top_frame(fiber);
	if (!atomic_load_explicit(&functions[frame->function].entry, memory_order_relaxed))
		goto load;
	RUN_COMPILED(run_frame);

hot_loop:
	SAVE_PC;
	vm->tier_operations->hot_loop(vm, fiber);
	if (unlikely(--vm->context.budget < 0))
		return INTERPRETER_YIELD;
	goto resume;
#endif

gives_way:
	vm->slices.is_cut = true;
	pc--;
slice_over:
	SAVE_PC;
	return INTERPRETER_YIELD;

fail:
	SAVE_PC;
	vm_fail_instruction(vm, fiber, failure);
	return INTERPRETER_YIELD;
}
