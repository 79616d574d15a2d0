/* The program's standard output: what ends in a newline is written at once, the rest is kept. */
#include <string.h>
#include <unistd.h>

#include "process/standard_streams.h"
#include "state/vm_state.h"

/* A line longer than this is not kept back. */
enum { LINE_LIMIT = 8192 };

static void write_bytes(volt_vm *vm, const char *bytes, size_t length) {
	if (vm->options.output) {
		vm->options.output(vm->options.output_user, 1, bytes, length);
		return;
	}
	const int error = vm->output_broken ? 0 : standard_stream_write(STDOUT_FILENO, bytes, length);
	if (error) {
		vm->output_broken = true;
		vm_fail(vm, volt_error_new(VOLT_ERROR_FILE, "standard output: %s", strerror(error)));
	}
}

/* Islands share the stream: each writes whole lines, one after the other. */
static void write_all(volt_vm *vm, const char *bytes, size_t length) {
	if (vm->output_lock)
		pthread_mutex_lock(vm->output_lock);
	write_bytes(vm, bytes, length);
	if (vm->output_lock)
		pthread_mutex_unlock(vm->output_lock);
}

void vm_flush(volt_vm *vm) {
	if (vm->output.length != 0) {
		write_all(vm, vm->output.bytes, vm->output.length);
		vm->output.length = 0;
	}
}

void vm_write(volt_vm *vm, const void *bytes, size_t length) {
	if (length == 0)
		return;
	buffer *pending = &vm->output;
	buffer_append(pending, bytes, length);
	const char *newline = memrchr(pending->bytes, '\n', pending->length);
	size_t complete = newline ? (size_t)(newline - pending->bytes) + 1 : 0;
	if (pending->length - complete > LINE_LIMIT)
		complete = pending->length;
	if (complete != 0) {
		write_all(vm, pending->bytes, complete);
		pending->length -= complete;
		memmove(pending->bytes, pending->bytes + complete, pending->length);
	}
}
