/* Functions that the host calls (volt/call.h). */
#include "volt/call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "interpreter/calls.h"
#include "interpreter/replay.h"
#include "object/format.h"
#include "object/heap.h"
#include "object/held.h"
#include "state/give_way.h"
#include "vm/host_entry.h"
#include "vm/host_values.h"
#include "vm/parts.h"
#include "vm/signature.h"

typedef struct {
	const char *name;
	uint32_t function;
	const volt_value *arguments;
	size_t argument_count;
	volt_value *results;
	size_t result_count;
} host_call;

/* ---- One call ---- */

/* A fiber below whose first frame the results are waited for. NULL: it does not fit its stack. */
static volt_fiber *start_fiber(volt_vm *vm, const host_call *call, uint32_t result_slots) {
	const call_target target = call_plain(call->function);
	const uint32_t count = vm->functions[call->function].parameter_slots;
	volt_slot *slots = heap_new_words(vm->space, count);
	host_values_write(vm, call->arguments, call->argument_count, slots);
	volt_fiber *fiber = fiber_new(&vm->fibers);
	replay_begin_for_host(fiber);
	const volt_trap trap = call_push(vm, fiber, &target, slots, count, 0, (uint16_t)result_slots);
	if (trap.kind == VOLT_TRAP_None)
		return fiber;
	fiber_kill(&vm->fibers, fiber);
	return NULL;
}

static void run_call(volt_vm *vm, void *user) {
	const host_call *call = user;
	volt_fiber *fiber = start_fiber(vm, call, vm->called->result_slots);
	if (!fiber) {
		vm_fail(vm, volt_error_new(VOLT_ERROR_LIMIT, "function %s needs more stack than the VM allows",
		                           call->name));
		return;
	}
	vm->called->fiber = fiber;
	fiber_make_ready(&vm->fibers, fiber);
	scheduler_run(vm);
}

static volt_error *call_function(volt_vm *vm, const host_call *call) {
	const uint32_t result_slots = vm->functions[call->function].result_slots;
	called_function called = {.result_slots = result_slots < UINT8_MAX ? result_slots : UINT8_MAX};
	vm_begin(vm);
	vm->called = &called;
	vm_guard(vm, run_call, (void *)(uintptr_t)call);
	volt_error *error = vm_finish(vm);
	return error ? error
	             : host_values_read(vm, call->function, called.results, call->results, call->result_count);
}

static volt_error *check_call(const volt_vm *vm, host_call *call) {
	if (!vm->started)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "function %s: the VM has not been started",
		                      call->name ? call->name : "without a name");
	volt_error *error = signature_find(vm->module, call->name, &call->function);
	if (!error)
		error = signature_check(vm->module, call->function, call->arguments, call->argument_count,
		                        call->results, call->result_count);
	return error ? error : host_values_check(vm, call->function, call->arguments, call->argument_count);
}

static volt_error *check_and_call(volt_vm *vm, void *user) {
	vm_forget_trace(vm);
	volt_error *error = check_call(vm, user);
	return error ? error : call_function(vm, user);
}

volt_error *volt_vm_call(volt_vm *vm, const char *function, const volt_value *arguments,
                         size_t argument_count, volt_value *results, size_t result_count) {
	host_call call = {
	    .name = function,
	    .arguments = arguments,
	    .argument_count = argument_count,
	    .results = results,
	    .result_count = result_count,
	};
	for (size_t i = 0; i < result_count; i++)
		results[i] = volt_value_of(results[i].kind);
	return vm_enter(vm, check_and_call, &call);
}

/* ---- Starting ---- */

static bool is_initialisation(volt_instruction instruction) {
	return instruction.op == VOLT_OP_Call && instruction.c == 0;
}

/* The entry calls what initialises packages, then main, and returns. */
static uint32_t count_initialisers(const volt_function *entry) {
	static const char name[] = "__entry__";
	const uint32_t calls = entry->code.count - 1;
	if (entry->name.length != sizeof name - 1 || memcmp(entry->name.bytes, name, sizeof name - 1) != 0)
		return 0;
	for (uint32_t pc = 0; pc < calls; pc++)
		if (!is_initialisation(entry->code.items[pc]))
			return 0;
	return calls ? calls - 1 : 0;
}

static uint32_t callee(volt_instruction call) {
	return (uint32_t)call.a | (uint32_t)call.flags << 16;
}

static volt_error *start_and_initialise(volt_vm *vm, void *unused) {
	(void)unused;
	volt_error *error = vm_start(vm);
	const volt_function *entry = &vm->module->functions.items[vm->module->entry_function];
	const uint32_t count = error ? 0 : count_initialisers(entry);
	for (uint32_t i = 0; i < count && !error; i++)
		error = call_function(vm, &(host_call){.name = "__init__", .function = callee(entry->code.items[i])});
	return error;
}

volt_error *volt_vm_start(volt_vm *vm) {
	return vm_enter(vm, start_and_initialise, NULL);
}

/* ---- What earlier calls have left ---- */

static void run_scheduler(volt_vm *vm, void *unused) {
	(void)unused;
	scheduler_run(vm);
}

static volt_error *run_fibers(volt_vm *vm, void *unused) {
	(void)unused;
	if (!vm->started)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "the VM has not been started");
	vm_begin(vm);
	vm_guard(vm, run_scheduler, NULL);
	return vm_finish(vm);
}

volt_error *volt_vm_run_fibers(volt_vm *vm) {
	return vm_enter(vm, run_fibers, NULL);
}

/* ---- Interrupts ---- */

/* First the note, then what makes the VM look at it: to other processors, too. */
void volt_vm_interrupt(volt_vm *vm) {
	const int before = errno;
	if (vm_is_inherited(vm))
		return;
	atomic_store(&vm->interrupted, true);
	atomic_thread_fence(memory_order_seq_cst);
	give_way_ask(&vm->context);
	wait_hub_nudge(vm->waits);
	errno = before;
}

void volt_vm_forget_interrupt(volt_vm *vm) {
	atomic_store(&vm->interrupted, false);
}

int volt_vm_exit_status(const volt_vm *vm) {
	return vm->exited ? vm->exit_status : 0;
}

/* ---- Values as text ---- */

typedef struct {
	const held_value *value;
	buffer text;
} description;

static void format(volt_vm *vm, void *user) {
	static const volt_slot nil[2];
	description *self = user;
	format_interface(vm->space, &self->text, self->value ? self->value->slots : nil, true);
}

static volt_error *describe(volt_vm *vm, void *user) {
	const description *self = user;
	if (self->value && (self->value->owner != vm->serial || !self->value->is_interface))
		return volt_error_new(VOLT_ERROR_ARGUMENT, "the handle is %s",
		                      self->value->owner != vm->serial ? "another VM's" : "that of a reference");
	vm_guard(vm, format, user);
	volt_error *error = vm->error;
	vm->error = NULL;
	return error;
}

volt_error *volt_vm_describe(volt_vm *vm, const volt_handle *handle, char **text) {
	description self = {.value = (const held_value *)(const void *)handle};
	volt_error *error = vm_enter(vm, describe, &self);
	*text = self.text.bytes;
	if (!error && !*text && !(*text = calloc(1, 1)))
		error = volt_error_new(VOLT_ERROR_MEMORY, "no memory for a text");
	if (!error)
		return NULL;
	buffer_free(&self.text);
	*text = NULL;
	return error;
}
