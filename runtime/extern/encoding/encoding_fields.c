/* The fields of structs that documents show: names, tags, embedding, and which of two equal names wins. */
#include "extern/encoding/encoding.h"

#include <stdlib.h>
#include <unictype.h>

#include "extern/text/letter_case.h"
#include "object/heap.h"

enum { FIELD_MAXIMUM = 4096 };

/* ---- Tags ---- */

/* The value of a key in a tag such as `json:"name,omitempty" toml:"other"`, still with its escapes. */
static bool find_tag(volt_text tag, const char *key, string_view *value) {
	size_t key_length = strlen(key);
	size_t at = 0;
	while (at < tag.length) {
		while (at < tag.length && tag.bytes[at] == ' ')
			at++;
		size_t name = at;
		while (at < tag.length && tag.bytes[at] != ':' && tag.bytes[at] != '"' && tag.bytes[at] != ' ')
			at++;
		size_t name_length = at - name;
		if (name_length == 0 || at + 1 >= tag.length || tag.bytes[at] != ':' || tag.bytes[at + 1] != '"')
			return false;
		size_t start = at += 2;
		while (at < tag.length && tag.bytes[at] != '"')
			at += tag.bytes[at] == '\\' ? 2 : 1;
		if (at >= tag.length)
			return false;
		if (name_length == key_length && memcmp(tag.bytes + name, key, key_length) == 0) {
			*value = (string_view){tag.bytes + start, at - start};
			return true;
		}
		at++;
	}
	return false;
}

static bool has_option(string_view tag, const char *option) {
	size_t length = strlen(option);
	const char *end = tag.bytes + tag.length;
	const char *at = memchr(tag.bytes, ',', tag.length);
	while (at != NULL) {
		at++;
		const char *comma = memchr(at, ',', (size_t)(end - at));
		size_t here = (size_t)((comma != NULL ? comma : end) - at);
		if (here == length && memcmp(at, option, length) == 0)
			return true;
		at = comma;
	}
	return false;
}

static void read_tag(encoding_field *field, string_view tag) {
	const char *comma = memchr(tag.bytes, ',', tag.length);
	size_t length = comma != NULL ? (size_t)(comma - tag.bytes) : tag.length;
	field->tagged = length > 0;
	field->name = (string_view){tag.bytes, length};
	field->omit_empty = has_option(tag, "omitempty");
	field->quoted = has_option(tag, "string");
}

/* ---- Collecting ---- */

typedef struct {
	encoding_field_cache *cache;
	encoding_field_list list;
	const volt_struct_meta *open[ENCODING_PATH_MAXIMUM]; /* structs around this one: no recursion */
	const volt_field_meta *path[ENCODING_PATH_MAXIMUM];
	unsigned depth;
	size_t capacity;
} field_collection;

static bool is_exported(volt_text name) {
	unsigned width;
	return name.length > 0 && uc_is_upper((ucs4_t)utf8_decode(name.bytes, name.length, 0, &width));
}

/* The field's own name with its first letter in lower case: URL is uRL. */
static string_view default_name(object_space *space, volt_text name) {
	unsigned width;
	const int32_t first = utf8_decode(name.bytes, name.length, 0, &width);
	char lower[4];
	const unsigned lower_width = utf8_encode(letter_case_lower_rune(first), lower);
	const size_t rest = name.length - width;
	char *text = heap_new_bytes(space, lower_width + rest);
	memcpy(text, lower, lower_width);
	memcpy(text + lower_width, name.bytes + width, rest);
	return (string_view){text, lower_width + rest};
}

static void add_field(field_collection *all, const encoding_field *field) {
	if (all->list.count == FIELD_MAXIMUM)
		return;
	if (all->list.count == all->capacity) {
		size_t capacity = all->capacity * 2 + 8;
		size_t words = capacity * sizeof(encoding_field) / sizeof(volt_slot);
		encoding_field *items = heap_new_words(all->cache->space, words);
		if (all->list.count > 0)
			memcpy(items, all->list.items, all->list.count * sizeof *items);
		all->list.items = items;
		all->capacity = capacity;
	}
	all->list.items[all->list.count++] = *field;
}

static const volt_struct_meta *embedded_struct(object_space *space, const volt_field_meta *field) {
	reflect_type type;
	if (!field->embedded || !reflect_type_of(space, field->type, &type) ||
	    (type.kind == VOLT_KIND_POINTER && !reflect_type_of(space, type.element, &type)))
		return NULL;
	return type.kind == VOLT_KIND_STRUCT ? type.structure : NULL;
}

static void collect(field_collection *all, const volt_struct_meta *structure);

