/* What lowering makes of a profile: weights of branches in the IR, and calls that are not built in. */
#include <check.h>
#include <llvm-c/Core.h>
#include <stdlib.h>
#include <string.h>

#include "calls/forms.h"
#include "calls/module_calls.h"
#include "calls/preset.h"
#include "lower/function.h"
#include "object/buffer.h"
#include "support.h"
#include "volt/llvm.h"

static const char program[] =
    "fn small params=1 locals=1 results=1 {\n"
    "	Return r0, 1\n"
    "}\n"
    "fn work params=2 locals=6 results=1 {\n"
    "	JumpIf r0, first\n"
    "	LoadInt r2, 1\n"
    "first:\n"
    "	JumpIfNot r1, second\n"
    "	Call @small, r2 args=1 results=1\n"
    "second:\n"
    "	LoadInt r3, 0\n"
    "	LoadInt r4, 10\n"
    "round:\n"
    "	AddI r2, r2, r3\n"
    "	ForLoop r3, r4, round\n"
    "	Return r2, 1\n"
    "}\n"
    "fn bare params=2 param_count=1 results=1 closure {\n"
    "	Return r1, 1\n"
    "}\n"
    "fn apply params=2 results=1 {\n"
    "	CallClosure r0, r1 args=1 results=1\n"
    "	Return r1, 1\n"
    "}\n"
    /* Three closures of two numbers, one of three that has a loop, four of none. */
    "fn left params=3 param_count=2 results=1 closure {\nReturn r1, 1\n}\n"
    "fn right params=3 param_count=2 results=1 closure {\nReturn r2, 1\n}\n"
    "fn sum params=3 param_count=2 results=1 closure {\nAddI r1, r1, r2\nReturn r1, 1\n}\n"
    "fn turns params=4 param_count=3 results=1 closure {\nl:\nForLoop r1, r2, l\nReturn r1, 1\n}\n"
    "fn none0 params=1 param_count=0 results=1 closure {\nReturn r1, 1\n}\n"
    "fn none1 params=1 param_count=0 results=1 closure {\nReturn r1, 1\n}\n"
    "fn none2 params=1 param_count=0 results=1 closure {\nReturn r1, 1\n}\n"
    "fn none3 params=1 param_count=0 results=1 closure {\nReturn r1, 1\n}\n"
    "fn apply2 params=3 results=1 {\nCallClosure r0, r1 args=2 results=1\nReturn r1, 1\n}\n"
    "fn apply3 params=4 results=1 {\nCallClosure r0, r1 args=3 results=1\nReturn r1, 1\n}\n"
    "fn apply0 params=1 results=1 {\nCallClosure r0, r1 args=0 results=1\nReturn r1, 1\n}\n"
    "fn main {\n"
    "	Return r0, 0\n"
    "}\n";

enum { SMALL, WORK, BARE, APPLY, LEFT, RIGHT, SUM, TURNS, NONE_0, APPLY_2 = NONE_0 + 4, APPLY_3, APPLY_0 };
enum { PC_JUMP_IF = 0, PC_JUMP_IF_NOT = 2, PC_CALL = 3, PC_FOR_LOOP = 7, PC_COUNT = 9 };

static volt_module *bytecode;

static void load_program(void) {
	bytecode = assemble(program);
}

static void free_program(void) {
	volt_module_free(bytecode);
}

/* ---- Lowered IR ---- */

static bool tests_a_jump(LLVMValueRef v_branch) {
	size_t length;
	const char *name = LLVMGetValueName2(LLVMGetCondition(v_branch), &length);
	return strncmp(name, "v_not_zero", strlen("v_not_zero")) == 0 ||
	       strncmp(name, "v_again", strlen("v_again")) == 0;
}

