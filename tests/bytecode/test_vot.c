/* The text form: round trips, comfort of writing by hand, messages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "volt/verify.h"
#include "volt/vot.h"

static void assert_text_round_trip(const char *text) {
	volt_module *module = assembled(text);
	bytes data = written(module);
	assert_round_trip(data.data, data.size, "text");
	free(data.data);
	volt_module_free(module);
}

START_TEST(every_record_survives) {
	assert_text_round_trip(sample_records);
	assert_text_round_trip(sample_loop);
	assert_text_round_trip(sample_calls);
}
END_TEST

START_TEST(records_mean_what_they_say) {
	volt_module *module = assembled(sample_records);
	ck_assert_uint_eq(module->constants.items[4].bits, UINT64_MAX);
	ck_assert_uint_eq(module->constants.items[6].bits, UINT64_C(1) << 63);
	ck_assert_uint_eq(module->constants.items[8].bits, UINT64_C(0x7ff8000000000123));
	ck_assert_uint_eq(module->constants.items[11].text.length, 21);
	ck_assert(module->struct_metas.items[1].fields.items[2].has_tag);
	ck_assert(!module->struct_metas.items[1].fields.items[1].has_tag);
	ck_assert_uint_eq(module->struct_metas.items[1].fields.items[0].type, volt_meta_make(2, VOLT_KIND_INT));
	ck_assert_uint_eq(module->runtime_types.items[4].length, UINT64_MAX);
	ck_assert_uint_eq(module->well_known.set_index_object.value, 4294967294u);
	ck_assert_uint_eq(module->named_types.items[0].methods.items[1].function, 9);
	const volt_function *method = &module->functions.items[2];
	ck_assert_uint_eq(method->heap_result_count, 1);
	ck_assert_uint_eq(method->heap_result_slots.count, 2);
	ck_assert_uint_eq(module->functions.items[1].code.items[0].c, 7);
	ck_assert_uint_eq(module->functions.items[1].code.items[1].op, 200);
	ck_assert_int_eq(module->functions.items[3].error_result_slot, -7);
	ck_assert_uint_eq(module->entry_function, 3);
	ck_assert_uint_eq(module->function_debug.items[0].locations.items[0].line, 4000000000u);
	volt_module_free(module);
}
END_TEST

static void assert_line(const volt_module *module, uint32_t function, uint32_t pc, uint32_t expected) {
	volt_text file;
	uint32_t line;
	ck_assert(volt_module_find_line(module, function, pc, &file, &line));
	ck_assert_uint_eq(file.length, 5);
	ck_assert(memcmp(file.bytes, "t.vot", 5) == 0);
	ck_assert_uint_eq(line, expected);
}

static const char lined[] = "; a comment\n"
                            "fn f {\n"
                            "again:\n"
                            "\n"
                            "	LoadInt r0, 1\n"
                            "	Jump again ; goes on\n"
                            "}\n"
                            "type func [\n"
                            "int] []\n"
                            "fn main { LoadInt r0, 2\n"
                            "end: Return r0, 0 }\n";

START_TEST(text_is_its_own_source) {
	volt_module *module = assembled(lined);
	assert_line(module, 0, 0, 5);
	assert_line(module, 0, 1, 6);
	assert_line(module, 1, 0, 10);
	assert_line(module, 1, 1, 11);
	ck_assert_uint_eq(volt_module_locate(module, 0, 1)->column, 2);
	ck_assert_uint_eq(volt_module_locate(module, 1, 0)->column, 11);
	volt_module_free(module);
}
END_TEST

START_TEST(lines_of_text_are_not_written) {
	volt_module *module = assembled(lined);
	bytes data = written(module);
	volt_module *binary = read_bytes(data.data, data.size);
	char *of_text = disassembled(module), *of_binary = disassembled(binary);
	ck_assert_str_eq(of_text, of_binary);
	ck_assert(!binary->has_debug);
	ck_assert_uint_eq(binary->function_debug.count, 0);
	free(of_text);
	free(of_binary);
	free(data.data);
	volt_module_free(binary);
	volt_module_free(module);
}
END_TEST

START_TEST(a_debug_section_in_the_text_holds) {
	volt_module *module = assembled("debug {\n}\nfn main {\n\tReturn r0, 0\n}\n");
	ck_assert(module->has_debug);
	ck_assert_ptr_null(volt_module_locate(module, 0, 0));
	volt_module_free(module);
}
END_TEST

START_TEST(errors_of_instructions_name_the_line) {
	volt_module *module = assembled("fn main locals=1 {\n\n\tCopy r0, r9\n\tReturn r0, 0\n}\n");
	volt_error *error = volt_module_verify(module);
	ck_assert_str_eq(volt_error_message(error),
	                 "t.vot: function main (#0), pc 0 (Copy) at t.vot:3: slots r9 to r9 "
	                 "are outside of the frame of 1 slots");
	volt_error_free(error);
	volt_module_free(module);
}
END_TEST

/* Every opcode byte with random other bytes, in a module with names to find and constants to print. */
START_TEST(every_instruction_survives) {
	uint64_t seed = 0x9e3779b97f4a7c15;
	volt_module *module = assembled(sample_records);
	for (int round = 0; round < 12; round++) {
		volt_instruction code[512];
		for (unsigned i = 0; i < 512; i++) {
			uint32_t random = next_random(&seed), shape = next_random(&seed);
			uint16_t mask = shape & 1 ? 0xffff : 0x7;
			code[i] = (volt_instruction){(uint8_t)i, (uint8_t)(shape & 2 ? random >> 24 : random & 3),
			                             (uint16_t)(random & mask), (uint16_t)(next_random(&seed) & mask),
			                             (uint16_t)(next_random(&seed) & (shape & 4 ? 0xffff : 0x7))};
		}
		volt_function *function = &module->functions.items[1];
		function->code.items = code;
		function->code.count = 512;
		bytes data = written(module);
		assert_round_trip(data.data, data.size, "random instructions");
		free(data.data);
	}
	volt_module_free(module);
}
END_TEST

