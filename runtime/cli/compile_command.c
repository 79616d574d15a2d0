/* volt compile: shows what the compiling tier makes of a module. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/assembly_legend.h"
#include "cli/command.h"
#include "cli/command_output.h"
#include "cli/compile_page.h"
#include "cli/functions.h"
#include "cli/program.h"
#include "cli/values.h"
#include "tier/library.h"
#include "volt/tier.h"

typedef struct {
	const char *file;
	const char *function;
	const char *output;
	volt_tier_options tier;
	bool has_kind;
	volt_emit_kind kind;
	bool list_presets;
} compile_options;

enum {
	OPTION_FUNCTION = 256,
	OPTION_PRESET,
	OPTION_HINTS,
	OPTION_LEVEL,
	OPTION_TARGET,
	OPTION_CPU,
	OPTION_EMIT,
	OPTION_LIST_PRESETS
};

static const struct argp_option option_table[] = {
    {"emit", OPTION_EMIT, "KIND", 0,
     "ir, asm, obj, metrics (JSON) or html (a page with bytecode, IR and assembly side by side); must be "
     "given",
     0},
    {"func", OPTION_FUNCTION, "NAME", 0, "only this function", 0},
    {"preset", OPTION_PRESET, "NAME", 0, "how to compile calls", 0},
    {"hints", OPTION_HINTS, "NAME", 0,
     "what the optimiser is told about cold paths; the preset's if not given", 0},
    {"level", OPTION_LEVEL, "LEVEL", 0,
     "quick or optimised: functions as 'volt run' compiles what is hot, without a profile; as "
     "--tier=llvm does if not given",
     0},
    {"target", OPTION_TARGET, "MACHINE", 0, "x86_64 or aarch64; this machine if not given", 0},
    {"cpu", OPTION_CPU, "NAME", 0,
     "the target's processor: baseline (the default), native (the one that this runs on) or one that the "
     "message for "
     "an unknown name lists",
     0},
    {"output", 'o', "FILE", 0, "write there and not to standard output", 0},
    {"list-presets", OPTION_LIST_PRESETS, 0, 0, "print the names of the presets, the default first", 0},
    {0},
};

static bool parse_kind(const char *text, compile_options *options) {
	static const char *const names[] = {
	    [VOLT_EMIT_IR] = "ir",           [VOLT_EMIT_ASSEMBLY] = "asm", [VOLT_EMIT_OBJECT] = "obj",
	    [VOLT_EMIT_METRICS] = "metrics", [VOLT_EMIT_LISTING] = "html",
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], text) == 0) {
			options->kind = (volt_emit_kind)i;
			options->has_kind = true;
		}
	return options->has_kind;
}

static bool is_target(const char *text) {
	return strcmp(text, "x86_64") == 0 || strcmp(text, "aarch64") == 0;
}

/* What has to be there can only be told at the end: --list-presets needs nothing else. */
static void check_complete(const compile_options *options, struct argp_state *state) {
	if (options->list_presets)
		return;
	if (!options->file)
		argp_error(state, "FILE is missing");
	if (!options->has_kind)
		argp_error(state, "--emit is missing: use ir, asm, obj, metrics or html");
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
	compile_options *options = state->input;
	switch (key) {
	case OPTION_FUNCTION: options->function = argument; return 0;
	case OPTION_PRESET: options->tier.preset = argument; return 0;
	case OPTION_HINTS: options->tier.hints = argument; return 0;
	case OPTION_CPU: options->tier.cpu = argument; return 0;
	case OPTION_LEVEL:
		if (!value_parse_level(argument, &options->tier.emit_level))
			argp_error(state, "--level does not take the value '%s': use " VALUES_OF_LEVELS, argument);
		return 0;
	case 'o': options->output = argument; return 0;
	case OPTION_LIST_PRESETS: options->list_presets = true; return 0;
	case OPTION_TARGET:
		if (!is_target(argument))
			argp_error(state, "--target does not take the value '%s': use x86_64 or aarch64", argument);
		options->tier.target = argument;
		return 0;
	case OPTION_EMIT:
		if (!parse_kind(argument, options))
			argp_error(state, "--emit does not take the value '%s': use ir, asm, obj, metrics or html",
			           argument);
		return 0;
	case ARGP_KEY_NO_ARGS: return 0;
	case ARGP_KEY_END: check_complete(options, state); return 0;
	default: return program_parse_file(key, argument, state, &options->file);
	}
}

