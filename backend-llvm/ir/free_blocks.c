/* Taking blocks out of a list: a few loads and two stores. */
#include "ir/free_blocks.h"

#include "ir/memory_names.h"

static const volt_free_block *free_block_at(const module_lowering *module, uint32_t index) {
	const volt_tier_host *host = module->options.host;
	const volt_free_block *kind = host && host->free_blocks ? &host->free_blocks[index] : NULL;
	return kind && kind->words ? kind : NULL;
}

const volt_free_block *free_block_of_struct(const module_lowering *module, uint32_t struct_meta) {
	return struct_meta < module->bytecode->struct_metas.count ? free_block_at(module, struct_meta) : NULL;
}

const volt_free_block *free_block_of_slice(const module_lowering *module) {
	return free_block_at(module, module->bytecode->struct_metas.count);
}

static LLVMValueRef behind(module_lowering *module, LLVMValueRef v_address, uint64_t bytes) {
	LLVMValueRef v_bytes = LLVMConstInt(module->types.i64, bytes, false);
	return LLVMBuildInBoundsGEP2(module->builder, module->types.i8, v_address, &v_bytes, 1, "");
}

static LLVMValueRef load(module_lowering *module, LLVMTypeRef type, LLVMValueRef v_address) {
	LLVMValueRef v_value = LLVMBuildLoad2(module->builder, type, v_address, "");
	name_memory_in(module, v_value, MEMORY_CONTEXT);
	return v_value;
}

enum { IN_THIS_THREAD = 1 }; /* of fences: it keeps an order, and is no instruction */

/* The list must be whole before the block's first word changes: another thread may stop this one
 * between. What is stored into the object comes behind both. */
static void store_in_order(module_lowering *module, LLVMValueRef v_value, LLVMValueRef v_address) {
	LLVMValueRef v_store = LLVMBuildStore(module->builder, v_value, v_address);
	LLVMSetVolatile(v_store, true);
	name_memory_in(module, v_store, MEMORY_CONTEXT);
}

free_block find_free_block(module_lowering *module, LLVMValueRef v_context, const volt_free_block *kind) {
	LLVMTypeRef pointer = module->types.pointer;
	LLVMValueRef v_field = behind(module, v_context, module->options.context_offsets[VOLT_CONTEXT_allocator]);
	LLVMValueRef v_allocator = load(module, pointer, v_field);
	LLVMValueRef v_block = load(module, pointer, behind(module, v_allocator, kind->list));
	return (free_block){kind, v_allocator, v_block};
}

LLVMValueRef take_free_block(module_lowering *module, const free_block *found) {
	LLVMValueRef v_header =
	    load(module, module->types.i64, behind(module, found->v_allocator, found->kind->header));
	LLVMValueRef v_next = load(module, module->types.pointer, found->v_block);
	store_in_order(module, v_next, behind(module, found->v_allocator, found->kind->list));
	store_in_order(module, v_header, found->v_block);
	LLVMBuildFence(module->builder, LLVMAtomicOrderingSequentiallyConsistent, IN_THIS_THREAD, "");
	return behind(module, found->v_block, sizeof(uint64_t));
}
