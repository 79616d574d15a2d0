/*
 * Unwinding: what happens between the start of a return or panic and the moment when a caller runs again.
 *
 * A fiber has a stack of deferred calls, each with the depth (number of frames) of the frame that it belongs
 * to, and a stack of unwinding records. A record stands for one frame that is being left: the frame is popped
 * already, its results are saved on the fiber's stack where it began, and its deferred calls run one at a
 * time at the frame's own depth, `target_depth + 1`, above the saved results.
 *
 *   - Pending deferred calls need no list: they are those on the stack of deferred calls with the record's
 * depth. What a deferred call defers itself gets the same depth and lies above them, so it runs first
 * (SEMANTICS.md, "Deferred calls, panics, recovery").
 *   - Records nest: a deferred call may call functions that have deferred calls of their own, and these get a
 * record above the first one, which stays as it is. Depths grow strictly from record to record.
 *   - A panic belongs to the record in mode UNWIND_PANIC that runs deferred calls because of it. A panic that
 * reaches a record replaces what it had; one that is recovered above a record never touches it. Between being
 *     raised and reaching a record it is "pending" (rare->panic).
 *   - Recover looks at the newest record only, and only from a frame at its depth: a deferred function
 * itself, none that it calls, and no deferred call of a return.
 *   - The closure that a native asked for (replay.h) is a wall: a panic that nobody above it recovered stops
 * there. The function that the host has called is none: its panic ends it.
 */
#include "interpreter/unwind.h"

#include <string.h>

#include "interpreter/instructions.h"
#include "interpreter/panic.h"
#include "interpreter/replay.h"
#include "interpreter/results.h"
#include "state/vm_state.h"

/* ---- Deferred calls ---- */

static uint64_t generation_of_new_defer(fiber_rare *rare) {
	const unwind_record *record = rare_top_unwind(rare);
	return record && record->mode == UNWIND_PANIC ? record->running_generation : rare->panic_generation;
}

void unwind_defer(volt_fiber *fiber, volt_slot closure, bool by_closure, uint32_t function,
                  const volt_slot *arguments, uint32_t count, bool error_only) {
	fiber_rare *rare = rare_get(fiber);
	if (rare->defer_count == rare->defer_capacity) {
		memory_grow_scanned(&rare->defers, &rare->defer_capacity, rare->defer_count + 1ULL,
		                    sizeof *rare->defers);
	}
	const uint64_t need = (uint64_t)rare->argument_count + count;
	if (need > rare->argument_capacity)
		memory_grow_scanned(&rare->arguments, &rare->argument_capacity, need, sizeof *rare->arguments);
	for (uint32_t i = 0; i < count; i++)
		rare->arguments[rare->argument_count + i] = arguments[i];
	rare->defers[rare->defer_count++] = (defer_record){
	    .generation = generation_of_new_defer(rare),
	    .closure = closure,
	    .depth = fiber->frame_count,
	    .function = function,
	    .first_argument = rare->argument_count,
	    .argument_count = (uint16_t)count,
	    .by_closure = by_closure,
	    .error_only = error_only,
	};
	rare->argument_count += count;
	rare_update_watch(fiber);
}

/* Any number will do that is below those of panics that come later: none before them can be recovered. */
uint64_t unwind_captured_generation(volt_fiber *fiber, bool panics) {
	fiber_rare *rare = rare_get(fiber);
	const unwind_record *record = rare_top_unwind(rare);
	if (record && record->mode == UNWIND_PANIC)
		return record->running_generation;
	return rare->panic_generation - panics;
}

void unwind_defer_captured(volt_fiber *fiber, volt_instruction push, const volt_slot *values,
                           uint64_t generation) {
	const bool by_closure = push.flags & 1;
	unwind_defer(fiber, by_closure ? values[0] : 0, by_closure, plain_callee(push), values + by_closure,
	             push.c, push.op == VOLT_OP_ErrDeferPush);
	rare_top_defer(fiber->rare)->generation = generation;
}

