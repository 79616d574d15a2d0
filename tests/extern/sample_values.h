/* Values of the sample types, and what tests ask of natives that return errors. */
#ifndef TESTS_EXTERN_SAMPLE_VALUES_H
#define TESTS_EXTERN_SAMPLE_VALUES_H

#include "extern/reflect/reflect.h"
#include "host.h"
#include "object/format.h"
#include "object/heap.h"
#include "object/maps.h"
#include "sample_types.h"

#define TYPED(kind, type) volt_interface_type(0, (type), VOLT_KIND_##kind)
#define INT_VALUE(number) TYPED(INT, VOLT_KIND_INT), (volt_slot)(int64_t)(number)
#define STRING_VALUE(text) TYPED(STRING, VOLT_KIND_STRING), host_string(text)

static inline volt_slot sample_outer(void) {
	return heap_new_object(host_space(), volt_meta_make(2, VOLT_KIND_STRUCT), OUTER_SLOTS);
}

static inline volt_slot *sample_words(volt_slot object) {
	return volt_slot_pointer(object);
}

/* A pointer to a new zero value of a type. */
static inline volt_slot sample_new(uint32_t rttid) {
	reflect_type type;
	volt_slot pointer = 0;
	ck_assert(reflect_type_get(host_space(), rttid, &type));
	ck_assert(reflect_new(host_space(), &type, &pointer));
	return pointer;
}

static inline volt_slot sample_strings(const char *first, const char *second) {
	const volt_slot strings[] = {host_string(first), host_string(second)};
	return slice_from_strings(host_space(), strings, 2);
}

static inline volt_slot sample_scores(const char *const *keys, size_t count) {
	volt_slot map = map_new(host_space(), volt_meta_make(0, VOLT_KIND_STRING),
	                        volt_meta_make(0, VOLT_KIND_INT), VOLT_KIND_STRING, 1, 1);
	for (size_t i = 0; i < count; i++) {
		const volt_slot key = host_string(keys[i]);
		const volt_slot value = i + 1;
		map_set(host_space(), map, &key, &value);
	}
	return map;
}

/* The text of an error value; "" for nil. Valid until the next call. */
static inline const char *sample_error(const volt_slot error[2]) {
	static char text[1024];
	buffer out = {0};
	text[0] = 0;
	if (volt_interface_kind(error[0]) != VOLT_KIND_VOID) {
		format_interface(host_space(), &out, error, true);
		snprintf(text, sizeof text, "%.*s", (int)out.length, out.bytes);
		buffer_free(&out);
	}
	return text;
}

static inline void sample_expect_error(const char *where, const volt_slot error[2], const char *expected) {
	const char *text = sample_error(error);
	ck_assert_msg(strcmp(text, expected) == 0, "%s: got error \"%s\", expected \"%s\"", where, text,
	              expected);
}

#endif
