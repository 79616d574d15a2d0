/*
 * The interpreter's dispatch. Each family of opcodes has a file ops_*.h, included into the one function
 * below; what a case may use is defined at the top of that function.
 *
 * Registers: `pc` (the next instruction), `slots` (slot 0 of the running frame), `code`, `frame` (the top
 * frame, whose pc and slots are stale while it runs). They are reloaded wherever frames change, since stack
 * and frames may move.
 */
#include "exec/interpreter.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "exec/calls.h"
#include "exec/channel_ops.h"
#include "exec/native_call.h"
#include "exec/panic.h"
#include "exec/replay.h"
#include "exec/unwind.h"
#include "exec/vm.h"
#include "object/arrays.h"
#include "object/heap.h"
#include "object/interfaces.h"
#include "object/maps.h"
#include "object/strings.h"

#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

/* ---- What the cases are written with ---- */

#define OP(name) op_##name:
#define NEXT \
	do { \
		pc++; \
		goto *labels[pc[-1].op]; \
	} while (0)

/* Fields of the running instruction, and slots of the frame. */
#define FLAGS (pc[-1].flags)
#define A (pc[-1].a)
#define B (pc[-1].b)
#define C (pc[-1].c)
#define IMMEDIATE (volt_instruction_immediate(pc[-1]))
#define R(index) (slots[index])
#define FRAME_SLOTS (fiber->stack_pointer - frame->base)

#define SAVE_PC (frame->pc = (uint32_t)(pc - code))

/* A runtime error of the running instruction. */
#define RAISE(raised) \
	do { \
		trap = (raised); \
		goto raise; \
	} while (0)
#define RAISE_KIND(name) RAISE(((volt_trap){VOLT_TRAP_##name, 0, 0}))
/* For operations that return a trap. */
#define CHECK(operation) \
	do { \
		trap = (operation); \
		if (unlikely(trap.kind != VOLT_TRAP_None)) { \
			goto raise; \
		} \
	} while (0)
/* The instruction would leave its frame: only in modules that no compiler made. */
#define REQUIRE(condition, text) \
	do { \
		if (unlikely(!(condition))) { \
			failure = (text); \
			goto fail; \
		} \
	} while (0)
/* One step of the time slice: after a jump, or before a call, which is then executed in the next slice. */
#define COUNT_STEP \
	do { \
		if (unlikely(--vm->budget < 0)) { \
			goto slice_over; \
		} \
	} while (0)

#define COUNT_CALL \
	do { \
		if (unlikely(--vm->budget < 0)) { \
			pc--; \
			goto slice_over; \
		} \
	} while (0)

bool interpreter_implements(uint8_t opcode) {
	static const bool missing[UINT8_MAX + 1] = {
#define MISSING(name) [VOLT_OP_##name] = true,
#include "exec/missing_opcodes.def"
#undef MISSING
	};
	return opcode < VOLT_OPCODE_COUNT && !missing[opcode];
}

static inline int64_t saturating_int(double value) {
	if (value >= 0x1p63) {
		return INT64_MAX;
	}
	if (value < -0x1p63) {
		return INT64_MIN;
	}
	return isnan(value) ? 0 : (int64_t)value;
}

static inline volt_slot truncated(volt_slot value, uint8_t flags) {
	switch (flags) {
	case 0x81: return (volt_slot)(int64_t)(int8_t)value;
	case 0x82: return (volt_slot)(int64_t)(int16_t)value;
	case 0x84: return (volt_slot)(int64_t)(int32_t)value;
	case 1: return (uint8_t)value;
	case 2: return (uint16_t)value;
	case 4: return (uint32_t)value;
	default: return value;
	}
}

