/* The handlers of fork(). */
#include "process/fork.h"

#include <pthread.h>

/* Writers go first: with one compilation after the other, a fork would wait for ever. */
#define OPEN_GATE PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP

unsigned process_generation;

static pthread_rwlock_t gate = OPEN_GATE;
static pthread_mutex_t locks[SHARED_COUNT] = {
    PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER,
    PTHREAD_MUTEX_INITIALIZER,
};

static void nothing(void) {}
static const fork_handlers no_library = {nothing, nothing, nothing};
static const fork_handlers *included = &no_library; /* under the gate */

static void before_fork(void) {
	pthread_rwlock_wrlock(&gate);
	for (int part = 0; part < SHARED_COUNT; part++)
		pthread_mutex_lock(&locks[part]);
	included->before();
}

static void unlock_all(void) {
	for (int part = 0; part < SHARED_COUNT; part++)
		pthread_mutex_unlock(&locks[part]);
	pthread_rwlock_unlock(&gate);
}

static void in_parent(void) {
	included->in_parent();
	unlock_all();
}

/* Made anew, because threads that are not here may stand in their queues. */
static void in_child(void) {
	process_generation++;
	included->in_child();
	unlock_all();
	for (int part = 0; part < SHARED_COUNT; part++)
		locks[part] = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	gate = (pthread_rwlock_t)OPEN_GATE;
}

static bool watched;

/*
 * When this library is loaded, before the host's own constructors. Later would be too late for a fork that is
 * under way on another thread: it has called its handlers, and copies what is half done.
 */
static __attribute__((constructor(101))) void watch(void) {
	watched = pthread_atfork(before_fork, in_parent, in_child) == 0;
}

bool fork_is_watched(void) {
	return watched;
}

void fork_hold_off(void) {
	pthread_rwlock_rdlock(&gate);
}

void fork_let_go(void) {
	pthread_rwlock_unlock(&gate);
}

void fork_wait_at_gate(void) {
	pthread_rwlock_wrlock(&gate);
	pthread_rwlock_unlock(&gate);
}

void fork_include(const fork_handlers *library) {
	included = library;
}

void shared_lock(shared_part part) {
	pthread_mutex_lock(&locks[part]);
}

void shared_unlock(shared_part part) {
	pthread_mutex_unlock(&locks[part]);
}
