/*
 * The parts of a fiber that few fibers need: deferred calls, unwinding, replays of natives, select, a
 * panic.
 */
#ifndef FIBER_RARE_H
#define FIBER_RARE_H

#include "fiber/fiber.h"
#include "volt/native.h"

/* ---- Deferred calls (unwind.c says how they are used) ---- */

typedef struct {
	uint64_t generation; /* the panics that it may recover are those with a greater one */
	volt_slot closure;   /* 0: a plain function, or a nil closure */
	uint32_t depth;      /* frames when it was pushed: that of the frame that it belongs to */
	uint32_t function;
	uint32_t first_argument; /* in `arguments` */
	uint16_t argument_count;
	bool by_closure;
	bool error_only;
} defer_record;

typedef enum { UNWIND_RETURN, UNWIND_PANIC } unwind_mode;

typedef struct {
	volt_slot value[2];
	uint64_t generation;
} panic_value;

typedef struct {
	panic_value panic;           /* mode UNWIND_PANIC */
	uint64_t running_generation; /* of the deferred call that runs now */
	uint32_t target_depth; /* frames below the frame that is being left; its deferred calls run one above */
	uint32_t function;     /* whose frame it was */
	uint32_t results;      /* index in the stack of the saved results; deferred frames lie above them */
	uint32_t saved_count;  /* values, or references to them */
	uint32_t own_defers;   /* deferred calls on the stack when the running one started */
	uint16_t result_slot;  /* where the caller wants the results, as in the frame */
	uint16_t result_count;
	uint8_t mode;      /* unwind_mode */
	bool heap_results; /* the saved results are references */
	bool no_results;   /* it began with a panic and has no results in objects: zeros if recovered */
	bool recovered;    /* by the running deferred call */
} unwind_record;

/* ---- Replays: a native that wants closures called (replay.c) ---- */

typedef enum { REPLAY_REQUESTED, REPLAY_CALLING, REPLAY_READY } replay_state;

typedef struct {
	volt_slot *slots; /* results of all rounds, then the arguments of a request */
	volt_closure_result *results;
	uint32_t *counts; /* slots of each result */
	volt_slot closure;
	volt_slot carried;   /* by the native, from one execution to the next */
	uint32_t slot_count; /* of results */
	uint32_t slot_capacity;
	uint32_t result_count;
	uint32_t result_capacity;
	uint32_t count_capacity;
	uint32_t argument_count;
	uint32_t depth; /* frames when the closure was called: the native's caller is on top */
	uint8_t state;  /* replay_state */
	bool panicked;
} replay_record;

/* ---- Select ---- */

typedef struct {
	uint32_t channel_slot; /* indices in the fiber's stack */
	uint32_t value_slot;
	uint16_t slots;
	bool sends;
	bool has_ok;
} select_case;

/*
 * Cases of a select whose SelectExec has not been reached. A frame evaluates operands, and so calls, in
 * between.
 */
typedef struct {
	select_case *cases;
	uint32_t count;
	uint32_t capacity;
	uint32_t base; /* of its frame */
	bool has_default;
} select_record;

/* ---- The trace of a panic: function and pc of the frames that it left ---- */

enum { TRACE_HALF = 50 };

typedef struct {
	uint32_t function;
	uint32_t pc; /* the next instruction */
} trace_entry;

typedef struct {
	trace_entry first[TRACE_HALF];
	trace_entry last[TRACE_HALF]; /* a ring: number n >= TRACE_HALF stands at n % TRACE_HALF */
	uint64_t count;
} panic_trace;

struct fiber_rare {
	defer_record *defers;
	volt_slot *arguments; /* of all deferred calls, in their order */
	unwind_record *unwinds;
	replay_record *replays;
	select_record *selects;
	panic_trace *trace;
	uint32_t defer_count, defer_capacity;
	uint32_t argument_count, argument_capacity;
	uint32_t unwind_count, unwind_capacity;
	uint32_t replay_count, replay_capacity;
	uint32_t select_count, select_made, select_capacity;
	panic_value panic;         /* raised, and not yet taken over by an unwinding record */
	uint64_t panic_generation; /* panics so far */
	volt_wait *wait;           /* the native on top waits for it, or is to be executed again after it */
};

/* Made on first use. */
fiber_rare *rare_get(volt_fiber *fiber);

/* Bytes in all. */
uint64_t rare_memory(const fiber_rare *rare);

/* NULL is allowed for the rare part of the fiber. */
void rare_free(volt_fiber *fiber);

/* Ends the newest replay. */
void rare_drop_replay(fiber_rare *rare);

static inline unwind_record *rare_top_unwind(fiber_rare *rare) {
	return rare && rare->unwind_count ? &rare->unwinds[rare->unwind_count - 1] : NULL;
}
static inline replay_record *rare_top_replay(fiber_rare *rare) {
	return rare && rare->replay_count ? &rare->replays[rare->replay_count - 1] : NULL;
}
static inline defer_record *rare_top_defer(fiber_rare *rare) {
	return rare && rare->defer_count ? &rare->defers[rare->defer_count - 1] : NULL;
}

/* Sets the fiber's watch depth from the records that are there now. */
void rare_update_watch(volt_fiber *fiber);

/*
 * Reports what the rare part refers to, to the collector; `amid`: also a deferred call that was just taken
 * off.
 */
void rare_scan(const fiber_rare *rare, bool amid);

#endif
