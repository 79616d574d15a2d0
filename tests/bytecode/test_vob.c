/* Reading and writing .vob bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "volt/verify.h"
#include "volt/vob.h"

/* The file of SPECIFICATION.md, "An example, byte by byte". */
static const uint8_t example[] = {
    'V', 'O', 'B', 1, 0,  0, 0, 1,    0,    0,    0,    'm',  0,    0,    0,    0,    0,
    0,   0,   0,   0, 0,  0, 0, 0,    0,    0,    0,    0,    0,    0,    0, /* 000 */
    0,   0,   0,   0, 0,  0, 0, 0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
    0,   0,   0,   0, 0,  0, 0, 0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
    0,   0,   0,   1, 0,  0, 0, 2,    0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* 045: constants */
    0,   0,   0,   0,                                                                 /* 052: globals */
    1,   0,   0,   0, 1,  0, 0, 0,    'e',  0,    0,    0,    0,    2,    0,    0,    0,
    0,   0,   0,   0, 0,  0, 0, 0,    0,    0,    0,    0xff, 0xff, 0, /* 056 */
    2,   0,   0,   0, 2,  3,                                           /* 075: slot types */
    4,   0,   0,   0,                                                  /* 07b: code */
    1,   0,   0,   0, 2,  2, 0, 0,    2,    0,    1,    0,    0,    0,    0,    0,    0x3d,
    2,   0,   0,   0, 0,  0, 0, 0x40, 0,    0,    0,    0,    0,    0,    0,    0,    0,
    0,   0,   0,   0, 0,  0, /* 09f: capture and parameter types */
    1,   0,   0,   0, 10, 0, 0, 0,    'v',  'o',  '_',  'p',  'r',  'i',  'n',  't',  'l',
    'n', 0,   0,   0, 0,  0, /* 0a7: natives */
    0,   0,   0,   0,        /* 0be: entry */
};

START_TEST(the_worked_example_is_read) {
	ck_assert_uint_eq(sizeof example, 194);
	volt_module *module = read_bytes(example, sizeof example);
	ck_assert_uint_eq(module->name.length, 1);
	ck_assert_int_eq(module->name.bytes[0], 'm');
	ck_assert_uint_eq(module->constants.count, 1);
	ck_assert_int_eq(module->constants.items[0].tag, VOLT_CONSTANT_INT);
	ck_assert_int_eq((int64_t)module->constants.items[0].bits, -2);
	const volt_function *function = &module->functions.items[0];
	ck_assert_uint_eq(function->local_slots, 2);
	ck_assert_int_eq(function->error_result_slot, -1);
	ck_assert_uint_eq(function->slot_types.items[1], VOLT_SLOT_INTERFACE_PAYLOAD);
	ck_assert_uint_eq(function->code.count, 4);
	ck_assert_int_eq(volt_instruction_immediate(function->code.items[0]), 0x202);
	ck_assert_int_eq(function->code.items[2].op, VOLT_OP_CallExtern);
	ck_assert_uint_eq(module->natives.items[0].name.length, 10);
	ck_assert_uint_eq(module->entry_function, 0);
	ck_assert(!module->has_debug);
	ck_assert_ptr_null(volt_module_verify(module));
	volt_module_free(module);
}
END_TEST

START_TEST(what_was_read_is_written) {
	assert_round_trip(example, sizeof example, "the worked example");
}
END_TEST

START_TEST(an_empty_debug_section_is_kept_apart_from_none) {
	uint8_t with_debug[sizeof example + 8] = {0};
	memcpy(with_debug, example, sizeof example);
	volt_module *module = read_bytes(with_debug, sizeof with_debug);
	ck_assert(module->has_debug);
	volt_module_free(module);
	assert_round_trip(with_debug, sizeof with_debug, "empty debug section");
}
END_TEST

/* Behind the version number any error may be that of a file with another layout. */
#define OTHER_LAYOUT \
	" (compilers of the language after 2026-02-23 also wrote version 1, with another layout, which Volt " \
	"does not " \
	"read)"

static void assert_not_read(const uint8_t *data, size_t size, const char *message) {
	volt_module *module;
	volt_error *error = volt_module_read(data, size, "x.vob", &module);
	ck_assert_ptr_nonnull(error);
	ck_assert_ptr_null(module);
	ck_assert_str_eq(volt_error_message(error), message);
	ck_assert_int_eq(volt_error_get_kind(error), VOLT_ERROR_FORMAT);
	volt_error_free(error);
}

static void assert_patch_refused(size_t offset, uint8_t value, const char *message) {
	uint8_t patched[sizeof example];
	memcpy(patched, example, sizeof example);
	patched[offset] = value;
	assert_not_read(patched, sizeof patched, message);
}

