/*
 * Backtracking that goes to no place of the program twice with the same position of the text: where the
 * preferred path failed once, it fails again. Only places that several ways lead to are noted, the others
 * are reached no more often than those. So a window takes as many steps as it has positions, times the
 * program.
 */
#include <stdlib.h>
#include <string.h>

#include "extern/regexp/regexp_search.h"
#include "extern/regexp/regexp_text.h"

enum {
	VISITED_BITS = 1 << 18,
	WORD_BITS = 64,
	ROWS_MINIMUM = 256, /* of a smaller window too many matches would be too long for it */
	WAITING_MAXIMUM = 1 << 16,
};

typedef enum { PATHS_FAILED, PATH_FOUND, PATHS_LEAVE_WINDOW, PATHS_ABANDONED } path_outcome;

typedef struct {
	regexp_machine *machine;
	regexp_backtracking *track;
	const regexp_request *request;
	regexp_outcome ended; /* why paths were abandoned */
} search;

/* ---- The window ---- */

static void move_window(regexp_backtracking *track, size_t base) {
	track->base = base;
	track->clean = 0;
}

static bool open_window(regexp_backtracking *track, const regexp_request *request) {
	uint32_t joins = request->program->join_count;
	track->rows = joins > 0 ? VISITED_BITS / joins : SIZE_MAX;
	if (track->rows < ROWS_MINIMUM)
		return false;
	move_window(track, request->from);
	return track->visited != NULL ||
	       regexp_resize(&track->visited, VISITED_BITS / WORD_BITS, sizeof *track->visited);
}

/* Notes that a join is reached at a row of the window; false if it was before. */
static inline bool visit(regexp_backtracking *track, size_t row, uint32_t joins, uint32_t join) {
	size_t bit = row * joins + join - 1;
	size_t word = bit / WORD_BITS;
	uint64_t mask = (uint64_t)1 << (bit % WORD_BITS);
	while (track->clean <= word)
		track->visited[track->clean++] = 0;
	bool first = (track->visited[word] & mask) == 0;
	track->visited[word] |= mask;
	return first;
}

/* ---- Ways that wait ---- */

static inline bool push_waiting(regexp_backtracking *track, regexp_step step) {
	if (track->waiting_count == track->waiting_capacity) {
		size_t capacity = track->waiting_capacity > 0 ? 2 * track->waiting_capacity : 64;
		if (capacity > WAITING_MAXIMUM || !regexp_resize(&track->waiting, capacity, sizeof *track->waiting))
			return false;
		track->waiting_capacity = capacity;
	}
	track->waiting[track->waiting_count++] = step;
	return true;
}

/* The last way that waits, with the slots as they were there; false if none does. */
static inline bool go_back(search *now, uint32_t *place, size_t *position) {
	regexp_backtracking *track = now->track;
	while (track->waiting_count > 0) {
		regexp_step step = track->waiting[--track->waiting_count];
		if (step.slot == REGEXP_NO_SLOT) {
			*place = step.place;
			*position = step.value;
			return true;
		}
		now->machine->slots[step.slot] = step.value;
	}
	return false;
}

static inline bool save(search *now, uint32_t slot, size_t position) {
	size_t *slots = now->machine->slots;
	bool noted = slot >= now->request->slot_count || now->track->waiting_count == 0 ||
	             push_waiting(now->track, (regexp_step){0, slot, slots[slot]});
	if (slot < now->request->slot_count)
		slots[slot] = position;
	return noted;
}

/* ---- Following paths ---- */

/* Takes the character at *position, if the instruction does. */
static inline bool take(const regexp_request *request, regexp_instruction instruction, size_t *position) {
	unsigned width;
	int32_t rune = regexp_rune_at(request->text, *position, &width);
	if (!regexp_takes(request->program, instruction, rune))
		return false;
	*position += width;
	return true;
}

typedef enum { GO_ON, GO_BACK, STOP_MATCHED, STOP_NO_ROOM, STOP_ABANDONED } next_move;

