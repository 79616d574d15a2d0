/* Ports, on one island and between several. */
#include <stdio.h>

#include "support.h"

START_TEST(first_in_first_out_and_close) {
	expect_output(
	    "fn main {\n" PORT(
	        "r1", "2") " LoadInt r2, 7\n PortSend r1, r2 slots=1\n LoadInt r2, 8\n"
	                   " PortSend r1, r2 slots=1\n PortLen r3, r1\n PortCap r4, "
	                   "r1\n" LOG("r3", "2") " PortRecv r3, r1 slots=1 ok=1\n" LOG(
	                       "r3", "2") " PortClose r1\n PortClose r1\n"
	                                  " PortRecv r3, r1 slots=1 ok=1\n" LOG(
	                                      "r3", "2") " PortRecv r3, r1 slots=1 ok=1\n" LOG("r3", "2") END,
	    "2 2\n7 1\n8 1\n0 0\n");
}
END_TEST

/* A send that wakes a receiver goes on; a receive that wakes a sender ends the slice. */
START_TEST(order_of_fibers_on_one_island) {
	expect_output(
	    "fn receive params=1 {\n PortRecv r1, r0 slots=1\n" LOG("r1", "1") END
	    "fn send params=1 {\n LoadInt r1, 5\n PortSend r0, r1 slots=1\n LoadInt r1, 6\n" LOG("r1", "1") END
	    "fn idle {\n" END
	    "fn main {\n" PORT("r1", "0") " GoStart @receive, r1 args=1\n GoStart @send, r1 args=1\n" END,
	    "6\n5\n");
}
END_TEST

START_TEST(values_of_several_slots) {
	expect_output("struct types=vrv {\n}\n"
	              "fn main {\n LoadInt r90, 15\n LoadInt r91, 1\n PortNew r1, r90, r91 slots=3\n"
	              " LoadInt r2, 1\n StrNew r3, \"abc\"\n LoadInt r4, 3\n PortSend r1, r2 slots=3\n"
	              " PortRecv r5, r1 slots=3 ok=1\n StrLen r6, r6\n" LOG("r5", "4") END,
	              "1 3 3 1\n");
}
END_TEST

START_TEST(every_blocked_sender_gets_its_turn) {
	repeat(
	    "fn send params=2 {\n PortSend r0, r1 slots=1\n" END "fn main {\n" PORT(
	        "r1", "0") " LoadInt r2, 1\n GoStart @send, r1 args=2\n LoadInt r2, 2\n"
	                   " GoStart @send, r1 args=2\n LoadInt r2, 3\n GoStart @send, r1 args=2\n"
	                   " PortRecv r3, r1 slots=1\n PortRecv r4, r1 slots=1\n PortRecv r5, r1 slots=1\n" LOG(
	                       "r3", "3") END,
	    "1 2 3\n", 1);
}
END_TEST

START_TEST(sender_blocked_at_close_panics) {
	expect_panic("fn main {\n" PORT("r1", "0") " GoStart @shut, r1 args=1\n PortSend r1, r2 slots=1\n" END
	                                           "fn shut params=1 {\n PortClose r0\n" END,
	             "runtime error: send on closed channel");
}
END_TEST

START_TEST(errors) {
	expect_panic("fn main {\n" PORT("r1", "-1") END, "runtime error: makeport: size out of range");
	expect_panic("fn main {\n LoadInt r1, 0\n PortClose r1\n" END, "runtime error: close of nil channel");
	expect_panic("fn main {\n LoadInt r1, 0\n PortSend r1, r2 slots=1\n" END,
	             "runtime error: nil pointer dereference");
	expect_panic("fn main {\n LoadInt r1, 0\n PortRecv r2, r1 slots=1\n" END,
	             "runtime error: receive on nil channel");
	expect_panic("fn main {\n" PORT("r1", "1") " PortClose r1\n PortSend r1, r2 slots=1\n" END,
	             "runtime error: send on closed channel");
}
END_TEST

