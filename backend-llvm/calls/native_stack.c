/* Where the native stack is checked, and the check. */
#include "calls/native_stack.h"

#include <string.h>

#include "analysis/stack_check.h"
#include "calls/checks.h"
#include "calls/preset.h"
#include "calls/strategy.h"
#include "calls/tail_calls.h"

/*
 * Without optimisation each value may get a place of its own in the frame: at most as many words as the
 * function's instructions read and write. What the limit leaves has room for two frames of this size.
 */
static bool plain_frame_is_small(const function_lowering *lowering) {
	enum { MOST_WORDS = 8000 };
	const volt_function *function = lowering->function;
	uint64_t words = all_slots(lowering);
	for (uint32_t pc = 0; pc < function->code.count && words <= MOST_WORDS; pc++) {
		const volt_instruction instruction = function->code.items[pc];
		const volt_operand *operand = volt_opcode_get_info(instruction.op)->operands;
		for (; operand->role != VOLT_OPERAND_NONE; operand++) {
			const int slots = volt_operand_slots(lowering->module->bytecode, function, instruction, operand);
			words += slots < 0 ? function->local_slots : (uint64_t)slots;
		}
	}
	return words <= MOST_WORDS;
}

static uint32_t place(const function_lowering *lowering) {
	switch (lowering->module->options.preset->check) {
	case CHECK_ENTRY: return 0;
	/* Large frames would take too much of what the limit leaves; deferred calls are calls. */
	case CHECK_CALL: {
		const bool is_small =
		    !lowering->shape->large && (!lowering->module->options.plain || plain_frame_is_small(lowering));
		return !is_small || lowering->deferred ? 0 : volt_stack_check_pc(lowering->function);
	}
	case CHECK_COUNT: break;
	}
	return 0;
}

/* A copy that becomes part of its callers is covered by their check. */
void place_native_stack_check(function_lowering *lowering) {
	if (lowering->form == FORM_INLINED || (lowering->v_skipped && !calls_beside_tail_jump(lowering)))
		return;
	uint32_t pc = place(lowering);
	if (pc == 0)
		native_stack_check(lowering, 0);
	else
		lowering->stack_check_pc = pc;
}

/*
 * Instruction selection without optimisation knows the frame's address and not the stack pointer, which is
 * lower by the size of the frame.
 */
static bool takes_frame_address(const function_lowering *lowering) {
	return lowering->module->options.plain && plain_frame_is_small(lowering);
}

static LLVMValueRef native_stack_address(function_lowering *lowering) {
	const bool is_frame = takes_frame_address(lowering);
	const char *name = is_frame ? "llvm.frameaddress" : "llvm.stacksave";
	LLVMTypeRef pointer = lowering->module->types.pointer;
	unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
	LLVMValueRef v_intrinsic = LLVMGetIntrinsicDeclaration(lowering->module->module, id, &pointer, 1);
	LLVMTypeRef type = LLVMIntrinsicGetType(lowering->module->context, id, &pointer, 1);
	LLVMValueRef v_own_level = constant_i32(lowering, 0);
	LLVMValueRef v_address = LLVMBuildCall2(lowering->builder, type, v_intrinsic, &v_own_level, is_frame, "");
	return LLVMBuildPtrToInt(lowering->builder, v_address, lowering->module->types.i64, "v_machine_stack");
}

LLVMValueRef read_stack_limit(function_lowering *lowering, volt_context_field field,
                              LLVMAtomicOrdering ordering) {
	LLVMValueRef v_limit = read_context(lowering, field);
	LLVMSetAlignment(v_limit, sizeof(uint64_t));
	LLVMSetOrdering(v_limit, ordering);
	return v_limit;
}

/*
 * An exit for want of native stack is a good moment to give way, unless steps are counted: then the slice
 * goes on, and ends where the interpreter's would. Unordered: any value that the limit has had will do, and
 * the code generator makes the load a part of the comparison.
 */
void native_stack_check(function_lowering *lowering, uint32_t pc) {
	LLVMValueRef v_limit =
	    read_stack_limit(lowering, lowering->frame->stack_limit, LLVMAtomicOrderingUnordered);
	LLVMValueRef v_low =
	    LLVMBuildICmp(lowering->builder, LLVMIntULT, native_stack_address(lowering), v_limit, "v_low");
	bool counts_steps = lowering->module->options.count_steps;
	exit_to_host_if(lowering, v_low, BLOCK_STACK_LOW, counts_steps ? VOLT_STATUS_CALL : VOLT_STATUS_YIELD,
	                pc);
}
