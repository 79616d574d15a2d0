/*
 * Fibers: making and ending them, their stacks and frames. The one place that writes stack fields of the
 * context.
 */
#include "fiber/fiber.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fiber/rare.h"
#include "fiber/stack_memory.h"
#include "process/prefault.h"

enum { LARGE_BYTES = 1 << 21 }; /* of an array, whose rest will soon be written, too */

void *memory_grow(void *items, uint32_t *capacity, uint64_t need, size_t item_size) {
	uint64_t wanted = *capacity ? *capacity : 4;
	while (wanted < need)
		wanted *= 2;
	void *grown = wanted <= UINT32_MAX ? reallocarray(items, wanted, item_size) : NULL;
	if (!grown)
		heap_no_memory(wanted * item_size);
	if (wanted * item_size >= LARGE_BYTES)
		prefer_large_pages(grown, wanted * item_size);
	*capacity = (uint32_t)wanted;
	return grown;
}

void memory_grow_scanned(void *items_address, uint32_t *capacity, uint64_t need, size_t item_size) {
	void *old;
	memcpy(&old, items_address, sizeof old);
	uint32_t larger = *capacity;
	void *grown = memory_grow(NULL, &larger, need, item_size);
	if (old)
		memcpy(grown, old, *capacity * item_size);
	memcpy(items_address, &grown, sizeof grown);
	atomic_signal_fence(memory_order_release);
	*capacity = larger;
	atomic_signal_fence(memory_order_release);
	free(old);
}

static void reset_parking(fiber_parking *parking) {
	*parking = (fiber_parking){
	    .waiters = &parking->first_waiter,
	    .values = &parking->first_value,
	    .waiter_capacity = 1,
	    .value_capacity = 1,
	};
}

static volt_fiber *new_fiber(void) {
	volt_fiber *fiber = aligned_alloc(CACHE_LINE, sizeof *fiber);
	if (!fiber)
		heap_no_memory(sizeof *fiber);
	memset(fiber, 0, sizeof *fiber);
	fiber->stack = fiber->first_stack;
	fiber->stack_capacity = FIRST_STACK_SLOTS;
	fiber->frames = fiber->first_frames;
	fiber->frame_capacity = FIRST_FRAMES;
	reset_parking(&fiber->parking);
	return fiber;
}

/* ---- What counts against the VM's limit ---- */

static uint64_t memory_of(const volt_fiber *fiber) {
	const fiber_parking *parking = &fiber->parking;
	uint64_t bytes = sizeof *fiber;
	if (fiber->stack != fiber->first_stack)
		bytes += fiber->stack_capacity * sizeof *fiber->stack;
	if (fiber->frames != fiber->first_frames)
		bytes += fiber->frame_capacity * sizeof *fiber->frames;
	if (parking->waiters != &parking->first_waiter)
		bytes += parking->waiter_capacity * sizeof *parking->waiters;
	if (parking->values != &parking->first_value)
		bytes += parking->value_capacity * sizeof *parking->values;
	return fiber->rare ? bytes + rare_memory(fiber->rare) : bytes;
}

/* True: it has grown. */
static bool count_memory(fiber_pool *pool, volt_fiber *fiber) {
	const uint64_t weight = memory_of(fiber), before = fiber->weight;
	if (weight == before)
		return false;
	fiber->weight = weight;
	object_space_count_outside(pool->space, (ptrdiff_t)(weight - before));
	return weight > before;
}

void fiber_weigh_grown(fiber_pool *pool, volt_fiber *fiber) {
	fiber->has_resized = false;
	if (count_memory(pool, fiber) && !object_space_has_room(pool->space, 0))
		heap_exhausted(pool->space, fiber->weight);
}

/* Both are there for a moment, but counted is the new one. */
static void reserve_memory(fiber_pool *pool, uint64_t before, uint64_t after, size_t item_size) {
	const size_t more = after > before ? (after - before) * item_size : 0;
	if (more && !object_space_has_room(pool->space, more))
		heap_exhausted(pool->space, more);
}

/* ---- Making fibers ---- */

