/* A module that is being lowered: types, helpers, symbols, and which functions can be compiled. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/exits.h"
#include "calls/strategy.h"
#include "ir/helpers.h"
#include "ir/lowering.h"

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

static void compute_shape(const lowering_options *options, uint32_t index, function_shape *shape) {
	function_shape_compute(&options->bytecode->functions.items[index], shape);
	if (options->slots_in_memory && shape->memory_slots > 0)
		function_shape_keep_in_memory(shape);
}

static call_convention convention_of(const compile_preset *preset) {
	static const struct call_operations *const operations[ABI_COUNT] = {
	    [ABI_EXTERNAL] = &external_operations,
	    [ABI_FAST] = &fast_operations,
	};
	return (call_convention){
	    .operations = operations[preset->abi],
	    .passes_base = exit_strategy_find(preset->exit)->needs_base,
	    .returns_status = preset->status == STATUS_REGISTER,
	    .natural_types = preset->types == TYPES_NATURAL,
	};
}

/* Those that never wait: what they call never waits either, so that all of it unwinds. */
static bool *find_raising_functions(const volt_module *bytecode) {
	function_exits *exits = exits_compute(bytecode);
	bool *raises = calloc(bytecode->functions.count + 1, sizeof *raises);
	for (uint32_t i = 0; i < bytecode->functions.count; i++)
		raises[i] = exits_class(&exits[i]) != EXITS_WAIT;
	free(exits);
	return raises;
}

void module_lowering_start(module_lowering *lowering, LLVMContextRef context,
                           const lowering_options *options) {
	uint32_t count = options->bytecode->functions.count;
	*lowering = (module_lowering){
	    .options = *options,
	    .bytecode = options->bytecode,
	    .convention = convention_of(&options->preset),
	    .raising_convention = {.operations = &fast_operations, .raises = true},
	    .trivial_convention = {.operations = &fast_operations, .returns_status = true},
	    .exits = exit_strategy_find(options->preset.exit),
	    .shapes = calloc(count + 1, sizeof(function_shape)),
	    .context = context,
	    .module = LLVMModuleCreateWithNameInContext("volt", context),
	    .builder = LLVMCreateBuilderInContext(context),
	    .types = make_types(context),
	    .v_inner = calloc(count + 1, sizeof(LLVMValueRef)),
	    .v_inlined = calloc(count + 1, sizeof(LLVMValueRef)),
	    .profile_samples = profile_samples(options),
	};
	for (uint32_t i = 0; i < count; i++)
		compute_shape(options, i, &lowering->shapes[i]);
	if (options->preset.exit == EXIT_UNWIND)
		lowering->raises = find_raising_functions(options->bytecode);
	declare_helpers(lowering);
}

void module_lowering_dispose(module_lowering *lowering) {
	LLVMDisposeBuilder(lowering->builder);
	free(lowering->shapes);
	free(lowering->certain_results);
	free(lowering->raises);
	free(lowering->v_inner);
	free(lowering->v_inlined);
}

/* ---- Symbols ---- */

/* Names are for people: what a linker or debugger may dislike becomes '_', and the index keeps them apart. */
static void write_symbol(const module_lowering *module, uint32_t index, const char *suffix, char *buffer) {
	const char *version = module->options.version ? module->options.version : "";
	volt_text name = module->bytecode->functions.items[index].name;
	int length = snprintf(buffer, SYMBOL_SIZE, "volt_f%u_", index);
	size_t limit = SYMBOL_SIZE - 1 - strlen(suffix) - strlen(version);
	for (uint32_t i = 0; i < name.length && (size_t)length < limit; i++) {
		unsigned char byte = (unsigned char)name.bytes[i];
		buffer[length++] = isalnum(byte) && byte < 128 ? (char)byte : '_';
	}
	strcpy(buffer + length, suffix);
	strcat(buffer, version);
}

void inner_symbol(const module_lowering *module, uint32_t index, char *buffer) {
	write_symbol(module, index, "", buffer);
}

void entry_symbol(const module_lowering *module, uint32_t index, char *buffer) {
	write_symbol(module, index, "_entry", buffer);
}

