/* Sending and receiving: the value passes through the scratch array. */
#include "calls/checks.h"
#include "lower/opcodes.h"

/* Whatever the status, the slots hold what the host has left in the scratch array. */
static void leave_or_go_on(function_lowering *lowering, LLVMValueRef v_status, uint32_t written) {
	uint32_t first = lowering->instruction.a;
	LLVMBasicBlockRef b_hot = branch_unless_ok(lowering, v_status, BLOCK_CHANNEL_EXIT);
	load_slots(lowering, first, lowering->v_scratch, written, MEMORY_UNNAMED);
	exit_as_host_says(lowering, v_status);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	load_slots(lowering, first, lowering->v_scratch, written, MEMORY_UNNAMED);
	forced_exit_check(lowering, lowering->pc + 1);
}

static void lower_channel_send(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	store_slots(lowering, lowering->v_scratch, instruction.b, instruction.flags, MEMORY_UNNAMED);
	LLVMValueRef v_arguments[] = {
	    lowering->v_context, constant_i32(lowering, lowering->pc),      read_slot(lowering, instruction.a),
	    lowering->v_scratch, constant_i32(lowering, instruction.flags),
	};
	leave_or_go_on(lowering, call_helper(lowering, VOLT_HELPER_channel_send, v_arguments, 5), 0);
}

/* A receive that panics or sleeps writes nothing, so the slots pass through the scratch array as they are. */
static void lower_channel_receive(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint32_t slots = instruction.flags >> 1, has_ok = instruction.flags & 1;
	store_slots(lowering, lowering->v_scratch, instruction.a, slots + has_ok, MEMORY_UNNAMED);
	LLVMValueRef v_arguments[] = {
	    lowering->v_context, constant_i32(lowering, lowering->pc), read_slot(lowering, instruction.b),
	    lowering->v_scratch, constant_i32(lowering, slots),        constant_i32(lowering, has_ok),
	};
	leave_or_go_on(lowering, call_helper(lowering, VOLT_HELPER_channel_receive, v_arguments, 6),
	               slots + has_ok);
}

const opcode_row channels_opcodes[] = {
    {VOLT_OP_ChanSend, lower_channel_send},
    {VOLT_OP_ChanRecv, lower_channel_receive},
    {.lower = NULL},
};
