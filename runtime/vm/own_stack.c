/* The thread that a program runs on if the stack of its host's is too small. */
#include "vm/own_stack.h"

#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "object/space.h"
#include "process/stack_room.h"
#include "tier/run.h"
#include "vm/parts.h"

/* Compiled code that has less than this to itself would leave its frames too often. */
enum { LEAST_FOR_COMPILED_CODE = 512 << 10 };

typedef struct {
	volt_vm *vm;
	int *exit_status;
	volt_error *error;
	locale_t locale; /* the host's functions run under that of its thread */
	pid_t process;
} own_run;

bool own_stack_is_needed(void) {
	return native_stack_left() < TIER_NATIVE_STACK_MARGIN + LEAST_FOR_COMPILED_CODE;
}

/* A native has forked, and has returned in the child: the host's thread, which waits for us, is not there. */
static void end_child(const volt_error *error) {
	dprintf(STDERR_FILENO, "volt: %s\n", error ? volt_error_message(error) : "forked while the program ran");
	_exit(EXIT_FAILURE);
}

static void *run(void *user) {
	own_run *self = user;
	uselocale(self->locale);
	heap_enter_thread();
	self->error = vm_run_here(self->vm, self->exit_status);
	heap_leave_thread();
	if (getpid() != self->process)
		end_child(self->error);
	return NULL;
}

/* Signals go to the host's threads, as if this one were not there. */
static int start(pthread_t *thread, own_run *self) {
	sigset_t all, before;
	pthread_attr_t attributes;
	int failure = pthread_attr_init(&attributes);
	if (failure)
		return failure;
	pthread_attr_setstacksize(&attributes, NATIVE_STACK_BYTES);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	failure = pthread_create(thread, &attributes, run, self);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return failure;
}

volt_error *own_stack_run(volt_vm *vm, int *exit_status) {
	own_run self = {vm, exit_status, NULL, uselocale((locale_t)0), getpid()};
	pthread_t thread;
	*exit_status = 0;
	const int failure = start(&thread, &self);
	if (failure)
		return volt_error_new(VOLT_ERROR_MEMORY,
		                      "the caller's stack is too small to run a program on, and there is no thread "
		                      "with a larger one: %s",
		                      strerror(failure));
	pthread_join(thread, NULL);
	return self.error;
}
