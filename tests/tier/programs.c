/* The programs; the numbers that they print are worked out in the comment above each. */
#include "programs.h"

#include <stddef.h>

#define PRINT_AND_RETURN(slot) \
	"	IfaceAssign r20, " slot ", iface(int), int\n" \
	"	CallExtern @vo_println, r20, r20 args=2\n" \
	"	Return r0, 0\n" \
	"}\n"

/* fib(4) is 3. */
static const char recursion[] = "fn fib params=1 locals=5 results=1 {\n"
                                "	LoadInt r1, 2\n"
                                "	LtI r2, r0, r1\n"
                                "	JumpIfNot r2, more\n"
                                "	Return r0, 1\n"
                                "more:\n"
                                "	LoadInt r1, 1\n"
                                "	SubI r3, r0, r1\n"
                                "	Call @fib, r3 args=1 results=1\n"
                                "	LoadInt r1, 2\n"
                                "	SubI r4, r0, r1\n"
                                "	Call @fib, r4 args=1 results=1\n"
                                "	AddI r3, r3, r4\n"
                                "	Return r3, 1\n"
                                "}\n"
                                "fn main params=0 locals=24 results=0 {\n"
                                "	LoadInt r0, 4\n"
                                "	Call @fib, r0 args=1 results=1\n" PRINT_AND_RETURN("r0");

/* The sum of 2 * i * i + 1 for i from 0 to 3: 2 * 14 + 4. The three callees are small enough to be inlined.
 */
static const char nested_calls[] = "fn leaf params=1 locals=2 results=1 {\n"
                                   "	MulI r1, r0, r0\n"
                                   "	LoadInt r0, 9\n"
                                   "	Return r1, 1\n"
                                   "}\n"
                                   "fn middle params=1 locals=4 results=1 {\n"
                                   "	LoadInt r1, 2\n"
                                   "	Copy r2, r0\n"
                                   "	Call @leaf, r2 args=1 results=1\n"
                                   "	MulI r3, r2, r1\n"
                                   "	Return r3, 1\n"
                                   "}\n"
                                   "fn outer params=1 locals=4 results=1 {\n"
                                   "	LoadInt r1, 1\n"
                                   "	Copy r2, r0\n"
                                   "	Call @middle, r2 args=1 results=1\n"
                                   "	AddI r3, r2, r1\n"
                                   "	Return r3, 1\n"
                                   "}\n"
                                   "fn main params=0 locals=24 results=0 {\n"
                                   "	LoadInt r0, 0\n"
                                   "	LoadInt r1, 4\n"
                                   "	LoadInt r2, 0\n"
                                   "next:\n"
                                   "	Copy r3, r0\n"
                                   "	Call @outer, r3 args=1 results=1\n"
                                   "	AddI r2, r2, r3\n"
                                   "	ForLoop r0, r1, next\n" PRINT_AND_RETURN("r2");

/* The sum of i * j, i from 0 to 3, j from 0 to 2: 6 * 3. One loop of each form, in a callee and in main. */
static const char loops[] = "fn row params=1 locals=6 results=1 {\n"
                            "	LoadInt r1, 0\n"
                            "	LoadInt r2, 0\n"
                            "	LoadInt r3, 3\n"
                            "next:\n"
                            "	MulI r4, r0, r2\n"
                            "	AddI r1, r1, r4\n"
                            "	ForLoop r2, r3, next\n"
                            "	Return r1, 1\n"
                            "}\n"
                            "fn main params=0 locals=24 results=0 {\n"
                            "	LoadInt r0, 0\n"
                            "	LoadInt r1, 4\n"
                            "	LoadInt r5, 1\n"
                            "	LoadInt r2, 0\n"
                            "again:\n"
                            "	LtI r4, r0, r1\n"
                            "	JumpIfNot r4, done\n"
                            "	Copy r3, r0\n"
                            "	Call @row, r3 args=1 results=1\n"
                            "	AddI r2, r2, r3\n"
                            "	AddI r0, r0, r5\n"
                            "	Jump again\n"
                            "done:\n" PRINT_AND_RETURN("r2");

