/* volt run: runs a program. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cache_folder.h"
#include "cli/command.h"
#include "cli/command_output.h"
#include "cli/fault.h"
#include "cli/program.h"
#include "cli/run_profile.h"
#include "cli/run_statistics.h"
#include "cli/values.h"
#include "volt/vm.h"

typedef struct {
	const char *file;
	volt_vm_options vm;
	const char *cache; /* value of --cache; NULL: not given */
	bool no_trace;
	bool statistics;
	bool statistics_as_json;
	const char *profile; /* file; NULL: none */
} run_options;

enum {
	OPTION_TIER = 256,
	OPTION_PRESET,
	OPTION_HINTS,
	OPTION_CPU,
	OPTION_CACHE,
	OPTION_CACHE_SIZE,
	OPTION_SYNC,
	OPTION_THRESHOLD,
	OPTION_LEVEL,
	OPTION_FORCE_EXIT,
	OPTION_STATS,
	OPTION_PERF,
	OPTION_DEBUGGER,
	OPTION_MAX_HEAP,
	OPTION_MAX_STACK,
	OPTION_MAX_STEPS,
	OPTION_ALLOW,
	OPTION_PROFILE,
	OPTION_TRACE_COMPILE,
	OPTION_TRACE_EXITS,
	OPTION_NO_TRACE,
	OPTION_COLLECT_ALWAYS,
	OPTION_SCHEDULE_SEED,
};

static const struct argp_option option_table[] = {
    {0, 0, 0, 0, "Compilation:", 1},
    {"tier", OPTION_TIER, "TIER", 0,
     "auto (compile what is hot, the default), interp (never compile) or llvm (compile every function)", 1},
    {"preset", OPTION_PRESET, "NAME", 0,
     "how to compile calls; 'volt compile --list-presets' lists the names", 1},
    {"hints", OPTION_HINTS, "NAME", 0,
     "what the optimiser is told about cold paths: none, weights, cold, both, both+cc or profile; the "
     "preset's if not given. With --tier=auto all but none also use what was counted while the code was "
     "interpreted; with --tier=llvm nothing was, and profile is the same as both+cc",
     1},
    {"cpu", OPTION_CPU, "NAME", 0,
     "what is compiled for: native (the processor that this runs on, the default), baseline (one that every "
     "machine "
     "has) or one that the message for an unknown name lists",
     1},
    {"cache", OPTION_CACHE, "FOLDER", OPTION_ARG_OPTIONAL,
     "keep compiled code there, for later runs; off: nowhere. If not given: VOLT_CACHE of the environment, "
     "or else volt "
     "in the user's folder for caches",
     1},
    {"cache-size", OPTION_CACHE_SIZE, "SIZE", 0, "of all that is kept there; 64M if not given", 1},
    {"sync", OPTION_SYNC, 0, 0, "wait for the compiler; without it, it works beside the program", 1},
    {"threshold", OPTION_THRESHOLD, "CALLS,LOOPS", 0,
     "calls of a function, and rounds of its loops, after which it is hot", 1},
    {"level", OPTION_LEVEL, "LEVEL", 0,
     "how what is hot is compiled: quick or optimised; both, one after the other, if not given", 1},
    {"force-exit", OPTION_FORCE_EXIT, "N", 0, "leave compiled code at its N-th status check", 1},
    {0, 0, 0, 0, "Limits and permissions:", 2},
    {"max-heap", OPTION_MAX_HEAP, "SIZE", 0, "end the program when its heap needs more; suffixes K, M, G", 2},
    {"max-stack", OPTION_MAX_STACK, "SIZE", 0, "stack overflow beyond this size of one fiber's stack", 2},
    {"max-steps", OPTION_MAX_STEPS, "N", 0, "end the program after N calls and backward jumps", 2},
    {"allow", OPTION_ALLOW, "LIST", 0,
     "what the program may touch: fs, env, net, process, separated by commas, or all", 2},
    {0, 0, 0, 0, "Diagnostics:", 3},
    {"stats", OPTION_STATS, "json", OPTION_ARG_OPTIONAL, "print statistics on standard error at the end", 3},
    {"perf", OPTION_PERF, "FOLDER", OPTION_ARG_OPTIONAL,
     "write names, code and lines of what is compiled for 'perf': jit-PID.dump in the folder (this one, if "
     "not "
     "given), and /tmp/perf-PID.map",
     3},
    {"debugger", OPTION_DEBUGGER, 0, 0, "tell gdb or lldb of names and lines of what is compiled", 3},
    {"profile", OPTION_PROFILE, "FILE", 0,
     "write where the time went: .html, a flame graph, or .txt or .folded, collapsed stacks", 3},
    {"trace-compile", OPTION_TRACE_COMPILE, 0, 0, "tell on standard error what is compiled when, and why", 3},
    {"trace-exits", OPTION_TRACE_EXITS, 0, 0, "tell on standard error what leaves compiled code, and why", 3},
    {"no-trace", OPTION_NO_TRACE, 0, 0, "no stack trace after an uncaught panic", 3},
    {"collect-always", OPTION_COLLECT_ALWAYS, 0, 0, "collect garbage at every allocation", 3},
    {"schedule-seed", OPTION_SCHEDULE_SEED, "N", 0, "vary the length of time slices", 3},
    {0},
};

