/*
 * A stand-in for the VM that calls natives one at a time, so that a test sees exactly what a native reads and
 * writes. The object space behind it is the real one. What it offers of volt/native.h, it keeps to the
 * letter.
 */
#ifndef TESTS_EXTERN_HOST_H
#define TESTS_EXTERN_HOST_H

#include <check.h>

#include "extern/registry.h"
#include "extern/support.h"

enum { HOST_RESULTS = 16 };

/* What a result slot holds that the native did not write. */
static const volt_slot HOST_UNTOUCHED = 0x5a5a5a5a5a5a5a5a;

typedef struct {
	volt_native_result ended;
	volt_slot results[HOST_RESULTS];
} host_outcome;

object_space *host_space(void);

/* The types of the suite's values. Set before the first test; NULL: a module without types. */
extern const volt_module *host_module;

/* A native that asks for a closure: what it asked for, and what its next executions get as results. */
typedef struct {
	volt_slot closure;
	volt_slot arguments[8];
	uint32_t argument_count;
	volt_slot carried;
	volt_closure_result results[4];
	uint32_t result_count; /* 0: the next execution is the first one */
	bool panicked;
} host_closure_replay;
extern host_closure_replay host_replay;

/* Calls a native by its full name, through the registry. Waits are waited for. */
host_outcome host_call(const char *name, uint32_t result_count, const volt_slot *arguments,
                       size_t argument_count);
#define CALL(name, result_count, ...) \
	host_call((name), (result_count), (const volt_slot[]){__VA_ARGS__}, \
	          sizeof((const volt_slot[]){__VA_ARGS__}) / sizeof(volt_slot))

/* Calls a binding once. */
host_outcome host_call_binding(native_binding binding, uint32_t result_count, const volt_slot *arguments,
                               size_t argument_count);

/* Does this call, with at most this much heap, jump out of the native because the heap is exhausted? */
bool host_exhausts(size_t max_heap_bytes, const char *name, const volt_slot *arguments,
                   size_t argument_count);
#define EXHAUSTS(max_heap_bytes, name, ...) \
	host_exhausts((max_heap_bytes), (name), (const volt_slot[]){__VA_ARGS__}, \
	              sizeof((const volt_slot[]){__VA_ARGS__}) / sizeof(volt_slot))

/*
 * The text of the last panic, and what was written to standard output since the last call of this
 * function.
 */
const char *host_panic(void);
const char *host_output(void);
unsigned host_waits(void);

/* Steps that natives counted since the last call of host_limit_steps(), which 0 gives no limit. */
uint64_t host_steps(void);
void host_limit_steps(uint64_t limit);

/* On a thread with no more stack than natives are promised (process/stack_room.h), whatever else it takes.
 */
void host_on_promised_stack(void (*body)(void));

/* Values. */
volt_slot host_string(const char *text);
volt_slot host_bytes(const char *bytes, size_t length);
string_view host_view(volt_slot string);

/* A []any from type word and payload of each element. */
volt_slot host_operands(const volt_slot *words, size_t count);
#define OPERANDS(...) \
	host_operands((const volt_slot[]){__VA_ARGS__}, \
	              sizeof((const volt_slot[]){__VA_ARGS__}) / sizeof(volt_slot) / 2)
#define ANY(kind, payload) volt_interface_type(0, 1, VOLT_KIND_##kind), (volt_slot)(payload)
#define ANY_INT(value) ANY(INT, (int64_t)(value))
#define ANY_FLOAT(value) ANY(FLOAT64, volt_slot_from_float(value))
#define ANY_STRING(text) ANY(STRING, host_string(text))
#define ANY_NIL 0, 0

/* Expected values. */
void host_expect_string(const char *where, volt_slot string, const char *expected);
void host_expect_strings(const char *where, volt_slot slice, const char *const *expected, size_t count);
#define FLOAT(value) volt_slot_from_float(value)

/* main() of a suite of one test case with these tests. */
int host_run(const char *suite, const TTest *const *tests, size_t count);
#define HOST_MAIN(suite, ...) \
	int main(void) { \
		const TTest *const all[] = {__VA_ARGS__}; \
		return host_run((suite), all, sizeof all / sizeof *all); \
	}

#endif
