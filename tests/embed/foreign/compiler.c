/*
 * What is compiled when. Functions whose counters come to 0 are asked for once at the quick level and once at
 * the optimised one, by a thread that compiles while the program runs on. Where new code is, the next call,
 * the next round of a loop and the next turn find it; what runs in older code goes on there, so all code
 * stays until the machine ends.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "machine.h"

/* How often something happens before it is compiled, and then before it is optimised. */
enum { FIRST_CALLS = 10, FIRST_LOOPS = 100, LATER_CALLS = 200, LATER_LOOPS = 2000 };

typedef struct published {
	struct published *older;
	volt_compiled code;
} published;

typedef struct {
	_Atomic(published *) forms[VOLT_FORM_COUNT]; /* the newest code */
	volt_level asked_for;
} function_code;

typedef struct job {
	struct job *next;
	uint32_t function;
	volt_level level;
} job;

struct compiler {
	volt_tier_host host;
	const volt_tier_interface *interface;
	volt_tier *tier;
	function_code *functions;
	volt_heat *heat;
	published *all; /* the compiling thread's, if there is one */
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t changed;
	job *first, *last;
	bool stopping;
	volt_error *failure;
};

/* ---- Publishing ---- */

static const volt_compiled *newest(const compiler *self, uint32_t function, volt_form form) {
	const published *found =
	    atomic_load_explicit(&self->functions[function].forms[form], memory_order_acquire);
	return found ? &found->code : NULL;
}

/* Whoever sees the record sees all of it. A function that cannot be compiled stays interpreted. */
static void publish(compiler *self, uint32_t function, volt_form form, const volt_compiled *code) {
	published *record = code->entry ? calloc(1, sizeof *record) : NULL;
	if (!code->entry)
		fprintf(stderr, "foreign: function %u stays interpreted: %s\n", function, code->reason);
	if (!record)
		return;
	*record = (published){self->all, *code};
	self->all = record;
	atomic_store_explicit(&self->functions[function].forms[form], record, memory_order_release);
}

static volt_error *compile_form(compiler *self, uint32_t function, volt_form form, volt_level level) {
	const volt_compile_request request = {function, form, level, NULL};
	volt_compiled code;
	volt_error *error = self->interface->compile(self->tier, &request, &code);
	if (!error)
		publish(self, function, form, &code);
	return error;
}

/* To be called, and to go on in its frames. */
static volt_error *compile(compiler *self, uint32_t function, volt_level level) {
	volt_error *error = compile_form(self, function, VOLT_FORM_CALL, level);
	return error ? error : compile_form(self, function, VOLT_FORM_RESUME, level);
}

/* ---- The thread ---- */

/* Under the lock. NULL: the machine ends. */
static job *wait_for_job(compiler *self) {
	while (!self->first && !self->stopping)
		pthread_cond_wait(&self->changed, &self->lock);
	job *taken = self->stopping ? NULL : self->first;
	if (taken)
		self->first = taken->next;
	return taken;
}

static void *work(void *user) {
	compiler *self = user;
	job *taken;
	pthread_mutex_lock(&self->lock);
	while (!self->failure && (taken = wait_for_job(self))) {
		pthread_mutex_unlock(&self->lock);
		volt_error *error = compile(self, taken->function, taken->level);
		free(taken);
		pthread_mutex_lock(&self->lock);
		self->failure = error;
	}
	pthread_mutex_unlock(&self->lock);
	return NULL;
}

static void post(compiler *self, uint32_t function, volt_level level) {
	job *posted = malloc(sizeof *posted);
	if (!posted)
		return;
	*posted = (job){NULL, function, level};
	pthread_mutex_lock(&self->lock);
	if (self->first)
		self->last->next = posted;
	else
		self->first = posted;
	self->last = posted;
	pthread_cond_signal(&self->changed);
	pthread_mutex_unlock(&self->lock);
}

/* ---- The machine's side ---- */