/* The sum of i + 10 for i from 0 to 3: 6 + 40. The closure holds 10. */
static const char closures[] =
    "fn add_held params=2 locals=4 results=1 param_count=1 closure captures=[int 1] "
    "param_types=[int:0 1] {\n"
    "	ClosureGet r2, 0\n"
    "	AddI r3, r1, r2\n"
    "	Return r3, 1\n"
    "}\n"
    "fn apply params=2 locals=4 results=1 {\n"
    "	Copy r2, r1\n"
    "	CallClosure r0, r2 args=1 results=1\n"
    "	Return r2, 1\n"
    "}\n"
    "fn main params=0 locals=24 results=0 {\n"
    "	LoadInt r5, 10\n"
    "	ClosureNew r6, @add_held, 1\n"
    "	PtrSet r6, 1, r5\n"
    "	LoadInt r0, 0\n"
    "	LoadInt r1, 4\n"
    "	LoadInt r2, 0\n"
    "next:\n"
    "	Copy r3, r6\n"
    "	Copy r4, r0\n"
    "	Call @apply, r3 args=2 results=1\n"
    "	AddI r2, r2, r3\n"
    "	ForLoop r0, r1, next\n" PRINT_AND_RETURN("r2");

/*
 * attempt(i) divides 6 by i - 2 and adds the quotient to the global; whatever happens, its deferred call adds
 * i: for i from 0 to 3 that is -3, -6, a recovered panic, 6, and 0 + 1 + 2 + 3. Hence 3.
 */
static const char defers[] = "global total slots=1 kind=int types=v\n"
                             "fn add params=1 locals=4 results=0 {\n"
                             "	GlobalGet r1, g0\n"
                             "	AddI r1, r1, r0\n"
                             "	GlobalSet g0, r1\n"
                             "	Return r0, 0\n"
                             "}\n"
                             "fn finish params=1 locals=6 results=0 {\n"
                             "	Recover r2\n"
                             "	Copy r4, r0\n"
                             "	Call @add, r4 args=1\n"
                             "	Return r0, 0\n"
                             "}\n"
                             "fn divide params=1 locals=4 results=1 {\n"
                             "	LoadInt r1, 6\n"
                             "	DivI r2, r1, r0\n"
                             "	Return r2, 1\n"
                             "}\n"
                             "fn attempt params=1 locals=6 results=0 defer {\n"
                             "	DeferPush @finish, r0 args=1\n"
                             "	LoadInt r1, 2\n"
                             "	SubI r2, r0, r1\n"
                             "	Call @divide, r2 args=1 results=1\n"
                             "	Call @add, r2 args=1\n"
                             "	Return r0, 0\n"
                             "}\n"
                             "fn main params=0 locals=24 results=0 {\n"
                             "	LoadInt r0, 0\n"
                             "	LoadInt r1, 4\n"
                             "next:\n"
                             "	Copy r3, r0\n"
                             "	Call @attempt, r3 args=1\n"
                             "	ForLoop r0, r1, next\n"
                             "	GlobalGet r2, g0\n" PRINT_AND_RETURN("r2");

/* A goroutine sends 1 to 4, main receives in a select; nobody sends to the other channel of it. */
static const char selects[] = "fn send params=2 locals=6 results=0 {\n"
                              "	LoadInt r2, 1\n"
                              "	AddI r3, r1, r2\n"
                              "next:\n"
                              "	ChanSend r0, r2 slots=1\n"
                              "	ForLoop r2, r3, next\n"
                              "	Return r0, 0\n"
                              "}\n"
                              "fn choose params=2 locals=8 results=1 {\n"
                              "	LoadInt r3, 0\n"
                              "	Copy r4, r3\n"
                              "	Copy r5, r3\n"
                              "	Copy r6, r3\n"
                              "	SelectBegin 2\n"
                              "	SelectRecv r3, r0 slots=1 ok=1\n"
                              "	SelectRecv r5, r1 slots=1 ok=1\n"
                              "	SelectExec r2\n"
                              "	AddI r7, r3, r5\n"
                              "	Return r7, 1\n"
                              "}\n"
                              "fn main params=0 locals=24 results=0 {\n"
                              "	LoadInt r10, 0\n"
                              "	LoadInt r11, 2\n"
                              "	ChanNew r12, r11, r10 slots=1\n"
                              "	ChanNew r13, r11, r10 slots=1\n"
                              "	Copy r14, r12\n"
                              "	LoadInt r15, 4\n"
                              "	GoStart @send, r14 args=2\n"
                              "	LoadInt r0, 0\n"
                              "	LoadInt r1, 4\n"
                              "	LoadInt r2, 0\n"
                              "next:\n"
                              "	Copy r3, r12\n"
                              "	Copy r4, r13\n"
                              "	Call @choose, r3 args=2 results=1\n"
                              "	AddI r2, r2, r3\n"
                              "	ForLoop r0, r1, next\n" PRINT_AND_RETURN("r2");

