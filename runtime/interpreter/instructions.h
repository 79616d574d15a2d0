/*
 * What the cases of opcodes (ops_*.h) are written with. The function that they are built into has variables
 * `pc` (behind the running instruction), `slots`, `trap` and `failure`, labels `raise` and `fail`, and
 * defines OP, NEXT, FRAME_SLOTS, SAVE_PC and AFTER_BLOCKING_OPERATION itself.
 */
#ifndef INTERPRETER_INSTRUCTIONS_H
#define INTERPRETER_INSTRUCTIONS_H

#include <string.h>

#include "object/arrays.h"
#include "volt/value.h"

#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

/* Fields of the running instruction, and slots of the frame. */
#define FLAGS (pc[-1].flags)
#define A (pc[-1].a)
#define B (pc[-1].b)
#define C (pc[-1].c)
#define IMMEDIATE (volt_instruction_immediate(pc[-1]))
#define R(index) (slots[index])

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

static inline volt_trap out_of_range(uint64_t index, uint64_t length) {
	return (volt_trap){VOLT_TRAP_IndexOutOfRange, index, length};
}

/* Elements of one word have a short way in the cases themselves, those of one byte have it here. */
static inline void load_element(volt_slot *to, const uint8_t *data, uint64_t index, uint8_t flags,
                                uint64_t bytes) {
	if (flags == 1)
		*to = data[index];
	else
		element_load(to, data + index * bytes, flags, bytes);
}

static inline void store_element(uint8_t *data, uint64_t index, const volt_slot *from, uint8_t flags,
                                 uint64_t bytes) {
	if (flags == 1)
		data[index] = (uint8_t)*from;
	else
		element_store(data + index * bytes, from, flags, bytes);
}

/* The function that stands behind a GoStart, DeferPush or ErrDeferPush without a closure. */
static inline uint32_t plain_callee(volt_instruction instruction) {
	return (uint32_t)instruction.a | (uint32_t)(instruction.flags >> 1) << 16;
}

#endif