void trivial_symbol(const module_lowering *module, uint32_t index, char *buffer) {
	write_symbol(module, index, "_trivial", buffer);
}

void complete_symbol(const module_lowering *module, uint32_t index, char *buffer) {
	write_symbol(module, index, "_complete", buffer);
}

void resume_symbol(const module_lowering *module, uint32_t index, char *buffer) {
	write_symbol(module, index, "_resume", buffer);
}

void rest_symbol(const module_lowering *module, uint32_t index, char *buffer) {
	write_symbol(module, index, "_rest", buffer);
}

static void add_attribute(module_lowering *module, LLVMValueRef v_function, const char *name,
                          uint64_t value) {
	unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
	LLVMAddAttributeAtIndex(v_function, LLVMAttributeFunctionIndex,
	                        LLVMCreateEnumAttribute(module->context, kind, value));
}

/*
 * Unwind tables (uwtable 2: asynchronous) let debuggers and profilers walk through compiled frames.
 * Protected: other units can refer to the symbol, and calls within this one are direct.
 */
static LLVMValueRef add_function(module_lowering *module, const char *symbol, LLVMTypeRef type, bool raises) {
	LLVMValueRef v_function = LLVMAddFunction(module->module, symbol, type);
	LLVMSetVisibility(v_function, LLVMProtectedVisibility);
	if (!raises)
		add_attribute(module, v_function, "nounwind", 0);
	add_attribute(module, v_function, "uwtable", 2);
	return v_function;
}

static LLVMAttributeRef context_attribute(module_lowering *module) {
	unsigned kind = LLVMGetEnumAttributeKindForName("swiftself", strlen("swiftself"));
	return LLVMCreateEnumAttribute(module->context, kind, 0);
}

enum { FIRST_PARAMETER = 1 }; /* as LLVM's attributes count; 0 is what is returned */

void pin_context(module_lowering *module, LLVMValueRef v_function) {
	if (module->options.preset.context == CONTEXT_PINNED)
		LLVMAddAttributeAtIndex(v_function, FIRST_PARAMETER, context_attribute(module));
}

void pin_context_of_call(module_lowering *module, LLVMValueRef v_call) {
	if (module->options.preset.context == CONTEXT_PINNED)
		LLVMAddCallSiteAttribute(v_call, FIRST_PARAMETER, context_attribute(module));
}

/* What compiled code calls by itself. */
static LLVMValueRef add_inner_form(module_lowering *module, const char *symbol, LLVMTypeRef type,
                                   bool raises) {
	LLVMValueRef v_function = add_function(module, symbol, type, raises);
	pin_context(module, v_function);
	return v_function;
}

LLVMValueRef inner_function(module_lowering *module, uint32_t index) {
	if (module->v_inner[index])
		return module->v_inner[index];
	char symbol[SYMBOL_SIZE];
	inner_symbol(module, index, symbol);
	const call_convention *convention = inner_convention(module, index);
	LLVMTypeRef type = convention->operations->function_type(module, convention, index);
	return module->v_inner[index] = add_inner_form(module, symbol, type, convention->raises);
}

const call_convention *inner_convention(const module_lowering *module, uint32_t index) {
	return module->raises && module->raises[index] ? &module->raising_convention : &module->convention;
}

const call_convention *convention_to(const function_lowering *lowering, uint32_t callee) {
	if (lowering->role == ROLE_TRIVIAL)
		return lowering->convention;
	return inner_convention(lowering->module, callee);
}

LLVMValueRef trivial_function(module_lowering *module, uint32_t index) {
	char symbol[SYMBOL_SIZE];
	trivial_symbol(module, index, symbol);
	const call_convention *convention = &module->trivial_convention;
	LLVMTypeRef type = convention->operations->function_type(module, convention, index);
	return add_inner_form(module, symbol, type, false);
}

LLVMValueRef complete_function(module_lowering *module, uint32_t index) {
	char symbol[SYMBOL_SIZE];
	complete_symbol(module, index, symbol);
	LLVMTypeRef type = LLVMGlobalGetValueType(inner_function(module, index));
	return add_inner_form(module, symbol, type, false);
}

