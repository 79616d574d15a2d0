/* The table of functions that a host gets, and the life of the tier object behind it. */
#include "jit/tier_object.h"

#include <llvm-c/Core.h>
#include <llvm/Config/llvm-config.h>
#include <stdlib.h>
#include <string.h>

#include "bytecode/model/printable.h"
#include "codegen/target.h"
#include "guard/deep_stack.h"
#include "ir/heap_layout.h"
#include "jit/host_check.h"
#include "report/listing.h"
#include "report/metrics.h"
#include "volt/llvm.h"

/* A tier that only emits lays out the context and objects as Volt's own VM does. */
static void take_layouts(volt_tier *tier, const volt_tier_host *host) {
	if (host) {
		memcpy(tier->context_offsets, host->context_offsets, sizeof tier->context_offsets);
		tier->heap = host->heap;
		return;
	}
#define FIELD(name, type) tier->context_offsets[VOLT_CONTEXT_##name] = offsetof(volt_context, name);
	VOLT_CONTEXT_FIELDS(FIELD)
#undef FIELD
	tier->heap = volt_heap_layout_of_volt();
}

/* ---- Requests ---- */

typedef struct {
	volt_tier *tier;
	void (*work)(void *job);
	void (*undo)(void *job);
	void *job;
	guard_end end;
} guarded_request;

/* The thread's request is in the session of its tier; a request that jumps back is still there. */
static _Thread_local bool is_in_session;

void tier_enter_session(volt_tier *tier) {
	pthread_mutex_lock(&tier->locks[TIER_SESSION]);
	is_in_session = true;
}

void tier_leave_session(volt_tier *tier) {
	if (!is_in_session)
		return;
	is_in_session = false;
	pthread_mutex_unlock(&tier->locks[TIER_SESSION]);
}

bool tier_is_dead(volt_tier *tier) {
	pthread_mutex_lock(&tier->lock);
	const bool is_dead = tier->fatal[0] != 0;
	pthread_mutex_unlock(&tier->lock);
	return is_dead;
}

static void run_guarded(void *user) {
	guarded_request *request = user;
	volt_tier *tier = request->tier;
	char reason[GUARD_REASON_SIZE];
	request->end = guard_run(request->work, request->undo, request->job, reason);
	if (request->end == GUARD_FATAL) {
		pthread_mutex_lock(&tier->lock);
		strcpy(tier->fatal, reason);
		pthread_mutex_unlock(&tier->lock);
	}
	tier_leave_session(tier);
}

volt_error *tier_run(volt_tier *tier, void (*work)(void *job), void (*undo)(void *job), void *job) {
	guarded_request request = {tier, work, undo, job, GUARD_FATAL};
	if (!tier_is_dead(tier) && !deep_stack_run(run_guarded, &request))
		return volt_error_new(VOLT_ERROR_MEMORY, "no thread with a stack to compile on");
	switch (request.end) {
	case GUARD_DONE: break;
	case GUARD_OUT_OF_MEMORY: return volt_error_new(VOLT_ERROR_MEMORY, "no memory to compile");
	case GUARD_FATAL: return volt_error_new(VOLT_ERROR_TIER, "LLVM cannot go on: %s", tier->fatal);
	}
	return NULL;
}

struct tier_text {
	tier_text *next;
	char text[];
};

static const tier_text *find_text(const volt_tier *tier, const char *wanted) {
	const tier_text *text = tier->texts;
	while (text && strcmp(text->text, wanted) != 0)
		text = text->next;
	return text;
}

/* Under the lock. */
static const char *keep_text(volt_tier *tier, const char *wanted) {
	const tier_text *known = find_text(tier, wanted);
	if (known)
		return known->text;
	tier_text *added = malloc(sizeof *added + strlen(wanted) + 1);
	if (!added)
		return "no memory to compile";
	strcpy(added->text, wanted);
	added->next = tier->texts;
	tier->texts = added;
	return added->text;
}

const char *tier_keep_message(volt_tier *tier, volt_error *error) {
	pthread_mutex_lock(&tier->lock);
	const char *kept = keep_text(tier, volt_error_message(error));
	pthread_mutex_unlock(&tier->lock);
	volt_error_free(error);
	return kept;
}

/* ---- The tier object ---- */

static void dispose_of_llvm(void *user) {
	const volt_tier *tier = user;
	session_free(tier->session);
	if (tier->machine)
		LLVMDisposeTargetMachine(tier->machine);
	if (tier->quick_machine)
		LLVMDisposeTargetMachine(tier->quick_machine);
}

