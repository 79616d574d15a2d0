/*
 * Calls of closures and methods: compiled code goes straight to the callee's code where that takes such a
 * call, and must call the same function with the same slots as the interpreter, whatever it finds.
 */
#include <stdatomic.h>
#include <string.h>

#include "support.h"

/* ---- Running ---- */

static run_result run_in_mode(const char *text, int mode) {
	return run_program((run_request){.text = text, .mode = &compiled_modes[mode]});
}

static void expect_output(const char *text, int mode, const char *output) {
	run_result result = run_in_mode(text, mode);
	ck_assert_msg(!result.error, "%s: %s", compiled_modes[mode].name, result.error);
	ck_assert_msg(strcmp(result.output.bytes, output) == 0, "%s: '%s', not '%s'", compiled_modes[mode].name,
	              result.output.bytes, output);
	run_result_free(&result);
}

#define PRINT_R0 \
	"	IfaceAssign r2, r0, iface(int), int\n" \
	"	CallExtern @vo_println, r2, r2 args=2\n"

/* ---- Closures ---- */

/* The only site; what it calls depends on r0. */
#define APPLY \
	"fn apply params=2 locals=5 results=1 {\n" \
	"	LoadInt r4, 1000\n" \
	"	Copy r2, r1\n" \
	"	CallClosure r0, r2 args=1 results=1\n" \
	"	AddI r2, r2, r4\n" \
	"	Return r2, 1\n" \
	"}\n"

/* x + capture, in slot 1 after the closure. */
#define CAPTURING \
	"fn capturing params=2 locals=3 results=1 closure captures=[int:0 1] {\n" \
	"	ClosureGet r2, 0\n" \
	"	AddI r2, r2, r1\n" \
	"	Return r2, 1\n" \
	"}\n"

/* 2 * x: no captures, but the closure is in slot 0 all the same. */
#define BARE \
	"fn bare params=2 locals=3 results=1 closure {\n" \
	"	AddI r2, r1, r1\n" \
	"	Return r2, 1\n" \
	"}\n"

/* x - 1, in slot 0. */
#define PLAIN \
	"fn plain params=1 locals=2 results=1 {\n" \
	"	LoadInt r1, 1\n" \
	"	SubI r1, r0, r1\n" \
	"	Return r1, 1\n" \
	"}\n"

/* A bound method: its receiver is the closure's capture. */
#define BOUND \
	"fn bound params=2 locals=3 results=1 receiver=1 {\n" \
	"	SubI r2, r0, r1\n" \
	"	Return r2, 1\n" \
	"}\n"

/* The argument stands behind both slots of the receiver. */
#define BOUND_WIDE \
	"fn bound_wide params=3 locals=4 results=1 receiver=2 {\n" \
	"	SubI r3, r0, r2\n" \
	"	Return r3, 1\n" \
	"}\n"

#define FILLER(name) \
	"fn " name " params=0 locals=0 results=0 {\n" \
	"	Return r0, 0\n" \
	"}\n"

/* So that the numbers of functions are far apart. */
#define FILLERS FILLER("f1") FILLER("f2") FILLER("f3") FILLER("f4") FILLER("f5") FILLER("f6") FILLER("f7")

#define CALL_IT(closure) \
	"	Copy r5, " closure "\n" \
	"	Copy r6, r2\n" \
	"	Call @apply, r5 args=2 results=1\n" \
	"	AddI r0, r0, r5\n"

/* main calls each closure ten times, with x from 0 to 9: `make` puts them into r10.., `calls` uses CALL_IT.
 */
#define MAIN(make, calls) \
	"fn main params=0 locals=16 results=0 {\n" \
	"	LoadInt r0, 0\n" make "	LoadInt r2, 0\n" \
	"	LoadInt r3, 1\n" \
	"	LoadInt r4, 10\n" \
	"again:\n" calls "	AddI r2, r2, r3\n" \
	"	LtI r7, r2, r4\n" \
	"	JumpIf r7, again\n" PRINT_R0 "	Return r0, 0\n" \
	"}\n"

#define MAKE_CAPTURING(closure, capture) \
	"	LoadInt r1, " capture "\n" \
	"	ClosureNew " closure ", @capturing, 1\n" \
	"	PtrSet " closure ", 1, r1\n"
