/*
 * Between compiled code and the machine: what the machine says of itself, entering code, and what it leaves.
 *
 * The preset records exits (`exit=record`, the default): native frames are handed over with their values, so
 * the machine may keep its frames where it likes. A frame that goes on in compiled code is reached through
 * `stack` and `base`: here they are its block, and 0.
 */
#include "objects.h"

/* ---- Entering ---- */

/* Where the frame is that code continues, and where it continues it. */
static void point_to(machine *self, frame *top) {
	const uint64_t slots = self->module->functions.items[top->function].local_slots;
	self->registers.stack = top->slots;
	self->registers.stack_capacity = self->registers.stack_pointer = slots;
	self->registers.base = 0;
	self->registers.exit_pc = top->pc;
	self->registers.status = VOLT_STATUS_OK;
	self->registers.forced_exits_left = self->force_exits;
}

static volt_status leave(machine *self, volt_status status, bool held) {
	self->counts.exits[status]++;
	const bool fits = frames_lay_out(self, held);
	self->running->top->is_new = false;
	if (fits || status == VOLT_STATUS_PANIC)
		return status;
	return raise_trap(self, VOLT_TRAP_StackOverflow, 0, 0);
}

/* Code of the form that continues frames has resume points; the other one makes a frame of its own. */
volt_status enter_code(machine *self, const volt_compiled *code) {
	frame *top = self->running->top;
	const bool held = code->resume_points;
	volt_slot results[code->result_slots + 1];
	point_to(self, top);
	self->level = code->level;
	self->counts.levels[code->level]++;
	self->counts.replaced += top->was_interpreted;
	top->was_interpreted = false;
	volt_status status = code->entry(&self->registers, top->slots, results);
	self->level = VOLT_LEVEL_NONE;
	if (status != VOLT_STATUS_OK)
		return leave(self, status, held);
	self->counts.exits[VOLT_STATUS_OK]++;
	frame_return(self, results, code->result_slots);
	return go_on_leaving(self);
}

void describe_host(machine *self, volt_tier_host *host) {
	*host = (volt_tier_host){.heap = heap_layout(), .user = self};
#define FIELD(name, type) host->context_offsets[VOLT_CONTEXT_##name] = offsetof(registers, name);
	VOLT_CONTEXT_FIELDS(FIELD)
#undef FIELD
	describe_helpers(host, self->without);
}
