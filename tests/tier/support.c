/* Running programs for the suites of the tier. */
#include "support.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tier/run.h"
#include "tier/state.h"

const char *const presets[] = {"baseline", "v3", "hinted", NULL};

int preset_count(void) {
	int count = 0;
	while (presets[count])
		count++;
	return count;
}

static buffer *frames_of_exits;

/* Numbers in these programs are small, so anything large is an address. */
static void write_slots(const volt_slot *slots, uint32_t count, buffer *out) {
	while (count > 0 && slots[count - 1] == 0)
		count--;
	for (uint32_t slot = 0; slot < count; slot++) {
		const char *space = slot ? " " : "";
		if (slots[slot] > UINT32_MAX)
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

static void write_frames_at_exit(volt_vm *vm, volt_fiber *fiber, volt_status status) {
	if (status != VOLT_STATUS_YIELD)
		write_frames(vm, fiber, false, frames_of_exits);
}

static void keep_output(void *user, int stream, const void *bytes, size_t length) {
	if (stream == 1)
		buffer_append(user, bytes, length);
}

static void fail_on(volt_error *error) {
	if (error)
		ck_abort_msg("%s", volt_error_message(error));
}

static volt_module *load(const run_request *request) {
	volt_module *module;
	if (request->file)
		fail_on(volt_module_read_file(request->file, &module));
	else
		fail_on(volt_module_assemble(request->text, strlen(request->text), "test.vot", &module));
	fail_on(volt_module_verify(module));
	return module;
}

static volt_tier_mode mode_of(const run_request *request) {
	if (request->automatic)
		return VOLT_TIER_AUTO;
	return request->preset ? VOLT_TIER_COMPILED : VOLT_TIER_INTERPRETER;
}

run_result run_program(run_request request) {
	run_result result = {0};
	volt_module *module = load(&request);
	volt_vm_options options = {
	    .output = keep_output,
	    .output_user = &result.output,
	    .permissions = request.permissions,
	    .tier_mode = mode_of(&request),
	    .tier_synchronous = true,
	    .tier_library = request.library ? request.library : VOLT_TIER_LIBRARY,
	    .tier_preset = request.preset,
	    .force_exit = request.force_exit,
	    .call_threshold = request.threshold,
	    .loop_threshold = request.threshold,
	};
	volt_vm *vm;
	fail_on(volt_vm_new(module, &options, &vm));
	if (request.register_natives)
		request.register_natives(vm, request.user);
	vm->scheduler.profile_period = request.profile_period;
	fail_on(tier_attach(vm));
	if (request.at_exits && request.preset) {
		frames_of_exits = &result.frames;
		((tier_state *)vm->tier)->exit_observer = write_frames_at_exit;
	}
	volt_error *error = volt_vm_run(vm, &result.exit_status);
	if (error)
		result.error = strdup(volt_error_message(error));
	volt_error_free(error);
	result.trace = strdup(volt_vm_trace(vm));
	if (vm->tier)
		memcpy(result.exits, ((tier_state *)vm->tier)->exits, sizeof result.exits);
	if (request.at_end)
		request.at_end(vm, request.user);
	volt_vm_free(vm);
	volt_module_free(module);
	return result;
}

void run_result_free(run_result *result) {
	buffer_free(&result->output);
	buffer_free(&result->frames);
	free(result->trace);
	free(result->error);
}

int run_suite(Suite *suite) {
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
