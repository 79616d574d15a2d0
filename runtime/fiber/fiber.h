/*
 * A fiber: a goroutine with its stack of slots and its stack of frames. A million parked ones must fit in 1.5
 * GiB, so everything that few fibers need lies behind `rare` and `parking`, which are made on demand.
 */
#ifndef FIBER_FIBER_H
#define FIBER_FIBER_H

#include <stdbool.h>
#include <stdint.h>

#include "object/channel.h"
#include "volt/tier.h"
#include "volt/value.h"
#include "volt/vm.h"

/* While a frame does not run, `pc` is its next instruction: for a caller, the one behind the call. */
typedef struct {
	uint32_t function;
	uint32_t pc;
	uint32_t base;        /* index of its slot 0 in the fiber's stack */
	uint16_t result_slot; /* where in the caller's frame its results go */
	uint16_t result_count;
} call_frame;

_Static_assert(sizeof(call_frame) == 16, "frames are 16 bytes: they are counted in megabytes");

typedef enum {
	FIBER_DEAD,
	FIBER_READY,
	FIBER_RUNNING,
	FIBER_BLOCKED_QUEUE, /* in a queue of a channel, or in a select that can never fire */
	FIBER_BLOCKED_IO,    /* a native waits */
} fiber_state;

/*
 * What a fiber that sleeps in queues of channels needs: one waiter for each case of a select, and values
 * to send.
 */
typedef struct {
	channel_waiter *waiters;
	volt_slot *values;
	uint32_t waiter_count; /* queued now, or queued until one of them fired */
	uint32_t waiter_capacity;
	uint32_t value_count;
	uint32_t value_capacity;
	const channel_waiter *fired; /* the one that woke the fiber, until it has been looked at */
} fiber_parking;

typedef struct fiber_rare fiber_rare; /* fiber/rare.h */

typedef struct volt_fiber {
	volt_slot *stack;
	call_frame *frames;
	uint32_t stack_pointer; /* first free slot */
	uint32_t stack_capacity;
	uint32_t frame_count;
	uint32_t frame_capacity;
	/*
	 * A return from a frame at this depth has more to do than copy results; deeper frames return quickly.
	 * Never 0.
	 */
	uint32_t watch_depth;
	uint32_t id;
	struct volt_fiber *next; /* in the ready queue, or in the list of dead fibers */
	fiber_rare *rare;
	fiber_parking *parking;
	uint8_t state; /* fiber_state */
	bool started;  /* it has run: its first frame's pc 0 does not mean that it is to be entered */
	bool
	    send_was_closed; /* the channel was closed while this fiber waited to send: a panic when it resumes */
	uint32_t loop_site;  /* pc + 1 of the loop header that the interpreter has come to; 0: compiled code ran
	                        since */
} volt_fiber;

static inline call_frame *fiber_top_frame(volt_fiber *fiber) {
	return &fiber->frames[fiber->frame_count - 1];
}
static inline volt_slot *fiber_frame_slots(volt_fiber *fiber, const call_frame *frame) {
	return fiber->stack + frame->base;
}

/* A live fiber without frames, its id the most recently freed one or a new one. */
volt_fiber *fiber_new(volt_vm *vm);

/* Ends a fiber; its id and its memory are used again. */
void fiber_kill(volt_vm *vm, volt_fiber *fiber);

/* Makes this the running fiber: the VM's context describes its stack. */
void fiber_activate(volt_vm *vm, volt_fiber *fiber);

/* Brings the context up to date with the fiber's top frame, before compiled code runs. */
void fiber_sync_context(volt_vm *vm, volt_fiber *fiber);

/*
 * Makes room for `slots` slots above the stack pointer; new space is zero. The stack may move. Trap
 * StackOverflow beyond the VM's limit.
 */
volt_trap fiber_reserve(volt_vm *vm, volt_fiber *fiber, uint64_t slots);

/*
 * Makes room for `slots` slots in all, whatever the VM's limit, for an exit of compiled code, where the
 * limit does not hold yet; false when there is no memory or no stack can have as many. The stack may move.
 */
bool fiber_make_room(volt_vm *vm, volt_fiber *fiber, uint64_t slots);

/*
 * Pushes a frame of `slots` slots at the stack pointer; its slots are not cleared. The fiber is unchanged on
 * a StackOverflow trap.
 */
volt_trap fiber_push_frame(volt_vm *vm, volt_fiber *fiber, uint32_t function, uint32_t slots,
                           uint16_t result_slot, uint16_t result_count);

/* Pops the top frame: its slots are free again. */
static inline void fiber_pop_frame(volt_fiber *fiber) {
	fiber->stack_pointer = fiber->frames[--fiber->frame_count].base;
}

/* Gives memory back when a fiber goes to sleep with most of its stack unused. */
void fiber_shrink(volt_vm *vm, volt_fiber *fiber);

/* Room for this many waiters and values; contents are undefined. */
fiber_parking *fiber_prepare_parking(volt_fiber *fiber, uint32_t waiters, uint32_t values);

/* Frees all fibers of a VM. */
void fiber_free_all(volt_vm *vm);

/*
 * Grows an array in ordinary memory to at least `need` items by doubling; ends the process when there is
 * no memory.
 */
void *memory_grow(void *items, uint32_t *capacity, uint64_t need, size_t item_size);

/*
 * The same for an array that the collector is told about: a collection that another VM's thread starts may
 * stop this one anywhere, so the new array stands in `*items_address` before the old one is freed.
 */
void memory_grow_scanned(void *items_address, uint32_t *capacity, uint64_t need, size_t item_size);

#endif