static void collect_field(field_collection *all, const volt_field_meta *meta) {
	encoding_field field = {0};
	string_view tag;
	bool has_tag = meta->has_tag && find_tag(meta->tag, all->cache->key, &tag);
	if (has_tag && tag.length == 1 && tag.bytes[0] == '-')
		return;
	if (has_tag)
		read_tag(&field, tag);
	all->path[all->depth] = meta;
	const volt_struct_meta *inner = field.tagged ? NULL : embedded_struct(all->cache->space, meta);
	if (inner != NULL) {
		all->depth++;
		collect(all, inner);
		all->depth--;
	} else if (is_exported(meta->name)) {
		if (!field.tagged)
			field.name = default_name(all->cache->space, meta->name);
		field.length = all->depth + 1;
		memcpy(field.path, all->path, field.length * sizeof *field.path);
		add_field(all, &field);
	}
}

static void collect(field_collection *all, const volt_struct_meta *structure) {
	if (all->depth == ENCODING_PATH_MAXIMUM)
		return;
	for (unsigned i = 0; i < all->depth; i++)
		if (all->open[i] == structure)
			return;
	all->open[all->depth] = structure;
	for (uint32_t i = 0; i < structure->fields.count && all->list.count < FIELD_MAXIMUM; i++)
		collect_field(all, &structure->fields.items[i]);
}

/* ---- Equal names ---- */

static bool same_name(const encoding_field *left, const encoding_field *right) {
	return left->name.length == right->name.length &&
	       memcmp(left->name.bytes, right->name.bytes, left->name.length) == 0;
}

/*
 * Does another field of the same name hide this one? The shallower wins, then the tagged; a tie hides
 * both.
 */
static bool is_hidden(const encoding_field_list *list, const encoding_field *field) {
	for (size_t i = 0; i < list->count; i++) {
		const encoding_field *other = &list->items[i];
		if (other == field || !same_name(other, field) || other->length > field->length)
			continue;
		if (other->length < field->length || other->tagged || !field->tagged)
			return true;
	}
	return false;
}

static encoding_field_list visible_fields(object_space *space, const encoding_field_list *all) {
	encoding_field_list visible = {0};
	size_t words = all->count * sizeof *visible.items / sizeof(volt_slot);
	visible.items = heap_new_words(space, words + 1);
	for (size_t i = 0; i < all->count; i++)
		if (!is_hidden(all, &all->items[i]))
			visible.items[visible.count++] = all->items[i];
	return visible;
}

encoding_field_list encoding_fields(encoding_field_cache *cache, const volt_struct_meta *structure) {
	size_t slot = ((uintptr_t)structure / sizeof *structure) % (sizeof cache->seen / sizeof *cache->seen);
	if (cache->seen[slot].structure != structure) {
		field_collection all = {.cache = cache};
		collect(&all, structure);
		cache->seen[slot].fields = visible_fields(cache->space, &all.list);
		cache->seen[slot].structure = structure;
	}
	return cache->seen[slot].fields;
}

/* ---- Values ---- */

static bool enter_pointer(object_space *space, bool allocate, reflect_value *place) {
	reflect_value target;
	if (place->slots[0] == 0) {
		reflect_type type;
		if (!allocate || !reflect_type_of(space, place->type.element, &type) ||
		    !reflect_new(space, &type, place->slots))
			return false;
	}
	if (!reflect_pointee(space, place, &target))
		return false;
	*place = target;
	return true;
}

bool encoding_field_place(object_space *space, const reflect_value *structure, const encoding_field *field,
                          bool allocate, reflect_value *place) {
	*place = *structure;
	for (unsigned i = 0; i < field->length; i++) {
		reflect_value next;
		if (i > 0 && place->type.kind == VOLT_KIND_POINTER && !enter_pointer(space, allocate, place))
			return false;
		if (place->type.kind != VOLT_KIND_STRUCT || !reflect_field(space, place, field->path[i], &next))
			return false;
		*place = next;
	}
	return true;
}

bool encoding_is_empty(const reflect_value *value) {
	switch (value->type.kind) {
	case VOLT_KIND_STRUCT: return false;
	case VOLT_KIND_ARRAY: return value->type.length == 0;
	case VOLT_KIND_SLICE:
		return value->slots[0] == 0 || ((volt_slice *)volt_slot_pointer(value->slots[0]))->length == 0;
	case VOLT_KIND_STRING: return string_get(value->slots[0]).length == 0;
	case VOLT_KIND_INTERFACE: return volt_interface_kind(value->slots[0]) == VOLT_KIND_VOID;
	case VOLT_KIND_FLOAT64: return volt_slot_float(value->slots[0]) == 0;
	case VOLT_KIND_FLOAT32: return (value->slots[0] & 0x7fffffff) == 0;
	default: return value->slots[0] == 0;
	}
}