static bool parse_tier(const char *text, volt_tier_mode *mode) {
	static const struct {
		const char *name;
		volt_tier_mode mode;
	} tiers[] = {{"auto", VOLT_TIER_AUTO}, {"interp", VOLT_TIER_INTERPRETER}, {"llvm", VOLT_TIER_COMPILED}};
	for (size_t i = 0; i < sizeof tiers / sizeof *tiers; i++)
		if (strcmp(tiers[i].name, text) == 0) {
			*mode = tiers[i].mode;
			return true;
		}
	return false;
}

static bool parse_max_stack(const char *text, size_t *slots) {
	size_t bytes;
	if (!value_parse_size(text, &bytes) || bytes < sizeof(volt_slot))
		return false;
	*slots = bytes / sizeof(volt_slot);
	return true;
}

static bool parse_statistics(const char *format, run_options *options) {
	options->statistics = true;
	options->statistics_as_json = format != NULL;
	if (!format) /* whose table is sorted by time */
		options->vm.sample_microseconds = PROFILE_PERIOD_MICROSECONDS;
	return !format || strcmp(format, "json") == 0;
}

static bool parse_profile(const char *path, run_options *options) {
	options->profile = path;
	options->vm.sample_microseconds = PROFILE_PERIOD_MICROSECONDS;
	return profile_has_form(path);
}

static void write_trace(void *user, const char *line) {
	(void)user;
	fprintf(stderr, "volt: %s\n", line);
}

static void trace(volt_vm_options *vm, volt_trace_event event) {
	vm->traced |= (unsigned)event;
	vm->trace = write_trace;
}

/* Options without a value, and those whose value is any text. */
static bool parse_plain_option(int key, char *argument, run_options *options) {
	volt_vm_options *vm = &options->vm;
	switch (key) {
	case OPTION_PRESET: vm->tier_preset = argument; return true;
	case OPTION_HINTS: vm->tier_hints = argument; return true;
	case OPTION_CACHE: options->cache = argument ? argument : ""; return true;
	case OPTION_CPU: vm->tier_cpu = argument; return true;
	case OPTION_SYNC: vm->tier_synchronous = true; return true;
	case OPTION_PERF: vm->tier_perf_folder = argument ? argument : "."; return true;
	case OPTION_DEBUGGER: vm->tier_debugger = true; return true;
	case OPTION_TRACE_COMPILE: trace(vm, VOLT_TRACE_COMPILING); return true;
	case OPTION_TRACE_EXITS: trace(vm, VOLT_TRACE_EXITS); return true;
	case OPTION_NO_TRACE: options->no_trace = true; return true;
	case OPTION_COLLECT_ALWAYS: vm->testing.collect_at_every_allocation = true; return true;
	default: return false;
	}
}

