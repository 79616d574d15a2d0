/*
 * The functions of the machine that compiled code calls. All of them have the context first, and find the
 * machine from there.
 */
#include <string.h>

#include "objects.h"

/* ---- Exits ---- */

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

/* ---- What waits, and what is called ---- */

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

static volt_pair helper_channel_new(registers *context, uint32_t pc, volt_slot meta, volt_slot capacity,
                                    uint32_t slots) {
	(void)pc, (void)meta, (void)slots;
	return (volt_pair){channel_new(machine_of(context), capacity), VOLT_STATUS_OK};
}

static volt_status helper_go(registers *context, uint32_t pc, uint32_t function, const volt_slot *arguments,
                             uint32_t count) {
	(void)pc;
	task_start(machine_of(context), function, arguments, count);
	return VOLT_STATUS_OK;
}

static volt_status helper_go_closure(registers *context, uint32_t pc, volt_slot closure,
                                     const volt_slot *arguments, uint32_t count) {
	return goes_on(context, pc, go_closure(machine_of(context), closure, arguments, count), false);
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

/* ---- Instructions ---- */

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

/* ---- Maps ---- */

static volt_slot helper_map_new(registers *context, volt_slot metas, volt_slot rttid, uint32_t widths) {
	(void)rttid, (void)widths;
	return map_new(machine_of(context), map_key_kind(metas));
}

static volt_pair helper_map_get(registers *context, uint32_t function, uint32_t pc, volt_slot map,
                                const volt_slot *key, volt_slot descriptor) {
	(void)function;
	volt_pair found = {0, goes_on(context, pc, check_map_get(machine_of(context), descriptor), false)};
	if (found.second == VOLT_STATUS_OK)
		found.first = (volt_slot)(uintptr_t)map_find(map, *key);
	return found;
}

static volt_status helper_map_set(registers *context, uint32_t function, uint32_t pc, volt_slot map,
                                  const volt_slot *key, volt_slot descriptor, const volt_slot *value) {
	(void)function;
	volt_status status = check_map_set(machine_of(context), descriptor);
	if (status == VOLT_STATUS_OK)
		status = map_set(machine_of(context), map, *key, *value);
	return goes_on(context, pc, status, false);
}

static volt_slot helper_map_length(registers *context, volt_slot map) {
	(void)context;
	return map_length(map);
}

/* ---- Deferred calls ---- */

/* A DeferPush of a frame that keeps its own list: one more in front of it. */
static volt_slot helper_defer(registers *context, uint32_t pc, volt_slot list, const volt_slot *values,
                              uint32_t count) {
	const uint64_t bytes = sizeof(volt_deferred_call) + count * sizeof *values;
	const volt_slot made = object_new(machine_of(context), bytes);
	volt_deferred_call *call = (volt_deferred_call *)(uintptr_t)made;
	call->next = list;
	call->pc = pc;
	if (count)
		memcpy(call->values, values, count * sizeof *values);
	return made;
}

static void helper_recover(registers *context, volt_slot *value) {
	recover(machine_of(context), value);
}

/* ---- The table ---- */

/* What is left out here, and what `without` names, is NULL: `execute`, or the interpreter, takes its place.
 */
void describe_helpers(volt_tier_host *host, const char *without) {
#define HAS(name) \
	if (!without || strcmp(without, #name) != 0) \
		host->helpers[VOLT_HELPER_##name] = (void (*)(void))helper_##name;
	HAS(capture_frame)
	HAS(capture_skipped)
	HAS(trap)
	HAS(call_native)
	HAS(channel_send)
	HAS(channel_receive)
	HAS(channel_new)
	HAS(go)
	HAS(go_closure)
	HAS(call_closure)
	HAS(call_method)
	HAS(hot)
	HAS(execute)
	HAS(defer)
	HAS(recover)
	HAS(map_new)
	HAS(map_get)
	HAS(map_set)
	HAS(map_length)
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
