/* The life of islands: the group, the threads, and the end of the program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "island/island_group.h"
#include "process/stack_room.h"
#include "state/vm_state.h"
#include "tier/run.h"

enum { ISLAND_STACK_BYTES = NATIVE_STACK_BYTES, FIRST_ISLANDS = 4 };

/* ---- The group ---- */

static void group_free(island_group *group) {
	for (uint32_t i = 0; i < group->count; i++) {
		volt_error_free(group->islands[i]->failure);
		free(group->islands[i]);
	}
	pthread_mutex_destroy(&group->lock);
	pthread_mutex_destroy(&group->output_lock);
	pthread_cond_destroy(&group->changed);
	volt_error_free(group->error);
	buffer_free(&group->trace);
	free(group->islands);
	free(group);
}

static bool make_room(island_group *group) {
	if (group->count < group->capacity)
		return true;
	const uint32_t capacity = group->capacity ? 2 * group->capacity : FIRST_ISLANDS;
	island **islands = reallocarray(group->islands, capacity, sizeof *islands);
	if (!islands)
		return false;
	group->islands = islands;
	group->capacity = capacity;
	return true;
}

island *island_add(island_group *group) {
	island *added = make_room(group) ? malloc(sizeof *added) : NULL;
	if (!added)
		return NULL;
	*added = (island){.id = group->count, .group = group};
	group->islands[group->count++] = added;
	group->busy++;
	return added;
}

island *island_of(volt_vm *vm) {
	if (!vm->island) {
		island_group *group = malloc(sizeof *group);
		if (!group)
			heap_no_memory(sizeof *group);
		*group = (island_group){.steps = vm->slices.steps - vm->slices.steps_before};
		pthread_mutex_init(&group->lock, NULL);
		pthread_mutex_init(&group->output_lock, NULL);
		pthread_cond_init(&group->changed, NULL);
		island *first = island_add(group);
		if (!first) {
			group_free(group);
			heap_no_memory(sizeof *first);
		}
		group->first = first->vm = vm;
		first->state = ISLAND_RUNNING;
		object_space_add_root_scanner(vm->space, island_scan_commands, first);
		vm->island = first;
		vm->output_lock = &group->output_lock;
	}
	return vm->island;
}

/* ---- The thread of an island ---- */

/* Compiled code belongs to one VM: an island has a tier of its own, which compiles what is hot there. */
static volt_vm_options options_of(const island *self) {
	volt_vm_options options = self->group->first->options;
	options.testing.force_exit = 0;
	if (options.testing.schedule_seed)
		options.testing.schedule_seed += self->id;
	return options;
}

static volt_error *make_vm(island *self, volt_vm **vm) {
	const volt_vm *first = self->group->first;
	const volt_vm_options options = options_of(self);
	volt_error *error = first->life->new_sibling(first, &options, vm);
	if (!error)
		error = tier_attach(*vm);
	if (error) {
		first->life->free(*vm);
		*vm = NULL;
	}
	return error;
}

static bool come_alive(island *self) {
	island_group *group = self->group;
	volt_vm *vm = NULL;
	volt_error *failure = make_vm(self, &vm);
	if (vm) {
		vm->island = self;
		vm->output_lock = &group->output_lock;
		object_space_add_root_scanner(vm->space, island_scan_commands, self);
	}
	pthread_mutex_lock(&group->lock);
	self->vm = vm;
	self->failure = failure;
	self->state = vm ? ISLAND_RUNNING : ISLAND_FAILED;
	pthread_cond_broadcast(&group->changed);
	pthread_mutex_unlock(&group->lock);
	return vm != NULL;
}

void island_end_program(island_group *group) {
	atomic_store_explicit(&group->ending, true, memory_order_release);
	for (uint32_t i = 0; i < group->count; i++)
		if (group->islands[i]->vm)
			wait_hub_nudge(group->islands[i]->vm->waits);
}

void island_take_error(volt_vm *first, island_group *group) {
	if (!first->error) {
		buffer_free(&first->trace);
		first->trace = group->trace;
		group->trace = (buffer){0};
	}
	vm_fail(first, group->error);
	group->error = NULL;
}

/* The program has ended and must not wait for the compiler: the VM is freed with the program's. */
static void leave_behind(island_group *group, volt_vm *vm) {
	vm->island = NULL;
	vm->output_lock = NULL;
	pthread_mutex_lock(&group->lock);
	vm->left_behind = group->left_behind;
	group->left_behind = vm;
	pthread_mutex_unlock(&group->lock);
}

/*
 * The island runs nothing any more. If that was its own doing, by os.Exit or an error, the program ends; that
 * its last output could not be written counts in any case. Its fibers still stand in queues of ports, so they
 * stay until no island runs any more. Then they leave: the host may go on calling, and the ports stay.
 */
