/*
 * Threads inside of Volt. The collector stops those that are registered, by a signal, and scans their stacks;
 * a thread is registered while it is inside and not a moment longer: outside it may end, or block the signal.
 */
#define GC_THREADS
#include <gc/gc.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "object/collector_host.h"
#include "object/space.h"

/* Whatever the collector's header makes of it: the mask is to be what we say. */
#undef pthread_sigmask

static pthread_key_t
    thread_key; /* set while registered by us: its destructor is for threads that end inside */
static bool main_thread_stays;

static _Thread_local struct {
	unsigned entries;
	bool was_registered; /* by us */
	bool was_blocked;    /* the collector's signal was, outside */
	struct GC_stack_base stack_base;
} self;

/* The loader's; glibc has no header for it. */
// NOLINTNEXTLINE(bugprone-reserved-identifier): the C library chose the name
extern void *__libc_stack_end;

/* Only the first thread's stack is looked up in /proc, which may not be there. */
void *collector_stack_base(void) {
	struct GC_stack_base base;
	return GC_get_stack_base(&base) == GC_SUCCESS ? base.mem_base : __libc_stack_end;
}

static void end_inside(void *unused) {
	(void)unused;
	if (self.was_registered)
		GC_unregister_my_thread();
	self.was_registered = false;
}

bool collector_threads_prepare(void) {
	return pthread_key_create(&thread_key, end_inside) == 0;
}

void collector_keep_main_thread(void) {
	main_thread_stays = true;
}

/* Returns whether the signal was blocked. */
static bool change_mask(int how) {
	sigset_t signals, before;
	sigemptyset(&signals);
	sigaddset(&signals, GC_get_suspend_signal());
	pthread_sigmask(how, &signals, &before);
	return sigismember(&before, GC_get_suspend_signal()) == 1;
}

void heap_unblock_collections(void) {
	(void)change_mask(SIG_UNBLOCK);
}

static void register_thread(void) {
	if (!self.stack_base.mem_base) /* expensive to find out */
		self.stack_base.mem_base = collector_stack_base();
	if (GC_register_my_thread(&self.stack_base) != GC_SUCCESS)
		return; /* the host has registered it */
	self.was_registered = true;
	pthread_setspecific(thread_key, &self);
}

static bool stays_registered(void) {
	return main_thread_stays && gettid() == getpid();
}

static void unregister_thread(void) {
	GC_unregister_my_thread();
	self.was_registered = false;
	pthread_setspecific(thread_key, NULL);
}

void heap_enter_thread(void) {
	if (self.entries++ > 0)
		return;
	if (!self.was_registered)
		register_thread();
	self.was_blocked = change_mask(SIG_UNBLOCK);
}

/*
 * A native may have blocked the signal; a collection may be waiting for this thread, and would hold up what
 * follows.
 */
void heap_leave_thread(void) {
	if (--self.entries > 0)
		return;
	const bool is_blocked = change_mask(SIG_UNBLOCK);
	if (self.was_registered && stays_registered())
		return;
	if (self.was_registered)
		unregister_thread();
	if (self.was_blocked || is_blocked)
		change_mask(SIG_BLOCK);
}