START_TEST(left_out_parts_have_defaults) {
	volt_module *module = assembled(sample_calls);
	ck_assert_ptr_null(volt_module_verify(module));
	ck_assert_uint_eq(module->entry_function, 2);
	ck_assert_uint_eq(module->functions.items[0].result_slots, 1);
	ck_assert_uint_eq(module->functions.items[0].local_slots, 2);
	ck_assert_uint_eq(module->functions.items[0].parameter_count, 2);
	ck_assert_int_eq(module->functions.items[0].error_result_slot, -1);
	ck_assert(module->functions.items[2].has_defer);
	ck_assert(!module->functions.items[0].has_defer);
	ck_assert_uint_eq(module->functions.items[2].local_slots, 18);
	ck_assert_uint_eq(module->constants.count, 1);
	ck_assert_uint_eq(module->natives.count, 1);
	volt_module_free(module);
}
END_TEST

START_TEST(metadata_is_written_by_name) {
	volt_module *module =
	    assembled("global g meta=struct:2\nglobal h meta=0x20f\n"
	              "fn main {\n\tLoadInt r0, struct:3\n\tLoadInt r1, int\n\tReturn r0, 0\n}\n");
	const volt_instruction *code = module->functions.items[0].code.items;
	ck_assert_int_eq(volt_instruction_get(code[0], VOLT_FIELD_IMM), volt_meta_make(3, VOLT_KIND_STRUCT));
	ck_assert_int_eq(volt_instruction_get(code[1], VOLT_FIELD_IMM), volt_meta_make(0, VOLT_KIND_INT));
	ck_assert_uint_eq(module->globals.items[0].meta, volt_meta_make(2, VOLT_KIND_STRUCT));
	ck_assert_uint_eq(module->globals.items[1].meta, 0x20f);
	char *text = disassembled(module);
	ck_assert_ptr_nonnull(strstr(text, "global g slots=1 kind=void meta=struct:2\n"));
	free(text);
	volt_module_free(module);
}
END_TEST

