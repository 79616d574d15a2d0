/* ORC through its C interface. Objects come from us, so the session never sees IR. */
#include "jit/session.h"

#include <errno.h>
#include <llvm-c/Orc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unwind.h>

#include "calls/targets.h"
#include "codegen/target.h"
#include "ir/helper_declarations.h"
#include "ir/native_symbols.h"
#include "jit/barrier.h"
#include "jit/debugger.h"
#include "jit/perf_files.h"

/* Of the compiler's run-time library, which has no header for it. */
// NOLINTNEXTLINE(bugprone-reserved-identifier): the compiler chose the name
extern _Unwind_Reason_Code __gcc_personality_v0(int version, _Unwind_Action actions,
                                                _Unwind_Exception_Class kind,
                                                struct _Unwind_Exception *exception,
                                                struct _Unwind_Context *context);

struct code_session {
	LLVMOrcLLJITRef jit;
	session_watchers watchers;
	void *added; /* a copy of the object that was added last, if there are watchers, until it is linked */
	size_t added_size;
	debugger_object *debugged;
	char report[256]; /* what ORC has reported first, of the request that is under way; "": nothing */
};

/* Who asks for a symbol is told that there is none. Why that is so, ORC reports, and would print it. */
static void keep_report(void *user, LLVMErrorRef failure) {
	code_session *session = user;
	char *message = LLVMGetErrorMessage(failure);
	if (!session->report[0])
		snprintf(session->report, sizeof session->report, "%s", message);
	LLVMDisposeErrorMessage(message);
}

static volt_error *take_failure(code_session *session, const char *what, LLVMErrorRef failure) {
	if (!failure)
		return NULL;
	char *message = LLVMGetErrorMessage(failure);
	volt_error *error =
	    volt_error_new(VOLT_ERROR_TIER, "%s: %s", what, session->report[0] ? session->report : message);
	LLVMDisposeErrorMessage(message);
	session->report[0] = 0;
	return error;
}

static LLVMOrcCSymbolMapPair symbol_pair(code_session *session, const char *name, uintptr_t address,
                                         bool callable) {
	LLVMOrcCSymbolMapPair pair = {.Name = LLVMOrcLLJITMangleAndIntern(session->jit, name)};
	pair.Sym.Address = (LLVMOrcJITTargetAddress)address;
	pair.Sym.Flags.GenericFlags =
	    LLVMJITSymbolGenericFlagsExported | (callable ? LLVMJITSymbolGenericFlagsCallable : 0);
	return pair;
}

static volt_error *define(code_session *session, LLVMOrcCSymbolMapPair *pairs, size_t count) {
	LLVMOrcMaterializationUnitRef unit = LLVMOrcAbsoluteSymbols(pairs, count);
	LLVMErrorRef failure = LLVMOrcJITDylibDefine(LLVMOrcLLJITGetMainJITDylib(session->jit), unit);
	if (failure)
		LLVMOrcDisposeMaterializationUnit(unit);
	return take_failure(session, "binding the host's functions failed", failure);
}

/* Binds the host's functions to their names: IR and objects stay readable, and the same for every run. */
static volt_error *define_symbols(code_session *session, const volt_tier_host *host,
                                  const session_tables *tables) {
	enum { OTHERS = 4 };
	LLVMOrcCSymbolMapPair pairs[VOLT_HELPER_COUNT + OTHERS];
	size_t count = 0;
	for (int helper = 0; helper < VOLT_HELPER_COUNT; helper++)
		if (host->helpers[helper])
			pairs[count++] =
			    symbol_pair(session, helper_symbols[helper], (uintptr_t)host->helpers[helper], true);
	pairs[count++] = symbol_pair(session, INNER_TABLE_SYMBOL, (uintptr_t)tables->inner_forms, false);
	pairs[count++] = symbol_pair(session, SIGNATURE_TABLE_SYMBOL, (uintptr_t)tables->signatures, false);
	pairs[count++] = symbol_pair(session, PERSONALITY_SYMBOL, (uintptr_t)__gcc_personality_v0, true);
	pairs[count++] = symbol_pair(session, "_Unwind_Resume", (uintptr_t)_Unwind_Resume, true);
	return define(session, pairs, count);
}

/* Only those that code may call. */
static volt_error *define_natives(code_session *session, const volt_tier_host *host, uint32_t natives) {
	LLVMOrcCSymbolMapPair *pairs = calloc((size_t)natives + 1, sizeof *pairs);
	size_t count = 0;
	if (!pairs)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the natives' symbols");
	for (uint32_t i = 0; i < natives; i++) {
		const volt_direct_native direct = direct_native_of(host, i);
		char symbol[NATIVE_SYMBOL_SIZE];
		if (direct.function)
			pairs[count++] = symbol_pair(session, native_symbol(i, symbol), (uintptr_t)direct.function, true);
	}
	volt_error *error = count ? define(session, pairs, count) : NULL;
	free(pairs);
	return error;
}

