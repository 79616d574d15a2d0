/* Preparing the tier that a VM's options ask for: loading it, describing the VM to it, compiling. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "exec/vm.h"
#include "tier/library.h"
#include "tier/run.h"
#include "tier/state.h"

/*
 * Linking compiled code recurses deeply, so compiling gets a thread of its own with a stack that is large
 * enough.
 */
enum { COMPILER_STACK_BYTES = 64 << 20 };

static void describe_host(volt_vm *vm, volt_tier_host *host) {
	*host = (volt_tier_host){.user = vm};
#define FIELD(name, type) host->context_offsets[VOLT_CONTEXT_##name] = offsetof(volt_context, name);
	VOLT_CONTEXT_FIELDS(FIELD)
#undef FIELD
	memcpy(host->helpers, tier_helpers, sizeof host->helpers);
}

typedef struct {
	tier_state *state;
	const volt_tier_host *host;
	const volt_module *module;
	volt_tier_options options;
	volt_error *error;
} compile_job;

static void *compile(void *argument) {
	compile_job *job = argument;
	const volt_tier_interface *interface = job->state->interface;
	job->error = interface->create(job->host, job->module, &job->options, &job->state->tier);
	if (!job->error)
		job->error = interface->compile_module(job->state->tier, job->state->compiled);
	return NULL;
}

static volt_error *compile_on_own_thread(compile_job *job) {
	pthread_attr_t attributes;
	pthread_t thread;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, COMPILER_STACK_BYTES);
	int failure = pthread_create(&thread, &attributes, compile, job);
	pthread_attr_destroy(&attributes);
	if (failure)
		return volt_error_new(VOLT_ERROR_TIER, "no thread to compile on: %s", strerror(failure));
	pthread_join(thread, NULL);
	return job->error;
}

static void publish(volt_vm *vm, tier_state *state) {
	for (uint32_t i = 0; i < vm->module->functions.count; i++) {
		const volt_compiled *compiled = &state->compiled[i];
		state->compile_nanoseconds += compiled->compile_nanoseconds;
		vm->code_table[i].result_slots = compiled->result_slots;
		atomic_store_explicit(&vm->code_table[i].external, compiled->entry, memory_order_release);
	}
	vm->run_compiled = tier_run_frame;
}

static volt_error *compile_everything(volt_vm *vm, tier_state *state) {
	volt_tier_host host;
	describe_host(vm, &host);
	compile_job job = {
	    .state = state,
	    .host = &host,
	    .module = vm->module,
	    .options =
	        {
	            .preset = vm->options.tier_preset,
	            .hints = vm->options.tier_hints,
	            .force_exits = vm->options.force_exit != 0,
	        },
	};
	volt_error *error = compile_on_own_thread(&job);
	if (!error)
		publish(vm, state);
	return error;
}

volt_error *tier_attach(volt_vm *vm) {
	if (vm->options.tier_mode != VOLT_TIER_COMPILED || vm->tier)
		return NULL;
	tier_state *state = calloc(1, sizeof *state);
	if (!state)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the compiling tier");
	vm->tier = state;
	state->compiled = calloc(vm->module->functions.count + 1, sizeof(volt_compiled));
	vm->context.forced_exits_left = vm->options.force_exit;
	volt_error *error = tier_library_open(vm->options.tier_library, &state->interface);
	return error ? error : compile_everything(vm, state);
}

void tier_detach(volt_vm *vm) {
	tier_state *state = vm->tier;
	if (!state)
		return;
	if (state->tier)
		state->interface->destroy(state->tier);
	free(state->compiled);
	free(state->resume_points);
	free(state);
	vm->tier = NULL;
	vm->run_compiled = NULL;
}
