/*
 * Values that C programs have, as arguments and results of functions of the program (volt/call.h), and their
 * kinds, as natives declare them (volt/native.h).
 */
#ifndef VOLT_HOST_VALUE_H
#define VOLT_HOST_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/* A value of the program that C cannot look into, and which lives at least as long as its handle. */
typedef struct volt_handle volt_handle;

typedef struct {
	const char *bytes; /* may be NULL if there are none */
	size_t length;
} volt_value_text;

/* What a parameter or a result is, in the language and here. */
typedef enum {
	VOLT_VALUE_BOOL,      /* `boolean` */
	VOLT_VALUE_INT,       /* `integer`; every signed integer, and rune. Must be in the range of its type */
	VOLT_VALUE_UINT,      /* `natural`; every unsigned integer, and byte. Likewise */
	VOLT_VALUE_FLOAT64,   /* `floating` */
	VOLT_VALUE_FLOAT32,   /* `floating`, rounded to float32 */
	VOLT_VALUE_STRING,    /* `text` */
	VOLT_VALUE_BYTES,     /* `text`: a []byte */
	VOLT_VALUE_REFERENCE, /* `handle`: slice, map, channel, port, island, function, pointer, string */
	VOLT_VALUE_INTERFACE, /* `handle`: any, error, and every other interface */
	VOLT_VALUE_KIND_COUNT,
} volt_value_kind;

/*
 * As an argument, strings and bytes are copied into the program's heap, and a handle stays the caller's; NULL
 * is nil. As a result, `kind` says what is expected, the rest is written: `text.bytes` is a copy, with
 * a zero behind it that the length does not count, and it and the handle are the caller's, to be given back
 * with volt_value_clear(). Empty strings and nil slices have the length 0 and bytes ""; nil is the handle
 * NULL.
 */
typedef struct {
	volt_value_kind kind;
	union {
		bool boolean;
		int64_t integer;
		uint64_t natural;
		double floating;
		volt_value_text text;
		volt_handle *handle;
	};
} volt_value;

/* A value of a kind that is 0, nil or empty; and results that are expected. */
static inline volt_value volt_value_of(volt_value_kind kind) {
	volt_value value;
	memset(&value, 0, sizeof value);
	value.kind = kind;
	return value;
}
static inline volt_value volt_bool(bool boolean) {
	volt_value value = volt_value_of(VOLT_VALUE_BOOL);
	value.boolean = boolean;
	return value;
}
static inline volt_value volt_int(int64_t integer) {
	volt_value value = volt_value_of(VOLT_VALUE_INT);
	value.integer = integer;
	return value;
}
static inline volt_value volt_uint(uint64_t natural) {
	volt_value value = volt_value_of(VOLT_VALUE_UINT);
	value.natural = natural;
	return value;
}
static inline volt_value volt_float(double floating) {
	volt_value value = volt_value_of(VOLT_VALUE_FLOAT64);
	value.floating = floating;
	return value;
}
static inline volt_value volt_string(const char *bytes, size_t length) {
	volt_value value = volt_value_of(VOLT_VALUE_STRING);
	value.text.bytes = bytes;
	value.text.length = length;
	return value;
}
static inline volt_value volt_bytes(const void *bytes, size_t length) {
	volt_value value = volt_value_of(VOLT_VALUE_BYTES);
	value.text.bytes = (const char *)bytes;
	value.text.length = length;
	return value;
}
static inline volt_value volt_reference(volt_handle *handle) {
	volt_value value = volt_value_of(VOLT_VALUE_REFERENCE);
	value.handle = handle;
	return value;
}
static inline volt_value volt_interface(volt_handle *handle) {
	volt_value value = volt_value_of(VOLT_VALUE_INTERFACE);
	value.handle = handle;
	return value;
}

/*
 * Ends what a result owns, its bytes or its handle; the kind stays, and the rest is 0. Only for results of
 * volt_vm_call(). From any thread, also after volt_vm_free(). NULL is allowed.
 */
void volt_value_clear(volt_value *value);

/* Ends a handle by itself; the value may be collected then. As volt_value_clear(). */
void volt_handle_release(volt_handle *handle);

VOLT_DECLARATIONS_END

#endif
