/* The life of a VM: making it, running its program once, freeing it. */
#include "volt/vm.h"

#include <stdlib.h>

#include "extern/os/descriptors.h"
#include "extern/registry.h"
#include "fiber/wait.h"
#include "interpreter/calls.h"
#include "island/island.h"
#include "island/island_ops.h"
#include "object/heap.h"
#include "object/interfaces.h"
#include "process/exit.h"
#include "process/standard_streams.h"
#include "tier/run.h"
#include "vm/host_entry.h"
#include "vm/parts.h"
#include "vm/sampler.h"

enum {
	DEFAULT_STACK_SLOTS = 32 << 20,
	FEWEST_STACK_SLOTS = 256,
};

const char *volt_version(void) {
	return "0.1.0";
}

static void set_options(volt_vm *vm, const volt_vm_options *options) {
	if (options)
		vm->options = *options;
	uint64_t slots = vm->options.max_stack_slots ? vm->options.max_stack_slots : DEFAULT_STACK_SLOTS;
	slots = slots < FEWEST_STACK_SLOTS ? FEWEST_STACK_SLOTS : slots;
	vm->fibers.max_stack_slots = slots < UINT32_MAX ? slots : UINT32_MAX;
	vm->fibers.max_frames = (uint32_t)(vm->fibers.max_stack_slots / 4);
}

static void give_back(void *user) {
	volt_vm *vm = user;
	fiber_free_dead(&vm->fibers);
}

static volt_error *make_parts(volt_vm *vm) {
	const object_space_options space_options = {
	    .max_heap_bytes = vm->options.max_heap_bytes,
	    .collect_at_every_allocation = vm->options.testing.collect_at_every_allocation,
	};
	volt_error *error = object_space_new(vm->module, &space_options, &vm->space);
	if (error)
		return error;
	vm->fibers.space = vm->space;
	object_space_on_pressure(vm->space, give_back, vm);
	object_space_add_root_scanner(vm->space, vm_scan_roots, vm);
	vm->context.conversions = interface_conversions(vm->space);
	vm->context.allocator = vm->space;
	vm->free_blocks = object_space_free_blocks(vm->space);
	vm->native_table = native_table_new();
	if (!vm->native_table)
		return volt_error_new(VOLT_ERROR_MEMORY, "out of memory");
	error = wait_hub_new(vm->space, &vm->waits);
	return error ? error : vm_prepare(vm);
}

static volt_error *new_sibling(const volt_vm *first, const volt_vm_options *options, volt_vm **vm);
static void run_fibers(volt_vm *vm);

static const vm_life life = {
    .new_sibling = new_sibling,
    .run_fibers = run_fibers,
    .end_fibers = vm_end_all_fibers,
    .take_samples = sampler_take,
    .add_samples = sampler_add,
    .free = volt_vm_free,
};

volt_error *volt_vm_new(const volt_module *module, const volt_vm_options *options, volt_vm **vm) {
	*vm = NULL;
	volt_error *error = heap_start();
	if (error)
		return error;
	volt_vm *made = calloc(1, sizeof *made);
	if (!made)
		return volt_error_new(VOLT_ERROR_MEMORY, "out of memory");
	standard_streams_occupy();
	exit_watch();
	static _Atomic uint64_t serials;
	made->serial = atomic_fetch_add(&serials, 1) + 1;
	made->generation = process_generation;
	made->module = module;
	set_options(made, options);
	made->fibers.context = &made->context;
	made->island_operations = &island_instructions;
	made->life = &life;
	time_slices_start(&made->slices, made->options.testing.schedule_seed);
	heap_enter_thread();
	error = make_parts(made);
	if (error)
		volt_vm_free(made);
	else
		*vm = made;
	heap_leave_thread();
	return error;
}

static bool start_entry(volt_vm *vm) {
	const call_target entry = call_plain(vm->module->entry_function);
	volt_trap trap = call_go(vm, &entry, NULL, 0);
	if (trap.kind != VOLT_TRAP_None) {
		vm_fail(vm,
		        volt_error_new(VOLT_ERROR_LIMIT, "the entry function needs more stack than the VM allows"));
		return false;
	}
	return true;
}