LLVMValueRef rest_function(module_lowering *module, uint32_t index) {
	char symbol[SYMBOL_SIZE];
	rest_symbol(module, index, symbol);
	LLVMTypeRef type = LLVMGlobalGetValueType(inner_function(module, index));
	LLVMValueRef v_function = add_inner_form(module, symbol, type, inner_convention(module, index)->raises);
	LLVMSetVisibility(v_function, LLVMDefaultVisibility);
	LLVMSetLinkage(v_function, LLVMInternalLinkage);
	return v_function;
}

LLVMValueRef resume_function(module_lowering *module, uint32_t index) {
	char symbol[SYMBOL_SIZE];
	resume_symbol(module, index, symbol);
	LLVMTypeRef type = external_operations.function_type(module, NULL, index);
	return add_function(module, symbol, type, false);
}

/* ---- What calls go to ---- */

/*
 * Built into callers: functions of this many instructions. A copy has no check of the native stack, so that
 * copies never call copies except of functions that call nothing. A call that is never executed stays a call.
 */
enum { INLINED_INSTRUCTIONS = 48 };

static bool calls_something(const volt_function *function) {
	for (uint32_t pc = 0; pc < function->code.count; pc++)
		if (volt_opcode_get_info(function->code.items[pc].op)->effects & VOLT_EFFECT_CALLS)
			return true;
	return false;
}

static bool becomes_part_of(const function_lowering *caller, uint32_t callee) {
	const module_lowering *module = caller->module;
	const volt_function *function = &module->bytecode->functions.items[callee];
	const function_shape *shape = &module->shapes[callee];
	return module->options.inlines && callee != caller->index && !shape->returns_through_host &&
	       !shape->large && function->code.count <= INLINED_INSTRUCTIONS &&
	       (caller->role != ROLE_INLINED || !calls_something(function)) && !call_never_runs(caller);
}

static LLVMValueRef inlined_function(module_lowering *module, uint32_t index) {
	if (module->v_inlined[index])
		return module->v_inlined[index];
	char symbol[SYMBOL_SIZE];
	write_symbol(module, index, "_inlined", symbol);
	const call_convention *convention = inner_convention(module, index);
	LLVMTypeRef type = convention->operations->function_type(module, convention, index);
	LLVMValueRef v_function = LLVMAddFunction(module->module, symbol, type);
	LLVMSetLinkage(v_function, LLVMInternalLinkage);
	if (!convention->raises)
		add_attribute(module, v_function, "nounwind", 0);
	add_attribute(module, v_function, "alwaysinline", 0);
	pin_context(module, v_function);
	return module->v_inlined[index] = v_function;
}

/* Another thread publishes entries of the table: acquire pairs with its release. */
LLVMValueRef inner_form_of(module_lowering *module, LLVMValueRef v_index) {
	if (!module->v_table) {
		LLVMTypeRef type = LLVMArrayType2(module->types.pointer, module->bytecode->functions.count);
		module->v_table = LLVMAddGlobal(module->module, type, INNER_TABLE_SYMBOL);
	}
	LLVMValueRef v_address =
	    LLVMBuildGEP2(module->builder, module->types.pointer, module->v_table, &v_index, 1, "");
	LLVMValueRef v_inner = LLVMBuildLoad2(module->builder, module->types.pointer, v_address, "v_inner");
	LLVMSetAlignment(v_inner, sizeof(void *));
	LLVMSetOrdering(v_inner, LLVMAtomicOrderingAcquire);
	return v_inner;
}

LLVMValueRef call_target(function_lowering *lowering, uint32_t callee, bool *in_table) {
	module_lowering *module = lowering->module;
	*in_table = false;
	if (becomes_part_of(lowering, callee))
		return inlined_function(module, callee);
	bool own_convention = lowering->role == ROLE_INNER || lowering->role == ROLE_TRIVIAL;
	if (callee == lowering->index && own_convention)
		return lowering->v_function;
	if (callee == lowering->index && lowering->role == ROLE_REST)
		return inner_function(module, callee);
	if (!module->options.through_table)
		return inner_function(module, callee);
	*in_table = true;
	return inner_form_of(module, LLVMConstInt(module->types.i64, callee, false));
}
