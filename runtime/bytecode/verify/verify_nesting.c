/*
 * Values in values: a struct or an array must not contain itself, nest deeper than a recursive walk bears, or
 * be larger than sizes can count. References end the walk, so types that refer to themselves through pointers
 * are fine.
 */
#include <stdlib.h>
#include <string.h>

#include "bytecode/verify/verifier.h"

/* Nodes are the struct metas, then the runtime types. */
typedef struct {
	const volt_module *module;
	const underlying_type *named;
	enum { NEW, OPEN, DONE } * states;
	uint32_t *slots; /* of the finished nodes */
} nesting;

/* Structs are addressed with 16 bits; a type of struct counts twice, by its meta and by its fields. */
static uint64_t most_slots(const volt_module *module, uint32_t node) {
	uint32_t structs = module->struct_metas.count;
	bool is_array = node >= structs && module->runtime_types.items[node - structs].tag == VOLT_TYPE_ARRAY;
	return is_array ? INT32_MAX : 2 * VERIFY_MOST_STRUCT_SLOTS;
}

static uint32_t node_of_type(const volt_module *module, uint32_t rttid) {
	return module->struct_metas.count + rttid;
}

static volt_error *refuse(const nesting *walk, uint32_t node, const char *reason) {
	uint32_t structs = walk->module->struct_metas.count;
	if (node < structs)
		return verify_fail(walk->module, "struct_metas", node, "%s", reason);
	return verify_fail(walk->module, "runtime_types", node - structs, "%s", reason);
}

static volt_error *visit(nesting *walk, uint32_t node, unsigned depth);

/* Adds the slots of a value with this ValueRttid. */
static volt_error *add_value(nesting *walk, uint32_t word, unsigned depth, uint64_t *slots) {
	volt_kind kind = volt_meta_kind(word);
	if (kind != VOLT_KIND_STRUCT && kind != VOLT_KIND_ARRAY) {
		*slots += kind == VOLT_KIND_INTERFACE ? 2 : 1;
		return NULL;
	}
	uint32_t node = node_of_type(walk->module, volt_meta_id(word));
	volt_error *error = visit(walk, node, depth + 1);
	*slots += walk->slots[node];
	return error;
}

static volt_error *add_struct_meta(nesting *walk, uint32_t index, unsigned depth, uint64_t *slots) {
	volt_error *error = visit(walk, index, depth + 1);
	*slots += walk->slots[index];
	return error;
}

/* ---- Fields against the slot types of their struct ---- */

/* NULL if the kind is none of a struct. */
static const volt_struct_meta *struct_of(const nesting *walk, uint32_t word) {
	const volt_runtime_type *type = &walk->module->runtime_types.items[volt_meta_id(word)];
	if (volt_meta_kind(word) != VOLT_KIND_STRUCT)
		return NULL;
	uint32_t id = type->tag == VOLT_TYPE_NAMED ? walk->named[type->id].id : type->id;
	return &walk->module->struct_metas.items[id];
}

static uint32_t array_element(const nesting *walk, uint32_t word) {
	const volt_runtime_type *type = &walk->module->runtime_types.items[volt_meta_id(word)];
	if (type->tag == VOLT_TYPE_NAMED)
		type = &walk->module->runtime_types.items[walk->named[type->id].id];
	return type->element;
}

static uint32_t slots_of_value(const nesting *walk, uint32_t word) {
	switch (volt_meta_kind(word)) {
	case VOLT_KIND_STRUCT:
	case VOLT_KIND_ARRAY: return walk->slots[node_of_type(walk->module, volt_meta_id(word))];
	case VOLT_KIND_INTERFACE: return 2;
	default: return 1;
	}
}

/*
 * Are values of this type where the collector and everything else that goes by slot types expects them? All
 * types of values in place were visited before. Slots behind the end are not looked at by anybody.
 */
static bool agrees(const nesting *walk, uint32_t word, const uint8_t *slots, uint32_t count) {
	volt_kind kind = volt_meta_kind(word);
	const volt_struct_meta *structure = struct_of(walk, word);
	if (structure) {
		uint32_t shared = structure->slot_types.count < count ? structure->slot_types.count : count;
		return shared == 0 || memcmp(structure->slot_types.items, slots, shared) == 0;
	}
	if (kind == VOLT_KIND_ARRAY) {
		uint32_t element = array_element(walk, word), width = slots_of_value(walk, element);
		bool all = true;
		for (uint32_t at = 0; at + width <= count && all; at += width)
			all = agrees(walk, element, slots + at, width);
		return all;
	}
	if (kind == VOLT_KIND_INTERFACE)
		return count < 2 || (slots[0] == VOLT_SLOT_INTERFACE_TYPE && slots[1] == VOLT_SLOT_INTERFACE_PAYLOAD);
	bool followed = kind >= VOLT_KIND_STRING && kind <= VOLT_KIND_POINTER;
	return !followed || count == 0 || slots[0] == VOLT_SLOT_REFERENCE;
}