const volt_compiled *compiler_find(const machine *self, const frame *top) {
	if (!self->compiler)
		return NULL;
	if (top->is_new)
		return newest(self->compiler, top->function, VOLT_FORM_CALL);
	const volt_compiled *code = newest(self->compiler, top->function, VOLT_FORM_RESUME);
	return code && code->resume_points[top->pc] ? code : NULL;
}

/* The quick level first, and the other one when its code is hot itself. */
void compiler_look_at(machine *self, uint32_t function, bool is_compiled) {
	compiler *to = self->compiler;
	volt_level *asked_for = &to->functions[function].asked_for;
	to->heat[function] = (volt_heat){LATER_CALLS, LATER_LOOPS};
	if (*asked_for == (is_compiled ? VOLT_LEVEL_QUICK : VOLT_LEVEL_NONE))
		post(to, function, ++*asked_for);
}

/* Everything, before the program starts. */
static volt_error *compile_all(compiler *self, const volt_module *module, volt_level level) {
	volt_error *error = NULL;
	const uint32_t count = module->functions.count;
	if (level != VOLT_LEVEL_NONE) {
		for (uint32_t i = 0; i < count && !error; i++)
			error = compile(self, i, level);
		return error;
	}
	volt_compiled *codes = calloc(count, sizeof *codes);
	error = self->interface->compile_module(self->tier, codes);
	for (uint32_t i = 0; i < count && !error; i++)
		publish(self, i, VOLT_FORM_CALL, &codes[i]);
	free(codes);
	return error;
}

static volt_error *start(compiler *self, machine *of, const compiler_options *options) {
	const volt_tier_options tier_options = {
	    .cpu = options->cache ? "baseline" : "native",
	    .cache_folder = options->cache,
	    .count_heat = options->in_background,
	    .testing.force_exits = of->force_exits != 0,
	};
	describe_host(of, &self->host);
	volt_error *error = self->interface->create(&self->host, of->module, &tier_options, &self->tier);
	if (error)
		return error;
	if (!options->in_background)
		return compile_all(self, of->module, options->level);
	for (uint32_t i = 0; i < of->module->functions.count; i++)
		self->heat[i] = (volt_heat){FIRST_CALLS, FIRST_LOOPS};
	of->registers.heat = self->heat;
	self->has_thread = pthread_create(&self->thread, NULL, work, self) == 0;
	return NULL;
}

volt_error *compiler_start(machine *self, const compiler_options *options) {
	const volt_tier_interface *interface = volt_tier_get_interface();
	if (interface->abi_version != VOLT_TIER_ABI_VERSION)
		return volt_error_new(VOLT_ERROR_TIER, "%s is another version of the tier", interface->name);
	compiler *made = calloc(1, sizeof *made);
	if (!made)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the compiler");
	self->compiler = made;
	made->interface = interface;
	made->functions = calloc(self->module->functions.count, sizeof *made->functions);
	made->heat = calloc(self->module->functions.count, sizeof *made->heat);
	pthread_mutex_init(&made->lock, NULL);
	pthread_cond_init(&made->changed, NULL);
	if (!made->functions || !made->heat)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the compiler");
	return start(made, self, options);
}

/* A compilation cannot be broken off: the machine waits for the one that is under way. */
static void end_thread(compiler *self) {
	pthread_mutex_lock(&self->lock);
	self->stopping = true;
	pthread_cond_signal(&self->changed);
	pthread_mutex_unlock(&self->lock);
	pthread_join(self->thread, NULL);
}

static void free_lists(compiler *self) {
	for (published *each = self->all, *older; each; each = older) {
		older = each->older;
		free(each);
	}
	for (job *each = self->first, *next; each; each = next) {
		next = each->next;
		free(each);
	}
}

void compiler_stop(machine *of) {
	compiler *self = of->compiler;
	if (!self)
		return;
	if (self->has_thread)
		end_thread(self);
	if (self->failure)
		fprintf(stderr, "foreign: %s\n", volt_error_message(self->failure));
	volt_error_free(self->failure);
	self->interface->destroy(self->tier);
	pthread_mutex_destroy(&self->lock);
	pthread_cond_destroy(&self->changed);
	free_lists(self);
	free(self->functions);
	free(self->heat);
	free(self);
}
