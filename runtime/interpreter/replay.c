/* Replays of natives that call closures. */
#include "interpreter/replay.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "interpreter/calls.h"
#include "state/vm_state.h"

replay_record *replay_current(volt_fiber *fiber) {
	replay_record *replay = rare_top_replay(fiber->rare);
	return replay && replay->state == REPLAY_READY ? replay : NULL;
}

static replay_record *replay_new(volt_fiber *fiber) {
	fiber_rare *rare = rare_get(fiber);
	if (rare->replay_count == rare->replay_capacity) {
		memory_grow_scanned(&rare->replays, &rare->replay_capacity, rare->replay_count + 1ULL,
		                    sizeof *rare->replays);
	}
	replay_record *replay = &rare->replays[rare->replay_count];
	*replay = (replay_record){0};
	atomic_signal_fence(memory_order_release); /* the collector may look at any time */
	rare->replay_count++;
	return replay;
}

static void replay_append(replay_record *replay, const volt_slot *slots, uint32_t count) {
	const uint64_t need = (uint64_t)replay->slot_count + count;
	if (need > replay->slot_capacity)
		memory_grow_scanned(&replay->slots, &replay->slot_capacity, need, sizeof *replay->slots);
	if (count)
		memcpy(replay->slots + replay->slot_count, slots, count * sizeof *slots);
}

void replay_request(volt_fiber *fiber, replay_record *current, volt_slot carried, volt_slot closure,
                    const volt_slot *arguments, uint32_t count) {
	replay_record *replay = current ? current : replay_new(fiber);
	replay->carried = carried;
	replay->closure = closure;
	replay->state = REPLAY_REQUESTED;
	replay->panicked = false;
	replay_append(replay, arguments, count);
	replay->argument_count = count;
}

bool replay_is_requested(const volt_fiber *fiber) {
	const replay_record *replay = rare_top_replay(fiber->rare);
	return replay && replay->state == REPLAY_REQUESTED;
}

void replay_start(volt_vm *vm, volt_fiber *fiber) {
	replay_record *replay = rare_top_replay(fiber->rare);
	if (!replay || replay->state != REPLAY_REQUESTED)
		return;
	replay->depth = fiber->frame_count;
	replay->state = REPLAY_CALLING;
	const uint32_t count = replay->argument_count;
	call_target target;
	volt_trap trap = call_resolve_closure(vm, replay->closure, &target);
	if (trap.kind == VOLT_TRAP_None) {
		trap = call_push(vm, fiber, &target, replay->slots + replay->slot_count, count, 0,
		                 vm->functions[target.function].result_slots);
	}
	replay->argument_count = 0;
	if (trap.kind != VOLT_TRAP_None)
		replay_deliver_panic(fiber);
	rare_update_watch(fiber);
}

void replay_begin_for_host(volt_fiber *fiber) {
	replay_record *replay = replay_new(fiber);
	replay->depth = fiber->frame_count;
	replay->state = REPLAY_CALLING;
	rare_update_watch(fiber);
}

void replay_take_results(const volt_fiber *fiber, volt_slot *results, uint32_t count) {
	const replay_record *replay = rare_top_replay(fiber->rare);
	const uint32_t given = replay && replay->slot_count < count ? replay->slot_count : count;
	memset(results, 0, count * sizeof *results);
	if (replay && given)
		memcpy(results, replay->slots, given * sizeof *results);
}

static void add_result(replay_record *replay, const volt_slot *values, uint32_t count) {
	if (replay->result_count == replay->count_capacity) {
		replay->counts = memory_grow(replay->counts, &replay->count_capacity, replay->result_count + 1ULL,
		                             sizeof *replay->counts);
	}
	replay_append(replay, values, count);
	replay->slot_count += count;
	replay->counts[replay->result_count++] = count;
	replay->state = REPLAY_READY;
}

void replay_deliver(volt_fiber *fiber, const volt_slot *values, uint32_t count) {
	add_result(rare_top_replay(fiber->rare), values, count);
}

void replay_deliver_panic(volt_fiber *fiber) {
	replay_record *replay = rare_top_replay(fiber->rare);
	replay->panicked = true;
	add_result(replay, NULL, 0);
}

const volt_closure_result *replay_results(replay_record *replay) {
	if (replay->result_count > replay->result_capacity) {
		replay->results = memory_grow(replay->results, &replay->result_capacity, replay->result_count,
		                              sizeof *replay->results);
	}
	const volt_slot *slots = replay->slots;
	for (uint32_t i = 0; i < replay->result_count; i++) {
		replay->results[i] = (volt_closure_result){slots, replay->counts[i]};
		slots += replay->counts[i];
	}
	return replay->results;
}
