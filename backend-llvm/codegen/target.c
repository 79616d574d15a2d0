/* The table of targets. */
#include "codegen/target.h"

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

typedef struct {
	const char *name;
	const char *triple;
} machine_description;

static const machine_description machines[] = {
    {"x86_64", "x86_64-unknown-linux-gnu"},
    {"aarch64", "aarch64-unknown-linux-gnu"},
};

enum { MACHINE_COUNT = sizeof machines / sizeof machines[0] };

/* A processor by its name in LLVM and features beyond that, and those by which one is known to be able to
 * stand for it. */
typedef struct {
	const char *machine;
	const char *name;
	const char *processor;
	const char *features;
	const char *needs;
} processor_description;

/*
 * The first row of each machine is its baseline. x86-64-v2 has the rounding instructions that math functions
 * map to; every machine of this decade has it.
 */
static const processor_description processors[] = {
    {"x86_64", "x86-64-v2", "x86-64-v2", "", ""},
    {"x86_64", "x86-64-v3", "x86-64-v3", "", "avx,avx2,bmi,bmi2,f16c,fma,lzcnt,movbe"},
    {"x86_64", "x86-64-v4", "x86-64-v4", "",
     "avx,avx2,bmi,bmi2,f16c,fma,lzcnt,movbe,avx512f,avx512bw,avx512cd,avx512dq,avx512vl"},
    {"aarch64", "armv8-a", "generic", "", ""},
    {"aarch64", "armv8.1-a", "generic", "+v8.1a", "crc,lse"},
};

enum { PROCESSOR_COUNT = sizeof processors / sizeof processors[0] };

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

static const machine_description *find_machine(const char *name) {
	for (int i = 0; i < MACHINE_COUNT; i++)
		if (strcmp(machines[i].name, name) == 0)
			return &machines[i];
	return NULL;
}

/* NULL or "baseline": the first of the machine. */
static const processor_description *find_processor(const char *machine, const char *name) {
	const bool any = !name || strcmp(name, "baseline") == 0;
	for (int i = 0; i < PROCESSOR_COUNT; i++)
		if (strcmp(processors[i].machine, machine) == 0 && (any || strcmp(processors[i].name, name) == 0))
			return &processors[i];
	return NULL;
}

static volt_error *no_such_processor(const char *machine, const char *name) {
	char names[256] = "";
	for (int i = 0; i < PROCESSOR_COUNT; i++)
		if (strcmp(processors[i].machine, machine) == 0)
			snprintf(names + strlen(names), sizeof names - strlen(names), ", %s", processors[i].name);
	return volt_error_new(VOLT_ERROR_ARGUMENT, "%s has no processor '%s': use native, baseline%s", machine,
	                      name, names);
}

/* ---- The processor that this process runs on ---- */

typedef struct {
	char *name, *features; /* LLVM's, to be disposed of */
} host_processor;

static host_processor host_processor_new(void) {
	return (host_processor){LLVMGetHostCPUName(), LLVMGetHostCPUFeatures()};
}

static void host_processor_dispose(host_processor *host) {
	LLVMDisposeMessage(host->name);
	LLVMDisposeMessage(host->features);
}

/* Is "+WORD" among the features, which are separated by commas? */
static bool has_feature(const char *features, const char *word, size_t length) {
	for (const char *at = features; at && *at; at = strchr(at, ','), at += at != NULL)
		if (*at == '+' && strncmp(at + 1, word, length) == 0 && (at[length + 1] == ',' || !at[length + 1]))
			return true;
	return false;
}

static bool has_features(const char *features, const char *words) {
	while (*words) {
		const size_t length = strcspn(words, ",");
		if (!has_feature(features, words, length))
			return false;
		words += length + (words[length] == ',');
	}
	return true;
}

/* Where LLVM finds out nothing, as under an emulator of another machine, what it says of features means
 * nothing. */
static bool is_known(const host_processor *host) {
	return *host->name && strchr(host->features, '+');
}

/* ---- Choosing ---- */

typedef struct {
	const char *triple, *processor, *features;
	LLVMCodeGenOptLevel level;
} machine_parts;

static volt_error *make_machine(const machine_parts *parts, LLVMTargetMachineRef *machine) {
	LLVMTargetRef target;
	char *message = NULL;
	if (LLVMGetTargetFromTriple(parts->triple, &target, &message)) {
		volt_error *error =
		    volt_error_new(VOLT_ERROR_TIER, "this LLVM has no target %s: %s", parts->triple, message);
		LLVMDisposeMessage(message);
		return error;
	}
	*machine = LLVMCreateTargetMachine(target, parts->triple, parts->processor, parts->features, parts->level,
	                                   LLVMRelocPIC, LLVMCodeModelDefault);
	LLVMSetTargetMachineAsmVerbosity(*machine, true);
	return NULL;
}

static volt_error *make_native(const machine_description *description, LLVMCodeGenOptLevel level,
                               LLVMTargetMachineRef *machine) {
	if (strcmp(description->name, host_name) != 0)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "this machine is no %s: it has no native processor of it",
		                      description->name);
	host_processor host = host_processor_new();
	const processor_description *baseline = find_processor(description->name, NULL);
	machine_parts parts = {description->triple, baseline->processor, baseline->features, level};
	if (is_known(&host)) {
		parts.processor = host.name;
		parts.features = host.features;
	}
	volt_error *error = make_machine(&parts, machine);
	host_processor_dispose(&host);
	return error;
}

static volt_error *check_here(const processor_description *wanted) {
	host_processor host = host_processor_new();
	const bool is_able = has_features(host.features, wanted->needs);
	host_processor_dispose(&host);
	if (is_able)
		return NULL;
	return volt_error_new(VOLT_ERROR_ARGUMENT,
	                      "code for %s does not run on this processor, which lacks some of: %s", wanted->name,
	                      wanted->needs);
}

volt_error *target_machine_new(const target_choice *choice, LLVMCodeGenOptLevel level,
                               LLVMTargetMachineRef *machine) {
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, initialize_targets);
	const machine_description *description = find_machine(choice->machine ? choice->machine : host_name);
	if (!description)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "there is no target '%s': use x86_64 or aarch64",
		                      choice->machine);
	if (choice->processor && strcmp(choice->processor, "native") == 0)
		return make_native(description, level, machine);
	const processor_description *wanted = find_processor(description->name, choice->processor);
	if (!wanted)
		return no_such_processor(description->name, choice->processor);
	volt_error *error = choice->runs_here ? check_here(wanted) : NULL;
	const machine_parts parts = {description->triple, wanted->processor, wanted->features, level};
	return error ? error : make_machine(&parts, machine);
}

volt_error *target_machine_new_like(LLVMTargetMachineRef other, LLVMCodeGenOptLevel level,
                                    LLVMTargetMachineRef *machine) {
	char *triple = LLVMGetTargetMachineTriple(other), *processor = LLVMGetTargetMachineCPU(other);
	char *features = LLVMGetTargetMachineFeatureString(other);
	const machine_parts parts = {triple, processor, features, level};
	volt_error *error = make_machine(&parts, machine);
	LLVMDisposeMessage(triple);
	LLVMDisposeMessage(processor);
	LLVMDisposeMessage(features);
	return error;
}
