/* Tasks take turns, in the order in which they became ready. Channels, and a clock that counts sleep only. */
#include <stdio.h>
#include <stdlib.h>

#include "objects.h"

static void append(task_list *list, task *added) {
	added->next = NULL;
	if (list->last)
		list->last->next = added;
	else
		list->first = added;
	list->last = added;
}

static task *take_first(task_list *list) {
	task *first = list->first;
	if (!first)
		return NULL;
	list->first = first->next;
	if (!list->first)
		list->last = NULL;
	return first;
}

void task_start(machine *self, uint32_t function, const volt_slot *arguments, uint32_t count) {
	task *started = calloc(1, sizeof *started);
	if (!started) {
		fputs("foreign: no memory\n", stderr);
		exit(1);
	}
	frame_push(self, started, function, arguments, count);
	append(&self->ready, started);
	started->older = self->tasks;
	self->tasks = started;
}

void tasks_free(machine *self) {
	for (task *each = self->tasks, *older; each; each = older) {
		older = each->older;
		frames_free(each->top);
		free(each);
	}
}

/* ---- The clock ---- */

volt_status task_sleep(machine *self, uint64_t ticks) {
	self->running->due = self->clock + ticks;
	self->running->repeats = REPEAT_AFTER_WAIT;
	return VOLT_STATUS_WAIT_IO;
}

/* The clock jumps to when the first sleeper is due. */
static void wake_sleepers(machine *self) {
	task_list asleep = self->asleep;
	uint64_t first = UINT64_MAX;
	for (const task *each = asleep.first; each; each = each->next)
		first = each->due < first ? each->due : first;
	self->clock = first;
	self->asleep = (task_list){NULL, NULL};
	for (task *each; (each = take_first(&asleep));)
		append(each->due == first ? &self->ready : &self->asleep, each);
}

/* ---- Channels ---- */

/* An object that only the machine looks into; values stand in a ring behind it. */
typedef struct {
	task_list senders, receivers;
	uint64_t capacity, first, count;
	volt_slot values[];
} channel;

volt_slot channel_new(machine *self, uint64_t capacity) {
	volt_slot made = object_new(self, sizeof(channel) + capacity * sizeof(volt_slot));
	((channel *)(uintptr_t)made)->capacity = capacity;
	return made;
}

static void put(channel *to, volt_slot value) {
	to->values[(to->first + to->count++) % to->capacity] = value;
}

static volt_slot take(channel *from) {
	volt_slot value = from->values[from->first];
	from->first = (from->first + 1) % from->capacity;
	from->count--;
	return value;
}

static volt_status wait_in(machine *self, task_list *queue) {
	append(queue, self->running);
	self->waiting++;
	return VOLT_STATUS_WAIT_QUEUE;
}

static task *wake_first(machine *self, task_list *queue) {
	task *woken = take_first(queue);
	if (woken) {
		append(&self->ready, woken);
		self->waiting--;
	}
	return woken;
}

/* A receiver that waits is given the value, and finds it when it executes its instruction again. */
volt_status channel_send(machine *self, volt_slot reference, volt_slot value) {
	channel *to = (channel *)(uintptr_t)reference;
	if (!to)
		return raise_trap(self, VOLT_TRAP_SendOnNilChannel, 0, 0);
	task *receiver = wake_first(self, &to->receivers);
	if (receiver) {
		receiver->answer = value;
		receiver->repeats = REPEAT_WITH_ANSWER;
	} else if (to->count < to->capacity) {
		put(to, value);
	} else {
		self->running->sent = value;
		return wait_in(self, &to->senders);
	}
	return VOLT_STATUS_OK;
}

static volt_slot receive_now(machine *self, channel *from) {
	volt_slot value;
	if (from->count) {
		value = take(from);
		task *sender = wake_first(self, &from->senders);
		if (sender)
			put(from, sender->sent);
	} else {
		value = wake_first(self, &from->senders)->sent;
	}
	return value;
}

volt_status channel_receive(machine *self, volt_slot reference, volt_slot *value) {
	channel *from = (channel *)(uintptr_t)reference;
	task *receiver = self->running;
	if (!from)
		return raise_trap(self, VOLT_TRAP_ReceiveOnNilChannel, 0, 0);
	if (receiver->repeats == REPEAT_WITH_ANSWER) {
		receiver->repeats = REPEAT_NOTHING;
		*value = receiver->answer;
		return VOLT_STATUS_OK;
	}
	if (!from->count && !from->senders.first)
		return wait_in(self, &from->receivers);
	*value = receive_now(self, from);
	return VOLT_STATUS_OK;
}

/* ---- Taking turns ---- */

/* The native goes on when the closure has returned: its answer is the frame's result. */
static volt_status call_for_native(machine *self) {
	task *running = self->running;
	const volt_slot arguments[] = {running->closure, running->argument};
	const uint32_t function = function_of(self, running->closure);
	frame *made = frame_push(self, running, function, arguments, 2);
	if (!made)
		return VOLT_STATUS_PANIC;
	made->answers_native = true;
	return VOLT_STATUS_OK;
}

/* Runs the task until something else than its own code must go on; OK: it has ended. */
static volt_status run(machine *self) {
	task *running = self->running;
	volt_status status = VOLT_STATUS_OK;
	while (status == VOLT_STATUS_OK && running->top) {
		const volt_compiled *code = running->top->must_interpret ? NULL : compiler_find(self, running->top);
		status = code ? enter_code(self, code) : interpret(self);
		if (status == VOLT_STATUS_CALL) {
			running->top->must_interpret = true;
			status = VOLT_STATUS_OK;
		} else if (status == VOLT_STATUS_REPLAY) {
			status = call_for_native(self);
		}
	}
	return status;
}

static void start_turn(machine *self) {
	__atomic_store_n(&self->registers.native_stack_limit, self->registers.native_stack_end, __ATOMIC_RELAXED);
}

static task *next_task(machine *self) {
	if (!self->ready.first && self->asleep.first)
		wake_sleepers(self);
	return take_first(&self->ready);
}

/* What becomes of a task whose turn is over; false: it was the last one, by a panic. */
static bool put_away(machine *self, task *after, volt_status status) {
	switch (status) {
	case VOLT_STATUS_YIELD: append(&self->ready, after); return true;
	case VOLT_STATUS_WAIT_IO: append(&self->asleep, after); return true;
	case VOLT_STATUS_WAIT_QUEUE: return true;
	case VOLT_STATUS_PANIC:
		printf("panic: %s\n", self->panic);
		print_trace(self);
		break;
	default: break;
	}
	return status == VOLT_STATUS_OK;
}

/* The program ends with its last task. */
bool tasks_run(machine *self) {
	task_start(self, self->module->entry_function, NULL, 0);
	bool goes_on = true;
	while (goes_on && (self->running = next_task(self))) {
		start_turn(self);
		goes_on = put_away(self, self->running, run(self));
	}
	if (!self->panic[0] && self->waiting)
		printf("deadlock: %llu tasks wait\n", (unsigned long long)self->waiting);
	return !self->panic[0] && !self->waiting;
}
