/* How functions can exit: function `f` of a small module, and the reasons for waits and panics as they are
 * written. */
#include "analysis/exits.h"

#include <stdlib.h>

#include "support.h"

#define MAIN "fn main {\n\tReturn r0, 0\n}\n"

typedef struct {
	const char *text;
	exit_class class;
	const char *wait, *panic; /* NULL: none */
} exits_case;

static void expect_reason(const volt_module *module, const function_exits *exits, bool waits,
                          const char *expected) {
	uint32_t function = function_named(module, "f");
	const exit_reason *reason = waits ? &exits[function].wait : &exits[function].panic;
	ck_assert_int_eq(reason->present, expected != NULL);
	if (!expected)
		return;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	volt_exits_write_reason(out, module, exits, waits, function);
	fclose(out);
	ck_assert_str_eq(text, expected);
	free(text);
}

#define DOUBLE_RECURSION \
	"fn f params=1 locals=3 results=1 {\n" \
	"	Copy r1, r0\n" \
	"	Call @f, r1 args=1 results=1\n" \
	"	AddI r1, r1, r0\n" \
	"	Return r1, 1\n" \
	"}\n"
#define LINK(name, callee) "fn " name " {\n\tCall @" callee ", r0\n\tReturn r0, 0\n}\n"
#define RECEIVER(name) \
	"fn " name " locals=2 {\n\tLoadInt r0, 0\n\tChanRecv r1, r0 slots=1\n\tReturn r0, 0\n}\n"

static const exits_case cases[] = {
    {MAIN DOUBLE_RECURSION, EXITS_NOTHING, NULL, NULL},
    {MAIN "fn f params=2 locals=2 results=1 {\n\tDivI r0, r0, r1\n\tReturn r0, 1\n}\n", EXITS_PANIC, NULL,
     "DivI at pc 0"},
    /* Mutual recursion: f and odd call each other, and odd divides. */
    {MAIN LINK("f", "odd") "fn odd locals=2 {\n"
                           "	DivI r0, r0, r1\n"
                           "	Call @f, r0\n"
                           "	Return r0, 0\n"
                           "}\n",
     EXITS_PANIC, NULL, "calls DivI at pc 0 through odd"},
    {MAIN RECEIVER("worker") LINK("f", "worker"), EXITS_WAIT, "calls ChanRecv at pc 1 through worker",
     "calls ChanRecv at pc 1 through worker"},
    {MAIN RECEIVER("worker") LINK("middle", "worker") LINK("f", "middle"), EXITS_WAIT,
     "calls ChanRecv at pc 1 through middle, worker", "calls ChanRecv at pc 1 through middle, worker"},
    /* The shortest chain, and not the first call. */
    {MAIN RECEIVER("worker") LINK("middle", "worker") "fn f {\n"
                                                      "	Call @middle, r0\n"
                                                      "	Call @worker, r0\n"
                                                      "	Return r0, 0\n"
                                                      "}\n",
     EXITS_WAIT, "calls ChanRecv at pc 1 through worker", "calls ChanRecv at pc 1 through worker"},
    {MAIN "fn f params=1 locals=2 {\n\tCallClosure r0, r1 args=0\n\tReturn r0, 0\n}\n", EXITS_WAIT,
     "CallClosure at pc 0 (what it calls may do anything)",
     "CallClosure at pc 0 (what it calls may do anything)"},
    {MAIN "fn f params=2 locals=2 {\n\tCallIface r0, r1 method=0 args=0\n\tReturn r0, 0\n}\n", EXITS_WAIT,
     "CallIface at pc 0 (what it calls may do anything)",
     "CallIface at pc 0 (what it calls may do anything)"},
    {"native probe results=0\n" MAIN "fn f {\n\tCallExtern @probe, r0, r0 args=0\n\tReturn r0, 0\n}\n",
     EXITS_WAIT, "CallExtern at pc 0 (native probe; whether it does is up to the host)",
     "CallExtern at pc 0 (native probe; whether it does is up to the host)"},
    {"native probe results=0 blocking=1\n" MAIN
     "fn f {\n\tCallExtern @probe, r0, r0 args=0\n\tReturn r0, 0\n}\n",
     EXITS_WAIT, "CallExtern at pc 0 (native probe, marked as blocking)",
     "CallExtern at pc 0 (native probe, marked as blocking)"},
    /* Deferred calls run as a part of the function; a goroutine does not. */
    {MAIN RECEIVER("worker") "fn f {\n\tDeferPush @worker, r0\n\tReturn r0, 0\n}\n", EXITS_WAIT,
     "calls ChanRecv at pc 1 through worker", "calls ChanRecv at pc 1 through worker"},
    {MAIN "fn f params=1 {\n\tDeferPush r0, r0 args=0\n\tReturn r0, 0\n}\n", EXITS_WAIT,
     "DeferPush at pc 0 (a closure, which may do anything)",
     "DeferPush at pc 0 (a closure, which may do anything)"},
    {MAIN RECEIVER("worker") "fn f {\n\tGoStart @worker, r0\n\tReturn r0, 0\n}\n", EXITS_PANIC, NULL,
     "GoStart at pc 0"},
    /* What is never reached does not count. */
    {MAIN RECEIVER("worker") "fn f {\n\tReturn r0, 0\n\tCall @worker, r0\n\tReturn r0, 0\n}\n", EXITS_NOTHING,
     NULL, NULL},
    {MAIN RECEIVER("a") LINK("b", "a") LINK("c", "b") LINK("d", "c") LINK("e", "d") LINK("g", "e")
         LINK("h", "g") LINK("i", "h") LINK("j", "i") LINK("f", "j"),
     EXITS_WAIT, "calls ChanRecv at pc 1 through j, i, h, g, e, d, c, b and 1 more",
     "calls ChanRecv at pc 1 through j, i, h, g, e, d, c, b and 1 more"},
};