static volt_fiber *fiber_make(fiber_pool *pool, uint32_t id) {
	reserve_memory(pool, 0, 1, sizeof(volt_fiber));
	volt_fiber *fiber = new_fiber();
	count_memory(pool, fiber);
	fiber->id = id;
	pool->fibers[id] = fiber;
	atomic_signal_fence(memory_order_release); /* another island's collection may stop this thread here */
	return fiber;
}

static volt_fiber *make_another(fiber_pool *pool) {
	const uint32_t id = pool->fiber_count;
	if (id == pool->fiber_capacity)
		memory_grow_scanned(&pool->fibers, &pool->fiber_capacity, id + 1ULL, sizeof *pool->fibers);
	if (id >= pool->dead_capacity)
		pool->dead = memory_grow(pool->dead, &pool->dead_capacity, id + 1ULL, sizeof *pool->dead);
	volt_fiber *fiber = fiber_make(pool, id);
	pool->fiber_count++;
	return fiber;
}

/* Its id is taken last: there may be no room for it. */
static volt_fiber *revive(fiber_pool *pool) {
	const uint32_t id = pool->dead[pool->dead_count - 1];
	volt_fiber *fiber = pool->fibers[id] ? pool->fibers[id] : fiber_make(pool, id);
	pool->dead_count--;
	return fiber;
}

volt_fiber *fiber_new(fiber_pool *pool) {
	volt_fiber *fiber = pool->dead_count ? revive(pool) : make_another(pool);
	fiber->next = NULL;
	fiber->watch_depth = 1;
	fiber->started = false;
	fiber->loop_site = 0;
	fiber->state = FIBER_RUNNING;
	pool->live_count++;
	pool->started++;
	return fiber;
}

void fiber_unqueue(fiber_pool *pool, volt_fiber *fiber) {
	volt_fiber *before = NULL;
	for (volt_fiber *ready = pool->ready_first; ready != fiber; ready = ready->next)
		before = ready;
	*(before ? &before->next : &pool->ready_first) = fiber->next;
	if (pool->ready_last == fiber)
		pool->ready_last = before;
	fiber->next = NULL;
}

/*
 * The collector looks at no slot beyond the capacity, which is therefore never larger than the stack that it
 * finds: see memory_grow_scanned().
 */
static void stack_replace(volt_fiber *fiber, volt_slot *stack, uint32_t capacity) {
	volt_slot *old = fiber->stack;
	if (capacity < fiber->stack_capacity)
		fiber->stack_capacity = capacity;
	atomic_signal_fence(memory_order_release);
	fiber->stack = stack;
	atomic_signal_fence(memory_order_release);
	fiber->stack_capacity = capacity;
	atomic_signal_fence(memory_order_release);
	if (old != stack && old != fiber->first_stack)
		stack_memory_free(old);
}

/* The stack itself, if its memory has as much; else a copy, perhaps a shorter one. NULL: no memory. */
static volt_slot *stack_with_room(const fiber_pool *pool, volt_fiber *fiber, uint64_t capacity) {
	const bool grows = capacity > fiber->stack_capacity;
	if (grows && fiber->stack != fiber->first_stack && stack_memory_extends_to(fiber->stack, capacity))
		return fiber->stack;
	volt_slot *stack = stack_memory_new(capacity, pool->max_stack_slots);
	if (stack)
		memcpy(stack, fiber->stack, (grows ? fiber->stack_capacity : capacity) * sizeof *stack);
	return stack;
}

static bool stack_resize(fiber_pool *pool, volt_fiber *fiber, uint64_t capacity) {
	if (capacity > UINT32_MAX)
		return false;
	reserve_memory(pool, fiber->stack_capacity, capacity, sizeof *fiber->stack);
	volt_slot *stack = stack_with_room(pool, fiber, capacity);
	if (!stack)
		return false;
	stack_replace(fiber, stack, (uint32_t)capacity);
	count_memory(pool, fiber);
	if (pool->current == fiber) {
		pool->context->stack = stack;
		pool->context->stack_capacity = capacity;
	}
	return true;
}

