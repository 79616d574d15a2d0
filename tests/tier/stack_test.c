/*
 * Compiled recursion: as deep as the interpreter's, whatever the native stack holds; and pages that stay
 * protected.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

/* depth(n) = n == 0 ? 0 : depth(n - 1) + 1, so the native frames stay until the innermost returns. */
#define DEPTH_FUNCTION \
	"fn depth params=1 locals=4 results=1 {\n" \
	"	JumpIf r0, more\n" \
	"	Return r0, 1\n" \
	"more:\n" \
	"	LoadInt r1, 1\n" \
	"	SubI r2, r0, r1\n" \
	"	Call @depth, r2 args=1 results=1\n" \
	"	AddI r3, r2, r1\n" \
	"	Return r3, 1\n" \
	"}\n"

#define PRINT_DEPTH(n) \
	"fn main params=0 locals=4 results=0 {\n" \
	"	LoadInt r0, " n "\n" \
	"	Call @depth, r0 args=1 results=1\n" \
	"	IfaceAssign r2, r0, iface(int), int\n" \
	"	CallExtern @vo_println, r2, r2 args=2\n" \
	"	Return r0, 0\n" \
	"}\n"

START_TEST(recursion_outlives_the_native_stack) {
	run_result result =
	    run_program((run_request){.text = DEPTH_FUNCTION PRINT_DEPTH("1000000"), .preset = presets[_i]});
	ck_assert_ptr_null(result.error);
	ck_assert_str_eq(result.output.bytes, "1000000\n");
	ck_assert_uint_ge(result.exits[VOLT_STATUS_YIELD], 1);
	run_result_free(&result);
}
END_TEST

/* In every mode: it compiles the function as it gets hot, so its frames change hands at any depth. */
START_TEST(recursion_is_as_deep_in_every_mode) {
	run_result result =
	    run_program((run_request){.text = DEPTH_FUNCTION PRINT_DEPTH("250000"), .mode = &compiled_modes[_i]});
	ck_assert_ptr_null(result.error);
	ck_assert_str_eq(result.output.bytes, "250000\n");
	ck_assert_uint_ge(result.entries, 1);
	run_result_free(&result);
}
END_TEST

/* Counts its calls in the first global. */
static const char counted_recursion[] = "global calls slots=1 kind=int types=v\n"
                                        "fn descend params=1 locals=6 results=1 {\n"
                                        "	LoadInt r1, 1\n"
                                        "	GlobalGet r2, g0\n"
                                        "	AddI r2, r2, r1\n"
                                        "	GlobalSet g0, r2\n"
                                        "	AddI r3, r0, r1\n"
                                        "	Call @descend, r3 args=1 results=1\n"
                                        "	AddI r4, r3, r1\n"
                                        "	Return r4, 1\n"
                                        "}\n"
                                        "fn main params=0 locals=4 results=0 {\n"
                                        "	LoadInt r0, 0\n"
                                        "	Call @descend, r0 args=1 results=1\n"
                                        "	Return r0, 0\n"
                                        "}\n";

enum {
	STACK_SLOTS =
	    4000000, /* 666,666 frames of 6 slots; stacks grow by doubling, and this is no power of two */
	/* Compiled code fills 7 MiB before anybody looks; its frames keep the stack aligned to 16 bytes. */
	DEEPER_FRAMES = (7 << 20) / 16,
};

/* The limit holds when compiled frames become the fiber's, so it may be passed by a native stack's frames. */
START_TEST(the_stack_overflows_at_about_the_same_depth) {
	run_request request = {.text = counted_recursion, .max_stack_slots = STACK_SLOTS};
	run_result expected = run_program(request);
	request.mode = &compiled_modes[_i];
	run_result actual = run_program(request);
	ck_assert_str_eq(expected.error, "runtime error: stack overflow");
	ck_assert_str_eq(actual.error, expected.error);
	ck_assert_uint_ge(expected.first_global, STACK_SLOTS / 6 - 2);
	ck_assert_uint_le(expected.first_global, STACK_SLOTS / 6 + 2);
	ck_assert_uint_ge(actual.first_global, expected.first_global);
	ck_assert_uint_le(actual.first_global, expected.first_global + DEEPER_FRAMES);
	run_result_free(&expected);
	run_result_free(&actual);
}
END_TEST

