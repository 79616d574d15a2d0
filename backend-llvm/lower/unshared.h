/*
 * Slices whose header nothing but one slot refers to. An append makes a new header, because other slots and
 * objects may go on seeing the old one; where none does, the old one can be changed, and nothing is
 * allocated.
 *
 * Each slot that may hold such a slice has a flag beside it, which says at run time whether it does: set by
 * what makes a header, cleared by whatever hands the slot's value on. A flag is never set where a frame
 * begins or goes on: what the interpreter did meanwhile is not known.
 */
#ifndef LOWER_UNSHARED_H
#define LOWER_UNSHARED_H

#include "ir/lowering.h"

/* Makes the flags at the start of a form; none if the function never appends, or is large. */
void unshared_start(function_lowering *lowering);

/* Around the lowering of each instruction: what it does to the flags. */
void unshared_before(function_lowering *lowering);
void unshared_after(function_lowering *lowering);

/*
 * An i1: may the SliceAppend that is being lowered change the header that it is given, in place? NULL: never.
 * The header is not nil then.
 */
LLVMValueRef unshared_header(function_lowering *lowering);

void unshared_end(function_lowering *lowering);

#endif
