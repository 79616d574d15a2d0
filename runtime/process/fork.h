/*
 * fork() while VMs are alive. Only the thread that forks lives on in the child; everybody else's is cut off
 * wherever it stands. volt/vm.h says what a child may do with what it inherits.
 */
#ifndef PROCESS_FORK_H
#define PROCESS_FORK_H

#include <stdbool.h>

/*
 * How many forks lie between the process that loaded this library and this one. What was made in another
 * generation is inherited: its threads are not here, and may have held any of its locks.
 */
extern unsigned process_generation;

/* False: there was no memory for the handlers, so forks are not noticed. */
bool fork_is_watched(void);

/*
 * Between the two nobody forks: a fork waits. For what must be whole in the child though it belongs to no VM,
 * such as the compiler's own data. Not to be nested.
 */
void fork_hold_off(void);
void fork_let_go(void);

/* Waits until those who are between the two now have left. */
void fork_wait_at_gate(void);

/*
 * The handlers of a library whose locks come after all that are here: a fork calls `before` last, and one of
 * the others first. Once, between the two above; `library` is static.
 */
typedef struct {
	void (*before)(void);
	void (*in_parent)(void);
	void (*in_child)(void);
} fork_handlers;
void fork_include(const fork_handlers *library);

/* Locks of what all VMs share. A fork takes them all, so what they guard is whole in the child, and unlocked.
 */
typedef enum {
	SHARED_LAYOUTS,
	SHARED_DESCRIPTORS,
	SHARED_ENVIRONMENT,
	SHARED_WAITS,
	SHARED_COUNT,
} shared_part;

/* Nobody allocates in the collector's heap, or takes a second one, while holding one. */
void shared_lock(shared_part part);
void shared_unlock(shared_part part);

#endif