START_TEST(errors_name_place_and_cause) {
	assert_not_read(example, 0, "x.vob: not a .vob file: the file is empty");
	assert_patch_refused(0, 'v', "x.vob: not a .vob file: it does not begin with \"VOB\"");
	assert_patch_refused(3, 2,
	                     "x.vob: byte 7: header: version 2, but only version 1 is known: it is of a compiler "
	                     "of the language of "
	                     "2026-04-30 or later; those of 2026-02-23 and before write version 1");
	assert_patch_refused(3, 15, "x.vob: byte 7: header: version 15, but only version 1 is known");
	assert_patch_refused(0x0b, 0xff, "x.vob: byte 11: name: the string is not UTF-8" OTHER_LAYOUT);
	assert_patch_refused(
	    0x30, 2, "x.vob: byte 48: well_known: has_offsets is 2, but must be less than 2" OTHER_LAYOUT);
	assert_patch_refused(
	    0x49, 5, "x.vob: byte 73: constants[0]: constant tag is 5, but must be less than 5" OTHER_LAYOUT);
	assert_patch_refused(
	    0x71, 2, "x.vob: byte 113: functions[0]: is_closure is 2, but must be less than 2" OTHER_LAYOUT);
	assert_patch_refused(
	    0x79, 5,
	    "x.vob: byte 121: functions[0].slot_types[0]: slot type is 5, but must be less than 5" OTHER_LAYOUT);
	assert_patch_refused(
	    0x7e, 1,
	    "x.vob: byte 127: functions[0].code: 16777220 items need at least 134217760 bytes, but the file "
	    "ends after 67 more" OTHER_LAYOUT);
	assert_not_read(
	    example, sizeof example - 1,
	    "x.vob: byte 190: entry_function: needs 4 bytes, but the file ends after 3 more" OTHER_LAYOUT);
}
END_TEST

START_TEST(trailing_bytes_are_refused) {
	uint8_t longer[sizeof example + 9] = {0};
	memcpy(longer, example, sizeof example);
	assert_not_read(longer, sizeof longer,
	                "x.vob: byte 202: end: 1 bytes behind the debug section" OTHER_LAYOUT);
}
END_TEST

START_TEST(an_index_that_has_no_encoding_is_not_written) {
	volt_module *module = assembled("fn main {\n\tReturn r0, 0\n}\n");
	module->well_known.call_object = (volt_optional){true, UINT32_MAX};
	uint8_t *data;
	size_t size;
	volt_error *error = volt_module_write(module, &data, &size);
	ck_assert_ptr_nonnull(error);
	ck_assert_str_eq(volt_error_message(error), "t.vot: the optional index 4294967295 cannot be written");
	ck_assert_ptr_null(data);
	volt_error_free(error);
	volt_module_free(module);
}
END_TEST

static void assert_file_error(const char *path, const char *message) {
	volt_module *module;
	volt_error *error = volt_module_read_file(path, &module);
	ck_assert_ptr_nonnull(error);
	ck_assert_int_eq(volt_error_get_kind(error), VOLT_ERROR_FILE);
	ck_assert_str_eq(volt_error_message(error), message);
	volt_error_free(error);
}

START_TEST(a_file_that_cannot_be_read_is_a_file_error) {
	assert_file_error("/nowhere/x.vob", "/nowhere/x.vob: No such file or directory");
	assert_file_error("/", "/: Is a directory");
}
END_TEST

START_TEST(files_are_read_by_their_name) {
	char path[] = "sample-XXXXXX.vot";
	int descriptor = mkstemps(path, 4);
	ck_assert_int_ge(descriptor, 0);
	FILE *stream = fdopen(descriptor, "w");
	fputs(sample_loop, stream);
	fclose(stream);
	volt_module *module;
	volt_error *error = volt_module_read_file(path, &module);
	remove(path);
	ck_assert_ptr_null(error);
	ck_assert_uint_eq(module->functions.count, 1);
	volt_module_free(module);
}
END_TEST

START_TEST(locations_are_found_by_pc) {
	volt_module *module =
	    assembled("fn main {\n\tReturn r0, 0\n}\n"
	              "debug {\n\tfile \"a\"\n\tfunction {\n\t\tat 2 line=7\n\t\tat 5 line=9\n\t}\n}\n");
	ck_assert_ptr_null(volt_module_locate(module, 0, 1));
	ck_assert_uint_eq(volt_module_locate(module, 0, 2)->line, 7);
	ck_assert_uint_eq(volt_module_locate(module, 0, 4)->line, 7);
	ck_assert_uint_eq(volt_module_locate(module, 0, 5)->line, 9);
	ck_assert_ptr_null(volt_module_locate(module, 1, 5));
	volt_module_free(module);
}
END_TEST

START_TEST(errors_can_be_prefixed) {
	volt_error *error = volt_error_prefix(volt_error_new(VOLT_ERROR_LIMIT, "%d steps", 5), "run %s", "x");
	ck_assert_str_eq(volt_error_message(error), "run x: 5 steps");
	ck_assert_int_eq(volt_error_get_kind(error), VOLT_ERROR_LIMIT);
	volt_error_free(error);
	volt_error_free(NULL);
	volt_module_free(NULL);
}
END_TEST

START_TEST(no_error_has_a_kind_and_no_message) {
	ck_assert_int_eq(volt_error_get_kind(NULL), VOLT_ERROR_NONE);
	ck_assert_str_eq(volt_error_message(NULL), "");
}
END_TEST

int main(void) {
	Suite *suite = suite_create("vob");
	TCase *tests = tcase_create("bytes");
	tcase_add_test(tests, the_worked_example_is_read);
	tcase_add_test(tests, what_was_read_is_written);
	tcase_add_test(tests, an_empty_debug_section_is_kept_apart_from_none);
	tcase_add_test(tests, errors_name_place_and_cause);
	tcase_add_test(tests, trailing_bytes_are_refused);
	tcase_add_test(tests, an_index_that_has_no_encoding_is_not_written);
	tcase_add_test(tests, a_file_that_cannot_be_read_is_a_file_error);
	tcase_add_test(tests, files_are_read_by_their_name);
	tcase_add_test(tests, locations_are_found_by_pc);
	tcase_add_test(tests, errors_can_be_prefixed);
	tcase_add_test(tests, no_error_has_a_kind_and_no_message);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