volt_error *volt_vm_register_native(volt_vm *vm, const char *name, volt_native_function function, void *user,
                                    volt_permission permission) {
	if (vm_is_inherited(vm))
		return vm_inherited_error();
	if (vm->ran)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "native %s: the program has been run already", name);
	return native_table_register(vm->native_table, name, function, user, permission);
}

volt_error *volt_vm_declare_native(volt_vm *vm, const char *name, volt_native_function function, void *user,
                                   volt_permission permission, const volt_native_signature *signature) {
	if (vm_is_inherited(vm))
		return vm_inherited_error();
	if (vm->ran)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "native %s: the program has been run already", name);
	return native_table_declare(vm->native_table, name, function, user, permission, signature);
}

static void run_scheduler(volt_vm *vm, void *unused) {
	(void)unused;
	scheduler_run(vm);
}

static void run_fibers(volt_vm *vm) {
	sampler_start(vm);
	vm_guard(vm, run_scheduler, NULL);
}

/* With the natives of the first VM, which outlives it. */
static volt_error *new_sibling(const volt_vm *first, const volt_vm_options *options, volt_vm **vm) {
	volt_error *error = volt_vm_new(first->module, options, vm);
	if (error)
		return error;
	object_space_share_account((*vm)->space, first->space);
	return native_table_bind(first->native_table, first->module, options->permissions, &(*vm)->natives);
}

static void run_entry(volt_vm *vm, void *unused) {
	(void)unused;
	if (start_entry(vm))
		scheduler_run(vm);
}

static volt_error *run_program(volt_vm *vm, void *user) {
	int *exit_status = user;
	volt_error *error = vm_start(vm);
	if (error)
		return error;
	vm_begin(vm);
	vm_guard(vm, run_entry, NULL);
	if (!vm_is_inherited(vm))
		vm_end_islands(vm);
	error = vm_finish(vm);
	if (volt_error_get_kind(error) == VOLT_ERROR_EXIT) {
		volt_error_free(error);
		error = NULL;
	}
	*exit_status = error ? 1 : vm->exit_status;
	return error;
}

volt_error *volt_vm_run(volt_vm *vm, int *exit_status) {
	*exit_status = 0;
	if (vm->ran && !vm_is_inherited(vm))
		return volt_error_new(VOLT_ERROR_ARGUMENT, "the program has been run already");
	return vm_enter(vm, run_program, exit_status);
}

const char *volt_vm_trace(const volt_vm *vm) {
	return vm->trace.bytes ? vm->trace.bytes : "";
}

bool volt_vm_is_compiling(const volt_vm *vm) {
	while (vm && (vm_is_inherited(vm) || !tier_is_compiling(vm)))
		vm = vm->left_behind;
	return vm;
}

/* Its parts may be as some thread of the parent's had them between two instructions: they stay. */
static void abandon(volt_vm *vm) {
	static _Atomic(volt_vm *) abandoned;
	object_space_abandon(vm->space);
	vm->next_abandoned = atomic_exchange(&abandoned, vm);
}

static void free_one(volt_vm *vm) {
	if (vm->space) /* first: an island may make the collector look for roots at any time */
		object_space_remove_root_scanner(vm->space, vm_scan_roots, vm);
	sampler_stop(vm->sampler);
	tier_detach(vm);
	fiber_free_all(&vm->fibers);
	wait_hub_free(vm->waits);
	descriptors_close_owned(vm);
	object_space_free(vm->space);
	vm_unprepare(vm);
	free(vm->natives);
	native_table_free(vm->native_table);
	buffer_free(&vm->output);
	buffer_free(&vm->trace);
	volt_error_free(vm->error);
	free(vm);
}

void volt_vm_free(volt_vm *vm) {
	if (!vm)
		return;
	if (vm_is_inherited(vm) && atomic_load(&vm->is_inside)) {
		abandon(vm);
		return;
	}
	heap_enter_thread();
	if (!vm_is_inherited(vm) && vm->island && !island_outlives_fibers(vm->island))
		vm_end_islands(vm);
	while (vm) {
		volt_vm *next = vm->left_behind;
		free_one(vm);
		vm = next;
	}
	heap_leave_thread();
}