/* Each of the rounds 0 to 5 sends its number, receives it, and then nothing, which counts as -1. */
static const char ready_selects[] = "fn main params=0 locals=24 results=0 {\n"
                                    "	LoadInt r1, 1\n"
                                    "	LoadInt r2, 2\n"
                                    "	ChanNew r0, r2, r1 slots=1\n"
                                    "	LoadInt r1, 0\n"
                                    "	LoadInt r2, 6\n"
                                    "	LoadInt r3, 0\n"
                                    "next:\n"
                                    "	SelectBegin 1 default=1\n"
                                    "	SelectSend r0, r1 slots=1\n"
                                    "	SelectExec r4\n"
                                    "	AddI r3, r3, r4\n"
                                    "	SelectBegin 2\n"
                                    "	SelectRecv r5, r0 slots=1 ok=1\n"
                                    "	SelectRecv r5, r7 slots=1 ok=1\n"
                                    "	SelectExec r4\n"
                                    "	AddI r3, r3, r5\n"
                                    "	SelectBegin 1 default=1\n"
                                    "	SelectRecv r5, r0 slots=1\n"
                                    "	SelectExec r4\n"
                                    "	AddI r3, r3, r4\n"
                                    "	ForLoop r1, r2, next\n"
                                    "	ChanClose r0\n" PRINT_AND_RETURN("r3");

/* A goroutine adds 1 to what it receives and sends it back, three times; then both do a loop beside each
 * other. */
static const char channels[] = "fn increment params=1 locals=3 results=1 {\n"
                               "	LoadInt r1, 1\n"
                               "	AddI r2, r0, r1\n"
                               "	Return r2, 1\n"
                               "}\n"
                               "fn serve params=2 locals=8 results=0 {\n"
                               "	LoadInt r2, 0\n"
                               "	LoadInt r3, 3\n"
                               "next:\n"
                               "	ChanRecv r4, r0 slots=1\n"
                               "	Call @increment, r4 args=1 results=1\n"
                               "	ChanSend r1, r4 slots=1\n"
                               "	ForLoop r2, r3, next\n"
                               "	LoadInt r2, 0\n"
                               "rest:\n"
                               "	ForLoop r2, r3, rest\n"
                               "	Return r0, 0\n"
                               "}\n"
                               "fn main params=0 locals=24 results=0 {\n"
                               "	LoadInt r10, 0\n"
                               "	LoadInt r11, 2\n"
                               "	ChanNew r12, r11, r10 slots=1\n"
                               "	ChanNew r13, r11, r10 slots=1\n"
                               "	GoStart @serve, r12 args=2\n"
                               "	LoadInt r0, 0\n"
                               "	LoadInt r1, 3\n"
                               "	LoadInt r2, 0\n"
                               "next:\n"
                               "	ChanSend r12, r2 slots=1\n"
                               "	ChanRecv r2, r13 slots=1\n"
                               "	ForLoop r0, r1, next\n"
                               "	LoadInt r0, 0\n"
                               "rest:\n"
                               "	ForLoop r0, r1, rest\n" PRINT_AND_RETURN("r2");

