/*
 * A fiber: a goroutine with its stack of slots and its stack of frames. A million parked ones must fit in 1.5
 * GiB, so everything that few fibers need lies behind `rare`, which is made on demand.
 */
#ifndef FIBER_FIBER_H
#define FIBER_FIBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "object/channel.h"
#include "object/space.h"
#include "volt/tier.h"
#include "volt/value.h"

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
 * to send. One of each is here; arrays are made on demand.
 */
typedef struct {
	uint32_t waiter_count; /* queued now, or queued until one of them fired */
	uint32_t value_count;
	channel_waiter *waiters; /* `first_waiter`, or an array */
	volt_slot *values;       /* `first_value`, or an array */
	channel_waiter first_waiter;
	volt_slot first_value;
	const channel_waiter *fired; /* the one that woke the fiber, until it has been looked at */
	uint32_t waiter_capacity;
	uint32_t value_capacity;
} fiber_parking;

typedef struct fiber_rare fiber_rare; /* fiber/rare.h */

enum {
	CACHE_LINE = 64,
	FIRST_STACK_SLOTS = 64,
	FIRST_FRAMES = 4,
	/* Stacks below this size are never worth shrinking; dead fibers keep no more than this. */
	SMALL_STACK_SLOTS = 1024,
	SMALL_FRAMES = 64,
};

/*
 * The first cache line and the third one have what every slice needs, the second one what waking needs. Of
 * many fibers each line that is touched is a miss. Most fibers never need more stack and frames than they are
 * made with.
 */
typedef struct volt_fiber {
	volt_slot *stack;
	call_frame *frames;
	struct volt_fiber *next; /* in the ready queue */
	fiber_rare *rare;
	uint32_t stack_pointer; /* first free slot */
	uint32_t stack_capacity;
	uint32_t frame_count;
	uint32_t frame_capacity;
	/*
	 * A return from a frame at this depth has more to do than copy results; deeper frames return quickly.
	 * Never 0.
	 */
	uint32_t watch_depth;
	uint8_t state; /* fiber_state */
	bool started;  /* it has run: its first frame's pc 0 does not mean that it is to be entered */
	bool
	    send_was_closed; /* the channel was closed while this fiber waited to send: a panic when it resumes */
	bool has_resized;    /* and was not weighed since */
	fiber_parking parking;
	/* What it did last: for the cache alone, since both may be gone. */
	volt_slot sent_to;              /* a channel */
	const struct volt_fiber *woken; /* by a send */
	uint32_t id;
	uint32_t loop_site; /* pc + 1 of the loop header that the interpreter has come to; 0: compiled code ran
	                       since */
	call_frame first_frames[FIRST_FRAMES];
	uint64_t weight; /* bytes of it that count against the VM's limit: fiber_weigh() */
	_Alignas(CACHE_LINE) volt_slot first_stack[FIRST_STACK_SLOTS];
} volt_fiber;

_Static_assert(offsetof(volt_fiber, parking.waiters) == CACHE_LINE, "counts end the first line");
_Static_assert(offsetof(volt_fiber, parking.first_value) == 2 * CACHE_LINE, "a waiter ends the second one");
_Static_assert(offsetof(volt_fiber, first_frames[1]) == 3 * CACHE_LINE, "a frame ends the third one");
_Static_assert(offsetof(volt_fiber, first_stack) == 4 * CACHE_LINE, "and then come slots");

static inline call_frame *fiber_top_frame(volt_fiber *fiber) {
	return &fiber->frames[fiber->frame_count - 1];
}
static inline volt_slot *fiber_frame_slots(volt_fiber *fiber, const call_frame *frame) {
	return fiber->stack + frame->base;
}

/*
 * The fibers of one VM: all of them, those that are ready, first come first served, and the one that runs. It
 * knows nothing else of the VM than the context, whose stack is that of the running fiber, and the space.
 */
typedef struct {
	volt_context *context;
	object_space *space; /* fibers count against its limit */
	volt_fiber *current; /* the running fiber; NULL between slices */
	volt_fiber *last;    /* the one that ran last; NULL: it has ended, or none has run yet */
	volt_fiber **fibers; /* by id; NULL: a dead one whose memory was needed */
	uint32_t fiber_count;
	uint32_t fiber_capacity;
	uint32_t *dead; /* ids: last in, first out */
	uint32_t dead_count;
	uint32_t dead_capacity; /* for all fibers: who dies needs no memory */
	uint32_t live_count;
	uint32_t max_frames; /* of a fiber */
	uint64_t max_stack_slots;
	uint64_t started;
	volt_fiber *ready_first;
	volt_fiber *ready_last;
} fiber_pool;

/* NULL: there is no live fiber of this id, which is below `fiber_count`. */
static inline volt_fiber *fiber_find_live(const fiber_pool *pool, uint32_t id) {
	volt_fiber *fiber = pool->fibers[id];
	return fiber && fiber->state != FIBER_DEAD ? fiber : NULL;
}

/*
 * A live fiber without frames, its id the most recently freed one or a new one. The heap is exhausted if
 * there is no room for it.
 */
volt_fiber *fiber_new(fiber_pool *pool);

/* Ends a fiber; its id and its memory are used again. */
void fiber_kill(fiber_pool *pool, volt_fiber *fiber);

/* Gives the memory of dead ones back, which stay otherwise: something else needs it. */
void fiber_free_dead(fiber_pool *pool);

/* Appends a fiber to those that are ready. */
static inline void fiber_make_ready(fiber_pool *pool, volt_fiber *fiber) {
	fiber->state = FIBER_READY;
	fiber->next = NULL;
	if (pool->ready_last)
		pool->ready_last->next = fiber;
	else
		pool->ready_first = fiber;
	pool->ready_last = fiber;
}

