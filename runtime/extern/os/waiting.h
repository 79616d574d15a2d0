/*
 * How natives wait while other fibers run: for a descriptor to become ready, or for work on a thread of
 * libuv's pool.
 *
 * An operation is what a native must remember from one execution to the next. It starts with this struct.
 * Beginning a wait hands the operation to the wait; it is released when the execution that follows is over,
 * or when the VM ends first, so that a jump out of the native loses nothing.
 */
#ifndef EXTERN_OS_WAITING_H
#define EXTERN_OS_WAITING_H

#include "extern/os/descriptors.h"
#include "volt/native.h"

typedef struct operation {
	void (*release)(struct operation *self);
	bool timed_out;
} operation;

/* The operation of the wait that is over now; NULL on a native's first execution. */
operation *wait_operation(const volt_native_call *call);

typedef enum { READY_TO_READ, READY_TO_WRITE } readiness;

/*
 * Waits until `file` is ready or the deadline (Unix nanoseconds, 0: none) is over; `timed_out` tells. With
 * `opened` (may be NULL), closing it or changing its deadlines ends the wait as well: the native has to look
 * again at everything. On failure the operation has been released and VOLT_NATIVE_OK is returned with the
 * errno in *error.
 */
volt_native_result wait_ready(volt_native_call *call, operation *self, descriptor *opened, int file,
                              readiness event, int64_t deadline, int *error);

/*
 * Waits until run(self) has ended on another thread. It must not touch the heap of the VM. Failure as
 * above.
 */
volt_native_result wait_work(volt_native_call *call, operation *self, void (*run)(operation *self),
                             int *error);

/* The operation of a wait that remembers nothing; NULL when there is no memory. */
operation *operation_new(void);

/* Wakes all who wait for a descriptor; the table's mutex is held. */
void ready_waits_wake(descriptor *opened);

/* Now, in Unix nanoseconds; and whether a deadline is over. */
int64_t unix_time_now(void);
bool deadline_is_over(int64_t deadline);

#endif