/* depth(3) is 3, in frames that the host copies and not compiled code slot by slot. */
static const char large_frames[] = "fn depth params=1 locals=600 results=1 {\n"
                                   "	LoadInt r500, 1\n"
                                   "	JumpIf r0, more\n"
                                   "	Return r0, 1\n"
                                   "more:\n"
                                   "	SubI r501, r0, r500\n"
                                   "	Call @depth, r501 args=1 results=1\n"
                                   "	AddI r1, r501, r500\n"
                                   "	Return r1, 1\n"
                                   "}\n"
                                   "fn main params=0 locals=24 results=0 {\n"
                                   "	LoadInt r0, 3\n"
                                   "	Call @depth, r0 args=1 results=1\n" PRINT_AND_RETURN("r0");

/*
 * 2 + 3 + 4 + 5: the last slots of four elements of nine, whose size is loaded right before it is needed.
 */
static const char wide_elements[] = "fn last params=2 locals=40 results=1 {\n"
                                    "	LoadInt r2, 2\n"
                                    "	AddI r18, r1, r2\n"
                                    "	Copy r8, r1\n"
                                    "	LoadInt r9, 72\n"
                                    "	ArraySet r0, r8, r10 bytes=0\n"
                                    "	Copy r19, r1\n"
                                    "	LoadInt r20, 72\n"
                                    "	ArrayGet r21, r0, r19 bytes=0\n"
                                    "	Return r29, 1\n"
                                    "}\n"
                                    "fn main params=0 locals=24 results=0 {\n"
                                    "	LoadInt r1, 2\n"
                                    "	LoadInt r2, 4\n"
                                    "	LoadInt r3, 72\n"
                                    "	ArrayNew r4, r1, r2 bytes=0\n"
                                    "	LoadInt r5, 0\n"
                                    "	LoadInt r7, 0\n"
                                    "next:\n"
                                    "	Copy r8, r4\n"
                                    "	Copy r9, r5\n"
                                    "	Call @last, r8 args=2 results=1\n"
                                    "	AddI r7, r7, r8\n"
                                    "	ForLoop r5, r2, next\n" PRINT_AND_RETURN("r7");

/* change multiplies the result by 10: 0 without a note, 40 behind the note of 4. */
static const char deferred_calls[] =
    "fn note params=1 locals=3 results=0 {\n"
    "	IfaceAssign r1, r0, iface(int), int\n"
    "	CallExtern @vo_println, r1, r1 args=2\n"
    "	Return r0, 0\n"
    "}\n"
    "fn change params=1 locals=4 results=0 closure captures=[int:0 1] {\n"
    "	ClosureGet r1, 0\n"
    "	PtrGet r2, r1, 0\n"
    "	LoadInt r3, 10\n"
    "	MulI r2, r2, r3\n"
    "	PtrSet r1, 0, r2\n"
    "	Return r0, 0\n"
    "}\n"
    "fn work params=1 locals=5 results=1 heap_start=1 heap_count=1 heap_slots=[1] {\n"
    "	LoadInt r2, 2\n"
    "	PtrNew r1, r2, 1\n"
    "	ClosureNew r3, @change, 1\n"
    "	PtrSet r3, 1, r1 flags=1\n"
    "	DeferPush r3, r4 args=0\n"
    "	JumpIfNot r0, last\n"
    "	DeferPush @note, r0 args=1\n"
    "last:\n"
    "	PtrSet r1, 0, r0\n"
    "	Return r1, 1 flags=2\n"
    "}\n"
    "fn main params=0 locals=24 results=0 {\n"
    "	LoadInt r0, 0\n"
    "	Call @work, r0 args=1 results=1\n"
    "	LoadInt r1, 4\n"
    "	Call @work, r1 args=1 results=1\n"
    "	AddI r0, r0, r1\n" PRINT_AND_RETURN("r0");

/*
 * work defers a note of each number below its argument, in a list, and behind them a closure that it knows
 * nothing of, which adds 5 to the global; a note defers the number's addition to it: 1 + 2 + 5, and 3 rounds.
 */
