/* The thread of the compile queue, and how others talk to it: everything shared is under one lock. */
#include "tier/queue.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "process/exit.h"
#include "process/threads.h"
#include "state/vm_state.h"
#include "tier/library.h"
#include "tier/run.h"
#include "tier/state.h"

/* Linking compiled code recurses deeply. */
enum { COMPILER_STACK_BYTES = 64 << 20 };

typedef struct {
	volt_compile_request request;
	bool whole_module;
	uint64_t requested_at; /* nanoseconds */
} job;

struct compile_queue {
	volt_vm *vm;
	process_thread thread;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a job came, a job is done, or the thread is to stop */
	job *jobs;              /* oldest first */
	uint32_t count, capacity;
	uint64_t posted, finished; /* jobs */
	bool stopping;
	compiled_form *forms; /* by function and form */
	queue_report report;
	volt_error *failure;

	/* The thread's own. */
	const volt_tier_interface *interface;
	volt_tier *tier;
	volt_tier_host host;
};

static uint64_t now_nanoseconds(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- The tier ---- */

static bool native_is_standard(void *user, uint32_t native) {
	const volt_vm *vm = user;
	return vm->natives && vm->natives[native].is_standard;
}

static void describe_host(volt_vm *vm, volt_tier_host *host) {
	*host = (volt_tier_host){.user = vm, .native_is_standard = native_is_standard};
#define FIELD(name, type) host->context_offsets[VOLT_CONTEXT_##name] = offsetof(volt_context, name);
	VOLT_CONTEXT_FIELDS(FIELD)
#undef FIELD
	memcpy(host->helpers, tier_helpers, sizeof host->helpers);
}

static volt_error *load_tier(compile_queue *queue) {
	const volt_vm_options *options = &queue->vm->options;
	if (queue->tier)
		return NULL;
	volt_error *error = tier_library_open(options->tier_library, &queue->interface);
	if (error)
		return error;
	describe_host(queue->vm, &queue->host);
	volt_tier_options tier_options = {
	    .preset = options->tier_preset,
	    .hints = options->tier_hints,
	    .cpu = options->tier_cpu ? options->tier_cpu : "native",
	    .testing.force_exits = options->testing.force_exit != 0,
	    .count_steps = options->testing.schedule_seed || options->max_steps,
	};
	return queue->interface->create(&queue->host, queue->vm->module, &tier_options, &queue->tier);
}

/* ---- Publishing ---- */

/*
 * Release: whoever finds the pointer finds what was written before it, the code included. Resume points and
 * the number of results are the same for every compilation of a function.
 */
static void publish(volt_vm *vm, uint32_t index, volt_form form, const volt_compiled *compiled) {
	executable_function *function = &vm->functions[index];
	if (!compiled->entry)
		return;
	if (form == VOLT_FORM_CALL) {
		if (!atomic_load_explicit(&function->entry, memory_order_relaxed))
			function->call_results = compiled->result_slots;
		atomic_store_explicit(&function->entry, compiled->entry, memory_order_release);
		return;
	}
	if (!atomic_load_explicit(&function->continuation, memory_order_relaxed)) {
		function->resume_results = compiled->result_slots;
		function->resume_points = compiled->resume_points;
	}
	atomic_store_explicit(&function->continuation, compiled->entry, memory_order_release);
}

static void note_result(compile_queue *queue, const job *done, uint32_t function,
                        const volt_compiled *compiled) {
	compiled_form *form = &queue->forms[function * VOLT_FORM_COUNT + done->request.form];
	/* What cannot be compiled at this level is the same code again. */
	bool is_again = compiled->level < done->request.level && compiled->entry == form->compiled.entry;
	bool is_new = compiled->entry && !is_again;
	form->compiled = *compiled;
	form->level = compiled->entry ? compiled->level : done->request.level;
	form->whole_module = done->whole_module && form->level == VOLT_LEVEL_OPTIMISED;
	form->nanoseconds += compiled->compile_nanoseconds;
	if (is_new || !compiled->entry)
		form->latencies[form->level] = now_nanoseconds() - done->requested_at;
	queue->report.nanoseconds += compiled->compile_nanoseconds;
	queue->report.compiled_count += is_new;
	queue->report.failed_count += !compiled->entry;
}

static void publish_and_note(compile_queue *queue, const job *done, uint32_t function,
                             const volt_compiled *compiled) {
	publish(queue->vm, function, done->request.form, compiled);
	pthread_mutex_lock(&queue->lock);
	note_result(queue, done, function, compiled);
	pthread_mutex_unlock(&queue->lock);
}

/* ---- Profiles ---- */

/* Without memory for the copy, the function is compiled without a profile. */
static const volt_branch_profile *copy_profile(const volt_vm *vm, const volt_compile_request *request) {
	if (!request->profile || request->level != VOLT_LEVEL_OPTIMISED)
		return NULL;
	size_t bytes = vm->module->functions.items[request->function].code.count * sizeof *request->profile;
	volt_branch_profile *copy = malloc(bytes + 1);
	return copy ? memcpy(copy, request->profile, bytes) : NULL;
}

static void free_profile(const job *done) {
	free((void *)done->request.profile);
}

/* ---- Working ---- */

static volt_error *compile_module(compile_queue *queue, const job *current) {
	uint32_t count = queue->vm->module->functions.count;
	volt_compiled *compiled = calloc(count + 1ULL, sizeof *compiled);
	if (!compiled)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory to compile %u functions", count);
	volt_error *error = queue->interface->compile_module(queue->tier, compiled);
	for (uint32_t i = 0; i < count && !error; i++)
		publish_and_note(queue, current, i, &compiled[i]);
	free(compiled);
	return error;
}

static volt_error *work_inside(compile_queue *queue, const job *current) {
	volt_error *error = load_tier(queue);
	if (error)
		return error;
	pthread_mutex_lock(&queue->lock);
	queue->report.tier_name = queue->interface->name;
	pthread_mutex_unlock(&queue->lock);
	if (current->whole_module)
		return compile_module(queue, current);
	volt_compiled compiled;
	error = queue->interface->compile(queue->tier, &current->request, &compiled);
	if (!error)
		publish_and_note(queue, current, current->request.function, &compiled);
	return error;
}

/*
 * A fork waits for the job that is being worked on: the child finds the compiler's own data whole. So does
 * exit(), which destroys them: after it nothing is compiled, and what is not yet stays interpreted.
 */
static volt_error *work(compile_queue *queue, const job *current) {
	if (!library_enter())
		return NULL;
	volt_error *error = work_inside(queue, current);
	library_leave();
	return error;
}

/* After a failure nothing is compiled any more: requests are answered by doing nothing. */
static void finish(compile_queue *queue, volt_error *error) {
	queue->finished++;
	if (error) {
		queue->failure = error;
		queue->report.failure = volt_error_message(error);
	}
	pthread_cond_broadcast(&queue->changed);
}

/* ---- What has become of a request ---- */

typedef void form_visitor(compiled_form *form);

static void visit_forms(compile_queue *queue, const job *posted, form_visitor *visit) {
	const uint32_t first = posted->whole_module ? 0 : posted->request.function;
	const uint32_t end = posted->whole_module ? queue->vm->module->functions.count : first + 1;
	for (uint32_t i = first; i < end; i++)
		visit(&queue->forms[i * VOLT_FORM_COUNT + posted->request.form]);
}

static void note_posted(compiled_form *form) {
	form->waiting++;
}

static void note_begun(compiled_form *form) {
	form->waiting--;
	form->under_way = true;
}

static void note_finished(compiled_form *form) {
	form->under_way = false;
}

/* ---- The thread ---- */

/* What is interpreted comes before what is only to become better. */
static job take_job(compile_queue *queue) {
	uint32_t index = 0;
	while (index < queue->count && queue->jobs[index].request.level != VOLT_LEVEL_QUICK)
		index++;
	index = index < queue->count ? index : 0;
	job taken = queue->jobs[index];
	queue->count--;
	memmove(&queue->jobs[index], &queue->jobs[index + 1], (queue->count - index) * sizeof taken);
	return taken;
}

static void *run(void *argument) {
	compile_queue *queue = argument;
	pthread_mutex_lock(&queue->lock);
	while (!queue->stopping) {
		if (queue->count == 0) {
			pthread_cond_wait(&queue->changed, &queue->lock);
			continue;
		}
		job current = take_job(queue);
		visit_forms(queue, &current, note_begun);
		bool failed = queue->failure != NULL;
		pthread_mutex_unlock(&queue->lock);
		volt_error *error = failed ? NULL : work(queue, &current);
		free_profile(&current);
		pthread_mutex_lock(&queue->lock);
		visit_forms(queue, &current, note_finished);
		finish(queue, error);
	}
	pthread_mutex_unlock(&queue->lock);
	return NULL;
}

/* ---- The VM's side ---- */

compile_queue *compile_queue_start(volt_vm *vm) {
	compile_queue *queue = calloc(1, sizeof *queue);
	compiled_form *forms = calloc(VOLT_FORM_COUNT * (vm->module->functions.count + 1ULL), sizeof *forms);
	if (queue && forms) {
		queue->vm = vm;
		queue->forms = forms;
		pthread_mutex_init(&queue->lock, NULL);
		pthread_cond_init(&queue->changed, NULL);
		if (thread_start(&queue->thread, "volt-compiler", COMPILER_STACK_BYTES, run, queue) == 0)
			return queue;
		pthread_mutex_destroy(&queue->lock);
		pthread_cond_destroy(&queue->changed);
	}
	free(forms);
	free(queue);
	return NULL;
}

static void drop_jobs(compile_queue *queue) {
	for (uint32_t i = 0; i < queue->count; i++)
		free_profile(&queue->jobs[i]);
}

static void end_thread(compile_queue *queue) {
	pthread_mutex_lock(&queue->lock);
	queue->stopping = true;
	pthread_cond_broadcast(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
	thread_join(&queue->thread);
	pthread_mutex_destroy(&queue->lock);
	pthread_cond_destroy(&queue->changed);
	drop_jobs(queue);
}

/* A handler of exit() that frees its VM leaves the tier to the end of the process. */
static void destroy_tier(compile_queue *queue) {
	if (!queue->tier || !library_enter())
		return;
	queue->interface->destroy(queue->tier);
	library_leave();
}

void compile_queue_stop(compile_queue *queue) {
	if (!queue)
		return;
	if (thread_is_here(&queue->thread)) /* else the list may be as a fork found it: the jobs are left alone */
		end_thread(queue);
	destroy_tier(queue);
	volt_error_free(queue->failure);
	free(queue->jobs);
	free(queue->forms);
	free(queue);
}

static void post(compile_queue *queue, job posted, bool wait) {
	if (!thread_is_here(&queue->thread)) { /* the program has forked itself, and ends here */
		free_profile(&posted);
		return;
	}
	pthread_mutex_lock(&queue->lock);
	if (queue->count == queue->capacity)
		queue->jobs = memory_grow(queue->jobs, &queue->capacity, queue->count + 1ULL, sizeof *queue->jobs);
	posted.requested_at = now_nanoseconds();
	queue->posted++;
	visit_forms(queue, &posted, note_posted);
	queue->jobs[queue->count++] = posted;
	pthread_cond_broadcast(&queue->changed);
	while (wait && queue->finished < queue->posted)
		pthread_cond_wait(&queue->changed, &queue->lock);
	pthread_mutex_unlock(&queue->lock);
}

void compile_queue_request(compile_queue *queue, const volt_compile_request *request, bool wait) {
	job posted = {.request = *request};
	posted.request.profile = copy_profile(queue->vm, request);
	post(queue, posted, wait);
}

volt_error *compile_queue_request_module(compile_queue *queue, bool wait) {
	job whole = {.whole_module = true, .request = {.form = VOLT_FORM_CALL, .level = VOLT_LEVEL_OPTIMISED}};
	post(queue, whole, wait);
	pthread_mutex_lock(&queue->lock);
	volt_error *error = wait ? queue->failure : NULL;
	if (error) {
		queue->failure = NULL;
		queue->report.failure = NULL;
	}
	pthread_mutex_unlock(&queue->lock);
	return error;
}

bool compile_queue_is_busy(compile_queue *queue) {
	pthread_mutex_lock(&queue->lock);
	bool busy = queue->finished < queue->posted;
	pthread_mutex_unlock(&queue->lock);
	return busy;
}

queue_report compile_queue_report(compile_queue *queue) {
	pthread_mutex_lock(&queue->lock);
	queue_report report = queue->report;
	pthread_mutex_unlock(&queue->lock);
	return report;
}

compiled_form compile_queue_form(compile_queue *queue, uint32_t function, volt_form form) {
	pthread_mutex_lock(&queue->lock);
	compiled_form found = queue->forms[function * VOLT_FORM_COUNT + form];
	pthread_mutex_unlock(&queue->lock);
	return found;
}
