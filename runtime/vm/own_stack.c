/* The thread that a program runs on if the stack of its host's is too small. */
#include "vm/own_stack.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process/stack_room.h"
#include "process/threads.h"
#include "tier/stack_limit.h"

/* Compiled code that has less than this to itself would leave its frames too often. */
enum { LEAST_FOR_COMPILED_CODE = 512 << 10 };

typedef struct {
	process_thread thread;
	volt_vm *vm;
	vm_work work;
	void *user;
	volt_error *error;
	locale_t locale; /* the host's functions run under that of its thread */
} own_run;

bool own_stack_is_needed(void) {
	return native_stack_left() < TIER_NATIVE_STACK_MARGIN + LEAST_FOR_COMPILED_CODE;
}

/* A native has forked, and has returned in the child: the host's thread, which waits for us, is not there. */
static _Noreturn void end_child(const volt_error *error) {
	dprintf(STDERR_FILENO, "volt: %s\n", error ? volt_error_message(error) : "forked while the program ran");
	_exit(EXIT_FAILURE);
}

static void *run(void *user) {
	own_run *self = user;
	uselocale(self->locale);
	self->error = self->work(self->vm, self->user);
	if (!thread_is_here(&self->thread))
		end_child(self->error);
	return NULL;
}

volt_error *own_stack_run(volt_vm *vm, vm_work work, void *user) {
	own_run self = {.vm = vm, .work = work, .user = user, .locale = uselocale((locale_t)0)};
	const int failure = thread_start(&self.thread, "volt-program", NATIVE_STACK_BYTES, run, &self);
	if (failure)
		return volt_error_new(VOLT_ERROR_MEMORY,
		                      "the caller's stack is too small to run a program on, and there is no thread "
		                      "with a larger one: %s",
		                      strerror(failure));
	thread_join(&self.thread);
	return self.error;
}
