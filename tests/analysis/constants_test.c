/* Constants in slots with widths and indices, and what operands cover with them, worked out by hand. */
#include "analysis/constants.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define MAIN "fn main {\n\tReturn r0, 0\n}\nfn same params=1 results=1 {\n\tReturn r0, 1\n}\n"
#define FUNCTION(body) MAIN "fn f params=3 locals=40 {\n" body "\tReturn r0, 0\n}\n"

typedef struct {
	const char *text;
	const char *found; /* "pc:value" of function `f`, for each instruction that has a width or an index */
} constants_case;

static const volt_function *function_f(const volt_module *module) {
	return &module->functions.items[function_named(module, "f")];
}

static slot_constants constants_of(const volt_module *module, uint64_t most_steps) {
	control_flow flow;
	slot_constants constants;
	ck_assert(volt_control_flow_compute(function_f(module), &flow));
	slot_constants_compute(module, &flow, most_steps, &constants);
	volt_control_flow_dispose(&flow);
	return constants;
}

static char *all_constants(const slot_constants *constants) {
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	const char *space = "";
	for (uint32_t pc = 0; pc < constants->function->code.count; pc++) {
		uint64_t value;
		if (!volt_slot_constant(constants, pc, &value))
			continue;
		fprintf(out, "%s%" PRIu32 ":%" PRId64, space, pc, (int64_t)value);
		space = " ";
	}
	fclose(out);
	return text;
}

static void expect_within(const constants_case *expected, uint64_t most_steps) {
	volt_module *module = assemble(expected->text);
	slot_constants constants = constants_of(module, most_steps);
	char *found = all_constants(&constants);
	ck_assert_str_eq(found, expected->found);
	free(found);
	slot_constants_dispose(&constants);
	volt_module_free(module);
}

static const constants_case within_blocks[] = {
    {FUNCTION("	LoadInt r9, 72\n	SliceGet r20, r0, r8 bytes=0\n"), "1:72"},
    {FUNCTION("	LoadConst r9, 100000000000\n	ArrayGet r20, r0, r8 bytes=0\n"), "1:100000000000"},
    {FUNCTION("	LoadInt r9, -1\n	ArraySet r0, r8, r20 bytes=0\n"), "1:-1"},
    {FUNCTION("	LoadInt r9, 72\n	SliceSet r0, r8, r20 bytes=0\n"), "1:72"},
    {FUNCTION("	LoadInt r9, 72\n	SliceAppend r0, r0, r8 bytes=0\n"), "1:72"},
    {FUNCTION("	LoadInt r9, 257\n	MapSet r0, r9, r20\n"), "1:257"},
    {FUNCTION("	LoadInt r9, 65538\n	MapGet r20, r0, r9\n"), "1:65538"},
    {FUNCTION("	LoadInt r9, 2\n	MapDelete r0, r9\n"), "1:2"},
    {FUNCTION("	LoadInt r9, 3\n	SlotGet r20, r0, r9\n	SlotSet r0, r9, r20\n"), "1:3 2:3"},
    {FUNCTION("	LoadInt r9, 3\n	SlotGetN r20, r0, r9, 2\n	SlotSetN r0, r9, r20, 2\n"), "1:3 2:3"},
    /* A string loads as 0. */
    {FUNCTION("	LoadConst r9, \"text\"\n	SlotGet r20, r0, r9\n"), "1:0"},
    /* Where the flags say it there is nothing to know. */
    {FUNCTION("	LoadInt r9, 72\n	SliceGet r20, r0, r8 bytes=16\n"), ""},
    /* Copies, of one slot and of several that overlap. */
    {FUNCTION("	LoadInt r5, 72\n	Copy r6, r5\n	LoadInt r5, 16\n	Copy r9, r6\n	SliceGet r20, r0, r8 "
              "bytes=0\n"),
     "4:72"},
    {FUNCTION("	LoadInt r8, 72\n	LoadInt r7, 8\n	CopyN r8, r7, 3\n	SliceGet r20, r0, r8 bytes=0\n"),
     "3:72"},
    /* The entry leaves parameters and zeros; arithmetic is not looked into. */
    {FUNCTION("	SliceGet r20, r1, r1 bytes=0\n"), ""},
    {FUNCTION("	SliceGet r20, r0, r8 bytes=0\n"), ""},
    {FUNCTION("	LoadInt r9, 72\n	AddI r9, r9, r9\n	SliceGet r20, r0, r8 bytes=0\n"), ""},
};

