/*
 * Frames. Where results go is not kept in them: it stands in the call that the caller has executed last.
 *
 * An exit of compiled code hands its native frames over, the innermost one first. Each becomes a block at
 * once, and the next one its caller; when all native frames have ended, the list is put on top of the task's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

/* Beyond this depth a call is a stack overflow. */
enum { MOST_FRAMES = 200000 };

static frame *frame_new(const machine *self, uint32_t function) {
	const uint64_t slots = self->module->functions.items[function].local_slots;
	frame *made = calloc(1, sizeof *made + slots * sizeof(volt_slot));
	if (!made) {
		fputs("foreign: no memory\n", stderr);
		exit(1);
	}
	made->function = function;
	return made;
}

static void frame_free(frame *freed) {
	deferred_free(freed->deferred);
	free(freed->selection);
	free(freed);
}

void frames_free(frame *first) {
	for (frame *next; first; first = next) {
		next = first->caller;
		frame_free(first);
	}
}

void frame_drop(task *on) {
	frame *dropped = on->top;
	on->top = dropped->caller;
	on->frames--;
	frame_free(dropped);
}

frame *frame_push(machine *self, task *on, uint32_t function, const volt_slot *arguments, uint32_t count) {
	if (on->frames == MOST_FRAMES) {
		raise_trap(self, VOLT_TRAP_StackOverflow, 0, 0);
		return NULL;
	}
	frame *made = frame_new(self, function);
	const uint32_t parameters = self->module->functions.items[function].parameter_slots;
	if (count)
		memcpy(made->slots, arguments, (count < parameters ? count : parameters) * sizeof *arguments);
	made->is_new = true;
	made->caller = on->top;
	on->top = made;
	on->frames++;
	return made;
}

static volt_instruction instruction_before(const machine *self, const frame *at) {
	return self->module->functions.items[at->function].code.items[at->pc - 1];
}

static void deliver(machine *self, frame *to, const volt_slot *results, uint32_t count) {
	const volt_instruction call = instruction_before(self, to);
	const uint32_t wanted = call.c & 0xff;
	if (wanted && count)
		memmove(to->slots + call.b, results, (count < wanted ? count : wanted) * sizeof *results);
}

void frame_return(machine *self, const volt_slot *results, uint32_t count) {
	task *on = self->running;
	const frame *ended = on->top;
	if (ended->answers_native) {
		on->repeats = REPEAT_WITH_ANSWER;
		on->answer = count ? results[0] : 0;
	} else if (ended->caller && !ended->is_deferred_call) {
		deliver(self, ended->caller, results, count);
	}
	frame_drop(on);
}

/* ---- Exits ---- */

static void capture(machine *self, frame *made, uint32_t pc) {
	made->pc = pc;
	if (self->outermost)
		self->outermost->caller = made;
	else
		self->innermost = made;
	self->outermost = made;
	self->captured++;
}

/*
 * Calls that its code has deferred and not made yet. Their values follow those of the slots; a call in a slot
 * has in front of them whether it is pending at all.
 */
static void capture_deferred(const machine *self, frame *made, const volt_exit_site *site,
                             const volt_slot *values) {
	const uint32_t all = site->slot_count + site->deferred_values;
	const volt_instruction *code = self->module->functions.items[site->function].code.items;
	for (uint32_t i = 0; i < site->deferred_count; i++) {
		const uint32_t *words = &site->slots[all + 2 * i];
		volt_slot copied[2 + UINT8_MAX] = {0};
		const bool is_list = words[0] == VOLT_DEFERRED_LIST;
		const uint32_t count = is_list ? 1 : 1 + deferred_count_of(code[words[0]]);
		for (uint32_t value = 0; value < count; value++)
			copied[value] = values[site->by_slot ? site->slots[words[1] + value] : words[1] + value];
		if (is_list)
			defer_captured_list(self, made, copied[0]);
		else if (copied[0])
			defer_captured(made, code[words[0]], &copied[1]);
	}
}

/* The frame that was captured last, the one that this has called, is one of its deferred calls. */
static void capture_return(machine *self, frame *made) {
	made->leaving = LEAVING_RETURNS;
	self->outermost->is_deferred_call = true;
}

void capture_frame(machine *self, const volt_exit_site *site, const volt_slot *values) {
	frame *made = frame_new(self, site->function);
	const uint32_t pc = site->pc == VOLT_PC_IN_CONTEXT ? (uint32_t)self->registers.exit_pc : site->pc;
	for (uint32_t i = 0; i < site->slot_count; i++)
		made->slots[site->slots[i]] = values[site->by_slot ? site->slots[i] : i];
	capture_deferred(self, made, site, values);
	if (site->returns)
		capture_return(self, made);
	capture(self, made, site->returns ? pc + 1 : pc);
}

/* None of them reads a slot again. Those that would be too deep need not be made. */
void capture_skipped_frames(machine *self, const volt_exit_site *site, uint64_t count) {
	for (uint64_t i = 0; i < count && i <= MOST_FRAMES; i++)
		capture(self, frame_new(self, site->function), site->pc);
}

/* The frame that was entered is the outermost of those captured, unless its code continued it. */
static frame *take_entered(task *on, frame *outermost) {
	frame *entered = on->top, *caller = entered->caller;
	outermost->answers_native = entered->answers_native;
	frame_drop(on);
	return caller;
}

/*
 * What a deferred call has deferred belongs to the frame that is left, and one that was making calls itself
 * has nothing else to do. (Only code that has called it as any other function has kept them apart.)
 */
static void join_deferred_calls(machine *self) {
	for (frame **place = &self->innermost, *each; (each = *place) && each->caller;) {
		if (!each->is_deferred_call) {
			place = &each->caller;
			continue;
		}
		hand_deferred_on(each, each->caller);
		if (each->leaving == LEAVING_NOT) {
			place = &each->caller;
			continue;
		}
		*place = each->caller;
		self->captured--;
		frame_free(each);
	}
}

/*
 * Compiled code calls as deep as the native stack lets it. What is beyond the language's limit has not
 * happened: the call that passed it is where the task stands. False: there was such a call.
 */
static bool drop_beyond_limit(task *on) {
	if (on->frames <= MOST_FRAMES)
		return true;
	while (on->frames > MOST_FRAMES)
		frame_drop(on);
	return false;
}

bool frames_lay_out(machine *self, bool held) {
	task *on = self->running;
	if (held)
		on->top->pc = (uint32_t)self->registers.exit_pc;
	join_deferred_calls(self);
	if (self->innermost) {
		self->outermost->caller = held ? on->top : take_entered(on, self->outermost);
		on->top = self->innermost;
	}
	on->frames += self->captured;
	self->innermost = self->outermost = NULL;
	self->captured = 0;
	return drop_beyond_limit(on);
}