static void destroy(volt_tier *tier) {
	if (!tier)
		return;
	if (!tier->fatal[0] && !deep_stack_run(dispose_of_llvm, tier))
		dispose_of_llvm(tier);
	for (uint32_t i = 0; tier->functions && i < tier->bytecode->functions.count; i++) {
		free(tier->functions[i].resume_points);
		free(tier->functions[i].reason);
	}
	for (tier_text *text = tier->texts, *next; text; text = next) {
		next = text->next;
		free(text);
	}
	pthread_mutex_destroy(&tier->lock);
	for (tier_part part = 0; part < TIER_PART_COUNT; part++)
		pthread_mutex_destroy(&tier->locks[part]);
	free_linked_units(tier);
	pthread_mutex_destroy(&tier->linked_lock);
	code_cache_free(tier->cache);
	free(tier->functions);
	free(tier->shapes);
	free(tier->tables.inner_forms);
	free(tier->tables.signatures);
	free(tier);
}

/* Once for all units: thousands of functions may be compiled one by one. */
static volt_error *compute_shapes(volt_tier *tier) {
	uint32_t count = tier->bytecode->functions.count;
	tier->shapes = calloc(count + (size_t)1, sizeof *tier->shapes);
	if (!tier->shapes)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the tier");
	for (uint32_t i = 0; i < count; i++)
		volt_function_shape_compute(tier->bytecode, i, preset_completes_returns(&tier->preset),
		                            &tier->shapes[i]);
	return NULL;
}

typedef struct {
	volt_tier *tier;
	const volt_tier_options *options;
	volt_error *error;
} create_job;

/* A cache that cannot be used is no error: its failure is told with what is compiled. */
static void prepare_keys(volt_tier *tier) {
	const lowering_options options = tier_lowering_options(tier);
	volt_error *error = unit_key_base_make(&options, &tier->key_base);
	tier->has_keys = !error;
	code_cache_fail(tier->cache, error);
}

static volt_error *start_session(volt_tier *tier, const volt_tier_options *options) {
	const session_watchers watchers = {options->debugger, options->perf_folder};
	return session_new(tier->host, tier->bytecode->natives.count, &tier->tables, &watchers, &tier->session);
}

static void prepare(void *user) {
	create_job *job = user;
	volt_tier *tier = job->tier;
	const target_choice target = {job->options->target, job->options->cpu, tier->host != NULL};
	job->error = preset_find(job->options->preset, job->options->hints, &tier->preset);
	if (!job->error && tier->host)
		job->error = check_host(tier->host, tier->bytecode, &tier->preset, tier->count_heat);
	if (!job->error)
		job->error = target_machine_new(&target, LLVMCodeGenLevelNone, &tier->quick_machine);
	if (!job->error && tier->host)
		job->error = start_session(tier, job->options);
	if (!job->error && tier->cache)
		prepare_keys(tier);
}

static void nothing_to_undo(void *job) {
	(void)job;
}

static volt_error *prepare_guarded(volt_tier *tier, const volt_tier_options *options) {
	const bool has_cache = tier->host && options->cache_folder;
	if (has_cache)
		tier->cache = code_cache_new(options->cache_folder, options->cache_bytes);
	if (!tier->functions || !tier->tables.inner_forms || !tier->tables.signatures ||
	    (has_cache && !tier->cache))
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the tier");
	const char *fault = heap_layout_fault(&tier->heap);
	if (fault)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "the host's heap layout cannot be: %s", fault);
	create_job job = {tier, options, NULL};
	volt_error *error = tier_run(tier, prepare, nothing_to_undo, &job);
	if (!error)
		error = job.error;
	return error ? error : compute_shapes(tier);
}

static volt_error *create(const volt_tier_host *host, const volt_module *module,
                          const volt_tier_options *options, volt_tier **result) {
	static const volt_tier_options defaults;
	if (!options)
		options = &defaults;
	volt_tier *tier = calloc(1, sizeof *tier);
	if (!tier)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the tier");
	pthread_mutex_init(&tier->linked_lock, NULL);
	tier->bytecode = module;
	tier->host = host;
	tier->force_exits = options->testing.force_exits;
	tier->count_steps = options->count_steps;
	tier->emit_level = options->emit_level;
	tier->count_heat = options->count_heat;
	tier->lines = options->debugger || options->perf_folder ? LINES_OF_SOURCE : LINES_NONE;
	pthread_mutex_init(&tier->lock, NULL);
	for (tier_part part = 0; part < TIER_PART_COUNT; part++)
		pthread_mutex_init(&tier->locks[part], NULL);
	tier->functions = calloc(module->functions.count + 1, sizeof *tier->functions);
	tier->tables.inner_forms = calloc(module->functions.count + 1, sizeof *tier->tables.inner_forms);
	tier->tables.signatures = calloc(module->functions.count + 1, sizeof *tier->tables.signatures);
	take_layouts(tier, host);
	volt_error *error = prepare_guarded(tier, options);
	if (error) {
		destroy(tier);
		return error;
	}
	*result = tier;
	return NULL;
}

