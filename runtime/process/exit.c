/*
 * What exit() does first. A handler of atexit() would come too late: handlers are called last registered
 * first, and a library registers a destructor whenever it first makes a static object, so also after ours.
 * Before all of them exit() calls the destructors of its thread's own objects, and we have one there. The end
 * of a thread calls these, too, but then also the destructors of its keys, which exit() does not.
 */
#include "process/exit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "process/fork.h"

/* Of the C library, for compilers of C++. `address` is one in the library that `destroy` is of. */
extern int __cxa_thread_atexit_impl(void (*destroy)(void *object), void *object, /* NOLINT(*-identifier) */
                                    void *address);

static atomic_bool ending;
static _Thread_local bool is_watched, is_inside;
static pthread_key_t key;

/* Who calls exit() from inside, as a library that gives up may, does not wait for itself. */
static void exit_or_thread_begins_to_end(void *unused) {
	(void)unused;
	is_watched = false;
	atomic_store(&ending, true);
	if (!is_inside)
		fork_wait_at_gate();
}

static void thread_ends(void *unused) {
	(void)unused;
	atomic_store(&ending, false);
}

void exit_watch(void) {
	static char here;
	if (is_watched || gettid() != getpid() || pthread_setspecific(key, &here) != 0)
		return;
	is_watched = __cxa_thread_atexit_impl(exit_or_thread_begins_to_end, NULL, &here) == 0;
}

/* The main thread may never call anything of this library, and end the process while others do. */
static __attribute__((constructor)) void watch(void) {
	if (pthread_key_create(&key, thread_ends) == 0)
		exit_watch();
}

bool library_enter(void) {
	fork_hold_off();
	if (atomic_load(&ending)) {
		fork_let_go();
		return false;
	}
	is_inside = true;
	return true;
}

void library_leave(void) {
	is_inside = false;
	fork_let_go();
}
