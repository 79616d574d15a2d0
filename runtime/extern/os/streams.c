/* Non-blocking reads and writes, repeated after each wait. No write raises SIGPIPE: it is the error EPIPE. */
#include "extern/os/streams.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "extern/os/system_errors.h"
#include "extern/os/waiting.h"

static bool would_block(int error) {
	return error == EAGAIN || error == EWOULDBLOCK;
}

/* ---- Reading ---- */

/* What is shared with other processes, as standard input is, stays in blocking mode and is asked first. */
static bool is_ready(const descriptor *opened) {
	struct pollfd state = {.fd = opened->file, .events = POLLIN};
	return (opened->number >= STANDARD_STREAMS && !opened->shared) || poll(&state, 1, 0) != 0;
}

static ssize_t read_now(const descriptor *opened, string_view target) {
	if (!is_ready(opened)) {
		errno = EAGAIN;
		return -1;
	}
	ssize_t count;
	do {
		count = read(opened->file, (void *)(uintptr_t)target.bytes, target.length);
	} while (count < 0 && errno == EINTR);
	return count;
}

volt_native_result stream_read(volt_native_call *call, descriptor *opened, string_view target,
                               report_int report) {
	int64_t deadline = opened->read_deadline;
	ssize_t count = 0;
	int error = deadline_is_over(deadline) ? ETIMEDOUT : 0;
	if (error == 0 && target.length > 0) {
		count = read_now(opened, target);
		error = count < 0 ? errno : count == 0 && opened->number != 0 ? ERROR_END : 0;
	}
	if (would_block(error)) {
		operation *self = call->wait != NULL ? wait_operation(call) : operation_new();
		volt_native_result result =
		    wait_ready(call, self, opened, opened->file, READY_TO_READ, deadline, &error);
		if (result == VOLT_NATIVE_WAIT) {
			descriptor_release(opened);
			return result;
		}
	}
	descriptor_release(opened);
	return report(call, count > 0 ? count : 0, error);
}

/* ---- Writing ---- */

typedef struct {
	operation base;
	size_t done;
} write_operation;

static void release_write(operation *self) {
	free(self);
}

/* write() to a pipe without a reader, minus the signal: it is taken back from this thread alone. */
static ssize_t write_without_signal(int file, const void *bytes, size_t length) {
	sigset_t broken_pipe;
	sigset_t before;
	sigset_t pending;
	sigemptyset(&broken_pipe);
	sigaddset(&broken_pipe, SIGPIPE);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
	ssize_t count = write(file, bytes, length);
	int error = errno;
	if (count < 0 && error == EPIPE && !sigismember(&pending, SIGPIPE)) {
		const struct timespec at_once = {0};
		while (sigtimedwait(&broken_pipe, NULL, &at_once) < 0 && errno == EINTR) {
		}
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return count;
}

static ssize_t write_some(const descriptor *opened, const char *bytes, size_t length) {
	ssize_t count;
	do {
		count = opened->kind == DESCRIPTOR_FILE ? write_without_signal(opened->file, bytes, length)
		                                        : send(opened->file, bytes, length, MSG_NOSIGNAL);
	} while (count < 0 && errno == EINTR);
	return count;
}

/* Writes from *done on until all is written or an error comes, which it returns. */
static int write_now(const descriptor *opened, string_view source, size_t *done) {
	while (*done < source.length) {
		ssize_t count = write_some(opened, source.bytes + *done, source.length - *done);
		if (count < 0)
			return errno;
		*done += (size_t)count;
	}
	return 0;
}

static operation *remember_progress(const volt_native_call *call, size_t done) {
	write_operation *self = (write_operation *)wait_operation(call);
	if (self == NULL)
		self = calloc(1, sizeof *self);
	if (self == NULL)
		return NULL;
	self->base.release = release_write;
	self->done = done;
	return &self->base;
}

volt_native_result stream_write(volt_native_call *call, descriptor *opened, string_view source,
                                report_int report) {
	const write_operation *before = (const write_operation *)wait_operation(call);
	size_t done = before != NULL ? before->done : 0;
	int64_t deadline = opened->write_deadline;
	int error = deadline_is_over(deadline) ? ETIMEDOUT : write_now(opened, source, &done);
	if (would_block(error)) {
		volt_native_result result = wait_ready(call, remember_progress(call, done), opened, opened->file,
		                                       READY_TO_WRITE, deadline, &error);
		if (result == VOLT_NATIVE_WAIT) {
			descriptor_release(opened);
			return result;
		}
	}
	descriptor_release(opened);
	return report(call, (int64_t)done, error);
}
