/* Runtime types by id: what is below a name, sizes, names for messages. */
#include "extern/reflect/reflect.h"

#include "object/types.h"

/* A chain of names, or arrays in arrays, deeper than this is no type that a compiler makes. */
enum { TYPE_DEPTH = 32 };

/*
 * Larger values do not fit any frame (SPECIFICATION.md, "Limits").
 */
enum { TYPE_SLOTS_MAXIMUM = 1 << 20 };

static bool resolve(const object_space *space, uint32_t rttid, unsigned depth, reflect_type *type);

static bool set_struct(const volt_module *module, uint32_t id, reflect_type *type) {
	if (id >= module->struct_metas.count)
		return false;
	type->kind = VOLT_KIND_STRUCT;
	type->structure = &module->struct_metas.items[id];
	type->slots = type->structure->slot_types.count;
	type->meta = volt_meta_make(id, VOLT_KIND_STRUCT);
	return type->slots > 0;
}

static bool set_interface(const volt_module *module, uint32_t id, reflect_type *type) {
	type->kind = VOLT_KIND_INTERFACE;
	type->interface_meta = id;
	type->slots = 2;
	type->meta = volt_meta_make(id, VOLT_KIND_INTERFACE);
	return id < module->interface_metas.count;
}

/* Values of an interface whose methods no meta has can be read, but nothing can be stored. */
static bool set_interface_type(const volt_module *module, const volt_runtime_type *from, reflect_type *type) {
	uint32_t id;
	if (volt_underlying_interface(module, from, &id))
		return set_interface(module, id, type);
	set_interface(module, REFLECT_NO_INTERFACE, type);
	return true;
}

/* What a ValueRttid word stands for; see reflect_type_of(). */
static bool resolve_word(const object_space *space, uint32_t word, unsigned depth, reflect_type *type) {
	if (resolve(space, volt_meta_id(word), depth, type) && type->kind == volt_meta_kind(word))
		return true;
	if (volt_meta_kind(word) != VOLT_KIND_INTERFACE)
		return false;
	const volt_module *module = object_space_module(space);
	volt_optional error = module->well_known.error_interface;
	*type = (reflect_type){.rttid = volt_meta_id(word)};
	return set_interface(module, error.present ? error.value : 0, type);
}

static bool set_array(const object_space *space, const volt_runtime_type *from, unsigned depth,
                      reflect_type *type) {
	reflect_type element;
	if (!resolve_word(space, from->element, depth - 1, &element) || from->length > TYPE_SLOTS_MAXIMUM ||
	    from->length * element.slots > TYPE_SLOTS_MAXIMUM)
		return false;
	type->kind = VOLT_KIND_ARRAY;
	type->length = from->length;
	type->element = from->element;
	type->slots = (uint32_t)from->length * element.slots;
	type->meta = volt_meta_make(0, VOLT_KIND_ARRAY);
	return true;
}

static bool set_named(const object_space *space, uint32_t id, unsigned depth, reflect_type *type) {
	underlying_type below = type_below_name(space, id);
	if (!below.known)
		return false;
	switch (below.kind) {
	case VOLT_KIND_STRUCT: return set_struct(object_space_module(space), below.id, type);
	case VOLT_KIND_INTERFACE: return set_interface(object_space_module(space), below.id, type);
	default: return resolve(space, below.id, depth - 1, type) && type->kind == (volt_kind)below.kind;
	}
}

static bool set_word(reflect_type *type, volt_kind kind, uint32_t element) {
	type->kind = kind;
	type->slots = 1;
	type->meta = volt_meta_make(0, kind);
	type->element = element;
	return true;
}

static bool is_word(volt_kind kind) {
	return kind > VOLT_KIND_VOID && kind < VOLT_KIND_COUNT && kind != VOLT_KIND_ARRAY &&
	       kind != VOLT_KIND_STRUCT && kind != VOLT_KIND_INTERFACE;
}

static bool resolve(const object_space *space, uint32_t rttid, unsigned depth, reflect_type *type) {
	const volt_module *module = object_space_module(space);
	if (depth == 0 || rttid >= module->runtime_types.count)
		return false;
	const volt_runtime_type *from = &module->runtime_types.items[rttid];
	*type = (reflect_type){.rttid = rttid};
	switch (from->tag) {
	case VOLT_TYPE_BASIC: return is_word((volt_kind)from->kind) && set_word(type, (volt_kind)from->kind, 0);
	case VOLT_TYPE_NAMED:
		if (!set_named(space, from->id, depth, type))
			return false;
		type->rttid = rttid;
		return true;
	case VOLT_TYPE_POINTER: return set_word(type, VOLT_KIND_POINTER, from->element);
	case VOLT_TYPE_ARRAY: return set_array(space, from, depth, type);
	case VOLT_TYPE_SLICE: return set_word(type, VOLT_KIND_SLICE, from->element);
	case VOLT_TYPE_MAP: type->key = from->key; return set_word(type, VOLT_KIND_MAP, from->element);
	case VOLT_TYPE_CHANNEL: return set_word(type, VOLT_KIND_CHANNEL, from->element);
	case VOLT_TYPE_FUNCTION: type->signature = from; return set_word(type, VOLT_KIND_CLOSURE, 0);
	case VOLT_TYPE_STRUCT: return set_struct(module, from->id, type);
	case VOLT_TYPE_INTERFACE: return set_interface_type(module, from, type);
	case VOLT_TYPE_PORT: return set_word(type, VOLT_KIND_PORT, from->element);
	case VOLT_TYPE_ISLAND: return set_word(type, VOLT_KIND_ISLAND, 0);
	case VOLT_TYPE_TUPLE:
	case VOLT_TYPE_TAG_COUNT: break;
	}
	return false;
}

