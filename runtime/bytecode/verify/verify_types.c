/* Rules for type metadata: every index that the runtime follows exists. */
#include "bytecode/verify/verifier.h"

#include <stdio.h>

typedef struct {
	const volt_module *module;
	const underlying_type *named;
	const char *place; /* name of the table */
	uint32_t index;
} context;

#define REFUSE(...) return verify_fail(at->module, at->place, at->index, __VA_ARGS__)

volt_kind verify_kind_of(const volt_module *module, uint32_t rttid) {
	static const volt_kind kinds[VOLT_TYPE_TAG_COUNT] = {
	    [VOLT_TYPE_POINTER] = VOLT_KIND_POINTER, [VOLT_TYPE_ARRAY] = VOLT_KIND_ARRAY,
	    [VOLT_TYPE_SLICE] = VOLT_KIND_SLICE,     [VOLT_TYPE_MAP] = VOLT_KIND_MAP,
	    [VOLT_TYPE_CHANNEL] = VOLT_KIND_CHANNEL, [VOLT_TYPE_FUNCTION] = VOLT_KIND_CLOSURE,
	    [VOLT_TYPE_STRUCT] = VOLT_KIND_STRUCT,   [VOLT_TYPE_INTERFACE] = VOLT_KIND_INTERFACE,
	    [VOLT_TYPE_PORT] = VOLT_KIND_PORT,       [VOLT_TYPE_ISLAND] = VOLT_KIND_ISLAND,
	};
	const volt_runtime_type *type = &module->runtime_types.items[rttid];
	if (type->tag == VOLT_TYPE_BASIC)
		return (volt_kind)type->kind;
	if (type->tag == VOLT_TYPE_NAMED)
		return volt_meta_kind(module->named_types.items[type->id].underlying);
	return kinds[type->tag];
}

static volt_error *check_index(const context *at, const char *what, uint32_t index, uint32_t count) {
	if (index >= count)
		REFUSE("%s %u, but there are %u", what, index, count);
	return NULL;
}

/*
 * A ValueRttid. Only values that lie in place (structs, arrays) are walked through by the id, so only for
 * them must kind and type agree: the original writes the id of another type beside the kind Interface.
 */
static volt_error *check_type(const context *at, const char *what, uint32_t word) {
	volt_kind kind = volt_meta_kind(word);
	if (kind >= VOLT_KIND_COUNT)
		REFUSE("%s: unknown kind %u", what, kind);
	const uint32_t types = at->module->runtime_types.count;
	if (volt_meta_id(word) >= types)
		REFUSE("%s: runtime type %u, but there are %u", what, volt_meta_id(word), types);
	bool in_place = kind == VOLT_KIND_STRUCT || kind == VOLT_KIND_ARRAY;
	if (in_place && verify_kind_of(at->module, volt_meta_id(word)) != kind)
		REFUSE("%s: kind %s, but runtime type %u is %s", what, volt_kind_name(kind), volt_meta_id(word),
		       volt_kind_name(verify_kind_of(at->module, volt_meta_id(word))));
	return NULL;
}

static volt_error *check_type_vector(const context *at, const char *what, const volt_index_vector *words) {
	volt_error *error = NULL;
	for (uint32_t i = 0; i < words->count && !error; i++)
		error = check_type(at, what, words->items[i]);
	return error;
}

static volt_error *check_struct_meta(const context *at) {
	const volt_struct_meta *meta = &at->module->struct_metas.items[at->index];
	if (meta->slot_types.count > VERIFY_MOST_STRUCT_SLOTS)
		REFUSE("%u slots, at most %d are possible", meta->slot_types.count, VERIFY_MOST_STRUCT_SLOTS);
	const char *reason = verify_slot_types(meta->slot_types.items, meta->slot_types.count);
	if (reason)
		REFUSE("%s", reason);
	for (uint32_t i = 0; i < meta->fields.count; i++) {
		const volt_field_meta *field = &meta->fields.items[i];
		if ((uint32_t)field->offset + field->slot_count > meta->slot_types.count)
			REFUSE("field %u ends at slot %u of %u", i, field->offset + field->slot_count,
			       meta->slot_types.count);
		char what[sizeof "field 4294967295"];
		snprintf(what, sizeof what, "field %u", i);
		volt_error *error = check_type(at, what, field->type);
		if (error)
			return error;
	}
	return NULL;
}

