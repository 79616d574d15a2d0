/*
 * Allocation. Objects are zeroed; a reference points at word 0, behind a hidden header that knows the
 * number of words and the meta (SEMANTICS.md, "Objects"). References inside objects are
 * found precisely where the type is known and conservatively elsewhere; stacks are conservative roots.
 */
#ifndef OBJECT_HEAP_H
#define OBJECT_HEAP_H

#include "object/space.h"
#include "volt/tier.h"

/* A struct or box whose `meta` can be trusted: scanned by the struct's slot types if they match `slots`. */
volt_slot heap_new_object(object_space *space, uint32_t meta, uint32_t slots);

/* An object with a meta that must not be trusted (PtrNew with b = 0): every word may be a reference. */
volt_slot heap_new_untyped(object_space *space, uint32_t meta, uint32_t slots);

/* Words without references. */
volt_slot heap_new_pointer_free(object_space *space, uint32_t meta, uint32_t slots);

/* How code takes blocks from the space's lists (volt/tier.h, volt_tier_host). */
const volt_free_block *object_space_free_blocks(const object_space *space);

/* A closure whose captures are 0. */
volt_slot closure_new(object_space *space, uint32_t function, uint32_t captures);

/* Raw memory for internal tables, without a header: words that may be references, or none at all. */
void *heap_new_words(object_space *space, size_t words);
void *heap_new_bytes(object_space *space, size_t bytes);

/*
 * Asks for `bytes` that will be allocated elsewhere: continues as an exhausted heap does where the heap would
 * not have them, takes nothing.
 */
void heap_reserve(object_space *space, size_t bytes);

uint32_t object_slots(volt_slot reference);
uint32_t object_meta(volt_slot reference);

/*
 * Is it a volt_array? A compiler may box an array's raw slots, which have the same kind (SEMANTICS.md,
 * "Interfaces").
 */
bool object_is_packed_array(volt_slot reference);

/* The header of an object of the collector's heap; NULL for a word that is the reference of none. */
const uint64_t *heap_header_of(volt_slot word);

/*
 * Words from this address to the end of the block of the heap that it lies in, be it a reference to an
 * object, a pointer into one, or any number; 0 if it lies in none.
 */
uint64_t heap_words_from(volt_slot address);

/* A shallow copy with the same header; 0 gives 0. Works for every kind of object, arrays included. */
volt_slot object_clone(object_space *space, volt_slot reference);

#endif
