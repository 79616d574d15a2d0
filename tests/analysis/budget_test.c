/* What is too large to be optimised or compiled, by which of its sizes, and how that is said. */
#include "analysis/budget.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/shape.h"
#include "support.h"

/* ---- Functions of a given size ---- */

typedef void body_writer(FILE *out, unsigned count);

static function_shape shape_of(const char *head, body_writer *write, unsigned count) {
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	fprintf(out, "native vo_println results=0\nfn leaf {\nReturn r0, 0\n}\nfn sized %s {\n", head);
	write(out, count);
	fprintf(out, "}\nfn main {\nReturn r0, 0\n}\n");
	fclose(out);
	volt_module *module = assemble(text);
	function_shape shape;
	volt_function_shape_compute(module, function_named(module, "sized"), true, &shape);
	volt_module_free(module);
	free(text);
	return shape;
}

/* `count` instructions in all. */
static void straight(FILE *out, unsigned count) {
	for (unsigned i = 1; i < count; i++)
		fputs("AddI r0, r0, r1\n", out);
	fputs("Return r0, 1\n", out);
}

/* Behind the return nothing is reached, and nothing costs anything. */
static void unreached(FILE *out, unsigned count) {
	fputs("Return r0, 1\n", out);
	straight(out, count);
}

/* The Return is an exit, too. */
static void calls(FILE *out, unsigned count) {
	for (unsigned i = 0; i < count; i++)
		fputs("Call @leaf, r1 args=0 results=0\n", out);
	fputs("Return r0, 1\n", out);
}

/* Loops behind each other. */
static void loops(FILE *out, unsigned count) {
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "l%u:\nForLoop r0, r1, l%u\n", i, i);
	fputs("Return r0, 1\n", out);
}

/* Ways back to one header. */
static void ways_back(FILE *out, unsigned count) {
	fputs("top:\n", out);
	for (unsigned i = 0; i < count; i++)
		fputs("JumpIf r0, top\n", out);
	fputs("Return r0, 1\n", out);
}

/* Loops inside each other: the i-th instruction before the jumps and the i-th last jump are in i loops. */
static void nest(FILE *out, unsigned count) {
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "l%u:\nAddI r0, r0, r1\n", i);
	for (unsigned i = count; i-- > 0;)
		fprintf(out, "ForLoop r0, r1, l%u\n", i);
	fputs("Return r0, 1\n", out);
}

/* ---- Decisions ---- */

static const struct {
	const char *head;
	body_writer *write;
	unsigned count;
	compile_effort effort;
	const char *reason;
} decisions[] = {
    {"params=2 locals=2 results=1", straight, 6000, EFFORT_FULL, NULL},
    {"params=2 locals=2 results=1", straight, 6001, EFFORT_QUICK,
     "too large to optimise: 6001 instructions, limit 6000"},
    {"params=2 locals=2 results=1", straight, 30000, EFFORT_QUICK,
     "too large to optimise: 30000 instructions, limit 6000"},
    {"params=2 locals=2 results=1", straight, 30001, EFFORT_NONE,
     "too large to compile: 30001 instructions, limit 30000"},
    {"params=2 locals=2 results=1", unreached, 30001, EFFORT_FULL, NULL},
    {"params=2 locals=2 results=1", calls, 1500, EFFORT_FULL, NULL},
    {"params=2 locals=2 results=1", calls, 1501, EFFORT_QUICK,
     "too large to optimise: 1501 calls, limit 1500"},
    {"params=2 locals=2 results=1", calls, 3001, EFFORT_NONE, "too large to compile: 3001 calls, limit 3000"},
    {"params=2 locals=100 results=1", calls, 999, EFFORT_FULL, NULL},
    {"params=2 locals=101 results=1", calls, 999, EFFORT_QUICK,
     "too large to optimise: 101000 slots times exits, limit 100000"},
    {"params=2 locals=4001 results=1", calls, 999, EFFORT_NONE,
     "too large to compile: 4001000 slots times exits, limit 4000000"},
    {"params=2 locals=2 results=1", loops, 500, EFFORT_FULL, NULL},
    {"params=2 locals=2 results=1", loops, 501, EFFORT_QUICK,
     "too large to optimise: 501 backward jumps, limit 500"},
    {"params=2 locals=2 results=1", ways_back, 501, EFFORT_QUICK,
     "too large to optimise: 501 backward jumps, limit 500"},
    {"params=2 locals=2 results=1", ways_back, 4001, EFFORT_NONE,
     "too large to compile: 4001 backward jumps, limit 4000"},
    /* 2 * (1 + 4 + ... + n * n) = n * (n + 1) * (2 * n + 1) / 3: 243,672 for 71 and 254,040 for 72. */
    {"params=2 locals=2 results=1", nest, 71, EFFORT_FULL, NULL},
    {"params=2 locals=2 results=1", nest, 72, EFFORT_QUICK,
     "too large to optimise: 254040 instructions times the square of the loops around them, limit 250000"},
    {"params=2 locals=2 results=1", nest, 4000, EFFORT_QUICK,
     "too large to optimise: 8001 instructions, limit 6000"},
};

START_TEST(by_what_and_how_it_is_said) {
	function_shape shape = shape_of(decisions[_i].head, decisions[_i].write, decisions[_i].count);
	char reason[BUDGET_REASON_SIZE];
	ck_assert_int_eq(shape.budget.effort, decisions[_i].effort);
	ck_assert_int_eq(shape.refusal != NULL, decisions[_i].effort == EFFORT_NONE);
	ck_assert_int_eq(volt_function_shape_reason(&shape, reason), decisions[_i].reason != NULL);
	if (decisions[_i].reason)
		ck_assert_str_eq(reason, decisions[_i].reason);
}
END_TEST

/* What is compiled quickly has its slots in memory at any level. */
START_TEST(slots_of_what_is_not_optimised) {
	ck_assert(!shape_of("params=2 locals=2 results=1", straight, 6000).large);
	ck_assert(shape_of("params=2 locals=2 results=1", straight, 6001).large);
}
END_TEST

START_TEST(room_for_inlining) {
	function_shape shape = shape_of("params=2 locals=2 results=1", straight, 5900);
	ck_assert_uint_eq(volt_budget_rest(&shape.budget), 100);
	shape = shape_of("params=2 locals=2 results=1", straight, 7000);
	ck_assert_uint_eq(volt_budget_rest(&shape.budget), 0);
}
END_TEST

/* Another reason is told as it is. */
START_TEST(another_refusal) {
	function_shape shape = shape_of("params=2 locals=8193 results=1", straight, 2);
	char reason[BUDGET_REASON_SIZE];
	ck_assert(volt_function_shape_reason(&shape, reason));
	ck_assert_str_eq(reason, "its frame is too large");
}
END_TEST

int main(void) {
	return run_suite(
	    "budget", (const listed_test[]){{by_what_and_how_it_is_said, sizeof decisions / sizeof decisions[0]},
	                                    {slots_of_what_is_not_optimised, 0},
	                                    {room_for_inlining, 0},
	                                    {another_refusal, 0},
	                                    {NULL, 0}});
}
