/* What the operands of an instruction cover, as far as the instruction alone tells. */
#ifndef BYTECODE_MODEL_OPERANDS_H
#define BYTECODE_MODEL_OPERANDS_H

#include "volt/bytecode.h"

/* READ, WRITE, UPDATE, IMPLICIT_READ: operands that are ranges of frame slots. */
bool operand_is_slots(const volt_operand *operand);

/*
 * Slots that the operand covers whatever happens at run time: exact where volt_operand_slots() is, 1 for
 * REST_OF_FRAME, the least possible number where the width stands in a slot, and what the import declares for
 * results of natives, which may end behind the frame. Works on modules that are not verified.
 */
uint32_t operand_least_slots(const volt_module *module, volt_instruction instruction,
                             const volt_operand *operand);

/* GoStart, DeferPush, ErrDeferPush: the callee is a closure in a slot. */
static inline bool callee_is_closure(volt_instruction instruction) {
	return instruction.flags & 1;
}

/* Fields of an instruction of a known opcode that its operands say something about, as volt_field_mask(). */
uint64_t operands_used_bits(volt_instruction instruction);

#endif
