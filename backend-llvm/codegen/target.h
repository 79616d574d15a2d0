/* Target machines: the one that this process runs on, or another that code is only printed for. */
#ifndef CODEGEN_TARGET_H
#define CODEGEN_TARGET_H

#include <llvm-c/TargetMachine.h>
#include <stdbool.h>

#include "volt/error.h"

typedef struct {
	const char *machine; /* "x86_64", "aarch64"; NULL: this one */
	/*
	 * "native": the one that this process runs on. "baseline": a fixed one for each machine, so that code is
	 * the same everywhere: what is printed and measured is what runs. Or a name of the table in target.c.
	 * NULL: baseline.
	 */
	const char *processor;
	bool runs_here; /* a processor that this one is not able to stand for is an error */
} target_choice;

/* Errors: VOLT_ERROR_ARGUMENT, with the names that there are; VOLT_ERROR_TIER. The machine is the caller's.
 */
volt_error *target_machine_new(const target_choice *choice, LLVMCodeGenOptLevel level,
                               LLVMTargetMachineRef *machine);

/* Another one for the same processor, which need not be found out again. */
volt_error *target_machine_new_like(LLVMTargetMachineRef other, LLVMCodeGenOptLevel level,
                                    LLVMTargetMachineRef *machine);

#endif