/* One instruction. */
static inline next_move step(search *now, uint32_t *place, size_t *position) {
	const regexp_request *request = now->request;
	regexp_instruction instruction = request->program->code[*place];
	uint32_t next = *place + 1;
	uint32_t apart = *place + (uint32_t)instruction.operand;
	bool good;
	switch (instruction.operation) {
	case REGEXP_RUNE:
	case REGEXP_CLASS: *place = next; return take(request, instruction, position) ? GO_ON : GO_BACK;
	case REGEXP_SPLIT_NEXT:
		*place = next;
		good = push_waiting(now->track, (regexp_step){apart, REGEXP_NO_SLOT, *position});
		return good ? GO_ON : STOP_NO_ROOM;
	case REGEXP_SPLIT_APART:
		*place = apart;
		good = push_waiting(now->track, (regexp_step){next, REGEXP_NO_SLOT, *position});
		return good ? GO_ON : STOP_NO_ROOM;
	case REGEXP_JUMP: *place = apart; return GO_ON;
	case REGEXP_SAVE:
		*place = next;
		return save(now, (uint32_t)instruction.operand, *position) ? GO_ON : STOP_NO_ROOM;
	case REGEXP_ASSERT:
		*place = next;
		good = regexp_assertion_holds(request->text, *position, (regexp_assertion)instruction.operand);
		return good ? GO_ON : GO_BACK;
	default: return STOP_MATCHED;
	}
}

/* Once in a while: may the search go on? */
static bool is_abandoned(search *now, uint64_t *work) {
	now->machine->work += *work;
	*work = 0;
	now->ended = regexp_go_on(now->machine);
	return now->ended != REGEXP_NONE;
}

/* Up to a match or to the end of all paths that wait. */
static next_move follow_all(search *now, size_t position) {
	enum { WORK_BETWEEN_QUESTIONS = 1 << 12 };
	regexp_backtracking *track = now->track;
	const regexp_program *program = now->request->program;
	uint32_t place = 0;
	uint64_t work = 0;
	next_move move = GO_ON;
	while (move == GO_ON || (move == GO_BACK && go_back(now, &place, &position))) {
		uint32_t join = program->code[place].join;
		if (join > 0 && position - track->base >= track->rows)
			move = STOP_NO_ROOM;
		else if (join > 0 && !visit(track, position - track->base, program->join_count, join))
			move = GO_BACK;
		else
			move = step(now, &place, &position);
		if (++work == WORK_BETWEEN_QUESTIONS && is_abandoned(now, &work))
			return STOP_ABANDONED;
	}
	now->machine->work += work;
	return move;
}

/* The preferred match that begins at `position`; its positions are left in the slots. */
static path_outcome follow(search *now, size_t position) {
	memset(now->machine->slots, 0xff, now->request->slot_count * sizeof *now->machine->slots);
	now->track->waiting_count = 0;
	switch (follow_all(now, position)) {
	case STOP_MATCHED: return PATH_FOUND;
	case STOP_NO_ROOM: return PATHS_LEAVE_WINDOW;
	case STOP_ABANDONED: return PATHS_ABANDONED;
	default: return PATHS_FAILED;
	}
}

/*
 * A window that is half behind us moves on. It does not move more often: each time what was noted is lost,
 * and the time would not be linear.
 */
static path_outcome follow_in_window(search *now, size_t position) {
	regexp_backtracking *track = now->track;
	path_outcome outcome = follow(now, position);
	if (outcome != PATHS_LEAVE_WINDOW || position - track->base < track->rows / 2)
		return outcome;
	move_window(track, position);
	return follow(now, position);
}

static bool find_start(const regexp_request *request, size_t *position) {
	if (request->anchored)
		return *position == request->from;
	return regexp_find_candidate(request->program, request->text, *position, position);
}

bool regexp_backtrack(regexp_machine *machine, const regexp_request *request, size_t *from,
                      regexp_outcome *outcome) {
	search now = {machine, &machine->backtracking, request, REGEXP_NONE};
	path_outcome paths = PATHS_FAILED;
	if (!open_window(now.track, request))
		return false;
	while (paths == PATHS_FAILED && now.ended == REGEXP_NONE && find_start(request, from)) {
		unsigned width;
		paths = follow_in_window(&now, *from);
		if (paths == PATHS_LEAVE_WINDOW)
			return false;
		if (paths == PATHS_FAILED)
			now.ended = regexp_go_on(machine);
		regexp_rune_at(request->text, *from, &width);
		*from += width;
	}
	*outcome = paths == PATH_FOUND ? REGEXP_FOUND : now.ended;
	if (paths == PATH_FOUND)
		memcpy(machine->found, machine->slots, request->slot_count * sizeof *machine->slots);
	return true;
}
