/* Package os/exec: running programs (NATIVES.md, "Files and processes"). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "extern/os/child_process.h"
#include "extern/os/system_errors.h"
#include "extern/reflect/native_structs.h"
#include "extern/registry.h"
#include "object/heap.h"
#include "state/services.h"

/* ---- startProcess ---- */

/*
 * Programs expect streams that block. The mode belongs to all who have the file open, so it changes for us
 * too.
 */
static void share(descriptor *opened) {
	int flags = fcntl(opened->file, F_GETFL);
	if (opened->pollable && flags >= 0) {
		opened->shared = true;
		fcntl(opened->file, F_SETFL, flags & ~O_NONBLOCK);
	}
}

/*
 * A standard stream of the program for a child. Output that the host takes goes to no descriptor that a child
 * could have, and the process's own streams are not the program's then.
 */
static int standard_stream(const volt_native_call *call, int64_t number) {
	return number != STDIN_FILENO && vm_options(call->vm)->output != NULL ? -1 : (int)number;
}

/*
 * The descriptors of the arguments 4 to 6. -1: the child has the program's own stream; a number that is not
 * open gives it nothing there.
 */
static void acquire_files(const volt_native_call *call, descriptor *opened[3], int files[3]) {
	for (uint32_t i = 0; i < 3; i++) {
		int64_t number = native_int(call, 4 + i);
		number = number < 0 ? i : number;
		opened[i] = NULL;
		if (number < STANDARD_STREAMS) {
			files[i] = standard_stream(call, number);
			continue;
		}
		opened[i] = descriptor_acquire(call, number, DESCRIPTOR_FILE);
		files[i] = opened[i] != NULL ? opened[i]->file : -1;
		if (opened[i] != NULL)
			share(opened[i]);
	}
}

static child_options get_options(const volt_native_call *call) {
	return (child_options){
	    .path = native_string(call, 0),
	    .arguments = native_slice(call, 1),
	    .directory = native_string(call, 2),
	    .environment = native_slice(call, 3),
	    .files = {-1, -1, -1},
	};
}

/*
 * (path string, arguments []string, dir string, environment []string, stdin fd, stdout fd, stderr fd)
 *   -> (pid int, error)
 * The arguments may start with the program's name, as in Go's os.StartProcess, or not, as in Rust's Command.
 */
static volt_native_result start_process(volt_native_call *call) {
	child_options options = get_options(call);
	descriptor *opened[3];
	acquire_files(call, opened, options.files);
	vm_flush(call->vm); /* what was printed before stands before what the child prints */
	pid_t pid = 0;
	int error = child_start(&options, &pid);
	for (int i = 0; i < 3; i++)
		descriptor_release(opened[i]);
	return os_return_int(call, error == 0 ? pid : -1, error);
}

/* ---- waitProcess ---- */

enum { STATE_PID, STATE_EXIT_CODE, STATE_EXITED, STATE_SUCCESS, STATE_SIGNAL, STATE_WORDS };

/* All five words are numbers. */
static volt_slot new_state(volt_native_call *call, int64_t pid, int status) {
	object_space *space = native_space(call);
	uint32_t meta = native_struct_meta(space, "exec.ProcessState");
	volt_slot reference = heap_new_pointer_free(space, meta, STATE_WORDS);
	volt_slot *state = volt_slot_pointer(reference);
	bool exited = WIFEXITED(status);
	state[STATE_PID] = (volt_slot)pid;
	state[STATE_EXIT_CODE] = (volt_slot)(int64_t)(exited ? WEXITSTATUS(status) : -1);
	state[STATE_EXITED] = exited;
	state[STATE_SUCCESS] = exited && WEXITSTATUS(status) == 0;
	state[STATE_SIGNAL] = WIFSIGNALED(status) ? (volt_slot)WTERMSIG(status) : 0;
	return reference;
}

/*
 * (pid int) -> (*ProcessState, error)
 * ProcessState: pid int, exit code int (-1 after a signal), exited bool, success bool, signal int (0: none).
 */
static volt_native_result wait_process(volt_native_call *call) {
	int64_t pid = native_int(call, 0);
	int status = 0;
	int error = 0;
	if (child_wait(call, wait_operation(call), pid, &status, &error) == VOLT_NATIVE_WAIT)
		return VOLT_NATIVE_WAIT;
	native_set(call, 0, error == 0 ? new_state(call, pid, status) : 0);
	os_set_error(call, 1, error);
	return VOLT_NATIVE_OK;
}

/* ---- runCaptureOutput ---- */