/* Drops error-only deferred calls at this depth, but none of the oldest `keep` ones of the fiber. */
static void drop_error_only(fiber_rare *rare, uint32_t depth, uint32_t keep) {
	uint32_t first = rare->defer_count;
	while (first > keep && rare->defers[first - 1].depth == depth)
		first--;
	uint32_t kept = first;
	for (uint32_t i = first; i < rare->defer_count; i++)
		if (!rare->defers[i].error_only)
			rare->defers[kept++] = rare->defers[i];
	rare->defer_count = kept;
	const defer_record *last = rare_top_defer(rare);
	rare->argument_count = last ? last->first_argument + last->argument_count : 0;
}

/* Pushes the frame of a deferred call; its results go nowhere. */
static volt_trap start_deferred(volt_vm *vm, volt_fiber *fiber, unwind_record *record) {
	fiber_rare *rare = fiber->rare;
	const defer_record *defer = &rare->defers[--rare->defer_count];
	record->running_generation = defer->generation;
	record->own_defers = rare->defer_count;
	record->recovered = false;
	rare->argument_count = defer->first_argument;
	call_target target = call_plain(defer->function);
	if (defer->by_closure) {
		volt_trap trap = call_resolve_closure(vm, defer->closure, &target);
		if (trap.kind != VOLT_TRAP_None)
			return trap;
	}
	return call_push(vm, fiber, &target, rare->arguments + defer->first_argument, defer->argument_count, 0,
	                 0);
}

/* ---- Records ---- */

/* The frame on top is left; its results, `count` slots at `results` of its own, are saved where it began. */
static unwind_record *begin(volt_fiber *fiber, unwind_mode mode, uint32_t results, uint32_t count,
                            bool heap_results) {
	fiber_rare *rare = fiber->rare;
	if (rare->unwind_count == rare->unwind_capacity) {
		memory_grow_scanned(&rare->unwinds, &rare->unwind_capacity, rare->unwind_count + 1ULL,
		                    sizeof *rare->unwinds);
	}
	const call_frame frame = *fiber_top_frame(fiber);
	volt_slot *slots = fiber->stack + frame.base;
	if (count)
		memmove(slots, slots + results, count * sizeof *slots);
	fiber_pop_frame(fiber);
	fiber->stack_pointer += count;
	unwind_record *record = &rare->unwinds[rare->unwind_count++];
	// NOLINTNEXTLINE(clang-analyzer-core.NullDereference): room was made above
	*record = (unwind_record){
	    .target_depth = fiber->frame_count,
	    .function = frame.function,
	    .results = frame.base,
	    .saved_count = count,
	    .result_slot = frame.result_slot,
	    .result_count = frame.result_count,
	    .mode = (uint8_t)mode,
	    .heap_results = heap_results,
	};
	return record;
}

/* What a deferred call has deferred itself belongs to the unwinding that made it. */
void unwind_return_captured(volt_fiber *fiber, volt_instruction instruction, uint64_t generation) {
	unwind_record *record = rare_top_unwind(fiber->rare);
	if (record && record->target_depth + 1 == fiber->frame_count)
		fiber_pop_frame(fiber);
	else
		record = begin(fiber, UNWIND_RETURN, instruction.a, instruction.b, instruction.flags & 2);
	record->running_generation = generation;
	record->own_defers = fiber->rare->defer_count;
	rare_update_watch(fiber);
}

/* The newest record is over and its frame has returned. */
static unwind_flow finish_return(volt_vm *vm, volt_fiber *fiber) {
	fiber_rare *rare = fiber->rare;
	const unwind_record record = rare->unwinds[--rare->unwind_count];
	fiber->stack_pointer = record.results;
	const volt_slot *saved = fiber->stack + record.results;
	if (record.no_results) {
		results_deliver_zeros(fiber, record.result_slot, record.result_count);
	} else if (record.heap_results) {
		results_deliver_heap(vm, fiber, record.function, saved, record.saved_count, record.result_slot,
		                     record.result_count);
	} else {
		results_deliver(fiber, saved, record.saved_count, record.result_slot, record.result_count);
	}
	rare_update_watch(fiber); /* behind the delivery, which may have ended the call of a native's closure */
	return fiber->frame_count == 0 ? UNWIND_DONE : UNWIND_CONTINUE;
}