/*
 * What there is not is not fetched: where nothing is mapped that takes as long as a miss. Inlined early, as
 * the next one: GCC takes what only fetches for without effect, and drops calls of it.
 */
__attribute__((always_inline)) static inline void fiber_prefetch_lines(const void *address, size_t lines) {
	for (size_t line = 0; address && line < lines; line++)
		__builtin_prefetch((const char *)address + line * CACHE_LINE);
}

/*
 * Of many fibers, most have left the cache when their turn comes, and a slice may be shorter than it takes to
 * fetch a line. So while one runs, what the second one behind it points to is fetched: its frames, its stack,
 * the channel that it slept at last, and the one that it sent to last with whom that woke, since most do so
 * again; and the fiber behind that.
 */
__attribute__((always_inline)) static inline void fiber_prefetch(const volt_fiber *successor) {
	const volt_fiber *second = successor ? successor->next : NULL;
	if (!second)
		return;
	__builtin_prefetch(second->frames);
	__builtin_prefetch(second->stack);
	fiber_prefetch_lines(volt_slot_pointer(second->parking.first_waiter.channel), 2);
	fiber_prefetch_lines(volt_slot_pointer(second->sent_to), 2);
	fiber_prefetch_lines(second->woken, 2);
	if (second->next)
		fiber_prefetch_lines(second->next, 3);
}

/* Takes the first of the fibers that are ready; NULL: none is. */
static inline volt_fiber *fiber_take_ready(fiber_pool *pool) {
	volt_fiber *fiber = pool->ready_first;
	if (fiber) {
		pool->ready_first = fiber->next;
		if (!pool->ready_first)
			pool->ready_last = NULL;
		fiber_prefetch(fiber->next);
		fiber->next = NULL;
	}
	return fiber;
}

/* Takes one that is ready out of its turn. */
void fiber_unqueue(fiber_pool *pool, volt_fiber *fiber);

/* Makes this the running fiber: the context has its stack, but `base` only where compiled code is entered. */
static inline void fiber_activate(fiber_pool *pool, volt_fiber *fiber) {
	pool->current = fiber;
	fiber->state = FIBER_RUNNING;
	pool->context->stack = fiber->stack;
	pool->context->stack_capacity = fiber->stack_capacity;
	pool->context->stack_pointer = fiber->stack_pointer;
}

/*
 * Makes room for `slots` slots above the stack pointer; new space is zero. The stack may move. Trap
 * StackOverflow beyond the pool's limit.
 */
volt_trap fiber_reserve(fiber_pool *pool, volt_fiber *fiber, uint64_t slots);

/*
 * Makes room for `slots` slots in all, whatever the limit, for an exit of compiled code, where it does not
 * hold yet; false when there is no memory or no stack can have as many. The stack may move.
 */
bool fiber_make_room(fiber_pool *pool, volt_fiber *fiber, uint64_t slots);

void fiber_grow_frames(volt_fiber *fiber, uint64_t frames);

/*
 * Pushes a frame of `slots` slots at the stack pointer; its slots are not cleared. The fiber is unchanged on
 * a StackOverflow trap.
 */
volt_trap fiber_push_frame(fiber_pool *pool, volt_fiber *fiber, uint32_t function, uint32_t slots,
                           uint16_t result_slot, uint16_t result_count);

/* Makes room for this many frames in all, whatever the limit. */
static inline void fiber_reserve_frames(volt_fiber *fiber, uint64_t frames) {
	if (frames > fiber->frame_capacity)
		fiber_grow_frames(fiber, frames);
}

/* Pops the top frame: its slots are free again. */
static inline void fiber_pop_frame(volt_fiber *fiber) {
	fiber->stack_pointer = fiber->frames[--fiber->frame_count].base;
}

void fiber_weigh_grown(fiber_pool *pool, volt_fiber *fiber);

/* After a slice: what the fiber has come to need counts. The heap may be exhausted by that. */
static inline void fiber_weigh(fiber_pool *pool, volt_fiber *fiber) {
	if (fiber->has_resized || fiber->rare)
		fiber_weigh_grown(pool, fiber);
}

void fiber_shrink_large(fiber_pool *pool, volt_fiber *fiber);

/* Gives memory back when a fiber goes to sleep with most of its stack unused. */
static inline void fiber_shrink(fiber_pool *pool, volt_fiber *fiber) {
	if (fiber->stack_capacity > SMALL_STACK_SLOTS || fiber->frame_capacity > SMALL_FRAMES)
		fiber_shrink_large(pool, fiber);
}

void fiber_grow_parking(volt_fiber *fiber, uint32_t waiters, uint32_t values);

/* Room for this many waiters and values; contents are undefined. */
static inline fiber_parking *fiber_prepare_parking(volt_fiber *fiber, uint32_t waiters, uint32_t values) {
	fiber_parking *parking = &fiber->parking;
	if (waiters > 1 || values > 1)
		fiber_grow_parking(fiber, waiters, values);
	parking->waiter_count = waiters;
	parking->value_count = values;
	parking->fired = NULL;
	return parking;
}

/* Frees all fibers. */
void fiber_free_all(fiber_pool *pool);

/*
 * Grows an array in ordinary memory to at least `need` items by doubling. Without memory the program that
 * runs ends (heap_no_memory()): not with a lock held.
 */
void *memory_grow(void *items, uint32_t *capacity, uint64_t need, size_t item_size);

/*
 * The same for an array that the collector is told about: a collection that another VM's thread starts may
 * stop this one anywhere, so the new array stands in `*items_address` before the old one is freed.
 */
void memory_grow_scanned(void *items_address, uint32_t *capacity, uint64_t need, size_t item_size);

#endif