/* "17:4" if the condition holds 17 times for each 4 times that it does not; "-" without weights. */
static void write_weights(LLVMContextRef context, LLVMValueRef v_branch, buffer *out) {
	LLVMValueRef v_node = LLVMGetMetadata(v_branch, LLVMGetMDKindIDInContext(context, "prof", 4));
	LLVMValueRef v_operands[3];
	buffer_append_text(out, out->length ? " " : "");
	if (!v_node) {
		buffer_append_text(out, "-");
		return;
	}
	ck_assert_int_eq(LLVMGetMDNodeNumOperands(v_node), 3);
	LLVMGetMDNodeOperands(v_node, v_operands);
	buffer_append_format(out, "%llu:%llu", LLVMConstIntGetZExtValue(v_operands[1]),
	                     LLVMConstIntGetZExtValue(v_operands[2]));
}

/* Weights of the function's JumpIf, JumpIfNot and ForLoop, in this order. */
static void write_jumps(LLVMContextRef context, LLVMValueRef v_function, buffer *out) {
	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(v_function); b; b = LLVMGetNextBasicBlock(b)) {
		LLVMValueRef v_end = LLVMGetBasicBlockTerminator(b);
		if (LLVMGetInstructionOpcode(v_end) == LLVMBr && LLVMIsConditional(v_end) && tests_a_jump(v_end))
			write_weights(context, v_end, out);
	}
}

typedef struct {
	buffer weights;
	bool built_in; /* the call of `small` */
} lowered;

static bool is_copied(const module_lowering *lowering, uint32_t function) {
	const inlined_copy *copy = lowering->calls->copies.first;
	while (copy && copy->function != function)
		copy = copy->next;
	return copy != NULL;
}

/* Lowers the function; `wanted` is what may be built into it. */
static lowered lower_one(uint32_t function, uint32_t wanted, const volt_branch_profile *profile,
                         uint32_t profiled_function) {
	static const size_t offsets[VOLT_CONTEXT_FIELD_COUNT];
	const volt_heap_layout heap = volt_heap_layout_of_volt();
	compile_preset preset;
	ck_assert_ptr_null(preset_find(NULL, "profile", &preset));
	function_shape *shapes = calloc(bytecode->functions.count, sizeof *shapes);
	for (uint32_t i = 0; i < bytecode->functions.count; i++)
		volt_function_shape_compute(bytecode, i, true, &shapes[i]);
	lowering_options options = {
	    .bytecode = bytecode,
	    .shapes = shapes,
	    .preset = &preset,
	    .context_offsets = offsets,
	    .heap = &heap,
	    .inlines = true,
	    .through_table = true,
	    .profile = profile,
	    .profiled_function = profiled_function,
	};
	LLVMContextRef context = LLVMContextCreate();
	module_lowering lowering;
	module_lowering_start(&lowering, context, &options);
	module_calls_start(&lowering);
	lower_function(&lowering, function);
	lowered result = {.built_in = is_copied(&lowering, wanted)};
	write_jumps(context, inner_function(&lowering, function), &result.weights);
	LLVMDisposeModule(lowering.module);
	module_calls_dispose(&lowering);
	module_lowering_dispose(&lowering);
	LLVMContextDispose(context);
	free(shapes);
	return result;
}

static lowered lower(const volt_branch_profile *profile, uint32_t profiled_function) {
	return lower_one(WORK, SMALL, profile, profiled_function);
}

static void expect(const volt_branch_profile *profile, const char *weights, bool built_in) {
	lowered result = lower(profile, WORK);
	ck_assert_str_eq(result.weights.bytes, weights);
	ck_assert_int_eq(result.built_in, built_in);
	buffer_free(&result.weights);
}

/* A JumpIfNot is taken when the value, which is the branch's condition, is zero. */
START_TEST(weights_are_counts) {
	const volt_branch_profile profile[PC_COUNT] = {[PC_JUMP_IF] = {.taken = 40, .not_taken = 7},
	                                               [PC_JUMP_IF_NOT] = {.taken = 3, .not_taken = 9},
	                                               [PC_CALL] = {.taken = 9, .not_taken = 0},
	                                               [PC_FOR_LOOP] = {.taken = 90, .not_taken = 10}};
	expect(profile, "41:8 10:4 91:11", true);
}
END_TEST

