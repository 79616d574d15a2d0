/* Handing a native frame over to the host: constants that describe exit sites, and the functions that exits
 * call. */
#ifndef CALLS_FRAME_STATE_H
#define CALLS_FRAME_STATE_H

#include "ir/lowering.h"

/* What is captured of a function's frame. */
typedef struct {
	uint32_t pc;           /* where it continues, or VOLT_PC_IN_CONTEXT */
	bool returns;          /* it has executed the Return at `pc`, and makes deferred calls */
	const uint64_t *slots; /* of all_slots() */
} captured_state;

/* Gives the status back: a value that need not stay alive while the host is called. */
LLVMValueRef capture_frame(function_lowering *lowering, const captured_state *state, LLVMValueRef v_status);

/*
 * Behind capture_frame(): captures the frames that tail calls of this form have skipped, if it has any such
 * call. They continue behind that, and read nothing but what it returns.
 */
void capture_skipped_frames(function_lowering *lowering);

/*
 * Makes the exits of a form whose frame the fiber holds meet in one piece of code, which writes the slots of
 * an exit to that frame and 0 to all others, as the description of its site says. Called in the entry block.
 */
void share_held_exits(function_lowering *lowering);

/* An exit of such a form: leaves with the status. */
void leave_held_frame(function_lowering *lowering, const captured_state *state, LLVMValueRef v_status);

#endif
