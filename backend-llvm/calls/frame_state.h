/* Handing a native frame over to the host: constants that describe exit sites, and the functions that exits
 * call. */
#ifndef EXIT_RECORDER_H
#define EXIT_RECORDER_H

#include "ir/lowering.h"

/*
 * Records the function's frame with the slots of the set, to continue at `pc` (or VOLT_PC_IN_CONTEXT). Gives
 * the status back: a value that need not stay alive while the host is called.
 */
LLVMValueRef record_frame(function_lowering *lowering, uint32_t pc, const uint64_t *slots,
                          LLVMValueRef v_status);

#endif
