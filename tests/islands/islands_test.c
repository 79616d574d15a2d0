/* Islands: what runs on them, how they end, what they share and what not. */
#include "support.h"

/* A function for an island: its frame's slot 0 is the closure, ports and ints come behind it. */
#define ON_ISLAND(name, arguments, types) \
	"fn " name " params=" arguments " closure param_types=[" types "] {\n"

#define GO(target, function, first, count) \
	" ClosureNew r95, @" function ", 0\n GoIsland " target ", r95, " first " args=" count "\n"

START_TEST(arguments_arrive) {
	expect_output(
	    ON_ISLAND("add", "4",
	              "port:0 1, int:0 1, int:0 1") " SubI r4, r2, r3\n PortSend r1, r4 slots=1\n" END
	                                            "fn main {\n" PORT(
	                                                "r1",
	                                                "0") " LoadInt r2, 50\n LoadInt r3, 8\n IslandNew "
	                                                     "r5\n" GO("r5", "add", "r1",
	                                                               "3") " PortRecv r6, r1 slots=1\n" LOG("r6",
	                                                                                                     "1")
	                                                         END,
	    "42\n");
}
END_TEST

/* A captured variable is a box: the island has one of its own. */
START_TEST(captures_are_copied) {
	expect_output(
	    ON_ISLAND("change", "2",
	              "port:0 1") " ClosureGet r2, 0\n PtrGet r3, r2, 0\n LoadInt r4, 1\n AddI r3, r3, r4\n"
	                          " PtrSet r2, 0, r3\n PortSend r1, r3 slots=1\n" END "fn main {\n" PORT(
	                              "r1", "0") " LoadInt r2, 2\n PtrNew r3, r2, 1\n LoadInt r4, 10\n "
	                                         "PtrSet r3, 0, r4\n"
	                                         " ClosureNew r5, @change, 1\n PtrSet r5, 1, r3\n IslandNew r6\n "
	                                         "GoIsland r6, r5, r1 args=1\n"
	                                         " PortRecv r7, r1 slots=1\n PtrGet r8, r3, 0\n" LOG("r7", "2")
	                                             END,
	    "11 10\n");
}
END_TEST

START_TEST(globals_begin_as_zero) {
	expect_output("global g slots=1 kind=int types=v\n" ON_ISLAND(
	                  "bump", "2",
	                  "port:0 1") " GlobalGet r2, g0\n LoadInt r3, 1\n AddI r2, r2, r3\n GlobalSet g0, r2\n"
	                              " PortSend r1, r2 slots=1\n" END "fn main {\n" PORT(
	                                  "r1", "0") " LoadInt r2, 70\n GlobalSet g0, r2\n IslandNew "
	                                             "r3\n" GO("r3", "bump", "r1",
	                                                       "1") " PortRecv r4, r1 "
	                                                            "slots=1\n" GO("r3", "bump", "r1",
	                                                                           "1") " PortRecv "
	                                                                                "r5, r1 "
	                                                                                "slots=1\n "
	                                                                                "GlobalGet "
	                                                                                "r6, "
	                                                                                "g0\n" LOG("r4", "3") END,
	              "1 2 70\n");
}
END_TEST

#define FIFTY \
	ON_ISLAND("square", "3", "port:0 1, int:0 1") \
	" MulI r2, r2, r2\n PortSend r1, r2 slots=1\n" END "fn main {\n" PORT( \
	    "r1", \
	    "0") " LoadInt r2, 0\n LoadInt r3, 50\n" \
	         "more:\n IslandNew r4\n" GO( \
	             "r4", "square", "r1", \
	             "2") " ForLoop r2, r3, more\n" \
	                  " LoadInt r2, 0\n LoadInt r5, 0\n" \
	                  "next:\n PortRecv r6, r1 slots=1\n AddI r5, r5, r6\n ForLoop r2, r3, next\n" LOG( \
	                      "r5", "1") END

