/*
 * Innermost loops in two versions, at the optimised level. The first is the loop as it is everywhere. Behind
 * a complete round of it the code counts for how many rounds more nothing that analysis/rounds.h has found
 * can fail, and goes on in the second version for so many: without these checks, without the exits of these
 * tests and without looking whether to give way. Then comes a round of the first version again. So what
 * fails, fails in the first version, and every exit of both is that of the bytecode, slot by slot.
 */
#ifndef LOWER_LOOP_VERSIONS_H
#define LOWER_LOOP_VERSIONS_H

#include "analysis/rounds.h"
#include "ir/lowering.h"

/* What a round of the first version leaves, by the instruction that leaves it. */
typedef enum {
	KEPT_INDEX, /* of an element: the index, the length that it is checked against, and where element 0 is */
	KEPT_LENGTH,
	KEPT_DATA,
	KEPT_RESULT = 0, /* of what is repeated */
	KEPT_FIRST = 0,  /* of a comparison: its operands */
	KEPT_SECOND,
	KEPT_COUNT = 3,
} kept_value;

/* Finds which loops get two versions. What this form lowers is known; the builder stands in front of it. */
void find_loop_versions(function_lowering *lowering);
void loop_versions_free(function_lowering *lowering);

/* Once the first versions are complete: lowers the second ones, instruction by instruction. */
void lower_second_versions(function_lowering *lowering,
                           void (*lower_at)(function_lowering *lowering, uint32_t pc));

/* In front of the instruction, and behind it: true in front: it is done. */
bool enter_instruction_of_round(function_lowering *lowering);
void leave_instruction_of_round(function_lowering *lowering);

/* What is known of the instruction that is lowered; NULL: nothing, or its loop has one version. */
const round_fact *fact_here(const function_lowering *lowering);

bool in_second_version(const function_lowering *lowering);

void keep_value(function_lowering *lowering, kept_value which, LLVMValueRef v_value);
LLVMValueRef kept_here(function_lowering *lowering, kept_value which, LLVMTypeRef type);

/* Of a jump that a fact says stays in the loop. */
bool jump_stays_if_taken(const function_lowering *lowering);

/* Where a jump back to this loop header goes; NULL: the loop has one version. */
LLVMBasicBlockRef way_back(function_lowering *lowering, uint32_t header);

#endif
