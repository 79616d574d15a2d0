/*
 * Damaged modules: every truncation and every single byte replaced. Each either verifies or is refused with a
 * message; the sanitizers watch. Whatever the reader accepts also survives the text form.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "volt/verify.h"
#include "volt/vob.h"
#include "volt/vot.h"

static void assert_has_message(volt_error *error) {
	ck_assert_uint_gt(strlen(volt_error_message(error)), 10);
	volt_error_free(error);
}

/* `round_trip`: also through the text form, which takes longer. */
static void try_module(const uint8_t *data, size_t size, bool round_trip) {
	volt_module *module;
	/* An exact copy, so that reading one byte too many is seen. */
	uint8_t *copy = malloc(size ? size : 1);
	memcpy(copy, data, size);
	volt_error *error = volt_module_read(copy, size, "t.vob", &module);
	if (error) {
		assert_has_message(error);
	} else {
		error = volt_module_verify(module);
		if (error)
			assert_has_message(error);
		if (round_trip)
			assert_round_trip(copy, size, "damaged module");
		volt_module_free(module);
	}
	free(copy);
}

static void try_all(uint8_t *data, size_t size, size_t text_stride) {
	uint64_t seed = size + 1;
	for (size_t length = 0; length < size; length++)
		try_module(data, length, false);
	for (size_t i = 0; i < size; i++) {
		uint8_t original = data[i];
		const uint8_t values[] = {original ^ 1, original ^ 0x80, 0x00, 0xff, (uint8_t)next_random(&seed)};
		for (size_t j = 0; j < sizeof values; j++) {
			data[i] = values[j];
			try_module(data, size, (i * sizeof values + j) % text_stride == 0);
		}
		data[i] = original;
	}
}

static void try_text(const char *text) {
	volt_module *module = assembled(text);
	bytes data = written(module);
	volt_module_free(module);
	try_all(data.data, data.size, 1);
	free(data.data);
}

START_TEST(damaged_loop) {
	try_text(sample_loop);
}
END_TEST
START_TEST(damaged_calls) {
	try_text(sample_calls);
}
END_TEST
START_TEST(damaged_records) {
	try_text(sample_records);
}
END_TEST

static void try_file(const char *name) {
	static uint8_t data[1 << 16];
	char path[1024];
	snprintf(path, sizeof path, "%s/%s", VOLT_SHARED_PROGRAMS, name);
	FILE *stream = fopen(path, "rb");
	if (!stream) {
		fprintf(stderr, "skipped: ../shared is not there\n");
		return;
	}
	size_t size = fread(data, 1, sizeof data, stream);
	fclose(stream);
	try_all(data, size, 97);
}

START_TEST(damaged_ackermann) {
	try_file("bench/ackermann.vob");
}
END_TEST
START_TEST(damaged_chan_pingpong) {
	try_file("bench/chan_pingpong.vob");
}
END_TEST
START_TEST(damaged_method_values) {
	try_file("conformance/method_values.vob");
}
END_TEST

/* The text form, damaged: an error with a place, or a module. */
START_TEST(damaged_text) {
	uint64_t seed = 77;
	size_t size = strlen(sample_records);
	for (size_t i = 0; i < size; i++) {
		char *text = malloc(size);
		memcpy(text, sample_records, size);
		text[i] = (char)next_random(&seed);
		size_t length = next_random(&seed) % 4 ? size : i;
		volt_module *module;
		volt_error *error = volt_module_assemble(text, length, "t.vot", &module);
		if (error)
			assert_has_message(error);
		volt_module_free(module);
		free(text);
	}
}
END_TEST

int main(void) {
	Suite *suite = suite_create("corruption");
	TCase *tests = tcase_create("damaged");
	tcase_set_timeout(tests, 240);
	tcase_add_test(tests, damaged_loop);
	tcase_add_test(tests, damaged_calls);
	tcase_add_test(tests, damaged_records);
	tcase_add_test(tests, damaged_ackermann);
	tcase_add_test(tests, damaged_chan_pingpong);
	tcase_add_test(tests, damaged_method_values);
	tcase_add_test(tests, damaged_text);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