static const char deferred_lists[] = "global total slots=1 kind=int types=v\n"
                                     "fn add params=1 locals=4 results=0 {\n"
                                     "	GlobalGet r1, g0\n"
                                     "	AddI r1, r1, r0\n"
                                     "	GlobalSet g0, r1\n"
                                     "	Return r0, 0\n"
                                     "}\n"
                                     "fn note params=1 locals=3 results=0 {\n"
                                     "	DeferPush @add, r0 args=1\n"
                                     "	IfaceAssign r1, r0, iface(int), int\n"
                                     "	CallExtern @vo_println, r1, r1 args=2\n"
                                     "	Return r0, 0\n"
                                     "}\n"
                                     "fn five params=1 locals=3 results=0 closure {\n"
                                     "	LoadInt r1, 5\n"
                                     "	Call @add, r1 args=1\n"
                                     "	Return r0, 0\n"
                                     "}\n"
                                     "fn work params=2 locals=4 results=1 {\n"
                                     "	LoadInt r2, 0\n"
                                     "next:\n"
                                     "	DeferPush @note, r2 args=1\n"
                                     "	ForLoop r2, r0, next\n"
                                     "	DeferPush r1, r2 args=0\n"
                                     "	Return r2, 1\n"
                                     "}\n"
                                     "fn main params=0 locals=24 results=0 {\n"
                                     "	LoadInt r0, 3\n"
                                     "	ClosureNew r1, @five, 0\n"
                                     "	Call @work, r0 args=2 results=1\n"
                                     "	GlobalGet r1, g0\n"
                                     "	AddI r0, r0, r1\n" PRINT_AND_RETURN("r0");

/*
 * hold(i) keeps i in an object that another one and a closure refer to, adds the square of i through the
 * closure and reads the sum through the other object: for i from 0 to 3 that is 6 + 14.
 */
static const char objects[] =
    "fn add_square params=2 param_count=1 locals=5 results=0 closure captures=[int:0 1] "
    "param_types=[int:0 1] {\n"
    "	ClosureGet r2, 0\n"
    "	MulI r3, r1, r1\n"
    "	PtrGet r4, r2, 0\n"
    "	AddI r4, r4, r3\n"
    "	PtrSet r2, 0, r4\n"
    "	Return r0, 0\n"
    "}\n"
    "fn hold params=1 locals=8 results=1 types=vrrrvvrv {\n"
    "	LoadInt r4, 0\n"
    "	PtrNew r1, r4, 1\n"
    "	PtrSet r1, 0, r0\n"
    "	PtrNew r2, r4, 2\n"
    "	PtrSet r2, 1, r1 flags=1\n"
    "	ClosureNew r3, @add_square, 1\n"
    "	PtrSet r3, 1, r1 flags=1\n"
    "	Copy r5, r0\n"
    "	CallClosure r3, r5 args=1 results=0\n"
    "	PtrGet r6, r2, 1\n"
    "	PtrGet r7, r6, 0\n"
    "	Return r7, 1\n"
    "}\n"
    "fn main params=0 locals=24 results=0 {\n"
    "	LoadInt r0, 0\n"
    "	LoadInt r1, 4\n"
    "	LoadInt r2, 0\n"
    "next:\n"
    "	Copy r3, r0\n"
    "	Call @hold, r3 args=1 results=1\n"
    "	AddI r2, r2, r3\n"
    "	ForLoop r0, r1, next\n" PRINT_AND_RETURN("r2");

const small_program small_programs[] = {
    {"recursion", recursion, "3\n"},
    {"nested calls", nested_calls, "32\n"},
    {"loops", loops, "18\n"},
    {"closures", closures, "46\n"},
    {"defers", defers, "3\n"},
    {"deferred calls", deferred_calls, "4\n40\n"},
    {"deferred lists", deferred_lists, "2\n1\n0\n11\n"},
    {"selects", selects, "10\n"},
    {"ready selects", ready_selects, "9\n"},
    {"channels", channels, "3\n"},
    {"large frames", large_frames, "3\n"},
    {"wide elements", wide_elements, "14\n"},
    {"objects", objects, "20\n"},
    {NULL, NULL, NULL},
};

int small_program_count(void) {
	int count = 0;
	while (small_programs[count].name)
		count++;
	return count;
}
