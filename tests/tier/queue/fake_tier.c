/*
 * A tier that generates no code: it answers every request at once, with a function of its own or a refusal.
 * The number of functions of the module is not looked at, so the module may be an empty one.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fake_tier.h"
#include "volt/tier.h"

struct volt_tier {
	pthread_mutex_t lock;
	uint64_t compilations;
	bool *resume_points[FAKE_TABLE];
};

static const char *const presets[] = {"fake", NULL};

/* Nothing may be published before it is complete: each compilation writes what `entry` reads. */
static uint64_t answers[FAKE_TABLE][VOLT_FORM_COUNT];

static volt_status answer_call(void *context, const volt_slot *arguments, volt_slot *results) {
	(void)context;
	results[0] = answers[arguments[0]][VOLT_FORM_CALL];
	return VOLT_STATUS_OK;
}

static volt_status answer_resume(void *context, const volt_slot *arguments, volt_slot *results) {
	(void)context;
	results[0] = answers[arguments[0]][VOLT_FORM_RESUME];
	return VOLT_STATUS_OK;
}

__attribute__((visibility("default"))) atomic_bool fake_gate, fake_load_gate = true;

static void wait_for(const atomic_bool *gate) {
	while (!atomic_load(gate))
		nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
}

static volt_error *create(const volt_tier_host *host, const volt_module *module,
                          const volt_tier_options *options, volt_tier **tier) {
	(void)host, (void)module;
	if (options->preset && strcmp(options->preset, "fake") != 0)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "there is no preset '%s'", options->preset);
	wait_for(&fake_load_gate);
	*tier = calloc(1, sizeof **tier);
	pthread_mutex_init(&(*tier)->lock, NULL);
	return NULL;
}

static void destroy(volt_tier *tier) {
	for (uint32_t i = 0; i < FAKE_TABLE; i++)
		free(tier->resume_points[i]);
	pthread_mutex_destroy(&tier->lock);
	free(tier);
}

static void make_resume_points(volt_tier *tier, uint32_t function) {
	bool **points = &tier->resume_points[function];
	if (*points)
		return;
	*points = calloc(FAKE_PCS, sizeof(bool));
	for (uint32_t pc = 0; pc < FAKE_PCS; pc++)
		(*points)[pc] = pc % 2 == function % 2;
}

static volt_error *compile_locked(volt_tier *tier, const volt_compile_request *request,
                                  volt_compiled *compiled) {
	uint32_t function = request->function;
	const uint64_t number = ++tier->compilations;
	*compiled = (volt_compiled){.level = request->level, .compile_nanoseconds = number};
	if (number >= FAKE_FAILURE)
		return volt_error_new(VOLT_ERROR_TIER, "enough is compiled");
	if (function % FAKE_REFUSED == FAKE_REFUSED - 1) {
		compiled->reason = "its number says so";
		return NULL;
	}
	if (function == FAKE_LARGE) {
		compiled->level = VOLT_LEVEL_QUICK;
		compiled->reason = "it is large";
	}
	/* What compiled code is made of stays as it is once it may run. */
	uint64_t *answer = &answers[function][request->form];
	if (!*answer)
		*answer = FAKE_ANSWER(function, request->form);
	make_resume_points(tier, function);
	compiled->entry = request->form == VOLT_FORM_CALL ? answer_call : answer_resume;
	compiled->resume_points = tier->resume_points[function];
	compiled->result_slots = function + 1;
	compiled->code_bytes = 16;
	return NULL;
}

static volt_error *compile(volt_tier *tier, const volt_compile_request *request, volt_compiled *compiled) {
	if (request->level == VOLT_LEVEL_OPTIMISED && request->function == FAKE_SLOW)
		wait_for(&fake_gate);
	pthread_mutex_lock(&tier->lock);
	volt_error *error = compile_locked(tier, request, compiled);
	pthread_mutex_unlock(&tier->lock);
	return error;
}

static volt_error *compile_module(volt_tier *tier, volt_compiled *compiled) {
	(void)tier, (void)compiled;
	return volt_error_new(VOLT_ERROR_TIER, "only single functions");
}

static const volt_tier_interface interface = {
    .abi_version = VOLT_TIER_ABI_VERSION,
    .name = "fake",
    .presets = presets,
    .create = create,
    .destroy = destroy,
    .compile_module = compile_module,
    .compile = compile,
};

__attribute__((visibility("default"))) const volt_tier_interface *volt_tier_get_interface(void);

const volt_tier_interface *volt_tier_get_interface(void) {
	return &interface;
}
