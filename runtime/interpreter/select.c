/*
 * Select (SEMANTICS.md, "Channels and select"). A sleeping select stands in a queue of every
 * channel that it names; the first channel to fire takes it out of all of them, so that nothing else can fire
 * for it. Woken to receive, it may find that another fiber was quicker: then it starts again.
 */
#include <string.h>

#include "fiber/rare.h"
#include "interpreter/channel_ops.h"
#include "interpreter/panic.h"
#include "state/vm_state.h"

/* ---- Registration ---- */

void select_begin(volt_fiber *fiber, uint32_t base, bool has_default) {
	fiber_rare *rare = rare_get(fiber);
	while (rare->select_count && rare->selects[rare->select_count - 1].base >= base)
		rare->select_count--;
	if (rare->select_count == rare->select_made) {
		if (rare->select_made == rare->select_capacity) {
			rare->selects = memory_grow(rare->selects, &rare->select_capacity, rare->select_made + 1ULL,
			                            sizeof *rare->selects);
		}
		rare->selects[rare->select_made++] = (select_record){0};
	}
	select_record *record = &rare->selects[rare->select_count++];
	record->count = 0;
	record->base = base;
	record->has_default = has_default;
}

/* The select that was begun in this frame; those of frames above it are gone with them. */
static select_record *find(volt_fiber *fiber, uint32_t base) {
	fiber_rare *rare = fiber->rare;
	while (rare && rare->select_count && rare->selects[rare->select_count - 1].base > base)
		rare->select_count--;
	if (!rare || !rare->select_count || rare->selects[rare->select_count - 1].base != base)
		return NULL;
	return &rare->selects[rare->select_count - 1];
}

static select_case describe_case(uint32_t base, bool sends, uint16_t channel_slot, uint16_t value_slot,
                                 uint16_t slots, bool has_ok) {
	return (select_case){base + channel_slot, base + value_slot, slots ? slots : 1, sends, has_ok};
}

bool select_add(volt_fiber *fiber, uint32_t base, bool sends, uint16_t channel_slot, uint16_t value_slot,
                uint16_t slots, bool has_ok) {
	select_record *record = find(fiber, base);
	if (!record || record->count == UINT16_MAX)
		return false;
	if (record->count == record->capacity) {
		record->cases =
		    memory_grow(record->cases, &record->capacity, record->count + 1ULL, sizeof *record->cases);
	}
	record->cases[record->count++] = describe_case(base, sends, channel_slot, value_slot, slots, has_ok);
	return true;
}

/* ---- Execution ---- */

/* `slots`: what the slots of cases are counted from. */
static volt_slot case_channel(const volt_slot *slots, const select_case *item) {
	return channel_or_nil(slots[item->channel_slot]);
}

/*
 * As in the original, a closed channel is ready to send (and the send panics) where it would have taken a
 * value.
 */
static bool is_ready(const volt_slot *slots, const select_case *item) {
	const volt_slot channel = case_channel(slots, item);
	return item->sends ? channel_has_room(channel) : channel_can_receive(channel);
}

/* Where the original sleeps forever, a send on a closed channel panics. */
static bool is_ready_to_panic(const volt_slot *slots, const select_case *item) {
	return item->sends && channel_is_closed(case_channel(slots, item));
}

/* Executes a case that does not have to sleep. */
static volt_status run_case(volt_vm *vm, volt_fiber *fiber, volt_slot *slots, const select_case *item) {
	const volt_slot channel = case_channel(slots, item);
	volt_slot *value = slots + item->value_slot;
	if (item->sends)
		return channel_op_send(vm, fiber, channel, value, item->slots);
	return channel_op_receive(vm, fiber, channel, value, item->slots, item->has_ok);
}

/* One of the cases that this is true for, at random; -1: there is none. */
static int64_t pick_case(volt_vm *vm, const volt_slot *slots, const select_record *record,
                         bool (*is_candidate)(const volt_slot *slots, const select_case *item)) {
	uint32_t candidates = 0;
	int64_t pick = -1;
	for (uint32_t i = 0; i < record->count; i++) {
		if (is_candidate(slots, &record->cases[i])) {
			candidates++;
			if (candidates == 1 || time_slice_random(&vm->slices, candidates) == 0)
				pick = i;
		}
	}
	return pick;
}

/* Runs a case that is ready; CALL: none is. */
static volt_status try_ready(volt_vm *vm, volt_fiber *fiber, volt_slot *slots, const select_record *record,
                             int64_t *chosen) {
	int64_t pick = pick_case(vm, slots, record, is_ready);
	if (pick < 0 && !record->has_default)
		pick = pick_case(vm, slots, record, is_ready_to_panic);
	if (pick < 0)
		return VOLT_STATUS_CALL;
	*chosen = pick;
	return run_case(vm, fiber, slots, &record->cases[pick]);
}

