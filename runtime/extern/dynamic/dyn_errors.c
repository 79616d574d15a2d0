/* Errors of dynamic access: a message whose cause is a sentinel of package dyn. */
#include "extern/dynamic/dyn.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const sentinel_texts[DYN_SENTINEL_COUNT] = {
    [DYN_UNKNOWN] = "dynamic access: unknown error",
    [DYN_NIL_BASE] = "dynamic access: base value is nil",
    [DYN_BAD_FIELD] = "dynamic access: field does not exist",
    [DYN_BAD_INDEX] = "dynamic access: invalid index type",
    [DYN_OUT_OF_BOUNDS] = "dynamic access: index out of bounds",
    [DYN_BAD_CALL] = "dynamic access: cannot call value",
    [DYN_SIGNATURE_MISMATCH] = "dynamic access: signature mismatch",
    [DYN_TYPE_MISMATCH] = "dynamic access: type mismatch",
};

void dyn_sentinel_value(object_space *space, dyn_sentinel sentinel, volt_slot result[2]) {
	error_value_sentinel(space, result, "dyn", sentinel, sentinel_texts[sentinel]);
}

dyn_outcome dyn_fail(dyn_access *access, dyn_sentinel cause, const char *format, ...) {
	volt_slot sentinel[2];
	dyn_sentinel_value(access->space, cause, sentinel);
	char text[512];
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	size_t shown = length < 0 ? 0 : length < (int)sizeof text ? (size_t)length : sizeof text - 1;
	error_value_new(access->space, access->error, text, shown, sentinel);
	return DYN_FAILED;
}

const char *dyn_kind_name(unsigned kind) {
	static const char *const names[VOLT_KIND_COUNT] = {
	    "Void",   "Bool",   "Int",     "Int8",    "Int16",   "Int32", "Int64",  "Uint",      "Uint8",
	    "Uint16", "Uint32", "Uint64",  "Float32", "Float64", "Array", "Struct", "Interface", "String",
	    "Slice",  "Map",    "Channel", "Closure", "Pointer", "Port",  "Island",
	};
	return kind < VOLT_KIND_COUNT ? names[kind] : "Void";
}