/* With 64 samples what never happened is as unlikely as an exit; with fewer it was just not seen. */
START_TEST(what_never_happens_is_unlikely) {
	const volt_branch_profile profile[PC_COUNT] = {[PC_JUMP_IF] = {.taken = 0, .not_taken = 64},
	                                               [PC_JUMP_IF_NOT] = {.taken = 64, .not_taken = 0},
	                                               [PC_FOR_LOOP] = {.taken = 63, .not_taken = 0}};
	expect(profile, "1:1048575 1:1048575 64:1", false);
}
END_TEST

START_TEST(large_counts_fit) {
	const volt_branch_profile profile[PC_COUNT] = {
	    [PC_JUMP_IF] = {.taken = UINT32_MAX, .not_taken = UINT32_MAX},
	    [PC_JUMP_IF_NOT] = {.taken = 1, .not_taken = UINT32_MAX - 1},
	    [PC_FOR_LOOP] = {.taken = UINT32_MAX, .not_taken = 1}};
	expect(profile, "2147483648:2147483648 4294967295:2 2147483648:1", false);
}
END_TEST

START_TEST(unseen_jumps_have_no_weights) {
	const volt_branch_profile profile[PC_COUNT] = {[PC_FOR_LOOP] = {.taken = 20, .not_taken = 2}};
	expect(profile, "- - 21:3", true);
	expect(NULL, "- - -", true);
}
END_TEST

START_TEST(profile_of_another_function_says_nothing) {
	const volt_branch_profile profile[1] = {{.taken = 1000, .not_taken = 1000}};
	lowered result = lower(profile, SMALL);
	ck_assert_str_eq(result.weights.bytes, "- - -");
	ck_assert(result.built_in);
	buffer_free(&result.weights);
}
END_TEST

/* ---- Callees of closures and methods ---- */

static bool builds_in(uint32_t callee, uint32_t caller, const volt_branch_profile *profile) {
	lowered result = lower_one(caller, callee, profile, caller);
	buffer_free(&result.weights);
	return result.built_in;
}

static bool builds_in_bare(volt_branch_profile at_call) {
	const volt_branch_profile profile[2] = {at_call};
	return builds_in(BARE, APPLY, profile);
}

/* `small` is a plain function: as a closure it has its argument in slot 0, where this site has the closure.
 */
START_TEST(the_only_callee_of_a_site_is_built_in) {
	ck_assert(builds_in_bare((volt_branch_profile){.taken = 100, .callee = BARE + 1}));
	ck_assert(!builds_in_bare((volt_branch_profile){.taken = 100, .callee = SMALL + 1}));
}
END_TEST

/* Of three that are possible, of which all are built in where the profile knows none. */
START_TEST(another_callee_is_built_in_if_the_profile_expects_it) {
	const volt_branch_profile profile[2] = {
	    {.taken = 100, .callee = SUM + 1, .other_callee = LEFT + 1},
	};
	ck_assert(builds_in(SUM, APPLY_2, profile));
	ck_assert(builds_in(LEFT, APPLY_2, profile));
	ck_assert(!builds_in(RIGHT, APPLY_2, profile));
}
END_TEST

/* `bare` is the only closure that takes this call. */
START_TEST(possible_callees_are_built_in_where_none_is_known) {
	ck_assert(builds_in_bare((volt_branch_profile){.taken = 100, .callee = VOLT_NO_CALLEE}));
	ck_assert(builds_in_bare((volt_branch_profile){.taken = 100, .callee = VOLT_SEVERAL_CALLEES}));
	ck_assert(builds_in(LEFT, APPLY_2, NULL));
	ck_assert(builds_in(RIGHT, APPLY_2, NULL));
	ck_assert(builds_in(SUM, APPLY_2, NULL));
}
END_TEST

