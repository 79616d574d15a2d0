/* Compiling into this process: the whole module together, or one form of one function. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/resume.h"
#include "calls/targets.h"
#include "guard/memory.h"
#include "ir/profile_weights.h"
#include "jit/tier_object.h"
#include "report/metrics.h"

static uint64_t now_nanoseconds(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

lowering_options tier_lowering_options(const volt_tier *tier) {
	return (lowering_options){
	    .bytecode = tier->bytecode,
	    .shapes = tier->shapes,
	    .host = tier->host,
	    .context_offsets = tier->context_offsets,
	    .heap = &tier->heap,
	    .preset = &tier->preset,
	    .force_exits = tier->force_exits,
	    .count_steps = tier->count_steps,
	    .lines = tier->lines,
	};
}

/* ---- Linking ---- */

static bool is_only_quick(const volt_tier *tier, uint32_t function) {
	return tier->shapes[function].budget.effort != EFFORT_FULL;
}

/*
 * Enters the session, where the caller looks the code up. It becomes the owner of a copy: the buffer that
 * code generation gave is tied to its context.
 */
static volt_error *add_object(volt_tier *tier, compilation_unit *unit, const unit_identity *identity,
                              LLVMTargetMachineRef machine, code_size *sizes) {
	LLVMMemoryBufferRef object;
	volt_error *error = unit_generate(unit, machine, LLVMObjectFile, &object);
	if (error)
		return error;
	error = object_function_sizes(object, &unit->lowering, sizes);
	LLVMMemoryBufferRef copy = LLVMCreateMemoryBufferWithMemoryRangeCopy(LLVMGetBufferStart(object),
	                                                                     LLVMGetBufferSize(object), "volt");
	if (!error)
		keep_code(tier, identity, sizes, object);
	LLVMDisposeMemoryBuffer(object);
	if (error) {
		LLVMDisposeMemoryBuffer(copy);
		return error;
	}
	tier_enter_session(tier);
	return session_add_object(tier->session, copy);
}

static const char *cache_failure(const volt_tier *tier) {
	return tier->cache ? code_cache_failure(tier->cache) : NULL;
}

static code_size *new_sizes(const volt_tier *tier) {
	return memory_new(tier->bytecode->functions.count, sizeof(code_size));
}

static volt_error *find(volt_tier *tier, const module_lowering *lowering, uint32_t index, function_form form,
                        void **address) {
	char symbol[SYMBOL_SIZE];
	uint64_t found = 0;
	form_symbol(lowering, index, form, symbol);
	volt_error *error = session_find(tier->session, symbol, &found);
	*address = error ? NULL : (void *)(uintptr_t)found;
	return error;
}

static void keep_resume_points(volt_tier *tier, uint32_t index, const function_shape *shape) {
	tier_function *function = &tier->functions[index];
	bool *points = memory_needed(volt_resume_points(&tier->bytecode->functions.items[index], shape));
	pthread_mutex_lock(&tier->lock);
	if (!function->resume_points) {
		function->resume_points = points;
		points = NULL;
	}
	pthread_mutex_unlock(&tier->lock);
	free(points);
}

/* Another thread may have been quicker with better code, which stays. */
static void publish_inner(volt_tier *tier, uint32_t index, void *inner, volt_level level) {
	tier_function *function = &tier->functions[index];
	pthread_mutex_lock(&tier->lock);
	if (level >= function->level) {
		function->level = level;
		atomic_store_explicit(&tier->tables.inner_forms[index], inner, memory_order_release);
	}
	pthread_mutex_unlock(&tier->lock);
}

/* The inner form is published to other compiled code here, the entry to the interpreter by the host. */
static volt_error *link_called(volt_tier *tier, const module_lowering *lowering, uint32_t index,
                               volt_compiled *compiled) {
	void *entry, *inner;
	volt_error *error = find(tier, lowering, index, FORM_ENTRY, &entry);
	if (!error)
		error = find(tier, lowering, index, FORM_INNER, &inner);
	if (error)
		return error;
	publish_inner(tier, index, inner, compiled->level);
	const volt_function *function = &tier->bytecode->functions.items[index];
	uint32_t signature = call_signature_of(function, &lowering->shapes[index]);
	atomic_store_explicit(&tier->tables.signatures[index], signature, memory_order_release);
	compiled->entry = (volt_compiled_function)(uintptr_t)entry;
	return NULL;
}

