/* Live slots, worked out by hand: function `f` of a small module, and what is live before each instruction.
 */
#include "analysis/liveness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/bit_set.h"
#include "analysis/certain_results.h"
#include "support.h"

#define MAIN "fn main {\n\tReturn r0, 0\n}\n"

typedef struct {
	const char *text;
	const char *live; /* "0-1 4|2|": ranges before pc 0, pc 1, ... */
} liveness_case;

static void write_set(FILE *out, const uint64_t *set, uint32_t slots) {
	const char *space = "";
	for (uint32_t first = 0, end; first < slots; first = end) {
		end = first + 1;
		if (!bit_set_has(set, first))
			continue;
		while (end < slots && bit_set_has(set, end))
			end++;
		fprintf(out, "%s%u", space, first);
		if (end - 1 > first)
			fprintf(out, "-%u", end - 1);
		space = " ";
	}
}

static char *all_sets(const liveness *live) {
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	uint64_t *set = calloc(live->words + 1, sizeof *set);
	for (uint32_t pc = 0; pc < live->function->code.count; pc++) {
		volt_liveness_at(live, pc, set);
		if (pc)
			fputc('|', out);
		write_set(out, set, live->slots);
	}
	fclose(out);
	free(set);
	return text;
}

static void expect(const liveness_case *expected, bool knows_results) {
	volt_module *module = assemble(expected->text);
	uint32_t *results = volt_certain_results_new(module);
	liveness live;
	volt_liveness_compute(module, function_named(module, "f"), knows_results ? results : NULL, &live);
	ck_assert_ptr_null(live.everything);
	char *text = all_sets(&live);
	ck_assert_str_eq(text, expected->live);
	free(text);
	volt_liveness_dispose(&live);
	free(results);
	volt_module_free(module);
}

static const liveness_case plain[] = {
    {MAIN "fn f params=2 locals=4 results=1 {\n"
          "	AddI r2, r0, r1\n"
          "	Copy r3, r2\n"
          "	Return r3, 1\n"
          "}\n",
     "0-1|2|3"},
    /* A loop: the limit and the sum live through it. */
    {MAIN "fn f params=1 locals=3 results=1 {\n"
          "	LoadInt r1, 0\n"
          "	LoadInt r2, 0\n"
          "again:\n"
          "	AddI r2, r2, r1\n"
          "	ForLoop r1, r0, again\n"
          "	Return r2, 1\n"
          "}\n",
     "0|0-1|0-2|0-2|2"},
    /* Two ways: what either of them reads. */
    {MAIN "fn f params=3 locals=3 results=1 {\n"
          "	JumpIf r0, other\n"
          "	Return r1, 1\n"
          "other:\n"
          "	Return r2, 1\n"
          "}\n",
     "0-2|1|2"},
    /* What is never reached has no live slots, and adds none. */
    {MAIN "fn f params=2 locals=2 {\n"
          "	Return r0, 0\n"
          "	Copy r0, r1\n"
          "	Return r0, 0\n"
          "}\n",
     "||"},
    {MAIN "fn f closure locals=2 results=1 captures=[int:0 1] {\n"
          "	ClosureGet r1, 0\n"
          "	Return r1, 1\n"
          "}\n",
     "0|1"},
};

START_TEST(plain_code) {
	expect(&plain[_i], true);
}
END_TEST

/* Results: 2 of `even`; 1 of `uneven` on one of its ways, so that the second may stay what it was. */
#define CALLEES \
	MAIN "fn even params=1 locals=2 results=2 {\n" \
	     "	Return r0, 2\n" \
	     "}\n" \
	     "fn uneven params=1 locals=2 results=2 {\n" \
	     "	JumpIf r0, short\n" \
	     "	Return r0, 2\n" \
	     "short:\n" \
	     "	Return r0, 1\n" \
	     "}\n" \
	     "fn quiet {\n" \
	     "	Return r0, 0\n" \
	     "}\n" \
	     "fn deferring params=1 locals=2 results=2 {\n" \
	     "	DeferPush @quiet, r0\n" \
	     "	Return r0, 2\n" \
	     "}\n" \
	     "fn heap params=1 locals=3 results=2 heap_start=1 heap_count=2 heap_slots=[1, 1] {\n" \
	     "	Return r1, 1 flags=2\n" \
	     "}\n" \
	     "fn endless params=1 locals=2 results=2 {\n" \
	     "here:\n" \
	     "	Jump here\n" \
	     "}\n"