START_TEST(fifty_islands) {
	expect_output(FIFTY, "40425\n");
}
END_TEST

/*
 * Four islands send through one narrow port; a fifth adds up what it gets and answers when the port is
 * closed.
 */
#define MANY_SENDERS \
	ON_ISLAND("send", "4", "port:0 1, port:0 1, int:0 1") \
	" LoadInt r4, 0\n LoadInt r5, 50\n" \
	"more:\n PortSend r1, r3 slots=1\n ForLoop r4, r5, more\n PortSend r2, r3 slots=1\n" END \
	    ON_ISLAND( \
	        "add", "3", \
	        "port:0 1, port:0 1") " LoadInt r3, 0\n" \
	                              "more:\n PortRecv r4, r1 slots=1 ok=1\n JumpIfNot r5, done\n AddI r3, " \
	                              "r3, r4\n Jump more\n" \
	                              "done:\n PortSend r2, r3 slots=1\n" END "fn main {\n" PORT("r1", "3") \
	                                  PORT("r2", "0") " IslandNew r10\n IslandNew r11\n IslandNew r12\n" GO("r10", "add", "r1", "2") " LoadInt r3, 1\n" GO( \
	                                      "r11", "send", "r1", \
	                                      "3") " LoadInt r3, 10\n" GO("r11", "send", "r1", \
	                                                                  "3") " LoadInt r3, " \
	                                                                       "100\n" GO( \
	                                                                           "r12", "send", "r1", \
	                                                                           "3") " Lo" \
	                                                                                "adI" \
	                                                                                "nt " \
	                                                                                "r3," \
	                                                                                " 10" \
	                                                                                "00" \
	                                                                                "\n" GO( \
	                                                                                    "r12", "send", "r1", \
	                                                                                    "3") " PortRecv " \
	                                                                                         "r4, r2 " \
	                                                                                         "slots=1\n " \
	                                                                                         "PortRecv r4, " \
	                                                                                         "r2 slots=1\n " \
	                                                                                         "PortRecv r4, " \
	                                                                                         "r2 slots=1\n " \
	                                                                                         "PortRecv r4, " \
	                                                                                         "r2 slots=1\n" \
	                                                                                         " PortClose " \
	                                                                                         "r1\n " \
	                                                                                         "PortRecv r4, " \
	                                                                                         "r2 " \
	                                                                                         "slots=" \
	                                                                                         "1\n" LOG("r4", \
	                                                                                                   "1") \
	                                                                                             END

START_TEST(many_senders) {
	expect_output(MANY_SENDERS, "55550\n");
	repeat(MANY_SENDERS, "55550\n", 100);
}
END_TEST

/* Objects made, sent and dropped on three threads at once. */
START_TEST(collections_while_islands_run) {
	static const char program[] = ON_ISLAND(
	    "echo", "3",
	    "port:0 1, port:0 1") "more:\n PortRecv r3, r1 slots=1 ok=1\n JumpIfNot r4, done\n StrConcat r3, r3, "
	                          "r3\n PortSend r2, r3 slots=1\n Jump more\n"
	                          "done:\n PortClose r2\n" END
	                          "fn main {\n" PORT_OF("r1", "17", "1") PORT_OF("r2", "17", "1")
	                              PORT_OF("r3", "17", "1") " Copy r5, r1\n Copy r6, r2\n IslandNew r7\n" GO(
	                                  "r7", "echo", "r5",
	                                  "2") " Copy r5, r2\n Copy r6, r3\n IslandNew "
	                                       "r7\n" GO("r7", "echo", "r5",
	                                                 "2") " StrNew r10, \"0123456789\"\n "
	                                                      "LoadInt r11, 0\n LoadInt r12, "
	                                                      "300\n LoadInt r13, 0\n"
	                                                      "more:\n StrConcat r14, r10, "
	                                                      "r10\n PortSend r1, r14 "
	                                                      "slots=1\n PortRecv r14, r3 "
	                                                      "slots=1\n StrLen r15, r14\n"
	                                                      " AddI r13, r13, r15\n ForLoop "
	                                                      "r11, r12, more\n PortClose "
	                                                      "r1\n PortRecv r14, r3 slots=1 "
	                                                      "ok=1\n Copy r14, r13\n" LOG("r14", "2") END;
	expect_output(program, "24000 0\n");
}
END_TEST

