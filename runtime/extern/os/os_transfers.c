/*
 * Reads and writes of files (NATIVES.md, "Files and processes"). Streams wait on the event loop;
 * regular files are always ready, so reading or writing them never lets another fiber run, as in the
 * original.
 */
#include <errno.h>
#include <unistd.h>

#include "extern/os/streams.h"
#include "extern/os/system_errors.h"
#include "extern/registry.h"
#include "process/standard_streams.h"
#include "state/services.h"

/* ---- Regular files, and everything at an offset ---- */

typedef struct {
	bool writes;
	bool positioned;
	int64_t offset; /* of the first byte, if positioned */
} transfer;

static ssize_t move_some(int file, const transfer *how, string_view bytes, size_t done) {
	void *place = (void *)(uintptr_t)(bytes.bytes + done);
	size_t length = bytes.length - done;
	off_t offset = how->offset + (off_t)done;
	if (how->writes)
		return how->positioned ? pwrite(file, place, length, offset) : write(file, place, length);
	return how->positioned ? pread(file, place, length, offset) : read(file, place, length);
}

/* Moves all unless the file ends before, or an error comes, which it returns. */
static int move_all(int file, const transfer *how, string_view bytes, size_t *done) {
	while (*done < bytes.length) {
		ssize_t count = move_some(file, how, bytes, *done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count < 0 ? errno : 0;
		*done += (size_t)count;
	}
	return 0;
}

/* Releases `opened`. */
static volt_native_result run_transfer(volt_native_call *call, descriptor *opened, const transfer *how,
                                       string_view bytes) {
	size_t done = 0;
	int error = move_all(opened->file, how, bytes, &done);
	bool at_end =
	    !how->writes && error == 0 && done == 0 && bytes.length > 0 && opened->number != STDIN_FILENO;
	descriptor_release(opened);
	return os_return_int(call, (int64_t)done, at_end ? ERROR_END : error);
}

/* ---- Standard output and error ---- */

static int write_error_stream(volt_native_call *call, string_view bytes) {
	const volt_vm_options *options = vm_options(call->vm);
	if (options->output != NULL) {
		options->output(options->output_user, STDERR_FILENO, bytes.bytes, bytes.length);
		return 0;
	}
	return standard_stream_write(STDERR_FILENO, bytes.bytes, bytes.length);
}

static volt_native_result write_standard(volt_native_call *call, int64_t number, string_view bytes) {
	int error = 0;
	if (number == STDOUT_FILENO)
		volt_native_write(call, bytes.bytes, bytes.length);
	else
		error = number == STDERR_FILENO ? write_error_stream(call, bytes) : EBADF;
	return os_return_int(call, error == 0 ? (int64_t)bytes.length : 0, error);
}

/* ---- Natives ---- */

/* (fd int, target []byte) -> (n int, error) */
static volt_native_result file_read(volt_native_call *call) {
	int64_t number = native_int(call, 0);
	string_view target = native_string(call, 1);
	if (number == STDOUT_FILENO || number == STDERR_FILENO)
		return os_return_int(call, 0, EBADF);
	descriptor *opened = descriptor_acquire(call, number, DESCRIPTOR_FILE);
	if (opened == NULL)
		return os_return_int(call, 0, ERROR_CLOSED);
	return opened->pollable ? stream_read(call, opened, target, os_return_int)
	                        : run_transfer(call, opened, &(transfer){.writes = false}, target);
}

/* (fd int, source []byte) -> (n int, error) */
static volt_native_result file_write(volt_native_call *call) {
	int64_t number = native_int(call, 0);
	string_view source = native_string(call, 1);
	if (number >= 0 && number < STANDARD_STREAMS)
		return write_standard(call, number, source);
	descriptor *opened = descriptor_acquire(call, number, DESCRIPTOR_FILE);
	if (opened == NULL)
		return os_return_int(call, 0, ERROR_CLOSED);
	return opened->pollable ? stream_write(call, opened, source, os_return_int)
	                        : run_transfer(call, opened, &(transfer){.writes = true}, source);
}

static volt_native_result transfer_at(volt_native_call *call, bool writes) {
	string_view bytes = native_string(call, 1);
	int64_t offset = native_int(call, 2);
	descriptor *opened = descriptor_acquire(call, native_int(call, 0), DESCRIPTOR_FILE);
	if (opened == NULL)
		return os_return_int(call, 0, ERROR_CLOSED);
	if (writes && opened->number < STANDARD_STREAMS)
		return os_return_int(call, 0, ESPIPE);
	if (offset < 0 || offset > INT64_MAX - (int64_t)bytes.length) {
		descriptor_release(opened);
		return os_return_int(call, 0, EINVAL);
	}
	return run_transfer(call, opened, &(transfer){writes, true, offset}, bytes);
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
    {"os_blocking_fileRead", file_read, VOLT_PERMIT_NOTHING | NATIVE_MAY_WAIT,
     "(fd int, target []byte) -> (n int, error)"},
    {"os_blocking_fileReadAt", file_read_at, VOLT_PERMIT_NOTHING,
     "(fd int, target []byte, offset int) -> (n int, error)"},
    {"os_blocking_fileWrite", file_write, VOLT_PERMIT_NOTHING | NATIVE_MAY_WAIT,
     "(fd int, source []byte) -> (n int, error)"},
    {"os_blocking_fileWriteAt", file_write_at, VOLT_PERMIT_NOTHING,
     "(fd int, source []byte, offset int) -> (n int, error)"},
};

const native_package os_transfers_package = NATIVE_PACKAGE(rows);