START_TEST(in_one_block) {
	expect_within(&within_blocks[_i], UINT64_MAX);
}
END_TEST

/* What may write the slot in between; the sibling beside it may not. */
static const constants_case overwritten[] = {
    {FUNCTION("	LoadInt r9, 72\n	Call @same, r9 args=1 results=1\n	SliceGet r20, r0, r8 bytes=0\n"), ""},
    {FUNCTION("	LoadInt r9, 72\n	Call @same, r10 args=1 results=1\n	SliceGet r20, r0, r8 bytes=0\n"),
     "2:72"},
    {FUNCTION("	LoadInt r9, 72\n	CallClosure r0, r8 args=1 results=2\n	SliceGet r20, r0, r8 bytes=0\n"),
     ""},
    {"native probe results=2\n" FUNCTION(
         "	LoadInt r9, 72\n	CallExtern @probe, r8, r2 args=1\n	SliceGet r20, r0, r8 bytes=0\n"),
     ""},
    {"native probe results=1\n" FUNCTION(
         "	LoadInt r9, 72\n	CallExtern @probe, r8, r2 args=1\n	SliceGet r20, r0, r8 bytes=0\n"),
     "2:72"},
    {FUNCTION(
         "	LoadInt r9, 72\n	MapIterNext r8, r12, r11 key=1 value=1\n	SliceGet r20, r0, r8 bytes=0\n"),
     ""},
    {FUNCTION("	LoadInt r9, 72\n	MapIterInit r3, r0\n	SliceGet r20, r0, r8 bytes=0\n"), ""},
    {FUNCTION("	LoadInt r9, 72\n	ChanRecv r8, r0 slots=1 ok=1\n	SliceGet r20, r0, r8 bytes=0\n"), ""},
    {FUNCTION("	LoadInt r9, 72\n	ForLoop r9, r0, next\nnext:\n	SliceGet r20, r0, r8 bytes=0\n"), ""},
    /* The cases of a select may be anywhere. */
    {FUNCTION("	SelectBegin 1\n	SelectRecv r9, r0 slots=1\n	LoadInt r9, 72\n	SelectExec r3\n"
              "	SliceGet r20, r0, r8 bytes=0\n"),
     ""},
    /* An element by a known number, or size; one by another may be any, up to the frame's end. */
    {FUNCTION("	LoadInt r9, 72\n	LoadInt r4, 1\n	SlotSet r5, r4, r0\n	SliceGet r20, r0, r8 bytes=0\n"),
     "2:1 3:72"},
    {FUNCTION("	LoadInt r9, 72\n	LoadInt r4, 4\n	SlotSet r5, r4, r0\n	SliceGet r20, r0, r8 bytes=0\n"),
     "2:4"},
    {FUNCTION("	LoadInt r9, 72\n	SlotSet r5, r0, r1\n	SliceGet r20, r0, r8 bytes=0\n"), ""},
    {FUNCTION("	LoadInt r9, 72\n	SlotSet r10, r0, r1\n	SliceGet r20, r0, r8 bytes=0\n"), "2:72"},
    {FUNCTION("	LoadInt r9, 72\n	LoadInt r3, 16\n	SliceGet r5, r0, r2 bytes=0\n	SliceGet r20, r0, r8 "
              "bytes=0\n"),
     "2:16 3:72"},
    {FUNCTION("	LoadInt r9, 72\n	LoadInt r3, 40\n	SliceGet r5, r0, r2 bytes=0\n	SliceGet r20, r0, r8 "
              "bytes=0\n"),
     "2:40"},
    {FUNCTION("	LoadInt r9, 72\n	MapGet r5, r0, r2\n	SliceGet r20, r0, r8 bytes=0\n"), ""},
    /* An index that leaves the frame writes nothing, but that is not relied on. */
    {FUNCTION(
         "	LoadInt r9, 72\n	LoadInt r4, 35\n	SlotSet r5, r4, r0\n	SliceGet r20, r0, r8 bytes=0\n"),
     "2:35"},
};

