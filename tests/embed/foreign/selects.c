/*
 * Selects. Their cases belong to the frame, and are looked at in their order. One that waits stands in a list
 * of the machine; who sends or receives looks there, too, and finishes the case for it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "objects.h"

struct selection {
	bool has_default;
	uint32_t count, capacity;
	volt_instruction cases[];
};

void select_begin(frame *in, volt_instruction begin) {
	free(in->selection);
	in->selection = calloc(1, sizeof *in->selection + begin.a * sizeof *in->selection->cases);
	if (!in->selection) {
		fputs("foreign: no memory\n", stderr);
		exit(1);
	}
	in->selection->has_default = begin.flags;
	in->selection->capacity = begin.a;
}

/* The verifier does not count cases. */
volt_status select_add(machine *self, frame *in, volt_instruction added) {
	selection *to = in->selection;
	if (!to || to->count == to->capacity)
		return raise_text(self, "a case that its select does not have");
	to->cases[to->count++] = added;
	return VOLT_STATUS_OK;
}

/* ---- Those that wait ---- */

static volt_slot channel_in(volt_instruction tried, const volt_slot *slots) {
	return slots[tried.op == VOLT_OP_SelectSend ? tried.a : tried.b];
}

/* The case of a waiting select that does this with the channel; the task is ready then. NULL: there is none.
 */
static frame *finish_one(machine *self, volt_slot channel, uint8_t op, volt_instruction *finished) {
	for (task *each = self->selecting.first; each; each = each->next) {
		const selection *in = each->top->selection;
		for (uint32_t i = 0; i < in->count; i++)
			if (in->cases[i].op == op && channel_in(in->cases[i], each->top->slots) == channel) {
				*finished = in->cases[i];
				each->repeats = REPEAT_WITH_ANSWER;
				each->answer = i;
				task_move(&self->selecting, each, &self->ready);
				self->waiting--;
				return each->top;
			}
	}
	return NULL;
}

bool select_takes(machine *self, volt_slot channel, volt_slot value) {
	volt_instruction finished;
	frame *of = finish_one(self, channel, VOLT_OP_SelectRecv, &finished);
	if (of)
		of->slots[finished.a] = value;
	return of;
}

bool select_gives(machine *self, volt_slot channel, volt_slot *value) {
	volt_instruction finished;
	const frame *of = finish_one(self, channel, VOLT_OP_SelectSend, &finished);
	if (of)
		*value = of->slots[finished.b];
	return of;
}

/* ---- The choice ---- */

static bool try_case(machine *self, volt_instruction tried, volt_slot *slots) {
	const volt_slot channel = channel_in(tried, slots);
	if (!channel)
		return false;
	return tried.op == VOLT_OP_SelectSend ? channel_try_send(self, channel, slots[tried.b])
	                                      : channel_try_receive(self, channel, &slots[tried.a]);
}

static bool choose(machine *self, frame *in, volt_slot *chosen) {
	const selection *from = in->selection;
	for (uint32_t i = 0; i < from->count; i++)
		if (try_case(self, from->cases[i], in->slots)) {
			*chosen = i;
			return true;
		}
	*chosen = (volt_slot)-1;
	return from->has_default;
}

/* Executed again, it has been finished. */
volt_status select_execute(machine *self, frame *in, volt_instruction at) {
	task *running = self->running;
	volt_slot chosen;
	if (!in->selection)
		return raise_text(self, "a select that was not begun");
	if (running->repeats == REPEAT_WITH_ANSWER) {
		running->repeats = REPEAT_NOTHING;
		chosen = running->answer;
	} else if (!choose(self, in, &chosen)) {
		return channel_wait_in(self, &self->selecting);
	}
	free(in->selection);
	in->selection = NULL;
	in->slots[at.a] = chosen;
	return VOLT_STATUS_OK;
}