static volt_error *check_method_count(const context *at, uint32_t count) {
	if (count > VERIFY_MOST_METHODS)
		REFUSE("%u methods, at most %d are possible", count, VERIFY_MOST_METHODS);
	return NULL;
}

/* Signatures in interface metas are rttids. */
static volt_error *check_interface_methods(const context *at, const volt_interface_meta *meta) {
	volt_error *error = check_method_count(at, meta->methods.count);
	for (uint32_t i = 0; i < meta->methods.count && !error; i++)
		error = check_index(at, "signature: runtime type", meta->methods.items[i].signature,
		                    at->module->runtime_types.count);
	return error;
}

/* Signatures in runtime types of interfaces are ValueRttids. */
static volt_error *check_interface_type(const context *at, const volt_runtime_type *type) {
	volt_error *error = check_method_count(at, type->methods.count);
	for (uint32_t i = 0; i < type->methods.count && !error; i++)
		error = check_type(at, "signature", type->methods.items[i].signature);
	return error;
}

static volt_error *check_interface_meta(const context *at) {
	const volt_interface_meta *meta = &at->module->interface_metas.items[at->index];
	if (meta->method_names.count != meta->methods.count)
		REFUSE("%u method names, but %u methods", meta->method_names.count, meta->methods.count);
	return check_interface_methods(at, meta);
}

/*
 * A function that is reached through an interface receives the payload in slot 0 (SEMANTICS.md, "Frames and
 * calls").
 */
static volt_error *check_method_function(const context *at, uint32_t index) {
	volt_error *error = check_index(at, "function", index, at->module->functions.count);
	if (!error && at->module->functions.items[index].local_slots < 1)
		REFUSE("function %u has no slot for the receiver", index);
	return error;
}

/* What cannot be said for sure is refused: hashing, equality and dynamic access follow it. */
static volt_error *check_underlying(const context *at, uint32_t word) {
	const volt_module *module = at->module;
	const underlying_type *below = &at->named[at->index];
	volt_kind kind = volt_meta_kind(word);
	uint32_t id = volt_meta_id(word);
	if (kind >= VOLT_KIND_COUNT)
		REFUSE("underlying type: unknown kind %u", kind);
	bool has_meta = kind == VOLT_KIND_STRUCT || kind == VOLT_KIND_INTERFACE;
	uint32_t metas = kind == VOLT_KIND_STRUCT ? module->struct_metas.count : module->interface_metas.count;
	if (!below->known && has_meta && id >= metas)
		REFUSE("underlying type: %u is no %s (there are %u) and no runtime type of one", id,
		       volt_kind_name(kind), metas);
	if (!below->known && has_meta)
		REFUSE("underlying type: %s %u, but its runtime type says otherwise", volt_kind_name(kind), id);
	if (!below->known)
		REFUSE("underlying type: runtime type %u does not lead to a type of kind %s (there are %u)", id,
		       volt_kind_name(kind), module->runtime_types.count);
	if (!has_meta && verify_kind_of(module, below->id) != kind)
		REFUSE("underlying type: kind %s, but runtime type %u is %s", volt_kind_name(kind), below->id,
		       volt_kind_name(verify_kind_of(module, below->id)));
	return NULL;
}

static volt_error *check_named_type(const context *at) {
	const volt_named_type *type = &at->module->named_types.items[at->index];
	volt_error *error = check_underlying(at, type->underlying);
	for (uint32_t i = 0; i < type->methods.count && !error; i++) {
		const volt_named_method *method = &type->methods.items[i];
		error = check_method_function(at, method->function);
		if (!error)
			error = check_index(at, "signature: runtime type", method->signature,
			                    at->module->runtime_types.count);
	}
	return error;
}