#define CALLER(callee) \
	CALLEES "fn f params=1 locals=6 results=2 {\n" \
	        "	Copy r3, r0\n" \
	        "	Call @" callee ", r3 args=1 results=2\n" \
	        "	Return r3, 2\n" \
	        "}\n"

static const liveness_case calls[] = {
    {CALLER("even"), "0|3|3-4"},
    {CALLER("uneven"), "0 4|3-4|3-4"},
    {CALLER("deferring"), "0|3|3-4"},
    {CALLER("heap"), "0 4|3-4|3-4"},
    {CALLER("endless"), "0 4|3-4|3-4"},
    /* Of closures and methods nothing is known. */
    {MAIN "fn f params=2 locals=4 results=1 {\n"
          "	Copy r2, r0\n"
          "	CallClosure r1, r2 args=1 results=1\n"
          "	Return r2, 1\n"
          "}\n",
     "0-1|1-2|2"},
    {MAIN "fn f params=2 locals=4 results=1 {\n"
          "	CallClosure r1, r3 args=0 results=1\n"
          "	Return r3, 1\n"
          "}\n",
     "1 3|3"},
    {MAIN "fn f params=2 locals=6 results=1 {\n"
          "	CallIface r0, r3 method=0 args=2 results=3\n"
          "	Return r5, 1\n"
          "}\n",
     "0-1 3-5|5"},
    /* A native may write fewer results than it declares. */
    {"native probe results=1\n" MAIN "fn f params=3 locals=4 results=1 {\n"
     "	CallExtern @probe, r1, r2 args=2\n"
     "	Return r1, 1\n"
     "}\n",
     "1-3|1"},
};

START_TEST(call_results) {
	expect(&calls[_i], true);
}
END_TEST

START_TEST(calls_without_known_results) {
	expect(&(liveness_case){CALLER("even"), "0 4|3-4|3-4"}, false);
}
END_TEST

static const liveness_case special[] = {
    /* A computed index reaches all slots up to the frame's end, and overwrites none for certain. */
    {MAIN "fn f params=2 locals=6 results=1 {\n"
          "	SlotSet r2, r0, r1\n"
          "	SlotGet r1, r3, r0\n"
          "	Return r1, 1\n"
          "}\n",
     "0-5|0 3-5|1"},
    {MAIN "fn f params=2 locals=6 results=1 {\n"
          "	SlotSetN r4, r0, r1, 1\n"
          "	SlotGetN r1, r3, r0, 2\n"
          "	Return r2, 1\n"
          "}\n",
     "0-1 3-5|0 3-5|2"},
    /* Widths in a slot: a key or element may reach to the end; a result may be of no slots. */
    {MAIN "fn f params=1 locals=6 results=1 {\n"
          "	MapGet r1, r0, r3\n"
          "	Return r1, 1\n"
          "}\n",
     "0-1 3-5|1"},
    {MAIN "fn f params=1 locals=6 results=1 {\n"
          "	SliceGet r1, r0, r3 bytes=0\n"
          "	Return r1, 1\n"
          "}\n",
     "0-1 3-4|1"},
    {MAIN "fn f params=1 locals=6 {\n"
          "	SliceSet r0, r1, r4 bytes=0\n"
          "	Return r1, 0\n"
          "}\n",
     "0-2 4-5|"},
    /* Where such a slot holds a constant, it is known which slots, and what is written is. */
    {MAIN "fn f params=1 locals=20 results=1 {\n"
          "	LoadInt r3, 72\n"
          "	SliceGet r5, r0, r2 bytes=0\n"
          "	Return r13, 1\n"
          "}\n",
     "0 2|0 2-3|13"},
    {MAIN "fn f params=1 locals=20 {\n"
          "	LoadInt r3, 72\n"
          "	SliceSet r0, r2, r5 bytes=0\n"
          "	Return r0, 0\n"
          "}\n",
     "0 2 5-13|0 2-3 5-13|"},
    {MAIN "fn f params=1 locals=20 results=3 {\n"
          "	LoadInt r3, 65539\n"
          "	MapGet r5, r0, r3\n"
          "	Return r5, 3\n"
          "}\n",
     "0 4 7|0 3-4 7|5-7"},
    {MAIN "fn f params=2 locals=6 results=2 {\n"
          "	LoadInt r2, 1\n"
          "	SlotSet r3, r2, r1\n"
          "	SlotGet r0, r4, r2\n"
          "	Return r4, 2\n"
          "}\n",
     "1 5|1-2 5|2 4-5|4-5"},
    /* Outside of the frame nothing is done, and nothing is known. */
    {MAIN "fn f params=2 locals=6 results=2 {\n"
          "	LoadInt r2, 3\n"
          "	SlotSet r3, r2, r1\n"
          "	Return r4, 2\n"
          "}\n",
     "1 3-5|1-5|4-5"},
    {MAIN "fn f params=1 locals=20 results=1 {\n"
          "	LoadInt r3, 1000\n"
          "	SliceGet r5, r0, r2 bytes=0\n"
          "	Return r5, 1\n"
          "}\n",
     "0 2 5|0 2-3 5|5"},
    /* Executed again after a wait: the channel is live at the instruction itself, the results are not. */
    {MAIN "fn f params=1 locals=3 results=2 {\n"
          "	ChanRecv r1, r0 slots=1 ok=1\n"
          "	Return r1, 2\n"
          "}\n",
     "0|1-2"},
    /* When the map is at its end, the entry's slots stay what they were. */
    {MAIN "fn f params=1 locals=12 results=2 {\n"
          "	MapIterInit r3, r0\n"
          "	MapIterNext r1, r3, r10 key=1 value=1\n"
          "	Return r1, 2\n"
          "}\n",
     "0-2|1-9|1-2"},
};

