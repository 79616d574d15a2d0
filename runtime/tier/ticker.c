/* The ticker's thread. */
#include "tier/ticker.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "process/threads.h"
#include "state/give_way.h"

struct ticker {
	volt_context *context;
	uint64_t nanoseconds;
	_Atomic uint32_t *asked;
	process_thread thread;
	pthread_mutex_t lock;
	pthread_cond_t stop;
	bool stopping;
};

static struct timespec next_tick(const ticker *self) {
	enum { SECOND = 1000000000 };
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	const uint64_t nanoseconds = (uint64_t)time.tv_nsec + self->nanoseconds;
	time.tv_nsec = (long)(nanoseconds % SECOND);
	time.tv_sec += (time_t)(nanoseconds / SECOND);
	return time;
}

static void ask(const ticker *self) {
	if (self->asked)
		atomic_fetch_add_explicit(self->asked, 1, memory_order_relaxed);
	if (self->context)
		give_way_ask(self->context);
}

static void *run(void *argument) {
	ticker *self = argument;
	pthread_mutex_lock(&self->lock);
	while (!self->stopping) {
		struct timespec until = next_tick(self);
		pthread_cond_timedwait(&self->stop, &self->lock, &until);
		ask(self);
	}
	pthread_mutex_unlock(&self->lock);
	return NULL;
}

static void initialise(ticker *self) {
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&self->stop, &attributes);
	pthread_condattr_destroy(&attributes);
	pthread_mutex_init(&self->lock, NULL);
}

static void dispose(ticker *self) {
	pthread_mutex_destroy(&self->lock);
	pthread_cond_destroy(&self->stop);
	free(self);
}

ticker *ticker_start(volt_context *context, uint64_t nanoseconds, _Atomic uint32_t *asked) {
	ticker *self = calloc(1, sizeof *self);
	if (!self)
		return NULL;
	self->context = context;
	self->nanoseconds = nanoseconds;
	self->asked = asked;
	initialise(self);
	if (thread_start(&self->thread, "volt-ticker", 0, run, self) == 0)
		return self;
	dispose(self);
	return NULL;
}

void ticker_stop(ticker *self) {
	if (!self)
		return;
	if (!thread_is_here(&self->thread)) {
		free(self);
		return;
	}
	pthread_mutex_lock(&self->lock);
	self->stopping = true;
	pthread_cond_signal(&self->stop);
	pthread_mutex_unlock(&self->lock);
	thread_join(&self->thread);
	dispose(self);
}
