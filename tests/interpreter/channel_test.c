/* Goroutines, channels and select: the order of fibers, and hand-over under many schedules. */
#include <string.h>

#include "machine.h"

/* For programs whose output no schedule may change. */
static void expect_under_schedules(const char *program, const char *output) {
	for (uint64_t seed = 0; seed < 40; seed++) {
		const outcome result = run_with(program,
		                                &(volt_vm_options){.testing.schedule_seed = seed,
		                                                   .testing.collect_at_every_allocation = seed == 5},
		                                NULL);
		ck_assert_str_eq(result.message, "");
		ck_assert_str_eq(result.output, output);
	}
}

#define LOG "fn show params=1 {\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n"
/* r0 = make(chan int, r1) */
#define MAKE(capacity) " LoadInt r8, 2\n LoadInt r9, " capacity "\n ChanNew r0, r8, r9 slots=1\n"

START_TEST(goroutines_start_in_order) {
	expect_output(
	    LOG
	    "fn main {\n LoadInt r0, 1\n GoStart @show, r0 args=1\n LoadInt r0, 2\n GoStart @show, r0 args=1\n"
	    " LoadInt r0, 0\n CallExtern @log, r0, r0 args=1\n Return r0, 0\n}\n",
	    "0\n1\n2\n");
}
END_TEST

/* The sender goes behind the receiver that it woke. */
START_TEST(unbuffered_hand_over) {
	expect_under_schedules(
	    "fn send params=1 {\n LoadInt r1, 5\n ChanSend r0, r1 slots=1\n LoadInt r1, 2\n"
	    " CallExtern @log, r0, r1 args=1\n Return r0, 0\n}\n"
	    "fn main {\n" MAKE("0") " GoStart @send, r0 args=1\n ChanRecv r1, r0 slots=1 ok=1\n"
	                            " CallExtern @log, r0, r1 args=2\n Return r0, 0\n}\n",
	    "5 1\n2\n");
}
END_TEST

START_TEST(every_value_arrives_once) {
	expect_under_schedules(
	    "fn produce params=3 {\n Copy r3, r1\nagain:\n ChanSend r0, r3 slots=1\n ForLoop r3, r2, again\n "
	    "Return r0, 0\n}\n"
	    "fn consume params=3 {\n LoadInt r3, 0\n LoadInt r4, 0\nagain:\n ChanRecv r5, r0 slots=1\n AddI r4, "
	    "r4, r5\n"
	    " ForLoop r3, r2, again\n ChanSend r1, r4 slots=1\n Return r0, 0\n}\n"
	    "fn main {\n" MAKE("2") " ChanNew r10, r8, r9 slots=1\n LoadInt r4, 0\n LoadInt r5, 60\n"
	                            " Copy r3, r0\n GoStart @produce, r3 args=3\n LoadInt r4, 60\n LoadInt r5, "
	                            "120\n GoStart @produce, r3 args=3\n"
	                            " Copy r4, r10\n LoadInt r5, 40\n GoStart @consume, r3 args=3\n GoStart "
	                            "@consume, r3 args=3\n"
	                            " GoStart @consume, r3 args=3\n ChanRecv r1, r10 slots=1\n ChanRecv r2, r10 "
	                            "slots=1\n AddI r1, r1, r2\n"
	                            " ChanRecv r2, r10 slots=1\n AddI r1, r1, r2\n CallExtern @log, r0, r1 "
	                            "args=1\n Return r0, 0\n}\n",
	    "7140\n");
}
END_TEST

START_TEST(close_drains_and_gives_zeros) {
	expect_output(
	    "fn main {\n" MAKE(
	        "3") " LoadInt r1, 7\n ChanSend r0, r1 slots=1\n ChanSend r0, r1 slots=1\n ChanClose r0\n"
	             " ChanLen r2, r0\n ChanCap r3, r0\n CallExtern @log, r0, r2 args=2\n"
	             " ChanRecv r2, r0 slots=1 ok=1\n CallExtern @log, r0, r2 args=2\n ChanRecv r2, r0 slots=1 "
	             "ok=1\n"
	             " ChanRecv r2, r0 slots=1 ok=1\n CallExtern @log, r0, r2 args=2\n Return r0, 0\n}\n",
	    "2 3\n7 1\n0 0\n");
}
END_TEST

START_TEST(sender_blocked_at_close_panics) {
	const char *program =
	    "fn catch {\n Recover r0\n CallExtern @vo_println, r0, r0 args=2\n Return r0, 0\n}\n"
	    "fn send params=1 {\n DeferPush @catch, r0 args=0\n LoadInt r1, 5\n ChanSend r0, r1 slots=1\n"
	    " CallExtern @log, r0, r1 args=1\n Return r0, 0\n}\n"
	    "fn pick params=1 {\n DeferPush @catch, r0 args=0\n LoadInt r1, 5\n SelectBegin 1\n"
	    " SelectSend r0, r1 slots=1\n SelectExec r2\n CallExtern @log, r0, r2 args=1\n Return r0, 0\n}\n"
	    "fn main {\n" MAKE(
	        "0") " GoStart @send, r0 args=1\n GoStart @pick, r0 args=1\n"
	             " CallExtern @vo_print, r0, r0 args=0\n LoadInt r1, 0\n LoadInt r2, 2000\nspin:\n "
	             "ForLoop r1, r2, spin\n"
	             " ChanClose r0\n Return r0, 0\n}\n";
	expect_output(program, "runtime error: send on closed channel\nruntime error: send on closed channel\n");
}
END_TEST

