/* The building blocks that are too long for the header. */
#include "ir/emit.h"

#include <string.h>

#include "analysis/certain_results.h"
#include "guard/memory.h"
#include "ir/helper_declarations.h"

void add_function_attribute(module_lowering *module, LLVMValueRef v_function, const char *name,
                            uint64_t value) {
	unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
	LLVMAddAttributeAtIndex(v_function, LLVMAttributeFunctionIndex,
	                        LLVMCreateEnumAttribute(module->context, kind, value));
}

LLVMValueRef unified_float(function_lowering *lowering, volt_kind kind, LLVMValueRef v_slot) {
	const basic_types *types = &lowering->module->types;
	LLVMBuilderRef builder = lowering->builder;
	bool single = kind == VOLT_KIND_FLOAT32;
	LLVMValueRef v_bits = single ? LLVMBuildTrunc(builder, v_slot, types->i32, "") : v_slot;
	LLVMValueRef v_float = LLVMBuildBitCast(builder, v_bits, single ? types->f32 : types->f64, "");
	LLVMValueRef v_is_nan = LLVMBuildFCmp(builder, LLVMRealUNO, v_float, v_float, "v_is_nan");
	LLVMValueRef v_nan = constant_i64(lowering, single ? VOLT_FLOAT32_NAN : VOLT_FLOAT64_NAN);
	return LLVMBuildSelect(builder, v_is_nan, v_nan, v_slot, "");
}

LLVMValueRef slot_address(function_lowering *lowering, LLVMValueRef v_slots, LLVMValueRef v_index) {
	return LLVMBuildGEP2(lowering->builder, lowering->module->types.i64, v_slots, &v_index, 1, "");
}

LLVMValueRef read_plain_slot(function_lowering *lowering, uint32_t slot) {
	LLVMValueRef v_known = lowering->v_known[slot];
	if (v_known)
		return v_known;
	LLVMValueRef v_read =
	    LLVMBuildLoad2(lowering->builder, lowering->module->types.i64, slot_pointer(lowering, slot), "");
	note_written_slot(lowering, slot, v_read);
	return v_read;
}

/* Slots that are reached by a computed index are written without being named. */
void note_written_slot(function_lowering *lowering, uint32_t slot, LLVMValueRef v_value) {
	const bool is_named = slot < lowering->shape->memory_slots || slot >= lowering->function->local_slots;
	const bool is_main = LLVMGetInsertBlock(lowering->builder) == lowering->b_main;
	lowering->v_known[slot] = is_named && is_main ? v_value : NULL;
}

void load_slots(function_lowering *lowering, uint32_t to, LLVMValueRef v_from, uint32_t count,
                memory_name name) {
	LLVMValueRef *v_words = memory_new(count, sizeof *v_words);
	for (uint32_t i = 0; i < count; i++) {
		LLVMValueRef v_address = slot_address(lowering, v_from, constant_i64(lowering, i));
		v_words[i] = LLVMBuildLoad2(lowering->builder, lowering->module->types.i64, v_address, "");
		name_memory(lowering, v_words[i], name == MEMORY_OBJECTS ? name_of_loaded(lowering, to + i) : name);
	}
	for (uint32_t i = 0; i < count; i++)
		write_slot(lowering, to + i, v_words[i]);
	memory_free(v_words);
}

void store_slots(function_lowering *lowering, LLVMValueRef v_to, uint32_t from, uint32_t count,
                 memory_name name) {
	LLVMValueRef *v_words = memory_new(count, sizeof *v_words);
	for (uint32_t i = 0; i < count; i++)
		v_words[i] = read_slot(lowering, from + i);
	for (uint32_t i = 0; i < count; i++) {
		LLVMValueRef v_address = slot_address(lowering, v_to, constant_i64(lowering, i));
		name_memory(lowering, LLVMBuildStore(lowering->builder, v_words[i], v_address),
		            name == MEMORY_OBJECTS ? name_of_stored(lowering, from + i) : name);
	}
	memory_free(v_words);
}

LLVMValueRef base_plus(function_lowering *lowering, uint64_t slots) {
	return LLVMBuildAdd(lowering->builder, lowering->v_base, constant_i64(lowering, slots), "");
}

LLVMValueRef frame_end(function_lowering *lowering) {
	return lowering->v_base ? base_plus(lowering, lowering->function->local_slots)
	                        : constant_i64(lowering, 0);
}

LLVMValueRef scratch_slot(function_lowering *lowering, uint32_t index) {
	return slot_address(lowering, lowering->v_scratch, constant_i64(lowering, index));
}

static LLVMValueRef context_address(function_lowering *lowering, volt_context_field field) {
	LLVMValueRef v_offset = constant_i64(lowering, lowering->module->options.context_offsets[field]);
	return LLVMBuildGEP2(lowering->builder, lowering->module->types.i8, lowering->v_context, &v_offset, 1,
	                     "");
}

LLVMValueRef read_context(function_lowering *lowering, volt_context_field field) {
	bool is_pointer = field == VOLT_CONTEXT_stack || field == VOLT_CONTEXT_globals ||
	                  field == VOLT_CONTEXT_heat || field == VOLT_CONTEXT_conversions ||
	                  field == VOLT_CONTEXT_allocator;
	LLVMTypeRef type = is_pointer ? lowering->module->types.pointer : lowering->module->types.i64;
	LLVMValueRef v_value = LLVMBuildLoad2(lowering->builder, type, context_address(lowering, field), "");
	name_memory(lowering, v_value, MEMORY_CONTEXT);
	return v_value;
}

void write_context(function_lowering *lowering, volt_context_field field, LLVMValueRef v_value) {
	LLVMValueRef v_store = LLVMBuildStore(lowering->builder, v_value, context_address(lowering, field));
	name_memory(lowering, v_store, MEMORY_CONTEXT);
}

static void dispose_liveness(void *live) {
	volt_liveness_dispose(live);
}

const liveness *live_slots_of(function_lowering *lowering) {
	module_lowering *module = lowering->module;
	if (lowering->live)
		return lowering->live;
	if (!module->certain_results)
		module->certain_results = memory_take(volt_certain_results_new(module->bytecode),
		                                      module->bytecode->functions.count * sizeof(uint32_t));
	lowering->live = memory_new_owner(sizeof *lowering->live, dispose_liveness);
	volt_liveness_compute(module->bytecode, lowering->index, module->certain_results, lowering->live);
	return lowering->live;
}

void set_weights(module_lowering *module, LLVMValueRef v_branch, branch_weights weights) {
	LLVMContextRef context = module->context;
	LLVMMetadataRef operands[] = {
	    LLVMMDStringInContext2(context, "branch_weights", strlen("branch_weights")),
	    LLVMValueAsMetadata(LLVMConstInt(module->types.i32, weights.if_true, false)),
	    LLVMValueAsMetadata(LLVMConstInt(module->types.i32, weights.if_false, false)),
	};
	LLVMMetadataRef node = LLVMMDNodeInContext2(context, operands, 3);
	LLVMSetMetadata(v_branch, LLVMGetMDKindIDInContext(context, "prof", strlen("prof")),
	                LLVMMetadataAsValue(context, node));
}

LLVMValueRef call_helper(function_lowering *lowering, volt_helper helper, LLVMValueRef *v_arguments,
                         unsigned count) {
	const helper_declaration *declaration = declare_helper(lowering->module, helper);
	return LLVMBuildCall2(lowering->builder, declaration->type, declaration->v_function, v_arguments, count,
	                      "");
}
