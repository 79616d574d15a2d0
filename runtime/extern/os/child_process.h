/* Starting child processes and waiting for their end. */
#ifndef EXTERN_OS_CHILD_PROCESS_H
#define EXTERN_OS_CHILD_PROCESS_H

#include <sys/types.h>

#include "extern/os/native_paths.h"
#include "extern/os/waiting.h"

/*
 * What natives say of a child. All slices are []string; of an empty `environment`, the child gets a copy
 * of ours.
 */
typedef struct {
	string_view path;       /* without a slash: looked for in PATH */
	native_words arguments; /* with the program's name in front or without: the path is added then */
	string_view directory;  /* empty: ours */
	native_words environment;
	int files[3]; /* of the host, for the streams 0, 1, 2; -1: nothing there */
} child_options;

/* 0 or an errno. */
int child_start(const child_options *options, pid_t *pid);

/*
 * Waits for the end of a child: VOLT_NATIVE_OK with *status as waitpid() gives it or the errno in *error, or
 * VOLT_NATIVE_WAIT. Takes `self` as wait_ready() does if it waits.
 */
volt_native_result child_wait(volt_native_call *call, operation *self, int64_t pid, int *status, int *error);

#endif
