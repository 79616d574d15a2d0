/* The table of functions that a host gets, and the life of the tier object behind it. */
#include "jit/tier.h"

#include <llvm-c/Core.h>
#include <llvm/Config/llvm-config.h>
#include <stdlib.h>
#include <string.h>

#include "codegen/target.h"
#include "report/metrics.h"
#include "volt/llvm.h"

/* A tier that only emits lays the context out as Volt's own VM does. */
static void default_offsets(size_t *offsets) {
#define FIELD(name, type) offsets[VOLT_CONTEXT_##name] = offsetof(volt_context, name);
	VOLT_CONTEXT_FIELDS(FIELD)
#undef FIELD
}

static void destroy(volt_tier *tier) {
	if (!tier)
		return;
	session_free(tier->session);
	if (tier->machine)
		LLVMDisposeTargetMachine(tier->machine);
	if (tier->quick_machine)
		LLVMDisposeTargetMachine(tier->quick_machine);
	for (uint32_t i = 0; tier->functions && i < tier->bytecode->functions.count; i++)
		free(tier->functions[i].resume_points);
	free(tier->functions);
	free(tier->inner_table);
	free(tier);
}

static volt_error *prepare(volt_tier *tier, const volt_tier_host *host, const volt_tier_options *options) {
	volt_error *error = preset_find(options->preset, options->hints, &tier->preset);
	if (!error)
		error = target_machine_new(options->target, LLVMCodeGenLevelDefault, &tier->machine);
	if (!error)
		error = target_machine_new(options->target, LLVMCodeGenLevelNone, &tier->quick_machine);
	if (!error && host)
		error = session_new(host, tier->inner_table, &tier->session);
	return error;
}

static volt_error *create(const volt_tier_host *host, const volt_module *module,
                          const volt_tier_options *options, volt_tier **result) {
	static const volt_tier_options defaults;
	if (!options)
		options = &defaults;
	volt_tier *tier = calloc(1, sizeof *tier);
	if (!tier)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the tier");
	tier->bytecode = module;
	tier->host = host;
	tier->force_exits = options->testing.force_exits;
	tier->count_steps = options->count_steps;
	tier->functions = calloc(module->functions.count + 1, sizeof *tier->functions);
	tier->inner_table = calloc(module->functions.count + 1, sizeof *tier->inner_table);
	if (host)
		memcpy(tier->context_offsets, host->context_offsets, sizeof tier->context_offsets);
	else
		default_offsets(tier->context_offsets);
	volt_error *error = prepare(tier, host, options);
	if (error) {
		destroy(tier);
		return error;
	}
	*result = tier;
	return NULL;
}

/* ---- Emitting ---- */

static volt_error *copy_out(const char *from, size_t length, char **bytes, size_t *size) {
	*bytes = malloc(length + 1);
	if (!*bytes)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for %zu bytes of output", length);
	memcpy(*bytes, from, length);
	(*bytes)[length] = 0;
	*size = length;
	return NULL;
}

static volt_error *emit_code(volt_tier *tier, compilation_unit *unit, LLVMCodeGenFileType type, char **bytes,
                             size_t *size) {
	LLVMMemoryBufferRef buffer;
	volt_error *error = unit_generate(unit, tier->machine, type, &buffer);
	if (error)
		return error;
	error = copy_out(LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer), bytes, size);
	LLVMDisposeMemoryBuffer(buffer);
	return error;
}

static volt_error *emit_ir(compilation_unit *unit, char **bytes, size_t *size) {
	char *text = unit_ir(unit);
	volt_error *error = copy_out(text, strlen(text), bytes, size);
	LLVMDisposeMessage(text);
	return error;
}

static volt_error *emit_metrics(volt_tier *tier, compilation_unit *unit, char **bytes, size_t *size) {
	char *text = NULL;
	volt_error *error = unit_metrics(unit, tier->machine, &text);
	if (error)
		return error;
	error = copy_out(text, strlen(text), bytes, size);
	free(text);
	return error;
}

static volt_error *emit_unit(volt_tier *tier, compilation_unit *unit, volt_emit_kind kind, char **bytes,
                             size_t *size) {
	switch (kind) {
	case VOLT_EMIT_IR: return emit_ir(unit, bytes, size);
	case VOLT_EMIT_ASSEMBLY: return emit_code(tier, unit, LLVMAssemblyFile, bytes, size);
	case VOLT_EMIT_OBJECT: return emit_code(tier, unit, LLVMObjectFile, bytes, size);
	case VOLT_EMIT_METRICS: return emit_metrics(tier, unit, bytes, size);
	}
	return volt_error_new(VOLT_ERROR_ARGUMENT, "unknown kind of output %d", (int)kind);
}

static volt_error *refuse_function(volt_tier *tier, uint32_t index, const function_shape *shape) {
	const volt_module *bytecode = tier->bytecode;
	volt_text name = bytecode->functions.items[index].name;
	return volt_error_new(VOLT_ERROR_TIER, "%s: function %.*s (#%u) stays interpreted: %s", bytecode->source,
	                      (int)name.length, name.bytes, index, shape->refusal);
}

static volt_error *emit(volt_tier *tier, int64_t function, volt_emit_kind kind, char **bytes, size_t *size) {
	if (function >= (int64_t)tier->bytecode->functions.count)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "%s: there is no function #%lld", tier->bytecode->source,
		                      (long long)function);
	compilation_unit *unit;
	lowering_options lowering = tier_lowering_options(tier);
	unit_content content = {.function = function, .form = VOLT_FORM_CALL, .pipeline = PIPELINE_PRESET};
	volt_error *error = unit_new(&lowering, &content, tier->machine, &unit);
	if (error)
		return error;
	if (function >= 0 && unit->lowering.shapes[function].refusal)
		error = refuse_function(tier, (uint32_t)function, &unit->lowering.shapes[function]);
	else
		error = emit_unit(tier, unit, kind, bytes, size);
	unit_free(unit);
	return error;
}

static const volt_tier_interface interface = {
    .abi_version = VOLT_TIER_ABI_VERSION,
    .name = "LLVM " LLVM_VERSION_STRING,
    .presets = preset_names,
    .create = create,
    .destroy = destroy,
    .compile_module = tier_compile_module,
    .compile = tier_compile,
    .emit = emit,
};

const volt_tier_interface *volt_tier_get_interface(void) {
	return &interface;
}
