/*
 * Content hashes of struct and interface keys (SEMANTICS.md, "Maps"). They follow the original,
 * whose bucket order programs can see, except where equal keys would get different hashes: interfaces inside
 * of a key are hashed by type and content (not by raw slots), strings inside of boxed structs and arrays by
 * content. The original's hashes of those depend on addresses, or on the itab of the interface, so no program
 * can rely on their order.
 */
#include "object/contents.h"
#include "object/heap.h"
#include "object/interfaces.h"
#include "object/space_private.h"
#include "object/strings.h"
#include "object/types.h"

#define HASH_SEED 0x517cc1b727220a95u
#define HASH_FACTOR 0xf1357aea2e62a9c5u

static uint64_t hash_value(object_space *space, uint64_t hash, uint32_t rttid, volt_kind kind,
                           const volt_slot *slots, uint32_t count, int depth);

static uint64_t step(uint64_t hash, uint64_t value) {
	return (hash + value) * HASH_FACTOR;
}

static uint64_t finish(uint64_t hash) {
	return hash << 5 | hash >> 59;
}

static uint64_t hash_raw(uint64_t hash, const volt_slot *slots, uint32_t count) {
	for (uint32_t index = 0; index < count; index++)
		hash = step(hash, slots[index]);
	return hash;
}

static uint64_t hash_text(uint64_t hash, volt_slot string) {
	string_view view = string_get(string);
	for (size_t index = 0; index < view.length; index++)
		hash = step(hash, (uint8_t)view.bytes[index]);
	return hash;
}

static uint64_t hash_boxed_array(object_space *space, uint64_t hash, uint32_t rttid, volt_slot object,
                                 int depth) {
	element_view view = element_view_of_object(space, object, rttid);
	volt_kind kind = element_is_deep(view.kind) ? view.kind : VOLT_KIND_VOID;
	for (uint64_t index = 0; index < view.count; index++) {
		volt_slot scratch;
		const volt_slot *element = element_view_get(&view, index, &scratch);
		hash = hash_value(space, hash, view.rttid, kind, element, element_view_slots(&view), depth);
	}
	return hash;
}

static uint64_t hash_interface_at(object_space *space, uint64_t hash, const volt_slot value[2], int depth) {
	volt_kind kind = volt_interface_kind(value[0]);
	uint32_t rttid = volt_interface_rttid(value[0]);
	const volt_slot payload = interface_payload(space, value);
	hash = step(hash, (uint32_t)value[0]);
	if (kind == VOLT_KIND_STRING)
		return hash_text(hash, payload);
	if (kind == VOLT_KIND_STRUCT && payload)
		return hash_value(space, hash, rttid, kind, volt_slot_pointer(payload), object_slots(payload), depth);
	if (kind == VOLT_KIND_ARRAY && payload)
		return hash_boxed_array(space, hash, rttid, payload, depth);
	return step(hash, volt_slot_identity(kind, payload));
}

static uint64_t hash_fields(object_space *space, uint64_t hash, uint32_t rttid, const volt_slot *slots,
                            uint32_t count, int depth) {
	uint32_t id;
	if (!type_struct_meta(space, rttid, &id) || space->module->struct_metas.items[id].fields.count == 0)
		return hash_raw(hash, slots, count);
	const volt_struct_meta *meta = &space->module->struct_metas.items[id];
	for (uint32_t index = 0; index < meta->fields.count; index++) {
		const volt_field_meta *field = &meta->fields.items[index];
		if (field->offset + field->slot_count > count)
			return hash; /* such structs compare raw; a constant is right for them */
		hash = hash_value(space, hash, volt_meta_id(field->type), volt_meta_kind(field->type),
		                  slots + field->offset, field->slot_count, depth);
	}
	return hash;
}

static uint64_t hash_inline_array(object_space *space, uint64_t hash, uint32_t rttid, const volt_slot *slots,
                                  uint32_t count, int depth) {
	uint32_t element, width;
	volt_kind kind;
	if (!array_type_element(space, rttid, &element, &kind, &width) || !element_is_deep(kind) || count % width)
		return hash_raw(hash, slots, count);
	for (uint32_t at = 0; at < count; at += width)
		hash = hash_value(space, hash, element, kind, slots + at, width, depth);
	return hash;
}

static uint64_t hash_value(object_space *space, uint64_t hash, uint32_t rttid, volt_kind kind,
                           const volt_slot *slots, uint32_t count, int depth) {
	if (count == 0 || depth > CONTENTS_DEPTH_MAXIMUM)
		return hash;
	switch (kind) {
	case VOLT_KIND_STRING: return hash_text(hash, slots[0]);
	case VOLT_KIND_STRUCT: return hash_fields(space, hash, rttid, slots, count, depth + 1);
	case VOLT_KIND_ARRAY: return hash_inline_array(space, hash, rttid, slots, count, depth + 1);
	case VOLT_KIND_INTERFACE:
		if (count >= 2)
			return hash_interface_at(space, hash, slots, depth + 1);
		return hash_raw(hash, slots, count);
	case VOLT_KIND_FLOAT32:
	case VOLT_KIND_FLOAT64: return step(hash, volt_slot_identity(kind, slots[0]));
	default: return hash_raw(hash, slots, count);
	}
}

uint64_t hash_struct(object_space *space, uint32_t rttid, const volt_slot *slots, uint32_t count) {
	return finish(hash_value(space, HASH_SEED, rttid, VOLT_KIND_STRUCT, slots, count, 0));
}

uint64_t hash_interface(object_space *space, const volt_slot value[2]) {
	return finish(hash_interface_at(space, HASH_SEED, value, 0));
}
