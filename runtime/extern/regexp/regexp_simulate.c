/*
 * All paths through a program at once. At each position of the text every place of the program is reached
 * once, by the path that is preferred: so the time is that of text times program at worst.
 */
#include <stdlib.h>
#include <string.h>

#include "extern/regexp/regexp_search.h"
#include "extern/regexp/regexp_text.h"

static const size_t SLOTS_MAXIMUM = (size_t)1 << 23;

typedef struct {
	regexp_machine *machine;
	regexp_simulation *paths;
	const regexp_request *request;
	size_t position;
	int32_t rune; /* at the position */
	unsigned width;
	bool matched; /* at this position */
	bool found;
	bool failed; /* memory ran out */
} search;

/* ---- Room ---- */

static bool fit(regexp_simulation *paths, size_t length) {
	if (length <= paths->capacity)
		return true;
	if (!regexp_resize(&paths->now.places, length, sizeof *paths->now.places) ||
	    !regexp_resize(&paths->next.places, length, sizeof *paths->next.places) ||
	    !regexp_resize(&paths->steps, length + 1, sizeof *paths->steps) ||
	    !regexp_resize(&paths->seen, length, sizeof *paths->seen))
		return false;
	memset(paths->seen, 0, length * sizeof *paths->seen);
	paths->round = 0;
	paths->capacity = length;
	return true;
}

static bool fit_slots(regexp_paths *paths, size_t needed) {
	if (needed <= paths->slots_capacity)
		return true;
	size_t capacity = needed * 2;
	if (capacity > SLOTS_MAXIMUM || !regexp_resize(&paths->slots, capacity, sizeof *paths->slots))
		return false;
	paths->slots_capacity = capacity;
	return true;
}

/* ---- Following the paths ---- */

static void add_path(search *now, uint32_t place) {
	regexp_paths *next = &now->paths->next;
	size_t slot_count = now->request->slot_count;
	if (!fit_slots(next, (next->count + 1) * slot_count)) {
		now->failed = true;
		return;
	}
	memcpy(next->slots + next->count * slot_count, now->machine->slots, slot_count * sizeof(size_t));
	next->places[next->count++] = place;
}

/* A match: the paths that are less preferred do not matter any more. */
static void match(search *now) {
	memcpy(now->machine->found, now->machine->slots, now->request->slot_count * sizeof(size_t));
	now->found = true;
	now->matched = true;
}

static void save(search *now, uint32_t slot, size_t *waiting) {
	regexp_machine *machine = now->machine;
	if (slot >= now->request->slot_count)
		return;
	now->paths->steps[(*waiting)++] = (regexp_step){0, slot, machine->slots[slot]};
	machine->slots[slot] = now->position;
}

/*
 * One path from `place` up to where it takes a character or ends; alternatives are left waiting. Each place
 * leaves one step at most.
 */
static void follow_one(search *now, uint32_t place, size_t *waiting) {
	regexp_simulation *paths = now->paths;
	const regexp_program *program = now->request->program;
	for (;;) {
		if (paths->seen[place] == paths->round)
			return;
		paths->seen[place] = paths->round;
		now->machine->work++;
		regexp_instruction instruction = program->code[place];
		uint32_t apart = place + (uint32_t)instruction.operand;
		switch (instruction.operation) {
		case REGEXP_JUMP: place = apart; continue;
		case REGEXP_SPLIT_NEXT:
			paths->steps[(*waiting)++] = (regexp_step){apart, REGEXP_NO_SLOT, 0};
			place++;
			continue;
		case REGEXP_SPLIT_APART:
			paths->steps[(*waiting)++] = (regexp_step){place + 1, REGEXP_NO_SLOT, 0};
			place = apart;
			continue;
		case REGEXP_SAVE:
			save(now, (uint32_t)instruction.operand, waiting);
			place++;
			continue;
		case REGEXP_ASSERT:
			if (!regexp_assertion_holds(now->request->text, now->position,
			                            (regexp_assertion)instruction.operand))
				return;
			place++;
			continue;
		case REGEXP_MATCH: match(now); return;
		default:
			if (regexp_takes(program, instruction, now->rune))
				add_path(now, place + 1);
			return;
		}
	}
}

/* All paths from `place`, with the positions that stand in machine->slots. */
static void follow(search *now, uint32_t place) {
	regexp_step *steps = now->paths->steps;
	size_t waiting = 0;
	follow_one(now, place, &waiting);
	while (waiting > 0 && !now->matched) {
		regexp_step step = steps[--waiting];
		if (step.slot != REGEXP_NO_SLOT)
			now->machine->slots[step.slot] = step.value;
		else
			follow_one(now, step.place, &waiting);
	}
}

static void begin_round(search *now) {
	regexp_simulation *paths = now->paths;
	if (paths->round == UINT32_MAX) {
		memset(paths->seen, 0, paths->capacity * sizeof *paths->seen);
		paths->round = 0;
	}
	paths->round++;
	paths->next.count = 0;
	now->matched = false;
	now->rune = regexp_rune_at(now->request->text, now->position, &now->width);
}

/* From the paths that lead to this position to those that lead to the next. */
static void advance(search *now) {
	regexp_simulation *paths = now->paths;
	const regexp_request *request = now->request;
	size_t *slots = now->machine->slots;
	size_t slot_size = request->slot_count * sizeof *slots;
	begin_round(now);
	for (size_t i = 0; i < paths->now.count && !now->matched; i++) {
		memcpy(slots, paths->now.slots + i * request->slot_count, slot_size);
		follow(now, paths->now.places[i]);
	}
	if (!now->found && (!request->anchored || now->position == request->from)) {
		memset(slots, 0xff, slot_size);
		follow(now, 0);
	}
	regexp_paths next = paths->next;
	paths->next = paths->now;
	paths->now = next;
}

/* Without a path: can one begin here or later? Then this is where. */
static bool find_start(search *now) {
	const regexp_request *request = now->request;
	if (now->found)
		return false;
	if (request->anchored)
		return now->position == request->from;
	return regexp_find_candidate(request->program, request->text, now->position, &now->position);
}

regexp_outcome regexp_simulate(regexp_machine *machine, const regexp_request *request) {
	regexp_simulation *paths = &machine->simulation;
	search now = {.machine = machine, .paths = paths, .request = request, .position = request->from};
	if (!fit(paths, request->program->length))
		return REGEXP_TOO_MUCH;
	paths->now.count = 0;
	while (now.position <= request->until && (paths->now.count > 0 || find_start(&now))) {
		advance(&now);
		now.position += now.width;
		regexp_outcome outcome = now.failed ? REGEXP_TOO_MUCH : regexp_go_on(machine);
		if (outcome != REGEXP_NONE)
			return outcome;
	}
	return now.found ? REGEXP_FOUND : REGEXP_NONE;
}