static volt_error *link_resumed(volt_tier *tier, const module_lowering *lowering, uint32_t index,
                                volt_compiled *compiled) {
	void *entry;
	volt_error *error = find(tier, lowering, index, FORM_RESUME, &entry);
	if (error)
		return error;
	keep_resume_points(tier, index, &lowering->shapes[index]);
	compiled->entry = (volt_compiled_function)(uintptr_t)entry;
	compiled->resume_points = tier->functions[index].resume_points;
	return NULL;
}

/* Kept with the function: the host may look at it as long as there is the tier. */
static const char *reason_of(volt_tier *tier, uint32_t index) {
	tier_function *function = &tier->functions[index];
	char reason[BUDGET_REASON_SIZE];
	const bool has_reason = volt_function_shape_reason(&tier->shapes[index], reason);
	pthread_mutex_lock(&tier->lock);
	if (!function->reason && has_reason)
		function->reason = strdup(reason);
	const char *kept = function->reason;
	pthread_mutex_unlock(&tier->lock);
	return kept ? kept : tier->shapes[index].refusal;
}

static volt_error *link_function(volt_tier *tier, const module_lowering *lowering,
                                 const volt_compile_request *request, volt_compiled *compiled) {
	const uint32_t index = request->function;
	const function_shape *shape = &lowering->shapes[index];
	*compiled = (volt_compiled){
	    .level = is_only_quick(tier, index) ? VOLT_LEVEL_QUICK : request->level,
	    .reason = reason_of(tier, index),
	    .result_slots = shape->results,
	};
	if (shape->refusal)
		return NULL;
	return request->form == VOLT_FORM_CALL ? link_called(tier, lowering, index, compiled)
	                                       : link_resumed(tier, lowering, index, compiled);
}

/* ---- Requests ---- */

typedef struct {
	volt_tier *tier;
	compilation_unit *unit;
	const volt_compile_request *request; /* NULL: the whole module */
	volt_compiled *compiled;
	volt_error *error;
} compile_job;

static void undo(void *user) {
	const compile_job *job = user;
	unit_free(job->unit);
}

static volt_error *run_job(compile_job *job, void (*work)(void *job)) {
	volt_error *error = tier_run(job->tier, work, undo, job);
	return error ? error : job->error;
}

static volt_error *without_host(void) {
	return volt_error_new(VOLT_ERROR_ARGUMENT, "a tier without a host cannot compile into memory");
}

/* ---- One function ---- */

static volt_error *link_one(volt_tier *tier, compilation_unit *unit, const volt_compile_request *request,
                            const unit_identity *identity, LLVMTargetMachineRef machine,
                            volt_compiled *compiled) {
	code_size *sizes = new_sizes(tier);
	volt_error *error = NULL;
	if (!unit->lowering.shapes[request->function].refusal)
		error = add_object(tier, unit, identity, machine, sizes);
	if (!error)
		error = link_function(tier, &unit->lowering, request, compiled);
	tier_leave_session(tier);
	compiled->code_bytes = sizes[request->function];
	compiled->cache = identity->has_key ? VOLT_CACHE_MISS : VOLT_CACHE_UNUSED;
	memory_free(sizes);
	return error;
}

/* Of a unit that is not lowered, what the names of its symbols depend on, and what is known of its functions.
 */
static module_lowering names_of(const lowering_options *options) {
	return (module_lowering){.options = *options, .bytecode = options->bytecode, .shapes = options->shapes};
}