bool fiber_make_room(fiber_pool *pool, volt_fiber *fiber, uint64_t slots) {
	uint64_t capacity = fiber->stack_capacity;
	if (slots <= fiber->stack_capacity)
		return true;
	if (slots > UINT32_MAX)
		return false;
	while (capacity < slots)
		capacity *= 2;
	/* Calls look at the limit where the stack has to grow. What compiled code lays out may lie beyond it. */
	const uint64_t most = slots <= pool->max_stack_slots ? pool->max_stack_slots : UINT32_MAX;
	return stack_resize(pool, fiber, capacity < most ? capacity : most);
}

/* A stack that cannot grow because there is no memory overflows just as one that may not. */
volt_trap fiber_reserve(fiber_pool *pool, volt_fiber *fiber, uint64_t slots) {
	const uint64_t need = fiber->stack_pointer + slots;
	if (need <= fiber->stack_capacity)
		return VOLT_NO_TRAP;
	if (need > pool->max_stack_slots || !fiber_make_room(pool, fiber, need))
		return (volt_trap){VOLT_TRAP_StackOverflow, 0, 0};
	return VOLT_NO_TRAP;
}

void fiber_grow_frames(volt_fiber *fiber, uint64_t frames) {
	call_frame *old = fiber->frames;
	const bool is_first = old == fiber->first_frames;
	fiber->frames = memory_grow(is_first ? NULL : old, &fiber->frame_capacity, frames, sizeof *old);
	if (is_first)
		memcpy(fiber->frames, old, fiber->frame_count * sizeof *old);
	fiber->has_resized = true;
}

/* The limit is looked at where they have to grow. */
static void cut_frames(volt_fiber *fiber, uint32_t capacity) {
	call_frame *frames = reallocarray(fiber->frames, capacity, sizeof *frames);
	if (frames)
		fiber->frames = frames;
	fiber->frame_capacity = capacity;
}

volt_trap fiber_push_frame(fiber_pool *pool, volt_fiber *fiber, uint32_t function, uint32_t slots,
                           uint16_t result_slot, uint16_t result_count) {
	volt_trap trap = fiber_reserve(pool, fiber, slots);
	if (trap.kind != VOLT_TRAP_None)
		return trap;
	if (fiber->frame_count == fiber->frame_capacity) {
		if (fiber->frame_count >= pool->max_frames)
			return (volt_trap){VOLT_TRAP_StackOverflow, 0, 0};
		reserve_memory(pool, fiber->frame_capacity, 2ULL * fiber->frame_capacity, sizeof *fiber->frames);
		fiber_grow_frames(fiber, fiber->frame_count + 1ULL);
		if (fiber->frame_capacity > pool->max_frames)
			cut_frames(fiber, pool->max_frames);
	}
	fiber->frames[fiber->frame_count++] =
	    (call_frame){function, 0, fiber->stack_pointer, result_slot, result_count};
	fiber->stack_pointer += slots;
	return VOLT_NO_TRAP;
}

void fiber_shrink_large(fiber_pool *pool, volt_fiber *fiber) {
	if (fiber->stack_capacity > SMALL_STACK_SLOTS && fiber->stack_pointer < fiber->stack_capacity / 8) {
		uint64_t capacity = SMALL_STACK_SLOTS;
		while (capacity < 2ULL * fiber->stack_pointer)
			capacity *= 2;
		(void)stack_resize(pool, fiber, capacity); /* without memory for the copy it stays as it is */
	}
	if (fiber->frame_capacity > SMALL_FRAMES && fiber->frame_count < fiber->frame_capacity / 8) {
		uint32_t capacity = SMALL_FRAMES;
		fiber->frames =
		    memory_grow(fiber->frames, &capacity, 2ULL * fiber->frame_count, sizeof *fiber->frames);
		fiber->frame_capacity = capacity;
		fiber->has_resized = true;
	}
}

/*
 * A larger array in the place of `*items_address`, which is an array of `item_size` or the one item at
 * `first`. Nothing is kept: the collector has been told that there is none.
 */