static int list_presets(const volt_tier_interface *interface) {
	for (const char *const *name = interface->presets; *name; name++)
		puts(*name);
	return CLI_OK;
}

/* Assembly, with the legend below it. */
static volt_error *write_assembly(const char *path, const char *code, const volt_module *module,
                                  int64_t function) {
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool is_written = false;
	if (out) {
		fputs(code, out);
		assembly_legend_write(out, module, function);
		is_written = fclose(out) == 0;
	}
	volt_error *error = is_written ? output_write(path, text, size, false)
	                               : volt_error_new(VOLT_ERROR_MEMORY, "no memory left");
	free(text);
	return error;
}

static volt_error *write_page(const char *listing, const volt_module *module, int64_t function,
                              const compile_options *options) {
	static const char *const levels[] = {
	    [VOLT_LEVEL_QUICK] = "quick",
	    [VOLT_LEVEL_OPTIMISED] = "optimised",
	};
	const compile_page_options content = {function, levels[options->tier.emit_level]};
	char *page = NULL;
	size_t size = 0;
	volt_error *error = compile_page_make(module, listing, &content, &page, &size);
	if (!error)
		error = output_write(options->output, page, size, false);
	free(page);
	return error;
}

static volt_error *write_output(char *bytes, size_t size, const volt_module *module, int64_t function,
                                const compile_options *options) {
	switch (options->kind) {
	case VOLT_EMIT_ASSEMBLY: return write_assembly(options->output, bytes, module, function);
	case VOLT_EMIT_LISTING: return write_page(bytes, module, function, options);
	default: return output_write(options->output, bytes, size, options->kind == VOLT_EMIT_OBJECT);
	}
}

static volt_error *emit(const volt_tier_interface *interface, const volt_module *module, int64_t function,
                        const compile_options *options) {
	volt_tier *tier = NULL;
	volt_error *error = interface->create(NULL, module, &options->tier, &tier);
	if (error)
		return error;
	char *bytes = NULL;
	size_t size = 0;
	error = interface->emit(tier, function, options->kind, &bytes, &size);
	if (!error)
		error = write_output(bytes, size, module, function, options);
	free(bytes);
	interface->destroy(tier);
	return error;
}

/* The module was good: an error of file kind is about the output. */
static int report_emit(volt_error *error) {
	return volt_error_get_kind(error) == VOLT_ERROR_FILE ? cli_report_as(error, CLI_FAILED)
	                                                     : cli_report(error);
}

static int compile_module(const volt_tier_interface *interface, const volt_module *module,
                          const compile_options *options) {
	int64_t function = -1;
	volt_error *error = NULL;
	if (options->function)
		error = functions_find(module, options->function, &function);
	if (!error)
		error = emit(interface, module, function, options);
	return error ? report_emit(error) : CLI_OK;
}

static int compile_file(const volt_tier_interface *interface, const compile_options *options) {
	volt_module *module = NULL;
	volt_error *error = output_check_is_not(options->output, options->file);
	if (error)
		return cli_report_as(error, CLI_USAGE);
	error = program_load(options->file, &module);
	if (error)
		return cli_report_as(error, CLI_BAD_FILE);
	int status = compile_module(interface, module, options);
	volt_module_free(module);
	return status;
}

int cli_compile(int count, char **arguments) {
	static const struct argp argp = {
	    .options = option_table,
	    .parser = parse_option,
	    .args_doc = "FILE",
	    .doc = "Compiles the functions of FILE (.vob or .vot) without running them, and shows the result.",
	};
	compile_options options = {0};
	if (argp_parse(&argp, count, arguments, 0, NULL, &options))
		return CLI_USAGE;
	const volt_tier_interface *interface = NULL;
	volt_error *error = tier_library_open(NULL, &interface);
	if (error)
		return cli_report(error);
	return options.list_presets ? list_presets(interface) : compile_file(interface, &options);
}