/* False: it is not known, or cannot be linked, and has to be compiled. */
static bool link_known_one(volt_tier *tier, const lowering_options *options,
                           const volt_compile_request *request, unit_identity *identity,
                           volt_compiled *compiled) {
	code_size *sizes = new_sizes(tier);
	const bool is_known = find_known_code(tier, identity, sizes);
	const code_size size = sizes[request->function];
	memory_free(sizes);
	if (!is_known)
		return false;
	const module_lowering names = names_of(options);
	volt_error *error = link_function(tier, &names, request, compiled);
	tier_leave_session(tier);
	if (error) {
		volt_error_free(error);
		*identity = new_identity(tier);
		return false;
	}
	compiled->code_bytes = size;
	compiled->cache = VOLT_CACHE_HIT;
	return true;
}

pipeline_kind tier_pipeline(const volt_tier *tier, uint32_t function, volt_level level) {
	bool is_quick = level == VOLT_LEVEL_QUICK || is_only_quick(tier, function);
	return is_quick ? PIPELINE_QUICK : PIPELINE_OPTIMISED;
}

void tier_set_pipeline(pipeline_kind pipeline, lowering_options *options) {
	options->through_table = true;
	options->typed_helpers = pipeline != PIPELINE_PRESET;
	options->inlines = pipeline == PIPELINE_OPTIMISED;
	options->plain = pipeline == PIPELINE_QUICK;
}

/* Beside a module that was compiled as a whole, a function is compiled as the module was. */
static pipeline_kind pipeline_of(const volt_tier *tier, const volt_compile_request *request) {
	pipeline_kind pipeline = tier_pipeline(tier, request->function, request->level);
	return tier->whole_module && !is_only_quick(tier, request->function) ? PIPELINE_PRESET : pipeline;
}

/* Hints that tell the optimiser anything tell it what the profile says, too. */
static bool uses_profile(const volt_tier *tier, pipeline_kind pipeline) {
	const hint_set *hints = tier->preset.hints;
	return pipeline == PIPELINE_OPTIMISED && (hints->weights || hints->cold || hints->preserve_most);
}

/* Where code is kept, a profile says what several runs agree on. */
static const volt_branch_profile *profile_of(const volt_tier *tier, const volt_compile_request *request,
                                             pipeline_kind pipeline) {
	if (!request->profile || !uses_profile(tier, pipeline))
		return NULL;
	const uint32_t count = tier->bytecode->functions.items[request->function].code.count;
	return tier->has_keys ? profile_in_classes(request->profile, count) : request->profile;
}

static void compile_one(compile_job *job, const lowering_options *options, const unit_content *content,
                        const unit_identity *identity, LLVMTargetMachineRef machine) {
	job->error = unit_new(options, content, machine, &job->unit);
	if (!job->error)
		job->error = link_one(job->tier, job->unit, job->request, identity, machine, job->compiled);
	unit_free(job->unit);
}

/*
 * Optimised code that is kept is no later there than quick code would be, and better. It counts nothing, so
 * only a host that is going to ask for both levels is given it in place of the other.
 */
static bool link_optimised_before(volt_tier *tier, const volt_compile_request *request,
                                  volt_compiled *compiled) {
	const uint32_t index = request->function;
	if (request->level != VOLT_LEVEL_QUICK || !tier->count_heat || is_only_quick(tier, index) ||
	    tier->whole_module || tier->shapes[index].refusal)
		return false;
	unit_content content = {index, request->form, PIPELINE_OPTIMISED};
	volt_compile_request optimised = *request;
	optimised.level = VOLT_LEVEL_OPTIMISED;
	lowering_options options = tier_lowering_options(tier);
	tier_set_pipeline(content.pipeline, &options);
	options.profiled_function = index;
	unit_identity identity;
	if (!identify_last_unit(tier, &options, &content, tier->quick_machine, &identity))
		return false;
	options.version = identity.version.text;
	return link_known_one(tier, &options, &optimised, &identity, compiled);
}

static void compile_or_find(compile_job *job, const lowering_options *unnamed, const unit_content *content,
                            LLVMTargetMachineRef machine) {
	volt_tier *tier = job->tier;
	const bool has_code = !unnamed->shapes[job->request->function].refusal;
	unit_identity identity = has_code ? identify_unit(tier, unnamed, content, machine) : new_identity(tier);
	lowering_options options = *unnamed;
	options.version = identity.version.text;
	if (!link_known_one(tier, &options, job->request, &identity, job->compiled))
		compile_one(job, &options, content, &identity, machine);
	if (content->pipeline == PIPELINE_OPTIMISED && job->compiled->entry)
		keep_as_last(tier, &options, content, machine, &identity);
}

