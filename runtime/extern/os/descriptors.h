/*
 * What a program holds open: files, pipes, connections, listeners. A program knows them by numbers from 100
 * on; the table is one for the process and guarded by a mutex. A number is never used again.
 *
 * A number works in the VM that opened it only, since it stands for a permission that this VM has. What a VM
 * left open is closed by descriptors_close_owned().
 */
#ifndef EXTERN_OS_DESCRIPTORS_H
#define EXTERN_OS_DESCRIPTORS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "volt/native.h"

enum { DESCRIPTOR_FIRST_NUMBER = 100, STANDARD_STREAMS = 3 };

typedef enum {
	DESCRIPTOR_FILE,
	DESCRIPTOR_TCP_CONNECTION,
	DESCRIPTOR_TCP_LISTENER,
	DESCRIPTOR_UDP,
	DESCRIPTOR_UNIX_CONNECTION,
	DESCRIPTOR_UNIX_LISTENER,
} descriptor_kind;

typedef struct ready_wait ready_wait; /* waiting.c */

typedef struct descriptor {
	int64_t number;
	int file; /* the host's; closed with the last reference */
	descriptor_kind kind;
	bool pollable;                 /* reads and writes can be waited for; else they need a thread */
	_Atomic bool shared;           /* a child process has it too, so it is in blocking mode */
	_Atomic int64_t read_deadline; /* Unix nanoseconds; 0: none */
	_Atomic int64_t write_deadline;
	char *path;          /* owned; removed from the file system at close; or NULL */
	unsigned generation; /* of the process that opened it (process/fork.h): only that one removes the path */
	const volt_vm *owner;
	unsigned references; /* guarded by the table's mutex, as all that follows */
	bool closed;
	ready_wait *waits;
	struct descriptor *next;
} descriptor;

/* Takes `file` and gives it a number. NULL when there is no memory: `file` has been closed then. */
descriptor *descriptor_add(const volt_native_call *call, int file, descriptor_kind kind);

/*
 * The open descriptor with this number and kind, or NULL. It stays valid until descriptor_release(), though
 * another fiber may close it meanwhile. 0, 1 and 2 are files that are always open. Release it before anything
 * is allocated for results: that may jump out of the native.
 */
descriptor *descriptor_acquire(const volt_native_call *call, int64_t number, descriptor_kind kind);
descriptor *descriptor_retain(descriptor *opened);
void descriptor_release(descriptor *opened);

/* Closes it for the program and wakes everybody who waits for it. 0 or ERROR_CLOSED. */
int descriptor_close(const volt_native_call *call, int64_t number, descriptor_kind kind);

/* Closes all that the VM has open. To be called when it ends, after its last native. */
void descriptors_close_owned(const volt_vm *owner);

/* How many numbers are open in the process. */
size_t descriptors_open(void);

/* The mutex of the table, for waiting.c. */
void descriptors_lock(void);
void descriptors_unlock(void);

#endif
