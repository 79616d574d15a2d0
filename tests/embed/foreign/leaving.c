/*
 * Frames that are being left, by a return or a panic, and their deferred calls.
 *
 * A frame that is left stays where it is, with its slots, while its deferred calls run above it, one at a
 * time. What a deferred call defers itself belongs to the frame that is left, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "objects.h"

uint32_t deferred_count_of(volt_instruction push) {
	return (push.flags & 1u) + push.c;
}

static frame *owner_of_calls(frame *by) {
	return by->is_deferred_call ? by->caller : by;
}

static deferred *deferred_new(volt_instruction push, const volt_slot *values) {
	const uint32_t count = deferred_count_of(push);
	deferred *made = malloc(sizeof *made + count * sizeof *values);
	if (!made) {
		fputs("foreign: no memory\n", stderr);
		exit(1);
	}
	made->push = push;
	if (count)
		memcpy(made->values, values, count * sizeof *values);
	return made;
}

/* In front of the frame's own list; whose it is at last is found out when frames are laid out. */
void defer_captured(frame *by, volt_instruction push, const volt_slot *values) {
	deferred *made = deferred_new(push, values);
	made->older = by->deferred;
	by->deferred = made;
}

void defer(frame *by, volt_instruction push, const volt_slot *values) {
	defer_captured(owner_of_calls(by), push, values);
}

/* From the last one to the first, which is how compiled code keeps them. */
void defer_captured_list(const machine *self, frame *by, volt_slot list) {
	const volt_instruction *code = self->module->functions.items[by->function].code.items;
	deferred **end = &by->deferred;
	for (const volt_deferred_call *call; list; list = call->next) {
		call = (const volt_deferred_call *)(uintptr_t)list;
		*end = deferred_new(code[call->pc], call->values);
		(*end)->older = NULL;
		end = &(*end)->older;
	}
}

/* The newer ones first. */
void hand_deferred_on(frame *from, frame *to) {
	deferred **end = &from->deferred;
	while (*end)
		end = &(*end)->older;
	*end = to->deferred;
	to->deferred = from->deferred;
	from->deferred = NULL;
}

void deferred_free(deferred *first) {
	for (deferred *older; first; first = older) {
		older = first->older;
		free(first);
	}
}

/* ---- Making them ---- */

/* NULL: it cannot be called, and the panic is pending. */
static frame *call_deferred(machine *self, const deferred *call) {
	const volt_instruction push = call->push;
	uint32_t function = push.a | (uint32_t)(push.flags >> 1) << 16;
	if (push.flags & 1) {
		if (!call->values[0]) {
			raise_trap(self, VOLT_TRAP_NilFunctionCall, 0, 0);
			return NULL;
		}
		function = function_of(self, call->values[0]);
	}
	return frame_push(self, self->running, function, call->values, deferred_count_of(push));
}

/*
 * The next deferred call of a frame that is left; false: there is none. Its frame goes on and is not called:
 * in the form for calls, recover would give nil.
 */
static bool start_next(machine *self, frame *left) {
	while (left->deferred) {
		deferred *call = left->deferred;
		left->deferred = call->older;
		frame *made = call_deferred(self, call);
		free(call);
		if (made) {
			made->is_deferred_call = true;
			made->is_new = false;
			return true;
		}
		left->leaving = LEAVING_PANICS;
		memcpy(left->panic, self->panic, sizeof left->panic);
	}
	return false;
}

/* ---- Panics ---- */

volt_status unwind(machine *self) {
	frame *top;
	while ((top = self->running->top)) {
		if (top->leaving == LEAVING_NOT)
			trace_add(self, top);
		if (top->leaving != LEAVING_NOT || top->deferred) {
			top->leaving = LEAVING_PANICS;
			memcpy(top->panic, self->panic, sizeof top->panic);
			if (start_next(self, top))
				return VOLT_STATUS_OK;
			memcpy(self->panic, top->panic, sizeof self->panic);
		}
		frame_drop(self->running);
	}
	return VOLT_STATUS_PANIC;
}

/* Only in the deferred call itself, and only while it runs because of the panic. */
void recover(machine *self, volt_slot *value) {
	const frame *asking = self->running->top;
	frame *left = asking->is_deferred_call ? asking->caller : NULL;
	value[0] = value[1] = 0;
	if (!left || left->leaving != LEAVING_PANICS)
		return;
	memcpy(value, left->panic, sizeof left->panic);
	left->leaving = LEAVING_RECOVERED;
}

/* ---- Returns ---- */

/* Of a frame that stands behind its Return. One that has recovered gives zeros: what is not delivered. */
static void deliver_and_end(machine *self, frame *left) {
	static const volt_slot zeros[UINT8_MAX];
	if (left->leaving == LEAVING_RECOVERED) {
		frame_return(self, zeros, UINT8_MAX);
		return;
	}
	const volt_instruction end = self->module->functions.items[left->function].code.items[left->pc - 1];
	frame_return(self, &left->slots[end.a], end.b);
}

volt_status go_on_leaving(machine *self) {
	frame *top;
	while ((top = self->running->top) && top->leaving != LEAVING_NOT) {
		if (start_next(self, top))
			return VOLT_STATUS_OK;
		if (top->leaving == LEAVING_PANICS) {
			memcpy(self->panic, top->panic, sizeof self->panic);
			frame_drop(self->running);
			return unwind(self);
		}
		deliver_and_end(self, top);
	}
	return VOLT_STATUS_OK;
}

/* Where there is nothing to be made, the results need not wait. */
volt_status frame_leave(machine *self, const volt_slot *results, uint32_t count) {
	frame *top = self->running->top;
	if (top->deferred)
		top->leaving = LEAVING_RETURNS;
	else
		frame_return(self, results, count);
	return go_on_leaving(self);
}