START_TEST(what_may_write_it) {
	expect_within(&overwritten[_i], UINT64_MAX);
}
END_TEST

static const constants_case across_blocks[] = {
    /* The same on both ways, another one on one of them, and nothing on one of them. */
    {FUNCTION(
         "	LoadInt r9, 72\n	JumpIf r0, read\n	LoadInt r9, 72\nread:\n	SliceGet r20, r0, r8 bytes=0\n"),
     "3:72"},
    {FUNCTION(
         "	LoadInt r9, 72\n	JumpIf r0, read\n	LoadInt r9, 16\nread:\n	SliceGet r20, r0, r8 bytes=0\n"),
     ""},
    {FUNCTION("	JumpIf r0, read\n	LoadInt r9, 72\nread:\n	SliceGet r20, r0, r8 bytes=0\n"), ""},
    {FUNCTION("	LoadInt r5, 72\n	LoadInt r9, 72\n	JumpIf r0, read\n	Copy r9, r5\nread:\n"
              "	SliceGet r20, r0, r8 bytes=0\n"),
     "4:72"},
    /* A loop that leaves it alone, that loads it again, that changes it behind its use, and that copies it.
     */
    {FUNCTION("	LoadInt r9, 72\nagain:\n	SliceGet r20, r0, r8 bytes=0\n	ForLoop r0, r1, again\n"),
     "1:72"},
    {FUNCTION("	LoadInt r9, 72\nagain:\n	SliceGet r20, r0, r8 bytes=0\n	LoadInt r9, 72\n	ForLoop r0, "
              "r1, again\n"),
     "1:72"},
    {FUNCTION("	LoadInt r9, 72\nagain:\n	SliceGet r20, r0, r8 bytes=0\n	LoadInt r9, 16\n	ForLoop r0, "
              "r1, again\n"),
     ""},
    {FUNCTION("	LoadInt r9, 72\nagain:\n	SliceGet r20, r0, r8 bytes=0\n	AddI r9, r9, r2\n	ForLoop r0, "
              "r1, again\n"),
     ""},
    {FUNCTION("	LoadInt r9, 72\n	LoadInt r5, 72\nagain:\n	SliceGet r20, r0, r8 bytes=0\n	Copy r6, "
              "r9\n	Copy "
              "r9, r5\n"
              "	Copy r5, r6\n	ForLoop r0, r1, again\n"),
     "2:72"},
    {FUNCTION("	LoadInt r9, 72\n	LoadInt r5, 16\nagain:\n	SliceGet r20, r0, r8 bytes=0\n	Copy r6, "
              "r9\n	Copy "
              "r9, r5\n"
              "	Copy r5, r6\n	ForLoop r0, r1, again\n"),
     ""},
    /* The element that is read covers the slot with the size, which is loaded before the loop only. */
    {FUNCTION("	LoadInt r9, 72\nagain:\n	SliceGet r3, r0, r8 bytes=0\n	ForLoop r0, r1, again\n"), ""},
    /* The first instruction is jumped back to, and is where the function is entered, too. */
    {FUNCTION("again:\n	SliceGet r20, r0, r8 bytes=0\n	LoadInt r9, 72\n	ForLoop r0, r1, again\n"), ""},
    /* Code that is never reached is no way. */
    {FUNCTION("	LoadInt r9, 72\n	Jump read\n	LoadInt r9, 16\nread:\n	SliceGet r20, r0, r8 bytes=0\n"),
     "3:72"},
    {FUNCTION("	LoadInt r9, 72\n	Return r0, 0\n	SliceGet r20, r0, r8 bytes=0\n"), ""},
};