/* 1,048,576 frames of 4 slots, each with at least 16 bytes of native stack: 7 MiB are full twice. */
enum { OVERFLOWING_SLOTS = 4 << 20, LEAST_DEPARTURES = 2 };

/*
 * The first preset fills a stack of the ordinary size, which takes seconds; the others one of 32 MiB, in
 * which frames leave the native stack several times, too.
 */
START_TEST(endless_recursion_is_a_panic) {
	run_result result = run_program((run_request){
	    .text = DEPTH_FUNCTION PRINT_DEPTH("-1"),
	    .preset = presets[_i],
	    .max_stack_slots = _i == 0 ? 0 : OVERFLOWING_SLOTS,
	});
	ck_assert_str_eq(result.error, "runtime error: stack overflow");
	ck_assert_uint_ge(result.exits[VOLT_STATUS_YIELD], LEAST_DEPARTURES);
	run_result_free(&result);
}
END_TEST

/* ---- Pages ---- */

static const char probing_program[] = "native pages results=0\n"
                                      "fn main params=0 locals=1 results=0 {\n"
                                      "	CallExtern @pages, r0, r0 args=0\n"
                                      "	Return r0, 0\n"
                                      "}\n";

typedef struct {
	unsigned executable_without_file;
	unsigned writable_and_executable;
} page_counts;

static volt_native_result count_pages(volt_native_call *call) {
	page_counts *counts = call->user;
	FILE *maps = fopen("/proc/self/maps", "r");
	ck_assert_ptr_nonnull(maps);
	char line[4096];
	while (fgets(line, sizeof line, maps)) {
		char permissions[8];
		unsigned long inode;
		ck_assert_int_eq(sscanf(line, "%*s %7s %*s %*s %lu", permissions, &inode), 2);
		counts->writable_and_executable += permissions[1] == 'w' && permissions[2] == 'x';
		counts->executable_without_file += permissions[2] == 'x' && inode == 0;
	}
	fclose(maps);
	return VOLT_NATIVE_OK;
}

static void register_pages(volt_vm *vm, void *user) {
	ck_assert_ptr_null(volt_vm_register_native(vm, "pages", count_pages, user, VOLT_PERMIT_NOTHING));
}

/*
 * The kernel's own page ([vdso]) is executable without a file, so compiled code shows as one mapping more. An
 * emulator lists its own mappings: there machine/ordering_test.py looks at the system calls.
 */
START_TEST(code_is_never_writable_and_executable) {
#ifdef VOLT_TEST_EMULATED
	puts("skipped: code_is_never_writable_and_executable: the emulator does not list compiled code");
	return;
#endif
	page_counts interpreted = {0}, compiled = {0};
	run_request request = {.text = probing_program, .register_natives = register_pages, .user = &interpreted};
	run_result result = run_program(request);
	run_result_free(&result);
	request.preset = presets[_i];
	request.user = &compiled;
	result = run_program(request);
	run_result_free(&result);
	ck_assert_uint_eq(compiled.writable_and_executable, 0);
	ck_assert_uint_gt(compiled.executable_without_file, interpreted.executable_without_file);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier stack");
	TCase *cases = tcase_create("every preset");
	tcase_set_timeout(cases, 120);
	int count = preset_count();
	tcase_add_loop_test(cases, recursion_outlives_the_native_stack, 0, count);
	tcase_add_loop_test(cases, endless_recursion_is_a_panic, 0, count);
	tcase_add_loop_test(cases, recursion_is_as_deep_in_every_mode, 0, compiled_mode_count());
	tcase_add_loop_test(cases, the_stack_overflows_at_about_the_same_depth, 0, compiled_mode_count());
	tcase_add_loop_test(cases, code_is_never_writable_and_executable, 0, count);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
