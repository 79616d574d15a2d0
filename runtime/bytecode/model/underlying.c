/* Resolving named types by what the module's tables agree on. */
#include "bytecode/model/underlying.h"

#include <stdlib.h>
#include <string.h>

/* Longer chains of names are no types that anybody declares; also ends chains that go round. */
enum { MOST_NAMES = 64 };

/* What the runtime types say of a named type. */
typedef struct {
	bool is_used;              /* there is a runtime type of this name */
	volt_optional struct_meta; /* only types that were declared with a literal have it */
} name_use;

static bool same_text(volt_text left, volt_text right) {
	return left.length == right.length &&
	       (left.length == 0 || memcmp(left.bytes, right.bytes, left.length) == 0);
}

/* ---- Interfaces ---- */

static bool has_method(const volt_interface_meta *meta, const volt_interface_method *wanted) {
	for (uint32_t i = 0; i < meta->methods.count; i++)
		if (same_text(meta->methods.items[i].name, wanted->name))
			return meta->methods.items[i].signature == volt_meta_id(wanted->signature);
	return false;
}

static bool has_methods_of(const volt_interface_meta *meta, const volt_runtime_type *type) {
	bool all = meta->methods.count == type->methods.count;
	for (uint32_t i = 0; i < type->methods.count && all; i++)
		all = has_method(meta, &type->methods.items[i]);
	return all;
}

bool volt_underlying_interface(const volt_module *module, const volt_runtime_type *type, uint32_t *meta) {
	if (type->id < module->interface_metas.count &&
	    has_methods_of(&module->interface_metas.items[type->id], type)) {
		*meta = type->id;
		return true;
	}
	for (*meta = 0; *meta < module->interface_metas.count; ++*meta)
		if (has_methods_of(&module->interface_metas.items[*meta], type))
			return true;
	return false;
}

/* ---- Chains of names ---- */

/* Compilers give interfaces that are declared by name a meta of the same name, with or without the package.
 */
static bool is_own_interface(const volt_module *module, const volt_named_type *named) {
	const uint32_t id = volt_meta_id(named->underlying);
	if (id >= module->interface_metas.count)
		return false;
	const volt_text meta = module->interface_metas.items[id].name;
	if (same_text(meta, named->name))
		return true;
	const uint32_t before = named->name.length - meta.length;
	return meta.length && named->name.length > meta.length && named->name.bytes[before - 1] == '.' &&
	       same_text(meta, (volt_text){named->name.bytes + before, meta.length});
}

/* NULL if this is no runtime type of a name. */
static const volt_runtime_type *name_at(const volt_module *module, uint32_t rttid) {
	const volt_runtime_type *type =
	    rttid < module->runtime_types.count ? &module->runtime_types.items[rttid] : NULL;
	return type && type->tag == VOLT_TYPE_NAMED ? type : NULL;
}

/*
 * Is the id that of a meta? A struct literal shows by the struct that the runtime type of the name has. Of a
 * name that no runtime type uses nothing more is known; no value has it. Compilers number names behind the
 * reserved types, so smaller ids are metas.
 */
static bool is_meta(const volt_module *module, const name_use *use, const volt_named_type *named) {
	const uint32_t id = volt_meta_id(named->underlying);
	switch (volt_meta_kind(named->underlying)) {
	case VOLT_KIND_STRUCT:
		if (use->struct_meta.present)
			return use->struct_meta.value == id;
		return id < RESERVED_TYPES || (!use->is_used && id < module->struct_metas.count);
	case VOLT_KIND_INTERFACE:
		return id < RESERVED_TYPES || is_own_interface(module, named) || !name_at(module, id);
	default: return false;
	}
}

static underlying_type found(volt_kind kind, uint32_t id, uint32_t count) {
	return (underlying_type){.known = id < count, .kind = (uint8_t)kind, .id = id};
}

/*
 * Where a name of another kind stands for an interface, `error` is meant: compilers write the id of the first
 * named type for it.
 */
static underlying_type resolve_other_kind(const volt_module *module, volt_kind kind) {
	volt_optional error = module->well_known.error_interface;
	bool is_error = kind == VOLT_KIND_INTERFACE && error.present;
	return found(kind, error.value, is_error ? module->interface_metas.count : 0);
}

static underlying_type resolve_chain(const volt_module *module, const name_use *uses, uint32_t index) {
	const volt_kind kind = volt_meta_kind(module->named_types.items[index].underlying);
	const bool is_struct = kind == VOLT_KIND_STRUCT, has_meta = is_struct || kind == VOLT_KIND_INTERFACE;
	for (int names = 0; names < MOST_NAMES; names++) {
		const volt_named_type *named = &module->named_types.items[index];
		const uint32_t id = volt_meta_id(named->underlying);
		const volt_runtime_type *name = name_at(module, id);
		if (is_meta(module, &uses[index], named))
			return found(kind, id, is_struct ? module->struct_metas.count : module->interface_metas.count);
		if (!name)
			return found(kind, id, has_meta ? 0 : module->runtime_types.count);
		index = name->id;
		if (index >= module->named_types.count)
			break;
		if (volt_meta_kind(module->named_types.items[index].underlying) != kind)
			return resolve_other_kind(module, kind);
	}
	return (underlying_type){.kind = (uint8_t)kind};
}

static underlying_type resolve(const volt_module *module, const name_use *uses, uint32_t index) {
	underlying_type type = resolve_chain(module, uses, index);
	volt_optional own = uses[index].struct_meta;
	if (own.present && type.id != own.value)
		type.known = false;
	return type;
}

static name_use *collect_uses(const volt_module *module) {
	name_use *uses = calloc(module->named_types.count + 1u, sizeof *uses);
	for (uint32_t i = 0; uses && i < module->runtime_types.count; i++) {
		const volt_runtime_type *type = &module->runtime_types.items[i];
		if (type->tag != VOLT_TYPE_NAMED || type->id >= module->named_types.count)
			continue;
		uses[type->id].is_used = true;
		if (type->struct_meta.present)
			uses[type->id].struct_meta = type->struct_meta;
	}
	return uses;
}

underlying_type *volt_underlying_types(const volt_module *module) {
	name_use *uses = collect_uses(module);
	underlying_type *types = calloc(module->named_types.count + 1u, sizeof *types);
	for (uint32_t i = 0; uses && types && i < module->named_types.count; i++)
		types[i] = resolve(module, uses, i);
	if (!uses) {
		free(types);
		types = NULL;
	}
	free(uses);
	return types;
}
