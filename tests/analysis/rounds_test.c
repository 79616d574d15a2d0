/* What rounds of a loop have in common: facts that are missing cost time, facts that are wrong everything. */
#include "analysis/rounds.h"

#include <stdio.h>

#include "analysis/shape.h"
#include "support.h"

/* Functions have parameters r0 to r3 and 16 slots. r6 is for references, nothing is said of r15, and the
 * others are for values; `pc` is that of the instruction in question. */
typedef struct {
	const char *body;
	uint32_t pc;
	round_fact fact;
} expectation;

static round_change by(int64_t constant) {
	return (round_change){.kind = CHANGE_CONSTANT, .constant = constant};
}

#define BY(number) \
	{ .kind = CHANGE_CONSTANT, .constant = (number) }
#define BY_SLOT(number) \
	{ .kind = CHANGE_BY_SLOT, .slot = (number) }

static const expectation expectations[] = {
    /* The index is what the loop counts, up, down, or counts and something constant. */
    {"l:\nSliceGet r5, r0, r1 bytes=8\nForLoop r1, r2, l\n", 0, {.kind = ROUND_ELEMENT, .change = BY(1)}},
    {"l:\nSliceGet r5, r0, r1 bytes=8\nForLoop r1, r2, l flags=2\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY(-1)}},
    {"l:\nLoadInt r4, 7\nSubI r5, r1, r4\nSliceSet r0, r5, r1 bytes=8\nForLoop r1, r2, l\n",
     2,
     {.kind = ROUND_ELEMENT, .change = BY(1)}},
    {"l:\nSubI r5, r2, r1\nStrIndex r5, r0, r5\nForLoop r1, r2, l\n",
     1,
     {.kind = ROUND_ELEMENT, .change = BY(-1)}},
    {"l:\nLoadInt r4, 3\nMulI r5, r4, r1\nIndexCheck r5, r0\nForLoop r1, r2, l\n",
     2,
     {.kind = ROUND_ELEMENT, .change = BY(3)}},
    {"l:\nLoadInt r4, 3\nShl r5, r1, r4\nArrayGet r5, r0, r5 bytes=1\nForLoop r1, r2, l\n",
     2,
     {.kind = ROUND_ELEMENT, .change = BY(8)}},
    /* By way of other slots, as compilers write i += 1. */
    {"l:\nSliceGet r5, r0, r1 bytes=8\nLoadInt r6, 1\nCopy r7, r1\nAddI r7, r7, r6\nCopy r1, r7\nJump l\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY(1)}},
    /* By what a slot holds that stays the same; not if it does not. */
    {"l:\nSliceGet r5, r0, r1 bytes=8\nAddI r1, r1, r2\nJump l\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY_SLOT(2)}},
    {"l:\nMulI r4, r1, r3\nSliceGet r5, r0, r4 bytes=8\nForLoop r1, r2, l\n",
     1,
     {.kind = ROUND_ELEMENT, .change = BY_SLOT(3)}},
    {"l:\nSliceGet r5, r0, r1 bytes=8\nAddI r1, r1, r2\nForLoop r2, r3, l\n", 0, {.kind = ROUND_ELEMENT}},
    /* Sometimes one more: nothing is known of the index, but of the object. */
    {"l:\nSliceGet r5, r0, r1 bytes=8\nLoadInt r4, 1\nJumpIf r5, s\nAddI r1, r1, r4\ns:\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_ELEMENT}},
    /* Whether it is the one or the other value, both unchanged, changes. */
    {"l:\nCopy r4, r2\nJumpIf r1, s\nCopy r4, r3\ns:\nSliceGet r5, r0, r4 bytes=8\nForLoop r1, r2, l\n",
     3,
     {.kind = ROUND_ELEMENT}},
    {"l:\nCopy r4, r0\nJumpIf r1, s\nCopy r4, r3\ns:\nSliceGet r5, r4, r1 bytes=8\nForLoop r1, r2, l\n",
     3,
     {0}},
    /* Another object each time, or from some round on. */
    {"l:\nSliceGet r5, r0, r1 bytes=8\nCopy r0, r5\nForLoop r1, r2, l\n", 0, {0}},
    {"l:\nSliceGet r5, r0, r1 bytes=8\nJumpIf r5, s\nCopy r0, r3\ns:\nForLoop r1, r2, l\n", 0, {0}},
    {"l:\nSliceGet r5, r0, r1 bytes=8\nJumpIf r5, s\nCopyN r0, r6, 1\ns:\nForLoop r1, r2, l\n", 0, {0}},
    {"l:\nSliceGet r5, r7, r1 bytes=8\nJumpIf r5, s\nCopyN r7, r8, 2\ns:\nForLoop r1, r2, l\n", 0, {0}},
    {"l:\nSliceGet r5, r0, r1 bytes=8\nCopyN r7, r8, 2\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY(1)}},
    /* Only in some rounds. */
    {"l:\nJumpIf r3, s\nSliceGet r5, r0, r1 bytes=8\ns:\nForLoop r1, r2, l\n", 1, {0}},
    /* Loads that give the same each time, and those that a store may change. */
    {"l:\nSliceLen r5, r0\nForLoop r1, r2, l\n", 0, {.kind = ROUND_REPEATED}},
    {"l:\nSliceGet r5, r0, r3 bytes=8\nForLoop r1, r2, l\n", 0, {.kind = ROUND_REPEATED}},
    {"l:\nSliceGet r5, r0, r3 bytes=8\nSliceSet r5, r1, r2 bytes=1\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY(0)}},
    {"l:\nSliceGet r6, r0, r3 bytes=8\nSliceSet r6, r1, r2 bytes=1\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_REPEATED}},
    {"l:\nSliceGet r6, r0, r3 bytes=8\nSliceSet r6, r1, r2 bytes=16\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_REPEATED}},
    {"l:\nSliceGet r6, r0, r3 bytes=8\nSliceSet r3, r1, r5 bytes=16\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY(0)}},
    {"l:\nSliceGet r6, r0, r3 bytes=8\nSliceSet r3, r1, r6 bytes=8\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY(0)}},
    {"l:\nSliceGet r6, r0, r3 bytes=8\nSliceSet r6, r1, r15 bytes=8\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY(0)}},
    {"l:\nSliceGet r6, r0, r3 bytes=8\nPtrSet r6, 0, r1\nForLoop r1, r2, l\n", 0, {.kind = ROUND_REPEATED}},
    {"l:\nSliceGet r6, r0, r3 bytes=8\nPtrSetN r3, 0, r5, 2\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY(0)}},
    {"l:\nSliceGet r6, r0, r3 bytes=4\nSliceSet r6, r1, r2 bytes=8\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY(0)}},
    {"l:\nSliceGet r5, r0, r3 bytes=1\nSliceSet r0, r1, r2 bytes=8\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY(0)}},
    {"l:\nArrayGet r5, r0, r3 bytes=2\nArraySet r0, r1, r2 bytes=4\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY(0)}},
    {"l:\nSliceGet r5, r0, r3 bytes=8\nSliceGet r6, r5, r1 bytes=1\nForLoop r1, r2, l\n",
     1,
     {.kind = ROUND_ELEMENT, .change = BY(1)}},
    {"l:\nSliceGet r5, r0, r3 bytes=8\nSliceSet r5, r1, r2 bytes=8\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY(0)}},
    {"l:\nSliceGet r5, r0, r3 bytes=8\nPtrSet r6, 0, r1\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_ELEMENT, .change = BY(0)}},
    {"l:\nPtrGet r5, r0, 1\nForLoop r1, r2, l\n", 0, {.kind = ROUND_REPEATED}},
    {"l:\nPtrGet r5, r0, 1\nSliceSet r3, r1, r1 bytes=8\nForLoop r1, r2, l\n", 0, {0}},
    {"l:\nPtrGet r5, r0, 1\nSliceSet r3, r1, r1 bytes=1\nForLoop r1, r2, l\n", 0, {0}},
    {"l:\nPtrGet r6, r0, 1\nSliceSet r3, r1, r1 bytes=1\nForLoop r1, r2, l\n", 0, {.kind = ROUND_REPEATED}},
    {"l:\nStrIndex r5, r0, r3\nSliceSet r6, r1, r1 bytes=1\nForLoop r1, r2, l\n",
     0,
     {.kind = ROUND_REPEATED}},
    /* Tests that stay: the limit is the loop's, or comes closer itself. */
    {"l:\nSliceLen r5, r0\nForLoop r1, r2, l\n", 1, {.kind = ROUND_STAYS, .change = BY(1), .comparison = 1}},
    {"l:\nSliceLen r5, r0\nForLoop r1, r2, l flags=6\n",
     1,
     {.kind = ROUND_STAYS, .change = BY(1), .comparison = 1, .second_is_lower = true, .inclusive = true}},
    {"l:\nLtI r4, r1, r2\nJumpIfNot r4, e\nSliceLen r5, r0\nAddI r1, r1, r3\nJump l\ne:\n",
     1,
     {.kind = ROUND_STAYS, .change = BY_SLOT(3), .comparison = 0}},
    {"l:\nLtI r4, r1, r2\nJumpIf r4, e\nSliceLen r5, r0\nLoadInt r6, 1\nSubI r1, r1, r6\nJump l\ne:\n",
     1,
     {.kind = ROUND_STAYS, .change = BY(1), .comparison = 0, .second_is_lower = true, .inclusive = true}},
    {"l:\nLtI r4, r1, r2\nJumpIfNot r4, e\nLoadInt r6, 1\nAddI r1, r1, r6\nSubI r2, r2, r6\nJump l\ne:\n",
     1,
     {.kind = ROUND_STAYS, .change = BY(2), .comparison = 0}},
    {"l:\nNeI r4, r1, r2\nJumpIfNot r4, e\nLoadInt r6, 1\nAddI r1, r1, r6\nJump l\ne:\n",
     1,
     {.kind = ROUND_STAYS, .change = BY(1), .comparison = 0}},
    {"l:\nEqI r4, r1, r2\nJumpIf r4, e\nLoadInt r6, 1\nSubI r1, r1, r6\nJump l\ne:\n",
     1,
     {.kind = ROUND_STAYS, .change = BY(1), .comparison = 0, .second_is_lower = true}},
    /* They may get away from each other and wrap, or step over each other. */
    {"l:\nLtI r4, r1, r2\nJumpIfNot r4, e\nLoadInt r6, -1\nAddI r1, r1, r6\nJump l\ne:\n", 1, {0}},
    {"l:\nLtI r4, r1, r2\nJumpIfNot r4, e\nLoadInt r6, 1\nAddI r2, r2, r6\nAddI r1, r1, r6\nJump l\ne:\n",
     1,
     {0}},
    {"l:\nNeI r4, r1, r2\nJumpIfNot r4, e\nLoadInt r6, 2\nAddI r1, r1, r6\nJump l\ne:\n", 1, {0}},
    /* The tested slot may hold something else by then. */
    {"l:\nLtI r4, r1, r2\nJumpIf r3, s\nLoadInt r4, 1\ns:\nJumpIfNot r4, e\nForLoop r1, r2, l\ne:\n", 3, {0}},
    /* No loop for this: it calls, or has another one in it. */
    {"l:\nSliceGet r5, r0, r1 bytes=8\nCall @leaf, r6 args=1 results=1\nForLoop r1, r2, l\n", 0, {0}},
    {"l:\nSliceGet r5, r0, r1 bytes=8\nm:\nForLoop r3, r2, m\nForLoop r1, r2, l\n", 0, {0}},
    {"JumpIf r3, m\nl:\nSliceGet r5, r0, r1 bytes=8\nm:\nForLoop r1, r2, l\n", 1, {0}},
};

static volt_module *module_with(const char *body) {
	char text[2048];
	snprintf(text, sizeof text,
	         "fn main locals=1 {\nReturn r0, 0\n}\n"
	         "fn leaf params=1 locals=1 results=1 {\nReturn r0, 1\n}\n"
	         "fn counting params=2 locals=2 types=rv {\nPtrSet r0, 0, r1\nReturn r0, 0\n}\n"
	         "fn linking params=2 locals=2 types=rr {\nPtrSet r0, 0, r1\nReturn r0, 0\n}\n"
	         "fn looping params=4 locals=16 results=1 types=vvvvvvrvvvvvvvv {\n%sReturn r5, 1\n}\n",
	         body);
	return assemble(text);
}

static void compute(const volt_module *module, call_is_inline *is_inline, function_rounds *rounds) {
	uint32_t index = function_named(module, "looping");
	function_shape shape;
	volt_function_shape_compute(module, index, true, &shape);
	ck_assert(volt_function_rounds_compute(module, index, &shape, is_inline, NULL, rounds));
}

static void check_change(round_change actual, round_change expected) {
	ck_assert_int_eq(actual.kind, expected.kind);
	if (expected.kind == CHANGE_CONSTANT)
		ck_assert_int_eq(actual.constant, expected.constant);
	if (expected.kind == CHANGE_BY_SLOT)
		ck_assert_uint_eq(actual.slot, expected.slot);
}

START_TEST(facts) {
	const expectation *expected = &expectations[_i];
	volt_module *module = module_with(expected->body);
	function_rounds rounds;
	compute(module, NULL, &rounds);
	round_fact fact = rounds.facts ? rounds.facts[expected->pc] : (round_fact){0};
	ck_assert_int_eq(fact.kind, expected->fact.kind);
	check_change(fact.change, expected->fact.change);
	ck_assert_uint_eq(fact.comparison, expected->fact.comparison);
	ck_assert_int_eq(fact.second_is_lower, expected->fact.second_is_lower);
	ck_assert_int_eq(fact.inclusive, expected->fact.inclusive);
	volt_function_rounds_dispose(&rounds);
	volt_module_free(module);
}
END_TEST

static bool all_calls(void *user, uint32_t pc) {
	(void)user;
	(void)pc;
	return true;
}

/* What is built in does not end the search. */
START_TEST(calls_that_are_built_in) {
	volt_module *module =
	    module_with("l:\nSliceGet r5, r0, r1 bytes=8\nSliceGet r6, r0, r3 bytes=8\nSliceLen r7, r0\n"
	                "Call @leaf, r8 args=1 results=1\nSliceGet r9, r0, r8 bytes=8\nForLoop r1, r2, l\n");
	function_rounds rounds;
	compute(module, all_calls, &rounds);
	ck_assert_uint_eq(rounds.loop_count, 1);
	ck_assert_uint_eq(rounds.loops[0].header, 0);
	ck_assert_uint_eq(rounds.loops[0].instructions, 6);
	check_change(rounds.facts[0].change, by(1));
	ck_assert_int_eq(rounds.facts[1].kind, ROUND_REPEATED);
	ck_assert_int_eq(rounds.facts[2].kind, ROUND_REPEATED);
	ck_assert_int_eq(rounds.facts[4].change.kind, CHANGE_UNKNOWN);
	volt_function_rounds_dispose(&rounds);
	volt_module_free(module);
}
END_TEST

static const struct {
	const char *call;
	round_fact_kind value, reference;
} callees[] = {
    {"Call @leaf, r8 args=1 results=1\n", ROUND_REPEATED, ROUND_REPEATED},
    {"Call @counting, r8 args=2\n", ROUND_ELEMENT, ROUND_REPEATED},
    {"Call @linking, r8 args=2\n", ROUND_ELEMENT, ROUND_ELEMENT},
    {"Call @looping, r8 args=4 results=1\n", ROUND_ELEMENT, ROUND_ELEMENT},
};

/* Stores of a callee that is built in are the loop's, and what that calls may store to anything but headers.
 */
START_TEST(stores_of_what_is_built_in) {
	char body[512];
	snprintf(body, sizeof body,
	         "l:\nSliceGet r5, r0, r3 bytes=8\nSliceGet r6, r0, r3 bytes=8\nSliceLen r7, r0\n%s"
	         "ForLoop r1, r2, l\n",
	         callees[_i].call);
	volt_module *module = module_with(body);
	function_rounds rounds;
	compute(module, all_calls, &rounds);
	ck_assert_uint_eq(rounds.loop_count, 1);
	ck_assert_int_eq(rounds.facts[0].kind, callees[_i].value);
	ck_assert_int_eq(rounds.facts[1].kind, callees[_i].reference);
	ck_assert_int_eq(rounds.facts[2].kind, ROUND_REPEATED);
	volt_function_rounds_dispose(&rounds);
	volt_module_free(module);
}
END_TEST

/* Loops beside each other, and the inner one of two. */
START_TEST(several_loops) {
	volt_module *module =
	    module_with("k:\nLoadInt r4, 0\nl:\nSliceGet r5, r0, r4 bytes=8\nForLoop r4, r2, l\n"
	                "ForLoop r1, r2, k\nm:\nSliceGet r5, r3, r4 bytes=8\nForLoop r4, r2, m\n");
	function_rounds rounds;
	compute(module, NULL, &rounds);
	ck_assert_uint_eq(rounds.loop_count, 2);
	ck_assert_uint_eq(rounds.loop_of[0], ROUND_NO_LOOP);
	ck_assert_uint_eq(rounds.loops[rounds.loop_of[1]].header, 1);
	ck_assert_uint_eq(rounds.loop_of[3], ROUND_NO_LOOP);
	ck_assert_uint_eq(rounds.loops[rounds.loop_of[5]].header, 4);
	volt_function_rounds_dispose(&rounds);
	volt_module_free(module);
}
END_TEST

/* Nothing is known of a slot that an index reaches, nor of its test. */
START_TEST(tests_of_indexed_slots) {
	volt_module *module = assemble("fn main locals=1 {\nReturn r0, 0\n}\n"
	                               "fn looping params=1 locals=200 results=1 {\n"
	                               "l:\nLtI r199, r0, r0\nJumpIfNot r199, e\nSlotGet r0, r1, r0\n"
	                               "StrLen r0, r0\nIndexCheck r0, r0\nJump l\ne:\nReturn r0, 1\n}\n");
	function_rounds rounds;
	compute(module, NULL, &rounds);
	for (uint32_t pc = 0; rounds.facts && pc < 6; pc++)
		ck_assert_int_ne(rounds.facts[pc].kind, ROUND_STAYS);
	volt_function_rounds_dispose(&rounds);
	volt_module_free(module);
}
END_TEST

int main(void) {
	return run_suite("analysis/rounds", (listed_test[]){
	                                        {facts, sizeof expectations / sizeof expectations[0]},
	                                        {calls_that_are_built_in, 0},
	                                        {stores_of_what_is_built_in, sizeof callees / sizeof callees[0]},
	                                        {several_loops, 0},
	                                        {tests_of_indexed_slots, 0},
	                                        {NULL, 0},
	                                    });
}
