/* Frames of closures (SEMANTICS.md, "Frames and calls"), and what closures keep alive. */
#include "machine.h"

/* The three layouts, each by a call, by go and by defer: what the function sees in its first slots. */
#define LAYOUTS \
	"fn plain params=2 {\n CallExtern @log, r0, r0 args=2\n Return r0, 0\n}\n" \
	"fn method params=2 receiver=1 {\n CallExtern @log, r0, r0 args=2\n Return r0, 0\n}\n" \
	"fn lambda closure params=2 {\n ClosureGet r2, 0\n CallExtern @log, r0, r1 args=2\n Return r0, 0\n}\n"

START_TEST(layouts) {
	expect_output(
	    LAYOUTS
	    "fn main {\n LoadInt r5, 7\n LoadInt r6, 8\n ClosureNew r0, @plain, 0\n"
	    " ClosureNew r1, @method, 1\n PtrSet r1, 1, r5\n ClosureNew r2, @lambda, 1\n PtrSet r2, 1, r5\n"
	    " Copy r8, r5\n Copy r9, r6\n CallClosure r0, r8 args=2\n Copy r8, r6\n CallClosure r1, r8 args=1\n"
	    " Copy r8, r6\n CallClosure r2, r8 args=1\n GoStart r0, r5 args=2\n GoStart r1, r6 args=1\n"
	    " GoStart r2, r6 args=1\n DeferPush r2, r6 args=1\n DeferPush r1, r6 args=1\n"
	    " DeferPush r0, r5 args=2\n Return r0, 0\n}\n",
	    "7 8\n7 8\n8 7\n7 8\n7 8\n8 7\n7 8\n7 8\n8 7\n");
}
END_TEST

/* A frame is as large as its arguments, even if its function has fewer slots. */
START_TEST(more_arguments_than_slots) {
	expect_output(
	    "fn none {\n Return r0, 0\n}\n"
	    "fn main {\n ClosureNew r0, @none, 0\n LoadInt r1, 5\n CallClosure r0, r1 args=9 results=1\n"
	    " GoStart r0, r1 args=9\n DeferPush r0, r1 args=9\n CallExtern @log, r2, r1 args=1\n Return r0, "
	    "0\n}\n",
	    "5\n");
}
END_TEST

/* Boxes that only captures refer to, the last word of the closure included. */
START_TEST(captures_stay_alive) {
	expect_output(
	    "fn sum closure params=1 results=1 {\n ClosureGet r1, 0\n PtrGet r1, r1, 0\n ClosureGet r2, 1\n "
	    "PtrGet r2, r2, 0\n"
	    " AddI r1, r1, r2\n Return r1, 1\n}\n"
	    "fn make results=1 {\n LoadInt r1, 2\n PtrNew r2, r1, 1\n PtrNew r3, r1, 1\n LoadInt r4, 30\n PtrSet "
	    "r2, 0, r4\n"
	    " LoadInt r4, 12\n PtrSet r3, 0, r4\n ClosureNew r0, @sum, 2\n PtrSet r0, 1, r2\n PtrSet r0, 2, r3\n"
	    " Return r0, 1\n}\n"
	    "fn main {\n Call @make, r0 args=0 results=1\n Call @make, r1 args=0 results=1\n LoadInt r8, 0\n"
	    " LoadInt r9, 300\n LoadInt r10, 2\nagain:\n PtrNew r11, r10, 1\n PtrSet r11, 0, r9\n ForLoop r8, "
	    "r9, again\n"
	    " CallClosure r0, r2 args=0 results=1\n CallExtern @log, r0, r2 args=1\n Return r0, 0\n}\n",
	    "42\n");
}
END_TEST

int main(void) {
	return run_suite("closure", (named_test[]){
	                                {"layouts", layouts},
	                                {"arguments", more_arguments_than_slots},
	                                {"captures", captures_stay_alive},
	                                {NULL, NULL},
	                            });
}
