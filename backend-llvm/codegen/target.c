/* The table of targets. */
#include "codegen/target.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

typedef struct {
	const char *name;
	const char *triple;
	const char *processor;
} target_description;

/* x86-64-v2 has the rounding instructions that math functions map to; every machine of this decade has it. */
static const target_description descriptions[] = {
    {"x86_64", "x86_64-unknown-linux-gnu", "x86-64-v2"},
    {"aarch64", "aarch64-unknown-linux-gnu", "generic"},
};

enum { DESCRIPTION_COUNT = sizeof descriptions / sizeof descriptions[0] };

#if defined(__x86_64__)
static const char host_name[] = "x86_64";
#elif defined(__aarch64__)
static const char host_name[] = "aarch64";
#else
#error "Volt compiles for x86-64 and AArch64"
#endif

static void initialize_targets(void) {
	LLVMInitializeX86TargetInfo();
	LLVMInitializeX86Target();
	LLVMInitializeX86TargetMC();
	LLVMInitializeX86AsmPrinter();
	LLVMInitializeX86AsmParser();
	LLVMInitializeAArch64TargetInfo();
	LLVMInitializeAArch64Target();
	LLVMInitializeAArch64TargetMC();
	LLVMInitializeAArch64AsmPrinter();
	LLVMInitializeAArch64AsmParser();
}

static const target_description *find_description(const char *name) {
	for (int i = 0; i < DESCRIPTION_COUNT; i++)
		if (strcmp(descriptions[i].name, name) == 0)
			return &descriptions[i];
	return NULL;
}

volt_error *target_machine_new(const char *name, LLVMCodeGenOptLevel level, LLVMTargetMachineRef *machine) {
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, initialize_targets);
	const target_description *description = find_description(name ? name : host_name);
	if (!description)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "there is no target '%s': use x86_64 or aarch64", name);
	LLVMTargetRef target;
	char *message = NULL;
	if (LLVMGetTargetFromTriple(description->triple, &target, &message)) {
		volt_error *error =
		    volt_error_new(VOLT_ERROR_TIER, "this LLVM has no target %s: %s", description->triple, message);
		LLVMDisposeMessage(message);
		return error;
	}
	*machine = LLVMCreateTargetMachine(target, description->triple, description->processor, "", level,
	                                   LLVMRelocPIC, LLVMCodeModelDefault);
	LLVMSetTargetMachineAsmVerbosity(*machine, true);
	return NULL;
}
