/*
 * Functions in two parts: the inner form has the paths that call nothing, such as the base case of a
 * recursion, and needs no frame; where a call follows it goes on, by a tail call, in the rest of the
 * function.
 *
 * LLVM does the same inside of one function (shrink wrapping), but gives up where a value stands in a saved
 * register on both sides, and in every function with landing pads.
 */
#ifndef CALLS_SPLIT_PROLOGUE_H
#define CALLS_SPLIT_PROLOGUE_H

#include "ir/lowering.h"

enum { REST_CONSTANTS = 8 };

typedef struct function_rest {
	uint32_t pc;                        /* where it starts */
	uint32_t *slots;                    /* by parameter: the slot that it carries */
	uint32_t constants[REST_CONSTANTS]; /* pcs of the instructions that load what stands in other slots */
	uint32_t constant_count;
	LLVMValueRef v_function;
} function_rest;

/*
 * Makes the inner form that is being lowered go on in a rest, if the preset asks for it and it pays. What
 * stands behind the rest's start is then not `lowered`, and the stack check is the rest's.
 */
void split_off_rest(function_lowering *lowering);

/* Does the function that is being lowered go on in its rest at `pc`? */
bool rest_starts_at(const function_lowering *lowering, uint32_t pc);

/* The tail call there. */
void go_on_in_rest(function_lowering *lowering);

/* At the start of the rest: slots get their values. */
void enter_rest(function_lowering *lowering);

void rest_free(function_rest *rest);

#endif
