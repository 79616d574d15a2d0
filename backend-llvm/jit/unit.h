/*
 * A compilation unit: one LLVM module with some or all functions of a bytecode module, from lowering through
 * verification and optimisation to an object or a text.
 */
#ifndef JIT_UNIT_H
#define JIT_UNIT_H

#include <llvm-c/Core.h>
#include <llvm-c/TargetMachine.h>

#include "lower/lowering.h"

typedef struct {
	LLVMContextRef context;
	module_lowering lowering;
} compilation_unit;

enum { UNIT_ALL_FUNCTIONS = -1 };

/* Lowers `function`, or all that can be compiled, verifies the IR and optimises it for the machine. */
volt_error *unit_new(const volt_module *bytecode, const size_t *offsets, const compile_preset *preset,
                     bool force_exits, int64_t function, LLVMTargetMachineRef machine,
                     compilation_unit **unit);
void unit_free(compilation_unit *unit);

/* The caller frees the text with LLVMDisposeMessage(). */
char *unit_ir(compilation_unit *unit);

/* Machine code or assembly; the caller disposes of the buffer. */
volt_error *unit_generate(compilation_unit *unit, LLVMTargetMachineRef machine, LLVMCodeGenFileType type,
                          LLVMMemoryBufferRef *buffer);

#endif
