/* The machine's natives: what programs can do to the world outside, which is little. */
#include <stdio.h>
#include <string.h>

#include "objects.h"

typedef volt_status native(machine *self, const volt_slot *arguments, volt_slot *result);

/* print_int(n) */
static volt_status print_int(machine *self, const volt_slot *arguments, volt_slot *result) {
	(void)self, (void)result;
	printf("%lld\n", (long long)arguments[0]);
	return VOLT_STATUS_OK;
}

/* print_float(x) */
static volt_status print_float(machine *self, const volt_slot *arguments, volt_slot *result) {
	(void)self, (void)result;
	printf("%.15g\n", volt_slot_float(arguments[0]));
	return VOLT_STATUS_OK;
}

/* print(s) */
static volt_status print(machine *self, const volt_slot *arguments, volt_slot *result) {
	(void)self, (void)result;
	string text = string_of(arguments[0]);
	printf("%.*s\n", (int)text.length, text.bytes);
	return VOLT_STATUS_OK;
}

/* print_value(interface) */
static volt_status print_value_native(machine *self, const volt_slot *arguments, volt_slot *result) {
	(void)self, (void)result;
	print_value(arguments[0], arguments[1]);
	return VOLT_STATUS_OK;
}

/* sleep(ticks): is executed twice. */
static volt_status sleep_native(machine *self, const volt_slot *arguments, volt_slot *result) {
	(void)result;
	if (self->running->repeats != REPEAT_AFTER_WAIT)
		return task_sleep(self, arguments[0]);
	self->running->repeats = REPEAT_NOTHING;
	return VOLT_STATUS_OK;
}

/* apply(closure, n) what the closure returns for n: is executed twice, and the closure in between. */
static volt_status apply(machine *self, const volt_slot *arguments, volt_slot *result) {
	task *running = self->running;
	if (running->repeats == REPEAT_WITH_ANSWER) {
		running->repeats = REPEAT_NOTHING;
		*result = running->answer;
		return VOLT_STATUS_OK;
	}
	if (!arguments[0])
		return raise_trap(self, VOLT_TRAP_NilFunctionCall, 0, 0);
	running->closure = arguments[0];
	running->argument = arguments[1];
	return VOLT_STATUS_REPLAY;
}

/* level() 0 interpreted, 1 compiled quickly, 2 optimised: the caller, as it runs now. */
static volt_status level(machine *self, const volt_slot *arguments, volt_slot *result) {
	(void)arguments;
	*result = self->level;
	return VOLT_STATUS_OK;
}

typedef struct {
	const char *name;
	uint32_t parameters, results; /* slots */
	native *function;
} native_row;

static const native_row natives[] = {
    {"print_int", 1, 0, print_int},
    {"print_float", 1, 0, print_float},
    {"print", 1, 0, print},
    {"sleep", 1, 0, sleep_native},
    {"apply", 2, 1, apply},
    {"level", 0, 1, level},
    {"print_value", 2, 0, print_value_native},
};

static const native_row *find(volt_text name) {
	for (size_t i = 0; i < sizeof natives / sizeof *natives; i++)
		if (name.length == strlen(natives[i].name) && memcmp(name.bytes, natives[i].name, name.length) == 0)
			return &natives[i];
	return NULL;
}

bool native_exists(const volt_native_import *import) {
	const native_row *found = find(import->name);
	return found && import->result_slots == found->results;
}

bool native_takes(const volt_native_import *import, uint32_t arguments) {
	const native_row *found = find(import->name);
	return found && arguments == found->parameters;
}

volt_status native_call(machine *self, uint32_t index, const volt_slot *arguments, volt_slot *result) {
	return find(self->module->natives.items[index].name)->function(self, arguments, result);
}