static volt_error *check_itab(const context *at) {
	const volt_itab *itab = &at->module->itabs.items[at->index];
	volt_error *error = NULL;
	if (itab->count > VERIFY_MOST_METHODS)
		REFUSE("%u methods, at most %d are possible", itab->count, VERIFY_MOST_METHODS);
	for (uint32_t i = 0; i < itab->count && !error; i++)
		error = check_method_function(at, itab->items[i]);
	return error;
}

/* Runs before all other rules: verify_kind_of() follows these ids. */
static volt_error *check_type_ids(const context *at) {
	const volt_runtime_type *type = &at->module->runtime_types.items[at->index];
	volt_error *error = NULL;
	switch (type->tag) {
	case VOLT_TYPE_BASIC:
		return type->kind < VOLT_KIND_COUNT ? NULL
		                                    : verify_fail(at->module, at->place, at->index, "unknown kind");
	case VOLT_TYPE_NAMED:
		error = check_index(at, "named type", type->id, at->module->named_types.count);
		if (!error && type->struct_meta.present)
			error = check_index(at, "struct", type->struct_meta.value, at->module->struct_metas.count);
		return error;
	case VOLT_TYPE_STRUCT: return check_index(at, "struct", type->id, at->module->struct_metas.count);
	case VOLT_TYPE_INTERFACE:
		return check_index(at, "interface", type->id, at->module->interface_metas.count);
	case VOLT_TYPE_TAG_COUNT: REFUSE("unknown tag");
	default: return NULL;
	}
}

static volt_error *check_struct_fields(const context *at, const volt_runtime_type *type) {
	volt_error *error = NULL;
	for (uint32_t i = 0; i < type->fields.count && !error; i++)
		error = check_type(at, "field", type->fields.items[i].type);
	return error;
}

/* Whatever else the tables say of a name, each runtime type of it has the same struct. */
static volt_error *check_named_use(const context *at, const volt_runtime_type *type) {
	const underlying_type *below = &at->named[type->id];
	if (type->struct_meta.present &&
	    (below->kind != VOLT_KIND_STRUCT || below->id != type->struct_meta.value))
		REFUSE("struct %u, but named type %u is another type", type->struct_meta.value, type->id);
	return NULL;
}

static volt_error *check_runtime_type(const context *at) {
	const volt_runtime_type *type = &at->module->runtime_types.items[at->index];
	volt_error *error = NULL;
	switch (type->tag) {
	case VOLT_TYPE_NAMED: return check_named_use(at, type);
	case VOLT_TYPE_POINTER:
	case VOLT_TYPE_ARRAY:
	case VOLT_TYPE_SLICE:
	case VOLT_TYPE_CHANNEL:
	case VOLT_TYPE_PORT: return check_type(at, "element", type->element);
	case VOLT_TYPE_MAP:
		error = check_type(at, "key", type->key);
		return error ? error : check_type(at, "value", type->element);
	case VOLT_TYPE_FUNCTION:
		error = check_type_vector(at, "parameter", &type->parameters);
		return error ? error : check_type_vector(at, "result", &type->results);
	case VOLT_TYPE_TUPLE: return check_type_vector(at, "element", &type->parameters);
	case VOLT_TYPE_STRUCT: return check_struct_fields(at, type);
	case VOLT_TYPE_INTERFACE: return check_interface_type(at, type);
	default: return NULL;
	}
}

static volt_error *check_table(const volt_module *module, const underlying_type *named, const char *place,
                               uint32_t count, volt_error *(*check)(const context *)) {
	volt_error *error = NULL;
	if (count > VERIFY_MOST_IDS)
		return verify_fail(module, place, count - 1, "more than %d records", VERIFY_MOST_IDS);
	for (uint32_t i = 0; check && i < count && !error; i++)
		error = check(&(context){module, named, place, i});
	return error;
}

typedef struct {
	const char *name;
	volt_optional index;
	uint32_t count;
} known_index;

