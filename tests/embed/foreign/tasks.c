/* Tasks take turns, in the order in which they became ready; and a clock that counts sleep only. */
#include <stdio.h>
#include <stdlib.h>

#include "objects.h"

void task_append(task_list *list, task *added) {
	added->next = NULL;
	if (list->last)
		list->last->next = added;
	else
		list->first = added;
	list->last = added;
}

task *task_take_first(task_list *list) {
	task *first = list->first;
	if (!first)
		return NULL;
	list->first = first->next;
	if (!list->first)
		list->last = NULL;
	return first;
}

void task_move(task_list *from, task *moved, task_list *to) {
	task_list all = *from;
	*from = (task_list){NULL, NULL};
	for (task *each; (each = task_take_first(&all));)
		task_append(each == moved ? to : from, each);
}

void task_start(machine *self, uint32_t function, const volt_slot *arguments, uint32_t count) {
	task *started = calloc(1, sizeof *started);
	if (!started) {
		fputs("foreign: no memory\n", stderr);
		exit(1);
	}
	frame_push(self, started, function, arguments, count);
	task_append(&self->ready, started);
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
	for (task *each; (each = task_take_first(&asleep));)
		task_append(each->due == first ? &self->ready : &self->asleep, each);
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
		if (status == VOLT_STATUS_PANIC)
			status = unwind(self);
	}
	return status;
}

static void start_turn(machine *self) {
	__atomic_store_n(&self->registers.native_stack_limit, self->registers.native_stack_end, __ATOMIC_RELAXED);
}

static task *next_task(machine *self) {
	if (!self->ready.first && self->asleep.first)
		wake_sleepers(self);
	return task_take_first(&self->ready);
}

/* What becomes of a task whose turn is over; false: it was the last one, by a panic. */
static bool put_away(machine *self, task *after, volt_status status) {
	switch (status) {
	case VOLT_STATUS_YIELD: task_append(&self->ready, after); return true;
	case VOLT_STATUS_WAIT_IO: task_append(&self->asleep, after); return true;
	case VOLT_STATUS_WAIT_QUEUE: return true;
	case VOLT_STATUS_PANIC: print_panic(self); break;
	default: break;
	}
	return status == VOLT_STATUS_OK;
}

/* The program ends with its last task. */
bool tasks_run(machine *self) {
	task_start(self, self->module->entry_function, NULL, 0);
	bool goes_on = true;
	while (goes_on && (self->running = next_task(self))) {
		collect_between_turns(self);
		start_turn(self);
		goes_on = put_away(self, self->running, run(self));
	}
	if (goes_on && self->waiting)
		printf("deadlock: %llu tasks wait\n", (unsigned long long)self->waiting);
	return goes_on && !self->waiting;
}