bool reflect_type_get(object_space *space, uint32_t rttid, reflect_type *type) {
	return resolve(space, rttid, TYPE_DEPTH, type);
}

bool reflect_type_of(object_space *space, uint32_t word, reflect_type *type) {
	return resolve_word(space, word, TYPE_DEPTH, type);
}

bool reflect_type_is_any(object_space *space, const reflect_type *type) {
	const volt_module *module = object_space_module(space);
	return type->kind == VOLT_KIND_INTERFACE && type->interface_meta < module->interface_metas.count &&
	       module->interface_metas.items[type->interface_meta].methods.count == 0;
}

bool reflect_type_is_nillable(const reflect_type *type) {
	return type->kind == VOLT_KIND_INTERFACE || type->kind >= VOLT_KIND_SLICE;
}

static bool is_empty(const object_space *space, const reflect_type *type, unsigned depth) {
	reflect_type inner;
	if (depth == 0)
		return false;
	if (type->kind == VOLT_KIND_ARRAY)
		return type->length == 0 ||
		       (resolve_word(space, type->element, TYPE_DEPTH, &inner) && is_empty(space, &inner, depth - 1));
	if (type->kind != VOLT_KIND_STRUCT)
		return false;
	for (uint32_t i = 0; i < type->structure->fields.count; i++)
		if (!resolve_word(space, type->structure->fields.items[i].type, TYPE_DEPTH, &inner) ||
		    !is_empty(space, &inner, depth - 1))
			return false;
	return true;
}

bool reflect_type_is_empty(object_space *space, const reflect_type *type) {
	enum { EMPTY_DEPTH = 8 };
	return is_empty(space, type, EMPTY_DEPTH);
}

unsigned reflect_integer_bits(volt_kind kind) {
	switch (kind) {
	case VOLT_KIND_INT8:
	case VOLT_KIND_UINT8: return 8;
	case VOLT_KIND_INT16:
	case VOLT_KIND_UINT16: return 16;
	case VOLT_KIND_INT32:
	case VOLT_KIND_UINT32: return 32;
	default: return 64;
	}
}

/* ---- Types that natives make values of ---- */

static bool is_any_word(object_space *space, uint32_t word) {
	reflect_type type;
	return reflect_type_of(space, word, &type) && reflect_type_is_any(space, &type);
}

static bool find_type(object_space *space, volt_type_tag tag, uint32_t *rttid) {
	const volt_module *module = object_space_module(space);
	for (uint32_t i = 0; i < module->runtime_types.count; i++) {
		const volt_runtime_type *type = &module->runtime_types.items[i];
		if (type->tag == tag && is_any_word(space, type->element) &&
		    (tag == VOLT_TYPE_SLICE || volt_meta_id(type->key) == VOLT_KIND_STRING)) {
			*rttid = i;
			return true;
		}
	}
	return false;
}

bool reflect_find_any_slice(object_space *space, uint32_t *rttid) {
	return find_type(space, VOLT_TYPE_SLICE, rttid);
}

bool reflect_find_any_map(object_space *space, uint32_t *rttid) {
	return find_type(space, VOLT_TYPE_MAP, rttid);
}

/* ---- Names ---- */

static void append_name(object_space *space, uint32_t rttid, unsigned depth, buffer *out);

static void append_element(object_space *space, const char *before, uint32_t element, unsigned depth,
                           buffer *out) {
	buffer_append_text(out, before);
	append_name(space, volt_meta_id(element), depth, out);
}

static void append_name(object_space *space, uint32_t rttid, unsigned depth, buffer *out) {
	const volt_module *module = object_space_module(space);
	if (depth == 0 || rttid >= module->runtime_types.count) {
		buffer_append_text(out, "?");
		return;
	}
	const volt_runtime_type *type = &module->runtime_types.items[rttid];
	switch (type->tag) {
	case VOLT_TYPE_BASIC: buffer_append_text(out, volt_kind_name(type->kind)); break;
	case VOLT_TYPE_NAMED:
		if (type->id < module->named_types.count) {
			volt_text name = module->named_types.items[type->id].name;
			buffer_append(out, name.bytes, name.length);
		}
		break;
	case VOLT_TYPE_POINTER: append_element(space, "*", type->element, depth - 1, out); break;
	case VOLT_TYPE_ARRAY:
		buffer_append_format(out, "[%llu", (unsigned long long)type->length);
		append_element(space, "]", type->element, depth - 1, out);
		break;
	case VOLT_TYPE_SLICE: append_element(space, "[]", type->element, depth - 1, out); break;
	case VOLT_TYPE_MAP:
		append_element(space, "map[", type->key, depth - 1, out);
		append_element(space, "]", type->element, depth - 1, out);
		break;
	case VOLT_TYPE_CHANNEL: append_element(space, "chan ", type->element, depth - 1, out); break;
	case VOLT_TYPE_PORT: append_element(space, "port ", type->element, depth - 1, out); break;
	case VOLT_TYPE_FUNCTION: buffer_append_text(out, "func"); break;
	case VOLT_TYPE_STRUCT: buffer_append_text(out, "struct"); break;
	case VOLT_TYPE_INTERFACE: buffer_append_text(out, "interface"); break;
	case VOLT_TYPE_ISLAND: buffer_append_text(out, "island"); break;
	case VOLT_TYPE_TUPLE:
	case VOLT_TYPE_TAG_COUNT: buffer_append_text(out, "?"); break;
	}
}

void reflect_type_name(object_space *space, uint32_t rttid, buffer *out) {
	enum { NAME_DEPTH = 8 };
	append_name(space, rttid, NAME_DEPTH, out);
}
