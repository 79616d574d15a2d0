/* Hash tables with open addressing for the names and constants of the text form. */
#include "bytecode/model/names.h"

#define XXH_INLINE_ALL /* the library of this folder needs no other */
#include <xxhash.h>

#include "bytecode/vot/text.h"

static name_entry *place_of(const name_table *table, volt_text key) {
	uint32_t mask = table->capacity - 1;
	uint32_t at = (uint32_t)XXH3_64bits(key.bytes, key.length) & mask;
	while (table->entries[at].uses && !text_equal(table->entries[at].key, key))
		at = (at + 1) & mask;
	return &table->entries[at];
}

name_entry *names_find(const name_table *table, volt_text key) {
	if (!table->capacity)
		return NULL;
	name_entry *entry = place_of(table, key);
	return entry->uses ? entry : NULL;
}

static void make_room(name_table *table, volt_arena *arena) {
	enum { FIRST_CAPACITY = 16 };
	if (2 * table->count < table->capacity)
		return;
	name_table grown = {.capacity = table->capacity ? 2 * table->capacity : FIRST_CAPACITY,
	                    .count = table->count};
	grown.entries = arena_allocate(arena, grown.capacity, sizeof *grown.entries);
	for (uint32_t i = 0; i < table->capacity; i++)
		if (table->entries[i].uses)
			*place_of(&grown, table->entries[i].key) = table->entries[i];
	*table = grown;
}

name_entry *names_add(name_table *table, volt_arena *arena, volt_text key, uint32_t value) {
	make_room(table, arena);
	name_entry *entry = place_of(table, key);
	if (!entry->uses) {
		*entry = (name_entry){key, value, 0};
		table->count++;
	}
	entry->uses++;
	return entry;
}

enum { NUMBER_KEY_BYTES = 9 };

/* Constants other than strings: the tag and the bits. */
static volt_text number_key(const volt_constant *constant, char bytes[NUMBER_KEY_BYTES]) {
	bytes[0] = (char)constant->tag;
	memcpy(bytes + 1, &constant->bits, sizeof constant->bits);
	return (volt_text){bytes, NUMBER_KEY_BYTES};
}

name_entry *constants_find(const constant_table *table, const volt_constant *constant) {
	char bytes[NUMBER_KEY_BYTES];
	if (constant->tag == VOLT_CONSTANT_STRING)
		return names_find(&table->strings, constant->text);
	return names_find(&table->numbers, number_key(constant, bytes));
}

name_entry *constants_add(constant_table *table, volt_arena *arena, const volt_constant *constant,
                          uint32_t index) {
	if (constant->tag == VOLT_CONSTANT_STRING)
		return names_add(&table->strings, arena, constant->text, index);
	return names_add(&table->numbers, arena, number_key(constant, arena_allocate(arena, NUMBER_KEY_BYTES, 1)),
	                 index);
}
