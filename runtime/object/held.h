/* Values that the host holds, and words that it must not take for more than they are. */
#ifndef OBJECT_HELD_H
#define OBJECT_HELD_H

#include "object/space.h"

/*
 * A value of two slots and a tag of whoever holds it, in memory that is a root of the collector until it is
 * released. NULL: no memory. The thread is inside (heap_enter_thread()).
 */
typedef struct {
	volt_slot slots[2];
	uint64_t owner;
	bool is_interface;
} held_value;
held_value *held_value_new(const volt_slot slots[2], bool is_interface, uint64_t owner);

/* From any thread, also after the space has ended. */
void held_value_release(held_value *held);

/* For any word at all, nil and numbers too: is it a string, a slice of bytes? Nil is both. */
bool word_is_string(volt_slot word);
bool word_is_bytes(volt_slot word);

/* A slice with elements of this kind, of a slot each at most? Nil is one. */
bool word_is_slice_of(volt_slot word, volt_kind kind);

#endif