START_TEST(natives_are_declared_by_their_first_call) {
	volt_module *module = assembled(
	    "fn main {\n\tCallExtern @a_blocking_b, r0, r0 args=0 results=2\n"
	    "\tCallExtern @c, r0, r0 args=0\n\tCallExtern @a_blocking_b, r0, r0 args=0\n\tReturn r0, 0\n}\n"
	    "native c results=1\n");
	ck_assert_uint_eq(module->natives.count, 2);
	ck_assert_uint_eq(module->natives.items[0].result_slots, 1);
	ck_assert_uint_eq(module->natives.items[1].result_slots, 2);
	ck_assert(module->natives.items[1].is_blocking);
	ck_assert_uint_eq(module->functions.items[0].code.items[1].b, 0);
	ck_assert_uint_eq(module->functions.items[0].code.items[2].b, 1);
	ck_assert_uint_eq(module->functions.items[0].local_slots, 2);
	volt_module_free(module);
}
END_TEST

START_TEST(constants_in_place_enter_the_pool_once) {
	volt_module *module =
	    assembled("fn main {\n\tLoadConst r0, 3.5\n\tLoadConst r0, float 3.5\n\tLoadConst r0, 7\n"
	              "\tLoadConst r0, int 7\n\tStrNew r0, \"a\"\n\tStrNew r0, \"a\"\n"
	              "\tIfaceAssign r0, r2, iface(int), int\n\tIfaceAssign r0, r2, iface(40, 3), 15\n"
	              "\tLoadConst r0, c2\n\tReturn r0, 0\n}\n");
	ck_assert_uint_eq(module->constants.count, 5);
	ck_assert_uint_eq(module->constants.items[3].bits, UINT64_C(2) << 32);
	ck_assert_uint_eq(module->constants.items[4].bits, UINT64_C(40) << 32 | 3);
	ck_assert_uint_eq(module->functions.items[0].code.items[6].flags, VOLT_KIND_INT);
	ck_assert_uint_eq(module->functions.items[0].code.items[8].b, 2);
	volt_module_free(module);
}
END_TEST

START_TEST(labels_reach_both_ways) {
	volt_module *module =
	    assembled("fn main {\nback: JumpIf r0, ahead ; comment\n\tForLoop r0, r1, back // other\n"
	              "\tJump back\nahead:\n\tReturn r0, 0\n}\n");
	const volt_instruction *code = module->functions.items[0].code.items;
	ck_assert_int_eq(volt_instruction_immediate(code[0]), 3);
	ck_assert_int_eq((int16_t)code[1].c, -2);
	ck_assert_int_eq(volt_instruction_immediate(code[2]), -2);
	volt_module_free(module);
}
END_TEST

START_TEST(a_dump_is_pleasant_to_read) {
	volt_module *module = assembled(sample_loop);
	char *text = disassembled(module);
	ck_assert_ptr_nonnull(strstr(text, "fn main params=0 locals=6 results=0 {\n"));
	ck_assert_ptr_nonnull(strstr(text, "L3:\n\tAddI r0, r0, r1 "));
	ck_assert_ptr_nonnull(strstr(text, "\tForLoop r1, r2, L3 "));
	ck_assert_ptr_nonnull(strstr(text, "\tLoadConst r3, 5000000000 "));
	ck_assert_ptr_nonnull(strstr(text, "\tIfaceAssign r4, r0, iface(int), int "));
	ck_assert_ptr_nonnull(strstr(text, "\tCallExtern @vo_println, r0, r4 args=2 "));
	free(text);
	volt_module_free(module);
}
END_TEST

START_TEST(one_instruction_is_formatted_alone) {
	volt_module *module = assembled(sample_calls);
	char buffer[64], small[6];
	const volt_function *start = &module->functions.items[2];
	ck_assert_uint_eq(volt_instruction_format(module, start, 2, buffer, sizeof buffer), 30);
	ck_assert_str_eq(buffer, "Call @add, r0 args=2 results=1");
	ck_assert_uint_eq(volt_instruction_format(module, start, 2, small, sizeof small), 30);
	ck_assert_str_eq(small, "Call ");
	ck_assert_uint_eq(volt_instruction_format(module, start, 2, NULL, 0), 30);
	volt_instruction_format(module, start, 8, buffer, sizeof buffer);
	ck_assert_str_eq(buffer, "StrNew r4, \"hello\\n\"");
	volt_module_free(module);
}
END_TEST

