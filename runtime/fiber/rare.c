/* The rarely needed part of a fiber: its memory, its roots, and the depth of frames that it watches. */
#include "fiber/rare.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "fiber/wait.h"
#include "object/space.h"

fiber_rare *rare_get(volt_fiber *fiber) {
	if (!fiber->rare) {
		uint32_t one = 1;
		fiber_rare *rare = memory_grow(NULL, &one, 1, sizeof *rare);
		*rare = (fiber_rare){0};
		atomic_signal_fence(memory_order_release); /* the collector may look at any time */
		fiber->rare = rare;
	}
	return fiber->rare;
}

uint64_t rare_memory(const fiber_rare *rare) {
	uint64_t bytes = sizeof *rare + rare->defer_capacity * sizeof *rare->defers +
	                 rare->argument_capacity * sizeof *rare->arguments +
	                 rare->unwind_capacity * sizeof *rare->unwinds +
	                 rare->replay_capacity * sizeof *rare->replays +
	                 rare->select_capacity * sizeof *rare->selects + (rare->trace ? sizeof *rare->trace : 0);
	for (uint32_t i = 0; i < rare->replay_count; i++) {
		const replay_record *replay = &rare->replays[i];
		bytes += replay->slot_capacity * sizeof *replay->slots +
		         replay->count_capacity * sizeof *replay->counts +
		         replay->result_capacity * sizeof *replay->results;
	}
	for (uint32_t i = 0; i < rare->select_made; i++)
		bytes += rare->selects[i].capacity * sizeof *rare->selects[i].cases;
	return bytes;
}

void rare_drop_replay(fiber_rare *rare) {
	replay_record *replay = &rare->replays[--rare->replay_count];
	atomic_signal_fence(memory_order_release);
	free(replay->slots);
	free(replay->results);
	free(replay->counts);
}

void rare_free(volt_fiber *fiber) {
	fiber_rare *rare = fiber->rare;
	fiber->rare = NULL;
	atomic_signal_fence(memory_order_release);
	if (!rare)
		return;
	while (rare->replay_count)
		rare_drop_replay(rare);
	for (uint32_t i = 0; i < rare->select_made; i++)
		free(rare->selects[i].cases);
	if (rare->wait)
		wait_end(rare->wait);
	free(rare->defers);
	free(rare->arguments);
	free(rare->unwinds);
	free(rare->replays);
	free(rare->selects);
	free(rare->trace);
	free(rare);
}

/*
 * The closure that runs for a native and was started last. A record above it that does not call belongs to a
 * native that is executed next: when that native is over, nothing tells this place so.
 */
static const replay_record *calling_replay(const fiber_rare *rare) {
	for (uint32_t i = rare ? rare->replay_count : 0; i-- > 0;)
		if (rare->replays[i].state == REPLAY_CALLING)
			return &rare->replays[i];
	return NULL;
}

void rare_update_watch(volt_fiber *fiber) {
	const defer_record *defer = rare_top_defer(fiber->rare);
	const unwind_record *unwind = rare_top_unwind(fiber->rare);
	const replay_record *replay = calling_replay(fiber->rare);
	uint32_t depth = 1;
	if (defer && defer->depth > depth)
		depth = defer->depth;
	if (unwind && unwind->target_depth + 1 > depth)
		depth = unwind->target_depth + 1;
	if (replay && replay->depth + 1 > depth)
		depth = replay->depth + 1;
	fiber->watch_depth = depth;
}

void rare_scan(const fiber_rare *rare, bool amid) {
	heap_push_roots(rare->arguments, amid ? rare->argument_capacity : rare->argument_count);
	heap_push_roots(rare->panic.value, 2);
	const bool one_more = amid && rare->defer_count < rare->defer_capacity;
	for (uint32_t i = 0; i < rare->defer_count + one_more; i++)
		heap_push_roots(&rare->defers[i].closure, 1);
	for (uint32_t i = 0; i < rare->unwind_count; i++)
		heap_push_roots(rare->unwinds[i].panic.value, 2);
	for (uint32_t i = 0; i < rare->replay_count; i++) {
		const replay_record *replay = &rare->replays[i];
		heap_push_roots(&replay->closure, 1);
		heap_push_roots(&replay->carried, 1);
		heap_push_roots(replay->slots, replay->slot_count + replay->argument_count);
	}
}
