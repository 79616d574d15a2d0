/*
 * Values in slots, and the objects that references point to.
 *
 * A slot is 64 bits: a number, or a reference to word 0 of an object, or an address inside one
 * (SEMANTICS.md, "Objects"). The layouts below are observable: bytecode,
 * natives and compiled code read them word by word. Each is described here and nowhere else.
 */
#ifndef VOLT_VALUE_H
#define VOLT_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

typedef uint64_t volt_slot;

/* A slot that holds a reference, as a pointer and back; nil is NULL and 0. */
static inline void *volt_slot_pointer(volt_slot slot) {
	return (void *)(uintptr_t)slot;
}
static inline volt_slot volt_slot_reference(const void *pointer) {
	return (volt_slot)(uintptr_t)pointer;
}

/* A slot that holds a float64: it has its bits. */
static inline double volt_slot_float(volt_slot slot) {
	double value;
	memcpy(&value, &slot, sizeof value);
	return value;
}

/* The slot of a float64. */
static inline volt_slot volt_slot_from_float(double value) {
	volt_slot slot;
	memcpy(&slot, &value, sizeof slot);
	return slot;
}

/*
 * Which bits a NaN has depends on the machine, on the order that a compiler gave the operands, and on whether
 * it calculated the value itself. Where values are told apart by their bits (in interfaces, in map keys)
 * every NaN has these.
 */
#define VOLT_FLOAT64_NAN UINT64_C(0x7ff8000000000000)
#define VOLT_FLOAT32_NAN UINT64_C(0x7fc00000)

/* float32 or float64? */
static inline bool volt_kind_is_float(volt_kind kind) {
	return kind == VOLT_KIND_FLOAT64 || kind == VOLT_KIND_FLOAT32;
}

/* What tells a slot of this kind from others: its bits, or those of the one NaN. 0 and -0 differ. */
static inline volt_slot volt_slot_identity(volt_kind kind, volt_slot slot) {
	const uint64_t infinity = UINT64_C(0x7ff0000000000000);
	const uint32_t single_infinity = UINT32_C(0x7f800000);
	if (kind == VOLT_KIND_FLOAT64 && slot << 1 > infinity << 1)
		return VOLT_FLOAT64_NAN;
	if (kind == VOLT_KIND_FLOAT32 && (uint32_t)slot << 1 > single_infinity << 1)
		return VOLT_FLOAT32_NAN;
	return slot;
}

/* ---- Interfaces: two slots, type word and payload ---- */

/* First slot: itab << 32 | rttid << 8 | kind. Kind Void (0) is the nil interface. */
static inline volt_slot volt_interface_type(uint32_t itab, uint32_t rttid, volt_kind kind) {
	return (volt_slot)itab << 32 | volt_meta_make(rttid, kind);
}
static inline volt_kind volt_interface_kind(volt_slot type) {
	return (volt_kind)(type & 0xff);
}
static inline uint32_t volt_interface_rttid(volt_slot type) {
	return (uint32_t)type >> 8;
}
static inline uint32_t volt_interface_itab(volt_slot type) {
	return (uint32_t)(type >> 32);
}

/* ---- Objects ---- */

/* Elements are packed: `element_bytes` each, rounded up to whole words at the end. */
typedef struct {
	uint64_t length;
	uint32_t element_meta; /* ValueMeta */
	uint32_t element_bytes;
	uint8_t data[];
} volt_array;

/* Slices and strings. A nil slice and the empty string are the null reference. */
typedef struct {
	volt_slot array; /* volt_array that keeps `data` alive */
	uint8_t *data;
	uint64_t length; /* elements; bytes of a string */
	uint64_t capacity;
} volt_slice;

/*
 * The bytes of a string or of a slice of bytes, which the collector keeps while the slot is visible to it.
 * Not terminated, and "" for the empty string. A string's are never written to.
 */
static inline const char *volt_slot_bytes(volt_slot slot, size_t *length) {
	const volt_slice *slice = (const volt_slice *)volt_slot_pointer(slot);
	*length = slice ? (size_t)slice->length : 0;
	return slice ? (const char *)slice->data : "";
}

typedef struct {
	uint32_t function;
	uint32_t capture_count;
	volt_slot captures[];
} volt_closure;

typedef struct {
	void *table;
	uint32_t key_meta;
	uint32_t value_meta;
	uint16_t key_slots;
	uint16_t value_slots;
	uint32_t key_rttid;
} volt_map;

/* What channels and ports begin with. */
typedef struct {
	void *state; /* ports: what all handles of one share; channels: the buffer */
	uint64_t capacity;
	uint32_t element_meta;
	uint16_t element_slots;
	uint8_t closed;   /* channels */
	uint8_t room_log; /* channels: the buffer has room for 2 to the power of this */
} volt_channel;

typedef struct {
	uint32_t id;
	uint32_t padding;
} volt_island;

/* ---- Traps ---- */

typedef enum {
	VOLT_TRAP_None,
#define TRAP(name, message) VOLT_TRAP_##name,
#include "volt/traps.def"
#undef TRAP
	VOLT_TRAP_COUNT,
} volt_trap_kind;

/* A runtime error with the two numbers that its message may show; kind None: no error. */
typedef struct {
	volt_trap_kind kind;
	uint64_t x;
	uint64_t y;
} volt_trap;

#define VOLT_NO_TRAP ((volt_trap){VOLT_TRAP_None, 0, 0})

/*
 * Message of a trap (SPECIFICATION.md, "Runtime errors"), into `buffer` of `size` bytes; returns its length
 * as snprintf() does. 128 bytes always suffice.
 */
size_t volt_trap_format(volt_trap trap, char *buffer, size_t size);

VOLT_DECLARATIONS_END

#endif
