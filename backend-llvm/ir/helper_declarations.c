/* Helper declarations, from the types in the host's table. */
#include "ir/helper_declarations.h"

#include "ir/emit.h"

/* The types that VOLT_HELPERS names. */
typedef enum { TYPE_none, TYPE_status, TYPE_word, TYPE_slot, TYPE_pointer, TYPE_pair } helper_type;

typedef struct {
	helper_type result;
	helper_type parameters[HELPER_PARAMETERS]; /* ends with TYPE_none */
} helper_signature;

/* HELPER(name, result, parameters...) with up to ten parameters. */
#define TYPES_1(a) TYPE_##a
#define TYPES_2(a, ...) TYPE_##a, TYPES_1(__VA_ARGS__)
#define TYPES_3(a, ...) TYPE_##a, TYPES_2(__VA_ARGS__)
#define TYPES_4(a, ...) TYPE_##a, TYPES_3(__VA_ARGS__)
#define TYPES_5(a, ...) TYPE_##a, TYPES_4(__VA_ARGS__)
#define TYPES_6(a, ...) TYPE_##a, TYPES_5(__VA_ARGS__)
#define TYPES_7(a, ...) TYPE_##a, TYPES_6(__VA_ARGS__)
#define TYPES_8(a, ...) TYPE_##a, TYPES_7(__VA_ARGS__)
#define TYPES_9(a, ...) TYPE_##a, TYPES_8(__VA_ARGS__)
#define TYPES_10(a, ...) TYPE_##a, TYPES_9(__VA_ARGS__)
#define TYPES_SELECT(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, chosen, ...) chosen
#define TYPES(...) \
	TYPES_SELECT(__VA_ARGS__, TYPES_10, TYPES_9, TYPES_8, TYPES_7, TYPES_6, TYPES_5, TYPES_4, TYPES_3, \
	             TYPES_2, TYPES_1, none) \
	(__VA_ARGS__)

static const helper_signature signatures[VOLT_HELPER_COUNT] = {
#define HELPER(name, result, ...) [VOLT_HELPER_##name] = {TYPE_##result, {TYPES(__VA_ARGS__)}},
    VOLT_HELPERS(HELPER)
#undef HELPER
};

const char *const helper_symbols[VOLT_HELPER_COUNT] = {
#define HELPER(name, ...) [VOLT_HELPER_##name] = HELPER_SYMBOL_PREFIX #name,
    VOLT_HELPERS(HELPER)
#undef HELPER
};

static LLVMTypeRef llvm_type(const module_lowering *module, helper_type type) {
	switch (type) {
	case TYPE_none: return module->types.none;
	case TYPE_status:
	case TYPE_word: return module->types.i32;
	case TYPE_slot: return module->types.i64;
	case TYPE_pointer: return module->types.pointer;
	case TYPE_pair: {
		LLVMTypeRef words[] = {module->types.i64, module->types.i64};
		return LLVMStructTypeInContext(module->context, words, 2, false);
	}
	}
	return NULL;
}

static LLVMTypeRef helper_function_type(const module_lowering *module, const helper_signature *signature) {
	LLVMTypeRef parameters[HELPER_PARAMETERS];
	unsigned count = 0;
	while (count < HELPER_PARAMETERS && signature->parameters[count] != TYPE_none) {
		parameters[count] = llvm_type(module, signature->parameters[count]);
		count++;
	}
	return LLVMFunctionType(llvm_type(module, signature->result), parameters, count, false);
}

helper_declaration *declare_helper(module_lowering *module, volt_helper helper) {
	helper_declaration *declaration = &module->helpers[helper];
	if (declaration->v_function)
		return declaration;
	declaration->type = helper_function_type(module, &signatures[helper]);
	declaration->v_function = LLVMAddFunction(module->module, helper_symbols[helper], declaration->type);
	add_function_attribute(module, declaration->v_function,
	                       helper == VOLT_HELPER_raise ? "noreturn" : "nounwind", 0);
	return declaration;
}

bool host_has(const module_lowering *module, volt_helper helper) {
	return !module->options.host || module->options.host->helpers[helper];
}

void declare_helpers(module_lowering *module) {
	for (int helper = 0; helper < VOLT_HELPER_COUNT; helper++)
		declare_helper(module, helper);
}

static void drop_if_unused(LLVMValueRef *v_function) {
	if (!*v_function || LLVMGetFirstUse(*v_function))
		return;
	LLVMDeleteFunction(*v_function);
	*v_function = NULL;
}

void drop_unused_helpers(module_lowering *module) {
	for (int helper = 0; helper < VOLT_HELPER_COUNT; helper++) {
		drop_if_unused(&module->helpers[helper].v_thunk);
		drop_if_unused(&module->helpers[helper].v_function);
	}
}
