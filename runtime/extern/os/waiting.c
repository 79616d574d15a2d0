/*
 * Waits on the event loop of the VM. Every wait polls a duplicate of the host's descriptor, since a loop
 * takes a descriptor once only while one fiber may read and another write; all of it happens on the VM's
 * thread, except that a close on the thread of another island may complete a wait (under the table's mutex).
 */
#include "extern/os/waiting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "extern/support.h"
#include "object/space.h"
#include "process/exit.h"
#include "process/fork.h"
#include "process/threads.h"

/* The first member of both kinds of wait data. */
typedef struct {
	operation *self; /* owned; NULL when it went on to the next wait */
} wait_data;

operation *wait_operation(const volt_native_call *call) {
	return call->wait != NULL ? ((wait_data *)volt_wait_data(call->wait))->self : NULL;
}

static void release(operation *self) {
	if (self != NULL)
		self->release(self);
}

/* The wait that is over gives up its operation if the new wait has the same one. */
static void take_operation(const volt_native_call *call, const operation *self) {
	if (call->wait != NULL) {
		wait_data *finished = volt_wait_data(call->wait);
		finished->self = finished->self == self ? NULL : finished->self;
	}
}

static void release_operation(operation *self) {
	free(self);
}

operation *operation_new(void) {
	operation *made = calloc(1, sizeof *made);
	if (made != NULL)
		made->release = release_operation;
	return made;
}

