/* Where the thread's request began, and LLVM's fatal errors. */
#include "guard/guard.h"

#include <dlfcn.h>
#include <link.h>
#include <llvm-c/Core.h>
#include <llvm-c/ErrorHandling.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "guard/memory.h"

typedef struct {
	jmp_buf start;
	char *reason;
} request;

/* NULL: the thread works for nobody. */
static _Thread_local request *current;

_Noreturn void guard_out_of_memory(void) {
	if (!current)
		abort();
	longjmp(current->start, GUARD_OUT_OF_MEMORY);
}

guard_end guard_run(void (*work)(void *job), void (*undo)(void *job), void *job,
                    char reason[GUARD_REASON_SIZE]) {
	request self = {.reason = reason};
	current = &self;
	const int end = setjmp(self.start);
	if (end == GUARD_DONE)
		work(job);
	current = NULL;
	if (end == GUARD_OUT_OF_MEMORY)
		undo(job);
	if (end != GUARD_DONE)
		memory_free_all();
	return (guard_end)end;
}

/* ---- LLVM's fatal errors ---- */

/* What LLVM's frames have in hand is lost, which is why nothing of the request is used again. */
static void on_fatal_error(const char *reason) {
	if (!current) {
		fprintf(stderr, "LLVM ERROR: %s\n", reason);
		return; /* LLVM ends the process */
	}
	snprintf(current->reason, GUARD_REASON_SIZE, "%s", *reason ? reason : "a fatal error without a text");
	longjmp(current->start, GUARD_FATAL);
}

static const char *object_of(const void *symbol) {
	Dl_info info;
	return dladdr(symbol, &info) ? info.dli_fbase : NULL;
}

/* Objects stand in the order in which they were loaded; a library stands before what it has brought along. */
static int find_first(struct dl_phdr_info *info, size_t size, void *user) {
	(void)size;
	const ElfW(Addr) *bases = user;
	return info->dlpi_addr == bases[0] ? 1 : info->dlpi_addr == bases[1] ? 2 : 0;
}

static bool llvm_was_here_before(void) {
	static const char own[] = "";
	const ElfW(Addr) bases[] = {(ElfW(Addr))(uintptr_t)object_of((const void *)LLVMContextCreate),
	                            (ElfW(Addr))(uintptr_t)object_of(own)};
	const bool is_our_own = bases[0] == bases[1];
	return !is_our_own && dl_iterate_phdr(find_first, (void *)bases) == 1;
}

__attribute__((constructor)) static void take_fatal_errors(void) {
	if (!llvm_was_here_before())
		LLVMInstallFatalErrorHandler(on_fatal_error);
}