START_TEST(special_opcodes) {
	expect(&special[_i], true);
}
END_TEST

static const liveness_case selects[] = {
    /* Either case may receive; the other's slots stay what they were. */
    {MAIN "fn f params=2 locals=7 results=1 {\n"
          "	SelectBegin 2\n"
          "	SelectRecv r3, r0 slots=1 ok=1\n"
          "	SelectRecv r5, r1 slots=1\n"
          "	SelectExec r2\n"
          "	Return r3, 1\n"
          "}\n",
     "0-1 3-5|0-1 3-5|0-1 3-5|0-1 3-5|3"},
    /* The value is read when the select is executed, not when it is named. */
    {MAIN "fn f params=2 locals=3 results=1 {\n"
          "	SelectBegin 1\n"
          "	SelectSend r0, r1 slots=1\n"
          "	LoadInt r1, 5\n"
          "	SelectExec r2\n"
          "	Return r2, 1\n"
          "}\n",
     "0-1|0-1|0|0-1|2"},
    /* Cases of one select are nothing to the next one. */
    {MAIN "fn f params=4 locals=6 results=2 {\n"
          "	SelectBegin 1\n"
          "	SelectSend r0, r1 slots=1\n"
          "	SelectExec r4\n"
          "	SelectBegin 1\n"
          "	SelectSend r2, r3 slots=1\n"
          "	SelectExec r5\n"
          "	Return r4, 2\n"
          "}\n",
     "0-3|0-3|0-3|2-4|2-4|2-4|4-5"},
    /* A case on one of two ways. */
    {MAIN "fn f params=4 locals=5 results=1 {\n"
          "	SelectBegin 2\n"
          "	JumpIf r0, skip\n"
          "	SelectSend r1, r2 slots=1\n"
          "skip:\n"
          "	SelectExec r4\n"
          "	Return r4, 1\n"
          "}\n",
     "0-2|0-2|1-2|1-2|4"},
    /* A select that an earlier frame may have left behind names slots that nobody knows. */
    {MAIN "fn f locals=4 results=1 {\n"
          "	SelectExec r0\n"
          "	Return r0, 1\n"
          "}\n",
     "0-3|0"},
    {MAIN "fn f params=1 locals=4 results=1 {\n"
          "	JumpIf r0, begun\n"
          "	SelectBegin 1 default=1\n"
          "begun:\n"
          "	SelectExec r0\n"
          "	Return r0, 1\n"
          "}\n",
     "0-3|0-3|0-3|0"},
};

START_TEST(slots_of_selects) {
	expect(&selects[_i], true);
}
END_TEST

#define QUIET MAIN "fn quiet params=1 {\n\tReturn r0, 0\n}\n"

