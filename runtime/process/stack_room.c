/* The end of a thread's stack does not change: it is asked for once. */
#include "process/stack_room.h"

#include <pthread.h>

static _Thread_local uintptr_t lowest; /* 0: not known */

/* Of the first thread, the C library finds it in /proc, which may not be there. */
static void find_end(void) {
	pthread_attr_t attributes;
	void *start;
	size_t size;
	if (pthread_getattr_np(pthread_self(), &attributes))
		return;
	if (pthread_attr_getstack(&attributes, &start, &size) == 0)
		lowest = (uintptr_t)start;
	pthread_attr_destroy(&attributes);
}

size_t native_stack_left(void) {
	const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	if (!lowest)
		find_end();
	return lowest ? here - lowest : SIZE_MAX;
}
