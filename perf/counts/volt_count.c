/* volt-count: exact dynamic counts of compiled code, on any host. README.md says what each number is. */
#include <argp.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "count.h"

enum { STATUS_FAILED = 1, STATUS_USAGE = 2 };

/* Some ten seconds of emulation. */
#define DEFAULT_LIMIT UINT64_C(200000000)

typedef struct {
	const char *object;
	const char *function;
	const target_description *target; /* NULL: whatever the object is for */
	bool lists_instructions;
	counted_call call;
} count_options;

enum { OPTION_OBJECT = 256, OPTION_FUNCTION, OPTION_TARGET, OPTION_LIMIT, OPTION_INSTRUCTIONS };

static const struct argp_option option_table[] = {
    {"object", OPTION_OBJECT, "FILE", 0, "what `volt compile --emit=obj` wrote; must be given", 0},
    {"function", OPTION_FUNCTION, "NAME", 0, "name of the bytecode function that is called; must be given",
     0},
    {"target", OPTION_TARGET, "MACHINE", 0, "fail if the object is not for this: x86_64 or aarch64", 0},
    {"instructions", OPTION_INSTRUCTIONS, 0, 0, "list each executed instruction, with its bytes", 0},
    {"limit", OPTION_LIMIT, "N", 0, "fail after so many instructions (200000000)", 0},
    {0},
};

static void check(volt_error *error, struct argp_state *state) {
	if (error)
		argp_error(state, "%s", volt_error_message(error));
	volt_error_free(error);
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
	count_options *options = state->input;
	switch (key) {
	case OPTION_OBJECT: options->object = argument; return 0;
	case OPTION_FUNCTION: options->function = argument; return 0;
	case OPTION_LIMIT: check(argument_number(argument, &options->call.instruction_limit), state); return 0;
	case OPTION_INSTRUCTIONS: options->lists_instructions = true; return 0;
	case OPTION_TARGET:
		options->target = target_named(argument);
		if (!options->target)
			argp_error(state, "--target does not take the value '%s'", argument);
		return 0;
	case ARGP_KEY_ARG: check(argument_add(&options->call, argument), state); return 0;
	case ARGP_KEY_END:
		if (!options->object || !options->function)
			argp_error(state, "--object and --function must be given");
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static volt_error *count(count_options *options, object_file *object, dynamic_counts *counts) {
	volt_error *error = object_open(options->object, object);
	if (error)
		return error;
	if (options->target && options->target != object->target)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "%s is for %s, not for %s", object->path,
		                      object->target->name, options->target->name);
	error = object_find_entry(object, options->function, &options->call.entry);
	if (error)
		return error;
	if (options->lists_instructions)
		options->call.executed = calloc(object->image_size + 1, sizeof *options->call.executed);
	if (options->lists_instructions && !options->call.executed)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory to list instructions");
	error = count_call(object, &options->call, counts);
	return error ? volt_error_prefix(error, "%s: %s", object->path, options->function) : NULL;
}

/* [offset in the image, executions, bytes as hexadecimal digits] of each instruction that was executed. */
static json_t *list_instructions(const object_file *object, const executed_instruction *executed) {
	json_t *list = json_array();
	for (size_t offset = 0; offset < object->image_size; offset++) {
		char bytes[2 * UINT8_MAX + 1] = "";
		for (uint8_t i = 0; executed[offset].count && i < executed[offset].size; i++)
			snprintf(bytes + (size_t)2 * i, 3, "%02x", object->image[offset + i]);
		if (executed[offset].count)
			json_array_append_new(
			    list, json_pack("[I, I, s]", (json_int_t)offset, (json_int_t)executed[offset].count, bytes));
	}
	return list;
}

static int print(const count_options *options, const object_file *object, const dynamic_counts *counts) {
	json_t *line = json_pack("{s:s%, s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "function", options->function,
	                         strlen(options->function), "target", object->target->name, "instructions",
	                         (json_int_t)counts->instructions, "loads", (json_int_t)counts->loads, "stores",
	                         (json_int_t)counts->stores, "taken_branches", (json_int_t)counts->taken_branches,
	                         "calls", (json_int_t)counts->calls, "result", (json_int_t)counts->result);
	if (line && options->lists_instructions)
		json_object_set_new(line, "executed", list_instructions(object, options->call.executed));
	bool is_written = line && json_dumpf(line, stdout, 0) == 0 && putchar('\n') != EOF && fflush(stdout) == 0;
	json_decref(line);
	if (!is_written)
		fprintf(stderr, "volt-count: cannot write the result\n");
	return is_written ? 0 : STATUS_FAILED;
}

static int report(volt_error *error) {
	fprintf(stderr, "volt-count: %s\n", volt_error_message(error));
	volt_error_free(error);
	return STATUS_FAILED;
}

int main(int count_of_words, char **words) {
	static const struct argp argp = {
	    .options = option_table,
	    .parser = parse_option,
	    .args_doc = "[ARGUMENT...]",
	    .doc = "Calls a compiled function in an emulated machine, and prints what it executed as JSON. "
	           "Arguments "
	           "are integers, one for each parameter slot (put -- before negative ones), or slices of zeros: "
	           "slice:COUNT:BYTES, slice:COUNT:slice:COUNT:BYTES.",
	};
	argp_err_exit_status = STATUS_USAGE;
	count_options options = {.call.instruction_limit = DEFAULT_LIMIT};
	if (argp_parse(&argp, count_of_words, words, 0, NULL, &options))
		return STATUS_USAGE;
	object_file object = {.file = -1};
	dynamic_counts counts;
	volt_error *error = count(&options, &object, &counts);
	int status = error ? report(error) : print(&options, &object, &counts);
	object_close(&object);
	free(options.call.data);
	free(options.call.executed);
	return status;
}
