/* Which SlotGets see the bits of floats: those of a comparison of structs or arrays. */
#include "analysis/float_reads.h"

#include <stdio.h>

#include "support.h"

/* In a function with the slots float, value, float, and values behind them. */
static const struct {
	const char *body;
	uint32_t pc;
	bool is_float;
} reads[] = {
    {"LoadInt r5, 0\nSlotGet r3, r0, r5\nReturn r0, 0\n", 1, true},
    {"LoadInt r5, 2\nSlotGet r3, r0, r5\nReturn r0, 0\n", 1, true},
    {"LoadInt r5, 1\nSlotGet r3, r1, r5\nReturn r0, 0\n", 1, true},
    {"LoadInt r5, 1\nSlotGet r3, r0, r5\nReturn r0, 0\n", 1, false},
    {"LoadInt r5, 3\nSlotGet r3, r0, r5\nReturn r0, 0\n", 1, false},
    {"LoadInt r5, 1000000\nSlotGet r3, r0, r5\nReturn r0, 0\n", 1, false},
    {"LoadInt r5, -2\nSlotGet r3, r2, r5\nReturn r0, 0\n", 1, true},
    {"LoadInt r5, -3\nSlotGet r3, r2, r5\nReturn r0, 0\n", 1, false},
    /* The second one of a comparison; not a third. */
    {"LoadInt r5, 0\nSlotGet r3, r0, r5\nSlotGet r4, r2, r5\nReturn r0, 0\n", 2, true},
    {"LoadInt r5, 0\nSlotGet r3, r0, r5\nSlotGet r4, r1, r5\nReturn r0, 0\n", 2, false},
    {"LoadInt r5, 0\nSlotGet r3, r0, r5\nSlotGet r4, r2, r5\nSlotGet r4, r0, r5\nReturn r0, 0\n", 3, false},
    /* The index is another one by then, or is not known. */
    {"LoadInt r5, 0\nSlotGet r5, r0, r5\nSlotGet r4, r2, r5\nReturn r0, 0\n", 2, false},
    {"LoadInt r5, 0\nSlotGet r3, r0, r4\nSlotGet r4, r2, r5\nReturn r0, 0\n", 2, false},
    {"LoadInt r4, 0\nSlotGet r3, r0, r5\nReturn r0, 0\n", 1, false},
    {"Copy r5, r1\nSlotGet r3, r0, r5\nReturn r0, 0\n", 1, false},
    {"SlotGet r3, r0, r5\nReturn r0, 0\n", 0, false},
    {"SlotGet r3, r0, r5\nSlotGet r3, r0, r5\nReturn r0, 0\n", 1, false},
};

START_TEST(reads_of_floats) {
	char text[512];
	snprintf(text, sizeof text, "fn main locals=8 types=fvfvv {\n%s}\n", reads[_i].body);
	volt_module *module = assemble(text);
	ck_assert_msg(volt_reads_float_field(&module->functions.items[0], reads[_i].pc) == reads[_i].is_float,
	              "pc %u of\n%s", reads[_i].pc, reads[_i].body);
	volt_module_free(module);
}
END_TEST

int main(void) {
	return run_suite("float reads",
	                 (const listed_test[]){{reads_of_floats, sizeof reads / sizeof reads[0]}, {NULL, 0}});
}
