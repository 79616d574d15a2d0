/* Names of memory as LLVM's metadata: a tree of types, and for each access a node that says which it is of.
 */
#include "ir/memory_names.h"

#include <string.h>

#include "analysis/round_values.h"

static const struct {
	const char *name;
	memory_name within;
} names[MEMORY_NAME_COUNT] = {
#define MEMORY(ENUMERATOR, name, within) [MEMORY_##ENUMERATOR] = {name, MEMORY_##within},
    MEMORY_NAMES(MEMORY)
#undef MEMORY
};

static LLVMMetadataRef node_of(module_lowering *module, memory_name name) {
	LLVMContextRef context = module->context;
	const char *text = names[name].name;
	LLVMMetadataRef operands[3] = {LLVMMDStringInContext2(context, text, strlen(text))};
	if (name == MEMORY_UNNAMED)
		return LLVMMDNodeInContext2(context, operands, 1);
	operands[1] = node_of(module, names[name].within);
	operands[2] = LLVMValueAsMetadata(LLVMConstInt(module->types.i64, 0, false));
	return LLVMMDNodeInContext2(context, operands, 3);
}

memory_name name_of_stored(const function_lowering *lowering, uint32_t slot) {
	return volt_slot_is_value(lowering->function, slot) ? MEMORY_VALUES : MEMORY_OBJECTS;
}

memory_name name_of_loaded(const function_lowering *lowering, uint32_t slot) {
	return volt_slot_is_reference(lowering->function, slot) ? MEMORY_REFERENCES
	                                                        : name_of_stored(lowering, slot);
}

void name_memory_in(module_lowering *module, LLVMValueRef v_access, memory_name name) {
	LLVMContextRef context = module->context;
	if (!module->options.inlines || name == MEMORY_UNNAMED)
		return;
	LLVMMetadataRef node = node_of(module, name);
	LLVMMetadataRef operands[] = {
	    node,
	    node,
	    LLVMValueAsMetadata(LLVMConstInt(module->types.i64, 0, false)),
	};
	LLVMSetMetadata(v_access, LLVMGetMDKindIDInContext(context, "tbaa", strlen("tbaa")),
	                LLVMMetadataAsValue(context, LLVMMDNodeInContext2(context, operands, 3)));
}