int64_t unix_time_now(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

bool deadline_is_over(int64_t deadline) {
	return deadline != 0 && unix_time_now() >= deadline;
}

/* ---- Ready descriptors ---- */

struct ready_wait {
	wait_data data;
	volt_wait *wait;
	uv_poll_t poll;
	uv_timer_t timer;
	int file; /* the duplicate */
	unsigned open_handles;
	bool completed;     /* guarded by the table's mutex, as the list */
	descriptor *opened; /* a reference, or NULL */
	ready_wait *next;
};

static void complete_locked(ready_wait *waiting) {
	if (!waiting->completed) {
		waiting->completed = true;
		volt_wait_complete(waiting->wait);
	}
}

void ready_waits_wake(descriptor *opened) {
	for (ready_wait *waiting = opened->waits; waiting != NULL; waiting = waiting->next)
		complete_locked(waiting);
}

static void complete(ready_wait *waiting) {
	descriptors_lock();
	complete_locked(waiting);
	descriptors_unlock();
}

/* Stops both: until the fiber runs again the descriptor stays ready, and the loop would spin. */
static void on_ready(uv_poll_t *poll, int status, int events) {
	(void)status;
	(void)events;
	ready_wait *waiting = poll->data;
	uv_poll_stop(poll);
	uv_timer_stop(&waiting->timer);
	complete(waiting);
}

static void on_timeout(uv_timer_t *timer) {
	ready_wait *waiting = timer->data;
	waiting->data.self->timed_out = true;
	uv_poll_stop(&waiting->poll);
	complete(waiting);
}

static void enlist(ready_wait *waiting, descriptor *opened) {
	if (opened == NULL)
		return;
	waiting->opened = descriptor_retain(opened);
	descriptors_lock();
	waiting->next = opened->waits;
	opened->waits = waiting;
	if (opened->closed)
		complete_locked(waiting);
	descriptors_unlock();
}

static void delist(ready_wait *waiting) {
	if (waiting->opened == NULL)
		return;
	descriptors_lock();
	ready_wait **place = &waiting->opened->waits;
	while (*place != waiting)
		place = &(*place)->next;
	*place = waiting->next;
	descriptors_unlock();
	descriptor_release(waiting->opened);
}

static void on_closed(uv_handle_t *handle) {
	ready_wait *waiting = handle->data;
	if (--waiting->open_handles == 0)
		free(waiting);
}

/* free_data of the wait. The loop holds the handles until on_closed(). */
static void end_ready_wait(void *data) {
	ready_wait *waiting = data;
	delist(waiting);
	release(waiting->data.self);
	uv_close((uv_handle_t *)&waiting->timer, on_closed);
	uv_close((uv_handle_t *)&waiting->poll, on_closed);
	close(waiting->file);
}

static void start_timer(ready_wait *waiting, uv_loop_t *loop, int64_t deadline) {
	int64_t left = deadline - unix_time_now();
	uint64_t milliseconds = left > 0 ? (uint64_t)left / 1000000 + 1 : 0;
	uv_update_time(loop);
	uv_timer_start(&waiting->timer, on_timeout, milliseconds, 0);
}

/*
 * A poll handle puts its file into non-blocking mode, and with it everybody who has the same file open: the
 * terminal's other users, child processes. The mode goes back to what it was.
 */
static int init_poll(uv_loop_t *loop, uv_poll_t *poll, int file) {
	int flags = fcntl(file, F_GETFL);
	int status = uv_poll_init(loop, poll, file);
	if (flags >= 0 && (flags & O_NONBLOCK) == 0)
		fcntl(file, F_SETFL, flags);
	return status;
}

/* A wait with an open poll handle; NULL with the cause in *error. */
static ready_wait *new_ready_wait(uv_loop_t *loop, int file, int *error) {
	ready_wait *waiting = calloc(1, sizeof *waiting);
	if (waiting == NULL) {
		*error = ENOMEM;
		return NULL;
	}
	waiting->file = fcntl(file, F_DUPFD_CLOEXEC, STANDARD_STREAMS);
	int status = waiting->file < 0 ? -errno : init_poll(loop, &waiting->poll, waiting->file);
	if (status != 0) {
		*error = -status;
		if (waiting->file >= 0)
			close(waiting->file);
		free(waiting);
		return NULL;
	}
	uv_timer_init(loop, &waiting->timer);
	waiting->poll.data = waiting->timer.data = waiting;
	waiting->open_handles = 2;
	return waiting;
}

volt_native_result wait_ready(volt_native_call *call, operation *self, descriptor *opened, int file,
                              readiness event, int64_t deadline, int *error) {
	take_operation(call, self);
	uv_loop_t *loop = vm_event_loop(call->vm);
	ready_wait *waiting = self != NULL ? new_ready_wait(loop, file, error) : NULL;
	if (waiting == NULL) {
		*error = self != NULL ? *error : ENOMEM;
		release(self);
		return VOLT_NATIVE_OK;
	}
	self->timed_out = false;
	waiting->data.self = self;
	waiting->wait = volt_native_begin_wait(call, waiting, end_ready_wait);
	uv_poll_start(&waiting->poll, event == READY_TO_READ ? UV_READABLE : UV_WRITABLE, on_ready);
	if (deadline != 0)
		start_timer(waiting, loop, deadline);
	enlist(waiting, opened);
	return VOLT_NATIVE_WAIT;
}

/* ---- Work on a thread ---- */

typedef struct {
	wait_data data;
	volt_wait *wait;
	uv_work_t request;
	void (*run)(operation *self);
	bool finished;       /* the loop has let go of the request */
	bool abandoned;      /* the wait has */
	unsigned generation; /* of the process that the thread is in: process/fork.h */
} work_wait;

static void free_work(work_wait *work) {
	release(work->data.self);
	free(work);
}

static void run_work(uv_work_t *request) {
	work_wait *work = request->data;
	work->run(work->data.self);
}

static void on_worked(uv_work_t *request, int status) {
	(void)status;
	work_wait *work = request->data;
	work->finished = true;
	if (work->abandoned)
		free_work(work);
	else
		volt_wait_complete(work->wait);
}

/* free_data of the wait. If the VM ends first, the thread may still be at it: on_worked() frees it then. */
static void end_work_wait(void *data) {
	work_wait *work = data;
	if (work->finished) {
		free_work(work);
		return;
	}
	work->abandoned = true;
	if (work->generation == process_generation && library_enter()) {
		uv_cancel((uv_req_t *)&work->request);
		library_leave();
	}
}

/* The loop's library starts its threads at the first use, and ends them in exit(). */
static int queue_work(uv_loop_t *loop, uv_work_t *request) {
	sigset_t before;
	if (!library_enter())
		return UV_ECANCELED;
	signals_block(&before);
	heap_unblock_collections();
	int status = uv_queue_work(loop, request, run_work, on_worked);
	signals_restore(&before);
	library_leave();
	return status;
}

volt_native_result wait_work(volt_native_call *call, operation *self, void (*run)(operation *self),
                             int *error) {
	take_operation(call, self);
	work_wait *work = self != NULL ? calloc(1, sizeof *work) : NULL;
	int status = work != NULL ? 0 : UV_ENOMEM;
	if (status == 0) {
		work->run = run;
		work->data.self = self;
		work->request.data = work;
		work->generation = process_generation;
		status = queue_work(vm_event_loop(call->vm), &work->request);
	}
	if (status != 0) {
		free(work);
		release(self);
		*error = -status;
		return VOLT_NATIVE_OK;
	}
	work->wait = volt_native_begin_wait(call, work, end_work_wait);
	return VOLT_NATIVE_WAIT;
}
