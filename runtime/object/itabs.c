/*
 * Dispatch tables. The module's come first; others that conversions need at run time are built once per named
 * type, interface and way of receiving, and appended (SEMANTICS.md, "Dispatch tables").
 */
#include <stdlib.h>

#include "object/interfaces.h"
#include "object/space_private.h"
#include "object/types.h"

static bool text_equal(volt_text left, volt_text right) {
	return left.length == right.length &&
	       (left.length == 0 || memcmp(left.bytes, right.bytes, left.length) == 0);
}

static const volt_named_method *find_method(const volt_named_type *type, volt_text name,
                                            bool through_pointer) {
	for (uint32_t index = 0; index < type->methods.count; index++) {
		const volt_named_method *method = &type->methods.items[index];
		if (text_equal(method->name, name))
			return method->pointer_receiver && !through_pointer ? NULL : method;
	}
	return NULL;
}

static const volt_interface_meta *interface_get(const object_space *space, uint32_t id) {
	return id < space->module->interface_metas.count ? &space->module->interface_metas.items[id] : NULL;
}

bool interface_implements(object_space *space, volt_slot type, uint32_t interface_meta) {
	const volt_interface_meta *wanted = interface_get(space, interface_meta);
	if (volt_interface_kind(type) == VOLT_KIND_VOID || !wanted)
		return false;
	if (wanted->methods.count == 0 && wanted->method_names.count == 0)
		return true;
	uint32_t named;
	bool through_pointer;
	if (!type_named(space, volt_interface_rttid(type), &named, &through_pointer))
		return false;
	bool pointer_receiver = volt_interface_kind(type) == VOLT_KIND_POINTER;
	for (uint32_t index = 0; index < wanted->methods.count; index++) {
		const volt_interface_method *method = &wanted->methods.items[index];
		const volt_named_method *found =
		    find_method(&space->module->named_types.items[named], method->name, pointer_receiver);
		if (!found || found->signature != method->signature)
			return false;
	}
	return true;
}

/* ---- Building ---- */

/* NULL if the type lacks a method, with *missing true, or there is no memory. */
static space_itab *build(const object_space *space, const itab_cache_entry *key, bool *missing) {
	const volt_named_type *type = &space->module->named_types.items[key->named];
	const volt_interface_meta *wanted = &space->module->interface_metas.items[key->interface_meta];
	uint32_t count = wanted->method_names.count;
	space_itab *table = malloc(sizeof *table + count * sizeof table->functions[0]);
	*missing = false;
	if (!table)
		return NULL;
	table->count = count;
	for (uint32_t index = 0; index < count; index++) {
		const volt_named_method *method =
		    find_method(type, wanted->method_names.items[index], key->through_pointer);
		if (!method) {
			*missing = true;
			free(table);
			return NULL;
		}
		table->functions[index] = method->function;
	}
	return table;
}

static bool append_table(object_space *space, space_itab *table, uint32_t *id) {
	if (space->itab_count == space->itab_capacity) {
		size_t capacity = space->itab_capacity ? 2 * space->itab_capacity : 16;
		space_itab **grown = realloc(space->itabs, capacity * sizeof *grown);
		if (!grown)
			return false;
		space->itabs = grown;
		space->itab_capacity = capacity;
	}
	*id = space->module->itabs.count + (uint32_t)space->itab_count;
	space->itabs[space->itab_count++] = table;
	return true;
}

/* ---- Cache: a used entry has named != UINT32_MAX ---- */

static itab_cache_entry *cache_find(itab_cache_entry *entries, size_t capacity, const itab_cache_entry *key) {
	uint64_t hash = (key->named * 0x9e3779b97f4a7c15u ^ key->interface_meta) * 0xc2b2ae3d27d4eb4fu;
	size_t index = (size_t)((hash >> 32) + key->through_pointer) & (capacity - 1);
	for (;; index = (index + 1) & (capacity - 1)) {
		itab_cache_entry *entry = &entries[index];
		// NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): every entry was marked unused
		if (entry->named == UINT32_MAX ||
		    (entry->named == key->named && entry->interface_meta == key->interface_meta &&
		     entry->through_pointer == key->through_pointer))
			return entry;
	}
}

static void cache_grow(object_space *space) {
	size_t capacity = space->itab_cache_capacity ? 2 * space->itab_cache_capacity : 64;
	itab_cache_entry *entries = malloc(capacity * sizeof *entries);
	if (!entries)
		heap_exhausted(space, capacity * sizeof *entries);
	for (size_t index = 0; index < capacity; index++)
		entries[index].named = UINT32_MAX;
	for (size_t index = 0; index < space->itab_cache_capacity; index++)
		if (space->itab_cache[index].named != UINT32_MAX)
			*cache_find(entries, capacity, &space->itab_cache[index]) = space->itab_cache[index];
	free(space->itab_cache);
	space->itab_cache = entries;
	space->itab_cache_capacity = capacity;
}

/* The module's own tables are what compiled code knows how to call through. */
static bool find_in_module(const volt_module *module, const space_itab *table, uint32_t *id) {
	for (uint32_t i = 0; i < module->itabs.count; i++) {
		const uint32_t *functions = module->itabs.items[i].items;
		if (module->itabs.items[i].count == table->count &&
		    memcmp(functions, table->functions, table->count * sizeof *functions) == 0) {
			*id = i;
			return true;
		}
	}
	return false;
}

static void fill(object_space *space, itab_cache_entry *key) {
	space_itab *table = build(space, key, &key->missing);
	if (key->missing)
		return;
	if (table && find_in_module(space->module, table, &key->itab)) {
		free(table);
		return;
	}
	if (!table || !append_table(space, table, &key->itab)) {
		free(table);
		heap_exhausted(space, sizeof *table);
	}
}

bool interface_itab(object_space *space, uint32_t rttid, uint32_t interface_meta, uint32_t *itab) {
	itab_cache_entry key = {.interface_meta = interface_meta};
	const volt_interface_meta *wanted = interface_get(space, interface_meta);
	*itab = 0;
	if (wanted && wanted->method_names.count == 0)
		return true;
	if (!wanted || !type_named(space, rttid, &key.named, &key.through_pointer))
		return false;
	if (space->itab_cache_count * 2 >= space->itab_cache_capacity)
		cache_grow(space);
	itab_cache_entry *entry = cache_find(space->itab_cache, space->itab_cache_capacity, &key);
	if (entry->named == UINT32_MAX) {
		fill(space, &key);
		*entry = key;
		space->itab_cache_count++;
	}
	*itab = entry->itab;
	return !entry->missing;
}

/* ---- Using ---- */

const uint32_t *interface_table(object_space *space, uint32_t itab, uint32_t *count) {
	const volt_module *module = space->module;
	*count = 0;
	if (itab < module->itabs.count) {
		*count = module->itabs.items[itab].count;
		return module->itabs.items[itab].items;
	}
	size_t index = itab - module->itabs.count;
	if (index >= space->itab_count)
		return NULL;
	*count = space->itabs[index]->count;
	return space->itabs[index]->functions;
}

volt_trap interface_method(object_space *space, volt_slot type, uint32_t method, uint32_t *function) {
	uint32_t count;
	const uint32_t *table = interface_table(space, volt_interface_itab(type), &count);
	if (volt_interface_kind(type) == VOLT_KIND_VOID || method >= count)
		return (volt_trap){VOLT_TRAP_NilPointerDereference, 0, 0};
	*function = table[method];
	return VOLT_NO_TRAP;
}