static inline float slot_float32(volt_slot slot) {
	const uint32_t bits = (uint32_t)slot;
	float value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

static inline volt_slot slot_from_float32(float value) {
	uint32_t bits;
	memcpy(&bits, &value, sizeof bits);
	return bits;
}

static inline volt_trap out_of_range(uint64_t index, uint64_t length) {
	return (volt_trap){VOLT_TRAP_IndexOutOfRange, index, length};
}

/* Elements of one word have a short way in the cases themselves, those of one byte have it here. */
static inline void load_element(volt_slot *to, const uint8_t *data, uint64_t index, uint8_t flags,
                                uint64_t bytes) {
	if (flags == 1) {
		*to = data[index];
	} else {
		element_load(to, data + index * bytes, flags, bytes);
	}
}

static inline void store_element(uint8_t *data, uint64_t index, const volt_slot *from, uint8_t flags,
                                 uint64_t bytes) {
	if (flags == 1) {
		data[index] = (uint8_t)*from;
	} else {
		element_store(data + index * bytes, from, flags, bytes);
	}
}

/* The function that stands behind a GoStart, DeferPush or ErrDeferPush without a closure. */
static inline uint32_t plain_callee(volt_instruction instruction) {
	return (uint32_t)instruction.a | (uint32_t)(instruction.flags >> 1) << 16;
}

/* Runs the top frame, which has just been pushed, in compiled code; after OK, *flow tells how the fiber goes
 * on. */
static volt_status enter_compiled(volt_vm *vm, volt_fiber *fiber, unwind_flow *flow) {
	const bool watched = fiber->frame_count == fiber->watch_depth;
	fiber_sync_context(vm, fiber);
	const volt_status status = vm->run_compiled(vm, fiber);
	if (status == VOLT_STATUS_OK) {
		*flow = watched ? unwind_after_compiled(vm, fiber) : UNWIND_CONTINUE;
	}
	return status;
}

interpreter_result interpreter_run(volt_vm *vm, volt_fiber *fiber) {
	static const void *const labels[VOLT_OPCODE_COUNT] = {
#define OPCODE(number, name, operands, effects) [number] = &&op_##name,
#include "volt/opcodes.def"
#undef OPCODE
	};
	const executable_function *const functions = vm->functions;
	const volt_instruction *pc, *code;
	volt_slot *slots;
	call_frame *frame;
	volt_trap trap;
	volt_status status;
	unwind_flow flow;
	const char *failure;

	if (unlikely(fiber->send_was_closed)) {
		fiber->send_was_closed = false;
		fiber_raise_trap(vm, fiber, (volt_trap){VOLT_TRAP_SendOnClosedChannel, 0, 0});
		goto unwind;
	}
	if (!fiber->started) {
		fiber->started = true;
		goto enter;
	}
	goto load;

#include "exec/ops_loads.h"

#include "exec/ops_integers.h"

#include "exec/ops_floats.h"

#include "exec/ops_control.h"

#include "exec/ops_pointers.h"

#include "exec/ops_strings.h"

#include "exec/ops_arrays.h"

#include "exec/ops_maps.h"

#include "exec/ops_channels.h"

#include "exec/ops_closures.h"

#include "exec/ops_interfaces.h"

#define MISSING(name) op_##name:
#include "exec/missing_opcodes.def"
#undef MISSING
	REQUIRE(false, "the interpreter has no case for this opcode");

	/* ---- Ways on ---- */

raise:
	SAVE_PC;
	fiber_raise_trap(vm, fiber, trap);
unwind:
	flow = unwind_panic(vm, fiber);
follow:
	switch (flow) {
	case UNWIND_ENTER: goto enter;
	case UNWIND_CONTINUE: goto load;
	case UNWIND_DONE: return INTERPRETER_DONE;
	case UNWIND_UNCAUGHT: return INTERPRETER_PANIC;
	}

enter:
	/* A frame has just been pushed. */
	frame = fiber_top_frame(fiber);
	if (likely(!atomic_load_explicit(&vm->code_table[frame->function].external, memory_order_acquire))) {
		goto load;
	}
	status = enter_compiled(vm, fiber, &flow);
	switch (status) {
	case VOLT_STATUS_OK: goto follow;
	case VOLT_STATUS_PANIC: goto unwind;
	case VOLT_STATUS_CALL: goto load;
	case VOLT_STATUS_REPLAY: replay_start(vm, fiber); goto load;
	case VOLT_STATUS_YIELD: return INTERPRETER_YIELD;
	case VOLT_STATUS_WAIT_IO:
	case VOLT_STATUS_WAIT_QUEUE: return INTERPRETER_PARKED;
	}

load:
	frame = fiber_top_frame(fiber);
	code = functions[frame->function].code;
	pc = code + frame->pc;
	slots = fiber->stack + frame->base;
	NEXT;

slice_over:
	SAVE_PC;
	return INTERPRETER_YIELD;

fail:
	SAVE_PC;
	vm_fail_instruction(vm, fiber, failure);
	return INTERPRETER_YIELD;
}