/* Makes something in r1 that is no port; the last ones are no objects either. */
static const char *const no_ports[] = {
    " LoadInt r90, 2\n LoadInt r91, 1\n ChanNew r1, r90, r91 slots=1\n",
    " StrNew r1, \"a string that is long enough\"\n",
    " LoadInt r90, 2\n LoadInt r91, 8\n LoadInt r92, 8\n SliceNew r1, r90, r91 bytes=8\n",
    " LoadInt r90, 2\n LoadInt r91, 8\n ArrayNew r1, r90, r91 bytes=8\n",
    " LoadConst r90, 73014444034\n LoadInt r91, 17\n MapNew r1, r90 key=1 value=1\n",
    " ClosureNew r1, @main, 3\n",
    " IslandNew r1\n",
    " PtrNew r1, r0, 1\n",
    /* An object that says that it is a port: its meta is 23, the kind. */
    " LoadInt r90, 23\n PtrNew r1, r90, 8\n LoadInt r90, 4096\n PtrSet r1, 0, r90\n",
    " LoadInt r1, 77\n",
    " LoadInt r1, -1\n",
    " LoadInt r1, 4096\n",
    " LoadConst r1, 140737488355328\n",
    " LoadConst r1, 1.5\n",
};

static void expect_trap(const char *made, const char *instruction, const char *message) {
	char program[1024];
	snprintf(program, sizeof program, "fn main {\n%s%s\n Return r0, 0\n}\n", made, instruction);
	const outcome result = run(program);
	ck_assert_msg(result.kind == VOLT_ERROR_PANIC && strcmp(result.message, message) == 0, "%s%s\n%s", made,
	              instruction, result.message);
}

START_TEST(what_is_no_port) {
	for (size_t i = 0; i < sizeof no_ports / sizeof *no_ports; i++) {
		expect_trap(no_ports[i], " PortSend r1, r2 slots=8", "runtime error: nil pointer dereference");
		expect_trap(no_ports[i], " PortRecv r2, r1 slots=8", "runtime error: receive on nil channel");
		expect_trap(no_ports[i], " PortClose r1", "runtime error: close of nil channel");
		char program[1024];
		snprintf(program, sizeof program,
		         "fn main {\n%s PortLen r3, r1\n PortCap r4, r1\n" LOG("r3", "2") END, no_ports[i]);
		expect_output(program, "0 0\n");
	}
}
END_TEST

/* The lock of the islands is free afterwards: the program recovers and goes on. */
START_TEST(no_port_and_other_islands) {
	expect_output("fn report {\n Recover r1\n Return r0, 0\n}\n"
	              "fn try params=1 {\n DeferPush @report, r0 args=0\n PortSend r0, r1 slots=1\n" END
	              "fn answer params=2 param_count=1 closure param_types=[port:0 1] {\n LoadInt r2, 5\n"
	              " PortSend r1, r2 slots=1\n" END "fn main {\n" PORT(
	                  "r1", "0") " StrNew r2, \"text\"\n Copy r3, r2\n Call @try, r3 args=1\n IslandNew r4\n"
	                             " ClosureNew r5, @answer, 0\n Copy r6, r1\n GoIsland r4, r5, r6 args=1\n"
	                             " PortRecv r7, r1 slots=1\n" LOG("r7", "1") END,
	              "5\n");
}
END_TEST

START_TEST(what_is_no_island) {
	static const char *const made[] = {
	    " StrNew r1, \"a string\"\n",
	    " LoadInt r90, 24\n PtrNew r1, r90, 1\n",
	    " LoadInt r90, 2\n LoadInt r91, 1\n PortNew r1, r90, r91 slots=1\n",
	    " LoadInt r1, 77\n",
	    " LoadInt r1, -8\n",
	};
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		expect_trap(made[i], " ClosureNew r2, @main, 0\n GoIsland r1, r2, r3 args=0",
		            "runtime error: nil pointer dereference");
}
END_TEST

