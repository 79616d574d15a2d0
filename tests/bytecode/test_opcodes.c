/* The opcode table and the fields of instructions. */
#include <string.h>

#include "support.h"

START_TEST(every_number_has_one_unique_name) {
	for (int op = 0; op < VOLT_OPCODE_COUNT; op++) {
		const volt_opcode_info *info = volt_opcode_get_info((uint8_t)op);
		ck_assert_ptr_nonnull(info);
		ck_assert_ptr_nonnull(info->name);
		ck_assert_int_eq(volt_opcode_by_name(info->name, strlen(info->name)), op);
	}
	ck_assert_ptr_null(volt_opcode_get_info(VOLT_OPCODE_COUNT));
	ck_assert_ptr_null(volt_opcode_get_info(255));
	ck_assert_int_eq(volt_opcode_by_name("addi", 4), -1);
	ck_assert_int_eq(volt_opcode_by_name("AddIx", 5), -1);
	ck_assert_int_eq(volt_opcode_by_name("AddIx", 4), VOLT_OP_AddI);
}
END_TEST

/* Numbers that SPECIFICATION.md, "Instructions" gives, one from each family. */
START_TEST(numbers_are_those_of_the_specification) {
	ck_assert_int_eq(VOLT_OP_Hint, 0);
	ck_assert_int_eq(VOLT_OP_LoadInt, 1);
	ck_assert_int_eq(VOLT_OP_AddI, 19);
	ck_assert_int_eq(VOLT_OP_CallExtern, 0x3d);
	ck_assert_int_eq(VOLT_OP_Return, 0x40);
	ck_assert_int_eq(VOLT_OP_MapNew, 89);
	ck_assert_int_eq(VOLT_OP_SelectExec, 105);
	ck_assert_int_eq(VOLT_OP_IfaceAssign, 113);
	ck_assert_int_eq(VOLT_OP_IndexCheck, 121);
	ck_assert_int_eq(VOLT_OP_ForLoop, 130);
	ck_assert_int_eq(VOLT_OPCODE_COUNT, 131);
}
END_TEST

/* "R[b]", "R[b + 1]", "R[b..]": what the semantics call a slot operand in this field; NULL: they have no word
 * for it. */
static const char *slot_word(volt_field field) {
	switch (field) {
	case VOLT_FIELD_A: return "R[a";
	case VOLT_FIELD_B: return "R[b";
	case VOLT_FIELD_C: return "R[c";
	default: return NULL;
	}
}

static bool is_slots(volt_operand_role role) {
	return role == VOLT_OPERAND_READ || role == VOLT_OPERAND_WRITE || role == VOLT_OPERAND_UPDATE;
}

START_TEST(semantics_name_every_slot) {
	for (int op = 0; op < VOLT_OPCODE_COUNT; op++) {
		const volt_opcode_info *info = volt_opcode_get_info((uint8_t)op);
		ck_assert_msg(info->semantics && *info->semantics, "%s", info->name);
		for (const volt_operand *operand = info->operands; operand->role; operand++) {
			const char *word = is_slots(operand->role) ? slot_word(operand->field) : NULL;
			ck_assert_msg(!word || strstr(info->semantics, word), "%s: %s does not name %s]", info->name,
			              info->semantics, word);
		}
	}
}
END_TEST

static bool is_slots_or_count(const volt_operand *operand) {
	return operand->role == VOLT_OPERAND_READ || operand->role == VOLT_OPERAND_WRITE;
}

START_TEST(fields_of_an_opcode_do_not_overlap) {
	for (int op = 0; op < VOLT_OPCODE_COUNT; op++) {
		const volt_opcode_info *info = volt_opcode_get_info((uint8_t)op);
		for (const volt_operand *one = info->operands; one->role; one++)
			for (const volt_operand *other = info->operands; other < one; other++) {
				/* Calls read arguments and write results in the same place. */
				if (one->field == other->field && is_slots_or_count(one) && is_slots_or_count(other))
					continue;
				ck_assert_msg(!(volt_field_mask(one->field) & volt_field_mask(other->field)),
				              "%s: two operands share bits", info->name);
			}
	}
}
END_TEST

START_TEST(fields_keep_what_is_stored) {
	static const int64_t samples[] = {0,   1,    -1,    2,     7,      15,    31,    127,      128,     255,
	                                  256, 1000, 32767, 32768, -32768, 65535, 65536, 0x7fffff, 0xffffff};
	for (volt_field field = VOLT_FIELD_FLAGS; field <= VOLT_FIELD_FLAGS_HIGH_4; field++)
		for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
			volt_instruction before = {19, 0x55, 0x1234, 0x5678, 0x9abc}, after = before;
			if (volt_instruction_set(&after, field, samples[i]))
				ck_assert_int_eq(volt_instruction_get(after, field), samples[i]);
			else
				ck_assert_int_eq(memcmp(&before, &after, sizeof before), 0);
			ck_assert_uint_eq(after.op, 19);
		}
}
END_TEST

