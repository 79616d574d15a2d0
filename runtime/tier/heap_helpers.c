/*
 * Helpers that work on the heap. What compiled code holds in registers the collector finds there, so nothing
 * is stored for it. An exhausted heap jumps away and does not come back to compiled code.
 */
#include "tier/heap_helpers.h"

#include "object/arrays.h"
#include "object/heap.h"
#include "object/interfaces.h"
#include "object/maps.h"
#include "object/strings.h"
#include "state/constant_strings.h"
#include "tier/helper_status.h"

static object_space *space_of(volt_context *context) {
	return vm_of(context)->space;
}

static inline volt_pair value_or_trap(volt_context *context, uint32_t pc, volt_slot value, volt_trap trap) {
	return (volt_pair){value, status_of(context, pc, trap)};
}

/* ---- Strings ---- */

volt_slot helper_string_new(volt_context *context, uint32_t constant) {
	return vm_constant_string(vm_of(context), constant);
}

volt_slot helper_string_concatenate(volt_context *context, volt_slot left, volt_slot right) {
	return string_concatenate(space_of(context), left, right);
}

volt_slot helper_string_equal(volt_context *context, volt_slot left, volt_slot right) {
	(void)context;
	return string_equal(left, right);
}

volt_slot helper_string_compare(volt_context *context, volt_slot left, volt_slot right) {
	(void)context;
	return (volt_slot)(int64_t)string_compare(left, right);
}

volt_pair helper_string_slice(volt_context *context, uint32_t pc, volt_slot string, volt_slot lo,
                              volt_slot hi) {
	volt_slot result;
	volt_trap trap = string_slice(space_of(context), string, lo, hi, &result);
	return value_or_trap(context, pc, result, trap);
}

volt_slot helper_string_part(volt_context *context, volt_slot string, volt_slot lo, volt_slot hi) {
	return string_part(space_of(context), string, lo, hi);
}

volt_slot helper_string_part_equal(volt_context *context, volt_slot string, volt_slot lo, volt_slot hi,
                                   volt_slot other) {
	(void)context;
	return string_is(other, (string_view){string_get(string).bytes + lo, hi - lo});
}

volt_pair helper_string_decode_rune(volt_context *context, volt_slot string, volt_slot position) {
	(void)context;
	string_view view = string_get(string);
	unsigned width;
	int32_t rune = utf8_decode(view.bytes, view.length, position, &width);
	return (volt_pair){(volt_slot)(int64_t)rune, width};
}

/* ---- Interfaces ---- */

void helper_interface_assign(volt_context *context, uint32_t kind, const volt_slot *source,
                             volt_slot constant, volt_slot *result) {
	interface_assign(space_of(context), result, (volt_kind)kind, source, constant);
}

volt_status helper_interface_assert(volt_context *context, uint32_t pc, volt_slot type, volt_slot payload,
                                    uint32_t target, uint32_t flags, volt_slot *result) {
	const volt_slot value[] = {type, payload};
	volt_trap trap =
	    interface_assert(space_of(context), result, value, target, flags & 3, flags & 4, flags >> 3);
	return status_of(context, pc, trap);
}

volt_pair helper_interface_equal(volt_context *context, uint32_t pc, volt_slot left_type,
                                 volt_slot left_payload, volt_slot right_type, volt_slot right_payload) {
	const volt_slot left[] = {left_type, left_payload}, right[] = {right_type, right_payload};
	bool equal;
	volt_trap trap = interface_equal(space_of(context), left, right, &equal);
	return value_or_trap(context, pc, equal, trap);
}

/* ---- Objects and closures ---- */

volt_slot helper_object_new(volt_context *context, volt_slot meta, uint32_t slots, uint32_t meta_slot) {
	object_space *space = space_of(context);
	return meta_slot ? heap_new_object(space, (uint32_t)meta, slots)
	                 : heap_new_untyped(space, (uint32_t)meta, slots);
}

volt_slot helper_closure_new(volt_context *context, uint32_t function, uint32_t captures) {
	return closure_new(space_of(context), function, captures);
}

/* ---- Arrays and slices ---- */

volt_pair helper_array_new(volt_context *context, uint32_t pc, volt_slot meta, volt_slot length,
                           volt_slot bytes) {
	volt_slot result;
	volt_trap trap = array_new(space_of(context), (uint32_t)meta, length, bytes, &result);
	return value_or_trap(context, pc, result, trap);
}

volt_pair helper_slice_new(volt_context *context, uint32_t pc, volt_slot meta, volt_slot length,
                           volt_slot capacity, volt_slot bytes) {
	volt_slot result;
	volt_trap trap =
	    slice_new(space_of(context), (uint32_t)meta, (int64_t)length, (int64_t)capacity, bytes, &result);
	return value_or_trap(context, pc, result, trap);
}

volt_pair helper_slice_slice(volt_context *context, uint32_t pc, volt_slot source, volt_slot lo, volt_slot hi,
                             volt_slot maximum, uint32_t flags) {
	enum { OF_ARRAY = 1, HAS_MAXIMUM = 2 };
	object_space *space = space_of(context);
	const uint64_t *most = flags & HAS_MAXIMUM ? &maximum : NULL;
	volt_slot result;
	volt_trap trap = flags & OF_ARRAY ? slice_of_array(space, source, lo, hi, most, &result)
	                                  : slice_of_slice(space, source, lo, hi, most, &result);
	return value_or_trap(context, pc, result, trap);
}