#define MAKE(closure, function) "	ClosureNew " closure ", @" function ", 0\n"
#define MAKE_BOUND(closure, function, receiver) \
	"	LoadInt r1, " receiver "\n" \
	"	ClosureNew " closure ", @" function ", 1\n" \
	"	PtrSet " closure ", 1, r1\n"

typedef struct {
	const char *text, *output;
} program;

/* apply adds 1000 to each result, and the sum of x is 45. */
static const program closures[] = {
    {APPLY CAPTURING MAIN(MAKE_CAPTURING("r10", "40"), CALL_IT("r10")), "10445\n"},
    /* Two closures of one function that differ in what they capture. */
    {APPLY CAPTURING MAIN(MAKE_CAPTURING("r10", "40") MAKE_CAPTURING("r11", "60"),
                          CALL_IT("r10") CALL_IT("r11")),
     "21090\n"},
    {APPLY PLAIN MAIN(MAKE("r10", "plain"), CALL_IT("r10")), "10035\n"},
    {APPLY CAPTURING BARE PLAIN MAIN(MAKE_CAPTURING("r10", "40") MAKE("r11", "bare") MAKE("r12", "plain"),
                                     CALL_IT("r10") CALL_IT("r11") CALL_IT("r12")),
     "30570\n"},
    {CAPTURING FILLERS PLAIN APPLY MAIN(MAKE_CAPTURING("r10", "40") MAKE("r11", "plain"),
                                        CALL_IT("r10") CALL_IT("r11")),
     "20480\n"},
    /* x - 500 from the receiver, twice with different ones: 10 * 1500 - 45 + 10 * 1700 - 45. */
    {APPLY BOUND MAIN(MAKE_BOUND("r10", "bound", "500") MAKE_BOUND("r11", "bound", "700"),
                      CALL_IT("r10") CALL_IT("r11")),
     "31910\n"},
    {APPLY BOUND_WIDE BARE MAIN(MAKE_BOUND("r10", "bound_wide", "500") MAKE("r11", "bare"),
                                CALL_IT("r10") CALL_IT("r11")),
     "25045\n"},
};

enum { CLOSURES = sizeof closures / sizeof closures[0] };

START_TEST(closures_get_their_slots) {
	const program *chosen = &closures[_i % CLOSURES];
	expect_output(chosen->text, _i / CLOSURES, chosen->output);
}
END_TEST

/* ---- Methods ---- */

#define DISPATCH \
	"fn dispatch params=3 locals=6 results=1 {\n" \
	"	LoadInt r5, 1000\n" \
	"	Copy r3, r2\n" \
	"	CallIface r0, r3 method=0 args=1 results=1\n" \
	"	AddI r3, r3, r5\n" \
	"	Return r3, 1\n" \
	"}\n"
#define ADDING \
	"fn adding params=2 locals=3 results=1 receiver=1 {\n" \
	"	AddI r2, r0, r1\n" \
	"	Return r2, 1\n" \
	"}\n"
#define SUBTRACTING \
	"fn subtracting params=2 locals=3 results=1 receiver=1 {\n" \
	"	SubI r2, r0, r1\n" \
	"	Return r2, 1\n" \
	"}\n"
#define WIDE \
	"fn wide params=3 locals=4 results=1 receiver=2 {\n" \
	"	AddI r3, r0, r2\n" \
	"	AddI r3, r3, r2\n" \
	"	Return r3, 1\n" \
	"}\n"

#define MAKE_VALUE(value, payload, itab) \
	"	LoadInt r1, " payload "\n" \
	"	IfaceAssign " value ", r1, iface(int, " itab "), int\n"
#define DISPATCH_IT(value) \
	"	CopyN r5, " value ", 2\n" \
	"	Copy r7, r2\n" \
	"	Call @dispatch, r5 args=3 results=1\n" \
	"	AddI r0, r0, r5\n"

