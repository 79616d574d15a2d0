/*
 * Package time: clocks, and sleeping on a timer of the VM's event loop (NATIVES.md, "Time").
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <uv.h>

#include "extern/registry.h"
#include "extern/support.h"

static int64_t read_clock(clockid_t clock) {
	struct timespec now;
	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static volt_native_result now_unix(volt_native_call *call) {
	return native_return_int(call, read_clock(CLOCK_REALTIME));
}

static pthread_once_t first_use = PTHREAD_ONCE_INIT;
static int64_t first_use_time;

static void remember_first_use(void) {
	first_use_time = read_clock(CLOCK_MONOTONIC);
}

static volt_native_result now_monotonic(volt_native_call *call) {
	pthread_once(&first_use, remember_first_use);
	return native_return_int(call, read_clock(CLOCK_MONOTONIC) - first_use_time);
}

/* ---- Sleeping ---- */

typedef struct {
	uv_timer_t timer;
	volt_wait *wait;
} sleeper;

static void wake(uv_timer_t *timer) {
	sleeper *sleeping = timer->data;
	volt_wait_complete(sleeping->wait);
}

static void free_sleeper(uv_handle_t *timer) {
	free(timer->data);
}

/* The loop still owns the handle when the wait is over: the memory goes when the loop has let go of it. */
static void close_sleeper(void *data) {
	sleeper *sleeping = data;
	uv_close((uv_handle_t *)&sleeping->timer, free_sleeper);
}

/*
 * The time until the deadline as the loop sees it: it counts whole milliseconds and its idea of now may lag.
 * The deadline is rounded up, so that no sleep is too short.
 */
static uint64_t timeout_in_loop(const uv_loop_t *loop, uint64_t nanoseconds) {
	uint64_t deadline = uv_hrtime() + nanoseconds;
	uint64_t due = deadline / 1000000 + (deadline % 1000000 != 0);
	uint64_t now = uv_now(loop);
	return due > now ? due - now : 0;
}

static volt_native_result sleep_nano(volt_native_call *call) {
	int64_t nanoseconds = native_int(call, 0);
	if (call->wait != NULL || nanoseconds <= 0)
		return VOLT_NATIVE_OK;
	sleeper *sleeping = calloc(1, sizeof *sleeping);
	if (sleeping == NULL)
		return volt_native_panic(call, "time: Sleep: no memory for a timer");
	uv_loop_t *loop = vm_event_loop(call->vm);
	uv_timer_init(loop, &sleeping->timer);
	sleeping->timer.data = sleeping;
	sleeping->wait = volt_native_begin_wait(call, sleeping, close_sleeper);
	uv_timer_start(&sleeping->timer, wake, timeout_in_loop(loop, (uint64_t)nanoseconds), 0);
	return VOLT_NATIVE_WAIT;
}

static const native_row rows[] = {
    {"time_blocking_sleepNano", sleep_nano, VOLT_PERMIT_NOTHING | NATIVE_MAY_WAIT, "(nanoseconds int)"},
    {"time_nowMonoNano", now_monotonic, VOLT_PERMIT_NOTHING, "() -> int"},
    {"time_nowUnixNano", now_unix, VOLT_PERMIT_NOTHING, "() -> int"},
};

const native_package time_package = NATIVE_PACKAGE(rows);
