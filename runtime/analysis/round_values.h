/* What one instruction makes of values that rounds of a loop change: for rounds.c. */
#ifndef ANALYSIS_ROUND_VALUES_H
#define ANALYSIS_ROUND_VALUES_H

#include "analysis/rounds.h"

/* What a value is, in terms of what slots held when the round began. */
typedef enum {
	FORM_UNKNOWN,
	FORM_CONSTANT, /* `offset` */
	FORM_SUM,      /* slot + plus + offset */
} value_form;

enum {
	ROUND_NO_SLOT = UINT32_MAX,
	ROUND_NO_WRITER = UINT32_MAX, /* the slot still holds what it held when the round began */
	ROUND_SEVERAL_WRITERS = UINT32_MAX - 1,
};

/* All zero: nothing is known but the writer. */
typedef struct {
	value_form form;
	uint32_t slot, plus; /* plus: or ROUND_NO_SLOT */
	uint64_t offset;
	round_change change;
	round_change compared[2]; /* of the result of a comparison: its operands' */
	uint32_t writer;          /* pc */
} round_value;

round_value round_value_at_start(uint32_t slot, round_change step);

/* What is known where two ways meet. */
round_value round_value_of_both(round_value left, round_value right);

/* By how much a round changes what the slot holds when it begins. CHANGE_BY_SLOT: if it changes not that one.
 */
round_change round_step(round_value at_end, uint32_t slot);

bool round_change_is_none(round_change change);

/* By how much a round brings them closer; CHANGE_UNKNOWN also if they may get away from each other or wrap.
 */
round_change round_change_closing(round_change lower, round_change upper);

/* What the loop may store to. */
typedef struct {
	bool globals;
	bool values;     /* to objects: parts of words, or from slots for values */
	bool references; /* to objects: what may be a reference */
} round_memory;

/*
 * By the types that the function gives its slots; it need not give any. Only references are read into a slot
 * for these, and nothing that was written to an object from a slot for values is.
 */
static inline bool volt_slot_is_reference(const volt_function *function, uint32_t slot) {
	return slot < function->slot_types.count && function->slot_types.items[slot] == VOLT_SLOT_REFERENCE;
}

static inline bool volt_slot_is_value(const volt_function *function, uint32_t slot) {
	return slot < function->slot_types.count && (function->slot_types.items[slot] == VOLT_SLOT_VALUE ||
	                                             function->slot_types.items[slot] == VOLT_SLOT_FLOAT);
}

/* What an instruction of the function stores to. */
void round_memory_add(round_memory *memory, const volt_function *function, volt_instruction instruction);

/* Takes bounded time, and no part of the host. */
bool round_instruction_is_short(volt_instruction instruction);

/* Loads one slot from an object or a global. */
bool round_reads_memory(volt_instruction instruction);

/* An access with an index that is checked; false: it is none. */
bool round_element_operands(volt_instruction instruction, uint32_t *object, uint32_t *index);

typedef struct {
	const volt_module *module;
	const round_memory *memory;
	round_value a, b, c; /* of the slots that these fields name, whether or not they are operands */
	bool a_is_reference; /* that slot, by its type */
} round_operands;

/* Of the slot that the instruction writes, if it is one. */
round_value round_evaluate(volt_instruction instruction, const round_operands *operands);

typedef struct {
	round_change first, second;
	bool second_is_lower, inclusive;
} round_test;

/*
 * The order of a comparison's operands while it gives `wanted`; the test's changes are those of its operands.
 * False: none follows.
 */
bool round_test_find(volt_instruction comparison, bool wanted, round_test *test);

#endif