static void stop_running(island *self) {
	island_group *group = self->group;
	volt_vm *vm = self->vm;
	vm_flush(vm);
	pthread_mutex_lock(&group->lock);
	const bool ends_program = !atomic_load_explicit(&group->ending, memory_order_relaxed);
	if (ends_program || (vm->output_broken && !group->error)) {
		group->error = vm->error;
		buffer_free(&group->trace);
		group->trace = vm->trace;
		vm->trace = (buffer){0};
		group->exited = !vm->error;
		group->exit_status = vm->exit_status;
		vm->error = NULL;
	}
	if (ends_program)
		island_end_program(group);
	group->running--;
	pthread_cond_broadcast(&group->changed);
	while (group->running != 0)
		pthread_cond_wait(&group->changed, &group->lock);
	pthread_mutex_unlock(&group->lock);
	vm->life->end_fibers(vm);
	self->samples = vm->life->take_samples(vm);
	pthread_mutex_lock(&group->lock);
	group->slices += vm->slices.count;
	group->steps_elsewhere += vm->slices.steps;
	group->fibers_started += vm->fibers.started;
	self->vm = NULL;
	pthread_mutex_unlock(&group->lock);
	object_space_remove_root_scanner(vm->space, island_scan_commands, self);
	if (tier_is_compiling(vm))
		leave_behind(group, vm);
	else
		vm->life->free(vm);
}

/*
 * A native has forked on this thread, and has returned in the child: nothing else is alive there that could
 * take an error.
 */
static _Noreturn void end_child(volt_vm *vm) {
	dprintf(STDERR_FILENO, "volt: %s\n", vm->error ? volt_error_message(vm->error) : "forked on an island");
	_exit(EXIT_FAILURE);
}

void *island_thread(void *user) {
	island *self = user;
	heap_enter_thread();
	if (come_alive(self)) {
		self->vm->life->run_fibers(self->vm);
		if (vm_is_inherited(self->vm))
			end_child(self->vm);
		stop_running(self);
	}
	heap_leave_thread();
	return NULL;
}

/* ---- Starting ---- */

static volt_error *start_thread(island *added) {
	const int failure = thread_start(&added->thread, "volt-island", ISLAND_STACK_BYTES, island_thread, added);
	return failure ? volt_error_new(VOLT_ERROR_PANIC, "%s", strerror(failure)) : NULL;
}

/* Its thread is gone, or was never there. */
static volt_error *give_up(island *failed) {
	volt_error *error = failed->failure;
	failed->failure = NULL;
	failed->group->busy--;
	failed->group->running--;
	pthread_cond_broadcast(&failed->group->changed);
	return volt_error_prefix(error, "runtime error: cannot start an island");
}

volt_error *island_start(island *self, uint32_t *id) {
	island_group *group = self->group;
	pthread_mutex_lock(&group->lock);
	island *added = island_add(group);
	if (!added) {
		pthread_mutex_unlock(&group->lock);
		return volt_error_new(VOLT_ERROR_MEMORY, "runtime error: cannot start an island: out of memory");
	}
	group->running++;
	*id = added->id;
	added->failure = start_thread(added);
	if (added->failure)
		added->state = ISLAND_FAILED;
	const bool has_thread = !added->failure;
	while (added->state == ISLAND_STARTING)
		pthread_cond_wait(&group->changed, &group->lock);
	volt_error *error = NULL;
	if (added->state == ISLAND_FAILED) {
		if (has_thread)
			thread_join(&added->thread);
		error = give_up(added);
	}
	pthread_mutex_unlock(&group->lock);
	return error;
}

/* ---- The end ---- */

/* Those of earlier islands may have got their code meanwhile: nobody has to wait for them any more. */
static void keep_left_behind(volt_vm *first, volt_vm *added) {
	volt_vm **link = &first->left_behind;
	while (*link) {
		volt_vm *left = *link;
		if (tier_is_compiling(left)) {
			link = &left->left_behind;
			continue;
		}
		*link = left->left_behind;
		left->left_behind = NULL;
		first->life->free(left);
	}
	*link = added;
}

static void end_island(volt_vm *first, island *ended) {
	thread_join(&ended->thread);
	first->life->add_samples(first, ended->samples);
	ended->samples = NULL;
}

void islands_end(volt_vm *vm) {
	island *first = vm->island;
	if (!first)
		return;
	island_group *group = first->group;
	pthread_mutex_lock(&group->lock);
	island_end_program(group);
	while (group->running != 0)
		pthread_cond_wait(&group->changed, &group->lock);
	if (group->error)
		island_take_error(vm, group);
	pthread_mutex_unlock(&group->lock);
	for (uint32_t i = 1; i < group->count; i++)
		if (group->islands[i]->state == ISLAND_RUNNING)
			end_island(vm, group->islands[i]);
	object_space_remove_root_scanner(vm->space, island_scan_commands, first);
	vm->slices.count += group->slices;
	vm->slices.steps += group->steps_elsewhere;
	vm->fibers.started += group->fibers_started;
	vm->island = NULL;
	vm->output_lock = NULL;
	keep_left_behind(vm, group->left_behind);
	group_free(group);
}
