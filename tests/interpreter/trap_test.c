/* Runtime errors and their texts; instructions that only a file made by hand can contain. */
#include <stdio.h>
#include <string.h>

#include "machine.h"

typedef struct {
	const char *body; /* of a function with slots enough; r0 is nil or 0 */
	const char *message;
} trap_case;

static const trap_case cases[] = {
    {"LoadInt r1, 4\n DivI r2, r1, r0", "runtime error: integer divide by zero"},
    {"DivU r2, r1, r0", "runtime error: integer divide by zero"},
    {"ModI r2, r1, r0", "runtime error: integer divide by zero"},
    {"ModU r2, r1, r0", "runtime error: integer divide by zero"},
    {"LoadInt r1, -1\n Shl r2, r0, r1", "runtime error: negative shift amount"},
    {"LoadInt r1, -1\n ShrS r2, r0, r1", "runtime error: negative shift amount"},
    {"LoadInt r1, -1\n ShrU r2, r0, r1", "runtime error: negative shift amount"},
    {"PtrGet r1, r0, 0", "runtime error: nil pointer dereference"},
    {"PtrSet r0, 0, r1", "runtime error: nil pointer dereference"},
    {"PtrGetN r1, r0, 0, 2", "runtime error: nil pointer dereference"},
    {"PtrSetN r0, 0, r1, 2", "runtime error: nil pointer dereference"},
    {"LoadInt r1, 2\n PtrAdd r2, r0, r1\n PtrGet r2, r2, 0", "runtime error: nil pointer dereference"},
    {"LoadInt r1, 2\n ArrayAddr r2, r0, r1 bytes=8\n PtrGet r2, r2, 0",
     "runtime error: nil pointer dereference"},
    {"LoadInt r1, 2\n SliceAddr r2, r0, r1 bytes=8\n PtrGet r2, r2, 0",
     "runtime error: nil pointer dereference"},
    {"ClosureGet r1, 0", "runtime error: nil pointer dereference"},
    {"CallIface r0, r2 method=1 args=0", "runtime error: nil pointer dereference"},
    {"CallClosure r0, r2 args=0", "runtime error: call of nil function"},
    {"GoStart r0, r2 args=0", "runtime error: call of nil function"},
    {"LoadInt r1, -1\n IndexCheck r1, r0",
     "runtime error: index out of range [18446744073709551615] with length 0"},
    {"ArrayGet r1, r0, r0 bytes=8", "runtime error: index out of range [0] with length 0"},
    {"ArraySet r0, r0, r1 bytes=8", "runtime error: index out of range [0] with length 0"},
    {"LoadInt r1, 2\n LoadInt r2, 3\n LoadInt r3, 5\n SliceNew r4, r1, r2 bytes=8\n SliceGet r5, r4, r2 "
     "bytes=8",
     "runtime error: index out of range [3] with length 3"},
    {"SliceSet r0, r0, r1 bytes=8", "runtime error: index out of range [0] with length 0"},
    {"StrIndex r1, r0, r0", "runtime error: index out of range [0] with length 0"},
    {"StrNew r1, \"abc\"\n LoadInt r2, 2\n LoadInt r3, 4\n StrSlice r1, r1, r2",
     "runtime error: slice bounds out of range [2:4]"},
    {"LoadInt r1, 2\n LoadInt r2, -1\n SliceNew r4, r1, r2 bytes=8",
     "runtime error: makeslice: len out of range"},
    {"LoadInt r1, 2\n LoadInt r2, 3\n LoadInt r3, 1\n SliceNew r4, r1, r2 bytes=8",
     "runtime error: makeslice: len larger than cap"},
    {"LoadInt r1, -1\n ChanNew r2, r0, r1 slots=1", "runtime error: makechan: size out of range"},
    {"ChanSend r0, r1 slots=1", "runtime error: send on nil channel"},
    {"ChanRecv r1, r0 slots=1", "runtime error: receive on nil channel"},
    {"ChanClose r0", "runtime error: close of nil channel"},
    {"ChanNew r1, r0, r0 slots=1\n ChanClose r1\n ChanClose r1", "runtime error: close of closed channel"},
    {"ChanNew r1, r0, r0 slots=1\n ChanClose r1\n ChanSend r1, r2 slots=1",
     "runtime error: send on closed channel"},
    {"ChanNew r1, r0, r0 slots=1\n ChanClose r1\n SelectBegin 1\n SelectSend r1, r2 slots=1\n SelectExec r3",
     "runtime error: send on closed channel"},
    {"LoadInt r1, 257\n MapSet r0, r1, r3", "runtime error: assignment to entry in nil map"},
    {"IfaceAssert r2, r0, 2", "runtime error: interface conversion: interface is nil, not"},
    {"LoadInt r1, 12\n SlotGet r2, r4, r1", "runtime error: index out of range [12] with length 12"},
    {"LoadInt r1, -1\n SlotSet r4, r1, r2",
     "runtime error: index out of range [18446744073709551615] with length 12"},
    {"LoadInt r1, 6\n SlotGetN r2, r4, r1, 2", "runtime error: index out of range [6] with length 6"},
    {"LoadInt r1, 4\n SlotSetN r4, r1, r2, 3", "runtime error: index out of range [4] with length 4"},
};

