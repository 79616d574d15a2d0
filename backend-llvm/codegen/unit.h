/*
 * A compilation unit: one LLVM module with some or all functions of a bytecode module, from lowering through
 * verification and optimisation to an object or a text.
 */
#ifndef CODEGEN_UNIT_H
#define CODEGEN_UNIT_H

#include <llvm-c/Core.h>
#include <llvm-c/TargetMachine.h>

#include "guard/diagnostics.h"
#include "ir/lowering.h"

typedef struct {
	LLVMContextRef context;
	diagnostics diagnostics;
	module_lowering lowering;
} compilation_unit;

enum {
	UNIT_ALL_FUNCTIONS = -1,   /* that can be compiled */
	UNIT_SMALL_FUNCTIONS = -2, /* and are not too large to be optimised */
};

/* Which pass pipeline a unit goes through. */
typedef enum {
	PIPELINE_PRESET, /* inside functions only, for comparing presets */
	PIPELINE_QUICK,
	PIPELINE_OPTIMISED,
} pipeline_kind;

typedef struct {
	int64_t function; /* or one of the above */
	volt_form form;
	pipeline_kind pipeline;
} unit_content;

/*
 * Lowers what the content says, verifies the IR and optimises it for the machine. *unit is set as soon as
 * there is one, also where an error or the end of memory (guard/memory.h) follows: the caller frees it in any
 * case.
 */
volt_error *unit_new(const lowering_options *options, const unit_content *content,
                     LLVMTargetMachineRef machine, compilation_unit **unit);

/* NULL is allowed. */
void unit_free(compilation_unit *unit);

/* The caller frees the text with LLVMDisposeMessage(). */
char *unit_ir(compilation_unit *unit);

/* Machine code or assembly; the caller disposes of the buffer. */
volt_error *unit_generate(compilation_unit *unit, LLVMTargetMachineRef machine, LLVMCodeGenFileType type,
                          LLVMMemoryBufferRef *buffer);

#endif
