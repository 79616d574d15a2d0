/*
 * An exit forced at any one status check changes nothing that a program shows, whatever its frames look like
 * there: in functions compiled by themselves and in bodies inlined into others.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "programs.h"
#include "support.h"

/* More than any of the programs passes. */
enum { MOST_CHECKS = 300 };

/* Case _i is one program in one mode. */
START_TEST(an_exit_at_any_check_changes_nothing) {
	const small_program *program = &small_programs[_i / compiled_mode_count()];
	const compiled_mode *mode = &compiled_modes[_i % compiled_mode_count()];
	uint64_t forced = 0, hits = 0, misses = 0;
	for (bool reached = true; reached; forced += reached ? SWEEP_STRIDE : 0) {
		ck_assert_uint_lt(forced, MOST_CHECKS);
		run_result result = run_program((run_request){
		    .text = program->text,
		    .mode = mode,
		    .keeps_code = true,
		    .force_exit = forced + 1,
		});
		ck_assert_msg(!result.error && strcmp(result.output.bytes, program->output) == 0,
		              "%s, %s, exit forced at check %llu: '%s', %s", program->name, mode->name,
		              (unsigned long long)forced + 1, result.output.bytes ? result.output.bytes : "",
		              result.error ? result.error : "no error");
		/* The count stops above 0 if the program ended first; behind 0 it wraps around. */
		reached = result.forced_exits_left == 0 || result.forced_exits_left > forced + 1;
		hits += result.kept_hits;
		misses += result.kept_misses;
		run_result_free(&result);
	}
	ck_assert_uint_gt(forced, 0);
	/* All code is compiled once, and most runs find it; with a stride there are fewer of them. */
	ck_assert_uint_gt(hits * SWEEP_STRIDE, misses);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier forced exits");
	TCase *cases = tcase_create("every program and mode");
	tcase_set_timeout(cases, 300);
	tcase_add_loop_test(cases, an_exit_at_any_check_changes_nothing, 0,
	                    small_program_count() * compiled_mode_count());
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
