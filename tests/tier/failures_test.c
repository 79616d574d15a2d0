/*
 * What goes wrong while code is made: memory that runs out at any allocation of the tier's own files, and
 * LLVM that refuses a function, says something of it, cannot link it, or gives up altogether. The suite has
 * those files in it and stands in for the functions that they call (--wrap).
 */
#include <check.h>
#include <llvm-c/Core.h>
#include <llvm-c/LLJIT.h>
#include <llvm-c/TargetMachine.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"
#include "volt/llvm.h"

/* ---- Memory ---- */

static bool counting;
static uint64_t allocations_left; /* the one after them fails */
static bool has_failed;

static bool fails(void) {
	if (!counting || allocations_left-- != 0)
		return false;
	counting = false;
	return has_failed = true;
}

static void fail_after(uint64_t allocations) {
	counting = true;
	has_failed = false;
	allocations_left = allocations;
}

// NOLINTBEGIN(bugprone-reserved-identifier): the linker chose the names
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_reallocarray(void *memory, size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_reallocarray(void *memory, size_t count, size_t size);

void *__wrap_malloc(size_t size) {
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size) {
	return fails() ? NULL : __real_realloc(memory, size);
}

void *__wrap_reallocarray(void *memory, size_t count, size_t size) {
	return fails() ? NULL : __real_reallocarray(memory, count, size);
}

/* ---- LLVM ---- */

/* What happens to a unit with the function "guilty". */
typedef enum {
	HARMLESS,
	INVALID,       /* the IR is not valid */
	REFUSED,       /* code generation says so itself */
	DIAGNOSED,     /* it says so as a diagnostic */
	UNRESOLVED,    /* the object refers to a symbol that nobody has */
	FATAL,         /* LLVM gives up */
	OUTCOME_COUNT, /* of those above */
} outcome;

static outcome guilty_is;

static bool has_guilty(LLVMModuleRef module) {
	for (LLVMValueRef v = LLVMGetFirstFunction(module); v; v = LLVMGetNextFunction(v)) {
		size_t length;
		const char *name = LLVMGetValueName2(v, &length);
		if (strstr(name, "guilty") && !strstr(name, "inlined") && LLVMCountBasicBlocks(v) > 0)
			return true;
	}
	return false;
}

static char *message(const char *text) {
	return LLVMCreateMessage(text);
}

static void refer_to_nothing(LLVMModuleRef module) {
	LLVMTypeRef pointer = LLVMPointerTypeInContext(LLVMGetModuleContext(module), 0);
	LLVMValueRef v_nothing = LLVMAddGlobal(module, pointer, "volt_no_such_symbol");
	static int references;
	char name[32];
	snprintf(name, sizeof name, "volt_reference_%d", references++);
	LLVMValueRef v_reference = LLVMAddGlobal(module, pointer, name);
	LLVMSetInitializer(v_reference, v_nothing);
}

LLVMBool __real_LLVMVerifyModule(LLVMModuleRef module, int action, char **text);
LLVMBool __wrap_LLVMVerifyModule(LLVMModuleRef module, int action, char **text);

LLVMBool __wrap_LLVMVerifyModule(LLVMModuleRef module, int action, char **text) {
	const char *nonsense = "no instruction of any machine";
	if (!has_guilty(module))
		return __real_LLVMVerifyModule(module, action, text);
	switch (guilty_is) {
	case INVALID: *text = message("it is guilty"); return true;
	case DIAGNOSED: LLVMSetModuleInlineAsm2(module, nonsense, strlen(nonsense)); break;
	case UNRESOLVED: refer_to_nothing(module); break;
	case FATAL: LLVMSetDataLayout(module, nonsense); break;
	default: break;
	}
	return __real_LLVMVerifyModule(module, action, text);
}

LLVMBool __real_LLVMTargetMachineEmitToMemoryBuffer(LLVMTargetMachineRef machine, LLVMModuleRef module,
                                                    LLVMCodeGenFileType type, char **text,
                                                    LLVMMemoryBufferRef *object);
LLVMBool __wrap_LLVMTargetMachineEmitToMemoryBuffer(LLVMTargetMachineRef machine, LLVMModuleRef module,
                                                    LLVMCodeGenFileType type, char **text,
                                                    LLVMMemoryBufferRef *object);

LLVMBool __wrap_LLVMTargetMachineEmitToMemoryBuffer(LLVMTargetMachineRef machine, LLVMModuleRef module,
                                                    LLVMCodeGenFileType type, char **text,
                                                    LLVMMemoryBufferRef *object) {
	if (guilty_is != REFUSED || !has_guilty(module))
		return __real_LLVMTargetMachineEmitToMemoryBuffer(machine, module, type, text, object);
	*text = message("it is guilty");
	return true;
}

/* What a fatal error leaves behind is lost on purpose: the leak sanitizer asks here. */
static bool loses_memory;
__attribute__((visibility("default"))) int __lsan_is_turned_off(void);

int __lsan_is_turned_off(void) {
	return loses_memory;
}
// NOLINTEND(bugprone-reserved-identifier)

/* ---- A tier ---- */

/* Calls of every kind, a loop, a deferred call, a select, a channel, and results through the host. */
static const char program[] = "native math_Sqrt results=1\n"
                              "native vo_println results=0\n"
                              "fn small params=1 locals=1 results=1 {\n"
                              "	Return r0, 1\n"
                              "}\n"
                              "fn guilty params=2 locals=6 results=1 {\n"
                              "	JumpIf r0, done\n"
                              "	Call @small, r1 args=1 results=1\n"
                              "	LoadInt r3, 0\n"
                              "	LoadInt r4, 10\n"
                              "round:\n"
                              "	AddI r1, r1, r3\n"
                              "	ForLoop r3, r4, round\n"
                              "done:\n"
                              "	Return r1, 1\n"
                              "}\n"
                              "fn down params=1 locals=4 results=1 {\n"
                              "	JumpIfNot r0, leaf\n"
                              "	LoadInt r1, 1\n"
                              "	SubI r2, r0, r1\n"
                              "	Call @down, r2 args=1 results=1\n"
                              "	AddI r0, r0, r2\n"
                              "leaf:\n"
                              "	Return r0, 1\n"
                              "}\n"
                              "fn deferring params=1 locals=4 results=1 {\n"
                              "	DeferPush @small, r0 args=1\n"
                              "	Return r0, 1\n"
                              "}\n"
                              "fn main locals=32 {\n"
                              "	LoadInt r0, 0\n"
                              "	Call @guilty, r0 args=2 results=1\n"
                              "	Call @down, r0 args=1 results=1\n"
                              "	Call @deferring, r0 args=1 results=1\n"
                              "	ClosureNew r4, @small, 0\n"
                              "	CallClosure r4, r5 args=1 results=1\n"
                              "	LoadInt r6, 2\n"
                              "	LoadInt r7, 1\n"
                              "	ChanNew r8, r6, r7 slots=1\n"
                              "	ChanSend r8, r7 slots=1\n"
                              "	ChanRecv r9, r8 slots=1\n"
                              "	SlotSet r16, r0, r7\n"
                              "	CallExtern @math_Sqrt, r10, r7 args=1\n"
                              "	IfaceAssign r12, r9, iface(int), int\n"
                              "	CallExtern @vo_println, r12, r12 args=2\n"
                              "	Return r0, 0\n"
                              "}\n";

enum { SMALL, GUILTY, DOWN, DEFERRING, MAIN, FUNCTION_COUNT };

static volt_module *bytecode;
static volt_context context;
static volt_tier_host host;
static const volt_tier_interface *interface;
static int said; /* a file in the place of standard error */
static int standard_error;

static void start(void) {
	bytecode = assemble(program);
	host = host_of_volt();
	host.user = &context;
	interface = volt_tier_get_interface();
	standard_error = dup(STDERR_FILENO);
	said = fileno(tmpfile());
	dup2(said, STDERR_FILENO);
}

static void end(void) {
	counting = false;
	volt_module_free(bytecode);
	dup2(standard_error, STDERR_FILENO);
	ck_assert_int_eq(lseek(said, 0, SEEK_END), 0); /* nobody has printed anything */
}

static volt_error *try_create(const char *preset, volt_tier **tier) {
	return interface->create(&host, bytecode, &(volt_tier_options){.preset = preset}, tier);
}

static volt_tier *create(const char *preset) {
	volt_tier *tier;
	ck_assert_ptr_null(try_create(preset, &tier));
	return tier;
}

static volt_error *compile(volt_tier *tier, uint32_t function, volt_form form, volt_level level,
                           volt_compiled *compiled) {
	return interface->compile(tier, &(volt_compile_request){function, form, level, NULL}, compiled);
}

static void expect_compiled(volt_tier *tier, uint32_t function) {
	volt_compiled compiled;
	ck_assert_ptr_null(compile(tier, function, VOLT_FORM_CALL, VOLT_LEVEL_QUICK, &compiled));
	ck_assert_ptr_nonnull(compiled.entry);
}

static void expect_reason(const volt_compiled *compiled, const char *words) {
	ck_assert_ptr_null(compiled->entry);
	ck_assert_ptr_nonnull(compiled->reason);
	ck_assert_msg(strstr(compiled->reason, words) != NULL, "%s", compiled->reason);
}

/* ---- Memory that runs out ---- */

static const char *const swept[] = {NULL, "unwind", "v4", "baseline"};

typedef struct {
	volt_form form;
	volt_level level;
} compilation;

static const compilation compilations[] = {
    {VOLT_FORM_CALL, VOLT_LEVEL_QUICK},
    {VOLT_FORM_CALL, VOLT_LEVEL_OPTIMISED},
    {VOLT_FORM_RESUME, VOLT_LEVEL_OPTIMISED},
};

/* Every allocation of it fails once; each time the tier is as good as before. */
static void sweep_compilation(volt_tier *tier, uint32_t function, compilation kind) {
	uint64_t allocations = 0;
	do {
		volt_compiled compiled;
		fail_after(allocations);
		volt_error *error = compile(tier, function, kind.form, kind.level, &compiled);
		counting = false;
		ck_assert_ptr_null(error);
		ck_assert(!compiled.entry == (compiled.reason != NULL));
		ck_assert(has_failed || compiled.entry);
		allocations += SWEEP_STRIDE;
	} while (has_failed);
	ck_assert_uint_gt(allocations, 10);
	expect_compiled(tier, function);
}

START_TEST(memory_for_a_function) {
	volt_tier *tier = create(swept[_i]);
	for (size_t i = 0; i < sizeof compilations / sizeof *compilations; i++) {
		sweep_compilation(tier, DOWN, compilations[i]);
		sweep_compilation(tier, MAIN, compilations[i]);
	}
	interface->destroy(tier);
}
END_TEST

/* Every module is compiled twice for it: one allocation of a few must do. */
enum { MODULE_STRIDE = 7 * SWEEP_STRIDE };

START_TEST(memory_for_a_module) {
	bool failed = true;
	for (uint64_t allocations = 0; failed; allocations += MODULE_STRIDE) {
		volt_tier *tier = create(swept[_i]);
		volt_compiled compiled[FUNCTION_COUNT];
		fail_after(allocations);
		volt_error *error = interface->compile_module(tier, compiled);
		counting = false;
		failed = has_failed;
		ck_assert_ptr_null(error);
		for (uint32_t i = 0; i < FUNCTION_COUNT; i++)
			ck_assert(!compiled[i].entry == (compiled[i].reason != NULL));
		interface->destroy(tier);
	}
}
END_TEST

START_TEST(memory_for_a_tier) {
	bool failed = true;
	for (uint64_t allocations = 0; failed; allocations++) {
		volt_tier *tier = NULL;
		fail_after(allocations);
		volt_error *error = try_create(NULL, &tier);
		counting = false;
		failed = has_failed;
		ck_assert(!error == (tier != NULL));
		ck_assert(failed || tier);
		if (error)
			ck_assert_int_eq(volt_error_get_kind(error), VOLT_ERROR_MEMORY);
		volt_error_free(error);
		interface->destroy(tier);
	}
}
END_TEST

START_TEST(memory_for_what_is_emitted) {
	volt_tier *tier = create(NULL);
	bool failed = true;
	for (uint64_t allocations = 0; failed; allocations += SWEEP_STRIDE) {
		char *bytes = NULL;
		size_t size;
		fail_after(allocations);
		volt_error *error = interface->emit(tier, MAIN, (volt_emit_kind)_i, &bytes, &size);
		counting = false;
		failed = has_failed;
		if (error)
			ck_assert_ptr_nonnull(strstr(volt_error_message(error), "no memory"));
		ck_assert(failed || !error);
		volt_error_free(error);
		free(bytes);
	}
	interface->destroy(tier);
}
END_TEST

/* ---- One function that LLVM will not have ---- */

static const char *const words_of[OUTCOME_COUNT] = {
    [INVALID] = "it is guilty",
    [REFUSED] = "it is guilty",
    [DIAGNOSED] = "code generation failed",
    [UNRESOLVED] = "volt_no_such_symbol",
};

START_TEST(a_refused_function_is_alone) {
	volt_tier *tier = create(NULL);
	volt_compiled compiled;
	guilty_is = (outcome)_i;
	for (int again = 0; again < 2; again++) {
		for (size_t i = 0; i < sizeof compilations / sizeof *compilations; i++) {
			ck_assert_ptr_null(compile(tier, GUILTY, compilations[i].form, compilations[i].level, &compiled));
			expect_reason(&compiled, words_of[_i]);
		}
		expect_compiled(tier, DOWN);
		expect_compiled(tier, MAIN);
	}
	guilty_is = HARMLESS;
	expect_compiled(tier, GUILTY);
	interface->destroy(tier);
}
END_TEST

START_TEST(a_module_is_compiled_without_it) {
	volt_tier *tier = create(NULL);
	volt_compiled compiled[FUNCTION_COUNT];
	guilty_is = (outcome)_i;
	ck_assert_ptr_null(interface->compile_module(tier, compiled));
	for (uint32_t i = 0; i < FUNCTION_COUNT; i++)
		if (i == GUILTY)
			expect_reason(&compiled[i], words_of[_i]);
		else
			ck_assert_ptr_nonnull(compiled[i].entry);
	expect_compiled(tier, MAIN);
	interface->destroy(tier);
}
END_TEST

/* ---- LLVM gives up ---- */

static void expect_the_end(volt_error *error) {
	ck_assert_ptr_nonnull(error);
	ck_assert_int_eq(volt_error_get_kind(error), VOLT_ERROR_TIER);
	ck_assert_ptr_nonnull(strstr(volt_error_message(error), "LLVM cannot go on: "));
	volt_error_free(error);
}

START_TEST(a_fatal_error_ends_the_tier_only) {
	loses_memory = true;
	volt_tier *tier = create(NULL), *other = create(NULL);
	volt_compiled small, compiled;
	ck_assert_ptr_null(compile(tier, SMALL, VOLT_FORM_CALL, VOLT_LEVEL_QUICK, &small));
	guilty_is = FATAL;
	expect_the_end(compile(tier, GUILTY, VOLT_FORM_CALL, VOLT_LEVEL_QUICK, &compiled));
	expect_the_end(compile(tier, DOWN, VOLT_FORM_CALL, VOLT_LEVEL_QUICK, &compiled));
	volt_slot stack[1] = {7}, result = 0;
	context.stack = stack;
	context.stack_capacity = context.stack_pointer = 1;
	ck_assert_int_eq(small.entry(&context, stack, &result), VOLT_STATUS_OK);
	ck_assert_uint_eq(result, 7);
	expect_compiled(other, DOWN);
	interface->destroy(tier);
	interface->destroy(other);
}
END_TEST

START_TEST(a_fatal_error_in_a_module) {
	loses_memory = true;
	volt_tier *tier = create(NULL);
	volt_compiled compiled[FUNCTION_COUNT];
	char *bytes;
	size_t size;
	guilty_is = FATAL;
	expect_the_end(interface->compile_module(tier, compiled));
	expect_the_end(interface->emit(tier, -1, VOLT_EMIT_IR, &bytes, &size));
	interface->destroy(tier);
}
END_TEST

int main(void) {
	Suite *suite = suite_create("tier failures");
	TCase *cases = tcase_create("failures");
	tcase_set_timeout(cases, 300);
	tcase_add_checked_fixture(cases, start, end);
	const int presets_swept = sizeof swept / sizeof *swept;
	tcase_add_loop_test(cases, memory_for_a_function, 0, presets_swept);
	tcase_add_loop_test(cases, memory_for_a_module, 0, presets_swept);
	tcase_add_test(cases, memory_for_a_tier);
	tcase_add_loop_test(cases, memory_for_what_is_emitted, VOLT_EMIT_IR, VOLT_EMIT_METRICS + 1);
	tcase_add_loop_test(cases, a_refused_function_is_alone, INVALID, FATAL);
	tcase_add_loop_test(cases, a_module_is_compiled_without_it, INVALID, FATAL);
	tcase_add_test(cases, a_fatal_error_ends_the_tier_only);
	tcase_add_test(cases, a_fatal_error_in_a_module);
	suite_add_tcase(suite, cases);
	return run_suite(suite);
}
