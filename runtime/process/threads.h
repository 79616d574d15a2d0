/* Threads that Volt makes, in a process whose signals are its host's. */
#ifndef PROCESS_THREADS_H
#define PROCESS_THREADS_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
	pthread_t id;
	unsigned generation; /* of the process that it runs in: process/fork.h */
	const char *name;
	void *(*function)(void *user);
	void *user;
} process_thread;

/*
 * Starts a thread that takes no signals but those which its own instructions raise. `name` is a constant of
 * at most 15 bytes; `stack_bytes` 0: the usual stack. Returns 0 or an errno. The caller joins it, and keeps
 * `thread` where it is until then.
 */
int thread_start(process_thread *thread, const char *name, size_t stack_bytes, void *(*function)(void *user),
                 void *user);

/* False in a child of fork(): the thread is not there, nor what it would have unlocked or answered. */
bool thread_is_here(const process_thread *thread);

/* Waits for the end of a thread that is here. */
void thread_join(const process_thread *thread);

/*
 * Around calls into libraries that start threads of their own: those then take none but these. A thread that
 * the collector knows calls heap_unblock_collections() in between.
 */
void signals_block(sigset_t *before);
void signals_restore(const sigset_t *before);

#endif