#define IN_MAIN(line) "fn main {\n" line "\n\tReturn r0, 0\n}\n"

#define NO_LOAD_INT \
	"does not fit this operand of LoadInt, which takes -2147483648 to 2147483647: use LoadConst"

START_TEST(messages_name_line_and_column) {
	assert_refused("fn f {\n\tReturn r0, 0\n}\n",
	               "t.vot:4:1: no entry: expected a function named __entry__ or main, or an entry line");
	assert_refused(
	    "what\n",
	    "t.vot:1:1: expected a statement (fn, const, global, native, entry, ...), but found 'what'");
	assert_refused(IN_MAIN("\tAdd r0, r1, r2"),
	               "t.vot:2:2: expected the name of an opcode (volt opcodes lists them), but found 'Add'");
	assert_refused(IN_MAIN("\tAddI r0, r1"), "t.vot:2:13: expected ',', but found the end of the line");
	assert_refused(IN_MAIN("\tAddI r0, r1, 5"), "t.vot:2:15: expected a slot, such as r0, but found '5'");
	assert_refused(IN_MAIN("\tAddI r0, r1, r65536"), "t.vot:2:15: expected r0 to r65535");
	assert_refused(IN_MAIN("\tAddI r0, r1, r2 args=1"),
	               "t.vot:2:18: expected the end of the line, but found 'args'");
	assert_refused(IN_MAIN("\tCallExtern @vo_println, r0, r0 arg=2"),
	               "t.vot:2:33: expected the end of the line or args=N, but found 'arg'");
	assert_refused(IN_MAIN("\tGlobalGet r0, @none"),
	               "t.vot:2:17: before this line there is no global 'none'");
	assert_refused(IN_MAIN("\tCallExtern @twice, r0, r0 args=0") "native twice\nnative twice\n",
	               "t.vot:2:14: 2 natives are named 'twice': write the index, n0");
	assert_refused(IN_MAIN("\tJump a_label_whose_name_is_longer_than_forty_characters"),
	               "t.vot:2:7: the function has no label 'a_label_whose_name_is_longer_than_forty_'");
	assert_refused(IN_MAIN("\tCall @nobody, r0"), "t.vot:2:8: there is no function 'nobody'");
	assert_refused(IN_MAIN("\tJump away"), "t.vot:2:7: the function has no label 'away'");
	assert_refused(IN_MAIN("a:\na:"), "t.vot:3:1: the label 'a' is defined twice");
	assert_refused(IN_MAIN("\tCall @main, r0 args=256"),
	               "t.vot:2:22: 256 does not fit args of Call, which takes 0 to 255");
	assert_refused(IN_MAIN("\tSliceNew r0, r1, r2 bytes=5000000000"),
	               "t.vot:2:28: 5000000000 does not fit bytes of SliceNew, which takes 0 to 255");
	assert_refused(IN_MAIN("\tCopyN r0, r1, -1"),
	               "t.vot:2:16: -1 does not fit this operand of CopyN, which takes 0 to 65535");
	assert_refused(IN_MAIN("\tJump +5000000000"),
	               "t.vot:2:7: a label or a distance must be between -2147483648 "
	               "and 2147483647");
	assert_refused(IN_MAIN("\tStrNew r0, \"abc"), "t.vot:2:13: the string has no closing quote on its line");
	assert_refused(IN_MAIN("\tStrNew r0, \"\\q\""),
	               "t.vot:2:13: unknown escape in the string: known are \\n \\t \\r \\0 \\\\ \\\" \\xHH");
	assert_refused(IN_MAIN("\tStrNew r0, \"\\xff\""), "t.vot:2:13: the string is not UTF-8");
	assert_refused(IN_MAIN("\tLoadInt r0, 4294967296"), "t.vot:2:14: 4294967296 " NO_LOAD_INT);
	assert_refused(IN_MAIN("\tLoadInt r0, 2147483648"), "t.vot:2:14: 2147483648 " NO_LOAD_INT);
	assert_refused(IN_MAIN("\tLoadInt r0, -2147483649"), "t.vot:2:14: -2147483649 " NO_LOAD_INT);
	assert_refused(IN_MAIN("\tLoadInt r0, struct:8388608"), "t.vot:2:14: 2147483663 " NO_LOAD_INT);
	assert_refused(IN_MAIN("\tLoadInt r0, 0.5"),
	               "t.vot:2:14: expected an integer (LoadConst takes any constant), but found '0.5'");
	assert_refused(
	    "native x width=1\n",
	    "t.vot:1:10: expected an attribute of the native (results, params, blocking), but found 'width'");
	assert_refused(
	    "global x width=1\n",
	    "t.vot:1:10: expected an attribute of the global (slots, kind, meta, types), but found 'width'");
	assert_refused(IN_MAIN("\tLoadConst r0, 18446744073709551616"),
	               "t.vot:2:16: the number does not fit 64 bits");
	assert_refused(IN_MAIN("\tLoadConst r0, ?"), "t.vot:2:16: unexpected character 0x3f");
	assert_refused("fn main params=70000 {\n}\n", "t.vot:1:16: params must be between 0 and 65535");
	assert_refused("fn main colour=1 {\n}\n",
	               "t.vot:1:9: expected an attribute of the function or '{', but found 'colour'");
	assert_refused("fn main {\n",
	               "t.vot:2:1: expected an instruction or a label, but found the end of the text");
	assert_refused("fn main {\n\tReturn r0, 0\n}\nfn main {\n}\nentry @main\n",
	               "t.vot:6:8: 2 functions are named 'main': write the index, f0");
	assert_refused("", "t.vot:1:1: no entry: expected a function named __entry__ or main, or an entry line");
}
END_TEST

