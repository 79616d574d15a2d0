/*
 * What is not live may hold anything: programs do what they did when dead slots are overwritten before every
 * instruction. Given files, it checks these and no others.
 */
#include "dead_slots.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "object/buffer.h"
#include "support.h"
#include "volt/verify.h"
#include "volt/vm.h"

/* With sanitizers a round takes minutes of all programs. */
#ifdef __SANITIZE_ADDRESS__
enum { ROUNDS = 1 };
#else
enum { ROUNDS = 3 };
#endif

typedef struct {
	buffer output;
	int status;
	volt_error_kind error; /* 0: none */
} outcome;

static void keep_output(void *user, int stream, const void *bytes, size_t length) {
	if (stream == 1)
		buffer_append(user, bytes, length);
}

static outcome run_module(const volt_module *module) {
	outcome result = {0};
	volt_vm_options options = {
	    .output = keep_output,
	    .output_user = &result.output,
	    .tier_mode = VOLT_TIER_INTERPRETER,
	    .max_stack_slots = 4 << 20, /* 32 MiB: some programs fill theirs again and again */
	};
	volt_vm *vm;
	fail_on(volt_vm_new(module, &options, &vm));
	volt_error *error = volt_vm_run(vm, &result.status);
	if (error)
		result.error = volt_error_get_kind(error);
	volt_error_free(error);
	volt_vm_free(vm);
	return result;
}

static volt_module *read_module(const char *path) {
	volt_module *module;
	fail_on(volt_module_read_file(path, &module));
	fail_on(volt_module_verify(module));
	return module;
}

static outcome run_overwritten(const char *path, overwriting how) {
	volt_module *module = read_module(path);
	uint32_t added = overwrite_slots(module, how);
	ck_assert_msg(added > 0, "%s: no slot to overwrite", path);
	fail_on(volt_module_verify(module));
	outcome result = run_module(module);
	volt_module_free(module);
	return result;
}

static bool is_same(const outcome *left, const outcome *right) {
	return left->status == right->status && left->error == right->error &&
	       left->output.length == right->output.length &&
	       (left->output.length == 0 ||
	        memcmp(left->output.bytes, right->output.bytes, left->output.length) == 0);
}

static void check_program(const char *path) {
	volt_module *module = read_module(path);
	outcome expected = run_module(module);
	volt_module_free(module);
	for (uint32_t seed = 1; seed <= ROUNDS; seed++) {
		outcome result = run_overwritten(path, (overwriting){.seed = seed});
		ck_assert_msg(is_same(&expected, &result), "%s: seed %u: with dead slots overwritten it gives\n%.*s",
		              path, seed, (int)result.output.length, (const char *)result.output.bytes);
		buffer_free(&result.output);
	}
	buffer_free(&expected.output);
}

static char **programs;

START_TEST(dead_slots_may_hold_anything) {
	check_program(programs[_i]);
}
END_TEST

/* The check above would see it if a slot that is needed were called dead. */
START_TEST(live_slots_may_not) {
	const char *path = PROGRAMS "/integers.vot";
	volt_module *module = read_module(path);
	outcome expected = run_module(module);
	volt_module_free(module);
	outcome result = run_overwritten(path, (overwriting){.seed = 1, .live = true});
	ck_assert(!is_same(&expected, &result));
	buffer_free(&expected.output);
	buffer_free(&result.output);
}
END_TEST

static int run_on(char **paths, int count) {
	programs = paths;
	return run_suite(
	    "dead slots",
	    (const listed_test[]){{dead_slots_may_hold_anything, count}, {live_slots_may_not, 0}, {NULL, 0}});
}

int main(int count, char **arguments) {
	if (count > 1)
		return run_on(arguments + 1, count - 1);
	glob_t found;
	glob(PROGRAMS "/*.vot", 0, NULL, &found);
	glob(OWN_PROGRAMS "/*.vot", GLOB_APPEND, NULL, &found);
	glob(SHARED_PROGRAMS "/*.vob", GLOB_APPEND, NULL, &found);
	int failed = run_on(found.gl_pathv, (int)found.gl_pathc);
	globfree(&found);
	return failed;
}