volt_error *tier_needed_machine(volt_tier *tier, pipeline_kind pipeline, LLVMTargetMachineRef *machine) {
	LLVMTargetMachineRef *kept = pipeline == PIPELINE_QUICK ? &tier->quick_machine : &tier->machine;
	volt_error *error =
	    *kept ? NULL : target_machine_new_like(tier->quick_machine, LLVMCodeGenLevelDefault, kept);
	*machine = *kept;
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

static volt_error *emit_object(LLVMTargetMachineRef machine, compilation_unit *unit, char **bytes,
                               size_t *size) {
	LLVMMemoryBufferRef buffer;
	volt_error *error = unit_generate(unit, machine, LLVMObjectFile, &buffer);
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

static volt_error *emit_metrics(LLVMTargetMachineRef machine, compilation_unit *unit, char **bytes,
                                size_t *size) {
	char *text = NULL;
	volt_error *error = unit_metrics(unit, machine, &text);
	if (error)
		return error;
	error = copy_out(text, strlen(text), bytes, size);
	free(text);
	return error;
}

static volt_error *emit_units(LLVMTargetMachineRef machine, const unit_pair *units, volt_emit_kind kind,
                              char **bytes, size_t *size) {
	compilation_unit *unit = units->plain;
	switch (kind) {
	case VOLT_EMIT_IR: return emit_ir(unit, bytes, size);
	case VOLT_EMIT_ASSEMBLY: return unit_annotated_assembly(units, machine, bytes, size);
	case VOLT_EMIT_OBJECT: return emit_object(machine, unit, bytes, size);
	case VOLT_EMIT_METRICS: return emit_metrics(machine, unit, bytes, size);
	case VOLT_EMIT_LISTING: return unit_listing(units, machine, bytes, size);
	}
	return volt_error_new(VOLT_ERROR_ARGUMENT, "unknown kind of output %d", (int)kind);
}

static volt_error *refuse_function(volt_tier *tier, uint32_t index, const function_shape *shape) {
	const volt_module *bytecode = tier->bytecode;
	char reason[BUDGET_REASON_SIZE];
	volt_function_shape_reason(shape, reason);
	return volt_error_new(VOLT_ERROR_TIER, "%s: function %s (#%u) stays interpreted: %s", bytecode->source,
	                      volt_printable(bytecode->functions.items[index].name).text, index, reason);
}

typedef struct {
	volt_tier *tier;
	unit_pair units;
	int64_t function;
	volt_emit_kind kind;
	char **bytes;
	size_t *size;
	volt_error *error;
} emit_job;

static void undo_emit(void *user) {
	const emit_job *job = user;
	unit_free(job->units.plain);
	unit_free(job->units.with_lines);
}

/* What shows where code comes from needs both units. */
static volt_error *make_units(emit_job *job, lowering_options *lowering, const unit_content *content,
                              LLVMTargetMachineRef machine) {
	volt_error *error = unit_new(lowering, content, machine, &job->units.plain);
	if (error || (job->kind != VOLT_EMIT_ASSEMBLY && job->kind != VOLT_EMIT_LISTING))
		return error;
	lowering->lines = LINES_OF_INSTRUCTIONS;
	return unit_new(lowering, content, machine, &job->units.with_lines);
}

/* The pipeline of one function; of all, those that are too large pass through without being optimised. */
static pipeline_kind emit_pipeline(const volt_tier *tier, int64_t function) {
	if (tier->emit_level == VOLT_LEVEL_NONE)
		return PIPELINE_PRESET;
	if (function >= 0)
		return tier_pipeline(tier, (uint32_t)function, tier->emit_level);
	return tier->emit_level == VOLT_LEVEL_QUICK ? PIPELINE_QUICK : PIPELINE_OPTIMISED;
}

static void work_on_emit(void *user) {
	emit_job *job = user;
	volt_tier *tier = job->tier;
	lowering_options lowering = tier_lowering_options(tier);
	lowering.large_in_unit = true;
	unit_content content = {job->function, VOLT_FORM_CALL, emit_pipeline(tier, job->function)};
	LLVMTargetMachineRef machine;
	if (content.pipeline != PIPELINE_PRESET)
		tier_set_pipeline(content.pipeline, &lowering);
	job->error = tier_needed_machine(tier, content.pipeline, &machine);
	if (!job->error)
		job->error = make_units(job, &lowering, &content, machine);
	const function_shape *shape = job->function >= 0 ? &lowering.shapes[job->function] : NULL;
	if (!job->error && shape && shape->refusal)
		job->error = refuse_function(tier, (uint32_t)job->function, shape);
	else if (!job->error)
		job->error = emit_units(machine, &job->units, job->kind, job->bytes, job->size);
	undo_emit(job);
}

static volt_error *emit(volt_tier *tier, int64_t function, volt_emit_kind kind, char **bytes, size_t *size) {
	if (function >= (int64_t)tier->bytecode->functions.count)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "%s: there is no function #%lld", tier->bytecode->source,
		                      (long long)function);
	emit_job job = {tier, {NULL, NULL}, function, kind, bytes, size, NULL};
	pthread_mutex_lock(&tier->locks[TIER_MACHINE]);
	volt_error *error = tier_run(tier, work_on_emit, undo_emit, &job);
	pthread_mutex_unlock(&tier->locks[TIER_MACHINE]);
	return error ? error : job.error;
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