#define ARGUMENTS "args=N: the slots of the arguments, args=0 if there are none"
#define RESULTS "results=N: the slots of the results that are wanted, results=0 if there are none"
#define BYTES "bytes=N: the bytes of an element, bytes=0 if a slot holds their number"
#define SLOTS "slots=N: the slots of a value, slots=0 if it is empty"
#define KEY "key=N: the slots of a key, key=0 if it is empty"
#define VALUE "value=N: the slots of a value, value=0 if it is empty"
#define METHOD "method=N: the number of the method in the interface, from 0"

/* What would mean something else if it were forgotten is an error, at the instruction. */
START_TEST(operands_that_count_something_are_required) {
	static const char *const needed[][3] = {
	    {"CallExtern @x, r0, r0", "CallExtern", ARGUMENTS},
	    {"CallClosure r0, r1", "CallClosure", ARGUMENTS},
	    {"CallIface r0, r2 args=0", "CallIface", METHOD},
	    {"CallIface r0, r2 method=0", "CallIface", ARGUMENTS},
	    {"GoStart r0, r1", "GoStart", ARGUMENTS},
	    {"DeferPush @takes, r1", "DeferPush", ARGUMENTS},
	    {"ErrDeferPush r0, r1", "ErrDeferPush", ARGUMENTS},
	    {"GoIsland r0, r1, r2", "GoIsland", ARGUMENTS},
	    {"Call @takes, r0", "Call", ARGUMENTS},
	    {"Call @gives, r0", "Call", RESULTS},
	    {"Call f9, r0 args=0", "Call", RESULTS},
	    {"ArrayNew r0, r1, r2", "ArrayNew", BYTES},
	    {"ArrayGet r0, r1, r2", "ArrayGet", BYTES},
	    {"ArraySet r0, r1, r2", "ArraySet", BYTES},
	    {"ArrayAddr r0, r1, r2", "ArrayAddr", BYTES},
	    {"SliceNew r0, r1, r2", "SliceNew", BYTES},
	    {"SliceGet r0, r1, r2", "SliceGet", BYTES},
	    {"SliceSet r0, r1, r2", "SliceSet", BYTES},
	    {"SliceAppend r0, r1, r2", "SliceAppend", BYTES},
	    {"SliceAddr r0, r1, r2", "SliceAddr", BYTES},
	    {"MapNew r0, r1 value=1", "MapNew", KEY},
	    {"MapNew r0, r1 key=1", "MapNew", VALUE},
	    {"MapIterNext r0, r1, r2 key=1", "MapIterNext", VALUE},
	    {"ChanNew r0, r1, r2", "ChanNew", SLOTS},
	    {"ChanSend r0, r1", "ChanSend", SLOTS},
	    {"ChanRecv r0, r1 ok=1", "ChanRecv", SLOTS},
	    {"PortNew r0, r1, r2", "PortNew", SLOTS},
	    {"PortSend r0, r1", "PortSend", SLOTS},
	    {"PortRecv r0, r1", "PortRecv", SLOTS},
	};
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		char text[256], message[128];
		snprintf(text, sizeof text,
		         "fn main {\n%s\nReturn r0, 0\n}\nfn takes params=1 {\nReturn r0, 0\n}\n"
		         "fn gives {\nReturn r0, 1\n}\n",
		         needed[i][0]);
		snprintf(message, sizeof message, "t.vot:2:1: %s needs %s", needed[i][1], needed[i][2]);
		assert_refused(text, message);
	}
}
END_TEST