/* Each island makes trees and counts their nodes, while the collections of the others stop it anywhere. */
START_TEST(trees_on_many_islands) {
	static const char program[] =
	    "fn tree params=1 results=1 {\n LoadInt r1, 0\n JumpIf r0, inner\n Return r1, 1\n"
	    "inner:\n LoadInt r2, 1\n SubI r2, r0, r2\n Copy r3, r2\n Call @tree, r3 args=1 results=1\n Copy r4, "
	    "r2\n"
	    " Call @tree, r4 args=1 results=1\n PtrNew r1, r0, 2\n PtrSet r1, 0, r3\n PtrSet r1, 1, r4\n Return "
	    "r1, 1\n}\n"
	    "fn count params=1 results=1 {\n LoadInt r1, 0\n JumpIf r0, inner\n Return r1, 1\n"
	    "inner:\n PtrGet r2, r0, 0\n Call @count, r2 args=1 results=1\n PtrGet r3, r0, 1\n Call @count, r3 "
	    "args=1 results=1\n"
	    " AddI r1, r2, r3\n LoadInt r2, 1\n AddI r1, r1, r2\n Return r1, 1\n}\n" ON_ISLAND(
	        "work", "2",
	        "port:0 1") " LoadInt r2, 0\n LoadInt r3, 12\n LoadInt r4, 0\n"
	                    "more:\n LoadInt r5, 10\n Call @tree, r5 args=1 results=1\n Call @count, r5 args=1 "
	                    "results=1\n AddI r4, r4, r5\n"
	                    " ForLoop r2, r3, more\n PortSend r1, r4 slots=1\n" END "fn main {\n" PORT(
	                        "r1", "0") " LoadInt r2, 0\n LoadInt r3, 6\n"
	                                   "more:\n IslandNew r4\n" GO(
	                                       "r4", "work", "r1",
	                                       "1") " ForLoop r2, r3, more\n LoadInt r2, 0\n LoadInt r5, 0\n"
	                                            "next:\n PortRecv r6, r1 slots=1\n AddI r5, r5, r6\n ForLoop "
	                                            "r2, r3, next\n" LOG("r5", "1") END;
	repeat(program, "73656\n", 10);
}
END_TEST

START_TEST(islands_make_islands) {
	expect_output(
	    ON_ISLAND("leaf", "2", "port:0 1") " LoadInt r2, 9\n PortSend r1, r2 slots=1\n" END ON_ISLAND(
	        "branch", "2", "port:0 1") " IslandNew r2\n" GO("r2", "leaf", "r1", "1") END
	    "fn main {\n" PORT("r1", "0") " IslandNew r2\n" GO(
	        "r2", "branch", "r1", "1") " PortRecv r3, r1 slots=1\n" LOG("r3", "1") END,
	    "9\n");
}
END_TEST

START_TEST(deadlock_is_reported) {
	static const char program[] = ON_ISLAND(
	    "wait", "3",
	    "port:0 1, int:0 1") " LoadInt r3, 0\nspin:\n ForLoop r3, r2, spin\n PortRecv r4, r1 slots=1\n" END
	                         "fn main {\n" PORT("r1", "0") " IslandNew r3\n LoadInt r2, 5000\n" GO(
	                             "r3", "wait", "r1", "2") " IslandNew r3\n"
	                                                      " LoadInt r2, 1\n" GO("r3", "wait", "r1", "2") PORT(
	                                                          "r4", "0") " PortRecv r5, r4 slots=1\n" END;
	for (int i = 0; i < 20; i++) {
		const outcome result = run(program);
		ck_assert_int_eq(result.kind, VOLT_ERROR_DEADLOCK);
		ck_assert_str_eq(result.message, "deadlock: all fibers are blocked");
		ck_assert_ptr_nonnull(strstr(result.trace, "  fiber=0 state=Blocked(Queue)\n"));
		ck_assert_ptr_nonnull(strstr(result.trace, "  island=1\n  fiber=0 state=Blocked(Queue)\n"));
		ck_assert_ptr_nonnull(strstr(result.trace, "  island=2\n"));
	}
}
END_TEST

