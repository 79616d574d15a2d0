/*
 * Superinstructions: opcodes above those of the format, in the VM's own copy of the code. Only the opcode
 * byte of the first instruction is replaced and the others stay as they are, so every pc keeps its meaning
 * and jumping into the middle of a fused sequence works.
 */
#ifndef INTERPRETER_FUSE_H
#define INTERPRETER_FUSE_H

#include <stdbool.h>

#include "volt/bytecode.h"

typedef enum {
	FUSED_BEFORE_FIRST = VOLT_OPCODE_COUNT - 1,
#define FUSED(name, ...) FUSED_OP_##name,
#include "interpreter/fused.def"
#undef FUSED
	FUSED_END,
} fused_opcode;

_Static_assert(FUSED_END <= UINT8_MAX + 1, "an opcode is one byte");

/* Replaces opcodes in the code of one function. */
void fuse_code(volt_instruction *code, uint32_t count);

/* For tests that compare both ways: VMs that are made from now on run fused code, or plain code. */
void fuse_enable(bool enable);

#endif
