/* A table from byte strings to numbers that remembers how often each was added. Lives in an arena. */
#ifndef BYTECODE_MODEL_NAMES_H
#define BYTECODE_MODEL_NAMES_H

#include "bytecode/model/arena.h"

typedef struct {
	volt_text key;
	uint32_t value; /* of the first one added */
	uint32_t uses;  /* 0: the entry is free */
} name_entry;

typedef struct {
	name_entry *entries;
	uint32_t capacity; /* a power of two, or 0 */
	uint32_t count;
} name_table;

/* NULL if it was never added. Good until the next one is added. */
name_entry *names_find(const name_table *table, volt_text key);

/* The entry of `key`, made with `value` if there is none. The key's bytes are not copied. */
name_entry *names_add(name_table *table, volt_arena *arena, volt_text key, uint32_t value);

/* Constants by content: first index of each in the pool. */
typedef struct {
	name_table strings;
	name_table numbers;
} constant_table;

name_entry *constants_find(const constant_table *table, const volt_constant *constant);
name_entry *constants_add(constant_table *table, volt_arena *arena, const volt_constant *constant,
                          uint32_t index);

#endif
