/* What is called in the place of object_new: a function of the unit for each struct. */
#include "codegen/new_objects.h"

#include <stdio.h>

#include "ir/blocks.h"
#include "ir/emit.h"
#include "ir/free_blocks.h"
#include "ir/helper_declarations.h"

enum { ARGUMENT_CONTEXT, ARGUMENT_META, ARGUMENT_SLOTS, ARGUMENT_TRUSTED };

static bool is_constant(LLVMValueRef v_call, unsigned argument, uint64_t *value) {
	LLVMValueRef v = LLVMGetOperand(v_call, argument);
	if (!LLVMIsAConstantInt(v))
		return false;
	*value = LLVMConstIntGetZExtValue(v);
	return true;
}

/* Of the struct that a call makes an object of; NULL: the host makes it. Those that exits make are rare. */
static const volt_free_block *free_block_of_call(const module_lowering *module, LLVMValueRef v_call,
                                                 uint32_t *struct_meta) {
	uint64_t meta, slots, trusted;
	size_t length;
	const char *name = LLVMGetValueName2(LLVMBasicBlockAsValue(LLVMGetInstructionParent(v_call)), &length);
	if (block_name_is_cold(name, length) || !is_constant(v_call, ARGUMENT_META, &meta) ||
	    !is_constant(v_call, ARGUMENT_SLOTS, &slots) || !is_constant(v_call, ARGUMENT_TRUSTED, &trusted) ||
	    !trusted || volt_meta_kind((uint32_t)meta) != VOLT_KIND_STRUCT)
		return NULL;
	*struct_meta = volt_meta_id((uint32_t)meta);
	const volt_free_block *kind = free_block_of_struct(module, *struct_meta);
	return kind && kind->words == slots ? kind : NULL;
}

/* ---- The function ---- */

static LLVMValueRef call_host(module_lowering *module, LLVMValueRef v_context, uint32_t struct_meta,
                              uint32_t words) {
	const helper_declaration *helper = declare_helper(module, VOLT_HELPER_object_new);
	LLVMValueRef v_arguments[] = {
	    [ARGUMENT_CONTEXT] = v_context,
	    [ARGUMENT_META] =
	        LLVMConstInt(module->types.i64, volt_meta_make(struct_meta, VOLT_KIND_STRUCT), false),
	    [ARGUMENT_SLOTS] = LLVMConstInt(module->types.i32, words, false),
	    [ARGUMENT_TRUSTED] = LLVMConstInt(module->types.i32, 1, false),
	};
	return LLVMBuildCall2(module->builder, helper->type, helper->v_function, v_arguments, 4, "");
}

static LLVMValueRef take(module_lowering *module, const free_block *found) {
	LLVMValueRef v_object = take_free_block(module, found);
	if (!found->kind->is_clear)
		LLVMBuildMemSet(module->builder, v_object, LLVMConstInt(module->types.i8, 0, false),
		                LLVMConstInt(module->types.i64, found->kind->words * sizeof(volt_slot), false),
		                sizeof(volt_slot));
	return LLVMBuildPtrToInt(module->builder, v_object, module->types.i64, "");
}

static void build(module_lowering *module, LLVMValueRef v_function, uint32_t struct_meta) {
	LLVMBuilderRef builder = module->builder;
	LLVMValueRef v_context = LLVMGetParam(v_function, 0);
	LLVMBasicBlockRef b_entry = new_block_in(module, v_function, BLOCK_ENTRY);
	LLVMBasicBlockRef b_take = new_block_in(module, v_function, BLOCK_TAKE);
	LLVMBasicBlockRef b_host = new_block_in(module, v_function, BLOCK_HOST);
	LLVMPositionBuilderAtEnd(builder, b_entry);
	LLVMSetCurrentDebugLocation2(builder, NULL); /* copies have the line of their call */
	const free_block found = find_free_block(module, v_context, free_block_of_struct(module, struct_meta));
	LLVMValueRef v_empty = LLVMBuildIsNull(builder, found.v_block, "v_empty");
	set_weights(module, LLVMBuildCondBr(builder, v_empty, b_host, b_take),
	            (branch_weights){WEIGHT_COLD, WEIGHT_HOT});
	LLVMPositionBuilderAtEnd(builder, b_take);
	LLVMBuildRet(builder, take(module, &found));
	LLVMPositionBuilderAtEnd(builder, b_host);
	LLVMBuildRet(builder, call_host(module, v_context, struct_meta, found.kind->words));
}

static LLVMTypeRef function_type(const module_lowering *module) {
	LLVMTypeRef pointer = module->types.pointer;
	return LLVMFunctionType(module->types.i64, &pointer, 1, false);
}

static LLVMValueRef function_of_struct(module_lowering *module, uint32_t struct_meta) {
	char name[32];
	snprintf(name, sizeof name, "volt_new_struct_%u", struct_meta);
	LLVMValueRef v_function = LLVMGetNamedFunction(module->module, name);
	if (v_function)
		return v_function;
	v_function = LLVMAddFunction(module->module, name, function_type(module));
	LLVMSetLinkage(v_function, LLVMInternalLinkage);
	add_function_attribute(module, v_function, "alwaysinline", 0);
	add_function_attribute(module, v_function, "nounwind", 0);
	build(module, v_function, struct_meta);
	return v_function;
}

/* ---- Its calls ---- */

static bool make_in_line(module_lowering *module, LLVMValueRef v_call) {
	uint32_t struct_meta;
	if (!free_block_of_call(module, v_call, &struct_meta))
		return false;
	LLVMValueRef v_function = function_of_struct(module, struct_meta);
	LLVMValueRef v_context = LLVMGetOperand(v_call, ARGUMENT_CONTEXT);
	LLVMPositionBuilderBefore(module->builder, v_call);
	LLVMValueRef v_new =
	    LLVMBuildCall2(module->builder, function_type(module), v_function, &v_context, 1, "");
	LLVMReplaceAllUsesWith(v_call, v_new);
	LLVMInstructionEraseFromParent(v_call);
	return true;
}

bool make_objects_in_line(module_lowering *module) {
	/* By name: a pass may have deleted a declaration whose last call it has deleted. */
	LLVMValueRef v_helper = LLVMGetNamedFunction(module->module, helper_symbols[VOLT_HELPER_object_new]);
	module->helpers[VOLT_HELPER_object_new].v_function = v_helper;
	bool some = false;
	LLVMUseRef next;
	for (LLVMUseRef use = v_helper ? LLVMGetFirstUse(v_helper) : NULL; use; use = next) {
		LLVMValueRef v_call = LLVMGetUser(use);
		next = LLVMGetNextUse(use);
		if (LLVMIsACallInst(v_call) && LLVMGetCalledValue(v_call) == v_helper)
			some |= make_in_line(module, v_call);
	}
	return some;
}
