/* Where plain code, which is generated without optimisation, keeps the slots of its frame. */
#ifndef LOWER_PLAIN_SLOTS_H
#define LOWER_PLAIN_SLOTS_H

#include "ir/emit.h"

/* Makes the slots' variables in the entry block. */
void plain_slots_start(function_lowering *lowering);
void plain_slots_end(function_lowering *lowering);

/* Gives all slots but the parameters the values with which a frame begins. */
void plain_slots_clear(function_lowering *lowering);

/* Fetches a frame that the fiber holds. */
void plain_slots_load(function_lowering *lowering, LLVMValueRef v_from);

/* At the start of a block to which several ways may lead, nothing is known. */
void plain_slots_enter_block(function_lowering *lowering);

#endif
