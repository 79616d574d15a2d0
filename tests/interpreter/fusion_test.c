/*
 * Superinstructions change nothing that can be seen: random programs run in fused and in plain code, with the
 * same slots on the way, the same traps at the same pcs, and the same end when their steps run out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interpreter/fuse.h"
#include "machine.h"

enum { PROGRAMS = 1500, LINES = 70 };

/*
 * The closure in r0; integers in r1..r7, floats in r8..r11, arguments and result of calls in r12, r13, slices
 * in r16..r20, an object in r21. Letters stand for: d, s integer written or read; f, x float written or read;
 * # small number; k index or divisor, mostly 3; @ label nearby. Reading prefers what was written last, as
 * compilers do.
 */
static const char *const shapes[] = {
    "LoadInt d, #",
    "LoadInt d, #",
    "LoadInt d, #",
    "LoadInt d, #",
    "AddI d, s, s",
    "SubI d, s, s",
    "MulI d, s, s",
    "And d, s, s",
    "Xor d, s, s",
    "Or d, s, s",
    "DivI d, s, k",
    "ModI d, s, k",
    "Shl d, s, k",
    "ShrS d, s, k",
    "EqI d, s, s",
    "NeI d, s, s",
    "LtI d, s, s",
    "LeI d, s, s",
    "GtI d, s, s",
    "GeI d, s, s",
    "LtU d, s, s",
    "LtF d, x, x",
    "LeF d, x, x",
    "GtF d, x, x",
    "GeF d, x, x",
    "AddF f, x, x",
    "SubF f, x, x",
    "MulF f, x, x",
    "MulF f, x, x",
    "LoadConst f, 0.5",
    "LoadConst d, 1000000007",
    "Copy d, s",
    "Copy d, s",
    "Copy d, s",
    "Copy f, x",
    "CopyN r3, r4, 2",
    "CopyN r5, r4, 2",
    "CopyN r2, r1, 3",
    "Trunc d, s, 132",
    "Trunc d, s, 132",
    "Trunc d, s, 1",
    "Trunc d, s, 4",
    "Trunc d, s, 130",
    "JumpIf s, @",
    "JumpIfNot s, @",
    "JumpIfNot s, @",
    "JumpIfNot s, @",
    "Jump @",
    "ForLoop d, s, @",
    "ForLoop d, s, @",
    "ForLoop d, s, @ flags=4",
    "ForLoop d, s, @ flags=2",
    "SliceGet d, r16, k bytes=8",
    "SliceGet d, r16, k bytes=8",
    "SliceSet r16, k, s bytes=8",
    "SliceGet d, r17, k bytes=1",
    "SliceSet r17, k, s bytes=1",
    "SliceGet d, r18, k bytes=132",
    "SliceSet r18, k, s bytes=132",
    "SliceGet d, r19, k bytes=130",
    "SliceSet r19, k, s bytes=130",
    "SliceGet r5, r20, k bytes=16",
    "SliceGet d, r15, k bytes=8",
    "SliceLen d, r16",
    "ClosureGet r21, 0",
    "ClosureGet d, 1",
    "PtrGet d, r21, 1",
    "PtrGet d, r21, 2",
    "PtrSet r21, 1, s",
    "PtrSet r21, 2, s",
    "PtrGet f, r21, 3",
    "PtrSet r21, 3, x",
    "PtrSet r21, 3, x",
    "Copy r12, s",
    "Copy r13, s",
    "Call @helper, r12 args=2 results=1",
    "Copy d, r12",
    "Call @helper, r12 args=2 results=1",
    "CallExtern @record, r22, r1 args=11",
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static const char beginning[] =
    "fn helper params=2 results=1 {\n LoadInt r2, 7\n LtI r3, r0, r2\n JumpIfNot r3, other\n LoadInt r2, 3\n"
    " AddI r3, r1, r2\n Return r3, 1\nother:\n ModI r3, r0, r1\n Copy r4, r3\n Return r4, 1\n}\n"
    "fn main {\n LoadInt r4, 8\n PtrNew r3, r4, 4\n LoadInt r4, -9\n PtrSet r3, 1, r4\n"
    " ClosureNew r0, @work, 2\n PtrSet r0, 1, r3\n LoadInt r4, 12\n PtrSet r0, 2, r4\n"
    " CallClosure r0, r6 args=0\n Return r0, 0\n}\n"
    "fn work params=1 closure locals=23 {\n LoadInt r3, 10\n LoadInt r4, 10\n LoadInt r15, 0\n LoadInt r12, "
    "4\n LoadInt r13, "
    "5\n"
    " SliceNew r16, r15, r3 bytes=8\n SliceNew r17, r15, r3 bytes=1\n SliceNew r18, r15, r3 bytes=132\n"
    " SliceNew r19, r15, r3 bytes=130\n SliceNew r20, r15, r3 bytes=16\n LoadConst r8, 1.5\n LoadConst r9, "
    "-2.0\n"
    " LoadConst r10, 0.25\n LoadConst r11, 3.0\n LoadInt r1, 2\n LoadInt r2, -1\n LoadInt r5, 1\n LoadInt "
    "r6, 0\n"
    " LoadInt r7, 8\n LoadInt r22, 3\n ClosureGet r21, 0\n";

static int between(int low, int high) {
	return low + (int)(random() % (high - low + 1));
}

typedef struct {
	char text[16384];
	size_t length;
	int last_integer, last_float;
} generator;

static void put_number(generator *to, const char *prefix, int number) {
	to->length +=
	    (size_t)snprintf(to->text + to->length, sizeof to->text - to->length, "%s%d", prefix, number);
}

static int read_register(int last, int low, int high) {
	return between(0, 1) ? last : between(low, high);
}

static void put_shape(generator *to, const char *shape, int line) {
	int integer = to->last_integer, real = to->last_float;
	const size_t name = strcspn(shape, " ");
	for (size_t i = 0; shape[i]; i++) {
		/* A letter that stands alone. */
		const bool word = i < name || shape[i - 1] != ' ' || !strchr(", ", shape[i + 1]);
		switch (word ? 0 : shape[i]) {
		case 'd': put_number(to, "r", integer = between(1, 7)); break;
		case 's': put_number(to, "r", read_register(to->last_integer, 1, 7)); break;
		case 'k': put_number(to, "r", between(0, 9) ? 22 : to->last_integer); break;
		case 'f': put_number(to, "r", real = between(8, 11)); break;
		case 'x': put_number(to, "r", read_register(to->last_float, 8, 11)); break;
		case '#': put_number(to, "", between(0, 9) ? between(0, 9) : between(-40000, 70)); break;
		case '@': {
			const int target = line + between(-6, 5);
			put_number(to, "l", target < 0 ? 0 : target > LINES ? LINES : target);
			break;
		}
		default: to->text[to->length++] = shape[i];
		}
	}
	to->last_integer = integer;
	to->last_float = real;
}

static void generate(generator *to) {
	memcpy(to->text, beginning, sizeof beginning);
	to->length = sizeof beginning - 1;
	to->last_integer = 1;
	to->last_float = 8;
	for (int line = 0; line < LINES; line++) {
		put_number(to, "l", line);
		to->length += (size_t)sprintf(to->text + to->length, ":\n ");
		put_shape(to, shapes[between(0, SHAPES - 1)], line);
		to->text[to->length++] = '\n';
	}
	put_number(to, "l", LINES);
	sprintf(to->text + to->length, ":\n CallExtern @record, r22, r1 args=11\n Return r0, 0\n}\n");
}

/* ---- Running ---- */

typedef struct {
	volt_slot slots[64][11];
	size_t count;
} record;

static volt_native_result native_record(volt_native_call *call) {
	record *kept = call->user;
	memcpy(kept->slots[kept->count++ % 64], call->arguments, sizeof kept->slots[0]);
	return VOLT_NATIVE_OK;
}

static outcome run_recorded(const char *program, uint64_t steps, bool fused, record *kept) {
	memset(kept, 0, sizeof *kept);
	fuse_enable(fused);
	const outcome result = run_with(program, &(volt_vm_options){.max_steps = steps},
	                                (test_native[]){{"record", native_record, kept}, {NULL, NULL, NULL}});
	fuse_enable(true);
	return result;
}

START_TEST(same_in_both) {
	static generator made;
	static record plain_record, fused_record;
	int panics = 0, exhausted = 0, completed = 0;
	srandom(20011);
	for (int i = 0; i < PROGRAMS; i++) {
		generate(&made);
		const uint64_t steps = (uint64_t)between(1, 300);
		const outcome plain = run_recorded(made.text, steps, false, &plain_record);
		const outcome fused = run_recorded(made.text, steps, true, &fused_record);
		if (strcmp(plain.message, fused.message) != 0 || strcmp(plain.trace, fused.trace) != 0 ||
		    plain.exit_status != fused.exit_status ||
		    memcmp(&plain_record, &fused_record, sizeof plain_record) != 0) {
			ck_abort_msg("plain: %s\n%s\nfused: %s\n%s\n%s", plain.message, plain.trace, fused.message,
			             fused.trace, made.text);
		}
		panics += plain.kind == VOLT_ERROR_PANIC;
		completed += plain.kind == 0;
		exhausted += plain.kind != 0 && plain.kind != VOLT_ERROR_PANIC;
	}
	/* All three ways to end were really tried. */
	ck_assert_int_gt(panics, PROGRAMS / 20);
	ck_assert_int_gt(exhausted, PROGRAMS / 20);
	ck_assert_int_gt(completed, PROGRAMS / 20);
}
END_TEST

/* A trap of the third instruction of a sequence is reported at its own pc. */
START_TEST(traps_have_their_own_pc) {
	const char *program =
	    "fn main {\n LoadInt r1, 3\n LoadInt r2, 4\n AddI r3, r1, r2\n SliceGet r4, r0, r3 bytes=8\n"
	    " Return r0, 0\n}\ndebug {\n}\n";
	const outcome result = run(program);
	ck_assert_str_eq(result.message, "runtime error: index out of range [7] with length 0");
	ck_assert_ptr_nonnull(strstr(result.trace, "pc 3"));
}
END_TEST

/*
 * Only opcodes change, and a sequence starts at each instruction that can start one, so jumping into it
 * works.
 */
START_TEST(operands_stay) {
	const volt_instruction before[] = {
	    {VOLT_OP_LoadInt, 0, 1, 5, 0}, {VOLT_OP_LtI, 0, 2, 0, 1},  {VOLT_OP_JumpIfNot, 0, 2, 3, 0},
	    {VOLT_OP_Copy, 0, 4, 5, 0},    {VOLT_OP_Hint, 7, 1, 2, 3},
	};
	volt_instruction after[5];
	memcpy(after, before, sizeof before);
	fuse_code(after, 5);
	ck_assert_uint_eq(after[0].op, FUSED_OP_LoadIntLtIUnless);
	ck_assert_uint_eq(after[1].op, FUSED_OP_LtIUnless);
	for (int i = 0; i < 5; i++) {
		if (i >= 2)
			ck_assert_uint_eq(after[i].op, before[i].op);
		after[i].op = before[i].op;
	}
	ck_assert_mem_eq(after, before, sizeof before);
}
END_TEST

/* The condition must be the compared value, the operand the loaded one. */
START_TEST(other_operands_are_not_fused) {
	volt_instruction code[] = {
	    {VOLT_OP_LtI, 0, 2, 0, 1},  {VOLT_OP_JumpIfNot, 0, 3, 3, 0}, {VOLT_OP_LoadInt, 0, 1, 5, 0},
	    {VOLT_OP_SubI, 0, 2, 1, 0}, {VOLT_OP_Return, 0, 0, 0, 0},
	};
	fuse_code(code, 5);
	ck_assert_uint_eq(code[0].op, VOLT_OP_LtI);
	ck_assert_uint_eq(code[2].op, VOLT_OP_LoadInt);
}
END_TEST

int main(void) {
	return run_suite("fusion", (named_test[]){{"same_in_both", same_in_both},
	                                          {"traps_have_their_own_pc", traps_have_their_own_pc},
	                                          {"operands_stay", operands_stay},
	                                          {"other_operands_are_not_fused", other_operands_are_not_fused},
	                                          {NULL, NULL}});
}
