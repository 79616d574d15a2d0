/*
 * Reads and writes of files (specification, "Native externs", section 10). Streams wait on the event loop;
 * regular files, which are always ready, are read and written by a thread, through memory of its own: the VM
 * may end and its heap go while the thread is still at it.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "extern/registry.h"
#include "extern/streams.h"
#include "extern/system_errors.h"
#include "extern/vm_services.h"
#include "extern/waiting.h"

/* More than this moves in several steps. */
enum { CHUNK_BYTES = 16 << 20 };

typedef struct {
	operation base;
	descriptor *opened; /* a reference */
	bool writes;
	bool positioned;
	int64_t offset; /* of the program's first byte, if positioned */
	size_t done;    /* in earlier chunks */
	size_t chunk;
	size_t moved; /* of this chunk */
	int error;
	char *moving; /* the chunk, outside of the heap */
} transfer;

static void release_transfer(operation *self) {
	transfer *ended = (transfer *)self;
	descriptor_release(ended->opened);
	free(ended->moving);
	free(ended);
}

/* ---- On the thread ---- */

static ssize_t move_some(const transfer *step) {
	int file = step->opened->file;
	char *bytes = step->moving + step->moved;
	size_t length = step->chunk - step->moved;
	off_t offset = step->offset + (off_t)(step->done + step->moved);
	if (step->writes) {
		return step->positioned ? pwrite(file, bytes, length, offset) : write(file, bytes, length);
	}
	return step->positioned ? pread(file, bytes, length, offset) : read(file, bytes, length);
}

/* Fills or empties the chunk, unless the file ends or fails first. */
static void run_transfer(operation *self) {
	transfer *step = (transfer *)self;
	while (step->moved < step->chunk) {
		ssize_t count = move_some(step);
		if (count < 0 && errno == EINTR) {
			continue;
		}
		step->error = count < 0 ? errno : 0;
		if (count <= 0) {
			return;
		}
		step->moved += (size_t)count;
	}
}

/* ---- On the VM's thread ---- */

static volt_native_result run_chunk(volt_native_call *call, transfer *step, string_view bytes) {
	size_t left = bytes.length - step->done;
	step->chunk = left < CHUNK_BYTES ? left : CHUNK_BYTES;
	step->moved = 0;
	if (step->writes) {
		memcpy(step->moving, bytes.bytes + step->done, step->chunk);
	}
	int error = 0;
	size_t done = step->done;
	volt_native_result result = wait_work(call, &step->base, run_transfer, &error);
	return result == VOLT_NATIVE_WAIT ? result : os_return_int(call, (int64_t)done, error);
}

static transfer *new_transfer(descriptor *opened, size_t length) {
	transfer *made = calloc(1, sizeof *made);
	char *moving = malloc(length < CHUNK_BYTES ? length : CHUNK_BYTES);
	if (made == NULL || moving == NULL) {
		free(made);
		free(moving);
		descriptor_release(opened);
		return NULL;
	}
	made->base.release = release_transfer;
	made->opened = opened;
	made->moving = moving;
	return made;
}

/* A chunk has moved. */
static volt_native_result continue_transfer(volt_native_call *call, transfer *step, string_view bytes) {
	if (!step->writes) {
		memcpy((char *)(uintptr_t)bytes.bytes + step->done, step->moving, step->moved);
	}
	step->done += step->moved;
	if (step->error == 0 && step->moved == step->chunk && step->done < bytes.length) {
		return run_chunk(call, step, bytes);
	}
	bool at_end = !step->writes && step->done == 0 && step->error == 0 && step->opened->number != 0;
	return os_return_int(call, (int64_t)step->done, at_end ? ERROR_END : step->error);
}

/* Takes `opened`. */
static volt_native_result start_transfer(volt_native_call *call, descriptor *opened, bool writes,
                                         bool positioned, string_view bytes, int64_t offset) {
	if (bytes.length == 0) {
		descriptor_release(opened);
		return os_return_int(call, 0, 0);
	}
	transfer *step = new_transfer(opened, bytes.length);
	if (step == NULL) {
		return os_return_int(call, 0, ENOMEM);
	}
	step->writes = writes;
	step->positioned = positioned;
	step->offset = offset;
	return run_chunk(call, step, bytes);
}

static transfer *current_transfer(const volt_native_call *call) {
	operation *self = wait_operation(call);
	return self != NULL && self->release == release_transfer ? (transfer *)self : NULL;
}