/*
 * Some processes may not make memory executable. Nothing could be compiled then, so this is no failure of one
 * function or another.
 */
static volt_error *check_executable_memory(void) {
	const size_t size = (size_t)sysconf(_SC_PAGESIZE);
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volt_error *error = NULL;
	if (memory == MAP_FAILED || mprotect(memory, size, PROT_READ | PROT_EXEC) != 0)
		error =
		    volt_error_new(VOLT_ERROR_TIER, "memory for code cannot be made executable: %s", strerror(errno));
	if (memory != MAP_FAILED)
		munmap(memory, size);
	return error;
}

/* ORC generates no code here: told of the baseline, it does not look for what this processor has. */
static volt_error *create_jit(code_session *session) {
	const target_choice baseline = {.machine = NULL};
	LLVMTargetMachineRef machine;
	volt_error *error = target_machine_new(&baseline, LLVMCodeGenLevelNone, &machine);
	if (error)
		return error;
	LLVMOrcLLJITBuilderRef builder = LLVMOrcCreateLLJITBuilder();
	LLVMOrcLLJITBuilderSetJITTargetMachineBuilder(
	    builder, LLVMOrcJITTargetMachineBuilderCreateFromTargetMachine(machine));
	return take_failure(session, "ORC cannot start", LLVMOrcCreateLLJIT(&session->jit, builder));
}

static volt_error *start_jit(code_session *session) {
	volt_error *error = check_executable_memory();
	if (!error)
		error = create_jit(session);
	if (!error)
		LLVMOrcExecutionSessionSetErrorReporter(LLVMOrcLLJITGetExecutionSession(session->jit), keep_report,
		                                        session);
	return error;
}

volt_error *session_new(const volt_tier_host *host, uint32_t natives, const session_tables *tables,
                        const session_watchers *watchers, code_session **result) {
	instruction_barrier_prepare();
	code_session *session = calloc(1, sizeof *session);
	if (!session)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for a code session");
	session->watchers = *watchers;
	volt_error *error = start_jit(session);
	if (!error && watchers->perf_folder)
		error = perf_files_start(watchers->perf_folder);
	if (!error)
		error = define_symbols(session, host, tables);
	if (!error)
		error = define_natives(session, host, natives);
	if (error) {
		session_free(session);
		return error;
	}
	*result = session;
	return NULL;
}

void session_free(code_session *session) {
	if (!session)
		return;
	debugger_remove_all(&session->debugged);
	free(session->added);
	if (session->jit)
		LLVMConsumeError(LLVMOrcDisposeLLJIT(session->jit));
	free(session);
}

/* ---- Watchers ---- */

static void keep_for_watchers(code_session *session, LLVMMemoryBufferRef object) {
	if (!session->watchers.debugger && !session->watchers.perf_folder)
		return;
	free(session->added);
	session->added_size = LLVMGetBufferSize(object);
	session->added = malloc(session->added_size);
	if (session->added)
		memcpy(session->added, LLVMGetBufferStart(object), session->added_size);
}

static uint64_t address_of(void *user, const char *symbol) {
	const code_session *session = user;
	LLVMOrcExecutorAddress found = 0;
	LLVMErrorRef failure = LLVMOrcLLJITLookup(session->jit, &found, symbol);
	LLVMConsumeError(failure);
	return failure ? 0 : found;
}

/* With addresses, objects are for the debugger to keep; without memory for them they stay unknown. */
static void tell_watchers(code_session *session) {
	loaded_object object;
	void *bytes = session->added;
	session->added = NULL;
	if (!bytes || !loaded_object_open(&object, bytes, session->added_size, address_of, session))
		return;
	if (session->watchers.perf_folder)
		perf_files_add(&object);
	if (session->watchers.debugger)
		debugger_add(&session->debugged, &object);
	else
		loaded_object_close(&object);
}

/* ---- Objects ---- */

volt_error *session_add_object(code_session *session, LLVMMemoryBufferRef object) {
	keep_for_watchers(session, object);
	LLVMOrcJITDylibRef library = LLVMOrcLLJITGetMainJITDylib(session->jit);
	return take_failure(session, "adding code failed",
	                    LLVMOrcLLJITAddObjectFile(session->jit, library, object));
}

volt_error *session_find(code_session *session, const char *symbol, uint64_t *address) {
	LLVMOrcExecutorAddress found = 0;
	LLVMErrorRef failure = LLVMOrcLLJITLookup(session->jit, &found, symbol);
	*address = found;
	instruction_barrier(); /* whoever has the address may publish it */
	if (!failure)
		tell_watchers(session);
	return take_failure(session, "linking failed", failure);
}
