/* Handing a native frame over to the host: constants that describe exit sites, and the functions that exits
 * call. */
#ifndef CALLS_FRAME_STATE_H
#define CALLS_FRAME_STATE_H

#include "ir/lowering.h"

/*
 * Captures the function's frame with the slots of the set, to continue at `pc` (or VOLT_PC_IN_CONTEXT). Gives
 * the status back: a value that need not stay alive while the host is called.
 */
LLVMValueRef capture_frame(function_lowering *lowering, uint32_t pc, const uint64_t *slots,
                           LLVMValueRef v_status);

/*
 * Behind capture_frame(): captures the frames that tail calls of this form have skipped, if it has any such
 * call. They continue behind that, and read nothing but what it returns.
 */
void capture_skipped_frames(function_lowering *lowering);

#endif