static const liveness_case defers[] = {
    /* References to results are read by unwinding, from wherever a panic comes. */
    {QUIET "fn f params=2 locals=6 results=2 heap_start=4 heap_count=2 heap_slots=[1, 1] {\n"
           "	LoadInt r4, 0\n"
           "	DeferPush @quiet, r1 args=1\n"
           "	LoadInt r4, 0\n"
           "	Return r0, 0\n"
           "}\n",
     "1 4-5|1 4-5|4-5|4-5"},
    /* Without deferred calls nothing recovers. */
    {QUIET "fn f params=2 locals=6 results=2 heap_start=4 heap_count=2 heap_slots=[1, 1] {\n"
           "	LoadInt r4, 0\n"
           "	Return r4, 2 flags=2\n"
           "}\n",
     "5|4-5"},
    /* The callee is a slot or not. */
    {QUIET "fn f params=2 locals=3 {\n"
           "	DeferPush r0, r1 args=1\n"
           "	GoStart @quiet, r1 args=1\n"
           "	Return r0, 0\n"
           "}\n",
     "0-1|1|"},
};

START_TEST(deferred_calls) {
	expect(&defers[_i], true);
}
END_TEST

/* More than 32768 blocks with a set of 8 KiB each. */
START_TEST(what_is_too_large_is_all_live) {
	enum { JUMPS = 33000 };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fputs(MAIN "fn f locals=65535 {\n", out);
	for (int i = 0; i < JUMPS; i++)
		fputs("\tJumpIf r0, end\n", out);
	fputs("end:\n\tReturn r0, 0\n}\n", out);
	fclose(out);
	volt_module *module = assemble(text);
	liveness live;
	volt_liveness_compute(module, function_named(module, "f"), NULL, &live);
	ck_assert_str_eq(live.everything, "it has too many blocks and slots");
	uint64_t *set = calloc(live.words, sizeof *set);
	volt_liveness_at(&live, JUMPS, set);
	for (uint32_t slot = 0; slot < live.slots; slot++)
		ck_assert(bit_set_has(set, slot));
	free(set);
	volt_liveness_dispose(&live);
	volt_module_free(module);
	free(text);
}
END_TEST

/* Each block jumps to the one before it, and what the last one reads has to travel through all of them. */
START_TEST(what_takes_too_long_is_all_live) {
	enum { BLOCKS = 60000 };
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	fprintf(out, MAIN "fn f locals=2 results=1 {\n\tJump b%d\nb0:\n\tReturn r1, 1\n", BLOCKS);
	for (int i = 1; i <= BLOCKS; i++)
		fprintf(out, "b%d:\n\tJump b%d\n", i, i - 1);
	fputs("}\n", out);
	fclose(out);
	volt_module *module = assemble(text);
	liveness live;
	volt_liveness_compute(module, function_named(module, "f"), NULL, &live);
	ck_assert_str_eq(live.everything, "its jumps are too entangled");
	uint64_t set;
	volt_liveness_at(&live, 0, &set);
	ck_assert_uint_eq(set, 3);
	volt_liveness_dispose(&live);
	volt_module_free(module);
	free(text);
}
END_TEST

static void compare_with_single(void *user, uint32_t pc, const uint64_t *set) {
	const liveness *live = user;
	uint64_t *single = calloc(live->words + 1, sizeof *single);
	volt_liveness_at(live, pc, single);
	ck_assert_mem_eq(single, set, live->words * sizeof *set);
	free(single);
}

START_TEST(a_walk_gives_the_same_as_single_questions) {
	volt_module *module = assemble(selects[0].text);
	liveness live;
	volt_liveness_compute(module, function_named(module, "f"), NULL, &live);
	for (uint32_t block = 0; block < live.flow.block_count; block++)
		volt_liveness_visit_block(&live, block, compare_with_single, &live);
	volt_liveness_dispose(&live);
	volt_module_free(module);
}
END_TEST

#define COUNT(cases) ((int)(sizeof(cases) / sizeof *(cases)))

int main(void) {
	return run_suite("liveness", (const listed_test[]){{plain_code, COUNT(plain)},
	                                                   {call_results, COUNT(calls)},
	                                                   {calls_without_known_results, 0},
	                                                   {special_opcodes, COUNT(special)},
	                                                   {slots_of_selects, COUNT(selects)},
	                                                   {deferred_calls, COUNT(defers)},
	                                                   {what_is_too_large_is_all_live, 0},
	                                                   {what_takes_too_long_is_all_live, 0},
	                                                   {a_walk_gives_the_same_as_single_questions, 0},
	                                                   {NULL, 0}});
}