START_TEST(select_takes_what_is_ready) {
	expect_output(
	    "fn main {\n" MAKE(
	        "1") " ChanNew r10, r8, r9 slots=1\n LoadInt r1, 4\n ChanSend r10, r1 slots=1\n SelectBegin 2\n"
	             " SelectRecv r2, r0 slots=1 ok=1\n SelectRecv r4, r10 slots=1 ok=1\n SelectExec r3\n"
	             " CallExtern @log, r0, r3 args=3\n SelectBegin 2 default=1\n SelectRecv r4, r10 slots=1\n "
	             "SelectExec r3\n"
	             " CallExtern @log, r0, r3 args=1\n SelectBegin 1\n SelectSend r0, r1 slots=1\n SelectExec "
	             "r3\n ChanLen r4, r0\n"
	             " CallExtern @log, r0, r3 args=2\n Return r0, 0\n}\n",
	    "1 4 1\n-1\n0 1\n");
}
END_TEST

/*
 * A select that sends wakes its receiver, one that receives wakes its sender and refills the buffer
 * (SEMANTICS.md, "Channels and select").
 */
START_TEST(select_wakes_its_peers) {
	expect_under_schedules(
	    "fn pick params=2 {\n LoadInt r2, 0\n LoadInt r3, 50\nagain:\n SelectBegin 2\n SelectRecv r4, r0 "
	    "slots=1\n"
	    " SelectSend r1, r2 slots=1\n SelectExec r5\n ForLoop r2, r3, again\n Return r0, 0\n}\n"
	    "fn send params=2 {\n LoadInt r2, 0\n LoadInt r3, 25\nagain:\n ChanSend r0, r2 slots=1\n ForLoop r2, "
	    "r3, again\n"
	    " ChanSend r1, r2 slots=1\n Return r0, 0\n}\n"
	    "fn take params=2 {\n LoadInt r2, 0\n LoadInt r3, 25\nagain:\n ChanRecv r4, r0 slots=1\n ForLoop r2, "
	    "r3, again\n"
	    " ChanSend r1, r2 slots=1\n Return r0, 0\n}\n"
	    "fn main {\n" MAKE("0") " ChanNew r10, r8, r9 slots=1\n ChanNew r11, r8, r9 slots=1\n"
	                            " Copy r3, r0\n Copy r4, r10\n GoStart @pick, r3 args=2\n Copy r4, r11\n "
	                            "GoStart @send, r3 args=2\n"
	                            " Copy r3, r10\n GoStart @take, r3 args=2\n ChanRecv r1, r11 slots=1\n "
	                            "ChanRecv r2, r11 slots=1\n"
	                            " CallExtern @log, r0, r1 args=2\n Return r0, 0\n}\n",
	    "25 25\n");
}
END_TEST

/* Two channels fire before the select runs: the second value stays for the next receive. */
START_TEST(select_takes_only_one) {
	expect_under_schedules(
	    "fn pick params=3 {\n SelectBegin 2\n SelectRecv r3, r0 slots=1\n SelectRecv r3, r1 slots=1\n "
	    "SelectExec r4\n"
	    " Copy r5, r3\n ChanRecv r6, r1 slots=1\n AddI r5, r5, r6\n ChanSend r2, r5 slots=1\n Return r0, "
	    "0\n}\n"
	    "fn main {\n" MAKE(
	        "1") " ChanNew r10, r8, r9 slots=1\n ChanNew r11, r8, r9 slots=1\n Copy r3, r0\n Copy r4, r10\n"
	             " Copy r5, r11\n GoStart @pick, r3 args=3\n LoadInt r1, 0\n LoadInt r2, 1500\nspin:\n "
	             "ForLoop r1, r2, spin\n"
	             " LoadInt r1, 3\n ChanSend r0, r1 slots=1\n LoadInt r1, 4\n ChanSend r10, r1 slots=1\n"
	             " SelectBegin 1\n SelectRecv r2, r11 slots=1\n SelectExec r3\n CallExtern @log, r0, r2 "
	             "args=1\n Return r0, 0\n}\n",
	    "7\n");
}
END_TEST

/* An operand of a select may be a call that does a select of its own. */
START_TEST(selects_nest) {
	expect_output(
	    "fn inner params=1 results=1 {\n SelectBegin 1 default=1\n SelectRecv r1, r0 slots=1\n SelectExec "
	    "r2\n Return r2, 1\n}\n"
	    "fn main {\n" MAKE("1") " SelectBegin 2\n LoadInt r1, 0\n SelectRecv r2, r1 slots=1\n Copy r3, r0\n"
	                            " Call @inner, r3 args=1 results=1\n SelectSend r0, r3 slots=1\n SelectExec "
	                            "r4\n ChanRecv r5, r0 slots=1\n"
	                            " CallExtern @log, r0, r4 args=2\n Return r0, 0\n}\n",
	    "1 -1\n");
}
END_TEST