/*
 * Runs the next deferred call of the newest record, or ends the record. False: it has ended with its panic,
 * which is pending again and goes on below. Records of a deep recursion end one after the other, so nothing
 * here may call itself for the next one.
 */
static bool next(volt_vm *vm, volt_fiber *fiber, unwind_flow *flow) {
	fiber_rare *rare = fiber->rare;
	unwind_record *record = rare_top_unwind(rare);
	const uint32_t depth = record->target_depth + 1;
	while (rare->defer_count && rare->defers[rare->defer_count - 1].depth >= depth) {
		volt_trap trap = start_deferred(vm, fiber, record);
		if (trap.kind == VOLT_TRAP_None) {
			rare_update_watch(fiber);
			*flow = UNWIND_ENTER;
			return true;
		}
		fiber_raise_trap(vm, fiber, trap);
		record->panic = rare->panic;
		record->mode = UNWIND_PANIC;
	}
	if (record->mode == UNWIND_RETURN) {
		*flow = finish_return(vm, fiber);
		return true;
	}
	rare->panic = record->panic;
	fiber->stack_pointer = record->results;
	rare->unwind_count--;
	rare_update_watch(fiber);
	return false;
}

static unwind_flow go_on(volt_vm *vm, volt_fiber *fiber) {
	unwind_flow flow;
	return next(vm, fiber, &flow) ? flow : unwind_panic(vm, fiber);
}

/* The deferred function of the newest record has returned and its frame is gone. */
static unwind_flow after_deferred(volt_vm *vm, volt_fiber *fiber, bool error) {
	fiber_rare *rare = fiber->rare;
	unwind_record *record = rare_top_unwind(rare);
	const uint32_t depth = record->target_depth + 1;
	if (record->recovered)
		drop_error_only(rare, depth, 0);
	else if (!error)
		drop_error_only(rare, depth, record->own_defers);
	record->recovered = false;
	return go_on(vm, fiber);
}

/* ---- Return ---- */

/* Is this an error return, for which error-only deferred calls run? (SEMANTICS.md, "Returning") */
static bool returns_error(const volt_function *function, const volt_slot *slots,
                          volt_instruction instruction) {
	if (instruction.flags & 1)
		return true;
	const int offset = function->error_result_slot;
	if (offset < 0 || instruction.b == 0)
		return false;
	if (instruction.flags & 2) {
		const volt_slot *error = volt_slot_pointer(slots[instruction.a + instruction.b - 1]);
		return error && (error[0] & 0xff) != 0;
	}
	return offset < instruction.b && (slots[instruction.a + offset] & 0xff) != 0;
}

unwind_flow unwind_return(volt_vm *vm, volt_fiber *fiber, volt_instruction instruction) {
	const call_frame frame = *fiber_top_frame(fiber);
	const volt_function *function = &vm->module->functions.items[frame.function];
	volt_slot *slots = fiber->stack + frame.base;
	const uint32_t depth = fiber->frame_count;
	const unwind_record *record = rare_top_unwind(fiber->rare);
	const defer_record *defer = rare_top_defer(fiber->rare);
	const bool heap_results = instruction.flags & 2;
	if (record && record->target_depth + 1 == depth) {
		const bool error = returns_error(function, slots, instruction);
		fiber_pop_frame(fiber);
		return after_deferred(vm, fiber, error);
	}
	if (defer && defer->depth == depth) {
		if (!returns_error(function, slots, instruction))
			drop_error_only(fiber->rare, depth, 0);
		begin(fiber, UNWIND_RETURN, instruction.a, instruction.b, heap_results);
		return go_on(vm, fiber);
	}
	fiber_pop_frame(fiber);
	if (heap_results) {
		results_deliver_heap(vm, fiber, frame.function, slots + instruction.a, instruction.b,
		                     frame.result_slot, frame.result_count);
	} else {
		results_deliver(fiber, slots + instruction.a, instruction.b, frame.result_slot, frame.result_count);
	}
	rare_update_watch(fiber);
	return fiber->frame_count == 0 ? UNWIND_DONE : UNWIND_CONTINUE;
}

