/* Making and ending object spaces. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "object/space_private.h"

/* What the machine has is the limit of the whole process, so that the system never kills it for that. */
static size_t physical_memory(void) {
	long pages = sysconf(_SC_PHYS_PAGES);
	long page_bytes = sysconf(_SC_PAGESIZE);
	return pages > 0 && page_bytes > 0 ? (size_t)pages * (size_t)page_bytes : (size_t)PTRDIFF_MAX;
}

static volt_error *types_prepare(object_space *space) {
	space->named = volt_underlying_types(space->module);
	if (!space->named)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the named types");
	return layouts_prepare(space);
}

volt_error *object_space_new(const volt_module *module, const object_space_options *options,
                             object_space **space) {
	*space = NULL;
	object_space *made = calloc(1, sizeof *made + module->struct_metas.count * sizeof made->shapes[0]);
	if (!made)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for an object space");
	made->module = module;
	made->limited = options && options->max_heap_bytes;
	made->max_heap_bytes = made->limited ? options->max_heap_bytes : 0;
	made->machine_bytes = physical_memory();
	made->collect_at_every_allocation = options && options->collect_at_every_allocation;
	volt_error *error = heap_samples_start(&made->samples, options ? options->max_heap_bytes : 0)
	                        ? types_prepare(made)
	                        : volt_error_new(VOLT_ERROR_MEMORY, "no memory for an object space");
	if (error) {
		heap_samples_end(&made->samples);
		free(made->free_blocks);
		free(made->named);
		free(made);
		return error;
	}
	collector_add_space(made);
	*space = made;
	return NULL;
}

static void free_contents(object_space *space) {
	for (size_t index = 0; index < space->itab_count; index++)
		free(space->itabs[index]);
	for (size_t index = 0; index < space->sentinel_count; index++)
		free(space->sentinels[index].package);
	free(space->itabs);
	free(space->itab_cache);
	free(space->sentinels);
	free(space->free_blocks);
	free(space->named);
	free(space);
}

void object_space_free(object_space *space) {
	if (!space)
		return;
	while (space->scanners)
		object_space_remove_root_scanner(space, space->scanners->scan, space->scanners->user);
	collector_remove_space(space);
	heap_samples_end(&space->samples);
	free_contents(space);
}

void object_space_abandon(object_space *space) {
	collector_remove_space(space);
}

const volt_module *object_space_module(const object_space *space) {
	return space->module;
}

void object_space_share_account(object_space *space, const object_space *first) {
	heap_samples_join(&space->samples, first->samples.account);
}

size_t object_space_bytes(const object_space *space) {
	return heap_samples_bytes(&space->samples);
}

void object_space_count_outside(object_space *space, ptrdiff_t bytes) {
	atomic_fetch_add_explicit(&space->samples.account->outside, (size_t)bytes, memory_order_relaxed);
}

void object_space_on_pressure(object_space *space, void (*give_back)(void *user), void *user) {
	space->give_back = give_back;
	space->give_back_user = user;
}

/* A program's native may run another program, which ends first. */
static _Thread_local object_space *running;

void object_space_on_exhaustion(object_space *space, jmp_buf *target) {
	if (target) {
		space->outer = running;
		running = space;
	} else {
		running = space->outer;
	}
	space->exhaustion_target = target;
}

void heap_no_memory(size_t bytes) {
	if (running)
		heap_exhausted(running, bytes);
	fputs("volt: out of memory\n", stderr);
	abort();
}

volt_error *object_space_exhaustion_error(const object_space *space) {
	return space->refused_by_limit
	           ? volt_error_new(VOLT_ERROR_MEMORY, "heap limit of %zu bytes reached", space->max_heap_bytes)
	           : volt_error_new(VOLT_ERROR_MEMORY, "out of memory: %zu bytes asked for",
	                            space->refused_bytes);
}