START_TEST(in_several_blocks) {
	expect_within(&across_blocks[_i], UINT64_MAX);
}
END_TEST

/* ---- What operands cover ---- */

typedef struct {
	const char *instruction;
	int64_t value; /* of r9, which it finds its width or index in */
	const char *covered;
} extent_case;

/* Operands that are slots, in the order of the table: "first+count", or "first+count?" if it is not exact. */
static char *all_extents(const slot_constants *constants, uint32_t pc) {
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	volt_instruction instruction = constants->function->code.items[pc];
	const volt_operand *operand = volt_opcode_get_info(instruction.op)->operands;
	for (const char *space = ""; operand->role != VOLT_OPERAND_NONE; operand++) {
		if (operand->role != VOLT_OPERAND_READ && operand->role != VOLT_OPERAND_WRITE &&
		    operand->role != VOLT_OPERAND_UPDATE)
			continue;
		operand_extent extent = volt_operand_extent(constants, pc, operand);
		fprintf(out, "%s%" PRIu32 "+%" PRIu32 "%s", space, extent.first, extent.count,
		        extent.exact ? "" : "?");
		space = " ";
	}
	fclose(out);
	return text;
}

/* In a frame of 40 slots. */
static const extent_case extents[] = {
    {"SliceGet r20, r0, r8 bytes=0", 72, "20+9 0+1 8+2"},
    {"SliceGet r20, r0, r8 bytes=0", 0, "20+0 0+1 8+2"},
    {"SliceGet r20, r0, r8 bytes=0", 12, "20+2 0+1 8+2"},
    {"SliceGet r20, r0, r8 bytes=0", 160, "20+20 0+1 8+2"},
    {"SliceGet r20, r0, r8 bytes=0", 161, "20+20? 0+1 8+2"},
    {"SliceGet r20, r0, r8 bytes=0", -1, "20+20? 0+1 8+2"},
    {"ArraySet r0, r8, r20 bytes=0", 72, "0+1 8+2 20+9"},
    {"ArraySet r0, r8, r20 bytes=0", 1000, "0+1 8+2 20+20?"},
    {"SliceAppend r0, r0, r8 bytes=0", 72, "0+1 0+1 8+11"},
    {"SliceAppend r0, r0, r8 bytes=0", 248, "0+1 0+1 8+32?"},
    /* A key of one slot, a value of three and whether it is there. */
    {"MapGet r20, r0, r9", 65536 + 7, "20+4 0+1 9+2"},
    {"MapGet r20, r0, r9", 65536 + 6, "20+3 0+1 9+2"},
    {"MapGet r20, r0, r9", 65536 * 30 + 40, "20+20 0+1 9+31"},
    {"MapGet r20, r0, r9", 65536 * 31 + 42, "20+20? 0+1 9+31?"},
    {"MapSet r0, r9, r20", 256 + 3, "0+1 9+2 20+3"},
    {"MapSet r0, r9, r20", 256 * 31 + 21, "0+1 9+31? 20+20?"},
    {"MapSet r0, r9, r20", -1, "0+1 9+31? 20+20?"},
    {"MapDelete r0, r9", 30, "0+1 9+31"},
    {"MapDelete r0, r9", 31, "0+1 9+31?"},
    {"MapDelete r0, r9", -1, "0+1 9+31?"},
    {"SlotGet r20, r30, r9", 9, "20+1 39+1 9+1"},
    {"SlotGet r20, r30, r9", 10, "20+1 30+10? 9+1"},
    {"SlotGet r20, r30, r9", -1, "20+1 30+10? 9+1"},
    {"SlotSet r30, r9, r20", 0, "30+1 9+1 20+1"},
    {"SlotGetN r20, r30, r9, 3", 2, "20+3 36+3 9+1"},
    {"SlotGetN r20, r30, r9, 3", 3, "20+3 30+10? 9+1"},
    {"SlotSetN r30, r9, r20, 3", 1, "33+3 9+1 20+3"},
    {"SlotSetN r30, r9, r20, 0", 100, "30+0 9+1 20+0"},
};

