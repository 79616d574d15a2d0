/*
 * What an exit does with the native frame of the function that exits: the `exit` axis, one file for each
 * value.
 *
 * Contract (design document, section 4): afterwards the fiber's frames, their pcs and every slot that the
 * interpreter can still read are what the interpreter would have had. `exit_pc` of the context holds where
 * the function continues. Each function below ends the current block with a return.
 */
#ifndef EXIT_STRATEGY_H
#define EXIT_STRATEGY_H

#include "lower/lowering.h"

struct exit_strategy {
	const char *name;
	/* The function's own instruction exits; `exit_pc` is set. */
	void (*exit_here)(function_lowering *lowering, LLVMValueRef v_status);
	/* A callee has exited; `exit_pc` is where the callee continues. */
	void (*exit_after_call)(function_lowering *lowering, const call_site *site, LLVMValueRef v_status);
};

extern const exit_strategy frames_exit;

/* The strategy of a preset. */
const exit_strategy *exit_strategy_find(exit_kind kind);

#endif