/* A channel has fired for this select since it went to sleep. CALL: but another fiber took the value. */
static volt_status finish_fired(volt_vm *vm, volt_fiber *fiber, const select_record *record,
                                int64_t *chosen) {
	fiber_parking *parking = &fiber->parking;
	const channel_waiter fired = *parking->fired;
	parking->fired = NULL;
	parking->waiter_count = parking->value_count = 0;
	*chosen = fired.case_index;
	if (fired.sends) {
		if (fired.closed) {
			fiber_raise_trap(vm, fiber, (volt_trap){VOLT_TRAP_SendOnClosedChannel, 0, 0});
			return VOLT_STATUS_PANIC;
		}
		return VOLT_STATUS_OK;
	}
	const select_case *item = &record->cases[fired.case_index];
	return channel_can_receive(case_channel(fiber->stack, item)) ? run_case(vm, fiber, fiber->stack, item)
	                                                             : VOLT_STATUS_CALL;
}

static void count_waiters(const volt_fiber *fiber, const select_record *record, uint32_t *waiters,
                          uint32_t *values) {
	*waiters = *values = 0;
	for (uint32_t i = 0; i < record->count; i++) {
		if (case_channel(fiber->stack, &record->cases[i])) {
			++*waiters;
			*values += record->cases[i].sends ? record->cases[i].slots : 0;
		}
	}
}

/* Goes to sleep in the queues of all channels. Without one it sleeps forever. */
static volt_status sleep_in_all(volt_fiber *fiber, const select_record *record) {
	uint32_t waiters, values;
	count_waiters(fiber, record, &waiters, &values);
	fiber_parking *parking = fiber_prepare_parking(fiber, waiters, values);
	channel_waiter *waiter = parking->waiters;
	volt_slot *value = parking->values;
	for (uint32_t i = 0; i < record->count; i++) {
		const select_case *item = &record->cases[i];
		const volt_slot channel = case_channel(fiber->stack, item);
		if (!channel)
			continue;
		*waiter = (channel_waiter){.owner = fiber,
		                           .value = value,
		                           .channel = channel,
		                           .case_index = (uint16_t)i,
		                           .sends = item->sends,
		                           .of_select = true};
		if (item->sends) {
			memcpy(value, fiber->stack + item->value_slot, item->slots * sizeof *value);
			value += item->slots;
		}
		channel_enqueue(waiter++);
	}
	fiber->state = FIBER_BLOCKED_QUEUE;
	return VOLT_STATUS_WAIT_QUEUE;
}

/*
 * A frame that began a select and returned without executing it may have been larger than the one that stands
 * in its place now, so slots are checked against the stack, too.
 */
static bool slots_exist(const volt_fiber *fiber, const select_record *record) {
	for (uint32_t i = 0; i < record->count; i++) {
		const select_case *item = &record->cases[i];
		if (item->channel_slot >= fiber->stack_capacity ||
		    (uint64_t)item->value_slot + item->slots + item->has_ok > fiber->stack_capacity)
			return false;
	}
	return true;
}

static bool widths_fit(const volt_slot *slots, const select_record *record) {
	for (uint32_t i = 0; i < record->count; i++) {
		const select_case *item = &record->cases[i];
		if (channel_slots(case_channel(slots, item)) > item->slots)
			return false;
	}
	return true;
}

volt_status select_execute(volt_vm *vm, volt_fiber *fiber, uint32_t base, int64_t *chosen) {
	select_record *record = find(fiber, base);
	if (!record || !slots_exist(fiber, record) || !widths_fit(fiber->stack, record)) {
		vm_fail_instruction(
		    vm, fiber,
		    record
		        ? "a channel's elements are wider than the instruction says, or the stack has no such slots"
		        : "no select was begun in this frame");
		return VOLT_STATUS_YIELD;
	}
	volt_status status = VOLT_STATUS_CALL;
	if (fiber->parking.fired)
		status = finish_fired(vm, fiber, record, chosen);
	if (status == VOLT_STATUS_CALL)
		status = try_ready(vm, fiber, fiber->stack, record, chosen);
	if (status == VOLT_STATUS_CALL && record->has_default) {
		*chosen = -1;
		status = VOLT_STATUS_OK;
	}
	if (status == VOLT_STATUS_CALL)
		return sleep_in_all(fiber, record);
	fiber->rare->select_count--;
	return status;
}

/* ---- Execution at once ---- */

static select_case case_of(volt_instruction instruction) {
	return instruction.op == VOLT_OP_SelectSend
	           ? describe_case(0, true, instruction.a, instruction.b, instruction.flags, false)
	           : describe_case(0, false, instruction.b, instruction.a, instruction.flags >> 1,
	                           instruction.flags & 1);
}

volt_status select_execute_ready(volt_vm *vm, volt_fiber *fiber, const volt_instruction **next,
                                 volt_slot *slots) {
	select_case cases[VOLT_READY_SELECT_CASES];
	const volt_instruction *instruction = *next;
	select_record record = {.cases = cases, .has_default = instruction->flags & 1};
	for (instruction++; instruction->op != VOLT_OP_SelectExec; instruction++)
		cases[record.count++] = case_of(*instruction);
	*next = instruction + 1;
	if ((fiber->rare && fiber->rare->select_count) || !widths_fit(slots, &record))
		return VOLT_STATUS_CALL;
	int64_t chosen = -1;
	volt_status status = try_ready(vm, fiber, slots, &record, &chosen);
	if (status == VOLT_STATUS_CALL && record.has_default)
		status = VOLT_STATUS_OK;
	if (status == VOLT_STATUS_OK || status == VOLT_STATUS_YIELD)
		slots[instruction->a] = (volt_slot)chosen;
	return status;
}