/* Blocked islands do not keep the program alive, and neither do busy ones. */
START_TEST(main_ends_the_program) {
	repeat(ON_ISLAND("wait", "2", "port:0 1") " PortRecv r2, r1 slots=1\n" END ON_ISLAND(
	           "spin", "2", "port:0 1") "again:\n Jump again\n" END
	                                    "fn main {\n" PORT("r1", "0") " IslandNew r2\n" GO(
	                                        "r2", "wait", "r1",
	                                        "1") " IslandNew r2\n" GO("r2", "spin", "r1",
	                                                                  "1") " LoadInt r3, 1\n" LOG("r3", "1")
	                                        END,
	       "1\n", 20);
}
END_TEST

static volt_native_result native_leave(volt_native_call *call) {
	return volt_native_exit(call, (int)call->arguments[0]);
}
static const test_native leave[] = {{"leave", native_leave, NULL}, {0}};

START_TEST(exit_ends_the_program) {
	static const char waiting[] =
	    ON_ISLAND("go", "2", "port:0 1") " LoadInt r2, 7\n CallExtern @leave, r0, r2 args=1\n" END
	                                     "fn main {\n" PORT("r1", "0") " IslandNew r2\n" GO(
	                                         "r2", "go", "r1", "1") " PortRecv r3, r1 slots=1\n" END;
	static const char busy[] =
	    ON_ISLAND("go", "2", "port:0 1") " LoadInt r2, 7\n CallExtern @leave, r0, r2 args=1\n" END
	                                     "fn main {\n" PORT("r1", "0") " IslandNew r2\n" GO(
	                                         "r2", "go", "r1", "1") "again:\n Jump again\n}\n";
	for (int i = 0; i < 20; i++) {
		const outcome result = run_with(i % 2 ? waiting : busy, NULL, leave);
		ck_assert_str_eq(result.message, "");
		ck_assert_int_eq(result.exit_status, 7);
	}
}
END_TEST

/* A panic on an island ends one fiber, and nobody hears of it. */
START_TEST(panics_on_islands_are_silent) {
	expect_output(
	    ON_ISLAND("fail", "2", "port:0 1") " DivI r2, r1, r0\n LoadInt r2, 0\n PtrGet r2, r2, 0\n" END
	        ON_ISLAND("work", "2",
	                  "port:0 1") " LoadInt r2, 3\n PortSend r1, r2 slots=1\n" END
	                              "fn main {\n" PORT("r1", "0") " IslandNew r2\n" GO("r2", "fail", "r1", "1")
	                                  GO("r2", "work", "r1", "1") " PortRecv r3, r1 slots=1\n" LOG("r3", "1")
	                                      END,
	    "3\n");
}
END_TEST

START_TEST(errors_of_go) {
	expect_panic("fn main {\n LoadInt r1, 0\n ClosureNew r2, @main, 0\n GoIsland r1, r2, r3 args=0\n" END,
	             "runtime error: nil pointer dereference");
	expect_panic("fn main {\n IslandNew r1\n LoadInt r2, 0\n GoIsland r1, r2, r3 args=0\n" END,
	             "runtime error: call of nil function");
	expect_panic("fn f params=2 closure param_types=[chan:0 1] {\n" END
	             "fn main {\n IslandNew r1\n LoadInt r2, 2\n LoadInt r3, 0\n ChanNew r4, r2, r3 slots=1\n" GO(
	                 "r1", "f", "r4", "1") END,
	             "runtime error: cannot send a channel to another island");
}
END_TEST

