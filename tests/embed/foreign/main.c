/*
 * foreign [--MODE] [--force-exits=N] [--report] FILE: runs a program. Modes: background, which is the
 * default; interpreted; quick, optimised: all functions are compiled first, one by one; module: all together.
 * --force-exits: compiled code leaves at the Nth of its checks. --report: what was entered and left, to
 * standard error. Ends with 0, with 1 for a panic or a deadlock, with 2 for an error.
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
	const char *path;
} command;

static bool read_argument(const char *argument, command *read) {
	static const char force[] = "--force-exits=";
	if (strncmp(argument, force, strlen(force)) == 0)
		read->force_exits = strtoull(argument + strlen(force), NULL, 10);
	else if (strcmp(argument, "--report") == 0)
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

static void report(const machine_counts *counts) {
	fprintf(stderr, "quick %llu optimised %llu replaced %llu",
	        (unsigned long long)counts->levels[VOLT_LEVEL_QUICK],
	        (unsigned long long)counts->levels[VOLT_LEVEL_OPTIMISED], (unsigned long long)counts->replaced);
#define STATUS(ENUMERATOR, number, name, ...) \
	fprintf(stderr, " " name " %llu", (unsigned long long)counts->exits[number]);
	VOLT_STATUSES(STATUS)
#undef STATUS
	fputs("\n", stderr);
}

static bool run(machine *self) {
	pthread_t ticker;
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
	self->registers.globals = calloc(volt_module_global_slots(module) + 1, sizeof(volt_slot));
	self->registers.conversions = no_conversions;
	self->registers.native_stack_end = (uint64_t)(uintptr_t)__builtin_frame_address(0) - NATIVE_STACK;
	return wanted->interpreted ? NULL : compiler_start(self, &wanted->compiler);
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
		report(&self.counts);
	return status;
}