unwind_flow unwind_after_compiled(volt_vm *vm, volt_fiber *fiber) {
	const unwind_record *record = rare_top_unwind(fiber->rare);
	if (record && record->target_depth == fiber->frame_count)
		return after_deferred(vm, fiber, false);
	rare_update_watch(fiber);
	return fiber->frame_count == 0 ? UNWIND_DONE : UNWIND_CONTINUE;
}

/* ---- Panic and recover ---- */

static void pop_traced(volt_fiber *fiber) {
	const call_frame *frame = fiber_top_frame(fiber);
	panic_trace_add(fiber, frame->function, frame->pc);
	fiber_pop_frame(fiber);
}

/*
 * Records of replays whose native's frame is gone, and the wait of a native that will not be executed
 * again.
 */
static void drop_dead_replays(volt_fiber *fiber) {
	fiber_rare *rare = fiber->rare;
	while (rare->replay_count && rare_top_replay(rare)->depth > fiber->frame_count)
		rare_drop_replay(rare);
}

/* The pending panic reaches the newest record, whose deferred call (if its frame is still there) it ends. */
static bool panic_in_record(volt_vm *vm, volt_fiber *fiber, unwind_record *record, unwind_flow *flow) {
	if (fiber->frame_count > record->target_depth)
		pop_traced(fiber);
	record->mode = UNWIND_PANIC;
	record->panic = fiber->rare->panic;
	fiber->stack_pointer = record->results + record->saved_count;
	return next(vm, fiber, flow);
}

/* The pending panic leaves the top frame, which has deferred calls. */
static bool panic_in_frame(volt_vm *vm, volt_fiber *fiber, unwind_flow *flow) {
	const call_frame *frame = fiber_top_frame(fiber);
	const volt_function *function = &vm->module->functions.items[frame->function];
	const uint32_t references = function->heap_result_count;
	panic_trace_add(fiber, frame->function, frame->pc);
	unwind_record *record =
	    begin(fiber, UNWIND_PANIC, function->heap_result_start, references, references != 0);
	record->panic = fiber->rare->panic;
	record->no_results = references == 0;
	return next(vm, fiber, flow);
}

unwind_flow unwind_panic(volt_vm *vm, volt_fiber *fiber) {
	fiber_rare *rare = fiber->rare;
	unwind_flow flow;
	for (;;) {
		drop_dead_replays(fiber);
		const uint32_t depth = fiber->frame_count;
		unwind_record *record = rare_top_unwind(rare);
		const defer_record *defer = rare_top_defer(rare);
		if (depth != 0 && replay_calls_from(rare_top_replay(rare), depth) &&
		    (!record || record->target_depth < depth)) {
			replay_deliver_panic(fiber);
			rare_update_watch(fiber);
			return UNWIND_CONTINUE;
		}
		if (record && depth <= record->target_depth + 1) {
			if (panic_in_record(vm, fiber, record, &flow))
				return flow;
		} else if (depth == 0) {
			return UNWIND_UNCAUGHT;
		} else if (defer && defer->depth == depth) {
			if (panic_in_frame(vm, fiber, &flow))
				return flow;
		} else {
			pop_traced(fiber);
		}
	}
}

void unwind_recover(volt_fiber *fiber, volt_slot value[2]) {
	unwind_record *record = rare_top_unwind(fiber->rare);
	if (!record || record->mode != UNWIND_PANIC || fiber->frame_count != record->target_depth + 1 ||
	    record->running_generation >= record->panic.generation) {
		value[0] = value[1] = 0;
		return;
	}
	value[0] = record->panic.value[0];
	value[1] = record->panic.value[1];
	record->panic = (panic_value){0};
	record->mode = UNWIND_RETURN;
	record->recovered = true;
}