START_TEST(extents_by_constants) {
	const extent_case *expected = &extents[_i];
	char *text;
	ck_assert_int_gt(asprintf(&text, FUNCTION("	LoadConst r9, %" PRId64 "\n	%s\n"), expected->value,
	                          expected->instruction),
	                 0);
	volt_module *module = assemble(text);
	slot_constants constants = constants_of(module, UINT64_MAX);
	char *covered = all_extents(&constants, 1);
	ck_assert_msg(strcmp(covered, expected->covered) == 0, "%s with %" PRId64 " covers %s",
	              expected->instruction, expected->value, covered);
	free(covered);
	slot_constants_dispose(&constants);
	volt_module_free(module);
	free(text);
}
END_TEST

/* The same without a constant: up to the frame's end. */
START_TEST(extents_without_constants) {
	volt_module *module = assemble(FUNCTION("	SliceGet r20, r0, r8 bytes=0\n	SlotGet r20, r30, r9\n"));
	slot_constants constants = constants_of(module, UINT64_MAX);
	char *element = all_extents(&constants, 0), *slot = all_extents(&constants, 1);
	ck_assert_str_eq(element, "20+20? 0+1 8+2");
	ck_assert_str_eq(slot, "20+1 30+10? 9+1");
	free(element);
	free(slot);
	slot_constants_dispose(&constants);
	volt_module_free(module);
}
END_TEST

/* ---- Bounds ---- */

START_TEST(steps_are_bounded) {
	const constants_case three_steps = {
	    FUNCTION("	LoadInt r9, 72\n	Copy r3, r0\n	Copy r4, r0\n	SliceGet r20, r0, r8 bytes=0\n"),
	    "3:72"};
	expect_within(&three_steps, 3);
	expect_within(&(constants_case){three_steps.text, ""}, 2);
}
END_TEST

/* `count` times `line` between the load of a size and its use. */
static char *apart(int count, const char *line) {
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs(MAIN "fn f params=3 locals=40 {\n	LoadInt r9, 72\n", out);
	for (int i = 0; i < count; i++)
		fputs(line, out);
	fputs("end:\n	SliceGet r20, r0, r8 bytes=0\n	Return r0, 0\n}\n", out);
	fclose(out);
	return text;
}

START_TEST(what_is_far_is_not_known) {
	char *near = apart(500, "	Copy r3, r0\n"), *far = apart(5000, "	Copy r3, r0\n");
	expect_within(&(constants_case){near, "501:72"}, UINT64_MAX);
	expect_within(&(constants_case){far, ""}, UINT64_MAX);
	free(near);
	free(far);
}
END_TEST

START_TEST(what_has_many_ways_is_not_known) {
	char *few = apart(20, "	JumpIf r0, end\n"), *many = apart(2000, "	JumpIf r0, end\n");
	expect_within(&(constants_case){few, "21:72"}, UINT64_MAX);
	expect_within(&(constants_case){many, ""}, UINT64_MAX);
	free(few);
	free(many);
}
END_TEST

#define COUNT(cases) ((int)(sizeof(cases) / sizeof *(cases)))

int main(void) {
	return run_suite("constants", (const listed_test[]){{in_one_block, COUNT(within_blocks)},
	                                                    {what_may_write_it, COUNT(overwritten)},
	                                                    {in_several_blocks, COUNT(across_blocks)},
	                                                    {extents_by_constants, COUNT(extents)},
	                                                    {extents_without_constants, 0},
	                                                    {steps_are_bounded, 0},
	                                                    {what_is_far_is_not_known, 0},
	                                                    {what_has_many_ways_is_not_known, 0},
	                                                    {NULL, 0}});
}
