/* The threads of the compile queue, and how others talk to them: everything shared is under one lock. */
#include "tier/queue.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "process/exit.h"
#include "process/prefault.h"
#include "process/threads.h"
#include "state/vm_state.h"
#include "tier/library.h"
#include "tier/run.h"
#include "tier/state.h"
#include "tier/trace.h"

/* Linking compiled code recurses deeply; optimising a function of usual size takes that much of the heap. */
enum { COMPILER_STACK_BYTES = 64 << 20, COMPILER_HEAP_BYTES = 3 << 20 };

typedef enum { JOB_FUNCTION, JOB_MODULE, JOB_LOAD } job_kind;

typedef struct {
	job_kind kind;
	volt_compile_request request;
	uint64_t requested_at; /* nanoseconds */
} job;

/* A thread. The first leaves what is to be optimised to the second, if there is one. */
typedef struct {
	compile_queue *queue;
	process_thread thread;
	bool is_quick, is_ready;
	void *heap; /* what keeps its own prepared (prefault.h) */
} worker;

enum { MOST_WORKERS = 2, FIRST_JOBS = 16 };

struct compile_queue {
	volt_vm *vm;
	worker workers[MOST_WORKERS];
	uint32_t worker_count;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a job came, a job is done, the tier is loaded, or the threads are to stop */
	job *jobs;              /* oldest first */
	uint32_t count, capacity;
	uint64_t posted, finished; /* jobs */
	bool stopping;
	compiled_form *forms; /* by function and form */
	queue_report report;
	volt_error *failure;

	/* Of the worker that loads the tier; afterwards they stay as they are. */
	bool is_loading, is_loaded;
	const volt_tier_interface *interface;
	volt_tier *tier;
	volt_tier_host host;
};

static uint64_t now_nanoseconds(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* After a failure nothing is compiled any more: requests are answered by doing nothing. Under the lock. */
static void fail(compile_queue *queue, volt_error *error) {
	if (queue->failure) {
		volt_error_free(error);
		return;
	}
	queue->failure = error;
	queue->report.failure = volt_error_message(error);
}

/* ---- The tier ---- */

static bool native_is_standard(void *user, uint32_t native) {
	const volt_vm *vm = user;
	return vm->natives && vm->natives[native].is_standard;
}

static volt_direct_native direct_native(void *user, uint32_t native) {
	const volt_vm *vm = user;
	return vm->natives ? vm->natives[native].direct : (volt_direct_native){0};
}

static void describe_host(volt_vm *vm, volt_tier_host *host) {
	*host = (volt_tier_host){
	    .user = vm,
	    .native_is_standard = native_is_standard,
	    .direct_native = direct_native,
	    .free_blocks = vm->free_blocks,
	};
	host->heap = volt_heap_layout_of_volt();
#define FIELD(name, type) host->context_offsets[VOLT_CONTEXT_##name] = offsetof(volt_context, name);
	VOLT_CONTEXT_FIELDS(FIELD)
#undef FIELD
	memcpy(host->helpers, tier_helpers, sizeof host->helpers);
}

static volt_error *create_tier(compile_queue *queue, volt_tier **tier) {
	const volt_vm_options *options = &queue->vm->options;
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
	    .count_heat = queue->vm->context.heat && !options->tier_level,
	    .cache_folder = options->tier_cache,
	    .cache_bytes = options->tier_cache_bytes,
	    .debugger = options->tier_debugger,
	    .perf_folder = options->tier_perf_folder,
	};
	return queue->interface->create(&queue->host, queue->vm->module, &tier_options, tier);
}

