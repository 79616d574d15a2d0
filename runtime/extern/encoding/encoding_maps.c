/* Maps as documents show them: keys as text, in the order of their bytes. */
#include "extern/encoding/encoding.h"

#include <stdio.h>
#include <stdlib.h>

#include "object/heap.h"
#include "object/maps.h"

static int compare_entries(const void *left, const void *right) {
	const encoding_entry *a = left;
	const encoding_entry *b = right;
	size_t shorter = a->key.length < b->key.length ? a->key.length : b->key.length;
	int order = memcmp(a->key.bytes, b->key.bytes, shorter);
	return order != 0 ? order : (a->key.length > b->key.length) - (a->key.length < b->key.length);
}

static string_view number_key(object_space *space, volt_kind kind, volt_slot key) {
	enum { DIGITS = 24 };
	char *text = heap_new_bytes(space, DIGITS);
	int length = reflect_is_signed(kind) ? snprintf(text, DIGITS, "%lld", (long long)key)
	                                     : snprintf(text, DIGITS, "%llu", (unsigned long long)key);
	return (string_view){text, (size_t)length};
}

bool encoding_sorted_entries(object_space *space, const reflect_value *map, encoding_entry **entries,
                             size_t *count) {
	reflect_type key_type;
	reflect_type value_type;
	volt_slot reference = map->slots[0];
	const volt_map *header = map_header(reference);
	*count = 0;
	if (!reflect_type_of(space, map->type.key, &key_type) ||
	    !reflect_type_of(space, map->type.element, &value_type) || header->key_slots != key_type.slots ||
	    header->value_slots != value_type.slots ||
	    (key_type.kind != VOLT_KIND_STRING && !reflect_is_integer(key_type.kind)))
		return false;
	uint64_t length = map_length(reference);
	*entries = heap_new_words(space, (length + 1) * sizeof **entries / sizeof(volt_slot));
	volt_slot iterator[MAP_ITERATOR_SLOTS];
	map_iterator_start(iterator, reference);
	const volt_slot *key;
	const volt_slot *value;
	while (*count < length && map_iterator_next(iterator, &key, &value)) {
		volt_slot word = key[0];
		volt_slot *place = (volt_slot *)value;
		(*entries)[(*count)++] = (encoding_entry){
		    key_type.kind == VOLT_KIND_STRING ? string_get(word) : number_key(space, key_type.kind, word),
		    place};
	}
	qsort(*entries, *count, sizeof **entries, compare_entries);
	return true;
}