START_TEST(what_cannot_be_sent) {
	expect_panic("fn main {\n" PORT_OF("r1", "20",
	                                   "1") " ChanNew r2, r90, r91 slots=1\n PortSend r1, r2 slots=1\n" END,
	             "runtime error: cannot send a channel to another island");
	expect_panic(
	    "fn main {\n" PORT_OF("r1", "21", "1") " ClosureNew r2, @main, 0\n PortSend r1, r2 slots=1\n" END,
	    "runtime error: cannot send a function to another island");
	expect_panic("fn main {\n" PORT_OF("r1", "16",
	                                   "2") " LoadInt r2, 2\n LoadInt r3, 5\n PortSend r1, r2 slots=2\n" END,
	             "runtime error: cannot send an interface value to another island");
	expect_panic("fn main {\n" PORT_OF("r1", "24", "1") " IslandNew r2\n PortSend r1, r2 slots=1\n" END,
	             "runtime error: cannot send an island to another island");
	/* Behind a pointer, the objects themselves say what they are. */
	expect_panic("fn main {\n" PORT_OF("r1", "22", "1") " PtrNew r2, r0, 1\n ClosureNew r3, @main, 1\n"
	                                                    " PtrSet r2, 0, r3\n PortSend r1, r2 slots=1\n" END,
	             "runtime error: cannot send a function to another island");
	expect_panic("fn main {\n" PORT_OF("r1", "22", "1") " PtrNew r2, r0, 1\n ChanNew r3, r90, r91 slots=1\n"
	                                                    " PtrSet r2, 0, r3\n PortSend r1, r2 slots=1\n" END,
	             "runtime error: cannot send a channel to another island");
	expect_panic("fn main {\n" PORT_OF("r1", "22", "1") " PtrNew r2, r0, 1\n PtrSet r2, 0, r2\n"
	                                                    " PortSend r1, r2 slots=1\n" END,
	             "runtime error: cannot send a value that contains itself to another island");
}
END_TEST

START_TEST(nil_can_always_be_sent) {
	expect_output(
	    "fn main {\n" PORT_OF("r1", "16", "2") " LoadInt r2, 0\n LoadInt r3, 0\n PortSend r1, r2 slots=2\n"
	                                           " PortRecv r2, r1 slots=2 ok=1\n" LOG("r2", "3") END,
	    "0 0 1\n");
}
END_TEST

/* A sender that stays blocked keeps what it sends, whatever the collector does. */
START_TEST(parked_values_survive) {
	expect_output(
	    "fn send params=1 {\n StrNew r1, \"hello\"\n StrConcat r1, r1, r1\n PortSend r0, r1 slots=1\n" END
	    "fn main {\n" PORT_OF(
	        "r1", "17", "1") " GoStart @send, r1 args=1\n GoStart @send, r1 args=1\n"
	                         " GoStart @send, r1 args=1\n LoadInt r5, 0\n LoadInt r6, 2000\n"
	                         "again:\n PtrNew r7, r0, 8\n ForLoop r5, r6, again\n"
	                         " PortRecv r2, r1 slots=1\n PortRecv r3, r1 slots=1\n PortRecv r4, r1 slots=1\n"
	                         " StrEq r5, r3, r4\n StrLen r4, r4\n" LOG("r4", "2") END,
	    "10 1\n");
}
END_TEST

START_TEST(deadlock_on_one_island) {
	const outcome result = run("fn main {\n" PORT("r1", "0") " PortRecv r2, r1 slots=1\n" END);
	ck_assert_int_eq(result.kind, VOLT_ERROR_DEADLOCK);
	ck_assert_ptr_nonnull(strstr(result.trace, "PortRecv"));
}
END_TEST

int main(void) {
	const named_test tests[] = {
	    {"first_in_first_out_and_close", first_in_first_out_and_close},
	    {"order_of_fibers_on_one_island", order_of_fibers_on_one_island},
	    {"values_of_several_slots", values_of_several_slots},
	    {"every_blocked_sender_gets_its_turn", every_blocked_sender_gets_its_turn},
	    {"sender_blocked_at_close_panics", sender_blocked_at_close_panics},
	    {"errors", errors},
	    {"what_is_no_port", what_is_no_port},
	    {"no_port_and_other_islands", no_port_and_other_islands},
	    {"what_is_no_island", what_is_no_island},
	    {"what_cannot_be_sent", what_cannot_be_sent},
	    {"nil_can_always_be_sent", nil_can_always_be_sent},
	    {"parked_values_survive", parked_values_survive},
	    {"deadlock_on_one_island", deadlock_on_one_island},
	    {NULL, NULL},
	};
	return run_suite("ports", tests);
}
