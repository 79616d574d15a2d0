/* LLVM's code generators and its linker recurse, deeper than the stack of a caller may allow. */
#ifndef GUARD_DEEP_STACK_H
#define GUARD_DEEP_STACK_H

#include <stdbool.h>

/*
 * Runs work(job): on the caller's stack if enough of it is left, else on a thread that is made for it, while
 * the caller waits. False: there is no such thread, and nothing was run.
 */
bool deep_stack_run(void (*work)(void *job), void *job);

#endif