/* ---- Standard output and error ---- */

static int write_error_stream(volt_native_call *call, string_view bytes) {
	const volt_vm_options *options = vm_options(call->vm);
	if (options->output != NULL) {
		options->output(options->output_user, STDERR_FILENO, bytes.bytes, bytes.length);
		return 0;
	}
	for (size_t done = 0; done < bytes.length;) {
		ssize_t count = write(STDERR_FILENO, bytes.bytes + done, bytes.length - done);
		if (count < 0 && errno == EAGAIN) {
			poll(&(struct pollfd){.fd = STDERR_FILENO, .events = POLLOUT}, 1, -1);
		} else if (count < 0 && errno != EINTR) {
			return errno;
		}
		done += count > 0 ? (size_t)count : 0;
	}
	return 0;
}

static volt_native_result write_standard(volt_native_call *call, int64_t number, string_view bytes) {
	int error = 0;
	if (number == STDOUT_FILENO) {
		volt_native_write(call, bytes.bytes, bytes.length);
	} else {
		error = number == STDERR_FILENO ? write_error_stream(call, bytes) : EBADF;
	}
	return os_return_int(call, error == 0 ? (int64_t)bytes.length : 0, error);
}

/* ---- Natives ---- */

/* (fd int, target []byte) -> (n int, error) */
static volt_native_result file_read(volt_native_call *call) {
	int64_t number = native_int(call, 0);
	string_view target = native_string(call, 1);
	transfer *step = current_transfer(call);
	if (step != NULL) {
		return continue_transfer(call, step, target);
	}
	if (number == STDOUT_FILENO || number == STDERR_FILENO) {
		return os_return_int(call, 0, EBADF);
	}
	descriptor *opened = descriptor_acquire(call, number, DESCRIPTOR_FILE);
	if (opened == NULL) {
		return os_return_int(call, 0, ERROR_CLOSED);
	}
	return opened->pollable ? stream_read(call, opened, target, os_return_int)
	                        : start_transfer(call, opened, false, false, target, 0);
}

/* (fd int, source []byte) -> (n int, error) */
static volt_native_result file_write(volt_native_call *call) {
	int64_t number = native_int(call, 0);
	string_view source = native_string(call, 1);
	transfer *step = current_transfer(call);
	if (step != NULL) {
		return continue_transfer(call, step, source);
	}
	if (number >= 0 && number < STANDARD_STREAMS) {
		return write_standard(call, number, source);
	}
	descriptor *opened = descriptor_acquire(call, number, DESCRIPTOR_FILE);
	if (opened == NULL) {
		return os_return_int(call, 0, ERROR_CLOSED);
	}
	return opened->pollable ? stream_write(call, opened, source, os_return_int)
	                        : start_transfer(call, opened, true, false, source, 0);
}

static volt_native_result transfer_at(volt_native_call *call, bool writes) {
	string_view bytes = native_string(call, 1);
	int64_t offset = native_int(call, 2);
	transfer *step = current_transfer(call);
	if (step != NULL) {
		return continue_transfer(call, step, bytes);
	}
	descriptor *opened = descriptor_acquire(call, native_int(call, 0), DESCRIPTOR_FILE);
	if (opened == NULL) {
		return os_return_int(call, 0, ERROR_CLOSED);
	}
	if (writes && opened->number < STANDARD_STREAMS) {
		return os_return_int(call, 0, ESPIPE);
	}
	if (offset < 0 || offset > INT64_MAX - (int64_t)bytes.length) {
		descriptor_release(opened);
		return os_return_int(call, 0, EINVAL);
	}
	return start_transfer(call, opened, writes, true, bytes, offset);
}

/* (fd int, target []byte, offset int) -> (n int, error) */
static volt_native_result file_read_at(volt_native_call *call) {
	return transfer_at(call, false);
}

/* (fd int, source []byte, offset int) -> (n int, error) */
static volt_native_result file_write_at(volt_native_call *call) {
	return transfer_at(call, true);
}

static const native_row rows[] = {
    {"os_blocking_fileRead", file_read, VOLT_PERMIT_NOTHING},
    {"os_blocking_fileReadAt", file_read_at, VOLT_PERMIT_NOTHING},
    {"os_blocking_fileWrite", file_write, VOLT_PERMIT_NOTHING},
    {"os_blocking_fileWriteAt", file_write_at, VOLT_PERMIT_NOTHING},
};

const native_package os_transfers_package = NATIVE_PACKAGE(rows);
