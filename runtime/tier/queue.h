/*
 * The compile queue: two threads with large stacks. One of them loads the tier when the first request comes;
 * then one compiles what is asked for quickly, the other what is to be optimised, each in turn, and they
 * publish it in the VM's table of functions. Where the program waits for the compiler, there is one thread.
 */
#ifndef TIER_QUEUE_H
#define TIER_QUEUE_H

#include "volt/tier.h"
#include "volt/vm.h"

typedef struct compile_queue compile_queue;

/* Starts the threads. NULL: there are none to be had. */
compile_queue *compile_queue_start(volt_vm *vm);

/* Ends the threads after the requests that they work on; others are dropped. Frees all compiled code. */
void compile_queue_stop(compile_queue *queue);

/*
 * Asks for one form of one function. With `wait`, returns when it is published or has failed, and everything
 * that was asked for before. Called on the VM's own thread. What the profile says now is what is compiled
 * with: the queue makes a copy, which it frees when the request has been worked on or dropped.
 */
void compile_queue_request(compile_queue *queue, const volt_compile_request *request, bool wait);

/*
 * Takes back what was asked for of one form, where nobody has begun to answer it; false: there is no such
 * request. Called on the VM's own thread.
 */
bool compile_queue_take_back(compile_queue *queue, uint32_t function, volt_form form);

/* Has the tier loaded, for requests to come. */
void compile_queue_load(compile_queue *queue);

/*
 * Loads the tier, and waits for that. The error is VOLT_ERROR_ARGUMENT, and the caller's: an option names
 * what the tier does not have. That there is no tier is none.
 */
volt_error *compile_queue_check_options(compile_queue *queue);

/* Asks for all functions; `wait` as above. Then the error is the result, and the caller's. */
volt_error *compile_queue_request_module(compile_queue *queue, bool wait);

/* What compiling a form of a function gave so far. */
typedef struct {
	volt_compiled compiled;                       /* the newest */
	volt_level level;                             /* 0: it was never compiled */
	uint32_t waiting;                             /* requests for it that nobody has begun to answer */
	uint32_t under_way;                           /* those that are being answered right now */
	bool whole_module;                            /* compiled together with all others */
	uint64_t nanoseconds;                         /* of all compilations */
	uint64_t latencies[VOLT_LEVEL_OPTIMISED + 1]; /* nanoseconds from request to publication; 0: none */
} compiled_form;

typedef struct {
	const char *tier_name; /* NULL: it was not loaded */
	const char *failure;   /* why nothing more is compiled; NULL: nothing went wrong. The queue's */
	uint64_t nanoseconds;
	uint64_t compiled_count, failed_count, loaded_count; /* loaded: from the cache, and not compiled */
	uint64_t stale_count; /* requests for which better code was there before anybody had begun to answer */
	uint64_t cache_hits, cache_misses;
	const char *cache_failure; /* NULL: nothing went wrong with it. The tier's */
} queue_report;

/* Is there a request that is not answered yet? For this form? */
bool compile_queue_is_busy(compile_queue *queue);
bool compile_queue_is_asked_for(compile_queue *queue, uint32_t function, volt_form form);

queue_report compile_queue_report(compile_queue *queue);
compiled_form compile_queue_form(compile_queue *queue, uint32_t function, volt_form form);

#endif
