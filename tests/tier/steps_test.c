/*
 * Compiled code stops at the same step as the interpreter, with the same frames: a program is ended by its
 * limit of steps, for every limit, and all frames of all fibers are compared. Each step is a call or a
 * backward jump, so every such place is an exit once, inlined callees included.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "programs.h"
#include "support.h"

/* More than any of the programs takes. */
enum { MOST_STEPS = 110 };

static run_result stop_after(const small_program *program, const compiled_mode *mode, uint64_t steps) {
	return run_program((run_request){
	    .text = program->text,
	    .mode = mode,
	    .keeps_code = mode != NULL,
	    .max_steps = steps,
	    .at_limit = true,
	});
}

/* What a result says, in one text. */
static const char *text_of(const buffer *text) {
	return text->bytes ? text->bytes : "";
}

static void compare(const small_program *program, const compiled_mode *mode, uint64_t steps,
                    const run_result *expected, const run_result *actual) {
	ck_assert_str_eq(text_of(&expected->output), text_of(&actual->output));
	ck_assert_int_eq(expected->error_kind, actual->error_kind);
	ck_assert_str_eq(expected->trace, actual->trace); /* names every frame, and where it is */
	if (!expected->stopped)
		return;
	buffer difference = {0};
	snapshot_compare(expected->stopped, actual->stopped, &difference);
	if (difference.length)
		ck_abort_msg("%s, %s, after %llu steps:\n%s", program->name, mode->name, (unsigned long long)steps,
		             difference.bytes);
}

/* Case _i is one program in one mode. */
START_TEST(frames_are_the_interpreters_after_every_step) {
	const small_program *program = &small_programs[_i / compiled_mode_count()];
	const compiled_mode *mode = &compiled_modes[_i % compiled_mode_count()];
	uint64_t steps = 0, entries = 0, hits = 0, misses = 0;
	for (bool ended = false; !ended; steps += SWEEP_STRIDE) {
		ck_assert_uint_lt(steps, MOST_STEPS);
		run_result expected = stop_after(program, NULL, steps + 1);
		run_result actual = stop_after(program, mode, steps + 1);
		compare(program, mode, steps + 1, &expected, &actual);
		ended = !expected.error;
		if (ended)
			ck_assert_str_eq(text_of(&actual.output), program->output);
		else
			ck_assert_int_eq(expected.error_kind, VOLT_ERROR_LIMIT);
		entries += actual.entries;
		hits += actual.kept_hits;
		misses += actual.kept_misses;
		run_result_free(&expected);
		run_result_free(&actual);
	}
	ck_assert_uint_gt(steps, 3); /* the limit did end the program somewhere */
	ck_assert_uint_gt(entries, 0);
	/* All code is compiled once, and most runs find it; with a stride there are fewer of them. */
	ck_assert_uint_gt(hits * SWEEP_STRIDE, misses);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier steps");
	TCase *cases = tcase_create("every program and mode");
	tcase_set_timeout(cases, 300);
	tcase_add_loop_test(cases, frames_are_the_interpreters_after_every_step, 0,
	                    small_program_count() * compiled_mode_count());
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
