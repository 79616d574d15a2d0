/*
 * Widths and indices that stand in a slot but are constants: compilers load the size of a wide element, the
 * descriptor of a map or the number of a field right before the instruction that reads it there.
 */
#ifndef ANALYSIS_CONSTANTS_H
#define ANALYSIS_CONSTANTS_H

#include "analysis/control_flow.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

typedef struct {
	const volt_module *module;
	const volt_function *function;
	bool *known; /* by pc; NULL: nothing is known */
	uint64_t
	    *values; /* by pc: what the slot with the instruction's width or index holds, where it is known */
} slot_constants;

/*
 * The constant that the instruction at `pc` finds in the slot with its width (an element's bytes, a map's
 * descriptor) or its index (SlotGet, SlotSet, SlotGetN, SlotSetN). False: it has none, or it may be another.
 */
bool volt_slot_constant(const slot_constants *constants, uint32_t pc, uint64_t *value);

/* The slots [first, first + count) of an operand, all of which lie in the frame. */
typedef struct {
	uint32_t first, count;
	bool exact; /* these; else any of them, or none */
} operand_extent;

/*
 * What an operand (READ, WRITE, UPDATE, IMPLICIT_READ) of the instruction at `pc` covers. It is exact unless
 * a width or an index is only known at run time, or leaves the frame, so that the instruction does not do its
 * work: then it reaches to the frame's end.
 */
operand_extent volt_operand_extent(const slot_constants *constants, uint32_t pc, const volt_operand *operand);

/* May the instruction at `pc` write the slot? */
bool volt_may_write_slot(const slot_constants *constants, uint32_t pc, uint32_t slot);

/* What LoadInt or LoadConst loads. */
uint64_t volt_loaded_value(const volt_module *module, volt_instruction instruction);

VOLT_DECLARATIONS_END

/*
 * Of a verified function and its blocks, in at most `most_steps` steps from one instruction to the one before
 * it; what would take more is not known. Without memory nothing is. The result does not need `flow` any more.
 */
void slot_constants_compute(const volt_module *module, const control_flow *flow, uint64_t most_steps,
                            slot_constants *result);
void slot_constants_dispose(slot_constants *constants);

#endif
