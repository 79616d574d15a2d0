/*
 * The heap. Every object has a header in front of the word that references name; lengths of arrays and what a
 * closure calls stand in it, too.
 */
#ifndef OBJECTS_H
#define OBJECTS_H

#include "machine.h"

/* In front of an object. `length` is that of an array; a closure has its two numbers there. */
struct object {
	object *next;
	uint64_t bytes;
	bool is_marked;
	union {
		uint64_t length;
		struct {
			uint32_t function, captures;
		} closure;
	};
	volt_slot words[];
};

/* A slice's header. Its elements keep themselves alive: there is no reference to their array. */
typedef struct {
	uint64_t capacity;
	uint64_t length;
	uint8_t *elements;
} slice;

/* Not a slice: shorter, and the bytes come first. */
typedef struct {
	const char *bytes;
	uint64_t length;
} string;

/* Bits of the type word of an interface value. */
enum { TABLE_SHIFT = 0, TYPE_SHIFT = 32, KIND_SHIFT = 56 };

static inline volt_slot type_word(uint32_t table, uint32_t id, volt_kind kind) {
	return (uint64_t)table << TABLE_SHIFT | (uint64_t)id << TYPE_SHIFT | (uint64_t)kind << KIND_SHIFT;
}
static inline volt_kind kind_of(volt_slot type) {
	return (volt_kind)(type >> KIND_SHIFT & 0xff);
}
static inline uint32_t table_of(volt_slot type) {
	return (uint32_t)(type >> TABLE_SHIFT);
}
static inline uint32_t id_of(volt_slot type) {
	return (uint32_t)(type >> TYPE_SHIFT) & 0xffffff;
}

/* The same for compiled code. */
volt_heap_layout heap_layout(void);

static inline object *object_of(volt_slot reference) {
	return (object *)(uintptr_t)(reference - offsetof(object, words));
}

/* So many bytes, all 0. Ends the process where there is no memory. */
volt_slot object_new(machine *self, uint64_t bytes);
void objects_free(machine *self);

/* ---- collector.c ---- */

/* At every Nth allocation: collects, or asks for a collection when the turn is over. */
void collect_before_allocation(machine *self);
/* Does what was asked for. */
void collect_between_turns(machine *self);

/* ---- objects.c ---- */

volt_slot closure_new(machine *self, uint32_t function, uint32_t captures);
/* What it calls, as the machine has noted it for itself. */
uint32_t function_of(const machine *self, volt_slot closure);
volt_slot array_new(machine *self, uint64_t length, uint64_t element_bytes);
volt_slot slice_new(machine *self, uint64_t length, uint64_t capacity, uint64_t element_bytes);
/* A new header, whether there is room or not: compiled code changes it as its own. */
volt_slot slice_append(machine *self, volt_slot reference, uint64_t element_bytes, const volt_slot *element);
string string_of(volt_slot reference);
volt_slot string_new(machine *self, const char *bytes, uint64_t length);
volt_slot string_join(machine *self, volt_slot left, volt_slot right);
int64_t string_compare(volt_slot left, volt_slot right);

/* ---- maps.c ---- */

enum { MAP_ITERATOR_SLOTS = 7 };

/* The kind of keys, in the first of MapNew's two slots. */
static inline volt_kind map_key_kind(volt_slot metas) {
	return (volt_kind)(metas >> 32 & 0xff);
}

volt_slot map_new(machine *self, volt_kind key);
/* NULL: there is none. */
const volt_slot *map_find(volt_slot map, volt_slot key);
volt_status map_set(machine *self, volt_slot map, volt_slot key, volt_slot value);
void map_delete(volt_slot map, volt_slot key);
uint64_t map_length(volt_slot map);
void map_iterator_start(volt_slot *slots, volt_slot map);
/* False: there is no other entry. */
bool map_iterator_next(volt_slot *slots, volt_slot *key, volt_slot *value);
/* PANIC: the instruction's descriptor means wider ones. */
volt_status check_map_get(machine *self, volt_slot descriptor);
volt_status check_map_set(machine *self, volt_slot descriptor);
volt_status execute_on_maps(machine *self, volt_instruction instruction, volt_slot *slots);

/* ---- objects.c ---- */

/* Elements in memory: `flags` say how many bytes, and how to make a slot of them. */
uint64_t element_bytes(uint8_t flags);
void element_load(volt_slot *slots, const uint8_t *from, uint8_t flags);
void element_store(uint8_t *to, const volt_slot *slots, uint64_t bytes);

/* ---- execute.c: instructions that helpers of compiled code share with the interpreter: OK or PANIC ---- */

/* Starts a task with a closure of the module. */
volt_status go_closure(machine *self, volt_slot closure, const volt_slot *passed, uint32_t count);
volt_status new_array(machine *self, volt_slot length, uint64_t bytes, volt_slot *made);
volt_status new_slice(machine *self, volt_slot length, volt_slot capacity, uint64_t bytes, volt_slot *made);
volt_slot constant_string(machine *self, uint32_t index);
/* `value` is an interface; `result` has room for whether it is of the type, if that is asked for. */
volt_status interface_assert(machine *self, const volt_slot *value, uint32_t id, bool has_ok,
                             volt_slot *result);

#endif
