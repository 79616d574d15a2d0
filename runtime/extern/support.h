/*
 * What natives are written with: arguments, results and errors by position, so that a native reads like
 * its signature. Positions are slots: an interface or an error takes two.
 *
 * The number of slots comes from the module, which need not agree with the native (NATIVES.md, "Names and
 * slots"): a missing argument reads as zero, a result without a slot is dropped. Results may overlap the
 * arguments: read all arguments first.
 */
#ifndef EXTERN_SUPPORT_H
#define EXTERN_SUPPORT_H

#include <stdarg.h>

#include "object/arrays.h"
#include "object/buffer.h"
#include "object/error_values.h"
#include "object/strings.h"
#include "state/services.h"
#include "volt/native.h"

/* ---- The VM behind a call ---- */

static inline object_space *native_space(const volt_native_call *call) {
	return vm_object_space(call->vm);
}

/*
 * An empty buffer for a text that a native makes, of about `length` bytes (0: not known). The heap limit
 * counts it while it grows, and it holds BUFFER_TEXT_MAXIMUM bytes at most: appending to it may jump out of
 * the native, as an allocation in the heap may. It belongs to the thread and not to the call, so that it
 * outlives the jump. One at a time: the next call of this function, or of native_scratch(), empties it.
 */
buffer *vm_text(volt_vm *vm, uint64_t length);

static inline buffer *native_text(const volt_native_call *call, uint64_t length) {
	return vm_text(call->vm, length);
}

/* The same buffer where nothing may jump, because a lock is held or a directory is open. */
buffer *native_scratch(void);

/*
 * Call before taking `length` bytes of ordinary memory for a result: the heap limit refuses here what it
 * would refuse at the end.
 */
void native_reserve(const volt_native_call *call, uint64_t length);

/* ---- Arguments ---- */

static inline volt_slot native_slot(const volt_native_call *call, uint32_t index) {
	return index < call->argument_count ? call->arguments[index] : 0;
}
static inline int64_t native_int(const volt_native_call *call, uint32_t index) {
	return (int64_t)native_slot(call, index);
}
static inline uint64_t native_uint(const volt_native_call *call, uint32_t index) {
	return native_slot(call, index);
}
static inline bool native_bool(const volt_native_call *call, uint32_t index) {
	return native_slot(call, index) != 0;
}
static inline double native_float(const volt_native_call *call, uint32_t index) {
	return volt_slot_float(native_slot(call, index));
}
/* A string or a []byte: both have one layout. */
static inline string_view native_string(const volt_native_call *call, uint32_t index) {
	return string_get(native_slot(call, index));
}
/* An interface or an error, as two slots. */
typedef struct {
	volt_slot slots[2];
} native_interface;
static inline native_interface native_any(const volt_native_call *call, uint32_t index) {
	return (native_interface){{native_slot(call, index), native_slot(call, index + 1)}};
}

/* The elements of a slice whose elements are whole words, such as []string (one word) or []any (two). */
typedef struct {
	const volt_slot *words;
	size_t count; /* elements */
} native_words;
static inline native_words native_slice(const volt_native_call *call, uint32_t index) {
	volt_slot slice = native_slot(call, index);
	return (native_words){(const volt_slot *)(const void *)slice_data(slice), slice_length(slice)};
}

/* ---- Results ---- */

static inline void native_set(volt_native_call *call, uint32_t index, volt_slot value) {
	if (index < call->result_count)
		call->results[index] = value;
}
static inline void native_set_int(volt_native_call *call, uint32_t index, int64_t value) {
	native_set(call, index, (volt_slot)value);
}
static inline void native_set_bool(volt_native_call *call, uint32_t index, bool value) {
	native_set(call, index, value);
}
static inline void native_set_float(volt_native_call *call, uint32_t index, double value) {
	native_set(call, index, volt_slot_from_float(value));
}
static inline void native_set_string(volt_native_call *call, uint32_t index, const void *bytes,
                                     size_t length) {
	native_set(call, index, string_new(native_space(call), bytes, length));
}
static inline void native_set_any(volt_native_call *call, uint32_t index, const volt_slot value[2]) {
	native_set(call, index, value[0]);
	native_set(call, index + 1, value[1]);
}
/* The nil error, and also the nil interface. */
static inline void native_set_nil(volt_native_call *call, uint32_t index) {
	native_set(call, index, 0);
	native_set(call, index + 1, 0);
}
/* A new error with this message, without a cause. */
void native_set_error(volt_native_call *call, uint32_t index, const char *format, ...) VOLT_PRINTF(3, 4);
void native_set_error_v(volt_native_call *call, uint32_t index, const char *format, va_list arguments);
/* The sentinel number `sentinel` of a package: the same value at every call. */
void native_set_sentinel(volt_native_call *call, uint32_t index, const char *package, unsigned sentinel,
                         const char *message);

/* ---- The end of a native with one result ---- */

static inline volt_native_result native_ok(volt_native_call *call) {
	(void)call;
	return VOLT_NATIVE_OK;
}
static inline volt_native_result native_return(volt_native_call *call, volt_slot value) {
	native_set(call, 0, value);
	return VOLT_NATIVE_OK;
}
static inline volt_native_result native_return_int(volt_native_call *call, int64_t value) {
	return native_return(call, (volt_slot)value);
}
static inline volt_native_result native_return_bool(volt_native_call *call, bool value) {
	return native_return(call, value);
}
static inline volt_native_result native_return_float(volt_native_call *call, double value) {
	return native_return(call, volt_slot_from_float(value));
}
static inline volt_native_result native_return_string(volt_native_call *call, const void *bytes,
                                                      size_t length) {
	return native_return(call, string_new(native_space(call), bytes, length));
}

#endif