START_TEST(fields_have_the_limits_of_the_format) {
	volt_instruction i = {0};
	ck_assert(volt_instruction_set(&i, VOLT_FIELD_A_WITH_FLAGS, 0xabcdef));
	ck_assert_uint_eq(i.a, 0xcdef);
	ck_assert_uint_eq(i.flags, 0xab);
	ck_assert(!volt_instruction_set(&i, VOLT_FIELD_A_WITH_FLAGS, 0x1000000));
	ck_assert(volt_instruction_set(&i, VOLT_FIELD_A_WITH_FLAGS_ABOVE_BIT_0, 0x7fffff));
	ck_assert(!volt_instruction_set(&i, VOLT_FIELD_A_WITH_FLAGS_ABOVE_BIT_0, 0x800000));
	ck_assert(volt_instruction_set(&i, VOLT_FIELD_IMM, INT32_MIN));
	ck_assert_uint_eq(i.b, 0);
	ck_assert_uint_eq(i.c, 0x8000);
	ck_assert_int_eq(volt_instruction_immediate(i), INT32_MIN);
	ck_assert(!volt_instruction_set(&i, VOLT_FIELD_IMM, (int64_t)INT32_MAX + 1));
	ck_assert(volt_instruction_set(&i, VOLT_FIELD_C_SIGNED, -32768));
	ck_assert(!volt_instruction_set(&i, VOLT_FIELD_C_SIGNED, 32768));
	ck_assert(volt_instruction_set(&i, VOLT_FIELD_FLAGS_HIGH_5, 31));
	ck_assert(!volt_instruction_set(&i, VOLT_FIELD_FLAGS_HIGH_5, 32));
	ck_assert(!volt_instruction_set(&i, VOLT_FIELD_NONE, 1));
}
END_TEST

/*
 * Element flags (SPECIFICATION.md, "Arrays and slices"): bytes in the low six bits, sign and float marks
 * above.
 */
START_TEST(elements_take_whole_slots) {
	static const struct {
		uint8_t flags;
		uint32_t slots;
	} cases[] = {{0, 0},    {1, 1},    {2, 1},    {4, 1},  {8, 1},  {0x81, 1},
	             {0x82, 1}, {0x84, 1}, {0x44, 1}, {16, 2}, {24, 3}, {56, 7}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_uint_eq(volt_element_slots(cases[i].flags), cases[i].slots);
}
END_TEST

START_TEST(jumps_count_from_their_base) {
	volt_instruction jump = {.op = VOLT_OP_Jump};
	volt_instruction_set(&jump, VOLT_FIELD_IMM, -3);
	ck_assert_int_eq(volt_jump_target(jump, 10), 7);
	volt_instruction loop = {.op = VOLT_OP_ForLoop, .c = (uint16_t)-3};
	ck_assert_int_eq(volt_jump_target(loop, 10), 8);
}
END_TEST

static int slots_of(volt_instruction instruction, unsigned operand) {
	static const volt_native_import native = {.result_slots = 3};
	volt_module module = {.natives = {(volt_native_import *)&native, 1}};
	volt_function function = {.local_slots = 20};
	return volt_operand_slots(&module, &function, instruction,
	                          &volt_opcode_get_info(instruction.op)->operands[operand]);
}

START_TEST(operands_cover_what_the_specification_says) {
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_CopyN, 0, 1, 2, 5}, 0), 5);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_SlotGet, 0, 1, 4, 5}, 1), 16);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_Call, 0, 1, 2, 4 << 8 | 2}, 1), 4);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_Call, 0, 1, 2, 4 << 8 | 2}, 2), 2);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_Call, 0, 1, 2, 4 << 8 | 2}, 0), 0);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_CallExtern, 2, 1, 0, 4}, 1), 3);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_SliceGet, 16, 1, 2, 3}, 0), 2);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_SliceGet, 0, 1, 2, 3}, 0), -1);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_SliceGet, 0, 1, 2, 3}, 2), 2);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_SliceNew, 0, 1, 2, 3}, 2), 3);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_SliceAppend, 24, 1, 2, 3}, 2), 4);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_SliceSlice, 2, 1, 2, 3}, 2), 3);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_MapGet, 0, 1, 2, 3}, 0), -1);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_MapIterNext, 0x21, 1, 2, 3}, 0), 3);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_MapIterNext, 0x21, 1, 2, 3}, 1), 7);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_ChanRecv, 5, 1, 2, 3}, 0), 3);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_SelectSend, 0, 1, 2, 3}, 1), 1);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_SelectRecv, 1, 1, 2, 3}, 0), 2);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_IfaceAssign, 16, 1, 2, 3}, 1), 2);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_IfaceAssign, 2, 1, 2, 3}, 1), 1);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_IfaceAssert, 1 | 4 | 7 << 3, 1, 2, 3}, 0), 3);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_IfaceAssert, 4 | 7 << 3, 1, 2, 3}, 0), 8);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_IfaceAssert, 0, 1, 2, 3}, 0), 1);
	ck_assert_int_eq(slots_of((volt_instruction){VOLT_OP_ClosureGet, 0, 1, 2, 0}, 2), 1);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("opcodes");
	TCase *tests = tcase_create("table");
	tcase_add_test(tests, every_number_has_one_unique_name);
	tcase_add_test(tests, numbers_are_those_of_the_specification);
	tcase_add_test(tests, semantics_name_every_slot);
	tcase_add_test(tests, fields_of_an_opcode_do_not_overlap);
	tcase_add_test(tests, fields_keep_what_is_stored);
	tcase_add_test(tests, fields_have_the_limits_of_the_format);
	tcase_add_test(tests, elements_take_whole_slots);
	tcase_add_test(tests, jumps_count_from_their_base);
	tcase_add_test(tests, operands_cover_what_the_specification_says);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
