/* What the islands of a program consist of; only for the files island*.c. */
#ifndef ISLAND_ISLAND_GROUP_H
#define ISLAND_ISLAND_GROUP_H

#include <pthread.h>
#include <stdatomic.h>

#include "island/island.h"
#include "object/buffer.h"
#include "process/threads.h"

/* In the collector's heap, since it holds a packet. */
typedef struct island_command {
	struct island_command *next;
	island_call call;
} island_command;

typedef struct {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* an island has started, or has stopped running */
	pthread_mutex_t output_lock;
	volt_vm *first;   /* of island 0 */
	island **islands; /* by id; allocated one by one */
	uint32_t count;
	uint32_t capacity;
	uint32_t busy;       /* islands that may still do something without being woken */
	uint32_t running;    /* threads that are started and have not stopped running */
	_Atomic bool ending; /* the program is over: no island runs another slice */
	_Atomic uint64_t steps;
	uint64_t slices; /* of the islands that have ended, for the statistics, as the next two */
	uint64_t steps_elsewhere;
	uint64_t fibers_started;
	bool exited; /* by an island, with this status */
	int exit_status;
	volt_error *error;    /* that ended the program, on an island */
	buffer trace;         /* where that was */
	volt_vm *left_behind; /* VMs that could not be freed without waiting for the compiler: a list */
} island_group;

typedef enum { ISLAND_STARTING, ISLAND_RUNNING, ISLAND_FAILED } island_state;

struct island {
	uint32_t id;
	island_group *group;
	volt_vm *vm;
	process_thread thread;
	island_state state;
	volt_error *failure;           /* ISLAND_FAILED */
	struct sampler *samples;       /* of an island that has ended, until the first one has them */
	bool idle;                     /* asleep, and not among the busy ones */
	_Atomic bool pending;          /* something below is waiting for it */
	island_command *first_command; /* scanned by the collector */
	island_command *last_command;
	channel_waiter *first_woken;
	channel_waiter *last_woken;
};

/* The group's lock is held. NULL: no memory. */
island *island_add(island_group *group);
void island_nudge(island *target);

/* The thread of an island other than 0. */
void *island_thread(void *self);

/* Makes what the island has been sent visible to the collector. */
void island_scan_commands(void *self);

/* The error that has ended the program, with its trace, becomes island 0's; the group's lock is held. */
void island_take_error(volt_vm *first, island_group *group);

/* The program is over, wherever it happened; the group's lock is held. */
void island_end_program(island_group *group);

#endif
