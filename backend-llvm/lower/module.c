/* A module that is being lowered: types, helpers, symbols, and which functions can be compiled. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit/strategy.h"
#include "lower/helpers.h"
#include "lower/lowering.h"

static bool has_lowering(uint8_t opcode) {
	return opcode_lowering_find(opcode) != NULL;
}

static basic_types make_types(LLVMContextRef context) {
	return (basic_types){
	    .i1 = LLVMInt1TypeInContext(context),
	    .i8 = LLVMInt8TypeInContext(context),
	    .i16 = LLVMInt16TypeInContext(context),
	    .i32 = LLVMInt32TypeInContext(context),
	    .i64 = LLVMInt64TypeInContext(context),
	    .f32 = LLVMFloatTypeInContext(context),
	    .f64 = LLVMDoubleTypeInContext(context),
	    .pointer = LLVMPointerTypeInContext(context, 0),
	    .none = LLVMVoidTypeInContext(context),
	};
}

void module_lowering_start(module_lowering *lowering, LLVMContextRef context, const volt_module *bytecode,
                           const size_t *offsets, const compile_preset *preset, bool force_exits) {
	static const call_convention *const conventions[ABI_COUNT] = {
	    [ABI_EXTERNAL] = &external_convention,
	    [ABI_FAST] = &fast_convention,
	};
	uint32_t count = bytecode->functions.count;
	*lowering = (module_lowering){
	    .bytecode = bytecode,
	    .context_offsets = offsets,
	    .preset = *preset,
	    .force_exits = force_exits,
	    .convention = conventions[preset->abi],
	    .exits = exit_strategy_find(preset->exit),
	    .shapes = calloc(count + 1, sizeof(function_shape)),
	    .context = context,
	    .module = LLVMModuleCreateWithNameInContext("volt", context),
	    .builder = LLVMCreateBuilderInContext(context),
	    .types = make_types(context),
	    .v_inner = calloc(count + 1, sizeof(LLVMValueRef)),
	};
	for (uint32_t i = 0; i < count; i++)
		function_shape_compute(&bytecode->functions.items[i], has_lowering, &lowering->shapes[i]);
	declare_helpers(lowering);
}

void module_lowering_dispose(module_lowering *lowering) {
	LLVMDisposeBuilder(lowering->builder);
	free(lowering->shapes);
	free(lowering->v_inner);
}

/* ---- Symbols ---- */

/* Names are for people: what a linker or debugger may dislike becomes '_', and the index keeps them apart. */
static void write_symbol(const volt_module *bytecode, uint32_t index, const char *suffix, char *buffer) {
	volt_text name = bytecode->functions.items[index].name;
	int length = snprintf(buffer, SYMBOL_SIZE, "volt_f%u_", index);
	size_t limit = SYMBOL_SIZE - 1 - strlen(suffix);
	for (uint32_t i = 0; i < name.length && (size_t)length < limit; i++) {
		unsigned char byte = (unsigned char)name.bytes[i];
		buffer[length++] = isalnum(byte) && byte < 128 ? (char)byte : '_';
	}
	strcpy(buffer + length, suffix);
}

void inner_symbol(const volt_module *bytecode, uint32_t index, char *buffer) {
	write_symbol(bytecode, index, "", buffer);
}

void entry_symbol(const volt_module *bytecode, uint32_t index, char *buffer) {
	write_symbol(bytecode, index, "_entry", buffer);
}

static void add_attribute(module_lowering *module, LLVMValueRef v_function, const char *name,
                          uint64_t value) {
	unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
	LLVMAddAttributeAtIndex(v_function, LLVMAttributeFunctionIndex,
	                        LLVMCreateEnumAttribute(module->context, kind, value));
}

/* Unwind tables (uwtable 2: asynchronous) let debuggers and profilers walk through compiled frames. */
LLVMValueRef inner_function(module_lowering *module, uint32_t index) {
	if (module->v_inner[index])
		return module->v_inner[index];
	char symbol[SYMBOL_SIZE];
	inner_symbol(module->bytecode, index, symbol);
	LLVMTypeRef type = module->convention->function_type(module, &module->shapes[index]);
	LLVMValueRef v_function = LLVMAddFunction(module->module, symbol, type);
	LLVMSetVisibility(v_function, LLVMHiddenVisibility);
	add_attribute(module, v_function, "nounwind", 0);
	add_attribute(module, v_function, "uwtable", 2);
	return module->v_inner[index] = v_function;
}
