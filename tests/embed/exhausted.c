/*
 * A VM that has met its memory limit goes on: `exhausted PROGRAM TIER SCENARIO`. What was refused leaves
 * nothing behind that counts, and nothing that has ended does.
 */
#include "host.h"

#include <volt/call.h>

enum {
	LIMIT = 1 << 20,
	TOO_MANY_NODES = 100000,
	MANY_NODES = 20000,
	MANY_FIBERS = 700,
	MANY_SLEEPERS = 1000
};
static const char refusal[] = "heap limit of 1048576 bytes reached";

static volt_module *module;
static volt_vm_options options;

static void expect(int line, bool holds, const char *what) {
	if (holds)
		return;
	fprintf(stderr, "line %d: %s\n", line, what);
	exit(HOST_FAILED);
}
#define EXPECT(condition) expect(__LINE__, condition, #condition)

static volt_error *call(volt_vm *vm, const char *function, int64_t count) {
	const volt_value argument = volt_int(count);
	return volt_vm_call(vm, function, &argument, count >= 0, NULL, 0);
}

enum { WITHOUT = -1 }; /* an argument */

static bool is_refused(volt_vm *vm, const char *function, int64_t count) {
	volt_error *error = call(vm, function, count);
	const bool refused =
	    volt_error_get_kind(error) == VOLT_ERROR_MEMORY && strcmp(volt_error_message(error), refusal) == 0;
	volt_error_free(error);
	return refused;
}

static bool works(volt_vm *vm, const char *function, int64_t count) {
	volt_error *error = call(vm, function, count);
	if (error)
		fprintf(stderr, "%s: %s\n", function, volt_error_message(error));
	volt_error_free(error);
	return !error;
}

/* ---- Scenarios ---- */

/* More often than it takes until functions are known well enough that their frames are not cleared. */
static void lists(volt_vm *vm) {
	for (int i = 0; i < 20; i++) {
		EXPECT(is_refused(vm, "list", TOO_MANY_NODES));
		EXPECT(works(vm, "list", 1000));
	}
}

/* Their goroutines were most of the limit, and the list is, too. */
static void bursts(volt_vm *vm) {
	EXPECT(works(vm, "burst", MANY_FIBERS));
	EXPECT(works(vm, "list", MANY_NODES));
}

static void parked(volt_vm *vm) {
	for (int i = 0; i < 3; i++) {
		EXPECT(is_refused(vm, "park", WITHOUT));
		EXPECT(works(vm, "list", MANY_NODES));
	}
}

/* A goroutine that sleeps for an hour has a timer. */
static void sleepers(volt_vm *vm) {
	EXPECT(works(vm, "burst", MANY_SLEEPERS));
	EXPECT(is_refused(vm, "sleepers", MANY_SLEEPERS));
}

static const struct {
	const char *name;
	void (*run)(volt_vm *vm);
} scenarios[] = {{"lists", lists}, {"bursts", bursts}, {"parked", parked}, {"sleepers", sleepers}};

int main(int count, char **arguments) {
	if (count < 4)
		return HOST_FAILED;
	module = host_read(arguments[1]);
	options = host_options(arguments[2]);
	options.max_heap_bytes = LIMIT;
	volt_vm *vm = NULL;
	EXPECT(!volt_vm_new(module, &options, &vm) && !volt_vm_start(vm));
	for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
		if (strcmp(arguments[3], scenarios[i].name) == 0)
			scenarios[i].run(vm);
	volt_vm_free(vm);
	volt_module_free(module);
	return 0;
}