static void replace_array(void *items_address, const void *first, uint32_t *capacity, uint32_t need,
                          size_t item_size) {
	void *old;
	memcpy(&old, items_address, sizeof old);
	void *larger = memory_grow(NULL, capacity, need, item_size);
	memcpy(items_address, &larger, sizeof larger);
	atomic_signal_fence(memory_order_release);
	if (old != first)
		free(old);
}

void fiber_grow_parking(volt_fiber *fiber, uint32_t waiters, uint32_t values) {
	fiber_parking *parking = &fiber->parking;
	fiber->has_resized = true;
	parking->waiter_count = parking->value_count = 0;
	atomic_signal_fence(memory_order_release);
	if (waiters > parking->waiter_capacity)
		replace_array(&parking->waiters, &parking->first_waiter, &parking->waiter_capacity, waiters,
		              sizeof *parking->waiters);
	if (values > parking->value_capacity)
		replace_array(&parking->values, &parking->first_value, &parking->value_capacity, values,
		              sizeof *parking->values);
}

/* Arrays go. The collector must not look at the fiber. */
static void free_parking(fiber_parking *parking) {
	if (parking->waiter_capacity > 1)
		free(parking->waiters);
	if (parking->value_capacity > 1)
		free(parking->values);
	reset_parking(parking);
}

static void end_parking(fiber_parking *parking) {
	if (parking->waiter_capacity > 1 || parking->value_capacity > 1)
		free_parking(parking);
	parking->waiter_count = parking->value_count = 0;
	parking->fired = NULL;
}

/*
 * A dead fiber keeps a small stack for the next one that gets its id. It is cleared: frames clear what they
 * read before they write it, and the rest would keep alive what the dead one had.
 */
void fiber_kill(fiber_pool *pool, volt_fiber *fiber) {
	fiber->state = FIBER_DEAD; /* first: the collector looks at it no more */
	atomic_signal_fence(memory_order_release);
	rare_free(fiber);
	end_parking(&fiber->parking);
	if (fiber->stack_capacity > SMALL_STACK_SLOTS) {
		stack_memory_free(fiber->stack);
		fiber->stack = fiber->first_stack;
		fiber->stack_capacity = FIRST_STACK_SLOTS;
	}
	if (fiber->frame_capacity > SMALL_FRAMES) {
		free(fiber->frames);
		fiber->frames = fiber->first_frames;
		fiber->frame_capacity = FIRST_FRAMES;
	}
	memset(fiber->stack, 0, fiber->stack_capacity * sizeof *fiber->stack);
	fiber->stack_pointer = 0;
	fiber->frame_count = 0;
	fiber->send_was_closed = false;
	count_memory(pool, fiber);
	pool->dead[pool->dead_count++] = fiber->id;
	pool->live_count--;
	if (pool->current == fiber)
		pool->current = NULL;
	if (pool->last == fiber)
		pool->last = NULL;
}

static void free_fiber(fiber_pool *pool, volt_fiber *fiber) {
	object_space_count_outside(pool->space, -(ptrdiff_t)fiber->weight);
	rare_free(fiber);
	free_parking(&fiber->parking);
	if (fiber->stack != fiber->first_stack)
		stack_memory_free(fiber->stack);
	if (fiber->frames != fiber->first_frames)
		free(fiber->frames);
	free(fiber);
}

void fiber_free_dead(fiber_pool *pool) {
	for (uint32_t i = 0; i < pool->dead_count; i++) {
		volt_fiber *fiber = pool->fibers[pool->dead[i]];
		pool->fibers[pool->dead[i]] = NULL;
		atomic_signal_fence(memory_order_release); /* another island's collection may stop this thread here */
		if (fiber)
			free_fiber(pool, fiber);
	}
}

void fiber_free_all(fiber_pool *pool) {
	const uint32_t count = pool->fiber_count;
	pool->fiber_count = pool->live_count = 0;
	atomic_signal_fence(memory_order_release);
	for (uint32_t i = 0; i < count; i++)
		if (pool->fibers[i])
			free_fiber(pool, pool->fibers[i]);
	free(pool->fibers);
	free(pool->dead);
	pool->fibers = NULL;
	pool->dead = NULL;
	pool->dead_count = 0;
	pool->current = pool->last = NULL;
}
