/* Choosing between the two ways of searching, and the memory that both work with. */
#include "extern/regexp/regexp_search.h"

#include <stdlib.h>

/* Some seconds. What exceeds it are long texts with very large patterns only. */
static const uint64_t WORK_MAXIMUM = (uint64_t)1 << 32;

bool regexp_is_too_much(const regexp_machine *machine) {
	return machine->work > WORK_MAXIMUM;
}

bool regexp_resize(void *array, size_t count, size_t item_size) {
	void **items = array;
	void *grown = realloc(*items, count * item_size);
	if (grown != NULL)
		*items = grown;
	return grown != NULL;
}

static bool fit_slots(regexp_machine *machine, size_t count) {
	if (count <= machine->slot_capacity)
		return true;
	if (!regexp_resize(&machine->slots, count, sizeof *machine->slots) ||
	    !regexp_resize(&machine->found, count, sizeof *machine->found))
		return false;
	machine->slot_capacity = count;
	return true;
}

regexp_outcome regexp_run(regexp_machine *machine, const regexp_request *request) {
	regexp_request rest = *request;
	regexp_outcome outcome;
	if (!fit_slots(machine, request->slot_count))
		return REGEXP_TOO_MUCH;
	return regexp_backtrack(machine, request, &rest.from, &outcome) ? outcome
	                                                                : regexp_simulate(machine, &rest);
}

void regexp_machine_free(regexp_machine *machine) {
	free(machine->simulation.now.places);
	free(machine->simulation.now.slots);
	free(machine->simulation.next.places);
	free(machine->simulation.next.slots);
	free(machine->simulation.steps);
	free(machine->simulation.seen);
	free(machine->backtracking.visited);
	free(machine->backtracking.waiting);
	free(machine->slots);
	free(machine->found);
	*machine = (regexp_machine){0};
}
