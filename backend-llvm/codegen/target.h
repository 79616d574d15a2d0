/* Target machines: the one that this process runs on, or another that code is only printed for. */
#ifndef CODEGEN_TARGET_H
#define CODEGEN_TARGET_H

#include <llvm-c/TargetMachine.h>

#include "volt/error.h"

/*
 * `name` is "x86_64", "aarch64" or NULL for this machine. Code is made for a fixed baseline processor of each
 * architecture, so that it is the same on every machine: what is printed and measured is what runs.
 */
volt_error *target_machine_new(const char *name, LLVMCodeGenOptLevel level, LLVMTargetMachineRef *machine);

#endif
