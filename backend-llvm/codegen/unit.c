/* Lowering, verification and the pass pipeline. */
#include "codegen/unit.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <string.h>

#include "calls/module_calls.h"
#include "codegen/exit_objects.h"
#include "codegen/new_objects.h"
#include "codegen/string_parts.h"
#include "guard/memory.h"
#include "ir/helper_declarations.h"
#include "ir/source_lines.h"
#include "lower/function.h"

/*
 * For presets, passes work inside functions only. Nothing is inlined and nothing is concluded from a callee's
 * body, so a status that a callee may return is always tested, and recursion keeps its shape in every preset.
 * (By default instcombine ends the process when one round was not enough for it, which is a check for its
 * authors and not for its users.)
 */
#define COMBINE "instcombine<no-verify-fixpoint>"
#define SIMPLIFY "sroa<modify-cfg>,early-cse<memssa>,simplifycfg," COMBINE
static const char *const pipelines[] = {
    [PIPELINE_PRESET] =
        "function<eager-inv>(" SIMPLIFY ",loop-mssa(licm),gvn,dse,adce,simplifycfg," COMBINE ")",
    [PIPELINE_QUICK] = "function<eager-inv>(mem2reg)",
    [PIPELINE_OPTIMISED] =
        "function<eager-inv>(jump-threading,loop-mssa(loop-rotate,licm),simplifycfg," COMBINE
        ",loop(indvars),gvn,sccp,"
        "loop-mssa(licm),loop-vectorize,dse,adce,simplifycfg," COMBINE ",loop-unroll,simplifycfg," COMBINE
        ")",
};
static const char *const making_objects = "always-inline,globaldce";
static const char *const inlining = "always-inline,globaldce,function<eager-inv>(" SIMPLIFY ")";
static const char *const simplifying = "function<eager-inv>(" SIMPLIFY ")";

static volt_error *verify(const compilation_unit *unit) {
	char *message = NULL;
	volt_error *error = NULL;
	if (LLVMVerifyModule(unit->lowering.module, LLVMReturnStatusAction, &message))
		error = volt_error_new(VOLT_ERROR_TIER, "%s: the lowered IR is not valid: %s",
		                       unit->lowering.bytecode->source, message);
	LLVMDisposeMessage(message);
	return error;
}

static volt_error *run_passes(const compilation_unit *unit, const char *passes,
                              LLVMTargetMachineRef machine) {
	LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
	LLVMErrorRef failure = LLVMRunPasses(unit->lowering.module, passes, machine, options);
	LLVMDisposePassBuilderOptions(options);
	if (!failure)
		return diagnostics_error(&unit->diagnostics, "optimising failed");
	char *message = LLVMGetErrorMessage(failure);
	volt_error *error = volt_error_new(VOLT_ERROR_TIER, "optimising failed: %s", message);
	LLVMDisposeErrorMessage(message);
	return error;
}

/* Objects that others refer to become variables when those have. */
static volt_error *inline_and_delay_objects(compilation_unit *unit, LLVMTargetMachineRef machine) {
	enum { MOST_DEPTH = 4 };
	volt_error *error = run_passes(unit, inlining, machine);
	if (!error)
		look_at_parts_in_place(&unit->lowering);
	for (int depth = 0; !error && depth < MOST_DEPTH && delay_objects(&unit->lowering); depth++)
		error = run_passes(unit, simplifying, machine);
	if (!error && make_objects_in_line(&unit->lowering))
		error = run_passes(unit, making_objects, machine);
	return error;
}

static volt_error *optimise(compilation_unit *unit, pipeline_kind pipeline, LLVMTargetMachineRef machine) {
	volt_error *error = pipeline == PIPELINE_OPTIMISED ? inline_and_delay_objects(unit, machine) : NULL;
	return error ? error : run_passes(unit, pipelines[pipeline], machine);
}

/*
 * The fast instruction selector of x86-64 leaves a block to the slow one where it meets an atomic load. There
 * a load that must not be left out or moved is the same instruction, and after the passes nothing moves.
 */