/* False if the value is not one that the option takes. */
static bool parse_valued_option(int key, const char *argument, run_options *options) {
	volt_vm_options *vm = &options->vm;
	switch (key) {
	case OPTION_TIER: return parse_tier(argument, &vm->tier_mode);
	case OPTION_THRESHOLD: return value_parse_pair(argument, &vm->call_threshold, &vm->loop_threshold);
	case OPTION_LEVEL: return value_parse_level(argument, &vm->tier_level);
	case OPTION_FORCE_EXIT: return value_parse(argument, &vm->testing.force_exit);
	case OPTION_STATS: return parse_statistics(argument, options);
	case OPTION_PROFILE: return parse_profile(argument, options);
	case OPTION_CACHE_SIZE: return value_parse_size(argument, &vm->tier_cache_bytes);
	case OPTION_MAX_HEAP: return value_parse_size(argument, &vm->max_heap_bytes);
	case OPTION_MAX_STACK: return parse_max_stack(argument, &vm->max_stack_slots);
	case OPTION_MAX_STEPS: return value_parse(argument, &vm->max_steps);
	case OPTION_ALLOW: return value_parse_permissions(argument, &vm->permissions);
	case OPTION_SCHEDULE_SEED: return value_parse(argument, &vm->testing.schedule_seed);
	default: return false;
	}
}

static const char *option_name(int key) {
	const struct argp_option *option = option_table;
	while (option->key != key)
		option++;
	return option->name;
}

/* What an option takes that has just refused its value. */
static const char *values_of(int key) {
	switch (key) {
	case OPTION_TIER: return "auto, interp or llvm";
	case OPTION_LEVEL: return VALUES_OF_LEVELS;
	case OPTION_THRESHOLD: return VALUES_OF_PAIRS;
	case OPTION_STATS: return "json";
	case OPTION_PROFILE: return "a name that ends in .html, .txt or .folded";
	case OPTION_ALLOW: return VALUES_OF_PERMISSIONS;
	case OPTION_CACHE_SIZE:
	case OPTION_MAX_HEAP: return VALUES_OF_SIZES;
	case OPTION_MAX_STACK: return VALUES_OF_SIZES ", 8 at least";
	default: return VALUES_OF_NUMBERS;
	}
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
	run_options *options = state->input;
	if (key < OPTION_TIER || key > OPTION_SCHEDULE_SEED) {
		if (key == ARGP_KEY_ARG && options->file)
			argp_error(state, "arguments of the program stand after --: '%s'", argument);
		return program_parse_file(key, argument, state, &options->file);
	}
	if (parse_plain_option(key, argument, options))
		return 0;
	if (!parse_valued_option(key, argument, options))
		argp_error(state, "--%s does not take the value '%s': use %s", option_name(key),
		           argument ? argument : "", values_of(key));
	return 0;
}

/* Everything after "--" belongs to the program; returns how many arguments are ours. */
static int split_program_arguments(int count, char **arguments, volt_vm_options *vm) {
	for (int i = 1; i < count; i++)
		if (strcmp(arguments[i], "--") == 0) {
			vm->arguments = (const char *const *)arguments + i + 1;
			vm->argument_count = (size_t)(count - i - 1);
			return i;
		}
	return count;
}

static int report_panic(const volt_vm *vm, volt_error *error, bool no_trace) {
	fprintf(stderr, "panic: %s\n%s", volt_error_message(error), no_trace ? "" : volt_vm_trace(vm));
	volt_error_free(error);
	return CLI_FAILED;
}

static int report_deadlock(const volt_vm *vm, volt_error *error) {
	fprintf(stderr, "panic: deadlock: all fibers are blocked\n%s", volt_vm_trace(vm));
	volt_error_free(error);
	return CLI_FAILED;
}

static int report_lost_output(volt_error *error) {
	output_end_without_reader();
	return cli_report_as(error, CLI_FAILED);
}

static int report_missing_natives(volt_error *error) {
	const int status = cli_report(error);
	fputs("'volt natives' lists the native functions that there are.\n", stderr);
	return status;
}

