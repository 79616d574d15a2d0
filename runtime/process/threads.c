/* One function starts all of Volt's threads. */
#include "process/threads.h"

#include "process/fork.h"

/* What an instruction raises is for the thread that executes it, and cannot wait. */
static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};
enum { FAULTS = sizeof faults / sizeof *faults };

static sigset_t all_but_faults(void) {
	sigset_t signals;
	sigfillset(&signals);
	for (size_t i = 0; i < FAULTS; i++)
		sigdelset(&signals, faults[i]);
	return signals;
}

void signals_block(sigset_t *before) {
	const sigset_t blocked = all_but_faults();
	pthread_sigmask(SIG_BLOCK, &blocked, before);
}

void signals_restore(const sigset_t *before) {
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

static void *run(void *argument) {
	const process_thread *self = argument;
	sigset_t unblocked;
	sigemptyset(&unblocked);
	for (size_t i = 0; i < FAULTS; i++)
		sigaddset(&unblocked, faults[i]);
	pthread_sigmask(SIG_UNBLOCK, &unblocked, NULL);
	pthread_setname_np(pthread_self(), self->name);
	return self->function(self->user);
}

/*
 * Not even its first instruction is interrupted. The mask of the one that makes it stays: pthread_create()
 * takes locks, which may be those of a thread that the collector has stopped while it waits for this one.
 */
static int create(process_thread *thread, pthread_attr_t *attributes) {
	const sigset_t blocked = all_but_faults();
	const int failure = pthread_attr_setsigmask_np(attributes, &blocked);
	return failure ? failure : pthread_create(&thread->id, attributes, run, thread);
}

int thread_start(process_thread *thread, const char *name, size_t stack_bytes, void *(*function)(void *user),
                 void *user) {
	*thread = (process_thread){
	    .generation = process_generation,
	    .name = name,
	    .function = function,
	    .user = user,
	};
	pthread_attr_t attributes;
	int failure = pthread_attr_init(&attributes);
	if (failure)
		return failure;
	if (stack_bytes)
		failure = pthread_attr_setstacksize(&attributes, stack_bytes);
	if (!failure)
		failure = create(thread, &attributes);
	pthread_attr_destroy(&attributes);
	return failure;
}

bool thread_is_here(const process_thread *thread) {
	return thread->generation == process_generation;
}

void thread_join(const process_thread *thread) {
	if (thread_is_here(thread))
		pthread_join(thread->id, NULL);
}
