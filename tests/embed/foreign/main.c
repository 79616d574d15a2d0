/*
 * foreign [--MODE] [--OPTION...] FILE: runs a program. Ends with 0, with 1 for a panic or a deadlock, with 2
 * for an error. Modes: background, which is the default; interpreted; quick, optimised: all functions are
 * compiled first, one by one; module: all together. Options:
 *
 *   --force-exits=N       compiled code leaves at the Nth of its checks
 *   --collect=N           garbage is collected at every Nth allocation ...
 *   --collect-in-turns=N  ... or when the turn is over in which it took place
 *   --without=HELPER      compiled code is not given this helper
 *   --cache=FOLDER        code is kept there, for every processor of the kind
 *   --report              what was entered, left and collected, to standard error
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "objects.h"

typedef struct {
	bool interpreted, reports;
	uint64_t force_exits;
	compiler_options compiler;
	const char *path, *without, *cache;
	object_heap heap;
} command;

/* What stands behind NAME=; NULL: it is another option. */
static const char *value_of(const char *argument, const char *name) {
	const size_t length = strlen(name);
	return strncmp(argument, name, length) == 0 && argument[length] == '=' ? argument + length + 1 : NULL;
}

static bool read_option_with_value(const char *argument, command *read) {
	const char *value;
	if ((value = value_of(argument, "--force-exits")))
		read->force_exits = strtoull(value, NULL, 10);
	else if ((value = value_of(argument, "--collect")))
		read->heap = (object_heap){.every = strtoull(value, NULL, 10)};
	else if ((value = value_of(argument, "--collect-in-turns")))
		read->heap = (object_heap){.every = strtoull(value, NULL, 10), .waits_for_turns = true};
	else if ((value = value_of(argument, "--without")))
		read->without = value;
	else if ((value = value_of(argument, "--cache")))
		read->cache = value;
	return value;
}

static bool read_argument(const char *argument, command *read) {
	if (read_option_with_value(argument, read))
		return true;
	if (strcmp(argument, "--report") == 0)
		read->reports = true;
	else if (strcmp(argument, "--interpreted") == 0)
		read->interpreted = true;
	else if (strcmp(argument, "--background") == 0)
		read->compiler = (compiler_options){.in_background = true};
	else if (strcmp(argument, "--quick") == 0)
		read->compiler = (compiler_options){.level = VOLT_LEVEL_QUICK};
	else if (strcmp(argument, "--optimised") == 0)
		read->compiler = (compiler_options){.level = VOLT_LEVEL_OPTIMISED};
	else if (strcmp(argument, "--module") == 0)
		read->compiler = (compiler_options){.level = VOLT_LEVEL_NONE};
	else if (argument[0] == '-' || read->path)
		return false;
	else
		read->path = argument;
	return true;
}

/* ---- The end of turns ---- */

static _Atomic bool stop_ticking;

static void *tick(void *user) {
	machine *self = user;
	const struct timespec turn = {0, 2000000};
	while (!atomic_load(&stop_ticking)) {
		nanosleep(&turn, NULL);
		ask_to_give_way(self);
	}
	return NULL;
}

/* ---- A run ---- */

static void report(const machine *self) {
	const machine_counts *counts = &self->counts;
	fprintf(stderr, "quick %llu optimised %llu replaced %llu",
	        (unsigned long long)counts->levels[VOLT_LEVEL_QUICK],
	        (unsigned long long)counts->levels[VOLT_LEVEL_OPTIMISED], (unsigned long long)counts->replaced);
#define STATUS(ENUMERATOR, number, name, ...) \
	fprintf(stderr, " " name " %llu", (unsigned long long)counts->exits[number]);
	VOLT_STATUSES(STATUS)
#undef STATUS
	fprintf(stderr, " collections %llu freed %llu\n", (unsigned long long)self->heap.collections,
	        (unsigned long long)self->heap.freed);
}

static bool run(machine *self) {
	pthread_t ticker;
	self->stack_start = __builtin_frame_address(0);
	if (pthread_create(&ticker, NULL, tick, self) != 0)
		return false;
	bool done = tasks_run(self);
	atomic_store(&stop_ticking, true);
	pthread_join(ticker, NULL);
	return done;
}

/* Compiled code uses this much of the native stack at most; what helpers need comes on top of it. */
enum { NATIVE_STACK = 256 << 10 };

static volt_error *prepare(machine *self, const command *wanted, volt_module *module) {
	static const volt_conversion no_conversions[VOLT_CONVERSIONS];
	self->module = module;
	self->force_exits = wanted->force_exits;
	self->without = wanted->without;
	self->heap = wanted->heap;
	self->registers.globals = calloc(volt_module_global_slots(module) + 1, sizeof(volt_slot));
	self->registers.conversions = no_conversions;
	self->registers.native_stack_end = (uint64_t)(uintptr_t)__builtin_frame_address(0) - NATIVE_STACK;
	if (wanted->interpreted)
		return NULL;
	compiler_options options = wanted->compiler;
	options.cache = wanted->cache;
	return compiler_start(self, &options);
}

static void dispose(machine *self) {
	compiler_stop(self);
	tasks_free(self);
	objects_free(self);
	free(self->registers.globals);
}

static int fail(volt_error *error) {
	fprintf(stderr, "foreign: %s\n", volt_error_message(error));
	volt_error_free(error);
	return 2;
}

int main(int count, char **arguments) {
	command wanted = {.compiler.in_background = true};
	volt_module *module = NULL;
	machine self = {0};
	for (int i = 1; i < count; i++)
		if (!read_argument(arguments[i], &wanted)) {
			fprintf(stderr, "foreign: unknown argument %s\n", arguments[i]);
			return 2;
		}
	volt_error *error = program_load(wanted.path ? wanted.path : "", &module);
	if (!error)
		error = prepare(&self, &wanted, module);
	int status = error ? fail(error) : !run(&self);
	dispose(&self);
	volt_module_free(module);
	if (wanted.reports)
		report(&self);
	return status;
}