/* Fields stand one behind the other; *end is where the one before ended. */
static volt_error *check_field(const nesting *walk, const volt_struct_meta *meta, uint32_t index,
                               uint32_t *end) {
	const volt_field_meta *field = &meta->fields.items[index];
	uint32_t structure = (uint32_t)(meta - walk->module->struct_metas.items);
	uint32_t rest = meta->slot_types.count - field->offset, slots = slots_of_value(walk, field->type);
	if (field->offset < *end)
		return verify_fail(walk->module, "struct_metas", structure,
		                   "field %u begins at slot %u, but the one before ends at %u", index, field->offset,
		                   *end);
	*end = field->offset + (slots < rest ? slots : rest);
	if (agrees(walk, field->type, meta->slot_types.items + field->offset, slots < rest ? slots : rest))
		return NULL;
	return verify_fail(walk->module, "struct_metas", structure,
	                   "field %u is of kind %s, but the types of its slots say otherwise", index,
	                   volt_kind_name(volt_meta_kind(field->type)));
}

static volt_error *add_fields(nesting *walk, const volt_struct_meta *meta, unsigned depth, uint64_t *slots) {
	volt_error *error = NULL;
	uint32_t end = 0;
	for (uint32_t i = 0; i < meta->fields.count && !error; i++) {
		error = add_value(walk, meta->fields.items[i].type, depth, slots);
		if (!error && *slots <= 2 * VERIFY_MOST_STRUCT_SLOTS) /* else it is refused for that */
			error = check_field(walk, meta, i, &end);
	}
	if (*slots < meta->slot_types.count)
		*slots = meta->slot_types.count;
	return error;
}

static volt_error *add_named(nesting *walk, const volt_runtime_type *type, unsigned depth, uint64_t *slots) {
	const underlying_type *below = &walk->named[type->id];
	if (below->kind == VOLT_KIND_STRUCT)
		return add_struct_meta(walk, below->id, depth, slots);
	return add_value(walk, volt_meta_make(below->id, below->kind), depth, slots);
}

static volt_error *add_type(nesting *walk, const volt_runtime_type *type, unsigned depth, uint64_t *slots) {
	uint64_t element = 0;
	volt_error *error = NULL;
	switch (type->tag) {
	case VOLT_TYPE_NAMED: return add_named(walk, type, depth, slots);
	case VOLT_TYPE_ARRAY:
		error = add_value(walk, type->element, depth, &element);
		if (__builtin_mul_overflow(element, type->length ? type->length : 1, slots))
			*slots = UINT64_MAX;
		return error;
	case VOLT_TYPE_STRUCT:
		error = add_struct_meta(walk, type->id, depth, slots);
		for (uint32_t i = 0; i < type->fields.count && !error; i++)
			error = add_value(walk, type->fields.items[i].type, depth, slots);
		return error;
	case VOLT_TYPE_TUPLE:
		for (uint32_t i = 0; i < type->parameters.count && !error; i++)
			error = add_value(walk, type->parameters.items[i], depth, slots);
		return error;
	default: *slots = type->tag == VOLT_TYPE_INTERFACE ? 2 : 1; return NULL;
	}
}

static volt_error *visit(nesting *walk, uint32_t node, unsigned depth) {
	uint32_t structs = walk->module->struct_metas.count;
	uint64_t slots = 0;
	if (walk->states[node] == DONE)
		return NULL;
	if (walk->states[node] == OPEN)
		return refuse(walk, node, "it contains itself");
	if (depth > VERIFY_MOST_NESTING)
		return refuse(walk, node, "values are nested too deeply");
	walk->states[node] = OPEN;
	volt_error *error =
	    node < structs ? add_fields(walk, &walk->module->struct_metas.items[node], depth, &slots)
	                   : add_type(walk, &walk->module->runtime_types.items[node - structs], depth, &slots);
	if (error)
		return error;
	if (!slots)
		slots = 1; /* also bounds the walk through arrays of no elements */
	if (slots > most_slots(walk->module, node))
		return refuse(walk, node, "its values are too large");
	walk->slots[node] = (uint32_t)slots;
	walk->states[node] = DONE;
	return NULL;
}

volt_error *verify_type_nesting(const volt_module *module, const underlying_type *named) {
	uint32_t nodes = module->struct_metas.count + module->runtime_types.count;
	nesting walk = {module, named, calloc(nodes + 1u, sizeof *walk.states),
	                calloc(nodes + 1u, sizeof *walk.slots)};
	volt_error *error = NULL;
	if (!walk.states || !walk.slots)
		error = volt_error_new(VOLT_ERROR_MEMORY, "%s: out of memory", module->source);
	for (uint32_t node = 0; node < nodes && !error; node++)
		error = visit(&walk, node, 0);
	free(walk.states);
	free(walk.slots);
	return error;
}