static const program methods[] = {
    {"itab [@adding]\n" DISPATCH ADDING MAIN(MAKE_VALUE("r10", "40", "0"), DISPATCH_IT("r10")), "10445\n"},
    {"itab [@adding]\nitab [@subtracting]\n" DISPATCH ADDING SUBTRACTING MAIN(
         MAKE_VALUE("r10", "40", "0") MAKE_VALUE("r12", "500", "1"), DISPATCH_IT("r10") DISPATCH_IT("r12")),
     "25400\n"},
    /* Table 8 has the place of table 0; the method with a wide receiver is in none. */
    {"itab [@adding]\nitab [@wide]\nitab [@adding]\nitab [@adding]\nitab [@adding]\nitab [@adding]\n"
     "itab [@adding]\nitab [@adding]\nitab [@subtracting]\n" DISPATCH ADDING SUBTRACTING WIDE MAIN(
         MAKE_VALUE("r10", "40", "0") MAKE_VALUE("r12", "500", "8") MAKE_VALUE("r14", "600", "1"),
         DISPATCH_IT("r10") DISPATCH_IT("r12") DISPATCH_IT("r14")),
     "41490\n"},
};

enum { METHODS = sizeof methods / sizeof methods[0] };

START_TEST(methods_get_their_slots) {
	const program *chosen = &methods[_i % METHODS];
	expect_output(chosen->text, _i / METHODS, chosen->output);
}
END_TEST

/* ---- Hits ---- */

static volt_compiled_function watched;
static unsigned calls_by_host;

static volt_status count_call(void *context, const volt_slot *arguments, volt_slot *results) {
	calls_by_host++;
	return watched(context, arguments, results);
}

/* From here on, calls of the first function by the host are counted; compiled code calls its inner form. */
static volt_native_result watch_first_function(volt_native_call *call) {
	executable_function *function = &((volt_vm *)call->user)->functions[0];
	watched = atomic_load(&function->entry);
	ck_assert_ptr_nonnull(watched);
	atomic_store(&function->entry, count_call);
	return VOLT_NATIVE_OK;
}

static void register_watch(volt_vm *vm, void *user) {
	(void)user;
	ck_assert_ptr_null(volt_vm_register_native(vm, "watch", watch_first_function, vm, VOLT_PERMIT_NOTHING));
}

/* The callee is the first function. */
static const program hits[] = {
    {"native watch results=0\n" CAPTURING APPLY MAIN(
         "	CallExtern @watch, r0, r0 args=0\n" MAKE_CAPTURING("r10", "40"), CALL_IT("r10")),
     "10445\n"},
    {"native watch results=0\nitab [@adding]\n" ADDING DISPATCH MAIN(
         "	CallExtern @watch, r0, r0 args=0\n" MAKE_VALUE("r10", "40", "0"), DISPATCH_IT("r10")),
     "10445\n"},
};

enum { HITS = sizeof hits / sizeof hits[0] };

/*
 * With a limit, slices end when steps are used up and not when a clock says so: giving way in front of a call
 * would make the host call once more.
 */
enum { MANY_STEPS = 1000000 };

/* Of ten calls, a site asks the host for the first one only, in every preset. */
START_TEST(a_known_callee_is_called_without_the_host) {
	const program *chosen = &hits[_i % HITS];
	const char *preset = presets[_i / HITS];
	calls_by_host = 0;
	run_result result = run_program((run_request){
	    .text = chosen->text, .preset = preset, .register_natives = register_watch, .max_steps = MANY_STEPS});
	ck_assert_str_eq(result.output.bytes, chosen->output);
	ck_assert_uint_eq(calls_by_host, 1);
	run_result_free(&result);
}
END_TEST

/* ---- Calls whose type is not the callee's ---- */

/* Three times through each site: what did not fit the first time does not fit later. */
#define THREE_TIMES(body) \
	"fn main params=0 locals=16 results=0 {\n" \
	"	LoadInt r4, 0\n" \
	"	LoadInt r5, 3\n" \
	"	LoadInt r6, 1\n" \
	"again:\n" body PRINT_R0 "	AddI r4, r4, r6\n" \
	"	LtI r7, r4, r5\n" \
	"	JumpIf r7, again\n" \
	"	Return r0, 0\n" \
	"}\n"

