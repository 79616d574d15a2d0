/* Measures the caller's stack, and makes a thread if it is too small. */
#include "guard/deep_stack.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

enum { ENOUGH_BYTES = 16 << 20, DEEP_BYTES = 64 << 20 };

typedef struct {
	void (*work)(void *job);
	void *job;
} deep_request;

/* The caller may stand on another stack than that of its thread: then nothing is known of it. */
static bool is_deep(void) {
	const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	pthread_attr_t attributes;
	void *start;
	size_t size;
	if (pthread_getattr_np(pthread_self(), &attributes))
		return false;
	const bool known = pthread_attr_getstack(&attributes, &start, &size) == 0;
	pthread_attr_destroy(&attributes);
	const uintptr_t lowest = (uintptr_t)start;
	return known && here >= lowest && here - lowest < size && here - lowest >= ENOUGH_BYTES;
}

static void *run(void *user) {
	const deep_request *request = user;
	request->work(request->job);
	return NULL;
}

/*
 * The host's signals are for its own threads. Ours keeps its mask meanwhile: the collector may want to stop
 * it, and has perhaps stopped who holds the locks that pthread_create() takes.
 */
static bool start(pthread_t *thread, deep_request *request) {
	sigset_t all;
	pthread_attr_t attributes;
	if (pthread_attr_init(&attributes))
		return false;
	pthread_attr_setstacksize(&attributes, DEEP_BYTES);
	sigfillset(&all);
	int failure = pthread_attr_setsigmask_np(&attributes, &all);
	if (!failure)
		failure = pthread_create(thread, &attributes, run, request);
	pthread_attr_destroy(&attributes);
	return failure == 0;
}

bool deep_stack_run(void (*work)(void *job), void *job) {
	deep_request request = {work, job};
	pthread_t thread;
	if (is_deep()) {
		work(job);
		return true;
	}
	if (!start(&thread, &request))
		return false;
	pthread_join(thread, NULL);
	return true;
}