/* Those that are 0 are written as well; what a named function is known not to have is left out. */
START_TEST(required_operands_are_dumped) {
	static const char *const lines[] = {
	    "Call @quiet, r0",
	    "GoStart @quiet, r0",
	    "Call @gives, r0 results=0",
	    "Call @takes, r0 args=0",
	    "CallClosure r0, r1 args=0",
	    "CallExtern @x, r0, r1 args=0",
	    "SliceGet r0, r1, r2 bytes=0",
	    "CallIface r0, r2 method=0 args=0",
	    "ChanRecv r0, r1 slots=0",
	    "MapNew r0, r1 key=0 value=0",
	    "IfaceAssert r0, r2, 4",
	};
	enum { COUNT = sizeof lines / sizeof *lines };
	char text[1024] = "fn quiet {\nReturn r0, 0\n}\nfn gives {\nReturn r0, 1\n}\n"
	                  "fn takes params=1 {\nReturn r0, 0\n}\nfn main {\n";
	for (unsigned pc = 0; pc < COUNT; pc++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s\n", lines[pc]);
	snprintf(text + strlen(text), sizeof text - strlen(text), "Return r0, 0\n}\n");
	assert_text_round_trip(text);
	volt_module *module = assembled(text);
	for (unsigned pc = 0; pc < COUNT; pc++) {
		char buffer[64];
		volt_instruction_format(module, &module->functions.items[3], pc, buffer, sizeof buffer);
		ck_assert_str_eq(buffer, lines[pc]);
	}
	volt_module_free(module);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("vot");
	TCase *tests = tcase_create("text");
	tcase_set_timeout(tests, 30);
	tcase_add_test(tests, every_record_survives);
	tcase_add_test(tests, records_mean_what_they_say);
	tcase_add_test(tests, text_is_its_own_source);
	tcase_add_test(tests, lines_of_text_are_not_written);
	tcase_add_test(tests, a_debug_section_in_the_text_holds);
	tcase_add_test(tests, errors_of_instructions_name_the_line);
	tcase_add_test(tests, every_instruction_survives);
	tcase_add_test(tests, left_out_parts_have_defaults);
	tcase_add_test(tests, metadata_is_written_by_name);
	tcase_add_test(tests, natives_are_declared_by_their_first_call);
	tcase_add_test(tests, constants_in_place_enter_the_pool_once);
	tcase_add_test(tests, labels_reach_both_ways);
	tcase_add_test(tests, a_dump_is_pleasant_to_read);
	tcase_add_test(tests, one_instruction_is_formatted_alone);
	tcase_add_test(tests, messages_name_line_and_column);
	tcase_add_test(tests, operands_that_count_something_are_required);
	tcase_add_test(tests, required_operands_are_dumped);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
