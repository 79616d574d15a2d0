/* The tier object, for the files of this folder. */
#ifndef JIT_TIER_OBJECT_H
#define JIT_TIER_OBJECT_H

#include <pthread.h>
#include <stdatomic.h>

#include "cache/code_cache.h"
#include "calls/preset.h"
#include "codegen/unit.h"
#include "guard/guard.h"
#include "jit/known_code.h"
#include "jit/session.h"

/* What the tier keeps of a bytecode function. */
typedef struct {
	bool *resume_points; /* NULL until it is compiled for resuming */
	char *reason;        /* why it is not compiled, or not optimised; NULL until it is needed */
	volt_level level;    /* of its inner form in the table */
	/* What is too large for another level; without an entry: not compiled yet. */
	volt_compiled quick[VOLT_FORM_COUNT];
} tier_function;

typedef struct tier_text tier_text;

/* What one request at a time uses. */
typedef enum { TIER_MACHINE, TIER_QUICK_MACHINE, TIER_SESSION, TIER_PART_COUNT } tier_part;

struct volt_tier {
	const volt_module *bytecode;
	const volt_tier_host *host; /* NULL: this tier only emits */
	size_t context_offsets[VOLT_CONTEXT_FIELD_COUNT];
	volt_heap_layout heap;
	compile_preset preset;
	bool force_exits;
	bool count_steps;
	volt_level emit_level;
	bool whole_module; /* all functions were compiled together, and call each other directly */
	bool count_heat;
	lines_kind lines;
	/*
	 * Several threads may compile one function each. `lock` is for what the tier keeps of them, for short
	 * times and never around LLVM; a machine and the session have locks of their own, which a request holds
	 * for as long as it needs them (jit/compile.c). All else stays as it is made.
	 */
	pthread_mutex_t lock;
	atomic_uint compilations; /* that have symbols of their own */
	code_cache *cache;        /* NULL: none */
	bool has_keys;            /* the cache can be used */
	unit_key_base key_base;   /* if so */
	pthread_mutex_t linked_lock;
	linked_unit *linked;          /* units with a key whose symbols the session has */
	LLVMTargetMachineRef machine; /* NULL until it is needed */
	LLVMTargetMachineRef quick_machine;
	pthread_mutex_t locks[TIER_PART_COUNT];
	code_session *session;         /* NULL: this tier only emits */
	tier_function *functions;      /* by index */
	function_shape *shapes;        /* by index */
	session_tables tables;         /* by index; what compiled code reads */
	tier_text *texts;              /* reasons that hosts have been given */
	char fatal[GUARD_REASON_SIZE]; /* LLVM's words: from then on nothing of LLVM's is touched; "": none */
};

/*
 * Runs a request to its end, or to that of memory (VOLT_ERROR_MEMORY) or of LLVM (VOLT_ERROR_TIER, as is the
 * answer to every later request; tier->fatal is set). What work(job) found out is in the job.
 */
volt_error *tier_run(volt_tier *tier, void (*work)(void *job), void (*undo)(void *job), void *job);

/* Has LLVM reported a fatal error? */
bool tier_is_dead(volt_tier *tier);

/*
 * Between the two a request has the session to itself. The end of tier_run() leaves it, however the request
 * ends.
 */
void tier_enter_session(volt_tier *tier);
void tier_leave_session(volt_tier *tier);

/* The error's message, which it frees, as a text that lives as long as the tier. */
const char *tier_keep_message(volt_tier *tier, volt_error *error);

/* Options for a unit of this tier, as presets are compared: nothing inlined, direct calls. */
lowering_options tier_lowering_options(const volt_tier *tier);

/*
 * The pipeline of a function that is compiled by itself; what is too large for the optimised level goes
 * through the quick one.
 */
pipeline_kind tier_pipeline(const volt_tier *tier, uint32_t function, volt_level level);

/* Has the options say how functions are lowered that are compiled one by one. */
void tier_set_pipeline(pipeline_kind pipeline, lowering_options *options);

/* What generates code; the tier's. Made when it is first needed: call it with the lock of that machine. */
volt_error *tier_needed_machine(volt_tier *tier, pipeline_kind pipeline, LLVMTargetMachineRef *machine);

/* As in volt_tier_interface. */
volt_error *tier_compile_module(volt_tier *tier, volt_compiled *compiled);
volt_error *tier_compile(volt_tier *tier, const volt_compile_request *request, volt_compiled *compiled);

#endif
