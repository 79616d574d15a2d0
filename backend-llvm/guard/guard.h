/*
 * Requests to the tier, and the two ways in which one can end before it is done: memory runs out, or LLVM
 * reports a fatal error. Both jump back to where the request began, on the thread that it began on.
 *
 * The handler of fatal errors is one for the process. It is taken when this library is loaded, unless LLVM is
 * a shared library that was there before: then it is somebody else's. Outside of requests it does what LLVM
 * does without one.
 */
#ifndef GUARD_GUARD_H
#define GUARD_GUARD_H

enum { GUARD_REASON_SIZE = 256 };

typedef enum {
	GUARD_DONE,
	GUARD_OUT_OF_MEMORY,
	GUARD_FATAL, /* nothing of LLVM's that the request has used may be touched any more */
} guard_end;

/*
 * Runs work(job). When memory ran out, undo(job) frees what is not from memory_new(), which is freed behind
 * it. `reason` receives LLVM's words after GUARD_FATAL. Requests do not nest.
 */
guard_end guard_run(void (*work)(void *job), void (*undo)(void *job), void *job,
                    char reason[GUARD_REASON_SIZE]);

/* Ends the request. Outside of one nobody could go on: the process ends. */
_Noreturn void guard_out_of_memory(void);

#endif
