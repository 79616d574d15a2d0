/* Where the native stack is checked, and the check. */
#include "calls/native_stack.h"

#include <string.h>

#include "analysis/stack_check.h"
#include "calls/checks.h"
#include "calls/preset.h"
#include "calls/strategy.h"
#include "calls/tail_calls.h"

static uint32_t place(const function_lowering *lowering) {
	switch (lowering->module->options.preset->check) {
	case CHECK_ENTRY: return 0;
	/* Frames of large functions would take too much of what the limit leaves; deferred calls are calls. */
	case CHECK_CALL:
		return lowering->shape->large || lowering->deferred ? 0 : volt_stack_check_pc(lowering->function);
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
 * lower by the size of the frame. What the limit leaves has room for one frame that is not large.
 */
static bool takes_frame_address(const function_lowering *lowering) {
	enum { MOST_SLOTS = 256, MOST_INSTRUCTIONS = 1000 };
	return lowering->module->options.plain && all_slots(lowering) <= MOST_SLOTS &&
	       lowering->function->code.count <= MOST_INSTRUCTIONS;
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
