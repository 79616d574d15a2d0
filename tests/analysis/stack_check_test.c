/* Where a function must look at the native stack. */
#include "analysis/stack_check.h"

#include <stdio.h>

#include "support.h"

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
    /* Blocks stand in another order than control takes them: a jump back is taken for that of a loop. */
    {"Jump last\nfirst:\nJumpIf r0, end\nCall @leaf, r0 args=1 results=1\nReturn r0, 1\n"
     "end:\nCall @leaf, r0 args=1 results=1\nReturn r0, 1\nlast:\nLoadInt r0, 2\nJump first\n",
     0},
    /* What stands between two branches of which each can be gone around is gone around. */
    {"JumpIf r0, one\nLoadInt r1, 1\none:\nLoadInt r1, 2\nJumpIf r1, two\nLoadInt r2, 1\n"
     "Call @leaf, r2 args=1 results=1\ntwo:\nCall @leaf, r0 args=1 results=1\nReturn r0, 1\n",
     2},
    /* A way around the call that some path finds first. */
    {"JumpIf r0, b\nLoadInt r1, 1\nJumpIf r1, c\nb:\nLoadInt r1, 2\nc:\nJumpIf r1, d\nReturn r0, 1\n"
     "d:\nLoadInt r2, 1\nCall @leaf, r2 args=1 results=1\nReturn r0, 1\n",
     6},
    /* Behind the loops that lead to a call. */
    {"again:\nLoadInt r1, 1\nJumpIf r0, again\nLoadInt r1, 2\nCall @leaf, r1 args=1 results=1\nReturn r0, "
     "1\n",
     2},
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
	return run_suite("stack check", (const listed_test[]){
	                                    {place_of_the_check, sizeof checks / sizeof checks[0]}, {NULL, 0}});
}
