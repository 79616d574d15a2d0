/*
 * An ORC session: links objects into this process. Its memory manager maps code readable and executable only
 * after it was written, so no page is ever writable and executable at once.
 */
#ifndef JIT_SESSION_H
#define JIT_SESSION_H

#include <llvm-c/LLJIT.h>

#include "volt/tier.h"

typedef struct code_session code_session;

/* What code refers to as INNER_TABLE_SYMBOL and SIGNATURE_TABLE_SYMBOL. */
typedef struct {
	_Atomic(void *) *inner_forms;
	_Atomic uint32_t *signatures;
} session_tables;

/* Who is told what has been linked, and where. */
typedef struct {
	bool debugger;
	const char *perf_folder; /* jit/perf_files.h; NULL: no files */
} session_watchers;

/* For a module with so many imports of natives. */
volt_error *session_new(const volt_tier_host *host, uint32_t natives, const session_tables *tables,
                        const session_watchers *watchers, code_session **session);
void session_free(code_session *session);

/* Takes the object. */
volt_error *session_add_object(code_session *session, LLVMMemoryBufferRef object);

/* Address of a symbol; the first look-up links what it needs. */
volt_error *session_find(code_session *session, const char *symbol, uint64_t *address);

#endif