volt_pair helper_slice_append(volt_context *context, uint32_t pc, volt_slot slice, volt_slot meta,
                              uint32_t flags, volt_slot bytes, const volt_slot *element) {
	volt_slot result = 0;
	volt_trap trap =
	    slice_append(space_of(context), slice, (uint32_t)meta, (uint8_t)flags, bytes, element, &result);
	return value_or_trap(context, pc, result, trap);
}

/* ---- Maps ---- */

/* The instruction would leave the frame or the map's entries: no compiler makes such code. */
static volt_status wrong_width(volt_context *context, uint32_t function, uint32_t pc, const char *what) {
	context->exit_pc = pc + 1;
	vm_fail_at(vm_of(context), function, pc, what);
	return VOLT_STATUS_YIELD;
}

static inline bool key_fits(volt_slot map, volt_slot key_slots) {
	return !map || map_header(map)->key_slots == key_slots;
}

static inline bool value_fits(volt_slot map, volt_slot value_slots) {
	return !map || map_header(map)->value_slots == value_slots;
}

volt_slot helper_map_new(volt_context *context, volt_slot metas, volt_slot rttid, uint32_t widths) {
	return map_new(space_of(context), (uint32_t)(metas >> 32), (uint32_t)metas, (uint32_t)rttid,
	               (uint16_t)(widths >> 8), (uint16_t)(widths & 0xff));
}

volt_pair helper_map_get(volt_context *context, uint32_t function, uint32_t pc, volt_slot map,
                         const volt_slot *key, volt_slot descriptor) {
	if (!key_fits(map, (uint32_t)(descriptor >> 16)))
		return (volt_pair){0, wrong_width(context, function, pc, MAP_KEY_WIDTH_WRONG)};
	if (!value_fits(map, descriptor >> 1 & 0x7fff))
		return (volt_pair){0, wrong_width(context, function, pc, MAP_VALUE_WIDTH_WRONG)};
	return (volt_pair){volt_slot_reference(map_find(space_of(context), map, key)), VOLT_STATUS_OK};
}

static inline volt_pair pair_of(map_place place) {
	return (volt_pair){volt_slot_reference(place.value), volt_slot_reference(place.settable)};
}

volt_pair helper_map_place(volt_context *context, volt_slot map, volt_slot key, uint32_t value_slots) {
	if (!key_fits(map, 1) || !value_fits(map, value_slots))
		return (volt_pair){0, VOLT_MAP_WIDTHS_DIFFER};
	return pair_of(map_find_place(space_of(context), map, key));
}

volt_pair helper_map_place_of_part(volt_context *context, volt_slot string, volt_slot lo, volt_slot hi,
                                   volt_slot map, uint32_t value_slots) {
	if (!key_fits(map, 1) || !value_fits(map, value_slots))
		return (volt_pair){0, VOLT_MAP_WIDTHS_DIFFER};
	return pair_of(map_find_place_of_part(space_of(context), map, string, lo, hi));
}

volt_status helper_map_set(volt_context *context, uint32_t function, uint32_t pc, volt_slot map,
                           const volt_slot *key, volt_slot descriptor, const volt_slot *value) {
	if (!key_fits(map, (uint32_t)(descriptor >> 8)))
		return wrong_width(context, function, pc, MAP_KEY_WIDTH_WRONG);
	if (!value_fits(map, descriptor & 0xff))
		return wrong_width(context, function, pc, MAP_VALUE_WIDTH_WRONG);
	return status_of(context, pc, map_set(space_of(context), map, key, value));
}

volt_status helper_map_delete(volt_context *context, uint32_t function, uint32_t pc, volt_slot map,
                              const volt_slot *key, volt_slot key_slots) {
	if (!key_fits(map, key_slots))
		return wrong_width(context, function, pc, MAP_KEY_WIDTH_WRONG);
	map_delete(space_of(context), map, key);
	return VOLT_STATUS_OK;
}

volt_slot helper_map_length(volt_context *context, volt_slot map) {
	(void)context;
	return map_length(map);
}

void helper_map_iterator_start(volt_context *context, volt_slot *iterator, volt_slot map) {
	(void)context;
	map_iterator_start(iterator, map);
}

volt_pair helper_map_iterator_next(volt_context *context, uint32_t function, uint32_t pc, volt_slot *iterator,
                                   volt_slot *entry, uint32_t flags) {
	const uint32_t key_slots = flags & 15, value_slots = flags >> 4;
	const volt_slot *key, *value;
	if (!map_iterator_next(iterator, &key, &value))
		return (volt_pair){false, VOLT_STATUS_OK};
	const volt_map *map = map_header(iterator[MAP_ITERATOR_SLOTS - 1]);
	if (map->key_slots < key_slots || map->value_slots < value_slots)
		return (volt_pair){false, wrong_width(context, function, pc, MAP_ENTRY_WIDTH_WRONG)};
	memcpy(entry, key, key_slots * sizeof *entry);
	memcpy(entry + key_slots, value, value_slots * sizeof *entry);
	return (volt_pair){true, VOLT_STATUS_OK};
}
