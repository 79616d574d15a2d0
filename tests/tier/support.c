/* Running programs for the suites of the tier. */
#include "support.h"

#include <check.h>
#include <dirent.h>
#include <dlfcn.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tier/queue.h"
#include "tier/run.h"
#include "tier/state.h"
#include "tier/ticker.h"
#include "volt/verify.h"
#include "volt/vot.h"

const char *const presets[] = {
#define PRESET(name, ...) name,
#include "../../backend-llvm/calls/presets.def"
#undef PRESET
    NULL,
};

/* By the values of the axis `exit`: those that record frames know what is live. */
enum { FRAMES_DROPS = 0, CALLBACK_DROPS = 0, TRIVIAL_DROPS = 0, RECORD_DROPS = 1, UNWIND_DROPS = 1 };

static const bool drops_dead_slots[] = {
#define PRESET(name, abi, status, types, exit, ...) exit##_DROPS,
#include "../../backend-llvm/calls/presets.def"
#undef PRESET
};

int preset_count(void) {
	int count = 0;
	while (presets[count])
		count++;
	return count;
}

const compiled_mode compiled_modes[] = {
    {"baseline", "baseline", VOLT_TIER_COMPILED},
    {"hinted", "hinted", VOLT_TIER_COMPILED},
    {"record-hinted", "record-hinted", VOLT_TIER_COMPILED},
    {"unwind", "unwind", VOLT_TIER_COMPILED},
    {"auto", NULL, VOLT_TIER_AUTO},
    {NULL, NULL, VOLT_TIER_INTERPRETER},
};

int compiled_mode_count(void) {
	int count = 0;
	while (compiled_modes[count].name)
		count++;
	return count;
}

bool preset_drops_dead_slots(const char *preset) {
	for (int i = 0; presets[i]; i++)
		if (strcmp(presets[i], preset) == 0)
			return drops_dead_slots[i];
	ck_abort_msg("there is no preset %s", preset);
}

enum { NEVER = INT32_MAX }; /* nanoseconds: a ticker without a context, which asks nobody */

static buffer *frames_of_exits;

static char kept_code[] = "/tmp/volt-kept-XXXXXX"; /* while a suite runs */

/* Numbers in these programs are small, of either sign, so anything large is an address. */
static void write_slots(const volt_slot *slots, uint32_t count, buffer *out) {
	while (count > 0 && slots[count - 1] == 0)
		count--;
	for (uint32_t slot = 0; slot < count; slot++) {
		const char *space = slot ? " " : "";
		int64_t number = (int64_t)slots[slot];
		if (number < 0 && number >= INT32_MIN)
			buffer_append_format(out, "%s%" PRId64, space, number);
		else if (slots[slot] > UINT32_MAX)
			buffer_append_format(out, "%s*", space);
		else
			buffer_append_format(out, "%s%" PRIu64, space, slots[slot]);
	}
}

void write_frames(volt_vm *vm, volt_fiber *fiber, bool top_is_running, buffer *out) {
	for (uint32_t i = 0; i < fiber->frame_count; i++) {
		const call_frame *frame = &fiber->frames[i];
		volt_text name = vm->module->functions.items[frame->function].name;
		buffer_append_format(out, "%.*s ", (int)name.length, name.bytes);
		if (i + 1 < fiber->frame_count || !top_is_running)
			buffer_append_format(out, "%u ", frame->pc);
		buffer_append_format(out, "%u %u:%u [", frame->base, frame->result_slot, frame->result_count);
		write_slots(fiber_frame_slots(fiber, frame), vm->functions[frame->function].local_slots, out);
		buffer_append_text(out, "]\n");
	}
}

/* The next word of a frame's line; the closing bracket is part of the last one. */
static const char *next_word(const char *text) {
	text += strcspn(text, " \n");
	return *text ? text + 1 : text;
}

static bool same_word(const char *left, const char *right) {
	size_t length = strcspn(left, " ]\n");
	return length == strcspn(right, " ]\n") && memcmp(left, right, length) == 0;
}

static const char *skip_bracket(const char *word) {
	return *word == '[' ? word + 1 : word;
}

/* One line: up to the slots it is the same; a slot is the same, or 0, which is not written at the end. */
static bool frame_agrees(const char *compiled, const char *interpreted) {
	size_t head = strcspn(interpreted, "[");
	if (strncmp(compiled, interpreted, head) != 0)
		return false;
	compiled += head, interpreted += head;
	for (;;) {
		const char *word = skip_bracket(compiled), *expected = skip_bracket(interpreted);
		if (*word == ']')
			return true;
		if (*expected == ']' || (!same_word(word, expected) && !same_word(word, "0")))
			return false;
		if (word[strcspn(word, " \n") - 1] == ']')
			return true;
		compiled = next_word(compiled), interpreted = next_word(interpreted);
	}
}

bool frames_agree(const char *compiled, const char *interpreted) {
	while (*interpreted) {
		if (!frame_agrees(compiled, interpreted))
			return false;
		compiled += strcspn(compiled, "\n"), interpreted += strcspn(interpreted, "\n");
		if (!*compiled)
			return false;
		compiled++, interpreted++;
	}
	return !*compiled;
}

static void write_frames_at_exit(volt_vm *vm, volt_fiber *fiber, volt_status status) {
	if (status != VOLT_STATUS_YIELD)
		write_frames(vm, fiber, false, frames_of_exits);
}

static void write_frames_at_yield(volt_vm *vm, volt_fiber *fiber, volt_status status) {
	if (status == VOLT_STATUS_YIELD)
		write_frames(vm, fiber, false, frames_of_exits);
}