static void work_on_function(void *user) {
	compile_job *job = user;
	volt_tier *tier = job->tier;
	const volt_compile_request *request = job->request;
	unit_content content = {request->function, request->form, pipeline_of(tier, request)};
	if (link_optimised_before(tier, request, job->compiled))
		return;
	lowering_options options = tier_lowering_options(tier);
	LLVMTargetMachineRef machine;
	job->error = tier_needed_machine(tier, content.pipeline, &machine);
	if (job->error)
		return;
	tier_set_pipeline(content.pipeline, &options);
	options.count_heat =
	    tier->count_heat && content.pipeline == PIPELINE_QUICK && !is_only_quick(tier, request->function);
	options.profile = profile_of(tier, request, content.pipeline);
	options.profiled_function = request->function;
	compile_or_find(job, &options, &content, machine);
	if (options.profile != request->profile)
		memory_free((void *)options.profile);
}

/* What is wrong with a function is its own reason to stay interpreted; only the end of LLVM is an error. */
static volt_error *compile_form(volt_tier *tier, const volt_compile_request *request,
                                volt_compiled *compiled) {
	const bool is_quick = pipeline_of(tier, request) == PIPELINE_QUICK;
	pthread_mutex_t *machine_lock = &tier->locks[is_quick ? TIER_QUICK_MACHINE : TIER_MACHINE];
	uint64_t start = now_nanoseconds();
	compile_job job = {.tier = tier, .request = request, .compiled = compiled};
	pthread_mutex_lock(machine_lock);
	volt_error *error = run_job(&job, work_on_function);
	pthread_mutex_unlock(machine_lock);
	if (error && tier_is_dead(tier))
		return error;
	if (error)
		*compiled = (volt_compiled){.reason = tier_keep_message(tier, error)};
	compiled->compile_nanoseconds = now_nanoseconds() - start;
	compiled->cache_failure = cache_failure(tier);
	return NULL;
}

/* What is too large to be optimised would only become the same code again. */
volt_error *tier_compile(volt_tier *tier, const volt_compile_request *request, volt_compiled *compiled) {
	volt_compiled *quick = &tier->functions[request->function].quick[request->form];
	if (!tier->session)
		return without_host();
	pthread_mutex_lock(&tier->lock);
	*compiled = *quick;
	pthread_mutex_unlock(&tier->lock);
	if (compiled->entry)
		return NULL;
	volt_error *error = compile_form(tier, request, compiled);
	if (!error && is_only_quick(tier, request->function)) {
		pthread_mutex_lock(&tier->lock);
		*quick = *compiled;
		quick->compile_nanoseconds = 0;
		pthread_mutex_unlock(&tier->lock);
	}
	return error;
}

/* ---- The whole module ---- */

static volt_error *link_all(volt_tier *tier, const module_lowering *lowering, const code_size *sizes,
                            volt_cache_use use, volt_compiled *compiled) {
	volt_error *error = NULL;
	for (uint32_t i = 0; i < tier->bytecode->functions.count && !error; i++) {
		if (is_only_quick(tier, i) && !tier->shapes[i].refusal)
			continue;
		const volt_compile_request request = {i, VOLT_FORM_CALL, VOLT_LEVEL_OPTIMISED, NULL};
		error = link_function(tier, lowering, &request, &compiled[i]);
		compiled[i].code_bytes = sizes[i];
		compiled[i].cache = compiled[i].entry ? use : VOLT_CACHE_UNUSED;
		compiled[i].cache_failure = cache_failure(tier);
	}
	tier_leave_session(tier);
	return error;
}