START_TEST(limits_hold_on_islands) {
	static const char hoard[] =
	    ON_ISLAND("hoard", "2",
	              "port:0 1") " LoadInt r2, 0\n"
	                          "more:\n PtrNew r3, r0, 200\n PtrSet r3, 0, r2\n Copy r2, r3\n Jump more\n}\n"
	                          "fn main {\n" PORT("r1", "0") " IslandNew r2\n" GO(
	                              "r2", "hoard", "r1", "1") " PortRecv r3, r1 slots=1\n" END;
	outcome result = run_with(hoard, &(volt_vm_options){.max_heap_bytes = 48 << 20}, NULL);
	ck_assert_int_eq(result.kind, VOLT_ERROR_MEMORY);
	ck_assert_str_eq(result.message, "heap limit of 50331648 bytes reached");
	static const char spin[] =
	    ON_ISLAND("spin", "2", "port:0 1") "again:\n Jump again\n}\n"
	                                       "fn main {\n" PORT("r1", "0") " IslandNew r2\n" GO(
	                                           "r2", "spin", "r1", "1") " PortRecv r3, r1 slots=1\n" END;
	result = run_with(spin, &(volt_vm_options){.max_steps = 100000}, NULL);
	ck_assert_int_eq(result.kind, VOLT_ERROR_LIMIT);
	ck_assert_ptr_nonnull(strstr(result.message, "limit of 100000 steps reached in spin test.vot:"));
}
END_TEST

START_TEST(lines_are_whole) {
	const outcome result = run(ON_ISLAND(
	    "say", "3",
	    "port:0 1, int:0 1") " Copy r3, r2\n Copy r4, r2\n LoadInt r5, 0\n LoadInt r6, 60\n"
	                         "more:\n" LOG(
	                             "r2", "3") " ForLoop r5, r6, more\n PortSend r1, r2 slots=1\n" END
	                                        "fn main {\n" PORT(
	                                            "r1", "0") " LoadInt r2, 1\n LoadInt r3, 5\n"
	                                                       "more:\n IslandNew r4\n" GO(
	                                                           "r4", "say", "r1",
	                                                           "2") " ForLoop r2, r3, more\n"
	                                                                " PortRecv r5, r1 slots=1\n PortRecv r5, "
	                                                                "r1 slots=1\n PortRecv r5, r1 slots=1\n "
	                                                                "PortRecv r5, r1 slots=1\n" END);
	ck_assert_str_eq(result.message, "");
	int lines = 0;
	const char *line = result.output;
	for (; *line; line += 6, lines++) {
		ck_assert_int_eq(line[0], line[2]);
		ck_assert_int_eq(line[0], line[4]);
		ck_assert_int_eq(line[5], '\n');
	}
	ck_assert_int_eq(lines, 240);
}
END_TEST

int main(void) {
	const named_test tests[] = {
	    {"arguments_arrive", arguments_arrive},
	    {"captures_are_copied", captures_are_copied},
	    {"globals_begin_as_zero", globals_begin_as_zero},
	    {"fifty_islands", fifty_islands},
	    {"many_senders", many_senders},
	    {"collections_while_islands_run", collections_while_islands_run},
	    {"trees_on_many_islands", trees_on_many_islands},
	    {"islands_make_islands", islands_make_islands},
	    {"deadlock_is_reported", deadlock_is_reported},
	    {"main_ends_the_program", main_ends_the_program},
	    {"exit_ends_the_program", exit_ends_the_program},
	    {"panics_on_islands_are_silent", panics_on_islands_are_silent},
	    {"errors_of_go", errors_of_go},
	    {"limits_hold_on_islands", limits_hold_on_islands},
	    {"lines_are_whole", lines_are_whole},
	    {NULL, NULL},
	};
	return run_suite("islands", tests);
}
