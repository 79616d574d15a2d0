/* A module that is being lowered: types, helpers, symbols, and which functions can be compiled. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "guard/memory.h"
#include "ir/helper_declarations.h"
#include "ir/profile_weights.h"

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

void module_lowering_start(module_lowering *lowering, LLVMContextRef context,
                           const lowering_options *options) {
	*lowering = (module_lowering){
	    .options = *options,
	    .bytecode = options->bytecode,
	    .shapes = options->shapes,
	    .context = context,
	    .module = LLVMModuleCreateWithNameInContext("volt", context),
	    .builder = LLVMCreateBuilderInContext(context),
	    .types = make_types(context),
	    .profile_samples = profile_samples(options),
	};
	if (!options->plain)
		declare_helpers(lowering);
}

void module_lowering_dispose(module_lowering *lowering) {
	LLVMDisposeBuilder(lowering->builder);
	memory_free(lowering->certain_results);
}

/* ---- Symbols ---- */

static const char *const form_suffixes[FORM_COUNT] = {
#define FORM(ENUMERATOR, suffix) [FORM_##ENUMERATOR] = (suffix),
    FUNCTION_FORMS(FORM)
#undef FORM
};

/* Names are for people: what a linker or debugger may dislike becomes '_', and the index keeps them apart. */
void form_symbol(const module_lowering *module, uint32_t index, function_form form, char *buffer) {
	const char *suffix = form_suffixes[form];
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