static void use_plain_load(LLVMValueRef v_instruction) {
	if (!LLVMIsALoadInst(v_instruction) || LLVMGetOrdering(v_instruction) == LLVMAtomicOrderingNotAtomic)
		return;
	LLVMSetOrdering(v_instruction, LLVMAtomicOrderingNotAtomic);
	LLVMSetVolatile(v_instruction, true);
}

static void use_plain_loads(LLVMModuleRef module) {
	for (LLVMValueRef v = LLVMGetFirstFunction(module); v; v = LLVMGetNextFunction(v))
		for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(v); b; b = LLVMGetNextBasicBlock(b))
			for (LLVMValueRef v_in = LLVMGetFirstInstruction(b); v_in; v_in = LLVMGetNextInstruction(v_in))
				use_plain_load(v_in);
}

static bool is_for_x86(LLVMModuleRef module) {
	return strncmp(LLVMGetTarget(module), "x86_64", strlen("x86_64")) == 0;
}

static void lower_form(module_lowering *lowering, uint32_t function, volt_form form) {
	if (form == VOLT_FORM_RESUME)
		lower_resume_function(lowering, function);
	else
		lower_function(lowering, function);
}

static bool is_wanted(const function_shape *shape, const unit_content *content, uint32_t index) {
	if (shape->refusal)
		return false;
	switch (content->function) {
	case UNIT_ALL_FUNCTIONS: return true;
	case UNIT_SMALL_FUNCTIONS: return shape->budget.effort == EFFORT_FULL;
	default: return content->function == index;
	}
}

static void lower_functions(module_lowering *lowering, const unit_content *content) {
	for (uint32_t i = 0; i < lowering->bytecode->functions.count; i++)
		if (is_wanted(&lowering->shapes[i], content, i))
			lower_form(lowering, i, content->form);
	lower_inlined_functions(lowering);
	drop_unused_helpers(lowering);
}

static void set_target(LLVMModuleRef module, LLVMTargetMachineRef machine) {
	char *triple = LLVMGetTargetMachineTriple(machine);
	LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
	LLVMSetTarget(module, triple);
	LLVMSetModuleDataLayout(module, layout);
	LLVMDisposeTargetData(layout);
	LLVMDisposeMessage(triple);
}

volt_error *unit_new(const lowering_options *options, const unit_content *content,
                     LLVMTargetMachineRef machine, compilation_unit **result) {
	compilation_unit *unit = *result = memory_new(1, sizeof *unit);
	unit->context = LLVMContextCreate();
	diagnostics_keep(unit->context, &unit->diagnostics);
	module_lowering_start(&unit->lowering, unit->context, options);
	module_calls_start(&unit->lowering);
	set_target(unit->lowering.module, machine);
	source_lines_start(&unit->lowering);
	lower_functions(&unit->lowering, content);
	source_lines_finish(&unit->lowering);
	volt_error *error = verify(unit);
	if (!error)
		error = optimise(unit, content->pipeline, machine);
	if (content->pipeline == PIPELINE_QUICK && is_for_x86(unit->lowering.module))
		use_plain_loads(unit->lowering.module);
	return error;
}

void unit_free(compilation_unit *unit) {
	if (!unit)
		return;
	source_lines_dispose(&unit->lowering);
	LLVMDisposeModule(unit->lowering.module);
	module_calls_dispose(&unit->lowering);
	module_lowering_dispose(&unit->lowering);
	LLVMContextDispose(unit->context);
	memory_free(unit);
}

char *unit_ir(compilation_unit *unit) {
	return LLVMPrintModuleToString(unit->lowering.module);
}

volt_error *unit_generate(compilation_unit *unit, LLVMTargetMachineRef machine, LLVMCodeGenFileType type,
                          LLVMMemoryBufferRef *buffer) {
	char *message = NULL;
	static const char what[] = "code generation failed";
	if (LLVMTargetMachineEmitToMemoryBuffer(machine, unit->lowering.module, type, &message, buffer)) {
		volt_error *error = volt_error_new(VOLT_ERROR_TIER, "%s: %s", what, message);
		LLVMDisposeMessage(message);
		return error;
	}
	volt_error *error = diagnostics_error(&unit->diagnostics, what);
	if (error)
		LLVMDisposeMemoryBuffer(*buffer);
	return error;
}
