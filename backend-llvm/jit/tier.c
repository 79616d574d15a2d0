/* The table of functions that a host gets, and the tier object behind it. */
#include <llvm-c/Core.h>
#include <llvm/Config/llvm-config.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "jit/metrics.h"
#include "jit/session.h"
#include "jit/target.h"
#include "jit/unit.h"
#include "volt/llvm.h"

struct volt_tier {
	const volt_module *bytecode;
	size_t context_offsets[VOLT_CONTEXT_FIELD_COUNT];
	compile_preset preset;
	bool force_exits;
	LLVMTargetMachineRef machine;
	code_session *session; /* NULL: this tier only emits */
	char **reasons;        /* why functions stay interpreted, by index; NULL entries: compiled */
};

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
	for (uint32_t i = 0; tier->reasons && i < tier->bytecode->functions.count; i++)
		free(tier->reasons[i]);
	free(tier->reasons);
	free(tier);
}

static volt_error *prepare(volt_tier *tier, const volt_tier_host *host, const volt_tier_options *options) {
	volt_error *error = preset_find(options->preset, options->hints, &tier->preset);
	if (!error)
		error = target_machine_new(options->target, &tier->machine);
	if (!error && host)
		error = session_new(host, &tier->session);
	return error;
}

static volt_error *create(const volt_tier_host *host, const volt_module *module,
                          const volt_tier_options *options, volt_tier **result) {
	volt_tier *tier = calloc(1, sizeof *tier);
	if (!tier)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the tier");
	tier->bytecode = module;
	tier->force_exits = options->force_exits;
	tier->reasons = calloc(module->functions.count + 1, sizeof(char *));
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

static volt_error *new_unit(volt_tier *tier, int64_t function, compilation_unit **unit) {
	return unit_new(tier->bytecode, tier->context_offsets, &tier->preset, tier->force_exits, function,
	                tier->machine, unit);
}

/* ---- Compiling ---- */

static uint64_t now_nanoseconds(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static char *refusal_text(const function_shape *shape) {
	char text[128];
	if (shape->refused_opcode)
		snprintf(text, sizeof text, "opcode %s has no lowering",
		         volt_opcode_get_info(shape->refused_opcode)->name);
	else
		snprintf(text, sizeof text, "%s", shape->refusal);
	return strdup(text);
}

static volt_error *link_function(volt_tier *tier, const function_shape *shape, uint32_t index,
                                 volt_compiled *compiled) {
	*compiled = (volt_compiled){0};
	if (shape->refusal) {
		if (!tier->reasons[index])
			tier->reasons[index] = refusal_text(shape);
		compiled->reason = tier->reasons[index];
		return NULL;
	}
	char symbol[SYMBOL_SIZE];
	entry_symbol(tier->bytecode, index, symbol);
	uint64_t address;
	volt_error *error = session_find(tier->session, symbol, &address);
	compiled->entry = error ? NULL : (volt_compiled_function)(uintptr_t)address;
	compiled->result_slots = shape->results;
	return error;
}

static volt_error *compile_unit(volt_tier *tier, compilation_unit *unit, volt_compiled *compiled) {
	LLVMMemoryBufferRef object;
	volt_error *error = unit_generate(unit, tier->machine, LLVMObjectFile, &object);
	if (error)
		return error;
	code_size *sizes = NULL;
	error = object_function_sizes(object, &unit->lowering, &sizes);
	LLVMMemoryBufferRef copy = LLVMCreateMemoryBufferWithMemoryRangeCopy(LLVMGetBufferStart(object),
	                                                                     LLVMGetBufferSize(object), "volt");
	LLVMDisposeMemoryBuffer(object);
	if (!error)
		error = session_add_object(tier->session, copy);
	for (uint32_t i = 0; i < tier->bytecode->functions.count && !error; i++) {
		error = link_function(tier, &unit->lowering.shapes[i], i, &compiled[i]);
		compiled[i].code_bytes = sizes[i];
	}
	free(sizes);
	return error;
}

static volt_error *compile_module(volt_tier *tier, volt_compiled *compiled) {
	if (!tier->session)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "a tier without a host cannot compile into memory");
	uint64_t start = now_nanoseconds();
	compilation_unit *unit;
	volt_error *error = new_unit(tier, UNIT_ALL_FUNCTIONS, &unit);
	if (error)
		return error;
	error = compile_unit(tier, unit, compiled);
	unit_free(unit);
	/* Functions are compiled together: each is charged its share of the code. */
	uint64_t total_bytes = 1;
	for (uint32_t i = 0; i < tier->bytecode->functions.count; i++)
		total_bytes += compiled[i].code_bytes;
	uint64_t elapsed = now_nanoseconds() - start;
	for (uint32_t i = 0; i < tier->bytecode->functions.count; i++)
		compiled[i].compile_nanoseconds = elapsed * compiled[i].code_bytes / total_bytes;
	return error;
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

static volt_error *refuse_function(const volt_module *bytecode, uint32_t index, const function_shape *shape) {
	char *reason = refusal_text(shape);
	volt_text name = bytecode->functions.items[index].name;
	volt_error *error = volt_error_new(VOLT_ERROR_TIER, "%s: function %.*s (#%u) stays interpreted: %s",
	                                   bytecode->source, (int)name.length, name.bytes, index, reason);
	free(reason);
	return error;
}

static volt_error *emit(volt_tier *tier, int64_t function, volt_emit_kind kind, char **bytes, size_t *size) {
	if (function >= (int64_t)tier->bytecode->functions.count)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "%s: there is no function #%lld", tier->bytecode->source,
		                      (long long)function);
	compilation_unit *unit;
	volt_error *error = new_unit(tier, function, &unit);
	if (error)
		return error;
	if (function >= 0 && unit->lowering.shapes[function].refusal)
		error = refuse_function(tier->bytecode, (uint32_t)function, &unit->lowering.shapes[function]);
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
    .compile_module = compile_module,
    .emit = emit,
};

const volt_tier_interface *volt_tier_get_interface(void) {
	return &interface;
}
