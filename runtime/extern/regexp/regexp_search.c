/* Choosing between the two ways of searching, and the memory that both work with. */
#include "extern/regexp/regexp_search.h"

#include <stdlib.h>

/* Some seconds. What exceeds it are long texts with very large patterns only. */
static const uint64_t WORK_MAXIMUM = (uint64_t)1 << 32;

/* Steps between questions for leave: much less than a blink. */
enum { STEPS_WITHOUT_LEAVE = 1 << 16 };

void regexp_begin_task(regexp_machine *machine, regexp_leave leave) {
	machine->work = 0;
	machine->asked_until = STEPS_WITHOUT_LEAVE;
	machine->leave = leave;
}

regexp_outcome regexp_go_on(regexp_machine *machine) {
	if (machine->work < machine->asked_until)
		return REGEXP_NONE;
	if (machine->work > WORK_MAXIMUM)
		return REGEXP_TOO_MUCH;
	uint64_t steps = machine->work - machine->asked_until + STEPS_WITHOUT_LEAVE;
	machine->asked_until = machine->work + STEPS_WITHOUT_LEAVE;
	if (machine->leave.ask != NULL && !machine->leave.ask(machine->leave.user, steps))
		return REGEXP_STOPPED;
	return REGEXP_NONE;
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
	regexp_outcome outcome =
	    fit_slots(machine, request->slot_count) ? regexp_go_on(machine) : REGEXP_TOO_MUCH;
	if (outcome != REGEXP_NONE || regexp_backtrack(machine, request, &rest.from, &outcome))
		return outcome;
	return regexp_simulate(machine, &rest);
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