static volt_error *link_module(volt_tier *tier, compilation_unit *unit, const unit_identity *identity,
                               volt_compiled *compiled) {
	const volt_cache_use use = identity->has_key ? VOLT_CACHE_MISS : VOLT_CACHE_UNUSED;
	code_size *sizes = new_sizes(tier);
	volt_error *error = add_object(tier, unit, identity, tier->machine, sizes);
	if (!error)
		error = link_all(tier, &unit->lowering, sizes, use, compiled);
	memory_free(sizes);
	return error;
}

/* As link_known_one(). */
static bool link_known_module(volt_tier *tier, const lowering_options *options, unit_identity *identity,
                              volt_compiled *compiled) {
	code_size *sizes = new_sizes(tier);
	bool is_known = find_known_code(tier, identity, sizes);
	if (is_known) {
		const module_lowering names = names_of(options);
		volt_error *error = link_all(tier, &names, sizes, VOLT_CACHE_HIT, compiled);
		if (error) {
			volt_error_free(error);
			*identity = new_identity(tier);
			is_known = false;
		}
	}
	memory_free(sizes);
	return is_known;
}

static void work_on_module(void *user) {
	compile_job *job = user;
	volt_tier *tier = job->tier;
	lowering_options options = tier_lowering_options(tier);
	unit_content content = {UNIT_SMALL_FUNCTIONS, VOLT_FORM_CALL, PIPELINE_PRESET};
	LLVMTargetMachineRef machine;
	job->error = tier_needed_machine(tier, content.pipeline, &machine);
	if (job->error)
		return;
	unit_identity identity = identify_unit(tier, &options, &content, machine);
	options.version = identity.version.text;
	if (link_known_module(tier, &options, &identity, job->compiled))
		return;
	job->error = unit_new(&options, &content, machine, &job->unit);
	if (!job->error)
		job->error = link_module(tier, job->unit, &identity, job->compiled);
	unit_free(job->unit);
}

/* Functions are compiled together: each is charged its share of the code. */
static void share_time(volt_compiled *compiled, uint32_t count, uint64_t elapsed) {
	uint64_t total_bytes = 1;
	for (uint32_t i = 0; i < count; i++)
		total_bytes += compiled[i].code_bytes;
	for (uint32_t i = 0; i < count; i++)
		compiled[i].compile_nanoseconds = elapsed * compiled[i].code_bytes / total_bytes;
}

/* Those that are not in the module's own unit: code generation is slower for them at the level of the others.
 */
static volt_error *compile_large_functions(volt_tier *tier, volt_compiled *compiled) {
	volt_error *error = NULL;
	for (uint32_t i = 0; i < tier->bytecode->functions.count && !error; i++) {
		const volt_compile_request request = {i, VOLT_FORM_CALL, VOLT_LEVEL_QUICK, NULL};
		if (is_only_quick(tier, i) && !tier->shapes[i].refusal)
			error = tier_compile(tier, &request, &compiled[i]);
	}
	return error;
}

/* One function is enough to spoil the whole: the others must not stay interpreted because of it. */
static volt_error *compile_each(volt_tier *tier, volt_compiled *compiled) {
	volt_error *error = NULL;
	for (uint32_t i = 0; i < tier->bytecode->functions.count && !error; i++) {
		const volt_compile_request request = {i, VOLT_FORM_CALL, VOLT_LEVEL_OPTIMISED, NULL};
		error = tier_compile(tier, &request, &compiled[i]);
	}
	return error;
}

volt_error *tier_compile_module(volt_tier *tier, volt_compiled *compiled) {
	if (!tier->session)
		return without_host();
	uint64_t start = now_nanoseconds();
	compile_job job = {.tier = tier, .compiled = compiled};
	pthread_mutex_lock(&tier->locks[TIER_MACHINE]);
	volt_error *error = run_job(&job, work_on_module);
	pthread_mutex_unlock(&tier->locks[TIER_MACHINE]);
	if (!error) {
		tier->whole_module = true;
		share_time(compiled, tier->bytecode->functions.count, now_nanoseconds() - start);
		return compile_large_functions(tier, compiled);
	}
	if (tier_is_dead(tier))
		return error;
	volt_error_free(error);
	return compile_each(tier, compiled);
}
