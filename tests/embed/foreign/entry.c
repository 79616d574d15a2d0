/*
 * Between compiled code and the machine: entering it, the frames that it leaves, and the functions that it
 * calls. All of these have the context first.
 *
 * The preset records exits (`exit=record`, the default): native frames are handed over with their values, so
 * the machine may keep its frames where it likes. A frame that goes on in compiled code is reached through
 * `stack` and `base`: here they are its block, and 0.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	return VOLT_STATUS_OK;
}

/* ---- Helpers: exits ---- */

static machine *machine_of(registers *context) {
	return (machine *)((char *)context - offsetof(machine, registers));
}

static void helper_capture_frame(registers *context, const volt_exit_site *site, const volt_slot *values) {
	capture_frame(machine_of(context), site, values);
}

static void helper_capture_skipped(registers *context, const volt_exit_site *site, volt_slot count) {
	capture_skipped_frames(machine_of(context), site, count);
}

/* What stops goes on behind the instruction, unless it is to be executed again. */
static volt_status goes_on(registers *context, uint32_t pc, volt_status status, bool again) {
	context->exit_pc = again ? pc : pc + 1;
	return status;
}

static void helper_trap(registers *context, uint32_t kind, volt_slot x, volt_slot y, uint32_t pc) {
	raise_trap(machine_of(context), (volt_trap_kind)kind, x, y);
	context->exit_pc = pc + 1;
}

/* ---- Helpers: what waits, and what is called ---- */

static volt_status helper_call_native(registers *context, uint32_t native, const volt_slot *arguments,
                                      uint32_t count, volt_slot *results, uint32_t pc) {
	(void)count;
	volt_status status = native_call(machine_of(context), native, arguments, results);
	return goes_on(context, pc, status, status == VOLT_STATUS_WAIT_IO || status == VOLT_STATUS_REPLAY);
}

static volt_status helper_channel_send(registers *context, uint32_t pc, volt_slot channel,
                                       const volt_slot *value, uint32_t slots) {
	(void)slots;
	return goes_on(context, pc, channel_send(machine_of(context), channel, *value), false);
}

static volt_status helper_channel_receive(registers *context, uint32_t pc, volt_slot channel,
                                          volt_slot *value, uint32_t slots, uint32_t has_ok) {
	(void)slots, (void)has_ok;
	volt_status status = channel_receive(machine_of(context), channel, value);
	return goes_on(context, pc, status, status == VOLT_STATUS_WAIT_QUEUE);
}

/* Compiled code has not found the callee's code by itself: the interpreter makes the call. */
static volt_status helper_call_closure(registers *context, uint32_t function, uint32_t pc, volt_slot closure,
                                       volt_slot *area, volt_slot base, uint64_t *cache) {
	(void)function, (void)closure, (void)area, (void)base, (void)cache;
	return goes_on(context, pc, VOLT_STATUS_CALL, true);
}

static volt_status helper_call_method(registers *context, uint32_t function, uint32_t pc, volt_slot type,
                                      volt_slot payload, volt_slot *area, volt_slot base, uint64_t *cache) {
	(void)function, (void)type, (void)payload, (void)area, (void)base, (void)cache;
	return goes_on(context, pc, VOLT_STATUS_CALL, true);
}

static void helper_hot(registers *context, uint32_t function, uint32_t is_loop) {
	(void)is_loop;
	compiler_look_at(machine_of(context), function, true);
}

/* ---- Helpers: instructions ---- */

/* Any instruction, on an image of the frame. Code of the whole module has all of them done so. */
static volt_status helper_execute(registers *context, uint32_t function, uint32_t pc, volt_slot *slots) {
	machine *self = machine_of(context);
	const volt_instruction instruction = self->module->functions.items[function].code.items[pc];
	return goes_on(context, pc, execute(self, instruction, slots), false);
}

static volt_slot helper_string_new(registers *context, uint32_t constant) {
	return constant_string(machine_of(context), constant);
}

static volt_slot helper_string_concatenate(registers *context, volt_slot left, volt_slot right) {
	return string_join(machine_of(context), left, right);
}

static volt_slot helper_string_equal(registers *context, volt_slot left, volt_slot right) {
	(void)context;
	return string_compare(left, right) == 0;
}

static volt_slot helper_object_new(registers *context, volt_slot meta, uint32_t slots, uint32_t meta_slot) {
	(void)meta, (void)meta_slot;
	return object_new(machine_of(context), slots * sizeof(volt_slot));
}

static volt_slot helper_closure_new(registers *context, uint32_t function, uint32_t captures) {
	return closure_new(machine_of(context), function, captures);
}

static volt_pair helper_array_new(registers *context, uint32_t pc, volt_slot meta, volt_slot length,
                                  volt_slot bytes) {
	(void)meta;
	volt_pair made = {0, 0};
	made.second = goes_on(context, pc, new_array(machine_of(context), length, bytes, &made.first), false);
	return made;
}

static volt_pair helper_slice_new(registers *context, uint32_t pc, volt_slot meta, volt_slot length,
                                  volt_slot capacity, volt_slot bytes) {
	(void)meta;
	volt_pair made = {0, 0};
	made.second =
	    goes_on(context, pc, new_slice(machine_of(context), length, capacity, bytes, &made.first), false);
	return made;
}

static volt_pair helper_slice_append(registers *context, uint32_t pc, volt_slot old, volt_slot meta,
                                     uint32_t flags, volt_slot bytes, const volt_slot *element) {
	(void)pc, (void)meta, (void)flags;
	return (volt_pair){slice_append(machine_of(context), old, bytes, element), VOLT_STATUS_OK};
}

static volt_status helper_interface_assert(registers *context, uint32_t pc, volt_slot type, volt_slot payload,
                                           uint32_t target, uint32_t flags, volt_slot *result) {
	const volt_slot value[] = {type, payload};
	return goes_on(context, pc, interface_assert(machine_of(context), value, target, flags & 4, result),
	               false);
}

/* ---- The host ---- */

/* program.c lets no module in that needs it, and the preset no other kind of exit. */
static void helper_that_is_never_called(void) {
	fputs("foreign: a helper was called that this machine has not\n", stderr);
	abort();
}

static void describe_helpers(volt_tier_host *host) {
	for (int helper = 0; helper < VOLT_HELPER_COUNT; helper++)
		host->helpers[helper] = helper_that_is_never_called;
#define HAS(name) host->helpers[VOLT_HELPER_##name] = (void (*)(void))helper_##name;
	HAS(capture_frame)
	HAS(capture_skipped)
	HAS(trap)
	HAS(call_native)
	HAS(channel_send)
	HAS(channel_receive)
	HAS(call_closure)
	HAS(call_method)
	HAS(hot)
	HAS(execute)
	HAS(string_new)
	HAS(string_concatenate)
	HAS(string_equal)
	HAS(object_new)
	HAS(closure_new)
	HAS(array_new)
	HAS(slice_new)
	HAS(slice_append)
	HAS(interface_assert)
#undef HAS
}

void describe_host(machine *self, volt_tier_host *host) {
	*host = (volt_tier_host){.heap = heap_layout(), .user = self};
#define FIELD(name, type) host->context_offsets[VOLT_CONTEXT_##name] = offsetof(registers, name);
	VOLT_CONTEXT_FIELDS(FIELD)
#undef FIELD
	describe_helpers(host);
}