START_TEST(classes_and_reasons) {
	volt_module *module = assemble(cases[_i].text);
	function_exits *exits = volt_exits_compute(module, NULL);
	ck_assert_int_eq(volt_exits_class(&exits[function_named(module, "f")]), cases[_i].class);
	expect_reason(module, exits, true, cases[_i].wait);
	expect_reason(module, exits, false, cases[_i].panic);
	free(exits);
	volt_module_free(module);
}
END_TEST

/* Of two natives one is known never to wait: its calls may still panic. */
START_TEST(natives_known_not_to_wait) {
	volt_module *module = assemble("native quick results=0\nnative slow results=0\n" MAIN
	                               "fn f {\n\tCallExtern @quick, r0, r0 args=0\n\tReturn r0, 0\n}\n"
	                               "fn g {\n\tCallExtern @quick, r0, r0 args=0\n"
	                               "\tCallExtern @slow, r0, r0 args=0\n\tReturn r0, 0\n}\n");
	function_exits *exits = volt_exits_compute(module, (const bool[]){true, false});
	ck_assert_int_eq(volt_exits_class(&exits[function_named(module, "f")]), EXITS_PANIC);
	ck_assert_uint_eq(exits[function_named(module, "f")].panic.pc, 0);
	ck_assert_int_eq(volt_exits_class(&exits[function_named(module, "g")]), EXITS_WAIT);
	ck_assert_uint_eq(exits[function_named(module, "g")].wait.pc, 1);
	free(exits);
	volt_module_free(module);
}
END_TEST

START_TEST(chains_end_at_the_instruction) {
	volt_module *module = assemble(MAIN RECEIVER("worker") LINK("middle", "worker") LINK("f", "middle"));
	function_exits *exits = volt_exits_compute(module, NULL);
	uint32_t f = function_named(module, "f");
	exit_link link = {f, exits[f].wait.pc};
	ck_assert_uint_eq(link.pc, 0);
	ck_assert(volt_exits_next_link(exits, true, &link));
	ck_assert_uint_eq(link.function, function_named(module, "middle"));
	ck_assert_uint_eq(link.pc, 0);
	ck_assert(volt_exits_next_link(exits, true, &link));
	ck_assert_uint_eq(link.function, function_named(module, "worker"));
	ck_assert_uint_eq(link.pc, 1);
	ck_assert(!volt_exits_next_link(exits, true, &link));
	ck_assert_uint_eq(exits[f].wait.origin.function, link.function);
	ck_assert_uint_eq(exits[f].wait.origin.pc, link.pc);
	ck_assert_uint_eq(exits[f].wait.depth, 2);
	free(exits);
	volt_module_free(module);
}
END_TEST

int main(void) {
	return run_suite("exits",
	                 (const listed_test[]){{classes_and_reasons, (int)(sizeof cases / sizeof *cases)},
	                                       {natives_known_not_to_wait, 0},
	                                       {chains_end_at_the_instruction, 0},
	                                       {NULL, 0}});
}
