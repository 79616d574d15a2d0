/* Named operands that the text form must have even when they are 0: a forgotten one would mean something
 * else. */
#ifndef BYTECODE_VOT_REQUIRED_H
#define BYTECODE_VOT_REQUIRED_H

#include "volt/bytecode.h"

/* The operand is NAMED, and 0 in the instruction. Works on modules that are not verified. */
bool required_operand(const volt_module *module, volt_instruction instruction, const volt_operand *operand);

/* What a required operand of this name counts, for messages. */
const char *required_operand_hint(const char *name);

#endif