static bool is_error_pointer(const volt_module *module, const underlying_type *named) {
	const volt_well_known_types *types = &module->well_known;
	const volt_runtime_type *pointer = &module->runtime_types.items[types->error_pointer.value];
	if (pointer->tag != VOLT_TYPE_POINTER || volt_meta_kind(pointer->element) != VOLT_KIND_STRUCT)
		return false;
	const volt_runtime_type *structure = &module->runtime_types.items[volt_meta_id(pointer->element)];
	uint32_t id = structure->tag == VOLT_TYPE_NAMED ? named[structure->id].id : structure->id;
	return id == types->error_struct.value;
}

/* Values of the error type are looked into when they are shown. */
static volt_error *check_error_layout(const volt_module *module, const underlying_type *named) {
	const volt_well_known_types *types = &module->well_known;
	uint32_t slots = types->error_struct.present
	                     ? module->struct_metas.items[types->error_struct.value].slot_types.count
	                     : 0;
	if (types->error_message_offset + 1u > slots || types->error_cause_offset + 2u > slots)
		return volt_error_new(VOLT_ERROR_VERIFY,
		                      "%s: well_known: message and cause do not fit an error of %u slots",
		                      module->source, slots);
	const uint8_t *slot_types = module->struct_metas.items[types->error_struct.value].slot_types.items;
	if (slot_types[types->error_message_offset] != VOLT_SLOT_REFERENCE ||
	    slot_types[types->error_cause_offset] != VOLT_SLOT_INTERFACE_TYPE ||
	    slot_types[types->error_cause_offset + 1] != VOLT_SLOT_INTERFACE_PAYLOAD)
		return volt_error_new(
		    VOLT_ERROR_VERIFY,
		    "%s: well_known: an error has no string and interface where message and cause are",
		    module->source);
	if (types->error_pointer.present && !is_error_pointer(module, named))
		return volt_error_new(VOLT_ERROR_VERIFY, "%s: well_known: runtime type %u is no pointer to an error",
		                      module->source, types->error_pointer.value);
	return NULL;
}

static volt_error *check_well_known(const volt_module *module, const underlying_type *named) {
	const volt_well_known_types *types = &module->well_known;
	uint32_t interfaces = module->interface_metas.count;
	const known_index indices[] = {
	    {"error named type", types->error_named_type, module->named_types.count},
	    {"error interface", types->error_interface, interfaces},
	    {"error pointer", types->error_pointer, module->runtime_types.count},
	    {"error struct", types->error_struct, module->struct_metas.count},
	    {"attribute protocol", types->attribute_object, interfaces},
	    {"set attribute protocol", types->set_attribute_object, interfaces},
	    {"index protocol", types->index_object, interfaces},
	    {"set index protocol", types->set_index_object, interfaces},
	    {"call protocol", types->call_object, interfaces},
	};
	for (size_t i = 0; i < sizeof indices / sizeof *indices; i++)
		if (indices[i].index.present && indices[i].index.value >= indices[i].count)
			return volt_error_new(VOLT_ERROR_VERIFY, "%s: well_known: %s %u, but there are %u",
			                      module->source, indices[i].name, indices[i].index.value, indices[i].count);
	return types->has_error_offsets ? check_error_layout(module, named) : NULL;
}

volt_error *verify_types(const volt_module *module, const underlying_type *named) {
	const struct {
		const char *place;
		uint32_t count;
		volt_error *(*check)(const context *);
	} tables[] = {
	    {"functions", module->functions.count, NULL},
	    {"runtime_types", module->runtime_types.count, check_type_ids},
	    {"named_types", module->named_types.count, check_named_type},
	    {"runtime_types", module->runtime_types.count, check_runtime_type},
	    {"struct_metas", module->struct_metas.count, check_struct_meta},
	    {"interface_metas", module->interface_metas.count, check_interface_meta},
	    {"itabs", module->itabs.count, check_itab},
	};
	volt_error *error = NULL;
	for (size_t i = 0; i < sizeof tables / sizeof *tables && !error; i++)
		error = check_table(module, named, tables[i].place, tables[i].count, tables[i].check);
	return error ? error : check_well_known(module, named);
}
