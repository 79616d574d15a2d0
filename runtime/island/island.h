/*
 * Islands: threads that each run fibers on a VM of their own, made from the same module. The program's first
 * VM is island 0. All islands of a program and their ports are guarded by one lock, which nobody holds while
 * allocating objects or running bytecode.
 */
#ifndef ISLAND_ISLAND_H
#define ISLAND_ISLAND_H

#include "object/buffer.h"
#include "object/channel.h"
#include "object/transfer.h"
#include "state/vm_state.h"

typedef struct island island;

/* The island that the VM is; on first use, the VM becomes island 0. */
island *island_of(volt_vm *vm);

uint32_t island_id(const island *self);
volt_vm *island_vm(const island *self);

/*
 * Starts an island; its globals are zero and nothing runs on it yet. The error's message is a panic's
 * text.
 */
volt_error *island_start(island *self, uint32_t *id);

/* A function to run on another island: captures, then arguments, are packed together. */
typedef struct {
	uint32_t function;
	uint32_t capture_count;
	uint32_t argument_count;
	const transfer_packet *packet;
} island_call;

/* False: there is no island of this number. */
bool island_send_call(island *self, uint32_t target, const island_call *call);

/* ---- For ports, between island_lock() and island_unlock() ---- */

void island_lock(island *self);
void island_unlock(island *self);

/* Takes a waiter that was woken and has not run since out of the list of such; false: it is not there. */
bool island_forget_woken(island *self, const channel_waiter *waiter);

/* Makes the waiter's fiber ready, which is one of `owner`'s; the waiter stands in no queue any more. */
void island_wake(island *self, island *owner, channel_waiter *waiter);

/* ---- For the scheduler ---- */

/* Takes in what other islands have sent, and learns that the program ends. */
void island_receive(island *self);

/*
 * No fiber is ready: sleeps until there is something to do. False: no island can ever go on (only island 0
 * says so).
 */
bool island_sleep(island *self);

/* Does the VM go on when it has no fibers? */
bool island_outlives_fibers(const island *self);

/* Has an island ended the program? Then none of them runs any more. */
bool island_program_has_ended(const island *self);

/* Steps of all islands, and beginning to count them anew. */
void island_count_steps(island *self, uint64_t steps);
uint64_t island_steps(const island *self);
void island_forget_steps(island *self);

/* Where the fibers of the other islands are blocked; after island_sleep() returned false. */
void island_report_blocked(island *self, buffer *out);

/* ---- For the VM ---- */

/* Ends all other islands and forgets them; called on island 0 after its last fiber has run. */
void islands_end(volt_vm *vm);

#endif
