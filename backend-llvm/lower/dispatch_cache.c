/* The cache of a call site: a hit is a key and the callee's index in one word. */
#include "lower/dispatch_cache.h"

#include "calls/checks.h"
#include "ir/emit.h"
#include "ir/heap_layout.h"

/* A word of the cache: the callee above, the key below. Keys are never 0. */
enum { CACHE_CALLEE_SHIFT = 32 };

void leave_to_host_if(function_lowering *lowering, LLVMValueRef v_condition, LLVMBasicBlockRef b_host) {
	LLVMBasicBlockRef b_hot = branch_unlikely(lowering, v_condition, BLOCK_OTHER_CALLEE);
	LLVMBuildBr(lowering->builder, b_host);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	lowering->b_main = NULL; /* the host's way leads around what follows */
}

LLVMValueRef new_dispatch_cache(module_lowering *module) {
	LLVMTypeRef type = LLVMArrayType2(module->types.i64, VOLT_CALL_CACHE_WORDS);
	LLVMValueRef v_cache = LLVMAddGlobal(module->module, type, "volt_call_cache");
	LLVMSetInitializer(v_cache, LLVMConstNull(type));
	LLVMSetLinkage(v_cache, LLVMInternalLinkage);
	return v_cache;
}

/* The closure's function, or the dispatch table of the interface's dynamic type, as i64. Nil has none. */
static LLVMValueRef dispatch_number(function_lowering *lowering, LLVMBasicBlockRef b_host) {
	LLVMBuilderRef builder = lowering->builder;
	const basic_types *types = &lowering->module->types;
	LLVMValueRef v_slot = read_slot(lowering, lowering->instruction.a);
	if (lowering->instruction.op == VOLT_OP_CallIface) {
		LLVMValueRef v_kind = kind_byte_of_type(lowering, v_slot);
		leave_to_host_if(lowering, LLVMBuildIsNull(builder, v_kind, "v_nil"), b_host);
		return table_of_type(lowering, v_slot);
	}
	leave_to_host_if(lowering, LLVMBuildIsNull(builder, v_slot, "v_nil"), b_host);
	LLVMValueRef v_closure = LLVMBuildIntToPtr(builder, v_slot, types->pointer, "");
	LLVMValueRef v_address = heap_field(lowering, v_closure, heap_layout_of(lowering)->closure_function);
	return LLVMBuildZExt(builder, LLVMBuildLoad2(builder, types->i32, v_address, ""), types->i64, "");
}

/* Several threads may use the cache: a word is read as a whole. */
LLVMValueRef look_up_in_cache(function_lowering *lowering, LLVMValueRef v_cache, LLVMBasicBlockRef b_host) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMTypeRef i32 = lowering->module->types.i32;
	LLVMValueRef v_number = dispatch_number(lowering, b_host);
	LLVMValueRef v_key = LLVMBuildAdd(builder, v_number, constant_i64(lowering, 1), "v_key");
	LLVMValueRef v_way =
	    LLVMBuildAnd(builder, v_key, constant_i64(lowering, VOLT_CALL_CACHE_WORDS - 1), "v_way");
	LLVMValueRef v_word = LLVMBuildLoad2(builder, lowering->module->types.i64,
	                                     slot_address(lowering, v_cache, v_way), "v_word");
	LLVMSetAlignment(v_word, sizeof(uint64_t));
	LLVMSetOrdering(v_word, LLVMAtomicOrderingMonotonic);
	LLVMValueRef v_found = LLVMBuildTrunc(builder, v_word, i32, "");
	LLVMValueRef v_wanted = LLVMBuildTrunc(builder, v_key, i32, "");
	leave_to_host_if(lowering, LLVMBuildICmp(builder, LLVMIntNE, v_found, v_wanted, "v_other"), b_host);
	return LLVMBuildLShr(builder, v_word, constant_i64(lowering, CACHE_CALLEE_SHIFT), "v_index");
}
