/*
 * What an exit does with the native frame of the function that exits: the `exit` axis, one file for each
 * value.
 *
 * Contract (design document, section 4): afterwards the fiber's frames, their pcs and every slot that the
 * interpreter can still read are what the interpreter would have had; a slot that it will not read again
 * holds 0 or what it held before. Each function below ends the current block with a return.
 */
#ifndef EXIT_STRATEGY_H
#define EXIT_STRATEGY_H

#include "ir/lowering.h"

/*
 * Where a function continues after an exit of its own: at a known pc; or `in_context`, where the host has
 * written one to `exit_pc`, this instruction's or the next one's.
 */
struct exit_point {
	uint32_t pc;
	bool in_context;
};

struct exit_strategy {
	const char *name;
	bool needs_base;  /* compiled code must know where its frames stand in the fiber's stack */
	bool starts_anew; /* after an exit the function is executed again: nothing else may be changed by then */
	volt_context_field stack_limit; /* below it, a function that starts exits */
	/* The function's own instruction exits. */
	void (*exit_here)(function_lowering *lowering, LLVMValueRef v_status, exit_point point);
	/* A callee has exited, and has seen to its own frame; this function continues behind the call. */
	void (*exit_after_call)(function_lowering *lowering, const call_site *site, LLVMValueRef v_status);
};

extern const exit_strategy frames_exit;
extern const exit_strategy callback_exit;
extern const exit_strategy trivial_exit;
extern const exit_strategy record_exit;

/* The strategy of a preset. */
const exit_strategy *exit_strategy_find(exit_kind kind);

#endif