static const program misfits[] = {
    /* The second result is not given: its slot keeps 7. */
    {PLAIN THREE_TIMES("	ClosureNew r10, @plain, 0\n"
                       "	LoadInt r8, 30\n"
                       "	LoadInt r9, 7\n"
                       "	CallClosure r10, r8 args=1 results=2\n"
                       "	AddI r0, r8, r9\n"),
     "36\n36\n36\n"},
    /* Two results, of which one is wanted: r9 keeps 7. */
    {"fn two params=1 locals=2 results=2 {\n"
     "	LoadInt r1, 900\n"
     "	Return r0, 2\n"
     "}\n" THREE_TIMES("	ClosureNew r10, @two, 0\n"
                       "	LoadInt r8, 30\n"
                       "	LoadInt r9, 7\n"
                       "	CallClosure r10, r8 args=1 results=1\n"
                       "	AddI r0, r8, r9\n"),
     "37\n37\n37\n"},
    /* More arguments than parameters, and than slots of the frame. */
    {"fn one params=1 locals=1 results=1 {\n"
     "	Return r0, 1\n"
     "}\n" THREE_TIMES("	ClosureNew r10, @one, 0\n"
                       "	LoadInt r8, 30\n"
                       "	LoadInt r9, 7\n"
                       "	CallClosure r10, r8 args=2 results=1\n"
                       "	Copy r0, r8\n"),
     "30\n30\n30\n"},
    /* No slots at all. */
    {FILLER("nothing") THREE_TIMES("	ClosureNew r10, @nothing, 0\n"
                                   "	LoadInt r0, 5\n"
                                   "	CallClosure r10, r8 args=0\n"),
     "5\n5\n5\n"},
};

enum { MISFITS = sizeof misfits / sizeof misfits[0] };

START_TEST(results_and_arguments_may_differ) {
	const program *chosen = &misfits[_i % MISFITS];
	expect_output(chosen->text, _i / MISFITS, chosen->output);
}
END_TEST

/* ---- Nil ---- */

/* The value is good for two rounds, and nil in the third. */
static const program nils[] = {
    {APPLY PLAIN "fn main params=0 locals=8 results=0 {\n"
                 "	ClosureNew r0, @plain, 0\n"
                 "	Copy r2, r0\n"
                 "	Call @apply, r2 args=2 results=1\n"
                 "	Copy r2, r0\n"
                 "	Call @apply, r2 args=2 results=1\n"
                 "	LoadInt r2, 0\n"
                 "	Call @apply, r2 args=2 results=1\n"
                 "	Return r0, 0\n"
                 "}\n",
     "runtime error: call of nil function"},
    {"itab [@adding]\n" DISPATCH ADDING "fn main params=0 locals=8 results=0 {\n" MAKE_VALUE("r2", "40", "0")
         DISPATCH_IT("r2") DISPATCH_IT("r2") "	LoadInt r2, 0\n"
                                             "	LoadInt r3, 0\n" DISPATCH_IT("r2") "	Return r0, 0\n"
                                                                                   "}\n",
     "runtime error: nil pointer dereference"},
};

enum { NILS = sizeof nils / sizeof nils[0] };

START_TEST(nil_is_found_at_a_site_that_has_called) {
	const program *chosen = &nils[_i % NILS];
	run_result expected = run_program((run_request){.text = chosen->text});
	run_result result = run_in_mode(chosen->text, _i / NILS);
	ck_assert_str_eq(result.error, chosen->output);
	ck_assert_str_eq(result.trace, expected.trace);
	ck_assert_str_eq(result.error, expected.error);
	run_result_free(&expected);
	run_result_free(&result);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("indirect calls");
	TCase *cases = tcase_create("calls");
	int modes = compiled_mode_count();
	tcase_add_loop_test(cases, closures_get_their_slots, 0, modes * CLOSURES);
	tcase_add_loop_test(cases, methods_get_their_slots, 0, modes * METHODS);
	tcase_add_loop_test(cases, a_known_callee_is_called_without_the_host, 0, preset_count() * HITS);
	tcase_add_loop_test(cases, results_and_arguments_may_differ, 0, modes * MISFITS);
	tcase_add_loop_test(cases, nil_is_found_at_a_site_that_has_called, 0, modes * NILS);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
