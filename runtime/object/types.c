/* Runtime types: kind, size, and the named type behind a value (SPECIFICATION.md, "Runtime types"). */
#include "object/types.h"

#include "object/interfaces.h"
#include "object/space_private.h"

underlying_type type_below_name(const object_space *space, uint32_t named) {
	return named < space->module->named_types.count ? space->named[named] : (underlying_type){.known = false};
}

/* What a runtime type of tag NAMED stands for; kind Void for a broken id. */
static underlying_type below(const object_space *space, const volt_runtime_type *type) {
	return type_below_name(space, type->id);
}

const volt_runtime_type *type_underlying(object_space *space, uint32_t rttid) {
	const volt_runtime_type *type = type_get(space->module, rttid);
	if (!type || type->tag != VOLT_TYPE_NAMED)
		return type;
	underlying_type meaning = below(space, type);
	if (!meaning.known || meaning.kind == VOLT_KIND_STRUCT || meaning.kind == VOLT_KIND_INTERFACE)
		return NULL;
	return type_get(space->module, meaning.id);
}

static volt_kind kind_of_tag(const volt_runtime_type *type) {
	switch (type->tag) {
	case VOLT_TYPE_BASIC: return (volt_kind)type->kind;
	case VOLT_TYPE_POINTER: return VOLT_KIND_POINTER;
	case VOLT_TYPE_ARRAY: return VOLT_KIND_ARRAY;
	case VOLT_TYPE_SLICE: return VOLT_KIND_SLICE;
	case VOLT_TYPE_MAP: return VOLT_KIND_MAP;
	case VOLT_TYPE_CHANNEL: return VOLT_KIND_CHANNEL;
	case VOLT_TYPE_FUNCTION: return VOLT_KIND_CLOSURE;
	case VOLT_TYPE_STRUCT: return VOLT_KIND_STRUCT;
	case VOLT_TYPE_INTERFACE: return VOLT_KIND_INTERFACE;
	case VOLT_TYPE_PORT: return VOLT_KIND_PORT;
	case VOLT_TYPE_ISLAND: return VOLT_KIND_ISLAND;
	default: return VOLT_KIND_VOID;
	}
}

volt_kind type_kind(object_space *space, uint32_t rttid) {
	const volt_runtime_type *type = type_get(space->module, rttid);
	if (!type)
		return VOLT_KIND_VOID;
	if (type->tag == VOLT_TYPE_NAMED)
		return (volt_kind)below(space, type).kind;
	return kind_of_tag(type);
}

bool type_struct_meta(object_space *space, uint32_t rttid, uint32_t *struct_meta) {
	const volt_runtime_type *type = type_get(space->module, rttid);
	if (!type)
		return false;
	if (type->tag == VOLT_TYPE_STRUCT) {
		*struct_meta = type->id;
	} else {
		underlying_type meaning = {.known = false};
		if (type->tag == VOLT_TYPE_NAMED)
			meaning = below(space, type);
		if (!meaning.known || meaning.kind != VOLT_KIND_STRUCT)
			return false;
		*struct_meta = meaning.id;
	}
	return *struct_meta < space->module->struct_metas.count;
}

static uint32_t saturated_product(uint64_t count, uint32_t slots) {
	uint64_t product;
	if (__builtin_mul_overflow(count, (uint64_t)slots, &product) || product > UINT32_MAX)
		return UINT32_MAX;
	return product ? (uint32_t)product : 1;
}

static uint32_t slots_at_depth(object_space *space, uint32_t rttid, int depth) {
	volt_kind kind = type_kind(space, rttid);
	uint32_t struct_meta;
	if (kind == VOLT_KIND_INTERFACE)
		return 2;
	if (kind == VOLT_KIND_STRUCT && type_struct_meta(space, rttid, &struct_meta))
		return space->shapes[struct_meta].slots ? space->shapes[struct_meta].slots : 1;
	const volt_runtime_type *type = kind == VOLT_KIND_ARRAY ? type_underlying(space, rttid) : NULL;
	if (!type || type->tag != VOLT_TYPE_ARRAY || depth == TYPE_DEPTH_MAXIMUM)
		return 1;
	return saturated_product(type->length, slots_at_depth(space, volt_meta_id(type->element), depth + 1));
}

uint32_t type_slots(object_space *space, uint32_t rttid) {
	return slots_at_depth(space, rttid, 0);
}

bool type_named(object_space *space, uint32_t rttid, uint32_t *named, bool *through_pointer) {
	const volt_runtime_type *type = type_get(space->module, rttid);
	*through_pointer = type && type->tag == VOLT_TYPE_POINTER;
	if (*through_pointer)
		type = type_get(space->module, volt_meta_id(type->element));
	if (!type || type->tag != VOLT_TYPE_NAMED)
		return false;
	*named = type->id;
	return type->id < space->module->named_types.count;
}