/* One that takes long is built in only if the profile knows it, and of four nobody can say. */
START_TEST(possible_callees_are_few_and_tiny) {
	const volt_branch_profile profile[2] = {{.taken = 100, .callee = TURNS + 1}};
	ck_assert(!builds_in(TURNS, APPLY_3, NULL));
	ck_assert(builds_in(TURNS, APPLY_3, profile));
	for (uint32_t i = 0; i < 4; i++)
		ck_assert(!builds_in(NONE_0 + i, APPLY_0, NULL));
}
END_TEST

/* ---- Which compilations look at a profile: without the call built in, the code has another size ---- */

static uint64_t code_bytes(const char *hints, volt_level level, const volt_branch_profile *profile) {
	volt_context context;
	volt_tier_host host = host_of_volt();
	host.user = &context;
	const volt_tier_interface *interface = volt_tier_get_interface();
	volt_tier *tier;
	ck_assert_ptr_null(interface->create(&host, bytecode, &(volt_tier_options){.hints = hints}, &tier));
	volt_compile_request request = {WORK, VOLT_FORM_CALL, level, profile};
	volt_compiled compiled;
	ck_assert_ptr_null(interface->compile(tier, &request, &compiled));
	interface->destroy(tier);
	return compiled.code_bytes;
}

START_TEST(optimised_code_uses_the_profile) {
	const volt_branch_profile profile[PC_COUNT] = {[PC_JUMP_IF_NOT] = {.taken = 100, .not_taken = 0}};
	static const char *const using[] = {NULL, "weights", "cold", "both", "both+cc", "profile"};
	for (size_t i = 0; i < sizeof using / sizeof *using; i++)
		ck_assert_uint_ne(code_bytes(using[i], VOLT_LEVEL_OPTIMISED, profile),
		                  code_bytes(using[i], VOLT_LEVEL_OPTIMISED, NULL));
	ck_assert_uint_eq(code_bytes("none", VOLT_LEVEL_OPTIMISED, profile),
	                  code_bytes("none", VOLT_LEVEL_OPTIMISED, NULL));
	ck_assert_uint_eq(code_bytes(NULL, VOLT_LEVEL_QUICK, profile), code_bytes(NULL, VOLT_LEVEL_QUICK, NULL));
}
END_TEST

/* ---- Without options, a tier has its defaults ---- */

static char *ir_with(const volt_tier_options *options) {
	const volt_tier_interface *interface = volt_tier_get_interface();
	volt_tier *tier;
	char *text;
	size_t length;
	ck_assert_ptr_null(interface->create(NULL, bytecode, options, &tier));
	ck_assert_ptr_null(interface->emit(tier, WORK, VOLT_EMIT_IR, &text, &length));
	interface->destroy(tier);
	return text;
}

START_TEST(no_options_are_the_defaults) {
	char *without = ir_with(NULL);
	char *named = ir_with(&(volt_tier_options){.preset = volt_tier_get_interface()->presets[0]});
	char *other = ir_with(&(volt_tier_options){.preset = "baseline"});
	ck_assert_str_eq(without, named);
	ck_assert_str_ne(without, other);
	free(without);
	free(named);
	free(other);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier weights");
	TCase *cases = tcase_create("weights");
	tcase_set_timeout(cases, 120);
	tcase_add_checked_fixture(cases, load_program, free_program);
	tcase_add_test(cases, weights_are_counts);
	tcase_add_test(cases, what_never_happens_is_unlikely);
	tcase_add_test(cases, large_counts_fit);
	tcase_add_test(cases, unseen_jumps_have_no_weights);
	tcase_add_test(cases, profile_of_another_function_says_nothing);
	tcase_add_test(cases, the_only_callee_of_a_site_is_built_in);
	tcase_add_test(cases, another_callee_is_built_in_if_the_profile_expects_it);
	tcase_add_test(cases, possible_callees_are_built_in_where_none_is_known);
	tcase_add_test(cases, possible_callees_are_few_and_tiny);
	tcase_add_test(cases, optimised_code_uses_the_profile);
	tcase_add_test(cases, no_options_are_the_defaults);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
