/* Dominators, and where a function must look at the native stack. */
#include "analysis/stack_check.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/dominators.h"
#include "support.h"

/* A branch whose sides meet, in a loop; blocks start at pc 0, 1, 3, 5, 6, 7. */
static const char diamond[] = "fn main locals=4 {\n"
                              "	LoadInt r1, 0\n" /* 0 */
                              "again:\n"
                              "	LtI r2, r1, r0\n"   /* 1 */
                              "	JumpIf r2, other\n" /* 2 */
                              "	LoadInt r3, 1\n"    /* 3 */
                              "	Jump meet\n"        /* 4 */
                              "other:\n"
                              "	LoadInt r3, 2\n" /* 5 */
                              "meet:\n"
                              "	ForLoop r1, r0, again\n" /* 6 */
                              "	Return r0, 0\n"          /* 7 */
                              "}\n";

START_TEST(dominators_of_a_diamond) {
	static const uint32_t expected[] = {0, 0, 1, 1, 1, 4};
	volt_module *module = assemble(diamond);
	control_flow flow;
	volt_control_flow_compute(&module->functions.items[0], &flow);
	uint32_t *dominators = dominators_compute(&flow);
	ck_assert_uint_eq(flow.block_count, 6);
	for (uint32_t block = 0; block < 6; block++)
		ck_assert_uint_eq(dominators[block], expected[block]);
	ck_assert_uint_eq(dominators_meet(dominators, 2, 3), 1);
	ck_assert_uint_eq(dominators_meet(dominators, 5, 2), 1);
	ck_assert_uint_eq(dominators_meet(dominators, 5, 4), 4);
	free(dominators);
	volt_control_flow_dispose(&flow);
	volt_module_free(module);
}
END_TEST

/* Control goes forward to the block that stands last and from there to one that stands before it. */
START_TEST(blocks_in_another_order_than_control) {
	volt_module *module = assemble("fn main locals=1 {\n"
	                               "	Jump last\n" /* 0 */
	                               "first:\n"
	                               "	JumpIf r0, end\n" /* 1 */
	                               "	LoadInt r0, 1\n"  /* 2 */
	                               "end:\n"
	                               "	Return r0, 0\n" /* 3 */
	                               "last:\n"
	                               "	LoadInt r0, 2\n" /* 4 */
	                               "	Jump first\n"    /* 5 */
	                               "}\n");
	control_flow flow;
	volt_control_flow_compute(&module->functions.items[0], &flow);
	uint32_t *dominators = dominators_compute(&flow);
	static const uint32_t expected[] = {0, 4, 1, 1, 0};
	ck_assert_uint_eq(flow.block_count, 5);
	for (uint32_t block = 0; block < 5; block++)
		ck_assert_uint_eq(dominators[block], expected[block]);
	free(dominators);
	volt_control_flow_dispose(&flow);
	volt_module_free(module);
}
END_TEST

static const struct {
	const char *body; /* of a function with parameter r0 and 4 slots */
	uint32_t pc;
} checks[] = {
    /* Nothing is called. */
    {"Return r0, 1\n", STACK_CHECK_NEVER},
    /* A call on every path. */
    {"Call @leaf, r0 args=1 results=1\nReturn r0, 1\n", 0},
    /* A base case without calls: behind it. */
    {"JumpIf r0, calls\nReturn r0, 1\ncalls:\nLoadInt r1, 1\nCall @leaf, r0 args=1 results=1\nReturn r0, 1\n",
     2},
    /* Calls on both sides of a branch: where it branches, behind the base case. */
    {"JumpIf r0, on\nReturn r0, 1\non:\nLoadInt r1, 0\nJumpIf r1, other\nCall @leaf, r0 args=1 "
     "results=1\nReturn r0, 1\n"
     "other:\nCall @leaf, r0 args=1 results=1\nReturn r0, 1\n",
     2},
    /* A call in a loop: in front of the loop and not in every round. */
    {"JumpIf r0, on\nReturn r0, 1\non:\nLoadInt r1, 0\nagain:\nCopy r2, r1\nCall @leaf, r2 args=1 results=1\n"
     "ForLoop r1, r0, again\nReturn r0, 1\n",
     2},
    /* The loop is the whole function. */
    {"again:\nCall @leaf, r0 args=1 results=1\nJumpIf r0, again\nReturn r0, 1\n", 0},
    /* A call that control never reaches. */
    {"Return r0, 1\nCall @leaf, r0 args=1 results=1\nReturn r0, 1\n", STACK_CHECK_NEVER},
};

START_TEST(place_of_the_check) {
	char text[1024];
	snprintf(text, sizeof text,
	         "fn main locals=1 {\nReturn r0, 0\n}\n"
	         "fn leaf params=1 locals=1 results=1 {\nReturn r0, 1\n}\n"
	         "fn checked params=1 locals=4 results=1 {\n%s}\n",
	         checks[_i].body);
	volt_module *module = assemble(text);
	uint32_t index = function_named(module, "checked");
	ck_assert_uint_eq(volt_stack_check_pc(&module->functions.items[index]), checks[_i].pc);
	volt_module_free(module);
}
END_TEST

int main(void) {
	return run_suite("stack check",
	                 (const listed_test[]){{dominators_of_a_diamond, 0},
	                                       {blocks_in_another_order_than_control, 0},
	                                       {place_of_the_check, sizeof checks / sizeof checks[0]},
	                                       {NULL, 0}});
}