typedef struct {
	operation base;
	pid_t pid;
	int file; /* the end of the pipe to read from; -1 after the end of the output */
	int error;
	buffer output;
	size_t reserved; /* what the heap's limit was asked for */
} capture;

static void release_capture(operation *self) {
	capture *ended = (capture *)self;
	if (ended->file >= 0)
		close(ended->file);
	buffer_free(&ended->output);
	free(ended);
}

/* Starts the program with its output in a pipe. Without `combined`, its errors go nowhere. */
static int start_capture(const volt_native_call *call, capture *run) {
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return errno;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	child_options options = get_options(call);
	options.files[1] = ends[1];
	options.files[2] = native_bool(call, 4) ? ends[1] : -1;
	int error = child_start(&options, &run->pid);
	close(ends[1]);
	if (error != 0) {
		close(ends[0]);
		return error;
	}
	run->file = ends[0];
	return 0;
}

/* Reads what there is. EAGAIN: more may come; 0: the end, or an error that ends it as well. */
static int read_output(volt_native_call *call, capture *run) {
	char step[1 << 14];
	for (;;) {
		ssize_t count = read(run->file, step, sizeof step);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count < 0 ? errno : 0;
		buffer_append(&run->output, step, (size_t)count);
		if (run->output.length > run->reserved) {
			run->reserved = run->output.length * 2;
			native_reserve(call, run->reserved);
		}
	}
}

/* The error of a program that ended, as Go's ExitError tells it. */
static void set_exit_error(volt_native_call *call, uint32_t index, int status) {
	if (WIFSIGNALED(status)) {
		const char *name = sigdescr_np(WTERMSIG(status));
		native_set_error(call, index, "signal: %s", name != NULL ? name : "unknown");
	} else if (WEXITSTATUS(status) != 0) {
		native_set_error(call, index, "exit status %d", WEXITSTATUS(status));
	} else {
		native_set_nil(call, index);
	}
}

/* Output first, then the end of the process. The operation belongs to the wait throughout. */
static volt_native_result continue_capture(volt_native_call *call, capture *run) {
	int error = 0;
	int status = 0;
	if (run->file >= 0) {
		run->error = read_output(call, run);
		if (run->error == EAGAIN) {
			volt_native_result result =
			    wait_ready(call, &run->base, NULL, run->file, READY_TO_READ, 0, &error);
			return result == VOLT_NATIVE_WAIT ? result : os_return_int(call, 0, error);
		}
		close(run->file);
		run->file = -1;
	}
	if (child_wait(call, &run->base, run->pid, &status, &error) == VOLT_NATIVE_WAIT)
		return VOLT_NATIVE_WAIT;
	native_set(call, 0, slice_from_bytes(native_space(call), run->output.bytes, run->output.length));
	error = run->error != 0 ? run->error : error;
	os_set_error(call, 1, error);
	if (error == 0)
		set_exit_error(call, 1, status);
	return VOLT_NATIVE_OK;
}

/*
 * (path string, arguments []string, dir string, environment []string, combined bool) -> ([]byte, error)
 * Arguments as in startProcess. Standard input is empty.
 */
static volt_native_result run_capture_output(volt_native_call *call) {
	if (wait_operation(call) != NULL)
		return continue_capture(call, (capture *)wait_operation(call));
	capture *run = calloc(1, sizeof *run);
	int error = run != NULL ? start_capture(call, run) : ENOMEM;
	if (error != 0) {
		free(run);
		return os_return_int(call, 0, error);
	}
	run->base.release = release_capture;
	volt_native_result result = wait_ready(call, &run->base, NULL, run->file, READY_TO_READ, 0, &error);
	return result == VOLT_NATIVE_WAIT ? result : os_return_int(call, 0, error);
}

static const native_row rows[] = {
    {"os_exec_runCaptureOutput", run_capture_output, VOLT_PERMIT_PROCESSES | NATIVE_MAY_WAIT,
     "(path string, arguments []string, dir string, environment []string, combined bool) -> ([]byte, error)"},
    {"os_exec_startProcess", start_process, VOLT_PERMIT_PROCESSES,
     "(path string, arguments []string, dir string, environment []string, stdin int, stdout int, stderr int) "
     "-> (pid int, error)"},
    {"os_exec_waitProcess", wait_process, VOLT_PERMIT_PROCESSES | NATIVE_MAY_WAIT,
     "(pid int) -> (*ProcessState, error)"},
};

const native_package os_exec_package = NATIVE_PACKAGE(rows);