static int report_end(const volt_vm *vm, volt_error *error, const run_options *options) {
	switch (volt_error_get_kind(error)) {
	case VOLT_ERROR_PANIC: return report_panic(vm, error, options->no_trace);
	case VOLT_ERROR_DEADLOCK: return report_deadlock(vm, error);
	case VOLT_ERROR_FILE: return report_lost_output(error);
	case VOLT_ERROR_LINK: return report_missing_natives(error);
	case VOLT_ERROR_NONE:
	case VOLT_ERROR_FORMAT:
	case VOLT_ERROR_VERIFY:
	case VOLT_ERROR_ARGUMENT:
	case VOLT_ERROR_MEMORY:
	case VOLT_ERROR_LIMIT:
	case VOLT_ERROR_INTERRUPTED:
	case VOLT_ERROR_EXIT:
	case VOLT_ERROR_TIER: break;
	}
	const int status = cli_report(error);
	fputs(options->no_trace ? "" : volt_vm_trace(vm), stderr);
	return status;
}

/* The program's status, unless it is good and the profile cannot be written. */
static int write_profile(const volt_vm *vm, const volt_module *module, const char *path, int status) {
	volt_error *error = profile_write(vm, module, path);
	const int failed = error ? cli_report_as(error, CLI_FAILED) : status;
	return status ? status : failed;
}

static int run_vm(volt_vm *vm, const volt_module *module, const run_options *options,
                  statistics_times times) {
	int status = CLI_OK;
	double start = statistics_now();
	volt_error *error = volt_vm_run(vm, &status);
	times.run = statistics_now() - start;
	if (error)
		status = report_end(vm, error, options);
	if (options->statistics)
		statistics_print(vm, module, times, options->statistics_as_json);
	return options->profile ? write_profile(vm, module, options->profile, status) : status;
}

static int run_module(const volt_module *module, const run_options *options, statistics_times times) {
	double start = statistics_now();
	volt_vm *vm = NULL;
	volt_error *error = volt_vm_new(module, &options->vm, &vm);
	if (error)
		return cli_report(error);
	times.create = statistics_now() - start;
	int status = run_vm(vm, module, options, times);
	if (volt_vm_is_compiling(vm)) /* nobody will run that code */
		output_end_process(status);
	volt_vm_free(vm);
	return status;
}

static int run_file(const run_options *options) {
	double start = statistics_now();
	volt_module *module = NULL;
	volt_error *error = program_load(options->file, &module);
	if (error)
		return cli_report_as(error, CLI_BAD_FILE);
	int status = run_module(module, options, (statistics_times){.load = statistics_now() - start});
	volt_module_free(module);
	return status;
}

static bool is_refused(const char *option, volt_error *error) {
	if (!error)
		return false;
	fprintf(stderr, "volt: --%s=%s\n", option, volt_error_message(error));
	volt_error_free(error);
	return true;
}

/* What is written at the end of the run, or beside it: nothing has to run if it cannot be. */
static bool can_write_outputs(const run_options *options) {
	const char *folder = options->vm.tier_perf_folder, *profile = options->profile;
	return !(folder && is_refused("perf", output_check_folder(folder))) &&
	       !(profile && (is_refused("profile", output_check_is_not(profile, options->file)) ||
	                     is_refused("profile", output_check(profile))));
}

int cli_run(int count, char **arguments) {
	static const struct argp argp = {
	    .options = option_table,
	    .parser = parse_option,
	    .args_doc = "FILE [-- ARGUMENT...]",
	    .doc = "Runs the program in FILE (.vob or .vot); what follows -- is for the program.\v"
	           "Exit status: the program's own; 1 after an uncaught panic, a deadlock or a limit; 2 for an "
	           "error in "
	           "the command line; 3 if FILE cannot be read, verified or linked.",
	};
	run_options options = {.vm = {.tier_mode = VOLT_TIER_AUTO}};
	count = split_program_arguments(count, arguments, &options.vm);
	if (argp_parse(&argp, count, arguments, 0, NULL, &options))
		return CLI_USAGE;
	if (!can_write_outputs(&options))
		return CLI_USAGE;
	char *cache = NULL;
	if (options.vm.tier_mode != VOLT_TIER_INTERPRETER && !cache_folder_choose(options.cache, &cache))
		return cli_report(volt_error_new(VOLT_ERROR_ARGUMENT, "there is no absolute path for --cache=%s",
		                                 options.cache ? options.cache : ""));
	options.vm.tier_cache = cache;
	fault_watch(options.file);
	int status = run_file(&options);
	free(cache);
	return status;
}
