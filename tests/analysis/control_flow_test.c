/* Blocks, edges and loop headers. */
#include "analysis/control_flow.h"

#include <string.h>

#include "support.h"

/* Two loops, one in the other; pc 7 and 8 are never reached. */
static const char nested[] = "fn main locals=4 {\n"
                             "	LoadInt r1, 0\n" /* 0 */
                             "outer:\n"
                             "	LoadInt r2, 0\n" /* 1 */
                             "inner:\n"
                             "	JumpIf r3, leave\n"      /* 2 */
                             "	AddI r3, r1, r2\n"       /* 3 */
                             "	ForLoop r2, r0, inner\n" /* 4 */
                             "leave:\n"
                             "	ForLoop r1, r0, outer\n" /* 5 */
                             "	Return r0, 0\n"          /* 6 */
                             "	LoadInt r3, 1\n"         /* 7 */
                             "	Jump outer\n"            /* 8 */
                             "}\n";

static void expect_block(const control_flow *flow, uint32_t index, uint32_t first, uint32_t end,
                         bool header) {
	ck_assert_uint_lt(index, flow->block_count);
	ck_assert_uint_eq(flow->blocks[index].first, first);
	ck_assert_uint_eq(flow->blocks[index].end, end);
	ck_assert_int_eq(flow->blocks[index].is_loop_header, header);
	for (uint32_t pc = first; pc < end; pc++)
		ck_assert_uint_eq(flow->block_of[pc], index);
}

START_TEST(blocks_and_loop_headers) {
	volt_module *module = assemble(nested);
	control_flow flow;
	volt_control_flow_compute(&module->functions.items[0], &flow);
	ck_assert_uint_eq(flow.block_count, 6);
	expect_block(&flow, 0, 0, 1, false);
	expect_block(&flow, 1, 1, 2, true);
	expect_block(&flow, 2, 2, 3, true);
	expect_block(&flow, 3, 3, 5, false);
	expect_block(&flow, 4, 5, 6, false);
	expect_block(&flow, 5, 6, 7, false);
	ck_assert_uint_eq(flow.block_of[7], CONTROL_FLOW_NO_BLOCK);
	ck_assert_uint_eq(flow.block_of[8], CONTROL_FLOW_NO_BLOCK);
	volt_control_flow_dispose(&flow);
	volt_module_free(module);
}
END_TEST

START_TEST(edges) {
	static const struct {
		uint32_t successor_count, successors[2], predecessor_count;
	} expected[] = {{1, {1}, 0}, {1, {2}, 2}, {2, {4, 3}, 2}, {2, {2, 4}, 1}, {2, {1, 5}, 2}, {0, {0}, 1}};
	volt_module *module = assemble(nested);
	control_flow flow;
	volt_control_flow_compute(&module->functions.items[0], &flow);
	for (uint32_t i = 0; i < flow.block_count; i++) {
		const basic_block *block = &flow.blocks[i];
		ck_assert_uint_eq(block->successor_count, expected[i].successor_count);
		for (uint32_t k = 0; k < block->successor_count; k++)
			ck_assert_uint_eq(block->successors[k], expected[i].successors[k]);
		ck_assert_uint_eq(block->predecessor_count, expected[i].predecessor_count);
	}
	/* The block behind the inner loop comes from the jump out of it and from its end. */
	ck_assert_uint_eq(flow.predecessors[flow.blocks[4].first_predecessor], 2);
	ck_assert_uint_eq(flow.predecessors[flow.blocks[4].first_predecessor + 1], 3);
	volt_control_flow_dispose(&flow);
	volt_module_free(module);
}
END_TEST

START_TEST(a_jump_to_itself_is_a_loop) {
	volt_module *module = assemble("fn main {\nhere:\n\tJump here\n}\n");
	control_flow flow;
	volt_control_flow_compute(&module->functions.items[0], &flow);
	ck_assert_uint_eq(flow.block_count, 1);
	expect_block(&flow, 0, 0, 1, true);
	ck_assert_uint_eq(flow.blocks[0].successors[0], 0);
	volt_control_flow_dispose(&flow);
	volt_module_free(module);
}
END_TEST

START_TEST(both_ways_to_the_same_place_are_one_edge) {
	volt_module *module = assemble("fn main locals=1 {\n\tJumpIf r0, next\nnext:\n\tReturn r0, 0\n}\n");
	control_flow flow;
	volt_control_flow_compute(&module->functions.items[0], &flow);
	ck_assert_uint_eq(flow.blocks[0].successor_count, 1);
	ck_assert_uint_eq(flow.blocks[1].predecessor_count, 1);
	volt_control_flow_dispose(&flow);
	volt_module_free(module);
}
END_TEST

/* What walks through a block need not walk far. */
START_TEST(no_block_is_long) {
	enum { INSTRUCTIONS = 200, LONGEST = 64 };
	char text[INSTRUCTIONS * 16 + 64] = "fn main locals=1 {\n";
	for (int i = 1; i < INSTRUCTIONS; i++)
		strcat(text, "LoadInt r0, 1\n");
	strcat(text, "Return r0, 0\n}\n");
	volt_module *module = assemble(text);
	control_flow flow;
	volt_control_flow_compute(&module->functions.items[0], &flow);
	ck_assert_uint_eq(flow.block_count, 4);
	for (uint32_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(flow.blocks[i].end - flow.blocks[i].first, LONGEST);
		ck_assert_uint_eq(flow.blocks[i].successor_count, 1);
		ck_assert_uint_eq(flow.blocks[i].successors[0], i + 1);
	}
	expect_block(&flow, 3, 3 * LONGEST, INSTRUCTIONS, false);
	volt_control_flow_dispose(&flow);
	volt_module_free(module);
}
END_TEST

int main(void) {
	return run_suite("control flow", (const listed_test[]){{blocks_and_loop_headers, 0},
	                                                       {edges, 0},
	                                                       {a_jump_to_itself_is_a_loop, 0},
	                                                       {both_ways_to_the_same_place_are_one_edge, 0},
	                                                       {no_block_is_long, 0},
	                                                       {NULL, 0}});
}