static const char *in_function(const char *body) {
	static char program[1024];
	snprintf(program, sizeof program, "fn main locals=16 {\n %s\n Return r0, 0\n}\n", body);
	return program;
}

START_TEST(texts) {
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const outcome result = run(in_function(cases[i].body));
		if (strcmp(result.message, cases[i].message) != 0)
			ck_abort_msg("%s\ngives %s\nand not %s", cases[i].body, result.message, cases[i].message);
		ck_assert_int_eq(result.kind, VOLT_ERROR_PANIC);
	}
}
END_TEST

/* Objects that are no channels count as nil ones. */
START_TEST(what_is_no_channel) {
	static const char *const made[] = {
	    "LoadInt r2, 2\n LoadInt r3, 1\n PortNew r1, r2, r3 slots=1",
	    "StrNew r1, \"a string that is long enough\"",
	    "LoadInt r2, 2\n LoadInt r3, 8\n LoadInt r4, 8\n SliceNew r1, r2, r3 bytes=8",
	    "LoadConst r2, 73014444034\n LoadInt r3, 17\n MapNew r1, r2 key=1 value=1",
	    "ClosureNew r1, @main, 3",
	    "PtrNew r1, r0, 1",
	    /* An object that says that it is a channel: its meta is 20, the kind. */
	    "LoadInt r2, 20\n PtrNew r1, r2, 8\n LoadInt r2, 4096\n PtrSet r1, 0, r2",
	};
	static const struct {
		const char *body, *message;
	} uses[] = {
	    {"ChanSend r1, r5 slots=1", "runtime error: send on nil channel"},
	    {"ChanRecv r5, r1 slots=1", "runtime error: receive on nil channel"},
	    {"ChanClose r1", "runtime error: close of nil channel"},
	    {"ChanLen r5, r1\n IndexCheck r5, r5", "runtime error: index out of range [0] with length 0"},
	    {"ChanCap r5, r1\n IndexCheck r5, r5", "runtime error: index out of range [0] with length 0"},
	    {"SelectBegin 1\n SelectRecv r5, r1 slots=1\n SelectExec r8", "deadlock: all fibers are blocked"},
	    {"SelectBegin 1\n SelectSend r1, r5 slots=1\n SelectExec r8", "deadlock: all fibers are blocked"},
	};
	for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
		for (size_t j = 0; j < sizeof uses / sizeof *uses; j++) {
			char body[512];
			snprintf(body, sizeof body, "%s\n %s", made[i], uses[j].body);
			const outcome result = run(in_function(body));
			ck_assert_msg(strcmp(result.message, uses[j].message) == 0, "%s\ngives %s", body, result.message);
		}
	}
}
END_TEST

