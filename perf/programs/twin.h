/* What the twins share: functions whose calls stay calls, and the checks that the language makes. */
#ifndef VOLT_PERF_TWIN_H
#define VOLT_PERF_TWIN_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Measured functions are neither inlined nor, because somebody else might call them, given fewer parameters
 * or copied for the arguments of one caller. The compiler still sees their bodies, as it does in any program.
 * A plain twin leaves all of that to the compiler.
 */
#ifdef TWIN_PLAIN
#define MEASURED static
#else
#define MEASURED static __attribute__((noinline, used))
#endif
#define RARE static __attribute__((cold, noinline, unused))

RARE _Noreturn void panic(const char *text) {
	fprintf(stderr, "%s\n", text);
	exit(1);
}

/*
 * The value itself, of which the compiler knows nothing: a plain twin whose calls were built into a loop does
 * not become a formula, nor several rounds at once.
 */
static inline int64_t opaque(int64_t value) {
	__asm__ volatile("" : "+r"(value));
	return value;
}

/* What every use of a pointer, a closure or an interface asks first. */
static inline void check_not_nil(const void *pointer) {
	if (__builtin_expect(!pointer, 0))
		panic("nil pointer dereference");
}

/* A new object, all zero. */
static inline void *new_object(size_t size) {
	void *object = calloc(1, size);
	if (!object)
		panic("out of memory");
	return object;
}

/* Slices are references to a header, which never changes. */
struct slice {
	void *elements;
	int64_t length;
};

static inline void check_index(const struct slice *slice, int64_t index) {
	const int64_t length = slice ? slice->length : 0;
	if (__builtin_expect((uint64_t)index >= (uint64_t)length, 0))
		panic("index out of range");
}

#define ELEMENT(slice, type, index) (*(check_index(slice, index), (type *)(slice)->elements + (index)))

#endif
