/* The ticker's thread. */
#include "tier/ticker.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "process/threads.h"
#include "tier/give_way.h"

/*
 * A request that comes at the start of a slice is lost, because the VM sets the field anew; then the next one
 * comes in time: no fiber waits longer than 10 ms for another's loop.
 */
enum { TICK_NANOSECONDS = 4000000 };

struct ticker {
	volt_context *context;
	process_thread thread;
	pthread_mutex_t lock;
	pthread_cond_t stop;
	bool stopping;
};

static struct timespec next_tick(void) {
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_nsec += TICK_NANOSECONDS;
	if (time.tv_nsec >= 1000000000) {
		time.tv_nsec -= 1000000000;
		time.tv_sec++;
	}
	return time;
}

static void *run(void *argument) {
	ticker *self = argument;
	pthread_mutex_lock(&self->lock);
	while (!self->stopping) {
		struct timespec until = next_tick();
		pthread_cond_timedwait(&self->stop, &self->lock, &until);
		give_way_ask(self->context);
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

ticker *ticker_start(volt_context *context) {
	ticker *self = calloc(1, sizeof *self);
	if (!self)
		return NULL;
	self->context = context;
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