/* One worker loads the tier, and others wait. An error ends the queue's work. */
static void load_tier(compile_queue *queue) {
	volt_tier *tier = NULL;
	pthread_mutex_lock(&queue->lock);
	while (queue->is_loading)
		pthread_cond_wait(&queue->changed, &queue->lock);
	const bool is_mine = queue->is_loading = !queue->is_loaded && !queue->failure;
	pthread_mutex_unlock(&queue->lock);
	if (!is_mine)
		return;
	volt_error *error = create_tier(queue, &tier);
	pthread_mutex_lock(&queue->lock);
	queue->is_loading = false;
	queue->is_loaded = !error;
	queue->tier = tier;
	if (!error)
		queue->report.tier_name = queue->interface->name;
	else
		fail(queue, error);
	pthread_cond_broadcast(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
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

static void count_code(compile_queue *queue, const volt_compiled *compiled) {
	++*(compiled->cache == VOLT_CACHE_HIT ? &queue->report.loaded_count : &queue->report.compiled_count);
}

static void note_result(compile_queue *queue, const job *done, uint32_t function,
                        const volt_compiled *compiled) {
	compiled_form *form = &queue->forms[function * VOLT_FORM_COUNT + done->request.form];
	/* The same code again: it cannot be compiled at this level, or was kept and is there already. */
	const bool is_known = compiled->level < done->request.level || compiled->cache == VOLT_CACHE_HIT;
	bool is_again = is_known && compiled->entry == form->compiled.entry;
	bool is_new = compiled->entry && !is_again;
	form->compiled = *compiled;
	form->level = compiled->entry ? compiled->level : done->request.level;
	form->whole_module = done->kind == JOB_MODULE && form->level == VOLT_LEVEL_OPTIMISED;
	if (is_new || !compiled->entry)
		form->latencies[form->level] = now_nanoseconds() - done->requested_at;
	if (is_new)
		count_code(queue, compiled);
	queue->report.failed_count += !compiled->entry;
	queue->report.cache_hits += compiled->cache == VOLT_CACHE_HIT;
	queue->report.cache_misses += compiled->cache == VOLT_CACHE_MISS;
	queue->report.cache_failure = compiled->cache_failure;
}

/* The other worker may have been quicker with better code, which stays. */
static void publish_and_note(compile_queue *queue, const job *done, uint32_t function,
                             const volt_compiled *compiled) {
	pthread_mutex_lock(&queue->lock);
	compiled_form *form = &queue->forms[function * VOLT_FORM_COUNT + done->request.form];
	form->nanoseconds += compiled->compile_nanoseconds;
	queue->report.nanoseconds += compiled->compile_nanoseconds;
	if (form->compiled.entry && form->level > done->request.level) {
		count_code(queue, compiled);
	} else {
		publish(queue->vm, function, done->request.form, compiled);
		note_result(queue, done, function, compiled);
	}
	pthread_mutex_unlock(&queue->lock);
	trace_compiled(queue->vm, function, done->request.form, compiled);
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
	if (!queue->is_loaded || current->kind == JOB_LOAD)
		return NULL;
	if (current->kind == JOB_MODULE)
		return compile_module(queue, current);
	volt_compiled compiled;
	volt_error *error = queue->interface->compile(queue->tier, &current->request, &compiled);
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

/* ---- What has become of a request ---- */

typedef void form_visitor(compiled_form *form);

static void visit_forms(compile_queue *queue, const job *posted, form_visitor *visit) {
	const uint32_t count = queue->vm->module->functions.count;
	const uint32_t first = posted->kind == JOB_FUNCTION ? posted->request.function : 0;
	const uint32_t end = posted->kind == JOB_FUNCTION ? first + 1 : posted->kind == JOB_MODULE ? count : 0;
	for (uint32_t i = first; i < end; i++)
		visit(&queue->forms[i * VOLT_FORM_COUNT + posted->request.form]);
}

static void note_posted(compiled_form *form) {
	form->waiting++;
}

static void note_begun(compiled_form *form) {
	form->waiting--;
	form->under_way++;
}

static void note_finished(compiled_form *form) {
	form->under_way--;
}

/* ---- The threads ---- */

/*
 * A function that has code to be called, or gets it, is entered by its next call. To go on in the middle of
 * the present one can wait until all others have code.
 */
static bool can_wait(const compile_queue *queue, const job *posted) {
	const compiled_form *called = &queue->forms[posted->request.function * VOLT_FORM_COUNT + VOLT_FORM_CALL];
	return posted->request.form == VOLT_FORM_RESUME &&
	       (called->waiting || (called->compiled.entry && called->level >= posted->request.level));
}

/*
 * Lower ones come first. A loop that is optimised to go on in has the program in it for long, and gets the
 * short functions that it calls built in: what they become by themselves matters less.
 */
static unsigned rank_of(const compile_queue *queue, const job *posted) {
	if (can_wait(queue, posted))
		return 2;
	const bool is_loop =
	    posted->request.form == VOLT_FORM_RESUME && posted->request.level == VOLT_LEVEL_OPTIMISED;
	return is_loop ? 0 : 1;
}

/* The job of a level that is to be done next, the oldest of its rank, or the queue's count: there is none. */
static uint32_t next_of_level(const compile_queue *queue, volt_level level) {
	uint32_t next = queue->count;
	for (uint32_t i = 0; i < queue->count; i++)
		if (queue->jobs[i].request.level == level &&
		    (next == queue->count || rank_of(queue, &queue->jobs[i]) < rank_of(queue, &queue->jobs[next])))
			next = i;
	return next;
}

static job remove_job(compile_queue *queue, uint32_t index) {
	const job removed = queue->jobs[index];
	queue->count--;
	memmove(&queue->jobs[index], &queue->jobs[index + 1], (queue->count - index) * sizeof removed);
	return removed;
}

/* What is interpreted comes before what is only to become better, and never has to wait for it. */
static uint32_t next_of_worker(const compile_queue *queue, const worker *self) {
	const bool is_alone = queue->worker_count == 1;
	const uint32_t quick = is_alone || self->is_quick ? next_of_level(queue, VOLT_LEVEL_QUICK) : queue->count;
	if (quick < queue->count || (self->is_quick && !is_alone))
		return quick;
	return next_of_level(queue, VOLT_LEVEL_OPTIMISED);
}

static bool has_job(const compile_queue *queue, const worker *self) {
	return next_of_worker(queue, self) < queue->count;
}

static bool take_job(compile_queue *queue, const worker *self, job *taken) {
	const uint32_t next = next_of_worker(queue, self);
	if (next == queue->count)
		return false;
	*taken = remove_job(queue, next);
	return true;
}

/* The other worker has been quicker with better code. */
static bool is_stale(const compile_queue *queue, const job *taken) {
	const uint32_t form = taken->request.function * VOLT_FORM_COUNT + taken->request.form;
	return taken->kind == JOB_FUNCTION && queue->forms[form].compiled.entry &&
	       queue->forms[form].level > taken->request.level;
}

/* Nothing can be compiled before the tier is there: one worker loads it while the other prepares its heap. */
static void load_and_prefault(compile_queue *queue, worker *self) {
	if (!self->is_quick)
		self->heap = prefault_thread_heap(COMPILER_HEAP_BYTES);
	if (library_enter()) {
		load_tier(queue);
		library_leave();
	}
	if (self->is_quick)
		self->heap = prefault_thread_heap(COMPILER_HEAP_BYTES);
}

/* What comes first is chosen when it can be begun, of all that was asked for until then. */
static void get_ready(compile_queue *queue, worker *self) {
	if (self->is_ready)
		return;
	pthread_mutex_unlock(&queue->lock);
	load_and_prefault(queue, self);
	pthread_mutex_lock(&queue->lock);
	self->is_ready = true;
}

static void do_job(compile_queue *queue, job *current) {
	visit_forms(queue, current, note_begun);
	const bool stale = is_stale(queue, current);
	const bool failed = queue->failure != NULL;
	queue->report.stale_count += stale;
	pthread_mutex_unlock(&queue->lock);
	volt_error *error = stale || failed ? NULL : work(queue, current);
	free_profile(current);
	pthread_mutex_lock(&queue->lock);
	visit_forms(queue, current, note_finished);
	queue->finished++;
	if (error)
		fail(queue, error);
	pthread_cond_broadcast(&queue->changed);
}

static void *run(void *argument) {
	worker *self = argument;
	compile_queue *queue = self->queue;
	pthread_mutex_lock(&queue->lock);
	while (!queue->stopping) {
		if (!has_job(queue, self)) {
			pthread_cond_wait(&queue->changed, &queue->lock);
			continue;
		}
		get_ready(queue, self);
		job current;
		if (!queue->stopping && take_job(queue, self, &current))
			do_job(queue, &current);
	}
	pthread_mutex_unlock(&queue->lock);
	free(self->heap);
	return NULL;
}

/* ---- The VM's side ---- */

static bool start_worker(compile_queue *queue, const char *name) {
	worker *started = &queue->workers[queue->worker_count];
	*started = (worker){.queue = queue, .is_quick = queue->worker_count == 0};
	return thread_start(&started->thread, name, COMPILER_STACK_BYTES, run, started) == 0;
}

/* Under the lock: no worker takes a job before it is known how many there are. One is enough. */
static bool start_workers(compile_queue *queue) {
	pthread_mutex_lock(&queue->lock);
	const uint32_t wanted = queue->vm->options.tier_synchronous ? 1 : MOST_WORKERS;
	while (queue->worker_count < wanted &&
	       start_worker(queue, queue->worker_count == 0 ? "volt-compiler" : "volt-optimiser"))
		queue->worker_count++;
	pthread_mutex_unlock(&queue->lock);
	return queue->worker_count > 0;
}

compile_queue *compile_queue_start(volt_vm *vm) {
	compile_queue *queue = calloc(1, sizeof *queue);
	compiled_form *forms = calloc(VOLT_FORM_COUNT * (vm->module->functions.count + 1ULL), sizeof *forms);
	if (queue && forms) {
		queue->vm = vm;
		queue->forms = forms;
		pthread_mutex_init(&queue->lock, NULL);
		pthread_cond_init(&queue->changed, NULL);
		if (start_workers(queue))
			return queue;
		pthread_mutex_destroy(&queue->lock);
		pthread_cond_destroy(&queue->changed);
	}
	free(forms);
	free(queue);
	return NULL;
}

static bool threads_are_here(const compile_queue *queue) {
	return thread_is_here(&queue->workers[0].thread);
}

static void drop_jobs(compile_queue *queue) {
	for (uint32_t i = 0; i < queue->count; i++)
		free_profile(&queue->jobs[i]);
}

static void end_threads(compile_queue *queue) {
	pthread_mutex_lock(&queue->lock);
	queue->stopping = true;
	pthread_cond_broadcast(&queue->changed);
	pthread_mutex_unlock(&queue->lock);
	for (uint32_t i = 0; i < queue->worker_count; i++)
		thread_join(&queue->workers[i].thread);
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
	if (threads_are_here(queue)) /* else the list may be as a fork found it: the jobs are left alone */
		end_threads(queue);
	destroy_tier(queue);
	volt_error_free(queue->failure);
	free(queue->jobs);
	free(queue->forms);
	free(queue);
}

static bool make_room(compile_queue *queue) {
	if (queue->count < queue->capacity)
		return true;
	const uint32_t capacity = queue->capacity ? 2 * queue->capacity : FIRST_JOBS;
	job *jobs = reallocarray(queue->jobs, capacity, sizeof *jobs);
	if (!jobs)
		return false;
	queue->jobs = jobs;
	queue->capacity = capacity;
	return true;
}

/* Without memory for it the job is left out: its function stays as it is. */
static void post(compile_queue *queue, job posted, bool wait) {
	if (!threads_are_here(queue)) { /* the program has forked itself, and ends here */
		free_profile(&posted);
		return;
	}
	pthread_mutex_lock(&queue->lock);
	if (!make_room(queue)) {
		pthread_mutex_unlock(&queue->lock);
		free_profile(&posted);
		return;
	}
	posted.requested_at = now_nanoseconds();
	visit_forms(queue, &posted, note_posted);
	queue->jobs[queue->count++] = posted;
	pthread_cond_broadcast(&queue->changed);
	queue->posted++;
	while (wait && queue->finished < queue->posted)
		pthread_cond_wait(&queue->changed, &queue->lock);
	pthread_mutex_unlock(&queue->lock);
}

void compile_queue_request(compile_queue *queue, const volt_compile_request *request, bool wait) {
	job posted = {.request = *request};
	posted.request.profile = copy_profile(queue->vm, request);
	post(queue, posted, wait);
}

/* Takes one waiting job back; false: there is none. Under the lock. */
static bool take_back_one(compile_queue *queue, uint32_t function, volt_form form) {
	for (uint32_t i = 0; i < queue->count; i++) {
		const volt_compile_request *request = &queue->jobs[i].request;
		if (queue->jobs[i].kind != JOB_FUNCTION || request->function != function || request->form != form)
			continue;
		const job removed = remove_job(queue, i);
		free_profile(&removed);
		queue->forms[function * VOLT_FORM_COUNT + form].waiting--;
		queue->finished++;
		return true;
	}
	return false;
}

bool compile_queue_take_back(compile_queue *queue, uint32_t function, volt_form form) {
	bool some = false;
	pthread_mutex_lock(&queue->lock);
	while (take_back_one(queue, function, form))
		some = true;
	pthread_mutex_unlock(&queue->lock);
	return some;
}

static const job loading = {JOB_LOAD, .request = {.level = VOLT_LEVEL_QUICK}};

void compile_queue_load(compile_queue *queue) {
	post(queue, loading, false);
}

/* The queue's failure, for whom it is an error; the queue then has none. Under the lock. */
static volt_error *take_failure(compile_queue *queue) {
	volt_error *error = queue->failure;
	queue->failure = NULL;
	queue->report.failure = NULL;
	return error;
}

volt_error *compile_queue_check_options(compile_queue *queue) {
	post(queue, loading, true);
	pthread_mutex_lock(&queue->lock);
	const bool is_wrong = queue->failure && volt_error_get_kind(queue->failure) == VOLT_ERROR_ARGUMENT;
	volt_error *error = is_wrong ? take_failure(queue) : NULL;
	pthread_mutex_unlock(&queue->lock);
	return error;
}

volt_error *compile_queue_request_module(compile_queue *queue, bool wait) {
	job whole = {JOB_MODULE, .request = {.form = VOLT_FORM_CALL, .level = VOLT_LEVEL_OPTIMISED}};
	post(queue, whole, wait);
	pthread_mutex_lock(&queue->lock);
	volt_error *error = wait ? take_failure(queue) : NULL;
	pthread_mutex_unlock(&queue->lock);
	return error;
}

bool compile_queue_is_busy(compile_queue *queue) {
	pthread_mutex_lock(&queue->lock);
	bool busy = queue->finished < queue->posted;
	pthread_mutex_unlock(&queue->lock);
	return busy;
}

bool compile_queue_is_asked_for(compile_queue *queue, uint32_t function, volt_form form) {
	const compiled_form found = compile_queue_form(queue, function, form);
	return found.waiting || found.under_way;
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