START_TEST(deadlock_is_reported) {
	const outcome result = run("fn main {\n" MAKE("0") " ChanRecv r1, r0 slots=1\n Return r0, 0\n}\n");
	ck_assert_int_eq(result.kind, VOLT_ERROR_DEADLOCK);
	ck_assert_str_eq(result.message, "deadlock: all fibers are blocked");
	ck_assert_str_eq(result.trace, "  fiber=0 state=Blocked(Queue)\n    at func=0 pc=3 inst@2=ChanNew\n"
	                               "    next inst@3=ChanRecv\n"
	                               "    waits in main test.vot:5: ChanRecv r1, r0 slots=1\n");
}
END_TEST

/* main returns, the others go on: the program ends when every fiber is dead. */
START_TEST(goroutines_outlive_main) {
	expect_output(
	    LOG
	    "fn late params=1 {\n ChanRecv r1, r0 slots=1\n CallExtern @log, r0, r1 args=1\n Return r0, 0\n}\n"
	    "fn give params=1 {\n LoadInt r1, 9\n ChanSend r0, r1 slots=1\n Return r0, 0\n}\n"
	    "fn main {\n" MAKE("0") " GoStart @late, r0 args=1\n GoStart @give, r0 args=1\n Return r0, 0\n}\n",
	    "9\n");
}
END_TEST

START_TEST(panic_in_a_goroutine_ends_the_program) {
	expect_panic(
	    "fn bad params=1 {\n DivI r0, r0, r0\n Return r0, 0\n}\n"
	    "fn main {\n" MAKE(
	        "0") " LoadInt r1, 0\n GoStart @bad, r1 args=1\n ChanRecv r1, r0 slots=1\n Return r0, 0\n}\n",
	    "runtime error: integer divide by zero");
}
END_TEST

/* Calls through closures are counted too, and lose nothing where a slice ends. */
START_TEST(slices_end_between_instructions) {
	expect_under_schedules(
	    "fn add closure params=2 results=1 {\n ClosureGet r2, 0\n AddI r1, r1, r2\n Return r1, 1\n}\n"
	    "fn main {\n ClosureNew r0, @add, 1\n LoadInt r1, 3\n PtrSet r0, 1, r1\n LoadInt r2, 0\n"
	    " LoadInt r3, 3000\n LoadInt r4, 0\nagain:\n CallClosure r0, r4 args=1 results=1\n"
	    " ForLoop r2, r3, again\n CallExtern @log, r0, r4 args=1\n Return r0, 0\n}\n",
	    "9000\n");
}
END_TEST

/* A send on a closed channel without room is not ready while another case is; alone, it panics. */
START_TEST(select_send_on_closed_beside_ready_receive) {
	expect_under_schedules(
	    "fn try params=2 {\n LoadInt r2, 7\n ChanSend r1, r2 slots=1\n SelectBegin 2\n SelectSend r0, r2 "
	    "slots=1\n"
	    " SelectRecv r3, r1 slots=1\n SelectExec r4\n CallExtern @log, r0, r3 args=2\n Return r0, 0\n}\n"
	    "fn main {\n" MAKE("0") " LoadInt r9, 1\n ChanNew r1, r8, r9 slots=1\n ChanClose r0\n LoadInt r2, 0\n"
	                            " LoadInt r3, 20\nagain:\n Copy r5, r0\n Copy r6, r1\n Call @try, r5 "
	                            "args=2\n ForLoop r2, r3, again\n"
	                            " Return r0, 0\n}\n",
	    "7 1\n7 1\n7 1\n7 1\n7 1\n7 1\n7 1\n7 1\n7 1\n7 1\n"
	    "7 1\n7 1\n7 1\n7 1\n7 1\n7 1\n7 1\n7 1\n7 1\n7 1\n");
}
END_TEST

int main(void) {
	return run_suite("channel", (named_test[]){
	                                {"start order", goroutines_start_in_order},
	                                {"hand-over", unbuffered_hand_over},
	                                {"once", every_value_arrives_once},
	                                {"close", close_drains_and_gives_zeros},
	                                {"blocked at close", sender_blocked_at_close_panics},
	                                {"select ready", select_takes_what_is_ready},
	                                {"select peers", select_wakes_its_peers},
	                                {"select one", select_takes_only_one},
	                                {"select nested", selects_nest},
	                                {"select closed", select_send_on_closed_beside_ready_receive},
	                                {"deadlock", deadlock_is_reported},
	                                {"outlive", goroutines_outlive_main},
	                                {"panic", panic_in_a_goroutine_ends_the_program},
	                                {"slices", slices_end_between_instructions},
	                                {NULL, NULL},
	                            });
}
