/* Calls that take what string_part has made become calls that take what it was made of. */
#include "codegen/string_parts.h"

#include "ir/helper_declarations.h"

/*
 * A helper of two operands, one of which may be a part, and what takes string, bounds and the other operand,
 * and then what else there is.
 */
static const struct {
	volt_helper with_string, with_part;
	unsigned part, other; /* arguments; 0 is the context */
} forms[] = {
    {VOLT_HELPER_map_place, VOLT_HELPER_map_place_of_part, 2, 1},
    {VOLT_HELPER_string_equal, VOLT_HELPER_string_part_equal, 1, 2},
    {VOLT_HELPER_string_equal, VOLT_HELPER_string_part_equal, 2, 1},
};

static bool is_call_of(const module_lowering *module, LLVMValueRef v, volt_helper helper) {
	LLVMValueRef v_helper = module->helpers[helper].v_function;
	return v_helper && LLVMIsACallInst(v) && LLVMGetCalledValue(v) == v_helper;
}

static void call_with_part(module_lowering *module, LLVMValueRef v_call, size_t form) {
	enum { OPERANDS_END = 3, MOST_ARGUMENTS = 8 };
	const helper_declaration *helper = declare_helper(module, forms[form].with_part);
	LLVMValueRef v_part = LLVMGetOperand(v_call, forms[form].part);
	LLVMValueRef v_arguments[MOST_ARGUMENTS] = {
	    LLVMGetOperand(v_call, 0),
	    LLVMGetOperand(v_part, 1),
	    LLVMGetOperand(v_part, 2),
	    LLVMGetOperand(v_part, 3),
	    LLVMGetOperand(v_call, forms[form].other),
	};
	unsigned count = 5;
	for (unsigned i = OPERANDS_END; i < LLVMGetNumArgOperands(v_call); i++)
		v_arguments[count++] = LLVMGetOperand(v_call, i);
	LLVMPositionBuilderBefore(module->builder, v_call);
	LLVMValueRef v_new =
	    LLVMBuildCall2(module->builder, helper->type, helper->v_function, v_arguments, count, "");
	LLVMReplaceAllUsesWith(v_call, v_new);
	LLVMInstructionEraseFromParent(v_call);
}

static void look_at_call(module_lowering *module, LLVMValueRef v_call) {
	for (size_t form = 0; form < sizeof forms / sizeof forms[0]; form++)
		if (host_has(module, forms[form].with_part) && is_call_of(module, v_call, forms[form].with_string) &&
		    is_call_of(module, LLVMGetOperand(v_call, forms[form].part), VOLT_HELPER_string_part)) {
			call_with_part(module, v_call, form);
			return;
		}
}

static void look_at_block(module_lowering *module, LLVMBasicBlockRef b) {
	LLVMValueRef v_next;
	for (LLVMValueRef v = LLVMGetFirstInstruction(b); v; v = v_next) {
		v_next = LLVMGetNextInstruction(v);
		look_at_call(module, v);
	}
}

void look_at_parts_in_place(module_lowering *module) {
	if (!module->helpers[VOLT_HELPER_string_part].v_function)
		return;
	for (LLVMValueRef v = LLVMGetFirstFunction(module->module); v; v = LLVMGetNextFunction(v))
		for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(v); b; b = LLVMGetNextBasicBlock(b))
			look_at_block(module, b);
}
