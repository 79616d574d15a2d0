/* The modes are those of the suites of the tier, with every preset. */
#include "modes.h"

#include <check.h>
#include <string.h>

#include "../tier/support.h"

enum { INTERPRETED, FIRST_PRESET };

static int automatic_mode(void) {
	return FIRST_PRESET + preset_count();
}

int mode_count(void) {
	return automatic_mode() + 1;
}

const char *mode_name(int mode) {
	if (mode == INTERPRETED)
		return "interpreter";
	return mode == automatic_mode() ? "auto" : presets[mode - FIRST_PRESET];
}

static run_request request_of(int mode) {
	if (mode == INTERPRETED)
		return (run_request){0};
	if (mode == automatic_mode())
		return (run_request){.automatic = true};
	return (run_request){.preset = presets[mode - FIRST_PRESET]};
}

/* The start of the first line that differs. */
static void fail_at_difference(int mode, const char *expected, const char *actual) {
	unsigned line = 1;
	while (*expected == *actual) {
		line += *expected == '\n';
		expected++, actual++;
	}
	ck_abort_msg("%s, line %u: expected ...'%.40s', got ...'%.40s'", mode_name(mode), line, expected, actual);
}

void check_in_mode(int mode, const char *text, const char *expected, uint64_t force_exit) {
	run_request request = request_of(mode);
	request.text = text;
	request.force_exit = force_exit;
	run_result result = run_program(request);
	ck_assert_msg(!result.error, "%s: %s", mode_name(mode), result.error);
	const char *output = result.output.bytes ? result.output.bytes : "";
	if (strcmp(output, expected) != 0)
		fail_at_difference(mode, expected, output);
	ck_assert_int_eq(result.entries > 0, mode != INTERPRETED);
	run_result_free(&result);
}