/* Before the program runs. */
static void watch(volt_vm *vm, const run_request *request, run_result *result) {
	tier_state *state = vm->tier;
	if (!state)
		return;
	frames_of_exits = &result->frames;
	if (request->at_exits)
		state->exit_observer = write_frames_at_exit;
	if (request->at_yields)
		state->exit_observer = write_frames_at_yield;
	if (!request->with_ticker) {
		ticker_stop(state->ticker);
		state->ticker = ticker_start(NULL, NEVER, NULL); /* in the place of one that asks */
	}
}

static void keep_output(void *user, int stream, const void *bytes, size_t length) {
	if (stream == 1)
		buffer_append(user, bytes, length);
}

void fail_on(volt_error *error) {
	if (error)
		ck_abort_msg("%s", volt_error_message(error));
}

volt_module *assemble(const char *text) {
	volt_module *module;
	fail_on(volt_module_assemble(text, strlen(text), "test.vot", &module));
	fail_on(volt_module_verify(module));
	return module;
}

volt_tier_host host_of_volt(void) {
	volt_tier_host host = {.heap = volt_heap_layout_of_volt()};
#define FIELD(name, type) host.context_offsets[VOLT_CONTEXT_##name] = offsetof(volt_context, name);
	VOLT_CONTEXT_FIELDS(FIELD)
#undef FIELD
	memcpy(host.helpers, tier_helpers, sizeof host.helpers);
	return host;
}

static volt_module *load(const run_request *request) {
	if (!request->file)
		return assemble(request->text);
	volt_module *module;
	fail_on(volt_module_read_file(request->file, &module));
	fail_on(volt_module_verify(module));
	return module;
}

static volt_tier_mode tier_mode_of(const run_request *request) {
	if (request->mode)
		return request->mode->tier_mode;
	if (request->automatic)
		return VOLT_TIER_AUTO;
	return request->preset ? VOLT_TIER_COMPILED : VOLT_TIER_INTERPRETER;
}

static volt_vm_options options_of(const run_request *request, run_result *result) {
	return (volt_vm_options){
	    .output = keep_output,
	    .output_user = &result->output,
	    .tier_mode = tier_mode_of(request),
	    .tier_synchronous = !request->in_background,
	    .tier_library = request->library ? request->library : VOLT_TIER_LIBRARY,
	    .tier_preset = request->mode ? request->mode->preset : request->preset,
	    .tier_cache = request->keeps_code ? kept_code : NULL,
	    .testing.force_exit = request->force_exit,
	    .max_steps = request->max_steps,
	    .testing.schedule_seed = request->schedule_seed,
	    .max_stack_slots = request->max_stack_slots,
	    .call_threshold = request->threshold ? request->threshold : 1,
	    .loop_threshold = request->threshold ? request->threshold : 1,
	    .permissions = request->permissions,
	};
}

/* What is there to be seen after a run, before the VM is freed. */
static void inspect(volt_vm *vm, const run_request *request, run_result *result) {
	result->trace = strdup(volt_vm_trace(vm));
	result->statistics = volt_vm_statistics(vm);
	result->forced_exits_left = vm->context.forced_exits_left;
	if (vm->global_slots > 0)
		result->first_global = vm->context.globals[0];
	if (request->at_limit && result->error_kind == VOLT_ERROR_LIMIT)
		result->stopped = snapshot_take(vm);
	if (!vm->tier)
		return;
	const tier_state *state = vm->tier;
	result->entries = state->entries;
	memcpy(result->exits, state->exits, sizeof result->exits);
	if (!state->queue)
		return;
	const queue_report report = compile_queue_report(state->queue);
	ck_assert_ptr_null(report.cache_failure);
	result->kept_hits = report.cache_hits;
	result->kept_misses = report.cache_misses;
}

run_result run_program(run_request request) {
	run_result result = {0};
	volt_module *module = load(&request);
	volt_vm_options options = options_of(&request, &result);
	volt_vm *vm;
	fail_on(volt_vm_new(module, &options, &vm));
	if (request.register_natives)
		request.register_natives(vm, request.user);
	vm->slices.profile_period = request.profile_period;
	fail_on(tier_attach(vm));
	watch(vm, &request, &result);
	volt_error *error = volt_vm_run(vm, &result.exit_status);
	if (error) {
		result.error = strdup(volt_error_message(error));
		result.error_kind = volt_error_get_kind(error);
	}
	volt_error_free(error);
	inspect(vm, &request, &result);
	if (request.at_end)
		request.at_end(vm, request.user);
	volt_vm_free(vm);
	volt_module_free(module);
	return result;
}

void run_result_free(run_result *result) {
	buffer_free(&result->output);
	buffer_free(&result->frames);
	snapshot_free(result->stopped);
	free(result->trace);
	free(result->statistics);
	free(result->error);
}

static void remove_kept_code(void) {
	DIR *folder = opendir(kept_code);
	for (const struct dirent *entry; folder && (entry = readdir(folder));)
		unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
	rmdir(kept_code);
}

/* Every case is a process; what this one has opened and relocated, they need not. */
static void open_tier(void) {
	if (!dlopen(VOLT_TIER_LIBRARY, RTLD_NOW | RTLD_LOCAL))
		ck_abort_msg("%s", dlerror());
}

int run_suite(Suite *suite) {
	if (!mkdtemp(kept_code))
		return EXIT_FAILURE;
	open_tier();
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	remove_kept_code();
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