/* Widths in slots that do not fit: an error of the module, and no access outside of the frame. */
static const char *const refused[] = {
    /* an element of 800 bytes */
    ("LoadInt r1, 2\n LoadInt r2, 1\n LoadInt r3, 800\n ArrayNew r4, r1, r2 bytes=0\n LoadInt r2, 0\n "
     "ArrayGet r5, r4, r2 bytes=0"),
    ("LoadInt r1, 2\n LoadInt r2, 1\n LoadInt r3, 800\n ArrayNew r4, r1, r2 bytes=0\n LoadInt r2, 0\n "
     "ArraySet r4, r2, r5 bytes=0"),
    "LoadInt r1, 2\n LoadInt r2, 800\n SliceAppend r4, r0, r1 bytes=0",
    /* a key of 100 slots; one that is not the map's */
    "LoadInt r1, 6553602\n MapGet r2, r0, r1",
    "LoadInt r1, 25601\n MapSet r0, r1, r3",
    "LoadInt r1, 100\n MapDelete r0, r1",
    "LoadInt r1, 514\n LoadInt r2, 0\n MapNew r3, r1 key=1 value=1\n LoadInt r4, 131074\n MapGet r8, r3, r4",
    /* a value of 100 slots */
    "LoadInt r1, 65736\n MapGet r2, r0, r1",
    /* a channel of two slots, used with one */
    "LoadInt r2, 1\n ChanNew r1, r0, r2 slots=2\n ChanSend r1, r2 slots=1",
    "LoadInt r2, 1\n ChanNew r1, r0, r2 slots=2\n ChanRecv r2, r1 slots=1",
    "LoadInt r2, 1\n ChanNew r1, r0, r2 slots=2\n SelectBegin 1\n SelectRecv r2, r1 slots=1\n SelectExec r3",
    /* a select that nobody began */
    "SelectExec r1",
    "SelectSend r0, r1 slots=1",
};

START_TEST(frames_are_never_left) {
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		const outcome result = run(in_function(refused[i]));
		if (result.kind != VOLT_ERROR_VERIFY || !strstr(result.message, "test.vot: function main (#0), pc "))
			ck_abort_msg("%s\ngives kind %d: %s", refused[i], result.kind, result.message);
	}
}
END_TEST

/* A select that a returned frame began names slots that its successor does not have. */
START_TEST(select_of_a_dead_frame) {
	const outcome result =
	    run("fn begin locals=60000 {\n SelectBegin 1\n SelectRecv r59000, r59001 slots=1\n Return r0, 0\n}\n"
	        "fn execute locals=1 {\n SelectExec r0\n Return r0, 0\n}\n"
	        "fn sleep params=1 {\n ChanRecv r1, r0 slots=1\n Return r0, 0\n}\n"
	        "fn wake params=1 {\n ChanSend r0, r1 slots=1\n Return r0, 0\n}\n"
	        "fn main locals=8 {\n LoadInt r1, 2\n LoadInt r2, 0\n ChanNew r0, r1, r2 slots=1\n"
	        " GoStart @wake, r0 args=1\n Call @begin, r4 args=0\n Copy r4, r0\n"
	        " Call @sleep, r4 args=1\n Call @execute, r4 args=0\n Return r0, 0\n}\n");
	ck_assert_int_eq(result.kind, VOLT_ERROR_VERIFY);
	ck_assert_ptr_nonnull(strstr(result.message, "function execute (#1), pc 0 (SelectExec)"));
}
END_TEST

/* The value of a runtime error is a string with type id 0: it prints, and is no `string` to an assertion. */
START_TEST(value_of_a_trap) {
	expect_output(
	    "fn catch {\n Recover r0\n CallExtern @log, r2, r0 args=1\n IfaceAssert r2, r0, 17 ok=1\n"
	    " CallExtern @log, r4, r3 args=1\n CallExtern @vo_println, r2, r0 args=2\n Return r0, 0\n}\n"
	    "fn main {\n DeferPush @catch, r0 args=0\n LoadInt r0, 0\n DivI r0, r0, r0\n Return r0, 0\n}\n",
	    "17\n0\nruntime error: integer divide by zero\n");
}
END_TEST

int main(void) {
	return run_suite("trap", (named_test[]){
	                             {"texts", texts},
	                             {"what_is_no_channel", what_is_no_channel},
	                             {"frames", frames_are_never_left},
	                             {"dead select", select_of_a_dead_frame},
	                             {"value", value_of_a_trap},
	                             {NULL, NULL},
	                         });
}
